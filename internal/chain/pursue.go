package chain

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"go.uber.org/zap"
)

const (
	// A transaction that is next in line and not mined after this many blocks is sent again with higher fees.
	stuckBlocks = 5
	// maxResend is the longest time between two offers of a transaction to a node that does not mine it, in first times.
	maxResend = 30
	// Run looks at the chain every looks while a transaction waits to be mined, every settling while all are mined and
	// one is not settled, and not at all while there is none; and at the balance every balances.
	looks, settling, balances = 500 * time.Millisecond, 4 * time.Second, time.Minute
)

// flight is an intent that has not ended. Its Intent's lists, receipt and failed are guarded by Sender.mu where callers
// read them; all is written under Sender.work.
type flight struct {
	Intent
	callers int
	began   time.Time
	offered time.Time     // to a node, the last time; zero: not by this process
	again   time.Duration // from then to the next time
	at      uint64        // the head when the newest attempt was first offered
	low     bool          // a node said that the fees are too low
	check   bool          // the world may have changed since it was tried: try again before it is offered

	receipt *types.Receipt // of the attempt that is mined at the head
	moot    error          // the revert for which it was cancelled
	failed  error          // it has ended, and this is why it was not executed
	mined   chan struct{}  // closed with receipt or failed
}

func (f *flight) newest() Attempt { return f.Attempts[len(f.Attempts)-1] }

// same says whether two calls would execute the same.
func (c Call) same(d Call) bool {
	value := func(v *big.Int) *big.Int {
		if v == nil {
			return new(big.Int)
		}
		return v
	}
	return (c.To == nil) == (d.To == nil) && (c.To == nil || *c.To == *d.To) && bytes.Equal(c.Data, d.Data) && value(c.Value).Cmp(value(d.Value)) == 0
}

// sight is what the chain says about a flight at one head.
type sight struct {
	head    uint64
	first   bool           // its nonce is the account's next
	used    bool           // its nonce is used at the head
	gone    bool           // its nonce is used at a settled block: no reorganisation gives it back
	receipt *types.Receipt // of one of its attempts, in a block up to the head
	depth   uint64         // blocks to settle
}

// move is what a sight asks for.
type move string

const (
	moveWait  move = "wait"
	moveOffer move = "offer" // to a node: it may never have heard of it, or have forgotten it
	moveBump  move = "bump"  // replace it by one that pays more
	moveEnd   move = "end"   // it is settled
	moveProve move = "prove" // its nonce is gone, and nothing of it is seen mined: find what took the nonce
)

// decide is what to do about a flight. It is pure.
func (f *flight) decide(v sight, now time.Time) move {
	switch {
	case v.used && v.receipt != nil:
		if v.receipt.BlockNumber.Uint64()+v.depth <= v.head {
			return moveEnd
		}
		return moveWait
	case v.used && v.gone:
		return moveProve
	case v.used: // by a transaction of another, or the node does not show ours yet: time tells
		return moveWait
	case f.offered.IsZero():
		return moveOffer
	case v.first && v.head >= f.at+stuckBlocks:
		return moveBump
	case now.Sub(f.offered) < f.again:
		return moveWait
	case v.first && f.low:
		return moveBump
	}
	return moveOffer
}

// Run finishes what was begun, watches over what is not settled, and raises the alarm when the balance is low, until ctx
// ends. What it cannot do now it tries again.
func (s *Sender) Run(ctx context.Context) error {
	var balance time.Time
	for {
		s.drive(ctx, looks)
		if time.Since(balance) >= balances {
			if err := s.watchBalance(ctx); err == nil {
				balance = time.Now()
			}
		}
		pause := looks
		if st := s.Status(); st.Open > 0 && st.Waiting == 0 {
			pause = settling
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

func (s *Sender) watchBalance(ctx context.Context) error {
	b, err := s.chain.BalanceAt(ctx, s.from, nil)
	if err != nil {
		return err
	}
	low := s.cfg.LowBalance != nil && b.Cmp(s.cfg.LowBalance) < 0
	s.mu.Lock()
	was := s.status.Low
	s.status.Balance, s.status.Low = b, low
	s.mu.Unlock()
	switch {
	case low:
		s.cfg.Log.Error("the balance for gas is low: send ether to the account", zap.String("code", "ACCOUNT-BALANCE"), zap.Stringer("account", s.from), zap.Stringer("balance_wei", b), zap.Stringer("alarm_wei", s.cfg.LowBalance))
	case was:
		s.cfg.Log.Info("the balance for gas is sufficient again", zap.Stringer("account", s.from), zap.Stringer("balance_wei", b))
	}
	return nil
}

// drive looks at the chain unless somebody just did or does.
func (s *Sender) drive(ctx context.Context, fresh time.Duration) {
	select {
	case s.work <- struct{}{}:
	default:
		return
	}
	defer s.unlock()
	if time.Since(s.looked) < fresh/2 {
		return
	}
	err := s.load(ctx)
	if err == nil {
		err = s.pursue(ctx)
	}
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Debug("transactions could not be pursued, trying again", zap.Error(err))
	}
	s.looked = time.Now()
}

// load makes the flights those of the journal: at the start, and after an error of the journal.
func (s *Sender) load(ctx context.Context) error {
	if s.loaded {
		return nil
	}
	open, err := s.journal.Open(ctx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.flights
	s.flights = nil
	for _, i := range open {
		k := slices.IndexFunc(old, func(f *flight) bool { return f.ID == i.ID })
		if k < 0 {
			s.flights = append(s.flights, &flight{Intent: i, began: time.Now(), check: true, mined: make(chan struct{})})
			s.cfg.Log.Info("an earlier transaction is not settled: going on with it", zap.Uint64("nonce", i.Nonce), zap.String("name", i.Name))
			continue
		}
		if f := old[k]; len(f.Attempts) != len(i.Attempts) { // one was written although the journal said otherwise
			f.Attempts, f.Nonce, f.offered = i.Attempts, i.Nonce, time.Time{}
		}
		s.flights = append(s.flights, old[k])
		old = slices.Delete(old, k, k+1)
	}
	for _, f := range old { // ended although the journal said otherwise
		if f.receipt == nil && f.failed == nil {
			f.failed = errors.New("the transaction has ended, and the journal did not say how: ask the chain")
			close(f.mined)
		}
	}
	s.next = 0
	for _, f := range s.flights {
		s.next = max(s.next, f.Nonce+1)
	}
	s.loaded = true
	return nil
}

// pursue looks at the chain once and does for every flight what it asks for.
func (s *Sender) pursue(ctx context.Context) error {
	s.mu.Lock()
	flights := slices.Clone(s.flights)
	s.mu.Unlock()
	if len(flights) == 0 {
		return nil
	}
	head, err := s.chain.BlockNumber(ctx)
	if err != nil {
		return fmt.Errorf("read head: %w", err)
	}
	used, err := s.nonceAt(ctx, head)
	if err != nil {
		return err
	}
	settled := used
	if s.cfg.Confirmations > 0 && flights[0].Nonce < used {
		if settled, err = s.nonceAt(ctx, head-min(head, s.cfg.Confirmations)); err != nil {
			return err
		}
	}
	errs := []error{s.fill(ctx, flights, used, head)}
	for _, f := range flights {
		v := sight{head: head, first: f.Nonce == used, used: f.Nonce < used, gone: f.Nonce < settled, depth: s.cfg.Confirmations}
		if v.used {
			if v.receipt, err = s.find(ctx, f, head); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		s.note(f, v)
		if err := s.do(ctx, f, v, f.decide(v, time.Now())); err != nil {
			errs = append(errs, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return errors.Join(errs...)
}

func (s *Sender) nonceAt(ctx context.Context, block uint64) (uint64, error) {
	n, err := s.chain.NonceAt(ctx, s.from, new(big.Int).SetUint64(block))
	return n, wrapIf("read nonce", err)
}

// find is the receipt of the flight's attempt that is mined up to the head; nil if there is none.
func (s *Sender) find(ctx context.Context, f *flight, head uint64) (*types.Receipt, error) {
	for _, a := range slices.Backward(f.Attempts) {
		r, err := s.chain.TransactionReceipt(ctx, a.Tx.Hash())
		switch {
		case errors.Is(err, ethereum.NotFound):
		case err != nil:
			return nil, fmt.Errorf("read receipt: %w", err)
		case r.BlockNumber.Uint64() <= head:
			return r, nil
		}
	}
	return nil, nil
}

// note tells callers what is mined at the head.
func (s *Sender) note(f *flight, v sight) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case v.receipt != nil && f.receipt == nil:
		f.receipt = v.receipt
		close(f.mined)
	case !v.used && f.receipt != nil:
		s.status.Dropped++
		s.cfg.Log.Warn("a reorganisation took a transaction out of the chain", zap.Stringer("transaction", f.receipt.TxHash), zap.Uint64("nonce", f.Nonce), zap.Stringer("block", f.receipt.BlockNumber))
		f.receipt, f.mined, f.offered, f.check = nil, make(chan struct{}), time.Time{}, true
	case v.receipt != nil:
		f.receipt = v.receipt // perhaps of another block
	}
}

func (s *Sender) do(ctx context.Context, f *flight, v sight, m move) error {
	switch m {
	case moveOffer:
		if v.first && f.check {
			if err := s.moot(ctx, f); err != nil {
				return s.cancel(ctx, f, v.head, err)
			}
		}
		err := s.offer(ctx, f, v.head)
		return wrapIf("send transaction", err)
	case moveBump:
		if err := s.moot(ctx, f); err != nil {
			return s.cancel(ctx, f, v.head, err)
		}
		return s.bump(ctx, f, v.head)
	case moveEnd:
		return s.settle(ctx, f, v.receipt)
	case moveProve:
		return s.prove(ctx, f, v.head)
	}
	return nil
}

// moot is the revert with which the flight's call would end now, if it is not cancelled already: what was possible
// when it began, another may have done since. Only the flight that is next can be tried: those behind may need it.
func (s *Sender) moot(ctx context.Context, f *flight) error {
	if f.newest().Cancel {
		return nil
	}
	_, err := s.estimate(ctx, f.Call())
	if _, reverts := errors.AsType[*RevertError](err); reverts {
		return err
	}
	return nil // cannot be told, or it passes
}

// offer sends the newest attempt to a node. What the node says is for the next look at the chain to see; only a final
// refusal of what no node has seen means that it can be given up.
func (s *Sender) offer(ctx context.Context, f *flight, head uint64) error {
	tx := f.newest().Tx
	if f.offered.IsZero() || f.at == 0 {
		f.at, f.again = head, s.resend
	} else {
		f.again = min(2*f.again, maxResend*s.resend)
	}
	f.offered = time.Now()
	err := s.chain.SendTransaction(ctx, tx)
	switch refusal(err) {
	case accepted, refusedKnown:
		f.check = false
		return nil
	case refusedLow:
		f.low = true
	}
	return err
}

// bump replaces the newest attempt by one that pays more.
func (s *Sender) bump(ctx context.Context, f *flight, head uint64) error {
	old := f.newest()
	higher, ok, err := s.higher(ctx, old.Tx)
	if err != nil {
		return err
	}
	s.mu.Lock()
	news := s.status.Capped == ok
	s.status.Capped = !ok
	s.mu.Unlock()
	if !ok {
		if news {
			s.cfg.Log.Error("a transaction is not mined and its fee is at the maximum: wait, or raise the maximum fee", zap.String("code", "TX-FEE-CAPPED"), zap.Stringer("transaction", old.Tx.Hash()), zap.String("max_fee_gwei", gwei(s.cfg.MaxFee)))
		}
		f.at, f.low = head, false
		return s.offer(ctx, f, head)
	}
	tx, err := s.sign(ctx, Call{To: old.Tx.To(), Data: old.Tx.Data(), Value: old.Tx.Value()}, f.Nonce, old.Tx.Gas(), higher)
	if err != nil {
		return err
	}
	if err := s.attempt(ctx, f, Attempt{Tx: tx, Cancel: old.Cancel}); err != nil {
		return err
	}
	s.mu.Lock()
	s.status.Replaced++
	s.mu.Unlock()
	s.cfg.Log.Info("transaction replaced by one that pays more", zap.Stringer("transaction", old.Tx.Hash()), zap.Stringer("by", tx.Hash()), zap.String("fee_gwei", gwei(higher.cap)))
	return s.offer(ctx, f, head)
}

// higher are the fees of a replacement.
func (s *Sender) higher(ctx context.Context, old *types.Transaction) (fees, bool, error) {
	block, tip, err := s.market(ctx)
	if err != nil {
		return fees{}, false, err
	}
	f, ok := bumpedFees(fees{tip: old.GasTipCap(), cap: old.GasFeeCap()}, block.BaseFee, tip, s.cfg.MaxFee)
	return f, ok, nil
}

// cancel takes the flight's nonce with a transaction that does nothing. If an attempt that was sent before is mined all
// the same, that one counts.
func (s *Sender) cancel(ctx context.Context, f *flight, head uint64, reason error) error {
	s.mu.Lock()
	f.moot = reason
	s.mu.Unlock()
	higher, ok, err := s.higher(ctx, f.newest().Tx)
	if err != nil || !ok {
		return errors.Join(err, s.offer(ctx, f, head))
	}
	tx, err := s.sign(ctx, Call{To: &s.from}, f.Nonce, params.TxGas, higher)
	if err != nil {
		return err
	}
	if err := s.attempt(ctx, f, Attempt{Tx: tx, Cancel: true}); err != nil {
		return err
	}
	s.cfg.Log.Info("a call became impossible before it was mined: its nonce is used up", zap.String("name", f.Name), zap.Uint64("nonce", f.Nonce), zap.NamedError("reason", reason))
	return s.offer(ctx, f, head)
}

// attempt writes an attempt down before a node hears of it.
func (s *Sender) attempt(ctx context.Context, f *flight, a Attempt) error {
	if err := s.journal.Attempt(ctx, f.ID, a); err != nil {
		s.loaded = false
		return err
	}
	s.mu.Lock()
	f.Attempts, f.Nonce = append(f.Attempts, a), a.Tx.Nonce()
	s.mu.Unlock()
	f.at, f.low, f.offered = 0, false, time.Time{}
	return nil
}

// settle ends a flight whose receipt no reorganisation takes away.
func (s *Sender) settle(ctx context.Context, f *flight, receipt *types.Receipt) error {
	o := Outcome{Receipt: receipt}
	k := slices.IndexFunc(f.Attempts, func(a Attempt) bool { return a.Tx.Hash() == receipt.TxHash })
	switch {
	case f.Attempts[k].Cancel:
		o.Failed = "it would have reverted, and was cancelled"
	case receipt.Status != types.ReceiptStatusSuccessful:
		o.Failed = "it reverted"
	}
	return s.end(ctx, f, o)
}

// end writes an outcome down and forgets the flight.
func (s *Sender) end(ctx context.Context, f *flight, o Outcome) error {
	if err := s.journal.End(ctx, f.ID, o); err != nil {
		s.loaded = false
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.flights = slices.DeleteFunc(s.flights, func(g *flight) bool { return g == f })
	if o.Receipt == nil {
		if f.failed = f.moot; f.failed == nil {
			f.failed = errors.New(o.Failed)
		}
		close(f.mined)
	}
	return nil
}

// prove finds the transaction that took the flight's nonce in a settled block. Only when that is seen to be somebody
// else's does the flight take another nonce: a node that merely does not show our transaction could make us pay twice.
func (s *Sender) prove(ctx context.Context, f *flight, head uint64) error {
	tx, err := s.consumer(ctx, f.Nonce, f.Since, head-min(head, s.cfg.Confirmations))
	if err != nil {
		return fmt.Errorf("find the transaction with nonce %d of %s: %w", f.Nonce, s.from, err)
	}
	if slices.ContainsFunc(f.Attempts, func(a Attempt) bool { return a.Tx.Hash() == tx.Hash() }) {
		return fmt.Errorf("transaction %s is mined, and the node does not show its receipt", tx.Hash())
	}
	s.mu.Lock()
	s.status.Foreign++
	s.mu.Unlock()
	s.cfg.Log.Error("another program sends transactions with this account's key: give it an account of its own", zap.String("code", "TX-FOREIGN"), zap.Stringer("account", s.from), zap.Stringer("transaction", tx.Hash()), zap.Uint64("nonce", f.Nonce))
	if err := s.moot(ctx, f); err != nil || f.newest().Cancel {
		s.mu.Lock()
		f.moot = cmp.Or(err, f.moot)
		s.mu.Unlock()
		return s.end(ctx, f, Outcome{Failed: fmt.Sprintf("its nonce was another's, and it would revert: %v", err)})
	}
	nonce, err := s.nonce(ctx)
	if err != nil {
		return err
	}
	block, tip, err := s.market(ctx)
	if err != nil {
		return err
	}
	first, err := firstFees(block.BaseFee, tip, s.cfg.MaxFee)
	if err != nil {
		return err
	}
	call := f.Call()
	again, err := s.sign(ctx, call, nonce, call.Gas, first)
	if err != nil {
		return err
	}
	if err := s.attempt(ctx, f, Attempt{Tx: again}); err != nil {
		return err
	}
	s.next = nonce + 1
	s.sort()
	return s.offer(ctx, f, head)
}

// consumer is the account's transaction with a nonce that is used at block hi and was not at lo.
func (s *Sender) consumer(ctx context.Context, nonce, lo, hi uint64) (*types.Transaction, error) {
	if n, err := s.nonceAt(ctx, lo); err != nil {
		return nil, err
	} else if n > nonce { // the head was a late one when the intent began
		lo = 0
	}
	for lo+1 < hi {
		mid := lo + (hi-lo)/2
		n, err := s.nonceAt(ctx, mid)
		if err != nil {
			return nil, err
		}
		if n > nonce {
			hi = mid
		} else {
			lo = mid
		}
	}
	block, err := s.chain.BlockByNumber(ctx, new(big.Int).SetUint64(hi))
	if err != nil {
		return nil, err
	}
	signer := types.LatestSignerForChainID(s.chainID)
	for _, tx := range block.Transactions() {
		if from, err := types.Sender(signer, tx); err == nil && from == s.from && tx.Nonce() == nonce {
			return tx, nil
		}
	}
	return nil, fmt.Errorf("block %d does not hold it", hi)
}

// fill closes a gap: nonces below those in flight that nobody uses, as when a reorganisation takes another process's
// transaction away for good. What is in flight would wait behind them for ever. A transaction that does nothing takes
// the first, once the gap has stood for some blocks.
func (s *Sender) fill(ctx context.Context, flights []*flight, used, head uint64) error {
	k := slices.IndexFunc(flights, func(f *flight) bool { return f.Nonce >= used })
	if k < 0 || flights[k].Nonce == used {
		s.gap = gap{}
		return nil
	}
	if s.gap.since == 0 || s.gap.nonce != used {
		s.gap = gap{nonce: used, since: head}
	}
	if head < s.gap.since+stuckBlocks {
		return nil
	}
	block, tip, err := s.market(ctx)
	if err != nil {
		return err
	}
	pays, err := firstFees(block.BaseFee, tip, s.cfg.MaxFee)
	if err != nil {
		return err
	}
	tx, err := s.sign(ctx, Call{To: &s.from}, used, params.TxGas, pays)
	if err != nil {
		return err
	}
	s.cfg.Log.Warn("a nonce is used by nobody and holds up those behind it: it is used up", zap.Stringer("account", s.from), zap.Uint64("nonce", used))
	_, err = s.launch(ctx, &flight{Intent: Intent{Nonce: used, Since: head, Attempts: []Attempt{{Tx: tx, Cancel: true}}}}, head)
	return err
}

// gap is a nonce that nobody uses, and the head at which that was first seen; none if since is 0.
type gap struct{ nonce, since uint64 }

// launch writes a flight down and offers its transaction. An error of the node is offered; every other means that the
// flight may exist or not, as the journal will say.
func (s *Sender) launch(ctx context.Context, f *flight, head uint64) (offered, err error) {
	f.began, f.mined = time.Now(), make(chan struct{})
	if err := s.journal.Begin(ctx, &f.Intent); err != nil {
		s.loaded = false
		return nil, err
	}
	// From here on it may be mined, whatever becomes of this process.
	s.add(f)
	return s.offer(ctx, f, head), nil
}

func (s *Sender) add(f *flight) {
	s.mu.Lock()
	s.flights = append(s.flights, f)
	s.mu.Unlock()
	s.sort()
}

func (s *Sender) sort() {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortFunc(s.flights, func(a, b *flight) int { return int(int64(a.Nonce) - int64(b.Nonce)) })
}

func (s *Sender) leave(f *flight) {
	s.mu.Lock()
	f.callers--
	s.mu.Unlock()
}

// outcome is what is known of a flight: the channel is closed when there is more.
func (s *Sender) outcome(f *flight) (mined <-chan struct{}, receipt *types.Receipt, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.receipt != nil {
		k := slices.IndexFunc(f.Attempts, func(a Attempt) bool { return a.Tx.Hash() == f.receipt.TxHash })
		if f.Attempts[k].Cancel {
			return nil, nil, fmt.Errorf("it became impossible before it was mined, and transaction %s took its nonce: %w", f.receipt.TxHash, cmp.Or(f.moot, error(&RevertError{})))
		}
	}
	return f.mined, f.receipt, f.failed
}
