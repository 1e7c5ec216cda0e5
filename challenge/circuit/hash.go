package circuit

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
	"github.com/ethereum/go-ethereum/crypto"
)

// The commitments of a private spec (docs/privacy.md, "Commitments"). Rows of the trace and of the model are binary
// trees over blocks. The blocks of the trace are hidden by salts that only the row's number and the opening's seed decide, so that whoever holds the
// seed and has run the program has the same tree, and can see where another differs.

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

// Domains that stand where a row's number (below 2^40) or a block's would.
const seedTag = 1 << 63

// streamTag keeps the state of a key stream apart from a block's: it is added to the salt.
var streamTag = new(big.Int).Lsh(big.NewInt(1), 128)

// SeedCommitment binds the seed of an opening's salts.
func SeedCommitment(seed fr.Element) fr.Element { return Compress(seed, number(seedTag)) }

// Salt is what hides a row: a pseudorandom function of its number, keyed by the seed.
func Salt(seed fr.Element, row uint64) fr.Element { return Compress(seed, number(row)) }

// Block is one block of a row as the hash takes it.
type Block [lanes]fr.Element

// digest is the sponge's: one permutation, the initial value in the capacity, the first lane of the rate. The value is the packing in rows of the
// model. In a row of the trace it is the row's salt plus the block's number, which hides the block, and makes equal blocks look different.
func (b *Block) digest(initial fr.Element) fr.Element {
	x := permute(initial, b)
	return x[1]
}

func permute(capacity fr.Element, rate *Block) (x [width]fr.Element) {
	x[0] = capacity
	copy(x[1:], rate[:])
	if err := wide.Permutation(x[:]); err != nil {
		panic(err) // the width is a constant
	}
	return x
}

// Bytes are the lanes, 32 bytes each: what is shown of a masked block.
func (b *Block) Bytes() (out []byte) {
	for i := range b {
		out = append(out, b[i].Marshal()...)
	}
	return out
}

// Mask hides a block from all but those who hold the seed: a key stream, which the salt and the block's number decide, is added to it. Unmask undoes it.
func Mask(salt fr.Element, at uint64, b Block) Block {
	return stream(salt, at, b, (*fr.Element).Add)
}

// Unmask is the inverse of Mask.
func Unmask(salt fr.Element, at uint64, b Block) Block {
	return stream(salt, at, b, (*fr.Element).Sub)
}

func stream(salt fr.Element, at uint64, b Block, add func(z, x, y *fr.Element) *fr.Element) Block {
	var tag fr.Element
	tag.SetBigInt(streamTag)
	initial := number(at)
	initial.Add(&initial, &tag).Add(&initial, &salt)
	key := permute(initial, new(Block))
	for i := range b {
		add(&b[i], &b[i], &key[1+i])
	}
	return b
}

// Shown is what a masked block comes to as public inputs: a point that the block's leaf and the masked lanes decide, and the value there of the polynomial
// that has them as coefficients. The lanes were committed to before the point is known.
func Shown(leaf fr.Element, masked Block) (point, value fr.Element) {
	point = Context(crypto.Keccak256Hash(leaf.Marshal(), masked.Bytes()))
	for i := len(masked) - 1; i >= 0; i-- {
		value.Mul(&value, &point).Add(&value, &masked[i])
	}
	return point, value
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
	salt     *fr.Element    // of a row of the trace
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

// NewRow commits to a row: of the trace if there is a salt, else of the model. Values are kept. An element outside the packing's range is an error.
func NewRow(p Packing, values []int64, exponent uint8, salt *fr.Element) (*Row, error) {
	limit := int64(1)<<(p.bits()-1) - 1
	for i, v := range values {
		if v > limit || v < -limit-1 {
			return nil, fmt.Errorf("commit to a row: element %d is %d, which %d bits do not hold", i, v, p.bits())
		}
	}
	r := &Row{packing: p, values: values, exponent: exponent, salt: salt}
	blocks := make([]fr.Element, 1<<p.Height(len(values)))
	for i := range blocks {
		b := r.Block(i)
		blocks[i] = b.digest(r.initial(i))
	}
	r.levels = climb(blocks)
	return r, nil
}

// initial value of the capacity for block i.
func (r *Row) initial(i int) fr.Element {
	if r.salt == nil {
		return number(uint64(r.packing))
	}
	at := number(uint64(i))
	return *at.Add(&at, r.salt)
}

// climb builds the levels of a tree over a power of two of leaves.
func climb(leaves []fr.Element) [][]fr.Element {
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

// Root of the row's tree.
func (r *Row) Root() fr.Element { return r.levels[len(r.levels)-1][0] }

// Block i of the row, padded with zeros; beyond the row's tree it is all zeros.
func (r *Row) Block(i int) Block {
	n := r.packing.block()
	first := min(i*n, len(r.values))
	return pack(r.packing, r.values[first:min(first+n, len(r.values))], r.exponent)
}

// Node of the row's tree: level 0 is the blocks' leaves.
func (r *Row) Node(level, index int) fr.Element { return r.levels[level][index] }

// Show is a block's leaf in the trace, and the block as those see it who hold the seed.
func (r *Row) Show(i int) (leaf fr.Element, masked Block) {
	return r.levels[0][i], Mask(*r.salt, uint64(i), r.Block(i))
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

// Node of the tree: level 0 is the rows' roots.
func (t *Tree) Node(level, index int) fr.Element { return t.levels[level][index] }

// Height of the tree.
func (t *Tree) Height() int { return len(t.levels) - 1 }

func number(x uint64) (e fr.Element) {
	e.SetUint64(x)
	return e
}
