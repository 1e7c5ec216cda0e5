package posp

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
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
	wider, two := plainWide(t, HiddenLanes+1, 8, 57), plainPair()
	rapid.Check(t, func(r *rapid.T) {
		wider.compare(t, wide(), r)
		two.compare(t, pair(), r)
	})
}

// compress is the 2-to-1 compression, by width 2.
func (p *plain) compress(left, right *big.Int) *big.Int {
	out := new(big.Int).Add(p.permute([]*big.Int{left, right})[1], right)
	return out.Mod(out, prime)
}

// A row of tokens is what docs/privacy.md says, computed the second way.
func TestHiddenTokens(t *testing.T) {
	wider, two := plainWide(t, HiddenLanes+1, 8, 57), plainPair()
	rapid.Check(t, func(r *rapid.T) {
		var seed fr.Element
		seed.SetBytes(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "seed"))
		row := rapid.Uint64Range(0, 1<<40-1).Draw(r, "row")
		n := rapid.SampledFrom([]int{0, 1, 6, 7, 8, 63, 64, 65, 128, 129}).Draw(r, "n")
		tokens := rapid.SliceOfN(rapid.OneOf(rapid.Uint32(), rapid.SampledFrom([]uint32{0, 1, 1<<31 - 1, 1 << 31, 1<<32 - 1})), n, n).Draw(r, "tokens")

		salt := two.compress(seed.BigInt(new(big.Int)), new(big.Int).SetUint64(row))
		var leaves []*big.Int
		for block := 0; block == 0 || block*64 < n; block++ {
			state := make([]*big.Int, 12)
			for i := range state {
				state[i] = new(big.Int)
			}
			state[0].Add(salt, big.NewInt(int64(block))).Mod(state[0], prime)
			for i := range 64 {
				v := int64(1 << 31)
				if block*64+i < n {
					v += int64(int32(tokens[block*64+i]))
				}
				x := big.NewInt(v)
				state[1+i/7].Add(state[1+i/7], x.Lsh(x, uint(32*(i%7))))
			}
			leaves = append(leaves, wider.permute(state)[1])
		}
		for len(leaves)&(len(leaves)-1) != 0 { // the row's zeros go on to a power of two of blocks
			state := make([]*big.Int, 12)
			for i := range state {
				state[i] = new(big.Int)
			}
			state[0].Add(salt, big.NewInt(int64(len(leaves)))).Mod(state[0], prime)
			for i := range 64 {
				x := big.NewInt(1 << 31)
				state[1+i/7].Add(state[1+i/7], x.Lsh(x, uint(32*(i%7))))
			}
			leaves = append(leaves, wider.permute(state)[1])
		}
		for len(leaves) > 1 {
			var above []*big.Int
			for i := 0; i < len(leaves); i += 2 {
				above = append(above, two.compress(leaves[i], leaves[i+1]))
			}
			leaves = above
		}
		if got := HiddenTokens(seed, row, tokens); got.Big().Cmp(leaves[0]) != 0 {
			r.Fatalf("%x, expected %x", got, leaves[0])
		}
		commitment := SeedCommitment(seed)
		if want := two.compress(seed.BigInt(new(big.Int)), new(big.Int).Lsh(big.NewInt(1), 63)); commitment.BigInt(new(big.Int)).Cmp(want) != 0 {
			r.Fatalf("seed commitment %s, expected %x", commitment.String(), want)
		}
	})
}

// A trace seed is nonzero and below the field's order, and no other 32 bytes stand for the same one.
func TestTraceSeed(t *testing.T) {
	beyond := func(d int64) (h Hash) {
		new(big.Int).Add(prime, big.NewInt(d)).FillBytes(h[:])
		return h
	}
	for name, c := range map[string]struct {
		seed Hash
		ok   bool
	}{"zero": {Hash{}, false}, "one": {Hash{31: 1}, true}, "the last": {beyond(-1), true}, "the order": {beyond(0), false}, "the order and one": {beyond(1), false},
		"all ones": {Hash(bytes.Repeat([]byte{0xff}, 32)), false}} {
		e, err := TraceSeed(c.seed)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		if c.ok && Hash(e.Bytes()) != c.seed {
			t.Errorf("%s: another element", name)
		}
		var invalid *ValidationError
		if err != nil && (!errors.As(err, &invalid) || strings.Contains(err.Error(), c.seed.Hex()[2:])) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// Of a receipt's opening every bit counts, the seed's too; and only one seed opens it.
func TestHiddenOpeningMatches(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var e fr.Element
		e.SetBytes(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "seed"))
		if e.IsZero() {
			e.SetOne()
		}
		seed := Hash(e.Bytes())
		tokens := rapid.SliceOfN(rapid.Uint32(), 1, 130)
		o := Opening{
			Request: RequestPart{Tokens: tokens.Draw(r, "prompt"), Sampling: Sampling{Rule: Greedy, MaxTokens: 9}, Salt: Hash{1}, TraceSeed: seed},
			Output:  OutputPart{Tokens: tokens.Draw(r, "output"), Finish: FinishLength, Salt: Hash{2}, TraceSeed: seed},
		}
		o.Receipt.RequestHash, o.Receipt.OutputHash = o.Request.Hash(), o.Output.Hash()
		if err := o.Matches(); err != nil {
			r.Fatal(err)
		}
		same := o
		new(big.Int).Add(seed.Big(), prime).FillBytes(same.Request.TraceSeed[:]) // below 2^255
		if same.Request.Hash() != o.Request.Hash() || same.Matches() == nil {
			r.Fatal("a seed beyond the field matches")
		}
		for name, change := range map[string]func(*Opening){
			"no seed of the request": func(o *Opening) { o.Request.TraceSeed = Hash{} },
			"no seed of the output":  func(o *Opening) { o.Output.TraceSeed = Hash{} },
			"another seed":           func(o *Opening) { o.Output.TraceSeed[31] ^= 1 },
			"another prompt": func(o *Opening) {
				o.Request.Tokens = slices.Clone(o.Request.Tokens)
				o.Request.Tokens[rapid.IntRange(0, len(o.Request.Tokens)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 31).Draw(r, "bit")
			},
			"a zero more":    func(o *Opening) { o.Output.Tokens = append(slices.Clone(o.Output.Tokens), 0) },
			"another finish": func(o *Opening) { o.Output.Finish = FinishStop },
			"another limit":  func(o *Opening) { o.Request.Sampling.MaxTokens++ },
			"another salt":   func(o *Opening) { o.Request.Salt[0] ^= 1 },
		} {
			x := o
			if change(&x); x.Matches() == nil {
				r.Fatalf("%s matches", name)
			}
		}
	})
}

func BenchmarkHiddenTokens(b *testing.B) {
	e, _ := TraceSeed(Hash{31: 7})
	tokens := make([]uint32, 4096)
	for i := range tokens {
		tokens[i] = uint32(i)
	}
	for b.Loop() {
		HiddenTokens(e, 0, tokens)
	}
}
