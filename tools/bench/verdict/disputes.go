package main

import (
	"context"
	"fmt"
	"go/build"
	"math"
	"path/filepath"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/tools/bench/page"
	"github.com/proof-of-sampling/posp/verdict"
)

// lengths are those that an output is disputed at: its first so many tokens,
// since neither engines nor the program look ahead.
var lengths = []int{16, 32, 64, 128}

// disputedRules are those that differ: of seeded and unseeded answers log-probabilities
// alone are judged.
var disputedRules = [2]posp.SamplingRule{posp.Greedy, posp.Seeded}

var ruleNames = map[posp.SamplingRule]string{posp.Greedy: "greedy", posp.Seeded: "seeded"}

// disputable are the cheats that are disputed.
var disputable = []string{"int8", "int4", "other-model", "forger"}

// disputed is a party's outputs under one rule, with the reference program's
// evidence of them.
type disputed struct {
	policy  *verdict.Policy
	class   string // of engines
	party   string
	honest  bool
	rule    posp.SamplingRule
	outputs []verdict.Pair
}

// disputes measures what the reference program's evidence says of honest
// parties' claims and of cheats'.
func (b *bench) disputes(ctx context.Context) (string, error) {
	var all []disputed
	for _, c := range []struct {
		mode   float.Mode
		policy *verdict.Policy
	}{{exact, &b.f32}, {halves, &b.bf16}} {
		list, err := b.disputesOf(ctx, c.mode, c.policy)
		if err != nil {
			return "", err
		}
		all = append(all, list...)
	}
	return b.describeDisputes(all)
}

func (b *bench) disputesOf(ctx context.Context, mode float.Mode, policy *verdict.Policy) (list []disputed, err error) {
	class := mode.Class()
	parties, err := b.demo.Cheats(mode, b.small, func() posp.Hash { return posp.Hash{} }) // whose seeds are not asked for
	if err != nil {
		return nil, err
	}
	parties = slices.DeleteFunc(parties, func(c measure.Cheat) bool { return !slices.Contains(disputable, c.Name) })
	honest := map[string]bool{}
	for _, pair := range measure.Disputes(mode) {
		m, err := float.ParseMode(pair.Claimed)
		if err != nil {
			return nil, err
		}
		honest[pair.Claimed] = true
		parties = append(parties, measure.Cheat{Name: pair.Claimed, Party: measure.Generates(b.demo.Writer(m))})
	}
	reference, err := b.demo.Recomputer(verdict.ReferenceEngine)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		requests, err := b.disputableRequests(b.dispute)
		if err != nil {
			return nil, err
		}
		engines := verdict.EnginePair{Claimed: class, Recomputed: verdict.ReferenceEngine}
		if honest[p.Name] {
			engines.Claimed = p.Name
		}
		g, err := b.measure(ctx, "disputed "+p.Name+" "+class, engines, p.Party, reference, requests)
		if err != nil {
			return nil, err
		}
		for _, rule := range disputedRules {
			d := disputed{policy: policy, class: class, party: p.Name, honest: honest[p.Name], rule: rule}
			for i, r := range requests {
				if r.Sampling.Rule == rule {
					d.outputs = append(d.outputs, g.Pairs[i])
				}
			}
			list = append(list, d)
		}
	}
	return list, nil
}

// disputableRequests are ordinary ones, every second greedy.
func (b *bench) disputableRequests(n int) ([]inference.Request, error) {
	s, err := measure.NewSource(filepath.Join(build.Default.GOROOT, "src"), random("disputes"))
	if err != nil {
		return nil, err
	}
	next := 0
	return measure.Ask(n, func() (inference.Request, error) {
		next++
		return s.Under(disputedRules[next%2], lengths[len(lengths)-1])
	})
}

// begin is the first n positions of a pair.
func begin(p verdict.Pair, n int) verdict.Pair {
	p.Claimed.LogProb, p.Recomputed.LogProb, p.Recomputed.Margin = p.Claimed.LogProb[:n], p.Recomputed.LogProb[:n], p.Recomputed.Margin[:n]
	return p
}

// outcome is what disputes of outputs of one length come to.
type outcome struct {
	outputs, fails, uncovered int
	meanE, worst              float64
}

// at disputes the outputs that are at least n tokens long, cut to n.
func (d *disputed) at(n int) (o outcome, err error) {
	o.worst = math.Inf(-1)
	for _, p := range d.outputs {
		if len(p.Claimed.LogProb) >= n {
			if err := d.judge(begin(p, n), &o); err != nil {
				return o, err
			}
		}
	}
	o.meanE /= float64(max(1, o.outputs))
	return o, nil
}

func (d *disputed) judge(p verdict.Pair, o *outcome) error {
	j, err := d.policy.Dispute(d.class, d.rule, p.Claimed, p.Recomputed)
	if err != nil {
		return err
	}
	o.outputs++
	switch {
	case j.Verdict == posp.Fail:
		o.fails++
	case j.Verdict == posp.Inconclusive && j.LogE == 0:
		o.uncovered++
	}
	nats := float64(j.LogE) / verdict.Nat
	o.meanE += math.Exp(nats)
	o.worst = max(o.worst, nats)
	return nil
}

// simulatedDisputes are judged of each honest party and rule.
const simulatedDisputes = 20_000

// simulate disputes outputs put together of blocks of eight positions from
// different outputs of the party, of 64 tokens.
func (d *disputed) simulate() (o outcome, err error) {
	const block = 8
	rng := random("disputes of " + d.party + " " + ruleNames[d.rule])
	from := slices.DeleteFunc(slices.Clone(d.outputs), func(p verdict.Pair) bool { return len(p.Claimed.LogProb) < block })
	if len(from) == 0 {
		return o, fmt.Errorf("%s: no output has %d positions", d.party, block)
	}
	for range simulatedDisputes {
		if err := d.judge(patch(rng, from, block), &o); err != nil {
			return o, err
		}
	}
	return o, nil
}

func (b *bench) describeDisputes(all []disputed) (string, error) {
	head := []string{"policy", "party", "rule"}
	for _, n := range lengths {
		head = append(head, fmt.Sprintf("FAIL of %d tokens", n))
	}
	t := page.NewTable(append(head, "mean exp(logE), 64", "greatest logE")...)
	accused, stuck, worst, simulated, caught := 0, 0, 0.0, 0, map[string]outcome{}
	for i := range all {
		d := &all[i]
		row := []any{d.class, d.party, ruleNames[d.rule]}
		greatest := math.Inf(-1)
		var middle outcome
		for _, n := range lengths {
			o, err := d.at(n)
			if err != nil {
				return "", err
			}
			greatest = max(greatest, o.worst)
			row = append(row, fmt.Sprintf("%s of %d", percent(o.fails, o.outputs), o.outputs))
			if n == tokens {
				middle = o
			}
			if d.honest {
				accused, stuck, worst = accused+o.fails, stuck+o.uncovered, max(worst, o.meanE)
			}
		}
		if d.honest {
			o, err := d.simulate()
			if err != nil {
				return "", err
			}
			accused, stuck, simulated = accused+o.fails, stuck+o.uncovered, simulated+o.outputs
			row = append(row, fmt.Sprintf("%.3f", middle.meanE), fmt.Sprintf("%.2f", greatest))
		} else {
			row = append(row, "", "")
			x := caught[d.party+", "+d.class]
			x.outputs, x.fails = x.outputs+middle.outputs, x.fails+middle.fails
			caught[d.party+", "+d.class] = x
		}
		t.Add(row...)
	}
	b.goals.Add(accused == 0, fmt.Sprintf("disputes of honest claims that end in FAIL, measured and %d simulated", simulated), "0", fmt.Sprint(accused), "see the disputes")
	b.goals.Add(stuck == 0, "disputes of honest claims that could not clear a FAIL", "0", fmt.Sprint(stuck), "see the disputes")
	b.goals.Add(worst <= 1, "mean of exp(logE) before the reference program, honest claims, each party, rule and length", "at most 1", fmt.Sprintf("greatest %.3f", worst), "see the disputes")
	for _, class := range []string{exact.Class(), halves.Class()} {
		x := caught["other-model, "+class]
		b.goals.Add(100*x.fails >= 99*x.outputs, "PASS of other-model that a dispute overturns, outputs of 64 tokens, "+class, "at least 99 %", percent(x.fails, x.outputs), "see the disputes")
	}
	return t.String(), nil
}

func percent(k, n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(k)/float64(n))
}
