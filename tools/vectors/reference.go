package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// table is a list of calls of one function: arguments and results by name, decimal strings, as many in each.
type table map[string][]string

func (t table) add(cells ...any) {
	for i := 0; i < len(cells); i += 2 {
		name := cells[i].(string)
		t[name] = append(t[name], fmt.Sprint(cells[i+1]))
	}
}

// referenceVectors pins posp-ref-v1: its functions on ordinary and on extreme arguments, and two small models with
// the place, the operands and the proof of an element of every operation.
func referenceVectors() (any, error) {
	rng := rand.New(rand.NewPCG(2, 9))
	some := func(n int, low, high int64, also ...int64) []int64 {
		for range n {
			also = append(also, low+int64(rng.Uint64N(uint64(high-low)+1)))
		}
		return also
	}
	functions := map[string]table{
		"roundShift": {}, "saturate": {}, "divide": {}, "exp": {}, "rsqrt": {}, "norm": {}, "sincos": {}, "rotate": {}, "act": {},
		"log2": {}, "logprob": {}, "margin": {}, "embed": {}, "attention": {}, "frequencies": {},
	}
	for _, x := range some(8, -1<<40, 1<<40, 0, 1, -1, 1<<29, -1<<29, -1<<29-1, 3<<29, 1<<62, -1<<62) {
		for _, n := range []uint{0, 1, 8, 16, 30} {
			functions["roundShift"].add("x", x, "n", n, "out", reference.RoundShift(x, n))
		}
	}
	for _, x := range some(0, 0, 0, 0, math.MaxInt32, math.MaxInt32+1, math.MinInt32, math.MinInt32-1, math.MaxInt64, math.MinInt64) {
		functions["saturate"].add("x", x, "out", reference.Saturate(x))
	}
	for _, b := range some(3, 1, 1<<38, 1, 2, 3, 1<<38) {
		for _, a := range some(3, -1<<61, 1<<61, 0, 1, -1, b/2, -b/2, b, 5*b/2, -5*b/2) {
			functions["divide"].add("a", a, "b", b, "out", reference.Divide(a, b))
		}
	}
	half, _ := reference.AttentionFactor(128)
	for _, y := range some(24, 0, 30<<16, 0, 1, 65535, 65536, 1<<32-1) {
		for _, factor := range []int64{1549082005, half} {
			for _, bits := range []uint{22, 30} {
				functions["exp"].add("y", y, "factor", factor, "bits", bits, "out", reference.Exp(y, factor, bits))
			}
		}
	}
	for _, v := range some(12, 1, math.MaxInt64, 1, 2, 3, 1<<24, 1<<40, 1<<62, math.MaxInt64) {
		for _, n := range []int64{1, 16, 128, 4096, 65536} {
			m, s := reference.Rsqrt(v, n)
			functions["rsqrt"].add("v", v, "n", n, "mantissa", m, "shift", s)
		}
	}
	for _, x := range some(6, math.MinInt32, math.MaxInt32, 0, 1, -1, math.MaxInt32, math.MinInt32) {
		for _, s := range []int32{4, 16, 30, 50} {
			for _, w := range []int32{65536, -1, math.MaxInt32, math.MinInt32} {
				m := int32(1<<30 + rng.Int32N(1<<30))
				functions["norm"].add("x", x, "mantissa", m, "shift", s, "weight", w, "out", reference.Norm(int32(x), m, s, w))
			}
		}
	}
	for _, u := range some(24, math.MinInt64, math.MaxInt64-1, 0, 1, -1, 1<<62, math.MinInt64, -1<<62, 1<<61) {
		sin, cos := reference.SinCos(uint64(u))
		functions["sincos"].add("turns", uint64(u), "sin", sin, "cos", cos)
		y, y1 := int32(rng.Uint32()), int32(rng.Uint32())
		for i, second := range []bool{false, true} {
			functions["rotate"].add("y", y, "partner", y1, "sin", sin, "cos", cos, "second", i, "out", reference.Rotate(y, y1, sin, cos, second))
		}
	}
	for _, g := range some(10, -12<<16, 12<<16, 0, 1, -1, math.MaxInt32, math.MinInt32) {
		for _, u := range some(2, math.MinInt32, math.MaxInt32, 65536, -65536, math.MaxInt32, math.MinInt32) {
			functions["act"].add("gate", g, "up", u, "silu", reference.Silu(int32(g)), "out", reference.Act(int32(g), int32(u)))
		}
	}
	for _, s := range some(24, 1<<30, 1<<47, 1<<30, 1<<30+1, 1<<31-1, 1<<31, 1<<32, 1<<62-1) {
		functions["log2"].add("sum", s, "out", reference.Log2(s))
		for _, z := range []int32{0, -1, -65536 * 3, -126 << 16, -200 << 16, math.MinInt32} {
			functions["logprob"].add("logit", z, "largest", 0, "sum", s, "out", reference.LogProb(z, 0, s))
		}
	}
	for _, z := range []int32{5, 4, -65536, -127 << 16, -128 << 16, math.MinInt32} {
		functions["margin"].add("logit", z, "largest", 5, "out", reference.Margin(z, 5))
	}
	for _, q := range []int16{0, 1, -1, 3, -3, 32767, -32767} {
		for _, k := range []uint{0, 1, 15, 16, 17, 18, 30} {
			functions["embed"].add("q", q, "exponent", k, "out", reference.Embed(q, k))
		}
	}
	for hd := 2; hd <= 256; hd += 2 {
		factor, shift := reference.AttentionFactor(hd)
		functions["attention"].add("headDim", hd, "factor", factor, "shift", shift)
	}
	for _, theta := range []float64{10000, 500000, 1000000} {
		for i, f := range reference.RotaryFrequencies(theta, 64) {
			functions["frequencies"].add("theta", int64(theta), "headDim", 64, "i", i, "out", f)
		}
	}
	for name, t := range functions {
		for column := range t {
			if len(t[column]) != len(t["out"]) && t["out"] != nil {
				return nil, fmt.Errorf("table %s: column %s is short", name, column)
			}
		}
	}

	programs := []object{}
	for _, c := range []model.Config{
		{ModelType: model.Qwen3, HiddenSize: 272, Layers: 2, Heads: 4, KVHeads: 2, HeadWidth: 128, IntermediateSize: 264, VocabSize: 300},
		{ModelType: model.Qwen2, HiddenSize: 48, Layers: 2, Heads: 4, KVHeads: 2, HeadWidth: 12, IntermediateSize: 64, VocabSize: 70, TieEmbeddings: true},
	} {
		c.ContextLength, c.RMSNormEps, c.RopeTheta = 64, 1e-6, 10000
		p, err := program(c, rng)
		if err != nil {
			return nil, err
		}
		programs = append(programs, p)
	}
	return object{"version": reference.Version, "functions": functions, "programs": object{"length": len(programs), "cases": programs}}, nil
}

// program is a random model of shape c, the trace of a short greedy answer, and for each operation the first, the last
// and a middle row: where it stands, what an element of it is computed from, and the proof.
func program(c model.Config, rng *rand.Rand) (object, error) {
	const seed = 11
	ctx := context.Background()
	w, err := model.Random(c, seed)
	if err != nil {
		return nil, err
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		return nil, err
	}
	roots := make([]posp.Hash, m.ModelRows())
	if err := m.RowRoots(ctx, 0, roots, nil); err != nil {
		return nil, err
	}
	weights := m.Tree(roots)
	prompt, output := make([]uint32, 5), make([]uint32, 3)
	for i := range prompt {
		prompt[i] = rng.Uint32N(uint32(c.VocabSize))
	}
	for i := range output {
		output[i] = rng.Uint32N(uint32(c.VocabSize))
	}
	s := posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}
	trace, err := m.Trace(ctx, prompt, s, output)
	if err != nil {
		return nil, err
	}
	g := trace.Graph
	evidence := posp.Evidence{Kind: posp.EvidenceFull, LogProb: trace.LogProb, Margin: trace.Margin}

	// The rows of each operation, from which three are taken.
	of := map[reference.Op][]uint64{}
	for i := range g.Rows() {
		op := g.Locate(i).Op
		of[op] = append(of[op], i)
	}
	steps := []object{}
	for op := reference.Prompt; op < reference.Padding; op++ {
		rows := of[op]
		if len(rows) == 0 {
			continue
		}
		for _, i := range []uint64{rows[0], rows[len(rows)/2], rows[len(rows)-1]} {
			row := g.Locate(i)
			n, width := g.Shape(row)
			e := rng.IntN(n)
			x, err := trace.Row(ctx, i)
			if err != nil {
				return nil, err
			}
			rowRoot, err := trace.Node(ctx, 0, i)
			if err != nil {
				return nil, err
			}
			step := object{
				"row": i, "op": row.Op, "layer": row.Layer, "at": row.At, "head": row.Head, "elements": n, "width": width,
				"rowRoot": rowRoot, "element": e, "value": strconv.FormatInt(x.Values[e], 10),
			}
			leaf := g.Leaf(row, e)
			step["form"], step["kind"] = leaf.Form, leaf.Kind()
			step["constants"] = object{"shift": leaf.Shift, "n": leaf.N, "epsilon": leaf.Epsilon, "factor": leaf.Factor, "bits": leaf.Bits,
				"at": leaf.At, "second": leaf.Second}
			operands := []object{}
			for _, o := range leaf.Operands {
				operands = append(operands, object{"model": o.Model, "row": o.Row, "first": o.First, "length": o.Length, "byToken": o.ByToken})
			}
			step["operands"] = operands
			if i == rows[len(rows)/2] { // a proof is long
				proof, err := trace.Prove(ctx, weights, i, e)
				if err != nil {
					return nil, err
				}
				if err := g.VerifyStep(reference.Commitments{Trace: trace.Root(), Rows: weights.RowsRoot()}, rowRoot, i, e, proof); err != nil {
					return nil, err
				}
				step["proof"] = proof
			}
			steps = append(steps, step)
		}
	}
	return object{
		"config": c, "seed": seed, "arch": m.Arch, "modelRows": m.ModelRows(), "rowsRoot": weights.RowsRoot(), "modelRoot": m.Arch.Root(weights.RowsRoot()),
		"prompt": prompt, "output": output, "rule": s.Rule, "rows": g.Rows(), "traceRoot": trace.Root(), "evidence": evidence,
		"steps": object{"length": len(steps), "cases": steps},
	}, nil
}
