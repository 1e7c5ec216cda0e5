package audit

import (
	"fmt"
	"math"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// held is what is authentic of one sample, out of everybody's messages.
type held struct {
	opening *posp.Opening
	// withheld: the aggregator has an opening, of a private spec, and does not
	// show it to whoever asked.
	withheld bool
	refused  error // why an opening that was there is none; nil if none was
	part     *posp.EvidencePart
	members  []posp.HeldEvidence // in committee order
	raw      []*posp.Evidence    // theirs; nil where nothing was revealed that can be read
	spec     *verdict.Spec       // that the receipt names; nil if the network does not verify it
}

// withheld is why the steps that need the text of a private spec are not taken.
const withheld = "its spec is private, and its text is for the epoch's operators and its provider: read as one of them"

// gather finds the sample's opening, the provider's part and the committee's
// evidence. An epoch's derivation does the same for all samples, and binds it
// by a hash, with which this is compared.
func (r *replay) gather() {
	commitments := map[posp.Address]posp.Hash{}
	split := map[posp.Address]bool{} // committed twice, to different things
	for _, c := range r.in.Commitments {
		if signer, err := posp.RecoverSigner(c.Digest(r.cfg.Authority), c.Signature); err != nil || signer != c.Operator || c.Epoch != r.Epoch {
			continue
		}
		for _, item := range c.Items {
			if item.SampleID != r.SampleID {
				continue
			}
			if before, twice := commitments[c.Operator]; twice && before != item.Commitment {
				split[c.Operator] = true
			}
			commitments[c.Operator] = item.Commitment
		}
	}
	for operator := range split {
		delete(commitments, operator)
	}
	evidence := map[posp.Address][]byte{}
	var parts []*posp.EvidencePart
	for _, m := range r.in.Reveals {
		for _, item := range m.Items {
			if item.SampleID != r.SampleID {
				continue
			}
			if c, ok := commitments[m.Operator]; ok && posp.Commitment(m.Operator, r.SampleID, item.Evidence, item.Salt) == c {
				evidence[m.Operator] = item.Evidence
			}
			if item.Opening != nil && item.Opening.Withheld {
				r.held.withheld = true
			} else if item.Opening != nil && r.held.opening == nil {
				if err := verdict.VerifyOpening(r.cfg.Domain, r.batch.Batch, r.Leaf, r.provider.ReceiptKey, *item.Opening); err != nil {
					r.held.refused = err
				} else {
					r.held.opening = item.Opening
				}
			}
			if item.Provider != nil {
				parts = append(parts, item.Provider)
			}
		}
	}
	if r.held.opening != nil {
		for _, p := range parts {
			if r.held.part == nil && p.Hash() == r.held.opening.Receipt.EvidenceHash {
				r.held.part = p
			}
		}
		for i := range r.cfg.Specs {
			if r.cfg.Specs[i].Spec.ID() == r.held.opening.Receipt.SpecID {
				r.held.spec = &r.cfg.Specs[i]
			}
		}
	}
	for _, operator := range r.Committee {
		h := posp.HeldEvidence{Operator: operator, Commitment: commitments[operator]}
		var decoded *posp.Evidence
		if b, ok := evidence[operator]; ok {
			h.Evidence = crypto.Keccak256Hash(b)
			if e, err := posp.DecodeEvidence(b); err == nil {
				decoded = &e
			}
		}
		r.held.members, r.held.raw = append(r.held.members, h), append(r.held.raw, decoded)
	}
}

// opening checks what the provider opened, if anybody holds it.
func (r *replay) opening() error {
	if !r.available {
		r.unchecked(StepOpening, "the aggregator does not have it")
		r.unchecked(StepProvider, "the aggregator does not have it")
		return nil
	}
	r.gather()
	h := &r.held
	switch {
	case h.opening != nil:
		o := h.opening
		found := fmt.Sprintf("receipt %s at leaf %d, signed by %s; %d prompt and %d output tokens open it", o.Receipt.Digest(r.cfg.Domain), r.Leaf, r.provider.ReceiptKey, len(o.Request.Tokens), len(o.Output.Tokens))
		if h.spec != nil {
			if class := verdict.CheckOpening(h.spec.Spec, *o); class != posp.ClassNone {
				found += "; by itself it is " + class.String()
			}
		}
		r.ok(StepOpening, "%s", found)
	case h.withheld:
		r.missing(StepOpening, "%s", withheld)
	case h.refused != nil:
		r.mismatch(StepOpening, "what was handed out as the opening is none: %v", h.refused)
	default:
		r.unchecked(StepOpening, "nobody revealed an opening: whether the provider withheld it is the committee's word")
	}
	switch {
	case h.opening == nil && h.withheld:
		r.unchecked(StepProvider, "%s", withheld)
	case h.opening == nil:
		r.unchecked(StepProvider, "without the receipt nobody knows what it must hash to")
	case h.part == nil:
		r.unchecked(StepProvider, "nobody revealed what the receipt's evidenceHash %s commits to", h.opening.Receipt.EvidenceHash)
	default:
		r.ok(StepProvider, "%s, %d positions, hashes to the receipt's %s", kindName(&h.part.Evidence), len(h.part.Evidence.LogProb), h.opening.Receipt.EvidenceHash)
	}
	return nil
}

// recompute runs the model here, and compares everybody's evidence with that.
func (r *replay) recompute() error {
	if !r.available {
		r.unchecked(StepCompare, "without an opening there is nothing to recompute")
		return nil
	}
	h := &r.held
	switch {
	case h.opening == nil && h.withheld:
		r.unchecked(StepCompare, "%s", withheld)
		return nil
	case h.opening == nil:
		r.unchecked(StepCompare, "without an opening there is nothing to recompute")
		return nil
	case h.spec == nil:
		r.unchecked(StepCompare, "the receipt names spec %s, which the network file does not have", h.opening.Receipt.SpecID)
		return nil
	case verdict.CheckOpening(h.spec.Spec, *h.opening) != posp.ClassNone:
		r.unchecked(StepCompare, "the opening by itself is %s: there is nothing to recompute", verdict.CheckOpening(h.spec.Spec, *h.opening))
		return nil
	}
	scorer, err := r.cfg.Scorer(h.opening.Receipt.SpecID)
	if err != nil {
		r.missing(StepCompare, "the model cannot be run here: %v", err)
		return nil
	}
	own, err := scorer.Score(r.ctx, h.opening.Request.Tokens, h.opening.Request.Sampling, h.opening.Output.Tokens)
	if err != nil {
		return fmt.Errorf("recompute sample %s: %w", r.SampleID, err)
	}
	r.own = &own
	fit, full := 0, 0
	for i, operator := range r.Committee {
		c := r.compare(operator, h.raw[i])
		if c.Positions > 0 {
			full++
			if c.Fits {
				fit++
			}
		}
		r.Comparisons = append(r.Comparisons, c)
	}
	if h.part != nil {
		r.Comparisons = append(r.Comparisons, r.compare(r.Provider, &h.part.Evidence))
	}
	switch {
	case full == 0:
		r.unchecked(StepCompare, "%d positions recomputed; no member of the committee revealed evidence to compare with", len(own.LogProb))
	case 2*fit > full:
		r.ok(StepCompare, "%d positions recomputed; the evidence of %d of %d members is what the model gives", len(own.LogProb), fit, full)
	default:
		r.mismatch(StepCompare, "%d positions recomputed; the evidence of only %d of %d members is what the model gives", len(own.LogProb), fit, full)
	}
	return nil
}

// compare measures evidence against what was recomputed here. What the
// distance of log-probabilities is worth is package verdict's question whether
// it was this model: one member, with the margins of an honest output, judges
// them as a claim. Margins of two recomputations have no calibrated
// question; where they differ on average by what looks like another model, they
// do not fit.
func (r *replay) compare(who posp.Address, e *posp.Evidence) Comparison {
	c := Comparison{Who: who, Evidence: kindName(e)}
	if e == nil || e.Kind == posp.EvidenceNone {
		return c
	}
	c.Positions = len(e.LogProb)
	if c.Positions != len(r.own.LogProb) {
		c.Evidence += " of the wrong length"
		return c
	}
	c.MaxLogProb, c.MeanLogProb = distance(e.LogProb, r.own.LogProb)
	if e.Kind == posp.EvidenceFull && r.own.Kind == posp.EvidenceFull {
		c.MaxMargin, c.MeanMargin = distance(e.Margin, r.own.Margin)
	}
	policy := &r.held.spec.Policy
	logE := verdict.Judge(policy, verdict.Sample{Spec: r.held.spec.Spec, Opening: r.held.opening,
		Provider:  &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: e.LogProb},
		Committee: []verdict.CommitteeEvidence{{Evidence: r.rightlyChosen()}},
	}).LogE
	c.Against = float64(logE) / verdict.Nat
	c.Fits = logE < policy.FailAt && c.MeanMargin*posp.Nat < float64(policy.WrongModel)
	return c
}

// rightlyChosen is the own recomputation with choices of tokens that nothing can
// be said against.
func (r *replay) rightlyChosen() *posp.Evidence {
	n := len(r.own.LogProb)
	e := posp.Evidence{Kind: r.own.Kind, LogProb: r.own.LogProb}
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

// explain says why the evidence that is held comes to what it does.
func (r *replay) explain() {
	h := &r.held
	s := verdict.Sample{Opening: h.opening}
	var policy *verdict.Policy
	if h.spec != nil {
		s.Spec, policy = h.spec.Spec, &h.spec.Policy
	}
	if h.part != nil {
		s.Provider = &h.part.Evidence
	}
	for i, e := range h.raw {
		s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: r.Committee[i], Evidence: e})
	}
	x := verdict.Explain(policy, s)
	r.Explanation = &x
}

// judge compares the derived verdict with what the provider's evidence comes
// to against what was recomputed here, by a committee of the same size that
// all found that.
func (r *replay) judge(derived posp.SampleResult) {
	h := &r.held
	var receipt, part posp.Hash
	if h.opening != nil {
		receipt = h.opening.Receipt.Digest(r.cfg.Domain)
		if h.part != nil {
			part = h.part.Evidence.Hash()
		}
	}
	revealed := 0
	for _, m := range h.members {
		if m.Evidence != (posp.Hash{}) {
			revealed++
		}
	}
	r.same(StepHeld, posp.EvidenceSetHash(receipt, part, h.members) == derived.Evidence, "%d of %d members opened what they had committed to; the verdict rests on %s", revealed, len(h.members), derived.Evidence)

	r.explain()
	if derived.Verdict == posp.Unavailable {
		r.unchecked(StepVerdict, "%s: that is the committee's word, since availability in the past cannot be recomputed", r.Derived)
		return
	}
	if h.opening == nil || h.spec == nil {
		r.unchecked(StepVerdict, "%s; without an opening of a known spec nothing can be recomputed", r.Derived)
		return
	}
	s := verdict.Sample{Spec: h.spec.Spec, Opening: h.opening}
	if h.part != nil {
		s.Provider = &h.part.Evidence
	}
	if r.own != nil {
		for i, e := range h.raw {
			if e != nil && e.Kind == r.own.Kind && e.Whole(len(r.own.LogProb)) {
				s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: r.Committee[i], Evidence: r.own})
			}
		}
	}
	j := verdict.Judge(&h.spec.Policy, s)
	if len(s.Committee) == 0 && j.Verdict != posp.Fail {
		r.unchecked(StepVerdict, "%s; there is no evidence of a committee to compare with", r.Derived)
		return
	}
	r.Recomputed = &Finding{j.Verdict, j.Class, j.LogE}
	switch {
	case j.Verdict == derived.Verdict && j.Class == derived.Class:
		r.ok(StepVerdict, "by the committee's evidence %s; by our own %s", r.Derived, r.Recomputed)
	case derived.Verdict == posp.Inconclusive:
		r.unchecked(StepVerdict, "the committee's evidence leaves it open; our own says %s, but counts for nothing", r.Recomputed)
	default:
		r.mismatch(StepVerdict, "by the committee's evidence %s; by our own %s", r.Derived, r.Recomputed)
	}
}
