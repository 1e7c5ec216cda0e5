package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
)

// KeeperChain is what a keeper needs of the chain. Its transactions return
// when they are in a block; one that would revert is an error.
type KeeperChain interface {
	Blocks(ctx context.Context) <-chan uint64
	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error)
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	// TableAt is the latest operator table at or before a block.
	TableAt(ctx context.Context, block uint64) (table posp.Table, ok bool, err error)

	FixBeacon(ctx context.Context, epoch uint64) error
	Snapshot(ctx context.Context) error

	// OpenFaults are the charges that were neither answered nor executed.
	OpenFaults(ctx context.Context) ([]Charge, error)
	ExecuteFault(ctx context.Context, id posp.Hash) error
	// OpenPots are the refund pots that the RefundPool did not collect yet.
	OpenPots(ctx context.Context) ([]Pot, error)
	CollectPot(ctx context.Context, fault posp.Hash) error
}

// Charge is a fault on chain that is not settled.
type Charge struct {
	ID           posp.Hash
	ExecutableAt uint64 // block
}

// Pot is what was slashed for a fault, and is not in the RefundPool.
type Pot struct {
	Fault         posp.Hash
	CollectableAt uint64 // block: EigenLayer holds what is slashed for some days
}

// Keeper sends the transactions that anybody may send and somebody has to:
// operator tables, beacons, penalties after their window, refunds. What
// another one has done is done. It keeps no state.
type Keeper struct {
	schedule posp.Schedule
	chain    KeeperChain
	log      *zap.Logger

	// after says by duty from which block on to try again what failed, and for
	// how long to wait the next time: most of what fails is not due yet.
	after map[string]attempt

	mu   sync.Mutex
	work [len(chores)]KeeperWork
}

// chore is a kind of transaction that somebody has to send.
type chore int

const (
	choreTable   chore = iota // an operator table before the epoch closes
	choreBeacon               // of an epoch with batches
	choreExecute              // charges after their window
	choreCollect              // slashed stake, once EigenLayer releases it
)

var chores = [...]string{"table", "beacon", "execute", "collect"}

// KeeperWork is what a keeper did of one kind, since the start.
type KeeperWork struct {
	Duty   string // table, beacon, execute or collect
	Due    int    // that are due at the newest block, and not done
	Sent   uint64
	Failed uint64 // tries that did
}

// Work is what the keeper did, of each kind. It may be called while it runs.
func (k *Keeper) Work() []KeeperWork {
	k.mu.Lock()
	defer k.mu.Unlock()
	list := slices.Clone(k.work[:])
	for i := range list {
		list[i].Duty = chores[i]
	}
	return list
}

// transaction is one that is due.
type transaction struct {
	chore chore
	name  string
	send  func(ctx context.Context) error
}

type attempt struct{ at, wait uint64 }

const (
	maxWait     = 64 // blocks between two tries
	maxInFlight = 8  // transactions at once
	behind      = 8  // from so many blocks of waiting on, what others need is late
)

// NewKeeper makes a keeper.
func NewKeeper(s posp.Schedule, chain KeeperChain, log *zap.Logger) (*Keeper, error) {
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("keeper: %w", err)
	}
	return &Keeper{schedule: s, chain: chain, log: log, after: map[string]attempt{}}, nil
}

// Run does what is due at each block until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	for head := range k.chain.Blocks(ctx) {
		if err := k.step(ctx, head); err != nil && ctx.Err() == nil {
			k.log.Warn("some duties could not be seen to, trying again", zap.Uint64("block", head), zap.Error(err))
		}
	}
	return nil
}

// step does what is due. A duty that cannot be read does not keep the others.
func (k *Keeper) step(ctx context.Context, head uint64) error {
	var due []transaction
	var errs []error
	for _, duty := range []func(context.Context, uint64) ([]transaction, error){k.tables, k.beacons, k.faults, k.pots} {
		list, err := duty(ctx, head)
		due, errs = append(due, list...), append(errs, err)
	}
	results := make([]error, len(due))
	var g errgroup.Group
	g.SetLimit(maxInFlight)
	for i, tx := range due {
		if head >= k.after[tx.name].at {
			g.Go(func() error { results[i] = tx.send(ctx); return nil })
		}
	}
	g.Wait() // its functions return nil
	if ctx.Err() != nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.work {
		k.work[i].Due = 0
	}
	for i, tx := range due {
		work := &k.work[tx.chore]
		switch wait := min(max(1, 2*k.after[tx.name].wait), maxWait); {
		case head < k.after[tx.name].at:
			work.Due++
		case results[i] != nil:
			work.Due, work.Failed = work.Due+1, work.Failed+1
			k.after[tx.name] = attempt{at: head + wait, wait: wait}
			if tx.chore != choreCollect && wait >= behind {
				k.log.Error("a transaction that somebody has to send is not sent, trying again", zap.String("code", "KEEPER-BEHIND"), zap.String("duty", tx.name), zap.Uint64("from_block", head+wait), zap.Error(results[i]))
				continue
			}
			k.log.Info("transaction not sent, trying again", zap.String("duty", tx.name), zap.Uint64("from_block", head+wait), zap.Error(results[i]))
		default:
			work.Sent++
			delete(k.after, tx.name)
			k.log.Info("transaction sent", zap.String("duty", tx.name), zap.Uint64("block", head))
		}
	}
	for name, a := range k.after {
		if head > a.at+maxWait { // no longer due, or it had been tried
			delete(k.after, name)
		}
	}
	return errors.Join(errs...)
}

// tables sees to it that the epoch that closes next counts by a table from
// its last quarter, or its grace time if that is longer.
func (k *Keeper) tables(ctx context.Context, head uint64) (due []transaction, err error) {
	s := k.schedule
	epoch := s.EpochAt(head)
	if epoch > 0 && head+1 < s.Close(epoch-1) {
		epoch-- // its grace time runs
	}
	closes := s.Close(epoch)
	fresh := max(s.Start(epoch), closes-max(s.GraceBlocks+1, min(s.EpochBlocks, s.EpochBlocks/4+1)))
	table, ok, err := k.chain.TableAt(ctx, head)
	if err != nil {
		return due, fmt.Errorf("read operator table: %w", err)
	}
	if ok && (table.Block >= fresh || head < fresh) {
		return nil, nil
	}
	return []transaction{{choreTable, "snapshot operator table", k.chain.Snapshot}}, nil
}

// beacons fixes the beacons of the epochs that have anything to sample.
func (k *Keeper) beacons(ctx context.Context, head uint64) (due []transaction, err error) {
	for epoch := range k.schedule.Active(head) {
		if _, ok, err := k.chain.Beacon(ctx, epoch); err != nil {
			return due, fmt.Errorf("read beacon of epoch %d: %w", epoch, err)
		} else if ok {
			continue
		}
		batches, err := k.chain.Batches(ctx, epoch)
		if err != nil {
			return due, fmt.Errorf("read batches of epoch %d: %w", epoch, err)
		}
		if len(batches) > 0 {
			due = append(due, transaction{choreBeacon, fmt.Sprintf("fix beacon of epoch %d", epoch), func(ctx context.Context) error { return k.chain.FixBeacon(ctx, epoch) }})
		}
	}
	return due, nil
}

// faults executes charges whose window is over.
func (k *Keeper) faults(ctx context.Context, head uint64) (due []transaction, err error) {
	list, err := k.chain.OpenFaults(ctx)
	if err != nil {
		return due, fmt.Errorf("read faults: %w", err)
	}
	for _, f := range list {
		if head+1 >= f.ExecutableAt { // in the next block
			due = append(due, transaction{choreExecute, "execute fault " + f.ID.Hex(), func(ctx context.Context) error { return k.chain.ExecuteFault(ctx, f.ID) }})
		}
	}
	return due, nil
}

// pots brings what EigenLayer has released into the RefundPool.
func (k *Keeper) pots(ctx context.Context, head uint64) (due []transaction, err error) {
	list, err := k.chain.OpenPots(ctx)
	if err != nil {
		return due, fmt.Errorf("read pots: %w", err)
	}
	for _, p := range list {
		if head+1 >= p.CollectableAt { // in the next block
			due = append(due, transaction{choreCollect, "collect pot " + p.Fault.Hex(), func(ctx context.Context) error { return k.chain.CollectPot(ctx, p.Fault) }})
		}
	}
	return due, nil
}
