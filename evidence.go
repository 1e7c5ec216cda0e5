package posp

import (
	"encoding/binary"
	"encoding/json"
	"math"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// EvidenceKind says what an evidence holds.
type EvidenceKind uint8

const (
	// EvidenceNone is an operator's statement that the provider did not open
	// the sample to it. It has no positions.
	EvidenceNone EvidenceKind = 0
	// EvidenceLogProbs holds log-probabilities only: a provider's fingerprint.
	EvidenceLogProbs EvidenceKind = 1
	// EvidenceFull holds log-probabilities and choice margins: an operator's.
	EvidenceFull EvidenceKind = 2
)

// Nat is one nat in the fixed point of evidence (Q24).
const Nat = 1 << 24

// MaxPositions bounds one evidence, so that a decoder's memory is bounded.
const MaxPositions = 1 << 17

// Evidence is one recomputation of an output, by position, in Q24 nats.
//
// LogProb is the log-probability of the claimed token under the full softmax
// at temperature 1, clipped to [-127, 0]. Margin is how far the claimed token
// was from the token that the sampling rule would have chosen, clipped to
// [0, 127]: greedy, the best logit minus the claimed one; seeded, the same
// after temperature, top-p and noise.
type Evidence struct {
	Kind    EvidenceKind
	LogProb []int32
	Margin  []int32 // nil unless Kind is EvidenceFull
}

// ToFixed rounds nats to Q24, half away from zero, clipped to [-127, 127].
// NaN becomes -127: a number that could not be computed convinces nobody.
func ToFixed(nats float64) int32 {
	switch {
	case math.IsNaN(nats) || nats <= -127:
		return -127 * Nat
	case nats >= 127:
		return 127 * Nat
	}
	return int32(math.Round(nats * Nat))
}

// Encode is: version 1, kind, n as 4 bytes, n log-probabilities, then (kind
// full) n margins, 4 bytes each in two's complement.
func (e Evidence) Encode() []byte {
	b := make([]byte, 0, 6+8*len(e.LogProb))
	b = append(b, 1, byte(e.Kind))
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.LogProb)))
	for _, x := range e.LogProb {
		b = binary.BigEndian.AppendUint32(b, uint32(x))
	}
	if e.Kind == EvidenceFull {
		for _, x := range e.Margin {
			b = binary.BigEndian.AppendUint32(b, uint32(x))
		}
	}
	return b
}

// DecodeEvidence reads what Encode writes, and nothing else: every accepted
// byte string is the encoding of the value it decodes to.
func DecodeEvidence(b []byte) (Evidence, error) {
	if len(b) < 6 || b[0] != 1 {
		return Evidence{}, Invalidf("evidence: no version 1 header in %d bytes", len(b))
	}
	e := Evidence{Kind: EvidenceKind(b[1])}
	n := uint64(binary.BigEndian.Uint32(b[2:6]))
	per := map[EvidenceKind]uint64{EvidenceLogProbs: 4, EvidenceFull: 8}[e.Kind]
	switch {
	case e.Kind > EvidenceFull:
		return Evidence{}, Invalidf("evidence: unknown kind %d", e.Kind)
	case e.Kind == EvidenceNone && n != 0:
		return Evidence{}, Invalidf("evidence: kind none with %d positions", n)
	case n > MaxPositions:
		return Evidence{}, Invalidf("evidence: %d positions, at most %d", n, MaxPositions)
	case uint64(len(b)) != 6+per*n:
		return Evidence{}, Invalidf("evidence: %d bytes for %d positions of kind %d", len(b), n, e.Kind)
	}
	b = b[6:]
	read := func(lo, hi int32) ([]int32, error) {
		xs := make([]int32, n)
		for i := range xs {
			xs[i] = int32(binary.BigEndian.Uint32(b[4*i:]))
			if xs[i] < lo || xs[i] > hi {
				return nil, Invalidf("evidence: position %d is out of range", i)
			}
		}
		b = b[4*n:]
		return xs, nil
	}
	var err error
	if e.Kind != EvidenceNone {
		if e.LogProb, err = read(-127*Nat, 0); err != nil {
			return Evidence{}, err
		}
	}
	if e.Kind == EvidenceFull {
		if e.Margin, err = read(0, 127*Nat); err != nil {
			return Evidence{}, err
		}
	}
	return e, nil
}

// Hash is keccak of the encoding.
func (e Evidence) Hash() Hash { return crypto.Keccak256Hash(e.Encode()) }

// MarshalJSON writes the encoding as 0x-hex.
func (e Evidence) MarshalJSON() ([]byte, error) { return json.Marshal(hexutil.Bytes(e.Encode())) }

// UnmarshalJSON reads what MarshalJSON writes.
func (e *Evidence) UnmarshalJSON(b []byte) (err error) {
	var raw hexutil.Bytes
	if err = json.Unmarshal(b, &raw); err != nil {
		return err
	}
	*e, err = DecodeEvidence(raw)
	return err
}
