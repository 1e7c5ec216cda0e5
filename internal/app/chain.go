package app

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/params"
	"go.uber.org/zap"

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

// Journals of transactions in a data directory: of a role's daemon, of a challenger, and of commands.
const (
	ofDaemon     = "transactions"
	ofChallenger = "challenges"
	ofCommands   = "commands"
)

// journaled sends an account's transactions, and finishes after a restart what it
// began: its journal is in the data directory. close it after its Run.
func (s *Site) journaled(ctx context.Context, a keys.Account, data, journal string) (sender *chain.Sender, close func() error, err error) {
	path, err := database(data, journal)
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

// commanding sends a command's transactions. Its journal is in the data directory, beside the daemon's. What a
// command that was cut off had sent is finished first, and said: then the chain shows all that was done, and what
// is left to do. close it after the last transaction.
func (s *Site) commanding(ctx context.Context, a keys.Account, data string) (sender *chain.Sender, close func() error, err error) {
	path, err := database(data, ofCommands)
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, path, chain.Migrations)
	if err != nil {
		return nil, nil, err
	}
	log := Logger(false)
	sender = chain.NewAccountSender(s.Client, a, chain.SenderConfig{Errors: chain.ProtocolErrors(), Journal: chain.NewJournal(db, s.Client.ID(), a.Address()), Log: log})
	earlier, err := sender.Resume(ctx)
	for _, r := range earlier {
		to := zap.String("to", s.Network.nameOf(*r.Call.To))
		if r.Err != nil {
			log.Warn("a command that was cut off had sent a transaction, which was not executed", to, zap.Error(r.Err))
			continue
		}
		log.Info("a command that was cut off had sent a transaction, which is mined", to, zap.Stringer("transaction", r.Receipt.TxHash), zap.Stringer("block", r.Receipt.BlockNumber))
	}
	if err != nil {
		return nil, nil, errors.Join(err, db.Close())
	}
	return sender, db.Close, nil
}

// with is the deployment's contracts as a sender writes them.
func (s *Site) with(sender *chain.Sender) *chain.Protocol {
	return chain.NewProtocol(s.Client, s.Network.Contracts, sender)
}
