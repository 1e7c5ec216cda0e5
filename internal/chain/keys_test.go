package chain_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// A key counts from the first epoch that starts more than notice blocks after
// the block that sets it.
func TestKeyFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := posp.Schedule{Genesis: rapid.Uint64Range(0, 20).Draw(t, "genesis"), EpochBlocks: rapid.Uint64Range(1, 9).Draw(t, "epoch")}
		block, notice := rapid.Uint64Range(0, 40).Draw(t, "block"), rapid.Uint64Range(0, 12).Draw(t, "notice")
		from := chain.KeyFrom(s, block, notice)
		if s.Start(from) <= block+notice {
			t.Fatalf("epoch %d starts at block %d", from, s.Start(from))
		}
		if from > 0 && s.Start(from-1) > block+notice {
			t.Fatalf("epoch %d would do, it says %d", from-1, from)
		}
	})
}
