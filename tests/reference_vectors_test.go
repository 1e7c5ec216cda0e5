package tests

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// calls is a table of calls of one function: arguments and results by name.
type calls map[string][]string

// each calls f with a lookup of every call's numbers.
func (c calls) each(t *testing.T, name string, least int, f func(x func(column string) int64)) {
	t.Helper()
	n := -1
	for column, cells := range c {
		if n >= 0 && len(cells) != n {
			t.Fatalf("%s: column %s has %d cells, another %d", name, column, len(cells), n)
		}
		n = len(cells)
	}
	if n < least {
		t.Fatalf("%s: %d calls", name, n)
	}
	for i := range n {
		f(func(column string) int64 {
			x, err := strconv.ParseInt(c[column][i], 10, 64)
			if err != nil {
				u, err := strconv.ParseUint(c[column][i], 10, 64)
				if err != nil {
					t.Fatalf("%s, %s, call %d: %v", name, column, i, err)
				}
				x = int64(u)
			}
			return x
		})
	}
}

type referenceProgram struct {
	Config              model.Config
	Seed                uint64
	Arch                reference.Arch
	ModelRows, Rows     uint64
	RowsRoot, ModelRoot posp.Hash
	TraceRoot           posp.Hash
	Prompt, Output      []uint32
	Rule                posp.SamplingRule
	Evidence            posp.Evidence
	Steps               struct {
		Length int
		Cases  []struct {
			Row             uint64
			Op              reference.Op
			Layer, At, Head int
			Elements, Width int
			RowRoot         posp.Hash
			Element         int
			Value           string
			Form            reference.Form
			Kind            reference.Kind
			Operands        []reference.Operand
			Constants       struct {
				Shift, N, Epsilon, Factor, Bits, At int64
				Second                              bool
			}
			Proof *reference.StepProof
		}
	}
}

// TestReferenceVectors: posp-ref-v1 is what it was: each function, and two programs with their roots, their evidence,
// their graph, and the proofs of their steps.
func TestReferenceVectors(t *testing.T) {
	var v struct {
		Version   string
		Functions map[string]calls
		Programs  struct {
			Length int
			Cases  []referenceProgram
		}
	}
	readVectors(t, "reference.json", &v)
	if v.Version != reference.Version {
		t.Errorf("version %q", v.Version)
	}
	type lookup = func(string) int64
	for name, f := range map[string]struct {
		least int
		check func(x lookup) []int64 // results, and what they should be, in turn
	}{
		"roundShift": {50, func(x lookup) []int64 { return []int64{reference.RoundShift(x("x"), uint(x("n"))), x("out")} }},
		"saturate":   {7, func(x lookup) []int64 { return []int64{int64(reference.Saturate(x("x"))), x("out")} }},
		"divide":     {50, func(x lookup) []int64 { return []int64{reference.Divide(x("a"), x("b")), x("out")} }},
		"exp": {80, func(x lookup) []int64 {
			return []int64{int64(reference.Exp(x("y"), x("factor"), uint(x("bits")))), x("out")}
		}},
		"rsqrt": {80, func(x lookup) []int64 {
			m, s := reference.Rsqrt(x("v"), x("n"))
			return []int64{int64(m), x("mantissa"), int64(s), x("shift")}
		}},
		"norm": {100, func(x lookup) []int64 {
			return []int64{int64(reference.Norm(int32(x("x")), int32(x("mantissa")), int32(x("shift")), int32(x("weight")))), x("out")}
		}},
		"sincos": {30, func(x lookup) []int64 {
			sin, cos := reference.SinCos(uint64(x("turns")))
			return []int64{int64(sin), x("sin"), int64(cos), x("cos")}
		}},
		"rotate": {60, func(x lookup) []int64 {
			return []int64{int64(reference.Rotate(int32(x("y")), int32(x("partner")), int32(x("sin")), int32(x("cos")), x("second") == 1)), x("out")}
		}},
		"act": {80, func(x lookup) []int64 {
			return []int64{reference.Silu(int32(x("gate"))), x("silu"), int64(reference.Act(int32(x("gate")), int32(x("up")))), x("out")}
		}},
		"log2": {25, func(x lookup) []int64 { return []int64{reference.Log2(x("sum")), x("out")} }},
		"logprob": {150, func(x lookup) []int64 {
			return []int64{int64(reference.LogProb(int32(x("logit")), int32(x("largest")), x("sum"))), x("out")}
		}},
		"margin": {6, func(x lookup) []int64 {
			return []int64{int64(reference.Margin(int32(x("logit")), int32(x("largest")))), x("out")}
		}},
		"embed": {40, func(x lookup) []int64 {
			return []int64{int64(reference.Embed(int16(x("q")), uint(x("exponent")))), x("out")}
		}},
		"attention": {128, func(x lookup) []int64 {
			factor, shift := reference.AttentionFactor(int(x("headDim")))
			return []int64{factor, x("factor"), int64(shift), x("shift")}
		}},
		"frequencies": {90, func(x lookup) []int64 {
			return []int64{int64(reference.RotaryFrequencies(float64(x("theta")), int(x("headDim")))[x("i")]), x("out")}
		}},
	} {
		v.Functions[name].each(t, name, f.least, func(x func(string) int64) {
			results := f.check(x)
			for i := 0; i < len(results); i += 2 {
				if results[i] != results[i+1] {
					t.Errorf("%s: %d, want %d", name, results[i], results[i+1])
				}
			}
		})
	}
	if len(v.Programs.Cases) < 2 || len(v.Programs.Cases) != v.Programs.Length {
		t.Fatalf("%d programs", len(v.Programs.Cases))
	}
	for _, p := range v.Programs.Cases {
		t.Run(p.Config.ModelType, func(t *testing.T) { checkProgram(t, p) })
	}
}

func checkProgram(t *testing.T, p referenceProgram) {
	ctx := context.Background()
	w, err := model.Random(p.Config, p.Seed)
	if err != nil {
		t.Fatal(err)
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		t.Fatal(err)
	}
	root, err := m.Root(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if m.Arch != p.Arch || m.ModelRows() != p.ModelRows || root != p.ModelRoot || p.Arch.Root(p.RowsRoot) != root {
		t.Errorf("model %+v of %d rows with root %s", m.Arch, m.ModelRows(), root)
	}
	trace, err := m.Trace(ctx, p.Prompt, posp.Sampling{Rule: p.Rule, MaxTokens: uint32(len(p.Output))}, p.Output)
	if err != nil {
		t.Fatal(err)
	}
	if trace.Root() != p.TraceRoot || trace.Graph.Rows() != p.Rows {
		t.Errorf("trace of %d rows with root %s", trace.Graph.Rows(), trace.Root())
	}
	if !slices.Equal(trace.LogProb, p.Evidence.LogProb) || !slices.Equal(trace.Margin, p.Evidence.Margin) {
		t.Errorf("evidence %v, %v", trace.LogProb, trace.Margin)
	}

	// What follows needs no model: it is what a contract sees.
	g, err := reference.NewGraph(p.Arch, len(p.Prompt), len(p.Output), p.Rule)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Steps.Cases) < 90 || len(p.Steps.Cases) != p.Steps.Length {
		t.Fatalf("%d steps", len(p.Steps.Cases))
	}
	proofs := 0
	for _, s := range p.Steps.Cases {
		row := reference.Row{Op: s.Op, Layer: s.Layer, At: s.At, Head: s.Head}
		if g.Locate(s.Row) != row || g.Index(row) != s.Row {
			t.Errorf("row %d is %+v", s.Row, g.Locate(s.Row))
		}
		if n, width := g.Shape(row); n != s.Elements || width != s.Width {
			t.Errorf("%+v has %d elements of %d bytes", row, n, width)
		}
		leaf := g.Leaf(row, s.Element)
		if leaf.Form != s.Form || leaf.Kind() != s.Kind || !slices.Equal(leaf.Operands, s.Operands) ||
			int64(leaf.Shift) != s.Constants.Shift || leaf.N != s.Constants.N || leaf.Epsilon != s.Constants.Epsilon ||
			leaf.Factor != s.Constants.Factor || int64(leaf.Bits) != s.Constants.Bits || int64(leaf.At) != s.Constants.At ||
			leaf.Second != s.Constants.Second {
			t.Errorf("%+v, element %d: %+v", row, s.Element, leaf)
		}
		if s.Proof == nil {
			continue
		}
		proofs++
		if err := g.VerifyStep(reference.Commitments{Trace: p.TraceRoot, Rows: p.RowsRoot}, s.RowRoot, s.Row, s.Element, *s.Proof); err != nil {
			t.Errorf("%+v, element %d: %v", row, s.Element, err)
		}
	}
	if proofs < 30 {
		t.Errorf("%d proofs", proofs)
	}
}
