// What a transparency log says of the epoch.

package audit

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

// LogPolicy says which log is meant, and who must have signed a head of it.
// Its text is that of c2sp.org/tlog-policy.
type LogPolicy interface {
	torchwood.Policy
	fmt.Stringer
}

const noLog = "the file holds nothing of a transparency log"

// logHead checks who signed the head, by the policy that is trusted. Whatever
// key or policy came with a file would prove nothing: who made the file has a key
// too.
func (v *verifier) logHead() outcome {
	if v.Log == nil {
		return unchecked(noLog)
	}
	c, err := parseHead(v.Log.Head)
	if err != nil {
		return failed("the log's head: %v", err)
	}
	v.tree = c.Tree
	if v.trust.Log == nil {
		return unchecked("a head of %d entries by a log that calls itself %q: name the policy of the log that you trust (--trust-log, --network)", c.N, c.Origin)
	}
	if _, _, err := torchwood.VerifyCheckpoint(v.Log.Head, v.trust.Log); err != nil {
		return failed("the head of %d entries is not what the trusted policy asks for: %v", c.N, err)
	}
	return ok("%d entries of log %s, signed by it and the witnesses that the trusted policy asks for", c.N, c.Origin)
}

// parseHead reads a head without checking its signatures.
func parseHead(signed []byte) (torchwood.Checkpoint, error) {
	_, err := note.Open(signed, note.VerifierList()) // knows nobody, and so verifies nothing
	unverified, ok := errors.AsType[*note.UnverifiedNoteError](err)
	if !ok {
		return torchwood.Checkpoint{}, err
	}
	return torchwood.ParseCheckpoint(unverified.Note.Text)
}

// logEntries checks what the log says: that it says it, and that it is what
// the bundle holds.
func (v *verifier) logEntries() outcome {
	switch {
	case v.Log == nil:
		return unchecked(noLog)
	case v.Report.outcome(CheckLogHead) == Failed:
		return restsOn(CheckLogHead)
	}
	expected := v.expected()
	left := map[posp.LogEntry]bool{}
	for _, e := range expected {
		left[e] = true
	}
	want, apart := len(left), 0
	for _, e := range v.Log.Entries {
		hashes := make(tlog.RecordProof, len(e.Proof))
		for i, h := range e.Proof {
			hashes[i] = tlog.Hash(h)
		}
		err := tlog.CheckRecord(hashes, v.tree.N, v.tree.Hash, int64(e.Index), tlog.RecordHash(e.Encode()))
		switch {
		case err != nil:
			return failed("the log does not hold %q at %d of %d entries", e.Encode(), e.Index, v.tree.N)
		case left[e.LogEntry]:
			delete(left, e.LogEntry)
		case v.leftOut(e.LogEntry):
			apart++
		default:
			return failed("the log says %q, the bundle does not", e.Encode())
		}
	}
	if len(left) > 0 {
		var missing []string
		for _, e := range expected {
			if left[e] {
				missing = append(missing, fmt.Sprintf("%s of %s", e.Kind, e.Subject))
			}
		}
		return unchecked("that the log holds it is proved of %d of %d entries, and not of: %s", want-len(left), want, join(missing))
	}
	if apart > 0 {
		return unchecked("the log says %d things of messages that are left out; of the others it says all %d", apart, want)
	}
	return ok("the log holds all %d: batches, messages, samples and result", want)
}

// expected is what the log should say of what is held, in its order.
func (v *verifier) expected() (list []posp.LogEntry) {
	entry := func(kind posp.LogKind, subject posp.Address, digest posp.Hash) {
		list = append(list, posp.LogEntry{Kind: kind, Epoch: v.epoch, Subject: subject, Digest: digest})
	}
	for _, b := range v.records {
		entry(posp.LogBatch, b.Provider, b.ID)
	}
	for _, operator := range slices.SortedFunc(maps.Keys(v.Commitments), posp.Address.Cmp) {
		entry(posp.LogCommitments, operator, v.Commitments[operator].Digest(v.authority))
	}
	for _, operator := range slices.SortedFunc(maps.Keys(v.Reveals), posp.Address.Cmp) {
		entry(posp.LogReveals, operator, posp.RevealsDigest(v.authority, v.epoch, v.Reveals[operator].Operator, v.Reveals[operator].Items))
	}
	entry(posp.LogSamples, v.authority.Attestation, v.stated.SampleRoot)
	entry(posp.LogResult, v.authority.Attestation, v.stated.Digest(v.authority))
	return list
}

// leftOut says whether an entry is of a message that the manifest names and the
// file does not hold, so that nothing can be compared with it.
func (v *verifier) leftOut(e posp.LogEntry) bool {
	switch {
	case e.Epoch != v.epoch:
		return false
	case e.Kind == posp.LogCommitments:
		return v.Commitments[e.Subject] == nil && v.Names(bundle.SectionCommitments, e.Subject)
	case e.Kind == posp.LogReveals:
		return v.Reveals[e.Subject] == nil && v.Names(bundle.SectionReveals, e.Subject)
	}
	return false
}
