// Package challenge plays disputes over certified verdicts: docs/protocol.md, section 9. Decide is the whole strategy, a
// pure function from what the chain says and one's own run of the reference program to moves; Agent watches and performs.
//
// One honest party wins against everybody else. Whoever asserts a trace that is not the program's is led, by the first
// difference at each level, to an element whose inputs are agreed and which it cannot prove; whoever asserts the program's
// can prove every element.
package challenge

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// Run is one's own run of the reference program on the text of an assertion. Its answers are always the same.
type Run interface {
	// Root commits to the trace.
	Root() posp.Hash
	// Below are the 2^down nodes so many levels below the game's node, from the left.
	Below(g posp.Game, down int) ([]posp.Hash, error)
	// Path is the siblings of one of the nodes that the game shows, up to the game's node.
	Path(g posp.Game, index int) ([]posp.Hash, error)
	// Block is what is shown of a block, the numbers of which have so many bytes each.
	Block(row uint64, block uint32) (data []byte, width int, err error)
	// Differs is an element of the game's block that is wrong, by what the game shows of it.
	Differs(g posp.Game) (uint8, error)
	// Prove proves the named element of a game against an assertion, if it is right. It may take long.
	Prove(id posp.Hash, g posp.Game) ([]byte, error)
}

// Finding is what one's own run says of a certified verdict that can still be contested.
type Finding struct {
	SampleID      posp.Hash
	Certified     posp.Verdict
	CertifiedLogE int32
	Charged       bool         // a charge that the sample may have led to is open
	Verdict       posp.Verdict // by one's own run
	LogE          int32        // of it
	TraceRoot     posp.Hash
	Until         uint64 // the last block in which a contest is accepted
}

// Contradicted says whether one's own run overturns the line, by the contract's rule: a PASS by a FAIL; by anything else a
// FAIL, and what raised a standing for which somebody is charged. INCONCLUSIVE that is worth nothing says that the policy
// was not calibrated for the program, so that nobody can tell.
func (f Finding) Contradicted() bool {
	switch {
	case f.Verdict == posp.Fail:
		return f.Certified == posp.Pass
	case f.Verdict == posp.Inconclusive && f.LogE == 0:
		return false
	case f.Certified == posp.Fail:
		return true
	}
	return f.Charged && f.CertifiedLogE > max(0, f.LogE)
}

// Standing is what an open statistical charge says of a provider's standing, and what the lines of its batch bear out.
type Standing struct {
	FaultID posp.Hash
	Excess  uint64 // Q16 nats over the line, less what disputes took off it
	Lines   []Line // all of the batch
	Until   uint64 // the last block in which the charge cannot be executed
}

// Line is what a line of a certified result adds to a standing, in Q16 nats.
type Line struct {
	LogE  int32
	Taken uint64 // by a dispute, off the standing
}

// BorneOut is the most that the standing can be over the line: what all lines add that add anything.
func (s Standing) BorneOut() (most uint64) {
	for _, l := range s.Lines {
		if l.LogE > 0 && uint64(l.LogE) > l.Taken {
			most += uint64(l.LogE) - l.Taken
		}
	}
	return most
}

// Overstated says whether the charge rests on more than its batch bears out, by the contract's rule: one that rests on
// nothing falls.
func (s Standing) Overstated() bool {
	most := s.BorneOut()
	return most == 0 || most < s.Excess
}

// Assertion is one as the chain has it, with all its games.
type Assertion struct {
	posp.Assertion
	All []posp.Game // also those that are over
	Own Run         // nil: there is none, yet or ever, and nothing can be told

	Signers []Signer // of what it overturned, once it stood
}

// View is all that moves are decided by.
type View struct {
	Self       posp.Address
	Head       uint64 // the newest block: a move stands in a later one
	Stakes     posp.DisputeStakes
	Owed       *uint256.Int // to Self; nil is nothing
	Findings   []Finding
	Standings  []Standing // of charges that are open
	Assertions []Assertion
}

// Action is a move to make. By is the last block in which it is of use; math.MaxUint64 if it does not matter when.
type Action interface{ By() uint64 }

// InGame says which game a move is made in, and by when.
type InGame struct {
	ID         posp.Hash
	Challenger posp.Address
	Deadline   uint64
}

// By is the turn's deadline.
func (g InGame) By() uint64 { return g.Deadline }

// The moves.
type (
	// Contest asserts one's own run against a certified verdict.
	Contest struct{ Finding Finding }
	// Weigh shows the contract what a batch bears out.
	Weigh struct {
		FaultID posp.Hash
		Until   uint64
	}
	// Challenge opens a game.
	Challenge struct {
		ID       posp.Hash
		ClosesAt uint64
	}
	// Reveal shows the nodes below the node.
	Reveal struct {
		InGame
		Nodes []posp.Hash
	}
	// Pick goes down to a child; Row where that is one of the trace's rows or lies where a tree's leaves are.
	Pick struct {
		InGame
		Index    int
		Child    posp.Hash
		Siblings []posp.Hash
		Row      bool
	}
	// Show shows the block.
	Show struct {
		InGame
		Data []byte
	}
	// Name names the element.
	Name struct {
		InGame
		Element uint8
	}
	// Prove proves it. The proof is made when the move is.
	Prove struct {
		InGame
		Proof func() ([]byte, error)
	}
	// Settle ends a game of which the other side is late, or that is moot.
	Settle struct{ InGame }
	// Conclude ends an assertion that nobody refuted.
	Conclude struct{ ID posp.Hash }
	// Withdraw takes what is owed.
	Withdraw struct{ Amount *uint256.Int }
)

// By is the last block of the contest window.
func (c Contest) By() uint64 { return c.Finding.Until }

// By is the last block in which the charge cannot be executed.
func (w Weigh) By() uint64 { return w.Until }

// By is the last block in which the assertion can be challenged.
func (c Challenge) By() uint64 { return c.ClosesAt - 1 }

// By is no block: a game that is won stays so.
func (Settle) By() uint64 { return math.MaxUint64 }

// By is no block.
func (Conclude) By() uint64 { return math.MaxUint64 }

// By is no block.
func (Withdraw) By() uint64 { return math.MaxUint64 }

// Decide returns the moves to make now, the most urgent first: for the asserter and for the challenger alike, and none for
// games of others. All can be made at once. An error says which games could not be told; the moves stand.
func Decide(v View) ([]Action, error) {
	var moves []Action
	var errs []error
	for i := range v.Assertions {
		a := &v.Assertions[i]
		more, err := v.about(a)
		moves = append(moves, more...)
		if err != nil {
			errs = append(errs, fmt.Errorf("assertion %s: %w", a.ID, err))
		}
	}
	for _, f := range v.Findings {
		if v.contests(f) {
			moves = append(moves, Contest{f})
		}
	}
	for _, s := range v.Standings {
		if s.Overstated() {
			moves = append(moves, Weigh{s.FaultID, s.Until})
		}
	}
	if v.Owed != nil && !v.Owed.IsZero() {
		moves = append(moves, Withdraw{v.Owed})
	}
	slices.SortStableFunc(moves, func(a, b Action) int {
		switch x, y := a.By(), b.By(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return moves, errors.Join(errs...)
}

// contests says whether to contest. Somebody else's assertion of the same trace does as well, once it stood. Until then it
// may be lost on purpose, to the asserter's friend: so one's own is made before the window closes.
func (v *View) contests(f Finding) bool {
	if !f.Contradicted() || v.Head >= f.Until {
		return false
	}
	for i := range v.Assertions {
		a := &v.Assertions[i]
		if a.SampleID != f.SampleID || a.TraceRoot != f.TraceRoot {
			continue
		}
		switch {
		case a.Asserter == v.Self, a.Status == posp.AssertionStood:
			return false
		case a.Status == posp.AssertionPending && f.Until-v.Head > v.Stakes.MoveBlocks:
			return false
		}
	}
	return true
}

// about decides on an assertion and the games against it.
func (v *View) about(a *Assertion) (moves []Action, err error) {
	mine, right, wrong := a.Asserter == v.Self, false, false
	if a.Own != nil {
		right = a.Own.Root() == a.TraceRoot
		wrong = !right
	}
	playing := false
	var errs []error
	for _, g := range a.All {
		if g.Challenger == v.Self {
			playing = true
		} else if !mine {
			continue
		}
		move, err := v.turn(a, g)
		if move != nil {
			moves = append(moves, move)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("game of %s: %w", g.Challenger, err))
		}
	}
	if a.Status == posp.AssertionPending {
		// Others may be playing against it already, and may mean to lose.
		if wrong && !mine && !playing && v.Head+1 < a.ClosesAt {
			moves = append(moves, Challenge{a.ID, a.ClosesAt})
		}
		// The asserter concludes; somebody else does for it if it is gone.
		if a.Games == 0 && (mine && v.Head >= a.ClosesAt || right && v.Head >= a.ClosesAt+v.Stakes.MoveBlocks) {
			moves = append(moves, Conclude{a.ID})
		}
	}
	return append(moves, v.signed(a)...), errors.Join(errs...)
}

// turn decides on a game that v.Self plays.
func (v *View) turn(a *Assertion, g posp.Game) (Action, error) {
	if g.Turn == posp.TurnNone || g.Turn == posp.TurnOver {
		return nil, nil
	}
	in := InGame{a.ID, g.Challenger, g.Deadline}
	challenger := g.Challenger == v.Self
	if a.Status == posp.AssertionFallen { // it is moot: the challenger has its bond back
		if challenger {
			return Settle{in}, nil
		}
		return nil, nil
	}
	if g.Turn.Challenger() != challenger { // the other's turn
		if v.Head > g.Deadline {
			return Settle{in}, nil
		}
		return nil, nil
	}
	if v.Head >= g.Deadline { // it is lost, and for the other side to say so
		return nil, nil
	}
	if a.Own == nil {
		return nil, fmt.Errorf("turn %s cannot be taken without a run of the program", g.Turn)
	}
	switch g.Turn {
	case posp.TurnReveal:
		nodes, err := a.Own.Below(g, round(g))
		if err != nil {
			return nil, fmt.Errorf("reveal nodes: %w", err)
		}
		return Reveal{in, nodes}, nil
	case posp.TurnPick:
		return pick(a.Own, g, in)
	case posp.TurnShow:
		data, _, err := a.Own.Block(g.Row, g.Block)
		if err != nil {
			return nil, fmt.Errorf("show block: %w", err)
		}
		return Show{in, data}, nil
	case posp.TurnName:
		element, err := a.Own.Differs(g)
		if err != nil {
			return nil, fmt.Errorf("name element: %w", err)
		}
		return Name{in, element}, nil
	default:
		own, id := a.Own, a.ID
		return Prove{in, func() ([]byte, error) {
			proof, err := own.Prove(id, g)
			if err != nil {
				return nil, fmt.Errorf("prove element %d of block %d of row %d: %w", g.Element, g.Block, g.Row, err)
			}
			return proof, nil
		}}, nil
	}
}

// round is how many levels the game's next round goes down.
func round(g posp.Game) int { return min(int(g.Level), reference.Round) }

// pick goes down to the first node that differs: all rows before it are agreed.
func pick(own Run, g posp.Game, in InGame) (Action, error) {
	nodes, err := own.Below(g, round(g))
	if err != nil {
		return nil, fmt.Errorf("pick node: %w", err)
	}
	if len(nodes) != len(g.Nodes) {
		return nil, fmt.Errorf("pick node: %d nodes are shown, want %d", len(g.Nodes), len(nodes))
	}
	for i, theirs := range g.Nodes {
		if theirs == nodes[i] {
			continue
		}
		leaf := int(g.Level) == round(g)
		row := leaf && (g.Blocks == 0 || uint64(g.Block)<<g.Level|uint64(i) >= uint64(g.Blocks))
		path, err := own.Path(g, i)
		if err != nil {
			return nil, fmt.Errorf("pick node: %w", err)
		}
		return Pick{in, i, theirs, path, row}, nil
	}
	return nil, fmt.Errorf("pick node: all %d are one's own run's, which the game's node is not", len(nodes))
}

// differs is the first element in which what is shown is not one's own. Data of another length are no block of the row, and
// no element of them can be proved.
func differs(shown, own []byte, width int) uint8 {
	if len(shown) == len(own) {
		for i := 0; i+width <= len(own); i += width {
			if !bytes.Equal(shown[i:i+width], own[i:i+width]) {
				return uint8(i / width)
			}
		}
	}
	return 0
}
