package app

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// ProviderStatus is what the chain says of a provider.
type ProviderStatus struct {
	Provider posp.Address `json:"provider"`
	Restaker
	URL          string        `json:"url"` // where openings are served; empty: posp provider register
	Receipts     HotKeys       `json:"receiptKeys"`
	NextSequence uint64        `json:"nextSequence"` // first one that no batch covers
	Batches      []servedEpoch `json:"batches"`      // newest epoch first
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
	p := s.Reader()
	v := &ProviderStatus{Provider: provider, Batches: []servedEpoch{}}
	var err error
	if v.Restaker, err = s.restaker(ctx, provider, Providers); err != nil {
		return nil, err
	}
	if v.Receipts, err = s.hotKeys(ctx, provider, chain.Receipts); err != nil {
		return nil, err
	}
	if err := s.history(ctx, &v.Receipts, chain.Receipts); err != nil {
		return nil, err
	}
	if v.URL, err = p.ProviderURL(ctx, provider); err != nil {
		return nil, err
	}
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
	return show(v, asJSON, out)
}

func (v *ProviderStatus) print(t *tabwriter.Writer) {
	field(t, "provider", "%s", v.Provider)
	v.Restaker.print(t)
	if v.URL == "" {
		field(t, "openings", "nowhere: posp provider register says where")
	} else {
		field(t, "openings", "%s", v.URL)
	}
	v.Receipts.print(t)
	field(t, "in batches", "%d receipts", v.NextSequence)
	v.Receipts.printHistory(t)
	if len(v.Batches) > 0 {
		fmt.Fprintf(t, "\nEPOCH\tRECEIPTS\tSTATUS\tBATCH\n")
		for _, b := range v.Batches {
			fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", b.Epoch, b.Receipts, b.Status, b.ID)
		}
	}
	v.printCharges(t)
}
