package main

import (
	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

var (
	networkFlag    = &cli.StringFlag{Name: "network", EnvVars: []string{"POSP_NETWORK"}, Value: "network.json", Usage: "`FILE` that describes the deployment"}
	aggregatorFlag = &cli.StringFlag{Name: "aggregator", EnvVars: []string{"POSP_AGGREGATOR"}, Usage: "aggregator's `URL`, in place of the network file's"}
	dataFlag       = &cli.StringFlag{Name: "data", EnvVars: []string{"POSP_DATA"}, Value: "posp-data", Usage: "`DIR` of the database; one for each process"}
	keyFlag        = &cli.StringFlag{Name: "key", EnvVars: []string{"POSP_KEY"}, Usage: "`FILE` of the account's key: keystore, or hex"}
	passwordFlag   = &cli.StringFlag{Name: "password-file", EnvVars: []string{"POSP_PASSWORD_FILE"}, Usage: "`FILE` with the keystores' password; without it, the variable POSP_PASSWORD is read"}
	verboseFlag    = &cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, EnvVars: []string{"POSP_VERBOSE"}, Usage: "log steps, not only outcomes"}
)

func common(c *cli.Context) app.Common {
	n, err := app.LoadNetwork(c.String("network"))
	return app.Common{Network: n, Unread: err, RPC: c.String("rpc"), Aggregator: c.String("aggregator"), Data: c.String("data"), Chain: chainConfig(c),
		Telemetry: telemetryConfig(c), Log: logConfig(c)}
}

func key(c *cli.Context, flag string) app.Key {
	return app.NewKey(c.String(flag), c.String("password-file"), "POSP_PASSWORD")
}

// keyList is key for a flag that may be repeated.
func keyList(c *cli.Context, flag string) (list []app.Key) {
	for _, path := range c.StringSlice(flag) {
		list = append(list, app.NewKey(path, c.String("password-file"), "POSP_PASSWORD"))
	}
	return list
}

func aggregatorCommand() *cli.Command {
	return configured(&cli.Command{
		Name:  "aggregator",
		Usage: "collect evidence, assemble and submit certificates; needs no stake",
		Description: "Examples:\n  posp aggregator --network network.json --key gas.json --listen 127.0.0.1:9090\n\n" +
			"Several replicas on one PostgreSQL 15 or newer, each with a gas key of its own; the password stands in ~/.pgpass or PGPASSFILE's file:\n" +
			"  posp aggregator --network network.json --key gas-2.json --store 'postgres://posp@db.example:5432/posp?sslmode=verify-full'",
		Flags: append([]cli.Flag{networkFlag, rpcFlag, dataFlag, keyFlag, passwordFlag, confirmationsFlag, maxFeeFlag, lowBalanceFlag,
			&cli.StringFlag{Name: "store", EnvVars: []string{"POSP_STORE"}, Usage: "`URL` of a PostgreSQL that replicas share, in place of a SQLite file in the data directory"},
			&cli.StringFlag{Name: "log-key", EnvVars: []string{"POSP_LOG_KEY"}, Usage: "`FILE` of the key that signs the transparency log's heads (posp log key); without it, no log is kept", TakesFile: true},
			&cli.StringFlag{Name: "listen", EnvVars: []string{"POSP_LISTEN"}, Value: "127.0.0.1:9090", Usage: "`ADDRESS` of the API"},
			&cli.StringFlag{Name: "explorer", EnvVars: []string{"POSP_EXPLORER"}, Usage: "`ADDRESS` of a page that shows the deployment, such as 127.0.0.1:9091; without it there is none"},
			&cli.StringSliceFlag{Name: "explorer-trusted-proxy", EnvVars: []string{"POSP_EXPLORER_TRUSTED_PROXY"}, Usage: "`CIDR` of reverse proxies before that page, whose X-Forwarded-For says who asks; may be repeated"}}, telemetryFlags()...),
		Action: func(c *cli.Context) error {
			return app.RunAggregator(c.Context, aggregatorConfig(c), logConfig(c).Logger())
		},
	})
}

func aggregatorConfig(c *cli.Context) app.AggregatorConfig {
	return app.AggregatorConfig{Common: common(c), Key: key(c, "key"), Store: c.String("store"), LogKey: c.String("log-key"), Listen: c.String("listen"), Explorer: c.String("explorer"),
		ExplorerProxies: c.StringSlice("explorer-trusted-proxy")}
}
