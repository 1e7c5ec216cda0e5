package circuit

import (
	"math"
	"math/big"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/frontend/cs/scs"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// function is a circuit of one function: its inputs, and what it must give.
type function struct {
	In, Out []frontend.Variable
	f       func(g *gates, in []v) []v
}

func (c *function) Define(api frontend.API) error {
	g, err := newGates(api)
	if err != nil {
		return err
	}
	for i, x := range c.f(g, c.In) {
		g.AssertIsEqual(x, c.Out[i])
	}
	return nil
}

type compiledFunction struct {
	ccs     constraint.ConstraintSystem
	in, out int
}

func compileFunction(t testing.TB, in, out int, f func(g *gates, in []v) []v) compiledFunction {
	t.Helper()
	ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, &function{make([]v, in), make([]v, out), f})
	if err != nil {
		t.Fatal(err)
	}
	return compiledFunction{ccs, in, out}
}

func (c compiledFunction) solve(in, out []v, opts ...solver.Option) error {
	w, err := frontend.NewWitness(&function{In: in, Out: out}, ecc.BN254.ScalarField())
	if err != nil {
		return err
	}
	return c.ccs.IsSolved(w, opts...)
}

func any64(xs ...int64) (out []v) {
	for _, x := range xs {
		out = append(out, x)
	}
	return out
}

// draws of numbers with the corners likely.
func int32s(r *rapid.T, name string) int64 {
	return int64(rapid.OneOf(rapid.Int32(), rapid.SampledFrom([]int32{0, 1, -1, math.MaxInt32, math.MinInt32, 65536, -65536}), rapid.Int32Range(-300, 300)).Draw(r, name))
}

func upTo(r *rapid.T, name string, low, high int64) int64 {
	return rapid.OneOf(rapid.Int64Range(low, high), rapid.SampledFrom([]int64{low, high, low + (high-low)/2})).Draw(r, name)
}

// twins are the functions in gates, beside the program's.
var twins = map[string]struct {
	in, out int
	gates   func(g *gates, in []v) []v
	draw    func(r *rapid.T) (in, out []int64)
}{
	"exp": {3, 1, func(g *gates, in []v) []v { return []v{g.exp(in[0], in[1], in[2])} }, func(r *rapid.T) (in, out []int64) {
		y := rapid.OneOf(rapid.Int64Range(0, 1<<32-1), rapid.Int64Range(0, 1<<22), rapid.SampledFrom([]int64{0, 1, 1<<32 - 1, 40 << 16, 28 << 16, 29 << 16})).Draw(r, "y")
		factor := upTo(r, "factor", 1<<24, 1<<31-1)
		n := rapid.SampledFrom([]int64{22, 30}).Draw(r, "bits")
		return []int64{y, factor, n}, []int64{int64(reference.Exp(y, factor, uint(n)))}
	}},
	"rsqrt": {2, 2, func(g *gates, in []v) []v { m, s := g.rsqrt(in[0], in[1]); return []v{m, s} }, func(r *rapid.T) (in, out []int64) {
		x := rapid.Int64Range(1, math.MaxInt64>>rapid.IntRange(0, 62).Draw(r, "scale")).Draw(r, "x")
		n := upTo(r, "n", 1, 1<<16)
		m, s := reference.Rsqrt(x, n)
		return []int64{x, n}, []int64{int64(m), int64(s)}
	}},
	"norm": {4, 1, func(g *gates, in []v) []v { return []v{g.norm(in[0], in[1], in[2], in[3])} }, func(r *rapid.T) (in, out []int64) {
		x, m, s, w := int32s(r, "x"), upTo(r, "m", 0, math.MaxInt32), upTo(r, "s", 4, 50), int32s(r, "w")
		return []int64{x, m, s, w}, []int64{int64(reference.Norm(int32(x), int32(m), int32(s), int32(w)))}
	}},
	"sincos": {2, 2, func(g *gates, in []v) []v { s, c := g.sincos(in[0], in[1]); return []v{s, c} }, func(r *rapid.T) (in, out []int64) {
		at, f := upTo(r, "at", 0, 65535), upTo(r, "f", 0, math.MaxInt64)
		s, c := reference.SinCos(uint64(at) * uint64(f))
		return []int64{at, f}, []int64{int64(s), int64(c)}
	}},
	"rotate": {5, 1, func(g *gates, in []v) []v { return []v{g.rotate(in[0], in[1], in[2], in[3], in[4])} }, func(r *rapid.T) (in, out []int64) {
		y, p, second := int32s(r, "y"), int32s(r, "p"), rapid.Bool().Draw(r, "second")
		s, c := reference.SinCos(rapid.Uint64().Draw(r, "turns"))
		flag := int64(0)
		if second {
			flag = 1
		}
		return []int64{y, p, int64(s), int64(c), flag}, []int64{int64(reference.Rotate(int32(y), int32(p), s, c, second))}
	}},
	"act": {2, 1, func(g *gates, in []v) []v {
		magnitude, negative := g.absolute(in[0])
		return []v{g.act(in[0], in[1], negative, g.exp(magnitude, log2E, 30))}
	}, func(r *rapid.T) (in, out []int64) {
		gate, up := int32s(r, "gate"), int32s(r, "up")
		return []int64{gate, up}, []int64{int64(reference.Act(int32(gate), int32(up)))}
	}},
	"log-probability": {3, 1, func(g *gates, in []v) []v { return []v{g.logProb(in[0], in[1], in[2])} }, func(r *rapid.T) (in, out []int64) {
		z, m := int32s(r, "z"), int32s(r, "m")
		s := rapid.OneOf(rapid.Int64Range(1<<30, 1<<62-1), rapid.Int64Range(1<<30, 1<<32), rapid.SampledFrom([]int64{1 << 30, 1<<30 + 1, 1 << 31, 1<<31 - 1, 1<<62 - 1})).Draw(r, "s")
		return []int64{z, m, s}, []int64{int64(reference.LogProb(int32(z), int32(m), s))}
	}},
	"margin": {2, 1, func(g *gates, in []v) []v { return []v{g.margin(in[0], in[1])} }, func(r *rapid.T) (in, out []int64) {
		m := int32s(r, "m")
		z := upTo(r, "z", math.MinInt32, m)
		return []int64{z, m}, []int64{int64(reference.Margin(int32(z), int32(m)))}
	}},
	"embed": {2, 1, func(g *gates, in []v) []v { return []v{g.embed(in[0], in[1])} }, func(r *rapid.T) (in, out []int64) {
		q, k := upTo(r, "q", -32768, 32767), upTo(r, "k", 0, 30)
		return []int64{q, k}, []int64{int64(reference.Embed(int16(q), uint(k)))}
	}},
	"project": {3, 1, func(g *gates, in []v) []v { return []v{g.project(in[0], in[1], in[2])} }, func(r *rapid.T) (in, out []int64) {
		x := rapid.Int64Range(-1<<61, 1<<61).Draw(r, "x") >> rapid.IntRange(0, 61).Draw(r, "scale")
		k, a := upTo(r, "k", 0, 30), int32s(r, "a")
		return []int64{x, k, a}, []int64{int64(reference.Saturate(reference.RoundShift(x, uint(k)) + a))}
	}},
	"quotient": {2, 1, func(g *gates, in []v) []v { return []v{g.quotient(in[0], in[1])} }, func(r *rapid.T) (in, out []int64) {
		x := rapid.Int64Range(-1<<61+1, 1<<61-1).Draw(r, "x")
		d := rapid.Int64Range(1, 1<<60>>rapid.IntRange(0, 60).Draw(r, "scale")).Draw(r, "d")
		return []int64{x, d}, []int64{int64(reference.Saturate(reference.Divide(x, d)))}
	}},
	"largest": {5, 1, func(g *gates, in []v) []v { return []v{g.largest(in[:4], in[4])} }, func(r *rapid.T) (in, out []int64) {
		for _, name := range []string{"a", "b", "c", "d"} {
			in = append(in, int32s(r, name))
		}
		n := rapid.Int64Range(1, 4).Draw(r, "n")
		most := in[0]
		for _, x := range in[:n] {
			most = max(most, x)
		}
		return append(in, n), []int64{most}
	}},
}

// In gates as in the program, at the corners and between; and no other result is accepted.
func TestFunctions(t *testing.T) {
	for name, f := range twins {
		t.Run(name, func(t *testing.T) {
			c := compileFunction(t, f.in, f.out, f.gates)
			rapid.Check(t, func(r *rapid.T) {
				in, out := f.draw(r)
				if err := c.solve(any64(in...), any64(out...)); err != nil {
					r.Fatalf("%v -> %v: %v", in, out, err)
				}
				i := rapid.IntRange(0, len(out)-1).Draw(r, "which")
				out[i] += rapid.SampledFrom([]int64{1, -1, 2, 1 << 31}).Draw(r, "off")
				if c.solve(any64(in...), any64(out...)) == nil {
					r.Fatalf("%v -> %v was accepted", in, out)
				}
			})
		})
	}
}

// free is a function whose result nothing is compared with: whether it can be computed at all.
type free struct {
	In []frontend.Variable
	f  func(g *gates, in []v) []v
}

func (c *free) Define(api frontend.API) error {
	g, err := newGates(api)
	if err != nil {
		return err
	}
	for _, x := range c.f(g, c.In) {
		g.Mul(x, x)
	}
	return nil
}

// A prover chooses what hints say. Each lie here is the one that would pay if a check were missing; none has a solution, whatever the result.
func TestLyingHints(t *testing.T) {
	lie := func(name string, honest solver.Hint, f func(in, out []*big.Int)) (string, solver.Hint, solver.Hint) {
		return name, honest, func(field *big.Int, in, out []*big.Int) error {
			if err := honest(field, in, out); err != nil {
				return err
			}
			f(in, out)
			for _, x := range out {
				x.Mod(x, field)
			}
			return nil
		}
	}
	type lies struct {
		name        string
		honest, lie solver.Hint
	}
	one := big.NewInt(1)
	var all []lies
	add := func(name string, honest, f solver.Hint) { all = append(all, lies{name, honest, f}) }
	add(lie("quotient less one", floorHint, func(in, out []*big.Int) { out[0].Sub(out[0], one); out[1].Add(out[1], in[1]) }))
	add(lie("quotient plus one", floorHint, func(in, out []*big.Int) { out[0].Add(out[0], one); out[1].Sub(out[1], in[1]) }))
	add(lie("a fraction of the field", floorHint, func(in, out []*big.Int) {
		out[0].ModInverse(in[1], fr.Modulus())
		out[0].Mul(out[0], in[0])
		out[1].SetUint64(0)
	}))
	add(lie("another bit of a logarithm", floorHint, func(in, out []*big.Int) {
		if in[1].Cmp(pow2(32)) == 0 {
			out[0].SetUint64(1)
		}
	}))
	add(lie("clamped for nothing", clampHint, func(_, out []*big.Int) { out[0].SetUint64(1); out[1].SetUint64(0) }))
	add(lie("clamped the other way", clampHint, func(_, out []*big.Int) { out[0], out[1] = out[1], out[0] }))
	add(lie("not clamped", clampHint, func(_, out []*big.Int) { out[0].SetUint64(0); out[1].SetUint64(0) }))
	add(lie("a smaller shift", rootHint, func(in, out []*big.Int) {
		s := uint(out[1].Uint64()) - 1
		q, r := new(big.Int).DivMod(new(big.Int).Lsh(in[1], 24+2*s), in[0], new(big.Int))
		out[0].Sqrt(q)
		out[1].SetUint64(uint64(s))
		out[2].Set(q)
		out[3].Set(r)
	}))
	add(lie("a smaller root", rootHint, func(_, out []*big.Int) { out[0].Sub(out[0], one) }))
	add(lie("a greater root", rootHint, func(_, out []*big.Int) { out[0].Add(out[0], one) }))
	add(lie("not normal", normalHint, func(_, out []*big.Int) { out[0].Rsh(out[0], 1); out[1].Add(out[1], one) }))
	add(lie("below the largest", largestHint, func(_, out []*big.Int) { out[0].Sub(out[0], one) }))
	add(lie("above the largest", largestHint, func(_, out []*big.Int) { out[0].Add(out[0], one) }))
	add(lie("another flag", indexHint, func(_, out []*big.Int) { out[0], out[len(out)-1] = out[len(out)-1], out[0] }))
	add(lie("one level more", levelHint, func(_, out []*big.Int) {
		for _, x := range out {
			if x.Sign() == 0 {
				x.SetUint64(1)
				return
			}
		}
		out[0].SetUint64(0)
	}))
	add(lie("another digit", splitHint, func(_, out []*big.Int) { out[0].Xor(out[0], one) }))
	add(lie("a digit carried", splitHint, func(_, out []*big.Int) {
		if len(out) > 1 {
			out[0].Add(out[0], big.NewInt(4))
			out[1].Sub(out[1], one)
		} else {
			out[0].Add(out[0], big.NewInt(4))
		}
	}))
	add(lie("another field", bitsHint, func(_, out []*big.Int) { out[0].Add(out[0], one) }))

	inputs := map[string][]int64{
		"exp": {100000, log2E, 30}, "rsqrt": {123456789, 64}, "norm": {-70000, 1 << 30, 34, 70000}, "sincos": {77, math.MaxInt64 / 5},
		"rotate": {math.MaxInt32, math.MaxInt32, one30, one30 / 2, 0}, "act": {-70000, 70000}, "log-probability": {5, 70000, 3 << 31},
		"margin": {-1 << 30, 1 << 30}, "embed": {-77, 19}, "project": {1 << 60, 3, 7}, "quotient": {-12345678901, 17}, "largest": {4, -9, 8, 8, 3},
	}
	met := map[string]bool{}
	for name, f := range twins {
		ccs, err := frontend.Compile(ecc.BN254.ScalarField(), scs.NewBuilder, &free{make([]v, f.in), f.gates})
		if err != nil {
			t.Fatal(err)
		}
		w, err := frontend.NewWitness(&free{In: any64(inputs[name]...)}, ecc.BN254.ScalarField())
		if err != nil {
			t.Fatal(err)
		}
		if err := ccs.IsSolved(w); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, l := range all {
			calls, changed := 0, false
			counting := func(field *big.Int, in, out []*big.Int) error {
				calls++
				before := make([]*big.Int, len(out))
				if err := l.honest(field, in, out); err != nil {
					return err
				}
				for i := range out {
					before[i] = new(big.Int).Set(out[i])
				}
				if err := l.lie(field, in, out); err != nil {
					return err
				}
				for i := range out {
					changed = changed || before[i].Cmp(out[i]) != 0
				}
				return nil
			}
			err := ccs.IsSolved(w, solver.OverrideHint(solver.GetHintID(l.honest), counting), solver.WithNbTasks(1))
			if calls == 0 || !changed { // this function asks for no such hint, or the lie is the truth here
				continue
			}
			met[l.name] = true
			if err == nil {
				t.Errorf("%s: the lie %q is accepted", name, l.name)
			}
		}
	}
	for _, l := range all {
		if !met[l.name] && l.name != "another flag" { // that one: TestWrongClaims
			t.Errorf("the lie %q was never told", l.name)
		}
	}
}

// The hashes in gates are those of hash.go.
func TestHashesInGates(t *testing.T) {
	c := compileFunction(t, lanes+2, 3, func(g *gates, in []v) []v {
		return []v{g.digest(int(Weights), in[:lanes]), g.digest(in[lanes+1], in[:lanes]), g.compress(in[lanes], in[0])}
	})
	rapid.Check(t, func(r *rapid.T) {
		var b Block
		in := make([]v, lanes+2)
		for i := range lanes + 1 {
			var x fr.Element
			x.SetBytes(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(r, "lane"))
			in[i] = x
			if i < lanes {
				b[i] = x
			}
		}
		p := rapid.SampledFrom([]Packing{Int32, Int64, Weights}).Draw(r, "packing")
		in[lanes+1] = int(p)
		out := []v{b.Digest(number(3)), b.Digest(number(uint64(p))), posp.Compress(in[lanes].(fr.Element), b[0])}
		if err := c.solve(in, out); err != nil {
			r.Fatal(err)
		}
		out[rapid.IntRange(0, 2).Draw(r, "which")] = 1
		if c.solve(in, out) == nil {
			r.Fatal("another hash is accepted")
		}
	})
}
