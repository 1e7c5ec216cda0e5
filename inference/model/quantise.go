package model

import (
	"math"
	"slices"
)

// int4Group is how many neighbouring weights of a row share a scale.
const int4Group = 32

// RoundInt4 returns a copy of w whose linear layers hold only what 4-bit storage can: within each group of
// 32 along a row, integers from -7 to 7 times a scale of largest magnitude / 7, rounded to nearest.
// Embedding, norms and output projection keep their precision, as is usual for 4-bit checkpoints.
func RoundInt4(w *Weights) *Weights {
	q, err := New(w.Config)
	if err != nil { // w exists, so its configuration passed
		return nil
	}
	q.Metadata = w.Metadata
	from, to := w.Tensors(), q.Tensors()
	for i, t := range to {
		copy(t.Data, from[i].Data)
		if !t.Linear {
			continue
		}
		for row := range slices.Chunk(t.Data, t.Cols) {
			for group := range slices.Chunk(row, int4Group) {
				roundGroup(group)
			}
		}
	}
	return q
}

func roundGroup(group []float32) {
	var largest float64
	for _, x := range group {
		largest = max(largest, math.Abs(float64(x)))
	}
	if largest == 0 {
		return
	}
	scale := largest / 7
	for i, x := range group {
		group[i] = float32(math.Round(float64(x)/scale) * scale)
	}
}
