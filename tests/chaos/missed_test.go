//go:build linux && amd64

package chaos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/provider"
)

// A provider is away from the end of an epoch until the chain takes no batch of
// it any more. Its receipts ride in the next batch, are drawn there, opened,
// judged and paid for, and nothing is charged.
func TestAMissedBatchIsNoFault(t *testing.T) {
	if testing.Short() {
		t.Skip("a minute of processes: not with -short")
	}
	w := newWorld(t, 3, nil, nil)
	w.start()
	s := w.schedule
	w.reach(s.Start(0) + 1)
	for n := range requests {
		w.buy(0, n)
	}
	w.provider.kill()
	w.reach(s.Close(0) + 1)
	w.provider.up()

	// All that the batch of epoch 1 holds is late.
	w.until("late batch", s.Close(1)-1, func() (bool, error) {
		b, err := w.reader.Batches(w.ctx, 1)
		return len(b) == 1, err
	})
	batch, ok, err := w.reader.BatchOf(w.ctx, address("provider"), 1)
	w.must(err)
	if _, early, err := w.reader.BatchOf(w.ctx, address("provider"), 0); err != nil || early || !ok || batch.LeafCount != requests {
		t.Fatalf("epoch 0 has a batch: %v (%v); epoch 1 has one: %v, of %d receipts", early, err, ok, batch.LeafCount)
	}
	w.until("operator table", s.Close(1)-1, func() (bool, error) {
		_, ok, err := w.reader.TableAt(w.ctx, s.Close(1)-1)
		return ok, err
	})
	w.reach(s.BeaconBlock(1) + 1)
	w.until("beacon", s.BeaconBlock(1)+s.CommitBlocks/4, func() (bool, error) { _, ok, err := w.reader.Beacon(w.ctx, 1); return ok, err })
	w.reach(w.head() + confirmations)
	w.until("commitments", s.CommitDeadline(1)+1, func() (bool, error) { return w.committed(1), nil })
	w.reach(s.CommitDeadline(1) + 1)
	w.until("certificate", s.CertifyDeadline(1)-1, func() (bool, error) {
		status, _, err := w.reader.EpochStatus(w.ctx, 1)
		return status == chain.StatusPending || status == chain.StatusFinal, err
	})

	_, found, faulted, err := w.reader.BatchVerdict(w.ctx, batch.ID)
	w.must(err)
	charges, err := w.reader.Faults(w.ctx)
	w.must(err)
	if found.Samples != requests || found.Passed != requests || faulted || len(charges) != 0 {
		t.Fatalf("of an honest provider that missed a batch: %+v, faulted %v, charges %+v", found, faulted, charges)
	}

	// The market pays for each, by the batch that it stands in, and posp finds it.
	w.reach(w.head() + s.ContestBlocks + 1)
	market, at := contracts.NewExampleMarket(), w.site.Network.Contracts.ExampleMarket
	for i, j := range w.jobs {
		r := j.receipt.Receipt
		raw, err := json.Marshal(j.receipt)
		w.must(err)
		file := w.file(fmt.Sprintf("receipt-%d.json", i))
		w.must(os.WriteFile(file, raw, 0o600))
		out := w.posp("claim", "proof", "--network", w.file("network.json"), "--receipt", file)
		var proof provider.Proof
		w.must(json.Unmarshal(out, &proof))
		if proof.BatchID != batch.ID || proof.ReceiptHash != r.Digest(w.site.Network.Domain()) {
			t.Fatalf("posp claim proof finds %+v", proof)
		}
		data := w.settlement(j, batch.Epoch, proof.Proof)
		_, err = w.buyer.Send(w.ctx, chain.Call{To: &at, Data: data})
		w.must(err)
	}
	paid, err := w.c.Read(w.ctx, nil, chain.Contract{Address: at, ABI: market.GetABI()}, "balanceOf", address("provider"))
	w.must(err)
	if want := new(big.Int).Mul(payment, big.NewInt(requests)); paid[0].(*big.Int).Cmp(want) != 0 {
		t.Errorf("the provider is owed %s, want %s", paid[0], want)
	}

	// Whoever fetches the epoch and checks it offline finds the same.
	bundle := w.file("epoch-1.bundle")
	w.posp("audit", "fetch", "--network", w.file("network.json"), "--epoch", "1", "--out", bundle)
	w.posp("audit", "verify", bundle)
}

// posp runs a command of the program to its end, and returns what it prints.
func (w *world) posp(args ...string) []byte {
	w.Helper()
	cmd := exec.Command(program(w.T), args...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		w.Fatalf("posp %s: %v: %s", strings.Join(args, " "), err, &errs)
	}
	return out
}
