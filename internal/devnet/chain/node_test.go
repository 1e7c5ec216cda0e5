package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"
)

func start(t *testing.T, cfg Config) *Node {
	t.Helper()
	n, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func dial(t *testing.T, url string) *ethclient.Client {
	t.Helper()
	c, err := ethclient.Dial(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// A client over HTTP pays somebody; the block comes by itself, with mainnet's gas and a beacon value.
func TestTransferIsMinedOnArrival(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{})
	c := dial(t, n.HTTP())
	id, err := c.ChainID(ctx)
	if err != nil || id.Uint64() != ChainID {
		t.Fatalf("chain id %v, %v", id, err)
	}
	to := crypto.PubkeyToAddress(Account("alice").PublicKey)
	// Unknown is not an error: cast and others ask for a receipt until it is there.
	if _, err := c.TransactionReceipt(ctx, common.Hash{1}); !errors.Is(err, ethereum.NotFound) {
		t.Fatalf("the receipt of nothing: %v; want not found", err)
	}
	if err := Fund(ctx, c, big.NewInt(params.Ether), to); err != nil {
		t.Fatal(err)
	}
	got, err := c.BalanceAt(ctx, to, nil)
	if err != nil || got.Cmp(big.NewInt(params.Ether)) != 0 {
		t.Fatalf("balance %v, %v; want 1 ether", got, err)
	}
	b, err := c.BlockByNumber(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b.NumberU64() != 2 || len(b.Transactions()) != 1 || b.GasUsed() != params.TxGas {
		t.Fatalf("block %d holds %d transactions, %d gas; want block 2, one transaction, 21000", b.NumberU64(), len(b.Transactions()), b.GasUsed())
	}
	if b.Header().MixDigest == (common.Hash{}) || b.Header().Difficulty.Sign() != 0 {
		t.Fatal("the header carries no prevrandao")
	}
}

// Several senders at once with hundreds of transfers: nothing hangs, nothing is left in the pool.
func TestManySendersAtOnce(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{})
	c := n.Client()
	defer c.Close()
	var addrs []common.Address
	for i := range 200 {
		addrs = append(addrs, crypto.PubkeyToAddress(Account(fmt.Sprint("many-", i)).PublicKey))
	}
	var miners sync.WaitGroup
	for range 3 { // mining and automining contend for the pool
		miners.Go(func() {
			if err := n.Mine(ctx, 20); err != nil {
				t.Error(err)
			}
		})
	}
	if err := Fund(ctx, c, big.NewInt(7), addrs...); err != nil {
		t.Fatal(err)
	}
	miners.Wait()
	for _, a := range addrs {
		if b, err := c.BalanceAt(ctx, a, nil); err != nil || b.Cmp(big.NewInt(7)) != 0 {
			t.Fatalf("balance of %s is %v, %v; want 7", a, b, err)
		}
	}
	if head, err := c.BlockNumber(ctx); err != nil || head < 60 {
		t.Fatalf("head %d, %v; want the 60 mined blocks at least", head, err)
	}
}

// What a read shows, a transaction can spend: the pool must not lag behind the head.
func TestFundsCanBeSpentAtOnce(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{})
	c := n.Client()
	defer c.Close()
	signer := types.LatestSignerForChainID(big.NewInt(ChainID))
	for i := range 100 {
		key := Account(fmt.Sprint("spender-", i))
		if err := Fund(ctx, c, big.NewInt(params.Ether), crypto.PubkeyToAddress(key.PublicKey)); err != nil {
			t.Fatal(err)
		}
		tx := types.MustSignNewTx(key, signer, &types.DynamicFeeTx{
			ChainID: big.NewInt(ChainID), To: &common.Address{1}, Value: big.NewInt(1), Gas: params.TxGas, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(2 * params.GWei),
		})
		if err := c.SendTransaction(ctx, tx); err != nil {
			t.Fatalf("account %d, funded in the newest block: %v", i, err)
		}
	}
	poor := types.MustSignNewTx(Account("poor"), signer, &types.DynamicFeeTx{
		ChainID: big.NewInt(ChainID), To: &common.Address{1}, Gas: params.TxGas, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(2 * params.GWei),
	})
	if err := c.SendTransaction(ctx, poor); err == nil || !strings.Contains(err.Error(), "insufficient funds") {
		t.Fatalf("an account without funds: %v", err)
	}
}

// A transaction that offers less than the base fee must wait; it must not make the node spin.
func TestUnderpricedTransactionWaits(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{})
	c := n.Client()
	defer c.Close()
	to := common.Address{1}
	tx := types.MustSignNewTx(Faucet(), types.LatestSignerForChainID(big.NewInt(ChainID)), &types.DynamicFeeTx{
		ChainID: big.NewInt(ChainID), To: &to, Value: big.NewInt(1), Gas: params.TxGas, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(1000),
	})
	if err := c.SendTransaction(ctx, tx); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	if head, err := c.BlockNumber(ctx); err != nil || head > 3 {
		t.Fatalf("head %d, %v: the node spins on a transaction it cannot include", head, err)
	}
	if err := n.Mine(ctx, 120); err != nil { // the base fee falls from a gwei by an eighth a block
		t.Fatal(err)
	}
	if _, err := c.TransactionReceipt(ctx, tx.Hash()); err != nil {
		t.Fatalf("after the base fee fell: %v", err)
	}
}

// The driver's way of moving blocks, and a subscriber that sees every one of them over WebSocket.
func TestMineOverRPCWithSubscriber(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{})
	ws := dial(t, n.WS())
	heads := make(chan *types.Header, 64)
	sub, err := ws.SubscribeNewHead(ctx, heads)
	if err != nil {
		t.Fatal(err)
	}
	defer sub.Unsubscribe()

	h := dial(t, n.HTTP())
	if err := h.Client().CallContext(ctx, nil, "evm_mine"); err != nil {
		t.Fatal(err)
	}
	if err := NewMiner(h).Mine(ctx, 300); err != nil {
		t.Fatal(err)
	}
	seen := map[common.Hash]bool{}
	for want := uint64(2); want <= 302; want++ {
		select {
		case head := <-heads:
			if head.Number.Uint64() != want {
				t.Fatalf("head %d; want %d", head.Number, want)
			}
			if seen[head.MixDigest] {
				t.Fatalf("block %d repeats an earlier prevrandao", head.Number)
			}
			seen[head.MixDigest] = true
		case err := <-sub.Err():
			t.Fatal(err)
		case <-ctx.Done():
			t.Fatalf("block %d never came", want)
		}
	}
	err = h.Client().CallContext(ctx, nil, "anvil_mine", "0xffffffff")
	if err == nil || !strings.Contains(err.Error(), "at most") {
		t.Fatalf("an absurd count gave %v", err)
	}
}

// Chain, state and head survive a restart; the chain goes on where it stood, and past states stay readable.
func TestRestartWithDataDir(t *testing.T) {
	ctx := testContext(t)
	dir := t.TempDir()
	to := crypto.PubkeyToAddress(Account("bob").PublicKey)

	n := start(t, Config{DataDir: dir})
	c := n.Client()
	if err := n.Mine(ctx, 5); err != nil {
		t.Fatal(err)
	}
	if err := Fund(ctx, c, big.NewInt(1), to); err != nil {
		t.Fatal(err)
	}
	old, err := c.HeaderByNumber(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Start(Config{DataDir: dir}); err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Fatalf("a second node on one directory gave %v", err)
	}
	c.Close()
	begin := time.Now()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(begin); d > 2*time.Second {
		t.Fatalf("closing took %s", d)
	}

	n = start(t, Config{DataDir: dir})
	c = n.Client()
	defer c.Close()
	head, err := c.HeaderByNumber(ctx, nil)
	if err != nil || head.Hash() != old.Hash() {
		t.Fatalf("head after restart %v, %v; want %v", head, err, old.Hash())
	}
	if err := Fund(ctx, c, big.NewInt(1), to); err != nil {
		t.Fatal(err)
	}
	if b, err := c.BalanceAt(ctx, to, nil); err != nil || b.Int64() != 2 {
		t.Fatalf("balance %v, %v; want 2", b, err)
	}
	if b, err := c.BalanceAt(ctx, to, old.Number); err != nil || b.Int64() != 1 {
		t.Fatalf("balance at block %d is %v, %v; want 1", old.Number, b, err)
	}
	n.Close()
	if _, err := Start(Config{DataDir: dir, ChainID: 5}); err == nil || !strings.Contains(err.Error(), "genesis") {
		t.Fatalf("another chain's directory gave %v", err)
	}
}

// Ctrl-C ends the node at once, whatever its clients are doing.
func TestCloseWhileBusy(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{Interval: 5 * time.Millisecond})
	ws, h := dial(t, n.WS()), dial(t, n.HTTP())
	if _, err := ws.SubscribeNewHead(ctx, make(chan *types.Header, 10_000)); err != nil {
		t.Fatal(err)
	}
	answer := make(chan error, 1)
	go func() { answer <- h.Client().CallContext(ctx, nil, "anvil_mine", "0x7d0") }() // seconds of work
	time.Sleep(100 * time.Millisecond)
	begin := time.Now()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if d := time.Since(begin); d > 2*time.Second {
		t.Fatalf("closing took %s", d)
	}
	if err := <-answer; err == nil {
		t.Fatal("mining went on to its end")
	}
	if err := n.Mine(ctx, 1); err == nil {
		t.Fatal("a closed node mines")
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Start(Config{Port: l.Addr().(*net.TCPAddr).Port})
	if err == nil || !strings.Contains(err.Error(), "is in use") || strings.Contains(err.Error(), "\n") {
		t.Fatalf("got %v; want one line saying that the port is in use", err)
	}
	if _, err := Start(Config{Port: 70000}); err == nil || !strings.Contains(err.Error(), "70000") {
		t.Fatalf("got %v", err)
	}
}

func TestIntervalMining(t *testing.T) {
	ctx := testContext(t)
	n := start(t, Config{Interval: 20 * time.Millisecond})
	c := n.Client()
	defer c.Close()
	for {
		if head, err := c.BlockNumber(ctx); err != nil {
			t.Fatal(err)
		} else if head >= 3 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestAccountsAreStable(t *testing.T) {
	// The first account of anvil: one driver funds from it on every development chain.
	if got := crypto.PubkeyToAddress(Faucet().PublicKey); got != common.HexToAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266") {
		t.Fatalf("faucet is %s", got)
	}
	if got := crypto.PubkeyToAddress(Account("operator-0").PublicKey); got != common.HexToAddress("0x3Cb26731ab69d6022a37F1233A340129acE41bC8") {
		t.Fatalf("operator-0 is %s", got)
	}
}
