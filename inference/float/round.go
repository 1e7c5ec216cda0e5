package float

import "math"

// round rounds x to an activation format (F32, BF16, F16) in place.
func (e kernels) round(f Format, x []float32) {
	switch f {
	case BF16:
		e.roundBF16(x)
	case F16:
		e.roundF16(x)
	}
}

// cache rounds one head's key or value of one position as a cache of format f keeps it and returns it to kernels
// whose operands are of format operands.
func (e kernels) cache(f, operands Format, head []float32) {
	switch f {
	case F32:
		return
	case FP8:
		roundFP8(head, 1)
	case FP8PerTokenHead:
		var largest float32
		for _, x := range head {
			largest = max(largest, float32(math.Abs(float64(x))))
		}
		roundFP8(head, max(largest/maxFP8, 1e-6))
	default:
		e.round(f, head)
	}
	e.round(operands, head)
}

// roundBF16 rounds to the 8 significant bits that the upper half of a binary32 holds.
func roundBF16(x []float32) {
	for i, v := range x {
		bits := math.Float32bits(v)
		if v != v {
			bits |= 1 << 22 // the payload's upper bits alone could be those of an infinity
		} else {
			bits += 0x7fff + bits>>16&1
		}
		x[i] = math.Float32frombits(bits &^ 0xffff)
	}
}

// roundF16 rounds to 11 significant bits and multiples of 2^-24; from 65520 on to infinity.
func roundF16(x []float32) {
	for i, v := range x {
		bits := math.Float32bits(v)
		sign := bits & (1 << 31)
		switch magnitude := bits &^ (1 << 31); {
		case v != v:
			bits = (bits | 1<<22) &^ 0x1fff
		case magnitude >= 0x477ff000: // 65520
			bits = sign | 0x7f800000
		case magnitude >= 0x38800000: // 2^-14, the least normal number
			bits = (bits + 0xfff + bits>>13&1) &^ 0x1fff
		default: // 0.75 has its last bit at 2^-24
			y := math.Float32frombits(magnitude) + 0.75
			bits = sign | math.Float32bits(y-0.75)
		}
		x[i] = math.Float32frombits(bits)
	}
}

// maxFP8 is the largest number of e4m3.
const maxFP8 = 448

// roundFP8 rounds x / scale to e4m3 (4 significant bits, multiples of 2^-9, up to 448, beyond which it saturates, and
// NaN), and multiplies by scale again.
func roundFP8(x []float32, scale float32) {
	for i, v := range x {
		v /= scale
		bits := math.Float32bits(v)
		sign := bits & (1 << 31)
		switch magnitude := bits &^ (1 << 31); {
		case v != v:
		case magnitude >= 0x43e00000: // 448
			bits = sign | 0x43e00000
		case magnitude >= 0x3c800000: // 2^-6, the least normal number; no carry gets beyond 448
			bits = (bits + 0x7ffff + bits>>20&1) &^ 0xfffff
		default: // 24576 has its last bit at 2^-9
			y := math.Float32frombits(magnitude) + 24576
			bits = sign | math.Float32bits(y-24576)
		}
		x[i] = math.Float32frombits(bits) * scale
	}
}

// piece is where the i-th of n pieces of k inputs begins: at a multiple of 8, which the kernels need.
func piece(k, n, i int) int {
	if i == n {
		return k
	}
	return k * i / n &^ 7
}
