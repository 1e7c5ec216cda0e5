package reference

import (
	"context"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// spent is the processor time that this process has used: what a busy machine does not spoil.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// measure reports processor time for each position of f, which computes n.
func measure(b *testing.B, n int, f func()) {
	f()
	runtime.GC()
	b.ResetTimer()
	before := spent(b)
	for range b.N {
		f()
	}
	b.ReportMetric(float64(spent(b)-before)/float64(b.N*n)/1e3, "cpu-us/token")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDemo compares scoring, tracing and the float engine's prefill of the shipped model: 256 positions, of which 56
// are scored.
func BenchmarkDemo(b *testing.B) {
	w, err := model.Main()
	if err != nil {
		b.Fatal(err)
	}
	benchmark(b, w, 200, 57)
}

// BenchmarkRandom42M does so for a model of dimension 512 with 32,000 tokens.
func BenchmarkRandom42M(b *testing.B) {
	benchmark(b, random(b, model.Random42M, 1), 250, 7)
}

func benchmark(b *testing.B, w *model.Weights, prompt, output int) {
	ctx := context.Background()
	in, out := tokens(1, prompt, w.Config.VocabSize), tokens(2, output, w.Config.VocabSize)
	m := build(b, w)
	m.workers = 1
	n := prompt + output - 1
	b.Run("score", func(b *testing.B) {
		measure(b, n, func() {
			if _, err := m.Score(ctx, in, greedy, out); err != nil {
				b.Fatal(err)
			}
		})
	})
	b.Run("trace", func(b *testing.B) {
		measure(b, n, func() { traced(b, m, in, out) })
	})
	b.Run("float-prefill", func(b *testing.B) {
		e := float.New(w, float.Options{Workers: 1})
		text := append(append([]uint32(nil), in...), out[:output-1]...)
		measure(b, n, func() {
			s := e.Session()
			if _, err := s.Extend(ctx, text); err != nil {
				b.Fatal(err)
			}
			s.Release()
		})
	})
	b.Run("float-score", func(b *testing.B) {
		e := float.NewScorer(w)
		measure(b, n, func() {
			if _, err := e.Score(ctx, in, greedy, out); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// BenchmarkRoot is the commitment to a model, in weights a second on all processors.
func BenchmarkRoot(b *testing.B) {
	w := random(b, model.Random42M, 1)
	n := 0
	for _, t := range w.Tensors() {
		n += len(t.Data)
	}
	q, err := NewQuantiser(FromWeights(w))
	if err != nil {
		b.Fatal(err)
	}
	before := spent(b)
	for range b.N {
		if _, err := q.Root(context.Background(), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(spent(b)-before)/float64(b.N*n), "cpu-ns/weight")
}
