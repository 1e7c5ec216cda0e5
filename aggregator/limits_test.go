package aggregator

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp"
)

func exhausted(t *testing.T, what string, err error) {
	t.Helper()
	var r *Refusal
	if !errors.As(err, &r) || r.Reason() != ReasonExhausted {
		t.Errorf("%s: %v, want a refusal for now", what, err)
	}
}

func TestPoolIsBounded(t *testing.T) {
	p := newPool(Limits{Verifying: 2, Waiting: 1})
	ctx := t.Context()
	first, err := p.enter(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = p.enter(ctx); err != nil {
		t.Fatal(err)
	}
	third := make(chan error)
	go func() {
		leave, err := p.enter(ctx)
		if err == nil {
			leave()
		}
		third <- err
	}()
	for len(p.present) < 3 { // until it waits
		time.Sleep(time.Millisecond)
	}
	_, err = p.enter(ctx)
	exhausted(t, "the fourth", err)
	first()
	if err := <-third; err != nil {
		t.Errorf("who waited: %v", err)
	}
	if _, err = p.enter(ctx); err != nil {
		t.Errorf("when there is room: %v", err)
	}
	// Who gives up waiting leaves no trace.
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	if _, err = p.enter(short); !errors.Is(err, context.DeadlineExceeded) || len(p.present) != 2 {
		t.Errorf("who gave up: %v, %d present", err, len(p.present))
	}
}

func TestQuotasAreEachOperatorsOwn(t *testing.T) {
	a, b := posp.Address{1}, posp.Address{2}
	q := quotas{limits: Limits{Concurrent: 2, Rate: 1e-9, Burst: 4, Bytes: 1e-9, BytesBurst: 100}}
	done, err := q.admit(a, 10)
	if err != nil {
		t.Fatal(err)
	}
	q.admit(a, 10)
	_, err = q.admit(a, 10)
	exhausted(t, "three at once", err)
	if _, err := q.admit(b, 10); err != nil {
		t.Errorf("another operator: %v", err)
	}
	done()
	if done, err = q.admit(a, 75); err != nil {
		t.Errorf("a place that was left: %v", err)
	}
	done()
	_, err = q.admit(a, 10)
	exhausted(t, "105 bytes of 100", err)
	q = quotas{limits: Limits{Concurrent: 2, Rate: 1e-9, Burst: 4, Bytes: 1e-9, BytesBurst: 100}}
	for range 4 {
		if done, err = q.admit(a, 0); err != nil {
			t.Fatal(err)
		}
		done()
	}
	_, err = q.admit(a, 0)
	exhausted(t, "five messages of four", err)
	for i := range 2*maxQuotas + 10 {
		if done, err = q.admit(posp.Address{3, byte(i), byte(i >> 8)}, 0); err != nil {
			t.Fatal(err)
		}
		done()
	}
	if len(q.of) > maxQuotas {
		t.Errorf("%d are remembered", len(q.of))
	}
}

// An operator that floods gets what it may, the others get theirs, and a
// stranger in its name takes nothing from it.
func TestAFloodIsItsSendersLoss(t *testing.T) {
	b, ctx := newBench(t), context.Background()
	b.a = b.make(b.db, Config{Limits: Limits{Rate: 1e-9, Burst: 3}})
	k := b.operators[0]
	for range 10 {
		forged := b.commitments(b.operators[1], nil)
		forged.Operator = addressOf(k)
		b.refused("in its name", reasonInvalid, func() error { return b.a.SubmitCommitments(ctx, forged) })
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	taken, refused := 0, 0
	for range 20 {
		wg.Go(func() {
			err := b.a.SubmitCommitments(ctx, b.commitments(k, nil))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				taken++
			} else {
				exhausted(t, "flood", err)
				refused++
			}
		})
	}
	wg.Wait()
	if taken < 1 || taken > 3 || refused < 17 {
		t.Errorf("%d taken, %d refused, of 20 with room for 3", taken, refused)
	}
	b.taken("another operator", b.a.SubmitCommitments(ctx, b.commitments(b.operators[1], nil)))
}
