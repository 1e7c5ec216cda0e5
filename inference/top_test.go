package inference

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

// known is what a server that names k tokens tells of logits.
func known(logits []float32, k int, claimed uint32) Known {
	return Known{Claimed: Alternative{claimed, LogProb(logits, claimed)}, Top: Best(logits, k)}
}

func topRule(t rapid.TB, s posp.Sampling, vocab int) *TopRule {
	t.Helper()
	r, err := NewTopRule(s, vocab)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// drawCase draws logits and a sampling of any rule.
func drawCase(r *rapid.T) ([]float32, posp.Sampling) {
	// Coarse, so that tokens which differ still do as log-probabilities, and ties occur.
	steps := rapid.SliceOfN(rapid.Int32Range(-768, 768), 2, 60).Draw(r, "logits in 1/64")
	logits := make([]float32, len(steps))
	for i, n := range steps {
		logits[i] = float32(n) / 64
	}
	s := posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}
	if rule := rapid.IntRange(0, 2).Draw(r, "rule"); rule > 0 {
		temperature := rapid.OneOf(rapid.Just(1.0), rapid.Float64Range(0.2, 2.5)).Draw(r, "temperature")
		topP := rapid.OneOf(rapid.Just(1.0), rapid.Float64Range(0.05, 1)).Draw(r, "top-p")
		s = seeded(temperature, topP, rapid.Byte().Draw(r, "seed"))
		if rule == 2 {
			s = Unseeded(s)
		}
	}
	return logits, s
}

// edge says whether the head of the distribution reaches top-p so closely that rounding decides.
func edge(rule *Rule, logits []float32) bool {
	if rule.prob == nil {
		return false
	}
	rule.nucleus(logits)
	reached := 0.0
	for _, t := range rule.order {
		reached += rule.prob[t]
		if math.Abs(reached-rule.topP) < 1e-9 {
			return true
		}
	}
	return false
}

// Rationale: operators with full logits and operators behind a server must come to the same evidence, where the
// server tells everything.
func TestKnowingEverythingIsTheRule(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		logits, s := drawCase(r)
		full, part := rule(r, s, len(logits)), topRule(r, s, len(logits))
		if edge(full, logits) {
			r.Skip("rounding decides who is in the nucleus")
		}
		want, got := full.Evidence(), part.Evidence()
		for range 3 {
			claimed := uint32(rapid.IntRange(0, len(logits)-1).Draw(r, "claimed"))
			full.Recompute(&want, logits, claimed)
			if err := part.Recompute(&got, known(logits, len(logits), claimed)); err != nil {
				r.Fatal(err)
			}
		}
		close := func(name string, a, b []int32) {
			if len(a) != len(b) {
				r.Fatalf("%s has %d and %d positions", name, len(a), len(b))
			}
			for i := range a {
				if d := int64(a[i]) - int64(b[i]); d < -2 || d > 2 {
					r.Fatalf("%s at %d is %d, want %d", name, i, b[i], a[i])
				}
			}
		}
		close("log-probability", want.LogProb, got.LogProb)
		close("margin", want.Margin, got.Margin)
		close("below", want.Below, got.Below)
		close("mass", want.Mass, got.Mass)
	})
}

// Rationale: what an operator does not know must not accuse: its margins are never above those of full logits.
func TestMarginsFromTheTopNeverAccuseMore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		logits, s := drawCase(r)
		if s.Rule == posp.Unseeded {
			s = seeded(float64(s.TemperatureMicro)/1e6, float64(s.TopPMicro)/1e6, 7)
		}
		full, part := rule(r, s, len(logits)), topRule(r, s, rapid.SampledFrom([]int{0, len(logits)}).Draw(r, "vocabulary"))
		if edge(full, logits) {
			r.Skip("rounding decides who is in the nucleus")
		}
		i := rapid.Uint32Range(0, 50).Draw(r, "position")
		k := rapid.IntRange(1, len(logits)).Draw(r, "known")
		for claimed := range uint32(len(logits)) {
			_, most := full.Judge(logits, i, claimed)
			h, err := part.head(known(logits, k, claimed))
			if err != nil {
				r.Fatal(err)
			}
			if got := part.margin(h, i); got > most+1e-6 || got < 0 || math.IsNaN(got) {
				r.Fatalf("margin of token %d is %v with %d known tokens, %v with all", claimed, got, k, most)
			}
		}
		h, err := part.head(known(logits, k, full.Choose(logits, i)))
		if err != nil {
			r.Fatal(err)
		}
		if got := part.margin(h, i); got > 1e-9 {
			r.Fatalf("the rule's own choice has margin %v", got)
		}
	})
}

// Rationale: an interval of another length than its tokens' probability makes honest answers look biased. Over the
// true distribution, the groups that intervals are stated for must be hit as often as they are long.
func TestIntervalsFromTheTopAreHitAsOftenAsTheyAreLong(t *testing.T) {
	stated, silent := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		logits, s := drawCase(r)
		if s.Rule != posp.Unseeded {
			s = Unseeded(seeded(1, 1, 0))
		}
		full, part := rule(r, s, len(logits)), topRule(r, s, len(logits))
		if edge(full, logits) {
			r.Skip("rounding decides who is in the nucleus")
		}
		k := rapid.IntRange(1, len(logits)).Draw(r, "known")
		type interval struct{ below, mass float64 }
		hit := map[interval]float64{} // true probability of each group
		for claimed := range uint32(len(logits)) {
			_, p := full.Interval(logits, claimed)
			h, err := part.head(known(logits, k, claimed))
			if err != nil {
				r.Fatal(err)
			}
			below, mass := part.interval(h)
			if below < 0 || mass < 0 || below+mass > 1+1e-9 {
				r.Fatalf("token %d has interval %v, %v", claimed, below, mass)
			}
			if mass == 0 && p > 1e-12 {
				r.Fatalf("token %d has probability %v and is said to be never drawn", claimed, p)
			}
			hit[interval{below, mass}] += p
		}
		// Tokens that get the whole unit say nothing; the others share the rest as their intervals say.
		spoken := 1 - hit[interval{0, 1}]
		off := 0.0
		for at, p := range hit {
			if at != (interval{0, 1}) {
				off += math.Abs(p/spoken - at.mass)
			}
		}
		if spoken > 1e-9 && off/2 > restSlack {
			r.Fatalf("intervals %v with %d known of %d are %v off", hit, k, len(logits), off/2)
		}
		if spoken < 1-1e-9 {
			silent++
		} else {
			stated++
		}
	})
	if stated == 0 || silent == 0 {
		t.Errorf("%d cases stated all intervals and %d left the tail out: both must occur", stated, silent)
	}
}

func TestNoiseOfOneTokenIsTheRules(t *testing.T) {
	s := seeded(1, 1, 9)
	all := rule(t, s, 300)
	for _, i := range []uint32{0, 1, 77} {
		all.draw(i)
		for token := range uint32(300) {
			if got := noiseOf(s.Seed, i, token); got != all.noise[token] {
				t.Fatalf("noise of token %d at %d is %v, want %v", token, i, got, all.noise[token])
			}
		}
	}
}

// Rationale: a server that reports logits, post-processed probabilities, or fewer tokens than it was asked for must
// not become evidence against anybody.
func TestNonsenseIsRefused(t *testing.T) {
	nan := math.NaN()
	for name, k := range map[string]Known{
		"nothing":         {Claimed: Alternative{1, -1}},
		"more than one":   {Claimed: Alternative{1, -0.1}, Top: []Alternative{{1, -0.1}, {2, -0.2}}},
		"logits":          {Claimed: Alternative{1, 12}, Top: []Alternative{{1, 12}}},
		"not a number":    {Claimed: Alternative{1, nan}, Top: []Alternative{{2, -0.2}}},
		"none in the top": {Claimed: Alternative{1, -1}, Top: []Alternative{{1, nan}}},
		"twice":           {Claimed: Alternative{1, -2}, Top: []Alternative{{1, -2}, {1, -2}}},
		"not the top":     {Claimed: Alternative{1, -1}, Top: []Alternative{{2, -2}, {3, -3}}},
		"impossible":      {Claimed: Alternative{1, -1}, Top: []Alternative{{2, math.Inf(-1)}}},
	} {
		for _, s := range []posp.Sampling{{Rule: posp.Greedy, MaxTokens: 1}, seeded(0.7, 0.9, 1)} {
			r := topRule(t, s, 100)
			e := r.Evidence()
			if err := r.Recompute(&e, k); err == nil || len(e.LogProb) > 0 {
				t.Errorf("%s is taken: %+v", name, e)
			}
		}
	}
	if _, err := NewTopRule(posp.Sampling{}, 10); err == nil {
		t.Error("a sampling that is none is taken")
	}
}

// A model's probability of 0 arrives as a large negative number; it is evidence like any other.
func TestImpossibleTokens(t *testing.T) {
	for _, s := range []posp.Sampling{{Rule: posp.Greedy, MaxTokens: 1}, seeded(0.7, 0.9, 1), Unseeded(seeded(1, 1, 0))} {
		r := topRule(t, s, 100)
		e := r.Evidence()
		if err := r.Recompute(&e, Known{Claimed: Alternative{1, -9999}, Top: []Alternative{{2, -0.01}, {3, -5}}}); err != nil {
			t.Fatal(err)
		}
		back, err := posp.DecodeEvidence(e.Encode())
		if err != nil || !slices.Equal(back.LogProb, []int32{-127 * posp.Nat}) || !back.Whole(1) {
			t.Errorf("%v gives %+v, %v", s.Rule, back, err)
		}
	}
}
