// Package provider records an OpenAI-compatible inference server. It stands in
// front of the unmodified server as a reverse proxy, signs a receipt for each
// answer, commits one batch of receipts for each epoch on chain, and opens
// what is sampled to the operators who must recompute it.
//
//	proxy.go     the buyer's side: requests in, answers with receipts out
//	stream.go    the same for server-sent events
//	request.go   what a request says about sampling
//	dialect.go   what is read of the server's answers; vllm.go, sglang.go,
//	             llamacpp.go and ollama.go are such
//	ledger.go    what was promised, durable before it is signed
//	keys.go      whose signature makes a receipt
//	epochs.go    at the end of an epoch: seal, commit, settle
//	openings.go  the operators' side, and Merkle proofs for buyers
package provider

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// Chain is what the provider needs of the chain: the BatchRegistry, the epoch's
// beacon and operator table. A value that is not there yet is ok == false;
// an error means that it could not be told.
type Chain interface {
	// Block is the number of the newest block. It must fail rather than give
	// an old number: receipts of an epoch that has closed are a fault.
	Block(ctx context.Context) (uint64, error)

	// NextSequence is the first sequence that no batch of the provider covers.
	NextSequence(ctx context.Context, provider posp.Address) (uint64, error)

	// Provider is what the provider registered, with its receipt key of an
	// epoch; ok if it has one. A key of an epoch that serves does not change.
	Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error)

	// CommitBatch commits a batch and returns when it is in a block. After an
	// error it may be there all the same.
	CommitBatch(ctx context.Context, b posp.Batch) error

	// BatchOf is the provider's batch of an epoch.
	BatchOf(ctx context.Context, provider posp.Address, epoch uint64) (b posp.BatchRecord, ok bool, err error)

	// Demand is a request that a receipt be verified, by its id; ok once it is
	// settled.
	Demand(ctx context.Context, id posp.Hash) (d posp.Demand, ok bool, err error)

	// Beacon is the value of BeaconBlock(epoch).
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)

	// Table is the operator table by which the epoch counts.
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
}

// Signer signs digests with the key of that address, the provider's receipt key
// of the receipt's epoch: 65 bytes (r, s, v) of ECDSA. A provider has more than
// one while it exchanges them.
type Signer interface {
	Sign(ctx context.Context, key posp.Address, digest posp.Hash) ([]byte, error)
}

// Config is what a provider is told. Zero means the default where one is named.
type Config struct {
	Upstream   *url.URL                  // of the inference server, without /v1
	Dialect    Dialect                   // of the inference server; default VLLM
	Provider   posp.Address              // as registered
	Domain     posp.Domain               // of the deployment
	Parameters posp.Parameters           // of the deployment
	Models     map[string]posp.ModelSpec // by the name that requests use

	// Drain gives no more receipts: answers go out without, and what was signed is
	// committed and opened. It is for a provider that is about to leave.
	Drain bool

	ChatMaxTokens   uint32        // of chat requests that name no maximum; default 256
	MaxRequestBytes int64         // of a buyer's request; default 8 MiB
	MaxAnswerBytes  int64         // that can have a receipt, also of one event of a stream; default 64 MiB
	UpstreamTimeout time.Duration // to the first byte of the server's answer; default 10 minutes
	RecordTimeout   time.Duration // to store and sign a receipt, and for an opening; default 10 seconds
	Poll            time.Duration // between looks at the chain; default 1 second
	OperatorRate    float64       // openings each operator may ask for in a second; default 50, with as many at once

	// Observe is told, for metrics, how long it took to ready a request ("ask")
	// and to make its receipt ("record"). It must not wait. Default: nobody.
	Observe func(stage string, took time.Duration)
}

// Check joins everything that is wrong.
func (c Config) Check() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Upstream == nil || c.Upstream.Host == "" || (c.Upstream.Scheme != "http" && c.Upstream.Scheme != "https"),
		"upstream %v is not an http or https URL", c.Upstream)
	bad(c.Provider == posp.Address{}, "the provider's address is missing")
	bad(c.Domain.ChainID == 0, "the chain id is missing")
	bad(c.Domain.Registry == posp.Address{}, "the BatchRegistry's address is missing")
	bad(len(c.Models) == 0, "no model has a spec")
	for name, m := range c.Models {
		bad(!m.Samples(posp.Greedy), "model %s: the spec's sampling rule %q is neither %s nor %s", name, m.SamplingRule, posp.RuleGumbel, posp.RuleUnseeded)
	}
	bad(c.Parameters.Schedule.GraceBlocks == 0, "the schedule has no grace blocks: an epoch's batch could not be committed after it ended")
	bad(c.Parameters.Committee == 0, "the committee size is 0")
	bad(c.MaxRequestBytes < 0 || c.MaxAnswerBytes < 0, "a size limit is negative")
	bad(c.UpstreamTimeout < 0 || c.RecordTimeout < 0 || c.Poll < 0, "a time is negative")
	bad(!(c.OperatorRate >= 0), "the operators' rate is negative")
	return errors.Join(append(errs, c.Parameters.Schedule.Check())...)
}

func (c Config) withDefaults() Config {
	if c.Dialect == nil {
		c.Dialect = VLLM{}
	}
	orDefault(&c.ChatMaxTokens, 256)
	orDefault(&c.MaxRequestBytes, 8<<20)
	orDefault(&c.MaxAnswerBytes, 64<<20)
	orDefault(&c.UpstreamTimeout, 10*time.Minute)
	orDefault(&c.RecordTimeout, 10*time.Second)
	orDefault(&c.Poll, time.Second)
	orDefault(&c.OperatorRate, 50)
	if c.Observe == nil {
		c.Observe = func(string, time.Duration) {}
	}
	return c
}

func orDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Provider is the role. Serve its Handler and Run it.
type Provider struct {
	cfg    Config
	chain  Chain
	signer Signer
	ledger *ledger
	trees  trees
	limits limits
	keys   receiptKeys
	proxy  *httputil.ReverseProxy
	server Server
	random io.Reader
	now    func() time.Time
	log    *zap.Logger
	stats  stats
}

// New makes a provider over its database, which store.Open opened with
// Migrations and which the caller closes.
func New(cfg Config, chain Chain, signer Signer, db *sql.DB, now func() time.Time, log *zap.Logger) (*Provider, error) {
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("provider configuration: %w", err)
	}
	cfg = cfg.withDefaults()
	p := &Provider{
		cfg: cfg, chain: chain, signer: signer, now: now, log: log, random: rand.Reader,
		ledger: &ledger{db: db, domain: cfg.Domain, provider: cfg.Provider},
		limits: limits{rate: cfg.OperatorRate, now: now}, server: NewServer(cfg.Upstream),
	}
	p.proxy = p.newProxy()
	return p, nil
}

// Handler serves
//
//	POST /v1/completions, /v1/chat/completions   answers with receipts
//	GET  /v1/models                              the server's
//	POST /posp/v1/openings, /posp/v1/evidence    a sampled operator's posp.OpenRequest
//	GET  /posp/v1/proof/{epoch}/{sequence}       Proof, to anybody
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/completions", func(w http.ResponseWriter, r *http.Request) { p.serveCall(w, r, false) })
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) { p.serveCall(w, r, true) })
	mux.Handle("GET /v1/models", p.proxy)
	mux.Handle("GET /v1/models/", p.proxy)
	mux.HandleFunc("POST /posp/v1/openings", p.answer(p.serveOpening))
	mux.HandleFunc("POST /posp/v1/evidence", p.answer(p.serveEvidence))
	mux.HandleFunc("GET /posp/v1/proof/{epoch}/{sequence}", p.answer(p.serveProof))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, refuse(http.StatusNotFound, ReasonNotFound, "nothing is served at %s %s", r.Method, r.URL.Path))
	})
	return mux
}

// Stats counts since the start.
type Stats struct {
	Receipts   uint64 // answers that went out with a receipt
	Unreceipt  uint64 // answers that went out without one
	Refused    uint64 // requests of buyers that were refused here
	Openings   uint64 // openings and evidence parts given
	Unopened   uint64 // requests for them that were refused
	Committed  uint64 // batches on chain
	Missed     uint64 // batches that the chain did not take in time
	StepErrors uint64 // looks at the chain that failed
}

type stats struct {
	receipts, unreceipt, refused, openings, unopened, committed, missed, stepErrors atomic.Uint64
}

// Stats is the counters as they stand.
func (p *Provider) Stats() Stats {
	s := &p.stats
	return Stats{s.receipts.Load(), s.unreceipt.Load(), s.refused.Load(), s.openings.Load(), s.unopened.Load(),
		s.committed.Load(), s.missed.Load(), s.stepErrors.Load()}
}
