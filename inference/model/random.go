package model

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"strings"
)

// Shapes of random models, after those that small Llamas are usually trained at: 15, 42 and 100 million
// parameters with 32,000 tokens. They compute like any model of their size and say nothing.
var (
	Random15M  = randomShape(288, 6, 6, 6, 768)
	Random42M  = randomShape(512, 8, 8, 4, 1408)
	Random100M = randomShape(768, 12, 12, 4, 1920)
)

func randomShape(hidden, layers, heads, kvHeads, ffn int) Config {
	return Config{
		ModelType: Llama, HiddenSize: hidden, Layers: layers, Heads: heads, KVHeads: kvHeads, IntermediateSize: ffn,
		VocabSize: 32000, ContextLength: 2048, RMSNormEps: 1e-5, RopeTheta: 10000, TieEmbeddings: true,
		BOS: BOS, EOS: EOS,
	}
}

// Random returns the model of shape c and that seed: the same on every machine, with activations and an entropy
// of about a trained model's.
//
// Weights are near-normal. A projection's have variance 1/inputs, so that what follows a norm keeps its size;
// queries and keys twice that, so that attention attends to something (scores before the softmax deviate by 2),
// and what a block adds to the residual four times that, so that a tied model does not just repeat its input.
// The output projection's have variance 1.6 ln(VocabSize)/HiddenSize: a softmax over V normal logits of variance
// 1.6 ln V has an entropy of 4.0 nats for 32,000 tokens and of 2.6 for 258 (by simulation).
func Random(c Config, seed uint64) (*Weights, error) {
	w, err := New(c)
	if err != nil {
		return nil, err
	}
	var key [32]byte
	binary.LittleEndian.PutUint64(key[:], seed)
	rng := rand.NewChaCha8(key)
	// Rounded, because the logarithm's last bit is the processor's.
	output := float64(float32(math.Sqrt(1.6 * math.Log(float64(c.VocabSize)) / float64(c.HiddenSize))))
	for _, t := range w.Tensors() {
		mean, deviation := 0.0, math.Sqrt(1/float64(t.Cols))
		switch {
		case strings.HasSuffix(t.Name, ".bias"):
			deviation = 0.1
		case t.Vector:
			mean, deviation = 1, 0.1
		case strings.HasSuffix(t.Name, ".q_proj.weight"), strings.HasSuffix(t.Name, ".k_proj.weight"):
			deviation *= math.Sqrt2
		case strings.HasSuffix(t.Name, ".o_proj.weight"), strings.HasSuffix(t.Name, ".down_proj.weight"):
			deviation *= 2
		case !t.Linear:
			deviation = output
		}
		for i := range t.Data {
			t.Data[i] = float32(mean + float64(deviation*normal(rng))) // float64: no fused operation
		}
	}
	return w, nil
}

// normal is the sum of four uniform numbers of 16 bits, centred and scaled to variance 1: close to normal up to
// its bound of 3.5, and, being exact, the same on every machine.
func normal(rng *rand.ChaCha8) float64 {
	x := rng.Uint64()
	sum := x&0xffff + x>>16&0xffff + x>>32&0xffff + x>>48
	return (float64(sum) - 2*0xffff) / 37837.22723720648 // sqrt(4 * (2^32-1) / 12)
}
