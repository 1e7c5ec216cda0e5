package main

import (
	"errors"
	"fmt"
	"os"

	ethereum "github.com/ethereum/go-ethereum/common"
	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

var (
	blsKeyFlag     = &cli.StringFlag{Name: "bls-key", EnvVars: []string{"POSP_BLS_KEY"}, Usage: "`FILE` of the BN254 key that co-signs"}
	messageKeyFlag = &cli.StringSliceFlag{Name: "message-key", EnvVars: []string{"POSP_MESSAGE_KEY"}, Usage: "`FILE` of the key that signs messages in the account's place; while it is exchanged, twice"}
	operatorAtFlag = &cli.StringFlag{Name: "operator", EnvVars: []string{"POSP_OPERATOR"}, Usage: "`ADDRESS` of the operator, where it is not --key's own"}
	yesFlag        = &cli.BoolFlag{Name: "yes", Aliases: []string{"y"}, Usage: "send without asking"}
	dryRunFlag     = &cli.BoolFlag{Name: "dry-run", Usage: "show what would be sent, with gas, and send nothing"}
	calldataFlag   = &cli.BoolFlag{Name: "calldata", Usage: "print targets and calldata as a file for Safe's transaction builder, and send nothing"}
	jsonFlag       = &cli.BoolFlag{Name: "json", Usage: "print JSON"}
)

// writeFlags are those of every command that writes to the chain.
func writeFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, operatorAtFlag, dataFlag, dryRunFlag, calldataFlag, yesFlag}, more...)
}

func operatorAddress(c *cli.Context) (ethereum.Address, error) {
	text := c.String("operator")
	if text != "" && !ethereum.IsHexAddress(text) {
		return ethereum.Address{}, fmt.Errorf("--operator %q is no address (%w)", text, errUsage)
	}
	return ethereum.HexToAddress(text), nil
}

// whose reads which account a command that only reads is about.
func whose(c *cli.Context) (n app.Network, who ethereum.Address, err error) {
	if n, err = app.LoadNetwork(c.String("network")); err != nil {
		return n, who, err
	}
	if who, err = operatorAddress(c); err != nil || who != (ethereum.Address{}) {
		return n, who, err
	}
	if c.String("key") == "" {
		return n, who, errors.New("whose? name --operator or --key")
	}
	who, err = key(c, "key").Address(c.Context)
	return n, who, err
}

// operatorWrite reads the flags of writeFlags.
func operatorWrite(c *cli.Context, side app.Side) (app.OperatorWrite, error) {
	who, err := operatorAddress(c)
	if err != nil {
		return app.OperatorWrite{}, err
	}
	n, err := app.LoadNetwork(c.String("network"))
	if err != nil {
		return app.OperatorWrite{}, err
	}
	return app.OperatorWrite{Network: n, Side: side, Data: c.String("data"), RPC: c.String("rpc"), Key: key(c, "key"), Way: app.Way{DryRun: c.Bool("dry-run"), Calldata: c.Bool("calldata"),
		Yes: c.Bool("yes"), Operator: who, In: os.Stdin, Out: os.Stdout, Notes: os.Stderr}}, nil
}

func operatorCommand() *cli.Command {
	return &cli.Command{
		Name:  "operator",
		Usage: "verify: an operator's keys, registration, stake and daemon",
		Description: "An operator stakes in EigenLayer, recomputes the samples that fall to it, and co-signs results. docs/operators.md leads from\n" +
			"nothing to a running operator and out again.\n\n" +
			"Example:\n  posp operator keys create --type bn254 --out bls.json\n  posp operator register --network network.json --key op.json --bls-key bls.json\n" +
			"  posp operator allocate --percent 100\n  posp operator run",
		Subcommands: []*cli.Command{initCommand(), keysCommand(), registerCommand(), allocateCommand(), deregisterCommand(), statusCommand(),
			operatorRunCommand(), doctorCommand(), guardCommand(), exitCommand()},
	}
}

func initCommand() *cli.Command {
	return &cli.Command{
		Name:  "init",
		Usage: "make a directory for an operator: network file, settings, a place for keys and database",
		Description: "Writes operator.env, which a shell or a systemd unit reads, and says what comes next. Nothing that is there is changed.\n\n" +
			"Example:\n  posp operator init --network network.json --dir ~/.posp",
		Flags: []cli.Flag{networkFlag, &cli.StringFlag{Name: "dir", Value: "posp-operator", Usage: "`DIR` to make"}},
		Action: func(c *cli.Context) error {
			n, err := app.LoadNetwork(c.String("network"))
			if err != nil {
				return err
			}
			return app.InitOperator(n, c.String("dir"), os.Stdout)
		},
	}
}

// daemonFlags are those of the daemon, which its doctor takes too.
func daemonFlags(more ...cli.Flag) []cli.Flag {
	flags := append([]cli.Flag{networkFlag, rpcFlag, confirmationsFlag, aggregatorFlag, dataFlag, keyFlag, passwordFlag, messageKeyFlag, operatorAtFlag, blsKeyFlag}, engineFlags()...)
	return append(flags, more...)
}

// engineFlags say what recomputes.
func engineFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "backend", EnvVars: []string{"POSP_BACKEND"}, Usage: "`NAME=URL` of a model of the network file and an inference server that scores it; may be repeated, also for one model"},
		&cli.StringSliceFlag{Name: "backend-key-file", EnvVars: []string{"POSP_BACKEND_KEY_FILE"}, Usage: "`NAME=FILE` with the API key of the model's backends, or one for each in their order"},
		&cli.IntFlag{Name: "backend-requests", EnvVars: []string{"POSP_BACKEND_REQUESTS"}, Usage: "at most `N` samples at once on one backend; fewer where its measured speed says so", DefaultText: "32; own engine: one for each core"},
		&cli.BoolFlag{Name: "own-engine", EnvVars: []string{"POSP_OWN_ENGINE"}, Usage: "this program scores what a model's backends cannot, as far as it is fast enough"},
		&cli.BoolFlag{Name: "cpu-only", EnvVars: []string{"POSP_CPU_ONLY"}, Usage: "no inference server: take part with the models that this program recomputes in time, as measured at the start"},
	}
}

func engines(c *cli.Context) (app.Engines, error) {
	backends, err := app.ParseBackends(c.StringSlice("backend"), c.StringSlice("backend-key-file"))
	return app.Engines{Backends: backends, Most: c.Int("backend-requests"), Own: c.Bool("own-engine"), CPUOnly: c.Bool("cpu-only")}, err
}

// daemonConfig reads the flags of daemonFlags.
func daemonConfig(c *cli.Context) (app.OperatorConfig, error) {
	who, err := operatorAddress(c)
	if err != nil {
		return app.OperatorConfig{}, err
	}
	e, err := engines(c)
	return app.OperatorConfig{Common: common(c), Key: key(c, "key"), MessageKeys: keyList(c, "message-key"), Operator: who, BLSKey: key(c, "bls-key"), Engines: e}, err
}

func doctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "check everything that an operator needs, a line for each, with what to do",
		Description: "Takes the daemon's flags, and changes nothing. Ends with status 1 if anything failed.\n\n" +
			"Examples:\n  posp operator doctor --network network.json --key op.json --bls-key bls.json --data /var/lib/posp\n  posp operator doctor --json",
		Flags: daemonFlags(jsonFlag),
		Action: func(c *cli.Context) error {
			cfg, err := daemonConfig(c)
			if err = errors.Join(cfg.Unread, err); err != nil {
				return err
			}
			return app.OperatorDoctor(c.Context, cfg, c.Bool("json"), os.Stdout)
		},
	}
}

func operatorRunCommand() *cli.Command {
	return configured(&cli.Command{
		Name:  "run",
		Usage: "recompute assigned samples, reveal evidence, co-sign results",
		Description: "Example:\n  posp operator run --network network.json --key op.json --bls-key bls.json --data /var/lib/posp\n\n" +
			"A model that this program does not run, or not as fast, is scored on an inference server that runs the spec's weights\n" +
			"(vLLM, SGLang or llama.cpp's server):\n  posp operator run ... --backend llama-8b=http://127.0.0.1:8000\n" +
			"Several for one model share its samples, and take each other's when one fails:\n" +
			"  posp operator run ... --backend llama-8b=http://gpu1:8000 --backend llama-8b=http://gpu2:8000 --own-engine\n" +
			"Without any, on a machine without a GPU:\n  posp operator run ... --cpu-only\n\n" +
			"Without keys, to see whether one's hardware agrees with what is certified:\n  posp operator run --shadow --network network.json",
		Flags: append(daemonFlags(
			&cli.BoolFlag{Name: "shadow", EnvVars: []string{"POSP_SHADOW"}, Usage: "do everything but sign and submit, and log how far it agrees; needs no keys; --operator says whose samples to recompute"},
			&cli.BoolFlag{Name: "standby", EnvVars: []string{"POSP_STANDBY"}, Usage: "while another process has the database, wait for it to end, and go on in its place"},
			&cli.BoolFlag{Name: "no-other-instance-signs", Usage: "start although there are signatures that the database does not know, on your word that whatever made them is stopped for good; leaves out the epochs in work"}), telemetryFlags()...),
		Action: func(c *cli.Context) error {
			cfg, err := operatorConfig(c)
			if err != nil {
				return err
			}
			return app.RunOperator(c.Context, cfg, cfg.Log.Logger())
		},
	})
}

// operatorConfig reads the flags of the daemon.
func operatorConfig(c *cli.Context) (app.OperatorConfig, error) {
	cfg, err := daemonConfig(c)
	if err != nil {
		return cfg, err
	}
	cfg.Shadow, cfg.Standby, cfg.NoOtherInstance = c.Bool("shadow"), c.Bool("standby"), c.Bool("no-other-instance-signs")
	return cfg, nil
}

func registerCommand() *cli.Command {
	return &cli.Command{
		Name:  "register",
		Usage: "become an operator of EigenLayer, register the BN254 key, join VERIFIERS",
		Description: "Sends what is missing, in this order, and no more; run it again after posp operator allocate, or let that join.\n" +
			"Everything is shown before it is sent: contract, function, arguments, gas.\n\n" +
			"Examples:\n  posp operator register --network network.json --key op.json --bls-key bls.json\n" +
			"  posp operator register --key op.json --bls-key bls.json --dry-run\n" +
			"  posp operator register --operator 0x5afe… --bls-key bls.json --calldata > register.json   # a multisig is the operator",
		Flags: writeFlags(append(registrationFlags(), blsKeyFlag)...),
		Action: func(c *cli.Context) error {
			w, err := operatorWrite(c, app.Verifiers)
			if err != nil {
				return err
			}
			o, err := registration(c)
			if err != nil {
				return err
			}
			o.BLSKey = key(c, "bls-key")
			return app.RegisterOperator(c.Context, w, o)
		},
	}
}

func allocateCommand() *cli.Command {
	return &cli.Command{
		Name:  "allocate",
		Usage: "let VERIFIERS slash a share of the operator's stake; join, if that is what was missing",
		Description: "The share is of all that is delegated to the operator in the network's strategy. More of it means more samples and more pay.\n" +
			"What is taken back stays slashable for EigenLayer's deallocation delay.\n\n" +
			"Examples:\n  posp operator allocate --network network.json --key op.json --percent 50\n" +
			"  posp operator allocate --key op.json --deposit 100.5 --percent 100   # stake of one's own\n" +
			"  posp operator allocate --operator 0x5afe… --percent 25 --calldata",
		Flags:  writeFlags(allocationFlags()...),
		Action: allocating(app.Verifiers),
	}
}

func deregisterCommand() *cli.Command {
	return &cli.Command{
		Name:  "deregister",
		Usage: "leave VERIFIERS, and keep the stake allocated",
		Description: "For a pause. posp operator exit also takes the stake back.\n\n" +
			"Examples:\n  posp operator deregister --network network.json --key op.json\n  posp operator deregister --key op.json --dry-run",
		Flags: writeFlags(),
		Action: func(c *cli.Context) error {
			w, err := operatorWrite(c, app.Verifiers)
			if err != nil {
				return err
			}
			return app.DeregisterOperator(c.Context, w)
		},
	}
}

func exitCommand() *cli.Command {
	return &cli.Command{
		Name:  "exit",
		Usage: "leave for good, step by step, and say what can still be slashed until when",
		Description: "Run it until it says that nothing is left: it leaves the set and takes the allocation back, names the block until which both can\n" +
			"still be slashed, and after that block gives up the BN254 key. Keep the daemon and its database until then.\n\n" +
			"Examples:\n  posp operator exit --network network.json --key op.json\n  posp operator exit --operator 0x5afe… --calldata",
		Flags: writeFlags(),
		Action: func(c *cli.Context) error {
			w, err := operatorWrite(c, app.Verifiers)
			if err != nil {
				return err
			}
			return app.ExitOperator(c.Context, w)
		},
	}
}

func statusCommand() *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "what the chain says: registration, stake, keys, standing, duties, charges",
		Description: "Reads the chain and the settings; needs no password. --backend and its like say, as to the daemon, what recomputes the\n" +
			"network's models; posp operator doctor asks them.\n\n" +
			"Examples:\n  posp operator status --network network.json --key op.json\n  posp operator status --operator 0x7099… --json",
		Flags: append([]cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, operatorAtFlag, jsonFlag,
			&cli.Uint64Flag{Name: "epochs", Value: 10, Usage: "`NUMBER` of the newest epochs whose duties to show"}}, engineFlags()...),
		Action: func(c *cli.Context) error {
			n, who, err := whose(c)
			if err != nil {
				return err
			}
			e, err := engines(c)
			if err != nil {
				return err
			}
			return app.PrintOperatorStatus(c.Context, n, c.String("rpc"), who, e, c.Uint64("epochs"), c.Bool("json"), os.Stdout)
		},
	}
}
