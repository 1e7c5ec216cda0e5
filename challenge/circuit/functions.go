package circuit

import (
	"errors"
	"math/big"
)

// The functions of docs/reference-program.md, section 1, in gates. Each mirrors its twin in inference/reference/numeric.go.

var (
	exp2Poly = [7]int64{1073741824, -744261112, 257940802, -59591844, 10304738, -1386885, 123394}
	sinPoly  = [6]int64{1686629713, -693598666, 85569282, -5026892, 172072, -3685}
)

const (
	log2E   = 1549082005
	ln2     = 744261118
	one30   = 1 << 30
	limit24 = 127 << 24
)

func pow2(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }

// exp is Exp for y in [0, 2^32), factor in [0, 2^31) and bits in [1, 30].
func (g *gates) exp(y, factor, bits v) v {
	t := g.fields(g.Mul(y, factor), []int{16, 30, 17}) // Q46: what is cut off, fraction, integer
	f, n := t[1], t[2]
	p := v(exp2Poly[6])
	for i := 5; i >= 0; i-- {
		p = g.Add(g.shiftBy(g.Mul(p, f), 30, 62), exp2Poly[i])
	}
	// The polynomial lies in [2^29, 2^30]. Beyond 40 the result is 0; the shift is then that of 0, to stay small.
	gone := g.less(40, n, 17)
	by := g.Add(g.Mul(n, g.not(gone)), 30, g.Neg(bits))
	q := g.shift(p, g.power(g.bits(by, 7)), 31, 70)
	return g.Mul(q, g.not(gone))
}

// rsqrt is Rsqrt for x in [1, 2^63) and n in [1, 2^16].
func (g *gates) rsqrt(x, n v) (mantissa, shift v) {
	out := g.hint(rootHint, 4, x, n)
	m, s, r, rest := out[0], out[1], out[2], out[3]
	power := g.power(g.bits(s, 6))
	scaled := g.Mul(n, pow2(24), g.Mul(power, power)) // n * 2^(24+2s), below 2^167
	// r = floor(scaled / x) fits 62 bits, and the next one would not: 4 scaled >= 2^62 x.
	g.unsigned(r, 62)
	g.unsigned(rest, 63)
	g.unsigned(g.Sub(x, rest, 1), 63)
	g.AssertIsEqual(g.Add(g.Mul(r, x), rest), scaled)
	g.unsigned(g.Sub(g.Mul(scaled, 4), g.Mul(x, pow2(62))), 128)
	// m = floor(sqrt(r))
	g.unsigned(m, 31)
	square := g.Mul(m, m)
	g.unsigned(g.Sub(r, square), 32)
	g.unsigned(g.Sub(g.Add(square, g.Mul(m, 2)), r), 33)
	return m, s
}

// rootHint: mantissa, shift, floor(n 2^(24+2s) / x) and its remainder.
func rootHint(_ *big.Int, in, out []*big.Int) error {
	if in[0].Sign() == 0 {
		return errors.New("root of zero")
	}
	limit := pow2(62)
	for s := 50; s >= 0; s-- {
		q, r := new(big.Int).DivMod(new(big.Int).Lsh(in[1], uint(24+2*s)), in[0], new(big.Int))
		if q.Cmp(limit) < 0 {
			out[0].Sqrt(q)
			out[1].SetUint64(uint64(s))
			out[2].Set(q)
			out[3].Set(r)
			return nil
		}
	}
	return errors.New("root without a shift")
}

// norm is Norm for int32s; shift in [4, 67].
func (g *gates) norm(x, mantissa, shift, weight v) v {
	n := g.shift(g.Mul(x, mantissa), g.power(g.bits(g.Sub(shift, 4), 6)), 63, 63)
	return g.saturate(g.shiftBy(g.Mul(g.saturate(n, 66), weight), 20, 63), 48)
}

// sincos is SinCos of at * frequency turns, for at in [0, 2^17) and a frequency in [0, 2^64).
func (g *gates) sincos(at, frequency v) (sin, cos v) {
	t := g.fields(g.Mul(at, frequency), []int{32, 30, 1, 1, 17}) // what is cut off, within the quarter, quarter, whole turns
	x, low, high := t[1], t[2], t[3]
	a, b := g.quarterSine(x), g.quarterSine(g.Sub(one30, x))
	// Quarters 1 and 3 exchange; sine is negative in 2 and 3, cosine in 1 and 2.
	sin = g.Mul(g.Select(low, b, a), g.Sub(1, g.Mul(high, 2)))
	cos = g.Mul(g.Select(low, a, b), g.Sub(1, g.Mul(g.Xor(low, high), 2)))
	return sin, cos
}

// quarterSine is quarterSine for x in [0, 2^30].
func (g *gates) quarterSine(x v) v {
	y := g.shiftBy(g.Mul(x, x), 30, 61)
	p := v(sinPoly[5])
	for i := 4; i >= 0; i-- {
		p = g.Add(g.shiftBy(g.Mul(p, y), 30, 63), sinPoly[i])
	}
	return g.shiftBy(g.Mul(p, x), 30, 63)
}

// rotate is Rotate.
func (g *gates) rotate(y, partner, sin, cos, second v) v {
	sign := g.Sub(g.Mul(second, 2), 1)
	return g.saturate(g.shiftBy(g.Add(g.Mul(y, cos), g.Mul(partner, sin, sign)), 30, 63), 36)
}

// absolute of an int32, and whether it is negative.
func (g *gates) absolute(x v) (magnitude, negative v) {
	negative = g.less(g.Add(x, pow2(31)), pow2(31), 33)
	return g.Mul(x, g.Sub(1, g.Mul(negative, 2))), negative
}

// act is Act, given e = exp(|gate|) in Q30.
func (g *gates) act(gate, up, negative, e v) v {
	// sigmoid = div(numerator * 2^30, 2^30 + e)
	denominator := g.Add(e, one30)
	numerator := g.Select(negative, e, one30)
	sigmoid, _ := g.floor(g.Add(g.Mul(numerator, 1<<31), denominator), g.Mul(denominator, 2), 64, 33)
	silu := g.shiftBy(g.Mul(gate, sigmoid), 30, 63)
	return g.saturate(g.shiftBy(g.Mul(silu, up), 16, 66), 54)
}

// log2 is Log2 for s in [2^30, 2^62).
func (g *gates) log2(s v) v {
	out := g.hint(normalHint, 2, s)
	y, by := out[0], out[1]
	power := g.power(g.bits(by, 5)) // 2^(bitlen - 31)
	g.unsigned(g.Sub(y, pow2(31)), 31)
	rest := g.Sub(g.Mul(s, 2), g.Mul(y, power))
	g.unsigned(rest, 32)
	g.unsigned(g.Sub(power, rest, 1), 32)
	result := by
	for range 28 {
		t := g.hint(floorHint, 2, g.Mul(y, y), pow2(31))
		g.unsigned(t[1], 31)
		g.AssertIsEqual(g.Add(g.Mul(t[0], pow2(31)), t[1]), g.Mul(y, y))
		// t is in [2^31, 2^33): its upper half gives a bit, and loses one.
		half := g.hint(bitsHint, 2, t[0], 1, 32)
		bit := g.hint(floorHint, 2, t[0], pow2(32))[0]
		low := half[0]
		g.AssertIsBoolean(bit)
		g.AssertIsBoolean(low)
		y = g.Select(bit, half[1], t[0])
		g.unsigned(g.Sub(y, pow2(31)), 31)
		g.AssertIsEqual(g.Add(y, g.Mul(bit, g.Add(y, low))), t[0])
		result = g.Add(g.Mul(result, 2), bit)
	}
	return result
}

// normalHint: s as 32 bits with the highest set, and its length less 31.
func normalHint(_ *big.Int, in, out []*big.Int) error {
	n := in[0].BitLen()
	if n < 31 || n > 62 {
		return errors.New("logarithm out of range")
	}
	out[0].Lsh(in[0], 1)
	out[0].Rsh(out[0], uint(n-31))
	out[1].SetUint64(uint64(n - 31))
	return nil
}

// logProb is LogProb for int32s and a sum in [2^30, 2^62).
func (g *gates) logProb(logit, largest, sum v) v {
	x := g.Sub(g.Mul(g.Sub(logit, largest), 256), g.shiftBy(g.Mul(g.log2(sum), ln2), 34, 64))
	return g.clamp(x, big.NewInt(-limit24), big.NewInt(0), 44)
}

// margin is Margin.
func (g *gates) margin(logit, largest v) v {
	return g.clamp(g.Mul(g.Sub(largest, logit), 256), minInt44, big.NewInt(limit24), 44)
}

// minInt44 is below every margin.
var minInt44 = new(big.Int).Neg(pow2(43))

// embed is Embed: sat(rs(q * 2^16, k)), which is both of its cases, for k in [0, 30].
func (g *gates) embed(q, exponent v) v {
	return g.saturate(g.shift(g.Mul(q, 1<<16), g.power(g.bits(exponent, 5)), 32, 31), 36)
}

// quotient is div(sum, total) saturated, for |sum| < 2^72 and total in [1, 2^63).
func (g *gates) quotient(sum, total v) v {
	q, _ := g.floor(g.Add(g.Mul(sum, 2), total), g.Mul(total, 2), 74, 65)
	return g.saturate(q, 75)
}
