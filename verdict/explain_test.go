package verdict

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

// Rationale: who is charged asks which positions, and how far off. A cheat at
// known positions must be told by them.
func TestExplainNamesThePositions(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(21, 21))
	const n = 64
	out := honestOutput(r, n)
	for _, i := range []int{5, 17, 21, 30, 31, 40, 63} {
		out.margin[i] = 0.7
	}
	claim := out.claim(r, honestNoise)
	e := out.recompute(r, honestNoise)
	x := Explain(p, sample(spec, n, claim, e, out.recompute(r, honestNoise), nil))
	told := map[int]bool{}
	for i, w := range x.Worst {
		told[w.At] = true
		if i > 0 && w.Against > x.Worst[i-1].Against {
			t.Errorf("position %d is told after %d", w.At, x.Worst[i-1].At)
		}
		if w.Token != uint32(w.At%200+1) || math.Abs(w.Claimed-float64(claim.LogProb[w.At])/posp.Nat) > 1e-9 {
			t.Errorf("position %d: %+v", w.At, w)
		}
	}
	if len(x.Worst) != 10 || !told[5] || !told[17] || !told[21] || !told[30] || !told[31] || !told[40] || !told[63] {
		t.Errorf("told are %v", told)
	}
	if x.Worst[0].Margin < 0.6 || x.Worst[0].Against < 1 || x.Verdict == "PASS" {
		t.Errorf("worst: %+v, %s %s", x.Worst[0], x.Verdict, x.Class)
	}
	var text strings.Builder
	if err := x.Print(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{p.ID().String(), "synthetic recomputed by synthetic", "nothing revealed", "<- decides", "64 log-probabilities and margins", "question choice"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	if b, err := json.Marshal(x); err != nil || !strings.Contains(string(b), `"verdict":"`+x.Verdict) {
		t.Errorf("as JSON: %s (%v)", b, err)
	}
}

func TestExplainOfIntervals(t *testing.T) {
	p := calibrated(t)
	r := rand.New(rand.NewPCG(22, 22))
	const n = 400
	d := draw(r, n, 0.5)
	e := d.recompute(r, honestNoise)
	x := Explain(p, unseededSample(testSpec(p), n, d.claim(r, honestNoise), e, e))
	if x.Verdict != "FAIL" || x.Class != "forged-choice" || !strings.Contains(x.Reason, "question interval") {
		t.Fatalf("%s %s: %s", x.Verdict, x.Class, x.Reason)
	}
	for _, w := range x.Worst {
		if w.Below+w.Mass < 0.9 { // hotter: what is told lies in the tail
			t.Errorf("position %d at [%.3f, +%.3f) speaks against the provider", w.At, w.Below, w.Mass)
		}
	}
}

// Rationale: a report that is not of the verdict that was certified is worse than
// none.
func TestExplainJudgesAsJudgeDoes(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	reasons := map[string]bool{}
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), rapid.IntRange(4, 40).Draw(t, "n")
		claim, seen := cheats[rapid.IntRange(0, 2).Draw(t, "cheat")].make(r, n)
		var members []*posp.Evidence
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			members = append(members, rapid.SampledFrom([]*posp.Evidence{nil, {Kind: posp.EvidenceNone}, seen.recompute(r, honestNoise),
				{Kind: posp.EvidenceFull, LogProb: claim.LogProb, Margin: make([]int32, n)}}).Draw(t, "member"))
		}
		s := sample(spec, n, claim, members...)
		policy := p
		switch rapid.IntRange(0, 8).Draw(t, "state") {
		case 0:
			s.Opening = nil
		case 1:
			s.Provider = nil
		case 2:
			policy = nil
		case 3:
			s.Spec.EngineClass = "another"
			s.Opening = opening(s.Spec, n)
		case 4:
			s.Opening.Output.Finish = 9
		case 5:
			s.Provider = &posp.Evidence{Kind: posp.EvidenceNone}
		}
		x, j := Explain(policy, s), Judge(policy, s)
		if x.Verdict != j.Verdict.String() || x.Class != j.Class.String() || x.LogE != float64(j.LogE)/Nat || len(x.Members) != len(members) || x.Reason == "" {
			t.Fatalf("explained as %s %s %.2f (%s), judged %+v", x.Verdict, x.Class, x.LogE, x.Reason, j)
		}
		if err := x.Print(new(strings.Builder)); err != nil {
			t.Fatal(err)
		}
		reasons[strings.Fields(x.Reason)[1]] = true
	})
	if len(reasons) < 5 {
		t.Errorf("only %d kinds of reasons were met: %v", len(reasons), reasons)
	}
}
