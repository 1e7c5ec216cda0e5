package circuit

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
	"golang.org/x/crypto/sha3"
	"pgregory.net/rapid"
)

// plain is Poseidon2 as its paper (eprint 2023/323) defines it, a second time: numbers of math/big, matrices as
// matrices, and round constants from their generators.
type plain struct {
	t         int
	full      int // full rounds
	partial   int
	constants [][]*big.Int
	external  [][]*big.Int
	internal  [][]*big.Int
}

var prime = fr.Modulus()

func (p *plain) permute(x []*big.Int) []*big.Int {
	apply := func(m [][]*big.Int, x []*big.Int) []*big.Int {
		out := make([]*big.Int, p.t)
		for i := range out {
			out[i] = new(big.Int)
			for j := range x {
				out[i].Add(out[i], new(big.Int).Mul(m[i][j], x[j]))
			}
			out[i].Mod(out[i], prime)
		}
		return out
	}
	five := big.NewInt(5)
	x = apply(p.external, x)
	for round := range p.full + p.partial {
		isFull := round < p.full/2 || round >= p.full/2+p.partial
		for i := range x {
			if isFull || i == 0 {
				x[i] = new(big.Int).Exp(new(big.Int).Add(x[i], p.constants[round][i]), five, prime)
			}
		}
		if isFull {
			x = apply(p.external, x)
		} else {
			x = apply(p.internal, x)
		}
	}
	return x
}

func matrix(t int, at func(i, j int) int64) [][]*big.Int {
	m := make([][]*big.Int, t)
	for i := range m {
		m[i] = make([]*big.Int, t)
		for j := range m[i] {
			m[i][j] = big.NewInt(at(i, j))
		}
	}
	return m
}

// plainWide has the constants of the paper's script: a Grain register, as Poseidon's (eprint 2019/458, appendix F). The diagonal of the internal matrix
// is drawn by the script too, by search; it is read from the library, and held to what the search ensures as far as is quick.
func plainWide(t *testing.T, width, full, partial int) *plain {
	t.Helper()
	m4 := [4][4]int64{{5, 7, 1, 3}, {4, 6, 1, 1}, {1, 3, 5, 7}, {1, 1, 4, 6}}
	p := &plain{t: width, full: full, partial: partial}
	p.external = matrix(width, func(i, j int) int64 {
		v := m4[i%4][j%4]
		if i/4 == j/4 && width > 4 {
			v *= 2
		}
		return v
	})
	p.internal = matrix(width, func(i, j int) int64 { return 1 })
	for i, d := range poseidon2.NewParameters(width, full, partial).DiagM1 {
		p.internal[i][i].Add(p.internal[i][i], d.BigInt(new(big.Int)))
	}

	var state []byte
	push := func(v, bits int) {
		for i := bits - 1; i >= 0; i-- {
			state = append(state, byte(v>>i&1))
		}
	}
	push(1, 2) // prime field
	push(0, 4) // S-box x^a
	push(254, 12)
	push(width, 12)
	push(full, 10)
	push(partial, 10)
	push(1<<30-1, 30)
	step := func() byte {
		b := state[62] ^ state[51] ^ state[38] ^ state[23] ^ state[13] ^ state[0]
		state = append(state[1:], b)
		return b
	}
	for range 160 {
		step()
	}
	next := func() *big.Int {
		for {
			v := new(big.Int)
			for range 254 {
				for step() == 0 {
					step()
				}
				v.Lsh(v, 1).Or(v, big.NewInt(int64(step())))
			}
			if v.Cmp(prime) < 0 {
				return v
			}
		}
	}
	for round := range full + partial {
		row := make([]*big.Int, width)
		for i := range row {
			if i == 0 || round < full/2 || round >= full/2+partial {
				row[i] = next()
			}
		}
		p.constants = append(p.constants, row)
	}
	return p
}

// plainPair is width 2 as gnark-crypto derives it: a chain of keccak from the instance's name.
func plainPair() *plain {
	p := &plain{t: 2, full: 8, partial: 56}
	p.external = matrix(2, func(i, j int) int64 { return [2][2]int64{{2, 1}, {1, 2}}[i][j] })
	p.internal = matrix(2, func(i, j int) int64 { return [2][2]int64{{2, 1}, {1, 3}}[i][j] })
	keccak := func(b []byte) []byte {
		h := sha3.NewLegacyKeccak256()
		h.Write(b)
		return h.Sum(nil)
	}
	chain := keccak([]byte("Poseidon2-BN254[t=2,rF=8,rP=56,d=5]"))
	for round := range p.full + p.partial {
		row := []*big.Int{nil, nil}
		for i := range row {
			if i == 0 || round < p.full/2 || round >= p.full/2+p.partial {
				chain = keccak(chain)
				row[i] = new(big.Int).Mod(new(big.Int).SetBytes(chain), prime)
			}
		}
		p.constants = append(p.constants, row)
	}
	return p
}

func (p *plain) compare(t *testing.T, permutation *poseidon2.Permutation, random *rapid.T) {
	in, values := make([]*big.Int, p.t), make([]fr.Element, p.t)
	for i := range in {
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(random, fmt.Sprint("x", i))
		in[i] = new(big.Int).Mod(new(big.Int).SetBytes(raw), prime)
		values[i].SetBigInt(in[i])
	}
	if err := permutation.Permutation(values); err != nil {
		random.Fatal(err)
	}
	for i, want := range p.permute(in) {
		if got := values[i].BigInt(new(big.Int)); got.Cmp(want) != 0 {
			random.Fatalf("lane %d: %x, expected %x", i, got, want)
		}
	}
}

// The published vector of width 4 (Aztec's, Noir's and HorizenLabs' tests hold it) ties the second implementation to the world; the second
// implementation ties the widths that we use to it.
func TestPermutations(t *testing.T) {
	p := plainWide(t, 4, 8, 56)
	out := p.permute([]*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), big.NewInt(3)})
	for i, want := range []string{
		"1bd538c2ee014ed5141b29e9ae240bf8db3fe5b9a38629a9647cf8d76c01737",
		"239b62e7db98aa3a2a8f6a0d2fa1709e7a35959aa6c7034814d9daa90cbac662",
		"4cbb44c61d928ed06808456bf758cbf0c18d1e15a7b6dbc8245fa7515d5e3cb",
		"2e11c5cff2a22c64d01304b778d78f6998eff1ab73163a35603f54794c30847a",
	} {
		if out[i].Text(16) != want {
			t.Errorf("width 4, lane %d: %x, published %s", i, out[i], want)
		}
	}
	wider, two := plainWide(t, width, 8, rounds), plainPair()
	rapid.Check(t, func(r *rapid.T) {
		wider.compare(t, wide, r)
		two.compare(t, pair, r)
	})
}
