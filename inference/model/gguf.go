package model

import (
	"strconv"
	"strings"
)

// GGUF is the file format of ggml (llama.cpp, Ollama): a header, typed key-value metadata, a description of each
// tensor, and the tensors' data, little-endian and aligned. The format is described in ggml's docs/gguf.md; the
// keys and names of each architecture stand in llama.cpp's src/llama-arch.cpp. gguf_read.go reads such files,
// gguf_write.go writes them.
//
// Two things differ from Hugging Face's layout, which Weights have: tensors have other names and list their
// dimensions from the innermost, and architecture llama keeps the rows of the query and key projections in
// another order (ggufRow).
const (
	ggufMagic     = "GGUF"
	ggufVersion   = 3  // version 2 is the same for little-endian files
	ggufAlignment = 32 // of the data and of each tensor in it, unless general.alignment says otherwise
	ggufMaxName   = 63 // bytes of a tensor's name
)

// ggufType is the type of a metadata value.
type ggufType uint32

const (
	ggufUint8 ggufType = iota
	ggufInt8
	ggufUint16
	ggufInt16
	ggufUint32
	ggufInt32
	ggufFloat32
	ggufBool
	ggufString
	ggufArray
	ggufUint64
	ggufInt64
	ggufFloat64
)

// The numbers that GGUF gives to the formats of tensors (ggml_type) and to a file mostly of one format
// (general.file_type).
var (
	ggufFormat   = map[uint32]Format{0: F32, 1: F16, 30: BF16}
	ggufFormatID = map[Format]uint32{F32: 0, F16: 1, BF16: 30}
	ggufFileType = map[Format]uint32{F32: 0, F16: 1, BF16: 32}
)

// Kinds of tokens (tokenizer.ggml.token_type).
const (
	ggufNormalToken  int32 = 1
	ggufControlToken int32 = 3
	ggufByteToken    int32 = 6
)

// ggufNames are GGUF's names of the tensors, by Hugging Face's; those of a layer without its prefix.
var ggufNames = map[string]string{
	"model.embed_tokens.weight":       "token_embd.weight",
	"model.norm.weight":               "output_norm.weight",
	"lm_head.weight":                  "output.weight",
	"input_layernorm.weight":          "attn_norm.weight",
	"self_attn.q_proj.weight":         "attn_q.weight",
	"self_attn.k_proj.weight":         "attn_k.weight",
	"self_attn.v_proj.weight":         "attn_v.weight",
	"self_attn.q_proj.bias":           "attn_q.bias",
	"self_attn.k_proj.bias":           "attn_k.bias",
	"self_attn.v_proj.bias":           "attn_v.bias",
	"self_attn.q_norm.weight":         "attn_q_norm.weight",
	"self_attn.k_norm.weight":         "attn_k_norm.weight",
	"self_attn.o_proj.weight":         "attn_output.weight",
	"post_attention_layernorm.weight": "ffn_norm.weight",
	"mlp.gate_proj.weight":            "ffn_gate.weight",
	"mlp.up_proj.weight":              "ffn_up.weight",
	"mlp.down_proj.weight":            "ffn_down.weight",
}

// ggufName is GGUF's name of a tensor that tensors lists.
func ggufName(name string) string {
	if layer, ok := strings.CutPrefix(name, "model.layers."); ok {
		number, rest, _ := strings.Cut(layer, ".")
		return "blk." + number + "." + ggufNames[rest]
	}
	return ggufNames[name]
}

// interleaved reports whether a file of a model of that type keeps t's rows in the order of ggufRow: the query and
// key projections of architecture llama.
func interleaved(modelType string, t Tensor) bool {
	return modelType == Llama && (strings.HasSuffix(t.Name, ".q_proj.weight") || strings.HasSuffix(t.Name, ".k_proj.weight"))
}

// ggufRow is where GGUF keeps row r of a projection whose heads are interleaved. The rotation turns pairs of
// elements: Hugging Face pairs i with i + HeadDim/2 (rotate-half), ggml's rotation of llama pairs 2i with 2i+1.
func ggufRow(r, headDim int) int {
	first, i := r/headDim*headDim, r%headDim
	if half := headDim / 2; i >= half {
		return first + 2*(i-half) + 1
	}
	return first + 2*i
}

// shortest is the binary64 that has the shortest decimal spelling of x: what a configuration that was written in
// decimals said before a GGUF file rounded it to binary32.
func shortest(x float32) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(float64(x), 'g', -1, 32), 64)
	return y
}
