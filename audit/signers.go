package audit

import (
	"math/big"
	"strconv"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/sampler"
)

// signed is who signed, by the table.
type signed struct {
	count         int
	key           keys.G1 // sum
	signed, total *big.Int
}

// signers are a table's rows without the non-signers, which ascend.
func signers(t posp.Table, nonSigners []uint64) (signed, error) {
	_, total, err := sampler.Sums(t.Members)
	if err != nil {
		return signed{}, err
	}
	out := map[uint64]bool{}
	for i, n := range nonSigners {
		if n >= uint64(len(t.Members)) || i > 0 && n <= nonSigners[i-1] {
			return signed{}, posp.Invalidf("non-signers are rows %v of a table of %d: want ascending rows", nonSigners, len(t.Members))
		}
		out[n] = true
	}
	s := signed{signed: new(big.Int), total: total.ToBig()}
	var points []keys.G1
	for i, m := range t.Members {
		if out[uint64(i)] {
			continue
		}
		p, err := keys.G1FromXY(m.KeyX, m.KeyY)
		if err != nil {
			return signed{}, posp.Invalidf("key of operator %s: %v", m.Operator, err)
		}
		points = append(points, p)
		s.count++
		s.signed.Add(s.signed, m.Weight.ToBig())
	}
	s.key = keys.SumG1(points...)
	return s, nil
}

// quorum is signed * 1e6 >= total * ppm, as AttestationRegistry computes it.
func (s signed) quorum(ppm uint32) bool {
	have := new(big.Int).Mul(s.signed, big.NewInt(1_000_000))
	need := new(big.Int).Mul(s.total, new(big.Int).SetUint64(uint64(ppm)))
	return s.signed.Sign() > 0 && have.Cmp(need) >= 0
}

// percent shows millionths.
func percent(ppm uint32) string { return strconv.FormatFloat(float64(ppm)/1e4, 'f', -1, 64) }
