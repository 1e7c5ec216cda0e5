package chain

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
)

// Migrations make the database of a Journal; internal/store opens it.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Attempt is a signed transaction of an intent. At most one of an intent's attempts is ever mined: those of one
// nonce exclude each other, and a new nonce is taken only when the old one is proved to be another's.
type Attempt struct {
	Tx     *types.Transaction
	Cancel bool // takes the nonce and does nothing
}

// Intent is a call that is to be executed once, and how far that is.
type Intent struct {
	ID       int64
	Name     string // of what it does, once and for all; empty if it may be repeated
	Nonce    uint64 // of the newest attempt
	Since    uint64 // the head when it began: no attempt is mined before
	Attempts []Attempt
	Receipt  *types.Receipt // once it has ended with one
}

// Call is what the intent executes.
func (i *Intent) Call() Call {
	for _, a := range i.Attempts {
		if !a.Cancel {
			return Call{To: a.Tx.To(), Data: a.Tx.Data(), Value: a.Tx.Value(), Gas: a.Tx.Gas(), Name: i.Name}
		}
	}
	return Call{Name: i.Name} // never: the first attempt is the call
}

// Outcome is how an intent ended.
type Outcome struct {
	Receipt *types.Receipt // of the attempt that was mined; nil if none was or will be
	Failed  string         // why the call was not executed; empty if it was
}

// Journal keeps one account's intents on one chain. What a method wrote is durable when it returns; after an
// error it may or may not be written, and the sender reads the journal again.
type Journal interface {
	// Open are the intents that have not ended, ascending by nonce.
	Open(ctx context.Context) ([]Intent, error)
	// Done is the intent of a name that was executed.
	Done(ctx context.Context, name string) (i Intent, ok bool, err error)
	// Begin writes a new intent with its first attempt and sets its ID. An open intent of the same nonce, or one of
	// the same name that is open or done, is an error.
	Begin(ctx context.Context, i *Intent) error
	// Attempt adds an attempt, whose nonce becomes the intent's.
	Attempt(ctx context.Context, id int64, a Attempt) error
	// End ends an intent. To end it again in the same way is no error.
	End(ctx context.Context, id int64, o Outcome) error
}

// memory is the journal of a program that does not outlive its transactions.
type memory struct {
	mu      sync.Mutex
	intents []*Intent
	ended   map[int64]Outcome
}

func newMemory() *memory { return &memory{ended: map[int64]Outcome{}} }

func (m *memory) Open(context.Context) (open []Intent, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.intents {
		if _, over := m.ended[i.ID]; !over {
			c := *i
			c.Attempts = slices.Clone(i.Attempts)
			open = append(open, c)
		}
	}
	slices.SortFunc(open, func(a, b Intent) int { return cmp.Compare(a.Nonce, b.Nonce) })
	return open, nil
}

func (m *memory) Done(_ context.Context, name string) (Intent, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.intents {
		if o, over := m.ended[i.ID]; over && i.Name == name && o.Failed == "" {
			c := *i
			c.Receipt = o.Receipt
			return c, true, nil
		}
	}
	return Intent{}, false, nil
}

func (m *memory) Begin(_ context.Context, in *Intent) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.intents {
		o, over := m.ended[i.ID]
		if !over && i.Nonce == in.Nonce || in.Name != "" && i.Name == in.Name && o.Failed == "" {
			return fmt.Errorf("begin intent: nonce %d or name %q is taken", in.Nonce, in.Name)
		}
	}
	in.ID = int64(len(m.intents)) + 1
	c := *in
	c.Attempts = slices.Clone(in.Attempts)
	m.intents = append(m.intents, &c)
	return nil
}

func (m *memory) Attempt(_ context.Context, id int64, a Attempt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := m.intents[id-1]
	i.Attempts, i.Nonce = append(i.Attempts, a), a.Tx.Nonce()
	return nil
}

func (m *memory) End(_ context.Context, id int64, o Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended[id] = o
	return nil
}

// sqlJournal is a Journal in SQLite.
type sqlJournal struct {
	db      *sql.DB
	chain   int64
	account []byte
}

// NewJournal is the journal of an account on a chain, in a database opened with Migrations.
func NewJournal(db *sql.DB, chainID uint64, account common.Address) Journal {
	return &sqlJournal{db: db, chain: int64(chainID), account: account.Bytes()}
}

func (j *sqlJournal) Open(ctx context.Context) ([]Intent, error) {
	list, err := j.query(ctx, "state = 'open' ORDER BY nonce")
	if err != nil {
		return nil, fmt.Errorf("read open intents: %w", err)
	}
	return list, nil
}

func (j *sqlJournal) Done(ctx context.Context, name string) (Intent, bool, error) {
	list, err := j.query(ctx, "state = 'done' AND name = ?", name)
	if err != nil || len(list) == 0 {
		return Intent{}, false, wrapIf("read intent", err)
	}
	return list[0], true, nil
}

func (j *sqlJournal) query(ctx context.Context, where string, args ...any) (list []Intent, err error) {
	rows, err := j.db.QueryContext(ctx, "SELECT id, name, nonce, since, receipt FROM intents WHERE chain = ? AND account = ? AND "+where, append([]any{j.chain, j.account}, args...)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var i Intent
		var receipt sql.NullString
		if err := rows.Scan(&i.ID, &i.Name, &i.Nonce, &i.Since, &receipt); err != nil {
			return nil, err
		}
		if receipt.Valid {
			i.Receipt = new(types.Receipt)
			if err := json.Unmarshal([]byte(receipt.String), i.Receipt); err != nil {
				return nil, fmt.Errorf("decode receipt of intent %d: %w", i.ID, err)
			}
		}
		list = append(list, i)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	for k := range list {
		if list[k].Attempts, err = j.attempts(ctx, list[k].ID); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (j *sqlJournal) attempts(ctx context.Context, id int64) (list []Attempt, err error) {
	rows, err := j.db.QueryContext(ctx, "SELECT raw, cancel FROM attempts WHERE intent = ? ORDER BY id", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		a := Attempt{Tx: new(types.Transaction)}
		var raw []byte
		if err := rows.Scan(&raw, &a.Cancel); err != nil {
			return nil, err
		}
		if err := a.Tx.UnmarshalBinary(raw); err != nil {
			return nil, fmt.Errorf("decode transaction of intent %d: %w", id, err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

func (j *sqlJournal) Begin(ctx context.Context, i *Intent) error {
	return wrapIf("write intent", j.write(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "INSERT INTO intents (chain, account, name, nonce, since) VALUES (?, ?, ?, ?, ?)", j.chain, j.account, i.Name, i.Nonce, i.Since)
		if err != nil {
			return err
		}
		if i.ID, err = r.LastInsertId(); err != nil {
			return err
		}
		for _, a := range i.Attempts {
			if err := insert(ctx, tx, i.ID, a); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (j *sqlJournal) Attempt(ctx context.Context, id int64, a Attempt) error {
	return wrapIf("write transaction of intent", j.write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "UPDATE intents SET nonce = ? WHERE id = ?", a.Tx.Nonce(), id); err != nil {
			return err
		}
		return insert(ctx, tx, id, a)
	}))
}

func insert(ctx context.Context, tx *sql.Tx, id int64, a Attempt) error {
	raw, err := a.Tx.MarshalBinary()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO attempts (intent, hash, cancel, raw) VALUES (?, ?, ?, ?) ON CONFLICT (intent, hash) DO NOTHING", id, a.Tx.Hash().Bytes(), a.Cancel, raw)
	return err
}

func (j *sqlJournal) End(ctx context.Context, id int64, o Outcome) error {
	state, receipt, reason := "done", sql.NullString{}, sql.NullString{}
	if o.Receipt != nil {
		text, err := json.Marshal(o.Receipt)
		if err != nil {
			return fmt.Errorf("encode receipt: %w", err)
		}
		receipt = sql.NullString{String: string(text), Valid: true}
	}
	if o.Failed != "" {
		state, reason = "failed", sql.NullString{String: o.Failed, Valid: true}
	}
	return wrapIf("end intent", j.write(ctx, func(tx *sql.Tx) error {
		var was string
		if err := tx.QueryRowContext(ctx, "SELECT state FROM intents WHERE id = ?", id).Scan(&was); err != nil {
			return err
		}
		if was == state {
			return nil
		}
		_, err := tx.ExecContext(ctx, "UPDATE intents SET state = ?, receipt = ?, reason = ? WHERE id = ?", state, receipt, reason, id)
		return err
	}))
}

func (j *sqlJournal) write(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := j.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func wrapIf(action string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", action, err)
}
