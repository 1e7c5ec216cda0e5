package posp

import (
	"strings"

	"github.com/ethereum/go-ethereum/crypto"
)

// How the answers of a spec are drawn where the request is not greedy.
const (
	// RuleGumbel: by noise that the request's seed determines, so that the
	// choice of every token can be recomputed (docs/protocol.md).
	RuleGumbel = "posp-gumbel-v1"
	// RuleUnseeded: by randomness of the server's own, as an unmodified
	// inference server draws. Whether the tokens follow the distribution can
	// only be tested over many.
	RuleUnseeded = "posp-unseeded-v1"
)

// ModelSpec is everything that decides an output's distribution. Labels are
// worth nothing; a receipt binds the ID.
type ModelSpec struct {
	WeightsRoot      Hash   `json:"weightsRoot"`
	Precision        string `json:"precision"` // "f32", "bf16", ...
	TokenizerHash    Hash   `json:"tokenizerHash"`
	ChatTemplateHash Hash   `json:"chatTemplateHash"`
	EngineClass      string `json:"engineClass"`  // engine and kernel class, as the policy's calibration names it
	SamplingRule     string `json:"samplingRule"` // RuleGumbel or RuleUnseeded
	VocabSize        uint32 `json:"vocabSize"`
	EOS              uint32 `json:"eos"` // the token that ends an answer
	ContextLimit     uint32 `json:"contextLimit"`
	ReferenceVersion string `json:"referenceVersion"` // of the program that decides disputes; "" where there is none
	PolicyID         Hash   `json:"policyId"`
}

// ID is keccak(abi(tag, fields...)) with strings as their keccak.
func (s ModelSpec) ID() Hash {
	str := func(x string) Hash { return crypto.Keccak256Hash([]byte(x)) }
	return words{}.hash(tagSpec).hash(s.WeightsRoot).hash(str(s.Precision)).hash(s.TokenizerHash).
		hash(s.ChatTemplateHash).hash(str(s.EngineClass)).hash(str(s.SamplingRule)).
		uint(uint64(s.VocabSize)).uint(uint64(s.EOS)).uint(uint64(s.ContextLimit)).
		hash(str(s.ReferenceVersion)).hash(s.PolicyID).sum()
}

// HiddenReference is what a private spec's ReferenceVersion begins with; 64
// lower-case hexadecimal digits of the model's root over hidden rows follow.
const HiddenReference = "posp-ref-v1-hidden:"

// Private says whether receipts under the spec commit to hidden rows, so that
// a dispute shows no token (docs/privacy.md).
func (s ModelSpec) Private() bool {
	root, ok := strings.CutPrefix(s.ReferenceVersion, HiddenReference)
	return ok && len(root) == 64 && strings.Trim(root, "0123456789abcdef") == ""
}

// Samples says whether requests under the spec may be answered by the rule.
func (s ModelSpec) Samples(r SamplingRule) bool {
	switch r {
	case Greedy:
		return s.SamplingRule == RuleGumbel || s.SamplingRule == RuleUnseeded
	case Seeded:
		return s.SamplingRule == RuleGumbel
	case Unseeded:
		return s.SamplingRule == RuleUnseeded
	}
	return false
}
