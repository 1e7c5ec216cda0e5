package model

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"
)

var tiny = Config{
	ModelType: "llama", HiddenSize: 8, Layers: 2, Heads: 2, KVHeads: 1, IntermediateSize: 12, VocabSize: 258,
	ContextLength: 16, RMSNormEps: 1e-5, RopeTheta: 1e4, BOS: BOS, EOS: EOS, TieEmbeddings: true,
}

func random(t testing.TB, c Config, seed uint64) *Weights {
	t.Helper()
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, x := range w.Tensors() {
		for i := range x.Data {
			x.Data[i] = float32(rng.NormFloat64())
		}
	}
	return w
}

// header is a safetensors header under construction; the tests break it in every way.
type header map[string]any

func (h header) entry(name string) map[string]any { return h[name].(map[string]any) }

// encode writes w as a safetensors file after edit had its way with header and data.
func encode(t testing.TB, w *Weights, dtype string, edit func(header, []byte) []byte) []byte {
	t.Helper()
	config, err := json.Marshal(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	h := header{"__metadata__": map[string]any{"config": string(config), "note": "kept"}}
	var data []byte
	for _, x := range w.Tensors() {
		begin := len(data)
		for _, v := range x.Data {
			switch dtype {
			case "BF16":
				data = binary.LittleEndian.AppendUint16(data, uint16(math.Float32bits(v)>>16))
			case "F16":
				data = binary.LittleEndian.AppendUint16(data, uint16(int(v*1024)&0x3ff|0x3c00))
			default:
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
			}
		}
		shape := []int{x.Rows, x.Cols}
		if x.Vector {
			shape = shape[1:]
		}
		h[x.Name] = map[string]any{"dtype": dtype, "shape": shape, "data_offsets": []int{begin, len(data)}}
	}
	if edit != nil {
		data = edit(h, data)
	}
	text, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	return file(text, data)
}

func file(header, data []byte) []byte {
	return slices.Concat(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header, data)
}

func TestLoadKeepsEveryWeight(t *testing.T) {
	for _, tied := range []bool{true, false} {
		c := tiny
		c.TieEmbeddings = tied
		w := random(t, c, 1)
		got, err := Load(encode(t, w, "F32", nil))
		if err != nil {
			t.Fatal(err)
		}
		if got.Config != c {
			t.Errorf("configuration %+v, want %+v", got.Config, c)
		}
		if got.Metadata["note"] != "kept" || len(got.Metadata) != 1 {
			t.Errorf("metadata %v, want the note alone", got.Metadata)
		}
		want := w.Tensors()
		for i, x := range got.Tensors() {
			if !slices.Equal(x.Data, want[i].Data) {
				t.Errorf("tied %v: tensor %s differs", tied, x.Name)
			}
		}
		if (&got.Head[0] == &got.Embedding[0]) != tied {
			t.Errorf("tied %v: output projection shares memory: %v", tied, !tied)
		}
	}
}

func TestLoadWidensExactly(t *testing.T) {
	w := random(t, tiny, 2)
	for _, x := range w.Tensors() {
		for i, v := range x.Data {
			x.Data[i] = math.Float32frombits(math.Float32bits(v) &^ 0xffff)
		}
	}
	got, err := Load(encode(t, w, "BF16", nil))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Layers[1].Down, w.Layers[1].Down) {
		t.Error("BF16 values change when they are widened")
	}
	if got.Root() != w.Root() {
		t.Error("the root depends on how the weights were stored")
	}
	if _, err := Load(encode(t, w, "F16", nil)); err != nil {
		t.Errorf("F16: %v", err)
	}
	for _, c := range []struct {
		half uint16
		want float32
	}{
		{0, 0}, {0x3c00, 1}, {0xc000, -2}, {0x7bff, 65504}, {0x0001, 0x1p-24}, {0x03ff, 1023 * 0x1p-24},
		{0x0400, 0x1p-14}, {0x3555, 0.333251953125}, {0x8001, -0x1p-24},
	} {
		if got := math.Float32frombits(widenF16(c.half)); got != c.want {
			t.Errorf("half %#04x is %g, want %g", c.half, got, c.want)
		}
	}
}

func TestLoadRefusesMalformedFiles(t *testing.T) {
	w := random(t, tiny, 3)
	good := encode(t, w, "F32", nil)
	const q = "model.layers.0.self_attn.q_proj.weight"
	change := func(edit func(header, []byte) []byte) []byte { return encode(t, w, "F32", edit) }
	config := func(from, to string) []byte {
		return change(func(h header, d []byte) []byte {
			m := h.entry("__metadata__")
			if !strings.Contains(m["config"].(string), from) {
				t.Fatalf("configuration has no %s", from)
			}
			m["config"] = strings.Replace(m["config"].(string), from, to, 1)
			return d
		})
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":                  {nil, "too few"},
		"seven bytes":            {good[:7], "too few"},
		"header beyond the file": {good[:100], "does not fit"},
		"huge header":            {append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, good[8:]...), "does not fit"},
		"not JSON":               {file([]byte("hello"), nil), "not a JSON object"},
		"list":                   {file([]byte("[1]"), nil), "not a JSON object"},
		"cut JSON":               {file([]byte(`{"a":`), nil), "read description"},
		"after the object":       {file([]byte(`{}{}`), nil), "goes on"},
		"name twice":             {file([]byte(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{}}`), nil), "twice"},
		"cut data":               {good[:len(good)-1], "outside"},
		"extra data":             {append(slices.Clone(good), 0), "belong to no tensor"},
		"unknown dtype":          {change(func(h header, d []byte) []byte { h.entry(q)["dtype"] = "I64"; return d }), "dtype"},
		"negative offset":        {change(func(h header, d []byte) []byte { h.entry(q)["data_offsets"] = []int{-4, 252}; return d }), "outside"},
		"reversed offsets":       {change(func(h header, d []byte) []byte { h.entry(q)["data_offsets"] = []int{8, 4}; return d }), "outside"},
		"one offset":             {change(func(h header, d []byte) []byte { h.entry(q)["data_offsets"] = []int{8}; return d }), "outside"},
		"overlap":                {change(func(h header, d []byte) []byte { h.entry(q)["data_offsets"] = []int{0, 256}; return d }), "gap or an overlap"},
		"shape overflows":        {change(func(h header, d []byte) []byte { h.entry(q)["shape"] = []int64{1 << 62, 8}; return d }), "does not take"},
		"shape negative":         {change(func(h header, d []byte) []byte { h.entry(q)["shape"] = []int{-8, -8}; return d }), "does not take"},
		"shape too small":        {change(func(h header, d []byte) []byte { h.entry(q)["shape"] = []int{8, 7}; return d }), "does not take"},
		"shape of same size":     {change(func(h header, d []byte) []byte { h.entry(q)["shape"] = []int{4, 16}; return d }), "has shape"},
		"tensor renamed":         {change(func(h header, d []byte) []byte { h["x"] = h[q]; delete(h, q); return d }), "missing"},
		"tensor too many": {change(func(h header, d []byte) []byte {
			h["x"] = map[string]any{"dtype": "F32", "shape": []int{0}, "data_offsets": []int{0, 0}}
			return d
		}), "unknown tensor"},
		"no metadata":              {change(func(h header, d []byte) []byte { delete(h, "__metadata__"); return d }), "no model configuration"},
		"metadata of another kind": {change(func(h header, d []byte) []byte { h["__metadata__"] = 7; return d }), "read metadata"},
		"not finite":               {change(func(h header, d []byte) []byte { copy(d, []byte{0, 0, 0x80, 0x7f}); return d }), "not finite"},
		"configuration not JSON":   {config("{", "("), "parse model configuration"},
		"other architecture":       {config(`"llama"`, `"gpt2"`), "model_type"},
		"heads do not divide":      {config(`"num_attention_heads":2`, `"num_attention_heads":3`), "even width"},
		"kv heads do not divide":   {config(`"num_key_value_heads":1`, `"num_key_value_heads":3`), "evenly"},
		"no heads":                 {config(`"num_attention_heads":2`, `"num_attention_heads":0`), "want 1 to"},
		"more layers than tensors": {config(`"num_hidden_layers":2`, `"num_hidden_layers":1000`), "needs"},
		"larger than its tensors":  {config(`"vocab_size":258`, `"vocab_size":1048576`), "has shape"},
		"EOS outside":              {config(`"eos_token_id":257`, `"eos_token_id":258`), "below vocab_size"},
		"no epsilon":               {config(`"rms_norm_eps":0.00001`, `"rms_norm_eps":0`), "rms_norm_eps"},
	} {
		if _, err := Load(c.file); err == nil {
			t.Errorf("%s: accepted", name)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %q does not say %q", name, err, c.want)
		}
	}
	if _, err := Load(good); err != nil {
		t.Fatalf("the file that the cases start from: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	w := random(f, tiny, 4)
	f.Add(encode(f, w, "BF16", nil))
	f.Add(file([]byte(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`), make([]byte, 4)))
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0, '{', '}'})
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := Load(b)
		if err != nil {
			return
		}
		for _, x := range w.Tensors() {
			if len(x.Data) != x.Rows*x.Cols || len(x.Data) > len(b) {
				t.Fatalf("tensor %s has %d elements for %d×%d from a file of %d bytes", x.Name, len(x.Data), x.Rows, x.Cols, len(b))
			}
		}
	})
}

func TestEmbeddedModels(t *testing.T) {
	main, err := Main()
	if err != nil {
		t.Fatal(err)
	}
	small, err := Small()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*Weights{main, small} {
		if c := w.Config; c.VocabSize != 258 || c.BOS != BOS || c.EOS != EOS || !c.TieEmbeddings {
			t.Errorf("configuration %+v does not fit the byte tokenizer", c)
		}
		if w.Metadata["validation_nats_per_byte"] == "" {
			t.Error("the file does not say its validation loss")
		}
	}
	if len(mainFile) > 8<<20 {
		t.Errorf("main model takes %d bytes, more than 8 MiB", len(mainFile))
	}
}

func TestRootBindsEveryWeightAndTheConfiguration(t *testing.T) {
	w := random(t, tiny, 5)
	root := w.Root()
	rapid.Check(t, func(r *rapid.T) {
		ts := w.Tensors()
		x := ts[rapid.IntRange(0, len(ts)-1).Draw(r, "tensor")]
		i := rapid.IntRange(0, len(x.Data)-1).Draw(r, "element")
		bit := rapid.IntRange(0, 31).Draw(r, "bit")
		old := x.Data[i]
		x.Data[i] = math.Float32frombits(math.Float32bits(old) ^ 1<<bit)
		changed := w.Root()
		x.Data[i] = old
		if changed == root {
			r.Fatalf("root does not bind bit %d of element %d of %s", bit, i, x.Name)
		}
	})
	if w.Root() != root {
		t.Fatal("root is no function of the weights")
	}
	other := *w
	other.Config.RopeTheta = 5e4
	if other.Root() == root {
		t.Error("root does not bind the configuration")
	}
}

// Rationale: a dispute opens one row against the root, at the index that the configuration gives it.
func TestARowCanBeOpenedAgainstTheRoot(t *testing.T) {
	w := random(t, tiny, 5)
	row := w.Layers[0].Q[3*8 : 4*8]
	index := 1 + 258 + 1 + 3 // configuration, embedding, first norm, row 3
	var bits []byte
	for _, x := range row {
		bits = binary.BigEndian.AppendUint32(bits, math.Float32bits(x))
	}
	// The tree from its definition, recursively.
	values := map[int]common.Hash{}
	at := 1
	for _, x := range w.Tensors() {
		for r := range x.Rows {
			var b []byte
			for _, v := range x.Data[r*x.Cols : (r+1)*x.Cols] {
				b = binary.BigEndian.AppendUint32(b, math.Float32bits(v))
			}
			values[at] = crypto.Keccak256Hash(b)
			at++
		}
	}
	config, err := json.Marshal(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	values[0] = crypto.Keccak256Hash(config)
	if values[index] != crypto.Keccak256Hash(bits) {
		t.Fatalf("row 3 of q_proj does not stand at index %d", index)
	}
	var node func(from, size int) common.Hash
	node = func(from, size int) common.Hash {
		v, ok := values[from]
		switch {
		case size == 1 && !ok:
			return common.Hash{}
		case size == 1:
			return crypto.Keccak256Hash([]byte{0}, v[:])
		}
		l, r := node(from, size/2), node(from+size/2, size/2)
		return crypto.Keccak256Hash([]byte{1}, l[:], r[:])
	}
	size := 1
	for size < at {
		size *= 2
	}
	if want := node(0, size); w.Root() != want {
		t.Errorf("root %s, want %s", w.Root(), want)
	}
}

func TestTokenizerRoundTrip(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.SliceOf(rapid.Byte()).Draw(r, "text")
		ids := EncodePrompt(text)
		if ids[0] != BOS || slices.Max(append(ids[1:], 0)) > 255 {
			r.Fatalf("ids %v are not BOS and bytes", ids)
		}
		if got := Decode(append(ids, EOS)); !bytes.Equal(got, text) {
			r.Fatalf("round trip made %q of %q", got, text)
		}
	})
}

func TestEncodeChat(t *testing.T) {
	ids := EncodeChat([][]byte{[]byte("Sum adds numbers.\n"), []byte("two\n\nparts")})
	if want := "// Sum adds numbers.\n// two\n// \n// parts\n"; ids[0] != BOS || string(Decode(ids)) != want {
		t.Errorf("chat becomes %q, want %q", Decode(ids), want)
	}
	if TokenizerHash() == ChatTemplateHash() {
		t.Error("tokenizer and template have one hash")
	}
}
