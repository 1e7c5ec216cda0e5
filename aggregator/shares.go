package aggregator

import (
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// share is a decoded signature of a digest.
type share struct {
	from   posp.Address
	digest posp.Hash
	sig    keys.G1 // not infinity
	key    keys.G2
	valid  bool // once verified
	done   bool
}

// verifier verifies shares that arrive together at the price of one: while one
// group is being verified the next gathers.
//
// It keeps strangers from taking an operator's place. It is not the last word:
// two shares of one group that are wrong one by one and cancel out pass
// together, so the tally adds up and verifies again what it counts.
type verifier struct {
	work    sync.Mutex // held while a group is verified
	mu      sync.Mutex // guards waiting
	waiting []*share
}

// verify says whether the signature is the key's, of the digest.
func (v *verifier) verify(s *share) bool {
	v.mu.Lock()
	v.waiting = append(v.waiting, s)
	v.mu.Unlock()

	v.work.Lock()
	defer v.work.Unlock()
	if s.done { // whoever held the lock before took this one along
		return s.valid
	}
	v.mu.Lock()
	group := v.waiting
	v.waiting = nil
	v.mu.Unlock()
	byDigest := map[posp.Hash][]*share{}
	for _, s := range group {
		byDigest[s.digest] = append(byDigest[s.digest], s)
		s.done = true
	}
	for digest, shares := range byDigest {
		mark(digest, shares)
	}
	return s.valid
}

// mark verifies the sum of shares, and halves them for as long as it is wrong:
// with b bad ones among n that is about 2 b log2(n) pairings.
func mark(digest posp.Hash, shares []*share) {
	if sig, key := sum(shares); keys.Verify(sig, key, digest) {
		for _, s := range shares {
			s.valid = true
		}
		return
	}
	if len(shares) > 1 {
		mark(digest, shares[:len(shares)/2])
		mark(digest, shares[len(shares)/2:])
	}
}

// sum adds up signatures and keys.
func sum(shares []*share) (keys.G1, keys.G2) {
	sigs, g2 := make([]keys.G1, len(shares)), make([]keys.G2, len(shares))
	for i, s := range shares {
		sigs[i], g2[i] = s.sig, s.key
	}
	return keys.SumG1(sigs...), keys.SumG2(g2...)
}
