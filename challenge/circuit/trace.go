package circuit

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/bits"
	"runtime"

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

// NewModel commits to all rows, on all processors. progress, if any, is called with the number of rows done.
func NewModel(ctx context.Context, q *reference.Quantiser, progress func(done int)) (*Model, error) {
	m := &Model{Quantiser: q}
	roots := make([]fr.Element, q.ModelRows())
	const batch = 64
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for first := 0; first < len(roots); first += batch {
		last := min(first+batch, len(roots))
		group.Go(func() error {
			for i := first; i < last; i++ {
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("commit to the model: %w", err)
				}
				r, err := m.row(uint64(i))
				if err != nil {
					return err
				}
				roots[i] = r.Root()
			}
			return nil
		})
		if progress != nil {
			progress(first)
		}
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	if progress != nil {
		progress(len(roots))
	}
	m.tree = NewTree(roots)
	return m, nil
}

// Commitment to the model's rows, as a public input.
func (m *Model) Commitment() fr.Element { return m.tree.Root() }

// Root is what a private spec names: docs/privacy.md, "Commitments".
func (m *Model) Root() posp.Hash {
	root := m.tree.Root()
	return m.Arch.Root(root.Bytes())
}

func (m *Model) row(i uint64) (*Row, error) {
	d, err := m.Quantiser.Row(i)
	if err != nil {
		return nil, err
	}
	return NewRow(ModelPacking(d.Width), d.Values, d.Exponent, nil)
}

// maxRows bounds the traces that are kept, at 64 bytes a row.
const maxRows = 1 << 26

// Trace is a run of the program with the commitments of a private spec: leaves that are salted Poseidon2, but for
// the rows of evidence, under the public trace's binary keccak tree.
type Trace struct {
	public *reference.Trace
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

// NewTrace commits to a run under the opening's seed.
func NewTrace(ctx context.Context, public *reference.Trace, model *Model, seed fr.Element) (*Trace, error) {
	if err := Holds(public.Graph); err != nil {
		return nil, err
	}
	rows := public.Graph.Rows()
	if rows > maxRows {
		return nil, fmt.Errorf("commit to a private trace: %d rows, at most %d are kept", rows, maxRows)
	}
	t := &Trace{public: public, model: model, seed: seed}
	leaves := make([]posp.Hash, rows)
	// Rows come from the program one after the other; they are hashed in parallel.
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	defer group.Wait() // what a return in between leaves behind
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("commit to a private trace: %w", err)
		}
		if PublicRow(public.Graph.Locate(i).Op) {
			leaf, err := public.Node(ctx, 0, i)
			if err != nil {
				return nil, fmt.Errorf("commit to row %d: %w", i, err)
			}
			leaves[i] = leaf
			continue
		}
		e, err := public.Row(ctx, i)
		if err != nil {
			return nil, fmt.Errorf("commit to row %d: %w", i, err)
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

// Root of the trace.
func (t *Trace) Root() posp.Hash { return t.levels[len(t.levels)-1][0] }

// Depth of the tree over the rows.
func (t *Trace) Depth() int { return bits.Len64(t.public.Graph.Rows() - 1) }

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

// SeedCommitment of the trace's salts.
func (t *Trace) SeedCommitment() fr.Element { return posp.SeedCommitment(t.seed) }

// Claim describes element e of a row as this trace has it, with what a proof of it hides.
func (t *Trace) Claim(ctx context.Context, row uint64, e int, context fr.Element) (Claim, Witness, error) {
	s, err := NewStep(t.public.Graph, row, e)
	if err != nil {
		return Claim{}, Witness{}, err
	}
	c := Claim{Step: s, Context: context, Seed: posp.SeedCommitment(t.seed), Model: t.model.Commitment()}
	w := Witness{Seed: t.seed, Tree: t.model.tree}
	if s.PublicElement {
		elems, err := t.public.Row(ctx, row)
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
		if w.Model[i], err = t.model.row(row); err != nil {
			return c, w, fmt.Errorf("read row %d of the model: %w", row, err)
		}
	}
	return c, w, nil
}

// Row is a row with its tree: what a descent within the row shows.
func (t *Trace) Row(ctx context.Context, i uint64) (*Row, error) {
	elems, err := t.public.Row(ctx, i)
	if err != nil {
		return nil, fmt.Errorf("read row %d: %w", i, err)
	}
	salt := posp.RowSalt(t.seed, i)
	return NewRow(RowPacking(elems.Width), elems.Values, 0, &salt)
}

// Prove makes the last move of a game: that element e of a row is right, for PrivateStepVerifier.verify. game is what names the
// game and its asserter.
func (t *Trace) Prove(ctx context.Context, p *Prover, row uint64, e int, game posp.Hash) ([]byte, error) {
	c, w, err := t.Claim(ctx, row, e, Context(game))
	if err != nil {
		return nil, err
	}
	// The block as it was shown.
	var out []byte
	if c.Step.PublicElement {
		elems, err := t.public.Row(ctx, row)
		if err != nil {
			return nil, fmt.Errorf("read row %d: %w", row, err)
		}
		first := e / publicBlock * publicBlock
		for _, x := range elems.Values[first:min(first+publicBlock, len(elems.Values))] {
			out = binary.BigEndian.AppendUint32(out, uint32(x))
		}
	} else {
		out = c.Masked.Bytes()
	}
	for i := range c.Step.operands() {
		if row := c.Step.Trace[i].Row; i == 0 || row != c.Step.Trace[i-1].Row {
			out = append(out, c.Roots[i].Marshal()...)
			for level := range t.Depth() {
				sibling, err := t.Node(level, row>>level^1)
				if err != nil {
					return nil, err
				}
				out = append(out, sibling[:]...)
			}
		}
	}
	proof, _, err := p.Prove(c, w)
	return append(out, proof...), err
}

// publicBlock is the block of a public row.
const publicBlock = 64
