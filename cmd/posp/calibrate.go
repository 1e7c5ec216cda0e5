package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func calibrateCommand() *cli.Command {
	return &cli.Command{
		Name:  "calibrate",
		Usage: "make a policy from honest pairs of engines; with --power, try one on cheats",
		Description: "Honest pairs are outputs of which one engine claims log-probabilities and another recomputes them. They are read from\n" +
			"files (--from: one JSON object a line, as --records writes), or measured: for a class of this program's engine (--engine), the\n" +
			"pairs that its machines come in; or for pairs named (--pair), each an engine of this program, or a vLLM, SGLang or\n" +
			"llama.cpp server that runs the same weights: its URL, or CLASS=URL to name its engine class as specs will. A measurement that was interrupted continues with its --records.\n\n" +
			"A policy rests on what was measured, with the confidence stated, and covers nothing else. From too few pairs none is made.\n\n" +
			"Examples:\n" +
			"  posp calibrate --engine posp-float/bf16 --records bf16.jsonl --out bf16.json\n" +
			"  posp calibrate --from vllm-a100-h100.jsonl --from vllm-h100-h100.jsonl --out vllm.json\n" +
			"  posp calibrate --weights model.gguf --pair vllm/bf16=http://127.0.0.1:8000,http://127.0.0.1:8000 --prompts requests.jsonl --out policy.json\n" +
			"  posp calibrate --power --policy bf16.json --engine posp-float/bf16 --plot power.svg --runs-out runs.json\n" +
			"  posp calibrate --power --from honest.jsonl --cheats-from int8.jsonl",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "from", Usage: "`FILE` of honest pairs to read; may be repeated"},
			&cli.StringFlag{Name: "engine", Usage: "`CLASS` of this program's engine, such as posp-float/bf16"},
			&cli.GenericFlag{Name: "pair", Value: new(pairs), Usage: "`CLAIMED,RECOMPUTED`: two engines or servers; may be repeated"},
			&cli.StringFlag{Name: "records", Usage: "`FILE` to which measured honest pairs are appended; a rerun continues it"},
			&cli.StringFlag{Name: "weights", Value: "embedded:main", Usage: "model `FILE` or directory: GGUF, safetensors, Hugging Face's layout"},
			&cli.StringFlag{Name: "prompts", Usage: "`FILE` of requests, one a line: {\"prompt\":[1,2,3],\"temperature\":0.7,\"maxTokens\":64}; without it they are generated"},
			&cli.StringFlag{Name: "source", Usage: "`DIR` with Go files to generate requests from (default: this Go installation's)"},
			&cli.IntFlag{Name: "positions", Value: 250_000, Usage: "`NUMBER` of honest positions to measure of each kind of request and pair, about"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of generated requests"},
			&cli.Float64Flag{Name: "confidence", Value: 0.999, Usage: "that every bound of the policy holds"},
			&cli.StringFlag{Name: "out", Usage: "`FILE` to write the policy to; without it it is only reported on"},
			jsonFlag,

			&cli.BoolFlag{Name: "power", Usage: "try a policy on honest parties and on cheats, instead of making one"},
			&cli.StringFlag{Name: "policy", Usage: "with --power: `FILE` of the policy; without it the one shipped for the engine class"},
			&cli.StringSliceFlag{Name: "cheats-from", Usage: "with --power: `FILE` of recorded cheating runs; may be repeated"},
			&cli.StringFlag{Name: "cheat-records", Usage: "with --power: `FILE` to which measured cheats are appended; a rerun continues it"},
			&cli.StringSliceFlag{Name: "cheat", Usage: "with --power and --engine: `NAME` of a cheat to measure: int8, int4, other-model, forger, forger-unseeded, hot, hot-unseeded; may be repeated (default: all)"},
			&cli.StringFlag{Name: "other", Value: "embedded:small", Usage: "with --power: the other model's `FILE` or directory"},
			&cli.IntFlag{Name: "samples", Value: 200, Usage: "with --power: `NUMBER` of outputs of each run"},
			&cli.IntFlag{Name: "tokens", Value: 64, Usage: "with --power: `NUMBER` of tokens of an output, at most"},
			&cli.Float64Flag{Name: "alpha", Value: 1e-9, Usage: "with --power: one honest `SAMPLE` in 1/alpha may be a false fault"},
			&cli.StringFlag{Name: "runs-out", Usage: "with --power: `FILE` to write the distributions of logE to, for posp econ oc"},
			&cli.StringFlag{Name: "plot", Usage: "with --power: draw honest and cheating logE into `FILE` (.svg or .png)"},
		},
		Action: func(c *cli.Context) error {
			m := app.MeasureOptions{From: c.StringSlice("from"), Records: c.String("records"), Engine: c.String("engine"), Pairs: *c.Generic("pair").(*pairs),
				Weights: c.String("weights"), Prompts: c.String("prompts"), Source: c.String("source"), Positions: c.Int("positions"), Seed: c.Uint64("seed")}
			if err := together(c); err != nil {
				return err
			}
			if !c.Bool("power") {
				return app.Calibrate(c.Context, app.CalibrateOptions{MeasureOptions: m, Out: c.String("out"), Confidence: c.Float64("confidence"), JSON: c.Bool("json")}, os.Stdout, terminal())
			}
			return app.Power(c.Context, app.PowerOptions{MeasureOptions: m, Policy: c.String("policy"), CheatsFrom: c.StringSlice("cheats-from"), CheatRecords: c.String("cheat-records"),
				Cheats: c.StringSlice("cheat"), Other: c.String("other"), Samples: c.Int("samples"), Tokens: c.Int("tokens"), Alpha: c.Float64("alpha"),
				RunsOut: c.String("runs-out"), Plot: c.String("plot"), JSON: c.Bool("json")}, os.Stdout, terminal())
		},
	}
}

// pairs are values with commas in them, which a StringSliceFlag would cut at.
type pairs []string

func (p *pairs) Set(text string) error {
	*p = append(*p, text)
	return nil
}

func (p *pairs) String() string { return strings.Join(*p, " ") }

// together refuses flags that the other half of the command is about, which
// would be ignored.
func together(c *cli.Context) error {
	refused, why := []string{"policy", "cheats-from", "cheat-records", "cheat", "other", "samples", "tokens", "alpha", "runs-out", "plot"}, "only with --power"
	if c.Bool("power") {
		refused, why = []string{"pair", "prompts", "positions", "confidence", "out"}, "not with --power"
	}
	for _, name := range refused {
		if c.IsSet(name) {
			return fmt.Errorf("--%s is %s (%w)", name, why, errUsage)
		}
	}
	return nil
}

// terminal is where progress is shown: standard error, when somebody looks at it.
func terminal() io.Writer {
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return os.Stderr
	}
	return io.Discard
}
