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
	// EvidenceFull holds log-probabilities and choice margins: an operator's,
	// of a greedy or seeded answer.
	EvidenceFull EvidenceKind = 2
	// EvidenceIntervals holds log-probabilities and the tokens' intervals in the
	// cumulative distribution: an operator's, of an unseeded answer.
	EvidenceIntervals EvidenceKind = 3
)

// Nat is one nat in the fixed point of evidence (Q24).
const Nat = 1 << 24

// MaxPositions bounds one evidence, so that a decoder's memory is bounded.
const MaxPositions = 1 << 17

// Unit is probability 1 in the fixed point of intervals (Q30).
const Unit = 1 << 30

// Evidence is one recomputation of an output, by position. Log-probabilities
// and margins are in Q24 nats, probabilities in Q30.
//
// LogProb is the log-probability of the claimed token under the full softmax
// at temperature 1, clipped to [-127, 0]. Margin is how far the claimed token
// was from the token that the sampling rule would have chosen, clipped to
// [0, 127]: greedy, the best logit minus the claimed one; seeded, the same
// after temperature, top-p and noise.
//
// Below and Mass are of the distribution that the unseeded rule draws from
// (after temperature and top-p), its tokens in descending order of probability:
// Below is the probability of the tokens before the claimed one, Mass that of
// the claimed one, or of the group of tokens that it was not told apart from.
// Together at most 1. A token that the rule never draws has Below 1, Mass 0.
type Evidence struct {
	Kind    EvidenceKind
	LogProb []int32
	Margin  []int32 // nil unless Kind is EvidenceFull
	Below   []int32 // nil unless Kind is EvidenceIntervals
	Mass    []int32 // as Below
}

// Recomputed is the kind of evidence that an operator owes of an answer drawn
// by the rule.
func (r SamplingRule) Recomputed() EvidenceKind {
	if r == Unseeded {
		return EvidenceIntervals
	}
	return EvidenceFull
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

// ToUnit rounds a probability to Q30, clipped to [0, 1]. NaN becomes 0.
func ToUnit(p float64) int32 {
	switch {
	case !(p > 0):
		return 0
	case p >= 1:
		return Unit
	}
	return int32(math.Round(p * Unit))
}

// columns are the lists of n numbers that evidence of a kind is made of, in
// the order of the encoding.
func (e *Evidence) columns() []*[]int32 {
	switch e.Kind {
	case EvidenceLogProbs:
		return []*[]int32{&e.LogProb}
	case EvidenceFull:
		return []*[]int32{&e.LogProb, &e.Margin}
	case EvidenceIntervals:
		return []*[]int32{&e.LogProb, &e.Below, &e.Mass}
	}
	return nil
}

// Whole says whether every column of the kind has the same n positions.
func (e *Evidence) Whole(n int) bool {
	for _, c := range e.columns() {
		if len(*c) != n {
			return false
		}
	}
	return e.Kind <= EvidenceIntervals && (e.Kind != EvidenceNone || n == 0)
}

// Encode is: version 1, kind, n as 4 bytes, n log-probabilities, then (kind
// full) n margins or (kind intervals) n times below and n times mass, 4 bytes
// each in two's complement.
func (e Evidence) Encode() []byte {
	columns := e.columns()
	b := make([]byte, 0, 6+4*len(columns)*len(e.LogProb))
	b = append(b, 1, byte(e.Kind))
	b = binary.BigEndian.AppendUint32(b, uint32(len(e.LogProb)))
	for _, column := range columns {
		for _, x := range *column {
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
	columns := e.columns()
	switch {
	case e.Kind > EvidenceIntervals:
		return Evidence{}, Invalidf("evidence: unknown kind %d", e.Kind)
	case e.Kind == EvidenceNone && n != 0:
		return Evidence{}, Invalidf("evidence: kind none with %d positions", n)
	case n > MaxPositions:
		return Evidence{}, Invalidf("evidence: %d positions, at most %d", n, MaxPositions)
	case uint64(len(b)) != 6+4*uint64(len(columns))*n:
		return Evidence{}, Invalidf("evidence: %d bytes for %d positions of kind %d", len(b), n, e.Kind)
	}
	b = b[6:]
	for _, column := range columns {
		lo, hi := int32(0), int32(127*Nat)
		switch column {
		case &e.LogProb:
			lo, hi = -127*Nat, 0
		case &e.Below, &e.Mass:
			hi = Unit
		}
		*column = make([]int32, n)
		for i := range *column {
			x := int32(binary.BigEndian.Uint32(b[4*i:]))
			if x < lo || x > hi {
				return Evidence{}, Invalidf("evidence: position %d is out of range", i)
			}
			(*column)[i] = x
		}
		b = b[4*n:]
	}
	for i := range e.Below {
		if e.Below[i] > Unit-e.Mass[i] {
			return Evidence{}, Invalidf("evidence: position %d has more probability than 1", i)
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
