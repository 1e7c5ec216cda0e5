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
		Flags: []cli.Flag{networkFlag, rpcFlag, jsonFlag},
		Action: func(c *cli.Context) error {
			n, err := app.LoadNetwork(c.String("network"))
			if err != nil {
				return err
			}
			return app.Query(c.Context, n, c.String("rpc"), c.Args().Slice(), c.Bool("json"), os.Stdout)
		},
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
