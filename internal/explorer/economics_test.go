package explorer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp/econ"
)

// The three inequalities of PROTOCOL.md section 8, written out once more: each
// number that is shown is what they say of the terms that are shown with it, and
// each term moves those that it stands in and no other.
func TestEconomics(t *testing.T) {
	type terms struct{ p, d, f, r, n, R, S, C, s, K, lambda, L float64 }
	conditions := func(x terms) [3][2]float64 {
		caught := x.p * x.d * (1 - math.Pow(x.r, x.n))
		return [3][2]float64{
			{caught * (x.R + x.S), x.s * x.C},
			{x.K, x.s * x.C * (1/caught + x.lambda*x.L)},
			{x.R - x.C, x.p * x.f * (x.R + x.S)},
		}
	}
	shown := func(x terms) (got [3][2]float64, v map[string]any) {
		w := played(false)
		w.rate = uint32(x.p * 1e6)
		_, srv := served(t, w, func(c *Config) {
			c.Parameters.Committee = uint32(x.n)
			c.Economics = &econ.Terms{Rate: .123, Validators: 99, // the chain says otherwise, and is right
				Detection: x.d, FalsePositive: x.f, Collusion: x.r, Reward: x.R, Slash: x.S, Cost: x.C, Saved: x.s, Stake: x.K, JobRate: x.lambda, Latency: x.L}
		})
		v = get(t, srv, "/api/v1/parameters", 200)["economics"].(map[string]any)
		for i := range got {
			got[i] = [2]float64{at(t, v, "inequalities", i, "more").(float64), at(t, v, "inequalities", i, "less").(float64)}
		}
		return got, v
	}
	close := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(math.Abs(a), math.Abs(b)) }
	base := terms{p: .5, d: .9, f: 1e-6, r: .3, n: 3, R: 120, S: 2000, C: 100, s: .8, K: 4000, lambda: 8, L: 2}
	before, _ := shown(base)
	// By hand: .5 * .9 * (1 - .3^3) * 2120; 80; 80 * (1 / .43785 + 16); 20; .5e-6 * 2120.
	for i, want := range [3][2]float64{{928.242, 80}, {4000, 80 * (1/.43785 + 16)}, {20, .00106}} {
		if !close(before[i][0], want[0]) || !close(before[i][1], want[1]) {
			t.Errorf("inequality %d is %v > %v, want %v > %v", i+1, before[i][0], before[i][1], want[0], want[1])
		}
	}
	for _, c := range []struct {
		name  string
		more  func(*terms)
		moves []string // numbers of the inequalities, and their sides
	}{
		{"p", func(x *terms) { x.p = .25 }, []string{"1>", "2<", "3<"}},
		{"d", func(x *terms) { x.d = .8 }, []string{"1>", "2<"}},
		{"f", func(x *terms) { x.f = 2e-6 }, []string{"3<"}},
		{"r", func(x *terms) { x.r = .4 }, []string{"1>", "2<"}},
		{"n", func(x *terms) { x.n = 2 }, []string{"1>", "2<"}},
		{"R", func(x *terms) { x.R = 130 }, []string{"1>", "3<", "3>"}},
		{"S", func(x *terms) { x.S = 3000 }, []string{"1>", "3<"}},
		{"C", func(x *terms) { x.C = 90 }, []string{"1<", "2<", "3>"}},
		{"s", func(x *terms) { x.s = .7 }, []string{"1<", "2<"}},
		{"K", func(x *terms) { x.K = 5000 }, []string{"2>"}},
		{"lambda", func(x *terms) { x.lambda = 9 }, []string{"2<"}},
		{"L", func(x *terms) { x.L = 3 }, []string{"2<"}},
	} {
		x := base
		c.more(&x)
		got, v := shown(x)
		want := conditions(x)
		var moved []string
		for i := range got {
			for k, side := range []string{">", "<"} {
				if !close(got[i][k], want[i][k]) {
					t.Errorf("with another %s inequality %d%s is %v, want %v", c.name, i+1, side, got[i][k], want[i][k])
				}
				if !close(got[i][k], before[i][k]) {
					moved = append(moved, fmt.Sprint(i+1, side))
				}
			}
			if holds := got[i][0] > got[i][1]; at(t, v, "inequalities", i, "holds") != holds || at(t, v, "inequalities", i, "withMargin") != (got[i][0] > 1.1*got[i][1]) {
				t.Errorf("%v > %v is said to hold: %v", got[i][0], got[i][1], at(t, v, "inequalities", i))
			}
		}
		for i := range moved {
			moved[i] = strings.ReplaceAll(moved[i], " ", "")
		}
		if slices.Sort(moved); !slices.Equal(moved, c.moves) {
			t.Errorf("%s moves %q, want %q", c.name, moved, c.moves)
		}
	}

	// What nobody says is what the chain has: K is the stake of which a fault costs
	// S, lambda the receipts of a batch, and L the epochs from an epoch's first
	// block to the last of its certificate: 172 blocks of 100.
	x := base
	x.K, x.lambda, x.L = 0, 0, 0
	got, v := shown(x)
	if k, l, late := at(t, v, "terms", "stake"), at(t, v, "terms", "jobRate"), at(t, v, "terms", "latency"); k != 4000. || l != 8. || late != 1.72 {
		t.Errorf("K, lambda and L are %v, %v and %v", k, l, late)
	}
	x.K, x.lambda, x.L = 4000, 8, 1.72
	if want := conditions(x); !close(got[1][1], want[1][1]) {
		t.Errorf("the stake that is needed is %v, want %v", got[1][1], want[1][1])
	}
	if p, k := at(t, v, "rateNeeded").(float64), at(t, v, "stakeNeeded").(float64); !close(p*before[0][0]/base.p, before[0][1]) || !close(k, got[1][1]) {
		t.Errorf("p needed is %v, K needed %v", p, k)
	}
}
