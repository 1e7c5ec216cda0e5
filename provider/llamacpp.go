package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// LlamaCpp is the dialect of llama.cpp's server:
//
//	both  choices[0].logprobs.content[]: id, logprob, bytes (what was sent for
//	      the token); timings.predicted_n: how many tokens there are by now
//
// It says no prompt ids. The text of a completion is tokenised first and sent
// as ids; messages are put through the chat template and tokenised by the
// server once more after the answer, which must give as many ids as it counted.
//
// It leaves out tokens: in every answer those that end within a character, and
// in a chat stream those that add no text, as EOS. Which tokens they were
// follows from their number and the text; their log-probabilities are asked for
// afterwards, at the same place of the same text (score).
//
// Its own order of samplers cuts the nucleus before temperature; the receipt's
// is the other way round, so requests name the order.
type LlamaCpp struct {
	// Ends are the tokens that end an answer. A chat stream does not say which
	// of several it was; then the spec's must be by far the likeliest.
	Ends []uint32
}

func (LlamaCpp) closesStreams() {}

// llamaSampling is what leaves only temperature and top-p between the logits
// and the choice, whatever the server was started with.
var llamaSampling = map[string]string{
	"samplers": `["temperature","top_p"]`, "dynatemp_range": "0", "mirostat": "0", "min_keep": "0", "logit_bias": "[]",
	"grammar": "null", "n_indent": "0", "t_max_predict_ms": "-1", "post_sampling_probs": "false", "backend_sampling": "false",
}

// Ask implements Dialect.
func (l LlamaCpp) Ask(ctx context.Context, s Server, r *Request) (Transcript, error) {
	t := &llamaTranscript{server: s, request: r, ends: l.Ends}
	if r.Chat {
		set(r.Fields, map[string]string{"logprobs": "true", "verbose": "true"})
		if atMost(r.Fields["top_logprobs"], 0) {
			set(r.Fields, map[string]string{"top_logprobs": "1"})
		}
	} else {
		var err error
		if t.prompt, err = t.completionPrompt(ctx); err != nil {
			return nil, fmt.Errorf("ask for the prompt's tokens: %w", err)
		}
		if r.Fields["prompt"], err = json.Marshal(t.prompt); err != nil {
			return nil, err
		}
		if atMost(r.Fields["logprobs"], 0) {
			set(r.Fields, map[string]string{"logprobs": "1"})
		}
	}
	if r.Stream {
		set(r.Fields, map[string]string{"timings_per_token": "true"})
	} else {
		set(r.Fields, map[string]string{"verbose": "true", "return_tokens": "true"})
	}
	set(r.Fields, llamaSampling)
	if r.Sampling.Rule == posp.Unseeded { // the server may have been started with a seed
		setDefaults(r.Fields, map[string]string{"seed": "-1"})
	}
	return t, nil
}

// atMost says whether a field is absent or a number of at most n.
func atMost(raw json.RawMessage, n float64) bool {
	var x float64
	return null(raw) || json.Unmarshal(raw, &x) == nil && x <= n
}

// llamaTranscript holds the output by position.
type llamaTranscript struct {
	server  Server
	request *Request
	prompt  []uint32
	ends    []uint32

	tokens  []llamaToken
	finish  posp.FinishReason
	made    int      // tokens in all, when the answer has ended
	whole   []uint32 // of a whole answer: all ids
	counted int      // of the prompt, by the server; 0 if it did not say
	byEnd   bool     // the answer ended with an end token, for certain
}

func (t *llamaTranscript) completionPrompt(ctx context.Context) ([]uint32, error) {
	raw := t.request.Fields["prompt"]
	var text string
	var ids []uint32
	switch {
	case null(raw):
	case json.Unmarshal(raw, &text) == nil:
		return t.tokenize(ctx, text)
	case json.Unmarshal(raw, &ids) == nil:
		return ids, nil
	}
	return nil, errors.New("the prompt is neither text nor a list of token ids")
}

func (t *llamaTranscript) chatPrompt(ctx context.Context) ([]uint32, error) {
	var applied struct {
		Prompt string `json:"prompt"`
	}
	if err := t.server.Post(ctx, "/apply-template", t.request.Fields, &applied); err != nil {
		return nil, err
	}
	return t.tokenize(ctx, applied.Prompt)
}

// tokenize is as the server tokenises a prompt.
func (t *llamaTranscript) tokenize(ctx context.Context, text string) ([]uint32, error) {
	var got struct {
		Tokens []uint32 `json:"tokens"`
	}
	err := t.server.Post(ctx, "/tokenize", map[string]any{"content": text, "add_special": true, "parse_special": true}, &got)
	return got.Tokens, err
}

// llamaToken is a token of the output; one that the server left out has no sent.
type llamaToken struct {
	id      uint32
	logProb float64
	said    bool
	sent    []byte           // text that went out with it: also of the tokens left out before it
	top     []llamaCandidate // the likeliest at its position
}

type llamaCandidate struct {
	ID      uint32   `json:"id"`
	LogProb *float64 `json:"logprob"`
	Bytes   []byte   `json:"-"`
	Numbers []int    `json:"bytes"`
}

type llamaEntry struct {
	llamaCandidate
	Top []llamaCandidate `json:"top_logprobs"`
}

func (e *llamaEntry) UnmarshalJSON(b []byte) error {
	type plain llamaEntry
	if err := json.Unmarshal(b, (*plain)(e)); err != nil {
		return err
	}
	e.llamaCandidate.fix()
	for i := range e.Top {
		e.Top[i].fix()
	}
	return nil
}

// fix makes bytes of the numbers that JSON has for them.
func (c *llamaCandidate) fix() {
	for _, n := range c.Numbers {
		c.Bytes = append(c.Bytes, byte(n))
	}
	c.Numbers = nil
}

type llamaDocument struct {
	Choices []struct {
		Index        int     `json:"index"`
		FinishReason *string `json:"finish_reason"`
		LogProbs     *struct {
			Content []llamaEntry `json:"content"`
		} `json:"logprobs"`
	} `json:"choices"`
	Usage *struct {
		Prompt int `json:"prompt_tokens"`
		Output int `json:"completion_tokens"`
	} `json:"usage"`
	Timings *struct {
		Predicted int `json:"predicted_n"`
	} `json:"timings"`
	Verbose *struct {
		Tokens    []uint32 `json:"tokens"`
		Evaluated int      `json:"tokens_evaluated"`
		StopType  string   `json:"stop_type"`
	} `json:"__verbose"`
	Error json.RawMessage `json:"error"`
}

func (t *llamaTranscript) Read(b []byte) error {
	var d llamaDocument
	if err := readDocument(b, &d); err != nil {
		return err
	}
	if !null(d.Error) {
		return fmt.Errorf("the server broke off with error %.200s", d.Error)
	}
	if len(d.Choices) > 1 || len(d.Choices) == 1 && d.Choices[0].Index != 0 {
		return errManyAnswers
	}
	var a Answer
	var entries []llamaEntry
	if len(d.Choices) == 1 {
		if err := a.takeFinish(d.Choices[0].FinishReason); err != nil {
			return err
		}
		if lp := d.Choices[0].LogProbs; lp != nil {
			entries = lp.Content
		}
	}
	if t.finish != 0 && (a.Finish != 0 || len(entries) > 0) {
		return errors.New("the server gave tokens after the end of the answer")
	}
	t.finish = max(t.finish, a.Finish)
	if t.request.Stream && d.Timings != nil {
		if err := t.leaveOut(d.Timings.Predicted - len(entries)); err != nil {
			return err
		}
		t.made = d.Timings.Predicted
	}
	for _, e := range entries {
		if e.LogProb == nil {
			return fmt.Errorf("the server gave no log-probability of output token %d", len(t.tokens))
		}
		t.tokens = append(t.tokens, llamaToken{id: e.ID, logProb: notPositive(*e.LogProb), said: true, sent: e.Bytes, top: e.Top})
	}
	if u := d.Usage; u != nil {
		t.made, t.counted = u.Output, u.Prompt
	}
	if v := d.Verbose; v != nil {
		t.whole, t.counted, t.byEnd = v.Tokens, v.Evaluated, v.StopType == "eos"
	}
	if len(t.tokens) > posp.MaxPositions || t.made > posp.MaxPositions {
		return fmt.Errorf("the answer has more than %d tokens", posp.MaxPositions)
	}
	return nil
}

// leaveOut notes that there are n tokens by now.
func (t *llamaTranscript) leaveOut(n int) error {
	if n < len(t.tokens) || n > posp.MaxPositions {
		return fmt.Errorf("the server counts %d tokens where it gave %d", n, len(t.tokens))
	}
	t.tokens = append(t.tokens, make([]llamaToken, n-len(t.tokens))...)
	return nil
}

// maxLeftOut is how many tokens of one answer are asked for afterwards. A
// server that drafts tokens leaves out the log-probabilities of most.
const maxLeftOut = 64

func (t *llamaTranscript) Answer(ctx context.Context) (Answer, error) {
	if t.finish == 0 {
		return Answer{}, nil
	}
	if t.request.Chat {
		var err error
		if t.prompt, err = t.chatPrompt(ctx); err != nil {
			return Answer{}, fmt.Errorf("ask for the prompt's tokens: %w", err)
		}
	}
	if (t.request.Chat || t.counted != 0) && t.counted != len(t.prompt) {
		return Answer{}, fmt.Errorf("the server answered a prompt of %d tokens; asked again, it makes %d of it", t.counted, len(t.prompt))
	}
	if !t.request.Stream {
		if err := t.align(); err != nil {
			return Answer{}, err
		}
	}
	if err := t.leaveOut(t.made); err != nil {
		return Answer{}, err
	}
	if err := t.fill(ctx); err != nil {
		return Answer{}, err
	}
	a := Answer{Prompt: t.prompt, Output: t.ids(len(t.tokens)), Finish: t.finish}
	for _, k := range t.tokens {
		a.LogProbs = append(a.LogProbs, k.logProb)
	}
	return a, nil
}

// ids are the ids of the first n tokens.
func (t *llamaTranscript) ids(n int) []uint32 {
	var ids []uint32
	for _, k := range t.tokens[:n] {
		ids = append(ids, k.id)
	}
	return ids
}

// align finds in a whole answer, whose ids are all known, the positions of
// those that were said; the others come with no log-probability.
func (t *llamaTranscript) align() error {
	if len(t.tokens) == t.made {
		return nil
	}
	if len(t.whole) != t.made {
		return fmt.Errorf("the server gave %d of %d tokens", len(t.whole), t.made)
	}
	first, last := make([]int, len(t.tokens)), make([]int, len(t.tokens))
	at := 0
	for i, k := range t.tokens {
		for at < len(t.whole) && t.whole[at] != k.id {
			at++
		}
		if at == len(t.whole) {
			return errors.New("the server gave log-probabilities of tokens that it did not generate")
		}
		first[i], at = at, at+1
	}
	at = len(t.whole) - 1
	for i, k := range slices.Backward(t.tokens) {
		for at >= 0 && t.whole[at] != k.id {
			at--
		}
		last[i], at = at, at-1
	}
	if !slices.Equal(first, last) {
		return errors.New("which tokens the server gave no log-probability of cannot be told")
	}
	tokens := make([]llamaToken, t.made)
	for i, id := range t.whole {
		tokens[i].id = id
	}
	for i, k := range t.tokens {
		tokens[first[i]] = k
	}
	t.tokens = tokens
	return nil
}

// fill asks for what the server left out.
func (t *llamaTranscript) fill(ctx context.Context) error {
	left := 0
	for _, k := range t.tokens {
		if !k.said {
			left++
		}
	}
	if left > maxLeftOut {
		return fmt.Errorf("the server left out %d of %d tokens: does it draft (speculative decoding)?", left, len(t.tokens))
	}
	for from := 0; from < len(t.tokens); from++ {
		to := from
		for to < len(t.tokens) && !t.tokens[to].said {
			to++
		}
		var err error
		switch {
		case to == from:
		case !t.request.Stream:
			err = t.fillKnown(ctx, from, to)
		case to < len(t.tokens):
			err = t.fillCharacter(ctx, from, to)
		case to-from == 1 && t.finish == posp.FinishStop && t.byEnd:
			err = t.fillEnd(ctx, from)
		default:
			err = errors.New("nothing tells what they were")
		}
		if err != nil {
			return fmt.Errorf("the server left out tokens %d to %d: %w", from, to-1, err)
		}
	}
	return nil
}

// fillKnown fills tokens whose ids are known.
func (t *llamaTranscript) fillKnown(ctx context.Context, from, to int) error {
	for i := from; i < to; i++ {
		is := func(c llamaCandidate) bool { return c.ID == t.tokens[i].id }
		found, err := t.score(ctx, i, is)
		if err != nil {
			return err
		}
		t.tokens[i] = found.token()
	}
	return nil
}

// fillCharacter fills tokens that end within a character. Their text went out
// with that of the token at to; at each place only one token may go on with it.
func (t *llamaTranscript) fillCharacter(ctx context.Context, from, to int) error {
	last := t.tokens[to]
	is := func(c llamaCandidate) bool { return c.ID == last.id }
	own := slices.IndexFunc(last.top, is)
	if own < 0 {
		found, err := t.score(ctx, 0, is) // any place tells a token's text
		if err != nil {
			return err
		}
		last.top, own = []llamaCandidate{found}, 0
	}
	rest, ok := bytes.CutSuffix(last.sent, last.top[own].Bytes)
	if !ok {
		return errors.New("the text does not end with that of the token after them")
	}
	for i := from; i < to; i++ {
		others := to - i - 1
		found, err := t.score(ctx, i, func(c llamaCandidate) bool {
			n := len(c.Bytes)
			return n > 0 && bytes.HasPrefix(rest, c.Bytes) && len(rest)-n >= others && (others > 0 || n == len(rest))
		})
		if err != nil {
			return err
		}
		t.tokens[i], rest = found.token(), rest[len(found.Bytes):]
	}
	return nil
}

// maxOtherEnd is how likely the other end tokens together may be, as a part of
// the spec's, for the recorder to say that it was the spec's.
const maxOtherEnd = 1e-3

// fillEnd fills the end token of a chat stream.
func (t *llamaTranscript) fillEnd(ctx context.Context, at int) error {
	eos, others := t.request.Spec.EOS, 0.0
	for _, end := range t.ends {
		if end == eos {
			continue
		}
		found, err := t.score(ctx, at, func(c llamaCandidate) bool { return c.ID == end })
		if err != nil {
			return err
		}
		others += math.Exp(*found.LogProb)
	}
	found, err := t.score(ctx, at, func(c llamaCandidate) bool { return c.ID == eos })
	if err != nil {
		return err
	}
	if others > maxOtherEnd*math.Exp(*found.LogProb) {
		return fmt.Errorf("any of %d end tokens may have ended the answer", len(t.ends))
	}
	t.tokens[at] = found.token()
	return nil
}

// score is the one token of those at an output position that is wanted, with
// its log-probability there. The server gives the likeliest tokens; only if
// none of them is wanted it is asked for all.
//
// It is made to generate the end token, because it says nothing of a token
// that ends within a character.
func (t *llamaTranscript) score(ctx context.Context, at int, wanted func(llamaCandidate) bool) (llamaCandidate, error) {
	eos := t.request.Spec.EOS
	for _, n := range []uint32{64, t.request.Spec.VocabSize} {
		var got struct {
			Probabilities []llamaEntry `json:"completion_probabilities"`
		}
		if err := t.server.Post(ctx, "/completion", map[string]any{
			"prompt": slices.Concat(t.prompt, t.ids(at)), "n_predict": 1, "temperature": 0, "samplers": []string{"temperature"},
			"logit_bias": [][2]float64{{float64(eos), 1e6}}, "n_probs": n, "response_fields": []string{"completion_probabilities"},
		}, &got); err != nil {
			return llamaCandidate{}, err
		}
		if len(got.Probabilities) != 1 || got.Probabilities[0].ID != eos {
			return llamaCandidate{}, errors.New("the server gives no log-probabilities for a token that it is made to generate")
		}
		list := got.Probabilities[0].Top
		if !slices.ContainsFunc(list, func(c llamaCandidate) bool { return c.ID == eos }) {
			list = append(list, got.Probabilities[0].llamaCandidate)
		}
		var found []llamaCandidate
		for _, c := range list {
			if c.LogProb != nil && wanted(c) {
				found = append(found, c)
			}
		}
		if len(found) > 1 {
			return llamaCandidate{}, fmt.Errorf("it may have been any of %d tokens", len(found))
		}
		if len(found) == 1 {
			return found[0], nil
		}
	}
	return llamaCandidate{}, errors.New("no token of the vocabulary fits")
}

func (c llamaCandidate) token() llamaToken {
	return llamaToken{id: c.ID, logProb: notPositive(*c.LogProb), said: true}
}

// Strip implements Transcript. What llama.cpp calls logprobs is not in the
// OpenAI API's shape, but it is what the buyer would have got.
func (t *llamaTranscript) Strip(fields map[string]json.RawMessage) {
	stripChoices(fields, []string{"__verbose"}, func(c map[string]json.RawMessage) {
		if _, ok := c["logprobs"]; ok && !t.request.Asked.LogProbs {
			if t.request.Chat {
				delete(c, "logprobs")
			} else {
				c["logprobs"] = json.RawMessage("null")
			}
		}
	})
}
