package contracts_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/verdict"
)

// What is wrong with an opening by itself is the same in both, at every edge: counts, limits, the vocabulary, the end of an
// answer, sampling parameters.
func TestOpeningsAreCheckedAlike(t *testing.T) {
	m := deploy(t, &contracts.ReferenceLibrariesMetaData)
	seen := map[posp.Class]int{}
	rapid.Check(t, func(t *rapid.T) {
		// At most one thing is odd.
		odd := draw(t, rapid.SampledFrom([]string{"", "", "prompt", "output", "context", "max tokens", "temperature", "top p", "greedy", "counts", "rule", "finish", "early end"}), "odd")
		near := func(x uint32, label string) uint32 { // x, or a little beside it
			if odd != label {
				return x
			}
			return draw(t, rapid.SampledFrom([]uint32{x, x - 1, x + 1, 0, math.MaxUint32}), label)
		}
		vocab := draw(t, rapid.SampledFrom([]uint32{5, 64, 1 << 17, math.MaxUint32}), "vocabulary")
		spec := posp.ModelSpec{VocabSize: vocab, EOS: draw(t, rapid.Uint32Range(0, 4), "eos"), SamplingRule: posp.RuleGumbel}
		rules := []posp.SamplingRule{posp.Greedy, posp.Seeded}
		if odd == "rule" {
			spec.SamplingRule, rules = draw(t, rapid.SampledFrom([]string{posp.RuleGumbel, posp.RuleUnseeded, "none"}), "rule"), []posp.SamplingRule{0, posp.Greedy, posp.Seeded, posp.Unseeded, 4}
		}
		tokens := func(label string, least int) (ids []uint32, packed []byte) {
			for range rapid.IntRange(least, 40).Draw(t, label+" length") {
				id := draw(t, rapid.Uint32Range(0, vocab-1), label)
				if label == "output" && odd != "early end" && id == spec.EOS {
					id = (id + 1) % vocab
				}
				ids = append(ids, id)
			}
			if odd == label && len(ids) > 0 {
				ids[rapid.IntRange(0, len(ids)-1).Draw(t, label+" place")] = near(vocab, label)
			}
			for _, id := range ids {
				packed = append(packed, byte(id>>24), byte(id>>16), byte(id>>8), byte(id))
			}
			return ids, packed
		}
		prompt, packedPrompt := tokens("prompt", rapid.IntRange(0, 1).Draw(t, "least"))
		output, packedOutput := tokens("output", 0)
		finish := posp.FinishLength
		if len(output) > 0 && rapid.Bool().Draw(t, "stopped") {
			finish = posp.FinishStop
			output[len(output)-1] = spec.EOS
			copy(packedOutput[len(packedOutput)-4:], []byte{0, 0, 0, byte(spec.EOS)})
		}
		spec.ContextLimit = near(uint32(len(prompt)+len(output)), "context")
		s := posp.Sampling{Rule: draw(t, rapid.SampledFrom(rules), "sampling"), MaxTokens: near(uint32(len(output)), "max tokens")}
		if s.Rule != posp.Greedy || odd == "greedy" {
			s.TemperatureMicro, s.TopPMicro = near(10_000_000, "temperature"), near(1_000_000, "top p")
			if s.Rule == posp.Seeded {
				s.Seed = hash(t, "seed")
			}
		}
		r := posp.Receipt{SpecID: spec.ID(), PromptTokens: uint32(len(prompt)), OutputTokens: uint32(len(output))}
		r.PromptTokens, r.OutputTokens = near(r.PromptTokens, "counts"), near(r.OutputTokens, "counts")
		if odd == "finish" {
			finish = posp.FinishReason(rapid.IntRange(0, 3).Draw(t, "finish"))
		}
		o := posp.Opening{Receipt: posp.SignedReceipt{Receipt: r}, Request: posp.RequestPart{Tokens: prompt, Sampling: s}, Output: posp.OutputPart{Tokens: output, Finish: finish}}
		want := verdict.CheckOpening(spec, o)
		seen[want]++
		in, err := refLibraries.TryPackCheckOpening(contracts.ModelSpec{SamplingRule: spec.SamplingRule, VocabSize: spec.VocabSize, Eos: spec.EOS, ContextLimit: spec.ContextLimit},
			spec.ID(), toReceipt(r), contracts.RequestPart{Tokens: packedPrompt, Rule: uint8(s.Rule), TemperatureMicro: s.TemperatureMicro, TopPMicro: s.TopPMicro, Seed: s.Seed, MaxTokens: s.MaxTokens},
			contracts.OutputPart{Tokens: packedOutput, Finish: uint8(o.Output.Finish)})
		if got := ask(t, m, refLibraries.UnpackCheckOpening, in, err); posp.Class(got) != want {
			t.Fatalf("Solidity %s, Go %s", posp.Class(got), want)
		}
	})
	for _, c := range []posp.Class{posp.ClassNone, posp.Truncated, posp.WrongTokenCount, posp.Malformed} {
		if seen[c] == 0 {
			t.Errorf("no opening of class %s was drawn", c)
		}
	}
}
