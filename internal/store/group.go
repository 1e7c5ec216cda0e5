package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Locks is what a SELECT ends with that wants its rows unchanged until the
// transaction ends. SQLite has one writer, whose transaction begins with a
// lock of the whole file.
type Locks struct{ Share, Update string }

// LocksOf are the words of a database that Open returned.
func LocksOf(db *sql.DB) Locks {
	if _, ok := db.Driver().(*stdlib.Driver); ok {
		return Locks{Share: " FOR SHARE", Update: " FOR UPDATE"}
	}
	return Locks{}
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

// groupTimeout is for one group, whoever waits for it.
const groupTimeout = 20 * time.Second

// maxGroup bounds a transaction, so that its first waiter does not wait for all.
const maxGroup = 128

// Group commits many small transactions as one: while one group is being
// written the next gathers, so a disk that takes 5 ms to sync takes them for
// all that came meanwhile. Make it with NewGroup; it is safe for concurrent use.
type Group struct {
	db      *sql.DB
	turn    chan struct{}    // holds one: whose turn it is to write
	waiting chan *membership // what the next group takes
}

type membership struct {
	ctx  context.Context
	f    func(context.Context, *sql.Tx) error
	err  error
	done chan struct{} // closed once err is set
}

// NewGroup groups transactions on a database.
func NewGroup(db *sql.DB) *Group {
	return &Group{db: db, turn: make(chan struct{}, 1), waiting: make(chan *membership, maxGroup)}
}

// Do runs f in a transaction with others and returns once it is on disk, with
// f's error or the transaction's. f must not write and then fail for a reason
// of its own: an error of f is one of the database, and undoes the group. The
// members of a group that was undone are tried alone, so that the one at
// fault fails alone; f may run several times, and after ctx's end.
//
// With an error of ctx what became of f is not known.
func (g *Group) Do(ctx context.Context, f func(context.Context, *sql.Tx) error) error {
	m := &membership{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case g.waiting <- m:
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		select {
		case <-m.done:
			return m.err
		case <-ctx.Done():
			select {
			case <-m.done: // both: what is known is told
				return m.err
			default:
				return ctx.Err()
			}
		case g.turn <- struct{}{}:
			select {
			case <-m.done: // whoever wrote before took this one along
			default:
				g.write(ctx)
			}
			<-g.turn
		}
	}
}

// write takes all that wait and commits them.
func (g *Group) write(ctx context.Context) {
	// Not by the leader's deadline: the others have their own.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), groupTimeout)
	defer cancel()
	var group []*membership
	for len(group) < maxGroup {
		select {
		case m := <-g.waiting:
			if m.err = m.ctx.Err(); m.err != nil { // nobody waits for it any more
				close(m.done)
				continue
			}
			group = append(group, m)
			continue
		default:
		}
		break
	}
	if len(group) == 0 {
		return
	}
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
		close(m.done)
	}
}
