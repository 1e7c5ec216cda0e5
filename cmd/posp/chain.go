package main

import (
	"flag"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

// urlsFlag is a flag that may be repeated, or hold several values with commas between them; its value is the latter.
type urlsFlag struct{ *cli.StringFlag }

// Apply defines the flag. What is given on the command line takes the place of the variable's.
func (f urlsFlag) Apply(set *flag.FlagSet) error {
	u := new(urls)
	for _, name := range f.EnvVars {
		if v := os.Getenv(name); v != "" {
			u.list = v
			break
		}
	}
	set.Var(u, f.Name, f.Usage)
	return nil
}

type urls struct {
	list  string
	given bool
}

func (u *urls) String() string { return u.list }

// Get implements flag.Getter.
func (u *urls) Get() any { return u.list }

func (u *urls) Set(v string) error {
	if u.given {
		v = u.list + "," + v
	}
	u.list, u.given = strings.TrimSpace(v), true
	return nil
}

var (
	rpcFlag = urlsFlag{&cli.StringFlag{Name: "rpc", EnvVars: []string{"POSP_RPC"},
		Usage: "chain's JSON-RPC `URL`, in place of the network file's; may be repeated: the next one is asked when one fails, lags or is on another branch"}}
	confirmationsFlag = &cli.Uint64Flag{Name: "confirmations", EnvVars: []string{"POSP_CONFIRMATIONS"}, DefaultText: "0 on a development chain, else a quarter of the blocks to commit, at most 64",
		Usage: "sign and keep only what has `N` blocks on top of it"}
	maxFeeFlag     = &cli.StringFlag{Name: "max-fee", EnvVars: []string{"POSP_MAX_FEE"}, DefaultText: "300", Usage: "pay at most so many `GWEI` for a unit of gas"}
	lowBalanceFlag = &cli.StringFlag{Name: "low-balance", EnvVars: []string{"POSP_LOW_BALANCE"}, DefaultText: "0.05", Usage: "raise the alarm when the account holds less `ETHER` for gas"}
)

// chainConfig reads the flags above, as far as a command has them.
func chainConfig(c *cli.Context) app.ChainConfig {
	cfg := app.ChainConfig{MaxFee: c.String("max-fee"), LowBalance: c.String("low-balance")}
	if c.IsSet("confirmations") {
		n := c.Uint64("confirmations")
		cfg.Confirmations = &n
	}
	return cfg
}
