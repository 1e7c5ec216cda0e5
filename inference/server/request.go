package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// dialect is which of the two generating endpoints a request came to.
type dialect int

const (
	completion dialect = iota
	chat
)

// maxTop is the most alternatives a request may ask for with each token.
const maxTop = 20

// defaultMaxTokens is what a completion gets that does not say how long it may be, as at OpenAI.
const defaultMaxTokens = 16

// unsupported are parameters that change what is generated and that this server does not have; ignoring one would
// give the client something else than it asked for. Each is accepted with the value that means "off".
var unsupported = map[string][]string{
	"n": {"1"}, "best_of": {"1"}, "echo": {"false"}, "suffix": {`""`}, "stop": {"[]", `""`}, "stop_token_ids": {"[]"},
	"presence_penalty": {"0", "0.0"}, "frequency_penalty": {"0", "0.0"}, "repetition_penalty": {"1", "1.0"}, "logit_bias": {"{}"},
	"top_k": {"-1", "0"}, "min_p": {"0", "0.0"}, "min_tokens": {"0"}, "ignore_eos": {"false"}, "use_beam_search": {"false"},
	"prompt_logprobs": {}, "response_format": {`{"type":"text"}`}, "tools": {"[]"}, "functions": {"[]"},
	"guided_json": {}, "guided_regex": {}, "guided_choice": {}, "guided_grammar": {}, "structured_outputs": {},
}

// parameters are the names of body's fields.
const parameters = `model prompt messages max_tokens max_completion_tokens temperature top_p seed stream stream_options
	logprobs top_logprobs return_token_ids`

// body is a request as it stands in JSON, both dialects together.
type body struct {
	Model               string          `json:"model"`
	Prompt              json.RawMessage `json:"prompt"`
	Messages            []message       `json:"messages"`
	MaxTokens           *int64          `json:"max_tokens"`
	MaxCompletionTokens *int64          `json:"max_completion_tokens"`
	Temperature         *float64        `json:"temperature"`
	TopP                *float64        `json:"top_p"`
	Seed                *inference.Seed `json:"seed"`
	Stream              bool            `json:"stream"`
	StreamOptions       *struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	Logprobs       json.RawMessage `json:"logprobs"` // completion: a number; chat: a boolean
	TopLogprobs    *int64          `json:"top_logprobs"`
	ReturnTokenIDs bool            `json:"return_token_ids"`
}

// message is one message of a conversation.
type message struct {
	Role    string          `json:"role"`
	Content json.RawMessage `json:"content"` // text, or a list of text parts
}

// job is a request that was understood.
type job struct {
	inference.Request
	model          string // as asked for; empty if the client does not care
	stream         bool
	includeUsage   bool // at the end of a stream
	logprobs       bool
	returnTokenIDs bool
}

// parse reads a request for a model of configuration c. random is where a seed comes from if the request samples
// without one. What is wrong with the request is a posp.ValidationError.
func parse(d dialect, text []byte, c model.Config, random io.Reader) (job, error) {
	// A recorder in front of this server reads names as they are written and takes the last of two. Into a
	// struct, encoding/json would take "TEMPERATURE" for temperature; so names are matched in a map first.
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil || fields == nil {
		return job{}, posp.Invalidf("the body is not a JSON object")
	}
	known := map[string]json.RawMessage{}
	for name := range strings.FieldsSeq(parameters) {
		if raw, ok := fields[name]; ok {
			known[name] = raw
		}
	}
	exact, err := json.Marshal(known)
	if err != nil {
		return job{}, fmt.Errorf("encode request: %w", err)
	}
	var b body
	if err := json.Unmarshal(exact, &b); err != nil {
		return job{}, posp.Invalidf("the body is no valid request: %v", err)
	}
	for name, off := range unsupported {
		if raw, ok := fields[name]; ok && !isOff(raw, off) {
			return job{}, posp.Invalidf("this server does not support %s", name)
		}
	}

	j := job{model: b.Model, stream: b.Stream, returnTokenIDs: b.ReturnTokenIDs}
	if b.StreamOptions != nil {
		if !b.Stream {
			return job{}, posp.Invalidf("stream_options need stream")
		}
		j.includeUsage = b.StreamOptions.IncludeUsage
	}
	if d == chat {
		j.Prompt, err = chatPrompt(b.Messages)
	} else {
		j.Prompt, err = prompt(b.Prompt)
	}
	if err != nil {
		return job{}, err
	}
	if err := inference.CheckTokens(j.Prompt, nil, c.VocabSize); err != nil {
		return job{}, err
	}
	if j.logprobs, j.Top, err = logprobs(d, b); err != nil {
		return job{}, err
	}

	limit := int64(defaultMaxTokens)
	if d == chat {
		limit = max(1, int64(c.ContextLength-len(j.Prompt)))
	}
	for _, given := range []*int64{b.MaxTokens, b.MaxCompletionTokens} {
		if given != nil {
			limit = *given
		}
	}
	if limit < 1 || limit > math.MaxUint32 {
		return job{}, posp.Invalidf("max_tokens is %d, want at least 1", limit)
	}
	if err := inference.CheckContext(len(j.Prompt), int(limit), c.ContextLength); err != nil {
		return job{}, err
	}
	temperature, topP := 0.0, 1.0
	if b.Temperature != nil {
		temperature = *b.Temperature
	}
	if b.TopP != nil {
		topP = *b.TopP
	}
	var seed posp.Hash
	if b.Seed != nil {
		seed = posp.Hash(*b.Seed)
	} else if _, err := io.ReadFull(random, seed[:]); err != nil {
		return job{}, errors.Join(errors.New("draw a seed"), err)
	}
	j.Sampling, err = inference.NewSampling(temperature, topP, seed, uint32(limit))
	return j, err
}

// isOff says whether raw is null or one of the spellings of a parameter's neutral value.
func isOff(raw json.RawMessage, off []string) bool {
	var compact bytes.Buffer
	if json.Compact(&compact, raw) != nil {
		return false
	}
	for _, s := range append(off, "null") {
		if compact.String() == s {
			return true
		}
	}
	return false
}

// prompt reads text, which is framed as the beginning of a document, or token ids, which are taken as they are.
func prompt(raw json.RawMessage) ([]uint32, error) {
	var text string
	var ids []uint32
	switch {
	case len(raw) == 0 || string(raw) == "null":
		return nil, posp.Invalidf("prompt is missing")
	case json.Unmarshal(raw, &text) == nil:
		return model.EncodePrompt([]byte(text)), nil
	case json.Unmarshal(raw, &ids) == nil:
		return ids, nil
	}
	return nil, posp.Invalidf("prompt must be a string or a list of token ids (one prompt for each request)")
}

var roles = map[string]bool{"system": true, "developer": true, "user": true, "assistant": true}

// chatPrompt puts messages through the chat template.
func chatPrompt(messages []message) ([]uint32, error) {
	if len(messages) == 0 {
		return nil, posp.Invalidf("messages are missing")
	}
	var contents [][]byte
	for i, m := range messages {
		if !roles[m.Role] {
			return nil, posp.Invalidf("message %d has role %.40q, want system, developer, user or assistant", i, m.Role)
		}
		var text string
		var parts []struct{ Type, Text string }
		if len(m.Content) > 0 && json.Unmarshal(m.Content, &text) == nil && string(m.Content) != "null" {
			contents = append(contents, []byte(text))
			continue
		}
		if json.Unmarshal(m.Content, &parts) != nil || len(parts) == 0 {
			return nil, posp.Invalidf("message %d has no text content", i)
		}
		var content []byte
		for _, p := range parts {
			if p.Type != "text" {
				return nil, posp.Invalidf("message %d has content of type %.40q, this model reads text only", i, p.Type)
			}
			content = append(content, p.Text...)
		}
		contents = append(contents, content)
	}
	return model.EncodeChat(contents), nil
}

// logprobs reads whether log-probabilities are wanted and how many alternatives with them.
func logprobs(d dialect, b body) (wanted bool, top int, err error) {
	var n int64
	switch {
	case d == completion && b.TopLogprobs != nil:
		return false, 0, posp.Invalidf("top_logprobs is for chat; a completion takes the number as logprobs")
	case len(b.Logprobs) == 0 || string(b.Logprobs) == "null":
	case d == completion:
		if json.Unmarshal(b.Logprobs, &n) != nil {
			return false, 0, posp.Invalidf("logprobs must be a number of alternatives")
		}
		wanted = true
	default:
		if json.Unmarshal(b.Logprobs, &wanted) != nil {
			return false, 0, posp.Invalidf("logprobs must be true or false")
		}
	}
	if b.TopLogprobs != nil {
		if n = *b.TopLogprobs; !wanted {
			return false, 0, posp.Invalidf("top_logprobs need logprobs")
		}
	}
	if n < 0 || n > maxTop {
		return false, 0, posp.Invalidf("%d alternatives were asked for, want 0 to %d", n, maxTop)
	}
	return wanted, int(n), nil
}
