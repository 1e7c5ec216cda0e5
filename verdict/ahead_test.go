package verdict

import (
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
)

// The samples of two batches, more than are judged ahead at once.
func TestDeriveFromJudgesAheadAndKeepsTheOrder(t *testing.T) {
	w := newWorld(t, 31, 5)
	w.provider(1, aheadSamples, 8, honestWriter)
	w.provider(2, 90, 8, cheats[0].make)
	w.recompute(func(int, posp.BatchRecord) behaviour { return honestly })
	byID := map[posp.Hash]Held{}
	e, err := newEpoch(w.in)
	if err != nil {
		t.Fatal(err)
	}
	gather := e.gather()
	for _, batch := range e.batches {
		for _, a := range w.assignments(batch) {
			if byID[a.SampleID], err = gather(origin{batch.Batch, e.receiptKey[batch.Provider]}, a); err != nil {
				t.Fatal(err)
			}
		}
	}
	derive := func() (*Derivation, []posp.SampleResult, int) {
		var asked []posp.Hash
		var kept []posp.SampleResult
		most := 0
		d, err := DeriveFrom(w.in, func(a sampler.Assignment) (Held, error) {
			asked = append(asked, a.SampleID)
			most = max(most, len(asked)-len(kept))
			return byID[a.SampleID], nil
		}, func(a sampler.Assignment, r posp.SampleResult) error {
			if a.SampleID != asked[len(kept)] || r.SampleID != a.SampleID {
				t.Fatalf("kept sample %s as number %d, where %s was asked for", r.SampleID, len(kept), asked[len(kept)])
			}
			kept = append(kept, r)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return d, kept, most
	}

	d, kept, most := derive()
	if most < 2 || most > aheadSamples+1 {
		t.Errorf("%d samples were held at once, want some, and at most %d", most, aheadSamples+1)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	alone, keptAlone, _ := derive()
	if diff := cmp.Diff(alone, d) + cmp.Diff(keptAlone, kept); diff != "" {
		t.Errorf("the number of processors changes the result:\n%s", diff)
	}

	stop := errors.New("the disk is full")
	for _, at := range []int{0, 1, aheadSamples, len(kept) - 1} {
		n := 0
		_, err := DeriveFrom(w.in, func(a sampler.Assignment) (Held, error) { return byID[a.SampleID], nil }, func(sampler.Assignment, posp.SampleResult) error {
			if n++; n > at {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) || n != at+1 {
			t.Errorf("keep failed at %d: error %v after %d calls", at, err, n)
		}
	}
}

// Large samples are not piled up.
func TestJudgedAheadIsBoundedByBytes(t *testing.T) {
	var l lookahead
	for range 3 {
		if l.full() {
			t.Fatalf("full with %d samples of %d bytes", len(l.queue), l.bytes)
		}
		l.start(&judged{}, aheadBytes/3+1, func(*judged) {})
	}
	if !l.full() {
		t.Error("takes more than aheadBytes")
	}
	if l.next(); l.full() {
		t.Error("still full after one was taken")
	}
	l.wait()
}
