package operator_test

import (
	"context"
	"crypto/ecdsa"
	"database/sql"
	"encoding/binary"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// world is a chain in memory, honest providers and five operators with real
// keys. Blocks come when a test says so.
type world struct {
	t         testing.TB
	domain    posp.Domain
	authority posp.Authority
	params    posp.Parameters
	spec      verdict.Spec
	chain     *chain
	providers *providers
	members   []*member // ascending by address
}

type member struct {
	key     *ecdsa.PrivateKey
	hot     []*ecdsa.PrivateKey // message keys
	bls     *keys.BLS
	address posp.Address
}

// Sign signs with the member's account, or with another key that it has.
func (m *member) Sign(_ context.Context, key posp.Address, digest posp.Hash) ([]byte, error) {
	for _, k := range append([]*ecdsa.PrivateKey{m.key}, m.hot...) {
		if crypto.PubkeyToAddress(k.PublicKey) == key {
			return crypto.Sign(digest[:], k)
		}
	}
	return nil, keys.ErrNoSuchKey
}

// reader reads an aggregator as that key's.
func (w *world) reader(key *ecdsa.PrivateKey) *transport.Reader {
	m := &member{key: key}
	return &transport.Reader{Authority: w.authority, Sign: m.Sign, Now: time.Now,
		Key: func(context.Context, uint64) (posp.Address, error) { return crypto.PubkeyToAddress(key.PublicKey), nil }}
}

func seeded(kind string, i int) *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(crypto.Keccak256([]byte(kind), []byte{byte(i)}))
	if err != nil {
		panic(err)
	}
	return k
}

// The epochs of these tests: epoch 0 is drawn at block 24, commits until 32,
// reveals until 36 and is certified until 66; epoch 1 comes 20 blocks later.
var schedule = posp.Schedule{Genesis: 1, EpochBlocks: 20, GraceBlocks: 2, BeaconDelay: 1, CommitBlocks: 8, RevealBlocks: 4, CertifyBlocks: 30, ContestBlocks: 5}

func newWorld(t testing.TB) *world {
	q := verdict.Question{Edges: []int32{posp.Nat / 10}, LogE: [][]int32{{-verdict.Nat, 2 * verdict.Nat}}}
	policy := verdict.Policy{Model: q, Choice: q, Margin: q, LambdaPpm: 100_000, Cap: 20 * verdict.Nat, MinPositions: 1,
		PassAt: 0, FailAt: 2 * verdict.Nat, WrongModel: posp.Nat, Calibration: verdict.Calibration{Pairs: []verdict.EnginePair{{Claimed: "test", Recomputed: "test"}}}}
	spec := verdict.Spec{Policy: policy, Spec: posp.ModelSpec{EngineClass: "test", SamplingRule: "posp-gumbel-v1", VocabSize: 256, EOS: 0, ContextLimit: 64, PolicyID: policy.ID()}}
	w := &world{t: t, spec: spec,
		domain:    posp.Domain{ChainID: 31337, Registry: posp.Address{1}},
		authority: posp.Authority{ChainID: 31337, Attestation: posp.Address{2}, AVS: posp.Address{3}},
		params:    posp.Parameters{Schedule: schedule, Committee: 3, FaultLine: 20 * verdict.Nat, QuorumPpm: 670_000},
		providers: &providers{held: map[posp.Hash]*held{}, asked: map[posp.Address]bool{}},
	}
	for i := range 5 {
		key := seeded("operator", i)
		w.members = append(w.members, &member{key: key, bls: keys.BLSFromSeed([]byte{byte(i)}), address: crypto.PubkeyToAddress(key.PublicKey)})
	}
	slices.SortFunc(w.members, func(a, b *member) int { return a.address.Cmp(b.address) })
	var table posp.Table
	for i, m := range w.members {
		x, y := m.bls.PublicKey().G1.XY()
		table.Members = append(table.Members, posp.Member{Operator: m.address, Weight: uint256.NewInt(uint64(10 + i)), KeyX: x, KeyY: y})
	}
	var err error
	if table.Root, err = sampler.TableRoot(table.Members); err != nil {
		t.Fatal(err)
	}
	w.chain = &chain{world: w, table: table, batches: map[uint64][]posp.BatchRecord{}, info: map[posp.Address]posp.ProviderInfo{},
		certified: map[uint64]aggregator.Certificate{}, grown: make(chan struct{})}
	return w
}

// batch commits n honest answers of a provider in an epoch, of which all are
// sampled.
func (w *world) batch(epoch uint64, id, n int) posp.BatchRecord {
	provider, key := posp.Address{0xee, byte(id)}, seeded("receipt", id)
	info := posp.ProviderInfo{Provider: provider, ReceiptKey: crypto.PubkeyToAddress(key.PublicKey), URL: provider.Hex()}
	w.chain.info[provider] = info
	list, values := make([]*held, n), make([]posp.Hash, n)
	for i := range list {
		h := &held{opening: posp.Opening{Leaf: uint64(i),
			Request: posp.RequestPart{Tokens: []uint32{1, 2, uint32(i)}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 9}, Salt: salt(id, i, 1)},
			Output:  posp.OutputPart{Tokens: []uint32{5, 6, 7, uint32(8 + i), 0}, Finish: posp.FinishStop, Salt: salt(id, i, 2)}},
			evidence: posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: truth(5).LogProb}, Salt: salt(id, i, 3)}}
		if w.spec.Spec.Private() {
			seed := salt(id, i, 4)
			seed[0] &= 0x1f
			h.opening.Request.TraceSeed, h.opening.Output.TraceSeed = seed, seed
		}
		h.opening.Receipt.Receipt = posp.Receipt{Provider: provider, Epoch: epoch, Sequence: epoch*100 + uint64(i), SpecID: w.spec.Spec.ID(),
			RequestHash: h.opening.Request.Hash(), OutputHash: h.opening.Output.Hash(), EvidenceHash: h.evidence.Hash(), PromptTokens: 3, OutputTokens: 5}
		values[i] = h.opening.Receipt.Digest(w.domain)
		sig, err := crypto.Sign(values[i][:], key)
		if err != nil {
			w.t.Fatal(err)
		}
		h.opening.Receipt.Signature = sig
		list[i] = h
	}
	tree := merkle.New(values)
	b := posp.BatchRecord{Batch: posp.Batch{Provider: provider, Epoch: epoch, FirstSequence: epoch * 100, Root: tree.Root(), LeafCount: uint64(n)}, Rate: posp.Rate{RatePpm: 1_000_000}}
	b.ID = b.Batch.ID(w.domain)
	for i, h := range list {
		h.opening.Proof, _ = tree.Proof(uint64(i))
		w.providers.held[leafOf(b.ID, uint64(i))] = h
	}
	w.chain.batches[epoch] = append(w.chain.batches[epoch], b)
	slices.SortFunc(w.chain.batches[epoch], func(a, b posp.BatchRecord) int { return a.ID.Cmp(b.ID) })
	return b
}

// demand has a buyer ask an epoch about a leaf of a batch.
func (w *world) demand(epoch uint64, b posp.BatchRecord, leaf uint64) posp.Demand {
	h := w.providers.held[leafOf(b.ID, leaf)]
	d := posp.Demand{Epoch: epoch, Leaf: leaf, Batch: b, ReceiptKey: w.chain.info[b.Provider].ReceiptKey,
		ID: posp.DemandID(w.domain.ChainID, posp.Address{0x0d}, epoch, h.opening.Receipt.Digest(w.domain))}
	w.providers.held[leafOf(d.ID, leaf)] = h
	if w.chain.demands == nil {
		w.chain.demands = map[uint64][]posp.Demand{}
	}
	w.chain.demands[epoch] = append(w.chain.demands[epoch], d)
	return d
}

func salt(xs ...int) posp.Hash {
	var b []byte
	for _, x := range xs {
		b = binary.BigEndian.AppendUint64(b, uint64(x))
	}
	return crypto.Keccak256Hash(b)
}

func leafOf(batch posp.Hash, leaf uint64) posp.Hash {
	return crypto.Keccak256Hash(batch[:], binary.BigEndian.AppendUint64(nil, leaf))
}

// truth is what every honest engine computes here.
func truth(n int) posp.Evidence {
	e := posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, n), Margin: make([]int32, n)}
	for i := range e.LogProb {
		e.LogProb[i] = -posp.Nat * int32(i+1)
	}
	return e
}

// scorer computes the truth.
type scorer struct{}

func (scorer) Score(_ context.Context, _ []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	return truth(len(output)), nil
}

type scorerFunc func(output []uint32) (posp.Evidence, error)

func (f scorerFunc) Score(_ context.Context, _ []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	return f(output)
}

// held is what a provider holds of a leaf.
type held struct {
	opening  posp.Opening
	evidence posp.EvidencePart
}

// providers serve openings. fail, if set, is asked first.
type providers struct {
	held map[posp.Hash]*held
	fail func(what string, r posp.OpenRequest) error
	bend func(*posp.Opening) // what is wrong with the openings served

	mu    sync.Mutex
	asked map[posp.Address]bool // who has asked for anything
}

func (p *providers) get(what string, r posp.OpenRequest) (*held, error) {
	p.mu.Lock()
	p.asked[r.Operator] = true
	fail := p.fail
	p.mu.Unlock()
	if fail != nil {
		if err := fail(what, r); err != nil {
			return nil, err
		}
	}
	if h := p.held[leafOf(r.BatchID, r.Leaf)]; h != nil {
		return h, nil
	}
	return nil, errors.New("404")
}

func (p *providers) Opening(_ context.Context, _ string, r posp.OpenRequest) (posp.Opening, error) {
	h, err := p.get("opening", r)
	if err != nil {
		return posp.Opening{}, err
	}
	v := h.opening
	if p.bend != nil {
		p.bend(&v)
	}
	return v, nil
}

func (p *providers) Evidence(_ context.Context, _ string, r posp.OpenRequest) (posp.EvidencePart, error) {
	h, err := p.get("evidence", r)
	if err != nil {
		return posp.EvidencePart{}, err
	}
	return h.evidence, nil
}

// chain is the chain in memory. fail, if set, can fail each call by its name.
type chain struct {
	messageKeys map[uint64]map[posp.Address]posp.Address // by epoch
	world       *world
	table       posp.Table
	info        map[posp.Address]posp.ProviderInfo

	mu        sync.Mutex
	block     uint64
	grown     chan struct{}
	batches   map[uint64][]posp.BatchRecord
	demands   map[uint64][]posp.Demand
	certified map[uint64]aggregator.Certificate
	standings []posp.Standing
	fail      func(call string) error
}

func (c *chain) failing(call string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fail != nil {
		return c.fail(call)
	}
	return nil
}

func (c *chain) mine(to uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block = to
	close(c.grown)
	c.grown = make(chan struct{})
}

func (c *chain) Block(context.Context) (uint64, error) {
	if err := c.failing("Block"); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.block, nil
}

func (c *chain) Blocks(ctx context.Context) <-chan uint64 {
	out := make(chan uint64)
	go func() {
		defer close(out)
		for {
			c.mu.Lock()
			block, grown := c.block, c.grown
			c.mu.Unlock()
			select {
			case <-ctx.Done():
				return
			case out <- block:
			}
			select {
			case <-ctx.Done():
				return
			case <-grown:
			}
		}
	}()
	return out
}

func (c *chain) Batches(_ context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	return c.batches[epoch], c.failing("Batches")
}

func (c *chain) Demands(_ context.Context, epoch uint64) ([]posp.Demand, error) {
	return c.demands[epoch], c.failing("Demands")
}

func (c *chain) Beacon(_ context.Context, epoch uint64) (posp.Hash, bool, error) {
	return salt(int(epoch), 77), true, c.failing("Beacon")
}

func (c *chain) Table(_ context.Context, epoch uint64) (posp.Table, bool, error) {
	t := c.table
	t.MessageKeys = c.messageKeys[epoch]
	return t, true, c.failing("Table")
}

func (c *chain) Provider(_ context.Context, a posp.Address, _ uint64) (posp.ProviderInfo, bool, error) {
	info, ok := c.info[a]
	return info, ok, c.failing("Provider")
}

func (c *chain) StandingsBefore(context.Context, uint64) ([]posp.Standing, error) {
	if err := c.failing("StandingsBefore"); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.standings), nil
}

func (c *chain) PublicKey(_ context.Context, operator posp.Address) (keys.PublicKey, error) {
	for _, m := range c.world.members {
		if m.address == operator {
			return m.bls.PublicKey(), c.failing("PublicKey")
		}
	}
	return keys.PublicKey{}, posp.Invalidf("no key")
}

func txOf(epoch uint64) posp.Hash { return salt(int(epoch), 88) }

func (c *chain) Certified(_ context.Context, epoch uint64) (posp.Hash, bool, error) {
	if err := c.failing("Certified"); err != nil {
		return posp.Hash{}, false, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.certified[epoch]
	return txOf(epoch), ok, nil
}

func (c *chain) CoSigned(_ context.Context, epoch uint64, operator posp.Address) (digest posp.Hash, signed, ok bool, err error) {
	cert, ok := c.certificate(epoch)
	for _, m := range c.table.Members {
		signed = signed || m.Operator == operator
	}
	for _, n := range cert.NonSigners {
		signed = signed && n.Member.Operator != operator
	}
	return cert.Result.Digest(c.world.authority), signed, ok, c.failing("CoSigned")
}

// SubmitCertificate checks what the contracts check.
func (c *chain) SubmitCertificate(_ context.Context, cert aggregator.Certificate) (posp.Hash, error) {
	if err := c.failing("SubmitCertificate"); err != nil {
		return posp.Hash{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	epoch := cert.Result.Epoch
	if _, twice := c.certified[epoch]; twice {
		return posp.Hash{}, errors.New("AlreadyCertified")
	}
	if c.block <= schedule.CommitDeadline(epoch) || c.block > schedule.CertifyDeadline(epoch) {
		return posp.Hash{}, errors.New("OutsideWindow")
	}
	signed, total, missing := new(uint256.Int), new(uint256.Int), map[uint64]bool{}
	for i, n := range cert.NonSigners {
		if i > 0 && n.Index <= cert.NonSigners[i-1].Index {
			return posp.Hash{}, errors.New("NonSignersNotAscending")
		}
		if err := merkle.Verify(c.table.Root, n.Member.LeafHash(n.WeightBefore), n.Index, uint64(len(c.table.Members)), n.Proof); err != nil {
			return posp.Hash{}, err
		}
		missing[n.Index] = true
	}
	var signers []keys.G2
	for i, m := range c.table.Members {
		total.Add(total, m.Weight)
		if !missing[uint64(i)] {
			signed.Add(signed, m.Weight)
			signers = append(signers, c.world.members[i].bls.PublicKey().G2)
		}
	}
	if signed.Uint64()*1_000_000 < total.Uint64()*uint64(c.world.params.QuorumPpm) {
		return posp.Hash{}, errors.New("BelowQuorum")
	}
	if cert.Digest != cert.Result.Digest(c.world.authority) || cert.APK != keys.SumG2(signers...) || !keys.Verify(cert.Sigma, cert.APK, cert.Digest) {
		return posp.Hash{}, errors.New("SignatureInvalid")
	}
	c.certified[epoch] = cert
	c.standings = cert.Result.Standings
	return txOf(epoch), nil
}

func (c *chain) certificate(epoch uint64) (aggregator.Certificate, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cert, ok := c.certified[epoch]
	return cert, ok
}

func open(t testing.TB, migrations fs.FS) *sql.DB {
	db, err := store.Open(context.Background(), store.Memory, migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// aggregate runs an aggregator on a database until the test ends or stop.
func (w *world) aggregate(db *sql.DB) (a *aggregator.Aggregator, stop func()) {
	a, err := aggregator.New(aggregator.Config{Domain: w.domain, Authority: w.authority, Parameters: w.params, Specs: []verdict.Spec{w.spec}}, w.chain, db, zap.NewNop())
	if err != nil {
		w.t.Fatal(err)
	}
	return a, w.run(a.Run)
}

// run runs a role until the test ends or stop.
func (w *world) run(role func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- role(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				w.t.Errorf("run: %v", err)
			}
		})
	}
	w.t.Cleanup(stop)
	return stop
}

// direct is an aggregator in the same process, as an operator sees it.
type direct struct{ *aggregator.Aggregator }

func (d direct) Reveals(ctx context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	return d.Aggregator.Reveals(ctx, epoch, nil)
}

func (d direct) Digest(ctx context.Context, epoch uint64) (posp.Hash, bool, error) {
	o, ok, err := d.Outcome(ctx, epoch)
	return o.Digest, ok, err
}

// operate makes an operator.
func (w *world) operate(m *member, to operator.Aggregator, s inference.Scorer, db *sql.DB) *operator.Operator {
	return w.operateWith(m, to, m, s, db)
}

func (w *world) operateWith(m *member, to operator.Aggregator, signer operator.Signer, s inference.Scorer, db *sql.DB) *operator.Operator {
	o, err := operator.New(operator.Config{Operator: m.address, Domain: w.domain, Authority: w.authority, Parameters: w.params, Specs: []verdict.Spec{w.spec},
		Backends: map[posp.Hash][]backends.Backend{w.spec.Spec.ID(): {backends.Local(s, 4)}}, Retry: time.Millisecond}, w.chain, w.providers, to, signer, keys.NewCoSigner(m.bls), db, operator.SystemClock{}, zap.NewNop())
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// eventually waits until something holds.
func (w *world) eventually(what string, holds func() bool) {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("never: %s", what)
		}
	}
}

// everybodyAsked says whether all operators are at work.
func (w *world) everybodyAsked() bool {
	w.providers.mu.Lock()
	defer w.providers.mu.Unlock()
	return len(w.providers.asked) == len(w.members)
}

func (w *world) frozen(a *aggregator.Aggregator, epoch uint64) func() bool {
	return func() bool { _, ok, err := a.Commitments(context.Background(), epoch); return ok && err == nil }
}

func (w *world) isCertified(epoch uint64) func() bool {
	return func() bool { _, ok := w.chain.certificate(epoch); return ok }
}
