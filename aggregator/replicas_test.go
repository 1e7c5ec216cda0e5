package aggregator

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// shortLease is for which a dead replica's epochs wait.
const shortLease = 60 * time.Millisecond

// fleet is three aggregators on one store, of which any dies at any time and is
// replaced by a new one.
type fleet struct {
	b      *bench
	random *rand.Rand
	born   int

	mu    sync.Mutex
	alive []*replica

	digests sync.Map // that were submitted
}

type replica struct {
	a     *Aggregator
	ctx   context.Context // the process's life
	kill  context.CancelFunc
	calls atomic.Int64 // to the chain, counted down; it dies in the one that reaches 0
}

// mortal is the chain as a replica sees it that may die in any call.
type mortal struct {
	*bench
	r *replica
	f *fleet
}

func (m mortal) call() error {
	if m.r.calls.Add(-1) == 0 {
		m.r.kill()
	}
	return m.r.ctx.Err()
}

func (m mortal) Block(ctx context.Context) (uint64, error) {
	if err := m.call(); err != nil {
		return 0, err
	}
	return m.bench.Block(ctx)
}

func (m mortal) StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error) {
	return nil, m.call()
}

func (m mortal) Certified(ctx context.Context, epoch uint64) (posp.Hash, bool, error) {
	if err := m.call(); err != nil {
		return posp.Hash{}, false, err
	}
	return m.bench.Certified(ctx, epoch)
}

// SubmitCertificate takes a while, and refuses the second as the contract does.
func (m mortal) SubmitCertificate(ctx context.Context, c Certificate) (posp.Hash, error) {
	if err := m.call(); err != nil { // dead before it was sent
		return posp.Hash{}, err
	}
	m.f.digests.Store(c.Digest, true)
	select {
	case <-ctx.Done():
		return posp.Hash{}, ctx.Err()
	case <-time.After(5 * time.Millisecond):
	}
	if _, twice, _ := m.bench.Certified(ctx, 0); twice {
		return posp.Hash{}, errors.New("execution reverted: already certified")
	}
	tx, err := m.bench.SubmitCertificate(ctx, c)
	if dead := m.call(); dead != nil { // in a block, and nobody noted it
		return posp.Hash{}, dead
	}
	return tx, err
}

// join starts a replica that dies after some calls.
func (f *fleet) join(db *sql.DB, calls int64) *replica {
	f.born++
	r := &replica{}
	r.ctx, r.kill = context.WithCancel(context.Background())
	r.calls.Store(calls)
	cfg := Config{Replica: fmt.Sprint("replica ", f.born), Lease: shortLease, Limits: Limits{Rate: 1e9, Burst: 1e9}}
	cfg.Domain, cfg.Authority, cfg.Parameters = f.b.a.cfg.Domain, f.b.a.cfg.Authority, f.b.a.cfg.Parameters
	a, err := New(cfg, mortal{f.b, r, f}, db, zap.NewNop())
	if err != nil {
		f.b.t.Fatal(err)
	}
	r.a = a
	return r
}

// any is a replica that seems to live.
func (f *fleet) any() *replica {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.alive[f.random.IntN(len(f.alive))]
}

// deliver sends until it is accepted, as an operator does.
func (f *fleet) deliver(what string, send func(ctx context.Context, a *Aggregator) error) {
	for deadline := time.Now().Add(20 * time.Second); ; {
		r := f.any()
		err := send(r.ctx, r.a)
		if err == nil {
			return
		}
		var v *posp.ValidationError
		var refused *Refusal
		if errors.As(err, &v) || errors.As(err, &refused) && refused.Reason() != ReasonEarly && refused.Reason() != ReasonExhausted {
			f.b.t.Errorf("%s: %v", what, err)
			return
		}
		if time.Now().After(deadline) {
			f.b.t.Errorf("%s: not delivered: %v", what, err)
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// Any replica dies in any call, others take over, and the epoch is certified
// once, by all that was accepted.
func TestReplicasDieAtAnyTime(t *testing.T) {
	onBoth(t, func(t *testing.T, first *bench) {
		for seed := range uint64(3) {
			b := newBench(t)
			b.where = first.where
			b.db = first.db
			for _, table := range []string{"chunks", "messages", "results", "epochs"} {
				if _, err := b.db.Exec("DELETE FROM " + table); err != nil {
					t.Fatal(err)
				}
			}
			oneEpochOfReplicas(t, b, seed)
		}
	})
}

func oneEpochOfReplicas(t *testing.T, b *bench, seed uint64) {
	f := &fleet{b: b, random: rand.New(rand.NewPCG(seed, 7))}
	life := func() int64 { return 1 + f.random.Int64N(20) }
	for i := range int64(3) {
		f.alive = append(f.alive, f.join(b.db, min(life(), 3+2*i))) // the first ones die for certain
	}
	ctx, stop := context.WithCancel(t.Context())
	var world, senders sync.WaitGroup
	var deaths int
	world.Go(func() { // every replica steps, and who died is replaced
		for ctx.Err() == nil {
			head, _ := b.Block(ctx)
			var steps sync.WaitGroup
			f.mu.Lock()
			now := append([]*replica(nil), f.alive...)
			f.mu.Unlock()
			for _, r := range now {
				steps.Go(func() { r.a.step(r.ctx, 0, head) }) // its errors are the deaths
			}
			steps.Wait()
			f.mu.Lock()
			for i, r := range f.alive {
				if r.ctx.Err() != nil {
					deaths++
					calls := life()
					if deaths > 25 { // so that the test ends
						calls = 1 << 40
					}
					f.alive[i] = f.join(b.db, calls)
				}
			}
			f.mu.Unlock()
			time.Sleep(2 * time.Millisecond)
		}
	})
	to := func(block uint64) { b.mu.Lock(); b.block = block; b.mu.Unlock() }
	until := func(what string, done func() bool) {
		for deadline := time.Now().Add(30 * time.Second); !done(); time.Sleep(2 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("seed %d: %s does not come", seed, what)
			}
		}
	}
	phaseIs := func(want phase) func() bool {
		return func() bool {
			s, err := b.a.ledger.state(ctx, 0)
			return err == nil && s.phase == want
		}
	}
	b.a.ledger = newLedger(b.db) // the test's own eyes
	b.a.cfg.Replica = "eyes"
	for _, k := range b.operators {
		senders.Go(func() {
			f.deliver("commitments", func(ctx context.Context, a *Aggregator) error { return a.SubmitCommitments(ctx, b.commitments(k, nil)) })
		})
	}
	senders.Wait()
	to(commitDeadline + 1)
	until("the freeze", phaseIs(phaseFrozen))
	for _, k := range b.operators {
		senders.Go(func() {
			f.deliver("reveals", func(ctx context.Context, a *Aggregator) error { return a.SubmitReveals(ctx, b.reveals(k, nil)) })
		})
	}
	senders.Wait()
	until("the result", phaseIs(phaseDerived))
	s, err := b.a.ledger.state(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range b.operators {
		senders.Go(func() { // the certificate may be there before the last share
			for f.any().a.SubmitShare(ctx, b.share(k, s.digest)) != nil {
				if now, _ := b.a.ledger.state(ctx, 0); now.transaction != (posp.Hash{}) || ctx.Err() != nil {
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	until("the certificate", func() bool {
		s, err := b.a.ledger.state(ctx, 0)
		return err == nil && s.transaction != (posp.Hash{})
	})
	stop()
	senders.Wait()
	world.Wait()

	if len(b.submitted) != 1 {
		t.Errorf("seed %d: %d certificates in blocks", seed, len(b.submitted))
	}
	f.digests.Range(func(digest, _ any) bool {
		if digest != s.digest {
			t.Errorf("seed %d: a certificate of %s, the result is %s", seed, digest, s.digest)
		}
		return true
	})
	for d, n := range map[duty]int{dutyCommitments: 4, dutyReveals: 4} {
		if all, err := b.a.ledger.headers(context.Background(), 0, d, stands); err != nil || len(all) != n {
			t.Errorf("seed %d: %d %s of %d that were accepted, %v", seed, len(all), d, n, err)
		}
	}
	if list, err := b.equivocations(); err != nil || len(list) != 0 {
		t.Errorf("seed %d: %d equivocations of honest operators, %v", seed, len(list), err)
	}
	if list, err := b.a.ledger.samples(context.Background(), 0, 4); err != nil || len(list) != 4 {
		t.Errorf("seed %d: %d results, %v", seed, len(list), err)
	}
	if f.born < 4 {
		t.Errorf("seed %d: nobody died", seed)
	}
}

// One that only seemed dead wakes up when another has its lease: what it writes
// then is refused, by the token.
func TestALateReplicaIsFenced(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		l := b.a.ledger
		old, ok, err := l.claim(ctx, 0, "old", 60_000)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, ok, err = l.claim(ctx, 0, "new", 60_000); err != nil || ok {
			t.Fatalf("two hold one epoch: %v", err)
		}
		if again, ok, err := l.claim(ctx, 0, "old", 60_000); err != nil || !ok || again != old {
			t.Fatalf("renewed: token %d, then %d, %v, %v", old, again, ok, err)
		}
		if _, err := b.db.Exec("UPDATE epochs SET expires = expires - 60001"); err != nil { // a minute later
			t.Fatal(err)
		}
		token, ok, err := l.claim(ctx, 0, "new", 60_000)
		if err != nil || !ok || token <= old {
			t.Fatalf("after its end: token %d, %v, %v", token, ok, err)
		}
		always := func(phase, map[posp.Address]bool, map[posp.Address]bool) bool { return true }
		if _, err := l.advance(ctx, 0, old, always); !errors.Is(err, errFenced) {
			t.Errorf("the old one ends a phase: %v", err)
		}
		if p, err := l.advance(ctx, 0, token, always); err != nil || p != phaseFrozen {
			t.Errorf("the new one: %q, %v", p, err)
		}
		if p, err := l.advance(ctx, 0, token, always); err != nil || p != phaseFinal {
			t.Errorf("the new one: %q, %v", p, err)
		}
		if err := l.keep(ctx, 0, old, 0, make([]byte, resultSize)); !errors.Is(err, errFenced) {
			t.Errorf("the old one writes results: %v", err)
		}
		if err := l.derived(ctx, old, posp.Hash{1}, posp.Result{}); !errors.Is(err, errFenced) {
			t.Errorf("the old one derives: %v", err)
		}
		if err := l.derived(ctx, token, posp.Hash{2}, posp.Result{}); err != nil {
			t.Error(err)
		}
		if err := l.derived(ctx, token, posp.Hash{3}, posp.Result{}); !errors.Is(err, errFenced) {
			t.Errorf("derived twice: %v", err)
		}
		if s, err := l.state(ctx, 0); err != nil || s.digest != (posp.Hash{2}) {
			t.Errorf("the result is %s, %v", s.digest, err)
		}
		for _, q := range []string{"UPDATE epochs SET phase = 'open'", "UPDATE epochs SET digest = NULL", "UPDATE messages SET standing = 1", "UPDATE chunks SET n = 7"} {
			if _, err := b.db.Exec("INSERT INTO messages VALUES (1, 'share', $1, 0, $2, $3) ON CONFLICT DO NOTHING", make([]byte, 20), make([]byte, 32), []byte{1}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.db.Exec("INSERT INTO chunks VALUES (1, 'share', $1, 0, 0, $2) ON CONFLICT DO NOTHING", make([]byte, 20), []byte{1}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.db.Exec(q); err == nil {
				t.Errorf("%s is done", q)
			}
		}
		if err := l.release(ctx, "new"); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := l.claim(ctx, 0, "old", 60_000); err != nil || !ok {
			t.Errorf("what was released cannot be had: %v", err)
		}
	})
}

// A stage that takes longer than the lease keeps it; one that loses it ends.
func TestLeaseIsHeldWhileAtWork(t *testing.T) {
	const lease = 900 * time.Millisecond // of which a busy machine may miss a part
	b := newBench(t)
	a := b.make(b.db, Config{Replica: "a", Lease: lease})
	other := b.make(b.db, Config{Replica: "b", Lease: lease})
	ran := false
	err := a.leased(t.Context(), 0, func(ctx context.Context, token int64) error {
		for end := time.Now().Add(2 * lease); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if err := other.leased(ctx, 0, func(context.Context, int64) error { ran = true; return nil }); err != nil {
				t.Error(err)
			}
		}
		return ctx.Err()
	})
	if err != nil || ran {
		t.Errorf("%v; two at once: %v", err, ran)
	}
	err = a.leased(t.Context(), 0, func(ctx context.Context, token int64) error {
		if _, err := b.db.Exec("UPDATE epochs SET holder = 'b', token = token + 1"); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Second):
			return errors.New("went on without its lease")
		}
	})
	if err != nil {
		t.Error(err)
	}
}

// A phase ends while messages for it are being written: each is in what the
// phase ended with, or refused.
func TestNothingEntersAPhaseThatHasEnded(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bench) {
		ctx := t.Context()
		other := newLedger(b.db) // another replica's
		for epoch := range uint64(15) {
			var senders sync.WaitGroup
			var taken atomic.Int64
			for i := range byte(12) {
				l := b.a.ledger
				if i%2 == 0 {
					l = other
				}
				senders.Go(func() {
					time.Sleep(time.Duration(i) * 300 * time.Microsecond)
					m := message{header: header{posp.Address{i}, posp.Hash{i}, []byte{1}}, epoch: epoch, duty: dutyCommitments, chunks: [][]byte{{1}}}
					wrote, err := l.accept(ctx, m, func(s state) error {
						if s.phase != phaseOpen {
							return refuse(ReasonLate, "late")
						}
						return nil
					})
					var r *Refusal
					switch {
					case wrote && err == nil:
						taken.Add(1)
					case !errors.As(err, &r) || r.Reason() != ReasonLate:
						t.Errorf("epoch %d: %v", epoch, err)
					}
				})
			}
			time.Sleep(2 * time.Millisecond)
			frozen := 0
			if _, err := b.a.ledger.advance(ctx, epoch, 0, func(_ phase, committed, _ map[posp.Address]bool) bool { frozen = len(committed); return true }); err != nil {
				t.Fatal(err)
			}
			senders.Wait()
			if all, err := b.a.ledger.headers(ctx, epoch, dutyCommitments, stands); err != nil || len(all) != frozen || taken.Load() != int64(frozen) {
				t.Errorf("epoch %d: frozen with %d, %d are there and %d were taken, %v", epoch, frozen, len(all), taken.Load(), err)
			}
		}
	})
}
