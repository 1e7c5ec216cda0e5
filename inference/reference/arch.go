package reference

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/bits"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Arch is the shape of a model, which decides the graph (section 2). With the root over the model's rows it
// makes the commitment.
type Arch struct {
	Hidden  int  `json:"hidden"`  // d
	Layers  int  `json:"layers"`  // L
	Heads   int  `json:"heads"`   // H
	KVHeads int  `json:"kvHeads"` // G
	HeadDim int  `json:"headDim"` // hd
	FFN     int  `json:"ffn"`     // F
	Vocab   int  `json:"vocab"`   // V
	Biased  bool `json:"biased"`  // q, k and v have biases
	Normed  bool `json:"normed"`  // q and k heads are normed
	Tied    bool `json:"tied"`    // the head is the embedding
	Eps     int  `json:"eps"`     // of the norms, Q40
}

// limits of the program: an element is reached by at most one row of partial sums, and a partial sum fits 64 bits.
const maxWidth = 1 << 16

// NewArch is the shape of the model that c describes; a model outside the program's limits is an error.
func NewArch(c model.Config) (Arch, error) {
	if err := c.Check(); err != nil {
		return Arch{}, err
	}
	a := Arch{
		Hidden: c.HiddenSize, Layers: c.Layers, Heads: c.Heads, KVHeads: c.KVHeads, HeadDim: c.HeadDim(),
		FFN: c.IntermediateSize, Vocab: c.VocabSize,
		Biased: c.Biased(), Normed: c.NormedHeads(), Tied: c.TieEmbeddings,
		Eps: int(math.Floor(c.RMSNormEps*0x1p40 + 0.5)),
	}
	return a, a.Check()
}

// Check reports everything that keeps a from being a model of this program.
func (a Arch) Check() error {
	var errs []error
	bad := func(format string, x ...any) { errs = append(errs, fmt.Errorf(format, x...)) }
	within := func(name string, x, most int) {
		if x < 1 || x > most {
			bad("%s is %d, %s takes 1 to %d", name, x, Version, most)
		}
	}
	within("hidden size", a.Hidden, maxWidth)
	within("layers", a.Layers, 1<<10)
	within("heads", a.Heads, 1<<10)
	within("key-value heads", a.KVHeads, 1<<10)
	within("head width", a.HeadDim, slice)
	within("intermediate size", a.FFN, maxWidth)
	within("vocabulary", a.Vocab, 1<<20)
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	within("width of all heads", a.query(), maxWidth)
	if a.Heads%a.KVHeads != 0 {
		bad("%d attention heads do not share %d key-value heads evenly", a.Heads, a.KVHeads)
	}
	if a.HeadDim%2 != 0 {
		bad("head width is %d, want an even number", a.HeadDim)
	}
	if a.Normed && a.HeadDim&(a.HeadDim-1) != 0 {
		bad("head width is %d, want a power of two where heads are normed", a.HeadDim)
	}
	if a.Eps < 0 || a.Eps >= 1<<40 {
		bad("eps is %d * 2^-40, want 0 to 1", a.Eps)
	}
	return errors.Join(errs...)
}

func (a Arch) query() int  { return a.Heads * a.HeadDim }
func (a Arch) kv() int     { return a.KVHeads * a.HeadDim }
func (a Arch) stride() int { return powerOfTwo(a.HeadDim) } // hs: of a head in rotated rows

// group is the key-value head of a head.
func (a Arch) group(head int) int { return head * a.KVHeads / a.Heads }

// epsilon is what a sum of n squares is increased by, Q24.
func (a Arch) epsilon(n int) int64 { return RoundShift(int64(n)*int64(a.Eps), 16) }

// Root is the model's commitment, given the root over its rows.
func (a Arch) Root(rowsRoot posp.Hash) posp.Hash {
	tag := posp.Tag(Version)
	b := append([]byte(nil), tag[:]...)
	word := func(x int) { b = binary.BigEndian.AppendUint64(append(b, make([]byte, 24)...), uint64(x)) }
	flag := func(x bool) {
		if x {
			word(1)
		} else {
			word(0)
		}
	}
	for _, x := range []int{a.Hidden, a.Layers, a.Heads, a.KVHeads, a.HeadDim, a.FFN, a.Vocab} {
		word(x)
	}
	flag(a.Biased)
	flag(a.Normed)
	flag(a.Tied)
	word(a.Eps)
	return crypto.Keccak256Hash(append(b, rowsRoot[:]...))
}

// Tensor names a group of the model's rows, in their order.
type Tensor uint8

// The tensors. Those from AttentionNorm to Down stand once in each layer.
const (
	Frequencies Tensor = iota
	Embedding
	AttentionNorm
	WQ
	WK
	WV
	BQ
	BK
	BV
	QNormWeight
	KNormWeight
	WO
	MLPNorm
	WGate
	WUp
	WDown
	FinalNorm
	Head
)

// TensorShape is the rows of a tensor of a, 0 if it has none, the elements of each, and the bytes of an
// element: 2 for a matrix, 4 for a vector, 8 for the frequencies.
func (a Arch) TensorShape(t Tensor) (rows, cols, width int) {
	vector := func(present bool, n int) (int, int, int) {
		if !present {
			return 0, n, 4
		}
		return 1, n, 4
	}
	switch t {
	case Frequencies:
		return 1, a.HeadDim / 2, 8
	case Embedding:
		return a.Vocab, a.Hidden, 2
	case AttentionNorm, MLPNorm, FinalNorm:
		return vector(true, a.Hidden)
	case WQ:
		return a.query(), a.Hidden, 2
	case WK, WV:
		return a.kv(), a.Hidden, 2
	case BQ:
		return vector(a.Biased, a.query())
	case BK, BV:
		return vector(a.Biased, a.kv())
	case QNormWeight, KNormWeight:
		return vector(a.Normed, a.HeadDim)
	case WO:
		return a.Hidden, a.query(), 2
	case WGate, WUp:
		return a.FFN, a.Hidden, 2
	case WDown:
		return a.Hidden, a.FFN, 2
	}
	if a.Tied {
		return 0, a.Hidden, 2
	}
	return a.Vocab, a.Hidden, 2
}

// layerRows is how many rows one layer has.
func (a Arch) layerRows() (n int) {
	for t := AttentionNorm; t <= WDown; t++ {
		rows, _, _ := a.TensorShape(t)
		n += rows
	}
	return n
}

// ModelRows is how many rows the model has.
func (a Arch) ModelRows() uint64 {
	n := a.ModelRow(Head, 0, 0)
	if !a.Tied {
		n += uint64(a.Vocab)
	}
	return n
}

// ModelRow is where row r of a tensor stands; layer counts for tensors that stand in layers. The head of a tied
// model is its embedding's, when asked for with output's name: see outputRow.
func (a Arch) ModelRow(t Tensor, layer, r int) uint64 {
	first := 0
	switch {
	case t == Frequencies:
	case t == Embedding:
		first = 1
	case t <= WDown:
		first = 1 + a.Vocab + layer*a.layerRows()
		for before := AttentionNorm; before < t; before++ {
			rows, _, _ := a.TensorShape(before)
			first += rows
		}
	default:
		first = 1 + a.Vocab + a.Layers*a.layerRows() + int(t-FinalNorm)
	}
	return uint64(first + r)
}

// outputRow is the row that makes the logit of a token.
func (a Arch) outputRow(token int) uint64 {
	if a.Tied {
		return a.ModelRow(Embedding, 0, token)
	}
	return a.ModelRow(Head, 0, token)
}

// TensorAt is the inverse of ModelRow.
func (a Arch) TensorAt(row uint64) (t Tensor, layer, r int) {
	i := int(row)
	if i == 0 {
		return Frequencies, 0, 0
	}
	if i -= 1; i < a.Vocab {
		return Embedding, 0, i
	}
	i -= a.Vocab
	if size := a.layerRows(); i < a.Layers*size {
		layer, i = i/size, i%size
		for t := AttentionNorm; ; t++ {
			rows, _, _ := a.TensorShape(t)
			if i < rows {
				return t, layer, i
			}
			i -= rows
		}
	}
	if i -= a.Layers * a.layerRows(); i == 0 {
		return FinalNorm, 0, 0
	}
	return Head, 0, i - 1
}

// turn is 2^192 / (2 pi), rounded down.
var turn, _ = new(big.Int).SetString("28be60db9391054a7f09d5f47d4d377036d8a5664f10e410", 16)

// RotaryFrequencies are the turns that each pair of a head's elements makes from one position to the next, Q64, for
// a base theta: theta^(-2i/headDim) / (2 pi), by integer arithmetic alone.
func RotaryFrequencies(theta float64, headDim int) []uint64 {
	half := headDim / 2
	// r = floor(2^128 * theta^(1/half)), the root of theta * 2^(128 half). A float64 above 1 has at most 52
	// binary places, and 128*half is more.
	fraction, exponent := math.Frexp(theta)
	n := new(big.Int).SetInt64(int64(fraction * 0x1p53))
	n.Lsh(n, uint(128*half+exponent-53))
	r := root(n, half)
	f := make([]uint64, half)
	g := new(big.Int).Set(turn)
	for i := range f {
		f[i] = new(big.Int).Rsh(g, 128).Uint64()
		g.Lsh(g, 128)
		g.Quo(g, r)
	}
	return f
}

// root is floor(x^(1/n)), by Newton's method from above.
func root(x *big.Int, n int) *big.Int {
	big1, bigN, less := big.NewInt(1), big.NewInt(int64(n)), big.NewInt(int64(n-1))
	r := new(big.Int).Lsh(big1, uint((x.BitLen()+n-1)/n))
	for {
		// next = ((n-1) r + x / r^(n-1)) / n
		next := new(big.Int).Quo(x, new(big.Int).Exp(r, less, nil))
		next.Add(next, new(big.Int).Mul(r, less))
		next.Quo(next, bigN)
		if next.Cmp(r) >= 0 {
			return r
		}
		r = next
	}
}

// powerOfTwo is the smallest power of two that is at least n.
func powerOfTwo(n int) int {
	if n <= 1 {
		return 1
	}
	return 1 << bits.Len(uint(n-1))
}
