package bundle_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

// maxPart is what docs/bundle.md says of a part.
const maxPart = 1 << 21

func made(t *testing.T, o audittest.Options) (*audittest.World, *bundle.Bundle) {
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

func write(t *testing.T, b *bundle.Bundle) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Rationale: one text of 600,000 tokens made a file that nobody could read, and
// took the epoch with it. It is left out, that is said, and everything else
// verifies.
func TestAPartThatNoFileHoldsIsLeftOut(t *testing.T) {
	w, err := audittest.New(audittest.Options{Seed: 1, Providers: 2, Receipts: 2, Prompt: maxPart/4 + 1, Honest: true})
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	w.Source.LeftOut = func(what string) { said = append(said, what) }
	b, err := w.Bundle()
	if err != nil {
		t.Fatal(err)
	}
	if len(said) != 4 || !strings.Contains(said[0], "request of sample 0x") || !strings.Contains(said[0], "2097256 bytes") {
		t.Errorf("said is %q", said)
	}
	r := audit.Verify(write(t, b), w.Trust)
	if want := []string{audit.CheckTexts, audit.CheckCompleteness, audit.CheckContest}; !r.Good || !slices.Equal(r.Unchecked(), want) {
		t.Errorf("failed are %q, not checked %q", r.Failures(), r.Unchecked())
	}
}

// Rationale: what Seal and Write take Read reads, at every limit.
func TestWhatIsWrittenCanBeRead(t *testing.T) {
	bytesOf := func(n int) []byte { return make([]byte, n) }
	for _, c := range []struct {
		name   string
		change func(*bundle.Bundle)
		left   int // parts that Seal leaves out
		bad    string
	}{
		{"as it is", func(*bundle.Bundle) {}, 0, ""},
		{"a part as long as may be", func(b *bundle.Bundle) { b.Samples[0].Members[0].Evidence = bytesOf(maxPart) }, 0, ""},
		{"a part that is longer", func(b *bundle.Bundle) { b.Samples[0].Members[0].Evidence = bytesOf(maxPart + 1) }, 1, ""},
		{"all parts longer", func(b *bundle.Bundle) {
			s := &b.Samples[0]
			s.Request, s.Output, s.Evidence, s.Members[0].Evidence = bytesOf(maxPart+1), bytesOf(maxPart+1), bytesOf(maxPart+1), bytesOf(maxPart+1)
		}, 4, ""},
		{"a committee of 255", func(b *bundle.Bundle) { b.Samples[0].Members = make([]bundle.Sent, 255) }, 0, ""},
		{"a committee of 256", func(b *bundle.Bundle) { b.Samples[0].Members = make([]bundle.Sent, 256) }, 0, "committee of 256"},
		{"a proof of 256", func(b *bundle.Bundle) { b.Samples[0].Proof = append(b.Samples[0].Proof, make([]posp.Hash, 256)...) }, 0, "proof of"},
		{"a section that is longer", func(b *bundle.Bundle) { b.Chain.Parent = make(hexutil.Bytes, 1<<27) }, 0, "section chain has"},
		{"a log without a head", func(b *bundle.Bundle) { b.Log.Head = nil }, 0, "head of 0"},
		{"a log whose head is longer", func(b *bundle.Bundle) { b.Log.Head = bytesOf(1<<16 + 1) }, 0, "head of 65537"},
		{"no log", func(b *bundle.Bundle) { b.Log = nil }, 0, ""},
	} {
		_, b := made(t, audittest.Options{Seed: 2, Providers: 2, Receipts: 2, Honest: true})
		c.change(b)
		err := b.Seal()
		var out bytes.Buffer
		if err == nil {
			err = b.Write(&out)
		}
		if (err == nil) != (c.bad == "") || err != nil && !strings.Contains(err.Error(), c.bad) {
			t.Errorf("%s: error %v, want one with %q", c.name, err, c.bad)
		}
		if err != nil {
			continue
		}
		if len(b.TooLong()) != c.left {
			t.Errorf("%s: left out are %q", c.name, b.TooLong())
		}
		again, err := bundle.Read(out.Bytes())
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if again.ID() != b.ID() || !bytes.Equal(write(t, again), out.Bytes()) {
			t.Errorf("%s: it is read as another bundle", c.name)
		}
	}
	_, b := made(t, audittest.Options{Seed: 2, Honest: true})
	b.Samples[0].Output = bytesOf(maxPart + 1) // behind Seal's back
	if err := b.Write(new(bytes.Buffer)); err == nil {
		t.Error("a part was written that nobody can read")
	}
}
