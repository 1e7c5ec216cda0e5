package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/verdict"
)

// provider writes an answer and says with which log-probabilities.
type provider func(ctx context.Context, r inference.Request) ([]inference.Token, error)

// generates is the provider that reports what its engine computed as it wrote.
func generates(g inference.Generator) provider {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, error) {
		tokens, _, err := inference.Collect(ctx, g, r)
		return tokens, err
	}
}

// hotter is the provider that draws with temperature 1, whatever was asked for.
func hotter(g inference.Generator) provider {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, error) {
		r.Sampling.TemperatureMicro = 1_000_000
		return generates(g)(ctx, r)
	}
}

// forges is the provider whose cheap model writes and whose promised one only
// scores what was written.
func forges(writer inference.Generator, scorer inference.Scorer) provider {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, error) {
		tokens, _, err := inference.Collect(ctx, writer, r)
		if err != nil {
			return nil, err
		}
		evidence, err := scorer.Score(ctx, r.Prompt, r.Sampling, ids(tokens))
		for i := range evidence.LogProb {
			tokens[i].LogProb = float64(evidence.LogProb[i]) / posp.Nat
		}
		return tokens, err
	}
}

func ids(tokens []inference.Token) []uint32 {
	list := make([]uint32, len(tokens))
	for i, t := range tokens {
		list[i] = t.ID
	}
	return list
}

// answer has a provider answer requests, and an operator recompute them, on
// all cores. It prints progress under a name.
func answer(ctx context.Context, out io.Writer, name string, p provider, operator inference.Scorer, requests []inference.Request) ([]verdict.Pair, error) {
	pairs := make([]verdict.Pair, len(requests))
	var done, tokens atomic.Int64
	begin := time.Now()
	progress := func() {
		fmt.Fprintf(out, "\r%s: %d of %d outputs, %d positions, %.0fs", name, done.Load(), len(requests), tokens.Load(), time.Since(begin).Seconds())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range requests {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			written, err := p(ctx, r)
			if err != nil {
				return fmt.Errorf("answer request %d: %w", i, err)
			}
			claimed := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: make([]int32, len(written))}
			for k, t := range written {
				claimed.LogProb[k] = posp.ToFixed(t.LogProb) // as package provider records them
			}
			recomputed, err := operator.Score(ctx, r.Prompt, r.Sampling, ids(written))
			if err != nil {
				return fmt.Errorf("recompute request %d: %w", i, err)
			}
			pairs[i] = verdict.Pair{Claimed: claimed, Recomputed: recomputed}
			tokens.Add(int64(len(written)))
			if done.Add(1)%20 == 0 {
				progress()
			}
			return nil
		})
	}
	err := g.Wait()
	progress()
	fmt.Fprintln(out)
	return pairs, err
}
