// Package explorer shows a deployment to whoever wants to look: a page, and the
// same as JSON. It decides nothing, signs nothing and takes nothing but
// questions. What it shows it has from two places: the chain's events, folded
// into an index, and the aggregator's archive of evidence.
//
//	explorer.go  what it needs, and how it follows the chain
//	index.go     what the events say: a fold
//	disputes.go  contests of verdicts, move by move
//	demands.go   receipts verified on demand
//	lookup.go    what the events do not say: samples, keys of tables, non-signers, gas
//	views.go     answers, one type for each
//	api.go       routes, limits, errors
//	stream.go    what changes, by server-sent events
//	openapi.json the answers' document
//	assets/      the page: HTML, CSS and modules as they are written
//	page/        what is embedded and served: assets as one module, and the verifier (make verifier)
package explorer

import (
	"context"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"go.uber.org/zap"
	"golang.org/x/sync/singleflight"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/verdict"
)

// Chain is what the explorer needs of the chain.
type Chain interface {
	Block(ctx context.Context) (uint64, error)
	// Time is when a block was made, in Unix seconds.
	Time(ctx context.Context, block uint64) (uint64, error)
	// Follow hands the logs that match q to the sink, from a block on, until ctx
	// ends; see chain.Follower.
	Follow(ctx context.Context, q ethereum.FilterQuery, from uint64, sink chain.Sink) error

	// What events do not say, or before the explorer's first epoch.
	Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error)
	TableAt(ctx context.Context, block uint64) (table posp.Table, ok bool, err error)
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)
	Certificate(ctx context.Context, epoch uint64) (c chain.SubmittedCertificate, ok bool, err error)
	Rates(ctx context.Context) (chain.Rates, error)
	Penalties(ctx context.Context) (chain.Penalties, error)
	// DisputeStakes is what contests take; ok if the deployment has a game.
	DisputeStakes(ctx context.Context) (s posp.DisputeStakes, ok bool, err error)
	// Transaction is one that is in a block.
	Transaction(ctx context.Context, id posp.Hash) (Transaction, error)
	// Token is what is staked.
	Token(ctx context.Context) (chain.Token, error)
}

// Transaction is who sent one, and what it used.
type Transaction struct {
	Sender  posp.Address
	GasUsed uint64
}

// Archive is what the explorer needs of the aggregator: the evidence of epochs
// whose reveals are final, without texts that are not for everybody.
type Archive interface {
	Progress(ctx context.Context, epoch uint64) (Progress, error)
	Lines(ctx context.Context, epoch uint64) (r posp.Result, lines []posp.SampleResult, ok bool, err error)
	Sample(ctx context.Context, epoch uint64, ordinal uint32, committee []posp.Address) (s Sample, ok bool, err error)
	Receipts(ctx context.Context, epoch uint64, visit func(ordinal uint32, r posp.SignedReceipt) error) (ok bool, err error)
}

// Progress is how far an epoch is at the aggregator, and who has sent what.
type Progress struct {
	Phase     string         `json:"phase"` // open, frozen, final or derived
	Committed []posp.Address `json:"committed"`
	Revealed  []posp.Address `json:"revealed"`
	Signed    []posp.Address `json:"signed"`
}

// Sample is what is held of one sample, and what it comes to.
type Sample struct {
	Opening     *posp.Opening
	Provider    *posp.Evidence
	Committee   []verdict.HeldMember
	Explanation verdict.Explanation
}

// Model is a spec with the name that the network file gives it.
type Model struct {
	Name string
	Spec posp.ModelSpec
}

// Part is what a bundle holds of its epoch: a sample, the samples of a provider's
// batch, of which it has one, or, if it is zero, all.
type Part struct {
	Sample   posp.Hash
	Provider posp.Address
}

// Config is what an explorer is told. Zero means the default where one is named.
type Config struct {
	Domain     posp.Domain
	Contracts  chain.Addresses
	Parameters posp.Parameters
	Models     []Model
	Economics  *econ.Terms // that the deployment says its rate rests on; nil: not said

	// Bundle is the replay bundle of an epoch, or of a part of it; nil: there are
	// none to be had. An error that Missing made is told to who asks.
	Bundle func(ctx context.Context, epoch uint64, part Part) (io.Reader, error)

	// Proxies are the networks of reverse proxies whose X-Forwarded-For is believed.
	// Without them, all readers behind one proxy count as one.
	Proxies []netip.Prefix

	Epochs     uint64        // that are kept, the newest; default 2000
	Streams    int           // readers of events at once; default 64
	PeerRate   float64       // requests a second of one address, over time; default 50
	PeerBurst  int           // at once after a pause; default 200
	Concurrent int           // requests in work at once; default 32
	Timeout    time.Duration // for one request; default 20 seconds, of a bundle six times as long
	Heartbeat  time.Duration // between signs of life of a stream; default 15 seconds
}

func (c Config) withDefaults() Config {
	set(&c.Epochs, 2000)
	set(&c.Streams, 64)
	set(&c.PeerRate, 50)
	set(&c.PeerBurst, 200)
	set(&c.Concurrent, 32)
	set(&c.Timeout, 20*time.Second)
	set(&c.Heartbeat, 15*time.Second)
	return c
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Explorer is one. Make it with New; Run lets it follow the chain; Handler is
// what it serves meanwhile.
type Explorer struct {
	cfg     Config
	chain   Chain
	archive Archive
	log     *zap.Logger
	hub     *hub
	wake    chan struct{} // there is something to look up
	// Seats of those who wait for a bundle, which takes seconds: they must not take all.
	bundling chan struct{}
	flights  singleflight.Group // of epochs' results that are read
	reading  chan struct{}      // the one that reads one

	mu     sync.RWMutex
	floor  uint64          // first epoch that is kept
	seeds  []posp.Standing // as they were before it
	logs   []types.Log     // from the floor on: what the index is folded from
	cursor chain.Cursor
	index  *index
	head   head
	found  lookups

	constants *constants // nil: not read yet
}

// head is the newest block that was read.
type head struct {
	Block  uint64 `json:"block"`
	Time   uint64 `json:"time"` // Unix seconds; 0: not known yet
	synced bool   // it was the chain's newest when it was read
}

// New makes an explorer.
func New(cfg Config, c Chain, a Archive, log *zap.Logger) *Explorer {
	cfg = cfg.withDefaults()
	return &Explorer{cfg: cfg, chain: c, archive: a, log: log, hub: newHub(cfg.Streams), wake: make(chan struct{}, 1), bundling: make(chan struct{}, min(4, cfg.Concurrent)), reading: make(chan struct{}, 1), index: newIndex(), found: newLookups()}
}

// Run follows the chain until ctx ends. It keeps nothing: the next run reads
// the same again.
func (x *Explorer) Run(ctx context.Context) error {
	from, err := x.begin(ctx)
	if err != nil {
		return err
	}
	looked := make(chan struct{})
	go func() {
		defer close(looked)
		x.lookUp(ctx)
	}()
	c := x.cfg.Contracts
	q := ethereum.FilterQuery{}
	for _, a := range []common.Address{c.BatchRegistry, c.OperatorTable, c.AttestationRegistry, c.FaultManager, c.RefundPool, c.DisputeGame, c.PrivateDisputeGame, c.OnDemand} {
		if a != (common.Address{}) {
			q.Addresses = append(q.Addresses, a)
		}
	}
	err = x.chain.Follow(ctx, q, from, sink{x})
	<-looked
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// begin finds the first epoch to keep, and what stood before it.
func (x *Explorer) begin(ctx context.Context) (from uint64, err error) {
	s := x.cfg.Parameters.Schedule
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		var block uint64
		if block, err = x.chain.Block(ctx); err == nil {
			floor := floorOf(s.EpochAt(block), x.cfg.Epochs)
			if floor == 0 {
				return s.Genesis, nil
			}
			var seeds []posp.Standing
			if seeds, err = x.chain.StandingsBefore(ctx, floor); err == nil {
				x.mu.Lock()
				defer x.mu.Unlock()
				x.floor, x.seeds = floor, seeds
				x.index = x.fold()
				return s.Start(floor), nil
			}
		}
		x.log.Warn("chain not read, trying again", zap.Error(err))
		select {
		case <-ctx.Done():
			return 0, nil
		case <-time.After(wait):
		}
	}
}

func floorOf(epoch, keep uint64) uint64 { return epoch + 1 - min(epoch+1, keep) }

// fold makes the index of the logs that are kept.
func (x *Explorer) fold() *index {
	fresh := newIndex()
	for _, s := range x.seeds {
		key := subject{s.Subject, s.SpecID}
		fresh.standings[key] = &standing{subject: key, points: []point{{epoch: x.floor, block: x.cfg.Parameters.Schedule.Start(x.floor), value: s.Value}}}
	}
	for i := range x.logs {
		x.apply(fresh, &x.logs[i])
	}
	return fresh
}

// apply folds a log. One that cannot be read is not of these contracts: it is
// said, and passed over, since waiting would not make it another.
func (x *Explorer) apply(to *index, l *types.Log) {
	if err := to.take(l); err != nil {
		x.log.Warn("event not understood", zap.Error(err))
	}
}

// sink takes what follows from the chain.
type sink struct{ *Explorer }

func (s sink) Cursor(context.Context) (chain.Cursor, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.cursor, nil
}

func (s sink) Take(ctx context.Context, span chain.Span) error {
	newest, err := s.chain.Block(ctx)
	if err != nil {
		newest = span.To
	}
	var at uint64
	if span.To >= newest {
		if at, err = s.chain.Time(ctx, span.To); err != nil {
			at = 0 // the page goes by block numbers then
		}
	} else if n := len(span.Logs); n > 0 {
		at = span.Logs[n-1].BlockTimestamp
	}
	s.mu.Lock()
	s.cursor = span.Cursor
	if span.Rewind {
		k := slices.IndexFunc(s.logs, func(l types.Log) bool { return l.BlockNumber >= span.From })
		if k >= 0 {
			s.logs = slices.Clip(s.logs[:k])
			s.index = s.fold()
		}
		s.found.forget(s.index)
	}
	for i := range span.Logs {
		s.apply(s.index, &span.Logs[i])
	}
	s.logs = append(s.logs, span.Logs...)
	s.head = head{Block: span.To, Time: at, synced: span.To >= newest}
	s.trim()
	h := s.head
	s.mu.Unlock()

	topics := touched(span)
	if h.synced || len(topics) > 0 {
		s.hub.publish(change{Block: h.Block, Time: h.Time, Topics: topics})
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return nil
}

// trim forgets epochs that lie too far back, a tenth of those that are kept at
// a time: each is a fold of what is left.
func (x *Explorer) trim() {
	s := x.cfg.Parameters.Schedule
	floor := floorOf(s.EpochAt(x.head.Block), x.cfg.Epochs)
	if floor < x.floor+max(1, x.cfg.Epochs/10) {
		return
	}
	x.seeds = x.seeds[:0]
	for _, st := range x.index.standings {
		for i := len(st.points) - 1; i >= 0; i-- {
			if st.points[i].epoch < floor {
				x.seeds = append(x.seeds, posp.Standing{Subject: st.address, SpecID: st.spec, Value: st.points[i].value})
				break
			}
		}
	}
	k := slices.IndexFunc(x.logs, func(l types.Log) bool { return l.BlockNumber >= s.Start(floor) })
	if k < 0 {
		k = len(x.logs)
	}
	x.floor, x.logs = floor, slices.Clone(x.logs[k:])
	x.index = x.fold()
	x.found.forget(x.index)
}

// touched are the kinds of things that a span changed.
func touched(s chain.Span) (topics []string) {
	if s.Rewind {
		return []string{"all"}
	}
	for i := range s.Logs {
		if len(s.Logs[i].Topics) == 0 {
			continue
		}
		if t := topicOf[s.Logs[i].Topics[0]]; t != "" && !slices.Contains(topics, t) {
			topics = append(topics, t)
		}
	}
	return topics
}

// topicOf says which of the page's things an event is about.
var topicOf = func() map[posp.Hash]string {
	all := map[posp.Hash]string{}
	for topic, events := range map[string][]posp.Hash{
		"providers": {registry.GetABI().Events["ProviderRegistered"].ID},
		"batches":   {registry.GetABI().Events["BatchCommitted"].ID},
		"epochs": {registry.GetABI().Events["BeaconFixed"].ID, attestation.GetABI().Events["EpochCertified"].ID, attestation.GetABI().Events["BatchJudged"].ID,
			attestation.GetABI().Events["StandingChanged"].ID},
		"operators": {operators.GetABI().Events["TableSnapshot"].ID},
	} {
		for _, id := range events {
			all[id] = topic
		}
	}
	for _, e := range manager.GetABI().Events {
		all[e.ID] = "faults"
	}
	for _, e := range pool.GetABI().Events {
		all[e.ID] = "faults"
	}
	for _, e := range publicGame.GetABI().Events {
		all[e.ID] = "disputes"
	}
	for _, e := range privateGame.GetABI().Events {
		all[e.ID] = "disputes"
	}
	for _, e := range onDemand.GetABI().Events {
		if all[e.ID] == "" { // the games have a Withdrawn too
			all[e.ID] = "demands"
		}
	}
	return all
}()

// nats shows Q16.
func nats[T ~uint64 | ~int32](q16 T) float64 { return float64(q16) / verdict.Nat }

// notFound says that something is not there, and what there is.
type notFound struct{ text string }

func (e notFound) Error() string { return e.text }

func missing(format string, args ...any) error { return notFound{fmt.Sprintf(format, args...)} }

// Missing is the error of a Bundle function that there is none to be had, and
// what to do.
func Missing(format string, args ...any) error { return missing(format, args...) }
