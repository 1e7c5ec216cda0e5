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
		mark(keys.HashToG1(digest), shares)
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
	mark(keys.HashToG1(digest), []*share{identity})
	if identity.valid {
		t.Fatal("the identity under the identity key is taken for a signature")
	}
	good := shareOf(1, digest)
	k := keys.BLSFromSeed([]byte{2})
	silent := &share{digest: digest, key: k.PublicKey().G2} // infinity for somebody else's key
	mark(keys.HashToG1(digest), []*share{good, silent})
	if !good.valid || silent.valid {
		t.Fatalf("good %v, identity %v", good.valid, silent.valid)
	}
}

// Everybody gets their own answer when many come at once.
func TestVerifierAnswersEach(t *testing.T) {
	v := newVerifier()
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			digest := posp.Hash{byte(i % 3)}
			s := shareOf(i, digest)
			if i%7 == 0 {
				s.digest = posp.Hash{99}
			}
			if got, err := v.verify(t.Context(), s); err != nil || got != (i%7 != 0) {
				t.Errorf("share %d: %v, %v", i, got, err)
			}
		})
	}
	wg.Wait()
}

// Shares that are wrong one by one are found, also when their sum is right.
func TestCancellingSharesAreFound(t *testing.T) {
	digest := posp.Hash{7}
	a, b, c := shareOf(1, digest), shareOf(2, digest), shareOf(3, digest)
	delta := keys.BLSFromSeed([]byte{50}).Sign(digest)
	a.sig, b.sig = keys.SumG1(a.sig, delta), b.sig.Sub(delta)
	if sig, key := sum([]*share{a, b, c}); !keys.Verify(sig, key, digest) {
		t.Fatal("the test's own sum is wrong")
	}
	mark(keys.HashToG1(digest), []*share{a, b, c})
	if a.valid || b.valid || !c.valid {
		t.Errorf("valid: %v, %v and %v", a.valid, b.valid, c.valid)
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
		mark(keys.HashToG1(digest), shares)
	}
}
