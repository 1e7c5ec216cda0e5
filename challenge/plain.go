package challenge

import (
	"context"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Plain is a run of a public spec, whose trace is committed to in the clear.
type Plain struct {
	Trace   *reference.Trace
	Weights *reference.Tree
}

var _ Run = Plain{}

// Root is the trace's root.
func (p Plain) Root() posp.Hash { return p.Trace.Root() }

// Below are nodes below the game's.
func (p Plain) Below(g posp.Game, down int) ([]posp.Hash, error) {
	if g.Blocks == 0 {
		return p.Trace.Below(context.Background(), int(g.Level), g.Row, down)
	}
	return p.Trace.BelowIn(context.Background(), g.Row, int(g.Level), uint64(g.Block), down)
}

// Block is the block's elements, and the bytes of each.
func (p Plain) Block(row uint64, block uint32) ([]byte, int, error) {
	e, err := p.Trace.Row(context.Background(), row)
	if err != nil {
		return nil, 0, err
	}
	data, err := e.Block(int(block))
	return data, e.Width, err
}

// Path is the siblings of a node that was shown.
func (p Plain) Path(g posp.Game, index int) ([]posp.Hash, error) {
	return reference.Path(g.Nodes, index), nil
}

// Differs is the first element of what was shown that is not one's own.
func (p Plain) Differs(g posp.Game) (uint8, error) {
	own, width, err := p.Block(g.Row, g.Block)
	return differs(g.Data, own, width), err
}

// Prove opens what an element is computed from.
func (p Plain) Prove(_ posp.Hash, g posp.Game) ([]byte, error) {
	return p.Trace.ProveBlock(context.Background(), p.Weights, g.Row, int(g.Block), int(g.Element))
}
