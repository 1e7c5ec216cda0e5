package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// noisy is a group of honest greedy outputs.
func noisy(rng *rand.Rand, n, tokens int, scale float64) verdict.Group {
	g := verdict.Group{Name: "some", Engines: verdict.EnginePair{Claimed: "engine", Recomputed: "engine"}}
	for range n {
		claimed, recomputed := posp.Evidence{Kind: posp.EvidenceLogProbs}, posp.Evidence{Kind: posp.EvidenceFull}
		for range tokens {
			x := -1 - rng.ExpFloat64()
			claimed.LogProb = append(claimed.LogProb, posp.ToFixed(x))
			recomputed.LogProb = append(recomputed.LogProb, posp.ToFixed(x+scale*rng.NormFloat64()))
			recomputed.Margin = append(recomputed.Margin, 0)
		}
		g.Pairs = append(g.Pairs, verdict.Pair{Claimed: claimed, Recomputed: recomputed})
	}
	return g
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

// Rationale: a policy of recorded pairs needs no engine, and is the one that
// measuring them gave.
func TestPoliciesOfRecordedPairs(t *testing.T) {
	dir := t.TempDir()
	g := noisy(rand.New(rand.NewPCG(2, 2)), 400, 60, 1e-4)
	o := options{pairs: filepath.Join(dir, "pairs.jsonl"), record: filepath.Join(dir, "again.jsonl"), out: filepath.Join(dir, "policy.json")}
	if err := whole(o.pairs, func(w io.Writer) error { return verdict.WriteRecords(w, g) }); err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	if err := run(t.Context(), &report, o); err != nil {
		t.Fatal(err)
	}
	want, _, err := verdict.Calibrate([]verdict.Group{g}, verdict.Options{})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(o.out)
	if err != nil {
		t.Fatal(err)
	}
	var got verdict.Policy
	if err := json.Unmarshal(raw, &got); err != nil || got.ID() != want.ID() {
		t.Errorf("policy %s, want %s (%v)", got.ID(), want.ID(), err)
	}
	if lines := bytes.Count(raw, []byte("\n")); lines > 100 {
		t.Errorf("%d lines: tables are to stand on one each", lines)
	}
	first, err := os.ReadFile(o.pairs)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := os.ReadFile(o.record); err != nil || !bytes.Equal(first, second) {
		t.Errorf("the pairs recorded again differ (%v)", err)
	}
	if s := report.String(); !strings.Contains(s, "engine by engine") || !strings.Contains(s, want.ID().String()) {
		t.Errorf("report:\n%s", s)
	}
}

func TestOneKernelIsNoClass(t *testing.T) {
	for engine, want := range map[string]string{"posp-float/bf16+flash64": "calibrate the class", "posp-float/int5": "int5"} {
		if err := run(t.Context(), io.Discard, options{engine: engine, positions: 10, tree: t.TempDir()}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", engine, err)
		}
	}
}
