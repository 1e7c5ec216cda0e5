package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/hex"
	"math/big"
	"slices"

	"filippo.io/edwards25519"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// ed25519Vectors: what crypto/ed25519 says where implementations are known to
// differ: points of small and of mixed order, points that are written in a second
// way, scalars that are not reduced. Whoever verifies a log's head beside Go must
// say the same, or one of two auditors takes a head that the other refuses.
func ed25519Vectors() (any, error) {
	var v edges
	torsion, err := v.torsion()
	if err != nil {
		return nil, err
	}

	// A key and an R of small order, each in every way of writing it; s = 0.
	zero := make([]byte, 32)
	for _, a := range torsion {
		for _, r := range torsion {
			v.search("small order", a, r, zero)
		}
		v.add("small order", a.bytes, word("message", 0), slices.Concat(a.bytes, zero))
	}

	// A key and an R of any order: each of the eight points of small order added to both.
	for i, a := range torsion[:8] {
		secret, public := scalar("key", i)
		a.point.Add(a.point, public)
		a.bytes = a.point.Bytes()
		for k, r := range torsion[:8] {
			nonce, commitment := scalar("nonce", 8*i+k)
			point := new(edwards25519.Point).Add(r.point, commitment)
			v.sign("mixed order", a, encoded{point, point.Bytes()}, secret, nonce)
		}
	}

	// Signatures of RFC 8032, and what is nearly one.
	for i := range 4 {
		seed := word("seed", i)
		key := ed25519.NewKeyFromSeed(seed[:])
		public := key.Public().(ed25519.PublicKey)
		message := word("message", i)
		signature := ed25519.Sign(key, message[:])
		v.add("signed", public, message, signature)
		v.add("another message", public, word("message", i+1), signature)
		for n := int64(1); n < 15; n++ { // s + n L is the same scalar
			v.add("s not reduced", public, message, plus(signature, n))
		}
		for _, bit := range []int{255, 254, 253, 252} {
			s := bytes.Clone(signature)
			s[32+bit/8] ^= 1 << (bit % 8)
			v.add("s of another length", public, message, s)
		}
		for _, at := range []int{0, 31} { // of key and R
			p, s := bytes.Clone(public), bytes.Clone(signature)
			p[at] ^= 0x80
			s[at] ^= 0x80
			v.add("another key", p, message, signature)
			v.add("another R", public, message, s)
		}
	}
	return object{"values": "message is keccak(\"message\" ‖ uint256(i))", "length": len(v.cases), "cases": v.cases}, nil
}

// order is that of the group: 2^252 + 27742317777372353535851937790883648493.
var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

// encoded is a point, and one way of writing it.
type encoded struct {
	point *edwards25519.Point
	bytes []byte
}

type edges struct{ cases []object }

func (v *edges) add(kind string, public []byte, message [32]byte, signature []byte) {
	v.cases = append(v.cases, object{"kind": kind, "key": hexutil.Encode(public), "message": hexutil.Encode(message[:]), "signature": hexutil.Encode(signature),
		"valid": ed25519.Verify(public, message[:], signature)})
}

// torsion are the eight points of small order as they should be written, and
// then six more ways of writing some of them.
func (v *edges) torsion() (list []encoded, err error) {
	first, err := new(edwards25519.Point).SetBytes(unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"))
	if err != nil {
		return nil, err
	}
	sum := edwards25519.NewIdentityPoint()
	for range 8 {
		list = append(list, encoded{new(edwards25519.Point).Set(sum), sum.Bytes()})
		sum.Add(sum, first)
	}
	for _, s := range []string{
		"0100000000000000000000000000000000000000000000000000000000000080", // (0, 1) as -0
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // (0, p+1)
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", // (0, -1) as -0
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", // (x, p)
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	} {
		p, err := new(edwards25519.Point).SetBytes(unhex(s))
		if err != nil {
			return nil, err
		}
		list = append(list, encoded{p, unhex(s)})
	}
	return list, nil
}

// challenge is k of RFC 8032, 5.1.7.
func challenge(r, a []byte, message [32]byte) *edwards25519.Scalar {
	h := sha512.Sum512(slices.Concat(r, a, message[:]))
	k, err := edwards25519.NewScalar().SetUniformBytes(h[:])
	if err != nil {
		panic(err) // of 64 bytes there is one
	}
	return k
}

// search finds a message with which s = 0 solves the equation, as it does of each
// R for some k, or none does.
func (v *edges) search(kind string, a, r encoded, s []byte) {
	for i := range 64 {
		m := word("message", i)
		right := new(edwards25519.Point).ScalarMult(challenge(r.bytes, a.bytes, m), a.point)
		if right.Add(right, r.point).Equal(edwards25519.NewIdentityPoint()) == 1 {
			v.add(kind, a.bytes, m, slices.Concat(r.bytes, s))
			return
		}
	}
}

// sign makes of two messages signatures that solve 8 s B = 8 R + 8 k A: one that
// solves s B = R + k A too, where there is such a message, and one that does not.
func (v *edges) sign(kind string, a, r encoded, secret, nonce *edwards25519.Scalar) {
	var done [2]bool
	for i := range 64 {
		m := word("message", i)
		k := challenge(r.bytes, a.bytes, m)
		s := edwards25519.NewScalar().MultiplyAdd(k, secret, nonce)
		right := new(edwards25519.Point).ScalarMult(k, a.point)
		exact := right.Add(right, r.point).Equal(new(edwards25519.Point).ScalarBaseMult(s))
		if !done[exact] {
			done[exact] = true
			v.add(kind, a.bytes, m, slices.Concat(r.bytes, s.Bytes()))
		}
	}
}

// scalar is one that anybody can make again, and so many times the base point.
func scalar(name string, i int) (*edwards25519.Scalar, *edwards25519.Point) {
	n := word(name, i)
	wide := make([]byte, 64)
	copy(wide, n[:])
	s, err := edwards25519.NewScalar().SetUniformBytes(wide)
	if err != nil {
		panic(err) // of 64 bytes there is one
	}
	return s, new(edwards25519.Point).ScalarBaseMult(s)
}

// plus is a signature with n < 15 times the group's order added to s, which is
// written with the least byte first.
func plus(signature []byte, n int64) []byte {
	s := bytes.Clone(signature[32:])
	slices.Reverse(s)
	sum := new(big.Int).SetBytes(s)
	sum.Add(sum, new(big.Int).Mul(order, big.NewInt(n))).FillBytes(s)
	slices.Reverse(s)
	return slices.Concat(signature[:32], s)
}

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err) // it stands in this file
	}
	return b
}
