package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
)

// Tokenizer is a model's tokenizer, for a server that names tokens by their
// text only.
type Tokenizer interface {
	// Encode is a prompt as the server tokenises it, with what it puts before.
	Encode(text string) ([]uint32, error)

	// Token is the only token of that text; ok is false if there is none or
	// there are several.
	Token(text string) (id uint32, ok bool)
}

// Ollama is the dialect of Ollama (from 0.12.11, which has logprobs):
//
//	chat  choices[0].logprobs.content[]: token (text), logprob, bytes
//
// Its /v1/completions has no log-probabilities, so no receipts. It knows no token ids. The prompt is rendered by the server, once more after
// the answer, and tokenised here; output tokens are told by their text. It says nothing of the end
// token, which is one more in the usage: its log-probability is asked for
// afterwards, as an alternative to another token at the same place of the same
// text. No receipt is given where any of this could be wrong: for a text that
// does not tokenise back into the same tokens, and for a character that is made
// of several tokens, whose text Ollama loses.
//
// The OpenAI endpoints of Ollama do not take top_k, min_p and repeat_penalty:
// the Modelfile must turn them off (Connect checks it).
type Ollama struct {
	Tokenizer Tokenizer
	End       string   // text of the spec's EOS token
	OtherEnds []string // of other tokens that end an answer
}

// Ask implements Dialect.
func (o Ollama) Ask(_ context.Context, s Server, r *Request) (Transcript, error) {
	if !r.Chat {
		return nil, errors.New("Ollama gives no log-probabilities at /v1/completions; its chat endpoint does")
	}
	if t := r.Sampling.TemperatureMicro; r.Sampling.Rule != posp.Greedy && t != 1_000_000 && r.Sampling.TopPMicro < 1_000_000 {
		return nil, errors.New("whether Ollama cuts to top_p before or after temperature depends on its engine: use temperature 1, or top_p 1")
	}
	t := &ollamaTranscript{server: s, request: r, tokenizer: o.Tokenizer, end: o.End, otherEnds: o.OtherEnds}
	set(r.Fields, map[string]string{"logprobs": "true"})
	if r.Stream {
		set(r.Fields, map[string]string{"stream_options": `{"include_usage":true}`})
	}
	if r.Sampling.Rule == posp.Unseeded { // the Modelfile may name a seed
		setDefaults(r.Fields, map[string]string{"seed": "-1"})
	}
	return t, nil
}

type ollamaTranscript struct {
	server    Server
	request   *Request
	tokenizer Tokenizer
	end       string
	otherEnds []string
	text      string // of the prompt, after the template
	prompt    []uint32

	answer  Answer // without the end token
	output  strings.Builder
	made    int // output tokens by the usage, end token included
	counted int // prompt tokens by the usage
	usage   bool
}

// render fills text and prompt.
func (t *ollamaTranscript) render(ctx context.Context) (err error) {
	fields := map[string]any{}
	for name, value := range t.request.Fields {
		fields[name] = value
	}
	fields["_debug_render_only"], fields["stream"] = true, false
	var got struct {
		Debug *struct {
			Rendered string `json:"rendered_template"`
		} `json:"_debug_info"`
	}
	if err := t.server.Post(ctx, "/v1/chat/completions", fields, &got); err != nil {
		return err
	}
	if got.Debug == nil {
		return errors.New("the server does not say how it renders a prompt")
	}
	t.text = got.Debug.Rendered
	t.prompt, err = t.tokenizer.Encode(t.text)
	return err
}

type ollamaLogProb struct {
	Token   string          `json:"token"`
	LogProb *float64        `json:"logprob"`
	Top     []ollamaLogProb `json:"top_logprobs"`
}

func (t *ollamaTranscript) Read(b []byte) error {
	var d struct {
		Choices []struct {
			Index        int     `json:"index"`
			FinishReason *string `json:"finish_reason"`
			LogProbs     *struct {
				Content []ollamaLogProb `json:"content"`
			} `json:"logprobs"`
		} `json:"choices"`
		Usage *struct {
			Prompt int `json:"prompt_tokens"`
			Output int `json:"completion_tokens"`
		} `json:"usage"`
		Error json.RawMessage `json:"error"`
	}
	if err := readDocument(b, &d); err != nil {
		return err
	}
	if !null(d.Error) {
		return fmt.Errorf("the server broke off with error %.200s", d.Error)
	}
	if d.Usage != nil && (len(d.Choices) == 0 || !t.request.Stream) { // in a stream's other events it is all 0
		t.usage, t.made, t.counted = true, d.Usage.Output, d.Usage.Prompt
	}
	if len(d.Choices) == 0 {
		return nil
	}
	c := d.Choices[0]
	if len(d.Choices) > 1 || c.Index != 0 {
		return errManyAnswers
	}
	if c.LogProbs != nil {
		if t.answer.Finish != 0 && len(c.LogProbs.Content) > 0 {
			return errors.New("the server gave tokens after the end of the answer")
		}
		for _, l := range c.LogProbs.Content {
			id, ok := t.tokenizer.Token(l.Token)
			switch {
			case !ok:
				return fmt.Errorf("output token %d is %.40q, which no token is, or several are: Ollama does not say ids", len(t.answer.Output), l.Token)
			case l.LogProb == nil:
				return fmt.Errorf("the server gave no log-probability of output token %d", len(t.answer.Output))
			}
			t.answer.Output = append(t.answer.Output, id)
			t.answer.LogProbs = append(t.answer.LogProbs, notPositive(*l.LogProb))
			t.output.WriteString(l.Token)
		}
	}
	if len(t.answer.Output) > posp.MaxPositions {
		return fmt.Errorf("the answer has more than %d tokens", posp.MaxPositions)
	}
	return t.answer.takeFinish(c.FinishReason)
}

func (t *ollamaTranscript) Answer(ctx context.Context) (Answer, error) {
	a := t.answer
	n := len(a.Output)
	if a.Finish == 0 {
		return a, nil
	}
	if err := t.render(ctx); err != nil {
		return Answer{}, fmt.Errorf("ask for the prompt: %w", err)
	}
	a.Prompt = t.prompt
	switch {
	case !t.usage:
		return Answer{}, errors.New("the server did not say how many tokens there are")
	case t.counted != len(t.prompt):
		return Answer{}, fmt.Errorf("the server answered a prompt of %d tokens; it tokenises into %d", t.counted, len(t.prompt))
	case a.Finish == posp.FinishLength && t.made == n:
		return a, nil
	case a.Finish == posp.FinishStop && t.made == n+1:
		logProb, err := t.scoreEnd(ctx)
		if err != nil {
			return Answer{}, fmt.Errorf("ask for the end token's log-probability: %w", err)
		}
		a.Output, a.LogProbs = append(a.Output, t.request.Spec.EOS), append(a.LogProbs, notPositive(logProb))
		return a, nil
	}
	return Answer{}, fmt.Errorf("the server counts %d tokens where it gave %d", t.made, n)
}

// draws is how often a token is drawn of which Ollama says something: it says
// nothing of an end token, and of a part of a character.
const draws = 16

// scoreEnd is the end token's log-probability after prompt and output. Ollama
// lists alternatives only to a token that is not the end, so one is drawn at a
// temperature at which all tokens are equally likely.
func (t *ollamaTranscript) scoreEnd(ctx context.Context) (float64, error) {
	text := t.text + t.output.String()
	if ids, err := t.tokenizer.Encode(text); err != nil || !slices.Equal(ids, slices.Concat(t.prompt, t.answer.Output)) {
		return 0, errors.New("the answer's text does not tokenise back into its tokens")
	}
	for range draws {
		var got struct {
			LogProbs []ollamaLogProb `json:"logprobs"`
		}
		err := t.server.Post(ctx, "/api/generate", map[string]any{
			"model": t.request.Fields["model"], "prompt": text, "raw": true, "stream": false, "logprobs": true, "top_logprobs": 20,
			"options": map[string]any{"num_predict": 1, "temperature": 1e6, "top_k": 0, "top_p": 1, "min_p": 0, "repeat_penalty": 1, "seed": -1},
		}, &got)
		if err != nil {
			return 0, err
		}
		if len(got.LogProbs) > 0 {
			return t.endAmong(got.LogProbs[0].Top)
		}
	}
	return 0, fmt.Errorf("the server said nothing of %d tokens that it drew", draws)
}

// endAmong is the log-probability of the spec's end token, which must be by far
// the likeliest of those that end an answer.
func (t *ollamaTranscript) endAmong(list []ollamaLogProb) (float64, error) {
	logProb := func(token string) (float64, bool) {
		least := 0.0
		for _, l := range list {
			switch {
			case l.LogProb == nil:
			case l.Token == token:
				return *l.LogProb, true
			default:
				least = math.Min(least, *l.LogProb)
			}
		}
		return least, false // at most
	}
	own, ok := logProb(t.end)
	if !ok {
		return 0, fmt.Errorf("it is not among the %d likeliest tokens, which is all that Ollama lists", len(list))
	}
	others := 0.0
	for _, end := range t.otherEnds {
		x, _ := logProb(end)
		others += math.Exp(x)
	}
	if others > maxOtherEnd*math.Exp(own) {
		return 0, fmt.Errorf("any of %d end tokens may have ended the answer", 1+len(t.otherEnds))
	}
	return own, nil
}

// Strip implements Transcript.
func (t *ollamaTranscript) Strip(fields map[string]json.RawMessage) {
	stripChoices(fields, nil, func(c map[string]json.RawMessage) {
		if !t.request.Asked.LogProbs {
			delete(c, "logprobs")
		}
	})
}
