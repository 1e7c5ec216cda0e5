package posp

import (
	"testing"

	"pgregory.net/rapid"
)

// What is asked in a block is answered by the first epoch that closes later.
func TestAnsweringIsTheNextToClose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string, low uint64) uint64 { return rapid.Uint64Range(low, 50).Draw(t, name) }
		s := Schedule{Genesis: n("genesis", 0), EpochBlocks: n("epoch", 1), GraceBlocks: n("grace", 0), BeaconDelay: 1, CommitBlocks: 1, RevealBlocks: 1, CertifyBlocks: 1}
		block := rapid.Uint64Range(0, 2000).Draw(t, "block")
		e := s.Answering(block)
		if block >= s.Close(e) || e > 0 && block < s.Close(e-1) {
			t.Fatalf("block %d is answered by epoch %d, which closes at %d", block, e, s.Close(e))
		}
	})
}
