// Package store opens the database of a role. Each role keeps its queries in
// its own package and embeds its own migrations, in goose's format, numbered
// from 1:
//
//	//go:embed migrations/*.sql
//	var Migrations embed.FS
//
// SQLite is the default: one file, one process, one writer. A role that several
// processes may share has migrations/postgres/*.sql besides, and a
// PostgreSQL in place of the file. On both, what was committed is on disk.
//
//	sqlite.go    the file, and its lock
//	postgres.go  the server
//	group.go     many transactions at the price of one
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"strings"

	"github.com/pressly/goose/v3"
)

// Memory is the path of a SQLite database that lives as long as its handle:
// for tests.
const Memory = ":memory:"

// Why a database could not be opened.
var (
	ErrLocked      = errors.New("database is in use")
	ErrNotDatabase = errors.New("not a SQLite database")
	ErrNewerSchema = errors.New("database was written by a newer version of this program")
)

// Open opens the database at where, creating a SQLite file and its directory,
// and brings it to the newest of the migrations. where is a path, or the URL of
// a PostgreSQL database: postgres://user:password@host:port/database?sslmode=...
//
// Queries write parameters as $1, $2, ..., which both know.
//
// SQLite: the handle has a single connection, so a statement on it waits for
// the transaction or rows in progress: within those, use the *sql.Tx, or close
// the rows first. Closing the handle frees the file for the next process; the
// death of the process does too.
//
// PostgreSQL: any number of processes may open it. Between its transactions
// nothing is locked.
func Open(ctx context.Context, where string, migrations fs.FS) (*sql.DB, error) {
	open, name := openSQLite, where
	if Shared(where) {
		open, name = openPostgres, redacted(where)
	}
	db, err := open(ctx, where, migrations)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", name, err)
	}
	return db, nil
}

// Shared says whether several processes can open what is at where.
func Shared(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// redacted is a URL without its password.
func redacted(where string) string {
	u, err := url.Parse(where)
	if err != nil {
		return "postgres://... (not a URL)"
	}
	q := u.Query()
	if q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// migrate brings a database to the newest of the migrations in a directory.
func migrate(ctx context.Context, db *sql.DB, migrations fs.FS, dir string, dialect goose.Dialect, options ...goose.ProviderOption) error {
	files, err := fs.Sub(migrations, dir)
	if err != nil {
		return err
	}
	// No Go migrations are registered globally, and none can be.
	p, err := goose.NewProvider(dialect, db, files, append(options, goose.WithDisableGlobalRegistry(true))...)
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
