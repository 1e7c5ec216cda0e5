package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mathext"

	"github.com/proof-of-sampling/posp"
)

// Pair is one honest output: what the provider's engine claimed while it wrote
// it, and what an operator's engine recomputed, in full. Where all pairs claim
// margins too, the operators' question Margin is calibrated.
type Pair struct {
	Claimed    posp.Evidence
	Recomputed posp.Evidence
}

// Group is honest outputs of one kind on one pair of engines. A policy holds for
// each of its groups by itself, whatever mixture of them there is.
type Group struct {
	Name    string // of the kind, for reports: "ordinary", "hostile", ...
	Engines EnginePair
	Pairs   []Pair // in random order: every second makes the bounds, the others try them
}

func (g Group) String() string {
	return fmt.Sprintf("%s (%s recomputed by %s)", g.Name, g.Engines.Claimed, g.Engines.Recomputed)
}

// Options are what calibration cannot read off the pairs. The zero value of
// each field stands for the default named.
type Options struct {
	Confidence   float64 // that every bound holds; 0.999
	Lambda       float64 // share of the constant 1 in each sample's e-value; 0.5
	Cap          float64 // nats; 24, over a line for alpha = 1e-9
	MinPositions uint32  // of an output that may PASS; 8
	PassAt       float64 // nats; 0
	FailAt       float64 // nats; ln(1e6): one honest sample in a million
	MinEvidence  int     // independent positions that the bounds of each group rest on; 1,000
	MinOutputs   int     // in each group, for each question that is asked of it; 100
}

// Report is what a calibration saw.
type Report struct {
	Dependence map[string][]uint32 // by question and table
	Groups     []GroupReport
}

// GroupReport is what a calibration saw in one group. What is held out neither
// made the bounds nor chose the dependence.
type GroupReport struct {
	Group              string
	Engines            EnginePair
	Outputs, Positions int                // all of them
	HeldOut            int                // outputs
	MeanE              float64            // of exp(logE) on the held-out: at most 1
	QuestionE          map[string]float64 // of each question's e-value, before mixture
	WorstLogE          float64            // greatest held-out logE, nats
	Fails              int                // held-out outputs at or over FailAt
	Passes             int                // at or under PassAt
	DistanceP99        float64            // 99th percentile of question Model's statistic, nats
	DistanceMean       float64            // its mean, nats
	Flips              float64            // share of positions at which the recomputation chooses another token
}

// Calibrate makes a policy from honest pairs. In each group, half of the pairs
// make the bounds, a quarter chooses each question's dependence, and a quarter
// is held out for the report.
//
// A Question's statistic is binned by octaves. In each group the honest
// probability of each bin, and of all from each bin on, is bounded from above (Clopper-Pearson at the
// Bonferroni share of the error, over all bounds of the policy); a bound
// is the highest of the groups. For any weights q that sum to 1, e_b = q_b / upper_b then has a mean
// of at most 1 on honest runs, whatever their distribution is; the weights are
// what a cheat may look like, so they decide the power alone. Logarithms
// are rounded down, and lowered so that none falls with the distance where that
// is promised (see monotone).
//
// Of Intervals, each alternative is a density on [0, 1) and has a mean of 1 by
// itself where the recomputation is the distribution that was drawn from. How far
// engines' noise moves that is bounded from above (Maurer and Pontil's empirical
// Bernstein inequality, 2009), and divided by.
//
// Positions of an output depend on each other: little by nearness, but some
// outputs as a whole are noisier than others, and no distance ends that. So the
// logarithms of a table are divided by its dependence B (each of B interleaved
// classes of positions gives an e-value, and their geometric mean is one: Hölder), and
// positions that the bounds rest on count as one in B. B is the least that is at
// least the design effect of the table's scores (how much more the sums of whole outputs
// vary than those of independent positions, where they accuse: see raised), and at which
// whole outputs' e-values have a mean of at most 1, by three standard errors, in each group. A table for which
// there is none is left out, and so is one that too few positions leave nothing to say. The points of intervals are uniform given all
// before them, whatever those were, and need no division.
//
// Too few pairs in a group, outputs that differ too far in noise, or a held-out
// mean above 1 is an error.
func Calibrate(groups []Group, o Options) (Policy, Report, error) {
	o.defaults()
	c := calibration{options: o}
	if err := c.take(groups); err != nil {
		return Policy{}, Report{}, err
	}
	p := Policy{
		LambdaPpm: uint32(math.Round(o.Lambda * million)), Cap: nats(o.Cap),
		MinPositions: o.MinPositions, PassAt: nats(o.PassAt), FailAt: nats(o.FailAt), WrongModel: c.wrongModel(),
		Calibration: Calibration{ConfidencePpm: uint32(math.Floor(o.Confidence * million))},
	}
	for _, g := range c.groups {
		if !slices.Contains(p.Calibration.Pairs, g.Engines) {
			p.Calibration.Pairs = append(p.Calibration.Pairs, g.Engines)
		}
		p.Calibration.Samples += uint64(len(g.fit))
		p.Calibration.Positions += uint64(positions(g.fit))
	}
	r := Report{Dependence: map[string][]uint32{}}
	for _, q := range c.questions {
		// Each question has its share of the error, and each of its bounds a share of that.
		c.miss = (1 - o.Confidence) / float64(len(c.questions)*q.bounds*len(c.groups))
		b, err := q.fit(&c, &p)
		if err != nil {
			return Policy{}, r, err
		}
		r.Dependence[q.name] = b
	}
	if err := p.Check(); err != nil {
		return Policy{}, r, err
	}
	return p, r, c.report(&p, &r)
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
	if o.MinPositions == 0 {
		o.MinPositions = 8
	}
	if o.MinEvidence == 0 {
		o.MinEvidence = 1000
	}
	if o.MinOutputs == 0 {
		o.MinOutputs = 100
	}
}

func nats(x float64) int32 { return int32(math.Round(min(max(x, -1000), 1000) * Nat)) }

// calibration is a calibration under way.
type calibration struct {
	options   Options
	groups    []measured
	questions []question
	miss      float64 // chance that one bound of the question under way does not hold
}

// measured is a group, divided.
type measured struct {
	Group
	fit, choose, held []Pair
}

// question is one of a policy's, as calibration handles it.
type question struct {
	name   string
	bounds int                                                 // that it needs of one group
	asks   func(*Pair) bool                                    // whether it is asked of a pair
	fit    func(*calibration, *Policy) (b []uint32, err error) // sets it in the policy
	logEs  func(*Policy, *Pair) []int64                        // a pair's log e-value by each table
}

var (
	model = binned("model", octaves(), modelClasses, func(p *Policy) *Question { return &p.Model }, modelAlternatives,
		func(*Pair) bool { return true },
		func(p *Pair) []int32 { return distances(p.Claimed.LogProb, p.Recomputed.LogProb) })
	choice = binned("choice", choiceEdges(), nil, func(p *Policy) *Question { return &p.Choice }, choiceAlternatives,
		func(p *Pair) bool { return p.Recomputed.Kind == posp.EvidenceFull },
		func(p *Pair) []int32 { return p.Recomputed.Margin })
	interval = question{
		name: "interval", bounds: 1 + len(densities), asks: unseeded,
		fit: func(c *calibration, p *Policy) ([]uint32, error) { return c.fitIntervals(&p.Interval) },
		logEs: func(p *Policy, pair *Pair) []int64 {
			return p.Interval.logEs(pair.Recomputed.Below, pair.Recomputed.Mass)
		},
	}
	margin = binned("margin", octaves(), nil, func(p *Policy) *Question { return &p.Margin }, modelAlternatives,
		func(p *Pair) bool {
			return p.Recomputed.Kind == posp.EvidenceFull && p.Claimed.Kind == posp.EvidenceFull
		},
		func(p *Pair) []int32 { return distances(p.Claimed.Margin, p.Recomputed.Margin) })
)

// modelClasses are the classes of question Model: noise moves the log-probability of a token
// that is nearly sure far less than that of an improbable one, and within
// a class much the same in all texts, whatever their authors want.
var modelClasses = []float64{0.003, 0.03, 0.1, 0.5, 1.5, 3, 6} // nats

func unseeded(p *Pair) bool { return p.Recomputed.Kind == posp.EvidenceIntervals }

// binned is a Question about a statistic of each position.
func binned(name string, edges []int32, classes []float64, of func(*Policy) *Question, alternatives func([]float64) [][]float64, asks func(*Pair) bool, statistic func(*Pair) []int32) question {
	shape := Question{Edges: edges}
	for _, c := range classes {
		shape.Classes = append(shape.Classes, posp.ToFixed(c))
	}
	return question{
		name: name, bounds: 2 * shape.bins(), asks: asks,
		fit: func(c *calibration, p *Policy) ([]uint32, error) {
			q := shape
			b, err := c.fitQuestion(name, &q, asks, statistic, alternatives)
			*of(p) = q
			return b, err
		},
		logEs: func(p *Policy, pair *Pair) []int64 { return of(p).logEs(statistic(pair), pair.Recomputed.LogProb) },
	}
}

// take checks the pairs and divides them.
func (c *calibration) take(groups []Group) error {
	if len(groups) == 0 {
		return posp.Invalidf("calibration: there are no pairs")
	}
	for _, g := range groups {
		for i, p := range g.Pairs {
			n := len(p.Recomputed.LogProb)
			switch {
			case n == 0 || !p.Recomputed.Whole(n) || p.Recomputed.Kind != posp.EvidenceFull && p.Recomputed.Kind != posp.EvidenceIntervals:
				return posp.Invalidf("calibration: %s: pair %d has no full recomputation", g, i)
			case p.Claimed.Kind == posp.EvidenceNone || !p.Claimed.Whole(n):
				return posp.Invalidf("calibration: %s: pair %d claims %d positions and recomputes %d", g, i, len(p.Claimed.LogProb), n)
			}
		}
		m := measured{Group: g}
		// Each rule's pairs are dealt by themselves, so that each has its half.
		m.deal(choice.asks)
		m.deal(interval.asks)
		c.groups = append(c.groups, m)
	}
	var missing []string
	for _, q := range []question{model, choice, interval, margin} {
		pairs := c.all(q.asks)
		if pairs == 0 || q.name == margin.name && pairs < c.all(choice.asks) {
			continue
		}
		c.questions = append(c.questions, q)
		for _, pair := range c.enginePairs() {
			enough := false
			for _, g := range c.groups {
				n := count(g.Pairs, q.asks)
				if g.Engines != pair || n == 0 {
					continue
				}
				enough = true
				if n < c.options.MinOutputs {
					missing = append(missing, fmt.Sprintf("%s has %d outputs for question %s, %d are missing", g, n, q.name, c.options.MinOutputs-n))
				}
			}
			if !enough {
				missing = append(missing, fmt.Sprintf("%s recomputed by %s has no outputs for question %s, %d are missing", pair.Claimed, pair.Recomputed, q.name, c.options.MinOutputs))
			}
		}
	}
	if len(missing) > 0 {
		return posp.Invalidf("calibration: too few outputs: %s", strings.Join(missing, "; "))
	}
	return nil
}

func (m *measured) deal(asks func(*Pair) bool) {
	for i, p := range asked(m.Pairs, asks) {
		switch i % 4 {
		case 0, 2:
			m.fit = append(m.fit, p)
		case 1:
			m.choose = append(m.choose, p)
		default:
			m.held = append(m.held, p)
		}
	}
}

func (c *calibration) all(asks func(*Pair) bool) (n int) {
	for _, g := range c.groups {
		n += count(g.Pairs, asks)
	}
	return n
}

func (c *calibration) enginePairs() (list []EnginePair) {
	for _, g := range c.groups {
		if !slices.Contains(list, g.Engines) {
			list = append(list, g.Engines)
		}
	}
	return list
}

func count(pairs []Pair, asks func(*Pair) bool) (n int) {
	for i := range pairs {
		if asks(&pairs[i]) {
			n++
		}
	}
	return n
}

func positions(pairs []Pair) (n int) {
	for i := range pairs {
		n += len(pairs[i].Recomputed.LogProb)
	}
	return n
}

// ladder are the dependences that are tried. A table that needs more would
// catch nobody.
var ladder = []uint32{1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32}

func asked(pairs []Pair, asks func(*Pair) bool) (list []Pair) {
	for i := range pairs {
		if asks(&pairs[i]) {
			list = append(list, pairs[i])
		}
	}
	return list
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

// choiceEdges are octaves up to a sixteenth of a nat, beyond which honest margins
// are not, and then the fewer bins the better: a bin that nobody was seen in is
// bounded by the number of positions alone.
func choiceEdges() []int32 { return append(octaves()[:21], posp.Nat/4) }

// binnedGroup is a group's outputs by how many positions are in each bin.
type binnedGroup struct {
	Group
	fit, choose [][]int64
	total       []int64 // of fit
}

// fitQuestion bins a statistic, bounds the bins, and makes the tables, each with the
// least dependence that the outputs allow.
func (c *calibration) fitQuestion(name string, q *Question, asks func(*Pair) bool, statistic func(*Pair) []int32, alternatives func([]float64) [][]float64) ([]uint32, error) {
	histograms := func(pairs []Pair) (list [][]int64) {
		for _, p := range asked(pairs, asks) {
			list = append(list, q.histogram(statistic(&p), p.Recomputed.LogProb))
		}
		return list
	}
	var groups []binnedGroup
	for _, g := range c.groups {
		x := binnedGroup{Group: g.Group, fit: histograms(g.fit), choose: histograms(g.choose), total: make([]int64, q.bins())}
		for _, h := range x.fit {
			for bin, n := range h {
				x.total[bin] += n
			}
		}
		if n := sum(x.total); n > 0 {
			if n < int64(c.options.MinEvidence) {
				return nil, posp.Invalidf("calibration: %s: the bounds of question %s rest on %d positions, %d are missing in this half", g, name, n, int64(c.options.MinEvidence)-n)
			}
			groups = append(groups, x)
		}
	}
	var dependence []uint32
	tables := 0 // that an earlier dependence made, or that are left out
	var found [][]int32
	for _, b := range ladder {
		enough := true
		for _, g := range groups {
			enough = enough && sum(g.total)/int64(b) >= int64(c.options.MinEvidence)
		}
		if !enough {
			break
		}
		candidates := c.tables(q, groups, alternatives, b)
		if found == nil {
			found, dependence = make([][]int32, len(candidates)), make([]uint32, len(candidates))
		}
		for t, table := range candidates {
			if found[t] == nil && holds(groups, q, table, b) {
				found[t], dependence[t] = table, b
				tables++
			}
		}
		if tables == len(found) {
			break
		}
	}
	var kept []uint32
	for t, table := range found {
		if table != nil && slices.Max(table) > 0 { // one that accuses nobody only dilutes the others
			q.LogE, kept = append(q.LogE, table), append(kept, dependence[t])
		}
	}
	if len(kept) == 0 {
		return nil, posp.Invalidf("calibration: question %s: outputs differ so much in noise that no table holds for whole outputs: measure more of them", name)
	}
	return kept, nil
}

func sum(counts []int64) (n int64) {
	for _, k := range counts {
		n += k
	}
	return n
}

// few are too few positions of a class in a group for bounds of its own.
const few = 500

// tables are one for each alternative, with dependence b. In a class of which a
// group has few positions it is bounded by all groups' together.
func (c *calibration) tables(q *Question, groups []binnedGroup, alternatives func([]float64) [][]float64, b uint32) (list [][]int32) {
	bins := len(q.Edges) + 1
	for class := range len(q.Classes) + 1 {
		from, to := class*bins, (class+1)*bins
		all := make([]int64, bins)
		var counts [][]int64
		for _, g := range groups {
			for bin, n := range g.total[from:to] {
				all[bin] += n
			}
			if sum(g.total[from:to]) >= few {
				counts = append(counts, g.total[from:to])
			}
		}
		if len(counts) == 0 {
			counts = append(counts, all)
		}
		upper, above, honest := make([]float64, bins), make([]float64, bins), make([]float64, bins)
		for _, count := range counts {
			n := float64(sum(count))
			trials := math.Floor(n / float64(b))
			known := map[float64]float64{} // by hits: most bins have none
			bound := func(k int64) float64 {
				hits := math.Ceil(float64(k) / float64(b))
				if known[hits] == 0 {
					known[hits] = clopperPearson(hits, trials, c.miss)
				}
				return known[hits]
			}
			for bin, k := range count {
				upper[bin], above[bin] = max(upper[bin], bound(k)), max(above[bin], bound(sum(count[bin:])))
				honest[bin] += (float64(k) + 0.5) / (n + 0.5*float64(bins)) / float64(len(counts))
			}
		}
		for t, weights := range alternatives(honest) {
			table := make([]int32, bins)
			for i, l := range best(weights, upper, above) {
				table[i] = int32(min(max(math.Floor(l*Nat/float64(b)), -maxLogE), maxLogE))
			}
			monotone(table, honest)
			if class == 0 {
				list = append(list, nil)
			}
			list[t] = append(list[t], table...)
		}
	}
	return list
}

// best are logarithms of e-values for the weights of an alternative. A bin
// in which hardly anybody was seen is bounded by the number of positions alone,
// and so is all that lies above it together: from some bin on all are taken for one. The bounds
// of all such unions hold, so that the one is taken that is worth most if the alternative is true.
func best(weights, upper, above []float64) []float64 {
	list := make([]float64, len(weights))
	together, most, cut := 0.0, math.Inf(-1), 0
	apart := 0.0 // of the bins below i
	for i, w := range weights {
		list[i] = math.Log(w / upper[i])
		apart += w * list[i]
	}
	for i := len(weights) - 1; i >= 0; i-- {
		together += weights[i]
		apart -= weights[i] * list[i]
		if value := apart + together*math.Log(together/above[i]); value > most {
			most, cut = value, i
		}
	}
	together = 0
	for _, w := range weights[cut:] {
		together += w
	}
	for i := cut; i < len(list); i++ {
		list[i] = math.Log(together / above[cut])
	}
	return list
}

// holds says whether a table with dependence b is one for whole outputs of each
// group.
func holds(groups []binnedGroup, q *Question, table []int32, b uint32) bool {
	// A quarter more than b is within what the bounds' slack makes up for.
	most := 1.25 * float64(b)
	speaking := raised(groups, len(q.Edges)+1, table)
	var between, within float64
	for _, g := range groups {
		x, deviation, y := variances(g, len(q.Edges)+1, speaking)
		if x-2*deviation > most*y { // of many groups some look worse than they are
			return false
		}
		between, within = between+x, within+y
		var es []float64
		for _, h := range g.choose {
			var s int64
			for bin, k := range h {
				s += k * int64(table[bin])
			}
			es = append(es, math.Exp(float64(clamp(s))/Nat))
		}
		if mean, deviation := moments(es); mean+3*deviation > 1 {
			return false
		}
	}
	return between <= most*within
}

// moments are a mean and its standard error.
func moments(xs []float64) (mean, deviation float64) {
	n := float64(len(xs))
	for _, x := range xs {
		mean += x / n
	}
	for _, x := range xs {
		deviation += (x - mean) * (x - mean) / n
	}
	return mean, math.Sqrt(deviation / n)
}

// raised is the table with no entry below the mean of its class, in the group in
// which that is highest. What quieter groups' outputs differ in among
// themselves lies below: in how strongly they speak for honesty, which
// accuses nobody.
func raised(groups []binnedGroup, bins int, table []int32) []int32 {
	list := slices.Clone(table)
	for from := 0; from < len(table); from += bins {
		least := math.Inf(-1)
		for _, g := range groups {
			var n, m float64
			for bin := from; bin < from+bins; bin++ {
				n, m = n+float64(g.total[bin]), m+float64(g.total[bin])*float64(table[bin])
			}
			if n >= few {
				least = max(least, m/n)
			}
		}
		for bin := from; bin < from+bins; bin++ {
			list[bin] = max(list[bin], int32(max(least, -maxLogE)))
		}
	}
	return list
}

// variances are of the scores of a group's whole outputs, with its standard
// error, and of as many independent positions. Their quotient is the design effect
// (Kish 1965): the dependence by which sums of scores that are about normal keep the
// mean e-value of independent positions.
func variances(g binnedGroup, bins int, table []int32) (between, deviation, within float64) {
	// From the mean of each class: the e-values hold in each, whatever share it
	// has of a text.
	residual := make([]float64, len(table))
	for from := 0; from < len(table); from += bins {
		var n, m float64
		for bin := from; bin < from+bins; bin++ {
			n, m = n+float64(g.total[bin]), m+float64(g.total[bin])*float64(table[bin])
		}
		for bin := from; bin < from+bins; bin++ {
			residual[bin] = float64(table[bin]) - m/max(1, n)
		}
	}
	for bin, k := range g.total {
		within += float64(k) * residual[bin] * residual[bin]
	}
	squares := make([]float64, len(g.fit))
	for i, h := range g.fit {
		s := 0.0
		for bin, k := range h {
			s += float64(k) * residual[bin]
		}
		squares[i] = s * s
		between += s * s
	}
	_, deviation = moments(squares)
	return between, deviation * float64(len(squares)), within
}

// clopperPearson is the upper bound on a probability after that many hits: the one
// at which as few hits or fewer have probability miss. By bisection of the
// tail itself, since gonum's inverse goes astray where miss is small.
func clopperPearson(hits, trials, miss float64) float64 {
	if hits >= trials {
		return 1
	}
	low, high := hits/trials, 1.0
	for range 60 {
		middle := (low + high) / 2
		if mathext.RegIncBeta(trials-hits, hits+1, 1-middle) > miss {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// monotone lowers entries up to the honest median so that they never fall with
// the distance, and that of exact agreement to 0 at most: closer than most of the
// honest speaks for honesty, however rarely it was seen. Two operators on like
// machines agree to the bit.
func monotone(table []int32, honest []float64) {
	below, median := 0.0, 0
	for i, share := range honest {
		if below += share; below >= 0.5 {
			median = i
			break
		}
	}
	least := table[median]
	for i := median; i >= 0; i-- {
		least = min(least, table[i])
		table[i] = least
	}
	table[0] = min(table[0], 0)
}

// What a cheat's bins may look like. Each alternative is over bins of
// octaves and sums to 1; honest is what the honest look like.

// blend is share of a and the rest of b.
func blend(share float64, a, b []float64) []float64 {
	w := make([]float64, len(a))
	for i := range w {
		w[i] = share*a[i] + (1-share)*b[i]
	}
	return w
}

func flat(bins, from int) []float64 {
	w := make([]float64, bins)
	for i := from; i < bins; i++ {
		w[i] = 1 / float64(bins-from)
	}
	return w
}

// exponential is the distribution by bins of distances that are exponential
// with a mean in nats: small ones are rare, by their width.
func exponential(edges []int32, mean float64) []float64 {
	w := make([]float64, len(edges)+1)
	beyond := 1.0
	for i, edge := range edges {
		next := math.Exp(-float64(edge) / posp.Nat / mean)
		w[i], beyond = beyond-next, next
	}
	w[len(edges)] = beyond
	return w
}

// modelAlternatives: the honest bins some octaves higher, as lower precision
// shows; and a share of the positions anywhere above the honest 99th percentile, as
// another model shows, or any cheat in some positions.
func modelAlternatives(honest []float64) [][]float64 {
	bins := len(honest)
	var list [][]float64
	for _, octaves := range []int{0, 1, 2, 4} {
		moved := make([]float64, bins)
		for i, w := range honest {
			// Spread over the neighbours: no cheat has the honest shape to the octave.
			shares := []float64{0.25, 0.5, 0.25}
			if octaves == 0 { // half of one
				shares = []float64{0, 0.5, 0.5}
			}
			for d, share := range shares {
				moved[min(max(i+octaves+d-1, 0), bins-1)] += share * w
			}
		}
		list = append(list, blend(min(0.1, 0.02+0.04*float64(octaves)), flat(bins, 0), moved))
	}
	above, beyond := bins-1, 0.0
	for above > 1 && beyond+honest[above] < 0.01 {
		beyond += honest[above]
		above--
	}
	above = min(above+1, bins-1)
	for _, share := range []float64{0.05, 0.3, 0.8} {
		list = append(list, blend(share, blend(0.05, flat(bins, 0), flat(bins, above)), honest))
	}
	return list
}

// choiceAlternatives: honest bins, with a share of positions at which another
// token was chosen than the rule's. How far that was from the rule's, is
// exponential, since near-ties are as rare as they are narrow.
func choiceAlternatives(honest []float64) [][]float64 {
	var list [][]float64
	for _, mean := range []float64{1. / 32, 0.5} { // nats: rounded weights; another temperature or model
		for _, share := range []float64{0.02, 0.1, 0.4} {
			list = append(list, blend(share, blend(0.05, flat(len(honest), 0), exponential(choiceEdges(), mean)), honest))
		}
	}
	return list
}

// densities are the alternatives to uniform points: the probability that u is
// below x, and the share of tokens that are never drawn.
var densities = []struct {
	below   func(x float64) float64
	outside float64
}{
	// A hotter distribution: with probabilities raised to the power 1-a, tails are
	// too, about. Of temperature 1 for 0.7; and of another model, which leaves the nucleus too.
	{func(x float64) float64 { return 1 - math.Pow(1-x, 0.7) }, 0.001},
	{func(x float64) float64 { return 1 - math.Pow(1-x, 0.5) }, 0.02},
	// A colder one, up to always the most likely token.
	{func(x float64) float64 { return 1 - math.Pow(1-x, 1.7) }, 0.001},
	{func(x float64) float64 { return 1 - math.Pow(1-x, 5) }, 0.001},
	// The right one with a tenth of tokens anywhere in the tail, by octaves, and a tenth outside
	// of it.
	{func(x float64) float64 { return 0.9*x + 0.1*(1-math.Pow(1-x, 0.2)) }, 0.1},
}

// unitEdges are sixteenths and eighths where most points lie, and octaves in the
// tail.
func unitEdges() []int32 {
	var edges []int32
	for _, sixteenths := range []int32{1, 2, 4, 6, 8, 10, 12, 14} {
		edges = append(edges, posp.Unit/16*sixteenths)
	}
	for k := 4; k <= 10; k++ {
		edges = append(edges, posp.Unit-posp.Unit>>k)
	}
	return edges
}

// fitIntervals makes the densities into tables, by which honest engines' noise
// does not make a mean above 1. The mean of 1 is known, so the noise is bounded on all
// groups together; and whether each group has it is tried on whole outputs.
func (c *calibration) fitIntervals(q *Intervals) ([]uint32, error) {
	q.Edges = unitEdges()
	n := len(q.Edges) + 1
	var rows [][]float64 // the share of each bin in each token's interval
	var outputs []edge
	for _, g := range c.groups {
		of := asked(g.fit, unseeded)
		if n := positions(of); n > 0 && n < c.options.MinEvidence {
			return nil, posp.Invalidf("calibration: %s: the bounds of question interval rest on %d positions, %d are missing in this half", g, n, c.options.MinEvidence-n)
		}
		for _, pair := range of {
			o := edge{positions: len(pair.Recomputed.Below)}
			for i, from := range pair.Recomputed.Below {
				if row := q.shares(from, pair.Recomputed.Mass[i]); row != nil {
					rows = append(rows, row)
				} else {
					o.never++
				}
			}
			outputs = append(outputs, o)
		}
	}
	outside := c.outside(outputs)
	for _, d := range densities {
		density := make([]float64, n)
		greatest, low := 0.0, 0.0
		for bin := range density {
			high := 1.0
			if bin < len(q.Edges) {
				high = float64(q.Edges[bin]) / posp.Unit
			}
			density[bin] = (d.below(high) - d.below(low)) / (high - low)
			greatest, low = max(greatest, density[bin]), high
		}
		es := make([]float64, len(rows))
		for i, row := range rows {
			for bin, share := range row {
				es[i] += share * density[bin]
			}
		}
		mean, deviation := moments(es)
		log, k := math.Log(2/c.miss), float64(len(es))
		bound := mean + deviation*math.Sqrt(2*log*k/(k-1)) + 7*greatest*log/(3*(k-1))
		table := make([]uint32, n+1)
		for bin, x := range density {
			table[bin] = uint32(max(1, math.Floor((1-d.outside)*x/bound*(1<<16))))
		}
		table[n] = uint32(min(max(1, math.Floor(d.outside/outside*(1<<16))), math.MaxUint32))
		q.E = append(q.E, table)
	}
	for _, g := range c.groups {
		for t := range q.E {
			one := Intervals{Edges: q.Edges, E: q.E[t : t+1]}
			var es []float64
			for _, pair := range asked(g.choose, unseeded) {
				es = append(es, math.Exp(float64(one.logE(pair.Recomputed.Below, pair.Recomputed.Mass))/Nat))
			}
			if mean, deviation := moments(es); len(es) > 0 && mean-3*deviation > 1 {
				return nil, posp.Invalidf("calibration: %s: tokens do not follow the recomputed distribution: the mean e-value of density %d is %.3g +- %.2g: are temperature and top-p those of the requests?", g, t, mean, deviation)
			}
		}
	}
	return slices.Repeat([]uint32{1}, len(q.E)), nil
}

// edge is how many of an output's tokens are never drawn, by the recomputation.
type edge struct{ never, positions int }

// outside bounds the probability of an honest token that is never drawn. That is
// noise at the edge of the nucleus, and whoever sets top-p decides how often tokens stand
// there. So the bound is at least their rate in the fiftieth of the outputs that has most
// of them, and at least one in a thousand.
func (c *calibration) outside(outputs []edge) float64 {
	slices.SortFunc(outputs, func(a, b edge) int { return cmp.Compare(b.never, a.never) })
	most := max(1, len(outputs)/50)
	var never, worst, positions float64
	for i, o := range outputs {
		never, positions = never+float64(o.never), positions+float64(o.positions)
		if i < most {
			worst += float64(o.never)
		}
	}
	rate := worst / (positions * float64(most) / float64(len(outputs))) // of outputs of mean length
	return min(max(clopperPearson(never, positions, c.miss), rate, 0.001), 1)
}

// shares is the share of each bin in an interval; nil for a token that is never
// drawn.
func (q *Intervals) shares(below, mass int32) []float64 {
	if below == posp.Unit {
		return nil
	}
	row := make([]float64, len(q.Edges)+1)
	find := newUnitFinder(q.Edges)
	if mass == 0 {
		row[find.bin(below)] = 1
		return row
	}
	for bin := find.bin(below); bin < len(row); bin++ {
		from, to := below, below+mass
		if bin > 0 {
			from = max(from, q.Edges[bin-1])
		}
		if bin < len(q.Edges) {
			to = min(to, q.Edges[bin])
		}
		if to <= from {
			break
		}
		row[bin] = float64(to-from) / float64(mass)
	}
	return row
}

// wrongModel is the mean distance of an output that is beyond another precision: eight
// times what one honest output in a thousand shows, and at least an
// eighth of what honest log-probabilities come to. Rounding weights moves them
// by a small part of what they are; another model by a large one.
func (c *calibration) wrongModel() int32 {
	noise, size := 0.0, math.Inf(1)
	for _, g := range c.groups {
		var means []float64
		var sum float64
		for i := range g.Pairs {
			p := &g.Pairs[i]
			means = append(means, float64(meanDistance(&p.Claimed, &p.Recomputed)))
			for _, x := range p.Recomputed.LogProb {
				sum -= float64(x)
			}
		}
		slices.Sort(means)
		noise = max(noise, means[(len(means)-1)*999/1000])
		size = min(size, sum/float64(positions(g.Pairs)))
	}
	return int32(min(max(8*noise, size/8, 1), 127*posp.Nat))
}

// report judges what was held out by the policy.
func (c *calibration) report(p *Policy, r *Report) error {
	for _, g := range c.groups {
		s := GroupReport{Group: g.Name, Engines: g.Engines, Outputs: len(g.Pairs), Positions: positions(g.Pairs), HeldOut: len(g.held),
			QuestionE: map[string]float64{}, WorstLogE: math.Inf(-1)}
		for i := range g.held {
			pair := &g.held[i]
			logE := p.mix(p.compare(&pair.Claimed, &pair.Recomputed).LogE)
			s.MeanE += math.Exp(float64(logE)/Nat) / float64(len(g.held))
			s.WorstLogE = max(s.WorstLogE, float64(logE)/Nat)
			if logE >= p.FailAt {
				s.Fails++
			}
			if logE <= p.PassAt {
				s.Passes++
			}
		}
		for _, q := range c.questions {
			held := asked(g.held, q.asks)
			for i := range held {
				s.QuestionE[q.name] += math.Exp(float64(mean(q.logEs(p, &held[i])))/Nat) / float64(len(held))
			}
		}
		var distances []int32
		flips, choices := 0, 0
		for _, pair := range g.Pairs {
			for i, x := range pair.Claimed.LogProb {
				d := distance(x, pair.Recomputed.LogProb[i])
				distances = append(distances, d)
				s.DistanceMean += float64(d)
			}
			for _, m := range pair.Recomputed.Margin {
				choices++
				if m > 0 {
					flips++
				}
			}
		}
		slices.Sort(distances)
		s.DistanceMean /= float64(len(distances)) * posp.Nat
		s.DistanceP99 = float64(distances[(len(distances)-1)*99/100]) / posp.Nat
		s.Flips = float64(flips) / float64(max(1, choices))
		r.Groups = append(r.Groups, s)
		if s.MeanE > 1 {
			return posp.Invalidf("calibration: %s: the mean e-value of %d held-out outputs is %.3g, above 1: the groups' parts differ; measure more outputs, in random order", g, s.HeldOut, s.MeanE)
		}
	}
	return nil
}
