package aggregator

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.uber.org/zap"
)

// Replicas share a store: each takes messages and answers questions, and one
// at a time takes an epoch a stage further. It holds the epoch's lease. A
// replica that dies is replaced when its lease ends; one that only seemed dead
// finds, at its next write, that the lease's token is no longer its own, and
// what it had prepared is dropped. Leases save work and transactions. That
// each stage is done once, by what was accepted, is the ledger's doing.

// leases are what this replica holds.
type leases struct {
	mu   sync.Mutex
	held map[uint64]lease // by epoch
}

type lease struct {
	token int64
	until time.Time // by this process's clock, counted from before the store was asked
}

// leased runs f under the epoch's lease, unless another replica has it. f's
// context ends when the lease is lost.
func (a *Aggregator) leased(ctx context.Context, epoch uint64, f func(ctx context.Context, token int64) error) error {
	if a.cfg.Replica == "" {
		return f(ctx, 0) // alone on its store: nobody else writes a token
	}
	token, ok, err := a.claim(ctx, epoch, a.cfg.Lease/2)
	if err != nil || !ok {
		return err
	}
	inLease, lose := context.WithCancelCause(ctx)
	var beat sync.WaitGroup
	beat.Go(func() {
		tick := time.NewTicker(a.cfg.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-inLease.Done():
				return
			case <-tick.C:
			}
			now, ok, err := a.claim(inLease, epoch, a.cfg.Lease)
			if err == nil && (!ok || now != token) {
				lose(errFenced)
			}
			if err != nil && !a.holds(epoch) { // the store is gone: another may have it by now
				lose(err)
			}
		}
	})
	err = f(inLease, token)
	lose(nil)
	beat.Wait()
	if errors.Is(err, errFenced) || errors.Is(context.Cause(inLease), errFenced) {
		a.log.Info("another replica has taken the epoch over", zap.Uint64("epoch", epoch))
		return nil
	}
	return err
}

// claim is the lease's token, from the store if what is known of it ends
// within the margin.
func (a *Aggregator) claim(ctx context.Context, epoch uint64, margin time.Duration) (token int64, ok bool, err error) {
	now := time.Now()
	a.leases.mu.Lock()
	l, held := a.leases.held[epoch]
	a.leases.mu.Unlock()
	if held && l.until.Sub(now) > margin {
		return l.token, true, nil
	}
	token, ok, err = a.ledger.claim(ctx, epoch, a.cfg.Replica, a.cfg.Lease.Milliseconds())
	if err != nil {
		return 0, false, err
	}
	a.leases.mu.Lock()
	defer a.leases.mu.Unlock()
	if !ok {
		delete(a.leases.held, epoch)
		return 0, false, nil
	}
	if a.leases.held == nil {
		a.leases.held = map[uint64]lease{}
	}
	for e, l := range a.leases.held { // epochs that are over
		if now.After(l.until) {
			delete(a.leases.held, e)
		}
	}
	a.leases.held[epoch] = lease{token, now.Add(a.cfg.Lease)}
	return token, true, nil
}

// holds says whether the lease is in force for certain.
func (a *Aggregator) holds(epoch uint64) bool {
	a.leases.mu.Lock()
	defer a.leases.mu.Unlock()
	l, held := a.leases.held[epoch]
	return held && time.Now().Before(l.until)
}

// count is how many leases are in force.
func (l *leases) count() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, held := range l.held {
		if time.Now().Before(held.until) {
			n++
		}
	}
	return n
}
