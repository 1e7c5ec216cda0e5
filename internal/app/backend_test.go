package app

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

func TestParseBackends(t *testing.T) {
	got, err := ParseBackends([]string{"a=http://h:1/x?y=z", "b=http://h:2"}, []string{"b=/key"})
	if err != nil || len(got) != 2 || got[0] != (Backend{"a", "http://h:1/x?y=z", ""}) || got[1] != (Backend{"b", "http://h:2", "/key"}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct {
		urls, keys []string
		want       string
	}{
		{[]string{"http://h:1"}, nil, "NAME=URL"}, {[]string{"=http://h"}, nil, "NAME=URL"}, {[]string{"a="}, nil, "NAME=URL"},
		{[]string{"a=u", "a=v"}, nil, "twice"}, {[]string{"a=u"}, []string{"b=f"}, "NAME=FILE"}, {[]string{"a=u"}, []string{"a"}, "NAME=FILE"},
	} {
		if _, err := ParseBackends(c.urls, c.keys); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v %v: %v, want %q", c.urls, c.keys, err, c.want)
		}
	}
}

// uniform speaks vLLM's dialect for a model that knows nothing: every token has the same probability.
func uniform(vocab, context int) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /version", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"version":"0.11.0"}`) })
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"data":[{"id":"m","max_model_len":%d}]}`, context)
	})
	mux.HandleFunc("POST /v1/completions", func(w http.ResponseWriter, r *http.Request) {
		var q struct {
			Prompt []int `json:"prompt"`
			Top    int   `json:"prompt_logprobs"`
		}
		if json.NewDecoder(r.Body).Decode(&q) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		positions := []any{nil}
		for _, id := range q.Prompt[1:] {
			p := map[int]any{id: map[string]any{"logprob": -math.Log(float64(vocab)), "rank": id + 1}}
			for i := range q.Top {
				p[i] = map[string]any{"logprob": -math.Log(float64(vocab)), "rank": i + 1}
			}
			positions = append(positions, p)
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"prompt_logprobs": positions}}})
	})
	return mux
}

// Rationale: an operator who names a server must be scored by it, and a server that cannot be the spec's must be
// found out at the start, not by a lost stake.
func TestBackendsScoreInPlaceOfTheProgram(t *testing.T) {
	m, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	foreign := m
	foreign.Name, foreign.Weights, foreign.Spec.EngineClass = "foreign", "", "vllm/h100"
	n := Network{Models: []Model{m, foreign}}
	vocab, limit := int(m.Spec.VocabSize), int(m.Spec.ContextLimit)
	good := httptest.NewServer(uniform(vocab, limit+1))
	defer good.Close()

	all, err := scorersWith(t.Context(), n, []Backend{{Model: "foreign", URL: good.URL}}, zap.NewNop())
	if err != nil || len(all) != 2 {
		t.Fatalf("%d scorers, %v", len(all), err)
	}
	e, err := all[foreign.Spec.ID()].Score(t.Context(), []uint32{1}, posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}, []uint32{3})
	if want := posp.ToFixed(-math.Log(float64(vocab))); err != nil || len(e.LogProb) != 1 || e.LogProb[0] != want {
		t.Errorf("scored as %+v, %v, want %d", e, err, want)
	}

	short := httptest.NewServer(uniform(vocab, limit))
	defer short.Close()
	nothing := httptest.NewServer(http.NotFoundHandler())
	defer nothing.Close()
	for _, c := range []struct {
		name     string
		backends []Backend
		want     string
	}{
		{"none", nil, "--backend"},
		{"of another model", []Backend{{Model: "foreign", URL: good.URL}, {Model: "other", URL: good.URL}}, "other"},
		{"too short", []Backend{{Model: "foreign", URL: short.URL}}, "longer context"},
		{"no inference server", []Backend{{Model: "foreign", URL: nothing.URL}}, "neither vLLM"},
		{"no key", []Backend{{Model: "foreign", URL: good.URL, KeyFile: "/nonexistent/key"}}, "/nonexistent/key"},
	} {
		if _, err := scorersWith(t.Context(), n, c.backends, zap.NewNop()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
