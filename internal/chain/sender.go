package chain

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

// node is what a Sender needs of a chain.
type node interface {
	PendingNonceAt(context.Context, common.Address) (uint64, error)
	HeaderByNumber(context.Context, *big.Int) (*types.Header, error)
	SuggestGasTipCap(context.Context) (*big.Int, error)
	EstimateGas(context.Context, ethereum.CallMsg) (uint64, error)
	CallContract(context.Context, ethereum.CallMsg, *big.Int) ([]byte, error)
	SendTransaction(context.Context, *types.Transaction) error
	TransactionReceipt(context.Context, common.Hash) (*types.Receipt, error)
	BlockNumber(context.Context) (uint64, error)
}

const (
	gasMargin = 20 // per cent over the estimate: state moves between estimate and inclusion
	// A transaction that is not mined after this many blocks is sent again with higher fees.
	stuckBlocks = 5
)

// Sender sends transactions of one key and waits for them. It is safe for concurrent use: several calls
// are in flight at once, in the order of their nonces. A key must belong to one Sender only, in one process.
type Sender struct {
	chain   node
	chainID *big.Int
	key     *ecdsa.PrivateKey
	from    common.Address
	errors  Errors

	mu     sync.Mutex
	next   uint64 // the nonce after the last one sent; holds while flying > 0
	flying int    // transactions sent and not yet mined or given up
}

// NewSender returns the Sender of a key. Reverts are named after the given errors.
func NewSender(c *Client, key *ecdsa.PrivateKey, known Errors) *Sender {
	return newSender(c.Client, c.chainID, key, known)
}

func newSender(n node, chainID uint64, key *ecdsa.PrivateKey, known Errors) *Sender {
	return &Sender{chain: n, chainID: new(big.Int).SetUint64(chainID), key: key, from: crypto.PubkeyToAddress(key.PublicKey), errors: known}
}

// Address is the account that pays.
func (s *Sender) Address() common.Address { return s.from }

// Send sends one transaction and returns its receipt once it is mined and the node's head is at least at
// its block, so that a read that follows sees its effect. A call that would revert is not sent; one that
// was mined and reverted returns its receipt too. Both errors are a *RevertError inside.
//
// The call is tried on the head before it is sent: what becomes possible only in the next block is refused
// until the head is there.
//
// When ctx ends first the transaction may still be mined: the error says its hash. Callers re-derive what
// is left to do from the chain.
func (s *Sender) Send(ctx context.Context, call Call) (*types.Receipt, error) {
	msg := ethereum.CallMsg{From: s.from, To: call.To, Data: call.Data, Value: call.Value}
	gas := call.Gas
	if gas == 0 {
		estimate, err := s.chain.EstimateGas(ctx, msg)
		if err != nil {
			return nil, fmt.Errorf("estimate gas: %w", s.explain(err))
		}
		gas = min(estimate+estimate*gasMargin/100, max(params.MaxTxGas, estimate))
	}
	tip, feeCap, err := s.fees(ctx)
	if err != nil {
		return nil, err
	}
	tx, err := s.submit(ctx, call, gas, tip, feeCap)
	if err != nil {
		return nil, err
	}
	defer s.landed()
	receipt, err := s.wait(ctx, tx)
	if err != nil {
		return nil, err
	}
	if receipt.Status != types.ReceiptStatusSuccessful {
		return receipt, fmt.Errorf("transaction %s: %w", receipt.TxHash, s.reason(ctx, msg, receipt))
	}
	return receipt, nil
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

// fees are the tip and the fee cap, wei a gas: room for the base fee to double.
func (s *Sender) fees(ctx context.Context) (tip, feeCap *big.Int, err error) {
	head, err := s.chain.HeaderByNumber(ctx, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("read base fee: %w", err)
	}
	if head.BaseFee == nil {
		return nil, nil, errors.New("read base fee: the chain has none (before EIP-1559)")
	}
	if tip, err = s.chain.SuggestGasTipCap(ctx); err != nil {
		return nil, nil, fmt.Errorf("ask for gas tip: %w", err)
	}
	return tip, new(big.Int).Add(tip, new(big.Int).Mul(head.BaseFee, big.NewInt(2))), nil
}

// bump is what a replacement must offer at least: pools ask for a tenth more of both fees.
func bump(fee *big.Int) *big.Int {
	more := new(big.Int).Div(fee, big.NewInt(8))
	return more.Add(more, fee).Add(more, common.Big1)
}

// submit gives the call the next nonce and sends it. Nonces and sending share a lock: a gap would block
// everything behind it.
func (s *Sender) submit(ctx context.Context, call Call, gas uint64, tip, feeCap *big.Int) (*types.Transaction, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	nonce, err := s.chain.PendingNonceAt(ctx, s.from)
	if err != nil {
		return nil, fmt.Errorf("ask for nonce: %w", err)
	}
	// The node may not have counted what was just sent; but once nothing is in flight, only it knows.
	if s.flying > 0 && s.next > nonce {
		nonce = s.next
	}
	tx, err := s.sign(call.To, call.Data, call.Value, nonce, gas, tip, feeCap)
	if err != nil {
		return nil, err
	}
	if err := s.chain.SendTransaction(ctx, tx); err != nil && !known(err) {
		return nil, fmt.Errorf("send transaction: %w", s.explain(err))
	}
	s.next = nonce + 1
	s.flying++
	return tx, nil
}

// known says that the node has the transaction already: an earlier try arrived although its answer did not.
func known(err error) bool { return strings.Contains(err.Error(), "already known") }

func (s *Sender) landed() {
	s.mu.Lock()
	s.flying--
	s.mu.Unlock()
}

func (s *Sender) sign(to *common.Address, data []byte, value *big.Int, nonce, gas uint64, tip, feeCap *big.Int) (*types.Transaction, error) {
	tx, err := types.SignNewTx(s.key, types.LatestSignerForChainID(s.chainID), &types.DynamicFeeTx{
		ChainID: s.chainID, Nonce: nonce, To: to, Data: data, Value: value, Gas: gas, GasTipCap: tip, GasFeeCap: feeCap,
	})
	if err != nil {
		return nil, fmt.Errorf("sign transaction: %w", err)
	}
	return tx, nil
}

// wait returns the receipt of tx, or of a replacement that it had to send.
func (s *Sender) wait(ctx context.Context, tx *types.Transaction) (*types.Receipt, error) {
	sent := []*types.Transaction{tx} // all share one nonce: at most one is mined
	var since uint64                 // head when the newest was sent; 0 is not known yet
	pause := 10 * time.Millisecond
	for {
		head, headErr := s.chain.BlockNumber(ctx)
		for _, tx := range sent {
			// Errors here are the node's: ask again until ctx ends.
			if r, err := s.chain.TransactionReceipt(ctx, tx.Hash()); err == nil && headErr == nil && head >= r.BlockNumber.Uint64() {
				return r, nil
			}
		}
		if headErr == nil {
			switch {
			case since == 0:
				since = head
			case head >= since+stuckBlocks:
				if again, err := s.replace(ctx, sent[len(sent)-1]); err == nil {
					sent = append(sent, again)
				}
				since = head
			}
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("transaction %s is sent but not seen mined: %w", sent[len(sent)-1].Hash(), ctx.Err())
		case <-time.After(pause):
		}
		pause = min(pause*3/2, 500*time.Millisecond)
	}
}

// replace sends the same transaction again with fees that the pool takes for a replacement.
func (s *Sender) replace(ctx context.Context, old *types.Transaction) (*types.Transaction, error) {
	tip, feeCap, err := s.fees(ctx)
	if err != nil {
		return nil, err
	}
	if b := bump(old.GasTipCap()); tip.Cmp(b) < 0 {
		tip = b
	}
	if b := bump(old.GasFeeCap()); feeCap.Cmp(b) < 0 {
		feeCap = b
	}
	tx, err := s.sign(old.To(), old.Data(), old.Value(), old.Nonce(), old.Gas(), tip, feeCap)
	if err != nil {
		return nil, err
	}
	if err := s.chain.SendTransaction(ctx, tx); err != nil && !known(err) {
		return nil, err
	}
	return tx, nil
}

// reason finds out why a mined transaction reverted, by running it again on the state before its block.
func (s *Sender) reason(ctx context.Context, msg ethereum.CallMsg, r *types.Receipt) error {
	msg.Gas = params.MaxTxGas
	_, err := s.chain.CallContract(ctx, msg, new(big.Int).Sub(r.BlockNumber, common.Big1))
	if err = s.errors.Decode(err); err != nil {
		if rev, ok := errors.AsType[*RevertError](err); ok {
			return rev
		}
	}
	return &RevertError{} // it would have passed a block earlier, or the node keeps no such state
}

// explain says what to do about errors that a user meets.
func (s *Sender) explain(err error) error {
	if strings.Contains(err.Error(), "insufficient funds") {
		return fmt.Errorf("account %s cannot pay for gas: send it ether (%w)", s.from, err)
	}
	return s.errors.Decode(err)
}
