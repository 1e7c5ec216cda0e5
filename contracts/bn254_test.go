package contracts_test

import (
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/keys"
)

func toG1(g keys.G1) contracts.G1Point {
	x, y := g.XY()
	return contracts.G1Point{X: x.ToBig(), Y: y.ToBig()}
}

func toG2(g keys.G2) contracts.G2Point {
	b := g.Bytes()
	at := func(i int) *big.Int { return new(big.Int).SetBytes(b[32*i : 32*i+32]) }
	return contracts.G2Point{X: [2]*big.Int{at(0), at(1)}, Y: [2]*big.Int{at(2), at(3)}}
}

func ofG1(p contracts.G1Point) (x, y posp.Hash) {
	p.X.FillBytes(x[:])
	p.Y.FillBytes(y[:])
	return x, y
}

func equal(a, b contracts.G1Point) bool { return a.X.Cmp(b.X) == 0 && a.Y.Cmp(b.Y) == 0 }

func secrets() *rapid.Generator[*keys.BLS] {
	return rapid.Custom(func(t *rapid.T) *keys.BLS {
		return keys.BLSFromSeed(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "secret"))
	})
}

func TestCurveIsGnarks(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		a, b := draw(t, secrets(), "a").PublicKey().G1, draw(t, secrets(), "b").PublicKey().G1
		if draw(t, rapid.Bool(), "double") {
			b = a
		}
		in, err := libraries.TryPackG1Add(toG1(a), toG1(b))
		if got := ask(t, m, libraries.UnpackG1Add, in, err); !equal(got, toG1(keys.SumG1(a, b))) {
			t.Fatalf("a + b: %v", got)
		}
		in, err = libraries.TryPackG1Negate(toG1(a))
		if got := ask(t, m, libraries.UnpackG1Negate, in, err); !equal(got, toG1(keys.G1{}.Sub(a))) {
			t.Fatalf("-a: %v", got)
		}
		scalar := word(t, "scalar").ToBig()
		x, y := ofG1(toG1(a))
		var p bn254.G1Affine
		p.X.SetBytes(x[:])
		p.Y.SetBytes(y[:])
		p.ScalarMultiplication(&p, new(big.Int).Mod(scalar, fr.Modulus()))
		in, err = libraries.TryPackG1Mul(toG1(a), scalar)
		got := ask(t, m, libraries.UnpackG1Mul, in, err)
		if !equal(got, contracts.G1Point{X: p.X.BigInt(new(big.Int)), Y: p.Y.BigInt(new(big.Int))}) {
			t.Fatalf("a * %s: %v", scalar, got)
		}
		digest := hash(t, "digest")
		in, err = libraries.TryPackHashToG1(digest)
		if got := ask(t, m, libraries.UnpackHashToG1, in, err); !equal(got, toG1(keys.HashToG1(digest))) {
			t.Fatalf("hash of %s: %v", digest, got)
		}
	})
}

// Points that are none are refused with a name, and do not eat the gas of the
// transaction.
func TestPointsOffTheCurve(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	one := contracts.G1Point{X: big.NewInt(1), Y: big.NewInt(2)}
	for name, bad := range map[string]contracts.G1Point{
		"off the curve": {X: big.NewInt(1), Y: big.NewInt(3)},
		"x at modulus":  {X: fp.Modulus(), Y: new(big.Int)},
		"x too large":   {X: new(big.Int).Add(fp.Modulus(), big.NewInt(1)), Y: big.NewInt(2)},
	} {
		in, err := libraries.TryPackG1Add(bad, one)
		if _, err := try(t, m, libraries.UnpackG1Add, in, err); err != revert("PointInvalid") {
			t.Errorf("add, %s: %v", name, err)
		}
		in, err = libraries.TryPackG1Mul(bad, big.NewInt(7))
		if _, err := try(t, m, libraries.UnpackG1Mul, in, err); err != revert("PointInvalid") {
			t.Errorf("multiply, %s: %v", name, err)
		}
	}
}

// verifySignature says yes to what is signed and to nothing else. gnark-crypto
// is the judge: each damaged input is put to it too.
func TestSignatureIsGnarks(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	accepted := 0
	rapid.Check(t, func(t *rapid.T) {
		signers := draw(t, rapid.SliceOfN(secrets(), 1, 6), "signers")
		digest := hash(t, "digest")
		var sigs, g1s []keys.G1
		var g2s []keys.G2
		for _, s := range signers {
			sigs, g1s, g2s = append(sigs, s.Sign(digest)), append(g1s, s.PublicKey().G1), append(g2s, s.PublicKey().G2)
		}
		sigma, apk1, apk2 := keys.SumG1(sigs...), keys.SumG1(g1s...), keys.SumG2(g2s...)
		other := draw(t, secrets(), "other")
		damage := rapid.SampledFrom([]string{
			"none", "digest", "signature", "G1 key", "G2 key", "both keys", "one signer missing", "infinite signature", "infinite keys", "all infinite", "negated",
		}).Draw(t, "damage")
		switch damage {
		case "digest":
			digest[31] ^= 1
		case "signature":
			sigma = other.Sign(digest)
		case "G1 key":
			apk1 = other.PublicKey().G1
		case "G2 key":
			apk2 = other.PublicKey().G2
		case "both keys":
			apk1, apk2 = other.PublicKey().G1, other.PublicKey().G2
		case "one signer missing":
			sigma = keys.SumG1(sigs[1:]...)
		case "infinite signature":
			sigma = keys.G1{}
		case "infinite keys":
			apk1, apk2 = keys.G1{}, keys.G2{}
		case "all infinite":
			sigma, apk1, apk2 = keys.G1{}, keys.G1{}, keys.G2{}
		case "negated":
			sigma, apk1 = keys.G1{}.Sub(sigma), keys.G1{}.Sub(apk1)
		}
		// The two halves are one key if e(apk1, G2) = e(G1, apk2): a G2 key verifies "signatures" of any message
		// by its G1 half's scalar; PublicKey.Check is that.
		want := keys.PublicKey{G1: apk1, G2: apk2}.Check() == nil && keys.Verify(sigma, apk2, digest)
		in, err := libraries.TryPackVerifySignature(digest, toG1(sigma), toG1(apk1), toG2(apk2))
		if got := ask(t, m, libraries.UnpackVerifySignature, in, err); got != want {
			t.Fatalf("damage %q: Solidity %v, gnark %v", damage, got, want)
		}
		if want {
			accepted++
		}
	})
	if accepted == 0 {
		t.Error("no signature was accepted: the test shows nothing")
	}
}

// Points of G2 that are off the curve, outside the subgroup or outside the
// field make no key.
func TestKeyOutsideTheSubgroup(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	k := keys.BLSFromSeed([]byte("subgroup"))
	digest := posp.Hash{1}
	sigma, apk1 := toG1(k.Sign(digest)), toG1(k.PublicKey().G1)

	// A point of the twist with a random x is outside the subgroup but for a chance of one in 2^254.
	var x, y, b bn254.E2
	b.A0.SetUint64(9)
	b.A1.SetUint64(1)
	b.Inverse(&b)
	var three fp.Element
	three.SetUint64(3)
	b.MulByElement(&b, &three) // b' = 3 / (9 + i)
	for i := uint64(1); ; i++ {
		x.A0.SetUint64(i)
		y.Square(&x).Mul(&y, &x).Add(&y, &b)
		if y.Legendre() == 1 {
			y.Sqrt(&y)
			break
		}
	}
	point := bn254.G2Affine{X: x, Y: y}
	if !point.IsOnCurve() || point.IsInSubGroup() {
		t.Fatal("the point is not what the test needs")
	}
	element := func(e fp.Element) *big.Int { return e.BigInt(new(big.Int)) }
	outside := contracts.G2Point{X: [2]*big.Int{element(x.A1), element(x.A0)}, Y: [2]*big.Int{element(y.A1), element(y.A0)}}
	off := toG2(k.PublicKey().G2)
	off.Y[1] = new(big.Int).Add(off.Y[1], big.NewInt(1))
	large := toG2(k.PublicKey().G2)
	large.X[0] = new(big.Int).Add(large.X[0], fp.Modulus())

	for name, q := range map[string]contracts.G2Point{"outside the subgroup": outside, "off the curve": off, "outside the field": large} {
		in, err := libraries.TryPackVerifySignature(digest, sigma, apk1, q)
		if got := ask(t, m, libraries.UnpackVerifySignature, in, err); got {
			t.Errorf("accepted a key %s", name)
		}
	}
	in, err := libraries.TryPackVerifySignature(digest, sigma, apk1, toG2(k.PublicKey().G2))
	if !ask(t, m, libraries.UnpackVerifySignature, in, err) {
		t.Error("the good key is not accepted: the test shows nothing")
	}
}
