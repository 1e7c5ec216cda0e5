package posp

import (
	"encoding/binary"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/crypto"
)

// SamplingRule is how a token is chosen from the distribution.
type SamplingRule uint8

const (
	Greedy   SamplingRule = 1 // highest logit, lowest id on ties
	Seeded   SamplingRule = 2 // temperature, top-p, Gumbel noise from the seed
	Unseeded SamplingRule = 3 // temperature, top-p, randomness that nobody can re-derive
)

// Sampling is the sampling part of a request.
type Sampling struct {
	Rule             SamplingRule `json:"rule"`
	TemperatureMicro uint32       `json:"temperatureMicro"` // millionths; 0 when greedy
	TopPMicro        uint32       `json:"topPMicro"`        // millionths in (0, 1e6]; 0 when greedy
	Seed             Hash         `json:"seed"`             // of the noise, from the client; zero unless seeded
	MaxTokens        uint32       `json:"maxTokens"`
}

// Check refuses sampling parameters that no rule defines.
func (s Sampling) Check() error {
	switch {
	case s.MaxTokens == 0:
		return Invalidf("max tokens is 0")
	case s.Rule == Greedy && (s.TemperatureMicro != 0 || s.TopPMicro != 0 || s.Seed != (Hash{})):
		return Invalidf("greedy sampling takes no temperature, top-p or seed")
	case s.Rule == 0 || s.Rule > Unseeded:
		return Invalidf("sampling rule %d is unknown", s.Rule)
	case s.Rule != Greedy && (s.TemperatureMicro == 0 || s.TemperatureMicro > 10_000_000):
		return Invalidf("temperature %d millionths is outside (0, 10]", s.TemperatureMicro)
	case s.Rule != Greedy && (s.TopPMicro == 0 || s.TopPMicro > 1_000_000):
		return Invalidf("top-p %d millionths is outside (0, 1]", s.TopPMicro)
	case s.Rule == Unseeded && s.Seed != (Hash{}):
		return Invalidf("unseeded sampling takes no seed")
	}
	return nil
}

// RequestPart opens a receipt's requestHash.
type RequestPart struct {
	Tokens   []uint32 `json:"tokens"` // the whole prompt, after the chat template
	Sampling Sampling `json:"sampling"`
	Salt     Hash     `json:"salt"`
	// TraceSeed is the seed of the trace's salts under a private spec (see
	// TraceSeed and ModelSpec.Private); zero under a public one. Both parts of
	// an opening carry the same. Who has it reads everything that was ever
	// committed to under it: it is in no log.
	TraceSeed Hash `json:"traceSeed,omitzero"`
}

// tokensHash is keccak of the tokens as 4 bytes each.
func tokensHash(tokens []uint32) Hash {
	b := make([]byte, 0, 4*len(tokens))
	for _, t := range tokens {
		b = binary.BigEndian.AppendUint32(b, t)
	}
	return crypto.Keccak256Hash(b)
}

// Hash is keccak(abi(tag, salt, rule, temperature, topP, seed, maxTokens, n,
// tokensHash)). With a trace seed it is that of another tag, with the root of
// the trace's row 0 in the place of tokensHash, and the seed's commitment
// behind it; a seed beyond the field counts modulo its order (Matches refuses it).
func (p RequestPart) Hash() Hash {
	s := p.Sampling
	part := func(tag, tokens Hash) words {
		return words{}.hash(tag).hash(p.Salt).uint(uint64(s.Rule)).uint(uint64(s.TemperatureMicro)).
			uint(uint64(s.TopPMicro)).hash(s.Seed).uint(uint64(s.MaxTokens)).
			uint(uint64(len(p.Tokens))).hash(tokens)
	}
	if p.TraceSeed == (Hash{}) {
		return part(tagRequest, tokensHash(p.Tokens)).sum()
	}
	var seed fr.Element
	seed.SetBytes(p.TraceSeed[:])
	commitment := SeedCommitment(seed)
	return part(tagHiddenRequest, HiddenTokens(seed, 0, p.Tokens)).hash(commitment.Bytes()).sum()
}

// FinishReason is why an answer ended.
type FinishReason uint8

const (
	FinishStop   FinishReason = 1 // the last output token is EOS
	FinishLength FinishReason = 2 // max tokens reached
)

// OutputPart opens a receipt's outputHash.
type OutputPart struct {
	Tokens    []uint32     `json:"tokens"` // as generated, EOS included
	Finish    FinishReason `json:"finish"`
	Salt      Hash         `json:"salt"`
	TraceSeed Hash         `json:"traceSeed,omitzero"` // the request part's
}

// Hash is keccak(abi(tag, salt, finish, n, tokensHash)). With a trace seed it
// is that of another tag, with the root of the trace's row 1 in the place of
// tokensHash.
func (p OutputPart) Hash() Hash {
	part := func(tag, tokens Hash) Hash {
		return words{}.hash(tag).hash(p.Salt).uint(uint64(p.Finish)).uint(uint64(len(p.Tokens))).hash(tokens).sum()
	}
	if p.TraceSeed == (Hash{}) {
		return part(tagOutput, tokensHash(p.Tokens))
	}
	var seed fr.Element
	seed.SetBytes(p.TraceSeed[:])
	return part(tagHiddenOutput, HiddenTokens(seed, 1, p.Tokens))
}

// EvidencePart opens a receipt's evidenceHash: the provider's own fingerprint.
type EvidencePart struct {
	Evidence Evidence `json:"evidence"`
	Salt     Hash     `json:"salt"`
}

// Hash is keccak(abi(tag, salt, keccak(evidence))).
func (p EvidencePart) Hash() Hash { return EvidencePartHash(p.Salt, p.Evidence.Hash()) }

// EvidencePartHash is the hash of an EvidencePart by that of its evidence.
func EvidencePartHash(salt, evidence Hash) Hash {
	return words{}.hash(tagEvidence).hash(salt).hash(evidence).sum()
}

// Opening is what a sampled operator gets: the receipt, where it stands in
// its batch, and its request and output parts.
type Opening struct {
	Receipt SignedReceipt `json:"receipt"`
	Leaf    uint64        `json:"leaf"`
	Proof   []Hash        `json:"proof"`
	Request RequestPart   `json:"request"`
	Output  OutputPart    `json:"output"`
	// Withheld says that who keeps the opening left tokens, salts and seeds out,
	// which are not for whoever asked: docs/privacy.md.
	Withheld bool `json:"withheld,omitempty"`
}

// Withhold is the opening for whom its text is not meant.
func (o Opening) Withhold() Opening {
	o.Request.Tokens, o.Request.Salt, o.Request.Sampling.Seed, o.Request.TraceSeed = nil, Hash{}, Hash{}, Hash{}
	o.Output.Tokens, o.Output.Salt, o.Output.TraceSeed = nil, Hash{}, Hash{}
	o.Withheld = true
	return o
}

// Matches checks that the parts are those that the receipt commits to: what a
// receipt commits to, one opening alone matches.
func (o Opening) Matches() error {
	if o.Withheld {
		return Invalidf("the opening's text is withheld")
	}
	if err := o.MatchesRequest(); err != nil {
		return err
	}
	return o.MatchesOutput()
}

// MatchesRequest is Matches for the request part alone.
func (o Opening) MatchesRequest() error {
	if err := checkSeed(o.Request.TraceSeed); err != nil {
		return err
	}
	if o.Request.Hash() != o.Receipt.RequestHash {
		return Invalidf("request part does not match the receipt's requestHash")
	}
	return nil
}

// MatchesOutput is Matches for the output part alone.
func (o Opening) MatchesOutput() error {
	if err := checkSeed(o.Output.TraceSeed); err != nil {
		return err
	}
	if o.Output.Hash() != o.Receipt.OutputHash {
		return Invalidf("output part does not match the receipt's outputHash")
	}
	return nil
}

func checkSeed(seed Hash) error {
	if seed == (Hash{}) {
		return nil
	}
	_, err := TraceSeed(seed)
	return err
}

// OpenDigest is what an operator signs to ask a provider for the opening (or,
// later, the evidence part) of a leaf; it names the provider's batch, so it
// cannot be replayed elsewhere.
func OpenDigest(d Domain, batchID Hash, leaf uint64, operator Address) Hash {
	return words{}.hash(tagOpen).uint(d.ChainID).addr(d.Registry).hash(batchID).uint(leaf).addr(operator).sum()
}
