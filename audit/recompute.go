package audit

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/verdict"
)

// What a replay checks beyond Verify.
const (
	CheckRecomputation     = "recomputation"      // the committee's evidence is what the model gives
	CheckRecomputedVerdict = "recomputed verdict" // so is the verdict
)

// Scorers gives the model of a spec. Its error says why that cannot be run
// here, and is part of the report.
type Scorers func(specID posp.Hash) (inference.Scorer, error)

// Replay is a report and what was recomputed.
type Replay struct {
	Report
	Recomputed []Recomputed `json:"recomputed"`
	// Agrees: no check failed, everything that was asked for was recomputed, and
	// it gives the verdicts that were certified.
	Agrees bool `json:"agrees"`
}

// Recomputed is one sample, run again here.
type Recomputed struct {
	SampleID  posp.Hash      `json:"sampleId"`
	BatchID   posp.Hash      `json:"batchId"`
	Provider  posp.Address   `json:"provider"`
	J         uint64         `json:"j"`
	Leaf      uint64         `json:"leaf"`
	Committee []posp.Address `json:"committee"`

	Certified   Finding      `json:"certified"`
	Recomputed  *Finding     `json:"recomputed"` // nil if nothing could be
	Comparisons []Comparison `json:"comparisons"`
	// Explanation is why the committee's evidence comes to what it does; nil
	// where texts are left out.
	Explanation *verdict.Explanation `json:"explanation"`
	Positions   int                  `json:"positions"` // recomputed
	Why         string               `json:"why"`       // nothing could be; empty if it could

	evidence, verdict outcome
}

// Comparison is how far somebody's evidence lies from what was recomputed
// here, in nats. Of margins there is nothing to say for a provider.
type Comparison struct {
	Who         posp.Address `json:"who"`
	Evidence    string       `json:"evidence"` // what it gave
	Positions   int          `json:"positions"`
	MaxLogProb  float64      `json:"maxLogProb"`
	MeanLogProb float64      `json:"meanLogProb"`
	MaxMargin   float64      `json:"maxMargin"`
	MeanMargin  float64      `json:"meanMargin"`
	Against     float64      `json:"against"` // nats of evidence that it was not computed with the spec's model
	Fits        bool         `json:"fits"`
}

// Recompute verifies a bundle, and runs the model again on those of its samples
// that which names; nil: on all that it holds. progress, if not nil, is told
// before each. The error is about a model that fails while it runs.
func Recompute(ctx context.Context, b *bundle.Bundle, trust Trust, scorers Scorers, which func(*bundle.Sample) bool, progress func(done, of int)) (*Replay, error) {
	v := newVerifier(b, trust)
	r := &Replay{Report: *v.verify(), Recomputed: []Recomputed{}}
	var list []int
	for i := range b.Samples {
		if which == nil || which(&b.Samples[i]) {
			list = append(list, i)
		}
	}
	if r.outcome(CheckCommittee) != OK || r.outcome(CheckReceipts) != OK {
		r.step(CheckRecomputation, unchecked("it rests on %q and %q", CheckCommittee, CheckReceipts))
		r.step(CheckRecomputedVerdict, restsOn(CheckRecomputation))
		r.conclude()
		return r, nil
	}
	for n, i := range list {
		if progress != nil {
			progress(n, len(list))
		}
		one, err := v.recompute(ctx, i, scorers)
		if err != nil {
			return nil, err
		}
		r.Recomputed = append(r.Recomputed, one)
	}
	evidence := r.together(func(x *Recomputed) outcome { return x.evidence })
	verdicts := r.together(func(x *Recomputed) outcome { return x.verdict })
	// What nobody can recompute does not stand against an agreement; what could
	// have been, and was not, does.
	r.Agrees = len(r.Recomputed) > 0 && evidence.is != Unchecked && verdicts.is != Unchecked
	for _, o := range []*outcome{&evidence, &verdicts} {
		if o.is == "" {
			o.is = Unchecked
		}
	}
	r.step(CheckRecomputation, evidence)
	r.step(CheckRecomputedVerdict, verdicts)
	r.conclude()
	for _, name := range []string{CheckBeacon, CheckDraw, CheckVerdicts, CheckSampleTree, CheckSignature, CheckQuorum} {
		r.Agrees = r.Agrees && r.outcome(name) == OK
	}
	r.Agrees = r.Agrees && r.Good
	return r, nil
}

// nothing is of a sample of which nobody could recompute anything.
func nothing(format string, args ...any) outcome { return outcome{"", fmt.Sprintf(format, args...)} }

// together is what many outcomes come to: the first that is worst, and how many
// are like it.
func (r *Replay) together(of func(*Recomputed) outcome) outcome {
	counts, worst := map[Outcome]int{}, outcome{"", "no sample was asked for"}
	rank := map[Outcome]int{"": 0, OK: 1, Unchecked: 2, Failed: 3}
	for i := range r.Recomputed {
		o := of(&r.Recomputed[i])
		counts[o.is]++
		if i == 0 || rank[o.is] > rank[worst.is] {
			worst = o
		}
	}
	if len(r.Recomputed) > 1 {
		worst.found = fmt.Sprintf("%d of %d samples; for one, %s", counts[worst.is], len(r.Recomputed), worst.found)
	}
	return worst
}

// recompute runs the model on one sample.
func (v *verifier) recompute(ctx context.Context, i int, scorers Scorers) (Recomputed, error) {
	s, a, of := &v.Samples[i], v.drawn[i], v.group(v.batchOf[i])
	r := Recomputed{SampleID: a.SampleID, BatchID: of.id, Provider: of.batch.Provider, J: a.J, Leaf: a.Leaf, Committee: a.Committee,
		Certified: finding(s.Result), Comparisons: []Comparison{}}
	h, err := v.held(i)
	if err != nil {
		return r, err
	}
	var spec *verdict.Spec
	for k := range v.models {
		if v.models[k].Spec.ID() == s.Receipt.SpecID {
			spec = &v.models[k]
		}
	}
	judged := verdict.Sample{Opening: h.Opening, Provider: h.Provider}
	var policy *verdict.Policy
	if spec != nil {
		judged.Spec, policy = spec.Spec, &spec.Policy
	}
	raw := make([]*posp.Evidence, len(h.Committee))
	for k, m := range h.Committee {
		if m.Revealed {
			if e, err := posp.DecodeEvidence(m.Evidence); err == nil {
				raw[k] = &e
			}
		}
		judged.Committee = append(judged.Committee, verdict.CommitteeEvidence{Operator: a.Committee[k], Evidence: raw[k]})
	}
	redacted := s.Opened && (s.Request == nil || s.Output == nil)
	if !redacted {
		x := verdict.Explain(policy, judged)
		r.Explanation = &x
	}
	not := func(format string, args ...any) (Recomputed, error) {
		r.Why = fmt.Sprintf(format, args...)
		r.evidence, r.verdict = unchecked("%s", r.Why), unchecked("%s", r.Why)
		return r, nil
	}
	switch {
	case !s.Opened:
		r.Why = "without an opening there is nothing to recompute"
		r.evidence, r.verdict = nothing("%s", r.Why), nothing("%s", r.Why)
		return r, nil
	case redacted:
		return not("its prompt or output is left out: fetch it as somebody to whom the aggregator shows it, and without --redact")
	case spec == nil:
		return not("the receipt names spec %s, which the network does not verify", s.Receipt.SpecID)
	}
	if class := verdict.CheckOpening(spec.Spec, *h.Opening); class != posp.ClassNone {
		r.evidence = ok("the opening by itself is %s: there is nothing to recompute", class)
		r.verdict = same(s.Result.Verdict == posp.Fail && s.Result.Class == class, "the opening by itself is %s, certified is %s", class, r.Certified)
		return r, nil
	}
	scorer, err := scorers(s.Receipt.SpecID)
	if err != nil {
		return not("the model cannot be run here: %v", err)
	}
	own, err := scorer.Score(ctx, h.Opening.Request.Tokens, h.Opening.Request.Sampling, h.Opening.Output.Tokens)
	if err != nil {
		return r, fmt.Errorf("recompute sample %s: %w", a.SampleID, err)
	}
	r.Positions = len(own.LogProb)
	fit, full := 0, 0
	for k, operator := range a.Committee {
		c := compare(&spec.Policy, judged, &own, operator, raw[k])
		if c.Positions > 0 {
			full++
			if c.Fits {
				fit++
			}
		}
		r.Comparisons = append(r.Comparisons, c)
	}
	if h.Provider != nil {
		r.Comparisons = append(r.Comparisons, compare(&spec.Policy, judged, &own, of.batch.Provider, h.Provider))
	}
	if full == 0 {
		r.evidence = nothing("%d positions recomputed; no member of the committee revealed evidence to compare with", r.Positions)
	} else {
		r.evidence = same(2*fit > full, "%d positions recomputed; the evidence of %d of %d members is what the model gives", r.Positions, fit, full)
	}
	if s.Result.Verdict == posp.Unavailable || h.Provider == nil {
		r.verdict = nothing("%s rests on what the provider did not show the committee, which a recomputation cannot tell", r.Certified)
		return r, nil
	}
	// A committee of the same size that all found what was recomputed here.
	alone := judged
	alone.Committee = nil
	for _, operator := range a.Committee {
		alone.Committee = append(alone.Committee, verdict.CommitteeEvidence{Operator: operator, Evidence: &own})
	}
	j := verdict.Judge(policy, alone)
	f := Finding{j.Verdict, j.Class, j.LogE}
	r.Recomputed = &f
	r.verdict = same(j.Verdict == s.Result.Verdict, "the provider's evidence against this recomputation is %s, certified is %s", f, r.Certified)
	return r, nil
}

// compare measures evidence against what was recomputed here. What the
// distance of log-probabilities is worth is package verdict's question whether
// it was this model: one member, with the margins of an honest output, judges
// them as a claim. Margins of two recomputations have no calibrated
// question; where they differ on average by what looks like another model, they
// do not fit.
func compare(policy *verdict.Policy, s verdict.Sample, own *posp.Evidence, who posp.Address, e *posp.Evidence) Comparison {
	c := Comparison{Who: who, Evidence: kindName(e)}
	if e == nil || e.Kind == posp.EvidenceNone {
		return c
	}
	c.Positions = len(e.LogProb)
	if c.Positions != len(own.LogProb) {
		c.Evidence += " of the wrong length"
		return c
	}
	c.MaxLogProb, c.MeanLogProb = distance(e.LogProb, own.LogProb)
	if e.Kind == posp.EvidenceFull && own.Kind == posp.EvidenceFull {
		c.MaxMargin, c.MeanMargin = distance(e.Margin, own.Margin)
	}
	logE := verdict.Judge(policy, verdict.Sample{Spec: s.Spec, Opening: s.Opening,
		Provider:  &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: e.LogProb},
		Committee: []verdict.CommitteeEvidence{{Evidence: rightlyChosen(own)}},
	}).LogE
	c.Against = float64(logE) / verdict.Nat
	c.Fits = logE < policy.FailAt && c.MeanMargin*posp.Nat < float64(policy.WrongModel)
	return c
}

// rightlyChosen is a recomputation with choices of tokens that nothing can be
// said against.
func rightlyChosen(own *posp.Evidence) *posp.Evidence {
	n := len(own.LogProb)
	e := posp.Evidence{Kind: own.Kind, LogProb: own.LogProb}
	if e.Kind == posp.EvidenceFull {
		e.Margin = make([]int32, n)
		return &e
	}
	e.Below, e.Mass = make([]int32, n), make([]int32, n)
	for i := range e.Mass {
		e.Mass[i] = posp.Unit
	}
	return &e
}

// distance is the greatest and the mean distance in nats.
func distance(a, b []int32) (most, mean float64) {
	for i := range a {
		d := math.Abs(float64(a[i])-float64(b[i])) / posp.Nat
		most, mean = max(most, d), mean+d
	}
	return most, mean / float64(max(1, len(a)))
}

func kindName(e *posp.Evidence) string {
	switch {
	case e == nil:
		return "nothing revealed"
	case e.Kind == posp.EvidenceNone:
		return "not opened to it"
	case e.Kind == posp.EvidenceLogProbs:
		return "log-probabilities"
	case e.Kind == posp.EvidenceIntervals:
		return "log-probabilities and intervals"
	}
	return "log-probabilities and margins"
}

// Print writes the replay for a reader.
func (r *Replay) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	r.print(t)
	for i := range r.Recomputed {
		x := &r.Recomputed[i]
		if err := t.Flush(); err != nil {
			return err
		}
		if err := x.print(w); err != nil {
			return err
		}
	}
	fmt.Fprintln(t)
	switch bad := r.Failures(); {
	case r.Agrees:
		fmt.Fprintln(t, "replay agrees\twith what is certified on chain")
	case len(bad) > 0:
		fmt.Fprintf(t, "replay DISAGREES\t%s\n", strings.Join(bad, ", "))
	default:
		fmt.Fprintln(t, "replay is INCOMPLETE\ttoo little could be checked to agree")
	}
	return t.Flush()
}

func (x *Recomputed) print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "\nsample\t%s\n", x.SampleID)
	fmt.Fprintf(t, "batch\t%s of provider %s; sample %d is leaf %d\n", x.BatchID, x.Provider, x.J, x.Leaf)
	names := make([]string, len(x.Committee))
	for i, c := range x.Committee {
		names[i] = c.Hex()
	}
	fmt.Fprintf(t, "committee\t%s\n", strings.Join(names, " "))
	fmt.Fprintf(t, "verdict\t%s\n", x.Certified)
	if x.Why != "" {
		fmt.Fprintf(t, "not recomputed\t%s\n", x.Why)
	}
	if x.Recomputed != nil {
		fmt.Fprintf(t, "recomputed\t%s\n", x.Recomputed)
	}
	if len(x.Comparisons) > 0 {
		fmt.Fprintf(t, "\nagainst our recomputation, nats\tevidence\tpositions\tlog-probability max\tmean\tmargin max\tmean\tthat it is another model's\t\n")
		for _, c := range x.Comparisons {
			fits := "fits"
			if !c.Fits {
				fits = "does not fit"
			}
			fmt.Fprintf(t, "%s\t%s\t%d\t%.3g\t%.3g\t%.3g\t%.3g\t%+.2f\t%s\n", c.Who, c.Evidence, c.Positions, c.MaxLogProb, c.MeanLogProb, c.MaxMargin, c.MeanMargin, c.Against, fits)
		}
	}
	if err := t.Flush(); err != nil || x.Explanation == nil {
		return err
	}
	fmt.Fprintf(w, "\nwhy, by the committee's evidence:\n")
	return x.Explanation.Print(w)
}
