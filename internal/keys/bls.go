// Package keys holds the two kinds of secret key of a role: BN254 keys, whose signatures aggregate into
// certificates, and ECDSA keys, which sign messages and transactions; and loads both from files.
package keys

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254"
	"github.com/consensys/gnark-crypto/ecc/bn254/fp"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
)

var g1Gen, g2Gen = generators()

func generators() (bn254.G1Affine, bn254.G2Affine) {
	_, _, g1, g2 := bn254.Generators()
	return g1, g2
}

// G1 is a point of the curve y^2 = x^3 + 3 over Fp, of prime order: a signature, or the half of a public
// key that contracts add up. The zero value is infinity, the neutral element. Safe to copy and compare.
type G1 struct{ p bn254.G1Affine }

// ParseG1 reads 64 bytes, x then y, as contracts write them; (0, 0) is infinity. It refuses coordinates
// outside the field and points off the curve. The error is the peer's: a posp.ValidationError.
func ParseG1(b []byte) (G1, error) {
	var g G1
	if len(b) != 64 {
		return G1{}, posp.Invalidf("G1 point has %d bytes, not 64", len(b))
	}
	if g.p.X.SetBytesCanonical(b[:32]) != nil || g.p.Y.SetBytesCanonical(b[32:]) != nil {
		return G1{}, posp.Invalidf("G1 coordinate is not below the field modulus")
	}
	if !g.p.IsOnCurve() { // the cofactor is 1: on the curve means in the group
		return G1{}, posp.Invalidf("G1 point is not on the curve")
	}
	return g, nil
}

// G1FromXY is ParseG1 for a point in two words, as a posp.Member holds it.
func G1FromXY(x, y *uint256.Int) (G1, error) {
	xb, yb := x.Bytes32(), y.Bytes32()
	return ParseG1(append(xb[:], yb[:]...))
}

// Bytes is the 64 bytes that ParseG1 reads.
func (g G1) Bytes() [64]byte {
	var b [64]byte
	x, y := g.p.X.Bytes(), g.p.Y.Bytes()
	copy(b[:32], x[:])
	copy(b[32:], y[:])
	return b
}

// XY is the affine coordinates; infinity is (0, 0).
func (g G1) XY() (x, y *uint256.Int) {
	b := g.Bytes()
	return new(uint256.Int).SetBytes(b[:32]), new(uint256.Int).SetBytes(b[32:])
}

// IsInfinity says whether g is the neutral element, which is no signature and no key.
func (g G1) IsInfinity() bool { return g.p.IsInfinity() }

// Sub is g - h: how a contract takes a non-signer's key out of the sum.
func (g G1) Sub(h G1) G1 {
	g.p.Sub(&g.p, &h.p)
	return g
}

// SumG1 adds points up; of none it is infinity.
func SumG1(points ...G1) G1 {
	var sum bn254.G1Jac
	for i := range points {
		sum.AddMixed(&points[i].p)
	}
	var g G1
	g.p.FromJacobian(&sum)
	return g
}

// G2 is a point of the order-r subgroup of the twist over Fp2: the half of a public key that verifies.
// The zero value is infinity. Safe to copy and compare.
type G2 struct{ p bn254.G2Affine }

// ParseG2 reads 128 bytes: x1, x0, y1, y0, imaginary part first, as the pairing precompile (EIP-197) and
// EigenLayer's X[2], Y[2] have it. It refuses coordinates outside the field and points outside
// the subgroup. The error is the peer's: a posp.ValidationError.
func ParseG2(b []byte) (G2, error) {
	var g G2
	if len(b) != 128 {
		return G2{}, posp.Invalidf("G2 point has %d bytes, not 128", len(b))
	}
	for i, c := range []*fp.Element{&g.p.X.A1, &g.p.X.A0, &g.p.Y.A1, &g.p.Y.A0} {
		if c.SetBytesCanonical(b[32*i:32*i+32]) != nil {
			return G2{}, posp.Invalidf("G2 coordinate is not below the field modulus")
		}
	}
	if !g.p.IsOnCurve() || !g.p.IsInSubGroup() {
		return G2{}, posp.Invalidf("G2 point is not in the subgroup")
	}
	return g, nil
}

// Bytes is the 128 bytes that ParseG2 reads.
func (g G2) Bytes() [128]byte {
	var b [128]byte
	for i, c := range []fp.Element{g.p.X.A1, g.p.X.A0, g.p.Y.A1, g.p.Y.A0} {
		w := c.Bytes()
		copy(b[32*i:], w[:])
	}
	return b
}

// IsInfinity says whether g is the neutral element.
func (g G2) IsInfinity() bool { return g.p.IsInfinity() }

// SumG2 adds points up; of none it is infinity.
func SumG2(points ...G2) G2 {
	var sum bn254.G2Jac
	for i := range points {
		sum.AddMixed(&points[i].p)
	}
	var g G2
	g.p.FromJacobian(&sum)
	return g
}

// PublicKey is one secret's image in both groups. A key taken from a peer is to be trusted only if
// Check passes or EigenLayer's KeyRegistrar holds it, which asked for a proof of possession: without one,
// sums of keys can be forged.
type PublicKey struct {
	G1 G1
	G2 G2
}

// Check refuses a key whose halves do not belong to one secret, or that is infinity.
func (k PublicKey) Check() error {
	if k.G1.IsInfinity() || k.G2.IsInfinity() {
		return posp.Invalidf("BN254 public key is infinity")
	}
	// e(G1, g2) = e(g1, G2)
	var neg bn254.G1Affine
	neg.Neg(&g1Gen)
	ok, err := bn254.PairingCheck([]bn254.G1Affine{k.G1.p, neg}, []bn254.G2Affine{g2Gen, k.G2.p})
	if err != nil || !ok {
		return posp.Invalidf("BN254 public key: the G1 and G2 halves differ")
	}
	return nil
}

// BLS is a BN254 secret key. Signatures are in G1.
type BLS struct {
	secret fr.Element
	public PublicKey
}

// NewBLS makes a key from the system's randomness.
func NewBLS() (*BLS, error) {
	for {
		var b [32]byte
		if _, err := rand.Read(b[:]); err != nil {
			return nil, fmt.Errorf("make BN254 key: %w", err)
		}
		b[0] &= 0x3f // 254 bits, so that one in two or so is below the order
		if k, err := BLSFromBytes(b[:]); err == nil {
			return k, nil
		}
	}
}

// BLSFromSeed derives a key from a seed: for devnets and tests only, since the key is no better than
// the seed. keccak(tag ‖ seed), reduced.
func BLSFromSeed(seed []byte) *BLS {
	var s fr.Element
	s.SetBytes(crypto.Keccak256([]byte("posp.bn254.seed.v1:"), seed))
	return newBLS(s)
}

// BLSFromBytes reads a secret: 32 bytes, a number in [1, order).
func BLSFromBytes(b []byte) (*BLS, error) {
	var s fr.Element
	if len(b) != 32 {
		return nil, fmt.Errorf("BN254 secret key has %d bytes, not 32", len(b))
	}
	if s.SetBytesCanonical(b) != nil || s.IsZero() {
		return nil, errors.New("BN254 secret key is zero or not below the group order")
	}
	return newBLS(s), nil
}

func newBLS(s fr.Element) *BLS {
	k := &BLS{secret: s}
	n := s.BigInt(new(big.Int))
	k.public.G1.p.ScalarMultiplicationBase(n)
	k.public.G2.p.ScalarMultiplicationBase(n)
	return k
}

// Bytes is the secret, 32 bytes.
func (k *BLS) Bytes() [32]byte { return k.secret.Bytes() }

// PublicKey is the key's public half.
func (k *BLS) PublicKey() PublicKey { return k.public }

// Sign signs a digest. It keeps no record: whoever signs for a duty records first.
func (k *BLS) Sign(digest [32]byte) G1 { return k.SignPoint(HashToG1(digest)) }

// SignPoint multiplies a point that stands for a message by the secret.
func (k *BLS) SignPoint(h G1) G1 {
	var sig G1
	sig.p.ScalarMultiplication(&h.p, k.secret.BigInt(new(big.Int)))
	return sig
}

// Verify says whether sig is the signature of digest under the key, which may be a sum of keys, sig then
// being the sum of their signatures. Infinity as key or signature never verifies.
func Verify(sig G1, key G2, digest [32]byte) bool { return VerifyPoint(sig, key, HashToG1(digest)) }

// VerifyPoint is Verify for a digest that was hashed to h already.
func VerifyPoint(sig G1, key G2, h G1) bool {
	if sig.IsInfinity() || key.IsInfinity() || h.IsInfinity() {
		return false
	}
	// e(H, key) = e(sig, g2)
	var neg bn254.G1Affine
	neg.Neg(&sig.p)
	ok, err := bn254.PairingCheck([]bn254.G1Affine{h.p, neg}, []bn254.G2Affine{key.p, g2Gen})
	return err == nil && ok
}

// VerifyEach says whether each signature is that of the key at its place, of the one message that hashes to h. It
// verifies sum(r_i sig_i) under sum(r_i key_i), r_i random of 64 bits: signatures that are wrong one by one, also such
// as cancel out in a plain sum, pass once in 2^64 tries (Bellare, Garay, Rabin: Fast Batch Verification,
// EUROCRYPT '98, small exponents), and each try is a message to whoever verifies. It takes two pairings for all
// instead of two for each, on one core. Of none it is true.
func VerifyEach(h G1, sigs []G1, keys []G2) bool {
	if len(sigs) != len(keys) {
		return false
	}
	points, images := make([]bn254.G1Affine, len(sigs)), make([]bn254.G2Affine, len(sigs))
	for i := range sigs {
		if sigs[i].IsInfinity() || keys[i].IsInfinity() {
			return false
		}
		points[i], images[i] = sigs[i].p, keys[i].p
	}
	switch len(sigs) {
	case 0:
		return true
	case 1:
		return VerifyPoint(sigs[0], keys[0], h)
	}
	random, r := make([]byte, 8*len(sigs)), make([]fr.Element, len(sigs))
	if _, err := rand.Read(random); err != nil { // never fails: crypto/rand ends the program instead
		return false
	}
	for i := range r {
		r[i].SetUint64(max(1, binary.BigEndian.Uint64(random[8*i:])))
	}
	var sig G1
	var key G2
	one := ecc.MultiExpConfig{NbTasks: 1}
	if _, err := sig.p.MultiExp(points, r, one); err != nil {
		return false
	}
	if _, err := key.p.MultiExp(images, r, one); err != nil {
		return false
	}
	return VerifyPoint(sig, key, h)
}

// HashToG1 maps a digest to the curve by try-and-increment, as EigenLayer's BN254 library does:
// x = digest mod p, then x+1, ... until x^3 + 3 is a square; y is its (p+1)/4-th power. Each step succeeds
// with one half, so the work depends on the digest, which is public. Neighbouring digests can meet in one
// point, so a digest must be the output of a hash.
func HashToG1(digest [32]byte) G1 {
	var x, y, one, three fp.Element
	x.SetBytes(digest[:])
	one.SetOne()
	three.SetUint64(3)
	for {
		y.Square(&x)
		y.Mul(&y, &x)
		y.Add(&y, &three)
		if y.Sqrt(&y) != nil { // gives the (p+1)/4-th power, since p = 3 mod 4
			return G1{bn254.G1Affine{X: x, Y: y}}
		}
		x.Add(&x, &one)
	}
}
