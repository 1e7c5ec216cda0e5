#include "textflag.h"

// WIDEN turns eight sums of high pieces (hi) and of low pieces (lo) into four of both: lo = hi * 2^12 + lo, 64 bits
// each. It uses Y8 and Y9.
#define WIDEN(hi, xhi, lo, xlo) \
	VEXTRACTI128 $1, hi, X8; \
	VPMOVSXDQ X8, Y8; \
	VPMOVSXDQ xhi, Y9; \
	VPADDQ Y8, Y9, Y9; \
	VPSLLQ $12, Y9, Y9; \
	VEXTRACTI128 $1, lo, X8; \
	VPMOVSXDQ X8, Y8; \
	VPADDQ Y8, Y9, Y9; \
	VPMOVSXDQ xlo, Y8; \
	VPADDQ Y8, Y9, lo

// func dotsAVX2(out *int64, w *int16, stride uintptr, hi, lo *int16, step, n, rows uintptr)
// Y0-Y3: products of rows 0-3 with the high pieces; Y4-Y7: with the low ones.
TEXT ·dotsAVX2(SB), NOSPLIT, $0-64
	MOVQ out+0(FP), DI
	MOVQ w+8(FP), BX
	MOVQ stride+16(FP), R9
	LEAQ (BX)(R9*1), R10
	LEAQ (BX)(R9*2), R11
	LEAQ (R10)(R9*2), R12
	MOVQ hi+24(FP), SI
	MOVQ lo+32(FP), DX
	MOVQ step+40(FP), R9
	MOVQ n+48(FP), CX
	MOVQ rows+56(FP), R8

row:
	XORQ AX, AX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

loop:
	VMOVDQU (SI)(AX*1), Y8
	VMOVDQU (DX)(AX*1), Y9
	VMOVDQU (BX)(AX*1), Y10
	VMOVDQU (R10)(AX*1), Y11
	VPMADDWD Y8, Y10, Y12
	VPMADDWD Y9, Y10, Y13
	VPMADDWD Y8, Y11, Y14
	VPMADDWD Y9, Y11, Y15
	VPADDD Y12, Y0, Y0
	VPADDD Y13, Y4, Y4
	VPADDD Y14, Y1, Y1
	VPADDD Y15, Y5, Y5
	VMOVDQU (R11)(AX*1), Y10
	VMOVDQU (R12)(AX*1), Y11
	VPMADDWD Y8, Y10, Y12
	VPMADDWD Y9, Y10, Y13
	VPMADDWD Y8, Y11, Y14
	VPMADDWD Y9, Y11, Y15
	VPADDD Y12, Y2, Y2
	VPADDD Y13, Y6, Y6
	VPADDD Y14, Y3, Y3
	VPADDD Y15, Y7, Y7
	ADDQ $32, AX
	CMPQ AX, CX
	JLT loop

	WIDEN(Y0, X0, Y4, X4)
	WIDEN(Y1, X1, Y5, X5)
	WIDEN(Y2, X2, Y6, X6)
	WIDEN(Y3, X3, Y7, X7)
	// Sums across: pairs of rows side by side, then the halves.
	VPUNPCKLQDQ Y5, Y4, Y8
	VPUNPCKHQDQ Y5, Y4, Y9
	VPADDQ Y8, Y9, Y8
	VPUNPCKLQDQ Y7, Y6, Y10
	VPUNPCKHQDQ Y7, Y6, Y11
	VPADDQ Y10, Y11, Y10
	VPERM2I128 $0x20, Y10, Y8, Y9
	VPERM2I128 $0x31, Y10, Y8, Y11
	VPADDQ Y9, Y11, Y9
	VMOVDQU Y9, (DI)
	ADDQ $32, DI
	ADDQ R9, SI
	ADDQ R9, DX
	DECQ R8
	JNZ row
	VZEROUPPER
	RET
