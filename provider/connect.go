package provider

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// Kind is a kind of inference server.
type Kind string

// The kinds that there is a dialect for.
const (
	KindPosp     Kind = "posp" // this project's own, of the demo network
	KindVLLM     Kind = "vllm"
	KindSGLang   Kind = "sglang"
	KindLlamaCpp Kind = "llama.cpp"
	KindOllama   Kind = "ollama"
)

// Kinds are all of them.
var Kinds = []Kind{KindPosp, KindVLLM, KindSGLang, KindLlamaCpp, KindOllama}

// needs is what a user can do about a server that does not say enough.
var needs = map[Kind]string{
	KindPosp:     "it is not this project's server",
	KindVLLM:     "posp needs vLLM 0.10.2 or newer, with --logprobs-mode raw_logprobs",
	KindSGLang:   "posp needs an SGLang that knows return_token_ids and return_output_ids_in_sglext, with SGLANG_RETURN_ORIGINAL_LOGPROB=1 in its environment",
	KindLlamaCpp: "posp needs a llama-server that gives ids and timings with log-probabilities, without a draft model",
	KindOllama:   "posp needs Ollama 0.12.11 or newer",
}

// Expected is what a server should run.
type Expected struct {
	Kind      Kind // empty: to be found out
	Model     string
	Spec      posp.ModelSpec
	Tokenizer Tokenizer // of the model; only Ollama needs it, and it may be nil for the others
}

// Found is a server that says what receipts need.
type Found struct {
	Kind    Kind
	Version string // as the server names it; may be empty
	Dialect Dialect
}

// Connect waits until the server answers, finds out its kind, and makes sure,
// by asking it as buyers will, that it says what receipts need. Its errors tell
// the operator of the server what to do.
func Connect(ctx context.Context, s Server, e Expected, log *zap.Logger) (Found, error) {
	if e.Kind != "" && !slices.Contains(Kinds, e.Kind) {
		return Found{}, fmt.Errorf("%q is no kind of inference server: want one of %v", e.Kind, Kinds)
	}
	if err := s.wait(ctx, log); err != nil {
		return Found{}, err
	}
	found, err := detect(ctx, s, e.Kind)
	if err != nil {
		return Found{}, err
	}
	name := strings.TrimSpace(fmt.Sprintf("%s %s", found.Kind, found.Version))
	if found.Kind != KindPosp && e.Spec.SamplingRule == posp.RuleGumbel {
		return Found{}, fmt.Errorf("the spec of model %s promises sampling by %s, which only posp's own server can do; %s draws with randomness of its own: its spec must say %s",
			e.Model, posp.RuleGumbel, name, posp.RuleUnseeded)
	}
	switch found.Kind {
	case KindPosp, KindVLLM:
		found.Dialect = VLLM{}
	case KindSGLang:
		found.Dialect = SGLang{}
	case KindLlamaCpp:
		found.Dialect, err = connectLlamaCpp(ctx, s)
	case KindOllama:
		found.Dialect, err = connectOllama(ctx, s, e)
	}
	if err != nil {
		return Found{}, fmt.Errorf("%s at %s: %w", name, s.url, err)
	}
	if err := probe(ctx, s, found, e); err != nil {
		return Found{}, fmt.Errorf("%s at %s cannot be recorded: %w (%s)", name, s.url, err, needs[found.Kind])
	}
	return found, nil
}

// retry is the time between looks at a server that does not answer yet.
const retry = time.Second

// wait waits for a server that starts or loads its model.
func (s Server) wait(ctx context.Context, log *zap.Logger) error {
	for waited := false; ; waited = true {
		var models json.RawMessage
		err := s.Get(ctx, "/v1/models", &models)
		var status *statusError
		if err == nil || errors.As(err, &status) && status.status != http.StatusServiceUnavailable {
			return nil // detect says what it is
		}
		if !waited {
			log.Info("waiting for the inference server", zap.Stringer("upstream", s.url), zap.Error(err))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("inference server at %s: %w", s.url, err)
		case <-time.After(retry):
		}
	}
}

// detect asks for what only one kind of server has. kind, if known, is only
// given its version.
func detect(ctx context.Context, s Server, kind Kind) (Found, error) {
	for _, d := range []struct {
		kind    Kind
		path    string
		version func(fields map[string]json.RawMessage) (string, bool)
	}{
		{KindLlamaCpp, "/props", field("build_info")},
		{KindSGLang, "/get_server_info", field("version")},
		{KindSGLang, "/server_info", field("version")},
		{KindSGLang, "/get_model_info", func(f map[string]json.RawMessage) (string, bool) { return "", f["model_path"] != nil }},
		{KindOllama, "/api/version", field("version")},
		{KindVLLM, "/version", field("version")},
		{KindPosp, "/v1/models", func(f map[string]json.RawMessage) (string, bool) {
			return "", bytes.Contains(f["data"], []byte(`"owned_by":"posp"`))
		}},
	} {
		if kind != "" && kind != d.kind {
			continue
		}
		var fields map[string]json.RawMessage
		if err := s.Get(ctx, d.path, &fields); err != nil {
			if ctx.Err() != nil {
				return Found{}, err
			}
			continue // it has no such endpoint, or another server's
		}
		if version, ok := d.version(fields); ok {
			return Found{Kind: d.kind, Version: version}, nil
		}
	}
	if kind != "" {
		return Found{Kind: kind}, nil // the probe will tell
	}
	return Found{}, fmt.Errorf("the inference server at %s is none of %v that posp can tell: name its kind", s.url, Kinds)
}

// field reads a text.
func field(name string) func(map[string]json.RawMessage) (string, bool) {
	return func(fields map[string]json.RawMessage) (text string, ok bool) {
		return text, json.Unmarshal(fields[name], &text) == nil && text != ""
	}
}

// connectLlamaCpp asks for the tokens that end an answer: those that the
// server would suppress.
func connectLlamaCpp(ctx context.Context, s Server) (Dialect, error) {
	var got struct {
		Settings []struct {
			Token uint32 `json:"token"`
		} `json:"generation_settings/logit_bias"`
	}
	err := s.Post(ctx, "/completion", map[string]any{
		"prompt": []int{0}, "n_predict": 1, "ignore_eos": true, "logit_bias": []int{}, "response_fields": []string{"generation_settings/logit_bias"},
	}, &got)
	if err != nil {
		return nil, fmt.Errorf("ask for the end tokens: %w", err)
	}
	var d LlamaCpp
	for _, x := range got.Settings {
		d.Ends = append(d.Ends, x.Token)
	}
	return d, nil
}

// connectOllama asks for the model's vocabulary and parameters.
func connectOllama(ctx context.Context, s Server, e Expected) (Dialect, error) {
	if e.Tokenizer == nil {
		return nil, fmt.Errorf("it says no token ids, and posp has no tokenizer of model %s: serve its GGUF file with llama.cpp's server", e.Model)
	}
	var got struct {
		Parameters string `json:"parameters"`
		Info       struct {
			Tokens []string `json:"tokenizer.ggml.tokens"`
			EOS    []uint32 `json:"tokenizer.ggml.eos_token_ids"`
		} `json:"model_info"`
	}
	if err := s.Post(ctx, "/api/show", map[string]any{"model": e.Model, "verbose": true}, &got); err != nil {
		return nil, fmt.Errorf("ask for the model: %w", err)
	}
	parameters := map[string]string{}
	for line := range strings.Lines(got.Parameters) {
		if f := strings.Fields(line); len(f) == 2 {
			parameters[f[0]] = f[1]
		}
	}
	var bad []string
	for _, want := range []struct{ name, value, builtIn string }{
		{"top_k", "0", "40"}, {"min_p", "0", "0"}, {"repeat_penalty", "1", "1.1"}, {"typical_p", "1", "1"},
	} {
		if cmp.Or(parameters[want.name], want.builtIn) != want.value {
			bad = append(bad, fmt.Sprintf("PARAMETER %s %s", want.name, want.value))
		}
	}
	if len(bad) > 0 {
		return nil, fmt.Errorf("its own sampling would change the answers: add to the Modelfile of %s: %s", e.Model, strings.Join(bad, "; "))
	}
	text := func(id uint32) (string, error) {
		if uint64(id) >= uint64(len(got.Info.Tokens)) {
			return "", fmt.Errorf("its vocabulary of %d tokens has no token %d", len(got.Info.Tokens), id)
		}
		return got.Info.Tokens[id], nil
	}
	o := Ollama{Tokenizer: e.Tokenizer}
	var err error
	if o.End, err = text(e.Spec.EOS); err != nil {
		return nil, err
	}
	for _, id := range got.Info.EOS {
		if id == e.Spec.EOS {
			continue
		}
		other, err := text(id)
		if err != nil {
			return nil, err
		}
		o.OtherEnds = append(o.OtherEnds, other)
	}
	return o, nil
}

// probe asks the server for short answers as buyers will.
func probe(ctx context.Context, s Server, f Found, e Expected) error {
	for _, chat := range []bool{false, true} {
		if f.Kind == KindOllama && !chat {
			continue // see its transcript
		}
		for _, stream := range []bool{false, true} {
			if _, err := try(ctx, s, f.Dialect, e, probeCall{chat: chat, stream: stream, tokens: 4}); err != nil {
				return err
			}
		}
	}
	for _, prompt := range []string{"The", "1, 2", "func"} {
		raw, told, err := probeTemperature(ctx, s, f.Dialect, e, prompt)
		if err != nil {
			return err
		}
		if told && !raw {
			return errors.New("its log-probabilities change with temperature; a receipt needs those of temperature 1")
		}
		if told {
			return nil
		}
	}
	return nil // the model is sure of everything it was asked
}

// probeTemperature compares the log-probability of the likeliest token with
// that at a low temperature, where it would be near 0 if it were not raw. told
// is false if the model was too sure already, or drew another token.
func probeTemperature(ctx context.Context, s Server, d Dialect, e Expected, prompt string) (raw, told bool, err error) {
	greedy, err := try(ctx, s, d, e, probeCall{chat: true, prompt: prompt, tokens: 4})
	if err != nil || greedy.LogProbs[0] > -0.5 {
		return false, false, err
	}
	cold, err := try(ctx, s, d, e, probeCall{chat: true, prompt: prompt, tokens: 4, temperature: 0.1})
	if err != nil || cold.Output[0] != greedy.Output[0] {
		return false, false, err
	}
	return math.Abs(cold.LogProbs[0]-greedy.LogProbs[0]) < 0.2, true, nil
}

type probeCall struct {
	chat, stream bool
	prompt       string
	tokens       int
	temperature  float64
}

// try sends a request as a buyer's and reads the answer as the recorder does.
func try(ctx context.Context, s Server, d Dialect, e Expected, p probeCall) (Answer, error) {
	path, prompt := "/v1/completions", cmp.Or(p.prompt, "The")
	fields := map[string]any{"model": e.Model, "max_tokens": p.tokens, "temperature": p.temperature, "stream": p.stream, "prompt": prompt}
	if p.chat {
		path = "/v1/chat/completions"
		delete(fields, "prompt")
		fields["messages"] = []map[string]string{{"role": "user", "content": prompt}}
	}
	what := fmt.Sprintf("POST %s, stream %v", path, p.stream)
	body, err := json.Marshal(fields)
	if err != nil {
		return Answer{}, err
	}
	c, problem := readCall(body, p.chat, "", map[string]posp.ModelSpec{e.Model: e.Spec}, 1, rand.Reader)
	if problem == nil && c.problem != nil {
		problem = c.problem
	}
	if problem != nil {
		return Answer{}, fmt.Errorf("%s: %w", what, problem)
	}
	t, err := d.Ask(ctx, s, &c.Request)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", what, err)
	}
	if body, err = json.Marshal(c.Fields); err != nil {
		return Answer{}, err
	}
	if err := s.documents(ctx, path, body, p.stream, t.Read); err != nil {
		return Answer{}, fmt.Errorf("%s: %w", what, err)
	}
	a, err := t.Answer(ctx)
	if err == nil && a.Finish == 0 {
		err = errors.New("the answer has no end")
	}
	if err == nil {
		err = checkAnswer(c, &a)
	}
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", what, err)
	}
	return a, nil
}

// documents posts and takes down the answer.
func (s Server) documents(ctx context.Context, path string, body []byte, stream bool, take func([]byte) error) error {
	if !stream {
		var whole json.RawMessage
		if err := s.do(ctx, http.MethodPost, path, bytes.NewReader(body), &whole); err != nil {
			return err
		}
		return take(whole)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Close = true // see streamCloser
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		b, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
		return &statusError{path, res.StatusCode, b}
	}
	lines := bufio.NewScanner(io.LimitReader(res.Body, maxSideAnswer))
	lines.Buffer(nil, maxSideAnswer)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data:"))
		if data = bytes.TrimSpace(data); !ok || string(data) == "[DONE]" {
			continue
		}
		if err := take(data); err != nil {
			return err
		}
	}
	return lines.Err()
}
