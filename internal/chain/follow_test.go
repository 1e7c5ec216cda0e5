package chain

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"pgregory.net/rapid"
)

// kept is a sink whose contents and cursor survive the follower, as in a database, and that fails on request.
type kept struct {
	t       testing.TB
	cursor  []byte
	next    uint64 // the block that has to come
	logs    []types.Log
	rewinds int
	fail    bool
}

var errKept = errors.New("disk is full")

func (k *kept) Cursor(context.Context) (c Cursor, err error) {
	if k.cursor != nil {
		err = json.Unmarshal(k.cursor, &c)
	}
	return c, err
}

func (k *kept) Take(_ context.Context, s Span) error {
	if k.fail {
		k.fail = false
		return errKept
	}
	switch {
	case s.Rewind:
		if s.From >= k.next || len(s.Logs) != 0 {
			k.t.Errorf("rewound to %d at %d with %d logs", s.From, k.next, len(s.Logs))
		}
		k.rewinds++
		for len(k.logs) > 0 && k.logs[len(k.logs)-1].BlockNumber >= s.From {
			k.logs = k.logs[:len(k.logs)-1]
		}
		k.next = s.From
	case s.From != k.next || s.To < s.From:
		k.t.Errorf("blocks %d to %d came at %d", s.From, s.To, k.next)
	default:
		k.logs, k.next = append(k.logs, s.Logs...), s.To+1
	}
	var err error
	k.cursor, err = json.Marshal(s.Cursor)
	return err
}

// Whatever the chain does, and however often follower and sink fail: what the sink holds is what the chain holds.
func TestFollowerSeesTheChainAsItIs(t *testing.T) {
	node := startNode(t)
	narrow := narrowNode(t, node.HTTP(), 7)
	c := dial(t, narrow)
	s := funded(t, c, "follower")
	tok := token(t, s)
	q := ethereum.FilterQuery{Addresses: []common.Address{tok.Address}}
	start, err := c.BlockNumber(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := node.Mine(t.Context(), 12); err != nil { // the token itself stays
		t.Fatal(err)
	}
	checks(t, 25, func(r *rapid.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		depth := rapid.SampledFrom([]uint64{0, 0, 4, 10}).Draw(r, "depth")
		sink := &kept{t: t, next: start}
		f := NewFollower(c, q, start, depth, sink)
		expected := 0 // of reorganisations that the follower must notice
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			switch rapid.SampledFrom([]string{"mint", "mint", "mine", "reorg", "sync", "sync", "restart", "fail"}).Draw(r, "act") {
			case "mint":
				if _, err := s.Do(ctx, tok, "mint", s.Address(), common.Big1); err != nil {
					t.Fatal(err)
				}
			case "mine":
				if err := node.Mine(ctx, rapid.Uint64Range(1, 15).Draw(r, "blocks")); err != nil {
					t.Fatal(err)
				}
			case "reorg":
				head, err := c.BlockNumber(ctx)
				if err != nil {
					t.Fatal(err)
				}
				deep := rapid.Uint64Range(1, 10).Draw(r, "blocks")
				if sink.next > start && head-deep+1 < sink.next { // below what was handed on
					expected++
				}
				if err := node.Reorg(ctx, deep, rapid.Bool().Draw(r, "keep")); err != nil {
					t.Fatal(err)
				}
			case "sync":
				if err := f.Sync(ctx); err != nil {
					t.Fatal(err)
				}
			case "restart":
				f = NewFollower(c, q, start, depth, sink)
			case "fail":
				sink.fail = true
				if err := f.Sync(ctx); err != nil && !errors.Is(err, errKept) {
					t.Fatal(err)
				}
				sink.fail = false
			}
		}
		if err := f.Sync(ctx); err != nil {
			t.Fatal(err)
		}
		head, err := c.BlockNumber(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if sink.next != max(start, head-depth+1) {
			t.Fatalf("came to %d at head %d with depth %d", sink.next, head, depth)
		}
		want, err := c.Logs(ctx, q, start, head-depth)
		if err != nil {
			t.Fatal(err)
		}
		if len(want) != len(sink.logs) {
			t.Fatalf("%d logs; the chain has %d", len(sink.logs), len(want))
		}
		for i := range want {
			if want[i].TxHash != sink.logs[i].TxHash || want[i].BlockHash != sink.logs[i].BlockHash || want[i].Index != sink.logs[i].Index {
				t.Fatalf("log %d is of another branch", i)
			}
		}
		if depth == 10 && sink.rewinds > 0 {
			t.Fatalf("%d rewinds although no reorganisation was deeper than what was waited for", sink.rewinds)
		}
		if sink.rewinds > 0 && expected == 0 {
			t.Fatalf("%d rewinds without a reorganisation below %d", sink.rewinds, sink.next)
		}
	})
}

// A reorganisation below everything that the cursor remembers begins from the beginning.
func TestFollowerThatIsLost(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	s := funded(t, c, "lost")
	tok := token(t, s)
	sink := &kept{t: t, next: 1}
	if err := NewFollower(c, ethereum.FilterQuery{}, 1, 0, sink).Sync(ctx); err != nil {
		t.Fatal(err)
	}
	sink.cursor, _ = json.Marshal(Cursor{{Number: 2, Hash: common.Hash{1}}, {Number: sink.next - 1, Hash: common.Hash{2}}}) // of another chain
	if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(1)); err != nil {
		t.Fatal(err)
	}
	if err := NewFollower(c, ethereum.FilterQuery{}, 1, 0, sink).Sync(ctx); err != nil {
		t.Fatal(err)
	}
	if sink.rewinds != 1 || len(sink.logs) != 1 {
		t.Fatalf("%d rewinds and %d logs; want 1 and 1", sink.rewinds, len(sink.logs))
	}
}

// Run follows on its own and ends with ctx, or with what the sink says.
func TestFollowerRuns(t *testing.T) {
	ctx, cancel := context.WithCancel(testContext(t))
	node := startNode(t)
	c := dial(t, node.HTTP())
	s := funded(t, c, "runs")
	tok := token(t, s)
	mem := &events{}
	f := NewFollower(c, ethereum.FilterQuery{Addresses: []common.Address{tok.Address}}, 1, 0, mem)
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(1)); err != nil {
		t.Fatal(err)
	}
	for len(mem.of(tok.ABI.Events["Transfer"].ID)) == 0 {
		if ctx.Err() != nil {
			t.Fatal("the event never came")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := node.Reorg(ctx, 3, false); err != nil {
		t.Fatal(err)
	}
	for len(mem.of(tok.ABI.Events["Transfer"].ID)) != 0 {
		if ctx.Err() != nil {
			t.Fatal("the event was reorganised away, and stayed")
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := NewFollower(c, ethereum.FilterQuery{}, 1, 0, &kept{t: t, next: 1, fail: true}).Run(testContext(t)); !errors.Is(err, errKept) {
		t.Fatalf("got %v; want what the sink said", err)
	}
}
