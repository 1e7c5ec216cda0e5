package devnet

import (
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// A lie is committed to as a run is: an honest party that goes down from its
// root by the first difference comes to the row that is false, and to nothing
// else. Were it not, the play's liar would lose for another reason.
func TestALieIsCommittedTo(t *testing.T) {
	w, err := model.Random(model.Config{ModelType: model.Llama, HiddenSize: 16, Layers: 1, Heads: 2, KVHeads: 1, HeadWidth: 8, IntermediateSize: 160,
		VocabSize: 70, TieEmbeddings: true, ContextLength: 64, RMSNormEps: 1e-5, RopeTheta: 10000, EOS: 1}, 7)
	if err != nil {
		t.Fatal(err)
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		t.Fatal(err)
	}
	trace, err := m.Trace(t.Context(), []uint32{5, 61, 7}, posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}, []uint32{9, 8, 7})
	if err != nil {
		t.Fatal(err)
	}
	honest := challenge.Plain{Trace: trace}
	g := trace.Graph
	for name, row := range map[string]uint64{"prompt": 0, "gate": g.Index(reference.Row{Op: reference.Gate, At: g.Prompt}), "log-probabilities": g.Index(reference.Row{Op: reference.LogProbs}), "the last": g.Rows() - 1} {
		l, err := newLie(t.Context(), honest, row, func(v []int64) { v[len(v)-1]++ })
		if err != nil {
			t.Fatal(err)
		}
		if l.Root() == honest.Root() {
			t.Fatalf("%s: it has the run's root", name)
		}
		at, node := posp.Game{Level: uint8(trace.Depth())}, l.Root()
		descend := func() {
			for at.Level > 0 {
				down := min(int(at.Level), reference.Round)
				theirs, err := l.Below(at, down)
				if err != nil {
					t.Fatal(err)
				}
				own, err := honest.Below(at, down)
				if err != nil {
					t.Fatal(err)
				}
				if reference.Fold(theirs) != node {
					t.Fatalf("%s: what is shown below level %d is not below the node", name, at.Level)
				}
				i := slices.IndexFunc(theirs, func(h posp.Hash) bool { return h != own[slices.Index(theirs, h)] })
				node, at.Level = theirs[i], at.Level-uint8(down)
				if at.Blocks == 0 {
					at.Row = at.Row<<down | uint64(i)
				} else {
					at.Block = at.Block<<down | uint32(i)
				}
			}
		}
		descend()
		if at.Row != row {
			t.Fatalf("%s: the first difference is row %d, not %d", name, at.Row, row)
		}
		n, width := g.Shape(g.Locate(row))
		at.Blocks = uint32((n*width + 255) / 256)
		for 1<<at.Level < at.Blocks {
			at.Level++
		}
		if at.Level > 0 {
			descend()
		}
		if at.Data, _, err = honest.Block(row, at.Block); err != nil {
			t.Fatal(err)
		}
		if e, err := l.Differs(at); err != nil || int(at.Block)*256/width+int(e) != n-1 {
			t.Errorf("%s: element %d of block %d of a row of %d, %v", name, e, at.Block, n, err)
		}
	}
}
