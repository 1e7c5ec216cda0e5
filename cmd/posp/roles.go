package main

import (
	"os"

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

func providerCommand() *cli.Command {
	return configured(&cli.Command{
		Name:        "provider",
		Subcommands: []*cli.Command{providerStatusCommand(), rotateKeyCommand()},
		Usage:       "sign receipts in front of an OpenAI-compatible server, and commit them",
		Description: "Buyers talk to --listen as they would to the server behind it. Each answer carries a receipt.\n\n" +
			"Example:\n  posp provider --network network.json --key op.json --receipt-key hot.json \\\n" +
			"    --upstream http://127.0.0.1:8000 --model posp-demo --listen 127.0.0.1:8080 --public-url http://127.0.0.1:8080\n\n" +
			"The server may be vLLM, SGLang, llama.cpp's server or Ollama, unmodified; docs/providers.md says how to start each.\n" +
			"The receipt key is set in the KeyRegistry at the first start, and exchanged by posp provider rotate-key.",
		Flags: append([]cli.Flag{networkFlag, rpcFlag, dataFlag, keyFlag, passwordFlag, operatorAtFlag, confirmationsFlag, maxFeeFlag, lowBalanceFlag,
			&cli.StringSliceFlag{Name: "receipt-key", EnvVars: []string{"POSP_RECEIPT_KEY"}, Usage: "`FILE` of the key that signs receipts; while it is exchanged, twice"},
			&cli.StringFlag{Name: "upstream", EnvVars: []string{"POSP_UPSTREAM"}, Usage: "inference server's `URL`"},
			&cli.StringFlag{Name: "upstream-kind", EnvVars: []string{"POSP_UPSTREAM_KIND"}, Usage: "`KIND` of the inference server: posp, vllm, sglang, llama.cpp or ollama; found out if not given"},
			&cli.StringFlag{Name: "model", EnvVars: []string{"POSP_MODEL"}, Usage: "`NAME` in the network file of the model that the server runs"},
			&cli.StringFlag{Name: "listen", EnvVars: []string{"POSP_LISTEN"}, Value: "127.0.0.1:8080", Usage: "`ADDRESS` for buyers and operators"},
			&cli.StringFlag{Name: "public-url", EnvVars: []string{"POSP_PUBLIC_URL"}, Value: "http://127.0.0.1:8080", Usage: "`URL` by which operators reach --listen"},
		}, telemetryFlags()...),
		Action: func(c *cli.Context) error {
			cfg, err := providerConfig(c)
			if err != nil {
				return err
			}
			return app.RunProvider(c.Context, cfg, cfg.Log.Logger())
		},
	})
}

func providerStatusCommand() *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "what the chain says: membership, stake, URL, receipt keys, batches",
		Description: "Reads the chain alone; needs no password.\n\n" +
			"Examples:\n  posp provider status --network network.json --key op.json\n  posp provider status --operator 0x7099… --json",
		Flags: []cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, operatorAtFlag, operatorJSONFlag,
			&cli.Uint64Flag{Name: "epochs", Value: 10, Usage: "`NUMBER` of the newest epochs whose batches to show"}},
		Action: func(c *cli.Context) error {
			n, who, err := whose(c)
			if err != nil {
				return err
			}
			return app.PrintProviderStatus(c.Context, n, c.String("rpc"), who, c.Uint64("epochs"), c.Bool("json"), os.Stdout)
		},
	}
}

func rotateKeyCommand() *cli.Command {
	return &cli.Command{
		Name:  "rotate-key",
		Usage: "have another key sign the provider's receipts, from a coming epoch on",
		Description: "Receipts of an epoch are judged by the key that the KeyRegistry has for that epoch, for ever: a change disowns nothing. It counts from\n" +
			"the first epoch that is far enough away, and is shown before it is sent. The daemon needs both keys meanwhile: restart it with\n" +
			"--receipt-key twice first.\n\n" +
			"Examples:\n  posp provider rotate-key --network network.json --key op.json --receipt-key new.json\n" +
			"  posp provider rotate-key --key op.json --receipt-key new.json --dry-run\n" +
			"  posp provider rotate-key --operator 0x5afe… --receipt-key new.json --calldata > rotate.json   # a multisig is the provider",
		Flags: writeFlags(&cli.StringFlag{Name: "receipt-key", Usage: "`FILE` of the key that shall sign; only its address is read"}),
		Action: func(c *cli.Context) error {
			w, err := operatorWrite(c)
			if err != nil {
				return err
			}
			return app.SetHotKey(c.Context, w, app.Receipts, key(c, "receipt-key"))
		},
	}
}

func providerConfig(c *cli.Context) (app.ProviderConfig, error) {
	who, err := operatorAddress(c)
	return app.ProviderConfig{Common: common(c), Key: key(c, "key"), Provider: who, ReceiptKeys: keyList(c, "receipt-key"),
		Upstream: c.String("upstream"), UpstreamKind: c.String("upstream-kind"), Model: c.String("model"), Listen: c.String("listen"), PublicURL: c.String("public-url")}, err
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
