package main

import (
	"context"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

// The flags of what is done with receipts: posp claim, posp verify.
var (
	receiptFlag = &cli.StringSliceFlag{Name: "receipt", Usage: "`FILE` with an answer as it came (its field posp is enough), or a signed receipt", TakesFile: true, Required: true}
	proofFlag   = &cli.StringFlag{Name: "proof", Usage: "`FILE` with the receipt's Merkle proof; the provider is asked otherwise", TakesFile: true}
	tryFlag     = &cli.BoolFlag{Name: "dry-run", Usage: "say what would be sent, and whether it would be accepted; needs no key"}
)

// readsReceipt are the flags of a command that reads, sendsClaim of one that sends.
func readsReceipt() []cli.Flag { return []cli.Flag{networkFlag, rpcFlag, receiptFlag} }

func sendsClaim(more ...cli.Flag) []cli.Flag {
	return append([]cli.Flag{networkFlag, rpcFlag, keyFlag, passwordFlag, dataFlag, tryFlag, jsonFlag}, more...)
}

// claimOptions reads what these flags say.
func claimOptions(c *cli.Context) (app.ClaimOptions, error) {
	n, err := app.LoadNetwork(c.String("network"))
	return app.ClaimOptions{Network: n, RPC: c.String("rpc"), Key: key(c, "key"), Data: c.String("data"), DryRun: c.Bool("dry-run"), Receipts: c.StringSlice("receipt"),
		Proof: c.String("proof"), Buyer: c.String("buyer"), Secret: c.String("secret"), JSON: c.Bool("json")}, err
}

func claimCommand() *cli.Command {
	action := func(do func(context.Context, app.ClaimOptions, io.Writer) error) cli.ActionFunc {
		return func(c *cli.Context) error {
			o, err := claimOptions(c)
			if err != nil {
				return err
			}
			return do(c.Context, o, os.Stdout)
		}
	}
	return &cli.Command{
		Name:  "claim",
		Usage: "what a buyer's receipts prove: charges against a provider, refunds",
		Subcommands: []*cli.Command{
			{
				Name:        "proof",
				Usage:       "print where a receipt stands in its batch; keep it, the provider may be gone when it is needed",
				Description: "Example:\n  posp claim proof --network network.json --receipt answer.json > proof.json",
				Flags:       readsReceipt(),
				Action:      action(app.ClaimProof),
			},
			{
				Name:  "omission",
				Usage: "charge a provider that left a receipt out of its batches, or put something else in its place",
				Description: "A receipt that no batch covers can be charged once the epoch after its own has closed: receipts of a batch that came too late ride in the next one.\n" +
					"The provider can answer until the charge is executed (posp claim answer).\n\n" +
					"Examples:\n  posp claim omission --network network.json --receipt answer.json --dry-run\n  posp claim omission --key me.json --receipt answer.json",
				Flags:  sendsClaim(receiptFlag, proofFlag),
				Action: action(app.ClaimOmission),
			},
			{
				Name:        "equivocation",
				Usage:       "charge a provider that signed two receipts of one sequence",
				Description: "Example:\n  posp claim equivocation --network network.json --key me.json --receipt one.json --receipt other.json",
				Flags:       sendsClaim(receiptFlag),
				Action:      action(app.ClaimEquivocation),
			},
			{
				Name:        "answer",
				Usage:       "answer a charge of omission: the receipt stands in a batch, if a later one than its own",
				Description: "Example:\n  posp claim answer --network network.json --key provider.json --receipt answer.json",
				Flags:       sendsClaim(receiptFlag, proofFlag),
				Action:      action(app.ClaimAnswer),
			},
			{
				Name:  "refund",
				Usage: "pay a buyer what a receipt entitles it to, as far as EigenLayer has released it",
				Description: "Of each charge that was executed for the receipt's batch: an equal share of what was slashed. Of a fault of receipts: compensation, up to a cap.\n" +
					"Anybody may send it; the buyer is paid. The receipt's nonce must be keccak(abi(tag(\"posp.buyer.v1\"), buyer, secret)).\n\n" +
					"Example:\n  posp claim refund --network network.json --key me.json --receipt answer.json --buyer 0x7099… --secret 0x5f…",
				Flags: sendsClaim(receiptFlag, proofFlag,
					&cli.StringFlag{Name: "buyer", Usage: "`ADDRESS` that the receipt's nonce commits to", Required: true},
					&cli.StringFlag{Name: "secret", Usage: "`HASH` with which it does", Required: true}),
				Action: action(app.ClaimRefund),
			},
		},
	}
}
