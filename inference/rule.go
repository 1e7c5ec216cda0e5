package inference

import (
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"golang.org/x/crypto/chacha20"

	"github.com/proof-of-sampling/posp"
)

// Rule chooses tokens from logits as posp.Sampling says, and judges the choices of others. It is
// computed in binary64 from the engine's binary32 logits. A Rule is for one request and one goroutine.
//
// Greedy: the highest logit.
//
// Seeded: the highest logit/temperature + noise among the nucleus: the fewest most likely tokens, at
// that temperature, whose probability together reaches top-p. Noise of token t at output position i
// (counted from 0): a ChaCha20 keystream with the seed as key and i as 12-byte big-endian nonce; bytes 8t
// to 8t+7 of it, big-endian, are x; u = ((x >> 11) + 0.5) * 2^-53; the noise is -ln(-ln u), a Gumbel
// variate, so that over random seeds this draws from the restricted distribution exactly.
//
// Unseeded: as seeded, by a seed that is drawn when the rule is made and that nobody learns.
//
// Ties go to the lowest token id, in the choice and in the order of the nucleus.
type Rule struct {
	sampling    posp.Sampling
	temperature float64
	topP        float64
	seed        posp.Hash

	noise []float64 // by token
	bytes []byte    // keystream behind noise
	prob  []float64 // by token, at the rule's temperature; only with a nucleus
	order []uint32  // tokens from the most likely; only with a nucleus
}

// NewRule returns the rule for s over a vocabulary of that many tokens.
func NewRule(s posp.Sampling, vocab int) (*Rule, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	r := &Rule{sampling: s, temperature: float64(s.TemperatureMicro) / 1e6, topP: float64(s.TopPMicro) / 1e6}
	if s.Rule == posp.Greedy {
		return r, nil
	}
	r.noise, r.bytes = make([]float64, vocab), make([]byte, 8*vocab)
	if s.TopPMicro < 1_000_000 {
		r.prob, r.order = make([]float64, vocab), make([]uint32, vocab)
	}
	r.seed = s.Seed
	if s.Rule == posp.Unseeded {
		if _, err := rand.Read(r.seed[:]); err != nil {
			return nil, fmt.Errorf("draw seed: %w", err)
		}
	}
	return r, nil
}

// Choose returns the token that the rule takes at output position i.
func (r *Rule) Choose(logits []float32, i uint32) uint32 {
	if r.sampling.Rule == posp.Greedy {
		return argmax(logits)
	}
	r.draw(i)
	best, value := uint32(0), math.Inf(-1)
	for t := range logits {
		if r.prob != nil {
			break
		}
		if v := r.perturbed(logits, uint32(t)); v > value {
			best, value = uint32(t), v
		}
	}
	if r.prob != nil {
		for _, t := range r.nucleus(logits) {
			if v := r.perturbed(logits, t); v > value || (v == value && t < best) {
				best, value = t, v
			}
		}
	}
	return best
}

// Evidence is a recomputation under the rule without positions yet; Recompute appends them.
func (r *Rule) Evidence() posp.Evidence { return posp.Evidence{Kind: r.sampling.Rule.Recomputed()} }

// Recompute appends to e what the model's logits say of the token that was claimed at e's next position.
func (r *Rule) Recompute(e *posp.Evidence, logits []float32, claimed uint32) {
	at := uint32(len(e.LogProb))
	if e.Kind == posp.EvidenceIntervals {
		below, mass := r.Interval(logits, claimed)
		e.LogProb = append(e.LogProb, min(0, posp.ToFixed(LogProb(logits, claimed))))
		e.Mass = append(e.Mass, posp.ToUnit(mass))
		e.Below = append(e.Below, min(posp.ToUnit(below), posp.Unit-e.Mass[at])) // together at most 1 after rounding too
		return
	}
	logProb, margin := r.Judge(logits, at, claimed)
	e.LogProb = append(e.LogProb, min(0, posp.ToFixed(logProb)))
	e.Margin = append(e.Margin, max(0, posp.ToFixed(margin)))
}

// Interval returns where the claimed token stands in the distribution that the unseeded rule draws from, its
// tokens in descending order of probability: the probability of those before it, and its own. A token
// outside the nucleus is never drawn: 1, 0.
func (r *Rule) Interval(logits []float32, claimed uint32) (below, mass float64) {
	if r.prob != nil {
		before, own, total := 0.0, 0.0, 0.0
		for _, t := range r.nucleus(logits) {
			switch {
			case t == claimed:
				own = r.prob[t]
			case own == 0:
				before += r.prob[t]
			}
			total += r.prob[t]
		}
		if own == 0 {
			return 1, 0
		}
		return before / total, own / total
	}
	highest := float64(logits[argmax(logits)])
	total := 0.0
	for t, x := range logits {
		p := math.Exp((float64(x) - highest) / r.temperature)
		if total += p; x > logits[claimed] || x == logits[claimed] && uint32(t) < claimed {
			below += p
		}
	}
	return below / total, math.Exp((float64(logits[claimed])-highest)/r.temperature) / total
}

// Judge returns the claimed token's log-probability in nats, under the full softmax at temperature 1, and
// the margin by which the greedy or seeded rule preferred another token: 0 if it is the rule's choice.
//
// Greedy, the margin is the best logit minus the claimed one. Seeded, it is the best perturbed value of the
// nucleus minus the claimed token's, not below 0, plus, for a token outside the nucleus, the distance
// ln((1 - top-p) / tail), where tail is the probability of the tokens from the claimed one down. The
// distance is 0 at the edge of the nucleus, so that honest noise there costs little, and grows
// without limit into the tail.
func (r *Rule) Judge(logits []float32, i, claimed uint32) (logProb, margin float64) {
	logProb = LogProb(logits, claimed)
	if r.sampling.Rule == posp.Greedy {
		return logProb, float64(logits[argmax(logits)]) - float64(logits[claimed])
	}
	r.draw(i)
	own := r.perturbed(logits, claimed)
	best := own
	if r.prob == nil {
		for t := range logits {
			best = max(best, r.perturbed(logits, uint32(t)))
		}
		return logProb, best - own
	}
	inside := r.nucleus(logits)
	for _, t := range inside {
		best = max(best, r.perturbed(logits, t))
	}
	margin = best - own
	if !slices.Contains(inside, claimed) {
		tail := 0.0
		for _, t := range slices.Backward(r.order) {
			tail += r.prob[t]
			if t == claimed {
				break
			}
		}
		margin += max(0, math.Log((1-r.topP)/tail))
	}
	return logProb, margin
}

func (r *Rule) perturbed(logits []float32, t uint32) float64 {
	return float64(logits[t])/r.temperature + r.noise[t]
}

// draw fills r.noise for output position i.
func (r *Rule) draw(i uint32) {
	var nonce [chacha20.NonceSize]byte
	binary.BigEndian.PutUint32(nonce[8:], i)
	stream, err := chacha20.NewUnauthenticatedCipher(r.seed[:], nonce[:])
	if err != nil { // the lengths are right by their types
		panic(fmt.Sprintf("chacha20: %v", err))
	}
	clear(r.bytes)
	stream.XORKeyStream(r.bytes, r.bytes)
	for t := range r.noise {
		u := (float64(binary.BigEndian.Uint64(r.bytes[8*t:])>>11) + 0.5) * 0x1p-53
		r.noise[t] = -math.Log(-math.Log(u))
	}
}

// nucleus fills r.prob and r.order and returns the head of r.order that reaches top-p.
func (r *Rule) nucleus(logits []float32) []uint32 {
	highest := float64(logits[argmax(logits)])
	sum := 0.0
	for t, x := range logits {
		r.prob[t] = math.Exp((float64(x) - highest) / r.temperature)
		sum += r.prob[t]
		r.order[t] = uint32(t)
	}
	for t := range r.prob {
		r.prob[t] /= sum
	}
	// By logit and not by probability: far tokens underflow to equal probabilities.
	slices.SortFunc(r.order, func(a, b uint32) int {
		return cmp.Or(cmp.Compare(logits[b], logits[a]), cmp.Compare(a, b))
	})
	reached := 0.0
	for n, t := range r.order {
		if reached += r.prob[t]; reached >= r.topP {
			return r.order[:n+1]
		}
	}
	return r.order
}

// argmax is the lowest index of the highest value.
func argmax(xs []float32) uint32 {
	best := 0
	for i, x := range xs {
		if x > xs[best] {
			best = i
		}
	}
	return uint32(best)
}

// LogProb is the log-probability of token t in nats under the softmax of logits.
func LogProb(logits []float32, t uint32) float64 { return float64(logits[t]) - logSum(logits) }

// logSum is ln(sum(exp(logits))).
func logSum(logits []float32) float64 {
	highest := float64(logits[argmax(logits)])
	sum := 0.0
	for _, x := range logits {
		sum += math.Exp(float64(x) - highest)
	}
	return highest + math.Log(sum)
}

// Best returns the n most likely tokens, best first, lowest id first among equals.
func Best(logits []float32, n int) []Alternative {
	if n <= 0 {
		return nil
	}
	norm := logSum(logits)
	var top []Alternative
	for t, x := range logits {
		a := Alternative{ID: uint32(t), LogProb: float64(x) - norm}
		if len(top) == n && a.LogProb <= top[n-1].LogProb {
			continue
		}
		at, _ := slices.BinarySearchFunc(top, a, func(in, a Alternative) int {
			return cmp.Or(cmp.Compare(a.LogProb, in.LogProb), cmp.Compare(in.ID, a.ID))
		})
		top = slices.Insert(top, at, a)
		top = top[:min(n, len(top))]
	}
	return top
}
