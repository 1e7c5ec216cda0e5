package measure

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"
	"runtime"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/verdict"
)

// Colleague is a kind of operator.
type Colleague struct {
	Name   string
	Honest bool
	Score  func(ctx context.Context, o Output) (posp.Evidence, error)
}

// Colleagues are an honest operator whose machine adds in an order of its own,
// and those who save themselves the work: with another model, with weights of 4
// bits, and by saying that all is certain.
func (l *Lab) Colleagues(m float.Mode, other *model.Weights) []Colleague {
	own := m
	own.FlashBlock, own.SplitK = 128, 8
	by := func(s inference.Scorer) func(context.Context, Output) (posp.Evidence, error) {
		return func(ctx context.Context, o Output) (posp.Evidence, error) {
			return s.Score(ctx, o.Request.Prompt, o.Request.Sampling, o.Tokens)
		}
	}
	return []Colleague{
		{"honest", true, by(l.Scorer(own))},
		{"other-model", false, by(NewLab(other).Scorer(m))},
		{"int4", false, by(NewLab(model.RoundInt4(l.Weights)).Scorer(m))},
		{"zeros", false, func(_ context.Context, o Output) (posp.Evidence, error) { return zeros(o), nil }},
	}
}

// zeros says of each token that it was certain.
func zeros(o Output) posp.Evidence {
	n := len(o.Tokens)
	e := posp.Evidence{Kind: o.Pair.Recomputed.Kind, LogProb: make([]int32, n)}
	if e.Kind == posp.EvidenceIntervals {
		e.Below, e.Mass = make([]int32, n), make([]int32, n)
		for i := range e.Mass {
			e.Mass[i] = posp.Unit
		}
	} else {
		e.Margin = make([]int32, n)
	}
	return e
}

// JudgeColleague has committees of three judge honest outputs: the operator
// who recomputed them, one whose machine adds in another order, and the
// colleague. It returns the colleague's logE of each sample in which operators
// are scored.
func (l *Lab) JudgeColleague(ctx context.Context, p *verdict.Policy, spec posp.ModelSpec, m float.Mode, outputs []Output, c Colleague) ([]int32, error) {
	second := m
	second.FlashBlock, second.SplitK = 64, 4
	scorer := l.Scorer(second)
	judged := make([]verdict.OperatorJudgement, len(outputs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, o := range outputs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			other, err := scorer.Score(ctx, o.Request.Prompt, o.Request.Sampling, o.Tokens)
			if err != nil {
				return fmt.Errorf("recompute: %w", err)
			}
			own, err := c.Score(ctx, o)
			if err != nil {
				return fmt.Errorf("recompute as %s: %w", c.Name, err)
			}
			j := verdict.Judge(p, o.Sample(spec, &o.Pair.Recomputed, &other, &own))
			judged[i] = j.Operators[2]
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var logE []int32
	for _, j := range judged {
		if j.Scored {
			logE = append(logE, j.LogE)
		}
	}
	return logE, nil
}
