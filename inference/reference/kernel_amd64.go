package reference

import "golang.org/x/sys/cpu"

// best is the AVX2 form where the processor has it.
var best = func() kernel {
	if !cpu.X86.HasAVX2 {
		return dots
	}
	return dotsFast
}()

// dotsFast touches the last element of each operand first, so that a wrong length panics in Go as it does in the
// portable form.
func dotsFast(out []int64, w []int16, stride int, hi, lo []int16, step, n int) {
	rows := len(out) / 4
	if rows == 0 {
		return
	}
	last := (rows-1)*step + n - 1
	_, _, _ = w[3*stride+n-1], hi[last], lo[last]
	dotsAVX2(&out[0], &w[0], uintptr(2*stride), &hi[0], &lo[0], uintptr(2*step), uintptr(2*n), uintptr(rows))
}

// stride, step and n are in bytes.
//
//go:noescape
func dotsAVX2(out *int64, w *int16, stride uintptr, hi, lo *int16, step, n, rows uintptr)
