package aggregator

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// Log is an append-only log: what was said in it cannot be taken back unseen.
type Log interface {
	Size(ctx context.Context) (uint64, error)
	Entry(ctx context.Context, i uint64) ([]byte, error)
	// Append adds entries in order; a crash or an error leaves a prefix of them.
	Append(ctx context.Context, entries [][]byte) error
}

// Publisher writes into a log, for each epoch that is over, its batches, what
// was accepted from whom, and what was derived of it. The log is all that it
// remembers by: a restart looks there how far it came.
type Publisher struct {
	from          *Aggregator
	log           Log
	confirmations uint64
	retry         time.Duration
}

// NewPublisher makes the publisher of an aggregator. An epoch that nobody
// certified counts as over when its last block has so many confirmations.
func NewPublisher(from *Aggregator, log Log, confirmations uint64) *Publisher {
	return &Publisher{from: from, log: log, confirmations: confirmations, retry: time.Second}
}

// Run publishes until ctx ends. It begins a log with the oldest epoch that is
// in work.
func (p *Publisher) Run(ctx context.Context) error {
	next, begun := uint64(0), false
	again := time.NewTimer(0)
	<-again.C
	defer again.Stop()
	blocks := p.from.chain.Blocks(ctx)
	var head uint64
	for {
		select {
		case <-ctx.Done():
			return nil
		case n, ok := <-blocks:
			if !ok {
				<-ctx.Done()
				return nil
			}
			head = max(head, n)
		case <-again.C:
		}
		if !begun {
			var err error
			if next, begun, err = p.resume(ctx, head); err != nil {
				p.warn(ctx, next, err)
				again.Reset(p.retry)
			}
			if !begun {
				continue
			}
		}
		for {
			over, err := p.publish(ctx, next, head)
			if err != nil {
				p.warn(ctx, next, err)
				again.Reset(p.retry)
			}
			if err != nil || !over {
				break
			}
			next++
		}
	}
}

func (p *Publisher) warn(ctx context.Context, epoch uint64, err error) {
	if ctx.Err() == nil {
		p.from.log.Warn("epoch not published in the log, trying again", zap.Uint64("epoch", epoch), zap.Error(err))
	}
}

// resume is the first epoch that may have entries which are not in the log; ok
// unless the log is empty and no epoch has begun.
func (p *Publisher) resume(ctx context.Context, head uint64) (epoch uint64, ok bool, err error) {
	size, err := p.log.Size(ctx)
	if err != nil {
		return 0, false, err
	}
	if size > 0 {
		last, err := p.entry(ctx, size-1)
		return last.Epoch, err == nil, err
	}
	for epoch := range p.from.cfg.Parameters.Schedule.Active(head) {
		return epoch, true, nil
	}
	return 0, false, nil
}

func (p *Publisher) entry(ctx context.Context, i uint64) (posp.LogEntry, error) {
	b, err := p.log.Entry(ctx, i)
	if err != nil {
		return posp.LogEntry{}, err
	}
	return posp.ParseLogEntry(b)
}

// publish appends what the log does not have of an epoch, if the epoch is over.
func (p *Publisher) publish(ctx context.Context, epoch, head uint64) (over bool, err error) {
	s, err := p.from.ledger.state(ctx, epoch)
	if err != nil {
		return false, err
	}
	if s.transaction == (posp.Hash{}) && head <= p.from.cfg.Parameters.Schedule.CertifyDeadline(epoch)+p.confirmations {
		return false, nil
	}
	entries, err := p.entries(ctx, epoch, s)
	if err != nil {
		return false, err
	}
	known, err := p.known(ctx, epoch)
	if err != nil {
		return false, err
	}
	var list [][]byte
	for _, e := range entries {
		if !known[e] {
			list = append(list, e.Encode())
		}
	}
	if len(list) == 0 {
		return true, nil
	}
	if err := p.log.Append(ctx, list); err != nil {
		return false, err
	}
	p.from.log.Info("epoch published in the log", zap.Uint64("epoch", epoch), zap.Int("entries", len(list)))
	return true, nil
}

// entries are an epoch's, in order.
func (p *Publisher) entries(ctx context.Context, epoch uint64, s state) (list []posp.LogEntry, err error) {
	batches, err := p.from.facts.batches(ctx, epoch)
	if err != nil {
		return nil, fmt.Errorf("read batches: %w", err)
	}
	for _, b := range batches {
		list = append(list, posp.LogEntry{Kind: posp.LogBatch, Epoch: epoch, Subject: b.Provider, Digest: b.ID})
	}
	for _, of := range []struct {
		duty duty
		kind posp.LogKind
	}{{dutyCommitments, posp.LogCommitments}, {dutyReveals, posp.LogReveals}} {
		headers, err := p.from.ledger.headers(ctx, epoch, of.duty, stands)
		if err != nil {
			return nil, err
		}
		for _, h := range headers {
			list = append(list, posp.LogEntry{Kind: of.kind, Epoch: epoch, Subject: h.operator, Digest: h.digest})
		}
	}
	if s.phase != phaseDerived {
		return list, nil
	}
	r, err := p.from.ledger.result(ctx, epoch)
	if err != nil {
		return nil, err
	}
	contract := p.from.cfg.Authority.Attestation
	return append(list, posp.LogEntry{Kind: posp.LogSamples, Epoch: epoch, Subject: contract, Digest: r.SampleRoot},
		posp.LogEntry{Kind: posp.LogResult, Epoch: epoch, Subject: contract, Digest: s.digest}), nil
}

// known is what the end of the log has of an epoch already: all of it, or what
// was appended before a crash.
func (p *Publisher) known(ctx context.Context, epoch uint64) (map[posp.LogEntry]bool, error) {
	size, err := p.log.Size(ctx)
	if err != nil {
		return nil, err
	}
	known := map[posp.LogEntry]bool{}
	for ; size > 0; size-- {
		e, err := p.entry(ctx, size-1)
		if err != nil {
			return nil, err
		}
		if e.Epoch > epoch {
			return nil, fmt.Errorf("the log has epoch %d already, which comes after %d", e.Epoch, epoch)
		}
		if e.Epoch < epoch {
			break
		}
		known[e] = true
	}
	return known, nil
}
