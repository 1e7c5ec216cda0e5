package provider

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/store"
)

var (
	domain = posp.Domain{ChainID: 31337, Registry: posp.Address{0xba, 0x7c}}
	spec   = posp.ModelSpec{Precision: "f32", EngineClass: "float", SamplingRule: "posp-gumbel-v1", VocabSize: 64, EOS: 2, ContextLimit: 128}
	// Epoch e serves in [100+10e, 110+10e) and closes 4 blocks after.
	schedule = posp.Schedule{Genesis: 100, EpochBlocks: 10, GraceBlocks: 4, BeaconDelay: 2, CommitBlocks: 5, RevealBlocks: 5, CertifyBlocks: 5, ContestBlocks: 5}
	key      = mustKey(1)
	address  = posp.Address{0x09}
	start    = time.Unix(1_763_800_000, 0)
)

func mustKey(n byte) *ecdsa.PrivateKey {
	k, err := crypto.ToECDSA(append(make([]byte, 31), n))
	if err != nil {
		panic(err)
	}
	return k
}

func addressOf(k *ecdsa.PrivateKey) posp.Address { return crypto.PubkeyToAddress(k.PublicKey) }

// chain is a BatchRegistry in memory, with its rules. before is called first by
// every method, with its name, and can fail it; after CommitBatch has taken
// effect it is called once more, with "CommitBatch done".
type chain struct {
	mu      sync.Mutex
	block   uint64
	batches []posp.BatchRecord // contiguous
	table   posp.Table
	noTable bool
	rate    posp.Rate
	keyAt   func(epoch uint64) posp.Address // nil: one for all
	before  func(method string) error
	demands []posp.Demand
}

func (c *chain) enter(method string) error {
	if c.before != nil {
		return c.before(method)
	}
	return nil
}

func (c *chain) Block(context.Context) (uint64, error) {
	err := c.enter("Block")
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.block, err
}

func (c *chain) at(block uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.block = block
}

func (c *chain) next() uint64 {
	if len(c.batches) == 0 {
		return 0
	}
	last := c.batches[len(c.batches)-1]
	return last.FirstSequence + last.LeafCount
}

func (c *chain) NextSequence(context.Context, posp.Address) (uint64, error) {
	err := c.enter("NextSequence")
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.next(), err
}

func (c *chain) CommitBatch(_ context.Context, b posp.Batch) error {
	if err := c.enter("CommitBatch"); err != nil {
		return err
	}
	if err := func() error {
		epoch := b.Epoch
		c.mu.Lock()
		defer c.mu.Unlock()
		switch {
		case c.block < schedule.Start(epoch) || c.block >= schedule.Close(epoch):
			return errors.New("reverted: outside of the epoch's window")
		case b.Provider != address:
			return errors.New("reverted: not permitted")
		case b.FirstSequence != c.next() || b.LeafCount == 0:
			return errors.New("reverted: not contiguous")
		case len(c.batches) > 0 && c.batches[len(c.batches)-1].Epoch >= epoch:
			return errors.New("reverted: epoch has a batch")
		}
		c.batches = append(c.batches, posp.BatchRecord{ID: b.ID(domain), Batch: b, Rate: c.rate})
		return nil
	}(); err != nil {
		return err
	}
	return c.enter("CommitBatch done")
}

func (c *chain) Provider(_ context.Context, provider posp.Address, epoch uint64) (posp.ProviderInfo, bool, error) {
	err := c.enter("Provider")
	c.mu.Lock()
	defer c.mu.Unlock()
	info := posp.ProviderInfo{Provider: provider, ReceiptKey: addressOf(key)}
	if c.keyAt != nil {
		info.ReceiptKey = c.keyAt(epoch)
	}
	return info, info.ReceiptKey != posp.Address{}, err
}

func (c *chain) BatchOf(_ context.Context, provider posp.Address, epoch uint64) (posp.BatchRecord, bool, error) {
	err := c.enter("BatchOf")
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, b := range c.batches {
		if b.Epoch == epoch && provider == address {
			return b, true, err
		}
	}
	return posp.BatchRecord{}, false, err
}

func (c *chain) Demand(_ context.Context, id posp.Hash) (posp.Demand, bool, error) {
	err := c.enter("Demand")
	for _, d := range c.demands {
		if d.ID == id {
			return d, true, err
		}
	}
	return posp.Demand{}, false, err
}

func (c *chain) Beacon(_ context.Context, epoch uint64) (posp.Hash, bool, error) {
	err := c.enter("Beacon")
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.block < schedule.BeaconBlock(epoch) {
		return posp.Hash{}, false, err
	}
	return crypto.Keccak256Hash([]byte{byte(epoch)}), true, err
}

func (c *chain) Table(context.Context, uint64) (posp.Table, bool, error) {
	return c.table, !c.noTable, c.enter("Table")
}

// operators have keys 10, 11, ... and one of them is the provider itself.
func operators(n int) (keys []*ecdsa.PrivateKey, t posp.Table) {
	for i := range n {
		keys = append(keys, mustKey(byte(10+i)))
	}
	slices.SortFunc(keys, func(a, b *ecdsa.PrivateKey) int { return addressOf(a).Cmp(addressOf(b)) })
	t.Members = []posp.Member{{Operator: address, Weight: uint256.NewInt(1000)}}
	for _, k := range keys {
		t.Members = append(t.Members, posp.Member{Operator: addressOf(k), Weight: uint256.NewInt(100)})
	}
	slices.SortFunc(t.Members, func(a, b posp.Member) int { return a.Operator.Cmp(b.Operator) })
	return keys, t
}

// keySigner remembers what it signed.
type keySigner struct {
	other  *ecdsa.PrivateKey // beside key
	mu     sync.Mutex
	signed []posp.Hash
	before func() error
}

func (s *keySigner) Sign(_ context.Context, who posp.Address, digest posp.Hash) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.before != nil {
		if err := s.before(); err != nil {
			return nil, err
		}
	}
	s.signed = append(s.signed, digest)
	secret := key
	if who != addressOf(key) {
		if secret = s.other; secret == nil || who != addressOf(secret) {
			return nil, errors.New("no such key")
		}
	}
	sig, err := crypto.Sign(digest[:], secret)
	if err == nil {
		sig[64] += 27
	}
	return sig, err
}

// server speaks vLLM's dialect as recorded in testdata/vllm: every answer is
// "func main" with tokens 11 12 2 after a prompt of tokens 1 5 6 7.
type server struct {
	mu   sync.Mutex
	body map[string]any // of the last request
	edit func(answer string) string
	test *testing.T
}

func fixture(t testing.TB, name string) string {
	b, err := os.ReadFile(filepath.Join("testdata", "vllm", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v1/models" {
		io.WriteString(w, `{"object":"list","data":[{"id":"small"}]}`)
		return
	}
	body := map[string]any{}
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	if err := d.Decode(&body); err != nil {
		http.Error(w, "bad JSON", http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	s.body = body
	s.mu.Unlock()
	name := "completion"
	if strings.HasSuffix(r.URL.Path, "/chat/completions") {
		name = "chat"
	}
	if body["stream"] == true {
		w.Header().Set("Content-Type", "text/event-stream")
		name += ".sse"
	} else {
		w.Header().Set("Content-Type", "application/json")
		name += ".json"
	}
	answer := fixture(s.test, name)
	if s.edit != nil {
		answer = s.edit(answer)
	}
	io.WriteString(w, answer)
}

func (s *server) last() map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.body
}

// rig is a provider with everything around it.
type rig struct {
	*Provider
	t        testing.TB
	chain    *chain
	signer   *keySigner
	upstream *server
	db       *sql.DB
	url      string // of the provider
	keys     []*ecdsa.PrivateKey
}

func newRig(t *testing.T) *rig {
	t.Helper()
	db, err := store.Open(t.Context(), store.Memory, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	r := &rig{t: t, db: db, signer: &keySigner{}, upstream: &server{test: t}, chain: &chain{block: 100, rate: posp.Rate{RatePpm: 300_000, KMin: 2}}}
	r.keys, r.chain.table = operators(6)
	up := httptest.NewServer(r.upstream)
	t.Cleanup(up.Close)
	r.Provider = r.provider(db, up.URL)
	srv := httptest.NewServer(r.Handler())
	t.Cleanup(srv.Close)
	r.url = srv.URL
	return r
}

func (r *rig) provider(db *sql.DB, upstream string) *Provider {
	u, err := url.Parse(upstream)
	if err != nil {
		r.t.Fatal(err)
	}
	p, err := New(Config{
		Upstream: u, Provider: address, Domain: domain, Models: map[string]posp.ModelSpec{"small": spec},
		Parameters: posp.Parameters{Schedule: schedule, Committee: 3},
	}, r.chain, r.signer, db, func() time.Time { return start }, zap.NewNop())
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// reply is what a buyer got.
type reply struct {
	status  int
	header  http.Header
	trailer http.Header
	body    []byte
	fields  map[string]json.RawMessage // of a whole answer
	posp    Attachment
}

// post sends a request and reads the answer, streamed or not.
func (r *rig) post(path, body string, header ...string) reply {
	r.t.Helper()
	req, err := http.NewRequest("POST", r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	got := reply{status: res.StatusCode, header: res.Header}
	if got.body, err = io.ReadAll(res.Body); err != nil {
		r.t.Fatal(err)
	}
	got.trailer = res.Trailer
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		for line := range bytes.Lines(got.body) {
			if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok && bytes.Contains(data, []byte(`"posp":`)) {
				if err := json.Unmarshal(data, &got.fields); err != nil {
					r.t.Fatalf("event %s: %v", data, err)
				}
			}
		}
	} else if err := json.Unmarshal(got.body, &got.fields); err != nil {
		return got
	}
	if raw := got.fields["posp"]; raw != nil {
		if err := json.Unmarshal(raw, &got.posp); err != nil {
			r.t.Fatalf("posp field %s: %v", raw, err)
		}
	}
	return got
}

const greedyCompletion = `{"model":"small","prompt":"x","temperature":0}`

// buy gets an answer and its receipt.
func (r *rig) buy() posp.SignedReceipt {
	r.t.Helper()
	got := r.post("/v1/completions", greedyCompletion)
	if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
		r.t.Fatalf("%v in %s", err, got.body)
	}
	return *got.posp.Receipt
}

func nonceOf(r reply) posp.Hash {
	if r.posp.Receipt == nil {
		return posp.Hash{}
	}
	return r.posp.Receipt.ClientNonce
}

// tick is one look at the chain.
func (r *rig) tick() {
	r.t.Helper()
	if err := r.step(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

// check verifies what must hold at every moment of what buyers hold and what
// the chain has: no two receipts for a sequence, none of an epoch whose batch
// is on chain without it.
func check(t testing.TB, c *chain, held []posp.SignedReceipt) {
	t.Helper()
	bySequence := map[uint64]posp.Hash{}
	for _, s := range held {
		d := s.Digest(domain)
		if other, ok := bySequence[s.Sequence]; ok && other != d {
			t.Fatalf("two receipts for sequence %d", s.Sequence)
		}
		bySequence[s.Sequence] = d
		for _, b := range c.batches {
			if b.Epoch == s.Epoch && (s.Sequence < b.FirstSequence || s.Sequence >= b.FirstSequence+b.LeafCount) {
				t.Fatalf("receipt %d of epoch %d is not in that epoch's batch [%d, %d)", s.Sequence, s.Epoch, b.FirstSequence, b.FirstSequence+b.LeafCount)
			}
		}
	}
}

// checkProved verifies that every receipt stands in its epoch's batch on chain.
func checkProved(t testing.TB, c *chain, p *Provider, held []posp.SignedReceipt) {
	t.Helper()
	check(t, c, held)
	for _, s := range held {
		b, ok, _ := c.BatchOf(context.Background(), address, s.Epoch)
		if !ok {
			t.Fatalf("epoch %d of receipt %d has no batch", s.Epoch, s.Sequence)
		}
		tree, err := p.ledger.tree(context.Background(), b.Batch)
		if err != nil {
			t.Fatal(err)
		}
		leaf := s.Sequence - b.FirstSequence
		proof, err := tree.Proof(leaf)
		if err != nil {
			t.Fatal(err)
		}
		if err := merkle.Verify(b.Root, s.Digest(domain), leaf, b.LeafCount, proof); err != nil {
			t.Fatal(err)
		}
	}
}
