package challenge

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// Who is accused, by whom, and who answers.
func TestSigners(t *testing.T) {
	liar, outvoted, mute := posp.Address{1}, posp.Address{2}, posp.Address{3}
	open, over := Charge{Made: true, Open: true, By: 30}, Charge{Made: true}
	signers := func(charges ...Charge) []Signer {
		return []Signer{{liar, False, charges[0]}, {outvoted, Honest, charges[1]}, {mute, Unheard, charges[2]}}
	}
	id := posp.Hash{7}
	for name, x := range map[string]struct {
		self    posp.Address
		status  posp.AssertionStatus
		signers []Signer
		want    []Action
	}{
		"the asserter accuses who lied":             {alice, posp.AssertionStood, signers(Charge{}, Charge{}, Charge{}), []Action{Accuse{id, []posp.Address{liar}}}},
		"once":                                      {alice, posp.AssertionStood, signers(open, Charge{}, Charge{}), nil},
		"also when it was answered":                 {alice, posp.AssertionStood, signers(over, Charge{}, Charge{}), nil},
		"not before the assertion stood":            {alice, posp.AssertionPending, signers(Charge{}, Charge{}, Charge{}), nil},
		"nor when it fell":                          {alice, posp.AssertionFallen, signers(Charge{}, Charge{}, Charge{}), nil},
		"nobody else accuses":                       {bob, posp.AssertionStood, signers(Charge{}, Charge{}, Charge{}), nil},
		"who was outvoted and is accused answers":   {outvoted, posp.AssertionStood, signers(open, open, open), []Action{Exculpate{id, 30}}},
		"not before it is accused":                  {outvoted, posp.AssertionStood, signers(open, Charge{}, open), nil},
		"nor after it is cleared":                   {outvoted, posp.AssertionStood, signers(open, over, open), nil},
		"who lied has no answer":                    {liar, posp.AssertionStood, signers(open, open, open), nil},
		"nor has who said nothing":                  {mute, posp.AssertionStood, signers(open, open, open), nil},
		"an asserter that lied does not accuse all": {alice, posp.AssertionStood, []Signer{{alice, False, Charge{}}}, nil},
	} {
		a := Assertion{Assertion: posp.Assertion{ID: id, Asserter: alice, Status: x.status}, Signers: x.signers}
		moves, err := Decide(View{Self: x.self, Head: 20, Assertions: []Assertion{a}})
		if x.status == posp.AssertionPending { // it may be concluded
			moves = slices.DeleteFunc(moves, func(m Action) bool { _, ok := m.(Conclude); return ok })
		}
		if err != nil || !slices.EqualFunc(moves, x.want, same) {
			t.Errorf("%s: %v, %v", name, moves, err)
		}
	}
}

func same(a, b Action) bool {
	x, ok := a.(Accuse)
	if y, both := b.(Accuse); ok && both {
		return x.ID == y.ID && slices.Equal(x.Operators, y.Operators)
	}
	return !ok && a == b
}

// court is SignerFaults, of one assertion's committee.
type court struct {
	mu       sync.Mutex
	asserter posp.Address
	says     map[posp.Address]Testimony
	charges  map[posp.Address]Charge
	calls    []string
	asked    map[posp.Address]bool // the first question of each fails
}

// seat is an account's way to it.
type seat struct {
	*court
	self posp.Address
}

func (s seat) Signers(_ context.Context, a posp.Assertion) (all []Signer, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.asked[s.self] {
		s.asked[s.self] = true
		return nil, errNode
	}
	if a.Asserter != s.self && s.says[s.self] == Unheard {
		return nil, nil
	}
	for who, says := range s.says {
		all = append(all, Signer{Operator: who, Says: says})
	}
	return all, nil
}

func (s seat) Charge(_ context.Context, _ posp.Assertion, who posp.Address) (Charge, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.charges[who], nil
}

func (s seat) Accuse(_ context.Context, _ posp.Hash, operators []posp.Address) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, "accuse")
	for _, o := range operators {
		if s.charges[o].Made {
			return errors.New("charged twice")
		}
		s.charges[o] = Charge{Made: true, Open: true, By: 1 << 20}
	}
	return nil
}

func (s seat) Exculpate(context.Context, posp.Hash) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, "exculpate")
	if !s.charges[s.self].Open || s.says[s.self] != Honest {
		return errors.New("refused")
	}
	s.charges[s.self] = Charge{Made: true}
	return nil
}

// Agents accuse once their assertion stood, and answer what they are accused of, whatever fails at first and though all but
// one forget everything in between.
func TestAgentsAccuseAndAnswer(t *testing.T) {
	p := programs["plain"]()
	liar, outvoted := posp.Address{1}, posp.Address{2}
	synctest.Test(t, func(t *testing.T) {
		w := &world{c: newContract(p.g, p.root), t: t}
		c := &court{asserter: alice, says: map[posp.Address]Testimony{liar: False, outvoted: Honest}, charges: map[posp.Address]Charge{}, asked: map[posp.Address]bool{}}
		w.c.fund(alice, purse)
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for _, self := range []posp.Address{alice, liar, outvoted, bob} {
			all.Go(func() {
				n := &node{w, self}
				var find Cases
				if self == alice {
					find = cases{n, []Finding{contested(p.honest)}}
				}
				life := time.Minute
				if self == alice { // who forgets nothing
					life = time.Hour
				}
				for ctx.Err() == nil {
					alive, die := context.WithTimeout(ctx, life)
					if err := NewAgent(self, n, &runs{run: p.honest}, find, seat{c, self}, zap.NewNop()).Run(alive); err != nil && alive.Err() == nil {
						t.Errorf("agent: %v", err)
					}
					die()
				}
			})
		}
		blocks := func(n int) {
			for range n {
				time.Sleep(12 * time.Second)
				synctest.Wait()
				w.mu.Lock()
				w.c.block++
				w.mu.Unlock()
			}
		}
		blocks(40)
		// The accusers among the bystanders are not to be believed.
		if err := (seat{c, bob}).Accuse(t.Context(), posp.Hash{}, []posp.Address{outvoted}); err != nil {
			t.Fatal(err)
		}
		blocks(20)
		stop()
		all.Wait()
		if !slices.Equal(c.calls, []string{"accuse", "accuse", "exculpate"}) || !c.charges[liar].Open || c.charges[outvoted] != (Charge{Made: true}) {
			t.Errorf("%v: %+v", c.calls, c.charges)
		}
	})
}
