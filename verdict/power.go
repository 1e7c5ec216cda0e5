package verdict

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// GroupPower is what a policy makes of a group of outputs, honest or cheating:
// of all by themselves, as a committee of honest operators finds them.
type GroupPower struct {
	Group   string
	Engines EnginePair
	LogE    []float64 // of each output, nats, ascending
	// QuestionE are the log e-values of each output by questions Model and Choice or
	// Interval, nats, in the order of the outputs; and each one's positions.
	Model, Choice []float64
	Positions     []int
	MeanE         float64 // of exp(logE) before the committee's discount: at most 1 of honest outputs
	MeanLogE      float64
	Fails, Passes int // at or over FailAt; at or under PassAt and long enough
	// ToFault is how many samples pass, from a standing of 0, until it reaches
	// the line: mean, median and the 95th percentile over many runs of outputs
	// drawn from the group. It is +Inf where more than a twentieth of the runs end
	// without.
	ToFault, ToFaultMedian, ToFaultP95 float64
	Classes                            map[posp.Class]int // of the Fails
}

// PowerOptions are how Power judges. The zero value of each stands for the
// default named.
type PowerOptions struct {
	Committee int    // honest operators that recompute each output; 3
	OneIn     uint64 // 1/alpha; 1e9
	Limit     int    // samples after which a run ends without a fault; 20,000
}

// Power judges groups of outputs by a policy.
func Power(p *Policy, groups []Group, o PowerOptions) ([]GroupPower, error) {
	if o.Committee == 0 {
		o.Committee = 3
	}
	if o.OneIn == 0 {
		o.OneIn = 1e9
	}
	if o.Limit == 0 {
		o.Limit = 20_000
	}
	if err := p.Check(); err != nil {
		return nil, err
	}
	var list []GroupPower
	for _, g := range groups {
		x := GroupPower{Group: g.Name, Engines: g.Engines, Classes: map[posp.Class]int{}}
		var logs []int32
		for i := range g.Pairs {
			pair := &g.Pairs[i]
			n := len(pair.Recomputed.LogProb)
			rule := posp.Greedy
			if unseeded(pair) {
				rule = posp.Unseeded
			}
			if !p.asks(rule) {
				return nil, posp.Invalidf("%s: the policy asks nothing about evidence of kind %d", g, pair.Recomputed.Kind)
			}
			if !pair.Recomputed.Whole(n) || len(pair.Claimed.LogProb) != n {
				return nil, posp.Invalidf("%s: pair %d is not of the same positions", g, i)
			}
			c := p.compare(&pair.Claimed, &pair.Recomputed)
			logE := p.mix(c.LogE - discount((o.Committee-1)/2))
			logs = append(logs, logE)
			x.LogE = append(x.LogE, float64(logE)/Nat)
			x.Model, x.Choice = append(x.Model, float64(c.Model)/Nat), append(x.Choice, float64(c.Choice)/Nat)
			x.Positions = append(x.Positions, n)
			x.MeanE += math.Exp(float64(p.mix(c.LogE))/Nat) / float64(len(g.Pairs))
			x.MeanLogE += float64(logE) / Nat / float64(len(g.Pairs))
			switch {
			case logE >= p.FailAt:
				x.Fails++
				x.Classes[p.class(c)]++
			case logE <= p.PassAt && n >= int(p.MinPositions):
				x.Passes++
			}
		}
		if len(logs) == 0 {
			return nil, fmt.Errorf("power: %w", posp.Invalidf("%s has no outputs", g))
		}
		slices.Sort(x.LogE)
		x.toFault(logs, Line(o.OneIn), o.Limit)
		list = append(list, x)
	}
	return list, nil
}

// toFault plays the sequential test on outputs drawn from the group. Its
// generator is seeded with a constant: equal input gives equal numbers.
func (x *GroupPower) toFault(logs []int32, line uint64, limit int) {
	const runs = 500
	rng := rand.New(rand.NewPCG(1, 1))
	lengths := make([]float64, runs)
	missed := 0
	for i := range lengths {
		var standing uint64
		n := 0
		for ; standing < line && n < limit; n++ {
			standing = Advance(standing, logs[rng.IntN(len(logs))])
		}
		lengths[i] = float64(n)
		if standing < line {
			missed++
		}
		if missed > runs/20 {
			x.ToFault, x.ToFaultMedian, x.ToFaultP95 = math.Inf(1), math.Inf(1), math.Inf(1)
			return
		}
		x.ToFault += float64(n) / runs
	}
	slices.Sort(lengths)
	x.ToFaultMedian, x.ToFaultP95 = lengths[runs/2], lengths[runs*95/100]
}
