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

func openSQLite(ctx context.Context, path string, migrations fs.FS) (_ *sql.DB, err error) {
	c := &connector{dsn: dsn(path)}
	if path != Memory {
		if c.lock, err = claim(path); err != nil {
			return nil, err
		}
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	if err = first(ctx, db); err == nil {
		err = migrate(ctx, db, migrations, "migrations", goose.DialectSQLite3)
	}
	if err != nil {
		db.Close() // frees the lock
		return nil, err
	}
	return db, nil
}

// first is the statement that reads the file for the first time.
func first(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema")
	var e *sqlite.Error
	if errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_NOTADB {
		return ErrNotDatabase
	}
	return err
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
