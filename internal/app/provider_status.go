package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"text/tabwriter"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// ProviderStatus is what the chain says of a provider.
type ProviderStatus struct {
	Provider     posp.Address  `json:"provider"`
	ChainID      uint64        `json:"chainId"`
	Block        uint64        `json:"block"`
	Balance      *big.Int      `json:"balance"`    // wei, for gas
	Registered   bool          `json:"registered"` // as an operator with EigenLayer
	Member       bool          `json:"member"`     // of PROVIDERS
	Slashable    *big.Int      `json:"slashable"`  // stake that can be slashed now
	URL          string        `json:"url"`        // where openings are served; empty: not registered, or no receipt key
	Receipts     HotKeys       `json:"receiptKeys"`
	NextSequence uint64        `json:"nextSequence"` // first one that no batch covers
	Batches      []servedEpoch `json:"batches"`      // newest epoch first

	token chain.Token
}

// servedEpoch is what became of a provider's batch.
type servedEpoch struct {
	Epoch    uint64    `json:"epoch"`
	ID       posp.Hash `json:"id"`
	Receipts uint64    `json:"receipts"`
	Status   string    `json:"status"` // of its epoch: none, pending, final or void
}

// ProviderStatus reads a provider's state, with its batches of so many of the
// newest epochs.
func (s *Site) ProviderStatus(ctx context.Context, provider posp.Address, epochs uint64) (*ProviderStatus, error) {
	e, c, p := s.Network.EigenLayer, s.Client, s.Reader()
	set := chain.OperatorSet{AVS: s.Network.Contracts.ServiceManager, ID: providersSet}
	v := &ProviderStatus{Provider: provider, ChainID: s.Network.ChainID, Batches: []servedEpoch{}}
	var err error
	if v.Receipts, err = s.hotKeys(ctx, provider, chain.Receipts); err != nil {
		return nil, err
	}
	if err := s.history(ctx, &v.Receipts, chain.Receipts); err != nil {
		return nil, err
	}
	v.Block = v.Receipts.Block
	at := new(big.Int).SetUint64(v.Block)
	if v.Balance, err = c.BalanceAt(ctx, provider, at); err != nil {
		return nil, fmt.Errorf("read balance: %w", err)
	}
	if v.token, err = e.EigenLayer.Token(ctx, c, e.Token); err != nil {
		return nil, err
	}
	if v.Registered, err = e.IsOperator(ctx, c, at, provider); err != nil {
		return nil, err
	}
	if v.Member, err = e.IsMember(ctx, c, at, set, provider); err != nil {
		return nil, err
	}
	stake, err := e.SlashableStake(ctx, c, at, set, []posp.Address{provider}, e.Strategy, uint32(v.Block))
	if err != nil {
		return nil, err
	}
	v.Slashable = stake[0]
	info, _, err := p.Provider(ctx, provider, v.Receipts.Epoch)
	if err != nil {
		return nil, err
	}
	v.URL = info.URL
	if v.NextSequence, err = p.NextSequence(ctx, provider); err != nil {
		return nil, err
	}
	for back := range min(v.Receipts.Epoch+1, epochs) {
		epoch := v.Receipts.Epoch - back
		b, ok, err := p.BatchOf(ctx, provider, epoch)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		status, _, err := p.EpochStatus(ctx, epoch)
		if err != nil {
			return nil, err
		}
		v.Batches = append(v.Batches, servedEpoch{Epoch: epoch, ID: b.ID, Receipts: b.LeafCount, Status: status.String()})
	}
	return v, nil
}

// PrintProviderStatus is `posp provider status`.
func PrintProviderStatus(ctx context.Context, n Network, rpc string, provider posp.Address, epochs uint64, asJSON bool, out io.Writer) error {
	s, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer s.Client.Close()
	v, err := s.ProviderStatus(ctx, provider, epochs)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(v)
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	v.print(t)
	return t.Flush()
}

func (v *ProviderStatus) print(t io.Writer) {
	line := func(name, format string, args ...any) {
		fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	line("provider", "%s", v.Provider)
	line("chain", "%d, block %d", v.ChainID, v.Block)
	line("gas money", "%s ether", units(v.Balance, 18))
	switch {
	case !v.Registered:
		line("EigenLayer", "not registered as an operator")
	case !v.Member:
		line("EigenLayer", "registered, and not a member of PROVIDERS")
	default:
		line("EigenLayer", "member of PROVIDERS, %s %s slashable", units(v.Slashable, int(v.token.Decimals)), v.token.Symbol)
	}
	if v.URL == "" {
		line("openings", "nowhere: posp provider registers its URL at its start")
	} else {
		line("openings", "%s", v.URL)
	}
	v.Receipts.print(t)
	line("in batches", "%d receipts", v.NextSequence)
	v.Receipts.printHistory(t)
	if len(v.Batches) > 0 {
		fmt.Fprintf(t, "\nEPOCH\tRECEIPTS\tSTATUS\tBATCH\n")
		for _, b := range v.Batches {
			fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", b.Epoch, b.Receipts, b.Status, b.ID)
		}
	}
}
