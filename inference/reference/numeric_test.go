package reference

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// near fails unless got is within tolerance of want.
func near(t *rapid.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Fatalf("%s is %v, want %v within %v", what, got, want, tolerance)
	}
}

func TestRoundShift(t *testing.T) {
	for _, c := range []struct {
		x    int64
		n    uint
		want int64
	}{
		{5, 0, 5}, {5, 1, 3}, {-5, 1, -2}, {4, 1, 2}, {-4, 1, -2}, // ties go up
		{7, 2, 2}, {6, 2, 2}, {5, 2, 1}, {-6, 2, -1}, {-7, 2, -2}, {-1, 30, 0}, {1 << 29, 30, 1}, {-1 << 29, 30, 0}, {-1<<29 - 1, 30, -1},
	} {
		if got := RoundShift(c.x, c.n); got != c.want {
			t.Errorf("RoundShift(%d, %d) = %d, want %d", c.x, c.n, got, c.want)
		}
		if got := widen(c.x).roundShift(c.n); got != c.want {
			t.Errorf("wide %d, %d: %d, want %d", c.x, c.n, got, c.want)
		}
	}
}

func TestDivide(t *testing.T) {
	for b := int64(1); b < 20; b++ {
		for a := int64(-100); a <= 100; a++ {
			if got, want := Divide(a, b), int64(math.Floor(float64(a)/float64(b)+0.5)); got != want {
				t.Errorf("Divide(%d, %d) = %d, want %d", a, b, got, want)
			}
		}
	}
}

// TestWide: sums of products and quotients in 128 bits are those of mathematics.
func TestWide(t *testing.T) {
	floor := func(a, b *big.Int) *big.Int { return new(big.Int).Div(a, b) } // Euclidean, so floor for b > 0
	clamp := func(x *big.Int, bits uint) int64 {
		low, high := new(big.Int).Neg(new(big.Int).Lsh(big.NewInt(1), bits)), new(big.Int).Lsh(big.NewInt(1), bits)
		high.Sub(high, big.NewInt(1))
		if x.Cmp(low) < 0 {
			x = low
		}
		if x.Cmp(high) > 0 {
			x = high
		}
		return x.Int64()
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, slice).Draw(t, "n")
		extreme := rapid.Bool().Draw(t, "extreme")
		draw := func(bits int) int64 {
			limit := int64(1) << bits
			if extreme {
				return rapid.SampledFrom([]int64{-limit, limit - 1, 0, 1, -1}).Draw(t, "x")
			}
			return rapid.Int64Range(-limit, limit-1).Draw(t, "x")
		}
		a, b := make([]int64, n), make([]int64, n)
		want := new(big.Int)
		for i := range a {
			a[i], b[i] = draw(31), draw(31)
			want.Add(want, new(big.Int).Mul(big.NewInt(a[i]), big.NewInt(b[i])))
		}
		shift := rapid.UintRange(0, 40).Draw(t, "shift")
		rounded := new(big.Int).Set(want)
		if shift > 0 {
			rounded.Add(rounded, new(big.Int).Lsh(big.NewInt(1), shift-1))
			rounded.Rsh(rounded, shift)
		}
		if got := products(a, b).roundShift(shift); got != clamp(rounded, 63) {
			t.Fatalf("products rounded by %d are %d, want %v", shift, got, rounded)
		}

		parts := make([]int64, n)
		total := rapid.Int64Range(1, 1<<38).Draw(t, "total")
		want.SetInt64(0)
		for i := range parts {
			parts[i] = draw(61)
			want.Add(want, big.NewInt(parts[i]))
		}
		want.Lsh(want, 1).Add(want, big.NewInt(total))
		if got := int64(quotient(parts, total)); got != clamp(floor(want, big.NewInt(2*total)), 31) {
			t.Fatalf("quotient of %v and %d is %d", parts, total, got)
		}
	})
}

func TestExp(t *testing.T) {
	if Exp(0, log2E, 30) != 1<<30 || Exp(0, log2E, 22) != 1<<22 {
		t.Error("e^0 is not 1")
	}
	if Exp(1<<32-1, log2E, 30) != 0 || Exp(1<<32-1, 1<<31-1, 22) != 0 {
		t.Error("e^-65536 is not 0")
	}
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.OneOf(rapid.Int64Range(0, 30<<16), rapid.Int64Range(0, 1<<32-1)).Draw(t, "y")
		near(t, "e^-x", float64(Exp(y, log2E, 30))*0x1p-30, math.Exp(-float64(y)*0x1p-16), 9*0x1p-30)
		if Exp(y+1, log2E, 30) > Exp(y, log2E, 30)+1 { // rounding of the polynomial may show in the last bit
			t.Fatalf("e^-x grows at %d", y)
		}
	})
}

func TestRsqrt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Just(int64(1)), rapid.Just(int64(maxWidth)), rapid.Int64Range(1, maxWidth)).Draw(t, "n")
		v := int64(rapid.Uint64Range(1, math.MaxInt64).Draw(t, "v") >> rapid.UintRange(0, 62).Draw(t, "scale"))
		v = max(v, 1)
		m, s := Rsqrt(v, n)
		if s < 4 || s > 50 || m < 0 {
			t.Fatalf("Rsqrt(%d, %d) = %d * 2^-%d", v, n, m, s)
		}
		want := 1 / math.Sqrt(float64(v)/(float64(n)*0x1p24))
		near(t, "rsqrt", math.Ldexp(float64(m), -int(s)), want, want*0x1p-29+math.Ldexp(1, -int(s)))

		// The definition, by the inequalities that a verifier checks.
		r := func(s int32) *big.Int {
			x := new(big.Int).Lsh(big.NewInt(n), uint(24+2*s))
			return x.Quo(x, big.NewInt(v))
		}
		limit := new(big.Int).Lsh(big.NewInt(1), 62)
		if r(s).Cmp(limit) >= 0 || r(s+1).Cmp(limit) < 0 {
			t.Fatalf("Rsqrt(%d, %d): %d is not the largest shift", v, n, s)
		}
		if new(big.Int).Sqrt(r(s)).Int64() != int64(m) {
			t.Fatalf("Rsqrt(%d, %d): %d is not the root of %v", v, n, m, r(s))
		}
	})
}

func TestSinCos(t *testing.T) {
	if sin, cos := SinCos(0); sin != 0 || cos < 1<<30-1 || cos > 1<<30+1 {
		t.Errorf("sine and cosine of 0: %d, %d", sin, cos)
	}
	rapid.Check(t, func(t *rapid.T) {
		u := rapid.Uint64().Draw(t, "turns")
		sin, cos := SinCos(u)
		wantSin, wantCos := math.Sincos(2 * math.Pi * (float64(u>>11) * 0x1p-53))
		near(t, "sine", float64(sin)*0x1p-30, wantSin, 8*0x1p-30)
		near(t, "cosine", float64(cos)*0x1p-30, wantCos, 8*0x1p-30)
	})
}

func TestRotaryFrequencies(t *testing.T) {
	for _, theta := range []float64{10000, 500000, 1e6, 1.5, 12345.678} {
		for _, hd := range []int{2, 16, 48, 64, 96, 128, 256} {
			f := RotaryFrequencies(theta, hd)
			if len(f) != hd/2 {
				t.Fatalf("%d frequencies for heads of %d", len(f), hd)
			}
			for i, x := range f {
				want := math.Pow(theta, -2*float64(i)/float64(hd)) / (2 * math.Pi)
				if got := float64(x) * 0x1p-64; math.Abs(got-want) > want*1e-14+0x1p-63 {
					t.Errorf("theta %v, width %d: frequency %d is %v, want %v", theta, hd, i, got, want)
				}
			}
		}
	}
}

func TestSilu(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := rapid.OneOf(rapid.Int32Range(-20<<16, 20<<16), rapid.Int32()).Draw(t, "g")
		x := float64(g) * 0x1p-16
		near(t, "silu", float64(Silu(g))*0x1p-16, x/(1+math.Exp(-x)), 0x1p-16+math.Abs(x)*1e-8)
		u := rapid.Int32().Draw(t, "u")
		want := x / (1 + math.Exp(-x)) * float64(u) * 0x1p-16
		want = min(max(want, -32768), 32768)
		near(t, "act", float64(Act(g, u))*0x1p-16, want, 0x1p-16+math.Abs(float64(u))*0x1p-16*(0x1p-16+math.Abs(x)*1e-8))
	})
}

func TestLogs(t *testing.T) {
	if Log2(1<<30) != 0 || Log2(1<<31) != 1<<28 || Log2(1<<61) != 31<<28 {
		t.Error("logarithms of powers of two")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.Int64Range(1<<30, 1<<62-1).Draw(t, "s") >> rapid.UintRange(0, 31).Draw(t, "scale")
		s = max(s, 1<<30)
		near(t, "log2", float64(Log2(s))*0x1p-28, math.Log2(float64(s)*0x1p-30), 3*0x1p-28)
		z, most := rapid.Int32().Draw(t, "z"), rapid.Int32().Draw(t, "largest")
		want := float64(int64(z)-int64(most))*0x1p-16 - math.Log(float64(s)*0x1p-30)
		near(t, "log-probability", float64(LogProb(z, most, s))*0x1p-24, min(max(want, -127), 0), 0x1p-22)
	})
	if LogProb(5, 5, 1<<30) != 0 || LogProb(math.MinInt32, math.MaxInt32, 1<<30) != -127<<24 {
		t.Error("bounds of log-probabilities")
	}
	if Margin(3, 5) != 2<<8 || Margin(math.MinInt32, math.MaxInt32) != 127<<24 {
		t.Error("margins")
	}
}

func TestAttentionFactor(t *testing.T) {
	for hd := 2; hd <= 256; hd += 2 {
		factor, shift := AttentionFactor(hd)
		got := float64(factor) * 0x1p-30 / math.Ldexp(1, int(shift))
		if want := math.Log2E / math.Sqrt(float64(hd)); math.Abs(got-want) > want*1e-8 {
			t.Errorf("heads of %d: %v, want %v", hd, got, want)
		}
		if factor >= 1<<31 {
			t.Errorf("heads of %d: factor %d, Exp takes less than 2^31", hd, factor)
		}
	}
}

func TestQuantise(t *testing.T) {
	for _, c := range []struct {
		row  []float32
		k    uint8
		want []int16
	}{
		{[]float32{0, 0}, 30, []int16{0, 0}},
		{[]float32{1, -1, 0.5}, 14, []int16{16384, -16384, 8192}},
		{[]float32{0.5 / 16384, 1, -0.5 / 16384, 1.5 / 16384}, 14, []int16{1, 16384, 0, 2}}, // ties go up
		{[]float32{32767.25, -32767.25}, 0, []int16{32767, -32767}},
		{[]float32{1e-9, -1e-9}, 30, []int16{1, -1}},
		{[]float32{1.99996}, 14, []int16{32767}},
		{[]float32{1.99998}, 13, []int16{16384}}, // at 14 it would be 32768
	} {
		got := make([]int16, len(c.row))
		k, err := quantise(got, c.row)
		if err != nil || k != c.k {
			t.Errorf("%v: exponent %d, %v, want %d", c.row, k, err, c.k)
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%v: %v, want %v", c.row, got, c.want)
			}
		}
	}
	for _, bad := range []float32{32767.5, float32(math.Inf(1)), float32(math.NaN())} {
		if k, err := quantise(make([]int16, 1), []float32{bad}); err == nil && bad == bad {
			t.Errorf("%v has exponent %d", bad, k)
		}
	}
	if fixed(0.5/65536) != 1 || fixed(-0.5/65536) != 0 || fixed(1) != 65536 || fixed(1e9) != math.MaxInt32 || fixed(-1e9) != math.MinInt32 {
		t.Error("vectors' fixed point")
	}
}
