package adversary

import (
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// A competitor buys, and asks what makes two honest machines differ most:
// noise for a prompt, temperatures at both ends, a nucleus whose edge cuts
// between tokens that are nearly alike, the longest answers.
//
// Against a threshold that was chosen on friendly requests it gets an honest
// provider slashed for the price of some answers. Here the policy bounds what
// honest pairs do on such requests too. The rules, after each epoch, are the
// test.
func TestGriefingBuyer(t *testing.T) {
	w := newWorld(t, 11)
	w.request = func() ([]uint32, posp.Sampling) {
		prompt := []uint32{model.BOS}
		for range 1 + w.random.IntN(60) {
			prompt = append(prompt, uint32(w.random.IntN(256)))
		}
		s := posp.Sampling{Rule: posp.Seeded, Seed: w.hash(), MaxTokens: uint32(maxTokens * (1 + w.random.IntN(4)))}
		s.TemperatureMicro = []uint32{1, 1_000, 300_000, 1_000_000, 3_000_000, 10_000_000}[w.random.IntN(6)]
		s.TopPMicro = []uint32{1, 10_000, 300_000, 900_000, 999_999, 1_000_000}[w.random.IntN(6)]
		return prompt, s
	}
	worst := uint64(0)
	for range 5 {
		w.play()
		worst = max(worst, standing(w.standings, w.providers[0].address, w.model.Spec.ID()))
	}
	t.Logf("the honest provider's standing was never above %.2f of %.2f nats", float64(worst)/(1<<16), float64(w.parameters.FaultLine)/(1<<16))
}
