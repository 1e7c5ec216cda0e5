package verdict

import (
	"math/bits"

	"github.com/proof-of-sampling/posp"
)

// The score of one recomputation against a claim, before it is mixed.
//
// For a question with n positions and a table t, s(t) = sum over positions of
// t[bin of the position], divided by the policy's Dependence (rounded down) and
// clamped to +-40 nats. The question's log e-value is the logarithm of the mean
// of exp(s(t)) over its tables; two questions are averaged the same way.

// comparison is how one recomputation fits one claim.
type comparison struct {
	raw    int64 // log e-value of both questions, Q16, before discount and mixture
	model  int64 // of question Model alone
	choice int64 // of the second question alone
}

// compare asks the policy's two questions of a provider's claim: it has
// log-probabilities, full has margins too, all of the same length.
func (p *Policy) compare(claim, full *posp.Evidence) comparison {
	model := p.Model.logE(p.Dependence, claim.LogProb, full.LogProb)
	choice := p.Choice.logE(p.Dependence, full.Margin, nil)
	return comparison{raw: mean([]int64{model, choice}), model: model, choice: choice}
}

// compareOperators asks whether two full evidences of the same length are
// recomputations of the same thing.
func (p *Policy) compareOperators(a, b *posp.Evidence) int64 {
	model := p.Model.logE(p.Dependence, a.LogProb, b.LogProb)
	if len(p.Margin.LogE) == 0 {
		return model
	}
	return mean([]int64{model, p.Margin.logE(p.Dependence, a.Margin, b.Margin)})
}

// distance is |a - b|, without a branch that noise would make unpredictable.
func distance(a, b int32) int32 {
	d := a - b
	sign := d >> 31
	return d ^ sign - sign
}

// logE is the log e-value of the statistic |a[i] - b[i]| over the positions,
// or of a[i] where b is nil.
func (q *Question) logE(dependence uint32, a, b []int32) int64 {
	count := make([]int64, len(q.Edges)+1)
	find := q.finder()
	for i, x := range a {
		if b != nil {
			x = distance(x, b[i])
		}
		count[find.bin(x)]++
	}
	logs := make([]int64, len(q.LogE))
	for t, table := range q.LogE {
		var sum int64
		for b, l := range table {
			sum += count[b] * int64(l)
		}
		logs[t] = min(max(floorDiv(sum, int64(dependence)), -maxLogE), maxLogE)
	}
	return mean(logs)
}

// finder finds bins: a value's number of bits says where to begin looking.
type finder struct {
	edges []int32
	from  [32]int // by bits of the value: the number of edges with fewer
}

func (q *Question) finder() *finder {
	f := &finder{edges: q.Edges}
	at := 0
	for n := range f.from {
		for at < len(q.Edges) && bits.Len32(uint32(q.Edges[at])) < n {
			at++
		}
		f.from[n] = at
	}
	return f
}

// bin is the number of edges at or below x, which must not be negative.
func (f *finder) bin(x int32) int {
	b := f.from[bits.Len32(uint32(x))&31]
	for b < len(f.edges) && f.edges[b] <= x {
		b++
	}
	return b
}

// mix is ln(lambda + (1 - lambda) * exp(raw)), capped: what a sample adds to a
// standing.
func (p *Policy) mix(raw int64) int32 {
	top := max(0, raw)
	lambda := uint64(p.LambdaPpm)
	y := (lambda*exp(top) + (million-lambda)*exp(top-raw)) / million
	return int32(min(top+ln(y), int64(p.Cap)))
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
	return ln(uint64(rank+1)<<40) + 1 // rounded up
}

// meanDistance is the mean of question Model's statistic, Q24 nats, rounded
// down: what another precision moves by little, another model moves by much.
func meanDistance(claim, full *posp.Evidence) int32 {
	if len(full.LogProb) == 0 {
		return 0
	}
	var sum int64
	for i := range full.LogProb {
		sum += int64(distance(claim.LogProb[i], full.LogProb[i]))
	}
	return int32(sum / int64(len(full.LogProb)))
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
