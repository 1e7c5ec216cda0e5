// Package audittest makes certified epochs without a chain or a model: with
// real receipts, trees, draws, messages, BN254 signatures, headers and tries.
// Who has the seed makes the same epoch again. It is for tests, vectors and
// measurements.
//
// Reading order: world.go (the epoch), state.go (its chain), log.go (its
// transparency log), corrupt.go (what can be wrong with a bundle, and which
// check says so).
package audittest

import (
	"context"
	"crypto/ecdsa"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// Options say how large an epoch is. What is zero is drawn from the seed, small.
type Options struct {
	Seed      uint64
	Providers int
	Receipts  int // of each
	Operators int // at least 3
	Prompt    int // tokens of each prompt
	Tokens    int // of each output
	Honest    bool
	Private   bool // one provider serves a private spec
	Bought    bool // operators say what providers claim
	Minority  bool // too few sign, and a contract that does not count took it
	Closed    bool // providers open nothing to anybody
	Early     bool // a receipt of the first provider is of the epoch after its batch's, and the bundle says that it was opened
	Demands   int  // receipts that buyers asked about: every second is of the epoch before, if there is one

	Contradicted bool // the log says something else than the epoch's messages, batches and result
	OtherOrigin  bool // the log's head is one of another log, signed by the same keys
	Unwitnessed  bool // too few witnesses signed the log's head
}

// World is a certified epoch, and the chain and archive that hold it.
type World struct {
	Epoch  uint64
	Source audit.Source
	Trust  audit.Trust

	rand       *rand.Rand
	seed       uint64
	parameters posp.Parameters
	operators  []operator // ascending by address
	table      posp.Table
	beacon     posp.Hash
	batches    []posp.BatchRecord
	demands    []posp.Demand
	providers  []posp.ProviderInfo
	answers    map[posp.Hash]*answer // by sample
	served     [][]*answer           // by provider, by leaf
	earlier    *posp.ProviderInfo    // who has a batch of the epoch before; nil: nobody
	before     []posp.Standing

	commitments []posp.Commitments
	reveals     []posp.Reveals
	results     []posp.SampleResult
	certificate audit.Certificate
	signers     int // the first so many
	chain       *chain
	log         *bundle.Log
}

type operator struct {
	key *ecdsa.PrivateKey
	hot *ecdsa.PrivateKey // signs messages; nil: key does
	bls *keys.BLS
}

func (o operator) sign(digest posp.Hash) []byte {
	if o.hot != nil {
		return sign(o.hot, digest)
	}
	return sign(o.key, digest)
}

func (o operator) address() posp.Address { return crypto.PubkeyToAddress(o.key.PublicKey) }

type answer struct {
	opening posp.Opening
	claim   posp.EvidencePart
	own     posp.Evidence // what an honest operator finds
	denied  bool          // the provider opens it to nobody
}

// hash is a value that the seed and a name determine.
func (w *World) hash(name string, args ...any) posp.Hash {
	return crypto.Keccak256Hash([]byte(fmt.Sprint(append([]any{w.seed, name}, args...)...)))
}

func (w *World) key(name string, args ...any) *ecdsa.PrivateKey {
	h := w.hash(name, args...)
	k, err := crypto.ToECDSA(h[:])
	if err != nil { // one in 2^128
		panic(err)
	}
	return k
}

func sign(k *ecdsa.PrivateKey, digest posp.Hash) []byte {
	sig, err := crypto.Sign(digest[:], k)
	if err != nil { // not with a digest of 32 bytes
		panic(err)
	}
	sig[64] += 27
	return sig
}

// policy is small and made up: its tables were calibrated on nothing.
func policy(class string) verdict.Policy {
	const nat = verdict.Nat
	q := verdict.Question{Edges: []int32{posp.Nat / 100, posp.Nat / 5}, LogE: [][]int32{{-nat / 100, nat / 4, 2 * nat}, {-nat / 50, nat / 8, 3 * nat}}}
	byClass := verdict.Question{Classes: []int32{posp.Nat}, Edges: []int32{posp.Nat / 100, posp.Nat}, LogE: [][]int32{{-nat / 100, nat / 4, nat, -nat / 200, nat / 8, nat}}}
	return verdict.Policy{Model: q, Choice: q, Margin: byClass,
		Interval:  verdict.Intervals{Edges: []int32{posp.Unit / 3}, E: [][]uint32{{1 << 15, 5 << 14, 1 << 20}}},
		LambdaPpm: 500_000, Cap: 20 * nat, MinPositions: 2, PassAt: 0, FailAt: 3 * nat, WrongModel: posp.Nat / 2,
		Calibration: verdict.Calibration{Pairs: []verdict.EnginePair{{Claimed: class, Recomputed: class}}, Samples: 1000, Positions: 100_000, ConfidencePpm: 990_000}}
}

// New makes an epoch.
func New(o Options) (*World, error) {
	w := &World{rand: rand.New(rand.NewPCG(o.Seed, 0x706f7370)), seed: o.Seed, answers: map[posp.Hash]*answer{}}
	between := func(given, low, high int) int {
		n := low + w.rand.IntN(high-low+1)
		if given > 0 {
			return given
		}
		return n
	}
	o.Providers, o.Receipts, o.Operators, o.Tokens = between(o.Providers, 2, 3), between(o.Receipts, 2, 6), between(o.Operators, 4, 6), between(o.Tokens, 4, 9)
	w.Epoch = uint64(w.rand.IntN(50))
	address := func(name string) posp.Address { h := w.hash(name); return posp.Address(h[:20]) }
	w.Source = audit.Source{Domain: posp.Domain{ChainID: 31337, Registry: address("registry")},
		Authority: posp.Authority{ChainID: 31337, Attestation: address("attestation"), AVS: address("avs")}, Keys: address("keys"), Chain: w, Archive: w}
	w.parameters = posp.Parameters{Schedule: posp.Schedule{Genesis: 10, EpochBlocks: 20, GraceBlocks: 5, BeaconDelay: 2, CommitBlocks: 5, RevealBlocks: 5, CertifyBlocks: 9, ContestBlocks: 100},
		Committee: 3, FaultLine: verdict.Line(1e9), QuorumPpm: 670_000}
	w.beacon = w.hash("beacon")
	for _, s := range []posp.ModelSpec{
		{Precision: "f32", EngineClass: "made-up/f32", SamplingRule: posp.RuleGumbel},
		{Precision: "bf16", EngineClass: "made-up/bf16", SamplingRule: posp.RuleUnseeded},
		{Precision: "f32", EngineClass: "made-up/f32", SamplingRule: posp.RuleGumbel, ReferenceVersion: posp.HiddenReference + fmt.Sprintf("%064x", 5)},
	} {
		p := policy(s.EngineClass)
		limit := uint32(4096)
		if o.Prompt > 0 {
			limit = uint32(o.Prompt + 1000)
		}
		s.WeightsRoot, s.TokenizerHash, s.ChatTemplateHash, s.VocabSize, s.EOS, s.ContextLimit, s.PolicyID = w.hash("weights"), w.hash("tokenizer"), w.hash("template"), 1000, 2, limit, p.ID()
		w.Source.Specs = append(w.Source.Specs, verdict.Spec{Spec: s, Policy: p})
	}
	for i := range o.Operators {
		h := w.hash("bls", i)
		op := operator{key: w.key("operator", i), bls: keys.BLSFromSeed(h[:])}
		if h[1]%2 == 0 {
			op.hot = w.key("messages", i)
		}
		w.operators = append(w.operators, op)
	}
	slices.SortFunc(w.operators, func(a, b operator) int { return a.address().Cmp(b.address()) })
	for i, op := range w.operators {
		x, y := op.bls.PublicKey().G1.XY()
		w.table.Members = append(w.table.Members, posp.Member{Operator: op.address(), Weight: uint256.NewInt(uint64(100 - 3*i)), KeyX: x, KeyY: y})
	}
	w.table.MessageKeys = map[posp.Address]posp.Address{}
	for _, op := range w.operators {
		if op.hot != nil {
			w.table.MessageKeys[op.address()] = crypto.PubkeyToAddress(op.hot.PublicKey)
		}
	}
	var err error
	if w.table.Root, err = sampler.TableRoot(w.table.Members); err != nil {
		return nil, err
	}
	for i := range o.Providers {
		spec := w.Source.Specs[i%2]
		if o.Private && i == 0 {
			spec = w.Source.Specs[2]
		}
		if err := w.serve(i, o, spec.Spec); err != nil {
			return nil, err
		}
	}
	if o.Demands > 0 {
		w.Source.OnDemand = address("on demand")
		if err := w.ask(o); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(w.batches, func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	if err := w.recompute(o); err != nil {
		return nil, err
	}
	if w.signers = o.Operators - 1; o.Minority {
		w.signers = 1
	}
	if err := w.certify(); err != nil {
		return nil, err
	}
	if w.chain, err = newChain(w); err != nil {
		return nil, err
	}
	w.Source.Prover = w.chain
	id, err := bundle.NewNetwork(w.Source.Domain, w.Source.Authority, w.Source.Keys, w.Source.OnDemand, w.parameters).ID()
	w.Trust = audit.Trust{Block: &w.chain.block.hash, Network: &id}
	if err != nil {
		return nil, err
	}
	w.Source.Log = logOf{w}
	return w, w.publish(o)
}

// serve has a provider answer, sign and commit. The first is honest, others may
// serve another model, or open nothing. Some have missed batches: their first
// receipts are of epochs before.
func (w *World) serve(i int, o Options, spec posp.ModelSpec) error {
	key, receipts := w.key("provider", i), w.key("receipts", i)
	info := posp.ProviderInfo{Provider: crypto.PubkeyToAddress(key.PublicKey), ReceiptKey: crypto.PubkeyToAddress(receipts.PublicKey)}
	w.providers = append(w.providers, info)
	cheats := !o.Honest && i > 0 && w.rand.IntN(2) == 0
	answers, values := make([]*answer, o.Receipts), make([]posp.Hash, o.Receipts)
	plans := make([]plan, o.Receipts)
	missed := uint64(w.rand.IntN(4)) % (w.Epoch + 1)
	for n := range plans {
		if plans[n] = w.plan(o, cheats); n < o.Receipts/2 {
			plans[n].late = missed
		}
	}
	if o.Early && i == 0 {
		plans[0].late = ^uint64(0) // by one epoch less than none
	}
	bundle.Each(o.Receipts, func(n int) {
		answers[n] = w.answer(info, receipts, spec, plans[n], i, n)
		values[n] = answers[n].opening.Receipt.Digest(w.Source.Domain)
	})
	tree := merkle.New(values)
	rate := posp.Rate{RatePpm: 1_000_000, KMin: 1}
	if o.Receipts > 3 && i > 0 && !o.Honest {
		rate.RatePpm = 500_000
	}
	b := posp.BatchRecord{Batch: posp.Batch{Provider: info.Provider, Epoch: w.Epoch, FirstSequence: 7, Root: tree.Root(), LeafCount: uint64(o.Receipts)}, Rate: rate}
	b.ID = b.Batch.ID(w.Source.Domain)
	w.batches = append(w.batches, b)
	w.served = append(w.served, answers)
	for leaf, a := range answers {
		var err error
		if a.opening.Proof, err = tree.Proof(uint64(leaf)); err != nil {
			return err
		}
	}
	all, err := w.drawn(b)
	for _, s := range all {
		w.answers[s.SampleID] = answers[s.Leaf]
	}
	return err
}

// ask has buyers ask about answers of the first provider: of its batch, and of
// one of the epoch before.
func (w *World) ask(o Options) error {
	batches, keys := []posp.BatchRecord{w.batches[0]}, []posp.Address{w.providers[0].ReceiptKey}
	held := [][]*answer{w.served[0]}
	if w.Epoch > 0 {
		w.Epoch--
		err := w.serve(len(w.served), o, w.Source.Specs[0].Spec)
		w.Epoch++
		if err != nil {
			return err
		}
		last := len(w.batches) - 1
		batches, keys = append(batches, w.batches[last]), append(keys, w.providers[last].ReceiptKey)
		held = append(held, w.served[last])
		w.earlier = &w.providers[last]
		w.batches, w.providers = w.batches[:last], w.providers[:last:last]
	}
	for i := range o.Demands {
		of, leaf := i%len(batches), i/len(batches)
		if leaf >= len(held[of]) {
			break
		}
		a := held[of][leaf]
		d := posp.Demand{Epoch: w.Epoch, ReceiptHash: a.opening.Receipt.Digest(w.Source.Domain), Leaf: uint64(leaf), Batch: batches[of], ReceiptKey: keys[of]}
		d.ID = posp.DemandID(w.Source.Domain.ChainID, w.Source.OnDemand, w.Epoch, d.ReceiptHash)
		w.demands = append(w.demands, d)
		w.answers[d.SampleID()] = a
	}
	slices.SortFunc(w.demands, func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
	return nil
}

// plan is what of an answer is drawn in order, so that answers can be made side
// by side.
type plan struct {
	seed           uint64
	prompt, tokens int // prompt may be 0: a few
	cheats, denied bool
	late           uint64 // epochs
}

func (w *World) plan(o Options, cheats bool) plan {
	p := plan{seed: w.rand.Uint64(), prompt: o.Prompt, tokens: o.Tokens, cheats: cheats}
	if !o.Honest && w.rand.IntN(8) == 0 || o.Closed {
		p.denied = true
	}
	return p
}

func (w *World) answer(info posp.ProviderInfo, key *ecdsa.PrivateKey, spec posp.ModelSpec, p plan, i, n int) *answer {
	r := rand.New(rand.NewPCG(p.seed, 1))
	token := func() uint32 { return 3 + uint32(r.IntN(int(spec.VocabSize)-3)) }
	request := posp.RequestPart{Salt: w.hash("request", i, n), Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(p.tokens)}}
	switch {
	case spec.SamplingRule == posp.RuleUnseeded:
		request.Sampling.Rule, request.Sampling.TemperatureMicro, request.Sampling.TopPMicro = posp.Unseeded, 900_000, 950_000
	case r.IntN(2) == 0:
		request.Sampling.Rule, request.Sampling.TemperatureMicro, request.Sampling.TopPMicro, request.Sampling.Seed = posp.Seeded, 900_000, 950_000, w.hash("seed", i, n)
	}
	output := posp.OutputPart{Salt: w.hash("output", i, n), Finish: posp.FinishLength}
	if spec.Private() {
		request.TraceSeed = w.hash("trace", i, n)
		request.TraceSeed[0] = 0 // an element of the field
		output.TraceSeed = request.TraceSeed
	}
	a := &answer{denied: p.denied, claim: posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs}, Salt: w.hash("evidence", i, n)},
		own: posp.Evidence{Kind: request.Sampling.Rule.Recomputed()}}
	if n := 3 + r.IntN(5); p.prompt == 0 {
		p.prompt = n
	}
	for range p.prompt {
		request.Tokens = append(request.Tokens, token())
	}
	for range p.tokens {
		output.Tokens = append(output.Tokens, token())
		truth := -r.ExpFloat64()
		claimed := truth + 0.001*r.NormFloat64()
		if p.cheats {
			claimed = truth - 1 - r.ExpFloat64()
		}
		a.own.LogProb = append(a.own.LogProb, min(0, posp.ToFixed(truth)))
		a.claim.Evidence.LogProb = append(a.claim.Evidence.LogProb, min(0, posp.ToFixed(claimed)))
		if a.own.Kind == posp.EvidenceFull {
			a.own.Margin = append(a.own.Margin, 0)
			continue
		}
		below := posp.ToUnit(0.3 + 0.4*r.Float64())
		a.own.Below, a.own.Mass = append(a.own.Below, below), append(a.own.Mass, (posp.Unit-below)/2)
	}
	if r.IntN(3) == 0 {
		output.Finish, output.Tokens[p.tokens-1] = posp.FinishStop, spec.EOS
	}
	a.opening = posp.Opening{Leaf: uint64(n), Request: request, Output: output, Receipt: posp.SignedReceipt{Receipt: posp.Receipt{
		Provider: info.Provider, Epoch: w.Epoch - p.late, Sequence: 7 + uint64(n), SpecID: spec.ID(), RequestHash: request.Hash(), OutputHash: output.Hash(), EvidenceHash: a.claim.Hash(),
		PromptTokens: uint32(len(request.Tokens)), OutputTokens: uint32(len(output.Tokens)), ClientNonce: w.hash("nonce", i, n), Time: 1_790_000_000 + uint64(n)}}}
	a.opening.Receipt.Signature = sign(key, a.opening.Receipt.Digest(w.Source.Domain))
	return a
}

func (w *World) drawn(b posp.BatchRecord) ([]sampler.Assignment, error) {
	return sampler.Assign(w.Source.Domain, b, w.beacon, w.table.Members, int(w.parameters.Committee))
}

// recompute has the operators commit and reveal. Unless all are honest, some
// leave samples out, reveal what they did not commit to, or what nobody can read.
func (w *World) recompute(o Options) error {
	type duty struct {
		s    sampler.Assignment
		odd  int
		seed uint64
	}
	duties := make([][]duty, len(w.operators))
	assign := func(s sampler.Assignment) {
		for i, op := range w.operators {
			if s.Has(op.address()) {
				d := duty{s: s, seed: w.rand.Uint64()}
				if !o.Honest {
					d.odd = w.rand.IntN(40)
				}
				duties[i] = append(duties[i], d)
			}
		}
	}
	for _, b := range w.batches {
		all, err := w.drawn(b)
		if err != nil {
			return err
		}
		for _, s := range all {
			assign(s)
		}
	}
	for _, d := range w.demands {
		s, err := sampler.AssignDemand(w.Source.Domain, d, w.beacon, w.table.Members, int(w.parameters.Committee))
		if err != nil {
			return err
		}
		assign(s)
	}
	w.commitments, w.reveals = make([]posp.Commitments, len(w.operators)), make([]posp.Reveals, len(w.operators))
	bundle.Each(len(w.operators), func(i int) {
		op := w.operators[i]
		c, r := &w.commitments[i], &w.reveals[i]
		c.Operator, c.Epoch, r.Operator, r.Epoch = op.address(), w.Epoch, op.address(), w.Epoch
		for _, d := range duties[i] {
			a := w.answers[d.s.SampleID]
			noise := rand.New(rand.NewPCG(d.seed, uint64(i)))
			own := a.own
			own.LogProb = slices.Clone(own.LogProb)
			for k := range own.LogProb {
				own.LogProb[k] = min(0, own.LogProb[k]+int32(noise.IntN(posp.Nat/1000)))
			}
			if o.Bought {
				own.LogProb = a.claim.Evidence.LogProb
			}
			evidence := own.Encode()
			if a.denied {
				evidence = posp.Evidence{Kind: posp.EvidenceNone}.Encode()
			}
			if d.odd == 1 {
				evidence = []byte("nobody can read this")
			}
			salt := w.hash("salt", i, d.s.SampleID)
			if d.odd != 2 {
				c.Items = append(c.Items, posp.SampleCommitment{SampleID: d.s.SampleID, Commitment: posp.Commitment(op.address(), d.s.SampleID, evidence, salt)})
			}
			if d.odd == 3 {
				salt[0] ^= 1
			}
			if d.odd == 4 {
				continue
			}
			item := posp.Reveal{SampleID: d.s.SampleID, Evidence: evidence, Salt: salt}
			if !a.denied {
				item.Opening, item.Provider = &a.opening, &a.claim
			}
			r.Items = append(r.Items, item)
		}
		slices.SortFunc(c.Items, func(a, b posp.SampleCommitment) int { return a.SampleID.Cmp(b.SampleID) })
		slices.SortFunc(r.Items, func(a, b posp.Reveal) int { return a.SampleID.Cmp(b.SampleID) })
		c.Signature, r.Signature = op.sign(c.Digest(w.Source.Authority)), op.sign(r.Digest(w.Source.Authority))
	})
	return nil
}

// certify derives the result, and has the signers sign it.
func (w *World) certify() error {
	for i, p := range w.providers {
		if i%2 == 0 {
			w.before = append(w.before, posp.Standing{Subject: p.Provider, SpecID: w.Source.Specs[0].Spec.ID(), Value: 1 + uint64(w.rand.IntN(10*verdict.Nat))})
		}
	}
	w.before = append(w.before, posp.Standing{Subject: w.operators[0].address(), Value: 12345})
	d, err := verdict.Derive(verdict.EpochInput{Domain: w.Source.Domain, Authority: w.Source.Authority, Epoch: w.Epoch, Beacon: w.beacon, Parameters: w.parameters, Table: w.table,
		Batches: w.batches, Demands: w.demands, Providers: w.providers, Specs: w.Source.Specs, Standings: w.before, Commitments: w.commitments, Reveals: w.reveals})
	if err != nil {
		return err
	}
	w.results = d.Samples
	w.certificate = audit.Certificate{Result: d.Result, Block: w.parameters.Schedule.RevealDeadline(w.Epoch) + 2, Transaction: w.hash("transaction")}
	digest := d.Result.Digest(w.Source.Authority)
	var sigs []keys.G1
	var publics []keys.G2
	for _, op := range w.operators[:w.signers] {
		sigs, publics = append(sigs, op.bls.Sign(digest)), append(publics, op.bls.PublicKey().G2)
	}
	for i := w.signers; i < len(w.operators); i++ {
		w.certificate.NonSigners = append(w.certificate.NonSigners, uint64(i))
	}
	w.certificate.Signature, w.certificate.SignersKey = keys.SumG1(sigs...), keys.SumG2(publics...)
	return nil
}

// Bundle fetches the epoch's bundle. Of a receipt that is of a later epoch it says that it was opened, as no honest archive would.
func (w *World) Bundle() (*bundle.Bundle, error) {
	b, err := audit.Fetch(context.Background(), w.Source, w.Epoch)
	if err != nil {
		return nil, err
	}
	for i := range b.Samples {
		if a := w.answers[b.Samples[i].Result.SampleID]; a.opening.Receipt.Epoch > w.Epoch {
			b.Samples[i].Open(a.opening)
		}
	}
	return b, b.Seal()
}

// Scorers is the model that providers should have run.
func (w *World) Scorers(posp.Hash) (inference.Scorer, error) { return model{w}, nil }

type model struct{ world *World }

// Score is of inference.Scorer.
func (m model) Score(_ context.Context, _ []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	for _, a := range m.world.answers {
		if slices.Equal(a.opening.Output.Tokens, output) {
			return a.own, nil
		}
	}
	return posp.Evidence{}, errors.New("nobody wrote that")
}

// Parameters is of audit.Chain.
func (w *World) Parameters(context.Context) (posp.Parameters, error) { return w.parameters, nil }

// Batches is of audit.Chain.
func (w *World) Batches(_ context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	if epoch != w.Epoch {
		return nil, nil
	}
	return slices.Clone(w.batches), nil
}

// Demands is of audit.Chain.
func (w *World) Demands(_ context.Context, epoch uint64) ([]posp.Demand, error) {
	if epoch != w.Epoch {
		return nil, nil
	}
	return slices.Clone(w.demands), nil
}

// Beacon is of audit.Chain.
func (w *World) Beacon(_ context.Context, epoch uint64) (posp.Hash, bool, error) {
	return w.beacon, epoch == w.Epoch, nil
}

// Table is of audit.Chain.
func (w *World) Table(_ context.Context, epoch uint64) (posp.Table, bool, error) {
	return w.table, epoch == w.Epoch, nil
}

// Provider is of audit.Chain.
func (w *World) Provider(_ context.Context, a posp.Address, _ uint64) (posp.ProviderInfo, bool, error) {
	for _, p := range w.providers {
		if p.Provider == a {
			return p, true, nil
		}
	}
	return posp.ProviderInfo{}, false, nil
}

// StandingsBefore is of audit.Chain.
func (w *World) StandingsBefore(context.Context, uint64) ([]posp.Standing, error) {
	return w.before, nil
}

// Certificate is of audit.Chain.
func (w *World) Certificate(_ context.Context, epoch uint64) (audit.Certificate, bool, error) {
	return w.certificate, epoch == w.Epoch, nil
}

// Commitments is of audit.Archive.
func (w *World) Commitments(_ context.Context, epoch uint64) ([]posp.Commitments, bool, error) {
	return w.commitments, epoch == w.Epoch, nil
}

// Reveals is of audit.Archive.
func (w *World) Reveals(_ context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	return w.reveals, epoch == w.Epoch, nil
}

// Samples is of audit.Archive.
func (w *World) Samples(_ context.Context, epoch uint64) ([]posp.SampleResult, bool, error) {
	return w.results, epoch == w.Epoch, nil
}

// signed and total are the certificate's weights.
func (w *World) weights() (signed, total uint64) {
	for i, m := range w.table.Members {
		total += m.Weight.Uint64()
		if i < w.signers {
			signed += m.Weight.Uint64()
		}
	}
	return signed, total
}

func word(x uint64) posp.Hash {
	var h posp.Hash
	binary.BigEndian.PutUint64(h[24:], x)
	return h
}
