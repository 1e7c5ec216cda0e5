package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/beacon"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func startNode(t *testing.T) *devchain.Node {
	t.Helper()
	n, err := devchain.Start(devchain.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.Close() })
	return n
}

func dial(t *testing.T, url string) *Client {
	t.Helper()
	c, err := Dial(testContext(t), url, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// funded is the sender of a label, with ether.
func funded(t *testing.T, c *Client, label string) *Sender {
	t.Helper()
	key := devchain.Account(label)
	if err := devchain.Fund(testContext(t), c.Client, big.NewInt(params.Ether), crypto.PubkeyToAddress(key.PublicKey)); err != nil {
		t.Fatal(err)
	}
	return NewSender(c, key, NewErrors(mustABI(t, contracts.DevTokenMetaData.ABI)))
}

func mustABI(t *testing.T, text string) abi.ABI {
	t.Helper()
	a, err := abi.JSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// token deploys a DevToken.
func token(t *testing.T, s *Sender) Contract {
	t.Helper()
	r, err := s.Send(testContext(t), Call{Data: common.FromHex(contracts.DevTokenMetaData.Bin)})
	if err != nil {
		t.Fatal(err)
	}
	return Contract{Address: r.ContractAddress, ABI: mustABI(t, contracts.DevTokenMetaData.ABI)}
}

func TestDialSaysWhatIsWrong(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	if c, err := Dial(ctx, n.WS(), devchain.ChainID); err != nil {
		t.Fatal(err)
	} else if c.Close(); c.ID() != devchain.ChainID {
		t.Fatalf("chain id %d", c.ID())
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	page := httptest.NewServer(http.NotFoundHandler())
	defer page.Close()
	for name, c := range map[string]struct{ url, want string }{
		"nobody listens":       {"http://" + closed.Addr().String() + "/v3/secret", "connection refused"},
		"nobody listens, ws":   {"ws://" + closed.Addr().String() + "/v3/secret", "connection refused"},
		"another chain":        {n.HTTP(), "serves chain 31337, not 1"},
		"a web server":         {page.URL + "/v3/secret", "404"},
		"no scheme":            {"localhost:8545", "http://host:port"},
		"no host":              {"http:///secret", "malformed"},
		"a scheme of no chain": {"ftp://h/secret", `scheme "ftp"`},
	} {
		_, err := Dial(ctx, c.url, 1)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v; want one line with %q", name, err, c.want)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the key in the URL: %v", name, err)
		}
	}
}

func TestReadIsPinnedAndNamesErrors(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	s := funded(t, c, "a")
	tok := token(t, s)
	balance := func(block *big.Int) *big.Int {
		out, err := c.Read(ctx, block, tok, "balanceOf", s.Address())
		if err != nil {
			t.Fatal(err)
		}
		return out[0].(*big.Int)
	}
	if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(5)); err != nil {
		t.Fatal(err)
	}
	head, err := c.BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(6)); err != nil {
		t.Fatal(err)
	}
	if now, then := balance(nil), balance(new(big.Int).SetUint64(head)); now.Int64() != 11 || then.Int64() != 5 {
		t.Fatalf("balance now %s, at block %d %s; want 11 and 5", now, head, then)
	}
	_, err = c.Read(ctx, nil, Contract{common.Address{1, 2}, tok.ABI}, "balanceOf", s.Address())
	if err == nil || !strings.Contains(err.Error(), "no contract at that address") {
		t.Fatalf("reading where nothing is: %v", err)
	}
	_, err = c.Read(ctx, nil, tok, "transferFrom", common.Address{3}, common.Address{4}, big.NewInt(1))
	if r, ok := errors.AsType[*RevertError](err); !ok || r.Name != "ERC20InsufficientAllowance" || len(r.Args) != 3 {
		t.Fatalf("a view that reverts: %v", err)
	}
	if _, err := c.Read(ctx, nil, tok, "balanceOf", "not an address"); err == nil || !strings.Contains(err.Error(), "pack balanceOf") {
		t.Fatalf("an argument that does not fit: %v", err)
	}
}

func TestRevertsThatSolidityRaises(t *testing.T) {
	word := func(n uint64) []byte { return common.BigToHash(new(big.Int).SetUint64(n)).Bytes() }
	reason := append(append(append(common.FromHex("0x08c379a0"), word(32)...), word(2)...), common.RightPadBytes([]byte("no"), 32)...)
	for want, data := range map[string][]byte{
		"execution reverted: Error(no)":         reason,
		"Panic(arithmetic underflow":            append(common.FromHex("0x4e487b71"), word(0x11)...),
		"without a reason":                      nil,
		"that no known interface lists: 0x1234": {0x12, 0x34, 0x56, 0x78, 0x9a},
	} {
		if got := (Errors{}).revert(data).Error(); !strings.Contains(got, want) {
			t.Errorf("%x: %q; want %q", data, got, want)
		}
	}
}

// The header's RLP is what the beacon proof needs: it hashes to the block hash and shows prevrandao.
func TestHeaderProvesPrevRandao(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	if err := n.Mine(ctx, 3); err != nil {
		t.Fatal(err)
	}
	for number := uint64(1); number <= 3; number++ {
		h, err := c.HeaderByNumber(ctx, new(big.Int).SetUint64(number))
		if err != nil {
			t.Fatal(err)
		}
		enc, hash, err := c.HeaderRLP(ctx, number)
		if err != nil || hash != h.Hash() {
			t.Fatalf("header %d: %s, %v; want %s", number, hash, err, h.Hash())
		}
		if got, value, err := beacon.PrevRandao(enc, hash); err != nil || got != number || value != h.MixDigest {
			t.Fatalf("beacon of block %d: block %d, %s, %v; want %s", number, got, value, err, h.MixDigest)
		}
	}
	if _, _, err := c.HeaderRLP(ctx, 5); !errors.Is(err, ethereum.NotFound) {
		t.Fatalf("a block that is not there: %v", err)
	}
}

func TestBlocksAreMonotone(t *testing.T) {
	for _, transport := range []string{"http", "ws"} {
		t.Run(transport, func(t *testing.T) {
			ctx, cancel := context.WithCancel(testContext(t))
			defer cancel()
			n := startNode(t)
			c := dial(t, map[string]string{"http": n.HTTP(), "ws": n.WS()}[transport])
			blocks := c.Blocks(ctx)
			if first := <-blocks; first != 1 {
				t.Fatalf("first block %d; want the present one, 1", first)
			}
			if err := n.Mine(ctx, 50); err != nil {
				t.Fatal(err)
			}
			for last := uint64(1); last < 51; {
				select {
				case b := <-blocks:
					if b <= last {
						t.Fatalf("block %d after %d", b, last)
					}
					last = b
				case <-ctx.Done():
					t.Fatalf("block 51 never came; the last was %d", last)
				}
			}
			cancel()
			for range blocks { // closed once ctx ends
			}
		})
	}
}

// A reorganisation can lower the head for a while; nobody who follows it may be told.
func TestBlocksHideALoweredHead(t *testing.T) {
	c := dial(t, headNode(t, 5, 4, 3, 6))
	blocks := c.Blocks(testContext(t))
	if a, b := <-blocks, <-blocks; a != 5 || b != 6 {
		t.Fatalf("blocks %d, %d; want 5, 6", a, b)
	}
}

func TestLogsOfARangeThatTheNodeRefuses(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	s := funded(t, dial(t, n.HTTP()), "a")
	tok := token(t, s)
	for i := range 6 {
		if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(int64(i))); err != nil {
			t.Fatal(err)
		}
	}
	head, err := dial(t, n.HTTP()).BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	narrow := dial(t, narrowNode(t, n.HTTP(), 2))
	logs, err := narrow.Logs(ctx, ethereum.FilterQuery{Addresses: []common.Address{tok.Address}}, 0, head)
	if err != nil || len(logs) != 6 {
		t.Fatalf("%d logs, %v; want 6", len(logs), err)
	}
	for i := 1; i < len(logs); i++ {
		if logs[i].BlockNumber <= logs[i-1].BlockNumber {
			t.Fatal("logs are out of order or doubled")
		}
	}
	if logs, err := narrow.Logs(ctx, ethereum.FilterQuery{}, head+1, head); err != nil || len(logs) != 0 {
		t.Fatalf("an empty range: %v, %v", logs, err)
	}
}

// A transaction that is lost on the way is sent again with higher fees, under the same nonce.
func TestLostTransactionIsReplaced(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	key := funded(t, c, "a").account
	lossy := &lossy{Client: c.Client}
	s := newSender(lossy, c.ID(), key, SenderConfig{})
	lossy.lose = 1
	done := make(chan error, 1)
	var receipt *types.Receipt
	go func() {
		var err error
		receipt, err = s.Send(ctx, Call{To: &common.Address{9}, Value: big.NewInt(1)})
		done <- err
	}()
	for lossy.lost() == nil {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(50 * time.Millisecond) // it has noted the head
	if err := n.Mine(ctx, stuckBlocks+1); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	tx, _, err := c.TransactionByHash(ctx, receipt.TxHash)
	if err != nil {
		t.Fatal(err)
	}
	old := lossy.lost()
	if tx.Hash() == old.Hash() || tx.Nonce() != old.Nonce() || tx.GasTipCap().Cmp(bump(old.GasTipCap())) < 0 || tx.GasFeeCap().Cmp(bump(old.GasFeeCap())) < 0 {
		t.Fatalf("replacement nonce %d tip %s cap %s of nonce %d tip %s cap %s", tx.Nonce(), tx.GasTipCap(), tx.GasFeeCap(), old.Nonce(), old.GasTipCap(), old.GasFeeCap())
	}
}

// The answer to a send that arrived can be an error; the transaction is waited for all the same, not sent twice.
func TestSendThatTheNodeAlreadyKnows(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	lossy := &lossy{Client: c.Client, twice: true}
	s := newSender(lossy, c.ID(), funded(t, c, "a").account, SenderConfig{})
	if _, err := s.Send(ctx, Call{To: &common.Address{9}, Value: big.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	if b, err := c.BalanceAt(ctx, common.Address{9}, nil); err != nil || b.Int64() != 1 {
		t.Fatalf("balance %v, %v; want 1", b, err)
	}
}

// A receipt can be visible before the head moves; a caller that reads next would miss its own effect.
func TestSendWaitsForTheHead(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	late := &lossy{Client: c.Client, behind: 8}
	s := newSender(late, c.ID(), funded(t, c, "a").account, SenderConfig{})
	r, err := s.Send(ctx, Call{To: &common.Address{9}})
	if err != nil {
		t.Fatal(err)
	}
	if late.head < r.BlockNumber.Uint64() {
		t.Fatalf("returned at head %d; the receipt is of block %d", late.head, r.BlockNumber)
	}
}

// The node may not count what was just sent to it: nonces are counted here too.
func TestNonceOfANodeThatForgets(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	s := newSender(&lossy{Client: c.Client, forgets: true}, c.ID(), funded(t, c, "a").account, SenderConfig{})
	errs := make(chan error, 20)
	for range cap(errs) {
		go func() {
			_, err := s.Send(ctx, Call{To: &common.Address{9}, Value: big.NewInt(1)})
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if b, err := c.BalanceAt(ctx, common.Address{9}, nil); err != nil || b.Int64() != int64(cap(errs)) {
		t.Fatalf("balance %v, %v; want %d", b, err, cap(errs))
	}
}

// Many goroutines share one key: every call lands once, none waits behind a gap, and each sees its effect.
func TestOneKeyManyCallers(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	s := funded(t, c, "a")
	tok := token(t, s)
	const callers = 30
	errs := make(chan error, callers)
	for i := range callers {
		go func() {
			to := common.BigToAddress(big.NewInt(int64(1000 + i)))
			if i%5 == 4 { // a call that is refused takes no nonce
				if _, err := s.Do(ctx, tok, "transfer", to, new(big.Int).Lsh(common.Big1, 200)); err == nil {
					errs <- errors.New("a transfer without funds passed")
					return
				}
				errs <- nil
				return
			}
			if _, err := s.Do(ctx, tok, "mint", to, big.NewInt(int64(i)+1)); err != nil {
				errs <- err
				return
			}
			out, err := c.Read(ctx, nil, tok, "balanceOf", to)
			if err == nil && out[0].(*big.Int).Int64() != int64(i)+1 {
				err = fmt.Errorf("minted %d; balance %s right after", i+1, out[0])
			}
			errs <- err
		}()
	}
	for range callers {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}

func TestSenderSaysWhatIsWrong(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	c := dial(t, n.HTTP())
	s := funded(t, c, "a")
	tok := token(t, s)

	_, err := s.Do(ctx, tok, "transfer", common.Address{1}, big.NewInt(5))
	r, ok := errors.AsType[*RevertError](err)
	if !ok || r.Name != "ERC20InsufficientBalance" || !strings.Contains(err.Error(), "transfer: ") {
		t.Fatalf("got %v; want ERC20InsufficientBalance", err)
	}
	// With the gas given nothing is tried beforehand: it is mined, reverts, and still says why.
	call, err := tok.Call("transfer", common.Address{1}, big.NewInt(5))
	if err != nil {
		t.Fatal(err)
	}
	call.Gas = 100_000
	receipt, err := s.Send(ctx, call)
	if r, ok := errors.AsType[*RevertError](err); !ok || r.Name != "ERC20InsufficientBalance" || receipt == nil || receipt.Status != 0 {
		t.Fatalf("got %v, %v; want a failed receipt and ERC20InsufficientBalance", receipt, err)
	}

	poor := NewSender(c, devchain.Account("poor"), nil)
	if _, err := poor.Send(ctx, Call{To: &common.Address{1}, Gas: params.TxGas}); err == nil || !strings.Contains(err.Error(), poor.Address().Hex()+" cannot pay") {
		t.Fatalf("an account without ether: %v", err)
	}
	// A context that ends while waiting: the hash is named, and the next send is not blocked by it.
	short, cancel := context.WithCancel(ctx)
	lossy := &lossy{Client: c.Client, lose: 1}
	ls := newSender(lossy, c.ID(), s.account, SenderConfig{})
	go func() {
		for lossy.lost() == nil {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	if _, err := ls.Send(short, Call{To: &common.Address{1}}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "0x") {
		t.Fatalf("got %v; want the hash and context canceled", err)
	}
	if _, err := ls.Send(ctx, Call{To: &common.Address{1}}); err != nil {
		t.Fatalf("after a lost transaction: %v", err)
	}
}
