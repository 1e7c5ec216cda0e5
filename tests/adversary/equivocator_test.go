package adversary

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// An operator sends two commitment messages for one epoch, and opens the one
// that suits it once it has seen the others' evidence.
//
// Against a design that takes the first or the last message, those who got
// them in another order derive another result, and nothing is certified; and
// the operator has an option on the outcome. Here of two commitments for one
// sample neither counts: whatever it opens, it did nothing.
func TestEquivocatingOperator(t *testing.T) {
	w := newWorld(t, 9)
	liar := w.operators[2]
	liar.cheats = true
	invented := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-1}, Margin: []int32{0}}.Encode()
	liar.commit = func(own posp.Commitments, _ []posp.Commitments) []posp.Commitments {
		other := own
		other.Items = slices.Clone(own.Items)
		for i, item := range own.Items {
			other.Items[i].Commitment = posp.Commitment(liar.address, item.SampleID, invented, posp.Hash{})
		}
		return []posp.Commitments{own, other}
	}
	liar.reveal = func(own posp.Reveals, _ []posp.Reveals) []posp.Reveals {
		other := own
		other.Items = slices.Clone(own.Items)
		for i := range other.Items {
			other.Items[i].Evidence, other.Items[i].Salt = invented, posp.Hash{}
		}
		return []posp.Reveals{own, other}
	}
	w.mustEarnNothing(liar)
}

// A provider signs two receipts for one sequence: a good answer stands in the
// batch, and the buyer holds the receipt of another one, which nobody will
// sample.
//
// Against a design that checks the answers in the batch and nothing else, the
// buyer's answer is never looked at. Here the buyer's receipt is refused at
// the leaf where it belongs, whoever brings it, and with the one that stands
// there it is two signatures under one sequence: proof without any statistics.
func TestEquivocatingProvider(t *testing.T) {
	w := newWorld(t, 10)
	cheat := w.addCheat("equivocator", w.providers[0].engine)
	answers := w.serve(cheat, requests)
	b := w.batch(cheat, answers)
	e := w.verify([]*batch{w.batch(w.providers[0], w.serve(w.providers[0], requests)), b})

	at := slices.IndexFunc(e.out.Assignments, func(a sampler.Assignment) bool { return a.BatchID == b.record.ID })
	leaf := e.out.Assignments[at].Leaf
	cheap := *answers[leaf]
	cheap.output.Tokens = cheap.output.Tokens[:1]
	w.epoch = e.in.Epoch // the receipt is of the epoch that was played
	w.promise(cheat, &cheap, answers[leaf].receipt.Sequence)

	proof, err := b.tree.Proof(leaf)
	w.must(err)
	if err := merkle.Verify(b.record.Root, cheap.receipt.Digest(w.domain), leaf, b.record.LeafCount, proof); err == nil {
		t.Error("the buyer's receipt is proved to stand in a batch without it")
	}
	// Carried in place of the true opening, it changes nothing.
	forged := posp.Opening{Receipt: cheap.receipt, Leaf: leaf, Proof: proof, Request: cheap.request, Output: cheap.output}
	in := e.in
	in.Reveals = slices.Clone(in.Reveals)
	in.Reveals = slices.Insert(in.Reveals, 0, posp.Reveals{Operator: w.operators[0].address, Epoch: in.Epoch,
		Items: []posp.Reveal{{SampleID: e.out.Assignments[at].SampleID, Opening: &forged, Provider: &cheap.evidence}}})
	again, err := verdict.Derive(in)
	w.must(err)
	one, err := json.Marshal(e.out)
	w.must(err)
	two, err := json.Marshal(again)
	w.must(err)
	if !slices.Equal(one, two) {
		t.Error("a receipt that is not in the batch changed the result")
	}
	// What the buyer holds, and what stands in the batch, is the proof.
	for _, r := range []posp.SignedReceipt{cheap.receipt, answers[leaf].receipt} {
		signer, err := r.Signer(w.domain)
		w.must(err)
		if signer != crypto.PubkeyToAddress(cheat.receiptKey.PublicKey) || r.Sequence != answers[leaf].receipt.Sequence || r.Epoch != in.Epoch {
			t.Errorf("receipt %d of epoch %d is signed by %s", r.Sequence, r.Epoch, signer)
		}
	}
	if cheap.receipt.Digest(w.domain) == answers[leaf].receipt.Digest(w.domain) {
		t.Error("the two receipts are one")
	}
}
