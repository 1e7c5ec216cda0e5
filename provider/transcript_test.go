package provider

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
)

// serverFunc is a server that answers what a path and request give; an empty
// answer is a 404.
type serverFunc func(path string, body map[string]any) string

func (f serverFunc) RoundTrip(r *http.Request) (*http.Response, error) {
	var body map[string]any
	if r.Body != nil {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, err
		}
	}
	answer := f(r.URL.Path, body)
	status := http.StatusOK
	if answer == "" {
		status = http.StatusNotFound
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(answer)), Header: http.Header{}, Request: r}, nil
}

func (f serverFunc) server() Server {
	return Server{url: &url.URL{Scheme: "http", Host: "server"}, client: &http.Client{Transport: f}}
}

// llamaScores answers /completion as llama.cpp does when it is made to generate
// EOS (2): by a list of [id, log-probability, text] at each number of output
// tokens, of which it gives as many as are asked for.
func llamaScores(t *testing.T, prompt int, byPlace map[int]string) serverFunc {
	return func(path string, body map[string]any) string {
		switch path {
		case "/apply-template":
			return `{"prompt":"text"}`
		case "/tokenize":
			return `{"tokens":[1,5,6,7]}`
		case "/completion":
			if body["n_predict"] != 1.0 || fmt.Sprint(body["logit_bias"]) != "[[2 1e+06]]" {
				t.Errorf("asked %v", body)
			}
			var list [][3]any
			if err := json.Unmarshal([]byte(byPlace[len(body["prompt"].([]any))-prompt]), &list); err != nil {
				t.Errorf("nothing to say of %v: %v", body["prompt"], err)
			}
			var top []map[string]any
			end := map[string]any{"id": 2, "logprob": -9.0, "bytes": []int{}}
			for i, c := range list {
				entry := map[string]any{"id": c[0], "logprob": c[1], "bytes": numbers(c[2].(string))}
				if c[0] == 2.0 {
					end = maps.Clone(entry)
				}
				if float64(i) < body["n_probs"].(float64) {
					top = append(top, entry)
				}
			}
			end["top_logprobs"] = top
			b, err := json.Marshal(map[string]any{"completion_probabilities": []any{end}})
			if err != nil {
				t.Error(err)
			}
			return string(b)
		}
		return ""
	}
}

// numbers are the bytes of a text in Latin-1, which can write any byte.
func numbers(text string) (out []int) {
	for _, b := range text {
		out = append(out, int(b))
	}
	return out
}

// chunk is an event of llama.cpp's chat stream.
func chunk(made, id int, logProb float64, text, own string) string {
	return fmt.Sprintf(`{"choices":[{"index":0,"finish_reason":null,"delta":{},"logprobs":{"content":[{"id":%d,"logprob":%v,"bytes":%s,"top_logprobs":[{"id":%d,"logprob":%v,"bytes":%s}]}]}}],"timings":{"predicted_n":%d}}`,
		id, logProb, fmt.Sprint(string(must(json.Marshal(numbers(text))))), id, logProb, string(must(json.Marshal(numbers(own)))), made)
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// last is its last event.
func last(made, prompt int, finish, stop string) string {
	return fmt.Sprintf(`{"choices":[{"index":0,"finish_reason":%q,"delta":{}}],"timings":{"predicted_n":%d},"__verbose":{"tokens":[],"tokens_evaluated":%d,"stop_type":%q}}`, finish, made, prompt, stop)
}

func TestLlamaCppChatStreamThatLeavesOut(t *testing.T) {
	a, b := chunk(1, 11, -0.25, "a", "a"), chunk(2, 12, -0.5, "b", "b")
	euro := chunk(3, 13, -0.5, "\u00e2\u0082\u00ac", "\u00ac") // after two tokens that were left out
	for name, c := range map[string]struct {
		events   []string
		scores   map[int]string
		ends     []uint32
		vocab    uint32
		want     []uint32
		logProbs []float64
		err      string
	}{
		"nothing": {events: []string{a, b, last(2, 4, "length", "limit")}, want: []uint32{11, 12}, logProbs: []float64{-0.25, -0.5}},
		"the end": {events: []string{a, last(2, 4, "stop", "eos")}, scores: map[int]string{1: `[[2,-0.125,""],[12,-3,"b"]]`},
			want: []uint32{11, 2}, logProbs: []float64{-0.25, -0.125}},
		"an end that is not likely": {events: []string{a, last(2, 4, "stop", "eos")}, scores: map[int]string{1: `[[12,-0.1,"b"]]`},
			want: []uint32{11, 2}, logProbs: []float64{-0.25, -9}},
		"one of two ends": {events: []string{a, last(2, 4, "stop", "eos")}, ends: []uint32{2, 3}, scores: map[int]string{1: `[[2,-0.125,""],[3,-3,""]]`},
			err: "any of 2 end tokens"},
		"one of two ends, the other unlikely": {events: []string{a, last(2, 4, "stop", "eos")}, ends: []uint32{2, 3}, scores: map[int]string{1: `[[2,-0.125,""],[3,-12,""]]`},
			want: []uint32{11, 2}, logProbs: []float64{-0.25, -0.125}},
		"a stop word": {events: []string{a, last(2, 4, "stop", "word")}, err: "nothing tells"},
		"two tokens of a character": {events: []string{euro, last(3, 4, "length", "limit")},
			scores: map[int]string{0: `[[40,-1,"x"],[41,-2,"\u00e2"],[42,-3,"y"]]`, 1: `[[43,-1,"\u00e2"],[44,-2,"\u0082"]]`}, want: []uint32{41, 44, 13}, logProbs: []float64{-2, -2, -0.5}},
		"no such token": {events: []string{chunk(2, 12, -0.5, "xb", "b"), last(2, 4, "length", "limit")}, scores: map[int]string{0: `[[40,-1,"y"]]`}, err: "no token"},
		"two such tokens": {events: []string{chunk(2, 12, -0.5, "xb", "b"), last(2, 4, "length", "limit")}, scores: map[int]string{0: `[[40,-1,"x"],[41,-2,"x"]]`},
			err: "any of 2 tokens"},
		"one such token": {events: []string{chunk(2, 12, -0.5, "xb", "b"), last(2, 4, "length", "limit")}, scores: map[int]string{0: `[[40,-1,"x"],[41,-2,"xb"]]`},
			want: []uint32{40, 12}, logProbs: []float64{-1, -0.5}},
		"only among all": {events: []string{chunk(2, 12, -0.5, "xb", "b"), last(2, 4, "length", "limit")}, vocab: 100,
			scores: map[int]string{0: "[" + strings.Repeat(`[50,-1,"y"],`, 64) + `[40,-7,"x"]]`}, want: []uint32{40, 12}, logProbs: []float64{-7, -0.5}},
		"three tokens, two ways": {events: []string{chunk(3, 12, -0.5, "xyb", "b"), last(3, 4, "length", "limit")},
			scores: map[int]string{0: `[[40,-1,"x"],[41,-2,"xy"]]`, 1: `[[42,-1,"y"]]`}, want: []uint32{40, 42, 12}, logProbs: []float64{-1, -1, -0.5}},
		"other text":      {events: []string{chunk(2, 12, -0.5, "xc", "b"), last(2, 4, "length", "limit")}, err: "does not end with"},
		"other prompt":    {events: []string{a, last(1, 5, "length", "limit")}, err: "a prompt of 5 tokens"},
		"counts less":     {events: []string{chunk(2, 11, -1, "ab", "b"), chunk(1, 12, -1, "c", "c")}, err: "counts 0 tokens where it gave 2"},
		"counts too many": {events: []string{chunk(1<<30, 11, -1, "a", "a")}, err: "counts"},
		"drafts":          {events: []string{a, last(100, 4, "length", "limit")}, err: "does it draft"},
		"error":           {events: []string{a, `{"error":{"message":"slot lost"}}`}, err: "slot lost"},
		"tool call":       {events: []string{last(1, 4, "tool_calls", "eos")}, err: "tool_calls"},
		"goes on":         {events: []string{last(1, 4, "stop", "eos"), a}, err: "after the end"},
		"two choices":     {events: []string{`{"choices":[{"index":0},{"index":1}]}`}, err: "more than one answer"},
		"no number":       {events: []string{`{"choices":[{"index":0,"logprobs":{"content":[{"id":3}]}}]}`}, err: "no log-probability of output token 0"},
		"no JSON":         {events: []string{`{`}, err: "not as documented"},
	} {
		t.Run(name, func(t *testing.T) {
			s := spec
			s.VocabSize = max(s.VocabSize, c.vocab)
			r := &Request{Chat: true, Stream: true, Fields: map[string]json.RawMessage{}, Spec: s}
			tr, err := LlamaCpp{Ends: c.ends}.Ask(t.Context(), llamaScores(t, 4, c.scores).server(), r)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range c.events {
				if err = tr.Read([]byte(e)); err != nil {
					break
				}
			}
			var got Answer
			if err == nil {
				got, err = tr.Answer(t.Context())
			}
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("%+v, %v; want %q", got, err, c.err)
				}
				return
			}
			if d := cmp.Diff(c.want, got.Output) + cmp.Diff(c.logProbs, got.LogProbs); err != nil || d != "" {
				t.Errorf("%v %s", err, d)
			}
		})
	}
}

// In a whole answer all ids are known, and of which of two equal tokens the
// log-probability was given may not be.
func TestLlamaCppWholeAnswerThatLeavesOut(t *testing.T) {
	whole := func(ids string, entries ...int) string {
		var content []string
		for i, id := range entries {
			content = append(content, fmt.Sprintf(`{"id":%d,"logprob":%v,"bytes":[],"top_logprobs":[]}`, id, -1-float64(i)))
		}
		return fmt.Sprintf(`{"choices":[{"index":0,"finish_reason":"length","logprobs":{"content":[%s]}}],"usage":{"prompt_tokens":4,"completion_tokens":%d},"__verbose":{"tokens":[%s],"tokens_evaluated":4,"stop_type":"limit"}}`,
			strings.Join(content, ","), 1+strings.Count(ids, ","), ids)
	}
	scores := map[int]string{0: `[[40,-7,"x"]]`, 1: `[[40,-8,"x"]]`}
	for name, c := range map[string]struct {
		answer   string
		logProbs []float64
		err      string
	}{
		"all said":     {whole("11,12", 11, 12), []float64{-1, -2}, ""},
		"first not":    {whole("40,12", 12), []float64{-7, -1}, ""},
		"last not":     {whole("11,40", 11), []float64{-1, -8}, ""},
		"one of two":   {whole("11,11", 11), nil, "cannot be told"},
		"another":      {whole("11,12", 13), nil, "did not generate"},
		"too few ids":  {strings.Replace(whole("11,12", 11), `"tokens":[11,12]`, `"tokens":[11]`, 1), nil, "1 of 2 tokens"},
		"other prompt": {strings.Replace(whole("11", 11), `"tokens_evaluated":4`, `"tokens_evaluated":3`, 1), nil, "a prompt of 3 tokens"},
	} {
		r := &Request{Fields: map[string]json.RawMessage{"prompt": json.RawMessage("[1,5,6,7]")}, Spec: spec}
		tr, err := LlamaCpp{}.Ask(t.Context(), llamaScores(t, 4, scores).server(), r)
		if err != nil {
			t.Fatal(err)
		}
		if err = tr.Read([]byte(c.answer)); err != nil {
			t.Fatal(err)
		}
		got, err := tr.Answer(t.Context())
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %+v, %v; want %q", name, got, err, c.err)
			}
		} else if d := cmp.Diff(c.logProbs, got.LogProbs); err != nil || d != "" {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}

// What llama.cpp would do beside temperature and top-p is switched off, and
// they come in the receipt's order.
func TestLlamaCppIsAskedForTheReceiptsSampling(t *testing.T) {
	for _, chat := range []bool{false, true} {
		r := &Request{Chat: chat, Stream: true, Spec: unseeded(spec), Sampling: posp.Sampling{Rule: posp.Unseeded},
			Fields: map[string]json.RawMessage{"prompt": json.RawMessage(`"x"`), "logprobs": json.RawMessage("0"), "samplers": json.RawMessage(`"kept"`), "mirostat": json.RawMessage("2")}}
		if _, err := (LlamaCpp{}).Ask(t.Context(), llamaScores(t, 4, nil).server(), r); err != nil {
			t.Fatal(err)
		}
		if got := string(r.Fields["samplers"]); got != `["temperature","top_p"]` {
			t.Errorf("samplers %s", got)
		}
		for field, want := range map[string]string{"mirostat": "0", "seed": "-1", "dynatemp_range": "0", "logit_bias": "[]", "timings_per_token": "true"} {
			if got := string(r.Fields[field]); got != want {
				t.Errorf("%s is %s, want %s", field, got, want)
			}
		}
		if got := string(r.Fields["prompt"]); !chat && got != "[1,5,6,7]" {
			t.Errorf("sent prompt %s, not its tokens", got)
		}
	}
}

func TestOllamaEnd(t *testing.T) {
	for name, c := range map[string]struct {
		generated []string // by call
		others    []string
		usage     string
		content   string
		want      []float64
		err       string
	}{
		"among the likeliest": {generated: []string{`[{"token":"b","logprob":-9,"top_logprobs":[{"token":"</s>","logprob":-0.5},{"token":"c","logprob":-2}]}]`}, want: []float64{-1, -0.5}},
		"second draw":         {generated: []string{`[]`, `[{"token":"b","logprob":-9,"top_logprobs":[{"token":"</s>","logprob":-0.5}]}]`}, want: []float64{-1, -0.5}},
		"never":               {err: "said nothing of 16 tokens"},
		"not listed":          {generated: []string{`[{"token":"b","logprob":-9,"top_logprobs":[{"token":"c","logprob":-2}]}]`}, err: "not among the 1 likeliest"},
		"another end":         {generated: []string{`[{"token":"b","logprob":-9,"top_logprobs":[{"token":"</s>","logprob":-0.5},{"token":"<e>","logprob":-2}]}]`}, others: []string{"<e>"}, err: "any of 2 end tokens"},
		"another, maybe":      {generated: []string{`[{"token":"b","logprob":-9,"top_logprobs":[{"token":"</s>","logprob":-0.5},{"token":"c","logprob":-2}]}]`}, others: []string{"<e>"}, err: "any of 2 end tokens"},
		"another, unlikely":   {generated: []string{`[{"token":"b","logprob":-9,"top_logprobs":[{"token":"</s>","logprob":-0.5},{"token":"c","logprob":-12}]}]`}, others: []string{"<e>"}, want: []float64{-1, -0.5}},
		"other prompt":        {usage: `{"prompt_tokens":5,"completion_tokens":2}`, err: "a prompt of 5 tokens"},
		"a token is lost":     {usage: `{"prompt_tokens":2,"completion_tokens":3}`, err: "counts 3 tokens where it gave 1"},
		"no such token":       {content: `{"token":"ab","logprob":-1}`, err: "Ollama does not say ids"},
		"no number":           {content: `{"token":"a"}`, err: "no log-probability of output token 0"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			server := serverFunc(func(path string, body map[string]any) string {
				switch path {
				case "/v1/chat/completions":
					if body["_debug_render_only"] != true || body["stream"] != false {
						t.Errorf("asked %v", body)
					}
					return `{"_debug_info":{"rendered_template":"x"}}`
				case "/api/generate":
					if body["prompt"] != "xa" || body["raw"] != true {
						t.Errorf("asked %v", body)
					}
					calls++
					if calls > len(c.generated) {
						return `{"logprobs":null}`
					}
					return `{"logprobs":` + c.generated[calls-1] + `}`
				}
				return ""
			})
			s := spec
			s.EOS = 257
			r := &Request{Chat: true, Fields: map[string]json.RawMessage{"model": json.RawMessage(`"small"`)}, Spec: s, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 9}}
			tr, err := Ollama{Tokenizer: byteTokens{}, End: "</s>", OtherEnds: c.others}.Ask(t.Context(), server.server(), r)
			if err != nil {
				t.Fatal(err)
			}
			if c.content == "" {
				c.content = `{"token":"a","logprob":-1}`
			}
			if c.usage == "" {
				c.usage = `{"prompt_tokens":2,"completion_tokens":2}`
			}
			err = tr.Read([]byte(`{"choices":[{"index":0,"finish_reason":"stop","logprobs":{"content":[` + c.content + `]}}],"usage":` + c.usage + `}`))
			var got Answer
			if err == nil {
				got, err = tr.Answer(t.Context())
			}
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%+v, %v; want %q", got, err, c.err)
				}
				return
			}
			if d := cmp.Diff(c.want, got.LogProbs) + cmp.Diff([]uint32{'a', 257}, got.Output); err != nil || d != "" {
				t.Errorf("%v %s", err, d)
			}
		})
	}
}

// A server whose log-probabilities are of the distribution that it draws from
// cannot be recorded; one that is sure of everything cannot be told.
func TestConnectTellsScaledLogProbabilities(t *testing.T) {
	for name, c := range map[string]struct {
		greedy, cold float64
		refused      bool
	}{
		"raw": {-1, -1.01, false}, "scaled": {-1, -0.001, true}, "sure": {-0.25, -0.001, false},
	} {
		s := serverFunc(func(path string, body map[string]any) string {
			x := c.greedy
			if body["temperature"] != 0.0 {
				x = c.cold
			}
			return fmt.Sprintf(`{"prompt_token_ids":[1,5],"choices":[{"index":0,"finish_reason":"stop","token_ids":[11,2],"prompt_token_ids":[1,5],
				"logprobs":{"content":[{"logprob":%v},{"logprob":-1}],"token_logprobs":[%v,-1]}}]}`, x, x)
		})
		err := probe(t.Context(), streamless{s}.server(), Found{Kind: KindVLLM, Dialect: VLLM{}}, Expected{Model: "small", Spec: unseeded(spec)})
		if (err != nil) != c.refused || err != nil && !strings.Contains(err.Error(), "change with temperature") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// streamless answers a stream with its one document as one event.
type streamless struct{ serverFunc }

func (s streamless) server() Server {
	return Server{url: &url.URL{Scheme: "http", Host: "server"}, client: &http.Client{Transport: s}}
}

func (s streamless) RoundTrip(r *http.Request) (*http.Response, error) {
	stream := r.Close // only streams have a connection of their own
	res, err := s.serverFunc.RoundTrip(r)
	if err == nil && stream {
		b, _ := io.ReadAll(res.Body)
		res.Body = io.NopCloser(strings.NewReader("data: " + strings.ReplaceAll(string(b), "\n", "") + "\n\ndata: [DONE]\n\n"))
	}
	return res, err
}

// llama.cpp closes a connection after a stream without saying so.
func TestStreamsOfLlamaCppHaveConnectionsOfTheirOwn(t *testing.T) {
	for _, stream := range []bool{false, true} {
		for _, kind := range []Kind{KindLlamaCpp, KindVLLM} {
			var own atomic.Bool
			up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				own.Store(r.Close)
				io.WriteString(w, "{}")
			}))
			r := newRig(t)
			r.inFront(kind, up.URL, map[string]posp.ModelSpec{"small": unseeded(spec)})
			r.post("/v1/chat/completions", fmt.Sprintf(`{"model":"small","messages":[],"stream":%v}`, stream))
			if want := stream && kind == KindLlamaCpp; own.Load() != want {
				t.Errorf("%s, stream %v: own connection %v", kind, stream, own.Load())
			}
			up.Close()
		}
	}
}
