// Package verdict says what evidence means: whether a provider's claim and the
// committee's recomputations fit together, what that is worth as evidence
// against somebody, and what a whole epoch's evidence comes to. It is pure:
// everybody who holds the same evidence derives the same result, to the byte.
// Judging uses integers only; calibrate.go, which makes policies, does not
// judge. PROTOCOL.md section 5.
//
// Reading order: policy.go (the data), score.go (evidence to log e-value),
// judge.go (one sample), standing.go (the sequential test), derive.go (an
// epoch), calibrate.go (where policies come from).
//
// An e-value is a number that is at least 0 and whose mean is at most 1 when
// the accused is honest; so it exceeds x with probability at most 1/x. Here it
// is handled as its logarithm, in Q16 nats.
package verdict

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Nat is one nat of log e-values (Q16).
const Nat = 1 << 16

// Policy is how evidence under a spec is judged. The spec names it by its ID.
type Policy struct {
	Model  Question `json:"model"`  // |claimed - recomputed log-probability|: was it this model?
	Choice Question `json:"choice"` // recomputed margin: was the output drawn from it?
	Margin Question `json:"margin"` // |margin - margin| of two recomputations: did the operators compute? May have no tables.

	// Dependence is B: positions at least B apart within a sample count as
	// independent. Each of the B interleaved classes of positions gives an
	// e-value; the sample's is their geometric mean (Hölder).
	Dependence uint32 `json:"dependence"`

	// LambdaPpm mixes each sample's e-value with 1, in millionths: logE is
	// never below ln(lambda), so an honest past protects a cheat no longer
	// than that much for each sample.
	LambdaPpm uint32 `json:"lambdaPpm"`
	Cap       int32  `json:"cap"` // Q16 nats: logE is never above

	MinPositions uint32 `json:"minPositions"` // a shorter output cannot PASS
	PassAt       int32  `json:"passAt"`       // Q16 nats: PASS at or below
	FailAt       int32  `json:"failAt"`       // Q16 nats: FAIL at or above; between them INCONCLUSIVE
	WrongModel   int32  `json:"wrongModel"`   // Q24 nats: mean distance from which a failed question Model looks like another model, not another precision

	Calibration Calibration `json:"calibration"`
}

// Question is a statistic of one position, in Q24 nats and never below 0, and
// what it is worth. Bin b holds the values with Edges[b-1] <= x < Edges[b]; the
// last bin has no upper end, which is the clip.
//
// Each table of LogE is one alternative to honesty, by bin in Q16 nats, with
// E[exp(logE)] <= 1 on honest runs. A sample's e-value is the mean over them.
type Question struct {
	Edges []int32   `json:"edges"` // ascending, above 0
	LogE  [][]int32 `json:"logE"`  // len(Edges)+1 in each
}

// Calibration says what a policy's tables rest on.
type Calibration struct {
	Pairs         []EnginePair `json:"pairs"`         // what was measured; all else is INCONCLUSIVE
	Samples       uint64       `json:"samples"`       // in the half that the bounds are from
	Positions     uint64       `json:"positions"`     // of those
	ConfidencePpm uint32       `json:"confidencePpm"` // that every bound holds
}

// EnginePair names the engine class (ModelSpec.EngineClass) that claimed and
// the one that recomputed.
type EnginePair struct {
	Claimed    string `json:"claimed"`
	Recomputed string `json:"recomputed"`
}

// Covers says whether providers of the engine class were calibrated.
func (c Calibration) Covers(engineClass string) bool {
	for _, p := range c.Pairs {
		if p.Claimed == engineClass {
			return true
		}
	}
	return false
}

// The limits of a policy; within them the arithmetic of score.go is exact.
const (
	maxLogE   = 40 * Nat // of a table's entry, either side, and of the cap
	maxEdges  = 1 << 10
	maxTables = 1 << 8
)

// Check refuses, with a ValidationError, a policy by which nothing can be
// judged. It cannot see whether the tables' e-values are true: that is what
// calibration is for.
func (p Policy) Check() error {
	for _, q := range []struct {
		name string
		Question
	}{{"model", p.Model}, {"choice", p.Choice}, {"margin", p.Margin}} {
		if len(q.LogE) == 0 && q.name != "margin" {
			return posp.Invalidf("policy: question %s has no tables", q.name)
		}
		if len(q.Edges) > maxEdges || len(q.LogE) > maxTables {
			return posp.Invalidf("policy: question %s has %d edges and %d tables, at most %d and %d", q.name, len(q.Edges), len(q.LogE), maxEdges, maxTables)
		}
		for i, edge := range q.Edges {
			if edge <= 0 || i > 0 && edge <= q.Edges[i-1] {
				return posp.Invalidf("policy: question %s: edge %d does not ascend", q.name, i)
			}
		}
		for i, table := range q.LogE {
			if len(table) != len(q.Edges)+1 {
				return posp.Invalidf("policy: question %s: table %d has %d bins, want %d", q.name, i, len(table), len(q.Edges)+1)
			}
			for b, l := range table {
				if l < -maxLogE || l > maxLogE {
					return posp.Invalidf("policy: question %s: table %d, bin %d is beyond 40 nats", q.name, i, b)
				}
			}
		}
	}
	switch {
	case p.Dependence == 0 || p.Dependence > posp.MaxPositions:
		return posp.Invalidf("policy: dependence %d is outside [1, %d]", p.Dependence, posp.MaxPositions)
	case p.LambdaPpm == 0 || p.LambdaPpm >= million:
		return posp.Invalidf("policy: lambda %d ppm is outside (0, 1)", p.LambdaPpm)
	case p.Cap <= 0 || p.Cap > maxLogE:
		return posp.Invalidf("policy: cap is outside (0, 40] nats")
	case p.FailAt <= 0 || p.FailAt > p.Cap:
		return posp.Invalidf("policy: failAt is outside (0, cap]")
	case p.PassAt >= p.FailAt:
		return posp.Invalidf("policy: passAt is not below failAt")
	case p.WrongModel <= 0:
		return posp.Invalidf("policy: wrongModel is not above 0")
	case p.Calibration.ConfidencePpm > million:
		return posp.Invalidf("policy: confidence is above 1")
	}
	return nil
}

const million = 1_000_000

// ID is keccak of the policy's canonical encoding: the name
// "posp.policy.v1", then the fields in the order of the struct, integers as 4
// bytes (Samples, Positions: 8), lists and strings behind their length (4).
func (p Policy) ID() posp.Hash {
	b := []byte("posp.policy.v1")
	u32 := func(x uint32) { b = binary.BigEndian.AppendUint32(b, x) }
	list := func(xs []int32) {
		u32(uint32(len(xs)))
		for _, x := range xs {
			u32(uint32(x))
		}
	}
	text := func(s string) { u32(uint32(len(s))); b = append(b, s...) }
	for _, q := range []Question{p.Model, p.Choice, p.Margin} {
		list(q.Edges)
		u32(uint32(len(q.LogE)))
		for _, table := range q.LogE {
			list(table)
		}
	}
	u32(p.Dependence)
	u32(p.LambdaPpm)
	u32(uint32(p.Cap))
	u32(p.MinPositions)
	u32(uint32(p.PassAt))
	u32(uint32(p.FailAt))
	u32(uint32(p.WrongModel))
	u32(uint32(len(p.Calibration.Pairs)))
	for _, pair := range p.Calibration.Pairs {
		text(pair.Claimed)
		text(pair.Recomputed)
	}
	b = binary.BigEndian.AppendUint64(b, p.Calibration.Samples)
	b = binary.BigEndian.AppendUint64(b, p.Calibration.Positions)
	u32(p.Calibration.ConfidencePpm)
	return crypto.Keccak256Hash(b)
}
