package reference

// The engine rests on one kernel: dot products of int16 rows with an int32 row that was cut into two pieces of
// 12 bits, x = hi * 2^12 + lo. Products of 16 and 12 bits leave room to add 256 of them in pairs in the 32-bit
// lanes of an AVX2 register: 2 * 16 * 32767 * 2048 < 2^31. Both forms are exact, so they are equal.

// pieceBits is the width of a piece; the largest magnitude of a piece is pieceMax.
const (
	pieceBits = 12
	pieceMax  = 1 << (pieceBits - 1)
)

// split cuts x into pieces; it reports whether they hold it.
func split(hi, lo []int16, x []int32) bool {
	hi, lo = hi[:len(x)], lo[:len(x)]
	var beyond int32
	for i, v := range x {
		h := (v + pieceMax) >> pieceBits
		hi[i] = int16(h)
		lo[i] = int16(v - h<<pieceBits)
		beyond |= v>>31 ^ v // its magnitude, or one less
	}
	return beyond < 1<<(2*pieceBits-1)
}

// dots computes the products of four rows of w, stride apart, with each of some rows hi * 2^12 + lo, step apart: out has
// four numbers for each. n is a multiple of 16 and at most 256. Pieces are at most pieceMax in magnitude, elements of
// w at most 32767.
func dots(out []int64, w []int16, stride int, hi, lo []int16, step, n int) {
	for at := 0; len(out) >= 4; at += step {
		hi, lo := hi[at:][:n], lo[at:][:n]
		for r := range 4 {
			row := w[r*stride:][:n]
			var sum int64
			for i := 0; i < n; i += 16 {
				var a, b int32
				x, h, l := (*[16]int16)(row[i:]), (*[16]int16)(hi[i:]), (*[16]int16)(lo[i:])
				for j := range x {
					a += int32(x[j]) * int32(h[j])
					b += int32(x[j]) * int32(l[j])
				}
				sum += int64(a)<<pieceBits + int64(b)
			}
			out[r] = sum
		}
		out = out[4:]
	}
}

// kernel is the form in use.
type kernel func(out []int64, w []int16, stride int, hi, lo []int16, step, n int)

// up rounds n up to a multiple.
func up(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
