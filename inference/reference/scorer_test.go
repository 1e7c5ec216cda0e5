package reference

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// TestScorerAgreesWithTheFloatEngine: under each rule the evidence is of the kind that is owed, and that of an honest
// answer of the float engine: the choice is the rule's, and log-probabilities are close.
func TestScorerAgreesWithTheFloatEngine(t *testing.T) {
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	m := build(t, w)
	engine, scorer := float.New(w, float.Options{}), float.NewScorer(w)
	prompt := model.EncodePrompt([]byte("func main() {\n"))
	for _, s := range []posp.Sampling{
		{Rule: posp.Greedy, MaxTokens: 40},
		{Rule: posp.Seeded, TemperatureMicro: 800_000, TopPMicro: 1_000_000, Seed: posp.Tag("seed"), MaxTokens: 40},
		{Rule: posp.Seeded, TemperatureMicro: 1_000_000, TopPMicro: 900_000, Seed: posp.Tag("seed"), MaxTokens: 40},
		{Rule: posp.Unseeded, TemperatureMicro: 1_000_000, TopPMicro: 950_000, MaxTokens: 40},
	} {
		made, _, err := inference.Collect(context.Background(), engine, inference.Request{Prompt: prompt, Sampling: s})
		if err != nil {
			t.Fatal(err)
		}
		var output []uint32
		for _, x := range made {
			output = append(output, x.ID)
		}
		got, err := m.Score(context.Background(), prompt, s, output)
		if err != nil {
			t.Fatal(err)
		}
		want, err := scorer.Score(context.Background(), prompt, s, output)
		if err != nil {
			t.Fatal(err)
		}
		if got.Kind != want.Kind || !got.Whole(len(output)) {
			t.Fatalf("rule %d: evidence %+v", s.Rule, got)
		}
		close := func(what string, a, b []int32, most int32) {
			t.Helper()
			for i := range a {
				if d := a[i] - b[i]; d > most || d < -most {
					t.Errorf("rule %d: %s of position %d is %d, the float engine's %d", s.Rule, what, i, a[i], b[i])
				}
			}
		}
		close("log-probability", got.LogProb, want.LogProb, posp.Nat/500)
		close("margin", got.Margin, want.Margin, posp.Nat/500)
		close("below", got.Below, want.Below, posp.Unit/500)
		close("mass", got.Mass, want.Mass, posp.Unit/500)
		trace, err := m.Trace(context.Background(), prompt, s, output)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(trace.LogProb, got.LogProb) {
			t.Errorf("rule %d: the trace has other log-probabilities", s.Rule)
		}
		if s.Rule == posp.Greedy && !slices.Equal(trace.Margin, got.Margin) {
			t.Error("the trace has other margins")
		}
		if s.Rule != posp.Greedy && slices.Max(trace.Margin) != 0 {
			t.Errorf("rule %d: the trace has margins", s.Rule)
		}
	}
}

func TestScorerRefuses(t *testing.T) {
	m := build(t, random(t, shape("llama"), 1))
	long := tokens(1, 1020, m.Vocab)
	for what, c := range map[string]struct {
		prompt, output []uint32
		s              posp.Sampling
	}{
		"no prompt":         {nil, []uint32{1}, greedy},
		"an unknown token":  {[]uint32{1}, []uint32{uint32(m.Vocab)}, greedy},
		"a token too large": {[]uint32{1 << 31}, []uint32{1}, greedy},
		"too long":          {long, []uint32{1, 2, 3, 4, 5}, greedy},
		"no rule":           {[]uint32{1}, []uint32{1}, posp.Sampling{MaxTokens: 1}},
	} {
		var invalid *posp.ValidationError
		if _, err := m.Score(context.Background(), c.prompt, c.s, c.output); !errors.As(err, &invalid) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := m.Trace(context.Background(), c.prompt, c.s, c.output); !errors.As(err, &invalid) {
			t.Errorf("%s: trace: %v", what, err)
		}
	}
	e, err := m.Score(context.Background(), []uint32{1}, greedy, nil)
	if err != nil || e.Kind != posp.EvidenceFull || !e.Whole(0) {
		t.Errorf("no output: %+v, %v", e, err)
	}
	if _, err := m.Trace(context.Background(), []uint32{1}, greedy, nil); err == nil {
		t.Error("a trace of no output")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := m.Score(ctx, []uint32{1}, greedy, []uint32{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := m.Trace(ctx, []uint32{1}, greedy, []uint32{1}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: trace: %v", err)
	}
}

// TestTraceServesManyAtOnce: rows, nodes and openings asked for at once, in any order, are those that were committed,
// and the evidence stays.
func TestTraceServesManyAtOnce(t *testing.T) {
	m := build(t, random(t, shape("qwen2"), 1))
	trace := traced(t, m, tokens(1, 30, m.Vocab), tokens(2, 10, m.Vocab))
	logProb := slices.Clone(trace.LogProb)
	g := trace.Graph
	var group sync.WaitGroup
	for worker := range uint64(4) {
		group.Go(func() {
			for k := range uint64(60) {
				i := (k*7919 + worker*104729) % g.Rows()
				n, width := g.Shape(g.Locate(i))
				o, err := trace.Open(context.Background(), i, n-1, 1)
				if err != nil {
					t.Error(err)
					return
				}
				values, err := o.Verify(trace.Root(), Place{Row: i, Rows: g.Rows(), N: n, Width: width, First: n - 1, Length: 1})
				if err != nil {
					t.Error(err)
					return
				}
				x, err := trace.Row(context.Background(), i)
				if err != nil || x.Values[n-1] != values[0] {
					t.Errorf("row %d: %v", i, err)
				}
			}
		})
	}
	group.Wait()
	if !slices.Equal(logProb, trace.LogProb) {
		t.Error("the evidence changed")
	}
	if _, err := trace.Row(context.Background(), g.Rows()); err == nil {
		t.Error("a row beyond the trace")
	}
}
