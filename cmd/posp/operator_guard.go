package main

import (
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func guardCommand() *cli.Command {
	return &cli.Command{
		Name:  "guard",
		Usage: "the record of what was signed: move it to another machine",
		Subcommands: []*cli.Command{
			{
				Name:  "export",
				Usage: "write the record to a file",
				Description: "Stop the daemon first. With --hand-over the database signs nothing any more, and whoever imports the file goes on at once. Without, the\n" +
					"file is a copy: whoever imports it leaves out the epochs in which more may have been signed.\n\n" +
					"Examples:\n  posp operator guard export --data /var/lib/posp --hand-over --out record.json\n  posp operator guard export --out copy.json",
				Flags: []cli.Flag{dataFlag, &cli.StringFlag{Name: "out", Usage: "`FILE` to write, which must not be there yet"},
					&cli.BoolFlag{Name: "hand-over", Usage: "end this database: it will never sign again unless it is handed back"}},
				Action: func(c *cli.Context) error {
					return app.ExportGuard(c.Context, c.String("data"), c.String("out"), c.Bool("hand-over"), os.Stdout)
				},
			},
			{
				Name:  "import",
				Usage: "take a record over",
				Description: "Adds what the database does not know, and changes nothing at all if anything contradicts it. It never takes a restriction away.\n\n" +
					"Example:\n  posp operator guard import --network network.json --data /var/lib/posp --in record.json",
				Flags: []cli.Flag{networkFlag, rpcFlag, dataFlag, &cli.StringFlag{Name: "in", Usage: "`FILE` of the record"}},
				Action: func(c *cli.Context) error {
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.ImportGuard(c.Context, n, c.String("rpc"), c.String("data"), c.String("in"), os.Stdout)
				},
			},
			{
				Name:        "show",
				Usage:       "what the record says",
				Description: "Example:\n  posp operator guard show --data /var/lib/posp",
				Flags:       []cli.Flag{dataFlag, jsonFlag},
				Action: func(c *cli.Context) error {
					return app.ShowGuard(c.Context, c.String("data"), c.Bool("json"), os.Stdout)
				},
			},
		},
	}
}
