package main

import (
	"context"
	"fmt"
	"go/build"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
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

// compared is one model whose log-probabilities are compared, in a process of its own: large ones take gigabytes.
type compared struct {
	name, weights, text string
	config              model.Config // of a random one
	positions           int
}

var random = model.Config{ModelType: model.Llama, VocabSize: 4000, ContextLength: 2048, RMSNormEps: 1e-5, RopeTheta: 10000, TieEmbeddings: true}

// comparisons are what is compared, of a tenth of the positions if quick.
func comparisons(quick bool) (list []compared) {
	few := 1
	if quick {
		few = 10
	}
	list = []compared{
		{name: "demo", weights: "as shipped (bf16)", text: "Go source", positions: 24_000 / few},
		{name: "demo", weights: "as shipped (bf16)", text: "random tokens", positions: 8_000 / few},
	}
	for _, c := range [][5]int{{512, 8, 8, 4, 1408}, {1024, 4, 16, 8, 2816}, {2048, 2, 32, 8, 5632}, {4096, 1, 32, 8, 11008}} {
		config := random
		config.HiddenSize, config.Layers, config.Heads, config.KVHeads, config.IntermediateSize = c[0], c[1], c[2], c[3], c[4]
		for _, weights := range []string{"binary32", "bf16"} {
			positions := 1000
			if c[0] == 4096 {
				positions = 400
			}
			list = append(list, compared{"random, d = " + page.Group(uint64(c[0])), weights, "random tokens", config, positions / few})
		}
	}
	return list
}

// distances are those of the program's log-probabilities from binary64's, ascending, in nats.
type distances struct {
	Layers int
	Sorted []float64
	Spent  time.Duration
}

// distance compares one.
func (c compared) distance(ctx context.Context) (d distances, err error) {
	begin := page.Spent()
	var w *model.Weights
	var windows [][2][]uint32
	if c.name == "demo" {
		w, err = model.Main()
	} else {
		w, err = model.Random(c.config, 1)
	}
	if err != nil {
		return d, err
	}
	if c.text == "Go source" {
		if windows, err = goSource(c.positions); err != nil {
			return d, err
		}
	} else {
		windows = randomText(w.Config.VocabSize, c.positions, min(c.positions, w.Config.ContextLength-16, 1000))
	}
	if c.config.HiddenSize > 0 && c.weights == "bf16" { // cut to it
		for _, x := range w.Tensors() {
			for i, v := range x.Data {
				x.Data[i] = math.Float32frombits(math.Float32bits(v) &^ 0xffff)
			}
		}
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		return d, err
	}
	for _, x := range windows {
		got, err := m.Score(ctx, x[0], greedy, x[1])
		if err != nil {
			return d, err
		}
		want, err := exact.LogProbs(ctx, w, x[0], x[1])
		if err != nil {
			return d, err
		}
		for i, y := range want {
			d.Sorted = append(d.Sorted, math.Abs(y-float64(got.LogProb[i])/posp.Nat))
		}
	}
	slices.Sort(d.Sorted)
	d.Layers, d.Spent = w.Config.Layers, page.Spent()-begin
	return d, nil
}

// accuracy compares log-probabilities of the reference program with those of the same weights in binary64.
func (b *bench) accuracy(ctx context.Context, s *section) error {
	t := page.NewTable("model", "layers", "weights", "text", "positions", "mean", "p50", "p99", "p99.9", "largest", "CPU-s")
	for i, c := range comparisons(b.quick) {
		var x distances
		if _, err := itself(ctx, fmt.Sprintf("accuracy %d %t", i, b.quick), &x); err != nil {
			return err
		}
		d, mean := x.Sorted, 0.0
		for _, x := range d {
			mean += x / float64(len(d))
		}
		at := func(q float64) string { return small(d[min(len(d)-1, int(q*float64(len(d))))]) }
		t.Add(c.name, x.Layers, c.weights, c.text, page.Group(uint64(len(d))), small(mean), at(0.5), at(0.99), at(0.999), small(d[len(d)-1]), fmt.Sprintf("%.0f", x.Spent.Seconds()))
		if c.name == "demo" {
			s.Goals.Add(d[int(0.999*float64(len(d)))] <= accuracyGoal, "log-probability against binary64, demo model, p99.9, "+c.text, "at most "+small(accuracyGoal), at(0.999), "")
		}
		fmt.Fprintf(os.Stderr, "  %s, %s: p99.9 %s\n", c.name, c.weights, at(0.999))
	}
	s.print("## Accuracy\n\nDistance of each output token's log-probability under `%s` from a binary64 run of the same weights (`inference/exact`), in nats.\n"+
		"The demo model reads the Go distribution's source, which it was trained on, in windows of 64 and 416 tokens, and tokens drawn at random. The random models are Llama shapes with near-normal weights and\n"+
		"4,000 tokens; they have fewer layers where they are wider, because the comparison is slow. Networks of random weights amplify every error, so that they are the far end of what a model can be. Published\n"+
		"weights are bf16, which int16 rows hold nearly all exactly; binary32 ones lose about 5e-5 of a row's size.\n\n%s\n", reference.Version, t)
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
