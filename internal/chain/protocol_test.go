package chain

import (
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
)

// A settled Protocol reads what has enough blocks on top of it, and a reorganisation of that depth changes nothing that it
// said.
func TestSettledFactsSurviveReorganisations(t *testing.T) {
	ctx := testContext(t)
	node := startNode(t)
	c := dial(t, node.HTTP())
	s := funded(t, c, "settled")
	tok := token(t, s)
	const depth = 10
	if err := node.Mine(ctx, depth); err != nil { // the contract is settled
		t.Fatal(err)
	}
	head, settled := NewProtocol(c, Addresses{}, nil), NewProtocol(c, Addresses{}, nil).Settled(depth)
	balance := func(p *Protocol) int64 {
		t.Helper()
		data, err := tok.ABI.Pack("balanceOf", s.Address())
		n, err := fact(ctx, p, tok.Address, "balance", data, err, func(b []byte) (int64, error) { return new(big.Int).SetBytes(b).Int64(), nil })
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for want := int64(1); want <= 3; want++ {
		if _, err := s.Do(ctx, tok, "mint", s.Address(), common.Big1); err != nil {
			t.Fatal(err)
		}
		if at, below := balance(head), balance(settled); at != want || below != want-1 {
			t.Fatalf("balance %d at the head and %d below; want %d and %d", at, below, want, want-1)
		}
		if err := node.Mine(ctx, depth-1); err != nil {
			t.Fatal(err)
		}
		if below := balance(settled); below != want-1 {
			t.Fatalf("with %d blocks on top it is settled", depth-1)
		}
		if err := node.Mine(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if below := balance(settled); below != want {
			t.Fatalf("with %d blocks on top it is not settled", depth)
		}
		if err := node.Reorg(ctx, depth, false); err != nil {
			t.Fatal(err)
		}
		if below := balance(settled); below != want {
			t.Fatal("a reorganisation took away what was settled")
		}
	}
	now, _, err := settled.settled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	reached := make(chan uint64, 1)
	go func() {
		n, err := settled.reach(ctx, now+2)
		if err != nil {
			t.Error(err)
		}
		reached <- n
	}()
	if err := node.Mine(ctx, 1); err != nil {
		t.Fatal(err)
	}
	select {
	case n := <-reached:
		t.Fatalf("block %d is said to be settled a block too early", n)
	case <-time.After(300 * time.Millisecond):
	}
	if err := node.Mine(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if n := <-reached; n != now+2 {
		t.Fatalf("settled at %d; want %d", n, now+2)
	}
}
