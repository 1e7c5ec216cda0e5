package operator

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/proof-of-sampling/posp"
)

// scored is what was recomputed of a sample before a restart; ok if it was. A
// sample's id fixes the text: leaf, batch, and by those the receipt.
func (g guard) scored(ctx context.Context, epoch uint64, sample posp.Hash) (e posp.Evidence, ok bool, err error) {
	var body []byte
	err = g.db.QueryRowContext(ctx, `SELECT evidence FROM scores WHERE chain_id = ? AND attestation = ? AND epoch = ? AND sample = ?`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, sample[:]).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return e, false, nil
	}
	if err == nil {
		e, err = posp.DecodeEvidence(body)
	}
	if err != nil {
		return e, false, fmt.Errorf("read kept score: %w", err)
	}
	return e, true, nil
}

// keepScore records what was recomputed.
func (g guard) keepScore(ctx context.Context, epoch uint64, sample posp.Hash, e posp.Evidence) error {
	_, err := g.db.ExecContext(ctx, `INSERT INTO scores (chain_id, attestation, epoch, sample, evidence) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		g.authority.ChainID, g.authority.Attestation[:], epoch, sample[:], e.Encode())
	if err != nil {
		return fmt.Errorf("keep score: %w", err)
	}
	return nil
}

// forgetScores deletes those of an epoch whose evidence is recorded, and what
// crashes left of those before. An earlier epoch that is still in work keeps all
// but its protection from a crash.
func (g guard) forgetScores(ctx context.Context, epoch uint64) error {
	_, err := g.db.ExecContext(ctx, `DELETE FROM scores WHERE chain_id = ? AND attestation = ? AND epoch <= ?`, g.authority.ChainID, g.authority.Attestation[:], epoch)
	if err != nil {
		return fmt.Errorf("forget kept scores: %w", err)
	}
	return nil
}
