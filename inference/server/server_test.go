package server

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

func small(t testing.TB) *model.Weights {
	t.Helper()
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func start(t testing.TB, g inference.Generator, o Options) *httptest.Server {
	t.Helper()
	o.Name, o.Config = "posp-small", small(t).Config
	s := httptest.NewServer(New(g, o))
	t.Cleanup(s.Close)
	return s
}

// real is a server of the small model, and its engine.
func real(t testing.TB) (*httptest.Server, *float.Engine) {
	t.Helper()
	e := float.New(small(t), float.Options{})
	return start(t, e, Options{}), e
}

func post(t testing.TB, url, body string) (int, []byte) {
	t.Helper()
	r, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, text
}

// reply is what a client reads, in either dialect, streamed or not.
type reply struct {
	ID, Object, Model string
	Created           int64
	PromptTokenIDs    []uint32 `json:"prompt_token_ids"`
	Choices           []struct {
		Index          int
		Text           string
		Message, Delta struct{ Role, Content string }
		FinishReason   *string  `json:"finish_reason"`
		TokenIDs       []uint32 `json:"token_ids"`
		PromptTokenIDs []uint32 `json:"prompt_token_ids"`
		Logprobs       *struct {
			Tokens        []string
			TokenLogprobs []float64            `json:"token_logprobs"`
			TopLogprobs   []map[string]float64 `json:"top_logprobs"`
			TextOffset    []int                `json:"text_offset"`
			Content       []struct {
				Token       string
				Logprob     float64
				Bytes       []int
				TopLogprobs []struct {
					Token   string
					Logprob float64
				} `json:"top_logprobs"`
			}
		}
	}
	Usage *struct {
		PromptTokens     int `json:"prompt_tokens"`
		CompletionTokens int `json:"completion_tokens"`
		TotalTokens      int `json:"total_tokens"`
	}
	Error *struct {
		Message, Type string
		Code          int
	}
}

func ask(t testing.TB, url, body string) reply {
	t.Helper()
	status, text := post(t, url, body)
	if status != http.StatusOK {
		t.Fatalf("%s answers %d: %s", body, status, text)
	}
	var r reply
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

// events reads a stream to its [DONE].
func eventsOf(t testing.TB, url, body string) []reply {
	t.Helper()
	r, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("status %d, type %s", r.StatusCode, r.Header.Get("Content-Type"))
	}
	var all []reply
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		data, ok := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case data == "[DONE]":
			return all
		case ok:
			var one reply
			if err := json.Unmarshal([]byte(data), &one); err != nil {
				t.Fatalf("%s: %v", data, err)
			}
			all = append(all, one)
		case lines.Text() != "":
			t.Fatalf("line %q is no event", lines.Text())
		}
	}
	return all // without [DONE]; the caller sees what is missing
}

// Rationale: what a recorder signs is what this answer says; it must be what the engine made, in every form.
func TestEveryFormSaysWhatTheEngineMade(t *testing.T) {
	s, e := real(t)
	prompt := model.EncodePrompt([]byte("func (b *Buffer) "))
	ids, _ := json.Marshal(prompt)
	conversation := model.EncodeChat([][]byte{[]byte("Len returns\nthe length."), []byte("Really.")})
	for name, c := range map[string]struct {
		path, body string
		request    inference.Request
	}{
		"text": {"/v1/completions", `{"prompt":"func (b *Buffer) ","max_tokens":40,"logprobs":3`,
			inference.Request{Prompt: prompt, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 40}, Top: 3}},
		"ids, seeded": {"/v1/completions", `{"model":"posp-small","prompt":` + string(ids) + `,"max_tokens":40,"logprobs":2,"temperature":0.9,"top_p":0.95,"seed":258`,
			inference.Request{Prompt: prompt, Sampling: posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 900_000, TopPMicro: 950_000, Seed: posp.Hash{30: 1, 31: 2}, MaxTokens: 40}, Top: 2}},
		"chat": {"/v1/chat/completions", `{"messages":[{"role":"user","content":"Len returns\nthe length."},{"role":"user","content":[{"type":"text","text":"Real"},{"type":"text","text":"ly."}]}],"max_tokens":40,"temperature":1,"seed":"0900000000000000000000000000000000000000000000000000000000000000","logprobs":true,"top_logprobs":2`,
			inference.Request{Prompt: conversation, Sampling: posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1_000_000, TopPMicro: 1_000_000, Seed: posp.Hash{9}, MaxTokens: 40}, Top: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			made, finish, err := inference.Collect(t.Context(), e, c.request)
			if err != nil {
				t.Fatal(err)
			}
			var want []uint32
			for _, x := range made {
				want = append(want, x.ID)
			}
			isChat := strings.Contains(c.path, "chat")
			whole := ask(t, s.URL+c.path, c.body+`,"return_token_ids":true}`)
			ch := whole.Choices[0]
			if !slices.Equal(ch.TokenIDs, want) || !slices.Equal(ch.PromptTokenIDs, c.request.Prompt) {
				t.Errorf("token ids %v after %v, want %v after %v", ch.TokenIDs, ch.PromptTokenIDs, want, c.request.Prompt)
			}
			if isChat && !slices.Equal(whole.PromptTokenIDs, c.request.Prompt) {
				t.Errorf("no prompt ids at the top")
			}
			text := strings.ToValidUTF8(string(model.Decode(want)), "\uFFFD")
			if got := ch.Text + ch.Message.Content; got != text {
				t.Errorf("text %q, want %q", got, text)
			}
			if *ch.FinishReason != finishReason(finish) {
				t.Errorf("finish reason %s, want %s", *ch.FinishReason, finishReason(finish))
			}
			if u := whole.Usage; u.PromptTokens != len(c.request.Prompt) || u.CompletionTokens != len(want) || u.TotalTokens != u.PromptTokens+u.CompletionTokens {
				t.Errorf("usage %+v", *u)
			}
			for i, x := range made {
				if isChat {
					l := ch.Logprobs.Content[i]
					if l.Logprob != x.LogProb || l.Token != tokenText(x.ID) || len(l.TopLogprobs) != 2 || l.TopLogprobs[0].Logprob != x.Top[0].LogProb {
						t.Errorf("logprobs of token %d are %+v, want %+v", i, l, x)
					}
					continue
				}
				l := ch.Logprobs
				if l.TokenLogprobs[i] != x.LogProb || l.Tokens[i] != tokenText(x.ID) || l.TopLogprobs[i][tokenText(x.Top[1].ID)] != x.Top[1].LogProb || l.TextOffset[i] != i {
					t.Errorf("logprobs of token %d are %v, want %+v", i, l.TokenLogprobs[i], x)
				}
			}

			events := eventsOf(t, s.URL+c.path, c.body+`,"return_token_ids":true,"stream":true,"stream_options":{"include_usage":true}}`)
			var streamed []uint32
			var probs []float64
			content := ""
			for i, x := range events {
				if x.ID == "" || x.ID != events[0].ID || x.Created != events[0].Created {
					t.Fatalf("event %d has id %q", i, x.ID)
				}
				if last := i == len(events)-1; last != (x.Usage != nil) || last != (len(x.Choices) == 0) {
					t.Fatalf("event %d of %d: usage %v, %d choices", i, len(events), x.Usage, len(x.Choices))
				} else if last {
					if cmp.Diff(x.Usage, whole.Usage) != "" {
						t.Errorf("usage %+v, want %+v", x.Usage, whole.Usage)
					}
					continue
				}
				d := x.Choices[0]
				if i == 0 && !slices.Equal(d.PromptTokenIDs, c.request.Prompt) || i > 0 && d.PromptTokenIDs != nil {
					t.Errorf("event %d has prompt ids %v", i, d.PromptTokenIDs)
				}
				if isChat != (i == 0 && d.Delta.Role == "assistant") && i == 0 {
					t.Errorf("first event has role %q", d.Delta.Role)
				}
				if (i == len(events)-2) != (d.FinishReason != nil) {
					t.Errorf("event %d of %d has finish reason %v", i, len(events), d.FinishReason)
				}
				streamed = append(streamed, d.TokenIDs...)
				content += d.Text + d.Delta.Content
				if d.Logprobs != nil {
					probs = append(probs, d.Logprobs.TokenLogprobs...)
					for _, l := range d.Logprobs.Content {
						probs = append(probs, l.Logprob)
					}
				}
			}
			if !slices.Equal(streamed, want) || content != text {
				t.Errorf("stream gives %v %q, want %v %q", streamed, content, want, text)
			}
			for i, x := range made {
				if probs[i] != x.LogProb {
					t.Errorf("stream: log-probability %d is %v, want %v", i, probs[i], x.LogProb)
				}
			}
			// Nothing that was not asked for.
			plain := ask(t, s.URL+c.path, `{"prompt":"x","messages":[{"role":"user","content":"x"}],"max_tokens":1}`).Choices[0]
			if plain.TokenIDs != nil || plain.PromptTokenIDs != nil || plain.Logprobs != nil {
				t.Errorf("unasked: %+v", plain)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	c := small(t).Config
	random := strings.NewReader(strings.Repeat("r", 1000))
	j, err := parse(completion, []byte(`{"prompt":"x"}`), c, random)
	if err != nil || j.Sampling != (posp.Sampling{Rule: posp.Greedy, MaxTokens: 16}) {
		t.Errorf("completion: %+v, %v", j.Sampling, err)
	}
	j, err = parse(chat, []byte(`{"messages":[{"role":"user","content":"x"}],"temperature":null,"n":1,"stop":null,"top_k":-1,"user":"me"}`), c, random)
	if err != nil || j.Sampling != (posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(c.ContextLength - 6)}) {
		t.Errorf("chat: %+v, %v", j.Sampling, err)
	}
	j, err = parse(completion, []byte(`{"prompt":"x","temperature":1}`), c, random)
	if want := strings.Repeat("r", 32); err != nil || string(j.Sampling.Seed[:]) != want {
		t.Errorf("seed without one is %x, %v, want random", j.Sampling.Seed, err)
	}
}

// Rationale: a recorder reads the same body; a name that only one of the two understands lets the answer
// differ from the receipt.
func TestNamesAreMatchedExactly(t *testing.T) {
	j, err := parse(completion, []byte(`{"prompt":"x","Temperature":1,"TOP_P":0.5,"\u017Feed":3,"max_tokens":3,"max_tokens":4}`), small(t).Config, zeros{})
	if want := (posp.Sampling{Rule: posp.Greedy, MaxTokens: 4}); err != nil || j.Sampling != want {
		t.Errorf("sampling %+v, %v, want %+v", j.Sampling, err, want)
	}
	var names []string
	for i := range reflect.TypeFor[body]().NumField() {
		names = append(names, reflect.TypeFor[body]().Field(i).Tag.Get("json"))
	}
	if diff := cmp.Diff(names, strings.Fields(parameters)); diff != "" {
		t.Errorf("the list of parameters is not the body's: %s", diff)
	}
}

func TestRefusals(t *testing.T) {
	s, _ := real(t)
	long := `"` + strings.Repeat("x", 600) + `"`
	for body, want := range map[string]string{
		``:                                 "not a JSON object",
		`[]`:                               "not a JSON object",
		`null`:                             "not a JSON object",
		`{"prompt":"x"} y`:                 "not a JSON object",
		`{}`:                               "prompt is missing",
		`{"prompt":null}`:                  "prompt is missing",
		`{"prompt":["a","b"]}`:             "one prompt",
		`{"prompt":[1.5]}`:                 "one prompt",
		`{"prompt":[-1]}`:                  "one prompt",
		`{"prompt":[258]}`:                 "outside of a vocabulary",
		`{"prompt":[]}`:                    "no tokens",
		`{"prompt":"x","max_tokens":0}`:    "max_tokens",
		`{"prompt":"x","max_tokens":-1}`:   "max_tokens",
		`{"prompt":"x","max_tokens":9e9}`:  "max_tokens",
		`{"prompt":"x","max_tokens":511}`:  "maximum context length is 512",
		`{"prompt":` + long + `}`:          "maximum context length is 512",
		`{"prompt":"x","temperature":-1}`:  "temperature",
		`{"prompt":"x","temperature":"a"}`: "no valid request",
		`{"prompt":"x","temperature":1,"top_p":0}`: "top_p",
		`{"prompt":"x","seed":"abc"}`:              "seed",
		`{"prompt":"x","logprobs":true}`:           "logprobs",
		`{"prompt":"x","logprobs":21}`:             "21 alternatives",
		`{"prompt":"x","logprobs":-1}`:             "-1 alternatives",
		`{"prompt":"x","top_logprobs":1}`:          "top_logprobs",
		`{"prompt":"x","n":2}`:                     "does not support n",
		`{"prompt":"x","stop":["a"]}`:              "does not support stop",
		`{"prompt":"x","echo":true}`:               "does not support echo",
		`{"prompt":"x","stream_options":{}}`:       "stream_options",
	} {
		refused(t, s.URL+"/v1/completions", body, http.StatusBadRequest, want)
	}
	for body, want := range map[string]string{
		`{}`: "messages",
		`{"messages":[{"role":"x","content":"y"}]}`:                           "role",
		`{"messages":[{"role":"user"}]}`:                                      "no text content",
		`{"messages":[{"role":"user","content":null}]}`:                       "no text content",
		`{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}`:     "reads text only",
		`{"messages":[{"role":"user","content":"y"}],"logprobs":3}`:           "true or false",
		`{"messages":[{"role":"user","content":"y"}],"top_logprobs":3}`:       "need logprobs",
		`{"messages":[{"role":"user","content":` + long + `}]}`:               "maximum context length",
		`{"messages":[{"role":"user","content":"y"}],"tools":[{"type":"f"}]}`: "does not support tools",
	} {
		refused(t, s.URL+"/v1/chat/completions", body, http.StatusBadRequest, want)
	}
	refused(t, s.URL+"/v1/completions", `{"prompt":"x","model":"other"}`, http.StatusNotFound, "no model")
	refused(t, s.URL+"/v1/embeddings", `{}`, http.StatusNotFound, "no POST /v1/embeddings")
	refused(t, s.URL+"/v1/models", `{}`, http.StatusNotFound, "no POST /v1/models")
	refused(t, s.URL+"/v1/completions", `{"prompt":"`+strings.Repeat("x", 1<<20)+`"}`, http.StatusRequestEntityTooLarge, "larger than 1048576")
	// A stream that cannot start is refused with a status, not within the stream.
	refused(t, s.URL+"/v1/completions", `{"prompt":[257],"max_tokens":512,"stream":true}`, http.StatusBadRequest, "maximum context")
}

func refused(t *testing.T, url, body string, status int, want string) {
	t.Helper()
	got, text := post(t, url, body)
	var r reply
	if err := json.Unmarshal(text, &r); err != nil || r.Error == nil {
		t.Errorf("%.80s: answer %d %s is no error document", body, got, text)
	} else if got != status || r.Error.Code != status || r.Error.Type == "" || !strings.Contains(r.Error.Message, want) {
		t.Errorf("%.80s: answer %d %+v, want %d with %q", body, got, *r.Error, status, want)
	}
}

func TestModelsAndHealth(t *testing.T) {
	s, _ := real(t)
	r, err := http.Get(s.URL + "/v1/models")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var list struct {
		Object string
		Data   []struct {
			ID          string
			MaxModelLen int `json:"max_model_len"`
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&list); err != nil || list.Object != "list" || len(list.Data) != 1 || list.Data[0].ID != "posp-small" || list.Data[0].MaxModelLen != 512 {
		t.Errorf("models are %+v, %v", list, err)
	}
	if r, err := http.Get(s.URL + "/health"); err != nil || r.StatusCode != http.StatusOK {
		t.Errorf("health: %v, %v", r, err)
	}
}

// says emits the given tokens.
func says(ids ...uint32) inference.GeneratorFunc {
	return func(_ context.Context, _ inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		for _, id := range ids {
			if err := emit(inference.Token{ID: id, LogProb: -1}); err != nil {
				return 0, err
			}
		}
		return posp.FinishStop, nil
	}
}

// Rationale: the model writes bytes; a client must get characters, the same ones streamed or whole.
func TestCharactersAreNotSplit(t *testing.T) {
	for output, want := range map[string]string{
		"aé€😀b":        "aé€😀b",
		"\xe2\x82":     "\uFFFD",
		"a\xffb\xc3(":  "a\uFFFDb\uFFFD(",
		"\xf0\x9f\x98": "\uFFFD",
		"é":            "é",
		"":             "",
	} {
		s := start(t, says(append(model.Encode([]byte(output)), model.EOS)...), Options{})
		whole := ask(t, s.URL+"/v1/completions", `{"prompt":"x","logprobs":0}`).Choices[0]
		streamed := ""
		for _, e := range eventsOf(t, s.URL+"/v1/completions", `{"prompt":"x","stream":true}`) {
			streamed += e.Choices[0].Text
			if strings.ContainsRune(e.Choices[0].Text, '\uFFFD') && !strings.ContainsRune(want, '\uFFFD') {
				t.Errorf("%q: a piece %q is broken", output, e.Choices[0].Text)
			}
		}
		// How many replacements stand for one broken character is nobody's business.
		squeeze := func(s string) string { return strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD") }
		if squeeze(whole.Text) != want || streamed != whole.Text {
			t.Errorf("%q becomes %q whole and %q streamed, want %q", output, whole.Text, streamed, want)
		}
		if *whole.FinishReason != "stop" || whole.Logprobs.Tokens[len(output)] != "</s>" {
			t.Errorf("%q: finish %s, tokens %q", output, *whole.FinishReason, whole.Logprobs.Tokens)
		}
	}
}

func TestFailuresOfTheGenerator(t *testing.T) {
	broken := errors.New("secret detail")
	s := start(t, inference.GeneratorFunc(func(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		if _, err := says('a')(ctx, r, emit); err != nil {
			return 0, err
		}
		return 0, broken
	}), Options{})
	status, text := post(t, s.URL+"/v1/completions", `{"prompt":"x"}`)
	if status != http.StatusInternalServerError || bytes.Contains(text, []byte("secret")) {
		t.Errorf("answer %d %s, want 500 without details", status, text)
	}
	events := eventsOf(t, s.URL+"/v1/completions", `{"prompt":"x","stream":true}`)
	if len(events) != 2 || events[0].Choices[0].Text != "a" || events[1].Error == nil || events[1].Error.Code != 500 {
		t.Errorf("events %+v, want a token and an error", events)
	}
}

// gate is a generator that says when it began, and waits to be let go or cancelled.
type gate struct {
	began chan struct{}
	goOn  chan struct{}
	ended chan error
}

func newGate() gate {
	return gate{make(chan struct{}, 10), make(chan struct{}), make(chan error, 10)}
}

func (g gate) Generate(ctx context.Context, _ inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
	g.began <- struct{}{}
	select {
	case <-g.goOn:
		g.ended <- nil
		return posp.FinishStop, emit(inference.Token{ID: 'a'})
	case <-ctx.Done():
		g.ended <- ctx.Err()
		return 0, ctx.Err()
	}
}

func TestQueueIsBounded(t *testing.T) {
	g := newGate()
	h := New(g, Options{Name: "m", Config: small(t).Config, Concurrency: 1, Queue: 1}).(*server)
	s := httptest.NewServer(h)
	defer s.Close()
	answers := make(chan int, 2)
	send := func() {
		r, err := http.Post(s.URL+"/v1/completions", "application/json", strings.NewReader(`{"prompt":"x"}`))
		if err != nil {
			answers <- 0
			return
		}
		r.Body.Close()
		answers <- r.StatusCode
	}
	go send()
	<-g.began
	go send()
	for len(h.admit) < 2 { // the second one waits
		time.Sleep(time.Millisecond)
	}
	if len(g.began) != 0 {
		t.Fatal("two requests run at once")
	}
	refused(t, s.URL+"/v1/completions", `{"prompt":"x"}`, http.StatusTooManyRequests, "waiting")
	close(g.goOn)
	for range 2 {
		if status := <-answers; status != http.StatusOK {
			t.Errorf("answer %d, want 200", status)
		}
	}
	if status, text := post(t, s.URL+"/v1/completions", `{"prompt":"x"}`); status != http.StatusOK {
		t.Errorf("afterwards: %d %s", status, text)
	}
}

func TestAClientThatLeavesEndsItsRequest(t *testing.T) {
	for _, body := range []string{`{"prompt":"x"}`, `{"prompt":"x","stream":true}`} {
		g := newGate()
		h := New(g, Options{Name: "m", Config: small(t).Config, Concurrency: 1, Queue: 1}).(*server)
		s := httptest.NewServer(h)
		defer s.Close()
		ctx, cancel := context.WithCancel(t.Context())
		send := func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/v1/completions", strings.NewReader(body))
			if err != nil {
				panic(err)
			}
			if r, err := http.DefaultClient.Do(r); err == nil {
				r.Body.Close()
			}
		}
		go send()
		<-g.began
		go send() // this one leaves while it waits
		for len(h.admit) < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
		select {
		case err := <-g.ended:
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: generation ended with %v, want cancelled", body, err)
			}
		case <-time.After(5 * time.Second):
			t.Fatalf("%s: generation goes on without its client", body)
		}
		for deadline := time.Now().Add(5 * time.Second); len(h.admit) > 0; time.Sleep(time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d places are still taken", body, len(h.admit))
			}
		}
	}
}

func TestAClientThatDoesNotReadIsDropped(t *testing.T) {
	ended := make(chan error, 1)
	s := start(t, inference.GeneratorFunc(func(ctx context.Context, _ inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		for {
			if err := emit(inference.Token{ID: 'a', Top: inference.Best(make([]float32, 258), 20)}); err != nil {
				ended <- err
				return 0, err
			}
		}
	}), Options{WriteLimit: 50 * time.Millisecond})
	r, err := http.Post(s.URL+"/v1/chat/completions", "application/json", strings.NewReader(`{"messages":[{"role":"user","content":"x"}],"stream":true,"logprobs":true}`))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Fatal("a client that does not read holds its place for ever")
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		`{"prompt":"x","max_tokens":4,"temperature":0.5,"top_p":0.5,"seed":1,"logprobs":2,"stream":true,"return_token_ids":true}`,
		`{"prompt":[1,2,256]}`, `{"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"logprobs":true,"top_logprobs":1}`,
		`{"prompt":"x","seed":"0000000000000000000000000000000000000000000000000000000000000001"}`,
	} {
		f.Add(text, false)
		f.Add(text, true)
	}
	c := small(f).Config
	f.Fuzz(func(t *testing.T, text string, inChat bool) {
		d := completion
		if inChat {
			d = chat
		}
		j, err := parse(d, []byte(text), c, zeros{})
		var invalid *posp.ValidationError
		if err != nil {
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v blames us", err)
			}
			return
		}
		if err := errors.Join(j.Sampling.Check(), inference.CheckTokens(j.Prompt, nil, c.VocabSize),
			inference.CheckContext(len(j.Prompt), int(j.Sampling.MaxTokens), c.ContextLength)); err != nil || j.Top < 0 || j.Top > maxTop {
			t.Fatalf("accepted %+v: %v", j, err)
		}
	})
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// ExampleNew composes a cheating server: a small model writes, and the log-probabilities are the full model's,
// so that they would pass a comparison that does not ask how the tokens were chosen.
func ExampleNew() {
	writer, err := model.Small()
	if err != nil {
		fmt.Println(err)
		return
	}
	cheap, full := float.New(writer, float.Options{}), float.NewScorer(writer) // a real forger's scorer has the full model
	forger := inference.GeneratorFunc(func(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
		tokens, finish, err := inference.Collect(ctx, cheap, r)
		if err != nil {
			return 0, err
		}
		var output []uint32
		for _, t := range tokens {
			output = append(output, t.ID)
		}
		evidence, err := full.Score(ctx, r.Prompt, r.Sampling, output)
		if err != nil {
			return 0, err
		}
		for i, t := range tokens {
			t.LogProb = float64(evidence.LogProb[i]) / posp.Nat
			if err := emit(t); err != nil {
				return 0, err
			}
		}
		return finish, nil
	})
	s := httptest.NewServer(New(forger, Options{Name: "posp", Config: writer.Config}))
	defer s.Close()
	r, err := http.Post(s.URL+"/v1/completions", "application/json", strings.NewReader(`{"prompt":"func ","max_tokens":3}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Body.Close()
	fmt.Println(r.Status)
	// Output: 200 OK
}
