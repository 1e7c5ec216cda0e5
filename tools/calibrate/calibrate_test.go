package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/verdict"
)

// noisy are honest outputs whose noise differs from output to output, as it
// does on real engines.
func noisy(rng *rand.Rand, n, tokens int, scale float64) (list []output) {
	for range n {
		noise := scale * math.Exp(rng.NormFloat64()/3)
		o := output{tokens: make([]uint32, tokens), finish: posp.FinishLength,
			request: inference.Request{Prompt: []uint32{1}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(tokens)}}}
		claimed, recomputed := posp.Evidence{Kind: posp.EvidenceLogProbs}, posp.Evidence{Kind: posp.EvidenceFull}
		for i := range tokens {
			x := -1 - rng.ExpFloat64()
			o.tokens[i] = 1
			claimed.LogProb = append(claimed.LogProb, posp.ToFixed(x))
			recomputed.LogProb = append(recomputed.LogProb, posp.ToFixed(x+noise*rng.NormFloat64()))
			recomputed.Margin = append(recomputed.Margin, 0)
		}
		o.pair = verdict.Pair{Claimed: claimed, Recomputed: recomputed}
		list = append(list, o)
	}
	return list
}

func pairs(list []output) (all []verdict.Pair) {
	for _, o := range list {
		all = append(all, o.pair)
	}
	return all
}

// Rationale: by positions alone, outputs that are noisier as a whole look like
// a cheat's; and a policy of one kind of request accuses those of another.
func TestThePolicyHoldsForWholeOutputsOfEachKind(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	quiet, loud := noisy(rng, 2000, 60, 1e-6), noisy(rng, 2000, 60, 8e-6)
	policy, err := fit(io.Discard, []kind{{"loud", pairs(loud)}, {"quiet", pairs(quiet)}}, "engine")
	if err != nil {
		t.Fatal(err)
	}
	alone, err := fit(io.Discard, []kind{{"quiet", pairs(quiet)}}, "engine")
	if err != nil {
		t.Fatal(err)
	}
	spec := posp.ModelSpec{EngineClass: "engine", VocabSize: 9, EOS: 8, ContextLimit: 500}
	mean := func(p verdict.Policy, list []output) (e float64) {
		for _, o := range list {
			e += math.Exp(float64(judge(&p, spec, o, 1).LogE)/verdict.Nat) / float64(len(list))
		}
		return e
	}
	for name, scale := range map[string]float64{"quiet": 1e-6, "loud": 8e-6} {
		if e := mean(policy, noisy(rng, 1000, 60, scale)); e > 1 {
			t.Errorf("%s: the mean e-value of honest outputs is %.3g", name, e)
		}
	}
	if e := mean(alone, noisy(rng, 1000, 60, 8e-6)); e < 1 {
		t.Errorf("loud outputs under the quiet ones' policy: %.3g: the kinds are too alike to test anything", e)
	}
	cheat := noisy(rng, 50, 60, 0.05)
	if e := mean(policy, cheat); e < 1e3 {
		t.Errorf("the mean e-value of a cheat is %.3g", e)
	}
	if policy.Calibration.Samples != 2000 || policy.Calibration.ConfidencePpm != confidencePpm || len(policy.Margin.LogE) != 0 {
		t.Errorf("calibration %+v", policy.Calibration)
	}
}

func TestDivideAndLowerNeverRaise(t *testing.T) {
	q := verdict.Question{LogE: [][]int32{{-9, -8, 0, 7, 8, 9}}}
	divide(q, 4)
	if want := []int32{-3, -2, 0, 1, 2, 2}; !slices.Equal(q.LogE[0], want) {
		t.Errorf("divided by 4: %v, want %v", q.LogE[0], want)
	}
	lower(q, verdict.Question{LogE: [][]int32{{0, -5, 1, 1, 0, 3}}})
	if want := []int32{-3, -5, 0, 1, 0, 2}; !slices.Equal(q.LogE[0], want) {
		t.Errorf("lowered: %v, want %v", q.LogE[0], want)
	}
}

func TestPromptsAreBeginningsOfDeclarations(t *testing.T) {
	dir := t.TempDir()
	text := "package p\n\nimport \"fmt\"\n\n// Hello greets.\nfunc Hello(name string) { fmt.Println(name) }\n\n// A Kind is a kind.\ntype Kind int\n\nvar x = 1\n"
	for name, s := range map[string]string{"a.go": text, "broken.go": "package ((", "notes.txt": "func no() {}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := newSource(dir, rand.New(rand.NewPCG(1, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for {
		d, err := s.declaration()
		if err != nil {
			break
		}
		found = append(found, string(d))
	}
	slices.Sort(found)
	if want := []string{"// A Kind is a kind.\ntype Kind int", "// Hello greets.\nfunc Hello(name string) { fmt.Println(name) }"}; !slices.Equal(found, want) {
		t.Errorf("declarations %q, want %q", found, want)
	}
}

func TestSavedPoliciesReadBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	p, err := fit(io.Discard, []kind{{"quiet", pairs(noisy(rng, 1500, 60, 1e-6))}}, "engine")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "policy.json")
	if err := save(path, p); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var back verdict.Policy
	if err := json.Unmarshal(raw, &back); err != nil || back.ID() != p.ID() {
		t.Errorf("read back as %s, want %s (%v)", back.ID(), p.ID(), err)
	}
	if lines := bytes.Count(raw, []byte("\n")); lines > 200 {
		t.Errorf("%d lines: tables are to stand on one each", lines)
	}
}
