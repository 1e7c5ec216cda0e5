package telemetry

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Whoever asks and leaves before the answer changes nothing for others.
func TestAnAskerThatLeavesTakesNothingDown(t *testing.T) {
	own := New("operator", "0x0")
	asked := 0
	own.Service(Service{ID: "engine", Vital: true, Look: func(ctx context.Context) Status {
		if asked++; ctx.Err() != nil {
			return Down
		}
		return Up
	}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h := own.Handler()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/eigen/node/services", nil))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/eigen/node/health", nil))
	if asked == 0 || rec.Code != http.StatusOK {
		t.Fatalf("after %d questions the node is %d", asked, rec.Code)
	}
}

// A node that calls itself something else each time makes no new series.
func TestVersionsOfNodesAreFew(t *testing.T) {
	own := New("operator", "0x0")
	call := own.RPC()
	for i := range 1000 {
		call("eth_call", strings.Repeat("v", 1+i), time.Millisecond)
	}
	rec := httptest.NewRecorder()
	own.Handler().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if n := strings.Count(rec.Body.String(), "eigen_rpc_request_total{"); n != maxVersions+1 {
		t.Errorf("%d series of calls, want %d", n, maxVersions+1)
	}
	if !strings.Contains(rec.Body.String(), `client_version="other"`) {
		t.Error("the others are not counted")
	}
}
