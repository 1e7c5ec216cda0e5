package openai

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// generation is what a server wrote.
type generation struct {
	tokens []inference.Token
	finish posp.FinishReason
}

// Generate implements inference.Generator, so that honest pairs are measured with a real engine as the provider:
// its tokens and log-probabilities are those of decoding. Tokens are emitted when all are there. A seeded request is
// a posp.ValidationError: these servers draw with randomness of their own.
func (s *Scorer) Generate(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
	if err := r.Sampling.Check(); err != nil {
		return 0, err
	}
	if r.Sampling.Rule == posp.Seeded {
		return 0, posp.Invalidf("%s draws with randomness of its own: the request must be greedy or unseeded", s.about.Class)
	}
	if err := inference.CheckTokens(r.Prompt, nil, s.vocab()); err != nil {
		return 0, err
	}
	if s.about.Context > 0 {
		if err := inference.CheckContext(len(r.Prompt), int(r.Sampling.MaxTokens), s.about.Context); err != nil {
			return 0, err
		}
	}
	if r.Top > s.about.Top {
		return 0, posp.Invalidf("%d alternatives were asked for, %s tells %d", r.Top, s.about.Class, s.about.Top)
	}
	g, err := s.server.generate(ctx, s.about, r)
	if err != nil {
		return 0, fmt.Errorf("generate on %s: %w", s.about.Class, err)
	}
	for _, t := range g.tokens {
		if err := emit(t); err != nil {
			return 0, err
		}
	}
	return g.finish, nil
}

// parameters are temperature and top-p as these servers take them.
func parameters(s posp.Sampling) (temperature, topP float64) {
	if s.Rule == posp.Greedy {
		return 0, 1
	}
	return float64(s.TemperatureMicro) / 1e6, float64(s.TopPMicro) / 1e6
}

// finished reads OpenAI's finish reason, which SGLang has too.
func finished(reason string) (posp.FinishReason, error) {
	switch reason {
	case "stop":
		return posp.FinishStop, nil
	case "length":
		return posp.FinishLength, nil
	}
	return 0, fmt.Errorf("the answer ended for the reason %.40q", reason)
}

func (v vllm) generate(ctx context.Context, d Description, r inference.Request) (g generation, err error) {
	temperature, topP := parameters(r.Sampling)
	// What is not named here would be taken from the model's generation_config.json.
	question := map[string]any{"model": d.Model, "prompt": r.Prompt, "max_tokens": r.Sampling.MaxTokens, "temperature": temperature, "top_p": topP,
		"top_k": -1, "min_p": 0, "repetition_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0,
		"logprobs": r.Top, "return_token_ids": true, "return_tokens_as_token_ids": true}
	var answer struct {
		Choices []struct {
			TokenIDs []uint32 `json:"token_ids"`
			Logprobs struct {
				Token []*float64           `json:"token_logprobs"`
				Top   []map[string]float64 `json:"top_logprobs"` // by "token_id:42"
			} `json:"logprobs"`
			FinishReason string `json:"finish_reason"`
		} `json:"choices"`
	}
	if err := v.post(ctx, "/v1/completions", question, answerLimit(r), &answer); err != nil {
		return g, err
	}
	if len(answer.Choices) != 1 {
		return g, fmt.Errorf("%d choices came for one prompt", len(answer.Choices))
	}
	c := answer.Choices[0]
	if n := len(c.TokenIDs); n == 0 || len(c.Logprobs.Token) != n || len(c.Logprobs.Top) != n {
		return g, fmt.Errorf("token ids came for %d tokens and log-probabilities for %d (vLLM tells token ids since 0.10.2)", n, len(c.Logprobs.Token))
	}
	for i, id := range c.TokenIDs {
		if c.Logprobs.Token[i] == nil {
			return g, fmt.Errorf("position %d has no log-probability", i)
		}
		t := inference.Token{ID: id, LogProb: *c.Logprobs.Token[i]}
		for name, x := range c.Logprobs.Top[i] {
			other, err := strconv.ParseUint(strings.TrimPrefix(name, "token_id:"), 10, 32)
			if err != nil {
				return g, fmt.Errorf("position %d names a token %.40q and not its id", i, name)
			}
			t.Top = append(t.Top, inference.Alternative{ID: uint32(other), LogProb: x})
		}
		t.Top = best(t.Top, r.Top)
		g.tokens = append(g.tokens, t)
	}
	g.finish, err = finished(c.FinishReason)
	return g, err
}

func (s sglang) generate(ctx context.Context, d Description, r inference.Request) (g generation, err error) {
	temperature, topP := parameters(r.Sampling)
	if temperature != 0 && temperature != 1 {
		return g, posp.Invalidf("SGLang tells log-probabilities at the temperature it draws at; a receipt's are at temperature 1, so it must be 0 or 1")
	}
	question := map[string]any{"input_ids": r.Prompt, "return_logprob": true, "top_logprobs_num": r.Top, "sampling_params": map[string]any{
		"max_new_tokens": r.Sampling.MaxTokens, "temperature": temperature, "top_p": topP, "top_k": -1, "min_p": 0, "repetition_penalty": 1}}
	var answer struct {
		Meta struct {
			Output []sglangEntry  `json:"output_token_logprobs"`
			Top    []sglangTop    `json:"output_top_logprobs"`
			Finish sglangFinished `json:"finish_reason"`
		} `json:"meta_info"`
	}
	if err := s.post(ctx, "/generate", question, answerLimit(r), &answer); err != nil {
		return g, err
	}
	m := answer.Meta
	if len(m.Output) == 0 || r.Top > 0 && len(m.Top) != len(m.Output) {
		return g, fmt.Errorf("log-probabilities came for %d and alternatives for %d tokens", len(m.Output), len(m.Top))
	}
	for i, e := range m.Output {
		if e.logProb == nil {
			return g, fmt.Errorf("position %d has no log-probability", i)
		}
		t := inference.Token{ID: e.id, LogProb: *e.logProb}
		if r.Top > 0 {
			for _, a := range m.Top[i] {
				if a.logProb == nil {
					return g, fmt.Errorf("position %d has no log-probability of token %d", i, a.id)
				}
				t.Top = append(t.Top, inference.Alternative{ID: a.id, LogProb: *a.logProb})
			}
		}
		t.Top = best(t.Top, r.Top)
		g.tokens = append(g.tokens, t)
	}
	g.finish, err = finished(m.Finish.Type)
	return g, err
}

func (l *llamaCpp) generate(ctx context.Context, d Description, r inference.Request) (g generation, err error) {
	temperature, topP := parameters(r.Sampling)
	question := map[string]any{"model": d.Model, "prompt": r.Prompt, "n_predict": r.Sampling.MaxTokens, "n_probs": max(1, r.Top), "temperature": temperature,
		"top_p": topP, "samplers": []string{"temperature", "top_p"}, "cache_prompt": true, "return_tokens": true, // and no other sampler
		"response_fields": []string{"completion_probabilities", "tokens", "stop_type"}}
	var answer struct {
		llamaAnswer
		StopType string `json:"stop_type"`
	}
	if err := l.post(ctx, "/completion", question, answerLimit(r), &answer); err != nil {
		return g, err
	}
	switch answer.StopType {
	case "eos":
		g.finish = posp.FinishStop
	case "limit":
		g.finish = posp.FinishLength
	default:
		return g, fmt.Errorf("the answer ended for the reason %.40q", answer.StopType)
	}
	if len(answer.Tokens) == 0 {
		return g, fmt.Errorf("no tokens came")
	}
	// Nothing is told of tokens that end within a character. Then all are scored.
	if len(answer.Probabilities) != len(answer.Tokens) {
		known, err := l.known(ctx, d, r.Prompt, answer.Tokens)
		for _, k := range known {
			g.tokens = append(g.tokens, inference.Token{ID: k.Claimed.ID, LogProb: k.Claimed.LogProb, Top: best(k.Top, r.Top)})
		}
		return g, err
	}
	for i, p := range answer.Probabilities {
		if p.ID != answer.Tokens[i] || p.LogProb == nil {
			return g, fmt.Errorf("position %d has no log-probability of token %d", i, answer.Tokens[i])
		}
		t := inference.Token{ID: p.ID, LogProb: *p.LogProb}
		for _, a := range p.Top {
			if a.LogProb == nil {
				return g, fmt.Errorf("position %d has no log-probability of token %d", i, a.ID)
			}
			t.Top = append(t.Top, inference.Alternative{ID: a.ID, LogProb: *a.LogProb})
		}
		t.Top = best(t.Top, r.Top)
		g.tokens = append(g.tokens, t)
	}
	return g, nil
}

func (o ollama) generate(ctx context.Context, d Description, r inference.Request) (generation, error) {
	_, err := o.known(ctx, d, nil, nil)
	return generation{}, err
}

// answerLimit is how long an answer to r may be.
func answerLimit(r inference.Request) int64 {
	return small + int64(r.Sampling.MaxTokens)*int64(max(1, r.Top)+2)*perEntry
}

// best sorts alternatives and cuts them to n.
func best(all []inference.Alternative, n int) []inference.Alternative {
	slices.SortFunc(all, func(a, b inference.Alternative) int {
		return cmp.Or(cmp.Compare(b.LogProb, a.LogProb), cmp.Compare(a.ID, b.ID))
	})
	return all[:min(n, len(all))]
}
