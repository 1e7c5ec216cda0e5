package app

import (
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// What a settlement shows must hash to what was certified, whatever else the
// archive holds; where it cannot, there is none.
func TestGroundsAreWhatWasCertified(t *testing.T) {
	sample, receipt := posp.Hash{1}, posp.Hash{2}
	committee := []posp.Address{{10}, {11}, {12}}
	evidence := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-5}, Margin: []int32{0}}.Encode()
	part := posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-4}}}
	var commitments []posp.Commitments
	var reveals []posp.Reveals
	var held []posp.HeldEvidence
	for i, operator := range committee {
		c := posp.Commitment(operator, sample, evidence, posp.Hash{byte(i)})
		commitments = append(commitments, posp.Commitments{Operator: operator, Items: []posp.SampleCommitment{{SampleID: posp.Hash{9}}, {SampleID: sample, Commitment: c}}})
		item := posp.Reveal{SampleID: sample, Evidence: evidence, Salt: posp.Hash{byte(i)}, Provider: &part}
		h := posp.HeldEvidence{Operator: operator, Commitment: c, Evidence: crypto.Keccak256Hash(evidence)}
		if i == 1 { // it reveals what it did not commit to
			item.Salt[5]++
			h.Evidence = posp.Hash{}
		}
		if i == 2 { // somebody's nonsense, which is nobody's evidence
			item.Provider = &posp.EvidencePart{}
		}
		reveals = append(reveals, posp.Reveals{Operator: operator, Items: []posp.Reveal{item}})
		held = append(held, h)
	}
	for name, c := range map[string]struct{ receipt, provider posp.Hash }{
		"all":                               {receipt, part.Evidence.Hash()},
		"no evidence of the provider's":     {receipt, posp.Hash{}},
		"nobody has an authentic opening":   {posp.Hash{}, posp.Hash{}},
		"evidence without a receipt (none)": {posp.Hash{}, part.Evidence.Hash()},
	} {
		line := posp.SampleResult{SampleID: sample, Evidence: posp.EvidenceSetHash(c.receipt, c.provider, held)}
		r, p, members, ok := grounds(line, receipt, committee, commitments, reveals)
		if !ok || r != c.receipt || p != c.provider || len(members) != 3 || members[1].Evidence != (posp.Hash{}) {
			t.Errorf("%s: %s %s %+v %v", name, r, p, members, ok)
		}
	}
	line := posp.SampleResult{SampleID: sample, Evidence: posp.EvidenceSetHash(receipt, part.Evidence.Hash(), held)}
	for name, spoil := range map[string]func(){
		"a member's reveal is missing": func() { reveals = reveals[1:] },
		"another committee":            func() { committee[0], committee[1] = committee[1], committee[0] },
	} {
		was, in := reveals, append([]posp.Address{}, committee...)
		spoil()
		if _, _, _, ok := grounds(line, receipt, committee, commitments, reveals); ok {
			t.Errorf("%s, and the line is borne out", name)
		}
		reveals = was
		copy(committee, in)
	}
}
