package reference

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// TestExtremes: models whose activations saturate, vanish, or leave what two pieces hold still compute what the graph
// says, and the same for every kernel.
func TestExtremes(t *testing.T) {
	scale := func(f func(t model.Tensor) float32) func(*model.Weights) {
		return func(w *model.Weights) {
			for _, tensor := range w.Tensors() {
				for i := range tensor.Data {
					tensor.Data[i] *= f(tensor)
				}
			}
		}
	}
	for name, change := range map[string]func(*model.Weights){
		"zero":     scale(func(model.Tensor) float32 { return 0 }),
		"tiny":     scale(func(model.Tensor) float32 { return 1e-6 }),
		"large":    scale(func(x model.Tensor) float32 { return 200 }),
		"saturate": scale(func(x model.Tensor) float32 { return 8000 }),
		"vectors": scale(func(x model.Tensor) float32 { // norms of 30,000: activations far beyond two pieces
			if x.Vector {
				return 30000
			}
			return 1
		}),
	} {
		t.Run(name, func(t *testing.T) {
			for _, family := range []string{"wide", "qwen2", "qwen3"} {
				w := random(t, shape(family), 3)
				change(w)
				m := build(t, w)
				m.workers = 1
				prompt, output := tokens(1, 4, m.Vocab), tokens(2, 3, m.Vocab)
				trace := traced(t, m, prompt, output)
				m.kernel = dots
				if got := traced(t, m, prompt, output); got.Root() != trace.Root() {
					t.Errorf("%s: kernels differ", family)
				}
				g := trace.Graph
				rng := rand.New(rand.NewPCG(3, 4))
				seen := map[Op]int{}
				for i := uint64(2); i < g.Rows(); i++ {
					row := g.Locate(i)
					if seen[row.Op]++; seen[row.Op] > 4 {
						continue
					}
					x, err := trace.Row(context.Background(), i)
					if err != nil {
						t.Fatal(err)
					}
					for _, e := range []int{0, len(x.Values) - 1, rng.IntN(len(x.Values)), rng.IntN(len(x.Values))} {
						if leaf, want := step(t, trace, m, i, e); x.Values[e] != want {
							t.Fatalf("%s: %+v, element %d is %d, its operands make it %d (%+v)", family, row, e, x.Values[e], want, leaf)
						}
					}
				}
				for i, p := range trace.LogProb {
					if p > 0 || p < -127*posp.Nat || trace.Margin[i] < 0 || trace.Margin[i] > 127*posp.Nat {
						t.Errorf("%s: position %d: evidence %d, %d", family, i, p, trace.Margin[i])
					}
				}
			}
		})
	}
}
