package model

import (
	"math"
	"slices"
	"testing"
)

// Rationale: a cheat is only caught as fast as is claimed if it has the error that real quantised weights have.
// These are the roots of what llama-quantize --pure --token-embedding-type f32 makes of the shipped model with
// Q4_0 and Q8_0, widened again.
func TestRoundingIsThatOfLlamaCpp(t *testing.T) {
	main, err := Main()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, root string
		w          *Weights
	}{
		{"int4", "0xb3ae6b993fff687e30686dbe631d44b121e7f67a7ba76a34e0f475d312ec10e4", RoundInt4(main)},
		{"int8", "0x49f553fdfc4135fd806a160c8669cf3f5d95c66cf2fa85375a93e7dc6541c29f", RoundInt8(main)},
	} {
		if got := c.w.Root().Hex(); got != c.root {
			t.Errorf("%s: root %s, want %s", c.name, got, c.root)
		}
	}
}

func TestRounding(t *testing.T) {
	c := tiny
	c.ModelType, c.HiddenSize, c.IntermediateSize = Qwen2, 64, 80 // 80 leaves a block of 16
	w, err := Random(c, 6)
	if err != nil {
		t.Fatal(err)
	}
	clear(w.Layers[0].Up[:32]) // a block without a scale
	for i := range 32 {
		w.Layers[0].Up[32+i] = float32(i) * 1e-11 // one whose scale is 0 in binary16
	}
	before := w.Root()
	for name, r := range map[string]struct {
		round           func(*Weights) *Weights
		levels          int
		most, clipped   float64 // of the largest magnitude: the error, and that where the range ends
		relativeAverage float64
	}{
		"int4": {RoundInt4, 16, 1.0 / 16, 1.0 / 8, 0.082},
		"int8": {RoundInt8, 255, 1.0 / 254, 1.0 / 254, 0.0051},
	} {
		q := r.round(w)
		if w.Root() != before {
			t.Fatalf("%s: the original changed", name)
		}
		squares, total := 0.0, 0.0
		for i, x := range q.Tensors() {
			old := w.Tensors()[i].Data
			if !x.Linear {
				if !slices.Equal(x.Data, old) {
					t.Errorf("%s: %s is no linear layer and changed", name, x.Name)
				}
				continue
			}
			for row := range x.Rows {
				for at := 0; at < x.Cols; at += 32 {
					end := min(at+32, x.Cols)
					got, was := x.Data[row*x.Cols+at:row*x.Cols+end], old[row*x.Cols+at:row*x.Cols+end]
					extreme := slices.MaxFunc(was, func(a, b float32) int {
						return int(math.Float32bits(a)&0x7fffffff) - int(math.Float32bits(b)&0x7fffffff)
					})
					size := math.Abs(float64(extreme))
					levels := map[float32]bool{}
					for j := range was {
						levels[got[j]] = true
						most := r.most
						if float64(was[j])*float64(extreme) < 0 && math.Abs(float64(was[j])) > size*7.5/8 {
							most = r.clipped
						}
						d := math.Abs(float64(got[j] - was[j]))
						if d > size*(most+0x1p-11)+1e-8 {
							t.Fatalf("%s: %s: %g became %g in a block up to %g", name, x.Name, was[j], got[j], size)
						}
						squares += d * d
						total += float64(was[j]) * float64(was[j])
					}
					if y := got[slices.Index(was, extreme)] / 8; name == "int4" && asF16(y) != y {
						t.Fatalf("%s: %s: the scale %g is no binary16", name, x.Name, y)
					}
					if len(levels) > r.levels {
						t.Fatalf("%s: %s: a block holds %d levels, want at most %d", name, x.Name, len(levels), r.levels)
					}
				}
			}
		}
		if e := math.Sqrt(squares / total); math.Abs(e/r.relativeAverage-1) > 0.03 {
			t.Errorf("%s: the error is %.4f of the weights, want %.4f", name, e, r.relativeAverage)
		}
	}
}
