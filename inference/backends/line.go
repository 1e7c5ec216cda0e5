package backends

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	// illAfter is after how many failures in a row a backend gets no samples any more.
	illAfter = 3
	// suspectAfter is after how many failures at backends a sample waits until there is nothing else to do: it may be
	// what they die of.
	suspectAfter = 4
	// replan is for how long a choice of what is done in time holds, unless something else changes.
	replan = time.Second
	// crowd is from how many samples on it holds even then: no new plan for each of thousands that arrive together.
	crowd = 100

	// A backend may take so many times as long as it usually does for a sample, and never less than minPatience, before
	// the sample goes to another.
	patience    = 8
	minPatience = 10 * time.Second
	// maxPatience is for a backend of which nothing is measured yet.
	maxPatience = 2 * time.Minute
)

// leftFunc says how long it is until a block, and whether that can be told. It is 0 once the block is there, and not before.
type leftFunc func(due uint64) (left time.Duration, known bool)

// engine is one backend in a line.
type engine struct {
	meter
	name    string
	reserve bool // takes samples that the others cannot

	ill      bool
	failures int // in a row
	life     int // how often it came back
}

// item is a sample in a line.
type item struct {
	arrival  uint64
	due      uint64 // block until which it is of use
	tokens   int
	late     bool            // will not be done in time, as far as can be told
	failures int             // at backends
	refused  map[*engine]int // by whom, in which of its lives
	last     *engine         // that failed it
	on       *engine         // in work there; nil: it waits
	from     mark
}

func (i *item) suspect() bool { return i.failures >= suspectAfter }

// refusedBy says whether a backend refused it, and has not come back since.
func (i *item) refusedBy(e *engine) bool {
	life, refused := i.refused[e]
	return refused && life == e.life
}

// line are the samples of one spec and the backends that score it. It owns no clock and starts nothing: what to do is what
// its methods return.
//
// Samples are started in the order in which they are due, then as they came. Those that will not be done in time (fit)
// come after all others, the shortest first: an estimate that is wrong costs an order, never a sample, and no backend
// stands idle while there is anything of use to do.
type line struct {
	engines []*engine
	waiting []*item // by due, then arrival
	running []*item
	arrived uint64
	tokens  float64 // of a sample, on average; 0: none was seen
	planned time.Time
	stale   bool // the plan is from before something changed
}

func (l *line) add(i *item) {
	l.arrived++
	i.arrival = l.arrived
	l.tokens = average(l.tokens, float64(i.tokens))
	l.insert(i)
}

func (l *line) insert(i *item) {
	at, _ := slices.BinarySearchFunc(l.waiting, i, func(a, b *item) int {
		return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.arrival, b.arrival))
	})
	l.waiting = slices.Insert(l.waiting, at, i)
	l.stale = true
}

// remove takes out a sample that waits; false: it is in work.
func (l *line) remove(i *item) bool {
	at := slices.Index(l.waiting, i)
	if at >= 0 {
		l.waiting = slices.Delete(l.waiting, at, at+1)
		l.stale = true
	}
	return at >= 0
}

// first says whether a backend that is no reserve is well.
func (l *line) first() bool {
	return slices.ContainsFunc(l.engines, func(e *engine) bool { return !e.ill && !e.reserve })
}

// rate is how many tokens per second those that work come to; 0: not known. One that is not measured counts as the mean
// of the others.
func (l *line) rate() float64 {
	first := l.first()
	sum, measured, well := 0.0, 0, 0
	for _, e := range l.engines {
		if e.ill || e.reserve && first {
			continue
		}
		well++
		if e.rate > 0 {
			sum += e.rate
			measured++
		}
	}
	if measured == 0 {
		return 0
	}
	return sum / float64(measured) * float64(well)
}

// busy are the tokens that are in work and not done.
func (l *line) busy(now time.Time) (tokens float64) {
	for _, i := range l.running {
		done := 0.0
		if whole := i.on.perToken * float64(i.tokens); whole > 0 {
			done = min(1, now.Sub(i.from.at).Seconds()/whole)
		}
		tokens += float64(i.tokens) * (1 - done)
	}
	return tokens
}

// plan marks which of those that wait will be late.
func (l *line) plan(now time.Time, left leftFunc) {
	if now.Sub(l.planned) < replan && (!l.stale || len(l.waiting) > crowd) {
		return
	}
	l.planned, l.stale = now, false
	rate := l.rate()
	loads := make([]load, len(l.waiting))
	for n, i := range l.waiting {
		loads[n] = load{float64(i.tokens), math.Inf(1)}
		if d, known := left(i.due); known {
			loads[n].left = d.Seconds()
		}
	}
	late := make([]bool, len(loads))
	if rate > 0 {
		late = fit(loads, l.busy(now), rate)
	}
	for n, i := range l.waiting {
		i.late = late[n]
	}
}

// start takes samples into work, as many as there is room for, and returns them; each is on its backend. None is started
// whose block is there.
func (l *line) start(now time.Time, left leftFunc) (started []*item) {
	room := 0
	for _, e := range l.engines {
		if !e.ill {
			room += max(0, e.bound-e.inWork)
		}
	}
	if room == 0 || len(l.waiting) == 0 {
		return nil
	}
	l.plan(now, left)
	order := slices.Clone(l.waiting)
	slices.SortStableFunc(order, func(a, b *item) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(short(a), short(b))) // on time: as they wait
	})
	for _, i := range order {
		if room == 0 {
			break
		}
		if d, known := left(i.due); known && d <= 0 {
			continue
		}
		e := l.choose(i)
		if e == nil {
			continue
		}
		room--
		i.on, i.from = e, e.begin(now)
		started = append(started, i)
	}
	l.waiting = slices.DeleteFunc(l.waiting, func(i *item) bool { return i.on != nil })
	l.running = append(l.running, started...)
	return started
}

func rank(i *item) int {
	switch {
	case i.suspect():
		return 2
	case i.late:
		return 1
	}
	return 0
}

// short orders those that will be late.
func short(i *item) int {
	if rank(i) == 0 {
		return 0
	}
	return i.tokens
}

// takes says whether a backend may have a sample, room or not.
func (l *line) takes(e *engine, i *item) bool {
	return !e.ill && !i.refusedBy(e) && (!e.reserve || i.late || !l.first() || l.refusedByFirst(i))
}

// refusedByFirst says whether all backends but reserves refused a sample.
func (l *line) refusedByFirst(i *item) bool {
	for _, e := range l.engines {
		if !e.reserve && !e.ill && !i.refusedBy(e) {
			return false
		}
	}
	return true
}

// choose finds a backend with room for a sample: not the one that failed it last, if there is another; then the one that
// will have it done first; one that is not measured is.
func (l *line) choose(i *item) (best *engine) {
	cost := func(e *engine) float64 {
		if e.rate == 0 {
			return float64(e.inWork)
		}
		return float64(e.inWork+1) * float64(i.tokens) / e.rate
	}
	for _, e := range l.engines {
		if !l.takes(e, i) || e.inWork >= e.bound {
			continue
		}
		if best == nil || best == i.last || e != i.last && cost(e) < cost(best) {
			best = e
		}
	}
	return best
}

// patience is how long a sample that was just started may stay where it is: at most half of what is left, if another backend could
// take it then.
func (l *line) patience(i *item, left leftFunc) time.Duration {
	d := maxPatience
	if usual := i.on.perToken * float64(i.tokens); usual > 0 {
		d = min(maxPatience*10, max(minPatience, time.Duration(patience*usual*float64(time.Second))))
	}
	if rest, known := left(i.due); known && slices.ContainsFunc(l.engines, func(e *engine) bool { return e != i.on && !e.ill }) {
		d = min(d, max(rest/2, time.Second))
	}
	return d
}

// outcome is what became of a sample at a backend.
type outcome int

const (
	answered outcome = iota
	failed           // the backend did not do it
	refused          // it understood, and will not do it: the sample's fault, unless another backend does it
	busy             // it refused because of load
	gone             // nobody waits for the answer any more
)

// end takes a sample out of work. What was neither answered nor gone waits again, unless no backend would take it: then it is hopeless. fell are the
// backends that it makes ill: the one that failed it, or those that had refused what another now answered. Before that nobody knows whether a refusal
// is the sample's fault or the backend's, so samples that all refuse make nobody ill.
func (l *line) end(now time.Time, i *item, o outcome) (hopeless bool, fell []*engine) {
	e := i.on
	e.end(now, i.from, i.tokens, o == answered)
	l.running = slices.DeleteFunc(l.running, func(r *item) bool { return r == i })
	l.stale = true
	i.on = nil
	fails := func(e *engine) {
		if e.failures++; e.failures >= illAfter && !e.ill {
			e.ill = true
			fell = append(fell, e)
		}
	}
	switch o {
	case answered:
		e.failures = 0
		for _, other := range l.engines {
			if i.refusedBy(other) {
				fails(other)
			}
		}
		return false, fell
	case gone:
		return false, nil
	case refused:
		if i.refused == nil {
			i.refused = map[*engine]int{}
		}
		i.refused[e] = e.life
	case busy:
		e.overloaded()
		fallthrough
	case failed:
		i.failures++
		fails(e)
	}
	i.last = e
	hopeless = !slices.ContainsFunc(l.engines, func(e *engine) bool { return !i.refusedBy(e) })
	if !hopeless {
		l.insert(i)
	}
	return hopeless, fell
}

// well is a backend that comes back. The first failure makes it ill again.
func (l *line) well(e *engine) {
	e.ill, e.failures = false, illAfter-1
	e.life++
	e.forget()
	l.stale = true
}
