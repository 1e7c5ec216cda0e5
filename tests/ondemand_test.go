package tests

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// checkOnDemand has a buyer ask about answers of a devnet that has played and
// stays up: one that was answered in the play, one that was drawn, and one that
// nobody answers, since nobody serves any more; that fee comes back.
func checkOnDemand(t *testing.T, p program, data string, n app.Network) {
	file := filepath.Join(data, "network.json")
	client, err := ethclient.Dial(n.RPC)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	miner := devchain.NewMiner(client)
	command := func(want int, words string, args ...string) string {
		t.Helper()
		stdout, stderr, code := p.run(t, "", append([]string{"verify", args[0], "--network", file}, args[1:]...)...)
		if code != want || !strings.Contains(stdout+stderr, words) || want != 0 && strings.Count(stderr, "\n") != 1 {
			t.Errorf("posp verify %s: exit %d, and not %q: %s%s", strings.Join(args, " "), code, words, stdout, stderr)
		}
		if slices.Contains([]string{"quote", "status"}, args[0]) || slices.Contains(args, "--dry-run") { // what changes nothing, for machines
			again, why, code := p.run(t, "", append([]string{"verify", args[0], "--network", file, "--json"}, args[1:]...)...)
			if code != want || why != stderr || json.Valid([]byte(again)) != (want == 0) {
				t.Errorf("posp verify %s --json: exit %d: %s%s", strings.Join(args, " "), code, again, why)
			}
		}
		return stdout
	}

	// The honest provider is the first of the play's, and buyers take turns.
	answered, drawn, fresh := 0, 0, 0
	for i := range 32 {
		label := fmt.Sprintf("buyer-%d", i%16%3+1)
		key := devchain.Account(label)
		buyer := crypto.PubkeyToAddress(key.PublicKey)
		secret := crypto.Keccak256Hash([]byte("posp.devnet.secret"), buyer[:], []byte{0}, []byte{0, byte(i)})
		answer := filepath.Join(data, "answers", posp.BuyerNonce(buyer, secret).Hex()+".json")
		if _, err := os.Stat(answer); err != nil {
			t.Fatalf("answer %d of the honest provider: %v", i, err)
		}
		status, _, _ := p.run(t, "", "verify", "status", "--network", file, "--receipt", answer)
		dry, why, code := p.run(t, "", "verify", "request", "--network", file, "--receipt", answer, "--secret", secret.Hex(), "--buyer", buyer.Hex(), "--dry-run")
		switch {
		case strings.Contains(status, "answered"):
			if answered++; !strings.Contains(status, "PASS, final") || !strings.Contains(why, "AlreadyAsked") {
				t.Errorf("what was answered is %s%s", status, why)
			}
			command(1, "answered already", "refund", "--receipt", answer, "--dry-run")
		case strings.Contains(why, "AlreadyDrawn"):
			drawn++
		case code != 0:
			t.Errorf("asking about answer %d: %s", i, why)
		case fresh == 0:
			fresh++
			if !strings.Contains(dry, "would be accepted") || !strings.Contains(dry, "value") {
				t.Errorf("the dry run says %q", dry)
			}
			command(0, "wei: ", "quote", "--receipt", answer)
			command(1, "nobody asked", "status", "--receipt", answer)
			command(1, "only who bought it", "request", "--receipt", answer, "--secret", secret.Hex(), "--buyer", common.Address{1}.Hex(), "--dry-run")
			path := filepath.Join(t.TempDir(), "key")
			if err := os.WriteFile(path, []byte(hex.EncodeToString(crypto.FromECDSA(key))), 0o600); err != nil {
				t.Fatal(err)
			}
			balance := func() *big.Int {
				b, err := client.BalanceAt(context.Background(), buyer, nil)
				if err != nil {
					t.Fatal(err)
				}
				return b
			}
			before := balance()
			command(0, "asked, for", "request", "--receipt", answer, "--secret", secret.Hex(), "--key", path)
			if spent := new(big.Int).Sub(before, balance()); spent.Cmp(big.NewInt(1e15)) < 0 {
				t.Errorf("asking cost %s wei", spent)
			}
			command(0, "not answered yet", "status", "--receipt", answer)
			command(1, "is not certified", "settle", "--receipt", answer, "--key", path)
			command(1, "TooEarly", "refund", "--receipt", answer, "--key", path)
			// Nobody serves in the epoch that should answer, so nobody recomputes.
			if err := miner.Mine(context.Background(), 1_000); err != nil {
				t.Fatal(err)
			}
			command(0, "never certified", "status", "--receipt", answer)
			var settled struct{ Status, Verdict, Fee string }
			if text := command(0, "refunded", "refund", "--receipt", answer, "--key", path, "--json"); json.Unmarshal([]byte(text), &settled) != nil || settled.Status != "refunded" || settled.Verdict != "" || len(settled.Fee) < 3 {
				t.Errorf("refunded is %s", text)
			}
			var paid struct{ Account, Paid string }
			if text := command(0, "paid", "withdraw", "--key", path, "--json"); json.Unmarshal([]byte(text), &paid) != nil || !strings.EqualFold(paid.Account, buyer.Hex()) {
				t.Errorf("withdrawn is %s", text)
			}
			// What a division left of an earlier fee may come with it.
			got, ok := new(big.Int).SetString(paid.Paid, 10)
			fee, ok2 := new(big.Int).SetString(settled.Fee, 10)
			if !ok || !ok2 || got.Cmp(fee) < 0 || got.Cmp(new(big.Int).Add(fee, big.NewInt(10))) > 0 {
				t.Errorf("withdrawn is %q, the fee was %q", paid.Paid, settled.Fee)
			}
			command(1, "is owed nothing", "withdraw", "--key", path)
			if gas := new(big.Int).Sub(before, balance()); gas.Cmp(big.NewInt(1e15)) >= 0 {
				t.Errorf("the buyer is %s wei short: the fee did not come back", gas)
			}
		}
	}
	if answered != 1 || drawn == 0 || fresh != 1 {
		t.Errorf("%d answers were verified on demand, %d drawn, %d left to ask about", answered, drawn, fresh)
	}
}

// A request, its epoch's certificate and its settlement on the contracts as they
// are deployed: who is paid what, to the wei, and what it costs.
func TestOnDemandMovesMoney(t *testing.T) {
	w := newWorld(t, 4)
	at, demands := w.sys.OnDemand, contracts.NewOnDemand()
	buyer, server := w.sender("buyer"), w.sender("provider")
	w.must(w.join(server, chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}, 1_000, nil))
	w.provide(server, server.Address())
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))
	ms, _ := w.snapshot()
	d := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	receipt := posp.Receipt{Provider: server.Address(), Epoch: epoch, SpecID: posp.Hash{0x5e}, PromptTokens: 3, OutputTokens: 97, ClientNonce: posp.BuyerNonce(buyer.Address(), secret(1)), Time: 9}
	hash := receipt.Digest(d)
	root, proof := climb(merkle.Leaf(hash), 0, 20, nil)
	w.send(server, w.sys.BatchRegistry, 0, batches.PackCommitBatch(server.Address(), epoch, 0, root, 1<<20))
	batch := posp.BatchRecord{Batch: posp.Batch{Provider: server.Address(), Epoch: epoch, Root: root, LeafCount: 1 << 20}}
	batch.ID = batch.Batch.ID(d)

	fee := view(w, at, demands.UnpackQuote, demands.PackQuote(toReceipt(receipt)))
	if fee.Int64() != 1e9+100 {
		t.Fatalf("the fee is %s", fee)
	}
	// The first epoch that closes answers.
	head, err = w.c.BlockNumber(w.ctx)
	w.must(err)
	if closing := w.schedule.Answering(head); closing < epoch {
		w.until(w.schedule.Close(closing))
	}
	asked := w.send(buyer, at, fee.Int64(), demands.PackRequest(toReceipt(receipt), batch.ID, proof, secret(1)))
	id := posp.DemandID(devchain.ChainID, at, epoch, hash)
	beacon := w.fixBeacon(epoch)

	demand := posp.Demand{ID: id, Epoch: epoch, ReceiptHash: hash, Batch: batch}
	a, err := sampler.AssignDemand(d, demand, beacon, ms, 3)
	w.must(err)
	held := contracts.Held{Receipt: hash, Provider: posp.Hash{7}}
	var members []posp.HeldEvidence
	for i, operator := range a.Committee {
		m := posp.HeldEvidence{Operator: operator, Commitment: posp.Hash{1, byte(i)}, Evidence: posp.Hash{2, byte(i)}}
		if i == 1 {
			m.Evidence = posp.Hash{} // it sent nothing
		}
		members = append(members, m)
		held.Committee = append(held.Committee, contracts.HeldEvidence{Operator: m.Operator, Commitment: m.Commitment, Evidence: m.Evidence})
	}
	line := posp.SampleResult{SampleID: demand.SampleID(), Verdict: posp.Fail, Class: posp.WrongModel, LogE: 99, Evidence: posp.EvidenceSetHash(hash, posp.Hash{7}, members)}
	k := view(w, w.sys.BatchRegistry, batches.UnpackSamplingRate, batches.PackSamplingRate())
	drawn := uint64(1<<20) * uint64(k.RatePpm) / 1_000_000
	res := posp.Result{Epoch: epoch, SampleCount: drawn + 1, Batches: []posp.BatchResult{{BatchID: batch.ID, Provider: server.Address(), Samples: uint32(drawn), Passed: uint32(drawn)}}}
	res.TableRoot, err = sampler.TableRoot(ms)
	w.must(err)
	var lineProof [][32]byte
	res.SampleRoot, lineProof = climb(merkle.Leaf(line.LeafHash()), drawn, merkle.Depth(drawn+1), nil)
	w.until(w.schedule.CommitDeadline(epoch) + 1)
	short := res
	short.SampleCount = drawn
	w.refused("SampleCountRefused", w.anybody, w.sys.AttestationRegistry, registry.PackSubmit(toResult(short), w.certificate(ms, short.Digest(w.authority()))))
	w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(res), w.certificate(ms, res.Digest(w.authority()))))
	result := contracts.SampleResult{SampleId: line.SampleID, Verdict: uint8(line.Verdict), Class: uint8(line.Class), LogE: line.LogE, Evidence: line.Evidence}
	settled := w.send(w.anybody, at, 0, demands.PackSettle(id, result, drawn, lineProof, held))

	third := new(big.Int).Div(fee, big.NewInt(3))
	want := map[common.Address]*big.Int{a.Committee[0]: third, a.Committee[1]: new(big.Int), a.Committee[2]: third, buyer.Address(): new(big.Int).Sub(fee, new(big.Int).Mul(third, big.NewInt(2)))}
	for account, owed := range want {
		if got := view(w, at, demands.UnpackBalanceOf, demands.PackBalanceOf(account)); got.Cmp(owed) != 0 {
			t.Errorf("%s is owed %s wei, want %s", account, got, owed)
		}
	}
	paid := w.send(w.anybody, at, 0, demands.PackWithdraw(a.Committee[0]))
	answer := view(w, w.at.VerdictReader, reader.UnpackOnDemand, reader.PackOnDemand(toReceipt(receipt)))
	if answer.RequestId != id || answer.Verdict != uint8(posp.Fail) || answer.Finality != 1 {
		t.Errorf("the reader says %+v", answer)
	}
	if jailed := view(w, w.sys.FaultManager, faults.UnpackJailed, faults.PackJailed(server.Address())); jailed {
		t.Error("an answer on demand jailed the provider")
	}
	t.Logf("request %d gas, settle %d, withdraw %d (batch of 2^20, %d lines)", asked.GasUsed, settled.GasUsed, paid.GasUsed, drawn+1)
}
