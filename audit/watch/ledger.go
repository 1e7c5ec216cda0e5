package watch

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"math"

	"github.com/proof-of-sampling/posp"
)

// Migrations of the auditor's database, for store.Open.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// Canary is a receipt that the auditor got as a buyer.
type Canary struct {
	ID      int64
	Receipt posp.Receipt // of it only provider, epoch and sequence are kept here
	Hash    posp.Hash
	Answer  []byte // as it came, with its field posp
	State   State
}

// Judgement is what became of a canary.
type Judgement struct {
	ID         int64
	State      State
	BatchEpoch uint64 // these of Stands alone
	Leaves     uint64
	Draws      uint64
	Sampled    *bool // nil: the batch has no beacon
}

// Ledger is what the auditor remembers. What is written is on disk when a
// method returns.
type Ledger struct{ db *sql.DB }

// NewLedger keeps it in a database with the package's Migrations.
func NewLedger(db *sql.DB) *Ledger { return &Ledger{db} }

// Next is the epoch after the last that was looked at; ok is false before the
// first.
func (l *Ledger) Next(ctx context.Context) (epoch uint64, ok bool, err error) {
	var last sql.NullInt64
	if err := l.db.QueryRowContext(ctx, "SELECT max(epoch) FROM epochs").Scan(&last); err != nil {
		return 0, false, fmt.Errorf("read cursor: %w", err)
	}
	return uint64(last.Int64 + 1), last.Valid, nil
}

// Keep writes a canary's receipt down, before anything is concluded from it. Of
// the same sequence there may be another receipt that the provider gave: it is
// handed back, for two are an equivocation.
func (l *Ledger) Keep(ctx context.Context, c Canary) (other *Canary, err error) {
	r := c.Receipt
	if r.Epoch > math.MaxInt64 || r.Sequence > math.MaxInt64 {
		return nil, posp.Invalidf("a receipt of epoch %d and sequence %d is none that a batch could hold", r.Epoch, r.Sequence)
	}
	if _, err := l.db.ExecContext(ctx, "INSERT INTO canaries (provider, epoch, sequence, hash, answer) VALUES ($1, $2, $3, $4, $5)",
		r.Provider[:], int64(r.Epoch), int64(r.Sequence), c.Hash[:], c.Answer); err != nil {
		return nil, fmt.Errorf("keep receipt: %w", err)
	}
	list, err := l.read(ctx, "provider = $1 AND sequence = $2 AND hash <> $3 LIMIT 1", r.Provider[:], int64(r.Sequence), c.Hash[:])
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// retried is for how many epochs a provider is asked again for a proof that it
// did not give.
const retried = 8

// Open are the canaries whose place is not known, of epochs up to one; unproved
// ones too, for a while.
func (l *Ledger) Open(ctx context.Context, epoch uint64) ([]Canary, error) {
	return l.read(ctx, "epoch <= $1 AND (state = 'waiting' OR state = 'unproved' AND epoch + $2 > $1) ORDER BY id", int64(epoch), retried)
}

func (l *Ledger) read(ctx context.Context, where string, args ...any) (list []Canary, err error) {
	rows, err := l.db.QueryContext(ctx, "SELECT id, provider, epoch, sequence, hash, answer, state FROM canaries WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read canaries: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c Canary
		var provider, hash []byte
		if err := rows.Scan(&c.ID, &provider, &c.Receipt.Epoch, &c.Receipt.Sequence, &hash, &c.Answer, &c.State); err != nil {
			return nil, fmt.Errorf("read canaries: %w", err)
		}
		c.Receipt.Provider, c.Hash = posp.Address(provider), posp.Hash(hash)
		list = append(list, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read canaries: %w", err)
	}
	return list, nil
}

// Conclude writes down what an epoch came to, and what became of canaries,
// whole or not at all. The next one is the epoch after it.
func (l *Ledger) Conclude(ctx context.Context, epoch uint64, line []byte, wrong, unknown int, judged []Judgement) (err error) {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("conclude epoch %d: %w", epoch, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("conclude epoch %d: %w", epoch, err), tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, "INSERT INTO epochs (epoch, line, wrong, unknown) VALUES ($1, $2, $3, $4)", int64(epoch), string(line), wrong, unknown); err != nil {
		return err
	}
	for _, j := range judged {
		if j.State == Waiting {
			continue
		}
		var batch, leaves, draws, sampled any
		if j.State == Stands {
			batch, leaves, draws = int64(j.BatchEpoch), int64(j.Leaves), int64(j.Draws)
			if j.Sampled != nil {
				sampled = *j.Sampled
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE canaries SET state = $1, judged = $2, batch_epoch = $3, leaves = $4, draws = $5, sampled = $6 WHERE id = $7",
			string(j.State), int64(epoch), batch, leaves, draws, sampled, j.ID); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Rates are the tests of all providers as of the last concluded epoch. Of each
// batch those canaries count that were judged with its epoch: they are one Lot.
// Each such batch was one look.
func (l *Ledger) Rates(ctx context.Context) (map[posp.Address]*Rate, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT provider, leaves, draws, count(*), sum(sampled) FROM canaries
		WHERE state = 'stands' AND sampled IS NOT NULL AND judged = batch_epoch GROUP BY provider, batch_epoch ORDER BY batch_epoch`)
	if err != nil {
		return nil, fmt.Errorf("read rates: %w", err)
	}
	defer rows.Close()
	all := map[posp.Address]*Rate{}
	for rows.Next() {
		var provider []byte
		var lot Lot
		if err := rows.Scan(&provider, &lot.Leaves, &lot.Draws, &lot.Canaries, &lot.Sampled); err != nil {
			return nil, fmt.Errorf("read rates: %w", err)
		}
		who := posp.Address(provider)
		if all[who] == nil {
			all[who] = &Rate{}
		}
		all[who].Add(lot)
		all[who].Looks++
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read rates: %w", err)
	}
	return all, nil
}
