package aggregator

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

func TestArchive(t *testing.T) { onBoth(t, archive) }

// Nothing of the evidence is told before it is final; then what the archive
// says of one sample is what the messages said.
func archive(t *testing.T, b *bench) {
	ctx := context.Background()
	list, err := sampler.Assign(b.a.cfg.Domain, b.batch, posp.Hash{9}, b.table.Members, 4)
	if err != nil {
		t.Fatal(err)
	}
	early := func(phase string) {
		t.Helper()
		if p, err := b.a.Progress(ctx, 0); err != nil || p.Phase != phase {
			t.Errorf("the epoch is %q, want %q (%v)", p.Phase, phase, err)
		}
		_, sample, err := b.a.Sample(ctx, 0, 0, list[0].Committee)
		_, _, lines, err2 := b.a.Lines(ctx, 0)
		receipts, err3 := b.a.Receipts(ctx, 0, func(uint32, posp.SignedReceipt) error { t.Error("a receipt is shown early"); return nil })
		if sample || lines || receipts || err != nil || err2 != nil || err3 != nil {
			t.Errorf("%s: sample %v, lines %v, receipts %v are shown early (%v, %v, %v)", phase, sample, lines, receipts, err, err2, err3)
		}
	}
	early("open")
	for _, k := range b.operators[:3] {
		b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	}
	b.at(commitDeadline + 1)
	early("frozen")
	for _, k := range b.operators[:2] { // the third committed, and does not reveal
		b.taken("reveals", b.a.SubmitReveals(ctx, b.reveals(k, nil)))
	}
	early("frozen")
	b.at(revealDeadline + 1)

	p, err := b.a.Progress(ctx, 0)
	if err != nil || p.Phase != "derived" || len(p.Committed) != 3 || len(p.Revealed) != 2 || len(p.Signed) != 0 || p.Committed[0] != addressOf(b.operators[0]) {
		t.Errorf("progress is %+v (%v)", p, err)
	}
	r, lines, ok, err := b.a.Lines(ctx, 0)
	o, _, err2 := b.a.Outcome(ctx, 0)
	page, next, ok2, err3 := b.a.SamplesPage(ctx, 0, nil)
	if !ok || !ok2 || err != nil || err2 != nil || err3 != nil || !slices.Equal(lines, page) || next != nil || r.SampleRoot != o.Result.SampleRoot || len(lines) != 4 {
		t.Errorf("lines are %v of %v (%v)", lines, r, err)
	}
	of := map[uint32]posp.Hash{}
	if ok, err := b.a.Receipts(ctx, 0, func(ordinal uint32, r posp.SignedReceipt) error { of[ordinal] = r.Digest(b.a.cfg.Domain); return nil }); !ok || err != nil || len(of) != 4 {
		t.Errorf("%d receipts (%v)", len(of), err)
	}
	for i, a := range list {
		s, ok, err := b.a.Sample(ctx, 0, uint32(i), a.Committee)
		if err != nil || !ok {
			t.Fatalf("sample %d: %v", i, err)
		}
		if s.Opening == nil || s.Opening.Leaf != a.Leaf || of[uint32(i)] != s.Opening.Receipt.Digest(b.a.cfg.Domain) || s.Provider == nil || len(s.Provider.LogProb) != 1 {
			t.Errorf("sample %d holds %+v", i, s)
		}
		if s.Explanation.Verdict != lines[i].Verdict.String() || s.Explanation.Reason == "" {
			t.Errorf("sample %d is explained as %s, and certified %s", i, s.Explanation.Verdict, lines[i].Verdict)
		}
		for k, operator := range a.Committee {
			row := slices.IndexFunc(b.table.Members, func(m posp.Member) bool { return m.Operator == operator })
			if m := s.Committee[k]; (m.Commitment != posp.Hash{}) != (row < 3) || m.Revealed != (row < 2) || m.Revealed != (len(m.Evidence) > 0) {
				t.Errorf("sample %d: member %d is held as %+v", i, row, m)
			}
		}
	}
	if s, ok, err := b.a.Sample(ctx, 0, 99, list[0].Committee); err != nil || !ok || s.Opening != nil || s.Committee[0].Revealed {
		t.Errorf("a sample that there is not: %+v (%v)", s, err)
	}
}

// One line is found in a message of many chunks, and no other is taken for it.
func TestOneItemOfManyChunks(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	var items []item
	for i := range uint32(3000) {
		items = append(items, item{ordinal: 2 * i, word: posp.Hash{byte(i), byte(i >> 8)}, evidence: make([]byte, 100)})
	}
	chunks, err := encodeItems(items)
	if err != nil || len(chunks) < 4 {
		t.Fatalf("%d chunks (%v)", len(chunks), err)
	}
	operator := addressOf(b.operators[0])
	if _, err := b.a.ledger.accept(ctx, message{header: header{operator: operator, signature: []byte{1}}, epoch: 5, duty: dutyReveals, chunks: chunks}, func(state) error { return nil }); err != nil {
		t.Fatal(err)
	}
	for ordinal := range uint32(6002) {
		if ordinal%7 > 1 && ordinal > 20 && ordinal < 5980 {
			continue
		}
		it, err := b.a.ledger.item(ctx, 5, dutyReveals, operator, ordinal)
		if err != nil {
			t.Fatal(err)
		}
		if want := ordinal%2 == 0 && ordinal < 6000; (it != nil) != want || want && it.word != (posp.Hash{byte(ordinal / 2), byte(ordinal / 2 >> 8)}) {
			t.Fatalf("item %d: %v", ordinal, it)
		}
	}
}

// Of a private spec the archive gives nobody its text.
func TestArchiveWithholdsTexts(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	operator := addressOf(b.operators[0])
	for epoch, seed := range []posp.Hash{{}, {31: 7}} {
		o := b.openings[0]
		o.Request.Tokens, o.Output.Tokens = []uint32{424242}, []uint32{434343}
		o.Request.TraceSeed, o.Output.TraceSeed = seed, seed
		chunks, err := encodeItems([]item{{evidence: posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-1}, Margin: []int32{0}}.Encode(), opening: &o, part: &b.parts[0]}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.a.ledger.accept(ctx, message{header: header{operator: operator, signature: []byte{1}}, epoch: uint64(epoch), duty: dutyReveals, chunks: chunks}, func(state) error { return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := b.db.Exec(`UPDATE epochs SET phase = 'final' WHERE epoch = $1`, epoch); err != nil {
			t.Fatal(err)
		}
		s, ok, err := b.a.Sample(ctx, uint64(epoch), 0, []posp.Address{operator})
		if err != nil || !ok || s.Opening == nil {
			t.Fatalf("no sample: %v", err)
		}
		text, _ := json.Marshal(s)
		private := seed != posp.Hash{}
		if shown := strings.Contains(string(text), "424242") || strings.Contains(string(text), "434343") || strings.Contains(string(text), seed.Hex()[2:]) && private; shown == private || s.Opening.Withheld != private {
			t.Errorf("private %v: the archive says %s", private, text)
		}
	}
}
