package aggregator

import (
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

func shareOf(i int, digest posp.Hash) *share {
	k := keys.BLSFromSeed([]byte{byte(i)})
	return &share{from: posp.Address{byte(i)}, digest: digest, sig: k.Sign(digest), key: k.PublicKey().G2}
}

// Bisecting finds exactly the bad ones.
func TestMarkFindsTheBad(t *testing.T) {
	digest := posp.Hash{7}
	rapid.Check(t, func(t *rapid.T) {
		var shares []*share
		bad := rapid.SliceOfN(rapid.IntRange(0, 3), 1, 9).Draw(t, "bad")
		for i, b := range bad {
			s := shareOf(i, digest)
			switch b {
			case 1: // of another digest
				s.sig = keys.BLSFromSeed([]byte{byte(i)}).Sign(posp.Hash{8})
			case 2: // of another key
				s.sig = keys.BLSFromSeed([]byte{99, byte(i)}).Sign(digest)
			}
			shares = append(shares, s)
		}
		mark(digest, shares)
		for i, b := range bad {
			if good := b == 0 || b == 3; shares[i].valid != good {
				t.Fatalf("share %d: valid %v, want %v", i, shares[i].valid, good)
			}
		}
	})
}

// Identity signature with identity key verifies nothing, alone or in a sum.
func TestIdentityIsNoSignature(t *testing.T) {
	digest := posp.Hash{7}
	identity := &share{digest: digest}
	mark(digest, []*share{identity})
	if identity.valid {
		t.Fatal("the identity under the identity key is taken for a signature")
	}
	good := shareOf(1, digest)
	k := keys.BLSFromSeed([]byte{2})
	silent := &share{digest: digest, key: k.PublicKey().G2} // infinity for somebody else's key
	mark(digest, []*share{good, silent})
	if !good.valid || silent.valid {
		t.Fatalf("good %v, identity %v", good.valid, silent.valid)
	}
}

// Everybody gets their own answer when many come at once.
func TestVerifierAnswersEach(t *testing.T) {
	var v verifier
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			digest := posp.Hash{byte(i % 3)}
			s := shareOf(i, digest)
			if i%7 == 0 {
				s.digest = posp.Hash{99}
			}
			if got, want := v.verify(s), i%7 != 0; got != want {
				t.Errorf("share %d: %v, want %v", i, got, want)
			}
		})
	}
	wg.Wait()
}

// Shares that are wrong one by one and cancel out are counted together or not
// at all: whatever is marked valid sums up to a signature.
func TestCancellingSharesCannotSpoilTheSum(t *testing.T) {
	digest := posp.Hash{7}
	a, b, c := shareOf(1, digest), shareOf(2, digest), shareOf(3, digest)
	delta := keys.BLSFromSeed([]byte{50}).Sign(digest)
	a.sig, b.sig = keys.SumG1(a.sig, delta), b.sig.Sub(delta)
	for _, list := range [][]*share{{a, b, c}, {a, c, b}, {a, c}, {b}} {
		var counted []*share
		for _, s := range list {
			s.valid = false
		}
		mark(digest, list)
		for _, s := range list {
			if s.valid {
				counted = append(counted, s)
			}
		}
		if sig, key := sum(counted); len(counted) > 0 && !keys.Verify(sig, key, digest) {
			t.Errorf("%d counted shares do not sum up to a signature", len(counted))
		}
	}
}

// BenchmarkMark verifies 100 signatures of one digest.
func BenchmarkMark(b *testing.B) {
	digest := posp.Hash{7}
	shares := make([]*share, 100)
	for i := range shares {
		shares[i] = shareOf(i, digest)
	}
	for b.Loop() {
		mark(digest, shares)
	}
}
