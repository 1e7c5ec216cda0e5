package app

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"slices"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// vectorSamples is how many samples `posp vectors draw` prints when the
// document asks for none in particular.
const vectorSamples = 1000

// VectorsDraw reads a batch and the operators of its epoch as JSON and prints
// the draw, for comparison with other implementations of PROTOCOL section 4:
//
//	in   {"chainId", "registry", "provider", "epoch", "firstSequence", "root", "leafCount", "beacon",
//	      "ratePpm", "kMin", "operators": [{"address", "weight"}], "excluded": [address], "m", "j": [number]}
//	out  {"batchId", "seed", "k", "samples": [{"j", "leaf", "sampleId", "committee": [address]}]}
//
// Numbers may be JSON numbers or strings in decimal or 0x-hex; operators may
// be in any order. kMin (0), operators, excluded and j (all, up to 1,000) may
// be left out. The provider is excluded always.
func VectorsDraw(in io.Reader, out io.Writer) error {
	var doc struct {
		ChainID       *number          `json:"chainId"`
		Registry      *posp.Address    `json:"registry"`
		Provider      *posp.Address    `json:"provider"`
		Epoch         *number          `json:"epoch"`
		FirstSequence *number          `json:"firstSequence"`
		Root          *posp.Hash       `json:"root"`
		LeafCount     *number          `json:"leafCount"`
		Beacon        *posp.Hash       `json:"beacon"`
		RatePpm       *number          `json:"ratePpm"`
		KMin          *number          `json:"kMin"`
		Operators     []vectorOperator `json:"operators"`
		Excluded      []posp.Address   `json:"excluded"`
		M             *number          `json:"m"`
		J             []number         `json:"j"`
	}
	if err := readDocument(in, &doc); err != nil {
		return err
	}
	var f fields
	domain := posp.Domain{ChainID: f.number("chainId", doc.ChainID, math.MaxUint64), Registry: need(&f, "registry", doc.Registry)}
	batch := posp.Batch{
		Provider:      need(&f, "provider", doc.Provider),
		Epoch:         f.number("epoch", doc.Epoch, math.MaxUint64),
		FirstSequence: f.number("firstSequence", doc.FirstSequence, math.MaxUint64),
		Root:          need(&f, "root", doc.Root),
		LeafCount:     f.number("leafCount", doc.LeafCount, math.MaxUint64),
	}
	beacon := need(&f, "beacon", doc.Beacon)
	rate := posp.Rate{RatePpm: uint32(f.number("ratePpm", doc.RatePpm, math.MaxUint32))}
	if doc.KMin != nil {
		rate.KMin = uint32(f.number("kMin", doc.KMin, math.MaxUint32))
	}
	size := int(f.number("m", doc.M, math.MaxInt32))
	var members []posp.Member
	for i, o := range doc.Operators {
		field := fmt.Sprintf("operators[%d]", i)
		m := posp.Member{Operator: need(&f, field+".address", o.Address)}
		if w := need(&f, field+".weight", o.Weight); f.err == nil {
			m.Weight = (*uint256.Int)(&w)
		}
		members = append(members, m)
	}
	if f.err != nil {
		return f.err
	}
	slices.SortFunc(members, func(a, b posp.Member) int { return a.Operator.Cmp(b.Operator) })

	batchID := batch.ID(domain)
	seed := posp.Seed(domain, batch.Epoch, batchID, beacon)
	k := sampler.Count(batch.LeafCount, rate)
	draw, err := sampler.New(seed, batch.LeafCount, k)
	if err != nil {
		return err
	}
	committees, err := sampler.NewCommittees(seed, members, append(doc.Excluded, batch.Provider)...)
	if err != nil {
		return err
	}

	var asked []uint64
	for i := range doc.J {
		asked = append(asked, f.number(fmt.Sprintf("j[%d]", i), &doc.J[i], math.MaxUint64))
	}
	if f.err != nil {
		return f.err
	}
	if doc.J == nil {
		for j := range min(k, vectorSamples) {
			asked = append(asked, j)
		}
	}
	result := vectorDraw{BatchID: batchID, Seed: seed, K: k, Samples: []vectorSample{}}
	for _, j := range asked {
		leaf, err := draw.Leaf(j)
		if err != nil {
			return err
		}
		s := vectorSample{J: j, Leaf: leaf, SampleID: posp.SampleID(batchID, j, leaf), Committee: []posp.Address{}}
		for _, i := range committees.Append(nil, j, size) {
			s.Committee = append(s.Committee, members[i].Operator)
		}
		result.Samples = append(result.Samples, s)
	}
	return writeJSON(out, result)
}

type vectorOperator struct {
	Address *posp.Address `json:"address"`
	Weight  *number       `json:"weight"`
}

type vectorDraw struct {
	BatchID posp.Hash      `json:"batchId"`
	Seed    posp.Hash      `json:"seed"`
	K       uint64         `json:"k"`
	Samples []vectorSample `json:"samples"`
}

type vectorSample struct {
	J         uint64         `json:"j"`
	Leaf      uint64         `json:"leaf"`
	SampleID  posp.Hash      `json:"sampleId"`
	Committee []posp.Address `json:"committee"` // in the order drawn
}

// VectorsTree reads values (receipt hashes: they are hashed into leaves) and
// an index as JSON and prints the tree's root, and the leaf and proof at the
// index:
//
//	in   {"leaves": [hash], "index": number}
//	out  {"root", "leaf", "proof": [hash]}
//
// Without an index it prints the root alone; a tree without leaves has one too.
func VectorsTree(in io.Reader, out io.Writer) error {
	var doc struct {
		Leaves *[]posp.Hash `json:"leaves"`
		Index  *number      `json:"index"`
	}
	if err := readDocument(in, &doc); err != nil {
		return err
	}
	var f fields
	values := need(&f, "leaves", doc.Leaves)
	if f.err != nil {
		return f.err
	}
	tree := merkle.New(values)
	if doc.Index == nil {
		return writeJSON(out, struct {
			Root posp.Hash `json:"root"`
		}{tree.Root()})
	}
	index := f.number("index", doc.Index, math.MaxUint64)
	if f.err != nil {
		return f.err
	}
	proof, err := tree.Proof(index)
	if err != nil {
		return err
	}
	return writeJSON(out, struct {
		Root  posp.Hash   `json:"root"`
		Leaf  posp.Hash   `json:"leaf"`
		Proof []posp.Hash `json:"proof"`
	}{tree.Root(), merkle.Leaf(values[index]), proof})
}

// number is an unsigned integer of up to 256 bits, written as a JSON number or
// as a string in decimal or 0x-hex.
type number uint256.Int

func (n *number) UnmarshalJSON(b []byte) error {
	text := string(bytes.Trim(b, `"`))
	x, ok := new(big.Int).SetString(text, 10)
	if hex, is := bytes.CutPrefix(bytes.ToLower([]byte(text)), []byte("0x")); is {
		x, ok = new(big.Int).SetString(string(hex), 16)
	}
	if !ok || len(text) > 80 {
		return posp.Invalidf("%s is not an unsigned integer: write 12, \"12\" or \"0xc\"", clip(b))
	}
	u, over := uint256.FromBig(x)
	if over || x.Sign() < 0 {
		return posp.Invalidf("%s is not an unsigned integer of at most 256 bits", clip(b))
	}
	*n = number(*u)
	return nil
}

// clip shortens what an error quotes.
func clip(b []byte) []byte {
	if len(b) > 80 {
		return append(b[:77:77], "..."...)
	}
	return b
}

// fields keeps the first thing wrong with a document's fields.
type fields struct{ err error }

// need is the value of a field that must be there.
func need[T any](f *fields, name string, v *T) (value T) {
	if v != nil {
		return *v
	}
	if f.err == nil {
		f.err = posp.Invalidf("field %q is missing", name)
	}
	return value
}

// number is the value of a field that must be there and at most limit.
func (f *fields) number(name string, v *number, limit uint64) uint64 {
	x := need(f, name, v)
	u := (*uint256.Int)(&x)
	if !u.IsUint64() || u.Uint64() > limit {
		if f.err == nil {
			f.err = posp.Invalidf("field %q is %s, and may be at most %d", name, u.Dec(), limit)
		}
		return 0
	}
	return u.Uint64()
}

// readDocument reads one JSON document, refusing fields that doc has not.
func readDocument(in io.Reader, doc any) error {
	const limit = 256 << 20
	r := json.NewDecoder(io.LimitReader(in, limit))
	r.DisallowUnknownFields()
	if err := r.Decode(doc); err != nil {
		if errors.Is(err, io.EOF) {
			return posp.Invalidf("nothing on standard input: want one JSON document")
		}
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) { // its text shows the Go type of what was wanted
			return posp.Invalidf("read document: a JSON %s cannot be %s", wrong.Value, cmp.Or(wrong.Field, "the document"))
		}
		return fmt.Errorf("read document: %w", err)
	}
	if _, err := r.Token(); !errors.Is(err, io.EOF) {
		return posp.Invalidf("read document: more follows the first JSON document")
	}
	return nil
}
