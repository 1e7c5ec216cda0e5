package main

import (
	"math"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// What was played once, on the demo model.
var (
	downParts = played{Prompt: 64, Output: 32, Operation: "DownParts", Row: 8837, Element: 254, Moves: map[string][]uint64{
		contest: {341342}, challenge: {80664}, reveal: {64870, 64870, 48801, 37528}, pick: {42797, 42809, 40764}, pickRow: {62579}, show: {48568}, name: {29980},
		prove: {178896}, conclude: {64973}, withdraw: {29881}}}
	logits = played{Prompt: 64, Output: 32, Operation: "Logits", Row: 13374, Element: 256, Moves: map[string][]uint64{
		contest: {341342}, challenge: {80664}, reveal: {64870, 64990, 48813, 40160}, pick: {42773, 42809, 41071}, pickRow: {58509}, show: {37524}, name: {29968},
		prove: {119984}, conclude: {64973}, withdraw: {29881}}}
)

func demoArch(t *testing.T) reference.Arch {
	t.Helper()
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	a, err := reference.NewArch(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// The formula gives back what it was learned from, in gas and in moves.
func TestFormulaIsWhatWasPlayed(t *testing.T) {
	demo := demoArch(t)
	contests := []contested{{Prompt: 64, Output: 32, Gas: 341_342}, {Prompt: 128, Output: 32, Gas: 347_742}, {Prompt: 64, Output: 64, Gas: 365_342}}
	m, err := learn(demo, []played{downParts, logits}, contests)
	if err != nil {
		t.Fatal(err)
	}
	c, err := m.game([]plainLeaf{{Arch: demo, Prompt: 64, Output: 32, Row: downParts.Row, Gas: downParts.Moves[prove][0]}})
	if err != nil {
		t.Fatal(err)
	}
	gas, n := downParts.total()
	if c.moves != n || math.Abs(c.gas-float64(gas)) > 0.005*float64(gas) {
		t.Errorf("%d moves and %.0f gas, played %d and %d", c.moves, c.gas, n, gas)
	}
	longer, err := m.game([]plainLeaf{{Arch: demo, Prompt: 164, Output: 42, Row: 0, Gas: 0}})
	if err != nil {
		t.Fatal(err)
	}
	if want := 341_342 + 100*100 + 10*750.0; math.Abs(longer.contest-want) > 1 {
		t.Errorf("a contest of 100 and 10 tokens more costs %.0f, want %.0f", longer.contest, want)
	}
	other := logits
	other.Moves = map[string][]uint64{reveal: {1, 2}, pick: {1}, pickRow: {1}}
	if _, err := learn(demo, []played{other}, nil); err == nil {
		t.Error("a game of other rounds than the formula's was learned from")
	}
}

func TestDescent(t *testing.T) {
	for levels, want := range map[int][]int{0: nil, 1: {1}, 5: {5}, 14: {5, 5, 4}, 30: {5, 5, 5, 5, 5, 5}} {
		if got := descent(levels); !slices.Equal(got, want) {
			t.Errorf("%d levels: %v", levels, got)
		}
	}
}
