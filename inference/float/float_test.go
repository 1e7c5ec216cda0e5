package float

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// oracle is the model written down as its formulas, in binary64, one position at a time and nothing reused. It
// returns the logits after each token.
func oracle(w *model.Weights, tokens []uint32) [][]float64 { return oracleIn(w, tokens, Mode{}) }

// oracleIn is oracle rounding where a Mode says that accelerators round. F32 does not round at all.
func oracleIn(w *model.Weights, tokens []uint32, mode Mode) [][]float64 {
	c := w.Config
	d, hd := c.HiddenSize, c.HeadDim()
	to := func(f Format, x []float64) []float64 {
		if f != F32 {
			for i := range x {
				x[i] = definitions[f].round(x[i])
			}
		}
		return x
	}
	round := func(x []float64) []float64 { return to(mode.Activations, x) }
	cache := func(x []float64) []float64 {
		switch mode.KVCache {
		case F32:
			return x
		case FP8PerTokenHead:
			for head := range slices.Chunk(x, hd) {
				scale := max(1e-6, slices.Max(head)/448, -slices.Min(head)/448)
				for i, v := range head {
					head[i] = definitions[FP8].round(v/scale) * scale
				}
			}
		default:
			to(mode.KVCache, x)
		}
		return round(x)
	}
	apply := func(m []float32, x []float64) []float64 {
		y := make([]float64, len(m)/len(x))
		for i := range y {
			for j, v := range x {
				y[i] += float64(m[i*len(x)+j]) * v
			}
		}
		return y
	}
	linear := func(m []float32, x []float64) []float64 { return round(apply(m, x)) }
	reduced := func(m []float32, x []float64) []float64 {
		if mode.TensorParallel == 0 {
			return linear(m, x)
		}
		y := make([]float64, len(m)/len(x))
		for device := range mode.TensorParallel {
			own := make([]float64, len(x))
			from, to := piece(len(x), mode.TensorParallel, device), piece(len(x), mode.TensorParallel, device+1)
			copy(own[from:to], x[from:to])
			for i, v := range linear(m, own) {
				y[i] += v
			}
		}
		return round(y)
	}
	norm := func(x []float64, weight []float32) []float64 {
		mean := 0.0
		for _, v := range x {
			mean += v * v / float64(len(x))
		}
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = v / math.Sqrt(mean+c.RMSNormEps)
		}
		round(y)
		for i := range y {
			y[i] *= float64(weight[i])
		}
		return round(y)
	}
	rope := func(x []float64, at int) {
		for head := 0; head < len(x); head += hd {
			for i := range hd / 2 {
				angle := float64(at) / math.Pow(c.RopeTheta, float64(2*i)/float64(hd))
				a, b := x[head+i], x[head+i+hd/2]
				x[head+i], x[head+i+hd/2] = a*math.Cos(angle)-b*math.Sin(angle), b*math.Cos(angle)+a*math.Sin(angle)
			}
		}
		round(x)
	}
	// probabilities of scores: rounded as such, or block by block relative to the highest score so far.
	probabilities := func(scores []float64) []float64 {
		p, sum, highest := make([]float64, len(scores)), 0.0, slices.Max(scores)
		for i, s := range scores {
			p[i] = math.Exp(s - highest)
			sum += p[i]
		}
		if mode.FlashBlock == 0 {
			for i := range p {
				p[i] /= sum
			}
			return round(p)
		}
		for at := 0; at < len(p); at += mode.FlashBlock {
			end := min(at+mode.FlashBlock, len(p))
			so := slices.Max(scores[:end])
			for i := at; i < end; i++ {
				p[i] = math.Exp(scores[i] - so)
			}
			round(p[at:end])
			for i := at; i < end; i++ {
				p[i] *= math.Exp(so-highest) / sum
			}
		}
		return p
	}
	keys, values := make([][][]float64, c.Layers), make([][][]float64, c.Layers)
	var logits [][]float64
	for at, token := range tokens {
		x := make([]float64, d)
		for i := range x {
			x[i] = float64(w.Embedding[int(token)*d+i])
		}
		round(x)
		for l, layer := range w.Layers {
			h := norm(x, layer.AttentionNorm)
			q, k, v := linear(layer.Q, h), linear(layer.K, h), linear(layer.V, h)
			rope(q, at)
			rope(k, at)
			keys[l], values[l] = append(keys[l], cache(k)), append(values[l], cache(v))
			att := make([]float64, d)
			for head := range c.Heads {
				from := head * c.KVHeads / c.Heads * hd
				scores := make([]float64, at+1)
				for i := range scores {
					for j := range hd {
						scores[i] += q[head*hd+j] * keys[l][i][from+j] / math.Sqrt(float64(hd))
					}
				}
				for i, p := range probabilities(scores) {
					for j := range hd {
						att[head*hd+j] += p * values[l][i][from+j]
					}
				}
			}
			for i, v := range reduced(layer.O, round(att)) {
				x[i] += v
			}
			h = norm(round(x), layer.MLPNorm)
			gate, up := linear(layer.Gate, h), linear(layer.Up, h)
			for i, g := range gate {
				gate[i] = g / (1 + math.Exp(-g))
			}
			round(gate)
			for i := range gate {
				gate[i] *= up[i]
			}
			for i, v := range reduced(layer.Down, round(gate)) {
				x[i] += v
			}
			round(x)
		}
		logits = append(logits, to(mode.Logits, apply(w.Head, norm(x, w.Norm))))
	}
	return logits
}

func distance(got []float32, want []float64) float64 {
	largest := 0.0
	for i, x := range got {
		largest = max(largest, math.Abs(float64(x)-want[i]))
	}
	return largest
}

func config(dim, layers, heads, kv, ffn, context int) model.Config {
	return model.Config{
		ModelType: "llama", HiddenSize: dim, Layers: layers, Heads: heads, KVHeads: kv, IntermediateSize: ffn, VocabSize: 258,
		ContextLength: context, RMSNormEps: 1e-5, RopeTheta: 1e4, TieEmbeddings: true, BOS: model.BOS, EOS: model.EOS,
	}
}

// random is a model whose activations have about the size of a trained one's.
func random(t testing.TB, c model.Config) *model.Weights {
	t.Helper()
	w, err := model.New(c)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(uint64(c.HiddenSize), uint64(c.Layers)))
	for _, x := range w.Tensors() {
		for i := range x.Data {
			x.Data[i] = float32(rng.NormFloat64() / math.Sqrt(float64(x.Cols)))
			if x.Vector {
				x.Data[i] = float32(1 + 0.3*rng.NormFloat64())
			}
		}
	}
	for i := range w.Embedding {
		w.Embedding[i] *= 4
	}
	return w
}

func tokens(n int, seed uint64) []uint32 {
	rng := rand.New(rand.NewPCG(seed, 2))
	ids := make([]uint32, n)
	for i := range ids {
		ids[i] = rng.Uint32N(257)
	}
	return ids
}

func mainModel(t testing.TB) *model.Weights {
	t.Helper()
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// shapes exercise every remainder: widths that fit no vector (portable kernels), odd group sizes, one head, and
// the shipped models.
func shapes(t testing.TB) map[string]*model.Weights {
	t.Helper()
	small, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	untied := config(16, 1, 2, 2, 24, 64)
	untied.TieEmbeddings = false
	return map[string]*model.Weights{
		"main":           mainModel(t),
		"small":          small,
		"odd widths":     random(t, config(12, 2, 2, 1, 21, 70)),
		"five a group":   random(t, config(80, 2, 10, 2, 72, 130)),
		"heads of 24":    random(t, config(48, 2, 2, 1, 40, 64)),
		"untied, no gqa": random(t, untied),
	}
}

// eachKernel runs f with an engine and a scorer on the portable kernels and on this machine's.
func eachKernel(t *testing.T, w *model.Weights, workers int, f func(t *testing.T, e *Engine, s *Scorer)) {
	for name, k := range map[string]kernels{"portable": portable, "best": kernelsFor(w.Config)} {
		t.Run(name, func(t *testing.T) {
			e, s := New(w, Options{Workers: workers}), NewScorer(w)
			e.k, s.k = k, best
			if name == "portable" {
				s.k = portable
			}
			f(t, e, s)
		})
	}
}

// Rationale: any error in layout, masking, positions or cache shows as a distance of order 1.
func TestBothPathsAgreeWithTheOracle(t *testing.T) {
	for name, w := range shapes(t) {
		t.Run(name, func(t *testing.T) {
			n := min(70, w.Config.ContextLength) // all of it, in the small ones: the buffers' last rows
			text := tokens(n, 1)
			want := oracle(w, text)
			eachKernel(t, w, 2, func(t *testing.T, e *Engine, sc *Scorer) {
				for _, first := range []int{1, 2, 17, n} { // prefill of that many, then decoding
					s := e.Session()
					logits, err := s.Extend(t.Context(), text[:first])
					for at := first; err == nil; at++ {
						if d := distance(logits, want[at-1]); d > 2e-4 {
							t.Fatalf("engine, prefill of %d: logits after %d tokens are off by %g", first, at, d)
						}
						if at == n {
							break
						}
						logits, err = s.Extend(t.Context(), text[at:at+1])
					}
					if err != nil {
						t.Fatal(err)
					}
					s.Release()
				}
				for _, prompt := range []int{1, 2, 7, n - 1} {
					seen := 0
					err := sc.Logits(t.Context(), text[:prompt], text[prompt:], func(i int, logits []float32) error {
						if i != seen {
							t.Fatalf("visited %d, want %d", i, seen)
						}
						seen++
						if d := distance(logits, want[prompt+i-1]); d > 2e-4 {
							t.Fatalf("scorer, prompt of %d: logits of output %d are off by %g", prompt, i, d)
						}
						return nil
					})
					if err != nil || seen != n-prompt {
						t.Fatalf("visited %d of %d positions: %v", seen, n-prompt, err)
					}
				}
			})
		})
	}
}

// Rationale: buffers and sessions are reused; what a longer text left behind must not show.
func TestEarlierRequestsLeaveNoTrace(t *testing.T) {
	w := mainModel(t)
	e, sc := New(w, Options{Workers: 2}), NewScorer(w)
	greedy := posp.Sampling{Rule: posp.Greedy, MaxTokens: 20}
	run := func() (string, posp.Evidence) {
		out, finish, err := inference.Collect(t.Context(), e, inference.Request{Prompt: tokens(9, 3), Sampling: greedy})
		if err != nil {
			t.Fatal(err)
		}
		evidence, err := sc.Score(t.Context(), tokens(9, 3), greedy, tokens(20, 4))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(out, finish), evidence
	}
	text, evidence := run()
	s := e.Session()
	if _, err := s.Extend(t.Context(), tokens(w.Config.ContextLength, 5)); err != nil {
		t.Fatal(err)
	}
	for _, x := range [][]float32{s.keys, s.values, s.scores, s.x, s.h} {
		for i := range x {
			x[i] = float32(math.NaN()) // the worst that can be left
		}
	}
	s.Release()
	if _, err := sc.Score(t.Context(), tokens(100, 6), greedy, tokens(300, 7)); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		again, evidenceAgain := run()
		if again != text {
			t.Fatalf("a request gives %s, and after others %s", text, again)
		}
		if evidenceAgain.Hash() != evidence.Hash() {
			t.Fatal("a score changes after others")
		}
	}
}

func generate(t testing.TB, e *Engine, prompt []uint32, s posp.Sampling) ([]uint32, []float64, posp.FinishReason) {
	t.Helper()
	out, finish, err := inference.Collect(t.Context(), e, inference.Request{Prompt: prompt, Sampling: s})
	if err != nil {
		t.Fatal(err)
	}
	var ids []uint32
	var logProbs []float64
	for _, x := range out {
		ids, logProbs = append(ids, x.ID), append(logProbs, x.LogProb)
	}
	return ids, logProbs, finish
}

var samplings = map[string]posp.Sampling{
	"greedy":  {Rule: posp.Greedy, MaxTokens: 120},
	"t=1":     {Rule: posp.Seeded, TemperatureMicro: 1e6, TopPMicro: 1e6, Seed: posp.Hash{7}, MaxTokens: 120},
	"nucleus": {Rule: posp.Seeded, TemperatureMicro: 8e5, TopPMicro: 9e5, Seed: posp.Hash{8}, MaxTokens: 120},
}

// Rationale: this is what an honest provider and an honest operator see of each other: noise, but tiny; and it
// must not be zero, or the demo's verdicts would rest on two copies of one computation.
func TestHonestNoiseIsTinyButThere(t *testing.T) {
	w := mainModel(t)
	sc := NewScorer(w)
	differ := 0
	for name, sampling := range samplings {
		for seed := range byte(3) {
			prompt := model.EncodePrompt([]byte([]string{"func (b *Buffer) ", "// Len returns ", "type "}[seed]))
			out, claimed, _ := generate(t, New(w, Options{}), prompt, sampling)
			evidence, err := sc.Score(t.Context(), prompt, sampling, out)
			if err != nil {
				t.Fatal(err)
			}
			if evidence.Kind != posp.EvidenceFull || len(evidence.LogProb) != len(out) || len(evidence.Margin) != len(out) {
				t.Fatalf("%s: evidence %d of %d and %d positions for %d tokens", name, evidence.Kind, len(evidence.LogProb), len(evidence.Margin), len(out))
			}
			for i := range out {
				if d := math.Abs(float64(evidence.LogProb[i]-posp.ToFixed(claimed[i]))) / posp.Nat; d > 1e-4 {
					t.Errorf("%s: log-probabilities at %d differ by %g", name, i, d)
				} else if d > 0 {
					differ++
				}
				if margin := float64(evidence.Margin[i]) / posp.Nat; margin > 1e-3 {
					t.Errorf("%s: margin at %d is %g", name, i, margin)
				}
			}
		}
	}
	if differ < 50 {
		t.Errorf("the two paths differ at %d positions only", differ)
	}
}

// Rationale: question 2 of the verdict: a cheap model's text must show margins under the full model.
func TestScorerSeesAnotherWriter(t *testing.T) {
	small, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	w := mainModel(t)
	sc := NewScorer(w)
	mean := func(writer *model.Weights, s posp.Sampling) (margin float64) {
		prompt := model.EncodePrompt([]byte("func (b *Buffer) Write(p []byte) "))
		out, _, _ := generate(t, New(writer, Options{}), prompt, s)
		evidence, err := sc.Score(t.Context(), prompt, s, out)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range evidence.Margin {
			margin += float64(m) / posp.Nat / float64(len(out))
		}
		return margin
	}
	for name, s := range samplings {
		honest, forged := mean(w, s), mean(small, s)
		if honest > 1e-4 || forged < 0.02 {
			t.Errorf("%s: mean margin is %g honest and %g forged", name, honest, forged)
		}
	}
}

func TestGenerateEnds(t *testing.T) {
	w := mainModel(t)
	e := New(w, Options{})
	prompt := model.EncodePrompt([]byte("func main() {"))
	greedy := func(n uint32) posp.Sampling { return posp.Sampling{Rule: posp.Greedy, MaxTokens: n} }
	ids, _, finish := generate(t, e, prompt, greedy(5))
	if len(ids) != 5 || finish != posp.FinishLength {
		t.Errorf("%d tokens and finish %d, want 5 and length", len(ids), finish)
	}
	// A model that has nothing to say but EOS: the direction of its embedding is everybody's state.
	stop := random(t, config(16, 1, 2, 1, 16, 32))
	for _, x := range stop.Tensors() {
		if x.Linear {
			clear(x.Data)
		}
	}
	for i := range stop.Embedding {
		stop.Embedding[i] = float32(i/16+1) * (1 + float32(i%16)/16)
	}
	if ids, _, finish := generate(t, New(stop, Options{}), prompt, greedy(5)); !slices.Equal(ids, []uint32{model.EOS}) || finish != posp.FinishStop {
		t.Errorf("tokens %v and finish %d, want EOS and stop", ids, finish)
	}
	limit := w.Config.ContextLength
	if ids, _, _ := generate(t, e, tokens(limit-3, 1), greedy(3)); len(ids) > 3 {
		t.Errorf("%d tokens, want at most 3", len(ids))
	}
	for name, r := range map[string]inference.Request{
		"context exceeded": {Prompt: tokens(limit-3, 1), Sampling: greedy(4)},
		"no prompt":        {Sampling: greedy(4)},
		"unknown token":    {Prompt: []uint32{258}, Sampling: greedy(4)},
		"no rule":          {Prompt: prompt},
	} {
		var invalid *posp.ValidationError
		if _, _, err := inference.Collect(t.Context(), e, r); !errors.As(err, &invalid) {
			t.Errorf("%s: error is %v, want a validation error", name, err)
		}
	}
	full := errors.New("full")
	if _, err := e.Generate(t.Context(), inference.Request{Prompt: prompt, Sampling: greedy(4)}, func(inference.Token) error { return full }); !errors.Is(err, full) {
		t.Errorf("error is %v, want the receiver's", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	made := 0
	_, err := e.Generate(ctx, inference.Request{Prompt: prompt, Sampling: greedy(100)}, func(inference.Token) error { made++; cancel(); return nil })
	if !errors.Is(err, context.Canceled) || made != 1 {
		t.Errorf("%d tokens and error %v after cancelling at the first", made, err)
	}
}

// lateCancel is a context that is cancelled when it has been looked at n times.
type lateCancel struct {
	context.Context
	n *int
}

func (c lateCancel) Err() error {
	if *c.n--; *c.n < 0 {
		return context.Canceled
	}
	return nil
}

// Rationale: prompts are computed in pieces; one that was cut off must not stay in the text.
func TestACancelledExtensionLeavesTheTextAsItWas(t *testing.T) {
	w := mainModel(t)
	s := New(w, Options{Workers: 1}).Session()
	defer s.Release()
	if _, err := s.Extend(t.Context(), tokens(10, 1)); err != nil {
		t.Fatal(err)
	}
	looks := 2
	if _, err := s.Extend(lateCancel{t.Context(), &looks}, tokens(300, 2)); !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v, want cancelled", err)
	}
	logits, err := s.Extend(t.Context(), []uint32{'x'})
	if err != nil {
		t.Fatal(err)
	}
	text := append(tokens(10, 1), 'x')
	if d := distance(logits, oracle(w, text)[10]); d > 2e-4 {
		t.Errorf("logits after a cancelled extension are off by %g", d)
	}
	if _, err := s.Extend(t.Context(), nil); err == nil {
		t.Error("nothing to extend by is accepted")
	}
	var invalid *posp.ValidationError
	if _, err := s.Extend(t.Context(), tokens(502, 1)); !errors.As(err, &invalid) {
		t.Errorf("error is %v, want that the context is exceeded", err)
	}
}

func TestScoreRefusesWhatNoModelWrote(t *testing.T) {
	w := mainModel(t)
	sc := NewScorer(w)
	greedy := posp.Sampling{Rule: posp.Greedy, MaxTokens: 4}
	var invalid *posp.ValidationError
	for name, c := range map[string]struct{ prompt, output []uint32 }{
		"no prompt":      {nil, []uint32{1}},
		"prompt token":   {[]uint32{300}, []uint32{1}},
		"output token":   {[]uint32{1}, []uint32{300}},
		"beyond context": {tokens(500, 1), tokens(13, 1)},
	} {
		if _, err := sc.Score(t.Context(), c.prompt, greedy, c.output); !errors.As(err, &invalid) {
			t.Errorf("%s: error is %v, want a validation error", name, err)
		}
	}
	if _, err := sc.Score(t.Context(), []uint32{1}, posp.Sampling{}, []uint32{1}); !errors.As(err, &invalid) {
		t.Errorf("no rule: error is %v, want a validation error", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sc.Score(ctx, []uint32{1}, greedy, []uint32{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want cancelled", err)
	}
	if e, err := sc.Score(t.Context(), []uint32{1}, greedy, nil); err != nil || len(e.LogProb) != 0 {
		t.Errorf("empty output: %+v, %v", e, err)
	}
}

func TestRequestsAtOnceGiveWhatTheyGiveAlone(t *testing.T) {
	w := mainModel(t)
	e, sc := New(w, Options{Workers: 2}), NewScorer(w)
	sampling := samplings["nucleus"]
	sampling.MaxTokens = 20
	alone := make([]string, 6)
	run := func(i int) string {
		out, finish, err := inference.Collect(t.Context(), e, inference.Request{Prompt: tokens(30+i, uint64(i)), Sampling: sampling})
		if err != nil {
			return err.Error()
		}
		evidence, err := sc.Score(t.Context(), tokens(30+i, uint64(i)), sampling, tokens(20, 1))
		return fmt.Sprint(out, finish, evidence, err)
	}
	for i := range alone {
		alone[i] = run(i)
	}
	var wait sync.WaitGroup
	for i := range alone {
		wait.Go(func() {
			if got := run(i); got != alone[i] {
				t.Errorf("request %d gives %s among others, %s alone", i, got, alone[i])
			}
		})
	}
	wait.Wait()
}

func TestKernelFormsAgree(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		m, n, k := rapid.IntRange(1, 9).Draw(r, "m"), rapid.IntRange(1, 21).Draw(r, "n"), 8*rapid.IntRange(1, 9).Draw(r, "k")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 0))
		matrix := func(n int) []float32 {
			x := make([]float32, n)
			for i := range x {
				x[i] = float32(rng.NormFloat64())
			}
			return x
		}
		lda, ldb, ldc := k+rapid.IntRange(0, 3).Draw(r, "lda"), k+rapid.IntRange(0, 3).Draw(r, "ldb"), n+rapid.IntRange(0, 3).Draw(r, "ldc")
		a, b := matrix(m*lda), matrix(n*ldb)
		for name, form := range map[string]kernels{"portable": portable, "best": best} {
			c := matrix(m * ldc)
			before := slices.Clone(c)
			form.mulT(c, ldc, a, lda, b, ldb, m, n, k)
			check := func(what string, c []float32, ldc int) {
				for i := range m {
					for j := range n {
						want := 0.0
						for p := range k {
							want += float64(a[i*lda+p]) * float64(b[j*ldb+p])
						}
						if math.Abs(float64(c[i*ldc+j])-want) > 1e-4 {
							r.Fatalf("%s %s: element %d, %d is %g, want %g", name, what, i, j, c[i*ldc+j], want)
						}
					}
				}
			}
			check("mulT", c, ldc)
			for i := range m {
				if !slices.Equal(c[i*ldc+n:min((i+1)*ldc, len(c))], before[i*ldc+n:min((i+1)*ldc, len(c))]) {
					r.Fatalf("%s: wrote beyond row %d", name, i)
				}
			}
			rows, columns := up(m, 4), up(n, 16)
			dense := make([]float32, 0, n*k)
			for j := range n {
				dense = append(dense, b[j*ldb:][:k]...)
			}
			padded := append(slices.Clone(a), make([]float32, (rows-m)*lda)...)
			out := make([]float32, rows*columns)
			form.mulPanels(out, columns, padded, lda, pack(dense, n, k), k, rows, n, k)
			check("mulPanels", out, columns)
		}
	})
}

func TestExp(t *testing.T) {
	for x := float32(-90); x < 89; x += 0.01373 {
		want := math.Exp(float64(x))
		got := float64(exp(x))
		if x < -87 && got == 0 {
			continue
		}
		if math.Abs(got-want) > 3e-7*want && !(x > 88 && math.IsInf(got, 1)) {
			t.Fatalf("exp(%g) is %g, want %g", x, got, want)
		}
	}
	if exp(0) != 1 || exp(float32(math.Inf(-1))) != 0 || silu(-200) != 0 || silu(200) != 200 {
		t.Errorf("limits: exp(0) %g, exp(-inf) %g, silu(-200) %g, silu(200) %g", exp(0), exp(float32(math.Inf(-1))), silu(-200), silu(200))
	}
}

// eachMode runs f in modes of every cost.
func eachMode(b *testing.B, f func(b *testing.B, m Mode)) {
	for _, name := range []string{"f32", "bf16", "f16", "bf16+kv-fp8", "bf16+tp4", "bf16+flash64+splitk2"} {
		b.Run(name, func(b *testing.B) { f(b, mode(b, name)) })
	}
}

func BenchmarkPrefill(b *testing.B) {
	eachMode(b, func(b *testing.B, m Mode) {
		e := New(mainModel(b), Options{Mode: m})
		text := tokens(256, 1)
		for b.Loop() {
			s := e.Session()
			if _, err := s.Extend(b.Context(), text); err != nil {
				b.Fatal(err)
			}
			s.Release()
		}
		b.ReportMetric(float64(len(text)*b.N)/b.Elapsed().Seconds(), "tok/s")
	})
}

func BenchmarkDecode(b *testing.B) {
	eachMode(b, func(b *testing.B, m Mode) {
		e := New(mainModel(b), Options{Mode: m})
		s := e.Session()
		for b.Loop() {
			if s.length < 128 || s.length == 384 { // between 128 and 384 positions
				s.length = 0
				b.StopTimer()
				if _, err := s.Extend(b.Context(), tokens(128, 1)); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			if _, err := s.Extend(b.Context(), []uint32{'x'}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tok/s")
	})
}

func BenchmarkScore(b *testing.B) {
	prompt, output := tokens(128, 1), tokens(128, 2)
	run := func(sc *Scorer) func(b *testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if _, err := sc.Score(b.Context(), prompt, posp.Sampling{Rule: posp.Greedy, MaxTokens: 128}, output); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((len(prompt)+len(output))*b.N)/b.Elapsed().Seconds(), "tok/s")
		}
	}
	sc := NewScorer(mainModel(b))
	eachMode(b, func(b *testing.B, m Mode) { run(sc.With(Options{Mode: m, Workers: 1}))(b) })
	b.Run("f32, all workers", run(sc.With(Options{})))
}

// Rationale: a model that is computed as if it were another's gives numbers that look like evidence.
func TestOtherArchitecturesAreRefused(t *testing.T) {
	for _, edit := range []func(c *model.Config){
		func(c *model.Config) { c.ModelType = model.Qwen2 },
		func(c *model.Config) { c.ModelType = model.Qwen3 },
		func(c *model.Config) { c.HeadWidth = 16 },
		func(c *model.Config) { c.HeadWidth = 4 },
	} {
		c := config(16, 1, 2, 1, 16, 32)
		edit(&c)
		w, err := model.Random(c, 1)
		if err != nil {
			t.Fatal(err)
		}
		greedy := posp.Sampling{Rule: posp.Greedy, MaxTokens: 4}
		if _, _, err := inference.Collect(t.Context(), New(w, Options{}), inference.Request{Prompt: tokens(3, 1), Sampling: greedy}); err == nil || !strings.Contains(err.Error(), c.ModelType) {
			t.Errorf("%s, heads of %d: the engine's error is %v", c.ModelType, c.HeadDim(), err)
		}
		if _, err := NewScorer(w).Score(t.Context(), tokens(3, 1), greedy, tokens(2, 1)); err == nil || !strings.Contains(err.Error(), c.ModelType) {
			t.Errorf("%s, heads of %d: the scorer's error is %v", c.ModelType, c.HeadDim(), err)
		}
	}
}
