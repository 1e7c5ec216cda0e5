package challenge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/holiman/uint256"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
)

// Chain is the dispute contract. Moves return when they stand in a block that reads see, or were refused.
type Chain interface {
	Blocks(ctx context.Context) <-chan uint64
	Block(ctx context.Context) (uint64, error)
	DisputeStakes(ctx context.Context) (posp.DisputeStakes, error)
	// Owed is what an account may withdraw, in wei.
	Owed(ctx context.Context, account posp.Address) (*uint256.Int, error)
	// Assertions are all, or at least those that are pending, have games under way, or are of verdicts that may still be
	// contested.
	Assertions(ctx context.Context) ([]posp.Assertion, error)
	// Games are those against an assertion.
	Games(ctx context.Context, id posp.Hash) ([]posp.Game, error)
	// Excess is by how much the standing that a statistical charge rests on is over the line, and whether the charge is open.
	Excess(ctx context.Context, faultID posp.Hash) (excess uint64, open bool, err error)

	Challenge(ctx context.Context, id posp.Hash) error
	Reveal(ctx context.Context, id posp.Hash, challenger posp.Address, nodes []posp.Hash) error
	Pick(ctx context.Context, id posp.Hash, index int, child posp.Hash, siblings []posp.Hash, row bool) error
	Show(ctx context.Context, id posp.Hash, challenger posp.Address, data []byte) error
	Name(ctx context.Context, id posp.Hash, element uint8) error
	Prove(ctx context.Context, id posp.Hash, challenger posp.Address, proof []byte) error
	Settle(ctx context.Context, id posp.Hash, challenger posp.Address) error
	Conclude(ctx context.Context, id posp.Hash) error
	Withdraw(ctx context.Context) error
}

// Runs runs the reference program.
type Runs interface {
	// Run runs it on an assertion's text. It may take long. Without a model for the spec it is nil, without an error.
	Run(ctx context.Context, a posp.Assertion) (Run, error)
}

// Cases finds verdicts to contest, and charges that rest on more than their lines.
type Cases interface {
	// Findings are of certified verdicts that can still be contested. It may take long.
	Findings(ctx context.Context) ([]Finding, error)
	// Contest asserts one's own run on a finding's sample.
	Contest(ctx context.Context, f Finding) error
	// Standings are of statistical charges that are open.
	Standings(ctx context.Context) ([]Standing, error)
	// Weigh shows the contract all lines of the batch of such a charge.
	Weigh(ctx context.Context, faultID posp.Hash) error
}

// atOnce is how many moves are on their way at most.
const atOnce = 16

// Agent plays the disputes of one account. It keeps nothing that it cannot derive again: a restart at any move goes on from
// the chain. A crash between a move and its block leaves the move to the chain; if it is made again, it is refused.
type Agent struct {
	self  posp.Address
	chain Chain
	runs  Runs
	cases Cases // nil: contests nothing
	log   *zap.Logger

	signatures Signatures // nil: neither accuses nor exculpates

	wake chan struct{}
	sem  chan struct{} // of moves on their way

	mu       sync.Mutex
	own      map[posp.Hash]Run // runs that were made, by assertion; nil where there is no model
	wanted   []posp.Assertion  // runs to make, the most urgent first
	findings []Finding
	charges  []Standing
	flying   map[string]bool   // moves on their way
	refused  map[string]string // why something went wrong the last time
	signed   map[posp.Hash][]Signer
	unsigned []posp.Assertion // that stood, and whose signers are not known
}

// NewAgent returns the agent of an account, whose moves chain sends. Without cases it contests nothing itself,
// without signatures it neither accuses nor answers.
func NewAgent(self posp.Address, chain Chain, runs Runs, cases Cases, signatures Signatures, log *zap.Logger) *Agent {
	return &Agent{self: self, chain: chain, runs: runs, cases: cases, signatures: signatures, log: log, signed: map[posp.Hash][]Signer{}, wake: make(chan struct{}, 1), sem: make(chan struct{}, atOnce),
		own: map[posp.Hash]Run{}, flying: map[string]bool{}, refused: map[string]string{}}
}

// Run watches and plays until ctx ends.
func (a *Agent) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	want, find, weigh, ask := make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 1)
	g.Go(func() error { return a.compute(ctx, want) })
	if a.cases != nil {
		g.Go(func() error { return a.search(ctx, find) })
		g.Go(func() error { return a.weigh(ctx, weigh) }) // which no run of the program holds up
	}
	if a.signatures != nil {
		g.Go(func() error { return a.identify(ctx, ask) })
	}
	g.Go(func() error {
		blocks := a.chain.Blocks(ctx)
		for {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case _, open := <-blocks:
				if !open {
					<-ctx.Done()
					return ctx.Err()
				}
				poke(find)
				poke(weigh)
			case <-a.wake:
			}
			// What could not be read now is read at the next block.
			a.warn(ctx, "disputes could not be read", a.step(ctx, g))
			poke(want)
			poke(ask)
		}
	})
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// warn logs what goes wrong, once for as long as it is the same.
func (a *Agent) warn(ctx context.Context, message string, err error) {
	a.mu.Lock()
	before := a.refused[message]
	delete(a.refused, message)
	if err != nil {
		a.refused[message] = err.Error()
	}
	a.mu.Unlock()
	if err != nil && ctx.Err() == nil && err.Error() != before {
		a.log.Warn(message, zap.Error(err))
	}
}

// poke says that there may be something to do.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// step decides once, and sends the moves on their way.
func (a *Agent) step(ctx context.Context, g *errgroup.Group) error {
	// Taken before anything is read: what is not on its way now stands already, and is seen.
	a.mu.Lock()
	flying := maps.Clone(a.flying)
	a.mu.Unlock()
	v, err := a.view(ctx, flying)
	if err != nil {
		return err
	}
	moves, err := Decide(v)
	a.warn(ctx, "a game could not be told", err)
	for _, m := range moves {
		key := keyOf(m)
		if flying[key] {
			continue
		}
		a.mu.Lock()
		a.flying[key] = true
		a.mu.Unlock()
		g.Go(func() error {
			m, err := ready(ctx, m) // before it takes a place: that may take long
			if err == nil {
				select {
				case a.sem <- struct{}{}:
					defer func() { <-a.sem }()
				case <-ctx.Done():
					return nil
				}
				err = a.perform(ctx, m)
			}
			a.landed(ctx, key, m, err)
			return nil
		})
	}
	return nil
}

// ready makes a move's proof. A proof under way when ctx ends is left behind.
func ready(ctx context.Context, m Action) (Action, error) {
	p, ok := m.(Prove)
	if !ok {
		return m, nil
	}
	var proof []byte
	var err error
	made := make(chan struct{})
	go func() {
		proof, err = p.Proof()
		close(made)
	}()
	select {
	case <-made:
	case <-ctx.Done():
		return m, ctx.Err()
	}
	p.Proof = func() ([]byte, error) { return proof, err }
	return p, err
}

// landed says what became of a move. One that was refused is tried again at the next block, if it is still to be made.
func (a *Agent) landed(ctx context.Context, key string, m Action, err error) {
	a.mu.Lock()
	delete(a.flying, key)
	before := a.refused[key]
	delete(a.refused, key)
	if err != nil {
		a.refused[key] = err.Error()
	}
	a.mu.Unlock()
	fields := append([]zap.Field{zap.String("move", nameOf(m))}, fieldsOf(m)...)
	switch {
	case err == nil:
		a.log.Info("moved", fields...)
		poke(a.wake)
	case ctx.Err() == nil && err.Error() != before:
		a.log.Warn("move refused", append(fields, zap.Error(err))...)
	}
}

// view reads what moves are decided by. A game whose move is on its way waits for nothing.
func (a *Agent) view(ctx context.Context, flying map[string]bool) (View, error) {
	v := View{Self: a.self}
	var err error
	if v.Head, err = a.chain.Block(ctx); err != nil {
		return v, err
	}
	if v.Stakes, err = a.chain.DisputeStakes(ctx); err != nil {
		return v, err
	}
	if v.Owed, err = a.chain.Owed(ctx, a.self); err != nil {
		return v, err
	}
	a.mu.Lock()
	charges := slices.Clone(a.charges)
	a.mu.Unlock()
	for _, s := range charges {
		open := false
		if s.Excess, open, err = a.chain.Excess(ctx, s.FaultID); err != nil { // what was weighed is seen
			return v, err
		}
		if open {
			v.Standings = append(v.Standings, s)
		}
	}
	assertions, err := a.chain.Assertions(ctx)
	if err != nil {
		return v, err
	}
	needed := map[posp.Hash]bool{}
	var wanted, unsigned []posp.Assertion
	for _, x := range assertions {
		y := Assertion{Assertion: x}
		playing := x.Asserter == a.self && x.Games > 0
		if x.Status == posp.AssertionPending || x.Games > 0 {
			if y.All, err = a.chain.Games(ctx, x.ID); err != nil {
				return v, err
			}
			for i := range y.All {
				g := &y.All[i]
				playing = playing || g.Challenger == a.self && g.Turn != posp.TurnOver
				if flying[keyOfGame(x.ID, g.Challenger)] {
					g.Turn = posp.TurnNone
				}
			}
			if x.Status == posp.AssertionPending {
				needed[x.ID] = true
				a.mu.Lock()
				own, made := a.own[x.ID]
				a.mu.Unlock()
				if y.Own = own; !made {
					if playing { // before all others
						wanted = slices.Insert(wanted, 0, x)
					} else {
						wanted = append(wanted, x)
					}
				}
			}
		}
		if x.Status == posp.AssertionStood && a.signatures != nil {
			known := false
			if y.Signers, known, err = a.signers(ctx, x); err != nil {
				return v, err
			}
			if !known {
				unsigned = append(unsigned, x)
			}
		}
		v.Assertions = append(v.Assertions, y)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for id := range a.own {
		if !needed[id] {
			delete(a.own, id) // a trace is large
		}
	}
	a.wanted, a.unsigned = wanted, unsigned
	v.Findings = slices.Clone(a.findings)
	return v, nil
}

// compute makes runs, one after the other, each for the assertion that is the most urgent then.
func (a *Agent) compute(ctx context.Context, want <-chan struct{}) error {
	for {
		a.mu.Lock()
		var x posp.Assertion
		found := false
		for _, w := range a.wanted {
			if _, made := a.own[w.ID]; !made {
				x, found = w, true
				break
			}
		}
		a.mu.Unlock()
		if !found {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-want:
			}
			continue
		}
		run, err := a.runs.Run(ctx, x)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			a.log.Warn("the program could not be run", zap.Stringer("assertion", x.ID), zap.Error(err))
			select { // again at the next block
			case <-ctx.Done():
				return ctx.Err()
			case <-want:
			}
			continue
		}
		if run == nil {
			a.log.Info("no model for an assertion", zap.Stringer("assertion", x.ID), zap.Stringer("spec", x.SpecID))
		} else {
			a.log.Info("own run", zap.Stringer("assertion", x.ID), zap.Bool("agrees", run.Root() == x.TraceRoot))
		}
		a.mu.Lock()
		a.own[x.ID] = run
		a.mu.Unlock()
		poke(a.wake)
	}
}

// search looks for verdicts to contest whenever there is a block.
func (a *Agent) search(ctx context.Context, find <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-find:
		}
		findings, err := a.cases.Findings(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.warn(ctx, "verdicts could not be looked through", err)
		a.mu.Lock()
		news := !slices.Equal(findings, a.findings)
		a.findings = findings
		a.mu.Unlock()
		if news {
			poke(a.wake)
		}
	}
}

// weigh looks for charges that rest on more than their lines whenever there is a block.
func (a *Agent) weigh(ctx context.Context, look <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look:
		}
		charges, err := a.cases.Standings(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.warn(ctx, "charges could not be weighed", err)
		a.mu.Lock()
		a.charges = charges
		a.mu.Unlock()
		if slices.ContainsFunc(charges, Standing.Overstated) {
			poke(a.wake)
		}
	}
}

// perform makes one move.
func (a *Agent) perform(ctx context.Context, m Action) error {
	switch m := m.(type) {
	case Contest:
		return a.cases.Contest(ctx, m.Finding)
	case Weigh:
		return a.cases.Weigh(ctx, m.FaultID)
	case Challenge:
		return a.chain.Challenge(ctx, m.ID)
	case Reveal:
		return a.chain.Reveal(ctx, m.ID, m.Challenger, m.Nodes)
	case Pick:
		return a.chain.Pick(ctx, m.ID, m.Index, m.Child, m.Siblings, m.Row)
	case Show:
		return a.chain.Show(ctx, m.ID, m.Challenger, m.Data)
	case Name:
		return a.chain.Name(ctx, m.ID, m.Element)
	case Prove:
		proof, err := m.Proof()
		if err != nil {
			return err
		}
		return a.chain.Prove(ctx, m.ID, m.Challenger, proof)
	case Settle:
		return a.chain.Settle(ctx, m.ID, m.Challenger)
	case Conclude:
		return a.chain.Conclude(ctx, m.ID)
	case Accuse:
		return a.signatures.Accuse(ctx, m.ID, m.Operators)
	case Exculpate:
		return a.signatures.Exculpate(ctx, m.ID)
	case Withdraw:
		return a.chain.Withdraw(ctx)
	}
	return fmt.Errorf("no such move %T", m)
}

// keyOfGame names the moves of a game: at most one is on its way.
func keyOfGame(id posp.Hash, challenger posp.Address) string {
	return "game " + id.Hex() + challenger.Hex()
}

// keyOf names a move: the same one is not made twice at once.
func keyOf(m Action) string {
	switch m := m.(type) {
	case interface {
		game() (posp.Hash, posp.Address)
	}:
		return keyOfGame(m.game())
	case Contest:
		return "contest " + m.Finding.SampleID.Hex()
	case Weigh:
		return "weigh " + m.FaultID.Hex()
	case Challenge:
		return "challenge " + m.ID.Hex()
	case Conclude:
		return "conclude " + m.ID.Hex()
	case Accuse:
		return "accuse " + m.ID.Hex()
	case Exculpate:
		return "exculpate " + m.ID.Hex()
	}
	return nameOf(m)
}

func (g InGame) game() (posp.Hash, posp.Address) { return g.ID, g.Challenger }

// nameOf is a move's name in logs.
func nameOf(m Action) string {
	switch m.(type) {
	case Contest:
		return "contest"
	case Weigh:
		return "weigh"
	case Challenge:
		return "challenge"
	case Reveal:
		return "reveal"
	case Pick:
		return "pick"
	case Show:
		return "show"
	case Name:
		return "name"
	case Prove:
		return "prove"
	case Settle:
		return "settle"
	case Conclude:
		return "conclude"
	case Accuse:
		return "accuse"
	case Exculpate:
		return "exculpate"
	}
	return "withdraw"
}

func fieldsOf(m Action) []zap.Field {
	switch m := m.(type) {
	case interface {
		game() (posp.Hash, posp.Address)
	}:
		id, challenger := m.game()
		return []zap.Field{zap.Stringer("assertion", id), zap.Stringer("challenger", challenger)}
	case Contest:
		return []zap.Field{zap.Stringer("sample", m.Finding.SampleID)}
	case Weigh:
		return []zap.Field{zap.Stringer("charge", m.FaultID)}
	case Challenge:
		return []zap.Field{zap.Stringer("assertion", m.ID)}
	case Conclude:
		return []zap.Field{zap.Stringer("assertion", m.ID)}
	case Accuse:
		return []zap.Field{zap.Stringer("assertion", m.ID), zap.Stringers("operators", m.Operators)}
	case Exculpate:
		return []zap.Field{zap.Stringer("assertion", m.ID)}
	case Withdraw:
		return []zap.Field{zap.Stringer("wei", m.Amount)}
	}
	return nil
}
