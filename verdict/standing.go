package verdict

import "math"

// Advance is the sequential test: a subject's standing (Q16 nats) after one
// more sample. It never falls below 0, so credit cannot be saved up and spent
// on cheating. It is the CUSUM of e-values: an honest subject takes at least
// Exp(line) samples, on average, to reach a line.
func Advance(standing uint64, logE int32) uint64 {
	if logE < 0 {
		return standing - min(standing, uint64(-int64(logE)))
	}
	return min(standing, math.MaxUint64-uint64(logE)) + uint64(logE)
}

// Line is the standing that is a fault when an honest subject may reach it
// once in n samples (n is 1/alpha): Ln(n) in Q16 nats, rounded up. A line for
// n = 0 is that for 1.
func Line(n uint64) uint64 {
	if n <= 1 {
		return 0
	}
	const scale = 1817044 // of Q40 in ln: 2^16 * Ln(2^40), rounded up
	return uint64(Ln(n) + 1 + scale)
}
