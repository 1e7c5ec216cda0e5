package float

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
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
