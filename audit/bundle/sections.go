package bundle

import (
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// The sections that every bundle holds. The fields of their structs are in the
// order of their JSON names.
const (
	SectionBatches     = "batches"
	SectionCertificate = "certificate"
	SectionChain       = "chain"
	SectionNetwork     = "network"
	SectionSpecs       = "specs"
	SectionStandings   = "standings"
	SectionTable       = "table"
	// There only where the epoch answers any.
	SectionDemands = "demands"
	// Those of one operator each, whose address follows; they may be left out.
	SectionCommitments = "commitments/"
	SectionReveals     = "reveals/"
)

// Network is what a deployment fixed.
type Network struct {
	AttestationRegistry posp.Address  `json:"attestationRegistry"`
	BatchRegistry       posp.Address  `json:"batchRegistry"`
	ChainID             U64           `json:"chainId"`
	Committee           uint32        `json:"committee"`
	FaultLine           U64           `json:"faultLine"`
	KeyRegistry         posp.Address  `json:"keyRegistry"`
	OnDemand            *posp.Address `json:"onDemand,omitempty"` // not there: it verifies nothing on demand
	QuorumPpm           uint32        `json:"quorumPpm"`
	Schedule            Schedule      `json:"schedule"`
	ServiceManager      posp.Address  `json:"serviceManager"`
}

// Schedule is posp.Schedule.
type Schedule struct {
	BeaconDelay   U64 `json:"beaconDelay"`
	CertifyBlocks U64 `json:"certifyBlocks"`
	CommitBlocks  U64 `json:"commitBlocks"`
	ContestBlocks U64 `json:"contestBlocks"`
	EpochBlocks   U64 `json:"epochBlocks"`
	Genesis       U64 `json:"genesis"`
	GraceBlocks   U64 `json:"graceBlocks"`
	RevealBlocks  U64 `json:"revealBlocks"`
}

// NewNetwork is the section of a deployment; onDemand is zero where it verifies
// nothing on demand.
func NewNetwork(d posp.Domain, a posp.Authority, keyRegistry, onDemand posp.Address, p posp.Parameters) Network {
	s := p.Schedule
	n := Network{
		AttestationRegistry: a.Attestation, BatchRegistry: d.Registry, ChainID: U64(d.ChainID), ServiceManager: a.AVS, KeyRegistry: keyRegistry,
		Committee: p.Committee, FaultLine: U64(p.FaultLine), QuorumPpm: p.QuorumPpm,
		Schedule: Schedule{U64(s.BeaconDelay), U64(s.CertifyBlocks), U64(s.CommitBlocks), U64(s.ContestBlocks), U64(s.EpochBlocks), U64(s.Genesis), U64(s.GraceBlocks), U64(s.RevealBlocks)},
	}
	if onDemand != (posp.Address{}) {
		n.OnDemand = &onDemand
	}
	return n
}

// ID is what an auditor compares with what she knows of the network.
func (n Network) ID() (posp.Hash, error) {
	b, err := encode(n)
	return crypto.Keccak256Hash(b), err
}

// Domain is what receipts and batches are bound to.
func (n Network) Domain() posp.Domain {
	return posp.Domain{ChainID: uint64(n.ChainID), Registry: n.BatchRegistry}
}

// Authority is what operators' messages and certificates are bound to.
func (n Network) Authority() posp.Authority {
	return posp.Authority{ChainID: uint64(n.ChainID), Attestation: n.AttestationRegistry, AVS: n.ServiceManager}
}

// Parameters are the protocol's.
func (n Network) Parameters() posp.Parameters {
	s := n.Schedule
	return posp.Parameters{Committee: n.Committee, FaultLine: uint64(n.FaultLine), QuorumPpm: n.QuorumPpm, Schedule: posp.Schedule{
		Genesis: uint64(s.Genesis), EpochBlocks: uint64(s.EpochBlocks), GraceBlocks: uint64(s.GraceBlocks), BeaconDelay: uint64(s.BeaconDelay),
		CommitBlocks: uint64(s.CommitBlocks), RevealBlocks: uint64(s.RevealBlocks), CertifyBlocks: uint64(s.CertifyBlocks), ContestBlocks: uint64(s.ContestBlocks)}}
}

// Spec is a model spec and the policy by which receipts of it are judged.
type Spec struct {
	Policy Policy    `json:"policy"`
	Spec   ModelSpec `json:"spec"`
}

// Policy is verdict.Policy.
type Policy struct {
	Calibration  Calibration `json:"calibration"`
	Cap          int32       `json:"cap"`
	Choice       Question    `json:"choice"`
	FailAt       int32       `json:"failAt"`
	Interval     Intervals   `json:"interval"`
	LambdaPpm    uint32      `json:"lambdaPpm"`
	Margin       Question    `json:"margin"`
	MinPositions uint32      `json:"minPositions"`
	Model        Question    `json:"model"`
	PassAt       int32       `json:"passAt"`
	WrongModel   int32       `json:"wrongModel"`
}

// Calibration is verdict.Calibration.
type Calibration struct {
	ConfidencePpm uint32     `json:"confidencePpm"`
	Pairs         List[Pair] `json:"pairs"`
	Positions     U64        `json:"positions"`
	Samples       U64        `json:"samples"`
}

// Pair is verdict.EnginePair.
type Pair struct {
	Claimed    string `json:"claimed"`
	Recomputed string `json:"recomputed"`
}

// Question is verdict.Question.
type Question struct {
	Classes List[int32]       `json:"classes"`
	Edges   List[int32]       `json:"edges"`
	LogE    List[List[int32]] `json:"logE"`
}

// Intervals is verdict.Intervals.
type Intervals struct {
	E     List[List[uint32]] `json:"e"`
	Edges List[int32]        `json:"edges"`
}

// ModelSpec is posp.ModelSpec.
type ModelSpec struct {
	ChatTemplateHash posp.Hash `json:"chatTemplateHash"`
	ContextLimit     uint32    `json:"contextLimit"`
	EngineClass      string    `json:"engineClass"`
	EOS              uint32    `json:"eos"`
	PolicyID         posp.Hash `json:"policyId"`
	Precision        string    `json:"precision"`
	ReferenceVersion string    `json:"referenceVersion"`
	SamplingRule     string    `json:"samplingRule"`
	TokenizerHash    posp.Hash `json:"tokenizerHash"`
	VocabSize        uint32    `json:"vocabSize"`
	WeightsRoot      posp.Hash `json:"weightsRoot"`
}

func lists[T any](in [][]T) (out List[List[T]]) {
	for _, l := range in {
		out = append(out, l)
	}
	return out
}

func unlists[T any](in List[List[T]]) (out [][]T) {
	for _, l := range in {
		out = append(out, l)
	}
	return out
}

// NewSpec is the entry of a spec.
func NewSpec(v verdict.Spec) Spec {
	p, s := v.Policy, v.Spec
	question := func(q verdict.Question) Question { return Question{q.Classes, q.Edges, lists(q.LogE)} }
	c := Calibration{ConfidencePpm: p.Calibration.ConfidencePpm, Positions: U64(p.Calibration.Positions), Samples: U64(p.Calibration.Samples)}
	for _, pair := range p.Calibration.Pairs {
		c.Pairs = append(c.Pairs, Pair(pair))
	}
	return Spec{
		Policy: Policy{Calibration: c, Cap: p.Cap, Choice: question(p.Choice), FailAt: p.FailAt, Interval: Intervals{lists(p.Interval.E), p.Interval.Edges}, LambdaPpm: p.LambdaPpm,
			Margin: question(p.Margin), MinPositions: p.MinPositions, Model: question(p.Model), PassAt: p.PassAt, WrongModel: p.WrongModel},
		Spec: ModelSpec{s.ChatTemplateHash, s.ContextLimit, s.EngineClass, s.EOS, s.PolicyID, s.Precision, s.ReferenceVersion, s.SamplingRule, s.TokenizerHash, s.VocabSize, s.WeightsRoot},
	}
}

// Value is the spec as package verdict has it.
func (x Spec) Value() verdict.Spec {
	p, s := x.Policy, x.Spec
	question := func(q Question) verdict.Question {
		return verdict.Question{Classes: q.Classes, Edges: q.Edges, LogE: unlists(q.LogE)}
	}
	c := verdict.Calibration{ConfidencePpm: p.Calibration.ConfidencePpm, Positions: uint64(p.Calibration.Positions), Samples: uint64(p.Calibration.Samples)}
	for _, pair := range p.Calibration.Pairs {
		c.Pairs = append(c.Pairs, verdict.EnginePair(pair))
	}
	return verdict.Spec{
		Policy: verdict.Policy{Calibration: c, Cap: p.Cap, Choice: question(p.Choice), FailAt: p.FailAt, Interval: verdict.Intervals{E: unlists(p.Interval.E), Edges: p.Interval.Edges},
			LambdaPpm: p.LambdaPpm, Margin: question(p.Margin), MinPositions: p.MinPositions, Model: question(p.Model), PassAt: p.PassAt, WrongModel: p.WrongModel},
		Spec: posp.ModelSpec{WeightsRoot: s.WeightsRoot, Precision: s.Precision, TokenizerHash: s.TokenizerHash, ChatTemplateHash: s.ChatTemplateHash, EngineClass: s.EngineClass,
			SamplingRule: s.SamplingRule, VocabSize: s.VocabSize, EOS: s.EOS, ContextLimit: s.ContextLimit, ReferenceVersion: s.ReferenceVersion, PolicyID: s.PolicyID},
	}
}

// Batch is a batch of the epoch, and the key by which its receipts are judged.
type Batch struct {
	FirstSequence U64          `json:"firstSequence"`
	KMin          uint32       `json:"kMin"`
	LeafCount     U64          `json:"leafCount"`
	Provider      posp.Address `json:"provider"`
	RatePpm       uint32       `json:"ratePpm"`
	ReceiptKey    posp.Address `json:"receiptKey"`
	Root          posp.Hash    `json:"root"`
}

// NewBatch is the entry of a batch.
func NewBatch(b posp.BatchRecord, receiptKey posp.Address) Batch {
	return Batch{U64(b.FirstSequence), b.KMin, U64(b.LeafCount), b.Provider, b.RatePpm, receiptKey, b.Root}
}

// Record is the batch as a registry holds it, of an epoch on a deployment.
func (b Batch) Record(d posp.Domain, epoch uint64) posp.BatchRecord {
	r := posp.BatchRecord{Rate: posp.Rate{RatePpm: b.RatePpm, KMin: b.KMin},
		Batch: posp.Batch{Provider: b.Provider, Epoch: epoch, FirstSequence: uint64(b.FirstSequence), Root: b.Root, LeafCount: uint64(b.LeafCount)}}
	r.ID = r.Batch.ID(d)
	return r
}

// Demand is a request that a receipt be verified, which the epoch answers.
type Demand struct {
	Batch       Batch     `json:"batch"` // in which the receipt stands
	Epoch       U64       `json:"epoch"` // of that batch
	Leaf        U64       `json:"leaf"`
	ReceiptHash posp.Hash `json:"receiptHash"`
}

// NewDemand is the entry of a demand.
func NewDemand(d posp.Demand) Demand {
	return Demand{NewBatch(d.Batch, d.ReceiptKey), U64(d.Batch.Epoch), U64(d.Leaf), d.ReceiptHash}
}

// Value is the demand as the vocabulary has it, answered by an epoch on a deployment.
func (x Demand) Value(n Network, epoch uint64) posp.Demand {
	d := posp.Demand{Epoch: epoch, ReceiptHash: x.ReceiptHash, Leaf: uint64(x.Leaf), Batch: x.Batch.Record(n.Domain(), uint64(x.Epoch)), ReceiptKey: x.Batch.ReceiptKey}
	if n.OnDemand != nil {
		d.ID = posp.DemandID(uint64(n.ChainID), *n.OnDemand, epoch, x.ReceiptHash)
	}
	return d
}

// Member is a row of the operator table, and the key by which the operator's
// messages are judged.
type Member struct {
	KeyX       U256         `json:"keyX"`
	KeyY       U256         `json:"keyY"`
	MessageKey posp.Address `json:"messageKey"`
	Operator   posp.Address `json:"operator"`
	Weight     U256         `json:"weight"`
}

// NewMember is a row's entry.
func NewMember(m posp.Member, messageKey posp.Address) Member {
	return Member{U256(*m.KeyX), U256(*m.KeyY), messageKey, m.Operator, U256(*m.Weight)}
}

// Row is the row as the vocabulary has it.
func (m Member) Row() posp.Member {
	return posp.Member{Operator: m.Operator, Weight: (*uint256.Int)(&m.Weight), KeyX: (*uint256.Int)(&m.KeyX), KeyY: (*uint256.Int)(&m.KeyY)}
}

// Standing is posp.Standing.
type Standing struct {
	SpecID  posp.Hash    `json:"specId"`
	Subject posp.Address `json:"subject"`
	Value   U64          `json:"value"`
}

// NewStandings are the entries of standings.
func NewStandings(in []posp.Standing) (out List[Standing]) {
	for _, s := range in {
		out = append(out, Standing{s.SpecID, s.Subject, U64(s.Value)})
	}
	return out
}

func standings(in List[Standing]) []posp.Standing {
	out := make([]posp.Standing, len(in))
	for i, s := range in {
		out[i] = posp.Standing{Subject: s.Subject, SpecID: s.SpecID, Value: uint64(s.Value)}
	}
	return out
}

// Certificate is the epoch's result, and who signed it.
type Certificate struct {
	NonSigners List[uint32]  `json:"nonSigners"` // rows of the table
	Result     Result        `json:"result"`
	Signature  hexutil.Bytes `json:"signature"`  // 64 bytes: the signers' sum
	SignersKey hexutil.Bytes `json:"signersKey"` // 128 bytes: the signers' sum
}

// Result is posp.Result.
type Result struct {
	Batches     List[BatchResult] `json:"batches"`
	Epoch       U64               `json:"epoch"`
	Faults      List[Fault]       `json:"faults"`
	SampleCount U64               `json:"sampleCount"`
	SampleRoot  posp.Hash         `json:"sampleRoot"`
	Standings   List[Standing]    `json:"standings"`
	TableRoot   posp.Hash         `json:"tableRoot"`
}

// BatchResult is posp.BatchResult.
type BatchResult struct {
	BatchID      posp.Hash    `json:"batchId"`
	Failed       uint32       `json:"failed"`
	Inconclusive uint32       `json:"inconclusive"`
	Passed       uint32       `json:"passed"`
	Provider     posp.Address `json:"provider"`
	Samples      uint32       `json:"samples"`
	Unavailable  uint32       `json:"unavailable"`
}

// Fault is posp.Fault.
type Fault struct {
	BatchID posp.Hash    `json:"batchId"`
	Kind    uint8        `json:"kind"`
	Ref     posp.Hash    `json:"ref"`
	Subject posp.Address `json:"subject"`
}

// NewResult is the entry of a result.
func NewResult(r posp.Result) Result {
	x := Result{Epoch: U64(r.Epoch), SampleCount: U64(r.SampleCount), SampleRoot: r.SampleRoot, TableRoot: r.TableRoot, Standings: NewStandings(r.Standings)}
	for _, b := range r.Batches {
		x.Batches = append(x.Batches, BatchResult{b.BatchID, b.Failed, b.Inconclusive, b.Passed, b.Provider, b.Samples, b.Unavailable})
	}
	for _, f := range r.Faults {
		x.Faults = append(x.Faults, Fault{f.BatchID, uint8(f.Kind), f.Ref, f.Subject})
	}
	return x
}

// Value is the result as the vocabulary has it.
func (x Result) Value() posp.Result {
	r := posp.Result{Epoch: uint64(x.Epoch), SampleCount: uint64(x.SampleCount), SampleRoot: x.SampleRoot, TableRoot: x.TableRoot, Standings: standings(x.Standings)}
	for _, b := range x.Batches {
		r.Batches = append(r.Batches, posp.BatchResult{BatchID: b.BatchID, Provider: b.Provider, Samples: b.Samples, Passed: b.Passed, Failed: b.Failed, Inconclusive: b.Inconclusive, Unavailable: b.Unavailable})
	}
	for _, f := range x.Faults {
		r.Faults = append(r.Faults, posp.Fault{Kind: posp.FaultKind(f.Kind), Subject: f.Subject, BatchID: f.BatchID, Ref: f.Ref})
	}
	return r
}

// Chain is what proves the rest from one block hash.
type Chain struct {
	Beacon      posp.Hash           `json:"beacon"`
	BeaconBlock hexutil.Bytes       `json:"beaconBlock"` // RLP header; empty where the block is too long ago to be proved
	Block       hexutil.Bytes       `json:"block"`       // of the certifying transaction: RLP header
	Nodes       List[hexutil.Bytes] `json:"nodes"`       // of all Merkle-Patricia proofs, ascending by hash
	Parent      hexutil.Bytes       `json:"parent"`      // of Block: RLP header
	Receipt     uint32              `json:"receipt"`     // index of the certifying transaction in Block
}
