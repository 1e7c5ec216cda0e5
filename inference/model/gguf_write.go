package model

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// GGUFOptions says how WriteGGUF stores a model.
type GGUFOptions struct {
	// Format of the matrices; "" is F32. Norms and biases are always F32, as ggml needs them.
	Format Format
	// Name is what servers list the model as; "" is "posp".
	Name string
}

// metadataPrefix marks Weights.Metadata in a GGUF file.
const metadataPrefix = "posp."

// ggufChatTemplate is EncodeChat in the template language that servers speak.
const ggufChatTemplate = `{{ bos_token }}{% for message in messages %}{% set text = message['content'] %}` +
	`{% if text.endswith('\n') %}{% set text = text[:-1] %}{% endif %}` +
	`{% for line in text.split('\n') %}// {{ line }}{{ '\n' }}{% endfor %}{% endfor %}`

// WriteGGUF writes w as a GGUF file that llama.cpp and Ollama serve. Reading it back gives the same weights, and
// from format F32 the same Root.
//
// Weights have no vocabulary; the file gets the byte tokenizer's, extended to the model's size (vocabulary), and
// the chat template of EncodeChat.
func WriteGGUF(w io.Writer, m *Weights, o GGUFOptions) error {
	c, format := m.Config, cmp.Or(o.Format, F32)
	if format.Size() == 0 {
		return fmt.Errorf("write GGUF: format %q is not F32, F16 or BF16", format)
	}
	header, err := encodeGGUFHeader(m, format, cmp.Or(o.Name, "posp"))
	if err != nil {
		return fmt.Errorf("write GGUF: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<20)
	if _, err := out.Write(header); err != nil {
		return fmt.Errorf("write GGUF: %w", err)
	}
	var row []byte
	for _, t := range m.Tensors() {
		f := storedAs(t, format)
		moved := interleaved(c.ModelType, t)
		for r := range t.Rows {
			from := r
			if moved {
				from = huggingFaceRow(r, c.HeadDim())
			}
			if row, err = f.narrow(row[:0], t.Data[from*t.Cols:][:t.Cols]); err != nil {
				return fmt.Errorf("write GGUF: row %d of tensor %q: %w", from, t.Name, err)
			}
			if _, err := out.Write(row); err != nil {
				return fmt.Errorf("write GGUF: %w", err)
			}
		}
		if _, err := out.Write(make([]byte, padding(t.Rows*t.Cols*f.Size()))); err != nil {
			return fmt.Errorf("write GGUF: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write GGUF: %w", err)
	}
	return nil
}

// storedAs is the format of t in a file of matrices in format f.
func storedAs(t Tensor, f Format) Format {
	if t.Vector {
		return F32
	}
	return f
}

// huggingFaceRow is the inverse of ggufRow.
func huggingFaceRow(r, headDim int) int {
	first, i := r/headDim*headDim, r%headDim
	return first + i/2 + i%2*headDim/2
}

// padding is how many bytes follow n to the next boundary.
func padding(n int) int { return -n & (ggufAlignment - 1) }

// encodeGGUFHeader is everything that stands before the data.
func encodeGGUFHeader(m *Weights, format Format, name string) ([]byte, error) {
	c := m.Config
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("check model configuration: %w", err)
	}
	tokens, kinds, err := vocabulary(c)
	if err != nil {
		return nil, err
	}
	for _, x := range []struct {
		name  string
		value float64
	}{{"rms_norm_eps", c.RMSNormEps}, {"rope_theta", c.RopeTheta}} {
		if shortest(float32(x.value)) != x.value {
			return nil, fmt.Errorf("%s is %v, which the format's binary32 does not tell from %v", x.name, x.value, float32(x.value))
		}
	}

	var kv metadata
	kv.str("general.architecture", c.ModelType)
	kv.str("general.name", name)
	kv.uint32("general.file_type", ggufFileType[format])
	for _, k := range slices.Sorted(maps.Keys(m.Metadata)) {
		kv.str(metadataPrefix+k, m.Metadata[k])
	}
	for _, x := range []struct {
		key   string
		value int
	}{
		{"vocab_size", c.VocabSize},
		{"context_length", c.ContextLength},
		{"embedding_length", c.HiddenSize},
		{"block_count", c.Layers},
		{"feed_forward_length", c.IntermediateSize},
		{"attention.head_count", c.Heads},
		{"attention.head_count_kv", c.KVHeads},
		{"attention.key_length", c.HeadDim()},
		{"attention.value_length", c.HeadDim()},
		{"rope.dimension_count", c.HeadDim()},
	} {
		kv.uint32(c.ModelType+"."+x.key, uint32(x.value))
	}
	kv.float32(c.ModelType+".attention.layer_norm_rms_epsilon", float32(c.RMSNormEps))
	kv.float32(c.ModelType+".rope.freq_base", float32(c.RopeTheta))
	kv.str("tokenizer.ggml.model", "llama")
	kv.strs("tokenizer.ggml.tokens", tokens)
	kv.float32s("tokenizer.ggml.scores", make([]float32, len(tokens)))
	kv.int32s("tokenizer.ggml.token_type", kinds)
	kv.uint32("tokenizer.ggml.bos_token_id", c.BOS)
	kv.uint32("tokenizer.ggml.eos_token_id", c.EOS)
	kv.bool("tokenizer.ggml.add_bos_token", true)
	kv.bool("tokenizer.ggml.add_eos_token", false)
	kv.bool("tokenizer.ggml.add_space_prefix", false)
	kv.str("tokenizer.chat_template", ggufChatTemplate)

	ts := m.Tensors()
	b := append([]byte(nil), ggufMagic...)
	b = binary.LittleEndian.AppendUint32(b, ggufVersion)
	b = binary.LittleEndian.AppendUint64(b, uint64(len(ts)))
	b = binary.LittleEndian.AppendUint64(b, uint64(kv.count))
	b = append(b, kv.b...)
	at := 0
	for _, t := range ts {
		f := storedAs(t, format)
		b = appendString(b, ggufName(t.Name))
		shape := []int{t.Cols, t.Rows} // the innermost dimension first
		if t.Vector {
			shape = shape[:1]
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(len(shape)))
		for _, n := range shape {
			b = binary.LittleEndian.AppendUint64(b, uint64(n))
		}
		b = binary.LittleEndian.AppendUint32(b, ggufFormatID[f])
		b = binary.LittleEndian.AppendUint64(b, uint64(at))
		at += t.Rows * t.Cols * f.Size()
		at += padding(at)
	}
	return append(b, make([]byte, padding(len(b)))...), nil
}

// metadata is the key-value part of a GGUF header under construction.
type metadata struct {
	b     []byte
	count int
}

func (m *metadata) key(key string, t ggufType) {
	m.count++
	m.b = binary.LittleEndian.AppendUint32(appendString(m.b, key), uint32(t))
}

func (m *metadata) array(key string, t ggufType, n int) {
	m.key(key, ggufArray)
	m.b = binary.LittleEndian.AppendUint32(m.b, uint32(t))
	m.b = binary.LittleEndian.AppendUint64(m.b, uint64(n))
}

func (m *metadata) str(key, value string) {
	m.key(key, ggufString)
	m.b = appendString(m.b, value)
}

func (m *metadata) uint32(key string, value uint32) {
	m.key(key, ggufUint32)
	m.b = binary.LittleEndian.AppendUint32(m.b, value)
}

func (m *metadata) float32(key string, value float32) {
	m.key(key, ggufFloat32)
	m.b = binary.LittleEndian.AppendUint32(m.b, math.Float32bits(value))
}

func (m *metadata) bool(key string, value bool) {
	m.key(key, ggufBool)
	b := byte(0)
	if value {
		b = 1
	}
	m.b = append(m.b, b)
}

func (m *metadata) strs(key string, values []string) {
	m.array(key, ggufString, len(values))
	for _, v := range values {
		m.b = appendString(m.b, v)
	}
}

func (m *metadata) int32s(key string, values []int32) {
	m.array(key, ggufInt32, len(values))
	for _, v := range values {
		m.b = binary.LittleEndian.AppendUint32(m.b, uint32(v))
	}
}

func (m *metadata) float32s(key string, values []float32) {
	m.array(key, ggufFloat32, len(values))
	for _, v := range values {
		m.b = binary.LittleEndian.AppendUint32(m.b, math.Float32bits(v))
	}
}

func appendString(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}

// runes are what the tokens that are no bytes are called, in this order: ranges of assigned, printable, single
// characters, and for the largest vocabularies the planes for private use.
var runes = [][2]rune{
	{0x4e00, 0x9fff},     // CJK unified ideographs
	{0xac00, 0xd7a3},     // Hangul syllables
	{0x3400, 0x4dbf},     // CJK extension A
	{0x20000, 0x2a6df},   // CJK extension B
	{0xf0000, 0xffffd},   // private use
	{0x100000, 0x10fffd}, // private use
}

// vocabulary names the model's tokens, in the manner of a SentencePiece vocabulary with byte fallback. The first
// 256 that are neither BOS nor EOS are bytes, which with the byte tokenizer's ids are its bytes; each of the
// others is one character that no byte and no other token begins. So every text has tokens, and a server that
// takes a generated text back finds the tokens it was made of.
//
// The space is called U+2581, because SentencePiece writes it so: that character alone is not itself in the
// vocabulary and comes back as a space.
func vocabulary(c Config) (tokens []string, kinds []int32, err error) {
	special := 2
	if c.BOS == c.EOS {
		special = 1
	}
	room := 0
	for _, r := range runes {
		room += int(r[1]-r[0]) + 1
	}
	if most := 256 + special + room; c.VocabSize < 256+special || c.VocabSize > most {
		return nil, nil, fmt.Errorf("a vocabulary of %d tokens cannot be named: want %d to %d", c.VocabSize, 256+special, most)
	}
	nextByte, span, next := 0, 0, runes[0][0]
	for id := range uint32(c.VocabSize) {
		token, kind := "", ggufNormalToken
		switch {
		case id == c.BOS:
			token, kind = "<s>", ggufControlToken
		case id == c.EOS:
			token, kind = "</s>", ggufControlToken
		case nextByte == ' ':
			token = "\u2581"
			nextByte++
		case nextByte < 256:
			token, kind = fmt.Sprintf("<0x%02X>", nextByte), ggufByteToken
			nextByte++
		default:
			if next > runes[span][1] {
				span++
				next = runes[span][0]
			}
			token = string(next)
			next++
		}
		tokens, kinds = append(tokens, token), append(kinds, kind)
	}
	return tokens, kinds, nil
}
