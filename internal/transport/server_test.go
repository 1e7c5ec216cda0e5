package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/zap"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
)

// service answers what a test tells it to.
type service struct {
	Aggregator
	commitments func(context.Context, posp.Commitments) error
	page        func(from []byte) ([]posp.Commitments, []byte, bool, error)
}

func (s service) SubmitCommitments(ctx context.Context, c posp.Commitments) error {
	return s.commitments(ctx, c)
}

func (s service) CommitmentsPage(_ context.Context, epoch uint64, from []byte) ([]posp.Commitments, []byte, bool, error) {
	if s.page == nil {
		return nil, nil, false, nil
	}
	return s.page(from)
}

func serve(t *testing.T, cfg ServerConfig, a Aggregator) (url string, stop func() error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- NewServer(l, cfg, a, zap.NewNop()).Run(ctx) }()
	stop = func() error { cancel(); return <-done }
	t.Cleanup(cancel)
	return "http://" + l.Addr().String(), stop
}

func message(n int) posp.Commitments {
	c := posp.Commitments{Signature: make([]byte, 65)}
	for i := range n {
		c.Items = append(c.Items, posp.SampleCommitment{SampleID: posp.Hash{byte(i >> 8), byte(i)}, Commitment: posp.Hash{byte(i * 7), byte(i * 13)}})
	}
	return c
}

func dial(t *testing.T, url string) *Client {
	c, err := NewClient(url, ClientConfig{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestServerBoundsMessages(t *testing.T) {
	got := 0
	url, _ := serve(t, ServerConfig{MaxMessageBytes: 1 << 12}, service{commitments: func(context.Context, posp.Commitments) error { got++; return nil }})
	c := dial(t, url)
	if err := c.SubmitCommitments(context.Background(), message(10)); err != nil || got != 1 {
		t.Fatalf("small message: %v", err)
	}
	if err := c.SubmitCommitments(context.Background(), message(1000)); err == nil || got != 1 {
		t.Fatalf("large message: error %v, delivered %d times", err, got)
	}
	// Also what is small only as long as it is compressed.
	if err := c.SubmitCommitments(context.Background(), posp.Commitments{Signature: make([]byte, 65), Items: make([]posp.SampleCommitment, 1<<16)}); err == nil {
		t.Fatal("a message that unpacks to megabytes was taken")
	}
}

func TestServerRefusesForms(t *testing.T) {
	url, _ := serve(t, ServerConfig{}, service{commitments: func(context.Context, posp.Commitments) error { t.Error("delivered"); return nil }})
	err := dial(t, url).SubmitCommitments(context.Background(), posp.Commitments{Signature: []byte{1}})
	var r *Refused
	if !errors.As(err, &r) || r.Reason() != ReasonInvalid || !strings.Contains(err.Error(), "signature") {
		t.Errorf("error %v", err)
	}
}

// JSON on the same port, as curl would send it.
func TestJSON(t *testing.T) {
	var got posp.Commitments
	url, _ := serve(t, ServerConfig{}, service{commitments: func(_ context.Context, c posp.Commitments) error { got = c; return nil }})
	body, _ := json.Marshal(map[string]any{"commitments": map[string]any{"operator": make([]byte, 20), "epoch": "7", "signature": make([]byte, 65)}})
	res, err := http.Post(url+"/posp.v1.AggregatorService/SubmitCommitments", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || got.Epoch != 7 {
		t.Errorf("status %s, epoch %d", res.Status, got.Epoch)
	}
}

func TestServerEndsInTime(t *testing.T) {
	begun := make(chan struct{})
	url, stop := serve(t, ServerConfig{Grace: 50 * time.Millisecond}, service{commitments: func(ctx context.Context, _ posp.Commitments) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}})
	go dial(t, url).SubmitCommitments(context.Background(), message(1))
	<-begun
	start := time.Now()
	if err := stop(); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v to end", took)
	}
	if err := dial(t, url).SubmitCommitments(context.Background(), message(1)); err == nil {
		t.Error("still serves")
	}
}

func TestServerBoundsConcurrency(t *testing.T) {
	hold := make(chan struct{})
	begun := make(chan struct{}, 8)
	url, _ := serve(t, ServerConfig{Concurrent: 1}, service{commitments: func(context.Context, posp.Commitments) error { begun <- struct{}{}; <-hold; return nil }})
	first := make(chan error, 1)
	go func() { first <- dial(t, url).SubmitCommitments(context.Background(), message(1)) }()
	<-begun
	err := dial(t, url).SubmitCommitments(context.Background(), message(1))
	var r *Refused
	if !errors.Is(err, ErrExhausted) || errors.As(err, &r) {
		t.Errorf("a second one at once: error %v, want one that passes", err)
	}
	close(hold)
	if err := <-first; err != nil {
		t.Error(err)
	}
}

// One address gets its part, and the others theirs.
func TestPeersAreBounded(t *testing.T) {
	p := Peers{Concurrent: 2, Rate: 1e-9, Burst: 4}
	leave, ok := p.Enter("192.0.2.1:1000")
	_, second := p.Enter("192.0.2.1:1001")
	if _, third := p.Enter("192.0.2.1:1002"); !ok || !second || third {
		t.Errorf("at once: %v, %v, %v; want two", ok, second, third)
	}
	leave()
	_, third := p.Enter("192.0.2.1:1003")
	if leave(); !third {
		t.Error("a place that was left is not given again")
	}
	if _, fourth := p.Enter("192.0.2.1:1004"); !fourth {
		t.Error("fewer than the burst")
	}
	leave()
	if _, fifth := p.Enter("192.0.2.1:1005"); fifth {
		t.Error("more than the burst")
	}
	if _, ok := p.Enter("[::ffff:192.0.2.1]:1006"); ok {
		t.Error("the same address in IPv6's form is another peer")
	}
	if _, ok := p.Enter("192.0.2.2:1000"); !ok {
		t.Error("another address is refused")
	}
	for i := range 2 {
		p.Enter(fmt.Sprintf("[2001:db8:0:1::%x]:1", i+1))
	}
	if _, ok := p.Enter("[2001:db8:0:1:ffff::9]:1"); ok {
		t.Error("a /64 is more than one peer")
	}
	if _, ok := p.Enter("[2001:db8:0:2::1]:1"); !ok {
		t.Error("the next /64 is refused")
	}
}

// Bodies in memory are bounded together: who finds no room waits, until its
// deadline.
func TestServerBoundsBytes(t *testing.T) {
	hold, begun := make(chan struct{}), make(chan struct{}, 8)
	url, _ := serve(t, ServerConfig{MaxMessageBytes: 1 << 12, MaxBytes: 1 << 12, Timeout: 300 * time.Millisecond},
		service{commitments: func(context.Context, posp.Commitments) error { begun <- struct{}{}; <-hold; return nil }})
	first := make(chan error, 1)
	go func() { first <- dial(t, url).SubmitCommitments(context.Background(), message(40)) }() // of 2.9 kB
	<-begun
	if err := dial(t, url).SubmitCommitments(context.Background(), message(40)); !errors.Is(err, ErrExhausted) {
		t.Errorf("no room: %v", err)
	}
	if _, ok, err := dial(t, url).Commitments(context.Background(), 0); ok || err != nil {
		t.Errorf("a question finds no room: %v", err)
	}
	close(hold)
	<-first // its deadline may have passed
	if err := dial(t, url).SubmitCommitments(context.Background(), message(40)); err != nil {
		t.Errorf("room again: %v", err)
	}
}

// Pages are made one after another, as many as are allowed; submissions do not wait for them.
func TestServerBoundsPages(t *testing.T) {
	hold, begun := make(chan struct{}), make(chan struct{}, 8)
	url, _ := serve(t, ServerConfig{Pages: 1}, service{
		commitments: func(context.Context, posp.Commitments) error { return nil },
		page: func([]byte) ([]posp.Commitments, []byte, bool, error) {
			begun <- struct{}{}
			<-hold
			return nil, nil, true, nil
		}})
	done := make(chan error, 2)
	for range 2 {
		go func() { _, _, err := dial(t, url).Commitments(context.Background(), 0); done <- err }()
	}
	<-begun
	if err := dial(t, url).SubmitCommitments(context.Background(), message(1)); err != nil {
		t.Error(err)
	}
	select {
	case <-begun:
		t.Error("two pages are made at once")
	case <-time.After(50 * time.Millisecond):
	}
	close(hold)
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestClientURL(t *testing.T) {
	for _, bad := range []string{"", "127.0.0.1:80", "ftp://x", "http://", "::"} {
		if _, err := NewClient(bad, ClientConfig{}); err == nil {
			t.Errorf("%q is taken for a URL", bad)
		}
	}
}

// Both ends name the reasons alike.
func TestReasonsAreTheAggregators(t *testing.T) {
	for _, reason := range []string{aggregator.ReasonEarly, aggregator.ReasonLate, aggregator.ReasonUnknownOperator,
		aggregator.ReasonEquivocation, aggregator.ReasonNotCommitted, aggregator.ReasonWrongDigest, aggregator.ReasonExhausted} {
		if _, known := codes[reason]; !known {
			t.Errorf("reason %s has no code", reason)
		}
	}
}

func TestOpenings(t *testing.T) {
	var path string
	var answer func(w http.ResponseWriter)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path = r.URL.Path
		var req posp.OpenRequest
		if err := json.NewDecoder(r.Body).Decode(&req); err != nil || req.Leaf != 3 {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		answer(w)
	}))
	defer srv.Close()
	o := NewOpenings(OpeningsConfig{MaxBytes: 1 << 10, Timeout: 200 * time.Millisecond})
	ask := func() error {
		_, err := o.Opening(context.Background(), srv.URL+"/at/", posp.OpenRequest{Leaf: 3, Signature: []byte{1}})
		return err
	}
	var v *posp.ValidationError
	answer = func(w http.ResponseWriter) { json.NewEncoder(w).Encode(posp.Opening{}) }
	if err := ask(); err != nil || path != "/at/posp/v1/openings" {
		t.Errorf("opening: %v at %s", err, path)
	}
	answer = func(w http.ResponseWriter) { json.NewEncoder(w).Encode(posp.EvidencePart{Salt: posp.Hash{5}}) }
	if p, err := o.Evidence(context.Background(), srv.URL, posp.OpenRequest{Leaf: 3, Signature: []byte{1}}); err != nil || path != "/posp/v1/evidence" || p.Salt != (posp.Hash{5}) {
		t.Errorf("evidence: %v at %s", err, path)
	}
	answer = func(w http.ResponseWriter) { http.Error(w, "not yours", http.StatusForbidden) }
	if err := ask(); err == nil || errors.As(err, &v) || !strings.Contains(err.Error(), "not yours") {
		t.Errorf("refused: %v", err)
	}
	answer = func(w http.ResponseWriter) { w.Write([]byte("<html>")) }
	if err := ask(); !errors.As(err, &v) {
		t.Errorf("no JSON: %v", err)
	}
	answer = func(w http.ResponseWriter) { w.Write(bytes.Repeat([]byte(" "), 1<<11)) }
	if err := ask(); !errors.As(err, &v) {
		t.Errorf("endless: %v", err)
	}
	answer = func(w http.ResponseWriter) { time.Sleep(time.Second) }
	start := time.Now()
	if err := ask(); err == nil || time.Since(start) > 900*time.Millisecond {
		t.Errorf("hanging: %v after %v", err, time.Since(start))
	}
	answer = func(w http.ResponseWriter) {
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(http.StatusFound)
	}
	if err := ask(); err == nil || !strings.Contains(err.Error(), "302") {
		t.Errorf("redirect: %v", err)
	}
	if _, err := o.Opening(context.Background(), "file:///etc/passwd", posp.OpenRequest{}); !errors.As(err, &v) {
		t.Errorf("no web address: %v", err)
	}
}

// However a set is cut into pages, it is put together again as it was signed.
func TestPages(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var want, pieces []posp.Commitments
		for i := range rapid.IntRange(0, 4).Draw(rt, "operators") {
			c := message(rapid.IntRange(0, 6).Draw(rt, "items"))
			c.Operator = posp.Address{byte(i)}
			want = append(want, c)
			shuffled := slices.Clone(c.Items)
			if len(shuffled) > 1 {
				shuffled = rapid.Permutation(shuffled).Draw(rt, "order")
			}
			for begun := false; !begun || len(shuffled) > 0; begun = true {
				n := rapid.IntRange(min(1, len(shuffled)), len(shuffled)).Draw(rt, "in a piece")
				part := slices.Clone(shuffled[:n])
				slices.SortFunc(part, func(a, b posp.SampleCommitment) int { return a.SampleID.Cmp(b.SampleID) })
				pieces, shuffled = append(pieces, posp.Commitments{Operator: c.Operator, Signature: c.Signature, Items: part}), shuffled[n:]
			}
		}
		url, stop := serve(t, ServerConfig{}, service{page: func(from []byte) ([]posp.Commitments, []byte, bool, error) {
			at := 0
			if len(from) > 0 {
				at = int(from[0])
			}
			end := min(len(pieces), at+2)
			if end == len(pieces) {
				return pieces[at:], nil, true, nil
			}
			return pieces[at:end], []byte{byte(end)}, true, nil
		}})
		defer stop()
		got, ok, err := dial(t, url).Commitments(context.Background(), 0)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" || !ok || err != nil {
			rt.Fatalf("%v, %v\n%s", ok, err, diff)
		}
	})
}

// An aggregator whose pages never end, or stand still, is told from one that
// has much to say.
func TestPagesEnd(t *testing.T) {
	for name, next := range map[string]func(from []byte) []byte{
		"the same again": func([]byte) []byte { return []byte{1} },
		"back":           func(from []byte) []byte { return []byte{9 - byte(len(from))} },
		"without an end": func(from []byte) []byte { return append(slices.Clone(from), 1) },
	} {
		url, _ := serve(t, ServerConfig{}, service{page: func(from []byte) ([]posp.Commitments, []byte, bool, error) {
			return []posp.Commitments{message(10)}, next(from), true, nil
		}})
		c, err := NewClient(url, ClientConfig{MaxMessageBytes: 1 << 14})
		if err != nil {
			t.Fatal(err)
		}
		var v *posp.ValidationError
		if _, ok, err := c.Commitments(context.Background(), 0); ok || !errors.As(err, &v) {
			t.Errorf("%s: %v, error %v", name, ok, err)
		}
	}
}
