package provider

import (
	"context"
	"encoding/json"
)

// VLLM is the dialect of vLLM (from 0.10.2, which has return_token_ids) and of
// this project's own server. Its output ends with the EOS token, and that has a
// log-probability like every other.
//
// vLLM must run with --logprobs-mode raw_logprobs (its default: before
// temperature).
type VLLM struct{}

// Ask implements Dialect.
func (VLLM) Ask(_ context.Context, _ Server, r *Request) (Transcript, error) {
	set(r.Fields, map[string]string{"return_token_ids": "true"})
	askOpenAI(r)
	return &vllmTranscript{request: r}, nil
}

// askOpenAI asks for log-probabilities, and switches off the sampling defaults
// that a server may have taken from the model's generation_config.json.
func askOpenAI(r *Request) {
	if r.Chat {
		set(r.Fields, map[string]string{"logprobs": "true"})
	} else {
		setDefaults(r.Fields, map[string]string{"logprobs": "1"})
	}
	setDefaults(r.Fields, map[string]string{"top_k": "-1", "min_p": "0", "repetition_penalty": "1"})
}

type vllmTranscript struct {
	request *Request
	answer  Answer
}

func (t *vllmTranscript) Read(b []byte) error {
	var d document
	if err := readDocument(b, &d); err != nil {
		return err
	}
	return t.answer.take(d, t.request.Chat)
}

func (t *vllmTranscript) Answer(context.Context) (Answer, error) { return t.answer, nil }

func (t *vllmTranscript) Strip(fields map[string]json.RawMessage) {
	stripOpenAI(fields, t.request.Asked)
}

func stripOpenAI(fields map[string]json.RawMessage, asked Asked) {
	var names []string
	if !asked.TokenIDs {
		names = []string{"prompt_token_ids"}
	}
	stripChoices(fields, names, func(c map[string]json.RawMessage) {
		if !asked.TokenIDs {
			delete(c, "prompt_token_ids")
			delete(c, "token_ids")
		}
		if !asked.LogProbs {
			c["logprobs"] = json.RawMessage("null")
		}
	})
}
