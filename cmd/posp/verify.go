package main

import (
	"context"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func verifyCommand() *cli.Command {
	action := func(do func(context.Context, app.DemandOptions, io.Writer) error) cli.ActionFunc {
		return func(c *cli.Context) error {
			o, err := claimOptions(c)
			if err != nil {
				return err
			}
			return do(c.Context, app.DemandOptions{ClaimOptions: o, Aggregator: c.String("aggregator"), Account: c.String("account")}, os.Stdout)
		}
	}
	return &cli.Command{
		Name:  "verify",
		Usage: "pay to have one receipt recomputed, and read what came of it",
		Subcommands: []*cli.Command{
			{
				Name:        "quote",
				Usage:       "print what it costs to have a receipt verified, and until when the answer comes",
				Description: "Example:\n  posp verify quote --network network.json --receipt answer.json --json",
				Flags:       append(readsReceipt(), jsonFlag),
				Action:      action(app.VerifyQuote),
			},
			{
				Name:  "request",
				Usage: "ask, and pay, that a receipt be verified",
				Description: "Only who bought a receipt may ask: its nonce must be keccak(abi(tag(\"posp.buyer.v1\"), buyer, secret)), and --key be the buyer's. A receipt that was drawn has a verdict already.\n" +
					"The answer charges nobody: you chose what was looked at. What nobody earned of the fee comes back.\n\n" +
					"Examples:\n  posp verify request --network network.json --receipt answer.json --secret 0x5f… --buyer 0x7099… --dry-run\n  posp verify request --key me.json --receipt answer.json --secret 0x5f…",
				Flags: sendsClaim(receiptFlag, proofFlag,
					&cli.StringFlag{Name: "secret", Usage: "`HASH` with which the receipt's nonce commits to the buyer", Required: true},
					&cli.StringFlag{Name: "buyer", Usage: "`ADDRESS` of the buyer, for a dry run without a key"}),
				Action: action(app.VerifyRequest),
			},
			{
				Name:        "status",
				Usage:       "print what came of a request about a receipt",
				Description: "Example:\n  posp verify status --network network.json --receipt answer.json",
				Flags:       append(readsReceipt(), jsonFlag),
				Action:      action(app.VerifyStatus),
			},
			{
				Name:        "settle",
				Usage:       "answer a request by what was certified, which pays those who recomputed; anybody may",
				Description: "Example:\n  posp verify settle --network network.json --key me.json --receipt answer.json",
				Flags:       sendsClaim(receiptFlag, aggregatorFlag),
				Action:      action(app.VerifySettle),
			},
			{
				Name:        "refund",
				Usage:       "give a buyer the fee back of a request that was not answered in time; anybody may",
				Description: "Example:\n  posp verify refund --network network.json --key me.json --receipt answer.json",
				Flags:       sendsClaim(receiptFlag),
				Action:      action(app.VerifyRefund),
			},
			{
				Name:        "withdraw",
				Usage:       "pay an account what requests left it: an operator for its work, a buyer what came back; anybody may",
				Description: "Examples:\n  posp verify withdraw --network network.json --key me.json\n  posp verify withdraw --key me.json --account 0x90F7…",
				Flags: sendsClaim(
					&cli.StringFlag{Name: "account", Usage: "`ADDRESS` that is paid; default: the key's"}),
				Action: action(app.VerifyWithdraw),
			},
		},
	}
}
