package exact

import (
	"math"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// TestLogProbs: the float engine, written by others from the same papers, says the same, but for what binary32 loses. The
// families that it does not compute are held to package reference, by its test of accuracy.
func TestLogProbs(t *testing.T) {
	for _, c := range []model.Config{
		{ModelType: model.Llama, HiddenSize: 24, Layers: 2, Heads: 4, KVHeads: 2, IntermediateSize: 40, VocabSize: 70, TieEmbeddings: true},
		{ModelType: model.Llama, HiddenSize: 96, Layers: 1, Heads: 3, KVHeads: 3, IntermediateSize: 200, VocabSize: 90},
	} {
		c.ContextLength, c.RMSNormEps, c.RopeTheta = 64, 1e-5, 10000
		w, err := model.Random(c, 3)
		if err != nil {
			t.Fatal(err)
		}
		text := make([]uint32, 40)
		for i := range text {
			text[i] = uint32(7*i*i%c.VocabSize + i%2)
		}
		got, err := LogProbs(t.Context(), w, text[:9], text[9:])
		if err != nil {
			t.Fatal(err)
		}
		want, err := float.NewScorer(w).Score(t.Context(), text[:9], posp.Sampling{Rule: posp.Greedy, MaxTokens: 64}, text[9:])
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range want.LogProb {
			if y := float64(x) / posp.Nat; math.Abs(got[i]-y) > 2e-5 {
				t.Errorf("hidden %d, position %d: %v, the float engine %v", c.HiddenSize, i, got[i], y)
			}
		}
	}
	if _, err := LogProbs(t.Context(), &model.Weights{Config: model.Config{VocabSize: 5}}, []uint32{1}, []uint32{5}); err == nil {
		t.Error("a token beyond the vocabulary was taken")
	}
}
