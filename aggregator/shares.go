package aggregator

import (
	"context"
	"errors"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/gather"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// share is a decoded signature of a digest.
type share struct {
	from   posp.Address
	digest posp.Hash
	sig    keys.G1 // not infinity
	key    keys.G2
	valid  bool // once verified
}

// verifier verifies shares that arrive together at the price of one. Each that
// it accepts is its operator's own: by random coefficients, so that not even
// two wrong ones that cancel out pass together.
type verifier struct{ gate *gather.Gate[*share] }

const (
	maxShares     = 256 // verified at once
	waitingShares = 1024
)

func newVerifier() verifier {
	return verifier{gather.New(maxShares, waitingShares, func(_ context.Context, group []*share) {
		byDigest := map[posp.Hash][]*share{}
		for _, s := range group {
			byDigest[s.digest] = append(byDigest[s.digest], s)
		}
		for digest, shares := range byDigest {
			mark(keys.HashToG1(digest), shares)
		}
	})}
}

// verify says whether the signature is the key's, of the digest.
func (v verifier) verify(ctx context.Context, s *share) (bool, error) {
	err := v.gate.Do(ctx, s)
	if errors.Is(err, gather.ErrFull) {
		return false, refuse(ReasonExhausted, "too many signatures wait to be verified: try again")
	}
	return err == nil && s.valid, err
}

// mark verifies shares of the message that hashes to h, and halves them for as
// long as one is wrong: with b bad ones among n that is about 2 b log2(n)
// pairings.
func mark(h keys.G1, shares []*share) {
	sigs, g2 := split(shares)
	if keys.VerifyEach(h, sigs, g2) {
		for _, s := range shares {
			s.valid = true
		}
		return
	}
	if len(shares) > 1 {
		mark(h, shares[:len(shares)/2])
		mark(h, shares[len(shares)/2:])
	}
}

func split(shares []*share) (sigs []keys.G1, g2 []keys.G2) {
	sigs, g2 = make([]keys.G1, len(shares)), make([]keys.G2, len(shares))
	for i, s := range shares {
		sigs[i], g2[i] = s.sig, s.key
	}
	return sigs, g2
}

// sum adds up signatures and keys.
func sum(shares []*share) (keys.G1, keys.G2) {
	sigs, g2 := split(shares)
	return keys.SumG1(sigs...), keys.SumG2(g2...)
}
