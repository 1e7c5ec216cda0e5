package verdict

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"

	"github.com/proof-of-sampling/posp"
)

// Pair is one honest output: what the provider's engine claimed while it wrote
// it, and what an operator's engine recomputed. Claimed may be of kind
// log-probabilities; where all pairs have full claims, the operators' question
// Margin is calibrated too.
type Pair struct {
	Claimed    posp.Evidence
	Recomputed posp.Evidence // full
}

// Options are what calibration cannot read off the pairs. The zero value of
// each field but Engines stands for the default named.
type Options struct {
	Engines      []EnginePair // that the pairs were measured on; at least one
	Confidence   float64      // that every bound holds; 0.999
	Dependence   uint32       // B; 0 chooses it by the pairs
	Lambda       float64      // share of the constant 1 in each sample's e-value; 0.5
	Cap          float64      // nats; 24, over a line for alpha = 1e-9
	MinPositions uint32       // of an output that may PASS; 8
	PassAt       float64      // nats; 0
	FailAt       float64      // nats; ln(1e6): one honest sample in a million
	WrongModel   float64      // mean distance in nats; 0.25
	MinEvidence  int          // independent positions in each half; 1,000
}

// Report is what a calibration saw.
type Report struct {
	Samples, Positions         int     // of the half that the bounds are from
	HeldOut, HeldOutPositions  int     // of the other half
	Dependence                 uint32  // B
	Correlation                float64 // greatest between positions at least B apart
	MeanE                      float64 // of exp(logE) on the held-out half: at most 1
	MeanEModel, MeanEChoice    float64 // of each question's e-value, before the mixture
	WorstLogE                  float64 // greatest held-out logE, nats
	ModelP99, ChoiceP99        float64 // 99th percentile of the statistics, nats
	ModelUpper, ChoiceUpper    []float64
	OperatorMargins            bool // whether question Margin has tables
	HeldOutFails, HeldOutSures int  // held-out samples at or over FailAt; at or under PassAt
}

// Calibrate makes a policy from honest pairs. Every second pair only fits it;
// the others only test it.
//
// For each question the statistic is binned by octaves. The honest probability
// of each bin is bounded from above (Clopper-Pearson at the Bonferroni share of
// the error, over all bins of all questions), with the number of positions
// divided by the dependence. For any weights q that sum to 1,
// e_b = q_b / upper_b then has a mean of at most 1 on honest runs, whatever
// their distribution is; the weights are what a cheat may look like, so
// they decide the power alone. Logarithms are rounded down, and up to the
// honest median lowered so that they never fall with the distance.
//
// Too few positions, positions that depend on each other too far, or a held-out
// mean above 1 is an error.
func Calibrate(pairs []Pair, o Options) (Policy, Report, error) {
	o.defaults()
	var r Report
	if len(o.Engines) == 0 {
		return Policy{}, r, posp.Invalidf("calibration: no engine pair is named")
	}
	margins := len(pairs) > 0
	for i, p := range pairs {
		n := len(p.Recomputed.LogProb)
		if p.Recomputed.Kind != posp.EvidenceFull || len(p.Recomputed.Margin) != n {
			return Policy{}, r, posp.Invalidf("calibration: pair %d has no full recomputation", i)
		}
		if p.Claimed.Kind == posp.EvidenceNone || len(p.Claimed.LogProb) != n || n == 0 {
			return Policy{}, r, posp.Invalidf("calibration: pair %d claims %d positions and recomputes %d", i, len(p.Claimed.LogProb), n)
		}
		margins = margins && p.Claimed.Kind == posp.EvidenceFull && len(p.Claimed.Margin) == n
	}

	var fit, test []Pair
	for i, p := range pairs {
		if i%2 == 0 {
			fit = append(fit, p)
			r.Samples, r.Positions = r.Samples+1, r.Positions+len(p.Recomputed.LogProb)
		} else {
			test = append(test, p)
			r.HeldOut, r.HeldOutPositions = r.HeldOut+1, r.HeldOutPositions+len(p.Recomputed.LogProb)
		}
	}
	stats := []statistic{modelStatistic, choiceStatistic}
	if margins {
		stats = append(stats, marginStatistic)
		r.OperatorMargins = true
	}
	b, correlation, err := dependence(fit, stats, o.Dependence)
	if err != nil {
		return Policy{}, r, err
	}
	r.Dependence, r.Correlation = b, correlation
	if have := min(r.Positions, r.HeldOutPositions) / int(b); have < o.MinEvidence {
		return Policy{}, r, posp.Invalidf("calibration: %d positions in the smaller half come to %d independent ones at dependence %d, want %d: measure more outputs",
			min(r.Positions, r.HeldOutPositions), have, b, o.MinEvidence)
	}

	edges := octaves()
	miss := (1 - o.Confidence) / float64(len(stats)*(len(edges)+1))
	var questions [3]Question
	var uppers [3][]float64
	for i, s := range stats {
		questions[i], uppers[i] = calibrateQuestion(fit, s, edges, b, miss)
	}
	p := Policy{
		Model: questions[0], Choice: questions[1], Margin: questions[2],
		Dependence: b, LambdaPpm: uint32(math.Round(o.Lambda * million)), Cap: nats(o.Cap),
		MinPositions: o.MinPositions, PassAt: nats(o.PassAt), FailAt: nats(o.FailAt), WrongModel: posp.ToFixed(o.WrongModel),
		Calibration: Calibration{Pairs: o.Engines, Samples: uint64(r.Samples), Positions: uint64(r.Positions),
			ConfidencePpm: uint32(math.Floor(o.Confidence * million))},
	}
	if err := p.Check(); err != nil {
		return Policy{}, r, err
	}
	r.ModelUpper, r.ChoiceUpper = uppers[0], uppers[1]
	r.ModelP99, r.ChoiceP99 = percentile(fit, modelStatistic, 0.99), percentile(fit, choiceStatistic, 0.99)
	return p, r, p.tryOut(test, &r)
}

func (o *Options) defaults() {
	def := func(x *float64, value float64) {
		if *x == 0 {
			*x = value
		}
	}
	def(&o.Confidence, 0.999)
	def(&o.Lambda, 0.5)
	def(&o.Cap, 24)
	def(&o.FailAt, math.Log(1e6))
	def(&o.WrongModel, 0.25)
	if o.MinPositions == 0 {
		o.MinPositions = 8
	}
	if o.MinEvidence == 0 {
		o.MinEvidence = 1000
	}
}

func nats(x float64) int32 { return int32(math.Round(min(max(x, -1000), 1000) * Nat)) }

// tryOut judges the held-out half by the policy.
func (p *Policy) tryOut(test []Pair, r *Report) error {
	r.WorstLogE = math.Inf(-1)
	for i := range test {
		c := p.compare(&test[i].Claimed, &test[i].Recomputed)
		logE := p.mix(c.raw)
		r.MeanE += math.Exp(float64(logE) / Nat)
		r.MeanEModel += math.Exp(float64(c.model) / Nat)
		r.MeanEChoice += math.Exp(float64(c.choice) / Nat)
		r.WorstLogE = max(r.WorstLogE, float64(logE)/Nat)
		if logE >= p.FailAt {
			r.HeldOutFails++
		}
		if logE <= p.PassAt {
			r.HeldOutSures++
		}
	}
	n := float64(len(test))
	r.MeanE, r.MeanEModel, r.MeanEChoice = r.MeanE/n, r.MeanEModel/n, r.MeanEChoice/n
	if r.MeanE > 1 {
		return posp.Invalidf("calibration: the mean e-value of %d held-out samples is %.3g, above 1: the halves differ, or positions depend on each other beyond %d",
			len(test), r.MeanE, p.Dependence)
	}
	return nil
}

// statistic is a question's value at one position.
type statistic func(p *Pair, i int) int32

func modelStatistic(p *Pair, i int) int32 {
	return distance(p.Claimed.LogProb[i], p.Recomputed.LogProb[i])
}
func choiceStatistic(p *Pair, i int) int32 { return p.Recomputed.Margin[i] }
func marginStatistic(p *Pair, i int) int32 {
	return distance(p.Claimed.Margin[i], p.Recomputed.Margin[i])
}

// octaves are the edges 1, 2, 4, ..., 2^30 of Q24: from the least value that
// evidence can show up to 64 nats.
func octaves() []int32 {
	edges := make([]int32, 31)
	for i := range edges {
		edges[i] = 1 << i
	}
	return edges
}

// calibrateQuestion bins one statistic, bounds the bins, and makes the tables.
func calibrateQuestion(fit []Pair, at statistic, edges []int32, b uint32, miss float64) (Question, []float64) {
	q := Question{Edges: edges}
	count := make([]float64, len(edges)+1)
	find := q.finder()
	n := 0.0
	for p := range fit {
		for i := range fit[p].Recomputed.LogProb {
			count[find.bin(at(&fit[p], i))]++
			n++
		}
	}
	// Positions that depend on each other within B count as one in B.
	trials := math.Floor(n / float64(b))
	upper := make([]float64, len(count))
	for i, c := range count {
		hits := math.Ceil(c / float64(b))
		upper[i] = 1
		if hits < trials {
			upper[i] = mathext.InvRegIncBeta(hits+1, trials-hits, 1-miss)
		}
	}
	for _, weights := range alternatives(count) {
		table := make([]int32, len(upper))
		for i, w := range weights {
			table[i] = int32(min(max(math.Floor(math.Log(w/upper[i])*Nat), -maxLogE), maxLogE))
		}
		// Closer than most of the honest speaks for honesty, however rarely it
		// was seen: two operators on like machines agree to the bit.
		for i, least := median(count), int32(0); i >= 0; i-- {
			least = min(least, table[i])
			table[i] = least
		}
		q.LogE = append(q.LogE, table)
	}
	return q, upper
}

// median is the bin of the lower median.
func median(count []float64) int {
	total := 0.0
	for _, c := range count {
		total += c
	}
	below := 0.0
	for i, c := range count {
		if below += c; below >= total/2 {
			return i
		}
	}
	return 0
}

// alternatives are what a cheat's bins may look like, each summing to 1: all
// bins alike; the honest ones some octaves higher, as lower precision or another model
// shows; and honest ones with a share of arbitrary bins above the smallest, as a
// cheat in some positions shows.
func alternatives(count []float64) [][]float64 {
	bins := len(count)
	honest := make([]float64, bins)
	total := float64(bins) / 2
	for _, c := range count {
		total += c
	}
	for i, c := range count {
		honest[i] = (c + 0.5) / total
	}
	flat := func(from int) []float64 {
		w := make([]float64, bins)
		for i := from; i < bins; i++ {
			w[i] = 1 / float64(bins-from)
		}
		return w
	}
	blend := func(share float64, a, b []float64) []float64 {
		w := make([]float64, bins)
		for i := range w {
			w[i] = share*a[i] + (1-share)*b[i]
		}
		return w
	}
	list := [][]float64{flat(0)}
	for _, octaves := range []int{1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24} {
		moved := make([]float64, bins)
		for i, w := range honest {
			// Spread over the neighbours: no cheat has the honest shape to the octave.
			for d, share := range []float64{0.25, 0.5, 0.25} {
				moved[min(max(i+octaves+d-1, 0), bins-1)] += share * w
			}
		}
		list = append(list, blend(0.1, flat(0), moved))
	}
	for _, from := range []int{1, bins * 5 / 8} { // any distance; from about 2^-6 nats
		for _, share := range []float64{0.01, 0.04, 0.15, 0.5} {
			list = append(list, blend(share, blend(0.05, flat(0), flat(from)), honest))
		}
	}
	return list
}

// dependence is B: one more than the greatest lag at which the bins of two
// positions of a sample are correlated beyond chance, or the B asked for.
func dependence(fit []Pair, stats []statistic, asked uint32) (b uint32, rest float64, err error) {
	const lags = 32
	find := (&Question{Edges: octaves()}).finder()
	b = max(asked, 1)
	var greatest [lags + 1]float64
	for _, s := range stats {
		var n, mean, square float64
		series := make([][]float64, len(fit))
		for p := range fit {
			series[p] = make([]float64, len(fit[p].Recomputed.LogProb))
			for i := range series[p] {
				x := float64(find.bin(s(&fit[p], i)))
				series[p][i] = x
				n, mean, square = n+1, mean+x, square+x*x
			}
		}
		mean /= n
		variance := square/n - mean*mean
		if n < 2 || variance < 1e-12 {
			continue // all alike: nothing to correlate
		}
		for lag := 1; lag <= lags; lag++ {
			var products, m float64
			for _, xs := range series {
				for i := lag; i < len(xs); i++ {
					products += (xs[i] - mean) * (xs[i-lag] - mean)
					m++
				}
			}
			if m < 100 {
				break
			}
			c := products / m / variance
			greatest[lag] = max(greatest[lag], math.Abs(c))
			if asked == 0 && math.Abs(c) > max(0.1, 5/math.Sqrt(m)) {
				b = max(b, uint32(lag)+1)
			}
		}
	}
	if asked == 0 && b > lags {
		return 0, 0, fmt.Errorf("calibration: %w", posp.Invalidf("positions %d apart are still correlated (%.2f): name the dependence", lags, greatest[lags]))
	}
	for lag := int(b); lag <= lags; lag++ {
		rest = max(rest, greatest[lag])
	}
	return b, rest, nil
}

// percentile is a statistic's percentile over the pairs, in nats.
func percentile(pairs []Pair, at statistic, share float64) float64 {
	var xs []int32
	for p := range pairs {
		for i := range pairs[p].Recomputed.LogProb {
			xs = append(xs, at(&pairs[p], i))
		}
	}
	if len(xs) == 0 {
		return 0
	}
	slices.Sort(xs)
	return float64(xs[int(share*float64(len(xs)-1))]) / posp.Nat
}
