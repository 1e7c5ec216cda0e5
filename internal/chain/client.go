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
	"net/url"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/rpc"
)

// Client is a connection to one chain. It is safe for concurrent use.
type Client struct {
	*ethclient.Client
	chainID uint64
}

// dialTimeout is how long a node may take for its first answer.
const dialTimeout = 10 * time.Second

// Dial connects to a node's JSON-RPC (http, https, ws or wss) and asks for its chain id, so that an
// unreachable node or a wrong chain is known at once. want is the expected chain id; 0 takes any.
func Dial(ctx context.Context, rawURL string, want uint64) (*Client, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" {
		return nil, errors.New("chain RPC URL is malformed: want http://host:port, or https, ws, wss") // may hold a key: not shown
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
	default:
		return nil, fmt.Errorf("chain RPC URL has scheme %q: want http, https, ws or wss", u.Scheme)
	}
	where := u.Scheme + "://" + u.Host // the rest may hold an API key
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	ec, err := ethclient.DialContext(ctx, rawURL)
	if err != nil {
		return nil, fmt.Errorf("chain RPC %s is not reachable: %w", where, brief(err))
	}
	c, err := New(ctx, ec)
	if err != nil {
		ec.Close()
		return nil, fmt.Errorf("chain RPC %s: %w", where, brief(err))
	}
	if want != 0 && c.chainID != want {
		ec.Close()
		return nil, fmt.Errorf("chain RPC %s serves chain %d, not %d", where, c.chainID, want)
	}
	return c, nil
}

// New wraps a connection that is already open, as a node in this process gives one.
func New(ctx context.Context, ec *ethclient.Client) (*Client, error) {
	id, err := ec.ChainID(ctx)
	if err != nil {
		return nil, fmt.Errorf("ask for chain id: %w", err)
	}
	if !id.IsUint64() {
		return nil, fmt.Errorf("chain id %s does not fit 64 bits", id)
	}
	return &Client{Client: ec, chainID: id.Uint64()}, nil
}

// brief drops what an error of the connection should not show: the URL, which may hold a key, and the page
// that a server that is no node answers with.
func brief(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	if h, ok := errors.AsType[rpc.HTTPError](err); ok {
		return fmt.Errorf("no JSON-RPC there: HTTP status %s", h.Status)
	}
	return err
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
	// again. Empty: it may be repeated.
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
// the order of the chain. Logs that a reorganisation removed are not among them.
func (c *Client) Logs(ctx context.Context, q ethereum.FilterQuery, from, to uint64) ([]types.Log, error) {
	var all []types.Log
	for step := uint64(logStep); from <= to; {
		end := min(to, from+step-1)
		q.BlockHash, q.FromBlock, q.ToBlock = nil, new(big.Int).SetUint64(from), new(big.Int).SetUint64(end)
		logs, err := c.FilterLogs(ctx, q)
		if err != nil {
			if ctx.Err() == nil && end > from { // often "too many results": ask for less
				step = (end - from + 1) / 2
				continue
			}
			return nil, fmt.Errorf("logs of blocks %d to %d: %w", from, end, err)
		}
		all = append(all, logs...)
		if end == to {
			break
		}
		from = end + 1
	}
	return all, nil
}

// headPoll is how often Blocks asks for the head where it cannot subscribe, and a guard where it can.
const headPoll = 200 * time.Millisecond

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
		tick := time.NewTicker(headPoll)
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
