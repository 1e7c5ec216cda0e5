package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// SGLang is the dialect of SGLang, of a version whose chat endpoint knows
// return_input_ids_in_sglext. Completions are as vLLM's; chat has the ids in
//
//	sglext.input_ids, sglext.output_ids[0]   with a stream: in its last event
//
// Output ids end with the EOS token. A chat stream says no log-probability of
// a token that adds no text, as EOS; then all are asked for again, in one
// prefill of prompt and output.
//
// SGLang must run with SGLANG_RETURN_ORIGINAL_LOGPROB=1 in its environment;
// without it, log-probabilities are after temperature.
type SGLang struct{}

// Ask implements Dialect.
func (SGLang) Ask(_ context.Context, s Server, r *Request) (Transcript, error) {
	if r.Chat {
		set(r.Fields, map[string]string{"return_input_ids_in_sglext": "true", "return_output_ids_in_sglext": "true"})
	} else {
		set(r.Fields, map[string]string{"return_token_ids": "true"})
	}
	askOpenAI(r)
	return &sglangTranscript{server: s, request: r}, nil
}

type sglangTranscript struct {
	server  Server
	request *Request
	answer  Answer
}

func (t *sglangTranscript) Read(b []byte) error {
	var d struct {
		document
		Extension struct {
			Input  []uint32   `json:"input_ids"`
			Output [][]uint32 `json:"output_ids"`
		} `json:"sglext"`
	}
	if err := readDocument(b, &d); err != nil {
		return err
	}
	if t.request.Chat { // choices have them only if the buyer asked, and without a stream
		for i := range d.Choices {
			d.Choices[i].TokenIDs = nil
		}
	}
	if err := t.answer.take(d.document, t.request.Chat); err != nil {
		return err
	}
	if err := t.answer.takePrompt(d.Extension.Input); err != nil {
		return err
	}
	switch {
	case len(d.Extension.Output) > 1:
		return errManyAnswers
	case len(d.Extension.Output) == 1:
		if len(t.answer.Output) > 0 {
			return fmt.Errorf("the server gave the output's tokens twice")
		}
		t.answer.Output = d.Extension.Output[0]
	}
	return nil
}

func (t *sglangTranscript) Answer(ctx context.Context) (Answer, error) {
	a := t.answer
	if a.Finish == 0 || len(a.Prompt) == 0 || len(a.LogProbs) >= len(a.Output) {
		return a, nil
	}
	logProbs, err := t.score(ctx, a.Prompt, a.Output)
	if err != nil {
		return Answer{}, fmt.Errorf("ask for the log-probabilities that the stream left out: %w", err)
	}
	a.LogProbs = logProbs
	return a, nil
}

// score is the log-probability of each output token, which SGLang gives at
// temperature 1 for tokens that are input.
func (t *sglangTranscript) score(ctx context.Context, prompt, output []uint32) ([]float64, error) {
	var got struct {
		Meta struct {
			Input []sglangLogProb `json:"input_token_logprobs"`
		} `json:"meta_info"`
	}
	err := t.server.Post(ctx, "/generate", map[string]any{
		"input_ids": slices.Concat(prompt, output), "return_logprob": true, "logprob_start_len": len(prompt) - 1,
		"sampling_params": map[string]any{"max_new_tokens": 1, "temperature": 0},
	}, &got)
	if err != nil {
		return nil, err
	}
	list := got.Meta.Input
	if len(list) < len(output) {
		return nil, fmt.Errorf("the server scored %d of %d tokens", len(list), len(output))
	}
	var logProbs []float64
	for i, x := range list[len(list)-len(output):] {
		if x.logProb == nil || x.id != output[i] {
			return nil, fmt.Errorf("the server scored another text: no log-probability of output token %d", i)
		}
		logProbs = append(logProbs, notPositive(*x.logProb))
	}
	return logProbs, nil
}

// sglangLogProb is [logprob, id, text].
type sglangLogProb struct {
	logProb *float64
	id      uint32
}

func (l *sglangLogProb) UnmarshalJSON(b []byte) error {
	var text any
	return json.Unmarshal(b, &[]any{&l.logProb, &l.id, &text})
}

func (t *sglangTranscript) Strip(fields map[string]json.RawMessage) {
	stripOpenAI(fields, t.request.Asked)
	if t.request.Chat {
		delete(fields, "sglext")
	}
}
