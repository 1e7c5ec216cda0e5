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
	"github.com/proof-of-sampling/posp/internal/gather"
	"github.com/proof-of-sampling/posp/internal/store"
)

// Migrations are the aggregator's database, for store.Open: SQLite, or a
// PostgreSQL that several replicas share.
//
//go:embed migrations/*.sql migrations/postgres/*.sql
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
	phaseOpen    phase = "open"    // commitments are accepted
	phaseFrozen  phase = "frozen"  // reveals are accepted, after the commit deadline
	phaseFinal   phase = "final"   // nothing of the evidence changes any more
	phaseDerived phase = "derived" // shares are accepted
)

// standing says what a message counts for.
type standing int

const (
	stands      standing = 0
	contradicts standing = 1 // signed by the same operator for the same duty, after another or of another result
)

// ledger is what was accepted and decided. A method that returns nil has its
// effect on disk. Replicas share it: whatever one decides by a row that another
// may change, it decides in a transaction that holds the epoch's row.
type ledger struct {
	db    *sql.DB
	words store.Words
	group *store.Group // messages wait for each other's sync, not for their own
}

func newLedger(db *sql.DB) ledger {
	return ledger{db: db, words: store.WordsOf(db), group: store.NewGroup(db)}
}

// querier is the database, or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// header is a message without its items.
type header struct {
	operator  posp.Address
	digest    posp.Hash
	signature []byte
}

// message is a message as it is kept.
type message struct {
	header
	epoch  uint64
	duty   duty
	chunks [][]byte // of items
}

// accepted is the digest of what an operator sent for a duty and stands.
func (l ledger) accepted(ctx context.Context, q querier, epoch uint64, d duty, operator posp.Address) (digest posp.Hash, ok bool, err error) {
	var b []byte
	err = q.QueryRowContext(ctx, `SELECT digest FROM messages WHERE epoch = $1 AND duty = $2 AND operator = $3 AND standing = 0`,
		epoch, string(d), operator[:]).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return digest, false, nil
	}
	if err != nil {
		return digest, false, fmt.Errorf("read accepted message: %w", err)
	}
	return posp.Hash(b), true, nil
}

// accept writes a message down and says whether it did: not if the same stands
// already. Another one for the same duty is kept as evidence, and refused; what
// gate refuses by the state of the epoch leaves nothing. The state that gate
// saw is the state when the message was written.
func (l ledger) accept(ctx context.Context, m message, gate func(state) error) (wrote bool, err error) {
	var refusal error
	err = l.group.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		wrote, refusal = false, nil
		have, ok, err := l.accepted(ctx, tx, m.epoch, m.duty, m.operator)
		switch {
		case err != nil:
			return err
		case ok && have == m.digest:
			return nil
		case ok:
			refusal = refuse(ReasonEquivocation, "other %s of operator %s stand for epoch %d", m.duty, m.operator, m.epoch)
			_, err := l.insert(ctx, tx, m, contradicts)
			return err
		}
		s, err := l.begin(ctx, tx, m.epoch, l.words.Share, func(s state) bool { refusal = gate(s); return refusal == nil })
		if err != nil || refusal != nil {
			return err
		}
		if refusal = gate(s); refusal != nil {
			return nil
		}
		wrote, err = l.insert(ctx, tx, m, stands)
		if err == nil && !wrote { // by another replica, in this moment
			return errors.New("another message was written at once: try again")
		}
		return err
	})
	switch {
	case errors.Is(err, gather.ErrFull):
		return false, refuse(ReasonExhausted, "too many messages wait for the disk: try again")
	case err != nil:
		return false, fmt.Errorf("write message: %w", err)
	}
	return wrote, refusal
}

// contradict keeps a message that cannot stand, as evidence.
func (l ledger) contradict(ctx context.Context, m message) error {
	err := l.group.Do(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := l.insert(ctx, tx, m, contradicts)
		return err
	})
	if err != nil {
		return fmt.Errorf("write evidence: %w", err)
	}
	return nil
}

// insert says whether it wrote: not if there was one.
func (l ledger) insert(ctx context.Context, tx *sql.Tx, m message, s standing) (bool, error) {
	r, err := tx.ExecContext(ctx, `INSERT INTO messages (epoch, duty, operator, standing, digest, signature) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		m.epoch, string(m.duty), m.operator[:], int(s), m.digest[:], m.signature)
	if err != nil {
		return false, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	for n, body := range m.chunks {
		if _, err := tx.ExecContext(ctx, `INSERT INTO chunks (epoch, duty, operator, standing, n, body) VALUES ($1, $2, $3, $4, $5, $6)`,
			m.epoch, string(m.duty), m.operator[:], int(s), n, body); err != nil {
			return false, err
		}
	}
	return true, nil
}

// begin reads the state of an epoch and keeps it until the transaction ends.
// An epoch that has no row yet gets one, unless wanted says no to its state.
func (l ledger) begin(ctx context.Context, tx *sql.Tx, epoch uint64, lock string, wanted func(state) bool) (state, error) {
	s, ok, err := l.read(ctx, tx, epoch, lock)
	if err != nil || ok || !wanted(s) {
		return s, err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO epochs (epoch, phase) VALUES ($1, 'open') ON CONFLICT DO NOTHING`, epoch); err != nil {
		return s, fmt.Errorf("write epoch: %w", err)
	}
	s, _, err = l.read(ctx, tx, epoch, lock)
	return s, err
}

// headers are the messages of a duty, ascending by operator.
func (l ledger) headers(ctx context.Context, epoch uint64, d duty, s standing) (all []header, err error) {
	rows, err := l.db.QueryContext(ctx, `SELECT operator, digest, signature FROM messages WHERE epoch = $1 AND duty = $2 AND standing = $3 ORDER BY operator`,
		epoch, string(d), int(s))
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var operator, digest []byte
		var h header
		if err := rows.Scan(&operator, &digest, &h.signature); err != nil {
			return nil, fmt.Errorf("read messages: %w", err)
		}
		h.operator, h.digest = posp.Address(operator), posp.Hash(digest)
		all = append(all, h)
	}
	return all, rows.Err()
}

// header is one operator's message of a duty.
func (l ledger) header(ctx context.Context, epoch uint64, d duty, operator posp.Address, s standing) (h header, ok bool, err error) {
	var digest []byte
	err = l.db.QueryRowContext(ctx, `SELECT digest, signature FROM messages WHERE epoch = $1 AND duty = $2 AND operator = $3 AND standing = $4`,
		epoch, string(d), operator[:], int(s)).Scan(&digest, &h.signature)
	if errors.Is(err, sql.ErrNoRows) {
		return h, false, nil
	}
	if err != nil {
		return h, false, fmt.Errorf("read message: %w", err)
	}
	h.operator, h.digest = operator, posp.Hash(digest)
	return h, true, nil
}

// chunk is the n-th piece of a message's items; ok if there is one.
func (l ledger) chunk(ctx context.Context, epoch uint64, d duty, operator posp.Address, s standing, n int) (items []item, ok bool, err error) {
	body, ok, err := l.body(ctx, epoch, d, operator, s, n)
	if err != nil || !ok {
		return nil, false, err
	}
	if items, err = decodeItems(body); err != nil {
		return nil, false, fmt.Errorf("read items of a message: %w", err)
	}
	return items, true, nil
}

// body is a chunk as it is written.
func (l ledger) body(ctx context.Context, epoch uint64, d duty, operator posp.Address, s standing, n int) (body []byte, ok bool, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT body FROM chunks WHERE epoch = $1 AND duty = $2 AND operator = $3 AND standing = $4 AND n = $5`,
		epoch, string(d), operator[:], int(s), n).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read items of a message: %w", err)
	}
	return body, true, nil
}

// items are all of a message's, by ordinal.
func (l ledger) items(ctx context.Context, epoch uint64, d duty, operator posp.Address, s standing) (all []item, err error) {
	for n := 0; ; n++ {
		more, ok, err := l.chunk(ctx, epoch, d, operator, s, n)
		if err != nil || !ok {
			return all, err
		}
		all = append(all, more...)
	}
}

// senders are the operators whose message of a duty was accepted.
func (l ledger) senders(ctx context.Context, q querier, epoch uint64, d duty) (map[posp.Address]bool, error) {
	rows, err := q.QueryContext(ctx, `SELECT operator FROM messages WHERE epoch = $1 AND duty = $2 AND standing = 0`, epoch, string(d))
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
	token       int64     // of the lease
}

func (l ledger) state(ctx context.Context, epoch uint64) (state, error) {
	s, _, err := l.read(ctx, l.db, epoch, "")
	return s, err
}

func (l ledger) read(ctx context.Context, q querier, epoch uint64, lock string) (s state, ok bool, err error) {
	var digest, transaction []byte
	err = q.QueryRowContext(ctx, `SELECT phase, digest, transaction_hash, token FROM epochs WHERE epoch = $1`+lock, epoch).Scan(&s.phase, &digest, &transaction, &s.token)
	if errors.Is(err, sql.ErrNoRows) {
		return state{phase: phaseOpen}, false, nil
	}
	if err != nil {
		return state{}, false, fmt.Errorf("read epoch: %w", err)
	}
	s.digest, s.transaction = common.BytesToHash(digest), common.BytesToHash(transaction)
	return s, true, nil
}

// errFenced says that another replica has taken the epoch over.
var errFenced = errors.New("another replica holds the epoch's lease")

// stage runs f in a transaction that holds the epoch's row, if the lease with
// the token is still in force.
func (l ledger) stage(ctx context.Context, epoch uint64, token int64, f func(ctx context.Context, tx *sql.Tx, s state) error) error {
	return store.Transact(ctx, l.db, func(ctx context.Context, tx *sql.Tx) error {
		s, err := l.begin(ctx, tx, epoch, l.words.Update, func(state) bool { return true })
		if err != nil {
			return err
		}
		if s.token != token {
			return errFenced
		}
		return f(ctx, tx, s)
	})
}

// advance ends the phase of commitments or of reveals if over says so, by who
// has sent what. It returns the phase that then is.
func (l ledger) advance(ctx context.Context, epoch uint64, token int64, over func(p phase, committed, revealed map[posp.Address]bool) bool) (p phase, err error) {
	err = l.stage(ctx, epoch, token, func(ctx context.Context, tx *sql.Tx, s state) error {
		p = s.phase
		next := map[phase]phase{phaseOpen: phaseFrozen, phaseFrozen: phaseFinal}[s.phase]
		if next == "" {
			return nil
		}
		committed, err := l.senders(ctx, tx, epoch, dutyCommitments)
		if err != nil {
			return err
		}
		revealed, err := l.senders(ctx, tx, epoch, dutyReveals)
		if err != nil || !over(s.phase, committed, revealed) {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE epochs SET phase = $1 WHERE epoch = $2`, string(next), epoch); err != nil {
			return fmt.Errorf("write phase %s: %w", next, err)
		}
		p = next
		return nil
	})
	return p, err
}

// keep writes the n-th piece of a final epoch's results. A crash leaves some;
// whoever derives again writes the same ones over them.
func (l ledger) keep(ctx context.Context, epoch uint64, token int64, n int, body []byte) error {
	return l.stage(ctx, epoch, token, func(ctx context.Context, tx *sql.Tx, s state) error {
		if s.phase != phaseFinal {
			return errFenced // somebody derived it
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO results (epoch, n, body) VALUES ($1, $2, $3) ON CONFLICT (epoch, n) DO UPDATE SET body = excluded.body`, epoch, n, body)
		if err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		return nil
	})
}

// derived writes down what a final epoch came to, after its results.
func (l ledger) derived(ctx context.Context, token int64, digest posp.Hash, r posp.Result) error {
	result, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode result: %w", err)
	}
	return l.stage(ctx, r.Epoch, token, func(ctx context.Context, tx *sql.Tx, s state) error {
		if s.phase != phaseFinal {
			return errFenced
		}
		if _, err := tx.ExecContext(ctx, `UPDATE epochs SET phase = 'derived', digest = $1, result = $2 WHERE epoch = $3`, digest[:], string(result), r.Epoch); err != nil {
			return fmt.Errorf("write result: %w", err)
		}
		return nil
	})
}

// result is what a derived epoch came to.
func (l ledger) result(ctx context.Context, epoch uint64) (r posp.Result, err error) {
	var result string
	if err = l.db.QueryRowContext(ctx, `SELECT result FROM epochs WHERE epoch = $1 AND phase = 'derived'`, epoch).Scan(&result); err == nil {
		err = json.Unmarshal([]byte(result), &r)
	}
	if err != nil {
		return r, fmt.Errorf("read result: %w", err)
	}
	return r, nil
}

// piece is the n-th one of a derived epoch's results; ok if there is one.
func (l ledger) piece(ctx context.Context, epoch uint64, n uint32) (body []byte, ok bool, err error) {
	err = l.db.QueryRowContext(ctx, `SELECT body FROM results WHERE epoch = $1 AND n = $2`, epoch, n).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read results: %w", err)
	}
	return body, true, nil
}

// samples are a derived epoch's results, by (batch, j).
func (l ledger) samples(ctx context.Context, epoch, count uint64) ([]posp.SampleResult, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT body FROM results WHERE epoch = $1 ORDER BY n`, epoch)
	if err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	defer rows.Close()
	all := make([]posp.SampleResult, 0, count)
	for rows.Next() {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return nil, fmt.Errorf("read results: %w", err)
		}
		if all, err = decodeResults(all, body); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read results: %w", err)
	}
	if uint64(len(all)) != count {
		return nil, fmt.Errorf("read results: %d of %d samples: %w", len(all), count, errDamaged)
	}
	return all, nil
}

// isDigest says whether a digest is that of any epoch's result.
func (l ledger) isDigest(ctx context.Context, digest posp.Hash) (is bool, err error) {
	if err = l.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM epochs WHERE digest = $1)`, digest[:]).Scan(&is); err != nil {
		return false, fmt.Errorf("read digests: %w", err)
	}
	return is, nil
}

// certified notes the transaction of an epoch's certificate. Anybody may: it is
// on chain.
func (l ledger) certified(ctx context.Context, epoch uint64, transaction posp.Hash) error {
	_, err := l.db.ExecContext(ctx, `UPDATE epochs SET transaction_hash = $1 WHERE epoch = $2`, transaction[:], epoch)
	if err != nil {
		return fmt.Errorf("write certificate's transaction: %w", err)
	}
	return nil
}

// claim takes an epoch's lease, or renews it, for some milliseconds; ok if it is
// the holder's then. A holder that lost it in between gets another token.
func (l ledger) claim(ctx context.Context, epoch uint64, holder string, ms int64) (token int64, ok bool, err error) {
	err = store.Transact(ctx, l.db, func(ctx context.Context, tx *sql.Tx) error {
		s, err := l.begin(ctx, tx, epoch, l.words.Update, func(state) bool { return true })
		if err != nil {
			return err
		}
		token, ok = s.token, false
		var by string
		var live bool
		if err := tx.QueryRowContext(ctx, `SELECT holder, expires > `+l.words.Now+` FROM epochs WHERE epoch = $1`, epoch).Scan(&by, &live); err != nil {
			return err
		}
		if by != holder {
			if live {
				return nil
			}
			token++
		}
		_, err = tx.ExecContext(ctx, `UPDATE epochs SET holder = $1, token = $2, expires = `+l.words.Now+` + $3 WHERE epoch = $4`, holder, token, ms, epoch)
		ok = err == nil
		return err
	})
	if err != nil {
		return 0, false, fmt.Errorf("claim epoch: %w", err)
	}
	return token, ok, nil
}

// release gives up all leases of a holder.
func (l ledger) release(ctx context.Context, holder string) error {
	if _, err := l.db.ExecContext(ctx, `UPDATE epochs SET expires = 0 WHERE holder = $1 AND expires > 0`, holder); err != nil {
		return fmt.Errorf("release epochs: %w", err)
	}
	return nil
}
