package provider

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// document is a response, or an event of a stream, as vLLM and SGLang write it:
//
//	completions  choices[0].token_ids, .prompt_token_ids (with a stream: in its
//	             first event), .logprobs.token_logprobs
//	chat         choices[0].token_ids, prompt_token_ids of the response,
//	             choices[0].logprobs.content[].logprob
type document struct {
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
	Error json.RawMessage `json:"error"`
}

var errManyAnswers = errors.New("the server gave more than one answer")

// take adds to an answer what a document says.
func (a *Answer) take(d document, chat bool) error {
	if !null(d.Error) {
		return fmt.Errorf("the server broke off with error %.200s", d.Error)
	}
	if len(d.Choices) == 0 { // a stream's usage
		return nil
	}
	c := d.Choices[0]
	if len(d.Choices) > 1 || c.Index != 0 {
		return errManyAnswers
	}
	if a.Finish != 0 && len(c.TokenIDs) > 0 {
		return errors.New("the server gave tokens after the end of the answer")
	}
	for _, ids := range [][]uint32{d.PromptTokenIDs, c.PromptTokenIDs} {
		if err := a.takePrompt(ids); err != nil {
			return err
		}
	}
	a.Output = append(a.Output, c.TokenIDs...)
	if lp := c.LogProbs; lp != nil {
		logProbs := lp.TokenLogProbs
		if chat {
			logProbs = nil
			for _, t := range lp.Content {
				logProbs = append(logProbs, t.LogProb)
			}
		}
		for _, x := range logProbs {
			if x == nil {
				return fmt.Errorf("the server gave no log-probability of output token %d", len(a.LogProbs))
			}
			a.LogProbs = append(a.LogProbs, notPositive(*x))
		}
	}
	if len(a.Output) > posp.MaxPositions || len(a.LogProbs) > posp.MaxPositions {
		return fmt.Errorf("the answer has more than %d tokens", posp.MaxPositions)
	}
	return a.takeFinish(c.FinishReason)
}

// takePrompt takes the prompt's token ids, which a server may say twice.
func (a *Answer) takePrompt(ids []uint32) error {
	if len(ids) == 0 {
		return nil
	}
	if len(a.Prompt) > 0 && !slices.Equal(a.Prompt, ids) {
		return errors.New("the server gave the prompt's tokens twice, not the same")
	}
	a.Prompt = ids
	return nil
}

func (a *Answer) takeFinish(reason *string) error {
	if reason == nil {
		return nil
	}
	switch *reason {
	case "stop":
		a.Finish = posp.FinishStop
	case "length":
		a.Finish = posp.FinishLength
	default:
		return fmt.Errorf("the answer ended for reason %.80q, which a receipt cannot describe", *reason)
	}
	return nil
}

// notPositive is x, which rounding can leave a hair above 0.
func notPositive(x float64) float64 { return math.Min(x, 0) }

// readDocument decodes into v, which says what is documented.
func readDocument(document []byte, v any) error {
	if err := json.Unmarshal(document, v); err != nil {
		return fmt.Errorf("the server's response is not as documented: %w", err)
	}
	return nil
}
