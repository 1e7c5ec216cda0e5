package provider

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// Whatever a server answers: no panic, and what would become a receipt agrees
// with itself.
func FuzzServerAnswer(f *testing.F) {
	kinds := []string{"vllm", "sglang", "llama.cpp", "ollama"}
	for kind := range kinds {
		for _, chat := range []bool{false, true} {
			for _, stream := range []bool{false, true} {
				text := fixtureOf(f, kinds[kind], chat, stream)
				f.Add([]byte(text), byte(kind), chat, stream)
			}
		}
	}
	f.Add([]byte(`{"choices":[{"token_ids":[1],"logprobs":{"token_logprobs":[null]}}]}`), byte(0), false, false)
	f.Fuzz(func(t *testing.T, answer []byte, kind byte, chat, stream bool) {
		// A server that has nothing more to say than was recorded.
		server := Server{url: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}, client: &http.Client{Transport: silent{}}}
		r := &Request{Chat: chat, Stream: stream, Spec: spec, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 16}}
		var transcript Transcript
		switch prompt := []uint32{1, 5, 6, 7}; kinds[int(kind)%len(kinds)] {
		case "vllm":
			transcript = &vllmTranscript{request: r}
		case "sglang":
			transcript = &sglangTranscript{server: server, request: r}
		case "llama.cpp":
			transcript = &llamaTranscript{server: server, request: r, prompt: prompt}
		case "ollama":
			transcript = &ollamaTranscript{server: server, request: r, prompt: prompt, tokenizer: byteTokens{}}
		}
		documents := [][]byte{answer}
		if stream {
			documents = nil
			for line := range bytes.Lines(answer) {
				if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
					documents = append(documents, data)
				}
			}
		}
		for _, d := range documents {
			if transcript.Read(d) != nil {
				return
			}
			var fields map[string]json.RawMessage
			if json.Unmarshal(d, &fields) == nil && fields != nil {
				transcript.Strip(fields)
				if b, err := json.Marshal(fields); err != nil || !json.Valid(b) {
					t.Fatalf("stripped to %s, %v", b, err)
				}
			}
		}
		a, err := transcript.Answer(t.Context())
		if err != nil || a.Finish == 0 || checkAnswer(&call{Request: *r}, &a) != nil {
			return
		}
		if len(a.Prompt) == 0 || len(a.Output) == 0 || len(a.Output) != len(a.LogProbs) {
			t.Fatalf("promised %+v", a)
		}
		for _, x := range a.LogProbs {
			if !(x <= 0) {
				t.Fatalf("log-probability %v", x)
			}
		}
	})
}

// The stream that a buyer reads is the server's with one event more, however
// the server cuts it and whatever it says.
func FuzzStream(f *testing.F) {
	db := newFuzzProvider(f)
	for _, name := range []string{"completion.sse", "chat.sse"} {
		s := fixture(f, name)
		f.Add([]byte(s), 7)
		f.Add([]byte(strings.ReplaceAll(s, "\n", "\r\n")), 1)
		f.Add([]byte(s[:len(s)/2]), 3)
	}
	f.Add([]byte("data: [DONE]\n\ndata: [DONE]\n\ndata:x"), 2)
	f.Add([]byte("\n\n:\ndata\ndata:\n"), 2)
	// Line ends that are none: our event was once lost in them.
	f.Add([]byte("event: e"), 2)
	f.Add([]byte("data: x\r\n\r"), 2)
	f.Fuzz(func(t *testing.T, upstream []byte, chunk int) {
		// The call can have no receipt, so that nothing is written.
		c := &call{problem: refuse(0, ReasonUnsupported, "fuzz")}
		res := &http.Response{Header: http.Header{}, Request: httptest.NewRequest("POST", "/", nil),
			Body: io.NopCloser(&choppy{bytes.NewReader(upstream), max(1, chunk%64)})}
		db.attachToStream(res, c)
		got, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		marker := []byte(`,"posp":{"error":`)
		var rest []byte
		events := 0
		for line := range bytes.Lines(got) {
			if bytes.Contains(line, marker) && bytes.HasPrefix(line, []byte("data: {\"choices\":[],")) && !bytes.Contains(upstream, marker) {
				events++
				continue
			}
			rest = append(rest, line...)
		}
		if bytes.Contains(upstream, marker) {
			return
		}
		if events != 1 {
			t.Fatalf("%d events of ours in %q", events, got)
		}
		// Our event ends with a blank line, and may have needed one before.
		if a, b := letters(rest), letters(upstream); !bytes.Equal(a, b) {
			t.Fatalf("server said %q, buyer read %q", upstream, got)
		}
		if res.Trailer.Get(ErrorHeader) == "" {
			t.Fatal("no trailer")
		}
	})
}

// letters leaves out line ends.
func letters(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), nil) }

// choppy reads a few bytes at a time.
type choppy struct {
	r *bytes.Reader
	n int
}

func (c *choppy) Read(b []byte) (int, error) { return c.r.Read(b[:min(c.n, len(b))]) }

func newFuzzProvider(f *testing.F) *Provider {
	r := &rig{t: f, signer: &keySigner{}, chain: &chain{block: 100}}
	return r.provider(nil, "http://127.0.0.1:1")
}

// A buyer's request is refused, forwarded without a receipt, or understood; if
// understood, the server is told exactly what the receipt will say, and a
// second recorder would understand it alike.
func FuzzBuyersRequest(f *testing.F) {
	models := map[string]posp.ModelSpec{"small": spec}
	f.Add([]byte(greedyCompletion), false, "")
	f.Add([]byte(`{"model":"small","messages":[],"temperature":0.7,"top_p":0.5,"seed":-3,"max_completion_tokens":3,"max_tokens":4,"logprobs":true}`), true, nonceText)
	f.Add([]byte(`{"model":"small","seed":"`+strings.Repeat("c4", 32)+`","temperature":1e-9,"stop":[ ],"n":1}`), false, "11")
	f.Fuzz(func(t *testing.T, body []byte, chat bool, nonce string) {
		random := rand.New(rand.NewSource(1))
		c, problem := readCall(body, chat, nonce, models, 256, random)
		if problem != nil {
			if problem.Code == "" || problem.Message == "" || problem.status/100 != 4 {
				t.Fatalf("%+v", problem)
			}
			return
		}
		if c.problem != nil {
			return
		}
		if err := c.Sampling.Check(); err != nil {
			t.Fatal(err)
		}
		if _, err := (VLLM{}).Ask(t.Context(), Server{}, &c.Request); err != nil {
			t.Fatal(err)
		}
		sent, err := json.Marshal(c.Fields)
		if err != nil {
			t.Fatal(err)
		}
		again, problem := readCall(sent, chat, "", models, 999, rand.New(rand.NewSource(2)))
		if problem != nil || again.problem != nil || again.Sampling != c.Sampling {
			t.Fatalf("%s\nread as %+v\nsent %s\nread as %+v", body, c.Sampling, sent, again)
		}
	})
}

func FuzzOpenRequest(f *testing.F) {
	good, _ := json.Marshal(request(mustKey(10), posp.Hash{1}, 3))
	f.Add(good)
	f.Add([]byte(`{"batchId":null,"leaf":18446744073709551616,"operator":"0x","signature":"0x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := decodeOpenRequest(body)
		if err != nil {
			if _, ok := err.(*posp.ValidationError); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		again, err := json.Marshal(req)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decodeOpenRequest(again); err != nil || back.Digest(domain) != req.Digest(domain) {
			t.Fatalf("%s became %s: %v", body, again, err)
		}
		if req.Check(domain, req.Operator) == nil && !bytes.Contains(bytes.ToLower(body), bytes.ToLower([]byte(req.Operator.Hex()[2:]))) {
			t.Fatal("signed by nobody")
		}
	})
}
