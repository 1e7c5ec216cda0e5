package watch

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// The distribution is that of drawing without replacement, by its definition.
func TestHypergeometricIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := rapid.Int64Range(1, 400).Draw(t, "leaves")
		draws, canaries := rapid.Int64Range(0, leaves).Draw(t, "draws"), rapid.Int64Range(0, min(leaves, 40)).Draw(t, "canaries")
		got := hypergeometric(uint64(leaves), uint64(draws), uint64(canaries))
		for x := range canaries + 1 {
			choose := func(n, k int64) *big.Int {
				if k < 0 || k > n {
					return new(big.Int)
				}
				return new(big.Int).Binomial(n, k)
			}
			ways := new(big.Int).Mul(choose(canaries, x), choose(leaves-canaries, draws-x))
			want, _ := new(big.Rat).SetFrac(ways, choose(leaves, draws)).Float64()
			if math.Abs(got[x]-want) > 1e-11*want+1e-300 {
				t.Fatalf("P(%d of %d canaries | %d of %d) = %g, want %g", x, canaries, draws, leaves, got[x], want)
			}
		}
	})
}

// One canary in each batch of one rate: the test is the binomial one.
func TestRateIsBinomialForSingleCanaries(t *testing.T) {
	var r Rate
	const n, sampled = 40, 3
	for i := range uint64(n) {
		l := Lot{Leaves: 10, Draws: 3, Canaries: 1}
		if i < sampled {
			l.Sampled = 1
		}
		r.Add(l)
	}
	want, few := 0.0, 0.0
	for x := range int64(sampled + 1) {
		c, _ := new(big.Float).SetInt(new(big.Int).Binomial(n, x)).Float64()
		want += c * math.Pow(0.3, float64(x)) * math.Pow(0.7, n-float64(x))
	}
	if few, _ = r.Tails(); math.Abs(few-want) > 1e-12 || r.Expected < 11.999 || r.Expected > 12.001 {
		t.Errorf("P(3 or fewer of 40) = %g, want %g; expected %g", few, want, r.Expected)
	}
}

// play is one provider's life: lots of random sizes, of which each canary is
// really drawn keep times as often as it should be. It is the epoch in which the
// rate was first called deviating, or 0.
func play(r *rand.Rand, epochs int, keep, alpha float64) int {
	var rate Rate
	for epoch := range epochs {
		leaves := 5 + r.Uint64N(60)
		l := Lot{Leaves: leaves, Draws: 1 + leaves/2, Canaries: 1 + r.Uint64N(4)}
		left, draws := l.Leaves, l.Draws
		for range l.Canaries {
			hit := r.Uint64N(left) < draws
			left--
			if hit {
				draws--
				if r.Float64() < keep {
					l.Sampled++
				}
			}
		}
		if rate.Add(l); rate.Look(alpha) {
			return epoch + 1
		}
	}
	return 0
}

// An honest provider is called deviating, in whichever of many looks, no more
// often than alpha.
func TestRateFalseAlarmsAreBounded(t *testing.T) {
	const alpha, plays = 0.1, 4000
	r, alarms := rand.New(rand.NewPCG(1, 2)), 0
	for range plays {
		if play(r, 40, 1, alpha) > 0 {
			alarms++
		}
	}
	// Four standard deviations of a count with mean alpha*plays.
	if most := alpha*plays + 4*math.Sqrt(alpha*(1-alpha)*plays); float64(alarms) > most || alarms == 0 {
		t.Errorf("%d of %d honest plays alarm, at most %.0f may, and some do", alarms, plays, most)
	}
	t.Logf("%d of %d", alarms, plays)
}

// Who has half of the canaries left out of the draw is found, at the alpha of
// the program; so is who has all of them drawn, which shows that they are known.
func TestRateFindsWhatIsPlanted(t *testing.T) {
	r, late := rand.New(rand.NewPCG(3, 4)), 0
	for range 200 {
		found := play(r, 200, 0.5, 1e-6)
		if found == 0 {
			t.Fatal("canaries sampled half as often as stated: not found in 200 epochs")
		}
		late = max(late, found)
	}
	t.Logf("half the rate is found in at most %d epochs of 1 to 4 canaries", late)
	var over Rate
	for epoch := range 60 {
		if over.Add(Lot{Leaves: 20, Draws: 10, Canaries: 1, Sampled: 1}); over.Look(1e-6) {
			if epoch < 20 {
				t.Errorf("%d of %d at a rate of a half is no proof yet", epoch+1, epoch+1)
			}
			return
		}
	}
	t.Error("60 of 60 sampled at a rate of a half: not found")
}
