package tests

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/provider"
	"github.com/proof-of-sampling/posp/sampler"
)

// crashes are what a transaction meets before its command is killed.
var crashes = []string{"hold", "hide", "swallow"}

// fragile is the way to a node on which a transaction meets a fault, once it is
// armed: then the process is killed.
type fragile struct {
	*httptest.Server
	t    *testing.T
	node string

	mu    sync.Mutex
	fault string // swallow, hide or hold; empty: none
	seen  map[common.Hash]bool
	held  []json.RawMessage // calls that were held back
	hid   bool
	met   chan struct{}
}

func newFragile(t *testing.T, node string) *fragile {
	f := &fragile{t: t, node: node, seen: map[common.Hash]bool{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// arm lets the next new transaction meet a fault; the channel says that it did.
func (f *fragile) arm(fault string) <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.hid, f.met = fault, false, make(chan struct{})
	return f.met
}

// disarm ends what the fault hid.
func (f *fragile) disarm() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fault, f.hid = "", false
}

type rpcCall struct {
	ID     json.RawMessage   `json:"id"`
	Method string            `json:"method"`
	Params []json.RawMessage `json:"params"`
}

func (f *fragile) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		var list, answers []json.RawMessage
		if json.Unmarshal(body, &list) != nil {
			return
		}
		for _, one := range list {
			answers = append(answers, f.answer(one))
		}
		json.NewEncoder(w).Encode(answers)
		return
	}
	w.Write(f.answer(body))
}

func (f *fragile) forward(body []byte) []byte {
	res, err := http.Post(f.node, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil
	}
	defer res.Body.Close()
	out, _ := io.ReadAll(res.Body)
	return out
}

func (f *fragile) answer(body []byte) []byte {
	var c rpcCall
	if json.Unmarshal(body, &c) != nil {
		return nil
	}
	result := func(v any) []byte {
		out, _ := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.ID, "result": v})
		return out
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch c.Method {
	case "eth_sendRawTransaction":
		var raw hexutil.Bytes
		tx := new(types.Transaction)
		if json.Unmarshal(c.Params[0], &raw) != nil || tx.UnmarshalBinary(raw) != nil {
			return nil
		}
		again := f.seen[tx.Hash()]
		f.seen[tx.Hash()] = true
		for _, held := range f.held { // now it arrives
			f.forward(held)
		}
		f.held = nil
		if f.fault == "" || again {
			return f.forward(body)
		}
		fault := f.fault
		f.fault = ""
		defer close(f.met)
		switch fault {
		case "hide": // it is mined, and the process does not hear of it
			f.hid = true
			return f.forward(body)
		case "hold": // nodes have it, and it is mined after the next one was sent
			f.held = append(f.held, body)
		} // swallow: no node ever has it
		return result(tx.Hash())
	case "eth_getTransactionReceipt":
		if f.hid {
			return result(nil)
		}
	case "eth_getTransactionCount":
		var block string
		if len(c.Params) == 2 && json.Unmarshal(c.Params[1], &block) == nil && block == "pending" && len(f.held) > 0 {
			var answer struct {
				Result hexutil.Uint64 `json:"result"`
			}
			if json.Unmarshal(f.forward(body), &answer) == nil {
				return result(answer.Result + hexutil.Uint64(len(f.held)))
			}
		}
	}
	return f.forward(body)
}

// killer runs commands, and kills them after each transaction that they send.
type killer struct {
	t     *testing.T
	p     program
	f     *fragile
	fault string
	kills int
}

// until runs a command, again after each time that it was killed, until it ends
// by itself with the words: since nothing is left to do.
func (k *killer) until(words string, args ...string) {
	k.t.Helper()
	var out bytes.Buffer
	for range 12 {
		met := k.f.arm(k.fault)
		out.Reset()
		cmd := k.p.command(k.t, time.Minute, args...)
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Start(); err != nil {
			k.t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() {
			select {
			case <-met:
				k.kills++
				cmd.Process.Kill()
			case <-ended:
			}
		}()
		err := cmd.Wait()
		close(ended)
		k.f.disarm()
		if err == nil || !strings.Contains(err.Error(), "killed") {
			if !strings.Contains(out.String(), words) {
				k.t.Fatalf("posp %s ended, was not killed, and does not say %q: %v\n%s", strings.Join(args, " "), words, err, out.String())
			}
			return
		}
	}
	k.t.Fatalf("posp %s never comes to an end:\n%s", strings.Join(args, " "), out.String())
}

// A lifecycle command that is killed after it sent a transaction, at each of
// those that it sends, and run again until it says that nothing is left, has sent
// each once: providers and operators, all the way in and out.
func TestCommandsPayOnce(t *testing.T) {
	p, r := built(t), newRestaking(t)
	for _, fault := range crashes {
		t.Run(fault, func(t *testing.T) {
			k := &killer{t: t, p: p, f: newFragile(t, r.node.HTTP()), fault: fault}
			server, verifier := newNewcomer(t, p, r, "provider killed by "+fault), newNewcomer(t, p, r, "operator killed by "+fault)
			bls := filepath.Join(verifier.dir, "bls.hex")
			verifier.do("", "operator keys create --type bn254 --format hex --out", []string{bls})
			message := filepath.Join(verifier.dir, "hot.hex") // of newNewcomer, as for receipts
			at := []string{"--public-url", "https://gpu.example"}
			out := func(n *newcomer, side string) {
				read := n.do("{", side+" status --json", n.network)
				var v app.Restaker
				r.must(json.Unmarshal([]byte(read), &v))
				r.reach(v.SlashableUntil)
			}
			for _, c := range []struct {
				n      *newcomer
				args   string
				more   []string
				before func()
			}{
				{server, "provider register", append(slices.Clone(server.keys), at...), nil}, // operator of EigenLayer, first key
				{server, "provider allocate --percent 100 --deposit 60", nil, nil},           // allowance, deposit, allocation, join
				{server, "provider register", append(slices.Clone(server.keys), at...), nil}, // URL
				{server, "provider rotate-key", []string{"--receipt-key", server.network[3]}, nil},
				{server, "provider exit --force", nil, nil}, // leave, take the allocation
				{verifier, "operator register", []string{"--bls-key", bls}, nil},
				{verifier, "operator allocate --percent 100 --deposit 60", nil, nil},
				{verifier, "operator keys set", []string{"--message-key", message}, nil},
				{verifier, "operator deregister", nil, nil},                            // leave
				{verifier, "operator exit", nil, nil},                                  // take the allocation
				{verifier, "operator exit", nil, func() { out(verifier, "operator") }}, // give up the BN254 key
			} {
				r.must(r.node.Mine(r.ctx, 1)) // an allocation delay of 0 holds from the next block on
				if c.before != nil {
					c.before()
				}
				was := k.kills
				k.until("nothing to send now", c.n.args(c.args, c.more, c.n.network, "--yes --rpc", k.f.URL, "--data", []string{filepath.Join(c.n.dir, "data")})...)
				t.Logf("posp %s: killed %d times", c.args, k.kills-was)
			}
			for _, c := range []struct {
				n    *newcomer
				sent uint64
			}{{server, 2 + 4 + 1 + 1 + 2}, {verifier, 2 + 4 + 1 + 1 + 1 + 1}} {
				if nonce, err := r.c.NonceAt(r.ctx, c.n.address, nil); err != nil || nonce != c.sent {
					t.Errorf("%d transactions, %v; want %d", nonce, err, c.sent)
				}
				left, err := r.site.Network.EigenLayer.TokenBalance(r.ctx, r.c, r.site.Network.EigenLayer.Token, c.n.address)
				if want := ethers(940); err != nil || left.Cmp(want) != 0 {
					t.Errorf("%s tokens are left, %v; want %s", left, err, want)
				}
			}
			if k.kills != 20 {
				t.Errorf("killed %d times, want 20", k.kills)
			}
			if v := server.status(); v.Member || v.URL != "https://gpu.example" || v.Receipts.History[len(v.Receipts.History)-1].Key != server.address {
				t.Errorf("%+v", v)
			}
			r.must(r.node.Mine(r.ctx, 2)) // what is not slashable is given back at once
			var v app.OperatorStatus
			r.must(json.Unmarshal([]byte(verifier.do("{", "operator status --json", verifier.network)), &v))
			if v.Member || v.Key != "" || v.Magnitude != 0 || v.Slashable.Sign() != 0 {
				t.Errorf("%+v", v)
			}
		})
	}
}

// revealed is the archive of an aggregator: what operators sent of an epoch.
type revealed struct {
	transport.Aggregator // of which nothing else is asked
	commitments          []posp.Commitments
	reveals              []posp.Reveals
	lines                []posp.SampleResult
}

func (a revealed) CommitmentsPage(context.Context, uint64, []byte) ([]posp.Commitments, []byte, bool, error) {
	return a.commitments, nil, true, nil
}
func (a revealed) RevealsPage(context.Context, uint64, []byte, *posp.ReadRequest) ([]posp.Reveals, []byte, bool, error) {
	return a.reveals, nil, true, nil
}
func (a revealed) SamplesPage(context.Context, uint64, []byte) ([]posp.SampleResult, []byte, bool, error) {
	return a.lines, nil, true, nil
}

// What a buyer sends with a receipt is sent once, however often the command is
// killed after that: requests and what becomes of them, charges, answers,
// refunds. Nobody is paid twice, and everybody is paid.
func TestBuyersPayOnce(t *testing.T) {
	p, w := built(t), newWorld(t, 4)
	m, err := app.DemoModel()
	w.must(err)
	api, err := app.Listen("127.0.0.1:0")
	w.must(err)
	dir := t.TempDir()
	network := app.Network{ChainID: devchain.ChainID, RPC: w.node.HTTP(), Aggregator: "http://" + api.Addr().String(), Contracts: w.at, Models: []app.Model{m}}
	w.must(network.Save(filepath.Join(dir, "network.json")))
	d, providers := network.Domain(), chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}
	file := func(name string, v any) string {
		path := filepath.Join(dir, name)
		data, err := json.Marshal(v)
		w.must(err)
		w.must(os.WriteFile(path, data, 0o600))
		return path
	}

	// Of each fault a buyer, that is its own payer, and two providers that cheat.
	type party struct {
		*killer
		buyer        common.Address
		flags        []string
		before       *big.Int
		cheat, late  *chain.Sender
		asked, unmet string // receipts that it has verified; nobody answers the second
	}
	var all []*party
	for _, fault := range crashes {
		buyer := w.sender("buyer killed by " + fault)
		x := &party{killer: &killer{t: t, p: p, f: newFragile(t, w.node.HTTP()), fault: fault}, buyer: buyer.Address(), cheat: w.sender("cheat of " + fault), late: w.sender("late for " + fault)}
		key := filepath.Join(dir, fault+".hex")
		w.must(os.WriteFile(key, []byte(hex.EncodeToString(crypto.FromECDSA(devchain.Account("buyer killed by "+fault)))), 0o600))
		x.flags = []string{"--network", filepath.Join(dir, "network.json"), "--rpc", x.f.URL, "--key", key, "--data", filepath.Join(dir, fault)}
		x.before, err = w.c.BalanceAt(w.ctx, x.buyer, nil)
		w.must(err)
		all = append(all, x)
		for _, s := range []*chain.Sender{x.cheat, x.late} {
			w.must(w.join(s, providers, 1_000, nil))
			w.provide(s, s.Address())
		}
	}
	until := func(x *party, command, words string, more ...string) {
		t.Helper()
		x.until(words, append(append(strings.Fields(command), x.flags...), more...)...)
	}
	receipt := func(of *chain.Sender, label string, epoch, sequence uint64, answer byte, buyer common.Address) posp.SignedReceipt {
		r := posp.Receipt{Provider: of.Address(), Epoch: epoch, Sequence: sequence, SpecID: posp.Hash{0x5e}, OutputHash: posp.Hash{answer}, PromptTokens: 3, OutputTokens: 7,
			ClientNonce: posp.BuyerNonce(buyer, secret(int(sequence))), Time: 9}
		digest := r.Digest(d)
		signature, err := crypto.Sign(digest[:], devchain.Account(label))
		w.must(err)
		return posp.SignedReceipt{Receipt: r, Signature: signature}
	}
	commit := func(of *chain.Sender, epoch uint64, hashes []posp.Hash) (tree *merkle.Tree, proofs func(leaf uint64) string) {
		tree = merkle.New(hashes)
		w.send(of, w.sys.BatchRegistry, 0, batches.PackCommitBatch(of.Address(), epoch, 0, tree.Root(), uint64(len(hashes))))
		id := posp.Batch{Provider: of.Address(), Epoch: epoch, Root: tree.Root(), LeafCount: uint64(len(hashes))}.ID(d)
		return tree, func(leaf uint64) string {
			siblings, err := tree.Proof(leaf)
			w.must(err)
			return file(fmt.Sprintf("proof-%s-%d.json", of.Address(), leaf), provider.Proof{BatchID: id, ReceiptHash: hashes[leaf], Leaf: leaf, Proof: siblings})
		}
	}

	// Each has two receipts verified on demand, in an epoch of one honest batch.
	server := w.sender("server")
	w.must(w.join(server, providers, 1_000, nil))
	w.provide(server, server.Address())
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))
	ms, _ := w.snapshot()
	var hashes []posp.Hash
	var answers []string
	const receipts = 48
	for i := range receipts {
		r := receipt(server, "server", epoch, uint64(i), 1, all[i%len(all)].buyer)
		hashes, answers = append(hashes, r.Digest(d)), append(answers, file(fmt.Sprintf("answer-%d.json", i), r))
	}
	_, proofs := commit(server, epoch, hashes)
	// The first epoch that closes answers.
	head, err = w.c.BlockNumber(w.ctx)
	w.must(err)
	if closing := w.schedule.Answering(head); closing < epoch {
		w.until(w.schedule.Close(closing))
	}
	request := func(x *party, leaf int) string {
		until(x, "verify request", "AlreadyAsked", "--receipt", answers[leaf], "--proof", proofs(uint64(leaf)), "--secret", secret(leaf).Hex())
		return answers[leaf]
	}
	for i, x := range all {
		x.asked = request(x, i)
	}
	beacon := w.fixBeacon(epoch)
	reader := chain.NewProtocol(w.c, w.at, w.anybody)
	demands, err := reader.Demands(w.ctx, epoch)
	w.must(err)
	if len(demands) != len(all) {
		t.Fatalf("%d requests are on chain, want %d", len(demands), len(all))
	}
	slices.SortFunc(demands, func(a, b posp.Demand) int { return a.SampleID().Cmp(b.SampleID()) }) // as messages have them
	archive := revealed{}
	const drawn = receipts / 2
	for i := range drawn {
		archive.lines = append(archive.lines, posp.SampleResult{SampleID: posp.Hash{9, byte(i)}, Verdict: posp.Pass})
	}
	evidence := posp.Evidence{Kind: posp.EvidenceFull, LogProb: []int32{-5}, Margin: []int32{0}}.Encode()
	sent, shown := map[posp.Address]*posp.Commitments{}, map[posp.Address]*posp.Reveals{}
	for _, demand := range demands {
		a, err := sampler.AssignDemand(d, demand, beacon, ms, 3)
		w.must(err)
		var held []posp.HeldEvidence
		for _, operator := range a.Committee {
			if sent[operator] == nil {
				sent[operator], shown[operator] = &posp.Commitments{Operator: operator, Epoch: epoch, Signature: make([]byte, 65)}, &posp.Reveals{Operator: operator, Epoch: epoch, Signature: make([]byte, 65)}
			}
			c := posp.Commitment(operator, demand.SampleID(), evidence, posp.Hash{1})
			sent[operator].Items = append(sent[operator].Items, posp.SampleCommitment{SampleID: demand.SampleID(), Commitment: c})
			shown[operator].Items = append(shown[operator].Items, posp.Reveal{SampleID: demand.SampleID(), Evidence: evidence, Salt: posp.Hash{1}})
			held = append(held, posp.HeldEvidence{Operator: operator, Commitment: c, Evidence: crypto.Keccak256Hash(evidence)})
		}
		archive.lines = append(archive.lines, posp.SampleResult{SampleID: demand.SampleID(), Verdict: posp.Pass, Evidence: posp.EvidenceSetHash(demand.ReceiptHash, posp.Hash{}, held)})
	}
	for operator, c := range sent {
		archive.commitments, archive.reveals = append(archive.commitments, *c), append(archive.reveals, *shown[operator])
	}
	go transport.NewServer(api, transport.ServerConfig{}, archive, zap.NewNop()).Run(w.ctx)
	var lines []posp.Hash
	for _, l := range archive.lines {
		lines = append(lines, l.LeafHash())
	}
	batch := posp.Batch{Provider: server.Address(), Epoch: epoch, Root: merkle.Root(hashes), LeafCount: receipts}
	res := posp.Result{Epoch: epoch, SampleRoot: merkle.Root(lines), SampleCount: uint64(len(lines)), Batches: []posp.BatchResult{{BatchID: batch.ID(d), Provider: server.Address(), Samples: drawn, Passed: drawn}}}
	res.TableRoot, err = sampler.TableRoot(ms)
	w.must(err)
	draw, err := sampler.New(posp.Seed(d, epoch, batch.ID(d), beacon), receipts, drawn)
	w.must(err)
	w.until(w.schedule.CommitDeadline(epoch) + 1)
	w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(res), w.certificate(ms, res.Digest(w.authority()))))
	for i, x := range all {
		until(x, "verify settle", "is answered already", "--receipt", x.asked)
		leaf := i + len(all)
		for _, hit := draw.Position(uint64(leaf)); hit; _, hit = draw.Position(uint64(leaf)) { // what was drawn has a verdict
			leaf += len(all)
		}
		x.unmet = request(x, leaf)
	}
	head, err = w.c.BlockNumber(w.ctx)
	w.must(err)
	void := w.schedule.Answering(head) // nobody certifies it

	// Each is cheated: of a receipt another stands in the place, of another there
	// are two, and a third is in no batch until it is charged.
	head, err = w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch = w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))
	for _, x := range all {
		label := "cheat of " + x.fault
		one := func(sequence uint64, answer byte) posp.SignedReceipt {
			return receipt(x.cheat, label, epoch, sequence, answer, x.buyer)
		}
		_, proofs := commit(x.cheat, epoch, []posp.Hash{one(0, 1).Digest(d), one(1, 2).Digest(d)})
		first, other := file("first-"+x.fault+".json", one(0, 1)), file("other-"+x.fault+".json", one(0, 7))
		until(x, "claim omission", "charged already", "--receipt", file("replaced-"+x.fault+".json", one(1, 1)), "--proof", proofs(1))
		until(x, "claim equivocation", "is charged already", "--receipt", first, "--receipt", other)
		id, ok, err := reader.Equivocation(w.ctx, x.cheat.Address(), 0)
		if err != nil || !ok {
			t.Fatalf("equivocation: %v, %v", ok, err)
		}
		w.must(reader.ExecuteFault(w.ctx, id))
		w.must(w.node.Mine(w.ctx, 4))
		until(x, "claim refund", "paid before", "--receipt", first, "--proof", proofs(0), "--buyer", x.buyer.Hex(), "--secret", secret(0).Hex())
		if b := view(w, w.core.Token, devToken.UnpackBalanceOf, devToken.PackBalanceOf(x.buyer)); b.Int64() != compensation {
			t.Errorf("%s: the buyer has %s", x.fault, b)
		}
	}
	if head, err = w.c.BlockNumber(w.ctx); err == nil && head < w.schedule.Close(epoch+1) {
		w.until(w.schedule.Close(epoch + 1))
	}
	for _, x := range all {
		missed := receipt(x.late, "late for "+x.fault, epoch, 0, 1, x.buyer)
		path := file("missed-"+x.fault+".json", missed)
		until(x, "claim omission", "charged already", "--receipt", path)
		head, err := w.c.BlockNumber(w.ctx)
		w.must(err)
		_, proofs := commit(x.late, w.schedule.EpochAt(head), []posp.Hash{missed.Digest(d)})
		until(x, "claim answer", "FaultNotOpen", "--receipt", path, "--proof", proofs(0))
	}

	// The fee of what nobody answered comes back, and all is paid out once.
	for _, x := range all {
		if head, err := w.c.BlockNumber(w.ctx); err == nil && head <= w.schedule.CertifyDeadline(void) {
			w.until(w.schedule.CertifyDeadline(void) + 1)
		}
		until(x, "verify refund", "is refunded already", "--receipt", x.unmet)
		until(x, "verify withdraw", "is owed nothing")
		var got struct{ Status, Verdict string }
		if text, errs, code := p.run(t, "", "verify", "status", "--json", "--network", filepath.Join(dir, "network.json"), "--receipt", x.asked); code != 0 || json.Unmarshal([]byte(text), &got) != nil || got.Status != "answered" || got.Verdict != "PASS" {
			t.Errorf("%s: what was asked is %s%s", x.fault, text, errs)
		}
	}
	fee := view(w, w.sys.OnDemand, contracts.NewOnDemand().UnpackQuote, contracts.NewOnDemand().PackQuote(toReceipt(receipt(server, "server", 0, 0, 1, common.Address{}).Receipt)))
	for _, x := range all {
		const sent = 2 + 1 + 1 + 1 + 2 + 1 + 1 + 1 + 1
		if nonce, err := w.c.NonceAt(w.ctx, x.buyer, nil); err != nil || nonce != sent || x.kills != sent {
			t.Errorf("%s: %d transactions, %v, killed %d times; want %d", x.fault, nonce, err, x.kills, sent)
		}
		after, err := w.c.BalanceAt(w.ctx, x.buyer, nil)
		w.must(err)
		// It is short of one fee, less what the division left, and of gas.
		spent := new(big.Int).Sub(x.before, after)
		if low, high := fee, new(big.Int).Mul(fee, big.NewInt(2)); spent.Cmp(low) < 0 {
			t.Errorf("%s: the buyer is %s wei short, a fee is %s to %s", x.fault, spent, low, high)
		}
	}
}
