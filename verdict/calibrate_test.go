package verdict

import (
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

// meanE is the mean of exp(logE) over fresh honest pairs, by question and by
// each table, and of whole samples.
func meanE(p *Policy, q question, pairs []Pair) (whole float64, tables []float64) {
	n := 0.0
	for i := range pairs {
		if !q.asks(&pairs[i]) {
			continue
		}
		logs := q.logEs(p, &pairs[i])
		whole += math.Exp(float64(mean(logs)) / Nat)
		if tables == nil {
			tables = make([]float64, len(logs))
		}
		for t, l := range logs {
			tables[t] += math.Exp(float64(l) / Nat)
		}
		n++
	}
	for t := range tables {
		tables[t] /= n
	}
	return whole / n, tables
}

func TestHonestOutputsHaveEValuesOfAtMostOne(t *testing.T) {
	p := calibrated(t)
	r := rand.New(rand.NewPCG(77, 0))
	fresh := append(honestPairs(r, 3000, 64), drawnPairs(r, 3000, 64, 1)...)
	for _, q := range []question{model, choice, interval, margin} {
		whole, tables := meanE(p, q, fresh)
		if len(tables) < 4 || whole > 1 || !(whole > 0) {
			t.Errorf("question %s: mean e-value %.4f by %d tables", q.name, whole, len(tables))
		}
		for i, m := range tables {
			if m > 1 {
				t.Errorf("question %s, table %d: mean %.4f", q.name, i, m)
			}
		}
	}
	var sum, worst float64
	for i := range fresh {
		logE := p.mix(p.compare(&fresh[i].Claimed, &fresh[i].Recomputed).LogE)
		sum += math.Exp(float64(logE) / Nat)
		worst = max(worst, float64(logE)/Nat)
	}
	if mean := sum / float64(len(fresh)); mean > 1 || worst > 5 {
		t.Errorf("honest samples: mean e %.4f, worst logE %.2f", mean, worst)
	}
}

// Rationale: this holds of intervals whatever the distributions are, because
// each point is uniform given all before it. So one position in any context must
// have a mean of at most 1, also in contexts that calibration never saw.
func TestIntervalsAreEValuesInEveryContext(t *testing.T) {
	p := calibrated(t)
	for name, masses := range map[string][]float64{
		"sure":     {1},
		"two":      {0.5, 0.5},
		"steep":    {0.9, 0.09, 0.009, 0.0009, 0.0001},
		"flat":     slices.Repeat([]float64{1. / 64}, 64),
		"one tail": append([]float64{0.75}, slices.Repeat([]float64{0.25 / 4096}, 4096)...),
	} {
		for table := range p.Interval.E {
			q := Intervals{Edges: p.Interval.Edges, E: p.Interval.E[table : table+1]}
			mean, below := 0.0, int32(0)
			for _, m := range masses {
				mass := min(posp.ToUnit(m), posp.Unit-below)
				mean += m * math.Exp(float64(q.logE([]int32{below}, []int32{mass}))/Nat)
				below += mass
			}
			if mean > 1 || mean < 0.8 {
				t.Errorf("%s, table %d: mean e-value %.4f", name, table, mean)
			}
		}
	}
}

// Rationale: outputs differ in noise as wholes, which no distance between
// positions ends. By positions alone the noisier ones would be accused.
func TestCalibrateTriesWholeOutputs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 0))
	uneven := func(n int) (pairs []Pair) {
		for range n {
			noise := honestNoise * math.Exp(r.NormFloat64()/2)
			out := honestOutput(r, 96)
			pairs = append(pairs, Pair{Claimed: *out.claim(r, noise), Recomputed: *out.recompute(r, noise)})
		}
		return pairs
	}
	p, report, err := Calibrate([]Group{{"uneven", EnginePair{"a", "b"}, uneven(2000)}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := report.Dependence
	if len(b["model"]) != len(p.Model.LogE) || slices.Max(b["model"]) < 2 || len(b["choice"]) != len(p.Choice.LogE) || slices.Max(b["choice"]) > 2 {
		t.Errorf("dependence: %v", b)
	}
	if len(p.Margin.LogE) != 0 || len(p.Interval.E) != 0 {
		t.Error("questions that no pair was asked have tables")
	}
	fresh := uneven(2000)
	if e, _ := meanE(&p, model, fresh); e > 1 {
		t.Errorf("fresh outputs have a mean e-value of %.3g", e)
	}
	for i, table := range p.Model.LogE {
		for bin := range table {
			table[bin] *= int32(b["model"][i])
		}
	}
	if e, _ := meanE(&p, model, fresh); e <= 1 {
		t.Errorf("without the dependence the mean e-value is %.3g: the outputs are too even to test anything", e)
	}
}

// Rationale: a policy of quiet pairs accuses honest noisy ones. One of both must
// hold for each, whatever share they have.
func TestAPolicyHoldsForEveryGroup(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 0))
	noisy := func(samples int, noise float64) (pairs []Pair) {
		for range samples {
			out := honestOutput(r, 64)
			pairs = append(pairs, Pair{Claimed: *out.claim(r, noise), Recomputed: *out.recompute(r, noise)})
		}
		return pairs
	}
	quiet := Group{"quiet", EnginePair{"a", "a"}, noisy(1200, 1e-4)}
	loud := Group{"loud", EnginePair{"a", "b"}, noisy(200, 1e-3)}
	both, _, err := Calibrate([]Group{loud, quiet}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	alone, _, err := Calibrate([]Group{quiet}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	fresh := noisy(1000, 1e-3)
	if e, _ := meanE(&both, model, fresh); e > 1 {
		t.Errorf("loud outputs under the policy of both: mean e-value %.3g", e)
	}
	if e, _ := meanE(&alone, model, fresh); e <= 1 {
		t.Errorf("loud outputs under the quiet policy: mean e-value %.3g: the groups are too alike to test anything", e)
	}
	if diff := cmp.Diff([]EnginePair{{"a", "b"}, {"a", "a"}}, both.Calibration.Pairs); diff != "" {
		t.Error(diff)
	}
	if both.Calibration.Samples != 700 || both.Calibration.Positions != 700*64 || both.Calibration.ConfidencePpm != 999_000 {
		t.Errorf("calibration %+v", both.Calibration)
	}
}

// Rationale: machines that are alike agree to the bit, in some outputs more often
// than in others. That is no noise that accuses, and a dependence for it would only make all
// tables dull.
func TestQuietOutputsMayDiffer(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 0))
	outputs := func(quiet func() float64) (pairs []Pair) {
		for range 800 {
			out, share := honestOutput(r, 64), quiet()
			p := Pair{Claimed: *out.claim(r, 1e-3), Recomputed: *out.recompute(r, 1e-3)}
			for i := range p.Claimed.LogProb {
				if r.Float64() < share {
					p.Claimed.LogProb[i] = p.Recomputed.LogProb[i]
				}
			}
			pairs = append(pairs, p)
		}
		return pairs
	}
	alike := Group{"alike", EnginePair{"a", "a"}, outputs(r.Float64)}
	others := Group{"others", EnginePair{"a", "b"}, outputs(func() float64 { return 0 })}
	p, report, err := Calibrate([]Group{alike, others}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if b := report.Dependence["model"]; len(b) != len(p.Model.LogE) || slices.Max(b) > 4 {
		t.Errorf("dependence: %v", b)
	}
}

// Rationale: whichever bins are taken for one, the mean is at most 1 under every
// distribution within the bounds, and where nobody was seen that is worth more than each
// bin by itself.
func TestBinsTakenForOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 32).Draw(t, "bins")
		draw := func(name string) []float64 {
			xs, sum := make([]float64, n), 0.0
			for i := range xs {
				xs[i] = math.Exp(rapid.Float64Range(-20, 0).Draw(t, name))
				sum += xs[i]
			}
			for i := range xs {
				xs[i] /= sum
			}
			return xs
		}
		weights, honest := draw("weights"), draw("honest")
		upper, above := make([]float64, n), make([]float64, n)
		rest := 0.0
		for i := n - 1; i >= 0; i-- {
			rest += honest[i]
			upper[i] = honest[i] * math.Exp(rapid.Float64Range(0, 5).Draw(t, "slack"))
			above[i] = rest * math.Exp(rapid.Float64Range(0, 5).Draw(t, "slack of the union"))
		}
		mean := 0.0
		for i, l := range best(weights, upper, above) {
			mean += honest[i] * math.Exp(l)
		}
		if mean > 1+1e-9 {
			t.Fatalf("mean e-value %.3f", mean)
		}
	})
	nobody := []float64{0.97, 0.01, 0.01, 0.01} // of n positions, so that together they are no more
	list := best([]float64{0.4, 0.2, 0.2, 0.2}, nobody, []float64{1, 0.01, 0.01, 0.01})
	if want := math.Log(0.6 / 0.01); math.Abs(list[1]-want) > 1e-12 || list[3] != list[1] {
		t.Errorf("%v, want %v in all but the first", list, want)
	}
}

// Rationale: the bound is by definition the probability at which as few hits or
// fewer happen by the chance that was asked for.
func TestClopperPearson(t *testing.T) {
	for _, c := range []struct{ hits, trials int }{{0, 10}, {0, 60_000}, {5, 60_000}, {50, 60_000}, {5, 10}, {100, 300}} {
		for _, miss := range []float64{1e-3, 1e-6, 1e-9} {
			u := clopperPearson(float64(c.hits), float64(c.trials), miss)
			tail, log := 0.0, float64(c.trials)*math.Log1p(-u) // of k hits: begins with none
			for k := range c.hits + 1 {
				tail += math.Exp(log)
				log += math.Log(float64(c.trials-k)/float64(k+1)) + math.Log(u) - math.Log1p(-u)
			}
			if math.Abs(tail/miss-1) > 1e-6 {
				t.Errorf("%d of %d, miss %g: bound %.4g has a tail of %.4g", c.hits, c.trials, miss, u, tail)
			}
		}
	}
	if u := clopperPearson(7, 7, 1e-6); u != 1 {
		t.Errorf("all hits: %g", u)
	}
}

// Rationale: a provider or an operator whose machine agrees to the bit with
// those who check it is not suspicious because calibration saw that rarely.
func TestCloserThanMostIsNeverWorse(t *testing.T) {
	p := calibrated(t)
	groups := honestGroups(rand.New(rand.NewPCG(1, 1)))
	for name, q := range map[string]*Question{"model": &p.Model, "margin": &p.Margin} {
		bins := len(q.Edges) + 1
		count := make([]int64, q.bins())
		for _, pair := range groups[0].Pairs {
			if name == "margin" && pair.Claimed.Kind != posp.EvidenceFull {
				continue
			}
			xs := distances(pair.Claimed.LogProb, pair.Recomputed.LogProb)
			if name == "margin" {
				xs = distances(pair.Claimed.Margin, pair.Recomputed.Margin)
			}
			for b, n := range q.histogram(xs, pair.Recomputed.LogProb) {
				count[b] += n
			}
		}
		for from := 0; from < q.bins(); from += bins {
			total, below := sum(count[from:from+bins]), int64(0)
			for b := range bins - 1 {
				if below += count[from+b]; 10*below >= 4*total { // surely not above the median
					break
				}
				for i, table := range q.LogE {
					if table[from] > 0 || table[from+b+1] < table[from+b] {
						t.Errorf("question %s, table %d, class %d: %d at bin %d and %d at the next", name, i, from/bins, table[from+b], b, table[from+b+1])
					}
				}
			}
		}
	}
}

func TestReport(t *testing.T) {
	p := calibrated(t)
	g := testReport.Groups[0]
	if len(testReport.Groups) != 1 || g.Outputs != 1200 || g.Positions != 1200*64 || g.HeldOut != 300 || g.Passes < 295 || g.Fails != 0 || g.MeanE > 1 || len(g.QuestionE) != 4 {
		t.Errorf("report %+v", g)
	}
	if g.DistanceMean < honestNoise/2 || g.DistanceMean > 4*honestNoise || g.DistanceP99 < 2*g.DistanceMean || g.Flips < 0.001 || g.Flips > 0.02 {
		t.Errorf("noise: mean %.2g, p99 %.2g, flips %.2g", g.DistanceMean, g.DistanceP99, g.Flips)
	}
	// Not the rounding that int4 shows, but less than another model does.
	if x := float64(p.WrongModel) / posp.Nat; x < 8*g.DistanceMean || x > 0.5 {
		t.Errorf("wrong model from %.2g nats", x)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 0))
	good := honestPairs(r, 300, 64)
	drawn := drawnPairs(r, 20, 64, 1)
	// What is held out is of another engine than what fits and chooses.
	mixed := slices.Clone(good)
	for i := 3; i < len(mixed); i += 4 {
		out := honestOutput(r, 64)
		mixed[i] = Pair{Claimed: *out.recompute(r, 0.3), Recomputed: *out.recompute(r, honestNoise)}
	}
	short, partial := slices.Clone(good), slices.Clone(good)
	short[7].Claimed.LogProb = short[7].Claimed.LogProb[1:]
	partial[8].Recomputed.Kind = posp.EvidenceLogProbs
	for _, c := range []struct {
		name  string
		pairs []Pair
		o     Options
		want  string
	}{
		{"no outputs", nil, Options{}, "there are no pairs"},
		{"too few outputs", good[:20], Options{}, "20 outputs for question choice, 80 are missing"},
		{"too few of one rule", slices.Concat(good, drawn), Options{}, "20 outputs for question interval, 80 are missing"},
		{"too few positions", good, Options{MinEvidence: 10_000}, "question model rest on 9600 positions, 400 are missing in this half"},
		{"what is held out differs", mixed, Options{}, "above 1"},
		{"lengths differ", short, Options{}, "pair 7"},
		{"not recomputed", partial, Options{}, "pair 8"},
		{"lambda", good, Options{Lambda: 1}, "lambda"},
		{"cap below the failure line", good, Options{Cap: 1}, "failAt"},
	} {
		var groups []Group
		if c.pairs != nil {
			groups = []Group{{"some", EnginePair{"a", "a"}, c.pairs}}
		}
		_, _, err := Calibrate(groups, c.o)
		var invalid *posp.ValidationError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	// Each pair of engines that the policy names must have been asked each question.
	_, _, err := Calibrate([]Group{{"some", EnginePair{"a", "a"}, good}, {"other", EnginePair{"a", "b"}, drawnPairs(r, 200, 64, 1)}}, Options{})
	if err == nil || !strings.Contains(err.Error(), "a recomputed by b has no outputs for question choice") || !strings.Contains(err.Error(), "a recomputed by a has no outputs for question interval") {
		t.Errorf("a pair of engines without outputs: %v", err)
	}
}

func TestPower(t *testing.T) {
	p := calibrated(t)
	r := rand.New(rand.NewPCG(12, 0))
	engines := EnginePair{testClass, testClass}
	var forged []Pair
	for range 100 {
		out := forgedOutput(r, 64)
		forged = append(forged, Pair{Claimed: *out.claim(r, honestNoise), Recomputed: *out.recompute(r, honestNoise)})
	}
	groups := []Group{
		{"honest", engines, honestPairs(r, 300, 64)},
		{"honest, drawn", engines, drawnPairs(r, 300, 64, 1)},
		{"forger", engines, forged},
		{"hot", engines, drawnPairs(r, 300, 64, 0.6)},
		{"cold", engines, drawnPairs(r, 300, 64, 2)},
	}
	power, err := Power(p, groups, PowerOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct{ least, most float64 }{{math.Inf(1), math.Inf(1)}, {math.Inf(1), math.Inf(1)}, {1, 3}, {1, 20}, {1, 20}} {
		x := power[i]
		if x.ToFault < want.least || x.ToFault > want.most || len(x.LogE) != len(groups[i].Pairs) || !slices.IsSorted(x.LogE) {
			t.Errorf("%s: %.2f samples to a fault, want %v (mean logE %.2f)", x.Group, x.ToFault, want, x.MeanLogE)
		}
		if honest := math.IsInf(want.least, 1); honest && (x.MeanE > 1 || x.Fails > 0 || x.Passes < 290) {
			t.Errorf("%s: mean e-value %.3g, %d FAIL, %d PASS", x.Group, x.MeanE, x.Fails, x.Passes)
		}
	}
	if n := power[2].Classes[posp.ForgedChoice]; n < 90 {
		t.Errorf("%d of %d forged outputs are a %s", n, len(forged), posp.ForgedChoice)
	}
	p2 := *p
	p2.Interval = Intervals{}
	if _, err := Power(&p2, groups, PowerOptions{}); err == nil || !strings.Contains(err.Error(), "asks nothing") {
		t.Errorf("a policy without the question: %v", err)
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
		"model class": func(p *Policy) { p.Model.Classes[1]++ }, "interval edge": func(p *Policy) { p.Interval.Edges[2]++ },
		"interval table": func(p *Policy) { p.Interval.E[1][2]++ }, "lambda": func(p *Policy) { p.LambdaPpm++ }, "cap": func(p *Policy) { p.Cap-- },
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
		"no tables":           func(p *Policy) { p.Model.LogE = nil },
		"nothing of choices":  func(p *Policy) { p.Choice.LogE, p.Interval.E = nil, nil },
		"edge of 1":           func(p *Policy) { p.Interval.Edges = []int32{posp.Unit}; p.Interval.E = [][]uint32{{1, 1, 1}} },
		"short densities":     func(p *Policy) { p.Interval.Edges = []int32{5}; p.Interval.E = [][]uint32{{1, 1}} },
		"density 0":           func(p *Policy) { p.Interval.Edges = nil; p.Interval.E = [][]uint32{{1, 0}} },
		"interval edges fall": func(p *Policy) { p.Interval.Edges = []int32{2, 2}; p.Interval.E = [][]uint32{{1, 1, 1, 1}} },
		"edges fall":          func(p *Policy) { p.Model = Question{Edges: []int32{2, 1}, LogE: [][]int32{{0, 0, 0}}} },
		"edge 0":              func(p *Policy) { p.Model = Question{Edges: []int32{0}, LogE: [][]int32{{0, 0}}} },
		"short table":         func(p *Policy) { p.Model = Question{Edges: []int32{1}, LogE: [][]int32{{0}}} },
		"wild entry":          func(p *Policy) { p.Model = Question{LogE: [][]int32{{41 * Nat}}} },
		"wild low entry":      func(p *Policy) { p.Model = Question{LogE: [][]int32{{math.MinInt32}}} },
		"too many tables":     func(p *Policy) { p.Model = Question{LogE: make([][]int32, maxTables+1)} },
		"classes fall":        func(p *Policy) { p.Choice.Classes = []int32{9, 9}; p.Choice.LogE = nil },
		"lambda 0":            func(p *Policy) { p.LambdaPpm = 0 },
		"lambda 1":            func(p *Policy) { p.LambdaPpm = million },
		"cap 0":               func(p *Policy) { p.Cap = 0 },
		"cap 41":              func(p *Policy) { p.Cap = 41 * Nat },
		"failAt above cap":    func(p *Policy) { p.FailAt = p.Cap + 1 },
		"failAt 0":            func(p *Policy) { p.FailAt, p.PassAt = 0, -1 },
		"passAt = failAt":     func(p *Policy) { p.PassAt = p.FailAt },
		"wrongModel 0":        func(p *Policy) { p.WrongModel = 0 },
		"confidence":          func(p *Policy) { p.Calibration.ConfidencePpm = million + 1 },
	} {
		p := base
		change(&p)
		var invalid *posp.ValidationError
		if err := p.Check(); !errors.As(err, &invalid) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
