package circuit

import (
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/crypto"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Model is a model with the commitment that private specs have to it: the same rows as the public one, in another hash.
type Model struct {
	*reference.Quantiser
	tree *Tree
}

// RowRoots are the hidden roots of the model's rows from first on, made on all processors. progress, if any, is called with the number of rows done.
func RowRoots(ctx context.Context, q *reference.Quantiser, first uint64, roots []posp.Hash, progress func(done int)) error {
	const batch = 64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < len(roots); from += batch {
		to := min(from+batch, len(roots))
		group.Go(func() error {
			for i := from; i < to; i++ {
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("commit to the model: %w", err)
				}
				r, err := modelRow(q, first+uint64(i))
				if err != nil {
					return err
				}
				root := r.Root()
				roots[i] = root.Bytes()
			}
			return nil
		})
		if progress != nil {
			progress(from)
		}
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if progress != nil {
		progress(len(roots))
	}
	return nil
}

// NewModel is a model with the roots of all its rows (RowRoots).
func NewModel(q *reference.Quantiser, roots []posp.Hash) (*Model, error) {
	leaves := make([]fr.Element, len(roots))
	for i := range roots {
		if err := leaves[i].SetBytesCanonical(roots[i][:]); err != nil {
			return nil, posp.Invalidf("row %d of the model: its root is no element of the field", i)
		}
	}
	return &Model{q, NewTree(leaves)}, nil
}

// Commitment to the model's rows, as a public input.
func (m *Model) Commitment() fr.Element { return m.tree.Root() }

// Root is what a private spec names: docs/privacy.md, "Commitments".
func (m *Model) Root() posp.Hash {
	root := m.tree.Root()
	return m.Arch.Root(root.Bytes())
}

func modelRow(q *reference.Quantiser, i uint64) (*Row, error) {
	d, err := q.Row(i)
	if err != nil {
		return nil, err
	}
	return NewRow(ModelPacking(d.Width), d.Values, d.Exponent, nil)
}

// maxRows bounds the traces that are kept, at 64 bytes a row.
const maxRows = 1 << 26

// Rows are the elements of a run; reference.Trace is the program's.
type Rows interface {
	Row(ctx context.Context, i uint64) (reference.Elems, error)
}

// Trace is a run of the program with the commitments of a private spec: leaves that are salted Poseidon2, but for
// the rows of evidence, under the public trace's binary keccak tree.
type Trace struct {
	graph  *reference.Graph
	rows   Rows
	model  *Model
	seed   fr.Element
	levels [][]posp.Hash // from the leaves up, without padding
}

// zeros[i] is the root of a tree of 2^i zero leaves.
var zeros = func() (z [64]posp.Hash) {
	for i := range len(z) - 1 {
		z[i+1] = node(z[i], z[i])
	}
	return z
}()

func node(left, right posp.Hash) posp.Hash {
	return crypto.Keccak256Hash([]byte{0x01}, left[:], right[:])
}

// NewTrace commits to the rows of a run, of which there are as many as the graph has, under the opening's seed.
func NewTrace(ctx context.Context, g *reference.Graph, rows Rows, model *Model, seed fr.Element) (*Trace, error) {
	if err := Holds(g); err != nil {
		return nil, err
	}
	n := g.Rows()
	if n > maxRows {
		return nil, fmt.Errorf("commit to a private trace: %d rows, at most %d are kept", n, maxRows)
	}
	t := &Trace{graph: g, rows: rows, model: model, seed: seed}
	leaves := make([]posp.Hash, n)
	// Rows come from the program one after the other; they are hashed in parallel.
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	defer group.Wait() // what a return in between leaves behind
	for i := range n {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("commit to a private trace: %w", err)
		}
		e, err := rows.Row(ctx, i)
		if err != nil {
			return nil, fmt.Errorf("commit to row %d: %w", i, err)
		}
		if t.Public(i) {
			leaves[i] = e.Root()
			continue
		}
		group.Go(func() error {
			salt := posp.RowSalt(seed, i)
			r, err := NewRow(RowPacking(e.Width), e.Values, 0, &salt)
			if err != nil {
				return err
			}
			root := r.Root()
			leaves[i] = root.Bytes()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	t.levels = [][]posp.Hash{leaves}
	for level := 0; len(leaves) > 1; level++ {
		above := make([]posp.Hash, (len(leaves)+1)/2)
		for i := range above {
			right := zeros[level]
			if 2*i+1 < len(leaves) {
				right = leaves[2*i+1]
			}
			above[i] = node(leaves[2*i], right)
		}
		t.levels, leaves = append(t.levels, above), above
	}
	return t, nil
}

// Over commits to other rows as this trace does to its own: to what somebody else says that the run was.
func (t *Trace) Over(ctx context.Context, rows Rows) (*Trace, error) {
	return NewTrace(ctx, t.graph, rows, t.model, t.seed)
}

// Root of the trace.
func (t *Trace) Root() posp.Hash { return t.levels[len(t.levels)-1][0] }

// Depth of the tree over the rows.
func (t *Trace) Depth() int { return bits.Len64(t.graph.Rows() - 1) }

// Node is a node of the tree: level 0 is rows' leaves, level Depth the root.
func (t *Trace) Node(level int, index uint64) (posp.Hash, error) {
	if level < 0 || level > t.Depth() || index >= 1<<(t.Depth()-level) {
		return posp.Hash{}, posp.Invalidf("node %d of level %d in a tree of %d levels", index, level, t.Depth())
	}
	if index >= uint64(len(t.levels[level])) {
		return zeros[level], nil
	}
	return t.levels[level][index], nil
}

// Ends are what the contract makes the root of: reference.Ends.
func (t *Trace) Ends() ([]posp.Hash, error) { return reference.Ends(t.graph.Rows(), t.Node) }

// Model that ran.
func (t *Trace) Model() *Model { return t.model }

// Graph of the run.
func (t *Trace) Graph() *reference.Graph { return t.graph }

// Public says whether a row is committed to as in a public trace: evidence is for everybody.
func (t *Trace) Public(row uint64) bool { return PublicRow(t.graph.Locate(row).Op) }

// Elements of a row.
func (t *Trace) Elements(ctx context.Context, row uint64) (reference.Elems, error) {
	return t.rows.Row(ctx, row)
}

// SeedCommitment of the trace's salts.
func (t *Trace) SeedCommitment() fr.Element { return posp.SeedCommitment(t.seed) }

// Claim describes element e of a row as this trace has it, with what a proof of it hides.
func (t *Trace) Claim(ctx context.Context, row uint64, e int, context fr.Element) (Claim, Witness, error) {
	s, err := NewStep(t.graph, row, e)
	if err != nil {
		return Claim{}, Witness{}, err
	}
	c := Claim{Step: s, Context: context, Seed: posp.SeedCommitment(t.seed), Model: t.model.Commitment()}
	w := Witness{Seed: t.seed, Tree: t.model.tree}
	if s.PublicElement {
		elems, err := t.rows.Row(ctx, row)
		if err != nil {
			return c, w, fmt.Errorf("read row %d: %w", row, err)
		}
		c.Own.SetUint64(uint64(elems.Values[e] + 1<<31))
	} else {
		if w.Own, err = t.Row(ctx, row); err != nil {
			return c, w, err
		}
		c.Own, c.Masked = w.Own.Show(e / w.Own.packing.Block())
	}
	for i := range s.operands() {
		if w.Trace[i], err = t.Row(ctx, s.Trace[i].Row); err != nil {
			return c, w, err
		}
		c.Roots[i] = w.Trace[i].Root()
	}
	if s.Kind == Token {
		w.Token = int(w.Trace[0].values[s.Trace[0].First])
	}
	for i := range s.models() {
		row := s.Model[i].Row
		if s.Kind == Token {
			row += uint64(w.Token)
		}
		if w.Model[i], err = modelRow(t.model.Quantiser, row); err != nil {
			return c, w, fmt.Errorf("read row %d of the model: %w", row, err)
		}
	}
	return c, w, nil
}

// Row is a row with its tree: what a descent within the row shows.
func (t *Trace) Row(ctx context.Context, i uint64) (*Row, error) {
	elems, err := t.rows.Row(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("read row %d: %w", i, err)
	}
	salt := posp.RowSalt(t.seed, i)
	return NewRow(RowPacking(elems.Width), elems.Values, 0, &salt)
}

// Proofs makes the proof of a claim; Prover.Prove is what the contracts take.
type Proofs func(Claim, Witness) (proof []byte, inputs []fr.Element, err error)

// Prove makes the last move of a game: that an element of a block is right, for PrivateStepVerifier.verify. game is what names the
// game and its asserter. Where there is nothing to prove (a token, which the receipt gives; beyond what a block or a row of evidence has) there is no proof.
func (t *Trace) Prove(ctx context.Context, prove Proofs, row uint64, block, element int, game posp.Hash) ([]byte, error) {
	elems, err := t.rows.Row(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("read row %d: %w", row, err)
	}
	var out []byte // the block's elements, or what was shown of it comes to
	at := t.graph.Locate(row)
	if t.Public(row) {
		if out, err = elems.Block(block); err != nil {
			return nil, err
		}
		if element >= len(out)/elems.Width {
			return out, nil
		}
		element += block * publicBlock
	} else {
		size := RowPacking(elems.Width).Block()
		if element >= size {
			return nil, nil
		}
		element += block * size
		if element < len(elems.Values) && t.graph.Leaf(at, element).Form == reference.FormGiven {
			return nil, nil
		}
	}
	c, w, err := t.Claim(ctx, row, element, Context(game))
	if err != nil {
		return nil, err
	}
	if out == nil {
		point, value := Shown(c.Own, c.Masked)
		out = slices.Concat(point.Marshal(), value.Marshal())
	}
	var opened []uint64
	for i := range c.Step.operands() {
		row := c.Step.Trace[i].Row
		if slices.Contains(opened, row) {
			continue
		}
		out = append(out, c.Roots[i].Marshal()...)
		for level := range Levels(t.Depth(), opened, row) {
			sibling, err := t.Node(level, row>>level^1)
			if err != nil {
				return nil, err
			}
			out = append(out, sibling[:]...)
		}
		opened = append(opened, row)
	}
	proof, _, err := prove(c, w)
	return append(out, proof...), err
}

// Levels is how far a row's path goes up in a last move: below a trace's root, which is depth levels above its rows, or below where it meets that of a row
// that was opened before it. Its last node is a sibling there.
func Levels(depth int, opened []uint64, row uint64) int {
	for _, o := range opened {
		depth = min(depth, bits.Len64(row^o)-1)
	}
	return depth
}

// publicBlock is the block of a public row.
const publicBlock = 64
