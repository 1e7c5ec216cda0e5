package app

import (
	"math/rand/v2"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/verdict"
)

// asked are ordinary requests of 64 tokens, every second greedy, the others seeded.
func asked(t *testing.T, n int) []inference.Request {
	t.Helper()
	b := &bench{o: MeasureOptions{Seed: 1}}
	s, err := b.source("disputes")
	if err != nil {
		t.Fatal(err)
	}
	rules, i := [2]posp.SamplingRule{posp.Greedy, posp.Seeded}, 0
	list, err := measure.Ask(n, func() (inference.Request, error) {
		i++
		return s.Under(rules[i%2], 64)
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// answered are the answers that have at least so many tokens, by rule.
func answered(t *testing.T, p measure.Party, s inference.Scorer, requests []inference.Request, tokens int) map[posp.SamplingRule][]verdict.Pair {
	t.Helper()
	pairs := map[posp.SamplingRule][]verdict.Pair{}
	if err := measure.Run(t.Context(), p, s, requests, func(_ int, o measure.Output) error {
		if rule := o.Request.Sampling.Rule; len(o.Tokens) >= tokens {
			pairs[rule] = append(pairs[rule], o.Pair)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return pairs
}

// mosaic is an output of blocks of eight positions from several: noise that
// was measured, in combinations that were not.
func mosaic(rng *rand.Rand, from []verdict.Pair, blocks int) (claim, own posp.Evidence) {
	const block = 8
	claim.Kind, own.Kind = from[0].Claimed.Kind, from[0].Recomputed.Kind
	for range blocks {
		x := from[rng.IntN(len(from))]
		at := rng.IntN(len(x.Claimed.LogProb) - block + 1)
		claim.LogProb = append(claim.LogProb, x.Claimed.LogProb[at:at+block]...)
		own.LogProb = append(own.LogProb, x.Recomputed.LogProb[at:at+block]...)
		own.Margin = append(own.Margin, x.Recomputed.Margin[at:at+block]...)
	}
	return claim, own
}

// Before the reference program no honest machine of a class loses a PASS, or
// is left with a FAIL; and what the small model claimed is overturned.
func TestDisputesUnderTheShippedPolicies(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the demo model")
	}
	main, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	small, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	lab := measure.NewLab(main)
	reference, err := lab.Recomputer(verdict.ReferenceEngine)
	if err != nil {
		t.Fatal(err)
	}
	requests := asked(t, 64)
	outputs, overturned := 0, 0
	for _, class := range []string{"posp-float/f32", "posp-float/bf16"} {
		policy, err := DemoPolicy(class)
		if err != nil {
			t.Fatal(err)
		}
		mode, err := parseClass(class)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 1))
		for _, pair := range measure.Disputes(mode) {
			b := &bench{lab: lab}
			party, _, _, err := b.provider(t.Context(), pair.Claimed)
			if err != nil {
				t.Fatal(err)
			}
			for rule, from := range answered(t, party, reference, requests[:16], 8) {
				for range 2000 {
					claim, own := mosaic(rng, from, 1+rng.IntN(16))
					j, err := policy.Dispute(class, rule, claim, own)
					if err != nil {
						t.Fatal(err)
					}
					if j.Verdict == posp.Fail || j.Verdict == posp.Inconclusive && j.LogE == 0 {
						t.Fatalf("%s, %d positions, rule %v: %v, logE %.2f", pair.Claimed, len(own.LogProb), rule, j.Verdict, float64(j.LogE)/verdict.Nat)
					}
				}
			}
		}
		for rule, pairs := range answered(t, measure.Generates(measure.Writer(small, mode)), reference, requests, 64) {
			for _, p := range pairs {
				j, err := policy.Dispute(class, rule, p.Claimed, p.Recomputed)
				if err != nil {
					t.Fatal(err)
				}
				if outputs++; j.Verdict == posp.Fail {
					overturned++
				}
			}
		}
	}
	if outputs < 100 || 100*overturned < 99*outputs {
		t.Errorf("%d of the small model's %d outputs are overturned", overturned, outputs)
	}
}
