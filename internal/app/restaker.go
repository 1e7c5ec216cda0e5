package app

import (
	"context"
	"fmt"
	"io"
	"math/big"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// Side is one of the network's two operator sets, as those who join it meet it.
type Side struct {
	set     uint32
	name    string // of the set
	command string // of those in it
}

// The two sides: of those who serve, and of those who recompute. The sets' ids are the ServiceManager's.
var (
	Providers = Side{0, "PROVIDERS", "posp provider"}
	Verifiers = Side{1, "VERIFIERS", "posp operator"}
)

// OperatorSet is the set on a network's chain.
func (d Side) OperatorSet(n Network) chain.OperatorSet {
	return chain.OperatorSet{AVS: n.Contracts.ServiceManager, ID: d.set}
}

// Restaker is what EigenLayer and the FaultManager say of an account on one of
// the two sides, read at one block.
type Restaker struct {
	ChainID uint64   `json:"chainId"`
	Block   uint64   `json:"block"`
	Balance *big.Int `json:"balance"` // wei, for gas

	Registered      bool         `json:"registered"`      // as an operator with EigenLayer
	AllocationDelay *uint32      `json:"allocationDelay"` // blocks; null: not in force yet
	Delays          chain.Delays `json:"delays"`
	Shares          *big.Int     `json:"shares"` // delegated, of the strategy, base units

	Magnitude    uint64   `json:"magnitude"` // of the strategy that the set may slash now; of maxMagnitude
	Pending      *big.Int `json:"pending"`   // added to it at effectBlock; negative is a deallocation
	EffectBlock  uint32   `json:"effectBlock"`
	Allocatable  uint64   `json:"allocatable"`  // magnitude that no set holds
	MaxMagnitude uint64   `json:"maxMagnitude"` // what slashes left of 10^18

	Slashable      *big.Int      `json:"slashable"`                // stake that can be slashed now
	Member         bool          `json:"member"`                   // of the set
	IsSlashable    bool          `json:"isSlashable"`              // by the set: a member, or not long gone
	LeftAt         uint64        `json:"leftAt,omitempty"`         // block
	SlashableUntil uint64        `json:"slashableUntil,omitempty"` // first block in which one that left is safe
	Jailed         bool          `json:"jailed"`
	Charges        []chargeAgain `json:"charges"` // open ones, and those executed

	side  Side
	token chain.Token
}

// chargeAgain is a charge against the account.
type chargeAgain struct {
	ID       posp.Hash `json:"id"`
	Epoch    uint64    `json:"epoch"`
	Kind     string    `json:"kind"`
	Status   string    `json:"status"`
	Deadline uint64    `json:"deadline"` // block from which it can be executed: until then it can be contested
	SlashID  *big.Int  `json:"slashId,omitempty"`
	Released bool      `json:"released,omitempty"` // what was slashed has left EigenLayer
}

// restaker reads an account's state on a side.
func (s *Site) restaker(ctx context.Context, account posp.Address, d Side) (v Restaker, err error) {
	e, c, p, set := s.Network.EigenLayer, s.Client, s.Reader(), d.OperatorSet(s.Network)
	v = Restaker{ChainID: s.Network.ChainID, Charges: []chargeAgain{}, side: d}
	if v.Block, err = p.Block(ctx); err != nil {
		return v, fmt.Errorf("read newest block: %w", err)
	}
	at := new(big.Int).SetUint64(v.Block)
	if v.Balance, err = c.BalanceAt(ctx, account, at); err != nil {
		return v, fmt.Errorf("read balance: %w", err)
	}
	if v.token, err = e.EigenLayer.Token(ctx, c, e.Token); err != nil {
		return v, err
	}
	if v.Registered, err = e.IsOperator(ctx, c, at, account); err != nil {
		return v, err
	}
	if v.Delays, err = e.Delays(ctx, c, at); err != nil {
		return v, err
	}
	if delay, set, err := e.AllocationDelay(ctx, c, at, account); err != nil {
		return v, err
	} else if set {
		v.AllocationDelay = &delay
	}
	if v.Shares, err = e.Shares(ctx, c, at, account, e.Strategy); err != nil {
		return v, err
	}
	a, err := e.Allocation(ctx, c, at, account, set, e.Strategy)
	if err != nil {
		return v, err
	}
	v.Magnitude, v.Pending, v.EffectBlock = a.Magnitude, a.PendingDiff, a.EffectBlock
	if v.Allocatable, err = e.Allocatable(ctx, c, at, account, e.Strategy); err != nil {
		return v, err
	}
	if v.MaxMagnitude, err = e.MaxMagnitude(ctx, c, at, account, e.Strategy); err != nil {
		return v, err
	}
	stake, err := e.SlashableStake(ctx, c, at, set, []posp.Address{account}, e.Strategy, uint32(v.Block))
	if err != nil {
		return v, err
	}
	v.Slashable = stake[0]
	if v.Member, err = e.IsMember(ctx, c, at, set, account); err != nil {
		return v, err
	}
	if v.IsSlashable, err = e.IsSlashable(ctx, c, at, account, set); err != nil {
		return v, err
	}
	if !v.Member && v.IsSlashable {
		back := uint64(v.Delays.Deallocation) + 1
		left, ok, err := e.LeftAt(ctx, c, account, set, v.Block-min(v.Block, back), v.Block)
		if err != nil {
			return v, err
		}
		if ok {
			v.LeftAt, v.SlashableUntil = left, left+back
		}
	}
	if v.Jailed, err = p.Jailed(ctx, account); err != nil {
		return v, err
	}
	return v, s.charges(ctx, &v, account)
}

func (s *Site) charges(ctx context.Context, v *Restaker, account posp.Address) error {
	p := s.Reader()
	all, err := p.Faults(ctx)
	if err != nil {
		return err
	}
	pending, err := s.Network.EigenLayer.PendingSlashes(ctx, s.Client, nil, v.side.OperatorSet(s.Network))
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Subject != account || f.Kind.OfOperator() != (v.side == Verifiers) {
			continue
		}
		state, err := p.Fault(ctx, f.ID)
		if err != nil {
			return err
		}
		if state.Status != chain.FaultOpen && state.Status != chain.FaultExecuted {
			continue
		}
		c := chargeAgain{ID: f.ID, Epoch: f.Epoch, Kind: f.Kind.String(), Status: state.Status.String(), Deadline: f.ExecutableAt}
		if state.Status == chain.FaultExecuted {
			c.SlashID, c.Released = state.SlashID, true
			for _, id := range pending {
				c.Released = c.Released && id.Cmp(state.SlashID) != 0
			}
		}
		v.Charges = append(v.Charges, c)
	}
	return nil
}

// print shows all but the charges.
func (v Restaker) print(t io.Writer) {
	field(t, "chain", "%d, block %d", v.ChainID, v.Block)
	field(t, "gas money", "%s ether", units(v.Balance, 18))
	if !v.Registered {
		field(t, "EigenLayer", "not registered: %s register", v.side.command)
		return
	}
	switch {
	case v.AllocationDelay == nil:
		field(t, "EigenLayer", "registered; the allocation delay is not in force yet")
	default:
		field(t, "EigenLayer", "registered; an allocation holds %s", after(uint64(*v.AllocationDelay)))
	}
	field(t, "delegated", "%s", v.stake(v.Shares))
	allocation := fmt.Sprintf("%s of it", percent(v.Magnitude, v.MaxMagnitude))
	if v.Pending != nil && v.Pending.Sign() != 0 {
		allocation += fmt.Sprintf(", %+.4g%% from block %d on", 100*float64(v.Pending.Int64())/float64(max(1, v.MaxMagnitude)), v.EffectBlock)
	}
	field(t, "allocated", "%s", allocation)
	field(t, "slashable", "%s", v.stake(v.Slashable))
	switch {
	case v.Member:
		field(t, "operator set", "member of %s", v.side.name)
	case v.SlashableUntil != 0:
		field(t, "operator set", "left at block %d, slashable until block %d (%s)", v.LeftAt, v.SlashableUntil, blocks(v.SlashableUntil-min(v.SlashableUntil, v.Block)))
	case v.IsSlashable:
		field(t, "operator set", "left, and still slashable")
	default:
		field(t, "operator set", "not a member of %s", v.side.name)
	}
	if v.Jailed {
		field(t, "jailed", "out of work until the charge is settled")
	}
}

// printCharges shows a line for each.
func (v Restaker) printCharges(t io.Writer) {
	if len(v.Charges) == 0 {
		return
	}
	fmt.Fprintf(t, "\nCHARGE\tEPOCH\tFOR\tSTATUS\n")
	for _, c := range v.Charges {
		text := fmt.Sprintf("open; executable from block %d (%s)", c.Deadline, blocks(c.Deadline-min(c.Deadline, v.Block)))
		if c.Status == chain.FaultExecuted.String() {
			if text = "slashed"; !c.Released {
				text = "slashed; EigenLayer still holds the shares"
			}
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\n", c.ID, c.Epoch, c.Kind, text)
	}
}

// stake shows base units of the token.
func (v Restaker) stake(amount *big.Int) string {
	return units(amount, int(v.token.Decimals)) + " " + v.token.Symbol
}
