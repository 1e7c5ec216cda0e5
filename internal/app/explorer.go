package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"go.uber.org/zap"

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

// Transaction asks for the receipt too, which says what it used.
func (v viewed) Transaction(ctx context.Context, id posp.Hash) (t explorer.Transaction, err error) {
	r, err := v.client.TransactionReceipt(ctx, id)
	if err != nil {
		return t, fmt.Errorf("receipt of transaction %s: %w", id, err)
	}
	tx, _, err := v.client.TransactionByHash(ctx, id)
	if err != nil {
		return t, fmt.Errorf("transaction %s: %w", id, err)
	}
	from, err := types.Sender(types.LatestSignerForChainID(tx.ChainId()), tx)
	if err != nil {
		return t, fmt.Errorf("sender of transaction %s: %w", id, err)
	}
	return explorer.Transaction{Sender: from, GasUsed: r.GasUsed}, nil
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
	kept audit.Log // the aggregator's; nil: it keeps none. It is asked each time: an epoch comes into it later

	log *zap.Logger

	one   chan struct{} // held by who makes or reads the one that is kept
	epoch uint64
	whole []byte // nil: none is kept
}

func newBundles(from audit.Source, kept audit.Log, log *zap.Logger) *bundles {
	return &bundles{from: from, kept: kept, log: log, one: make(chan struct{}, 1)}
}

// Bundle is a certified epoch's, or of a part of it.
func (b *bundles) Bundle(ctx context.Context, epoch uint64, part explorer.Part) (io.Reader, error) {
	select {
	case b.one <- struct{}{}:
		defer func() { <-b.one }()
	case <-ctx.Done():
		return nil, ctx.Err() // it waited for too long, or left
	}
	if b.whole == nil || b.epoch != epoch {
		made, err := b.make(ctx, epoch)
		if err != nil {
			return nil, err
		}
		b.epoch, b.whole = epoch, made
	}
	if part == (explorer.Part{}) && b.kept == nil {
		return bytes.NewReader(b.whole), nil
	}
	narrow, err := bundle.Read(b.whole) // which is narrowed: what is kept stays whole
	if err != nil {
		return nil, err
	}
	if b.kept != nil {
		// Without what the log says a bundle can be checked all the same, and says so.
		if narrow.Log, err = b.kept.Epoch(ctx, epoch); err != nil {
			b.log.Warn("transparency log not read", zap.Uint64("epoch", epoch), zap.Error(err))
		}
	}
	keep := func(s *bundle.Sample) bool { return part == (explorer.Part{}) || s.Result.SampleID == part.Sample }
	if part.Provider != (posp.Address{}) {
		first, count, ok := audit.SamplesOf(narrow, part.Provider)
		if !ok {
			return nil, explorer.Missing("the certificate of epoch %d judges no batch of provider %s", epoch, part.Provider)
		}
		keep = func(s *bundle.Sample) bool { return uint64(s.Index) >= first && uint64(s.Index)-first < count }
	}
	if err := narrow.Keep(keep); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = narrow.Write(&out)
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
