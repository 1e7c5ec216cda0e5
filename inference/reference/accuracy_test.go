package reference

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/exact"
	"github.com/proof-of-sampling/posp/inference/model"
)

// distances are those of the program's log-probabilities from binary64's, ascending.
func distances(t testing.TB, w *model.Weights, prompt, output []uint32) []float64 {
	t.Helper()
	e, err := build(t, w).Score(context.Background(), prompt, greedy, output)
	if err != nil {
		t.Fatal(err)
	}
	want, err := exact.LogProbs(context.Background(), w, prompt, output)
	if err != nil {
		t.Fatal(err)
	}
	var d []float64
	for i, x := range want {
		d = append(d, math.Abs(x-float64(e.LogProb[i])/posp.Nat))
	}
	return d
}

// quantiles says what a list of distances is like.
func quantiles(d []float64) string {
	slices.Sort(d)
	mean := 0.0
	for _, x := range d {
		mean += x / float64(len(d))
	}
	return fmt.Sprintf("%d positions: mean %.1e, p99 %.1e, p99.9 %.1e, max %.1e",
		len(d), mean, d[len(d)*99/100], d[len(d)*999/1000], d[len(d)-1])
}

// positions is how many positions the accuracy tests look at, unless the environment says another number.
func positions(t testing.TB, few int) int {
	if v := os.Getenv("POSP_REFERENCE_POSITIONS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 100 {
			t.Fatalf("POSP_REFERENCE_POSITIONS is %q, want a number of positions, at least 100", v)
		}
		return n
	}
	return few
}

// TestAccuracy: log-probabilities of the shipped model are within 2e-3 of binary64 at the 99.9th percentile. The text is
// what the model was trained on: Go.
func TestAccuracy(t *testing.T) {
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("numeric.go")
	if err != nil {
		t.Fatal(err)
	}
	const window = 480
	var all []float64
	for n := positions(t, 800); len(all) < n && len(text) > window; text = text[window:] {
		ids := append([]uint32{model.BOS}, model.Encode(text[:window])...)
		all = append(all, distances(t, w, ids[:64], ids[64:])...)
	}
	t.Log(quantiles(all))
	if x := all[len(all)*999/1000]; x > 2e-3 {
		t.Errorf("p99.9 is %v, want at most 2e-3", x)
	}
}

// TestAccuracyOfEachFamily: biases, norms of heads and heads of any width are the model's, not something near it.
func TestAccuracyOfEachFamily(t *testing.T) {
	for name := range shapes {
		m := shape(name)
		d := distances(t, random(t, m, 9), tokens(5, 20, m.VocabSize), tokens(6, 60, m.VocabSize))
		t.Log(name, quantiles(d))
		if d[len(d)-1] > 3e-2 {
			t.Errorf("%s: as far off as %v", name, d[len(d)-1])
		}
	}
}
