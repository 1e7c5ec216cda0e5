package reference

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

func rootOf(t *testing.T, s Source) posp.Hash {
	t.Helper()
	q, err := NewQuantiser(s)
	if err != nil {
		t.Fatal(err)
	}
	root, err := q.Root(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// TestModelRows: each row of the model has one place, which has its tensor's shape.
func TestModelRows(t *testing.T) {
	for name := range shapes {
		a, err := NewArch(shape(name))
		if err != nil {
			t.Fatal(err)
		}
		next := uint64(0)
		visit := func(tensor Tensor, layer int) {
			rows, _, _ := a.TensorShape(tensor)
			for r := range rows {
				if at := a.ModelRow(tensor, layer, r); at != next {
					t.Fatalf("%s: row %d of tensor %d, layer %d, is %d, want %d", name, r, tensor, layer, at, next)
				}
				if gotT, gotL, gotR := a.TensorAt(next); gotT != tensor || gotL != layer || gotR != r {
					t.Fatalf("%s: row %d is %d of tensor %d, layer %d", name, next, gotR, gotT, gotL)
				}
				next++
			}
		}
		visit(Frequencies, 0)
		visit(Embedding, 0)
		for layer := range a.Layers {
			for tensor := AttentionNorm; tensor <= WDown; tensor++ {
				visit(tensor, layer)
			}
		}
		visit(FinalNorm, 0)
		visit(Head, 0)
		if next != a.ModelRows() {
			t.Errorf("%s: %d rows, want %d", name, a.ModelRows(), next)
		}
	}
}

// TestRootIsOfValues: the root is the same from memory and from each kind of file, by rows read in any pieces, and
// changes with any weight and with the shape.
func TestRootIsOfValues(t *testing.T) {
	for _, name := range []string{"llama", "qwen2", "qwen3"} {
		c := shape(name)
		c.VocabSize = 260
		w := random(t, c, 4)
		// Values that every format holds.
		for _, tensor := range w.Tensors() {
			for i, x := range tensor.Data {
				tensor.Data[i] = float32(int(x*64)) / 64
			}
		}
		want := rootOf(t, FromWeights(w))
		for _, format := range []model.Format{model.F32, model.F16, model.BF16} {
			if got := rootOf(t, FromFile(exported(t, w, format))); got != want {
				t.Errorf("%s in %s: another root", name, format)
			}
		}

		q, err := NewQuantiser(FromWeights(w))
		if err != nil {
			t.Fatal(err)
		}
		roots := make([]posp.Hash, q.ModelRows())
		var done atomic.Int64
		for at := 0; at < len(roots); at += 37 {
			piece := roots[at:min(at+37, len(roots))]
			if err := q.RowRoots(context.Background(), uint64(at), piece, func(int) { done.Add(1) }); err != nil {
				t.Fatal(err)
			}
		}
		if q.Arch.Root(RowsRoot(roots)) != want {
			t.Errorf("%s: another root in pieces", name)
		}
		if done.Load() == 0 {
			t.Errorf("%s: no progress", name)
		}

		for _, tensor := range w.Tensors() {
			i := len(tensor.Data) / 2
			tensor.Data[i] += 0.25
			if rootOf(t, FromWeights(w)) == want {
				t.Errorf("%s: %s does not show in the root", name, tensor.Name)
			}
			tensor.Data[i] -= 0.25
		}
		for what, change := range map[string]func(*model.Config){
			"eps": func(c *model.Config) { c.RMSNormEps *= 2 }, "theta": func(c *model.Config) { c.RopeTheta *= 2 },
		} {
			changed := *w
			change(&changed.Config)
			if rootOf(t, FromWeights(&changed)) == want {
				t.Errorf("%s: %s does not show in the root", name, what)
			}
		}
		if rootOf(t, FromWeights(w)) != want {
			t.Errorf("%s: the root is not the weights'", name)
		}
	}
}

// exported is a model written as GGUF and opened again.
func exported(t *testing.T, w *model.Weights, format model.Format) *model.File {
	t.Helper()
	var b bytes.Buffer
	if err := model.WriteGGUF(&b, w, model.GGUFOptions{Format: format}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return opened(t, path)
}

func opened(t *testing.T, path string) *model.File {
	t.Helper()
	f, err := model.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestRootOfAShippedModel: safetensors in BF16, GGUF in F32 and weights in memory are one model. The root is written
// down: it is in the specs of whoever serves the model.
func TestRootOfAShippedModel(t *testing.T) {
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	const want = "0x29fbe6963223be16b0934fa324db727ae0a06abdd579da1db6f7cfdf569d1457"
	for what, s := range map[string]Source{
		"memory": FromWeights(w), "safetensors": FromFile(opened(t, "../model/weights/small.safetensors")), "GGUF": FromFile(exported(t, w, model.F32)),
	} {
		if got := rootOf(t, s); got.Hex() != want {
			t.Errorf("%s: root %s", what, got)
		}
	}
}

// failing is a source whose rows cannot be read from some tensor on.
type failing struct {
	Source
	from Tensor
}

var errDisk = errors.New("disk")

func (f failing) Rows(dst []float32, t Tensor, layer, row int) error {
	if t >= f.from {
		return errDisk
	}
	return f.Source.Rows(dst, t, layer, row)
}

func TestSourceErrors(t *testing.T) {
	s := FromWeights(random(t, shape("llama"), 1))
	for _, from := range []Tensor{Embedding, AttentionNorm, WO, FinalNorm} {
		if _, err := New(failing{s, from}); !errors.Is(err, errDisk) {
			t.Errorf("tensor %d: %v", from, err)
		}
		q, err := NewQuantiser(failing{s, from})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := q.Root(context.Background(), nil); !errors.Is(err, errDisk) {
			t.Errorf("tensor %d: root: %v", from, err)
		}
	}
	q, err := NewQuantiser(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := q.Root(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := q.Row(q.ModelRows()); err == nil {
		t.Error("a row beyond the model")
	}
}

// TestLimits: models beyond what the program takes are refused, with the reason.
func TestLimits(t *testing.T) {
	for what, change := range map[string]func(*model.Config){
		"heads of 384":           func(c *model.Config) { c.HeadWidth = 384 },
		"normed heads of 24":     func(c *model.Config) { c.ModelType, c.HeadWidth = model.Qwen3, 24 },
		"intermediate of 65,552": func(c *model.Config) { c.IntermediateSize = 65552 },
	} {
		c := shape("llama")
		change(&c)
		if _, err := NewArch(c); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	w := random(t, shape("llama"), 1)
	w.Layers[1].Up[5] = 40000
	if _, err := New(FromWeights(w)); err == nil {
		t.Error("a weight of 40,000: no error")
	}
}

// TestForestKeepsUpperLevels: a tree of which only upper levels are kept has the same root and the same nodes there.
func TestForestKeepsUpperLevels(t *testing.T) {
	for _, n := range []int{1, 2, 3, 63, 64, 65, 1000, 5000} {
		roots := make([]posp.Hash, n)
		for i := range roots {
			roots[i] = posp.Tag(string(rune('a' + i)))
		}
		all := newForest(0).extend(slices.Clone(roots)).finish()
		for height := 1; height <= depth(uint64(n)); height++ {
			f := newForest(height)
			for at := 0; at < n; at += 17 {
				f.extend(roots[at:min(at+17, n)])
			}
			f.finish()
			if f.Root() != all.Root() {
				t.Fatalf("%d rows, height %d: another root", n, height)
			}
			for level := range depth(uint64(n)) + 1 {
				for i := range uint64(1) << (depth(uint64(n)) - level) {
					want, _ := all.node(level, i)
					got, kept := f.node(level, i)
					if kept && got != want {
						t.Fatalf("%d rows, height %d: another node %d of level %d", n, height, i, level)
					}
					if !kept && level >= height {
						t.Fatalf("%d rows, height %d: node %d of level %d is not kept", n, height, i, level)
					}
				}
			}
		}
	}
}

// TestNodesBelowTheForest: nodes that are not kept are computed again.
func TestNodesBelowTheForest(t *testing.T) {
	ctx := context.Background()
	m := build(t, random(t, shape("single"), 1))
	trace := traced(t, m, tokens(1, 5, m.Vocab), tokens(2, 4, m.Vocab))
	small := traced(t, m, tokens(1, 5, m.Vocab), tokens(2, 4, m.Vocab))
	const height = 4
	small.forest = newForest(height)
	for i := range trace.Graph.Rows() {
		root, _ := trace.forest.node(0, i)
		small.forest.extend([]posp.Hash{root})
	}
	small.forest.finish()
	for level := range trace.Depth() + 1 {
		for i := range uint64(1) << (trace.Depth() - level) {
			want, err := trace.Node(ctx, level, i)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := small.Node(ctx, level, i); err != nil || got != want {
				t.Fatalf("node %d of level %d: %v, %v", i, level, got, err)
			}
		}
	}
	if root, err := small.Node(ctx, trace.Depth(), 0); err != nil || root != trace.Root() {
		t.Error("another root")
	}
	if _, err := trace.Node(ctx, trace.Depth(), 1); err == nil {
		t.Error("a node beside the root")
	}
}
