package adversary

import (
	"context"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// A small model writes, and the promised model only scores what was written,
// in one prefill pass: a tenth of the cost of decoding with it.
//
// Against a design that compares log-probabilities alone it is perfect: the
// claimed numbers are the promised model's own, on the very tokens. Here the
// second question gives it away: the rule, applied to the promised model's
// distribution, would have chosen other tokens, at one position in six of a
// greedy answer and at one in three of a seeded one. It is charged after 3
// samples of 48 tokens (median of 24 plays; the worst took 5).
type forger struct {
	writer inference.Generator
	scorer inference.Scorer
}

func (f forger) Generate(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
	tokens, finish, err := inference.Collect(ctx, f.writer, r)
	if err != nil {
		return 0, err
	}
	output := make([]uint32, len(tokens))
	for i, t := range tokens {
		output[i] = t.ID
	}
	evidence, err := f.scorer.Score(ctx, r.Prompt, r.Sampling, output)
	if err != nil {
		return 0, err
	}
	for i, t := range tokens {
		t.LogProb = float64(evidence.LogProb[i]) / posp.Nat
		if err := emit(t); err != nil {
			return 0, err
		}
	}
	return finish, nil
}

func TestForger(t *testing.T) {
	w := newWorld(t, 3)
	small, err := model.Small()
	w.must(err)
	cheat := w.addCheat("forger", forger{float.New(small, float.Options{}), w.scorer})
	w.mustBeCharged(cheat, posp.FaultStatistical, posp.ForgedChoice, 5)
}
