package float

import (
	"math"
	"math/rand/v2"
	"testing"
)

// definition is a binary format by its parameters: significant bits with the hidden one, the exponent of the least
// normal number, and the largest number.
type definition struct {
	bits, least int
	largest     float64
	saturates   bool // or goes to infinity, from half a step beyond the largest
}

var definitions = map[Format]definition{
	BF16: {bits: 8, least: -126, largest: math.Ldexp(255, 120)},
	F16:  {bits: 11, least: -14, largest: 65504},
	FP8:  {bits: 4, least: -6, largest: 448, saturates: true},
}

// round is the nearest number of the format, ties to even, by binary64 arithmetic that is exact here.
func (d definition) round(x float64) float64 {
	v := math.Abs(x)
	if math.IsNaN(v) {
		return x
	}
	exponent := d.least
	if v > 0 {
		_, e := math.Frexp(v)
		exponent = max(exponent, e-1)
	}
	step := math.Ldexp(1, exponent-d.bits+1)
	v = math.RoundToEven(v/step) * step
	switch {
	case v > d.largest && d.saturates:
		v = d.largest
	case v > d.largest:
		v = math.Inf(1)
	}
	return math.Copysign(v, x)
}

// awkward are the special values, and the neighbours of every power of two and of every tie near them.
func awkward() []float32 {
	var xs []float32
	for exponent := range uint32(256) {
		for _, mantissa := range []uint32{0, 1, 0x7fff, 0x8000, 0x8001, 0xfff, 0x1000, 0x1001, 0x17fff, 0x18000, 0x18001, 0x2fff, 0x3000, 0x3001,
			0x7ffff, 0x80000, 0x80001, 0x17ffff, 0x180000, 0x180001, 0x600000, 0x5fffff, 0x400000, 0x3fffff, 0x7fffff, 0x7f7fff, 0x7f8000, 0x7fefff, 0x7ff000} {
			for _, sign := range []uint32{0, 1 << 31} {
				xs = append(xs, math.Float32frombits(sign|exponent<<23|mantissa))
			}
		}
	}
	return xs
}

func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func TestRoundingIsToNearestEven(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	xs := awkward()
	for range 300_000 {
		xs = append(xs, math.Float32frombits(rng.Uint32()), float32(rng.NormFloat64()*math.Exp2(float64(rng.IntN(40)-24))))
	}
	for format, definition := range definitions {
		for name, k := range map[string]kernels{"portable": portable, "best": best} {
			got := append([]float32{0}, xs...)[1:] // not aligned
			switch format {
			case FP8:
				roundFP8(got, 1)
			default:
				k.round(format, got)
			}
			for i, x := range xs {
				if want := float32(definition.round(float64(x))); !same(got[i], want) {
					t.Fatalf("%s, %s: %g (%08x) is rounded to %g, want %g", format, name, x, math.Float32bits(x), got[i], want)
				}
			}
		}
	}
}

// Rationale: a NaN must not become an infinity, and the forms of the kernels must agree in it too.
func TestRoundingFormsAgree(t *testing.T) {
	xs := awkward()
	for _, format := range []Format{BF16, F16} {
		for n := range 40 { // all remainders of a vector
			a, b := append([]float32{}, xs[len(xs)-n:]...), append([]float32{}, xs[len(xs)-n:]...)
			portable.round(format, a)
			best.round(format, b)
			for i := range a {
				if math.Float32bits(a[i]) != math.Float32bits(b[i]) {
					t.Fatalf("%s: %08x is rounded to %08x portably and to %08x here", format, math.Float32bits(xs[len(xs)-n+i]), math.Float32bits(a[i]), math.Float32bits(b[i]))
				}
			}
		}
		a, b := append([]float32{}, xs...), append([]float32{}, xs...)
		portable.round(format, a)
		best.round(format, b)
		for i := range a {
			if math.Float32bits(a[i]) != math.Float32bits(b[i]) || (xs[i] != xs[i]) != (a[i] != a[i]) {
				t.Fatalf("%s: %08x is rounded to %08x portably and to %08x here", format, math.Float32bits(xs[i]), math.Float32bits(a[i]), math.Float32bits(b[i]))
			}
		}
	}
}

// e4m3 is the value of a code of OCP 8-bit floating point, "E4M3" of table 1 in the specification: 1 sign bit, 4
// exponent bits with bias 7, 3 mantissa bits, no infinities, NaN where all seven are set.
func e4m3(code byte) float64 {
	exponent, mantissa := int(code>>3&15), float64(code&7)
	v := math.Ldexp(1+mantissa/8, exponent-7)
	if exponent == 0 {
		v = math.Ldexp(mantissa/8, -6)
	}
	if code&127 == 127 {
		v = math.NaN()
	}
	if code >= 128 {
		v = -v
	}
	return v
}

// Rationale: every number of the format, every tie between neighbours, and what stands beside each.
func TestFP8IsE4M3(t *testing.T) {
	check := func(x float32, want float64) {
		t.Helper()
		got := []float32{x}
		if roundFP8(got, 1); float64(got[0]) != want || math.Signbit(float64(got[0])) != math.Signbit(float64(x)) {
			t.Fatalf("%g is rounded to %g, want %g", x, got[0], want)
		}
	}
	for code := range byte(126) {
		low, high := e4m3(code), e4m3(code+1)
		middle := float32((low + high) / 2)
		even := low
		if code%2 == 1 {
			even = high
		}
		for _, sign := range []float32{1, -1} {
			s := float64(sign)
			check(sign*float32(low), s*low)
			check(sign*float32(high), s*high)
			check(sign*middle, s*even)
			check(sign*math.Nextafter32(middle, 0), s*low)
			check(sign*math.Nextafter32(middle, 1000), s*high)
		}
	}
	for _, x := range []float32{448, 449, 464, 465, 1e9, math.MaxFloat32, float32(math.Inf(1))} { // as __NV_SATFINITE
		check(x, 448)
		check(-x, -448)
	}
	nan := []float32{float32(math.NaN())}
	if roundFP8(nan, 1); nan[0] == nan[0] {
		t.Errorf("NaN is rounded to %g", nan[0])
	}
}

func TestCacheFormats(t *testing.T) {
	head := func() []float32 { return []float32{3.0303, -896, 0.001, 0, 7.77, 1e-3, 100.2, 2} }
	for format, want := range map[Format][]float32{
		F32:  head(),
		BF16: {3.03125, -896, 0.0009994506835938, 0, 7.78125, 0.0009994506835938, 100, 2},
		FP8:  {3, -448, 0.001953125, 0, 8, 0.001953125, 104, 2},
		// Scale 2, so that the largest is kept; below 2 * 2^-6 steps are of 2 * 2^-9.
		FP8PerTokenHead: {3, -896, 0, 0, 8, 0, 104, 2},
	} {
		got := head()
		best.cache(format, F32, got)
		for i := range want {
			if math.Abs(float64(got[i]-want[i])) > 1e-9 {
				t.Errorf("%s: %v is kept as %v, want %v", format, head(), got, want)
				break
			}
		}
	}
	// What comes out of the cache is an operand of a 16-bit kernel.
	x := []float32{0.3, 0.7, 0.123, 0.9}
	best.cache(FP8PerTokenHead, BF16, x)
	y := append([]float32{}, x...)
	best.round(BF16, y)
	for i := range x {
		if x[i] != y[i] || x[i] == 0 {
			t.Errorf("%g is not in bf16", x[i])
		}
	}
	zero := make([]float32, 4)
	best.cache(FP8PerTokenHead, F32, zero)
	for _, v := range zero {
		if v != 0 {
			t.Errorf("zeros are kept as %v", zero)
		}
	}
}
