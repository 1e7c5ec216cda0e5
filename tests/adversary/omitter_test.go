package adversary

import (
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// A provider gives a buyer a cheap answer with a receipt, and commits a good
// answer of its own making in that receipt's place.
//
// Against a design that samples what was committed and nothing else, it passes
// every time: the cheap answer is never looked at, and the buyer cannot show
// that it should have been. Here a receipt has one place, and one proof of
// what stands there instead is proof that it was left out: the contract takes
// it (ReceiptFaults, tests/market_test.go). Who committed what it signed
// cannot be shown to have left anything out.
func TestOmittingProvider(t *testing.T) {
	w := newWorld(t, 11)
	cheat := w.addCheat("omitter", w.providers[0].engine)
	answers := w.serve(cheat, requests)
	// What the buyer of the third got.
	held := *answers[2]
	held.output.Tokens = held.output.Tokens[:1]
	w.promise(cheat, &held, answers[2].receipt.Sequence)
	b := w.batch(cheat, answers)
	e := w.verify([]*batch{w.batch(w.providers[0], w.serve(w.providers[0], requests)), b})
	at := slices.IndexFunc(e.in.Batches, func(r posp.BatchRecord) bool { return r.ID == b.record.ID })
	if found := e.out.Result.Batches[slices.IndexFunc(e.out.Result.Batches, func(r posp.BatchResult) bool { return r.BatchID == e.in.Batches[at].ID })]; found.Failed != 0 {
		t.Fatalf("the committed answers are good, and %d failed", found.Failed)
	}

	// omitted is what the contract decides: the receipt is the provider's, its place is in the batch, and another leaf
	// is proved to stand there.
	omitted := func(r posp.SignedReceipt, leafHash posp.Hash, proof []posp.Hash) bool {
		signer, err := r.Signer(w.domain)
		w.must(err)
		return signer == crypto.PubkeyToAddress(cheat.receiptKey.PublicKey) && leafHash != r.Digest(w.domain) &&
			merkle.Verify(b.record.Root, leafHash, r.Sequence-b.record.FirstSequence, b.record.LeafCount, proof) == nil
	}
	for i, a := range answers {
		proof, err := b.tree.Proof(uint64(i))
		w.must(err)
		stands := a.receipt.Digest(w.domain)
		if omitted(a.receipt, stands, proof) {
			t.Errorf("receipt %d stands in its place, and is proved to be left out", i)
		}
		if got := omitted(held.receipt, stands, proof); got != (i == 2) {
			t.Errorf("by leaf %d the buyer's receipt is proved to be left out: %v", i, got)
		}
	}
}
