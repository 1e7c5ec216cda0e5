package explorer

import (
	"bytes"
	"context"
	"crypto/ecdsa"

	"encoding/json"

	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
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
	secret   bool                            // the samples are of the private spec
	fail     error
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
func (w *world) Provider(_ context.Context, a posp.Address) (posp.ProviderInfo, bool, error) {
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
	return chain.Rates{Rate: posp.Rate{RatePpm: 500_000, KMin: 2}, NewProviderBatches: 1}, w.fail
}
func (w *world) Penalties(context.Context) (chain.Penalties, error) {
	return chain.Penalties{StatisticalWad: chain.Wad / 2, WithholdingWad: chain.Wad / 50, WithholdingCapWad: chain.Wad / 2, OperatorWad: chain.Wad / 10}, w.fail
}
func (w *world) DisputeStakes(context.Context) (posp.DisputeStakes, bool, error) {
	return posp.DisputeStakes{Bond: uint256.NewInt(1e17), ChallengeBlocks: 40, MoveBlocks: 30}, true, w.fail
}
func (w *world) Token(context.Context) (chain.Token, error) {
	return chain.Token{Symbol: "<b>EIGEN</b>", Decimals: 18}, w.fail
}

func (w *world) Progress(context.Context, uint64) (Progress, error) {
	return Progress{Phase: "derived", Committed: []posp.Address{{0xb1}}, Revealed: []posp.Address{}, Signed: []posp.Address{}}, w.fail
}
func (w *world) Lines(_ context.Context, epoch uint64) (r posp.Result, lines []posp.SampleResult, ok bool, err error) {
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

// shape is a model's, of which nothing here depends.
var shape = func() contracts.Arch {
	one := big.NewInt(1)
	return contracts.Arch{Hidden: one, Layers: one, Heads: one, KvHeads: one, HeadDim: one, Ffn: one, Vocab: one, Eps: one}
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

func (w *world) sampleID(epoch, ordinal uint64) posp.Hash { return w.samples(epoch)[ordinal].SampleID }

// played is a deployment in which everything happened that the contracts have
// events of: epoch 0 is certified, with charges and disputes, epoch 1 drawn,
// epoch 2 serving.
func played(secret bool) *world {
	w := &world{block: 90, receipts: map[uint64][]posp.SignedReceipt{}, secret: secret}
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
	w.on(105).emit(at(1), reg, "ProviderRegistered", q, posp.Address{9}, hostile)
	for e := range uint64(2) {
		b := w.batch(e)
		w.on(schedule.Close(e)-5).emit(at(2), ops, "TableSnapshot", big.NewInt(int64(w.block)), w.table.Root, total, contracts.G1Point{X: big.NewInt(1), Y: big.NewInt(2)}, members)
		w.on(schedule.Close(e)-2).emit(at(1), reg, "BatchCommitted", b.ID, b.Provider, e, b.FirstSequence, b.Root, b.LeafCount, b.Rate.RatePpm, b.Rate.KMin)
		if e == 0 {
			w.on(schedule.BeaconBlock(0)+1).emit(at(1), reg, "BeaconFixed", uint64(0), big.NewInt(int64(schedule.BeaconBlock(0))), beacon)
			for _, s := range w.samples(0) {
				w.receipts[0] = append(w.receipts[0], w.receiptAt(0, s.Leaf))
			}
			k := uint32(len(w.receipts[0]))
			w.on(schedule.CommitDeadline(0)+5).emit(at(3), att, "BatchJudged", b.ID, p, uint64(0), k, uint32(1), uint32(1), uint32(1), k-3)
			w.emit(at(3), att, "StandingChanged", p, spec.ID(), uint64(0), uint64(25*verdict.Nat))
			w.emit(at(3), att, "StandingChanged", posp.Address{0xb2}, posp.Hash{}, uint64(0), uint64(21*verdict.Nat))
			first, second, third := posp.Hash{0xf1}, posp.Hash{0xf2}, posp.Hash{0xf3}
			ends := big.NewInt(int64(w.block + 30))
			w.emit(at(4), man, "FaultRecorded", first, p, uint64(0), uint8(posp.FaultStatistical), b.ID, spec.ID(), ends)
			w.emit(at(4), man, "FaultRecorded", second, p, uint64(0), uint8(posp.FaultWithholding), b.ID, w.sampleID(0, 1), ends)
			w.emit(at(4), man, "FaultRecorded", third, posp.Address{0xb2}, uint64(0), uint8(posp.FaultOperatorEvidence), posp.Hash{}, posp.Hash{}, ends)
			w.emit(at(3), att, "EpochCertified", uint64(0), posp.Hash{0xd1}, posp.Hash{0xd2}, posp.Hash{0xd3}, w.table.Root, uint64(k), big.NewInt(260), total)
			id, other := posp.Hash{0xe1}, posp.Address{0xcc}
			a := contracts.Assertion{Asserter: p, Charge: first, TraceRoot: posp.Hash{0x77}, Program: contracts.Program{Arch: shape, PromptTokens: big.NewInt(2), OutputTokens: big.NewInt(2)}}
			s := contracts.Subject{SampleId: w.sampleID(0, 2), Provider: p, BatchId: b.ID, SpecId: spec.ID(), Rule: 1, Certified: uint8(posp.Fail), CertifiedLogE: 9 * verdict.Nat, Verdict: uint8(posp.Pass), LogE: -verdict.Nat}
			w.on(w.block+1).emit(at(5), pub, "Contested", id, p, posp.Hash(s.SampleId), a, s, []byte{0, 6, 0x79, 0x32}, []byte{0, 6, 0xef, 0x91}, []byte{1, 2}, ends)
			w.emit(at(4), man, "FaultHeld", first, uint16(1))
			w.on(w.block+1).emit(at(5), pub, "Challenged", id, other, uint8(12), ends)
			w.on(w.block+1).emit(at(5), pub, "Revealed", id, other, [][32]byte{{1}, {2}}, ends)
			w.on(w.block+1).emit(at(5), pub, "Picked", id, other, posp.Hash{3}, uint64(2), uint32(0), uint32(0), uint8(7), ends)
			w.on(w.block+1).emit(at(5), pub, "Picked", id, other, posp.Hash{3}, uint64(70), uint32(3), uint32(9), uint8(0), ends)
			w.on(w.block+1).emit(at(5), pub, "Shown", id, other, []byte{1, 2, 3}, ends)
			w.on(w.block+1).emit(at(5), pub, "Named", id, other, uint8(4), ends)
			w.on(w.block+1).emit(at(5), pub, "GameOver", id, other, false)
			w.on(w.block+1).emit(at(5), pub, "Concluded", id, uint8(posp.AssertionStood))
			w.emit(at(4), man, "FaultReduced", first, posp.Hash(s.SampleId), uint64(0))
			w.emit(at(4), man, "FaultCleared", first, p)
			a.Asserter, s.Certified, s.Verdict = other, uint8(posp.Pass), uint8(posp.Fail)
			w.emit(at(6), privateGame.GetABI(), "PrivatelyContested", posp.Hash{0xe2}, other, posp.Hash(s.SampleId), a, s, posp.Hash{8}, posp.Hash{9}, []byte{1}, ends)
			w.on(w.block+40).emit(at(4), man, "FaultExecuted", second, p, big.NewInt(1), big.NewInt(chain.Wad/50), big.NewInt(2_000_000_000_000_000_000))
			w.emit(at(7), pot, "PotOpened", second, b.ID, big.NewInt(1), big.NewInt(2_000_000_000_000_000_000))
			w.on(w.block+3).emit(at(7), pot, "PotCollected", second, big.NewInt(2_000_000_000_000_000_000))
			w.emit(at(7), pot, "Refunded", second, posp.Address{0xdd}, uint64(1), big.NewInt(250_000_000_000_000_000))
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
		Contracts: chain.Addresses{BatchRegistry: posp.Address{1}, OperatorTable: posp.Address{2}, AttestationRegistry: posp.Address{3}, FaultManager: posp.Address{4}, DisputeGame: posp.Address{5}, PrivateDisputeGame: posp.Address{6}, RefundPool: posp.Address{7}},
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
	router, err := legacy.NewRouter(document, openapi3.DisableExamplesValidation())
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, bytes.NewReader(body))
	req.Header.Set("Content-Type", "text/plain")
	route, params, err := router.FindRoute(req)
	if err != nil {
		t.Fatalf("%s %s is not in the document: %v", method, path, err)
	}
	in := &openapi3filter.RequestValidationInput{Request: req, PathParams: params, Route: route}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: got, Header: h, Options: &openapi3filter.Options{IncludeResponseStatus: true}}
	out.SetBodyBytes(b)
	if err := openapi3filter.ValidateResponse(t.Context(), out); err != nil {
		t.Fatalf("%s %s is not as the document says: %v", method, path, err)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
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
	served := []string{"GET /events", "GET /openapi.json", "GET /samples/{id}/bundle"}
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

// Each answer is as the document says, and says what happened.
func TestAnswers(t *testing.T) {
	w := played(false)
	_, srv := served(t, w)
	b := w.batch(0)

	v := get(t, srv, "/api/v1/overview", 200)
	equal(t, "receipts", at(t, v, "totals", "receipts"), 2*leaves)
	equal(t, "verdicts", []any{at(t, v, "totals", "passed"), at(t, v, "totals", "failed"), at(t, v, "totals", "samples")}, []int{1, 1, 4})
	equal(t, "charges", at(t, v, "totals", "faults"), map[string]int{"open": 1, "cleared": 1, "executed": 1})
	equal(t, "disputes", at(t, v, "totals", "disputes"), map[string]int{"pending": 1, "stood": 1, "fallen": 0})
	equal(t, "slashed", at(t, v, "totals", "slashed"), "2000000000000000000")
	equal(t, "epoch", at(t, v, "clock", "epoch"), 2)
	equal(t, "phases", []any{at(t, v, "epochs", 0, "phase"), at(t, v, "epochs", 1, "phase"), at(t, v, "epochs", 2, "phase")}, []string{"serving", "recomputing", "final"})

	v = get(t, srv, "/api/v1/providers", 200)
	equal(t, "providers", at(t, v, "total"), 2)
	equal(t, "the hostile URL", at(t, v, "items", 1, "url"), hostile)
	equal(t, "the URL that was registered before", at(t, v, "items", 0, "url"), "http://before.example")
	equal(t, "standing", at(t, v, "items", 0, "standings", 0, "nats"), 25)

	v = get(t, srv, "/api/v1/providers/0xA100000000000000000000000000000000000000", 200)
	equal(t, "model", at(t, v, "standings", 0, "model", "name"), "demo")
	equal(t, "history", at(t, v, "history", 0, "samples"), 4)
	equal(t, "jailed", at(t, v, "jailed"), false) // cleared; withholding jails nobody
	equal(t, "charges that stand", at(t, v, "faults"), 1)

	v = get(t, srv, "/api/v1/operators", 200)
	equal(t, "the heaviest", at(t, v, "operators", 0, "address"), w.table.Members[0].Operator)
	equal(t, "signed and missed", []any{at(t, v, "operators", 0, "signed"), at(t, v, "operators", 1, "missed"), at(t, v, "operators", 1, "jailed")}, []any{1, 1, true})

	v = get(t, srv, "/api/v1/epochs?limit=2", 200)
	equal(t, "newest", at(t, v, "items", 0, "epoch"), 2)
	v = get(t, srv, "/api/v1/epochs?limit=2&before="+at(t, v, "next").(string), 200)
	equal(t, "oldest", at(t, v, "items", 0, "epoch"), 0)
	equal(t, "the end", at(t, v, "next"), nil)

	v = get(t, srv, "/api/v1/epochs/0", 200)
	equal(t, "beacon", at(t, v, "beacon", "value"), beacon)
	equal(t, "non-signers", at(t, v, "certificate", "nonSigners"), []posp.Address{w.table.Members[1].Operator})
	for i := range 7 {
		equal(t, "step "+at(t, v, "timeline", i, "step").(string), at(t, v, "timeline", i, "done"), true)
	}
	v = get(t, srv, "/api/v1/epochs/2", 200)
	equal(t, "nothing is certified", at(t, v, "certificate"), nil)
	equal(t, "nothing is committed", at(t, v, "timeline", 0, "done"), false)

	v = get(t, srv, "/api/v1/batches/"+b.ID.Hex()+"?limit=3", 200)
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
	for _, m := range at(t, v, "moves").([]any) {
		moves = append(moves, at(t, m, "move").(string))
	}
	equal(t, "moves", at(t, v, "status"), "stood")
	if want := []string{"contest", "challenge", "reveal", "pick", "pick", "show", "name", "game over", "conclude"}; !slices.Equal(moves, want) {
		t.Errorf("moves are %q, want %q", moves, want)
	}
	equal(t, "game", at(t, v, "gameList", 0, "outcome"), "the assertion held")
	equal(t, "path", at(t, v, "gameList", 0, "path"), "row 70, block 3 of 9")

	v = get(t, srv, "/api/v1/faults", 200)
	equal(t, "what was slashed", at(t, v, "items", 1, "slash", "share"), .02)
	equal(t, "refunded", at(t, v, "items", 1, "pot", "refunded"), "250000000000000000")
	equal(t, "jailed for", at(t, v, "items", 0, "role"), "operator")

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
	for _, path := range []string{"overview", "providers", "operators", "epochs", "disputes", "faults", "parameters"} {
		get(t, srv, "/api/v1/"+path, 200)
	}
}
