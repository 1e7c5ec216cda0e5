package devnet

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/telemetry"
)

// Running roles show every metric that the manual lists for them, and no other:
// what dashboards and alerts ask for is there before anything happens.
func TestTelemetryOfRunningRoles(t *testing.T) {
	p := plays["market"]
	w := &world{Options: Options{Play: "market", Out: io.Discard, Log: zap.NewNop()}, cast: p.cast, pace: 6, steps: newSteps(io.Discard), data: t.TempDir()}
	ctx, stop := context.WithCancel(t.Context())
	var live context.Context
	w.group, live = errgroup.WithContext(ctx)
	defer func() {
		stop()
		if err := w.group.Wait(); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}()
	if err := w.bringUp(live, p.contestBlocks); err != nil {
		t.Fatal(err)
	}
	models, err := loadModels(live, false)
	if err != nil {
		t.Fatal(err)
	}
	watcher, err := w.tell(live, "operator", posp.Address{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	shadow, err := w.site.Shadow(posp.Address{}, "", map[posp.Hash][]backends.Backend{models.model.Spec.ID(): {backends.Local(float.NewScorer(models.main), 1)}}, watcher)
	if err != nil {
		t.Fatal(err)
	}
	w.start(live, "shadow", shadow)
	heard, err := w.tell(live, "auditor", posp.Address{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	auditor, err := w.site.Watch(live, app.WatchConfig{Common: app.Common{Network: w.site.Network, Data: t.TempDir()}, From: -1}, nil, io.Discard, heard)
	if err != nil {
		t.Fatal(err)
	}
	w.start(live, "auditor", auditor)

	seen := map[string]map[string]bool{}
	for role, tell := range map[string][]*app.Telemetry{"operator": {w.operators[0].telemetry, watcher}, "aggregator": {w.telemetry}, "provider": {w.providers[0].telemetry}, "auditor": {heard}} {
		seen[role] = map[string]bool{}
		for i, one := range tell {
			at := "http://" + one.Addr().String()
			metrics := scrape(t, at, func(m map[string]bool) bool {
				return m["posp_chain_head_block"] && (i > 0 || role == "aggregator" || role == "auditor" || m["posp_stake_age_seconds"])
			})
			for name := range metrics {
				seen[role][name] = true
			}
			if code, _ := ask(t, at+"/eigen/node/health"); code != http.StatusOK {
				_, services := ask(t, at+"/eigen/node/services")
				t.Errorf("%s is not well: %d\n%s", role, code, services)
			}
			if _, body := ask(t, at+"/eigen/node"); !strings.Contains(body, `"node_name":"posp-`+role+`"`) {
				t.Errorf("%s is %s", role, body)
			}
		}
	}
	for _, m := range telemetry.Metrics() {
		for role, names := range seen {
			of := strings.Contains(m.Roles, role) || m.Roles == "all"
			// What an account holds is known when its sender has looked; it looks when it runs.
			if names[m.Name] != of {
				t.Errorf("%s of %s: shown %v, listed %v", m.Name, role, names[m.Name], of)
			}
			delete(names, m.Name)
		}
	}
	for role, names := range seen {
		for name := range names {
			if !strings.HasPrefix(name, "go_") && !strings.HasPrefix(name, "process_") {
				t.Errorf("%s shows %s, which is not listed", role, name)
			}
		}
	}
}

// scrape reads the names of metrics until they are what is waited for.
func scrape(t *testing.T, at string, enough func(map[string]bool) bool) map[string]bool {
	t.Helper()
	typed := regexp.MustCompile(`(?m)^# TYPE (\S+) `)
	for range 600 {
		code, body := ask(t, at+"/metrics")
		if code != http.StatusOK {
			t.Fatalf("%s/metrics: %d %s", at, code, body)
		}
		names := map[string]bool{}
		for _, m := range typed.FindAllStringSubmatch(body, -1) {
			names[m[1]] = true
		}
		if enough(names) {
			return names
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s does not show what is waited for", at)
	return nil
}

func ask(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(body)
}
