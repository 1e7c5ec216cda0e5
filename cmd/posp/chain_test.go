package main

import (
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

// --rpc adds up, takes the place of its variable, and leaves nothing behind for the next run.
func TestFlagsOfTheChain(t *testing.T) {
	run := func(args ...string) (rpc string, cfg app.ChainConfig) {
		t.Helper()
		a := &cli.App{Flags: []cli.Flag{rpcFlag, confirmationsFlag, maxFeeFlag, lowBalanceFlag}, Action: func(c *cli.Context) error {
			rpc, cfg = c.String("rpc"), chainConfig(c)
			return nil
		}}
		if err := a.Run(append([]string{"posp"}, args...)); err != nil {
			t.Fatal(err)
		}
		return rpc, cfg
	}
	if rpc, cfg := run(); rpc != "" || cfg != (app.ChainConfig{}) {
		t.Fatalf("nothing given: %q, %+v", rpc, cfg)
	}
	for range 2 {
		if rpc, _ := run("--rpc", "http://a", "--rpc=http://b,http://c"); rpc != "http://a,http://b,http://c" {
			t.Fatalf("got %q", rpc)
		}
	}
	t.Setenv("POSP_RPC", "http://x,http://y")
	if rpc, _ := run(); rpc != "http://x,http://y" {
		t.Fatalf("of the variable: %q", rpc)
	}
	if rpc, _ := run("--rpc", "http://a"); rpc != "http://a" {
		t.Fatalf("variable and flag: %q", rpc)
	}
	_, cfg := run("--confirmations", "0", "--max-fee", "12.5", "--low-balance", "1")
	if cfg.Confirmations == nil || *cfg.Confirmations != 0 || cfg.MaxFee != "12.5" || cfg.LowBalance != "1" {
		t.Fatalf("%+v", cfg)
	}
}
