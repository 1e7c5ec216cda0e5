package main

import (
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func queryCommand() *cli.Command {
	return &cli.Command{
		Name:      "query",
		Usage:     "what the contracts say of a provider, an operator, an epoch or a batch",
		ArgsUsage: "ADDRESS | EPOCH | BATCH-ID",
		Description: "Without an argument: the parameters and the newest epochs.\n\n" +
			"Examples:\n  posp query --network network.json\n  posp query 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\n  posp query 3",
		Flags: []cli.Flag{networkFlag, rpcFlag, &cli.BoolFlag{Name: "json", Usage: "print JSON"}},
		Action: func(c *cli.Context) error {
			n, err := app.LoadNetwork(c.String("network"))
			if err != nil {
				return err
			}
			return app.Query(c.Context, n, c.String("rpc"), c.Args().Slice(), c.Bool("json"), os.Stdout)
		},
	}
}

func auditCommand() *cli.Command {
	return &cli.Command{
		Name:  "audit",
		Usage: "check what others certified, without trust",
		Subcommands: []*cli.Command{{
			Name:  "replay",
			Usage: "re-derive draw, committee, evidence, verdict and certificate of one sample",
			Description: "Everything is derived from the chain and from what was revealed; the model is run again here.\n\n" +
				"Examples:\n  posp audit replay --network network.json --sample 0x5f…\n" +
				"  posp audit replay --epoch 2 --provider 0x7099… --index 1\n  posp audit replay --key operator.json --sample 0x5f…",
			Flags: []cli.Flag{networkFlag, rpcFlag, aggregatorFlag,
				&cli.StringFlag{Name: "sample", Usage: "sample `ID`; the epoch is searched for if --epoch is not given"},
				&cli.Int64Flag{Name: "epoch", Value: -1, Usage: "`NUMBER` of the epoch"},
				&cli.StringFlag{Name: "provider", Usage: "with --epoch and --index: whose sample"},
				&cli.Uint64Flag{Name: "index", Usage: "with --provider: `J`, the number of the sample in its batch"},
				&cli.StringFlag{Name: "key", Usage: "`FILE` with the key of an operator of the epoch, or of the provider: it is shown texts of private specs", TakesFile: true}, passwordFlag,
				&cli.BoolFlag{Name: "json", Usage: "print JSON"}},
			Action: func(c *cli.Context) error {
				n, err := app.LoadNetwork(c.String("network"))
				if err != nil {
					return err
				}
				return app.AuditReplay(c.Context, n, app.ReplayOptions{RPC: c.String("rpc"), Aggregator: c.String("aggregator"), Sample: c.String("sample"),
					Epoch: c.Int64("epoch"), Provider: c.String("provider"), Index: c.Uint64("index"), Key: key(c, "key"), JSON: c.Bool("json")}, os.Stdout)
			},
		}},
	}
}

func vectorsCommand() *cli.Command {
	return &cli.Command{
		Name:  "vectors",
		Usage: "print what this implementation computes, to compare with another one",
		Subcommands: []*cli.Command{
			{
				Name:  "draw",
				Usage: "sampled leaves and committees of a batch; JSON in, JSON out",
				Description: "Reads chainId, registry, provider, epoch, firstSequence, root, leafCount, beacon, ratePpm, kMin, operators (address, weight),\n" +
					"excluded, m and optionally j (a list) from standard input.\n\nExample:\n  posp vectors draw < draw.json",
				Action: func(*cli.Context) error { return app.VectorsDraw(os.Stdin, os.Stdout) },
			},
			{
				Name:        "tree",
				Usage:       "Merkle root and proof; JSON in, JSON out",
				Description: "Reads leaves (32-byte values) and index from standard input.\n\nExample:\n  echo '{\"leaves\":[\"0x…\"],\"index\":0}' | posp vectors tree",
				Action:      func(*cli.Context) error { return app.VectorsTree(os.Stdin, os.Stdout) },
			},
		},
	}
}
