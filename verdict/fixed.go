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

// exp is exp(-x) in Q40 for x in Q16 nats: the product of expBits over the
// bits set in x, each product in Q63 and rounded down, from the least bit up;
// 0 from 28 nats on, which is beyond 2^-40. x must not be negative.
func exp(x int64) uint64 {
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

// ln is ln(y / 2^40) in Q16 nats, for y above 0: the binary logarithm in Q24
// by repeated squaring of the mantissa in Q63, times ln 2 in Q32.
func ln(y uint64) int64 {
	const ln2 = 2977044471 // floor(2^32 * ln 2)
	top := bits.Len64(y) - 1
	log2 := int64(top - 40)
	mantissa := y << (63 - top)
	for range 24 {
		hi, lo := bits.Mul64(mantissa, mantissa)
		log2 <<= 1
		if hi>>63 == 1 {
			log2++
			mantissa = hi
		} else {
			mantissa = hi<<1 | lo>>63
		}
	}
	factor := int64(ln2)
	if log2 < 0 {
		factor++ // so that the product is below the real one on this side too
	}
	return log2 * factor >> 40
}

// mean is the logarithm of the mean of exp over logs, which must not be empty.
func mean(logs []int64) int64 {
	top := logs[0]
	for _, l := range logs {
		top = max(top, l)
	}
	var sum uint64 // at most len(logs) * 2^40
	for _, l := range logs {
		sum += exp(top - l)
	}
	return top + ln(sum/uint64(len(logs)))
}
