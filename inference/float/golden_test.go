package float

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"golang.org/x/sys/cpu"
)

// contracted reports whether this binary's compiler fuses multiplications and additions of Go code.
func contracted() bool {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		x, y, z := rng.Float32(), rng.Float32(), rng.Float32()
		if x*y+z != float32(x*y)+z {
			return true
		}
	}
	return false
}

// Rationale: policies in use rest on the noise of mode f32. Whoever changes one of its bits must calibrate anew, and
// should know it.
func TestF32IsWhatItWas(t *testing.T) {
	if runtime.GOARCH != "amd64" || contracted() || !cpu.X86.HasAVX2 || !cpu.X86.HasFMA || !cpu.X86.HasF16C {
		t.Skip("the hashes are of AVX2 kernels, and of Go code for amd64 without fused multiply-add")
	}
	w := mainModel(t)
	text := tokens(150, 1)
	for _, c := range []struct {
		name             string
		k                kernels
		one, two, scorer string
	}{
		{"best", best, "7a2ac42b07146164", "7a2ac42b07146164", "8f067163a509e340"},
		{"portable", portable, "223bd0ab5685a0e5", "223bd0ab5685a0e5", "87fc198cdcddf1f5"},
	} {
		for workers, want := range map[int]string{1: c.one, 2: c.two} {
			e := New(w, Options{Workers: workers})
			e.k = c.k
			h := sha256.New()
			s := e.Session()
			for at := 100; at <= len(text); at++ {
				from := at - 1
				if at == 100 {
					from = 0
				}
				logits, err := s.Extend(t.Context(), text[from:at])
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range logits {
					h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)))
				}
			}
			s.Release()
			if got := hex.EncodeToString(h.Sum(nil)[:8]); got != want {
				t.Errorf("%s, %d workers: logits of the engine are %s, want %s", c.name, workers, got, want)
			}
		}
		sc := NewScorer(w)
		sc.k = c.k
		h := sha256.New()
		err := sc.Logits(t.Context(), text[:17], text[17:], func(i int, logits []float32) error {
			for _, x := range logits {
				h.Write(binary.LittleEndian.AppendUint32(nil, math.Float32bits(x)))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != c.scorer {
			t.Errorf("%s: logits of the scorer are %s, want %s", c.name, got, c.scorer)
		}
	}
}
