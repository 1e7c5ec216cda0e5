package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// conversation is what recorder and server said to each other for one request
// of a buyer, and what became of it. testdata/llama.cpp and testdata/ollama
// were recorded from the servers (POSP_RECORD=1, see live_test.go);
// testdata/vllm and testdata/sglang hold only answers, and were written from
// those servers' documentation and sources.
type conversation struct {
	Path      string          `json:"path"`
	Body      json.RawMessage `json:"body"`
	Rule      string          `json:"rule"` // the spec's
	Exchanges []exchange      `json:"exchanges"`
	Request   *requestPart    `json:"request,omitempty"`
	Output    *outputPart     `json:"output,omitempty"`
	LogProbs  []int32         `json:"logProbs,omitempty"`
	Error     string          `json:"error,omitempty"` // the attachment's, in full
}

type requestPart struct {
	Tokens   []uint32      `json:"tokens"`
	Sampling posp.Sampling `json:"sampling"`
}

type outputPart struct {
	Tokens []uint32          `json:"tokens"`
	Finish posp.FinishReason `json:"finish"`
}

type exchange struct {
	Path        string          `json:"path"`
	Request     json.RawMessage `json:"request,omitempty"`
	Status      int             `json:"status"`
	ContentType string          `json:"contentType"`
	Answer      string          `json:"answer"`
}

// kindOf makes the dialect of a kind as Connect would for the demo model.
func kindOf(kind Kind) Dialect {
	switch kind {
	case KindSGLang:
		return SGLang{}
	case KindLlamaCpp:
		return LlamaCpp{Ends: []uint32{model.EOS}}
	case KindOllama:
		return Ollama{Tokenizer: byteTokens{}, End: "</s>"}
	}
	return VLLM{}
}

// byteTokens is the demo model's tokenizer.
type byteTokens struct{}

func (byteTokens) Encode(text string) ([]uint32, error) { return model.EncodePrompt([]byte(text)), nil }

func (byteTokens) Token(text string) (uint32, bool) {
	if len(text) != 1 {
		return 0, false
	}
	return uint32(text[0]), true
}

func demoSpec(w *model.Weights, rule string) posp.ModelSpec {
	return posp.ModelSpec{SamplingRule: rule, VocabSize: uint32(w.Config.VocabSize), EOS: w.Config.EOS, ContextLimit: uint32(w.Config.ContextLength)}
}

// inFront is a recorder in front of a server.
func (r *rig) inFront(kind Kind, upstream string, models map[string]posp.ModelSpec) *Provider {
	p := r.provider(r.db, upstream)
	p.cfg.Dialect, p.cfg.Models = kindOf(kind), models
	p.proxy = p.newProxy() // which knows the dialect
	srv := httptest.NewServer(p.Handler())
	r.t.Cleanup(srv.Close)
	r.url = srv.URL
	return p
}

// lastEvidence is of the newest receipt in the ledger.
func (r *rig) lastEvidence(p *Provider, s uint64) []int32 {
	r.t.Helper()
	e, err := p.ledger.entry(r.t.(*testing.T).Context(), s)
	if err != nil {
		r.t.Fatal(err)
	}
	return e.evidence.Evidence.LogProb
}

// replay is a server that gives recorded answers, and fails the test if it is
// asked for anything else than was asked then.
type replay struct {
	t    *testing.T
	mu   sync.Mutex
	left []exchange
}

func (s *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	if len(s.left) == 0 {
		s.t.Errorf("asked for %s beyond what was recorded: %s", r.URL.Path, body)
		http.Error(w, "nothing left", http.StatusTeapot)
		return
	}
	e := s.left[0]
	s.left = s.left[1:]
	var got, want any
	json.Unmarshal(body, &got)
	json.Unmarshal(e.Request, &want)
	if r.URL.Path != e.Path || !reflect.DeepEqual(got, want) {
		s.t.Errorf("asked for %s, recorded %s: %s", r.URL.Path, e.Path, cmp.Diff(want, got))
	}
	w.Header().Set("Content-Type", e.ContentType)
	w.WriteHeader(e.Status)
	io.WriteString(w, e.Answer)
}

// Every recorded conversation is had again word for word, and gives the same
// receipt or the same reason for none.
func TestRecordedServers(t *testing.T) {
	for _, kind := range []Kind{KindLlamaCpp, KindOllama} {
		files, err := filepath.Glob(filepath.Join("testdata", string(kind), "*.json"))
		if err != nil || len(files) < 4 {
			t.Fatalf("%d conversations with %s, %v", len(files), kind, err)
		}
		for _, file := range files {
			t.Run(filepath.ToSlash(file), func(t *testing.T) {
				want := readConversation(t, file)
				up := httptest.NewServer(&replay{t: t, left: want.Exchanges})
				defer up.Close()
				got := have(t, kind, up.URL, want)
				got.Exchanges = want.Exchanges
				if d := cmp.Diff(want, got); d != "" {
					t.Error(d)
				}
			})
		}
	}
}

func readConversation(t testing.TB, file string) (c conversation) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// have sends the conversation's request through a recorder and says what came
// of it. It checks what must hold of any answer.
func have(t *testing.T, kind Kind, upstream string, c conversation) conversation {
	t.Helper()
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	p := r.inFront(kind, upstream, map[string]posp.ModelSpec{"small": demoSpec(w, c.Rule)})
	got := r.post(c.Path, string(c.Body))
	out := conversation{Path: c.Path, Body: c.Body, Rule: c.Rule}
	if got.posp.Error != nil {
		out.Error = fmt.Sprintf("%s: %s", got.posp.Error.Code, got.posp.Error.Message)
		return out
	}
	if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
		if got.status != http.StatusOK { // the server's refusal, passed through
			out.Error = fmt.Sprintf("HTTP %d", got.status)
			return out
		}
		t.Fatalf("%v in %s", err, got.body)
	}
	out.Request = &requestPart{got.posp.Request.Tokens, got.posp.Request.Sampling}
	out.Output = &outputPart{got.posp.Output.Tokens, got.posp.Output.Finish}
	out.LogProbs = r.lastEvidence(p, got.posp.Receipt.Sequence)
	return out
}

// fixtureOf is an answer of each kind of server.
func fixtureOf(t testing.TB, kind string, chat, stream bool) string {
	t.Helper()
	name := "completion"
	if chat {
		name = "chat"
	}
	ending := ".json"
	if stream {
		ending = ".sse"
	}
	if kind == "vllm" || kind == "sglang" {
		b, err := readFixture(kind, name+ending)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if stream {
		name += "-stream"
	}
	for _, e := range readConversation(t, filepath.Join("testdata", kind, name+".json")).Exchanges {
		if strings.HasPrefix(e.Path, "/v1/") && !bytes.Contains(e.Request, []byte("_debug")) {
			return e.Answer
		}
	}
	t.Fatalf("%s has no recorded answer", kind)
	return ""
}

func readFixture(kind, name string) ([]byte, error) {
	return os.ReadFile(filepath.Join("testdata", kind, name))
}

// silent is a network without servers.
type silent struct{}

func (silent) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
