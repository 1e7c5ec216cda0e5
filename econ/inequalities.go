package econ

import (
	"math"

	"github.com/proof-of-sampling/posp"
)

// Terms are what honesty is weighed by: shares in [0, 1], money in any one
// unit, time in any one unit.
type Terms struct {
	Rate          float64 `json:"rate"`          // p: share of jobs that is sampled
	Detection     float64 `json:"detection"`     // d: how often a sampled cheat is caught
	FalsePositive float64 `json:"falsePositive"` // f: how often an honest sample is not
	Collusion     float64 `json:"collusion"`     // r: share of validators that collude
	Validators    int     `json:"validators"`    // n: of a sample
	Reward        float64 `json:"reward"`        // R: for a job
	Slash         float64 `json:"slash"`         // S: what a fault costs
	Stake         float64 `json:"stake"`         // K: all that can be slashed
	Cost          float64 `json:"cost"`          // C: of a job done honestly
	Saved         float64 `json:"saved"`         // s: share of the cost that cheating saves
	JobRate       float64 `json:"jobRate"`       // lambda: jobs per unit of time
	Latency       float64 `json:"latency"`       // L: time until a first verdict
}

// Check refuses terms that mean nothing.
func (t Terms) Check() error {
	for _, x := range []struct {
		name  string
		value float64
	}{{"rate", t.Rate}, {"detection", t.Detection}, {"false positive rate", t.FalsePositive}, {"collusion", t.Collusion}, {"saved share", t.Saved}} {
		if !(x.value >= 0 && x.value <= 1) {
			return posp.Invalidf("%s is %v, want a share in [0, 1]", x.name, x.value)
		}
	}
	for _, x := range []struct {
		name  string
		value float64
	}{{"reward", t.Reward}, {"slash", t.Slash}, {"stake", t.Stake}, {"cost", t.Cost}, {"job rate", t.JobRate}, {"latency", t.Latency}} {
		if !(x.value >= 0) || math.IsInf(x.value, 1) {
			return posp.Invalidf("%s is %v, want a number from 0", x.name, x.value)
		}
	}
	if t.Validators < 1 {
		return posp.Invalidf("%d validators judge a sample, want at least 1", t.Validators)
	}
	return nil
}

// Inequality is one condition: More must be above Less.
type Inequality struct {
	Name string  `json:"name"`
	More float64 `json:"more"`
	Less float64 `json:"less"`
}

// Holds says whether the condition is kept with a margin (0.1: by a tenth).
func (i Inequality) Holds(margin float64) bool { return i.More > (1+margin)*i.Less }

// Inequalities are the three conditions of PROTOCOL.md section 8.
// contracts/src/libraries/EconomicsLib.sol has the first and the last.
func (t Terms) Inequalities() [3]Inequality {
	return [3]Inequality{
		{"cheating once does not pay", t.Rate * t.caught() * (t.Reward + t.Slash), t.Saved * t.Cost},
		{"cheating until caught does not pay", t.Stake, t.StakeNeeded()},
		{"honesty pays", t.Reward - t.Cost, t.Rate * t.FalsePositive * (t.Reward + t.Slash)},
	}
}

// caught is the probability that a sampled cheat is caught by somebody honest.
func (t Terms) caught() float64 {
	return t.Detection * (1 - math.Pow(t.Collusion, float64(t.Validators)))
}

// RateNeeded is the p from which cheating once does not pay; above 1 there is none.
func (t Terms) RateNeeded() float64 {
	return ratio(t.Saved*t.Cost, t.caught()*(t.Reward+t.Slash))
}

// StakeNeeded is the K from which cheating until caught does not pay: what is
// saved until a sample catches it, and on the jobs accepted before the verdict.
func (t Terms) StakeNeeded() float64 {
	return t.Saved * t.Cost * (ratio(1, t.Rate*t.caught()) + t.JobRate*t.Latency)
}

func ratio(a, b float64) float64 {
	switch {
	case a == 0:
		return 0
	case b == 0:
		return Infinity
	}
	return a / b
}
