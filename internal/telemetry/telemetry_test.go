package telemetry

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/propagation"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"
)

func get(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

// The node API is EigenLayer's: its paths, fields and codes.
func TestNodeAPI(t *testing.T) {
	vital, other := Up, Up
	tel := New("operator", "0x01")
	tel.Service(Service{ID: "chain", Name: "chain", Description: "nodes", Vital: true, Look: func(context.Context) Status { return vital }})
	tel.Service(Service{ID: "engines", Name: "engines", Description: "scores", Look: func(context.Context) Status { return other }})
	h := tel.Handler()
	code, body := get(t, h, "/eigen/node")
	var node map[string]string
	if err := json.Unmarshal([]byte(body), &node); code != 200 || err != nil || node["node_name"] != "posp-operator" || node["spec_version"] != "v0.0.1" || node["node_version"] == "" || len(node) != 3 {
		t.Errorf("node: %d %s", code, body)
	}
	for _, c := range []struct {
		vital, other    Status
		health          int
		chain, engines  int
		score           float64
		listed, missing string
	}{
		{Up, Up, 200, 200, 200, 100, `{"services":[{"id":"chain","name":"chain","description":"nodes","status":"Up"},{"id":"engines","name":"engines","description":"scores","status":"Up"}]}`, ""},
		{Up, Down, 206, 200, 503, 50, `"status":"Down"`, ""},
		{Initializing, Up, 206, 206, 200, 50, `"status":"Initializing"`, ""},
		{Down, Up, 503, 503, 200, 50, `"status":"Down"`, ""},
	} {
		vital, other = c.vital, c.other
		tel.node.at = time.Time{} // what was seen holds for two seconds
		if code, body := get(t, h, "/eigen/node/health"); code != c.health || body != "" {
			t.Errorf("%s, %s: health is %d %q, want %d", c.vital, c.other, code, body, c.health)
		}
		if _, body := get(t, h, "/eigen/node/services"); !strings.Contains(body, c.listed) {
			t.Errorf("%s, %s: services are %s", c.vital, c.other, body)
		}
		for id, want := range map[string]int{"chain": c.chain, "engines": c.engines, "other": 404} {
			if code, _ := get(t, h, "/eigen/node/services/"+id+"/health"); code != want {
				t.Errorf("%s, %s: %s is %d, want %d", c.vital, c.other, id, code, want)
			}
		}
		if s := tel.Score(); s != c.score {
			t.Errorf("%s, %s: score %v, want %v", c.vital, c.other, s, c.score)
		}
	}
}

// The score is of the newest thousand duties.
func TestScore(t *testing.T) {
	tel := New("operator", "0x01")
	if s := tel.Score(); s != 100 {
		t.Fatalf("with nothing to do: %v", s)
	}
	for i := range 4 {
		tel.Duty(i != 0)
	}
	if s := tel.Score(); s != 75 {
		t.Fatalf("one of four missed: %v", s)
	}
	for range 1000 {
		tel.Duty(true)
	}
	if s := tel.Score(); s != 100 {
		t.Fatalf("what was missed is long ago: %v", s)
	}
}

// Profiles show what is in memory: they are for this machine alone.
func TestLoopback(t *testing.T) {
	for address, ok := range map[string]bool{"127.0.0.1:6060": true, "[::1]:6060": true, "localhost:6060": true, "127.9.9.9:1": true,
		":6060": false, "0.0.0.0:6060": false, "[::]:6060": false, "10.0.0.1:6060": false, "example.org:6060": false, "6060": false, "": false} {
		if err := CheckLoopback(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}

// An answer that nobody reads ends, and a profile that takes longer than answers may does not.
func TestAnswersEnd(t *testing.T) {
	const write = 300 * time.Millisecond
	ended := make(chan error, 1)
	mux := http.NewServeMux()
	mux.Handle("/debug/pprof/", Profiles())
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				ended <- err
				return
			}
		}
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, l, mux, write) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	idle, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer idle.Close()
	if _, err := io.WriteString(idle, "GET /endless HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("an answer that nobody reads never ends")
	}
	for _, path := range []string{"trace", "profile", "allocs"} { // the last a difference of two
		res, err := http.Get("http://" + l.Addr().String() + "/debug/pprof/" + path + "?seconds=1")
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || len(body) == 0 {
			t.Errorf("%s of a second, where answers have %s: %s, %d bytes, %v", path, write, res.Status, len(body), err)
		}
	}
}

// sink collects what is exported.
type spans struct {
	mu  sync.Mutex
	all []*otlp.Span
}

func (c *spans) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, err := io.ReadAll(r.Body)
	var m collector.ExportTraceServiceRequest
	if err != nil || proto.Unmarshal(raw, &m) != nil || r.URL.Path != "/v1/traces" {
		http.Error(w, "no traces", http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, res := range m.ResourceSpans {
		for _, scope := range res.ScopeSpans {
			c.all = append(c.all, scope.Spans...)
		}
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
}

// All that has to do with a sample is in the trace of its id, whoever does it; an
// intake hangs under the message, to which the sample's spans are linked.
func TestTraceOfASample(t *testing.T) {
	var got spans
	at := httptest.NewServer(&got)
	defer at.Close()
	tracing, err := NewTracing(t.Context(), at.URL, 1, "operator", "0x01", zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	sample := [32]byte{1, 2, 3, 15: 9, 16: 77}

	// An operator asks a provider, which is another process, for an opening.
	ctx, opened := tracing.StartSample(t.Context(), "open", sample)
	r := httptest.NewRequest(http.MethodPost, "/posp/v1/openings", nil)
	propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(r.Header))
	Receive(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, end := tracing.Start(r.Context(), "provider.open")
		end("ok")
	})).ServeHTTP(httptest.NewRecorder(), r)
	opened("ok")

	// It sends a message, of this sample among others.
	message, sent := tracing.Start(t.Context(), "commit.message")
	_, committed := tracing.StartSample(message, "commit", sample)
	r = httptest.NewRequest(http.MethodPost, "/", nil)
	propagation.TraceContext{}.Inject(message, propagation.HeaderCarrier(r.Header))
	Receive(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, end := tracing.Start(r.Context(), "intake.commit")
		end("late")
	})).ServeHTTP(httptest.NewRecorder(), r)
	committed("ok")
	sent("ok")

	ended, end := context.WithCancel(t.Context())
	end()
	if err := tracing.Run(ended); err != nil {
		t.Fatal(err)
	}
	by := map[string]*otlp.Span{}
	for _, s := range got.all {
		by[s.Name] = s
	}
	if len(by) != 5 {
		t.Fatalf("exported %d spans: %v", len(got.all), by)
	}
	for _, name := range []string{"open", "provider.open", "commit"} {
		if string(by[name].TraceId) != string(sample[:16]) {
			t.Errorf("%s is in trace %x, want the sample's", name, by[name].TraceId)
		}
	}
	if string(by["provider.open"].ParentSpanId) != string(by["open"].SpanId) {
		t.Errorf("the provider's span hangs under %x", by["provider.open"].ParentSpanId)
	}
	if in := by["intake.commit"]; string(in.TraceId) != string(by["commit.message"].TraceId) || string(in.ParentSpanId) != string(by["commit.message"].SpanId) {
		t.Error("the intake does not hang under the message")
	}
	if l := by["commit"].Links; len(l) != 1 || string(l[0].SpanId) != string(by["commit.message"].SpanId) {
		t.Errorf("the sample's span is linked to %v", l)
	}
	if by["intake.commit"].Status.Code != otlp.Status_STATUS_CODE_ERROR || by["commit"].Status.GetCode() == otlp.Status_STATUS_CODE_ERROR {
		t.Error("what was refused and what was not look alike")
	}
}

// A collector that is not there costs nothing but its spans.
func TestNoCollector(t *testing.T) {
	tracing, err := NewTracing(t.Context(), "http://127.0.0.1:1", 1, "operator", "0x01", zap.NewNop())
	if err != nil {
		t.Fatal(err)
	}
	_, end := tracing.Start(t.Context(), "x")
	end("ok")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	began := time.Now()
	if err := tracing.Run(ctx); err != nil || time.Since(began) > 5*time.Second {
		t.Fatalf("after %v: %v", time.Since(began), err)
	}
	var none *Tracing // and none at all does nothing
	inStage, end := none.StartSample(t.Context(), "x", [32]byte{1})
	end("ok")
	if inStage != t.Context() {
		t.Error("no tracing changes the context")
	}
}

// Each metric has a sound name, says what it is, and is registered by somebody.
func TestMetrics(t *testing.T) {
	spec := map[string]bool{"eigen_performance_score": true, "eigen_registered_stakes": true, "eigen_rpc_request_total": true, "eigen_rpc_request_duration_seconds": true}
	seen := map[string]bool{}
	for _, m := range Metrics() {
		switch {
		case seen[m.Name]:
			t.Errorf("%s is there twice", m.Name)
		case strings.HasPrefix(m.Name, "eigen_") && !spec[m.Name], !strings.HasPrefix(m.Name, "eigen_") && !strings.HasPrefix(m.Name, "posp_"):
			t.Errorf("%s: EigenLayer's specification keeps eigen_ for its own names", m.Name)
		case (m.Kind == "counter") != strings.HasSuffix(m.Name, "_total"):
			t.Errorf("%s is a %s", m.Name, m.Kind)
		case (m.Kind == "histogram") != (m.buckets != nil):
			t.Errorf("%s is a %s with buckets %v", m.Name, m.Kind, m.buckets)
		case m.Help == "":
			t.Errorf("%s says nothing", m.Name)
		}
		seen[m.Name] = true
	}
}
