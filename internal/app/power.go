package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/internal/chart"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/verdict"
)

// PowerOptions say what a policy is tried on.
type PowerOptions struct {
	MeasureOptions          // From are honest pairs; Records keeps measured ones; Pairs and Positions are not used
	Policy         string   // file; "" is the one shipped for the engine class
	CheatsFrom     []string // files of recorded cheating runs
	CheatRecords   string   // file to which measured cheats are appended
	Cheats         []string // those of measure.CheatNames to measure; nil: all, if there is an engine
	Other          string   // weights of the other model
	Samples        int      // outputs of each run
	Tokens         int      // of an output, at most
	Alpha          float64
	RunsOut        string // distribution file to write
	Plot           string // chart to draw
	JSON           bool
}

// PowerReport is what a policy makes of honest parties and cheats.
type PowerReport struct {
	Policy posp.Hash  `json:"policy"`
	Alpha  float64    `json:"alpha"`
	Runs   []PowerRun `json:"runs"`
	runs   econ.Runs
}

// PowerRun is one of them.
type PowerRun struct {
	Name     string             `json:"name"`
	Subject  econ.Subject       `json:"subject"`
	Honest   bool               `json:"honest"`
	Engines  verdict.EnginePair `json:"engines"`
	Samples  int                `json:"samples"`
	Tokens   float64            `json:"tokens"` // of a sample, on average
	Pass     int                `json:"pass"`
	Fail     int                `json:"fail"`
	MeanE    float64            `json:"meanE"`    // of one operator's e-value
	MeanLogE float64            `json:"meanLogE"` // nats
	ToFault  samples            `json:"toFault"`  // expected samples, when all are like this; null: never
	Classes  map[string]int     `json:"classes"`  // of what failed
}

// honestRun names outputs of honest parties.
const honestRun = "honest"

// Power tries a policy.
func Power(ctx context.Context, o PowerOptions, out, progress io.Writer) error {
	if o.Plot != "" {
		if err := chart.CheckName(o.Plot); err != nil {
			return err
		}
	}
	r, err := power(ctx, o, progress)
	if err != nil {
		return err
	}
	if o.RunsOut != "" {
		if err := saveRuns(o.RunsOut, r.runs); err != nil {
			return err
		}
	}
	if o.Plot != "" {
		if err := r.draw(o.Plot); err != nil {
			return err
		}
	}
	return show(r, o.JSON, out)
}

func power(ctx context.Context, o PowerOptions, progress io.Writer) (PowerReport, error) {
	var r PowerReport
	policy, err := policyNamed(o.Policy, o.Engine)
	if err != nil {
		return r, err
	}
	if !(o.Alpha >= 1e-18 && o.Alpha < 1) {
		return r, fmt.Errorf("--alpha %v: want a probability from 1e-18 to below 1", o.Alpha)
	}
	r.Policy, r.Alpha = policy.ID(), o.Alpha
	r.runs = econ.Runs{Policy: r.Policy}
	var honest, cheats []verdict.Group
	for _, f := range []struct {
		paths []string
		to    *[]verdict.Group
	}{{o.From, &honest}, {o.CheatsFrom, &cheats}} {
		for _, path := range f.paths {
			more, err := readRecords(path)
			if err != nil {
				return r, err
			}
			*f.to = merge(*f.to, more)
		}
	}
	var colleagues []econ.Run
	if o.Engine != "" {
		l, err := newPowerBench(o, &policy)
		if err != nil {
			return r, err
		}
		h, c, err := l.measureAll(ctx, progress)
		if err != nil {
			return r, err
		}
		honest, cheats = merge(honest, h), merge(cheats, c)
		if colleagues, err = l.colleagues(ctx, progress); err != nil {
			return r, err
		}
		r.runs.About = fmt.Sprintf("%s on %s, outputs of at most %d tokens", modelName(o.Weights), o.Engine, o.Tokens)
	}
	if len(honest) == 0 {
		return r, fmt.Errorf("there are no honest outputs to compare with: name recorded pairs (--from) or an engine class (--engine)")
	}
	r.runs.Runs = append(r.runs.Runs, econ.Run{Name: honestRun, Subject: econ.Provider, Honest: true})
	for i, g := range append(slices.Clone(honest), cheats...) {
		is := i < len(honest)
		judged, err := verdict.Power(&policy, []verdict.Group{g}, verdict.PowerOptions{})
		if err != nil {
			return r, err
		}
		x := judged[0]
		logE := make([]int32, len(x.LogE))
		for k, nats := range x.LogE {
			logE[k] = int32(math.Round(nats * verdict.Nat))
		}
		run := PowerRun{Name: x.Group, Subject: econ.Provider, Honest: is, Engines: x.Engines, Samples: len(logE), Pass: x.Passes, Fail: x.Fails,
			MeanE: x.MeanE, MeanLogE: x.MeanLogE, Classes: map[string]int{}}
		for c, n := range x.Classes {
			run.Classes[c.String()] = n
		}
		for _, n := range x.Positions {
			run.Tokens += float64(n) / float64(len(x.Positions))
		}
		if run.ToFault, err = expected(econ.Histogram(logE), o.Alpha); err != nil {
			return r, err
		}
		r.Runs = append(r.Runs, run)
		if is {
			r.runs.Runs[0].LogE = append(r.runs.Runs[0].LogE, econ.Histogram(logE)...)
		} else {
			r.runs.Runs = append(r.runs.Runs, econ.Run{Name: r.unused(x.Group), Subject: econ.Provider, LogE: econ.Histogram(logE)})
		}
	}
	r.runs.Runs = append(r.runs.Runs, colleagues...)
	for _, c := range colleagues {
		run := PowerRun{Name: c.Name, Subject: c.Subject, Honest: c.Honest, Classes: map[string]int{}}
		d, err := econ.New(c.LogE)
		if err != nil {
			return r, fmt.Errorf("operators, %s: %w", c.Name, err)
		}
		for _, w := range c.LogE {
			run.Samples += int(w.Count)
		}
		run.MeanE, run.MeanLogE = d.MeanE(), d.Mean()
		if run.ToFault, err = expected(c.LogE, o.Alpha); err != nil {
			return r, err
		}
		r.Runs = append(r.Runs, run)
	}
	return r, r.runs.Check()
}

// unused is a name that no run of providers has yet.
func (r PowerReport) unused(name string) string {
	for slices.ContainsFunc(r.runs.Runs, func(x econ.Run) bool { return x.Name == name && x.Subject == econ.Provider }) {
		name += "'"
	}
	return name
}

func expected(h []econ.Weighted, alpha float64) (samples, error) {
	d, err := econ.New(h)
	if err != nil {
		return 0, err
	}
	return samples(runLength(d, lineFor(alpha))), nil
}

// policyNamed is the policy in a file; without one, the one shipped for the
// engine class.
func policyNamed(path, engine string) (verdict.Policy, error) {
	switch {
	case path != "":
		return LoadPolicy(path)
	case engine != "":
		return DemoPolicy(engine)
	}
	return DemoPolicy(floatEngine)
}

func modelName(weights string) string {
	if weights == "" || strings.HasPrefix(weights, embedded) {
		return "the demo model"
	}
	return weights
}

// powerBench measures honest parties and cheats.
type powerBench struct {
	*bench
	power  PowerOptions
	policy *verdict.Policy
	mode   float.Mode
	cheats []measure.Cheat
}

func newPowerBench(o PowerOptions, policy *verdict.Policy) (*powerBench, error) {
	if o.Samples < 2 || o.Tokens < 1 {
		return nil, fmt.Errorf("--samples %d, --tokens %d: want at least 2 and 1", o.Samples, o.Tokens)
	}
	mode, err := parseClass(o.Engine)
	if err != nil {
		return nil, err
	}
	if !policy.Calibration.Covers(mode.Class()) {
		return nil, fmt.Errorf("the policy does not cover engine class %s: its verdicts there are all inconclusive", o.Engine)
	}
	b, err := newBench(o.MeasureOptions)
	if err != nil {
		return nil, err
	}
	other, err := loadModel(o.Other)
	if err != nil {
		return nil, fmt.Errorf("other model: %w", err)
	}
	p := &powerBench{bench: b, power: o, policy: policy, mode: mode}
	rng := b.random("seeds of cheats")
	all, err := b.lab.Cheats(mode, other, func() (seed posp.Hash) {
		for i := range seed {
			seed[i] = byte(rng.Uint32())
		}
		return seed
	})
	if err != nil {
		return nil, err
	}
	names := o.Cheats
	if names == nil {
		names = measure.CheatNames
	}
	for _, name := range names {
		at := slices.IndexFunc(all, func(c measure.Cheat) bool { return c.Name == name })
		if at < 0 {
			return nil, fmt.Errorf("--cheat %q: there are %s", name, strings.Join(measure.CheatNames, ", "))
		}
		p.cheats = append(p.cheats, all[at])
	}
	return p, nil
}

// requests are the run's, made by a source of its own.
func (b *powerBench) requests(purpose string) ([]inference.Request, error) {
	c := b.lab.Weights.Config
	if c.VocabSize != int(demoVocab) {
		rng := b.random(purpose)
		return measure.Ask(b.power.Samples, func() (inference.Request, error) {
			return measure.Arbitrary(rng, c.VocabSize, 1+rng.IntN(32), b.power.Tokens)
		})
	}
	s, err := b.source(purpose)
	if err != nil {
		return nil, err
	}
	return measure.Ask(b.power.Samples, func() (inference.Request, error) { return s.Ordinary(b.power.Tokens) })
}

// measureAll measures honest outputs and the cheats'.
func (b *powerBench) measureAll(ctx context.Context, progress io.Writer) (honest, cheats []verdict.Group, err error) {
	run := func(f *measure.File, name string, engines verdict.EnginePair, p measure.Party, s inference.Scorer, adapt func(inference.Request) inference.Request) error {
		requests, err := b.requests("trial")
		if err != nil {
			return err
		}
		for i, r := range requests {
			requests[i] = adapt(r)
		}
		return b.measure(ctx, f, kind{name, requests}, engines, p, s, progress)
	}
	file, done, err := openRecords(b.o.Records)
	if err != nil {
		return nil, nil, err
	}
	defer done()
	same := func(r inference.Request) inference.Request { return r }
	for _, pair := range measure.Pairs(b.mode) {
		party, _, _, err := b.provider(ctx, pair.Claimed)
		if err != nil {
			return nil, nil, err
		}
		scorer, _, err := b.scorer(ctx, pair.Recomputed)
		if err != nil {
			return nil, nil, err
		}
		if err := errors.Join(run(file, honestRun, pair, party, scorer, same), run(file, honestRun+"-unseeded", pair, party, scorer, measure.Unseeded)); err != nil {
			return nil, nil, err
		}
	}
	honest = file.Groups()
	wrong, done2, err := openRecords(b.power.CheatRecords)
	if err != nil {
		return nil, nil, err
	}
	defer done2()
	class := b.mode.Class()
	for _, c := range b.cheats {
		if err := run(wrong, c.Name, verdict.EnginePair{Claimed: class, Recomputed: class}, c.Party, b.lab.Scorer(b.mode), c.Adapt); err != nil {
			return nil, nil, err
		}
	}
	return honest, wrong.Groups(), nil
}

// colleagues measures operators on honest outputs.
func (b *powerBench) colleagues(ctx context.Context, progress io.Writer) ([]econ.Run, error) {
	other, err := loadModel(b.power.Other)
	if err != nil {
		return nil, err
	}
	requests, err := b.requests("operators")
	if err != nil {
		return nil, err
	}
	var outputs []measure.Output
	m := meter{w: progress, what: "honest outputs for operators", total: len(requests), begin: time.Now()}
	err = measure.Run(ctx, measure.Generates(b.lab.Writer(b.mode)), b.lab.Scorer(b.mode), requests, func(i int, o measure.Output) error {
		outputs = append(outputs, o)
		m.tell(i+1, 0)
		return nil
	})
	m.end()
	if err != nil {
		return nil, err
	}
	spec := b.lab.Spec(b.mode.Class(), posp.RuleGumbel, b.policy)
	var runs []econ.Run
	for _, c := range b.lab.Colleagues(b.mode, other) {
		fmt.Fprintf(progress, "\r\x1b[Koperators, %s", c.Name)
		logE, err := b.lab.JudgeColleague(ctx, b.policy, spec, b.mode, outputs, c)
		m.end()
		if err != nil {
			return nil, err
		}
		if len(logE) == 0 {
			return nil, fmt.Errorf("operators, %s: no sample of %d passed, so that none was scored", c.Name, len(outputs))
		}
		runs = append(runs, econ.Run{Name: c.Name, Subject: econ.Operator, Honest: c.Honest, LogE: econ.Histogram(logE)})
	}
	return runs, nil
}

func (r PowerReport) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "policy\t%s\nalpha\t%g\n\n", r.Policy, r.Alpha)
	fmt.Fprintln(t, "RUN\tCLAIMED BY\tRECOMPUTED BY\tSAMPLES\tTOKENS\tPASS\tFAIL\tMEAN E-VALUE\tMEAN LOGE\tSAMPLES TO A FAULT\tCLASSES")
	for _, x := range r.Runs {
		name, pass, fail, tokens := x.Name, fmt.Sprint(x.Pass), fmt.Sprint(x.Fail), fmt.Sprintf("%.0f", x.Tokens)
		if x.Subject == econ.Operator {
			name, pass, fail, tokens = "operator: "+x.Name, "", "", ""
		}
		var classes []string
		for c, n := range x.Classes {
			classes = append(classes, fmt.Sprintf("%s %d", c, n))
		}
		slices.Sort(classes)
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%.4g\t%.2f\t%s\t%s\n", name, x.Engines.Claimed, x.Engines.Recomputed, x.Samples, tokens, pass, fail,
			x.MeanE, x.MeanLogE, x.ToFault, strings.Join(classes, ", "))
	}
}

// draw draws the log e-values of honest outputs and of each cheat's.
func (r PowerReport) draw(path string) error {
	var list []chart.Sample
	for _, run := range r.runs.Runs {
		if run.Subject != econ.Provider {
			continue
		}
		s := chart.Sample{Name: run.Name, Honest: run.Honest}
		for _, w := range run.LogE {
			for range w.Count {
				s.LogE = append(s.LogE, float64(w.Value)/verdict.Nat)
			}
		}
		list = append(list, s)
	}
	p, err := chart.LogE("Log e-values of honest outputs and of cheats", list, math.Log(1e6))
	if err != nil {
		return err
	}
	return p.Save(path)
}
