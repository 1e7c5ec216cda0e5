package model

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func write(t testing.TB, path string, b []byte) string {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// bare is a safetensors file of those of w's tensors, without a configuration.
func bare(t testing.TB, w *Weights, keep func(name string) bool) []byte {
	return encode(t, w, "F32", func(h header, data []byte) []byte {
		delete(h, "__metadata__")
		var kept []byte
		for _, x := range w.Tensors() { // in the order of the data
			if !keep(x.Name) {
				delete(h, x.Name)
				continue
			}
			at := h.entry(x.Name)["data_offsets"].([]int)
			h.entry(x.Name)["data_offsets"] = []int{len(kept), len(kept) + at[1] - at[0]}
			kept = append(kept, data[at[0]:at[1]]...)
		}
		return kept
	})
}

func all(string) bool       { return true }
func none(string) bool      { return false }
func even(name string) bool { return len(name)%2 == 0 }
func odd(name string) bool  { return !even(name) }

// sharded writes w as a directory of two shards and returns its path and its index, to be spoilt.
func sharded(t testing.TB, w *Weights) (dir string, index map[string]string, save func()) {
	t.Helper()
	dir = t.TempDir()
	config, err := json.Marshal(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "config.json"), config)
	write(t, filepath.Join(dir, "model-00001-of-00002.safetensors"), bare(t, w, odd))
	write(t, filepath.Join(dir, "model-00002-of-00002.safetensors"), bare(t, w, even))
	index = map[string]string{}
	for _, x := range w.Tensors() {
		index[x.Name] = "model-00001-of-00002.safetensors"
		if even(x.Name) {
			index[x.Name] = "model-00002-of-00002.safetensors"
		}
	}
	save = func() {
		text, err := json.Marshal(map[string]any{"metadata": map[string]any{"total_size": 1}, "weight_map": index})
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "model.safetensors.index.json"), text)
	}
	save()
	return dir, index, save
}

func TestOpenFindsAModelInEveryLayout(t *testing.T) {
	c := tiny
	c.ModelType = Qwen3
	w, err := Random(c, 8)
	if err != nil {
		t.Fatal(err)
	}
	config, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	shards, _, _ := sharded(t, w)
	beside := t.TempDir()
	write(t, filepath.Join(beside, "config.json"), config)
	for name, path := range map[string]string{
		"GGUF":                    write(t, filepath.Join(dir, "a.gguf"), gguf(t, w, GGUFOptions{})),
		"safetensors":             write(t, filepath.Join(dir, "a.safetensors"), encode(t, w, "F32", nil)),
		"configuration beside it": write(t, filepath.Join(beside, "model.safetensors"), bare(t, w, all)),
		"directory with one file": beside,
		"directory with an index": shards,
	} {
		f, err := Open(path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got, err := f.Weights()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.Root() != w.Root() {
			t.Errorf("%s: root %s, want %s", name, got.Root(), w.Root())
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: close: %v", name, err)
		}
		if err := f.ReadRows(f.Tensors()[0], 0, make([]float32, 8)); err == nil {
			t.Errorf("%s: a closed file is read", name)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	w := random(t, tiny, 8)
	dir := t.TempDir()
	refused := func(name, path, want string) {
		t.Helper()
		f, err := Open(path)
		if err == nil {
			_ = f.Close()
			t.Errorf("%s: accepted", name)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: error %q does not say %q and %q", name, err, want, path)
		}
	}
	refused("nothing", filepath.Join(dir, "none"), "no such file")
	refused("an empty directory", dir, "config.json")
	refused("no configuration anywhere", write(t, filepath.Join(dir, "model.safetensors"), bare(t, w, all)), "config.json")
	refused("no model", write(t, filepath.Join(dir, "text"), []byte("hello, this is no model")), "does not fit")
	config, err := json.Marshal(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "config.json"), config)
	write(t, filepath.Join(dir, "model.safetensors"), bare(t, w, none))
	refused("no tensors", dir, "file has 0")

	for name, spoil := range map[string]struct {
		edit func(dir string, index map[string]string)
		want string
	}{
		"a shard that is not there": {func(dir string, index map[string]string) {
			if err := os.Remove(filepath.Join(dir, "model-00002-of-00002.safetensors")); err != nil {
				t.Fatal(err)
			}
		}, "no such file"},
		"a file elsewhere": {func(dir string, index map[string]string) { index["lm_head.weight"] = "../secret" }, "in the same directory"},
		"a tensor in the wrong shard": {func(dir string, index map[string]string) {
			index["model.norm.weight"] = "model-00002-of-00002.safetensors"
		}, "model.norm.weight"},
		"a tensor that the index leaves out": {func(dir string, index map[string]string) { delete(index, "model.norm.weight") }, "model.norm.weight"},
		"a tensor that no shard has":         {func(dir string, index map[string]string) { index["x"] = "model-00001-of-00002.safetensors" }, `"x"`},
	} {
		shards, index, save := sharded(t, w)
		spoil.edit(shards, index)
		save()
		refused(name, shards, spoil.want)
	}
	shards, _, _ := sharded(t, w)
	write(t, filepath.Join(shards, "model.safetensors.index.json"), []byte("["))
	refused("an index that is no JSON", shards, "parse model.safetensors.index.json")
}

// Rationale: what is larger than memory is read in pieces, which must be the pieces of the whole.
func TestRowsReadAloneAreTheRowsOfTheWhole(t *testing.T) {
	c := tiny
	c.HiddenSize, c.Heads = 32, 4
	w := random(t, c, 10)
	dir := t.TempDir()
	var files []*File
	for name, b := range map[string][]byte{"a.gguf": gguf(t, w, GGUFOptions{}), "a.safetensors": encode(t, w, "F32", nil)} {
		f, err := Open(write(t, filepath.Join(dir, name), b))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = f.Close() })
		files = append(files, f)
	}
	whole := w.Tensors()
	rapid.Check(t, func(r *rapid.T) {
		f := rapid.SampledFrom(files).Draw(r, "file")
		i := rapid.IntRange(0, len(whole)-1).Draw(r, "tensor")
		x := f.Tensors()[i]
		from := rapid.IntRange(0, x.Rows-1).Draw(r, "from")
		n := rapid.IntRange(0, x.Rows-from).Draw(r, "rows")
		got := make([]float32, n*x.Cols)
		if err := f.ReadRows(x, from, got); err != nil {
			r.Fatal(err)
		}
		if !slices.Equal(got, whole[i].Data[from*x.Cols:(from+n)*x.Cols]) {
			r.Fatalf("rows %d to %d of %s are others", from, from+n, x.Name)
		}
	})
	for _, f := range files {
		x := f.Tensors()[0]
		for name, bad := range map[string]error{
			"beyond the last":  f.ReadRows(x, x.Rows-1, make([]float32, 2*x.Cols)),
			"before the first": f.ReadRows(x, -1, make([]float32, x.Cols)),
			"half a row":       f.ReadRows(x, 0, make([]float32, x.Cols/2)),
			"no tensor":        f.ReadRows(Tensor{Name: "x", Rows: 1, Cols: 1}, 0, make([]float32, 1)),
		} {
			if bad == nil {
				t.Errorf("%s: accepted", name)
			}
		}
	}
}

// Rationale: with a mapping this would be a signal.
func TestAFileThatIsCutWhileReadIsAnError(t *testing.T) {
	path := write(t, filepath.Join(t.TempDir(), "a.gguf"), gguf(t, random(t, tiny, 11), GGUFOptions{}))
	f, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := os.Truncate(path, 6000); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Weights(); err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("error is %v, want the end of the file", err)
	}
}

func TestParseConfig(t *testing.T) {
	const llama = `"model_type":"llama","hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":96,"vocab_size":1000,` +
		`"max_position_embeddings":512,"rms_norm_eps":1e-6,"bos_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16","tie_word_embeddings":false`
	qwen := strings.Replace(llama, `"llama"`, `"qwen2"`, 1)
	base := Config{
		ModelType: Llama, HiddenSize: 64, Layers: 2, Heads: 4, KVHeads: 4, IntermediateSize: 96, VocabSize: 1000, ContextLength: 512,
		RMSNormEps: 1e-6, RopeTheta: 10000, BOS: 1, EOS: 2,
	}
	with := func(edit func(c *Config)) Config { c := base; edit(&c); return c }
	for text, want := range map[string]Config{
		llama:                              base,
		llama + `,"rope_theta":5e5`:        with(func(c *Config) { c.RopeTheta = 5e5 }),
		llama + `,"num_key_value_heads":2`: with(func(c *Config) { c.KVHeads = 2 }),
		llama + `,"head_dim":16`:           base,
		llama + `,"head_dim":null`:         base,
		llama + `,"head_dim":32`:           with(func(c *Config) { c.HeadWidth = 32 }),
		llama + `,"rope_scaling":null,"quantization_config":null,"hidden_act":"silu","attention_bias":false`: base,
		llama + `,"rope_parameters":{"rope_theta":1000000.0,"rope_type":"default"}`:                          with(func(c *Config) { c.RopeTheta = 1e6 }),
		qwen + `,"use_sliding_window":false,"sliding_window":4096`:                                           with(func(c *Config) { c.ModelType = Qwen2 }),
	} {
		if got, err := parseConfig([]byte("{" + text + "}")); err != nil || got != want {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		llama + `,"rope_scaling":{"rope_type":"llama3","factor":8.0}`:  `"llama3"`,
		llama + `,"rope_scaling":{"type":"linear","factor":2.0}`:       `"linear"`,
		llama + `,"attention_bias":true`:                               "attention_bias",
		llama + `,"mlp_bias":true`:                                     "mlp_bias",
		llama + `,"hidden_act":"gelu"`:                                 "gelu",
		llama + `,"partial_rotary_factor":0.5`:                         "partial_rotary_factor",
		llama + `,"quantization_config":{"bits":4}`:                    "quantised",
		llama + `,"eos_token_id":[2,3]`:                                "[2,3]",
		llama + `,"eos_token_id":null`:                                 "eos_token_id",
		llama + `,"bos_token_id":null`:                                 "bos_token_id",
		llama + `,"head_dim":15`:                                       "head_dim",
		llama + `,"head_dim":-2`:                                       "head_dim",
		qwen + `,"use_sliding_window":true`:                            "use_sliding_window",
		qwen + `,"layer_types":["full_attention","sliding_attention"]`: "sliding_attention",
		`"model_type":"mixtral"`:                                       "bos_token_id",
	} {
		if c, err := parseConfig([]byte("{" + text + "}")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\ngot %+v, error %v, want one that says %s", text, c, err, want)
		}
	}
}

// Rationale: float computes Llama as the first papers have it, and no more; what it must refuse is decided here.
func TestPlain(t *testing.T) {
	for kind, want := range map[string]bool{Llama: true, Qwen2: false, Qwen3: false} {
		c := tiny
		c.ModelType = kind
		if c.Plain() != want {
			t.Errorf("%s is plain: %v", kind, c.Plain())
		}
	}
	wide := tiny
	wide.HeadWidth = 6
	if wide.Plain() {
		t.Error("heads wider than the model are plain")
	}
	same := tiny
	same.HeadWidth = same.HiddenSize / same.Heads
	if !same.Plain() || string(same.canonical()) != string(tiny.canonical()) {
		t.Error("a head width that follows from the rest makes another model")
	}
}

// Rationale: published roots are of models without the fields that came later.
func TestTheRootOfTheShippedModelsStays(t *testing.T) {
	main, err := Main()
	if err != nil {
		t.Fatal(err)
	}
	small, err := Small()
	if err != nil {
		t.Fatal(err)
	}
	for want, w := range map[string]*Weights{
		"0x24f14b8381006bf7c94e40f8e4338dad679679b9f934b7aa86988d235866cfaa": main,
		"0x7eac54b4c44bd36692e8370f5a333339a82222c8df9cda4877459da0c1b5d4e2": small,
	} {
		if got := w.Root().Hex(); got != want {
			t.Errorf("root %s, want %s", got, want)
		}
	}
}

func TestHalfPrecision(t *testing.T) {
	for h := range 1 << 16 { // every half comes back
		bits := widenF16(uint16(h))
		if bits&0x7fffffff > 0x7f800000 {
			continue // NaN
		}
		if got := narrowF16(bits); got != uint16(h) {
			t.Fatalf("half %#04x becomes %#04x", h, got)
		}
	}
	for _, c := range []struct {
		f       Format
		x, want float32
	}{ // ties, which go to the even neighbour
		{F16, 1 + 0x1p-11, 1}, {F16, 1 + 3*0x1p-11, 1 + 0x1p-9}, {F16, -0x1p-25, 0}, {F16, 3 * 0x1p-25, 0x1p-23}, {F16, 65519, 65504},
		{BF16, 1 + 0x1p-8, 1}, {BF16, 1 + 3*0x1p-8, 1 + 0x1p-6}, {BF16, -1 - 3*0x1p-8, -1 - 0x1p-6},
	} {
		b, err := c.f.narrow(nil, []float32{c.x})
		if err != nil {
			t.Fatal(err)
		}
		got := []float32{0}
		if err := c.f.widen(got, b); err != nil || got[0] != c.want {
			t.Errorf("%s: %g becomes %g (%v), want %g", c.f, c.x, got[0], err, c.want)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		x := rapid.Float32().Draw(r, "x")
		if rapid.Bool().Draw(r, "of a weight's size") {
			x = float32(math.Ldexp(float64(rapid.Int32().Draw(r, "significand")), -rapid.IntRange(30, 60).Draw(r, "scale")))
		}
		for _, f := range []Format{F16, BF16} {
			b, err := f.narrow(nil, []float32{x})
			if err != nil {
				if limit := map[Format]float64{F16: 65520, BF16: math.Ldexp(511.0/256, 127)}[f]; math.Abs(float64(x)) < limit {
					r.Fatalf("%s: %g is refused: %v", f, x, err)
				}
				continue
			}
			var got [3]float32 // one below, the one chosen, one above
			bits := uint16(b[0]) | uint16(b[1])<<8
			for i := range got {
				n := bits + uint16(i) - 1
				if err := f.widen(got[i:i+1], []byte{byte(n), byte(n >> 8)}); err != nil || bits&0x7fff == 0 {
					got[i] = float32(math.NaN()) // no neighbour: an infinity, or zero's across the sign
				}
			}
			if bits&0x7fff == 0 {
				got[1] = 0
				if math.Abs(float64(x)) > math.Ldexp(1, map[Format]int{F16: -25, BF16: -134}[f]) {
					r.Fatalf("%s: %g becomes 0", f, x)
				}
			}
			here := math.Abs(float64(got[1]) - float64(x))
			for _, y := range []float32{got[0], got[2]} {
				if there := math.Abs(float64(y) - float64(x)); there < here || there == here && bits&1 != 0 {
					r.Fatalf("%s: %g becomes %g, and not %g", f, x, got[1], y)
				}
			}
		}
	})
}
