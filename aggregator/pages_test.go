package aggregator

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

// Pages of any size, put together, are the whole: of messages without items, of
// one chunk and of several.
func TestPagesAreTheWhole(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	epoch := uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		epoch++
		if err := store.Transact(ctx, b.a.ledger.db, func(ctx context.Context, tx *sql.Tx) error {
			for i := range rapid.IntRange(0, 3).Draw(rt, "operators") {
				m := message{epoch: epoch, duty: dutyReveals, header: header{operator: posp.Address{byte(1 + i)}, digest: posp.Hash{1}, signature: make([]byte, 65)}}
				var items []item
				for j := range rapid.IntRange(0, 3).Draw(rt, "items") {
					items = append(items, item{ordinal: uint32(j), sample: posp.Hash{byte(7 * (j + i)), byte(j)}, evidence: make([]byte, rapid.IntRange(0, chunkSize).Draw(rt, "bytes"))})
				}
				var err error
				if m.chunks, err = encodeItems(items); err != nil {
					return err
				}
				if _, err := b.a.ledger.insert(ctx, tx, m, stands); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			rt.Fatal(err)
		}
		want, err := load(ctx, b.a.ledger, epoch, dutyReveals, asReveals)
		if err != nil {
			rt.Fatal(err)
		}
		enough := rapid.IntRange(1, chunkSize).Draw(rt, "page")
		var got []posp.Reveals
		var from []byte
		for n := 0; ; n++ {
			page, next, err := loadPage(ctx, b.a.ledger, epoch, dutyReveals, from, enough, asReveals)
			if err != nil || n > 100 {
				rt.Fatalf("page %d: %v", n, err)
			}
			held := 0
			for _, piece := range page {
				for _, it := range piece.Items {
					held += len(it.Evidence)
				}
				if last := len(got) - 1; last >= 0 && got[last].Operator == piece.Operator {
					got[last].Items = append(got[last].Items, piece.Items...)
				} else {
					got = append(got, piece)
				}
			}
			if held > enough+2*chunkSize {
				rt.Fatalf("page %d holds %d bytes, for %d", n, held, enough)
			}
			if from = next; from == nil {
				break
			}
		}
		for _, v := range got {
			slices.SortFunc(v.Items, func(x, y posp.Reveal) int { return x.SampleID.Cmp(y.SampleID) })
		}
		if !slices.EqualFunc(want, got, func(x, y posp.Reveals) bool {
			return x.Operator == y.Operator && slices.EqualFunc(x.Items, y.Items, func(x, y posp.Reveal) bool { return x.SampleID == y.SampleID && bytes.Equal(x.Evidence, y.Evidence) })
		}) {
			rt.Fatalf("%d messages on pages, %d in all, or other items", len(got), len(want))
		}
	})
}

// The lines of a result, a piece of 937 at a time, and what from may be.
func TestPagesOfSamples(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	for _, k := range b.operators {
		b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
	}
	b.at(commitDeadline + 1)
	b.at(revealDeadline + 1)
	b.at(revealDeadline + 2)
	var want []posp.SampleResult
	for n := range 20 {
		var body []byte
		for i := range 937 {
			want = append(want, posp.SampleResult{SampleID: posp.Hash{byte(n), byte(i >> 8), byte(i)}, LogE: int32(i)})
			body = appendResult(body, want[len(want)-1])
		}
		if _, err := b.a.ledger.db.ExecContext(ctx, `INSERT INTO results (epoch, n, body) VALUES (0, $1, $2) ON CONFLICT (epoch, n) DO UPDATE SET body = excluded.body`, n, body); err != nil {
			t.Fatal(err)
		}
	}
	var got []posp.SampleResult
	pages := 0
	for from := []byte(nil); pages == 0 || from != nil; pages++ {
		page, next, ok, err := b.a.SamplesPage(ctx, 0, from)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		got, from = append(got, page...), next
	}
	if !slices.Equal(want, got) || pages != 3 {
		t.Errorf("%d of %d lines on %d pages", len(got), len(want), pages)
	}
	for _, from := range [][]byte{{1}, make([]byte, 5), make([]byte, 25)} {
		var v *posp.ValidationError
		if _, _, _, err := b.a.SamplesPage(ctx, 0, from); !errors.As(err, &v) {
			t.Errorf("lines from %x: error %v", from, err)
		}
		if _, _, _, err := b.a.RevealsPage(ctx, 0, from, nil); !errors.As(err, &v) {
			t.Errorf("reveals from %x: error %v", from, err)
		}
	}
}

// Equivocations of several operators and duties are read in pages, each once.
func TestPagesOfEquivocations(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	if err := store.Transact(ctx, b.a.ledger.db, func(ctx context.Context, tx *sql.Tx) error {
		for i := range byte(4) {
			for _, d := range intakeDuties {
				for digest, standing := range []standing{stands, contradicts} {
					if i == 3 && standing == stands { // it signed another result alone
						continue
					}
					m := message{duty: d, header: header{operator: posp.Address{9 - i}, digest: posp.Hash{byte(digest)}, signature: make([]byte, 65)}}
					if _, err := b.a.ledger.insert(ctx, tx, m, standing); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all, err := b.equivocations()
	if err != nil || len(all) != 9 {
		t.Fatalf("%d equivocations, %v", len(all), err)
	}
	for i, e := range all {
		var who [2]posp.Address
		switch {
		case i < 3 && len(e.Commitments) == 2:
			who = [2]posp.Address{e.Commitments[0].Operator, e.Commitments[1].Operator}
		case i >= 3 && i < 6 && len(e.Reveals) == 2:
			who = [2]posp.Address{e.Reveals[0].Operator, e.Reveals[1].Operator}
		case i >= 6 && len(e.Shares) == 2:
			who = [2]posp.Address{e.Shares[0].Operator, e.Shares[1].Operator}
		}
		if want := (posp.Address{7 + byte(i%3)}); who != [2]posp.Address{want, want} {
			t.Errorf("equivocation %d is %+v", i, e)
		}
	}
}

// equivocations are those of epoch 0, from pages of one each, which must be what
// one page has.
func (b *bench) equivocations() (all []posp.Equivocation, err error) {
	b.t.Helper()
	whole, next, err := b.a.EquivocationsPage(context.Background(), 0, nil)
	if err != nil || next != nil {
		return nil, errors.Join(err, fmt.Errorf("a page of a few ends at %x", next))
	}
	for from := []byte(nil); ; {
		page, next, err := b.a.equivocations(context.Background(), 0, from, 1)
		if err != nil || len(page) > 1 || next != nil && bytes.Compare(next, from) <= 0 {
			return nil, errors.Join(err, fmt.Errorf("a page from %x has %d, and ends at %x", from, len(page), next))
		}
		if all = append(all, page...); next == nil {
			break
		}
		from = next
	}
	if !reflect.DeepEqual(all, whole) {
		b.t.Errorf("pages of one hold %+v, one page %+v", all, whole)
	}
	for _, from := range [][]byte{{0}, make([]byte, 20), make([]byte, 22), append([]byte{3}, make([]byte, 20)...)} {
		var v *posp.ValidationError
		if _, _, err := b.a.EquivocationsPage(context.Background(), 0, from); !errors.As(err, &v) {
			b.t.Errorf("from %x: %v", from, err)
		}
	}
	return all, nil
}
