package circuit

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
)

// The commitments of a private spec (docs/privacy.md, "Commitments"). Rows of the trace and of the model are binary
// trees over blocks; a row of the trace is hidden behind a salt that only its number and the opening's seed decide.

// Packing is how a row's elements stand in field elements: a fixed number a lane, each moved to unsigned by half of its
// range, and so many lanes a block that one permutation takes a block.
type Packing uint8

// The packings.
const (
	Int32   Packing = 1 + iota // activations, and vectors of the model
	Int64                      // partial sums; the rotary frequencies, read as int64
	Weights                    // int16 of a matrix; the row's exponent stands in the block's last lane
)

// width is the permutation's that makes a block's digest: one lane of capacity, which holds the packing, and the rate.
const (
	width  = 12
	lanes  = width - 1
	rounds = 57 // partial ones; 8 are full
)

// elementBits, a block's elements and a lane's.
func (p Packing) bits() int    { return [...]int{0, 32, 64, 16}[p] }
func (p Packing) block() int   { return [...]int{0, 64, 32, 128}[p] }
func (p Packing) perLane() int { return [...]int{0, 7, 3, 15}[p] }

// exponentLane is where a block of weights holds its row's exponent.
const exponentLane = lanes - 1

var (
	// Width 2 with the full security margin; its round constants are derived from "Poseidon2-BN254[t=2,rF=8,rP=56,d=5]".
	pair = poseidon2.NewPermutation(2, 8, 56)
	wide = poseidon2.NewPermutation(width, 8, rounds)
)

// Compress is the 2-to-1 compression of nodes, salts and leaves: P(left, right)[1] + right.
func Compress(left, right fr.Element) fr.Element {
	x := [2]fr.Element{left, right}
	if err := pair.Permutation(x[:]); err != nil {
		panic(err) // the width is a constant
	}
	return *x[1].Add(&x[1], &right)
}

// seedTag stands where a row's number would: rows are below 2^40.
const seedTag = 1 << 63

// SeedCommitment binds the seed of an opening's salts.
func SeedCommitment(seed fr.Element) fr.Element { return Compress(seed, number(seedTag)) }

// Salt is what hides a row: a pseudorandom function of its number, keyed by the seed.
func Salt(seed fr.Element, row uint64) fr.Element { return Compress(seed, number(row)) }

// RowLeaf is what the trace commits to in the place of a row with the given root.
func RowLeaf(seed fr.Element, row uint64, root fr.Element) fr.Element {
	return Compress(Salt(seed, row), root)
}

// Block is one block of a row as the hash takes it.
type Block [lanes]fr.Element

// digest is the sponge's: one permutation, the packing in the capacity, the first lane of the rate.
func (b *Block) digest(p Packing) fr.Element {
	var x [width]fr.Element
	x[0].SetUint64(uint64(p))
	copy(x[1:], b[:])
	if err := wide.Permutation(x[:]); err != nil {
		panic(err) // the width is a constant
	}
	return x[1]
}

// pack makes a block of up to p.block() elements; what is missing is zero. exponent is that of weights.
func pack(p Packing, values []int64, exponent uint8) (b Block) {
	n := p.bits()
	half := uint64(1) << (n - 1)
	for lane := range b {
		first := lane * p.perLane()
		if first >= p.block() {
			break
		}
		// 256 bits, the first element lowest.
		var words [4]uint64
		for slot := 0; slot < p.perLane() && first+slot < p.block(); slot++ {
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
	if p == Weights {
		b[exponentLane].SetUint64(uint64(exponent))
	}
	return b
}

// Row is a row with its tree, of which any block can be opened.
type Row struct {
	packing  Packing
	values   []int64
	exponent uint8
	levels   [][]fr.Element // from the blocks up; whole, with padding
}

// Height of the tree of a row of n elements.
func (p Packing) Height(n int) int {
	blocks := (n + p.block() - 1) / p.block()
	if blocks <= 1 {
		return 0
	}
	return bits.Len(uint(blocks - 1))
}

// NewRow commits to a row; values are kept. An element outside the packing's range is an error.
func NewRow(p Packing, values []int64, exponent uint8) (*Row, error) {
	limit := int64(1)<<(p.bits()-1) - 1
	for i, v := range values {
		if v > limit || v < -limit-1 {
			return nil, fmt.Errorf("commit to a row: element %d is %d, which %d bits do not hold", i, v, p.bits())
		}
	}
	r := &Row{packing: p, values: values, exponent: exponent}
	blocks := make([]fr.Element, 1<<p.Height(len(values)))
	for i := range blocks {
		if i > 0 && i*p.block() >= len(values)+p.block() { // blocks of nothing but padding are equal
			blocks[i] = blocks[i-1]
			continue
		}
		b := r.Block(i)
		blocks[i] = b.digest(p)
	}
	r.levels = climb(blocks)
	return r, nil
}

// climb builds the levels of a tree over a power of two of leaves.
func climb(leaves []fr.Element) [][]fr.Element {
	levels := [][]fr.Element{leaves}
	for len(leaves) > 1 {
		above := make([]fr.Element, len(leaves)/2)
		for i := range above {
			if i > 0 && leaves[2*i].Equal(&leaves[2*i-2]) && leaves[2*i+1].Equal(&leaves[2*i-1]) {
				above[i] = above[i-1]
				continue
			}
			above[i] = Compress(leaves[2*i], leaves[2*i+1])
		}
		levels, leaves = append(levels, above), above
	}
	return levels
}

// Root of the row's tree.
func (r *Row) Root() fr.Element { return r.levels[len(r.levels)-1][0] }

// Block i of the row, padded with zeros; beyond the row's tree it is all zeros.
func (r *Row) Block(i int) Block {
	n := r.packing.block()
	first := min(i*n, len(r.values))
	return pack(r.packing, r.values[first:min(first+n, len(r.values))], r.exponent)
}

// siblings on the way from the node at (level, index) to the root.
func siblings(levels [][]fr.Element, level, index int) (path []fr.Element) {
	for ; level < len(levels)-1; level++ {
		path = append(path, levels[level][index^1])
		index >>= 1
	}
	return path
}

// Tree commits to the rows of a model: a tree over their roots, padded with zeros.
type Tree struct{ levels [][]fr.Element }

// NewTree is the tree over the roots of all rows of a model, in the order of docs/reference-program.md, section 5.
func NewTree(roots []fr.Element) *Tree {
	leaves := make([]fr.Element, 1)
	if n := len(roots); n > 1 {
		leaves = make([]fr.Element, 1<<bits.Len(uint(n-1)))
	}
	copy(leaves, roots)
	return &Tree{climb(leaves)}
}

// Root of the tree: the model root of a private spec.
func (t *Tree) Root() fr.Element { return t.levels[len(t.levels)-1][0] }

// Height of the tree.
func (t *Tree) Height() int { return len(t.levels) - 1 }

func number(x uint64) (e fr.Element) {
	e.SetUint64(x)
	return e
}
