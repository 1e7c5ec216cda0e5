package chaos

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// clean is a history in which everything is used and nothing is wrong.
func clean() history {
	op := posp.Address{1}
	var all []message
	for i, duty := range []string{"commitments", "reveals", "certificate"} {
		all = append(all, message{op, 3, duty, posp.Hash{byte(i + 1)}, false})
	}
	sent := slices.Clone(all)
	for i := range sent {
		sent[i].accepted = true
	}
	// What was sent again and refused, or got no answer, is neither here nor there.
	sent = append(sent, all[1])
	return history{
		sent: sent, archived: slices.Clone(all), signed: slices.Clone(all),
		held:      []held{{0, 3, posp.Hash{8}}, {1, 3, posp.Hash{9}}, {1, 3, posp.Hash{9}}},
		recorded:  map[uint64]posp.Hash{0: {8}, 1: {9}, 2: {10}},
		committed: map[uint64]posp.Hash{0: {8}, 1: {9}, 2: {10}},
		intents:   []intent{{"gas", 1, "submit 3", []posp.Hash{{0x21}, {0x22}}}, {"gas", 2, "", []posp.Hash{{0x23}}}, {"gas", 3, "", []posp.Hash{{0x24}}}},
		mined: []transaction{{posp.Hash{0x22}, "gas", "submit", false}, {posp.Hash{0x23}, "gas", "snapshot", true}, {posp.Hash{0x24}, "gas", "snapshot", true},
			{posp.Hash{0x25}, "provider", "submit", false}},
		verdicts: map[posp.Verdict]int{posp.Pass: 3, posp.Inconclusive: 1},
		stake:    map[string][2]string{"provider": {"100", "100"}},
		money:    [2]string{"5", "5"},
		epochs:   []epochOutcome{{3, "none", 100, 100, 20, 0}, {5, "none", 300, 320, 20, 0}},
		lives:    []life{{"operator-1", 2, 1, []string{"exit status 1: posp: chain: connection refused"}, "all is well"}},
	}
}

// Each rule finds each violation planted for it, alone, and none in a history
// without.
func TestRulesFindPlantedViolations(t *testing.T) {
	if v := judge(clean()); len(v) > 0 {
		t.Fatalf("in a clean history: %q", v)
	}
	evil := posp.Hash{0xee}
	for _, c := range []struct {
		rule, name string
		plant      func(*history)
	}{
		{"no lost accepted evidence", "commitments are gone", func(h *history) { h.archived = h.archived[1:] }},
		{"no lost accepted evidence", "a share is gone", func(h *history) { h.archived = h.archived[:2] }},
		{"no lost accepted evidence", "it is filed under another epoch", func(h *history) {
			h.archived[0].epoch++
			m := h.archived[0]
			h.signed = append(h.signed, m)
		}},
		{"no lost accepted evidence", "a receipt is not in the ledger", func(h *history) { delete(h.recorded, 1) }},
		{"no lost accepted evidence", "another receipt is in the batch", func(h *history) { h.committed[0] = evil }},
		{"no lost accepted evidence", "a receipt was never committed", func(h *history) { delete(h.committed, 0) }},
		{"no double signature", "two commitments were sent, one refused", func(h *history) {
			m := h.signed[0]
			m.digest = evil
			h.sent = append(h.sent, m)
		}},
		{"no double signature", "the guard holds two", func(h *history) {
			m := h.signed[2]
			m.digest = evil
			h.signed = append(h.signed, m)
		}},
		{"no double signature", "the guard does not know of one", func(h *history) { h.signed = h.signed[1:] }},
		{"no double signature", "the aggregator kept another one", func(h *history) {
			m := h.archived[1]
			m.digest = evil
			h.archived = append(h.archived, m)
		}},
		{"no double signature", "two receipts of one sequence", func(h *history) {
			h.held[2].digest = evil
			h.recorded[1], h.committed[1] = evil, evil
			h.held = h.held[1:]
		}},
		{"no double payment", "an intent was executed under two nonces", func(h *history) {
			h.mined = append(h.mined, transaction{posp.Hash{0x21}, "gas", "submit otherwise", false})
		}},
		{"no double payment", "one call was paid for twice", func(h *history) {
			h.mined = append(h.mined, transaction{posp.Hash{0x26}, "gas", "submit", false})
		}},
		{"no double payment", "the market paid out twice", func(h *history) { h.money[1] = "6" }},
		{"no wrong fault", "a charge", func(h *history) { h.charges = append(h.charges, posp.FaultOperatorEvidence) }},
		{"no wrong fault", "withholding by one who was there", func(h *history) { h.charges = append(h.charges, posp.FaultWithholding) }},
		{"no wrong fault", "a sample fails", func(h *history) { h.verdicts[posp.Fail] = 1 }},
		{"no wrong fault", "a sample is withheld", func(h *history) { h.verdicts[posp.Unavailable] = 1 }},
		{"no wrong fault", "jailed", func(h *history) { h.jailed = []string{"provider"} }},
		{"no wrong fault", "slashed", func(h *history) { h.stake["provider"] = [2]string{"100", "98"} }},
		{"certified when possible", "never", func(h *history) { h.epochs[0].certified = 0 }},
		{"certified when possible", "a block too late", func(h *history) { h.epochs[1].certified++ }},
		{"no crash of its own", "a panic", func(h *history) { h.lives[0].log += "\npanic: assignment to entry in nil map\n" }},
		{"no crash of its own", "it ends and does not say why", func(h *history) { h.lives[0].exits = append(h.lives[0].exits, "exit status 2: ") }},
	} {
		h := clean()
		h.verdicts, h.stake = maps.Clone(h.verdicts), maps.Clone(h.stake)
		c.plant(&h)
		found := judge(h)
		if len(found) == 0 {
			t.Errorf("%s: nobody finds that %s", c.rule, c.name)
		}
		for _, v := range found {
			if !strings.HasPrefix(v, c.rule+": ") && c.name != "two receipts of one sequence" {
				t.Errorf("%s (%s) is also found as %q", c.name, c.rule, v)
			}
		}
		if !slices.ContainsFunc(found, func(v string) bool { return strings.HasPrefix(v, c.rule+": ") }) {
			t.Errorf("%s does not find that %s: %q", c.rule, c.name, found)
		}
	}
	// What is excused is no violation; what is not, beside it, is.
	h := clean()
	h.charges, h.verdicts[posp.Unavailable] = []posp.FaultKind{posp.FaultWithholding}, 2
	h.excused = map[posp.FaultKind]string{posp.FaultWithholding: "it was away for the whole window"}
	if v := judge(h); len(v) > 0 {
		t.Errorf("excused: %q", v)
	}
	h.charges = append(h.charges, posp.FaultStatistical)
	if v := judge(h); len(v) != 1 {
		t.Errorf("not excused: %q", v)
	}
}

// Of one account's like transactions, snapshots and cancellations alone may be many.
func TestWhatMayBePaidTwice(t *testing.T) {
	from, table, snapshot := posp.Address{1}, posp.Address{2}, contracts.NewOperatorTable().PackSnapshot()
	for _, c := range []struct {
		name   string
		to     posp.Address
		wei    int64
		data   []byte
		repeat bool
	}{
		{"a snapshot", table, 0, snapshot, true},
		{"a cancellation", from, 0, nil, true},
		{"another call", table, 0, []byte{1, 2, 3, 4}, false},
		{"another call that begins alike", table, 0, append(slices.Clone(snapshot), 0), false},
		{"a payment to itself", from, 1, nil, false},
		{"a call of itself", from, 0, []byte{1, 2, 3, 4}, false},
		{"nothing, to somebody", table, 0, nil, false},
	} {
		h := clean()
		for nonce := range uint64(2) {
			tx := types.NewTx(&types.DynamicFeeTx{Nonce: nonce, To: &c.to, Value: big.NewInt(c.wei), Data: c.data})
			h.mined = append(h.mined, minedBy("gas", from, tx))
		}
		if found := judge(h); len(found) == 0 != c.repeat {
			t.Errorf("%s, twice: %q", c.name, found)
		}
	}
}
