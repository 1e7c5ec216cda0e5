package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// The tests of this file run the real llama.cpp and Ollama servers, from
// POSP_LLAMA_SERVER and POSP_OLLAMA or the PATH, and are skipped without them.
// With POSP_RECORD=1 they write what was said into testdata.

func program(t testing.TB, variable, name string) string {
	t.Helper()
	path := os.Getenv(variable)
	if path == "" {
		path, _ = exec.LookPath(name)
	}
	if path == "" {
		t.Skipf("no %s on the PATH, and %s is not set", name, variable)
	}
	return path
}

// launch runs a server until the test ends and waits until it answers at path.
func launch(t testing.TB, url, path string, cmd *exec.Cmd) {
	t.Helper()
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ollama has children
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		res, err := http.Get(url + path)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	t.Fatalf("%s did not answer:\n%s", cmd.Path, log.Bytes())
}

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// turned is the demo's smaller model, which writes a token where it would
// write another.
func turned(t testing.TB, tokens map[uint32]byte) *model.Weights {
	t.Helper()
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	c := *w
	d := uint32(c.Config.HiddenSize)
	c.Embedding = slices.Clone(w.Embedding)
	c.Head = c.Embedding
	if !c.Config.TieEmbeddings {
		c.Head = slices.Clone(w.Head)
	}
	for to, from := range tokens {
		for i := range d {
			c.Head[to*d+i] = 1.1 * w.Head[uint32(from)*d+i]
		}
	}
	return &c
}

// endsSoon is a message that w answers, when greedy, with fewer than n tokens.
func endsSoon(t testing.TB, w *model.Weights, n uint32) string {
	t.Helper()
	engine := float.New(w, float.Options{})
	for _, text := range []string{"the new buffer", "x", "func main() {", "return nil", "}", "package bytes", "import (", "var x int", "if err != nil {"} {
		_, finish, err := inference.Collect(t.Context(), engine, inference.Request{
			Prompt: model.EncodeChat([][]byte{[]byte(text)}), Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: n}})
		if err != nil {
			t.Fatal(err)
		}
		if finish == posp.FinishStop {
			return text
		}
	}
	t.Fatal("the model ends none of its answers")
	return ""
}

func writeGGUF(t testing.TB, w *model.Weights) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.gguf")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := model.WriteGGUF(f, w, model.GGUFOptions{Name: "small"}); err != nil {
		t.Fatal(err)
	}
	return path
}

// llamaServer serves the model with arithmetic as exact as llama.cpp's can be.
func llamaServer(t testing.TB, w *model.Weights, flags ...string) string {
	path, address := program(t, "POSP_LLAMA_SERVER", "llama-server"), freeAddress(t)
	host, port, _ := net.SplitHostPort(address)
	url := "http://" + address
	launch(t, url, "/health", exec.Command(path, append([]string{"-m", writeGGUF(t, w), "--host", host, "--port", port, "-a", "small",
		"-t", "1", "-c", "1024", "-np", "2", "-fa", "off", "-ctk", "f32", "-ctv", "f32"}, flags...)...))
	return url
}

const modelfile = `FROM %s
TEMPLATE """{{ range .Messages }}// {{ .Content }}
{{ end }}"""
PARAMETER top_k 0
PARAMETER repeat_penalty 1
`

func ollamaServer(t testing.TB, w *model.Weights, modelfile string) string {
	path, address := program(t, "POSP_OLLAMA", "ollama"), freeAddress(t)
	url := "http://" + address
	home := t.TempDir()
	environment := append(os.Environ(), "OLLAMA_HOST="+address, "HOME="+home, "OLLAMA_MODELS="+filepath.Join(home, "models"), "OLLAMA_KV_CACHE_TYPE=f32")
	serve := exec.Command(path, "serve")
	serve.Env = environment
	launch(t, url, "/api/version", serve)
	file := filepath.Join(home, "Modelfile")
	if err := os.WriteFile(file, fmt.Appendf(nil, modelfile, writeGGUF(t, w)), 0o600); err != nil {
		t.Fatal(err)
	}
	create := exec.Command(path, "create", "small", "-f", file)
	create.Env = environment
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("ollama create: %v\n%s", err, out)
	}
	return url
}

// tap stands between recorder and server and takes down what they say.
type tap struct {
	mu        sync.Mutex
	exchanges []exchange
}

func (p *tap) to(t testing.TB, upstream string) string {
	proxy := plainProxy(t, upstream)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		out := &taken{ResponseWriter: w, status: http.StatusOK}
		proxy.ServeHTTP(out, r)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.exchanges = append(p.exchanges, exchange{r.URL.Path, body, out.status, w.Header().Get("Content-Type"), out.body.String()})
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// plainProxy is a proxy that does nothing, with a connection for each request
// (see streamCloser).
func plainProxy(t testing.TB, to string) http.Handler {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(u)
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	return proxy
}

// take is what was said since the last call.
func (p *tap) take() []exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.exchanges
	p.exchanges = nil
	return e
}

type taken struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (w *taken) WriteHeader(status int)      { w.status = status; w.ResponseWriter.WriteHeader(status) }
func (w *taken) Unwrap() http.ResponseWriter { return w.ResponseWriter }
func (w *taken) Write(b []byte) (int, error) {
	w.body.Write(b)
	return w.ResponseWriter.Write(b)
}

// liveCase is a request of a buyer.
type liveCase struct {
	name   string // of its file in testdata
	path   string
	fields string
	rule   string
	want   string // of the reason why there is no receipt; empty if there is one
}

const (
	completions = "/v1/completions"
	chats       = "/v1/chat/completions"
)

// record has every conversation with a server that runs w, and checks the
// receipts against our own engine.
func record(t *testing.T, kind Kind, upstream string, w *model.Weights, cases []liveCase) {
	scorer := float.NewScorer(w)
	var tap tap
	through := tap.to(t, upstream)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rule := c.rule
			if rule == "" {
				rule = posp.RuleUnseeded
			}
			body := fmt.Sprintf(`{"model":"small",%s}`, c.fields)
			r := newRig(t)
			p := r.inFront(kind, through, map[string]posp.ModelSpec{"small": demoSpec(w, rule)})
			tap.take()
			reply := r.post(c.path, body)
			said := tap.take()
			conv := conversation{Path: c.path, Body: json.RawMessage(body), Rule: rule, Exchanges: said}
			sameBytes(t, said, reply)
			switch {
			case reply.status != http.StatusOK:
				conv.Error = fmt.Sprintf("HTTP %d", reply.status)
			case reply.posp.Error != nil:
				conv.Error = fmt.Sprintf("%s: %s", reply.posp.Error.Code, reply.posp.Error.Message)
			}
			if conv.Error != "" {
				if c.want == "" || !strings.Contains(conv.Error, c.want) {
					t.Fatalf("%s, want %q; %s", conv.Error, c.want, reply.body)
				}
			} else {
				if c.want != "" {
					t.Fatalf("a receipt, want %q", c.want)
				}
				if err := reply.posp.Check(domain, addressOf(key), nonceOf(reply)); err != nil {
					t.Fatalf("%v in %s", err, reply.body)
				}
				request, output := reply.posp.Request, reply.posp.Output
				conv.Request, conv.Output = &requestPart{request.Tokens, request.Sampling}, &outputPart{output.Tokens, output.Finish}
				conv.LogProbs = r.lastEvidence(p, reply.posp.Receipt.Sequence)
				agree(t, scorer, conv, posp.ToFixed(tolerance[kind]))
				if text, want := answerText(t, reply, strings.HasPrefix(reply.header.Get("Content-Type"), "text/event-stream")), strings.ToValidUTF8(string(model.Decode(output.Tokens)), "\uFFFD"); squeeze(text) != squeeze(want) {
					t.Errorf("the buyer read %q, the receipt says %q", text, want)
				}
			}
			if os.Getenv("POSP_RECORD") != "" {
				b, err := json.MarshalIndent(conv, "", " ")
				if err == nil {
					err = os.MkdirAll(filepath.Join("testdata", string(kind)), 0o755)
				}
				if err == nil {
					err = os.WriteFile(filepath.Join("testdata", string(kind), c.name+".json"), append(b, '\n'), 0o644)
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// squeeze makes one of several U+FFFD, of which servers and Go write different
// numbers for the same bytes.
func squeeze(s string) string {
	for strings.Contains(s, "\uFFFD\uFFFD") {
		s = strings.ReplaceAll(s, "\uFFFD\uFFFD", "\uFFFD")
	}
	return s
}

// tolerance of log-probabilities between our engine and a server, in nats:
// Ollama keeps keys and values in 16 bits.
var tolerance = map[Kind]float64{KindLlamaCpp: 1e-4, KindOllama: 1e-2}

// agree recomputes the answer with our own engine.
func agree(t *testing.T, scorer *float.Scorer, c conversation, tolerance int32) {
	t.Helper()
	again, err := scorer.Score(t.Context(), c.Request.Tokens, c.Request.Sampling, c.Output.Tokens)
	if err != nil {
		t.Fatal(err)
	}
	worst := int32(0)
	for i, x := range again.LogProb {
		d := max(x-c.LogProbs[i], c.LogProbs[i]-x)
		worst = max(worst, d)
		if d > tolerance {
			t.Errorf("position %d, token %d: %d recorded, %d scored", i, c.Output.Tokens[i], c.LogProbs[i], x)
		}
		if again.Margin != nil && again.Margin[i] > tolerance {
			t.Errorf("position %d: greedy would not choose token %d", i, c.Output.Tokens[i])
		}
		if again.Mass != nil && again.Mass[i] == 0 {
			t.Errorf("position %d: token %d is outside of the nucleus", i, c.Output.Tokens[i])
		}
	}
	t.Logf("%d prompt and %d output tokens, finish %d; log-probabilities differ by at most %.1g nats",
		len(c.Request.Tokens), len(c.Output.Tokens), c.Output.Finish, float64(worst)/posp.Nat)
}

// sameBytes checks that a stream is the server's own, with one event more.
func sameBytes(t *testing.T, said []exchange, got reply) {
	t.Helper()
	for _, e := range said {
		if !strings.HasPrefix(e.ContentType, "text/event-stream") {
			continue
		}
		var rest []byte
		ours := 0
		lines := bytes.SplitAfter(got.body, []byte("\n"))
		for i := 0; i < len(lines); i++ {
			if bytes.Contains(lines[i], []byte(`"posp":{`)) {
				ours++
				i++ // the blank line that ends it
				continue
			}
			rest = append(rest, lines[i]...)
		}
		if ours != 1 || string(rest) != e.Answer {
			t.Errorf("the server sent\n%s\nthe buyer got %d events of ours and\n%s", e.Answer, ours, rest)
		}
	}
}

// ordinary are requests of every kind, for a server with both endpoints.
func ordinary(paths ...string) (cases []liveCase) {
	for _, path := range paths {
		name, prompt := "completion", `"prompt":"func (b *Buffer) "`
		if path == chats {
			name, prompt = "chat", `"messages":[{"role":"user","content":"Write returns the number of bytes."}]`
		}
		for _, stream := range []string{"", "-stream"} {
			on := ""
			if stream != "" {
				on = `,"stream":true`
			}
			cases = append(cases,
				liveCase{name: name + stream, path: path, fields: prompt + `,"temperature":0,"max_tokens":12` + on},
				liveCase{name: name + stream + "-drawn", path: path, fields: prompt + `,"temperature":1,"top_p":0.9,"max_tokens":24` + on},
				liveCase{name: name + stream + "-seed", path: path, fields: prompt + `,"seed":7,"max_tokens":12` + on},
			)
		}
	}
	return cases
}

func TestLiveLlamaCpp(t *testing.T) {
	w := turned(t, nil)
	upstream := llamaServer(t, w)
	connects(t, upstream, KindLlamaCpp, w, nil)
	record(t, KindLlamaCpp, upstream, w, append(ordinary(completions, chats),
		liveCase{name: "completion-warm", path: completions, fields: `"prompt":"func ","temperature":0.7,"top_p":0.5,"max_tokens":40`},
		liveCase{name: "completion-ids", path: completions, fields: `"prompt":[256,102,117],"temperature":0,"max_tokens":3,"logprobs":2`},
		liveCase{name: "completion-many", path: completions, fields: `"prompt":["a","b"],"temperature":0,"max_tokens":3`, want: "neither text nor a list of token ids"},
		liveCase{name: "completion-empty", path: completions, fields: `"temperature":0`, want: "HTTP"},
		liveCase{name: "chat-none", path: chats, fields: `"temperature":0,"stream":true`, want: "HTTP"},
		liveCase{name: "completion-long", path: completions, fields: `"prompt":"` + strings.Repeat("x", 1100) + `","temperature":0`, want: "HTTP"},
		liveCase{name: "chat-gumbel", path: chats, rule: posp.RuleGumbel, fields: `"messages":[{"role":"user","content":"x"}],"temperature":0,"max_tokens":3`},
	))
}

// Ends of answers, and tokens that are parts of characters (0xc3 begins one),
// which llama.cpp says little of.
func TestLiveLlamaCppLeavesOut(t *testing.T) {
	w := turned(t, map[uint32]byte{model.EOS: '\n', 0xc3: 'e'})
	var cases []liveCase
	for _, path := range []string{completions, chats} {
		name, prompt := "completion", `"prompt":"package bytes // "`
		if path == chats {
			name, prompt = "chat", `"messages":[{"role":"user","content":"the new buffer"}]`
		}
		for _, stream := range []string{"", "-stream"} {
			on := `,"max_tokens":24`
			if stream != "" {
				on += `,"stream":true`
			}
			cases = append(cases,
				liveCase{name: "turned-" + name + stream, path: path, fields: prompt + `,"temperature":0` + on},
				liveCase{name: "turned-" + name + stream + "-drawn", path: path, fields: prompt + `,"temperature":1` + on})
		}
	}
	ends := turned(t, map[uint32]byte{model.EOS: '\n'})
	record(t, KindLlamaCpp, llamaServer(t, w), w, cases)
	record(t, KindLlamaCpp, llamaServer(t, ends), ends, []liveCase{{name: "end-chat-stream", path: chats,
		fields: `"messages":[{"role":"user","content":"` + endsSoon(t, ends, 24) + `"}],"temperature":0,"max_tokens":24,"stream":true`}})
}

func TestLiveOllama(t *testing.T) {
	w := turned(t, nil)
	upstream := ollamaServer(t, w, modelfile)
	connects(t, upstream, KindOllama, w, byteTokens{})
	record(t, KindOllama, upstream, w, append(ordinary(chats),
		liveCase{name: "completion", path: completions, fields: `"prompt":"func ","temperature":0,"max_tokens":3`, want: "gives no log-probabilities"},
		liveCase{name: "completion-stream", path: completions, fields: `"prompt":"func ","temperature":0,"max_tokens":3,"stream":true`, want: "gives no log-probabilities"},
		liveCase{name: "chat-warm", path: chats, fields: `"messages":[{"role":"user","content":"x"}],"temperature":0.7,"top_p":0.5,"max_tokens":3`, want: "before or after temperature"},
		liveCase{name: "chat-none", path: chats, fields: `"messages":[],"temperature":0,"max_tokens":3`, want: "HTTP 400"},
	))
}

func TestLiveOllamaLeavesOut(t *testing.T) {
	message := func(text string) string {
		return `"messages":[{"role":"user","content":"` + text + `"}],"max_tokens":24,"temperature":`
	}
	ends := turned(t, map[uint32]byte{model.EOS: '\n'})
	soon := endsSoon(t, ends, 24)
	record(t, KindOllama, ollamaServer(t, ends, modelfile), ends, []liveCase{
		{name: "end-chat", path: chats, fields: message(soon) + `0`},
		{name: "end-chat-stream", path: chats, fields: message(soon) + `0,"stream":true`},
	})
	parts := turned(t, map[uint32]byte{0xc3: 'e'})
	record(t, KindOllama, ollamaServer(t, parts, modelfile), parts, []liveCase{
		{name: "parts-chat", path: chats, fields: message("the new buffer") + `0`, want: "counts 24 tokens where it gave"},
	})
}

// Ollama's own sampling would change answers; the error says what to do.
func TestLiveOllamaSamplesByItself(t *testing.T) {
	w := turned(t, nil)
	u, err := url.Parse(ollamaServer(t, w, "FROM %s\nPARAMETER min_p 0.1\n"))
	if err != nil {
		t.Fatal(err)
	}
	e := Expected{Model: "small", Spec: demoSpec(w, posp.RuleUnseeded), Tokenizer: byteTokens{}}
	_, err = Connect(t.Context(), NewServer(u), e, zap.NewNop())
	for _, want := range []string{"PARAMETER top_k 0", "PARAMETER min_p 0", "PARAMETER repeat_penalty 1"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %q", err, want)
		}
	}
	e.Tokenizer = nil
	if _, err := Connect(t.Context(), NewServer(u), e, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "llama.cpp") {
		t.Errorf("without a tokenizer: %v", err)
	}
}

// connects checks that the server's kind is found out, and what is missing is.
func connects(t *testing.T, upstream string, kind Kind, w *model.Weights, tokenizer Tokenizer) {
	t.Helper()
	u, err := url.Parse(upstream)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e := Expected{Model: "small", Spec: demoSpec(w, posp.RuleUnseeded), Tokenizer: tokenizer}
	found, err := Connect(ctx, NewServer(u), e, zap.NewNop())
	if err != nil || found.Kind != kind || found.Version == "" {
		t.Fatalf("found %+v, %v", found, err)
	}
	t.Logf("found %s %s", found.Kind, found.Version)
	e.Spec.SamplingRule = posp.RuleGumbel
	if _, err := Connect(ctx, NewServer(u), e, zap.NewNop()); err == nil || !strings.Contains(err.Error(), posp.RuleUnseeded) {
		t.Errorf("a spec that the server cannot keep: %v", err)
	}
	e.Spec.SamplingRule, e.Kind = posp.RuleUnseeded, KindVLLM
	if _, err := Connect(ctx, NewServer(u), e, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "vLLM 0.10.2") {
		t.Errorf("taken for vLLM: %v", err)
	}
}
