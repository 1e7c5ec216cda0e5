package app

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/internal/telemetry"
)

// An alarm is logged with its code and counted by it; so is what keeps anybody
// from hearing of it.
func TestAlarmsAreTold(t *testing.T) {
	core, logged := observer.New(zap.DebugLevel)
	tell := &Telemetry{own: telemetry.New("auditor", "")}
	data := t.TempDir()
	w := &watcher{WatchConfig: WatchConfig{Common: Common{Data: data}}, log: zap.New(core), wrong: map[watch.Code]int{}}
	w.told = tell.auditor(w.watched)
	shown := func(series string) bool {
		rec := httptest.NewRecorder()
		tell.own.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		return strings.Contains(rec.Body.String(), "\n"+series+"\n")
	}
	is := func(series ...string) {
		t.Helper()
		for _, s := range series {
			if !shown(s) {
				t.Errorf("%s is not shown", s)
			}
		}
	}
	is(`posp_auditor_alarms_total{code="CANARY-RATE"} 0`, `posp_auditor_alarms_total{code="NOT-FETCHED"} 0`, `posp_auditor_failures_total{what="alarm_command"} 0`, `posp_auditor_epoch 0`)

	w.Command = "/bin/true"
	w.raise(t.Context(), watch.Alarm{Code: watch.CanaryRate, Epoch: 7, Found: "few"})
	is(`posp_auditor_alarms_total{code="CANARY-RATE"} 1`, `posp_auditor_alarms_total{code="NOT-FETCHED"} 0`, `posp_auditor_failures_total{what="alarm_command"} 0`)
	w.Command = "/bin/false"
	w.raise(t.Context(), watch.Alarm{Code: watch.NotFetched, Epoch: 8, Found: "away"})
	is(`posp_auditor_alarms_total{code="NOT-FETCHED"} 1`, `posp_auditor_failures_total{what="alarm_command"} 1`)
	if err := os.WriteFile(filepath.Join(data, "evidence"), nil, 0o600); err != nil { // where a folder should be
		t.Fatal(err)
	}
	if path := w.keep("x", func(io.Writer) error { return nil }); path != "" {
		t.Errorf("evidence was kept in %s", path)
	}
	is(`posp_auditor_failures_total{what="evidence"} 1`)

	var codes []string
	for _, e := range logged.All() {
		codes = append(codes, e.ContextMap()["code"].(string))
	}
	if got, want := strings.Join(codes, " "), "CANARY-RATE NOT-FETCHED ALARM-UNTOLD EVIDENCE-UNKEPT"; got != want {
		t.Errorf("logged are %s, want %s", got, want)
	}
	if err := w.verdict(); err == nil || !strings.Contains(err.Error(), "1 times CANARY-RATE") || strings.Contains(err.Error(), "NOT-FETCHED") {
		t.Errorf("the watch ends with %v", err)
	}
}
