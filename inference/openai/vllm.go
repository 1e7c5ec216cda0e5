package openai

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/proof-of-sampling/posp/inference"
)

// vllm scores by prompt_logprobs of /v1/completions. Field names as in vLLM's vllm/entrypoints/openai/completion/protocol.py
// (0.11 and main of 2026; the older protocol.py has the same), limits as in vllm/sampling_params.py. The
// log-probabilities of a prompt are of the raw logits, whatever the sampling parameters are, and a request for them
// reads no cached prefix.
type vllm struct{ *client }

func (v vllm) describe(ctx context.Context, o Options) (d Description, found bool, err error) {
	var version struct{ Version string }
	if err := v.get(ctx, "/version", &version); err != nil {
		if missing(err) {
			return d, false, nil
		}
		return d, false, err
	}
	if version.Version == "" {
		return d, false, nil
	}
	d = Description{Class: "vllm/" + version.Version, Top: o.Top}
	if d.Model, d.Context, d.Vocab, err = v.pick(ctx, o.Model); err != nil {
		return d, false, err
	}
	d.Context = max(0, d.Context-1) // one token is generated in any case
	return d, true, nil
}

type vllmRequest struct {
	Model          string   `json:"model"`
	Prompt         []uint32 `json:"prompt"`
	MaxTokens      int      `json:"max_tokens"`
	Temperature    float64  `json:"temperature"`
	PromptLogprobs int      `json:"prompt_logprobs"`
	ReturnTokenIDs bool     `json:"return_token_ids"` // since 0.10.2; older ones ignore it
}

type vllmAnswer struct {
	Choices []struct {
		// For each prompt token null (the first) or, by token id, the most likely ones and the prompt's own, which
		// is one more where it is not among them.
		PromptLogprobs []map[uint32]struct {
			Logprob *float64 `json:"logprob"` // -9999 stands for minus infinity
			Rank    int      `json:"rank"`    // from 1
		} `json:"prompt_logprobs"`
		PromptTokenIDs []uint32 `json:"prompt_token_ids"`
	} `json:"choices"`
}

// tooMany is how vLLM refuses more alternatives than --max-logprobs.
var tooMany = regexp.MustCompile(`greater than max allowed: (\d+)`)

func (v vllm) known(ctx context.Context, d Description, prompt, output []uint32) ([]inference.Known, error) {
	text := slices.Concat(prompt, output)
	limit := small + int64(len(text))*int64(d.Top+2)*perEntry
	var answer vllmAnswer
	err := v.post(ctx, "/v1/completions", vllmRequest{Model: d.Model, Prompt: text, MaxTokens: 1, PromptLogprobs: d.Top, ReturnTokenIDs: true}, limit, &answer)
	var status *statusError
	if errors.As(err, &status) {
		if m := tooMany.FindStringSubmatch(status.message); m != nil {
			top, _ := strconv.Atoi(m[1]) // digits; a number too large for int is no limit either
			return nil, &topLimit{top, fmt.Errorf("%w with %d alternatives: %w (start vLLM with --max-logprobs)", ErrCannotScore, d.Top, err)}
		}
	}
	if err != nil {
		return nil, err
	}
	if len(answer.Choices) != 1 {
		return nil, fmt.Errorf("%w: %d choices came for one prompt", ErrCannotScore, len(answer.Choices))
	}
	c := answer.Choices[0]
	if len(c.PromptLogprobs) != len(text) {
		return nil, fmt.Errorf("%w: log-probabilities came for %d of %d prompt tokens", ErrCannotScore, len(c.PromptLogprobs), len(text))
	}
	if c.PromptTokenIDs != nil && !slices.Equal(c.PromptTokenIDs, text) {
		return nil, fmt.Errorf("%w: it scored other tokens than it was sent", ErrCannotScore)
	}
	known := make([]inference.Known, len(output))
	for i, id := range output {
		entries := c.PromptLogprobs[len(prompt)+i]
		own, ok := entries[id]
		if !ok {
			return nil, fmt.Errorf("%w: position %d has no log-probability of token %d", ErrCannotScore, i, id)
		}
		for other, e := range entries {
			if e.Logprob == nil {
				return nil, fmt.Errorf("%w: position %d has no log-probability of token %d", ErrCannotScore, i, other)
			}
			if other == id && own.Rank > d.Top && len(entries) > d.Top {
				continue
			}
			known[i].Top = append(known[i].Top, inference.Alternative{ID: other, LogProb: *e.Logprob})
		}
		known[i].Claimed = inference.Alternative{ID: id, LogProb: *own.Logprob}
	}
	return known, nil
}
