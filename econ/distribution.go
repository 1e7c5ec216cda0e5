package econ

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// Distribution is of one sample's logE. Its probabilities are above 0 and sum
// to 1; its values, in Q16 nats, ascend. The zero value is no distribution.
type Distribution struct {
	values []int32
	share  []float64
}

// Weighted is a value with how often it was seen.
type Weighted struct {
	Value int32 // Q16 nats
	Count uint64
}

// MarshalJSON writes [value, count].
func (w Weighted) MarshalJSON() ([]byte, error) {
	return json.Marshal([2]int64{int64(w.Value), int64(w.Count)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (w *Weighted) UnmarshalJSON(b []byte) error {
	var pair []int64
	if err := json.Unmarshal(b, &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[0] < math.MinInt32 || pair[0] > math.MaxInt32 || pair[1] < 0 {
		return posp.Invalidf("histogram: %s is no [logE in Q16 nats, count]", b)
	}
	w.Value, w.Count = int32(pair[0]), uint64(pair[1])
	return nil
}

// Histogram counts values, ascending.
func Histogram(logE []int32) []Weighted {
	sorted := slices.Sorted(slices.Values(logE))
	var h []Weighted
	for _, v := range sorted {
		if n := len(h); n > 0 && h[n-1].Value == v {
			h[n-1].Count++
		} else {
			h = append(h, Weighted{v, 1})
		}
	}
	return h
}

// New is the empirical distribution of a histogram, whose values may come in
// any order and twice.
func New(histogram []Weighted) (Distribution, error) {
	total := 0.0
	for _, w := range histogram {
		total += float64(w.Count)
	}
	if total == 0 {
		return Distribution{}, posp.Invalidf("histogram: holds no samples")
	}
	h := slices.Clone(histogram)
	slices.SortFunc(h, func(a, b Weighted) int { return cmp.Compare(a.Value, b.Value) })
	var d Distribution
	for _, w := range h {
		d.add(w.Value, float64(w.Count)/total)
	}
	return d, nil
}

// add appends a value that is not below the last one.
func (d *Distribution) add(value int32, share float64) {
	if share == 0 {
		return
	}
	if n := len(d.values); n > 0 && d.values[n-1] == value {
		d.share[n-1] += share
		return
	}
	d.values, d.share = append(d.values, value), append(d.share, share)
}

// Mix is of a sample that is one of d's with probability q, else one of other's.
func (d Distribution) Mix(q float64, other Distribution) Distribution {
	var m Distribution
	i, k := 0, 0
	for i < len(d.values) || k < len(other.values) {
		if k == len(other.values) || i < len(d.values) && d.values[i] <= other.values[k] {
			m.add(d.values[i], q*d.share[i])
			i++
		} else {
			m.add(other.values[k], (1-q)*other.share[k])
			k++
		}
	}
	return m
}

// Max is the greatest value, Q16 nats.
func (d Distribution) Max() int32 { return d.values[len(d.values)-1] }

// Mean is of logE, in nats.
func (d Distribution) Mean() float64 {
	sum := 0.0
	for i, v := range d.values {
		sum += d.share[i] * nats(v)
	}
	return sum
}

// MeanE is the mean of exp(logE): at most 1 is what makes logE evidence.
func (d Distribution) MeanE() float64 { return d.moment(1) }

// moment is the mean of exp(theta * logE).
func (d Distribution) moment(theta float64) float64 {
	sum := 0.0
	for i, v := range d.values {
		sum += d.share[i] * math.Exp(theta*nats(v))
	}
	return sum
}

// Tilt is the theta above 0 at which the mean of exp(theta * logE) is 1: run
// lengths grow as exp(theta * line). It is at least 1 where MeanE is at most 1.
// There is none (ok is false) where no value is above 0 or the mean is not below.
func (d Distribution) Tilt() (theta float64, ok bool) {
	if d.Max() <= 0 || d.Mean() >= 0 {
		return 0, false
	}
	high := 1.0
	for d.moment(high) < 1 {
		high *= 2
	}
	low := 0.0
	for range 100 { // the moment is convex, 1 at 0, and falls there
		if mid := (low + high) / 2; d.moment(mid) < 1 {
			low = mid
		} else {
			high = mid
		}
	}
	return high, true
}

// tilted is d with every probability times exp(theta * logE), which sum to 1.
func (d Distribution) tilted(theta float64) Distribution {
	t := Distribution{values: d.values, share: make([]float64, len(d.share))}
	sum := 0.0
	for i, v := range d.values {
		t.share[i] = d.share[i] * math.Exp(theta*nats(v))
		sum += t.share[i]
	}
	for i := range t.share {
		t.share[i] /= sum
	}
	return t
}

func nats(q16 int32) float64 { return float64(q16) / verdict.Nat }

// Run is what was measured on one kind of party: the logE that its samples
// give under a policy.
type Run struct {
	Name    string     `json:"name"`
	Subject Subject    `json:"subject"`
	Honest  bool       `json:"honest"` // one honest run for each subject
	LogE    []Weighted `json:"logE"`   // [Q16 nats, count]
}

// Subject says whose standing a run moves.
type Subject string

// The subjects that have standings.
const (
	Provider Subject = "provider"
	Operator Subject = "operator"
)

// Runs is a distribution file: what `posp calibrate --power` writes and `posp
// econ oc` reads.
type Runs struct {
	Policy posp.Hash `json:"policy"` // by which logE was computed
	About  string    `json:"about"`  // what was measured, for the reader
	Runs   []Run     `json:"runs"`
}

// Check refuses runs of which nothing can be computed.
func (r Runs) Check() error {
	names := map[string]bool{}
	honest, cheats := map[Subject]int{}, map[Subject]int{}
	for _, run := range r.Runs {
		if run.Subject != Provider && run.Subject != Operator {
			return posp.Invalidf("run %q: subject is %q, want %s or %s", run.Name, run.Subject, Provider, Operator)
		}
		if key := string(run.Subject) + " " + run.Name; run.Name == "" || names[key] {
			return posp.Invalidf("run %q: every run of a subject needs a name of its own", run.Name)
		} else {
			names[key] = true
		}
		if _, err := New(run.LogE); err != nil {
			return fmt.Errorf("run %q: %w", run.Name, err)
		}
		if run.Honest {
			honest[run.Subject]++
		} else {
			cheats[run.Subject]++
		}
	}
	if len(r.Runs) == 0 {
		return posp.Invalidf("there are no runs")
	}
	for subject, n := range honest {
		if n != 1 {
			return posp.Invalidf("%s has %d honest runs, want 1", subject, n)
		}
	}
	for subject := range cheats {
		if honest[subject] == 0 {
			return posp.Invalidf("%s has no honest run", subject)
		}
	}
	return nil
}
