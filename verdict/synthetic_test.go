package verdict

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Synthetic models. The truth at a position is a log-probability and a margin;
// an engine sees it with its own rounding noise. This is what the recomputation of one
// output on honest engines looks like, at the noise of bf16 on two GPUs (FACTS
// section 8): about 4e-3 nats on average, and a flipped choice in 0.5 % of
// positions.

const honestNoise = 4e-3

type truth struct {
	logProb []float64
	margin  []float64 // 0 where the model would choose the claimed token
}

// honestOutput is what an honest provider writes: its own choice nearly always.
func honestOutput(r *rand.Rand, n int) truth {
	t := truth{make([]float64, n), make([]float64, n)}
	for i := range n {
		t.logProb[i] = -r.ExpFloat64() * 1.5
		if r.Float64() < 0.005 {
			t.margin[i] = math.Abs(r.NormFloat64()) * honestNoise // a near-tie fell the other way
		}
	}
	return t
}

// recompute is the truth as an engine with that noise sees it.
func (t truth) recompute(r *rand.Rand, noise float64) *posp.Evidence {
	e := &posp.Evidence{Kind: posp.EvidenceFull}
	for i := range t.logProb {
		e.LogProb = append(e.LogProb, min(posp.ToFixed(t.logProb[i]+r.NormFloat64()*noise*1.25), 0))
		margin := 0.0
		if t.margin[i] > 0 {
			margin = max(0, t.margin[i]+r.NormFloat64()*noise)
		}
		e.Margin = append(e.Margin, posp.ToFixed(margin))
	}
	return e
}

// claim is what a provider says: log-probabilities only.
func (t truth) claim(r *rand.Rand, noise float64) *posp.Evidence {
	e := t.recompute(r, noise)
	return &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: e.LogProb}
}

// forgedOutput is what a small model writes, as the full model sees it: other
// choices at a third of the positions.
func forgedOutput(r *rand.Rand, n int) truth {
	t := honestOutput(r, n)
	for i := range n {
		if r.Float64() < 0.35 {
			t.logProb[i] -= 1 + r.ExpFloat64()
			t.margin[i] = 0.2 + r.ExpFloat64()
		}
	}
	return t
}

// invented is what a lazy operator makes up: plausible numbers, no model.
func invented(r *rand.Rand, n int) *posp.Evidence {
	return honestOutput(r, n).recompute(r, honestNoise)
}

// A drawn output: at each position the logits of a few tokens, and the one that
// was drawn from them.
type drawn struct {
	logits [][]float64
	token  []int
}

// draw is n tokens, each drawn from the softmax of its logits times heat: 1 is
// honest, 0.7 hotter than it should be.
func draw(r *rand.Rand, n int, heat float64) drawn {
	d := drawn{make([][]float64, n), make([]int, n)}
	for i := range n {
		spread := 0.5 + 3*r.Float64() // some positions are nearly sure
		best := math.Inf(-1)
		for k := range 12 {
			logit := spread * r.NormFloat64()
			d.logits[i] = append(d.logits[i], logit)
			if x := heat*logit - math.Log(r.ExpFloat64()); x > best { // a Gumbel variate
				best, d.token[i] = x, k
			}
		}
	}
	return d
}

// recompute is the output as an engine with that noise sees it.
func (d drawn) recompute(r *rand.Rand, noise float64) *posp.Evidence {
	e := &posp.Evidence{Kind: posp.EvidenceIntervals}
	for i, logits := range d.logits {
		var total, below float64
		seen := make([]float64, len(logits))
		for k, x := range logits {
			seen[k] = math.Exp(x + noise*r.NormFloat64())
			total += seen[k]
		}
		own := seen[d.token[i]]
		for _, x := range seen {
			if x > own {
				below += x
			}
		}
		mass := posp.ToUnit(own / total)
		e.LogProb = append(e.LogProb, min(0, posp.ToFixed(math.Log(own/total))))
		e.Mass, e.Below = append(e.Mass, mass), append(e.Below, min(posp.ToUnit(below/total), posp.Unit-mass))
	}
	return e
}

// claim is what a provider says: log-probabilities only.
func (d drawn) claim(r *rand.Rand, noise float64) *posp.Evidence {
	return &posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: d.recompute(r, noise).LogProb}
}

func drawnPairs(r *rand.Rand, samples, n int, heat float64) []Pair {
	var pairs []Pair
	for range samples {
		d := draw(r, n, heat)
		pairs = append(pairs, Pair{Claimed: *d.claim(r, honestNoise), Recomputed: *d.recompute(r, honestNoise)})
	}
	return pairs
}

const testClass = "synthetic"

var (
	calibrateOnce sync.Once
	testPolicy    Policy
	testReport    Report
)

// calibrated is a policy from honest pairs of all rules.
func calibrated(t failer) *Policy {
	calibrateOnce.Do(func() {
		var err error
		if testPolicy, testReport, err = Calibrate(honestGroups(rand.New(rand.NewPCG(1, 1))), Options{}); err != nil {
			t.Fatal(err)
		}
	})
	return &testPolicy
}

func honestGroups(r *rand.Rand) []Group {
	return []Group{{"mixed", EnginePair{testClass, testClass}, append(honestPairs(r, 400, 64), drawnPairs(r, 800, 64, 1)...)}}
}

func honestPairs(r *rand.Rand, samples, n int) []Pair {
	var pairs []Pair
	for range samples {
		t := honestOutput(r, n)
		pairs = append(pairs, Pair{Claimed: *t.recompute(r, honestNoise), Recomputed: *t.recompute(r, honestNoise)})
	}
	return pairs
}

func testSpec(p *Policy) posp.ModelSpec {
	return posp.ModelSpec{WeightsRoot: posp.Hash{1}, Precision: "bf16", EngineClass: testClass, SamplingRule: "posp-gumbel-v1",
		VocabSize: 256, EOS: 0, ContextLimit: 4096, PolicyID: p.ID()}
}

// opening is a well-formed opening of an output of n tokens.
func opening(spec posp.ModelSpec, n int) *posp.Opening {
	o := &posp.Opening{
		Request: posp.RequestPart{Tokens: []uint32{5, 6, 7}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(n)}, Salt: posp.Hash{2}},
		Output:  posp.OutputPart{Finish: posp.FinishLength, Salt: posp.Hash{3}},
	}
	for i := range n {
		o.Output.Tokens = append(o.Output.Tokens, uint32(i%200+1))
	}
	o.Receipt.SpecID = spec.ID()
	seal(o)
	return o
}

// seal makes the receipt commit to the parts as they are.
func seal(o *posp.Opening) {
	o.Receipt.RequestHash, o.Receipt.OutputHash = o.Request.Hash(), o.Output.Hash()
	o.Receipt.PromptTokens, o.Receipt.OutputTokens = uint32(len(o.Request.Tokens)), uint32(len(o.Output.Tokens))
}

func committee(evidence ...*posp.Evidence) []CommitteeEvidence {
	var c []CommitteeEvidence
	for i, e := range evidence {
		c = append(c, CommitteeEvidence{Operator: posp.Address{byte(i + 1)}, Evidence: e})
	}
	return c
}

func sample(spec posp.ModelSpec, n int, provider *posp.Evidence, members ...*posp.Evidence) Sample {
	return Sample{Spec: spec, Opening: opening(spec, n), Provider: provider, Committee: committee(members...)}
}

func hashOf(xs ...uint64) posp.Hash {
	var b []byte
	for _, x := range xs {
		b = binary.BigEndian.AppendUint64(b, x)
	}
	return crypto.Keccak256Hash(b)
}
