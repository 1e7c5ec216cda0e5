// Package watch is what an auditor who never stops looking has to remember and
// to decide: whether its own requests (canaries) stand where they should, and
// whether they are drawn as often as is stated. It does no I/O but its
// database.
//
//	rate.go    the exact test of the sampling rate
//	place.go   what a receipt's place in its batch, or its absence, means
//	alarm.go   the codes of alarms
//	ledger.go  SQLite
package watch

import "math"

// Lot is the canaries of one batch.
type Lot struct {
	Leaves, Draws     uint64 // of the batch; Draws were sampled, without replacement
	Canaries, Sampled uint64 // of the leaves; Sampled of these were
}

// Rate tests whether canaries are sampled at the stated rate. Given the batch,
// the number of its canaries among the draws is hypergeometric, and beacons
// are independent: the sum over batches is the convolution. (With one canary
// in each of n batches of one rate it is binomial.) Zero is ready to use.
type Rate struct {
	mass              []float64 // of 0, 1, ... sampled canaries
	Canaries, Sampled uint64
	Expected          float64 // number of sampled canaries
	Looks             uint64
}

// Add takes one batch's canaries in. Lots with more canaries than leaves, and
// such, are not there.
func (r *Rate) Add(l Lot) {
	if len(r.mass) == 0 {
		r.mass = []float64{1}
	}
	one := hypergeometric(l.Leaves, l.Draws, l.Canaries)
	sum := make([]float64, len(r.mass)+len(one)-1)
	for i, a := range r.mass {
		for k, b := range one {
			sum[i+k] += a * b
		}
	}
	r.mass = sum
	r.Canaries, r.Sampled = r.Canaries+l.Canaries, r.Sampled+l.Sampled
	r.Expected += float64(l.Canaries) * float64(l.Draws) / float64(l.Leaves)
}

// Tails are the probabilities, at the stated rate, of so few sampled canaries or
// fewer, and of so many or more.
func (r *Rate) Tails() (few, many float64) {
	if len(r.mass) == 0 {
		return 1, 1
	}
	for i, p := range r.mass {
		if uint64(i) <= r.Sampled {
			few += p
		}
		if uint64(i) >= r.Sampled {
			many += p
		}
	}
	return min(few, 1), min(many, 1)
}

// Look asks once more whether the rate is another one than stated, on both
// sides. However often it is asked, it says so wrongly with a probability of at
// most alpha: the look of number t may spend alpha/(t(t+1)), which sums to alpha.
func (r *Rate) Look(alpha float64) (deviates bool) {
	r.Looks++
	few, many := r.Tails()
	t := float64(r.Looks)
	return 2*min(few, many) <= alpha/(t*(t+1))
}

// hypergeometric is the probability of 0 to canaries draws that are canaries.
// The recurrence begins at the mode, so that nothing that counts underflows.
func hypergeometric(leaves, draws, canaries uint64) []float64 {
	p := make([]float64, canaries+1)
	low := uint64(0)
	if canaries+draws > leaves {
		low = canaries + draws - leaves
	}
	high := min(canaries, draws)
	n, k, m := float64(leaves), float64(draws), float64(canaries)
	mode := min(max(uint64(math.Floor((m+1)*(k+1)/(n+2))), low), high)
	// up is P(x+1) / P(x).
	up := func(x uint64) float64 {
		v := float64(x)
		return (k - v) * (m - v) / ((v + 1) * (n - k - m + v + 1))
	}
	p[mode] = 1
	for x := mode; x < high; x++ {
		p[x+1] = p[x] * up(x)
	}
	for x := mode; x > low; x-- {
		p[x-1] = p[x] / up(x-1)
	}
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}
