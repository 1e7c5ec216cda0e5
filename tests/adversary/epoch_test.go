// Package adversary plays cheats against the protocol's own judgement: one
// file for each cheat, which says what it would gain against a naive design
// and how long it lasts here. Models, receipts, trees, signatures, the draw
// and verdict.Derive are the product's; only chain and network are left out.
//
//	epoch_test.go   a deployment in memory, and one epoch of it
//	rules_test.go   what must hold after every epoch, whoever cheats
package adversary

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// world is a deployment in memory: an honest provider, five honest operators,
// and whoever a test adds or corrupts.
type world struct {
	*testing.T
	model      app.Model
	main       *model.Weights
	scorer     inference.Scorer // of the promised model: what an honest operator runs
	domain     posp.Domain
	authority  posp.Authority
	parameters posp.Parameters
	providers  []*provider
	operators  []*operator
	standings  []posp.Standing
	epoch      uint64
	random     *rand.Rand
	request    func() (prompt []uint32, s posp.Sampling) // what a buyer asks next; ordinary unless a test says otherwise
	recomputed map[posp.Hash]posp.Evidence               // by sample: honest operators run one program, so it runs once
}

// provider serves with its engine. What is zero in it is honest.
type provider struct {
	name       string
	address    posp.Address
	receiptKey *ecdsa.PrivateKey
	engine     inference.Generator
	withholds  bool // opens nothing
	cheats     bool
	sequence   uint64 // of its next receipt
}

// operator recomputes. What is nil in it is honest. A cheat acts last, so it
// has seen what all others sent at that stage: the worst that an aggregator
// which leaks could do.
type operator struct {
	name    string
	key     *ecdsa.PrivateKey
	address posp.Address
	bls     *keys.BLS
	weight  uint64
	scorer  inference.Scorer
	commit  func(own posp.Commitments, others []posp.Commitments) []posp.Commitments // what it sends in place of its own
	reveal  func(own posp.Reveals, others []posp.Reveals) []posp.Reveals
	cheats  bool
}

// newWorld makes everything that is random in it from the seed.
func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	m, err := app.DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	main, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		T: t, model: m, main: main, scorer: float.NewScorer(main),
		domain:     posp.Domain{ChainID: 31337, Registry: posp.Address{0xba}},
		authority:  posp.Authority{ChainID: 31337, Attestation: posp.Address{0xa7}, AVS: posp.Address{0xa5}},
		parameters: posp.Parameters{Committee: 3, FaultLine: verdict.Line(1_000_000_000)},
		random:     rand.New(rand.NewPCG(seed, 0x905)), recomputed: map[posp.Hash]posp.Evidence{},
	}
	w.request = w.ordinary
	w.addProvider("honest", float.New(main, float.Options{}))
	for i, weight := range []uint64{100, 80, 60, 50, 40} {
		o := &operator{name: fmt.Sprint("operator-", i+1), weight: weight, key: w.key()}
		o.address, o.bls = crypto.PubkeyToAddress(o.key.PublicKey), keys.BLSFromSeed([]byte(o.name))
		w.operators = append(w.operators, o)
	}
	return w
}

// addProvider adds a provider that writes with an engine.
func (w *world) addProvider(name string, engine inference.Generator) *provider {
	p := &provider{name: name, address: crypto.PubkeyToAddress(w.key().PublicKey), receiptKey: w.key(), engine: engine}
	w.providers = append(w.providers, p)
	return p
}

// addCheat adds a provider that the rules do not protect.
func (w *world) addCheat(name string, engine inference.Generator) *provider {
	p := w.addProvider(name, engine)
	p.cheats = true
	return p
}

func (w *world) hash() (h posp.Hash) {
	for i := 0; i < len(h); i += 8 {
		binary.BigEndian.PutUint64(h[i:], w.random.Uint64())
	}
	return h
}

func (w *world) key() *ecdsa.PrivateKey {
	h := w.hash()
	k, err := crypto.ToECDSA(h[:])
	w.must(err)
	return k
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) sign(k *ecdsa.PrivateKey, digest posp.Hash) []byte {
	w.Helper()
	sig, err := crypto.Sign(digest[:], k)
	w.must(err)
	sig[64] += 27
	return sig
}

// prompts are beginnings of Go declarations, which the model was trained on.
var prompts = []string{
	"// Index returns the position of x in list, or -1.\nfunc Index(list []string, x string) int {\n",
	"// A Writer wraps an io.Writer and counts the bytes written to it.\ntype Writer struct {\n",
	"package bytes\n\nimport (\n\t\"errors\"\n",
	"func (p *parser) next() token {\n\tif p.pos >= len(p.src) {\n\t\treturn ",
	"// ErrClosed is returned when the ",
	"\tfor i := range n {\n\t\tif a[i] != b[i] {\n",
	"func TestRoundTrip(t *testing.T) {\n\tfor _, tt := range tests {\n",
	"// Len returns the number of elements in h.\nfunc (h *Heap) Len() int {\n",
	"\tcase reflect.Slice:\n\t\tfor i := 0; i < v.Len(); i++ {\n",
	"var errUnexpectedEOF = errors.New(\"",
	"// lookup finds the entry of name in the table.\nfunc (t *table) lookup(name string) (e *entry, ok bool) {\n",
	"func hash(b []byte) uint32 {\n\tvar h uint32\n",
}

// maxTokens is how long an answer may get: enough for one sample to tell.
const maxTokens = 48

// answer is a receipt with all that opens it.
type answer struct {
	receipt  posp.SignedReceipt
	request  posp.RequestPart
	output   posp.OutputPart
	evidence posp.EvidencePart
}

// ordinary requests are greedy and seeded at random.
func (w *world) ordinary() ([]uint32, posp.Sampling) {
	s := posp.Sampling{Rule: posp.Greedy, MaxTokens: maxTokens}
	if w.random.IntN(2) == 1 {
		s = posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 800_000, TopPMicro: 950_000, Seed: w.hash(), MaxTokens: maxTokens}
	}
	return model.EncodePrompt([]byte(prompts[w.random.IntN(len(prompts))])), s
}

// serve answers n requests and signs receipts.
func (w *world) serve(p *provider, n int) (answers []*answer) {
	w.Helper()
	for range n {
		prompt, s := w.request()
		tokens, finish, err := inference.Collect(context.Background(), p.engine, inference.Request{Prompt: prompt, Sampling: s})
		w.must(err)
		a := &answer{
			request:  posp.RequestPart{Tokens: prompt, Sampling: s, Salt: w.hash()},
			output:   posp.OutputPart{Finish: finish, Salt: w.hash()},
			evidence: posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs}, Salt: w.hash()},
		}
		for _, t := range tokens {
			a.output.Tokens = append(a.output.Tokens, t.ID)
			a.evidence.Evidence.LogProb = append(a.evidence.Evidence.LogProb, min(0, posp.ToFixed(t.LogProb)))
		}
		w.promise(p, a, p.sequence)
		p.sequence++
		answers = append(answers, a)
	}
	return answers
}

// promise signs the receipt of an answer.
func (w *world) promise(p *provider, a *answer, sequence uint64) {
	w.Helper()
	a.receipt.Receipt = posp.Receipt{
		Provider: p.address, Epoch: w.epoch, Sequence: sequence, SpecID: w.model.Spec.ID(),
		RequestHash: a.request.Hash(), OutputHash: a.output.Hash(), EvidenceHash: a.evidence.Hash(),
		PromptTokens: uint32(len(a.request.Tokens)), OutputTokens: uint32(len(a.output.Tokens)), ClientNonce: w.hash(), Time: w.epoch,
	}
	a.receipt.Signature = w.sign(p.receiptKey, a.receipt.Digest(w.domain))
}

// batch is a provider's batch with what opens it.
type batch struct {
	*provider
	record  posp.BatchRecord
	answers []*answer
	tree    *merkle.Tree
}

func (w *world) batch(p *provider, answers []*answer) *batch {
	b := &batch{provider: p, answers: answers}
	var leaves []posp.Hash
	for _, a := range answers {
		leaves = append(leaves, a.receipt.Digest(w.domain))
	}
	b.tree = merkle.New(leaves)
	b.record = posp.BatchRecord{Rate: posp.Rate{RatePpm: 500_000, KMin: 3}, Batch: posp.Batch{Provider: p.address, Epoch: w.epoch,
		FirstSequence: answers[0].receipt.Sequence, Root: b.tree.Root(), LeafCount: uint64(len(answers))}}
	b.record.ID = b.record.Batch.ID(w.domain)
	return b
}

// opening is what the provider gives for a leaf; nil if it withholds.
func (w *world) opening(b *batch, leaf uint64) *posp.Opening {
	w.Helper()
	if b.withholds {
		return nil
	}
	a := b.answers[leaf]
	proof, err := b.tree.Proof(leaf)
	w.must(err)
	return &posp.Opening{Receipt: a.receipt, Leaf: leaf, Proof: proof, Request: a.request, Output: a.output}
}

// played is an epoch that is over.
type played struct {
	in      verdict.EpochInput // with the standings before it
	out     *verdict.Derivation
	batches []*batch
	samples map[posp.Hash]posp.SampleResult
}

// requests to each provider in an epoch; half of them are sampled.
const requests = 6

// play plays an epoch in which every provider answers the usual number of
// requests.
func (w *world) play() *played {
	w.Helper()
	var batches []*batch
	for _, p := range w.providers {
		batches = append(batches, w.batch(p, w.serve(p, requests)))
	}
	return w.verify(batches)
}

// verify plays the rest of an epoch, from the beacon on, checks the rules, and
// carries the standings over to the next.
func (w *world) verify(batches []*batch) *played {
	w.Helper()
	e := &played{batches: batches, samples: map[posp.Hash]posp.SampleResult{}, in: verdict.EpochInput{
		Domain: w.domain, Authority: w.authority, Epoch: w.epoch, Beacon: w.hash(), Parameters: w.parameters, Table: w.table(),
		Specs: []verdict.Spec{{Spec: w.model.Spec, Policy: w.model.Policy}}, Standings: w.standings,
	}}
	for _, b := range batches {
		e.in.Batches = append(e.in.Batches, b.record)
		e.in.Providers = append(e.in.Providers, posp.ProviderInfo{Provider: b.address, ReceiptKey: crypto.PubkeyToAddress(b.receiptKey.PublicKey)})
	}
	// Honest operators first, so that cheats see what they sent.
	order := slices.Clone(w.operators)
	slices.SortStableFunc(order, func(a, b *operator) int { return boolInt(a.cheats) - boolInt(b.cheats) })
	own := map[*operator]posp.Reveals{}
	for _, o := range order {
		own[o] = w.recompute(o, e)
		c := posp.Commitments{Operator: o.address, Epoch: w.epoch}
		for _, r := range own[o].Items {
			c.Items = append(c.Items, posp.SampleCommitment{SampleID: r.SampleID, Commitment: posp.Commitment(o.address, r.SampleID, r.Evidence, r.Salt)})
		}
		sent := []posp.Commitments{c}
		if o.commit != nil {
			sent = o.commit(c, e.in.Commitments)
		}
		for _, c := range sent {
			c.Signature = w.sign(o.key, c.Digest(w.authority))
			e.in.Commitments = append(e.in.Commitments, c)
		}
	}
	for _, o := range order {
		sent := []posp.Reveals{own[o]}
		if o.reveal != nil {
			sent = o.reveal(own[o], e.in.Reveals)
		}
		for _, r := range sent {
			r.Signature = w.sign(o.key, r.Digest(w.authority))
			e.in.Reveals = append(e.in.Reveals, r)
		}
	}
	var err error
	e.out, err = verdict.Derive(e.in)
	w.must(err)
	for _, s := range e.out.Samples {
		e.samples[s.SampleID] = s
	}
	w.checkRules(e)
	w.standings = carried(w.standings, e.out.Result.Standings)
	w.epoch++
	return e
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// table is the operator table: those with stake, ascending.
func (w *world) table() posp.Table {
	w.Helper()
	t := posp.Table{Total: new(uint256.Int)}
	for _, o := range w.operators {
		x, y := o.bls.PublicKey().G1.XY()
		t.Members = append(t.Members, posp.Member{Operator: o.address, Weight: uint256.NewInt(o.weight), KeyX: x, KeyY: y})
		t.Total.AddUint64(t.Total, o.weight)
	}
	slices.SortFunc(t.Members, func(a, b posp.Member) int { return a.Operator.Cmp(b.Operator) })
	var err error
	t.Root, err = sampler.TableRoot(t.Members)
	w.must(err)
	return t
}

// recompute is what an operator finds for the samples that fall to it.
func (w *world) recompute(o *operator, e *played) posp.Reveals {
	w.Helper()
	r := posp.Reveals{Operator: o.address, Epoch: w.epoch}
	for _, b := range e.batches {
		list, err := sampler.Assign(w.domain, b.record, e.in.Beacon, e.in.Table.Members, int(w.parameters.Committee))
		w.must(err)
		for _, a := range list {
			if !a.Has(o.address) {
				continue
			}
			item := posp.Reveal{SampleID: a.SampleID, Salt: w.hash(), Opening: w.opening(b, a.Leaf)}
			evidence := posp.Evidence{Kind: posp.EvidenceNone}
			if item.Opening != nil {
				item.Provider = &b.answers[a.Leaf].evidence
				evidence = w.score(o, a.SampleID, item.Opening)
			}
			item.Evidence = evidence.Encode()
			r.Items = append(r.Items, item)
		}
	}
	slices.SortFunc(r.Items, func(a, b posp.Reveal) int { return bytes.Compare(a.SampleID[:], b.SampleID[:]) })
	return r
}

func (w *world) score(o *operator, sample posp.Hash, v *posp.Opening) posp.Evidence {
	w.Helper()
	if known, ok := w.recomputed[sample]; ok && o.scorer == nil {
		return known
	}
	scorer := cmp.Or(o.scorer, w.scorer)
	evidence, err := scorer.Score(context.Background(), v.Request.Tokens, v.Request.Sampling, v.Output.Tokens)
	w.must(err)
	if o.scorer == nil {
		w.recomputed[sample] = evidence
	}
	return evidence
}

// carried is the standings after an epoch: what it moved, and the rest as it
// was.
func carried(before, moved []posp.Standing) []posp.Standing {
	after := slices.Clone(moved)
	for _, s := range before {
		if !slices.ContainsFunc(moved, func(m posp.Standing) bool { return m.Subject == s.Subject && m.SpecID == s.SpecID }) {
			after = append(after, s)
		}
	}
	return after
}

func standing(list []posp.Standing, subject posp.Address, spec posp.Hash) uint64 {
	for _, s := range list {
		if s.Subject == subject && s.SpecID == spec {
			return s.Value
		}
	}
	return 0
}

// of is what the epoch found of a provider's batch, in the order of the draw.
func (e *played) of(p *provider) (samples []posp.SampleResult) {
	for _, b := range e.batches {
		for _, a := range e.out.Assignments {
			if b.provider == p && a.BatchID == b.record.ID {
				samples = append(samples, e.samples[a.SampleID])
			}
		}
	}
	return samples
}

// charges are those against one subject.
func (e *played) charges(subject posp.Address) (faults []posp.Fault) {
	for _, f := range e.out.Result.Faults {
		if f.Subject == subject {
			faults = append(faults, f)
		}
	}
	return faults
}

// duty is what an operator owed and did.
func (e *played) duty(o *operator) verdict.Duty {
	for _, d := range e.out.Duties {
		if d.Operator == o.address {
			return d
		}
	}
	return verdict.Duty{Operator: o.address}
}

// fate is what became of a provider over some epochs.
type fate struct {
	charged int // samples that were judged up to the first charge, with its own; 0 for never
	classes map[posp.Class]int
	logE    []int32
}

func (f fate) String() string {
	s := fmt.Sprintf("charged after %d of %d samples, classes %v, nats", f.charged, len(f.logE), f.classes)
	for _, l := range f.logE {
		s += fmt.Sprintf(" %.1f", float64(l)/verdict.Nat)
	}
	return s
}

// watch plays some epochs, on after a charge, and says what they find of a
// provider.
func (w *world) watch(p *provider, kind posp.FaultKind, epochs int) fate {
	w.Helper()
	f := fate{classes: map[posp.Class]int{}}
	for range epochs {
		at := standing(w.standings, p.address, w.model.Spec.ID())
		e := w.play()
		charged := slices.ContainsFunc(e.charges(p.address), func(c posp.Fault) bool { return c.Kind == kind })
		for _, s := range e.of(p) {
			f.classes[s.Class]++
			f.logE = append(f.logE, s.LogE)
			at = verdict.Advance(at, s.LogE)
			crossed := at >= w.parameters.FaultLine
			if kind == posp.FaultWithholding {
				crossed = s.Verdict == posp.Unavailable
			}
			if charged && crossed && f.charged == 0 {
				f.charged = len(f.logE)
			}
		}
	}
	return f
}

// mustBeCharged fails unless a cheat is charged within so many samples, and
// most samples that say anything against it say the class.
func (w *world) mustBeCharged(p *provider, kind posp.FaultKind, class posp.Class, within int) {
	w.Helper()
	f := w.watch(p, kind, 4)
	w.Logf("%s: %s", p.name, f)
	if f.charged == 0 || f.charged > within {
		w.Errorf("%s: charged after %d samples (0: never), want at most %d", p.name, f.charged, within)
	}
	delete(f.classes, posp.ClassNone)
	for c, n := range f.classes {
		if c != class && n >= f.classes[class] {
			w.Errorf("%s: %d samples look like %s, %d like %s", p.name, n, c, f.classes[class], class)
		}
	}
	if f.classes[class] == 0 {
		w.Errorf("%s: no sample looks like %s", p.name, class)
	}
}
