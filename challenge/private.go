package challenge

import (
	"context"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Private is a run of a private spec (docs/privacy.md, "The game"): within a row nodes are field elements, blocks are shown masked, and what
// proves an element is a zero-knowledge proof.
type Private struct {
	Trace *circuit.Trace
	// Proofs makes the last move's; circuit.Prover's are what contracts take. It takes seconds.
	Proofs circuit.Proofs
	// Context names a game, so that its proof is of no use in another.
	Context func(id posp.Hash, challenger posp.Address) posp.Hash
}

var _ Run = Private{}

// Root is the trace's root.
func (p Private) Root() posp.Hash { return p.Trace.Root() }

// Below are nodes below the game's: keccak's down to a row and within rows of evidence, else field elements.
func (p Private) Below(g posp.Game, down int) ([]posp.Hash, error) {
	if g.Blocks == 0 {
		if down < 0 || down > int(g.Level) {
			return nil, posp.Invalidf("nodes %d levels below level %d", down, g.Level)
		}
		nodes := make([]posp.Hash, 1<<down)
		for i := range nodes {
			var err error
			if nodes[i], err = p.Trace.Node(int(g.Level)-down, g.Row<<down|uint64(i)); err != nil {
				return nil, err
			}
		}
		return nodes, nil
	}
	if p.Trace.Public(g.Row) {
		e, err := p.Trace.Elements(context.Background(), g.Row)
		if err != nil {
			return nil, err
		}
		return e.Below(int(g.Level), uint64(g.Block), down)
	}
	r, err := p.Trace.Row(context.Background(), g.Row)
	if err != nil {
		return nil, err
	}
	return r.Below(int(g.Level), uint64(g.Block), down)
}

// Path is the siblings of a node that was shown.
func (p Private) Path(g posp.Game, index int) ([]posp.Hash, error) {
	if g.Blocks == 0 || p.Trace.Public(g.Row) {
		return reference.Path(g.Nodes, index), nil
	}
	return circuit.Path(g.Nodes, index)
}

// Block is the block's lanes, masked; in a row of evidence its elements.
func (p Private) Block(row uint64, block uint32) (data []byte, width int, err error) {
	if p.Trace.Public(row) {
		e, err := p.Trace.Elements(context.Background(), row)
		if err != nil {
			return nil, 0, err
		}
		data, err := e.Block(int(block))
		return data, e.Width, err
	}
	r, err := p.Trace.Row(context.Background(), row)
	if err != nil {
		return nil, 0, err
	}
	if block>>r.Height() != 0 {
		return nil, 0, posp.Invalidf("block %d of row %d", block, row)
	}
	_, masked := r.Show(int(block))
	return masked.Bytes(), fr.Bytes, nil
}

// Differs is the first element that is wrong under the mask.
func (p Private) Differs(g posp.Game) (uint8, error) {
	if p.Trace.Public(g.Row) {
		own, width, err := p.Block(g.Row, g.Block)
		return differs(g.Data, own, width), err
	}
	r, err := p.Trace.Row(context.Background(), g.Row)
	if err != nil {
		return 0, err
	}
	return uint8(r.Differs(int(g.Block), g.Data)), nil
}

// Prove makes the last move: before the proof goes the leaf that was shown with the block, of which the game keeps a hash.
func (p Private) Prove(id posp.Hash, g posp.Game) ([]byte, error) {
	proof, err := p.Trace.Prove(context.Background(), p.Proofs, g.Row, int(g.Block), int(g.Element), p.Context(id, g.Challenger))
	if err != nil || len(proof) == 0 || p.Trace.Public(g.Row) {
		return proof, err
	}
	r, err := p.Trace.Row(context.Background(), g.Row)
	if err != nil {
		return nil, err
	}
	leaf := r.Node(0, int(g.Block))
	return append(leaf.Marshal(), proof...), nil
}
