package float

// The two paths of this package rest on one small kernel each. Both have a portable form, here, and a form for
// AVX2, chosen at start; the tests run both. The forms of a kernel add in different orders, so they differ in
// the last bits, as two kinds of hardware do. Rounding has one result, and its forms agree.

// dotTile computes c[i][j] = sum over k of a[i][k] * b[j][k] for i < 3 and j < 4. Row strides are in elements;
// k is a multiple of 8 on the AVX2 form.
func dotTile(c []float32, ldc int, a []float32, lda int, b []float32, ldb, k int) {
	for i := range 3 {
		dotRow(c[i*ldc:], a[i*lda:], b, ldb, k)
	}
}

// dotRow is dotTile for one row of a. Two accumulators for each product keep the adder busy.
func dotRow(c, a, b []float32, ldb, k int) {
	a = a[:k]
	b0, b1, b2, b3 := b[:k], b[ldb:][:k], b[2*ldb:][:k], b[3*ldb:][:k]
	var s0, s1, s2, s3, t0, t1, t2, t3 float32
	for len(a) >= 2 && len(b0) >= 2 && len(b1) >= 2 && len(b2) >= 2 && len(b3) >= 2 {
		x, y := a[0], a[1]
		s0 += x * b0[0]
		t0 += y * b0[1]
		s1 += x * b1[0]
		t1 += y * b1[1]
		s2 += x * b2[0]
		t2 += y * b2[1]
		s3 += x * b3[0]
		t3 += y * b3[1]
		a, b0, b1, b2, b3 = a[2:], b0[2:], b1[2:], b2[2:], b3[2:]
	}
	if len(a) == 1 {
		s0 += a[0] * b0[0]
		s1 += a[0] * b1[0]
		s2 += a[0] * b2[0]
		s3 += a[0] * b3[0]
	}
	c = c[:4]
	c[0], c[1], c[2], c[3] = s0+t0, s1+t1, s2+t2, s3+t3
}

// dot is the product of two vectors of one length.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += a[i] * b[i]
	}
	return (s0 + s2) + (s1 + s3)
}

// panelTile computes c[i][j] = sum over k of a[i][k] * p[k][j] for i < 4 and j < 16: p is one packed panel of
// 16 columns.
func panelTile(c []float32, ldc int, a []float32, lda int, p []float32, k int) {
	for i := range 4 {
		row := a[i*lda:][:k]
		for half := range 2 { // 8 sums fit the registers
			var s0, s1, s2, s3, s4, s5, s6, s7 float32
			q := p[8*half:]
			for n, x := range row {
				v := (*[8]float32)(q[16*n:])
				s0 += x * v[0]
				s1 += x * v[1]
				s2 += x * v[2]
				s3 += x * v[3]
				s4 += x * v[4]
				s5 += x * v[5]
				s6 += x * v[6]
				s7 += x * v[7]
			}
			*(*[8]float32)(c[i*ldc+8*half:]) = [8]float32{s0, s1, s2, s3, s4, s5, s6, s7}
		}
	}
}

// kernels are the forms in use.
type kernels struct {
	dotTile   func(c []float32, ldc int, a []float32, lda int, b []float32, ldb, k int)
	dotRow    func(c, a, b []float32, ldb, k int)
	panelTile func(c []float32, ldc int, a []float32, lda int, p []float32, k int)

	// Of any length, in place; both forms give the same bits.
	roundBF16, roundF16 func(x []float32)
}

var portable = kernels{dotTile: dotTile, dotRow: dotRow, panelTile: panelTile, roundBF16: roundBF16, roundF16: roundF16}

// mulT computes c[i][j] = sum over k of a[i][k] * b[j][k] for i < m, j < n. Row strides are in elements. The
// rows of b (weights, or keys) run in the outer loop: four of them stay in the first-level cache while the
// rows of a pass by.
func (e kernels) mulT(c []float32, ldc int, a []float32, lda int, b []float32, ldb, m, n, k int) {
	j := 0
	for ; j+4 <= n; j += 4 {
		rows := b[j*ldb:]
		i := 0
		for ; i+3 <= m; i += 3 {
			e.dotTile(c[i*ldc+j:], ldc, a[i*lda:], lda, rows, ldb, k)
		}
		for ; i < m; i++ {
			e.dotRow(c[i*ldc+j:], a[i*lda:], rows, ldb, k)
		}
	}
	for ; j < n; j++ {
		row := b[j*ldb:][:k]
		for i := range m {
			c[i*ldc+j] = dot(a[i*lda:][:k], row)
		}
	}
}

// mulPanels computes c[i][j] = sum over k of a[i][k] * b[k][j] with b packed in panels of 16 columns, as pack
// lays it out; panels begin ldp rows of b apart. m is a multiple of 4, and c has room for n rounded up to 16 columns.
func (e kernels) mulPanels(c []float32, ldc int, a []float32, lda int, panels []float32, ldp, m, n, k int) {
	for j := 0; j < n; j += 16 {
		p := panels[j*ldp:][:16*k]
		for i := 0; i < m; i += 4 {
			e.panelTile(c[i*ldc+j:], ldc, a[i*lda:], lda, p, k)
		}
	}
}

// pack lays out the transpose of rows×cols matrix w (a weight, [out][in]) in panels: 16 outputs side by side, for
// one input after the other. Outputs are padded with zeros to a multiple of 16.
func pack(w []float32, rows, cols int) []float32 {
	panels := make([]float32, up(rows, 16)*cols)
	for r := range rows {
		p := panels[r/16*16*cols+r%16:]
		for c := range cols {
			p[16*c] = w[r*cols+c]
		}
	}
	return panels
}

// up rounds n up to a multiple.
func up(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
