package contracts_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/verdict"
)

const fixtureEngine = "an engine"

// fixturePolicy tells a claim that is near the program's from one that is not.
func fixturePolicy() verdict.Policy {
	q := verdict.Question{Edges: []int32{1 << 20}, LogE: [][]int32{{-verdict.Nat / 2, 8 * verdict.Nat}}}
	return verdict.Policy{Model: q, Choice: q, LambdaPpm: 500_000, Cap: 20 * verdict.Nat, MinPositions: 2, PassAt: -verdict.Nat / 5, FailAt: 3 * verdict.Nat,
		WrongModel: 1 << 24, Calibration: verdict.Calibration{Pairs: []verdict.EnginePair{{Claimed: fixtureEngine, Recomputed: verdict.ReferenceEngine}}}}
}

// encodeProof is a step's openings as the contract takes them: the block, then the operands, without one that is the
// one before it again. The rows of the trace are opened under the tree over rows.
func encodeProof(g *reference.Graph, i uint64, e int, p reference.StepProof, rows []posp.Hash) []byte {
	leaf := g.Leaf(g.Locate(i), e)
	out := bytes.Clone(p.Element.Elements)
	for k, o := range p.Operands {
		if k == 1 && leaf.Form == reference.FormDot && leaf.Operands[1] == leaf.Operands[0] {
			continue
		}
		if leaf.Operands[k].Model {
			out = append(out, o.Exponent)
		}
		out = append(out, o.Elements...)
		siblings := o.Siblings
		if !leaf.Operands[k].Model {
			tree := newForest(nil, g.Rows())
			for i, h := range rows {
				tree.leaves[uint64(i)] = h
			}
			siblings = slices.Clone(siblings)
			for level := range tree.height {
				siblings[len(siblings)-tree.height+level] = tree.node(level, leaf.Operands[k].Row>>level^1)
			}
		}
		for _, s := range siblings {
			out = append(out, s[:]...)
		}
	}
	return out
}

// What Solidity's tests of the game play with: a run of the reference program on a small model, and proofs of one element
// of many operations.
func TestFixtureOfADispute(t *testing.T) {
	const path = "test/fixtures/dispute.json"
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	c := model.Config{ModelType: model.Llama, HiddenSize: 272, Layers: 1, Heads: 2, KVHeads: 1, HeadWidth: 8, IntermediateSize: 16, VocabSize: 70,
		TieEmbeddings: true, ContextLength: 64, RMSNormEps: 1e-5, RopeTheta: 10000}
	w, err := model.Random(c, 7)
	must(err)
	m, err := reference.New(reference.FromWeights(w))
	must(err)
	roots := make([]posp.Hash, m.ModelRows())
	must(m.RowRoots(ctx, 0, roots, nil))
	weights := m.Tree(roots)
	prompt, output := []uint32{5, 61, 7}, []uint32{}
	for len(output) < 2 { // greedily
		for token := range uint32(m.Vocab) {
			next := append(output, token)
			own, err := m.Score(ctx, prompt, posp.Sampling{Rule: posp.Greedy, MaxTokens: 2}, next)
			must(err)
			if own.Margin[len(output)] == 0 {
				output = next
				break
			}
		}
	}
	trace, err := m.Trace(ctx, prompt, posp.Sampling{Rule: posp.Greedy, MaxTokens: 2}, output)
	must(err)
	g := trace.Graph
	policy := fixturePolicy()
	must(policy.Check())

	var rows []posp.Hash
	for i := range g.Rows() {
		h, err := trace.Node(ctx, 0, i)
		must(err)
		rows = append(rows, h)
	}
	own := posp.Evidence{Kind: posp.EvidenceFull, LogProb: trace.LogProb, Margin: trace.Margin}
	near := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: trace.LogProb}
	far := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{trace.LogProb[0] - 1<<24, trace.LogProb[1] - 1<<24}}

	type step struct {
		Op         uint8         `json:"op"`
		Row        uint64        `json:"row"`
		BlockIndex int           `json:"blockIndex"`
		Element    int           `json:"element"`
		Blocks     []posp.Hash   `json:"blocks"` // of the row
		Data       int           `json:"data"`   // bytes of the block's elements, with which the proof begins
		Proof      hexutil.Bytes `json:"proof"`
		// The same of a trace in which the last bit of the block's last number, which is the element, is another.
		Lie hexutil.Bytes `json:"lie"`
	}
	var steps []step
	seen := map[reference.Op]bool{}
	for i := range g.Rows() {
		r := g.Locate(i)
		n, width := g.Shape(r)
		if seen[r.Op] || r.Op == reference.Score && r.At < 2 {
			continue
		}
		seen[r.Op] = true
		e := n - 1
		p, err := trace.Prove(ctx, weights, i, e)
		must(err)
		x, err := trace.Row(ctx, i)
		must(err)
		s := step{Op: uint8(r.Op), Row: i, BlockIndex: e / 64, Element: e % 64, Proof: encodeProof(g, i, e, p, rows)}
		made := newRow(nil, n, width, []byte{0})
		for b := range (n + 63) / 64 {
			made.blocks[b] = x.Values[64*b : min(n, 64*b+64)]
			s.Blocks = append(s.Blocks, crypto.Keccak256Hash([]byte{0}, made.encode(b)))
		}
		s.Data = len(made.encode(e / 64))
		if made.root() != rows[i] {
			t.Fatalf("row %d is not made of its blocks", i)
		}
		lie := newRow(nil, n, width, []byte{0})
		maps.Copy(lie.blocks, made.blocks)
		lie.blocks[e/64] = slices.Clone(made.blocks[e/64])
		lie.blocks[e/64][e%64] ^= 1
		lying := slices.Clone(rows)
		lying[i] = lie.root()
		s.Lie = encodeProof(g, i, e, p, lying)
		copy(s.Lie, lie.encode(e/64))
		steps = append(steps, s)
	}
	want, err := json.MarshalIndent(map[string]any{
		"arch": g.Arch, "rowsRoot": weights.RowsRoot(), "vocab": g.Vocab, "reference": reference.Version + ":" + g.Arch.Root(weights.RowsRoot()).Hex()[2:],
		"policy": hexutil.Bytes(policy.Encode()), "policyId": policy.ID(), "engine": fixtureEngine,
		"prompt": hexutil.Bytes(packed(prompt)), "output": hexutil.Bytes(packed(output)),
		"own": hexutil.Bytes(own.Encode()), "near": hexutil.Bytes(near.Encode()), "far": hexutil.Bytes(far.Encode()),
		"rows": rows, "root": trace.Root(), "steps": steps,
	}, "", " ")
	must(err)
	want = append(want, '\n')
	if *update {
		must(os.WriteFile(path, want, 0o644))
	}
	got, err := os.ReadFile(path)
	must(err)
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what go test ./contracts -update writes", path)
	}
}

func packed(ids []uint32) (b []byte) {
	for _, id := range ids {
		b = append(b, byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
	}
	return b
}
