package verdict

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

var rules = []posp.SamplingRule{posp.Greedy, posp.Seeded, posp.Unseeded}

// disputable is the calibrated policy, for the reference program too.
func disputable(t failer) *Policy {
	p := *calibrated(t)
	p.Calibration.Pairs = append(slices.Clone(p.Calibration.Pairs), EnginePair{testClass, ReferenceEngine})
	return &p
}

func (p *Policy) dispute(t failer, rule posp.SamplingRule, claim, reference *posp.Evidence) Judgement {
	j, err := p.Dispute(testClass, rule, *claim, *reference)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestDisputeClearsTheHonest(t *testing.T) {
	p := disputable(t)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), rapid.IntRange(8, 300).Draw(t, "n")
		out := honestOutput(r, n)
		claim, reference := out.claim(r, honestNoise), out.recompute(r, honestNoise)
		for _, rule := range rules {
			j := p.dispute(t, rule, claim, reference)
			// Now and then chance says INCONCLUSIVE, which clears as well as long as it is not worth nothing.
			if j.Verdict != posp.Pass && (j.Verdict != posp.Inconclusive || j.LogE == 0 || j.LogE > nats(5)) || j.Class != posp.ClassNone {
				t.Fatalf("%v: %+v", rule, j)
			}
		}
		// One recomputation decides, as a committee of one would.
		greedy := p.dispute(t, posp.Greedy, claim, reference)
		if j := Judge(p, sample(testSpec(p), n, claim, reference)); j.Verdict != greedy.Verdict || j.LogE != greedy.LogE {
			t.Fatalf("a committee of one says %+v, the dispute %+v", j, greedy)
		}
	})
}

// A cheat fails under every rule, except that choices are judged under the greedy rule alone.
func TestDisputeFindsCheats(t *testing.T) {
	p := disputable(t)
	for _, c := range cheats {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				r, n := rng(t), rapid.IntRange(128, 256).Draw(t, "n")
				claim, seen := c.make(r, n)
				reference := seen.recompute(r, honestNoise)
				for _, rule := range rules {
					want, class := posp.Fail, c.class
					if rule != posp.Greedy && c.class == posp.ForgedChoice {
						want, class = posp.Pass, posp.ClassNone
					}
					if j := p.dispute(t, rule, claim, reference); j.Verdict != want || j.Class != class {
						t.Fatalf("%v: %v %v, logE %.2f", rule, j.Verdict, j.Class, float64(j.LogE)/Nat)
					}
				}
			})
		})
	}
}

func TestDisputeNeedsItsOwnCalibration(t *testing.T) {
	far := &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: slices.Repeat([]int32{-60 * posp.Nat}, 32)}
	reference := &posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, 32), Margin: slices.Repeat([]int32{posp.Nat}, 32)}
	p := disputable(t)
	for _, rule := range rules {
		if j := p.dispute(t, rule, far, reference); j.Verdict != posp.Fail || j.LogE != p.Cap {
			t.Errorf("covered, %v: %+v", rule, j)
		}
		if j := calibrated(t).dispute(t, rule, far, reference); j.Verdict != posp.Inconclusive || j.LogE != 0 || j.Class != posp.ClassNone {
			t.Errorf("calibrated for other engines alone, %v: %+v", rule, j)
		}
		if j, err := p.Dispute("another", rule, *far, *reference); err != nil || j.Verdict != posp.Inconclusive || j.LogE != 0 {
			t.Errorf("another engine, %v: %+v, %v", rule, j, err)
		}
	}
	p.Choice = Question{}
	for _, rule := range rules {
		want := posp.Fail
		if rule == posp.Greedy {
			want = posp.Inconclusive // the policy asks nothing about it
		}
		if j := p.dispute(t, rule, far, reference); j.Verdict != want {
			t.Errorf("no question about choices, %v: %+v", rule, j)
		}
	}
}

func TestDisputeOfShortOutputs(t *testing.T) {
	p := disputable(t)
	p.MinPositions = 9
	same := &posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, 8), Margin: make([]int32, 8)}
	if j := p.dispute(t, posp.Greedy, same, same); j.Verdict != posp.Inconclusive || j.LogE >= p.PassAt {
		t.Errorf("too short to pass: %+v", j)
	}
	p.MinPositions = 8
	if j := p.dispute(t, posp.Greedy, same, same); j.Verdict != posp.Pass {
		t.Errorf("long enough: %+v", j)
	}
	p.MinPositions = math.MaxUint32
	far := &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: slices.Repeat([]int32{-60 * posp.Nat}, 32)}
	same = &posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, 32), Margin: make([]int32, 32)}
	if j := p.dispute(t, posp.Seeded, far, same); j.Verdict != posp.Fail || j.Class != posp.WrongModel {
		t.Errorf("too short to pass, but not to fail: %+v", j)
	}
}

func TestDisputeOfTheWrongLength(t *testing.T) {
	reference := &posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, 8), Margin: make([]int32, 8)}
	for _, p := range []*Policy{disputable(t), calibrated(t)} {
		for name, claim := range map[string]*posp.Evidence{
			"none": {}, "shorter": {Kind: posp.EvidenceLogProbs, LogProb: make([]int32, 7)}, "longer": {Kind: posp.EvidenceLogProbs, LogProb: make([]int32, 9)},
		} {
			if j := p.dispute(t, posp.Greedy, claim, reference); j.Verdict != posp.Fail || j.Class != posp.Malformed || j.LogE != p.Cap {
				t.Errorf("%s: %+v", name, j)
			}
		}
		for name, r := range map[string]posp.Evidence{
			"none": {}, "log-probabilities": {Kind: posp.EvidenceLogProbs, LogProb: make([]int32, 8)}, "no margins": {Kind: posp.EvidenceFull, LogProb: make([]int32, 8)},
			"intervals": {Kind: posp.EvidenceIntervals, LogProb: make([]int32, 8), Below: make([]int32, 8), Mass: make([]int32, 8)},
		} {
			var refused *posp.ValidationError
			if j, err := p.Dispute(testClass, posp.Greedy, *reference, r); !errors.As(err, &refused) {
				t.Errorf("the program's evidence is %s: %+v, %v", name, j, err)
			}
		}
	}
}
