// Package measure makes pairs for calibration: what one party claims of the
// outputs that it writes, and what another recomputes of them. The parties are
// honest engines, real servers, or cheats.
//
//	prompts.go   what is asked for
//	party.go     who answers
//	record.go    a file of pairs that an interrupted measurement continues
package measure

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/verdict"
)

// Output is one answer, and what is made of it.
type Output struct {
	Request inference.Request
	Tokens  []uint32
	Finish  posp.FinishReason
	Pair    verdict.Pair
}

// Ask makes n requests.
func Ask(n int, request func() (inference.Request, error)) ([]inference.Request, error) {
	list := make([]inference.Request, n)
	var err error
	for i := range list {
		if list[i], err = request(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Run has a party answer requests, and an operator recompute them, on all
// processors. It hands on the outputs in the order of the requests, one after
// the other, each as soon as those before it are there; an error of done ends
// the run.
func Run(ctx context.Context, p Party, operator inference.Scorer, requests []inference.Request, done func(i int, o Output) error) error {
	var mu sync.Mutex
	next, waiting := 0, map[int]Output{}
	deliver := func(i int, o Output) error {
		mu.Lock()
		defer mu.Unlock()
		waiting[i] = o
		for {
			o, ok := waiting[next]
			if !ok {
				return nil
			}
			delete(waiting, next)
			if err := done(next, o); err != nil {
				return err
			}
			next++
		}
	}
	g, running := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, r := range requests {
		if running.Err() != nil {
			break
		}
		g.Go(func() error {
			if err := running.Err(); err != nil {
				return err
			}
			o, err := one(running, p, operator, r)
			if err != nil {
				return fmt.Errorf("request %d: %w", i, err)
			}
			return deliver(i, o)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

func one(ctx context.Context, p Party, operator inference.Scorer, r inference.Request) (Output, error) {
	tokens, finish, err := p(ctx, r)
	if err != nil {
		return Output{}, fmt.Errorf("answer: %w", err)
	}
	o := Output{Request: r, Tokens: ids(tokens), Finish: finish}
	o.Pair.Claimed = posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: make([]int32, len(tokens))}
	for k, t := range tokens {
		o.Pair.Claimed.LogProb[k] = posp.ToFixed(t.LogProb) // as package provider records them
	}
	if o.Pair.Recomputed, err = operator.Score(ctx, r.Prompt, r.Sampling, o.Tokens); err != nil {
		return Output{}, fmt.Errorf("recompute: %w", err)
	}
	return o, nil
}

func ids(tokens []inference.Token) []uint32 {
	list := make([]uint32, len(tokens))
	for i, t := range tokens {
		list[i] = t.ID
	}
	return list
}

// Sample is the output as it stands before a committee.
func (o Output) Sample(spec posp.ModelSpec, committee ...*posp.Evidence) verdict.Sample {
	claimed := o.Pair.Claimed
	s := verdict.Sample{Spec: spec, Provider: &claimed, Opening: &posp.Opening{
		Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: spec.ID(), PromptTokens: uint32(len(o.Request.Prompt)), OutputTokens: uint32(len(o.Tokens))}},
		Request: posp.RequestPart{Tokens: o.Request.Prompt, Sampling: o.Request.Sampling},
		Output:  posp.OutputPart{Tokens: o.Tokens, Finish: o.Finish},
	}}
	for i, e := range committee {
		s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: posp.Address{18: 1, 19: byte(i)}, Evidence: e})
	}
	return s
}
