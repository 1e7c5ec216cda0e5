package operator

import (
	"math"
	"testing"
	"time"
)

// set is a clock that a test sets.
type set struct{ now time.Time }

func (s *set) Now() time.Time                       { return s.now }
func (s *set) After(time.Duration) <-chan time.Time { return nil }

// Rationale: an estimate that is wrong costs samples their place in the line, so
// none is made of blocks without a pace.
func TestHowLongUntilABlock(t *testing.T) {
	c := &set{now: time.Unix(1e9, 0)}
	h := newHead(c)
	for block := uint64(100); block < 100+paced; block++ {
		h.set(block)
		if _, known := h.left(1000); known {
			t.Fatalf("a pace is known from %d blocks", block-99)
		}
		if d, known := h.left(block); d != 0 || !known {
			t.Fatal("a block that is there is not")
		}
		c.now = c.now.Add(12 * time.Second)
	}
	h.set(100 + paced)
	check := func(block uint64, want float64) {
		t.Helper()
		d, known := h.left(block)
		if !known || math.Abs(d.Seconds()-want) > 0.01 {
			t.Errorf("block %d in %v, %v; want %.0f s", block, d, known, want)
		}
	}
	check(110+paced, 120)
	c.now = c.now.Add(5 * time.Second)
	check(110+paced, 115)
	c.now = c.now.Add(100 * time.Second) // a block is late: the others still take their time
	check(110+paced, 108)
	check(101+paced, 0)
	if d, _ := h.left(101 + paced); d <= 0 {
		t.Error("a block that is not there counts as there")
	}
	// A missed slot changes little.
	c.now = c.now.Add(-81 * time.Second)
	h.set(101 + paced)
	if d, known := h.left(111 + paced); !known || d < 120*time.Second || d > 140*time.Second {
		t.Errorf("%v, %v after a missed slot", d, known)
	}
	// Mined on demand: a burst now and then.
	for block := 102 + paced; block < 202+paced; block++ {
		if block%10 == 0 {
			c.now = c.now.Add(time.Minute)
		}
		h.set(uint64(block))
	}
	if d, known := h.left(300 + paced); known {
		t.Errorf("%v of blocks without a pace", d)
	}
}
