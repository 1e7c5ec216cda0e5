// Package posp is the vocabulary of Proof of Sampling: the values that the
// roles exchange, their canonical encodings, and the digests that are signed.
// It does no I/O and decides nothing. docs/protocol.md says the same in prose;
// contracts/src/libraries/DigestLib.sol says it in Solidity, under the vectors
// of tests/vectors.
//
// All hashes are keccak256, all integers big-endian. Where a digest is written
// keccak(abi(...)) every argument is one 32-byte word, as Solidity's
// abi.encode lays out values of fixed size.
package posp

import (
	"encoding/binary"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

type (
	// Address is a provider, operator, buyer or contract.
	Address = common.Address
	// Hash is any 32-byte value: digest, root, id, salt, nonce or beacon.
	Hash = common.Hash
)

// Domain is what a deployment's receipts and batches are bound to.
type Domain struct {
	ChainID  uint64  `json:"chainId"`
	Registry Address `json:"registry"` // the BatchRegistry
}

// ValidationError says that a peer sent something that cannot be right. The
// peer is to blame: drop, count, go on. Every other error is our own.
type ValidationError struct{ Reason string }

func (e *ValidationError) Error() string { return e.Reason }

// Invalidf makes a ValidationError.
func Invalidf(format string, args ...any) error {
	return &ValidationError{Reason: fmt.Sprintf(format, args...)}
}

// Tag separates the domains of digests: keccak of the name.
func Tag(name string) Hash { return crypto.Keccak256Hash([]byte(name)) }

var (
	tagBatch    = Tag("posp.batch.v1")
	tagSeed     = Tag("posp.seed.v1")
	tagSample   = Tag("posp.sample.v1")
	tagSpec     = Tag("posp.spec.v1")
	tagRequest  = Tag("posp.request.v1")
	tagOutput   = Tag("posp.output.v1")
	tagEvidence = Tag("posp.evidence.v1")
	tagOpen     = Tag("posp.open.v1")
	tagCommit   = Tag("posp.commit.v1")
	tagReveal   = Tag("posp.reveal.v1")
	tagVerdict  = Tag("posp.verdict.v1")
	tagResult   = Tag("posp.result.v1")
	tagCert     = Tag("posp.certificate.v1")
	tagFault    = Tag("posp.fault.v1")
	tagMember   = Tag("posp.member.v1")
	tagHeld     = Tag("posp.held.v1")
	tagBuyer    = Tag("posp.buyer.v1")
	tagRead     = Tag("posp.read.v1")
	tagDemand   = Tag("posp.ondemand.v1")

	tagGame          = Tag("posp.game.v1")
	tagHiddenRequest = Tag("posp.request.hidden.v1")
	tagHiddenOutput  = Tag("posp.output.hidden.v1")
)

// words is the abi encoding of fixed-size values under construction.
type words []byte

func (w words) hash(h Hash) words    { return append(w, h[:]...) }
func (w words) addr(a Address) words { return append(append(w, make([]byte, 12)...), a[:]...) }
func (w words) uint(x uint64) words {
	return binary.BigEndian.AppendUint64(append(w, make([]byte, 24)...), x)
}
func (w words) int(x int64) words {
	var pad [24]byte
	if x < 0 {
		for i := range pad {
			pad[i] = 0xff
		}
	}
	return binary.BigEndian.AppendUint64(append(w, pad[:]...), uint64(x))
}
func (w words) big(x *uint256.Int) words { b := x.Bytes32(); return append(w, b[:]...) }

// bytes appends the tail of a dynamic byte string: length, then padded data.
func (w words) bytes(b []byte) words {
	w = append(w.uint(uint64(len(b))), b...)
	return append(w, make([]byte, (32-len(b)%32)%32)...)
}
func (w words) sum() Hash { return crypto.Keccak256Hash(w) }

// Seed is the randomness of one batch: keccak(abi(tag, chainId, registry,
// epoch, batchId, beacon)).
func Seed(d Domain, epoch uint64, batchID, beacon Hash) Hash {
	return words{}.hash(tagSeed).uint(d.ChainID).addr(d.Registry).uint(epoch).hash(batchID).hash(beacon).sum()
}

// SampleID names the j-th sampled leaf of a batch.
func SampleID(batchID Hash, j, leaf uint64) Hash {
	return words{}.hash(tagSample).hash(batchID).uint(j).uint(leaf).sum()
}
