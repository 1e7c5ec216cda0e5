// Package model holds a language model as values: its configuration, its weights, the commitment to
// them, and the text codec (tokenizer and chat template) that belongs to them. It computes nothing with
// the model; packages float and reference do.
//
// The architecture is Llama (RMSNorm, rotary positions in the rotate-half layout, grouped-query attention,
// SwiGLU) and its two near relatives: Qwen2, which adds biases to the query, key and value projections, and
// Qwen3, which normalises each query and key head instead. All are held under Hugging Face's names and in its
// layout, whatever file they came from.
package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// The model types that Weights can hold.
const (
	Llama = "llama"
	Qwen2 = "qwen2" // with QBias, KBias and VBias
	Qwen3 = "qwen3" // with QNorm and KNorm
)

// Config is the shape of a model, under Hugging Face's names. A Config from Load has passed Check.
//
// Its JSON is part of the commitment (Root): a field added here must be omitted from the JSON of every model
// that can do without it.
type Config struct {
	ModelType        string  `json:"model_type"`
	HiddenSize       int     `json:"hidden_size"`
	Layers           int     `json:"num_hidden_layers"`
	Heads            int     `json:"num_attention_heads"`
	KVHeads          int     `json:"num_key_value_heads"`
	IntermediateSize int     `json:"intermediate_size"`
	VocabSize        int     `json:"vocab_size"`
	ContextLength    int     `json:"max_position_embeddings"` // positions, prompt and output together
	RMSNormEps       float64 `json:"rms_norm_eps"`
	RopeTheta        float64 `json:"rope_theta"`
	TieEmbeddings    bool    `json:"tie_word_embeddings"` // the output projection is the embedding
	BOS              uint32  `json:"bos_token_id"`
	EOS              uint32  `json:"eos_token_id"`
	HeadWidth        int     `json:"head_dim,omitzero"` // read it through HeadDim; 0: HiddenSize / Heads
}

// HeadDim is the width of one attention head.
func (c Config) HeadDim() int {
	if c.HeadWidth > 0 {
		return c.HeadWidth
	}
	return c.HiddenSize / c.Heads
}

// QSize is the width of the queries of one position: Heads * HeadDim. In most models it is HiddenSize.
func (c Config) QSize() int { return c.Heads * c.HeadDim() }

// KVSize is the width of the keys (and of the values) of one position: KVHeads * HeadDim.
func (c Config) KVSize() int { return c.KVHeads * c.HeadDim() }

// Biased reports whether the query, key and value projections add a bias.
func (c Config) Biased() bool { return c.ModelType == Qwen2 }

// NormedHeads reports whether each head's query and key pass an RMSNorm of their own before the rotation.
func (c Config) NormedHeads() bool { return c.ModelType == Qwen3 }

// Plain reports whether c is the Llama of the first papers: no biases, no norms of heads, and heads that
// together are as wide as the model. An engine that computes no more than that must refuse the others.
func (c Config) Plain() bool { return c.ModelType == Llama && c.QSize() == c.HiddenSize }

// normal is c in the one spelling that the commitment knows: a head width is named only where it does not
// follow from the rest.
func (c Config) normal() Config {
	if c.HeadWidth*c.Heads == c.HiddenSize {
		c.HeadWidth = 0
	}
	return c
}

// Check reports everything that makes c no model this package can hold.
func (c Config) Check() error {
	var errs []error
	bad := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	if !slices.Contains([]string{Llama, Qwen2, Qwen3}, c.ModelType) {
		bad("model_type is %q, want llama, qwen2 or qwen3", c.ModelType)
	}
	for _, d := range []struct {
		name       string
		value, max int
	}{
		{"hidden_size", c.HiddenSize, 1 << 16},
		{"num_hidden_layers", c.Layers, 1 << 10},
		{"num_attention_heads", c.Heads, 1 << 10},
		{"num_key_value_heads", c.KVHeads, 1 << 10},
		{"intermediate_size", c.IntermediateSize, 1 << 18},
		{"vocab_size", c.VocabSize, 1 << 20},
		{"max_position_embeddings", c.ContextLength, 1 << 20},
	} {
		if d.value < 1 || d.value > d.max {
			bad("%s is %d, want 1 to %d", d.name, d.value, d.max)
		}
	}
	if len(errs) > 0 { // the rest divides by what was just found wrong
		return errors.Join(errs...)
	}
	if c.HeadWidth < 0 || c.HeadWidth > 1<<12 || c.HeadWidth%2 != 0 {
		bad("head_dim is %d, want an even number up to %d, or none", c.HeadWidth, 1<<12)
	}
	if c.HeadWidth == 0 && (c.HiddenSize%c.Heads != 0 || c.HeadDim()%2 != 0) {
		bad("hidden_size %d does not split into %d heads of even width", c.HiddenSize, c.Heads)
	}
	if c.Heads%c.KVHeads != 0 {
		bad("%d attention heads do not share %d key-value heads evenly", c.Heads, c.KVHeads)
	}
	if !(c.RMSNormEps > 0 && c.RMSNormEps < 1) {
		bad("rms_norm_eps is %g, want between 0 and 1", c.RMSNormEps)
	}
	if !(c.RopeTheta > 1 && c.RopeTheta < 1e12) {
		bad("rope_theta is %g, want between 1 and 1e12", c.RopeTheta)
	}
	if int64(c.BOS) >= int64(c.VocabSize) || int64(c.EOS) >= int64(c.VocabSize) {
		bad("bos_token_id %d and eos_token_id %d must lie below vocab_size %d", c.BOS, c.EOS, c.VocabSize)
	}
	return errors.Join(errs...)
}

// canonical is c in one fixed spelling, for the commitment: encoding/json writes struct fields in
// their order and numbers in their shortest form.
func (c Config) canonical() []byte {
	b, err := json.Marshal(c.normal())
	if err != nil { // no NaN or Inf passes Check
		return nil
	}
	return b
}

// Weights is a model. All matrices are row-major [out][in], so that one row makes one output. Weights
// are shared between engines and must not be written to after Load.
type Weights struct {
	Config    Config
	Metadata  map[string]string // of the file, without the configuration
	Embedding []float32         // [VocabSize][HiddenSize]
	Layers    []Layer
	Norm      []float32 // [HiddenSize]
	Head      []float32 // [VocabSize][HiddenSize]; the same memory as Embedding when tied
}

// Layer is one transformer block.
type Layer struct {
	AttentionNorm []float32 // [HiddenSize]
	Q             []float32 // [QSize][HiddenSize]
	K             []float32 // [KVSize][HiddenSize]
	V             []float32 // [KVSize][HiddenSize]
	QBias         []float32 // [QSize]; nil unless Config.Biased
	KBias         []float32 // [KVSize]; likewise
	VBias         []float32 // [KVSize]; likewise
	QNorm         []float32 // [HeadDim]; nil unless Config.NormedHeads
	KNorm         []float32 // [HeadDim]; likewise
	O             []float32 // [HiddenSize][QSize]
	MLPNorm       []float32 // [HiddenSize]
	Gate          []float32 // [IntermediateSize][HiddenSize]
	Up            []float32 // [IntermediateSize][HiddenSize]
	Down          []float32 // [HiddenSize][IntermediateSize]
}

// Tensor is one named matrix of a model; a vector is a matrix of one row.
type Tensor struct {
	Name       string
	Rows, Cols int
	Vector     bool      // one-dimensional in the file
	Linear     bool      // one of a layer's projections: what weight quantisation applies to
	Data       []float32 // [Rows][Cols]
}

// New returns a model of that shape with all weights zero.
func New(c Config) (*Weights, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	d, q, kv, hd, ffn := c.HiddenSize, c.QSize(), c.KVSize(), c.HeadDim(), c.IntermediateSize
	make2 := func(rows, cols int) []float32 { return make([]float32, rows*cols) }
	w := &Weights{Config: c, Embedding: make2(c.VocabSize, d), Norm: make2(1, d)}
	for range c.Layers {
		l := Layer{
			AttentionNorm: make2(1, d), Q: make2(q, d), K: make2(kv, d), V: make2(kv, d), O: make2(d, q),
			MLPNorm: make2(1, d), Gate: make2(ffn, d), Up: make2(ffn, d), Down: make2(d, ffn),
		}
		if c.Biased() {
			l.QBias, l.KBias, l.VBias = make2(1, q), make2(1, kv), make2(1, kv)
		}
		if c.NormedHeads() {
			l.QNorm, l.KNorm = make2(1, hd), make2(1, hd)
		}
		w.Layers = append(w.Layers, l)
	}
	w.Head = w.Embedding
	if !c.TieEmbeddings {
		w.Head = make2(c.VocabSize, d)
	}
	return w, nil
}

// Tensors lists the model's matrices in the order that the commitment uses: the embedding, each layer's
// in the order of computation, the last norm, and the output projection unless it is the embedding.
func (w *Weights) Tensors() []Tensor { return tensors(w.Config, w) }

// tensors describes the matrices of a model of shape c; with w nil, without their data.
func tensors(c Config, w *Weights) []Tensor {
	d, q, kv, hd, ffn := c.HiddenSize, c.QSize(), c.KVSize(), c.HeadDim(), c.IntermediateSize
	if w == nil {
		w = &Weights{Layers: make([]Layer, c.Layers)}
	}
	ts := []Tensor{{Name: "model.embed_tokens.weight", Rows: c.VocabSize, Cols: d, Data: w.Embedding}}
	for i, l := range w.Layers {
		vector := func(name string, cols int, data []float32) {
			ts = append(ts, Tensor{Name: fmt.Sprintf("model.layers.%d.%s", i, name), Rows: 1, Cols: cols, Vector: true, Data: data})
		}
		linear := func(name string, rows, cols int, data []float32) {
			ts = append(ts, Tensor{Name: fmt.Sprintf("model.layers.%d.%s.weight", i, name), Rows: rows, Cols: cols, Linear: true, Data: data})
		}
		vector("input_layernorm.weight", d, l.AttentionNorm)
		linear("self_attn.q_proj", q, d, l.Q)
		linear("self_attn.k_proj", kv, d, l.K)
		linear("self_attn.v_proj", kv, d, l.V)
		if c.Biased() {
			vector("self_attn.q_proj.bias", q, l.QBias)
			vector("self_attn.k_proj.bias", kv, l.KBias)
			vector("self_attn.v_proj.bias", kv, l.VBias)
		}
		if c.NormedHeads() {
			vector("self_attn.q_norm.weight", hd, l.QNorm)
			vector("self_attn.k_norm.weight", hd, l.KNorm)
		}
		linear("self_attn.o_proj", d, q, l.O)
		vector("post_attention_layernorm.weight", d, l.MLPNorm)
		linear("mlp.gate_proj", ffn, d, l.Gate)
		linear("mlp.up_proj", ffn, d, l.Up)
		linear("mlp.down_proj", d, ffn, l.Down)
	}
	ts = append(ts, Tensor{Name: "model.norm.weight", Rows: 1, Cols: d, Vector: true, Data: w.Norm})
	if !c.TieEmbeddings {
		ts = append(ts, Tensor{Name: "lm_head.weight", Rows: c.VocabSize, Cols: d, Data: w.Head})
	}
	return ts
}
