package tests

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/app"
)

// checkBundles fetches the bundle of a live network's epoch 0, has the program
// check it in every form, and corrupts it in every known way.
func checkBundles(t *testing.T, p program, network string) {
	n, err := app.LoadNetwork(network)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "epoch.bundle")
	posp := func(code int, args ...string) string {
		t.Helper()
		stdout, errs, got := p.run(t, "", args...)
		if got != code || code == 0 && errs != "" {
			t.Errorf("posp %s: exit %d: %s", strings.Join(args, " "), got, errs)
		}
		return stdout
	}
	posp(0, "audit", "fetch", "--network", network, "--epoch", "0", "--out", file)
	var report struct {
		Good    bool
		Block   common.Hash
		Network common.Hash
		Checks  []audit.Step
	}
	if err := json.Unmarshal([]byte(posp(0, "audit", "verify", "--json", "--network", network, "--rpc", n.RPC, file)), &report); err != nil || !report.Good {
		t.Fatalf("good %v: %v", report.Good, err)
	}
	for _, s := range report.Checks {
		if want := s.Name != audit.CheckCompleteness && s.Name != audit.CheckContest; (s.Outcome == audit.OK) != want {
			t.Errorf("%s is %s: %s", s.Name, s.Outcome, s.Found)
		}
	}

	// Offline, with what was learned; and held against something else.
	posp(0, "audit", "verify", "--trust-block", report.Block.Hex(), "--trust-network", report.Network.Hex(), file)
	posp(1, "audit", "verify", "--trust-block", report.Network.Hex(), file)
	if text := posp(0, "audit", "replay", "--network", network, "--trust-block", report.Block.Hex(), file); !strings.Contains(text, "replay") {
		t.Errorf("a replay of the file says:\n%s", text)
	}
	var list []struct {
		SampleID common.Hash
		Provider common.Address
		Result   struct{ Verdict string }
	}
	if err := json.Unmarshal([]byte(posp(0, "audit", "list", "--json", "--network", network, "--epoch", "0")), &list); err != nil || len(list) == 0 {
		t.Fatalf("%d samples listed: %v", len(list), err)
	}
	part := filepath.Join(dir, "part.bundle")
	posp(0, "audit", "fetch", "--network", network, "--sample", list[0].SampleID.Hex(), "--redact", "texts", "--out", part)
	if text := posp(0, "audit", "verify", part); !strings.Contains(text, "1 of ") || !strings.Contains(text, "bundle is good") {
		t.Errorf("a redacted sample:\n%s", text)
	}
	posp(0, "audit", "fetch", "--network", network, "--epoch", "0", "--provider", list[0].Provider.Hex(), "--out", part)
	posp(0, "audit", "verify", part)

	key := filepath.Join(dir, "key")
	if err := os.WriteFile(key, []byte(strings.Repeat("11", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	posp(0, "audit", "report", "--key", key, "--out", filepath.Join(dir, "report"), "--network", network, "--rpc", n.RPC, "--recompute", file)
	var envelope audit.Envelope
	raw, err := os.ReadFile(filepath.Join(dir, "report.json"))
	if err == nil {
		err = json.Unmarshal(raw, &envelope)
	}
	if err != nil {
		t.Fatal(err)
	}
	if statement, _, err := envelope.Open(); err != nil || !strings.Contains(string(statement), "right: what was certified follows from the evidence") {
		t.Errorf("the statement (%v): %s", err, statement)
	}
	for _, suffix := range []string{".txt", ".html"} {
		if text, err := os.ReadFile(filepath.Join(dir, "report"+suffix)); err != nil || !strings.Contains(string(text), report.Block.Hex()) {
			t.Errorf("report%s does not name the block (%v)", suffix, err)
		}
	}

	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	trust, applied := audit.Trust{Block: &report.Block, Network: &report.Network}, 0
	for i, c := range audittest.Corruptions() {
		bad, ok, err := c.Apply(whole, audittest.Form{}, rand.New(rand.NewPCG(1, uint64(i))))
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if !ok {
			continue
		}
		applied++
		if r := audit.Verify(bad, trust); !slices.Contains(r.Failures(), c.Check) {
			t.Errorf("%s: failed are %q, want %q among them", c.Name, r.Failures(), c.Check)
		}
	}
	if applied < 150 {
		t.Errorf("only %d kinds of corruption fit", applied)
	}
	if b, err := bundle.Read(whole); err != nil || len(b.Samples) != len(list) {
		t.Errorf("%d samples listed, %d in the bundle: %v", len(list), len(b.Samples), err)
	}
}
