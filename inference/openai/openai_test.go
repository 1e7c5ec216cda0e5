package openai

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
)

var (
	greedy   = posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}
	unseeded = posp.Sampling{Rule: posp.Unseeded, TemperatureMicro: 1e6, TopPMicro: 1e6, MaxTokens: 3}
)

func nats(x float64) int32 { return posp.ToFixed(x) }

// The same distribution in both dialects: the second claimed token is beyond the three most likely.
func TestVLLMAndSGLang(t *testing.T) {
	for file, class := range map[string]string{"vllm.json": "vllm/0.11.0", "sglang.json": "sglang/0.5.3"} {
		o := Options{}
		if file == "sglang.json" {
			o.Top = 3 // vLLM's refusal of 64 is in its exchanges
		}
		s := dial(t, replay(t, file)+"/v1/", o)
		if want := (Description{Class: class, Model: "meta-llama/Llama-3.2-1B", Top: 3, Context: 1023}); s.Describe() != want {
			t.Errorf("described as %+v, want %+v", s.Describe(), want)
		}
		e, err := s.Score(t.Context(), []uint32{1, 15, 7}, greedy, []uint32{42, 9, 2})
		want := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{nats(-0.125), nats(-6.25), nats(-1.5)}, Margin: []int32{0, nats(5.5), nats(1)}}
		if err != nil || e.Hash() != want.Hash() {
			t.Errorf("%s: %+v, %v, want %+v", class, e, err, want)
		}
		e, err = s.Score(t.Context(), []uint32{1, 15, 7}, unseeded, []uint32{42, 9, 2})
		if err != nil || !e.Whole(3) || e.Kind != posp.EvidenceIntervals || e.Below[0] != 0 || e.Below[1]+e.Mass[1] != posp.Unit || e.Below[2] < posp.Unit/2 {
			t.Errorf("%s: %+v, %v", class, e, err)
		}
		if e, err := s.Score(t.Context(), []uint32{1}, greedy, nil); err != nil || !e.Whole(0) {
			t.Errorf("an empty output: %+v, %v", e, err)
		}
		var never *posp.ValidationError
		if _, err := s.Score(t.Context(), make([]uint32, 1000), greedy, make([]uint32, 24)); !errors.As(err, &never) {
			t.Errorf("text beyond the context: %v", err)
		}
		if _, err := s.Score(t.Context(), nil, greedy, []uint32{1}); !errors.As(err, &never) {
			t.Errorf("no prompt: %v", err)
		}
	}
}

func TestLlamaCpp(t *testing.T) {
	w, h, o := recorded(t)
	s := dial(t, replay(t, "llamacpp.json"), o)
	if d := s.Describe(); d.Vocab != 258 || d.Context != 512 || d.Top != 4 || !strings.HasPrefix(d.Class, "llama.cpp/b") {
		t.Errorf("described as %+v", d)
	}
	agree(t, s, float.NewScorer(w), h, 1e-4)
	var never *posp.ValidationError
	if _, err := s.Score(t.Context(), []uint32{258}, greedy, []uint32{1}); !errors.As(err, &never) {
		t.Errorf("a token that is none: %v", err)
	}
}

func TestOllama(t *testing.T) {
	if _, err := Dial(t.Context(), replay(t, "ollama.json"), Options{}); !errors.Is(err, ErrCannotScore) || !strings.Contains(err.Error(), "token ids") {
		t.Errorf("dialled: %v", err)
	}
}

// Rationale: what a server leaves out, cuts off or scores in place of what it was sent must be an error and not evidence.
func TestAnswersThatDoNotFitAreRefused(t *testing.T) {
	for _, c := range []struct{ name, file, from, to string }{
		{"other tokens", "vllm.json", `"prompt_token_ids":[1,15,7,42,9,2]`, `"prompt_token_ids":[1,15,7,42,9,3]`},
		{"a position too few", "vllm.json", `"prompt_logprobs":[null,{"15"`, `"prompt_logprobs":[{"15"`},
		{"no prompt log-probabilities", "vllm.json", `"prompt_logprobs":[null,{"15":{"logprob":-1.0,"rank":1,"decoded_token":"t15"},"1":{"logprob":-2.0,"rank":2,"decoded_token":"t1"},"3":{"logprob":-3.0,"rank":3,"decoded_token":"t3"}},`, `"prompt_logprobs":[null,`},
		{"no claimed token", "vllm.json", `"9":{"logprob":-6.25`, `"8":{"logprob":-6.25`},
		{"null", "vllm.json", `"11":{"logprob":-0.75`, `"11":{"logprob":null`},
		{"more than one", "vllm.json", `"11":{"logprob":-0.75`, `"11":{"logprob":-0.05`},
		{"other tokens", "sglang.json", `[-6.25,9,null]`, `[-6.25,8,null]`},
		{"null", "sglang.json", `[-6.25,9,null]`, `[null,9,null]`},
		{"two parts", "sglang.json", `[-6.25,9,null]`, `[-6.25,9]`},
		{"null alternative", "sglang.json", `[-0.75,11,null]`, `[null,11,null]`},
		{"truncated", "sglang.json", `"prompt_tokens":6`, `"prompt_tokens":5`},
		{"no alternatives", "sglang.json", `"input_top_logprobs":[null,[[-0.125`, `"input_top_logprobs":[[[-0.125`},
		{"given up", "sglang.json", `{"type":"length","length":1},"prompt_tokens":6`, `{"type":"abort","message":"out of memory"},"prompt_tokens":6`},
		{"truncated", "llamacpp.json", `"tokens_evaluated":6`, `"tokens_evaluated":5`},
		{"not forced", "llamacpp.json", `"tokens":[126]`, `"tokens":[97]`},
		{"no ids", "llamacpp.json", `"completion_probabilities":[{"id":126`, `"completion_probabilities":[{"content":126`},
		{"none", "llamacpp.json", `"completion_probabilities":[{"id":97`, `"completion_probabilities_":[{"id":97`},
	} {
		raw, err := os.ReadFile(filepath.Join("testdata", c.file))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(raw), c.from) {
			t.Errorf("%s of %s: %s is not in the exchanges", c.name, c.file, c.from)
			continue
		}
		// Only what follows Dial's own question is changed.
		text := string(raw)
		question := map[string]string{"vllm.json": `"prompt":[1,15,7`, "sglang.json": `"input_ids":[1,15,7`, "llamacpp.json": `"prompt":[[256`}[c.file]
		at := strings.Index(text, question)
		bad := filepath.Join(t.TempDir(), c.file)
		if err := os.WriteFile(bad, []byte(text[:at]+strings.ReplaceAll(text[at:], c.from, c.to)), 0o600); err != nil {
			t.Fatal(err)
		}
		prompt, output, o := []uint32{1, 15, 7}, []uint32{42, 9, 2}, Options{}
		switch c.file {
		case "sglang.json":
			o.Top = 3
		case "llamacpp.json":
			_, h, llama := recorded(t)
			prompt, output, o = h.prompt, h.output, llama
		}
		s := dial(t, replayFile(t, bad), o)
		if e, err := s.Score(t.Context(), prompt, greedy, output); err == nil {
			t.Errorf("%s of %s: scored as %+v", c.name, c.file, e)
		}
	}
}

func TestDialRefuses(t *testing.T) {
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("two\nlines"), 0o600); err != nil {
		t.Fatal(err)
	}
	vllm := replay(t, "vllm.json")
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	moved := httptest.NewServer(http.RedirectHandler("http://elsewhere.invalid/", http.StatusMovedPermanently))
	defer moved.Close()
	locked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }))
	defer locked.Close()
	for _, c := range []struct {
		base string
		o    Options
		want string
	}{
		{"127.0.0.1:8000", Options{}, "not a URL"},
		{"ftp://127.0.0.1", Options{}, "not a URL"},
		{"http://user:secret@127.0.0.1", Options{}, "no user"},
		{"http://127.0.0.1/?key=1", Options{}, "no user, query"},
		{vllm, Options{KeyFile: key}, "one line"},
		{vllm, Options{KeyFile: key + "none"}, "no such file"},
		{vllm, Options{Model: "other"}, `no model "other" but meta-llama/Llama-3.2-1B`},
		{vllm, Options{Dialect: "tgi"}, "none of vllm"},
		{vllm, Options{Dialect: LlamaCpp}, "no llama.cpp server"},
		{nothing.URL, Options{}, "neither vLLM"},
		{moved.URL, Options{}, "redirect"},
		{locked.URL, Options{}, "API key"},
		{"http://127.0.0.1:1", Options{Retries: -1}, "refused"},
	} {
		if _, err := Dial(t.Context(), c.base, c.o); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s %+v: %v, want %q", c.base, c.o, err, c.want)
		}
	}
}

// flaky is a client of a server that answers as told, one after the other, and then well; pauses are noted, not made.
func flaky(t *testing.T, o Options, answers ...func(w http.ResponseWriter)) (c *client, asked *atomic.Int32, pauses *[]time.Duration) {
	t.Helper()
	asked, pauses = new(atomic.Int32), new([]time.Duration)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(asked.Add(1))
		if n <= len(answers) {
			answers[n-1](w)
			return
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	t.Cleanup(s.Close)
	c, err := newClient(s.URL, o)
	if err != nil {
		t.Fatal(err)
	}
	c.pause = func(ctx context.Context, d time.Duration) error {
		*pauses = append(*pauses, d)
		return ctx.Err()
	}
	return c, asked, pauses
}

func status(code int, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
	}
}

func breaks(w http.ResponseWriter) {
	w.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(w, `{"ok":`)
}

// Rationale: a server that is busy or starts again is asked again; one that understood and refused is not, or a
// request that no server can serve would be sent for ever.
func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name    string
		o       Options
		answers []func(http.ResponseWriter)
		asked   int32
		ok      bool
	}{
		{"at once", Options{}, nil, 1, true},
		{"busy", Options{}, []func(http.ResponseWriter){status(503), status(429), status(502)}, 4, true},
		{"broken off", Options{}, []func(http.ResponseWriter){breaks}, 2, true},
		{"busy for good", Options{}, slices.Repeat([]func(http.ResponseWriter){status(503)}, 9), 4, false},
		{"never again", Options{Retries: -1}, []func(http.ResponseWriter){status(503)}, 1, false},
		{"refused", Options{}, []func(http.ResponseWriter){status(400)}, 1, false},
		{"broken", Options{}, []func(http.ResponseWriter){status(500)}, 1, false},
	} {
		client, asked, pauses := flaky(t, c.o, c.answers...)
		var answer struct{ OK bool }
		err := client.get(t.Context(), "/", &answer)
		if (err == nil) != c.ok || answer.OK != c.ok || asked.Load() != c.asked || len(*pauses) != int(c.asked)-1 {
			t.Errorf("%s: %v after %d requests and pauses %v", c.name, err, asked.Load(), *pauses)
		}
		for i, p := range *pauses {
			if p <= 0 || p > firstPause<<i {
				t.Errorf("%s: pause %d is %v", c.name, i, p)
			}
		}
	}
	client, _, pauses := flaky(t, Options{}, status(429, "Retry-After", "3"), status(429, "Retry-After", "3000000"))
	if err := client.get(t.Context(), "/", new(struct{})); err != nil || (*pauses)[0] != 3*time.Second || (*pauses)[1] != maxPause {
		t.Errorf("%v after pauses %v, want 3 s and %v", err, *pauses, maxPause)
	}
}

func TestLimits(t *testing.T) {
	big := func(w http.ResponseWriter) { _, _ = io.WriteString(w, `"`+strings.Repeat("x", small)+`"`) }
	client, asked, _ := flaky(t, Options{}, big)
	var text string
	if err := client.get(t.Context(), "/", &text); err == nil || !strings.Contains(err.Error(), "longer than") || asked.Load() != 1 {
		t.Errorf("%d bytes were read: %v", len(text), err)
	}
	slow := func(http.ResponseWriter) { time.Sleep(300 * time.Millisecond) }
	client, asked, _ = flaky(t, Options{Timeout: 30 * time.Millisecond, Retries: 1}, slow, slow)
	if err := client.get(t.Context(), "/", &text); !errors.Is(err, context.DeadlineExceeded) || asked.Load() != 2 {
		t.Errorf("a slow server: %v after %d requests", err, asked.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	client, asked, _ = flaky(t, Options{}, func(http.ResponseWriter) { cancel(); time.Sleep(50 * time.Millisecond) })
	if err := client.get(ctx, "/", &text); !errors.Is(err, context.Canceled) || asked.Load() != 1 {
		t.Errorf("a caller that left: %v after %d requests", err, asked.Load())
	}
}

func TestKeyIsSent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(" sk-1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, `{}`)
	}))
	defer s.Close()
	c, err := newClient(s.URL, Options{KeyFile: file})
	if err == nil {
		err = c.get(t.Context(), "/", new(struct{}))
	}
	if err != nil || got != "Bearer sk-1" {
		t.Errorf("sent %q, %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	for text, want := range map[string]string{
		`{"error":{"message":"too  long","code":400}}`:      "too long",
		`{"object":"error","message":"too long"}`:           "too long",
		`{"error":"no such model"}`:                         "no such model",
		`{"detail":"Not Found"}`:                            "Not Found",
		"<html>\nBad Gateway":                               "<html> Bad Gateway",
		strings.Repeat("x", 900):                            strings.Repeat("x", 400),
		`{"detail":[{"loc":["body"],"msg":"is required"}]}`: `{"detail":[{"loc":["body"],"msg":"is required"}]}`,
		"": "",
	} {
		if got := refusal([]byte(text)); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestDescriptionCheck(t *testing.T) {
	spec := posp.ModelSpec{VocabSize: 100, ContextLimit: 512}
	for d, want := range map[Description]string{
		{}: "", {Vocab: 100, Context: 512}: "", {Vocab: 128, Context: 4096}: "",
		{Context: 511}: "longer context", {Vocab: 99}: "another model",
	} {
		if err := d.Check(spec); (want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", d, err, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, file := range []string{"vllm.json", "sglang.json", "llamacpp.json"} {
		raw, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, text := range []string{`{"choices":[{"prompt_logprobs":[null,{"1":{"logprob":-1}}]}]}`, `{"meta_info":{"prompt_tokens":2,"input_token_logprobs":[[-1,1,null]],"input_top_logprobs":[[[-1,1,null]]]}}`,
		`[{"completion_probabilities":[{"id":1,"logprob":-1,"top_logprobs":[{"id":1,"logprob":-1}]}],"tokens":[1],"tokens_evaluated":1}]`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write(answer) }))
		defer s.Close()
		c, err := newClient(s.URL, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, server := range []server{vllm{c}, sglang{c}, &llamaCpp{client: c, anchor: 1}} {
			known, err := server.known(t.Context(), Description{Top: 1, Vocab: 4}, []uint32{2}, []uint32{1})
			if err == nil && (len(known) != 1 || known[0].Claimed.ID != 1) {
				t.Errorf("%T takes it for %+v", server, known)
			}
		}
	})
}

func TestScorersAgreeWhateverTheOrderOfAlternatives(t *testing.T) {
	// vLLM's alternatives arrive as a map: the evidence must not depend on the order in which it is walked.
	var first string
	for range 8 {
		s := dial(t, replay(t, "vllm.json"), Options{})
		e, err := s.Score(t.Context(), []uint32{1, 15, 7}, unseeded, []uint32{42, 9, 2})
		if err != nil {
			t.Fatal(err)
		}
		if h := fmt.Sprint(e.Hash()); first == "" {
			first = h
		} else if h != first {
			t.Fatal("two scorings of one answer differ")
		}
	}
}

// Whoever shares samples out among servers must know whether one is too busy, does not want this request, or is broken.
func TestErrorsSayWhoseTheyAre(t *testing.T) {
	for code, want := range map[int][3]bool{ // busy, refused, later
		http.StatusTooManyRequests: {true, false, true}, http.StatusServiceUnavailable: {true, false, true}, http.StatusBadRequest: {false, true, false},
		http.StatusRequestEntityTooLarge: {false, true, false}, http.StatusInternalServerError: {false, false, false}, http.StatusUnauthorized: {false, false, false},
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		_, err := Dial(t.Context(), s.URL, Options{Retries: -1})
		s.Close()
		var busy interface{ Busy() bool }
		var refused interface{ Refused() bool }
		if err == nil || !errors.As(err, &busy) || !errors.As(err, &refused) {
			t.Fatalf("%d: %v", code, err)
		}
		if got := [3]bool{busy.Busy(), refused.Refused(), Later(err)}; got != want {
			t.Errorf("%d: busy, refused, later are %v, want %v", code, got, want)
		}
	}
}
