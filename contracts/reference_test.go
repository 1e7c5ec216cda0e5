package contracts_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
)

var (
	refLibraries = contracts.NewReferenceLibraries()
	stepVerifier = contracts.NewPlainStepVerifier()
)

// The numbers of the program (docs/reference-program.md, section 1).

// i32 draws elements, the ends of their range and ties of rounding often.
func i32(t *rapid.T, label string) int32 {
	return draw(t, rapid.OneOf(rapid.Int32(), rapid.SampledFrom([]int32{0, 1, -1, math.MaxInt32, math.MinInt32, 1 << 15, -1 << 15, 1 << 16, 3 << 15})), label)
}

func in64(t *rapid.T, label string, low, high int64) int64 {
	return draw(t, rapid.OneOf(rapid.Int64Range(low, high), rapid.SampledFrom([]int64{low, high, low + (high-low)/2}), rapid.Custom(func(t *rapid.T) int64 {
		return low + min(high-low, 1<<rapid.IntRange(0, 62).Draw(t, "bits"))
	})), label)
}

func TestReferenceNumbersAreGos(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		same := func(what string, want int64, input []byte, err error) {
			t.Helper()
			if got := ask(t, m, refLibraries.UnpackSaturate, input, err); !got.IsInt64() || got.Int64() != want { // all that answer one number unpack alike
				t.Fatalf("%s: Solidity %s, Go %d", what, got, want)
			}
		}
		big64 := big.NewInt
		x, n := in64(t, "x", -1<<61, 1<<61), uint(rapid.IntRange(0, 61).Draw(t, "n"))
		in, err := refLibraries.TryPackRoundShift(big64(x), big64(int64(n)))
		same("round and shift", reference.RoundShift(x, n), in, err)
		in, err = refLibraries.TryPackSaturate(big64(x))
		same("saturate", int64(reference.Saturate(x)), in, err)
		b := in64(t, "b", 1, 1<<60)
		in, err = refLibraries.TryPackDivide(big64(x), big64(b))
		same("divide", reference.Divide(x, b), in, err)

		y := in64(t, "y", 0, 1<<32-1)
		hd := 2 * rapid.IntRange(1, 128).Draw(t, "half a head")
		factor, shift := reference.AttentionFactor(hd)
		in, err = refLibraries.TryPackAttention(big64(int64(hd)))
		if got := ask(t, m, refLibraries.UnpackAttention, in, err); got.Factor.Int64() != factor || got.Shift.Int64() != int64(shift) {
			t.Fatalf("factor of heads of %d: Solidity %s, %s, Go %d, %d", hd, got.Factor, got.Shift, factor, shift)
		}
		if rapid.Bool().Draw(t, "of logits") {
			factor = 1549082005
		}
		bits := rapid.SampledFrom([]uint{22, 30}).Draw(t, "bits")
		in, err = refLibraries.TryPackExp(big64(y), big64(factor), big64(int64(bits)))
		same("exp", int64(reference.Exp(y, factor, bits)), in, err)

		v, over := in64(t, "v", 1, math.MaxInt64), in64(t, "over", 1, 1<<16)
		mantissa, s := reference.Rsqrt(v, over)
		in, err = refLibraries.TryPackRsqrt(big64(v), big64(over))
		if got := ask(t, m, refLibraries.UnpackRsqrt, in, err); got.Mantissa.Int64() != int64(mantissa) || got.Shift.Int64() != int64(s) {
			t.Fatalf("rsqrt(%d, %d): Solidity %s, %s, Go %d, %d", v, over, got.Mantissa, got.Shift, mantissa, s)
		}

		a, c, w := i32(t, "a"), i32(t, "c"), i32(t, "w")
		s = int32(rapid.IntRange(4, 50).Draw(t, "shift"))
		in, err = refLibraries.TryPackNorm(big64(int64(a)), big64(int64(c)), big64(int64(s)), big64(int64(w)))
		same("norm", int64(reference.Norm(a, c, s, w)), in, err)

		turns := draw(t, rapid.OneOf(rapid.Uint64(), rapid.SampledFrom([]uint64{0, 1 << 62, 1 << 63, 3 << 62, 1<<62 - 1, math.MaxUint64, 1 << 32})), "turns")
		sin, cos := reference.SinCos(turns)
		in, err = refLibraries.TryPackSincos(turns)
		if got := ask(t, m, refLibraries.UnpackSincos, in, err); got.Sin.Int64() != int64(sin) || got.Cos.Int64() != int64(cos) {
			t.Fatalf("sincos(%d): Solidity %s, %s, Go %d, %d", turns, got.Sin, got.Cos, sin, cos)
		}
		second := rapid.Bool().Draw(t, "second half")
		in, err = refLibraries.TryPackRotate(big64(int64(a)), big64(int64(c)), big64(int64(sin)), big64(int64(cos)), second)
		same("rotate", int64(reference.Rotate(a, c, sin, cos, second)), in, err)

		in, err = refLibraries.TryPackSilu(big64(int64(a)))
		same("silu", reference.Silu(a), in, err)
		in, err = refLibraries.TryPackAct(big64(int64(a)), big64(int64(c)))
		same("act", int64(reference.Act(a, c)), in, err)

		sum := in64(t, "sum", 1<<30, 1<<62-1)
		in, err = refLibraries.TryPackLog2(big64(sum))
		same("log2", reference.Log2(sum), in, err)
		in, err = refLibraries.TryPackLogprob(big64(int64(a)), big64(int64(c)), big64(sum))
		same("log-probability", int64(reference.LogProb(a, c, sum)), in, err)
		low, high := min(a, c), max(a, c)
		in, err = refLibraries.TryPackMargin(big64(int64(low)), big64(int64(high)))
		same("margin", int64(reference.Margin(low, high)), in, err)

		q, k := int16(a>>16), rapid.UintRange(0, 30).Draw(t, "exponent")
		in, err = refLibraries.TryPackEmbed(big64(int64(q)), big64(int64(k)))
		same("embed", int64(reference.Embed(q, k)), in, err)
	})
}

// What no run of the program makes is refused, not computed.
func TestReferenceDomains(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	refused := func(what string, input []byte, err error) {
		t.Helper()
		if _, err := try(t, m, refLibraries.UnpackSaturate, input, err); err != revert("OutOfDomain") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, y := range []int64{-1, 1 << 32} {
		in, err := refLibraries.TryPackExp(big.NewInt(y), big.NewInt(1549082005), big.NewInt(30))
		refused("exp", in, err)
	}
	for _, v := range []*big.Int{new(big.Int), bigOf(1 << 63), big.NewInt(-1)} {
		in, err := refLibraries.TryPackRsqrt(v, big.NewInt(1))
		refused("rsqrt", in, err)
	}
	for _, s := range []int64{3, 51} {
		in, err := refLibraries.TryPackNorm(big.NewInt(1), big.NewInt(1), big.NewInt(s), big.NewInt(1))
		refused("norm", in, err)
	}
	for _, s := range []int64{1<<30 - 1, 1 << 62} {
		in, err := refLibraries.TryPackLog2(big.NewInt(s))
		refused("log2", in, err)
	}
}

// The graph (sections 2, 3 and 5).

// arches draws shapes of models within the program's limits: small ones and the largest, every flag.
func arches() *rapid.Generator[reference.Arch] {
	return rapid.Custom(func(t *rapid.T) reference.Arch {
		size := func(label string, most int) int {
			return rapid.OneOf(rapid.IntRange(1, min(most, 40)), rapid.IntRange(1, min(most, 1200)), rapid.IntRange(1, most), rapid.Just(most)).Draw(t, label)
		}
		a := reference.Arch{
			Hidden: size("hidden", 1<<16), Layers: size("layers", 1<<10), FFN: size("ffn", 1<<16), Vocab: size("vocabulary", 1<<20),
			Biased: rapid.Bool().Draw(t, "biased"), Normed: rapid.Bool().Draw(t, "normed"), Tied: rapid.Bool().Draw(t, "tied"),
			Eps: rapid.IntRange(0, 1<<40-1).Draw(t, "eps"),
		}
		a.HeadDim = 2 * rapid.IntRange(1, 128).Draw(t, "half a head")
		if a.Normed {
			a.HeadDim = 2 << rapid.IntRange(0, 7).Draw(t, "bits of a head")
		}
		a.KVHeads = rapid.IntRange(1, min(16, 65536/a.HeadDim)).Draw(t, "key-value heads")
		a.Heads = a.KVHeads * rapid.IntRange(1, min(1024, 65536/a.HeadDim)/a.KVHeads).Draw(t, "group")
		return a
	})
}

func graphs() *rapid.Generator[*reference.Graph] {
	return rapid.Custom(func(t *rapid.T) *reference.Graph {
		a := arches().Draw(t, "arch")
		n := rapid.OneOf(rapid.IntRange(1, 10), rapid.IntRange(1, 5000), rapid.Just(1<<16)).Draw(t, "prompt")
		m := rapid.IntRange(1, min(1<<16, 1<<16-n+1)).Draw(t, "output")
		g, err := reference.NewGraph(a, n, m, draw(t, rapid.SampledFrom([]posp.SamplingRule{posp.Greedy, posp.Seeded}), "rule"))
		if err != nil {
			t.Fatal(err)
		}
		return g
	})
}

func toArch(a reference.Arch, rows posp.Hash) contracts.Arch {
	n := func(x int) *big.Int { return big.NewInt(int64(x)) }
	return contracts.Arch{Hidden: n(a.Hidden), Layers: n(a.Layers), Heads: n(a.Heads), KvHeads: n(a.KVHeads), HeadDim: n(a.HeadDim), Ffn: n(a.FFN),
		Vocab: n(a.Vocab), Biased: a.Biased, Normed: a.Normed, Tied: a.Tied, Eps: n(a.Eps), RowsRoot: rows}
}

func toProgram(g *reference.Graph, rows posp.Hash) contracts.Program {
	return contracts.Program{Arch: toArch(g.Arch, rows), PromptTokens: big.NewInt(int64(g.Prompt)), OutputTokens: big.NewInt(int64(g.Output)), Greedy: g.Greedy}
}

// anyRow draws an index of a row, every operation that the graph has alike.
func anyRow(t *rapid.T, g *reference.Graph) uint64 {
	ops := []reference.Op{}
	for op := reference.Prompt; op < reference.Padding; op++ {
		if hasRows(g, op) {
			ops = append(ops, op)
		}
	}
	below := func(label string, n int) int {
		return rapid.OneOf(rapid.IntRange(0, n-1), rapid.Just(0), rapid.Just(n-1)).Draw(t, label)
	}
	r := reference.Row{Op: draw(t, rapid.SampledFrom(ops), "operation")}
	switch {
	case r.Op <= reference.Output || r.Op >= reference.LogProbs:
	case r.Op == reference.Embedded:
		r.At = below("position", g.Positions())
	case r.Op >= reference.FinalSumSq:
		r.At = below("output", g.Output)
	default:
		r.Layer = below("layer", g.Layers)
		switch {
		case r.Op <= reference.KRope:
			r.At = below("position", g.Positions())
		case r.Op <= reference.V:
			r.At = below("channel", g.KVHeads*g.HeadDim)
		case r.Layer == g.Layers-1: // whose B rows begin at the last token of the prompt
			r.At = g.Prompt - 1 + below("position", g.Output)
		default:
			r.At = below("position", g.Positions())
		}
	}
	if r.Op == reference.Score || r.Op == reference.Exps {
		r.Head = below("head", g.Heads)
	}
	return g.Index(r)
}

func hasRows(g *reference.Graph, op reference.Op) bool {
	switch op {
	case reference.KParts, reference.VParts, reference.QParts, reference.GateParts, reference.UpParts, reference.LogitParts:
		return g.Hidden > 256
	case reference.OParts:
		return g.Heads*g.HeadDim > 256
	case reference.DownParts:
		return g.FFN > 256
	case reference.KSumSq, reference.KRsqrt, reference.KNorm, reference.QSumSq, reference.QRsqrt, reference.QNorm:
		return g.Normed
	case reference.LogitMaxParts2, reference.LogitSumParts2:
		return g.Vocab > 65536
	}
	return true
}

func TestGraphIsGos(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		rows := hash(t, "rows root")
		arch := toArch(g.Arch, rows)
		n, out := big.NewInt(int64(g.Prompt)), big.NewInt(int64(g.Output))
		in, err := refLibraries.TryPackModelRoot(arch)
		root := g.Arch.Root(rows)
		if got := ask(t, m, refLibraries.UnpackModelRoot, in, err); got.Root != root || got.Version != reference.Version+":"+root.Hex()[2:] {
			t.Fatalf("root: Solidity %x, %s, Go %s", got.Root, got.Version, root)
		}
		number := func(what string, want uint64, in []byte, err error) {
			t.Helper()
			if got := ask(t, m, refLibraries.UnpackCount, in, err); !got.IsUint64() || got.Uint64() != want {
				t.Fatalf("%s of %+v: Solidity %s, Go %d", what, g.Arch, got, want)
			}
		}
		in, err = refLibraries.TryPackCount(arch, n, out)
		number("rows", g.Rows(), in, err)
		in, err = refLibraries.TryPackModelRows(arch)
		number("model rows", g.ModelRows(), in, err)
		row := draw(t, rapid.Uint64Range(0, g.ModelRows()-1), "model row")
		tensor, layer, r := g.TensorAt(row)
		in, err = refLibraries.TryPackModelRow(arch, uint8(tensor), big.NewInt(int64(layer)), big.NewInt(int64(r)))
		number("model row", row, in, err)
		tr, tc, tw := g.TensorShape(tensor)
		in, err = refLibraries.TryPackTensorShape(arch, uint8(tensor))
		if got := ask(t, m, refLibraries.UnpackTensorShape, in, err); got.Rows.Int64() != int64(tr) || got.Cols.Int64() != int64(tc) || got.Width.Int64() != int64(tw) {
			t.Fatalf("tensor %d: Solidity %v, Go %d, %d, %d", tensor, got, tr, tc, tw)
		}

		i := anyRow(t, g)
		in, err = refLibraries.TryPackLocate(arch, n, out, bigOf(i))
		got := ask(t, m, refLibraries.UnpackLocate, in, err)
		want := g.Locate(i)
		size, width := g.Shape(want)
		gotRow := reference.Row{Op: reference.Op(got.R.Op), Layer: int(got.R.Layer.Int64()), At: int(got.R.At.Int64()), Head: int(got.R.Head.Int64())}
		if gotRow != want || got.Size.Int64() != int64(size) || got.Width.Int64() != int64(width) || got.Back.Uint64() != i && want.Op != reference.Padding {
			t.Fatalf("row %d of %+v: Solidity %+v (%d) of %d, %d, Go %+v of %d, %d", i, g.Arch, gotRow, got.Back, got.Size, got.Width, want, size, width)
		}
		beyond := g.Rows() + uint64(rapid.IntRange(0, 9).Draw(t, "beyond"))
		in, err = refLibraries.TryPackLocate(arch, n, out, bigOf(beyond))
		if got := ask(t, m, refLibraries.UnpackLocate, in, err); got.R.Op != uint8(reference.Padding) || got.Size.Sign() != 0 {
			t.Fatalf("row %d of %d is %+v", beyond, g.Rows(), got.R)
		}

		e := rapid.IntRange(0, size-1).Draw(t, "element")
		in, err = refLibraries.TryPackLeaf(arch, n, out, g.Greedy, bigOf(i), big.NewInt(int64(e)))
		sameLeaf(t, g, want, e, ask(t, m, refLibraries.UnpackLeaf, in, err))
	})
}

func sameLeaf(t *rapid.T, g *reference.Graph, row reference.Row, e int, got contracts.Leaf) {
	t.Helper()
	want := g.Leaf(row, e)
	ok := got.Form == uint8(want.Form) && len(got.Operands) == len(want.Operands) && got.Shift.Uint64() == uint64(want.Shift) &&
		got.N.Int64() == want.N && got.Epsilon.Int64() == want.Epsilon && got.Factor.Int64() == want.Factor && got.Bits.Uint64() == uint64(want.Bits) &&
		got.At.Uint64() == want.At && got.Second == want.Second
	for k := 0; ok && k < len(want.Operands); k++ {
		o, p := want.Operands[k], got.Operands[k]
		n, width := placeOf(g, o)
		ok = o.Model == p.Model && o.ByToken == p.ByToken && o.Row == p.Row.Uint64() && int64(o.First) == p.First.Int64() && int64(o.Length) == p.Length.Int64() &&
			int64(n) == p.Size.Int64() && int64(width) == p.Width.Int64()
	}
	if !ok {
		t.Fatalf("%+v, element %d of %+v: Solidity %+v, Go %+v", row, e, g.Arch, got, want)
	}
}

// placeOf is the size and width of an operand's row.
func placeOf(g *reference.Graph, o reference.Operand) (n, width int) {
	if !o.Model {
		return g.Shape(g.Locate(o.Row))
	}
	t, _, _ := g.TensorAt(o.Row)
	_, n, width = g.TensorShape(t)
	return n, width
}

// A model or a text beyond the limits has no graph.
func TestGraphRefusesShapes(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		a := arches().Draw(t, "arch")
		n, out := rapid.IntRange(1, 1000).Draw(t, "prompt"), rapid.IntRange(1, 1000).Draw(t, "output")
		v := rapid.OneOf(rapid.IntRange(0, 1<<22), rapid.SampledFrom([]int{0, 1<<16 + 1, 1<<20 + 1, 1<<10 + 1, 257, 1 << 40})).Draw(t, "value")
		fields := []*int{&a.Hidden, &a.Layers, &a.Heads, &a.KVHeads, &a.HeadDim, &a.FFN, &a.Vocab, &a.Eps, &n, &out}
		*fields[rapid.IntRange(0, len(fields)-1).Draw(t, "field")] = v
		g, want := reference.NewGraph(a, n, out, posp.Greedy)
		in, err := refLibraries.TryPackCount(toArch(a, posp.Hash{}), big.NewInt(int64(n)), big.NewInt(int64(out)))
		got, err := try(t, m, refLibraries.UnpackCount, in, err)
		switch {
		case want != nil && err != revert("ShapeRefused"):
			t.Fatalf("%+v, %d and %d tokens: Go %v, Solidity %v", a, n, out, want, err)
		case want == nil && (err != nil || got.Uint64() != g.Rows()):
			t.Fatalf("%+v, %d and %d tokens: Go %d rows, Solidity %v, %v", a, n, out, g.Rows(), got, err)
		}
	})
}

// Trees and steps (sections 4 and 5), on any shape: what a step opens is made up, and all that it does not open is
// a random node, so that trees may have any height.

// forest is a tree over a number of leaves of which a few are known.
type forest struct {
	count  uint64
	height int
	leaves map[uint64]posp.Hash
	rng    *rand.Rand
	filler map[[2]uint64]posp.Hash
}

func newForest(rng *rand.Rand, count uint64) *forest {
	return &forest{count, depthOf(count), map[uint64]posp.Hash{}, rng, map[[2]uint64]posp.Hash{}}
}

func node(l, r posp.Hash) posp.Hash { return crypto.Keccak256Hash([]byte{1}, l[:], r[:]) }

func (f *forest) node(level int, index uint64) posp.Hash {
	for leaf := range f.leaves {
		if leaf>>level == index {
			if level == 0 {
				return f.leaves[leaf]
			}
			return node(f.node(level-1, 2*index), f.node(level-1, 2*index+1))
		}
	}
	if index<<level >= f.count { // padding
		h := posp.Hash{}
		for range level {
			h = node(h, h)
		}
		return h
	}
	key := [2]uint64{uint64(level), index}
	if _, ok := f.filler[key]; !ok {
		var h posp.Hash
		for i := range h {
			h[i] = byte(1 + f.rng.IntN(255)) // no zero byte: the dearest calldata
		}
		f.filler[key] = h
	}
	return f.filler[key]
}

// siblings are those of a node's path, from the node up.
func (f *forest) siblings(level int, index uint64) (path []byte) {
	for ; level < f.height; level++ {
		h := f.node(level, index^1)
		path, index = append(path, h[:]...), index>>1
	}
	return path
}

func depthOf(n uint64) (d int) {
	for uint64(1)<<d < n {
		d++
	}
	return d
}

// row is a row of which some blocks are known.
type row struct {
	n, width int
	prefix   []byte
	rng      *rand.Rand
	blocks   map[int][]int64
	tree     *forest
}

func newRow(rng *rand.Rand, n, width int, prefix []byte) *row {
	return &row{n, width, prefix, rng, map[int][]int64{}, newForest(rng, uint64((n+63)/64))}
}

// block makes a block known.
func (r *row) block(b int) []int64 {
	if r.blocks[b] == nil {
		values := make([]int64, min(64, r.n-64*b))
		for i := range values {
			values[i] = int64(r.rng.Uint64()) >> (64 - 8*r.width)
		}
		r.blocks[b] = values
	}
	return r.blocks[b]
}

func (r *row) encode(b int) (out []byte) {
	for _, v := range r.block(b) {
		var x [8]byte
		binary.BigEndian.PutUint64(x[:], uint64(v))
		out = append(out, x[8-r.width:]...)
	}
	return out
}

func (r *row) set(i int, v int64) { r.block(i / 64)[i%64] = v }

// root commits to the row: blocks of it may not change any more.
func (r *row) root() posp.Hash {
	for b := range r.blocks {
		r.tree.leaves[uint64(b)] = crypto.Keccak256Hash(r.prefix, r.encode(b))
	}
	return r.tree.node(r.tree.height, 0)
}

// span is the aligned run of blocks of a range.
func (r *row) span(first, length int) (from, to, height int) {
	low, high := first/64, (first+length-1)/64
	for low>>height != high>>height {
		height++
	}
	from = low >> height << height
	return from, min(from+1<<height, (r.n+63)/64), height
}

// open is the opening of a range within the row.
func (r *row) open(first, length int) (out []byte) {
	from, to, height := r.span(first, length)
	if len(r.prefix) == 2 {
		out = append(out, r.prefix[1])
	}
	for b := from; b < to; b++ {
		out = append(out, r.encode(b)...)
	}
	return append(out, r.tree.siblings(height, uint64(from>>height))...)
}

// step is a made-up step and its proof.
type step struct {
	g        *reference.Graph
	leaf     reference.Leaf
	row      reference.Row
	operands []operandPlace
	own      *row
	want     int64
	contracts.Step
	proof []byte
}

type operandPlace struct{ at, elements, siblings int } // of the proof

// makeStep makes up a step of element e of a row whose operands take the values of pick.
func makeStep(g *reference.Graph, i uint64, e int, rng *rand.Rand, pick func(leaf reference.Leaf, operand int, k int) int64) (*step, error) {
	s := &step{g: g, row: g.Locate(i)}
	s.leaf = g.Leaf(s.row, e)
	trace, model := newForest(rng, g.Rows()), newForest(rng, g.ModelRows())
	rows := map[string]*row{}
	at := func(o reference.Operand) *row {
		key := fmt.Sprint(o.Model, o.Row)
		if rows[key] == nil {
			n, width := placeOf(g, o)
			prefix := []byte{0}
			if o.Model {
				prefix = []byte{2, byte(rng.IntN(31))}
			}
			rows[key] = newRow(rng, n, width, prefix)
		}
		return rows[key]
	}
	operands := slices.Clone(s.leaf.Operands)
	token := int64(0)
	for k := range operands {
		o := &operands[k]
		if o.ByToken && o.Model {
			o.Row += uint64(token)
		} else if o.ByToken {
			o.First += int(token)
		}
		r := at(*o)
		for j := range o.Length {
			v := pick(s.leaf, k, j)
			r.set(o.First+j, v)
			token = v // the first operand of those that need one has one element
			if k > 0 {
				token = r.block(0)[0]
			}
		}
		from, to, _ := r.span(o.First, o.Length)
		for b := from; b < to; b++ {
			r.block(b)
		}
	}
	inputs := make([]reference.Input, len(operands))
	for k, o := range operands {
		r := at(o)
		for j := range o.Length {
			inputs[k].Values = append(inputs[k].Values, r.block((o.First + j) / 64)[(o.First+j)%64])
		}
		if o.Model {
			inputs[k].Exponent = uint(r.prefix[1])
			model.leaves[o.Row] = r.root()
		} else {
			trace.leaves[o.Row] = r.root()
		}
	}
	if s.leaf.Form != reference.FormGiven {
		var err error
		if s.want, err = s.leaf.Step(inputs...); err != nil {
			return nil, err
		}
	}
	n, width := g.Shape(s.row)
	s.own = newRow(rng, n, width, []byte{0})
	s.own.set(e, s.want)
	s.proof = s.own.encode(e / 64)
	for k, o := range operands {
		if k == 1 && s.leaf.Form == reference.FormDot && o == operands[0] {
			continue
		}
		r, tree := at(o), trace
		if o.Model {
			tree = model
		}
		place := operandPlace{at: len(s.proof)}
		s.proof = append(s.proof, r.open(o.First, o.Length)...)
		s.proof = append(s.proof, tree.siblings(0, o.Row)...)
		place.elements = len(s.proof) - place.at
		s.operands = append(s.operands, place)
	}
	s.Step = contracts.Step{Program: toProgram(g, model.node(model.height, 0)), TraceRoot: trace.node(trace.height, 0), Row: bigOf(i),
		BlockIndex: big.NewInt(int64(e / 64)), BlockHash: crypto.Keccak256Hash([]byte{0}, s.own.encode(e/64)), Element: big.NewInt(int64(e % 64))}
	return s, nil
}

// lie makes the step's own element another, in the block as in the proof.
func (s *step) lie(by int64) {
	e := int(s.Element.Int64())
	s.own.block(int(s.BlockIndex.Int64()))[e] += by
	raw := s.own.encode(int(s.BlockIndex.Int64()))
	copy(s.proof, raw)
	s.BlockHash = crypto.Keccak256Hash([]byte{0}, raw)
}

// domain draws values that runs of the program have, the ends of their ranges often.
func domain(rng *rand.Rand, vocab int) func(leaf reference.Leaf, operand, k int) int64 {
	between := func(low, high int64) int64 {
		switch rng.IntN(6) {
		case 0:
			return low
		case 1:
			return high
		case 2:
			return low + min(high-low, int64(1)<<rng.IntN(62))
		}
		return low + rng.Int64N(high-low+1)
	}
	var last int64
	return func(leaf reference.Leaf, operand, k int) (v int64) {
		defer func() { last = v }()
		i4 := func() int64 { return between(math.MinInt32, math.MaxInt32) }
		o := leaf.Operands[operand]
		switch form := leaf.Form; {
		case operand == 0 && (form == reference.FormEmbed || form == reference.FormLogProb || form == reference.FormMargin):
			return between(0, int64(vocab-1))
		case form == reference.FormRsqrt:
			return between(0, 1<<62)
		case form == reference.FormNorm && operand == 1 && k == 1:
			return between(4, 50)
		case form == reference.FormExp && operand == 1, form == reference.FormMargin && operand == 2:
			return between(last, math.MaxInt32)
		case form == reference.FormQuotient && operand == 1:
			return between(1, 1<<38)
		case form == reference.FormLogProb && operand == 3:
			return between(1<<30, 1<<62-1)
		case form == reference.FormRotate && operand == 2:
			return int64(rng.Uint64())
		case form == reference.FormProjectSum && operand == 0:
			return between(-1<<54, 1<<54)
		case o.Model && form != reference.FormNorm && !(operand == 2 && o.Model):
			return between(-32767, 32767)
		}
		return i4()
	}
}

// Every element that Go computes, of any row of any model, the contract computes too, from openings of any depth; and
// it takes no other value, no changed proof, and no proof of another length.
func TestStepsAreGos(t *testing.T) {
	m := deploy(t, &contracts.PlainStepVerifierMetaData)
	rapid.Check(t, func(t *rapid.T) {
		g := graphs().Draw(t, "graph")
		i := anyRow(t, g)
		size, _ := g.Shape(g.Locate(i))
		e := rapid.OneOf(rapid.IntRange(0, size-1), rapid.Just(0), rapid.Just(size-1)).Draw(t, "element")
		rng := rand.New(rand.NewPCG(u64(t, "seed"), 1))
		s, err := makeStep(g, i, e, rng, domain(rng, g.Vocab))
		if err != nil {
			t.Fatal(err)
		}
		verify := func() (bool, error) {
			in, err := stepVerifier.TryPackVerify(s.Step, s.proof)
			return try(t, m, stepVerifier.UnpackVerify, in, err)
		}
		if ok, err := verify(); err != nil || !ok {
			t.Fatalf("%+v, element %d of %+v is %d: Solidity %v, %v", s.row, e, g.Arch, s.want, ok, err)
		}
		if s.leaf.Form == reference.FormGiven {
			return
		}
		switch rapid.SampledFrom([]string{"element", "proof", "short", "long", "trace", "model"}).Draw(t, "damage") {
		case "element":
			s.lie(1 - 2*int64(rng.IntN(2)))
		case "proof":
			j := rng.IntN(len(s.proof))
			s.proof[j] ^= 1 << rng.IntN(8)
		case "short":
			s.proof = s.proof[:rng.IntN(len(s.proof))]
		case "long":
			s.proof = append(s.proof, 0)
		case "trace":
			if len(s.operands) == 0 || allModel(s.leaf) {
				return
			}
			s.TraceRoot[5] ^= 1
		case "model":
			if !anyModel(s.leaf) {
				return
			}
			s.Program.Arch.RowsRoot[5] ^= 1
		}
		if ok, err := verify(); err == nil && ok {
			t.Fatalf("%+v, element %d: a damaged proof is taken", s.row, e)
		}
	})
}

func anyModel(l reference.Leaf) bool {
	return slices.ContainsFunc(l.Operands, func(o reference.Operand) bool { return o.Model })
}

func allModel(l reference.Leaf) bool {
	return !slices.ContainsFunc(l.Operands, func(o reference.Operand) bool { return !o.Model })
}

// A row's root by its elements, a round, and the ends of a trace are what trees over their blocks and rows are.
func TestTraceTreesAreGos(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	tree := func(leaves []posp.Hash) posp.Hash {
		for n := 1; ; n *= 2 {
			if n >= len(leaves) {
				leaves = append(slices.Clone(leaves), make([]posp.Hash, n-len(leaves))...)
				break
			}
		}
		for ; len(leaves) > 1; leaves = leaves[:len(leaves)/2] {
			for i := range len(leaves) / 2 {
				leaves[i] = node(leaves[2*i], leaves[2*i+1])
			}
		}
		return leaves[0]
	}
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.SampledFrom([]int{4, 8}).Draw(t, "width")
		elements := make([]byte, width*rapid.IntRange(1, 1000).Draw(t, "elements"))
		rand.NewChaCha8([32]byte(hash(t, "seed"))).Read(elements)
		var leaves []posp.Hash
		for b := range slices.Chunk(elements, 64*width) {
			leaves = append(leaves, crypto.Keccak256Hash([]byte{0}, b))
		}
		in, err := refLibraries.TryPackRowRoot(elements, big.NewInt(int64(width)))
		same(t, m, "row", tree(leaves), in, err)

		nodes := make([]posp.Hash, 1<<rapid.IntRange(1, 6).Draw(t, "levels"))
		words := make([][32]byte, len(nodes))
		for i := range nodes {
			nodes[i] = crypto.Keccak256Hash(elements, []byte{byte(i)})
			words[i] = nodes[i]
		}
		in, err = refLibraries.TryPackFold(words)
		same(t, m, "round", tree(nodes), in, err)

		rows := rapid.IntRange(4, 200).Draw(t, "rows")
		leaves = leaves[:0]
		for i := range rows {
			leaves = append(leaves, crypto.Keccak256Hash([]byte{byte(i)}, elements[:width]))
		}
		roots := [4][32]byte{leaves[0], leaves[1], leaves[rows-2], leaves[rows-1]}
		siblings := endSiblings(leaves)
		in, err = refLibraries.TryPackEnds(roots, big.NewInt(int64(rows)), siblings)
		same(t, m, "ends", tree(leaves), in, err)
		damaged := rapid.IntRange(0, len(siblings)+3).Draw(t, "damaged")
		if damaged < len(siblings) {
			siblings[damaged][0] ^= 1
		} else {
			roots[damaged-len(siblings)][0] ^= 1
		}
		in, err = refLibraries.TryPackEnds(roots, big.NewInt(int64(rows)), siblings)
		if got, err := try(t, m, refLibraries.UnpackEnds, in, err); err == nil && posp.Hash(got) == tree(leaves) {
			t.Fatal("damaged ends are those of the trace")
		}
	})
	for _, n := range []int{0, 1, 3, 12} {
		in, err := refLibraries.TryPackFold(make([][32]byte, n))
		if _, err := try(t, m, refLibraries.UnpackFold, in, err); err != revert("NodesRefused") {
			t.Errorf("%d nodes: %v", n, err)
		}
	}
}

// endSiblings are the siblings by which the first and the last two of a tree's leaves make its root.
func endSiblings(leaves []posp.Hash) (out [][32]byte) {
	d := depthOf(uint64(len(leaves)))
	level := append(slices.Clone(leaves), make([]posp.Hash, 1<<d-len(leaves))...)
	var left, right [][32]byte
	for i := len(leaves) - 2; len(level) > 1; i >>= 1 {
		if len(level) < 1<<d {
			left = append(left, level[1])
		}
		if i&1 == 1 {
			right = append(right, level[i-1])
		}
		for j := range len(level) / 2 {
			level[j] = node(level[2*j], level[2*j+1])
		}
		level = level[:len(level)/2]
	}
	return append(left, right...)
}

// The slices' sums are exact, at any length.
func TestSlicesAreGos(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.IntRange(1, 256), rapid.Just(256)).Draw(t, "length")
		width := rapid.SampledFrom([]int{2, 4}).Draw(t, "width")
		var a, b, wide bytes.Buffer
		dot, sum, most := new(big.Int), new(big.Int), int32(math.MinInt32)
		for range n {
			x, y, z := i32(t, "x"), i32(t, "y"), rapid.Int64().Draw(t, "z")
			if width == 2 {
				y >>= 16
				binary.Write(&b, binary.BigEndian, int16(y))
			} else {
				binary.Write(&b, binary.BigEndian, y)
			}
			binary.Write(&a, binary.BigEndian, x)
			binary.Write(&wide, binary.BigEndian, z)
			dot.Add(dot, new(big.Int).Mul(big.NewInt(int64(x)), big.NewInt(int64(y))))
			sum.Add(sum, big.NewInt(z))
			most = max(most, x)
		}
		same := func(what string, want *big.Int, in []byte, err error) {
			t.Helper()
			if got := ask(t, m, refLibraries.UnpackSaturate, in, err); got.Cmp(want) != 0 {
				t.Fatalf("%s of %d: Solidity %s, Go %s", what, n, got, want)
			}
		}
		in, err := refLibraries.TryPackDot(a.Bytes(), b.Bytes(), big.NewInt(int64(width)))
		same("dot", dot, in, err)
		in, err = refLibraries.TryPackSumOf(wide.Bytes(), big.NewInt(8))
		same("sum", sum, in, err)
		in, err = refLibraries.TryPackLargest(a.Bytes())
		same("largest", big.NewInt(int64(most)), in, err)
	})
}
