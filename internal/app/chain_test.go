package app

import (
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
)

func TestChainConfig(t *testing.T) {
	cfg, err := ChainConfig{}.sender()
	if err != nil || cfg.MaxFee.String() != "300000000000" || cfg.LowBalance.String() != "50000000000000000" {
		t.Fatalf("defaults: %v, %v, %v", cfg.MaxFee, cfg.LowBalance, err)
	}
	if cfg, err = (ChainConfig{MaxFee: "0.5", LowBalance: "0"}).sender(); err != nil || cfg.MaxFee.Int64() != 500_000_000 || cfg.LowBalance.Sign() != 0 {
		t.Fatalf("%v, %v, %v", cfg.MaxFee, cfg.LowBalance, err)
	}
	for _, bad := range []ChainConfig{{MaxFee: "a lot"}, {MaxFee: "-1"}, {MaxFee: "0"}, {LowBalance: "1 ether"}} {
		var p problems
		if bad.check(&p); p.join() == nil || strings.Contains(p.join().Error(), "\n") {
			t.Errorf("%+v: %v; want one line", bad, p.join())
		}
	}
	three, s := uint64(3), posp.Schedule{CommitBlocks: 100}
	for _, c := range []struct {
		chain uint64
		cfg   ChainConfig
		want  uint64
	}{{31337, ChainConfig{}, 0}, {1, ChainConfig{}, 25}, {31337, ChainConfig{Confirmations: &three}, 3}, {1, ChainConfig{Confirmations: &three}, 3}} {
		if got := c.cfg.confirmations(c.chain, s); got != c.want {
			t.Errorf("%+v on chain %d: %d confirmations; want %d", c.cfg, c.chain, got, c.want)
		}
	}
	if got := (ChainConfig{}).confirmations(1, posp.Schedule{CommitBlocks: 7200}); got != 64 {
		t.Errorf("%d confirmations; want 64", got)
	}
}

// A role's transactions are in its data directory, by their account and chain.
func TestJournalIsInTheDataDirectory(t *testing.T) {
	node, err := devchain.Start(devchain.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer node.Close()
	c, err := chain.Dial(t.Context(), node.HTTP()+", "+node.WS(), devchain.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	key, dir := devchain.Account("journal"), t.TempDir()
	from := crypto.PubkeyToAddress(key.PublicKey)
	if err := devchain.Fund(t.Context(), c.Client, big.NewInt(1e18), from); err != nil {
		t.Fatal(err)
	}
	site := &Site{Client: c, Network: Network{ChainID: devchain.ChainID}, Log: zap.NewNop()}
	sender, stop, err := site.journaled(t.Context(), keys.NewAccount(key), dir, ofDaemon)
	if err != nil {
		t.Fatal(err)
	}
	r, err := sender.Send(t.Context(), chain.Call{To: &from, Name: "once"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := site.journaled(t.Context(), keys.NewAccount(key), dir, ofDaemon); err == nil {
		t.Fatal("two processes share a journal")
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	path, err := database(dir, "transactions")
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), path, chain.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	done, ok, err := chain.NewJournal(db, c.ID(), from).Done(t.Context(), "once")
	if err != nil || !ok || done.Receipt.TxHash != r.TxHash {
		t.Fatalf("%+v, %v, %v", done, ok, err)
	}
}
