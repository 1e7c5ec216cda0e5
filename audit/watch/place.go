package watch

import (
	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// State is what became of a receipt.
type State string

const (
	Waiting   State = "waiting"   // its batch may still come
	Stands    State = "stands"    // at its place in a batch
	Replaced  State = "replaced"  // another receipt is proved to stand there
	Uncovered State = "uncovered" // no batch reaches its sequence, and it is too late for one
	Unproved  State = "unproved"  // a batch covers it, and nobody proves what stands there
)

// Proof is what a provider says stands at a place of its batch.
type Proof struct {
	ReceiptHash posp.Hash
	Siblings    []posp.Hash
}

// Place judges where a receipt of that hash stands. covering is the provider's
// batch whose sequences include the receipt's, of the receipt's epoch or, where
// that batch was missed, of a later one in which its receipts ride; nil if there is
// none at block. proof is nil if the provider gives none. The decision is that
// of the contract ReceiptFaults, which charges what is Replaced or Uncovered.
func Place(s posp.Schedule, r posp.Receipt, hash posp.Hash, covering *posp.BatchRecord, proof *Proof, block uint64) State {
	if covering == nil {
		if block < s.Close(r.Epoch+1) {
			return Waiting
		}
		return Uncovered
	}
	leaf := r.Sequence - covering.FirstSequence
	switch {
	case proof == nil || merkle.Verify(covering.Root, proof.ReceiptHash, leaf, covering.LeafCount, proof.Siblings) != nil:
		return Unproved
	case proof.ReceiptHash != hash:
		return Replaced
	}
	return Stands
}
