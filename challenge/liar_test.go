package challenge

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// program is a small model, a text, and the honest run on it.
type program struct {
	g       *reference.Graph
	honest  Plain
	rows    []reference.Elems // of the trace
	weights *reference.Quantiser
	root    posp.Hash // over the model's rows
}

// The shapes between which every operation occurs: all partial sums and normed heads; no partial sums, biases and an output
// matrix of its own; a vocabulary that takes two levels of partial results.
var shapes = map[string]model.Config{
	"parts": {ModelType: model.Qwen3, HiddenSize: 260, Layers: 1, Heads: 17, KVHeads: 1, HeadWidth: 16, IntermediateSize: 258, VocabSize: 70, TieEmbeddings: true},
	"plain": {ModelType: model.Qwen2, HiddenSize: 12, Layers: 2, Heads: 2, KVHeads: 1, HeadWidth: 6, IntermediateSize: 20, VocabSize: 300},
	"vocab": {ModelType: model.Llama, HiddenSize: 8, Layers: 1, Heads: 1, KVHeads: 1, IntermediateSize: 8, VocabSize: 65537, TieEmbeddings: true},
}

var programs = map[string]func() *program{}

func init() {
	for name, c := range shapes {
		programs[name] = sync.OnceValue(func() *program {
			c.ContextLength, c.RMSNormEps, c.RopeTheta, c.EOS = 64, 1e-5, 10000, 1
			p, err := newProgram(c)
			if err != nil {
				panic(err)
			}
			return p
		})
	}
}

func newProgram(c model.Config) (*program, error) {
	w, err := model.Random(c, 3)
	if err != nil {
		return nil, err
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		return nil, err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	text := make([]uint32, 5)
	for i := range text {
		text[i] = rng.Uint32N(uint32(c.VocabSize))
	}
	trace, err := m.Trace(context.Background(), text[:3], posp.Sampling{Rule: posp.Greedy, MaxTokens: 2}, text[3:])
	if err != nil {
		return nil, err
	}
	roots := make([]posp.Hash, m.ModelRows())
	if err := m.RowRoots(context.Background(), 0, roots, nil); err != nil {
		return nil, err
	}
	p := &program{g: trace.Graph, weights: m.Quantiser, root: reference.RowsRoot(slices.Clone(roots))}
	p.honest = Plain{Trace: trace, Weights: m.Quantiser.Tree(roots)}
	for i := range trace.Graph.Rows() {
		e, err := trace.Row(context.Background(), i)
		if err != nil {
			return nil, err
		}
		p.rows = append(p.rows, e)
	}
	return p, nil
}

// forged is a run over rows that somebody made up: all of it is committed to as it should be.
type forged struct {
	*program
	rows   []reference.Elems
	levels [][]posp.Hash // of the tree over the rows, padded
	// blocks are hashes of blocks that are no elements' at all, by row; and their data, where there are any.
	blocks map[uint64][]posp.Hash
	data   map[posp.Hash][]byte
}

// forge commits to rows; roots may have some replaced, padding too.
func (p *program) forge(rows []reference.Elems, replace map[uint64]posp.Hash) *forged {
	f := &forged{program: p, rows: rows}
	leaves := make([]posp.Hash, 1<<height(uint64(len(rows))))
	for i := range leaves {
		if i < len(rows) {
			leaves[i] = rows[i].Root()
		}
		if h, ok := replace[uint64(i)]; ok {
			leaves[i] = h
		}
	}
	f.levels = [][]posp.Hash{leaves}
	for len(leaves) > 1 {
		above := make([]posp.Hash, len(leaves)/2)
		for i := range above {
			above[i] = reference.Fold(leaves[2*i : 2*i+2])
		}
		f.levels, leaves = append(f.levels, above), above
	}
	return f
}

// lie changes one element and nothing else.
func (p *program) lie(row uint64, e int) *forged {
	rows := slices.Clone(p.rows)
	values := slices.Clone(rows[row].Values)
	values[e] ^= 1
	rows[row].Values = values
	return p.forge(rows, nil)
}

// consistentLie changes one element, and computes everything after it from what that makes of it: the evidence with it.
func (p *program) consistentLie(row uint64, e int) (*forged, error) {
	rows := slices.Clone(p.rows)
	values := slices.Clone(rows[row].Values)
	values[e] ^= 1
	rows[row].Values = values
	dirty := map[uint64]bool{row: true}
	model := map[uint64]reference.ModelRowData{}
	for i := row + 1; i < uint64(len(rows)); i++ {
		at := p.g.Locate(i)
		values := slices.Clone(rows[i].Values)
		for e := range values {
			leaf := p.g.Leaf(at, e)
			if !slices.ContainsFunc(leaf.Operands, func(o reference.Operand) bool { return !o.Model && dirty[o.Row] }) {
				continue
			}
			in := make([]reference.Input, len(leaf.Operands))
			for k, o := range leaf.Operands {
				if o.ByToken {
					if o.Model {
						o.Row += uint64(in[0].Values[0])
					} else {
						o.First += int(in[0].Values[0])
					}
				}
				source := rows[min(o.Row, uint64(len(rows)-1))].Values
				if o.Model {
					if _, ok := model[o.Row]; !ok {
						d, err := p.weights.Row(o.Row)
						if err != nil {
							return nil, err
						}
						model[o.Row] = d
					}
					source, in[k].Exponent = model[o.Row].Values, uint(model[o.Row].Exponent)
				}
				in[k].Values = source[o.First:][:o.Length]
			}
			x, err := leaf.Step(in...)
			if err != nil {
				continue // a lie that no run can go on from: what stood there stays
			}
			values[e] = x
		}
		if !slices.Equal(values, rows[i].Values) {
			rows[i].Values, dirty[i] = values, true
		}
	}
	return p.forge(rows, nil), nil
}

func (f *forged) Root() posp.Hash { return f.levels[len(f.levels)-1][0] }

func (f *forged) Below(g posp.Game, down int) ([]posp.Hash, error) {
	if g.Blocks == 0 {
		return f.levels[int(g.Level)-down][g.Row<<down:][:1<<down], nil
	}
	if leaves, ok := f.blocks[g.Row]; ok {
		nodes := slices.Clone(leaves)
		for range int(g.Level) - down {
			for i := range len(nodes) / 2 {
				nodes[i] = reference.Fold([]posp.Hash{nodes[2*i], nodes[2*i+1]})
			}
			nodes = nodes[:len(nodes)/2]
		}
		return nodes[uint64(g.Block)<<down:][:1<<down], nil
	}
	return f.rows[g.Row].Below(int(g.Level), uint64(g.Block), down)
}

func (f *forged) Block(row uint64, block uint32) ([]byte, int, error) {
	if leaves, ok := f.blocks[row]; ok {
		return f.data[leaves[block]], f.rows[row].Width, nil
	}
	data, err := f.rows[row].Block(int(block))
	return data, f.rows[row].Width, err
}

func (f *forged) Path(g posp.Game, index int) ([]posp.Hash, error) {
	return reference.Path(g.Nodes, index), nil
}

func (f *forged) Differs(g posp.Game) (uint8, error) {
	own, width, err := f.Block(g.Row, g.Block)
	return differs(g.Data, own, width), err
}

// Prove opens what the element should be computed from under the forged roots: a proof of which everything but the element is right.
func (f *forged) Prove(_ posp.Hash, g posp.Game) ([]byte, error) {
	row, block, element := g.Row, g.Block, g.Element
	proof, _, err := f.Block(row, block)
	if err != nil {
		return nil, err
	}
	proof = slices.Clone(proof)
	e := int(block)*64 + int(element)
	if e >= len(f.rows[row].Values) {
		return proof, nil
	}
	leaf := f.g.Leaf(f.g.Locate(row), e)
	var token int64
	for k, o := range leaf.Operands {
		if k == 1 && leaf.Form == reference.FormDot && o == leaf.Operands[0] {
			continue
		}
		if o.ByToken {
			if o.Model {
				o.Row += uint64(token)
			} else {
				o.First += int(token)
			}
		}
		if o.Model {
			opening, err := f.honest.Weights.Open(o.Row, o.First, o.Length)
			if err != nil {
				return nil, err
			}
			proof = append(append(proof, opening.Exponent), opening.Elements...)
			for _, s := range opening.Siblings {
				proof = append(proof, s[:]...)
			}
			continue
		}
		if k == 0 {
			token = f.rows[o.Row].Values[o.First]
		}
		opened, err := f.open(o)
		if err != nil {
			return nil, err
		}
		proof = append(proof, opened...)
	}
	return proof, nil
}

func (f *forged) open(o reference.Operand) (b []byte, err error) {
	e := f.rows[o.Row]
	n := (len(e.Values) + 63) / 64
	low, high := o.First/64, (o.First+o.Length-1)/64
	span := height(uint64(low^high) + 1)
	from := low >> span << span
	for i := from; i < min(from+1<<span, n); i++ {
		block, err := e.Block(i)
		if err != nil {
			return nil, err
		}
		b = append(b, block...)
	}
	index := from >> span
	for level := span; level < height(uint64(n)); level++ {
		pair, err := e.Below(level+1, uint64(index>>1), 1)
		if err != nil {
			return nil, err
		}
		b = append(b, pair[index&1^1].Bytes()...)
		index >>= 1
	}
	for level := range len(f.levels) - 1 {
		b = append(b, f.levels[level][o.Row>>level^1].Bytes()...)
	}
	return b, nil
}

// badPadding commits to something where the trees have nothing, or where a block has not its elements.
func (p *program) badPadding(t testing.TB) map[string]*forged {
	t.Helper()
	junk := posp.Tag("junk")
	lies := map[string]*forged{"a row beyond the last": p.forge(p.rows, map[uint64]posp.Hash{uint64(len(p.rows)): junk})}
	if len(p.rows) == 1<<height(uint64(len(p.rows))) {
		t.Fatal("the trace has no padding")
	}
	// A row of three blocks or more, whose tree has padding.
	for i := range p.rows {
		row := uint64(i)
		n := (len(p.rows[i].Values) + 63) / 64
		if n == 1<<height(uint64(n)) {
			continue
		}
		leaves, err := p.rows[i].Below(height(uint64(n)), 0, height(uint64(n)))
		if err != nil {
			continue // more than one round
		}
		made := func(name string, block int, hash posp.Hash, data []byte) {
			changed := slices.Clone(leaves)
			changed[block] = hash
			f := p.forge(p.rows, map[uint64]posp.Hash{row: reference.Fold(changed)})
			f.blocks, f.data = map[uint64][]posp.Hash{row: changed}, map[posp.Hash][]byte{hash: data}
			for b := range n {
				if b != block {
					f.data[changed[b]], _ = p.rows[i].Block(b)
				}
			}
			lies[fmt.Sprintf("%s of row %d", name, row)] = f
		}
		whole, err := p.rows[i].Block(1)
		if err != nil {
			t.Fatal(err)
		}
		for name, data := range map[string][]byte{"too long a block": append(slices.Clone(whole), 0, 0, 0, 0, 0, 0, 0, 1), "too short a block": whole[:len(whole)-4], "an empty block": {}} {
			made(name, 1, crypto.Keccak256Hash([]byte{0}, data), data)
		}
		made("a block beyond the last", n, junk, nil)
		made("a block that nobody can show", 1, junk, nil)
		break
	}
	if len(lies) < 6 {
		t.Fatalf("only %v", slices.Collect(maps.Keys(lies)))
	}
	return lies
}
