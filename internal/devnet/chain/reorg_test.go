package chain

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

// A reorganisation of each depth replaces exactly that many blocks, and brings their transactions back or not.
func TestReorg(t *testing.T) {
	for _, keep := range []bool{true, false} {
		for depth := uint64(1); depth <= 10; depth++ {
			t.Run(fmt.Sprint(keep, depth), func(t *testing.T) {
				ctx := testContext(t)
				n := start(t, Config{})
				c := n.Client()
				defer c.Close()
				to := crypto.PubkeyToAddress(Account("moved").PublicKey)
				if err := n.Mine(ctx, 11); err != nil {
					t.Fatal(err)
				}
				if err := Fund(ctx, c, big.NewInt(7), to); err != nil {
					t.Fatal(err)
				}
				if err := n.Mine(ctx, depth-1); err != nil { // the payment is in the oldest block that goes
					t.Fatal(err)
				}
				head, err := c.BlockNumber(ctx)
				if err != nil {
					t.Fatal(err)
				}
				var old []*types.Header
				for k := head - depth; k <= head; k++ {
					h, err := c.HeaderByNumber(ctx, new(big.Int).SetUint64(k))
					if err != nil {
						t.Fatal(err)
					}
					old = append(old, h)
				}
				paid, err := c.BlockByNumber(ctx, old[1].Number)
				if err != nil || len(paid.Transactions()) != 1 {
					t.Fatalf("the payment is not in block %d: %v", old[1].Number, err)
				}
				if err := n.Reorg(ctx, depth, keep); err != nil {
					t.Fatal(err)
				}
				if now, err := c.BlockNumber(ctx); err != nil || now != head+1 {
					t.Fatalf("head %d, %v; want %d", now, err, head+1)
				}
				for i, h := range old {
					now, err := c.HeaderByNumber(ctx, h.Number)
					if err != nil {
						t.Fatal(err)
					}
					if same := now.Hash() == h.Hash() && now.MixDigest == h.MixDigest; same != (i == 0) {
						t.Fatalf("block %d of the old branch: %s is now %s", h.Number, h.Hash(), now.Hash())
					}
				}
				want := int64(0)
				if keep {
					want = 7
				}
				if b, err := c.BalanceAt(ctx, to, nil); err != nil || b.Int64() != want {
					t.Fatalf("balance %v, %v; want %d", b, err, want)
				}
				if _, err := c.TransactionReceipt(ctx, paid.Transactions()[0].Hash()); errors.Is(err, ethereum.NotFound) == keep {
					t.Fatalf("receipt: %v", err)
				}
				// Life goes on.
				if err := Fund(ctx, c, big.NewInt(params.Ether), to); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

func TestReorgRefusesWhatItCannot(t *testing.T) {
	n := start(t, Config{})
	for _, depth := range []uint64{0, 1, 100} {
		if err := n.Reorg(t.Context(), depth, true); err == nil {
			t.Errorf("a reorganisation of %d blocks at block 1 passed", depth)
		}
	}
}
