package challenge

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/holiman/uint256"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// node is the contract as an account's client sees it. fail, if any, fails calls.
type node struct {
	*world
	self posp.Address
}

// world is a contract on a chain that has blocks.
type world struct {
	mu   sync.Mutex
	c    *contract
	fail func(call string) error
	t    *testing.T
}

var errNode = errors.New("node is away")

// call runs f on the contract, unless it fails before or after.
func (n *node) call(name string, f func(c *contract) error) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.fail != nil {
		if err := n.fail("before " + name); err != nil {
			return err
		}
	}
	if err := f(n.c); err != nil {
		return err
	}
	if n.fail != nil {
		return n.fail("after " + name)
	}
	return nil
}

func (n *node) do(name string, a Action) error {
	return n.call(name, func(c *contract) error {
		err := c.do(n.self, a)
		c.conserved(n.t)
		return err
	})
}

func (n *node) Blocks(ctx context.Context) <-chan uint64 {
	out := make(chan uint64)
	go func() {
		defer close(out)
		for ctx.Err() == nil {
			head, _ := n.Block(ctx)
			select {
			case out <- head:
			case <-ctx.Done():
				return
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}()
	return out
}

func (n *node) Block(context.Context) (head uint64, err error) {
	return head, n.call("block", func(c *contract) error { head = c.block - 1; return nil })
}

func (n *node) DisputeStakes(context.Context) (s posp.DisputeStakes, err error) {
	return s, n.call("stakes", func(c *contract) error { s = c.stakes; return nil })
}

func (n *node) Owed(_ context.Context, who posp.Address) (x *uint256.Int, err error) {
	return x, n.call("owed", func(c *contract) error { x = uint256.NewInt(uint64(c.owed[who])); return nil })
}

func (n *node) Assertions(context.Context) (all []posp.Assertion, err error) {
	return all, n.call("assertions", func(c *contract) error {
		all = nil
		for _, id := range c.order {
			all = append(all, c.assertions[id].Assertion)
		}
		return nil
	})
}

func (n *node) Games(_ context.Context, id posp.Hash) (all []posp.Game, err error) {
	return all, n.call("games", func(c *contract) error {
		all = nil
		for _, who := range c.assertions[id].order {
			all = append(all, *c.assertions[id].games[who])
		}
		return nil
	})
}

func (n *node) Excess(_ context.Context, id posp.Hash) (excess uint64, open bool, err error) {
	return excess, open, n.call("excess", func(c *contract) error {
		if s := c.charges[id]; s != nil {
			excess, open = s.Excess, true
		}
		return nil
	})
}
func (n *node) Challenge(_ context.Context, id posp.Hash) error {
	return n.do("challenge", Challenge{ID: id})
}
func (n *node) Reveal(_ context.Context, id posp.Hash, challenger posp.Address, nodes []posp.Hash) error {
	return n.do("reveal", Reveal{InGame{ID: id, Challenger: challenger}, nodes})
}
func (n *node) Pick(_ context.Context, id posp.Hash, index int, child posp.Hash, siblings []posp.Hash, row bool) error {
	return n.do("pick", Pick{InGame{ID: id}, index, child, siblings, row})
}
func (n *node) Show(_ context.Context, id posp.Hash, challenger posp.Address, data []byte) error {
	return n.do("show", Show{InGame{ID: id, Challenger: challenger}, data})
}
func (n *node) Name(_ context.Context, id posp.Hash, element uint8) error {
	return n.do("name", Name{InGame{ID: id}, element})
}
func (n *node) Prove(_ context.Context, id posp.Hash, challenger posp.Address, proof []byte) error {
	return n.do("prove", Prove{InGame{ID: id, Challenger: challenger}, func() ([]byte, error) { return proof, nil }})
}
func (n *node) Settle(_ context.Context, id posp.Hash, challenger posp.Address) error {
	return n.do("settle", Settle{InGame{ID: id, Challenger: challenger}})
}
func (n *node) Conclude(_ context.Context, id posp.Hash) error { return n.do("conclude", Conclude{id}) }
func (n *node) Withdraw(context.Context) error                 { return n.do("withdraw", Withdraw{}) }

// Findings and Contest: the node's account contests with its findings.
type cases struct {
	*node
	findings []Finding
}

func (c cases) Findings(context.Context) ([]Finding, error) { return c.findings, nil }
func (c cases) Contest(_ context.Context, f Finding) error  { return c.do("contest", Contest{f}) }

// Standings and Weigh: of the charges in the world.
func (c cases) Standings(context.Context) (all []Standing, err error) {
	return all, c.call("standings", func(x *contract) error {
		for _, s := range x.charges {
			all = append(all, *s)
		}
		return nil
	})
}
func (c cases) Weigh(_ context.Context, id posp.Hash) error {
	return c.do("weigh", Weigh{FaultID: id})
}

// runs answers with one run, or with none; the first times it fails.
type runs struct {
	run   Run
	fails int
}

func (r *runs) Run(context.Context, posp.Assertion) (Run, error) {
	if r.fails--; r.fails >= 0 {
		return nil, errDisk
	}
	if r.run == nil {
		return nil, nil
	}
	return r.run, nil
}

// side is an account with an agent.
type side struct {
	self     posp.Address
	run      Run
	findings []Finding
	restarts bool // after each block
}

// watch lets agents play for some blocks of 12 seconds.
func watch(t *testing.T, w *world, blocks int, sides ...side) {
	for _, s := range sides {
		w.c.fund(s.self, purse)
	}
	ctx, stop := context.WithCancel(context.Background())
	var all sync.WaitGroup
	for _, s := range sides {
		n := &node{w, s.self}
		all.Go(func() {
			life := time.Duration(blocks) * time.Hour
			if s.restarts {
				life = 12 * time.Second
			}
			r := &runs{run: s.run, fails: 1}
			for ctx.Err() == nil {
				alive, die := context.WithTimeout(ctx, life)
				var find Cases
				if s.findings != nil {
					find = cases{n, s.findings}
				}
				if err := NewAgent(s.self, n, r, find, nil, zap.NewNop()).Run(alive); err != nil && alive.Err() == nil {
					t.Errorf("agent: %v", err)
				}
				die()
			}
		})
	}
	for range blocks {
		time.Sleep(12 * time.Second)
		synctest.Wait()
		w.mu.Lock()
		w.c.block++
		w.mu.Unlock()
	}
	stop()
	all.Wait()
}

// Two agents play a game to its end: with restarts after every block on both sides, with a node that fails at every fifteenth
// call or so, before or after it was done, and with runs that fail at first.
func TestAgentsPlay(t *testing.T) {
	p := programs["plain"]()
	liar := p.lie(p.g.Rows()/2, 0)
	for _, restarts := range []bool{false, true} {
		for _, failing := range []bool{false, true} {
			for _, honestAsserts := range []bool{false, true} {
				synctest.Test(t, func(t *testing.T) {
					w := &world{c: newContract(p.g, p.root), t: t}
					if failing {
						rng := rand.New(rand.NewPCG(1, 1))
						w.fail = func(string) error {
							if rng.IntN(30) == 0 {
								return errNode
							}
							return nil
						}
					}
					asserts, challenges := side{self: bob, run: liar, findings: []Finding{contested(liar)}}, side{self: alice, run: p.honest, restarts: restarts}
					if honestAsserts {
						asserts, challenges = side{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}, restarts: restarts}, side{self: bob, run: liar}
					}
					watch(t, w, 60, asserts, challenges)
					a := w.c.only(t)
					want := posp.AssertionFallen
					if honestAsserts {
						want = posp.AssertionStood
					}
					if a.Status != want || len(a.games) != 1 || !w.c.ended() || w.c.purse[alice] != purse+w.c.bond {
						t.Errorf("restarts %v, failing %v, honest asserter %v: %s after %d games, alice has %d", restarts, failing, honestAsserts, a.Status, len(a.games), w.c.purse[alice])
					}
				})
			}
		}
	}
}

// An honest agent answers many games at once in time.
func TestAnAgentAnswersManyGames(t *testing.T) {
	p := programs["plain"]()
	synctest.Test(t, func(t *testing.T) {
		w := &world{c: newContract(p.g, p.root), t: t}
		sides := []side{{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}}}
		for i := range byte(24) {
			sides = append(sides, side{self: posp.Address{0xbb, i}, run: p.lie(uint64(i)*9%p.g.Rows(), 0)})
		}
		watch(t, w, 60, sides...)
		if a := w.c.only(t); a.Status != posp.AssertionStood || len(a.games) != 24 || w.c.purse[alice] != purse+24*w.c.bond {
			t.Errorf("%s after %d games: alice has %d", a.Status, len(a.games), w.c.purse[alice])
		}
	})
}

// Without a model an agent does nothing, and says so.
func TestAnAgentWithoutTheModel(t *testing.T) {
	p := programs["plain"]()
	liar := p.lie(9, 0)
	synctest.Test(t, func(t *testing.T) {
		w := &world{c: newContract(p.g, p.root), t: t}
		watch(t, w, 30, side{self: bob, run: liar, findings: []Finding{contested(liar)}}, side{self: alice})
		if a := w.c.only(t); len(a.games) != 0 || w.c.purse[alice] != purse {
			t.Errorf("%d games, alice has %d", len(a.games), w.c.purse[alice])
		}
	})
}

// An agent weighs, once, a charge that rests on more than its lines: it falls where they bear nothing out. What they bear
// out is left alone.
func TestAgentsWeigh(t *testing.T) {
	for _, failing := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{c: newContract(programs["plain"]().g, programs["plain"]().root), t: t}
			invented, swollen, true_ := posp.Hash{1}, posp.Hash{2}, posp.Hash{3}
			w.c.charges = map[posp.Hash]*Standing{
				invented: {FaultID: invented, Excess: 9, Lines: []Line{{LogE: -3}, {LogE: 5, Taken: 5}}, Until: 30},
				swollen:  {FaultID: swollen, Excess: 9, Lines: []Line{{LogE: 4}, {LogE: -3}, {LogE: 4}}, Until: 30},
				true_:    {FaultID: true_, Excess: 8, Lines: []Line{{LogE: 4}, {LogE: -3}, {LogE: 4}}, Until: 30},
			}
			if failing {
				rng := rand.New(rand.NewPCG(2, 2))
				w.fail = func(call string) error {
					if rng.IntN(5) == 0 && call != "after weigh" {
						return errNode
					}
					return nil
				}
			}
			watch(t, w, 20, side{self: alice, findings: []Finding{}}, side{self: bob})
			if w.c.charges[invented] != nil || w.c.charges[swollen].Excess != 8 || w.c.charges[true_].Excess != 8 {
				t.Errorf("left are %+v", w.c.charges)
			}
			if w.c.weighed != 2 {
				t.Errorf("weighed %d times, want 2", w.c.weighed)
			}
		})
	}
}
