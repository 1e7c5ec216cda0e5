package main

import (
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func keysCommand() *cli.Command {
	typeFlag := &cli.StringFlag{Name: "type", Usage: "`CURVE` of the key: bn254 co-signs certificates, ecdsa is an account or signs messages or receipts"}
	outFlag := &cli.StringFlag{Name: "out", Usage: "`FILE` to write, which must not be there yet"}
	formatFlag := &cli.StringFlag{Name: "format", Usage: "`FORMAT` to write: v3 or hex (ecdsa); eigen, eip2335 or hex (bn254); by default what eigenlayer-cli reads. hex is not encrypted"}
	fromFlag := &cli.StringFlag{Name: "from", Usage: "`FILE` of the key: any of the formats"}
	fromPasswordFlag := &cli.StringFlag{Name: "from-password-file", EnvVars: []string{"POSP_FROM_PASSWORD_FILE"}, Usage: "`FILE` with the password of --from; without it, the variable POSP_FROM_PASSWORD is read"}
	newKey := func(c *cli.Context) app.NewKeyFile {
		return app.NewKeyFile{Type: app.KeyType(c.String("type")), Format: app.KeyFormat(c.String("format")), Key: key(c, "out")}
	}
	copyKey := func(c *cli.Context) error {
		return app.CopyKey(app.NewKey(c.String("from"), c.String("from-password-file"), "POSP_FROM_PASSWORD"), newKey(c), os.Stdout)
	}
	return &cli.Command{
		Name:  "keys",
		Usage: "make, import, export and list key files; say on chain which key counts",
		Subcommands: []*cli.Command{
			{
				Name:  "create",
				Usage: "make a key, from the system's randomness",
				Description: "Files are encrypted, readable by their owner alone, and never written over. The password comes from a file or a variable: a flag\n" +
					"could be read by other users of the machine.\n\n" +
					"Examples:\n  posp operator keys create --type ecdsa --out op.json --password-file pw\n  POSP_PASSWORD=… posp operator keys create --type bn254 --out bls.json",
				Flags:  []cli.Flag{typeFlag, outFlag, formatFlag, passwordFlag},
				Action: func(c *cli.Context) error { return app.CreateKey(newKey(c), os.Stdout) },
			},
			{
				Name:  "import",
				Usage: "take over a key that another program made",
				Description: "Reads hex, web3 secret storage (geth, eigenlayer-cli), eigensdk-go's BN254 keystores (eigenlayer-cli) and EIP-2335 with curveType bn254.\n\n" +
					"Example:\n  posp operator keys import --type bn254 --from ~/.eigenlayer/operator_keys/me.bls.key.json --from-password-file old --out bls.json --password-file pw",
				Flags:  []cli.Flag{typeFlag, fromFlag, fromPasswordFlag, outFlag, formatFlag, passwordFlag},
				Action: copyKey,
			},
			{
				Name:        "export",
				Usage:       "write a key in a format that another program reads",
				Description: "Example:\n  posp operator keys export --type bn254 --from bls.json --from-password-file pw --format eip2335 --out bls.eip2335.json --password-file pw2",
				Flags:       []cli.Flag{typeFlag, fromFlag, fromPasswordFlag, outFlag, formatFlag, passwordFlag},
				Action:      copyKey,
			},
			{
				Name:        "list",
				Usage:       "which keys there are in a directory",
				Description: "Shows what files say in clear, so no password is needed.\n\nExample:\n  posp operator keys list --dir .",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "dir", Value: ".", Usage: "`DIR` of the key files"}, jsonFlag},
				Action:      func(c *cli.Context) error { return app.ListKeys(c.String("dir"), c.Bool("json"), os.Stdout) },
			},
			{
				Name:  "set",
				Usage: "have another key sign the operator's messages, from a coming epoch on",
				Description: "Who has a message key can speak to aggregators and providers in the operator's name, and no more: the account can stay cold. Which\n" +
					"key counts is by epoch, in the KeyRegistry; a change counts from the first epoch that is far enough away, and is shown before it is\n" +
					"sent. The daemon needs both keys meanwhile: restart it with --message-key twice first. The account's own key ends it.\n\n" +
					"Examples:\n  posp operator keys set --network network.json --key op.json --message-key hot.json\n" +
					"  posp operator keys set --key op.json --message-key new.json --dry-run\n" +
					"  posp operator keys set --operator 0x5afe… --message-key new.json --calldata > rotate.json   # a multisig is the operator",
				Flags: writeFlags(&cli.StringFlag{Name: "message-key", Usage: "`FILE` of the key that shall sign; only its address is read"}),
				Action: func(c *cli.Context) error {
					w, err := operatorWrite(c, app.Verifiers)
					if err != nil {
						return err
					}
					return app.SetHotKey(c.Context, w, app.Messages, key(c, "message-key"))
				},
			},
			{
				Name:  "show",
				Usage: "which message key counts, which will, and which did",
				Description: "Reads the KeyRegistry; needs no password.\n\n" +
					"Examples:\n  posp operator keys show --network network.json --key op.json\n  posp operator keys show --operator 0x7099… --json",
				Flags: []cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, operatorAtFlag, jsonFlag},
				Action: func(c *cli.Context) error {
					n, who, err := whose(c)
					if err != nil {
						return err
					}
					return app.PrintHotKeys(c.Context, n, c.String("rpc"), who, app.Messages, c.Bool("json"), os.Stdout)
				},
			},
			{
				Name:  "rotate",
				Usage: "exchange the registered BN254 key for a new one, as far as EigenLayer lets it go",
				Description: "EigenLayer keeps a key while its operator is slashable. So a rotation leaves VERIFIERS, waits for the deallocation delay (14 days on\n" +
					"mainnet), gives the old key up and joins again with the new one. Each run takes the next step, and says when the one after it can be.\n" +
					"The account itself cannot be exchanged: it is who the operator is. Message keys are exchanged by posp operator keys set.\n\n" +
					"Example:\n  posp operator keys rotate --network network.json --key op.json --bls-key new-bls.json",
				Flags: writeFlags(blsKeyFlag),
				Action: func(c *cli.Context) error {
					w, err := operatorWrite(c, app.Verifiers)
					if err != nil {
						return err
					}
					return app.RotateKey(c.Context, w, key(c, "bls-key"))
				},
			},
		},
	}
}
