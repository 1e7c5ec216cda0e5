package verdict

import (
	"math/bits"

	"github.com/proof-of-sampling/posp"
)

// The score of one recomputation against a claim, before it is mixed.
//
// For a Question with n positions and a table t, s(t) is the sum over positions
// of t[class and bin of the position]; for Intervals, of the logarithms of the mean
// density over the position's interval. s(t) is clamped to +-40 nats. The
// question's log e-value is the logarithm of the mean of exp(s(t)) over its
// tables; two questions are averaged the same way.

// Comparison is how one recomputation fits one claim, in log e-values in Q16
// nats, before a committee's discount and the policy's mixture.
type Comparison struct {
	LogE     int64 // of both questions together
	Model    int64 // of question Model alone
	Choice   int64 // of the second question alone: Choice or Interval
	Distance int32 // mean of question Model's statistic, Q24 nats, rounded down
}

// Compare asks the policy's two questions of a provider's claim, which needs
// log-probabilities only, and a recomputation in full. What cannot be compared, or
// is asked nothing by the policy, is a ValidationError.
func (p *Policy) Compare(claim, own posp.Evidence) (Comparison, error) {
	n := len(own.LogProb)
	switch {
	case own.Kind != posp.EvidenceFull && own.Kind != posp.EvidenceIntervals || !own.Whole(n):
		return Comparison{}, posp.Invalidf("evidence of kind %d is no recomputation in full", own.Kind)
	case len(claim.LogProb) != n:
		return Comparison{}, posp.Invalidf("%d positions are claimed, and %d recomputed", len(claim.LogProb), n)
	case own.Kind == posp.EvidenceFull && !p.asks(posp.Greedy), own.Kind == posp.EvidenceIntervals && !p.asks(posp.Unseeded):
		return Comparison{}, posp.Invalidf("the policy asks nothing about evidence of kind %d", own.Kind)
	}
	return p.compare(&claim, &own), nil
}

// CompareOperators is the log e-value, in Q16 nats, against the second of two
// members' evidences in full being a recomputation of what the first one is.
func (p *Policy) CompareOperators(a, b posp.Evidence) (int64, error) {
	if n := len(a.LogProb); a.Kind != b.Kind || a.Kind < posp.EvidenceFull || !a.Whole(n) || !b.Whole(n) {
		return 0, posp.Invalidf("evidences of kinds %d and %d with %d and %d positions are not of one answer", a.Kind, b.Kind, n, len(b.LogProb))
	}
	return p.compareOperators(&a, &b), nil
}

// compare asks the policy's two questions of a provider's claim: it has
// log-probabilities, own is a recomputation in full, of the same length.
func (p *Policy) compare(claim, own *posp.Evidence) Comparison {
	c := Comparison{Model: p.Model.logE(distances(claim.LogProb, own.LogProb), own.LogProb), Distance: meanDistance(claim, own)}
	if own.Kind == posp.EvidenceIntervals {
		c.Choice = p.Interval.logE(own.Below, own.Mass)
	} else {
		c.Choice = p.Choice.logE(own.Margin, own.LogProb)
	}
	c.LogE = mean([]int64{c.Model, c.Choice})
	return c
}

// compareOperators asks whether two evidences in full, of one kind and length,
// are recomputations of the same thing; the second one's log-probabilities make the
// classes. Of intervals the log-probabilities are
// compared alone: where two tokens are nearly alike, noise moves Below by as much
// as their mass.
func (p *Policy) compareOperators(a, b *posp.Evidence) int64 {
	model := p.Model.logE(distances(a.LogProb, b.LogProb), b.LogProb)
	if a.Kind != posp.EvidenceFull || len(p.Margin.LogE) == 0 {
		return model
	}
	return mean([]int64{model, p.Margin.logE(distances(a.Margin, b.Margin), b.LogProb)})
}

// distance is |a - b|, without a branch that noise would make unpredictable.
func distance(a, b int32) int32 {
	d := a - b
	sign := d >> 31
	return d ^ sign - sign
}

// distances are |a[i] - b[i]|.
func distances(a, b []int32) []int32 {
	d := make([]int32, len(a))
	for i, x := range a {
		d[i] = distance(x, b[i])
	}
	return d
}

// logE is the log e-value of the statistics xs[i] at positions where a
// recomputation has the log-probabilities logProb[i].
func (q *Question) logE(xs, logProb []int32) int64 { return mean(q.logEs(xs, logProb)) }

// logEs is the same by each table.
func (q *Question) logEs(xs, logProb []int32) []int64 {
	logs := make([]int64, len(q.LogE))
	for b, n := range q.histogram(xs, logProb) {
		if n == 0 {
			continue
		}
		for t := range logs {
			logs[t] += n * int64(q.LogE[t][b])
		}
	}
	for t, sum := range logs {
		logs[t] = clamp(sum)
	}
	return logs
}

// histogram is in how many positions the statistic is in each bin of each class.
func (q *Question) histogram(xs, logProb []int32) []int64 {
	count := make([]int64, q.bins())
	find := newFinder(q.Edges)
	if len(q.Classes) == 0 {
		for _, x := range xs {
			count[find.bin(x)]++
		}
		return count
	}
	class, bins := newFinder(q.Classes), len(q.Edges)+1
	for i, x := range xs {
		count[class.bin(-logProb[i])*bins+find.bin(x)]++
	}
	return count
}

// logE is the log e-value of the intervals. With G(x) the integral of a table's
// density from 0 to x, an interval's is (G(below+mass) - G(below)) / mass; of mass
// 0 it is the density at below, and of a token that is never drawn (below 1,
// mass 0) the table's last entry. Numerators and masses are multiplied
// apart, and divided as logarithms.
func (q *Intervals) logE(below, mass []int32) int64 { return mean(q.logEs(below, mass)) }

// logEs is the same by each table.
func (q *Intervals) logEs(below, mass []int32) []int64 {
	n := len(q.Edges)
	edges := append(make([]int32, 1, n+1), q.Edges...) // where each bin begins
	integral := make([][]uint64, len(q.E))             // Q46: G where each bin begins
	for t, table := range q.E {
		integral[t] = make([]uint64, n+1)
		for b := 1; b <= n; b++ {
			integral[t][b] = integral[t][b-1] + uint64(table[b-1])*uint64(edges[b]-edges[b-1])
		}
	}
	numerators := make([]product, len(q.E))
	for t := range numerators {
		numerators[t] = unit
	}
	masses := unit
	find := newUnitFinder(q.Edges)
	for i, from := range below {
		switch to := from + mass[i]; {
		case from == posp.Unit:
			for t, table := range q.E {
				numerators[t].times(uint64(table[n+1]))
			}
		case from == to:
			b := find.bin(from)
			for t, table := range q.E {
				numerators[t].times(uint64(table[b]))
			}
		default:
			b, c := find.bin(from), find.bin(to)
			x, y := uint64(from-edges[b]), uint64(to-edges[c])
			for t, table := range q.E {
				g := integral[t]
				numerators[t].times(g[c] + uint64(table[c])*y - g[b] - uint64(table[b])*x)
			}
			masses.times(uint64(mass[i]))
		}
	}
	logs := make([]int64, len(q.E))
	divisor := masses.log2() + 2 + int64(len(below))<<4<<24 // rounded up; each density is in Q16
	for t := range logs {
		logs[t] = clamp(fromLog2(numerators[t].log2() - divisor))
	}
	return logs
}

func clamp(sum int64) int64 { return min(max(sum, -maxLogE), maxLogE) }

// finder finds bins. Noise makes values unpredictable, and a branch on them dear:
// few edges are all compared, and octaves are counted in bits. Otherwise a value's
// number of bits says where to begin looking.
type finder struct {
	edges   []int32
	octaves bool    // edge i is 2^i
	from    [32]int // by bits of the value: the number of edges with fewer
}

const fewEdges = 8

func newFinder(edges []int32) *finder {
	f := &finder{edges: edges, octaves: true}
	for i, edge := range edges {
		f.octaves = f.octaves && edge == 1<<min(i, 31)
	}
	if f.octaves || len(edges) <= fewEdges {
		return f
	}
	at := 0
	for n := range f.from {
		for at < len(edges) && bits.Len32(uint32(edges[at])) < n {
			at++
		}
		f.from[n] = at
	}
	return f
}

// bin is the number of edges at or below x, which must not be negative.
func (f *finder) bin(x int32) int {
	if f.octaves {
		return min(bits.Len32(uint32(x)), len(f.edges))
	}
	if len(f.edges) <= fewEdges {
		b := 0
		for _, edge := range f.edges {
			b -= int((edge - 1 - x) >> 31) // -1 if edge <= x
		}
		return b
	}
	b := f.from[bits.Len32(uint32(x))&31]
	for b < len(f.edges) && f.edges[b] <= x {
		b++
	}
	return b
}

// unitFinder finds bins of [0, 1] in Q30, of which most lie towards 1: it looks
// from there.
type unitFinder struct{ mirrored *finder }

func newUnitFinder(edges []int32) unitFinder {
	mirrored := make([]int32, len(edges))
	for i, edge := range edges {
		mirrored[len(edges)-1-i] = posp.Unit - edge
	}
	return unitFinder{newFinder(mirrored)}
}

// bin is the number of edges at or below x.
func (f unitFinder) bin(x int32) int {
	if x == posp.Unit {
		return len(f.mirrored.edges)
	}
	return len(f.mirrored.edges) - f.mirrored.bin(posp.Unit-x-1)
}

// mix is ln(lambda + (1 - lambda) * exp(raw)), capped: what a sample adds to a
// standing.
func (p *Policy) mix(raw int64) int32 {
	top := max(0, raw)
	lambda := uint64(p.LambdaPpm)
	y := (lambda*Exp(top) + (million-lambda)*Exp(top-raw)) / million
	return int32(min(top+Ln(y), int64(p.Cap)))
}

// discount keeps a score that was picked by its rank among k (0 the least) an
// e-value. When f of the k scores are invented, at least k-rank-f honest ones
// are as high as the one picked, so it is at most the honest ones' sum divided by
// that number, and its mean at most (k-f)/(k-rank-f): no more than rank+1 as long
// as one of those at or above it is honest.
func discount(rank int) int64 {
	if rank == 0 {
		return 0
	}
	return Ln(uint64(rank+1)<<40) + 1 // rounded up
}

// meanDistance is the mean of question Model's statistic, Q24 nats, rounded
// down: what another precision moves by little, another model moves by much.
func meanDistance(claim, own *posp.Evidence) int32 {
	if len(own.LogProb) == 0 {
		return 0
	}
	var sum int64
	for i := range own.LogProb {
		sum += int64(distance(claim.LogProb[i], own.LogProb[i]))
	}
	return int32(sum / int64(len(own.LogProb)))
}
