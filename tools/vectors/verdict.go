package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// verdictVectors holds points of exp and ln, policies, comparisons of evidence
// under them, and whole samples with what they are judged to be.
func verdictVectors() (any, error) {
	exps, lns := []object{}, []object{}
	for _, x := range []int64{0, 1, 2, 3, 65535, 65536, 65537, 1 << 20, 0x155555, 28*verdict.Nat - 1, 28 * verdict.Nat, 80 * verdict.Nat, 123456, 1000003} {
		exps = append(exps, object{"x": x, "y": fmt.Sprint(verdict.Exp(x))})
	}
	for _, y := range []uint64{1, 2, 3, 1 << 39, 1<<40 - 1, 1 << 40, 1<<40 + 1, 3 << 40, 1<<41 - 1, 1 << 63, math.MaxUint64, 1000000000, 7777777777777} {
		lns = append(lns, object{"y": fmt.Sprint(y), "x": verdict.Ln(y)})
	}
	policies := []object{}
	for i, p := range verdictPolicies() {
		if err := p.Check(); err != nil {
			return nil, fmt.Errorf("policy %d: %w", i, err)
		}
		policies = append(policies, object{"encoding": hexutil.Bytes(p.Encode()), "id": p.ID(), "policy": p})
	}
	comparisons, err := comparisonVectors()
	if err != nil {
		return nil, err
	}
	samples := sampleVectors()
	return object{
		"exp":         object{"length": len(exps), "cases": exps},
		"ln":          object{"length": len(lns), "cases": lns},
		"policies":    object{"length": len(policies), "cases": policies},
		"comparisons": object{"length": len(comparisons), "cases": comparisons},
		"samples":     object{"length": len(samples), "cases": samples},
	}, nil
}

// verdictPolicies: one with a table of each question that can be computed by
// hand; one of many tables, with entries that nobody calibrated; the second one with
// each choice of tokens asked about by one question alone.
func verdictPolicies() []verdict.Policy {
	const n, one = verdict.Nat, 1 << 16
	engines := verdict.Calibration{Pairs: []verdict.EnginePair{{Claimed: "engine", Recomputed: "engine"}, {Claimed: "engine", Recomputed: "other"}},
		Samples: 1000, Positions: 1 << 33, ConfidencePpm: 999_000}
	small := verdict.Policy{
		Model:     verdict.Question{Edges: []int32{1 << 10, 1 << 20}, LogE: [][]int32{{-n / 4, n / 8, 2 * n}}},
		Choice:    verdict.Question{Edges: []int32{1}, LogE: [][]int32{{-n / 8, 3 * n}}},
		Interval:  verdict.Intervals{Edges: []int32{posp.Unit / 2}, E: [][]uint32{{one / 2, 3 * one / 2, 9 * one}}},
		LambdaPpm: 500_000, Cap: 24 * n, MinPositions: 8, PassAt: 0, FailAt: 13 * n, WrongModel: posp.Nat / 4, Calibration: engines,
	}
	rng := rand.New(rand.NewPCG(31, 7))
	table := func(entries int) (t []int32) {
		for i := range entries {
			t = append(t, int32(i%32-12)*n/16+rng.Int32N(n/4)) // from -0.75 nats upwards, roughly
		}
		return t
	}
	var octaves []int32
	for i := range 31 {
		octaves = append(octaves, 1<<i)
	}
	big := small
	big.Model = verdict.Question{Classes: []int32{posp.Nat / 100, posp.Nat, 5 * posp.Nat}, Edges: octaves}
	big.Choice = verdict.Question{Classes: []int32{posp.Nat}, Edges: octaves}
	big.Margin = verdict.Question{Edges: octaves}
	big.Interval = verdict.Intervals{Edges: []int32{1, 3, posp.Unit / 16, posp.Unit / 2, posp.Unit / 4 * 3, posp.Unit - 1<<20, posp.Unit - 1}}
	for range 7 {
		big.Model.LogE = append(big.Model.LogE, table(4*32))
		big.Choice.LogE = append(big.Choice.LogE, table(2*32))
		big.Margin.LogE = append(big.Margin.LogE, table(32))
	}
	for range 5 {
		var e []uint32
		for range 9 {
			e = append(e, 1+rng.Uint32N(2*one))
		}
		big.Interval.E = append(big.Interval.E, e)
	}
	big.Interval.E = append(big.Interval.E, []uint32{1, math.MaxUint32, 1, math.MaxUint32, 1, math.MaxUint32, 1, math.MaxUint32, 1})
	big.LambdaPpm, big.Cap, big.PassAt, big.FailAt, big.WrongModel = 123_456, 40*n, -n/2, 20*n, 1
	seeded, unseeded := big, big
	seeded.Interval = verdict.Intervals{}
	unseeded.Choice, unseeded.Margin = verdict.Question{}, verdict.Question{}
	return []verdict.Policy{small, big, seeded, unseeded}
}

// evidence makes pseudo-random evidence.
type evidence struct{ *rand.Rand }

func (r evidence) logProbs(n int) posp.Evidence {
	e := posp.Evidence{Kind: posp.EvidenceLogProbs}
	for range n {
		e.LogProb = append(e.LogProb, -posp.ToFixed(1.5*r.ExpFloat64()))
	}
	return e
}

// near is a recomputation of e, of that kind, by noise in nats; share of the
// positions are another's choices.
func (r evidence) near(e posp.Evidence, kind posp.EvidenceKind, noise, share float64) posp.Evidence {
	out := posp.Evidence{Kind: kind}
	for _, x := range e.LogProb {
		x = max(min(x+posp.ToFixed(noise*r.NormFloat64()), 0), -127*posp.Nat)
		out.LogProb = append(out.LogProb, x)
		other := r.Float64() < share
		switch kind {
		case posp.EvidenceFull:
			m := int32(0)
			if other {
				m = posp.ToFixed(r.ExpFloat64())
			}
			out.Margin = append(out.Margin, m)
		case posp.EvidenceIntervals:
			mass := posp.ToUnit(math.Exp(float64(x) / posp.Nat))
			below := r.Int32N(posp.Unit - mass + 1)
			if other {
				below, mass = posp.Unit-1000, r.Int32N(1000)
			}
			out.Below, out.Mass = append(out.Below, below), append(out.Mass, mass)
		}
	}
	return out
}

func full(logProb, margin []int32) posp.Evidence {
	return posp.Evidence{Kind: posp.EvidenceFull, LogProb: logProb, Margin: margin}
}

func intervals(logProb, below, mass []int32) posp.Evidence {
	return posp.Evidence{Kind: posp.EvidenceIntervals, LogProb: logProb, Below: below, Mass: mass}
}

func repeat(x int32, n int) (list []int32) {
	for range n {
		list = append(list, x)
	}
	return list
}

func comparisonVectors() ([]object, error) {
	r := evidence{rand.New(rand.NewPCG(5, 5))}
	const lowest, u = -127 * posp.Nat, posp.Unit
	type pair struct {
		name       string
		claim, own posp.Evidence
	}
	claim := func(xs ...int32) posp.Evidence { return posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: xs} }
	pairs := []pair{
		{"one sure token", claim(0), full([]int32{0}, []int32{0})},
		{"edges of the bins", claim(-1023, -1024, -1025, -1<<20+1, -1<<20, -1<<20-1), full(repeat(0, 6), []int32{0, 1, 2, 0, 1, 1 << 30})},
		{"edges of the classes", claim(repeat(0, 6)...), full([]int32{-posp.Nat/100 + 1, -posp.Nat / 100, -posp.Nat + 1, -posp.Nat, -5*posp.Nat + 1, -5 * posp.Nat}, repeat(3, 6))},
		{"as far apart as can be", claim(repeat(lowest, 300)...), full(repeat(0, 300), repeat(127*posp.Nat, 300))},
		{"as near as can be", claim(repeat(lowest, 300)...), full(repeat(lowest, 300), repeat(0, 300))},
		{"a sure token, unseeded", claim(-1), intervals([]int32{-1}, []int32{0}, []int32{u})},
		{"intervals at the ends", claim(repeat(-1, 9)...), intervals(repeat(0, 9),
			[]int32{0, 0, 0, u / 2, u, u - 1, u - 1, 1, 3}, []int32{u, u / 2, 1, u / 2, 0, 1, 0, u - 1, u - 3})},
		{"never drawn", claim(repeat(-1, 40)...), intervals(repeat(-1, 40), repeat(u, 40), repeat(0, 40))},
		{"the most likely", claim(repeat(-9, 200)...), intervals(repeat(-9, 200), repeat(0, 200), repeat(u/3, 200))},
		{"the tail", claim(repeat(-9, 300)...), intervals(repeat(-9, 300), repeat(u-1, 300), repeat(1, 300))},
	}
	for _, c := range []struct {
		n            int
		noise, share float64
	}{{1, 1e-3, 0}, {8, 1e-6, 0}, {64, 1e-5, 0.01}, {64, 0.05, 0.3}, {256, 1e-3, 0.05}, {256, 1, 0}, {300, 1e-4, 0}} {
		for _, kind := range []posp.EvidenceKind{posp.EvidenceFull, posp.EvidenceIntervals} {
			e := r.logProbs(c.n)
			pairs = append(pairs, pair{fmt.Sprintf("%d positions of kind %d, noise %g, %g of others", c.n, kind, c.noise, c.share), e, r.near(e, kind, c.noise, c.share)})
		}
	}
	cases := []object{}
	for i, p := range verdictPolicies()[:2] {
		for _, x := range pairs {
			c, err := p.Compare(x.claim, x.own)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", x.name, err)
			}
			cases = append(cases, object{"name": x.name, "policy": i, "claim": hexutil.Bytes(x.claim.Encode()), "own": hexutil.Bytes(x.own.Encode()),
				"logE": c.LogE, "model": c.Model, "choice": c.Choice, "distance": c.Distance})
		}
	}
	return cases, nil
}

// sampleVectors are samples of well-formed openings, by their rule and number of
// output tokens. What somebody does not hold or did not reveal is of no bytes.
func sampleVectors() []object {
	r := evidence{rand.New(rand.NewPCG(6, 6))}
	policies := verdictPolicies()
	cases := []object{}
	add := func(name string, policy int, covered bool, rule posp.SamplingRule, n int, opened bool, claim *posp.Evidence, members ...*posp.Evidence) {
		spec := posp.ModelSpec{EngineClass: "engine", SamplingRule: posp.RuleGumbel, VocabSize: 100, EOS: 99, ContextLimit: 10_000, PolicyID: policies[policy].ID()}
		if !covered {
			spec.EngineClass = "another"
		}
		sampling := posp.Sampling{Rule: rule, MaxTokens: uint32(n)}
		if rule != posp.Greedy {
			sampling.TemperatureMicro, sampling.TopPMicro = 700_000, 1_000_000
		}
		if rule == posp.Unseeded {
			spec.SamplingRule = posp.RuleUnseeded
		}
		s := verdict.Sample{Spec: spec, Provider: claim}
		if opened {
			s.Opening = &posp.Opening{
				Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: spec.ID(), PromptTokens: 1, OutputTokens: uint32(n)}},
				Request: posp.RequestPart{Tokens: []uint32{1}, Sampling: sampling},
				Output:  posp.OutputPart{Tokens: make([]uint32, n), Finish: posp.FinishLength},
			}
		}
		encode := func(e *posp.Evidence) hexutil.Bytes {
			if e == nil {
				return hexutil.Bytes{}
			}
			return e.Encode()
		}
		evidences := []hexutil.Bytes{}
		for i, m := range members {
			evidences = append(evidences, encode(m))
			s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: address("operator", i), Evidence: m})
		}
		j := verdict.Judge(&policies[policy], s)
		done, scored, logE := []bool{}, []bool{}, []int32{}
		for _, o := range j.Operators {
			done, scored, logE = append(done, o.Done), append(scored, o.Scored), append(logE, o.LogE)
		}
		cases = append(cases, object{"name": name, "policy": policy, "covered": covered, "rule": rule, "tokens": n, "opened": opened, "provider": encode(claim), "members": evidences,
			"verdict": j.Verdict, "class": j.Class, "logE": j.LogE, "done": done, "scored": scored, "operatorLogE": logE})
	}
	none := &posp.Evidence{Kind: posp.EvidenceNone}
	for _, rule := range []posp.SamplingRule{posp.Greedy, posp.Seeded, posp.Unseeded} {
		const n = 24
		kind := rule.Recomputed()
		claim := r.logProbs(n)
		honest := func() *posp.Evidence { e := r.near(claim, kind, 1e-6, 0); return &e }
		far := func() *posp.Evidence { e := r.near(r.logProbs(n), kind, 1, 0); return &e }
		forged := func() *posp.Evidence { e := r.near(claim, kind, 1e-6, 0.8); return &e }
		rounded := func() *posp.Evidence { e := r.near(claim, kind, 0.1, 0); return &e }
		short := r.logProbs(n - 1)
		wrongKind := r.near(claim, 5-kind, 1e-6, 0)
		for policy := range 2 {
			add("honest", policy, true, rule, n, true, &claim, honest(), honest(), honest())
			add("another model", policy, true, rule, n, true, &claim, far(), far(), far())
			add("another precision", policy, true, rule, n, true, &claim, rounded(), rounded(), rounded())
			add("another's choices", policy, true, rule, n, true, &claim, forged(), forged(), forged())
			add("one of three accuses", policy, true, rule, n, true, &claim, honest(), far(), honest())
			add("one of three acquits", policy, true, rule, n, true, &claim, far(), honest(), far())
			add("two that differ", policy, true, rule, n, true, &claim, far(), honest())
			add("five", policy, true, rule, n, true, &claim, honest(), far(), honest(), forged(), honest())
			add("committee of one", policy, true, rule, n, true, &claim, honest())
			add("committee of one accuses", policy, true, rule, n, true, &claim, far())
			add("no committee", policy, true, rule, n, true, &claim)
			add("one alone of three", policy, true, rule, n, true, &claim, nil, honest(), nil)
			add("two of three", policy, true, rule, n, true, &claim, honest(), nil, honest())
			add("nobody revealed", policy, true, rule, n, true, &claim, nil, nil, nil)
			add("not opened", policy, true, rule, n, false, nil, none, none, none)
			add("not opened to two", policy, true, rule, n, true, &claim, none, honest(), none)
			add("not opened to one", policy, true, rule, n, true, &claim, none, honest(), honest())
			add("half say not opened", policy, true, rule, n, true, &claim, none, honest())
			add("evidence part withheld", policy, true, rule, n, true, nil, honest(), honest(), honest())
			add("evidence part of another length", policy, true, rule, n, true, &short, honest(), nil, honest())
			add("evidence part of kind none", policy, true, rule, n, true, none, honest(), honest(), honest())
			add("evidence of another kind", policy, true, rule, n, true, &claim, &wrongKind, honest(), honest())
			add("evidence of another length", policy, true, rule, n, true, &claim, honest(), &short, honest())
			add("not calibrated", policy, false, rule, n, true, &claim, far(), far(), far())
		}
		add("one question only", 2, true, rule, n, true, &claim, far(), far(), far())
		add("one question only", 3, true, rule, n, true, &claim, far(), far(), far())
		few := r.logProbs(7)
		same := r.near(few, kind, 0, 0)
		other := r.near(r.logProbs(7), kind, 1, 1)
		add("too short to pass", 0, true, rule, 7, true, &few, &same, &same, &same)
		add("short and forged", 0, true, rule, 7, true, &few, &other, &other, &other)
	}
	return cases
}
