package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"text/tabwriter"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// OperatorStatus is what the chain says of an operator, read at one block but
// for the epochs.
type OperatorStatus struct {
	Operator posp.Address `json:"operator"`
	ChainID  uint64       `json:"chainId"`
	Block    uint64       `json:"block"`
	Balance  *big.Int     `json:"balance"` // wei, for gas

	Registered      bool         `json:"registered"` // as an operator with EigenLayer
	AllocationDelay *uint32      `json:"allocationDelay"`
	Delays          chain.Delays `json:"delays"`
	Shares          *big.Int     `json:"shares"` // delegated, of the strategy, base units

	Magnitude    uint64   `json:"magnitude"` // of the strategy that the set may slash now; of maxMagnitude
	Pending      *big.Int `json:"pending"`   // added to it at effectBlock; negative is a deallocation
	EffectBlock  uint32   `json:"effectBlock"`
	Allocatable  uint64   `json:"allocatable"`  // magnitude that no set holds
	MaxMagnitude uint64   `json:"maxMagnitude"` // what slashes left of 10^18

	Slashable      *big.Int `json:"slashable"`                // stake that can be slashed now
	Counts         *big.Int `json:"counts"`                   // stake that stays slashable for the table's look-ahead: the next table's weight
	Member         bool     `json:"member"`                   // of VERIFIERS
	IsSlashable    bool     `json:"isSlashable"`              // by the set: a member, or not long gone
	LeftAt         uint64   `json:"leftAt,omitempty"`         // block
	SlashableUntil uint64   `json:"slashableUntil,omitempty"` // first block in which one that left is safe

	Key       string        `json:"key,omitempty"` // BN254, G1 x and y in hex, as the KeyRegistrar holds it
	TableKey  bool          `json:"tableKey"`      // the OperatorTable holds the same
	Messages  *HotKeys      `json:"messageKeys"`   // whose signature makes its messages
	Table     *tableSeat    `json:"table"`         // in the newest table; null: not in it
	Standing  uint64        `json:"standing"`      // Q16 nats
	FaultLine uint64        `json:"faultLine"`     // at which a standing is a fault
	Jailed    bool          `json:"jailed"`
	Duties    []dutyLine    `json:"duties"`  // newest epoch first, of those it was in the table of
	Charges   []chargeAgain `json:"charges"` // open ones, and those executed
	Models    []servedModel `json:"models"`  // of the network, and whether this operator is set up for them

	registeredKey *keys.PublicKey
	token         chain.Token
}

// tableSeat is an operator's row of an operator table.
type tableSeat struct {
	Block  uint64   `json:"block"` // of the snapshot
	Weight *big.Int `json:"weight"`
	Total  *big.Int `json:"total"`
}

// servedModel is a model of the network, and what this operator's settings recompute it
// with. Nothing is asked: posp operator doctor does.
type servedModel struct {
	Model string `json:"model"`
	By    string `json:"by,omitempty"`    // empty: not at all
	Lacks string `json:"lacks,omitempty"` // then, why
}

// models reads the settings.
func (e Engines) models(n Network) (list []servedModel) {
	for _, m := range n.Models {
		line := servedModel{Model: m.Name}
		var names []string
		for _, b := range e.Backends {
			if b.Model == m.Name {
				names = append(names, b.name())
			}
		}
		if _, err := scorer(m); err == nil && (len(names) == 0 || e.Own) {
			names = append(names, "this program")
		} else if err != nil && len(names) == 0 {
			line.Lacks = err.Error()
		}
		line.By = strings.Join(names, ", ")
		list = append(list, line)
	}
	return list
}

// dutyLine is what became of an operator's part in an epoch.
type dutyLine struct {
	Epoch  uint64 `json:"epoch"`
	Status string `json:"status"` // signed, missed, void, in progress or unknown
	Detail string `json:"detail,omitempty"`
}

// chargeAgain is a charge against the operator.
type chargeAgain struct {
	ID       posp.Hash `json:"id"`
	Epoch    uint64    `json:"epoch"`
	Kind     string    `json:"kind"`
	Status   string    `json:"status"`
	Deadline uint64    `json:"deadline"` // block from which it can be executed: until then it can be contested
	SlashID  *big.Int  `json:"slashId,omitempty"`
	Released bool      `json:"released,omitempty"` // what was slashed has left EigenLayer
}

func (s *Site) verifiers() chain.OperatorSet {
	return chain.OperatorSet{AVS: s.Network.Contracts.ServiceManager, ID: verifiersSet}
}

// OperatorStatus reads an operator's state, with its duties in so many of the
// newest epochs.
func (s *Site) OperatorStatus(ctx context.Context, operator posp.Address, epochs uint64) (*OperatorStatus, error) {
	e, c, p, set := s.Network.EigenLayer, s.Client, s.Reader(), s.verifiers()
	head, err := p.Block(ctx)
	if err != nil {
		return nil, fmt.Errorf("read newest block: %w", err)
	}
	at := new(big.Int).SetUint64(head)
	v := &OperatorStatus{Operator: operator, ChainID: s.Network.ChainID, Block: head, FaultLine: s.Parameters.FaultLine, Duties: []dutyLine{}, Charges: []chargeAgain{}}
	if v.Balance, err = c.BalanceAt(ctx, operator, at); err != nil {
		return nil, fmt.Errorf("read balance: %w", err)
	}
	if v.token, err = e.EigenLayer.Token(ctx, c, e.Token); err != nil {
		return nil, err
	}
	if v.Registered, err = e.IsOperator(ctx, c, at, operator); err != nil {
		return nil, err
	}
	if v.Delays, err = e.Delays(ctx, c, at); err != nil {
		return nil, err
	}
	if delay, set, err := e.AllocationDelay(ctx, c, at, operator); err != nil {
		return nil, err
	} else if set {
		v.AllocationDelay = &delay
	}
	if v.Shares, err = e.Shares(ctx, c, at, operator, e.Strategy); err != nil {
		return nil, err
	}
	a, err := e.Allocation(ctx, c, at, operator, set, e.Strategy)
	if err != nil {
		return nil, err
	}
	v.Magnitude, v.Pending, v.EffectBlock = a.Magnitude, a.PendingDiff, a.EffectBlock
	if v.Allocatable, err = e.Allocatable(ctx, c, at, operator, e.Strategy); err != nil {
		return nil, err
	}
	if v.MaxMagnitude, err = e.MaxMagnitude(ctx, c, at, operator, e.Strategy); err != nil {
		return nil, err
	}
	lookahead, err := p.Lookahead(ctx)
	if err != nil {
		return nil, err
	}
	for _, w := range []struct {
		to    **big.Int
		block uint64
	}{{&v.Slashable, head}, {&v.Counts, head + uint64(lookahead)}} {
		stake, err := e.SlashableStake(ctx, c, at, set, []posp.Address{operator}, e.Strategy, uint32(w.block))
		if err != nil {
			return nil, err
		}
		*w.to = stake[0]
	}
	if err := s.membership(ctx, v, at); err != nil {
		return nil, err
	}
	messages, err := s.hotKeys(ctx, operator, chain.Messages)
	if err != nil {
		return nil, err
	}
	v.Messages = &messages
	if v.Standing, err = p.Standing(ctx, operator, posp.Hash{}); err != nil {
		return nil, err
	}
	if v.Jailed, err = p.Jailed(ctx, operator); err != nil {
		return nil, err
	}
	if err := s.charges(ctx, v); err != nil {
		return nil, err
	}
	return v, s.duties(ctx, v, epochs)
}

func (s *Site) membership(ctx context.Context, v *OperatorStatus, at *big.Int) (err error) {
	e, c, p, set := s.Network.EigenLayer, s.Client, s.Reader(), s.verifiers()
	if v.Member, err = e.IsMember(ctx, c, at, set, v.Operator); err != nil {
		return err
	}
	if v.IsSlashable, err = e.IsSlashable(ctx, c, at, v.Operator, set); err != nil {
		return err
	}
	if !v.Member && v.IsSlashable {
		from := uint64(0)
		if back := uint64(v.Delays.Deallocation) + 1; v.Block > back {
			from = v.Block - back
		}
		left, ok, err := e.LeftAt(ctx, c, v.Operator, set, from, v.Block)
		if err != nil {
			return err
		}
		if ok {
			v.LeftAt, v.SlashableUntil = left, left+uint64(v.Delays.Deallocation)+1
		}
	}
	key, err := e.Key(ctx, c, at, set, v.Operator)
	var none *posp.ValidationError
	switch {
	case errors.As(err, &none):
	case err != nil:
		return err
	default:
		g := key.G1.Bytes()
		v.Key, v.registeredKey = fmt.Sprintf("%x", g), &key
		held, err := p.TableKey(ctx, v.Operator)
		if err != nil {
			return err
		}
		v.TableKey = held == key.G1
	}
	table, ok, err := p.TableAt(ctx, v.Block)
	if err != nil || !ok {
		return err
	}
	for _, m := range table.Members {
		if m.Operator == v.Operator {
			v.Table = &tableSeat{Block: table.Block, Weight: m.Weight.ToBig(), Total: table.Total.ToBig()}
		}
	}
	return nil
}

func (s *Site) charges(ctx context.Context, v *OperatorStatus) error {
	p := s.Reader()
	all, err := p.Faults(ctx)
	if err != nil {
		return err
	}
	pending, err := s.Network.EigenLayer.PendingSlashes(ctx, s.Client, nil, s.verifiers())
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Subject != v.Operator {
			continue
		}
		state, err := p.Fault(ctx, f.ID)
		if err != nil {
			return err
		}
		if state.Status != chain.FaultOpen && state.Status != chain.FaultExecuted {
			continue
		}
		line := chargeAgain{ID: f.ID, Epoch: f.Epoch, Kind: f.Kind.String(), Status: state.Status.String(), Deadline: f.ExecutableAt}
		if state.Status == chain.FaultExecuted {
			line.SlashID, line.Released = state.SlashID, true
			for _, id := range pending {
				line.Released = line.Released && id.Cmp(state.SlashID) != 0
			}
		}
		v.Charges = append(v.Charges, line)
	}
	return nil
}

// duties says of each of the newest epochs, in whose table the operator was,
// whether it signed the certificate.
func (s *Site) duties(ctx context.Context, v *OperatorStatus, epochs uint64) error {
	p, schedule := s.Reader(), s.Parameters.Schedule
	if v.Block < schedule.Genesis {
		return nil
	}
	now := schedule.EpochAt(v.Block)
	for back := range min(now+1, epochs) {
		e := now - back
		table, ok, err := p.Table(ctx, e)
		if err != nil {
			return err
		}
		if !ok || !seated(table, v.Operator) {
			continue
		}
		batches, err := p.Batches(ctx, e)
		if err != nil {
			return err
		}
		if len(batches) == 0 {
			continue // nothing to verify
		}
		line := dutyLine{Epoch: e}
		status, _, err := p.EpochStatus(ctx, e)
		if err != nil {
			return err
		}
		switch {
		case status == chain.StatusNone && v.Block <= schedule.CertifyDeadline(e):
			line.Status, line.Detail = "in progress", string(schedule.Phase(e, v.Block))
		case status == chain.StatusNone || status == chain.StatusVoid:
			line.Status, line.Detail = "void", "no certificate in time; nobody is paid"
		default:
			line.Status = "signed"
			_, signed, ok, err := p.CoSigned(ctx, e, v.Operator)
			switch {
			case err != nil:
				return err
			case !ok:
				line.Status, line.Detail = "unknown", "certified through another contract"
			case !signed:
				line.Status, line.Detail = "missed", "certified without this operator's signature"
			}
		}
		v.Duties = append(v.Duties, line)
	}
	return nil
}

func seated(t posp.Table, operator posp.Address) bool {
	for _, m := range t.Members {
		if m.Operator == operator {
			return true
		}
	}
	return false
}

// PrintOperatorStatus is `posp operator status`.
func PrintOperatorStatus(ctx context.Context, n Network, rpc string, operator posp.Address, e Engines, epochs uint64, asJSON bool, out io.Writer) error {
	s, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer s.Client.Close()
	v, err := s.OperatorStatus(ctx, operator, epochs)
	if err != nil {
		return err
	}
	v.Models = e.models(n)
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	v.print(t)
	return t.Flush()
}

func (v *OperatorStatus) print(t io.Writer) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	line("operator", "%s", v.Operator)
	line("chain", "%d, block %d", v.ChainID, v.Block)
	line("gas money", "%s ether", units(v.Balance, 18))
	if !v.Registered {
		line("EigenLayer", "not registered: posp operator register")
		return
	}
	switch {
	case v.AllocationDelay == nil:
		line("EigenLayer", "registered; the allocation delay is not in force yet")
	default:
		line("EigenLayer", "registered; an allocation holds %s", after(uint64(*v.AllocationDelay)))
	}
	line("delegated", "%s", v.stake(v.Shares))
	allocation := fmt.Sprintf("%s of it", percent(v.Magnitude, v.MaxMagnitude))
	if v.Pending != nil && v.Pending.Sign() != 0 {
		allocation += fmt.Sprintf(", %+.4g%% from block %d on", 100*float64(v.Pending.Int64())/float64(max(1, v.MaxMagnitude)), v.EffectBlock)
	}
	line("allocated", "%s", allocation)
	line("slashable", "%s now; %s counts in the next table", v.stake(v.Slashable), v.stake(v.Counts))
	switch {
	case v.Member:
		line("operator set", "member of VERIFIERS")
	case v.SlashableUntil != 0:
		line("operator set", "left at block %d, slashable until block %d (%s)", v.LeftAt, v.SlashableUntil, blocks(v.SlashableUntil-min(v.SlashableUntil, v.Block)))
	case v.IsSlashable:
		line("operator set", "left, and still slashable")
	default:
		line("operator set", "not a member")
	}
	switch {
	case v.Key == "":
		line("BN254 key", "none registered")
	case v.Member && !v.TableKey:
		line("BN254 key", "%s… registered, but another one than in the operator table", v.Key[:16])
	default:
		line("BN254 key", "%s… registered", v.Key[:16])
	}
	v.Messages.print(t)
	if v.Table != nil {
		line("table", "weight %s of %s, as of block %d", units(v.Table.Weight, int(v.token.Decimals)), units(v.Table.Total, int(v.token.Decimals)), v.Table.Block)
	} else {
		line("table", "not in the newest one")
	}
	standing := fmt.Sprintf("%.2f of %.2f nats", nats(v.Standing), nats(v.FaultLine))
	if v.Jailed {
		standing += "; JAILED: out of tables until the charge is settled"
	}
	line("standing", "%s", standing)
	fmt.Fprintf(t, "\nMODEL\tRECOMPUTED BY\n")
	for _, m := range v.Models {
		text := m.By
		if text == "" {
			text = "nothing: its samples are missed (--backend " + m.Model + "=URL)"
		}
		fmt.Fprintf(t, "%s\t%s\n", m.Model, text)
	}
	if len(v.Duties) > 0 {
		fmt.Fprintf(t, "\nEPOCH\tDUTY\n")
		for _, d := range v.Duties {
			text := d.Status
			if d.Detail != "" {
				text += " (" + d.Detail + ")"
			}
			fmt.Fprintf(t, "%d\t%s\n", d.Epoch, text)
		}
	}
	if len(v.Charges) > 0 {
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
}

func (v *OperatorStatus) stake(amount *big.Int) string {
	return units(amount, int(v.token.Decimals)) + " " + v.token.Symbol
}

// percent is a magnitude in per cent of the whole.
func percent(part, whole uint64) string {
	if whole == 0 {
		return "0%"
	}
	return fmt.Sprintf("%.4g%%", 100*float64(part)/float64(whole))
}

// units shows base units as a decimal number, without rounding.
func units(amount *big.Int, decimals int) string {
	if amount == nil {
		return "?"
	}
	whole, rest := new(big.Int).QuoRem(amount, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil), new(big.Int))
	text := whole.String()
	if rest.Sign() != 0 {
		digits := fmt.Sprintf("%0*s", decimals, new(big.Int).Abs(rest))
		text += "." + strings.TrimRight(digits, "0")
	}
	return text
}

// parseUnits is the inverse of units.
func parseUnits(text string, decimals int) (*big.Int, error) {
	whole, rest, _ := strings.Cut(text, ".")
	if len(rest) > decimals {
		return nil, fmt.Errorf("amount %q has more than %d digits after the point", text, decimals)
	}
	n, ok := new(big.Int).SetString(whole+rest+strings.Repeat("0", decimals-len(rest)), 10)
	if !ok || n.Sign() <= 0 || strings.ContainsAny(text, "+-_ ") {
		return nil, fmt.Errorf("amount %q is not a positive decimal number", text)
	}
	return n, nil
}

// blockTime is mainnet's, to say about how long so many blocks are.
const blockTime = 12 * time.Second

// after says when so many blocks are over.
func after(n uint64) string {
	if n == 0 {
		return "at once"
	}
	return "after " + blocks(n)
}

// blocks shows a number of blocks, and how long that is on mainnet.
func blocks(n uint64) string {
	d := time.Duration(n) * blockTime
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d blocks", n)
	case d < 48*time.Hour:
		return fmt.Sprintf("%d blocks, about %.1f hours at 12 s", n, d.Hours())
	}
	return fmt.Sprintf("%d blocks, about %.1f days at 12 s", n, d.Hours()/24)
}
