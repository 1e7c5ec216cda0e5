package backends

import "time"

// meter measures a backend and bounds what is in work on it. Work is counted in tokens, prompt and output: a
// recomputation is one prefill over both.
//
// Each answer measures the backend's throughput by Little's law (X = N / R): the samples in work meanwhile, on average,
// divided by the seconds that one token of it took. The bound climbs that hill: from 1, a quarter more is tried, one at
// least, and kept if it brings at least half of what it would bring if the samples did not hinder each other; otherwise
// they wait for each other, and the bound goes back. Then, ever more rarely, more is tried again, and less, which is kept
// if it costs next to nothing. So a server that scores one at a time gets one, one that batches sixteen at the price of one gets
// some sixteen after about sixty answers, and one that is shared with others gives back what it loses. A refusal because of
// load halves the bound. Latency alone would not do: to know it unhindered, a backend would have to be drained over and over.
type meter struct {
	most  int // the bound's bound
	bound int // samples in work at once

	level     int     // the bound that is kept; bound is another while that is tried
	levelRate float64 // tokens per second at level
	sum       float64 // of the throughputs that were measured at bound
	count     int     // of those
	hold      int     // rounds until something is tried, doubles whenever that was of no use
	wait      int     // of those, left
	less      bool    // less is tried next

	rate      float64 // tokens per second when it is kept busy; 0: not measured
	perToken  float64 // seconds of one sample for one token; 0: not measured
	inWork    int
	worked    float64 // integral of inWork over time, sample-seconds
	workedAt  time.Time
	delivered uint64 // tokens
}

// smoothing is the weight of a new answer in averages.
const smoothing = 0.2

// maxHold is how many rounds of answers a bound is kept at most until another is tried.
const maxHold = 16

func newMeter(most int) meter { return meter{most: most, bound: 1, level: 1, hold: 1} }

// mark is where a sample began.
type mark struct {
	at     time.Time
	worked float64
}

func (m *meter) advance(now time.Time) {
	if d := now.Sub(m.workedAt); d > 0 {
		m.worked += float64(m.inWork) * d.Seconds()
	}
	m.workedAt = now
}

func (m *meter) begin(now time.Time) mark {
	m.advance(now)
	m.inWork++
	return mark{now, m.worked}
}

// end takes a sample out of work. Of one that was answered, tokens are measured.
func (m *meter) end(now time.Time, from mark, tokens int, answered bool) {
	m.advance(now)
	m.inWork--
	took := now.Sub(from.at).Seconds()
	if !answered || tokens <= 0 || took <= 0 {
		return
	}
	m.delivered += uint64(tokens)
	atOnce, perToken := (m.worked-from.worked)/took, took/float64(tokens)
	rate := atOnce / perToken
	m.perToken = average(m.perToken, perToken)
	full := atOnce >= 0.75*float64(m.bound) // how fast it is when busy does not show while it is not
	if full || rate > m.rate {
		m.rate = average(m.rate, rate)
	}
	if full && atOnce <= float64(m.bound)+0.5 {
		m.climb(rate)
	}
}

// climb takes a throughput that was measured with as many in work as the bound allows.
func (m *meter) climb(rate float64) {
	m.sum += rate
	if m.count++; m.count < max(2, m.bound) {
		return
	}
	mean := m.sum / float64(m.count)
	m.sum, m.count = 0, 0
	gain := float64(m.bound) / float64(m.level)
	switch {
	case m.bound == m.level:
		m.levelRate = mean
		if m.wait > 0 {
			m.wait--
			return
		}
		m.try()
	case m.bound > m.level && mean >= m.levelRate*(1+gain)/2, m.bound < m.level && mean >= 0.97*m.levelRate:
		m.level, m.levelRate, m.hold = m.bound, mean, 1
		m.try()
	default:
		m.bound, m.less = m.level, !m.less
		m.hold = min(2*m.hold, maxHold)
		m.wait = m.hold
	}
}

// try sets another bound than that which is kept.
func (m *meter) try() {
	if m.less {
		m.bound = max(1, min(m.level-1, m.level*4/5))
	} else {
		m.bound = min(m.most, max(m.level+1, (m.level*5+3)/4))
	}
	if m.bound == m.level {
		m.less = !m.less
		m.wait = m.hold
	}
}

// overloaded is a refusal because of load.
func (m *meter) overloaded() { m.restart(max(1, m.bound/2), maxHold) }

// forget is for a backend that comes back, maybe as another machine.
func (m *meter) forget() { m.restart(1, 1) }

func (m *meter) restart(bound, hold int) {
	m.bound, m.level, m.levelRate, m.sum, m.count, m.less = bound, bound, 0, 0, 0, false
	m.hold, m.wait = hold, hold-1
}

func average(old, sample float64) float64 {
	if old == 0 {
		return sample
	}
	return old + smoothing*(sample-old)
}
