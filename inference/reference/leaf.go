package reference

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/proof-of-sampling/posp"
)

// Kind is the kind of a leaf: what its verifier must be able to do.
type Kind uint8

// The three kinds, and elements that no step decides.
const (
	KindGiven   Kind = iota // a token: fixed by the receipt
	KindDot                 // sums a slice, or the products of two
	KindMap                 // takes a few numbers
	KindLargest             // compares a slice
)

// Form is what a leaf does with its inputs; what they are, in their order, stands at each.
type Form uint8

// The forms of a leaf. a, b, parts are slices; all others are single numbers or pairs.
const (
	FormGiven      Form = iota
	FormZero            // nothing: the element is 0
	FormEmbed           // token, weight
	FormDot             // a, b: the sum of products, rounded by Shift
	FormScore           // a, b: likewise, saturated
	FormProject         // a, weights [, addend]: rounded by the weights' exponent, plus the addend, saturated
	FormProjectSum      // parts, a weight of the same row, for its exponent [, addend]: likewise
	FormSum             // parts: their sum
	FormRsqrt           // parts: Rsqrt of their sum plus Epsilon, over N; the mantissa, or with Second the shift
	FormNorm            // x, (mantissa, shift), weight
	FormRotate          // y, its partner half a head away, frequency; At is the position; Second the head's second half
	FormLargest         // a: its largest
	FormExp             // x, largest: Exp by Factor in Bits
	FormQuotient        // parts, sum: Divide
	FormAct             // gate, up
	FormLogProb         // token, logit, largest, sum
	FormMargin          // token, logit, largest
)

// Operand is a range of elements of one row of the trace or of the model.
type Operand struct {
	Model  bool
	Row    uint64 // index in the trace or in the model
	First  int
	Length int
	// ByToken: Row (of the model) or First (of the trace) is to be increased by the value of the leaf's first
	// operand, a token.
	ByToken bool
}

// Leaf is how one element is computed: a pure function of the graph and the element's place.
type Leaf struct {
	Form     Form
	Operands []Operand
	// Constants, each for the forms that name it.
	Shift   uint
	N       int64
	Epsilon int64
	Factor  int64
	Bits    uint
	At      uint64
	Second  bool
}

// Kind is the kind of the leaf.
func (l Leaf) Kind() Kind {
	switch l.Form {
	case FormGiven:
		return KindGiven
	case FormDot, FormScore, FormProject, FormProjectSum, FormSum, FormRsqrt, FormQuotient:
		return KindDot
	case FormLargest:
		return KindLargest
	}
	return KindMap
}

// Leaf says how element e of a row is computed.
func (g *Graph) Leaf(r Row, e int) Leaf {
	at := func(op Op, head, first, length int) Operand {
		return Operand{Row: g.Index(Row{op, r.Layer, r.At, head}), First: first, Length: length}
	}
	one := func(op Op, i int) Operand { return at(op, 0, i, 1) }
	weight := func(t Tensor, row, first, length int) Operand {
		return Operand{Model: true, Row: g.ModelRow(t, r.Layer, row), First: first, Length: length}
	}
	// entering is element i of the residual row that the layer reads.
	entering := func(layer, position, first, length int) Operand {
		x := Row{Op: Embedded, At: position}
		if layer > 0 {
			x = Row{Op: Out, Layer: layer - 1, At: position}
		}
		return Operand{Row: g.Index(x), First: first, Length: length}
	}
	zero := Leaf{Form: FormZero}
	span := func(p, n int) (first, length int) { return p * slice, min(slice, n-p*slice) }

	// The forms that several rows share.
	sumSq := func(x Operand) Leaf { return Leaf{Form: FormDot, Operands: []Operand{x, x}, Shift: 8} }
	rsqrt := func(op Op, first, length, n int) Leaf {
		return Leaf{Form: FormRsqrt, Operands: []Operand{at(op, 0, first, length)}, N: int64(n), Epsilon: g.epsilon(n), Second: e%2 == 1}
	}
	norm := func(x Operand, rsqrt Op, pair int, w Operand) Leaf {
		return Leaf{Form: FormNorm, Operands: []Operand{x, at(rsqrt, 0, 2*pair, 2), w}}
	}
	// A projection of n elements of row a by tensor t: its partial sums, and its elements.
	partOf := func(a func(first, length int) Operand, t Tensor, row, p, n int) Leaf {
		if p >= parts(n) {
			return zero
		}
		first, length := span(p, n)
		return Leaf{Form: FormDot, Operands: []Operand{a(first, length), weight(t, row, first, length)}}
	}
	project := func(a func(first, length int) Operand, sums Op, slot int, t Tensor, row, n int, addend ...Operand) Leaf {
		if n > slice {
			return Leaf{Form: FormProjectSum, Operands: append([]Operand{
				at(sums, 0, slot*partStride(n), parts(n)), weight(t, row, 0, 1)}, addend...)}
		}
		return Leaf{Form: FormProject, Operands: append([]Operand{a(0, n), weight(t, row, 0, n)}, addend...)}
	}
	bias := func(t Tensor, i int) []Operand {
		if !g.Biased {
			return nil
		}
		return []Operand{weight(t, 0, i, 1)}
	}
	of := func(op Op) func(first, length int) Operand {
		return func(first, length int) Operand { return at(op, 0, first, length) }
	}
	keyNorm := func(position int) func(first, length int) Operand {
		row := g.Index(Row{Op: KeyNorm, Layer: r.Layer, At: position})
		return func(first, length int) Operand { return Operand{Row: row, First: first, Length: length} }
	}
	output := func(row, first, length int) Operand {
		return Operand{Model: true, Row: g.outputRow(row), First: first, Length: length}
	}
	rotate := func(raw, normed Op) Leaf {
		if g.Normed {
			raw = normed
		}
		hs, half := g.stride(), g.HeadDim/2
		head, j := e/hs, e%hs
		if j >= g.HeadDim {
			return zero
		}
		partner := (j + half) % g.HeadDim
		return Leaf{Form: FormRotate, At: uint64(r.At), Second: j >= half, Operands: []Operand{
			one(raw, head*g.HeadDim+j), one(raw, head*g.HeadDim+partner),
			{Model: true, Row: g.ModelRow(Frequencies, 0, 0), First: j % half, Length: 1}}}
	}
	// reduce is element e of a row that takes slices of op's n elements.
	reduce := func(form Form, op Op, n int) Leaf {
		first, length := span(e, n)
		return Leaf{Form: form, Operands: []Operand{at(op, 0, first, length)}}
	}
	past := r.At + 1

	d, hd := g.Hidden, g.HeadDim
	switch r.Op {
	case Embedded:
		token := Operand{Row: 0, First: r.At, Length: 1}
		if r.At >= g.Prompt {
			token = Operand{Row: 1, First: r.At - g.Prompt, Length: 1}
		}
		w := weight(Embedding, 0, e, 1)
		w.ByToken = true
		return Leaf{Form: FormEmbed, Operands: []Operand{token, w}}

	case KeySumSq:
		first, length := span(e, d)
		return sumSq(entering(r.Layer, r.At, first, length))
	case KeyRsqrt, MLPRsqrt, FinalRsqrt:
		return rsqrt(r.Op-1, 0, parts(d), d)
	case KeyNorm:
		return norm(entering(r.Layer, r.At, e, 1), KeyRsqrt, 0, weight(AttentionNorm, 0, e, 1))
	case KParts:
		return partOf(of(KeyNorm), WK, e/partStride(d), e%partStride(d), d)
	case K:
		return project(of(KeyNorm), KParts, e, WK, e, d, bias(BK, e)...)
	case KSumSq, QSumSq:
		return sumSq(at(r.Op-1, 0, e*hd, hd))
	case KRsqrt, QRsqrt:
		return rsqrt(r.Op-1, e/2, 1, hd)
	case KNorm:
		return norm(one(K, e), KRsqrt, e/hd, weight(KNormWeight, 0, e%hd, 1))
	case QNorm:
		return norm(one(Q, e), QRsqrt, e/hd, weight(QNormWeight, 0, e%hd, 1))
	case KRope:
		return rotate(K, KNorm)
	case QRope:
		return rotate(Q, QNorm)

	case VParts:
		return partOf(keyNorm(e/partStride(d)), WV, r.At, e%partStride(d), d)
	case V:
		return project(keyNorm(e), VParts, e, WV, r.At, d, bias(BV, r.At)...)

	case QParts:
		return partOf(keyNorm(r.At), WQ, e/partStride(d), e%partStride(d), d)
	case Q:
		return project(keyNorm(r.At), QParts, e, WQ, e, d, bias(BQ, e)...)
	case Score:
		_, shift := AttentionFactor(hd)
		hs := g.stride()
		key := Operand{Row: g.Index(Row{Op: KRope, Layer: r.Layer, At: e}), First: g.group(r.Head) * hs, Length: hs}
		return Leaf{Form: FormScore, Operands: []Operand{at(QRope, 0, r.Head*hs, hs), key}, Shift: 16 + shift}
	case MaxParts, SumParts:
		h, p := e/partStride(past), e%partStride(past)
		if p >= parts(past) {
			return zero
		}
		first, length := span(p, past)
		if r.Op == MaxParts {
			return Leaf{Form: FormLargest, Operands: []Operand{at(Score, h, first, length)}}
		}
		return Leaf{Form: FormSum, Operands: []Operand{at(Exps, h, first, length)}}
	case Max:
		return Leaf{Form: FormLargest, Operands: []Operand{at(MaxParts, 0, e*partStride(past), parts(past))}}
	case Exps:
		factor, _ := AttentionFactor(hd)
		return Leaf{Form: FormExp, Operands: []Operand{at(Score, r.Head, e, 1), one(Max, r.Head)}, Factor: factor, Bits: expBits}
	case Sum:
		return Leaf{Form: FormSum, Operands: []Operand{at(SumParts, 0, e*partStride(past), parts(past))}}
	case MixParts:
		channel, p := e/partStride(past), e%partStride(past)
		if p >= parts(past) {
			return zero
		}
		first, length := span(p, past)
		h := channel / hd
		values := g.Index(Row{Op: V, Layer: r.Layer, At: g.group(h)*hd + channel%hd})
		return Leaf{Form: FormDot, Operands: []Operand{at(Exps, h, first, length), {Row: values, First: first, Length: length}}}
	case Mix:
		return Leaf{Form: FormQuotient, Operands: []Operand{at(MixParts, 0, e*partStride(past), parts(past)), one(Sum, e/hd)}}
	case OParts:
		return partOf(of(Mix), WO, e/partStride(g.query()), e%partStride(g.query()), g.query())
	case Attended:
		return project(of(Mix), OParts, e, WO, e, g.query(), entering(r.Layer, r.At, e, 1))

	case MLPSumSq:
		first, length := span(e, d)
		return sumSq(at(Attended, 0, first, length))
	case MLPNormed:
		return norm(one(Attended, e), MLPRsqrt, 0, weight(MLPNorm, 0, e, 1))
	case GateParts:
		return partOf(of(MLPNormed), WGate, e/partStride(d), e%partStride(d), d)
	case Gate:
		return project(of(MLPNormed), GateParts, e, WGate, e, d)
	case UpParts:
		return partOf(of(MLPNormed), WUp, e/partStride(d), e%partStride(d), d)
	case Up:
		return project(of(MLPNormed), UpParts, e, WUp, e, d)
	case Activated:
		return Leaf{Form: FormAct, Operands: []Operand{one(Gate, e), one(Up, e)}}
	case DownParts:
		return partOf(of(Activated), WDown, e/partStride(g.FFN), e%partStride(g.FFN), g.FFN)
	case Out:
		return project(of(Activated), DownParts, e, WDown, e, g.FFN, one(Attended, e))

	case FinalSumSq:
		first, length := span(e, d)
		return sumSq(entering(g.Layers, g.Prompt-1+r.At, first, length))
	case FinalNormed:
		return norm(entering(g.Layers, g.Prompt-1+r.At, e, 1), FinalRsqrt, 0, weight(FinalNorm, 0, e, 1))
	case LogitParts:
		token, p := e/partStride(d), e%partStride(d)
		if p >= parts(d) {
			return zero
		}
		first, length := span(p, d)
		return Leaf{Form: FormDot, Operands: []Operand{at(FinalNormed, 0, first, length), output(token, first, length)}}
	case Logits:
		if d > slice {
			return Leaf{Form: FormProjectSum, Operands: []Operand{at(LogitParts, 0, e*partStride(d), parts(d)), output(e, 0, 1)}}
		}
		return Leaf{Form: FormProject, Operands: []Operand{at(FinalNormed, 0, 0, d), output(e, 0, d)}}
	case LogitMaxParts:
		return reduce(FormLargest, Logits, g.Vocab)
	case LogitMaxParts2:
		return reduce(FormLargest, LogitMaxParts, parts(g.Vocab))
	case LogitMax:
		if n := parts(g.Vocab); n > slice {
			return reduce(FormLargest, LogitMaxParts2, parts(n))
		} else {
			return reduce(FormLargest, LogitMaxParts, n)
		}
	case LogitExps:
		return Leaf{Form: FormExp, Operands: []Operand{one(Logits, e), one(LogitMax, 0)}, Factor: log2E, Bits: 30}
	case LogitSumParts:
		return reduce(FormSum, LogitExps, g.Vocab)
	case LogitSumParts2:
		return reduce(FormSum, LogitSumParts, parts(g.Vocab))
	case LogitSum:
		if n := parts(g.Vocab); n > slice {
			return reduce(FormSum, LogitSumParts2, parts(n))
		} else {
			return reduce(FormSum, LogitSumParts, n)
		}

	case LogProbs, Margins:
		if r.Op == Margins && !g.Greedy {
			return zero
		}
		f := func(op Op) Operand { return Operand{Row: g.Index(Row{Op: op, At: e}), Length: 1} }
		logit := f(Logits)
		logit.ByToken = true
		operands := []Operand{{Row: 1, First: e, Length: 1}, logit, f(LogitMax)}
		if r.Op == Margins {
			return Leaf{Form: FormMargin, Operands: operands}
		}
		return Leaf{Form: FormLogProb, Operands: append(operands, f(LogitSum))}
	}
	return Leaf{Form: FormGiven}
}

// Input is an operand's values; Exponent is the k of its row, for operands of the model.
type Input struct {
	Values   []int64
	Exponent uint
}

// Step computes the element: the last move of a dispute, and what a step verifier mirrors. There is one input for
// each operand, of its length.
func (l Leaf) Step(in ...Input) (int64, error) {
	if len(in) != len(l.Operands) {
		return 0, fmt.Errorf("step of form %d: %d inputs, want %d", l.Form, len(in), len(l.Operands))
	}
	for i, x := range in {
		if len(x.Values) != l.Operands[i].Length {
			return 0, fmt.Errorf("step of form %d: input %d has %d values, want %d", l.Form, i, len(x.Values), l.Operands[i].Length)
		}
	}
	x := func(i int) int64 { return in[i].Values[0] }
	x32 := func(i int) int32 { return int32(in[i].Values[0]) }
	addend := func() int64 {
		if len(in) == 3 {
			return x(2)
		}
		return 0
	}
	if err := l.domain(in); err != nil {
		return 0, err
	}
	switch l.Form {
	case FormGiven:
		return 0, fmt.Errorf("step: the element is given by the receipt")
	case FormZero:
		return 0, nil
	case FormEmbed:
		return int64(Embed(int16(x(1)), in[1].Exponent)), nil
	case FormDot:
		return products(in[0].Values, in[1].Values).roundShift(l.Shift), nil
	case FormScore:
		return int64(Saturate(products(in[0].Values, in[1].Values).roundShift(l.Shift))), nil
	case FormProject:
		return int64(Saturate(products(in[0].Values, in[1].Values).roundShift(in[1].Exponent) + addend())), nil
	case FormProjectSum:
		return int64(Saturate(sum(in[0].Values).roundShift(in[1].Exponent) + addend())), nil
	case FormSum:
		return sum(in[0].Values).roundShift(0), nil
	case FormRsqrt:
		m, s := Rsqrt(squares(in[0].Values, l.Epsilon), l.N)
		if l.Second {
			return int64(s), nil
		}
		return int64(m), nil
	case FormNorm:
		return int64(Norm(x32(0), int32(in[1].Values[0]), int32(in[1].Values[1]), x32(2))), nil
	case FormRotate:
		sin, cos := SinCos(l.At * uint64(x(2)))
		return int64(Rotate(x32(0), x32(1), sin, cos, l.Second)), nil
	case FormLargest:
		most := in[0].Values[0]
		for _, v := range in[0].Values {
			most = max(most, v)
		}
		return most, nil
	case FormExp:
		return int64(Exp(x(1)-x(0), l.Factor, l.Bits)), nil
	case FormQuotient:
		return int64(quotient(in[0].Values, x(1))), nil
	case FormAct:
		return int64(Act(x32(0), x32(1))), nil
	case FormLogProb:
		return int64(LogProb(x32(1), x32(2), x(3))), nil
	case FormMargin:
		return int64(Margin(x32(1), x32(2))), nil
	}
	return 0, fmt.Errorf("step: unknown form %d", l.Form)
}

// domain refuses inputs that no run of the program makes, and that its functions are not defined for.
func (l Leaf) domain(in []Input) error {
	for i, x := range in {
		if l.Operands[i].Model && l.Form != FormRotate && l.Form != FormNorm && i == 1 && x.Exponent > maxExponent {
			return posp.Invalidf("step: exponent %d, at most %d", x.Exponent, maxExponent)
		}
	}
	within := func(name string, x, low, high int64) error {
		if x < low || x > high {
			return posp.Invalidf("step: %s is %d, want %d to %d", name, x, low, high)
		}
		return nil
	}
	switch l.Form {
	case FormRsqrt:
		for _, x := range in[0].Values {
			if err := within("a sum of squares", x, 0, 1<<62); err != nil {
				return err
			}
		}
	case FormNorm:
		return within("the shift", in[1].Values[1], 4, 50)
	case FormExp:
		return within("the distance to the largest", in[1].Values[0]-in[0].Values[0], 0, 1<<32-1)
	case FormQuotient:
		return within("the sum of exponentials", in[1].Values[0], 1, 1<<(expBits+16))
	case FormLogProb:
		return within("the sum of exponentials", in[3].Values[0], one30, 1<<62-1)
	}
	return nil
}

// wide is an integer of 128 bits in two's complement.
type wide struct {
	hi int64
	lo uint64
}

func (a wide) add(b wide) wide {
	lo, carry := bits.Add64(a.lo, b.lo, 0)
	return wide{a.hi + b.hi + int64(carry), lo}
}

func widen(x int64) wide { return wide{x >> 63, uint64(x)} }

// multiply is x * y.
func multiply(x, y int64) wide {
	hi, lo := bits.Mul64(uint64(x), uint64(y))
	return wide{int64(hi) - x>>63&y - y>>63&x, lo}
}

// roundShift is RoundShift, clamped to the range of int64.
func (a wide) roundShift(n uint) int64 {
	if n > 0 {
		a = a.add(wide{0, 1 << (n - 1)})
		a = wide{a.hi >> n, a.lo>>n | uint64(a.hi)<<(64-n)}
	}
	switch {
	case a.hi == int64(a.lo)>>63:
		return int64(a.lo)
	case a.hi < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// products is the exact sum of a[i] * b[i].
func products(a, b []int64) (s wide) {
	for i := range a {
		s = s.add(multiply(a[i], b[i]))
	}
	return s
}

// sum is the exact sum.
func sum(xs []int64) (s wide) {
	for _, x := range xs {
		s = s.add(widen(x))
	}
	return s
}

// squares is what Rsqrt takes: the sum of sums of squares and epsilon, clamped to [1, 2^63).
func squares(parts []int64, epsilon int64) int64 {
	s := epsilon
	for _, x := range parts {
		if s += x; s < 0 {
			return math.MaxInt64
		}
	}
	return max(s, 1)
}

// quotient is the sum of parts over total, rounded half up and saturated: Divide in 128 bits.
func quotient(parts []int64, total int64) int32 {
	s := sum(parts)
	if s.hi == int64(s.lo)>>63 && abs(int64(s.lo)) < 1<<61 {
		return Saturate(Divide(int64(s.lo), total))
	}
	// floor((2s + total) / (2 total)), by the quotient of magnitudes.
	s = s.add(s).add(widen(total))
	negative := s.hi < 0
	if negative { // floor(-n / d) = -ceil(n / d) = -floor((n + d - 1) / d)
		s = wide{^s.hi, ^s.lo}.add(wide{0, 1}).add(widen(2*total - 1))
	}
	if uint64(s.hi) >= uint64(2*total) {
		if negative {
			return math.MinInt32
		}
		return math.MaxInt32
	}
	q, _ := bits.Div64(uint64(s.hi), s.lo, uint64(2*total))
	if negative {
		return Saturate(-int64(min(q, 1<<40)))
	}
	return Saturate(int64(min(q, 1<<40)))
}
