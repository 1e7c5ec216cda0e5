package posp

import "github.com/ethereum/go-ethereum/crypto"

// ModelSpec is everything that decides an output's distribution. Labels are
// worth nothing; a receipt binds the ID.
type ModelSpec struct {
	WeightsRoot      Hash   `json:"weightsRoot"`
	Precision        string `json:"precision"` // "f32", "bf16", ...
	TokenizerHash    Hash   `json:"tokenizerHash"`
	ChatTemplateHash Hash   `json:"chatTemplateHash"`
	EngineClass      string `json:"engineClass"`  // engine and kernel class, as the policy's calibration names it
	SamplingRule     string `json:"samplingRule"` // "posp-gumbel-v1"
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
