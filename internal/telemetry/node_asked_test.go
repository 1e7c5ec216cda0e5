package telemetry

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
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
