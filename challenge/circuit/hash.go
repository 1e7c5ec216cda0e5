package circuit

import (
	"bytes"
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Rows of the trace and of the model of a private spec are binary trees over blocks; package posp defines both (docs/privacy.md, "Commitments").

// Packing is how a row's elements stand in field elements.
type Packing = posp.Packing

// The packings.
const (
	Int32   = posp.PackInt32
	Int64   = posp.PackInt64
	Weights = posp.PackWeights
)

// The permutation that makes a block's digest: one lane of capacity, which holds the packing or the salt, and the rate.
const (
	lanes  = posp.HiddenLanes
	width  = lanes + 1
	rounds = 57 // partial ones; 8 are full
)

// exponentLane is where a block of weights holds its row's exponent.
const exponentLane = lanes - 1

// Block is one block of a row as the hash takes it.
type Block = posp.HiddenBlock

// streamTag keeps the state of a key stream apart from a block's: it is added to the salt.
var streamTag = new(big.Int).Lsh(big.NewInt(1), 128)

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
	key := new(Block).Permute(initial)
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

// Row is a row with its tree, of which any block can be opened.
type Row struct {
	packing  Packing
	values   []int64
	exponent uint8
	salt     *fr.Element    // of a row of the trace
	levels   [][]fr.Element // from the blocks up; whole, with padding
}

// NewRow commits to a row: of the trace if there is a salt, else of the model. Values are kept. An element outside the packing's range is an error.
func NewRow(p Packing, values []int64, exponent uint8, salt *fr.Element) (*Row, error) {
	limit := int64(1)<<(p.Bits()-1) - 1
	for i, v := range values {
		if v > limit || v < -limit-1 {
			return nil, fmt.Errorf("commit to a row: element %d is %d, which %d bits do not hold", i, v, p.Bits())
		}
	}
	r := &Row{packing: p, values: values, exponent: exponent, salt: salt}
	blocks := make([]fr.Element, 1<<p.Height(len(values)))
	for i := range blocks {
		b := r.Block(i)
		blocks[i] = b.Digest(r.initial(i))
	}
	r.levels = posp.HiddenLevels(blocks)
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

// Root of the row's tree.
func (r *Row) Root() fr.Element { return r.levels[len(r.levels)-1][0] }

// Block i of the row, padded with zeros; beyond the row's tree it is all zeros.
func (r *Row) Block(i int) Block {
	n := r.packing.Block()
	first := min(i*n, len(r.values))
	return r.packing.Pack(r.values[first:min(first+n, len(r.values))], r.exponent)
}

// Node of the row's tree: level 0 is the blocks' leaves.
func (r *Row) Node(level, index int) fr.Element { return r.levels[level][index] }

// Show is a block's leaf in the trace, and the block as those see it who hold the seed.
func (r *Row) Show(i int) (leaf fr.Element, masked Block) {
	return r.levels[0][i], Mask(*r.salt, uint64(i), r.Block(i))
}

// Height of the row's tree.
func (r *Row) Height() int { return len(r.levels) - 1 }

// Below are the 2^down nodes that lie so many levels below one of the row's tree, from the left.
func (r *Row) Below(level int, index uint64, down int) ([]posp.Hash, error) {
	if down < 0 || down > level || level > r.Height() || index >= 1<<(r.Height()-level) {
		return nil, posp.Invalidf("nodes %d levels below node %d of level %d in a row of %d levels", down, index, level, r.Height())
	}
	nodes := make([]posp.Hash, 1<<down)
	for i := range nodes {
		nodes[i] = r.levels[level-down][index<<down|uint64(i)].Bytes()
	}
	return nodes, nil
}

// Path is the siblings of one of 2^k nodes within hidden rows, up to the node above them all.
func Path(nodes []posp.Hash, index int) ([]posp.Hash, error) {
	leaves := make([]fr.Element, len(nodes))
	for i := range nodes {
		if err := leaves[i].SetBytesCanonical(nodes[i][:]); err != nil {
			return nil, posp.Invalidf("node %d is no element of the field", i)
		}
	}
	if n := len(nodes); n == 0 || n&(n-1) != 0 || index < 0 || index >= n {
		return nil, posp.Invalidf("node %d of %d", index, n)
	}
	path := make([]posp.Hash, 0, 8)
	for _, e := range siblings(posp.HiddenLevels(leaves), 0, index) {
		path = append(path, e.Bytes())
	}
	return path, nil
}

// Differs is an element of block i by which what was shown of it (Show) cannot be proved. If nothing that was shown differs, or it is nothing that the row's
// holder could have shown, none can be, and it is the first.
func (r *Row) Differs(i int, shown []byte) int {
	var theirs Block
	if len(shown) != 32*lanes {
		return 0
	}
	for k := range theirs {
		if err := theirs[k].SetBytesCanonical(shown[32*k:][:32]); err != nil {
			return 0
		}
	}
	theirs = Unmask(*r.salt, uint64(i), theirs)
	mine, width := r.Block(i), r.packing.Bits()/8
	for k := range mine {
		first := k * r.packing.PerLane()
		if mine[k].Equal(&theirs[k]) || first >= r.packing.Block() {
			continue
		}
		a, b := mine[k].Bytes(), theirs[k].Bytes() // the first element stands last
		for s := range min(r.packing.PerLane(), r.packing.Block()-first) {
			if at := len(a) - width*(s+1); !bytes.Equal(a[at:at+width], b[at:at+width]) {
				return first + s
			}
		}
		return first // it differs beyond the elements: none of the lane can be proved
	}
	return 0
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
	return &Tree{posp.HiddenLevels(leaves)}
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
