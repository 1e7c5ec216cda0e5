package transport

import (
	"math"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

// Limits of lists, so that what a decoder makes of a message is bounded by
// more than the message's size.
const (
	maxProof     = 64   // siblings; no tree is deeper
	maxSignature = 4096 // bytes of an ERC-1271 signature
)

// reader turns received fields into values. The first thing wrong is kept in
// err, a posp.ValidationError that names the field; what comes after it is
// zero. So a message reads as a list of its fields.
type reader struct{ err error }

func (r *reader) invalid(format string, args ...any) {
	if r.err == nil {
		r.err = posp.Invalidf(format, args...)
	}
}

func (r *reader) fixed(field string, b []byte, n int) []byte {
	if len(b) == n {
		return b
	}
	r.invalid("%s has %d bytes, want %d", field, len(b), n)
	return make([]byte, n)
}

func (r *reader) hash(field string, b []byte) posp.Hash { return posp.Hash(r.fixed(field, b, 32)) }

// optional is a hash that may be absent, and is zero then.
func (r *reader) optional(field string, b []byte) posp.Hash {
	if len(b) == 0 {
		return posp.Hash{}
	}
	return r.hash(field, b)
}

// sparse is what optional reads.
func sparse(h posp.Hash) []byte {
	if h == (posp.Hash{}) {
		return nil
	}
	return h[:]
}

func (r *reader) address(field string, b []byte) posp.Address {
	return posp.Address(r.fixed(field, b, 20))
}

func (r *reader) atMost(field string, b []byte, n int) []byte {
	if len(b) > n {
		r.invalid("%s has %d bytes, at most %d", field, len(b), n)
		return nil
	}
	return b
}

func (r *reader) uint8(field string, x uint32) uint8 {
	if x > math.MaxUint8 {
		r.invalid("%s is %d, at most %d", field, x, math.MaxUint8)
		return 0
	}
	return uint8(x)
}

func (r *reader) present(field string, present bool) bool {
	if !present {
		r.invalid("%s is missing", field)
	}
	return present
}

// each converts a list; of nothing it is nil, as posp writes an empty list.
func each[From, To any](from []From, convert func(From) To) []To {
	if len(from) == 0 {
		return nil
	}
	to := make([]To, len(from))
	for i := range from {
		to[i] = convert(from[i])
	}
	return to
}

func commitmentsToProto(c posp.Commitments) *pospv1.Commitments {
	return &pospv1.Commitments{Operator: c.Operator[:], Epoch: c.Epoch, Signature: c.Signature,
		Items: each(c.Items, func(it posp.SampleCommitment) *pospv1.SampleCommitment {
			return &pospv1.SampleCommitment{SampleId: it.SampleID[:], Commitment: it.Commitment[:]}
		})}
}

func (r *reader) commitments(m *pospv1.Commitments) posp.Commitments {
	if !r.present("commitments", m != nil) {
		return posp.Commitments{}
	}
	c := posp.Commitments{Operator: r.address("operator", m.Operator), Epoch: m.Epoch,
		Signature: r.fixed("signature", m.Signature, 65),
		Items: each(m.Items, func(it *pospv1.SampleCommitment) posp.SampleCommitment {
			return posp.SampleCommitment{SampleID: r.hash("sample_id", it.GetSampleId()), Commitment: r.hash("commitment", it.GetCommitment())}
		})}
	for i := 1; i < len(c.Items); i++ {
		if c.Items[i-1].SampleID.Cmp(c.Items[i].SampleID) >= 0 {
			r.invalid("item %d does not ascend by sample", i)
		}
	}
	return c
}

func revealsToProto(c posp.Reveals) *pospv1.Reveals {
	return &pospv1.Reveals{Operator: c.Operator[:], Epoch: c.Epoch, Signature: c.Signature,
		Items: each(c.Items, func(it posp.Reveal) *pospv1.Reveal {
			m := &pospv1.Reveal{SampleId: it.SampleID[:], Evidence: it.Evidence, Salt: it.Salt[:]}
			if it.Opening != nil {
				m.Opening = openingToProto(*it.Opening)
			}
			if it.Provider != nil {
				m.Provider = &pospv1.EvidencePart{Evidence: it.Provider.Evidence.Encode(), Salt: it.Provider.Salt[:]}
			}
			return m
		})}
}

func (r *reader) reveals(m *pospv1.Reveals) posp.Reveals {
	if !r.present("reveals", m != nil) {
		return posp.Reveals{}
	}
	c := posp.Reveals{Operator: r.address("operator", m.Operator), Epoch: m.Epoch,
		Signature: r.fixed("signature", m.Signature, 65),
		Items: each(m.Items, func(it *pospv1.Reveal) posp.Reveal {
			v := posp.Reveal{SampleID: r.hash("sample_id", it.GetSampleId()), Salt: r.hash("salt", it.GetSalt()), Evidence: it.GetEvidence()}
			r.evidence("evidence", it.GetEvidence())
			if o := it.GetOpening(); o != nil {
				opening := r.opening(o)
				v.Opening = &opening
			}
			if p := it.GetProvider(); p != nil {
				v.Provider = &posp.EvidencePart{Evidence: r.evidence("provider.evidence", p.Evidence), Salt: r.hash("provider.salt", p.Salt)}
			}
			return v
		})}
	for i := 1; i < len(c.Items); i++ {
		if c.Items[i-1].SampleID.Cmp(c.Items[i].SampleID) >= 0 {
			r.invalid("item %d does not ascend by sample", i)
		}
	}
	return c
}

func (r *reader) evidence(field string, b []byte) posp.Evidence {
	if r.err != nil { // do not decode megabytes of a message that is refused already
		return posp.Evidence{}
	}
	e, err := posp.DecodeEvidence(b)
	if err != nil {
		r.invalid("%s: %v", field, err)
	}
	return e
}

func openingToProto(o posp.Opening) *pospv1.Opening {
	p, q := o.Receipt, o.Request
	return &pospv1.Opening{
		Receipt: &pospv1.Receipt{Provider: p.Provider[:], Epoch: p.Epoch, Sequence: p.Sequence, SpecId: p.SpecID[:],
			RequestHash: p.RequestHash[:], OutputHash: p.OutputHash[:], EvidenceHash: p.EvidenceHash[:],
			PromptTokens: p.PromptTokens, OutputTokens: p.OutputTokens, ClientNonce: p.ClientNonce[:], Time: p.Time, Signature: p.Signature},
		Leaf:  o.Leaf,
		Proof: each(o.Proof, func(h posp.Hash) []byte { return h[:] }),
		Request: &pospv1.RequestPart{Tokens: q.Tokens, Rule: uint32(q.Sampling.Rule), TemperatureMicro: q.Sampling.TemperatureMicro,
			TopPMicro: q.Sampling.TopPMicro, Seed: q.Sampling.Seed[:], MaxTokens: q.Sampling.MaxTokens, Salt: q.Salt[:], TraceSeed: sparse(q.TraceSeed)},
		Output:   &pospv1.OutputPart{Tokens: o.Output.Tokens, Finish: uint32(o.Output.Finish), Salt: o.Output.Salt[:], TraceSeed: sparse(o.Output.TraceSeed)},
		Withheld: o.Withheld,
	}
}

func (r *reader) opening(m *pospv1.Opening) posp.Opening {
	p, q, out := m.Receipt, m.Request, m.Output
	if !r.present("opening.receipt", p != nil) || !r.present("opening.request", q != nil) || !r.present("opening.output", out != nil) {
		return posp.Opening{}
	}
	if len(m.Proof) > maxProof {
		r.invalid("opening.proof has %d siblings, at most %d", len(m.Proof), maxProof)
		return posp.Opening{}
	}
	return posp.Opening{
		Receipt: posp.SignedReceipt{Receipt: posp.Receipt{Provider: r.address("receipt.provider", p.Provider), Epoch: p.Epoch, Sequence: p.Sequence,
			SpecID: r.hash("receipt.spec_id", p.SpecId), RequestHash: r.hash("receipt.request_hash", p.RequestHash),
			OutputHash: r.hash("receipt.output_hash", p.OutputHash), EvidenceHash: r.hash("receipt.evidence_hash", p.EvidenceHash),
			PromptTokens: p.PromptTokens, OutputTokens: p.OutputTokens, ClientNonce: r.hash("receipt.client_nonce", p.ClientNonce), Time: p.Time},
			Signature: r.atMost("receipt.signature", p.Signature, maxSignature)},
		Leaf:  m.Leaf,
		Proof: each(m.Proof, func(b []byte) posp.Hash { return r.hash("opening.proof", b) }),
		Request: posp.RequestPart{Tokens: q.Tokens, Salt: r.hash("request.salt", q.Salt), TraceSeed: r.optional("request.trace_seed", q.TraceSeed),
			Sampling: posp.Sampling{Rule: posp.SamplingRule(r.uint8("request.rule", q.Rule)), TemperatureMicro: q.TemperatureMicro,
				TopPMicro: q.TopPMicro, Seed: r.hash("request.seed", q.Seed), MaxTokens: q.MaxTokens}},
		Output: posp.OutputPart{Tokens: out.Tokens, Finish: posp.FinishReason(r.uint8("output.finish", out.Finish)), Salt: r.hash("output.salt", out.Salt),
			TraceSeed: r.optional("output.trace_seed", out.TraceSeed)},
		Withheld: m.Withheld,
	}
}

// read is who asks for an epoch's reveals; nil is anybody.
func (r *reader) read(epoch uint64, m *pospv1.Reader) *posp.ReadRequest {
	if m == nil {
		return nil
	}
	return &posp.ReadRequest{Epoch: epoch, Reader: r.address("reader.address", m.Address), Expires: m.Expires, Signature: r.fixed("reader.signature", m.Signature, 65)}
}

func shareToProto(s posp.CertificateShare) *pospv1.CertificateShare {
	return &pospv1.CertificateShare{Operator: s.Operator[:], Epoch: s.Epoch, Digest: s.Digest[:], Signature: s.Signature}
}

func (r *reader) share(m *pospv1.CertificateShare) posp.CertificateShare {
	if !r.present("share", m != nil) {
		return posp.CertificateShare{}
	}
	return posp.CertificateShare{Operator: r.address("operator", m.Operator), Epoch: m.Epoch,
		Digest: r.hash("digest", m.Digest), Signature: r.fixed("signature", m.Signature, 64)}
}

func resultToProto(v posp.Result) *pospv1.Result {
	return &pospv1.Result{Epoch: v.Epoch, TableRoot: v.TableRoot[:], SampleRoot: v.SampleRoot[:], SampleCount: v.SampleCount,
		Batches: each(v.Batches, func(b posp.BatchResult) *pospv1.BatchResult {
			return &pospv1.BatchResult{BatchId: b.BatchID[:], Provider: b.Provider[:], Samples: b.Samples, Passed: b.Passed,
				Failed: b.Failed, Inconclusive: b.Inconclusive, Unavailable: b.Unavailable}
		}),
		Standings: each(v.Standings, func(s posp.Standing) *pospv1.Standing {
			return &pospv1.Standing{Subject: s.Subject[:], SpecId: s.SpecID[:], Value: s.Value}
		}),
		Faults: each(v.Faults, func(f posp.Fault) *pospv1.Fault {
			return &pospv1.Fault{Kind: uint32(f.Kind), Subject: f.Subject[:], BatchId: f.BatchID[:], Ref: f.Ref[:]}
		})}
}

func (r *reader) result(m *pospv1.Result) posp.Result {
	return posp.Result{Epoch: m.Epoch, TableRoot: r.hash("table_root", m.TableRoot), SampleRoot: r.hash("sample_root", m.SampleRoot), SampleCount: m.SampleCount,
		Batches: each(m.Batches, func(b *pospv1.BatchResult) posp.BatchResult {
			return posp.BatchResult{BatchID: r.hash("batch_id", b.GetBatchId()), Provider: r.address("provider", b.GetProvider()), Samples: b.GetSamples(),
				Passed: b.GetPassed(), Failed: b.GetFailed(), Inconclusive: b.GetInconclusive(), Unavailable: b.GetUnavailable()}
		}),
		Standings: each(m.Standings, func(s *pospv1.Standing) posp.Standing {
			return posp.Standing{Subject: r.address("subject", s.GetSubject()), SpecID: r.hash("spec_id", s.GetSpecId()), Value: s.GetValue()}
		}),
		Faults: each(m.Faults, func(f *pospv1.Fault) posp.Fault {
			return posp.Fault{Kind: posp.FaultKind(r.uint8("kind", f.GetKind())), Subject: r.address("subject", f.GetSubject()),
				BatchID: r.hash("batch_id", f.GetBatchId()), Ref: r.hash("ref", f.GetRef())}
		})}
}

func outcomeToProto(o Outcome) *pospv1.GetResultResponse {
	m := &pospv1.GetResultResponse{Result: resultToProto(o.Result), Digest: o.Digest[:]}
	bytes := func(a posp.Address) []byte { return a[:] }
	if o.Certified {
		m.Certificate = &pospv1.Certificate{Signers: each(o.Signers, bytes), NonSigners: each(o.NonSigners, bytes), Sigma: o.Sigma[:], Apk: o.APK[:]}
	}
	if o.Transaction != (posp.Hash{}) {
		m.Transaction = o.Transaction[:]
	}
	return m
}

// outcome reads a response that holds a result.
func (r *reader) outcome(m *pospv1.GetResultResponse) Outcome {
	o := Outcome{Result: r.result(m.Result), Digest: r.hash("digest", m.Digest)}
	if c := m.Certificate; c != nil {
		address := func(b []byte) posp.Address { return r.address("signer", b) }
		o.Certified, o.Signers, o.NonSigners = true, each(c.Signers, address), each(c.NonSigners, address)
		o.Sigma, o.APK = [64]byte(r.fixed("sigma", c.Sigma, 64)), [128]byte(r.fixed("apk", c.Apk, 128))
	}
	if len(m.Transaction) != 0 {
		o.Transaction = r.hash("transaction", m.Transaction)
	}
	return o
}

func sampleToProto(s posp.SampleResult) *pospv1.SampleResult {
	return &pospv1.SampleResult{SampleId: s.SampleID[:], Verdict: uint32(s.Verdict), Class: uint32(s.Class), LogE: s.LogE, Evidence: s.Evidence[:]}
}

func (r *reader) sample(s *pospv1.SampleResult) posp.SampleResult {
	return posp.SampleResult{SampleID: r.hash("sample_id", s.GetSampleId()), Verdict: posp.Verdict(r.uint8("verdict", s.GetVerdict())),
		Class: posp.Class(r.uint8("class", s.GetClass())), LogE: s.GetLogE(), Evidence: r.hash("evidence", s.GetEvidence())}
}

func equivocationToProto(e posp.Equivocation) *pospv1.Equivocation {
	return &pospv1.Equivocation{Commitments: each(e.Commitments, commitmentsToProto), Reveals: each(e.Reveals, revealsToProto), Shares: each(e.Shares, shareToProto)}
}

// equivocation reads two messages of one kind, by one operator for one epoch.
func (r *reader) equivocation(m *pospv1.Equivocation) posp.Equivocation {
	e := posp.Equivocation{Commitments: each(m.GetCommitments(), r.commitments), Reveals: each(m.GetReveals(), r.reveals), Shares: each(m.GetShares(), r.share)}
	switch c, v, s := e.Commitments, e.Reveals, e.Shares; {
	case len(c) == 2 && v == nil && s == nil && c[0].Operator == c[1].Operator && c[0].Epoch == c[1].Epoch:
	case len(v) == 2 && c == nil && s == nil && v[0].Operator == v[1].Operator && v[0].Epoch == v[1].Epoch:
	case len(s) == 2 && c == nil && v == nil && s[0].Operator == s[1].Operator && s[0].Epoch == s[1].Epoch:
	default:
		r.invalid("equivocation is not two messages of one kind, operator and epoch")
	}
	return e
}
