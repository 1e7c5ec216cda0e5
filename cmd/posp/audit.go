package main

import (
	"errors"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func auditCommand() *cli.Command {
	source := []cli.Flag{networkFlag, rpcFlag, aggregatorFlag,
		&cli.StringFlag{Name: "sample", Usage: "sample `ID`; the epoch is searched for if --epoch is not given"},
		&cli.Int64Flag{Name: "epoch", Value: -1, Usage: "`NUMBER` of the epoch"},
		&cli.StringFlag{Name: "provider", Usage: "`ADDRESS`, with --epoch: whose batch"},
		&cli.Int64Flag{Name: "index", Value: -1, Usage: "`J`, with --provider: the number of the sample in its batch"},
		&cli.StringFlag{Name: "key", Usage: "`FILE` with the key of an operator of the epoch, or of the provider: it is shown texts of private specs", TakesFile: true}, passwordFlag}
	from := func(c *cli.Context) app.BundleSource {
		return app.BundleSource{RPC: c.String("rpc"), Aggregator: c.String("aggregator"), Epoch: c.Int64("epoch"), Sample: c.String("sample"),
			Provider: c.String("provider"), Index: c.Int64("index"), Key: key(c, "key")}
	}
	trust := []cli.Flag{
		&cli.StringFlag{Name: "trust-block", Usage: "`HASH` of the block that the bundle rests on, from a node or explorer that you trust"},
		&cli.StringFlag{Name: "trust-network", Usage: "`ID` of the network, from whom you trust"},
		&cli.StringFlag{Name: "trust-log", Usage: "`FILE` with the policy of the transparency log that you trust: its key, witnesses and quorum", DefaultText: "that of --network, if that is given", TakesFile: true},
		jsonFlag}
	against := func(c *cli.Context) app.VerifyOptions {
		return app.VerifyOptions{Block: c.String("trust-block"), Network: c.String("trust-network"), Log: c.String("trust-log"), Given: c.IsSet("network"), JSON: c.Bool("json")}
	}
	return &cli.Command{
		Name:  "audit",
		Usage: "check what others certified, without keys and without trust",
		Subcommands: []*cli.Command{
			{
				Name:        "list",
				Usage:       "the samples of an epoch, and what was certified of each",
				Description: "Examples:\n  posp audit list --epoch 3\n  posp audit list --epoch 3 --provider 0x7099… --json",
				Flags:       append(append([]cli.Flag{}, source...), jsonFlag),
				Action: func(c *cli.Context) error {
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.AuditList(c.Context, n, from(c), c.Bool("json"), os.Stdout)
				},
			},
			{
				Name:  "fetch",
				Usage: "write everything that an epoch's, a batch's or a sample's verdicts rest on to one file",
				Description: "Proofs are asked of the node at the block that certified the epoch: nodes keep states for about 128 blocks, archive nodes all.\n\n" +
					"Examples:\n  posp audit fetch --epoch 3 --out epoch-3.bundle\n  posp audit fetch --epoch 3 --provider 0x7099… --redact prompts --out batch.bundle\n" +
					"  posp audit fetch --sample 0x5f… --out sample.bundle",
				Flags: append(append([]cli.Flag{}, source...),
					&cli.StringFlag{Name: "out", Required: true, Usage: "`FILE` to write", TakesFile: true},
					&cli.StringFlag{Name: "redact", Usage: "leave out `WHAT`: prompts, or texts (prompts and outputs)"}),
				Action: func(c *cli.Context) error {
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.AuditFetch(c.Context, n, from(c), c.String("redact"), c.String("out"), os.Stdout, progress())
				},
			},
			{
				Name:      "verify",
				Usage:     "check a bundle, offline",
				ArgsUsage: "FILE",
				Description: "Everything is checked from the file alone, but for what is trusted: a block's hash and the network's id, which it prints, and the policy of the\n" +
					"transparency log. Name them with --trust-block, --trust-network and --trust-log, or a node that you trust with --rpc, and your network file.\n\n" +
					"Examples:\n  posp audit verify epoch-3.bundle\n  posp audit verify --trust-block 0x91… --trust-network 0x02… epoch-3.bundle\n  posp audit verify --rpc http://127.0.0.1:8545 --network network.json epoch-3.bundle\n" +
					"  posp audit verify --trust-log log.policy epoch-3.bundle",
				Flags: append([]cli.Flag{networkFlag, &cli.StringFlag{Name: "rpc", Usage: "`URL` of a node that you trust, to be asked for the block and the network's parameters"}}, trust...),
				Action: func(c *cli.Context) error {
					file, err := oneFile(c)
					if err != nil {
						return err
					}
					o := against(c)
					o.RPC = c.String("rpc")
					return app.AuditVerify(c.Context, func() (app.Network, error) { return app.LoadNetwork(c.String("network")) }, file, o, os.Stdout)
				},
			},
			{
				Name:      "replay",
				Usage:     "verify, and run the model again",
				ArgsUsage: "[FILE]",
				Description: "Of a bundle's file all samples that it holds; or of the network one sample, or one batch. The models are those of the network file.\n\n" +
					"Examples:\n  posp audit replay --network network.json --sample 0x5f…\n  posp audit replay --epoch 2 --provider 0x7099… --index 1\n" +
					"  posp audit replay --key operator.json --sample 0x5f…\n  posp audit replay --network network.json sample.bundle",
				Flags: append(append([]cli.Flag{}, source...), trust...),
				Action: func(c *cli.Context) error {
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					o := app.ReplayOptions{Source: from(c), Verify: against(c)}
					if c.Args().Present() {
						if o.File, err = oneFile(c); err != nil {
							return err
						}
					}
					return app.AuditReplay(c.Context, n, o, os.Stdout, progress())
				},
			},
			{
				Name:      "report",
				Usage:     "verify, and write what was found as a signed statement, as text and as a page",
				ArgsUsage: "FILE",
				Description: "Writes OUT.json (a DSSE envelope with an in-toto statement, signed by an Ethereum account), OUT.txt and OUT.html. They say what was checked, what\n" +
					"not and why, and by which policy.\n\n" +
					"Examples:\n  posp audit report --key auditor.json --out audit-3 --trust-block 0x91… --trust-network 0x02… epoch-3.bundle\n" +
					"  posp audit report --key auditor.json --out audit-3 --recompute --rpc http://127.0.0.1:8545 --network network.json epoch-3.bundle",
				Flags: append([]cli.Flag{networkFlag, &cli.StringFlag{Name: "rpc", Usage: "`URL` of a node that you trust, to be asked for the block and the network's parameters"},
					&cli.StringFlag{Name: "key", Required: true, Usage: "`FILE` with the auditor's key, or the URL of a Web3Signer", TakesFile: true}, passwordFlag,
					&cli.BoolFlag{Name: "recompute", Usage: "run the network file's models on all samples that are held"},
					&cli.StringFlag{Name: "out", Required: true, Usage: "`PREFIX` of the files to write", TakesFile: true}}, trust[:3]...),
				Action: func(c *cli.Context) error {
					file, err := oneFile(c)
					if err != nil {
						return err
					}
					o := app.ReportOptions{File: file, Verify: against(c), Recompute: c.Bool("recompute"), Key: key(c, "key"), Out: c.String("out")}
					o.Verify.RPC = c.String("rpc")
					return app.AuditReport(c.Context, func() (app.Network, error) { return app.LoadNetwork(c.String("network")) }, o, os.Stdout, progress())
				},
			},
			watchCommand(),
		},
	}
}

// oneFile is a command's one argument.
func oneFile(c *cli.Context) (string, error) {
	if c.NArg() != 1 {
		return "", errors.New("name one bundle's file, behind all flags")
	}
	return c.Args().First(), nil
}

// progress is where a command says how far it is: to a person who waits.
func progress() io.Writer {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return os.Stderr
}

func watchCommand() *cli.Command {
	return configured(&cli.Command{
		Name:  "watch",
		Usage: "look at every epoch as it is certified, and alarm on any deviation",
		Description: "Fetches and verifies each epoch's bundle, recomputes samples, reads the transparency log, and says what it found in a line. Alarms are log lines with a\n" +
			"code (docs/failures.md). Of a provider that was asked as by a buyer (canaries) it checks that the receipt stands in the batch, is sampled at the stated\n" +
			"rate, and got the right verdict. It goes on where it ended; if anything was wrong, it ends with status 1.\n\n" +
			"Examples:\n  posp audit watch --network network.json --rpc http://127.0.0.1:8545 --data /var/lib/posp-watch\n" +
			"  posp audit watch --canary-every 10m --canary-prompts prompts.jsonl --recompute 4 --alarm-command /usr/local/bin/page-me\n" +
			"  posp audit watch --from 0 --epochs 3 --json\n  posp audit watch --telemetry 127.0.0.1:9474 --log-format json",
		Flags: append([]cli.Flag{networkFlag, rpcFlag, confirmationsFlag, aggregatorFlag, dataFlag,
			&cli.Int64Flag{Name: "from", Value: -1, Usage: "`EPOCH` to begin with", DefaultText: "where the last watch ended, or the one that serves now"},
			&cli.Uint64Flag{Name: "epochs", Usage: "end after `N` epochs", DefaultText: "never"},
			&cli.IntFlag{Name: "recompute", EnvVars: []string{"POSP_RECOMPUTE"}, Value: 2, Usage: "run the model on `N` samples of each epoch, drawn at random, beside the canaries"},
			&cli.DurationFlag{Name: "canary-every", EnvVars: []string{"POSP_CANARY_EVERY"}, Usage: "ask each provider as a buyer would, at random times, on average every `DURATION`", DefaultText: "never"},
			&cli.StringFlag{Name: "canary-prompts", EnvVars: []string{"POSP_CANARY_PROMPTS"}, Usage: "`FILE` with what to ask: a line for each request, as for /v1/completions or (with messages) /v1/chat/completions", TakesFile: true},
			&cli.StringFlag{Name: "alarm-command", EnvVars: []string{"POSP_ALARM_COMMAND"}, Usage: "`PROGRAM` to run for each alarm, which it reads as JSON", TakesFile: true},
			&cli.BoolFlag{Name: "json", Usage: "print JSON, a line for each epoch"}}, telemetryFlags()...),
		Action: func(c *cli.Context) error {
			return app.AuditWatch(c.Context, watchConfig(c), os.Stdout)
		},
	})
}

func watchConfig(c *cli.Context) app.WatchConfig {
	return app.WatchConfig{Common: common(c), From: c.Int64("from"), Epochs: c.Uint64("epochs"), Recompute: c.Int("recompute"),
		Canaries: c.Duration("canary-every"), Prompts: c.String("canary-prompts"), Command: c.String("alarm-command"), JSON: c.Bool("json")}
}
