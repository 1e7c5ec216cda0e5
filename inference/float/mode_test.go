package float

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp/inference/model"
)

func drawMode(r *rapid.T) Mode {
	m := Mode{
		Activations:    rapid.SampledFrom([]Format{F32, BF16, F16}).Draw(r, "activations"),
		KVCache:        rapid.SampledFrom([]Format{F32, BF16, F16, FP8, FP8PerTokenHead}).Draw(r, "kv"),
		TensorParallel: rapid.SampledFrom([]int{0, 2, 4, 8}).Draw(r, "tp"),
		FlashBlock:     16 * rapid.IntRange(0, 64).Draw(r, "flash"),
		SplitK:         rapid.SampledFrom([]int{0, 2, 3, 7, 64}).Draw(r, "splitk"),
	}
	if rapid.Bool().Draw(r, "logits") {
		m.Logits = m.Activations
	}
	if m.KVCache == m.Activations {
		m.KVCache = F32
	}
	return m
}

// modes are one of each kind, and all together.
var modes = []string{
	"f32", "f16", "bf16", "f16+logits", "bf16+logits", "f32+kv-bf16", "f32+kv-f16", "f32+kv-fp8", "f32+kv-fp8_per_token_head",
	"bf16+kv-f16", "bf16+kv-fp8", "f16+kv-bf16", "f16+kv-fp8_per_token_head", "bf16+tp2", "bf16+tp4", "f16+tp8", "f32+tp4", "f32+flash16", "bf16+flash16", "f32+splitk3",
	"bf16+splitk2", "f16+splitk64", "bf16+logits+kv-fp8+tp4+flash32+splitk2",
}

// Rationale: a place that rounds and should not, or the other way round, or to another format, changes nearly every
// logit of a small model; another order of addition, in a model so small, hardly any: a sum has to lie within
// its last binary32 bits of the middle between two numbers of the format. When one does, and it is a key, all later
// positions see it: hence three texts, of which one must agree.
func TestModesRoundWhereTheySay(t *testing.T) {
	for shape, w := range map[string]*model.Weights{
		"even": random(t, config(32, 1, 4, 2, 40, 48)),
		"odd":  random(t, config(12, 2, 2, 1, 21, 48)), // on the engine's portable kernels
	} {
		for _, name := range modes {
			m := mode(t, name)
			least := map[string]int{}
			for seed := range uint64(3) {
				text := tokens(40, seed)
				want := oracleIn(w, text, m)
				count := func(who string, logits func(i int) []float32) {
					off := 0
					for i := range text {
						if distance(logits(i), want[i]) > 2e-5 {
							off++
						}
					}
					if n, ok := least[who]; !ok || off < n {
						least[who] = off
					}
				}
				for form, k := range map[string]kernels{"portable": portable, "best": kernelsFor(w.Config)} {
					e, s := New(w, Options{Mode: m, Workers: 1}), NewScorer(w).With(Options{Mode: m, Workers: 1})
					e.k, s.k = k, best
					if form == "portable" {
						s.k = portable
					}
					session := e.Session()
					count(form+" engine", func(i int) []float32 {
						logits, err := session.Extend(t.Context(), text[i:i+1])
						if err != nil {
							t.Fatal(err)
						}
						return logits
					})
					var scored [][]float32
					if err := s.Logits(t.Context(), text[:1], append(text[1:], 0), func(_ int, logits []float32) error {
						scored = append(scored, slices.Clone(logits))
						return nil
					}); err != nil {
						t.Fatal(err)
					}
					count(form+" scorer", func(i int) []float32 { return scored[i] })
				}
			}
			for who, off := range least {
				if off > 5 {
					t.Errorf("%s in %s, %s widths: logits differ at %d of 40 positions", who, name, shape, off)
				}
			}
		}
	}
}

// Rationale: evidence must not depend on how many processors an operator has, nor on what was computed before.
func TestModesAreDeterministic(t *testing.T) {
	w := random(t, config(48, 2, 2, 1, 40, 320))
	packed := NewScorer(w)
	prompt, output := tokens(60, 1), tokens(90, 2)
	for _, name := range modes {
		m := mode(t, name)
		hash := func(s *Scorer) string {
			h := sha256.New()
			if err := s.Logits(t.Context(), prompt, output, func(i int, logits []float32) error {
				return binary.Write(h, binary.LittleEndian, logits)
			}); err != nil {
				t.Fatal(err)
			}
			return hex.EncodeToString(h.Sum(nil)[:8])
		}
		one := packed.With(Options{Mode: m, Workers: 1})
		want := hash(one)
		if _, err := one.Score(t.Context(), tokens(200, 3), samplings["greedy"], tokens(100, 4)); err != nil {
			t.Fatal(err)
		}
		for _, s := range []*Scorer{one, packed.With(Options{Mode: m, Workers: 2}), packed.With(Options{Mode: m, Workers: 5}), packed.With(Options{Mode: m})} {
			if got := hash(s); got != want {
				t.Errorf("%s: %d workers score %s, one %s", name, s.workers, got, want)
			}
		}
		if m != (Mode{}) && hash(packed) == want {
			t.Errorf("%s: the scorer computes as in f32", name)
		}

		text := append(slices.Clone(prompt), output...)
		for _, rows := range []int{0, 1, 7} {
			run := func(e *Engine) (logits []float32) {
				s := e.Session()
				defer s.Release()
				logits, err := s.Extend(t.Context(), text)
				if err != nil {
					t.Fatal(err)
				}
				return slices.Clone(logits)
			}
			e := New(w, Options{Mode: m, Workers: 2, ChunkRows: rows})
			first := run(e)
			if again, other := run(e), run(New(w, Options{Mode: m, Workers: 2, ChunkRows: rows})); !slices.Equal(first, again) || !slices.Equal(first, other) {
				t.Errorf("%s, chunks of %d: the engine gives other logits the second time", name, rows)
			}
		}
	}
}

// Rationale: ChunkRows is there to make the noise of chunked prefill; rows that all took one path would make none.
func TestChunksOfRowsChangeTheLastBits(t *testing.T) {
	w := mainModel(t)
	last := func(rows int) []float32 {
		s := New(w, Options{Workers: 1, ChunkRows: rows}).Session()
		logits, err := s.Extend(t.Context(), tokens(100, 1))
		if err != nil {
			t.Fatal(err)
		}
		return logits
	}
	if slices.Equal(last(0), last(1)) {
		t.Error("a prompt in one piece and token after token give the same logits")
	}
}

func TestOptionsAreChecked(t *testing.T) {
	w := random(t, config(16, 1, 2, 1, 16, 32))
	for name, f := range map[string]func(Options){"engine": func(o Options) { New(w, o) }, "scorer": func(o Options) { NewScorer(w).With(o) }} {
		func() {
			defer func() {
				if r := recover(); r == nil {
					t.Errorf("%s: takes a mode that Check refuses", name)
				}
			}()
			f(Options{Mode: Mode{SplitK: 1}})
		}()
	}
}

// Rationale: specs and policies meet by these names: two names of one mode, or one of two, would leave a provider
// without a policy or under another's.
func TestModesHaveOneName(t *testing.T) {
	names := map[string]Mode{}
	rapid.Check(t, func(r *rapid.T) {
		m := drawMode(r)
		if err := m.Check(); err != nil {
			r.Fatal(err)
		}
		back, err := ParseMode(m.String())
		if err != nil || back != m {
			r.Fatalf("%s is read as %+v, %v", m, back, err)
		}
		if other, ok := names[m.String()]; ok && other != m {
			r.Fatalf("%+v and %+v are both named %s", m, other, m)
		}
		names[m.String()] = m
		class, err := ParseMode(m.Class())
		if err != nil || class.FlashBlock != 0 || class.SplitK != 0 {
			r.Fatalf("class %s is read as %+v, %v", m.Class(), class, err)
		}
		class.FlashBlock, class.SplitK = m.FlashBlock, m.SplitK
		if class != m {
			r.Fatalf("class of %+v is %s", m, m.Class())
		}
	})
	for name, m := range map[string]Mode{
		"posp-float/f32":  {},
		"posp-float/bf16": {Activations: BF16},
		"posp-float/f16+logits+kv-fp8_per_token_head+tp8+flash64+splitk2": {Activations: F16, Logits: F16, KVCache: FP8PerTokenHead, TensorParallel: 8, FlashBlock: 64, SplitK: 2},
	} {
		if m.String() != name {
			t.Errorf("%+v is named %s, want %s", m, m, name)
		}
	}
}

func TestParseModeRefuses(t *testing.T) {
	for name, want := range map[string]string{
		"":                                       "begins with posp-float/",
		"vllm/h100":                              "begins with posp-float/",
		"posp-float/":                            `format ""`,
		"posp-float/bf16+":                       "spelled posp-float/bf16",
		"posp-float/int8":                        `format "int8"`,
		"posp-float/fp8":                         "activations are fp8",
		"posp-float/f32+logits":                  "spelled posp-float/f32",
		"posp-float/bf16+kv-bf16":                "leave it out",
		"posp-float/bf16+kv-f32":                 "spelled posp-float/bf16",
		"posp-float/bf16+tp4+kv-fp8":             "spelled posp-float/bf16+kv-fp8+tp4",
		"posp-float/bf16+tp3":                    "tensor parallel is 3",
		"posp-float/bf16+tp":                     "want a number after tp",
		"posp-float/bf16+tp99999999999999999999": "want a number after tp",
		"posp-float/bf16+flash24":                "flash attention block is 24",
		"posp-float/bf16+flash2048":              "flash attention block is 2048",
		"posp-float/bf16+splitk1":                "split-k is 1",
		"posp-float/bf16+splitk65":               "split-k is 65",
		"posp-float/bf16+tp04":                   "spelled posp-float/bf16+tp4",
		"posp-float/bf16+eager":                  `option "eager"`,
		"posp-float/bf16+4":                      `option "4"`,
	} {
		if m, err := ParseMode(name); err == nil || !strings.Contains(err.Error(), want) || m != (Mode{}) {
			t.Errorf("%q: mode %+v and error %v, want one that says %s", name, m, err, want)
		}
	}
}

func FuzzParseMode(f *testing.F) {
	f.Add("posp-float/f32")
	f.Add("posp-float/bf16+logits+kv-fp8+tp4+flash64+splitk2")
	f.Fuzz(func(t *testing.T, name string) {
		if m, err := ParseMode(name); err == nil && (m.String() != name || m.Check() != nil) {
			t.Errorf("%q is read as %+v", name, m)
		}
	})
}
