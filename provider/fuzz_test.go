package provider

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// Whatever a server answers: no panic, and what would become a receipt agrees
// with itself.
func FuzzServerAnswer(f *testing.F) {
	for _, name := range []string{"completion.json", "chat.json"} {
		f.Add([]byte(fixture(f, name)), name == "chat.json")
	}
	for _, name := range []string{"completion.sse", "chat.sse"} {
		for line := range strings.Lines(fixture(f, name)) {
			if data, ok := strings.CutPrefix(line, "data: "); ok {
				f.Add([]byte(data), name == "chat.sse")
			}
		}
	}
	f.Add([]byte(`{"choices":[{"token_ids":[1],"logprobs":{"token_logprobs":[null]}}]}`), false)
	f.Fuzz(func(t *testing.T, document []byte, chat bool) {
		var a Answer
		if (VLLM{}).Read(document, chat, &a) == nil {
			c := &call{spec: spec, sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 16}}
			if checkAnswer(c, &a) == nil {
				if len(a.Prompt) == 0 || len(a.Output) == 0 || len(a.Output) != len(a.LogProbs) || a.Finish == 0 {
					t.Fatalf("promised %+v", a)
				}
				for _, x := range a.LogProbs {
					if !(x <= 0) {
						t.Fatalf("log-probability %v", x)
					}
				}
			}
		}
		var fields map[string]json.RawMessage
		if json.Unmarshal(document, &fields) == nil && fields != nil {
			VLLM{}.Strip(fields, chat, Asked{})
			if b, err := json.Marshal(fields); err != nil || !json.Valid(b) {
				t.Fatalf("stripped to %s, %v", b, err)
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
		if err := c.sampling.Check(); err != nil {
			t.Fatal(err)
		}
		VLLM{}.Ask(c.fields, chat)
		sent, err := json.Marshal(c.fields)
		if err != nil {
			t.Fatal(err)
		}
		again, problem := readCall(sent, chat, "", models, 999, rand.New(rand.NewSource(2)))
		if problem != nil || again.problem != nil || again.sampling != c.sampling {
			t.Fatalf("%s\nread as %+v\nsent %s\nread as %+v", body, c.sampling, sent, again)
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
		if req.Check(domain) == nil && !bytes.Contains(bytes.ToLower(body), bytes.ToLower([]byte(req.Operator.Hex()[2:]))) {
			t.Fatal("signed by nobody")
		}
	})
}
