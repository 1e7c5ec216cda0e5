package app

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Rationale: a policy that belongs to other weights, or covers another engine,
// would leave every sample inconclusive.
func TestTheDemoModelCanBeJudgedAndRecomputed(t *testing.T) {
	m, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case m.Spec.PolicyID != m.Policy.ID():
		t.Error("the spec names another policy")
	case m.Spec.WeightsRoot != w.Root():
		t.Error("the spec names other weights")
	case !m.Policy.Calibration.Covers(m.Spec.EngineClass):
		t.Errorf("the policy does not cover %s: run go generate ./internal/app", m.Spec.EngineClass)
	case m.Policy.Calibration.Positions < 100_000:
		t.Errorf("the policy rests on %d positions", m.Policy.Calibration.Positions)
	}
	for _, table := range m.Policy.Model.LogE {
		if table[0] > 0 {
			t.Error("operators that agree to the bit are suspicious to the policy")
		}
	}
	if _, err := scorer(m); err != nil {
		t.Fatal(err)
	}
}

func TestScorerRefusesWhatIsNotTheSpecs(t *testing.T) {
	demo, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	garbage := filepath.Join(t.TempDir(), "garbage.safetensors")
	if err := os.WriteFile(garbage, []byte("not a model"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		change func(m *Model)
		want   string
	}{
		{"other weights", func(m *Model) { m.Weights = "embedded:small" }, "another model's"},
		{"another engine", func(m *Model) { m.Spec.EngineClass = "vllm/h100" }, "vllm/h100"},
		{"another vocabulary", func(m *Model) { m.Spec.VocabSize++ }, "259"},
		{"no such embedded model", func(m *Model) { m.Weights = "embedded:huge" }, "main and small"},
		{"no weights", func(m *Model) { m.Weights = "" }, "names no weights"},
		{"no such file", func(m *Model) { m.Weights = "/nonexistent/model.safetensors" }, "/nonexistent/model.safetensors"},
		{"no model", func(m *Model) { m.Weights = garbage }, garbage},
	} {
		m := demo
		c.change(&m)
		if _, err := scorer(m); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), m.Name) {
			t.Errorf("%s: %v, want %q and the model's name in it", c.name, err, c.want)
		}
	}
}

func TestBundleSource(t *testing.T) {
	id, provider := "0x"+strings.Repeat("5f", 32), "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"
	for _, c := range []struct {
		name string
		s    BundleSource
		want string // in the error; empty: fine
	}{
		{"by id", BundleSource{Sample: id, Epoch: -1, Index: -1}, ""},
		{"by id and epoch", BundleSource{Sample: id, Epoch: 3, Index: -1}, ""},
		{"by place", BundleSource{Epoch: 0, Provider: provider, Index: 2}, ""},
		{"a batch", BundleSource{Epoch: 0, Provider: provider, Index: -1}, ""},
		{"an epoch", BundleSource{Epoch: 0, Index: -1}, ""},
		{"nothing", BundleSource{Epoch: -1, Index: -1}, "name an epoch"},
		{"no epoch", BundleSource{Epoch: -1, Provider: provider, Index: -1}, "name an epoch"},
		{"no provider", BundleSource{Epoch: 2, Index: 1}, "--provider"},
		{"twice", BundleSource{Sample: id, Epoch: 2, Provider: provider, Index: -1}, "twice"},
		{"short id", BundleSource{Sample: "0x5f", Epoch: -1, Index: -1}, "64 hexadecimal digits"},
		{"no hex", BundleSource{Sample: "five", Epoch: -1, Index: -1}, "64 hexadecimal digits"},
		{"zero id", BundleSource{Sample: "0x" + strings.Repeat("00", 32), Epoch: -1, Index: -1}, "zero"},
		{"no address", BundleSource{Epoch: 2, Provider: "bob", Index: -1}, "40 hexadecimal digits"},
	} {
		_, err := c.s.check()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestQueryArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // in the error; empty: fine
	}{
		{nil, ""}, {[]string{"3"}, ""}, {[]string{"0x70997970C51812dc3A010C7d01b50e0d17dc79C8"}, ""}, {[]string{"0x" + strings.Repeat("ab", 32)}, ""},
		{[]string{"-1"}, "no epoch"}, {[]string{"99999999999999999999"}, "no epoch"}, {[]string{"alice"}, "no address"}, {[]string{""}, "no address"},
		{[]string{"0x70997970"}, "4 bytes"}, {[]string{"1", "2"}, "one argument"},
	} {
		ask, err := parseQuery(c.args)
		if c.want == "" && (err != nil || ask == nil) || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%q: %v, want %q", c.args, err, c.want)
		}
	}
}

// Rationale: the phase is what a user reads while an epoch has no
// certificate; each begins where the schedule says.
func TestPhases(t *testing.T) {
	s := posp.Schedule{Genesis: 100, EpochBlocks: 10, GraceBlocks: 2, BeaconDelay: 2, CommitBlocks: 3, RevealBlocks: 3, CertifyBlocks: 4}
	for block, want := range map[uint64]string{109: "to come", 110: "serving", 119: "serving", 120: "taking the last batches", 121: "taking the last batches",
		122: "awaiting the beacon", 124: "awaiting the beacon", 125: "recomputing", 127: "recomputing", 128: "revealing", 130: "revealing", 131: "certifying", 134: "certifying", 135: "void"} {
		if got := string(s.Phase(1, block)); got != want {
			t.Errorf("block %d: %s, want %s", block, got, want)
		}
	}
}

// Rationale: a division by a table without weight would end the program.
func TestPercentOfNothing(t *testing.T) {
	if got := percentOf(new(big.Int), new(big.Int)); got != "0.0 %" {
		t.Errorf("0 of 0 is %s", got)
	}
	if got := percentOf(big.NewInt(1), big.NewInt(3)); got != "33.3 %" {
		t.Errorf("1 of 3 is %s", got)
	}
}

func TestShippedPoliciesCoverTheirClass(t *testing.T) {
	for _, engine := range []string{"posp-float/f32", "posp-float/bf16"} {
		p, err := DemoPolicy(engine)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(p.Choice.LogE) == 0 || len(p.Interval.E) == 0 || len(p.Calibration.Pairs) < 2 {
			t.Errorf("%s: %d tables about seeded choices, %d about unseeded ones, %d pairs of engines", engine, len(p.Choice.LogE), len(p.Interval.E), len(p.Calibration.Pairs))
		}
	}
	if _, err := DemoPolicy("posp-float/int5"); err == nil || !strings.Contains(err.Error(), "posp calibrate") {
		t.Errorf("a class without a policy: %v", err)
	}
}
