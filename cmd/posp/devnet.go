package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	ethereum "github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/devnet"
)

func devnetCommand() *cli.Command {
	return &cli.Command{
		Name:        "devnet",
		Subcommands: []*cli.Command{fundCommand()},
		Usage:       "the whole protocol on this machine: chain, EigenLayer, model, providers, operators, aggregator, buyers",
		Description: "The play \"market\": five epochs with one honest provider and four that cheat. The play \"dispute\": a quorum of the operators is\n" +
			"bought and certifies FAIL for an honest provider and PASS for a cheat; the one, and a bystander, contest that by the\n" +
			"reference program. Both print what became of everybody, and exit 0 only if the honest kept every share and everybody else\n" +
			"was caught for what it did.\n\n" +
			"Examples:\n  posp devnet                               # play the market and exit\n" +
			"  posp devnet --play dispute                # one honest party against a bought quorum\n" +
			"  posp devnet --play dispute --private      # the same, of texts that the chain does not see\n" +
			"  posp devnet --keep --data .devnet         # stay up, to try things on\n" +
			"  posp devnet fund --network .devnet/network.json 0x7099…\n" +
			"  posp devnet --chain http://127.0.0.1:8545  # on a running anvil",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "play", Value: devnet.Plays[0], Usage: "`WHICH` play: " + strings.Join(devnet.Plays, ", ")},
			&cli.BoolFlag{Name: "private", Usage: "the dispute under a private spec, whose last moves are proofs: minutes"},
			&cli.StringFlag{Name: "chain", EnvVars: []string{"POSP_CHAIN"}, Usage: "development node's `URL` (anvil) to use in place of the embedded one"},
			&cli.IntFlag{Name: "port", Usage: "loopback `PORT` of the embedded chain's JSON-RPC; 0 is any free one"},
			&cli.StringFlag{Name: "data", Usage: "`DIR` for network.json, keys and databases; by default a temporary one, deleted at the end"},
			&cli.BoolFlag{Name: "keep", Usage: "stay up after the play, with everything listening"},
			&cli.IntFlag{Name: "epochs", Value: 5, Usage: "`NUMBER` of epochs of the market"},
			&cli.IntFlag{Name: "requests", Value: 8, Usage: "`NUMBER` of requests to each provider in an epoch; 4 with --private"},
			verboseFlag,
		},
		Action: func(c *cli.Context) error {
			switch {
			case !slices.Contains(devnet.Plays, c.String("play")):
				return fmt.Errorf("--play %q is none of %s (%w)", c.String("play"), strings.Join(devnet.Plays, ", "), errUsage)
			case c.Bool("private") && c.String("play") != "dispute":
				return fmt.Errorf("--private is for --play dispute (%w)", errUsage)
			case c.Int("epochs") < 1 || c.Int("epochs") > 100:
				return fmt.Errorf("--epochs %d is not in 1..100 (%w)", c.Int("epochs"), errUsage)
			case c.Int("requests") < 4 || c.Int("requests") > 1000:
				return fmt.Errorf("--requests %d is not in 4..1000: fewer leave too little to sample (%w)", c.Int("requests"), errUsage)
			}
			serves() // devnet.Run ends in order then
			requests := c.Int("requests")
			if c.Bool("private") && !c.IsSet("requests") {
				requests = 4 // each sample is a trace to hide
			}
			return devnet.Run(c.Context, devnet.Options{Play: c.String("play"), Private: c.Bool("private"), ChainURL: c.String("chain"), Port: c.Int("port"), Data: c.String("data"), Keep: c.Bool("keep"),
				Epochs: c.Int("epochs"), Requests: requests, Out: os.Stdout, Log: app.Logger(c.Bool("verbose"))})
		},
	}
}

func fundCommand() *cli.Command {
	return &cli.Command{
		Name:        "fund",
		Usage:       "give an account of a running devnet ether for gas and tokens to stake",
		ArgsUsage:   "ADDRESS",
		Description: "Example:\n  posp devnet fund --network .devnet/network.json 0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
		Flags:       []cli.Flag{networkFlag, rpcFlag},
		Action: func(c *cli.Context) error {
			if c.Args().Len() != 1 || !ethereum.IsHexAddress(c.Args().First()) {
				return fmt.Errorf("fund takes one address; flags stand before it (%w)", errUsage)
			}
			n, err := app.LoadNetwork(c.String("network"))
			if err != nil {
				return err
			}
			return devnet.Give(c.Context, n, c.String("rpc"), ethereum.HexToAddress(c.Args().First()), os.Stdout)
		},
	}
}
