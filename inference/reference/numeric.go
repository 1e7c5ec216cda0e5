// Package reference is the deterministic program that decides disputes, posp-ref-v1: a Llama-family transformer in
// integers, the trace of its run, and the commitment to its weights. docs/reference-program.md defines it to the
// bit; the numbers of sections and rows in the comments are that page's.
//
// Nothing here computes with floats after the weights were imported. Sums of products are exact, so results are the
// same on every machine, for every kernel and every number of goroutines.
package reference

import (
	"math"
	"math/bits"
)

// Version names the program in a posp.ModelSpec, before a colon and the model's root.
const Version = "posp-ref-v1"

// The constants of section 1. Polynomials are in Q30, the lowest power first.
const (
	log2E = 1549082005 // Q30
	ln2   = 744261118  // Q30

	one30   = 1 << 30
	expBits = 22 // of attention's exponentials: 1.0 is 2^22
)

var (
	exp2Poly = [7]int64{1073741824, -744261112, 257940802, -59591844, 10304738, -1386885, 123394}
	sinPoly  = [6]int64{1686629713, -693598666, 85569282, -5026892, 172072, -3685}
)

// RoundShift is floor((x + 2^(n-1)) / 2^n): x / 2^n rounded half up. x + 2^(n-1) must fit.
func RoundShift(x int64, n uint) int64 {
	if n == 0 {
		return x
	}
	return (x + 1<<(n-1)) >> n
}

// Saturate clamps to the range of int32.
func Saturate(x int64) int32 {
	return int32(min(max(x, math.MinInt32), math.MaxInt32))
}

// Divide is a / b rounded half up, for b in (0, 2^61) and |a| below 2^62.
func Divide(a, b int64) int64 {
	q, r := (2*a+b)/(2*b), (2*a+b)%(2*b)
	if r < 0 {
		q--
	}
	return q
}

// Exp is e^-x in Q bits (at most 30) for y = x/c >= 0 in Q16, below 2^32, where factor is c * log2(e) in Q30, below
// 2^31. Exp(0) is 1 exactly.
func Exp(y int64, factor int64, bits uint) int32 {
	t := y * factor // Q46
	n := uint(t >> 46)
	if n > 40 {
		return 0
	}
	f := t >> 16 & (one30 - 1)
	p := exp2Poly[6]
	p = exp2Poly[5] + (p*f+1<<29)>>30
	p = exp2Poly[4] + (p*f+1<<29)>>30
	p = exp2Poly[3] + (p*f+1<<29)>>30
	p = exp2Poly[2] + (p*f+1<<29)>>30
	p = exp2Poly[1] + (p*f+1<<29)>>30
	p = exp2Poly[0] + (p*f+1<<29)>>30
	return int32(RoundShift(p, n+30-bits))
}

// Rsqrt is 1 / sqrt(v / (n * 2^24)) as mantissa * 2^-shift, for v in [1, 2^63) and n in [1, 2^16]. The mantissa is
// below 2^31, the shift in [4, 50].
func Rsqrt(v, n int64) (mantissa, shift int32) {
	// The largest s with floor(n * 2^(24+2s) / v) < 2^62, which is n * 2^(24+2s) < v * 2^62.
	s := max(4, (bits.Len64(uint64(v))+62-24-bits.Len64(uint64(n)))/2-1)
	quotient := func(s int) (uint64, bool) {
		hi, lo := shiftLeft(uint64(n), uint(24+2*s))
		if hi >= uint64(v) {
			return 0, false
		}
		q, _ := bits.Div64(hi, lo, uint64(v))
		return q, q < 1<<62
	}
	for {
		if _, fits := quotient(s + 1); !fits {
			break
		}
		s++
	}
	r, _ := quotient(s)
	return int32(sqrt(r)), int32(s)
}

// shiftLeft is x * 2^n in 128 bits.
func shiftLeft(x uint64, n uint) (hi, lo uint64) {
	if n >= 64 {
		return x << (n - 64), 0
	}
	return x >> (64 - n), x << n
}

// sqrt is floor(sqrt(x)), bit by bit.
func sqrt(x uint64) uint64 {
	var root uint64
	for bit := uint64(1) << 62; bit > 0; bit >>= 2 {
		if x >= root+bit {
			x -= root + bit
			root = root>>1 + bit
		} else {
			root >>= 1
		}
	}
	return root
}

// Norm is x times mantissa * 2^-shift (as Rsqrt gives it) times weight: Q16, Q16 and Q16.
func Norm(x, mantissa, shift, weight int32) int32 {
	n := Saturate(RoundShift(int64(x)*int64(mantissa), uint(shift-4))) // Q20
	return Saturate(RoundShift(int64(n)*int64(weight), 20))
}

// SinCos returns sine and cosine of an angle in turns (Q64), in Q30.
func SinCos(turns uint64) (sin, cos int32) {
	x := int64(turns >> 32 & (one30 - 1))
	a, b := quarterSine(x), quarterSine(one30-x)
	switch turns >> 62 {
	case 0:
		return a, b
	case 1:
		return b, -a
	case 2:
		return -a, -b
	}
	return -b, a
}

// quarterSine is sin(pi/2 * x) for x in [0, 1], Q30.
func quarterSine(x int64) int32 {
	y := RoundShift(x*x, 30)
	p := sinPoly[5]
	for i := 4; i >= 0; i-- {
		p = sinPoly[i] + RoundShift(p*y, 30)
	}
	return int32(RoundShift(p*x, 30))
}

// Rotate is element j of a head's vector y, turned to its position by an angle: y1 is its partner, half a head
// away; the second half's sign is the other.
func Rotate(y, y1, sin, cos int32, second bool) int32 {
	if second {
		return Saturate(RoundShift(int64(y)*int64(cos)+int64(y1)*int64(sin), 30))
	}
	return Saturate(RoundShift(int64(y)*int64(cos)-int64(y1)*int64(sin), 30))
}

// Silu is g * sigmoid(g), Q16.
func Silu(g int32) int64 {
	e := int64(Exp(abs(int64(g)), log2E, 30))
	numerator := int64(one30)
	if g < 0 {
		numerator = e
	}
	// Divide, for operands that are never negative.
	sigmoid := (numerator<<31 + one30 + e) / (2 * (one30 + e))
	return RoundShift(int64(g)*sigmoid, 30)
}

// Act is SwiGLU's product: Silu(gate) * up, Q16.
func Act(gate, up int32) int32 {
	return Saturate(RoundShift(Silu(gate)*int64(up), 16))
}

// Log2 is log2(s / 2^30) in Q28, for s in [2^30, 2^62).
func Log2(s int64) int64 {
	n := bits.Len64(uint64(s))
	y := uint64(s) << 1 // in [2^31, 2^32)
	if n > 31 {
		y = uint64(s) >> (n - 32)
	}
	result := int64(n - 31)
	for range 28 {
		y = y * y >> 31
		result <<= 1
		if y >= 1<<32 {
			result++
			y >>= 1
		}
	}
	return result
}

// Bounds of evidence, Q24.
const limit24 = 127 << 24

// LogProb is the log-probability in Q24 nats of a token with the given logit, where largest is the largest logit and
// sum the sum of the exponentials (Q30).
func LogProb(logit, largest int32, sum int64) int32 {
	x := (int64(logit)-int64(largest))<<8 - RoundShift(Log2(sum)*ln2, 34)
	return int32(min(max(x, -limit24), 0))
}

// Margin is the distance to the largest logit, Q24.
func Margin(logit, largest int32) int32 {
	return int32(min((int64(largest)-int64(logit))<<8, limit24))
}

// Embed is an embedding's weight as activation.
func Embed(q int16, exponent uint) int32 {
	if exponent <= 16 {
		return Saturate(int64(q) << (16 - exponent))
	}
	return int32(RoundShift(int64(q), exponent-16))
}

// AttentionFactor is log2(e) in Q30 times 2^a / sqrt(headDim), and a the shift that scores take out of the
// square root: floor(floor(log2(headDim)) / 2).
func AttentionFactor(headDim int) (factor int64, shift uint) {
	shift = uint(bits.Len(uint(headDim))-1) / 2
	hi, lo := shiftLeft(log2E*log2E, 2*shift)
	square, _ := bits.Div64(hi, lo, uint64(headDim)) // 4^shift <= headDim, so it fits
	return int64(sqrt(square)), shift
}

func abs(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}
