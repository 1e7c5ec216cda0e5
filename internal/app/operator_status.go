package app

import (
	"context"
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
	Restaker
	Counts *big.Int `json:"counts"` // stake that stays slashable for the table's look-ahead: the next table's weight

	Key       string        `json:"key,omitempty"` // BN254, G1 x and y in hex, as the KeyRegistrar holds it
	TableKey  bool          `json:"tableKey"`      // the OperatorTable holds the same
	Messages  *HotKeys      `json:"messageKeys"`   // whose signature makes its messages
	Table     *tableSeat    `json:"table"`         // in the newest table; null: not in it
	Standing  uint64        `json:"standing"`      // Q16 nats
	FaultLine uint64        `json:"faultLine"`     // at which a standing is a fault
	Duties    []dutyLine    `json:"duties"`        // newest epoch first, of those it was in the table of
	Models    []servedModel `json:"models"`        // of the network, and whether this operator is set up for them

	registeredKey *keys.PublicKey
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

// OperatorStatus reads an operator's state, with its duties in so many of the
// newest epochs.
func (s *Site) OperatorStatus(ctx context.Context, operator posp.Address, epochs uint64) (*OperatorStatus, error) {
	p := s.Reader()
	v := &OperatorStatus{Operator: operator, FaultLine: s.Parameters.FaultLine, Duties: []dutyLine{}}
	var err error
	if v.Restaker, err = s.restaker(ctx, operator, Verifiers); err != nil {
		return nil, err
	}
	at := new(big.Int).SetUint64(v.Block)
	lookahead, err := p.Lookahead(ctx)
	if err != nil {
		return nil, err
	}
	stake, err := s.Network.EigenLayer.SlashableStake(ctx, s.Client, at, Verifiers.OperatorSet(s.Network), []posp.Address{operator}, s.Network.EigenLayer.Strategy, uint32(v.Block)+lookahead)
	if err != nil {
		return nil, err
	}
	v.Counts = stake[0]
	if err := s.seat(ctx, v, at); err != nil {
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
	return v, s.duties(ctx, v, epochs)
}

// seat reads the BN254 key, and the row of the newest table.
func (s *Site) seat(ctx context.Context, v *OperatorStatus, at *big.Int) error {
	p := s.Reader()
	key, err := s.Network.EigenLayer.Key(ctx, s.Client, at, Verifiers.OperatorSet(s.Network), v.Operator)
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
	return show(v, asJSON, out)
}

func (v *OperatorStatus) print(t *tabwriter.Writer) {
	field(t, "operator", "%s", v.Operator)
	v.Restaker.print(t)
	if !v.Registered {
		return
	}
	switch {
	case v.Key == "":
		field(t, "BN254 key", "none registered")
	case v.Member && !v.TableKey:
		field(t, "BN254 key", "%s… registered, but another one than in the operator table", v.Key[:16])
	default:
		field(t, "BN254 key", "%s… registered", v.Key[:16])
	}
	v.Messages.print(t)
	if v.Table != nil {
		field(t, "table", "weight %s of %s, as of block %d", units(v.Table.Weight, int(v.token.Decimals)), units(v.Table.Total, int(v.token.Decimals)), v.Table.Block)
	} else {
		field(t, "table", "not in the newest one")
	}
	if v.Member {
		field(t, "next table", "%s counts", v.stake(v.Counts))
	}
	field(t, "standing", "%.2f of %.2f nats", nats(v.Standing), nats(v.FaultLine))
	fmt.Fprintf(t, "\nMODEL\tRECOMPUTED BY\n")
	for _, m := range v.Models {
		text := m.By
		if text == "" {
			text = "nothing: its samples are missed (--backend " + m.Model + "=URL)"
		}
		field(t, m.Model, "%s", text)
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
	v.printCharges(t)
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
