// Package app makes programs of the roles: configuration, keys, databases and
// listeners on one side, and this file, which joins the roles to the world.
//
// Reading it is reading the protocol. A provider stands before an inference
// server and signs a receipt for each answer; at the end of an epoch it
// commits them as one batch. A beacon that nobody knew by then draws the
// samples and their committees. Operators fetch the openings, recompute, and
// commit to their evidence; when all have, the provider opens its own, and
// everybody reveals. From what was revealed everyone derives the same result;
// operators co-sign theirs, and the aggregator, whom nobody needs to trust,
// carries it to the contracts, where markets read it and faults are slashed.
package app

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/explorer"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/internal/tlog"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/provider"
	"github.com/proof-of-sampling/posp/verdict"
)

// run is a role that was joined and now wants to live: it blocks until ctx
// ends or the role cannot go on, and leaves nothing open.
type run = func(ctx context.Context) error

// together runs the parts of a role until one ends.
func together(ctx context.Context, parts ...run) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, part := range parts {
		g.Go(func() error { return part(ctx) })
	}
	return g.Wait()
}

// ProviderParts is what a provider is made of.
type ProviderParts struct {
	Account   keys.Account                    // sends transactions
	Provider  posp.Address                    // the EigenLayer operator; zero: the account
	Receipts  keys.Ring                       // signs receipts
	Upstream  *url.URL                        // the inference server
	Dialect   provider.Dialect                // how it says what it did; nil for that of our own
	Model     Model                           // what the server runs
	Data      string                          // directory of its database
	Listener  net.Listener                    // for buyers and operators; closed when the run ends
	Wrap      func(http.Handler) http.Handler // around its handler; nil for none
	Poll      time.Duration                   // between looks at the chain; 0 for the default
	Telemetry *Telemetry                      // nil: it tells nothing
	Announce  *Announcement                   // what the chain is told if it does not know it; nil: nothing
	Drain     bool                            // give no more receipts
}

// Announcement is what buyers and operators find on chain of a provider.
type Announcement struct {
	ReceiptKey posp.Address // the first one; later ones are exchanged
	URL        string       // of its openings
}

// Provider: receipts for answers, one batch for each epoch, openings for
// those who are drawn.
func (s *Site) Provider(ctx context.Context, p ProviderParts) (run, error) {
	path, err := database(p.Data, "provider")
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, path, provider.Migrations)
	if err != nil {
		return nil, err
	}
	sender, stop, err := s.journaled(ctx, p.Account, p.Data, ofDaemon)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if p.Provider == (posp.Address{}) {
		p.Provider = p.Account.Address()
	}
	if p.Announce != nil {
		if err := s.announce(ctx, sender, p.Provider, *p.Announce, p.Receipts); err != nil {
			return nil, errors.Join(err, stop(), db.Close())
		}
	}
	var role *provider.Provider
	role, err = provider.New(provider.Config{
		Upstream: p.Upstream, Dialect: p.Dialect, Provider: p.Provider, Domain: s.Network.Domain(), Parameters: s.Parameters,
		Models: map[string]posp.ModelSpec{p.Model.Name: p.Model.Spec}, Poll: p.Poll, Drain: p.Drain,
		Observe: p.Telemetry.provider(func() provider.Stats { return role.Stats() }),
	}, s.with(sender).Settled(s.settled()), p.Receipts, db, time.Now, s.Log.Named("provider"))
	if err != nil {
		return nil, errors.Join(err, stop(), db.Close())
	}
	p.Telemetry.transactions(sender)
	p.Telemetry.database(db)
	p.Telemetry.answering("upstream", "The inference server", p.Upstream.JoinPath("v1/models").String(), true)
	handler := p.Telemetry.traceOpenings(role.Handler())
	if p.Wrap != nil {
		handler = p.Wrap(handler)
	}
	return func(ctx context.Context) error {
		defer db.Close()
		defer stop()
		return together(ctx, role.Run, sender.Run, p.Telemetry.run, func(ctx context.Context) error { return Serve(ctx, p.Listener, handler) })
	}, nil
}

// patience is for how many blocks after a quorum the aggregator waits for the
// other signatures: one that is missing costs some 12,000 gas.
const patience = 2

// AggregatorParts is what an aggregator is made of.
type AggregatorParts struct {
	Key       *ecdsa.PrivateKey // pays for transactions
	Data      string            // directory of its database
	Store     string            // URL of a PostgreSQL that replicas share, in place of that; empty for none
	Listener  net.Listener      // of its API; closed when the run ends
	Log       *LogParts         // its transparency log, served below /log; nil for none
	Telemetry *Telemetry        // nil: it tells nothing
	Explorer  net.Listener      // of the page that shows the deployment; nil: none; closed likewise
	Proxies   []netip.Prefix    // before that page, whose word on who asks is taken
}

// Aggregator: collects commitments, reveals and signatures, submits the
// certificate, and sends the transactions that anybody may.
func (s *Site) Aggregator(ctx context.Context, p AggregatorParts) (run, error) {
	where, replica := p.Store, ""
	if where == "" {
		var err error
		if where, err = database(p.Data, "aggregator"); err != nil {
			return nil, err
		}
	} else {
		replica = uuid.NewString() // of this process: a restart is another replica
	}
	db, err := store.Open(ctx, where, aggregator.Migrations)
	if err != nil {
		return nil, err
	}
	log := s.Log.Named("aggregator")
	sender, stop, err := s.journaled(ctx, keys.NewAccount(p.Key), p.Data, ofDaemon)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	world := s.with(sender)
	var role *aggregator.Aggregator
	metrics := p.Telemetry.aggregator(func() aggregator.Load { return role.Load() })
	role, err = aggregator.New(aggregator.Config{Domain: s.Network.Domain(), Authority: s.Network.Authority(),
		Parameters: s.Parameters, Specs: s.specs(), Patience: patience, Replica: replica, Observe: metrics.Worked}, ledger{world.Settled(s.settled()), s}, db, log)
	if err != nil {
		return nil, errors.Join(err, stop(), db.Close())
	}
	// The keeper looks at the head: what it sends, the contracts check.
	keeper, err := aggregator.NewKeeper(s.Parameters.Schedule, ledger{world, s}, log.Named("keeper"))
	if err != nil {
		return nil, errors.Join(err, stop(), db.Close())
	}
	p.Telemetry.transactions(sender)
	p.Telemetry.keeper(keeper.Work)
	p.Telemetry.database(db)
	var serve transport.ServerConfig
	parts := []run{role.Run, keeper.Run, sender.Run, p.Telemetry.run, s.settle(world, public{role}, log.Named("settle"))}
	if p.Log != nil {
		serve.Log = tlog.Handler(p.Log.Dir)
		parts = append(parts, s.publish(role, *p.Log))
	}
	if p.Explorer != nil {
		page := s.explorer(role, p.Log, p.Proxies, log.Named("explorer"))
		parts = append(parts, page.Run, func(ctx context.Context) error { return page.Serve(ctx, p.Explorer) })
	}
	api := transport.NewServer(p.Listener, serve, p.Telemetry.observed(served{role}, metrics), log.Named("api"))
	return func(ctx context.Context) error {
		defer db.Close()
		defer stop()
		return together(ctx, append(parts, api.Run)...)
	}, nil
}

// explorer shows what the chain says, and what an aggregator's archive holds.
func (s *Site) explorer(a *aggregator.Aggregator, kept *LogParts, proxies []netip.Prefix, log *zap.Logger) *explorer.Explorer {
	cfg := explorer.Config{Domain: s.Network.Domain(), Contracts: s.Network.Contracts, Parameters: s.Parameters, Economics: s.Network.Economics, Proxies: proxies}
	for _, m := range s.Network.Models {
		cfg.Models = append(cfg.Models, explorer.Model{Name: m.Name, Spec: m.Spec})
	}
	var said audit.Log
	if kept != nil {
		said = logged{func() (*tlog.Reader, error) { return tlog.NewDirReader(kept.Policy, kept.Dir) }}
	}
	cfg.Bundle = newBundles(audit.Source{Domain: cfg.Domain, Authority: s.Network.Authority(), Keys: s.Network.Contracts.KeyRegistry, OnDemand: s.Network.Contracts.OnDemand, Specs: s.specs(),
		Chain: auditChain{s.Reader()}, Prover: s.Client, Archive: public{a}}, said, log).Bundle
	return explorer.New(cfg, viewed{s.Reader(), s.Client, s.Network.EigenLayer}, archived{a}, log)
}

// served is the aggregator as its API serves it.
type served struct{ *aggregator.Aggregator }

func (s served) Outcome(ctx context.Context, epoch uint64) (transport.Outcome, bool, error) {
	o, ok, err := s.Aggregator.Outcome(ctx, epoch)
	return transport.Outcome(o), ok, err
}

// AggregatorClient talks to an aggregator: the network's, or another one.
func (s *Site) AggregatorClient(url string) (*transport.Client, error) {
	if url == "" {
		url = s.Network.Aggregator
	}
	return transport.NewClient(url, transport.ClientConfig{})
}

// AggregatorReader is AggregatorClient for an account, which says who it is: so
// it reads what private specs hide, as far as that is for the account.
func (s *Site) AggregatorReader(url string, key *ecdsa.PrivateKey) (*transport.Client, error) {
	me := keys.NewRing(keys.NewAccount(key))
	return s.aggregatorReader(url, &transport.Reader{Authority: s.Network.Authority(), Sign: me.Sign, Now: time.Now,
		Key: func(context.Context, uint64) (posp.Address, error) { return crypto.PubkeyToAddress(key.PublicKey), nil }})
}

func (s *Site) aggregatorReader(url string, me *transport.Reader) (*transport.Client, error) {
	if url == "" {
		url = s.Network.Aggregator
	}
	return transport.NewClient(url, transport.ClientConfig{Reader: me})
}

// OperatorParts is what an operator is made of.
type OperatorParts struct {
	Operator   posp.Address                     // the EigenLayer operator
	Messages   keys.Ring                        // signs its messages
	CoSigner   keys.CoSigner                    // co-signs certificates
	Standby    bool                             // wait for the database while another process has it
	Alone      bool                             // the user says that nothing else signs; see operator.Config
	Data       string                           // directory of its database
	Aggregator string                           // URL; empty for the network's
	Backends   map[posp.Hash][]backends.Backend // by spec: what recomputes it
	Retry      time.Duration                    // between tries of anything; 0 for the default
	Telemetry  *Telemetry                       // nil: it tells nothing
}

// Operator: recomputes what falls to it, commits, reveals, derives the result
// and co-signs its own.
func (s *Site) Operator(ctx context.Context, p OperatorParts) (run, error) {
	facts := s.facts()
	client, err := s.aggregatorReader(p.Aggregator, &transport.Reader{Authority: s.Network.Authority(), Sign: p.Messages.Sign, Now: time.Now,
		Key: func(ctx context.Context, epoch uint64) (posp.Address, error) {
			return facts.KeyAt(ctx, p.Operator, chain.Messages, epoch)
		}})
	if err != nil {
		return nil, err
	}
	db, err := openGuard(ctx, p.Data, p.Standby, s.Log.Named("operator"))
	if err != nil {
		return nil, err
	}
	role, err := operator.New(operator.Config{Operator: p.Operator, Domain: s.Network.Domain(), Authority: s.Network.Authority(),
		Parameters: s.Parameters, Specs: s.specs(), Backends: p.Backends, Retry: p.Retry, NoOtherInstance: p.Alone, Observer: p.Telemetry.operator()}, facts,
		transport.NewOpenings(transport.OpeningsConfig{}), client, p.Messages, p.CoSigner, db, operator.SystemClock{}, s.Log.Named("operator"))
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	p.Telemetry.database(db)
	p.Telemetry.backends(role.Backends)
	p.Telemetry.answering("aggregator", "Takes this operator's messages", cmp.Or(p.Aggregator, s.Network.Aggregator), true)
	return func(ctx context.Context) error {
		defer db.Close()
		return together(ctx, role.Run, p.Telemetry.run)
	}, nil
}

// Shadow: an operator without keys, which compares and signs nothing. who is
// the address of a member whose samples it recomputes, or zero.
func (s *Site) Shadow(who posp.Address, aggregator string, engines map[posp.Hash][]backends.Backend, t *Telemetry) (run, error) {
	client, err := s.AggregatorClient(aggregator)
	if err != nil {
		return nil, err
	}
	role, err := operator.NewShadow(operator.Config{Operator: who, Domain: s.Network.Domain(), Authority: s.Network.Authority(), Parameters: s.Parameters,
		Specs: s.specs(), Backends: engines}, s.facts(), client, operator.SystemClock{}, s.Log.Named("shadow"), t.shadow())
	if err != nil {
		return nil, err
	}
	t.backends(role.Backends)
	return func(ctx context.Context) error { return together(ctx, role.Run, t.run) }, nil
}

// specs are what the network verifies, and by which policies.
func (s *Site) specs() (list []verdict.Spec) {
	for _, m := range s.Network.Models {
		list = append(list, verdict.Spec{Spec: m.Spec, Policy: m.Policy})
	}
	return list
}
