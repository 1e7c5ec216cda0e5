package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

// event is a line from the aggregator's process.
type event struct {
	URL         string    `json:"url,omitempty"`
	Certificate time.Time `json:"certificate,omitzero"` // when it was assembled
	NonSigners  int       `json:"nonSigners,omitempty"`
	PeakMiB     float64   `json:"peakMiB,omitempty"` // resident, at the end
	CPU         float64   `json:"cpu,omitempty"`     // seconds, at the end
}

// serveWorld is the aggregator as the product has it, with its API, on a chain
// in memory whose blocks come as numbers from standard input. It ends with that.
func serveWorld(ctx context.Context, file, where string) error {
	w, err := readWorld(file)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, where, aggregator.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()
	c := &chain{world: w, blocks: make(chan uint64, 1), tell: json.NewEncoder(os.Stdout)}
	a, err := aggregator.New(aggregator.Config{Domain: domain, Authority: authority, Parameters: parameters(), Specs: w.specs()}, c, db, zap.NewNop())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var g errgroup.Group
	g.Go(func() error { return a.Run(ctx) })
	g.Go(func() error {
		return transport.NewServer(l, transport.ServerConfig{}, served{a}, zap.NewNop()).Run(ctx)
	})
	c.say(event{URL: "http://" + l.Addr().String()})
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		n, err := strconv.ParseUint(in.Text(), 10, 64)
		if err != nil {
			return err
		}
		c.to(n)
	}
	stop()
	err = g.Wait()
	c.say(event{PeakMiB: peak(), CPU: page.Spent().Seconds()})
	return err
}

// peak is the most memory that was resident, in MiB.
func peak() float64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	m := regexp.MustCompile(`VmHWM:\s*(\d+) kB`).FindSubmatch(b)
	if m == nil {
		return 0
	}
	n, _ := strconv.ParseFloat(strings.TrimSpace(string(m[1])), 64) // digits
	return n / 1024
}

type served struct{ *aggregator.Aggregator }

func (s served) Outcome(ctx context.Context, epoch uint64) (transport.Outcome, bool, error) {
	o, ok, err := s.Aggregator.Outcome(ctx, epoch)
	return transport.Outcome(o), ok, err
}

// chain is the world as a chain says it.
type chain struct {
	*world
	blocks chan uint64
	tell   *json.Encoder

	mu        sync.Mutex
	head      uint64
	certified bool
}

func (c *chain) say(e event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.tell.Encode(e); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
}

func (c *chain) to(block uint64) {
	c.mu.Lock()
	c.head = block
	c.mu.Unlock()
	c.blocks <- block
}

func (c *chain) Block(context.Context) (uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.head, nil
}

func (c *chain) Blocks(context.Context) <-chan uint64 { return c.blocks }

func (c *chain) Batches(_ context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	if epoch > 0 {
		return nil, nil
	}
	return []posp.BatchRecord{c.batch}, nil
}

func (c *chain) Demands(context.Context, uint64) ([]posp.Demand, error)  { return nil, nil }
func (c *chain) Beacon(context.Context, uint64) (posp.Hash, bool, error) { return beacon, true, nil }
func (c *chain) Table(context.Context, uint64) (posp.Table, bool, error) { return c.table, true, nil }
func (c *chain) StandingsBefore(context.Context, uint64) (none []posp.Standing, err error) {
	return nil, nil
}

func (c *chain) Provider(context.Context, posp.Address, uint64) (posp.ProviderInfo, bool, error) {
	return posp.ProviderInfo{Provider: provider, ReceiptKey: address(key("receipt", 0))}, true, nil
}

func (c *chain) PublicKey(_ context.Context, operator posp.Address) (keys.PublicKey, error) {
	return bls(operator).PublicKey(), nil
}

func (c *chain) Certified(context.Context, uint64) (posp.Hash, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return posp.Hash{0xaa}, c.certified, nil
}

func (c *chain) SubmitCertificate(_ context.Context, v aggregator.Certificate) (posp.Hash, error) {
	c.say(event{Certificate: time.Now(), NonSigners: len(v.NonSigners)})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.certified = true
	return posp.Hash{0xaa}, nil
}
