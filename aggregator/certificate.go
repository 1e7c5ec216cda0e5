package aggregator

import (
	"fmt"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/sampler"
)

// NonSigner is a row of the operator table whose operator did not sign.
type NonSigner struct {
	Index        uint64
	WeightBefore *uint256.Int // of the rows above
	Member       posp.Member
	Proof        []posp.Hash // under the table's root
}

// Certificate is a quorum's signature of a result's digest, as the contracts
// take it.
type Certificate struct {
	Result     posp.Result
	Digest     posp.Hash
	Sigma      keys.G1     // sum of the signatures
	APK        keys.G2     // sum of the signers' keys
	NonSigners []NonSigner // ascending by index
}

// assemble makes the certificate of a tally that has a quorum, out of the
// signers' shares. It is checked as the contract will: an invalid one is an
// error, and never sent.
func assemble(r posp.Result, digest posp.Hash, table posp.Table, t Tally, shares []*share) (Certificate, error) {
	c := Certificate{Result: r, Digest: digest}
	c.Sigma, c.APK = sum(shares)
	if !keys.Verify(c.Sigma, c.APK, digest) {
		return Certificate{}, fmt.Errorf("the sum of %d signatures does not verify", len(shares))
	}
	before, _, err := sampler.Sums(table.Members)
	if err != nil {
		return Certificate{}, err
	}
	tree, err := sampler.TableTree(table.Members)
	if err != nil {
		return Certificate{}, err
	}
	for _, i := range t.NonSigners {
		proof, err := tree.Proof(uint64(i))
		if err != nil {
			return Certificate{}, err
		}
		c.NonSigners = append(c.NonSigners, NonSigner{Index: uint64(i), WeightBefore: &before[i], Member: table.Members[i], Proof: proof})
	}
	return c, nil
}
