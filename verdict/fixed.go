package verdict

import "math/bits"

// Exponential and logarithm of log e-values. Their results are exact by
// definition, so that Solidity can compute the same bits, and never above the
// real value, so that rounding never accuses anybody.

// one is 1 in Q40, the fixed point of e-values relative to the greatest.
const one = 1 << 40

// expBits[i] is floor(2^63 * exp(-2^(i-16))).
var expBits = [21]uint64{
	0x7fff80003fffeaaa, 0x7fff0000ffff5555, 0x7ffe0003fffaaaaf, 0x7ffc000fffd555aa, 0x7ff8003ffeaaafff,
	0x7ff000fff555aaa8, 0x7fe003ffaaafffbb, 0x7fc00ffd55aaa222, 0x7f803feaaffeef1c, 0x7f00ff55aa8893e5,
	0x7e03faaffbbe9249, 0x7c0fd5aa22d75e45, 0x783eafef1c0a8f39, 0x70f5a893b608861e, 0x63afbe7ab2082ba1,
	0x4da2cbf1be5827f9, 0x2f16ac6c59de6f8d, 0x1152aaa3bf81cb9f, 0x02582ab704279e8e, 0x000afe10820813d6,
	0x000000f1aaddd774,
}

// Exp is exp(-x) in Q40 for x in Q16 nats: the product of expBits over the
// bits set in x, each product in Q63 and rounded down, from the least bit up;
// 0 from 28 nats on, which is beyond 2^-40. x must not be negative.
func Exp(x int64) uint64 {
	if x >= 28*Nat {
		return 0
	}
	r := uint64(1) << 63
	for ; x != 0; x &= x - 1 {
		hi, lo := bits.Mul64(r, expBits[bits.TrailingZeros64(uint64(x))])
		r = hi<<1 | lo>>63
	}
	return r >> 23
}

// Ln is ln(y / 2^40) in Q16 nats, for y above 0.
func Ln(y uint64) int64 { return fromLog2(log2(y) - 40<<24) }

// log2 is the binary logarithm of y, above 0, in Q24, by repeated squaring of
// the mantissa in Q63, rounded down: at most 1 in 2^24 below the real value.
func log2(y uint64) int64 {
	top := bits.Len64(y) - 1
	result := int64(top)
	mantissa := y << (63 - top)
	for range 24 {
		hi, lo := bits.Mul64(mantissa, mantissa)
		result <<= 1
		if hi>>63 == 1 {
			result++
			mantissa = hi
		} else {
			mantissa = hi<<1 | lo>>63
		}
	}
	return result
}

// fromLog2 is a binary logarithm in Q24 as nats in Q16: floor(x * ln2 / 2^40),
// with ln2 one more for a negative x, so that the product is below the real
// one on either side.
func fromLog2(x int64) int64 {
	const ln2 = 2977044471 // floor(2^32 * ln 2)
	if x >= 0 {
		hi, lo := bits.Mul64(uint64(x), ln2)
		return int64(hi<<24 | lo>>40)
	}
	hi, lo := bits.Mul64(uint64(-x), ln2+1)
	result := int64(hi<<24 | lo>>40)
	if lo<<24 != 0 {
		result++
	}
	return -result
}

// product is a product of many integers above 0, mantissa * 2^exponent with
// the mantissa's top bit set; each factor's product is rounded down.
type product struct {
	mantissa uint64
	exponent int64
}

var unit = product{1 << 63, -63}

func (p *product) times(x uint64) {
	hi, lo := bits.Mul64(p.mantissa, x)
	n := bits.Len64(hi) // at most 64, so that the shifts below keep 64 bits
	p.mantissa = hi<<(64-n) | lo>>n
	p.exponent += int64(n)
}

// log2 is the product's binary logarithm in Q24, rounded down.
func (p product) log2() int64 { return p.exponent<<24 + log2(p.mantissa) }

// mean is the logarithm of the mean of exp over logs, which must not be empty.
func mean(logs []int64) int64 {
	top := logs[0]
	for _, l := range logs {
		top = max(top, l)
	}
	var sum uint64 // at most len(logs) * 2^40
	for _, l := range logs {
		sum += Exp(top - l)
	}
	return top + Ln(sum/uint64(len(logs)))
}
