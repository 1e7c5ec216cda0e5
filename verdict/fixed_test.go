package verdict

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestExpIsBelowAndCloseToTheRealOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Int64Range(0, 70*Nat).Draw(t, "x")
		real := math.Exp(-float64(x)/Nat) * one
		got := float64(Exp(x))
		if got > real*(1+1e-15) || got < real-2 && got < real*(1-1e-12) {
			t.Fatalf("Exp(%d) = %g, real %g", x, got, real)
		}
	})
	if Exp(0) != one {
		t.Fatal("Exp(0) is not 1")
	}
}

func TestExpBitsAreTheirDefinition(t *testing.T) {
	// Exp(-2^(i-16)) by its series at the smallest argument, then squaring.
	const precision = 400
	x := new(big.Float).SetPrec(precision).SetMantExp(big.NewFloat(-1), -16)
	e, term := big.NewFloat(1).SetPrec(precision), big.NewFloat(1).SetPrec(precision)
	for k := 1; k < 40; k++ {
		term.Mul(term, x).Quo(term, new(big.Float).SetPrec(precision).SetInt64(int64(k)))
		e.Add(e, term)
	}
	for i, want := range expBits {
		got, _ := new(big.Float).SetMantExp(e, 63).Uint64() // truncates
		if got != want {
			t.Errorf("expBits[%d] = %#x, want %#x", i, want, got)
		}
		e.Mul(e, e)
	}
}

func TestLnIsBelowAndCloseToTheRealOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.OneOf(rapid.Uint64Range(1, 1<<20), rapid.Uint64Range(1, math.MaxUint64), rapid.Uint64Range(one-1000, one+1000)).Draw(t, "y")
		real := (math.Log(float64(y)) - 40*math.Ln2) * Nat
		if got := float64(Ln(y)); got > real+1e-6 || got < real-1.3 {
			t.Fatalf("Ln(%d) = %g, real %g", y, got, real)
		}
	})
	if Ln(one) != 0 {
		t.Fatal("Ln(1) is not 0")
	}
}

func TestMeanAndMixAreBelowAndCloseToTheRealOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		logs := rapid.SliceOfN(rapid.Int64Range(-maxLogE, maxLogE), 1, 30).Draw(t, "logs")
		sum := 0.0
		for _, l := range logs {
			sum += math.Exp(float64(l) / Nat)
		}
		real := math.Log(sum/float64(len(logs))) * Nat
		if got := float64(mean(logs)); got > real+1e-6 || got < real-1.5 {
			t.Fatalf("mean(%v) = %g, real %g", logs, got, real)
		}
		p := Policy{LambdaPpm: rapid.Uint32Range(1, million-1).Draw(t, "lambda"), Cap: maxLogE}
		lambda := float64(p.LambdaPpm) / million
		real = math.Log(lambda+(1-lambda)*math.Exp(float64(logs[0])/Nat)) * Nat
		got := float64(p.mix(logs[0]))
		if got > real+1e-6 || got < real-1.5 {
			t.Fatalf("mix(%d) at %d ppm = %g, real %g", logs[0], p.LambdaPpm, got, real)
		}
	})
}

func TestDiscount(t *testing.T) {
	if discount(0) != 0 {
		t.Fatal("rank 0 is discounted")
	}
	for rank := 1; rank < 20; rank++ {
		real := math.Log(float64(rank+1)) * Nat
		if got := float64(discount(rank)); got < real || got > real+2 {
			t.Fatalf("discount(%d) = %g, real %g", rank, got, real)
		}
	}
}

func TestAdvance(t *testing.T) {
	for _, c := range []struct {
		w    uint64
		logE int32
		want uint64
	}{
		{0, -1, 0}, {0, math.MinInt32, 0}, {5, -3, 2}, {5, -5, 0}, {5, -6, 0}, {5, 7, 12},
		{math.MaxUint64, 1, math.MaxUint64}, {math.MaxUint64 - 1, 5, math.MaxUint64},
	} {
		if got := Advance(c.w, c.logE); got != c.want {
			t.Errorf("Advance(%d, %d) = %d, want %d", c.w, c.logE, got, c.want)
		}
	}
}

func TestLine(t *testing.T) {
	for _, n := range []uint64{2, 3, 10, 1000, 1e6, 1e9, 1 << 40, 1e15, math.MaxUint64} {
		real := math.Log(float64(n)) * Nat
		if got := float64(Line(n)); got < real-1e-6 || got > real+3 {
			t.Errorf("Line(%d) = %g, real %g", n, got, real)
		}
	}
	if Line(0) != 0 || Line(1) != 0 {
		t.Error("a line for certainty is not 0")
	}
}
