package devnet

import (
	"context"
	"hash/fnv"
	"math/rand/v2"
	"net/http"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// The dishonest parties of the play. Each is the product's own role with one
// part exchanged, from outside: the product has no switch for cheating.

// forge is the prefill forgery: a cheap model writes, and the promised model
// only scores what was written, in one pass, which costs a fraction of
// generating it. Its log-probabilities are the promised model's own, so the
// question "was it this model?" is answered yes.
func forge(writer inference.Generator, scorer inference.Scorer) inference.Generator {
	return inference.GeneratorFunc(func(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		tokens, finish, err := inference.Collect(ctx, writer, r)
		if err != nil {
			return 0, err
		}
		output := make([]uint32, len(tokens))
		for i, t := range tokens {
			output[i] = t.ID
		}
		evidence, err := scorer.Score(ctx, r.Prompt, r.Sampling, output)
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
	})
}

// lazyScorer invents evidence that looks plausible instead of computing it.
type lazyScorer struct{}

func (lazyScorer) Score(_ context.Context, prompt []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	h := fnv.New64a()
	for _, t := range append(append([]uint32{}, prompt...), output...) {
		h.Write([]byte{byte(t), byte(t >> 8), byte(t >> 16), byte(t >> 24)})
	}
	rng := rand.New(rand.NewPCG(h.Sum64(), 1))
	e := posp.Evidence{Kind: posp.EvidenceFull}
	for range output {
		e.LogProb = append(e.LogProb, posp.ToFixed(-rng.ExpFloat64()))
		e.Margin = append(e.Margin, 0)
	}
	return e, nil
}

// withhold serves everything but openings: the provider hides behind
// "not reachable" as soon as a sample is drawn.
func withhold(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/posp/v1/openings" {
			http.Error(w, `{"error":{"code":"unavailable","message":"try again later"}}`, http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}
