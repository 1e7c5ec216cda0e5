package operator_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/verdict"
)

// An epoch answers what buyers asked about an earlier one's receipts: one that
// its provider opens, and one that it does not, which charges it with nothing.
func TestDemandsAreAnswered(t *testing.T) {
	w := newWorld(t)
	old := w.batch(0, 1, 4)
	w.batch(1, 2, 3)
	delete(w.chain.batches, 0) // long certified
	good, refused := w.demand(1, old, 2), w.demand(1, old, 3)
	var mu sync.Mutex
	seats := map[string]bool{} // that asked
	w.providers.fail = func(_ string, r posp.OpenRequest) error {
		mu.Lock()
		defer mu.Unlock()
		seats[fmt.Sprint(r.BatchID, r.Leaf, r.Operator)] = true
		if r.BatchID == refused.ID {
			return errors.New("503")
		}
		return nil
	}
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	everybody(t, w, a)
	found := make(chan operator.Agreement, 1)
	shadow, err := operator.NewShadow(operator.Config{Domain: w.domain, Authority: w.authority, Parameters: w.params, Specs: []verdict.Spec{w.spec},
		Backends: map[posp.Hash][]backends.Backend{w.spec.Spec.ID(): {backends.Local(scorer{}, 4)}}, Retry: time.Millisecond}, w.chain, direct{a}, operator.SystemClock{}, zap.NewNop(), func(a operator.Agreement) { found <- a })
	if err != nil {
		t.Fatal(err)
	}
	w.run(shadow.Run)

	w.chain.mine(schedule.BeaconBlock(1))
	w.eventually("all asked", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(seats) == 5*3
	})
	w.chain.mine(schedule.CommitDeadline(1) - 2) // time to open is over
	w.eventually("frozen", w.frozen(a, 1))
	w.chain.mine(schedule.CommitDeadline(1) + 1)
	w.eventually("certified", w.isCertified(1))
	c, _ := w.chain.certificate(1)
	if len(c.Result.Batches) != 1 || c.Result.Batches[0].Passed != 3 || len(c.Result.Faults) != 0 || c.Result.SampleCount != 5 {
		t.Fatalf("result %+v", c.Result)
	}
	for _, s := range c.Result.Standings {
		if s.Subject == old.Provider {
			t.Errorf("the standing of who was asked about moved: %+v", s)
		}
	}
	_, lines, ok, err := a.Lines(context.Background(), 1)
	if err != nil || !ok || len(lines) != 5 {
		t.Fatalf("lines %+v %v %v", lines, ok, err)
	}
	for id, want := range map[posp.Hash]posp.Verdict{good.SampleID(): posp.Pass, refused.SampleID(): posp.Unavailable} {
		i := slices.IndexFunc(lines, func(s posp.SampleResult) bool { return s.SampleID == id })
		if i < 3 || lines[i].Verdict != want {
			t.Errorf("line %d is %+v, want %s", i, lines[max(i, 0)], want)
		}
	}
	select {
	case v := <-found:
		if v.Derived != c.Digest || v.Samples != 4 || v.Agree != 4 || v.Skipped != 1 {
			t.Errorf("the shadow found %+v, certified is %s", v, c.Digest)
		}
	case <-time.After(20 * time.Second):
		t.Error("the shadow found nothing")
	}
}

// An operator that cannot tell what was asked derives nothing, and so signs
// nothing.
func TestDemandsThatCannotBeReadStopTheEpoch(t *testing.T) {
	w := newWorld(t)
	w.demand(0, w.batch(0, 1, 2), 1)
	w.chain.fail = func(call string) error {
		if call == "Demands" {
			return errors.New("503")
		}
		return nil
	}
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	everybody(t, w, a)
	w.chain.mine(schedule.BeaconBlock(0))
	time.Sleep(100 * time.Millisecond)
	if w.frozen(a, 0)() {
		t.Fatal("frozen without knowing what was asked")
	}
	w.chain.mu.Lock()
	w.chain.fail = nil
	w.chain.mu.Unlock()
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("certified", w.isCertified(0))
	if c, _ := w.chain.certificate(0); c.Result.SampleCount != 3 {
		t.Errorf("result %+v", c.Result)
	}
}
