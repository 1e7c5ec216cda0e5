package aggregator

import (
	"math/big"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

// Tally is how an epoch's signatures of one digest count.
type Tally struct {
	Signers    []int // rows of the table, ascending
	NonSigners []int // the other rows, ascending
	Signed     *uint256.Int
	Total      *uint256.Int
	Quorum     bool
}

// Count counts who signed by stake. Who is not in the table counts for
// nothing, and nobody counts twice. A quorum is
// signed * 1e6 >= total * quorumPpm, as AttestationRegistry computes it; a
// table without weight never has one. A table that is none is a
// ValidationError.
func Count(members []posp.Member, quorumPpm uint32, signed map[posp.Address]bool) (Tally, error) {
	_, total, err := sampler.Sums(members)
	if err != nil {
		return Tally{}, err
	}
	t := Tally{Signed: new(uint256.Int), Total: total}
	for i, m := range members {
		if signed[m.Operator] {
			t.Signers = append(t.Signers, i)
			t.Signed.Add(t.Signed, m.Weight) // at most total, which did not overflow
		} else {
			t.NonSigners = append(t.NonSigners, i)
		}
	}
	have := new(big.Int).Mul(t.Signed.ToBig(), big.NewInt(1_000_000))
	need := new(big.Int).Mul(t.Total.ToBig(), new(big.Int).SetUint64(uint64(quorumPpm)))
	t.Quorum = quorumPpm > 0 && !t.Signed.IsZero() && have.Cmp(need) >= 0
	return t, nil
}
