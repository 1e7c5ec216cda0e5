package bundle

import (
	"fmt"
	"math"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Limits of one sample, in bytes.
const (
	maxCore = 1 << 16
	maxPart = 1 << 21
)

// Sample is what is held about one sample. Its core is under the manifest's
// root; of the parts, which the core names by their hashes, each may be nil: left
// out.
type Sample struct {
	Index  uint32
	Result posp.SampleResult // as certified

	Opened   bool // whether an authentic opening was revealed; all of this is zero if not
	Receipt  posp.SignedReceipt
	Proof    []posp.Hash   // in the batch
	Sampling posp.Sampling // without its seed
	Finish   posp.FinishReason

	Shown         bool      // whether the provider's evidence part was revealed
	EvidenceSalt  posp.Hash // of the part
	EvidenceBytes posp.Hash // keccak of its evidence

	Members []Sent // in the order drawn

	Request  []byte // parts
	Output   []byte
	Evidence []byte // the provider's

	Core, Certified []posp.Hash // proofs in the manifest's and the certificate's tree; nil where all samples are held

	core []byte // as read
}

// Sent is what a member of a committee sent about a sample.
type Sent struct {
	Operator   posp.Address
	Committed  bool
	Commitment posp.Hash
	Revealed   bool
	Salt       posp.Hash
	Bytes      posp.Hash // keccak of the evidence
	Evidence   []byte    // a part: nil where it is left out
}

// Open puts an authentic opening's receipt, proof and texts into a sample; an
// opening that is withheld has no texts.
func (s *Sample) Open(o posp.Opening) {
	s.Opened, s.Receipt, s.Proof, s.Sampling, s.Finish = true, o.Receipt, o.Proof, o.Request.Sampling, o.Output.Finish
	s.Sampling.Seed = posp.Hash{}
	if o.Withheld {
		return
	}
	var request, output writer
	request.hash(o.Request.Sampling.Seed)
	request.hash(o.Request.Salt)
	request.hash(o.Request.TraceSeed)
	request.tokens(o.Request.Tokens)
	output.hash(o.Output.Salt)
	output.hash(o.Output.TraceSeed)
	output.tokens(o.Output.Tokens)
	s.Request, s.Output = request, output
}

// Opening is the opening at a leaf with the texts that are held; nil if there is
// none. A text that cannot be read is a ValidationError.
func (s *Sample) Opening(leaf uint64) (*posp.Opening, error) {
	if !s.Opened {
		return nil, nil
	}
	o := &posp.Opening{Receipt: s.Receipt, Leaf: leaf, Proof: s.Proof, Request: posp.RequestPart{Sampling: s.Sampling}, Output: posp.OutputPart{Finish: s.Finish},
		Withheld: s.Request == nil || s.Output == nil}
	if s.Request != nil {
		r := reader{b: s.Request}
		o.Request.Sampling.Seed, o.Request.Salt, o.Request.TraceSeed, o.Request.Tokens = r.hash(), r.hash(), r.hash(), r.tokens()
		if err := r.end(); err != nil {
			return nil, posp.Invalidf("request of sample %d: %v", s.Index, err)
		}
	}
	if s.Output != nil {
		r := reader{b: s.Output}
		o.Output.Salt, o.Output.TraceSeed, o.Output.Tokens = r.hash(), r.hash(), r.tokens()
		if err := r.end(); err != nil {
			return nil, posp.Invalidf("output of sample %d: %v", s.Index, err)
		}
	}
	return o, nil
}

// Show puts the provider's evidence part into a sample.
func (s *Sample) Show(p posp.EvidencePart) {
	s.Shown, s.EvidenceSalt, s.Evidence = true, p.Salt, p.Evidence.Encode()
	s.EvidenceBytes = crypto.Keccak256Hash(s.Evidence)
}

// limit leaves out parts that are longer than a file may hold, and says which.
// A core that is longer is an error.
func (s *Sample) limit() (tooLong []string, err error) {
	if len(s.Members) > math.MaxUint8 || len(s.Proof) > math.MaxUint8 {
		return nil, fmt.Errorf("sample %s has a committee of %d and a proof of %d, at most %d each", s.Result.SampleID, len(s.Members), len(s.Proof), math.MaxUint8)
	}
	if n := len(s.encode()); n > maxCore {
		return nil, fmt.Errorf("the core of sample %s has %d bytes, at most %d", s.Result.SampleID, n, maxCore)
	}
	limit := func(part *[]byte, what string, of ...any) {
		if n := len(*part); n > maxPart {
			tooLong = append(tooLong, fmt.Sprintf("the %s of sample %s: it has %d bytes, a bundle's parts at most %d", fmt.Sprintf(what, of...), s.Result.SampleID, n, maxPart))
			*part = nil
		}
	}
	limit(&s.Request, "request")
	limit(&s.Output, "output")
	limit(&s.Evidence, "provider's evidence")
	for i := range s.Members {
		limit(&s.Members[i].Evidence, "evidence of %s", s.Members[i].Operator)
	}
	return tooLong, nil
}

// encode is the core.
func (s *Sample) encode() []byte {
	var w writer
	w.hash(s.Result.SampleID)
	w.u8(uint8(s.Result.Verdict))
	w.u8(uint8(s.Result.Class))
	w.u32(uint32(s.Result.LogE))
	w.hash(s.Result.Evidence)
	w.flag(s.Opened)
	if s.Opened {
		r := s.Receipt
		w.put(r.Provider[:])
		w.u64(r.Epoch)
		w.u64(r.Sequence)
		for _, h := range []posp.Hash{r.SpecID, r.RequestHash, r.OutputHash, r.EvidenceHash} {
			w.hash(h)
		}
		w.u32(r.PromptTokens)
		w.u32(r.OutputTokens)
		w.hash(r.ClientNonce)
		w.u64(r.Time)
		w.put(r.Signature)
		w.u8(uint8(len(s.Proof)))
		for _, h := range s.Proof {
			w.hash(h)
		}
		w.u8(uint8(s.Sampling.Rule))
		w.u32(s.Sampling.TemperatureMicro)
		w.u32(s.Sampling.TopPMicro)
		w.u32(s.Sampling.MaxTokens)
		w.u8(uint8(s.Finish))
	}
	w.flag(s.Shown)
	if s.Shown {
		w.hash(s.EvidenceSalt)
		w.hash(s.EvidenceBytes)
	}
	w.u8(uint8(len(s.Members)))
	for _, m := range s.Members {
		w.put(m.Operator[:])
		sent := uint8(0)
		if m.Committed {
			sent |= 1
		}
		if m.Revealed {
			sent |= 2
		}
		w.u8(sent)
		if m.Committed {
			w.hash(m.Commitment)
		}
		if m.Revealed {
			w.hash(m.Salt)
			w.hash(m.Bytes)
		}
	}
	return w
}

func decodeCore(b []byte) (Sample, error) {
	r := reader{b: b}
	s := Sample{core: b}
	s.Result = posp.SampleResult{SampleID: r.hash(), Verdict: posp.Verdict(r.u8()), Class: posp.Class(r.u8()), LogE: int32(r.u32()), Evidence: r.hash()}
	if s.Opened = r.flag(); s.Opened {
		s.Receipt.Receipt = posp.Receipt{Provider: r.addr(), Epoch: r.u64(), Sequence: r.u64(), SpecID: r.hash(), RequestHash: r.hash(), OutputHash: r.hash(), EvidenceHash: r.hash(),
			PromptTokens: r.u32(), OutputTokens: r.u32(), ClientNonce: r.hash(), Time: r.u64()}
		s.Receipt.Signature = r.take(65)
		s.Proof = r.hashes(int(r.u8()))
		s.Sampling = posp.Sampling{Rule: posp.SamplingRule(r.u8()), TemperatureMicro: r.u32(), TopPMicro: r.u32(), MaxTokens: r.u32()}
		s.Finish = posp.FinishReason(r.u8())
	}
	if s.Shown = r.flag(); s.Shown {
		if !s.Opened {
			r.fail("the provider's evidence is there without an opening")
		}
		s.EvidenceSalt, s.EvidenceBytes = r.hash(), r.hash()
	}
	s.Members = make([]Sent, r.u8())
	for i := range s.Members {
		m := &s.Members[i]
		m.Operator = r.addr()
		sent := r.u8()
		if sent > 3 {
			r.fail("member %d has sent %d: bits 0 and 1 alone have a meaning", i, sent)
		}
		if m.Committed = sent&1 != 0; m.Committed {
			m.Commitment = r.hash()
		}
		if m.Revealed = sent&2 != 0; m.Revealed {
			m.Salt, m.Bytes = r.hash(), r.hash()
		}
	}
	return s, r.end()
}

// parts are the places of the sample's parts, those that its core has hashes
// of.
func (s *Sample) parts() (list []*[]byte) {
	if s.Opened {
		list = append(list, &s.Request, &s.Output)
	}
	if s.Shown {
		list = append(list, &s.Evidence)
	}
	for i := range s.Members {
		if s.Members[i].Revealed {
			list = append(list, &s.Members[i].Evidence)
		}
	}
	return list
}
