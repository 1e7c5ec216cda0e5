// Package chain is how the roles talk to an Ethereum chain, any chain: reads pinned to a block, logs in
// ranges, new heads, headers as proofs, transactions that are waited for, and EigenLayer's functions
// that a restaker or a daemon calls.
package chain

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/rpc"
	"go.uber.org/zap"
)

// Client is a connection to one chain, over one node or several. It is safe for concurrent use.
type Client struct {
	*ethclient.Client
	pool    *pool
	stop    context.CancelFunc
	chainID uint64
}

// dialTimeout is how long nodes may take for their first answer.
const dialTimeout = 10 * time.Second

// DialConfig says where a chain is.
type DialConfig struct {
	// URLs of nodes' JSON-RPC (http, https, ws or wss), in the order of preference. The first is asked, and another when
	// it does not answer, asks to be left alone, lags, or is on another branch.
	URLs    []string
	ChainID uint64      // expected; 0 takes any
	Log     *zap.Logger // nil: silence
}

// Dial connects to a node's JSON-RPC, or to several, separated by commas; see Open. want is the expected chain id; 0
// takes any.
func Dial(ctx context.Context, urls string, want uint64) (*Client, error) {
	return Open(ctx, DialConfig{URLs: strings.Split(urls, ","), ChainID: want})
}

// Open connects to a chain and asks for its chain id, so that an unreachable node or a wrong chain is known at once. One
// of several nodes may be unreachable; none may serve another chain. Close ends it.
//
// Every call ends within 10 s for each node; where none answers its error says so, IsOutage knows it, and the next call
// tries again.
func Open(ctx context.Context, cfg DialConfig) (*Client, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16 // several calls are asked at once
	return open(ctx, cfg, transport)
}

func open(ctx context.Context, cfg DialConfig, transport *http.Transport) (*Client, error) {
	if cfg.Log == nil {
		cfg.Log = zap.NewNop()
	}
	p := &pool{want: cfg.ChainID, log: cfg.Log, transport: transport}
	for _, u := range cfg.URLs {
		e, err := parseEndpoint(strings.TrimSpace(u))
		if err != nil {
			return nil, err
		}
		p.endpoints = append(p.endpoints, e)
	}
	if len(p.endpoints) == 0 {
		return nil, errors.New("no chain RPC URL is named: --rpc http://host:port")
	}
	dial, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	if err := p.open(dial); err != nil {
		p.close()
		return nil, err
	}
	front, err := rpc.DialOptions(ctx, "http://"+p.endpoints[0].name[strings.Index(p.endpoints[0].name, "//")+2:], rpc.WithHTTPClient(&http.Client{Transport: p}))
	if err != nil {
		p.close()
		return nil, fmt.Errorf("chain RPC: %w", brief(err))
	}
	watch, stop := context.WithCancel(context.WithoutCancel(ctx))
	if len(p.endpoints) > 1 {
		go p.watch(watch)
	}
	return &Client{Client: ethclient.NewClient(front), pool: p, stop: stop, chainID: p.want}, nil
}

// Close ends all connections.
func (c *Client) Close() {
	c.stop()
	c.Client.Close()
	c.pool.close()
}

// Endpoints is how the nodes stand, in the order of preference.
func (c *Client) Endpoints() []EndpointStatus { return c.pool.status() }

// Observe calls f for each call to a node, with the node's name as Endpoints has
// it, the JSON-RPC method and how long it took. f must not wait. It is for metrics.
func (c *Client) Observe(f func(endpoint, method string, took time.Duration)) {
	c.pool.mu.Lock()
	defer c.pool.mu.Unlock()
	c.pool.observers = append(slices.Clip(c.pool.observers), f)
}

// Versions asks every node that was reached for its name and version, by the
// names that Endpoints has; one that does not say is left out.
func (c *Client) Versions(ctx context.Context) map[string]string {
	c.pool.mu.Lock()
	nodes := map[string]*rpc.Client{}
	for _, e := range c.pool.endpoints {
		if e.rpc != nil {
			nodes[e.name] = e.rpc
		}
	}
	c.pool.mu.Unlock()
	versions := map[string]string{}
	for name, node := range nodes {
		var v string
		ctx, cancel := context.WithTimeout(ctx, callTime)
		if node.CallContext(ctx, &v, "web3_clientVersion") == nil && v != "" {
			versions[name] = strings.ToValidUTF8(v[:min(len(v), 64)], "") // a label of metrics, which panic over others
		}
		cancel()
	}
	return versions
}

// SubscribeNewHead subscribes at the node that is asked now, if its transport can.
func (c *Client) SubscribeNewHead(ctx context.Context, heads chan<- *types.Header) (ethereum.Subscription, error) {
	c.pool.mu.Lock()
	active := c.pool.active.rpc
	c.pool.mu.Unlock()
	return ethclient.NewClient(active).SubscribeNewHead(ctx, heads)
}

// ID is the EIP-155 chain id.
func (c *Client) ID() uint64 { return c.chainID }

// Contract is an address with its interface.
type Contract struct {
	Address common.Address
	ABI     abi.ABI
}

// Call is a transaction to be sent.
type Call struct {
	To    *common.Address // nil creates a contract from Data
	Data  []byte
	Value *big.Int // wei; nil is none
	Gas   uint64   // limit; 0 means estimate

	// Name says what the call does, once and for all: a call of the same name that was executed before is not executed
	// again. It is for what nothing on the chain would refuse a second time, such as a payment. Empty: it may be repeated.
	Name string
}

// Call packs a method of the contract.
func (k Contract) Call(method string, args ...any) (Call, error) {
	data, err := k.ABI.Pack(method, args...)
	if err != nil {
		return Call{}, fmt.Errorf("pack %s: %w", method, err)
	}
	return Call{To: &k.Address, Data: data}, nil
}

// Read calls a view method as of a block (nil: the newest) and returns what it returned. A revert comes
// back as a *RevertError, named when the contract's ABI lists the error.
func (c *Client) Read(ctx context.Context, block *big.Int, k Contract, method string, args ...any) ([]any, error) {
	call, err := k.Call(method, args...)
	if err != nil {
		return nil, err
	}
	out, err := c.CallContract(ctx, ethereum.CallMsg{To: call.To, Data: call.Data}, block)
	if err != nil {
		return nil, fmt.Errorf("read %s of %s: %w", method, k.Address, NewErrors(k.ABI).Decode(err))
	}
	values, err := k.ABI.Unpack(method, out)
	if err != nil {
		if len(out) == 0 {
			return nil, fmt.Errorf("read %s of %s: no such function there, or no contract at that address on chain %d", method, k.Address, c.chainID)
		}
		return nil, fmt.Errorf("read %s of %s: decode answer: %w", method, k.Address, err)
	}
	return values, nil
}

// logStep is how many blocks are asked for at once: public nodes refuse wider ranges.
const logStep = 2000

// Logs returns the logs of blocks from..to, both included, that match the addresses and topics of q, in
// the order of the chain. Logs that a reorganisation removed are not among them. A range that the node refuses, as too
// wide or with too many results, is asked for in smaller parts.
func (c *Client) Logs(ctx context.Context, q ethereum.FilterQuery, from, to uint64) ([]types.Log, error) {
	var all []types.Log
	for step := uint64(logStep); from <= to; {
		end := min(to, from+step-1)
		q.BlockHash, q.FromBlock, q.ToBlock = nil, new(big.Int).SetUint64(from), new(big.Int).SetUint64(end)
		logs, err := c.FilterLogs(ctx, q)
		if err != nil {
			// Nodes refuse in as many words as there are nodes: everything but silence may be a refusal.
			if _, said := errors.AsType[rpc.Error](err); said && !IsOutage(err) && ctx.Err() == nil && end > from {
				step = (end - from + 1) / 2
				continue
			}
			return nil, fmt.Errorf("logs of blocks %d to %d: %w", from, end, err)
		}
		all = append(all, logs...)
		if end == to {
			break
		}
		from, step = end+1, min(step*3/2+1, logStep) // what was refused may have been one full block
	}
	return all, nil
}

// How often Blocks asks for the head where it cannot subscribe, and a guard where it can: a node on this machine, and
// one elsewhere, which may count requests.
const headPollHere, headPoll = 200 * time.Millisecond, time.Second

// Blocks sends the number of the newest block, first the present one and then whenever it has grown. It is
// monotone and may skip: a slow reader gets the newest only. A reorganisation to a lower head is not sent,
// and an unreachable node is asked again, for as long as ctx lives; then the channel is closed.
func (c *Client) Blocks(ctx context.Context) <-chan uint64 {
	out := make(chan uint64)
	go func() {
		defer close(out)
		heads := make(chan *types.Header, 16)
		var broken <-chan error // nil where the transport has no subscriptions: poll
		if sub, err := c.SubscribeNewHead(ctx, heads); err == nil {
			defer sub.Unsubscribe()
			broken = sub.Err()
		}
		tick := time.NewTicker(c.pool.headPoll())
		defer tick.Stop()
		var newest uint64
		var seen, due bool // due: newest has not been sent yet
		poll := func() {
			if n, err := c.BlockNumber(ctx); err == nil && (!seen || n > newest) {
				newest, seen, due = n, true, true
			}
		}
		poll()
		for {
			var send chan<- uint64
			if due {
				send = out
			}
			select {
			case <-ctx.Done():
				return
			case send <- newest:
				due = false
			case h := <-heads:
				if n := h.Number.Uint64(); !seen || n > newest {
					newest, seen, due = n, true, true
				}
			case <-broken:
				broken = nil // go on polling
			case <-tick.C:
				poll()
			}
		}
	}()
	return out
}

// HeaderRLP returns a canonical block's header in RLP, whose keccak is the block hash; contracts read the
// beacon value out of it.
func (c *Client) HeaderRLP(ctx context.Context, number uint64) ([]byte, common.Hash, error) {
	var head struct {
		Hash common.Hash `json:"hash"`
	}
	var raw json.RawMessage
	if err := c.Client.Client().CallContext(ctx, &raw, "eth_getBlockByNumber", hexutil.Uint64(number), false); err != nil {
		return nil, common.Hash{}, fmt.Errorf("header of block %d: %w", number, err)
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil, common.Hash{}, fmt.Errorf("header of block %d: %w", number, ethereum.NotFound)
	}
	var h types.Header
	if err := errors.Join(json.Unmarshal(raw, &head), json.Unmarshal(raw, &h)); err != nil {
		return nil, common.Hash{}, fmt.Errorf("header of block %d: %w", number, err)
	}
	enc, err := rlp.EncodeToBytes(&h)
	if err != nil {
		return nil, common.Hash{}, fmt.Errorf("header of block %d: %w", number, err)
	}
	// A fork with header fields that this build does not know would give another hash.
	if h.Hash() != head.Hash {
		return nil, common.Hash{}, fmt.Errorf("header of block %d does not hash to %s: the chain has a newer header format", number, head.Hash)
	}
	return enc, head.Hash, nil
}
