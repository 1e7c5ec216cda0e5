// Package backends recomputes on several inference engines: samples of all epochs in work wait in one line for each spec,
// those due first in front, and go to the backends that score the spec, as many at once as each was measured to take. A
// sample whose backend fails goes to another. A backend that fails again and again gets probes alone, until it is well
// and still what it was taken for.
//
//	line.go      which sample goes where, and when: pure
//	fit.go       which samples can be done in time: pure
//	meter.go     how fast a backend is, and how many samples it takes at once: pure
//	backends.go  the queue: calls backends, probes those that are ill
package backends

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// Backend is an engine that scores for a spec.
type Backend struct {
	Name string // for people
	// Dial reaches it, and makes sure that it may score for the spec. It is called again whenever it was ill.
	Dial    func(ctx context.Context) (inference.Scorer, error)
	Scorer  inference.Scorer // what Dial gave; nil: it is ill from the start
	Most    int              // samples in work at once, whatever was measured; default 32
	Reserve bool             // takes samples when no other can in time
}

// Local is an engine in this process, which is always there.
func Local(s inference.Scorer, most int) Backend {
	return Backend{Name: "own engine", Dial: func(context.Context) (inference.Scorer, error) { return s, nil }, Scorer: s, Most: most}
}

// Clock is the time.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Config is what a queue is told.
type Config struct {
	Backends map[posp.Hash][]Backend // by spec id
	// Left says how long it is until a block, and whether that can be told: 0 once it is there, and not before.
	Left  func(block uint64) (left time.Duration, known bool)
	Clock Clock
	Probe time.Duration // before the first probe of one that is ill; doubles up to maxProbe; default 1 s
	Log   *zap.Logger
}

// maxProbe is the longest time between probes.
const maxProbe = time.Minute

// defaultMost is enough for a server that batches; more only wait there.
const defaultMost = 32

// Job is a sample to recompute.
type Job struct {
	Spec     posp.Hash
	Due      uint64 // block from which on it is of no use
	Prompt   []uint32
	Sampling posp.Sampling
	Output   []uint32
}

// Queue is the samples of all specs. Make it with New and let it Run.
type Queue struct {
	cfg Config

	mu    sync.Mutex
	lines map[posp.Hash]*line
	held  map[*engine]*holding
	tasks map[*item]*task
}

// holding is what the shell has of a backend.
type holding struct {
	spec    posp.Hash
	backend Backend
	line    *line
	scorer  inference.Scorer
	reason  error         // why it is ill
	wait    time.Duration // before the next probe; an answer resets it
	fell    chan struct{} // has a value when it becomes ill
}

// task is what the shell has of a sample.
type task struct {
	ctx    context.Context
	job    Job
	line   *line
	reason error // of the last failure
	result chan result
}

type result struct {
	evidence posp.Evidence
	err      error
}

// New makes a queue.
func New(cfg Config) *Queue {
	if cfg.Probe <= 0 {
		cfg.Probe = time.Second
	}
	q := &Queue{cfg: cfg, lines: map[posp.Hash]*line{}, held: map[*engine]*holding{}, tasks: map[*item]*task{}}
	for spec, list := range cfg.Backends {
		l := &line{}
		for _, b := range list {
			if b.Most <= 0 {
				b.Most = defaultMost
			}
			e := &engine{meter: newMeter(b.Most), name: b.Name, reserve: b.Reserve, ill: b.Scorer == nil}
			h := &holding{spec: spec, backend: b, line: l, scorer: b.Scorer, wait: cfg.Probe, fell: make(chan struct{}, 1)}
			if e.ill {
				h.reason = errors.New("it was not reached at the start")
				h.fell <- struct{}{}
			}
			l.engines = append(l.engines, e)
			q.held[e] = h
		}
		if len(list) > 0 {
			q.lines[spec] = l
		}
	}
	return q
}

// Serves says whether there is a backend for a spec, ill or not.
func (q *Queue) Serves(spec posp.Hash) bool { return q.lines[spec] != nil }

// Run probes backends that are ill, until ctx ends.
func (q *Queue) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for e, h := range q.held {
		g.Go(func() error {
			for {
				select {
				case <-ctx.Done():
					return nil
				case <-h.fell:
					q.nurse(ctx, e, h)
				}
			}
		})
	}
	return g.Wait()
}

// nurse probes a backend until it is well.
func (q *Queue) nurse(ctx context.Context, e *engine, h *holding) {
	log := q.cfg.Log.With(zap.String("backend", e.name), zap.Stringer("spec", h.spec))
	q.mu.Lock()
	log.Warn("backend is ill, and gets no samples until it is well", zap.String("code", "ENGINE-DOWN"), zap.NamedError("reason", h.reason))
	alone := !slices.ContainsFunc(h.line.engines, func(e *engine) bool { return !e.ill })
	q.mu.Unlock()
	if alone {
		log.Error("no backend of the spec is well: its samples wait, and are left out unless one comes back in time", zap.String("code", "ENGINE-DOWN"))
	}
	said := ""
	for {
		q.mu.Lock()
		wait := h.wait
		h.wait = min(2*wait, max(maxProbe, q.cfg.Probe))
		q.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-q.cfg.Clock.After(wait):
		}
		scorer, err := h.backend.Dial(ctx)
		if ctx.Err() != nil {
			return
		}
		q.mu.Lock()
		if err == nil {
			h.scorer, h.reason = scorer, nil
			h.line.well(e)
			q.start(h.line)
			q.mu.Unlock()
			log.Info("backend is well again")
			return
		}
		h.reason = err
		q.mu.Unlock()
		if err.Error() != said {
			said = err.Error()
			log.Warn("backend is still ill", zap.String("code", "ENGINE-DOWN"), zap.NamedError("reason", err))
		}
	}
}

// Score recomputes a sample on some backend: evidence of the kind that its sampling demands, with every position. It waits for its
// turn until ctx ends. A ValidationError is of the sample: no backend takes it.
func (q *Queue) Score(ctx context.Context, j Job) (posp.Evidence, error) {
	l := q.lines[j.Spec]
	if l == nil {
		return posp.Evidence{}, fmt.Errorf("there is no backend for spec %s", j.Spec)
	}
	i := &item{due: j.Due, tokens: len(j.Prompt) + len(j.Output)}
	t := &task{ctx: ctx, job: j, line: l, result: make(chan result, 1)}
	q.mu.Lock()
	q.tasks[i] = t
	l.add(i)
	q.start(l)
	q.mu.Unlock()
	select {
	case r := <-t.result:
		return r.evidence, r.err
	case <-ctx.Done():
		q.mu.Lock()
		defer q.mu.Unlock()
		l.remove(i) // if it is in work, that ends by the same ctx
		delete(q.tasks, i)
		if t.reason != nil {
			return posp.Evidence{}, fmt.Errorf("%w; before: %w", ctx.Err(), t.reason)
		}
		return posp.Evidence{}, ctx.Err()
	}
}

// start starts what can be started. q.mu is held.
func (q *Queue) start(l *line) {
	for _, i := range l.start(q.cfg.Clock.Now(), q.cfg.Left) {
		t := q.tasks[i]
		go q.work(t, i, i.on, q.held[i.on].scorer, l.patience(i, q.cfg.Left))
	}
}

// errPatience says that a backend took much longer than it usually does.
var errPatience = errors.New("no answer in time")

// work has one backend score a sample.
func (q *Queue) work(t *task, i *item, e *engine, scorer inference.Scorer, patience time.Duration) {
	ctx, cancel := context.WithCancelCause(t.ctx)
	done := make(chan struct{})
	go func() {
		select {
		case <-done:
		case <-ctx.Done():
		case <-q.cfg.Clock.After(patience):
			cancel(errPatience)
		}
	}()
	evidence, err := scorer.Score(ctx, t.job.Prompt, t.job.Sampling, t.job.Output)
	close(done)
	if err == nil {
		evidence, err = check(evidence, t.job)
	}
	if errors.Is(context.Cause(ctx), errPatience) && err != nil {
		err = errPatience
	}
	cancel(nil)

	q.mu.Lock()
	defer q.mu.Unlock()
	o := outcomeOf(err)
	if err != nil && t.ctx.Err() != nil {
		o = gone
	}
	hopeless, fell := t.line.end(q.cfg.Clock.Now(), i, o)
	if q.tasks[i] == nil {
		t.line.remove(i) // nobody waits any more
	}
	if err != nil && o != gone {
		t.reason = fmt.Errorf("%s: %w", e.name, err)
		q.cfg.Log.Debug("a backend did not score a sample", zap.String("backend", e.name), zap.Error(err))
	}
	if o == answered {
		q.held[e].wait = q.cfg.Probe
	}
	for _, ill := range fell {
		h := q.held[ill]
		if h.reason = err; o == answered {
			h.reason = fmt.Errorf("it refuses what %s does: %w", e.name, t.reason)
		}
		h.fell <- struct{}{} // nobody else makes it ill before it is nursed
	}
	if o == answered || hopeless {
		if hopeless {
			err = t.reason
		}
		delete(q.tasks, i)
		t.result <- result{evidence, err}
	}
	q.start(t.line)
}

// check is that what a backend gives is what was asked for, and survives the way to others. What is not is the backend's failure, and no
// word about the sample: no ValidationError.
func check(e posp.Evidence, j Job) (posp.Evidence, error) {
	whole, err := posp.DecodeEvidence(e.Encode())
	if err != nil {
		return posp.Evidence{}, fmt.Errorf("what the backend gives: %v", err)
	}
	if whole.Kind != j.Sampling.Rule.Recomputed() || !whole.Whole(len(j.Output)) {
		return posp.Evidence{}, fmt.Errorf("what the backend gives: evidence of kind %d for %d of %d positions", whole.Kind, len(whole.LogProb), len(j.Output))
	}
	return whole, nil
}

func outcomeOf(err error) outcome {
	var invalid *posp.ValidationError
	var busyErr interface{ Busy() bool }
	var refusal interface{ Refused() bool }
	switch {
	case err == nil:
		return answered
	case errors.As(err, &invalid), errors.As(err, &refusal) && refusal.Refused():
		return refused
	case errors.As(err, &busyErr) && busyErr.Busy():
		return busy
	}
	return failed
}

// Forecast is what can be told of the samples that are due at a block.
type Forecast struct {
	Samples    int           // that wait, are in work, or will come
	Late       int           // of those, that will not be done in time
	Left       time.Duration // until they are due
	Have, Need float64       // tokens per second: as measured, and to do everything in time
}

// Forecast predicts what becomes of the samples that are due at a block, of which some, coming, are not there yet and taken to be
// like the others. It is false while it cannot be told: nothing is measured, or the time that is left is not known.
func (q *Queue) Forecast(due uint64, coming int) (f Forecast, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := q.cfg.Clock.Now()
	left, known := q.cfg.Left(due)
	if !known {
		return f, false
	}
	f.Left, f.Samples = left, coming
	var all []load // of all specs
	mine := 0      // of those, due at this block
	var busy, mean, lines float64
	for _, l := range q.lines {
		rate := l.rate()
		if rate == 0 {
			continue
		}
		f.Have += rate
		mean, lines = mean+l.tokens, lines+1
		working := l.busy(now)
		busy += working
		loads := make([]load, 0, len(l.waiting))
		for _, i := range l.waiting {
			d, _ := q.cfg.Left(i.due)
			loads = append(loads, load{float64(i.tokens), d.Seconds()})
		}
		for n, late := range fit(loads, working, rate) {
			if l.waiting[n].due == due {
				mine++
				if late {
					f.Late++
				}
			}
		}
		for _, i := range l.running {
			if i.due == due {
				f.Samples++
			}
		}
		all = append(all, loads...)
	}
	f.Samples += mine
	if f.Have == 0 {
		return f, false
	}
	for range coming {
		all = append(all, load{mean / lines, left.Seconds()})
	}
	// Of all together: what is to come has no spec yet.
	given := 0
	for _, late := range fit(all, busy, f.Have) {
		if late {
			given++
		}
	}
	f.Late = min(max(f.Late, given), f.Samples)
	total := busy
	for _, w := range all {
		if w.left <= left.Seconds() {
			total += w.tokens
		}
	}
	f.Need = total / math.Max(left.Seconds(), 1e-3)
	return f, true
}

// Status is what is known of a backend.
type Status struct {
	Spec          posp.Hash
	Name          string
	Well, Reserve bool
	Reason        string  // why it is not well
	InWork, Bound int     // samples
	Rate          float64 // tokens per second; 0: not measured
	Tokens        uint64  // that it scored
}

// Status is that of all backends, by spec and as they were named.
func (q *Queue) Status() (list []Status) {
	q.mu.Lock()
	defer q.mu.Unlock()
	specs := make([]posp.Hash, 0, len(q.lines))
	for spec := range q.lines {
		specs = append(specs, spec)
	}
	slices.SortFunc(specs, posp.Hash.Cmp)
	for _, spec := range specs {
		for _, e := range q.lines[spec].engines {
			s := Status{Spec: spec, Name: e.name, Well: !e.ill, Reserve: e.reserve, InWork: e.inWork, Bound: e.bound, Rate: e.rate, Tokens: e.delivered}
			if h := q.held[e]; e.ill && h.reason != nil {
				s.Reason = h.reason.Error()
			}
			list = append(list, s)
		}
	}
	return list
}
