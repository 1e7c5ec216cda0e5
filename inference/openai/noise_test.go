package openai

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// noise is how two honest engines differ on the same positions.
type noise struct {
	off   []float64 // of log-probabilities, nats
	flips int       // positions at which only one of them has the token as its best
}

func (n *noise) add(a, b []float64, bestA, bestB []uint32) {
	for i := range a {
		n.off = append(n.off, math.Abs(a[i]-b[i]))
		if bestA[i] != bestB[i] {
			n.flips++
		}
	}
}

func (n noise) String() string {
	all := slices.Sorted(slices.Values(n.off))
	sum := 0.0
	for _, x := range all {
		sum += x
	}
	return fmt.Sprintf("%d positions | %.1e | %.1e | %.1e | %.2f %%", len(all), sum/float64(len(all)), all[len(all)*99/100], all[len(all)-1], 100*float64(n.flips)/float64(len(all)))
}

// TestHonestNoise prints how much llama.cpp's server, as people configure it, differs from our scorer in f32; a table
// for docs/bench. POSP_NOISE names the models: "demo", "15M" or both.
func TestHonestNoise(t *testing.T) {
	if os.Getenv("POSP_NOISE") == "" {
		t.Skip("a measurement of minutes: set POSP_NOISE=demo,15M and POSP_LLAMA_SERVER")
	}
	for name := range strings.SplitSeq(os.Getenv("POSP_NOISE"), ",") {
		w := mainModel(t)
		samples, tokens := 32, 96
		if name == "15M" {
			var err error
			if w, err = model.Random(model.Random15M, 1); err != nil {
				t.Fatal(err)
			}
			samples, tokens = 6, 48
		}
		file := writeGGUF(t, w)
		honest := write(t, w, samples, tokens)
		ours := float.NewScorer(w)
		// Ours, once.
		var logProbs [][]float64
		var best [][]uint32
		for _, h := range honest {
			p, b := make([]float64, len(h.output)), make([]uint32, len(h.output))
			err := ours.Logits(t.Context(), h.prompt, h.output, func(i int, logits []float32) error {
				p[i], b[i] = inference.LogProb(logits, h.output[i]), inference.Best(logits, 1)[0].ID
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			logProbs, best = append(logProbs, p), append(best, b)
		}
		f32 := []string{"-fa", "off", "--cache-type-k", "f32", "--cache-type-v", "f32"}
		for _, c := range []struct {
			name string
			args []string
		}{
			{"f32 cache, 1 thread", slices.Concat(f32, []string{"-t", "1", "-np", "1"})},
			{"f32 cache, 2 threads", slices.Concat(f32, []string{"-t", "2", "-np", "1"})},
			{"f32 cache, batches of 32, micro-batches of 8", slices.Concat(f32, []string{"-t", "1", "-np", "1", "-b", "32", "-ub", "8"})},
			{"f32 cache, 4 slots", slices.Concat(f32, []string{"-t", "1", "-np", "4", "-c", "2048"})},
			{"f32 cache, flash attention", []string{"-t", "1", "-np", "1", "-fa", "on", "--cache-type-k", "f32", "--cache-type-v", "f32"}},
			{"f16 cache", []string{"-t", "1", "-np", "1", "-fa", "off", "--cache-type-k", "f16", "--cache-type-v", "f16"}},
			{"f16 cache, flash attention", []string{"-t", "1", "-np", "1", "-fa", "on"}},
			{"as started without options", nil},
			{"q8_0 cache, flash attention", []string{"-t", "1", "-np", "1", "-fa", "on", "--cache-type-k", "q8_0", "--cache-type-v", "q8_0"}},
		} {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				if strings.HasPrefix(c.name, "q8_0") && w.Config.HeadDim()%32 != 0 {
					t.Skip("llama.cpp's q8_0 cache needs heads of a multiple of 32")
				}
				s := dial(t, llamaServer(t, file, c.args...), Options{Vocab: w.Config.VocabSize})
				var prefill, decode noise
				for i, h := range honest {
					known, err := s.Known(t.Context(), h.prompt, h.output)
					if err != nil {
						t.Fatal(err)
					}
					p, b := make([]float64, len(known)), make([]uint32, len(known))
					for j, k := range known {
						p[j], b[j] = k.Claimed.LogProb, bestOf(k.Top)
					}
					prefill.add(logProbs[i], p, best[i], b)
				}
				fmt.Printf("| %s | %s | scored | %v |\n", name, c.name, prefill)
				// The server writes greedily, and scores what it wrote: decoding against itself.
				for i := range min(4, len(honest)) {
					h := honest[i]
					sampling := posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(tokens)}
					written, _, err := inference.Collect(t.Context(), s, inference.Request{Prompt: h.prompt, Sampling: sampling, Top: 1})
					if err != nil {
						t.Fatal(err)
					}
					var output, chosen, top []uint32
					var claimed, rescored []float64
					for _, token := range written {
						output, chosen, claimed = append(output, token.ID), append(chosen, token.Top[0].ID), append(claimed, token.LogProb)
					}
					known, err := s.Known(t.Context(), h.prompt, output)
					if err != nil {
						t.Fatal(err)
					}
					for _, k := range known {
						rescored, top = append(rescored, k.Claimed.LogProb), append(top, bestOf(k.Top))
					}
					decode.add(claimed, rescored, chosen, top)
				}
				fmt.Printf("| %s | %s | written, and scored by itself | %v |\n", name, c.name, decode)
			})
		}
	}
}

func bestOf(all []inference.Alternative) uint32 { return best(slices.Clone(all), 1)[0].ID }
