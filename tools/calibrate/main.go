// Command calibrate measures how far two honest computations of the demo model
// lie apart, and makes of it the policy by which its receipts are judged:
//
//	go run ./tools/calibrate -engine posp-float/f32 -out internal/app/policy/posp-float-f32.json
//	go run ./tools/calibrate -engine posp-float/bf16 -out internal/app/policy/posp-float-bf16.json
//
// The provider's engine writes answers to beginnings of Go declarations, of
// all lengths and sampling parameters, and to requests of a hostile buyer,
// greedy, seeded and unseeded; the operators' scorer recomputes them. Both
// also in other orders of addition, as other hardware would. Package verdict makes
// the policy. Then fresh outputs, honest and of cheats, show what it is worth: if
// honest ones look like a cheat's, it is not written. The policy does not depend on
// the cheats.
//
// With -record the pairs are kept, and with -pairs a policy is made of kept ones,
// of any engine, in a second. It must be run again whenever the weights or an
// engine change.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"go/build"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/verdict"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var o options
	flag.StringVar(&o.out, "out", "", "`FILE` to write the policy to; without it only the report is made")
	flag.StringVar(&o.record, "record", "", "`FILE` to write the honest pairs to")
	flag.StringVar(&o.pairs, "pairs", "", "`FILE` of honest pairs to use instead of measuring; no trial of cheats is made")
	flag.StringVar(&o.tree, "source", filepath.Join(build.Default.GOROOT, "src"), "`DIR` with Go files to take prompts from")
	flag.IntVar(&o.positions, "positions", 160_000, "honest positions to measure of each kind of request and pair of engines, about")
	flag.Uint64Var(&o.seed, "seed", 1, "of the choice of prompts and sampling")
	flag.StringVar(&o.engine, "engine", "posp-float/f32", "engine class as model specs name it")
	flag.IntVar(&o.trials, "trials", 200, "fresh outputs of each length and party to judge; 0 for none")
	flag.Parse()
	if flag.NArg() > 0 || o.positions < 1 || o.trials < 0 {
		fmt.Fprintln(os.Stderr, "calibrate: takes flags only, and at least one position (see -help)")
		os.Exit(2)
	}
	if err := run(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

type options struct {
	out, record, pairs, tree string
	positions, trials        int
	seed                     uint64
	engine                   string
}

func run(ctx context.Context, w io.Writer, o options) error {
	var groups []verdict.Group
	var l *laboratory
	var err error
	if o.pairs != "" {
		f, err := os.Open(o.pairs)
		if err != nil {
			return fmt.Errorf("read pairs: %w", err)
		}
		defer f.Close()
		if groups, err = verdict.ReadRecords(f); err != nil {
			return fmt.Errorf("read pairs: %w", err)
		}
	} else {
		if l, err = newLaboratory(o); err != nil {
			return err
		}
		if groups, err = l.honest(ctx, o.positions); err != nil {
			return err
		}
	}
	if o.record != "" {
		if err := whole(o.record, func(w io.Writer) error {
			for _, g := range groups {
				if err := verdict.WriteRecords(w, g); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("write pairs: %w", err)
		}
	}
	policy, report, err := verdict.Calibrate(groups, verdict.Options{})
	if err != nil {
		return err
	}
	print(w, report)
	if l != nil && o.trials > 0 {
		if err := l.trials(ctx, w, &policy, o.trials); err != nil {
			return err
		}
	}
	if o.out == "" {
		return nil
	}
	if err := save(o.out, policy); err != nil {
		return err
	}
	fmt.Fprintf(w, "policy %s -> %s\n", policy.ID(), o.out)
	return nil
}

// laboratory has the engines and the requests.
type laboratory struct {
	mode        float.Mode
	seed        uint64
	prompts     *source
	main, small *model.Weights
	scorer      *float.Scorer
}

func newLaboratory(o options) (*laboratory, error) {
	l := &laboratory{seed: o.seed}
	var err error
	if l.mode, err = float.ParseMode(o.engine); err != nil {
		return nil, err
	}
	if l.mode.Class() != o.engine {
		return nil, fmt.Errorf("%s names one kernel of engine class %s: calibrate the class", o.engine, l.mode.Class())
	}
	if l.main, err = model.Main(); err != nil {
		return nil, err
	}
	if l.small, err = model.Small(); err != nil {
		return nil, err
	}
	l.scorer = float.NewScorer(l.main)
	l.prompts, err = newSource(o.tree, rand.New(rand.NewPCG(o.seed, 0)))
	return l, err
}

// other is the class's mode with other orders of addition.
func (l *laboratory) other(flash, splitK int) float.Mode {
	m := l.mode
	m.FlashBlock, m.SplitK = flash, splitK
	return m
}

// writer computes one request with one goroutine: many are answered at once.
func writer(w *model.Weights, m float.Mode) inference.Generator {
	return float.New(w, float.Options{Workers: 1, Mode: m})
}

func (l *laboratory) operator(m float.Mode) inference.Scorer {
	return l.scorer.With(float.Options{Workers: 1, Mode: m})
}

// honest measures pairs of engines of the class.
func (l *laboratory) honest(ctx context.Context, positions int) ([]verdict.Group, error) {
	var groups []verdict.Group
	for _, engines := range []struct{ claimed, recomputed float.Mode }{
		{l.mode, l.mode},
		{l.other(64, 4), l.other(32, 2)},
	} {
		for _, k := range []struct {
			name    string
			length  int // of an output, about
			request func() (inference.Request, error)
		}{
			{"ordinary", 110, func() (inference.Request, error) { return l.prompts.request(0) }},
			{"hostile", 185, func() (inference.Request, error) { return l.prompts.hostile(l.main.Config.ContextLength) }},
		} {
			requests, err := ask(max(2, positions/k.length), k.request)
			if err != nil {
				return nil, err
			}
			for i := range requests {
				if i%2 == 1 {
					requests[i].Sampling = inference.Unseeded(requests[i].Sampling)
				}
			}
			g := verdict.Group{Name: k.name, Engines: verdict.EnginePair{Claimed: engines.claimed.String(), Recomputed: engines.recomputed.String()}}
			g.Pairs, err = answer(ctx, os.Stderr, g.String(), generates(writer(l.main, engines.claimed)), l.operator(engines.recomputed), requests)
			if err != nil {
				return nil, err
			}
			groups = append(groups, g)
		}
	}
	return groups, nil
}

func print(w io.Writer, r verdict.Report) {
	fmt.Fprintln(w, "outputs of      positions  held out  mean e-value  of each question                                worst logE  PASS  FAIL  mean distance      p99  flips  engines")
	for _, g := range r.Groups {
		var list []string
		for _, name := range []string{"model", "choice", "interval", "margin"} {
			if e, ok := g.QuestionE[name]; ok {
				list = append(list, fmt.Sprintf("%s %.2g", name, e))
			}
		}
		fmt.Fprintf(w, "%-15s %9d  %8d  %12.4f  %-46s  %10.2f  %4d  %4d  %13.2g  %7.2g  %5.2f%%  %s by %s\n", g.Group, g.Positions, g.HeldOut, g.MeanE, strings.Join(list, ", "),
			g.WorstLogE, g.Passes, g.Fails, g.DistanceMean, g.DistanceP99, 100*g.Flips, g.Engines.Claimed, g.Engines.Recomputed)
	}
	fmt.Fprint(w, "dependence of each table:")
	for _, name := range []string{"model", "choice", "interval", "margin"} {
		if b, ok := r.Dependence[name]; ok {
			fmt.Fprintf(w, " %s %d", name, b)
		}
	}
	fmt.Fprintln(w)
}

// trials judges fresh outputs of honest providers and of cheats, and prints
// what the policy makes of them.
func (l *laboratory) trials(ctx context.Context, w io.Writer, policy *verdict.Policy, samples int) error {
	operator := l.operator(l.mode)
	honest := generates(writer(l.main, l.mode))
	seeded := func(r inference.Request) inference.Request { return r }
	unseeded := func(r inference.Request) inference.Request {
		r.Sampling = inference.Unseeded(r.Sampling)
		return r
	}
	cool := func(r inference.Request) inference.Request { // temperature 0.7 is asked for
		if r.Sampling.Rule == posp.Greedy {
			r.Sampling.Rule, r.Sampling.Seed = posp.Seeded, l.prompts.seed()
		}
		r.Sampling.TemperatureMicro, r.Sampling.TopPMicro = 700_000, 1_000_000
		return r
	}
	parties := []struct {
		name     string
		honest   bool
		provider provider
		request  func(inference.Request) inference.Request
	}{
		{"honest", true, honest, seeded},
		{"honest, unseeded", true, honest, unseeded},
		{"honest, other order", true, generates(writer(l.main, l.other(128, 8))), seeded},
		{"int8", false, generates(writer(model.RoundInt8(l.main), l.mode)), seeded},
		{"int4", false, generates(writer(model.RoundInt4(l.main), l.mode)), seeded},
		{"small model", false, generates(writer(l.small, l.mode)), seeded},
		{"forger", false, forges(writer(l.small, l.mode), operator), seeded},
		{"forger, unseeded", false, forges(writer(l.small, l.mode), operator), unseeded},
		{"hot", false, hotter(writer(l.main, l.mode)), cool},
		{"hot, unseeded", false, hotter(writer(l.main, l.mode)), func(r inference.Request) inference.Request { return unseeded(cool(r)) }},
	}
	fmt.Fprintln(w, "\nFresh outputs, judged by committees of 3; a fault is a standing over ln(1e9); hot answers with temperature 1 what asked for 0.7:")
	var accused error
	for _, length := range []int{24, 64, 128, 256} {
		requests, err := ask(samples, func() (inference.Request, error) { return l.prompts.request(length) })
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "\n  %3d tokens           PASS  FAIL  mean e-value  mean logE  model  choice  worst  samples to a fault: mean  median  95 of 100  classes\n", length)
		for _, party := range parties {
			asked := make([]inference.Request, len(requests))
			for i, r := range requests {
				asked[i] = party.request(r)
			}
			g := verdict.Group{Name: party.name}
			if g.Pairs, err = answer(ctx, os.Stderr, party.name, party.provider, operator, asked); err != nil {
				return err
			}
			power, err := verdict.Power(policy, []verdict.Group{g}, verdict.PowerOptions{})
			if err != nil {
				return err
			}
			x := power[0]
			fmt.Fprintf(w, "  %-20s %4d  %4d  %12.4g  %9.2f  %5.1f  %6.1f  %5.2f  %24.2f  %6.0f  %9.0f  %s\n", party.name, x.Passes, x.Fails, x.MeanE, x.MeanLogE,
				mean(x.Model), mean(x.Choice), slices.Max(x.LogE), x.ToFault, x.ToFaultMedian, x.ToFaultP95, classList(x.Classes))
			if party.honest && x.MeanE > 1 {
				accused = errors.Join(accused, fmt.Errorf("the mean e-value of outputs of %d tokens, %s, is %.3g, above 1: the policy would accuse the honest, and is not written", length, party.name, x.MeanE))
			}
		}
	}
	return accused
}

func mean(xs []float64) (m float64) {
	for _, x := range xs {
		m += x / float64(len(xs))
	}
	return m
}

// ask makes n requests.
func ask(n int, request func() (inference.Request, error)) ([]inference.Request, error) {
	list := make([]inference.Request, n)
	var err error
	for i := range list {
		if list[i], err = request(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func classList(classes map[posp.Class]int) string {
	var list []string
	for c, n := range classes {
		list = append(list, fmt.Sprintf("%s %d", c, n))
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

var numbers = regexp.MustCompile(`\[[-\s\d,]+\]`)

// save writes the policy as JSON, one table a line.
func save(path string, p verdict.Policy) error {
	b, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	b = numbers.ReplaceAllFunc(b, func(list []byte) []byte {
		return []byte(strings.ReplaceAll(strings.Join(strings.Fields(string(list)), ""), ",", ", "))
	})
	if err := whole(path, func(w io.Writer) error { _, err := w.Write(append(b, '\n')); return err }); err != nil {
		return fmt.Errorf("write policy: %w", err)
	}
	return nil
}

// whole writes a file whole or not at all.
func whole(path string, write func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".calibrate-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if err = write(tmp); err == nil {
		err = tmp.Close()
	}
	if err == nil {
		err = os.Chmod(tmp.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	return err
}
