package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/measure"
	"github.com/proof-of-sampling/posp/verdict"
)

// recorded writes a file of honest-looking pairs with a noise of so many Q24
// units, and returns its name.
func recorded(t *testing.T, group string, outputs int, noise int32) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(noise), uint64(outputs)))
	path := filepath.Join(t.TempDir(), group+".jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	g := verdict.Group{Name: group, Engines: verdict.EnginePair{Claimed: "vllm/bf16", Recomputed: "posp-float/bf16"}}
	for range outputs {
		const n = 64
		p := verdict.Pair{Claimed: posp.Evidence{Kind: posp.EvidenceLogProbs}, Recomputed: posp.Evidence{Kind: posp.EvidenceFull}}
		for range n {
			x := posp.ToFixed(-rng.ExpFloat64())
			p.Recomputed.LogProb = append(p.Recomputed.LogProb, x)
			p.Recomputed.Margin = append(p.Recomputed.Margin, int32(rng.ExpFloat64()*rng.Float64()*float64(noise)/100))
			p.Claimed.LogProb = append(p.Claimed.LogProb, min(0, x+int32(rng.NormFloat64()*float64(noise))))
		}
		g.Pairs = append(g.Pairs, p)
	}
	if err := verdict.WriteRecords(f, g); err != nil {
		t.Fatal(err)
	}
	return path
}

// From recorded pairs a policy is made that says what it rests on; from too
// few none is. Recorded noise ten thousand times as great is caught by it.
func TestCalibrateAndPowerFromFiles(t *testing.T) {
	dir := t.TempDir()
	out, runs, plot := filepath.Join(dir, "policy.json"), filepath.Join(dir, "runs.json"), filepath.Join(dir, "power.svg")
	honest, cheat := recorded(t, "ordinary", 400, 1<<12), recorded(t, "int2", 40, 1<<22)
	var text bytes.Buffer
	o := CalibrateOptions{MeasureOptions: MeasureOptions{From: []string{honest}}, Out: out, Confidence: 0.999}
	if err := Calibrate(t.Context(), o, &text, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"vllm/bf16, recomputed by posp-float/bf16", "99.9 %", out} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, &text)
		}
	}
	p, err := LoadPolicy(out)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := os.ReadFile(out); err != nil || bytes.Count(raw, []byte("\n")) > 100 {
		t.Errorf("%d lines (%v): tables are to stand on one each", bytes.Count(raw, []byte("\n")), err)
	}
	if !strings.Contains(text.String(), p.ID().Hex()) {
		t.Errorf("policy %s is not named in\n%s", p.ID(), &text)
	}

	text.Reset()
	power := PowerOptions{MeasureOptions: MeasureOptions{From: []string{honest}}, CheatsFrom: []string{cheat}, Policy: out, Alpha: 1e-9, RunsOut: runs, Plot: plot, JSON: true}
	if err := Power(t.Context(), power, &text, io.Discard); err != nil {
		t.Fatal(err)
	}
	var r struct {
		Runs []struct {
			Honest  bool
			Fail    int
			ToFault *float64 // null: never
		}
	}
	if err := json.Unmarshal(text.Bytes(), &r); err != nil || len(r.Runs) != 2 {
		t.Fatalf("%v\n%s", err, &text)
	}
	if x := r.Runs[0]; !x.Honest || x.Fail > 0 || x.ToFault != nil && *x.ToFault < 1e9 {
		t.Errorf("the honest are accused:\n%s", &text)
	}
	if x := r.Runs[1]; x.Honest || x.Fail != 40 || x.ToFault == nil || *x.ToFault != 1 {
		t.Errorf("the cheat is not caught at once:\n%s", &text)
	}
	written, err := LoadRuns(runs)
	if err != nil {
		t.Fatal(err)
	}
	if written.Policy != p.ID() || len(written.Runs) != 2 || !written.Runs[0].Honest || written.Runs[1].Name != "int2" {
		t.Errorf("%+v", written)
	}
	if info, err := os.Stat(plot); err != nil || info.Size() == 0 {
		t.Errorf("no chart: %v", err)
	}

	if err := os.Remove(out); err != nil {
		t.Fatal(err)
	}
	o.From = []string{recorded(t, "few", 30, 1<<12)}
	if err := Calibrate(t.Context(), o, io.Discard, io.Discard); err == nil {
		t.Error("30 outputs make a policy")
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a refused policy is written")
	}
}

func TestServerNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"http://127.0.0.1:8000":          {"", "http://127.0.0.1:8000"},
		"vllm/bf16=https://a.example/v1": {"vllm/bf16", "https://a.example/v1"},
	} {
		if class, url, ok := serverNamed(name); !ok || class != want[0] || url != want[1] {
			t.Errorf("%s: class %q, URL %q, %v", name, class, url, ok)
		}
	}
	if _, _, ok := serverNamed("posp-float/f32"); ok {
		t.Error("an engine's name is taken for a server")
	}
}

// What is measured is kept, and a rerun does not measure it again.
func TestMeasuredPairsAreKept(t *testing.T) {
	dir := t.TempDir()
	requests := filepath.Join(dir, "requests.jsonl")
	if err := os.WriteFile(requests, []byte(strings.Repeat(`{"prompt":[256,102,117],"maxTokens":4}`+"\n", 3)+`{"prompt":[65],"temperature":0.8,"topP":0.9,"unseeded":true,"maxTokens":4}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	o := MeasureOptions{Records: filepath.Join(dir, "pairs.jsonl"), Pairs: []string{"posp-float/f32,posp-float/bf16"}, Weights: embedded + "small", Prompts: requests, Positions: 1}
	first, err := honestGroups(t.Context(), o, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if len(first) != 1 || len(first[0].Pairs) != 4 || first[0].Engines != (verdict.EnginePair{Claimed: "posp-float/f32", Recomputed: "posp-float/bf16"}) {
		t.Fatalf("%d groups", len(first))
	}
	if k := first[0].Pairs[3].Recomputed.Kind; k != posp.EvidenceIntervals {
		t.Errorf("evidence of an unseeded output is of kind %d", k)
	}
	before, err := os.ReadFile(o.Records)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := honestGroups(t.Context(), o, io.Discard); err != nil {
		t.Fatal(err)
	}
	after, err := os.ReadFile(o.Records)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("a rerun changed the records (%v)", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o.Records = filepath.Join(dir, "others.jsonl")
	if _, err := honestGroups(ctx, o, io.Discard); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), o.Records) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestCalibrateRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.jsonl")
	if err := os.WriteFile(bad, []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.jsonl")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	base := MeasureOptions{Weights: embedded + "small", Positions: 100}
	for name, spoil := range map[string]func(*MeasureOptions){
		"nothing":                 func(*MeasureOptions) {},
		"a file that is missing":  func(o *MeasureOptions) { o.From = []string{filepath.Join(dir, "none")} },
		"a file of other things":  func(o *MeasureOptions) { o.From = []string{bad} },
		"an empty file":           func(o *MeasureOptions) { o.From = []string{empty} },
		"an unknown engine":       func(o *MeasureOptions) { o.Engine = "tensorrt/fp8" },
		"a kernel for a class":    func(o *MeasureOptions) { o.Engine = "posp-float/f32+flash64" },
		"half a pair":             func(o *MeasureOptions) { o.Pairs = []string{"posp-float/f32"} },
		"no positions":            func(o *MeasureOptions) { o.Engine, o.Positions = "posp-float/f32", 0 },
		"weights that are none":   func(o *MeasureOptions) { o.Engine, o.Weights = "posp-float/f32", bad },
		"requests that are none":  func(o *MeasureOptions) { o.Engine, o.Prompts = "posp-float/f32", bad },
		"no requests":             func(o *MeasureOptions) { o.Engine, o.Prompts = "posp-float/f32", empty },
		"a tree without Go files": func(o *MeasureOptions) { o.Engine, o.Source = "posp-float/f32", dir },
		"a server that is absent": func(o *MeasureOptions) { o.Pairs = []string{"http://127.0.0.1:1,posp-float/f32"} },
	} {
		o := base
		spoil(&o)
		if err := Calibrate(t.Context(), CalibrateOptions{MeasureOptions: o}, io.Discard, io.Discard); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	power := PowerOptions{MeasureOptions: base, Alpha: 1e-9, Samples: 2, Tokens: 2, Other: embedded + "small"}
	power.Engine = "posp-float/f32"
	for name, spoil := range map[string]func(*PowerOptions){
		"a policy that is missing": func(o *PowerOptions) { o.Policy = filepath.Join(dir, "none") },
		"a policy that is none":    func(o *PowerOptions) { o.Policy = bad },
		"alpha of 0":               func(o *PowerOptions) { o.Alpha = 0 },
		"nothing honest":           func(o *PowerOptions) { o.Engine = "" },
		"a class not covered":      func(o *PowerOptions) { o.Engine = "posp-float/bf16" },
		"no samples":               func(o *PowerOptions) { o.Samples = 0 },
		"an unknown cheat":         func(o *PowerOptions) { o.Cheats = []string{"magic"} },
	} {
		o := power
		spoil(&o)
		err := Power(t.Context(), o, io.Discard, io.Discard)
		if err == nil {
			t.Errorf("%s is taken", name)
		} else if name == "an unknown cheat" && !strings.Contains(err.Error(), measure.CheatNames[0]) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
