package server

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// response is an answer or, in a stream, a piece of one. Field names are OpenAI's; token_ids,
// prompt_token_ids and stop_reason are vLLM's. In chat vLLM has prompt_token_ids at the top, in completions in
// the choice; both dialects have them in the choice here, and chat at the top too.
type response struct {
	ID             string   `json:"id"`
	Object         string   `json:"object"`
	Created        int64    `json:"created"`
	Model          string   `json:"model"`
	Choices        []choice `json:"choices"`
	Usage          *usage   `json:"usage,omitempty"`
	PromptTokenIDs []uint32 `json:"prompt_token_ids,omitempty"`
}

type choice struct {
	Index          int      `json:"index"`
	Text           *string  `json:"text,omitempty"`    // completion
	Message        *text    `json:"message,omitempty"` // chat
	Delta          *text    `json:"delta,omitempty"`   // chat, in a stream
	Logprobs       any      `json:"logprobs"`          // *completionLogprobs, *chatLogprobs or nil
	FinishReason   *string  `json:"finish_reason"`
	StopReason     *string  `json:"stop_reason"` // always null: there are no stop strings
	TokenIDs       []uint32 `json:"token_ids,omitempty"`
	PromptTokenIDs []uint32 `json:"prompt_token_ids,omitempty"`
}

type text struct {
	Role    string  `json:"role,omitempty"`
	Content *string `json:"content,omitempty"`
}

type usage struct {
	PromptTokens     int `json:"prompt_tokens"`
	CompletionTokens int `json:"completion_tokens"`
	TotalTokens      int `json:"total_tokens"`
}

// completionLogprobs has one element for each token in every list.
type completionLogprobs struct {
	TextOffset    []int                `json:"text_offset"` // in characters of the output
	TokenLogprobs []float64            `json:"token_logprobs"`
	Tokens        []string             `json:"tokens"`
	TopLogprobs   []map[string]float64 `json:"top_logprobs"`
}

type chatLogprobs struct {
	Content []chatLogprob `json:"content"`
}

type chatLogprob struct {
	tokenLogprob
	TopLogprobs []tokenLogprob `json:"top_logprobs"`
}

type tokenLogprob struct {
	Token   string  `json:"token"`
	Logprob float64 `json:"logprob"`
	Bytes   []int   `json:"bytes"` // null for special tokens
}

// tokenText is a name for a token, different for each: the character of an ASCII byte, bytes:\xNN for a
// part of a longer character, <s> and </s>.
func tokenText(id uint32) string {
	switch {
	case id < utf8.RuneSelf:
		return string(rune(id))
	case id < 256:
		return fmt.Sprintf(`bytes:\x%02x`, id)
	case id == model.BOS:
		return "<s>"
	case id == model.EOS:
		return "</s>"
	}
	return fmt.Sprintf("token_id:%d", id)
}

func named(id uint32, logProb float64) tokenLogprob {
	l := tokenLogprob{Token: tokenText(id), Logprob: logProb}
	if id < 256 {
		l.Bytes = []int{int(id)}
	}
	return l
}

// writer turns tokens into response pieces. It keeps back the beginning of a character whose rest has not come.
type writer struct {
	d          dialect
	j          job
	pending    []byte
	characters int // that were handed out
}

// piece renders tokens that came, and with last everything that was kept back.
func (w *writer) piece(tokens []inference.Token, last bool) (string, any) {
	var completions completionLogprobs
	chats := chatLogprobs{Content: []chatLogprob{}}
	var out []byte
	for _, t := range tokens {
		completions.TextOffset = append(completions.TextOffset, w.characters+utf8.RuneCount(out))
		completions.TokenLogprobs = append(completions.TokenLogprobs, t.LogProb)
		completions.Tokens = append(completions.Tokens, tokenText(t.ID))
		var top map[string]float64
		line := chatLogprob{tokenLogprob: named(t.ID, t.LogProb), TopLogprobs: []tokenLogprob{}}
		for _, a := range t.Top {
			if top == nil {
				top = map[string]float64{tokenText(t.ID): t.LogProb} // vLLM lists the chosen one in any case
			}
			top[tokenText(a.ID)] = a.LogProb
			line.TopLogprobs = append(line.TopLogprobs, named(a.ID, a.LogProb))
		}
		completions.TopLogprobs = append(completions.TopLogprobs, top)
		chats.Content = append(chats.Content, line)

		w.pending = append(w.pending, model.Decode([]uint32{t.ID})...)
		out = append(out, w.complete()...)
	}
	if last {
		out = append(out, bytes.ToValidUTF8(w.pending, []byte("\uFFFD"))...)
		w.pending = nil
	}
	w.characters += utf8.RuneCount(out)
	switch {
	case !w.j.logprobs || len(tokens) == 0:
		return string(out), nil
	case w.d == chat:
		return string(out), &chats
	}
	return string(out), &completions
}

// complete takes from w.pending what can be told: whole characters, and U+FFFD for bytes that begin none.
func (w *writer) complete() []byte {
	var out []byte
	for utf8.FullRune(w.pending) {
		r, size := utf8.DecodeRune(w.pending)
		out = utf8.AppendRune(out, r)
		w.pending = w.pending[size:]
	}
	return out
}

// finishReason is posp's finish reason under its OpenAI name.
func finishReason(f posp.FinishReason) string {
	if f == posp.FinishStop {
		return "stop"
	}
	return "length"
}
