package main

import (
	"fmt"
	"io"

	"github.com/proof-of-sampling/posp/verdict"
)

// kind is a kind of request with the honest pairs measured on it. The policy
// holds for each kind by itself, whatever mixture buyers send.
type kind struct {
	name  string
	pairs []verdict.Pair
}

// question is how a question stands in a policy and in its report.
type question struct {
	name string
	of   func(*verdict.Policy) *verdict.Question
	mean func(verdict.Report) float64 // e-value of the held-out half
}

var questions = []question{
	{"model", func(p *verdict.Policy) *verdict.Question { return &p.Model }, func(r verdict.Report) float64 { return r.MeanEModel }},
	{"choice", func(p *verdict.Policy) *verdict.Question { return &p.Choice }, func(r verdict.Report) float64 { return r.MeanEChoice }},
}

const (
	million       = 1_000_000
	confidencePpm = 999_000 // that all bounds of all kinds hold

	// mostDependence ends the search for a dependence: a policy that needs
	// more would catch nobody.
	mostDependence = 64
)

// fit makes one policy that holds for all kinds, and prints what it rests on.
//
// A table of e-values whose mean over honest bins is at most 1 keeps that when
// any of them is lowered. So a question's logarithms may be divided by its
// dependence B beforehand (the geometric mean over B classes of positions),
// each question's by its own, the policy's then being 1; and of the tables of
// several kinds the least entry of each bin is right for all of them.
func fit(w io.Writer, kinds []kind, engine string) (policy verdict.Policy, err error) {
	o := verdict.Options{Engines: []verdict.EnginePair{{Claimed: engine, Recomputed: engine}},
		Confidence: 1 - (1-confidencePpm/float64(million))/float64(len(kinds))}
	var samples, positions int
	fmt.Fprintln(w, "requests  question  outputs  positions  dependence  mean e-value of the other half's outputs  99th percentile of distances")
	for i, k := range kinds {
		for _, q := range questions {
			p, r, b, err := dependence(k, q, o)
			if err != nil {
				return policy, fmt.Errorf("%s requests, question %s: %w", k.name, q.name, err)
			}
			p99 := map[string]float64{"model": r.ModelP99, "choice": r.ChoiceP99}[q.name]
			fmt.Fprintf(w, "%-8s  %-8s  %7d  %9d  %10d  %40.3g  %29.3g\n", k.name, q.name, r.Samples, r.Positions, b, q.mean(r), p99)
			if q.name == questions[0].name {
				samples, positions = samples+r.Samples, positions+r.Positions
			}
			if i == 0 && q.name == questions[0].name {
				policy = p // bounds and mixture; the tables follow
			}
			tables := *q.of(&p)
			divide(tables, int32(b))
			if i > 0 {
				lower(tables, *q.of(&policy))
			}
			*q.of(&policy) = tables
		}
	}
	policy.Calibration.Samples, policy.Calibration.Positions = uint64(samples), uint64(positions)
	policy.Dependence, policy.Calibration.ConfidencePpm = 1, confidencePpm
	return policy, policy.Check()
}

// dependence calibrates a question with the dependence that it needs: twice
// the least power of two at which the outputs that did not make the tables
// have a mean e-value of at most 1.
//
// Positions of an output depend on each other: little by nearness, but some
// outputs as a whole are noisier than others, and no lag ends that. So what
// must hold is tried: that whole outputs' e-values have that mean. Fresh
// outputs test the choice later.
func dependence(k kind, q question, o verdict.Options) (verdict.Policy, verdict.Report, uint32, error) {
	for o.Dependence = 1; o.Dependence <= mostDependence; o.Dependence *= 2 {
		// That its other question needs more is no error here.
		_, r, err := verdict.Calibrate(k.pairs, o)
		if r.HeldOut == 0 || err != nil && r.MeanE <= 1 {
			return verdict.Policy{}, r, 0, err
		}
		if q.mean(r) > 1 {
			continue
		}
		o.Dependence *= 2
		p, r, err := verdict.Calibrate(k.pairs, o)
		if err != nil && r.MeanE <= 1 || q.mean(r) > 1 {
			return p, r, 0, err
		}
		return p, r, o.Dependence, nil
	}
	return verdict.Policy{}, verdict.Report{}, 0, fmt.Errorf("outputs differ so much in noise that a dependence of %d is not enough", mostDependence)
}

// divide divides all entries by b, rounding down.
func divide(q verdict.Question, b int32) {
	for _, table := range q.LogE {
		for i, x := range table {
			if table[i] = x / b; x%b < 0 {
				table[i]--
			}
		}
	}
}

// lower lowers q's entries to other's where those are less. Calibrate gives
// every question the same bins and alternatives.
func lower(q, other verdict.Question) {
	for t, table := range q.LogE {
		for i := range table {
			table[i] = min(table[i], other.LogE[t][i])
		}
	}
}
