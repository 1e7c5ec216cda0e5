package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// both is a schema for SQLite and PostgreSQL.
func both(statements ...string) fstest.MapFS {
	fsys := schema(statements...)
	for name, f := range maps.Clone(fsys) {
		fsys[strings.Replace(name, "migrations/", "migrations/postgres/", 1)] = f
	}
	return fsys
}

const notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL CHECK (text <> ''));"

func count(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRow("SELECT count(*) FROM notes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestConformOpen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, where func() string) {
		at := where()
		db := open(t, at, both(notes))
		if _, err := db.Exec("INSERT INTO notes VALUES ($1, $2)", 7, "seven"); err != nil {
			t.Fatal(err)
		}
		db.Close()
		db = open(t, at, both(notes, parent))
		if n := count(t, db); n != 1 {
			t.Fatalf("%d notes after reopening", n)
		}
		if _, err := db.Exec("INSERT INTO parent VALUES (1)"); err != nil {
			t.Errorf("the second migration is missing: %v", err)
		}
		db.Close()
		if _, err := store.Open(t.Context(), at, both(notes)); !errors.Is(err, store.ErrNewerSchema) {
			t.Errorf("an older program opens it: %v", err)
		}
	})
}

func TestConformTransact(t *testing.T) {
	storetest.Each(t, func(t *testing.T, where func() string) {
		ctx := t.Context()
		db := open(t, where(), both(notes))
		wrong := errors.New("changed my mind")
		err := store.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO notes VALUES (1, 'one')"); err != nil {
				return err
			}
			return wrong
		})
		if err != wrong || count(t, db) != 0 {
			t.Fatalf("%v, %d notes", err, count(t, db))
		}
		// Many that read and then write the same row, as a phase and its end do.
		if _, err := db.Exec("INSERT INTO notes VALUES (1, '.')"); err != nil {
			t.Fatal(err)
		}
		words := store.WordsOf(db)
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := store.Transact(ctx, db, func(ctx context.Context, tx *sql.Tx) error {
					var text string
					if err := tx.QueryRowContext(ctx, "SELECT text FROM notes WHERE id = 1"+words.Update).Scan(&text); err != nil {
						return err
					}
					_, err := tx.ExecContext(ctx, "UPDATE notes SET text = $1 WHERE id = 1", text+".")
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		var text string
		if err := db.QueryRow("SELECT text FROM notes WHERE id = 1").Scan(&text); err != nil || len(text) != 21 {
			t.Errorf("%d marks of 21, %v: a write was lost", len(text), err)
		}
	})
}

func TestConformNow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, where func() string) {
		db := open(t, where(), both(notes))
		var ms int64
		if err := db.QueryRow("SELECT " + store.WordsOf(db).Now).Scan(&ms); err != nil {
			t.Fatal(err)
		}
		if off := time.Since(time.UnixMilli(ms)); off.Abs() > 5*time.Second {
			t.Errorf("the database's clock is %v off", off)
		}
	})
}

func TestConformGroup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, where func() string) {
		ctx, at := t.Context(), where()
		db := open(t, at, both(notes))
		g := store.NewGroup(db)
		const n = 300
		var bad, wrote atomic.Int64
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				text := fmt.Sprint(i)
				if i%50 == 0 {
					text = "" // the database refuses it
				}
				err := g.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
					_, err := tx.ExecContext(ctx, "INSERT INTO notes VALUES ($1, $2)", i, text)
					return err
				})
				switch {
				case err == nil && text != "":
					wrote.Add(1)
				case err != nil && text == "":
					bad.Add(1)
				default:
					t.Errorf("note %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		if bad.Load() != n/50 || wrote.Load() != n-n/50 {
			t.Errorf("%d failed, %d written", bad.Load(), wrote.Load())
		}
		db.Close()
		if db = open(t, at, both(notes)); count(t, db) != n-n/50 {
			t.Errorf("%d notes after reopening, want %d", count(t, db), n-n/50)
		}
	})
}

// Those that come while a group is being written share the next transaction.
func TestGroupGathers(t *testing.T) {
	db := open(t, store.Memory, both(notes))
	g := store.NewGroup(db)
	busy, release := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		g.Do(t.Context(), func(context.Context, *sql.Tx) error { close(busy); <-release; return nil })
	})
	<-busy
	var mu sync.Mutex
	seen := map[*sql.Tx]int{}
	for range 50 {
		wg.Go(func() {
			g.Do(t.Context(), func(_ context.Context, tx *sql.Tx) error { mu.Lock(); defer mu.Unlock(); seen[tx]++; return nil })
		})
	}
	time.Sleep(50 * time.Millisecond) // until they wait: too short a time fails nothing that works
	close(release)
	wg.Wait()
	if len(seen) > 10 {
		t.Errorf("50 that waited took %d transactions", len(seen))
	}
}

// Who gives up is not waited for, and takes nobody along.
func TestGroupOutlivesItsLeader(t *testing.T) {
	db := open(t, store.Memory, both(notes))
	g := store.NewGroup(db)
	ctx, cancel := context.WithCancel(t.Context())
	leading, release, led := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		led <- g.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
			close(leading)
			<-release
			_, err := tx.ExecContext(ctx, "INSERT INTO notes VALUES (1, 'one')")
			return err
		})
	}()
	<-leading
	gone, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		left <- g.Do(gone, func(context.Context, *sql.Tx) error { t.Error("ran for somebody who had left"); return nil })
	}()
	second := make(chan error, 1)
	go func() {
		second <- g.Do(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO notes VALUES (2, 'two')")
			return err
		})
	}()
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	cancel() // the leader's own deadline: what it has begun ends well
	close(release)
	if err := <-led; err != nil {
		t.Errorf("leader got %v", err)
	}
	if err := <-second; err != nil || count(t, db) != 2 {
		t.Errorf("second got %v, %d notes", err, count(t, db))
	}
}

func TestPostgresOpensForMany(t *testing.T) {
	dsn := storetest.Postgres(t)
	var wg sync.WaitGroup
	for range 4 { // replicas that start at once
		wg.Go(func() {
			db, err := store.Open(t.Context(), dsn, both(notes, parent, child))
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			var commit, timeout string
			if err := db.QueryRow("SHOW synchronous_commit").Scan(&commit); err != nil || commit != "on" {
				t.Errorf("synchronous_commit = %q, %v", commit, err)
			}
			if err := db.QueryRow("SHOW lock_timeout").Scan(&timeout); err != nil || timeout != "10s" {
				t.Errorf("lock_timeout = %q, %v", timeout, err)
			}
		})
	}
	wg.Wait()
}

func TestErrorsHideThePassword(t *testing.T) {
	for _, where := range []string{
		"postgres://posp:geheim@127.0.0.1:1/x?connect_timeout=1",
		"postgres://127.0.0.1:1/x?user=posp&password=geheim&connect_timeout=1",
		"postgres://posp:geheim@127.0.0.1:99999/x",
		"postgres://posp:geheim@127.0.0.1:1/x?sslmode=wrong",
	} {
		_, err := store.Open(t.Context(), where, both(notes))
		if err == nil || strings.Contains(err.Error(), "geheim") || !strings.Contains(err.Error(), "127.0.0.1") {
			t.Errorf("%s: %v", where, err)
		}
	}
}
