package verdict

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
)

// meanE is the mean of exp(table) over the bins of fresh honest positions.
func meanE(q *Question, at statistic, pairs []Pair) []float64 {
	find := q.finder()
	means := make([]float64, len(q.LogE))
	n := 0.0
	for p := range pairs {
		for i := range pairs[p].Recomputed.LogProb {
			n++
			for t, table := range q.LogE {
				means[t] += math.Exp(float64(table[find.bin(at(&pairs[p], i))]) / Nat)
			}
		}
	}
	for t := range means {
		means[t] /= n
	}
	return means
}

func TestCalibratedTablesAreEValues(t *testing.T) {
	p := calibrated(t)
	fresh := honestPairs(rand.New(rand.NewPCG(77, 0)), 4000, 64)
	for name, q := range map[string]struct {
		*Question
		at statistic
	}{"model": {&p.Model, modelStatistic}, "choice": {&p.Choice, choiceStatistic}, "margin": {&p.Margin, marginStatistic}} {
		if len(q.LogE) < 10 {
			t.Fatalf("question %s has %d tables", name, len(q.LogE))
		}
		for i, mean := range meanE(q.Question, q.at, fresh) {
			if mean > 1 {
				t.Errorf("question %s, table %d: mean %.4f on honest positions", name, i, mean)
			}
		}
	}
	var sum, worst float64
	for i := range fresh {
		logE := p.mix(p.compare(&fresh[i].Claimed, &fresh[i].Recomputed).raw)
		sum += math.Exp(float64(logE) / Nat)
		worst = max(worst, float64(logE)/Nat)
	}
	if mean := sum / float64(len(fresh)); mean > 1 || worst > 1 {
		t.Errorf("honest samples: mean e %.4f, worst logE %.2f", mean, worst)
	}
}

func TestReport(t *testing.T) {
	calibrated(t)
	r := testReport
	if r.Samples != 150 || r.HeldOut != 150 || r.Positions != 9600 || r.HeldOutSures != 150 || r.HeldOutFails != 0 || !r.OperatorMargins || r.MeanE > 1 {
		t.Errorf("report %+v", r)
	}
	sum := 0.0
	for _, u := range r.ModelUpper {
		sum += u
	}
	if sum <= 1 || sum > 1.5 { // bounds from above must come to more than everything
		t.Errorf("the bounds of question model come to %.3f", sum)
	}
}

func TestCalibrateFindsDependence(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	var pairs []Pair
	for range 300 {
		out := honestOutput(r, 96)
		p := Pair{Claimed: *out.claim(r, 0), Recomputed: *out.recompute(r, 0)}
		// Runs of four positions share their noise's size.
		for i := range p.Claimed.LogProb {
			if i%4 == 0 {
				size := math.Exp(3 * r.NormFloat64())
				for k := i; k < i+4; k++ {
					p.Claimed.LogProb[k] = max(min(p.Claimed.LogProb[k]-int32(1000*size*r.ExpFloat64()), 0), -127*posp.Nat)
				}
			}
		}
		pairs = append(pairs, p)
	}
	p, report, err := Calibrate(pairs, Options{Engines: []EnginePair{{"a", "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	if p.Dependence != 4 {
		t.Errorf("dependence %d, want 4 (%+v)", p.Dependence, report.Correlation)
	}
	if len(p.Margin.LogE) != 0 || report.OperatorMargins {
		t.Error("margins were calibrated without full claims")
	}
	named, _, err := Calibrate(pairs, Options{Engines: []EnginePair{{"a", "b"}}, Dependence: 8})
	if err != nil || named.Dependence != 8 {
		t.Errorf("dependence 8 asked for: %d, %v", named.Dependence, err)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	good := honestPairs(r, 300, 64)
	engines := []EnginePair{{"a", "a"}}
	// The held-out half is of another engine than the half that fits.
	mixed := honestPairs(r, 300, 64)
	for i := range mixed {
		if out := honestOutput(r, 64); i%2 == 1 {
			mixed[i] = Pair{Claimed: *out.recompute(r, 0.3), Recomputed: *out.recompute(r, honestNoise)}
		}
	}
	short := honestPairs(r, 300, 64)
	short[7].Claimed.LogProb = short[7].Claimed.LogProb[1:]
	partial := honestPairs(r, 300, 64)
	partial[8].Recomputed.Kind = posp.EvidenceLogProbs
	for _, c := range []struct {
		name  string
		pairs []Pair
		o     Options
		want  string
	}{
		{"no pairs", nil, Options{Engines: engines}, "want 1000"},
		{"too few", good[:20], Options{Engines: engines}, "want 1000"},
		{"too dependent", good, Options{Engines: engines, Dependence: 64}, "want 1000"},
		{"no engines", good, Options{}, "no engine pair"},
		{"halves differ", mixed, Options{Engines: engines}, "above 1"},
		{"lengths differ", short, Options{Engines: engines}, "pair 7"},
		{"not recomputed", partial, Options{Engines: engines}, "pair 8"},
		{"lambda", good, Options{Engines: engines, Lambda: 1}, "lambda"},
		{"cap below the failure line", good, Options{Engines: engines, Cap: 1}, "failAt"},
	} {
		_, _, err := Calibrate(c.pairs, c.o)
		var invalid *posp.ValidationError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestPolicyIDCoversEveryField(t *testing.T) {
	base := *calibrated(t)
	copyOf := func() Policy {
		var p Policy
		b, err := json.Marshal(base)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &p); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(base, p); diff != "" || p.ID() != base.ID() {
			t.Fatalf("a policy does not survive JSON: %s", diff)
		}
		return p
	}
	seen := map[posp.Hash]string{base.ID(): "unchanged"}
	for name, change := range map[string]func(p *Policy){
		"model edge": func(p *Policy) { p.Model.Edges[3]++ }, "model table": func(p *Policy) { p.Model.LogE[1][2]++ },
		"choice edge": func(p *Policy) { p.Choice.Edges[3]++ }, "choice table": func(p *Policy) { p.Choice.LogE[1][2]++ },
		"margin table": func(p *Policy) { p.Margin.LogE[1][2]++ }, "no margin": func(p *Policy) { p.Margin = Question{} },
		"tables in other places": func(p *Policy) {
			p.Model.LogE, p.Choice.LogE = p.Model.LogE[1:], append(p.Choice.LogE, p.Model.LogE[0])
		},
		"dependence": func(p *Policy) { p.Dependence++ }, "lambda": func(p *Policy) { p.LambdaPpm++ }, "cap": func(p *Policy) { p.Cap-- },
		"minPositions": func(p *Policy) { p.MinPositions++ }, "passAt": func(p *Policy) { p.PassAt-- }, "failAt": func(p *Policy) { p.FailAt++ },
		"wrongModel": func(p *Policy) { p.WrongModel++ }, "claimed": func(p *Policy) { p.Calibration.Pairs[0].Claimed += "x" },
		"recomputed": func(p *Policy) { p.Calibration.Pairs[0].Recomputed += "x" }, "samples": func(p *Policy) { p.Calibration.Samples++ },
		"positions": func(p *Policy) { p.Calibration.Positions++ }, "confidence": func(p *Policy) { p.Calibration.ConfidencePpm-- },
		"moved letter": func(p *Policy) {
			p.Calibration.Pairs[0] = EnginePair{testClass + testClass[:1], testClass[1:]}
		},
	} {
		p := copyOf()
		change(&p)
		if other, twice := seen[p.ID()]; twice {
			t.Errorf("%s has the id of %s", name, other)
		}
		seen[p.ID()] = name
	}
}

func TestPolicyCheck(t *testing.T) {
	base := *calibrated(t)
	if err := base.Check(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(p *Policy){
		"no tables":        func(p *Policy) { p.Choice.LogE = nil },
		"edges fall":       func(p *Policy) { p.Model.Edges = []int32{2, 1}; p.Model.LogE = [][]int32{{0, 0, 0}} },
		"edge 0":           func(p *Policy) { p.Model.Edges = []int32{0}; p.Model.LogE = [][]int32{{0, 0}} },
		"short table":      func(p *Policy) { p.Model.Edges = []int32{1}; p.Model.LogE = [][]int32{{0}} },
		"wild entry":       func(p *Policy) { p.Model.Edges = nil; p.Model.LogE = [][]int32{{41 * Nat}} },
		"wild low entry":   func(p *Policy) { p.Model.Edges = nil; p.Model.LogE = [][]int32{{math.MinInt32}} },
		"too many tables":  func(p *Policy) { p.Model.Edges = nil; p.Model.LogE = make([][]int32, maxTables+1) },
		"dependence 0":     func(p *Policy) { p.Dependence = 0 },
		"lambda 0":         func(p *Policy) { p.LambdaPpm = 0 },
		"lambda 1":         func(p *Policy) { p.LambdaPpm = million },
		"cap 0":            func(p *Policy) { p.Cap = 0 },
		"cap 41":           func(p *Policy) { p.Cap = 41 * Nat },
		"failAt above cap": func(p *Policy) { p.FailAt = p.Cap + 1 },
		"failAt 0":         func(p *Policy) { p.FailAt, p.PassAt = 0, -1 },
		"passAt = failAt":  func(p *Policy) { p.PassAt = p.FailAt },
		"wrongModel 0":     func(p *Policy) { p.WrongModel = 0 },
		"confidence":       func(p *Policy) { p.Calibration.ConfidencePpm = million + 1 },
	} {
		p := base
		change(&p)
		var invalid *posp.ValidationError
		if err := p.Check(); !errors.As(err, &invalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
