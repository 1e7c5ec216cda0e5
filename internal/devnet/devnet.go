// Package devnet is the whole protocol on one machine: an Ethereum chain with
// EigenLayer's own contracts and ours, inference servers, providers and
// operators of which some cheat, an aggregator, and buyers. It plays, and says
// what became of everybody.
//
//	devnet.go    brings everything up
//	deploy.go    puts the contracts on the chain
//	members.go   stakes and registers providers and operators
//	cheats.go    the dishonest parties, composed of the product's own roles
//	buyers.go    the buyers
//	play.go      an epoch, and the play "market"
//	outcome.go   what became of everybody in it, read back from the chain
//	dispute.go   the play "dispute"
//	moves.go     what is done in disputes, a line for each transaction
//	justice.go   what became of everybody in them
package devnet

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/server"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/devnet/eigenlayer"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/tlog"
)

// Options of a devnet.
type Options struct {
	Play     string // one of Plays
	ChainURL string // of a running development node; empty for the embedded one
	Port     int    // of the embedded node; 0 for any
	Data     string // directory; empty for a temporary one
	Keep     bool   // stay up after the play
	Private  bool   // the dispute's: under a private spec
	Epochs   int    // to play; the market's
	Requests int    // to each provider in an epoch
	Out      io.Writer
	Log      *zap.Logger
}

// world is a devnet that is up.
type world struct {
	Options
	cast      cast
	data      string
	miner     devchain.Miner
	client    *chain.Client
	core      eigenlayer.Deployment
	site      *app.Site
	deployer  *chain.Sender
	providers []*member
	operators []*member
	steps     *steps
	group     *errgroup.Group // everything that lives until the end
	jobs      []*job
	telemetry *app.Telemetry // the aggregator's
	pace      int            // ticks of poll for a block, while something is waited for
	explorer  net.Listener   // of the page that shows it all
}

// poll is how often roles look at the chain: it is on this machine.
const poll = 50 * time.Millisecond

// Run brings a devnet up, plays, prints the outcome, and returns an error if
// anything came out otherwise than the protocol promises. When ctx ends first, or
// nobody reads what it prints, everything is taken down and that is its error.
func Run(ctx context.Context, o Options) (err error) {
	p, known := plays[o.Play]
	if !known {
		return fmt.Errorf("there is no play %q: %s", o.Play, strings.Join(Plays, ", "))
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o.Out = attended{o.Out, stop}
	w := &world{Options: o, cast: p.cast, pace: 6, steps: newSteps(o.Out)}
	if w.data = o.Data; w.data == "" {
		if w.data, err = os.MkdirTemp("", "posp-devnet-"); err != nil {
			return fmt.Errorf("make data directory: %w", err)
		}
		defer os.RemoveAll(w.data)
	} else if w.data, err = fresh(w.data); err != nil {
		return err
	}
	var live context.Context
	w.group, live = errgroup.WithContext(ctx)
	if err = w.bringUp(live, p.contestBlocks); err == nil {
		err = p.play(w, live)
	}
	if err == nil && o.Keep {
		w.invite()
		err = w.idle(live)
	}
	stop()
	if end := w.group.Wait(); end != nil && !errors.Is(end, context.Canceled) {
		return end // a role that could not go on is why the play broke off
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted: everything is taken down")
	}
	return err
}

// attended ends what prints once nobody reads it.
type attended struct {
	io.Writer
	end func()
}

func (a attended) Write(b []byte) (int, error) {
	n, err := a.Writer.Write(b)
	if err != nil {
		a.end()
	}
	return n, err
}

// fresh makes a directory for this run's files. Databases of an earlier run
// belong to a chain that is gone, so it must be empty.
func fresh(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("data directory: %w", err)
	}
	if len(entries) > 0 {
		return "", fmt.Errorf("data directory %s is not empty: its databases belong to a chain that is gone; name an empty one with --data", dir)
	}
	return dir, nil
}

// start runs a part of the devnet until the end.
func (w *world) start(ctx context.Context, what string, run func(context.Context) error) {
	w.group.Go(func() error {
		if err := run(ctx); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		return nil
	})
}

func (w *world) bringUp(ctx context.Context, contestBlocks uint64) error {
	rpc, err := w.startChain(ctx)
	if err != nil {
		return err
	}
	w.steps.done("chain %d at %s", w.client.ID(), rpc)

	var to []common.Address
	for _, label := range slices.Concat([]string{"deployer", "aggregator", "keeper"}, buyerLabels(), w.cast.providers, w.cast.operators, w.cast.others) {
		to = append(to, addressOf(label))
	}
	if err := devchain.Fund(ctx, w.client.Client, ether(100), to...); err != nil {
		return err
	}
	w.deployer = w.sender("deployer")
	if w.core, err = eigenlayer.Deploy(ctx, w.client, w.deployer, delays); err != nil {
		return err
	}
	head, err := w.client.BlockNumber(ctx)
	if err != nil {
		return err
	}
	at, err := Deploy(ctx, w.client, w.deployer, w.core, terms(head, contestBlocks))
	if err != nil {
		return err
	}
	w.steps.done("EigenLayer %s deployed (%.1fM gas), and our contracts", eigenlayer.Version, float64(w.core.GasUsed)/1e6)

	models, err := loadModels(ctx, w.Private)
	if err != nil {
		return err
	}
	w.steps.done("model %s, %d parameters, weights root %s", models.model.Name, models.parameters, models.model.Spec.WeightsRoot)

	n := app.Network{ChainID: w.client.ID(), RPC: rpc, Contracts: at,
		EigenLayer: app.EigenLayer{EigenLayer: w.core.EigenLayer, Strategy: w.core.Strategy, Token: w.core.Token}, Models: []app.Model{models.model}, Economics: economics()}
	if w.site, err = app.Open(ctx, n, rpc, w.Log); err != nil {
		return err
	}
	if err := w.enlist(ctx); err != nil {
		return err
	}
	w.steps.done("%d operators and %d providers staked and registered", len(w.operators), len(w.providers))

	for _, p := range w.providers {
		if err := w.startProvider(ctx, p, models); err != nil {
			return err
		}
	}
	api, err := app.Listen("127.0.0.1:0")
	if err != nil {
		return err
	}
	w.site.Network.Aggregator = "http://" + api.Addr().String()
	log, err := w.transparency()
	if err != nil {
		return err
	}
	if w.explorer, err = app.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	if w.telemetry, err = w.tell(ctx, "aggregator", addressOf("aggregator"), nil); err != nil {
		return err
	}
	agg, err := w.site.Aggregator(ctx, app.AggregatorParts{Key: devchain.Account("aggregator"), Data: filepath.Join(w.data, "aggregator"), Listener: api, Log: log, Explorer: w.explorer, Telemetry: w.telemetry})
	if err != nil {
		return err
	}
	w.start(ctx, "aggregator", agg)
	if err := w.site.Network.Check(); err != nil {
		return err
	}
	if err := w.site.Network.Save(w.networkFile()); err != nil {
		return err
	}
	for _, o := range w.operators {
		if o.telemetry, err = w.tell(ctx, "operator", o.address, &app.Verifiers); err != nil {
			return err
		}
		op, err := w.site.Operator(ctx, app.OperatorParts{Operator: o.address, Messages: keys.NewRing(keys.NewAccount(o.messageKey)), CoSigner: keys.NewCoSigner(o.bls), Data: filepath.Join(w.data, o.label),
			Backends: map[posp.Hash][]backends.Backend{models.model.Spec.ID(): {backends.Local(scorer(o.label, models), 1)}}, Retry: poll, Telemetry: o.telemetry})
		if err != nil {
			return err
		}
		w.start(ctx, o.label, op)
	}
	w.steps.done("%d providers, %d operators and the aggregator are listening; to look: http://%s", len(w.providers), len(w.operators), w.explorer.Addr())
	return nil
}

// transparency is the aggregator's log, with a key of its own and no witnesses.
func (w *world) transparency() (*app.LogParts, error) {
	key, verifier, err := tlog.NewKey("posp.invalid/devnet")
	if err != nil {
		return nil, err
	}
	w.site.Network.Log = fmt.Sprintf("log %s %s/log\nquorum none\n", verifier, w.site.Network.Aggregator)
	p, err := tlog.ParsePolicy(w.site.Network.Log)
	return &app.LogParts{Key: key, Policy: p, Dir: filepath.Join(w.data, "aggregator", "log")}, err
}

// tell lets a role serve its metrics and node API on a port of its own.
func (w *world) tell(ctx context.Context, role string, account posp.Address, side *app.Side) (*app.Telemetry, error) {
	return w.site.Telemetry(ctx, app.TelemetryConfig{Listen: "127.0.0.1:0"}, role, account, side)
}

// startChain starts the embedded node, or connects to a running one.
func (w *world) startChain(ctx context.Context) (rpc string, err error) {
	rpc = w.ChainURL
	if rpc == "" {
		node, err := devchain.Start(devchain.Config{Port: w.Port, Log: w.Log.Named("chain")})
		if err != nil {
			return "", err
		}
		// It outlives the roles, which still speak to it as they end. go-ethereum
		// waits 5 s for connections that were opened and never used; the chain is
		// in memory, so there is nothing to lose by not waiting.
		w.group.Go(func() error {
			<-ctx.Done()
			time.Sleep(100 * time.Millisecond)
			closed := make(chan error, 1)
			go func() { closed <- node.Close() }()
			select {
			case err := <-closed:
				return err
			case <-time.After(time.Second):
				return nil
			}
		})
		rpc = node.HTTP()
	}
	if w.client, err = chain.Dial(ctx, rpc, 0); err != nil {
		return "", err
	}
	w.miner = devchain.NewMiner(w.client.Client)
	if err := w.miner.Mine(ctx, 1); err != nil {
		return "", fmt.Errorf("%s does not mine on demand: only development nodes (anvil, this devnet's own) do: %w", rpc, err)
	}
	return rpc, nil
}

func (w *world) networkFile() string { return filepath.Join(w.data, "network.json") }

func (w *world) sender(label string) *chain.Sender {
	return chain.NewSender(w.client, devchain.Account(label), chain.ProtocolErrors())
}

// models are the demo model and the two worse ones that cheats serve.
type models struct {
	model      app.Model
	parameters int
	main       *model.Weights
	small      *model.Weights
	int4       *model.Weights
}

func loadModels(ctx context.Context, private bool) (models, error) {
	m, err := app.DemoModel()
	if err != nil {
		return models{}, err
	}
	if private {
		if m, err = app.PrivateModel(ctx, m); err != nil {
			return models{}, err
		}
	}
	main, err := model.Main()
	if err != nil {
		return models{}, err
	}
	small, err := model.Small()
	if err != nil {
		return models{}, err
	}
	n := 0
	for _, t := range main.Tensors() {
		n += len(t.Data)
	}
	return models{model: m, parameters: n, main: main, small: small, int4: model.RoundInt4(main)}, nil
}

// startProvider starts a provider's inference server, and the provider before
// it. Only the server, or what stands around the provider's handler, cheats.
func (w *world) startProvider(ctx context.Context, p *member, m models) error {
	engine := func(weights *model.Weights) inference.Generator { return float.New(weights, float.Options{}) }
	var g inference.Generator
	switch p.label {
	case "small-model", bribingCheat:
		g = engine(m.small)
	case "int4":
		g = engine(m.int4)
	case "forger":
		g = forge(engine(m.small), float.NewScorer(m.main))
	default:
		g = engine(m.main)
	}
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start inference server: %w", err)
	}
	h := server.New(g, server.Options{Name: m.model.Name, Config: m.main.Config, Concurrency: 1, Log: w.Log.Named("server")})
	w.start(ctx, p.label+"'s server", func(ctx context.Context) error { return app.Serve(ctx, upstream, h) })

	if p.telemetry, err = w.tell(ctx, "provider", p.address, &app.Providers); err != nil {
		return err
	}
	parts := app.ProviderParts{Telemetry: p.telemetry, Account: keys.NewAccount(p.key), Receipts: keys.NewRing(keys.NewAccount(p.receiptKey)), Upstream: &url.URL{Scheme: "http", Host: upstream.Addr().String()},
		Model: m.model, Data: filepath.Join(w.data, p.label), Listener: p.listener, Poll: poll}
	switch p.label {
	case "withholder":
		parts.Wrap = withhold
	case bribingCheat:
		parts.Wrap = openTo(w.bought())
	}
	run, err := w.site.Provider(ctx, parts)
	if err != nil {
		return err
	}
	w.start(ctx, p.label, run)
	return nil
}

// scorer is what an operator recomputes with.
func scorer(label string, m models) inference.Scorer {
	switch {
	case label == lazyOperator:
		return lazyScorer{}
	case isBought(label):
		return float.NewScorer(m.small)
	}
	return float.NewScorer(m.main)
}

// idle lets time pass, a block each second, until ctx ends.
func (w *world) idle(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := w.miner.Mine(ctx, 1); err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

// invite says what there is to try while the devnet stays up.
func (w *world) invite() {
	fmt.Fprintf(w.Out, "\nEverything stays up until Ctrl-C. To try:\n\n  posp query --network %[1]s\n  posp query --network %[1]s %[2]s\n  cast block-number --rpc-url %[3]s\n\n",
		w.networkFile(), w.providers[1].address, w.site.Network.RPC)
	for _, m := range w.providers {
		fmt.Fprintf(w.Out, "  %-12s %s  http://%s/v1/completions\n", m.label, m.address, m.listener.Addr())
	}
	fmt.Fprintf(w.Out, "  %-12s http://%s\n", "explorer", w.explorer.Addr())
	fmt.Fprintf(w.Out, "  %-12s %s\n\nMetrics and EigenLayer's node API (/metrics, /eigen/node):\n\n", "aggregator", w.site.Network.Aggregator)
	for _, m := range slices.Concat(w.providers, w.operators, []*member{{label: "aggregator", telemetry: w.telemetry}}) {
		fmt.Fprintf(w.Out, "  %-14s http://%s\n", m.label, m.telemetry.Addr())
	}
}
