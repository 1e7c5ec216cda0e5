// Package telemetry says how a daemon does: metrics for Prometheus, EigenLayer's
// node API, traces over OTLP, and profiles. It knows nothing of the roles: what
// they tell is handed on by internal/app, under the names of metrics.go.
//
//	telemetry.go  one daemon's registry, and what is served
//	metrics.go    every metric there is
//	node.go       the node API: is it well, and what of it is not
//	trace.go      spans, and the trace that a sample has everywhere
//	profile.go    pprof, for this machine alone
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// AVS is the value of the label avs_name, which EigenLayer's metrics have.
const AVS = "posp"

// Telemetry is what one daemon tells. Make it with New; all its methods are safe
// for concurrent use.
type Telemetry struct {
	role     string
	registry *prometheus.Registry
	node     node
	duties   duties
}

// New makes the telemetry of a role: "operator", "aggregator", "provider" or
// "auditor". account is who it is on chain; an auditor is nobody there.
func New(role, account string) *Telemetry {
	t := &Telemetry{role: role, registry: prometheus.NewRegistry()}
	version, revision := Version()
	t.node = node{name: AVS + "-" + role, version: version}
	t.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	t.pull(func(s *sink) {
		s.put(buildInfo, 1, version, revision, runtime.Version())
		s.put(roleInfo, 1, role, account)
		s.put(performanceScore, t.Score())
		for _, service := range t.node.look(context.Background()) {
			s.put(serviceUp, truth(service.Status == Up), service.ID)
		}
	}, buildInfo, roleInfo, performanceScore, serviceUp)
	return t
}

// Version is this program's version and the revision it was built from.
func Version() (version, revision string) {
	version, revision = "devel", "unknown"
	if b, ok := debug.ReadBuildInfo(); ok {
		if b.Main.Version != "" && b.Main.Version != "(devel)" {
			version = b.Main.Version
		}
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return version, revision
}

// Handler serves /metrics and EigenLayer's node API. It tells nothing that is
// secret, and changes nothing; who may read it the listener's address says.
func (t *Telemetry) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(t.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: scrapeTime}))
	t.node.routes(mux)
	return mux
}

// scrapeTime is how long one scrape may take: Prometheus gives up after 10 s.
const scrapeTime = 10 * time.Second

// writeTime is how long an answer may take, reading included: longer than a scrape.
const writeTime = 3 * scrapeTime / 2

// Serve serves h on l until ctx ends. Who does not read an answer is cut off. Profiles take as long as they are asked
// to: net/http/pprof moves its own deadline by that (Profiles).
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	return serve(ctx, l, h, writeTime)
}

func serve(ctx context.Context, l net.Listener, h http.Handler, write time.Duration) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: write, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve telemetry on %s: %w", l.Addr(), err)
	case <-ctx.Done():
		srv.Close() // who scrapes comes again
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve telemetry on %s: %w", l.Addr(), err)
		}
		return nil
	}
}

// duties are the outcomes of the newest things that were a daemon's to do.
type duties struct {
	mu   sync.Mutex
	met  [1000]bool
	next int
	n    int
}

// Duty notes that something that was this daemon's to do was done, or was not:
// a sample to commit to, an epoch to certify, an answer to give a receipt for.
func (t *Telemetry) Duty(met bool) {
	t.duties.mu.Lock()
	defer t.duties.mu.Unlock()
	d := &t.duties
	d.met[d.next] = met
	d.next = (d.next + 1) % len(d.met)
	d.n = min(d.n+1, len(d.met))
}

// Score is EigenLayer's performance score, 0 to 100: the share of the newest 1000
// duties that were met, 100 before there was any, times the share of the backing
// services that are up.
func (t *Telemetry) Score() float64 {
	t.duties.mu.Lock()
	met := 0
	for _, ok := range t.duties.met[:t.duties.n] {
		if ok {
			met++
		}
	}
	score := 100.0
	if t.duties.n > 0 {
		score = 100 * float64(met) / float64(t.duties.n)
	}
	t.duties.mu.Unlock()
	services := t.node.look(context.Background())
	if len(services) == 0 {
		return score
	}
	up := 0
	for _, s := range services {
		if s.Status == Up {
			up++
		}
	}
	return score * float64(up) / float64(len(services))
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
