package explorer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// A result has up to 2^20 lines: however many ask for it at once, it is read
// once, one epoch at a time, whoever leaves meanwhile.
func TestLinesAreReadOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := played(false)
		w.receipts[0] = w.receipts[0][:4] // those that were drawn
		w.receipts[1] = w.receipts[0]
		var reads, atOnce atomic.Int32
		w.reading = func(uint64) {
			reads.Add(1)
			if atOnce.Add(1) > 1 {
				t.Error("two results are read at once")
			}
			time.Sleep(time.Second)
			atOnce.Add(-1)
		}
		x := New(Config{Domain: domain, Parameters: params}, w, w, zap.NewNop())
		first, leave := context.WithCancel(t.Context())
		var asking sync.WaitGroup
		asking.Go(func() {
			if _, err := x.linesOf(first, 0); !errors.Is(err, context.Canceled) {
				t.Errorf("who left was told %v", err)
			}
		})
		synctest.Wait()
		for i := range uint64(40) {
			asking.Go(func() {
				if l, err := x.linesOf(t.Context(), i%2); err != nil || len(l.list) != 4 {
					t.Errorf("epoch %d: %v, %v", i%2, l, err)
				}
			})
		}
		synctest.Wait()
		leave()
		asking.Wait()
		if n := reads.Load(); n != 2 {
			t.Errorf("two results were read %d times", n)
		}
		if l, err := x.linesOf(t.Context(), 0); err != nil || l == nil || reads.Load() != 2 {
			t.Errorf("what was read is read again: %d times (%v)", reads.Load(), err)
		}
		// An epoch that is not derived is nobody's to keep.
		if l, err := x.linesOf(t.Context(), 7); l != nil || err != nil {
			t.Errorf("an epoch without a result: %v, %v", l, err)
		}
		// What was read before a reorganisation is not kept after it.
		x.mu.Lock()
		x.found.forget(x.index)
		x.mu.Unlock()
		if _, err := x.linesOf(t.Context(), 0); err != nil || reads.Load() != 4 {
			t.Errorf("after a reorganisation: %d reads (%v)", reads.Load(), err)
		}
	})
}

// What is kept of results is bounded: those that were asked for least lately go.
func TestLinesAreLetGo(t *testing.T) {
	x := New(Config{Domain: domain, Parameters: params}, &world{}, &large{}, zap.NewNop())
	for _, n := range []uint64{0, 1, 2, 0, 3} {
		if _, err := x.linesOf(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	kept := fmt.Sprint(x.found.lines[0] != nil, x.found.lines[1] != nil, x.found.lines[2] != nil, x.found.lines[3] != nil, x.found.order)
	if kept != "true false false true [0 3]" {
		t.Errorf("of epochs 0 to 3 are kept %s", kept)
	}
}

// large has results of which three are more than what is kept.
type large struct{ world }

func (*large) Lines(context.Context, uint64) (r posp.Result, lines []posp.SampleResult, ok bool, err error) {
	return r, make([]posp.SampleResult, maxLines/2), true, nil
}

// A bundle is of what was asked for, under its name. One that breaks off is not
// taken for whole, and who leaves frees the seat.
func TestBundles(t *testing.T) {
	w := played(false)
	var asked Part
	var with func(context.Context) (io.Reader, error)
	_, srv := served(t, w, func(c *Config) {
		c.Concurrent = 1 // so there is one seat
		c.Bundle = func(ctx context.Context, epoch uint64, part Part) (io.Reader, error) {
			asked = part
			if with != nil {
				return with(ctx)
			}
			return strings.NewReader(fmt.Sprint("a bundle of ", epoch)), nil
		}
	})
	b, s := w.batch(0), w.sampleID(0, 0)
	for path, want := range map[string]struct {
		part Part
		name string
	}{"/api/v1/epochs/0/bundle": {Part{}, "epoch-0.posp"}, "/api/v1/batches/" + b.ID.Hex() + "/bundle": {Part{Provider: b.Provider}, b.ID.Hex() + ".posp"},
		"/api/v1/samples/" + s.Hex() + "/bundle": {Part{Sample: s}, s.Hex() + ".posp"}} {
		status, body, h := ask(t, srv, http.MethodGet, path, nil)
		if status != 200 || string(body) != "a bundle of 0" || asked != want.part || !strings.Contains(h.Get("Content-Disposition"), want.name) {
			t.Errorf("%s: status %d, %q, of %+v, as %q", path, status, body, asked, h.Get("Content-Disposition"))
		}
		view := get(t, srv, strings.TrimSuffix(path, "/bundle"), 200)
		equal(t, "where the bundle is", at(t, view, "bundle"), path)
	}
	// Epoch 1 is not certified.
	equal(t, "a bundle of what is not certified", at(t, get(t, srv, "/api/v1/epochs/1", 200), "bundle"), nil)

	with = func(context.Context) (io.Reader, error) {
		return io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<16)), iotest.ErrReader(errors.New("the disk broke"))), nil
	}
	res, err := srv.Client().Get(srv.URL + "/api/v1/epochs/0/bundle")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, res.Body); err == nil {
		t.Errorf("a bundle that broke off after %d bytes looks whole", n)
	}
	res.Body.Close()

	// One that is endless, to a reader who leaves.
	with = func(context.Context) (io.Reader, error) { return endless{}, nil }
	if res, err = srv.Client().Get(srv.URL + "/api/v1/epochs/0/bundle"); err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	// And one that is still being made when its reader leaves.
	begun := make(chan struct{}, 1)
	with = func(ctx context.Context) (io.Reader, error) {
		begun <- struct{}{}
		<-ctx.Done()
		return nil, ctx.Err()
	}
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-begun
		leave()
	}()
	for end := time.Now().Add(10 * time.Second); ctx.Err() == nil; time.Sleep(5 * time.Millisecond) { // the seat is free when the server has noticed
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/api/v1/epochs/0/bundle", nil)
		if res, err := srv.Client().Do(r); err == nil {
			res.Body.Close()
		}
		if time.Now().After(end) {
			t.Fatal("who left has the seat still")
		}
	}
	with = nil
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if status, _, _ := ask(t, srv, http.MethodGet, "/api/v1/epochs/0/bundle", nil); status == 200 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("who left has the seat still")
		}
	}
}

type endless struct{}

func (endless) Read(b []byte) (int, error) { return len(b), nil }

// Who asks is the address that the request came from or, where that is a proxy
// of ours, the last that it names and that is none of ours. Nobody else's word
// is taken.
func TestPeers(t *testing.T) {
	x := New(Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}}, nil, nil, zap.NewNop())
	for _, c := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"203.0.113.7:4000", nil, "203.0.113.7:4000"},
		{"203.0.113.7:4000", []string{"198.51.100.1"}, "203.0.113.7:4000"}, // anybody can write that
		{"127.0.0.1:4000", nil, "127.0.0.1:4000"},
		{"127.0.0.1:4000", []string{"198.51.100.1"}, "198.51.100.1:0"},
		{"127.0.0.1:4000", []string{"192.0.2.66, 198.51.100.1"}, "198.51.100.1:0"}, // the first was sent by who asks
		{"127.0.0.1:4000", []string{"192.0.2.66", "198.51.100.1,10.1.2.3"}, "198.51.100.1:0"},
		{"127.0.0.1:4000", []string{"10.1.2.3"}, "10.1.2.3:0"},
		{"127.0.0.1:4000", []string{"198.51.100.1, nonsense"}, "127.0.0.1:4000"},
		{"127.0.0.1:4000", []string{"nonsense, 198.51.100.1"}, "198.51.100.1:0"},
		{"127.0.0.1:4000", []string{"nonsense, 10.1.2.3"}, "10.1.2.3:0"},
		{"[::ffff:127.0.0.1]:4000", []string{"2001:db8::1"}, "[2001:db8::1]:0"},
		{"[fd00::1%eth0]:4000", []string{"2001:db8::1"}, "[2001:db8::1]:0"},
		{"a socket", []string{"198.51.100.1"}, "a socket"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header = c.from, http.Header{"X-Forwarded-For": c.forwarded}
		if got := x.peer(r); got != c.want {
			t.Errorf("from %s, forwarded for %q: %s counts, want %s", c.from, c.forwarded, got, c.want)
		}
	}
}

// Behind a proxy of ours readers are counted one by one.
func TestReadersBehindAProxy(t *testing.T) {
	tight := func(c *Config) { c.PeerRate, c.PeerBurst = 1e-9, 2 }
	for _, trusted := range []bool{true, false} {
		_, srv := served(t, played(false), tight, func(c *Config) {
			if trusted {
				c.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
			}
		})
		refused := 0
		for i := range 6 {
			r, _ := http.NewRequest(http.MethodGet, srv.URL+"/api/v1/overview", nil)
			r.Header.Set("X-Forwarded-For", fmt.Sprintf("198.51.100.%d", i/2))
			res, err := srv.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode == http.StatusTooManyRequests {
				refused++
			}
		}
		if want := map[bool]int{true: 0, false: 4}[trusted]; refused != want {
			t.Errorf("proxy trusted: %v; %d of 6 requests of 3 readers were refused, want %d", trusted, refused, want)
		}
	}
}
