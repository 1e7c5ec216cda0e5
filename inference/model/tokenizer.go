package model

import (
	"bytes"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Token ids of the byte tokenizer: a byte is its own id.
const (
	BOS uint32 = 256 // begins a document
	EOS uint32 = 257 // ends it
)

// The codec is part of what decides an output, so a spec names it by hash. These texts are what is hashed;
// a change of behaviour is a change of text.
const (
	tokenizerText = "posp byte tokenizer v1: ids 0-255 are the bytes; 256 is BOS; 257 is EOS; " +
		"encoding never makes 256 or 257; decoding skips them"
	chatTemplateText = "posp chat template v1: BOS; then for each message, in order, whatever its role, " +
		"for each line of its content, split at LF, one trailing LF dropped: \"// \" line LF"
)

// TokenizerHash identifies Encode and Decode.
func TokenizerHash() common.Hash { return crypto.Keccak256Hash([]byte(tokenizerText)) }

// ChatTemplateHash identifies EncodeChat.
func ChatTemplateHash() common.Hash { return crypto.Keccak256Hash([]byte(chatTemplateText)) }

// Encode returns the token ids of text, one per byte. No special token can be made by text.
func Encode(text []byte) []uint32 {
	ids := make([]uint32, len(text))
	for i, b := range text {
		ids[i] = uint32(b)
	}
	return ids
}

// EncodePrompt frames text as the beginning of a document, as in training: BOS and the text.
func EncodePrompt(text []byte) []uint32 { return append([]uint32{BOS}, Encode(text)...) }

// Decode returns the bytes of ids. Special tokens have no bytes. The result need not be valid UTF-8.
func Decode(ids []uint32) []byte {
	text := make([]byte, 0, len(ids))
	for _, id := range ids {
		if id < 256 {
			text = append(text, byte(id))
		}
	}
	return text
}

// EncodeChat renders messages for a model that has read only Go: the conversation becomes the comment of a
// declaration, which the model then writes. Roles make no difference.
func EncodeChat(contents [][]byte) []uint32 {
	ids := []uint32{BOS}
	for _, c := range contents {
		for line := range bytes.SplitSeq(bytes.TrimSuffix(c, []byte("\n")), []byte("\n")) {
			ids = append(ids, Encode([]byte("// "))...)
			ids = append(ids, Encode(line)...)
			ids = append(ids, '\n')
		}
	}
	return ids
}
