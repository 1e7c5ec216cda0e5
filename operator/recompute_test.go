package operator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/openai"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/verdict"
)

// operateOn is operate with backends and a log.
func (w *world) operateOn(m *member, to operator.Aggregator, list []backends.Backend, log *zap.Logger) *operator.Operator {
	o, err := operator.New(operator.Config{Operator: m.address, Domain: w.domain, Authority: w.authority, Parameters: w.params, Specs: []verdict.Spec{w.spec},
		Backends: map[posp.Hash][]backends.Backend{w.spec.Spec.ID(): list}, Retry: 10 * time.Millisecond, Fetches: 64}, w.chain, w.providers, to, m, keys.NewCoSigner(m.bls),
		open(w.t, operator.Migrations), operator.SystemClock{}, log)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// An operator that is killed while it recomputes goes on where it was.
func TestRestartRecomputesNothingTwice(t *testing.T) {
	w := newWorld(t)
	w.params.Committee = 5 // everybody has all samples
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	p := &tap{Aggregator: direct{a}}
	db := open(t, operator.Migrations)
	var mu sync.Mutex
	calls := map[uint32]int{}
	stuck := true
	s := scorerFunc(func(output []uint32) (posp.Evidence, error) {
		mu.Lock()
		defer mu.Unlock()
		calls[output[3]]++
		if stuck && output[3] == 8 {
			return posp.Evidence{}, fmt.Errorf("out of memory")
		}
		return honest(output)
	})
	kept := func() (n int) {
		if err := db.QueryRow(`SELECT count(*) FROM scores`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	stop := w.run(w.operate(w.members[0], p, s, db).Run)
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("all but one are kept", func() bool { return kept() == 5 })
	stop()
	mu.Lock()
	stuck = false
	first := calls
	calls = map[uint32]int{}
	mu.Unlock()
	w.run(w.operate(w.members[0], p, s, db).Run)
	w.eventually("committed", p.committed)
	mu.Lock()
	defer mu.Unlock()
	if len(first) != 6 || len(calls) != 1 || calls[8] != 1 {
		t.Errorf("before the restart %v were scored, after it %v", first, calls)
	}
	if c, _, _ := p.sent(); len(c[0].Items) != 6 {
		t.Errorf("%d of 6 samples are committed to", len(c[0].Items))
	}
	if n := kept(); n != 0 {
		t.Errorf("%d scores are kept after their evidence was recorded", n)
	}
}

// Rationale: an operator that cannot do everything must know while it can still
// do something about it, and do what can be done.
func TestTooMuchIsSaidInTimeAndOnce(t *testing.T) {
	w := newWorld(t)
	w.params.Committee = 5
	w.batch(0, 1, 12)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	p := &tap{Aggregator: direct{a}}
	core, logs := observer.New(zap.InfoLevel)
	slow := scorerFunc(func(output []uint32) (posp.Evidence, error) { // 40 tokens per second
		time.Sleep(200 * time.Millisecond)
		return honest(output)
	})
	w.run(w.operateOn(w.members[0], p, []backends.Backend{backends.Local(slow, 1)}, zap.New(core)).Run)
	warned := func() []observer.LoggedEntry {
		return logs.FilterMessageSnippet("there is not the time for all samples").All()
	}
	said := 0
	deadline := schedule.CommitDeadline(0)
	for block := schedule.BeaconBlock(0) - 8; block <= deadline+1; block++ { // the pace of the chain
		w.chain.mine(block)
		time.Sleep(120 * time.Millisecond)
		if block == deadline-2 { // before its margin
			said = len(warned())
		}
	}
	w.eventually("left out", func() bool { return logs.FilterMessage("samples are left out").Len() == 1 })
	list := warned()
	if said != 1 || len(list) != 1 {
		t.Fatalf("%d warnings in time, %d in all", said, len(list))
	}
	f := list[0].ContextMap()
	have, need, late := f["tokens_per_second"].(float64), f["needed_tokens_per_second"].(float64), f["late"].(int64)
	if have < 5 || have > 45 || need <= have || late < 1 || f["epoch"] == nil {
		t.Errorf("%v", f)
	}
	c, _, _ := p.sent()
	if len(c) == 0 || len(c[0].Items) == 0 || len(c[0].Items) == 12 {
		t.Fatalf("%d messages, of some of 12 samples", len(c))
	}
	if left := logs.FilterMessage("samples are left out").All()[0].ContextMap(); left["left_out"] != int64(12-len(c[0].Items)) {
		t.Errorf("%v, and %d are committed to", left, len(c[0].Items))
	}
}

// scoring serves a model's recomputation in vLLM's dialect.
func scoring(s *float.Scorer, vocab, context int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":"0.11.0"}`) })
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":[{"id":"m","max_model_len":%d}]}`, context+1)
	})
	mux.HandleFunc("POST /v1/completions", func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Prompt []uint32 `json:"prompt"`
			Top    int      `json:"prompt_logprobs"`
		}
		if json.NewDecoder(r.Body).Decode(&q) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		positions := []any{nil}
		err := s.Logits(r.Context(), q.Prompt[:1], q.Prompt[1:], func(_ int, logits []float32) error {
			order := make([]uint32, vocab)
			for i := range order {
				order[i] = uint32(i)
			}
			slices.SortStableFunc(order, func(a, b uint32) int { return int(math.Copysign(1, float64(logits[b]-logits[a]))) })
			position := map[uint32]any{}
			claimed := q.Prompt[len(positions)]
			for rank, id := range order {
				if rank < q.Top || id == claimed {
					position[id] = map[string]any{"logprob": inference.LogProb(logits, id), "rank": rank + 1}
				}
			}
			positions = append(positions, position)
			return nil
		})
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"prompt_logprobs": positions}}})
	})
	return mux
}

// killable is a server of the small model.
type killable struct {
	url  string
	kill func()
}

func engineServer(t *testing.T, w *model.Weights) killable {
	s := httptest.NewServer(scoring(float.NewScorer(w), w.Config.VocabSize, w.Config.ContextLength))
	var once sync.Once
	kill := func() {
		once.Do(func() {
			_ = s.Listener.Close() // twice at the end
			s.CloseClientConnections()
		})
	}
	t.Cleanup(func() { kill(); s.Close() })
	return killable{url: s.URL, kill: kill}
}

// llamaServer is a real llama.cpp server, where POSP_LLAMA_SERVER names one.
func llamaServer(t *testing.T, w *model.Weights) killable {
	binary := os.Getenv("POSP_LLAMA_SERVER")
	if binary == "" {
		t.Skip("no llama-server: name one in POSP_LLAMA_SERVER (tools/engines/llama-server.sh builds one)")
	}
	var b bytes.Buffer
	if err := model.WriteGGUF(&b, w, model.GGUFOptions{}); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "small.gguf"), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := net.SplitHostPort(l.Addr().String())
	l.Close()
	cmd := exec.Command(binary, "-m", "small.gguf", "--host", host, "--port", port, "-t", "1", "-c", "1024", "-np", "2")
	cmd.Dir = dir
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	kill := func() {
		once.Do(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
	}
	t.Cleanup(kill)
	url := "http://" + host + ":" + port
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if r, err := http.Get(url + "/health"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return killable{url: url, kill: kill}
			}
		}
		if time.Now().After(end) {
			t.Fatal("llama-server does not become ready in 30 s")
		}
	}
}

// Two inference servers, of which one is killed in the middle of an epoch: every
// sample is scored, to what the engine itself finds.
func TestAServerDiesInTheMiddleOfAnEpoch(t *testing.T) {
	for name, serve := range map[string]func(*testing.T, *model.Weights) killable{"own engine over HTTP": engineServer, "llama-server": llamaServer} {
		t.Run(name, func(t *testing.T) {
			weights, err := model.Small()
			if err != nil {
				t.Fatal(err)
			}
			one, two := serve(t, weights), serve(t, weights)
			w := newWorld(t)
			w.params.Committee = 5
			const samples = 40
			w.batch(0, 1, samples)
			a, _ := w.aggregate(open(t, aggregator.Migrations))
			p := &tap{Aggregator: direct{a}}
			var mu sync.Mutex
			done := map[string]int{}
			watch := func(k killable) backends.Backend {
				dial := func(ctx context.Context) (inference.Scorer, error) {
					s, err := openai.Dial(ctx, k.url, openai.Options{Vocab: weights.Config.VocabSize, Retries: -1})
					if err != nil {
						return nil, err
					}
					return counted{s, func() {
						mu.Lock()
						defer mu.Unlock()
						if done[k.url]++; k.url == one.url && done[k.url] == 5 {
							go one.kill()
						}
					}}, nil
				}
				s, err := dial(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				return backends.Backend{Name: k.url, Dial: dial, Scorer: s}
			}
			core, logs := observer.New(zap.InfoLevel)
			w.run(w.operateOn(w.members[0], p, []backends.Backend{watch(one), watch(two)}, zap.New(core)).Run)
			w.chain.mine(schedule.BeaconBlock(0))
			w.eventually("committed", p.committed)
			w.chain.mine(schedule.CommitDeadline(0) + 1)
			w.eventually("revealed", func() bool { _, r, _ := p.sent(); return len(r) > 0 })
			if logs.FilterMessageSnippet("backend is ill").Len() != 1 {
				t.Errorf("the server that died is not found to be ill: %v", logs.All())
			}
			mu.Lock()
			t.Logf("scored by the first %d, by the second %d", done[one.url], done[two.url])
			if done[one.url] < 5 || done[two.url] == 0 || done[one.url]+done[two.url] < samples {
				t.Errorf("scored: %v", done)
			}
			mu.Unlock()
			_, r, _ := p.sent()
			if full, none := evidenceOf(t, r[0]); full != samples || none != 0 {
				t.Fatalf("%d of %d samples are recomputed, %d are said not to be opened", full, samples, none)
			}
			engine := float.NewScorer(weights)
			for _, item := range r[0].Items {
				got, err := posp.DecodeEvidence(item.Evidence)
				if err != nil {
					t.Fatal(err)
				}
				want, err := engine.Score(t.Context(), item.Opening.Request.Tokens, item.Opening.Request.Sampling, item.Opening.Output.Tokens)
				if err != nil {
					t.Fatal(err)
				}
				for i := range want.LogProb {
					if d := math.Abs(float64(got.LogProb[i]-want.LogProb[i])) / posp.Nat; d > 0.02 {
						t.Fatalf("position %d: %d, and the engine says %d", i, got.LogProb[i], want.LogProb[i])
					}
				}
			}
		})
	}
}

// counted tells of each answer.
type counted struct {
	inference.Scorer
	answered func()
}

func (c counted) Score(ctx context.Context, prompt []uint32, s posp.Sampling, output []uint32) (posp.Evidence, error) {
	e, err := c.Scorer.Score(ctx, prompt, s, output)
	if err == nil {
		c.answered()
	}
	return e, err
}
