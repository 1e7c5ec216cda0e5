package inference

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"golang.org/x/crypto/chacha20"

	"github.com/proof-of-sampling/posp"
)

// Known is what an inference server tells of the distribution at one position, under the full softmax at
// temperature 1: the claimed token's log-probability, and the most likely tokens, none left out between them.
type Known struct {
	Claimed Alternative
	Top     []Alternative // in any order, each once, at least one; the claimed token may be among them
}

// TopRule judges the choices of others as Rule does, where only the most likely tokens are known. What it
// does not know never speaks against the one who chose: with every token known it agrees with Rule, and
// otherwise it is milder.
//
// The tail, all tokens beyond the known ones, has probability R = 1 - (sum of the known), m = vocabulary - known
// tokens, and no token in it is more likely than c, the least likely known one. At temperature 1 that is its
// weight; at temperature T its weight is the sum of p^(1/T), which lies between
//
//	(R / c) * c^(1/T)      as few tokens as can be, each as likely as can be, and
//	m * (R / m)^(1/T)      all alike
//
// (Jensen's inequality; which of the two is the upper bound depends on whether 1/T is above 1). From both follow
// bounds on the weight of the nucleus.
type TopRule struct {
	sampling    posp.Sampling
	temperature float64
	topP        float64
	vocab       int
}

// restSlack is how much of the distribution may be uncertain for an interval to be stated as if it were known:
// honest tokens differ by no more than this, in total variation, from the distribution that their intervals
// are stated in. Beyond it the tail is left out of the distribution, and a token in it gets the whole unit.
const restSlack = 1.0 / 1024

// rounding is how far the sum of a server's probabilities is trusted. Servers add up a softmax in binary32, some of
// them one token after the other: llama.cpp's is 1e-4 off with 32,000 tokens.
const rounding = 1.0 / 4096

// maxVocab stands for a vocabulary of unknown size: more tokens than any model has. It makes bounds wider, not wrong.
const maxVocab = 1 << 20

// NewTopRule returns the rule for s over a vocabulary of that many tokens; 0 for a size that is not known.
func NewTopRule(s posp.Sampling, vocab int) (*TopRule, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if vocab <= 0 {
		vocab = maxVocab
	}
	return &TopRule{sampling: s, temperature: float64(s.TemperatureMicro) / 1e6, topP: float64(s.TopPMicro) / 1e6, vocab: vocab}, nil
}

// Evidence is as Rule's.
func (r *TopRule) Evidence() posp.Evidence { return posp.Evidence{Kind: r.sampling.Rule.Recomputed()} }

// Recompute appends to e what is known of its next position. An error says that the server told nonsense.
func (r *TopRule) Recompute(e *posp.Evidence, k Known) error {
	h, err := r.head(k)
	if err != nil {
		return fmt.Errorf("position %d: %w", len(e.LogProb), err)
	}
	at := uint32(len(e.LogProb))
	e.LogProb = append(e.LogProb, min(0, posp.ToFixed(h.claimed.LogProb)))
	if e.Kind == posp.EvidenceIntervals {
		below, mass := r.interval(h)
		e.Mass = append(e.Mass, posp.ToUnit(mass))
		e.Below = append(e.Below, min(posp.ToUnit(below), posp.Unit-e.Mass[at]))
		return nil
	}
	e.Margin = append(e.Margin, max(0, posp.ToFixed(r.margin(h, at))))
	return nil
}

// head is the known part of one position's distribution at the rule's temperature. Weights are relative to the
// most likely token's.
type head struct {
	tokens  []Alternative // best first, lowest id first among equals
	weight  []float64     // of each
	upTo    []float64     // upTo[n]: weight of the first n
	claimed Alternative
	at      int // the claimed token's place in tokens, or len(tokens) if it is in the tail

	tail      float64 // the most that the tokens beyond the known ones weigh
	low, high float64 // bounds of the weight of all tokens

	// The nucleus: the first inside tokens are surely in it, those from outside on surely not; its weight
	// is between least and most. outside is more than len(tokens) if even the tail may be in.
	inside, outside int
	least, most     float64
}

// head sorts what is known and finds the bounds of what is not.
func (r *TopRule) head(k Known) (*head, error) {
	h := &head{tokens: slices.Clone(k.Top), claimed: k.Claimed}
	if len(h.tokens) == 0 {
		return nil, fmt.Errorf("the server names no likely token")
	}
	slices.SortFunc(h.tokens, func(a, b Alternative) int {
		return cmp.Or(cmp.Compare(b.LogProb, a.LogProb), cmp.Compare(a.ID, b.ID))
	})
	sum := 0.0
	seen := make(map[uint32]bool, len(h.tokens))
	h.at = len(h.tokens)
	for i, t := range h.tokens {
		sum += math.Exp(t.LogProb)
		if seen[t.ID] {
			return nil, fmt.Errorf("the server names token %d twice", t.ID)
		}
		seen[t.ID] = true
		if t.ID == k.Claimed.ID {
			h.at = i
			h.claimed = t
		}
	}
	if best := h.tokens[0].LogProb; !(sum <= 1.01) || math.IsInf(best, -1) || math.IsNaN(h.claimed.LogProb) {
		return nil, fmt.Errorf("the server's %d most likely tokens have probability %v together: these are no log-probabilities of a softmax",
			len(h.tokens), sum)
	}
	last := h.tokens[len(h.tokens)-1].LogProb
	if h.at == len(h.tokens) && h.claimed.LogProb > last+0.1 { // two passes of one engine may differ a little
		return nil, fmt.Errorf("token %d, with log-probability %v, is not among the server's most likely ones, which go down to %v",
			h.claimed.ID, h.claimed.LogProb, last)
	}

	first := h.tokens[0].LogProb
	temperature := r.temperature
	if r.sampling.Rule == posp.Greedy {
		return h, nil
	}
	h.upTo = make([]float64, 1, len(h.tokens)+1)
	for _, t := range h.tokens {
		w := math.Exp((t.LogProb - first) / temperature)
		h.weight = append(h.weight, w)
		h.upTo = append(h.upTo, h.upTo[len(h.upTo)-1]+w)
	}
	known := h.upTo[len(h.tokens)]
	h.low, h.high = known, known
	unknown := float64(max(0, r.vocab-len(h.tokens)))
	if unknown > 0 {
		// weigh is what the tail weighs at least and at most if its probability is rest.
		weigh := func(rest float64) (least, most float64) {
			if rest = min(max(0, rest), unknown*math.Exp(last)); rest == 0 {
				return 0, 0
			}
			crowded := rest / math.Exp(last) * h.weight[len(h.tokens)-1]
			alike := unknown * math.Exp((math.Log(rest/unknown)-first)/temperature)
			return min(crowded, alike), max(crowded, alike)
		}
		least, _ := weigh(1 - sum - rounding)
		_, h.tail = weigh(1 - sum + rounding)
		h.low += least
		h.high += h.tail
	}
	r.nucleus(h)
	return h, nil
}

// nucleus fills the lower part of h.
func (r *TopRule) nucleus(h *head) {
	n := len(h.tokens)
	if r.sampling.TopPMicro == 1_000_000 {
		h.inside, h.outside, h.least, h.most = n, n+1, h.low, h.high
		return
	}
	// The less the whole weighs, the sooner the head reaches top-p of it.
	reach := func(total float64) int {
		for i := range n {
			if h.upTo[i+1] >= r.topP*total {
				return i + 1
			}
		}
		return n + 1
	}
	soonest, latest := reach(h.low), reach(h.high)
	h.inside, h.outside = min(soonest, n), latest
	if soonest <= n {
		h.least = h.upTo[soonest]
	} else {
		h.least = max(h.upTo[n], r.topP*h.low)
	}
	if latest <= n {
		h.most = h.upTo[latest]
	} else { // the token that reaches top-p is in the tail, and no heavier than the last known one
		h.most = max(h.least, min(h.high, r.topP*h.high+h.weight[n-1]))
	}
}

// interval is Rule.Interval of the claimed token. Tokens that are not surely in the nucleus, and not surely
// outside, are one group behind the others.
func (r *TopRule) interval(h *head) (below, mass float64) {
	if h.at >= h.outside || h.at == len(h.tokens) && h.outside <= len(h.tokens) {
		return 1, 0
	}
	total := (h.least + h.most) / 2
	if h.most-h.least > restSlack*h.least {
		total = h.upTo[h.inside]
		if h.at >= h.inside {
			return 0, 1
		}
	}
	if h.at < h.inside {
		return h.upTo[h.at] / total, h.weight[h.at] / total
	}
	below = h.upTo[h.inside] / total
	return below, 1 - below
}

// margin is Rule.Judge's, or less: of the tokens that could have been preferred only the known ones count, and
// the tail below the claimed token is taken as heavy as it can be.
func (r *TopRule) margin(h *head, i uint32) float64 {
	if r.sampling.Rule == posp.Greedy {
		return max(0, h.tokens[0].LogProb-h.claimed.LogProb)
	}
	own := h.claimed.LogProb/r.temperature + noiseOf(r.sampling.Seed, i, h.claimed.ID)
	best := own
	for _, t := range h.tokens[:h.inside] {
		best = max(best, t.LogProb/r.temperature+noiseOf(r.sampling.Seed, i, t.ID))
	}
	margin := best - own
	n := len(h.tokens)
	switch {
	case h.at < n && h.at >= h.outside:
		tail := h.tail // by itself: beside the whole it would be lost to rounding
		for _, w := range slices.Backward(h.weight[h.at:]) {
			tail += w
		}
		margin += max(0, math.Log((1-r.topP)/(tail/h.high)))
	case h.at == n && h.outside <= n:
		// No heavier than the whole tail, and no heavier than if all of the tail were as likely as the claimed one.
		weight := math.Exp((h.claimed.LogProb - h.tokens[0].LogProb) / r.temperature)
		tail := min(h.tail/h.high, float64(max(1, r.vocab-n))*weight/h.low)
		margin += max(0, math.Log((1-r.topP)/tail))
	}
	return margin
}

// noiseOf is the noise of one token, as Rule draws it for all.
func noiseOf(seed posp.Hash, i, token uint32) float64 {
	var nonce [chacha20.NonceSize]byte
	binary.BigEndian.PutUint32(nonce[8:], i)
	stream, err := chacha20.NewUnauthenticatedCipher(seed[:], nonce[:])
	if err != nil { // the lengths are right by their types
		panic(fmt.Sprintf("chacha20: %v", err))
	}
	stream.SetCounter(token / 8) // blocks of 64 bytes, 8 for each token
	var block [64]byte
	stream.XORKeyStream(block[:], block[:])
	u := (float64(binary.BigEndian.Uint64(block[token%8*8:])>>11) + 0.5) * 0x1p-53
	return -math.Log(-math.Log(u))
}
