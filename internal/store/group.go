package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/proof-of-sampling/posp/internal/gather"
)

// Words are what the two databases say differently.
type Words struct {
	// Share and Update end a SELECT that wants its rows unchanged, and for
	// itself, until the transaction ends. SQLite has one writer, whose
	// transaction begins with a lock of the whole file.
	Share, Update string

	Now string // the database's clock, in milliseconds
}

// WordsOf are the words of a database that Open returned.
func WordsOf(db *sql.DB) Words {
	if _, ok := db.Driver().(*stdlib.Driver); ok {
		return Words{Share: " FOR SHARE", Update: " FOR UPDATE", Now: "(extract(epoch FROM clock_timestamp()) * 1000)::bigint"}
	}
	return Words{Now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)"}
}

// attempts is how often a transaction is tried that others stood in the way of.
const attempts = 5

// Transact runs f in a transaction, which ends with f: by its error nothing is
// written. f may run several times: it must set whatever it sets each time.
func Transact(ctx context.Context, db *sql.DB, f func(context.Context, *sql.Tx) error) (err error) {
	for i := range attempts {
		if err = transact(ctx, db, f); !passes(err) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(1<<i) * 5 * time.Millisecond):
		}
	}
	return err
}

func transact(ctx context.Context, db *sql.DB, f func(context.Context, *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // of what was not committed; its error would be what made it so
	if err := f(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

// passes says whether the transaction failed only because of others.
func passes(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01") // serialization failure, deadlock
}

const (
	groupTimeout = 20 * time.Second // for one group, whoever waits for it
	maxGroup     = 128              // members of one, so that its first does not wait for too many
	maxWaiting   = 1024
)

// Group commits many small transactions as one: while one group is being
// written the next gathers, so a disk that takes 5 ms to sync takes them for
// all that came meanwhile. Make it with NewGroup; it is safe for concurrent use.
type Group struct {
	db   *sql.DB
	gate *gather.Gate[*membership]
}

type membership struct {
	f   func(context.Context, *sql.Tx) error
	err error
}

// NewGroup groups transactions on a database.
func NewGroup(db *sql.DB) *Group {
	g := &Group{db: db}
	g.gate = gather.New(maxGroup, maxWaiting, g.write)
	return g
}

// Do runs f in a transaction with others and returns once it is on disk, with
// f's error or the transaction's. f must not write and then fail for a reason
// of its own: an error of f is one of the database, and undoes the group. The
// members of a group that was undone are tried alone, so that the one at
// fault fails alone; f may run several times, and after ctx's end.
//
// With an error of ctx what became of f is not known. gather.ErrFull says that
// too many wait already.
func (g *Group) Do(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	m := &membership{f: f}
	if err := g.gate.Do(ctx, m); err != nil {
		return err
	}
	return m.err
}

// write commits a group.
func (g *Group) write(ctx context.Context, group []*membership) {
	ctx, cancel := context.WithTimeout(ctx, groupTimeout)
	defer cancel()
	err := Transact(ctx, g.db, func(ctx context.Context, tx *sql.Tx) error {
		for _, m := range group {
			if err := m.f(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, m := range group {
		if m.err = err; err != nil && len(group) > 1 && !errors.Is(err, driver.ErrBadConn) && ctx.Err() == nil {
			m.err = Transact(ctx, g.db, m.f)
		}
	}
}
