package tests

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/tlog"
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
	type report struct {
		Good    bool
		Block   common.Hash
		Network common.Hash
		Checks  []audit.Step
	}
	verified := func(code int, args ...string) (r report) {
		t.Helper()
		if err := json.Unmarshal([]byte(posp(code, append([]string{"audit", "verify", "--json"}, args...)...)), &r); err != nil || r.Good != (code == 0) {
			t.Fatalf("good %v: %v", r.Good, err)
		}
		return r
	}
	// An epoch comes into the log a little after its certificate.
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Second) {
		said := posp(0, "audit", "fetch", "--network", network, "--epoch", "0", "--out", file)
		if !strings.Contains(said, "left out") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("fetched, but %s", said)
		}
	}
	found := verified(0, "--network", network, "--rpc", n.RPC, file)
	for _, s := range found.Checks {
		if want := s.Name != audit.CheckCompleteness && s.Name != audit.CheckContest; (s.Outcome == audit.OK) != want {
			t.Errorf("%s is %s: %s", s.Name, s.Outcome, s.Found)
		}
	}
	checkLog(t, n, file, func(code int, args ...string) [2]audit.Outcome {
		var log [2]audit.Outcome
		for _, s := range verified(code, args...).Checks {
			switch s.Name {
			case audit.CheckLogHead:
				log[0] = s.Outcome
			case audit.CheckLogEntries:
				log[1] = s.Outcome
			}
		}
		return log
	}, func(network string, out string) string {
		return posp(0, "audit", "fetch", "--network", network, "--epoch", "0", "--out", out)
	})

	// Offline, with what was learned; and held against something else.
	posp(0, "audit", "verify", "--trust-block", found.Block.Hex(), "--trust-network", found.Network.Hex(), file)
	posp(1, "audit", "verify", "--trust-block", found.Network.Hex(), file)
	if text := posp(0, "audit", "replay", "--network", network, "--trust-block", found.Block.Hex(), file); !strings.Contains(text, "replay") {
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
		if text, err := os.ReadFile(filepath.Join(dir, "report"+suffix)); err != nil || !strings.Contains(string(text), found.Block.Hex()) {
			t.Errorf("report%s does not name the block (%v)", suffix, err)
		}
	}

	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := tlog.ParsePolicy(n.Log)
	if err != nil {
		t.Fatal(err)
	}
	trust, applied := audit.Trust{Block: &found.Block, Network: &found.Network, Log: policy}, 0
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

// checkLog has the program check what a bundle holds of the transparency log:
// by the auditor's policy, by none, and by that of another log of the same name;
// and fetch where the log does not answer, or there is none.
func checkLog(t *testing.T, n app.Network, file string, verify func(code int, args ...string) [2]audit.Outcome, fetch func(network, out string) string) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	policy, err := tlog.ParsePolicy(n.Log)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := tlog.NewKey(policy.Origin())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		code int
		args []string
		want [2]audit.Outcome
	}{
		{"its own policy", 0, []string{"--trust-log", write("policy", n.Log)}, [2]audit.Outcome{audit.OK, audit.OK}},
		{"no policy", 0, nil, [2]audit.Outcome{audit.Unchecked, audit.OK}},
		{"another log's policy", 1, []string{"--trust-log", write("other", "log "+other+" http://127.0.0.1:1\nquorum none\n")}, [2]audit.Outcome{audit.Failed, audit.Unchecked}},
	} {
		if got := verify(c.code, append(c.args, file)...); got != c.want {
			t.Errorf("by %s: %v, want %v", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		name, log, said string
	}{
		{"silent", strings.Replace(n.Log, "http://", "http://127.0.0.1:1/", 1), "left out: what the transparency log says: "},
		{"none", "", ""},
	} {
		without := n
		without.Log = c.log
		network, out := filepath.Join(dir, c.name+".json"), filepath.Join(dir, c.name+".bundle")
		if err := without.Save(network); err != nil {
			t.Fatal(err)
		}
		if said := fetch(network, out); !strings.Contains(said, c.said) || (c.said == "") == strings.Contains(said, "left out") {
			t.Errorf("fetched with the log %s: %s", c.name, said)
		}
		if got, want := verify(0, "--trust-log", filepath.Join(dir, "policy"), out), [2]audit.Outcome{audit.Unchecked, audit.Unchecked}; got != want {
			t.Errorf("verified with the log %s: %v", c.name, got)
		}
	}
}
