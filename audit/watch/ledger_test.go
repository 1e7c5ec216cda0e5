package watch

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

// What was remembered is there after a restart: where to go on, what is open,
// and how often canaries were sampled.
func TestLedgerSurvivesRestarts(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "watch.db")
	var l *Ledger
	end := func() {}
	restart := func() {
		t.Helper()
		end()
		db, err := store.Open(ctx, path, Migrations)
		if err != nil {
			t.Fatal(err)
		}
		l, end = NewLedger(db), func() { db.Close() }
	}
	restart()
	defer func() { end() }()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := l.Next(ctx); ok || err != nil {
		t.Fatalf("a new ledger has a cursor: %v", err)
	}
	who := posp.Address{7}
	canary := func(epoch, sequence uint64, hash byte) *Canary {
		t.Helper()
		other, err := l.Keep(ctx, Canary{Receipt: posp.Receipt{Provider: who, Epoch: epoch, Sequence: sequence}, Hash: posp.Hash{hash}, Answer: []byte{hash}})
		must(err)
		return other
	}
	for i := range uint64(4) {
		if other := canary(5, i, byte(i)); other != nil {
			t.Errorf("sequence %d is there already", i)
		}
	}
	if other := canary(5, 3, 99); other == nil || other.Hash != (posp.Hash{3}) || string(other.Answer) != "\x03" {
		t.Errorf("two receipts of a sequence: %v", other)
	}
	var invalid *posp.ValidationError
	if _, err := l.Keep(ctx, Canary{Receipt: posp.Receipt{Provider: who, Epoch: 5, Sequence: 1 << 63}}); !errors.As(err, &invalid) {
		t.Errorf("a sequence that no batch has: %v", err)
	}
	restart()
	open := func(epoch uint64, want int) []Canary {
		t.Helper()
		list, err := l.Open(ctx, epoch)
		must(err)
		if len(list) != want {
			t.Fatalf("%d canaries are open after epoch %d, want %d", len(list), epoch, want)
		}
		return list
	}
	open(4, 0)
	list := open(5, 5)
	yes, no := true, false
	must(l.Conclude(ctx, 5, []byte("{}"), 0, 1, []Judgement{
		{ID: list[0].ID, State: Stands, BatchEpoch: 5, Leaves: 8, Draws: 4, Sampled: &yes},
		{ID: list[1].ID, State: Stands, BatchEpoch: 5, Leaves: 8, Draws: 4, Sampled: &no},
		{ID: list[2].ID, State: Unproved},
		{ID: list[3].ID, State: Replaced},
		{ID: list[4].ID, State: Waiting},
	}))
	if err := l.Conclude(ctx, 5, []byte("{}"), 0, 0, []Judgement{{ID: list[4].ID, State: Uncovered}}); err == nil {
		t.Error("an epoch is concluded twice")
	}
	restart()
	if next, ok, err := l.Next(ctx); next != 6 || !ok || err != nil {
		t.Errorf("goes on with %d, %v, %v", next, ok, err)
	}
	if list := open(6, 2); list[0].State != Unproved || list[1].State != Waiting {
		t.Errorf("open are %v", list)
	}
	// Nobody asks for the proof for ever; who waits, waits.
	open(5+retried, 1)
	// What is proved later stands, and is of no lot any more.
	must(l.Conclude(ctx, 6, []byte("{}"), 0, 0, []Judgement{{ID: list[2].ID, State: Stands, BatchEpoch: 5, Leaves: 8, Draws: 4, Sampled: &yes}}))
	rates, err := l.Rates(ctx)
	must(err)
	if r := rates[who]; len(rates) != 1 || r.Canaries != 2 || r.Sampled != 1 || r.Looks != 1 || r.Expected != 1 {
		t.Errorf("rates %+v", r)
	}
}
