package reference

import (
	"context"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// TestDescent: what is below each node folds to it, in the trace and in its rows, down to the blocks; and a node climbs
// to the one above by its path.
func TestDescent(t *testing.T) {
	ctx := context.Background()
	m := build(t, random(t, shape("qwen2"), 1))
	trace := traced(t, m, tokens(1, 6, m.Vocab), tokens(2, 3, m.Vocab))
	up := func(hash posp.Hash, index int, siblings []posp.Hash) posp.Hash {
		for i, s := range siblings {
			if index>>i&1 == 0 {
				hash = node(hash, s)
			} else {
				hash = node(s, hash)
			}
		}
		return hash
	}
	for level := 1; level <= trace.Depth(); level++ {
		down := min(level, Round)
		for i := range uint64(1) << (trace.Depth() - level) {
			want, err := trace.Node(ctx, level, i)
			if err != nil {
				t.Fatal(err)
			}
			nodes, err := trace.Below(ctx, level, i, down)
			if err != nil || len(nodes) != 1<<down || Fold(nodes) != want {
				t.Fatalf("below node %d of level %d: %v", i, level, err)
			}
			for k := range nodes {
				if up(nodes[k], k, Path(nodes, k)) != want {
					t.Fatalf("path of child %d of node %d of level %d", k, i, level)
				}
			}
		}
	}
	for row := range trace.Graph.Rows() {
		e, err := trace.Row(ctx, row)
		if err != nil {
			t.Fatal(err)
		}
		root, err := trace.Node(ctx, 0, row)
		if err != nil || e.Root() != root {
			t.Fatalf("root of row %d: %v", row, err)
		}
		n := blocks(len(e.Values))
		top := depth(uint64(n))
		for i := range uint64(1) << max(0, top-Round) {
			nodes, err := trace.BelowIn(ctx, row, min(top, Round), i, min(top, Round))
			if err != nil {
				t.Fatal(err)
			}
			for k, hash := range nodes {
				block := int(i)*len(nodes) + k
				if block >= n {
					if hash != (posp.Hash{}) {
						t.Fatalf("row %d has a block %d", row, block)
					}
					continue
				}
				b, err := e.Block(block)
				if err != nil {
					t.Fatal(err)
				}
				if want := (Elems{e.Width, decode(b, e.Width)}).leaves(traceBlock)[0]; hash != want {
					t.Fatalf("block %d of row %d is another", block, row)
				}
			}
		}
		if _, err := e.Block(n); err == nil {
			t.Fatal("a block beyond the last")
		}
	}
	if _, err := trace.Below(ctx, 3, 0, 4); err == nil {
		t.Error("nodes below the rows")
	}
}

// TestEnds: the siblings make the trace's root of its first two and last two rows, as TraceLib.ends does.
func TestEnds(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"single", "qwen2", "qwen3"} {
		m := build(t, random(t, shape(name), 1))
		for n := 1; n < 8; n++ {
			trace := traced(t, m, tokens(1, n, m.Vocab), tokens(2, 3, m.Vocab))
			siblings, err := trace.Ends(ctx)
			if err != nil {
				t.Fatal(err)
			}
			row := func(i uint64) posp.Hash {
				hash, err := trace.Node(ctx, 0, i)
				if err != nil {
					t.Fatal(err)
				}
				return hash
			}
			last := trace.Graph.Rows() - 2
			next := 0
			take := func() posp.Hash { next++; return siblings[next-1] }
			root := node(row(0), row(1))
			for level := 1; level < trace.Depth(); level++ {
				root = node(root, take())
			}
			left, right, one := row(last), row(last+1), false
			for level, i := 0, last; level < trace.Depth(); level, i = level+1, i>>1 {
				switch {
				case i&1 == 1:
					left = node(take(), left)
					if !one {
						right = node(right, zeros[level])
					}
				case one:
					left = node(left, zeros[level])
				default:
					left, one = node(left, right), true
				}
			}
			if root != trace.Root() || left != trace.Root() || next != len(siblings) {
				t.Errorf("%s, %d tokens: %d of %d siblings make roots %s and %s, want %s", name, n, next, len(siblings), root, left, trace.Root())
			}
		}
	}
}
