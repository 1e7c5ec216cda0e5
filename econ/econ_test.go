package econ

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp/verdict"
)

const nat = verdict.Nat

func dist(t testing.TB, pairs ...Weighted) Distribution {
	t.Helper()
	d, err := New(pairs)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// synthetic is like what samples give: a floor at ln(1/2), a shape, a cap.
func synthetic(rng *rand.Rand, n int, mean, deviation float64) Distribution {
	logE := make([]int32, n)
	for i := range logE {
		raw := mean + deviation*rng.NormFloat64()
		logE[i] = int32(nat * min(24, math.Log(0.5+0.5*math.Exp(raw))))
	}
	d, err := New(Histogram(logE))
	if err != nil {
		panic(err)
	}
	return d
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s: %v, want %v within %g of it", what, got, want, tolerance)
	}
}

func TestRunLengthOfAStepIsTheCeiling(t *testing.T) {
	for _, c := range []struct {
		step int32
		line uint64
		want float64
	}{{nat, 20 * nat, 20}, {nat, 20*nat + 1, 21}, {24 * nat, 20 * nat, 1}, {7 * nat / 2, 20 * nat, 6}} {
		near(t, "run length", RunLength(dist(t, Weighted{c.step, 1}), c.line, 1./64), c.want, 1e-12)
	}
	if n := RunLength(dist(t, Weighted{-nat, 5}, Weighted{0, 1}), nat, 1./64); !math.IsInf(n, 1) {
		t.Errorf("a standing that never rises reaches the line after %v samples", n)
	}
}

// A walk of one up (p) or one down (q), reflected at 0, reaches a after the sum of d(0) = 1/p
// and d(i) = (1 + q d(i-1)) / p, which is
//
//	a/(p-q) + (1/p - 1/(p-q)) (1 - (q/p)^a) / (1 - q/p).
func TestRunLengthOfTheReflectedWalk(t *testing.T) {
	for _, c := range []struct {
		up, down uint64
		a        int
	}{{3, 1, 20}, {1, 3, 1}, {1, 3, 5}, {1, 3, 20}, {1, 9, 60}, {1, 99, 100}} {
		p, q := float64(c.up)/float64(c.up+c.down), float64(c.down)/float64(c.up+c.down)
		ratio := q / p
		want := float64(c.a)/(p-q) + (1/p-1/(p-q))*(1-math.Pow(ratio, float64(c.a)))/(1-ratio)
		d := dist(t, Weighted{nat, c.up}, Weighted{-nat, c.down})
		// 1e199 to twelve digits: nothing cancels.
		near(t, "run length", RunLength(d, uint64(c.a)*nat, 1./64), want, 1e-12)
		if c.down > c.up {
			theta, ok := d.Tilt()
			if !ok {
				t.Fatal("no tilt")
			}
			near(t, "tilt", theta, math.Log(ratio), 1e-9)
		}
	}
}

// One up (p) or back to 0: a successes in a row take (1 - p^a) / ((1 - p) p^a) trials.
func TestRunLengthOfSuccessesInARow(t *testing.T) {
	for _, a := range []int{1, 3, 20} {
		p := 0.25
		want := (1 - math.Pow(p, float64(a))) / ((1 - p) * math.Pow(p, float64(a)))
		d := dist(t, Weighted{nat, 1}, Weighted{-40 * nat, 3})
		near(t, "run length", RunLength(d, uint64(a)*nat, 1./64), want, 1e-12)
	}
}

// The grid must not matter: a finer one gives nearly the same, and the error
// falls with the square of the step.
func TestRunLengthConverges(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct{ mean, deviation float64 }{{-1, 1}, {-0.5, 0.9}, {0.3, 0.5}, {2, 1}} {
		d := synthetic(rng, 5_000, c.mean, c.deviation)
		line := verdict.Line(1e9)
		coarse, middle, fine := RunLength(d, line, 1./16), RunLength(d, line, 1./64), RunLength(d, line, 1./128)
		near(t, "at 1/64", middle, fine, 5e-3)
		near(t, "at 1/16", coarse, fine, 0.15)
	}
}

func TestRecursionAndSimulationAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	s := Simulation{Seed: 3, Runs: 2_000, Steps: 1_000_000}
	honest, cheat := synthetic(rng, 20_000, -1, 0.8), synthetic(rng, 20_000, 1.5, 1)
	if e := honest.MeanE(); e > 1 {
		t.Fatalf("the honest distribution is none of an e-value: mean %v", e)
	}
	for _, line := range []uint64{2 * nat, 5 * nat, verdict.Line(1e9)} {
		for _, q := range []float64{0, 0.01, 0.05, 0.2, 0.5, 1} {
			d := cheat.Mix(q, honest)
			exact := RunLength(d, line, 1./128)
			got, err := s.RunLength(context.Background(), d, line, exact)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("line %.1f, fraction %.2f: recursion %.5g, simulation %.5g +- %.2g (%s)", float64(line)/nat, q, exact, got.Mean, got.Error, got.Method)
			if !got.Agrees(exact, 4) {
				t.Errorf("line %.1f, fraction %.2f: recursion %v, simulation %v +- %v", float64(line)/nat, q, exact, got.Mean, got.Error)
			}
			if want := got.Method == Tilted; want != (exact*2_000 > 1_000_000) {
				t.Errorf("line %.1f, fraction %.2f: method %s", float64(line)/nat, q, got.Method)
			}
		}
	}
}

// Both ways of simulating must agree where both can reach.
func TestTiltedAndPlainAgree(t *testing.T) {
	d := synthetic(rand.New(rand.NewPCG(4, 4)), 2_000, -1, 1.2)
	s := Simulation{Seed: 5, Runs: 2_000}
	theta, ok := d.Tilt()
	if !ok {
		t.Fatal("no tilt")
	}
	tilted, err := s.tilted(context.Background(), d, 3*nat, theta)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := s.plain(context.Background(), d, 3*nat)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(tilted.Mean-plain.Mean) > 4*math.Hypot(tilted.Error, plain.Error) {
		t.Errorf("tilted %v, plain %v", tilted, plain)
	}
}

// An honest party whose e-values have mean 1 at most lasts at least exp(line)
// samples on average (Lorden 1971), whatever their distribution is.
func TestHonestRunLengthIsAtLeastOneOverAlpha(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SliceOfN(rapid.Float64Range(0.05, 50), 2, 8).Draw(t, "e")
		line := uint64(rapid.Int64Range(nat/4, 12*nat).Draw(t, "line"))
		mean := 0.0
		for _, x := range e {
			mean += x / float64(len(e))
		}
		var h []Weighted
		for _, x := range e {
			h = append(h, Weighted{int32(math.Floor(nat * math.Log(x/mean))), 1})
		}
		d, err := New(h)
		if err != nil {
			t.Fatal(err)
		}
		if n, least := RunLength(d, line, 1./64), math.Exp(float64(line)/nat); n < 0.98*least {
			t.Fatalf("run length %v, but 1/alpha is %v (mean e-value %v)", n, least, d.MeanE())
		}
	})
}

func TestMoreCheatingIsCaughtSooner(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	honest := synthetic(rng, 1_000, -1, 0.5)
	rapid.Check(t, func(t *rapid.T) {
		cheat := synthetic(rng, 200, rapid.Float64Range(1, 10).Draw(t, "mean"), 1)
		last := Infinity
		for _, q := range []float64{0.01, 0.05, 0.2, 0.6, 1} {
			n := RunLength(cheat.Mix(q, honest), verdict.Line(1e9), 1./16)
			if n > last {
				t.Fatalf("%v samples at fraction %v, more than %v at less", n, q, last)
			}
			last = n
		}
		if last < 1 {
			t.Fatalf("a fault after %v samples", last)
		}
	})
}

func TestSimulationIsReproducible(t *testing.T) {
	d := synthetic(rand.New(rand.NewPCG(7, 7)), 100, 0.5, 1)
	s := Simulation{Seed: 8, Runs: 777, Steps: 1 << 30}
	a, err := s.RunLength(context.Background(), d, 9*nat, 10)
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.RunLength(context.Background(), d, 9*nat, 10)
	if err != nil || a != b {
		t.Errorf("%v, then %v (%v)", a, b, err)
	}
	s.Seed++
	if b, err = s.RunLength(context.Background(), d, 9*nat, 10); err != nil || a == b {
		t.Errorf("another seed gives the same %v (%v)", b, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.RunLength(ctx, d, 9*nat, 10); err == nil {
		t.Error("a cancelled simulation returns a result")
	}
}

func TestDistribution(t *testing.T) {
	h := Histogram([]int32{3 * nat, -nat, 3 * nat, 0})
	b, err := json.Marshal(h)
	if err != nil || string(b) != "[[-65536,1],[0,1],[196608,2]]" {
		t.Fatalf("%s %v", b, err)
	}
	var back []Weighted
	if err := json.Unmarshal(b, &back); err != nil || len(back) != 3 || back[2] != h[2] {
		t.Fatalf("%v %v", back, err)
	}
	for _, bad := range []string{`[[1]]`, `[[1,2,3]]`, `[[1,-1]]`, `[[4294967296,1]]`, `[1]`} {
		if json.Unmarshal([]byte(bad), &back) == nil {
			t.Errorf("%s is taken for a histogram", bad)
		}
	}
	d := dist(t, h...)
	near(t, "mean", d.Mean(), 1.25, 1e-12)
	near(t, "mean e", d.MeanE(), (math.Exp(-1)+1+2*math.Exp(3))/4, 1e-12)
	near(t, "mean of a mixture", d.Mix(0.25, dist(t, Weighted{-nat, 1})).Mean(), 0.25*1.25-0.75, 1e-12)
	if _, err := New([]Weighted{{nat, 0}}); err == nil {
		t.Error("a histogram of nothing is taken")
	}
}

func TestRunsCheck(t *testing.T) {
	good := Runs{Runs: []Run{{"honest", Provider, true, []Weighted{{0, 1}}}, {"int4", Provider, false, []Weighted{{nat, 1}}}}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(r *Run){
		"no honest run":   func(r *Run) { r.Honest = false },
		"unknown subject": func(r *Run) { r.Subject = "buyer" },
		"same name":       func(r *Run) { r.Name = "int4" },
		"no samples":      func(r *Run) { r.LogE = nil },
		"no name":         func(r *Run) { r.Name = "" },
	} {
		bad := Runs{Runs: []Run{good.Runs[0], good.Runs[1]}}
		spoil(&bad.Runs[0])
		if bad.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if (Runs{}).Check() == nil {
		t.Error("no runs are taken")
	}
}

// The figures of Zhang et al. (arXiv 2405.00295), section 4, for one validator: R = 1.2 C.
func TestRateNeeded(t *testing.T) {
	for _, c := range []struct {
		collusion, slash float64
		percent          string
	}{{0.1, 10, "9.92"}, {0.1, 100, "1.10"}, {0.1, 250, "0.44"}, {0.5, 10, "17.9"}, {0.5, 100, "1.98"}, {0.5, 250, "0.80"}} {
		terms := Terms{Detection: 1, Collusion: c.collusion, Validators: 1, Reward: 1.2, Slash: c.slash, Cost: 1, Saved: 1}
		_, decimals, _ := strings.Cut(c.percent, ".")
		if got := strconv.FormatFloat(100*terms.RateNeeded(), 'f', len(decimals), 64); got != c.percent {
			t.Errorf("r = %v, S = %vC: %s %%, want %s %%", c.collusion, c.slash, got, c.percent)
		}
	}
}

func TestInequalities(t *testing.T) {
	terms := Terms{Rate: 0.01, Detection: 0.9, FalsePositive: 1e-9, Collusion: 0.5, Validators: 3, Reward: 1.2, Slash: 200, Stake: 1000, Cost: 1, Saved: 0.8, JobRate: 10, Latency: 30}
	if err := terms.Check(); err != nil {
		t.Fatal(err)
	}
	in := terms.Inequalities()
	near(t, "loss", in[0].More, 0.01*0.9*0.875*201.2, 1e-12)
	near(t, "gain", in[0].Less, 0.8, 1e-12)
	near(t, "stake", in[1].More, 1000, 1e-12)
	near(t, "until caught", in[1].Less, 0.8*(1/(0.01*0.9*0.875)+300), 1e-12)
	near(t, "honest gain", in[2].More, 0.2, 1e-9)
	near(t, "honest loss", in[2].Less, 0.01*1e-9*201.2, 1e-12)
	for _, i := range in {
		if !i.Holds(0.1) {
			t.Errorf("%s: %v", i.Name, i)
		}
	}
	terms.Rate = terms.RateNeeded()
	if in := terms.Inequalities()[0]; in.Holds(0.001) || !in.Holds(-0.001) {
		t.Errorf("at the rate needed the gain is %v, the loss %v", in.Less, in.More)
	}
	terms.Rate = 0
	if in := terms.Inequalities(); in[0].Holds(0) || in[1].Holds(0) {
		t.Error("with no sampling, cheating does not pay")
	}
	for _, bad := range []func(*Terms){
		func(t *Terms) { t.Rate = 1.1 }, func(t *Terms) { t.Detection = math.NaN() }, func(t *Terms) { t.Slash = -1 },
		func(t *Terms) { t.Stake = Infinity }, func(t *Terms) { t.Validators = 0 },
	} {
		spoiled := terms
		if bad(&spoiled); spoiled.Check() == nil {
			t.Errorf("taken: %+v", spoiled)
		}
	}
}
