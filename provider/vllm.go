package provider

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// VLLM is the dialect of vLLM (from 0.10.2, which has return_token_ids) and of
// this project's own server:
//
//	completions  choices[0].token_ids, .prompt_token_ids (with a stream: in its
//	             first event), .logprobs.token_logprobs
//	chat         choices[0].token_ids, prompt_token_ids of the response,
//	             choices[0].logprobs.content[].logprob
//
// vLLM must run with --logprobs-mode raw_logprobs (its default: before
// temperature) and --generation-config vllm (no sampling defaults of the
// model's own).
type VLLM struct{}

// Ask implements Dialect.
func (VLLM) Ask(fields map[string]json.RawMessage, chat bool) {
	fields["return_token_ids"] = json.RawMessage("true")
	if chat {
		fields["logprobs"] = json.RawMessage("true")
	} else if null(fields["logprobs"]) {
		fields["logprobs"] = json.RawMessage("1")
	}
}

type vllmResponse struct {
	PromptTokenIDs []uint32 `json:"prompt_token_ids"`
	Choices        []struct {
		Index          int      `json:"index"`
		PromptTokenIDs []uint32 `json:"prompt_token_ids"`
		TokenIDs       []uint32 `json:"token_ids"`
		LogProbs       *struct {
			TokenLogProbs []*float64 `json:"token_logprobs"` // completions
			Content       []struct { // chat
				LogProb *float64 `json:"logprob"`
			} `json:"content"`
		} `json:"logprobs"`
		FinishReason *string `json:"finish_reason"`
	} `json:"choices"`
}

// Read implements Dialect.
func (VLLM) Read(document []byte, chat bool, a *Answer) error {
	var r vllmResponse
	if err := json.Unmarshal(document, &r); err != nil {
		return fmt.Errorf("the server's response is not as documented: %w", err)
	}
	if len(r.Choices) == 0 { // a stream's usage
		return nil
	}
	c := r.Choices[0]
	if len(r.Choices) > 1 || c.Index != 0 {
		return fmt.Errorf("the server gave more than one answer")
	}
	if a.Finish != 0 && len(c.TokenIDs) > 0 {
		return fmt.Errorf("the server gave tokens after the end of the answer")
	}
	for _, ids := range [][]uint32{r.PromptTokenIDs, c.PromptTokenIDs} {
		if len(ids) == 0 {
			continue
		}
		if len(a.Prompt) > 0 && !slices.Equal(a.Prompt, ids) {
			return fmt.Errorf("the server gave the prompt's tokens twice, not the same")
		}
		a.Prompt = ids
	}
	a.Output = append(a.Output, c.TokenIDs...)
	if lp := c.LogProbs; lp != nil {
		var logProbs []*float64
		if chat {
			for _, t := range lp.Content {
				logProbs = append(logProbs, t.LogProb)
			}
		} else {
			logProbs = lp.TokenLogProbs
		}
		for _, x := range logProbs {
			if x == nil {
				return fmt.Errorf("the server gave no log-probability of output token %d", len(a.LogProbs))
			}
			a.LogProbs = append(a.LogProbs, math.Min(*x, 0)) // rounding can leave a hair above 0
		}
	}
	if len(a.Output) > posp.MaxPositions || len(a.LogProbs) > posp.MaxPositions {
		return fmt.Errorf("the answer has more than %d tokens", posp.MaxPositions)
	}
	if c.FinishReason != nil {
		switch *c.FinishReason {
		case "stop":
			a.Finish = posp.FinishStop
		case "length":
			a.Finish = posp.FinishLength
		default:
			return fmt.Errorf("the answer ended for reason %q, which a receipt cannot describe", *c.FinishReason)
		}
	}
	return nil
}

// Strip implements Dialect.
func (VLLM) Strip(fields map[string]json.RawMessage, _ bool, asked Asked) {
	var choices []map[string]json.RawMessage
	if json.Unmarshal(fields["choices"], &choices) != nil {
		return
	}
	if !asked.TokenIDs {
		delete(fields, "prompt_token_ids")
	}
	for _, c := range choices {
		if !asked.TokenIDs {
			delete(c, "prompt_token_ids")
			delete(c, "token_ids")
		}
		if !asked.LogProbs {
			c["logprobs"] = json.RawMessage("null")
		}
	}
	if b, err := json.Marshal(choices); err == nil { // cannot fail: it was just read
		fields["choices"] = b
	}
}
