// Package exact computes log-probabilities in binary64, as plainly as it can be written: what engines are held to. It
// shares no line with an engine.
package exact

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// LogProbs are the natural log-probabilities of the output's tokens after the prompt. Both must have tokens, which
// inference.CheckTokens says.
func LogProbs(ctx context.Context, w *model.Weights, prompt, output []uint32) ([]float64, error) {
	c := w.Config
	if err := inference.CheckTokens(prompt, output, c.VocabSize); err != nil || len(output) == 0 {
		return nil, err
	}
	d, hd := c.HiddenSize, c.HeadDim()
	text := append(slices.Clone(prompt), output[:len(output)-1]...)
	xs := make([][]float64, len(text))
	for t, token := range text {
		xs[t] = widen(w.Embedding[int(token)*d:][:d])
	}
	normed := make([][]float64, len(text))
	for _, l := range w.Layers {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for t, x := range xs {
			normed[t] = norm(x, l.AttentionNorm, c.RMSNormEps)
		}
		q, k, v := multiply(l.Q, normed), multiply(l.K, normed), multiply(l.V, normed)
		mixed := make([][]float64, len(text))
		each(len(text), func(t int) {
			addBias(q[t], l.QBias)
			addBias(k[t], l.KBias)
			addBias(v[t], l.VBias)
			for _, heads := range []struct {
				x      []float64
				weight []float32
			}{{q[t], l.QNorm}, {k[t], l.KNorm}} {
				for head := range slices.Chunk(heads.x, hd) {
					if heads.weight != nil {
						copy(head, norm(head, heads.weight, c.RMSNormEps))
					}
					rotate(head, t, c.RopeTheta)
				}
			}
		})
		each(len(text), func(t int) {
			mixed[t] = make([]float64, len(q[t]))
			for h := range c.Heads {
				group := h * c.KVHeads / c.Heads * hd
				attend(mixed[t][h*hd:][:hd], q[t][h*hd:][:hd], k[:t+1], v[:t+1], group)
			}
		})
		for t, y := range multiply(l.O, mixed) {
			add(xs[t], y)
			normed[t] = norm(xs[t], l.MLPNorm, c.RMSNormEps)
		}
		gate, up := multiply(l.Gate, normed), multiply(l.Up, normed)
		for t, row := range gate {
			for i, g := range row {
				row[i] = g / (1 + math.Exp(-g)) * up[t][i]
			}
		}
		for t, y := range multiply(l.Down, gate) {
			add(xs[t], y)
		}
	}
	scored := xs[len(prompt)-1:]
	for t, x := range scored {
		scored[t] = norm(x, w.Norm, c.RMSNormEps)
	}
	logProbs := make([]float64, len(output))
	for i, z := range multiply(w.Head, scored) {
		most, sum := slices.Max(z), 0.0
		for _, v := range z {
			sum += math.Exp(v - most)
		}
		logProbs[i] = z[output[i]] - most - math.Log(sum)
	}
	return logProbs, nil
}

func widen(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func add(x, y []float64) {
	for i := range y {
		x[i] += y[i]
	}
}

func addBias(x []float64, bias []float32) {
	for i := range bias {
		x[i] += float64(bias[i])
	}
}

func norm(x []float64, weight []float32, epsilon float64) []float64 {
	s := 1 / math.Sqrt(dot(x, x)/float64(len(x))+epsilon)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = v * s * float64(weight[i])
	}
	return y
}

// rotate turns a head's vector to position t.
func rotate(head []float64, t int, theta float64) {
	half := len(head) / 2
	for i := range half {
		sin, cos := math.Sincos(float64(t) * math.Pow(theta, -float64(i)/float64(half)))
		a, b := head[i], head[i+half]
		head[i], head[i+half] = a*cos-b*sin, b*cos+a*sin
	}
}

// attend adds to dst the values of one head's group, which begins at channel first, weighted by the softmax of its scores.
func attend(dst, query []float64, keys, values [][]float64, first int) {
	p, most, sum := make([]float64, len(keys)), math.Inf(-1), 0.0
	for j := range p {
		p[j] = dot(query, keys[j][first:][:len(query)]) / math.Sqrt(float64(len(query)))
		most = max(most, p[j])
	}
	for j := range p {
		p[j] = math.Exp(p[j] - most)
		sum += p[j]
	}
	for j := range p {
		share := p[j] / sum
		for i, v := range values[j][first:][:len(dst)] {
			dst[i] += share * v
		}
	}
}

// multiply is m, a matrix whose rows are as long as each of xs, times each of xs. Rows are shared by the processors.
func multiply(m []float32, xs [][]float64) [][]float64 {
	cols := len(xs[0])
	rows := len(m) / cols
	ys := make([][]float64, len(xs))
	for t := range ys {
		ys[t] = make([]float64, rows)
	}
	const batch = 16 // of rows, so that a vector that was read serves several
	each((rows+batch-1)/batch, func(b int) {
		var wide [batch][]float64
		from, to := b*batch, min((b+1)*batch, rows)
		for r := from; r < to; r++ {
			wide[r-from] = widen(m[r*cols:][:cols])
		}
		for t, x := range xs {
			for r := from; r < to; r++ {
				ys[t][r] = dot(wide[r-from], x)
			}
		}
	})
	return ys
}

// dot sums in four parts, which processors do at once.
func dot(a, b []float64) float64 {
	var s [4]float64
	b = b[:len(a)]
	for ; len(a) >= 4; a, b = a[4:], b[4:] {
		s[0] += a[0] * b[0]
		s[1] += a[1] * b[1]
		s[2] += a[2] * b[2]
		s[3] += a[3] * b[3]
	}
	for i := range a {
		s[0] += a[i] * b[i]
	}
	return s[0] + s[1] + (s[2] + s[3])
}

// each runs f for 0 to n-1 on all processors.
func each(n int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}
