package operator_test

import (
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// shadows runs an epoch with everybody honest and a shadow beside them.
func shadows(t *testing.T, who posp.Address, s inference.Scorer) (operator.Agreement, *world) {
	t.Helper()
	w := newWorld(t)
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	everybody(t, w, a)
	found := make(chan operator.Agreement, 1)
	quiet := &tap{Aggregator: direct{a}}
	shadow, err := operator.NewShadow(operator.Config{Operator: who, Domain: w.domain, Authority: w.authority, Parameters: w.params, Specs: []verdict.Spec{w.spec},
		Backends: map[posp.Hash][]backends.Backend{w.spec.Spec.ID(): {backends.Local(s, 4)}}, Retry: time.Millisecond}, w.chain, quiet, operator.SystemClock{}, zap.NewNop(), func(a operator.Agreement) { found <- a })
	if err != nil {
		t.Fatal(err)
	}
	w.run(shadow.Run)
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	select {
	case v := <-found:
		if c, r, sh := quiet.sent(); len(c)+len(r)+len(sh) != 0 {
			t.Errorf("the shadow sent %d, %d and %d messages", len(c), len(r), len(sh))
		}
		c, ok := w.chain.certificate(0)
		if !ok || v.Certified != c.Digest || v.Derived != c.Digest || !v.Result() {
			t.Errorf("derived %s, certified %s, on chain %s", v.Derived, v.Certified, c.Digest)
		}
		return v, w
	case <-time.After(20 * time.Second):
		t.Fatal("the shadow found nothing")
	}
	return operator.Agreement{}, nil
}

func TestHonestShadowAgrees(t *testing.T) {
	v, _ := shadows(t, posp.Address{}, scorer{})
	if v.Samples != 6 || v.Agree != 6 || v.Differ != 0 || v.Skipped != 0 || v.Odds > 0 {
		t.Errorf("%+v", v)
	}
}

// A member's shadow recomputes that member's samples and no more.
func TestShadowOfAMember(t *testing.T) {
	member := newWorld(t).members[4].address // worlds are alike
	v, w := shadows(t, member, scorer{})
	assigned := 0
	for _, b := range w.chain.batches[0] {
		beacon, _, _ := w.chain.Beacon(t.Context(), 0)
		list, err := sampler.Assign(w.domain, b, beacon, w.chain.table.Members, int(w.params.Committee))
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range list {
			if a.Has(member) {
				assigned++
			}
		}
	}
	if assigned == 0 || assigned == 6 || v.Samples != assigned || v.Agree != assigned {
		t.Errorf("%d samples are the member's: %+v", assigned, v)
	}
}

// A shadow that computes something else says so, in verdicts and in odds.
func TestShadowThatComputesNonsenseDiffers(t *testing.T) {
	v, _ := shadows(t, posp.Address{}, scorerFunc(func(output []uint32) (posp.Evidence, error) {
		e := truth(len(output))
		for i := range e.LogProb {
			e.LogProb[i] -= 5 * posp.Nat
		}
		return e, nil
	}))
	if v.Samples != 6 || v.Differ != 6 || v.Odds <= 0 {
		t.Errorf("%+v", v)
	}
}

// One that cannot compute agrees with nobody, and differs from nobody.
func TestShadowWithoutAModel(t *testing.T) {
	v, _ := shadows(t, posp.Address{}, scorerFunc(func([]uint32) (posp.Evidence, error) {
		return posp.Evidence{}, posp.Invalidf("no such model")
	}))
	if v.Samples != 0 || v.Skipped != 6 || !v.Result() {
		t.Errorf("%+v", v)
	}
}
