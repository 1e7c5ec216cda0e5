package circuit

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Place is where an operand stands: a row of the trace or of the model, an element, the height of the row's tree.
type Place struct {
	Row    uint64
	First  int
	Height int
}

// Step says what an element is computed from and how: a pure function of the model's graph and of the element's place, which the
// contract derives itself. In the order of docs/privacy.md.
type Step struct {
	Kind  Kind
	Form  reference.Form
	Own   Place
	Trace [4]Place
	Model [2]Place
	Above int // height of the tree over the model's rows

	Length, Span  int // of a slice: elements, and the power of two that holds them
	Shift         uint
	Second, Wide  bool // Wide: a Total of int64s, or an element of a row of int64s that is 0
	Addend        int  // 0 none, 1 Trace[1], 2 Model[1]
	Bits          uint
	At            uint64
	N             int64
	Factor        int64 // of a Token step: the size of the vocabulary
	Epsilon       int64
	PublicElement bool // of a row of evidence: the element itself stands in the leaf's place
}

// PublicRow is whether a row of a private trace is committed to as in a public one: evidence is for everybody.
func PublicRow(op reference.Op) bool { return op == reference.LogProbs || op == reference.Margins }

// RowPacking of a trace's row of elements of 4 or 8 bytes.
func RowPacking(bytes int) Packing {
	if bytes == 8 {
		return Int64
	}
	return Int32
}

// ModelPacking of a model's row of elements of 2, 4 or 8 bytes.
func ModelPacking(bytes int) Packing {
	if bytes == 2 {
		return Weights
	}
	return RowPacking(bytes)
}

// NewStep describes element e of a row; e may lie in the row's padding, up to a whole number of its blocks: such an element is 0. An element that no proof decides
// is a posp.ValidationError: a token, which the receipt gives, or padding of the trace.
func NewStep(g *reference.Graph, row uint64, e int) (Step, error) {
	r := g.Locate(row)
	n, width := g.Shape(r)
	packing := RowPacking(width)
	height := packing.Height(n)
	if r.Op == reference.Padding || e < 0 || e >= packing.Block()<<height {
		return Step{}, posp.Invalidf("element %d of row %d: the trace has none", e, row)
	}
	leaf := reference.Leaf{Form: reference.FormZero}
	if e < n {
		leaf = g.Leaf(r, e)
	}
	if leaf.Form == reference.FormGiven {
		return Step{}, posp.Invalidf("element %d of row %d: it is given by the receipt", e, row)
	}
	if PublicRow(r.Op) && leaf.Form == reference.FormZero {
		return Step{}, posp.Invalidf("element %d of row %d: it is 0 and public", e, row)
	}
	s := Step{
		Form: leaf.Form, Own: Place{Row: row, First: e}, Above: treeHeight(g.ModelRows()),
		Shift: leaf.Shift, Second: leaf.Second, Bits: leaf.Bits, At: leaf.At, N: leaf.N, Factor: leaf.Factor, Epsilon: leaf.Epsilon,
		PublicElement: PublicRow(r.Op),
	}
	trace := func(i int, o reference.Operand) {
		n, width := g.Shape(g.Locate(o.Row))
		s.Trace[i] = Place{o.Row, o.First, RowPacking(width).Height(n)}
	}
	model := func(i int, o reference.Operand) {
		t, _, _ := g.TensorAt(o.Row)
		_, cols, width := g.TensorShape(t)
		s.Model[i] = Place{o.Row, o.First, ModelPacking(width).Height(cols)}
	}
	addend := func(i int) {
		if len(leaf.Operands) <= i {
			return
		}
		if o := leaf.Operands[i]; o.Model {
			s.Addend = modelAddend
			model(1, o)
		} else {
			s.Addend = traceAddend
			trace(1, o)
		}
	}
	if len(leaf.Operands) > 0 {
		trace(0, leaf.Operands[0])
		s.Length = leaf.Operands[0].Length
		s.Span = bits.Len(uint(s.Length - 1))
	}
	o := leaf.Operands
	switch leaf.Form {
	case reference.FormDot:
		if s.Kind = Dot; o[1].Model {
			s.Kind = Part
			model(0, o[1])
		} else {
			trace(1, o[1])
		}
	case reference.FormScore:
		s.Kind = Dot
		trace(1, o[1])
	case reference.FormProject:
		s.Kind = Project
		model(0, o[1])
		addend(2)
	case reference.FormProjectSum:
		s.Kind = Sum
		model(0, o[1])
		addend(2)
	case reference.FormRsqrt:
		s.Kind = Sum
	case reference.FormQuotient:
		s.Kind = Sum
		trace(1, o[1])
	case reference.FormSum:
		s.Kind = Total
		_, width := g.Shape(g.Locate(o[0].Row))
		s.Wide = width == 8
	case reference.FormLargest:
		s.Kind = Largest
	case reference.FormZero:
		s.Kind = Map
		s.Wide = packing == Int64
	case reference.FormNorm, reference.FormRotate:
		s.Kind = Map
		trace(1, o[1])
		model(0, o[2])
	case reference.FormExp, reference.FormAct:
		s.Kind = Map
		trace(1, o[1])
	case reference.FormEmbed:
		s.Kind, s.Factor = Token, int64(g.Vocab)
		model(0, o[1])
	case reference.FormLogProb, reference.FormMargin:
		s.Kind, s.Factor = Token, int64(g.Vocab)
		for i := 1; i < len(o); i++ {
			trace(i, o[i])
		}
	default:
		return Step{}, fmt.Errorf("no circuit for form %d", leaf.Form)
	}
	return s, nil
}

func treeHeight(n uint64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(n - 1)
}

// operands is which of Trace the form reads.
func (s Step) operands() (n int) {
	switch s.Form {
	case reference.FormZero:
		return 0
	case reference.FormDot, reference.FormScore, reference.FormProject, reference.FormProjectSum:
		if s.Kind == Part || s.Addend != traceAddend && s.Kind != Dot {
			return 1
		}
		return 2
	case reference.FormSum, reference.FormLargest, reference.FormRsqrt, reference.FormEmbed:
		return 1
	case reference.FormMargin:
		return 3
	case reference.FormLogProb:
		return 4
	}
	return 2
}

// models is which of Model the form reads.
func (s Step) models() int {
	switch s.Form {
	case reference.FormProject, reference.FormProjectSum:
		if s.Addend == modelAddend {
			return 2
		}
		return 1
	case reference.FormNorm, reference.FormRotate, reference.FormEmbed:
		return 1
	}
	if s.Kind == Part {
		return 1
	}
	return 0
}

// Claim is what a proof proves of a step: public inputs.
type Claim struct {
	Step    Step
	Context fr.Element    // the game: whoever else's proof it is, it is for this one
	Seed    fr.Element    // SeedCommitment of the opening
	Model   fr.Element    // root of the model's rows
	Own     fr.Element    // leaf of the disputed element's block; in a row of evidence, the element plus 2^31
	Masked  Block         // what was shown of the block (Mask); nothing in a row of evidence
	Roots   [4]fr.Element // of the operands' rows
}

// Context binds a proof to a game: the field element of keccak(chain, game contract, game, prover), its highest 3 bits cleared.
func Context(hash posp.Hash) (e fr.Element) {
	hash[0] &= 0x1f
	e.SetBytes(hash[:])
	return e
}

// Inputs are the public inputs in the verifier's order.
func (c Claim) Inputs(size Size) ([]fr.Element, error) {
	s, l := c.Step, size.layout(c.Step.Kind)
	in := []fr.Element{c.Context, c.Seed}
	if len(l.model) > 0 {
		in = append(in, c.Model)
	}
	var point, shown fr.Element
	if !s.PublicElement {
		point, shown = Shown(c.Own, c.Masked)
	}
	in = append(in, c.Own, point, shown)
	for i := range l.trace {
		in = append(in, c.Roots[i])
	}
	place := func(p Place) []uint64 { return []uint64{p.Row, uint64(p.First), uint64(p.Height)} }
	flag := func(b bool) uint64 {
		if b {
			return 1
		}
		return 0
	}
	join := func(parts ...[]uint64) (all []uint64) {
		for _, p := range parts {
			all = append(all, p...)
		}
		return all
	}
	words := []struct {
		sizes  []int
		fields []uint64
	}{
		{wordA, join(place(s.Own), place(s.Trace[0]), place(s.Trace[1]), []uint64{
			uint64(s.Form), uint64(s.Length), uint64(s.Span), uint64(s.Shift), flag(s.Second), flag(s.Wide), uint64(s.Addend)})},
		{wordB, join(place(s.Trace[2]), place(s.Model[0]), place(s.Model[1]), []uint64{
			uint64(s.Above), uint64(s.Bits), s.At, uint64(s.N)})},
		{wordC, join(place(s.Trace[3]), []uint64{uint64(s.Factor), uint64(s.Epsilon)})},
	}
	for _, w := range words[:l.words] {
		x, at := new(big.Int), uint(0)
		for i, f := range w.fields {
			if bits.Len64(f) > w.sizes[i] {
				return nil, fmt.Errorf("a private step of %s: %d does not fit %d bits: the model is larger than the circuits", s.Kind, f, w.sizes[i])
			}
			x.Or(x, new(big.Int).Lsh(new(big.Int).SetUint64(f), at))
			at += uint(w.sizes[i])
		}
		in = append(in, *new(fr.Element).SetBigInt(x))
	}
	return in, nil
}

// Witness is what a proof hides: the seed, and the rows that the step reads.
type Witness struct {
	Seed  fr.Element
	Own   *Row
	Trace [4]*Row
	Model [2]*Row
	Tree  *Tree
	// Token is what a Token step reads first: it says which row of the model, or which logit.
	Token int
}

// assign fills in a circuit.
func assign(c Claim, w Witness, size Size) (*Circuit, error) {
	s := c.Step
	l := size.layout(s.Kind)
	out := New(s.Kind, size)
	in, err := c.Inputs(size)
	if err != nil {
		return nil, err
	}
	for i, x := range in {
		out.Public[i] = x
	}
	out.Seed = w.Seed
	fill := func(o *Opening, r *Row, p Place, room room, above []fr.Element) error {
		for i := range o.Blocks {
			for lane := range o.Blocks[i] {
				o.Blocks[i][lane] = 0
			}
		}
		for i := range o.Path {
			o.Path[i] = 0
		}
		if r == nil || room.blocks == 0 {
			return nil
		}
		blocks := room.blocks
		if s.Kind == Total && r.packing == Int32 {
			blocks /= 2
		}
		inner := log2(blocks)
		first := p.First / r.packing.Block() &^ (blocks - 1)
		for i := range blocks {
			for lane, x := range r.Block(first + i) {
				o.Blocks[i][lane] = x
			}
		}
		if o.Path == nil {
			return nil
		}
		path := siblings(r.levels, inner, first>>inner)
		if len(path) > room.row {
			return fmt.Errorf("a private step of %s: a row of %d elements is longer than the circuits hold", s.Kind, len(r.values))
		}
		for i, x := range path {
			o.Path[i] = x
		}
		for i, x := range above {
			o.Path[room.row+i] = x
		}
		return nil
	}
	model := func(i int, row uint64) ([]fr.Element, error) {
		if w.Model[i] == nil {
			return nil, nil
		}
		above := siblings(w.Tree.levels, 0, int(row))
		if len(above) > l.above {
			return nil, fmt.Errorf("a private step of %s: a model of 2^%d rows is larger than the circuits hold", s.Kind, len(above))
		}
		return above, nil
	}
	own := Opening{Blocks: [][]v{out.Own}}
	if err := fill(&own, w.Own, s.Own, room{blocks: 1}, nil); err != nil {
		return nil, err
	}
	for i, r := range l.trace {
		p := s.Trace[i]
		if s.Kind == Token && i == 1 {
			p.First += w.Token
		}
		if err := fill(&out.Trace[i], w.Trace[i], p, r, nil); err != nil {
			return nil, err
		}
	}
	for i, r := range l.model {
		p := s.Model[i]
		if s.Kind == Token {
			p.Row += uint64(w.Token)
		}
		above, err := model(i, p.Row)
		if err != nil {
			return nil, err
		}
		row := w.Model[i]
		if i == 1 && row == nil && s.Addend == traceAddend || s.Form == reference.FormQuotient && i == 1 {
			row, p = w.Trace[1], s.Trace[1] // an addend of the trace uses the same opening
		}
		if err := fill(&out.Model[i], row, p, r, above); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// The limits of the circuits that are deployed (Full); PrivateStepVerifier has the same.
const (
	longest    = 1 << 14 // a row of weights, all heads together, a text
	vocabulary = 1 << 18
	sums       = 1 << 22 // partial sums of a row of logits
	modelRows  = 1 << 22
	smallRows  = 1 << 20 // of a model with rows of weights that are one slice
	slice      = 256
)

// Holds is nil if the deployed circuits hold every step of a graph; else a posp.ValidationError: nobody could prove in a dispute under such a spec.
func Holds(g *reference.Graph) error {
	rows := modelRows
	if g.Hidden <= slice || g.FFN <= slice || g.Heads*g.HeadDim <= slice {
		rows = smallRows
	}
	for _, l := range []struct {
		what     string
		is, most int
	}{
		{"hidden size", g.Hidden, longest}, {"intermediate size", g.FFN, longest}, {"heads", g.Heads << treeHeight(uint64(g.HeadDim)), longest},
		{"positions", g.Positions(), longest}, {"vocabulary", g.Vocab, vocabulary},
		{"partial sums of logits", g.Vocab << treeHeight(uint64((g.Hidden+slice-1)/slice)), sums}, // no other row of them can be too long
		{"rows of the model", int(g.ModelRows()), rows},
	} {
		if l.is > l.most {
			return posp.Invalidf("a private spec cannot be disputed: %s are %d, the circuits hold %d", l.what, l.is, l.most)
		}
	}
	return nil
}
