//go:build linux && amd64

package chaos

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// link is a connection between two processes that the test can spoil: an HTTP
// proxy with an address that stays while what is behind it comes and goes. If there
// are several behind it, they take turns, and one that is there answers for one
// that is not.
type link struct {
	server  *httptest.Server
	targets []string // http://host:port
	client  *http.Client
	tap     func(path string, body []byte, status int) // of each request that went on; status 0: no answer came

	mu    sync.Mutex
	spoil func(*rand.Rand) damage // nil: nothing
	rnd   *rand.Rand
	count map[damage]int
	n     int // requests so far
}

// damage is what is done to one request.
type damage int

const (
	none damage = iota
	cut         // the connection is closed: nothing arrives
	lost        // it arrives, and its answer does not
	busy        // 429
	hang        // nothing, until the client gives up
	slow        // a second or two late
)

var damages = map[damage]string{cut: "cut", lost: "answer lost", busy: "429", hang: "hang", slow: "slow"}

func newLink(t *testing.T, targets []string, seed uint64, tap func(string, []byte, int)) *link {
	l := &link{targets: targets, tap: tap, rnd: rand.New(rand.NewPCG(seed, 0x11)), count: map[damage]int{},
		client: &http.Client{Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext, MaxIdleConnsPerHost: 32, DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	l.server = httptest.NewServer(l)
	t.Cleanup(l.close)
	return l
}

func (l *link) close() {
	l.set(nil)
	l.server.CloseClientConnections() // who still waits
	l.server.Close()
	l.client.CloseIdleConnections()
}

// set spoils it from now on; nil mends it.
func (l *link) set(spoil func(*rand.Rand) damage) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.spoil = spoil
}

// damages counts what was done to requests.
func (l *link) damages() map[damage]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return maps.Clone(l.count)
}

// all does the same to every request.
func all(d damage) func(*rand.Rand) damage { return func(*rand.Rand) damage { return d } }

// flaky does something to a share of the requests.
func flaky(share float64, kinds ...damage) func(*rand.Rand) damage {
	return func(r *rand.Rand) damage {
		if r.Float64() >= share {
			return none
		}
		return kinds[r.IntN(len(kinds))]
	}
}

// requests is how many there were; well says that nothing spoils it.
func (l *link) requests() (n int, well bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n, l.spoil == nil
}

func (l *link) next() (turn int, d damage, delay time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.n++
	if l.spoil != nil {
		if d = l.spoil(l.rnd); d != none {
			l.count[d]++
		}
	}
	return l.n, d, time.Second + time.Duration(l.rnd.Int64N(int64(time.Second)))
}

func (l *link) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone
	}
	turn, d, delay := l.next()
	switch d {
	case cut:
		panic(http.ErrAbortHandler)
	case busy:
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case slow:
		select {
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		case <-time.After(delay):
		}
	}
	var res *http.Response
	for i := range l.targets {
		q, e := http.NewRequestWithContext(r.Context(), r.Method, l.targets[(turn+i)%len(l.targets)]+r.URL.RequestURI(), bytes.NewReader(body))
		if e != nil {
			panic(http.ErrAbortHandler)
		}
		q.Header = r.Header.Clone()
		var unreached *net.OpError
		if res, err = l.client.Do(q); !errors.As(err, &unreached) || unreached.Op != "dial" {
			break
		}
	}
	var answer []byte
	if err == nil {
		answer, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if l.tap != nil {
		status := 0
		if err == nil {
			status = res.StatusCode
		}
		l.tap(r.URL.Path, body, status)
	}
	if err != nil || d == lost {
		panic(http.ErrAbortHandler) // as if the connection had been to what is behind
	}
	for k, v := range res.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(res.StatusCode)
	_, _ = w.Write(answer) // who has gone has gone
}
