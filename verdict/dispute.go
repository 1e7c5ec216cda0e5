package verdict

import "github.com/proof-of-sampling/posp"

// ReferenceEngine is the engine class by which a policy's calibration names
// the reference program.
const ReferenceEngine = "posp-ref-v1"

// Dispute is what the reference program's evidence says of a provider's claim.
// It alone decides: there is no median, and nobody whose duty it was. Its evidence is of kind
// full under every rule; what is not is a ValidationError.
//
// Log-probabilities are judged under every rule, choices under the greedy rule
// alone, because the program computes no others: what a committee found about
// seeded and unseeded choices is neither confirmed nor held against anybody.
//
// An honest provider's engine differs from the program by noise of its own, so
// INCONCLUSIVE is all that a policy says which was not calibrated for the two
// of them. It neither clears nor confirms. A claim without positions, or with
// more or fewer than the output, is a FAIL by any policy, as in Judge.
func (p *Policy) Dispute(engineClass string, rule posp.SamplingRule, claim, reference posp.Evidence) (Judgement, error) {
	n := len(reference.LogProb)
	if reference.Kind != posp.EvidenceFull || !reference.Whole(n) {
		return Judgement{}, posp.Invalidf("evidence of kind %d is not the reference program's", reference.Kind)
	}
	if claim.Kind == posp.EvidenceNone || len(claim.LogProb) != n {
		return Judgement{Verdict: posp.Fail, Class: posp.Malformed, LogE: p.Cap}, nil
	}
	j := Judgement{Verdict: posp.Inconclusive}
	if !p.Calibration.coversPair(engineClass, ReferenceEngine) || rule == posp.Greedy && !p.asks(rule) {
		return j, nil
	}
	var c Comparison
	if rule == posp.Greedy {
		c = p.compare(&claim, &reference)
	} else {
		model := p.Model.logE(distances(claim.LogProb, reference.LogProb), reference.LogProb)
		c = Comparison{LogE: model, Model: model, Choice: model, Distance: meanDistance(&claim, &reference)}
	}
	j.LogE = p.mix(c.LogE)
	switch {
	case j.LogE >= p.FailAt:
		j.Verdict, j.Class = posp.Fail, p.class(c)
	case j.LogE <= p.PassAt && n >= int(p.MinPositions):
		j.Verdict = posp.Pass
	}
	return j, nil
}

// coversPair says whether those two engine classes were calibrated, one
// claiming, the other recomputing.
func (c Calibration) coversPair(claimed, recomputed string) bool {
	for _, p := range c.Pairs {
		if p.Claimed == claimed && p.Recomputed == recomputed {
			return true
		}
	}
	return false
}
