// Package inference says what the protocol asks of a language model: that a provider generates with it
// (Generator), that an operator recomputes what a provider claims (Scorer), and how a token is chosen from
// a distribution (Rule), which both must do alike. Engines stand in the packages below it.
package inference

import (
	"context"

	"github.com/proof-of-sampling/posp"
)

// Request is what a Generator is asked for.
type Request struct {
	Prompt   []uint32 // token ids, after the chat template; at least one
	Sampling posp.Sampling
	Top      int // how many of the most likely tokens to report with each token
}

// Token is one generated token.
type Token struct {
	ID      uint32
	LogProb float64       // nats, under the full softmax at temperature 1
	Top     []Alternative // the Request.Top most likely tokens, best first
}

// Alternative is a token that could have been chosen.
type Alternative struct {
	ID      uint32
	LogProb float64 // as in Token
}

// Generator writes text with a model. It calls emit for each token as it is made, EOS included, and stops
// with emit's error if there is one. A request that the model cannot serve (context exceeded, unknown
// token) is a posp.ValidationError, returned before the first token. Implementations may be used
// by several callers at once.
type Generator interface {
	Generate(ctx context.Context, r Request, emit func(Token) error) (posp.FinishReason, error)
}

// GeneratorFunc makes a Generator of a function.
type GeneratorFunc func(ctx context.Context, r Request, emit func(Token) error) (posp.FinishReason, error)

// Generate calls f.
func (f GeneratorFunc) Generate(ctx context.Context, r Request, emit func(Token) error) (posp.FinishReason, error) {
	return f(ctx, r, emit)
}

// Collect returns everything that g generates for r.
func Collect(ctx context.Context, g Generator, r Request) ([]Token, posp.FinishReason, error) {
	var tokens []Token
	finish, err := g.Generate(ctx, r, func(t Token) error { tokens = append(tokens, t); return nil })
	return tokens, finish, err
}

// Scorer recomputes a claimed output under teacher forcing: evidence of kind full, one position per output
// token. Tokens outside of the vocabulary and text beyond the context are a posp.ValidationError: no
// model can have written them. Implementations may be used by several callers at once.
type Scorer interface {
	Score(ctx context.Context, prompt []uint32, s posp.Sampling, output []uint32) (posp.Evidence, error)
}

// CheckTokens refuses a prompt that is empty and tokens that are not below vocab.
func CheckTokens(prompt, output []uint32, vocab int) error {
	if len(prompt) == 0 {
		return posp.Invalidf("the prompt has no tokens")
	}
	for i, t := range prompt {
		if int64(t) >= int64(vocab) {
			return posp.Invalidf("prompt token %d is %d, outside of a vocabulary of %d", i, t, vocab)
		}
	}
	for i, t := range output {
		if int64(t) >= int64(vocab) {
			return posp.Invalidf("output token %d is %d, outside of a vocabulary of %d", i, t, vocab)
		}
	}
	return nil
}

// CheckContext refuses a prompt that leaves no room for output tokens within limit positions.
func CheckContext(prompt, output, limit int) error {
	if prompt > limit || output > limit-prompt {
		return posp.Invalidf("this model's maximum context length is %d tokens, but %d were asked for (%d in the prompt, %d for the output)",
			limit, prompt+output, prompt, output)
	}
	return nil
}
