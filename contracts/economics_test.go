package contracts_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/econ"
)

// EconomicsLib refuses what package econ's inequalities refuse with a margin
// of a tenth. Its r^n is rounded up to a millionth, so terms within that of a
// bound may be refused there alone.
func TestEconomicsAreGos(t *testing.T) {
	m := deploy(t, &contracts.LibrariesMetaData)
	ppm := func(t *rapid.T, label string, bounds ...uint32) uint32 {
		return rapid.OneOf(rapid.SampledFrom(bounds), rapid.Uint32Range(0, 1_000_000)).Draw(t, label)
	}
	refused := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		e := contracts.Economics{
			DetectionPpm: ppm(t, "d", 1_000_000), FalsePositivePpm: ppm(t, "f", 0, 0, 1), CollusionPpm: ppm(t, "r", 0, 100_000, 1_000_000),
			Validators: rapid.Uint32Range(1, 5).Draw(t, "n"), SavedPpm: ppm(t, "s", 1_000_000),
			Reward: bigOf(rapid.Uint64Range(0, 1e12).Draw(t, "R")), Slash: bigOf(rapid.Uint64Range(0, 1e15).Draw(t, "S")), Cost: bigOf(rapid.Uint64Range(0, 1e12).Draw(t, "C")),
		}
		rate := ppm(t, "p", 1_000_000, 10_000)
		number := func(x *big.Int) float64 { f, _ := new(big.Float).SetInt(x).Float64(); return f }
		terms := econ.Terms{
			Rate: float64(rate) / 1e6, Detection: float64(e.DetectionPpm) / 1e6, FalsePositive: float64(e.FalsePositivePpm) / 1e6,
			Collusion: float64(e.CollusionPpm) / 1e6, Validators: int(e.Validators), Saved: float64(e.SavedPpm) / 1e6,
			Reward: number(e.Reward), Slash: number(e.Slash), Cost: number(e.Cost),
		}
		in := terms.Inequalities()
		input, err := libraries.TryPackCheckEconomics(e, rate)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.call(input)
		var name revert
		if err != nil && !errors.As(err, &name) {
			t.Fatal(err)
		}
		refused[string(name)]++
		// Rounding r^n: up to one millionth for each validator.
		slack := terms.Rate * terms.Detection * float64(e.Validators) * 1e-6 * (terms.Reward + terms.Slash)
		switch loss, gain := in[0].More, 1.1*in[0].Less; {
		case loss < gain*(1-1e-9):
			if name != "CheatingPays" {
				t.Fatalf("loss %v, gain %v: Solidity says %q", in[0].More, in[0].Less, name)
			}
			return
		case loss-slack <= gain*(1+1e-9): // on the bound
			return
		}
		if in[2].More > 1e-9 && in[2].Holds(0.1+1e-9) && name != "" {
			t.Fatalf("%+v: Solidity says %q", in, name)
		}
		if !in[2].Holds(0.1-1e-9) && name != "HonestyDoesNotPay" {
			t.Fatalf("%+v: Solidity says %q", in, name)
		}
	})
	t.Log(refused)
	for _, name := range []string{"", "CheatingPays", "HonestyDoesNotPay"} {
		if refused[name] == 0 {
			t.Errorf("no terms were answered %q", name)
		}
	}
}
