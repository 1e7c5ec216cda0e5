package openai

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/proof-of-sampling/posp/inference"
)

// sglang scores by the input log-probabilities of /generate. Fields as in SGLang's python/sglang/srt/managers/io_struct.py
// and tokenizer_manager.py (0.4 to main of 2026).
type sglang struct{ *client }

func (s sglang) describe(ctx context.Context, o Options) (d Description, found bool, err error) {
	var about struct {
		Version string `json:"version"`
		Path    string `json:"model_path"`
	}
	for _, path := range []string{"/server_info", "/get_server_info"} { // the older name goes
		if err = s.get(ctx, path, &about); err == nil || !missing(err) {
			break
		}
	}
	if err != nil {
		if missing(err) {
			return d, false, nil
		}
		return d, false, err
	}
	if about.Version == "" || about.Path == "" {
		return d, false, nil
	}
	d = Description{Class: "sglang/" + about.Version, Top: o.Top}
	if d.Model, d.Context, d.Vocab, err = s.pick(ctx, o.Model); err != nil {
		return d, false, err
	}
	d.Model = cmp.Or(d.Model, about.Path)
	d.Context = max(0, d.Context-1) // one token is generated in any case
	return d, true, nil
}

type sglangRequest struct {
	InputIDs        []uint32       `json:"input_ids"`
	SamplingParams  sglangSampling `json:"sampling_params"`
	ReturnLogprob   bool           `json:"return_logprob"`
	LogprobStartLen int            `json:"logprob_start_len"`
	TopLogprobsNum  int            `json:"top_logprobs_num"`
}

type sglangSampling struct {
	MaxNewTokens int     `json:"max_new_tokens"`
	Temperature  float64 `json:"temperature"`
}

type sglangAnswer struct {
	Meta struct {
		PromptTokens int            `json:"prompt_tokens"`
		Input        []sglangEntry  `json:"input_token_logprobs"` // from logprob_start_len on; the first has no log-probability
		Top          []sglangTop    `json:"input_top_logprobs"`   // of the same positions
		Finish       sglangFinished `json:"finish_reason"`
	} `json:"meta_info"`
}

type sglangFinished struct {
	Type    string `json:"type"` // "abort": the request was refused with status 200
	Message string `json:"message"`
}

type sglangTop []sglangEntry

// sglangEntry is [log-probability or null, token id, text or null].
type sglangEntry struct {
	logProb *float64
	id      uint32
}

func (e *sglangEntry) UnmarshalJSON(b []byte) error {
	var text json.RawMessage
	tuple := []any{&e.logProb, &e.id, &text}
	n := len(tuple)
	if err := json.Unmarshal(b, &tuple); err != nil {
		return err
	}
	if len(tuple) != n {
		return fmt.Errorf("a log-probability has %d parts, want %d", len(tuple), n)
	}
	return nil
}

func (s sglang) known(ctx context.Context, d Description, prompt, output []uint32) ([]inference.Known, error) {
	text := slices.Concat(prompt, output)
	limit := small + int64(len(output)+2)*int64(d.Top+2)*perEntry
	var answer sglangAnswer
	err := s.post(ctx, "/generate", sglangRequest{InputIDs: text, SamplingParams: sglangSampling{MaxNewTokens: 1}, ReturnLogprob: true,
		LogprobStartLen: len(prompt) - 1, TopLogprobsNum: d.Top}, limit, &answer)
	if err != nil {
		return nil, err
	}
	m := answer.Meta
	switch {
	case m.Finish.Type == "abort":
		return nil, fmt.Errorf("the server gave up: %.400s", m.Finish.Message)
	case m.PromptTokens != len(text):
		return nil, fmt.Errorf("%w: it read %d of %d tokens", ErrCannotScore, m.PromptTokens, len(text))
	case len(m.Input) < len(output) || len(m.Top) != len(m.Input):
		return nil, fmt.Errorf("%w: log-probabilities came for %d and alternatives for %d positions, %d were asked for",
			ErrCannotScore, len(m.Input), len(m.Top), len(output))
	}
	skip := len(m.Input) - len(output)
	known := make([]inference.Known, len(output))
	for i, id := range output {
		own := m.Input[skip+i]
		if own.id != id || own.logProb == nil {
			return nil, fmt.Errorf("%w: position %d has no log-probability of token %d", ErrCannotScore, i, id)
		}
		known[i].Claimed = inference.Alternative{ID: id, LogProb: *own.logProb}
		for _, e := range m.Top[skip+i] {
			if e.logProb == nil {
				return nil, fmt.Errorf("%w: position %d has no log-probability of token %d", ErrCannotScore, i, e.id)
			}
			known[i].Top = append(known[i].Top, inference.Alternative{ID: e.id, LogProb: *e.logProb})
		}
	}
	return known, nil
}
