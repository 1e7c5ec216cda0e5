package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func logCommand() *cli.Command {
	network := func(c *cli.Context) (app.Network, error) { return app.LoadNetwork(c.String("network")) }
	return &cli.Command{
		Name:  "log",
		Usage: "the transparency log: what the aggregator said of each epoch, where it cannot take it back",
		Subcommands: []*cli.Command{
			{
				Name:        "key",
				Usage:       "make a log's key, and the line by which policies name the log",
				Description: "Example:\n  posp log key --name posp.example/holesky --url https://aggregator.posp.example/log --out log.key",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "name", Required: true, Usage: "`NAME` of the log for ever: a host and path of your own, without scheme"},
					&cli.StringFlag{Name: "url", Required: true, Usage: "`URL` of the log: the aggregator's, with /log"},
					&cli.StringFlag{Name: "out", Required: true, Usage: "`FILE` to write the key to; it must not exist", TakesFile: true}},
				Action: func(c *cli.Context) error {
					return app.LogKey(c.String("name"), c.String("url"), c.String("out"), os.Stdout)
				},
			},
			{
				Name:      "show",
				Usage:     "what the log says of an epoch, each entry with its proof",
				ArgsUsage: "EPOCH",
				Description: "The head has the signatures that the network file's policy asks for, and every entry is proved to stand under it.\n\n" +
					"Examples:\n  posp log show --network network.json 3\n  posp log show --json 3    # with proofs (c2sp.org/tlog-proof)",
				Flags: []cli.Flag{networkFlag, jsonFlag},
				Action: func(c *cli.Context) error {
					n, err := network(c)
					if err != nil {
						return err
					}
					epoch, err := strconv.ParseUint(c.Args().First(), 10, 64)
					if err != nil || c.NArg() != 1 {
						return fmt.Errorf("want one epoch's number (%w)", errUsage)
					}
					return app.ShowLog(c.Context, n, epoch, c.Bool("json"), os.Stdout)
				},
			},
			{
				Name:  "check",
				Usage: "whether the log only grew since the last check, and says what the contracts say",
				Description: "Run it from time to time with a state file: two checks by two people who compare heads show a log that tells them different things.\n\n" +
					"Example:\n  posp log check --network network.json --state seen.head",
				Flags: []cli.Flag{networkFlag, rpcFlag,
					&cli.StringFlag{Name: "state", Usage: "`FILE` with the head that was seen last, read and written; without it, all is read", TakesFile: true}},
				Action: func(c *cli.Context) error {
					n, err := network(c)
					if err != nil {
						return err
					}
					return app.CheckLog(c.Context, n, c.String("rpc"), c.String("state"), os.Stdout)
				},
			},
		},
	}
}
