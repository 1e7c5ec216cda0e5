package chain

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp/internal/keys"
)

// node is what a Sender needs of a chain.
type node interface {
	PendingNonceAt(context.Context, common.Address) (uint64, error)
	NonceAt(context.Context, common.Address, *big.Int) (uint64, error)
	BalanceAt(context.Context, common.Address, *big.Int) (*big.Int, error)
	HeaderByNumber(context.Context, *big.Int) (*types.Header, error)
	BlockByNumber(context.Context, *big.Int) (*types.Block, error)
	SuggestGasTipCap(context.Context) (*big.Int, error)
	EstimateGas(context.Context, ethereum.CallMsg) (uint64, error)
	CallContract(context.Context, ethereum.CallMsg, *big.Int) ([]byte, error)
	SendTransaction(context.Context, *types.Transaction) error
	TransactionReceipt(context.Context, common.Hash) (*types.Receipt, error)
	BlockNumber(context.Context) (uint64, error)
}

// gasMargin is in per cent over the estimate: state moves between estimate and inclusion.
const gasMargin = 20

// SenderConfig is how transactions of a key are sent. The zero value is what a program wants that ends with its
// transactions, on a chain that is not reorganised.
type SenderConfig struct {
	Errors        Errors      // by which reverts are named
	Journal       Journal     // of this key on this chain; nil: in memory, and forgotten at the end
	Confirmations uint64      // blocks on top of a transaction's own until it is left alone; 0: none
	MaxFee        *big.Int    // wei a unit of gas, tip included; nil: 300 gwei
	LowBalance    *big.Int    // wei below which the alarm is raised; nil: never
	Log           *zap.Logger // nil: silence
}

// Sender executes calls as transactions of one key. It is safe for concurrent use: several calls are in flight at
// once, in the order of their nonces. A key must belong to one Sender only, in one process: another's transactions
// are noticed and cost time, never money.
//
// What was begun is finished, whatever happens to the caller, the process or the chain: an intent and each of its
// transactions are in the journal before a node hears of them; what a reorganisation drops is sent again under the
// same nonce, and a nonce is given up only for a transaction of somebody else that is seen in a settled block.
// So an intent can be late, and is never executed twice.
//
//	sender.go   one call from the caller's side
//	pursue.go   what the chain does with it, and what is to be done then
//	journal.go  what survives a crash
//	fees.go     what is paid
type Sender struct {
	chain   node
	chainID *big.Int
	account keys.Account
	from    common.Address
	cfg     SenderConfig
	journal Journal
	resend  time.Duration // until a transaction is offered to a node again, the first time

	// work is held by who assigns nonces, writes the journal or looks at the chain. It guards what follows.
	work   chan struct{}
	loaded bool   // the flights are those of the journal
	next   uint64 // the nonce after the highest in flight; holds while there is any
	gap    gap
	looked time.Time

	// mu guards the flights and what callers see of them. It is never held over I/O.
	mu      sync.Mutex
	flights []*flight // ascending by nonce
	status  SenderStatus
}

// SenderStatus is for metrics.
type SenderStatus struct {
	Account  common.Address
	Balance  *big.Int // wei, when last looked; nil: not yet
	Low      bool     // the balance is under the alarm
	Open     int      // intents that are not settled
	Waiting  int      // of those, not mined
	Oldest   time.Duration
	Replaced uint64 // transactions sent with higher fees
	Dropped  uint64 // taken out by a reorganisation
	Foreign  uint64 // nonces that another process used
	Capped   bool   // the fees are at the maximum, and not enough
}

// NewSender returns the Sender of a key with an in-memory journal. Reverts are named after the given errors.
func NewSender(c *Client, key *ecdsa.PrivateKey, known Errors) *Sender {
	return OpenSender(c, key, SenderConfig{Errors: known})
}

// OpenSender returns the Sender of a key. Its Run finishes what the journal says was begun, watches what is not settled
// yet, and looks after the balance; without Run that happens while calls are sent.
func OpenSender(c *Client, key *ecdsa.PrivateKey, cfg SenderConfig) *Sender {
	return NewAccountSender(c, keys.NewAccount(key), cfg)
}

// NewAccountSender is OpenSender for an account whose key may be in a signing service.
func NewAccountSender(c *Client, a keys.Account, cfg SenderConfig) *Sender {
	return newSender(c.Client, c.chainID, a, cfg)
}

func newSender(n node, chainID uint64, a keys.Account, cfg SenderConfig) *Sender {
	if cfg.Journal == nil {
		cfg.Journal = newMemory()
	}
	if cfg.MaxFee == nil {
		cfg.MaxFee = defaultMaxFee
	}
	if cfg.Log == nil {
		cfg.Log = zap.NewNop()
	}
	from := a.Address()
	return &Sender{chain: n, chainID: new(big.Int).SetUint64(chainID), account: a, from: from, cfg: cfg, journal: cfg.Journal,
		resend: time.Second, work: make(chan struct{}, 1), status: SenderStatus{Account: from}}
}

// Address is the account that pays.
func (s *Sender) Address() common.Address { return s.from }

// Status is how the sender stands.
func (s *Sender) Status() SenderStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.status
	st.Open = len(s.flights)
	for _, f := range s.flights {
		if f.receipt == nil {
			st.Waiting++
			st.Oldest = max(st.Oldest, time.Since(f.began))
		}
	}
	return st
}

// Send sends one transaction and returns its receipt once it is mined and the node's head is at least at
// its block, so that a read that follows sees its effect. A call that would revert is not sent; one that
// was mined and reverted returns its receipt too. Both errors are a *RevertError inside.
//
// The call is tried on the head before it is sent: what becomes possible only in the next block is refused
// until the head is there.
//
// A call with a name is executed once: if it was sent before, in this process or an earlier one, that transaction's
// receipt is returned, or waited for. Without a name, a call joins an equal one whose caller has gone and that is not
// mined yet, and is otherwise another transaction.
//
// When ctx ends first the transaction may still be mined: the error says its hash, and the sender goes on with it.
func (s *Sender) Send(ctx context.Context, call Call) (*types.Receipt, error) {
	f, receipt, err := s.join(ctx, call)
	if err != nil || receipt != nil {
		return receipt, err
	}
	if f == nil {
		offer, err := s.prepare(ctx, call)
		if err != nil {
			return nil, err
		}
		if f, receipt, err = s.begin(ctx, call, offer); err != nil || receipt != nil {
			return receipt, err
		}
	}
	return s.await(ctx, f)
}

// Do packs a method of a contract and sends it.
func (s *Sender) Do(ctx context.Context, k Contract, method string, args ...any) (*types.Receipt, error) {
	call, err := k.Call(method, args...)
	if err != nil {
		return nil, err
	}
	receipt, err := s.Send(ctx, call)
	if err != nil {
		return receipt, fmt.Errorf("%s: %w", method, err)
	}
	return receipt, nil
}

// Resumed is a transaction that an earlier process sent and did not see mined.
type Resumed struct {
	Call    Call
	Receipt *types.Receipt // nil if nothing of it was mined
	Err     error          // why the call was not executed; nil if it was
}

// Resume finishes what the journal says was begun and is not mined, the oldest first, and says what became of it. A program
// that reads the chain to see what is left to do calls it before: what is on its way is not left to do.
func (s *Sender) Resume(ctx context.Context) (list []Resumed, err error) {
	if err := s.lock(ctx); err != nil {
		return nil, err
	}
	err = s.load(ctx)
	s.mu.Lock()
	flights := slices.Clone(s.flights)
	for _, f := range flights {
		f.callers++
	}
	s.mu.Unlock()
	s.unlock()
	if err != nil {
		return nil, err
	}
	for _, f := range flights {
		r := Resumed{Call: f.Call()}
		if r.Receipt, r.Err = s.await(ctx, f); ctx.Err() != nil {
			return list, r.Err
		}
		list = append(list, r)
	}
	return list, nil
}

// lock takes s.work, or fails when ctx ends.
func (s *Sender) lock(ctx context.Context) error {
	select {
	case s.work <- struct{}{}:
		return nil
	default:
	}
	select {
	case s.work <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sender) unlock() { <-s.work }

// join finds the flight that executes the call already, or the receipt of one that did.
func (s *Sender) join(ctx context.Context, call Call) (*flight, *types.Receipt, error) {
	if err := s.lock(ctx); err != nil {
		return nil, nil, err
	}
	defer s.unlock()
	return s.joinLocked(ctx, call)
}

func (s *Sender) joinLocked(ctx context.Context, call Call) (*flight, *types.Receipt, error) {
	if err := s.load(ctx); err != nil {
		return nil, nil, err
	}
	if err := s.undone(ctx, call); err != nil {
		return nil, nil, err
	}
	if f := s.take(call); f != nil {
		return f, nil, nil
	}
	if call.Name == "" {
		return nil, nil, nil
	}
	done, ok, err := s.journal.Done(ctx, call.Name)
	if err != nil || !ok {
		return nil, nil, err
	}
	return nil, done.Receipt, nil
}

// undone looks whether an equal call's transaction, which was mined and is not
// settled, is still there. Where a reorganisation took it out it is to be joined:
// it comes back, and another one beside it would be paid for and revert.
func (s *Sender) undone(ctx context.Context, call Call) error {
	s.mu.Lock()
	var mined []*flight
	for _, f := range s.flights {
		if call.Name == "" && f.Name == "" && f.callers == 0 && f.receipt != nil && f.Call().same(call) {
			mined = append(mined, f)
		}
	}
	s.mu.Unlock()
	for _, f := range mined {
		r, err := s.find(ctx, f, math.MaxUint64)
		if err != nil {
			return err
		}
		if r == nil {
			s.note(f, sight{})
		}
	}
	return nil
}

// take is the flight that a call may join, with one more caller.
func (s *Sender) take(call Call) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.flights {
		if call.Name != "" && f.Name == call.Name || call.Name == "" && f.Name == "" && f.callers == 0 && f.receipt == nil && f.Call().same(call) {
			f.callers++
			return f
		}
	}
	return nil
}

// offer is what the chain says a call needs.
type offer struct {
	head uint64
	gas  uint64
	fees fees
}

// prepare asks what the call needs; one that would revert, or that the account cannot pay, is an error.
func (s *Sender) prepare(ctx context.Context, call Call) (offer, error) {
	var head *types.Header
	var tip, balance *big.Int
	o := offer{gas: call.Gas}
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		if o.gas == 0 {
			o.gas, err = s.estimate(gctx, call)
		}
		return err
	})
	g.Go(func() (err error) {
		head, tip, err = s.market(gctx)
		return err
	})
	g.Go(func() (err error) {
		balance, err = s.chain.BalanceAt(gctx, s.from, nil)
		return wrapIf("ask for balance", err)
	})
	if err := g.Wait(); err != nil {
		return o, err
	}
	var err error
	if o.fees, err = firstFees(head.BaseFee, tip, s.cfg.MaxFee); err != nil {
		return o, err
	}
	o.head = head.Number.Uint64()
	cost := new(big.Int).Mul(o.fees.cap, new(big.Int).SetUint64(o.gas))
	if call.Value != nil {
		cost.Add(cost, call.Value)
	}
	if balance.Cmp(cost) < 0 {
		return o, fmt.Errorf("account %s cannot pay: it holds %s wei, and %s may be needed: send it ether", s.from, balance, cost)
	}
	return o, nil
}

// estimate is the gas that a call needs, with a margin, and at most what one transaction may use (EIP-7825).
func (s *Sender) estimate(ctx context.Context, call Call) (uint64, error) {
	estimate, err := s.chain.EstimateGas(ctx, s.message(call))
	if err != nil {
		return 0, fmt.Errorf("estimate gas: %w", s.explain(err))
	}
	return min(estimate+estimate*gasMargin/100, max(params.MaxTxGas, estimate)), nil
}

// market is the head, for its base fee, and the tip that the node suggests.
func (s *Sender) market(ctx context.Context) (head *types.Header, tip *big.Int, err error) {
	if head, err = s.chain.HeaderByNumber(ctx, nil); err != nil {
		return nil, nil, fmt.Errorf("read base fee: %w", err)
	}
	if head.BaseFee == nil {
		return nil, nil, errors.New("read base fee: the chain has none (before EIP-1559)")
	}
	if tip, err = s.chain.SuggestGasTipCap(ctx); err != nil {
		return nil, nil, fmt.Errorf("ask for gas tip: %w", err)
	}
	return head, tip, nil
}

func (s *Sender) message(call Call) ethereum.CallMsg {
	return ethereum.CallMsg{From: s.from, To: call.To, Data: call.Data, Value: call.Value}
}

// begin gives the call the next nonce, writes it down and sends it. Nonces and sending share a lock: a gap would
// block everything behind it.
func (s *Sender) begin(ctx context.Context, call Call, o offer) (*flight, *types.Receipt, error) {
	if err := s.lock(ctx); err != nil {
		return nil, nil, err
	}
	defer s.unlock()
	if f, receipt, err := s.joinLocked(ctx, call); f != nil || receipt != nil || err != nil {
		return f, receipt, err
	}
	nonce, err := s.nonce(ctx)
	if err != nil {
		return nil, nil, err
	}
	tx, err := s.sign(ctx, call, nonce, o.gas, o.fees)
	if err != nil {
		return nil, nil, err
	}
	f := &flight{Intent: Intent{Name: call.Name, Nonce: nonce, Since: o.head, Attempts: []Attempt{{Tx: tx}}}, callers: 1}
	offered, err := s.launch(ctx, f, o.head)
	if err != nil {
		return nil, nil, err
	}
	if refusal(offered).final() { // no node has it: the nonce is free
		if err := s.end(ctx, f, Outcome{Failed: offered.Error()}); err != nil {
			return nil, nil, err
		}
		return nil, nil, fmt.Errorf("send transaction: %w", s.explain(offered))
	}
	s.next = nonce + 1
	return f, nil, nil
}

// nonce is the next one. What is in flight the node may not have counted; once nothing is, only it knows.
func (s *Sender) nonce(ctx context.Context) (uint64, error) {
	s.mu.Lock()
	flying := len(s.flights) > 0
	s.mu.Unlock()
	n, err := s.chain.PendingNonceAt(ctx, s.from)
	if err != nil {
		return 0, fmt.Errorf("ask for nonce: %w", err)
	}
	if flying {
		n = max(n, s.next)
	}
	return n, nil
}

func (s *Sender) sign(ctx context.Context, call Call, nonce, gas uint64, f fees) (*types.Transaction, error) {
	return s.account.SignTransaction(ctx, types.NewTx(&types.DynamicFeeTx{
		ChainID: s.chainID, Nonce: nonce, To: call.To, Data: call.Data, Value: call.Value, Gas: gas, GasTipCap: f.tip, GasFeeCap: f.cap,
	}))
}

// await returns what became of a flight. Whoever waits also drives.
func (s *Sender) await(ctx context.Context, f *flight) (*types.Receipt, error) {
	defer s.leave(f)
	pause := 5 * time.Millisecond
	for {
		mined, receipt, err := s.outcome(f)
		if err != nil || receipt != nil {
			return s.result(ctx, f, receipt, err)
		}
		s.drive(ctx, pause)
		select {
		case <-ctx.Done():
			s.mu.Lock()
			newest := f.newest().Tx.Hash()
			s.mu.Unlock()
			return nil, fmt.Errorf("transaction %s is sent but not seen mined: %w", newest, ctx.Err())
		case <-mined:
		case <-time.After(pause):
		}
		pause = min(pause*3/2, 500*time.Millisecond)
	}
}

// result is what a caller is told of a flight that is mined, or that failed without.
func (s *Sender) result(ctx context.Context, f *flight, receipt *types.Receipt, err error) (*types.Receipt, error) {
	if err == nil && receipt.Status != types.ReceiptStatusSuccessful {
		s.mu.Lock()
		call := f.Call()
		s.mu.Unlock()
		err = fmt.Errorf("transaction %s: %w", receipt.TxHash, s.reason(ctx, s.message(call), receipt))
	}
	return receipt, err
}

// reason finds out why a mined transaction reverted, by running it again on the state before its block.
func (s *Sender) reason(ctx context.Context, msg ethereum.CallMsg, r *types.Receipt) error {
	msg.Gas = params.MaxTxGas
	_, err := s.chain.CallContract(ctx, msg, new(big.Int).Sub(r.BlockNumber, common.Big1))
	if err = s.cfg.Errors.Decode(err); err != nil {
		if rev, ok := errors.AsType[*RevertError](err); ok {
			return rev
		}
	}
	return &RevertError{} // it would have passed a block earlier, or the node keeps no such state
}

// explain says what to do about errors that a user meets.
func (s *Sender) explain(err error) error {
	if refusal(err) == refusedFunds {
		return fmt.Errorf("account %s cannot pay for gas: send it ether (%w)", s.from, err)
	}
	return s.cfg.Errors.Decode(err)
}
