package circuit

import (
	"fmt"
	"math/big"
	"math/bits"

	"github.com/consensys/gnark/frontend"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Kind is one of the circuits. Together they compute every form of a leaf.
type Kind uint8

// The circuits, and the forms (package reference) that each proves.
const (
	Part    Kind = iota // Dot of activations and weights: a partial sum
	Dot                 // Dot of activations and activations, Score
	Project             // Project: a dot product of a single slice, to its row's end
	Sum                 // ProjectSum, Rsqrt, Quotient: a few partial sums, to the row's end
	Total               // Sum: a slice summed
	Largest             // Largest
	Map                 // Norm, Rotate, Exp, Act, Zero
	Token               // Embed, LogProb, Margin: what a hidden token decides
	Kinds
)

var kindNames = [Kinds]string{"Part", "Dot", "Project", "Sum", "Total", "Largest", "Map", "Token"}

func (k Kind) String() string {
	if k >= Kinds {
		return fmt.Sprintf("circuit %d", uint8(k))
	}
	return kindNames[k]
}

// Size bounds what the circuits of a deployment hold. Verifiers are of one size.
type Size struct {
	Slice  int // elements of a slice of int32s: 64, or 256 for the program's
	Sums   int // levels of the tree of a row of partial sums
	Row    int // levels above the block of an operand
	Weight int // levels of the tree of a row of weights or of a vector, above the slice or block
	Vocab  int // levels above a slice or block of a row that is as long as the vocabulary
	Model  int // levels of the tree over the model's rows
}

var (
	// Full is what is deployed: rows of weights up to 16,384, a vocabulary up to 2^18, positions up to 16,384, models of up to 2^22 rows (2^20 where no row is
	// longer than a slice). Each circuit fits 2^16 gates.
	Full = Size{Slice: 256, Sums: 17, Row: 8, Weight: 6, Vocab: 12, Model: 22}
	// Small is for tests that prove: the same circuits with slices of one block and low trees.
	Small = Size{Slice: 64, Sums: 1, Row: 1, Weight: 1, Vocab: 1, Model: 3}
)

// Circuit is the statement of statement.go, with its witness.
type Circuit struct {
	Public []v `gnark:",public"`
	Seed   v
	Own    []v // the disputed element's block
	Trace  []Opening
	Model  []Opening

	kind Kind
	size Size
}

// Opening is the blocks that hold an operand, and the siblings from there up.
type Opening struct {
	Blocks [][]v
	Path   []v
}

// room is what an opening has room for.
type room struct {
	blocks int
	row    int // siblings within the row
}

// layout of a circuit: the rooms of its openings.
type layout struct {
	trace []room
	model []room
	above int // levels of the model's tree
	words int // public words that say what is where
}

func (s Size) layout(k Kind) layout {
	slice4, slice8 := s.Slice/Int32.Block(), s.Slice/Int64.Block()
	weights := max(1, s.Slice/Weights.Block())
	element := func(levels int) room { return room{1, levels} }
	vocab := max(s.Vocab-2, 0) // above a slice
	small := max(s.Model-2, 0) // models whose rows are all of one slice are small
	return map[Kind]layout{
		Part:    {trace: []room{{slice4, s.Weight}}, model: []room{{weights, s.Weight}}, above: s.Model, words: 2},
		Dot:     {trace: []room{{slice4, s.Weight}, {slice4, s.Weight}}, words: 1},
		Project: {trace: []room{{slice4, 0}, {}}, model: []room{{weights, 0}, element(s.Row)}, above: small, words: 2},
		Sum:     {trace: []room{{2, s.Sums - 1}, {}}, model: []room{element(s.Row - 1), element(s.Row)}, above: s.Model, words: 3},
		Total:   {trace: []room{{slice8, vocab}}, words: 1},
		Largest: {trace: []room{{slice4, vocab}}, words: 1},
		Map:     {trace: []room{element(s.Vocab), element(s.Row)}, model: []room{element(s.Row)}, above: s.Model, words: 3},
		Token:   {trace: []room{element(s.Row), element(s.Vocab), element(0), element(0)}, model: []room{element(s.Row - 1)}, above: s.Model, words: 3},
	}[k]
}

// New is the circuit of a kind without a witness, as it is compiled.
func New(k Kind, size Size) *Circuit {
	l := size.layout(k)
	c := &Circuit{kind: k, size: size, Own: make([]v, lanes)}
	for _, r := range l.trace {
		c.Trace = append(c.Trace, newOpening(r))
	}
	for _, r := range l.model {
		c.Model = append(c.Model, newOpening(room{r.blocks, r.row + l.above}))
	}
	c.Public = make([]v, l.inputs())
	return c
}

func newOpening(r room) Opening {
	o := Opening{Path: make([]v, r.row)}
	for range r.blocks {
		o.Blocks = append(o.Blocks, make([]v, lanes))
	}
	return o
}

// inputs is how many public inputs a circuit has: context, seed commitment, the model's root if it opens a model, the leaf of its own block and what was
// shown of it, the roots of the operands' rows, words.
func (l layout) inputs() int {
	n := 2 + 3 + len(l.trace) + l.words
	if len(l.model) > 0 {
		n++
	}
	return n
}

// place is where an operand stands, as wires: a row of the trace or of the model, an element, the height of the row's tree.
type place struct{ row, first, height v }

// wires is the statement, as wires.
type wires struct {
	seed, model     v
	own             v
	point, shown    v
	roots           []v
	at              place
	trace           []place
	rows            []place // of the model
	form            v
	length, span    v
	shift           v
	second, wide    v
	addend          v
	above           v // height of the model's tree
	bits, n, at17   v
	factor, epsilon v
}

// statement reads the public inputs; the fields are those of Statement.Inputs.
func (c *Circuit) statement(g *gates) wires {
	l := c.size.layout(c.kind)
	in := c.Public
	take := func() v { x := in[0]; in = in[1:]; return x }
	var w wires
	// What game a proof is for is no part of the computation: the gate keeps the input, which the transcript binds.
	context := take()
	g.Mul(context, context)
	w.seed = take()
	if len(l.model) > 0 {
		w.model = take()
	}
	w.own, w.point, w.shown = take(), take(), take()
	for range l.trace {
		w.roots = append(w.roots, take())
	}
	f := g.fields(take(), wordA)
	at := func(i int) place { return place{f[i], f[i+1], f[i+2]} }
	w.at, w.trace = at(0), []place{at(3), at(6)}
	w.form, w.length, w.span, w.shift, w.second, w.wide, w.addend = f[9], f[10], f[11], f[12], f[13], f[14], f[15]
	if l.words > 1 {
		f = g.fields(take(), wordB)
		w.trace = append(w.trace, at(0))
		w.rows = []place{at(3), at(6)}
		w.above, w.bits, w.at17, w.n = f[9], f[10], f[11], f[12]
	}
	if l.words > 2 {
		f = g.fields(take(), wordC)
		w.trace = append(w.trace, at(0))
		w.factor, w.epsilon = f[3], f[4]
	}
	return w
}

// The public words: sizes of their fields in bits, the first lowest. A place is row, first element, height.
var (
	wordA = []int{40, 24, 5, 40, 24, 5, 40, 24, 5, 5, 9, 4, 6, 1, 1, 2} // own, operands 0 and 1; form, length, span, shift, second, wide, addend
	wordB = []int{40, 24, 5, 26, 20, 5, 26, 20, 5, 5, 6, 17, 17}        // operand 2, model rows 0 and 1; height of the model, bits, at, n
	wordC = []int{40, 24, 5, 31, 40}                                    // operand 3; factor, epsilon
)

// Addends of a projection.
const (
	noAddend = iota
	traceAddend
	modelAddend
)

// Define builds the circuit.
func (c *Circuit) Define(api frontend.API) error {
	g, err := newGates(api)
	if err != nil {
		return err
	}
	w := c.statement(g)
	g.AssertIsEqual(g.compress(c.Seed, new(big.Int).SetUint64(posp.SeedTag)), w.seed)
	forms := g.oneHot(w.form, int(reference.FormMargin)+1)
	is := func(f reference.Form) v { return forms[f] }
	only := func(fs ...reference.Form) {
		var sum v = 0
		for _, f := range fs {
			sum = g.Add(sum, is(f))
		}
		g.AssertIsEqual(sum, 1)
	}
	salt := func(i int) v { return g.compress(c.Seed, w.trace[i].row) }
	// row checks that the tree with this root is the i-th operand, when the flag says that there is one.
	row := func(i int, root, used v) { g.AssertIsEqual(g.Mul(used, g.Sub(root, w.roots[i])), 0) }
	var value, wide v = nil, 0
	publicOwn := v(0)
	switch c.kind {
	case Part:
		only(reference.FormDot)
		x, root := g.slice32(c.Trace[0], w.trace[0], salt(0), nil)
		row(0, root, 1)
		q, _ := c.weightSlice(g, w)
		value, wide = g.products(x, q, 1<<15), 1

	case Dot:
		only(reference.FormDot, reference.FormScore)
		halve := g.halves(w.span, c.size.Slice)
		x, root := g.slice32(c.Trace[0], w.trace[0], salt(0), halve)
		row(0, root, 1)
		y, root := g.slice32(c.Trace[1], w.trace[1], salt(1), halve)
		row(1, root, 1)
		score := is(reference.FormScore)
		// |sum| is at most 2^70; a dot's is below 2^63, or its row could not hold it.
		sum := g.shift(g.products(x, y, 0), g.power(g.bits(w.shift, 5)), 71, 31)
		value, wide = g.Select(score, g.saturate(sum, 72), sum), g.not(score)

	case Project:
		only(reference.FormProject)
		x, root := g.slice32(c.Trace[0], w.trace[0], salt(0), g.halves(w.span, c.size.Slice))
		row(0, root, 1)
		q, exponent := c.weightSlice(g, w)
		addend := c.addend(g, w, salt(1), row, 0, 0)
		value = g.project(g.products(x, q, 1<<15), exponent, addend)

	case Sum:
		only(reference.FormProjectSum, reference.FormRsqrt, reference.FormQuotient)
		project, rsqrt, quotient := is(reference.FormProjectSum), is(reference.FormRsqrt), is(reference.FormQuotient)
		x, root := g.slice64(c.Trace[0], w.trace[0], salt(0), g.halves(w.span, 2*Int64.Block()))
		row(0, root, 1)
		sum := g.sum(x)
		_, exponent := c.weightElement(g, w, 0, g.bits(w.rows[0].row, c.size.Model), project, false)
		addend := c.addend(g, w, salt(1), row, quotient, quotient)
		mantissa, shift := g.rsqrt(
			g.clamp(g.Select(rsqrt, g.Add(sum, w.epsilon), 1), big.NewInt(1), new(big.Int).Sub(pow2(63), big.NewInt(1)), 71),
			g.Select(rsqrt, w.n, 1))
		value = g.Add(
			g.Mul(project, g.project(sum, exponent, g.Mul(project, addend))),
			g.Mul(rsqrt, g.Select(w.second, shift, mantissa)),
			g.Mul(quotient, g.quotient(sum, g.Select(quotient, addend, 1))))

	case Total:
		only(reference.FormSum)
		x, root := g.sliceEither(c.Trace[0], w.trace[0], salt(0), w.wide, g.halves(w.span, c.size.Slice))
		row(0, root, 1)
		value, wide = g.sum(x), 1

	case Largest:
		only(reference.FormLargest)
		x, root := g.slice32(c.Trace[0], w.trace[0], salt(0), g.halves(w.span, c.size.Slice))
		row(0, root, 1)
		value = g.largest(x, w.length)

	case Map:
		only(reference.FormZero, reference.FormNorm, reference.FormRotate, reference.FormExp, reference.FormAct)
		norm, rotate, exp, act := is(reference.FormNorm), is(reference.FormRotate), is(reference.FormExp), is(reference.FormAct)
		some := g.not(is(reference.FormZero))
		x, _, root := g.elements(c.Trace[0], w.trace[0], salt(0), 0, 0)
		row(0, root, some)
		y, next, root := g.elements(c.Trace[1], w.trace[1], salt(1), 0, norm)
		row(1, root, some)
		m := c.modelElement(g, w, 0, rotate, g.Add(norm, rotate))

		sin, cos := g.sincos(w.at17, g.Mul(rotate, m))
		magnitude, negative := g.absolute(x)
		e := g.exp(
			g.Add(g.Mul(exp, g.Sub(y, x)), g.Mul(act, magnitude)),
			g.Select(exp, w.factor, log2E),
			g.Select(exp, w.bits, 30))
		value = g.Add(
			g.Mul(norm, g.norm(x, y, g.Select(norm, next, 4), g.Mul(norm, m))),
			g.Mul(rotate, g.rotate(x, y, sin, cos, w.second)),
			g.Mul(exp, e),
			g.Mul(act, g.act(x, y, negative, g.Select(act, e, one30))))
		wide = g.Mul(w.wide, is(reference.FormZero))

	case Token:
		only(reference.FormEmbed, reference.FormLogProb, reference.FormMargin)
		embed, logProb := is(reference.FormEmbed), is(reference.FormLogProb)
		publicOwn = g.not(embed)
		token, _, root := g.elements(c.Trace[0], w.trace[0], salt(0), 0, 0)
		row(0, root, 1)
		// A receipt can hold what is no token: the program refuses it, and so nothing is proved of it.
		g.unsigned(token, tokenBits)
		g.unsigned(g.Sub(w.factor, token, 1), tokenBits)
		// The token says which row of the model, or which logit: the numbers never leave the circuit.
		entry := g.bits(g.Add(w.rows[0].row, g.Mul(embed, token)), c.size.Model)
		q, exponent := c.weightElement(g, w, 0, entry, embed, true)
		at := w.trace[1]
		at.first = g.Add(at.first, g.Mul(publicOwn, token))
		logit, _, root := g.elements(c.Trace[1], at, salt(1), 0, 0)
		row(1, root, publicOwn)
		largest, _, root := g.elements(c.Trace[2], w.trace[2], salt(2), 0, 0)
		row(2, root, publicOwn)
		sum, _, root := g.elements(c.Trace[3], w.trace[3], salt(3), 1, 0)
		row(3, root, logProb)
		value = g.Add(
			g.Mul(embed, g.embed(g.Mul(embed, q), g.Mul(embed, exponent))),
			g.Mul(logProb, g.logProb(logit, largest, g.Select(logProb, sum, one30))),
			g.Mul(is(reference.FormMargin), g.margin(logit, largest)))
	}

	// The disputed element. Evidence is public, and so is its row: then the value itself stands in the leaf's place.
	own := g.compress(c.Seed, w.at.row)
	found, leaf, number := g.own(c.Own, w.at, own, wide)
	g.AssertIsEqual(g.Select(publicOwn, g.Add(value, pow2(31)), leaf), w.own)
	g.AssertIsEqual(g.Mul(g.not(publicOwn), g.Sub(found, value)), 0)
	// What was shown of the block is the block: Shown.
	key := g.permute(g.Add(own, number, streamTag), repeat(0, lanes))
	var shown v = 0
	for i := lanes - 1; i >= 0; i-- {
		shown = g.Add(g.Mul(shown, w.point), c.Own[i], key[1+i])
	}
	g.AssertIsEqual(g.Mul(g.not(publicOwn), g.Sub(shown, w.shown)), 0)
	return nil
}

func repeat(x v, n int) []v {
	out := make([]v, n)
	for i := range out {
		out[i] = x
	}
	return out
}

// project is sat(rs(sum, exponent) + addend), for |sum| < 2^72 and an int32.
func (g *gates) project(sum, exponent, addend v) v {
	return g.saturate(g.Add(g.shift(sum, g.power(g.bits(exponent, 5)), 72, 31), addend), 73)
}

// weightSlice opens the slice of a row of weights: q + 2^15, and the exponent.
func (c *Circuit) weightSlice(g *gates, w wires) (q []v, exponent v) {
	o, at := c.Model[0], w.rows[0]
	digests := make([]v, len(o.Blocks))
	for i, b := range o.Blocks {
		digests[i] = g.digest(int(Weights), b)
		for lane := 0; lane*Weights.PerLane() < Weights.Block(); lane++ {
			for _, s := range g.split(b[lane], 16, min(Weights.PerLane(), Weights.Block()-lane*Weights.PerLane())) {
				q = append(q, s)
			}
		}
	}
	inner := log2(len(digests))
	levels := len(o.Path) - c.above()
	first := g.bits(at.first, firstBits)
	act := g.thermometer(at.height, inner+levels)
	g.none(first[:7+inner])
	cur := g.climb(g.join(digests, act), first[7+inner:], act[inner:], o.Path[:levels])
	c.root(g, w, cur, g.bits(at.row, 26), o.Path[levels:], 1)
	return q[:c.size.Slice], o.Blocks[0][exponentLane]
}

func (c *Circuit) above() int { return c.size.layout(c.kind).above }

// root climbs from a row of the model to the model's root, and checks it where the flag is set.
func (c *Circuit) root(g *gates, w wires, row v, at, path []v, used v) {
	act := g.thermometer(w.above, len(path))
	top := g.climb(row, at, act, path)
	g.AssertIsEqual(g.Mul(used, g.Sub(top, w.model)), 0)
}

// weightElement opens one weight, if wanted, and its row's exponent. row's bits may be hidden.
func (c *Circuit) weightElement(g *gates, w wires, i int, row []v, used v, wanted bool) (q, exponent v) {
	o, at := c.Model[i], w.rows[i]
	levels := len(o.Path) - c.above()
	first := g.bits(at.first, firstBits)
	cur := g.climb(g.digest(int(Weights), o.Blocks[0]), first[7:], g.thermometer(at.height, levels), o.Path[:levels])
	c.root(g, w, cur, row, o.Path[levels:], used)
	if wanted {
		n := Weights.PerLane()
		lane, slot := g.locate(g.FromBinary(first[:7]...), n, n, lanes)
		q = g.Sub(g.pick(slot, g.split(g.pick(lane, o.Blocks[0]), 16, n)), 1<<15)
	}
	return q, o.Blocks[0][exponentLane]
}

// modelElement opens an element of a vector of the model: int32, or int64 where wide is set.
func (c *Circuit) modelElement(g *gates, w wires, i int, wide, used v) v {
	o, at := c.Model[i], w.rows[i]
	levels := len(o.Path) - c.above()
	value, _, root := g.elements(Opening{o.Blocks, o.Path[:levels]}, at, nil, wide, 0)
	c.root(g, w, root, g.bits(at.row, 26), o.Path[levels:], used)
	return value
}

// addend opens what a projection adds: nothing, an element of the trace, or one of a vector of the model. The circuits that have one share the opening
// of the trace between it and, where always is set, another operand.
func (c *Circuit) addend(g *gates, w wires, salt v, row func(int, v, v), wide, always v) v {
	which := g.oneHot(w.addend, 3)
	fromTrace := g.Add(g.Mul(g.not(always), which[traceAddend]), always)
	fromModel := g.Mul(g.not(always), which[modelAddend])
	// One element is opened; its row's root is then a row of the trace or a row of the model.
	o := c.Model[1]
	levels := len(o.Path) - c.above()
	at := place{
		first:  g.Select(fromModel, w.rows[1].first, w.trace[1].first),
		height: g.Select(fromModel, w.rows[1].height, w.trace[1].height),
	}
	value, _, _, root, _ := g.open(Opening{o.Blocks, o.Path[:levels]}, at, func(number v) v {
		return g.Select(fromModel, int(Int32), g.Add(salt, number))
	}, wide, 0)
	row(1, root, fromTrace)
	c.root(g, w, root, g.bits(w.rows[1].row, 26), o.Path[levels:], fromModel)
	return g.Mul(value, g.Add(fromTrace, fromModel))
}

// halves is window's flags for a window of 2^span of n elements.
func (g *gates) halves(span v, n int) []v {
	flags := g.thermometer(span, log2(n))
	for i, f := range flags {
		flags[i] = g.not(f)
	}
	return flags
}

// join folds the blocks of a slice, of which a short row has only the first: act[k] says whether the row's tree has level k.
func (g *gates) join(digests, act []v) v {
	cur := digests[0]
	for k := 0; len(digests) > 1; k++ {
		above := make([]v, len(digests)/2)
		for i := range above {
			above[i] = g.compress(digests[2*i], digests[2*i+1])
		}
		digests = above
		cur = g.Select(act[k], digests[0], cur)
	}
	return cur
}

// none holds all bits at 0.
func (g *gates) none(bits []v) {
	for _, b := range bits {
		g.AssertIsEqual(b, 0)
	}
}

// climb goes up by siblings, as far as act says. The bits of the place beyond must be 0: a tree has no such leaf.
func (g *gates) climb(cur v, at, act, path []v) v {
	g.none(at[len(path):])
	for k, sibling := range path {
		g.AssertIsEqual(g.Mul(at[k], act[k]), at[k])
		d := g.Mul(at[k], g.Sub(sibling, cur))
		up := g.compress(g.Add(cur, d), g.Sub(sibling, d))
		cur = g.Add(cur, g.Mul(act[k], g.Sub(up, cur)))
	}
	return cur
}

// tokenBits hold every token of a vocabulary.
const tokenBits = 20

// firstBits is how many bits the number of an element has.
const firstBits = 24

// slice32 opens a slice of int32s: its elements, the window at first moved to the front, and the row's root.
func (g *gates) slice32(o Opening, at place, salt v, halve []v) (x []v, root v) {
	inner := log2(len(o.Blocks))
	first := g.bits(at.first, firstBits)
	initial := g.Add(salt, g.Mul(g.FromBinary(first[6+inner:]...), len(o.Blocks))) // of the slice's first block
	digests := make([]v, len(o.Blocks))
	for i, b := range o.Blocks {
		digests[i] = g.digest(g.Add(initial, i), b)
		for lane := 0; lane*Int32.PerLane() < Int32.Block(); lane++ {
			for _, s := range g.split(b[lane], 32, min(Int32.PerLane(), Int32.Block()-lane*Int32.PerLane())) {
				x = append(x, g.Sub(s, 1<<31))
			}
		}
	}
	act := g.thermometer(at.height, inner+len(o.Path))
	root = g.climb(g.join(digests, act), first[6+inner:], act[inner:], o.Path)
	if halve == nil {
		g.none(first[:6+inner])
		return x, root
	}
	return g.window(x, first, halve), root
}

// slice64 is slice32 for int64s.
func (g *gates) slice64(o Opening, at place, salt v, halve []v) (x []v, root v) {
	inner := log2(len(o.Blocks))
	first := g.bits(at.first, firstBits)
	initial := g.Add(salt, g.Mul(g.FromBinary(first[5+inner:]...), len(o.Blocks)))
	digests := make([]v, len(o.Blocks))
	for i, b := range o.Blocks {
		digests[i] = g.digest(g.Add(initial, i), b)
		for lane := 0; lane*Int64.PerLane() < Int64.Block(); lane++ {
			n := min(Int64.PerLane(), Int64.Block()-lane*Int64.PerLane())
			s := g.split(b[lane], 32, 2*n)
			for i := range n {
				x = append(x, g.Add(s[2*i], g.Mul(s[2*i+1], pow2(32)), new(big.Int).Neg(pow2(63))))
			}
		}
	}
	act := g.thermometer(at.height, inner+len(o.Path))
	root = g.climb(g.join(digests, act), first[5+inner:], act[inner:], o.Path)
	return g.window(x, first, halve), root
}

// sliceEither is slice64 where wide is set, and else slice32 of the first half of the blocks.
func (g *gates) sliceEither(o Opening, at place, salt, wide v, halve []v) (x []v, root v) {
	inner := log2(len(o.Blocks)) // of int64s; one less of int32s
	first := g.bits(at.first, firstBits)
	narrow := len(o.Blocks) / 2
	initial := g.Add(salt, g.Mul(g.FromBinary(first[5+inner:]...), g.Add(narrow, g.Mul(wide, narrow))))
	digests := make([]v, len(o.Blocks))
	var x4, x8 []v
	for i, b := range o.Blocks {
		digests[i] = g.digest(g.Add(initial, i), b)
		for lane := range lanes {
			n4 := min(Int32.PerLane(), max(Int32.Block()-lane*Int32.PerLane(), 0))
			if 2*i >= len(o.Blocks) {
				n4 = 0
			}
			n8 := min(Int64.PerLane(), Int64.Block()-lane*Int64.PerLane())
			s := g.split(b[lane], 32, max(n4, 2*n8))
			for j := range n4 {
				x4 = append(x4, g.Sub(s[j], 1<<31))
			}
			for j := range n8 {
				x8 = append(x8, g.Add(s[2*j], g.Mul(s[2*j+1], pow2(32)), new(big.Int).Neg(pow2(63))))
			}
			for _, rest := range s[2*n8:] { // an int64's lane is shorter
				g.AssertIsEqual(g.Mul(wide, rest), 0)
			}
		}
	}
	for i := range x8 {
		x = append(x, g.Select(wide, x8[i], x4[i]))
	}
	act := g.thermometer(at.height, inner+len(o.Path))
	above := make([]v, len(o.Path))
	for i := range above {
		above[i] = g.Select(wide, act[inner+i], act[inner-1+i])
	}
	cur := g.Select(wide, g.join(digests, act), g.join(digests[:len(digests)/2], act))
	root = g.climb(cur, first[5+inner:], above, o.Path)
	return g.window(x, first, halve), root
}

// locate is in which lane and slot element i of a block stands, as flags; perLane may be a wire.
func (g *gates) locate(i, perLane v, slots, n int) (lane, slot []v) {
	out := g.hint(floorHint, 2, i, perLane)
	lane, slot = g.oneHot(out[0], n), g.oneHot(out[1], slots)
	g.AssertIsEqual(g.Add(g.Mul(out[0], perLane), out[1]), i)
	return lane, slot
}

// elements opens an element of a row of int32s, or of int64s where wide is set, and the one that stands so many places
// behind it in the block. Without a salt it is a row of the model.
func (g *gates) elements(o Opening, at place, salt, wide, behind v) (value, next, root v) {
	initial := func(number v) v {
		if salt == nil {
			return g.Add(wide, int(Int32))
		}
		return g.Add(salt, number)
	}
	value, next, _, root, _ = g.open(o, at, initial, wide, behind)
	return value, next, root
}

// own opens the disputed element under its block's leaf. Unlike operands, which stand in rows that both sides have agreed to, its block is the asserter's
// alone: what could be written in it beside the elements must be 0, or a block could be wrong without any element being wrong.
func (g *gates) own(block []v, at place, salt, wide v) (value, leaf, number v) {
	value, _, found, leaf, number := g.open(Opening{Blocks: [][]v{block}}, at, func(number v) v { return g.Add(salt, number) }, wide, 0)
	narrow := g.not(wide)
	lastNarrow, lastWide := Int32.Block()/Int32.PerLane(), Int64.Block()/Int64.PerLane()
	var rest v = 0
	for _, h := range found.halves[1:] {
		rest = g.Add(rest, h)
	}
	g.AssertIsEqual(g.Mul(g.Mul(narrow, found.lane[lastNarrow]), rest), 0)
	g.AssertIsEqual(g.Mul(g.Mul(wide, found.lane[lastWide]), g.Add(found.halves[4], found.halves[5])), 0)
	g.AssertIsEqual(g.Mul(narrow, block[lanes-1]), 0)
	return value, leaf, number
}

// found is the lane in which an element was.
type found struct{ lane, halves []v }

// open is elements, for an initial value that the block's number decides. An opening without room for a path is one of the block's leaf alone, wherever it stands.
func (g *gates) open(o Opening, at place, initial func(number v) v, wide, behind v) (value, next v, f found, root, number v) {
	block := o.Blocks[0]
	perLane := g.Sub(Int32.PerLane(), g.Mul(wide, Int32.PerLane()-Int64.PerLane()))
	first := g.bits(at.first, firstBits)
	i := g.Add(g.FromBinary(first[:5]...), g.Mul(g.not(wide), g.Mul(first[5], 32)))
	read := func(i v) (v, found) {
		lane, slot := g.locate(i, perLane, Int32.PerLane(), lanes)
		h := g.split(g.pick(lane, block), 32, Int32.PerLane())
		var narrow, broad, beyond v = 0, 0, 0
		for s := range slot {
			narrow = g.Add(narrow, g.Mul(slot[s], h[s]))
			if s < Int64.PerLane() {
				broad = g.Add(broad, g.Mul(slot[s], g.Add(h[2*s], g.Mul(h[2*s+1], pow2(32)))))
			} else {
				beyond = g.Add(beyond, slot[s])
			}
		}
		g.AssertIsEqual(g.Mul(wide, g.Add(beyond, h[6])), 0)
		return g.Select(wide, g.Sub(broad, pow2(63)), g.Sub(narrow, pow2(31))), found{lane, h}
	}
	value, f = read(i)
	next = value
	if n, constant := behind.(int); !constant || n != 0 {
		next, _ = read(g.Add(i, behind))
	}
	at5 := first[5:]
	path := make([]v, len(at5))
	for k := range path {
		var above v = 0
		if k+1 < len(at5) {
			above = at5[k+1]
		}
		path[k] = g.Select(wide, at5[k], above)
	}
	number = g.FromBinary(path...)
	root = g.digest(initial(number), block)
	if o.Path != nil {
		root = g.climb(root, path, g.thermometer(at.height, len(o.Path)), o.Path)
	}
	return value, next, f, root, number
}

// products is the sum of x[i] * (y[i] - offset).
func (g *gates) products(x, y []v, offset int) v {
	var sum v = 0
	for i := range x {
		sum = g.Add(sum, g.plonk.EvaluatePlonkExpression(x[i], y[i], -offset, 0, 1, 0))
	}
	return sum
}

func (g *gates) sum(x []v) v {
	var sum v = 0
	for _, x := range x {
		sum = g.Add(sum, x)
	}
	return sum
}

// largest of the first n of x, int32s; n at least 1.
func (g *gates) largest(x []v, n v) v {
	within := g.thermometer(n, len(x))
	most := g.hint(largestHint, 1, append([]v{n}, x...)...)[0]
	var product v = 1
	for i := range x {
		d := g.Mul(within[i], g.Sub(most, x[i]))
		g.unsigned(d, 32)
		product = g.Mul(product, g.Add(g.Sub(d, within[i]), 1))
	}
	// One of the distances is 0: the largest is one of them.
	g.AssertIsEqual(product, 0)
	return most
}

// largestHint: the largest of in[1 .. in[0]].
func largestHint(field *big.Int, in, out []*big.Int) error {
	var most *big.Int
	for _, x := range in[1:min(1+int(in[0].Uint64()), len(in))] {
		if x := around(field, x); most == nil || x.Cmp(most) > 0 {
			most = x
		}
	}
	if most == nil {
		return fmt.Errorf("largest of nothing")
	}
	out[0].Mod(most, field)
	return nil
}

// log2 of a power of two.
func log2(n int) int { return bits.Len(uint(n)) - 1 }
