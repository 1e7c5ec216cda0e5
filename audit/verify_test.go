package audit_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
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
