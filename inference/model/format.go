package model

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Format is a number format that weights are stored in, under the name that safetensors files give it. All are
// little-endian, and every value of each is also a binary32.
type Format string

// The formats that are read and written.
const (
	F32  Format = "F32"  // IEEE 754 binary32
	F16  Format = "F16"  // IEEE 754 binary16
	BF16 Format = "BF16" // the upper half of a binary32
)

// Size is the bytes that one number takes, or 0 for a format that is not known.
func (f Format) Size() int {
	switch f {
	case F32:
		return 4
	case F16, BF16:
		return 2
	}
	return 0
}

// widen decodes src to dst; len(src) is len(dst) times the format's size. Every number must be finite.
func (f Format) widen(dst []float32, src []byte) error {
	for i := range dst {
		var bits uint32
		switch f {
		case BF16:
			bits = uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16
		case F16:
			bits = widenF16(binary.LittleEndian.Uint16(src[2*i:]))
		default:
			bits = binary.LittleEndian.Uint32(src[4*i:])
		}
		if !finite(bits) {
			return fmt.Errorf("element %d is not finite", i)
		}
		dst[i] = math.Float32frombits(bits)
	}
	return nil
}

// narrow appends src to dst, each number rounded to the format's nearest, ties to even. A number that would
// become infinite is an error.
func (f Format) narrow(dst []byte, src []float32) ([]byte, error) {
	for i, x := range src {
		bits := math.Float32bits(x)
		var widened uint32 // what a reader will see
		switch f {
		case BF16:
			h := narrowBF16(bits)
			widened = uint32(h) << 16
			dst = binary.LittleEndian.AppendUint16(dst, h)
		case F16:
			h := narrowF16(bits)
			widened = widenF16(h)
			dst = binary.LittleEndian.AppendUint16(dst, h)
		default:
			widened = bits
			dst = binary.LittleEndian.AppendUint32(dst, bits)
		}
		if !finite(widened) {
			return nil, fmt.Errorf("element %d is %g, which %s cannot hold", i, x, f)
		}
	}
	return dst, nil
}

// finite reports whether the bits of a binary32 are neither an infinity's nor a NaN's.
func finite(bits uint32) bool { return bits&0x7f800000 != 0x7f800000 }

// widenF16 converts IEEE 754 binary16 to the bits of the binary32 of the same value.
func widenF16(h uint16) uint32 {
	sign, exp, frac := uint32(h>>15)<<31, uint32(h>>10)&0x1f, uint32(h)&0x3ff
	switch exp {
	case 0x1f:
		return sign | 0x7f800000 | frac<<13
	case 0: // zero or subnormal: frac * 2^-24, exact in binary32
		return sign | math.Float32bits(float32(frac)*0x1p-24)
	}
	return sign | (exp+127-15)<<23 | frac<<13
}

// narrowF16 rounds a binary32 to binary16, to nearest, ties to even; what is too large becomes infinite, and a
// NaN stays one.
func narrowF16(bits uint32) uint16 {
	sign, magnitude := uint16(bits>>16)&0x8000, bits&0x7fffffff
	switch {
	case magnitude > 0x7f800000:
		return sign | 0x7e00
	case magnitude < 0x38800000: // below 2^-14 halves are multiples of 2^-24, and so is 1/2 plus them in binary32
		x := math.Float32frombits(magnitude) + 0.5
		return sign | uint16(math.Float32bits(x)-0x3f000000)
	case magnitude >= 0x477ff000: // 65520 and above
		return sign | 0x7c00
	}
	return sign | uint16(roundShift(magnitude-(127-15)<<23, 13))
}

// narrowBF16 rounds a binary32 to its upper half, to nearest, ties to even.
func narrowBF16(bits uint32) uint16 {
	if bits&0x7fffffff > 0x7f800000 { // a NaN must not be rounded up to nothing
		return uint16(bits>>16) | 0x40
	}
	return uint16(roundShift(bits, 16))
}

// roundShift is bits / 2^n, rounded to nearest, ties to even. A carry into the exponent is what rounding up to
// the next power of two is.
func roundShift(bits uint32, n uint) uint32 {
	return (bits + 1<<(n-1) - 1 + bits>>n&1) >> n
}
