package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/proof-of-sampling/posp/inference"
)

// llamaCpp scores on llama.cpp's server, whose /completion tells log-probabilities of generated tokens only: of the
// one that was chosen, whatever its rank, and of the n_probs most likely, both of the raw softmax before
// samplers and biases (tools/server/server-context.cpp, populate_token_probs). So each output position is a
// prompt of its own, the text before it, of which one token is generated. With cache_prompt the server computes what
// is new in it, which is one token, and it takes many prompts in one request and spreads them over its slots.
//
// Which token is generated is forced by a bias: one whose bytes are whole characters, because the server tells
// nothing of a token that ends within a character. A claimed token that is not among the most likely is forced
// itself in a second request, for all its positions together; if it ends within a character, more alternatives
// are asked for, at last the whole vocabulary.
//
// A grammar could force a whole output in one request. But a token that a grammar cannot accept makes the server
// abort, and outputs are written by strangers; and positions that end within a character would be missing.
type llamaCpp struct {
	*client
	anchor uint32 // a token of whole characters
}

const (
	force = 1e4 // a bias beyond every difference of logits
	// idsPerRequest bounds the token ids in one request's prompts.
	idsPerRequest = 1 << 18
)

func (l *llamaCpp) describe(ctx context.Context, o Options) (d Description, found bool, err error) {
	var props struct {
		BuildInfo string `json:"build_info"`
		Settings  struct {
			Context int `json:"n_ctx"` // of one slot
		} `json:"default_generation_settings"`
	}
	if err := l.get(ctx, "/props", &props); err != nil {
		if missing(err) {
			return d, false, nil
		}
		return d, false, err
	}
	if props.Settings.Context == 0 {
		return d, false, nil
	}
	if props.BuildInfo == "" {
		props.BuildInfo = "unknown" // before b4400
	}
	d = Description{Class: "llama.cpp/" + props.BuildInfo, Top: o.Top}
	if d.Model, _, d.Vocab, err = l.pick(ctx, o.Model); err != nil {
		return d, false, err
	}
	d.Context = props.Settings.Context
	var tokens struct{ Tokens []uint32 }
	if err := l.post(ctx, "/tokenize", map[string]any{"content": "a", "add_special": false}, small, &tokens); err != nil {
		return d, false, fmt.Errorf("find a token that is a character: %w", err)
	}
	if len(tokens.Tokens) == 0 {
		return d, false, fmt.Errorf("%w: its tokenizer has no token for the letter a", ErrCannotScore)
	}
	l.anchor = tokens.Tokens[len(tokens.Tokens)-1]
	return d, true, nil
}

type llamaRequest struct {
	Model          string     `json:"model"`
	Prompt         [][]uint32 `json:"prompt"`
	NPredict       int        `json:"n_predict"`
	NProbs         int        `json:"n_probs"`
	Temperature    float64    `json:"temperature"`
	Samplers       []string   `json:"samplers"` // none: the biased token is chosen
	LogitBias      [][2]any   `json:"logit_bias"`
	CachePrompt    bool       `json:"cache_prompt"`
	ReturnTokens   bool       `json:"return_tokens"`
	ResponseFields []string   `json:"response_fields"` // the rest, such as the prompt as text, is long
}

type llamaAnswer struct {
	Probabilities []struct {
		ID      uint32   `json:"id"`
		LogProb *float64 `json:"logprob"`
		Top     []struct {
			ID      uint32   `json:"id"`
			LogProb *float64 `json:"logprob"` // of an impossible token the lowest binary32
		} `json:"top_logprobs"`
	} `json:"completion_probabilities"`
	Tokens    []uint32 `json:"tokens"`
	Evaluated int      `json:"tokens_evaluated"` // of the prompt, the cached ones counted in
	Truncated bool     `json:"truncated"`
}

// llamaAnswers are the answers to a list of prompts. A list of one is answered without a list.
type llamaAnswers []llamaAnswer

func (a *llamaAnswers) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("{")) {
		*a = make(llamaAnswers, 1)
		return json.Unmarshal(b, &(*a)[0])
	}
	return json.Unmarshal(b, (*[]llamaAnswer)(a))
}

// next is what the server tells of the token after a text.
type next struct {
	told   bool                  // whether it tells anything
	forced inference.Alternative // the token that was generated
	top    []inference.Alternative
}

// next asks of the token after each of the texts, and forces that token to be token.
func (l *llamaCpp) next(ctx context.Context, d Description, texts [][]uint32, token uint32, top int) ([]next, error) {
	var all []next
	for len(texts) > 0 {
		n, ids := 0, 0
		for n < len(texts) && (n == 0 || ids+len(texts[n]) <= idsPerRequest) {
			ids += len(texts[n])
			n++
		}
		var answers llamaAnswers
		if d.Vocab > 0 {
			top = min(top, d.Vocab)
		}
		limit := small + int64(n)*int64(top+2)*perEntry
		err := l.post(ctx, "/completion", llamaRequest{Model: d.Model, Prompt: texts[:n], NPredict: 1, NProbs: top, Samplers: []string{},
			LogitBias: [][2]any{{token, force}}, CachePrompt: true, ReturnTokens: true,
			ResponseFields: []string{"completion_probabilities", "tokens", "tokens_evaluated", "truncated"}}, limit, &answers)
		if err != nil {
			return nil, err
		}
		if len(answers) != n {
			return nil, fmt.Errorf("%w: %d answers came for %d prompts", ErrCannotScore, len(answers), n)
		}
		for i, a := range answers {
			switch {
			case a.Evaluated != len(texts[i]):
				return nil, fmt.Errorf("%w: it read %d of %d tokens", ErrCannotScore, a.Evaluated, len(texts[i]))
			case !slices.Equal(a.Tokens, []uint32{token}):
				return nil, fmt.Errorf("%w: it generated %v where a bias forces %d", ErrCannotScore, a.Tokens, token)
			}
			var told next
			for _, p := range a.Probabilities {
				if told.told || p.ID != token || p.LogProb == nil || len(p.Top) < min(top, d.Top) {
					return nil, fmt.Errorf("%w: its log-probabilities are incomplete (llama.cpp names token ids since December 2024, b4285)", ErrCannotScore)
				}
				told = next{told: true, forced: inference.Alternative{ID: p.ID, LogProb: *p.LogProb}}
				for _, t := range p.Top {
					if t.LogProb == nil {
						return nil, fmt.Errorf("%w: it has no log-probability of token %d", ErrCannotScore, t.ID)
					}
					told.top = append(told.top, inference.Alternative{ID: t.ID, LogProb: *t.LogProb})
				}
			}
			all = append(all, told)
		}
		texts = texts[n:]
	}
	return all, nil
}

func (l *llamaCpp) known(ctx context.Context, d Description, prompt, output []uint32) ([]inference.Known, error) {
	text := slices.Concat(prompt, output)
	before := make([][]uint32, len(output))
	for i := range output {
		before[i] = text[:len(prompt)+i]
	}
	told, err := l.next(ctx, d, before, l.anchor, d.Top)
	if err != nil {
		return nil, err
	}
	known := make([]inference.Known, len(output))
	unlikely := map[uint32][]int{} // positions of claimed tokens beyond the most likely
	var order []uint32
	for i, id := range output {
		if !told[i].told {
			return nil, fmt.Errorf("%w: it tells nothing of the token after a text", ErrCannotScore)
		}
		k, ok := told[i].found(id, d.Top)
		if ok {
			known[i] = k
			continue
		}
		if unlikely[id] == nil {
			order = append(order, id)
		}
		unlikely[id] = append(unlikely[id], i)
	}
	for _, id := range order {
		if err := l.force(ctx, d, before, id, unlikely[id], known); err != nil {
			return nil, err
		}
	}
	return known, nil
}

// found is what was told of the claimed token, if it is among the tokens that were told of.
func (n next) found(claimed uint32, top int) (k inference.Known, ok bool) {
	k.Top = n.top[:min(top, len(n.top))]
	if n.forced.ID == claimed {
		k.Claimed = n.forced
		return k, true
	}
	at := slices.IndexFunc(n.top, func(a inference.Alternative) bool { return a.ID == claimed })
	if at < 0 {
		return k, false
	}
	k.Claimed = n.top[at]
	return k, true
}

// force asks of token id at the given positions, where it is not among the most likely, and fills known there.
func (l *llamaCpp) force(ctx context.Context, d Description, before [][]uint32, id uint32, at []int, known []inference.Known) error {
	ask := func(at []int, token uint32, top int) (left []int, err error) {
		var texts [][]uint32
		for _, i := range at {
			texts = append(texts, before[i])
		}
		told, err := l.next(ctx, d, texts, token, top)
		if err != nil {
			return nil, err
		}
		for j, i := range at {
			k, ok := told[j].found(id, d.Top)
			if !ok {
				left = append(left, i)
				continue
			}
			known[i] = k
		}
		return left, nil
	}
	left, err := ask(at, id, d.Top)
	if err != nil || len(left) == 0 {
		return err
	}
	if left, err = ask(left, l.anchor, 1024); err != nil {
		return err
	}
	for _, i := range left { // one by one: each answer is of megabytes
		if still, err := ask([]int{i}, l.anchor, 1<<20); err != nil {
			return err
		} else if len(still) > 0 {
			return fmt.Errorf("%w: position %d has no log-probability of token %d", ErrCannotScore, i, id)
		}
	}
	return nil
}
