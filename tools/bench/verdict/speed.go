package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/tools/bench/page"
	"github.com/proof-of-sampling/posp/verdict"
)

// speed measures judging 1,000 samples of 256 tokens on one core, by the time
// that the processor spent on it: the machine may be shared.
func (b *bench) speed() (string, error) {
	const samples, n, runs, most = 1_000, 256, 9, 50
	t := page.NewTable("judging 1,000 samples of 256 tokens", "median of processor time", "of clock", "least to most", "runs")
	for _, members := range []int{1, committee} {
		list, err := b.judgeable(samples, n, members)
		if err != nil {
			return "", err
		}
		var cpu, wall []float64
		for range runs {
			before, begin := used(), time.Now()
			for _, s := range list {
				if j := verdict.Judge(&b.f32, s); j.Verdict != posp.Pass {
					return "", fmt.Errorf("an honest sample is %s (%s)", j.Verdict, j.Class)
				}
			}
			cpu, wall = append(cpu, used()-before), append(wall, float64(time.Since(begin).Microseconds())/1000)
		}
		slices.Sort(cpu)
		slices.Sort(wall)
		t.Add(fmt.Sprintf("%d recomputations of each", members), fmt.Sprintf("%.1f ms", cpu[runs/2]), fmt.Sprintf("%.1f ms", wall[runs/2]), fmt.Sprintf("%.1f to %.1f ms", cpu[0], cpu[runs-1]), runs)
		if members == 1 {
			b.goals.Add(cpu[runs/2] < most, "comparing 1,000 samples of 256 tokens, one core", "under 50 ms", fmt.Sprintf("%.1f ms", cpu[runs/2]), "")
		}
	}
	return t.String(), nil
}

// used is the processor time of this process, in ms.
func used() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}

func (b *bench) judgeable(samples, n, members int) (list []verdict.Sample, err error) {
	rng := rand.New(rand.NewPCG(1, 2))
	spec := b.demo.Spec(exact.Class(), posp.RuleGumbel, &b.f32)
	for range samples {
		o := posp.Opening{
			Request: posp.RequestPart{Tokens: []uint32{256, 'f'}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(n)}},
			Output:  posp.OutputPart{Finish: posp.FinishLength},
			Receipt: posp.SignedReceipt{Receipt: posp.Receipt{SpecID: spec.ID(), PromptTokens: 2, OutputTokens: uint32(n)}},
		}
		full := posp.Evidence{Kind: posp.EvidenceFull, Margin: make([]int32, n)}
		for range n {
			o.Output.Tokens = append(o.Output.Tokens, uint32(rng.IntN(256)))
			full.LogProb = append(full.LogProb, posp.ToFixed(-rng.ExpFloat64()))
		}
		claim := posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: slices.Clone(full.LogProb)}
		for k, l := range claim.LogProb { // as far off as honest machines are: the less likely, the more
			most := min(4, -l>>22)
			claim.LogProb[k] = min(0, l+rng.Int32N(2*most+1)-most)
		}
		s := verdict.Sample{Spec: spec, Opening: &o, Provider: &claim}
		for c := range members {
			s.Committee = append(s.Committee, verdict.CommitteeEvidence{Operator: posp.Address{19: byte(c)}, Evidence: &full})
		}
		list = append(list, s)
	}
	return list, nil
}
