package provider

import (
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

func request(k *ecdsa.PrivateKey, batch posp.Hash, leaf uint64) posp.OpenRequest {
	r := posp.OpenRequest{BatchID: batch, Leaf: leaf, Operator: addressOf(k)}
	d := r.Digest(domain)
	r.Signature, _ = crypto.Sign(d[:], k)
	return r
}

// ask returns the status, the reason of a refusal, and the body.
func (r *rig) ask(path string, req any) (int, Reason, []byte) {
	r.t.Helper()
	body, err := json.Marshal(req)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.askRaw(path, string(body))
}

func (r *rig) askRaw(path, body string) (int, Reason, []byte) {
	r.t.Helper()
	res, err := http.Post(r.url+path, "application/json", strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	var e struct{ Error Problem }
	json.Unmarshal(b, &e)
	return res.StatusCode, e.Error.Code, b
}

// sampledRig has one batch of n receipts of epoch 0 on chain.
func sampledRig(t *testing.T, n int) (*rig, posp.BatchRecord, []posp.SignedReceipt) {
	r := newRig(t)
	var held []posp.SignedReceipt
	for range n {
		held = append(held, r.buy())
	}
	r.chain.at(schedule.Start(1))
	r.tick()
	b, ok, _ := r.chain.BatchOf(t.Context(), address, 0)
	if !ok {
		t.Fatal("no batch")
	}
	return r, b, held
}

// Every operator asks for every leaf; exactly those get it whom the sampler's
// forward direction names.
func TestOpeningsGoToTheCommitteeOfASampleOnly(t *testing.T) {
	const n = 10
	r, b, held := sampledRig(t, n)
	r.chain.at(schedule.CommitDeadline(0) + 1)
	beacon, _, _ := r.chain.Beacon(t.Context(), 0)
	seed := posp.Seed(domain, 0, b.ID, beacon)
	draw, err := sampler.New(seed, n, 3) // 30 % of 10, above kMin 2
	if err != nil {
		t.Fatal(err)
	}
	type pair struct {
		leaf     uint64
		operator posp.Address
	}
	owed := map[pair]bool{}
	for j, leaf := range draw.All() {
		committee, err := sampler.Committee(seed, j, r.chain.table.Members, []posp.Address{address}, 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range committee {
			owed[pair{leaf, r.chain.table.Members[i].Operator}] = true
		}
	}
	given := 0
	for _, k := range append(r.keys, mustKey(77)) { // the last is no operator
		for leaf := range uint64(n + 1) {
			for _, path := range []string{"/posp/v1/openings", "/posp/v1/evidence"} {
				status, reason, body := r.ask(path, request(k, b.ID, leaf))
				if !owed[pair{leaf, addressOf(k)}] {
					if status != http.StatusForbidden || (reason != ReasonNotSampled && reason != ReasonNotAssigned) {
						t.Fatalf("leaf %d to %s: %d %s", leaf, addressOf(k), status, body)
					}
					continue
				}
				if status != http.StatusOK {
					t.Fatalf("leaf %d withheld from %s: %d %s", leaf, addressOf(k), status, body)
				}
				given++
				receipt := held[leaf]
				if path == "/posp/v1/evidence" {
					var part posp.EvidencePart
					if err := json.Unmarshal(body, &part); err != nil || part.Hash() != receipt.EvidenceHash {
						t.Fatalf("evidence %s: %v", body, err)
					}
					continue
				}
				var o posp.Opening
				if err := json.Unmarshal(body, &o); err != nil {
					t.Fatal(err)
				}
				if err := o.Matches(); err != nil || o.Receipt.Digest(domain) != receipt.Digest(domain) || o.Leaf != leaf {
					t.Fatalf("opening %s: %v", body, err)
				}
				if by, err := o.Receipt.Signer(domain); err != nil || by != addressOf(key) {
					t.Fatalf("signed by %s, %v", by, err)
				}
				if err := merkle.Verify(b.Root, o.Receipt.Digest(domain), leaf, n, o.Proof); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if given != 2*3*3 {
		t.Errorf("%d parts given", given)
	}
}

// owedLeaf is a sampled leaf and the key of one of its committee.
func owedLeaf(t *testing.T, r *rig, b posp.BatchRecord) (uint64, *ecdsa.PrivateKey) {
	t.Helper()
	beacon := crypto.Keccak256Hash([]byte{byte(b.Epoch)})
	seed := posp.Seed(domain, b.Epoch, b.ID, beacon)
	draw, _ := sampler.New(seed, b.LeafCount, sampler.Count(b.LeafCount, b.Rate))
	leaf, _ := draw.Leaf(0)
	committee, _ := sampler.Committee(seed, 0, r.chain.table.Members, []posp.Address{address}, 3)
	for _, k := range r.keys {
		if addressOf(k) == r.chain.table.Members[committee[0]].Operator {
			return leaf, k
		}
	}
	t.Fatal("no key")
	return 0, nil
}

func TestPhasesOfAnOpening(t *testing.T) {
	r, b, _ := sampledRig(t, 5)
	leaf, k := owedLeaf(t, r, b)
	for block := schedule.Start(1); block < schedule.CommitDeadline(0)+3; block++ {
		r.chain.at(block)
		for path, from := range map[string]uint64{"/posp/v1/openings": schedule.BeaconBlock(0), "/posp/v1/evidence": schedule.CommitDeadline(0) + 1} {
			status, reason, body := r.ask(path, request(k, b.ID, leaf))
			if block >= from && status != http.StatusOK {
				t.Errorf("block %d: %s refused: %s", block, path, body)
			}
			if block < from && (status != http.StatusTooEarly || reason != ReasonTooEarly || strings.Contains(string(body), "salt")) {
				t.Errorf("block %d: %s: %d %s", block, path, status, body)
			}
		}
	}
}

func TestOpeningsRefused(t *testing.T) {
	r, b, _ := sampledRig(t, 5)
	leaf, k := owedLeaf(t, r, b)
	r.chain.at(schedule.CommitDeadline(0) + 1)
	good := request(k, b.ID, leaf)
	with := func(change func(*posp.OpenRequest)) posp.OpenRequest {
		q := good
		q.Signature = append([]byte(nil), good.Signature...)
		change(&q)
		return q
	}
	elsewhere := good
	d := posp.OpenDigest(posp.Domain{ChainID: 1, Registry: domain.Registry}, b.ID, leaf, good.Operator)
	elsewhere.Signature, _ = crypto.Sign(d[:], k)
	for name, c := range map[string]struct {
		req    any
		status int
		want   Reason
	}{
		"another's name":       {with(func(q *posp.OpenRequest) { q.Operator = addressOf(mustKey(77)) }), 403, ReasonBadSignature},
		"another leaf":         {with(func(q *posp.OpenRequest) { q.Leaf++ }), 403, ReasonBadSignature},
		"another chain":        {elsewhere, 403, ReasonBadSignature},
		"short signature":      {with(func(q *posp.OpenRequest) { q.Signature = q.Signature[:64] }), 403, ReasonBadSignature},
		"signature of zeros":   {with(func(q *posp.OpenRequest) { clear(q.Signature) }), 403, ReasonBadSignature},
		"unknown batch":        {request(k, posp.Hash{7}, leaf), 404, ReasonUnknownBatch},
		"a field more":         {map[string]any{"batchId": b.ID, "leaf": leaf, "operator": good.Operator, "signature": good.Signature, "x": 1}, 400, ReasonBadRequest},
		"a field less":         {map[string]any{"batchId": b.ID, "operator": good.Operator, "signature": good.Signature}, 400, ReasonBadRequest},
		"a negative leaf":      {map[string]any{"batchId": b.ID, "leaf": -1, "operator": good.Operator, "signature": good.Signature}, 400, ReasonBadRequest},
		"a list":               {[]int{1}, 400, ReasonBadRequest},
		"more than a kilobyte": {strings.Repeat("x", 2000), 400, ReasonBadRequest},
	} {
		status, reason, body := r.ask("/posp/v1/openings", c.req)
		if status != c.status || reason != c.want {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	// A batch that was sealed but is not on chain, or another one is.
	saved := r.chain.batches
	r.chain.batches = nil
	if status, reason, _ := r.ask("/posp/v1/openings", good); status != 404 || reason != ReasonUnknownBatch {
		t.Errorf("batch not on chain: %d %s", status, reason)
	}
	r.chain.batches = saved
	r.chain.noTable = true
	if status, reason, _ := r.ask("/posp/v1/openings", good); status != http.StatusTooEarly || reason != ReasonTooEarly {
		t.Errorf("no table: %d %s", status, reason)
	}
	r.chain.noTable = false
	for _, m := range []string{"Block", "BatchOf", "Table", "Beacon"} {
		r.chain.before = func(method string) error {
			if method == m {
				return errors.New("secret of the inside")
			}
			return nil
		}
		status, reason, body := r.ask("/posp/v1/openings", good)
		if status != http.StatusServiceUnavailable || reason != ReasonChain || strings.Contains(string(body), "secret") {
			t.Errorf("%s fails: %d %s", m, status, body)
		}
	}
	r.chain.before = nil
	if status, _, body := r.ask("/posp/v1/openings", good); status != 200 {
		t.Errorf("after all that: %s", body)
	}
}

func TestOperatorIsLimitedAndOthersAreNot(t *testing.T) {
	r, b, _ := sampledRig(t, 5)
	now := start
	r.limits = limits{rate: 3, now: func() time.Time { return now }}
	leaf, k := owedLeaf(t, r, b)
	r.chain.at(schedule.CommitDeadline(0) + 1)
	for i := range 5 {
		status, reason, _ := r.ask("/posp/v1/openings", request(k, b.ID, leaf))
		if (i < 3) != (status == 200) || i >= 3 && (status != 429 || reason != ReasonRateLimited) {
			t.Errorf("request %d: %d %s", i, status, reason)
		}
	}
	for _, other := range r.keys {
		if status, _, _ := r.ask("/posp/v1/openings", request(other, b.ID, leaf)); other != k && status == 429 {
			t.Error("another operator is limited")
		}
	}
	r.ask("/posp/v1/openings", request(mustKey(77), b.ID, leaf))
	if len(r.limits.per) != len(r.keys) {
		t.Errorf("%d limiters for %d operators", len(r.limits.per), len(r.keys))
	}
	now = now.Add(time.Second)
	if status, _, _ := r.ask("/posp/v1/openings", request(k, b.ID, leaf)); status != 200 {
		t.Errorf("a second later: %d", status)
	}
}

// A crash between record and sign leaves a receipt without a signature; who is
// owed its opening gets it signed.
func TestUnsignedReceiptIsSignedWhenOpened(t *testing.T) {
	r := newRig(t)
	r.signer.before = func() error { return errors.New("killed") }
	for range 4 {
		r.post("/v1/completions", greedyCompletion)
	}
	r.signer.before = nil
	r.chain.at(schedule.Start(1))
	r.tick()
	b := r.chain.batches[0]
	leaf, k := owedLeaf(t, r, b)
	r.chain.at(schedule.BeaconBlock(0))
	var first, second posp.Opening
	for _, o := range []*posp.Opening{&first, &second} {
		if status, _, body := r.ask("/posp/v1/openings", request(k, b.ID, leaf)); status != 200 || json.Unmarshal(body, o) != nil {
			t.Fatalf("%d %s", status, body)
		}
	}
	if by, err := first.Receipt.Signer(domain); err != nil || by != addressOf(key) {
		t.Errorf("signed by %s, %v", by, err)
	}
	if len(r.signer.signed) != 1 || string(first.Receipt.Signature) != string(second.Receipt.Signature) {
		t.Errorf("signed %d times", len(r.signer.signed))
	}
}

// A receipt whose batch was missed is opened in the one that it stands in, by
// the receipt key of that one's epoch, whichever signed it first, or if none
// did.
func TestALateReceiptIsOpenedWhereItStands(t *testing.T) {
	old := mustKey(2)
	for name, rotated := range map[string]bool{"one key": false, "another key since": true} {
		for _, unsigned := range []bool{false, true} {
			r := newRig(t)
			if rotated {
				r.signer.other = old
				r.chain.keyAt = func(epoch uint64) posp.Address {
					if epoch == 0 {
						return addressOf(old)
					}
					return addressOf(key)
				}
			}
			if unsigned {
				r.signer.before = func() error { return errors.New("killed") }
				r.post("/v1/completions", greedyCompletion)
				r.signer.before = nil
			} else if got := r.post("/v1/completions", greedyCompletion); got.posp.Receipt == nil {
				t.Fatalf("%+v", got.posp.Error)
			}
			r.signer.other = nil          // the old key is thrown away
			r.chain.at(schedule.Close(0)) // missed
			r.tick()
			r.buy()
			r.chain.at(schedule.Start(2))
			r.tick()
			b, ok, _ := r.chain.BatchOf(t.Context(), address, 1)
			if !ok || b.LeafCount != 2 {
				t.Fatalf("%s: %+v", name, r.chain.batches)
			}
			r.chain.at(schedule.BeaconBlock(1))
			opened := 0
			for _, k := range r.keys {
				for leaf := range b.LeafCount {
					status, _, body := r.ask("/posp/v1/openings", request(k, b.ID, leaf))
					if status != http.StatusOK {
						continue
					}
					opened++
					var o posp.Opening
					if err := json.Unmarshal(body, &o); err != nil {
						t.Fatal(err)
					}
					if o.Receipt.Epoch != leaf { // the first is of epoch 0
						t.Errorf("%s: leaf %d is of epoch %d", name, leaf, o.Receipt.Epoch)
					}
					if err := verdict.VerifyOpening(domain, b.Batch, leaf, addressOf(key), o); err != nil {
						t.Errorf("%s, unsigned %v: leaf %d: %v", name, unsigned, leaf, err)
					}
				}
			}
			if opened < 2 {
				t.Errorf("%s: %d openings were served", name, opened)
			}
		}
	}
}

func TestProofsAreForAnybody(t *testing.T) {
	r, b, held := sampledRig(t, 5)
	get := func(path string) (int, Reason, []byte) {
		res, err := http.Get(r.url + "/posp/v1/proof/" + path)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		var e struct{ Error Problem }
		json.Unmarshal(body, &e)
		return res.StatusCode, e.Error.Code, body
	}
	for _, s := range held {
		status, _, body := get(fmt.Sprintf("%d/%d", s.Epoch, s.Sequence))
		var p Proof
		if status != 200 || json.Unmarshal(body, &p) != nil || p.BatchID != b.ID || p.ReceiptHash != s.Digest(domain) {
			t.Fatalf("%d %s", status, body)
		}
		if err := merkle.Verify(b.Root, p.ReceiptHash, p.Leaf, b.LeafCount, p.Proof); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]Reason{"0/5": ReasonNotFound, "1/5": ReasonUnknownBatch, "x/1": ReasonBadRequest,
		"0/-1": ReasonBadRequest, "0/99999999999999999999": ReasonBadRequest} {
		if status, reason, body := get(path); status/100 != 4 || reason != want {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	// Many epochs' trees are not kept.
	for epoch := uint64(1); epoch < 8; epoch++ {
		r.chain.at(schedule.Start(epoch))
		s := r.buy()
		r.chain.at(schedule.Start(epoch + 1))
		r.tick()
		if status, _, body := get(fmt.Sprintf("%d/%d", epoch, s.Sequence)); status != 200 {
			t.Fatalf("%s", body)
		}
		r.chain.at(schedule.Close(epoch))
		r.tick()
	}
	if len(r.trees.kept) != keptTrees {
		t.Errorf("%d trees kept", len(r.trees.kept))
	}
}

// The client that operators use understands what is served.
func TestOperatorsClient(t *testing.T) {
	r, b, held := sampledRig(t, 5)
	leaf, k := owedLeaf(t, r, b)
	client := transport.NewOpenings(transport.OpeningsConfig{})
	r.chain.at(schedule.BeaconBlock(0))
	o, err := client.Opening(t.Context(), r.url, request(k, b.ID, leaf))
	if err != nil || o.Matches() != nil || o.Receipt.Digest(domain) != held[leaf].Digest(domain) {
		t.Errorf("%+v, %v", o, err)
	}
	var invalid *posp.ValidationError
	if _, err := client.Evidence(t.Context(), r.url, request(k, b.ID, leaf)); err == nil || errors.As(err, &invalid) {
		t.Errorf("evidence before its time: %v", err) // a refusal, not a provider's lie
	}
	r.chain.at(schedule.CommitDeadline(0) + 1)
	e, err := client.Evidence(t.Context(), r.url, request(k, b.ID, leaf))
	if err != nil || e.Hash() != held[leaf].EvidenceHash {
		t.Errorf("%+v, %v", e, err)
	}
}
