package verdict

import (
	"cmp"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// Sample is everything that is held about one sampled receipt.
type Sample struct {
	Spec      posp.ModelSpec
	Opening   *posp.Opening  // authentic (VerifyOpening); nil when nobody holds it
	Provider  *posp.Evidence // the provider's own, matching the receipt's evidenceHash; nil when nobody holds it
	Committee []CommitteeEvidence
}

// CommitteeEvidence is what a member of a sample's committee revealed.
type CommitteeEvidence struct {
	Operator posp.Address
	Evidence *posp.Evidence // as committed to; nil when it did not reveal
}

// Judgement is what a sample comes to.
type Judgement struct {
	Verdict   posp.Verdict
	Class     posp.Class
	LogE      int32 // Q16 nats, for the provider's standing
	Operators []OperatorJudgement
}

// OperatorJudgement is what a sample says of one member, in committee order.
type OperatorJudgement struct {
	Operator posp.Address
	Done     bool  // its duty: evidence in full, or a confirmed "it was not opened to me"
	Scored   bool  // compared with at least two others, in a sample that passed
	LogE     int32 // Q16 nats, for the operator's standing
}

// Judge judges one sample. The rules, in this order:
//
//  1. What the opening alone shows to be wrong is a FAIL with logE = cap,
//     whatever anybody says about it; so is evidence of the wrong length.
//  2. A sample is UNAVAILABLE when more than half of those that revealed say
//     that it was not opened to them, or nobody holds the opening and the
//     provider's evidence. As long as fewer than two members (one, of a
//     committee of one) revealed, nobody can say so: INCONCLUSIVE.
//  3. Full evidence from fewer than two members (one of one) is INCONCLUSIVE,
//     and so are a spec that nobody knows (policy nil: then only rule 2 can say
//     more), an engine class for which the policy was not calibrated, and a
//     sampling rule about which it asks nothing. Evidence in full is of the kind
//     that the opening's rule demands, with each of the output's positions.
//  4. The provider's score is the lower median over the full evidences, so
//     that one liar among three, or among two, cannot make it worse than an
//     honest member finds it. The verdict follows from the policy's bounds, and needs
//     the support of two full evidences (one of one) to be PASS or FAIL.
//
// An honest provider can still be accused when at least half of a committee
// invents its evidence; its remedy is to contest the verdict.
func Judge(policy *Policy, s Sample) Judgement {
	j, _ := judge(policy, s)
	return j
}

// grounds are what a judgement rests on.
type grounds struct {
	rule   rule
	full   []int        // members with evidence in full
	scores []Comparison // of each of them
	median int          // which of them is the provider's score
}

// rule says by which of Judge's rules a sample is decided.
type rule int

const (
	byOpening      rule = iota // it shows to be wrong by itself
	byClaim                    // the provider's evidence is of none or another length
	byWithholding              // most say that it was not opened to them, or nobody holds it
	byUnknownSpec              // INCONCLUSIVE from here
	byMissingPart              // opening or provider's evidence
	byFewMembers               // with evidence in full
	byUncovered                // engine class
	byUnasked                  // sampling rule
	byDisagreement             // of the members on PASS
	byScore                    // the comparison
)

func judge(policy *Policy, s Sample) (Judgement, grounds) {
	j := Judgement{Verdict: posp.Inconclusive, Operators: make([]OperatorJudgement, len(s.Committee))}
	need := min(2, len(s.Committee))
	revealed, none := 0, 0
	var g grounds
	for i, c := range s.Committee {
		j.Operators[i].Operator = c.Operator
		switch e := c.Evidence; {
		case e == nil:
		case e.Kind == posp.EvidenceNone:
			revealed, none = revealed+1, none+1
		case (e.Kind == posp.EvidenceFull || e.Kind == posp.EvidenceIntervals) && e.Whole(len(e.LogProb)):
			revealed++
			if s.Opening != nil && s.full(e) {
				g.full = append(g.full, i)
				j.Operators[i].Done = true
			}
		}
	}

	if s.Opening != nil && policy != nil {
		class := CheckOpening(s.Spec, *s.Opening)
		g.rule = byOpening
		if class == posp.ClassNone && s.Provider != nil &&
			(s.Provider.Kind == posp.EvidenceNone || uint64(len(s.Provider.LogProb)) != s.positions()) {
			class, g.rule = posp.Malformed, byClaim
		}
		if class != posp.ClassNone {
			j.Verdict, j.Class, j.LogE = posp.Fail, class, policy.Cap
			for i := range s.Committee { // there was nothing to recompute
				j.Operators[i].Done = s.Committee[i].Evidence != nil
			}
			return j, g
		}
	}
	if revealed >= need && revealed > 0 && (2*none > revealed || s.Opening == nil || s.Provider == nil) {
		j.Verdict, j.Class, g.rule = posp.Unavailable, posp.Withheld, byWithholding
		for i, c := range s.Committee {
			if c.Evidence != nil && c.Evidence.Kind == posp.EvidenceNone {
				j.Operators[i].Done = true
			}
		}
		return j, g
	}
	switch {
	case s.Opening == nil || s.Provider == nil:
		g.rule = byMissingPart
	case policy == nil:
		g.rule = byUnknownSpec
	case len(g.full) < need || len(g.full) == 0:
		g.rule = byFewMembers
	case !policy.Calibration.Covers(s.Spec.EngineClass):
		g.rule = byUncovered
	case !policy.asks(s.Opening.Request.Sampling.Rule):
		g.rule = byUnasked
	default:
		g.rule = byScore
	}
	if g.rule != byScore {
		return j, g
	}

	g.scores = make([]Comparison, len(g.full))
	for i, member := range g.full {
		g.scores[i] = policy.compare(s.Provider, s.Committee[member].Evidence)
	}
	order := make([]int, len(g.full))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return g.scores[a].cmp(g.scores[b]) })
	rank := (len(g.full) - 1) / 2
	g.median = order[rank]
	at := func(i int) int32 { return policy.mix(g.scores[order[i]].LogE - discount(rank)) }
	logE := at(rank)
	switch {
	case logE >= policy.FailAt: // as are those above the rank: at least as many as needed
		j.Verdict, j.Class = posp.Fail, policy.class(g.scores[g.median])
	case logE <= policy.PassAt: // as are those below the rank
		if at(need-1) > policy.PassAt {
			g.rule = byDisagreement // fewer than needed say so
			return j, g
		}
		if s.positions() >= uint64(policy.MinPositions) {
			j.Verdict = posp.Pass
			judgeOperators(policy, s, g.full, j.Operators)
		}
	}
	// A short output cannot pass, and its logE counts all the same: else short
	// answers would be a place to cheat in.
	j.LogE = logE
	return j, g
}

// full says whether evidence is all that a member owes of the opening.
func (s *Sample) full(e *posp.Evidence) bool {
	return e.Kind == s.Opening.Request.Sampling.Rule.Recomputed() && e.Whole(int(s.positions()))
}

// positions are the output's tokens.
func (s Sample) positions() uint64 {
	_, n := lengths(*s.Opening)
	return n
}

// cmp orders comparisons by what they are worth, and those that are worth the
// same by all that a class is derived from.
func (c Comparison) cmp(d Comparison) int {
	return cmp.Or(cmp.Compare(c.LogE, d.LogE), cmp.Compare(c.Model, d.Model), cmp.Compare(c.Choice, d.Choice), cmp.Compare(c.Distance, d.Distance))
}

// class is what a failed comparison looks like. The model is in question as
// soon as its own question speaks against it; when the log-probabilities agree
// and only the choices do not, somebody else wrote what the model scored.
func (p *Policy) class(c Comparison) posp.Class {
	switch {
	case c.Model < int64(p.FailAt) && c.Choice > c.Model:
		return posp.ForgedChoice
	case c.Distance >= p.WrongModel:
		return posp.WrongModel
	}
	return posp.WrongPrecision
}

// judgeOperators scores each full evidence by the other that it is closest to:
// far from all others means not recomputed. That needs two others, since of two
// that differ nobody can say who lies. It stays an e-value as long as one of
// the others is honest; where all others invent the same numbers, the honest
// member is the one far from all, and only a dispute, in which the reference
// program decides, protects it.
//
// Only samples that PASS count: calibration saw honest outputs, and on others,
// which their writer may have chosen for it, honest recomputations may differ
// more than it knows.
func judgeOperators(policy *Policy, s Sample, full []int, judged []OperatorJudgement) {
	if len(full) < 3 {
		return
	}
	least := make([]int64, len(full))
	for i := range least {
		least[i] = maxLogE + 1
	}
	for i := range full {
		for k := range i {
			score := policy.compareOperators(s.Committee[full[i]].Evidence, s.Committee[full[k]].Evidence)
			least[i], least[k] = min(least[i], score), min(least[k], score)
		}
	}
	for i, member := range full {
		judged[member].Scored = true
		judged[member].LogE = policy.mix(least[i])
	}
}
