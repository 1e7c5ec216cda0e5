package model

import (
	"encoding/binary"
	"math"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
)

// Root commits to everything about w that decides what it computes: the root of the protocol's Merkle
// tree whose values are, in this order,
//
//	value 0:  keccak(configuration as canonical JSON)
//	then, for each tensor in the order of Tensors, for each row:
//	          keccak(uint32 tensor ‖ uint32 row ‖ the row's binary32 bit patterns), all big-endian
//
// so that one row of one matrix, which is what one output element depends on, can be opened alone.
// How the weights were stored does not matter, only their values: a model saved as BF16 and widened to F32
// has the same root.
func (w *Weights) Root() common.Hash {
	values := []common.Hash{crypto.Keccak256Hash(w.Config.canonical())}
	var row []byte
	for i, t := range w.Tensors() {
		for r := range t.Rows {
			row = binary.BigEndian.AppendUint32(row[:0], uint32(i))
			row = binary.BigEndian.AppendUint32(row, uint32(r))
			for _, x := range t.Data[r*t.Cols : (r+1)*t.Cols] {
				row = binary.BigEndian.AppendUint32(row, math.Float32bits(x))
			}
			values = append(values, crypto.Keccak256Hash(row))
		}
	}
	return merkleRoot(values)
}

// merkleRoot is the protocol's tree (PROTOCOL.md section 2): leaves keccak(0 ‖ value), nodes keccak(1 ‖
// left ‖ right), zero leaves on the right up to a power of two.
func merkleRoot(values []common.Hash) common.Hash {
	level := make([]common.Hash, len(values))
	for i, v := range values {
		level[i] = crypto.Keccak256Hash([]byte{0}, v[:])
	}
	for pad := (common.Hash{}); len(level) > 1; pad = crypto.Keccak256Hash([]byte{1}, pad[:], pad[:]) {
		if len(level)%2 == 1 {
			level = append(level, pad)
		}
		for i := range len(level) / 2 {
			level[i] = crypto.Keccak256Hash([]byte{1}, level[2*i][:], level[2*i+1][:])
		}
		level = level[:len(level)/2]
	}
	return level[0]
}
