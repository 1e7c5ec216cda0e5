package posp

import "github.com/holiman/uint256"

// Verdict is what became of a receipt. What was not sampled has not passed.
type Verdict uint8

const (
	Unsampled    Verdict = 0
	Pass         Verdict = 1
	Fail         Verdict = 2
	Inconclusive Verdict = 3
	Unavailable  Verdict = 4
)

var verdictNames = [...]string{"UNSAMPLED", "PASS", "FAIL", "INCONCLUSIVE", "UNAVAILABLE"}

func (v Verdict) String() string { return nameOf(verdictNames[:], uint8(v)) }

// Class is what a verdict looks like.
type Class uint8

const (
	ClassNone       Class = 0
	WrongModel      Class = 1
	WrongPrecision  Class = 2
	WrongTemplate   Class = 3
	ForgedChoice    Class = 4
	Truncated       Class = 5
	WrongTokenCount Class = 6
	Malformed       Class = 7
	Withheld        Class = 8
)

var classNames = [...]string{"none", "wrong-model", "wrong-precision", "wrong-template", "forged-choice", "truncated", "wrong-token-count", "malformed", "withheld"}

func (c Class) String() string { return nameOf(classNames[:], uint8(c)) }

func nameOf(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return "unknown"
}

// SampleResult is one line of an epoch's result.
type SampleResult struct {
	SampleID Hash    `json:"sampleId"`
	Verdict  Verdict `json:"verdict"`
	Class    Class   `json:"class"`
	LogE     int32   `json:"logE"`     // Q16 nats
	Evidence Hash    `json:"evidence"` // EvidenceSetHash of what it rests on
}

// LeafHash is the receiptHash-like value under the leaf of the sample tree.
func (s SampleResult) LeafHash() Hash {
	return words{}.hash(tagVerdict).hash(s.SampleID).uint(uint64(s.Verdict)).uint(uint64(s.Class)).
		int(int64(s.LogE)).hash(s.Evidence).sum()
}

// HeldEvidence is one committee member's contribution to a sample.
type HeldEvidence struct {
	Operator   Address
	Commitment Hash // as committed before any evidence was public
	Evidence   Hash // keccak of the revealed bytes; zero if it did not reveal
}

// EvidenceSetHash binds everything that a sample's verdict rests on: the
// provider's receipt, its revealed evidence part (zero if it did not reveal)
// and the committee's, in committee order.
func EvidenceSetHash(receipt, provider Hash, committee []HeldEvidence) Hash {
	w := words{}.hash(tagHeld).hash(receipt).hash(provider)
	for _, h := range committee {
		w = w.addr(h.Operator).hash(h.Commitment).hash(h.Evidence)
	}
	return w.sum()
}

// BatchResult is what an epoch found in one batch.
type BatchResult struct {
	BatchID      Hash    `json:"batchId"`
	Provider     Address `json:"provider"`
	Samples      uint32  `json:"samples"`
	Passed       uint32  `json:"passed"`
	Failed       uint32  `json:"failed"`
	Inconclusive uint32  `json:"inconclusive"`
	Unavailable  uint32  `json:"unavailable"`
}

// Standing is a subject's sequential test after an epoch. Providers have one
// for each spec; operators one, under the zero spec.
type Standing struct {
	Subject Address `json:"subject"`
	SpecID  Hash    `json:"specId"`
	Value   uint64  `json:"value"` // Q16 nats, never below 0
}

// FaultKind says what a subject did.
type FaultKind uint8

const (
	FaultStatistical      FaultKind = 1 // a provider's standing crossed the line
	FaultWithholding      FaultKind = 2 // a provider did not open a sample
	FaultOperatorEvidence FaultKind = 3 // an operator's standing crossed the line

	// Of no certificate, but of disputes.
	FaultFailConfirmed   FaultKind = 4 // a provider's PASS was overturned
	FaultSignedFalsehood FaultKind = 5 // an operator signed what an assertion overturned

	// Of buyers' receipts.
	FaultEquivocation FaultKind = 6 // a provider signed two receipts of one sequence
	FaultOmission     FaultKind = 7 // a receipt does not stand where its sequence says
)

var faultNames = [...]string{"none", "statistical", "withholding", "operator-evidence", "fail-confirmed", "signed-falsehood", "equivocation", "omission"}

func (k FaultKind) String() string { return nameOf(faultNames[:], uint8(k)) }

// OfOperator says whether the subject is an operator, whose slashed stake is
// burnt; the others' is for the buyers of the batch.
func (k FaultKind) OfOperator() bool { return k == FaultOperatorEvidence || k == FaultSignedFalsehood }

// Fault is a charge that a certificate makes, a dispute, or a buyer.
type Fault struct {
	Kind    FaultKind `json:"kind"`
	Subject Address   `json:"subject"`
	BatchID Hash      `json:"batchId"` // of a provider's fault; zero for an operator's, and for one of receipts
	Ref     Hash      `json:"ref"`     // the spec (statistical), nothing (operator evidence), the sequence (equivocation), the receipt's hash (omission) or the sample (the others)
}

// ID is the charge's name on chain.
func (f Fault) ID(epoch uint64) Hash {
	return words{}.hash(tagFault).uint(epoch).uint(uint64(f.Kind)).addr(f.Subject).hash(f.BatchID).hash(f.Ref).sum()
}

// Result is what an epoch's evidence comes to. Batches ascend by id,
// standings by (subject, spec), faults by (kind, subject, batch, ref), samples
// by (batch, j): the same evidence gives every operator the same bytes.
type Result struct {
	Epoch       uint64        `json:"epoch"`
	TableRoot   Hash          `json:"tableRoot"`
	SampleRoot  Hash          `json:"sampleRoot"`
	SampleCount uint64        `json:"sampleCount"`
	Batches     []BatchResult `json:"batches"`
	Standings   []Standing    `json:"standings"`
	Faults      []Fault       `json:"faults"`
}

// Root is keccak(abi(tag, sampleRoot, sampleCount, keccak(abi.encode(batches)),
// keccak(abi.encode(standings)))).
func (r Result) Root() Hash {
	batches := words{}.uint(32).uint(uint64(len(r.Batches)))
	for _, b := range r.Batches {
		batches = batches.hash(b.BatchID).addr(b.Provider).uint(uint64(b.Samples)).uint(uint64(b.Passed)).
			uint(uint64(b.Failed)).uint(uint64(b.Inconclusive)).uint(uint64(b.Unavailable))
	}
	standings := words{}.uint(32).uint(uint64(len(r.Standings)))
	for _, s := range r.Standings {
		standings = standings.addr(s.Subject).hash(s.SpecID).uint(s.Value)
	}
	return words{}.hash(tagResult).hash(r.SampleRoot).uint(r.SampleCount).hash(batches.sum()).hash(standings.sum()).sum()
}

// Digest is what operators co-sign with BN254: it binds chain, contract, AVS,
// epoch, operator table, result and charges.
func (r Result) Digest(a Authority) Hash {
	faults := words{}.uint(32).uint(uint64(len(r.Faults)))
	for _, f := range r.Faults {
		faults = faults.uint(uint64(f.Kind)).addr(f.Subject).hash(f.BatchID).hash(f.Ref)
	}
	return words{}.hash(tagCert).uint(a.ChainID).addr(a.Attestation).addr(a.AVS).uint(r.Epoch).
		hash(r.TableRoot).hash(r.Root()).hash(faults.sum()).sum()
}

// Member is a row of an epoch's operator table. Rows ascend by address.
type Member struct {
	Operator Address      `json:"operator"`
	Weight   *uint256.Int `json:"weight"` // slashable stake, in the strategy's base units
	KeyX     *uint256.Int `json:"keyX"`   // BN254 G1 public key
	KeyY     *uint256.Int `json:"keyY"`
}

// LeafHash is the value under the row's leaf of the table's tree; before is
// the sum of the weights of the rows above, so that one proof shows on whom a
// random number fell.
func (m Member) LeafHash(before *uint256.Int) Hash {
	return words{}.hash(tagMember).addr(m.Operator).big(m.Weight).big(before).big(m.KeyX).big(m.KeyY).sum()
}
