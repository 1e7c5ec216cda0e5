// Package verdict says what evidence means: whether a provider's claim and the
// committee's recomputations fit together, what that is worth as evidence
// against somebody, and what a whole epoch's evidence comes to. It is pure:
// everybody who holds the same evidence derives the same result, to the byte.
// Judging uses integers only; what makes policies and explains judgements does
// not judge. docs/protocol.md has the arithmetic, for other implementations.
//
// Reading order: policy.go (the data), score.go (evidence to log e-value),
// judge.go (one sample), standing.go (the sequential test), derive.go (an
// epoch), explain.go (why), calibrate.go (where policies come from; record.go,
// from which files), power.go (what they are worth).
//
// An e-value is a number that is at least 0 and whose mean is at most 1 when
// the accused is honest; so it exceeds x with probability at most 1/x. Here it
// is handled as its logarithm, in Q16 nats.
package verdict

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Nat is one nat of log e-values (Q16).
const Nat = 1 << 16

// Policy is how evidence under a spec is judged. The spec names it by its ID.
type Policy struct {
	Model    Question  `json:"model"`    // |claimed - recomputed log-probability|: was it this model?
	Choice   Question  `json:"choice"`   // recomputed margin: was a greedy or seeded output drawn from it?
	Interval Intervals `json:"interval"` // recomputed interval: was an unseeded output drawn from it?
	Margin   Question  `json:"margin"`   // |margin - margin| of two recomputations: did the operators compute? May have no tables.

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
// What a value is worth may depend on how likely the recomputation finds the
// token, because noise does: class c holds the positions with Classes[c-1] <= -logProb
// < Classes[c]. Entry c * (len(Edges)+1) + b of a table is that of bin b in class c.
//
// Each table of LogE is one alternative to honesty, in Q16 nats: the exponential of
// a sample's sum of entries is an e-value, and the mean over the tables is the
// question's. That positions of a sample depend on each other is in the entries
// already (see Calibrate).
type Question struct {
	Classes []int32   `json:"classes"` // Q24 nats, ascending, above 0; may be empty: one class
	Edges   []int32   `json:"edges"`   // ascending, above 0
	LogE    [][]int32 `json:"logE"`    // (len(Classes)+1) * (len(Edges)+1) in each
}

// bins is the number of bins of all classes.
func (q *Question) bins() int { return (len(q.Classes) + 1) * (len(q.Edges) + 1) }

// Intervals is the question whether tokens that were drawn by randomness that
// nobody knows follow the distribution that they should. Let u be a point drawn
// evenly from a token's interval [Below, Below+Mass) of the recomputed
// distribution (the randomised probability integral transform). If the
// token was drawn from that distribution, u is uniform on [0, 1), so that every
// density is an e-value of it. Asked is the mean of the density over the
// interval, which is what drawing u many times would come to.
//
// Bin b holds Edges[b-1] <= u < Edges[b]. A table of E is one alternative's
// density by bin, in Q16, and behind the bins what a token is worth that is
// never drawn. A sample's product of densities is an e-value, and the mean over the
// tables is the question's.
type Intervals struct {
	Edges []int32    `json:"edges"` // Q30, ascending, above 0 and below 1
	E     [][]uint32 `json:"e"`     // len(Edges)+2 in each
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

// asks says whether the policy has a question about the choice of tokens by a
// rule.
func (p *Policy) asks(rule posp.SamplingRule) bool {
	if rule == posp.Unseeded {
		return len(p.Interval.E) > 0
	}
	return len(p.Choice.LogE) > 0
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
		if err := q.check(); err != nil {
			return fmt.Errorf("policy: question %s: %w", q.name, err)
		}
	}
	if err := p.Interval.check(); err != nil {
		return fmt.Errorf("policy: question interval: %w", err)
	}
	switch {
	case len(p.Model.LogE) == 0:
		return posp.Invalidf("policy: question model has no tables")
	case len(p.Choice.LogE) == 0 && len(p.Interval.E) == 0:
		return posp.Invalidf("policy: neither question choice nor question interval has tables")
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

func (q *Question) check() error {
	if err := checkShape(q.Edges, len(q.LogE)); err != nil {
		return err
	}
	if err := checkShape(q.Classes, 0); err != nil {
		return fmt.Errorf("classes: %w", err)
	}
	for i, table := range q.LogE {
		if len(table) != q.bins() {
			return posp.Invalidf("table %d has %d bins, want %d", i, len(table), q.bins())
		}
		for b, l := range table {
			if l < -maxLogE || l > maxLogE {
				return posp.Invalidf("table %d, bin %d is beyond 40 nats", i, b)
			}
		}
	}
	return nil
}

func (q *Intervals) check() error {
	if err := checkShape(q.Edges, len(q.E)); err != nil {
		return err
	}
	if n := len(q.Edges); n > 0 && q.Edges[n-1] >= posp.Unit {
		return posp.Invalidf("edge %d is not below 1", n-1)
	}
	for i, table := range q.E {
		if len(table) != len(q.Edges)+2 {
			return posp.Invalidf("table %d has %d entries, want %d", i, len(table), len(q.Edges)+2)
		}
		if slices.Contains(table, 0) {
			return posp.Invalidf("table %d has an e-value of 0", i)
		}
	}
	return nil
}

func checkShape(edges []int32, tables int) error {
	if len(edges) > maxEdges || tables > maxTables {
		return posp.Invalidf("%d edges and %d tables, at most %d and %d", len(edges), tables, maxEdges, maxTables)
	}
	for i, edge := range edges {
		if edge <= 0 || i > 0 && edge <= edges[i-1] {
			return posp.Invalidf("edge %d does not ascend", i)
		}
	}
	return nil
}

const million = 1_000_000

// ID is keccak of the policy's encoding.
func (p Policy) ID() posp.Hash { return crypto.Keccak256Hash(p.Encode()) }

// Encode is the policy's canonical encoding: the name "posp.policy.v2", then the
// fields in the order of the structs, integers as 4 bytes (Samples, Positions: 8),
// lists and strings behind their length (4).
func (p Policy) Encode() []byte {
	b := []byte("posp.policy.v2")
	u32 := func(x uint32) { b = binary.BigEndian.AppendUint32(b, x) }
	list := func(xs []int32) {
		u32(uint32(len(xs)))
		for _, x := range xs {
			u32(uint32(x))
		}
	}
	text := func(s string) { u32(uint32(len(s))); b = append(b, s...) }
	question := func(q Question) {
		list(q.Classes)
		list(q.Edges)
		u32(uint32(len(q.LogE)))
		for _, table := range q.LogE {
			list(table)
		}
	}
	question(p.Model)
	question(p.Choice)
	list(p.Interval.Edges)
	u32(uint32(len(p.Interval.E)))
	for _, table := range p.Interval.E {
		u32(uint32(len(table)))
		for _, x := range table {
			u32(x)
		}
	}
	question(p.Margin)
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
	return b
}
