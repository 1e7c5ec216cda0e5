package provider

import (
	"context"
	"database/sql"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// Migrations is the schema of the provider's database, for store.Open.
//
//go:embed migrations/*.sql
var Migrations embed.FS

// ledger is what the provider has promised, in SQLite. Its transactions are
// serial (one connection) and on disk when they return.
//
// What a crash leaves. An answer is: (1) its row, with the next sequence, in
// one transaction; (2) a signature of the row's hash; (3) the signature in the
// row; (4) the answer to the buyer. Before 1 nothing happened. After 1 the
// receipt exists, signed or not: it is in its epoch's batch, nobody holds it,
// and it is signed when somebody is entitled to its opening. Since a row never
// changes and sequences are given out by inserting, the sequences have no gap
// and a sequence has one hash that can ever be signed.
//
// A batch is: (1) its row, state sealed, which closes its epoch to receipts;
// (2) the transaction on chain; (3) state committed or missed, when the
// contract accepts no batch of the epoch any more. After a crash anywhere in
// between the chain is asked whether it has the batch.
type ledger struct {
	db       *sql.DB
	domain   posp.Domain
	provider posp.Address
	epoch    atomic.Uint64 // the latest that was seen to serve
}

// reached says that an epoch serves: no receipt of an earlier one is recorded
// from now on.
func (l *ledger) reached(epoch uint64) {
	for {
		seen := l.epoch.Load()
		if epoch <= seen || l.epoch.CompareAndSwap(seen, epoch) {
			return
		}
	}
}

// entry is a receipt with everything that opens it.
type entry struct {
	receipt   posp.Receipt
	request   posp.RequestPart
	output    posp.OutputPart
	evidence  posp.EvidencePart
	signature []byte // nil when not yet signed
}

// batchRow is a sealed batch.
type batchRow struct {
	id    posp.Hash
	batch posp.Batch
	state string
}

const (
	sealed    = "sealed"
	committed = "committed"
	missed    = "missed"
)

// record gives e the next sequence and an epoch, and writes it. The epoch is
// the given one, which serves at the newest block; a later one if that was
// reached, recorded in or sealed since the block was read.
func (l *ledger) record(ctx context.Context, epoch uint64, e *entry) error {
	return l.tx(ctx, func(tx *sql.Tx) error {
		var next, floor int64
		err := tx.QueryRowContext(ctx, `SELECT
			(SELECT coalesce(max(sequence) + 1, 0) FROM receipts),
			max((SELECT coalesce(max(epoch), 0) FROM receipts), (SELECT coalesce(max(epoch) + 1, 0) FROM batches))`).Scan(&next, &floor)
		if err != nil {
			return err
		}
		// Here and not before: the transaction may have waited for another.
		floor = max(floor, int64(l.epoch.Load()))
		if uint64(floor) > epoch+1 { // its batch could not be committed for as long
			return fmt.Errorf("the chain is at epoch %d, the provider at epoch %d already", epoch, floor)
		}
		e.receipt.Epoch, e.receipt.Sequence = max(epoch, uint64(floor)), uint64(next)
		hash := e.receipt.Digest(l.domain)
		var parts [4][]byte
		for i, v := range []any{e.receipt, e.request, e.output, e.evidence} {
			if parts[i], err = json.Marshal(v); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO receipts (sequence, epoch, hash, receipt, request, output, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			next, int64(e.receipt.Epoch), hash[:], string(parts[0]), string(parts[1]), string(parts[2]), string(parts[3]))
		return err
	})
}

// setSignature keeps the signature of a receipt that had none. When two
// callers signed at once the first one's stays; both are of the same hash.
func (l *ledger) setSignature(ctx context.Context, sequence uint64, signature []byte) error {
	_, err := l.db.ExecContext(ctx, `UPDATE receipts SET signature = ? WHERE sequence = ? AND signature IS NULL`, signature, int64(sequence))
	return err
}

// entry reads what was recorded under a sequence.
func (l *ledger) entry(ctx context.Context, sequence uint64) (entry, error) {
	var e entry
	var receipt, request, output, evidence string
	err := l.db.QueryRowContext(ctx, `SELECT receipt, request, output, evidence, signature FROM receipts WHERE sequence = ?`, int64(sequence)).
		Scan(&receipt, &request, &output, &evidence, &e.signature)
	if err != nil {
		return entry{}, fmt.Errorf("read receipt %d: %w", sequence, err)
	}
	for _, p := range []struct {
		text string
		into any
	}{{receipt, &e.receipt}, {request, &e.request}, {output, &e.output}, {evidence, &e.evidence}} {
		if err := json.Unmarshal([]byte(p.text), p.into); err != nil {
			return entry{}, fmt.Errorf("read receipt %d: %w", sequence, err)
		}
	}
	return e, nil
}

// next is the sequence of the next receipt.
func (l *ledger) next(ctx context.Context) (uint64, error) {
	var n int64
	err := l.db.QueryRowContext(ctx, `SELECT coalesce(max(sequence) + 1, 0) FROM receipts`).Scan(&n)
	return uint64(n), err
}

// Signed says how many receipts a provider's database holds, which are those of sequences up to there, and the epoch of
// the newest. It is for who holds the database while no provider runs on it.
func Signed(ctx context.Context, db *sql.DB) (receipts, epoch uint64, err error) {
	var n, e int64
	if err := db.QueryRowContext(ctx, `SELECT coalesce(max(sequence) + 1, 0), coalesce(max(epoch), 0) FROM receipts`).Scan(&n, &e); err != nil {
		return 0, 0, fmt.Errorf("count receipts: %w", err)
	}
	return uint64(n), uint64(e), nil
}

// waiting is the epoch of the first receipt that is in no batch; ok is false
// when there is none. Receipts of a batch that was missed wait again.
func (l *ledger) waiting(ctx context.Context) (epoch uint64, ok bool, err error) {
	var e sql.NullInt64
	err = l.db.QueryRowContext(ctx, `SELECT (SELECT epoch FROM receipts WHERE sequence = `+firstWaiting+`)`).Scan(&e)
	return uint64(e.Int64), e.Valid, err
}

const firstWaiting = `(SELECT coalesce(max(first_sequence + leaf_count), 0) FROM batches WHERE state <> 'missed')`

// seal closes the epoch: all receipts up to it that are in no batch become its
// batch. There must be one at least.
func (l *ledger) seal(ctx context.Context, epoch uint64) (batchRow, error) {
	var b batchRow
	err := l.tx(ctx, func(tx *sql.Tx) error {
		var first int64
		if err := tx.QueryRowContext(ctx, `SELECT `+firstWaiting).Scan(&first); err != nil {
			return err
		}
		hashes, err := hashes(ctx, tx, `sequence >= ? AND epoch <= ?`, first, int64(epoch))
		if err != nil {
			return err
		}
		root := merkle.Root(hashes)
		b = batchRow{state: sealed, batch: posp.Batch{
			Provider: l.provider, Epoch: epoch, FirstSequence: uint64(first), Root: root, LeafCount: uint64(len(hashes))}}
		b.id = b.batch.ID(l.domain)
		_, err = tx.ExecContext(ctx, `INSERT INTO batches (epoch, id, first_sequence, leaf_count, root, state) VALUES (?, ?, ?, ?, ?, ?)`,
			int64(epoch), b.id[:], first, len(hashes), root[:], sealed)
		return err
	})
	if err != nil {
		return batchRow{}, fmt.Errorf("seal epoch %d: %w", epoch, err)
	}
	return b, nil
}

// settle says what became of a sealed batch.
func (l *ledger) settle(ctx context.Context, epoch uint64, state string) error {
	_, err := l.db.ExecContext(ctx, `UPDATE batches SET state = ? WHERE epoch = ? AND state = 'sealed'`, state, int64(epoch))
	return err
}

// errNoBatch: the ledger has no such batch.
var errNoBatch = errors.New("no such batch")

// pending is the batch that is sealed and not settled; there is at most one.
func (l *ledger) pending(ctx context.Context) (batchRow, error) {
	return l.batchWhere(ctx, `state = 'sealed'`)
}

func (l *ledger) batch(ctx context.Context, id posp.Hash) (batchRow, error) {
	return l.batchWhere(ctx, `id = ?`, id[:])
}

// batchOf is the batch of the epoch.
func (l *ledger) batchOf(ctx context.Context, epoch uint64) (batchRow, error) {
	return l.batchWhere(ctx, `epoch = ?`, int64(epoch))
}

func (l *ledger) batchWhere(ctx context.Context, where string, args ...any) (batchRow, error) {
	var id, root []byte
	var epoch, first, count int64
	b := batchRow{}
	err := l.db.QueryRowContext(ctx, `SELECT epoch, id, first_sequence, leaf_count, root, state FROM batches WHERE `+where, args...).
		Scan(&epoch, &id, &first, &count, &root, &b.state)
	if errors.Is(err, sql.ErrNoRows) {
		return batchRow{}, errNoBatch
	}
	if err != nil {
		return batchRow{}, fmt.Errorf("read batch: %w", err)
	}
	b.id = posp.Hash(id)
	b.batch = posp.Batch{Provider: l.provider, Epoch: uint64(epoch), FirstSequence: uint64(first), Root: posp.Hash(root), LeafCount: uint64(count)}
	return b, nil
}

// tree is the Merkle tree of a batch.
func (l *ledger) tree(ctx context.Context, b posp.Batch) (*merkle.Tree, error) {
	hs, err := hashes(ctx, l.db, `sequence >= ? AND sequence < ?`, int64(b.FirstSequence), int64(b.FirstSequence+b.LeafCount))
	if err != nil {
		return nil, fmt.Errorf("read batch of epoch %d: %w", b.Epoch, err)
	}
	t := merkle.New(hs)
	if t.Root() != b.Root {
		return nil, fmt.Errorf("batch of epoch %d: its receipts have root %s, it was sealed with %s: the database is damaged", b.Epoch, t.Root(), b.Root)
	}
	return t, nil
}

// hashes reads receipt hashes in sequence order.
func hashes(ctx context.Context, q interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, where string, args ...any) ([]posp.Hash, error) {
	rows, err := q.QueryContext(ctx, `SELECT hash FROM receipts WHERE `+where+` ORDER BY sequence`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var hs []posp.Hash
	for rows.Next() {
		var h sql.RawBytes
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		hs = append(hs, posp.Hash(h))
	}
	return hs, rows.Err()
}

func (l *ledger) tx(ctx context.Context, work func(*sql.Tx) error) error {
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}
