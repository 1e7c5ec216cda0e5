package chain

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// What an operator's way in and out of an AVS consists of: the transactions, as calls that can be shown before
// they are sent, and what EigenLayer says of them.

// Transaction is a call of a contract that says what it does.
type Transaction struct {
	Contract Contract
	Method   string
	Args     []any
}

// Call packs it.
func (t Transaction) Call() (Call, error) { return t.Contract.Call(t.Method, t.Args...) }

// Signature is the function as block explorers write it: name(type,type).
func (t Transaction) Signature() string { return t.Contract.ABI.Methods[t.Method].Sig }

// Inputs are the parameters' names and types, in the order of Args.
func (t Transaction) Inputs() abi.Arguments { return t.Contract.ABI.Methods[t.Method].Inputs }

func (e EigenLayer) call(to common.Address, method string, args ...any) Transaction {
	return Transaction{Contract: at(to), Method: method, Args: args}
}

// Approving lets the StrategyManager take amount base units of the sender's token.
func (e EigenLayer) Approving(token common.Address, amount *big.Int) Transaction {
	return e.call(token, "approve", e.StrategyManager, amount)
}

// Approved is what the StrategyManager may take of the account's token, in base units.
func (e EigenLayer) Approved(ctx context.Context, c *Client, block *big.Int, token, account common.Address) (*big.Int, error) {
	return read[*big.Int](ctx, c, block, token, "allowance", account, e.StrategyManager)
}

// Depositing moves amount base units of the sender's token into the strategy.
func (e EigenLayer) Depositing(strategy, token common.Address, amount *big.Int) Transaction {
	return e.call(e.StrategyManager, "depositIntoStrategy", strategy, token, amount)
}

// Deposited is what the account itself has deposited into the strategy and not withdrawn, in base units of the token; slashes do not
// lower it.
func (e EigenLayer) Deposited(ctx context.Context, c *Client, block *big.Int, account, strategy common.Address) (*big.Int, error) {
	shares, err := read[*big.Int](ctx, c, block, e.StrategyManager, "stakerDepositShares", account, strategy)
	if err != nil {
		return nil, err
	}
	return read[*big.Int](ctx, c, block, strategy, "sharesToUnderlyingView", shares)
}

// Registering makes the sender an operator, to whom anybody may delegate.
func (e EigenLayer) Registering(allocationDelay uint32, metadataURI string) Transaction {
	return e.call(e.DelegationManager, "registerAsOperator", common.Address{}, allocationDelay, metadataURI)
}

// AllocateParams is EigenLayer's struct of a change of allocations.
type AllocateParams struct {
	OperatorSet   OperatorSet      `abi:"operatorSet" json:"operatorSet"`
	Strategies    []common.Address `abi:"strategies" json:"strategies"`
	NewMagnitudes []uint64         `abi:"newMagnitudes" json:"newMagnitudes"`
}

// Allocating lets the set slash magnitude/Wad of the operator's stake in the strategy; 0 takes all of it back.
func (e EigenLayer) Allocating(operator common.Address, set OperatorSet, strategy common.Address, magnitude uint64) Transaction {
	return e.call(e.AllocationManager, "modifyAllocations", operator,
		[]AllocateParams{{set, []common.Address{strategy}, []uint64{magnitude}}})
}

// KeyRegistrationHash is what a BN254 key signs to prove its possession.
func (e EigenLayer) KeyRegistrationHash(ctx context.Context, c *Client, operator common.Address, set OperatorSet, key keys.PublicKey) (common.Hash, error) {
	return read[common.Hash](ctx, c, nil, e.KeyRegistrar, "getBN254KeyRegistrationMessageHash", operator, set, keyData(key))
}

// RegisteringKey registers the operator's BN254 key for the set; proof is the key's signature of
// KeyRegistrationHash.
func (e EigenLayer) RegisteringKey(operator common.Address, set OperatorSet, key keys.PublicKey, proof keys.G1) Transaction {
	sig := proof.Bytes()
	return e.call(e.KeyRegistrar, "registerKey", operator, set, keyData(key), sig[:])
}

// DeregisteringKey takes the operator's key off the set, which is refused while the operator is slashable. The
// same key can never be registered again.
func (e EigenLayer) DeregisteringKey(operator common.Address, set OperatorSet) Transaction {
	return e.call(e.KeyRegistrar, "deregisterKey", operator, set)
}

// RegisterParams is EigenLayer's struct of a registration for operator sets.
type RegisterParams struct {
	AVS            common.Address `abi:"avs" json:"avs"`
	OperatorSetIDs []uint32       `abi:"operatorSetIds" json:"operatorSetIds"`
	Data           []byte         `abi:"data" json:"data"`
}

// Joining makes the operator a member of a set; its AVS can refuse.
func (e EigenLayer) Joining(operator common.Address, set OperatorSet) Transaction {
	return e.call(e.AllocationManager, "registerForOperatorSets", operator, RegisterParams{set.AVS, []uint32{set.ID}, []byte{}})
}

// DeregisterParams is EigenLayer's struct of a departure from operator sets.
type DeregisterParams struct {
	Operator       common.Address `abi:"operator" json:"operator"`
	AVS            common.Address `abi:"avs" json:"avs"`
	OperatorSetIDs []uint32       `abi:"operatorSetIds" json:"operatorSetIds"`
}

// Leaving takes the operator out of a set. It stays slashable for the deallocation delay.
func (e EigenLayer) Leaving(operator common.Address, set OperatorSet) Transaction {
	return e.call(e.AllocationManager, "deregisterFromOperatorSets", DeregisterParams{operator, set.AVS, []uint32{set.ID}})
}

// Allocation is how much of an operator's stake in a strategy a set may slash.
type Allocation struct {
	Magnitude   uint64   // of Wad, now
	PendingDiff *big.Int // added to it at EffectBlock: positive for an allocation, negative for a deallocation; 0 is none
	EffectBlock uint32
}

// Allocation reads what a set may slash of the operator's stake.
func (e EigenLayer) Allocation(ctx context.Context, c *Client, block *big.Int, operator common.Address, set OperatorSet, strategy common.Address) (Allocation, error) {
	out, err := c.Read(ctx, block, at(e.AllocationManager), "getAllocation", operator, set, strategy)
	if err != nil {
		return Allocation{}, err
	}
	v := *abi.ConvertType(out[0], new(struct {
		CurrentMagnitude uint64
		PendingDiff      *big.Int
		EffectBlock      uint32
	})).(*struct {
		CurrentMagnitude uint64
		PendingDiff      *big.Int
		EffectBlock      uint32
	})
	return Allocation{Magnitude: v.CurrentMagnitude, PendingDiff: v.PendingDiff, EffectBlock: v.EffectBlock}, nil
}

// AllocationDelay is how many blocks after a new allocation it can be slashed, and counts; set is false until an
// operator's first delay is in force.
func (e EigenLayer) AllocationDelay(ctx context.Context, c *Client, block *big.Int, operator common.Address) (delay uint32, set bool, err error) {
	out, err := c.Read(ctx, block, at(e.AllocationManager), "getAllocationDelay", operator)
	if err != nil {
		return 0, false, err
	}
	return out[1].(uint32), out[0].(bool), nil
}

// Allocatable is the magnitude of the operator's stake in the strategy that no set holds, of MaxMagnitude.
func (e EigenLayer) Allocatable(ctx context.Context, c *Client, block *big.Int, operator, strategy common.Address) (uint64, error) {
	return read[uint64](ctx, c, block, e.AllocationManager, "getAllocatableMagnitude", operator, strategy)
}

// MaxMagnitude is what slashes have left of Wad.
func (e EigenLayer) MaxMagnitude(ctx context.Context, c *Client, block *big.Int, operator, strategy common.Address) (uint64, error) {
	return read[uint64](ctx, c, block, e.AllocationManager, "getMaxMagnitude", operator, strategy)
}

// IsSlashable says whether the set can slash the operator: it is a member, or left less than the deallocation
// delay ago.
func (e EigenLayer) IsSlashable(ctx context.Context, c *Client, block *big.Int, operator common.Address, set OperatorSet) (bool, error) {
	return read[bool](ctx, c, block, e.AllocationManager, "isOperatorSlashable", operator, set)
}

// Delays are EigenLayer's, in blocks.
type Delays struct {
	Deallocation  uint32 `json:"deallocation"`  // until what is taken from a set is safe from it
	Configuration uint32 `json:"configuration"` // until a changed allocation delay is in force
	Withdrawal    uint32 `json:"withdrawal"`
}

// Delays reads the deployment's.
func (e EigenLayer) Delays(ctx context.Context, c *Client, block *big.Int) (d Delays, err error) {
	if d.Deallocation, err = read[uint32](ctx, c, block, e.AllocationManager, "DEALLOCATION_DELAY"); err != nil {
		return d, err
	}
	if d.Configuration, err = read[uint32](ctx, c, block, e.AllocationManager, "ALLOCATION_CONFIGURATION_DELAY"); err != nil {
		return d, err
	}
	d.Withdrawal, err = read[uint32](ctx, c, block, e.DelegationManager, "minWithdrawalDelayBlocks")
	return d, err
}

// LeftAt is the block in which the operator last left the set, among blocks from..to; ok is false if it did not.
func (e EigenLayer) LeftAt(ctx context.Context, c *Client, operator common.Address, set OperatorSet, from, to uint64) (block uint64, ok bool, err error) {
	event := EigenABI.Events["OperatorRemovedFromOperatorSet"]
	logs, err := c.Logs(ctx, ethereum.FilterQuery{Addresses: []common.Address{e.AllocationManager},
		Topics: [][]common.Hash{{event.ID}, {common.BytesToHash(operator[:])}}}, from, to)
	if err != nil {
		return 0, false, fmt.Errorf("departures of %s: %w", operator, err)
	}
	for _, l := range logs {
		var v struct{ OperatorSet OperatorSet }
		if err := EigenABI.UnpackIntoInterface(&v, event.Name, l.Data); err != nil {
			return 0, false, fmt.Errorf("departures of %s: %w", operator, err)
		}
		if v.OperatorSet == set {
			block, ok = l.BlockNumber, true
		}
	}
	return block, ok, nil
}

// IsKeyUsed says whether a BN254 key is or was registered by anybody: if so nobody can register it.
func (e EigenLayer) IsKeyUsed(ctx context.Context, c *Client, block *big.Int, key keys.PublicKey) (bool, error) {
	g1 := key.G1.Bytes()
	return read[bool](ctx, c, block, e.KeyRegistrar, "isKeyGloballyRegistered", crypto.Keccak256Hash(g1[:]))
}

// Token is an ERC-20 token as a user knows it.
type Token struct {
	Symbol   string
	Decimals uint8
}

// Token reads what the token calls itself.
func (e EigenLayer) Token(ctx context.Context, c *Client, token common.Address) (t Token, err error) {
	if t.Symbol, err = read[string](ctx, c, nil, token, "symbol"); err != nil {
		return t, err
	}
	t.Decimals, err = read[uint8](ctx, c, nil, token, "decimals")
	return t, err
}

// TokenBalance is an account's, in base units.
func (e EigenLayer) TokenBalance(ctx context.Context, c *Client, token, account common.Address) (*big.Int, error) {
	return read[*big.Int](ctx, c, nil, token, "balanceOf", account)
}

// CoSigned is the digest of an epoch's certificate, and whether the operator's signature is in it: whoever is in the
// table and not among the non-signers signed. ok is false without a certificate, and for one that cannot be read back.
func (p *Protocol) CoSigned(ctx context.Context, epoch uint64, operator posp.Address) (digest posp.Hash, signed, ok bool, err error) {
	c, ok, err := p.Certificate(ctx, epoch)
	if errors.Is(err, ErrIndirect) {
		return digest, false, false, nil
	}
	if err != nil || !ok {
		return digest, false, false, err
	}
	table, ok, err := p.Table(ctx, epoch)
	if err != nil || !ok {
		return digest, false, false, err
	}
	row := slices.IndexFunc(table.Members, func(m posp.Member) bool { return m.Operator == operator })
	return c.Digest, row >= 0 && !slices.Contains(c.NonSigners, uint64(row)), true, nil
}

// TableKey is an operator's key as the OperatorTable holds it; zero for none.
func (p *Protocol) TableKey(ctx context.Context, operator posp.Address) (keys.G1, error) {
	data, err := operatorTable.TryPackKeyOf(operator)
	g, err := view(ctx, p, p.at.OperatorTable, "operator's key", data, err, operatorTable.UnpackKeyOf)
	if err != nil {
		return keys.G1{}, err
	}
	return keys.ParseG1(pointBytes(g.X, g.Y))
}

// Lookahead is for how many blocks to come the table's stake must stay slashable to count.
func (p *Protocol) Lookahead(ctx context.Context) (uint32, error) {
	data, err := operatorTable.TryPackLookahead()
	return view(ctx, p, p.at.OperatorTable, "look-ahead", data, err, operatorTable.UnpackLookahead)
}
