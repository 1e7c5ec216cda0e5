package float

import "math"

// exp is e^x in binary32, within 2 units in the last place; 0 below -87. It exists because attention and
// SwiGLU take one exponential for every few dozen multiplications, and math.Exp costs three times as much.
func exp(x float32) float32 {
	const (
		log2e  = 1.44269504088896341
		ln2hi  = 0.693359375 // exact in 10 bits, so that n*ln2hi is exact
		ln2lo  = -2.12194440e-4
		lowest = -87
	)
	if x < lowest {
		return 0
	}
	if x > 88 {
		return float32(math.Inf(1))
	}
	// Nearest integer by adding and subtracting 1.5 * 2^23.
	n := (x*log2e + 12582912) - 12582912
	r := x - n*ln2hi
	r -= n * ln2lo
	// The minimax polynomial of Cephes' expf for |r| <= ln(2)/2.
	p := float32(1.9875691500e-4)
	p = p*r + 1.3981999507e-3
	p = p*r + 8.3334519073e-3
	p = p*r + 4.1665795894e-2
	p = p*r + 1.6666665459e-1
	p = p*r + 5.0000001201e-1
	p = p*r*r + r + 1
	return p * math.Float32frombits(uint32(int32(n)+127)<<23)
}

// silu is x * sigmoid(x).
func silu(x float32) float32 { return x / (1 + exp(-x)) }

// swiGLU replaces gate by silu(gate) * up, both rounded to f.
func (e kernels) swiGLU(f Format, gate, up []float32) {
	up = up[:len(gate)]
	if f == F32 {
		for i, g := range gate {
			gate[i] = silu(g) * up[i]
		}
		return
	}
	for i, g := range gate {
		gate[i] = silu(g)
	}
	e.round(f, gate)
	for i, u := range up {
		gate[i] *= u
	}
	e.round(f, gate)
}

// rmsNorm writes x / rms(x) * weight to dst.
func rmsNorm(dst, x, weight []float32, eps float32) {
	scale := rmsScale(x, eps)
	dst, weight = dst[:len(x)], weight[:len(x)]
	for i, v := range x {
		dst[i] = v * scale * weight[i]
	}
}

// rmsScale is 1 / rms(x).
func rmsScale(x []float32, eps float32) float32 {
	return float32(1 / math.Sqrt(float64(dot(x, x)/float32(len(x))+eps)))
}

// norm is rmsNorm with the results rounded to f, and before that those of the division.
func (e kernels) norm(f Format, dst, x, weight []float32, eps float32) {
	if f == F32 {
		rmsNorm(dst, x, weight, eps)
		return
	}
	scale := rmsScale(x, eps)
	dst, weight = dst[:len(x)], weight[:len(x)]
	for i, v := range x {
		dst[i] = v * scale
	}
	e.round(f, dst)
	for i, v := range weight {
		dst[i] *= v
	}
	e.round(f, dst)
}

// rotary holds the angles of rotary positions: cosine and sine for [position][half head].
type rotary struct {
	half     int
	cos, sin []float32
}

func newRotary(headDim, positions int, theta float64) rotary {
	t := rotary{half: headDim / 2}
	for p := range positions {
		for i := range t.half {
			sin, cos := math.Sincos(float64(p) * math.Pow(theta, -2*float64(i)/float64(headDim)))
			t.cos, t.sin = append(t.cos, float32(cos)), append(t.sin, float32(sin))
		}
	}
	return t
}

// rotate turns one head's vector to its position: the first half of its elements are the real parts, the
// second the imaginary ones.
func (t rotary) rotate(head []float32, position int) {
	cos, sin := t.cos[position*t.half:][:t.half], t.sin[position*t.half:][:t.half]
	re, im := head[:t.half], head[t.half:][:t.half]
	for i := range re {
		x, y := re[i], im[i]
		re[i], im[i] = x*cos[i]-y*sin[i], y*cos[i]+x*sin[i]
	}
}
