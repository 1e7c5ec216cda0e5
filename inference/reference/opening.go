package reference

import (
	"context"
	"encoding/binary"
	"math/bits"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
)

// Opening shows a range of elements of a row under a root: docs/reference-program.md, section 4.
type Opening struct {
	Exponent uint8         `json:"exponent"` // of the model's rows; 0 in the trace
	Elements hexutil.Bytes `json:"elements"` // of the whole blocks that hold the range
	Siblings []posp.Hash   `json:"siblings"` // from the blocks' subtree up
}

// run is which blocks of a row of n elements an opening of [first, first+length) holds: count of them from block
// on, the part of an aligned subtree of that height which the row has.
func blockRun(n, first, length int) (block, count, height int) {
	low, high := first/blockLength, (first+length-1)/blockLength
	height = bits.Len(uint(low ^ high))
	block = low >> height << height
	return block, min(1<<height, blocks(n)-block), height
}

// open opens a range up to the row's root.
func (e Elems) open(prefix []byte, first, length int) (Opening, error) {
	n := len(e.Values)
	if first < 0 || length < 1 || first > n-length {
		return Opening{}, posp.Invalidf("elements %d to %d of a row of %d", first, first+length, n)
	}
	block, count, height := blockRun(n, first, length)
	from, to := block*blockLength, min((block+count)*blockLength, n)
	o := Opening{Elements: make([]byte, (to-from)*e.Width)}
	encode(o.Elements, e.Values[from:to], e.Width)

	leaves := e.leaves(prefix)
	h := newHasher()
	for level := range depth(uint64(len(leaves))) {
		if level >= height {
			sibling := zeros[level]
			if i := block>>level ^ 1; i < len(leaves) {
				sibling = leaves[i]
			}
			o.Siblings = append(o.Siblings, sibling)
		}
		leaves = h.fold(leaves, zeros[level])
		h.flush()
	}
	return o, nil
}

// leaves are the hashes of the row's blocks.
func (e Elems) leaves(prefix []byte) []posp.Hash {
	h := newHasher()
	leaves := make([]posp.Hash, blocks(len(e.Values)))
	for i := range leaves {
		block := e.Values[i*blockLength : min((i+1)*blockLength, len(e.Values))]
		b := h.message(&leaves[i], len(prefix)+e.Width*len(block))
		encode(b[copy(b, prefix):], block, e.Width)
	}
	h.flush()
	return leaves
}

// Place is where a range stands: in a row of N elements of Width bytes, which is row Row of Rows. Rows is 0 for an
// opening under the row's own root.
type Place struct {
	Row, Rows     uint64
	N, Width      int
	First, Length int
	Model         bool
}

// Verify checks an opening against the root it is under, and returns the elements of the range. What it refuses is
// a posp.ValidationError.
func (o Opening) Verify(root posp.Hash, p Place) ([]int64, error) {
	if p.First < 0 || p.Length < 1 || p.First > p.N-p.Length || (p.Rows > 0 && p.Row >= p.Rows) {
		return nil, posp.Invalidf("opening: no elements %d to %d of row %d", p.First, p.First+p.Length, p.Row)
	}
	block, count, height := blockRun(p.N, p.First, p.Length)
	from, to := block*blockLength, min((block+count)*blockLength, p.N)
	if len(o.Elements) != (to-from)*p.Width {
		return nil, posp.Invalidf("opening: %d bytes of elements, want %d", len(o.Elements), (to-from)*p.Width)
	}
	within := depth(uint64(blocks(p.N))) - height
	path := uint64(block >> height)
	if p.Rows > 0 {
		path |= p.Row << within
		within += depth(p.Rows)
	}
	if len(o.Siblings) != within {
		return nil, posp.Invalidf("opening: %d siblings, want %d", len(o.Siblings), within)
	}
	e := Elems{p.Width, decode(o.Elements, p.Width)}
	prefix := traceBlock
	if p.Model {
		prefix = []byte{prefixModel, o.Exponent}
	}
	hash := climb(e.leaves(prefix), 0, height)[0]
	for i, sibling := range o.Siblings {
		if path>>i&1 == 0 {
			hash = node(hash, sibling)
		} else {
			hash = node(sibling, hash)
		}
	}
	if hash != root {
		return nil, posp.Invalidf("opening: elements %d to %d of row %d are not under root %s", p.First, p.First+p.Length, p.Row, root)
	}
	return e.Values[p.First-from:][:p.Length], nil
}

// decode is the inverse of encode. 8-byte elements keep their bits, so that frequencies come back as they were.
func decode(b []byte, width int) []int64 {
	values := make([]int64, len(b)/width)
	for i := range values {
		switch width {
		case 2:
			values[i] = int64(int16(binary.BigEndian.Uint16(b[2*i:])))
		case 4:
			values[i] = int64(int32(binary.BigEndian.Uint32(b[4*i:])))
		default:
			values[i] = int64(binary.BigEndian.Uint64(b[8*i:]))
		}
	}
	return values
}

// Tree is the tree over a model's rows, from which rows are opened. It keeps 64 bytes for each row.
type Tree struct {
	q      *Quantiser
	forest *Forest
}

// Tree makes the tree from the roots of all rows.
func (q *Quantiser) Tree(roots []posp.Hash) *Tree {
	return &Tree{q, newForest(0).extend(roots).finish()}
}

// RowsRoot is the root over the rows; Arch.Root makes the model's commitment of it.
func (t *Tree) RowsRoot() posp.Hash { return t.forest.Root() }

// Open opens elements [first, first+n) of a row of the model.
func (t *Tree) Open(row uint64, first, n int) (Opening, error) {
	d, err := t.q.Row(row)
	if err != nil {
		return Opening{}, err
	}
	o, err := Elems{d.Width, d.Values}.open(d.block(), first, n)
	if err != nil {
		return Opening{}, err
	}
	o.Exponent = d.Exponent
	for level := range depth(t.q.ModelRows()) {
		hash, _ := t.forest.node(level, row>>level^1)
		o.Siblings = append(o.Siblings, hash)
	}
	return o, nil
}

// StepProof is the last move of a dispute: one element of a row, opened under the row's root, and all that it is
// computed from, opened under the trace's root and the model's.
type StepProof struct {
	Element  Opening   `json:"element"`
	Operands []Opening `json:"operands"` // in the order of the leaf's
}

// Prove makes the proof of element e of row i.
func (t *Trace) Prove(ctx context.Context, weights *Tree, i uint64, e int) (StepProof, error) {
	row := t.Graph.Locate(i)
	n, _ := t.Graph.Shape(row)
	if e < 0 || e >= n {
		return StepProof{}, posp.Invalidf("element %d of row %d, which has %d", e, i, n)
	}
	own, err := t.Row(ctx, i)
	if err != nil {
		return StepProof{}, err
	}
	var p StepProof
	if p.Element, err = own.open(traceBlock, e, 1); err != nil {
		return StepProof{}, err
	}
	leaf := t.Graph.Leaf(row, e)
	var token int64
	for k, operand := range leaf.Operands {
		operand = operand.at(token)
		var o Opening
		if operand.Model {
			o, err = weights.Open(operand.Row, operand.First, operand.Length)
		} else {
			o, err = t.Open(ctx, operand.Row, operand.First, operand.Length)
		}
		if err != nil {
			return StepProof{}, err
		}
		p.Operands = append(p.Operands, o)
		if k == 0 && (leaf.Form == FormEmbed || leaf.Form == FormLogProb || leaf.Form == FormMargin) {
			values, err := t.Row(ctx, operand.Row)
			if err != nil {
				return StepProof{}, err
			}
			token = values.Values[operand.First]
		}
	}
	return p, nil
}

// at is the operand with a token known.
func (o Operand) at(token int64) Operand {
	switch {
	case o.ByToken && o.Model:
		o.Row += uint64(token)
	case o.ByToken:
		o.First += int(token)
	}
	return o
}

// Commitments are what a step is judged under.
type Commitments struct {
	Trace posp.Hash // root of the trace
	Rows  posp.Hash // root over the model's rows
}

// VerifyStep is what the contract does with the last move: it checks every opening and computes the element. It
// returns nil if the element of row i, whose root is rowRoot, is right. A token that a given row holds is right by
// its row's root alone, which the game compared with the receipt.
func (g *Graph) VerifyStep(c Commitments, rowRoot posp.Hash, i uint64, e int, p StepProof) error {
	if i >= g.Rows() {
		return posp.Invalidf("row %d of a trace of %d", i, g.Rows())
	}
	row := g.Locate(i)
	n, width := g.Shape(row)
	own, err := p.Element.Verify(rowRoot, Place{N: n, Width: width, First: e, Length: 1})
	if err != nil {
		return err
	}
	leaf := g.Leaf(row, e)
	if leaf.Form == FormGiven {
		return nil
	}
	if len(p.Operands) != len(leaf.Operands) {
		return posp.Invalidf("%d operands, want %d", len(p.Operands), len(leaf.Operands))
	}
	in := make([]Input, len(leaf.Operands))
	var token int64
	for k, operand := range leaf.Operands {
		operand = operand.at(token)
		place := Place{Row: operand.Row, Rows: g.Rows(), First: operand.First, Length: operand.Length, Model: operand.Model}
		root := c.Trace
		if operand.Model {
			place.Rows, root = g.ModelRows(), c.Rows
			if place.Row >= place.Rows {
				return posp.Invalidf("model row %d of %d", place.Row, place.Rows)
			}
			tensor, _, _ := g.TensorAt(operand.Row)
			_, place.N, place.Width = g.TensorShape(tensor)
			in[k].Exponent = uint(p.Operands[k].Exponent)
			if in[k].Exponent > frequencyExponent {
				return posp.Invalidf("exponent %d", in[k].Exponent)
			}
		} else {
			place.N, place.Width = g.Shape(g.Locate(operand.Row))
		}
		if in[k].Values, err = p.Operands[k].Verify(root, place); err != nil {
			return err
		}
		if k == 0 {
			token = in[0].Values[0]
			if leaf.Form == FormEmbed || leaf.Form == FormLogProb || leaf.Form == FormMargin {
				if token < 0 || token >= int64(g.Vocab) {
					return posp.Invalidf("token %d", token)
				}
			}
		}
	}
	want, err := leaf.Step(in...)
	if err != nil {
		return err
	}
	if own[0] != want {
		return posp.Invalidf("element %d of row %d is %d, its inputs make it %d", e, i, own[0], want)
	}
	return nil
}
