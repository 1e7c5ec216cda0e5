package reference

import (
	"context"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// exact64 is the model in binary64, written for this test: the log-probability of each output token. No two lines are
// shared with an engine.
func exact64(w *model.Weights, prompt, output []uint32) []float64 {
	c := w.Config
	d, hd := c.HiddenSize, c.HeadDim()
	text := append(slices.Clone(prompt), output[:len(output)-1]...)
	mul := func(m []float32, x []float64) []float64 {
		y := make([]float64, len(m)/len(x))
		for r := range y {
			row := m[r*len(x):][:len(x)]
			for i, v := range x {
				y[r] += float64(row[i]) * v
			}
		}
		return y
	}
	add := func(x []float64, y []float64) {
		for i := range y {
			x[i] += y[i]
		}
	}
	bias := func(x []float64, b []float32) {
		for i := range b {
			x[i] += float64(b[i])
		}
	}
	norm := func(x []float64, weight []float32) []float64 {
		s := 0.0
		for _, v := range x {
			s += v * v
		}
		s = 1 / math.Sqrt(s/float64(len(x))+c.RMSNormEps)
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = v * s * float64(weight[i])
		}
		return y
	}
	heads := func(x []float64, weight []float32, t int) {
		for h := 0; h < len(x); h += hd {
			head := x[h : h+hd]
			if weight != nil {
				copy(head, norm(head, weight))
			}
			for i := range hd / 2 {
				sin, cos := math.Sincos(float64(t) * math.Pow(c.RopeTheta, -2*float64(i)/float64(hd)))
				a, b := head[i], head[i+hd/2]
				head[i], head[i+hd/2] = a*cos-b*sin, b*cos+a*sin
			}
		}
	}
	xs := make([][]float64, len(text))
	for t, token := range text {
		xs[t] = make([]float64, d)
		for i := range xs[t] {
			xs[t][i] = float64(w.Embedding[int(token)*d+i])
		}
	}
	for _, l := range w.Layers {
		var keys, values [][]float64
		for t, x := range xs {
			h := norm(x, l.AttentionNorm)
			q, k, v := mul(l.Q, h), mul(l.K, h), mul(l.V, h)
			bias(q, l.QBias)
			bias(k, l.KBias)
			bias(v, l.VBias)
			heads(q, l.QNorm, t)
			heads(k, l.KNorm, t)
			keys, values = append(keys, k), append(values, v)
			att := make([]float64, len(q))
			for head := range c.Heads {
				g := head * c.KVHeads / c.Heads * hd
				p, most, sum := make([]float64, t+1), math.Inf(-1), 0.0
				for j := range p {
					for i := range hd {
						p[j] += q[head*hd+i] * keys[j][g+i]
					}
					p[j] /= math.Sqrt(float64(hd))
					most = max(most, p[j])
				}
				for j := range p {
					p[j] = math.Exp(p[j] - most)
					sum += p[j]
				}
				for j := range p {
					for i := range hd {
						att[head*hd+i] += p[j] / sum * values[j][g+i]
					}
				}
			}
			add(x, mul(l.O, att))
			h = norm(x, l.MLPNorm)
			gate, up := mul(l.Gate, h), mul(l.Up, h)
			for i, g := range gate {
				gate[i] = g / (1 + math.Exp(-g)) * up[i]
			}
			add(x, mul(l.Down, gate))
		}
	}
	var logProbs []float64
	for i, token := range output {
		z := mul(w.Head, norm(xs[len(prompt)-1+i], w.Norm))
		most, sum := slices.Max(z), 0.0
		for _, v := range z {
			sum += math.Exp(v - most)
		}
		logProbs = append(logProbs, z[token]-most-math.Log(sum))
	}
	return logProbs
}

// distances are those of the program's log-probabilities from exact64's, ascending.
func distances(t testing.TB, w *model.Weights, prompt, output []uint32) []float64 {
	t.Helper()
	e, err := build(t, w).Score(context.Background(), prompt, greedy, output)
	if err != nil {
		t.Fatal(err)
	}
	var d []float64
	for i, x := range exact64(w, prompt, output) {
		d = append(d, math.Abs(x-float64(e.LogProb[i])/posp.Nat))
	}
	return d
}

// quantiles says what a list of distances is like.
func quantiles(d []float64) string {
	slices.Sort(d)
	mean := 0.0
	for _, x := range d {
		mean += x / float64(len(d))
	}
	return fmt.Sprintf("%d positions: mean %.1e, p99 %.1e, p99.9 %.1e, max %.1e",
		len(d), mean, d[len(d)*99/100], d[len(d)*999/1000], d[len(d)-1])
}

// positions is how many positions the accuracy tests look at, unless the environment says another number.
func positions(t testing.TB, few int) int {
	if v := os.Getenv("POSP_REFERENCE_POSITIONS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 100 {
			t.Fatalf("POSP_REFERENCE_POSITIONS is %q, want a number of positions, at least 100", v)
		}
		return n
	}
	return few
}

// TestAccuracy: log-probabilities of the shipped model are within 2e-3 of binary64 at the 99.9th percentile. The text is
// what the model was trained on: Go.
func TestAccuracy(t *testing.T) {
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("numeric.go")
	if err != nil {
		t.Fatal(err)
	}
	const window = 480
	var all []float64
	for n := positions(t, 800); len(all) < n && len(text) > window; text = text[window:] {
		ids := append([]uint32{model.BOS}, model.Encode(text[:window])...)
		all = append(all, distances(t, w, ids[:64], ids[64:])...)
	}
	t.Log(quantiles(all))
	if x := all[len(all)*999/1000]; x > 2e-3 {
		t.Errorf("p99.9 is %v, want at most 2e-3", x)
	}
}

// TestAccuracyOfEachFamily: biases, norms of heads and heads of any width are the model's, not something near it.
func TestAccuracyOfEachFamily(t *testing.T) {
	for name := range shapes {
		m := shape(name)
		d := distances(t, random(t, m, 9), tokens(5, 20, m.VocabSize), tokens(6, 60, m.VocabSize))
		t.Log(name, quantiles(d))
		if d[len(d)-1] > 3e-2 {
			t.Errorf("%s: as far off as %v", name, d[len(d)-1])
		}
	}
}

// TestAccuracyOfLargeModels reports the error at the widths of real models: random weights, few layers, because the
// comparison in binary64 is slow. It runs when it is asked for.
func TestAccuracyOfLargeModels(t *testing.T) {
	if os.Getenv("POSP_REFERENCE_LARGE") == "" {
		t.Skip("takes minutes: set POSP_REFERENCE_LARGE=1")
	}
	for _, c := range []model.Config{
		{HiddenSize: 512, Layers: 8, Heads: 8, KVHeads: 4, IntermediateSize: 1408},
		{HiddenSize: 1024, Layers: 4, Heads: 16, KVHeads: 8, IntermediateSize: 2816},
		{HiddenSize: 2048, Layers: 2, Heads: 32, KVHeads: 8, IntermediateSize: 5632},
		{HiddenSize: 4096, Layers: 2, Heads: 32, KVHeads: 8, IntermediateSize: 11008},
	} {
		c.ModelType, c.VocabSize, c.ContextLength, c.RMSNormEps, c.RopeTheta, c.TieEmbeddings = model.Llama, 4000, 1024, 1e-5, 10000, true
		w := random(t, c, 1)
		for _, format := range []string{"F32", "BF16"} {
			if format == "BF16" { // cut to it
				for _, x := range w.Tensors() {
					for i, v := range x.Data {
						x.Data[i] = math.Float32frombits(math.Float32bits(v) &^ 0xffff)
					}
				}
			}
			d := distances(t, w, tokens(1, 16, c.VocabSize), tokens(2, positions(t, 100), c.VocabSize))
			t.Logf("hidden %d, %d layers, %s weights, %s", c.HiddenSize, c.Layers, format, quantiles(d))
			runtime.GC()
		}
	}
}
