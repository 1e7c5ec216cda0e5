package operator

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

var (
	here = posp.Authority{ChainID: 31337, Attestation: posp.Address{1}}
	who  = posp.Address{7}
)

// failer is a test of any kind.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func fresh(t failer) *sql.DB {
	t.Helper()
	db, err := store.Open(context.Background(), store.Memory, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// used is a database of an operator that signed.
func used(t failer, digests map[SignedDuty]bool) *sql.DB {
	t.Helper()
	db := fresh(t)
	g := guard{db: db, authority: here}
	if err := g.claim(context.Background(), db, who); err != nil {
		t.Fatal(err)
	}
	for s := range digests {
		if err := g.allow(context.Background(), s.Epoch, duty(s.Duty), s.Digest); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

func export(t failer, db *sql.DB, handOver bool) Record {
	t.Helper()
	v, err := ExportRecord(context.Background(), db, handOver)
	if err != nil {
		t.Fatal(err)
	}
	// What is exported is what is read back.
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	back, err := DecodeRecord(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return back
}

var duties = []duty{dutyCommitments, dutyReveals, dutyCertificate}

func signings(t *rapid.T, label string) map[SignedDuty]bool {
	all := map[SignedDuty]bool{}
	seen := map[[2]uint64]bool{}
	for range rapid.IntRange(0, 12).Draw(t, label) {
		e, d := rapid.Uint64Range(0, 5).Draw(t, "epoch"), rapid.IntRange(0, 2).Draw(t, "duty")
		if seen[[2]uint64{e, uint64(d)}] {
			continue
		}
		seen[[2]uint64{e, uint64(d)}] = true
		all[SignedDuty{Epoch: e, Duty: string(duties[d]), Digest: posp.Hash{rapid.ByteRange(1, 2).Draw(t, "digest")}}] = true
	}
	return all
}

// Whatever is imported into whatever: if anything contradicts, nothing changes;
// otherwise the database refuses all that either refused, and more only where
// the file may be behind.
func TestImportNeverWeakens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		ours, theirs := signings(t, "ours"), signings(t, "theirs")
		handOver := rapid.Bool().Draw(t, "handed over")
		now := rapid.Uint64Range(0, 6).Draw(t, "now")
		from, to := used(t, theirs), used(t, ours)
		defer from.Close()
		defer to.Close()
		before := export(t, to, false)
		file := export(t, from, handOver)

		conflict := false
		for a := range ours {
			for b := range theirs {
				conflict = conflict || a.Epoch == b.Epoch && a.Duty == b.Duty && a.Digest != b.Digest
			}
		}
		in, err := ImportRecord(ctx, to, file, here, now)
		if conflict != errors.Is(err, ErrConflict) || !conflict && err != nil {
			t.Fatalf("conflict %v: %v", conflict, err)
		}
		if conflict {
			after := export(t, to, false)
			if x, y := mustJSON(t, before), mustJSON(t, after); x != y {
				t.Fatalf("a refused import changed the database:\n%s\n%s", x, y)
			}
			return
		}
		if in.New+in.Known != len(theirs) {
			t.Fatalf("imported %+v of %d", in, len(theirs))
		}
		g := guard{db: to, authority: here}
		for e := range uint64(7) {
			for _, d := range duties {
				for _, digest := range []posp.Hash{{1}, {2}} {
					err := g.allow(ctx, e, d, digest)
					asked := SignedDuty{Epoch: e, Duty: string(d), Digest: digest}
					other := asked
					other.Digest[0] ^= 3
					switch {
					case !handOver && e <= now:
						if !errors.Is(err, ErrBelowFloor) {
							t.Fatalf("epoch %d may have been signed elsewhere, and %s is allowed: %v", e, d, err)
						}
					case ours[other] || theirs[other]:
						if !errors.Is(err, ErrSignedOther) {
							t.Fatalf("%+v was signed, and %+v is allowed: %v", other, asked, err)
						}
					case ours[asked] || theirs[asked]:
						if err != nil {
							t.Fatalf("%+v again: %v", asked, err)
						}
					}
				}
			}
		}
		if handOver {
			if err := (guard{db: from, authority: here}).allow(ctx, 9, dutyReveals, posp.Hash{1}); !errors.Is(err, ErrHandedOver) {
				t.Fatalf("the database that was handed over signs: %v", err)
			}
		}
	})
}

func mustJSON(t failer, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A record goes to and fro; an old file never brings a database back to life
// whose record went on elsewhere.
func TestHandOverAndBack(t *testing.T) {
	ctx := context.Background()
	a, b := used(t, map[SignedDuty]bool{{1, "reveals", posp.Hash{1}}: true}), fresh(t)
	defer a.Close()
	defer b.Close()
	allow := func(db *sql.DB, epoch uint64) error {
		return guard{db: db, authority: here}.allow(ctx, epoch, dutyReveals, posp.Hash{byte(epoch)})
	}
	first := export(t, a, true)
	if again := export(t, a, true); mustJSON(t, again) != mustJSON(t, first) {
		t.Error("a hand-over exported twice differs")
	}
	if _, err := ImportRecord(ctx, a, first, here, 0); !errors.Is(err, ErrHandedOver) {
		t.Errorf("the database takes its own hand-over back: %v", err)
	}
	if _, err := ImportRecord(ctx, b, first, here, 0); err != nil {
		t.Fatal(err)
	}
	if err := allow(b, 2); err != nil {
		t.Fatalf("the new database: %v", err)
	}
	// A copy does not give it back either.
	if _, err := ImportRecord(ctx, a, export(t, b, false), here, 9); !errors.Is(err, ErrHandedOver) {
		t.Errorf("a copy brings the old database back: %v", err)
	}
	second := export(t, b, true)
	if second.Generation != first.Generation+1 {
		t.Errorf("generation %d after %d", second.Generation, first.Generation)
	}
	if _, err := ImportRecord(ctx, a, second, here, 0); err != nil {
		t.Fatal(err)
	}
	if err := allow(a, 3); err != nil {
		t.Errorf("handed back: %v", err)
	}
	if err := (guard{db: a, authority: here}).allow(ctx, 2, dutyReveals, posp.Hash{9}); !errors.Is(err, ErrSignedOther) {
		t.Errorf("what the other one signed is not known: %v", err)
	}
	if _, err := ImportRecord(ctx, a, first, here, 0); !errors.Is(err, ErrHandedOver) {
		t.Errorf("an older hand-over: %v", err)
	}
	// Not even by hand.
	for _, q := range []string{`UPDATE tenure SET generation = 0`, `DELETE FROM tenure`, `DELETE FROM floors`, `UPDATE floors SET epoch = 0`} {
		if _, err := ImportRecord(ctx, b, export(t, a, true), here, 0); err != nil && !errors.Is(err, ErrHandedOver) {
			t.Fatal(err)
		}
		if err := (guard{db: b, authority: here}).raise(ctx, 5); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Exec(q); err == nil {
			t.Errorf("%s works", q)
		}
	}
}

// A hand-over in the middle of an epoch carries what the epoch goes on with.
func TestHandOverCarriesWorkInProgress(t *testing.T) {
	ctx := context.Background()
	a, b := used(t, nil), fresh(t)
	defer a.Close()
	defer b.Close()
	found := []posp.Reveal{{SampleID: posp.Hash{3}, Evidence: []byte{1}, Salt: posp.Hash{4}}}
	g := guard{db: a, authority: here}
	for e := range uint64(9) {
		if err := g.allowWith(ctx, e, dutyCommitments, commitments(who, e, found).Digest(here), kindEvidence, found); err != nil {
			t.Fatal(err)
		}
	}
	v := export(t, a, true)
	if n := len(v.Deployments[0].Contents); n != epochsInWork {
		t.Errorf("%d contents", n)
	}
	if _, err := ImportRecord(ctx, b, v, here, 0); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := recorded[[]posp.Reveal](ctx, guard{db: b, authority: here}, 8, kindEvidence); err != nil || !ok || got[0].Salt != found[0].Salt {
		t.Errorf("evidence %v, %v, %v", got, ok, err)
	}
	if copied := export(t, used(t, nil), false); len(copied.Deployments) != 0 {
		t.Errorf("a copy has contents: %+v", copied)
	}
	// Contents that are not what was signed are damage.
	v.Deployments[0].Contents[0].Body = json.RawMessage(strings.Replace(string(v.Deployments[0].Contents[0].Body), "0x04", "0x05", 1))
	if _, err := ImportRecord(ctx, fresh(t), v, here, 0); err == nil || !strings.Contains(err.Error(), "not what was signed") {
		t.Errorf("changed salt: %v", err)
	}
}

func TestRecordsOfOtherDeploymentsAndOperators(t *testing.T) {
	ctx := context.Background()
	v := export(t, used(t, map[SignedDuty]bool{{1, "reveals", posp.Hash{1}}: true}), false)
	to := fresh(t)
	in, err := ImportRecord(ctx, to, v, posp.Authority{ChainID: 1, Attestation: posp.Address{1}}, 3)
	if err != nil || in.New != 0 || len(in.Skipped) != 1 || in.Skipped[0] != 31337 {
		t.Errorf("another deployment: %+v, %v", in, err)
	}
	other := fresh(t)
	if err := (guard{db: other}).claim(ctx, other, posp.Address{8}); err != nil {
		t.Fatal(err)
	}
	if _, err := ImportRecord(ctx, other, v, here, 3); !errors.Is(err, ErrForeignDatabase) {
		t.Errorf("another operator's database: %v", err)
	}
	if _, err := ExportRecord(ctx, fresh(t), false); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Errorf("export of nothing: %v", err)
	}
}

func TestBadRecords(t *testing.T) {
	good := mustJSON(t, export(t, used(t, map[SignedDuty]bool{{1, "reveals", posp.Hash{1}}: true}), true))
	for name, c := range map[string]struct{ from, to, want string }{
		"newer":            {`"version":1`, `"version":2`, "version 2, this program knows 1"},
		"newer with more":  {`"version":1`, `"version":2,"colour":"red"`, "version 2"},
		"older":            {`"version":1`, `"version":0`, "version 0"},
		"another file":     {RecordFormat, "interchange", "not a signing record"},
		"unknown field":    {`"version":1`, `"version":1,"colour":"red"`, "colour"},
		"no operator":      {`"operator":"0x07`, `"operator":"0x00`, "operator is missing"},
		"unknown duty":     {`"duty":"reveals"`, `"duty":"lunch"`, "no duty"},
		"no digest":        {`"digest":"0x01`, `"digest":"0x00`, "no digest"},
		"twice":            {`"signed":[{`, `"signed":[{"epoch":1,"duty":"reveals","digest":"0x0300000000000000000000000000000000000000000000000000000000000000"},{`, "there twice"},
		"negative epoch":   {`"epoch":1`, `"epoch":-1`, "epoch"},
		"epoch beyond all": {`"epoch":1`, `"epoch":18446744073709551615`, "no epoch"},
		"no chain":         {`"chainId":31337`, `"chainId":0`, "chainId"},
		"cut off":          {`]}]}`, `]}`, "valid JSON"},
		"two files":        {`]}]}`, `]}]}{}`, "valid JSON"},
		"generation 0":     {`"generation":1`, `"generation":0`, "generation"},
	} {
		text := strings.Replace(good, c.from, c.to, 1)
		if text == good {
			t.Errorf("%s: nothing was changed in %s", name, good)
		}
		_, err := DecodeRecord(strings.NewReader(text))
		var invalid *posp.ValidationError
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
}

// A crash between the record and the signature leaves the permission for that
// signature and no other, also for who imports it.
func TestCrashBetweenRecordAndSignature(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "operator.db")
	db, err := store.Open(ctx, path, Migrations)
	if err != nil {
		t.Fatal(err)
	}
	g := guard{db: db, authority: here}
	if err := g.claim(ctx, db, who); err != nil {
		t.Fatal(err)
	}
	if err := g.allow(ctx, 4, dutyCertificate, posp.Hash{1}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // and nothing was signed
		t.Fatal(err)
	}
	if db, err = store.Open(ctx, path, Migrations); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	to := fresh(t)
	if _, err := ImportRecord(ctx, to, export(t, db, true), here, 0); err != nil {
		t.Fatal(err)
	}
	g = guard{db: to, authority: here}
	if err := g.allow(ctx, 4, dutyCertificate, posp.Hash{2}); !errors.Is(err, ErrSignedOther) {
		t.Errorf("another digest: %v", err)
	}
	if err := g.allow(ctx, 4, dutyCertificate, posp.Hash{1}); err != nil {
		t.Errorf("the recorded digest: %v", err)
	}
}

func FuzzDecodeRecord(f *testing.F) {
	f.Add([]byte(mustJSON(f, export(f, used(f, map[SignedDuty]bool{{1, "reveals", posp.Hash{1}}: true}), true))))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := DecodeRecord(bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := DecodeRecord(strings.NewReader(mustJSON(t, v)))
		if err != nil || mustJSON(t, again) != mustJSON(t, v) {
			t.Fatalf("%s becomes another record: %v", b, err)
		}
	})
}
