package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/verdict"
)

// measureRoot takes a million receipts to their root. A provider has hashed
// each receipt when it signed it, so that only the tree is left for the end of
// an epoch; who checks a whole batch hashes them all at once.
func measureRoot(_ context.Context, f *figures) error {
	const n = 1_000_000
	d := posp.Domain{ChainID: 31337, Registry: posp.Address{1}}
	leaves := make([]posp.Hash, n)
	begin := time.Now()
	var g errgroup.Group
	for part := range slices.Chunk(leaves, n/runtime.GOMAXPROCS(0)) {
		g.Go(func() error {
			for i := range part {
				part[i] = posp.Receipt{Provider: posp.Address{2}, Sequence: uint64(i), PromptTokens: 73, OutputTokens: 48}.Digest(d)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	hashed := time.Now()
	tree := merkle.New(leaves)
	end := time.Now()
	proof, err := tree.Proof(n / 3)
	if err != nil {
		return err
	}
	if err := merkle.Verify(tree.Root(), leaves[n/3], n/3, n, proof); err != nil {
		return err
	}
	f.add("10^6 receipts, hashed as they were signed, to root", "s", 3, end.Sub(hashed).Seconds())
	f.add("10^6 receipts, not hashed yet, to root", "s", 3, end.Sub(begin).Seconds())
	return nil
}

// measureVerdict judges 1,000 samples of 256 tokens by the demo model's policy,
// each with the evidence of a committee of three.
func measureVerdict(_ context.Context, f *figures) error {
	const samples, tokens = 1_000, 256
	m, err := app.DemoModel()
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(1, 2))
	list := make([]verdict.Sample, samples)
	for i := range list {
		o := posp.Opening{
			Request: posp.RequestPart{Tokens: []uint32{m.Spec.VocabSize - 2, 'f'}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: tokens}},
			Output:  posp.OutputPart{Finish: posp.FinishLength},
			Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: m.Spec.ID(), PromptTokens: 2, OutputTokens: tokens}},
		}
		full := posp.Evidence{Kind: posp.EvidenceFull, Margin: make([]int32, tokens)}
		for range tokens {
			o.Output.Tokens = append(o.Output.Tokens, uint32(rng.IntN(256)))
			full.LogProb = append(full.LogProb, posp.ToFixed(-rng.ExpFloat64()))
		}
		claim := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: slices.Clone(full.LogProb)}
		for k := range claim.LogProb { // as far off as honest machines are
			claim.LogProb[k] = min(0, claim.LogProb[k]+rng.Int32N(9)-4)
		}
		list[i] = verdict.Sample{Spec: m.Spec, Opening: &o, Provider: &claim}
		for c := range byte(committee) {
			list[i].Committee = append(list[i].Committee, verdict.CommitteeEvidence{Operator: posp.Address{c}, Evidence: &full})
		}
	}
	begin := time.Now()
	for _, s := range list {
		if j := verdict.Judge(&m.Policy, s); j.Verdict != posp.Pass {
			return fmt.Errorf("an honest sample is %s (%s)", j.Verdict, j.Class)
		}
	}
	f.add("1,000 samples of 256 tokens judged, committees of 3", "ms", 0, float64(time.Since(begin).Microseconds())/1000)
	return nil
}

// measureFloat runs the demo model: a prompt, decoding behind a prompt, and an
// operator's scoring of prompt and output.
func measureFloat(ctx context.Context, f *figures) error {
	const rounds = 4
	w, err := model.Main()
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(3, 4))
	text := make([]uint32, 256)
	for i := range text {
		text[i] = uint32(' ' + rng.IntN(90))
	}
	engine, scorer := float.New(w, float.Options{}), float.NewScorer(w)
	perSecond := func(name string, tokens int, work func() error) error {
		if err := work(); err != nil { // the first one makes buffers
			return err
		}
		begin := time.Now()
		for range rounds {
			if err := work(); err != nil {
				return err
			}
		}
		f.add(name, "tok/s", 0, float64(rounds*tokens)/time.Since(begin).Seconds())
		return nil
	}
	if err := perSecond("prefill, a prompt of 256", 256, func() error {
		s := engine.Session()
		defer s.Release()
		_, err := s.Extend(ctx, text)
		return err
	}); err != nil {
		return err
	}
	s := engine.Session()
	defer s.Release()
	if _, err := s.Extend(ctx, text[:128]); err != nil {
		return err
	}
	if err := perSecond("decode, one answer, behind 128 and more", 64, func() error {
		for _, t := range text[:64] {
			if _, err := s.Extend(ctx, []uint32{t}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return err
	}
	return perSecond("scoring, 128 behind 128, counted together", 256, func() error {
		_, err := scorer.Score(ctx, text[:128], posp.Sampling{Rule: posp.Greedy, MaxTokens: 128}, text[128:])
		return err
	})
}
