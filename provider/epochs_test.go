package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

func TestEpochsBecomeContiguousBatches(t *testing.T) {
	r := newRig(t)
	var held []posp.SignedReceipt
	for epoch, answers := range []int{3, 0, 1, 5} {
		r.chain.at(schedule.Start(uint64(epoch)))
		for range answers {
			held = append(held, r.buy())
			r.tick()
		}
		if len(held) > 0 && answers > 0 && held[len(held)-1].Epoch != uint64(epoch) {
			t.Fatalf("receipt of epoch %d in epoch %d", held[len(held)-1].Epoch, epoch)
		}
		r.chain.at(schedule.Start(uint64(epoch)+1) - 1)
		r.tick()
		if _, ok, _ := r.chain.BatchOf(t.Context(), address, uint64(epoch)); ok {
			t.Fatal("a batch while its epoch serves")
		}
		r.chain.at(schedule.Start(uint64(epoch) + 1))
		r.tick()
		r.tick() // looks again, sends nothing
		b, ok, _ := r.chain.BatchOf(t.Context(), address, uint64(epoch))
		if ok != (answers > 0) || b.LeafCount != uint64(answers) {
			t.Fatalf("epoch %d: batch %v of %d", epoch, ok, b.LeafCount)
		}
		r.chain.at(schedule.Close(uint64(epoch)))
		r.tick() // settles
	}
	checkProved(t, r.chain, r.Provider, held)
	if s := r.Stats(); s.Committed != 3 || s.Missed != 0 {
		t.Errorf("%+v", s)
	}
}

// An answer whose block number was read before the boundary, and that is
// recorded after it, gets the later epoch.
func TestAnswerAcrossTheBoundaryGetsTheLaterEpoch(t *testing.T) {
	r := newRig(t)
	e := &entry{receipt: r.buy().Receipt}
	r.chain.at(schedule.Start(1))
	r.tick() // seals epoch 0
	if err := r.ledger.record(t.Context(), 0, e); err != nil {
		t.Fatal(err)
	}
	if e.receipt.Epoch != 1 || e.receipt.Sequence != 1 {
		t.Errorf("epoch %d, sequence %d", e.receipt.Epoch, e.receipt.Sequence)
	}
	// The same when the old epoch has no receipts to seal.
	r = newRig(t)
	r.chain.at(schedule.Start(1))
	r.tick()
	if err := r.ledger.record(t.Context(), 0, e); err != nil || e.receipt.Epoch != 1 || e.receipt.Sequence != 0 {
		t.Errorf("epoch %d, sequence %d, %v", e.receipt.Epoch, e.receipt.Sequence, err)
	}
	// A number from long ago, or of a node that lost its chain, gives none.
	r.ledger.reached(2)
	if err := r.ledger.record(t.Context(), 0, e); err == nil {
		t.Error("a receipt two epochs ahead of the chain")
	}
}

// The buyer leaves while its receipt is made: it is finished all the same.
func TestReceiptIsFinishedWithoutItsBuyer(t *testing.T) {
	r := newRig(t)
	gone, leave := context.WithCancel(t.Context())
	leave()
	a := Answer{Prompt: []uint32{1}, Output: []uint32{2}, LogProbs: []float64{-1}, Finish: posp.FinishStop}
	got := r.record(gone, answered(a, posp.Hash{}), nil)
	if got.Receipt == nil {
		t.Error(got.Error)
	}
}

func TestAnswersAtOnceAcrossBoundaries(t *testing.T) {
	r := newRig(t)
	var mu sync.Mutex
	var held []posp.SignedReceipt
	var buyers sync.WaitGroup
	for range 8 {
		buyers.Go(func() {
			for range 12 {
				got := r.post("/v1/completions", greedyCompletion)
				if got.posp.Receipt == nil {
					t.Errorf("%+v", got.posp.Error)
					return
				}
				mu.Lock()
				held = append(held, *got.posp.Receipt)
				mu.Unlock()
			}
		})
	}
	done := make(chan struct{})
	go func() { buyers.Wait(); close(done) }()
	block := uint64(100)
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		block++
		r.chain.at(block)
		r.tick()
		time.Sleep(time.Millisecond)
	}
	for range 20 {
		block++
		r.chain.at(block)
		r.tick()
	}
	if len(held) != 96 || r.chain.next() != 96 || len(r.chain.batches) < 2 {
		t.Fatalf("%d receipts, %d on chain in %d batches", len(held), r.chain.next(), len(r.chain.batches))
	}
	checkProved(t, r.chain, r.Provider, held)
}

func TestCommitIsRepeatedUntilTheChainHasIt(t *testing.T) {
	r := newRig(t)
	held := []posp.SignedReceipt{r.buy()}
	r.chain.at(schedule.Start(1))
	r.chain.before = func(m string) error {
		if m == "CommitBatch" {
			return errors.New("connection reset")
		}
		return nil
	}
	if err := r.step(t.Context()); err == nil {
		t.Fatal("no error")
	}
	// Mined, but we were not told.
	r.chain.before = func(m string) error {
		if m == "CommitBatch done" {
			return errors.New("timeout")
		}
		return nil
	}
	if err := r.step(t.Context()); err == nil {
		t.Fatal("no error")
	}
	commits := 0
	r.chain.before = func(m string) error {
		if m == "CommitBatch" {
			commits++
		}
		return nil
	}
	r.tick()
	if commits != 0 {
		t.Error("committed twice")
	}
	// A reorganisation takes it away while the epoch is open.
	r.chain.batches = nil
	r.tick()
	if commits != 1 {
		t.Error("not committed again")
	}
	checkProved(t, r.chain, r.Provider, held)
}

// Receipts whose batch could not be committed ride in the next one, so that
// those after them can be committed at all.
func TestMissedBatchDoesNotBlockTheNext(t *testing.T) {
	for name, miss := range map[string]func(*rig){
		"chain refused until the close": func(r *rig) {
			r.chain.before = func(m string) error {
				if m == "CommitBatch" {
					return errors.New("underpriced")
				}
				return nil
			}
			r.chain.at(schedule.Start(1))
			r.step(context.Background())
			r.chain.before = nil
			r.chain.at(schedule.Close(0))
			r.tick() // settles as missed
		},
		"provider was down": func(r *rig) { r.chain.at(schedule.Close(0)) },
	} {
		r := newRig(t)
		r.buy()
		r.buy()
		miss(r)
		r.tick()
		if len(r.chain.batches) != 0 {
			t.Fatalf("%s: a batch after the close", name)
		}
		held := []posp.SignedReceipt{r.buy()}
		r.chain.at(schedule.Start(2))
		r.tick()
		if len(r.chain.batches) != 1 || r.chain.batches[0].FirstSequence != 0 || r.chain.batches[0].LeafCount != 3 || r.chain.batches[0].Epoch != 1 {
			t.Fatalf("%s: %+v", name, r.chain.batches)
		}
		checkProved(t, r.chain, r.Provider, held)
	}
	// Down for several epochs, back inside of one's grace.
	r := newRig(t)
	r.buy()
	r.chain.at(schedule.Close(3) - 1)
	r.tick()
	if len(r.chain.batches) != 1 || r.chain.batches[0].Epoch != 3 {
		t.Fatalf("%+v", r.chain.batches)
	}
}

func TestRunStopsForWhatWaitingCannotMend(t *testing.T) {
	foreign := posp.Batch{Provider: address, Epoch: 0, LeafCount: 1, Root: posp.Hash{1}}
	r := newRig(t)
	r.buy()
	r.chain.batches = []posp.BatchRecord{{ID: foreign.ID(domain), Batch: foreign}}
	r.chain.at(schedule.Start(1))
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := r.Run(ctx); !errors.Is(err, ErrForeignBatch) {
		t.Errorf("a batch of another process: %v", err)
	}
	r = newRig(t)
	r.chain.batches = []posp.BatchRecord{{ID: foreign.ID(domain), Batch: foreign}}
	if err := r.Run(ctx); !errors.Is(err, ErrLedgerBehind) || !strings.Contains(err.Error(), "chain: 1 receipts, database: 0") {
		t.Errorf("an empty database: %v", err)
	}
}

func TestRunGoesOnAfterErrorsAndEndsWithItsContext(t *testing.T) {
	r := newRig(t)
	r.cfg.Poll = time.Millisecond
	held := []posp.SignedReceipt{r.buy()}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var once sync.Map
	r.chain.before = func(m string) error { // each method fails at first
		if _, seen := once.LoadOrStore(m, true); !seen {
			return errors.New("connection refused")
		}
		return nil
	}
	r.chain.at(schedule.Start(1))
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	deadline := time.After(5 * time.Second)
	for {
		if next, err := r.chain.NextSequence(ctx, address); err == nil && next == 1 {
			break
		}
		select {
		case <-deadline:
			t.Fatal("no batch")
		case <-time.After(time.Millisecond):
		}
	}
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("Run does not end")
	}
	if r.Stats().StepErrors < 3 {
		t.Errorf("%d step errors", r.Stats().StepErrors)
	}
	checkProved(t, r.chain, r.Provider, held)
}

func TestLedgerRefusesToBeChanged(t *testing.T) {
	r := newRig(t)
	r.buy()
	r.chain.at(schedule.Start(1))
	r.tick()
	h := make([]byte, 32)
	for _, q := range []string{
		`UPDATE receipts SET hash = ?`,
		`UPDATE receipts SET signature = ?`,
		`UPDATE receipts SET sequence = 7, hash = ?`,
		`DELETE FROM receipts WHERE hash <> ?`,
		`UPDATE batches SET root = ?`,
		`INSERT INTO receipts (sequence, epoch, hash, receipt, request, output, evidence) VALUES (2, 1, ?, '', '', '', '')`, // gap
		`INSERT INTO receipts (sequence, epoch, hash, receipt, request, output, evidence) VALUES (0, 1, ?, '', '', '', '')`, // taken
		`INSERT INTO receipts (sequence, epoch, hash, receipt, request, output, evidence) VALUES (1, 0, ?, '', '', '', '')`, // sealed
	} {
		if _, err := r.db.Exec(q, h); err == nil {
			t.Errorf("accepted: %s", q)
		}
	}
}

// Whatever the order of answers, blocks, looks, failures and restarts: buyers
// never hold two receipts of a sequence, nor one that its epoch's batch lacks;
// and once the chain works again all that can be committed is.
func TestNothingPromisedIsLost(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		db, err := store.Open(context.Background(), store.Memory, Migrations)
		if err != nil {
			rt.Fatal(err)
		}
		defer db.Close()
		r := &rig{t: t, db: db, signer: &keySigner{}, chain: &chain{block: 100}}
		r.Provider = r.provider(db, "http://127.0.0.1:1")
		var held []posp.SignedReceipt
		closed := uint64(0) // receipts held whose epoch closed unseen are a fault of the schedule below
		fail := ""
		r.chain.before = func(m string) error {
			if m == fail {
				return errors.New("fails")
			}
			return nil
		}
		r.signer.before = func() error {
			if fail == "Sign" {
				return errors.New("fails")
			}
			return nil
		}
		answer := func() {
			a := Answer{Prompt: []uint32{1}, Output: []uint32{2}, LogProbs: []float64{-1}, Finish: posp.FinishStop}
			c := answered(a, posp.Hash{byte(len(held))})
			if got := r.record(context.Background(), c, nil); got.Receipt != nil {
				held = append(held, *got.Receipt)
			} else if fail == "" {
				rt.Fatalf("no receipt: %+v", got.Error)
			}
		}
		rt.Repeat(map[string]func(*rapid.T){
			"answer": func(*rapid.T) { answer() },
			"block":  func(rt *rapid.T) { r.chain.block += rapid.Uint64Range(1, 6).Draw(rt, "blocks") },
			"look":   func(*rapid.T) { r.step(context.Background()) },
			"fail": func(rt *rapid.T) {
				fail = rapid.SampledFrom([]string{"", "Block", "CommitBatch", "CommitBatch done", "BatchOf", "Sign"}).Draw(rt, "what")
			},
			"restart": func(*rapid.T) { r.Provider = r.provider(db, "http://127.0.0.1:1") },
			"": func(rt *rapid.T) {
				// A receipt is in its epoch's batch, unless that batch was not
				// committed by its close, which is counted and logged.
				for _, s := range held[closed:] {
					for _, b := range r.chain.batches {
						if b.Epoch == s.Epoch && (s.Sequence < b.FirstSequence || s.Sequence >= b.FirstSequence+b.LeafCount) {
							rt.Fatalf("receipt %d of epoch %d is outside of its batch %+v", s.Sequence, s.Epoch, b)
						}
					}
				}
				seen := map[uint64]bool{}
				for _, s := range held {
					if seen[s.Sequence] {
						rt.Fatalf("two receipts for sequence %d", s.Sequence)
					}
					seen[s.Sequence] = true
				}
			},
		})
		fail = ""
		answer()
		last := held[len(held)-1]
		for range 40 {
			if err := r.step(context.Background()); err != nil {
				rt.Fatal(err)
			}
			r.chain.block++
		}
		next, _ := r.ledger.next(context.Background())
		if r.chain.next() != next {
			rt.Fatalf("%d of %d receipts on chain", r.chain.next(), next)
		}
		for _, b := range r.chain.batches {
			if _, err := r.ledger.tree(context.Background(), b.Batch); err != nil {
				rt.Fatal(err)
			}
			if b.Epoch == last.Epoch && last.Sequence >= b.FirstSequence+b.LeafCount {
				rt.Fatal("the last receipt is not in its batch")
			}
		}
		if len(r.signer.signed) > int(next) {
			rt.Fatal(fmt.Sprint("more signatures than receipts"))
		}
	})
}
