package inference

import (
	"cmp"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func seeded(temperature, topP float64, seed byte) posp.Sampling {
	s, err := NewSampling(temperature, topP, posp.Hash{31: seed}, 1)
	if err != nil {
		panic(err)
	}
	return s
}

func rule(t rapid.TB, s posp.Sampling, vocab int) *Rule {
	t.Helper()
	r, err := NewRule(s, vocab)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The keystreams are those of RFC 8439, appendix A.1: vector 1 and its next block, and vector 5, whose nonce
// ends in 2.
func TestNoiseIsTheDefinedStream(t *testing.T) {
	for _, c := range []struct {
		seed  posp.Hash
		at    uint32
		token int
		x     uint64
	}{
		{posp.Hash{}, 0, 0, 0x76b8e0ada0f13d90},
		{posp.Hash{}, 0, 1, 0x405d6ae55386bd28},
		{posp.Hash{}, 0, 8, 0x9f07e7be5551387a}, // block 1
		{posp.Hash{}, 2, 0, 0xc2c64d378cd53637},
	} {
		r := rule(t, posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1e6, TopPMicro: 1e6, Seed: c.seed, MaxTokens: 1}, 258)
		r.draw(c.at)
		u := (float64(c.x>>11) + 0.5) / (1 << 53)
		if want := -math.Log(-math.Log(u)); r.noise[c.token] != want {
			t.Errorf("noise of token %d at %d is %v, want %v", c.token, c.at, r.noise[c.token], want)
		}
	}
}

// Rationale: if noise were reused, biased or tied to the wrong token, draws over seeds and positions would not
// follow the restricted distribution.
func TestSeededDrawsFollowTheDistribution(t *testing.T) {
	logits := []float32{1, 0, 2.5, -1, 2, 0.5, -3}
	for _, c := range []struct{ temperature, topP float64 }{{1, 1}, {0.7, 1}, {1, 0.8}, {1.5, 0.6}} {
		// The nucleus, from its definition.
		p := make([]float64, len(logits))
		order := []int{2, 4, 0, 5, 1, 3, 6}
		sum := 0.0
		for i, x := range logits {
			p[i] = math.Exp(float64(x) / c.temperature)
			sum += p[i]
		}
		reached, inside := 0.0, 0.0
		for _, i := range order {
			p[i] /= sum
			if reached >= c.topP && c.topP < 1 {
				p[i] = 0
			}
			reached += p[i]
			inside += p[i]
		}
		const n = 40_000
		counts := make([]float64, len(logits))
		for seed := range 40 {
			r := rule(t, seeded(c.temperature, c.topP, byte(seed)), len(logits))
			for i := range uint32(n / 40) {
				counts[r.Choose(logits, i)]++
			}
		}
		chi := 0.0
		for i := range p {
			want := n * p[i] / inside
			if want == 0 {
				if counts[i] > 0 {
					t.Errorf("%+v: token %d outside the nucleus was drawn", c, i)
				}
				continue
			}
			chi += (counts[i] - want) * (counts[i] - want) / want
		}
		if chi > 30 { // 6 degrees of freedom: p < 1e-4
			t.Errorf("%+v: chi-square %.1f, counts %v, want shares %v", c, chi, counts, p)
		}
	}
}

// Rationale: were intervals to overlap, to leave gaps, or to be of another distribution than the one that is drawn
// from, honest answers would not look uniform to question Interval.
func TestIntervalsTileTheDistribution(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		logits := rapid.SliceOfN(rapid.Float32Range(-20, 20), 1, 40).Draw(r, "logits")
		s := Unseeded(seeded(rapid.Float64Range(0.1, 3).Draw(r, "temperature"), rapid.Float64Range(0.01, 1).Draw(r, "top-p"), 0))
		rule := rule(r, s, len(logits))
		type interval struct{ below, mass float64 }
		var drawn []interval
		e := rule.Evidence()
		for id := range logits {
			below, mass := rule.Interval(logits, uint32(id))
			if mass > 0 {
				drawn = append(drawn, interval{below, mass})
			} else if s.TopPMicro < 1e6 && below != 1 {
				r.Fatalf("token %d is never drawn and stands at %v", id, below)
			}
			rule.Recompute(&e, logits, uint32(id))
		}
		if back, err := posp.DecodeEvidence(e.Encode()); err != nil || !back.Whole(len(logits)) {
			r.Fatalf("%+v: %v", e, err)
		}
		slices.SortFunc(drawn, func(a, b interval) int {
			return cmp.Or(cmp.Compare(a.below, b.below), cmp.Compare(b.mass, a.mass))
		})
		end, before := 0.0, math.Inf(1)
		for _, d := range drawn {
			if math.Abs(d.below-end) > 1e-9 || d.mass > before*(1+1e-9) {
				r.Fatalf("intervals %v do not tile in descending order", drawn)
			}
			end, before = d.below+d.mass, d.mass
		}
		if math.Abs(end-1) > 1e-9 {
			r.Fatalf("intervals %v end at %v", drawn, end)
		}
		if _, mass := rule.Interval(logits, rule.Choose(logits, 3)); mass == 0 {
			r.Fatal("the rule drew a token that it says is never drawn")
		}
	})
}

func TestUnseededDrawsAreOfTheDistribution(t *testing.T) {
	logits := []float32{1, 0, 2.5, -1}
	s := Unseeded(seeded(0.8, 1, 1))
	counts := make([]float64, len(logits))
	const n = 20_000
	for range n / 100 {
		r := rule(t, s, len(logits)) // a new seed each
		for i := range uint32(100) {
			counts[r.Choose(logits, i)]++
		}
	}
	r := rule(t, s, len(logits))
	chi := 0.0
	for id := range logits {
		_, p := r.Interval(logits, uint32(id))
		chi += (counts[id] - n*p) * (counts[id] - n*p) / (n * p)
	}
	if chi > 30 { // 3 degrees of freedom: p < 2e-6
		t.Errorf("chi-square %.1f, counts %v", chi, counts)
	}
	if Unseeded(posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}).Rule != posp.Greedy {
		t.Error("a greedy request became unseeded")
	}
}

func TestTheRulesOwnChoiceHasNoMargin(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		logits := rapid.SliceOfN(rapid.Float32Range(-20, 20), 2, 40).Draw(r, "logits")
		s := posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}
		if rapid.Bool().Draw(r, "seeded") {
			s = seeded(rapid.Float64Range(0.01, 3).Draw(r, "temperature"), rapid.Float64Range(0.01, 1).Draw(r, "top-p"), rapid.Byte().Draw(r, "seed"))
		}
		i := rapid.Uint32Range(0, 1000).Draw(r, "position")
		rule := rule(r, s, len(logits))
		chosen := rule.Choose(logits, i)
		if _, margin := rule.Judge(logits, i, chosen); margin != 0 {
			r.Fatalf("margin of the rule's own choice is %v", margin)
		}
		total := 0.0
		for id := range logits {
			logProb, margin := rule.Judge(logits, i, uint32(id))
			total += math.Exp(logProb)
			if margin < 0 || math.IsNaN(margin) {
				r.Fatalf("margin of token %d is %v", id, margin)
			}
			if margin == 0 && uint32(id) != chosen && s.Rule == posp.Greedy && logits[id] != logits[chosen] {
				r.Fatalf("token %d has no margin, but %d was chosen", id, chosen)
			}
		}
		if math.Abs(total-1) > 1e-9 {
			r.Fatalf("probabilities sum to %v", total)
		}
	})
}

func TestTiesGoToTheLowestToken(t *testing.T) {
	logits := []float32{1, 3, 2, 3}
	if got := rule(t, posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}, 4).Choose(logits, 0); got != 1 {
		t.Errorf("greedy takes %d of two equals, want 1", got)
	}
	// Top-p so small that the nucleus is one token: of the two equals it is the lower one, whatever the noise.
	for seed := range 20 {
		if got := rule(t, seeded(1, 0.01, byte(seed)), 4).Choose(logits, 0); got != 1 {
			t.Errorf("nucleus of one holds %d, want 1", got)
		}
	}
	if got := Best(logits, 3); got[0].ID != 1 || got[1].ID != 3 || got[2].ID != 2 {
		t.Errorf("best are %v, want 1, 3, 2", got)
	}
	if got := Best(logits, 9); len(got) != 4 || Best(logits, 0) != nil {
		t.Errorf("best 9 of 4 are %v", got)
	}
}

// Rationale: a provider's nucleus and an operator's differ by noise at the edge; there the penalty must vanish,
// and in the tail it must not.
func TestPenaltyOutsideTheNucleusGrowsFromItsEdge(t *testing.T) {
	logits := []float32{8, 7, 6, 5, 4, 3, 2, 1, 0, -10, -20}
	penalty := func(topP float64, token uint32) float64 {
		r := rule(t, seeded(1, topP, 3), len(logits))
		_, margin := r.Judge(logits, 0, token)
		best := math.Inf(-1)
		for _, in := range r.nucleus(logits) {
			best = max(best, r.perturbed(logits, in))
		}
		return margin - max(0, best-r.perturbed(logits, token))
	}
	edge := 0.0 // the mass above token 3, which the nucleus just reaches
	norm := logSum(logits)
	for _, x := range logits[:3] {
		edge += math.Exp(float64(x) - norm)
	}
	edge = math.Floor(edge*1e6) / 1e6
	if p := penalty(edge, 3); p < 0 || p > 1e-4 {
		t.Errorf("penalty at the edge is %v, want almost none", p)
	}
	last := 0.0
	for token := uint32(4); token < 11; token++ {
		p := penalty(edge, token)
		if p <= last {
			t.Errorf("penalty of token %d is %v, not above %v", token, p, last)
		}
		last = p
	}
	if last < 20 {
		t.Errorf("penalty of the last token is %v, want at least 20 nats", last)
	}
}

func TestNewSampling(t *testing.T) {
	seed := posp.Hash{1}
	got, err := NewSampling(0, 0.5, seed, 7)
	if want := (posp.Sampling{Rule: posp.Greedy, MaxTokens: 7}); err != nil || got != want {
		t.Errorf("temperature 0 gives %+v, %v, want %+v", got, err, want)
	}
	got, err = NewSampling(0.7, 0.95, seed, 7)
	if want := (posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 700_000, TopPMicro: 950_000, Seed: seed, MaxTokens: 7}); err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if got, err = NewSampling(1e-9, 1e-9, seed, 7); err != nil || got.TemperatureMicro != 1 || got.TopPMicro != 1 {
		t.Errorf("tiny values become %+v, %v, want 1 millionth", got, err)
	}
	nan := math.NaN()
	for _, c := range [][3]float64{{-1, 1, 1}, {11, 1, 1}, {nan, 1, 1}, {1, 0, 1}, {1, 1.01, 1}, {1, nan, 1}, {1, 1, 0}} {
		var invalid *posp.ValidationError
		if _, err := NewSampling(c[0], c[1], seed, uint32(c[2])); !errors.As(err, &invalid) {
			t.Errorf("%v: error is %v, want a validation error", c, err)
		}
	}
}

func TestSeedFromJSON(t *testing.T) {
	for text, want := range map[string]posp.Hash{
		`7`:                    {31: 7},
		`258`:                  {30: 1, 31: 2},
		`-1`:                   {24: 0xff, 25: 0xff, 26: 0xff, 27: 0xff, 28: 0xff, 29: 0xff, 30: 0xff, 31: 0xff},
		`18446744073709551615`: {24: 0xff, 25: 0xff, 26: 0xff, 27: 0xff, 28: 0xff, 29: 0xff, 30: 0xff, 31: 0xff},
		`"0100000000000000000000000000000000000000000000000000000000000002"`: {0: 1, 31: 2},
	} {
		s := Seed{9: 9}
		if err := json.Unmarshal([]byte(text), &s); err != nil || posp.Hash(s) != want {
			t.Errorf("seed %s is %x, %v, want %x", text, s, err, want)
		}
	}
	for _, text := range []string{`1.5`, `1e3`, `"7"`, `"0x01"`, `true`, `[]`, `18446744073709551616`} {
		var s Seed
		if err := json.Unmarshal([]byte(text), &s); err == nil {
			t.Errorf("seed %s is accepted", text)
		}
	}
}

func TestChecks(t *testing.T) {
	for name, err := range map[string]error{
		"no prompt":    CheckTokens(nil, nil, 258),
		"prompt token": CheckTokens([]uint32{1, 258}, nil, 258),
		"output token": CheckTokens([]uint32{1}, []uint32{1 << 31}, 258),
		"long prompt":  CheckContext(513, 0, 512),
		"long output":  CheckContext(500, 13, 512),
		"overflow":     CheckContext(1, math.MaxInt, 512),
	} {
		var invalid *posp.ValidationError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: error is %v, want a validation error", name, err)
		}
	}
	if err := errors.Join(CheckTokens([]uint32{257}, []uint32{0}, 258), CheckContext(500, 12, 512)); err != nil {
		t.Error(err)
	}
}

func TestBestAgreesWithSorting(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		logits := rapid.SliceOfN(rapid.Float32Range(-2, 2), 1, 30).Draw(r, "logits")
		n := rapid.IntRange(0, 35).Draw(r, "n")
		all := Best(logits, len(logits))
		if !slices.IsSortedFunc(all, func(a, b Alternative) int {
			switch {
			case a.LogProb > b.LogProb || (a.LogProb == b.LogProb && a.ID < b.ID):
				return -1
			}
			return 1
		}) {
			r.Fatalf("%v are not in order", all)
		}
		if got := Best(logits, n); !slices.Equal(got, all[:min(n, len(all))]) {
			r.Fatalf("best %d are %v, want the head of %v", n, got, all)
		}
		if a := all[0]; a.LogProb != LogProb(logits, a.ID) {
			r.Fatalf("log-probability %v differs from %v", a.LogProb, LogProb(logits, a.ID))
		}
	})
}
