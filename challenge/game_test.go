package challenge

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// contract is DisputeGame with a step verifier, over one program, in Go: its rules, its money, its clock.
type contract struct {
	steps
	g        *reference.Graph
	rowsRoot posp.Hash // of the model
	stakes   posp.DisputeStakes
	bond     int64

	block      uint64 // in which moves stand
	assertions map[posp.Hash]*asserted
	order      []posp.Hash
	purse      map[posp.Address]int64 // what accounts hold
	owed       map[posp.Address]int64
	locked     int64
	total      int64
	charges    map[posp.Hash]*Standing // that are open
	weighed    int                     // calls of weigh, also those that were refused
}

type asserted struct {
	posp.Assertion
	games map[posp.Address]*posp.Game
	order []posp.Address
}

// steps is IStepVerifier: how rows are hashed, and what proves an element.
type steps interface {
	blocks(row uint64) int
	fold(g posp.Game, nodes []posp.Hash) (posp.Hash, error)
	climb(g posp.Game, child posp.Hash, index int, siblings []posp.Hash) (posp.Hash, error)
	// shown is what the game keeps as its node after data were shown of it.
	shown(g posp.Game, data []byte) (posp.Hash, error)
	verify(traceRoot, id posp.Hash, at posp.Game, proof []byte) error
}

// plain is PlainStepVerifier.
type plain struct {
	g        *reference.Graph
	rowsRoot posp.Hash
}

func newContract(g *reference.Graph, rowsRoot posp.Hash) *contract {
	return deployed(g, rowsRoot, plain{g, rowsRoot})
}

func deployed(g *reference.Graph, rowsRoot posp.Hash, s steps) *contract {
	const bond = 100
	return &contract{steps: s, g: g, rowsRoot: rowsRoot, bond: bond, block: 1,
		stakes:     posp.DisputeStakes{Bond: uint256.NewInt(bond), ChallengeBlocks: 12, MoveBlocks: 5},
		assertions: map[posp.Hash]*asserted{}, purse: map[posp.Address]int64{}, owed: map[posp.Address]int64{}}
}

// fund gives an account money to begin with.
func (c *contract) fund(a posp.Address, amount int64) {
	c.purse[a] += amount
	c.total += amount
}

func (c *contract) pay(from posp.Address) error {
	if c.purse[from] < c.bond {
		return errors.New("insufficient funds")
	}
	c.purse[from] -= c.bond
	c.locked += c.bond
	return nil
}

func (c *contract) credit(to posp.Address, amount int64) {
	c.locked -= amount
	c.owed[to] += amount
}

// do is a transaction of one account: nothing happens if it is refused.
func (c *contract) do(from posp.Address, a Action) error {
	switch a := a.(type) {
	case Weigh:
		c.weighed++
		s := c.charges[a.FaultID]
		if s == nil {
			return errors.New("FaultNotOpen")
		}
		most := uint64(0) // as FaultManager.weigh counts
		for _, l := range s.Lines {
			if up := int64(l.LogE) - int64(l.Taken); up > 0 {
				most += uint64(up)
			}
		}
		if most != 0 && most >= s.Excess {
			return errors.New("BorneOut")
		}
		if s.Excess = most; most == 0 {
			delete(c.charges, a.FaultID)
		}
		return nil
	case Contest:
		id := crypto.Keccak256Hash(from[:], a.Finding.SampleID[:], a.Finding.TraceRoot[:])
		if c.assertions[id] != nil {
			return errors.New("WrongStatus")
		}
		if c.block > a.Finding.Until || !a.Finding.Contradicted() {
			return errors.New("NotContestable or NothingContradicted")
		}
		if err := c.pay(from); err != nil {
			return err
		}
		c.assertions[id] = &asserted{games: map[posp.Address]*posp.Game{}, Assertion: posp.Assertion{
			ID: id, Asserter: from, TraceRoot: a.Finding.TraceRoot, SampleID: a.Finding.SampleID, Certified: a.Finding.Certified,
			Status: posp.AssertionPending, ClosesAt: c.block + c.stakes.ChallengeBlocks}}
		c.order = append(c.order, id)
		return nil
	case Challenge:
		x := c.assertions[a.ID]
		switch {
		case x == nil || x.Status != posp.AssertionPending:
			return errors.New("WrongStatus")
		case c.block >= x.ClosesAt:
			return errors.New("ChallengesClosed")
		case x.games[from] != nil:
			return errors.New("GameExists")
		}
		if err := c.pay(from); err != nil {
			return err
		}
		x.Games++
		x.games[from] = &posp.Game{Challenger: from, Turn: posp.TurnReveal, Node: x.TraceRoot, Level: uint8(height(c.g.Rows())), Deadline: c.block + c.stakes.MoveBlocks}
		x.order = append(x.order, from)
		return nil
	case Reveal:
		x, g, err := c.turn(a.InGame, posp.TurnReveal)
		if err != nil {
			return err
		}
		if len(a.Nodes) != 1<<round(*g) {
			return errors.New("NodesRefused")
		}
		if above, err := c.fold(*g, a.Nodes); err != nil || above != g.Node {
			return errors.New("WrongNode")
		}
		g.Nodes = slices.Clone(a.Nodes)
		c.next(x, g, posp.TurnPick)
		return nil
	case Pick:
		a.Challenger = from
		x, g, err := c.turn(a.InGame, posp.TurnPick)
		if err != nil {
			return err
		}
		m, k := *g, round(*g)
		if len(a.Siblings) != k || a.Index < 0 || a.Index >= 1<<k {
			return errors.New("NoSuchIndex")
		}
		if above, err := c.climb(*g, a.Child, a.Index, a.Siblings); err != nil || above != g.Node {
			return errors.New("WrongNode")
		}
		m.Node, m.Nodes, m.Level = a.Child, nil, m.Level-uint8(k)
		if m.Blocks == 0 {
			m.Row = m.Row<<k | uint64(a.Index)
		} else {
			m.Block = m.Block<<k | uint32(a.Index)
		}
		turn := posp.TurnReveal
		if !a.Row {
			if m.Level == 0 && m.Block >= m.Blocks {
				return errors.New("WrongLevel")
			}
		} else if m.Level != 0 {
			return errors.New("WrongLevel")
		} else if m.Blocks == 0 {
			n := c.blocks(m.Row)
			if n == 0 {
				return c.padding(x, from, a.Child)
			}
			m.Blocks, m.Level = uint32(n), uint8(height(uint64(n)))
		} else if m.Block >= m.Blocks {
			return c.padding(x, from, a.Child)
		}
		if m.Level == 0 {
			turn = posp.TurnShow
		}
		*g = m
		c.next(x, g, turn)
		return nil
	case Show:
		x, g, err := c.turn(a.InGame, posp.TurnShow)
		if err != nil {
			return err
		}
		if g.Node, err = c.shown(*g, a.Data); err != nil {
			return err
		}
		g.Data = slices.Clone(a.Data)
		c.next(x, g, posp.TurnName)
		return nil
	case Name:
		a.Challenger = from
		x, g, err := c.turn(a.InGame, posp.TurnName)
		if err != nil {
			return err
		}
		if a.Element >= 64 {
			return errors.New("NoSuchIndex")
		}
		g.Element = a.Element
		c.next(x, g, posp.TurnProve)
		return nil
	case Prove:
		x, g, err := c.turn(a.InGame, posp.TurnProve)
		if err != nil {
			return err
		}
		proof, err := a.Proof()
		if err != nil {
			return err
		}
		if err := c.verify(x.TraceRoot, x.ID, *g, proof); err != nil {
			return fmt.Errorf("NotProved: %w", err)
		}
		c.withstood(x, a.Challenger)
		return nil
	case Settle:
		x := c.assertions[a.ID]
		if x == nil || x.games[a.Challenger] == nil {
			return errors.New("WrongTurn")
		}
		g := x.games[a.Challenger]
		if g.Turn == posp.TurnOver {
			return errors.New("WrongTurn")
		}
		if x.Status != posp.AssertionFallen && c.block <= g.Deadline {
			return errors.New("NotLate")
		}
		if g.Turn.Challenger() {
			c.withstood(x, a.Challenger)
		} else {
			c.refuted(x, a.Challenger)
		}
		return nil
	case Conclude:
		x := c.assertions[a.ID]
		if x == nil || x.Status != posp.AssertionPending {
			return errors.New("WrongStatus")
		}
		if c.block < x.ClosesAt || x.Games != 0 {
			return errors.New("NotOver")
		}
		x.Status = posp.AssertionStood
		c.credit(x.Asserter, c.bond)
		return nil
	case Withdraw:
		if c.owed[from] == 0 {
			return errors.New("NothingOwed")
		}
		c.purse[from] += c.owed[from]
		c.owed[from] = 0
		return nil
	}
	return fmt.Errorf("no such move %T", a)
}

func (c *contract) turn(in InGame, want posp.Turn) (*asserted, *posp.Game, error) {
	x := c.assertions[in.ID]
	if x == nil || x.games[in.Challenger] == nil || x.games[in.Challenger].Turn != want {
		return nil, nil, errors.New("WrongTurn")
	}
	g := x.games[in.Challenger]
	if c.block > g.Deadline {
		return nil, nil, errors.New("TooLate")
	}
	return x, g, nil
}

func (c *contract) next(_ *asserted, g *posp.Game, turn posp.Turn) {
	g.Turn, g.Deadline = turn, c.block+c.stakes.MoveBlocks
}

func (c *contract) padding(x *asserted, challenger posp.Address, node posp.Hash) error {
	if node == (posp.Hash{}) {
		c.withstood(x, challenger)
	} else {
		c.refuted(x, challenger)
	}
	return nil
}

func (c *contract) withstood(x *asserted, challenger posp.Address) {
	winner := x.Asserter
	if x.Status == posp.AssertionFallen {
		winner = challenger
	}
	c.over(x, challenger, winner, c.bond)
}

func (c *contract) refuted(x *asserted, challenger posp.Address) {
	amount := c.bond
	if x.Status == posp.AssertionPending {
		amount += c.bond
		x.Status = posp.AssertionFallen
	}
	c.over(x, challenger, challenger, amount)
}

func (c *contract) over(x *asserted, challenger, winner posp.Address, amount int64) {
	x.games[challenger].Turn = posp.TurnOver
	x.Games--
	c.credit(winner, amount)
}

func (c plain) blocks(row uint64) int {
	n, _ := c.g.Shape(c.g.Locate(row))
	return (n + 63) / 64
}

func (plain) fold(_ posp.Game, nodes []posp.Hash) (posp.Hash, error) {
	return reference.Fold(nodes), nil
}

func (plain) climb(_ posp.Game, child posp.Hash, index int, siblings []posp.Hash) (posp.Hash, error) {
	return climb(child, index, siblings), nil
}

func (plain) shown(g posp.Game, data []byte) (posp.Hash, error) {
	if crypto.Keccak256Hash([]byte{0}, data) != g.Node {
		return posp.Hash{}, errors.New("WrongNode")
	}
	return g.Node, nil
}

func (c plain) verify(traceRoot, _ posp.Hash, at posp.Game, proof []byte) error {
	row := c.g.Locate(at.Row)
	n, width := c.g.Shape(row)
	first := int(at.Block) * 64
	if first >= n {
		return errors.New("no block of the row")
	}
	count := min(64, n-first)
	if len(proof) < count*width {
		return errors.New("WrongLength")
	}
	block, rest := proof[:count*width], proof[count*width:]
	if crypto.Keccak256Hash([]byte{0}, block) != at.Node {
		return errors.New("NotUnderRoot")
	}
	if int(at.Element) >= count {
		return nil
	}
	leaf := c.g.Leaf(row, first+int(at.Element))
	if leaf.Form == reference.FormGiven {
		return nil
	}
	in := make([]reference.Input, len(leaf.Operands))
	for k, o := range leaf.Operands {
		if k == 1 && leaf.Form == reference.FormDot && o == leaf.Operands[0] {
			in[1] = in[0]
			continue
		}
		if o.ByToken {
			token := in[0].Values[0]
			if token < 0 || token >= int64(c.g.Vocab) {
				return errors.New("OperandRefused")
			}
			if o.Model {
				o.Row += uint64(token)
			} else {
				o.First += int(token)
			}
		}
		place := reference.Place{Row: o.Row, Rows: c.g.Rows(), First: o.First, Length: o.Length, Model: o.Model}
		root := traceRoot
		if o.Model {
			place.Rows, root = c.g.ModelRows(), c.rowsRoot
			tensor, _, _ := c.g.TensorAt(o.Row)
			_, place.N, place.Width = c.g.TensorShape(tensor)
		} else {
			place.N, place.Width = c.g.Shape(c.g.Locate(o.Row))
		}
		opening, left, err := parse(place, rest)
		if err != nil {
			return err
		}
		rest = left
		in[k].Exponent = uint(opening.Exponent)
		if in[k].Values, err = opening.Verify(root, place); err != nil {
			return err
		}
	}
	if len(rest) != 0 {
		return errors.New("WrongLength")
	}
	want, err := leaf.Step(in...)
	if err != nil {
		return err
	}
	if got := number(block[int(at.Element)*width:][:width]); got != want {
		return fmt.Errorf("element is %d, its inputs make it %d", got, want)
	}
	return nil
}

// parse takes an opening off a proof.
func parse(p reference.Place, b []byte) (o reference.Opening, rest []byte, err error) {
	low, high := p.First/64, (p.First+p.Length-1)/64
	span := bits.Len(uint(low ^ high))
	from := low >> span << span
	to := min(from+1<<span, (p.N+63)/64)
	size := (min(to*64, p.N) - from*64) * p.Width
	siblings := height(uint64((p.N+63)/64)) - span + height(p.Rows)
	want := size + 32*siblings
	if p.Model {
		want++
	}
	if len(b) < want {
		return o, nil, errors.New("WrongLength")
	}
	if p.Model {
		o.Exponent, b = b[0], b[1:]
	}
	o.Elements, b = b[:size], b[size:]
	for range siblings {
		o.Siblings, b = append(o.Siblings, posp.Hash(b[:32])), b[32:]
	}
	return o, b, nil
}

func number(b []byte) (x int64) {
	for _, c := range b {
		x = x<<8 | int64(c)
	}
	shift := 64 - 8*len(b)
	return x << shift >> shift
}

func height(n uint64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(n - 1)
}

func climb(child posp.Hash, index int, siblings []posp.Hash) posp.Hash {
	for i, s := range siblings {
		if index>>i&1 == 0 {
			child = reference.Fold([]posp.Hash{child, s})
		} else {
			child = reference.Fold([]posp.Hash{s, child})
		}
	}
	return child
}

// view is what an account with runs of its own sees before it moves.
func (c *contract) view(self posp.Address, own Run, findings ...Finding) View {
	v := View{Self: self, Head: c.block - 1, Stakes: c.stakes, Owed: uint256.NewInt(uint64(c.owed[self])), Findings: findings}
	for _, id := range c.order {
		x := c.assertions[id]
		a := Assertion{Assertion: x.Assertion, Own: own}
		for _, who := range x.order {
			a.All = append(a.All, *x.games[who])
		}
		v.Assertions = append(v.Assertions, a)
	}
	return v
}

// conserved is a rule that holds after every move. Rationale: bonds are other people's money.
func (c *contract) conserved(t testing.TB) {
	t.Helper()
	sum := c.locked
	for _, x := range c.purse {
		sum += x
	}
	for _, x := range c.owed {
		sum += x
	}
	var bonds int64
	for _, a := range c.assertions {
		if a.Status == posp.AssertionPending {
			bonds += c.bond
		}
		bonds += int64(a.Games) * c.bond
	}
	if sum != c.total || c.locked != bonds || c.locked < 0 {
		t.Fatalf("block %d: %d in all of %d, %d locked for bonds of %d", c.block, sum, c.total, c.locked, bonds)
	}
}

// ended is a rule that holds at the end. Rationale: a charge that is stayed must not be stayed for ever, and nobody's bond
// stays in the contract.
func (c *contract) ended() bool {
	for _, a := range c.assertions {
		if a.Status == posp.AssertionPending || a.Games != 0 {
			return false
		}
	}
	return true
}

func blockHash(b []byte) posp.Hash { return crypto.Keccak256Hash([]byte{0}, b) }
