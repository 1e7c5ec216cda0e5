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
func dotsFast(out *[4]int64, w []int16, stride int, hi, lo []int16, n int) {
	_, _, _ = w[3*stride+n-1], hi[n-1], lo[n-1]
	dotsAVX2(out, &w[0], uintptr(2*stride), &hi[0], &lo[0], uintptr(2*n))
}

// stride and n are in bytes.
//
//go:noescape
func dotsAVX2(out *[4]int64, w *int16, stride uintptr, hi, lo *int16, n uintptr)
