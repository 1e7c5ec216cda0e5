package verdict

import (
	"cmp"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// EpochInput is everything that an epoch's result is derived from. The order
// of its lists does not matter. What comes from the chain and from the
// network description must be right, or Derive returns an error; what comes
// from operators (Commitments, Reveals) may be anything, and what is wrong in
// it counts as not sent.
type EpochInput struct {
	Domain     posp.Domain         `json:"domain"`
	Authority  posp.Authority      `json:"authority"`
	Epoch      uint64              `json:"epoch"`
	Beacon     posp.Hash           `json:"beacon"`
	Parameters posp.Parameters     `json:"parameters"`        // Committee and FaultLine are used
	Table      posp.Table          `json:"table"`             // of the epoch
	Batches    []posp.BatchRecord  `json:"batches"`           // of the epoch
	Demands    []posp.Demand       `json:"demands,omitempty"` // that the epoch answers
	Providers  []posp.ProviderInfo `json:"providers"`         // at least those of the batches
	Specs      []Spec              `json:"specs"`             // that are verified; receipts of others are INCONCLUSIVE
	Standings  []posp.Standing     `json:"standings"`         // before the epoch; who has none stands at 0

	Commitments []posp.Commitments `json:"commitments"` // the frozen set
	Reveals     []posp.Reveals     `json:"reveals"`     // of anybody, for openings and evidence parts
}

// Spec is a model spec with the policy that it names.
type Spec struct {
	Spec   posp.ModelSpec `json:"spec"`
	Policy Policy         `json:"policy"`
}

// Derivation is what an epoch's evidence comes to.
type Derivation struct {
	Result      posp.Result          // what is certified
	Samples     []posp.SampleResult  // under Result.SampleRoot, by (batch, j); then of the demands, by id
	Assignments []sampler.Assignment // of the samples, in the same order
	Duties      []Duty               // of those with any, ascending by operator
}

// Duty is what an operator owed in an epoch, and what it did: what was not
// measured is not paid.
type Duty struct {
	Operator posp.Address `json:"operator"`
	Assigned uint32       `json:"assigned"`
	Done     uint32       `json:"done"`
}

// A result charges so many withheld samples at most: of a batch the first by j, of an epoch those of the first batches by id. A charge takes 100k gas of the
// transaction that brings the certificate, and a transaction may take 2^24 (EIP-7825): were all charged, who withholds enough would keep every batch of the epoch
// from being certified, and pay nothing. What is not charged is counted all the same, and its batch is not paid for.
const (
	MaxWithheldOfBatch = 8
	MaxWithheldOfEpoch = 64
)

// Derive computes an epoch's result. It is a pure function: every operator,
// aggregator and auditor with the same input gets the same bytes.
func Derive(in EpochInput) (*Derivation, error) {
	e, err := newEpoch(in)
	if err != nil {
		return nil, err
	}
	d := &Derivation{}
	err = e.derive(e.gather(), d, func(a sampler.Assignment, r posp.SampleResult) error {
		d.Samples, d.Assignments = append(d.Samples, r), append(d.Assignments, a)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// DeriveFrom is Derive for evidence that does not fit into memory: held gives
// it one sample at a time, in the order of the derivation (batches ascending by
// id, in each by j; then demands ascending by id), and keep takes the results in the same order. The lists of
// in's evidence are not read, and those of the derivation are empty.
func DeriveFrom(in EpochInput, held func(sampler.Assignment) (Held, error), keep func(sampler.Assignment, posp.SampleResult) error) (*Derivation, error) {
	e, err := newEpoch(in)
	if err != nil {
		return nil, err
	}
	d := &Derivation{}
	gather := func(_ origin, a sampler.Assignment) (Held, error) { return held(a) }
	if err := e.derive(gather, d, keep); err != nil {
		return nil, err
	}
	return d, nil
}

// derive judges every sample. The samples are gathered, counted and kept in
// order, and by this goroutine; in between they are judged by as many others as
// there are processors, since what a sample comes to by itself does not depend
// on the others.
func (e *epoch) derive(gather func(origin, sampler.Assignment) (Held, error), d *Derivation, keep func(sampler.Assignment, posp.SampleResult) error) error {
	in := e.in
	d.Result = posp.Result{Batches: []posp.BatchResult{}, Standings: []posp.Standing{}, Faults: []posp.Fault{}}
	var leaves merkle.Growing
	var ahead lookahead
	defer ahead.wait()
	settle := func() error {
		s := ahead.next()
		if s.batch == onDemand {
			e.attended(s.judgement.Operators)
		} else {
			e.count(s, &d.Result.Batches[s.batch])
		}
		leaves.Add(s.leaf)
		return keep(s.assignment, s.result)
	}
	next := func(batch int, of origin, a sampler.Assignment) error {
		h, err := gather(of, a)
		if err != nil {
			return err
		}
		for ahead.full() {
			if err := settle(); err != nil {
				return err
			}
		}
		ahead.start(&judged{batch: batch, assignment: a}, h.size(), func(s *judged) { e.judge(s, h) })
		return nil
	}
	electorate, err := sampler.NewElectorate(in.Table.Members)
	if err != nil {
		return err
	}
	drawn := uint64(0)
	for i, batch := range e.batches {
		all, k, err := electorate.Assignments(in.Domain, batch, in.Beacon, e.committee())
		if err != nil {
			return err
		}
		if drawn += k; drawn > sampler.MaxSamples {
			return posp.Invalidf("epoch %d has more than %d samples", in.Epoch, sampler.MaxSamples)
		}
		d.Result.Batches = append(d.Result.Batches, posp.BatchResult{BatchID: batch.ID, Provider: batch.Provider, Samples: uint32(k)})
		for a := range all {
			if err := next(i, origin{batch.Batch, e.receiptKey[batch.Provider]}, a); err != nil {
				return err
			}
		}
	}
	if drawn+uint64(len(e.demands)) > sampler.MaxSamples {
		return posp.Invalidf("epoch %d has more than %d samples", in.Epoch, sampler.MaxSamples)
	}
	for _, demand := range e.demands {
		a := electorate.AssignDemand(in.Domain, demand, in.Beacon, e.committee())
		if err := next(onDemand, originOf(demand), a); err != nil {
			return err
		}
	}
	for ahead.any() {
		if err := settle(); err != nil {
			return err
		}
	}

	d.Result.Epoch = in.Epoch
	d.Result.TableRoot = e.tableRoot
	d.Result.SampleRoot = leaves.Root()
	d.Result.SampleCount = leaves.Count()
	for key := range e.touched {
		d.Result.Standings = append(d.Result.Standings, posp.Standing{Subject: key.subject, SpecID: key.spec, Value: e.standing[key]})
	}
	slices.SortFunc(d.Result.Standings, func(a, b posp.Standing) int {
		return cmp.Or(a.Subject.Cmp(b.Subject), a.SpecID.Cmp(b.SpecID))
	})
	d.Result.Faults = append(d.Result.Faults, e.faults...)
	slices.SortFunc(d.Result.Faults, func(a, b posp.Fault) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.Subject.Cmp(b.Subject), a.BatchID.Cmp(b.BatchID), a.Ref.Cmp(b.Ref))
	})
	for operator, duty := range e.duty {
		d.Duties = append(d.Duties, Duty{operator, duty.Assigned, duty.Done})
	}
	slices.SortFunc(d.Duties, func(a, b Duty) int { return a.Operator.Cmp(b.Operator) })
	return nil
}

// epoch is a derivation under way: the input, indexed, and the running state.
type epoch struct {
	in         EpochInput
	tableRoot  posp.Hash
	batches    []posp.BatchRecord // ascending by id
	demands    []posp.Demand      // ascending by id
	receiptKey map[posp.Address]posp.Address
	spec       map[posp.Hash]*Spec

	standing map[subject]uint64
	touched  map[subject]bool // by a sample of this epoch
	charged  map[subject]bool // once in an epoch
	faults   []posp.Fault
	withheld int // samples that are charged
	duty     map[posp.Address]*Duty
}

type subject struct {
	subject posp.Address
	spec    posp.Hash // zero for an operator
}

func newEpoch(in EpochInput) (*epoch, error) {
	e := &epoch{
		in: in, batches: slices.Clone(in.Batches), demands: slices.Clone(in.Demands),
		receiptKey: map[posp.Address]posp.Address{}, spec: map[posp.Hash]*Spec{},
		standing: map[subject]uint64{}, touched: map[subject]bool{}, charged: map[subject]bool{}, duty: map[posp.Address]*Duty{},
	}
	var err error
	if e.tableRoot, err = sampler.TableRoot(in.Table.Members); err != nil {
		return nil, err
	}
	if in.Table.Root != e.tableRoot {
		return nil, posp.Invalidf("operator table has root %s, its rows give %s", in.Table.Root, e.tableRoot)
	}
	for _, p := range in.Providers {
		if key, twice := e.receiptKey[p.Provider]; twice && key != p.ReceiptKey {
			return nil, posp.Invalidf("provider %s has two receipt keys", p.Provider)
		}
		e.receiptKey[p.Provider] = p.ReceiptKey
	}
	for i := range in.Specs {
		s := &in.Specs[i]
		if err := s.Policy.Check(); err != nil {
			return nil, err
		}
		if id := s.Policy.ID(); id != s.Spec.PolicyID {
			return nil, posp.Invalidf("spec %s names policy %s, not %s", s.Spec.ID(), s.Spec.PolicyID, id)
		}
		e.spec[s.Spec.ID()] = s
	}
	for _, s := range in.Standings {
		key := subject{s.Subject, s.SpecID}
		if _, twice := e.standing[key]; twice {
			return nil, posp.Invalidf("%s has two standings under spec %s", s.Subject, s.SpecID)
		}
		e.standing[key] = s.Value
	}
	slices.SortFunc(e.batches, func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	for i, b := range e.batches {
		if b.Epoch != in.Epoch || b.ID != b.Batch.ID(in.Domain) {
			return nil, posp.Invalidf("batch %s is not of epoch %d on this deployment", b.ID, in.Epoch)
		}
		if i > 0 && e.batches[i-1].ID == b.ID {
			return nil, posp.Invalidf("batch %s is there twice", b.ID)
		}
		if _, known := e.receiptKey[b.Provider]; !known {
			return nil, posp.Invalidf("batch %s: provider %s is not registered", b.ID, b.Provider)
		}
	}
	slices.SortFunc(e.demands, func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
	for i, d := range e.demands {
		if d.Epoch != in.Epoch || d.Batch.ID != d.Batch.Batch.ID(in.Domain) || d.Batch.Epoch > in.Epoch || d.Leaf >= d.Batch.LeafCount {
			return nil, posp.Invalidf("demand %s is not of a receipt that epoch %d on this deployment can open", d.ID, in.Epoch)
		}
		if i > 0 && e.demands[i-1].ID == d.ID {
			return nil, posp.Invalidf("demand %s is there twice", d.ID)
		}
	}
	return e, nil
}

func (e *epoch) committee() int { return int(min(e.in.Parameters.Committee, math.MaxInt32)) }

// origin is where the receipt of a sample stands, and whose signature makes it.
type origin struct {
	batch      posp.Batch
	receiptKey posp.Address
}

func originOf(d posp.Demand) origin { return origin{d.Batch.Batch, d.ReceiptKey} }

// onDemand stands for the index of a batch in samples that are of none.
const onDemand = -1

// judged is what one sample comes to by itself.
type judged struct {
	batch      int // index, or onDemand
	assignment sampler.Assignment
	spec       posp.Hash // of the opening, if its policy is known
	known      bool
	judgement  Judgement
	result     posp.SampleResult
	leaf       posp.Hash // of the result
}

// judge judges a sample. It changes nothing of e, and may run beside others.
func (e *epoch) judge(to *judged, h Held) {
	sample, policy, evidence := e.sample(to.assignment, h)
	j := Judge(policy, sample)
	if to.known = policy != nil; to.known {
		to.spec = sample.Opening.Receipt.SpecID
	}
	to.judgement = j
	to.result = posp.SampleResult{SampleID: to.assignment.SampleID, Verdict: j.Verdict, Class: j.Class, LogE: j.LogE, Evidence: evidence}
	to.leaf = to.result.LeafHash()
}

// count counts a sample, and moves the standings.
func (e *epoch) count(s *judged, r *posp.BatchResult) {
	j := s.judgement
	switch j.Verdict {
	case posp.Pass:
		r.Passed++
	case posp.Fail:
		r.Failed++
	case posp.Inconclusive:
		r.Inconclusive++
	case posp.Unavailable:
		if r.Unavailable++; r.Unavailable <= MaxWithheldOfBatch && e.withheld < MaxWithheldOfEpoch {
			e.withheld++
			e.faults = append(e.faults, posp.Fault{Kind: posp.FaultWithholding, Subject: r.Provider, BatchID: r.BatchID, Ref: s.assignment.SampleID})
		}
	}
	if s.known && e.advance(subject{r.Provider, s.spec}, j.LogE) {
		e.faults = append(e.faults, posp.Fault{Kind: posp.FaultStatistical, Subject: r.Provider, BatchID: r.BatchID, Ref: s.spec})
	}
	e.attended(j.Operators)
	for _, o := range j.Operators {
		if o.Scored && e.advance(subject{subject: o.Operator}, o.LogE) {
			e.faults = append(e.faults, posp.Fault{Kind: posp.FaultOperatorEvidence, Subject: o.Operator})
		}
	}
}

// attended counts a sample for its committee. It is all that a sample on demand
// counts for: e-values hold for samples that nobody chose, and a buyer chose
// this one, so it moves no standing and charges nobody.
func (e *epoch) attended(committee []OperatorJudgement) {
	for _, o := range committee {
		if e.duty[o.Operator] == nil {
			e.duty[o.Operator] = &Duty{}
		}
		e.duty[o.Operator].Assigned++
		if o.Done {
			e.duty[o.Operator].Done++
		}
	}
}

// advance moves a standing and says whether it crossed the line for the first
// time in the epoch. One that was over it before is no new fault.
func (e *epoch) advance(s subject, logE int32) bool {
	before := e.standing[s]
	after := Advance(before, logE)
	e.standing[s], e.touched[s] = after, true
	if crossed := before < e.in.Parameters.FaultLine && after >= e.in.Parameters.FaultLine; !crossed || e.charged[s] {
		return false
	}
	e.charged[s] = true
	return true
}

// sample is what is judged, its policy (nil when there is no opening, or one of
// a spec that nobody knows), and the hash of all that is held.
func (e *epoch) sample(a sampler.Assignment, h Held) (s Sample, policy *Policy, evidence posp.Hash) {
	if s.Opening = h.Opening; s.Opening != nil {
		s.Provider = h.Provider
		if spec := e.spec[s.Opening.Receipt.SpecID]; spec != nil {
			s.Spec, policy = spec.Spec, &spec.Policy
		}
	}
	for i, operator := range a.Committee {
		c := CommitteeEvidence{Operator: operator}
		if i < len(h.Committee) && h.Committee[i].Revealed {
			if decoded, err := posp.DecodeEvidence(h.Committee[i].Evidence); err == nil {
				c.Evidence = &decoded
			}
		}
		s.Committee = append(s.Committee, c)
	}
	return s, policy, posp.EvidenceSetHash(h.Hashes(e.in.Domain, a.Committee))
}
