package tests

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

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
)

// restaking is a chain with EigenLayer and the contracts, a provider with its
// model, and an aggregator: all but an operator.
type restaking struct {
	*testing.T
	ctx      context.Context
	node     *devchain.Node
	c        *chain.Client
	site     *app.Site
	schedule posp.Schedule
	provider string               // URL
	upstream string               // host:port of the inference server
	file     string               // network file
	receipts []posp.SignedReceipt // that epoch got
}

const deallocationDelay = 300 // blocks

// newReceipts is the receipt key that the provider has beside its first one.
const newReceipts = "provider/receipts of tomorrow"

func newRestaking(t *testing.T) *restaking {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	var wait sync.WaitGroup
	t.Cleanup(func() { cancel(); wait.Wait() })
	node, err := devchain.Start(devchain.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Close() })
	r := &restaking{T: t, ctx: ctx, node: node, file: filepath.Join(t.TempDir(), "network.json")}
	r.c, err = chain.Dial(ctx, node.HTTP(), devchain.ChainID)
	r.must(err)
	t.Cleanup(r.c.Close)
	sender := func(label string) *chain.Sender {
		r.must(devchain.Fund(ctx, r.c.Client, ethers(10), crypto.PubkeyToAddress(devchain.Account(label).PublicKey)))
		return chain.NewSender(r.c, devchain.Account(label), chain.ProtocolErrors())
	}
	deployer := sender("deployer")
	core, err := eigenlayer.Deploy(ctx, r.c, deployer, eigenlayer.Params{DeallocationDelay: deallocationDelay, WithdrawalDelay: 10, SlashResolutionDelay: 3})
	r.must(err)
	head, err := r.c.BlockNumber(ctx)
	r.must(err)
	const wad = chain.Wad
	r.schedule = posp.Schedule{Genesis: head + 60, EpochBlocks: 60, GraceBlocks: 20, BeaconDelay: 2, CommitBlocks: 40, RevealBlocks: 20, CertifyBlocks: 120, ContestBlocks: 5}
	at, err := devnet.Deploy(ctx, r.c, deployer, core, devnet.Terms{Schedule: r.schedule, Rate: contracts.SamplingRate{RatePpm: 1_000_000, KMin: 3},
		Economics: contracts.Economics{DetectionPpm: 900_000, FalsePositivePpm: 1, CollusionPpm: 300_000, Validators: 3,
			Reward: big.NewInt(120), Slash: big.NewInt(2_000), Cost: big.NewInt(100), SavedPpm: 800_000},
		Quorum:    contracts.Quorum{Committee: 3, FaultLine: 1_358_114, QuorumPpm: 670_000},
		Penalties: contracts.Penalties{StatisticalWad: wad / 2, WithholdingWad: wad / 50, WithholdingCapWad: wad / 2, OperatorWad: wad / 10},
		Stakes:    contracts.Stakes{Bond: big.NewInt(1e17), ChallengeBlocks: 40, MoveBlocks: 60}, Lookahead: 250, KeyNotice: 10, SettleBlocks: 400, Prices: contracts.Price{Base: big.NewInt(1e9), PerToken: 1, PerEpoch: 4, Reach: 10}, Compensation: big.NewInt(1)})
	r.must(err)
	m, err := app.DemoModel()
	r.must(err)
	api, err := app.Listen("127.0.0.1:0")
	r.must(err)
	n := app.Network{ChainID: r.c.ID(), RPC: node.HTTP(), Aggregator: "http://" + api.Addr().String(), Contracts: at,
		EigenLayer: app.EigenLayer{EigenLayer: core.EigenLayer, Strategy: core.Strategy, Token: core.Token}, Models: []app.Model{m}}
	r.must(n.Save(r.file))
	r.site, err = app.Open(ctx, n, "", zap.NewNop())
	r.must(err)
	t.Cleanup(r.site.Client.Close)
	start := func(what string, run func(context.Context) error) {
		wait.Go(func() {
			if err := run(ctx); err != nil && ctx.Err() == nil {
				t.Errorf("%s: %v", what, err)
			}
		})
	}

	sender("gas")
	aggregator, err := r.site.Aggregator(ctx, app.AggregatorParts{Key: devchain.Account("gas"), Data: t.TempDir(), Listener: api})
	r.must(err)
	start("aggregator", aggregator)

	p := sender("provider")
	r.must(core.Stake(ctx, p, ethers(100)))
	r.must(core.RegisterOperator(ctx, p, 0, ""))
	r.must(node.Mine(ctx, 1))
	providers := chain.OperatorSet{AVS: at.ServiceManager, ID: 0}
	r.must(core.Allocate(ctx, p, providers, core.Strategy, wad))
	r.must(core.Join(ctx, p, providers.AVS, []uint32{0}, nil))
	buyers, err := app.Listen("127.0.0.1:0")
	r.must(err)
	r.provider = "http://" + buyers.Addr().String()
	receipts := devchain.Account("provider/receipts")
	writer := chain.NewProtocol(r.c, at, p)
	r.must(writer.SetKey(ctx, p.Address(), chain.Receipts, crypto.PubkeyToAddress(receipts.PublicKey)))
	r.must(writer.RegisterProvider(ctx, p.Address(), r.provider))
	weights, err := model.Main()
	r.must(err)
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	r.must(err)
	r.upstream = upstream.Addr().String()
	h := server.New(float.New(weights, float.Options{}), server.Options{Name: m.Name, Config: weights.Config, Concurrency: 1, Log: zap.NewNop()})
	start("inference server", func(ctx context.Context) error { return app.Serve(ctx, upstream, h) })
	provider, err := r.site.Provider(ctx, app.ProviderParts{Account: keys.NewAccount(devchain.Account("provider")), Receipts: keys.NewRing(keys.NewAccount(receipts), keys.NewAccount(devchain.Account(newReceipts))), Upstream: &url.URL{Scheme: "http", Host: upstream.Addr().String()},
		Model: m, Data: t.TempDir(), Listener: buyers, Poll: 50 * time.Millisecond})
	r.must(err)
	start("provider", provider)
	return r
}

func (r *restaking) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// reach mines up to a block.
func (r *restaking) reach(block uint64) {
	r.Helper()
	for {
		head, err := r.c.BlockNumber(r.ctx)
		r.must(err)
		if head >= block {
			return
		}
		r.must(r.node.Mine(r.ctx, min(20, block-head)))
	}
}

// until waits for what the roles do by themselves.
func (r *restaking) until(what string, holds func() (bool, error)) {
	r.Helper()
	for end := time.Now().Add(90 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ok, err := holds()
		if ok && err == nil {
			return
		}
		if time.Now().After(end) {
			r.Fatalf("never: %s (%v)", what, err)
		}
	}
}

// epoch has the provider serve in the next epoch, plays it to its certificate,
// and returns its number. before is called when the beacon is fixed.
func (r *restaking) epoch(before func(epoch uint64)) uint64 {
	r.Helper()
	head, err := r.c.BlockNumber(r.ctx)
	r.must(err)
	e := uint64(0)
	if head >= r.schedule.Genesis {
		e = r.schedule.EpochAt(head) + 1
	}
	reader := r.site.Reader()
	r.reach(r.schedule.Start(e) + 1)
	for i := range 3 {
		body := fmt.Sprintf(`{"model":"posp-demo","prompt":"func max(a, b int) int {\n// %d","max_tokens":24,"temperature":0}`, i)
		var answer struct {
			Posp struct {
				Receipt *posp.SignedReceipt `json:"receipt"`
			} `json:"posp"`
		}
		res, err := http.Post(r.provider+"/v1/completions", "application/json", strings.NewReader(body))
		r.must(err)
		err = json.NewDecoder(res.Body).Decode(&answer)
		res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK || answer.Posp.Receipt == nil {
			r.Fatalf("answer %d: status %s, %v, receipt %v", i, res.Status, err, answer.Posp.Receipt)
		}
		r.receipts = append(r.receipts, *answer.Posp.Receipt)
	}
	r.reach(r.schedule.Start(e + 1))
	r.until("batch", func() (bool, error) {
		b, err := reader.Batches(r.ctx, e)
		return len(b) == 1, err
	})
	r.until("operator table", func() (bool, error) { // the keeper's, before the close
		_, ok, err := reader.TableAt(r.ctx, r.schedule.Close(e)-1)
		return ok, err
	})
	r.reach(r.schedule.BeaconBlock(e) + 1)
	r.until("beacon", func() (bool, error) { _, ok, err := reader.Beacon(r.ctx, e); return ok, err })
	if before != nil {
		before(e)
	}
	client, err := r.site.AggregatorClient("")
	r.must(err)
	r.until("commitments", func() (bool, error) { _, ok, err := client.Commitments(r.ctx, e); return ok, err })
	r.reach(r.schedule.CommitDeadline(e) + 1)
	r.until("certificate", func() (bool, error) {
		_, ok, err := reader.Certified(r.ctx, e)
		if !ok && err == nil { // the aggregator waits some blocks for more signatures
			head, _ := r.c.BlockNumber(r.ctx)
			if head < r.schedule.CertifyDeadline(e)-20 {
				err = r.node.Mine(r.ctx, 1)
			}
		}
		return ok, err
	})
	return e
}

// daemon is a running program.
type daemon struct {
	t    *testing.T
	cmd  *exec.Cmd
	mu   sync.Mutex
	log  bytes.Buffer
	done chan struct{}
}

func (d *daemon) Write(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.log.Write(b)
}

func (d *daemon) said(words string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return strings.Contains(d.log.String(), words)
}

func (p program) daemon(t *testing.T, args ...string) *daemon {
	t.Helper()
	d := &daemon{t: t, cmd: p.command(t, 8*time.Minute, args...), done: make(chan struct{})}
	d.cmd.Stderr = d
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { _ = d.cmd.Wait(); close(d.done) }() // the status is looked at where it matters
	t.Cleanup(func() {
		d.end(syscall.SIGKILL)
		if t.Failed() {
			t.Logf("%v:\n%s", args, d.log.String())
		}
	})
	return d
}

// end sends a signal and waits.
func (d *daemon) end(s syscall.Signal) {
	_ = d.cmd.Process.Signal(s) // it may have ended
	<-d.done
}

func (d *daemon) until(words string) {
	d.t.Helper()
	for end := time.Now().Add(60 * time.Second); !d.said(words); time.Sleep(20 * time.Millisecond) {
		select {
		case <-d.done:
			if !d.said(words) {
				d.t.Fatalf("it ended without saying %q", words)
			}
			return
		default:
		}
		if time.Now().After(end) {
			d.t.Fatalf("it never says %q", words)
		}
	}
}

// An operator's life by the built binary, as a restaker leads it: from nothing
// to a certificate, through crash, standby, hand-over and a lost database, and
// out again.
func TestOperatorsLife(t *testing.T) {
	p, r := built(t), newRestaking(t)
	do := func(want string, args ...string) string {
		t.Helper()
		out, errs, code := p.run(t, "", args...)
		if code != 0 || !strings.Contains(out, want) {
			t.Fatalf("posp %s: exit %d, want %q\n%s%s", strings.Join(args, " "), code, want, out, errs)
		}
		return out
	}
	refuse := func(want string, args ...string) {
		t.Helper()
		out, errs, code := p.run(t, "", args...)
		if code != 1 || !strings.Contains(errs, want) {
			t.Fatalf("posp %s: exit %d, want %q\n%s%s", strings.Join(args, " "), code, want, out, errs)
		}
	}

	// A directory, and keys.
	dir := filepath.Join(t.TempDir(), "me")
	do("posp operator register", "operator", "init", "--network", r.file, "--dir", dir)
	file := func(name string) string { return filepath.Join(dir, name) }
	r.must(os.WriteFile(file("password"), []byte("correct horse\n"), 0o600))
	pw := []string{"--password-file", file("password")}
	do("0x", append([]string{"operator", "keys", "create", "--type", "ecdsa", "--out", file("operator.json")}, pw...)...)
	do("", append([]string{"operator", "keys", "create", "--type", "bn254", "--out", file("bls.json")}, pw...)...)
	refuse("never written over", append([]string{"operator", "keys", "create", "--type", "bn254", "--out", file("bls.json")}, pw...)...)
	// Unencrypted copies, which load without a second of scrypt.
	do("", "operator", "keys", "export", "--type", "ecdsa", "--from", file("operator.json"), "--from-password-file", file("password"), "--format", "hex", "--out", file("op.hex"))
	do("", "operator", "keys", "export", "--type", "bn254", "--from", file("bls.json"), "--from-password-file", file("password"), "--format", "hex", "--out", file("bls.hex"))
	list := do("NOT ENCRYPTED", "operator", "keys", "list", "--dir", dir)
	if !strings.Contains(list, "operator.json") || !strings.Contains(list, "eigen") {
		t.Errorf("keys:\n%s", list)
	}
	secret, err := os.ReadFile(file("op.hex"))
	r.must(err)
	key, err := crypto.HexToECDSA(strings.TrimSpace(string(secret)))
	r.must(err)
	me := crypto.PubkeyToAddress(key.PublicKey)
	network, keyArgs := []string{"--network", r.file}, []string{"--key", file("op.hex")}
	bls := []string{"--bls-key", file("bls.hex")}
	args := func(parts ...any) (list []string) {
		for _, p := range parts {
			switch p := p.(type) {
			case string:
				list = append(list, strings.Fields(p)...)
			case []string:
				list = append(list, p...)
			}
		}
		return list
	}
	status := func() (v app.OperatorStatus) {
		t.Helper()
		r.must(json.Unmarshal([]byte(do("{", args("operator status --json", network, keyArgs)...)), &v))
		return v
	}

	// Nothing is sent without gas money, consent or a key.
	refuse("send it ether", args("operator register --yes", network, keyArgs, bls)...)
	r.must(devchain.Fund(r.ctx, r.c.Client, ethers(1), me))
	refuse("no terminal", args("operator register", network, keyArgs, bls)...)
	refuse("whose?", args("operator register --dry-run", network, bls)...)
	do("dry run: nothing was sent", args("operator register --dry-run", network, keyArgs, bls)...)
	if v := status(); v.Registered || v.Key != "" || v.Member {
		t.Errorf("a dry run changed the chain: %+v", v)
	}
	refuse("posp operator register", args("operator allocate --percent 100 --yes", network, keyArgs)...)

	// What a multisig is told to send is what was asked for.
	checkCalldata(t, r, []byte(do("{", args("operator register --calldata", network, keyArgs, bls, "--metadata-uri https://example.org/me.json --allocation-delay 7")...)), me)

	do("posp operator allocate", args("operator register --yes", network, keyArgs, bls)...)
	if v := status(); !v.Registered || v.Key == "" || v.Member || v.AllocationDelay == nil {
		t.Errorf("after register: %+v", v)
	}
	do("nothing to send now", args("operator register --yes", network, keyArgs, bls)...)
	doctor := func() string {
		out, _, _ := p.run(t, "", args("operator doctor", network, keyArgs, bls, "--data", file("data"))...)
		return out
	}
	if out := doctor(); !strings.Contains(out, "posp operator allocate") || !strings.Contains(out, "fail  registration") {
		t.Errorf("doctor:\n%s", out)
	}

	// Stake, and in.
	mint, err := contracts.NewDevToken().TryPackMint(me, ethers(100))
	r.must(err)
	_, err = chain.NewSender(r.c, devchain.Account("provider"), nil).Send(r.ctx, chain.Call{To: &r.site.Network.EigenLayer.Token, Data: mint})
	r.must(err)
	refuse("the account has", args("operator allocate --percent 100 --deposit 101 --yes", network, keyArgs)...)
	do("posp operator run", args("operator allocate --percent 80 --deposit 60.5 --yes", network, keyArgs)...)
	v := status()
	if want := new(big.Int).Div(new(big.Int).Mul(ethers(605), big.NewInt(8)), big.NewInt(100)); !v.Member || v.Slashable.Cmp(want) != 0 || v.Magnitude != 8e17 || !v.TableKey {
		t.Errorf("after allocate: slashable %s of %s, %+v", v.Slashable, want, v)
	}

	// The daemon, with a shadow and a standby beside it.
	runArgs := func(data string, more ...string) []string {
		return args("operator run", network, keyArgs, bls, "--data", data, more)
	}
	first := p.daemon(t, runArgs(file("data"))...)
	first.until("operator is up")
	refuse("database is in use", runArgs(file("data"))...)
	standby := p.daemon(t, runArgs(file("data"), "--standby")...)
	standby.until("standing by")
	shadow := p.daemon(t, args("operator run --shadow", network)...)
	shadow.until("shadow is up")
	e := r.epoch(nil)
	first.until("co-signed")
	if out := doctor(); strings.Contains(out, "fail") || !strings.Contains(out, "the daemon runs") {
		t.Errorf("doctor:\n%s", out)
	}
	shadow.until(`shadow compared	{"epoch": ` + fmt.Sprint(e))
	if !shadow.said(`"result_agrees": true, "samples": 3, "agree": 3, "differ": 0`) {
		t.Error("the shadow does not agree")
	}
	shadow.end(syscall.SIGINT)
	duty := func(epoch uint64) string {
		for _, d := range status().Duties {
			if d.Epoch == epoch {
				return d.Status
			}
		}
		return "none"
	}
	if d := duty(e); d != "signed" {
		t.Errorf("epoch %d: %s", e, d)
	}

	// Killed in the middle of an epoch: the standby goes on with what it left.
	e = r.epoch(func(e uint64) {
		first.until(`committed	{"epoch": ` + fmt.Sprint(e))
		first.end(syscall.SIGKILL)
		standby.until("the standby takes over")
	})
	standby.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
	if d := duty(e); d != "signed" {
		t.Errorf("epoch %d: %s", e, d)
	}
	standby.end(syscall.SIGINT)

	// Another machine without the database: refused, by what is on chain.
	other := filepath.Join(t.TempDir(), "other")
	refuse("its database does not know", runArgs(other)...)
	refuse("no operator's database", args("operator guard export --data", filepath.Join(t.TempDir(), "nowhere"), "--out", file("none.json"))...)

	// The record is handed over; then the old database is dead, and the new one signs.
	do("signs nothing any more", args("operator guard export --hand-over --data", file("data"), "--out", file("record.json"))...)
	if info, err := os.Stat(file("record.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("record: %v, %v", info, err)
	}
	refuse("handed over", args("operator guard import", network, "--data", file("data"), "--in", file("record.json"))...)
	do("signatures imported", args("operator guard import", network, "--data", other, "--in", file("record.json"))...)
	do("generation 1", args("operator guard show --data", other)...)
	second := p.daemon(t, runArgs(other)...)
	second.until("operator is up")
	refuse("this database was handed over", runArgs(file("data"))...)
	e = r.epoch(nil)
	second.until(`co-signed	{"epoch": ` + fmt.Sprint(e))

	// The account goes cold: from a coming epoch on another key signs messages.
	do("", "operator", "keys", "create", "--type", "ecdsa", "--format", "hex", "--out", file("hot.hex"))
	hot := []string{"--message-key", file("hot.hex")}
	shown := func() (h app.HotKeys) {
		t.Helper()
		r.must(json.Unmarshal([]byte(do("{", args("operator keys show --json", network, keyArgs)...)), &h))
		return h
	}
	do("dry run: nothing was sent", args("operator keys set --dry-run", network, keyArgs, hot)...)
	do(`"function": "setKey(address,uint8,address)"`, args("operator keys set --calldata", network, keyArgs, hot)...)
	if h := shown(); h.Key != me || len(h.Coming) != 0 || len(h.History) != 1 {
		t.Errorf("before a key is set: %+v", h)
	}
	refuse("NotPermitted", args("operator keys set --yes --operator", r.site.Network.Contracts.ServiceManager.Hex(), network, keyArgs, hot)...)
	foretold := shown().Next
	out := do("stay "+me.Hex()+"'s to sign", args("operator keys set --yes", network, keyArgs, hot)...)
	h := shown()
	if len(h.Coming) != 1 || h.Key != me || len(h.History) != 2 || h.History[1].FromEpoch != h.Coming[0].FromEpoch ||
		h.Coming[0].FromEpoch != foretold || !strings.Contains(out, fmt.Sprintf("from epoch %d on, which starts at block %d\n", foretold, h.Coming[0].FromBlock)) {
		t.Errorf("after a key is set: %+v, foretold %d\n%s", h, foretold, out)
	}
	do("nothing to send now", args("operator keys set --yes", network, keyArgs, hot)...)
	if out := doctor(); !strings.Contains(out, "warn  messages") {
		t.Errorf("doctor:\n%s", out)
	}
	second.end(syscall.SIGINT)
	second = p.daemon(t, runArgs(other, hot...)...)
	second.until("operator is up")

	// The provider's receipts too.
	writeKey := func(name, label string) string {
		r.must(os.WriteFile(file(name), []byte(hex.EncodeToString(crypto.FromECDSA(devchain.Account(label)))), 0o600))
		return file(name)
	}
	signs, willSign := crypto.PubkeyToAddress(devchain.Account("provider/receipts").PublicKey), crypto.PubkeyToAddress(devchain.Account(newReceipts).PublicKey)
	providerArgs := args(network, "--key", writeKey("provider.hex", "provider"))
	served := func() (v app.ProviderStatus) {
		t.Helper()
		r.must(json.Unmarshal([]byte(do("{", args("provider status --json", providerArgs)...)), &v))
		return v
	}
	if v := served(); !v.Member || v.URL != r.provider || v.Receipts.Key != signs || len(v.Receipts.Coming) != 0 || len(v.Batches) == 0 {
		t.Errorf("provider: %+v", v)
	}
	do("signs receipts of", args("provider rotate-key --yes", providerArgs, "--receipt-key", writeKey("receipts.hex", newReceipts))...)
	receiptsFrom := served().Receipts.Coming[0].FromEpoch

	for e < max(foretold, receiptsFrom) { // with both keys, whichever counts
		e = r.epoch(nil)
		second.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
	}
	if h := shown(); h.Key != h.History[1].Key || len(h.Coming) != 0 {
		t.Errorf("when a key counts: %+v", h)
	}
	counted := map[posp.Address]int{}
	for _, receipt := range r.receipts {
		signer, err := receipt.Signer(r.site.Network.Domain())
		r.must(err)
		want := signs
		if receipt.Epoch >= receiptsFrom {
			want = willSign
		}
		if counted[signer]++; signer != want {
			t.Errorf("a receipt of epoch %d is signed by %s, want %s", receipt.Epoch, signer, want)
		}
	}
	if counted[signs] == 0 || counted[willSign] == 0 {
		t.Errorf("receipts by key: %v", counted)
	}
	if v := served(); v.Receipts.Key != willSign || len(v.Receipts.History) != 2 || v.Slashable.Cmp(ethers(100)) != 0 {
		t.Errorf("provider: %+v", v)
	}
	// Who has nothing but the chain comes to the same keys.
	bundle := filepath.Join(t.TempDir(), "epoch.bundle")
	do("", args("audit fetch", network, "--epoch", fmt.Sprint(e), "--out", bundle)...)
	do("", args("audit verify", network, bundle)...)

	// The old key is needed until the epochs of its time are over.
	early := p.daemon(t, args("operator run", network, "--operator", me.Hex(), hot, bls, "--data", filepath.Join(t.TempDir(), "early"))...)
	early.until("an epoch in work has to be signed by a key that is not here")
	early.end(syscall.SIGKILL)
	r.reach(r.schedule.CertifyDeadline(foretold-1) + 1)
	second.end(syscall.SIGINT)
	cold := args(network, "--operator", me.Hex(), hot, bls, "--data", other)
	do("ok    messages", args("operator doctor", cold)...)
	if out, _, _ := p.run(t, "", args("operator doctor", network, keyArgs, bls, "--data", other)...); !strings.Contains(out, "fail  messages") {
		t.Errorf("doctor without the key that signs:\n%s", out)
	}
	refuse("which --message-key does not hold", runArgs(other)...)
	second = p.daemon(t, args("operator run", cold)...)
	second.until("operator is up")
	if second.said("signed by a key that is not here") {
		t.Error("the old key is needed for longer than was said")
	}
	e = r.epoch(nil)
	second.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
	if d := duty(e); d != "signed" {
		t.Errorf("epoch %d, by the hot key alone: %s", e, d)
	}

	// The hot key is stolen, and replaced by the account: then the thief's word is nobody's.
	raw, err := os.ReadFile(file("hot.hex"))
	r.must(err)
	stolen, err := crypto.HexToECDSA(strings.TrimSpace(string(raw)))
	r.must(err)
	do("", "operator", "keys", "create", "--type", "ecdsa", "--format", "hex", "--out", file("hot-2.hex"))
	do("signs messages of", args("operator keys set --yes", network, keyArgs, "--message-key", file("hot-2.hex"))...)
	from := shown().Coming[0].FromEpoch
	second.end(syscall.SIGINT)
	second = p.daemon(t, args("operator run", cold, "--message-key", file("hot-2.hex"))...)
	second.until("operator is up")
	client, err := r.site.AggregatorClient("")
	r.must(err)
	for e < from {
		e = r.epoch(func(e uint64) {
			if e < from {
				return
			}
			theft := posp.Commitments{Operator: me, Epoch: e, Items: []posp.SampleCommitment{{SampleID: posp.Hash{1}}}}
			digest := theft.Digest(r.site.Network.Authority())
			theft.Signature, err = crypto.Sign(digest[:], stolen)
			r.must(err)
			if err := client.SubmitCommitments(r.ctx, theft); err == nil || !strings.Contains(err.Error(), crypto.PubkeyToAddress(stolen.PublicKey).Hex()) {
				t.Errorf("commitments by a stolen key: %v", err)
			}
		})
		second.until(`co-signed	{"epoch": ` + fmt.Sprint(e))
		if d := duty(e); d != "signed" {
			t.Errorf("epoch %d: %s", e, d)
		}
	}
	if now := status(); now.Slashable.Cmp(v.Slashable) != 0 || len(now.Charges) != 0 || now.Standing != 0 {
		t.Errorf("an honest operator that exchanged its key: %+v", now)
	}

	// And out.
	out = do("stays slashable until block", args("operator exit --yes", network, keyArgs)...)
	if !strings.Contains(out, "keep posp operator run going until block") {
		t.Errorf("exit:\n%s", out)
	}
	v = status()
	if v.Member || !v.IsSlashable || v.SlashableUntil == 0 || v.Pending == nil || v.Pending.Sign() >= 0 {
		t.Errorf("after leaving: %+v", v)
	}
	do("nothing to send now", args("operator exit --yes", network, keyArgs)...)
	last := v.SlashableUntil
	r.reach(last - 1)
	if !status().IsSlashable {
		t.Errorf("at block %d it is not slashable any more, and exit said %d", last-1, last)
	}
	do("nothing to send now", args("operator exit --yes", network, keyArgs)...)
	second.end(syscall.SIGINT)
	r.reach(last)
	if status().IsSlashable {
		t.Errorf("at block %d it is still slashable", last)
	}
	do("give up the BN254 key", args("operator exit --yes", network, keyArgs)...)
	do("the operator is out", args("operator exit --yes", network, keyArgs)...)
	if v := status(); v.Key != "" || v.Member || v.IsSlashable || v.Slashable.Sign() != 0 || v.Magnitude != 0 {
		t.Errorf("after the exit: %+v", v)
	}

	// A key that was given up is never taken again; a new one is.
	refuse("is or was registered", args("operator register --yes", network, keyArgs, bls)...)
	do("", "operator", "keys", "create", "--type", "bn254", "--format", "hex", "--out", file("new.hex"))
	do("posp operator allocate", args("operator keys rotate --yes", network, keyArgs, "--bls-key", file("new.hex"))...)
	if v := status(); v.Key == "" {
		t.Errorf("after the rotation: %+v", v)
	}
}

// checkCalldata decodes a batch file and compares it with what was asked for.
func checkCalldata(t *testing.T, r *restaking, file []byte, me common.Address) {
	t.Helper()
	var batch struct {
		Version, ChainID string
		Transactions     []struct {
			To             common.Address
			Value          string
			Data           hexutil.Bytes
			ContractMethod *string
		}
	}
	if err := json.Unmarshal(file, &batch); err != nil {
		t.Fatal(err)
	}
	if batch.Version != "1.0" || batch.ChainID != fmt.Sprint(devchain.ChainID) || len(batch.Transactions) != 2 {
		t.Fatalf("batch %+v", batch)
	}
	core := r.site.Network.EigenLayer
	for i, want := range []struct {
		to     common.Address
		method string
		args   []any
	}{
		{core.DelegationManager, "registerAsOperator", []any{common.Address{}, uint32(7), "https://example.org/me.json"}},
		{core.KeyRegistrar, "registerKey", []any{me}},
	} {
		tx := batch.Transactions[i]
		method := chain.EigenABI.Methods[want.method]
		if tx.To != want.to || tx.Value != "0" || !bytes.HasPrefix(tx.Data, method.ID) || tx.ContractMethod != nil {
			t.Errorf("transaction %d: %+v", i, tx)
			continue
		}
		values, err := method.Inputs.Unpack(tx.Data[4:])
		if err != nil {
			t.Fatal(err)
		}
		for j, arg := range want.args {
			if fmt.Sprint(values[j]) != fmt.Sprint(arg) {
				t.Errorf("transaction %d, %s: %v, want %v", i, method.Inputs[j].Name, values[j], arg)
			}
		}
		// The chain takes it from the account that it is meant for.
		if i == 0 {
			s := chain.NewSender(r.c, devchain.Account("somebody-"+hex.EncodeToString(me[:2])), nil)
			r.must(devchain.Fund(r.ctx, r.c.Client, ethers(1), s.Address()))
			if _, err := s.Send(r.ctx, chain.Call{To: &tx.To, Data: tx.Data}); err != nil {
				t.Errorf("the chain refuses it: %v", err)
			}
		}
	}
}
