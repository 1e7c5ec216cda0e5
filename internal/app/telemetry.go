package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/telemetry"
)

// Version is what was built, in a few words: version, revision, Go's version.
func Version() string {
	version, revision := telemetry.Version()
	return fmt.Sprintf("%s (revision %s, %s)", version, revision, runtime.Version())
}

// TelemetryConfig is where a daemon tells how it does. The zero value: nowhere.
type TelemetryConfig struct {
	Listen string  // host:port of metrics and EigenLayer's node API
	Pprof  string  // host:port of profiles, of this machine alone
	OTLP   string  // URL of a collector for traces
	Ratio  float64 // of the traces that are kept, 0 to 1
}

func (c TelemetryConfig) check(p *problems) {
	if c.Listen != "" {
		p.add(checkAddress("--telemetry", c.Listen))
	}
	if c.Pprof != "" {
		if err := telemetry.CheckLoopback(c.Pprof); err != nil {
			p.add(fmt.Errorf("--pprof: %w", err))
		}
	}
	if c.OTLP != "" {
		if err := telemetry.CheckOTLP(c.OTLP); err != nil {
			p.add(fmt.Errorf("--otlp: %w", err))
		}
	}
	p.when(!(c.Ratio >= 0 && c.Ratio <= 1), "--otlp-ratio %v is not in 0..1", c.Ratio)
}

// checkAddress says whether one can listen on an address.
func checkAddress(flag, address string) error {
	if _, err := net.ResolveTCPAddr("tcp", address); err != nil {
		return fmt.Errorf("%s %q is not an address such as 127.0.0.1:9471", flag, address)
	}
	return nil
}

// Telemetry is what one daemon tells of itself. nil tells nothing. What a role
// tells is joined to it in observe.go.
type Telemetry struct {
	own      *telemetry.Telemetry
	tracing  *telemetry.Tracing // nil: no traces
	listener net.Listener       // nil: not served
	profiles net.Listener       // likewise
	role     string
	site     *Site
	chain    *chain.Protocol
	account  posp.Address
	side     *Side // on which the account has a stake; nil: none
	log      *zap.Logger

	mu       sync.Mutex
	look     telemetry.Chain // what was seen last
	seenAt   time.Time       // its head
	asked    time.Time       // when the chain last answered
	epochs   map[uint64]bool // in work and with batches; whether certified
	stake    telemetry.Stake
	versions map[string]string // of the chain's nodes
	sender   *chain.Sender
	balance  *big.Int
	spent    float64
}

// Telemetry opens what a daemon is told to tell with: nil if nothing. side is
// where the account has a stake, or nil. close it if it is not run.
func (s *Site) Telemetry(ctx context.Context, c TelemetryConfig, role string, account posp.Address, side *Side) (*Telemetry, error) {
	if c.Listen == "" && c.Pprof == "" && c.OTLP == "" {
		return nil, nil
	}
	t := &Telemetry{own: telemetry.New(role, account.Hex()), role: role, site: s, chain: s.Reader(), account: account, side: side, log: s.Log.Named("telemetry"), epochs: map[uint64]bool{}}
	var err error
	if c.OTLP != "" {
		if t.tracing, err = telemetry.NewTracing(ctx, c.OTLP, c.Ratio, role, account.Hex(), t.log); err != nil {
			return nil, err
		}
	}
	if c.Listen != "" {
		if t.listener, err = Listen(c.Listen); err != nil {
			return nil, err
		}
	}
	if c.Pprof != "" {
		if t.profiles, err = Listen(c.Pprof); err != nil {
			return nil, errors.Join(err, t.Close())
		}
	}
	t.look.Phases, t.look.Left = phasesAt(s.Parameters.Schedule, 0), -1
	t.own.Chain(t.chainNow)
	if side != nil {
		t.own.Stake(func() telemetry.Stake { t.mu.Lock(); defer t.mu.Unlock(); return t.stake })
	}
	t.lookAtVersions(ctx)
	rpc := t.own.RPC()
	s.Client.Observe(func(endpoint, method string, took time.Duration) {
		t.mu.Lock()
		version := t.versions[endpoint]
		t.mu.Unlock()
		if version == "" {
			version = "unknown"
		}
		rpc(method, version, took)
	})
	t.own.Service(telemetry.Service{ID: "chain", Name: "chain", Description: "Nodes of the chain", Vital: true, Look: t.chainStatus})
	return t, nil
}

// Addr is where metrics and node API are served.
func (t *Telemetry) Addr() net.Addr { return t.listener.Addr() }

// Close frees the listeners of what is not run.
func (t *Telemetry) Close() error {
	if t == nil {
		return nil
	}
	var errs []error
	for _, l := range []net.Listener{t.listener, t.profiles} {
		if l != nil {
			if err := l.Close(); !errors.Is(err, net.ErrClosed) {
				errs = append(errs, err)
			}
		}
	}
	return errors.Join(errs...)
}

// run tells until ctx ends.
func (t *Telemetry) run(ctx context.Context) error {
	if t == nil {
		return nil
	}
	parts := []run{t.tracing.Run, t.watch}
	if t.listener != nil {
		t.log.Debug("telemetry is up", zap.Stringer("listen", t.listener.Addr()))
		parts = append(parts, func(ctx context.Context) error { return telemetry.Serve(ctx, t.listener, t.own.Handler()) })
	}
	if t.profiles != nil {
		parts = append(parts, func(ctx context.Context) error { return telemetry.Serve(ctx, t.profiles, telemetry.Profiles()) })
	}
	return together(ctx, parts...)
}

// How often the chain is looked at: the head, and what changes by the epoch.
const headLook, stakeLook = 2 * time.Second, time.Minute

// chainDown is for how long the chain may not answer.
const chainDown = 15 * time.Second

// watch looks at the chain. It may fail at any time: then what it shows gets old,
// and says so.
func (t *Telemetry) watch(ctx context.Context) error {
	head, stake := time.NewTicker(headLook), time.NewTicker(stakeLook)
	defer head.Stop()
	defer stake.Stop()
	if err := t.lookAtHead(ctx); err == nil {
		t.lookAtStake(ctx)
	}
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-head.C:
			if err := t.lookAtHead(ctx); err != nil && ctx.Err() == nil {
				t.log.Debug("chain not read for telemetry", zap.Error(err))
			}
			t.lookAtBalance()
		case <-stake.C:
			t.lookAtVersions(ctx)
			t.lookAtStake(ctx)
		}
	}
}

func (t *Telemetry) lookAtVersions(ctx context.Context) {
	if v := t.site.Client.Versions(ctx); len(v) > 0 {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.versions = v
	}
}

// lookAtBalance counts what the account has less than before.
func (t *Telemetry) lookAtBalance() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sender == nil {
		return
	}
	now := t.sender.Status().Balance
	if t.balance != nil && now != nil && now.Cmp(t.balance) < 0 {
		t.spent += inEther(new(big.Int).Sub(t.balance, now))
	}
	t.balance = now
}

// The phases of an epoch, as docs/architecture.md has them.
const (
	phaseServe     = "serve"
	phaseBatches   = "commit_batches"
	phaseBeacon    = "beacon"
	phaseRecompute = "recompute"
	phaseReveal    = "reveal"
	phaseCertify   = "certify"
)

func phaseOf(s posp.Schedule, epoch, head uint64) string {
	switch {
	case head < s.Start(epoch+1):
		return phaseServe
	case head < s.Close(epoch):
		return phaseBatches
	case head < s.BeaconBlock(epoch):
		return phaseBeacon
	case head <= s.CommitDeadline(epoch):
		return phaseRecompute
	case head <= s.RevealDeadline(epoch):
		return phaseReveal
	}
	return phaseCertify
}

// phasesAt is how many epochs are in which phase.
func phasesAt(s posp.Schedule, head uint64) map[string]int {
	n := map[string]int{phaseServe: 0, phaseBatches: 0, phaseBeacon: 0, phaseRecompute: 0, phaseReveal: 0, phaseCertify: 0}
	for epoch := range s.Active(head) {
		n[phaseOf(s, epoch, head)]++
	}
	return n
}

// lookAtHead reads the newest block, and which epochs were certified.
func (t *Telemetry) lookAtHead(ctx context.Context) error {
	head, err := t.chain.Block(ctx)
	if err != nil {
		return err
	}
	s := t.site.Parameters.Schedule
	t.mu.Lock()
	first := t.asked.IsZero()
	t.asked = time.Now()
	if head > t.look.Head {
		t.look.Head, t.seenAt = head, t.asked
	}
	t.look.Epoch, t.look.Phases = s.EpochAt(head), phasesAt(s, head)
	t.mu.Unlock()

	for epoch := range s.Active(head) {
		if head <= s.CommitDeadline(epoch) {
			continue
		}
		t.mu.Lock()
		done, known := t.epochs[epoch]
		t.mu.Unlock()
		if done {
			continue
		}
		_, certified, err := t.chain.Certified(ctx, epoch)
		if err != nil {
			return err
		}
		if !known {
			batches, err := t.chain.Batches(ctx, epoch)
			if err != nil {
				return err
			}
			if len(batches) == 0 || certified && first { // nothing to certify, or it was before this daemon began
				certified = true
			} else {
				known = true
			}
		}
		t.mu.Lock()
		t.epochs[epoch] = certified
		if certified && known {
			t.look.Certified++
			t.certified(true)
			t.look.Latency = head - min(head, s.CommitDeadline(epoch))
		}
		t.mu.Unlock()
	}

	t.mu.Lock()
	defer t.mu.Unlock()
	t.look.Uncertified, t.look.Left = 0, -1
	for epoch, certified := range t.epochs {
		deadline := s.CertifyDeadline(epoch)
		switch {
		case head > deadline:
			if !certified {
				t.look.Void++
				t.certified(false)
				t.log.Error("an epoch was not certified in its time: it is void", zap.String("code", "EPOCH-VOID"), zap.Uint64("epoch", epoch))
			}
			delete(t.epochs, epoch)
		case !certified:
			t.look.Uncertified++
			if left := int(deadline - head); t.look.Left < 0 || left < t.look.Left {
				t.look.Left = left
			}
		}
	}
	return nil
}

// certified notes what became of an epoch, which is an aggregator's duty.
func (t *Telemetry) certified(done bool) {
	if t.role == "aggregator" {
		t.own.Duty(done)
	}
}

func (t *Telemetry) chainNow() telemetry.Chain {
	t.mu.Lock()
	c := t.look
	if !t.seenAt.IsZero() {
		c.Age = time.Since(t.seenAt)
	}
	t.mu.Unlock()
	for _, e := range t.site.Client.Endpoints() {
		c.Endpoints = append(c.Endpoints, telemetry.Endpoint{Name: e.Name, Usable: e.Usable, Active: e.Active, Head: e.Head, Calls: e.Calls, Failures: e.Failures})
	}
	return c
}

// keeper shows what a keeper did.
func (t *Telemetry) keeper(work func() []aggregator.KeeperWork) {
	if t == nil {
		return
	}
	t.own.Keeper(func() (list []telemetry.Keeper) {
		for _, w := range work() {
			list = append(list, telemetry.Keeper(w))
		}
		return list
	})
}

func (t *Telemetry) chainStatus(context.Context) telemetry.Status {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.asked.IsZero():
		return telemetry.Initializing
	case time.Since(t.asked) > chainDown:
		return telemetry.Down
	}
	return telemetry.Up
}

// lookAtStake reads what the chain says of the account.
func (t *Telemetry) lookAtStake(ctx context.Context) {
	if t.side == nil {
		return
	}
	v, err := t.readStake(ctx)
	if err != nil {
		if ctx.Err() == nil {
			t.log.Debug("stake not read for telemetry", zap.Error(err))
		}
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tellStake(t.stake, v)
	t.stake = v
}

// highStanding is the share of the line from which on a standing is said to be high.
const highStanding = .5

// tellStake logs what became worse for the account; of a first look, what is bad.
func (t *Telemetry) tellStake(was, v telemetry.Stake) {
	log := t.log.With(zap.Stringer("account", t.account))
	if v.Jailed && !was.Jailed {
		log.Error("a charge keeps the account out of work", zap.String("code", "JAILED"))
	}
	if v.Charges > was.Charges {
		log.Error("charges against the account are open", zap.String("code", "CHARGE-OPEN"), zap.Int("charges", v.Charges))
	}
	if v.Slashed > was.Slashed {
		log.Error("stake was slashed", zap.String("code", "SLASHED"), zap.Float64("share", v.Slashed))
	}
	for model, share := range v.Standings {
		if share >= highStanding && was.Standings[model] < highStanding {
			log.Warn("the evidence against the account is half of what makes a fault", zap.String("code", "STANDING-HIGH"), zap.String("model", model), zap.Float64("share_of_line", share))
		}
	}
}

func (t *Telemetry) readStake(ctx context.Context) (telemetry.Stake, error) {
	s, e, c := t.site, t.site.Network.EigenLayer, t.site.Client
	v := telemetry.Stake{Set: t.side.set, SetName: t.side.name, Standings: map[string]float64{}}
	head, err := t.chain.Block(ctx)
	if err != nil {
		return v, err
	}
	at := new(big.Int).SetUint64(head)
	token, err := e.EigenLayer.Token(ctx, c, e.Token)
	if err != nil {
		return v, err
	}
	stake, err := e.SlashableStake(ctx, c, at, t.side.OperatorSet(s.Network), []posp.Address{t.account}, e.Strategy, uint32(head))
	if err != nil {
		return v, err
	}
	unit := new(big.Float).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(token.Decimals)), nil))
	v.Slashable, _ = new(big.Float).Quo(new(big.Float).SetInt(stake[0]), unit).Float64()
	left, err := e.MaxMagnitude(ctx, c, at, t.account, e.Strategy)
	if err != nil {
		return v, err
	}
	v.Slashed = 1 - float64(left)/chain.Wad
	for _, m := range s.Network.Models {
		standing, err := t.chain.Standing(ctx, t.account, m.Spec.ID())
		if err != nil {
			return v, err
		}
		v.Standings[m.Name] = float64(standing) / float64(s.Parameters.FaultLine)
	}
	if v.Jailed, err = t.chain.Jailed(ctx, t.account); err != nil {
		return v, err
	}
	faults, err := t.chain.Faults(ctx)
	if err != nil {
		return v, err
	}
	for _, f := range faults {
		if f.Subject != t.account {
			continue
		}
		state, err := t.chain.Fault(ctx, f.ID)
		if err != nil {
			return v, err
		}
		if state.Status == chain.FaultOpen {
			v.Charges++
		}
	}
	v.Read = time.Now()
	return v, nil
}

func inEther(wei *big.Int) float64 {
	f, _ := new(big.Float).Quo(new(big.Float).SetInt(wei), big.NewFloat(1e18)).Float64()
	return f
}

// transactions shows how the role's transactions stand.
func (t *Telemetry) transactions(sender *chain.Sender) {
	if t == nil {
		return
	}
	t.sender = sender
	t.own.Transactions(func() telemetry.Transactions {
		s := sender.Status()
		v := telemetry.Transactions{Open: s.Open, Pending: s.Waiting, Oldest: s.Oldest, Bumped: s.Replaced, Dropped: s.Dropped, Foreign: s.Foreign,
			Capped: s.Capped, Low: s.Low, Known: s.Balance != nil}
		if v.Known {
			v.BalanceEther = inEther(s.Balance)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		v.SpentEther = t.spent
		return v
	})
	t.own.Service(telemetry.Service{ID: "transactions", Name: "transactions", Description: "The account that pays: it has ether, and what it sends is mined", Look: func(context.Context) telemetry.Status {
		if s := sender.Status(); s.Low || s.Capped {
			return telemetry.Down
		}
		return telemetry.Up
	}})
}

// traces is where spans go; nil: nowhere.
func (t *Telemetry) traces() *telemetry.Tracing {
	if t == nil {
		return nil
	}
	return t.tracing
}

// database is a service.
func (t *Telemetry) database(db *sql.DB) {
	t.service(telemetry.Service{ID: "database", Name: "database", Description: "What the daemon must not forget", Vital: true, Look: func(ctx context.Context) telemetry.Status {
		switch err := db.PingContext(ctx); {
		case err == nil, ctx.Err() != nil: // SQLite: a transaction is at work
			return telemetry.Up
		default:
			return telemetry.Down
		}
	}})
}

// answering is a service of which an HTTP server is known.
func (t *Telemetry) answering(id, description, url string, vital bool) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	t.service(telemetry.Service{ID: id, Name: id, Description: description, Vital: vital, Look: func(ctx context.Context) telemetry.Status {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return telemetry.Down
		}
		res, err := client.Do(r)
		if err != nil {
			return telemetry.Down
		}
		res.Body.Close()
		if res.StatusCode >= http.StatusInternalServerError {
			return telemetry.Down
		}
		return telemetry.Up
	}})
}

func (t *Telemetry) service(s telemetry.Service) {
	if t != nil {
		t.own.Service(s)
	}
}
