package verdict

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/proof-of-sampling/posp"
)

// Explanation is why a sample was judged as it was, in numbers for a reader:
// nats and probabilities. It decides nothing.
type Explanation struct {
	Judgement Judgement `json:"-"`
	Verdict   string    `json:"verdict"`
	Class     string    `json:"class"`
	LogE      float64   `json:"logE"`   // nats, for the provider's standing
	Reason    string    `json:"reason"` // in a sentence

	Policy      posp.Hash   `json:"policy"` // zero: the spec is not known
	Calibration Calibration `json:"calibration"`
	FailAt      float64     `json:"failAt"` // nats
	PassAt      float64     `json:"passAt"`
	WrongModel  float64     `json:"wrongModel"` // mean distance in nats

	Members []MemberExplanation   `json:"members"`
	Worst   []PositionExplanation `json:"worst"` // by the recomputation that decides; those that speak most against the provider
}

// MemberExplanation is what one member's evidence says.
type MemberExplanation struct {
	Operator posp.Address `json:"operator"`
	Evidence string       `json:"evidence"`
	Done     bool         `json:"done"`
	Compared bool         `json:"compared"` // with the provider's claim
	Decides  bool         `json:"decides"`  // it is the committee's median
	Model    float64      `json:"model"`    // nats, as the next ones
	Choice   float64      `json:"choice"`
	LogE     float64      `json:"logE"`     // of both
	Distance float64      `json:"distance"` // mean of log-probabilities
	Scored   bool         `json:"scored"`   // compared with the others
	Against  float64      `json:"against"`  // nats, against the member: its distance to the nearest other
}

// PositionExplanation is one position of an output.
type PositionExplanation struct {
	At         int     `json:"at"` // of the output's tokens, from 0
	Token      uint32  `json:"token"`
	Claimed    float64 `json:"claimed"` // log-probability, nats
	Recomputed float64 `json:"recomputed"`
	Margin     float64 `json:"margin"`  // nats by which the rule preferred another token; 0 of unseeded answers
	Below      float64 `json:"below"`   // probability of the tokens before it; 0 of greedy and seeded answers
	Mass       float64 `json:"mass"`    // its own; as Below
	Against    float64 `json:"against"` // nats that it adds, by the tables that say most
}

const worst = 10 // positions that are told

// Explain judges a sample, and says why.
func Explain(policy *Policy, s Sample) Explanation {
	j, g := judge(policy, s)
	x := Explanation{Judgement: j, Verdict: j.Verdict.String(), Class: j.Class.String(), LogE: float64(j.LogE) / Nat,
		Members: []MemberExplanation{}, Worst: []PositionExplanation{}}
	if policy != nil {
		x.Policy, x.Calibration = policy.ID(), policy.Calibration
		x.FailAt, x.PassAt, x.WrongModel = float64(policy.FailAt)/Nat, float64(policy.PassAt)/Nat, float64(policy.WrongModel)/posp.Nat
	}
	for i, c := range s.Committee {
		o := j.Operators[i]
		m := MemberExplanation{Operator: c.Operator, Evidence: describe(c.Evidence), Done: o.Done, Scored: o.Scored, Against: float64(o.LogE) / Nat}
		if at := slices.Index(g.full, i); at >= 0 && g.scores != nil {
			score := g.scores[at]
			m.Compared, m.Decides = true, at == g.median
			m.Model, m.Choice, m.LogE = float64(score.Model)/Nat, float64(score.Choice)/Nat, float64(score.LogE)/Nat
			m.Distance = float64(score.Distance) / posp.Nat
		}
		x.Members = append(x.Members, m)
	}
	if g.scores != nil {
		x.Worst = policy.worst(s, s.Committee[g.full[g.median]].Evidence)
	}
	x.Reason = reason(policy, s, j, g, x)
	return x
}

func describe(e *posp.Evidence) string {
	switch {
	case e == nil:
		return "nothing revealed"
	case e.Kind == posp.EvidenceNone:
		return "not opened to it"
	case e.Kind == posp.EvidenceLogProbs:
		return fmt.Sprintf("%d log-probabilities", len(e.LogProb))
	case e.Kind == posp.EvidenceIntervals:
		return fmt.Sprintf("%d log-probabilities and intervals", len(e.LogProb))
	}
	return fmt.Sprintf("%d log-probabilities and margins", len(e.LogProb))
}

func reason(policy *Policy, s Sample, j Judgement, g grounds, x Explanation) string {
	switch g.rule {
	case byOpening:
		return fmt.Sprintf("the signed opening shows by itself to be %s; no evidence is needed", j.Class)
	case byClaim:
		return fmt.Sprintf("the provider's evidence has %d positions for %d output tokens", len(s.Provider.LogProb), s.positions())
	case byWithholding:
		if s.Opening != nil && s.Provider != nil {
			return "most members that revealed say that the sample was not opened to them"
		}
		return "nobody holds the opening and the provider's evidence"
	case byMissingPart:
		return "nobody holds the opening or the provider's evidence, and too few members revealed to say that it was withheld"
	case byUnknownSpec:
		return "the receipt names a spec that the network does not verify"
	case byFewMembers:
		return fmt.Sprintf("%d of %d members revealed evidence in full", len(g.full), len(s.Committee))
	case byUncovered:
		return fmt.Sprintf("the policy was not calibrated for engine class %q", s.Spec.EngineClass)
	case byUnasked:
		return "the policy asks nothing about answers drawn by this rule"
	case byDisagreement:
		return "fewer members than needed find that the evidence fits"
	}
	c := g.scores[g.median]
	said := fmt.Sprintf("question model says %+.2f nats, question %s %+.2f", float64(c.Model)/Nat, second(s), float64(c.Choice)/Nat)
	switch {
	case j.Verdict == posp.Fail && j.Class == posp.ForgedChoice:
		return said + ": the log-probabilities are the model's, and the choice of tokens is not"
	case j.Verdict == posp.Fail:
		return fmt.Sprintf("%s; log-probabilities are %.3g nats off on average, and another model is taken for it from %.3g", said, float64(c.Distance)/posp.Nat, x.WrongModel)
	case j.Verdict == posp.Pass:
		return said + ": as honest machines are"
	case j.LogE <= policy.PassAt:
		return fmt.Sprintf("%s, but %d tokens are too few to PASS, which takes %d", said, s.positions(), policy.MinPositions)
	}
	return fmt.Sprintf("%s: more than a PASS allows, and less than the %.2f nats of a FAIL", said, x.FailAt)
}

// second names the question about the choice of tokens.
func second(s Sample) string {
	if s.Opening.Request.Sampling.Rule == posp.Unseeded {
		return "interval"
	}
	return "choice"
}

// worst are the positions that speak most against the claim. A position's part
// in the mean over tables and questions is its logarithm in each, weighted by what
// that contributes to the mean.
func (p *Policy) worst(s Sample, own *posp.Evidence) []PositionExplanation {
	claim, n := s.Provider, len(own.LogProb)
	var sums []float64    // of each table of both questions
	var parts [][]float64 // of each position
	add := func(logs []int64, tables int, part func(i, t int) float64) {
		for t := range tables {
			row := make([]float64, n)
			for i := range row {
				row[i] = part(i, t)
			}
			// Two questions are averaged, and within each its tables.
			sums, parts = append(sums, float64(logs[t])/Nat-math.Log(float64(tables))), append(parts, row)
		}
	}
	binned := func(q *Question, xs []int32) {
		find, class := newFinder(q.Edges), newFinder(q.Classes)
		add(q.logEs(xs, own.LogProb), len(q.LogE), func(i, t int) float64 {
			return float64(q.LogE[t][class.bin(-own.LogProb[i])*(len(q.Edges)+1)+find.bin(xs[i])]) / Nat
		})
	}
	binned(&p.Model, distances(claim.LogProb, own.LogProb))
	if own.Kind == posp.EvidenceFull {
		binned(&p.Choice, own.Margin)
	} else {
		q := &p.Interval
		add(q.logEs(own.Below, own.Mass), len(q.E), func(i, t int) float64 {
			one := Intervals{Edges: q.Edges, E: q.E[t : t+1]}
			return float64(one.logE(own.Below[i:i+1], own.Mass[i:i+1])) / Nat
		})
	}
	top, total := slices.Max(sums), 0.0
	for t := range sums {
		sums[t] = math.Exp(sums[t] - top)
		total += sums[t]
	}
	list := make([]PositionExplanation, n)
	for i := range list {
		x := PositionExplanation{At: i, Token: s.Opening.Output.Tokens[i], Claimed: float64(claim.LogProb[i]) / posp.Nat, Recomputed: float64(own.LogProb[i]) / posp.Nat}
		if own.Kind == posp.EvidenceFull {
			x.Margin = float64(own.Margin[i]) / posp.Nat
		} else {
			x.Below, x.Mass = float64(own.Below[i])/posp.Unit, float64(own.Mass[i])/posp.Unit
		}
		for t, w := range sums {
			x.Against += w / total * parts[t][i]
		}
		list[i] = x
	}
	slices.SortStableFunc(list, func(a, b PositionExplanation) int { return cmp.Compare(b.Against, a.Against) })
	return list[:min(worst, n)]
}

// Print writes the explanation for a reader: of the positions those that speak
// against the provider at all.
func (x Explanation) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	verdict := x.Verdict
	if x.Judgement.Class != posp.ClassNone {
		verdict += " (" + x.Class + ")"
	}
	fmt.Fprintf(t, "%s, logE %+.2f nats: %s.\n", verdict, x.LogE, x.Reason)
	if x.Policy != (posp.Hash{}) {
		var pairs []string
		for _, p := range x.Calibration.Pairs {
			pairs = append(pairs, p.Claimed+" recomputed by "+p.Recomputed)
		}
		fmt.Fprintf(t, "Policy %s: FAIL from %.2f nats, PASS up to %.2f; it rests on %d outputs of %d positions, of %s.\n",
			x.Policy, x.FailAt, x.PassAt, x.Calibration.Samples, x.Calibration.Positions, strings.Join(pairs, "; "))
	}
	if len(x.Members) > 0 {
		fmt.Fprintln(t, "\nmember\tevidence\tmodel, nats\tchoice\tboth\tmean distance\tagainst the member")
	}
	for _, m := range x.Members {
		compared, scored := "-\t-\t-\t-", "-"
		if m.Compared {
			compared = fmt.Sprintf("%+.2f\t%+.2f\t%+.2f\t%.3g", m.Model, m.Choice, m.LogE, m.Distance)
		}
		if m.Scored {
			scored = fmt.Sprintf("%+.2f", m.Against)
		}
		if m.Decides {
			scored += "  <- decides"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", m.Operator, m.Evidence, compared, scored)
	}
	against := slices.DeleteFunc(slices.Clone(x.Worst), func(p PositionExplanation) bool { return p.Against <= 0 })
	if len(against) > 0 {
		fmt.Fprintln(t, "\nposition\ttoken\tclaimed\trecomputed\tdistance\tmargin\tbelow\tmass\tagainst the provider, nats")
	}
	for _, p := range against {
		fmt.Fprintf(t, "%d\t%d\t%.6f\t%.6f\t%.3g\t%.3g\t%.4f\t%.4f\t%+.2f\n", p.At, p.Token, p.Claimed, p.Recomputed, math.Abs(p.Claimed-p.Recomputed), p.Margin, p.Below, p.Mass, p.Against)
	}
	return t.Flush()
}
