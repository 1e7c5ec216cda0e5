package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/openai"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/tools/bench/page"
	"github.com/proof-of-sampling/posp/verdict"
)

// pair is a pair of honest engines with outputs of theirs.
type pair struct {
	model, claimed, recomputed string
	group                      verdict.Group
	own                        *verdict.Policy // of its model and class; nil: none was made for it
	why                        string          // there is none
	absent                     string          // why there are no outputs
}

// honestPairs measures them all.
func (b *bench) honestPairs(ctx context.Context) (string, error) {
	var pairs []pair
	add := func(p pair, err error) error {
		pairs = append(pairs, p)
		return err
	}
	for _, c := range []struct {
		claimed, recomputed string
		o                   float.Options // of the claiming engine, but for its mode
		note                string
		own                 *verdict.Policy
	}{
		{"f32", "f32", float.Options{Workers: 1}, "", &b.f32},
		{"f32", "f32", float.Options{Workers: 2}, ", 2 threads", &b.f32},
		{"f32", "f32", float.Options{Workers: 1, ChunkRows: 1}, ", prompts token by token", &b.f32},
		{"f32+flash64+splitk4", "f32", float.Options{Workers: 1}, "", &b.f32},
		{"f32", "f32+flash32+splitk2", float.Options{Workers: 1}, "", &b.f32},
		{"f32+kv-f16", "f32+kv-f16", float.Options{Workers: 1}, "", nil},
		{"f32+kv-f16", "f32", float.Options{Workers: 1}, "", nil},
		{"f16", "f16", float.Options{Workers: 1}, "", nil},
		{"bf16", "bf16", float.Options{Workers: 1}, "", &b.bf16},
		{"bf16", "bf16", float.Options{Workers: 1, ChunkRows: 1}, ", prompts token by token", &b.bf16},
		{"bf16+flash64+splitk4", "bf16", float.Options{Workers: 1}, "", &b.bf16},
		{"bf16", "bf16+flash32+splitk2", float.Options{Workers: 1}, "", &b.bf16},
		{"bf16+tp4", "bf16", float.Options{Workers: 1}, "", nil},
		{"bf16+logits", "bf16+logits", float.Options{Workers: 1}, "", nil},
		{"bf16+kv-fp8", "bf16+kv-fp8", float.Options{Workers: 1}, "", nil},
		{"bf16", "f32", float.Options{Workers: 1}, "", nil},
	} {
		if err := add(b.ourPair(ctx, c.claimed, c.recomputed, c.note, c.o, c.own)); err != nil {
			return "", err
		}
	}
	for _, m := range []struct {
		name  string
		shape model.Config
	}{{"15M", model.Random15M}, {"42M", model.Random42M}, {"100M", model.Random100M}} {
		list, err := b.randomPairs(ctx, m.name, m.shape)
		if err != nil {
			return "", err
		}
		pairs = append(pairs, list...)
	}
	list, err := b.llamaPairs(ctx, "demo", b.demo, b.llama)
	if err != nil {
		return "", err
	}
	pairs = append(pairs, list...)
	return b.describe(pairs)
}

func mode(name string) (float.Mode, string, error) {
	m, err := float.ParseMode("posp-float/" + name)
	return m, "posp-float/" + name, err
}

func (b *bench) ourPair(ctx context.Context, claimed, recomputed, note string, o float.Options, own *verdict.Policy) (p pair, err error) {
	p = pair{model: "demo", own: own}
	if o.Mode, p.claimed, err = mode(claimed); err != nil {
		return p, err
	}
	m, name, err := mode(recomputed)
	if err != nil {
		return p, err
	}
	p.recomputed = name
	requests, err := b.requests("honest", b.honest, true)
	if err != nil {
		return p, err
	}
	engines := verdict.EnginePair{Claimed: p.claimed, Recomputed: p.recomputed}
	p.claimed += note
	p.group, err = b.measure(ctx, "honest "+claimed+note+" by "+recomputed, engines, measure.Generates(float.New(b.demo.Weights, o)), b.demo.Scorer(m), requests)
	return p, err
}

// randomPairs measures models of random weights, on our engine and on
// llama.cpp's.
func (b *bench) randomPairs(ctx context.Context, name string, shape model.Config) ([]pair, error) {
	n := b.random[name]
	shape.ContextLength = 256 // which bounds the scorer's memory
	w, err := model.Random(shape, 1)
	if err != nil {
		return nil, err
	}
	lab := measure.NewLab(w)
	requests, err := arbitrary("random "+name, n, shape.VocabSize)
	if err != nil {
		return nil, err
	}
	var pairs []pair
	var all []verdict.Group                 // the pairs' outputs
	classes := map[string][]verdict.Group{} // what makes a policy of a class
	for _, c := range [][2]string{{"f32", "f32"}, {"f32+flash64+splitk4", "f32"}, {"bf16", "bf16"}, {"bf16+flash64+splitk4", "bf16"}} {
		claimed, claims, err := mode(c[0])
		if err != nil {
			return nil, err
		}
		recomputed, recomputes, err := mode(c[1])
		if err != nil {
			return nil, err
		}
		p := pair{model: "random " + name, claimed: claims, recomputed: recomputes}
		p.group, err = b.measure(ctx, "random "+name+" "+c[0]+" by "+c[1], verdict.EnginePair{Claimed: claims, Recomputed: recomputes}, measure.Generates(lab.Writer(claimed)), lab.Scorer(recomputed), requests)
		if err != nil {
			return nil, err
		}
		all = append(all, p.group)
		at := len(p.group.Pairs) * 2 / 3
		fit := p.group
		fit.Pairs, p.group.Pairs = fit.Pairs[:at], p.group.Pairs[at:]
		classes[recomputes] = append(classes[recomputes], fit)
		pairs = append(pairs, p)
	}
	for class, groups := range classes {
		policy, _, err := verdict.Calibrate(groups, verdict.Options{})
		for i := range pairs {
			switch {
			case pairs[i].recomputed != class:
			case err != nil: // which says how many outputs are missing
				pairs[i].why, pairs[i].group = "too few outputs for a policy", all[i]
				fmt.Fprintf(os.Stderr, "random %s, %s: %v\n", name, class, err)
			default:
				pairs[i].own = &policy
			}
		}
	}
	if name != "15M" {
		return pairs, nil
	}
	list, err := b.llamaPairs(ctx, "random "+name, lab, max(2, min(n/5, b.llama)))
	return append(pairs, list...), err
}

// arbitraryTokens are of an output of a random model, which are slow.
const arbitraryTokens = 32

func arbitrary(name string, n, vocab int) ([]inference.Request, error) {
	rng := random(name)
	list, err := measure.Ask(n, func() (inference.Request, error) {
		return measure.Arbitrary(rng, vocab, 1+rng.IntN(32), arbitraryTokens)
	})
	for i := 1; i < len(list); i += 2 {
		list[i] = measure.Unseeded(list[i])
	}
	return list, err
}

// llamaPairs measures llama.cpp's server as provider: as operators have it
// our scorer, and the server itself.
func (b *bench) llamaPairs(ctx context.Context, name string, lab *measure.Lab, n int) (pairs []pair, err error) {
	if llamaBinary() == "" {
		return []pair{{model: name, claimed: "llama.cpp", recomputed: "posp-float/f32", absent: "no llama-server: POSP_LLAMA_SERVER is not set, and none is on PATH"}}, nil
	}
	requests, err := b.requests("llama", n, true)
	if lab != b.demo {
		requests, err = arbitrary("llama "+name, n, lab.Weights.Config.VocabSize)
	}
	if err != nil {
		return nil, err
	}
	for i, r := range requests {
		requests[i] = measure.Unseeded(r)
	}
	one := []string{"-t", "1", "-np", "1"}
	f32 := []string{"--cache-type-k", "f32", "--cache-type-v", "f32"}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"f32 cache", slices.Concat(one, f32, []string{"-fa", "off"})},
		{"f32 cache, 2 threads, 4 slots", slices.Concat([]string{"-t", "2", "-np", "4", "-c", "2048"}, f32, []string{"-fa", "off"})},
		{"f32 cache, micro-batches of 8", slices.Concat(one, f32, []string{"-fa", "off", "-b", "32", "-ub", "8"})},
		{"f32 cache, flash attention", slices.Concat(one, f32, []string{"-fa", "on"})},
		{"f16 cache", slices.Concat(one, []string{"-fa", "off"})},
		{"f16 cache, flash attention", slices.Concat(one, []string{"-fa", "on"})},
	} {
		claims := "llama.cpp, " + c.name
		ours := pair{model: name, claimed: claims, recomputed: "posp-float/f32"}
		own := pair{model: name, claimed: claims, recomputed: claims}
		ask := func(p *pair, s inference.Scorer, g inference.Generator) error {
			var err error
			p.group, err = b.measure(ctx, name+" "+c.name+" by "+p.recomputed, verdict.EnginePair{Claimed: p.claimed, Recomputed: p.recomputed}, measure.Generates(g), s, requests)
			return err
		}
		if b.kept(name+" "+c.name+" by "+ours.recomputed, ours, n) && b.kept(name+" "+c.name+" by "+own.recomputed, own, n) {
			if err := ask(&ours, nil, nil); err != nil {
				return nil, err
			}
			if err := ask(&own, nil, nil); err != nil {
				return nil, err
			}
		} else if err := llama(ctx, lab.Weights, c.args, func(s *openai.Scorer) error {
			if err := ask(&ours, lab.Scorer(float.Mode{}), s); err != nil {
				return err
			}
			return ask(&own, s, s)
		}); err != nil {
			return nil, fmt.Errorf("%s, %s: %w", name, c.name, err)
		}
		pairs = append(pairs, ours, own)
	}
	return pairs, nil
}

// kept says whether the cache holds n outputs of a pair.
func (b *bench) kept(name string, p pair, n int) bool {
	f, err := measure.OpenFile(b.path(name))
	if err != nil {
		return false
	}
	defer f.Close()
	return f.Have(name, verdict.EnginePair{Claimed: p.claimed, Recomputed: p.recomputed}) >= n
}

// describe makes the table of honest pairs, and their goals.
func (b *bench) describe(pairs []pair) (string, error) {
	t := page.NewTable("model", "claimed by", "recomputed by", "outputs", "positions", "mean distance", "p99", "max", "flips", "E[exp(logE)], its policy", "under bf16 policy", "faults in 10^6")
	accused, faults, worst, quiet := 0, 0, 0.0, 0.0
	covered := map[*verdict.Policy][]verdict.Group{}
	for _, p := range pairs {
		if p.absent != "" {
			t.Add(p.model, p.claimed, p.recomputed, "none: "+p.absent, "", "", "", "", "", "", "", "")
			continue
		}
		d, flips := distances(p.group)
		mean := 0.0
		for _, x := range d {
			mean += x / float64(len(d))
		}
		own, whole := cmp.Or(p.why, "not calibrated"), ""
		if p.own != nil {
			j, err := judge(p.own, p.group, 1)
			if err != nil {
				return "", err
			}
			own = fmt.Sprintf("%.3f ± %.3f", j.MeanE, j.errorOfE)
			worst = max(worst, j.MeanE)
			if j.MeanE > 1 {
				accused++
			}
			n := b.replay(j.LogE)
			faults += n
			whole = fmt.Sprint(n)
			if p.model == "demo" {
				covered[p.own] = append(covered[p.own], p.group)
			}
		}
		j, err := judge(&b.bf16, p.group, 1)
		if err != nil {
			return "", err
		}
		if p.model == "demo" {
			quiet = max(quiet, j.MeanE)
		}
		t.Add(p.model, p.claimed, p.recomputed, len(p.group.Pairs), len(d), small(mean), small(d[len(d)*99/100]), small(d[len(d)-1]), flips, own, fmt.Sprintf("%.3f ± %.3f", j.MeanE, j.errorOfE), whole)
	}
	b.goals.Add(accused == 0, "mean of exp(logE), honest pairs of calibrated models and classes", "at most 1 in each", fmt.Sprintf("greatest %.3f", worst), "see the pairs above 1")
	b.goals.Add(quiet <= 1, "the same under the bf16 policy, all pairs of the demo model", "at most 1 in each", fmt.Sprintf("greatest %.3f", quiet), "see the pairs above 1")
	for _, p := range []struct {
		name   string
		policy *verdict.Policy
	}{{"f32", &b.f32}, {"bf16", &b.bf16}} {
		n := 0
		for _, g := range covered[p.policy] {
			k, err := b.replayBlocks(p.policy, g, b.replays/len(covered[p.policy])+1)
			if err != nil {
				return "", err
			}
			n += k
		}
		b.goals.Add(n == 0, fmt.Sprintf("faults in 10^6 samples of blocks of measured noise, %s policy", p.name), "0", fmt.Sprint(n), "see the pairs")
	}
	b.goals.Add(faults == 0, "faults in 10^6 samples of whole measured outputs, in each calibrated pair", "0", fmt.Sprint(faults), "see the pairs")
	return t.String(), nil
}

// distances are of log-probabilities, ascending, in nats; and the share of
// positions at which the recomputation chooses another token, of greedy and
// seeded outputs.
func distances(g verdict.Group) (all []float64, flips string) {
	asked, moved := 0, 0
	for _, p := range g.Pairs {
		for i, x := range p.Claimed.LogProb {
			all = append(all, math.Abs(float64(x)-float64(p.Recomputed.LogProb[i]))/posp.Nat)
			if p.Recomputed.Kind == posp.EvidenceFull {
				asked++
				if p.Recomputed.Margin[i] > 0 {
					moved++
				}
			}
		}
	}
	slices.Sort(all)
	if asked == 0 {
		return all, ""
	}
	return all, fmt.Sprintf("%.2f %%", 100*float64(moved)/float64(asked))
}

// replay counts faults in samples drawn from log e-values, nats: each has its
// standing set back, as after a penalty.
func (b *bench) replay(logE []float64) (faults int) {
	rng := random("replay")
	line, standing := verdict.Line(oneIn), uint64(0)
	for range b.replays {
		standing = verdict.Advance(standing, int32(math.Round(logE[rng.IntN(len(logE))]*verdict.Nat)))
		if standing >= line {
			faults, standing = faults+1, 0
		}
	}
	return faults
}

// replayBlocks counts faults in n samples, each an output put together of
// blocks of neighbouring positions from outputs of the group: noise that was
// measured, in combinations that were not.
func (b *bench) replayBlocks(p *verdict.Policy, g verdict.Group, n int) (faults int, err error) {
	const block, batch = 8, 20_000
	rng := random("blocks " + g.String())
	var kinds [4][]verdict.Pair
	for _, x := range g.Pairs {
		if len(x.Claimed.LogProb) >= block {
			kinds[x.Recomputed.Kind] = append(kinds[x.Recomputed.Kind], x)
		}
	}
	line, standing := verdict.Line(oneIn), uint64(0)
	for n > 0 {
		made := verdict.Group{Name: g.Name, Engines: g.Engines}
		for range min(n, batch) {
			from := kinds[posp.EvidenceFull]
			if len(from) == 0 || len(kinds[posp.EvidenceIntervals]) > 0 && rng.IntN(2) == 0 {
				from = kinds[posp.EvidenceIntervals]
			}
			if len(from) == 0 {
				return 0, fmt.Errorf("%s: no output has %d positions", g, block)
			}
			made.Pairs = append(made.Pairs, patch(rng, from, block))
		}
		n -= len(made.Pairs)
		j, err := verdict.Power(p, []verdict.Group{made}, verdict.PowerOptions{Limit: 1})
		if err != nil {
			return 0, err
		}
		logE := j[0].LogE
		rng.Shuffle(len(logE), func(i, k int) { logE[i], logE[k] = logE[k], logE[i] })
		for _, x := range logE {
			standing = verdict.Advance(standing, int32(math.Round(x*verdict.Nat)))
			if standing >= line {
				faults, standing = faults+1, 0
			}
		}
	}
	return faults, nil
}

// patch is an output of as many positions as the others have at most, made of
// blocks of theirs.
func patch(rng *rand.Rand, from []verdict.Pair, block int) (p verdict.Pair) {
	p.Claimed.Kind, p.Recomputed.Kind = from[0].Claimed.Kind, from[0].Recomputed.Kind
	for range tokens / block {
		x := &from[rng.IntN(len(from))]
		at := rng.IntN(len(x.Claimed.LogProb) - block + 1)
		p.Claimed.LogProb = append(p.Claimed.LogProb, x.Claimed.LogProb[at:at+block]...)
		r, q := &p.Recomputed, &x.Recomputed
		r.LogProb = append(r.LogProb, q.LogProb[at:at+block]...)
		if r.Kind == posp.EvidenceFull {
			r.Margin = append(r.Margin, q.Margin[at:at+block]...)
		} else {
			r.Below, r.Mass = append(r.Below, q.Below[at:at+block]...), append(r.Mass, q.Mass[at:at+block]...)
		}
	}
	return p
}
