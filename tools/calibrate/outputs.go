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

// output is one answer of a provider, and what an operator finds.
type output struct {
	request inference.Request
	tokens  []uint32
	finish  posp.FinishReason
	pair    verdict.Pair
}

// provider writes an answer and says with which log-probabilities.
type provider func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error)

// generates is the provider that reports what its engine computed as it wrote.
func generates(g inference.Generator) provider {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error) {
		return inference.Collect(ctx, g, r)
	}
}

// forges is the provider whose cheap model writes and whose promised one only
// scores what was written.
func forges(writer inference.Generator, scorer inference.Scorer) provider {
	return func(ctx context.Context, r inference.Request) ([]inference.Token, posp.FinishReason, error) {
		tokens, finish, err := inference.Collect(ctx, writer, r)
		if err != nil {
			return nil, 0, err
		}
		evidence, err := scorer.Score(ctx, r.Prompt, r.Sampling, ids(tokens))
		for i := range evidence.LogProb {
			tokens[i].LogProb = float64(evidence.LogProb[i]) / posp.Nat
		}
		return tokens, finish, err
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
func answer(ctx context.Context, out io.Writer, name string, p provider, operator inference.Scorer, requests []inference.Request) ([]output, error) {
	outputs := make([]output, len(requests))
	var done, tokens atomic.Int64
	begin := time.Now()
	progress := func() {
		fmt.Fprintf(out, "\r%-12s %5d of %d outputs, %7d positions, %.0fs", name, done.Load(), len(requests), tokens.Load(), time.Since(begin).Seconds())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range requests {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			o := output{request: r}
			written, finish, err := p(ctx, r)
			if err != nil {
				return fmt.Errorf("answer request %d: %w", i, err)
			}
			o.tokens, o.finish = ids(written), finish
			o.pair.Claimed = posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: make([]int32, len(written))}
			for k, t := range written {
				o.pair.Claimed.LogProb[k] = posp.ToFixed(t.LogProb) // as package provider records them
			}
			if o.pair.Recomputed, err = operator.Score(ctx, r.Prompt, r.Sampling, o.tokens); err != nil {
				return fmt.Errorf("recompute request %d: %w", i, err)
			}
			outputs[i] = o
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
	return outputs, err
}

// judge judges an output as a committee of m honest operators with this
// arithmetic does.
func judge(policy *verdict.Policy, spec posp.ModelSpec, o output, m int) verdict.Judgement {
	s := verdict.Sample{Spec: spec, Provider: &o.pair.Claimed, Opening: &posp.Opening{
		Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: spec.ID(), PromptTokens: uint32(len(o.request.Prompt)), OutputTokens: uint32(len(o.tokens))}},
		Request: posp.RequestPart{Tokens: o.request.Prompt, Sampling: o.request.Sampling},
		Output:  posp.OutputPart{Tokens: o.tokens, Finish: o.finish},
	}}
	for i := range m {
		s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: posp.Address{19: byte(i + 1)}, Evidence: &o.pair.Recomputed})
	}
	return verdict.Judge(policy, s)
}
