package verdict

import (
	"slices"

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
// log-probabilities, full has margins too, both of the same length.
func (p *Policy) compare(claim, full *posp.Evidence) comparison {
	model := p.Model.logE(p.Dependence, len(full.LogProb), func(i int) int32 { return distance(claim.LogProb[i], full.LogProb[i]) })
	choice := p.Choice.logE(p.Dependence, len(full.Margin), func(i int) int32 { return full.Margin[i] })
	return comparison{raw: mean([]int64{model, choice}), model: model, choice: choice}
}

// compareOperators asks whether two full evidences of the same length are
// recomputations of the same thing.
func (p *Policy) compareOperators(a, b *posp.Evidence) int64 {
	model := p.Model.logE(p.Dependence, len(a.LogProb), func(i int) int32 { return distance(a.LogProb[i], b.LogProb[i]) })
	if len(p.Margin.LogE) == 0 {
		return model
	}
	margin := p.Margin.logE(p.Dependence, len(a.Margin), func(i int) int32 { return distance(a.Margin[i], b.Margin[i]) })
	return mean([]int64{model, margin})
}

func distance(a, b int32) int32 {
	if a > b {
		return a - b
	}
	return b - a
}

// logE is the log e-value of n positions.
func (q *Question) logE(dependence uint32, n int, at func(i int) int32) int64 {
	count := make([]int64, len(q.Edges)+1)
	for i := range n {
		count[q.bin(at(i))]++
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

// bin is the number of edges at or below x.
func (q *Question) bin(x int32) int {
	lo, hi := 0, len(q.Edges)
	for lo < hi {
		if mid := (lo + hi) / 2; q.Edges[mid] <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
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

// medianDistance is the lower median of question Model's statistic, Q24 nats.
func medianDistance(claim, full *posp.Evidence) int32 {
	ds := make([]int32, len(full.LogProb))
	for i := range ds {
		ds[i] = distance(claim.LogProb[i], full.LogProb[i])
	}
	if len(ds) == 0 {
		return 0
	}
	slices.Sort(ds)
	return ds[(len(ds)-1)/2]
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
