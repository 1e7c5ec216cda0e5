package provider

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// call is a buyer's request as the recorder understands it.
type call struct {
	Request
	nonce      posp.Hash
	transcript Transcript // of its answer
	problem    *Problem   // why that will have no receipt; nil if it will
}

// Defaults that the OpenAI API gives to parameters that are left out. They are
// written into the request, because a receipt says what was used.
const (
	defaultTemperature         = 1.0
	defaultTopP                = 1.0
	defaultCompletionMaxTokens = 16
)

// harmless are parameters that change no token.
var harmless = map[string]bool{
	"prompt": true, "messages": true, "model": true, "stream": true, "stream_options": true,
	"temperature": true, "top_p": true, "seed": true, "max_tokens": true,
	"logprobs": true, "top_logprobs": true, "return_token_ids": true, "return_tokens_as_token_ids": true,
	"skip_special_tokens": true, "spaces_between_special_tokens": true,
	"user": true, "metadata": true, "store": true, "priority": true, "request_id": true,
}

// neutral are parameters that a receipt cannot describe, with the values by
// which they change no token. Null is neutral everywhere.
var neutral = map[string][]string{
	"n": {"1"}, "best_of": {"1"}, "echo": {"false"}, "suffix": {`""`},
	"presence_penalty": {"0", "0.0"}, "frequency_penalty": {"0", "0.0"}, "repetition_penalty": {"1", "1.0"},
	"top_k": {"0", "-1"}, "min_p": {"0", "0.0"}, "logit_bias": {"{}"}, "stop": {"[]", `""`}, "stop_token_ids": {"[]"},
	"min_tokens": {"0"}, "ignore_eos": {"false"}, "use_beam_search": {"false"},
	"tools": {"[]"}, "tool_choice": {`"none"`}, "response_format": {`{"type":"text"}`},
}

// readCall reads a buyer's request and prepares what goes upstream. A Problem
// that it returns refuses the request; one that it keeps in the call lets it
// through without a receipt. random gives the nonce and the seed that the
// buyer left out.
func readCall(body []byte, chat bool, nonce string, models map[string]posp.ModelSpec, chatMaxTokens uint32, random io.Reader) (*call, *Problem) {
	c := &call{Request: Request{Chat: chat}}
	if err := json.Unmarshal(body, &c.Fields); err != nil || c.Fields == nil {
		return nil, refuse(http.StatusBadRequest, ReasonBadRequest, "the body is not a JSON object")
	}
	if err := c.readNonce(nonce, random); err != nil {
		return nil, refuse(http.StatusBadRequest, ReasonBadRequest, "%v", err)
	}
	if err := c.readAsked(); err != nil {
		return nil, refuse(http.StatusBadRequest, ReasonBadRequest, "%v", err)
	}
	var model string
	json.Unmarshal(c.Fields["model"], &model) // left out or no string: no such model
	var known bool
	if c.Spec, known = models[model]; !known {
		c.problem = refuse(0, ReasonUnknownModel, "no receipts are given for model %q", model)
		return c, nil
	}
	if err := c.readSampling(chatMaxTokens, random); err != nil {
		// The server may know what to do with it, or refuse it in its own words.
		c.problem = refuse(0, ReasonUnsupported, "%v", err)
	}
	return c, nil
}

func (c *call) readNonce(text string, random io.Reader) error {
	if text == "" {
		_, err := io.ReadFull(random, c.nonce[:])
		return err
	}
	h, err := parseHash(text)
	if err != nil {
		return fmt.Errorf("header %s: %w", NonceHeader, err)
	}
	c.nonce = h
	return nil
}

// readAsked notes what the buyer asked for. Every field may be absent.
func (c *call) readAsked() error {
	if raw := c.Fields["stream"]; !null(raw) {
		if err := json.Unmarshal(raw, &c.Stream); err != nil {
			return fmt.Errorf("stream is not true or false")
		}
	}
	if raw := c.Fields["return_token_ids"]; !null(raw) {
		if err := json.Unmarshal(raw, &c.Asked.TokenIDs); err != nil {
			return fmt.Errorf("return_token_ids is not true or false")
		}
	}
	raw := c.Fields["logprobs"]
	switch {
	case null(raw):
	case c.Chat:
		if err := json.Unmarshal(raw, &c.Asked.LogProbs); err != nil {
			return fmt.Errorf("logprobs is not true or false")
		}
	default:
		var n uint32
		if err := json.Unmarshal(raw, &n); err != nil {
			return fmt.Errorf("logprobs is not a number of alternatives")
		}
		c.Asked.LogProbs = true
	}
	return nil
}

// readSampling fills c.Sampling and writes exactly that into the fields. It
// changes no field when it fails.
func (c *call) readSampling(chatMaxTokens uint32, random io.Reader) error {
	for name, raw := range c.Fields {
		if null(raw) || harmless[name] || c.Chat && name == "max_completion_tokens" {
			continue
		}
		values, known := neutral[name]
		if !known || !contains(values, raw) {
			return fmt.Errorf("parameter %q cannot be described by a receipt", name)
		}
	}
	temperature, topP := defaultTemperature, defaultTopP
	maxTokens, maxField := uint32(defaultCompletionMaxTokens), "max_tokens"
	if c.Chat {
		maxTokens = chatMaxTokens
		if !null(c.Fields["max_completion_tokens"]) {
			maxField = "max_completion_tokens" // the newer name
		}
	}
	for name, into := range map[string]any{"temperature": &temperature, "top_p": &topP, maxField: &maxTokens} {
		if raw := c.Fields[name]; !null(raw) && json.Unmarshal(raw, into) != nil {
			return fmt.Errorf("%s is not a number that it can be", name)
		}
	}
	seedText := c.Fields["seed"]
	var seed inference.Seed
	if c.Spec.SamplingRule == posp.RuleGumbel {
		if null(seedText) {
			// 63 bits, because servers take seeds as signed integers.
			var b [8]byte
			if _, err := io.ReadFull(random, b[:]); err != nil {
				return err
			}
			seedText = strconv.AppendUint(nil, binary.BigEndian.Uint64(b[:])>>1, 10)
		}
		if err := json.Unmarshal(seedText, &seed); err != nil {
			return err
		}
	}
	var err error
	if c.Sampling, err = inference.NewSampling(temperature, topP, posp.Hash(seed), maxTokens); err != nil {
		return err
	}
	if c.Spec.SamplingRule == posp.RuleUnseeded {
		c.Sampling = inference.Unseeded(c.Sampling)
	}
	// The server must use what the receipt says.
	c.Fields[maxField] = strconv.AppendUint(nil, uint64(maxTokens), 10)
	if maxField != "max_tokens" {
		delete(c.Fields, "max_tokens")
	}
	if c.Sampling.Rule == posp.Greedy {
		c.Fields["temperature"] = json.RawMessage("0")
		return nil
	}
	c.Fields["temperature"] = decimal(c.Sampling.TemperatureMicro)
	c.Fields["top_p"] = decimal(c.Sampling.TopPMicro)
	if c.Sampling.Rule == posp.Seeded {
		c.Fields["seed"] = seedText
		return nil
	}
	// Who chooses the seed chooses the draws: a buyer could look for one whose
	// draws speak against an honest provider.
	delete(c.Fields, "seed")
	return nil
}

// decimal writes millionths as the shortest JSON number.
func decimal(micro uint32) json.RawMessage {
	return strconv.AppendFloat(nil, float64(micro)/1e6, 'f', -1, 64)
}

// parseHash reads 32 bytes in hex, with or without 0x.
func parseHash(text string) (posp.Hash, error) {
	b, err := hexutil.Decode("0x" + strings.TrimPrefix(text, "0x"))
	if err != nil || len(b) != 32 {
		return posp.Hash{}, fmt.Errorf("%.80q is not 32 bytes in hex", text)
	}
	return posp.Hash(b), nil
}

func null(raw json.RawMessage) bool { return len(raw) == 0 || string(raw) == "null" }

func contains(values []string, raw json.RawMessage) bool {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return false
	}
	for _, v := range values {
		if b.String() == v {
			return true
		}
	}
	return false
}
