package main

import (
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func modelCommand() *cli.Command {
	state := &cli.StringFlag{Name: "state", Usage: "`DIR` in which an interrupted computation is kept (default: posp/model in the user's cache)"}
	const layouts = "MODEL is a GGUF file, a safetensors file, a directory in Hugging Face's layout, or embedded:main or embedded:small, which posp carries."
	options := func(c *cli.Context) (app.ModelOptions, error) {
		if err := atMostOne(c); err != nil {
			return app.ModelOptions{}, err
		}
		return app.ModelOptions{Weights: c.Args().First(), State: c.String("state"), JSON: c.Bool("json")}, nil
	}
	return &cli.Command{
		Name:  "model",
		Usage: "what specs say of a model's weights: roots, shape, and whether a file is a spec's model",
		Subcommands: []*cli.Command{
			{
				Name:      "root",
				Usage:     "compute the weights root and the reference program's root",
				ArgsUsage: "MODEL",
				Description: layouts + "\nThe roots depend on the weights' values alone, not on the file's format. A model may be larger than memory. When it is\n" +
					"interrupted or killed, the same command continues where it was.\n" +
					"With --private it also computes what the reference version of a private spec is (docs/privacy.md): about nine CPU-minutes more for each\n" +
					"billion of weights, kept for those who dispute.\n\n" +
					"Examples:\n  posp model root model.gguf\n  posp model root --private embedded:main\n  posp model root --state /var/tmp/roots Llama-3.1-8B/\n  posp model root --json embedded:main",
				Flags: []cli.Flag{state, &cli.BoolFlag{Name: "private", Usage: "also the reference version of private specs"}, jsonFlag},
				Action: func(c *cli.Context) error {
					o, err := options(c)
					if err != nil {
						return err
					}
					o.Private = c.Bool("private")
					return app.ModelRoot(c.Context, o, os.Stdout, terminal())
				},
			},
			{
				Name:        "inspect",
				Usage:       "print architecture, tensors, formats and sizes, without reading the weights",
				ArgsUsage:   "MODEL",
				Description: layouts + "\n\nExamples:\n  posp model inspect model.gguf\n  posp model inspect --json Qwen3-0.6B/",
				Flags:       []cli.Flag{jsonFlag},
				Action: func(c *cli.Context) error {
					o, err := options(c)
					if err != nil {
						return err
					}
					return app.ModelInspect(o, os.Stdout)
				},
			},
			{
				Name:      "verify",
				Usage:     "compare weights with the spec of a network's model",
				ArgsUsage: "[MODEL]",
				Description: layouts + "\nWithout it, the weights that the network file names. Ends with an error if anything is not as the spec says.\n\n" +
					"Examples:\n  posp model verify --network network.json --model posp-demo model.safetensors\n  posp model verify --network network.json",
				Flags: []cli.Flag{networkFlag, &cli.StringFlag{Name: "model", Usage: "`NAME` of the model in the network file (default: its only one)"}, state, jsonFlag},
				Action: func(c *cli.Context) error {
					o, err := options(c)
					if err != nil {
						return err
					}
					n, err := app.LoadNetwork(c.String("network"))
					if err != nil {
						return err
					}
					return app.ModelVerify(c.Context, n, c.String("model"), o, os.Stdout, terminal())
				},
			},
			{
				Name:      "export",
				Usage:     "write a model as one GGUF or safetensors file",
				ArgsUsage: "MODEL",
				Description: layouts + "\nThe file is read back, and it is said whether it holds the same weights. The model must fit into memory.\n\n" +
					"Examples:\n  posp model export --out demo.gguf embedded:main\n  posp model export --out model.safetensors --format bf16 model.gguf",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "out", Required: true, Usage: "`FILE` that ends in .gguf or .safetensors; it must not exist"},
					&cli.StringFlag{Name: "format", Usage: "f32, f16 or bf16, of the matrices (default: as the model has them)"},
					&cli.StringFlag{Name: "name", Usage: "that servers list the model under; GGUF only (default: posp)"},
				},
				Action: func(c *cli.Context) error {
					o, err := options(c)
					if err != nil {
						return err
					}
					return app.ModelExport(app.ExportOptions{Weights: o.Weights, Out: c.String("out"), Format: c.String("format"), Name: c.String("name")}, os.Stdout)
				},
			},
		},
	}
}

// atMostOne refuses a second argument, which would be ignored.
func atMostOne(c *cli.Context) error {
	if c.Args().Len() > 1 {
		return fmt.Errorf("%s takes one argument, not %q too; flags stand before it (%w)", c.Command.FullName(), c.Args().Get(1), errUsage)
	}
	return nil
}
