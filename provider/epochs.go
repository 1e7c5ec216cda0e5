package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// ErrLedgerBehind: the chain has batches of this provider that its database
// does not. Sequences would be given out twice, which is equivocation.
var ErrLedgerBehind = errors.New("the database does not hold the provider's own batches: restore it, or register a new provider")

// ErrForeignBatch: another process commits batches for this provider.
var ErrForeignBatch = errors.New("the chain holds a batch of this provider that it did not seal: another process uses its key")

// Run commits a batch at the end of each epoch, until ctx ends. It returns an
// error only for what waiting cannot mend.
func (p *Provider) Run(ctx context.Context) error {
	tick := time.NewTicker(p.cfg.Poll)
	defer tick.Stop()
	checked := false
	for {
		err := error(nil)
		if !checked {
			err = p.checkLedger(ctx)
			checked = err == nil
		}
		if err == nil {
			err = p.step(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrLedgerBehind), errors.Is(err, ErrForeignBatch):
			return err
		case err != nil:
			p.stats.stepErrors.Add(1)
			p.log.Warn("look at the chain failed, trying again", zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// checkLedger compares the ledger with the chain.
func (p *Provider) checkLedger(ctx context.Context) error {
	next, err := p.ledger.next(ctx)
	if err != nil {
		return err
	}
	onChain, err := p.chain.NextSequence(ctx, p.cfg.Provider)
	if err != nil {
		return fmt.Errorf("read next sequence: %w", err)
	}
	if onChain > next {
		return fmt.Errorf("%w (chain: %d receipts, database: %d)", ErrLedgerBehind, onChain, next)
	}
	return nil
}

// step does what the newest block asks for: bring the batch that is sealed on
// chain, and once it is settled seal the next.
func (p *Provider) step(ctx context.Context) error {
	block, err := p.chain.Block(ctx)
	if err != nil {
		return fmt.Errorf("read block: %w", err)
	}
	p.ledger.reached(p.cfg.Parameters.Schedule.EpochAt(block))
	b, err := p.ledger.pending(ctx)
	if err == nil {
		if settled, err := p.bring(ctx, b, block); err != nil || !settled {
			return err
		}
	} else if !errors.Is(err, errNoBatch) {
		return err
	}
	b, err = p.sealNext(ctx, block)
	if errors.Is(err, errNoBatch) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = p.bring(ctx, b, block)
	return err
}

// sealNext seals the earliest epoch that has ended, has receipts waiting, and
// whose batch the chain still takes; errNoBatch if there is none.
//
// Receipts of an epoch whose batch was missed go into the next batch, under
// their own epoch, and are drawn, opened and judged there. Sequences are
// contiguous on chain: without them no later receipt could be committed.
func (p *Provider) sealNext(ctx context.Context, block uint64) (batchRow, error) {
	s := p.cfg.Parameters.Schedule
	epoch, ok, err := p.ledger.waiting(ctx)
	if err != nil {
		return batchRow{}, err
	}
	if !ok {
		return batchRow{}, errNoBatch
	}
	due := epoch
	if block >= s.Close(epoch) {
		epoch = s.EpochAt(block - s.GraceBlocks) // the first that closes after this block
	}
	if block < s.Start(epoch+1) { // still serving
		return batchRow{}, errNoBatch
	}
	if due != epoch {
		p.log.Error("receipts were not committed in their epoch", zap.String("code", "BATCH-MISSED"), zap.Uint64("epoch", due), zap.Uint64("with_epoch", epoch))
	}
	b, err := p.ledger.seal(ctx, epoch)
	if err == nil {
		p.log.Info("epoch sealed", zap.Uint64("epoch", epoch), zap.Uint64("first_sequence", b.batch.FirstSequence),
			zap.Uint64("receipts", b.batch.LeafCount), zap.Stringer("batch", b.id))
	}
	return b, err
}

// bring brings a sealed batch on chain. It is settled when the chain takes no
// batch of its epoch any more; until then each step looks again, so that a
// batch that a reorganisation removed is sent again.
func (p *Provider) bring(ctx context.Context, b batchRow, block uint64) (settled bool, err error) {
	epoch := b.batch.Epoch
	on, ok, err := p.chain.BatchOf(ctx, p.cfg.Provider, epoch)
	if err != nil {
		return false, fmt.Errorf("look up batch of epoch %d: %w", epoch, err)
	}
	closed := block >= p.cfg.Parameters.Schedule.Close(epoch)
	switch {
	case ok && on.ID != b.id:
		return false, fmt.Errorf("%w (epoch %d: %s on chain, %s sealed)", ErrForeignBatch, epoch, on.ID, b.id)
	case ok && closed:
		p.stats.committed.Add(1)
		p.log.Info("batch committed", zap.Uint64("epoch", epoch), zap.Stringer("batch", b.id))
		return true, p.ledger.settle(ctx, epoch, committed)
	case ok:
		return false, nil
	case closed:
		p.stats.missed.Add(1)
		p.log.Error("batch missed", zap.String("code", "BATCH-MISSED"), zap.Uint64("epoch", epoch), zap.Stringer("batch", b.id))
		return true, p.ledger.settle(ctx, epoch, missed)
	}
	if err := p.chain.CommitBatch(ctx, b.batch); err != nil {
		return false, fmt.Errorf("commit batch of epoch %d: %w", epoch, err)
	}
	return false, nil
}

// openable is the batch of that id, its record on chain and the block at which
// that was read.
func (p *Provider) openable(ctx context.Context, id posp.Hash) (posp.BatchRecord, uint64, *Problem) {
	b, err := p.ledger.batch(ctx, id)
	if errors.Is(err, errNoBatch) {
		return posp.BatchRecord{}, 0, errUnknownBatch(id)
	}
	if err != nil {
		return posp.BatchRecord{}, 0, errStore(err)
	}
	block, err := p.chain.Block(ctx)
	if err != nil {
		return posp.BatchRecord{}, 0, errChain(fmt.Errorf("read block: %w", err))
	}
	on, ok, err := p.chain.BatchOf(ctx, p.cfg.Provider, b.batch.Epoch)
	if err != nil {
		return posp.BatchRecord{}, 0, errChain(fmt.Errorf("look up batch of epoch %d: %w", b.batch.Epoch, err))
	}
	if !ok || on.ID != id {
		return posp.BatchRecord{}, 0, errUnknownBatch(id)
	}
	return on, block, nil
}
