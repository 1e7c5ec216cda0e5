package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/bundle"
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

// maxBundled is how many samples an epoch may have whose bundle is made for a
// page: each takes some ten kilobytes, and about a millisecond.
const maxBundled = 2000

// bundles makes the replay bundles that the explorer hands out, one at a time,
// and keeps that of the epoch that was asked for last.
type bundles struct {
	from audit.Source

	mu    sync.Mutex
	epoch uint64
	whole []byte // nil: none is kept
}

// Sample is the bundle of one sample of a certified epoch.
func (b *bundles) Sample(ctx context.Context, epoch uint64, id posp.Hash) (io.Reader, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err // it waited for too long
	}
	if b.whole == nil || b.epoch != epoch {
		made, err := b.make(ctx, epoch)
		if err != nil {
			return nil, err
		}
		b.epoch, b.whole = epoch, made
	}
	one, err := bundle.Read(b.whole) // which is narrowed: what is kept stays whole
	if err != nil {
		return nil, err
	}
	if err := one.Keep(func(s *bundle.Sample) bool { return s.Result.SampleID == id }); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = one.Write(&out)
	return &out, err
}

func (b *bundles) make(ctx context.Context, epoch uint64) ([]byte, error) {
	c, ok, err := b.from.Chain.Certificate(ctx, epoch)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, explorer.Missing("epoch %d is not certified, so there is nothing to replay yet", epoch)
	case c.Result.SampleCount > maxBundled:
		return nil, explorer.Missing("epoch %d has %d samples, too many for a page to wait for: posp audit fetch makes its bundle", epoch, c.Result.SampleCount)
	}
	made, err := audit.Fetch(ctx, b.from, epoch)
	if err != nil {
		if n, ok := errors.AsType[*audit.NotFoundError](err); ok {
			return nil, explorer.Missing("%s", n)
		}
		return nil, err
	}
	var out bytes.Buffer
	err = made.Write(&out)
	return out.Bytes(), err
}

// public is the aggregator's archive as anybody reads it.
type public struct{ *aggregator.Aggregator }

func (p public) Reveals(ctx context.Context, epoch uint64) ([]posp.Reveals, bool, error) {
	return p.Aggregator.Reveals(ctx, epoch, nil)
}

func (p public) Samples(ctx context.Context, epoch uint64) ([]posp.SampleResult, bool, error) {
	_, lines, ok, err := p.Lines(ctx, epoch)
	return lines, ok, err
}
