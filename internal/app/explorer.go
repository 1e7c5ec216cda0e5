package app

import (
	"context"
	"math/big"

	"github.com/ethereum/go-ethereum"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/explorer"
)

// viewed is the chain as the explorer looks at it: the head, since what a
// reorganisation takes away is taken from the page too.
type viewed struct {
	*chain.Protocol
	client *chain.Client
	stake  EigenLayer
}

func (v viewed) Token(ctx context.Context) (chain.Token, error) {
	return v.stake.EigenLayer.Token(ctx, v.client, v.stake.Token)
}

func (v viewed) Time(ctx context.Context, block uint64) (uint64, error) {
	h, err := v.client.HeaderByNumber(ctx, new(big.Int).SetUint64(block))
	if err != nil {
		return 0, err
	}
	return h.Time, nil
}

func (v viewed) Follow(ctx context.Context, q ethereum.FilterQuery, from uint64, sink chain.Sink) error {
	return chain.NewFollower(v.client, q, from, 0, sink).Run(ctx)
}

func (v viewed) DisputeStakes(ctx context.Context) (s posp.DisputeStakes, ok bool, err error) {
	d, err := chain.NewDisputes(v.Protocol)
	if err != nil {
		return s, false, nil // the deployment has no game
	}
	s, err = d.DisputeStakes(ctx)
	return s, err == nil, err
}

// archived is the aggregator as the explorer looks at it.
type archived struct{ *aggregator.Aggregator }

func (a archived) Progress(ctx context.Context, epoch uint64) (explorer.Progress, error) {
	p, err := a.Aggregator.Progress(ctx, epoch)
	return explorer.Progress(p), err
}

func (a archived) Sample(ctx context.Context, epoch uint64, ordinal uint32, committee []posp.Address) (explorer.Sample, bool, error) {
	s, ok, err := a.Aggregator.Sample(ctx, epoch, ordinal, committee)
	return explorer.Sample(s), ok, err
}
