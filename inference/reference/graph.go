package reference

import (
	"fmt"

	"github.com/proof-of-sampling/posp"
)

// slice is the most elements that one leaf sums or compares.
const slice = 256

// Op is the operation of a row; the values are the row numbers of section 3.
type Op uint8

// The operations, in the order of section 3.
const (
	Prompt Op = iota
	Output
	Embedded
	KeySumSq // keys(l, t), the A rows
	KeyRsqrt
	KeyNorm
	KParts
	K
	KSumSq
	KRsqrt
	KNorm
	KRope
	VParts // values(l, c), the V rows
	V
	QParts // mix(l, t), the B rows
	Q
	QSumSq
	QRsqrt
	QNorm
	QRope
	Score
	MaxParts
	Max
	Exps
	SumParts
	Sum
	MixParts
	Mix
	OParts
	Attended
	MLPSumSq
	MLPRsqrt
	MLPNormed
	GateParts
	Gate
	UpParts
	Up
	Activated
	DownParts
	Out
	FinalSumSq // score(i), the F rows
	FinalRsqrt
	FinalNormed
	LogitParts
	Logits
	LogitMaxParts
	LogitMaxParts2
	LogitMax
	LogitExps
	LogitSumParts
	LogitSumParts2
	LogitSum
	LogProbs
	Margins
	Padding // no row: beyond the trace's end
)

// Row says which row it is. At is the position of a token for Embedded and the A and B rows, the channel for the V
// rows, the output position for the F rows, and else 0. Head is 0 except for Score and Exps.
type Row struct {
	Op    Op
	Layer int
	At    int
	Head  int
}

// opNames are the operations in words.
var opNames = [...]string{
	Prompt: "prompt", Output: "output", Embedded: "embedding",
	KeySumSq: "sums of squares before keys", KeyRsqrt: "scale before keys", KeyNorm: "norm before keys", KParts: "parts of keys", K: "keys",
	KSumSq: "sums of squares of keys", KRsqrt: "scale of keys", KNorm: "norm of keys", KRope: "rotated keys",
	VParts: "parts of values", V: "values",
	QParts: "parts of queries", Q: "queries", QSumSq: "sums of squares of queries", QRsqrt: "scale of queries", QNorm: "norm of queries", QRope: "rotated queries",
	Score: "attention scores", MaxParts: "largest scores of parts", Max: "largest scores", Exps: "attention exponentials", SumParts: "sums of exponentials of parts", Sum: "sums of exponentials",
	MixParts: "parts of mixed values", Mix: "mixed values", OParts: "parts of attention output", Attended: "attention output",
	MLPSumSq: "sums of squares before the MLP", MLPRsqrt: "scale before the MLP", MLPNormed: "norm before the MLP", GateParts: "parts of gate", Gate: "gate", UpParts: "parts of up", Up: "up",
	Activated: "activation", DownParts: "parts of down", Out: "layer output",
	FinalSumSq: "final sums of squares", FinalRsqrt: "final scale", FinalNormed: "final norm", LogitParts: "parts of logits", Logits: "logits",
	LogitMaxParts: "largest logits of parts", LogitMaxParts2: "largest logits of parts of parts", LogitMax: "largest logit", LogitExps: "exponentials of logits",
	LogitSumParts: "sums of logits' exponentials of parts", LogitSumParts2: "sums of logits' exponentials of parts of parts", LogitSum: "sum of logits' exponentials",
	LogProbs: "log-probabilities", Margins: "margins", Padding: "padding",
}

func (o Op) String() string {
	if int(o) < len(opNames) {
		return opNames[o]
	}
	return fmt.Sprintf("operation %d", uint8(o))
}

// String names the row in words: "gate of layer 2, token 17".
func (r Row) String() string {
	switch {
	case r.Op == Embedded:
		return fmt.Sprintf("%s of token %d", r.Op, r.At)
	case r.Op == Score || r.Op == Exps:
		return fmt.Sprintf("%s of layer %d, token %d, head %d", r.Op, r.Layer, r.At, r.Head)
	case r.Op == VParts || r.Op == V:
		return fmt.Sprintf("%s of layer %d, channel %d", r.Op, r.Layer, r.At)
	case r.Op >= KeySumSq && r.Op <= Out:
		return fmt.Sprintf("%s of layer %d, token %d", r.Op, r.Layer, r.At)
	case r.Op >= FinalSumSq && r.Op <= LogitSum:
		return fmt.Sprintf("%s of output token %d", r.Op, r.At)
	}
	return r.Op.String()
}

// Graph is the program for one shape and one pair of lengths. It is a pure function of them: which row is what, and
// which other rows and model rows each element is computed from.
type Graph struct {
	Arch
	Prompt, Output int // tokens, n and m
	Greedy         bool

	positions  int // T
	a, v, b, f []slot
}

// slot is one row of a group.
type slot struct {
	op   Op
	head int
}

// NewGraph returns the graph of a prompt of n and an output of m tokens.
func NewGraph(a Arch, n, m int, rule posp.SamplingRule) (*Graph, error) {
	if err := a.Check(); err != nil {
		return nil, err
	}
	if n < 1 || m < 1 || n > maxWidth || m > maxWidth || n+m-1 > maxWidth {
		return nil, posp.Invalidf("a prompt of %d and an output of %d tokens: %s takes at least one of each and %d together", n, m, Version, maxWidth+1)
	}
	g := &Graph{Arch: a, Prompt: n, Output: m, Greedy: rule == posp.Greedy, positions: n + m - 1}
	has := func(op Op) bool {
		switch op {
		case KParts, VParts, QParts, GateParts, UpParts, LogitParts:
			return a.Hidden > slice
		case OParts:
			return a.query() > slice
		case DownParts:
			return a.FFN > slice
		case KSumSq, KRsqrt, KNorm, QSumSq, QRsqrt, QNorm:
			return a.Normed
		case LogitMaxParts2, LogitSumParts2:
			return parts(a.Vocab) > slice
		}
		return true
	}
	group := func(from, to Op) (slots []slot) {
		for op := from; op <= to; op++ {
			heads := 1
			if op == Score || op == Exps {
				heads = a.Heads
			}
			for h := range heads {
				if has(op) {
					slots = append(slots, slot{op, h})
				}
			}
		}
		return slots
	}
	g.a, g.v, g.b, g.f = group(KeySumSq, KRope), group(VParts, V), group(QParts, Out), group(FinalSumSq, LogitSum)
	return g, nil
}

// Positions is how many tokens are read: all but the last of the output.
func (g *Graph) Positions() int { return g.positions }

// from is the first position whose B rows exist in a layer: nothing reads those before it in the last.
func (g *Graph) from(layer int) int {
	if layer == g.Layers-1 {
		return g.Prompt - 1
	}
	return 0
}

// layerSize is the number of rows of every layer but the last.
func (g *Graph) layerSize() uint64 {
	return uint64(g.positions)*uint64(len(g.a)+len(g.b)) + uint64(g.kv())*uint64(len(g.v))
}

// layerStart is the index of a layer's first row; of Layers, that of the first F row.
func (g *Graph) layerStart(layer int) uint64 {
	at := 2 + uint64(g.positions) + uint64(layer)*g.layerSize()
	if layer == g.Layers {
		at -= uint64(g.Prompt-1) * uint64(len(g.b))
	}
	return at
}

// Rows is the number of rows of the trace.
func (g *Graph) Rows() uint64 {
	return g.layerStart(g.Layers) + uint64(g.Output)*uint64(len(g.f)) + 2
}

// Locate says which row stands at an index; beyond the end it is Padding.
func (g *Graph) Locate(i uint64) Row {
	switch {
	case i == 0:
		return Row{Op: Prompt}
	case i == 1:
		return Row{Op: Output}
	case i < g.layerStart(0):
		return Row{Op: Embedded, At: int(i - 2)}
	}
	pick := func(group []slot, i uint64, layer, from int) Row {
		s := group[i%uint64(len(group))]
		return Row{Op: s.op, Layer: layer, At: from + int(i/uint64(len(group))), Head: s.head}
	}
	if i < g.layerStart(g.Layers) {
		layer := min(int((i-g.layerStart(0))/g.layerSize()), g.Layers-1)
		i -= g.layerStart(layer)
		if size := uint64(g.positions) * uint64(len(g.a)); i < size {
			return pick(g.a, i, layer, 0)
		} else {
			i -= size
		}
		if size := uint64(g.kv()) * uint64(len(g.v)); i < size {
			return pick(g.v, i, layer, 0)
		} else {
			i -= size
		}
		return pick(g.b, i, layer, g.from(layer))
	}
	i -= g.layerStart(g.Layers)
	if i < uint64(g.Output)*uint64(len(g.f)) {
		return pick(g.f, i, 0, 0)
	}
	switch i - uint64(g.Output)*uint64(len(g.f)) {
	case 0:
		return Row{Op: LogProbs}
	case 1:
		return Row{Op: Margins}
	}
	return Row{Op: Padding}
}

// Index is where a row stands: the inverse of Locate. The row must exist.
func (g *Graph) Index(r Row) uint64 {
	find := func(group []slot) (at, size uint64) {
		for i, s := range group {
			if s.op == r.Op && s.head == r.Head {
				return uint64(i), uint64(len(group))
			}
		}
		panic(fmt.Sprintf("reference: no row %+v", r)) // a fault of this package: rows come from Locate or leaf
	}
	switch {
	case r.Op == Prompt:
		return 0
	case r.Op == Output:
		return 1
	case r.Op == Embedded:
		return 2 + uint64(r.At)
	case r.Op <= KRope:
		at, size := find(g.a)
		return g.layerStart(r.Layer) + uint64(r.At)*size + at
	case r.Op <= V:
		at, size := find(g.v)
		return g.layerStart(r.Layer) + uint64(g.positions)*uint64(len(g.a)) + uint64(r.At)*size + at
	case r.Op <= Out:
		at, size := find(g.b)
		return g.layerStart(r.Layer) + uint64(g.positions)*uint64(len(g.a)) + uint64(g.kv())*uint64(len(g.v)) +
			uint64(r.At-g.from(r.Layer))*size + at
	case r.Op <= LogitSum:
		at, size := find(g.f)
		return g.layerStart(g.Layers) + uint64(r.At)*size + at
	case r.Op == LogProbs:
		return g.Rows() - 2
	}
	return g.Rows() - 1
}

// parts is how many slices n elements make.
func parts(n int) int { return (n + slice - 1) / slice }

// partStride is the room that the partial sums of one element take.
func partStride(n int) int { return powerOfTwo(parts(n)) }

// Shape is the number of elements of a row, and the bytes of each: 4 or 8.
func (g *Graph) Shape(r Row) (n, width int) {
	past := r.At + 1
	switch r.Op {
	case Prompt:
		return g.Prompt, 4
	case Output, LogProbs, Margins:
		return g.Output, 4
	case Embedded, KeyNorm, Attended, MLPNormed, Out, FinalNormed:
		return g.Hidden, 4
	case KeySumSq, MLPSumSq, FinalSumSq:
		return parts(g.Hidden), 8
	case KeyRsqrt, MLPRsqrt, FinalRsqrt:
		return 2, 4
	case KParts:
		return g.kv() * partStride(g.Hidden), 8
	case K, KNorm:
		return g.kv(), 4
	case KSumSq:
		return g.KVHeads, 8
	case KRsqrt:
		return 2 * g.KVHeads, 4
	case KRope:
		return g.KVHeads * g.stride(), 4
	case VParts:
		return g.positions * partStride(g.Hidden), 8
	case V:
		return g.positions, 4
	case QParts:
		return g.query() * partStride(g.Hidden), 8
	case Q, QNorm, Mix:
		return g.query(), 4
	case QSumSq, Sum:
		return g.Heads, 8
	case QRsqrt:
		return 2 * g.Heads, 4
	case QRope:
		return g.Heads * g.stride(), 4
	case Score, Exps:
		return past, 4
	case MaxParts:
		return g.Heads * partStride(past), 4
	case SumParts:
		return g.Heads * partStride(past), 8
	case Max:
		return g.Heads, 4
	case MixParts:
		return g.query() * partStride(past), 8
	case OParts:
		return g.Hidden * partStride(g.query()), 8
	case GateParts, UpParts:
		return g.FFN * partStride(g.Hidden), 8
	case Gate, Up, Activated:
		return g.FFN, 4
	case DownParts:
		return g.Hidden * partStride(g.FFN), 8
	case LogitParts:
		return g.Vocab * partStride(g.Hidden), 8
	case Logits, LogitExps:
		return g.Vocab, 4
	case LogitMaxParts:
		return parts(g.Vocab), 4
	case LogitMaxParts2:
		return parts(parts(g.Vocab)), 4
	case LogitMax:
		return 1, 4
	case LogitSumParts:
		return parts(g.Vocab), 8
	case LogitSumParts2:
		return parts(parts(g.Vocab)), 8
	case LogitSum:
		return 1, 8
	}
	return 0, 4
}
