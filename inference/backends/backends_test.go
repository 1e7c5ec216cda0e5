package backends

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// fake is a backend that a test makes sick.
type fake struct {
	mu     sync.Mutex
	fail   error // of Score
	dial   error
	hang   bool
	calls  atomic.Int64
	dials  atomic.Int64
	inWork atomic.Int64
	most   atomic.Int64
}

func (f *fake) set(fail, dial error, hang bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fail, f.dial, f.hang = fail, dial, hang
}

func (f *fake) Score(ctx context.Context, _ []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	f.calls.Add(1)
	n := f.inWork.Add(1)
	defer f.inWork.Add(-1)
	for old := f.most.Load(); n > old && !f.most.CompareAndSwap(old, n); old = f.most.Load() {
	}
	f.mu.Lock()
	fail, hang := f.fail, f.hang
	f.mu.Unlock()
	if hang {
		<-ctx.Done()
		return posp.Evidence{}, ctx.Err()
	}
	time.Sleep(time.Millisecond)
	if fail != nil {
		return posp.Evidence{}, fail
	}
	return posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, len(output)), Margin: make([]int32, len(output))}, nil
}

func (f *fake) backend(name string) Backend {
	return Backend{Name: name, Scorer: f, Most: 4, Dial: func(context.Context) (inference.Scorer, error) {
		f.dials.Add(1)
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.dial != nil {
			return nil, f.dial
		}
		return f, nil
	}}
}

// hasty is the machine's clock, a thousand times as fast for those who wait.
type hasty struct{}

func (hasty) Now() time.Time                         { return time.Now() }
func (hasty) After(d time.Duration) <-chan time.Time { return time.After(d / 1000) }

var spec = posp.Hash{1}

func newQueue(t *testing.T, list ...Backend) *Queue {
	q := New(Config{Backends: map[posp.Hash][]Backend{spec: list}, Left: func(uint64) (time.Duration, bool) { return 0, false }, Clock: hasty{}, Log: zap.NewNop()})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- q.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return q
}

// score asks for n samples at once.
func score(ctx context.Context, q *Queue, n int) (errs []error) {
	errs = make([]error, n)
	var g sync.WaitGroup
	for i := range n {
		g.Go(func() {
			e, err := q.Score(ctx, Job{Spec: spec, Due: uint64(i), Prompt: []uint32{1, 2}, Sampling: posp.Sampling{Rule: posp.Greedy}, Output: make([]uint32, 3)})
			if err == nil && !e.Whole(3) {
				err = fmt.Errorf("evidence %+v", e)
			}
			errs[i] = err
		})
	}
	g.Wait()
	return errs
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestSamplesOfAFailingBackendGoToAnother(t *testing.T) {
	for name, fail := range map[string]error{"fails": errors.New("connection refused"), "refuses": posp.Invalidf("no such token")} {
		t.Run(name, func(t *testing.T) {
			bad, good := &fake{fail: fail, dial: errors.New("still down")}, &fake{}
			q := newQueue(t, bad.backend("bad"), good.backend("good"))
			if err := errors.Join(score(t.Context(), q, 40)...); err != nil {
				t.Fatal(err)
			}
			s := q.Status()
			if s[0].Well || s[0].Reason == "" || !s[1].Well || s[1].Rate <= 0 || s[1].Tokens != 40*5 {
				t.Errorf("%+v", s)
			}
			// Ill, it gets probes alone.
			before := bad.calls.Load()
			eventually(t, "probes", func() bool { return bad.dials.Load() > 3 })
			if err := errors.Join(score(t.Context(), q, 20)...); err != nil || bad.calls.Load() != before {
				t.Errorf("%v; %d calls of an ill backend", err, bad.calls.Load()-before)
			}
			if most := max(bad.most.Load(), good.most.Load()); most > 4 {
				t.Errorf("%d at once on a backend that takes 4", most)
			}
			// Well again, it gets samples again.
			bad.set(nil, nil, false)
			eventually(t, "it is well", func() bool { return q.Status()[0].Well })
			if err := errors.Join(score(t.Context(), q, 40)...); err != nil || bad.calls.Load() == before {
				t.Errorf("%v, %d calls after it came back", err, bad.calls.Load()-before)
			}
		})
	}
}

// A backend that takes a sample and never answers loses it to another.
func TestSamplesOfAHangingBackendGoToAnother(t *testing.T) {
	bad, good := &fake{hang: true}, &fake{}
	q := newQueue(t, bad.backend("bad"), good.backend("good"))
	if err := errors.Join(score(t.Context(), q, 20)...); err != nil {
		t.Fatal(err)
	}
	if bad.calls.Load() == 0 {
		t.Error("the hanging one was never asked")
	}
}

// While all are ill samples wait, and are scored when one comes back.
func TestAllIllIsWaitedFor(t *testing.T) {
	only := &fake{fail: errors.New("down"), dial: errors.New("down")}
	q := newQueue(t, only.backend("only"))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan []error, 1)
	go func() { ended <- score(ctx, q, 5) }()
	eventually(t, "ill", func() bool { return !q.Status()[0].Well && only.dials.Load() > 2 })
	if n := only.calls.Load(); n > illAfter {
		t.Errorf("%d calls", n)
	}
	only.set(nil, nil, false)
	if err := errors.Join(<-ended...); err != nil {
		t.Fatal(err)
	}
	// And one that does not come back ends with the time for it, and says why.
	only.set(errors.New("broken pipe"), errors.New("down"), false)
	go func() { ended <- score(ctx, q, 3) }()
	eventually(t, "ill", func() bool { return !q.Status()[0].Well })
	cancel()
	said := false
	for _, err := range <-ended {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
		said = said || errors.Unwrap(err) == nil && len(err.Error()) > len(context.Canceled.Error())
	}
	if !said {
		t.Error("nobody says why")
	}
	eventually(t, "nothing is in work", func() bool { return q.Status()[0].InWork == 0 })
}

// What every backend refuses is given up at once, by the reason; the rest is scored.
func TestWhatAllRefuseIsGivenUp(t *testing.T) {
	a, b := &fake{fail: posp.Invalidf("token 7 is outside of the vocabulary")}, &fake{fail: posp.Invalidf("token 7 is outside of the vocabulary")}
	q := newQueue(t, a.backend("a"), b.backend("b"))
	errs := score(t.Context(), q, 1)
	var invalid *posp.ValidationError
	if !errors.As(errs[0], &invalid) {
		t.Errorf("%v", errs[0])
	}
	a.set(nil, nil, false)
	b.set(nil, nil, false)
	if err := errors.Join(score(t.Context(), q, 10)...); err != nil {
		t.Error(err)
	}
	if _, err := q.Score(t.Context(), Job{Spec: posp.Hash{2}}); err == nil || q.Serves(posp.Hash{2}) {
		t.Errorf("a spec without backends: %v", err)
	}
}

// Samples that no backend takes say nothing about the backends: neither before it was ill, nor after.
func TestRefusalsMakeNobodyIll(t *testing.T) {
	refusal := posp.Invalidf("this model's maximum context length is 4 tokens")
	only := &fake{fail: refusal}
	q := newQueue(t, only.backend("only"))
	refused := func() {
		t.Helper()
		var invalid *posp.ValidationError
		for _, err := range score(t.Context(), q, 3*illAfter) {
			if !errors.As(err, &invalid) {
				t.Errorf("%v", err)
			}
		}
		if s := q.Status(); !s[0].Well {
			t.Errorf("ill by samples' faults: %+v", s)
		}
	}
	refused()
	only.set(errors.New("connection refused"), nil, false)
	go score(t.Context(), q, illAfter)
	eventually(t, "it was ill", func() bool { return only.dials.Load() > 0 })
	only.set(refusal, nil, false)
	eventually(t, "it is well", func() bool { return q.Status()[0].Well })
	refused()
}

// garbage is evidence that nobody asked for, for as many answers as it says; then it is what was asked for.
type garbage struct {
	fake
	left atomic.Int64
	what posp.Evidence
}

func (g *garbage) Score(ctx context.Context, prompt []uint32, s posp.Sampling, output []uint32) (posp.Evidence, error) {
	if g.left.Add(-1) >= 0 {
		return g.what, nil
	}
	return g.fake.Score(ctx, prompt, s, output)
}

// Evidence that is not what was asked for is the backend's failure, and says nothing about the sample: it goes to another backend, or
// to the same one later.
func TestGarbageIsTheBackendsFailure(t *testing.T) {
	for name, what := range map[string]posp.Evidence{
		"too few positions": {Kind: posp.EvidenceFull, LogProb: []int32{-1}, Margin: []int32{0}},
		"another kind":      {Kind: posp.EvidenceIntervals, LogProb: make([]int32, 3), Below: make([]int32, 3), Mass: make([]int32, 3)},
		"no encoding":       {Kind: posp.EvidenceFull, LogProb: []int32{1, 1, 1}, Margin: make([]int32, 3)},
	} {
		t.Run(name, func(t *testing.T) {
			bad := &garbage{what: what}
			bad.left.Store(1 << 40)
			b := bad.backend("bad")
			b.Scorer = bad
			dial := b.Dial
			b.Dial = func(ctx context.Context) (inference.Scorer, error) { _, err := dial(ctx); return bad, err }

			q := newQueue(t, b, (&fake{}).backend("good"))
			if err := errors.Join(score(t.Context(), q, 40)...); err != nil {
				t.Error(err)
			}

			bad.left.Store(2*illAfter + 1) // alone it falls ill, and more than once
			q = newQueue(t, b)
			if err := errors.Join(score(t.Context(), q, 5)...); err != nil {
				t.Errorf("given up, though the backend would have answered later: %v", err)
			}
			if bad.dials.Load() == 0 {
				t.Error("garbage never made it ill")
			}
		})
	}
}

// An epoch that is too much is known to be before it is over.
func TestForecast(t *testing.T) {
	left := func(due uint64) (time.Duration, bool) { return time.Duration(due) * time.Second, due < 1000 }
	q := New(Config{Backends: map[posp.Hash][]Backend{spec: {(&fake{}).backend("one")}}, Left: left, Clock: hasty{}, Log: zap.NewNop()})
	if _, ok := q.Forecast(100, 5); ok {
		t.Error("a forecast without a measurement")
	}
	l := q.lines[spec]
	l.engines[0].rate, l.tokens = 50, 1000
	if f, ok := q.Forecast(100, 5); !ok || f.Late != 0 || f.Samples != 5 || f.Have != 50 || f.Need != 50 {
		t.Errorf("%+v, %v", f, ok)
	}
	if f, ok := q.Forecast(100, 8); !ok || f.Late != 3 || f.Samples != 8 || f.Need != 80 {
		t.Errorf("%+v, %v", f, ok)
	}
	for range 4 { // due before
		l.insert(&item{due: 60, tokens: 500})
	}
	l.insert(&item{due: 100, tokens: 4000})
	if f, ok := q.Forecast(100, 2); !ok || f.Late != 1 || f.Samples != 3 || f.Need != 80 {
		t.Errorf("%+v, %v", f, ok)
	}
	if _, ok := q.Forecast(1000, 5); ok {
		t.Error("a forecast of a time that is not known")
	}
}
