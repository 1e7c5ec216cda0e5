//go:build linux && amd64

package chaos

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"
	"google.golang.org/protobuf/proto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/server"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/devnet"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/devnet/eigenlayer"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/keys/keystest"
	"github.com/proof-of-sampling/posp/internal/store/storetest"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
	"github.com/proof-of-sampling/posp/provider"
)

const (
	confirmations = 10 // of every process: a reorganisation of 10 blocks takes nothing that was settled
	requests      = 4  // of buyers in an epoch
	tokens        = 24 // of an answer

	// bound is within how many blocks an epoch must be certified once nothing
	// stands in the way: an operator's and an aggregator's confirmations, the
	// aggregator's patience, and what retries and a restart take at a block in
	// pace.
	bound = 120
	// leases is how many blocks more an aggregator that died may cost one that shares
	// its store: its lease of 15 s.
	leases = 15 * 5
	pace   = 200 * time.Millisecond // of looking, and of blocks at the fastest
	slack  = 2 * time.Second        // that a process has to look at the chain
)

// stakes of the operators: without the last, exactly 67 % of the stake is left, a
// quorum; without any other there is none.
var stakes = []int64{34, 33, 33}

// world is a deployment whose roles are processes of their own: a provider,
// three operators and an aggregator or, with a PostgreSQL, two that share it, all
// honest, each with its own connection to the chain. Chain, inference server and buyers are of the test.
type world struct {
	*testing.T
	ctx      context.Context
	seed     uint64
	rnd      *rand.Rand
	dir      string
	node     *devchain.Node
	c        *chain.Client
	site     *app.Site
	core     eigenlayer.Deployment
	schedule posp.Schedule
	reader   *chain.Protocol

	provider    *process
	aggregators []*process
	operators   []*process
	addresses   []posp.Address       // of the operators
	account     *keystest.Web3Signer // of the last operator
	cosigner    *keystest.Cerberus   // likewise
	rpc         map[string]*link
	intake      []*link // of the operators to the aggregators
	openings    *link   // of buyers and operators to the provider
	buyer       *chain.Sender
	store       string            // of the aggregators: URL of a PostgreSQL, or empty
	server      *storetest.Server // of that; nil without
	wires       []*wire           // of the aggregators to that
	jobs        []job
	before      map[string]string // stakes
	played      []played
	births      []life              // of processes that were started before
	reorgs      map[moment][]uint64 // how deep
	now         uint64              // the epoch that is played
	covered     *coverage

	mu sync.Mutex
	h  history
}

// job is what a buyer paid for.
type job struct {
	nonce   posp.Hash
	receipt posp.SignedReceipt
}

var (
	binaryOnce sync.Once
	binaryPath string
	binaryErr  error
)

// program is that of the flag, or is built once, as `make build` does.
func program(t *testing.T) string {
	t.Helper()
	if *binaryFlag != "" {
		return *binaryFlag
	}
	binaryOnce.Do(func() {
		binaryPath, binaryErr = build()
	})
	if binaryErr != nil {
		t.Fatal(binaryErr)
	}
	return binaryPath
}

func newWorld(t *testing.T, seed uint64, shared *storetest.Server, covered *coverage) *world {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	t.Cleanup(func() { cancel(); wait.Wait() })
	node, err := devchain.Start(devchain.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Close() })
	w := &world{T: t, ctx: ctx, seed: seed, rnd: rand.New(rand.NewPCG(seed, 0xc405)), dir: t.TempDir(), node: node, server: shared, covered: covered,
		rpc: map[string]*link{}, before: map[string]string{}, reorgs: map[moment][]uint64{}}
	w.h = history{recorded: map[uint64]posp.Hash{}, committed: map[uint64]posp.Hash{}, verdicts: map[posp.Verdict]int{}, stake: map[string][2]string{}, excused: map[posp.FaultKind]string{}}
	w.c, err = chain.Dial(ctx, node.HTTP(), devchain.ChainID)
	w.must(err)
	t.Cleanup(w.c.Close)
	deployer := w.sender("deployer")
	w.core, err = eigenlayer.Deploy(ctx, w.c, deployer, eigenlayer.Params{DeallocationDelay: 5_000, WithdrawalDelay: 10, SlashResolutionDelay: 3})
	w.must(err)
	head, err := w.c.BlockNumber(ctx)
	w.must(err)
	const wad = chain.Wad
	w.schedule = posp.Schedule{Genesis: head + 300, EpochBlocks: 100, GraceBlocks: 100, BeaconDelay: 2, CommitBlocks: 200, RevealBlocks: 100, CertifyBlocks: 400, ContestBlocks: 20}
	at, err := devnet.Deploy(ctx, w.c, deployer, w.core, devnet.Terms{Schedule: w.schedule, Rate: contracts.SamplingRate{RatePpm: 1_000_000, KMin: 3},
		Economics: contracts.Economics{DetectionPpm: 900_000, FalsePositivePpm: 1, CollusionPpm: 300_000, Validators: 3,
			Reward: big.NewInt(120), Slash: big.NewInt(2_000), Cost: big.NewInt(100), SavedPpm: 800_000},
		Quorum:    contracts.Quorum{Committee: 3, FaultLine: 1_358_114, QuorumPpm: 670_000},
		Penalties: contracts.Penalties{StatisticalWad: wad / 2, WithholdingWad: wad / 50, WithholdingCapWad: wad / 2, OperatorWad: wad / 10},
		Stakes:    contracts.Stakes{Bond: big.NewInt(1e17), ChallengeBlocks: 40, MoveBlocks: 60}, Lookahead: 3_000, SettleBlocks: 2_000, Prices: contracts.Price{Base: big.NewInt(1e9), PerToken: 1, PerEpoch: 4, Reach: 10}, Compensation: big.NewInt(1), KeyNotice: 2 * confirmations})
	w.must(err)
	m, err := app.DemoModel()
	w.must(err)
	replicas := []string{"aggregator"}
	if shared != nil {
		replicas = []string{"replica-1", "replica-2"}
		w.store = shared.Database(t, fmt.Sprintf("aggregator_%d", seed))
	}
	var listens, apis []string
	for range replicas {
		listens = append(listens, freePort(t))
		apis = append(apis, "http://"+listens[len(listens)-1])
	}
	listen, front := freePort(t), newLink(t, apis, seed^2, nil)
	n := app.Network{ChainID: w.c.ID(), RPC: node.HTTP(), Aggregator: front.server.URL, Contracts: at,
		EigenLayer: app.EigenLayer{EigenLayer: w.core.EigenLayer, Strategy: w.core.Strategy, Token: w.core.Token}, Models: []app.Model{m}}
	w.must(n.Save(w.file("network.json")))
	w.site, err = app.Open(ctx, n, "", zap.NewNop())
	w.must(err)
	t.Cleanup(w.site.Client.Close)
	w.reader = w.site.Reader()

	weights, err := model.Main()
	w.must(err)
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	w.must(err)
	h := server.New(float.New(weights, float.Options{}), server.Options{Name: m.Name, Config: weights.Config, Concurrency: 1, Log: zap.NewNop()})
	wait.Go(func() {
		if err := app.Serve(ctx, upstream, h); err != nil && ctx.Err() == nil {
			t.Errorf("inference server: %v", err)
		}
	})

	w.buyer = w.sender("buyer")
	w.enlist("provider", 100, nil)
	w.openings = newLink(t, []string{"http://" + listen}, seed^1, nil)
	w.provider = w.process("provider", "provider", "run", "--key", w.key("provider"), "--receipt-key", w.key("provider/receipts"), "--model", m.Name,
		"--upstream", "http://"+upstream.Addr().String(), "--listen", listen, "--public-url", w.openings.server.URL)
	for i, name := range replicas {
		w.sender("gas/" + name)
		args := []string{"aggregator", "--key", w.key("gas/" + name), "--listen", listens[i]}
		if shared != nil {
			w.wires = append(w.wires, newWire(t, w.store))
			args = append(args, "--store", w.wires[i].url)
		}
		w.aggregators = append(w.aggregators, w.process(name, args...))
	}
	for i, stake := range stakes {
		name := fmt.Sprintf("operator-%d", i+1)
		bls := keys.BLSFromSeed([]byte("posp.chaos.bls:" + name))
		w.enlist(name, stake, bls)
		w.addresses = append(w.addresses, address(name))
		w.intake = append(w.intake, newLink(t, apis, seed^uint64(0x100+i), w.tap))
		secret := bls.Bytes()
		args := []string{"operator", "run", "--aggregator", w.intake[i].server.URL}
		if i < len(stakes)-1 {
			args = append(args, "--key", w.key(name), "--bls-key", w.secret(name+".bls", secret[:]))
		} else { // the last one's keys are at services
			w.account, w.cosigner = keystest.NewWeb3Signer(t, devchain.Account(name)), keystest.NewCerberus(t, secret, "pass word 1")
			w.must(os.WriteFile(w.file("password"), []byte(w.cosigner.Secret), 0o600))
			w.must(os.WriteFile(w.file("api-key"), []byte(keystest.Token), 0o600))
			args = append(args, "--key", w.account.URL, "--bls-key", w.cosigner.URL+"?api-key-file="+w.file("api-key"), "--password-file", w.file("password"))
		}
		w.operators = append(w.operators, w.process(name, args...))
	}
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			for _, p := range w.processes() {
				l := p.life()
				text := l.log
				if dir := os.Getenv("POSP_CHAOS_LOGS"); dir != "" {
					_ = os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d-%s.log", filepath.Base(t.Name()), seed, l.name)), []byte(text), 0o600)
				}
				if len(text) > 6000 {
					text = "...\n" + text[len(text)-6000:]
				}
				t.Logf("%s: %d starts, %d kills, ended by itself: %q\n%s", l.name, l.starts, l.kills, l.exits, text)
			}
		}
	})
	return w
}

// start starts all processes, and waits until they are up.
func (w *world) start() {
	w.Helper()
	for _, p := range w.processes() {
		p.start()
	}
	for _, p := range w.processes() {
		w.until(p.name, 0, func() (bool, error) { _, rising := p.stage(); return !rising, nil })
	}
}

func (w *world) processes() []*process {
	if w.provider == nil {
		return nil // not yet
	}
	return slices.Concat([]*process{w.provider}, w.aggregators, w.operators)
}

// stop ends all processes, in the order in which each still finds its peers.
func (w *world) stop() {
	for i := len(w.processes()) - 1; i >= 0; i-- {
		w.processes()[i].stop()
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) file(name string) string {
	return filepath.Join(w.dir, strings.ReplaceAll(name, "/", "-"))
}

func (w *world) secret(name string, secret []byte) string {
	w.Helper()
	w.must(os.WriteFile(w.file(name), []byte(hex.EncodeToString(secret)), 0o600))
	return w.file(name)
}

func (w *world) key(label string) string {
	w.Helper()
	return w.secret(label+".key", crypto.FromECDSA(devchain.Account(label)))
}

func address(label string) posp.Address {
	return crypto.PubkeyToAddress(devchain.Account(label).PublicKey)
}

func (w *world) sender(label string) *chain.Sender {
	w.Helper()
	w.must(devchain.Fund(w.ctx, w.c.Client, ether(100), address(label)))
	return chain.NewSender(w.c, devchain.Account(label), chain.ProtocolErrors())
}

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// freePort is an address to listen on. It stays the same through restarts, which
// try again should another program take it meanwhile.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// process is a role with a connection to the chain of its own.
func (w *world) process(name string, args ...string) *process {
	w.rpc[name] = newLink(w.T, []string{w.node.HTTP()}, w.seed^uint64(len(w.rpc)+0x200), nil)
	args = append(args, "--network", w.file("network.json"), "--data", w.file(name), "--rpc", w.rpc[name].server.URL, "--confirmations", fmt.Sprint(confirmations))
	return &process{name: name, bin: program(w.T), args: args, t: w.T}
}

// enlist stakes and registers a provider, or an operator with its BLS key.
func (w *world) enlist(label string, stake int64, bls *keys.BLS) {
	w.Helper()
	s := w.sender(label)
	set := chain.OperatorSet{AVS: w.site.Network.Contracts.ServiceManager}
	if bls != nil {
		set.ID = 1
	}
	w.must(w.core.Stake(w.ctx, s, ether(stake)))
	w.must(w.core.RegisterOperator(w.ctx, s, 0, ""))
	w.must(w.node.Mine(w.ctx, 1)) // the allocation delay of 0 holds from the next block on
	w.must(w.core.Allocate(w.ctx, s, set, w.core.Strategy, chain.Wad))
	if bls != nil {
		w.must(w.core.RegisterKey(w.ctx, w.c, s, set, bls))
	}
	w.must(w.core.Join(w.ctx, s, set.AVS, []uint32{set.ID}, nil))
	w.before[label] = w.shares(label)
}

func (w *world) shares(label string) string {
	w.Helper()
	n, err := w.core.Shares(w.ctx, w.c, nil, address(label), w.core.Strategy)
	w.must(err)
	return n.String()
}

// tap records what an operator sends, and whether the aggregator took it.
func (w *world) tap(path string, body []byte, status int) {
	authority := w.site.Network.Authority()
	var m message
	switch path[strings.LastIndex(path, "/")+1:] {
	case "SubmitCommitments":
		var q pospv1.SubmitCommitmentsRequest
		if proto.Unmarshal(body, &q) != nil || q.Commitments == nil {
			w.Errorf("an operator sent commitments that cannot be read")
			return
		}
		c := posp.Commitments{Operator: common.BytesToAddress(q.Commitments.Operator), Epoch: q.Commitments.Epoch}
		for _, it := range q.Commitments.Items {
			c.Items = append(c.Items, posp.SampleCommitment{SampleID: common.BytesToHash(it.SampleId), Commitment: common.BytesToHash(it.Commitment)})
		}
		m = message{c.Operator, c.Epoch, "commitments", c.Digest(authority), false}
	case "SubmitReveals":
		var q pospv1.SubmitRevealsRequest
		if proto.Unmarshal(body, &q) != nil || q.Reveals == nil {
			w.Errorf("an operator sent reveals that cannot be read")
			return
		}
		r := posp.Reveals{Operator: common.BytesToAddress(q.Reveals.Operator), Epoch: q.Reveals.Epoch}
		for _, it := range q.Reveals.Items {
			r.Items = append(r.Items, posp.Reveal{SampleID: common.BytesToHash(it.SampleId), Evidence: it.Evidence, Salt: common.BytesToHash(it.Salt)})
		}
		m = message{r.Operator, r.Epoch, "reveals", r.Digest(authority), false}
	case "SubmitShare":
		var q pospv1.SubmitShareRequest
		if proto.Unmarshal(body, &q) != nil || q.Share == nil {
			w.Errorf("an operator sent a share that cannot be read")
			return
		}
		m = message{common.BytesToAddress(q.Share.Operator), q.Share.Epoch, "certificate", common.BytesToHash(q.Share.Digest), false}
	default:
		return
	}
	m.accepted = status == http.StatusOK
	w.mu.Lock()
	defer w.mu.Unlock()
	w.h.sent = append(w.h.sent, m)
}

func (w *world) head() uint64 {
	w.Helper()
	n, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	return n
}

// reach mines up to a block.
func (w *world) reach(block uint64) {
	w.Helper()
	for h := w.head(); h < block; h = w.head() {
		w.must(w.node.Mine(w.ctx, min(20, block-h)))
	}
}

// mine lets blocks come at the pace at which they do while roles work.
func (w *world) mine(blocks int) {
	w.Helper()
	for range blocks {
		w.must(w.node.Mine(w.ctx, 1))
		w.breathe()
	}
}

// breathe lets the roles see a block: it waits until each that is well has asked the
// chain something twice since, or for slack. So blocks are slow on a busy machine,
// and what is measured in blocks does not depend on it.
func (w *world) breathe() {
	seen := map[*process]int{}
	for _, p := range w.processes()[1:] { // the provider looks every second only
		if n, well := w.rpc[p.name].requests(); well && p.works() {
			seen[p] = n
		}
	}
	end := time.Now().Add(slack)
	time.Sleep(pace)
	for p, before := range seen {
		for time.Now().Before(end) && p.works() {
			if n, _ := w.rpc[p.name].requests(); n >= before+2 {
				break
			}
			time.Sleep(pace / 10)
		}
	}
}

// patience is for how long something is waited for: on a busy machine all is
// slow, and nothing is wrong.
const patience = 5 * time.Minute

// until lets blocks come until something holds, as long as the deadline block is
// not there; 0: no blocks come.
func (w *world) until(what string, deadline uint64, holds func() (bool, error)) (held bool) {
	w.Helper()
	for end := time.Now().Add(patience); ; {
		ok, err := holds()
		if ok && err == nil {
			return true
		}
		if time.Now().After(end) {
			w.fatal("%s: never (%v)", what, err)
		}
		if deadline == 0 {
			time.Sleep(pace)
			continue
		}
		if w.head() >= deadline {
			return false
		}
		w.mine(1)
	}
}

// fatal says how to play the same again.
func (w *world) fatal(format string, args ...any) {
	w.Helper()
	w.Fatalf("%s\nto play it again: %s", fmt.Sprintf(format, args...), w.again())
}

// buy asks the provider as a buyer does: pays into the market, and asks until
// there is an answer with a receipt.
func (w *world) buy(epoch uint64, n int) {
	w.Helper()
	var why any // it has to be asked again
	for try := 0; ; try++ {
		if try > 0 {
			time.Sleep(pace)
		}
		if try%20 == 19 { // a chain does not stand still, and a provider may wait for it
			w.Logf("epoch %d, request %d: asked %d times: %v", epoch, n, try, why)
			w.mine(1)
		}
		secret := crypto.Keccak256Hash(fmt.Appendf(nil, "posp.chaos.buyer %d %d %d", epoch, n, try))
		j := job{nonce: posp.BuyerNonce(w.buyer.Address(), secret)}
		body, err := json.Marshal(map[string]any{"model": w.site.Network.Models[0].Name, "prompt": fmt.Sprintf("func max(a, b int) int {\n// %d %d", epoch, n), "max_tokens": tokens, "temperature": 0})
		w.must(err)
		r, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.openings.server.URL+"/v1/completions", bytes.NewReader(body))
		w.must(err)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Posp-Nonce", j.nonce.Hex())
		res, err := http.DefaultClient.Do(r)
		var answer []byte
		if err == nil {
			answer, err = io.ReadAll(res.Body)
			res.Body.Close()
		}
		if err == nil && res.StatusCode == http.StatusOK {
			var parsed struct {
				Posp provider.Attachment `json:"posp"`
			}
			w.must(json.Unmarshal(answer, &parsed))
			if parsed.Posp.Receipt == nil && try < 200 { // nothing is owed for it
				why = parsed.Posp.Error
				continue
			}
			w.must(parsed.Posp.Check(w.site.Network.Domain(), address("provider/receipts"), j.nonce))
			j.receipt = *parsed.Posp.Receipt
			data, err := contracts.NewExampleMarket().TryPackOpen(address("provider"), w.site.Network.Models[0].Spec.ID(), j.nonce, j.receipt.Epoch+1)
			w.must(err)
			_, err = w.buyer.Send(w.ctx, chain.Call{To: &w.site.Network.Contracts.ExampleMarket, Data: data, Value: payment})
			w.must(err)
			w.jobs = append(w.jobs, j)
			w.h.held = append(w.h.held, held{j.receipt.Sequence, j.receipt.Epoch, j.receipt.Receipt.Digest(w.site.Network.Domain())})
			return
		}
		if try > 200 {
			w.fatal("no answer from the provider: %v, %.200s", err, answer)
		}
		why = fmt.Sprintf("%v, %.200s", err, answer)
	}
}

var payment = big.NewInt(1e15)

// moment is one of an epoch at which something can be done to the world.
type moment int

const (
	serving    moment = iota // before the buyers ask
	sealing                  // the epoch is over, batches may be committed
	closing                  // the batch is on chain, in a block that is not settled
	drawing                  // batches are closed, the beacon is due
	drawn                    // the beacon is fixed, in a block that is not settled
	committing               // the beacon is settled, operators recompute
	revealing                // evidence is committed, and may be revealed
	signing                  // some of it is revealed
	certified                // the certificate is on chain, in a block that is not settled
	moments
)

var momentNames = [...]string{"serving", "sealing", "closing", "drawing", "drawn", "committing", "revealing", "signing", "certified"}

func (m moment) String() string { return momentNames[m] }

// epoch plays the next epoch, until its certificate is settled. at is called at
// each moment, and what it does is over when it returns or else is no obstacle;
// an epoch that is not certified in time is in the history as such.
func (w *world) epoch(fault string, at func(moment)) epochOutcome {
	w.Helper()
	s, e := w.schedule, uint64(0)
	if head := w.head(); head >= s.Genesis {
		e = s.EpochAt(head) + 1
	}
	w.now = e
	w.reach(s.Start(e) + 1)
	at(serving)
	for n := range requests {
		w.buy(e, n)
	}
	w.reach(s.Start(e + 1))
	at(sealing)
	batch := func() (bool, error) {
		b, err := w.reader.Batches(w.ctx, e)
		return len(b) == 1, err
	}
	w.until("batch", s.Close(e)-confirmations-1, batch)
	at(closing)
	w.until("batch", s.Close(e)-confirmations-1, batch)
	w.until("operator table", s.Close(e)-confirmations-1, func() (bool, error) {
		_, ok, err := w.reader.TableAt(w.ctx, s.Close(e)-1)
		return ok, err
	})
	w.reach(s.BeaconBlock(e) + 1)
	at(drawing)
	beacon := func() (bool, error) { _, ok, err := w.reader.Beacon(w.ctx, e); return ok, err }
	late := s.BeaconBlock(e) + s.CommitBlocks/4
	w.until("beacon", late, beacon)
	at(drawn)
	w.until("beacon", late, beacon)
	w.reach(w.head() + confirmations)
	at(committing)
	api, err := w.site.AggregatorClient("")
	w.must(err)
	w.until("commitments", s.CommitDeadline(e)+1, func() (bool, error) {
		if w.committed(e) { // all who can; who is dead is not waited for
			return true, nil
		}
		_, ok, err := api.Commitments(w.ctx, e)
		return ok, err
	})
	w.reach(s.CommitDeadline(e) + 1)

	// From here on the epoch can be certified; or from the end of what is done to
	// the world.
	o := epochOutcome{epoch: e, fault: fault, possible: w.head(), bound: bound}
	if w.server != nil {
		o.bound += leases
	}
	began := time.Now()
	then := func(m moment) {
		before := w.head()
		at(m)
		if now := w.head(); now > before {
			o.possible, began = now, time.Now()
		}
	}
	then(revealing)
	w.until("a reveal", w.head()+10, func() (bool, error) { return len(w.accepted(e, "reveals")) > 0, nil })
	then(signing)
	certificate := func() (bool, error) {
		status, block, err := w.reader.EpochStatus(w.ctx, e)
		if err != nil || status != chain.StatusPending && status != chain.StatusFinal {
			return false, err
		}
		o.certified = block
		return true, nil
	}
	if w.until("certificate", s.CertifyDeadline(e)-1, certificate) {
		o.certifiedAfter = time.Since(began)
		then(certified)
		if o.possible > o.certified { // what was done may have undone it
			o.certified = 0
			w.until("certificate", s.CertifyDeadline(e)-1, certificate)
			o.possible = min(o.possible, max(o.certified, 1))
			o.certifiedAfter = time.Since(began)
		}
		w.reach(w.head() + confirmations) // so that it is settled, and the next epoch's standings with it
	}
	w.mu.Lock()
	w.h.epochs = append(w.h.epochs, o)
	w.mu.Unlock()
	return o
}

// uncertified fails if there is a certificate: while there can be no quorum there
// must be none.
func (w *world) uncertified() {
	w.Helper()
	status, block, err := w.reader.EpochStatus(w.ctx, w.now)
	w.must(err)
	if status == chain.StatusPending || status == chain.StatusFinal {
		w.fatal("epoch %d was certified in block %d without a quorum", w.now, block)
	}
}

// accepted are the operators whose message for a duty was acknowledged.
func (w *world) accepted(epoch uint64, duty string) map[posp.Address]bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	by := map[posp.Address]bool{}
	for _, m := range w.h.sent {
		if m.epoch == epoch && m.duty == duty && m.accepted {
			by[m.operator] = true
		}
	}
	return by
}

// committed says whether every operator that is not dead has committed.
func (w *world) committed(epoch uint64) bool {
	by := w.accepted(epoch, "commitments")
	for i, p := range w.operators {
		if !by[w.addresses[i]] && !p.dead() {
			return false
		}
	}
	return true
}
