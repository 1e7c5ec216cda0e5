package keys

import (
	"bytes"
	"errors"
	"testing"

	"github.com/Layr-Labs/eigensdk-go/crypto/bls"
	eigenbn254 "github.com/Layr-Labs/eigensdk-go/crypto/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func digests(t *rapid.T, label string) (d [32]byte) {
	copy(d[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, label))
	return d
}

// Points, signatures and keys are those of EigenLayer's own SDK: what it signs we verify, and the reverse.
func TestAgreesWithEigenSDK(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := digests(t, "digest")
		want := G1{*eigenbn254.MapToCurve(d)}
		if HashToG1(d) != want {
			t.Fatalf("hash of %x differs", d)
		}
		ours := BLSFromSeed(rapid.SliceOf(rapid.Byte()).Draw(t, "seed"))
		secret := ours.Bytes()
		theirs, err := bls.NewKeyPairFromString("0x" + new(uint256.Int).SetBytes(secret[:]).Hex()[2:])
		if err != nil {
			t.Fatal(err)
		}
		if (G1{*theirs.GetPubKeyG1().G1Affine}) != ours.PublicKey().G1 || (G2{*theirs.GetPubKeyG2().G2Affine}) != ours.PublicKey().G2 {
			t.Fatal("public keys differ")
		}
		if (G1{*theirs.SignMessage(d).G1Affine}) != ours.Sign(d) {
			t.Fatal("signatures differ")
		}
	})
}

func TestAggregateVerifiesAndNothingElseDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := digests(t, "digest")
		n := rapid.IntRange(1, 6).Draw(t, "n")
		var sigs, g1s []G1
		var g2s []G2
		for i := range n {
			k := BLSFromSeed([]byte{byte(i), rapid.Byte().Draw(t, "key")})
			sigs, g1s, g2s = append(sigs, k.Sign(d)), append(g1s, k.PublicKey().G1), append(g2s, k.PublicKey().G2)
		}
		sum := PublicKey{SumG1(g1s...), SumG2(g2s...)}
		if !Verify(SumG1(sigs...), sum.G2, d) {
			t.Fatal("an honest aggregate does not verify")
		}
		if err := sum.Check(); err != nil {
			t.Fatal(err)
		}
		if SumG1(g1s...).Sub(g1s[0]) != SumG1(g1s[1:]...) {
			t.Fatal("taking a key out of the sum leaves something else")
		}
		if Verify(SumG1(sigs[1:]...), sum.G2, d) {
			t.Fatal("an aggregate with a signature missing verifies")
		}
		other := d
		// Not the last bytes: a digest and its successor meet when try-and-increment steps over the first.
		other[rapid.IntRange(1, 30).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if Verify(SumG1(sigs...), sum.G2, other) {
			t.Fatal("the signature of another digest verifies")
		}
	})
}

// eigensdk's Verify accepts infinity as the signature of everything under the key infinity.
func TestInfinityVerifiesNothing(t *testing.T) {
	k := BLSFromSeed(nil)
	for name, ok := range map[string]bool{
		"both":      Verify(G1{}, G2{}, [32]byte{1}),
		"signature": Verify(G1{}, k.PublicKey().G2, [32]byte{1}),
		"key":       Verify(k.Sign([32]byte{1}), G2{}, [32]byte{1}),
	} {
		if ok {
			t.Errorf("infinity as %s verifies", name)
		}
	}
	if (PublicKey{}).Check() == nil {
		t.Error("infinity passes as a public key")
	}
	if (PublicKey{k.PublicKey().G1, BLSFromSeed([]byte{1}).PublicKey().G2}).Check() == nil {
		t.Error("halves of two keys pass as one")
	}
}

func TestPointsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := BLSFromSeed(rapid.SliceOf(rapid.Byte()).Draw(t, "seed")).PublicKey()
		b1, b2 := k.G1.Bytes(), k.G2.Bytes()
		if g, err := ParseG1(b1[:]); err != nil || g != k.G1 {
			t.Fatalf("G1: %v", err)
		}
		if g, err := G1FromXY(k.G1.XY()); err != nil || g != k.G1 {
			t.Fatalf("G1 from coordinates: %v", err)
		}
		if g, err := ParseG2(b2[:]); err != nil || g != k.G2 {
			t.Fatalf("G2: %v", err)
		}
	})
}

func TestBadPointsAreThePeersFault(t *testing.T) {
	k := BLSFromSeed([]byte("k"))
	g1, g2 := k.PublicKey().G1.Bytes(), k.PublicKey().G2.Bytes()
	off := g1
	off[63] ^= 1
	modulus := fp.Modulus().Bytes()
	big := g1 // x + p: the same point in the field, another encoding
	x := new(uint256.Int).SetBytes(g1[:32])
	x.Add(x, new(uint256.Int).SetBytes(modulus))
	xb := x.Bytes32()
	copy(big[:32], xb[:])
	off2 := g2
	off2[127] ^= 1

	for name, err := range map[string]error{
		"short G1":                              second(ParseG1(g1[:63])),
		"off curve":                             second(ParseG1(off[:])),
		"x not below p":                         second(ParseG1(big[:])),
		"short G2":                              second(ParseG2(g2[:64])),
		"G2 off curve":                          second(ParseG2(off2[:])),
		"G2 on the curve, outside the subgroup": second(ParseG2(outsideSubgroup(t))),
	} {
		var v *posp.ValidationError
		if !errors.As(err, &v) {
			t.Errorf("%s: got %v; want a ValidationError", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

// outsideSubgroup finds a point of the twist whose order is not r: almost every point is.
func outsideSubgroup(t *testing.T) []byte {
	var x, y, b bn254.E2
	_, _, _, g2 := bn254.Generators()
	b.Square(&g2.X).Mul(&b, &g2.X)
	y.Square(&g2.Y)
	b.Sub(&y, &b) // y^2 - x^3 of any point
	for i := uint64(1); i < 100; i++ {
		x.A0.SetUint64(i)
		y.Square(&x).Mul(&y, &x).Add(&y, &b)
		if y.Legendre() != 1 {
			continue
		}
		y.Sqrt(&y)
		p := G2{bn254.G2Affine{X: x, Y: y}}
		if p.p.IsOnCurve() && !p.p.IsInSubGroup() {
			enc := p.Bytes()
			return enc[:]
		}
	}
	t.Fatal("no such point found")
	return nil
}

func FuzzParsePoints(f *testing.F) {
	k := BLSFromSeed([]byte("k")).PublicKey()
	g1, g2 := k.G1.Bytes(), k.G2.Bytes()
	f.Add(g1[:])
	f.Add(g2[:])
	f.Add(make([]byte, 64))
	f.Add(make([]byte, 128))
	f.Fuzz(func(t *testing.T, b []byte) {
		if g, err := ParseG1(b); err == nil {
			if out := g.Bytes(); !bytes.Equal(out[:], b) {
				t.Fatalf("%x parses and writes back as %x", b, out)
			}
		}
		if g, err := ParseG2(b); err == nil {
			if out := g.Bytes(); !bytes.Equal(out[:], b) {
				t.Fatalf("%x parses and writes back as %x", b, out)
			}
		}
	})
}

// Each signature counts: one that is another's, of another message, infinity, or balanced by a second wrong one fails
// them all, though sums of the last kind verify.
func TestVerifyEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := digests(t, "digest")
		h := HashToG1(d)
		n := rapid.IntRange(0, 7).Draw(t, "n")
		var sigs []G1
		var g2s []G2
		for i := range n {
			k := BLSFromSeed([]byte{byte(i), 77})
			sigs, g2s = append(sigs, k.Sign(d)), append(g2s, k.PublicKey().G2)
		}
		if !VerifyEach(h, sigs, g2s) {
			t.Fatalf("%d right signatures do not verify", n)
		}
		if n == 0 {
			return
		}
		if VerifyEach(h, sigs[1:], g2s) || VerifyEach(HashToG1([32]byte{1}), sigs, g2s) {
			t.Fatal("one signature too few, or another message, verifies")
		}
		i := rapid.IntRange(0, n-1).Draw(t, "i")
		right, delta := sigs[i], BLSFromSeed([]byte{99}).Sign(d)
		for name, wrong := range map[string]G1{"another key's": delta, "infinity": {}, "doubled": SumG1(right, right), "another message's": BLSFromSeed([]byte{byte(i), 77}).Sign([32]byte{2})} {
			if sigs[i] = wrong; VerifyEach(h, sigs, g2s) {
				t.Fatalf("%s verifies", name)
			}
		}
		sigs[i] = right
		if n > 1 {
			j := (i + 1) % n
			sigs[i], sigs[j] = SumG1(sigs[i], delta), sigs[j].Sub(delta)
			if !VerifyPoint(SumG1(sigs...), SumG2(g2s...), h) {
				t.Fatal("the test's own sum is wrong")
			}
			if VerifyEach(h, sigs, g2s) {
				t.Fatal("two that cancel out verify")
			}
		}
	})
}

// A hundred signatures of one message: one by one, each by itself, and as a sum.
func BenchmarkVerify100(b *testing.B) {
	d := [32]byte{7}
	var sigs []G1
	var g2s []G2
	for i := range 100 {
		k := BLSFromSeed([]byte{byte(i), 78})
		sigs, g2s = append(sigs, k.Sign(d)), append(g2s, k.PublicKey().G2)
	}
	h := HashToG1(d)
	b.Run("each", func(b *testing.B) {
		for b.Loop() {
			VerifyEach(h, sigs, g2s)
		}
	})
	b.Run("sum", func(b *testing.B) {
		for b.Loop() {
			VerifyPoint(SumG1(sigs...), SumG2(g2s...), h)
		}
	})
}
