package measure

import (
	"context"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// Party answers a request, and says with which log-probabilities.
type Party func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error)

// Generates is the party that reports what its engine computed as it wrote:
// honest, if the engine runs the model that was promised.
func Generates(g inference.Generator) Party {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error) {
		return inference.Collect(ctx, g, r)
	}
}

// Claims is the party of which another engine's log-probabilities are
// reported. When writer is honest this is the honest party on the scorer's
// engine, as far as reading a text does what writing it does; when writer is
// a cheaper model it is the prefill forger.
func Claims(writer Party, scorer inference.Scorer) Party {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error) {
		tokens, finish, err := writer(ctx, r)
		if err != nil {
			return nil, 0, err
		}
		evidence, err := scorer.Score(ctx, r.Prompt, r.Sampling, ids(tokens))
		for i := range evidence.LogProb {
			tokens[i].LogProb = float64(evidence.LogProb[i]) / posp.Nat
		}
		return tokens, finish, err
	}
}

// Hotter is the party that draws at another temperature than was asked for.
func Hotter(g inference.Generator, temperatureMicro uint32) Party {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error) {
		r.Sampling.TemperatureMicro = temperatureMicro
		return inference.Collect(ctx, g, r)
	}
}

// Cool is r with temperature 0.7 and nothing cut off, seeded if it was greedy.
func Cool(r inference.Request, seed posp.Hash) inference.Request {
	if r.Sampling.Rule == posp.Greedy {
		r.Sampling.Rule, r.Sampling.Seed = posp.Seeded, seed
	}
	r.Sampling.TemperatureMicro, r.Sampling.TopPMicro = 700_000, 1_000_000
	return r
}

// Unseeded is r as a server with randomness of its own answers it.
func Unseeded(r inference.Request) inference.Request {
	r.Sampling = inference.Unseeded(r.Sampling)
	return r
}
