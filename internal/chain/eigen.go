package chain

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

//go:embed eigen.abi.json
var eigenJSON []byte

// EigenABI is the part of EigenLayer's interface (v1.13, with the token's) that this package calls, and the
// errors that a restaker can meet. It is written by hand: EigenLayer's own bindings are for devnets and
// tests only, by their licence.
var EigenABI = func() abi.ABI {
	a, err := abi.JSON(bytes.NewReader(eigenJSON))
	if err != nil {
		panic(err) // the file is part of the program
	}
	return a
}()

// Wad is the whole of an operator's stake in a strategy, as magnitudes count it: 10^18.
const Wad = 1_000_000_000_000_000_000

// EigenLayer is the addresses of EigenLayer's core contracts on a chain.
type EigenLayer struct {
	AllocationManager common.Address `json:"allocationManager"`
	DelegationManager common.Address `json:"delegationManager"`
	StrategyManager   common.Address `json:"strategyManager"`
	KeyRegistrar      common.Address `json:"keyRegistrar"`
}

// OperatorSet is one set of an AVS's operators.
type OperatorSet struct {
	AVS common.Address `abi:"avs" json:"avs"`
	ID  uint32         `abi:"id" json:"id"`
}

func at(a common.Address) Contract { return Contract{Address: a, ABI: EigenABI} }

// transact sends a transaction; what it is for is in its error.
func (s *Sender) transact(ctx context.Context, what string, t Transaction) error {
	if _, err := s.Do(ctx, t.Contract, t.Method, t.Args...); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// Deposit moves amount base units of the token from the sender into the strategy: two transactions, an
// allowance and the deposit.
func (e EigenLayer) Deposit(ctx context.Context, s *Sender, strategy, token common.Address, amount *big.Int) error {
	if err := s.transact(ctx, "deposit stake", e.Approving(token, amount)); err != nil {
		return err
	}
	return s.transact(ctx, "deposit stake", e.Depositing(strategy, token, amount))
}

// RegisterOperator makes the sender an operator. allocationDelay is in blocks, from an allocation until it can
// be slashed; EigenLayer applies later changes of it with a long delay of its own.
func (e EigenLayer) RegisterOperator(ctx context.Context, s *Sender, allocationDelay uint32, metadataURI string) error {
	return s.transact(ctx, "register operator", e.Registering(allocationDelay, metadataURI))
}

// Allocate lets the set slash magnitude/Wad of the sender's stake in the strategy. Even with an allocation
// delay of 0 it must come at least a block after RegisterOperator.
func (e EigenLayer) Allocate(ctx context.Context, s *Sender, set OperatorSet, strategy common.Address, magnitude uint64) error {
	return s.transact(ctx, "allocate stake", e.Allocating(s.Address(), set, strategy, magnitude))
}

// RegisterKey registers the sender's BN254 key for the set, with its proof of possession. A key serves one
// operator set of one operator, for ever.
func (e EigenLayer) RegisterKey(ctx context.Context, c *Client, s *Sender, set OperatorSet, key *keys.BLS) error {
	digest, err := e.KeyRegistrationHash(ctx, c, s.Address(), set, key.PublicKey())
	if err != nil {
		return fmt.Errorf("register BN254 key: %w", err)
	}
	return s.transact(ctx, "register BN254 key", e.RegisteringKey(s.Address(), set, key.PublicKey(), key.Sign(digest)))
}

// keyData is the KeyRegistrar's encoding of a key: six words, G1 x, y and G2 x1, x0, y1, y0.
func keyData(k keys.PublicKey) []byte {
	g1, g2 := k.G1.Bytes(), k.G2.Bytes()
	return append(g1[:], g2[:]...)
}

// Join makes the sender a member of operator sets of an AVS. The AVS's registrar is called within, with
// data, and can refuse.
func (e EigenLayer) Join(ctx context.Context, s *Sender, avs common.Address, ids []uint32, data []byte) error {
	return s.transact(ctx, "join operator sets", e.call(e.AllocationManager, "registerForOperatorSets", s.Address(), RegisterParams{avs, ids, data}))
}

// Leave takes the sender out of operator sets. It stays slashable for the deallocation delay.
func (e EigenLayer) Leave(ctx context.Context, s *Sender, avs common.Address, ids []uint32) error {
	return s.transact(ctx, "leave operator sets", e.call(e.AllocationManager, "deregisterFromOperatorSets", DeregisterParams{s.Address(), avs, ids}))
}

// Release sends what a slash took to the set's redistribution recipient (or burns it, for a set without
// one). Anybody may, once the head is past the block that SlashReleasable says.
func (e EigenLayer) Release(ctx context.Context, s *Sender, set OperatorSet, slashID *big.Int) error {
	_, err := s.Do(ctx, at(e.StrategyManager), "clearBurnOrRedistributableShares", set, slashID)
	if err != nil {
		return fmt.Errorf("release slashed shares: %w", err)
	}
	return nil
}

// PendingSlashes are the ids of the set's slashes that have not been released.
func (e EigenLayer) PendingSlashes(ctx context.Context, c *Client, block *big.Int, set OperatorSet) ([]*big.Int, error) {
	return read[[]*big.Int](ctx, c, block, e.StrategyManager, "getPendingSlashIds", set)
}

// SlashReleasable is the last block in which Release of the slash is refused.
func (e EigenLayer) SlashReleasable(ctx context.Context, c *Client, block *big.Int, set OperatorSet, slashID *big.Int) (uint32, error) {
	return read[uint32](ctx, c, block, e.StrategyManager, "getSlashResolutionBlock", set, slashID)
}

// IsOperator says whether the account has registered as an operator.
func (e EigenLayer) IsOperator(ctx context.Context, c *Client, block *big.Int, account common.Address) (bool, error) {
	return read[bool](ctx, c, block, e.DelegationManager, "isOperator", account)
}

// IsMember says whether the operator is in the set now; one that left can still be slashable.
func (e EigenLayer) IsMember(ctx context.Context, c *Client, block *big.Int, set OperatorSet, operator common.Address) (bool, error) {
	return read[bool](ctx, c, block, e.AllocationManager, "isMemberOfOperatorSet", operator, set)
}

// Members are the operators of the set.
func (e EigenLayer) Members(ctx context.Context, c *Client, block *big.Int, set OperatorSet) ([]common.Address, error) {
	return read[[]common.Address](ctx, c, block, e.AllocationManager, "getMembers", set)
}

// Shares is what is delegated to the operator in the strategy, in shares, allocated or not; a slash takes
// from it at once.
func (e EigenLayer) Shares(ctx context.Context, c *Client, block *big.Int, operator, strategy common.Address) (*big.Int, error) {
	shares, err := read[[]*big.Int](ctx, c, block, e.DelegationManager, "getOperatorShares", operator, []common.Address{strategy})
	if err != nil {
		return nil, err
	}
	if len(shares) != 1 {
		return nil, fmt.Errorf("read shares of %s: %d values for one strategy", operator, len(shares))
	}
	return shares[0], nil
}

// SlashableStake is the least stake in the strategy, in shares, that each operator will have slashable by the
// set until futureBlock, in the order of operators.
func (e EigenLayer) SlashableStake(ctx context.Context, c *Client, block *big.Int, set OperatorSet, operators []common.Address, strategy common.Address, futureBlock uint32) ([]*big.Int, error) {
	stake, err := read[[][]*big.Int](ctx, c, block, e.AllocationManager, "getMinimumSlashableStake", set, operators, []common.Address{strategy}, futureBlock)
	if err != nil {
		return nil, err
	}
	out := make([]*big.Int, len(operators))
	if len(stake) != len(operators) {
		return nil, fmt.Errorf("read slashable stake: %d rows for %d operators", len(stake), len(operators))
	}
	for i, row := range stake {
		if len(row) != 1 {
			return nil, fmt.Errorf("read slashable stake: %d values for one strategy", len(row))
		}
		out[i] = row[0]
	}
	return out, nil
}

// HasKey says whether the operator has a key registered for the set.
func (e EigenLayer) HasKey(ctx context.Context, c *Client, block *big.Int, set OperatorSet, operator common.Address) (bool, error) {
	return read[bool](ctx, c, block, e.KeyRegistrar, "isRegistered", set, operator)
}

// Key is the operator's BN254 key for the set. An operator without one gives a posp.ValidationError.
func (e EigenLayer) Key(ctx context.Context, c *Client, block *big.Int, set OperatorSet, operator common.Address) (keys.PublicKey, error) {
	out, err := c.Read(ctx, block, at(e.KeyRegistrar), "getBN254Key", set, operator)
	if err != nil {
		return keys.PublicKey{}, err
	}
	var pts struct {
		G1Point struct{ X, Y *big.Int }
		G2Point struct{ X, Y [2]*big.Int }
	}
	if err := EigenABI.Methods["getBN254Key"].Outputs.Copy(&pts, out); err != nil {
		return keys.PublicKey{}, fmt.Errorf("read BN254 key of %s: %w", operator, err)
	}
	word := func(ns ...*big.Int) (b []byte) {
		for _, n := range ns {
			b = append(b, common.BigToHash(n).Bytes()...)
		}
		return b
	}
	g1, err1 := keys.ParseG1(word(pts.G1Point.X, pts.G1Point.Y))
	g2, err2 := keys.ParseG2(word(pts.G2Point.X[0], pts.G2Point.X[1], pts.G2Point.Y[0], pts.G2Point.Y[1]))
	if err := errors.Join(err1, err2); err != nil {
		return keys.PublicKey{}, fmt.Errorf("read BN254 key of %s: %w", operator, err)
	}
	if g1.IsInfinity() {
		return keys.PublicKey{}, posp.Invalidf("operator %s has no BN254 key registered for set %d of %s", operator, set.ID, set.AVS)
	}
	return keys.PublicKey{G1: g1, G2: g2}, nil
}

// read calls a view method with one output.
func read[T any](ctx context.Context, c *Client, block *big.Int, addr common.Address, method string, args ...any) (T, error) {
	var zero T
	out, err := c.Read(ctx, block, at(addr), method, args...)
	if err != nil {
		return zero, err
	}
	return *abi.ConvertType(out[0], &zero).(*T), nil
}
