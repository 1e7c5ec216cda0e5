package model

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// readGGUF describes the model in a GGUF file of architecture llama, qwen2 or qwen3 with tensors in F32, F16 or
// BF16. Hyperparameters that this package does not know are refused, because they may change what the model
// computes. The vocabulary is left alone.
func readGGUF(r io.ReaderAt, size int64) (*File, error) {
	h, err := parseGGUF(r, size)
	if err != nil {
		return nil, fmt.Errorf("parse GGUF: %w", err)
	}
	c, err := h.config()
	if err != nil {
		return nil, fmt.Errorf("read GGUF metadata: %w", err)
	}
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("check model configuration: %w", err)
	}
	found := map[string]stored{}
	for _, t := range tensors(c, nil) {
		s, ok := h.tensors[ggufName(t.Name)]
		if !ok {
			return nil, fmt.Errorf("match tensors: %q is missing", ggufName(t.Name))
		}
		s.interleaved = interleaved(c.ModelType, t)
		found[t.Name] = s
		delete(h.tensors, ggufName(t.Name))
	}
	if len(h.tensors) > 0 {
		return nil, fmt.Errorf("match tensors: unknown tensor %q: a %s model as posp computes it has none", slices.Sorted(maps.Keys(h.tensors))[0], c.ModelType)
	}
	metadata := map[string]string{}
	for key, v := range h.values {
		if name, ok := strings.CutPrefix(key, metadataPrefix); ok && v.kind == ggufString {
			metadata[name] = v.text
		}
	}
	return newFile(c, metadata, found)
}

// ggufHeader is what stands before a GGUF file's data.
type ggufHeader struct {
	values  map[string]ggufValue
	tensors map[string]stored // by GGUF's names
}

// ggufValue is one metadata value. Of an array its length is kept and no element.
type ggufValue struct {
	kind ggufType
	text string // of a string
	bits uint64 // of a number: its bytes; of an array: how many elements
}

// parseGGUF reads the header of a GGUF file and checks it against the format's rules. What is allocated is bounded
// by what was really read. The tensors it returns can be read without further checks.
func parseGGUF(r io.ReaderAt, size int64) (*ggufHeader, error) {
	d := ggufDecoder{from: io.NewSectionReader(r, 0, size), left: size}
	d.r = bufio.NewReaderSize(d.from, 1<<16)
	if magic := d.bytes(4); string(magic) != ggufMagic {
		return nil, errors.New("the file does not begin with GGUF")
	}
	if version := d.uint32(); d.err == nil && version != 2 && version != 3 {
		return nil, fmt.Errorf("version %d is not supported, only 2 and 3, little-endian", version)
	}
	tensorCount, valueCount := d.count("tensors", 1<<16), d.count("metadata values", 1<<16)
	h := &ggufHeader{values: map[string]ggufValue{}, tensors: map[string]stored{}}
	for i := uint64(0); i < valueCount && d.err == nil; i++ {
		key := d.string(1 << 16)
		if _, ok := h.values[key]; ok {
			return nil, fmt.Errorf("metadata has key %q twice", key)
		}
		h.values[key] = d.value(key)
	}
	alignment := int64(ggufAlignment)
	if v, ok := h.values["general.alignment"]; ok && d.err == nil {
		alignment = int64(v.bits)
		if v.kind != ggufUint32 || alignment < 1 || alignment > 1<<20 || alignment&(alignment-1) != 0 {
			return nil, fmt.Errorf("general.alignment is %d, want a power of two up to %d", alignment, 1<<20)
		}
	}
	aligned := func(n int64) int64 { return (n + alignment - 1) &^ (alignment - 1) }

	at := int64(0) // where the next tensor must stand in the data
	end := at      // of the last one
	for i := uint64(0); i < tensorCount && d.err == nil; i++ {
		name, s := d.tensor(size)
		if d.err != nil {
			break
		}
		if _, ok := h.tensors[name]; ok {
			return nil, fmt.Errorf("there are two tensors %q", name)
		}
		if s.offset != at {
			return nil, fmt.Errorf("tensor %q starts at %d, where %d was expected: data with a gap or an overlap", name, s.offset, at)
		}
		end = at + elements(s.shape, size)*int64(s.format.Size())
		if end > size {
			return nil, fmt.Errorf("tensor %q of shape %v and type %s does not fit a file of %d bytes", name, s.shape, s.format, size)
		}
		at = aligned(end)
		s.from = r
		h.tensors[name] = s
	}
	if d.err != nil {
		return nil, d.err
	}
	data := aligned(size - d.left)
	switch {
	case data+end > size:
		return nil, fmt.Errorf("tensors need %d bytes of data after %d, the file has %d: it was cut", end, data, size)
	case data+at < size:
		return nil, fmt.Errorf("%d bytes of data belong to no tensor", size-data-at)
	}
	for name, s := range h.tensors {
		s.offset += data
		h.tensors[name] = s
	}
	return h, nil
}

// ggufDecoder reads a header from its start. After the first error everything is zero.
type ggufDecoder struct {
	from *io.SectionReader // the file
	r    *bufio.Reader     // of from
	left int64             // bytes of the file that were not read
	err  error
	buf  [8]byte
}

func (d *ggufDecoder) fail(format string, a ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, a...)
	}
}

// need reports whether n more bytes are there.
func (d *ggufDecoder) need(n uint64) bool {
	if d.err == nil && n > uint64(d.left) {
		d.fail("the header wants %d bytes more than the %d that follow: the file was cut or is malformed", n, d.left)
	}
	return d.err == nil
}

// bytes are the next n, at most 8; they are valid until the next call.
func (d *ggufDecoder) bytes(n int) []byte {
	b := d.buf[:n]
	clear(b)
	if d.need(uint64(n)) {
		if _, err := io.ReadFull(d.r, b); err != nil {
			d.fail("read header: %w", err)
			clear(b)
		}
		d.left -= int64(n)
	}
	return b
}

func (d *ggufDecoder) uint32() uint32 { return binary.LittleEndian.Uint32(d.bytes(4)) }
func (d *ggufDecoder) uint64() uint64 { return binary.LittleEndian.Uint64(d.bytes(8)) }

// string is the next string, of at most limit bytes. Memory grows with what is read, not with what is claimed.
func (d *ggufDecoder) string(limit uint64) string {
	n := d.uint64()
	if n > limit {
		d.fail("a string of %d bytes is longer than %d", n, limit)
	}
	if !d.need(n) {
		return ""
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, d.r, int64(n)); err != nil {
		d.fail("read header: %w", err)
	}
	d.left -= int64(n)
	return b.String()
}

// count is the next number of things, of which there are at most limit, so that a file of holes, which can be as
// long as it likes, does not keep the reader for ever.
func (d *ggufDecoder) count(what string, limit uint64) uint64 {
	n := d.uint64()
	if n > limit {
		d.fail("the header says that %d %s follow, more than %d", n, what, limit)
	}
	return n
}

// skip passes over n bytes without reading them all.
func (d *ggufDecoder) skip(n uint64) {
	if !d.need(n) {
		return
	}
	d.left -= int64(n)
	if n <= uint64(d.r.Buffered()) {
		_, _ = d.r.Discard(int(n)) // they are there
		return
	}
	if _, err := d.from.Seek(d.from.Size()-d.left, io.SeekStart); err != nil {
		d.fail("read header: %w", err)
	}
	d.r.Reset(d.from)
}

// ggufSize is the bytes of a number of that type, 0 for what is no number.
func ggufSize(t ggufType) uint64 {
	switch t {
	case ggufUint8, ggufInt8, ggufBool:
		return 1
	case ggufUint16, ggufInt16:
		return 2
	case ggufUint32, ggufInt32, ggufFloat32:
		return 4
	case ggufUint64, ggufInt64, ggufFloat64:
		return 8
	}
	return 0
}

func (d *ggufDecoder) value(key string) ggufValue {
	v := ggufValue{kind: ggufType(d.uint32())}
	switch size := ggufSize(v.kind); {
	case size > 0:
		for i, b := range d.bytes(int(size)) {
			v.bits |= uint64(b) << (8 * i)
		}
	case v.kind == ggufString:
		v.text = d.string(maxJSON)
	case v.kind == ggufArray:
		kind := ggufType(d.uint32())
		v.bits = d.count(fmt.Sprintf("elements of %q", key), 1<<24)
		switch size := ggufSize(kind); {
		case size > 0:
			d.skip(v.bits * size)
		case kind == ggufString:
			for i := uint64(0); i < v.bits && d.err == nil; i++ {
				d.skip(d.uint64())
			}
		default:
			d.fail("metadata %q is an array of unknown type %d", key, kind)
		}
	default:
		d.fail("metadata %q is of unknown type %d", key, v.kind)
	}
	return v
}

// ggufUnread names the formats of tensors that are most often met and not read.
var ggufUnread = map[uint32]string{
	2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
	16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 28: "F64", 39: "MXFP4",
}

// tensor is the next tensor's description, its offset that from the start of the data.
func (d *ggufDecoder) tensor(size int64) (name string, s stored) {
	name = d.string(ggufMaxName)
	dimensions := d.uint32()
	if dimensions < 1 || dimensions > 4 {
		d.fail("tensor %q has %d dimensions, want 1 to 4", name, dimensions)
	}
	for i := uint32(0); i < dimensions && d.err == nil; i++ {
		s.shape = append(s.shape, int64(d.uint64()))
	}
	slices.Reverse(s.shape)
	id := d.uint32()
	offset := d.uint64()
	if d.err != nil {
		return name, s
	}
	if s.format = ggufFormat[id]; s.format == "" {
		d.fail("tensor %q is of type %s, want F32, F16 or BF16: quantised weights are not supported", name, cmp.Or(ggufUnread[id], fmt.Sprint(id)))
		return name, s
	}
	if elements(s.shape, size) < 0 || offset > uint64(size) {
		d.fail("tensor %q of shape %v at %d does not fit a file of %d bytes", name, s.shape, offset, size)
	}
	s.offset = int64(offset)
	return name, s
}

// config is the configuration that the metadata describe.
func (h *ggufHeader) config() (Config, error) {
	m := &ggufKeys{h: h}
	c := Config{ModelType: m.text("general.architecture")}
	if m.err == nil && !slices.Contains([]string{Llama, Qwen2, Qwen3}, c.ModelType) {
		return Config{}, fmt.Errorf("architecture %q is not supported, only llama, qwen2 and qwen3", c.ModelType)
	}
	if n := m.integer("split.count", 1); n > 1 {
		return Config{}, fmt.Errorf("the model is split over %d files: join them first (llama-gguf-split --merge)", n)
	}
	m.prefix = c.ModelType + "."
	c.HiddenSize = m.integer("embedding_length")
	c.Layers = m.integer("block_count")
	c.Heads = m.integer("attention.head_count")
	c.KVHeads = m.integer("attention.head_count_kv", c.Heads)
	c.IntermediateSize = m.integer("feed_forward_length")
	c.ContextLength = m.integer("context_length")
	c.RMSNormEps = m.float("attention.layer_norm_rms_epsilon")
	c.RopeTheta = m.float("rope.freq_base", 10000)
	embedding := h.tensors[ggufName("model.embed_tokens.weight")]
	if len(embedding.shape) == 2 {
		c.VocabSize = int(embedding.shape[0])
	}
	_, untied := h.tensors[ggufName("lm_head.weight")]
	c.TieEmbeddings = !untied
	if c.Heads == 0 { // Check says so
		return c, m.err
	}
	c.HeadWidth = m.integer("attention.key_length", c.HiddenSize/c.Heads)
	// The rest may be said, but must say what follows anyway, or that it is not used.
	for _, x := range []struct {
		key  string
		want int
	}{
		{"vocab_size", c.VocabSize},
		{"attention.value_length", c.HeadWidth},
		{"rope.dimension_count", c.HeadWidth},
		{"attention.sliding_window", 0},
		{"expert_count", 0},
		{"expert_used_count", 0},
	} {
		if n := m.integer(x.key, x.want); n != x.want {
			return Config{}, fmt.Errorf("%s%s is %d, only %d is supported", m.prefix, x.key, n, x.want)
		}
	}
	if scaling := m.text("rope.scaling.type", "none"); scaling != "none" {
		return Config{}, fmt.Errorf("%srope.scaling.type is %q: scaled rotary positions are not supported", m.prefix, scaling)
	}
	if err := m.unknown(); err != nil {
		return Config{}, err
	}
	m.prefix = "tokenizer.ggml."
	if m.text("model", "") == "llama" { // SentencePiece's ids need not be said
		c.BOS, c.EOS = uint32(m.integer("bos_token_id", 1)), uint32(m.integer("eos_token_id", 2))
	} else {
		c.BOS, c.EOS = uint32(m.integer("bos_token_id")), uint32(m.integer("eos_token_id"))
	}
	if m.err != nil {
		return Config{}, m.err
	}
	return c, nil
}

// ggufKeys reads metadata by key, below a prefix. The first error stays.
type ggufKeys struct {
	h      *ggufHeader
	prefix string
	asked  []string
	err    error
}

// get is the value of key, if it has one; without one, and without a default, that is the error.
func (m *ggufKeys) get(key string, optional bool) (ggufValue, bool) {
	key = m.prefix + key
	m.asked = append(m.asked, key)
	v, ok := m.h.values[key]
	if !ok && !optional {
		m.fail("%s is missing", key)
	}
	return v, ok
}

func (m *ggufKeys) fail(format string, a ...any) {
	if m.err == nil {
		m.err = fmt.Errorf(format, a...)
	}
}

// integer is the whole number, up to 2^31-1, of key, or else the default.
func (m *ggufKeys) integer(key string, otherwise ...int) int {
	v, ok := m.get(key, len(otherwise) > 0)
	if !ok {
		return append(otherwise, 0)[0]
	}
	n := int64(v.bits)
	switch v.kind {
	case ggufUint8, ggufUint16, ggufUint32, ggufUint64:
	case ggufInt8, ggufInt16, ggufInt32, ggufInt64:
		unused := 64 - 8*ggufSize(v.kind)
		n = n << unused >> unused // the sign
	default:
		n = -1
	}
	if n >= 0 && n <= math.MaxInt32 {
		return int(n)
	}
	m.fail("%s%s is no whole number from 0 to %d", m.prefix, key, math.MaxInt32)
	return 0
}

// float is the number of key in the shortest decimal that its binary32 stands for, or else the default.
func (m *ggufKeys) float(key string, otherwise ...float64) float64 {
	v, ok := m.get(key, len(otherwise) > 0)
	switch {
	case !ok:
		return append(otherwise, 0)[0]
	case v.kind == ggufFloat32 && finite(uint32(v.bits)):
		return shortest(math.Float32frombits(uint32(v.bits)))
	}
	m.fail("%s%s is no finite FLOAT32", m.prefix, key)
	return 0
}

// text is the string of key, or else the default.
func (m *ggufKeys) text(key string, otherwise ...string) string {
	v, ok := m.get(key, len(otherwise) > 0)
	switch {
	case !ok:
		return append(otherwise, "")[0]
	case v.kind == ggufString:
		return v.text
	}
	m.fail("%s%s is no string", m.prefix, key)
	return ""
}

// unknown refuses keys below the prefix that were not asked for.
func (m *ggufKeys) unknown() error {
	var names []string
	for key := range m.h.values {
		if strings.HasPrefix(key, m.prefix) && !slices.Contains(m.asked, key) {
			names = append(names, key)
		}
	}
	if m.err == nil && len(names) > 0 {
		slices.Sort(names)
		return fmt.Errorf("%s is not supported: it may change what the model computes", strings.Join(names, ", "))
	}
	return nil
}
