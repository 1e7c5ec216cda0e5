package app

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/internal/chart"
	"github.com/proof-of-sampling/posp/verdict"
)

// demoRuns are the log e-values that the demo model's policy gave honest
// parties and cheats.
//
//go:generate go run ../../cmd/posp calibrate --power --engine posp-float/f32 --samples 300 --runs-out policy/posp-float-f32.runs.json
//go:embed policy/posp-float-f32.runs.json
var demoRuns []byte

// maxRuns bounds a distribution file.
const maxRuns = 64 << 20

// LoadRuns reads a distribution file; "" is the demo model's.
func LoadRuns(path string) (econ.Runs, error) {
	b, name := demoRuns, "of the demo model"
	if path != "" {
		f, err := os.Open(path)
		if err != nil {
			return econ.Runs{}, fmt.Errorf("distribution file: %w", err)
		}
		defer f.Close()
		if b, err = io.ReadAll(io.LimitReader(f, maxRuns)); err != nil {
			return econ.Runs{}, fmt.Errorf("distribution file: %w", err)
		}
		name = path
	}
	var runs econ.Runs
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&runs); err != nil {
		return runs, fmt.Errorf("distribution file %s: %w: want what posp calibrate --power writes", name, err)
	}
	if err := runs.Check(); err != nil {
		return runs, fmt.Errorf("distribution file %s: %w", name, err)
	}
	return runs, nil
}

// saveRuns writes a distribution file.
func saveRuns(path string, r econ.Runs) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("write distribution file: %w", err)
	}
	b = numbers.ReplaceAllFunc(b, func(pair []byte) []byte { return []byte(strings.Join(strings.Fields(string(pair)), "")) })
	if err := writeWhole(path, append(b, '\n')); err != nil {
		return fmt.Errorf("write distribution file: %w", err)
	}
	return nil
}

// OCOptions are what the operating characteristic is of.
type OCOptions struct {
	Runs      econ.Runs
	Alpha     float64   // an honest party crosses the line once in 1/alpha samples, at most
	Fractions []float64 // of samples that are cheated
	Repeat    int       // simulated run lengths of each
	Seed      uint64
}

// check refuses options that mean nothing.
func (o OCOptions) check() error {
	if !(o.Alpha >= 1e-18 && o.Alpha < 1) {
		return fmt.Errorf("alpha is %v: want a probability from 1e-18 to below 1", o.Alpha)
	}
	if len(o.Fractions) == 0 {
		return fmt.Errorf("no fractions of cheated samples are asked for")
	}
	for _, q := range o.Fractions {
		if !(q > 0 && q <= 1) {
			return fmt.Errorf("fraction of cheated samples %v: want one above 0, at most 1", q)
		}
	}
	if o.Repeat < 100 || o.Repeat > 10_000_000 {
		return fmt.Errorf("%d simulated runs: want 100 to 10,000,000", o.Repeat)
	}
	return nil
}

// Characteristic is the sequential test's operating characteristic.
type Characteristic struct {
	Policy   posp.Hash               `json:"policy"`
	About    string                  `json:"about"`
	Alpha    float64                 `json:"alpha"`
	Line     float64                 `json:"line"` // nats
	Subjects []SubjectCharacteristic `json:"subjects"`
}

// SubjectCharacteristic is that of providers, or of operators.
type SubjectCharacteristic struct {
	Subject econ.Subject  `json:"subject"`
	Honest  HonestRun     `json:"honest"`
	Cheats  []CheatingRun `json:"cheats"`
}

// HonestRun is what an honest party may expect.
type HonestRun struct {
	Sampled
	// At are run lengths for several alphas, the one asked for last: the
	// others are where chance may meet what was computed.
	At []AtAlpha `json:"at"`
}

// AtAlpha is a run length to the line of an alpha.
type AtAlpha struct {
	Alpha float64 `json:"alpha"`
	RunLength
}

// CheatingRun is what a cheat may expect.
type CheatingRun struct {
	Sampled
	At []AtFraction `json:"at"`
}

// AtFraction is a run length when that share of samples is cheated.
type AtFraction struct {
	Fraction float64 `json:"fraction"`
	RunLength
}

// Sampled is what is known of a run's logE.
type Sampled struct {
	Name     string  `json:"name"`
	Samples  uint64  `json:"samples"`
	MeanLogE float64 `json:"meanLogE"` // nats
	MeanE    float64 `json:"meanE"`    // of exp(logE)
	Greatest float64 `json:"greatest"` // logE, nats
}

// RunLength is an expected number of samples to a fault, found in two ways.
type RunLength struct {
	Recursion  samples `json:"recursion"`
	Simulation samples `json:"simulation"`
	Error      float64 `json:"error"` // standard error of the simulation
	Method     string  `json:"method"`
	Agree      bool    `json:"agree"` // within 4 standard errors, and a hundredth for the grid
}

// samples is a number of them; null in JSON is never.
type samples float64

func (s samples) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(s), 1) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(s))
}

func (s samples) String() string {
	switch x := float64(s); {
	case math.IsInf(x, 1):
		return "never"
	case x >= 1e6:
		return strconv.FormatFloat(x, 'e', 2, 64)
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	default:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
}

// ocSteps is how many samples one plain simulation may take.
const ocSteps = 20_000_000

// runLength is the recursion's, on a grid of 1/64 nats or of 512 points.
func runLength(d econ.Distribution, line uint64) float64 {
	return econ.RunLength(d, line, min(1./64, nats(line)/512))
}

// OC computes an operating characteristic. It tells progress after each
// run.
func OC(ctx context.Context, o OCOptions, progress func(string)) (Characteristic, error) {
	if err := o.check(); err != nil {
		return Characteristic{}, err
	}
	if err := o.Runs.Check(); err != nil {
		return Characteristic{}, err
	}
	c := Characteristic{Policy: o.Runs.Policy, About: o.Runs.About, Alpha: o.Alpha, Line: nats(lineFor(o.Alpha))}
	sim := econ.Simulation{Seed: o.Seed, Runs: o.Repeat, Steps: ocSteps}
	both := func(d econ.Distribution, alpha float64) (r RunLength, err error) {
		line := lineFor(alpha)
		exact := runLength(d, line)
		e, err := sim.RunLength(ctx, d, line, exact)
		if err != nil {
			return r, err
		}
		agree := e.Agrees(exact, 4) || math.Abs(e.Mean-exact) <= 4*e.Error+0.01*exact
		return RunLength{samples(exact), samples(e.Mean), e.Error, string(e.Method), agree}, nil
	}
	for _, subject := range []econ.Subject{econ.Provider, econ.Operator} {
		s := SubjectCharacteristic{Subject: subject, Cheats: []CheatingRun{}}
		honest, found, err := honestOf(o.Runs, subject)
		if err != nil {
			return c, err
		}
		if !found {
			continue
		}
		for _, run := range o.Runs.Runs {
			if run.Subject != subject {
				continue
			}
			progress(string(subject) + ", " + run.Name)
			d, err := econ.New(run.LogE)
			if err != nil {
				return c, err
			}
			about := Sampled{Name: run.Name, MeanLogE: d.Mean(), MeanE: d.MeanE(), Greatest: float64(d.Max()) / verdict.Nat}
			for _, w := range run.LogE {
				about.Samples += w.Count
			}
			if run.Honest {
				s.Honest.Sampled = about
				for _, alpha := range append(reachable(o.Alpha), o.Alpha) {
					r, err := both(d, alpha)
					if err != nil {
						return c, err
					}
					s.Honest.At = append(s.Honest.At, AtAlpha{alpha, r})
				}
				continue
			}
			cheat := CheatingRun{Sampled: about}
			for _, q := range o.Fractions {
				r, err := both(d.Mix(q, honest), o.Alpha)
				if err != nil {
					return c, err
				}
				cheat.At = append(cheat.At, AtFraction{q, r})
			}
			s.Cheats = append(s.Cheats, cheat)
		}
		c.Subjects = append(c.Subjects, s)
	}
	return c, nil
}

// reachable are alphas above the one asked for.
func reachable(alpha float64) (list []float64) {
	for _, a := range []float64{0.5, 1e-1, 1e-3} {
		if a > alpha {
			list = append(list, a)
		}
	}
	return list
}

// lineFor is the fault line for an alpha, Q16 nats.
func lineFor(alpha float64) uint64 { return verdict.Line(uint64(math.Ceil(1 / alpha))) }

func honestOf(runs econ.Runs, subject econ.Subject) (d econ.Distribution, found bool, err error) {
	for _, run := range runs.Runs {
		if run.Subject == subject && run.Honest {
			d, err = econ.New(run.LogE)
			return d, true, err
		}
	}
	return d, false, nil
}

// print writes the characteristic as tables.
func (c Characteristic) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "policy\t%s\n", c.Policy)
	if c.About != "" {
		fmt.Fprintf(t, "measured\t%s\n", c.About)
	}
	fmt.Fprintf(t, "fault line\t%.2f nats: an honest party's expected samples to a false fault are at least 1/alpha = %s\n", c.Line, samples(1/c.Alpha))
	for _, s := range c.Subjects {
		fmt.Fprintf(t, "\n%sS\tSAMPLES MEASURED\tMEAN LOGE\tGREATEST\tMEAN E-VALUE\tALPHA\tRECURSION\tSIMULATION\t+-\tBY\tAGREE\n", map[econ.Subject]string{econ.Provider: "PROVIDER", econ.Operator: "OPERATOR"}[s.Subject])
		h := s.Honest
		for _, at := range h.At {
			fmt.Fprintf(t, "%s\t%d\t%.3f\t%.3f\t%.4f\t%.0e\t%s\t%s\t%.2g\t%s\t%v\n", h.Name, h.Samples, h.MeanLogE, h.Greatest, h.MeanE, at.Alpha, at.Recursion, at.Simulation, at.Error, at.Method, yes(at.Agree))
		}
		if len(s.Cheats) > 0 {
			fmt.Fprintln(t, "CHEAT\tSAMPLES MEASURED\tMEAN LOGE\tGREATEST\tMEAN E-VALUE\tCHEATED\tRECURSION\tSIMULATION\t+-\tBY\tAGREE")
		}
		for _, x := range s.Cheats {
			for _, at := range x.At {
				fmt.Fprintf(t, "%s\t%d\t%.3f\t%.3f\t%.3g\t%s\t%s\t%s\t%.2g\t%s\t%v\n", x.Name, x.Samples, x.MeanLogE, x.Greatest, x.MeanE, share(at.Fraction), at.Recursion, at.Simulation, at.Error, at.Method, yes(at.Agree))
			}
		}
	}
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "NO"
}

// EconOC prints an operating characteristic, and draws it: expected samples
// into the file named plot, standings as they move into the one named paths.
func EconOC(ctx context.Context, file string, o OCOptions, asJSON bool, plot, paths string, out, progress io.Writer) (err error) {
	for _, name := range []string{plot, paths} {
		if name != "" {
			if err := chart.CheckName(name); err != nil {
				return err
			}
		}
	}
	if o.Runs, err = LoadRuns(file); err != nil {
		return err
	}
	c, err := OC(ctx, o, func(what string) { fmt.Fprintf(progress, "\r\x1b[K%s", what) })
	fmt.Fprint(progress, "\r\x1b[K")
	if err != nil {
		return err
	}
	if plot != "" {
		if err := c.Draw(plot); err != nil {
			return err
		}
	}
	if paths != "" {
		if err := DrawPaths(o, paths); err != nil {
			return err
		}
	}
	return show(c, asJSON, out)
}

// Draw draws expected samples against the fraction cheated.
func (c Characteristic) Draw(path string) error {
	var lines []chart.Line
	for _, s := range c.Subjects {
		for _, x := range s.Cheats {
			l := chart.Line{Name: x.Name}
			if s.Subject == econ.Operator {
				l.Name = "operator: " + x.Name
			}
			for _, at := range x.At {
				l.X, l.Y = append(l.X, at.Fraction), append(l.Y, float64(at.Recursion))
			}
			lines = append(lines, l)
		}
	}
	p, err := chart.RunLengths(fmt.Sprintf("Expected samples to a fault, alpha = %.0e", c.Alpha), lines, 1/c.Alpha)
	if err != nil {
		return err
	}
	return p.Save(path)
}

// DrawPaths draws one standing of each provider: the honest one, and each
// cheat when it cheats in some samples.
func DrawPaths(o OCOptions, path string) error {
	const most, some = 200, 0.2 // samples; of which are cheated
	line := lineFor(o.Alpha)
	var lines []chart.Line
	add := func(name string, d econ.Distribution, honest bool) {
		l := chart.Line{Name: name, Honest: honest}
		seed := o.Seed + uint64(len(lines))
		for n, y := range (econ.Simulation{Seed: seed}).Path(d, line, most) {
			l.X, l.Y = append(l.X, float64(n)), append(l.Y, y)
		}
		lines = append(lines, l)
	}
	for _, run := range o.Runs.Runs {
		if run.Subject != econ.Provider {
			continue
		}
		d, err := econ.New(run.LogE)
		if err != nil {
			return err
		}
		if run.Honest {
			add(run.Name, d, true)
			continue
		}
		honest, _, err := honestOf(o.Runs, econ.Provider)
		if err != nil {
			return err
		}
		add(run.Name, d.Mix(some, honest), false)
	}
	p, err := chart.Paths("Standing of providers that cheat in "+share(some)+" of samples", lines, nats(line))
	if err != nil {
		return err
	}
	return p.Save(path)
}

// Params are the inequalities that a deployment's parameters must keep, and
// what they would need.
type Params struct {
	Terms        Terms               `json:"terms"`
	Inequalities []weighedInequality `json:"inequalities"`
	RateNeeded   samples             `json:"rateNeeded"`  // null: there is none
	StakeNeeded  samples             `json:"stakeNeeded"` // null: there is none
}

type weighedInequality struct {
	Name       string  `json:"name"`
	More       samples `json:"more"`
	Less       samples `json:"less"`
	Holds      bool    `json:"holds"`
	WithMargin bool    `json:"withMargin"` // of a tenth, as the contract asks
}

// contractMargin is by how much EconomicsLib wants its inequalities kept.
const contractMargin = 0.1

// Terms are what honesty is weighed by.
type Terms = econ.Terms

// EconParams prints the inequalities for terms.
func EconParams(terms Terms, asJSON bool, out io.Writer) error {
	if err := terms.Check(); err != nil {
		return err
	}
	p := Params{Terms: terms, RateNeeded: samples(terms.RateNeeded()), StakeNeeded: samples(terms.StakeNeeded())}
	for _, i := range terms.Inequalities() {
		p.Inequalities = append(p.Inequalities, weighedInequality{i.Name, samples(i.More), samples(i.Less), i.Holds(0), i.Holds(contractMargin)})
	}
	return show(p, asJSON, out)
}

func (p Params) print(t *tabwriter.Writer) {
	fmt.Fprintln(t, "INEQUALITY\tMUST BE MORE\tTHAN\tHOLDS\tBY A TENTH")
	number := func(x samples) string { return strconv.FormatFloat(float64(x), 'g', 4, 64) }
	for _, i := range p.Inequalities {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", i.Name, number(i.More), number(i.Less), yes(i.Holds), yes(i.WithMargin))
	}
	if p.RateNeeded <= 1 {
		fmt.Fprintf(t, "\nrate from which cheating once does not pay\t%.2f %%\n", 100*float64(p.RateNeeded))
	} else {
		fmt.Fprintln(t, "\nrate from which cheating once does not pay\tnone: the slash is too small")
	}
	fmt.Fprintf(t, "stake from which cheating until caught does not pay\t%s\n", number(p.StakeNeeded))
}
