package audit_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

func TestSyntheticEpochsAreGood(t *testing.T) {
	for seed := range uint64(8) {
		w, err := audittest.New(audittest.Options{Seed: seed, Private: seed%4 == 1, Demands: int(seed % 4)})
		if err != nil {
			t.Fatal(err)
		}
		b, err := w.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		r := audit.VerifyBundle(b, w.Trust)
		for _, s := range r.Checks {
			want := audit.OK
			if s.Name == audit.CheckCompleteness || s.Name == audit.CheckContest {
				want = audit.Unchecked
			}
			if s.Outcome != want {
				t.Errorf("seed %d: %q is %s: %s", seed, s.Name, s.Outcome, s.Found)
			}
		}
	}
}

// Rationale: one corruption for each field, signature, proof and table, by
// somebody who knows the format and computes all hashes anew. If the check were
// not made, the bundle would be good, or another check be blamed.
func TestEachCorruptionIsNamed(t *testing.T) {
	type made struct {
		file  []byte
		trust audit.Trust
	}
	var worlds []made
	for seed := range uint64(4) {
		w, b := world(t, audittest.Options{Seed: 20 + seed, Private: seed == 3, Demands: int(2 * (seed / 2))})
		worlds = append(worlds, made{file(t, b), w.Trust})
	}
	kinds, seen := audittest.Corruptions(), map[string]bool{}
	if len(kinds) < 40 {
		t.Errorf("only %d kinds", len(kinds))
	}
	for i, c := range kinds {
		if seen[c.Name] {
			t.Errorf("%q is there twice", c.Name)
		}
		seen[c.Name] = true
		applied := 0
		for k, w := range worlds {
			r := rand.New(rand.NewPCG(uint64(i), uint64(k)))
			bad, ok, err := c.Apply(w.file, audittest.Form{}, r)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if !ok {
				continue
			}
			applied++
			if report := audit.Verify(bad, w.trust); report.Good || !slices.Contains(report.Failures(), c.Check) {
				t.Errorf("%s (world %d): failed are %q, want %q among them", c.Name, k, report.Failures(), c.Check)
			}
		}
		if applied == 0 {
			t.Errorf("%s: no bundle has that: the test tests nothing", c.Name)
		}
	}
	t.Logf("%d kinds of corruption", len(kinds))
}

func world(t testing.TB, o audittest.Options) (*audittest.World, *bundle.Bundle) {
	t.Helper()
	w, err := audittest.New(o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	return w, b
}

func file(t testing.TB, b *bundle.Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestTooFewSigners(t *testing.T) {
	w, b := world(t, audittest.Options{Seed: 7, Minority: true})
	if r := audit.VerifyBundle(b, w.Trust); !slices.Equal(r.Failures(), []string{audit.CheckQuorum}) {
		t.Errorf("failed are %q", r.Failures())
	}
}

// Rationale: a provider signs a receipt of an epoch to come, and commits it now: its tree, its signature and its place are right.
func TestAReceiptOfALaterEpochThanItsBatchs(t *testing.T) {
	for seed := range uint64(4) {
		w, b := world(t, audittest.Options{Seed: seed, Early: true, Private: seed == 1})
		r := audit.VerifyBundle(b, w.Trust)
		i := slices.IndexFunc(r.Checks, func(c audit.Step) bool { return c.Name == audit.CheckReceipts })
		if c := r.Checks[i]; c.Outcome != audit.Failed || !strings.Contains(c.Found, "epoch") {
			t.Errorf("seed %d: %q is %s: %s", seed, c.Name, c.Outcome, c.Found)
		}
	}
}

// Rationale: who signs may be a liar, or have signed something else; all of
// these are made with the keys that the policy names.
func TestWhatLogsAndWitnessesDidNotSay(t *testing.T) {
	for _, c := range []struct {
		name string
		o    audittest.Options
		want string
	}{
		{"another digest of something", audittest.Options{Contradicted: true}, audit.CheckLogEntries},
		{"a head of another log", audittest.Options{OtherOrigin: true}, audit.CheckLogHead},
		{"a head that too few witnesses signed", audittest.Options{Unwitnessed: true}, audit.CheckLogHead},
	} {
		for seed := range uint64(4) {
			c.o.Seed = seed
			w, b := world(t, c.o)
			if r := audit.VerifyBundle(b, w.Trust); !slices.Equal(r.Failures(), []string{c.want}) {
				t.Errorf("%s, seed %d: failed are %q", c.name, seed, r.Failures())
			}
		}
	}
}

// Rationale: a head proves nothing by itself: who makes a file can make a log
// too. Without a policy it is not checked, and by another one it is wrong,
// whatever keys it has.
func TestALogIsTrustedByTheAuditorsPolicyAlone(t *testing.T) {
	w, b := world(t, audittest.Options{Seed: 1})
	other, _ := world(t, audittest.Options{Seed: 2})
	for _, c := range []struct {
		policy        audit.LogPolicy
		head, entries audit.Outcome
	}{{w.Trust.Log, audit.OK, audit.OK}, {nil, audit.Unchecked, audit.OK}, {other.Trust.Log, audit.Failed, audit.Unchecked}} {
		trust := w.Trust
		trust.Log = c.policy
		r := audit.VerifyBundle(b, trust)
		if head, entries := outcome(r, audit.CheckLogHead), outcome(r, audit.CheckLogEntries); head != c.head || entries != c.entries {
			t.Errorf("by policy %v: %s, %s; want %s, %s", c.policy, head, entries, c.head, c.entries)
		}
	}
}

func outcome(r *audit.Report, name string) audit.Outcome {
	for _, s := range r.Checks {
		if s.Name == name {
			return s.Outcome
		}
	}
	return ""
}

// Rationale: what the log lacks, or did not answer, is said when a bundle is
// fetched and when it is verified, and is no fault of what is there.
func TestWhatALogLacksIsSaid(t *testing.T) {
	for _, c := range []struct {
		name string
		log  audit.Log
		said string
		want []string
	}{
		{"no log", nil, "", []string{audit.CheckLogHead, audit.CheckLogEntries}},
		{"a log that does not answer", lacking{err: errors.New("nobody is there")}, "nobody is there", []string{audit.CheckLogHead, audit.CheckLogEntries}},
		{"a log without the epoch", lacking{keep: 0}, "nothing of epoch", []string{audit.CheckLogEntries}},
		{"a log without the result", lacking{keep: -1}, "posp.log.v1 result", []string{audit.CheckLogEntries}},
	} {
		w, _ := world(t, audittest.Options{Seed: 5, Honest: true})
		if l, ok := c.log.(lacking); ok {
			l.Log = w.Source.Log
			c.log = l
		}
		var said []string
		w.Source.Log, w.Source.LeftOut = c.log, func(what string) { said = append(said, what) }
		b, err := w.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(said, "; "); (c.said == "") != (got == "") || !strings.Contains(got, c.said) {
			t.Errorf("%s: said is %q", c.name, got)
		}
		r := audit.Verify(file(t, b), w.Trust)
		if got := r.Unchecked(); !r.Good || !slices.Equal(got[:len(got)-2], c.want) {
			t.Errorf("%s: failed are %q, not checked %q", c.name, r.Failures(), r.Unchecked())
		}
	}
}

// lacking is a log without some entries: with the first keep, or without the
// last -keep.
type lacking struct {
	audit.Log
	keep int
	err  error
}

func (l lacking) Epoch(ctx context.Context, epoch uint64) (*bundle.Log, error) {
	if l.err != nil {
		return nil, l.err
	}
	said, err := l.Log.Epoch(ctx, epoch)
	if l.keep < 0 {
		l.keep += len(said.Entries)
	}
	said.Entries = said.Entries[:l.keep]
	return said, err
}

// Rationale: what is left out is said, and nothing else: not called wrong, and
// not called right.
func TestWhatIsLeftOutIsNotChecked(t *testing.T) {
	const always = 2 // completeness and contest
	for _, c := range []struct {
		name string
		form audittest.Form
		edit func(*bundle.Bundle)
		want []string
	}{
		{"nothing", audittest.Form{}, nil, nil},
		{"prompts", audittest.Form{Prompts: true}, nil, []string{audit.CheckTexts}},
		{"texts", audittest.Form{Texts: true}, nil, []string{audit.CheckTexts}},
		{"other samples", audittest.Form{One: true}, nil, []string{audit.CheckResult}},
		{"other samples, texts", audittest.Form{One: true, Texts: true}, nil, []string{audit.CheckTexts, audit.CheckResult}},
		{"a provider's evidence", audittest.Form{}, func(b *bundle.Bundle) {
			for i := range b.Samples {
				b.Samples[i].Evidence = nil
			}
		}, []string{audit.CheckProvider, audit.CheckVerdicts, audit.CheckResult}},
		{"a member's evidence", audittest.Form{}, func(b *bundle.Bundle) { b.Samples[0].Members[0].Evidence = nil },
			[]string{audit.CheckEvidence, audit.CheckVerdicts, audit.CheckResult}},
		{"commitments", audittest.Form{}, func(b *bundle.Bundle) { b.LeaveOut(bundle.SectionCommitments) }, []string{audit.CheckCommitments}},
		{"reveals", audittest.Form{}, func(b *bundle.Bundle) { b.LeaveOut(bundle.SectionReveals) }, []string{audit.CheckReveals}},
	} {
		w, b := world(t, audittest.Options{Seed: 3, Honest: true, Private: true})
		id := b.ID()
		if c.edit != nil {
			c.edit(b)
		}
		raw, err := audittest.File(b, c.form)
		if err != nil {
			t.Fatal(err)
		}
		r := audit.Verify(raw, w.Trust)
		if !r.Good || r.Bundle != id {
			t.Errorf("without %s: failed are %q; bundle %s, want %s", c.name, r.Failures(), r.Bundle, id)
		}
		if got := r.Unchecked(); !slices.Equal(got[:len(got)-always], c.want) {
			t.Errorf("without %s: not checked are %q, want %q", c.name, got, c.want)
		}
	}
}
