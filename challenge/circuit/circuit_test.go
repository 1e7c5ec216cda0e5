package circuit

import (
	"context"

	"math/rand/v2"
	"sync"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// shapes are small models that between them have every row of the program.
var shapes = map[string]model.Config{
	"llama":       {ModelType: model.Llama, HiddenSize: 24, Layers: 2, Heads: 4, KVHeads: 2, IntermediateSize: 40, VocabSize: 70, TieEmbeddings: true},
	"wide":        {ModelType: model.Llama, HiddenSize: 528, Layers: 1, Heads: 11, KVHeads: 1, IntermediateSize: 280, VocabSize: 300},
	"qwen2":       {ModelType: model.Qwen2, HiddenSize: 272, Layers: 2, Heads: 6, KVHeads: 3, HeadWidth: 16, IntermediateSize: 64, VocabSize: 90},
	"small qwen2": {ModelType: model.Qwen2, HiddenSize: 40, Layers: 1, Heads: 6, KVHeads: 3, HeadWidth: 16, IntermediateSize: 64, VocabSize: 90},
	"qwen3":       {ModelType: model.Qwen3, HiddenSize: 64, Layers: 2, Heads: 4, KVHeads: 2, HeadWidth: 32, IntermediateSize: 96, VocabSize: 66, TieEmbeddings: true},
}

type world struct {
	trace *Trace
	graph *reference.Graph
}

var worlds = map[string]func(testing.TB) world{}

func init() {
	for name, c := range shapes {
		c.ContextLength, c.RMSNormEps, c.RopeTheta = 1024, 1e-5, 10000
		var once sync.Once
		var w world
		worlds[name] = func(t testing.TB) world {
			t.Helper()
			once.Do(func() { w = newWorld(t, c, 2, 4, number(1234567)) })
			return w
		}
	}
}

func newWorld(t testing.TB, c model.Config, n, m int, seed fr.Element) world {
	t.Helper()
	weights, err := model.Random(c, 5)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.New(reference.FromWeights(weights))
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	tokens := func(n int) (x []uint32) {
		for range n {
			x = append(x, rng.Uint32N(uint32(c.VocabSize)))
		}
		return x
	}
	ctx := context.Background()
	run, err := ref.Trace(ctx, tokens(n), posp.Sampling{Rule: posp.Greedy, MaxTokens: 1 << 10}, tokens(m))
	if err != nil {
		t.Fatal(err)
	}
	q, err := reference.NewQuantiser(reference.FromWeights(weights))
	if err != nil {
		t.Fatal(err)
	}
	roots := make([]posp.Hash, q.ModelRows())
	if err := RowRoots(ctx, q, 0, roots, nil); err != nil {
		t.Fatal(err)
	}
	mod, err := NewModel(q, roots)
	if err != nil {
		t.Fatal(err)
	}
	trace, err := NewTrace(ctx, run.Graph, run, mod, seed)
	if err != nil {
		t.Fatal(err)
	}
	return world{trace, run.Graph}
}

var compiled = func() (c [Kinds]func() constraint.ConstraintSystem) {
	for k := range Kinds {
		c[k] = sync.OnceValue(func() constraint.ConstraintSystem {
			ccs, err := Compile(k, Full)
			if err != nil {
				panic(err)
			}
			return ccs
		})
	}
	return c
}()

func (w world) claim(t testing.TB, row uint64, e int) (Claim, Witness) {
	t.Helper()
	c, wit, err := w.trace.Claim(context.Background(), row, e, number(99))
	if err != nil {
		t.Fatalf("row %d, %+v, element %d: %v", row, w.graph.Locate(row), e, err)
	}
	return c, wit
}

// check solves the full circuit.
func check(c Claim, w Witness) error { return Check(compiled[c.Step.Kind](), Full, c, w) }

// rowsOfEachOp are some rows of each operation that a trace has.
func (w world) rowsOfEachOp() map[reference.Op][]uint64 {
	rows := map[reference.Op][]uint64{}
	for i := range w.graph.Rows() {
		op := w.graph.Locate(i).Op
		rows[op] = append(rows[op], i)
	}
	return rows
}

// Every operation of every shape: what the program computes, the circuits accept.
func TestHonestSteps(t *testing.T) {
	forms := map[reference.Form]int{}
	for name := range shapes {
		t.Run(name, func(t *testing.T) {
			w := worlds[name](t)
			for op, rows := range w.rowsOfEachOp() {
				if op == reference.Prompt || op == reference.Output {
					continue
				}
				row := rows[len(rows)/2]
				n, width := w.graph.Shape(w.graph.Locate(row))
				elements := map[int]bool{0: true, n - 1: true}
				if last := RowPacking(width).Block()<<RowPacking(width).Height(n) - 1; !PublicRow(op) {
					elements[last] = true // padding
				}
				for e := range elements {
					c, wit := w.claim(t, row, e)
					forms[c.Step.Form]++
					if err := check(c, wit); err != nil {
						t.Errorf("op %d, row %d, element %d of %d (%s, form %d): %v", op, row, e, n, c.Step.Kind, c.Step.Form, err)
					}
				}
			}
		})
	}
	for f := reference.FormZero; f <= reference.FormMargin; f++ {
		if forms[f] == 0 {
			t.Errorf("form %d was not met", f)
		}
	}
}
