package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/verdict"
)

// The embedded distributions must be of the embedded policy, and what is said
// of them by recursion must be what chance says.
func TestOperatingCharacteristicOfTheDemoModel(t *testing.T) {
	runs, err := LoadRuns("")
	if err != nil {
		t.Fatal(err)
	}
	m, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	if runs.Policy != m.Spec.PolicyID {
		t.Errorf("the distributions are of policy %s, the model's is %s: run go generate ./internal/app", runs.Policy, m.Spec.PolicyID)
	}
	fractions := []float64{0.05, 0.2, 1}
	c, err := OC(t.Context(), OCOptions{Runs: runs, Alpha: 1e-9, Fractions: fractions, Repeat: 1000, Seed: 1}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Subjects) != 2 {
		t.Fatalf("%d subjects, want providers and operators", len(c.Subjects))
	}
	for _, s := range c.Subjects {
		if s.Honest.MeanE > 1 {
			t.Errorf("honest %ss have a mean e-value of %v", s.Subject, s.Honest.MeanE)
		}
		for _, at := range s.Honest.At {
			if float64(at.Recursion) < 1/at.Alpha {
				t.Errorf("honest %ss last %v samples at alpha %v", s.Subject, at.Recursion, at.Alpha)
			}
			if !at.Agree {
				t.Errorf("honest %ss at alpha %v: %+v", s.Subject, at.Alpha, at)
			}
		}
		if len(s.Cheats) == 0 {
			t.Errorf("no cheats among %ss", s.Subject)
		}
		for _, x := range s.Cheats {
			for i, at := range x.At {
				if !at.Agree {
					t.Errorf("%s at %v: %+v", x.Name, at.Fraction, at)
				}
				if i > 0 && at.Recursion > x.At[i-1].Recursion {
					t.Errorf("%s: more cheating lasts longer", x.Name)
				}
			}
		}
	}
	dir := t.TempDir()
	if err := c.Draw(filepath.Join(dir, "oc.svg")); err != nil {
		t.Error(err)
	}
	if err := DrawPaths(OCOptions{Runs: runs, Alpha: 1e-9, Seed: 1}, filepath.Join(dir, "paths.svg")); err != nil {
		t.Error(err)
	}
}

func TestEconOCPrintsAndWritesJSON(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "runs.json")
	runs := econ.Runs{About: "two points", Runs: []econ.Run{
		{Name: "honest", Subject: econ.Provider, Honest: true, LogE: []econ.Weighted{{Value: -verdict.Nat, Count: 1}}},
		{Name: "cheat", Subject: econ.Provider, LogE: []econ.Weighted{{Value: 7 * verdict.Nat, Count: 1}}},
	}}
	if err := saveRuns(file, runs); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	o := OCOptions{Alpha: 1e-9, Fractions: []float64{1}, Repeat: 100}
	if err := EconOC(t.Context(), file, o, false, filepath.Join(dir, "a.svg"), filepath.Join(dir, "b.png"), &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	// An honest standing that never rises, and three samples of 7 nats over a line of 20.7.
	for _, want := range []string{"two points", "never", "3.00"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	out.Reset()
	if err := EconOC(t.Context(), file, o, true, "", "", &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var c struct {
		Subjects []struct {
			Honest struct {
				At []struct{ Recursion *float64 }
			}
			Cheats []struct {
				At []struct{ Recursion *float64 }
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	if s := c.Subjects[0]; s.Honest.At[0].Recursion != nil || *s.Cheats[0].At[0].Recursion != 3 {
		t.Errorf("JSON: %s", &out)
	}
}

func TestOCRefuses(t *testing.T) {
	good := OCOptions{Alpha: 1e-9, Fractions: []float64{1}, Repeat: 100}
	var err error
	if good.Runs, err = LoadRuns(""); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*OCOptions){
		"alpha above 1":     func(o *OCOptions) { o.Alpha = 2 },
		"alpha 0":           func(o *OCOptions) { o.Alpha = 0 },
		"alpha NaN":         func(o *OCOptions) { o.Alpha = math.NaN() },
		"fraction 0":        func(o *OCOptions) { o.Fractions = []float64{0} },
		"no fraction":       func(o *OCOptions) { o.Fractions = nil },
		"too few runs":      func(o *OCOptions) { o.Repeat = 1 },
		"runs without name": func(o *OCOptions) { o.Runs.Runs = []econ.Run{{Subject: econ.Provider}} },
	} {
		o := good
		spoil(&o)
		if _, err := OC(t.Context(), o, func(string) {}); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := OC(ctx, good, func(string) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if err := EconOC(t.Context(), "", good, false, "x.jpg", "", io.Discard, io.Discard); err == nil {
		t.Error("a chart with an unknown ending is promised")
	}
	path := filepath.Join(t.TempDir(), "x.json")
	for _, text := range []string{"", "{}", `{"runs":[{"name":"a"}]}`, `{"unknown":1}`} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadRuns(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestEconParams(t *testing.T) {
	terms := Terms{Rate: 0.1092, Detection: 1, Collusion: 0.1, Validators: 1, Reward: 1.2, Slash: 10, Stake: 1000, Cost: 1, Saved: 1}
	var out bytes.Buffer
	if err := EconParams(terms, false, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "9.92 %") || strings.Contains(out.String(), "NO") {
		t.Errorf("\n%s", &out)
	}
	out.Reset()
	terms.Rate, terms.Slash = 0.01, 0
	if err := EconParams(terms, false, &out); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "NO") {
		t.Errorf("without a slash, cheating does not pay:\n%s", &out)
	}
	terms.Rate = 2
	var invalid *posp.ValidationError
	if err := EconParams(terms, false, &out); !errors.As(err, &invalid) {
		t.Errorf("a rate of 2: %v", err)
	}
}
