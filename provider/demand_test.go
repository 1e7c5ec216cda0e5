package provider

import (
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

// What a buyer asked about on chain is opened to the committee of the epoch
// that answers, in that epoch's phases, and to nobody else; and no other leaf
// is.
func TestDemandsAreOpenedToTheirCommittee(t *testing.T) {
	r, b, held := sampledRig(t, 6)
	const epoch, leaf = 2, 4
	demand := posp.Demand{ID: posp.DemandID(domain.ChainID, posp.Address{0x0d}, epoch, held[leaf].Digest(domain)), Epoch: epoch, Leaf: leaf, Batch: b}
	r.chain.demands = []posp.Demand{demand}
	r.chain.at(schedule.BeaconBlock(epoch))
	beacon, _, _ := r.chain.Beacon(t.Context(), epoch)
	a, err := sampler.AssignDemand(domain, demand, beacon, r.chain.table.Members, 3)
	if err != nil || len(a.Committee) != 3 {
		t.Fatal(a, err)
	}
	given := 0
	for _, k := range append(r.keys, mustKey(77)) {
		status, reason, body := r.ask("/posp/v1/openings", request(k, demand.ID, leaf))
		if !slices.Contains(a.Committee, addressOf(k)) {
			if status != http.StatusForbidden || reason != ReasonNotAssigned {
				t.Errorf("to %s: %d %s", addressOf(k), status, body)
			}
			continue
		}
		var o posp.Opening
		if err := json.Unmarshal(body, &o); status != http.StatusOK || err != nil || o.Matches() != nil || o.Leaf != leaf || o.Receipt.Digest(domain) != held[leaf].Digest(domain) {
			t.Fatalf("to %s: %d %s", addressOf(k), status, body)
		}
		given++
		if status, reason, _ := r.ask("/posp/v1/openings", request(k, demand.ID, leaf+1)); status != http.StatusForbidden || reason != ReasonNotSampled {
			t.Errorf("another leaf: %d %s", status, reason)
		}
		if status, reason, _ := r.ask("/posp/v1/openings", request(k, posp.Hash{9}, leaf)); status != http.StatusNotFound || reason != ReasonUnknownBatch {
			t.Errorf("a demand that nobody made: %d %s", status, reason)
		}
		if status, reason, _ := r.ask("/posp/v1/evidence", request(k, demand.ID, leaf)); status != http.StatusTooEarly || reason != ReasonTooEarly {
			t.Errorf("evidence before the others committed: %d %s", status, reason)
		}
	}
	if given != 3 {
		t.Fatalf("opened to %d of 3", given)
	}
	k := r.keys[slices.IndexFunc(r.keys, func(x *ecdsa.PrivateKey) bool { return addressOf(x) == a.Committee[0] })]
	r.chain.at(schedule.BeaconBlock(epoch) - 1)
	if status, reason, _ := r.ask("/posp/v1/openings", request(k, demand.ID, leaf)); status != http.StatusTooEarly || reason != ReasonTooEarly {
		t.Errorf("before the beacon: %d %s", status, reason)
	}
	r.chain.at(schedule.CommitDeadline(epoch) + 1)
	var part posp.EvidencePart
	if status, _, body := r.ask("/posp/v1/evidence", request(k, demand.ID, leaf)); status != http.StatusOK || json.Unmarshal(body, &part) != nil || part.Hash() != held[leaf].EvidenceHash {
		t.Errorf("evidence: %d %s", status, body)
	}
	// What another provider is asked about is not this one's to open.
	r.chain.demands[0].Batch.Provider = posp.Address{1}
	if status, reason, _ := r.ask("/posp/v1/openings", request(k, demand.ID, leaf)); status != http.StatusNotFound || reason != ReasonUnknownBatch {
		t.Errorf("another's demand: %d %s", status, reason)
	}
	r.chain.before = func(method string) error {
		if method == "Demand" {
			return errors.New("secret of the inside")
		}
		return nil
	}
	if status, reason, _ := r.ask("/posp/v1/openings", request(k, demand.ID, leaf)); status != http.StatusServiceUnavailable || reason != ReasonChain {
		t.Errorf("chain away: %d %s", status, reason)
	}
}
