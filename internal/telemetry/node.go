package telemetry

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"time"
)

// EigenLayer's node API, version 0.0.1:
// https://docs.eigenlayer.xyz/eigenlayer/avs-guides/spec/api/
const nodeSpec = "v0.0.1"

// Status is how a backing service is, in the words of the node API.
type Status string

// The statuses.
const (
	Up           Status = "Up"
	Down         Status = "Down"
	Initializing Status = "Initializing"
)

// Service is something that a daemon cannot do without, or only badly.
type Service struct {
	ID          string // in URLs: lower case and hyphens
	Name        string
	Description string
	Vital       bool // without it the daemon does nothing that counts
	// Look says how it is, within ctx.
	Look func(ctx context.Context) Status
}

// lookEvery is how long an answer of Look holds, lookTime how long one may take.
const lookEvery, lookTime = 2 * time.Second, 2 * time.Second

type node struct {
	name, version string

	mu       sync.Mutex
	services []Service
	seen     []listed
	at       time.Time
}

// listed is a service as the node API lists it.
type listed struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Description string `json:"description"`
	Status      Status `json:"status"`
	vital       bool
}

// Service adds a backing service.
func (t *Telemetry) Service(s Service) {
	t.node.mu.Lock()
	defer t.node.mu.Unlock()
	t.node.services = append(t.node.services, s)
	t.node.at = time.Time{}
}

// look is how every service is. It asks them at most every lookEvery, whoever
// wants to know: it is a listener that anybody may be allowed to read. So an asker
// that leaves ends no question: others would be told that services are down.
func (n *node) look(ctx context.Context) []listed {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.at.IsZero() && time.Since(n.at) < lookEvery {
		return n.seen
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTime)
	defer cancel()
	seen := make([]listed, len(n.services))
	var g sync.WaitGroup
	for i, s := range n.services {
		g.Go(func() { seen[i] = listed{s.ID, s.Name, s.Description, s.Look(ctx), s.Vital} })
	}
	g.Wait()
	n.seen, n.at = seen, time.Now()
	return seen
}

// health is 200 if everything is up, 503 if something vital is down, and 206 in
// between: something is not up, or a vital service is still starting.
func health(services []listed) int {
	code := http.StatusOK
	for _, s := range services {
		switch {
		case s.vital && s.Status == Down:
			return http.StatusServiceUnavailable
		case s.Status != Up:
			code = http.StatusPartialContent
		}
	}
	return code
}

func (n *node) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /eigen/node", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, struct {
			Name    string `json:"node_name"`
			Version string `json:"node_version"`
			Spec    string `json:"spec_version"`
		}{n.name, n.version, nodeSpec})
	})
	mux.HandleFunc("GET /eigen/node/health", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(health(n.look(r.Context()))) })
	mux.HandleFunc("GET /eigen/node/services", func(w http.ResponseWriter, r *http.Request) {
		answer(w, map[string][]listed{"services": append([]listed{}, n.look(r.Context())...)})
	})
	mux.HandleFunc("GET /eigen/node/services/{id}/health", func(w http.ResponseWriter, r *http.Request) {
		services := n.look(r.Context())
		i := slices.IndexFunc(services, func(s listed) bool { return s.ID == r.PathValue("id") })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(map[Status]int{Up: http.StatusOK, Initializing: http.StatusPartialContent, Down: http.StatusServiceUnavailable}[services[i].Status])
	})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v) // who has left need not be told
}
