package backends

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var epoch0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// sim runs a line in simulated seconds. A block comes each second, so that a due block is a due second.
type sim struct {
	t       *rapid.T
	line    *line
	now     int
	ends    map[*item]int // when those in work will
	becomes map[*item]outcome
	done    map[*item]int // when they were answered
	lost    map[*item]bool
	row     map[*engine]int // failures since the last answer
}

func newSim(t *rapid.T, engines ...*engine) *sim {
	return &sim{t: t, line: &line{engines: engines}, ends: map[*item]int{}, becomes: map[*item]outcome{}, done: map[*item]int{}, lost: map[*item]bool{}, row: map[*engine]int{}}
}

func (s *sim) time() time.Time { return epoch0.Add(time.Duration(s.now) * time.Second) }

func (s *sim) left(due uint64) (time.Duration, bool) {
	return time.Duration(max(0, int(due)-s.now)) * time.Second, true
}

// start starts what can be, and checks what must hold whenever it did.
func (s *sim) start(takes func(*item, *engine) (seconds int, o outcome)) {
	for _, i := range s.line.start(s.time(), s.left) {
		if uint64(s.now) >= i.due {
			s.t.Fatalf("a sample due at %d was started at %d", i.due, s.now)
		}
		if i.on.ill {
			s.t.Fatal("an ill backend got a sample")
		}
		if i.refusedBy(i.on) {
			s.t.Fatal("a backend got a sample that it had refused")
		}
		seconds, o := takes(i, i.on)
		s.ends[i], s.becomes[i] = s.now+max(1, seconds), o
	}
	in := map[*engine]int{}
	for _, i := range s.line.running {
		in[i.on]++
	}
	for _, e := range s.line.engines {
		if in[e] != e.inWork || e.inWork > e.most {
			s.t.Fatalf("%d samples on a backend that counts %d and takes %d", in[e], e.inWork, e.most)
		}
		if e.bound < 1 || e.bound > e.most {
			s.t.Fatalf("a bound of %d, of at most %d", e.bound, e.most)
		}
	}
	// Nobody stands idle while there is something of use to do.
	for _, i := range s.line.waiting {
		for _, e := range s.line.engines {
			if uint64(s.now) < i.due && s.line.takes(e, i) && e.inWork < e.bound {
				s.t.Fatal("a backend has room, and a sample that it takes waits")
			}
		}
	}
}

// step lets a second pass.
func (s *sim) step() {
	s.now++
	running := slices.Clone(s.line.running)
	for _, i := range running {
		if s.ends[i] > s.now {
			continue
		}
		e, before := i.on, map[*engine]bool{}
		for _, o := range s.line.engines {
			before[o] = o.ill
		}
		switch s.becomes[i] {
		case answered:
			s.row[e] = 0
			for _, o := range s.line.engines { // who refused it was wrong
				if i.refusedBy(o) {
					s.row[o]++
				}
			}
		case failed, busy:
			s.row[e]++
		}
		hopeless, fell := s.line.end(s.time(), i, s.becomes[i])
		if hopeless {
			s.lost[i] = true
		}
		if s.becomes[i] == answered || s.becomes[i] == gone {
			s.done[i] = s.now
		}
		for _, o := range s.line.engines {
			if o.ill != (before[o] || s.row[o] >= illAfter) {
				s.t.Fatalf("%d failures in a row, and ill is %v", s.row[o], o.ill)
			}
			if slices.Contains(fell, o) != (o.ill && !before[o]) {
				s.t.Fatalf("ill was %v and is %v, and is said to fall: %v", before[o], o.ill, slices.Contains(fell, o))
			}
		}
	}
}

// Whatever backends do, nothing is lost: each sample is answered, waits, is in work, or was refused by all.
func TestNothingIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var engines []*engine
		for n := range rapid.IntRange(1, 4).Draw(t, "backends") {
			engines = append(engines, &engine{meter: newMeter(rapid.IntRange(1, 5).Draw(t, "most")), reserve: n > 0 && rapid.Bool().Draw(t, "reserve"),
				ill: rapid.Bool().Draw(t, "ill")})
		}
		s := newSim(t, engines...)
		var all []*item
		outcomes := []outcome{answered, answered, answered, failed, refused, busy, gone}
		for range rapid.IntRange(1, 60).Draw(t, "seconds") {
			for range rapid.IntRange(0, 3).Draw(t, "arrivals") {
				i := &item{due: uint64(s.now + rapid.IntRange(0, 30).Draw(t, "due")), tokens: rapid.IntRange(0, 9).Draw(t, "tokens")}
				all = append(all, i)
				s.line.add(i)
			}
			if rapid.Bool().Draw(t, "probed") {
				e := engines[rapid.IntRange(0, len(engines)-1).Draw(t, "which")]
				if e.ill {
					s.line.well(e)
					s.row[e] = illAfter - 1 // one more is enough
				}
			}
			s.start(func(*item, *engine) (int, outcome) {
				return rapid.IntRange(1, 9).Draw(t, "takes"), rapid.SampledFrom(outcomes).Draw(t, "outcome")
			})
			s.step()
			for _, i := range all {
				_, isDone := s.done[i]
				places := 0
				for _, there := range []bool{isDone, s.lost[i], slices.Contains(s.line.waiting, i), slices.Contains(s.line.running, i)} {
					if there {
						places++
					}
				}
				if places != 1 {
					t.Fatalf("a sample is in %d places", places)
				}
				if s.lost[i] && slices.ContainsFunc(engines, func(e *engine) bool { _, no := i.refused[e]; return !no }) {
					t.Fatal("a sample is given up that some backend has not refused")
				}
			}
		}
	})
}

// measured is a backend that scores so many samples at once, each at a token per second, and is known to.
func measured(atOnce int) *engine {
	e := &engine{meter: newMeter(atOnce)}
	e.bound, e.level, e.rate, e.perToken = atOnce, atOnce, float64(atOnce), 1
	return e
}

func drawItems(t *rapid.T, most int) (all []*item) {
	for range rapid.IntRange(1, most).Draw(t, "samples") {
		all = append(all, &item{tokens: rapid.IntRange(1, 12).Draw(t, "tokens"), due: uint64(rapid.IntRange(1, 40).Draw(t, "due"))})
	}
	return all
}

func (s *sim) run(all []*item) (inTime int) {
	for _, i := range all {
		s.line.add(i)
	}
	for range 2000 {
		s.start(func(i *item, _ *engine) (int, outcome) { return i.tokens, answered })
		s.step()
	}
	for i, at := range s.done {
		if uint64(at) <= i.due {
			inTime++
		}
	}
	return inTime
}

// What can be done in time is done in time: on any number of equal backends, if the oracle, which gives the sample that is due
// first to the machine that is free first, is in time with all, then so is the line.
func TestEveryFeasibleSetIsFinished(t *testing.T) {
	feasibleSets := 0
	rapid.Check(t, func(t *rapid.T) {
		all := drawItems(t, 12)
		machines := make([]int, rapid.IntRange(1, 4).Draw(t, "backends"))
		var engines []*engine
		for range machines {
			engines = append(engines, measured(1))
		}
		order := slices.Clone(all)
		slices.SortStableFunc(order, func(a, b *item) int { return cmp.Compare(a.due, b.due) })
		feasible := true
		for _, i := range order {
			at := slices.Index(machines, slices.Min(machines))
			machines[at] += i.tokens
			feasible = feasible && uint64(machines[at]) <= i.due
		}
		if !feasible {
			return
		}
		feasibleSets++
		if n := newSim(t, engines...).run(all); n != len(all) {
			t.Fatalf("%d of %d samples were done in time, and all could have been", n, len(all))
		}
	})
	if feasibleSets < 10 {
		t.Errorf("only %d feasible sets were drawn", feasibleSets)
	}
}

// What cannot all be done in time: as many as can be. The oracle tries all choices.
func TestAsManyAsCanBeAreFinished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := drawItems(t, 9)
		order := slices.Clone(all)
		slices.SortStableFunc(order, func(a, b *item) int { return cmp.Compare(a.due, b.due) })
		best := 0
		for set := range 1 << len(order) {
			at, ok := 0, true
			for n, i := range order {
				if set>>n&1 == 1 {
					at += i.tokens
					ok = ok && uint64(at) <= i.due
				}
			}
			if ok {
				best = max(best, bits.OnesCount(uint(set)))
			}
		}
		loads := make([]load, len(all))
		for n, i := range all {
			loads[n] = load{float64(i.tokens), float64(i.due)}
		}
		kept := 0
		for _, late := range fit(loads, 0, 1) {
			if !late {
				kept++
			}
		}
		if kept != best {
			t.Fatalf("fit keeps %d, %d can be done", kept, best)
		}
		if n := newSim(t, measured(1)).run(all); n != best {
			t.Fatalf("%d samples were done in time, and %d could have been", n, best)
		}
	})
}

// The bound follows from measurement alone: a server that batches so many at the price of one gets about as many, soon, and comes
// back when it was given too many.
func TestTheBoundFollowsWhatABackendTakes(t *testing.T) {
	for _, atOnce := range []int{1, 2, 7, 16} {
		m := newMeter(64)
		now := epoch0
		type one struct {
			from mark
			left float64 // seconds of its own
		}
		var in []*one
		highest, answers, reached := 0, 0, 0
		for range 20000 {
			for len(in) < m.bound {
				in = append(in, &one{m.begin(now), 1})
			}
			highest = max(highest, m.bound)
			now = now.Add(10 * time.Millisecond)
			share := 0.01 * math.Min(1, float64(atOnce)/float64(len(in))) // beyond atOnce they share
			in = slices.DeleteFunc(in, func(o *one) bool {
				if o.left -= share; o.left > 0 {
					return false
				}
				m.end(now, o.from, 100, true)
				if answers++; reached == 0 && float64(m.level) >= 0.8*float64(atOnce) {
					reached = answers
				}
				return true
			})
		}
		want := float64(atOnce) * 100
		if m.rate < 0.85*want || m.rate > 1.1*want {
			t.Errorf("%d at once: %.0f tokens/s measured, %.0f are true", atOnce, m.rate, want)
		}
		if float64(m.level) < 0.8*float64(atOnce) || float64(highest) > 1.6*float64(atOnce)+1 {
			t.Errorf("%d at once: level %d, highest bound %d", atOnce, m.level, highest)
		}
		t.Logf("%d at once: level %d, highest bound %d, near it after %d answers, %.0f tokens/s", atOnce, m.level, highest, reached, m.rate)
		if reached > 80 {
			t.Errorf("%d at once: %d answers until the bound is near that", atOnce, reached)
		}
		before := m.bound
		m.overloaded()
		if m.bound != max(1, before/2) {
			t.Errorf("a refusal because of load leaves a bound of %d of %d", m.bound, before)
		}
	}
}

// A sample that backends die of waits for all others.
func TestWhatBackendsDieOfComesLast(t *testing.T) {
	l := &line{engines: []*engine{measured(1)}}
	left := func(uint64) (time.Duration, bool) { return time.Hour, true }
	poison := &item{due: 1, tokens: 1, failures: suspectAfter}
	other := &item{due: 9, tokens: 9}
	l.add(poison)
	l.add(other)
	if got := l.start(epoch0, left); len(got) != 1 || got[0] != other {
		t.Errorf("started %v", got)
	}
}

// A reserve works where the others cannot: none is well, or a sample will be late.
func TestAReserveTakesWhatOthersCannot(t *testing.T) {
	first, own := measured(1), measured(1)
	own.reserve = true
	l := &line{engines: []*engine{first, own}}
	left := func(due uint64) (time.Duration, bool) { return time.Duration(due) * time.Second, true }
	l.add(&item{due: 100, tokens: 10})
	l.add(&item{due: 100, tokens: 20})
	if got := l.start(epoch0, left); len(got) != 1 || got[0].on != first {
		t.Fatalf("started %v", got)
	}
	l.add(&item{due: 100, tokens: 90}) // 10 + 20 + 90 are more than 100
	if got := l.start(epoch0.Add(2*replan), left); len(got) != 1 || got[0].on != own || got[0].tokens != 90 {
		t.Fatalf("started %v", got)
	}
	first.ill = true
	for _, i := range slices.Clone(l.running) {
		l.end(epoch0.Add(time.Minute), i, answered)
	}
	if got := l.start(epoch0.Add(time.Hour), left); len(got) != 1 || got[0].on != own {
		t.Fatalf("with no other well, started %v", got)
	}
}
