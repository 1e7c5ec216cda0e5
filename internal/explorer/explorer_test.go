package explorer

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"
	"github.com/holiman/uint256"
	"go.uber.org/zap"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

var (
	domain   = posp.Domain{ChainID: 7, Registry: posp.Address{1}}
	schedule = posp.Schedule{Genesis: 100, EpochBlocks: 100, GraceBlocks: 10, BeaconDelay: 2, CommitBlocks: 20, RevealBlocks: 20, CertifyBlocks: 20, ContestBlocks: 30}
	params   = posp.Parameters{Schedule: schedule, Committee: 3, FaultLine: 20 * verdict.Nat, QuorumPpm: 670_000}
	spec     = posp.ModelSpec{Precision: "f32", SamplingRule: posp.RuleGumbel, ReferenceVersion: "posp-ref-v1"}
	private  = posp.ModelSpec{Precision: "f32", SamplingRule: posp.RuleGumbel, ReferenceVersion: "posp-ref-v1-hidden:" + strings.Repeat("0a", 32)}
)

// hostile is what a provider may register as its URL.
const hostile = `javascript:alert(1)//"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`

// world is a chain and an archive in memory. What fails is said by fail.
type world struct {
	mu       sync.Mutex
	block    uint64
	logs     []types.Log
	table    posp.Table
	receipts map[uint64][]posp.SignedReceipt // of each epoch, by ordinal
	asked    map[uint64][]posp.Demand        // on demand, of each epoch that answers
	secret   bool                            // the samples are of the private spec
	fail     error
	rate     uint32             // of sampling, in millionths; 0: a half
	reading  func(epoch uint64) // called when an epoch's lines are read
}

func (w *world) Block(context.Context) (uint64, error)        { return w.block, w.fail }
func (w *world) Time(context.Context, uint64) (uint64, error) { return 1_700_000_000, w.fail }
func (w *world) Follow(ctx context.Context, _ ethereum.FilterQuery, from uint64, s chain.Sink) error {
	if err := s.Take(ctx, chain.Span{From: from, To: w.block, Logs: w.logs, Cursor: chain.Cursor{{Number: w.block}}}); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
func (w *world) Provider(_ context.Context, a posp.Address, _ uint64) (posp.ProviderInfo, bool, error) {
	return posp.ProviderInfo{Provider: a, ReceiptKey: signer(a), URL: "http://before.example"}, true, w.fail
}
func (w *world) TableAt(context.Context, uint64) (posp.Table, bool, error) {
	return w.table, true, w.fail
}
func (w *world) StandingsBefore(context.Context, uint64) ([]posp.Standing, error) {
	return []posp.Standing{{Subject: posp.Address{0xa1}, SpecID: spec.ID(), Value: 3 * verdict.Nat}}, w.fail
}
func (w *world) Certificate(context.Context, uint64) (chain.SubmittedCertificate, bool, error) {
	return chain.SubmittedCertificate{NonSigners: []uint64{1}, GasUsed: 300_000}, true, w.fail
}
func (w *world) Rates(context.Context) (chain.Rates, error) {
	return chain.Rates{Rate: posp.Rate{RatePpm: cmp.Or(w.rate, 500_000), KMin: 2}, NewProviderBatches: 1}, w.fail
}
func (w *world) Penalties(context.Context) (chain.Penalties, error) {
	return chain.Penalties{StatisticalWad: chain.Wad / 2, WithholdingWad: chain.Wad / 50, WithholdingCapWad: chain.Wad / 2, OperatorWad: chain.Wad / 10}, w.fail
}
func (w *world) DisputeStakes(context.Context) (posp.DisputeStakes, bool, error) {
	return posp.DisputeStakes{Bond: uint256.NewInt(1e17), ChallengeBlocks: 40, MoveBlocks: 30}, true, w.fail
}
func (w *world) Transaction(_ context.Context, id posp.Hash) (Transaction, error) {
	return Transaction{Sender: posp.Address(id[:20]), GasUsed: 21_000 + uint64(id[31])}, w.fail
}
func (w *world) Token(context.Context) (chain.Token, error) {
	return chain.Token{Symbol: "<b>EIGEN</b>", Decimals: 18}, w.fail
}

func (w *world) Progress(context.Context, uint64) (Progress, error) {
	return Progress{Phase: "derived", Committed: []posp.Address{{0xb1}}, Revealed: []posp.Address{}, Signed: []posp.Address{}}, w.fail
}
func (w *world) Lines(_ context.Context, epoch uint64) (r posp.Result, lines []posp.SampleResult, ok bool, err error) {
	if w.reading != nil {
		w.reading(epoch)
	}
	for i, receipt := range w.receipts[epoch] {
		lines = append(lines, posp.SampleResult{SampleID: w.sampleID(epoch, uint64(i)), Verdict: posp.Verdict(1 + i%4), Class: posp.Class(i % 3), LogE: int32(i-1) * verdict.Nat, Evidence: receipt.Digest(domain)})
	}
	return r, lines, len(lines) > 0, w.fail
}
func (w *world) Sample(_ context.Context, epoch uint64, ordinal uint32, committee []posp.Address) (s Sample, ok bool, err error) {
	list := w.receipts[epoch]
	if int(ordinal) >= len(list) {
		return s, false, w.fail
	}
	b := w.batch(epoch)
	leaf := list[ordinal].Sequence - b.FirstSequence
	o := posp.Opening{Receipt: list[ordinal], Leaf: leaf, Proof: w.proof(epoch, leaf), Request: posp.RequestPart{Tokens: []uint32{424242, 434343}}, Output: posp.OutputPart{Tokens: []uint32{454545}}}
	e := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-posp.Nat, -2 * posp.Nat}}
	s = Sample{Opening: &o, Provider: &e, Explanation: verdict.Explanation{Reason: "because <i>it</i> is so", Policy: posp.Hash{5}, FailAt: 10,
		Worst: []verdict.PositionExplanation{{At: 1, Token: 454545, Claimed: -1, Recomputed: -2, Against: 3}}}}
	for i, c := range committee {
		m := verdict.HeldMember{Commitment: posp.Hash{byte(i + 1)}, Revealed: i > 0, Evidence: e.Encode()}
		s.Committee = append(s.Committee, m)
		s.Explanation.Members = append(s.Explanation.Members, verdict.MemberExplanation{Operator: c, Evidence: "2 log-probabilities", Done: m.Revealed})
	}
	return s, true, w.fail
}
func (w *world) Receipts(_ context.Context, epoch uint64, visit func(uint32, posp.SignedReceipt) error) (bool, error) {
	for i, r := range w.receipts[epoch] {
		if err := visit(uint32(i), r); err != nil {
			return false, err
		}
	}
	return true, w.fail
}

func signer(a posp.Address) posp.Address { return crypto.PubkeyToAddress(receiptKey(a).PublicKey) }

// emit adds an event of a contract, with its indexed arguments first as the
// interface has them.
func (w *world) emit(at posp.Address, a abi.ABI, name string, args ...any) {
	e := a.Events[name]
	l := types.Log{Address: at, BlockNumber: w.block, BlockTimestamp: 1_600_000_000 + w.block, TxHash: crypto.Keccak256Hash([]byte(fmt.Sprint(name, w.block, len(w.logs)))), Topics: []common.Hash{e.ID}}
	var rest abi.Arguments
	var values []any
	for i, in := range e.Inputs {
		if !in.Indexed {
			rest, values = append(rest, in), append(values, args[i])
			continue
		}
		topics, err := abi.MakeTopics([]any{args[i]})
		if err != nil {
			panic(err)
		}
		l.Topics = append(l.Topics, topics[0][0])
	}
	var err error
	if l.Data, err = rest.Pack(values...); err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	w.logs = append(w.logs, l)
}

func (w *world) on(block uint64) *world {
	if block < w.block {
		panic("blocks go forward")
	}
	w.block = block
	return w
}

// shape is a model's: with two tokens of prompt and of output its trace has so
// many rows.
const rows = 78

var shape = func() contracts.Arch {
	one, two := big.NewInt(1), big.NewInt(2)
	return contracts.Arch{Hidden: two, Layers: one, Heads: one, KvHeads: one, HeadDim: two, Ffn: two, Vocab: two, Eps: one}
}()

func receiptKey(a posp.Address) *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(crypto.Keccak256(a[:]))
	if err != nil {
		panic(err)
	}
	return k
}

const leaves = 8

// batch is the only one of an epoch.
func (w *world) batch(epoch uint64) posp.BatchRecord {
	b := posp.Batch{Provider: posp.Address{0xa1}, Epoch: epoch, FirstSequence: leaves * epoch, LeafCount: leaves, Root: merkle.Root(w.hashes(epoch))}
	return posp.BatchRecord{ID: b.ID(domain), Batch: b, Rate: posp.Rate{RatePpm: 500_000, KMin: 2}}
}

func (w *world) receiptAt(epoch, leaf uint64) posp.SignedReceipt {
	m := spec
	if w.secret {
		m = private
	}
	r := posp.SignedReceipt{Receipt: posp.Receipt{Provider: posp.Address{0xa1}, Epoch: epoch, Sequence: leaves*epoch + leaf, SpecID: m.ID(), RequestHash: posp.Hash{1}, OutputHash: posp.Hash{byte(leaf + 1)}, PromptTokens: 2, OutputTokens: 2, Time: 1_700_000_000}}
	sig, err := crypto.Sign(r.Digest(domain).Bytes(), receiptKey(r.Provider))
	if err != nil {
		panic(err)
	}
	sig[64] += 27
	r.Signature = sig
	return r
}

func (w *world) hashes(epoch uint64) (list []posp.Hash) {
	for leaf := range uint64(leaves) {
		list = append(list, w.receiptAt(epoch, leaf).Digest(domain))
	}
	return list
}

func (w *world) proof(epoch, leaf uint64) []posp.Hash {
	p, err := merkle.Proof(w.hashes(epoch), leaf)
	if err != nil {
		panic(err)
	}
	return p
}

var beacon = posp.Hash{0xbe}

func (w *world) samples(epoch uint64) []sampler.Assignment {
	list, err := sampler.Assign(domain, w.batch(epoch), beacon, w.table.Members, int(params.Committee))
	if err != nil {
		panic(err)
	}
	return list
}

// sampleID is of a sample that was drawn, or after them of one that was asked for.
func (w *world) sampleID(epoch, ordinal uint64) posp.Hash {
	drawn := w.samples(epoch)
	if n := uint64(len(drawn)); ordinal >= n {
		return w.asked[epoch][ordinal-n].SampleID()
	}
	return drawn[ordinal].SampleID
}

// undrawn is the i-th leaf of an epoch's batch that was not drawn.
func (w *world) undrawn(epoch uint64, i int) (leaf uint64) {
	for leaf = range uint64(leaves) {
		if !slices.ContainsFunc(w.samples(epoch), func(a sampler.Assignment) bool { return a.Leaf == leaf }) {
			if i--; i < 0 {
				return leaf
			}
		}
	}
	panic("all were drawn")
}

// ask lets a buyer ask on demand about an undrawn leaf of epoch 0.
func (w *world) ask(id byte, epoch uint64, i int) posp.Demand {
	b, leaf := w.batch(0), w.undrawn(0, i)
	d := posp.Demand{ID: posp.Hash{id}, Epoch: epoch, ReceiptHash: w.receiptAt(0, leaf).Digest(domain), Leaf: leaf, Batch: b}
	w.asked[epoch] = append(w.asked[epoch], d)
	w.emit(posp.Address{8}, onDemand.GetABI(), "Requested", d.ID, epoch, d.ReceiptHash, asker, b.ID, leaf, big.NewInt(1e15))
	return d
}

var asker = posp.Address{0xdd}

// played is a deployment in which everything happened that the contracts have
// events of: epoch 0 is certified, with charges and disputes, epoch 1 drawn,
// epoch 2 serving.
func played(secret bool) *world {
	w := &world{block: 90, receipts: map[uint64][]posp.SignedReceipt{}, asked: map[uint64][]posp.Demand{}, secret: secret}
	var members []contracts.Member
	total := big.NewInt(0)
	for i := range 4 {
		weight := big.NewInt(int64(100 - 10*i))
		total.Add(total, weight)
		m := posp.Member{Operator: posp.Address{0xb1 + byte(i)}, Weight: uint256.MustFromBig(weight), KeyX: uint256.NewInt(1), KeyY: uint256.NewInt(2)}
		w.table.Members = append(w.table.Members, m)
		members = append(members, contracts.Member{Operator: m.Operator, Weight: weight, KeyX: big.NewInt(1), KeyY: big.NewInt(2)})
	}
	w.table.Root, w.table.Total = posp.Hash{0x7a}, uint256.MustFromBig(total)
	reg, att, ops, man, pot, pub := registry.GetABI(), attestation.GetABI(), operators.GetABI(), manager.GetABI(), pool.GetABI(), publicGame.GetABI()
	at := func(i byte) posp.Address { return posp.Address{i} }
	p, q := posp.Address{0xa1}, posp.Address{0xa2}
	w.on(105).emit(at(1), reg, "ProviderRegistered", q, hostile)
	for e := range uint64(2) {
		b := w.batch(e)
		w.on(schedule.Close(e)-5).emit(at(2), ops, "TableSnapshot", big.NewInt(int64(w.block)), w.table.Root, total, contracts.G1Point{X: big.NewInt(1), Y: big.NewInt(2)}, members)
		w.on(schedule.Close(e)-2).emit(at(1), reg, "BatchCommitted", b.ID, b.Provider, e, b.FirstSequence, b.Root, b.LeafCount, b.Rate.RatePpm, b.Rate.KMin)
		if e == 0 {
			w.on(schedule.Close(0)-1).ask(0xd7, 0, 0)
			w.ask(0xd9, 0, 2)
			w.on(schedule.BeaconBlock(0)+1).emit(at(1), reg, "BeaconFixed", uint64(0), big.NewInt(int64(schedule.BeaconBlock(0))), beacon)
			for _, s := range w.samples(0) {
				w.receipts[0] = append(w.receipts[0], w.receiptAt(0, s.Leaf))
			}
			k := uint32(len(w.receipts[0]))
			for _, d := range w.asked[0] {
				w.receipts[0] = append(w.receipts[0], w.receiptAt(0, d.Leaf))
			}
			w.on(schedule.CommitDeadline(0)+5).emit(at(3), att, "BatchJudged", b.ID, p, uint64(0), k, uint32(1), uint32(1), uint32(1), k-3)
			w.emit(at(3), att, "StandingChanged", p, spec.ID(), uint64(0), uint64(25*verdict.Nat))
			w.emit(at(3), att, "StandingChanged", posp.Address{0xb2}, posp.Hash{}, uint64(0), uint64(21*verdict.Nat))
			first, second, third := posp.Hash{0xf1}, posp.Hash{0xf2}, posp.Hash{0xf3}
			ends := big.NewInt(int64(w.block + 30))
			w.emit(at(4), man, "FaultRecorded", first, p, uint64(0), uint8(posp.FaultStatistical), b.ID, spec.ID(), ends)
			w.emit(at(4), man, "FaultRecorded", second, p, uint64(0), uint8(posp.FaultWithholding), b.ID, w.sampleID(0, 1), ends)
			w.emit(at(4), man, "FaultRecorded", third, posp.Address{0xb2}, uint64(0), uint8(posp.FaultOperatorEvidence), posp.Hash{}, posp.Hash{}, ends)
			w.emit(at(3), att, "EpochCertified", uint64(0), posp.Hash{0xd1}, posp.Hash{0xd2}, posp.Hash{0xd3}, w.table.Root, uint64(len(w.receipts[0])), big.NewInt(260), total)
			d := w.asked[0][0]
			w.emit(at(8), onDemand.GetABI(), "Answered", d.ID, d.ReceiptHash, uint8(posp.Pass), uint8(0))
			w.emit(at(8), onDemand.GetABI(), "Credited", d.ID, posp.Address{0xb1}, big.NewInt(9e14))
			w.emit(at(8), onDemand.GetABI(), "Credited", d.ID, asker, big.NewInt(1e14))
			id, other := posp.Hash{0xe1}, posp.Address{0xcc}
			a := contracts.Assertion{Asserter: p, Charge: first, TraceRoot: posp.Hash{0x77}, Program: contracts.Program{Arch: shape, PromptTokens: big.NewInt(2), OutputTokens: big.NewInt(2)}}
			s := contracts.Subject{SampleId: w.sampleID(0, 2), Provider: p, BatchId: b.ID, SpecId: spec.ID(), Rule: 1, Certified: uint8(posp.Fail), CertifiedLogE: 9 * verdict.Nat, Verdict: uint8(posp.Pass), LogE: -verdict.Nat}
			w.on(w.block+1).emit(at(5), pub, "Contested", id, p, posp.Hash(s.SampleId), a, s, []byte{0, 6, 0x79, 0x32}, []byte{0, 6, 0xef, 0x91}, []byte{1, 2}, ends)
			w.emit(at(3), att, "BatchContested", b.ID, uint32(1))
			w.emit(at(4), man, "FaultHeld", first, uint16(1))
			w.on(w.block+1).emit(at(5), pub, "Challenged", id, other, uint8(12), ends)
			w.on(w.block+1).emit(at(5), pub, "Revealed", id, other, [][32]byte{{1}, {2}}, ends)
			w.on(w.block+1).emit(at(5), pub, "Picked", id, other, posp.Hash{3}, uint64(2), uint32(0), uint32(0), uint8(7), ends)
			w.on(w.block+1).emit(at(5), pub, "Picked", id, other, posp.Hash{3}, uint64(70), uint32(3), uint32(9), uint8(0), ends)
			w.on(w.block+1).emit(at(5), pub, "Shown", id, other, []byte{1, 2, 3}, ends)
			w.on(w.block+1).emit(at(5), pub, "Named", id, other, uint8(4), ends)
			w.on(w.block+1).emit(at(5), pub, "GameOver", id, other, false)
			w.on(w.block+1).emit(at(5), pub, "Concluded", id, uint8(posp.AssertionStood))
			w.emit(at(3), att, "BatchContested", b.ID, uint32(0))
			w.emit(at(3), att, "VerdictOverturned", posp.Hash(s.SampleId), b.ID, s.Certified, s.Verdict)
			w.emit(at(4), man, "FaultReduced", first, posp.Hash(s.SampleId), uint64(0))
			w.emit(at(4), man, "FaultCleared", first, p)
			a.Asserter, a.Charge, s.Certified, s.Verdict = other, posp.Hash{}, uint8(posp.Pass), uint8(posp.Fail)
			w.emit(at(6), privateGame.GetABI(), "PrivatelyContested", posp.Hash{0xe2}, other, posp.Hash(s.SampleId), a, s, posp.Hash{8}, posp.Hash{9}, []byte{1}, ends)
			w.emit(at(3), att, "BatchContested", b.ID, uint32(1))
			w.on(w.block+1).emit(at(5), pub, "Withdrawn", p, big.NewInt(2e17))
			w.emit(at(4), man, "FaultRecorded", posp.Hash{0xf4}, posp.Address{0xb3}, uint64(0), uint8(posp.FaultSignedFalsehood), posp.Hash{}, posp.Hash(s.SampleId), ends)
			w.emit(at(4), man, "FaultRecorded", posp.Hash{0xf5}, p, uint64(0), uint8(posp.FaultEquivocation), posp.Hash{}, posp.Hash{31: 7}, ends)
			w.emit(at(4), man, "FaultRecorded", posp.Hash{0xf6}, p, uint64(0), uint8(posp.FaultOmission), posp.Hash{}, posp.Hash{0x99}, ends)
			w.on(w.block+40).emit(at(4), man, "FaultExecuted", second, p, big.NewInt(1), big.NewInt(chain.Wad/50), big.NewInt(2_000_000_000_000_000_000))
			w.emit(at(7), pot, "PotOpened", second, b.ID, big.NewInt(1), big.NewInt(2_000_000_000_000_000_000))
			w.on(w.block+3).emit(at(7), pot, "PotCollected", second, big.NewInt(2_000_000_000_000_000_000))
			w.emit(at(7), pot, "Refunded", second, posp.Address{0xdd}, uint64(1), big.NewInt(250_000_000_000_000_000))
			w.emit(at(8), onDemand.GetABI(), "Withdrawn", posp.Address{0xb1}, big.NewInt(9e14))
			w.emit(at(5), pub, "Withdrawn", asker, big.NewInt(1e14)) // of a bond: not of what it was credited
			w.emit(at(8), onDemand.GetABI(), "Unanswered", posp.Hash{0xd9})
			w.emit(at(8), onDemand.GetABI(), "Credited", posp.Hash{0xd9}, asker, big.NewInt(1e15))
			w.ask(0xd8, 1, 1)
		} else {
			w.on(schedule.BeaconBlock(1)+1).emit(at(1), reg, "BeaconFixed", uint64(1), big.NewInt(int64(schedule.BeaconBlock(1))), beacon)
		}
	}
	w.block++
	return w
}

// served is an explorer of a world, when it has read and looked up everything.
func served(t testing.TB, w *world, change ...func(*Config)) (*Explorer, *httptest.Server) {
	t.Helper()
	cfg := Config{Domain: domain, Parameters: params, Models: []Model{{"demo", spec}, {"hidden", private}}, PeerRate: 1e6, PeerBurst: 1e6,
		Contracts: chain.Addresses{BatchRegistry: posp.Address{1}, OperatorTable: posp.Address{2}, AttestationRegistry: posp.Address{3}, FaultManager: posp.Address{4}, DisputeGame: posp.Address{5}, PrivateDisputeGame: posp.Address{6}, RefundPool: posp.Address{7}, OnDemand: posp.Address{8}},
		Economics: &econ.Terms{Detection: .9, FalsePositive: 1e-6, Collusion: .3, Validators: 3, Reward: 120, Slash: 2000, Cost: 100, Saved: .8}}
	for _, f := range change {
		f(&cfg)
	}
	x := New(cfg, w, w, zap.NewNop())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	srv := httptest.NewServer(x.Handler())
	t.Cleanup(func() {
		cancel()
		srv.CloseClientConnections()
		srv.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		x.mu.RLock()
		ready := x.head.Block == w.block && (len(w.logs) == 0 || w.fail != nil || x.constants != nil && x.found.read[0] && x.found.draws[1] != nil && x.found.info[posp.Address{0xa1}] != (posp.ProviderInfo{}))
		x.mu.RUnlock()
		if ready {
			return x, srv
		}
		if time.Now().After(end) {
			t.Fatal("the explorer has not read the world")
		}
	}
}

// ask asks a question, and gives the status and the body.
func ask(t testing.TB, srv *httptest.Server, method, path string, body []byte) (int, []byte, http.Header) {
	t.Helper()
	r, err := http.NewRequest(method, srv.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(res.Body); err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, b.Bytes(), res.Header
}

// get asks for JSON, and checks the answer by the OpenAPI document.
func get(t testing.TB, srv *httptest.Server, path string, status int) map[string]any {
	t.Helper()
	return checked(t, srv, http.MethodGet, path, nil, status)
}

var document = func() *openapi3.T {
	doc, err := openapi3.NewLoader().LoadFromData(openapi)
	if err != nil {
		panic(err)
	}
	return doc
}()

func checked(t testing.TB, srv *httptest.Server, method, path string, body []byte, status int) map[string]any {
	t.Helper()
	got, b, h := ask(t, srv, method, path, body)
	if got != status {
		t.Fatalf("%s %s: status %d, want %d: %s", method, path, got, status, b)
	}
	documented(t, method, path, got, b, h)
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// documented checks an answer by the document: its status, its kind and its body.
func documented(t testing.TB, method, path string, status int, b []byte, h http.Header) {
	t.Helper()
	router, err := legacy.NewRouter(document, openapi3.DisableExamplesValidation())
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, nil)
	req.Header.Set("Content-Type", "text/plain")
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Fatalf("%s %s is not in the document: %v", method, path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: status, Header: h, Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	out.SetBodyBytes(b)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Fatalf("%s %s is not as the document says: %v", method, path, err)
	}
}

// at follows a path of keys and indices into JSON.
func at(t testing.TB, v any, path ...any) any {
	t.Helper()
	for _, k := range path {
		switch k := k.(type) {
		case string:
			m, ok := v.(map[string]any)
			if _, has := m[k]; !ok || !has {
				t.Fatalf("there is no %q in %v", k, v)
			}
			v = m[k]
		case int:
			l, ok := v.([]any)
			if !ok || k >= len(l) {
				t.Fatalf("there is no item %d in %v", k, v)
			}
			v = l[k]
		}
	}
	return v
}

func equal(t testing.TB, what string, got any, want any) {
	t.Helper()
	b, _ := json.Marshal(want)
	var w any
	_ = json.Unmarshal(b, &w)
	if !reflect.DeepEqual(got, w) {
		t.Errorf("%s is %v, want %v", what, got, w)
	}
}

// The document and the routes are the same list.
func TestTheDocumentListsEveryRoute(t *testing.T) {
	if err := document.Validate(t.Context()); err != nil {
		t.Fatal(err)
	}
	served := []string{"GET /events", "GET /openapi.json"}
	for _, b := range bundled {
		served = append(served, strings.Replace(b.pattern, "/api/v1", "", 1))
	}
	for _, r := range routes {
		served = append(served, strings.Replace(r.pattern, "/api/v1", "", 1))
	}
	var listed []string
	for path, item := range document.Paths.Map() {
		for method := range item.Operations() {
			listed = append(listed, method+" "+path)
		}
	}
	slices.Sort(served)
	slices.Sort(listed)
	if !slices.Equal(served, listed) {
		t.Errorf("served: %q\nlisted: %q", served, listed)
	}
}

// Every answer that the document promises can be had, and is as it says: of each
// question each status, errors too.
func TestTheDocumentIsExercised(t *testing.T) {
	w := played(false)
	hash := posp.Hash{9}.Hex()
	// What a question is asked with, to be answered with a status.
	cases := map[string]map[int]string{
		"GET /overview":            {200: "/overview"},
		"GET /providers":           {200: "/providers", 400: "/providers?limit=0"},
		"GET /providers/{addr}":    {200: "/providers/" + posp.Address{0xa1}.Hex(), 400: "/providers/x", 404: "/providers/" + posp.Address{9}.Hex()},
		"GET /operators":           {200: "/operators"},
		"GET /epochs":              {200: "/epochs", 400: "/epochs?before=x"},
		"GET /epochs/{n}":          {200: "/epochs/0", 400: "/epochs/x", 404: "/epochs/99"},
		"GET /epochs/{n}/bundle":   {200: "/epochs/0/bundle", 400: "/epochs/x/bundle", 404: "/epochs/99/bundle"},
		"GET /batches/{id}":        {200: "/batches/" + w.batch(0).ID.Hex(), 400: "/batches/x", 404: "/batches/" + hash},
		"GET /batches/{id}/bundle": {200: "/batches/" + w.batch(0).ID.Hex() + "/bundle", 400: "/batches/x/bundle", 404: "/batches/" + hash + "/bundle"},
		"GET /samples/{id}":        {200: "/samples/" + w.sampleID(0, 0).Hex(), 400: "/samples/x", 404: "/samples/" + hash},
		"GET /samples/{id}/bundle": {200: "/samples/" + w.sampleID(0, 0).Hex() + "/bundle", 400: "/samples/x/bundle", 404: "/samples/" + hash + "/bundle"},
		"GET /receipts/{hash}":     {200: "/receipts/" + w.receipts[0][0].Digest(domain).Hex(), 400: "/receipts/x", 404: "/receipts/" + hash},
		"POST /receipts":           {200: "/receipts", 400: "/receipts", 404: "/receipts"},
		"GET /search":              {200: "/search?q=0", 400: "/search?q=x"},
		"GET /disputes":            {200: "/disputes", 400: "/disputes?limit=x"},
		"GET /disputes/{id}":       {200: "/disputes/" + posp.Hash{0xe1}.Hex(), 400: "/disputes/x", 404: "/disputes/" + hash},
		"GET /demands":             {200: "/demands?provider=" + posp.Address{0xa1}.Hex(), 400: "/demands?provider=x"},
		"GET /demands/{id}":        {200: "/demands/" + posp.Hash{0xd7}.Hex(), 400: "/demands/x", 404: "/demands/" + hash},
		"GET /faults":              {200: "/faults", 400: "/faults?limit=201"},
		"GET /parameters":          {200: "/parameters"},
		"GET /events":              {200: "/events"},
		"GET /openapi.json":        {200: "/openapi.json"},
	}
	old := w.receiptAt(0, 0)
	old.Epoch = 99
	bodies := map[int]any{200: w.receiptAt(0, 0), 400: "x", 404: old}
	bundle := func(begun, end chan struct{}) func(*Config) {
		return func(c *Config) {
			c.Concurrent, c.Streams = 2, 1
			c.Bundle = func(context.Context, uint64, Part) (io.Reader, error) {
				if begun != nil {
					begun <- struct{}{}
					<-end
				}
				return strings.NewReader("a bundle"), nil
			}
		}
	}
	begun, end := make(chan struct{}, 4), make(chan struct{})
	_, srv := served(t, w, bundle(nil, nil))
	_, exhausted := served(t, w, bundle(nil, nil), func(c *Config) { c.PeerRate, c.PeerBurst = 1e-9, 1 })
	ask(t, exhausted, http.MethodGet, "/", nil) // the only one
	_, busy := served(t, w, bundle(begun, end))
	var taken sync.WaitGroup
	for range 2 { // all seats
		taken.Go(func() { ask(t, busy, http.MethodGet, "/api/v1/samples/"+w.sampleID(0, 0).Hex()+"/bundle", nil) })
		<-begun
	}
	defer taken.Wait()
	defer close(end)
	stream, err := busy.Client().Get(busy.URL + "/api/v1/events") // the only one
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()

	for path, item := range document.Paths.Map() {
		for method, op := range item.Operations() {
			name := method + " " + path
			for status := range op.Responses.Map() {
				var code int
				if _, err := fmt.Sscan(status, &code); err != nil {
					t.Fatalf("%s: the document has status %q", name, status)
				}
				from, how := srv, cases[name][code]
				switch code {
				case http.StatusTooManyRequests:
					from, how = exhausted, cases[name][200]
				case http.StatusServiceUnavailable:
					from, how = busy, cases[name][200]
				}
				if how == "" {
					t.Errorf("%s: nothing is known that is answered with %d", name, code)
					continue
				}
				if name == "GET /events" && code == 200 {
					continue // TestStreams reads it: it does not end
				}
				var body []byte
				if method == http.MethodPost {
					body, _ = json.Marshal(bodies[code])
				}
				got, b, h := ask(t, from, method, "/api/v1"+how, body)
				if got != code {
					t.Errorf("%s, %s: status %d, want %d: %.200s", name, how, got, code, b)
					continue
				}
				documented(t, method, "/api/v1"+how, got, b, h)
			}
			for _, status := range []string{"200", "429", "503"} { // of whatever is asked
				if op.Responses.Value(status) == nil {
					t.Errorf("%s: the document does not say what %s looks like", name, status)
				}
			}
		}
	}
}

// Each answer is as the document says, and says what happened.
func TestAnswers(t *testing.T) {
	w := played(false)
	_, srv := served(t, w)
	b := w.batch(0)

	v := get(t, srv, "/api/v1/overview", 200)
	equal(t, "receipts", at(t, v, "totals", "receipts"), 2*leaves)
	equal(t, "verdicts", []any{at(t, v, "totals", "passed"), at(t, v, "totals", "failed"), at(t, v, "totals", "samples")}, []int{2, 0, 4}) // a FAIL was overturned
	equal(t, "charges", at(t, v, "totals", "faults"), map[string]int{"open": 4, "cleared": 1, "executed": 1})
	equal(t, "disputes", at(t, v, "totals", "disputes"), map[string]int{"pending": 1, "stood": 1, "fallen": 0})
	equal(t, "slashed", at(t, v, "totals", "slashed"), "2000000000000000000")
	equal(t, "epoch", at(t, v, "clock", "epoch"), 2)
	equal(t, "phases", []any{at(t, v, "epochs", 0, "phase"), at(t, v, "epochs", 1, "phase"), at(t, v, "epochs", 2, "phase")}, []string{"serving", "recomputing", "contested"})

	v = get(t, srv, "/api/v1/providers", 200)
	equal(t, "providers", at(t, v, "total"), 2)
	equal(t, "the hostile URL", at(t, v, "items", 1, "url"), hostile)
	equal(t, "the URL that was registered before", at(t, v, "items", 0, "url"), "http://before.example")
	equal(t, "standing", at(t, v, "items", 0, "standings", 0, "nats"), 25)

	v = get(t, srv, "/api/v1/providers/0xA100000000000000000000000000000000000000", 200)
	equal(t, "model", at(t, v, "standings", 0, "model", "name"), "demo")
	equal(t, "history", at(t, v, "history", 0, "samples"), 4)
	equal(t, "jailed", at(t, v, "jailed"), true) // what was cleared does not, nor does withholding; two receipts of one sequence do
	equal(t, "charges that stand", at(t, v, "faults"), 3)

	v = get(t, srv, "/api/v1/operators", 200)
	equal(t, "the heaviest", at(t, v, "operators", 0, "address"), w.table.Members[0].Operator)
	equal(t, "signed and missed", []any{at(t, v, "operators", 0, "signed"), at(t, v, "operators", 1, "missed"), at(t, v, "operators", 1, "jailed"), at(t, v, "operators", 2, "jailed")}, []any{1, 1, true, false}) // who is accused may still answer

	v = get(t, srv, "/api/v1/epochs?limit=2", 200)
	equal(t, "newest", at(t, v, "items", 0, "epoch"), 2)
	v = get(t, srv, "/api/v1/epochs?limit=2&before="+at(t, v, "next").(string), 200)
	equal(t, "oldest", at(t, v, "items", 0, "epoch"), 0)
	equal(t, "the end", at(t, v, "next"), nil)

	v = get(t, srv, "/api/v1/epochs/0", 200)
	equal(t, "beacon", at(t, v, "beacon", "value"), beacon)
	equal(t, "non-signers", at(t, v, "certificate", "nonSigners"), []posp.Address{w.table.Members[1].Operator})
	for i := range 7 {
		equal(t, "step "+at(t, v, "timeline", i, "step").(string), at(t, v, "timeline", i, "done"), i < 6) // a contest is under way
	}
	equal(t, "contests", at(t, v, "timeline", 6, "says"), "2 contested: 1 pending, 1 stood, 0 fell")
	equal(t, "disputes of the epoch", []any{at(t, v, "disputes", 0, "id"), at(t, v, "disputes", 1, "id")}, []posp.Hash{{0xe2}, {0xe1}})
	equal(t, "its bundle, where there are none", at(t, v, "bundle"), nil)
	v = get(t, srv, "/api/v1/epochs/2", 200)
	equal(t, "nothing is certified", at(t, v, "certificate"), nil)
	equal(t, "nothing is committed", at(t, v, "timeline", 0, "done"), false)

	v = get(t, srv, "/api/v1/batches/"+b.ID.Hex()+"?limit=3", 200)
	equal(t, "phase", []any{at(t, v, "phase"), at(t, v, "contests")}, []any{"contested", 1})
	equal(t, "what was overturned", []any{at(t, v, "sampleList", "items", 2, "overturn", "verdict"), at(t, v, "sampleList", "items", 2, "overturn", "dispute")}, []any{"PASS", posp.Hash{0xe1}})
	equal(t, "what was not", at(t, v, "sampleList", "items", 0, "overturn"), nil)
	equal(t, "its own receipts, not its epoch's batches", at(t, v, "timeline", 0, "says"), "8 receipts committed")
	equal(t, "samples", at(t, v, "sampleList", "total"), 4)
	for i, s := range w.samples(0)[:3] {
		equal(t, "sample", at(t, v, "sampleList", "items", i, "id"), s.SampleID)
		equal(t, "leaf", at(t, v, "sampleList", "items", i, "leaf"), s.Leaf)
		equal(t, "committee", at(t, v, "sampleList", "items", i, "committee"), s.Committee)
		equal(t, "verdict", at(t, v, "sampleList", "items", i, "verdict"), posp.Verdict(1+i).String())
	}
	v = get(t, srv, "/api/v1/batches/"+b.ID.Hex()+"?limit=3&before="+at(t, v, "sampleList", "next").(string), 200)
	equal(t, "the rest", at(t, v, "sampleList", "items", 0, "id"), w.sampleID(0, 3))

	for i, s := range w.samples(0) {
		v = get(t, srv, "/api/v1/samples/"+s.SampleID.Hex(), 200)
		hash := w.receipts[0][i].Digest(domain)
		equal(t, "receipt", at(t, v, "receiptHash"), hash)
		equal(t, "verdict", at(t, v, "verdict"), posp.Verdict(1+i%4).String())
		equal(t, "who did not reveal", at(t, v, "members", 0, "logProb"), nil)
		r := get(t, srv, "/api/v1/receipts/"+hash.Hex(), 200)
		equal(t, "proof of the receipt", at(t, r, "proof", "verified"), true)
		equal(t, "signature", at(t, r, "signature"), "valid")
		equal(t, "its verdict", at(t, r, "verdict"), posp.Verdict(1+i%4).String())
	}
	// Drawn, and nothing derived.
	v = get(t, srv, "/api/v1/samples/"+w.sampleID(1, 0).Hex(), 200)
	equal(t, "verdict", at(t, v, "verdict"), nil)

	v = get(t, srv, "/api/v1/disputes", 200)
	equal(t, "newest", []any{at(t, v, "items", 0, "private"), at(t, v, "items", 0, "status")}, []any{true, "pending"})
	v = get(t, srv, "/api/v1/disputes/"+posp.Hash{0xe1}.Hex(), 200)
	var moves []string
	for _, m := range at(t, v, "moveList").([]any) {
		moves = append(moves, at(t, m, "move").(string))
	}
	equal(t, "moves", at(t, v, "status"), "stood")
	if want := []string{"contest", "challenge", "reveal", "pick", "pick", "show", "name", "prove", "conclude"}; !slices.Equal(moves, want) {
		t.Errorf("moves are %q, want %q", moves, want)
	}
	for i, m := range at(t, v, "moveList").([]any) {
		tx := common.HexToHash(at(t, m, "at", "transaction").(string))
		equal(t, "sender and gas", []any{at(t, m, "sender"), at(t, m, "gasUsed")}, []any{posp.Address(tx[:20]), 21_000 + int(tx[31])})
		if due := at(t, m, "due").(float64); (due == 0) != (i == 0 || i == 8) {
			t.Errorf("move %d was due by block %v", i, due)
		}
	}
	equal(t, "what the contest is about", []any{at(t, v, "moveList", 0, "question", "first"), at(t, v, "moveList", 0, "question", "last"), at(t, v, "rows")}, []any{0, rows - 1, rows})
	equal(t, "what the first pick leaves", []any{at(t, v, "moveList", 3, "question", "firstIs"), at(t, v, "moveList", 3, "question", "blocks")}, []any{"padding", nil})
	equal(t, "effect", at(t, v, "effect"), "the certified FAIL is overturned: 10.00 nats come off the standing that the provider's charge rests on")
	equal(t, "bonds", []any{at(t, v, "bonds", 0, "state"), at(t, v, "bonds", 0, "back"), at(t, v, "bonds", 1, "state"), at(t, v, "bonds", 1, "back")}, []any{"won", "200000000000000000", "lost", "0"})
	if at(t, v, "bonds", 0, "withdrawn") == nil || at(t, v, "bonds", 1, "withdrawn") != nil {
		t.Errorf("withdrawn: %v", at(t, v, "bonds"))
	}
	equal(t, "charges", []any{at(t, v, "charges", 0, "id"), at(t, v, "charges", 1, "id")}, []posp.Hash{{0xf1}, {0xf4}})
	equal(t, "game", at(t, v, "gameList", 0, "outcome"), "held")
	equal(t, "what it came down to", at(t, v, "gameList", 0, "question"), map[string]any{"first": 70, "last": 70, "firstIs": "logits of output token 1", "lastIs": "logits of output token 1",
		"blocks": map[string]int{"first": 3, "last": 3, "of": 9}, "element": 4})

	v = get(t, srv, "/api/v1/disputes/"+posp.Hash{0xe2}.Hex(), 200)
	equal(t, "a contest that nobody challenged yet", []any{at(t, v, "next"), at(t, v, "closesAt"), at(t, v, "bonds", 0, "state")}, []any{at(t, v, "closesAt"), at(t, v, "next"), "held"})

	v = get(t, srv, "/api/v1/demands", 200)
	equal(t, "demands", at(t, v, "total"), 3)
	for i, want := range [][]any{{posp.Hash{0xd8}, "requested", nil}, {posp.Hash{0xd9}, "refunded", nil}, {posp.Hash{0xd7}, "settled", "PASS"}} {
		equal(t, "demand", []any{at(t, v, "items", i, "id"), at(t, v, "items", i, "state"), at(t, v, "items", i, "verdict")}, want)
	}
	equal(t, "of a provider that nobody asked about", at(t, get(t, srv, "/api/v1/demands?provider="+posp.Address{0xa2}.Hex(), 200), "total"), 0)
	v = get(t, srv, "/api/v1/demands?limit=2&provider="+posp.Address{0xa1}.Hex(), 200)
	equal(t, "the oldest", at(t, get(t, srv, "/api/v1/demands?limit=2&provider="+posp.Address{0xa1}.Hex()+"&before="+at(t, v, "next").(string), 200), "items", 0, "id"), posp.Hash{0xd7})
	for i, d := range append(w.asked[0], w.asked[1]...) {
		v = get(t, srv, "/api/v1/demands/"+d.ID.Hex(), 200)
		equal(t, "its sample", []any{at(t, v, "sampleId"), at(t, v, "sample", "id"), at(t, v, "sample", "demand", "id")}, []any{d.SampleID(), d.SampleID(), d.ID})
		a, err := sampler.AssignDemand(domain, d, beacon, w.table.Members, int(params.Committee))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "its committee", at(t, v, "sample", "committee"), a.Committee)
		equal(t, "its steps", []any{at(t, v, "timeline", 0, "step"), at(t, v, "timeline", 6, "step"), at(t, v, "timeline", 6, "done")}, []any{"request", "settle", i < 2})
		s := get(t, srv, "/api/v1/samples/"+d.SampleID().Hex(), 200)
		r := get(t, srv, "/api/v1/receipts/"+d.ReceiptHash.Hex(), 200)
		equal(t, "its receipt", []any{at(t, r, "state"), at(t, r, "demand", "id"), at(t, r, "leaf"), at(t, r, "sample", "id")}, []any{"on demand", d.ID, d.Leaf, at(t, s, "id")})
		equal(t, "what the receipt came to", []any{at(t, r, "verdict"), at(t, s, "verdict")}, [][]any{{"PASS", "PASS"}, {"FAIL", "FAIL"}, {"UNSAMPLED", nil}}[i])
		if i == 0 {
			equal(t, "its line", at(t, s, "lineIndex"), len(w.samples(0)))
			equal(t, "who was paid", []any{at(t, v, "credits", 0, "role"), at(t, v, "credits", 0, "amount"), at(t, v, "credits", 1, "role"), at(t, v, "credits", 1, "withdrawn")}, []any{"operator", "900000000000000", "buyer", nil})
			if at(t, v, "credits", 0, "withdrawn") == nil {
				t.Error("that the operator was paid out is not told")
			}
		}
		for q, kind := range map[string]string{d.ID.Hex(): "demand", d.SampleID().Hex(): "sample", d.ReceiptHash.Hex(): "receipt"} {
			equal(t, "search for "+q, at(t, get(t, srv, "/api/v1/search?q="+q, 200), "matches", 0, "kind"), kind)
		}
	}
	for path, want := range map[string]string{"epochs/0": "2 asked: 1 answers settled, 1 fees given back, 0 open", "epochs/1": "1 asked: 0 answers settled, 0 fees given back, 1 open", "batches/" + b.ID.Hex(): "3 asked: 1 answers settled, 1 fees given back, 1 open"} {
		v = get(t, srv, "/api/v1/"+path, 200)
		equal(t, "on demand in the timeline of "+path, []any{at(t, v, "timeline", 7, "step"), at(t, v, "timeline", 7, "says")}, []any{"on demand", want})
		if n := len(at(t, v, "demands").([]any)); n != int(want[0]-'0') {
			t.Errorf("%s lists %d demands: %s", path, n, want)
		}
	}

	v = get(t, srv, "/api/v1/faults", 200)
	charges := map[string]any{}
	for _, f := range at(t, v, "items").([]any) {
		charges[at(t, f, "kind").(string)] = f
	}
	for kind := posp.FaultStatistical; kind <= posp.FaultOmission; kind++ {
		if f := charges[kind.String()]; kind != posp.FaultFailConfirmed && strings.Contains(at(t, f, "reason").(string), "not know") {
			t.Errorf("%s: %v", kind, at(t, f, "reason"))
		}
	}
	equal(t, "what was slashed", at(t, charges["withholding"], "slash", "share"), .02)
	equal(t, "refunded", at(t, charges["withholding"], "pot", "refunded"), "250000000000000000")
	equal(t, "money in its history", at(t, charges["withholding"], "history", 1, "amount"), "2000000000000000000")
	equal(t, "jailed for", at(t, charges["operator-evidence"], "role"), "operator")
	equal(t, "what contests it", at(t, charges["statistical"], "disputes"), []posp.Hash{{0xe1}})
	equal(t, "what it follows from", at(t, charges["signed-falsehood"], "disputes"), []posp.Hash{{0xe1}})
	equal(t, "two receipts of one sequence", []any{at(t, charges["equivocation"], "sequence"), at(t, charges["equivocation"], "sampleId")}, []any{7, nil})
	equal(t, "a receipt that was left out", at(t, charges["omission"], "receipt"), posp.Hash{0x99})

	v = get(t, srv, "/api/v1/parameters", 200)
	equal(t, "rate", at(t, v, "economics", "terms", "rate"), .5)
	equal(t, "stake", at(t, v, "economics", "terms", "stake"), 4000)
	for i := range 3 {
		equal(t, "inequality", at(t, v, "economics", "inequalities", i, "withMargin"), true)
	}
	for q, kind := range map[string]string{"1": "epoch", posp.Address{0xa1}.Hex(): "provider", posp.Address{0xb1}.Hex(): "operator", b.ID.Hex(): "batch", w.sampleID(0, 0).Hex(): "sample",
		w.receipts[0][0].Digest(domain).Hex(): "receipt", posp.Hash{0xe1}.Hex(): "dispute", posp.Hash{0xf1}.Hex(): "charge"} {
		equal(t, "search for "+q, at(t, get(t, srv, "/api/v1/search?q="+q, 200), "matches", 0, "kind"), kind)
	}
	equal(t, "search for nothing", at(t, get(t, srv, "/api/v1/search?q="+posp.Hash{0xff}.Hex(), 200), "matches"), []any{})
}

// A deployment in which nothing has happened yet has answers too.
func TestNothingYet(t *testing.T) {
	_, srv := served(t, &world{block: 90})
	for _, path := range []string{"overview", "providers", "operators", "epochs", "disputes", "demands", "faults", "parameters"} {
		get(t, srv, "/api/v1/"+path, 200)
	}
}

// A fee can be had back once its epoch is void, or when the deadline has passed.
func TestFeesThatCanBeHadBack(t *testing.T) {
	for block, want := range map[uint64]string{schedule.CertifyDeadline(1): "requested", schedule.CertifyDeadline(1) + 1: "refundable"} {
		_, srv := served(t, played(false).on(block))
		equal(t, fmt.Sprintf("state in block %d", block), at(t, get(t, srv, "/api/v1/demands/"+posp.Hash{0xd8}.Hex(), 200), "state"), want)
	}
	w := played(false)
	w.emit(posp.Address{3}, attestation.GetABI(), "EpochCertified", uint64(1), posp.Hash{0xd1}, posp.Hash{0xd2}, posp.Hash{0xd3}, w.table.Root, uint64(5), big.NewInt(260), big.NewInt(340))
	end := schedule.CertifyDeadline(1) + schedule.ContestBlocks
	for _, block := range []uint64{end, end + 1} {
		_, srv := served(t, w.on(block))
		equal(t, fmt.Sprintf("state in block %d of one that is certified", block), at(t, get(t, srv, "/api/v1/demands/"+posp.Hash{0xd8}.Hex(), 200), "state"), map[bool]string{true: "answered", false: "refundable"}[block == end])
	}
}

// Whatever is taken away again leaves nothing behind: the index is that of the
// logs that are left, however they came.
func TestReorganisations(t *testing.T) {
	w := played(false)
	rapid.Check(t, func(r *rapid.T) {
		x := New(Config{Domain: domain, Parameters: params}, w, w, zap.NewNop())
		s := sink{x}
		next := schedule.Genesis
		take := func(to uint64) {
			var logs []types.Log
			for _, l := range w.logs {
				if l.BlockNumber >= next && l.BlockNumber <= to {
					logs = append(logs, l)
				}
			}
			if err := s.Take(context.Background(), chain.Span{From: next, To: to, Logs: logs}); err != nil {
				r.Fatal(err)
			}
			next = to + 1
		}
		for next <= w.block {
			if next > schedule.Genesis && rapid.IntRange(0, 2).Draw(r, "reorganised") == 0 {
				back := rapid.Uint64Range(schedule.Genesis, next-1).Draw(r, "to")
				if err := s.Take(context.Background(), chain.Span{Rewind: true, From: back, To: back - 1}); err != nil {
					r.Fatal(err)
				}
				next = back
			}
			take(rapid.Uint64Range(next, w.block).Draw(r, "block"))
		}
		straight := newIndex()
		for i := range w.logs {
			if err := straight.take(&w.logs[i]); err != nil {
				r.Fatal(err)
			}
		}
		if !reflect.DeepEqual(x.index, straight) {
			r.Fatal("the index differs from that of the same events without reorganisations")
		}
	})
}

// Old epochs are let go, and what was before them is still counted.
func TestOldEpochsAreLetGo(t *testing.T) {
	w := played(false)
	w.on(schedule.Start(30))
	x, srv := served(t, &world{block: w.block}, func(c *Config) { c.Epochs = 5 })
	if x.floor != 26 || x.index.standings[subject{posp.Address{0xa1}, spec.ID()}].now() != 3*verdict.Nat {
		t.Errorf("the first epoch is %d, the standings %v", x.floor, x.index.standings)
	}
	code, b, _ := ask(t, srv, http.MethodGet, "/api/v1/epochs/25", nil)
	if code != 404 || !strings.Contains(string(b), "epoch 26") {
		t.Errorf("an epoch that is not kept: %d %s", code, b)
	}
	// One that was kept, and is no more.
	x = New(Config{Domain: domain, Parameters: params, Epochs: 10}, w, w, zap.NewNop())
	if err := (sink{x}).Take(t.Context(), chain.Span{From: 100, To: schedule.Start(2), Logs: w.logs}); err != nil {
		t.Fatal(err)
	}
	if err := (sink{x}).Take(t.Context(), chain.Span{From: schedule.Start(2) + 1, To: schedule.Start(30)}); err != nil {
		t.Fatal(err)
	}
	if len(x.logs) != 0 || len(x.index.batches) != 0 || x.index.standings[subject{posp.Address{0xa1}, spec.ID()}].now() != 25*verdict.Nat {
		t.Errorf("%d logs and %d batches are left, standing %d", len(x.logs), len(x.index.batches), x.index.standings[subject{posp.Address{0xa1}, spec.ID()}].now())
	}
}

// What is wrong with a question is said, in one shape, with what to do.
func TestProblems(t *testing.T) {
	_, srv := served(t, played(false))
	for _, c := range []struct {
		method, path, body string
		status             int
		code, says         string
	}{
		{"GET", "/api/v1/epochs/x", "", 400, "invalid", "a number"},
		{"GET", "/api/v1/epochs/-1", "", 400, "invalid", "a number"},
		{"GET", "/api/v1/epochs/3", "", 404, "not_found", "still to come"},
		{"GET", "/api/v1/epochs?limit=0", "", 400, "invalid", "1 to 200"},
		{"GET", "/api/v1/epochs?limit=1e9", "", 400, "invalid", "1 to 200"},
		{"GET", "/api/v1/epochs?before=-2", "", 400, "invalid", "next"},
		{"GET", "/api/v1/batches/0x12", "", 400, "invalid", "64 hexadecimal"},
		{"GET", "/api/v1/batches/" + posp.Hash{9}.Hex(), "", 404, "not_found", "no batch"},
		{"GET", "/api/v1/samples/" + posp.Hash{9}.Hex(), "", 404, "not_found", "no sample"},
		{"GET", "/api/v1/receipts/" + posp.Hash{9}.Hex(), "", 404, "not_found", "paste"},
		{"GET", "/api/v1/disputes/" + posp.Hash{9}.Hex(), "", 404, "not_found", "no dispute"},
		{"GET", "/api/v1/providers/0x" + strings.Repeat("z", 40), "", 400, "invalid", "40 hexadecimal"},
		{"GET", "/api/v1/providers/" + posp.Address{9}.Hex(), "", 404, "not_found", "batch"},
		{"GET", "/api/v1/providers/" + strings.Repeat("a", 5000), "", 400, "invalid", "..."},
		{"GET", "/api/v1/search?q=hello", "", 400, "invalid", "no epoch"},
		{"GET", "/api/v1/search", "", 400, "invalid", "q must"},
		{"GET", "/api/v1/nothing", "", 404, "not_found", "openapi.json"},
		{"POST", "/api/v1/overview", "", 405, "method_not_allowed", "GET"},
		{"DELETE", "/api/v1/faults", "", 405, "method_not_allowed", "GET"},
		{"POST", "/api/v1/receipts", "", 400, "invalid", "nothing was pasted"},
		{"POST", "/api/v1/receipts", "hello, world", 400, "invalid", "base64"},
		{"POST", "/api/v1/receipts", "{", 400, "invalid", "not JSON"},
		{"POST", "/api/v1/receipts", "{}", 400, "invalid", "no provider"},
		{"POST", "/api/v1/receipts", `{"receipt":7}`, 400, "invalid", "not one"},
		{"POST", "/api/v1/receipts", strings.Repeat(" ", maxReceipt+1), 400, "invalid", "65536"},
	} {
		status, b, h := ask(t, srv, c.method, c.path, []byte(c.body))
		var p problem
		if err := json.Unmarshal(b, &p); err != nil || status != c.status || p.Error.Code != c.code || !strings.Contains(p.Error.Message, c.says) || h.Get("Content-Type") != "application/json" || len(b) > 600 {
			t.Errorf("%s %.80s: status %d, want %d; %.300s (%v), want %q about %q", c.method, c.path, status, c.status, b, err, c.code, c.says)
		}
		if status == 400 || status == 404 && !strings.Contains(c.path, "nothing") {
			documented(t, c.method, c.path, status, b, h)
		}
	}
	for path, status := range map[string]int{"/": 200, "/assets/explorer.js": 200, "/assets/../api.go": 404, "/assets/nothing.js": 404, "/etc/passwd": 404, "/assets/..%2fapi.go": 404} {
		if got, b, _ := ask(t, srv, http.MethodGet, path, nil); got != status {
			t.Errorf("%s: status %d, want %d: %.100s", path, got, status, b)
		}
	}
	if got, _, _ := ask(t, srv, http.MethodPost, "/", nil); got != 405 {
		t.Errorf("POST /: status %d", got)
	}
}

// When the chain cannot be read, what was read is still shown.
func TestAnOutage(t *testing.T) {
	w := played(false)
	x, srv := served(t, w)
	w.fail = errors.New("secret of the operator: the node's URL")
	equal(t, "what was read", at(t, get(t, srv, "/api/v1/overview", 200), "totals", "batches"), 2)
	b := get(t, srv, "/api/v1/samples/"+w.sampleID(0, 0).Hex(), 503)
	if s := fmt.Sprint(b); strings.Contains(s, "secret") {
		t.Errorf("it says what is not for everybody: %s", s)
	}
	if !x.head.synced {
		t.Error("it forgot what it read")
	}
}

// A receipt is told from all its ends.
func TestReceipts(t *testing.T) {
	w := played(false)
	_, srv := served(t, w)
	post := func(r any) map[string]any {
		b, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return checked(t, srv, http.MethodPost, "/api/v1/receipts", b, 200)
	}
	drawn := map[uint64]bool{}
	for i, s := range w.samples(0) {
		drawn[s.Leaf] = true
		v := post(w.receiptAt(0, s.Leaf))
		equal(t, "state and verdict", []any{at(t, v, "state"), at(t, v, "verdict"), at(t, v, "signature"), at(t, v, "proof", "verified")}, []any{"sampled", posp.Verdict(1 + i%4).String(), "valid", true})
	}
	for leaf := range uint64(leaves) {
		if drawn[leaf] {
			continue
		}
		asked := slices.ContainsFunc(append(w.asked[0], w.asked[1]...), func(d posp.Demand) bool { return d.Leaf == leaf })
		v := post(map[string]any{"choices": []any{}, "posp": map[string]any{"receipt": w.receiptAt(0, leaf)}})
		equal(t, "as a part alone", at(t, post(map[string]any{"receipt": w.receiptAt(0, leaf)}), "state"), at(t, v, "state"))
		equal(t, "where its proof is", at(t, v, "proofUrl"), fmt.Sprintf("http://before.example/posp/v1/proof/0/%d", leaf))
		if state := at(t, v, "state"); asked {
			equal(t, "state of one that was asked about", state, "on demand")
		} else {
			equal(t, "state and verdict", []any{state, at(t, v, "verdict"), at(t, v, "sample"), at(t, v, "demand")}, []any{"unsampled", "UNSAMPLED", nil, nil})
		}
	}
	leaf := w.samples(0)[0].Leaf
	header, _ := json.Marshal(w.receiptAt(0, leaf))
	for _, text := range []string{base64.StdEncoding.EncodeToString(header), "Posp-Receipt: " + base64.StdEncoding.EncodeToString(header)} {
		equal(t, "header", at(t, checked(t, srv, http.MethodPost, "/api/v1/receipts", []byte(text), 200), "state"), "sampled")
	}
	other := w.receiptAt(0, leaf)
	other.OutputHash = posp.Hash{99}
	v := post(other)
	equal(t, "another receipt at its place", []any{at(t, v, "state"), at(t, v, "verdict"), at(t, v, "signature"), at(t, v, "proof", "verified")}, []any{"omitted", "UNSAMPLED", "wrong", true})
	bare := w.receiptAt(0, leaf)
	bare.Signature = nil
	equal(t, "without a signature", at(t, post(bare), "signature"), "none")
	beyond := w.receiptAt(0, leaf)
	beyond.Sequence = 5 * leaves
	equal(t, "beyond the batch", at(t, post(beyond), "state"), "omitted")
	stranger := w.receiptAt(0, leaf)
	stranger.Provider = posp.Address{0x99}
	equal(t, "of no batch, of a closed epoch", []any{at(t, post(stranger), "state"), at(t, post(stranger), "signature")}, []any{"omitted", "unknown"})
	stranger.Epoch = 2
	equal(t, "of no batch, of one that is open", at(t, post(stranger), "state"), "not committed")
	equal(t, "drawn, and not judged", []any{at(t, post(w.receiptAt(1, w.samples(1)[0].Leaf)), "state"), at(t, post(w.receiptAt(1, w.samples(1)[0].Leaf)), "verdict")}, []any{"sampled", "UNSAMPLED"})
}

// No token of a prompt or an answer is in any answer, whatever the spec.
func TestNoTextIsShown(t *testing.T) {
	for _, secret := range []bool{false, true} {
		w := played(secret)
		_, srv := served(t, w)
		paths := []string{"overview", "providers", "faults", "disputes", "disputes/" + posp.Hash{0xe1}.Hex(), "disputes/" + posp.Hash{0xe2}.Hex(), "batches/" + w.batch(0).ID.Hex()}
		for i := range w.samples(0) {
			paths = append(paths, "samples/"+w.sampleID(0, uint64(i)).Hex(), "receipts/"+w.receipts[0][i].Digest(domain).Hex())
		}
		for _, path := range paths {
			_, b, _ := ask(t, srv, http.MethodGet, "/api/v1/"+path, nil)
			for _, token := range []string{"424242", "434343", "454545", "67932", "6ef91"} { // decimal, and as the chain has them
				if strings.Contains(string(b), token) {
					t.Errorf("%s shows token %s", path, token)
				}
			}
		}
	}
}

// Browsers are told to run and to load nothing but what is served here.
func TestHeaders(t *testing.T) {
	_, srv := served(t, &world{block: 90})
	for _, path := range []string{"/", "/assets/explorer.js", "/api/v1/overview", "/api/v1/nothing", "/nothing"} {
		_, _, h := ask(t, srv, http.MethodGet, path, nil)
		csp := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || strings.Contains(csp, "http") || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
	_, page, h := ask(t, srv, http.MethodGet, "/", nil)
	if h.Get("ETag") == "" || h.Get("Cache-Control") != "no-cache" {
		t.Errorf("the page is cached wrongly: %v", h)
	}
	for _, bad := range []string{"<style", "style=", "onclick", "onerror", "javascript:", "<script>", "http://", "https://"} {
		if bytes.Contains(page, []byte(bad)) {
			t.Errorf("the page contains %q", bad)
		}
	}
	r, _ := http.NewRequest(http.MethodGet, srv.URL+"/", nil)
	r.Header.Set("If-None-Match", h.Get("ETag"))
	res, err := srv.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNotModified {
		t.Errorf("what a browser has is sent again: %d", res.StatusCode)
	}
}

// One address cannot use up what is there for all, and few streams are all.
func TestLimits(t *testing.T) {
	_, srv := served(t, played(false), func(c *Config) { c.PeerRate, c.PeerBurst = 1e-9, 5 })
	for i := range 6 {
		code, b, h := ask(t, srv, http.MethodGet, "/api/v1/overview", nil)
		if refused := code == 429; refused != (i == 5) || refused && (h.Get("Retry-After") == "" || !strings.Contains(string(b), `"exhausted"`)) {
			t.Errorf("request %d: status %d: %.100s", i, code, b)
		}
	}
}

func TestStreams(t *testing.T) {
	w := played(false)
	x, srv := served(t, w, func(c *Config) { c.Streams, c.Heartbeat = 2, 50*time.Millisecond })
	open := func() (*http.Response, int) {
		res, err := srv.Client().Get(srv.URL + "/api/v1/events")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { res.Body.Close() })
		return res, res.StatusCode
	}
	first, _ := open()
	_, _ = open()
	if _, code := open(); code != 503 {
		t.Errorf("a third stream of two: status %d", code)
	}
	// Streams take no seats of questions, however many there are.
	get(t, srv, "/api/v1/overview", 200)
	lines := bufio.NewScanner(first.Body)
	until := func(words string) string {
		for lines.Scan() {
			if strings.Contains(lines.Text(), words) {
				return lines.Text()
			}
		}
		t.Fatalf("the stream ended before %q: %v", words, lines.Err())
		return ""
	}
	until(fmt.Sprintf(`"block":%d`, w.block))
	until(": alive")
	x.hub.publish(change{Block: 999, Topics: []string{"faults"}})
	if got := until(`"block":999`); got != `data: {"block":999,"time":0,"topics":["faults"]}` {
		t.Errorf("the change is %s", got)
	}

	// No address keeps another out: who has fewer takes a seat of who has most, and
	// who has as many as any does not.
	peer := func(i byte) netip.Prefix { return netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, i}), 32) }
	full := newHub(6)
	var greedy []*reader
	for range 5 {
		r, ok := full.enter(peer(1))
		if !ok {
			t.Fatal("an empty hub has no seat")
		}
		greedy = append(greedy, r)
	}
	out := func() (n int) {
		for _, r := range greedy {
			select {
			case <-r.out:
				n++
			default:
			}
		}
		return n
	}
	for i, want := range []struct {
		peer byte
		ok   bool
		out  int
	}{{2, true, 0}, {1, false, 0}, {2, true, 1}, {3, true, 2}, {2, false, 2}, {3, true, 3}, {2, false, 3}, {1, false, 3}, {4, true, 4}} {
		if _, ok := full.enter(peer(want.peer)); ok != want.ok || out() != want.out || len(full.readers) > 6 {
			t.Errorf("reader %d, of address %d: seated %v, want %v; %d of the first address were put out, want %d; %d seats are taken", i, want.peer, ok, want.ok, out(), want.out, len(full.readers))
		}
	}
	select {
	case <-greedy[0].out: // the oldest of them first
	default:
		t.Error("the oldest reader stayed")
	}

	// Who does not read is told that all has changed, and holds nobody up.
	h := newHub(1)
	r, _ := h.enter(netip.Prefix{})
	<-r.changes
	for i := range 100 {
		h.publish(change{Block: uint64(i), Topics: []string{"faults"}})
	}
	for range cap(r.changes) {
		<-r.changes
	}
	h.publish(change{Block: 100, Topics: []string{"epochs"}})
	if c := <-r.changes; c.Block != 100 || !slices.Equal(c.Topics, []string{"all"}) {
		t.Errorf("who lost changes is told %v", c)
	}
	h.publish(change{Block: 101, Topics: []string{"epochs"}})
	if c := <-r.changes; !slices.Equal(c.Topics, []string{"epochs"}) {
		t.Errorf("who has caught up is told %v", c)
	}
}

// What a reader is sent once is small: the page with all that it loads.
func TestSize(t *testing.T) {
	files, err := pageFiles.ReadDir("page")
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	t.Logf("%d files, %d bytes", len(files), total)
	if total >= 200_000 {
		t.Errorf("the page has %d bytes, and may have 200,000", total)
	}
}

// Whatever is pasted is a receipt or one clear error.
func FuzzParseReceipt(f *testing.F) {
	b, _ := json.Marshal(played(false).receiptAt(0, 1))
	f.Add(b)
	f.Add([]byte(base64.StdEncoding.EncodeToString(b)))
	f.Add([]byte(`{"receipt":` + string(b) + `}`))
	f.Add([]byte("posp-receipt: e30="))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseReceipt(b)
		if err != nil {
			if _, ok := errors.AsType[*posp.ValidationError](err); !ok {
				t.Fatalf("not a clear error: %v", err)
			}
			return
		}
		if r.Provider == (posp.Address{}) {
			t.Fatal("a receipt without a provider was taken")
		}
	})
}

// Bundles take seconds each. Those who wait for one leave room for questions.
func TestBundlesDoNotTakeAllSeats(t *testing.T) {
	w := played(false)
	begun, end := make(chan struct{}, 8), make(chan struct{})
	_, srv := served(t, w, func(c *Config) {
		c.Concurrent = 8
		c.Bundle = func(context.Context, uint64, Part) (io.Reader, error) {
			begun <- struct{}{}
			<-end
			return strings.NewReader("a bundle"), nil
		}
	})
	path := "/api/v1/samples/" + w.sampleID(0, 0).Hex() + "/bundle"
	made := make(chan int, 4)
	for range 4 {
		go func() {
			status, _, _ := ask(t, srv, http.MethodGet, path, nil)
			made <- status
		}()
		<-begun
	}
	if status, b, h := ask(t, srv, http.MethodGet, path, nil); status != http.StatusServiceUnavailable || h.Get("Retry-After") == "" {
		t.Errorf("one bundle more: status %d: %s", status, b)
	}
	get(t, srv, "/api/v1/overview", http.StatusOK)
	close(end)
	for range 4 {
		if status := <-made; status != http.StatusOK {
			t.Errorf("a bundle that was being made: status %d", status)
		}
	}
}
