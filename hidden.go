package posp

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
)

// The commitments of private specs (docs/privacy.md, "Commitments"), over
// BN254's scalar field with Poseidon2 of widths 2 and 12. A row is a binary
// tree of Compress over its blocks. Blocks of a trace are hidden by salts that
// only the row's number and the opening's seed decide, so that whoever holds
// the seed and has run the program has the same tree. A receipt commits to the
// first two rows of that trace: prompt and output.

// Packing is how a row's elements stand in field elements: moved to unsigned
// by half of their range, a fixed number a lane and a block.
type Packing uint8

// The packings.
const (
	PackInt32   Packing = 1 + iota // tokens, activations, vectors of the model
	PackInt64                      // partial sums; the rotary frequencies, read as int64
	PackWeights                    // int16 of a matrix; the row's exponent stands in the block's last lane
)

// Bits of an element.
func (p Packing) Bits() int { return [...]int{0, 32, 64, 16}[p] }

// Block is how many elements a block has.
func (p Packing) Block() int { return [...]int{0, 64, 32, 128}[p] }

// PerLane is how many elements a lane has.
func (p Packing) PerLane() int { return [...]int{0, 7, 3, 15}[p] }

// Height of the tree of a row of n elements.
func (p Packing) Height(n int) int {
	blocks := (n + p.Block() - 1) / p.Block()
	if blocks <= 1 {
		return 0
	}
	return bits.Len(uint(blocks - 1))
}

// HiddenLanes is the rate of the permutation that takes a block.
const HiddenLanes = 11

// HiddenBlock is one block of a row as the hash takes it.
type HiddenBlock [HiddenLanes]fr.Element

// Pack makes a block of up to p.Block() elements, of each its lowest p.Bits()
// bits; what is missing is the element 0. exponent is that of weights.
func (p Packing) Pack(values []int64, exponent uint8) (b HiddenBlock) {
	n := p.Bits()
	half := uint64(1) << (n - 1)
	for lane := range b {
		first := lane * p.PerLane()
		if first >= p.Block() {
			break
		}
		// 256 bits, the first element lowest.
		var words [4]uint64
		for slot := 0; slot < p.PerLane() && first+slot < p.Block(); slot++ {
			var v int64
			if first+slot < len(values) {
				v = values[first+slot]
			}
			at := slot * n
			words[at/64] |= (uint64(v) + half) << (64 - n) >> (64 - n) << (at % 64)
		}
		var raw [32]byte
		for i, w := range words {
			binary.BigEndian.PutUint64(raw[24-8*i:], w)
		}
		b[lane].SetBytes(raw[:])
	}
	if p == PackWeights {
		b[HiddenLanes-1].SetUint64(uint64(exponent))
	}
	return b
}

// Bytes are the lanes, 32 bytes each.
func (b *HiddenBlock) Bytes() []byte {
	out := make([]byte, 0, 32*HiddenLanes)
	for i := range b {
		out = append(out, b[i].Marshal()...)
	}
	return out
}

// The permutations. Width 12's parameters are those of the paper's script;
// width 2's round constants are derived from "Poseidon2-BN254[t=2,rF=8,rP=56,d=5]".
var (
	pair = sync.OnceValue(func() *poseidon2.Permutation { return poseidon2.NewPermutation(2, 8, 56) })
	wide = sync.OnceValue(func() *poseidon2.Permutation { return poseidon2.NewPermutation(HiddenLanes+1, 8, 57) })
)

// Compress is the 2-to-1 compression of nodes, salts and leaves:
// P2(left, right)[1] + right.
func Compress(left, right fr.Element) fr.Element {
	x := [2]fr.Element{left, right}
	if err := pair().Permutation(x[:]); err != nil {
		panic(err) // the width is a constant
	}
	return *x[1].Add(&x[1], &right)
}

// Permute is P12 of the block behind a lane of capacity.
func (b *HiddenBlock) Permute(capacity fr.Element) (x [HiddenLanes + 1]fr.Element) {
	x[0] = capacity
	copy(x[1:], b[:])
	if err := wide().Permutation(x[:]); err != nil {
		panic(err) // the width is a constant
	}
	return x
}

// Digest is the block's leaf: P12(initial, lanes)[1]. initial is the packing in
// rows of a model. In a row of a trace it is the row's salt plus the block's
// number, which hides the block, and makes equal blocks look different.
func (b *HiddenBlock) Digest(initial fr.Element) fr.Element { return b.Permute(initial)[1] }

// HiddenLevels are the levels of the tree of Compress over a power of two of
// leaves, from the leaves up.
func HiddenLevels(leaves []fr.Element) [][]fr.Element {
	levels := [][]fr.Element{leaves}
	for len(leaves) > 1 {
		above := make([]fr.Element, len(leaves)/2)
		for i := range above {
			if i > 0 && leaves[2*i].Equal(&leaves[2*i-2]) && leaves[2*i+1].Equal(&leaves[2*i-1]) {
				above[i] = above[i-1] // padding
				continue
			}
			above[i] = Compress(leaves[2*i], leaves[2*i+1])
		}
		levels, leaves = append(levels, above), above
	}
	return levels
}

// SeedTag stands where a row's number (below 2^40) would: of the seed's commitment.
const SeedTag uint64 = 1 << 63

func element(x uint64) (e fr.Element) {
	e.SetUint64(x)
	return e
}

// SeedCommitment binds the seed of an opening's salts: compress(seed, 2^63).
func SeedCommitment(seed fr.Element) fr.Element { return Compress(seed, element(SeedTag)) }

// RowSalt is what hides a row of a trace: a pseudorandom function of its
// number, keyed by the seed.
func RowSalt(seed fr.Element, row uint64) fr.Element { return Compress(seed, element(row)) }

// TraceSeed is the seed of an opening's salts as the field's element: nonzero
// and below the field's order. Anything else is a ValidationError, which does
// not quote it.
func TraceSeed(seed Hash) (e fr.Element, err error) {
	if err := e.SetBytesCanonical(seed[:]); err != nil {
		return fr.Element{}, Invalidf("the trace seed is no element of the field")
	}
	if e.IsZero() {
		return fr.Element{}, Invalidf("the trace seed is zero")
	}
	return e, nil
}

// GameContext names a game over hidden rows to the proof that ends it, so that
// the proof is of no use in another: keccak(abi(tag, chainId, game contract,
// assertion, challenger)). The assertion's id names the asserter.
func GameContext(chainID uint64, game Address, assertion Hash, challenger Address) Hash {
	return words{}.hash(tagGame).uint(chainID).addr(game).hash(assertion).addr(challenger).sum()
}

// HiddenTokens is the root of a row of tokens, as int32, in the trace of a
// private spec: row 0 is the prompt, row 1 the output.
func HiddenTokens(seed fr.Element, row uint64, tokens []uint32) Hash {
	const n = 64
	salt := RowSalt(seed, row)
	leaves := make([]fr.Element, 1<<PackInt32.Height(len(tokens)))
	for i := range leaves {
		var values [n]int64
		for k, t := range tokens[min(i*n, len(tokens)):min((i+1)*n, len(tokens))] {
			values[k] = int64(int32(t))
		}
		b, initial := PackInt32.Pack(values[:], 0), element(uint64(i))
		leaves[i] = b.Digest(*initial.Add(&initial, &salt))
	}
	levels := HiddenLevels(leaves)
	return levels[len(levels)-1][0].Bytes()
}
