package tests

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/provider"
)

// checkWatch has the program watch the two epochs of a live network that was
// played in data, with what the play's buyers got as its canaries: once as they
// are, once with receipts that were never committed.
func checkWatch(t *testing.T, p program, data string) {
	network := filepath.Join(data, "network.json")
	n, err := app.LoadNetwork(network)
	if err != nil {
		t.Fatal(err)
	}
	type line struct {
		Epoch, Batches, Samples, Recomputed int
		Log                                 string
		Canaries                            struct{ Stand, Sampled, Not int }
		Alarms                              []watch.Alarm
	}
	// keep puts what the buyers got into a watch's ledger.
	keep := func(dir string, plant func(*watch.Canary)) (kept int) {
		t.Helper()
		ctx := context.Background()
		db, err := store.Open(ctx, filepath.Join(dir, "watch.db"), watch.Migrations)
		if err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(data, "answers", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			var answer struct{ Posp provider.Attachment }
			raw, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(raw, &answer)
			}
			if err != nil || answer.Posp.Receipt == nil {
				t.Fatalf("%s holds no receipt: %v", file, err)
			}
			r := answer.Posp.Receipt
			if r.Epoch > 1 {
				continue
			}
			c := watch.Canary{Receipt: r.Receipt, Hash: r.Digest(n.Domain()), Answer: raw}
			plant(&c)
			if other, err := watch.NewLedger(db).Keep(ctx, c); err != nil || other != nil {
				t.Fatalf("keep %s: %v, %v", file, other, err)
			}
			kept++
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return kept
	}
	// look has a watch look at epochs 0 and 1, with the canaries that are kept in
	// its ledger before.
	look := func(dir string, code int, plant func(*watch.Canary)) (lines []line, kept int) {
		t.Helper()
		kept = keep(dir, plant)
		stdout, errs, got := p.run(t, "", "audit", "watch", "--network", network, "--data", dir, "--from", "0", "--epochs", "2", "--recompute", "1", "--json")
		if got != code {
			t.Fatalf("posp audit watch: exit %d, want %d: %s", got, code, errs)
		}
		for text := range strings.Lines(stdout) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			lines = append(lines, l)
		}
		if len(lines) != 2 || lines[0].Epoch != 0 || lines[1].Epoch != 1 {
			t.Fatalf("lines are %+v", lines)
		}
		return lines, kept
	}

	lines, kept := look(filepath.Join(t.TempDir(), "honest"), 0, func(*watch.Canary) {})
	stand := 0
	for _, l := range lines {
		stand += l.Canaries.Stand
		if l.Batches == 0 || l.Samples == 0 || l.Recomputed == 0 || l.Canaries.Sampled == 0 || l.Canaries.Not != 0 || len(l.Alarms) != 0 || l.Log == "wrong" {
			t.Errorf("an epoch in which nothing is wrong: %+v", l)
		}
	}
	if stand != kept || kept < 20 {
		t.Errorf("%d of %d canaries stand", stand, kept)
	}

	// A receipt in whose place another one was committed, and one that no batch
	// reaches.
	dir, planted := filepath.Join(t.TempDir(), "planted"), 0
	var replaced, uncovered common.Address
	lines, _ = look(dir, 1, func(c *watch.Canary) {
		if c.Receipt.Epoch != 0 {
			return
		}
		switch planted++; planted {
		case 1:
			c.Hash[0] ^= 1
			replaced = c.Receipt.Provider
		case 2:
			c.Receipt.Sequence += 1 << 40
			uncovered = c.Receipt.Provider
		}
	})
	for code, who := range map[watch.Code]common.Address{watch.CanaryReplaced: replaced, watch.CanaryUncovered: uncovered} {
		i := slices.IndexFunc(lines[0].Alarms, func(a watch.Alarm) bool { return a.Code == code })
		if i < 0 {
			t.Errorf("no alarm is %s: %+v", code, lines[0])
			continue
		}
		a := lines[0].Alarms[i]
		if _, err := os.Stat(a.Evidence); a.Provider != who || !a.Wrong || a.Epoch != 0 || err != nil {
			t.Errorf("%+v: of provider %s: %v", a, who, err)
		}
	}
	if l := lines[0]; len(l.Alarms) != 2 || l.Canaries.Not != 2 || len(lines[1].Alarms) != 0 {
		t.Errorf("two receipts were planted: %+v", lines)
	}

	// What it tells Prometheus is what its lines say.
	dir = filepath.Join(t.TempDir(), "told")
	keep(dir, func(c *watch.Canary) {
		if c.Receipt.Epoch == 0 && c.Receipt.Provider == replaced && c.Receipt.Sequence == 0 {
			c.Hash[0] ^= 1
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	cmd := p.command(t, time.Minute, "audit", "watch", "--network", network, "--data", dir, "--from", "0", "--recompute", "1", "--json", "--telemetry", at)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	shows := map[string]float64{}
	for range 300 {
		if res, err := http.Get("http://" + at + "/metrics"); err == nil {
			for s := bufio.NewScanner(res.Body); s.Scan(); {
				if name, value, ok := strings.Cut(s.Text(), "} "); ok {
					shows[name+"}"], _ = strconv.ParseFloat(value, 64)
				} else if name, value, ok := strings.Cut(s.Text(), " "); ok {
					shows[name], _ = strconv.ParseFloat(value, 64)
				}
			}
			res.Body.Close()
		}
		if shows["posp_auditor_epoch"] >= 1 {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("posp audit watch ends with %v: %s", err, stderr.String())
	}
	want := map[string]float64{`posp_auditor_alarms_total{code="CANARY-REPLACED"}`: 1, `posp_auditor_epochs_total{outcome="wrong"}`: 1, `posp_auditor_log_reads_total{outcome="wrong"}`: 0}
	for text := range strings.Lines(stdout.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if float64(l.Epoch) > shows["posp_auditor_epoch"] {
			break // concluded after the scrape
		}
		want["posp_auditor_epoch"] = float64(l.Epoch)
		if l.Batches > 0 { // later epochs are idle
			want[`posp_auditor_bundles_total{outcome="ok"}`]++
			want[`posp_auditor_checks_total{check="signature",outcome="ok"}`]++
		}
		want[`posp_auditor_samples_total{outcome="recomputed"}`] += float64(l.Recomputed)
		want[`posp_auditor_canaries_total{stage="committed"}`] += float64(l.Canaries.Stand)
		want[`posp_auditor_canaries_total{stage="sampled"}`] += float64(l.Canaries.Sampled)
	}
	verdicts := 0.0
	for name, value := range shows {
		if strings.HasPrefix(name, "posp_auditor_canary_verdicts_total{") {
			verdicts += value
		}
	}
	if verdicts != want[`posp_auditor_canaries_total{stage="sampled"}`] || verdicts == 0 {
		t.Errorf("%v verdicts of canaries, want %v", verdicts, want[`posp_auditor_canaries_total{stage="sampled"}`])
	}
	for name, value := range want {
		if got, ok := shows[name]; !ok || got != value {
			t.Errorf("%s is %v (shown %v), want %v", name, got, ok, value)
		}
	}
}
