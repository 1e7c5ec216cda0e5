package float

import (
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// reading is what one computation says of the positions of texts: each token's log-probability, and the token it
// holds for the most likely.
type reading struct {
	logProb []float64
	argmax  []uint32
}

func (r *reading) add(logits []float32, token uint32) {
	r.logProb = append(r.logProb, inference.LogProb(logits, token))
	best := 0
	for i, x := range logits {
		if x > logits[best] {
			best = i
		}
	}
	r.argmax = append(r.argmax, uint32(best))
}

// text is a prompt and what follows it.
type text struct{ prompt, output []uint32 }

// party reads texts under one mode and set of weights.
type party func(t testing.TB, texts []text) reading

func mode(t testing.TB, name string) Mode {
	t.Helper()
	m, err := ParseMode(engineName + name)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// decodes reads as a provider computes: the prompt at once, then token after token.
func decodes(w *model.Weights, o Options) party {
	return func(t testing.TB, texts []text) (r reading) {
		e := New(w, o)
		for _, x := range texts {
			s := e.Session()
			logits, err := s.Extend(t.Context(), x.prompt)
			for i, token := range x.output {
				if err != nil {
					t.Fatal(err)
				}
				r.add(logits, token)
				if i < len(x.output)-1 {
					logits, err = s.Extend(t.Context(), []uint32{token})
				}
			}
			s.Release()
		}
		return r
	}
}

// scores reads as an operator computes: everything at once.
func scores(sc *Scorer, o Options) party {
	return func(t testing.TB, texts []text) (r reading) {
		sc := sc.With(o)
		for _, x := range texts {
			if err := sc.Logits(t.Context(), x.prompt, x.output, func(i int, logits []float32) error {
				r.add(logits, x.output[i])
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		}
		return r
	}
}

// noise is how far two readings of the same texts lie apart: of the absolute difference of log-probabilities in nats
// the mean, the 99th percentile and the largest, and the fraction of positions with another most likely token.
type noise struct{ mean, p99, max, flips float64 }

func between(a, b reading) (n noise) {
	var all []float64
	for i := range a.logProb {
		d := math.Abs(a.logProb[i] - b.logProb[i])
		all = append(all, d)
		n.mean += d / float64(len(a.logProb))
		if a.argmax[i] != b.argmax[i] {
			n.flips += 1 / float64(len(a.logProb))
		}
	}
	slices.Sort(all)
	n.p99, n.max = all[len(all)*99/100], all[len(all)-1]
	return n
}

var openings = []string{"func (b *Buffer) ", "// Package sort ", "type Reader struct {", "func Test", "\tif err != nil {\n", "// Len returns ", "import (", "for i := range "}

// written returns texts that the model writes at temperature 1, of 96 positions each and about that many together; 96
// more, before them, stand in the prompt.
func written(t testing.TB, w *model.Weights, positions int) (texts []text) {
	t.Helper()
	e := New(w, Options{})
	for i := 0; positions > 0; i++ {
		prompt := model.EncodePrompt([]byte(openings[i%len(openings)]))
		output, _, _ := generate(t, e, prompt, posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1e6, TopPMicro: 1e6, Seed: posp.Hash{byte(i), byte(i >> 8)}, MaxTokens: 192})
		if len(output) <= 96 {
			continue // the model had said all
		}
		texts = append(texts, text{append(prompt, output[:96]...), output[96:]})
		positions -= len(output) - 96
	}
	return texts
}

// Rationale: the noise that policies are made of. Means were first measured elsewhere (the project's notes on engines:
// binary32 9e-7, f16 6e-4, bf16 7e-3 against binary64 and 4e-3 between two orders of addition); ours must be of
// that order, and the two paths must differ, or a policy made of them would accuse honest machines.
func TestNoiseOfModes(t *testing.T) {
	w := mainModel(t)
	texts := written(t, w, 190)
	sc := NewScorer(w)
	exact := scores(sc, Options{Workers: 1})(t, texts) // within 1e-6 of binary64, as the tests against the oracle see
	for _, c := range []struct {
		name        string
		exact, pair [2]float64 // from, to: means against binary32, and of Engine against Scorer
	}{
		{"f32", [2]float64{0, 3e-6}, [2]float64{1e-7, 3e-6}},
		{"f16", [2]float64{2e-4, 2e-3}, [2]float64{2e-4, 2e-3}},
		{"bf16", [2]float64{2e-3, 2e-2}, [2]float64{1e-3, 1e-2}},
		{"bf16+flash64", [2]float64{2e-3, 2e-2}, [2]float64{1e-3, 1e-2}},
		{"bf16+tp4", [2]float64{2e-3, 2e-2}, [2]float64{1e-3, 1e-2}},
		{"bf16+logits", [2]float64{3e-3, 2e-2}, [2]float64{2e-3, 2e-2}},
		{"f32+kv-f16", [2]float64{5e-5, 1e-3}, [2]float64{1e-6, 2e-4}},
		{"bf16+kv-fp8", [2]float64{1e-2, 1e-1}, [2]float64{2e-3, 2e-2}},
		{"bf16+kv-fp8_per_token_head", [2]float64{1e-2, 1e-1}, [2]float64{2e-3, 2e-2}},
	} {
		o := Options{Mode: mode(t, c.name), Workers: 1}
		scored, decoded := scores(sc, o)(t, texts), decodes(w, o)(t, texts)
		onPortable := sc.With(o)
		onPortable.k = portable
		check := func(what string, n noise, band [2]float64) {
			if n.mean < band[0] || n.mean > band[1] {
				t.Errorf("%s: %s differ by %+v, want a mean from %g to %g", c.name, what, n, band[0], band[1])
			}
		}
		if c.name != "f32" { // which is what it is compared to
			check("scorer and binary32", between(scored, exact), c.exact)
		}
		check("engine and binary32", between(decoded, exact), c.exact)
		check("engine and scorer", between(decoded, scored), c.pair)
		portably := between(scores(onPortable, o)(t, texts[:1]), scores(sc, o)(t, texts[:1]))
		if o.Mode.Activations != F32 {
			// The products of two numbers of up to 12 significant bits, as this model's weights and 16-bit activations are,
			// are exact, and the scorer's two forms of a kernel then add the same in one order.
			check("portable kernels and AVX2's", portably, [2]float64{})
		} else {
			check("portable kernels and AVX2's", portably, [2]float64{1e-8, c.pair[1]})
		}
	}
}

// BenchmarkNoise measures the honest pairs that a policy has to cover, and cheats in the same precision class beside
// them, on the shipped model and on a random one (from package model) of 15 million parameters:
//
//	go test ./inference/float -run - -bench Noise -benchtime 1x
//
// POSP_NOISE_POSITIONS sets how many positions the demo model reads (2,000); the random one reads an eighth of it.
func BenchmarkNoise(b *testing.B) {
	positions := 2000
	if v := os.Getenv("POSP_NOISE_POSITIONS"); v != "" {
		var err error
		if positions, err = strconv.Atoi(v); err != nil || positions < 100 {
			b.Fatalf("POSP_NOISE_POSITIONS is %q, want a number from 100", v)
		}
	}
	b.Run("demo", func(b *testing.B) { measure(b, mainModel(b), positions) })
	b.Run("random15M", func(b *testing.B) {
		w, err := model.Random(model.Random15M, 1)
		if err != nil {
			b.Fatal(err)
		}
		measure(b, w, positions/8)
	})
}

func measure(b *testing.B, w *model.Weights, positions int) {
	texts := written(b, w, positions)
	scorer, int8, int4 := NewScorer(w), model.RoundInt8(w), model.RoundInt4(w)
	readings := map[string]reading{}
	// read finds out what "PARTY MODE" says of the texts.
	read := func(name string) reading {
		if r, ok := readings[name]; ok {
			return r
		}
		who, in, _ := strings.Cut(name, " ")
		o := Options{Mode: mode(b, in)}
		p, ok := map[string]party{
			"scorer": scores(scorer, o),
			"engine": decodes(w, o),
			"step":   decodes(w, Options{Mode: o.Mode, ChunkRows: 1}), // prefill by decoding
			"int8":   decodes(int8, o),
			"int4":   decodes(int4, o),
		}[who]
		if !ok {
			b.Fatalf("no party %s", who)
		}
		readings[name] = p(b, texts)
		return readings[name]
	}
	for _, p := range [][2]string{
		{"engine f32", "scorer f32"},
		{"engine f32", "step f32"},
		{"engine f32", "scorer f32+flash64+splitk4"},
		{"engine f32+kv-f16", "scorer f32+kv-f16"},
		{"engine f32+kv-f16", "scorer f32"},
		{"engine f32+kv-fp8", "scorer f32+kv-fp8"},
		{"int8 f32", "scorer f32"},
		{"int4 f32", "scorer f32"},

		{"engine f16", "scorer f32"},
		{"engine f16", "scorer f16"},
		{"engine f16+flash64", "scorer f16+flash128+splitk4"},
		{"int8 f16", "scorer f16"},
		{"int4 f16", "scorer f16"},

		{"engine bf16", "scorer f32"},
		{"engine bf16", "scorer bf16"},
		{"engine bf16", "step bf16"},
		{"engine bf16", "scorer bf16+splitk4"},
		{"engine bf16+splitk2", "engine bf16+splitk8"},
		{"engine bf16+flash64", "scorer bf16+flash64"},
		{"engine bf16+flash64", "scorer bf16+flash128+splitk4"},
		{"engine bf16+flash64", "scorer bf16"},
		{"int8 bf16", "scorer bf16"},
		{"int8 bf16+flash64", "scorer bf16+flash128+splitk4"},
		{"int4 bf16", "scorer bf16"},

		{"engine bf16+logits", "scorer bf16+logits"},
		{"int8 bf16+logits", "scorer bf16+logits"},
		{"int4 bf16+logits", "scorer bf16+logits"},

		{"engine bf16+tp2", "scorer bf16+tp2"},
		{"engine bf16+tp8", "scorer bf16+tp8"},
		{"engine bf16+tp8", "scorer bf16+tp2"},
		{"engine bf16+tp8", "scorer bf16"},
		{"int8 bf16+tp8", "scorer bf16+tp8"},
		{"int4 bf16+tp8", "scorer bf16+tp8"},

		{"engine bf16+kv-fp8", "scorer bf16+kv-fp8"},
		{"engine bf16+kv-fp8", "scorer bf16"},
		{"engine bf16+kv-fp8_per_token_head", "scorer bf16+kv-fp8_per_token_head"},
		{"int8 bf16+kv-fp8", "scorer bf16+kv-fp8"},
		{"int4 bf16+kv-fp8", "scorer bf16+kv-fp8"},
	} {
		b.Run(strings.ReplaceAll(p[0]+"~"+p[1], " ", ":"), func(b *testing.B) {
			var n noise
			for b.Loop() {
				n = between(read(p[0]), read(p[1]))
			}
			b.ReportMetric(n.mean, "mean")
			b.ReportMetric(n.p99, "p99")
			b.ReportMetric(n.max, "max")
			b.ReportMetric(100*n.flips, "%flips")
			b.ReportMetric(0, "ns/op")
		})
	}
}
