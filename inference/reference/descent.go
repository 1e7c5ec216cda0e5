package reference

import (
	"context"

	"github.com/proof-of-sampling/posp"
)

// Round is how many levels of a tree one round of a dispute goes down, at most: DisputeGame.ROUND.
const Round = 5

// Fold is the node above 2^k nodes, which is k levels up.
func Fold(nodes []posp.Hash) posp.Hash {
	for len(nodes) > 1 {
		above := make([]posp.Hash, len(nodes)/2)
		for i := range above {
			above[i] = node(nodes[2*i], nodes[2*i+1])
		}
		nodes = above
	}
	return nodes[0]
}

// Path is the siblings of one of 2^k nodes, up to the node above them all.
func Path(nodes []posp.Hash, index int) (siblings []posp.Hash) {
	for size := 1; size < len(nodes); size *= 2 {
		sibling := index/size ^ 1
		siblings = append(siblings, Fold(nodes[sibling*size:][:size]))
	}
	return siblings
}

// Below returns the 2^down nodes that lie so many levels below one of the tree over the rows, from the left.
func (t *Trace) Below(ctx context.Context, level int, index uint64, down int) ([]posp.Hash, error) {
	if down < 0 || down > Round || down > level {
		return nil, posp.Invalidf("nodes %d levels below level %d", down, level)
	}
	nodes := make([]posp.Hash, 1<<down)
	for i := range nodes {
		var err error
		if nodes[i], err = t.Node(ctx, level-down, index<<down|uint64(i)); err != nil {
			return nil, err
		}
	}
	return nodes, nil
}

// BelowIn returns the same of the tree over a row's blocks, of which level 0 is the blocks' hashes.
func (t *Trace) BelowIn(ctx context.Context, row uint64, level int, index uint64, down int) ([]posp.Hash, error) {
	e, err := t.Row(ctx, row)
	if err != nil {
		return nil, err
	}
	return e.Below(level, index, down)
}

// Below returns the 2^down nodes that lie so many levels below one of the tree over the row's blocks, from the left.
func (e Elems) Below(level int, index uint64, down int) ([]posp.Hash, error) {
	leaves := e.leaves(traceBlock)
	top := depth(uint64(len(leaves)))
	if down < 0 || down > Round || down > level || level > top || index >= 1<<(top-level) {
		return nil, posp.Invalidf("nodes %d levels below node %d of level %d in a row of %d blocks", down, index, level, len(leaves))
	}
	nodes := climb(leaves, 0, level-down)
	below := make([]posp.Hash, 1<<down)
	for i := range below {
		below[i] = zeros[level-down]
		if at := index<<down | uint64(i); at < uint64(len(nodes)) {
			below[i] = nodes[at]
		}
	}
	return below, nil
}

// Block returns the bytes of a block of the row.
func (e Elems) Block(index int) ([]byte, error) {
	if index < 0 || index >= blocks(len(e.Values)) {
		return nil, posp.Invalidf("block %d of a row of %d", index, blocks(len(e.Values)))
	}
	block := e.Values[index*blockLength : min((index+1)*blockLength, len(e.Values))]
	b := make([]byte, len(block)*e.Width)
	encode(b, block, e.Width)
	return b, nil
}

// Root is the row's root.
func (e Elems) Root() posp.Hash {
	return climb(e.leaves(traceBlock), 0, depth(uint64(blocks(len(e.Values)))))[0]
}

// ProveBlock makes what the contract takes as the last move (PlainStepVerifier.verify): the block, and the openings of
// what its element is computed from. Of an element beyond the row's end, where nothing can be wrong, the block is enough.
func (t *Trace) ProveBlock(ctx context.Context, weights *Tree, row uint64, block, element int) ([]byte, error) {
	e, err := t.Row(ctx, row)
	if err != nil {
		return nil, err
	}
	i := block*blockLength + element
	if i >= len(e.Values) {
		return e.Block(block)
	}
	p, err := t.Prove(ctx, weights, row, i)
	if err != nil {
		return nil, err
	}
	return p.Encode(t.Graph.Leaf(t.Graph.Locate(row), i)), nil
}

// Encode is the block, then each operand's opening: the exponent, of a row of the model; elements; siblings. An
// operand that is the one before it again is not repeated.
func (p StepProof) Encode(l Leaf) []byte {
	b := append([]byte(nil), p.Element.Elements...)
	for k, o := range p.Operands {
		if k == 1 && l.Form == FormDot && l.Operands[1] == l.Operands[0] {
			continue
		}
		if l.Operands[k].Model {
			b = append(b, o.Exponent)
		}
		b = append(b, o.Elements...)
		for _, s := range o.Siblings {
			b = append(b, s[:]...)
		}
	}
	return b
}

// Ends are the siblings by which the contract makes a trace's root of its first two and its last two rows
// (TraceLib.ends): those of the first two rows' node, from there up; then what stands to the left of the last two
// rows' paths. node is a node of the tree over so many rows, level 0 the rows' roots.
func Ends(rows uint64, node func(level int, index uint64) (posp.Hash, error)) (siblings []posp.Hash, err error) {
	get := func(level int, index uint64) {
		if err == nil {
			var hash posp.Hash
			hash, err = node(level, index)
			siblings = append(siblings, hash)
		}
	}
	top := depth(rows)
	for level := 1; level < top; level++ {
		get(level, 1)
	}
	i := rows - 2
	for level := range top {
		if i&1 == 1 {
			get(level, i-1)
		}
		i >>= 1
	}
	return siblings, err
}

// Ends are the trace's.
func (t *Trace) Ends(ctx context.Context) ([]posp.Hash, error) {
	return Ends(t.Graph.Rows(), func(level int, index uint64) (posp.Hash, error) { return t.Node(ctx, level, index) })
}
