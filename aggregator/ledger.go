package aggregator

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp"
)

// Migrations are the aggregator's database, for store.Open.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// duty is what a message answers: each operator has one of each in an epoch.
type duty string

const (
	dutyCommitments duty = "commitments"
	dutyReveals     duty = "reveals"
	dutyShare       duty = "share"
)

// phase is how far an epoch is. Phases come in this order and never go back.
type phase string

const (
	phaseOpen    phase = ""        // commitments are accepted
	phaseFrozen  phase = "frozen"  // reveals are accepted, after the commit deadline
	phaseFinal   phase = "final"   // nothing of the evidence changes any more
	phaseDerived phase = "derived" // shares are accepted
)

// ledger is what was accepted and decided, in SQLite. A method that returns
// nil has its effect on disk.
type ledger struct{ db *sql.DB }

// accepted is the digest of what an operator sent for a duty.
func (l ledger) accepted(ctx context.Context, epoch uint64, d duty, operator posp.Address) (digest posp.Hash, ok bool, err error) {
	var b []byte
	err = l.db.QueryRowContext(ctx, `SELECT digest FROM messages WHERE epoch = ? AND duty = ? AND operator = ?`, epoch, d, operator[:]).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return digest, false, nil
	}
	if err != nil {
		return digest, false, fmt.Errorf("read accepted message: %w", err)
	}
	return posp.Hash(b), true, nil
}

// accept writes a message down.
func (l ledger) accept(ctx context.Context, epoch uint64, d duty, operator posp.Address, digest posp.Hash, message any) error {
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	_, err = l.db.ExecContext(ctx, `INSERT INTO messages (epoch, duty, operator, digest, body) VALUES (?, ?, ?, ?, ?)`,
		epoch, d, operator[:], digest[:], string(body))
	if err != nil {
		return fmt.Errorf("write message: %w", err)
	}
	return nil
}

// messages are all accepted messages of one duty, ascending by operator.
func messages[T any](ctx context.Context, l ledger, epoch uint64, d duty) ([]T, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT body FROM messages WHERE epoch = ? AND duty = ? ORDER BY operator`, epoch, d)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var body string
		var m T
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
		if err := json.Unmarshal([]byte(body), &m); err != nil {
			return nil, fmt.Errorf("decode stored message: %w", err)
		}
		all = append(all, m)
	}
	return all, rows.Err()
}

// senders are the operators whose message of a duty was accepted.
func (l ledger) senders(ctx context.Context, epoch uint64, d duty) (map[posp.Address]bool, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT operator FROM messages WHERE epoch = ? AND duty = ?`, epoch, d)
	if err != nil {
		return nil, fmt.Errorf("read senders: %w", err)
	}
	defer rows.Close()
	all := map[posp.Address]bool{}
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			return nil, fmt.Errorf("read senders: %w", err)
		}
		all[posp.Address(b)] = true
	}
	return all, rows.Err()
}

// state is what was decided about an epoch.
type state struct {
	phase       phase
	digest      posp.Hash // from phaseDerived on
	transaction posp.Hash // zero until certified
}

func (l ledger) state(ctx context.Context, epoch uint64) (s state, err error) {
	var digest, transaction []byte
	err = l.db.QueryRowContext(ctx, `SELECT phase, digest, transaction_hash FROM epochs WHERE epoch = ?`, epoch).Scan(&s.phase, &digest, &transaction)
	if errors.Is(err, sql.ErrNoRows) {
		return state{}, nil
	}
	if err != nil {
		return state{}, fmt.Errorf("read epoch: %w", err)
	}
	s.digest, s.transaction = common.BytesToHash(digest), common.BytesToHash(transaction)
	return s, nil
}

// advance moves an epoch to phaseFrozen or phaseFinal.
func (l ledger) advance(ctx context.Context, epoch uint64, to phase) error {
	_, err := l.db.ExecContext(ctx, `INSERT INTO epochs (epoch, phase) VALUES (?, ?)
		ON CONFLICT (epoch) DO UPDATE SET phase = excluded.phase WHERE phase = 'frozen'`, epoch, to)
	if err != nil {
		return fmt.Errorf("write phase %s: %w", to, err)
	}
	return nil
}

// derived writes down what a final epoch came to.
func (l ledger) derived(ctx context.Context, digest posp.Hash, r posp.Result, samples []posp.SampleResult) error {
	result, err := json.Marshal(r)
	if err == nil {
		var list []byte
		if list, err = json.Marshal(samples); err == nil {
			_, err = l.db.ExecContext(ctx, `UPDATE epochs SET phase = 'derived', digest = ?, result = ?, samples = ? WHERE epoch = ? AND phase = 'final'`,
				digest[:], string(result), string(list), r.Epoch)
		}
	}
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// result is what a derived epoch came to.
func (l ledger) result(ctx context.Context, epoch uint64) (r posp.Result, samples []posp.SampleResult, err error) {
	var result, list string
	err = l.db.QueryRowContext(ctx, `SELECT result, samples FROM epochs WHERE epoch = ? AND phase = 'derived'`, epoch).Scan(&result, &list)
	if err == nil {
		err = errors.Join(json.Unmarshal([]byte(result), &r), json.Unmarshal([]byte(list), &samples))
	}
	if err != nil {
		return r, nil, fmt.Errorf("read result: %w", err)
	}
	return r, samples, nil
}

// certified notes the transaction of an epoch's certificate.
func (l ledger) certified(ctx context.Context, epoch uint64, transaction posp.Hash) error {
	_, err := l.db.ExecContext(ctx, `UPDATE epochs SET transaction_hash = ? WHERE epoch = ?`, transaction[:], epoch)
	if err != nil {
		return fmt.Errorf("write certificate's transaction: %w", err)
	}
	return nil
}

// message is one operator's accepted message of a duty.
func message[T any](ctx context.Context, l ledger, epoch uint64, d duty, operator posp.Address) (m T, ok bool, err error) {
	var body string
	err = l.db.QueryRowContext(ctx, `SELECT body FROM messages WHERE epoch = ? AND duty = ? AND operator = ?`, epoch, d, operator[:]).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return m, false, nil
	case err == nil:
		err = json.Unmarshal([]byte(body), &m)
	}
	if err != nil {
		return m, false, fmt.Errorf("read accepted message: %w", err)
	}
	return m, true, nil
}
