package reference

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

var greedy = posp.Sampling{Rule: posp.Greedy, MaxTokens: 1 << 10}

// shapes are small models that between them have every row of the program.
var shapes = map[string]model.Config{
	// Nothing longer than a slice; one head is narrower than a block.
	"llama": {ModelType: model.Llama, HiddenSize: 24, Layers: 2, Heads: 4, KVHeads: 2, IntermediateSize: 40, VocabSize: 70, TieEmbeddings: true},
	// Partial sums everywhere, three slices (so that a fourth place is padding); heads that are not a power of two.
	"wide": {ModelType: model.Llama, HiddenSize: 528, Layers: 2, Heads: 11, KVHeads: 1, IntermediateSize: 530, VocabSize: 300},
	// Biases, and heads that together are wider than the model.
	"qwen2": {ModelType: model.Qwen2, HiddenSize: 40, Layers: 3, Heads: 6, KVHeads: 3, HeadWidth: 16, IntermediateSize: 64, VocabSize: 90},
	// Norms of heads.
	"qwen3": {ModelType: model.Qwen3, HiddenSize: 64, Layers: 2, Heads: 4, KVHeads: 2, HeadWidth: 32, IntermediateSize: 96, VocabSize: 66, TieEmbeddings: true},
	// One layer: it is the first and the last.
	"single": {ModelType: model.Llama, HiddenSize: 32, Layers: 1, Heads: 2, KVHeads: 2, IntermediateSize: 16, VocabSize: 33, TieEmbeddings: true},
}

func shape(name string) model.Config {
	c := shapes[name]
	c.ContextLength, c.RMSNormEps, c.RopeTheta = 1024, 1e-5, 10000
	return c
}

// random is a random model of a shape.
func random(t testing.TB, c model.Config, seed uint64) *model.Weights {
	t.Helper()
	w, err := model.Random(c, seed)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func build(t testing.TB, w *model.Weights) *Model {
	t.Helper()
	m, err := New(FromWeights(w))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tokens(seed uint64, n, vocab int) []uint32 {
	rng := rand.New(rand.NewPCG(seed, 7))
	x := make([]uint32, n)
	for i := range x {
		x[i] = rng.Uint32N(uint32(vocab))
	}
	return x
}

func traced(t testing.TB, m *Model, prompt, output []uint32) *Trace {
	t.Helper()
	trace, err := m.Trace(context.Background(), prompt, greedy, output)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// modelTree is the tree over a model's rows.
func modelTree(t testing.TB, m *Model) *Tree {
	t.Helper()
	roots := make([]posp.Hash, m.ModelRows())
	if err := m.RowRoots(context.Background(), 0, roots, nil); err != nil {
		t.Fatal(err)
	}
	return m.Tree(roots)
}

// step computes an element from its operands, as rows hold them.
func step(t testing.TB, trace *Trace, m *Model, row uint64, e int) (Leaf, int64) {
	t.Helper()
	g := trace.Graph
	leaf := g.Leaf(g.Locate(row), e)
	in := make([]Input, len(leaf.Operands))
	var token int64
	for k, o := range leaf.Operands {
		o = o.at(token)
		var values []int64
		if o.Model {
			d, err := m.Row(o.Row)
			if err != nil {
				t.Fatal(err)
			}
			values, in[k].Exponent = d.Values, uint(d.Exponent)
		} else {
			if o.Row >= row {
				t.Fatalf("row %d, %+v, reads row %d", row, g.Locate(row), o.Row)
			}
			x, err := trace.Row(context.Background(), o.Row)
			if err != nil {
				t.Fatal(err)
			}
			values = x.Values
		}
		in[k].Values = values[o.First:][:o.Length]
		if k == 0 && len(in[0].Values) > 0 {
			token = in[0].Values[0]
		}
	}
	x, err := leaf.Step(in...)
	if err != nil {
		t.Fatalf("row %d, %+v, element %d: %v", row, g.Locate(row), e, err)
	}
	return leaf, x
}

// TestEveryElementFollowsFromItsOperands: what the fast engine computes is what the graph says, for each operation of
// each shape: each row that is recomputed alone is the row that was committed, and its elements are what Step makes
// of the rows that the graph names, which come before it.
func TestEveryElementFollowsFromItsOperands(t *testing.T) {
	for name := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := build(t, random(t, shape(name), 1))
			n := 7
			if name == "llama" {
				n = 290 // more than a slice of positions
			}
			trace := traced(t, m, tokens(1, n, m.Vocab), tokens(2, 3, m.Vocab))
			g := trace.Graph
			rng := rand.New(rand.NewPCG(3, 4))
			seen, named := map[Op]int{}, map[string]bool{}
			for i := range g.Rows() {
				row := g.Locate(i)
				if name := row.String(); name == "" || named[name] {
					t.Fatalf("row %d, %+v, has the name %q, as one before", i, row, name)
				} else {
					named[name] = true
				}
				if got := g.Index(row); got != i {
					t.Fatalf("row %d is %+v, which is row %d", i, row, got)
				}
				// Every operation often, at the ends of its range too; not all rows of a long text.
				if seen[row.Op]++; seen[row.Op] > 6 && i < g.Rows()-100 && rng.IntN(int(g.Rows()/200+1)) > 0 {
					continue
				}
				x, err := trace.Row(context.Background(), i)
				if err != nil {
					t.Fatal(err)
				}
				length, width := g.Shape(row)
				if len(x.Values) != length || x.Width != width {
					t.Fatalf("%+v has %d elements of %d bytes, want %d of %d", row, len(x.Values), x.Width, length, width)
				}
				var root posp.Hash
				h := newRowHasher()
				h.add(&root, traceBlock, x.Values, x.Width)
				h.flush()
				if kept, _ := trace.forest.node(0, i); kept != root {
					t.Fatalf("row %d, %+v, alone is not the row that was committed", i, row)
				}
				if row.Op == Prompt || row.Op == Output {
					continue
				}
				elements := []int{0, length - 1}
				for range 6 {
					elements = append(elements, rng.IntN(length))
				}
				for _, e := range elements {
					leaf, want := step(t, trace, m, i, e)
					if x.Values[e] != want {
						t.Fatalf("%+v, element %d is %d, its operands make it %d (%+v)", row, e, x.Values[e], want, leaf)
					}
				}
			}
			if _, ok := seen[Padding]; ok {
				t.Fatal("padding within the trace")
			}
			if op := g.Locate(g.Rows()).Op; op != Padding {
				t.Fatalf("beyond the trace stands %d", op)
			}
		})
	}
	// Together the shapes have all operations, but those of vocabularies beyond 65,536.
	seen := map[Op]bool{LogitMaxParts2: true, LogitSumParts2: true}
	for name := range shapes {
		a, err := NewArch(shape(name))
		if err != nil {
			t.Fatal(err)
		}
		g, err := NewGraph(a, 3, 3, posp.Greedy)
		if err != nil {
			t.Fatal(err)
		}
		for i := range g.Rows() {
			seen[g.Locate(i).Op] = true
		}
	}
	for op := Prompt; op < Padding; op++ {
		if !seen[op] {
			t.Errorf("no shape has operation %d", op)
		}
	}
}

// TestStepProofs: the honest last move is accepted at every operation; a changed element, operand, sibling or
// exponent, and the proof of another element, are not.
func TestStepProofs(t *testing.T) {
	ctx := context.Background()
	for name := range shapes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := build(t, random(t, shape(name), 5))
			weights := modelTree(t, m)
			trace := traced(t, m, tokens(1, 5, m.Vocab), tokens(2, 2, m.Vocab))
			g := trace.Graph
			c := Commitments{trace.Root(), weights.RowsRoot()}
			rng := rand.New(rand.NewPCG(1, 1))
			done := map[Op]int{}
			for i := range g.Rows() {
				row := g.Locate(i)
				if done[row.Op]++; done[row.Op] > 2 {
					continue
				}
				length, _ := g.Shape(row)
				e := rng.IntN(length)
				p, err := trace.Prove(ctx, weights, i, e)
				if err != nil {
					t.Fatal(err)
				}
				rowRoot, err := trace.Node(ctx, 0, i)
				if err != nil {
					t.Fatal(err)
				}
				if err := g.VerifyStep(c, rowRoot, i, e, p); err != nil {
					t.Fatalf("%+v, element %d: %v", row, e, err)
				}
				refused := func(what string, rowRoot posp.Hash, e int, p StepProof) {
					t.Helper()
					var invalid *posp.ValidationError
					if err := g.VerifyStep(c, rowRoot, i, e, p); !errors.As(err, &invalid) {
						t.Fatalf("%+v, element %d, %s: %v", row, e, what, err)
					}
				}
				// A lying asserter commits to another element: its row's root is consistent with it.
				x, err := trace.Row(ctx, i)
				if err != nil {
					t.Fatal(err)
				}
				lie := Elems{x.Width, slices.Clone(x.Values)}
				lie.Values[e] ^= 1 << rng.IntN(20)
				var lieRoot posp.Hash
				h := newRowHasher()
				h.add(&lieRoot, traceBlock, lie.Values, lie.Width)
				h.flush()
				bad := p
				if bad.Element, err = lie.open(traceBlock, e, 1); err != nil {
					t.Fatal(err)
				}
				if row.Op != Prompt && row.Op != Output {
					refused("a lie", lieRoot, e, bad)
				}
				refused("another row's root", lieRoot, e, p)
				for k := range p.Operands {
					bad := p
					bad.Operands = slices.Clone(p.Operands)
					o := &bad.Operands[k]
					o.Elements = slices.Clone(o.Elements)
					o.Elements[rng.IntN(len(o.Elements))] ^= 1
					refused("a changed operand", rowRoot, e, bad)
					o.Elements = p.Operands[k].Elements
					o.Siblings = slices.Clone(o.Siblings)
					o.Siblings[rng.IntN(len(o.Siblings))][3] ^= 1
					refused("a changed sibling", rowRoot, e, bad)
					o.Siblings = p.Operands[k].Siblings[1:]
					refused("a sibling less", rowRoot, e, bad)
					o.Siblings = p.Operands[k].Siblings
					if g.Leaf(row, e).Operands[k].Model {
						o.Exponent++
						refused("another exponent", rowRoot, e, bad)
					}
				}
				if len(p.Operands) > 0 {
					bad := p
					bad.Operands = p.Operands[1:]
					refused("an operand less", rowRoot, e, bad)
				}
			}
		})
	}
}

// TestSameBitsEverywhere: the evidence and the root do not depend on kernels and goroutines.
func TestSameBitsEverywhere(t *testing.T) {
	for name := range shapes {
		t.Run(name, func(t *testing.T) {
			m := build(t, random(t, shape(name), 2))
			prompt, output := tokens(3, 24, m.Vocab), tokens(4, 20, m.Vocab)
			m.workers = 1
			want := traced(t, m, prompt, output)
			for _, workers := range []int{1, 2, 3, 16} {
				for form, k := range map[string]kernel{"portable": dots, "best": best} {
					m.workers, m.kernel = workers, k
					e, err := m.Score(context.Background(), prompt, greedy, output)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Equal(e.LogProb, want.LogProb) || !slices.Equal(e.Margin, want.Margin) {
						t.Errorf("%d workers, %s kernel: other evidence", workers, form)
					}
					if workers > 3 {
						continue
					}
					if got := traced(t, m, prompt, output); got.Root() != want.Root() {
						t.Errorf("%d workers, %s kernel: another trace", workers, form)
					}
				}
			}
		})
	}
}

// TestKernelForms: both forms of the kernel give the exact sum, with the largest pieces and weights of either sign too.
func TestKernelForms(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		n, rows := 16*(1+rng.IntN(16)), 1+rng.IntN(5)
		stride, pace := n+16*rng.IntN(3), n+16*rng.IntN(3)
		w, hi, lo := make([]int16, 3*stride+n), make([]int16, (rows-1)*pace+n), make([]int16, (rows-1)*pace+n)
		extreme := rng.IntN(2) == 0
		draw := func(limit int) int16 {
			if extreme {
				return int16(limit * (1 - 2*rng.IntN(2)*rng.IntN(2)))
			}
			return int16(rng.IntN(2*limit+1) - limit)
		}
		for i := range w {
			w[i] = draw(32767)
		}
		for i := range hi {
			hi[i], lo[i] = draw(pieceMax), draw(pieceMax)
		}
		want := make([]int64, 4*rows)
		for at := range want {
			for i := range n {
				x := at/4*pace + i
				want[at] += int64(w[at%4*stride+i]) * (int64(hi[x])<<pieceBits + int64(lo[x]))
			}
		}
		for form, k := range map[string]kernel{"portable": dots, "best": best} {
			got := make([]int64, 4*rows)
			k(got, w, stride, hi, lo, pace, n)
			if !slices.Equal(got, want) {
				t.Fatalf("%s, n = %d: %v, want %v", form, n, got, want)
			}
		}
	}
}
