package operator_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/verdict"
)

// everybody runs all operators but the first, and the first on its own
// database.
func everybody(t *testing.T, w *world, a *aggregator.Aggregator) (stopFirst func(), first *tap) {
	return together(t, w, a, w.members[1:])
}

// decisive runs the first operator and just so many others that there is no
// quorum without it.
func decisive(t *testing.T, w *world, a *aggregator.Aggregator) (stopFirst func(), first *tap) {
	weight := func(members []*member) (sum uint64) {
		for _, m := range members {
			sum += w.chain.table.Members[slices.IndexFunc(w.chain.table.Members, func(row posp.Member) bool { return row.Operator == m.address })].Weight.Uint64()
		}
		return sum
	}
	quorum := func(members []*member) bool {
		return weight(members)*1_000_000 >= weight(w.members)*uint64(w.params.QuorumPpm)
	}
	for n := len(w.members); n > 0; n-- {
		if some := w.members[:n]; quorum(some) && !quorum(some[1:]) {
			return together(t, w, a, some[1:])
		}
	}
	t.Fatal("no such set")
	return nil, nil
}

func together(t *testing.T, w *world, a *aggregator.Aggregator, others []*member) (stopFirst func(), first *tap) {
	p := &tap{Aggregator: direct{a}}
	stopFirst = w.run(w.operate(w.members[0], p, scorer{}, open(t, operator.Migrations)).Run)
	for _, m := range others {
		w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
	}
	return stopFirst, p
}

// ends runs an operator until it gives up.
func ends(t *testing.T, o *operator.Operator) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return o.Run(ctx)
}

// An operator that lost its database, or was started twice, does not sign: at
// each point of an epoch where its signature can be seen, a database without it
// is refused.
func TestLostDatabaseIsNoticed(t *testing.T) {
	for _, c := range []struct {
		name string
		at   func(w *world, a *aggregator.Aggregator)
	}{
		{"commitments frozen", func(w *world, a *aggregator.Aggregator) {}},
		{"certified", func(w *world, a *aggregator.Aggregator) {
			w.chain.mine(schedule.CommitDeadline(0) + 1)
			w.eventually("certified", w.isCertified(0))
		}},
		{"certified, two epochs later", func(w *world, a *aggregator.Aggregator) {
			w.chain.mine(schedule.CommitDeadline(0) + 1)
			w.eventually("certified", w.isCertified(0))
			w.chain.mine(schedule.CertifyDeadline(0) + 1)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.batch(0, 1, 6)
			a, _ := w.aggregate(open(t, aggregator.Migrations))
			stop, _ := everybody(t, w, a)
			w.chain.mine(schedule.BeaconBlock(0))
			w.eventually("frozen", w.frozen(a, 0)) // all have committed
			c.at(w, a)
			stop()
			db := open(t, operator.Migrations)
			if err := ends(t, w.operate(w.members[0], direct{a}, scorer{}, db)); !errors.Is(err, operator.ErrUnknownSignature) {
				t.Fatalf("it starts on an empty database: %v", err)
			}
			// Nothing was written that the true record could contradict.
			if v, err := operator.ExportRecord(context.Background(), db, false); err != nil || len(v.Deployments) != 0 {
				t.Fatalf("the empty database holds %+v, %v", v.Deployments, err)
			}
		})
	}
}

// The certificate on chain is enough: an aggregator that hides what it holds
// cannot make an operator sign twice.
func TestLostDatabaseIsNoticedOnChain(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	stop, _ := decisive(t, w, a)
	w.chain.mine(schedule.CommitDeadline(0) - 1)
	w.eventually("everybody asked", func() bool {
		w.providers.mu.Lock()
		defer w.providers.mu.Unlock()
		return w.providers.asked[w.members[0].address]
	})
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.RevealDeadline(0) + 1)
	w.eventually("certified", w.isCertified(0))
	if _, signed, _, _ := w.chain.CoSigned(context.Background(), 0, w.members[0].address); !signed {
		t.Fatal("certified without the first operator, although there is no quorum without it")
	}
	stop()
	silent := &tap{Aggregator: direct{a}, frozen: func([]posp.Commitments) []posp.Commitments { return nil }, final: func([]posp.Reveals) []posp.Reveals { return nil }}
	if err := ends(t, w.operate(w.members[0], silent, scorer{}, open(t, operator.Migrations))); !errors.Is(err, operator.ErrUnknownSignature) {
		t.Fatalf("error %v", err)
	}
}

// An aggregator cannot keep an operator from starting by inventing messages.
func TestInventedMessagesStopNobody(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	for _, m := range w.members[1:] {
		w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.CommitDeadline(0) + 1) // they froze without the first
	w.eventually("frozen", w.frozen(a, 0))
	forged := posp.Commitments{Operator: w.members[0].address, Epoch: 0, Items: []posp.SampleCommitment{{SampleID: posp.Hash{1}}}}
	digest := forged.Digest(w.authority)
	forged.Signature, _ = w.members[1].Sign(context.Background(), w.members[1].address, digest)
	p := &tap{Aggregator: direct{a}, frozen: func(list []posp.Commitments) []posp.Commitments { return append(slices.Clone(list), forged) }}
	ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if err := w.operate(w.members[0], p, scorer{}, open(t, operator.Migrations)).Run(ctx); err != nil {
		t.Fatalf("error %v", err)
	}
}

// withoutKey is an aggregator to who has lost the message key of epoch 0.
type withoutKey struct{ operator.Aggregator }

func (a withoutKey) Reveals(ctx context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	if epoch == 0 {
		return nil, false, fmt.Errorf("sign request for reveals: %w", keys.ErrNoSuchKey)
	}
	return a.Aggregator.Reveals(ctx, epoch)
}

// Who exchanged its message key cannot read as itself what was revealed under
// the old one, and starts all the same. Another instance is still noticed.
func TestStartWithoutTheOldKey(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	w.batch(1, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	db := open(t, operator.Migrations)
	stop := w.run(w.operate(w.members[0], direct{a}, scorer{}, db).Run)
	for _, m := range w.members[1:] {
		w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("certified", w.isCertified(0))
	stop()
	if err := ends(t, w.operate(w.members[0], withoutKey{direct{a}}, scorer{}, open(t, operator.Migrations))); !errors.Is(err, operator.ErrUnknownSignature) {
		t.Fatalf("it starts on an empty database: %v", err)
	}
	p := &tap{Aggregator: withoutKey{direct{a}}}
	w.run(w.operate(w.members[0], p, scorer{}, db).Run)
	w.chain.mine(schedule.BeaconBlock(1))
	w.eventually("it commits", p.committed)
}

// On the user's word that nothing else signs, an operator starts without its
// database, leaves the epochs in work alone, and takes part in the next one.
func TestStartWithoutDatabaseOnTheUsersWord(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	w.batch(1, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	stop, _ := everybody(t, w, a)
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("frozen", w.frozen(a, 0))
	stop()
	p, db := &tap{Aggregator: direct{a}}, open(t, operator.Migrations)
	again, err := operator.New(operator.Config{Operator: w.members[0].address, Domain: w.domain, Authority: w.authority, Parameters: w.params,
		Specs: []verdict.Spec{w.spec}, Backends: map[posp.Hash][]backends.Backend{w.spec.Spec.ID(): {backends.Local(scorer{}, 4)}}, Retry: time.Millisecond, NoOtherInstance: true},
		w.chain, w.providers, p, w.members[0], keys.NewCoSigner(w.members[0].bls), db, operator.SystemClock{}, zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	w.run(again.Run)
	w.eventually("decided what to leave out", func() bool {
		var epoch uint64
		return db.QueryRow("SELECT epoch FROM floors").Scan(&epoch) == nil && epoch == 0
	})
	w.chain.mine(schedule.RevealDeadline(0) + 1) // until then the aggregator waits for its reveals
	w.eventually("derived without it", func() bool { _, ok, _ := a.Outcome(context.Background(), 0); return ok })
	w.chain.mine(schedule.BeaconBlock(1))
	w.eventually("next epoch frozen", w.frozen(a, 1))
	w.chain.mine(schedule.CommitDeadline(1) + 1)
	w.chain.mine(schedule.CertifyDeadline(0))
	w.eventually("certified by the others", w.isCertified(0))
	w.eventually("share of the next epoch", func() bool { _, _, s := p.sent(); return len(s) > 0 })
	commitments, reveals, shares := p.sent()
	for _, c := range commitments {
		if c.Epoch == 0 {
			t.Error("it committed in an epoch in which it may have committed before")
		}
	}
	for _, r := range reveals {
		if r.Epoch == 0 {
			t.Error("it revealed there")
		}
	}
	for _, s := range shares {
		if s.Epoch == 0 {
			t.Error("it co-signed there")
		}
	}
}

// Two instances with one key and two databases: the one whose commitments were
// not taken finds the other's signature in the frozen set, and ends for good
// before it reveals or co-signs.
func TestSecondInstanceEnds(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	taken := &tap{Aggregator: direct{a}}
	late := &tap{Aggregator: direct{a}}
	late.crash = func(int, bool) error { // what it commits arrives never
		if late.taken == 0 && !w.frozen(a, 0)() {
			return errors.New("lost on the way")
		}
		return nil
	}
	w.run(w.operate(w.members[0], taken, scorer{}, open(t, operator.Migrations)).Run)
	second := make(chan error, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	go func() { second <- w.operate(w.members[0], late, scorer{}, open(t, operator.Migrations)).Run(ctx) }()
	for _, m := range w.members[1:] {
		w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	if err := <-second; !errors.Is(err, operator.ErrUnknownSignature) {
		t.Fatalf("error %v", err)
	}
	if _, reveals, shares := late.sent(); len(reveals)+len(shares) != 0 {
		t.Errorf("%d reveals, %d shares", len(reveals), len(shares))
	}
}

// outage is an aggregator that cannot be asked anything while it is down.
type outage struct {
	*tap
	down atomic.Bool
}

func (o *outage) Commitments(ctx context.Context, epoch uint64) ([]posp.Commitments, bool, error) {
	if o.down.Load() {
		return nil, false, errors.New("connection refused")
	}
	return o.tap.Commitments(ctx, epoch)
}

// While it cannot be told whether another instance signs, an operator works and
// signs nothing; then it is in time.
func TestWorkDoesNotWaitForTheAnswer(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	p := &outage{tap: &tap{Aggregator: direct{a}}}
	p.down.Store(true)
	scored := make(chan struct{}, 100)
	w.run(w.operate(w.members[0], p, scorerFunc(func(output []uint32) (posp.Evidence, error) {
		scored <- struct{}{}
		return honest(output)
	}), open(t, operator.Migrations)).Run)
	w.chain.mine(schedule.BeaconBlock(0))
	select {
	case <-scored:
	case <-time.After(20 * time.Second):
		t.Fatal("it does nothing")
	}
	time.Sleep(50 * time.Millisecond)
	if c, _, _ := p.sent(); len(c) != 0 {
		t.Fatal("it signed")
	}
	p.down.Store(false)
	w.eventually("committed", p.committed)
}
