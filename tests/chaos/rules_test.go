package chaos

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
)

// A rule says what in a history must not be. Rules are pure: each is shown
// histories that break it, and one that does not, in planted_test.go.
type rule struct {
	name  string
	check func(history) []string
}

var rules = []rule{
	{"no lost accepted evidence", noLostEvidence},
	{"no double signature", noDoubleSignature},
	{"no double payment", noDoublePayment},
	{"no wrong fault", noWrongFault},
	{"certified when possible", certifiedWhenPossible},
	{"no crash of its own", noCrash},
}

// judge applies all rules.
func judge(h history) (violations []string) {
	for _, r := range rules {
		for _, v := range r.check(h) {
			violations = append(violations, r.name+": "+v)
		}
	}
	return violations
}

// What the aggregator acknowledged it has; what a buyer holds is in the
// provider's ledger and in a batch.
func noLostEvidence(h history) (bad []string) {
	archive := map[message]bool{}
	for _, m := range h.archived {
		m.accepted = true
		archive[m] = true
	}
	for _, m := range h.sent {
		if m.accepted && !archive[m] {
			bad = append(bad, fmt.Sprintf("%s %s of %s in epoch %d were acknowledged and are not there", m.duty, m.digest, m.operator, m.epoch))
		}
	}
	for _, r := range h.held {
		if h.recorded[r.sequence] != r.digest {
			bad = append(bad, fmt.Sprintf("a buyer holds receipt %d, which is not in the provider's ledger", r.sequence))
		}
		if h.committed[r.sequence] != r.digest {
			bad = append(bad, fmt.Sprintf("a buyer holds receipt %d of epoch %d, which is in no batch", r.sequence, r.epoch))
		}
	}
	return bad
}

// For each duty of an operator there is one digest, wherever a signature or the
// record of one was seen; and one receipt for each sequence.
func noDoubleSignature(h history) (bad []string) {
	type duty struct {
		operator posp.Address
		epoch    uint64
		name     string
	}
	first := map[duty]posp.Hash{}
	guarded := map[message]bool{}
	for _, m := range h.signed {
		m.accepted = false
		guarded[m] = true
	}
	for _, m := range slices.Concat(h.signed, h.sent, h.archived) {
		d := duty{m.operator, m.epoch, m.duty}
		if before, seen := first[d]; seen && before != m.digest {
			bad = append(bad, fmt.Sprintf("%s signed %s and %s for the %s of epoch %d", m.operator, before, m.digest, m.duty, m.epoch))
		}
		first[d] = m.digest
		m.accepted = false
		if !guarded[m] {
			bad = append(bad, fmt.Sprintf("%s signed %s for the %s of epoch %d, which its guard does not know", m.operator, m.digest, m.duty, m.epoch))
		}
	}
	receipts := map[uint64]posp.Hash{}
	for _, r := range h.held {
		if before, seen := receipts[r.sequence]; seen && before != r.digest {
			bad = append(bad, fmt.Sprintf("two receipts of sequence %d", r.sequence))
		}
		receipts[r.sequence] = r.digest
	}
	return bad
}

// Of the transactions that execute an intent one is mined at most; and no
// account pays twice for the same call.
func noDoublePayment(h history) (bad []string) {
	mined := map[posp.Hash]bool{}
	calls := map[string]posp.Hash{}
	for _, t := range h.mined {
		mined[t.hash] = true
		key := t.from + " " + t.call
		if before, twice := calls[key]; twice && before != t.hash && !t.repeats {
			bad = append(bad, fmt.Sprintf("%s paid for one call twice, in %s and %s", t.from, before, t.hash))
		}
		calls[key] = t.hash
	}
	for _, i := range h.intents {
		n := 0
		for _, a := range i.attempts {
			if mined[a] {
				n++
			}
		}
		if n > 1 {
			bad = append(bad, fmt.Sprintf("intent %d of %s (%s) was executed %d times", i.id, i.account, i.name, n))
		}
	}
	if h.money[0] != h.money[1] {
		bad = append(bad, fmt.Sprintf("buyers paid %s, and %s is there", h.money[0], h.money[1]))
	}
	return bad
}

// Everybody is honest: nobody is charged, jailed or slashed, and no sample
// fails.
func noWrongFault(h history) (bad []string) {
	for _, k := range h.charges {
		if h.excused[k] == "" {
			bad = append(bad, fmt.Sprintf("an honest party is charged with %s", k))
		}
	}
	if n := h.verdicts[posp.Fail]; n > 0 {
		bad = append(bad, fmt.Sprintf("%d samples of an honest provider fail", n))
	}
	if n := h.verdicts[posp.Unavailable]; n > 0 && h.excused[posp.FaultWithholding] == "" {
		bad = append(bad, fmt.Sprintf("%d samples are certified as withheld by a provider that was there", n))
	}
	for _, who := range h.jailed {
		bad = append(bad, who+" is jailed")
	}
	for _, who := range slices.Sorted(maps.Keys(h.stake)) {
		if s := h.stake[who]; s[0] != s[1] {
			bad = append(bad, fmt.Sprintf("%s had a stake of %s and has %s", who, s[0], s[1]))
		}
	}
	return bad
}

// An epoch is certified soon after nothing stands in the way of a quorum.
func certifiedWhenPossible(h history) (bad []string) {
	for _, e := range h.epochs {
		switch {
		case e.certified == 0:
			bad = append(bad, fmt.Sprintf("epoch %d (%s) is not certified, though it was possible from block %d on", e.epoch, e.fault, e.possible))
		case e.certified > e.possible+e.bound:
			bad = append(bad, fmt.Sprintf("epoch %d (%s) could be certified from block %d on, and was at %d: %d blocks were to be enough", e.epoch, e.fault, e.possible, e.certified, e.bound))
		}
	}
	return bad
}

// No process panics, and one that ends by itself says why in one line.
func noCrash(h history) (bad []string) {
	for _, l := range h.lives {
		for _, words := range []string{"panic: ", "fatal error: ", "runtime error", "goroutine 1 [", "DATA RACE"} {
			if strings.Contains(l.log, words) {
				bad = append(bad, fmt.Sprintf("%s: %q in its log", l.name, words))
			}
		}
		for _, e := range l.exits {
			lines := strings.Split(e, "\n")
			if last := lines[len(lines)-1]; !strings.Contains(last, "posp: ") {
				bad = append(bad, fmt.Sprintf("%s ended by itself, and says of it: %.300q", l.name, last))
			}
		}
	}
	return bad
}
