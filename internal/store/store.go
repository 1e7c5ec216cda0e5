// Package store opens the SQLite database of a role: one file, one process,
// one writer, every commit on disk before it returns. Each role keeps its
// queries in its own package and embeds its own migrations:
//
//	//go:embed migrations/*.sql
//	var Migrations embed.FS
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Memory is the path of a database that lives as long as its handle: for tests.
const Memory = ":memory:"

// Why a database could not be opened.
var (
	ErrLocked      = errors.New("database is in use")
	ErrNotDatabase = errors.New("not a SQLite database")
	ErrNewerSchema = errors.New("database was written by a newer version of this program")
)

// Open opens or creates the database at path, its directory included, and
// brings it to the newest of the migrations (migrations/*.sql, in goose's
// format, numbered from 1).
//
// The handle has a single connection, so a statement on it waits for the
// transaction or rows in progress: within those, use the *sql.Tx, or close the
// rows first. A committed transaction survives a crash of process or machine
// (WAL with synchronous=FULL). Closing the handle frees the file for the next
// process; the death of the process does too.
func Open(ctx context.Context, path string, migrations fs.FS) (_ *sql.DB, err error) {
	c := &connector{dsn: dsn(path)}
	if path != Memory {
		if c.lock, err = claim(path); err != nil {
			return nil, fmt.Errorf("open database %s: %w", path, err)
		}
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	if err = migrate(ctx, db, migrations); err != nil {
		db.Close() // frees the lock
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return db, nil
}

func dsn(path string) string {
	// The path is escaped so that a '?' or '%' in it is not read as syntax.
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + strings.Join([]string{
		"_pragma=busy_timeout(5000)", // first: the others may have to wait
		"_pragma=journal_mode(WAL)",
		"_pragma=synchronous(FULL)",
		"_pragma=foreign_keys(1)",
		"_txlock=immediate",
	}, "&")
}

// claim takes the lock of the database and makes sure that it can be written.
// The lock file stays when the lock is freed: removing it would let two
// processes hold locks on two files of the same name.
func claim(path string) (*flock.Flock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	name := path + ".lock"
	lock := flock.New(name, flock.SetPermissions(0o600))
	held, err := lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !held {
		owner, _ := os.ReadFile(name) // its owner may not have written it yet
		if len(owner) == 0 {
			owner = []byte("another process")
		}
		return nil, fmt.Errorf("%w by %s: stop it or choose another path", ErrLocked, strings.TrimSpace(string(owner)))
	}
	err = os.WriteFile(name, fmt.Appendf(nil, "process %d (%s)\n", os.Getpid(), filepath.Base(os.Args[0])), 0o600)
	if err == nil {
		// SQLite would create it readable by all; it holds prompts.
		var f *os.File
		if f, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err == nil {
			err = f.Close()
		}
	}
	if err != nil {
		return nil, errors.Join(err, lock.Unlock())
	}
	return lock, nil
}

func migrate(ctx context.Context, db *sql.DB, migrations fs.FS) error {
	// The first statement is the one that reads the file.
	if _, err := db.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema"); err != nil {
		var e *sqlite.Error
		if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_NOTADB {
			return ErrNotDatabase
		}
		return err
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	// No Go migrations are registered globally, and none can be.
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > want {
		return fmt.Errorf("%w: schema %d, this one knows up to %d", ErrNewerSchema, have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate schema %d to %d: %w", have, want, err)
	}
	return nil
}

// connector ties the lock to the handle: sql.DB.Close closes it last.
type connector struct {
	dsn  string
	lock *flock.Flock // nil in memory
}

func (c *connector) Connect(context.Context) (driver.Conn, error) { return c.Driver().Open(c.dsn) }

func (c *connector) Driver() driver.Driver { return &sqlite.Driver{} }

func (c *connector) Close() error {
	if c.lock == nil {
		return nil
	}
	return c.lock.Unlock()
}
