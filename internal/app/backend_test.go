package app

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/verdict"
)

func TestParseBackends(t *testing.T) {
	got, err := ParseBackends([]string{"a=http://h:1/x?y=z", "b=http://h:2"}, []string{"b=/key"})
	if err != nil || len(got) != 2 || got[0] != (Backend{"a", "http://h:1/x?y=z", ""}) || got[1] != (Backend{"b", "http://h:2", "/key"}) {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = ParseBackends([]string{"a=u", "b=u", "a=v", "c=u", "c=v"}, []string{"a=1", "a=2", "c=3"})
	if want := []Backend{{"a", "u", "1"}, {"b", "u", ""}, {"a", "v", "2"}, {"c", "u", "3"}, {"c", "v", "3"}}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, c := range []struct {
		urls, keys []string
		want       string
	}{
		{[]string{"http://h:1"}, nil, "NAME=URL"}, {[]string{"=http://h"}, nil, "NAME=URL"}, {[]string{"a="}, nil, "NAME=URL"},
		{[]string{"a=u", "b=u", "a=u"}, nil, "twice"}, {[]string{"a=u"}, []string{"b=f"}, "NAME=FILE"}, {[]string{"a=u"}, []string{"a"}, "NAME=FILE"},
		{[]string{"a=u", "a=v", "a=w"}, []string{"a=f", "a=g"}, "one for each"},
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

// on is the demo model, and another of which this program has no weights, in a
// policy for answers and recomputations of vLLM.
func on(t *testing.T) (n Network, demo, foreign Model) {
	t.Helper()
	demo, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	foreign = demo
	foreign.Name, foreign.Weights, foreign.Spec.EngineClass = "foreign", "", "vllm/h100"
	foreign.Policy.Calibration.Pairs = []verdict.EnginePair{{Claimed: "vllm/h100", Recomputed: "vllm/h100"}}
	foreign.Spec.PolicyID = foreign.Policy.ID()
	return Network{Models: []Model{demo, foreign}}, demo, foreign
}

func (e Engines) serving(ctx context.Context, n Network, log *zap.Logger) (map[posp.Hash][]backends.Backend, error) {
	return serving(e.capabilities(ctx, n, window{blocks: 10, block: time.Second}, log), log)
}

// Rationale: an operator who names a server must be scored by it, and a server that cannot be the spec's must be
// found out at the start, not by a lost stake.
func TestBackendsScoreInPlaceOfTheProgram(t *testing.T) {
	n, demo, foreign := on(t)
	vocab, limit := int(demo.Spec.VocabSize), int(demo.Spec.ContextLimit)
	good := httptest.NewServer(uniform(vocab, limit+1))
	defer good.Close()

	all, err := Engines{Backends: []Backend{{Model: "foreign", URL: good.URL}}}.serving(t.Context(), n, zap.NewNop())
	if err != nil || len(all) != 2 || len(all[foreign.Spec.ID()]) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	e, err := all[foreign.Spec.ID()][0].Scorer.Score(t.Context(), []uint32{1}, posp.Sampling{Rule: posp.Greedy, MaxTokens: 1}, []uint32{3})
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
		{"too short", []Backend{{Model: "foreign", URL: short.URL}}, "longer context"},
		{"one of two too short", []Backend{{Model: "foreign", URL: good.URL}, {Model: "foreign", URL: short.URL}}, "longer context"},
		{"no inference server", []Backend{{Model: "foreign", URL: nothing.URL}}, "neither vLLM"},
		{"no key", []Backend{{Model: "foreign", URL: good.URL, KeyFile: "/nonexistent/key"}}, "/nonexistent/key"},
		{"an engine that was not calibrated", []Backend{{Model: demo.Name, URL: good.URL}}, "calibrated for answers of posp-float/f32 recomputed by"},
	} {
		if _, err := (Engines{Backends: c.backends}).serving(t.Context(), n, zap.NewNop()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// An operator takes part with what it can recompute, says what it cannot, and
// does not start with nothing.
func TestAnOperatorSaysWhatItRecomputes(t *testing.T) {
	n, demo, foreign := on(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	core, logs := observer.New(zap.InfoLevel)
	all, err := Engines{}.serving(t.Context(), n, zap.New(core))
	if err != nil || len(all) != 1 || len(all[demo.Spec.ID()]) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	said := logs.FilterLevelExact(zap.WarnLevel).All()
	if len(said) != 1 || !strings.Contains(said[0].Message, "missed duties") || said[0].ContextMap()["model"] != "foreign" {
		t.Errorf("%v", said)
	}

	alone := Network{Models: []Model{foreign}}
	if _, err := (Engines{}).serving(t.Context(), alone, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "--backend foreign=URL") {
		t.Errorf("with nothing: %v", err)
	}
	unreached := Engines{Backends: []Backend{{Model: "foreign", URL: gone.URL}}}
	if _, err := unreached.serving(t.Context(), alone, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "none of its backends is reached") {
		t.Errorf("with a server that is not up: %v", err)
	}
	// With something else to do it is waited for.
	if all, err = unreached.serving(t.Context(), n, zap.NewNop()); err != nil || len(all) != 2 || all[foreign.Spec.ID()][0].Scorer != nil {
		t.Errorf("%v, %v", all, err)
	}
	// The own engine behind a server.
	all, err = Engines{Backends: []Backend{{Model: demo.Name, URL: gone.URL}}, Own: true}.serving(t.Context(), n, zap.NewNop())
	if list := all[demo.Spec.ID()]; err != nil || len(list) != 2 || list[0].Reserve || !list[1].Reserve || list[1].Scorer == nil {
		t.Errorf("%v, %v", all, err)
	}
	if _, err = (Engines{Backends: []Backend{{Model: "foreign", URL: gone.URL}}, Own: true}).serving(t.Context(), n, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "--own-engine: model foreign") {
		t.Errorf("an own engine that is none: %v", err)
	}
}

// Status says the same from the settings alone.
func TestStatusSaysWhatIsRecomputed(t *testing.T) {
	n, demo, foreign := on(t)
	for _, c := range []struct {
		e    Engines
		want [2]string
	}{
		{Engines{}, [2]string{"this program", ""}},
		{Engines{Backends: []Backend{{Model: foreign.Name, URL: "http://a:1"}, {Model: foreign.Name, URL: "http://b:2/secret"}}}, [2]string{"this program", "a:1, b:2"}},
		{Engines{Backends: []Backend{{Model: demo.Name, URL: "http://a:1"}}}, [2]string{"a:1", ""}},
		{Engines{Backends: []Backend{{Model: demo.Name, URL: "http://a:1"}}, Own: true}, [2]string{"a:1, this program", ""}},
	} {
		got := c.e.models(n)
		if len(got) != 2 || got[0].By != c.want[0] || got[1].By != c.want[1] || (got[1].By == "") != (got[1].Lacks != "") {
			t.Errorf("%+v: %+v", c.e, got)
		}
		v := OperatorStatus{Restaker: Restaker{Registered: true}, Counts: new(big.Int), Models: got, Messages: new(HotKeys)}
		var b strings.Builder
		if err := show(&v, false, &b); err != nil {
			t.Fatal(err)
		}
		if missed := strings.Contains(b.String(), "its samples are missed (--backend foreign=URL)"); missed != (c.want[1] == "") {
			t.Errorf("%s", b.String())
		}
	}
}

// With --cpu-only, a model counts if the machine is fast enough.
func TestCPUOnlyIsMeasured(t *testing.T) {
	n, demo, _ := on(t)
	cpu := Engines{CPUOnly: true}
	list := cpu.capabilities(t.Context(), n, window{blocks: 10, block: 12 * time.Second}, zap.NewNop())
	if all, err := serving(list, zap.NewNop()); err != nil || len(all) != 1 || len(all[demo.Spec.ID()]) != 1 || !strings.Contains(list[0].says, "tokens/s") {
		t.Errorf("%v, %v, %s", all, err, list[0].says)
	}
	t.Log(list[0].says)
	list = cpu.capabilities(t.Context(), n, window{blocks: 1, block: time.Microsecond}, zap.NewNop())
	if _, err := serving(list, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "this machine takes") {
		t.Errorf("too slow: %v", err)
	}
}
