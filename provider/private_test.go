package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/proof-of-sampling/posp"
)

// Under a private spec every receipt has a trace seed of its own; the buyer and the sampled operators get it with the
// text, and no log has it.
func TestPrivateReceipts(t *testing.T) {
	r := newRig(t)
	core, logged := observer.New(zap.DebugLevel)
	r.log = zap.New(core)
	private := spec
	private.ReferenceVersion = posp.HiddenReference + strings.Repeat("ab", 32)
	r.cfg.Models["small"] = private
	seeds := map[posp.Hash]bool{}
	for range 6 {
		got := r.post("/v1/completions", greedyCompletion)
		if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
			t.Fatalf("%v in %s", err, got.body)
		}
		a, b := got.posp.Request.TraceSeed, got.posp.Output.TraceSeed
		if _, err := posp.TraceSeed(a); err != nil || a != b || seeds[a] {
			t.Fatalf("trace seeds %x and %x: %v", a, b, err)
		}
		if got.posp.Receipt.SpecID != private.ID() {
			t.Fatal("another spec")
		}
		seeds[a] = true
	}
	r.chain.at(schedule.Start(1))
	r.tick()
	b, ok, err := r.chain.BatchOf(t.Context(), address, 0)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	r.chain.at(schedule.CommitDeadline(0) + 1)
	opened := 0
	for _, k := range r.keys {
		for leaf := range uint64(6) {
			status, _, body := r.ask("/posp/v1/openings", request(k, b.ID, leaf))
			if status != http.StatusOK {
				continue
			}
			var o posp.Opening
			if err := json.Unmarshal(body, &o); err != nil {
				t.Fatal(err)
			}
			if err := o.Matches(); err != nil || !seeds[o.Request.TraceSeed] || o.Output.TraceSeed != o.Request.TraceSeed {
				t.Errorf("leaf %d: %v, seed %x", leaf, err, o.Request.TraceSeed)
			}
			opened++
		}
	}
	if opened == 0 {
		t.Error("nobody is in a committee: the test tests nothing")
	}
	if logged.Len() == 0 {
		t.Error("nothing is logged: the test tests nothing")
	}
	for _, line := range logged.All() {
		text := fmt.Sprint(line.Message, line.ContextMap())
		for seed := range seeds {
			if strings.Contains(text, seed.Hex()[2:]) {
				t.Fatalf("a trace seed is logged: %s", line.Message)
			}
		}
	}
}

// A public spec's receipts have none.
func TestPublicReceiptsHaveNoTraceSeed(t *testing.T) {
	r := newRig(t)
	got := r.post("/v1/completions", greedyCompletion)
	if got.posp.Request.TraceSeed != (posp.Hash{}) || got.posp.Output.TraceSeed != (posp.Hash{}) || bytes.Contains(got.body, []byte("traceSeed")) {
		t.Errorf("%s", got.body)
	}
}

// What is drawn is an element of the field, and not zero; what is neither is drawn again.
func TestTraceSeedIsDrawnFromTheField(t *testing.T) {
	var order [32]byte
	fr.Modulus().FillBytes(order[:])
	last := new(big.Int).Sub(fr.Modulus(), big.NewInt(1)).FillBytes(make([]byte, 32))
	source := bytes.NewReader(bytes.Join([][]byte{make([]byte, 32), order[:], bytes.Repeat([]byte{0xff}, 32), last}, nil))
	seed, err := drawTraceSeed(source)
	if err != nil || !bytes.Equal(seed[:], last) {
		t.Errorf("%x, %v", seed, err)
	}
	if _, err := drawTraceSeed(source); err == nil {
		t.Error("a seed without randomness")
	}
}
