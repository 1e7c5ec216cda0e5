package app

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// contractsOf is what the contracts have of one epoch.
type contractsOf struct {
	batches []posp.BatchRecord
	result  posp.Result
	digest  posp.Hash
}

func (c contractsOf) Batches(context.Context, uint64) ([]posp.BatchRecord, error) {
	return c.batches, nil
}
func (c contractsOf) Certificate(context.Context, uint64) (chain.SubmittedCertificate, bool, error) {
	return chain.SubmittedCertificate{Result: c.result, Digest: c.digest}, true, nil
}

// What a log leaves out, adds or says otherwise than the contracts is found,
// whichever entry it is.
func TestMonitorFindsWhatALogGetsWrong(t *testing.T) {
	contract, operator := posp.Address{9}, posp.Address{8}
	c := contractsOf{result: posp.Result{SampleRoot: posp.Hash{5}}, digest: posp.Hash{6}}
	right := []posp.LogEntry{}
	for i := range byte(3) {
		b := posp.BatchRecord{ID: posp.Hash{i + 1}, Batch: posp.Batch{Provider: posp.Address{i + 1}, Epoch: 4}}
		c.batches = append(c.batches, b)
		right = append(right, posp.LogEntry{Kind: posp.LogBatch, Epoch: 4, Subject: b.Provider, Digest: b.ID})
	}
	right = append(right, posp.LogEntry{Kind: posp.LogCommitments, Epoch: 4, Subject: operator, Digest: posp.Hash{7}},
		posp.LogEntry{Kind: posp.LogSamples, Epoch: 4, Subject: contract, Digest: c.result.SampleRoot},
		posp.LogEntry{Kind: posp.LogResult, Epoch: 4, Subject: contract, Digest: c.digest})
	without := func(i int) []posp.LogEntry { return slices.Delete(slices.Clone(right), i, i+1) }
	with := func(i int, e posp.LogEntry) []posp.LogEntry { return slices.Insert(slices.Clone(right), i, e) }
	wrong := func(i int) []posp.LogEntry {
		list := slices.Clone(right)
		list[i].Digest[31] = 1
		return list
	}
	other := right[3]
	other.Digest = posp.Hash{1}
	for _, x := range []struct {
		name  string
		log   []posp.LogEntry
		last  bool
		found string // "": nothing
	}{
		{"all is right", right, false, ""},
		{"the newest epoch", right, true, ""},
		{"the first batch is left out", without(0), false, "the log does not"},
		{"the last batch is left out", without(2), true, "the log does not"},
		{"all batches are left out", right[3:], false, "the log does not"},
		{"it ends amid the batches", right[:2], true, ""},
		{"and does not go on", right[:2], false, "the log does not"},
		{"a batch is another", wrong(1), false, "the contracts do not"},
		{"a batch too many", with(3, posp.LogEntry{Kind: posp.LogBatch, Epoch: 4, Subject: posp.Address{4}, Digest: posp.Hash{4}}), false, "the contracts do not"},
		{"an entry twice", with(4, right[3]), false, "says twice"},
		{"two of one operator", with(4, other), false, "says otherwise"},
		{"another sample root", wrong(4), false, "what is certified"},
		{"another result", wrong(5), false, "what is certified"},
	} {
		m := monitor{chain: c, attestation: contract, epoch: x.log}
		if err := m.compare(t.Context(), x.last); err != nil {
			t.Fatal(err)
		}
		if found := strings.Join(m.wrong, "; "); (found == "") != (x.found == "") || !strings.Contains(found, x.found) {
			t.Errorf("%s: found %q, want %q", x.name, found, x.found)
		}
	}
}
