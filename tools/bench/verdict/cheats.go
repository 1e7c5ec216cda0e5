package main

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chart"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/tools/bench/page"
	"github.com/proof-of-sampling/posp/verdict"
)

// detected is a cheat, or the honest run, as a class's policy sees it.
type detected struct {
	class  string
	honest bool
	judged
	whole judged // of the outputs that have all the tokens
}

// most is how many samples a cheat may last: the goals.
var most = map[string]float64{"other-model": 1, "int4": 3, "int8": 40, "forger": 3, "forger-unseeded": 3, "hot": 10, "hot-unseeded": 10}

// slack is what "one sample" allows: the expected number of a cheat that is
// caught at once in nineteen of twenty samples.
const slack = 1.05

// cheatsUnder measures the cheats under the policies of both classes, and
// honest outputs to the same requests.
func (b *bench) cheatsUnder(ctx context.Context) (list []detected, err error) {
	for _, c := range []struct {
		mode   float.Mode
		policy *verdict.Policy
	}{{exact, &b.f32}, {halves, &b.bf16}} {
		class := c.mode.Class()
		engines := verdict.EnginePair{Claimed: class, Recomputed: class}
		rng := random("seeds of cheats")
		cheats, err := b.demo.Cheats(c.mode, b.small, func() (seed posp.Hash) {
			for i := range seed {
				seed[i] = byte(rng.Uint32())
			}
			return seed
		})
		if err != nil {
			return nil, err
		}
		honest := measure.Cheat{Name: "honest", Party: measure.Generates(b.demo.Writer(c.mode))}
		for _, x := range append([]measure.Cheat{honest}, cheats...) {
			is := x.Adapt == nil
			requests, err := b.requests("cheats", b.sizes.cheats, is)
			if err != nil {
				return nil, err
			}
			for i, r := range requests {
				if !is {
					requests[i] = x.Adapt(r)
				}
			}
			g, err := b.measure(ctx, x.Name+" "+class, engines, x.Party, b.demo.Scorer(c.mode), requests)
			if err != nil {
				return nil, err
			}
			j, err := judge(c.policy, g, committee)
			if err != nil {
				return nil, err
			}
			j.Group = x.Name
			long := g
			long.Pairs = slices.DeleteFunc(slices.Clone(g.Pairs), func(p verdict.Pair) bool { return len(p.Claimed.LogProb) < tokens })
			whole, err := judge(c.policy, long, committee)
			if err != nil {
				return nil, err
			}
			list = append(list, detected{class, is, j, whole})
		}
	}
	return list, nil
}

// committee is how many operators recompute a sample.
const committee = 3

// describeCheats makes the table of cheats, and their goals.
func (b *bench) describeCheats(list []detected) string {
	t := page.NewTable("party", "class", "outputs", "tokens", "PASS", "FAIL", "mean logE", "expected samples to a fault", "of 64 tokens each", "goal", "classes of FAIL", "when 20 % cheat", "5 %", "1 %")
	honest := map[string]econ.Distribution{}
	for _, x := range list {
		d, err := econ.New(x.hist)
		if err != nil {
			continue // judge made the histogram of at least one output
		}
		mean := 0.0
		for _, n := range x.Positions {
			mean += float64(n) / float64(len(x.Positions))
		}
		var classes []string
		for c, n := range x.Classes {
			classes = append(classes, fmt.Sprintf("%s %d", c, n))
		}
		slices.Sort(classes)
		want, shares := "", [3]string{}
		if x.honest {
			honest[x.class] = d
		} else {
			want = fmt.Sprintf("at most %.0f", most[x.Group])
			for i, q := range []float64{0.2, 0.05, 0.01} {
				shares[i] = count(econ.RunLength(d.Mix(q, honest[x.class]), verdict.Line(oneIn), 1./64))
			}
			goal := most[x.Group]
			if goal == 1 {
				goal = slack
			}
			b.goals.Add(x.whole.toFault <= goal, x.Group+", outputs of 64 tokens, "+x.class, want+" samples", count(x.whole.toFault), reasons[x.Group])
		}
		t.Add(x.Group, x.class, len(x.LogE), fmt.Sprintf("%.0f", mean), x.Passes, x.Fails, fmt.Sprintf("%.2f", x.MeanLogE), count(x.toFault), count(x.whole.toFault), want, strings.Join(classes, ", "), shares[0], shares[1], shares[2])
	}
	return t.String()
}

// leastToTell is the least expected number of samples in which any test with
// that alpha can tell temperature 1 from 0.7 without a seed: ln(1/alpha)
// divided by the mean of the sample's log-likelihood ratio (Wald 1947), of
// outputs of as many tokens as are there.
func (b *bench) leastToTell(ctx context.Context) (float64, error) {
	requests, err := b.requests("cheats", min(60, b.sizes.cheats), false)
	if err != nil {
		return 0, err
	}
	for i, r := range requests {
		requests[i] = measure.Unseeded(measure.Cool(r, posp.Hash{}))
	}
	divergence, positions := 0.0, 0
	scorer := float.NewScorer(b.demo.Weights)
	err = measure.Run(ctx, measure.Hotter(b.demo.Writer(exact), 1_000_000), b.demo.Scorer(exact), requests, func(_ int, o measure.Output) error {
		return scorer.Logits(ctx, o.Request.Prompt, o.Tokens, func(i int, logits []float32) error {
			cool := make([]float32, len(logits))
			for k, x := range logits {
				cool[k] = x / 0.7
			}
			for t := range logits {
				l := inference.LogProb(logits, uint32(t))
				divergence += math.Exp(l) * (l - inference.LogProb(cool, uint32(t)))
			}
			positions++
			return nil
		})
	})
	return math.Log(oneIn) / (divergence / float64(positions) * tokens), err
}

// reasons why a cheat may last longer than its goal.
var reasons = map[string]string{
	"other-model":     "some answers are text of which both models are sure: they say little, and the standing needs a second sample",
	"int4":            "some answers are text of which the model is sure in any precision",
	"int8":            "8-bit weights move log-probabilities about as far as honest bf16 machines differ",
	"forger":          "a third of the requests are greedy or cold, where the small model often writes what the large one would; a forgery that is right is no forgery",
	"forger-unseeded": "only the place of each token in the distribution speaks, and where both models are sure it says nothing",
	"hot":             "at temperature 1 in place of 0.7 most tokens are the same where the model is sure",
	"hot-unseeded":    "without the seed only the distribution of 64 draws tells 1.0 from 0.7, and no test can need fewer than the least that is computed below the table",
}

// lost says how much power the noisier policy loses.
func lost(list []detected) string {
	t := page.NewTable("cheat", "f32 machines, f32 policy", "bf16 machines, bf16 policy", "factor")
	at := map[string]map[string]float64{}
	for _, x := range list {
		if at[x.Group] == nil {
			at[x.Group] = map[string]float64{}
		}
		at[x.Group][x.class] = x.toFault
	}
	for _, name := range measure.CheatNames {
		a, c := at[name][exact.Class()], at[name][halves.Class()]
		t.Add(name, count(a), count(c), fmt.Sprintf("%.2f", c/a))
	}
	return t.String()
}

// forgeries measures how often evidence is accepted that nobody computed.
func (b *bench) forgeries(ctx context.Context) (string, error) {
	requests, err := b.requests("forgeries", b.forged, true)
	if err != nil {
		return "", err
	}
	var outputs []measure.Output
	if err := measure.Run(ctx, measure.Generates(b.demo.Writer(exact)), b.demo.Scorer(exact), requests, func(_ int, o measure.Output) error {
		if len(o.Tokens) >= int(b.f32.MinPositions) { // shorter ones cannot pass at all
			outputs = append(outputs, o)
		}
		return nil
	}); err != nil {
		return "", err
	}
	t := page.NewTable("forged by", "evidence", "samples", "accepted", "refused at once", "expected samples to a fault")
	accepted := 0
	// Of the provider, before a committee of honest operators.
	gumbel := b.demo.Spec(exact.Class(), posp.RuleGumbel, &b.f32)
	unseeded := b.demo.Spec(exact.Class(), posp.RuleUnseeded, &b.f32)
	specOf := func(o measure.Output) posp.ModelSpec {
		if o.Request.Sampling.Rule == posp.Unseeded {
			return unseeded
		}
		return gumbel
	}
	try := func(name string, forge func(i int, o *measure.Output)) (toFault float64, err error) {
		var logE []int32
		passed, failed := 0, 0
		for i, o := range outputs {
			o.Pair.Claimed.LogProb = slices.Clone(o.Pair.Claimed.LogProb)
			o.Tokens = slices.Clone(o.Tokens)
			recomputed := o.Pair.Recomputed
			forge(i, &o)
			j := verdict.Judge(&b.f32, o.Sample(specOf(o), &recomputed, &recomputed, &recomputed))
			logE = append(logE, j.LogE)
			switch j.Verdict {
			case posp.Pass:
				passed++
			case posp.Fail:
				failed++
			}
		}
		n, err := expected(logE)
		t.Add("provider", name, len(outputs), passed, failed, count(n))
		accepted += passed
		return n, err
	}
	rng := random("shuffle")
	other := func(i int) posp.Evidence { return outputs[(i+1)%len(outputs)].Pair.Claimed }
	for _, f := range []struct {
		name  string
		forge func(i int, o *measure.Output)
	}{
		{"log-probabilities of 0", func(_ int, o *measure.Output) { clear(o.Pair.Claimed.LogProb) }},
		{"log-probabilities of -1", func(_ int, o *measure.Output) { fill(o.Pair.Claimed.LogProb, -posp.Nat) }},
		{"its own mean everywhere", func(_ int, o *measure.Output) { fill(o.Pair.Claimed.LogProb, average(o.Pair.Claimed.LogProb)) }},
		{"its own, shuffled", func(_ int, o *measure.Output) {
			l := o.Pair.Claimed.LogProb
			rng.Shuffle(len(l), func(i, k int) { l[i], l[k] = l[k], l[i] })
		}},
		{"of another request", func(i int, o *measure.Output) { stretch(o.Pair.Claimed.LogProb, other(i).LogProb) }},
		{"one position short", func(_ int, o *measure.Output) {
			o.Pair.Claimed.LogProb = o.Pair.Claimed.LogProb[:len(o.Pair.Claimed.LogProb)-1]
		}},
	} {
		if _, err := try(f.name, f.forge); err != nil {
			return "", err
		}
	}
	if err := b.wronglyScored(ctx, t, &accepted, outputs); err != nil {
		return "", err
	}
	b.goals.Add(accepted == 0, "trivial forgeries of a provider's evidence that are accepted", "0", fmt.Sprint(accepted), "outputs of 8 to about 16 tokens: a shuffle leaves some of so few positions in place, and at the policy's dependence the others cannot speak loudly enough")

	// Token counts: the output itself is not whole.
	caught, counted := true, 0
	for _, f := range []struct {
		name  string
		forge func(i int, o *measure.Output)
	}{
		{"the output truncated by a token, its evidence too", func(_ int, o *measure.Output) { cut(o, len(o.Tokens)-1) }},
		{"the output truncated to half, its evidence too", func(_ int, o *measure.Output) { cut(o, len(o.Tokens)/2) }},
		{"the output padded behind its end", func(_ int, o *measure.Output) {
			n := len(o.Tokens)
			o.Tokens = append(o.Tokens, ' ')
			o.Pair.Claimed.LogProb = append(o.Pair.Claimed.LogProb[:n:n], -posp.Nat/10)
		}},
	} {
		before := accepted
		toFault, err := try(f.name, f.forge)
		if err != nil {
			return "", err
		}
		caught = caught && accepted == before && count(toFault) == "1.00"
		counted++
	}
	b.goals.Add(caught, "truncated or padded token counts", "1 sample", fmt.Sprintf("1 sample: %v, of %d kinds", caught, counted), "see the forgeries")
	return b.operatorForgeries(ctx, t, outputs, gumbel)
}

func expected(logE []int32) (float64, error) {
	d, err := econ.New(econ.Histogram(logE))
	if err != nil {
		return 0, err
	}
	return econ.RunLength(d, verdict.Line(oneIn), 1./64), nil
}

func fill(list []int32, x int32) {
	for i := range list {
		list[i] = x
	}
}

func average(list []int32) int32 {
	sum := int64(0)
	for _, x := range list {
		sum += int64(x)
	}
	return int32(sum / int64(len(list)))
}

// stretch fills dst with src, again and again.
func stretch(dst, src []int32) {
	for i := range dst {
		dst[i] = src[i%len(src)]
	}
}

func cut(o *measure.Output, n int) {
	o.Tokens, o.Pair.Claimed.LogProb = o.Tokens[:n], o.Pair.Claimed.LogProb[:n]
}

// wronglyScored are the provider's own texts with the log-probabilities of the
// wrong model.
func (b *bench) wronglyScored(ctx context.Context, t *page.Table, accepted *int, outputs []measure.Output) error {
	wrong := measure.NewLab(b.small).Scorer(exact)
	g := verdict.Group{Name: "scored by the wrong model", Engines: verdict.EnginePair{Claimed: exact.Class(), Recomputed: exact.Class()}}
	for _, o := range outputs {
		e, err := wrong.Score(ctx, o.Request.Prompt, o.Request.Sampling, o.Tokens)
		if err != nil {
			return err
		}
		g.Pairs = append(g.Pairs, verdict.Pair{Claimed: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: e.LogProb}, Recomputed: o.Pair.Recomputed})
	}
	j, err := judge(&b.f32, g, committee)
	if err != nil {
		return err
	}
	t.Add("provider", "its text, scored by the wrong model", len(outputs), j.Passes, j.Fails, count(j.toFault))
	*accepted += j.Passes
	return nil
}

// operatorForgeries adds operators who did not compute, each beside two who
// did, on honest outputs. Accepted are those whose standing did not rise.
func (b *bench) operatorForgeries(ctx context.Context, t *page.Table, outputs []measure.Output, spec posp.ModelSpec) (string, error) {
	var seeded []measure.Output
	for _, o := range outputs {
		if o.Request.Sampling.Rule != posp.Unseeded {
			seeded = append(seeded, o)
		}
	}
	next := map[*uint32]posp.Evidence{} // by an output's first token: what was computed of the output behind it
	for i, o := range seeded {
		next[&o.Tokens[0]] = seeded[(i+1)%len(seeded)].Pair.Recomputed
	}
	full := func(forge func(o measure.Output, logProb []int32)) func(context.Context, measure.Output) (posp.Evidence, error) {
		return func(_ context.Context, o measure.Output) (posp.Evidence, error) {
			n := len(o.Tokens)
			e := posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, n), Margin: make([]int32, n)}
			forge(o, e.LogProb)
			return e, nil
		}
	}
	colleagues := b.demo.Colleagues(exact, b.small)
	colleagues = append(colleagues,
		measure.Colleague{Name: "log-probabilities of -1, no margins", Score: full(func(_ measure.Output, l []int32) { fill(l, -posp.Nat) })},
		measure.Colleague{Name: "right, but shuffled", Score: full(func(o measure.Output, l []int32) {
			copy(l, o.Pair.Recomputed.LogProb)
			random(fmt.Sprint(o.Tokens)).Shuffle(len(l), func(i, k int) { l[i], l[k] = l[k], l[i] })
		})},
		measure.Colleague{Name: "of another request", Score: full(func(o measure.Output, l []int32) { stretch(l, next[&o.Tokens[0]].LogProb) })})
	accepted := 0
	for _, c := range colleagues {
		logE, err := b.demo.JudgeColleague(ctx, &b.f32, spec, exact, seeded, c)
		if err != nil {
			return "", err
		}
		quiet, over := 0, 0
		for _, x := range logE {
			if x <= 0 {
				quiet++
			}
			if x >= b.f32.FailAt {
				over++
			}
		}
		n, err := expected(logE)
		if err != nil {
			return "", fmt.Errorf("operator, %s: %w", c.Name, err)
		}
		name := c.Name
		if c.Honest {
			name = "(an honest one, for comparison)"
		} else {
			accepted += quiet
		}
		t.Add("operator", name, len(logE), quiet, over, count(n))
	}
	// A commitment that is copied opens for its author alone.
	opened := 0
	author, copier := posp.Address{19: 1}, posp.Address{19: 2}
	for i, o := range seeded {
		raw, sample, salt := o.Pair.Recomputed.Encode(), posp.Tag(fmt.Sprint("sample", i)), posp.Tag(fmt.Sprint("salt", i))
		if posp.Commitment(copier, sample, raw, salt) == posp.Commitment(author, sample, raw, salt) {
			opened++
		}
	}
	t.Add("operator", "another operator's commitment and evidence, copied", len(seeded), opened, len(seeded)-opened, "never scored: it does not open, and counts as a miss")
	b.goals.Add(accepted+opened == 0, "trivial forgeries of an operator's evidence that are accepted", "0", fmt.Sprint(accepted+opened), "see the forgeries")
	return t.String(), nil
}

// charts draws null and cheating log e-values of both classes, the operating
// characteristic, and standings as they move.
func (b *bench) charts(out string, list []detected) error {
	for _, c := range []struct {
		class, file string
		policy      *verdict.Policy
	}{{exact.Class(), "f32", &b.f32}, {halves.Class(), "bf16", &b.bf16}} {
		var samples []chart.Sample
		runs := econ.Runs{Policy: c.policy.ID()}
		for _, x := range list {
			if x.class != c.class {
				continue
			}
			samples = append(samples, chart.Sample{Name: x.Group, LogE: x.LogE, Honest: x.honest})
			runs.Runs = append(runs.Runs, econ.Run{Name: x.Group, Subject: econ.Provider, Honest: x.honest, LogE: x.hist})
		}
		p, err := chart.LogE("Log e-values of outputs of 64 tokens at most, "+c.class, samples, float64(c.policy.FailAt)/verdict.Nat)
		if err != nil {
			return err
		}
		if err := p.Save(filepath.Join(out, "verdict-loge-"+c.file+".svg")); err != nil {
			return err
		}
		o := app.OCOptions{Runs: runs, Alpha: 1 / oneIn, Fractions: []float64{0.01, 0.05, 0.2, 1}, Repeat: 1000, Seed: 1}
		oc, err := app.OC(context.Background(), o, func(string) {})
		if err != nil {
			return err
		}
		if err := oc.Draw(filepath.Join(out, "verdict-oc-"+c.file+".svg")); err != nil {
			return err
		}
		if err := app.DrawPaths(o, filepath.Join(out, "verdict-standing-"+c.file+".svg")); err != nil {
			return err
		}
		disagree := 0
		for _, s := range oc.Subjects {
			for _, x := range s.Cheats {
				for _, at := range x.At {
					if !at.Agree {
						disagree++
					}
				}
			}
			for _, at := range s.Honest.At {
				if !at.Agree {
					disagree++
				}
			}
		}
		b.goals.Add(disagree == 0, "recursion and simulation of the operating characteristic, "+c.class, "agree within 4 standard errors and 1 %", fmt.Sprintf("%d of them do not", disagree), "see posp econ oc")
		last := oc.Subjects[0].Honest.At[len(oc.Subjects[0].Honest.At)-1]
		b.goals.Add(float64(last.Recursion) >= oneIn || math.IsInf(float64(last.Recursion), 1), "honest run length at alpha = 1e-9, "+c.class, "at least 1e9 samples", last.Recursion.String(), "see the honest pairs")
	}
	return nil
}
