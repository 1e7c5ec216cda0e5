package challenge

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/proof-of-sampling/posp"
)

// Testimony is how a signer's own evidence stands to the program's, which overturned what it signed.
type Testimony uint8

const (
	// Unheard is no evidence, or "it was not opened to me": the signer could not tell.
	Unheard Testimony = iota
	// Honest is evidence that the program does not contradict: the signer was outvoted.
	Honest
	// False is evidence that the program contradicts: the signer invented it, and signed what followed.
	False
)

// Signer is a member of a sample's committee who signed what an assertion overturned.
type Signer struct {
	Operator posp.Address
	Says     Testimony
	Charge   Charge
}

// Charge is how it stands that somebody signed what is false.
type Charge struct {
	Made bool
	Open bool   // it is neither answered nor executed
	By   uint64 // the last block before it can be executed
}

// Accuse charges signers whose own evidence the assertion contradicts.
type Accuse struct {
	ID        posp.Hash
	Operators []posp.Address
}

// Exculpate answers a charge by one's own evidence.
type Exculpate struct {
	ID       posp.Hash
	Deadline uint64
}

// By is no block.
func (Accuse) By() uint64 { return math.MaxUint64 }

// By is the last block before the charge can be executed.
func (e Exculpate) By() uint64 { return e.Deadline }

// Signatures tells who signed what an assertion overturned, and charges them.
type Signatures interface {
	// Signers are members of the sample's committee who signed, without their charges. There are none for an account
	// that is neither the asserter nor one of them. It may take long.
	Signers(ctx context.Context, a posp.Assertion) ([]Signer, error)
	// Charge is how the charge against an operator stands.
	Charge(ctx context.Context, a posp.Assertion, operator posp.Address) (Charge, error)
	Accuse(ctx context.Context, id posp.Hash, operators []posp.Address) error
	Exculpate(ctx context.Context, id posp.Hash) error
}

// signed decides on those who signed what an assertion overturned: its asserter accuses, once, all who lied; whoever was
// accused and did not lie says so.
func (v *View) signed(a *Assertion) (moves []Action) {
	if a.Status != posp.AssertionStood {
		return nil
	}
	accuse := Accuse{ID: a.ID}
	for _, s := range a.Signers {
		switch {
		case s.Operator == v.Self && s.Charge.Open && s.Says == Honest:
			moves = append(moves, Exculpate{a.ID, s.Charge.By})
		case s.Operator != v.Self && a.Asserter == v.Self && s.Says == False && !s.Charge.Made:
			accuse.Operators = append(accuse.Operators, s.Operator)
		}
	}
	if len(accuse.Operators) > 0 {
		moves = append(moves, accuse)
	}
	return moves
}

// concerns says whether a signer's charge matters to an account.
func (s Signer) concerns(self posp.Address, a posp.Assertion) bool {
	return s.Operator == self || a.Asserter == self && s.Says == False
}

// signers reads the charges against those of an assertion's signers that matter; known says whether it is found out who
// signed.
func (a *Agent) signers(ctx context.Context, x posp.Assertion) (all []Signer, known bool, err error) {
	a.mu.Lock()
	found, known := a.signed[x.ID]
	all = slices.Clone(found)
	a.mu.Unlock()
	for i, s := range all {
		if !s.concerns(a.self, x) || s.Charge.Made && !s.Charge.Open { // answered or executed it stays
			continue
		}
		if all[i].Charge, err = a.signatures.Charge(ctx, x, s.Operator); err != nil {
			return nil, known, err
		}
	}
	if known {
		a.mu.Lock()
		a.signed[x.ID] = slices.Clone(all)
		a.mu.Unlock()
	}
	return all, known, nil
}

// identify finds out who signed what assertions overturned, one after the other.
func (a *Agent) identify(ctx context.Context, ask <-chan struct{}) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ask:
		}
		a.mu.Lock()
		list := a.unsigned
		a.mu.Unlock()
		var errs []error
		for _, x := range list {
			a.mu.Lock()
			_, known := a.signed[x.ID]
			a.mu.Unlock()
			if known {
				continue
			}
			all, err := a.signatures.Signers(ctx, x)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil { // again at the next block
				errs = append(errs, fmt.Errorf("assertion %s: %w", x.ID, err))
				continue
			}
			a.mu.Lock()
			a.signed[x.ID] = all
			a.mu.Unlock()
			poke(a.wake)
		}
		a.warn(ctx, "signers could not be told", errors.Join(errs...))
	}
}
