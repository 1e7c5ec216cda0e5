package posp

import (
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
)

// DisputeStakes is what contests of verdicts take.
type DisputeStakes struct {
	Bond            *uint256.Int `json:"bond"`            // wei, of either side
	ChallengeBlocks uint64       `json:"challengeBlocks"` // in which an assertion may be challenged
	MoveBlocks      uint64       `json:"moveBlocks"`      // for each move
}

// AssertionStatus is how far an assertion is.
type AssertionStatus uint8

const (
	AssertionNone    AssertionStatus = 0
	AssertionPending AssertionStatus = 1 // may be challenged, or is
	AssertionStood   AssertionStatus = 2 // nobody refuted it
	AssertionFallen  AssertionStatus = 3 // somebody did
)

var assertionNames = [...]string{"none", "pending", "stood", "fallen"}

func (s AssertionStatus) String() string { return nameOf(assertionNames[:], uint8(s)) }

// Assertion contests a certified verdict: "the reference program, run on this
// sample, has this trace", which ends with its evidence.
type Assertion struct {
	ID        Hash            `json:"id"`
	Asserter  Address         `json:"asserter"`
	TraceRoot Hash            `json:"traceRoot"`
	SampleID  Hash            `json:"sampleId"`
	SpecID    Hash            `json:"specId"`
	Provider  Address         `json:"provider"`
	Epoch     uint64          `json:"epoch"`
	Rule      SamplingRule    `json:"rule"`
	Certified Verdict         `json:"certified"` // what is contested
	Verdict   Verdict         `json:"verdict"`   // what takes its place if the assertion stands
	Prompt    []uint32        `json:"prompt"`    // tokens; none where they are hidden
	Output    []uint32        `json:"output"`
	Hidden    *HiddenText     `json:"hidden,omitempty"` // nil: the spec is public
	Status    AssertionStatus `json:"status"`
	Games     uint32          `json:"games"`    // under way
	ClosesAt  uint64          `json:"closesAt"` // block from which it cannot be challenged any more
}

// HiddenText is what an assertion under a private spec shows of its text.
type HiddenText struct {
	Prompt       Hash   `json:"prompt"` // HiddenTokens of row 0
	Output       Hash   `json:"output"` // of row 1
	Seed         Hash   `json:"seed"`   // SeedCommitment
	PromptTokens uint32 `json:"promptTokens"`
	OutputTokens uint32 `json:"outputTokens"`
}

// HiddenText is what a private opening's receipt shows of its text; an error,
// a ValidationError, where the opening has no trace seed, or two.
func (o Opening) HiddenText() (HiddenText, error) {
	if o.Request.TraceSeed != o.Output.TraceSeed {
		return HiddenText{}, Invalidf("request and output have different trace seeds")
	}
	seed, err := TraceSeed(o.Request.TraceSeed)
	if err != nil {
		return HiddenText{}, err
	}
	commitment := SeedCommitment(seed)
	return HiddenText{Prompt: HiddenTokens(seed, 0, o.Request.Tokens), Output: HiddenTokens(seed, 1, o.Output.Tokens), Seed: commitment.Bytes(),
		PromptTokens: uint32(len(o.Request.Tokens)), OutputTokens: uint32(len(o.Output.Tokens))}, nil
}

// Turn is what a game waits for.
type Turn uint8

const (
	TurnNone   Turn = 0
	TurnReveal Turn = 1 // the asserter: nodes below the node
	TurnPick   Turn = 2 // the challenger: the first of them that differs from its own run's
	TurnShow   Turn = 3 // the asserter: the block's elements
	TurnName   Turn = 4 // the challenger: the one that is wrong
	TurnProve  Turn = 5 // the asserter: it is right
	TurnOver   Turn = 6
)

var turnNames = [...]string{"none", "reveal", "pick", "show", "name", "prove", "over"}

func (t Turn) String() string { return nameOf(turnNames[:], uint8(t)) }

// Challenger says whether the turn is the challenger's; of those of a game
// under way the others are the asserter's.
func (t Turn) Challenger() bool { return t == TurnPick || t == TurnName }

// Game is one challenger's game against an assertion, which narrows down to
// the first block of the trace in which the two differ.
type Game struct {
	Challenger Address `json:"challenger"`
	Turn       Turn    `json:"turn"`
	Deadline   uint64  `json:"deadline"` // the last block in which the turn may be taken
	Node       Hash    `json:"node"`     // in which they differ
	// Where the node is: Level levels above the trace's rows, the Row-th
	// there; or, with Blocks not 0, in row Row, which has so many blocks, Level
	// levels above them, the Block-th there.
	Row     uint64 `json:"row"`
	Block   uint32 `json:"block"`
	Blocks  uint32 `json:"blocks"`
	Level   uint8  `json:"level"`
	Element uint8  `json:"element"` // named, within the block
	// What the asserter showed last: the nodes below the node, or the block.
	Nodes []Hash        `json:"nodes,omitempty"`
	Data  hexutil.Bytes `json:"data,omitempty"`
}
