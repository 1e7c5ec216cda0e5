package adversary

import (
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// An operator waits for the others and hands in what they found. Here it even
// sees their commitments before it sends its own, and their reveals before its
// own, as if the aggregator were its friend.
//
// Against a design that compares hashes or votes, a copy is as good as the
// work, and whoever computes is the fool. Here the commitment has the
// operator's name in it: a copied one opens to nothing, and evidence that was
// not committed to does not count. It is never the evidence of a fault, since
// nothing was measured; it is only not paid, for any of its samples.
func TestCopierOfCommitments(t *testing.T) {
	w := newWorld(t, 7)
	copier := w.operators[1]
	copier.cheats = true
	copier.commit = func(own posp.Commitments, others []posp.Commitments) []posp.Commitments {
		for i, item := range own.Items {
			for _, o := range others {
				if j := slices.IndexFunc(o.Items, func(c posp.SampleCommitment) bool { return c.SampleID == item.SampleID }); j >= 0 {
					own.Items[i].Commitment = o.Items[j].Commitment
				}
			}
		}
		return []posp.Commitments{own}
	}
	copier.reveal = copyReveals
	w.mustEarnNothing(copier)
}

// It may also commit to anything in time, and then reveal a copy.
func TestCopierOfReveals(t *testing.T) {
	w := newWorld(t, 8)
	copier := w.operators[1]
	copier.cheats = true
	copier.commit = func(own posp.Commitments, _ []posp.Commitments) []posp.Commitments {
		for i := range own.Items {
			own.Items[i].Commitment = posp.Hash{0xc0, byte(i)}
		}
		return []posp.Commitments{own}
	}
	copier.reveal = copyReveals
	w.mustEarnNothing(copier)
}

// copyReveals takes for each sample the evidence and salt of whom it can see
// last.
func copyReveals(own posp.Reveals, others []posp.Reveals) []posp.Reveals {
	for i, item := range own.Items {
		for _, o := range others {
			if j := slices.IndexFunc(o.Items, func(r posp.Reveal) bool { return r.SampleID == item.SampleID }); j >= 0 {
				own.Items[i] = o.Items[j]
			}
		}
	}
	return []posp.Reveals{own}
}
