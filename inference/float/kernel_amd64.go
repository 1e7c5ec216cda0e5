package float

import "golang.org/x/sys/cpu"

// best is the AVX2 form where the processor has it. The wrappers touch the last element of each operand
// first, so that a wrong stride panics in Go as it does in the portable form.
var best = func() kernels {
	if !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasF16C {
		return portable
	}
	return kernels{dotTile: dotTileFast, dotRow: dotRowFast, panelTile: panelTileFast, roundBF16: roundBF16Fast, roundF16: roundF16Fast}
}()

func dotTileFast(c []float32, ldc int, a []float32, lda int, b []float32, ldb, k int) {
	_, _, _ = c[2*ldc+3], a[2*lda+k-1], b[3*ldb+k-1]
	dotTileAVX2(&c[0], uintptr(4*ldc), &a[0], uintptr(4*lda), &b[0], uintptr(4*ldb), uintptr(4*k))
}

func dotRowFast(c, a, b []float32, ldb, k int) {
	_, _, _ = c[3], a[k-1], b[3*ldb+k-1]
	dotRowAVX2(&c[0], &a[0], &b[0], uintptr(4*ldb), uintptr(4*k))
}

func panelTileFast(c []float32, ldc int, a []float32, lda int, p []float32, k int) {
	_, _, _ = c[3*ldc+15], a[3*lda+k-1], p[16*k-1]
	panelTileAVX2(&c[0], uintptr(4*ldc), &a[0], uintptr(4*lda), &p[0], uintptr(k))
}

func roundBF16Fast(x []float32) {
	n := len(x) &^ 7
	if n > 0 {
		roundBF16AVX2(&x[0], uintptr(4*n))
	}
	roundBF16(x[n:])
}

func roundF16Fast(x []float32) {
	n := len(x) &^ 7
	if n > 0 {
		roundF16AVX2(&x[0], uintptr(4*n))
	}
	roundF16(x[n:])
}

// Strides and k of dotTileAVX2 and dotRowAVX2 are in bytes; k is a multiple of 32.
//
//go:noescape
func dotTileAVX2(c *float32, ldc uintptr, a *float32, lda uintptr, b *float32, ldb, k uintptr)

//go:noescape
func dotRowAVX2(c, a, b *float32, ldb, k uintptr)

// Strides of panelTileAVX2 are in bytes, k in elements.
//
//go:noescape
func panelTileAVX2(c *float32, ldc uintptr, a *float32, lda uintptr, p *float32, k uintptr)

// n is in bytes, a multiple of 32 and not 0.
//
//go:noescape
func roundBF16AVX2(x *float32, n uintptr)

//go:noescape
func roundF16AVX2(x *float32, n uintptr)
