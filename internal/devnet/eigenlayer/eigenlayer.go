// Package eigenlayer deploys the real core of EigenLayer v1.13.0 on a development chain, from the bytecode in
// EigenLayer's Go bindings.
//
// Those bindings are BUSL-1.1: free for development and tests, not for production. This package is the
// only one that imports them, and nothing but the devnet and tests imports this package.
package eigenlayer

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/AllocationManager"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/AllocationManagerView"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/DelegationManager"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/EigenPod"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/EigenPodManager"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/KeyRegistrar"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/PauserRegistry"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/PermissionController"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/RewardsCoordinator"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/StrategyBase"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/StrategyFactory"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/StrategyManager"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// Version of EigenLayer that is deployed.
const Version = "1.13.0"

// Params are the delays of the deployment, in blocks. On mainnet they are days.
type Params struct {
	// DeallocationDelay is how long stake stays slashable after its operator takes it away. Contests must
	// end before it does. Mainnet: 100800 (14 days).
	DeallocationDelay uint32
	// WithdrawalDelay is how long a withdrawal is queued, slashable. Mainnet: 100800. Every slash counts
	// so many blocks back, and reverts on a chain that is younger.
	WithdrawalDelay uint32
	// SlashResolutionDelay is how long slashed shares wait before they are released. It is a constant of
	// the contract (50400, 7 days), so the deployment changes it in the bytecode.
	SlashResolutionDelay uint16
}

// Deployment is the addresses of the core and of one token with its strategy.
type Deployment struct {
	chain.EigenLayer
	PauserRegistry       common.Address `json:"pauserRegistry"`
	PermissionController common.Address `json:"permissionController"`
	EigenPodManager      common.Address `json:"eigenPodManager"`
	RewardsCoordinator   common.Address `json:"rewardsCoordinator"`
	StrategyFactory      common.Address `json:"strategyFactory"`
	Token                common.Address `json:"token"`    // contracts.DevToken: anybody may mint
	Strategy             common.Address `json:"strategy"` // of Token, made by StrategyFactory
	// GasUsed is what the deployment cost in all.
	GasUsed uint64 `json:"gasUsed"`
}

// ethDeposit is mainnet's beacon deposit contract. There is none on a devnet: pods can be made, but staking
// ether through one reverts.
var ethDeposit = common.HexToAddress("0x00000000219ab540356cBB839Cbe05303d7705Fa")

const day = 86_400 // seconds

// Deploy puts the core on the sender's chain. The sender becomes owner, pauser and rewards updater, and must
// send nothing else meanwhile.
//
// The contracts name each other in their constructors, so addresses are computed from the sender's nonce
// before anything is sent, and each is compared with where the contract really came to stand.
func Deploy(ctx context.Context, c *chain.Client, s *chain.Sender, p Params) (Deployment, error) {
	if p.DeallocationDelay == 0 || p.WithdrawalDelay == 0 || p.SlashResolutionDelay == 0 {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: %+v: every delay must be at least 1 block", p)
	}
	nonce, err := c.PendingNonceAt(ctx, s.Address())
	if err != nil {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: ask for nonce: %w", err)
	}
	head, err := c.HeaderByNumber(ctx, nil)
	if err != nil {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: read head: %w", err)
	}
	smCode, err := withSlashResolutionDelay(StrategyManager.StrategyManagerMetaData.Bin, p.SlashResolutionDelay)
	if err != nil {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: %w", err)
	}

	// The order of the transactions; a contract's place in it decides its address.
	const (
		pauser = iota
		permissions
		pod
		podBeacon
		strategyBase
		strategyBeacon
		delegationImpl
		strategyManagerImpl
		podManagerImpl
		allocationView
		allocationImpl
		rewardsImpl
		factoryImpl
		delegation
		strategyManager
		podManager
		allocation
		rewards
		factory
		registrar
		token
		count
	)
	// Send waits for each receipt, so each transaction is a block of its own at least; the last makes the strategy.
	if after := head.Number.Uint64() + count + 1; after <= uint64(p.WithdrawalDelay) {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: on a chain of %d blocks a slash would revert until block %d, since it counts the withdrawal delay back: mine %d blocks first or choose a shorter delay",
			head.Number, p.WithdrawalDelay+1, uint64(p.WithdrawalDelay)+1-after)
	}
	var addr [count]common.Address
	for i := range addr {
		addr[i] = crypto.CreateAddress(s.Address(), nonce+uint64(i))
	}
	me, none, noPause := s.Address(), common.Address{}, new(big.Int)
	midnight := head.Time - head.Time%day
	rewardsParams := RewardsCoordinator.IRewardsCoordinatorTypesRewardsCoordinatorConstructorParams{
		DelegationManager: addr[delegation], StrategyManager: addr[strategyManager], AllocationManager: addr[allocation],
		PauserRegistry: addr[pauser], PermissionController: addr[permissions],
		CALCULATIONINTERVALSECONDS: day, MAXREWARDSDURATION: 70 * day, MAXRETROACTIVELENGTH: 90 * day, MAXFUTURELENGTH: 30 * day,
		GENESISREWARDSTIMESTAMP: uint32(midnight - 90*day),
	}
	proxy := func(impl int, implABI string, args ...any) piece {
		return piece{contracts.ERC1967ProxyMetaData.ABI, contracts.ERC1967ProxyMetaData.Bin, func() ([]any, error) {
			init, err := pack(implABI, "initialize", args...)
			return []any{addr[impl], init}, err
		}}
	}
	pieces := [count]piece{
		pauser:              create(PauserRegistry.PauserRegistryMetaData.ABI, PauserRegistry.PauserRegistryMetaData.Bin, []common.Address{me}, me),
		permissions:         create(PermissionController.PermissionControllerMetaData.ABI, PermissionController.PermissionControllerMetaData.Bin),
		pod:                 create(EigenPod.EigenPodMetaData.ABI, EigenPod.EigenPodMetaData.Bin, ethDeposit, addr[podManager]),
		podBeacon:           beacon(addr[pod]),
		strategyBase:        create(StrategyBase.StrategyBaseMetaData.ABI, StrategyBase.StrategyBaseMetaData.Bin, addr[strategyManager], addr[pauser]),
		strategyBeacon:      beacon(addr[strategyBase]),
		delegationImpl:      create(DelegationManager.DelegationManagerMetaData.ABI, DelegationManager.DelegationManagerMetaData.Bin, addr[strategyManager], addr[podManager], addr[allocation], addr[pauser], addr[permissions], p.WithdrawalDelay, Version),
		strategyManagerImpl: create(StrategyManager.StrategyManagerMetaData.ABI, smCode, addr[allocation], addr[delegation], addr[pauser], Version),
		podManagerImpl:      create(EigenPodManager.EigenPodManagerMetaData.ABI, EigenPodManager.EigenPodManagerMetaData.Bin, ethDeposit, addr[podBeacon], addr[delegation], addr[pauser]),
		// No EIGEN token, hence no EIGEN strategy; an allocation delay takes effect at once.
		allocationView: create(AllocationManagerView.AllocationManagerViewMetaData.ABI, AllocationManagerView.AllocationManagerViewMetaData.Bin, addr[delegation], none, p.DeallocationDelay, uint32(0)),
		allocationImpl: create(AllocationManager.AllocationManagerMetaData.ABI, AllocationManager.AllocationManagerMetaData.Bin, addr[allocationView], addr[delegation], none, addr[pauser], addr[permissions], p.DeallocationDelay, uint32(0)),
		rewardsImpl:    create(RewardsCoordinator.RewardsCoordinatorMetaData.ABI, RewardsCoordinator.RewardsCoordinatorMetaData.Bin, rewardsParams),
		// No duration vaults: nothing here locks stake for a time.
		factoryImpl:     create(StrategyFactory.StrategyFactoryMetaData.ABI, StrategyFactory.StrategyFactoryMetaData.Bin, addr[strategyManager], addr[pauser], addr[strategyBeacon], none, none, none),
		delegation:      proxy(delegationImpl, DelegationManager.DelegationManagerMetaData.ABI, noPause),
		strategyManager: proxy(strategyManagerImpl, StrategyManager.StrategyManagerMetaData.ABI, me, addr[factory], noPause),
		podManager:      proxy(podManagerImpl, EigenPodManager.EigenPodManagerMetaData.ABI, me, noPause),
		allocation:      proxy(allocationImpl, AllocationManager.AllocationManagerMetaData.ABI, noPause),
		rewards:         proxy(rewardsImpl, RewardsCoordinator.RewardsCoordinatorMetaData.ABI, me, noPause, me, uint32(0), uint16(1000), me),
		factory:         proxy(factoryImpl, StrategyFactory.StrategyFactoryMetaData.ABI, me, noPause),
		registrar:       create(KeyRegistrar.KeyRegistrarMetaData.ABI, KeyRegistrar.KeyRegistrarMetaData.Bin, addr[permissions], addr[allocation], Version),
		token:           create(contracts.DevTokenMetaData.ABI, contracts.DevTokenMetaData.Bin),
	}
	var gas uint64
	for i, piece := range pieces {
		code, err := piece.code()
		if err != nil {
			return Deployment{}, fmt.Errorf("deploy EigenLayer: contract %d of %d: %w", i+1, count, err)
		}
		receipt, err := s.Send(ctx, chain.Call{Data: code})
		if err != nil {
			return Deployment{}, fmt.Errorf("deploy EigenLayer: contract %d of %d: %w", i+1, count, err)
		}
		if receipt.ContractAddress != addr[i] {
			return Deployment{}, fmt.Errorf("deploy EigenLayer: contract %d of %d stands at %s, not at %s: the account sent something else meanwhile", i+1, count, receipt.ContractAddress, addr[i])
		}
		gas += receipt.GasUsed
	}
	strategy, used, err := newStrategy(ctx, s, addr[factory], addr[token])
	if err != nil {
		return Deployment{}, fmt.Errorf("deploy EigenLayer: %w", err)
	}
	return Deployment{
		EigenLayer: chain.EigenLayer{
			AllocationManager: addr[allocation], DelegationManager: addr[delegation], StrategyManager: addr[strategyManager], KeyRegistrar: addr[registrar],
		},
		PauserRegistry: addr[pauser], PermissionController: addr[permissions], EigenPodManager: addr[podManager],
		RewardsCoordinator: addr[rewards], StrategyFactory: addr[factory], Token: addr[token], Strategy: strategy,
		GasUsed: gas + used,
	}, nil
}

// newStrategy has the factory make the token's strategy, and reads its address from the event.
func newStrategy(ctx context.Context, s *chain.Sender, factory, token common.Address) (common.Address, uint64, error) {
	parsed, err := StrategyFactory.StrategyFactoryMetaData.GetAbi()
	if err != nil {
		return common.Address{}, 0, fmt.Errorf("parse interface of StrategyFactory: %w", err)
	}
	receipt, err := s.Do(ctx, chain.Contract{Address: factory, ABI: *parsed}, "deployNewStrategy", token)
	if err != nil {
		return common.Address{}, 0, err
	}
	set := parsed.Events["StrategySetForToken"]
	for _, l := range receipt.Logs {
		if l.Address == factory && l.Topics[0] == set.ID {
			values, err := set.Inputs.Unpack(l.Data)
			if err != nil || len(values) != 2 {
				return common.Address{}, 0, fmt.Errorf("decode StrategySetForToken: %w", err)
			}
			return values[1].(common.Address), receipt.GasUsed, nil
		}
	}
	return common.Address{}, 0, errors.New("StrategyFactory made a strategy and did not say where")
}

// piece is one contract to create.
type piece struct {
	abi, bin string
	args     func() ([]any, error)
}

func create(abi, bin string, args ...any) piece {
	return piece{abi, bin, func() ([]any, error) { return args, nil }}
}

// beacon is a contract that answers every call with one address: an IBeacon whose implementation() never
// changes. EigenLayer has an upgradeable one; a devnet is deployed anew instead.
func beacon(implementation common.Address) piece {
	runtime := append([]byte{0x73}, implementation[:]...)         // PUSH20 implementation
	runtime = append(runtime, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3) // MSTORE(0); RETURN(0, 32)
	n := byte(len(runtime))
	init := []byte{0x60, n, 0x60, 10, 0x5f, 0x39, 0x60, n, 0x5f, 0xf3} // CODECOPY(0, 10, n); RETURN(0, n)
	return piece{abi: "[]", bin: common.Bytes2Hex(append(init, runtime...)), args: func() ([]any, error) { return nil, nil }}
}

// code is the creation code: the bytecode with the constructor's arguments behind it.
func (p piece) code() ([]byte, error) {
	args, err := p.args()
	if err != nil {
		return nil, err
	}
	packed, err := pack(p.abi, "", args...)
	if err != nil {
		return nil, err
	}
	return append(common.FromHex(p.bin), packed...), nil
}

func pack(abiJSON, method string, args ...any) ([]byte, error) {
	parsed, err := abi.JSON(strings.NewReader(abiJSON))
	if err != nil {
		return nil, fmt.Errorf("parse interface: %w", err)
	}
	return parsed.Pack(method, args...)
}

// withSlashResolutionDelay puts another number in place of StrategyManager's SLASH_RESOLUTION_DELAY_BLOCKS.
// v1.13.0 pushes the constant twice: in its getter and where a slash is recorded.
func withSlashResolutionDelay(bin string, blocks uint16) (string, error) {
	const push2 = 0x61
	old := binary.BigEndian.AppendUint16([]byte{push2}, 50_400)
	code := common.FromHex(bin)
	if n := bytes.Count(code, old); n != 2 {
		return "", fmt.Errorf("StrategyManager's bytecode pushes the slash resolution delay %d times, not twice: another version of EigenLayer", n)
	}
	return common.Bytes2Hex(bytes.ReplaceAll(code, old, binary.BigEndian.AppendUint16([]byte{push2}, blocks))), nil
}

// Stake mints amount base units of the deployment's token to the sender and deposits all of it.
func (d Deployment) Stake(ctx context.Context, s *chain.Sender, amount *big.Int) error {
	mint, err := contracts.NewDevToken().TryPackMint(s.Address(), amount)
	if err != nil {
		return fmt.Errorf("mint stake: %w", err)
	}
	if _, err := s.Send(ctx, chain.Call{To: &d.Token, Data: mint}); err != nil {
		return fmt.Errorf("mint stake: %w", err)
	}
	return d.Deposit(ctx, s, d.Strategy, d.Token, amount)
}
