// Who signed it.

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

func (v *verifier) digest() outcome {
	digest := v.stated.Digest(v.authority)
	return same(digest == v.event.digest, "the result and its %d faults have digest %s; the contract took %s", len(v.stated.Faults), digest, v.event.digest)
}

func (v *verifier) signers() outcome {
	var absent []uint64
	for _, n := range v.Certificate.NonSigners {
		absent = append(absent, uint64(n))
	}
	var err error
	if v.counted, err = signers(posp.Table{Members: v.rows}, absent); err != nil {
		return failed("%v", err)
	}
	key, err := keys.ParseG2(v.Certificate.SignersKey)
	if err != nil {
		return failed("%v", err)
	}
	if err := (keys.PublicKey{G1: v.counted.key, G2: key}).Check(); err != nil {
		return failed("the table's keys without %d non-signers do not sum to the certificate's: %v", len(absent), err)
	}
	return ok("the table's keys without %d non-signers sum to the certificate's", len(absent))
}

func (v *verifier) signature() outcome {
	digest := v.stated.Digest(v.authority)
	key, err := keys.ParseG2(v.Certificate.SignersKey)
	if err != nil {
		return failed("%v", err)
	}
	sig, err := keys.ParseG1(v.Certificate.Signature)
	if err != nil {
		return failed("%v", err)
	}
	return same(keys.Verify(sig, key, digest), "BN254 signature of %s by the sum of %d keys", digest, v.counted.count)
}

func (v *verifier) quorum() outcome {
	c := v.counted
	if v.event.signed.ToBig().Cmp(c.signed) != 0 || v.event.total.ToBig().Cmp(c.total) != 0 {
		return failed("weight %s of %s signed, the contract counted %s of %s", c.signed, c.total, v.event.signed, v.event.total)
	}
	return same(c.quorum(v.parameters.QuorumPpm), "%d of %d operators signed, with weight %s of %s; %s %% are needed", c.count, len(v.rows), c.signed, c.total, percent(v.parameters.QuorumPpm))
}
