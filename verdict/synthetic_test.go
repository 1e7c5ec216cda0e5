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

const testClass = "synthetic"

var (
	calibrateOnce sync.Once
	testPolicy    Policy
	testReport    Report
)

// calibrated is a policy from honest pairs.
func calibrated(t failer) *Policy {
	calibrateOnce.Do(func() {
		var err error
		testPolicy, testReport, err = Calibrate(honestPairs(rand.New(rand.NewPCG(1, 1)), 300, 64), Options{Engines: []EnginePair{{testClass, testClass}}})
		if err != nil {
			t.Fatal(err)
		}
	})
	return &testPolicy
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
