package main

import (
	"context"
	"fmt"
	"go/build"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/exact"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

const accuracyGoal = 2e-3

var greedy = posp.Sampling{Rule: posp.Greedy, MaxTokens: 1 << 20}

// accuracy compares log-probabilities of the reference program with those of the same weights in binary64.
func (b *bench) accuracy(ctx context.Context) error {
	few := 1
	if b.quick {
		few = 10
	}
	t := page.NewTable("model", "layers", "weights", "text", "positions", "mean", "p50", "p99", "p99.9", "largest", "minutes of processor")
	measure := func(name string, w *model.Weights, weights, text string, windows [][2][]uint32) error {
		begin := page.Spent()
		m, err := reference.New(reference.FromWeights(w))
		if err != nil {
			return err
		}
		var d []float64
		for _, x := range windows {
			got, err := m.Score(ctx, x[0], greedy, x[1])
			if err != nil {
				return err
			}
			want, err := exact.LogProbs(ctx, w, x[0], x[1])
			if err != nil {
				return err
			}
			for i, y := range want {
				d = append(d, math.Abs(y-float64(got.LogProb[i])/posp.Nat))
			}
		}
		slices.Sort(d)
		mean := 0.0
		for _, x := range d {
			mean += x / float64(len(d))
		}
		at := func(q float64) float64 { return d[min(len(d)-1, int(q*float64(len(d))))] }
		t.Add(name, w.Config.Layers, weights, text, page.Group(uint64(len(d))), small(mean), small(at(0.5)), small(at(0.99)), small(at(0.999)), small(d[len(d)-1]),
			fmt.Sprintf("%.1f", (page.Spent()-begin).Minutes()))
		if name == "demo" {
			b.goals.Add(at(0.999) <= accuracyGoal, "log-probability against binary64, demo model, p99.9, "+text, "at most "+small(accuracyGoal), small(at(0.999)), "")
		}
		fmt.Fprintf(os.Stderr, "  %s, %s: p99.9 %s\n", name, weights, small(at(0.999)))
		return nil
	}
	w, err := model.Main()
	if err != nil {
		return err
	}
	source, err := goSource(24_000 / few)
	if err != nil {
		return err
	}
	if err := measure("demo", w, "as shipped (bf16)", "Go source", source); err != nil {
		return err
	}
	if err := measure("demo", w, "as shipped (bf16)", "random tokens", randomText(w.Config.VocabSize, 8_000/few, 448)); err != nil {
		return err
	}
	for _, c := range []model.Config{
		{HiddenSize: 512, Layers: 8, Heads: 8, KVHeads: 4, IntermediateSize: 1408},
		{HiddenSize: 1024, Layers: 4, Heads: 16, KVHeads: 8, IntermediateSize: 2816},
		{HiddenSize: 2048, Layers: 2, Heads: 32, KVHeads: 8, IntermediateSize: 5632},
		{HiddenSize: 4096, Layers: 2, Heads: 32, KVHeads: 8, IntermediateSize: 11008},
	} {
		c.ModelType, c.VocabSize, c.ContextLength, c.RMSNormEps, c.RopeTheta, c.TieEmbeddings = model.Llama, 4000, 2048, 1e-5, 10000, true
		w, err := model.Random(c, 1)
		if err != nil {
			return err
		}
		text := randomText(c.VocabSize, 1000/few, 1000/few)
		for _, format := range []string{"binary32", "bf16"} {
			if format == "bf16" { // cut to it
				for _, x := range w.Tensors() {
					for i, v := range x.Data {
						x.Data[i] = math.Float32frombits(math.Float32bits(v) &^ 0xffff)
					}
				}
			}
			if err := measure(fmt.Sprintf("random, d = %s", page.Group(uint64(c.HiddenSize))), w, format, "random tokens", text); err != nil {
				return err
			}
			runtime.GC()
		}
	}
	b.print("## Accuracy\n\nDistance of each output token's log-probability under `%s` from a binary64 run of the same weights (`inference/exact`), in nats.\n"+
		"The demo model reads the Go distribution's source, which it was trained on, in windows of 64 and 416 tokens, and tokens drawn at random. The random models have 16 heads or more, random near-normal\n"+
		"weights and 4,000 tokens; networks of random weights amplify every error, so that they are the far end of what a model can be. Published weights are bf16,\n"+
		"which int16 rows hold nearly all exactly.\n\n%s\n", reference.Version, t)
	return nil
}

func small(x float64) string { return fmt.Sprintf("%.1e", x) }

// goSource is at least n positions of prompts of 64 and outputs of 416 tokens, of the Go distribution's source.
func goSource(n int) (windows [][2][]uint32, err error) {
	const prompt, window = 64, 480
	files, err := filepath.Glob(filepath.Join(build.Default.GOROOT, "src", "[s-t]*", "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read Go's source: %w", err)
		}
		for k := 0; k < 4 && len(text) >= window; k, text = k+1, text[window:] {
			if len(windows)*(window-prompt) >= n {
				return windows, nil
			}
			ids := append([]uint32{model.BOS}, model.Encode(text[:window-1])...)
			windows = append(windows, [2][]uint32{ids[:prompt], ids[prompt:]})
		}
	}
	return nil, fmt.Errorf("the Go distribution in %s has no source for %d positions", build.Default.GOROOT, n)
}

// randomText is at least n positions of prompts of 16 and outputs of that many random tokens.
func randomText(vocab, n, output int) (windows [][2][]uint32) {
	rng := rand.New(rand.NewPCG(1, 2))
	for len(windows)*output < n {
		ids := make([]uint32, 16+output)
		for i := range ids {
			ids[i] = rng.Uint32N(uint32(vocab))
		}
		windows = append(windows, [2][]uint32{ids[:16], ids[16:]})
	}
	return windows
}

// milliseconds of a duration.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }
