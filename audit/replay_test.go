package audit_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/internal/keys"
)

func replay(t *testing.T, w *audittest.World, b *bundle.Bundle, scorers audit.Scorers) *audit.Replay {
	t.Helper()
	r, err := audit.Recompute(context.Background(), b, w.Trust, scorers, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAnHonestEpochIsRecomputed(t *testing.T) {
	w, b := world(t, audittest.Options{Seed: 4, Honest: true})
	r := replay(t, w, b, w.Scorers)
	if !r.Agrees || len(r.Recomputed) != len(b.Samples) {
		t.Errorf("agrees %v, %d of %d recomputed, %q failed, %q not checked", r.Agrees, len(r.Recomputed), len(b.Samples), r.Failures(), r.Unchecked())
	}
	for _, x := range r.Recomputed {
		if x.Recomputed == nil || x.Recomputed.Verdict != x.Certified.Verdict || len(x.Comparisons) != len(x.Committee)+1 || x.Explanation == nil {
			t.Errorf("%+v", x)
		}
		for _, c := range x.Comparisons {
			if !c.Fits || c.Positions == 0 {
				t.Errorf("%+v", c)
			}
		}
	}
	var text bytes.Buffer
	if err := r.Print(&text); err != nil || !strings.Contains(text.String(), "replay agrees") {
		t.Errorf("printed (%v):\n%s", err, &text)
	}
}

// Rationale: what a quorum signs is right by every signature and follows from
// its evidence; only running the model shows that the evidence is invented.
func TestABoughtQuorumIsFoundOut(t *testing.T) {
	caught := 0
	for seed := range uint64(6) {
		w, b := world(t, audittest.Options{Seed: seed, Providers: 3, Bought: true})
		if r := audit.VerifyBundle(b, w.Trust); !r.Good {
			t.Fatalf("seed %d: %q failed", seed, r.Failures())
		}
		r := replay(t, w, b, w.Scorers)
		if bad := r.Failures(); len(bad) > 0 {
			if slices.Contains(bad, audit.CheckRecomputation) {
				caught++ // of short answers the verdict alone may differ
			}
			if r.Agrees || !slices.Contains(bad, audit.CheckRecomputedVerdict) {
				t.Errorf("agrees %v, %q failed", r.Agrees, bad)
			}
		}
	}
	if caught == 0 {
		t.Error("no provider cheated: the test tests nothing")
	}
}

// Rationale: "could not tell" is never an agreement.
func TestWhatCannotBeRecomputedIsSaid(t *testing.T) {
	w, b := world(t, audittest.Options{Seed: 4, Honest: true})
	r := replay(t, w, b, func(posp.Hash) (inference.Scorer, error) { return nil, errors.New("no weights here") })
	if r.Agrees || !r.Good || r.Recomputed[0].Why == "" {
		t.Errorf("without weights: agrees %v, %q failed", r.Agrees, r.Failures())
	}
	b.Redact(false)
	if r = replay(t, w, b, w.Scorers); r.Agrees || !r.Good || r.Recomputed[0].Why == "" || r.Recomputed[0].Recomputed != nil {
		t.Errorf("without prompts: agrees %v, %q failed", r.Agrees, r.Failures())
	}
}

func TestStatement(t *testing.T) {
	w, b := world(t, audittest.Options{Seed: 5})
	key, err := crypto.ToECDSA(crypto.Keccak256([]byte("auditor")))
	if err != nil {
		t.Fatal(err)
	}
	account := keys.NewAccount(key)
	now := time.Unix(1_790_000_000, 0)
	s := audit.NewStatement(audit.VerifyBundle(b, w.Trust), w.Trust, nil, now)
	e, err := s.Sign(context.Background(), account)
	if err != nil {
		t.Fatal(err)
	}
	payload, signer, err := e.Open()
	if err != nil || signer != account.Address() {
		t.Fatalf("signed by %s: %v", signer, err)
	}
	var said struct {
		Subject   []audit.Subject
		Predicate struct {
			Conclusion                  string
			Checked, Failed, NotChecked []string
			Report                      struct{ Policies []audit.Judged }
		}
	}
	if err := json.Unmarshal(payload, &said); err != nil {
		t.Fatal(err)
	}
	if said.Subject[0].Digest["keccak256"] != b.ID().Hex()[2:] || !strings.HasPrefix(said.Predicate.Conclusion, "right:") || len(said.Predicate.Failed) != 0 ||
		!slices.Equal(said.Predicate.NotChecked, []string{audit.CheckCompleteness, audit.CheckContest}) || len(said.Predicate.Report.Policies) != len(b.Specs) {
		t.Errorf("said: %+v", said)
	}
	for name, change := range map[string]func(*audit.Envelope){
		"payload":   func(e *audit.Envelope) { e.Payload = base64.StdEncoding.EncodeToString(append(payload, ' ')) },
		"type":      func(e *audit.Envelope) { e.PayloadType = "text/plain" },
		"signer":    func(e *audit.Envelope) { e.Signatures[0].KeyID = posp.Address{1}.Hex() },
		"signature": func(e *audit.Envelope) { e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(make([]byte, 65)) },
		"none":      func(e *audit.Envelope) { e.Signatures = nil },
	} {
		bad := e
		bad.Signatures = slices.Clone(e.Signatures)
		change(&bad)
		if _, _, err := bad.Open(); err == nil {
			t.Errorf("an envelope with another %s opens", name)
		}
	}
	var text, page bytes.Buffer
	if err := errors.Join(s.Print(&text, signer), s.WriteHTML(&page, signer)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{b.ID().Hex(), signer.Hex(), w.Trust.Block.Hex(), said.Predicate.Report.Policies[0].Policy.Hex(), audit.CheckCompleteness} {
		if !strings.Contains(text.String(), want) || !strings.Contains(page.String(), want) {
			t.Errorf("text or page does not say %s", want)
		}
	}
	// Who trusts nothing from elsewhere says no more than that it is consistent.
	if s := audit.NewStatement(audit.VerifyBundle(b, audit.Trust{}), audit.Trust{}, nil, now); !strings.HasPrefix(s.Predicate.Conclusion, "consistent") {
		t.Errorf("concludes %q", s.Predicate.Conclusion)
	}
}

// Rationale: an aggregator may hand out anything. What is not authentic does not
// get into a bundle, and what is missing then is found missing.
func TestFetchFromALiar(t *testing.T) {
	for _, c := range []struct {
		name string
		lie  func(*liar)
		want []string // failed; nil: none, since nothing is lost
		err  string
	}{
		{"the truth", func(l *liar) {}, nil, ""},
		{"an opening of another leaf first", func(l *liar) {
			bad := *l.reveals[0].Items[0].Opening
			bad.Leaf++
			l.reveals = append([]posp.Reveals{{Operator: posp.Address{1}, Items: []posp.Reveal{{SampleID: l.reveals[0].Items[0].SampleID, Opening: &bad}}}}, l.reveals...)
		}, nil, ""},
		{"a message left out", func(l *liar) { l.reveals = l.reveals[1:] }, []string{audit.CheckSampleTree, audit.CheckResult, audit.CheckLogEntries}, ""},
		{"commitments by somebody else", func(l *liar) {
			l.commitments = slices.Clone(l.commitments)
			l.commitments[0].Signature = bytes.Clone(l.commitments[0].Signature)
			l.commitments[0].Signature[5] ^= 1
		}, []string{audit.CheckSampleTree, audit.CheckResult, audit.CheckLogEntries}, ""},
		{"a message twice", func(l *liar) { l.commitments = append(slices.Clone(l.commitments), l.commitments[0]) }, nil, "two messages"},
		{"nothing", func(l *liar) { l.none = true }, nil, "does not have"},
	} {
		w, err := audittest.New(audittest.Options{Seed: 6, Honest: true})
		if err != nil {
			t.Fatal(err)
		}
		l := &liar{World: w}
		if l.commitments, _, err = w.Commitments(context.Background(), w.Epoch); err == nil {
			l.reveals, _, err = w.Reveals(context.Background(), w.Epoch)
		}
		if err != nil {
			t.Fatal(err)
		}
		c.lie(l)
		source := w.Source
		source.Archive = l
		b, err := audit.Fetch(context.Background(), source, w.Epoch)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want %q", c.name, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := audit.VerifyBundle(b, w.Trust).Failures(); !slices.Equal(got, c.want) {
			t.Errorf("%s: failed are %q, want %q", c.name, got, c.want)
		}
	}
	w, err := audittest.New(audittest.Options{Seed: 6})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.Fetch(context.Background(), w.Source, w.Epoch+1); err == nil || !strings.Contains(err.Error(), "no certificate") {
		t.Errorf("another epoch: %v", err)
	}
}

// liar is an archive that hands out what it likes.
type liar struct {
	*audittest.World
	commitments []posp.Commitments
	reveals     []posp.Reveals
	none        bool
}

func (l *liar) Commitments(context.Context, uint64) ([]posp.Commitments, bool, error) {
	return l.commitments, !l.none, nil
}
func (l *liar) Reveals(context.Context, uint64) ([]posp.Reveals, bool, error) {
	return l.reveals, !l.none, nil
}

// Rationale: a decoder that accepts what it would not write lets two files be
// one bundle.
func FuzzRead(f *testing.F) {
	_, b := world(f, audittest.Options{Seed: 1, Receipts: 2, Providers: 2, Tokens: 2})
	for _, form := range []audittest.Form{{}, {Texts: true}, {One: true}} {
		raw, err := audittest.File(b, form)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, err := bundle.Read(raw)
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := b.Write(&again); err != nil || !bytes.Equal(again.Bytes(), raw) {
			t.Errorf("what was read is written otherwise (%v)", err)
		}
		audit.Verify(raw, audit.Trust{})
	})
}
