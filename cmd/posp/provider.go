package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func providerCommand() *cli.Command {
	return &cli.Command{
		Name:  "provider",
		Usage: "serve inference with receipts: a provider's registration, stake and daemon",
		Description: "A provider stakes in EigenLayer and stands in front of an OpenAI-compatible server: each answer carries a receipt, and the receipts are\n" +
			"committed at the end of each epoch. docs/providers.md leads from nothing to a running provider and out again.\n\n" +
			"Example:\n  posp provider register --network network.json --key op.json --receipt-key hot.json --public-url https://gpu.example\n" +
			"  posp provider allocate --percent 100\n  posp provider run",
		Subcommands: []*cli.Command{providerRegisterCommand(), providerAllocateCommand(), providerStatusCommand(), providerRunCommand(), providerDoctorCommand(),
			rotateKeyCommand(), providerDeregisterCommand(), providerExitCommand()},
	}
}

var (
	receiptKeyFlag = &cli.StringSliceFlag{Name: "receipt-key", EnvVars: []string{"POSP_RECEIPT_KEY"}, Usage: "`FILE` of the key that signs receipts; while it is exchanged, twice"}
	publicURLFlag  = &cli.StringFlag{Name: "public-url", EnvVars: []string{"POSP_PUBLIC_URL"}, Value: "http://127.0.0.1:8080", Usage: "`URL` by which operators reach --listen"}
	forceFlag      = &cli.BoolFlag{Name: "force", Usage: "leave also with receipts that are in no batch: each can be charged as omitted"}
)

// providerFlags are those of the daemon, which its doctor takes too.
func providerFlags(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{networkFlag, rpcFlag, dataFlag, keyFlag, passwordFlag, operatorAtFlag, confirmationsFlag, maxFeeFlag, lowBalanceFlag, receiptKeyFlag,
		&cli.StringFlag{Name: "upstream", EnvVars: []string{"POSP_UPSTREAM"}, Usage: "inference server's `URL`"},
		&cli.StringFlag{Name: "upstream-kind", EnvVars: []string{"POSP_UPSTREAM_KIND"}, Usage: "`KIND` of the inference server: posp, vllm, sglang, llama.cpp or ollama; found out if not given"},
		&cli.StringFlag{Name: "model", EnvVars: []string{"POSP_MODEL"}, Usage: "`NAME` in the network file of the model that the server runs"},
		&cli.StringFlag{Name: "listen", EnvVars: []string{"POSP_LISTEN"}, Value: "127.0.0.1:8080", Usage: "`ADDRESS` for buyers and operators"},
		publicURLFlag,
	}, more...)
}

func providerRunCommand() *cli.Command {
	return configured(&cli.Command{
		Name:  "run",
		Usage: "sign receipts in front of an OpenAI-compatible server, and commit them",
		Description: "Buyers talk to --listen as they would to the server behind it. Each answer carries a receipt.\n\n" +
			"Example:\n  posp provider run --network network.json --key op.json --receipt-key hot.json \\\n" +
			"    --upstream http://127.0.0.1:8000 --model posp-demo --listen 127.0.0.1:8080 --public-url http://127.0.0.1:8080\n\n" +
			"The server may be vLLM, SGLang, llama.cpp's server or Ollama, unmodified; docs/providers.md says how to start each.\n" +
			"What posp provider register has not set, receipt key and URL, is set at the start; the key is exchanged by posp provider rotate-key.",
		Flags: providerFlags(append(telemetryFlags(),
			&cli.BoolFlag{Name: "drain", EnvVars: []string{"POSP_DRAIN"}, Usage: "give no more receipts: commit and open what was signed, before leaving and after"})...),
		Action: func(c *cli.Context) error {
			cfg, err := providerConfig(c)
			if err != nil {
				return err
			}
			return app.RunProvider(c.Context, cfg, cfg.Log.Logger())
		},
	})
}

// providerConfig reads the flags of providerFlags, and of the daemon where it has them.
func providerConfig(c *cli.Context) (app.ProviderConfig, error) {
	who, err := operatorAddress(c)
	return app.ProviderConfig{Common: common(c), Key: key(c, "key"), Provider: who, ReceiptKeys: keyList(c, "receipt-key"),
		Upstream: c.String("upstream"), UpstreamKind: c.String("upstream-kind"), Model: c.String("model"), Listen: c.String("listen"), PublicURL: c.String("public-url"), Drain: c.Bool("drain")}, err
}

func providerDoctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "check everything that a provider needs, a line for each, with what to do",
		Description: "Takes the daemon's flags, and changes nothing. Asks the inference server as buyers will. While no daemon listens at --listen, it listens there\n" +
			"for a moment itself, to see whether --public-url leads to it. Ends with status 1 if anything failed.\n\n" +
			"Examples:\n  posp provider doctor --network network.json --key op.json --receipt-key hot.json --upstream http://127.0.0.1:8000 --model llama-8b --public-url https://gpu.example\n" +
			"  posp provider doctor --json",
		Flags: providerFlags(jsonFlag),
		Action: func(c *cli.Context) error {
			cfg, err := providerConfig(c)
			if err = errors.Join(cfg.Unread, err); err != nil {
				return err
			}
			return app.ProviderDoctor(c.Context, cfg, c.Bool("json"), os.Stdout)
		},
	}
}

func providerRegisterCommand() *cli.Command {
	return &cli.Command{
		Name:  "register",
		Usage: "become an operator of EigenLayer, set the receipt key, join PROVIDERS, say where openings are served",
		Description: "Sends what is missing, in this order, and no more; run it again after posp provider allocate, or when the URL changes.\n" +
			"Everything is shown before it is sent: contract, function, arguments, gas.\n\n" +
			"Examples:\n  posp provider register --network network.json --key op.json --receipt-key hot.json --public-url https://gpu.example\n" +
			"  posp provider register --key op.json --receipt-key hot.json --public-url https://gpu.example --dry-run\n" +
			"  posp provider register --operator 0x5afe… --receipt-key hot.json --public-url https://gpu.example --calldata > register.json   # a multisig is the provider",
		Flags: writeFlags(append(registrationFlags(), receiptKeyFlag, &cli.StringFlag{Name: "public-url", EnvVars: publicURLFlag.EnvVars, Usage: publicURLFlag.Usage})...),
		Action: func(c *cli.Context) error {
			w, err := operatorWrite(c, app.Providers)
			if err != nil {
				return err
			}
			o, err := registration(c)
			if err != nil {
				return err
			}
			if keys := keyList(c, "receipt-key"); len(keys) > 0 {
				o.ReceiptKey = keys[0]
			}
			o.PublicURL = c.String("public-url")
			return app.RegisterProvider(c.Context, w, o)
		},
	}
}

func providerAllocateCommand() *cli.Command {
	return &cli.Command{
		Name:  "allocate",
		Usage: "let PROVIDERS slash a share of the provider's stake; join, if that is what was missing",
		Description: "The share is of all that is delegated to the provider in the network's strategy. Markets may ask for a least stake.\n" +
			"What is taken back stays slashable for EigenLayer's deallocation delay.\n\n" +
			"Examples:\n  posp provider allocate --network network.json --key op.json --percent 50\n" +
			"  posp provider allocate --key op.json --deposit 100.5 --percent 100   # stake of one's own\n" +
			"  posp provider allocate --operator 0x5afe… --percent 25 --calldata",
		Flags:  writeFlags(allocationFlags()...),
		Action: allocating(app.Providers),
	}
}

func providerStatusCommand() *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "what the chain says: membership, stake, URL, receipt keys, batches, charges",
		Description: "Reads the chain alone; needs no password.\n\n" +
			"Examples:\n  posp provider status --network network.json --key op.json\n  posp provider status --operator 0x7099… --json",
		Flags: []cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, operatorAtFlag, jsonFlag,
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
			w, err := operatorWrite(c, app.Providers)
			if err != nil {
				return err
			}
			return app.SetHotKey(c.Context, w, app.Receipts, key(c, "receipt-key"))
		},
	}
}

// leaving reads the flags of the ways out.
func leaving(do func(*cli.Context, app.OperatorWrite, app.LeaveOptions) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		w, err := operatorWrite(c, app.Providers)
		if err != nil {
			return err
		}
		return do(c, w, app.LeaveOptions{Data: c.String("data"), Force: c.Bool("force")})
	}
}

// beforeLeaving is what both ways out say.
const beforeLeaving = "Who is no member commits no batches, and a receipt in none is a charge. So first restart the daemon with --drain, and when its last batch is on chain\n" +
	"stop it; this command refuses as long as a receipt in --data is in no batch. Afterwards run it with --drain again, until the block that is named.\n\n"

func providerDeregisterCommand() *cli.Command {
	return &cli.Command{
		Name:  "deregister",
		Usage: "leave PROVIDERS, and keep the stake allocated",
		Description: "For a pause. posp provider exit also takes the stake back.\n\n" + beforeLeaving +
			"Examples:\n  posp provider deregister --network network.json --key op.json --data /var/lib/posp\n  posp provider deregister --key op.json --dry-run",
		Flags: writeFlags(forceFlag),
		Action: leaving(func(c *cli.Context, w app.OperatorWrite, o app.LeaveOptions) error {
			return app.DeregisterProvider(c.Context, w, o)
		}),
	}
}

func providerExitCommand() *cli.Command {
	return &cli.Command{
		Name:  "exit",
		Usage: "leave for good, step by step, and say what can still be slashed until when",
		Description: "Run it until it says that nothing is left: it leaves the set and takes the allocation back, and names the block until which it can\n" +
			"still be slashed. Keep the database until then: it holds what answers a charge.\n\n" + beforeLeaving +
			"Examples:\n  posp provider exit --network network.json --key op.json --data /var/lib/posp\n  posp provider exit --operator 0x5afe… --data /var/lib/posp --calldata",
		Flags: writeFlags(forceFlag),
		Action: leaving(func(c *cli.Context, w app.OperatorWrite, o app.LeaveOptions) error {
			return app.ExitProvider(c.Context, w, o)
		}),
	}
}

// registrationFlags are those of becoming an operator of EigenLayer.
func registrationFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "metadata-uri", Usage: "`URL` of the metadata JSON, as EigenLayer's app shows it"},
		&cli.UintFlag{Name: "allocation-delay", Usage: "`BLOCKS` after which a new allocation holds; stakers read it as a promise"},
	}
}

// registration reads them.
func registration(c *cli.Context) (app.RegisterOptions, error) {
	delay := c.Uint("allocation-delay")
	if delay > 1<<31 {
		return app.RegisterOptions{}, fmt.Errorf("--allocation-delay %d is more than a life (%w)", delay, errUsage)
	}
	return app.RegisterOptions{MetadataURI: c.String("metadata-uri"), AllocationDelay: uint32(delay)}, nil
}

// allocationFlags are those of allocate.
func allocationFlags() []cli.Flag {
	return []cli.Flag{
		&cli.Float64Flag{Name: "percent", Usage: "`SHARE` of the stake, in per cent; 0 takes it back"},
		&cli.StringFlag{Name: "deposit", Usage: "`AMOUNT` of the token that the account itself shall have staked, in whole tokens; what is missing is deposited first"},
	}
}

// allocating is allocate on a side.
func allocating(side app.Side) cli.ActionFunc {
	return func(c *cli.Context) error {
		if !c.IsSet("percent") {
			return fmt.Errorf("--percent is missing: how much of the stake shall be slashable? (%w)", errUsage)
		}
		w, err := operatorWrite(c, side)
		if err != nil {
			return err
		}
		return app.AllocateStake(c.Context, w, app.AllocateOptions{Percent: c.Float64("percent"), Deposit: c.String("deposit")})
	}
}
