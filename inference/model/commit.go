package model

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp/internal/merkle"
)

// Root commits to everything about w that decides what it computes: the root of the protocol's Merkle
// tree over
//
//	keccak(configuration as canonical JSON),
//	then for each tensor in the order of Tensors, for each of its rows,
//	keccak(the row's binary32 bit patterns, big-endian)
//
// so that one row of one matrix, which is what one output element depends on, can be opened alone. The
// configuration says which row stands at which index.
//
// How the weights were stored does not matter, only their values: a model saved as BF16 and widened to F32
// has the same root.
func (w *Weights) Root() common.Hash {
	values := []common.Hash{crypto.Keccak256Hash(w.Config.canonical())}
	var bits []byte
	for _, t := range w.Tensors() {
		for row := range slices.Chunk(t.Data, t.Cols) {
			bits = bits[:0]
			for _, x := range row {
				bits = binary.BigEndian.AppendUint32(bits, math.Float32bits(x))
			}
			values = append(values, crypto.Keccak256Hash(bits))
		}
	}
	return merkle.Root(values)
}
