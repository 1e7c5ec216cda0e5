package verdict

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func rng(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "random"), 0))
}

func TestHonestPass(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), rapid.IntRange(8, 300).Draw(t, "n")
		out := honestOutput(r, n)
		members := []*posp.Evidence{out.recompute(r, honestNoise), out.recompute(r, honestNoise), out.recompute(r, honestNoise)}
		if rapid.Bool().Draw(t, "like machines") { // which agree to the bit
			members[1], members[2] = members[0], members[0]
		}
		j := Judge(p, sample(spec, n, out.claim(r, honestNoise), members...))
		if j.Verdict != posp.Pass || j.Class != posp.ClassNone || j.LogE > 0 {
			t.Fatalf("honest: %+v", j)
		}
		for _, o := range j.Operators {
			if !o.Done || !o.Scored || o.LogE > nats(5) { // now and then a little over 0, by chance
				t.Fatalf("honest operator: %+v", o)
			}
		}
	})
}

func TestHonestStandNearZeroForever(t *testing.T) {
	p := calibrated(t)
	r := rand.New(rand.NewPCG(8, 8))
	spec := testSpec(p)
	var provider, operator, highest uint64
	for range 10_000 {
		n := 4 + r.IntN(40)
		out := honestOutput(r, n)
		claim, a, b, c := out.claim(r, honestNoise), out.recompute(r, honestNoise), out.recompute(r, honestNoise), out.recompute(r, honestNoise)
		j := Judge(p, sample(spec, n, claim, a, b, c))
		provider = Advance(provider, j.LogE)
		operator = Advance(operator, j.Operators[0].LogE)
		highest = max(highest, provider, operator)
	}
	if highest > Line(1000) {
		t.Fatalf("an honest standing reached %.2f nats", float64(highest)/Nat)
	}
}

// cheats are what providers do, and the class that must come out.
var cheats = []struct {
	name  string
	class posp.Class
	make  func(r *rand.Rand, n int) (claim *posp.Evidence, seen truth)
}{
	{"small model", posp.WrongModel, func(r *rand.Rand, n int) (*posp.Evidence, truth) {
		seen := forgedOutput(r, n)
		own := truth{make([]float64, n), make([]float64, n)} // the small model believes in what it writes
		for i := range n {
			own.logProb[i] = min(seen.logProb[i]+r.NormFloat64()*0.6, 0)
		}
		return own.claim(r, honestNoise), seen
	}},
	{"int4", posp.WrongPrecision, func(r *rand.Rand, n int) (*posp.Evidence, truth) {
		seen := honestOutput(r, n)
		for i := range n {
			if r.Float64() < 0.05 {
				seen.margin[i] = 0.05 * r.ExpFloat64()
			}
		}
		return seen.claim(r, 6e-2), seen
	}},
	{"forger", posp.ForgedChoice, func(r *rand.Rand, n int) (*posp.Evidence, truth) {
		seen := forgedOutput(r, n)
		return seen.claim(r, honestNoise), seen
	}},
}

func TestCheatsFailInTheirClass(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	for _, c := range cheats {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				r, n := rng(t), rapid.IntRange(128, 256).Draw(t, "n") // long enough that chance decides nothing
				claim, seen := c.make(r, n)
				members := []*posp.Evidence{seen.recompute(r, honestNoise), seen.recompute(r, honestNoise), seen.recompute(r, honestNoise)}
				if rapid.Bool().Draw(t, "one lies for the provider") {
					lie := &posp.Evidence{Kind: posp.EvidenceFull, LogProb: claim.LogProb, Margin: make([]int32, n)}
					members[rapid.IntRange(0, 2).Draw(t, "liar")] = lie
				}
				j := Judge(p, sample(spec, n, claim, members...))
				if j.Verdict != posp.Fail || j.Class != c.class {
					t.Fatalf("%v %v, logE %.2f", j.Verdict, j.Class, float64(j.LogE)/Nat)
				}
			})
		})
	}
}

func TestOneLiarCannotHarmTheHonest(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), rapid.IntRange(32, 200).Draw(t, "n")
		out := honestOutput(r, n)
		members := make([]*posp.Evidence, rapid.IntRange(2, 5).Draw(t, "committee"))
		for i := range members {
			members[i] = out.recompute(r, honestNoise)
		}
		liar := rapid.IntRange(0, len(members)-1).Draw(t, "liar")
		members[liar] = rapid.SampledFrom([]*posp.Evidence{
			invented(r, n), forgedOutput(r, n).recompute(r, honestNoise), {Kind: posp.EvidenceFull, LogProb: slices.Repeat([]int32{-posp.Nat / 100}, n), Margin: make([]int32, n)},
		}).Draw(t, "lie")
		claim := out.claim(r, honestNoise)
		worst := int32(0) // that an honest member finds: now and then more, by chance
		for i, e := range members {
			if i != liar {
				worst = max(worst, Judge(p, sample(spec, n, claim, e)).LogE)
			}
		}
		j := Judge(p, sample(spec, n, claim, members...))
		want := posp.Pass
		if len(members) == 2 || worst > p.PassAt {
			want = posp.Inconclusive // of two that differ nobody can say who lies
		}
		if j.LogE > worst || j.Verdict != want && !(worst > p.PassAt && j.Verdict == posp.Pass) {
			t.Fatalf("%v %v, logE %d, an honest member finds %d", j.Verdict, j.Class, j.LogE, worst)
		}
		if j.Verdict != posp.Pass && len(members) > 2 {
			return // operators are scored on samples that pass
		}
		for i, o := range j.Operators {
			switch {
			case o.Scored != (len(members) >= 3):
				t.Fatalf("operator %d of %d: scored %v", i, len(members), o.Scored)
			case o.Scored && i == liar && o.LogE < p.FailAt:
				t.Fatalf("the liar's evidence is worth %d", o.LogE)
			case o.Scored && i != liar && o.LogE > nats(5): // now and then a little over 0, by chance
				t.Fatalf("honest operator %d: logE %d", i, o.LogE)
			}
		}
	})
}

func TestLogEIsTheDiscountedLowerMedian(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), 12
		out := honestOutput(r, n)
		claim := out.claim(r, honestNoise)
		var members []*posp.Evidence
		var raws []int64
		for range rapid.IntRange(2, 5).Draw(t, "committee") {
			members = append(members, out.recompute(r, 1e-2*r.Float64())) // all over the scale
			raws = append(raws, p.compare(claim, members[len(members)-1]).LogE)
		}
		slices.Sort(raws)
		want := []int64{0, 0, 1, 1, 2}[len(raws)-1]
		logE := p.mix(raws[want] - discount(int(want)))
		if j := Judge(p, sample(spec, n, claim, members...)); j.LogE != logE && !(j.LogE == 0 && p.mix(raws[1]-discount(int(want))) > p.PassAt) {
			t.Fatalf("logE %d, want %d", j.LogE, logE)
		}
	})
}

func TestClass(t *testing.T) {
	p := calibrated(t)
	near, far := p.WrongModel-1, p.WrongModel
	fail := int64(p.FailAt)
	for _, c := range []struct {
		Comparison
		want posp.Class
	}{
		{Comparison{Model: 0, Choice: fail, Distance: near}, posp.ForgedChoice},
		{Comparison{Model: fail - 1, Choice: fail, Distance: far}, posp.ForgedChoice},
		{Comparison{Model: fail, Choice: 2 * fail, Distance: far}, posp.WrongModel},
		{Comparison{Model: fail, Choice: 2 * fail, Distance: near}, posp.WrongPrecision},
		{Comparison{Model: fail, Choice: -fail, Distance: far}, posp.WrongModel},
	} {
		if got := p.class(c.Comparison); got != c.want {
			t.Errorf("%+v: %v, want %v", c.Comparison, got, c.want)
		}
	}
}

// TestScoreByHand pins the score on a policy that fits on a page.
func TestScoreByHand(t *testing.T) {
	q := Question{Classes: []int32{50}, Edges: []int32{10, 100}, LogE: [][]int32{{-Nat, 0, 3 * Nat, -2 * Nat, 0, Nat}, {0, 0, 0, 0, 0, 0}}}
	for x, bin := range map[int32]int{0: 0, 9: 0, 10: 1, 99: 1, 100: 2, 1 << 30: 2} {
		if got := newFinder(q.Edges).bin(x); got != bin {
			t.Errorf("%d is in bin %d, want %d", x, got, bin)
		}
	}
	a, b := []int32{0, -5, -200, -300}, []int32{-1, 0, -49, -400} // distances 1, 5, 151, 100; the last one's class is 1
	want := math.Log((math.Exp(-1-1+3+1) + 1) / 2)                // the mean with the table of zeros
	if got := float64(q.logE(distances(a, b), b)) / Nat; math.Abs(got-want) > 4.0/Nat {
		t.Errorf("logE %.5f, want %.5f", got, want)
	}
	p := Policy{Model: q, Choice: q, LambdaPpm: 500_000, Cap: 3 * Nat}
	if got := p.mix(-maxLogE); got != -45427 && got != -45426 { // ln(1/2)
		t.Errorf("the least logE is %d", got)
	}
	if got := p.mix(30 * Nat); got != p.Cap {
		t.Errorf("the greatest logE is %d", got)
	}
}

// Rationale: the finders take three ways, by the edges; a bin is one number.
func TestBinsAreTheNumberOfEdgesAtOrBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		edges := rapid.OneOf(
			rapid.Map(rapid.IntRange(0, 31), func(n int) []int32 { return octaves()[:n] }),
			rapid.SliceOfNDistinct(rapid.Int32Range(1, math.MaxInt32), 0, 40, rapid.ID),
			rapid.SliceOfNDistinct(rapid.Int32Range(1, posp.Unit-1), 0, 40, rapid.ID),
		).Draw(t, "edges")
		slices.Sort(edges)
		x := rapid.Int32Range(0, math.MaxInt32).Draw(t, "x")
		if len(edges) > 0 && rapid.Bool().Draw(t, "near an edge") {
			x = max(0, min(rapid.SampledFrom(edges).Draw(t, "edge"), math.MaxInt32-1)+rapid.Int32Range(-1, 1).Draw(t, "by"))
		}
		want := 0
		for _, edge := range edges {
			if edge <= x {
				want++
			}
		}
		if got := newFinder(edges).bin(x); got != want {
			t.Fatalf("bin %d, want %d", got, want)
		}
		if len(edges) == 0 || edges[len(edges)-1] < posp.Unit && x <= posp.Unit {
			if got := newUnitFinder(edges).bin(min(x, posp.Unit)); x <= posp.Unit && got != want {
				t.Fatalf("of [0, 1]: bin %d, want %d", got, want)
			}
		}
	})
}

// TestIntervalsByHand pins the mean of a density over intervals.
func TestIntervalsByHand(t *testing.T) {
	const half, one = posp.Unit / 2, 1 << 16
	q := Intervals{Edges: []int32{half}, E: [][]uint32{{one / 2, 3 * one / 2, 4 * one}}}
	for x, bin := range map[int32]int{0: 0, half - 1: 0, half: 1, posp.Unit - 1: 1, posp.Unit: 1} {
		if got := newUnitFinder(q.Edges).bin(x); got != bin {
			t.Errorf("%d is in bin %d, want %d", x, got, bin)
		}
	}
	for _, c := range []struct {
		below, mass int32
		want        float64
	}{
		{0, posp.Unit, 1}, // a sure token says nothing
		{0, half, 0.5}, {half, half, 1.5}, {half / 2, half, 1}, {0, half + half/2, 2.5 / 3},
		{half - 1, 0, 0.5}, {half, 0, 1.5}, // too rare for a mass
		{posp.Unit, 0, 4}, // never drawn
		{0, 1, 0.5}, {posp.Unit - 1, 1, 1.5},
	} {
		got := math.Exp(float64(q.logE([]int32{c.below}, []int32{c.mass})) / Nat)
		if got > c.want || got < c.want*(1-4e-5) {
			t.Errorf("[%d, +%d): %.6f, want %.6f and not above", c.below, c.mass, got, c.want)
		}
	}
	// The product over positions, far beyond what a float holds.
	n := posp.MaxPositions
	from, mass := make([]int32, n), make([]int32, n)
	for i := range from {
		from[i], mass[i] = int32(i%2)*half, half
	}
	if got := q.logEs(from, mass)[0]; got != -maxLogE {
		t.Errorf("%d positions come to %d", n, got)
	}
	if got, want := float64(q.logEs(from[:64], mass[:64])[0])/Nat, 32*math.Log(0.75); math.Abs(got-want) > 1e-3 {
		t.Errorf("64 positions come to %.5f, want %.5f", got, want)
	}
}

func TestAvailability(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(2, 2))
	const n = 64
	out := honestOutput(r, n)
	claim := out.claim(r, honestNoise)
	full := func() *posp.Evidence { return out.recompute(r, honestNoise) }
	none := &posp.Evidence{Kind: posp.EvidenceNone}
	for _, c := range []struct {
		name     string
		opening  bool
		provider bool
		members  []*posp.Evidence
		want     posp.Verdict
		done     []bool // the duty of each member
	}{
		{"all there", true, true, []*posp.Evidence{full(), full(), full()}, posp.Pass, []bool{true, true, true}},
		{"not opened to anybody", false, false, []*posp.Evidence{none, none, none}, posp.Unavailable, []bool{true, true, true}},
		{"not opened, one invents", false, false, []*posp.Evidence{none, none, full()}, posp.Unavailable, []bool{true, true, false}},
		{"evidence part withheld", true, false, []*posp.Evidence{full(), full(), full()}, posp.Unavailable, []bool{true, true, true}},
		{"opened to one of three", true, true, []*posp.Evidence{full(), none, none}, posp.Unavailable, []bool{true, true, true}},
		{"one says it was not", true, true, []*posp.Evidence{full(), full(), none}, posp.Pass, []bool{true, true, false}},
		{"half say so", true, true, []*posp.Evidence{full(), none}, posp.Inconclusive, []bool{true, false}},
		{"nobody revealed", false, false, []*posp.Evidence{nil, nil, nil}, posp.Inconclusive, []bool{false, false, false}},
		{"one alone says so", false, false, []*posp.Evidence{none, nil, nil}, posp.Inconclusive, []bool{false, false, false}},
		{"one alone", true, true, []*posp.Evidence{full(), nil, nil}, posp.Inconclusive, []bool{true, false, false}},
		{"two of three", true, true, []*posp.Evidence{full(), nil, full()}, posp.Pass, []bool{true, false, true}},
		{"committee of one", true, true, []*posp.Evidence{full()}, posp.Pass, []bool{true}},
		{"committee of one, not opened", false, false, []*posp.Evidence{none}, posp.Unavailable, []bool{true}},
		{"no committee", true, true, nil, posp.Inconclusive, nil},
		{"wrong length is no evidence", true, true, []*posp.Evidence{full(), {Kind: posp.EvidenceFull, LogProb: make([]int32, 3), Margin: make([]int32, 3)}, nil},
			posp.Inconclusive, []bool{true, false, false}},
		{"a provider's kind is no operator's", true, true, []*posp.Evidence{full(), claim, claim}, posp.Inconclusive, []bool{true, false, false}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := Sample{Spec: spec, Committee: committee(c.members...)}
			if c.opening {
				s.Opening = opening(spec, n)
			}
			if c.provider {
				s.Provider = claim
			}
			j := Judge(p, s)
			if j.Verdict != c.want || (j.Class == posp.Withheld) != (c.want == posp.Unavailable) {
				t.Fatalf("%v %v, want %v", j.Verdict, j.Class, c.want)
			}
			if c.want != posp.Pass && j.LogE != 0 {
				t.Errorf("logE %d", j.LogE)
			}
			for i, o := range j.Operators {
				if o.Done != c.done[i] {
					t.Errorf("member %d: done %v, want %v", i, o.Done, c.done[i])
				}
				if scored := c.name == "all there"; o.Scored != scored {
					t.Errorf("member %d: scored %v, want %v", i, o.Scored, scored)
				}
			}
		})
	}
}

func TestWhatIsNotCalibratedIsInconclusive(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	spec.EngineClass = "another"
	r := rand.New(rand.NewPCG(3, 3))
	claim, seen := cheats[0].make(r, 64)
	e := seen.recompute(r, honestNoise)
	if j := Judge(p, sample(spec, 64, claim, e, e, e)); j.Verdict != posp.Inconclusive || j.LogE != 0 {
		t.Fatalf("another engine class: %+v", j)
	}
	s := sample(testSpec(p), 64, claim, e, e, e)
	if j := Judge(nil, s); j.Verdict != posp.Inconclusive || j.LogE != 0 {
		t.Fatalf("unknown spec: %+v", j)
	}
}

// unseededSample is one whose answer was drawn by the server's own randomness.
func unseededSample(spec posp.ModelSpec, n int, provider *posp.Evidence, members ...*posp.Evidence) Sample {
	spec.SamplingRule = posp.RuleUnseeded
	s := sample(spec, n, provider, members...)
	s.Opening.Request.Sampling = posp.Sampling{Rule: posp.Unseeded, TemperatureMicro: 700_000, TopPMicro: 1_000_000, MaxTokens: uint32(n)}
	seal(s.Opening)
	return s
}

func TestUnseededAnswers(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), rapid.IntRange(400, 500).Draw(t, "n")
		heat := rapid.SampledFrom([]float64{1, 0.5, 3}).Draw(t, "heat")
		d := draw(r, n, heat)
		e := []*posp.Evidence{d.recompute(r, honestNoise), d.recompute(r, honestNoise), d.recompute(r, honestNoise)}
		j := Judge(p, unseededSample(spec, n, d.claim(r, honestNoise), e...))
		switch {
		case heat == 1 && (j.Verdict != posp.Pass || j.LogE > 0):
			t.Fatalf("honest: %+v", j)
		case heat != 1 && (j.Verdict != posp.Fail || j.Class != posp.ForgedChoice):
			t.Fatalf("heat %v: %+v", heat, j)
		}
		for i, o := range j.Operators {
			if !o.Done || heat == 1 && (!o.Scored || o.LogE > 0) {
				t.Fatalf("operator %d: %+v", i, o)
			}
		}
	})
}

// Rationale: the two kinds answer two questions, and whoever sends the other one
// would be judged by a question that its evidence does not answer.
func TestEvidenceOfTheOtherKindIsNone(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(15, 15))
	const n = 64
	out, d := honestOutput(r, n), draw(r, n, 1)
	full, intervals := out.recompute(r, honestNoise), d.recompute(r, honestNoise)
	for name, s := range map[string]Sample{
		"intervals of a greedy answer":  sample(spec, n, out.claim(r, honestNoise), intervals, intervals, intervals),
		"margins of an unseeded answer": unseededSample(spec, n, d.claim(r, honestNoise), full, full, full),
	} {
		j := Judge(p, s)
		if j.Verdict != posp.Inconclusive || j.LogE != 0 || j.Operators[0].Done {
			t.Errorf("%s: %+v", name, j)
		}
	}
	silent := *p
	silent.Interval = Intervals{}
	if j := Judge(&silent, unseededSample(spec, n, d.claim(r, honestNoise), intervals, intervals, intervals)); j.Verdict != posp.Inconclusive || j.LogE != 0 || !j.Operators[0].Done {
		t.Errorf("a policy that asks nothing of unseeded answers: %+v", j)
	}
}

func TestShortAnswersAreNoPlaceToCheat(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(4, 4))
	n := int(p.MinPositions) - 1
	out := honestOutput(r, n)
	e := out.recompute(r, honestNoise)
	if j := Judge(p, sample(spec, n, out.claim(r, honestNoise), e, e)); j.Verdict != posp.Inconclusive || j.LogE > 0 {
		t.Fatalf("short and honest: %+v", j)
	}
	claim, seen := cheats[0].make(r, n)
	e = seen.recompute(r, honestNoise)
	if j := Judge(p, sample(spec, n, claim, e, e)); j.LogE <= 0 {
		t.Fatalf("short and forged: %+v", j)
	}
}

func TestStructure(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	const n = 20
	for _, c := range []struct {
		name   string
		change func(o *posp.Opening)
		want   posp.Class
	}{
		{"well-formed", func(o *posp.Opening) {}, posp.ClassNone},
		{"stops at EOS", func(o *posp.Opening) { o.Output.Finish, o.Output.Tokens[n-1] = posp.FinishStop, spec.EOS }, posp.ClassNone},
		{"stops at EOS early", func(o *posp.Opening) {
			o.Output.Finish, o.Output.Tokens = posp.FinishStop, []uint32{4, spec.EOS}
		}, posp.ClassNone},
		{"EOS as the last there is room for", func(o *posp.Opening) { o.Output.Tokens[n-1] = spec.EOS }, posp.ClassNone},
		{"fills the context", func(o *posp.Opening) {
			o.Request.Tokens, o.Request.Sampling.MaxTokens = make([]uint32, int(spec.ContextLimit)-n), 4096
		}, posp.ClassNone},
		{"stops without EOS", func(o *posp.Opening) { o.Output.Finish = posp.FinishStop }, posp.Truncated},
		{"goes on after EOS", func(o *posp.Opening) {
			o.Output.Finish, o.Output.Tokens[3], o.Output.Tokens[n-1] = posp.FinishStop, spec.EOS, spec.EOS
		}, posp.Truncated},
		{"goes on after EOS to the length", func(o *posp.Opening) { o.Output.Tokens[3] = spec.EOS }, posp.Truncated},
		{"cut short", func(o *posp.Opening) { o.Output.Tokens = o.Output.Tokens[:n-1] }, posp.Truncated},
		{"empty", func(o *posp.Opening) { o.Output.Tokens = nil }, posp.Truncated},
		{"empty stop", func(o *posp.Opening) { o.Output.Finish, o.Output.Tokens = posp.FinishStop, nil }, posp.Truncated},
		{"longer than asked for", func(o *posp.Opening) { o.Request.Sampling.MaxTokens = n - 1 }, posp.WrongTokenCount},
		{"unknown finish", func(o *posp.Opening) { o.Output.Finish = 3 }, posp.Malformed},
		{"output beyond the vocabulary", func(o *posp.Opening) { o.Output.Tokens[1] = spec.VocabSize }, posp.Malformed},
		{"prompt beyond the vocabulary", func(o *posp.Opening) { o.Request.Tokens[1] = spec.VocabSize }, posp.Malformed},
		{"no prompt", func(o *posp.Opening) { o.Request.Tokens = nil }, posp.Malformed},
		{"beyond the context", func(o *posp.Opening) { o.Request.Tokens = make([]uint32, int(spec.ContextLimit)-n+1) }, posp.Malformed},
		{"no rule", func(o *posp.Opening) { o.Request.Sampling.Rule = 9 }, posp.Malformed},
		{"greedy with a seed", func(o *posp.Opening) { o.Request.Sampling.Seed = posp.Hash{1} }, posp.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := opening(spec, n)
			c.change(o)
			seal(o)
			if got := CheckOpening(spec, *o); got != c.want {
				t.Fatalf("class %v, want %v", got, c.want)
			}
			// It needs no evidence, and nobody's word stands against it.
			none := &posp.Evidence{Kind: posp.EvidenceNone}
			j := Judge(p, Sample{Spec: spec, Opening: o, Committee: committee(none, none, nil)})
			if c.want != posp.ClassNone && (j.Verdict != posp.Fail || j.Class != c.want || j.LogE != p.Cap) {
				t.Fatalf("judged %+v", j)
			}
		})
	}
	for name, change := range map[string]func(o *posp.Opening){
		"prompt tokens": func(o *posp.Opening) { o.Receipt.PromptTokens++ }, "output tokens": func(o *posp.Opening) { o.Receipt.OutputTokens-- },
	} {
		o := opening(spec, n)
		change(o)
		if got := CheckOpening(spec, *o); got != posp.WrongTokenCount {
			t.Errorf("%s: class %v", name, got)
		}
	}
	// What is withheld is in order, however long the receipt says that it is: a file
	// may claim 2^32 tokens, and none are made for it.
	for _, c := range []struct {
		name   string
		change func(spec *posp.ModelSpec, o *posp.Opening)
		want   posp.Class
	}{
		{"request", func(_ *posp.ModelSpec, o *posp.Opening) { o.Request.Tokens = nil }, posp.ClassNone},
		{"output", func(_ *posp.ModelSpec, o *posp.Opening) { o.Output.Tokens = nil }, posp.ClassNone},
		{"output that stops", func(_ *posp.ModelSpec, o *posp.Opening) { o.Output.Tokens, o.Output.Finish = nil, posp.FinishStop }, posp.ClassNone},
		{"both, long", func(s *posp.ModelSpec, o *posp.Opening) {
			s.ContextLimit, o.Receipt.PromptTokens = math.MaxUint32, 3<<20
			o.Request.Tokens, o.Output.Tokens = nil, nil
		}, posp.ClassNone},
		{"both, and a long context full", func(s *posp.ModelSpec, o *posp.Opening) {
			s.ContextLimit, o.Receipt.PromptTokens = 3<<20+n, 3<<20
			o.Request.Tokens, o.Output.Tokens, o.Request.Sampling.MaxTokens = nil, nil, 4096
		}, posp.ClassNone},
		{"both, beyond a long context", func(s *posp.ModelSpec, o *posp.Opening) {
			s.ContextLimit, o.Receipt.PromptTokens = 3<<20+n-1, 3<<20
			o.Request.Tokens, o.Output.Tokens = nil, nil
		}, posp.Malformed},
		{"both, as long as can be claimed", func(s *posp.ModelSpec, o *posp.Opening) {
			s.ContextLimit, o.Receipt.PromptTokens, o.Receipt.OutputTokens = math.MaxUint32, math.MaxUint32, math.MaxUint32
			o.Request.Tokens, o.Output.Tokens = nil, nil
		}, posp.Malformed},
		{"request beyond the context", func(s *posp.ModelSpec, o *posp.Opening) {
			o.Receipt.PromptTokens, o.Request.Tokens = s.ContextLimit, nil
		}, posp.Malformed},
		{"request, and the output goes on after EOS", func(s *posp.ModelSpec, o *posp.Opening) { o.Request.Tokens, o.Output.Tokens[3] = nil, s.EOS }, posp.Truncated},
		{"output, longer than asked for", func(_ *posp.ModelSpec, o *posp.Opening) { o.Output.Tokens, o.Request.Sampling.MaxTokens = nil, 1 }, posp.WrongTokenCount},
		{"output of another length than there was room for", func(_ *posp.ModelSpec, o *posp.Opening) { o.Output.Tokens = nil; o.Receipt.OutputTokens-- }, posp.Truncated},
	} {
		s, o := spec, opening(spec, n)
		o.Withheld = true
		c.change(&s, o)
		o.Receipt.SpecID = s.ID()
		if got := CheckOpening(s, *o); got != c.want {
			t.Errorf("withheld %s: class %v, want %v", c.name, got, c.want)
		}
	}
	// A private spec's parts carry one trace seed, a public one's none.
	private := spec
	private.ReferenceVersion = posp.HiddenReference + strings.Repeat("0a", 32)
	for _, c := range []struct {
		name            string
		spec            posp.ModelSpec
		request, output posp.Hash
		want            posp.Class
	}{
		{"private", private, posp.Hash{31: 9}, posp.Hash{31: 9}, posp.ClassNone},
		{"private without a seed", private, posp.Hash{}, posp.Hash{}, posp.Malformed},
		{"private with two seeds", private, posp.Hash{31: 9}, posp.Hash{31: 8}, posp.Malformed},
		{"private with a seed of the request alone", private, posp.Hash{31: 9}, posp.Hash{}, posp.Malformed},
		{"private with a seed of the output alone", private, posp.Hash{}, posp.Hash{31: 9}, posp.Malformed},
		{"public with a seed", spec, posp.Hash{31: 9}, posp.Hash{31: 9}, posp.Malformed},
		{"public with a seed of the request alone", spec, posp.Hash{31: 9}, posp.Hash{}, posp.Malformed},
	} {
		o := opening(c.spec, n)
		o.Request.TraceSeed, o.Output.TraceSeed = c.request, c.output
		seal(o)
		if got := CheckOpening(c.spec, *o); got != c.want || o.Matches() != nil {
			t.Errorf("%s: class %v, want %v (%v)", c.name, got, c.want, o.Matches())
		}
	}
	o := opening(spec, n)
	o.Receipt.SpecID = posp.Hash{}
	if got := CheckOpening(spec, *o); got != posp.Malformed {
		t.Errorf("another spec: class %v", got)
	}
	r := rand.New(rand.NewPCG(5, 5))
	e := honestOutput(r, n).recompute(r, honestNoise)
	for name, provider := range map[string]*posp.Evidence{
		"shorter": honestOutput(r, n-1).claim(r, honestNoise), "none": {Kind: posp.EvidenceNone},
	} {
		if j := Judge(p, sample(spec, n, provider, e, e, e)); j.Verdict != posp.Fail || j.Class != posp.Malformed {
			t.Errorf("provider's evidence %s: %+v", name, j)
		}
	}
}

func TestJudgeDoesNotDependOnTheOrderOfTheCommittee(t *testing.T) {
	p := calibrated(t)
	spec := testSpec(p)
	rapid.Check(t, func(t *rapid.T) {
		r, n := rng(t), 40
		out := honestOutput(r, n)
		var members []*posp.Evidence
		for range rapid.IntRange(1, 5).Draw(t, "committee") {
			members = append(members, rapid.SampledFrom([]*posp.Evidence{nil, {Kind: posp.EvidenceNone}, out.recompute(r, honestNoise), invented(r, n)}).Draw(t, "member"))
		}
		claim := out.claim(r, 10*honestNoise)
		a := Judge(p, sample(spec, n, claim, members...))
		shuffled := rapid.Permutation(members).Draw(t, "order")
		b := Judge(p, sample(spec, n, claim, shuffled...))
		if a.Verdict != b.Verdict || a.LogE != b.LogE || a.Class != b.Class {
			t.Fatalf("%+v, shuffled %+v", a, b)
		}
	})
}

// FuzzJudge takes any decodable evidence; it must judge, within the bounds.
func FuzzJudge(f *testing.F) {
	p := calibrated(f)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(6, 6))
	e := honestOutput(r, 8).recompute(r, honestNoise).Encode()
	f.Add(e, e, e, e)
	f.Add([]byte{1, 0, 0, 0, 0, 0}, e, []byte{}, []byte{1, 1, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, provider, a, b, c []byte) {
		decode := func(raw []byte) *posp.Evidence {
			if e, err := posp.DecodeEvidence(raw); err == nil {
				return &e
			}
			return nil
		}
		for _, o := range []*posp.Opening{nil, opening(spec, 8)} {
			j := Judge(p, Sample{Spec: spec, Opening: o, Provider: decode(provider), Committee: committee(decode(a), decode(b), decode(c))})
			if j.LogE > p.Cap || j.LogE < -int32(Nat) || j.Verdict == posp.Unsampled || j.Verdict > posp.Unavailable {
				t.Fatalf("%+v", j)
			}
			if j.Verdict == posp.Fail != (j.LogE >= p.FailAt) {
				t.Fatalf("%v with logE %d", j.Verdict, j.LogE)
			}
		}
	})
}

// BenchmarkJudge is 1,000 samples of 256 tokens with committees of three.
// cpu is the processor time of this process, in milliseconds: others may share the
// machine.
func cpu() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return float64(u.Utime.Nano()) / 1e6
}

// BenchmarkJudge judges 1,000 samples of 256 tokens by a calibrated policy, with
// committees of three whose evidence differs.
func BenchmarkJudge(b *testing.B) {
	p := calibrated(b)
	spec := testSpec(p)
	r := rand.New(rand.NewPCG(1, 2))
	const n, samples = 256, 1000
	greedy, unseeded := make([]Sample, samples), make([]Sample, samples)
	for i := range samples {
		out, d := honestOutput(r, n), draw(r, n, 1)
		greedy[i] = sample(spec, n, out.claim(r, honestNoise), out.recompute(r, honestNoise), out.recompute(r, honestNoise), out.recompute(r, honestNoise))
		unseeded[i] = unseededSample(spec, n, d.claim(r, honestNoise), d.recompute(r, honestNoise), d.recompute(r, honestNoise), d.recompute(r, honestNoise))
	}
	for name, list := range map[string][]Sample{"greedy": greedy, "unseeded": unseeded} {
		b.Run(name, func(b *testing.B) {
			begin := cpu()
			for b.Loop() {
				for _, s := range list {
					if j := Judge(p, s); j.Verdict == posp.Fail {
						b.Fatal(j)
					}
				}
			}
			b.ReportMetric((cpu()-begin)/float64(b.N), "cpu-ms")
		})
	}
}
