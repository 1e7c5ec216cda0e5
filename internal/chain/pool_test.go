package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// proxy stands before a node and breaks in the ways in which nodes and what stands before them break.
type proxy struct {
	URL  string
	node string
	mu   sync.Mutex
	mode string
	at   uint64 // the head that a late one shows
	lose int    // so many requests are dropped, whatever the mode
	seen map[string]int
}

// The modes of a proxy.
const (
	well, drop, hang, busy, broken, page, otherChain, late, swallow = "well", "drop", "hang", "busy", "broken", "page", "other chain", "late", "swallow"
)

func newProxy(t testing.TB, node string) *proxy {
	p := &proxy{node: node, mode: well, seen: map[string]int{}}
	srv := httptest.NewServer(p)
	t.Cleanup(func() {
		srv.CloseClientConnections() // what hangs
		srv.Close()
	})
	p.URL = srv.URL
	return p
}

func (p *proxy) set(mode string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode = mode
}

func (p *proxy) lag(at uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode, p.at = late, at
}

// loses drops the next n requests.
func (p *proxy) loses(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lose = n
}

// asked is how often a method was asked for since the last time.
func (p *proxy) asked(method string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := p.seen[method]
	p.seen[method] = 0
	return n
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m message
	if err != nil || json.Unmarshal(body, &m) != nil {
		http.Error(w, "bad request", http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	mode, at := p.mode, p.at
	if p.lose > 0 {
		mode, p.lose = drop, p.lose-1
	}
	p.seen[m.Method]++
	p.mu.Unlock()
	answer := func(a message) {
		a.Version, a.ID = "2.0", m.ID
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(a)
	}
	switch {
	case mode == drop:
		c, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			c.Close()
		}
		return
	case mode == hang:
		<-r.Context().Done()
		return
	case mode == busy:
		http.Error(w, `{"error":"slow down"}`, http.StatusTooManyRequests)
		return
	case mode == broken:
		http.Error(w, "upstream is gone", http.StatusBadGateway)
		return
	case mode == page:
		io.WriteString(w, "<html>maintenance</html>")
		return
	case mode == otherChain && m.Method == "eth_chainId":
		answer(message{Result: json.RawMessage(`"0x1"`)})
		return
	case mode == swallow && m.Method == "eth_sendRawTransaction":
		answer(message{Result: json.RawMessage(`"0x` + strings.Repeat("00", 32) + `"`)})
		return
	case mode == late && m.Method == "eth_blockNumber":
		answer(message{Result: json.RawMessage(`"` + hexutil.Uint64(at).String() + `"`)})
		return
	case mode == late && m.Method == "eth_getLogs" && pinned(m) > at: // as some do: there is nothing in blocks that are not there
		answer(message{Result: json.RawMessage("[]")})
		return
	case mode == late && pinned(m) > at:
		answer(message{Error: &wireError{Code: -32000, Message: "header not found"}})
		return
	}
	resp, err := http.Post(p.node, "application/json", bytes.NewReader(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer resp.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	io.Copy(w, resp.Body)
}

// both dials two proxies before nodes, and is told what they log from a level on.
func both(t testing.TB, a, b *proxy) (*Client, *observer.ObservedLogs) {
	t.Helper()
	core, logs := observer.New(zapcore.InfoLevel)
	c, err := Open(t.Context(), DialConfig{URLs: []string{a.URL, b.URL}, ChainID: devchain.ChainID, Log: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, logs
}

// Whatever breaks at the preferred node, reads and transactions go on at the other, and come back when it is well.
func TestAnotherNodeIsAsked(t *testing.T) {
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	c, logs := both(t, a, b)
	s := funded(t, c, "rotating")
	for _, mode := range []string{drop, busy, broken, page, hang} {
		t.Run(mode, func(t *testing.T) {
			ctx := testContext(t)
			a.set(mode)
			b.asked("eth_getBalance")
			turn, cancel := context.WithTimeout(ctx, 4*time.Second) // half of it is for the one that hangs
			_, err := c.BalanceAt(turn, common.Address{1}, nil)
			cancel()
			if err != nil {
				t.Fatal(err)
			}
			if b.asked("eth_getBalance") != 1 {
				t.Fatal("the other node was not asked")
			}
			begin := time.Now()
			if _, err := s.Send(ctx, Call{To: &common.Address{1}, Value: big.NewInt(1)}); err != nil {
				t.Fatal(err)
			}
			if d := time.Since(begin); d > 3*time.Second {
				t.Fatalf("a transaction took %s", d)
			}
			if st := c.Endpoints(); st[0].Usable || st[0].Active || st[0].Problem == "" || !st[1].Active {
				t.Fatalf("%+v", st)
			}
			a.set(well)
			c.pool.mu.Lock()
			c.pool.endpoints[0].until = time.Time{} // its time has come
			c.pool.mu.Unlock()
			c.pool.compare(ctx)
			if st := c.Endpoints(); !st[0].Usable || !st[0].Active {
				t.Fatalf("the preferred node is well, and not asked: %+v", st)
			}
			a.asked("eth_getBalance")
			if _, err := c.BalanceAt(ctx, common.Address{1}, nil); err != nil || a.asked("eth_getBalance") != 1 {
				t.Fatalf("the preferred node is not asked: %v", err)
			}
		})
	}
	if logs.FilterMessageSnippet("another chain RPC endpoint is asked").Len() != 5 || logs.FilterMessageSnippet("asked again").Len() != 5 {
		t.Errorf("%d changes were logged", logs.Len())
	}
}

// What a node says about the question is not a fault: the same question elsewhere has the same answer.
func TestAnswersAreNotFaults(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	c, _ := both(t, a, b)
	s := funded(t, c, "answers")
	tok := token(t, s)
	b.asked("eth_call")
	b.asked("eth_estimateGas")
	if _, err := c.Read(ctx, nil, tok, "transferFrom", common.Address{3}, common.Address{4}, big.NewInt(1)); err == nil {
		t.Fatal("a view that reverts passed")
	}
	if _, err := s.Do(ctx, tok, "transfer", common.Address{1}, big.NewInt(5)); err == nil {
		t.Fatal("a transfer without funds passed")
	}
	if r, ok := errors.AsType[*RevertError](func() error { _, err := s.Do(ctx, tok, "transfer", common.Address{1}, big.NewInt(5)); return err }()); !ok || r.Name != "ERC20InsufficientBalance" {
		t.Fatal("the error of the contract is lost on the way")
	}
	if _, err := c.HeaderByNumber(ctx, big.NewInt(1e9)); !errors.Is(err, ethereum.NotFound) {
		t.Fatalf("a block that nobody has: %v", err)
	}
	if b.asked("eth_call")+b.asked("eth_estimateGas") != 0 {
		t.Fatal("an answer was taken for a fault")
	}
	if st := c.Endpoints(); !st[0].Active || !st[0].Usable || st[0].Failures != 0 {
		t.Fatalf("%+v", st)
	}
}

// A wrong chain is a mistake at the start, and a fault later.
func TestNodeOfAnotherChain(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	b.set(otherChain)
	_, err := Dial(ctx, a.URL+","+b.URL, devchain.ChainID)
	if err == nil || !strings.Contains(err.Error(), b.URL+" serves chain 1, not 31337") {
		t.Fatalf("got %v", err)
	}
	b.set(drop) // it may be down at the start
	c, logs := both(t, a, b)
	b.set(otherChain)
	a.set(drop)
	if _, err := c.BalanceAt(ctx, common.Address{1}, nil); !IsOutage(err) || !strings.Contains(err.Error(), "it serves chain 1, not 31337") {
		t.Fatalf("a node of another chain was asked: %v", err)
	}
	if b.asked("eth_getBalance") != 0 || logs.FilterMessageSnippet("serves another chain").Len() != 1 {
		t.Fatalf("%v", logs.All())
	}
	b.set(well)
	if _, err := c.BalanceAt(ctx, common.Address{1}, nil); err != nil {
		t.Fatal(err)
	}
}

// A node that is behind must not be asked about blocks that it does not have: it may say that there is nothing in them.
func TestNodeThatIsBehind(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	c, _ := both(t, a, b)
	s := funded(t, c, "behind")
	tok := token(t, s)
	old, err := c.BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := s.Do(ctx, tok, "mint", s.Address(), big.NewInt(1)); err != nil {
			t.Fatal(err)
		}
	}
	head, err := c.BlockNumber(ctx)
	if err != nil {
		t.Fatal(err)
	}
	a.lag(old)
	c.pool.mu.Lock()
	c.pool.endpoints[0].head = old
	c.pool.mu.Unlock()
	logs, err := c.Logs(ctx, ethereum.FilterQuery{Addresses: []common.Address{tok.Address}}, old, head)
	if err != nil || len(logs) != 5 {
		t.Fatalf("%d logs, %v; want 5", len(logs), err)
	}
	if out, err := c.Read(ctx, new(big.Int).SetUint64(head), tok, "balanceOf", s.Address()); err != nil || out[0].(*big.Int).Int64() != 5 {
		t.Fatalf("%v, %v; want 5", out, err)
	}
	if now, err := c.BlockNumber(ctx); err != nil || now < head {
		t.Fatalf("block %d, %v: the head went back from %d", now, err, head)
	}
	b.set(drop)
	if now, err := c.BlockNumber(ctx); err == nil {
		t.Fatalf("block %d: an old number instead of an error", now)
	}
	if _, err := c.Logs(ctx, ethereum.FilterQuery{}, old, head); err == nil {
		t.Fatal("logs from a node that does not have the blocks")
	}
}

// Of nodes on different branches most are right.
func TestNodeOnAnotherBranch(t *testing.T) {
	ctx := testContext(t)
	n, fork := startNode(t), startNode(t)
	a, b := newProxy(t, fork.HTTP()), newProxy(t, n.HTTP())
	core, logs := observer.New(zapcore.ErrorLevel)
	c, err := Open(ctx, DialConfig{URLs: []string{a.URL, b.URL, n.HTTP()}, Log: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := errors.Join(n.Mine(ctx, 20), fork.Mine(ctx, 20)); err != nil {
		t.Fatal(err)
	}
	c.pool.compare(ctx)
	if st := c.Endpoints(); st[0].Usable || !st[1].Active || !strings.Contains(st[0].Problem, "its block 9 is") || logs.Len() != 1 {
		t.Fatalf("%+v, %v", st, logs.All())
	}
	a.asked("eth_getBlockByNumber")
	right, err := dial(t, n.HTTP()).HeaderByNumber(ctx, big.NewInt(5))
	if err != nil {
		t.Fatal(err)
	}
	if h, err := c.HeaderByNumber(ctx, big.NewInt(5)); err != nil || h.Hash() != right.Hash() {
		t.Fatalf("the header is another branch's: %v", err)
	}
	b.set(drop) // the third still knows better
	if h, err := c.HeaderByNumber(ctx, big.NewInt(5)); err != nil || h.Hash() != right.Hash() || a.asked("eth_getBlockByNumber") != 0 {
		t.Fatalf("the header is another branch's: %v", err)
	}
}

// A node that keeps a transaction to itself does not hold it up.
func TestTransactionIsOfferedToAll(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	c, _ := both(t, a, b)
	s := funded(t, c, "all")
	s.resend = time.Hour
	a.set(swallow)
	if _, err := s.Send(ctx, Call{To: &common.Address{1}, Value: big.NewInt(1)}); err != nil {
		t.Fatal(err)
	}
	// A refusal counts only if nobody may have taken it.
	poor := newWireTx(t, c)
	if err := c.SendTransaction(ctx, poor); err != nil {
		t.Fatalf("one took it: %v", err)
	}
	a.set(well)
	if err := c.SendTransaction(ctx, poor); refusal(err) != refusedFunds {
		t.Fatalf("both refuse: %v", err)
	}
	a.set(drop)
	if err := c.SendTransaction(ctx, poor); err == nil || refusal(err) != unanswered {
		t.Fatalf("one refuses and one is silent: %v", err)
	}
}

// One error says that nobody answers, without secrets; the next call finds out that somebody does.
// A node that drops some requests is asked again; in an outage, once.
func TestFlakyNodeIsAskedAgain(t *testing.T) {
	n := startNode(t)
	ctx := testContext(t)
	a := newProxy(t, n.HTTP())
	core, logs := observer.New(zapcore.InfoLevel)
	c, err := Open(ctx, DialConfig{URLs: []string{a.URL}, Log: zap.New(core)})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for lost := range repeats + 1 {
		a.asked("eth_getBalance")
		a.loses(lost)
		if _, err := c.BalanceAt(ctx, common.Address{1}, nil); err != nil {
			t.Errorf("%d requests lost: %v", lost, err)
		}
	}
	if logs.Len() != 0 {
		t.Errorf("that is no outage: %v", logs.All())
	}
	a.set(drop)
	if _, err := c.BalanceAt(ctx, common.Address{1}, nil); !IsOutage(err) {
		t.Fatalf("got %v", err)
	}
	a.asked("eth_chainId") // the first question to a node that was away
	began := time.Now()
	if _, err := c.BalanceAt(ctx, common.Address{1}, nil); !IsOutage(err) {
		t.Fatalf("got %v", err)
	}
	if asked, took := a.asked("eth_chainId"), time.Since(began); asked != 1 || took >= firstPause {
		t.Errorf("in an outage it was asked %d times, for %v", asked, took)
	}
	cancelled, cancel := context.WithTimeout(ctx, firstPause/2)
	defer cancel()
	a.set(well)
	if _, err := c.BlockNumber(ctx); err != nil {
		t.Fatal(err)
	}
	a.set(drop)
	if _, err := c.BlockNumber(cancelled); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a reader who has gone: %v", err)
	}
}

func TestOutage(t *testing.T) {
	outage := 200 * time.Millisecond
	if d, err := time.ParseDuration(os.Getenv("POSP_OUTAGE")); err == nil {
		outage = d
	}
	n := startNode(t)
	for _, urls := range []int{1, 2} {
		ctx := testContext(t)
		a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
		core, logs := observer.New(zapcore.InfoLevel)
		c, err := Open(ctx, DialConfig{URLs: []string{a.URL + "/v3/secret", b.URL + "/v3/secret"}[:urls], Log: zap.New(core)})
		if err != nil {
			t.Fatal(err)
		}
		s := funded(t, c, fmt.Sprint("outage ", urls))
		blocks := c.Blocks(ctx)
		last := <-blocks
		a.set(drop)
		b.set(drop)
		_, err = c.BalanceAt(ctx, common.Address{1}, nil)
		if !IsOutage(err) || !strings.Contains(err.Error(), "no chain RPC endpoint answers") || !strings.Contains(err.Error(), "--rpc") || strings.Contains(err.Error(), "secret") {
			t.Fatalf("got %v", err)
		}
		if _, err := c.Logs(ctx, ethereum.FilterQuery{}, 1, 1000); !IsOutage(err) || a.asked("eth_getLogs") > 2 {
			t.Fatalf("an outage is no refusal of a range: %v", err)
		}
		type end struct {
			at  time.Time
			err error
		}
		sent := make(chan end, 1)
		go func() { // as roles do
			for {
				_, err := s.Send(ctx, Call{To: &common.Address{1}, Name: "after the outage"})
				if err == nil || ctx.Err() != nil {
					sent <- end{time.Now(), err}
					return
				}
				time.Sleep(50 * time.Millisecond)
			}
		}()
		time.Sleep(outage)
		if err := n.Mine(ctx, 1); err != nil {
			t.Fatal(err)
		}
		a.set(well)
		b.set(well)
		back := time.Now()
		var head time.Duration
		for {
			if got := <-blocks; got > last {
				head = time.Since(back)
				break
			}
		}
		e := <-sent
		if e.err != nil {
			t.Fatal(e.err)
		}
		t.Logf("%d endpoints, outage %s: head after %s, transaction after %s", urls, outage, head.Round(time.Millisecond), e.at.Sub(back).Round(time.Millisecond))
		if d := e.at.Sub(back); d > 3*time.Second || head > 3*time.Second {
			t.Fatalf("it took %s and %s to go on", head, d)
		}
		if logs.FilterMessageSnippet("no chain RPC endpoint answers").Len() != 1 || logs.FilterMessageSnippet("answers again").Len() != 1 {
			t.Fatalf("%v", logs.All())
		}
		c.Close()
	}
}

func TestFaultsOfNodes(t *testing.T) {
	for _, c := range []struct {
		code int
		text string
		want fault
	}{
		{-32000, "header not found", faultLacking},
		{-32000, "missing trie node 5f (path ) state 0x5f is not available", faultLacking},
		{-32601, "the method eth_getProof does not exist", faultLacking},
		{-32000, "transaction indexing is in progress", faultLacking},
		{-32005, "daily request count exceeded, request rate limited", faultBusy},
		{429, "Your app has exceeded its compute units per second capacity", faultBusy},
		{-32005, "query returned more than 10000 results", faultNone},
		{-32602, "range 1000000 exceeds limit of 10000", faultNone},
		{-32600, "You can make eth_getLogs requests with up to a 500 block range.", faultNone},
		{3, "execution reverted: rate limit", faultNone},
		{-32000, "nonce too low", faultNone},
		{-32000, "insufficient funds for gas * price + value", faultNone},
		{-32000, "already known", faultNone},
	} {
		if got := faultOf(answered{Code: c.code, Message: c.text}); got != c.want {
			t.Errorf("%d %q: %d; want %d", c.code, c.text, got, c.want)
		}
	}
	if got := faultOf(io.EOF); got != faultDown {
		t.Errorf("a connection that ends: %d", got)
	}
}

// A batch is served like its parts, in their order.
func TestPoolServesBatches(t *testing.T) {
	ctx := testContext(t)
	n := startNode(t)
	a, b := newProxy(t, n.HTTP()), newProxy(t, n.HTTP())
	c, _ := both(t, a, b)
	a.set(drop)
	batch := slices.Repeat([]rpc.BatchElem{{Method: "eth_chainId", Result: new(hexutil.Uint64)}}, 3)
	for i := range batch {
		batch[i].Result = new(hexutil.Uint64)
	}
	batch[1].Method = "eth_blockNumber"
	if err := c.Client.Client().BatchCallContext(ctx, batch); err != nil {
		t.Fatal(err)
	}
	if id := *batch[2].Result.(*hexutil.Uint64); id != devchain.ChainID || *batch[1].Result.(*hexutil.Uint64) != 1 || batch[0].Error != nil {
		t.Fatalf("%+v", batch)
	}
}

// said answers every request but that for the chain id with what it was told.
type said struct {
	mu   sync.Mutex
	code int
	body []byte
}

func (s *said) say(code int, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.code, s.body = code, body
}

func (s *said) RoundTrip(r *http.Request) (*http.Response, error) {
	var m message
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return nil, err
	}
	s.mu.Lock()
	code, body := s.code, bytes.ReplaceAll(s.body, []byte(`"id":1`), append([]byte(`"id":`), m.ID...))
	s.mu.Unlock()
	if m.Method == "eth_chainId" {
		code, body = 200, []byte(`{"jsonrpc":"2.0","id":`+string(m.ID)+`,"result":"0x1"}`)
	}
	return &http.Response{StatusCode: code, Status: http.StatusText(code), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
}

// FuzzAnswer sends arbitrary bytes where a node's answer is expected.
func FuzzAnswer(f *testing.F) {
	f.Add(200, []byte(`{"jsonrpc":"2.0","id":1,"result":"0x5"}`))
	f.Add(200, []byte(`{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"header not found","data":"0x"}}`))
	f.Add(400, []byte(`{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"too wide"}}`))
	f.Add(429, []byte(`slow down`))
	f.Add(200, []byte(`{"jsonrpc":"2.0","id":1,"result":{"number":"0x1","hash":null,"transactions":[null]}}`))
	f.Add(200, []byte(`[`))
	f.Fuzz(func(t *testing.T, code int, answer []byte) {
		if code < 200 || code > 599 {
			code = 200
		}
		// Answers come without a socket and time is the test's own: pauses and
		// deadlines are those of a user, and take none of ours.
		synctest.Test(t, func(t *testing.T) {
			n := &said{code: 200, body: []byte(`{"jsonrpc":"2.0","id":1,"result":"0x1"}`)}
			transport := &http.Transport{}
			transport.RegisterProtocol("http", n)
			c, err := open(t.Context(), DialConfig{URLs: []string{"http://node"}, ChainID: 1}, transport)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			n.say(code, answer)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			// None may panic, and each ends.
			c.BlockNumber(ctx)
			c.FilterLogs(ctx, ethereum.FilterQuery{FromBlock: common.Big1, ToBlock: common.Big1})
			c.HeaderRLP(ctx, 1)
			c.BlockByNumber(ctx, common.Big1)
			c.TransactionReceipt(ctx, common.Hash{})
			if ctx.Err() != nil {
				t.Fatal("an answer held up the caller")
			}
		})
	})
}

// newWireTx is a signed transaction of an account without funds.
func newWireTx(t *testing.T, c *Client) *types.Transaction {
	t.Helper()
	id := new(big.Int).SetUint64(c.ID())
	return types.MustSignNewTx(devchain.Account("penniless"), types.LatestSignerForChainID(id), &types.DynamicFeeTx{ChainID: id, To: &common.Address{1}, Gas: params.TxGas,
		GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(100 * params.GWei)})
}

// A node says of itself what it likes, and that becomes a label, which has to be UTF-8.
func TestVersionsAreText(t *testing.T) {
	long := strings.Repeat("x", 63) + "é"
	node := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		answer := map[string]any{"eth_chainId": hexutil.Uint64(devchain.ChainID), "eth_blockNumber": "0x1", "web3_clientVersion": long}[m.Method]
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": answer})
	}))
	defer node.Close()
	c, err := Open(t.Context(), DialConfig{URLs: []string{node.URL}, ChainID: devchain.ChainID, Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	versions := c.Versions(t.Context())
	for _, v := range versions {
		if v != long[:63] {
			t.Errorf("version %q", v)
		}
	}
	if len(versions) != 1 {
		t.Errorf("%d versions", len(versions))
	}
}
