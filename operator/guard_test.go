package operator

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

// One digest for each chain, contract, epoch and duty; the same again is
// allowed, another never, also after a restart.
func TestGuardRefusesASecondDigest(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "operator.db")
	here := posp.Authority{ChainID: 1, Attestation: posp.Address{1}}
	first, second := posp.Hash{1}, posp.Hash{2}
	for restart := range 2 {
		db, err := store.Open(ctx, path, Migrations)
		if err != nil {
			t.Fatal(err)
		}
		g := guard{db: db, authority: here}
		for _, d := range []duty{dutyCommitments, dutyReveals, dutyCertificate} {
			if err := g.allow(ctx, 7, d, first); err != nil {
				t.Fatalf("restart %d: %s: %v", restart, d, err)
			}
			if err := g.allow(ctx, 7, d, first); err != nil {
				t.Errorf("the same %s again: %v", d, err)
			}
			if err := g.allow(ctx, 7, d, second); !errors.Is(err, ErrSignedOther) {
				t.Errorf("other %s: error %v", d, err)
			}
			if err := g.allowWith(ctx, 7, d, second, kindEvidence, []posp.Reveal{}); !errors.Is(err, ErrSignedOther) {
				t.Errorf("other %s with contents: error %v", d, err)
			}
			if err := g.allow(ctx, 8, d, second); err != nil {
				t.Errorf("%s of another epoch: %v", d, err)
			}
			for _, elsewhere := range []posp.Authority{{ChainID: 2, Attestation: posp.Address{1}}, {ChainID: 1, Attestation: posp.Address{2}}} {
				if err := (guard{db: db, authority: elsewhere}).allow(ctx, 7, d, second); err != nil {
					t.Errorf("%s of another deployment: %v", d, err)
				}
			}
		}
		if _, ok, _ := recorded[[]posp.Reveal](ctx, g, 7, kindEvidence); ok {
			t.Error("contents were recorded for a digest that was refused")
		}
		// Not even by hand.
		if _, err := db.Exec(`UPDATE signed SET digest = x'0000000000000000000000000000000000000000000000000000000000000009'`); err == nil {
			t.Error("a signed digest can be changed")
		}
		if _, err := db.Exec(`DELETE FROM signed`); err == nil {
			t.Error("a signed digest can be forgotten")
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// The first record of a kind stays.
func TestRecordsStay(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, store.Memory, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	g := guard{db: db, authority: posp.Authority{ChainID: 1}}
	for _, epoch := range []uint64{5, 6} {
		if err := g.keep(ctx, 1, kindFrozen, []posp.Commitments{{Epoch: epoch}}); err != nil {
			t.Fatal(err)
		}
	}
	if set, ok, err := recorded[[]posp.Commitments](ctx, g, 1, kindFrozen); err != nil || !ok || set[0].Epoch != 5 {
		t.Fatalf("record %v, %v, %v", set, ok, err)
	}
	if _, ok, err := recorded[[]posp.Commitments](ctx, g, 2, kindFrozen); ok || err != nil {
		t.Fatalf("a record of another epoch: %v", err)
	}
}
