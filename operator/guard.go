package operator

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/proof-of-sampling/posp"
)

// Migrations are the operator's database, for store.Open.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// duty is what a signature answers. There is one digest for each in an epoch.
type duty string

const (
	dutyCommitments duty = "commitments"
	dutyReveals     duty = "reveals"
	dutyCertificate duty = "certificate"
)

// kind names a record of an epoch.
type kind string

const (
	kindEvidence     kind = "evidence"     // []posp.Reveal: what the commitments commit to, with openings
	kindAcknowledged kind = "acknowledged" // true: the aggregator said that it has the commitments
	kindFrozen       kind = "frozen"       // []posp.Commitments, as first seen
	kindReveals      kind = "reveals"      // []posp.Reveal, with the providers' evidence
)

// ErrSignedOther says that another digest was signed for the duty. Signing
// this one too would be the operator's fault, and slashable.
var ErrSignedOther = errors.New("refuse to sign: another message was signed for this duty")

// ErrForeignDatabase says that the database is another operator's: its record
// of what was signed would be of no use, and ours would be missing.
var ErrForeignDatabase = errors.New("the database is another operator's")

// ErrHandedOver says that the record of what was signed was handed over to
// another database, which may have signed more since.
var ErrHandedOver = errors.New("refuse to sign: this database was handed over")

// ErrBelowFloor says that another database may have signed for the epoch.
var ErrBelowFloor = errors.New("refuse to sign: another database may have signed in this epoch")

// guard is what the operator signed and holds, in SQLite: record before sign.
// What a method wrote is on disk when it returns, so a signature never exists
// without its row; a row without a signature is signed again, as it stands.
type guard struct {
	db        *sql.DB
	authority posp.Authority
}

// claim ties the database to an operator, for ever.
func (g guard) claim(ctx context.Context, in querier, operator posp.Address) error {
	var owner []byte
	err := in.QueryRowContext(ctx, `INSERT INTO owner (id, operator) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET id = id RETURNING operator`, operator[:]).Scan(&owner)
	if err != nil {
		return fmt.Errorf("open signing guard: %w", err)
	}
	if posp.Address(owner) != operator {
		return fmt.Errorf("%w: it is of %s, this is %s", ErrForeignDatabase, posp.Address(owner), operator)
	}
	return nil
}

// allow records that the digest is to be signed for a duty. For the digest
// that is recorded it returns nil again; for any other, ErrSignedOther.
func (g guard) allow(ctx context.Context, epoch uint64, d duty, digest posp.Hash) error {
	return g.write(ctx, epoch, d, digest, "", nil)
}

// allowWith records the digest and, in the same transaction, what it is of: a
// crash leaves both or none.
func (g guard) allowWith(ctx context.Context, epoch uint64, d duty, digest posp.Hash, k kind, contents any) error {
	return g.write(ctx, epoch, d, digest, k, contents)
}

func (g guard) write(ctx context.Context, epoch uint64, d duty, digest posp.Hash, k kind, contents any) error {
	tx, err := g.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("open signing guard: %w", err)
	}
	defer tx.Rollback() // does nothing after Commit
	if err := g.mayWrite(ctx, tx, epoch); err != nil {
		return err
	}
	var have []byte
	err = tx.QueryRowContext(ctx, `SELECT digest FROM signed WHERE chain_id = ? AND attestation = ? AND epoch = ? AND duty = ?`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, d).Scan(&have)
	switch {
	case err == nil && posp.Hash(have) == digest:
		return nil
	case err == nil:
		return fmt.Errorf("%w: epoch %d has %s %s, now %s is asked for", ErrSignedOther, epoch, d, posp.Hash(have), digest)
	case !errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("read signing guard: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO signed (chain_id, attestation, epoch, duty, digest) VALUES (?, ?, ?, ?, ?)`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, d, digest[:]); err != nil {
		return fmt.Errorf("write signing guard: %w", err)
	}
	if k != "" {
		if err := g.insert(ctx, tx, epoch, k, contents); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write signing guard: %w", err)
	}
	return nil
}

// mayWrite refuses where another database may know more than this one.
func (g guard) mayWrite(ctx context.Context, in querier, epoch uint64) error {
	over, err := g.handedOver(ctx, in)
	if err != nil {
		return err
	}
	if over {
		return ErrHandedOver
	}
	floor, ok, err := g.floor(ctx, in)
	if err != nil {
		return err
	}
	if ok && epoch <= floor {
		return fmt.Errorf("%w: epoch %d, and the first that is safe is %d", ErrBelowFloor, epoch, floor+1)
	}
	return nil
}

// handedOver says whether another database has the record now.
func (g guard) handedOver(ctx context.Context, in querier) (over bool, err error) {
	if err := in.QueryRowContext(ctx, `SELECT handed_over FROM tenure`).Scan(&over); err != nil {
		return false, fmt.Errorf("read signing guard: %w", err)
	}
	return over, nil
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// floor is the last epoch for which nothing is signed here; ok if there is one.
func (g guard) floor(ctx context.Context, in querier) (epoch uint64, ok bool, err error) {
	err = in.QueryRowContext(ctx, `SELECT epoch FROM floors WHERE chain_id = ? AND attestation = ?`, g.authority.ChainID, g.authority.Attestation[:]).Scan(&epoch)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read signing guard: %w", err)
	}
	return epoch, true, nil
}

// raise makes epoch the floor, unless it is higher already.
func (g guard) raise(ctx context.Context, epoch uint64) error {
	return g.raiseIn(ctx, g.db, epoch)
}

func (g guard) raiseIn(ctx context.Context, to executor, epoch uint64) error {
	_, err := to.ExecContext(ctx, `INSERT INTO floors (chain_id, attestation, epoch) VALUES (?, ?, ?)
		ON CONFLICT (chain_id, attestation) DO UPDATE SET epoch = max(epoch, excluded.epoch)`, g.authority.ChainID, g.authority.Attestation[:], epoch)
	if err != nil {
		return fmt.Errorf("write signing guard: %w", err)
	}
	return nil
}

// signed is the digest that was signed for a duty; ok if there is one.
func (g guard) signed(ctx context.Context, epoch uint64, d duty) (digest posp.Hash, ok bool, err error) {
	var have []byte
	err = g.db.QueryRowContext(ctx, `SELECT digest FROM signed WHERE chain_id = ? AND attestation = ? AND epoch = ? AND duty = ?`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, d).Scan(&have)
	if errors.Is(err, sql.ErrNoRows) {
		return digest, false, nil
	}
	if err != nil {
		return digest, false, fmt.Errorf("read signing guard: %w", err)
	}
	return posp.Hash(have), true, nil
}

// keep records contents that nothing signs. The first record of a kind stays;
// another one is no error and changes nothing.
func (g guard) keep(ctx context.Context, epoch uint64, k kind, contents any) error {
	return g.insert(ctx, g.db, epoch, k, contents)
}

// executor is a database or a transaction.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (g guard) insert(ctx context.Context, to executor, epoch uint64, k kind, contents any) error {
	body, err := json.Marshal(contents)
	if err == nil {
		_, err = to.ExecContext(ctx, `INSERT INTO records (chain_id, attestation, epoch, kind, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			g.authority.ChainID, g.authority.Attestation[:], epoch, k, string(body))
	}
	if err != nil {
		return fmt.Errorf("record %s: %w", k, err)
	}
	return nil
}

// recorded reads a record; ok if there is one.
func recorded[T any](ctx context.Context, g guard, epoch uint64, k kind) (contents T, ok bool, err error) {
	var body string
	err = g.db.QueryRowContext(ctx, `SELECT body FROM records WHERE chain_id = ? AND attestation = ? AND epoch = ? AND kind = ?`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, k).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return contents, false, nil
	case err == nil:
		err = json.Unmarshal([]byte(body), &contents)
	}
	if err != nil {
		return contents, false, fmt.Errorf("read recorded %s: %w", k, err)
	}
	return contents, true, nil
}
