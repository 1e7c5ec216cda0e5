package devnet

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/devnet/eigenlayer"
)

// The devnet's parameters. Blocks come as fast as there is work, so delays
// count in tens of blocks where mainnet's count in days.
const (
	ratePpm      = 500_000 // half of the receipts; a market would start at a few per cent
	kMin         = 3
	committee    = 3
	faultLine    = 1_358_114 // ln(10^9) in Q16: alpha = 1e-9
	quorumPpm    = 670_000
	lookahead    = 1_000 // blocks for which the table's stake must stay slashable
	settleBlocks = 400   // after which an unsettled job can be reclaimed
)

func schedule(genesis uint64) contracts.Schedule {
	return contracts.Schedule{Genesis: genesis, EpochBlocks: 400, GraceBlocks: 40, BeaconDelay: 2,
		CommitBlocks: 60, RevealBlocks: 60, CertifyBlocks: 200, ContestBlocks: 20}
}

var delays = eigenlayer.Params{DeallocationDelay: 5_000, WithdrawalDelay: 20, SlashResolutionDelay: 3}

// deploy puts EigenLayer and this project's contracts on the chain.
func deploy(ctx context.Context, c *chain.Client, s *chain.Sender) (eigenlayer.Deployment, chain.Addresses, error) {
	core, err := eigenlayer.Deploy(ctx, c, s, delays)
	if err != nil {
		return core, chain.Addresses{}, err
	}
	nonce, err := c.PendingNonceAt(ctx, s.Address())
	if err != nil {
		return core, chain.Addresses{}, fmt.Errorf("deploy contracts: %w", err)
	}
	head, err := c.BlockNumber(ctx)
	if err != nil {
		return core, chain.Addresses{}, fmt.Errorf("deploy contracts: %w", err)
	}
	// The contracts refer to each other in circles, so their addresses are
	// predicted; each is checked against where the contract came to stand.
	next := func(i uint64) posp.Address { return crypto.CreateAddress(s.Address(), nonce+i) }
	at := chain.Addresses{BatchRegistry: next(0), OperatorTable: next(1), FaultManager: next(2), AttestationRegistry: next(3),
		RefundPool: next(4), ServiceManager: next(5), ExampleMarket: next(6)}
	system := contracts.System{AllocationManager: core.AllocationManager, KeyRegistrar: core.KeyRegistrar, StrategyManager: core.StrategyManager,
		Strategy: core.Strategy, ServiceManager: at.ServiceManager, BatchRegistry: at.BatchRegistry, OperatorTable: at.OperatorTable,
		AttestationRegistry: at.AttestationRegistry, FaultManager: at.FaultManager, RefundPool: at.RefundPool}
	// A job costs 100 and pays 120; a fault costs 20 jobs at least.
	economics := contracts.Economics{DetectionPpm: 900_000, FalsePositivePpm: 1, CollusionPpm: 300_000, Validators: committee,
		Reward: big.NewInt(120), Slash: big.NewInt(2_000), Cost: big.NewInt(100), SavedPpm: 800_000}
	const wad = chain.Wad
	for _, d := range []struct {
		what string
		meta *bind.MetaData
		args []byte
		at   posp.Address
	}{
		{"BatchRegistry", &contracts.BatchRegistryMetaData, contracts.NewBatchRegistry().PackConstructor(system, schedule(head+200),
			contracts.SamplingRate{RatePpm: ratePpm, KMin: kMin}, economics), at.BatchRegistry},
		{"OperatorTable", &contracts.OperatorTableMetaData, contracts.NewOperatorTable().PackConstructor(system, lookahead), at.OperatorTable},
		{"FaultManager", &contracts.FaultManagerMetaData, contracts.NewFaultManager().PackConstructor(system, contracts.Penalties{
			StatisticalWad: wad / 2, WithholdingWad: wad / 50, WithholdingCapWad: wad / 2, OperatorWad: wad / 10}), at.FaultManager},
		{"AttestationRegistry", &contracts.AttestationRegistryMetaData, contracts.NewAttestationRegistry().PackConstructor(system,
			contracts.Quorum{Committee: committee, FaultLine: faultLine, QuorumPpm: quorumPpm}), at.AttestationRegistry},
		{"RefundPool", &contracts.RefundPoolMetaData, contracts.NewRefundPool().PackConstructor(system), at.RefundPool},
		{"ServiceManager", &contracts.ServiceManagerMetaData, contracts.NewServiceManager().PackConstructor(system, "posp devnet"), at.ServiceManager},
		{"ExampleMarket", &contracts.ExampleMarketMetaData, contracts.NewExampleMarket().PackConstructor(system, settleBlocks), at.ExampleMarket},
	} {
		r, err := s.Send(ctx, chain.Call{Data: append(common.FromHex(d.meta.Bin), d.args...)})
		if err != nil {
			return core, at, fmt.Errorf("deploy %s: %w", d.what, err)
		}
		if r.ContractAddress != d.at {
			return core, at, fmt.Errorf("deploy %s: it stands at %s, not at %s: another process sends with this key", d.what, r.ContractAddress, d.at)
		}
	}
	return core, at, nil
}
