package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

// subject is a model and a text that speed is measured on.
type subject struct {
	name           string
	weights        func() (*model.Weights, error)
	prompt, output int
	repeat         int // of the work in one run
}

func randomWeights(c model.Config) func() (*model.Weights, error) {
	return func() (*model.Weights, error) { return model.Random(c, 1) }
}

var subjects = []subject{
	{"demo", model.Main, 200, 57, 4},
	{"42M", randomWeights(model.Random42M), 250, 7, 1},
	{"100M", randomWeights(model.Random100M), 250, 7, 1},
}

// timing is of one run, for each token: processor time of all goroutines, and clock.
type timing struct{ CPU, Clock time.Duration }

type timings struct{ Prefill, Score, Trace []timing }

// speed compares scoring and tracing with the float engine's prefill of the same text, with one and two goroutines.
func (b *bench) speed(ctx context.Context, out *section) error {
	runs := 7
	if b.quick {
		runs = 3
	}
	t := page.NewTable("model", "goroutines", "prefill", "scoring", "of prefill's speed", "trace", "of scoring", "prefill, clock", "scoring, clock", "trace, clock")
	memory := page.NewTable("model", "positions", "model in memory", "scoring", "trace")
	for _, s := range subjects {
		if b.quick && s.name == "100M" {
			continue
		}
		for _, goroutines := range []int{1, 2} {
			var x timings
			if _, err := itself(ctx, fmt.Sprintf("speed %s %d", s.name, runs), &x, fmt.Sprintf("GOMAXPROCS=%d", goroutines)); err != nil {
				return err
			}
			prefill, score, trace := median(x.Prefill), median(x.Score), median(x.Trace)
			share, times := prefill.CPU.Seconds()/score.CPU.Seconds(), trace.CPU.Seconds()/score.CPU.Seconds()
			us := func(d time.Duration) string { return fmt.Sprintf("%.0f us", float64(d.Nanoseconds())/1e3) }
			t.Add(s.name, goroutines, us(prefill.CPU), us(score.CPU), fmt.Sprintf("%.0f %%", 100*share), us(trace.CPU), fmt.Sprintf("%.1f times", times),
				us(prefill.Clock), us(score.Clock), us(trace.Clock))
			out.Goals.Add(share >= 0.25, fmt.Sprintf("speed of scoring, %s, goroutines: %d", s.name, goroutines), "at least 25 % of prefill's", fmt.Sprintf("%.0f %%", 100*share), "")
			out.Goals.Add(times <= 3, fmt.Sprintf("time of a trace, %s, goroutines: %d", s.name, goroutines), "at most 3 times scoring's", fmt.Sprintf("%.1f times", times), "")
			if s.name == "42M" && goroutines == 1 {
				out.PerParameter = trace.CPU.Seconds() / 42e6
			}
			fmt.Fprintf(os.Stderr, "  %s, %d: %.0f %%, %.1f times\n", s.name, goroutines, 100*share, times)
		}
		cells := []any{s.name, s.prompt + s.output - 1}
		for _, what := range []string{"load", "score", "trace"} {
			var nothing any
			mib, err := itself(ctx, "memory "+s.name+" "+what, &nothing)
			if err != nil {
				return err
			}
			cells = append(cells, fmt.Sprintf("%.0f MiB", mib))
		}
		memory.Add(cells...)
	}
	out.print("## Speed\n\nProcessor time for each token of a text, medians of %d runs that take turns, in one process for a model and a number of goroutines (GOMAXPROCS). The text of the demo model is 200 and 57 tokens,\n"+
		"of the random ones (Llama shapes of 42 and 100 million parameters, 32,000 tokens) 250 and 7: a prefill computes no logits but the last position's, and scoring computes those of the output.\n\n%s\n"+
		"Kernels are Go assembly for AVX2 where the processor has it; the portable ones compute the same bits and are tested beside them. Of scoring the 42M model, most is those dot products; of a\n"+
		"trace, about as much again is Keccak, four permutations side by side. A trace also repeats the values' partial sums, by channel.\n\n"+
		"### Memory\n\nThe largest of a process: with the model in memory (the binary32 weights that it was made of, and the reference program's), after scoring, after building a trace. A trace keeps the residual\n"+
		"stream of each layer, and at most 2^20 nodes.\n\n%s\n", runs, t, memory)
	return nil
}

// median is that of the processor times, and of the clock's.
func median(list []timing) timing {
	at := func(f func(timing) time.Duration) time.Duration {
		var values []float64
		for _, x := range list {
			values = append(values, float64(f(x)))
		}
		return time.Duration(page.Median(values))
	}
	return timing{at(func(x timing) time.Duration { return x.CPU }), at(func(x timing) time.Duration { return x.Clock })}
}

// runChild is a measurement in a process of its own; it prints JSON.
func runChild(ctx context.Context, what string) error {
	var result any
	var err error
	switch words := strings.Fields(what); {
	case len(words) == 1 && words[0] == "basis":
		result, err = lagrange()
	case len(words) == 3 && words[0] == "accuracy":
		var i int
		var quick bool
		if _, err := fmt.Sscan(words[1]+" "+words[2], &i, &quick); err != nil || i < 0 || i >= len(comparisons(quick)) {
			return fmt.Errorf("-child %q is nothing that is measured", what)
		}
		result, err = comparisons(quick)[i].distance(ctx)
	case len(words) == 3 && words[0] == "speed":
		var runs int
		if _, err := fmt.Sscan(words[2], &runs); err != nil {
			return fmt.Errorf("-child %q: %w", what, err)
		}
		result, err = timeSubject(ctx, words[1], runs)
	case len(words) == 3 && words[0] == "memory":
		err = fill(ctx, words[1], words[2])
	default:
		err = fmt.Errorf("-child %q is nothing that is measured", what)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// load makes a subject's model and text.
func load(name string) (s subject, w *model.Weights, m *reference.Model, prompt, output []uint32, err error) {
	i := slices.IndexFunc(subjects, func(s subject) bool { return s.name == name })
	if i < 0 {
		return s, nil, nil, nil, nil, fmt.Errorf("%q is no model of this bench", name)
	}
	s = subjects[i]
	if w, err = s.weights(); err != nil {
		return s, nil, nil, nil, nil, err
	}
	if m, err = reference.New(reference.FromWeights(w)); err != nil {
		return s, nil, nil, nil, nil, err
	}
	rng := rand.New(rand.NewPCG(3, 4))
	text := make([]uint32, s.prompt+s.output)
	for i := range text {
		text[i] = rng.Uint32N(uint32(w.Config.VocabSize))
	}
	return s, w, m, text[:s.prompt], text[s.prompt:], nil
}

func timeSubject(ctx context.Context, name string, runs int) (x timings, err error) {
	s, w, m, prompt, output, err := load(name)
	if err != nil {
		return x, err
	}
	engine := float.New(w, float.Options{})
	n := time.Duration(s.repeat * (s.prompt + s.output - 1))
	run := func(into *[]timing, work func() error) {
		if err != nil {
			return
		}
		runtime.GC()
		cpu, clock := page.Spent(), time.Now()
		for range s.repeat {
			if err = work(); err != nil {
				return
			}
		}
		*into = append(*into, timing{(page.Spent() - cpu) / n, time.Since(clock) / n})
	}
	for range runs + 1 { // the first one makes buffers
		run(&x.Prefill, func() error {
			session := engine.Session()
			defer session.Release()
			_, err := session.Extend(ctx, append(slices.Clone(prompt), output[:len(output)-1]...))
			return err
		})
		run(&x.Score, func() error {
			_, err := m.Score(ctx, prompt, greedy, output)
			return err
		})
		run(&x.Trace, func() error {
			_, err := m.Trace(ctx, prompt, greedy, output)
			return err
		})
	}
	if err != nil {
		return x, err
	}
	x.Prefill, x.Score, x.Trace = x.Prefill[1:], x.Score[1:], x.Trace[1:]
	return x, nil
}

// fill does one thing, for the memory that it takes.
func fill(ctx context.Context, name, what string) error {
	_, _, m, prompt, output, err := load(name)
	if err != nil {
		return err
	}
	switch what {
	case "score":
		_, err = m.Score(ctx, prompt, greedy, output)
	case "trace":
		var t *reference.Trace
		t, err = m.Trace(ctx, prompt, greedy, output)
		runtime.KeepAlive(t)
	}
	return err
}
