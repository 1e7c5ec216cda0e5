// Package beacon reads the epoch's random value, prevrandao, out of a block header, as the contract
// does: the header in RLP proves itself by hashing to the block hash.
package beacon

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"

	"github.com/proof-of-sampling/posp"
)

// Positions in the header list. Fields that later forks append do not move them.
const (
	fieldDifficulty = 7
	fieldNumber     = 8
	fieldMixHash    = 13
)

// maxHeader is far above a header's size (about 600 bytes) and bounds work on a peer's bytes.
const maxHeader = 4096

// PrevRandao returns the number and the prevrandao of the block whose RLP header hashes to blockHash. All
// errors are the peer's: posp.ValidationError.
func PrevRandao(header []byte, blockHash posp.Hash) (number uint64, value posp.Hash, err error) {
	if len(header) > maxHeader {
		return 0, posp.Hash{}, posp.Invalidf("block header of %d bytes: at most %d", len(header), maxHeader)
	}
	if got := crypto.Keccak256Hash(header); got != blockHash {
		return 0, posp.Hash{}, posp.Invalidf("block header hashes to %s, not to %s", got, blockHash)
	}
	list, rest, err := rlp.SplitList(header)
	if err != nil || len(rest) != 0 {
		return 0, posp.Hash{}, posp.Invalidf("block header is not one RLP list")
	}
	for i := 0; i <= fieldMixHash; i++ {
		var field []byte
		if field, list, err = rlp.SplitString(list); err != nil {
			return 0, posp.Hash{}, posp.Invalidf("block header field %d: %v", i, err)
		}
		switch i {
		case fieldDifficulty:
			// Before the merge the miner chose this field.
			if len(field) != 0 {
				return 0, posp.Hash{}, posp.Invalidf("block header has a difficulty: it is from before the merge and holds no prevrandao")
			}
		case fieldNumber:
			if len(field) > 8 {
				return 0, posp.Hash{}, posp.Invalidf("block header number does not fit 64 bits")
			}
			var b [8]byte
			copy(b[8-len(field):], field)
			number = binary.BigEndian.Uint64(b[:])
		case fieldMixHash:
			if len(field) != 32 {
				return 0, posp.Hash{}, posp.Invalidf("block header prevrandao has %d bytes", len(field))
			}
			value = posp.Hash(field)
		}
	}
	return number, value, nil
}
