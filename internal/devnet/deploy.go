package devnet

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/devnet/eigenlayer"
)

// Terms are what a deployment fixes for ever.
type Terms struct {
	Schedule     posp.Schedule
	Rate         contracts.SamplingRate
	Economics    contracts.Economics
	Quorum       contracts.Quorum
	Penalties    contracts.Penalties
	Stakes       contracts.Stakes // of disputes
	Lookahead    uint32           // blocks for which the table's stake must stay slashable
	KeyNotice    uint64           // before an epoch starts, from which on its keys stay
	SettleBlocks uint64           // after which a job whose receipt nobody showed can be reclaimed
	Prices       contracts.Price  // of verdicts on demand
	Compensation *big.Int         // of the staked token: what a receipt that was left out, or is one of two, gets at most
}

// committee is how many operators recompute a sample.
const committee = 3

// terms are the devnet's. Blocks come as fast as there is work, so delays
// count in tens of blocks where mainnet's count in days.
func terms(head, contestBlocks uint64) Terms {
	const wad = chain.Wad
	return Terms{
		Schedule: posp.Schedule{Genesis: head + 200, EpochBlocks: 400, GraceBlocks: 40, BeaconDelay: 2,
			CommitBlocks: 60, RevealBlocks: 60, CertifyBlocks: 200, ContestBlocks: contestBlocks},
		// Half of the receipts; a market would start at a few per cent.
		Rate: contracts.SamplingRate{RatePpm: 500_000, KMin: 3},
		// A job costs 100 and pays 120; a fault costs 20 jobs at least.
		Economics: contracts.Economics{DetectionPpm: 900_000, FalsePositivePpm: 1, CollusionPpm: 300_000, Validators: committee,
			Reward: big.NewInt(120), Slash: big.NewInt(2_000), Cost: big.NewInt(100), SavedPpm: 800_000},
		// ln(10^9) in Q16: alpha = 1e-9.
		Quorum:    contracts.Quorum{Committee: committee, FaultLine: 1_358_114, QuorumPpm: 670_000},
		Penalties: contracts.Penalties{StatisticalWad: wad / 2, WithholdingWad: wad / 50, WithholdingCapWad: wad / 2, OperatorWad: wad / 10},
		// A tenth of an ether is worth many games' gas.
		Stakes: contracts.Stakes{Bond: big.NewInt(1e17), ChallengeBlocks: 40, MoveBlocks: 300},
		// An epoch's life, a contest window, and a signer's to answer.
		Lookahead:    3_000,
		KeyNotice:    20,
		SettleBlocks: 400,
		// A hundred-token answer costs 0.011 ether, a tenth of a bond.
		Prices:       contracts.Price{Base: big.NewInt(1e15), PerToken: 1e14, PerEpoch: 16, Reach: 50},
		Compensation: ether(1),
	}
}

// economics is what the terms' rate rests on, as the network file says it.
func economics() *app.Terms {
	e := terms(0, 0).Economics
	unit := func(x *big.Int) float64 { v, _ := new(big.Float).SetInt(x).Float64(); return v }
	ppm := func(x uint32) float64 { return float64(x) / 1e6 }
	return &app.Terms{Rate: ppm(terms(0, 0).Rate.RatePpm), Detection: ppm(e.DetectionPpm), FalsePositive: ppm(e.FalsePositivePpm), Collusion: ppm(e.CollusionPpm),
		Validators: int(e.Validators), Reward: unit(e.Reward), Slash: unit(e.Slash), Cost: unit(e.Cost), Saved: ppm(e.SavedPpm)}
}

// delays are EigenLayer's: stake stays slashable for long enough.
var delays = eigenlayer.Params{DeallocationDelay: 5_000, WithdrawalDelay: 20, SlashResolutionDelay: 3}

// Deploy puts this project's contracts on a chain that has EigenLayer.
func Deploy(ctx context.Context, c *chain.Client, s *chain.Sender, core eigenlayer.Deployment, t Terms) (chain.Addresses, error) {
	nonce, err := c.PendingNonceAt(ctx, s.Address())
	if err != nil {
		return chain.Addresses{}, fmt.Errorf("deploy contracts: %w", err)
	}
	// The contracts refer to each other in circles, so their addresses are
	// predicted; each is checked against where the contract came to stand.
	next := func(i uint64) posp.Address { return crypto.CreateAddress(s.Address(), nonce+i) }
	at := chain.Addresses{BatchRegistry: next(0), OperatorTable: next(1), FaultManager: next(2), AttestationRegistry: next(3),
		RefundPool: next(4), ServiceManager: next(5), VerdictReader: next(6), ExampleMarket: next(7), VerdictRule: next(9), DisputeGame: next(10), SignerFaults: next(11),
		ReceiptFaults: next(12), PrivateDisputeGame: next(23), KeyRegistry: next(24), OnDemand: next(25)}
	verifier, hiddenRows, circuits, privateVerifier := next(8), next(13), [8]posp.Address{}, next(22)
	for i := range circuits {
		circuits[i] = next(14 + uint64(i))
	}
	system := System(core, at)
	type deployed struct {
		what string
		meta *bind.MetaData
		args []byte
		at   posp.Address
	}
	list := []deployed{
		{"BatchRegistry", &contracts.BatchRegistryMetaData, contracts.NewBatchRegistry().PackConstructor(system, contracts.Schedule(t.Schedule), t.Rate, t.Economics), at.BatchRegistry},
		{"OperatorTable", &contracts.OperatorTableMetaData, contracts.NewOperatorTable().PackConstructor(system, t.Lookahead), at.OperatorTable},
		{"FaultManager", &contracts.FaultManagerMetaData, contracts.NewFaultManager().PackConstructor(system, t.Penalties), at.FaultManager},
		{"AttestationRegistry", &contracts.AttestationRegistryMetaData, contracts.NewAttestationRegistry().PackConstructor(system, t.Quorum), at.AttestationRegistry},
		{"RefundPool", &contracts.RefundPoolMetaData, contracts.NewRefundPool().PackConstructor(system, t.Compensation), at.RefundPool},
		{"ServiceManager", &contracts.ServiceManagerMetaData, contracts.NewServiceManager().PackConstructor(system, "posp devnet"), at.ServiceManager},
		{"VerdictReader", &contracts.VerdictReaderMetaData, contracts.NewVerdictReader().PackConstructor(system), at.VerdictReader},
		{"ExampleMarket", &contracts.ExampleMarketMetaData, contracts.NewExampleMarket().PackConstructor(system, at.VerdictReader, t.SettleBlocks), at.ExampleMarket},
		{"PlainStepVerifier", &contracts.PlainStepVerifierMetaData, nil, verifier},
		{"VerdictRule", &contracts.VerdictRuleMetaData, nil, at.VerdictRule},
		{"DisputeGame", &contracts.DisputeGameMetaData, contracts.NewDisputeGame().PackConstructor(system, verifier, at.VerdictRule, t.Stakes), at.DisputeGame},
		{"SignerFaults", &contracts.SignerFaultsMetaData, contracts.NewSignerFaults().PackConstructor(system, at.VerdictRule), at.SignerFaults},
		{"ReceiptFaults", &contracts.ReceiptFaultsMetaData, contracts.NewReceiptFaults().PackConstructor(system), at.ReceiptFaults},
		{"HiddenRows", &contracts.HiddenRowsMetaData, nil, hiddenRows},
	}
	for i, meta := range []*bind.MetaData{&contracts.PartVerifierMetaData, &contracts.DotVerifierMetaData, &contracts.ProjectVerifierMetaData, &contracts.SumVerifierMetaData,
		&contracts.TotalVerifierMetaData, &contracts.LargestVerifierMetaData, &contracts.MapVerifierMetaData, &contracts.TokenVerifierMetaData} {
		list = append(list, deployed{circuit.Kind(i).String() + "Verifier", meta, nil, circuits[i]})
	}
	list = append(list,
		deployed{"PrivateStepVerifier", &contracts.PrivateStepVerifierMetaData, contracts.NewPrivateStepVerifier().PackConstructor(circuits), privateVerifier},
		deployed{"PrivateDisputeGame", &contracts.PrivateDisputeGameMetaData, contracts.NewPrivateDisputeGame().PackConstructor(system, privateVerifier, at.VerdictRule, t.Stakes, hiddenRows), at.PrivateDisputeGame},
		deployed{"KeyRegistry", &contracts.KeyRegistryMetaData, contracts.NewKeyRegistry().PackConstructor(system, t.KeyNotice), at.KeyRegistry},
		deployed{"OnDemand", &contracts.OnDemandMetaData, contracts.NewOnDemand().PackConstructor(system, t.Prices), at.OnDemand})
	for _, d := range list {
		r, err := s.Send(ctx, chain.Call{Data: append(common.FromHex(d.meta.Bin), d.args...)})
		if err != nil {
			return at, fmt.Errorf("deploy %s: %w", d.what, err)
		}
		if r.ContractAddress != d.at {
			return at, fmt.Errorf("deploy %s: it stands at %s, not at %s: another process sends with this key", d.what, r.ContractAddress, d.at)
		}
	}
	return at, nil
}

// System is how the contracts know each other.
func System(core eigenlayer.Deployment, at chain.Addresses) contracts.System {
	return contracts.System{AllocationManager: core.AllocationManager, KeyRegistrar: core.KeyRegistrar, StrategyManager: core.StrategyManager,
		Strategy: core.Strategy, ServiceManager: at.ServiceManager, BatchRegistry: at.BatchRegistry, OperatorTable: at.OperatorTable,
		AttestationRegistry: at.AttestationRegistry, FaultManager: at.FaultManager, RefundPool: at.RefundPool,
		DisputeGame: at.DisputeGame, PrivateDisputeGame: at.PrivateDisputeGame, SignerFaults: at.SignerFaults, KeyRegistry: at.KeyRegistry, ReceiptFaults: at.ReceiptFaults, OnDemand: at.OnDemand}
}
