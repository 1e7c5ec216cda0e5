package econ

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"sort"

	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp/verdict"
)

// Estimate is a mean that was simulated.
type Estimate struct {
	Mean   float64 `json:"mean"`
	Error  float64 `json:"error"` // standard error of the mean
	Runs   int     `json:"runs"`
	Method Method  `json:"method"`
}

// Method is how an estimate was made.
type Method string

// The methods.
const (
	Plain  Method = "plain"  // run lengths, as they came
	Tilted Method = "tilted" // excursions from 0, under exponential tilting
	Never  Method = "never"  // no value is above 0
)

// Agrees says whether x lies within z standard errors of the mean.
func (e Estimate) Agrees(x, z float64) bool {
	if math.IsInf(e.Mean, 1) || math.IsInf(x, 1) {
		return e.Mean == x
	}
	return math.Abs(x-e.Mean) <= z*e.Error
}

// Simulation is how run lengths are simulated. The result depends on Seed,
// Runs and Steps alone, not on how many processors there are.
type Simulation struct {
	Seed  uint64
	Runs  int   // at least 2
	Steps int64 // about how many samples a plain simulation may take; beyond, excursions are tilted
}

// streams is how many independent random streams a simulation has.
const streams = 64

// RunLength estimates what the function RunLength computes, with the
// integers that verdicts are made of. expected is about what will come: it only
// chooses the method.
func (s Simulation) RunLength(ctx context.Context, d Distribution, line uint64, expected float64) (Estimate, error) {
	switch {
	case d.Max() <= 0:
		return Estimate{Mean: Infinity, Method: Never}, ctx.Err()
	case expected*float64(s.Runs) > float64(s.Steps):
		if theta, ok := d.Tilt(); ok {
			return s.tilted(ctx, d, line, theta)
		}
	}
	return s.plain(ctx, d, line)
}

// plain simulates run lengths.
func (s Simulation) plain(ctx context.Context, d Distribution, line uint64) (Estimate, error) {
	draw := d.sampler()
	length, err := s.mean(ctx, 0, func(ctx context.Context, rng *rand.Rand) (float64, error) {
		n := 0
		for w := uint64(0); w < line; n++ {
			w = verdict.Advance(w, draw(rng))
			if n&0xffff == 0 && ctx.Err() != nil {
				return 0, ctx.Err()
			}
		}
		return float64(n), nil
	})
	length.Method = Plain
	return length, err
}

// tilted simulates excursions. An excursion begins at 0 and ends when the
// standing is 0 again or over the line, so the expected run length is the
// expected length of an excursion divided by the probability p that it ends
// over the line. p is far too small to be met by chance; drawn with
// probabilities times exp(theta * logE), excursions end there often, and each
// counts exp(-theta * (sum of its logE)) (Siegmund 1976).
func (s Simulation) tilted(ctx context.Context, d Distribution, line uint64, theta float64) (Estimate, error) {
	excursion := func(ctx context.Context, rng *rand.Rand, draw func(*rand.Rand) int32) (sum int64, n int, err error) {
		for {
			sum += int64(draw(rng))
			n++
			if sum <= 0 || sum >= int64(line) {
				return sum, n, nil
			}
			if n&0xffff == 0 && ctx.Err() != nil {
				return 0, 0, ctx.Err()
			}
		}
	}
	draw, drawTilted := d.sampler(), d.tilted(theta).sampler()
	length, err := s.mean(ctx, 1, func(ctx context.Context, rng *rand.Rand) (float64, error) {
		_, n, err := excursion(ctx, rng, draw)
		return float64(n), err
	})
	if err != nil {
		return Estimate{}, err
	}
	// Relative to exp(-theta * line), which may be below every float64.
	reach, err := s.mean(ctx, 2, func(ctx context.Context, rng *rand.Rand) (float64, error) {
		sum, _, err := excursion(ctx, rng, drawTilted)
		if sum < int64(line) {
			return 0, err
		}
		return math.Exp(-theta * float64(sum-int64(line)) / verdict.Nat), err
	})
	if err != nil {
		return Estimate{}, err
	}
	e := Estimate{Runs: s.Runs, Method: Tilted}
	e.Mean = math.Exp(theta*float64(line)/verdict.Nat) * length.Mean / reach.Mean
	e.Error = e.Mean * math.Hypot(length.Error/length.Mean, reach.Error/reach.Mean)
	return e, nil
}

// mean averages a random number over s.Runs draws of it.
func (s Simulation) mean(ctx context.Context, purpose uint64, draw func(context.Context, *rand.Rand) (float64, error)) (Estimate, error) {
	var sum, square [streams]float64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for stream := range streams {
		g.Go(func() error {
			rng := rand.New(rand.NewPCG(s.Seed, purpose<<32|uint64(stream)))
			for range (s.Runs + streams - 1 - stream) / streams {
				x, err := draw(ctx, rng)
				if err != nil {
					return err
				}
				sum[stream] += x
				square[stream] += x * x
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return Estimate{}, err
	}
	var total, squares float64
	for i := range streams {
		total, squares = total+sum[i], squares+square[i]
	}
	n := float64(s.Runs)
	mean := total / n
	variance := max(0, squares/n-mean*mean) * n / (n - 1)
	return Estimate{Mean: mean, Error: math.Sqrt(variance / n), Runs: s.Runs}, nil
}

// Path is the standing after each of n samples, in nats, beginning with 0. It
// ends where it reaches the line.
func (s Simulation) Path(d Distribution, line uint64, n int) []float64 {
	rng, draw := rand.New(rand.NewPCG(s.Seed, math.MaxUint64)), d.sampler()
	w, path := uint64(0), []float64{0}
	for range n {
		w = verdict.Advance(w, draw(rng))
		path = append(path, float64(w)/verdict.Nat)
		if w >= line {
			break
		}
	}
	return path
}

// sampler draws from d; it may be shared.
func (d Distribution) sampler() func(*rand.Rand) int32 {
	below := make([]float64, len(d.share)) // and with it
	sum := 0.0
	for i, p := range d.share {
		sum += p
		below[i] = sum
	}
	last := len(below) - 1
	return func(rng *rand.Rand) int32 {
		x := rng.Float64() * sum
		return d.values[min(sort.Search(last, func(i int) bool { return below[i] > x }), last)]
	}
}
