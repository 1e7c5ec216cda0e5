package reference

import (
	"context"
	"runtime"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

var _ inference.Scorer = (*Model)(nil)

// start checks a text and returns a run over it.
func (m *Model) start(prompt []uint32, s posp.Sampling, output []uint32) (*run, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	if err := inference.CheckTokens(prompt, output, m.Vocab); err != nil {
		return nil, err
	}
	if err := inference.CheckContext(len(prompt), len(output), m.context); err != nil {
		return nil, err
	}
	g, err := NewGraph(m.Arch, len(prompt), len(output), s.Rule)
	if err != nil {
		return nil, err
	}
	workers := m.workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, (g.Positions()+tile-1)/tile)
	return newRun(m, g, prompt, output, m.kernel, workers), nil
}

// Score recomputes an output: inference.Scorer. Log-probabilities, and margins of greedy answers, are the evidence
// that the trace ends with, to the bit. The other rules' choices are no part of the program (section 3): they
// are judged from its logits by inference.Rule, in binary64.
func (m *Model) Score(ctx context.Context, prompt []uint32, s posp.Sampling, output []uint32) (posp.Evidence, error) {
	rule, err := inference.NewRule(s, m.Vocab)
	if err != nil {
		return posp.Evidence{}, err
	}
	e := rule.Evidence()
	if len(output) == 0 {
		return e, inference.CheckTokens(prompt, output, m.Vocab)
	}
	r, err := m.start(prompt, s, output)
	if err != nil {
		return posp.Evidence{}, err
	}
	if err := r.embed(ctx); err != nil {
		return posp.Evidence{}, err
	}
	for l := range m.layers {
		if err := r.prepare(ctx, l); err != nil {
			return posp.Evidence{}, err
		}
		if err := r.mix(ctx, l); err != nil {
			return posp.Evidence{}, err
		}
	}
	if s.Rule != posp.Greedy {
		r.workers = r.workers[:1] // a Rule is for one goroutine, and takes positions in order
		row := make([]float32, m.Vocab)
		r.logits = func(i int, logits []int32) {
			for t, z := range logits {
				row[t] = float32(z) * 0x1p-16
			}
			rule.Recompute(&e, row, output[i])
		}
	}
	if err := r.score(ctx); err != nil {
		return posp.Evidence{}, err
	}
	e.LogProb = r.logProbs
	if s.Rule == posp.Greedy {
		e.Margin = r.margins
	}
	return e, nil
}
