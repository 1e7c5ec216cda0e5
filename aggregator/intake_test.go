package aggregator

import (
	"context"
	"crypto/ecdsa"
	"database/sql"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/store/storetest"
	"github.com/proof-of-sampling/posp/sampler"
)

// bench is an aggregator that is stepped by hand, before a chain in memory, in
// epoch 0 with one batch of four receipts, all sampled by all four operators.
type bench struct {
	t         testing.TB
	a         *Aggregator
	where     string
	db        *sql.DB
	operators []*ecdsa.PrivateKey // ascending
	batch     posp.BatchRecord
	openings  []posp.Opening // by leaf
	parts     []posp.EvidencePart
	table     posp.Table

	mu        sync.Mutex
	block     uint64
	fail      error // of Block
	submitted []Certificate
	certified bool
}

var benchSchedule = posp.Schedule{Genesis: 1, EpochBlocks: 20, GraceBlocks: 2, BeaconDelay: 1, CommitBlocks: 8, RevealBlocks: 4, CertifyBlocks: 10}

const (
	beaconBlock     = 24
	commitDeadline  = 32
	revealDeadline  = 36
	certifyDeadline = 46
)

func ecdsaKey(i byte) *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(crypto.Keccak256([]byte{i}))
	if err != nil {
		panic(err)
	}
	return k
}

func addressOf(k *ecdsa.PrivateKey) posp.Address { return crypto.PubkeyToAddress(k.PublicKey) }

func blsOf(operator posp.Address) *keys.BLS { return keys.BLSFromSeed(operator[:]) }

func newBench(t testing.TB) *bench {
	b := &bench{t: t, block: beaconBlock}
	for i := range byte(4) {
		b.operators = append(b.operators, ecdsaKey(i))
	}
	slices.SortFunc(b.operators, func(x, y *ecdsa.PrivateKey) int { return addressOf(x).Cmp(addressOf(y)) })
	for _, k := range b.operators {
		x, y := blsOf(addressOf(k)).PublicKey().G1.XY()
		b.table.Members = append(b.table.Members, posp.Member{Operator: addressOf(k), Weight: uint256.NewInt(10), KeyX: x, KeyY: y})
	}
	var err error
	if b.table.Root, err = sampler.TableRoot(b.table.Members); err != nil {
		t.Fatal(err)
	}
	domain, values := posp.Domain{ChainID: 5, Registry: posp.Address{1}}, []posp.Hash(nil)
	for i := range uint32(4) {
		part := posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-1}}, Salt: posp.Hash{byte(i)}}
		o := posp.Opening{Leaf: uint64(i), Request: posp.RequestPart{Tokens: []uint32{i}}, Output: posp.OutputPart{Tokens: []uint32{i}}}
		o.Receipt.Receipt = posp.Receipt{Provider: posp.Address{0xee}, Sequence: uint64(i), RequestHash: o.Request.Hash(), OutputHash: o.Output.Hash(), EvidenceHash: part.Hash()}
		digest := o.Receipt.Digest(domain)
		if o.Receipt.Signature, err = crypto.Sign(digest[:], ecdsaKey(200)); err != nil {
			t.Fatal(err)
		}
		values, b.openings, b.parts = append(values, digest), append(b.openings, o), append(b.parts, part)
	}
	tree := merkle.New(values)
	for i := range b.openings {
		b.openings[i].Proof, _ = tree.Proof(uint64(i))
	}
	b.batch = posp.BatchRecord{Batch: posp.Batch{Provider: posp.Address{0xee}, Root: tree.Root(), LeafCount: 4}, Rate: posp.Rate{RatePpm: 1_000_000}}
	b.batch.ID = b.batch.Batch.ID(domain)
	b.where = store.Memory
	b.db = b.open(b.where)
	return b
}

// open starts the aggregator on a database.
func (b *bench) open(path string) *sql.DB {
	db, err := store.Open(context.Background(), path, Migrations)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { db.Close() })
	b.a = b.make(db, Config{})
	return db
}

// make makes an aggregator with what a test wants of its configuration.
func (b *bench) make(db *sql.DB, cfg Config) *Aggregator {
	cfg.Domain, cfg.Authority = posp.Domain{ChainID: 5, Registry: posp.Address{1}}, posp.Authority{ChainID: 5, Attestation: posp.Address{2}}
	cfg.Parameters = posp.Parameters{Schedule: benchSchedule, Committee: 4, FaultLine: 1 << 20, QuorumPpm: 670_000}
	a, err := New(cfg, b, db, zap.NewNop())
	if err != nil {
		b.t.Fatal(err)
	}
	return a
}

func (b *bench) Block(context.Context) (uint64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.block, b.fail
}
func (b *bench) Blocks(context.Context) <-chan uint64                             { return nil }
func (b *bench) StandingsBefore(context.Context, uint64) ([]posp.Standing, error) { return nil, nil }
func (b *bench) Batches(_ context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	if epoch > 0 {
		return nil, nil
	}
	return []posp.BatchRecord{b.batch}, nil
}
func (b *bench) Demands(context.Context, uint64) ([]posp.Demand, error) { return nil, nil }

func (b *bench) Beacon(context.Context, uint64) (posp.Hash, bool, error) {
	return posp.Hash{9}, true, nil
}
func (b *bench) Table(context.Context, uint64) (posp.Table, bool, error) { return b.table, true, nil }
func (b *bench) Provider(_ context.Context, p posp.Address, _ uint64) (posp.ProviderInfo, bool, error) {
	return posp.ProviderInfo{Provider: p, ReceiptKey: addressOf(ecdsaKey(200))}, true, nil
}
func (b *bench) PublicKey(_ context.Context, operator posp.Address) (keys.PublicKey, error) {
	return blsOf(operator).PublicKey(), nil
}
func (b *bench) Certified(context.Context, uint64) (posp.Hash, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return posp.Hash{0xaa}, b.certified, nil
}
func (b *bench) SubmitCertificate(_ context.Context, c Certificate) (posp.Hash, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.submitted, b.certified = append(b.submitted, c), true
	return posp.Hash{0xaa}, nil
}

// at moves to a block and lets the aggregator see it.
func (b *bench) at(block uint64) {
	b.t.Helper()
	b.mu.Lock()
	b.block = block
	b.mu.Unlock()
	if err := b.a.step(context.Background(), 0, block); err != nil {
		b.t.Fatal(err)
	}
}

func signed(t testing.TB, k *ecdsa.PrivateKey, digest posp.Hash) []byte {
	sig, err := crypto.Sign(digest[:], k)
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// evidence is what an operator finds: items ascend by sample.
func (b *bench) evidence(k *ecdsa.PrivateKey) (items []posp.Reveal) {
	list, err := sampler.Assign(b.a.cfg.Domain, b.batch, posp.Hash{9}, b.table.Members, 4)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, s := range list {
		if s.Has(addressOf(k)) {
			o, p := b.openings[s.Leaf], b.parts[s.Leaf]
			items = append(items, posp.Reveal{SampleID: s.SampleID, Evidence: posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-1}, Margin: []int32{0}}.Encode(),
				Salt: posp.Hash{7}, Opening: &o, Provider: &p})
		}
	}
	slices.SortFunc(items, func(x, y posp.Reveal) int { return x.SampleID.Cmp(y.SampleID) })
	return items
}

func (b *bench) commitments(k *ecdsa.PrivateKey, change func(*posp.Commitments)) posp.Commitments {
	c := posp.Commitments{Operator: addressOf(k)}
	for _, it := range b.evidence(k) {
		c.Items = append(c.Items, posp.SampleCommitment{SampleID: it.SampleID, Commitment: posp.Commitment(c.Operator, it.SampleID, it.Evidence, it.Salt)})
	}
	if change != nil {
		change(&c)
	}
	c.Signature = signed(b.t, k, c.Digest(b.a.cfg.Authority))
	return c
}

func (b *bench) reveals(k *ecdsa.PrivateKey, change func(*posp.Reveals)) posp.Reveals {
	r := posp.Reveals{Operator: addressOf(k), Items: b.evidence(k)}
	if change != nil {
		change(&r)
	}
	r.Signature = signed(b.t, k, r.Digest(b.a.cfg.Authority))
	return r
}

func (b *bench) share(k *ecdsa.PrivateKey, digest posp.Hash) posp.CertificateShare {
	sig := blsOf(addressOf(k)).Sign(digest).Bytes()
	return posp.CertificateShare{Operator: addressOf(k), Digest: digest, Signature: sig[:]}
}

// rows is all that the ledger holds: what a refusal must not change.
func (b *bench) rows() (n int) {
	if err := b.db.QueryRow(`SELECT (SELECT count(*) FROM messages WHERE standing = 0) * 1000 + (SELECT count(*) FROM epochs)`).Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// onBoth runs a test on SQLite and on PostgreSQL.
func onBoth(t *testing.T, test func(t *testing.T, b *bench)) {
	storetest.Each(t, func(t *testing.T, where func() string) {
		b := newBench(t)
		b.where = where()
		b.db = b.open(b.where)
		test(t, b)
	})
}

const reasonInvalid = "invalid" // a posp.ValidationError

// refused asserts a refusal that changed nothing.
func (b *bench) refused(name, reason string, submit func() error) {
	b.t.Helper()
	before := b.rows()
	err := submit()
	got := ""
	var v *posp.ValidationError
	var r *Refusal
	switch {
	case errors.As(err, &v):
		got = reasonInvalid
	case errors.As(err, &r):
		got = r.Reason()
	}
	if got != reason {
		b.t.Errorf("%s: error %v, want reason %s", name, err, reason)
	}
	if after := b.rows(); after != before {
		b.t.Errorf("%s: a refusal changed the ledger", name)
	}
}

func (b *bench) taken(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// toResult brings the epoch to a derived result.
func (b *bench) toResult() posp.Hash {
	b.t.Helper()
	ctx := context.Background()
	for _, k := range b.operators {
		b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	}
	b.at(commitDeadline + 1)
	for _, k := range b.operators {
		b.taken("reveals", b.a.SubmitReveals(ctx, b.reveals(k, nil)))
	}
	b.at(commitDeadline + 2)
	o, ok, err := b.a.Outcome(ctx, 0)
	if err != nil || !ok {
		b.t.Fatalf("no result: %v", err)
	}
	return o.Digest
}

func TestCommitmentsIntake(t *testing.T) { onBoth(t, commitmentsIntake) }

func commitmentsIntake(t *testing.T, b *bench) {
	ctx := context.Background()
	k, stranger := b.operators[0], ecdsaKey(77)
	commit := func(c posp.Commitments) func() error { return func() error { return b.a.SubmitCommitments(ctx, c) } }
	b.block = beaconBlock - 1
	b.refused("before the beacon", ReasonEarly, commit(b.commitments(k, nil)))
	b.block = beaconBlock
	b.refused("of an epoch far ahead", ReasonEarly, commit(b.commitments(k, func(c *posp.Commitments) { c.Epoch = 1 << 62 })))
	b.refused("nil", reasonInvalid, commit(posp.Commitments{Operator: addressOf(k)}))
	b.refused("of a stranger", ReasonUnknownOperator, commit(b.commitments(stranger, nil)))
	c := b.commitments(k, nil)
	c.Operator = addressOf(b.operators[1])
	b.refused("in another's name", reasonInvalid, commit(c))
	b.refused("of nothing", reasonInvalid, commit(b.commitments(k, func(c *posp.Commitments) { c.Items = nil })))
	b.refused("of a foreign sample", reasonInvalid, commit(b.commitments(k, func(c *posp.Commitments) { c.Items[0].SampleID = posp.Hash{} })))
	b.refused("out of order", reasonInvalid, commit(b.commitments(k, func(c *posp.Commitments) { slices.Reverse(c.Items) })))
	b.refused("twice the same", reasonInvalid, commit(b.commitments(k, func(c *posp.Commitments) { c.Items[1] = c.Items[0] })))
	b.fail = errors.New("chain is gone") // by an old block it could be late
	if err := commit(b.commitments(k, nil))(); err == nil || b.rows() != 0 {
		t.Errorf("accepted without knowing the block")
	}
	b.fail = nil
	b.taken("right", commit(b.commitments(k, nil))())
	b.taken("the same again", commit(b.commitments(k, nil))())
	b.refused("other ones", ReasonEquivocation, commit(b.commitments(k, func(c *posp.Commitments) { c.Items = c.Items[:1] })))
	b.block = commitDeadline + 1 // not frozen yet: the block alone refuses
	b.refused("late", ReasonLate, commit(b.commitments(b.operators[1], nil)))
	b.taken("the same again, late", commit(b.commitments(k, nil))())
	if _, ok, _ := b.a.Commitments(ctx, 0); ok {
		t.Error("handed out before they are frozen")
	}
	b.at(commitDeadline + 1)
	if set, ok, err := b.a.Commitments(ctx, 0); err != nil || !ok || len(set) != 1 {
		t.Errorf("frozen set %v, %v, %v", set, ok, err)
	}
}

// When everybody has committed the set freezes early, and stays frozen.
func TestFreezesWhenAllHaveCommitted(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	for i, k := range b.operators {
		b.at(beaconBlock)
		if _, frozen, _ := b.a.Commitments(ctx, 0); frozen {
			t.Fatalf("frozen with %d of 4", i)
		}
		b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	}
	b.at(beaconBlock)
	if _, frozen, _ := b.a.Commitments(ctx, 0); !frozen {
		t.Fatal("not frozen though all have committed")
	}
	b.refused("reveal before the deadline", ReasonEarly, func() error { return b.a.SubmitReveals(ctx, b.reveals(b.operators[0], nil)) })
}

func TestRevealsIntake(t *testing.T) { onBoth(t, revealsIntake) }

func revealsIntake(t *testing.T, b *bench) {
	ctx := context.Background()
	k, silent := b.operators[0], b.operators[1]
	reveal := func(r posp.Reveals) func() error { return func() error { return b.a.SubmitReveals(ctx, r) } }
	b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(b.operators[2], nil)))
	b.refused("early", ReasonEarly, reveal(b.reveals(k, nil)))
	b.block = commitDeadline + 1
	b.refused("before the freeze", ReasonEarly, reveal(b.reveals(k, nil)))
	b.at(commitDeadline + 1)
	b.refused("nil", reasonInvalid, reveal(posp.Reveals{Operator: addressOf(k)}))
	b.refused("of a stranger", ReasonUnknownOperator, reveal(b.reveals(ecdsaKey(77), nil)))
	b.refused("without commitments", ReasonNotCommitted, reveal(b.reveals(silent, nil)))
	r := b.reveals(k, nil)
	r.Signature = signed(t, silent, r.Digest(b.a.cfg.Authority))
	b.refused("signed by another", reasonInvalid, reveal(r))
	for name, change := range map[string]func(*posp.Reveals){
		"not all":           func(r *posp.Reveals) { r.Items = r.Items[1:] },
		"other evidence":    func(r *posp.Reveals) { r.Items[0].Evidence = posp.Evidence{}.Encode() },
		"other salt":        func(r *posp.Reveals) { r.Items[0].Salt = posp.Hash{1} },
		"no evidence":       func(r *posp.Reveals) { r.Items[0].Evidence = nil },
		"a provider's kind": func(r *posp.Reveals) { r.Items[0].Evidence = b.parts[0].Evidence.Encode() },
		"unknown sample":    func(r *posp.Reveals) { r.Items[0].SampleID = posp.Hash{1} },
		"foreign opening":   func(r *posp.Reveals) { r.Items[0].Opening = r.Items[1].Opening },
		"changed words": func(r *posp.Reveals) {
			o := *r.Items[0].Opening
			o.Output.Tokens = []uint32{99}
			r.Items[0].Opening = &o
		},
		"foreign evidence":    func(r *posp.Reveals) { r.Items[0].Provider = &posp.EvidencePart{} },
		"evidence of no leaf": func(r *posp.Reveals) { r.Items[0].Opening = nil },
		"another operator's":  func(r *posp.Reveals) { r.Items = b.evidence(b.operators[2]); r.Items[0].Salt = posp.Hash{3} },
	} {
		b.refused(name, reasonInvalid, reveal(b.reveals(k, change)))
	}
	b.taken("right", reveal(b.reveals(k, nil))())
	b.taken("the same again", reveal(b.reveals(k, nil))())
	b.taken("the same, carrying less", reveal(b.reveals(k, func(r *posp.Reveals) { r.Items[0].Opening, r.Items[0].Provider = nil, nil }))())
	b.refused("other ones", ReasonEquivocation, reveal(b.reveals(k, func(r *posp.Reveals) { r.Items[0].Salt = posp.Hash{1} })))
	b.at(revealDeadline)
	if _, ok, _ := b.a.Reveals(ctx, 0, nil); ok {
		t.Error("handed out before they are final")
	}
	b.block = revealDeadline + 1
	b.refused("late", ReasonLate, reveal(b.reveals(b.operators[2], nil)))
	b.at(revealDeadline + 1)
	if set, ok, err := b.a.Reveals(ctx, 0, nil); err != nil || !ok || len(set) != 1 || set[0].Items[0].Opening == nil {
		t.Errorf("final set of %d, %v, %v", len(set), ok, err)
	}
	b.block = certifyDeadline + 1
	b.refused("when all is over", ReasonLate, reveal(b.reveals(b.operators[2], nil)))
}

// The defects of other aggregators: nothing of these stops it, is counted, or
// takes the place of what was accepted.
func TestSharesIntake(t *testing.T) { onBoth(t, sharesIntake) }

func sharesIntake(t *testing.T, b *bench) {
	ctx := context.Background()
	k := b.operators[0]
	submit := func(s posp.CertificateShare) func() error { return func() error { return b.a.SubmitShare(ctx, s) } }
	b.refused("before there is a result", ReasonEarly, submit(b.share(k, posp.Hash{1})))
	digest := b.toResult()

	stranger := b.share(ecdsaKey(77), digest)
	b.refused("of a stranger", ReasonUnknownOperator, submit(stranger))
	b.refused("of a minority digest", ReasonWrongDigest, submit(b.share(k, posp.Hash{1})))
	nothing := b.share(k, digest)
	nothing.Signature = nil
	b.refused("nil", reasonInvalid, submit(nothing))
	identity := b.share(k, digest)
	identity.Signature = make([]byte, 64)
	b.refused("identity", reasonInvalid, submit(identity))
	off := b.share(k, digest)
	off.Signature[63] ^= 1
	b.refused("off the curve", reasonInvalid, submit(off))
	others := b.share(b.operators[1], digest)
	others.Operator = addressOf(k)
	b.refused("another's signature in its place", reasonInvalid, submit(others))
	b.taken("right, after all that", submit(b.share(k, digest))())
	b.taken("the same again", submit(b.share(k, digest))())
	b.refused("a minority digest from one that has signed", ReasonEquivocation, submit(b.share(k, posp.Hash{1})))

	b.at(b.block + 1)
	b.taken("second", submit(b.share(b.operators[1], digest))())
	b.at(b.block + 1) // 50 %
	if o, _, _ := b.a.Outcome(ctx, 0); len(b.submitted) != 0 || o.Certified {
		t.Fatal("submitted below the quorum")
	}
	b.taken("third", submit(b.share(b.operators[2], digest))())
	b.at(b.block + 1) // 75 %
	if len(b.submitted) != 1 {
		t.Fatalf("%d certificates submitted", len(b.submitted))
	}
	c := b.submitted[0]
	if c.Digest != digest || len(c.NonSigners) != 1 || c.NonSigners[0].Index != 3 || c.NonSigners[0].WeightBefore.Uint64() != 30 {
		t.Errorf("certificate %+v", c)
	}
	b.refused("after the certificate", ReasonLate, submit(b.share(b.operators[3], digest)))
	b.at(b.block + 1)
	if len(b.submitted) != 1 {
		t.Error("submitted again")
	}
	if o, ok, err := b.a.Outcome(ctx, 0); err != nil || !ok || o.Digest != digest || o.Transaction != (posp.Hash{0xaa}) || len(o.Signers) != 3 {
		t.Errorf("outcome %+v, %v, %v", o, ok, err)
	}
}

// Others' signatures are waited for, but not for ever.
func TestPatience(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	b.a.cfg.Patience = 3
	digest := b.toResult()
	for _, k := range b.operators[:3] {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	reached := b.block + 1
	for block := reached; block < reached+3; block++ {
		b.at(block)
		if len(b.submitted) != 0 {
			t.Fatalf("submitted %d blocks after the quorum", block-reached)
		}
	}
	b.at(reached + 3)
	if len(b.submitted) != 1 {
		t.Fatal("not submitted when patience is over")
	}
}

// Anybody's certificate for the epoch counts.
func TestSomebodyElseCertified(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	digest := b.toResult()
	for _, k := range b.operators {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	b.certified = true
	b.at(b.block + 1)
	if o, _, _ := b.a.Outcome(ctx, 0); len(b.submitted) != 0 || o.Transaction != (posp.Hash{0xaa}) {
		t.Errorf("submitted %d, transaction %s", len(b.submitted), o.Transaction)
	}
}

// After a restart at any time everything that was accepted is there.
func TestRestart(t *testing.T) { onBoth(t, restarts) }

func restarts(t *testing.T, b *bench) {
	ctx := context.Background()
	restart := func() {
		b.t.Helper()
		b.db.Close()
		b.db = b.open(b.where)
	}
	for _, k := range b.operators {
		b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
		restart()
	}
	b.at(beaconBlock)
	restart()
	b.block = commitDeadline + 1
	for _, k := range b.operators {
		b.taken("reveals", b.a.SubmitReveals(ctx, b.reveals(k, nil)))
		restart()
	}
	b.at(commitDeadline + 1)
	o, _, _ := b.a.Outcome(ctx, 0)
	restart()
	for _, k := range b.operators {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, o.Digest)))
		restart()
	}
	b.at(commitDeadline + 2)
	restart()
	b.at(commitDeadline + 3)
	if len(b.submitted) != 1 || b.submitted[0].Digest != o.Digest || len(b.submitted[0].NonSigners) != 0 {
		t.Fatalf("%d certificates", len(b.submitted))
	}
}
