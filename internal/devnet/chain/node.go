// Package chain is an Ethereum node inside this process, for devnets and tests: go-ethereum's own
// chain, transaction pool and JSON-RPC, with blocks sealed on demand in place of a consensus client.
//
// Wallets, cast and other processes connect to it as to any node. It is not a toy EVM: gas, forks,
// transaction caps, receipts, subscriptions and tracers are go-ethereum's.
package chain

import (
	"context"
	"crypto/ecdsa"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/eth/tracers"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"go.uber.org/zap"
)

// ChainID is the chain id of a devnet unless its Config says another. anvil uses the same.
const ChainID = 31337

// gasLimit is the gas limit of every block. One transaction may use 2^24 of it (EIP-7825).
const gasLimit = 60_000_000

// Config says what chain to run. The zero value is an in-memory chain on any free loopback port.
type Config struct {
	// ChainID is the EIP-155 chain id; 0 means 31337.
	ChainID uint64
	// Port is the loopback TCP port for HTTP and WebSocket; 0 means any free one.
	Port int
	// DataDir keeps the chain between runs; empty means in memory. A directory belongs to one
	// chain id and one node at a time.
	DataDir string
	// Interval also mines a block every so often, empty or not; 0 mines on transactions only.
	// Block timestamps are whole seconds and rise, so below a second chain time outruns the clock.
	Interval time.Duration
	// Log receives what goes wrong while mining; nil means silence.
	Log *zap.Logger
}

// Node is a running chain. It is safe for concurrent use.
//
// It is a Start/Close pair and not a Run(ctx): whoever starts a chain needs its address before
// anything else can be wired, and tests want it up when the call returns.
type Node struct {
	stack  *node.Node
	eth    *eth.Ethereum
	beacon *catalyst.SimulatedBeacon
	log    *zap.Logger

	// mu serialises everything that synchronises the transaction pool or seals a block.
	mu sync.Mutex

	live context.Context // until Close
	stop context.CancelFunc
	done sync.WaitGroup
	once sync.Once
	err  error
}

// Start brings the chain up and returns once it answers on its port. A fresh chain stands at block 1.
func Start(cfg Config) (*Node, error) {
	if cfg.ChainID == 0 {
		cfg.ChainID = ChainID
	}
	if cfg.Port < 0 || cfg.Port > 65535 {
		return nil, fmt.Errorf("devnet chain: port %d is not in 0..65535", cfg.Port)
	}
	if cfg.Log == nil {
		cfg.Log = zap.NewNop()
	}
	stack, err := node.New(&node.Config{
		Name:     "posp-devnet",
		DataDir:  cfg.DataDir,
		DBEngine: "pebble",
		P2P:      p2p.Config{NoDiscovery: true, NoDial: true},
		HTTPHost: "127.0.0.1",
		HTTPPort: cfg.Port,
		WSHost:   "127.0.0.1",
		WSPort:   cfg.Port,
		// Only names that mean this machine: a page in a browser must not reach the node by DNS rebinding.
		HTTPVirtualHosts:     []string{"localhost"},
		HTTPModules:          []string{"eth", "net", "web3", "debug", "txpool", "evm", "anvil"},
		WSModules:            []string{"eth", "net", "web3", "debug", "txpool", "evm", "anvil"},
		HTTPTimeouts:         rpc.DefaultHTTPTimeouts,
		BatchRequestLimit:    node.DefaultConfig.BatchRequestLimit,
		BatchResponseMaxSize: node.DefaultConfig.BatchResponseMaxSize,
	})
	if err != nil {
		if errors.Is(err, node.ErrDatadirUsed) {
			return nil, fmt.Errorf("devnet chain: data directory %s is in use by another process: stop it or choose another", cfg.DataDir)
		}
		return nil, fmt.Errorf("devnet chain: %w", err)
	}
	n := &Node{stack: stack, log: cfg.Log}
	n.live, n.stop = context.WithCancel(context.Background())
	if err := n.start(cfg); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

func (n *Node) start(cfg Config) error {
	var err error
	if n.eth, err = eth.New(n.stack, ethConfig(cfg)); err != nil {
		return fmt.Errorf("devnet chain: open chain %d in %s: %w", cfg.ChainID, orMemory(cfg.DataDir), err)
	}
	backend := n.eth.APIBackend
	n.stack.RegisterAPIs(tracers.APIs(backend))
	n.stack.RegisterAPIs([]rpc.API{
		{Namespace: "eth", Service: filters.NewFilterAPI(filters.NewFilterSystem(backend, filters.Config{}))},
		{Namespace: "eth", Service: &sendAPI{n}}, // after eth.New's, so it replaces eth_sendRawTransaction
		{Namespace: "evm", Service: &evmAPI{n}},
		{Namespace: "anvil", Service: &anvilAPI{n}},
	})
	if err := n.stack.Start(); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("devnet chain: port %d is in use: stop what listens there or choose another port", cfg.Port)
		}
		return fmt.Errorf("devnet chain: start: %w", err)
	}
	if n.beacon, err = catalyst.NewSimulatedBeacon(0, common.Address{}, n.eth); err != nil {
		return fmt.Errorf("devnet chain: start block production: %w", err)
	}
	if err := n.openIndex(); err != nil {
		return err
	}
	wake := make(chan struct{}, 1)
	n.done.Go(func() { n.watchPool(n.live, wake) })
	n.done.Go(func() { n.mineLoop(n.live, wake, cfg.Interval) })
	return nil
}

// openIndex mines block 1 on a fresh chain and waits for the transaction index. Until there is one,
// go-ethereum answers a question for a receipt with an error where "not yet" is right, and cast gives up.
func (n *Node) openIndex() error {
	if n.eth.BlockChain().CurrentBlock().Number.Sign() == 0 {
		n.mu.Lock()
		err := n.seal()
		n.mu.Unlock()
		if err != nil {
			return err
		}
	}
	for range 1000 {
		if n.eth.BlockChain().TxIndexDone() {
			return nil
		}
		time.Sleep(time.Millisecond)
	}
	return errors.New("devnet chain: the transaction index was not ready within a second")
}

func orMemory(dir string) string {
	if dir == "" {
		return "memory"
	}
	return dir
}

// ethConfig is an archive node with small caches: every past state stays readable, since auditors and
// stake reads pin old blocks, and several nodes fit in one process.
func ethConfig(cfg Config) *ethconfig.Config {
	rules := *params.AllDevChainProtocolChanges
	rules.ChainID = new(big.Int).SetUint64(cfg.ChainID)
	// Bogota (and whatever follows Osaka) reprices gas: leaving it on would make measurements
	// worthless for mainnet.
	rules.AmsterdamTime, rules.BogotaTime = nil, nil

	faucet := crypto.PubkeyToAddress(Faucet().PublicKey)
	genesis := core.DeveloperGenesisBlock(gasLimit, nil)
	genesis.Config = &rules
	// Put the chain id into the genesis hash, so that one chain's directory is refused by another.
	genesis.ExtraData = binary.BigEndian.AppendUint64(nil, cfg.ChainID)
	genesis.Alloc[faucet] = types.Account{Balance: new(big.Int).Mul(big.NewInt(1e9), big.NewInt(params.Ether))}

	c := ethconfig.Defaults
	c.Genesis = genesis
	c.SyncMode = ethconfig.FullSync
	c.StateScheme = rawdb.HashScheme
	c.NoPruning = true
	c.LogNoHistory = true // scan blocks for logs: an index is slower on a short chain
	c.DatabaseCache, c.TrieCleanCache, c.TrieDirtyCache, c.SnapshotCache = 32, 16, 16, 0
	c.DatabaseHandles = 64
	c.RPCTxFeeCap = 0
	c.TxPool.NoLocals = true
	c.TxPool.Journal = ""
	// The pool's floor and the miner's must agree, or a transaction between them would wait for ever.
	c.TxPool.PriceLimit = 1
	c.Miner.GasPrice = big.NewInt(1)
	c.Miner.GasCeil = gasLimit
	c.TxPool.AccountSlots, c.TxPool.AccountQueue = 4096, 4096
	return &c
}

// watchPool sets wake after every new transaction. It must never wait for anything: the pool announces
// transactions inside its own reset, so a subscriber that waited for mu would hang whoever holds mu
// and waits for that reset in TxPool.Sync.
func (n *Node) watchPool(ctx context.Context, wake chan<- struct{}) {
	txs := make(chan core.NewTxsEvent, 16)
	sub := n.eth.TxPool().SubscribeTransactions(txs, true)
	defer sub.Unsubscribe()
	for {
		select {
		case <-ctx.Done():
			return
		case <-txs:
			select {
			case wake <- struct{}{}:
			default: // a wake-up is already due
			}
		}
	}
}

// mineLoop seals a block whenever the pool holds something to include, and on every tick.
func (n *Node) mineLoop(ctx context.Context, wake <-chan struct{}, interval time.Duration) {
	var tick <-chan time.Time
	if interval > 0 {
		t := time.NewTicker(interval)
		defer t.Stop()
		tick = t.C
	}
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-tick:
			err = n.Mine(ctx, 1)
		case <-wake:
			err = n.minePending(ctx)
		}
		if err != nil && ctx.Err() == nil {
			n.log.Error("mine block", zap.Error(err))
		}
	}
}

// minePending seals blocks until the pool has nothing executable, or until what is left cannot be
// included at today's base fee (it waits for a later block).
func (n *Node) minePending(ctx context.Context) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.eth.TxPool().Sync(); err != nil {
		return err
	}
	for pending, _ := n.eth.TxPool().Stats(); pending > 0 && ctx.Err() == nil; {
		if err := n.seal(); err != nil {
			return err
		}
		if err := n.eth.TxPool().Sync(); err != nil {
			return err
		}
		left, _ := n.eth.TxPool().Stats()
		if left >= pending && len(n.eth.BlockChain().GetBlockByHash(n.eth.BlockChain().CurrentBlock().Hash()).Transactions()) == 0 {
			return nil
		}
		pending = left
	}
	return nil
}

// Mine seals count blocks one after another, each with whatever is pending, most often nothing.
func (n *Node) Mine(ctx context.Context, count uint64) error {
	for range count {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n.live.Err() != nil { // a long request must not hold up Close
			return errors.New("devnet chain: closed")
		}
		n.mu.Lock()
		err := n.seal()
		n.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// Reorg replaces the newest depth blocks by depth+1 others, as a chain does whose proposers saw blocks late: beacon values,
// hashes and times differ, and the head is one higher afterwards. With keep, the transactions of the old blocks are
// mined again where they still can be; else they are forgotten, as nodes forget what pays too little. What had been
// pending is treated alike.
func (n *Node) Reorg(ctx context.Context, depth uint64, keep bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	bc := n.eth.BlockChain()
	head := bc.CurrentBlock().Number.Uint64()
	if depth == 0 || depth >= head {
		return fmt.Errorf("devnet chain: reorganise %d blocks: at block %d it must be 1 to %d", depth, head, head-1)
	}
	parent := bc.GetBlockByNumber(head - depth)
	if parent == nil {
		return fmt.Errorf("devnet chain: block %d is missing", head-depth)
	}
	if _, err := bc.SetCanonical(parent); err != nil {
		return fmt.Errorf("devnet chain: reorganise %d blocks: %w", depth, err)
	}
	if err := n.eth.TxPool().Sync(); err != nil {
		return err
	}
	if !keep {
		n.eth.TxPool().Clear()
	}
	for range depth + 1 {
		if err := n.seal(); err != nil {
			return err
		}
	}
	return nil
}

// seal makes one block with a fresh random prevrandao. The caller holds mu. SimulatedBeacon only logs
// its errors, so success is read off the chain.
func (n *Node) seal() error {
	before := n.eth.BlockChain().CurrentBlock().Number.Uint64()
	n.beacon.Commit()
	if after := n.eth.BlockChain().CurrentBlock().Number.Uint64(); after != before+1 {
		return fmt.Errorf("devnet chain: block %d was not sealed", before+1)
	}
	return nil
}

// HTTP is the URL of the JSON-RPC server, as http://127.0.0.1:port.
func (n *Node) HTTP() string { return n.stack.HTTPEndpoint() }

// WS is the URL of the WebSocket JSON-RPC server, as ws://127.0.0.1:port.
func (n *Node) WS() string { return n.stack.WSEndpoint() }

// Port is the TCP port the node listens on.
func (n *Node) Port() int {
	_, port, err := net.SplitHostPort(n.stack.HTTPEndpoint()[len("http://"):])
	if err != nil {
		return 0
	}
	p, _ := strconv.Atoi(port)
	return p
}

// Client is a connection inside the process, without a socket. The caller closes it.
func (n *Node) Client() *ethclient.Client { return ethclient.NewClient(n.stack.Attach()) }

// Close stops mining and the servers and, with a data directory, writes the chain out. It may be called twice.
func (n *Node) Close() error {
	n.once.Do(func() {
		n.stop()
		n.done.Wait()
		// go-ethereum's own temporary key directory, empty here, goes first: the servers below can take 5 s to
		// end, and who closes an in-memory chain need not wait for them. Nothing else is ever removed.
		if dir := n.stack.KeyStoreDir(); strings.HasPrefix(filepath.Base(dir), "go-ethereum-keystore") {
			os.RemoveAll(dir)
		}
		if n.beacon != nil {
			n.err = n.beacon.Stop()
		}
		if err := n.stack.Close(); err != nil && !errors.Is(err, node.ErrNodeStopped) {
			n.err = errors.Join(n.err, err)
		}
	})
	return n.err
}

// sendAPI replaces eth_sendRawTransaction. The pool follows the head a moment late, so go-ethereum's own would
// refuse an account that the newest block has just funded, though every read already shows the funds.
type sendAPI struct{ n *Node }

// SendRawTransaction takes a signed transaction into the pool and returns its hash.
func (a *sendAPI) SendRawTransaction(ctx context.Context, input hexutil.Bytes) (common.Hash, error) {
	var tx types.Transaction
	if err := tx.UnmarshalBinary(input); err != nil {
		return common.Hash{}, err
	}
	if !tx.Protected() {
		return common.Hash{}, errors.New("only replay-protected (EIP-155) transactions are taken")
	}
	err := a.n.eth.APIBackend.SendTx(ctx, &tx)
	// The pool can choose its own synchronisation before the news of a head: two may be needed.
	for try := 0; try < 3 && errors.Is(err, core.ErrInsufficientFunds); try++ {
		a.n.mu.Lock()
		err = a.n.eth.TxPool().Sync()
		a.n.mu.Unlock()
		if err == nil {
			err = a.n.eth.APIBackend.SendTx(ctx, &tx)
		}
	}
	if err != nil {
		return common.Hash{}, err
	}
	return tx.Hash(), nil
}

// evmAPI and anvilAPI serve the two mining methods that every development node has, so that a driver
// moves blocks the same way here and on anvil.
type evmAPI struct{ n *Node }

// Mine is evm_mine: one block. The answer is "0x0", as elsewhere.
func (a *evmAPI) Mine(ctx context.Context) (string, error) {
	return "0x0", a.n.Mine(ctx, 1)
}

type anvilAPI struct{ n *Node }

// maxMine bounds one request: a block takes 3 to 12 ms, and the server must answer within 30 s.
const maxMine = 2000

// Mine is anvil_mine(count): count blocks, one when left out.
func (a *anvilAPI) Mine(ctx context.Context, count *hexutil.Uint64) error {
	if count == nil {
		return a.n.Mine(ctx, 1)
	}
	if *count > maxMine {
		return fmt.Errorf("anvil_mine: %d blocks in one request; at most %d", uint64(*count), maxMine)
	}
	return a.n.Mine(ctx, uint64(*count))
}

// Miner moves blocks over JSON-RPC on a development node, this one or anvil.
type Miner struct{ rpc *rpc.Client }

// NewMiner returns a Miner that uses the connection of c.
func NewMiner(c *ethclient.Client) Miner { return Miner{c.Client()} }

// Mine mines count blocks.
func (m Miner) Mine(ctx context.Context, count uint64) error {
	// Anvil slows down more than linearly within one request, and the embedded node cuts a request off after 30
	// seconds, which on a busy machine 250 blocks can take.
	const step = 25
	for count > 0 {
		k := min(count, step)
		if err := m.rpc.CallContext(ctx, nil, "anvil_mine", hexutil.Uint64(k)); err != nil {
			return fmt.Errorf("mine %d blocks: %w", k, err)
		}
		count -= k
	}
	return nil
}

// Faucet is the account that the genesis block funds: 10^9 ether here. It is the first account of anvil
// and Hardhat (10^4 ether there), whose key everybody knows, so one driver runs on all of them.
func Faucet() *ecdsa.PrivateKey {
	key, err := crypto.HexToECDSA("ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
	if err != nil {
		panic(err) // a constant
	}
	return key
}

// Account is the devnet key of a label: the same label gives the same key on every run. Anybody can
// compute it: never use one where value is real.
func Account(label string) *ecdsa.PrivateKey {
	seed := crypto.Keccak256([]byte("posp.devnet.account.v1:"), []byte(label))
	for {
		if key, err := crypto.ToECDSA(seed); err == nil {
			return key
		}
		seed = crypto.Keccak256(seed) // not below the group order: 2^-128
	}
}

// Fund sends amount wei from the faucet to each address and returns once all of it has arrived. Only one
// Fund may run at a time on a chain: the faucet has one nonce.
func Fund(ctx context.Context, c *ethclient.Client, amount *big.Int, to ...common.Address) error {
	if len(to) == 0 {
		return nil
	}
	key := Faucet()
	from := crypto.PubkeyToAddress(key.PublicKey)
	id, err := c.ChainID(ctx)
	if err != nil {
		return fmt.Errorf("fund accounts: %w", err)
	}
	nonce, err := c.PendingNonceAt(ctx, from)
	if err != nil {
		return fmt.Errorf("fund accounts: %w", err)
	}
	head, err := c.HeaderByNumber(ctx, nil)
	if err != nil {
		return fmt.Errorf("fund accounts: %w", err)
	}
	tip := big.NewInt(params.GWei)
	// Hundreds of transfers fill more than one block: leave the base fee room to rise.
	feeCap := new(big.Int).Add(tip, new(big.Int).Mul(head.BaseFee, big.NewInt(10)))
	signer := types.LatestSignerForChainID(id)
	var last common.Hash
	for i, addr := range to {
		tx, err := types.SignNewTx(key, signer, &types.DynamicFeeTx{
			ChainID: id, Nonce: nonce + uint64(i), To: &addr, Value: amount,
			Gas: params.TxGas, GasTipCap: tip, GasFeeCap: feeCap,
		})
		if err != nil {
			return fmt.Errorf("fund %s: %w", addr, err)
		}
		if err := c.SendTransaction(ctx, tx); err != nil {
			return fmt.Errorf("fund %s: %w", addr, err)
		}
		last = tx.Hash()
	}
	for { // nonces are in order, so the last receipt means all
		receipt, err := c.TransactionReceipt(ctx, last)
		if err == nil {
			// A receipt can be visible a moment before the head moves.
			head, err := c.BlockNumber(ctx)
			if err == nil && head >= receipt.BlockNumber.Uint64() {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("fund accounts: %w", ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}
