package reference

import (
	"context"
	"fmt"
	"sync"

	"github.com/proof-of-sampling/posp"
)

// keptNodes bounds the nodes of a trace's tree that are kept, in number of the lowest level's; what lies below is
// computed again when it is asked for.
const keptNodes = 1 << 20

// Trace is a committed run of the program over one text. It keeps the residual stream of every layer and the upper
// levels of its tree, 4 * T * d * (L+1) bytes and at most 64 MB; every row is computed again from them when it is
// asked for. Its methods may be used by several callers at once.
type Trace struct {
	Graph *Graph
	// LogProb and Margin are the last two rows: the evidence.
	LogProb, Margin []int32

	forest   *Forest
	residual [][]int32 // what enters each layer, and what leaves the last

	mu       sync.Mutex // of what follows: the computation of rows
	run      *run
	prepared int              // the layer whose keys and values are in run, or -1
	rows     map[uint64]Elems // of the last computation
}

// Elems are the elements of a row, of 4 or 8 bytes each.
type Elems struct {
	Width  int
	Values []int64
}

// Trace runs the program over a text and commits to every row. The text is checked as Score does.
func (m *Model) Trace(ctx context.Context, prompt []uint32, s posp.Sampling, output []uint32) (*Trace, error) {
	if len(output) == 0 {
		return nil, posp.Invalidf("an output without tokens has no trace")
	}
	r, err := m.start(prompt, s, output)
	if err != nil {
		return nil, err
	}
	g := r.g
	t := &Trace{Graph: g, forest: newForest(max(0, depth(g.Rows())-depth(keptNodes))), run: r, prepared: -1}

	// The rows of one section after the other go through one window of roots.
	var window []posp.Hash
	var base uint64
	r.record(func() recorder { return &committer{rowHasher: newRowHasher(), g: g, window: &window, base: &base} })
	section := func(end uint64, compute func() error) error {
		window = make([]posp.Hash, end-base)
		if err := compute(); err != nil {
			return err
		}
		t.forest.extend(window)
		base = end
		return nil
	}
	err = section(g.layerStart(0), func() error { return r.embed(ctx) })
	for l := 0; l < m.Layers && err == nil; l++ {
		t.residual = append(t.residual, append([]int32(nil), r.x...))
		err = section(g.layerStart(l+1), func() error {
			if err := r.prepare(ctx, l); err != nil {
				return err
			}
			return r.mix(ctx, l)
		})
	}
	if err != nil {
		return nil, err
	}
	t.residual = append(t.residual, append([]int32(nil), r.x...))
	err = section(g.Rows(), func() error {
		if err := r.score(ctx); err != nil {
			return err
		}
		t.LogProb, t.Margin = r.logProbs, r.margins
		if !g.Greedy {
			t.Margin = make([]int32, len(output))
		}
		w := r.workers[0]
		w.row32(Row{Op: LogProbs}, t.LogProb)
		w.row32(Row{Op: Margins}, t.Margin)
		w.record.flush()
		return nil
	})
	if err != nil {
		return nil, err
	}
	t.forest.finish()

	r.workers = r.workers[:1]
	r.workers[0].record = &collector{t}
	r.logProbs, r.margins = make([]int32, len(output)), make([]int32, len(output)) // the evidence is not to change
	return t, nil
}

// committer hashes rows into a window of roots.
type committer struct {
	*rowHasher
	g      *Graph
	window *[]posp.Hash
	base   *uint64
}

func (c *committer) row32(r Row, values []int32) {
	c.add32(&(*c.window)[c.g.Index(r)-*c.base], values)
}

func (c *committer) row64(r Row, values []int64) {
	c.add64(&(*c.window)[c.g.Index(r)-*c.base], values)
}

// collector keeps the rows of a small computation.
type collector struct{ *Trace }

func (c *collector) row32(r Row, values []int32) {
	wide := make([]int64, len(values))
	for i, x := range values {
		wide[i] = int64(x)
	}
	c.rows[c.Graph.Index(r)] = Elems{4, wide}
}

func (c *collector) row64(r Row, values []int64) {
	c.rows[c.Graph.Index(r)] = Elems{8, append([]int64(nil), values...)}
}

func (c *collector) flush() {}

// signed is tokens as elements.
func signed(tokens []uint32) []int32 {
	x := make([]int32, len(tokens))
	for i, t := range tokens {
		x[i] = int32(t)
	}
	return x
}

// Root commits to the trace.
func (t *Trace) Root() posp.Hash { return t.forest.Root() }

// Depth is the height of the tree over the rows.
func (t *Trace) Depth() int { return depth(t.Graph.Rows()) }

// Row returns row i, computed anew with what belongs to the same token.
func (t *Trace) Row(ctx context.Context, i uint64) (Elems, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.row(ctx, i)
}

func (t *Trace) row(ctx context.Context, i uint64) (Elems, error) {
	if i >= t.Graph.Rows() {
		return Elems{}, posp.Invalidf("row %d of a trace of %d", i, t.Graph.Rows())
	}
	if e, ok := t.rows[i]; ok {
		return e, nil
	}
	t.rows = map[uint64]Elems{}
	r, w, d := t.run, t.run.workers[0], t.Graph.Hidden
	row := t.Graph.Locate(i)
	switch op := row.Op; {
	case op == Prompt:
		w.row32(row, signed(r.prompt))
	case op == Output:
		w.row32(row, signed(r.output))
	case op == Embedded:
		w.row32(row, t.residual[0][row.At*d:][:d])
	case op == LogProbs:
		w.row32(row, t.LogProb)
	case op == Margins:
		w.row32(row, t.Margin)
	case op >= FinalSumSq:
		t.prepared = -1
		copy(r.x, t.residual[t.Graph.Layers])
		if err := r.readHead(); err != nil {
			return Elems{}, err
		}
		r.scoreTile(w, row.At, row.At+1)
	default:
		if t.prepared != row.Layer {
			t.prepared = -1
			copy(r.x, t.residual[row.Layer])
			w.record = nil
			err := r.prepare(ctx, row.Layer)
			w.record = &collector{t}
			if err != nil {
				return Elems{}, err
			}
			t.prepared = row.Layer
		}
		switch {
		case op <= KRope:
			r.keysOf(w, row.Layer, row.At, row.At+1)
		case op <= V:
			r.valuesOf(w, row.Layer, row.At, row.At+1)
		default:
			r.mixTile(w, row.Layer, row.At, row.At+1)
			copy(r.x[row.At*d:][:d], t.residual[row.Layer][row.At*d:]) // which it replaced
		}
	}
	e, ok := t.rows[i]
	if !ok {
		return Elems{}, fmt.Errorf("compute row %d, %+v: it was not made", i, row)
	}
	return e, nil
}

// Node returns the hash of a node of the tree over the rows: level 0 is rows' roots, level Depth the root.
func (t *Trace) Node(ctx context.Context, level int, index uint64) (posp.Hash, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.node(ctx, level, index)
}

func (t *Trace) node(ctx context.Context, level int, index uint64) (posp.Hash, error) {
	if level < 0 || level > t.Depth() || index >= 1<<(t.Depth()-level) {
		return posp.Hash{}, posp.Invalidf("node %d of level %d in a tree of %d levels", index, level, t.Depth())
	}
	if hash, ok := t.forest.node(level, index); ok {
		return hash, nil
	}
	first, n := index<<level, uint64(1)<<level
	if rows := t.Graph.Rows(); first >= rows {
		return zeros[level], nil
	} else if n > rows-first {
		n = rows - first
	}
	roots, h := make([]posp.Hash, n), newRowHasher()
	for i := range roots {
		e, err := t.row(ctx, first+uint64(i))
		if err != nil {
			return posp.Hash{}, err
		}
		h.add(&roots[i], traceBlock, e.Values, e.Width)
	}
	h.flush()
	return climb(roots, 0, level)[0], nil
}

// siblings are those of a row's path, from the row up.
func (t *Trace) siblings(ctx context.Context, row uint64) ([]posp.Hash, error) {
	path := make([]posp.Hash, t.Depth())
	for level := range path {
		var err error
		if path[level], err = t.node(ctx, level, row>>level^1); err != nil {
			return nil, err
		}
	}
	return path, nil
}

// Open opens elements [first, first+n) of a row under the trace's root.
func (t *Trace) Open(ctx context.Context, row uint64, first, n int) (Opening, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, err := t.row(ctx, row)
	if err != nil {
		return Opening{}, err
	}
	o, err := e.open(traceBlock, first, n)
	if err != nil {
		return Opening{}, err
	}
	path, err := t.siblings(ctx, row)
	if err != nil {
		return Opening{}, err
	}
	o.Siblings = append(o.Siblings, path...)
	return o, nil
}
