package model

import (
	"bytes"
	"encoding/binary"
	"io"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func gguf(t testing.TB, w *Weights, o GGUFOptions) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteGGUF(&b, w, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameWeights reports the first difference between two models.
func sameWeights(t interface{ Errorf(string, ...any) }, got, want *Weights) {
	if got.Config != want.Config {
		t.Errorf("configuration %+v, want %+v", got.Config, want.Config)
		return
	}
	if !maps.Equal(got.Metadata, want.Metadata) {
		t.Errorf("metadata %v, want %v", got.Metadata, want.Metadata)
	}
	ts := want.Tensors()
	for i, x := range got.Tensors() {
		for j := range x.Data {
			if math.Float32bits(x.Data[j]) != math.Float32bits(ts[i].Data[j]) {
				t.Errorf("tensor %s: element %d is %g, want %g", x.Name, j, x.Data[j], ts[i].Data[j])
				return
			}
		}
	}
	if got.Root() != want.Root() {
		t.Errorf("root %s, want %s", got.Root(), want.Root())
	}
}

// drawConfig draws a shape of any kind that this package holds.
func drawConfig(r *rapid.T) Config {
	kv := rapid.IntRange(1, 2).Draw(r, "kv heads")
	c := Config{
		ModelType: rapid.SampledFrom([]string{Llama, Qwen2, Qwen3}).Draw(r, "type"),
		Layers:    rapid.IntRange(1, 3).Draw(r, "layers"), KVHeads: kv, Heads: kv * rapid.IntRange(1, 2).Draw(r, "group"),
		IntermediateSize: rapid.IntRange(1, 20).Draw(r, "ffn"), VocabSize: rapid.IntRange(258, 300).Draw(r, "vocabulary"),
		ContextLength: 16, RMSNormEps: rapid.SampledFrom([]float64{1e-5, 1e-6, 3.1e-6}).Draw(r, "eps"),
		RopeTheta:     rapid.SampledFrom([]float64{1e4, 5e5, 1e6, 1000.7}).Draw(r, "theta"),
		TieEmbeddings: rapid.Bool().Draw(r, "tied"), BOS: BOS, EOS: EOS,
	}
	c.HiddenSize = c.Heads * 2 * rapid.IntRange(1, 4).Draw(r, "width")
	if rapid.Bool().Draw(r, "heads of their own width") {
		c.HeadWidth = 2 * rapid.IntRange(1, 6).Draw(r, "head width")
		c = c.normal()
	}
	return c
}

// Rationale: the commitment is to the weights. Whoever holds them in either format must find the same root.
func TestTheSameWeightsInBothFormats(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := drawConfig(r)
		w, err := Random(c, rapid.Uint64().Draw(r, "seed"))
		if err != nil {
			r.Fatal(err)
		}
		format := rapid.SampledFrom([]Format{F32, F16, BF16}).Draw(r, "format")
		for _, x := range w.Tensors() { // to what the format holds
			b, err := format.narrow(nil, x.Data)
			if err != nil {
				r.Fatal(err)
			}
			if err := format.widen(x.Data, b); err != nil {
				r.Fatal(err)
			}
		}
		w.Metadata = map[string]string{"note": "kept"}
		got, err := Load(gguf(t, w, GGUFOptions{Format: format}))
		if err != nil {
			r.Fatal(err)
		}
		sameWeights(r, got, w)
		if format == F32 {
			if got, err = Load(encode(t, w, "F32", nil)); err != nil {
				r.Fatal(err)
			}
			sameWeights(r, got, w)
		}
	})
}

// Rationale: a round trip does not see an order that both directions have wrong. llama.cpp's converter takes a
// projection as [heads][2][width/2] rows and swaps the middle two.
func TestRowsAreInterleavedAsLlamaCppReadsThem(t *testing.T) {
	c := tiny
	c.HiddenSize, c.Heads, c.KVHeads = 24, 4, 2 // heads of 6
	w, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for r := range 24 {
		w.Layers[1].Q[r*24] = float32(r)
		w.Layers[1].V[r%12*24] = float32(r % 12)
	}
	for r := range 12 {
		w.Layers[1].K[r*24] = float32(r)
	}
	b := gguf(t, w, GGUFOptions{})
	h, err := parseGGUF(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) (rows []float32) {
		s := h.tensors[name]
		for r := range s.shape[0] {
			rows = append(rows, math.Float32frombits(binary.LittleEndian.Uint32(b[s.offset+r*s.shape[1]*4:])))
		}
		return rows
	}
	if got, want := column("blk.1.attn_q.weight")[6:12], []float32{6, 9, 7, 10, 8, 11}; !slices.Equal(got, want) {
		t.Errorf("second query head is stored as rows %v, want %v", got, want)
	}
	if got, want := column("blk.1.attn_k.weight"), []float32{0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}; !slices.Equal(got, want) {
		t.Errorf("keys are stored as rows %v, want %v", got, want)
	}
	if got := column("blk.1.attn_v.weight"); !slices.IsSorted(got) {
		t.Errorf("values are stored as rows %v, want them as they are", got)
	}
	w.Config.ModelType = Qwen2 // whose rotation is rotate-half in ggml too
	for i := range w.Layers {
		l := &w.Layers[i]
		l.QBias, l.KBias, l.VBias = make([]float32, 24), make([]float32, 12), make([]float32, 12)
	}
	b = gguf(t, w, GGUFOptions{})
	if h, err = parseGGUF(bytes.NewReader(b), int64(len(b))); err != nil {
		t.Fatal(err)
	}
	if got := column("blk.1.attn_q.weight"); !slices.IsSorted(got) {
		t.Errorf("Qwen2's queries are stored as rows %v, want them as they are", got)
	}
}

func TestReadGGUFRefusesWhatItCannotHold(t *testing.T) {
	w := random(t, tiny, 3)
	good := gguf(t, w, GGUFOptions{})
	// patch puts bytes behind the only place where the file says what.
	patch := func(what string, skip int, put ...byte) []byte {
		b := slices.Clone(good)
		if bytes.Count(b, []byte(what)) != 1 {
			t.Fatalf("%q stands %d times in the file", what, bytes.Count(b, []byte(what)))
		}
		copy(b[bytes.Index(b, []byte(what))+len(what)+skip:], put)
		return b
	}
	rename := func(from, to string) []byte { // to one of the same length
		return patch(from, -len(from), []byte(to)...)
	}
	// value patches a metadata number of 32 bits; in the file a type stands between it and its key.
	value := func(key string, bits uint32) []byte {
		kind := ggufUint32
		if strings.HasSuffix(key, "epsilon") {
			kind = ggufFloat32
		}
		return patch(key+string(le32(uint32(kind))), 0, le32(bits)...)
	}
	with := func(add func(m *metadata)) []byte { // one more metadata value
		var m metadata
		add(&m)
		m.str("general.fill", "")
		m.b = m.b[:len(m.b)-8]
		m.b = appendString(m.b, strings.Repeat(" ", padding(len(m.b)+8))) // so that the data stay aligned
		b := slices.Insert(slices.Clone(good), 24, m.b...)
		b[16] += byte(m.count)
		return b
	}
	qwen := tiny
	qwen.ModelType = Qwen2
	biased := bytes.ReplaceAll(gguf(t, random(t, qwen, 3), GGUFOptions{}), []byte(Qwen2), []byte(Llama))
	const q = "blk.1.attn_q.weight" // followed by: dimensions 4, 2 × 8, type 4, offset 8
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"cut in the magic":        {good[:3], "too few"},
		"cut in the counts":       {good[:20], "cut or is malformed"},
		"cut in the metadata":     {good[:300], "cut or is malformed"},
		"cut in the data":         {good[:len(good)-5], "it was cut"},
		"data of no tensor":       {append(slices.Clone(good), 1), "belong to no tensor"},
		"version 1":               {patch("GGUF", 0, 1), "version 1"},
		"big-endian":              {patch("GGUF", 0, 0, 0, 0, 3), "only 2 and 3, little-endian"},
		"too many tensors":        {patch("GGUF", 4, 0xff, 0xff, 0xff), "more than 65536"},
		"too many values":         {patch("GGUF", 12, 0xff, 0xff, 0xff), "more than 65536"},
		"fewer tensors":           {patch("GGUF", 4, 2), "belong to no tensor"},
		"huge string":             {patch("GGUF", 20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "longer than"},
		"unknown value type":      {patch("general.file_type", 0, 99), "unknown type 99"},
		"unknown array type":      {patch("tokenizer.ggml.scores", 4, 9), "array of unknown type 9"},
		"huge array":              {patch("tokenizer.ggml.scores", 8, 0xff, 0xff, 0xff, 0xff, 0xff), "elements of \"tokenizer.ggml.scores\""},
		"two of a key":            {with(func(m *metadata) { m.uint32("llama.block_count", 2) }), "twice"},
		"bad alignment":           {with(func(m *metadata) { m.uint32("general.alignment", 24) }), "power of two"},
		"gemma":                   {patch("general.architecture", 12, []byte("gemma")...), `architecture "gemma"`},
		"no context length":       {rename("llama.context_length", "other.context_length"), "llama.context_length is missing"},
		"context of another type": {patch("llama.context_length", 0, byte(ggufFloat32)), "no whole number"},
		"negative layers":         {patch("llama.block_count", 0, append(le32(uint32(ggufInt32)), le32(uint32(0xffffffff))...)...), "no whole number"},
		"no layers":               {value("llama.block_count", 0), "want 1 to"},
		"too many layers":         {value("llama.block_count", 1000), "is missing"},
		"no heads":                {value("llama.attention.head_count", 0), "want 1 to"},
		"other vocabulary":        {value("llama.vocab_size", 257), "vocab_size is 257"},
		"other head width":        {value("llama.attention.key_length", 6), "value_length is 4, only 6"},
		"partial rotation":        {value("llama.rope.dimension_count", 2), "only 4 is supported"},
		"not finite epsilon":      {value("llama.attention.layer_norm_rms_epsilon", 0x7f800000), "no finite"},
		"EOS outside":             {value("tokenizer.ggml.eos_token_id", 258), "below vocab_size"},
		"scaled positions":        {with(func(m *metadata) { m.str("llama.rope.scaling.type", "yarn") }), `"yarn"`},
		"experts":                 {with(func(m *metadata) { m.uint32("llama.expert_count", 8) }), "expert_count is 8"},
		"split":                   {with(func(m *metadata) { m.uint32("split.count", 2) }), "split over 2 files"},
		"unknown hyperparameter":  {with(func(m *metadata) { m.float32("llama.logit_scale", 2) }), "llama.logit_scale is not supported"},
		"tensor renamed":          {rename("blk.1.ffn_up.weight", "blk.1.ffn_xx.weight"), `"blk.1.ffn_up.weight" is missing`},
		"llama with biases":       {biased, `unknown tensor "blk.0.attn_k.bias"`},
		"tensor twice":            {rename("blk.1.ffn_up.weight", "blk.0.ffn_up.weight"), "two tensors"},
		"five dimensions":         {patch(q, 0, 5), "5 dimensions"},
		"no dimension":            {patch(q, 0, 0), "0 dimensions"},
		"negative dimension":      {patch(q, 4, 8, 0, 0, 0, 0, 0, 0, 0x80), "does not fit"},
		"huge dimensions":         {patch(q, 4, 8, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0, 1), "does not fit"},
		"shape of the same size":  {patch(q, 4, 4, 0, 0, 0, 0, 0, 0, 0, 16), "has shape [16 4]"},
		"quantised":               {patch(q, 20, 12), `"blk.1.attn_q.weight" is of type Q4_K`},
		"type of the future":      {patch(q, 20, 200), "of type 200"},
		"overlap":                 {patch(q, 24, 0, 0), "gap or an overlap"},
		"not finite":              {bytes.Replace(good, le32(math.Float32bits(w.Embedding[7])), le32(0x7fc00000), 1), "not finite"},
	} {
		if _, err := Load(c.file); err == nil {
			t.Errorf("%s: accepted", name)
		} else if !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %q does not say %q", name, err, c.want)
		}
	}
	for name, file := range map[string][]byte{
		"the file that the cases start from": good,
		"version 2":                          patch("GGUF", 0, 2),
		"no vocabulary size":                 rename("llama.vocab_size", "other.vocab_size"),
		"unscaled positions, said so":        with(func(m *metadata) { m.str("llama.rope.scaling.type", "none") }),
		"values of no concern":               with(func(m *metadata) { m.str("general.license", "apache-2.0") }),
	} {
		got, err := Load(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		sameWeights(t, got, &Weights{Config: w.Config, Metadata: map[string]string{}, Embedding: w.Embedding, Layers: w.Layers, Norm: w.Norm, Head: w.Head})
	}
}

func le32(x uint32) []byte { return binary.LittleEndian.AppendUint32(nil, x) }

// holes is a file of that many zeros behind its beginning.
type holes struct {
	begin []byte
	size  int64
}

func (h holes) ReadAt(p []byte, at int64) (int, error) {
	clear(p)
	if at < int64(len(h.begin)) {
		copy(p, h.begin[at:])
	}
	if n := h.size - at; n < int64(len(p)) {
		return int(max(0, n)), io.EOF
	}
	return len(p), nil
}

// Rationale: a file can be sparse and as long as it likes, so that its size bounds nothing. Before a tensor is
// matched with the configuration, a header may cost neither memory nor time.
func TestAHostileHeaderCostsLittle(t *testing.T) {
	header := func(tensors, values uint64, rest ...[]byte) []byte {
		b := append([]byte("GGUF"), le32(3)...)
		b = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, tensors), values)
		return append(b, slices.Concat(rest...)...)
	}
	u64 := func(x uint64) []byte { return binary.LittleEndian.AppendUint64(nil, x) }
	array := func(kind ggufType, n uint64) []byte {
		return slices.Concat(appendString(nil, "k"), le32(uint32(ggufArray)), le32(uint32(kind)), u64(n))
	}
	tensor := func(shape ...uint64) []byte {
		b := append(appendString(nil, "token_embd.weight"), le32(uint32(len(shape)))...)
		for _, n := range shape {
			b = append(b, u64(n)...)
		}
		return slices.Concat(b, le32(0), u64(0))
	}
	for name, begin := range map[string][]byte{
		"counts":           header(math.MaxUint64, math.MaxUint64),
		"key":              header(0, 1, u64(1<<40)),
		"string":           header(0, 1, appendString(nil, "k"), le32(uint32(ggufString)), u64(1<<40)),
		"array of numbers": header(0, 1, array(ggufFloat64, 1<<60)),
		"array to skip":    header(1, 1, array(ggufFloat64, 1<<24), tensor(1<<30, 1<<30, 1<<30, 1<<30)),
		"tensor name":      header(1, 0, u64(1<<40)),
		"tensor":           header(1, 0, tensor(1<<20, 1<<29)),
		"tensors":          header(65536, 0),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := read(holes{begin, 1 << 50}, 1<<50)
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: took %d bytes of memory (%v)", name, n, err)
		}
	}
}

func FuzzGGUF(f *testing.F) {
	for _, kind := range []string{Llama, Qwen2, Qwen3} {
		c := tiny
		c.ModelType, c.Layers = kind, 1
		w, err := Random(c, 4)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(gguf(f, w, GGUFOptions{Format: BF16}))
	}
	f.Add([]byte("GGUF\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := bytes.NewReader(b)
		h, err := parseGGUF(r, int64(len(b)))
		if err != nil {
			return
		}
		for name, s := range h.tensors {
			n := elements(s.shape, int64(len(b)))
			if end := s.offset + n*int64(s.format.Size()); n < 0 || s.offset < 0 || end > int64(len(b)) {
				t.Fatalf("tensor %q of shape %v is said to end at %d in a file of %d bytes", name, s.shape, end, len(b))
			}
		}
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

func TestWriteGGUFRefuses(t *testing.T) {
	w := random(t, tiny, 9)
	w.Layers[0].V[3] = 70000
	if err := WriteGGUF(io.Discard, w, GGUFOptions{Format: F16}); err == nil || !strings.Contains(err.Error(), "layers.0.self_attn.v_proj.weight") {
		t.Errorf("a weight beyond F16: error %v does not name its tensor", err)
	}
	if err := WriteGGUF(io.Discard, w, GGUFOptions{Format: BF16}); err != nil {
		t.Errorf("the same in BF16: %v", err)
	}
	if err := WriteGGUF(io.Discard, w, GGUFOptions{Format: "Q4_0"}); err == nil {
		t.Error("a format that is none is accepted")
	}
	fine := w.Config.RMSNormEps
	w.Config.RMSNormEps = 1.23456789e-5 // a reader of the file would find 1.2345679e-5, and another root
	if err := WriteGGUF(io.Discard, w, GGUFOptions{}); err == nil || !strings.Contains(err.Error(), "rms_norm_eps") {
		t.Errorf("an epsilon that binary32 does not hold: error %v", err)
	}
	w.Config.RMSNormEps = fine
	full := &limited{left: 5000}
	if err := WriteGGUF(full, w, GGUFOptions{}); err == nil || !strings.Contains(err.Error(), "short write") {
		t.Errorf("a full disk: error %v", err)
	}
}

type limited struct{ left int }

func (l *limited) Write(p []byte) (int, error) {
	if l.left -= len(p); l.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// Rationale: a server must find tokens for every text, and for a text that a model wrote the ones it wrote.
func TestEveryTextHasTokens(t *testing.T) {
	real := func(vocab int, bos, eos uint32) Config {
		c := tiny
		c.VocabSize, c.BOS, c.EOS = vocab, bos, eos
		return c
	}
	for _, c := range []Config{tiny, real(32000, BOS, EOS), real(32000, 1, 2), real(151936, 151643, 151643), real(257, 0, 0)} {
		tokens, kinds, err := vocabulary(c)
		if err != nil {
			t.Fatal(err)
		}
		if len(tokens) != c.VocabSize || len(kinds) != c.VocabSize {
			t.Fatalf("%d tokens and %d kinds for a vocabulary of %d", len(tokens), len(kinds), c.VocabSize)
		}
		seen, bytesSeen := map[string]bool{}, 0
		for id, token := range tokens {
			if seen[token] {
				t.Fatalf("two tokens are called %q", token)
			}
			seen[token] = true
			special := uint32(id) == c.BOS || uint32(id) == c.EOS
			switch {
			case special != (kinds[id] == ggufControlToken):
				t.Fatalf("token %d, %q, is of kind %d", id, token, kinds[id])
			case special:
			case bytesSeen < 256:
				if bytesSeen == ' ' {
					if token != "\u2581" || kinds[id] != ggufNormalToken {
						t.Fatalf("the space is called %q, of kind %d", token, kinds[id])
					}
				} else if kinds[id] != ggufByteToken || token != "<0x"+strings.ToUpper(hex(byte(bytesSeen)))+">" {
					t.Fatalf("byte %#x is called %q, of kind %d", bytesSeen, token, kinds[id])
				}
				bytesSeen++
			case utf8.RuneCountInString(token) != 1 || !utf8.ValidString(token) || kinds[id] != ggufNormalToken:
				t.Fatalf("token %d is called %q, of kind %d", id, token, kinds[id])
			}
		}
		if bytesSeen != 256 {
			t.Fatalf("%d bytes have a token", bytesSeen)
		}
	}
	for id, token := range func() []string { ts, _, _ := vocabulary(tiny); return ts }()[:256] {
		if id != ' ' && token != "<0x"+strings.ToUpper(hex(byte(id)))+">" {
			t.Fatalf("token %d of the byte tokenizer is called %q", id, token)
		}
	}
	for _, vocab := range []int{257, 1 << 20} {
		if _, _, err := vocabulary(real(vocab, BOS, 12)); err == nil {
			t.Errorf("a vocabulary of %d tokens is named", vocab)
		}
	}
}

func hex(b byte) string { return string("0123456789abcdef"[b>>4]) + string("0123456789abcdef"[b&15]) }
