package devnet

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// Plays are what there is to see.
var Plays = []string{"market", "dispute"}

var plays = map[string]struct {
	cast          cast
	contestBlocks uint64
	play          func(*world, context.Context) error
}{
	"market":  {marketCast, 100, (*world).market},
	"dispute": {disputeCast, 800, (*world).dispute},
}

var marketCast = cast{
	providers: []string{"honest", "small-model", "int4", "forger", "withholder"},
	operators: []string{"operator-1", "operator-2", "operator-3", "operator-4", lazyOperator},
	stakes:    []int64{100, 80, 60, 50, 40},
	prompts:   declarations,
	tokens:    64, // enough for one sample to tell
}

// lazyOperator does not compute.
const lazyOperator = "lazy-operator"

// market is the whole story of an honest provider among cheats: epochs,
// settlement, outcome, replay.
func (w *world) market(ctx context.Context) error {
	w.steps.done("ready: %d epochs, %d requests to each provider in an epoch", w.Epochs, w.Requests)
	for e := range uint64(w.Epochs) {
		var demands []demand
		var err error
		if e == 1 { // when there are answers that were not drawn
			demands, err = w.demand(ctx, e)
		}
		var c chain.SubmittedCertificate
		if err == nil {
			c, err = w.epoch(ctx, e)
		}
		if err == nil {
			err = w.answered(ctx, demands)
		}
		if err == nil {
			err = w.execute(ctx, e, c)
		}
		if err != nil {
			return fmt.Errorf("epoch %d: %w", e, err)
		}
	}
	if err := w.settle(ctx); err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	return w.outcome(ctx)
}

// epoch plays one epoch, up to its certificate. The chain's clock is moved only
// when the stage that it ends is over, so a busy machine is slow and never
// wrong; while a stage is under way blocks trickle, because some deadlines are
// what a role waits for.
func (w *world) epoch(ctx context.Context, e uint64) (c chain.SubmittedCertificate, err error) {
	s, p := w.site.Parameters.Schedule, w.site.Reader()
	if err := w.mineTo(ctx, s.Start(e)); err != nil {
		return c, err
	}
	asked, err := w.buy(ctx, e)
	if err != nil {
		return c, err
	}
	if err := w.mineTo(ctx, s.Start(e+1)); err != nil {
		return c, err
	}
	if err := w.until(ctx, "every provider's batch", s.Close(e)-1, func() (bool, error) {
		for i := range asked {
			if _, ok, err := p.BatchOf(ctx, w.providers[i].address, e); !ok {
				return false, err
			}
		}
		_, ok, err := p.TableAt(ctx, s.Close(e)-1)
		return ok, err
	}); err != nil {
		return c, err
	}
	if err := w.mineTo(ctx, s.BeaconBlock(e)+1); err != nil {
		return c, err
	}
	if err := w.until(ctx, "the beacon", s.CommitDeadline(e), func() (bool, error) {
		_, ok, err := p.Beacon(ctx, e)
		return ok, err
	}); err != nil {
		return c, err
	}
	w.steps.done("epoch %d: %d answers with receipts, %d batches committed, beacon fixed", e, total(asked), len(asked))

	// The operators recompute. Those who wait for the withholder go on at the
	// deadline, so reaching it is no failure.
	api, err := w.site.AggregatorClient("")
	if err != nil {
		return c, err
	}
	if err := w.trickle(ctx, s.CommitDeadline(e)+1, func() (bool, error) {
		_, frozen, err := api.Commitments(ctx, e)
		return frozen, err
	}); err != nil {
		return c, err
	}
	if err := w.mineTo(ctx, s.CommitDeadline(e)+1); err != nil {
		return c, err
	}
	w.steps.done("epoch %d: recomputed, evidence committed", e)
	if err := w.until(ctx, "the certificate", s.CertifyDeadline(e), func() (bool, error) {
		status, _, err := p.EpochStatus(ctx, e)
		return status == chain.StatusPending || status == chain.StatusFinal, err
	}); err != nil {
		return c, err
	}
	c, ok, err := p.Certificate(ctx, e)
	if err != nil || !ok {
		return c, fmt.Errorf("read certificate back (%v): %w", ok, err)
	}
	var pass, fail, unavailable, inconclusive uint32
	for _, b := range c.Result.Batches {
		pass, fail, unavailable, inconclusive = pass+b.Passed, fail+b.Failed, unavailable+b.Unavailable, inconclusive+b.Inconclusive
	}
	w.steps.done("epoch %d: certified by %.0f %% of the stake (%dk gas): %d samples, %d pass, %d fail, %d unavailable, %d inconclusive, %d faults",
		e, percent(c.Signed, c.Total), c.GasUsed/1000, c.Result.SampleCount, pass, fail, unavailable, inconclusive, len(c.Result.Faults))

	return c, nil
}

// execute ends an epoch. Past the contest window faults are executed, and what
// was slashed is released; the aggregator's keeper does both.
func (w *world) execute(ctx context.Context, e uint64, c chain.SubmittedCertificate) error {
	s := w.site.Parameters.Schedule
	if err := w.mineTo(ctx, c.Block+s.ContestBlocks+1); err != nil {
		return err
	}
	if len(c.Result.Faults) == 0 {
		return nil
	}
	if err := w.until(ctx, "faults to be executed and slashed stake to arrive", s.Start(e+2)-s.GraceBlocks-1, func() (bool, error) {
		return w.executed(ctx, e)
	}); err != nil {
		return err
	}
	count := map[string]int{}
	for _, f := range c.Result.Faults {
		count[fmt.Sprintf("%s for %s", w.name(f.Subject), f.Kind)]++
	}
	for _, what := range slices.Sorted(maps.Keys(count)) {
		w.steps.note("slashed %s (%d charged)", what, count[what])
	}
	return nil
}

// executed says whether all faults of an epoch are executed, and the pots of
// the providers' are filled.
func (w *world) executed(ctx context.Context, e uint64) (bool, error) {
	p := w.site.Reader()
	faults, err := p.Faults(ctx)
	if err != nil {
		return false, err
	}
	for _, f := range faults {
		if f.Epoch != e {
			continue
		}
		r, err := p.Fault(ctx, f.ID)
		if err != nil || r.Status != chain.FaultExecuted {
			return false, err
		}
		if f.Kind.OfOperator() {
			continue
		}
		if pot, err := p.Pot(ctx, f.ID); err != nil || !pot.Collected {
			return false, err
		}
	}
	return true, nil
}

func total(asked map[int]int) (n int) {
	for _, k := range asked {
		n += k
	}
	return n
}

// buy lets the buyers ask every provider that is not jailed, each after paying
// into the market. It returns how many answers came from whom.
func (w *world) buy(ctx context.Context, e uint64) (asked map[int]int, err error) {
	p := w.site.Reader()
	asked = map[int]int{}
	if err := os.MkdirAll(w.answers(), 0o700); err != nil {
		return nil, fmt.Errorf("keep answers: %w", err)
	}
	batches := make([][]*job, len(w.providers))
	for i, m := range w.providers {
		jailed, err := p.Jailed(ctx, m.address)
		if err != nil {
			return nil, err
		}
		if jailed { // the market refuses it, and so would any buyer
			continue
		}
		for n := range w.Requests {
			batches[i] = append(batches[i], newJob(devchain.Account(buyerLabel(n%buyers)), i, int(e)*w.Requests+n))
		}
		asked[i] = len(batches[i])
	}
	// Each buyer's transactions have one sender, in order.
	g, inner := errgroup.WithContext(ctx)
	for b := range buyers {
		g.Go(func() error {
			s := w.sender(buyerLabel(b))
			for i := range batches {
				for n, j := range batches[i] {
					if n%buyers != b {
						continue
					}
					if err := w.escrow(inner, s, j, e); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	// Meanwhile the providers answer: they do not wait for escrow to be mined.
	client := &http.Client{Timeout: time.Minute}
	for i, jobs := range batches {
		g.Go(func() error {
			m := w.providers[i]
			for n, j := range jobs {
				if err := w.ask(inner, client, m, j, int(e)*w.Requests+n); err != nil {
					return fmt.Errorf("%s: %w", m.label, err)
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for _, jobs := range batches {
		w.jobs = append(w.jobs, jobs...)
	}
	return asked, nil
}

// payment is what a job costs, in wei.
var payment = ether(1)

func (w *world) escrow(ctx context.Context, s *chain.Sender, j *job, e uint64) error {
	data, err := contracts.NewExampleMarket().TryPackOpen(w.providers[j.provider].address, w.site.Network.Models[0].Spec.ID(), j.nonce, e+1)
	if err != nil {
		return err
	}
	if _, err := s.Send(ctx, chain.Call{To: &w.site.Network.Contracts.ExampleMarket, Data: data, Value: payment}); err != nil {
		return fmt.Errorf("pay into the market: %w", err)
	}
	return nil
}

// mineTo moves the chain to a block, if it is not there yet.
func (w *world) mineTo(ctx context.Context, block uint64) error {
	head, err := w.client.BlockNumber(ctx)
	if err != nil {
		return err
	}
	if head >= block {
		return nil
	}
	return w.miner.Mine(ctx, block-head)
}

// until trickles blocks until done says so, and fails when the deadline block
// passes first.
func (w *world) until(ctx context.Context, what string, deadline uint64, done func() (bool, error)) error {
	finished := false
	err := w.trickle(ctx, deadline, func() (ok bool, err error) {
		finished, err = done()
		return finished, err
	})
	if err == nil && !finished {
		return fmt.Errorf("waited for %s until block %d in vain", what, deadline)
	}
	return err
}

// trickle mines a block now and then until done says so or the deadline block
// has come.
func (w *world) trickle(ctx context.Context, deadline uint64, done func() (bool, error)) error {
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for n := 1; ; n++ {
		ok, err := done()
		if err != nil || ok {
			return err
		}
		head, err := w.client.BlockNumber(ctx)
		if err != nil || head >= deadline {
			return err
		}
		if n%w.pace == 0 {
			if err := w.miner.Mine(ctx, 1); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// settle settles every job by the verdict on its batch, and claims the refunds
// of slashed batches.
func (w *world) settle(ctx context.Context) error {
	p := w.site.Reader()
	faults, err := p.Faults(ctx)
	if err != nil {
		return err
	}
	var pots []chain.FaultEvent
	for _, f := range faults {
		pot, err := p.Pot(ctx, f.ID)
		if err != nil {
			return err
		}
		if pot.BatchID != (posp.Hash{}) {
			pots = append(pots, f)
		}
	}
	at := w.site.Network.Contracts
	market, pool := contracts.NewExampleMarket(), contracts.NewRefundPool()
	s := w.sender("keeper")
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, j := range w.jobs {
		g.Go(func() error {
			proof, err := fetchProof(ctx, "http://"+w.providers[j.provider].listener.Addr().String(), j.receipt.Receipt)
			if err != nil {
				return err
			}
			receipt := receiptABI(j.receipt.Receipt)
			data, err := market.TryPackSettle(j.id(), receipt, j.receipt.Epoch, proof)
			if err := w.send(ctx, s, at.ExampleMarket, "settle a job", data, err); err != nil {
				return err
			}
			for _, f := range pots {
				if f.Subject != j.receipt.Provider || f.Epoch != j.receipt.Epoch {
					continue
				}
				data, err := pool.TryPackClaim(f.ID, receipt, proof, j.buyer, j.secret)
				if err := w.send(ctx, s, at.RefundPool, "claim a refund", data, err); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	w.steps.done("%d jobs settled by verdict, refunds claimed", len(w.jobs))
	return nil
}

// send sends one transaction.
func (w *world) send(ctx context.Context, s *chain.Sender, to posp.Address, what string, data []byte, packed error) error {
	if packed != nil {
		return fmt.Errorf("%s: %w", what, packed)
	}
	if _, err := s.Send(ctx, chain.Call{To: &to, Data: data}); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
