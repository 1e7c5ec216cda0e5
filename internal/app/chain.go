package app

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/params"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
)

// ChainConfig is how a daemon uses the chain. The zero value is the default.
type ChainConfig struct {
	// Confirmations is how many blocks are on top of a block before anything is
	// signed or kept because of it, and before a transaction in it is left
	// alone. nil: 0 on a development chain, which is not reorganised; elsewhere
	// 64, or a quarter of the blocks that operators have to commit if that is
	// less. More is safer, and leaves less time to recompute.
	Confirmations *uint64
	// MaxFee is the most that is paid for a unit of gas, in gwei; empty: 300.
	MaxFee string
	// LowBalance is the balance below which the alarm is raised, in ether;
	// empty: 0.05.
	LowBalance string
}

func (c ChainConfig) check(p *problems) {
	_, err := c.sender()
	p.add(err)
}

// sender is the part of it that is for transactions.
func (c ChainConfig) sender() (cfg chain.SenderConfig, err error) {
	var bad problems
	amount := func(flag, value, normal string, unit int64) *big.Int {
		if value == "" {
			value = normal
		}
		r, ok := new(big.Rat).SetString(value)
		if !ok || r.Sign() < 0 {
			bad.add(fmt.Errorf("%s %q is not a number such as %s", flag, value, normal))
			return nil
		}
		r.Mul(r, new(big.Rat).SetInt64(unit))
		return new(big.Int).Quo(r.Num(), r.Denom())
	}
	cfg.MaxFee = amount("--max-fee", c.MaxFee, "300", params.GWei)
	cfg.LowBalance = amount("--low-balance", c.LowBalance, "0.05", params.Ether)
	bad.when(cfg.MaxFee != nil && cfg.MaxFee.Sign() == 0, "--max-fee is 0: nothing could be sent")
	return cfg, bad.join()
}

// developmentChains are those of anvil, Hardhat and this program, and of geth --dev.
var developmentChains = []uint64{31337, 1337}

// maxConfirmations is two epochs of the beacon chain, after which a block is final.
const maxConfirmations = 64

// confirmations are those of a chain with a schedule.
func (c ChainConfig) confirmations(chainID uint64, s posp.Schedule) uint64 {
	switch {
	case c.Confirmations != nil:
		return *c.Confirmations
	case slices.Contains(developmentChains, chainID):
		return 0
	}
	return min(maxConfirmations, s.CommitBlocks/4)
}

// settled is how many blocks are on top of a settled one.
func (s *Site) settled() uint64 {
	return s.Chain.confirmations(s.Network.ChainID, s.Parameters.Schedule)
}

// journaled sends an account's transactions, and finishes after a restart what it
// began: its journal is in the role's data directory. close it after its Run.
func (s *Site) journaled(ctx context.Context, a keys.Account, data string) (sender *chain.Sender, close func() error, err error) {
	path, err := database(data, "transactions")
	if err != nil {
		return nil, nil, err
	}
	cfg, err := s.Chain.sender()
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, path, chain.Migrations)
	if err != nil {
		return nil, nil, err
	}
	cfg.Errors, cfg.Journal = chain.ProtocolErrors(), chain.NewJournal(db, s.Client.ID(), a.Address())
	cfg.Confirmations, cfg.Log = s.settled(), s.Log.Named("transactions")
	return chain.NewAccountSender(s.Client, a, cfg), db.Close, nil
}

// with is the deployment's contracts as a sender writes them.
func (s *Site) with(sender *chain.Sender) *chain.Protocol {
	return chain.NewProtocol(s.Client, s.Network.Contracts, sender)
}
