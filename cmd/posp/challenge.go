package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func challengeCommand() *cli.Command {
	openings := &cli.StringFlag{Name: "openings", EnvVars: []string{"POSP_OPENINGS"},
		Usage: "`DIR` with texts of private specs, a .json file each: answers as a buyer got them (the field posp is enough), or openings"}
	config := func(c *cli.Context) (app.ChallengerConfig, error) {
		n, err := app.LoadNetwork(c.String("network"))
		return app.ChallengerConfig{Network: n, RPC: c.String("rpc"), Aggregator: c.String("aggregator"), Key: key(c, "key"), Data: c.String("data"), Openings: c.String("openings"), JSON: c.Bool("json")}, err
	}
	return &cli.Command{
		Name:  "challenge",
		Usage: "contest certified verdicts, and refute false contests, by the reference program",
		Subcommands: []*cli.Command{
			{
				Name:        "list",
				Usage:       "which verdicts are contested, and how far that is",
				Description: "Examples:\n  posp challenge list --network network.json\n  posp challenge list --all --json",
				Flags:       []cli.Flag{networkFlag, rpcFlag, &cli.BoolFlag{Name: "all", Usage: "also those that stood or fell"}, jsonFlag},
				Action: func(c *cli.Context) error {
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.ChallengeList(c.Context, n, c.String("rpc"), c.Bool("all"), c.Bool("json"), os.Stdout)
				},
			},
			{
				Name:      "show",
				Usage:     "one assertion and the games against it",
				ArgsUsage: "ASSERTION",
				Description: "With --check the reference program is run here, on the tokens that the assertion made public.\n\n" +
					"Examples:\n  posp challenge show 0x5f…\n  posp challenge show --check 0x5f…",
				Flags: []cli.Flag{networkFlag, rpcFlag, &cli.BoolFlag{Name: "check", Usage: "run the program, and say whether the assertion is true"}, openings, jsonFlag},
				Action: func(c *cli.Context) error {
					if c.Args().Len() != 1 {
						return fmt.Errorf("show takes one assertion, %d were given; flags stand before it (%w)", c.Args().Len(), errUsage)
					}
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.ChallengeShow(c.Context, n, c.String("rpc"), c.Args().First(), c.Bool("check"), c.String("openings"), c.Bool("json"), os.Stdout)
				},
			},
			{
				Name:      "contest",
				Usage:     "contest the verdict on one sample, for a bond",
				ArgsUsage: "SAMPLE",
				Description: "Runs the reference program on the sample's opening and, if that contradicts the certified verdict, asserts its trace. The\n" +
					"assertion must be defended against whoever challenges it: posp challenge run with the same key does.\n" +
					"It makes the sample's prompt and output public, unless its spec is private (docs/privacy.md); the evidence is public in any case.\n" +
					"Of a private spec the text must be at hand: the aggregator gives it to the epoch's operators and to the provider; who bought the answer names\n" +
					"a directory with it (--openings).\n\n" +
					"Examples:\n  posp challenge contest --network network.json --key me.json 0x5f…\n  posp challenge contest --key buyer.json --openings answers/ 0x5f…",
				Flags: []cli.Flag{networkFlag, rpcFlag, aggregatorFlag, keyFlag, passwordFlag, dataFlag, openings, jsonFlag},
				Action: func(c *cli.Context) error {
					if c.Args().Len() != 1 {
						return fmt.Errorf("contest takes one sample, %d were given; flags stand before it (%w)", c.Args().Len(), errUsage)
					}
					cfg, err := config(c)
					if err != nil {
						return err
					}
					return app.ContestSample(c.Context, cfg, c.Args().First(), os.Stdout)
				},
			},
			{
				Name:  "run",
				Usage: "watch, refute false assertions, contest false verdicts, and play every game to its end",
				Description: "Needs no stake: bonds are paid by --key, and come back with the loser's. A restart goes on from the chain; what it sent and did not\nsee mined is in --data, so that no bond is paid twice.\n" +
					"A charge by a standing that the lines of its batch do not add up to is taken down to them, without a bond: it may fall by that alone.\n" +
					"Assertions about models that the network file does not have, or without a reference version, are left alone; so are those of private specs whose text is not\n" +
					"at hand (posp challenge contest --help).\n\n" +
					"Examples:\n  posp challenge run --network network.json --key me.json\n" +
					"  posp challenge run --key provider.json --contest own\n  posp challenge run --key watch.json --contest all",
				Flags: []cli.Flag{networkFlag, rpcFlag, aggregatorFlag, keyFlag, passwordFlag, dataFlag, verboseFlag, openings,
					&cli.StringFlag{Name: "contest", EnvVars: []string{"POSP_CONTEST"}, Value: app.ContestOwn, Usage: "`WHICH` verdicts to contest and charges to weigh: none; own: what speaks against this account's answers, FAILs and whatever raised the standing that it is charged for; fails: against anybody's; all: also PASSes, for which it recomputes every sample"}},
				Action: func(c *cli.Context) error {
					cfg, err := config(c)
					if err != nil {
						return err
					}
					cfg.Contest = c.String("contest")
					return app.RunChallenger(c.Context, cfg, app.Logger(c.Bool("verbose")))
				},
			},
		},
	}
}
