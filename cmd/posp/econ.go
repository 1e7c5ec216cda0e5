package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

func econCommand() *cli.Command {
	share := func(name, usage string, value float64) cli.Flag {
		return &cli.Float64Flag{Name: name, Value: value, Usage: usage}
	}
	return &cli.Command{
		Name:  "econ",
		Usage: "what the protocol's numbers are worth",
		Subcommands: []*cli.Command{{
			Name:  "oc",
			Usage: "operating characteristic: samples until a cheat is a fault, and until an honest party is",
			Description: "Computed twice, by exact recursion and by simulation, from measured log e-values: the demo model's, or those of a\n" +
				"file that posp calibrate --power wrote.\n\n" +
				"Examples:\n  posp econ oc\n  posp econ oc --alpha 1e-6 --fraction 0.01,0.1,1 --plot oc.svg --paths standing.png\n" +
				"  posp econ oc --file runs.json --json",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "file", Usage: "distribution `FILE`; without it the demo model's"},
				&cli.Float64Flag{Name: "alpha", Value: 1e-9, Usage: "one honest `SAMPLE` in 1/alpha may be a false fault"},
				&cli.StringFlag{Name: "fraction", Value: "0.01,0.05,0.2,1", Usage: "`LIST` of fractions of samples that are cheated"},
				&cli.IntFlag{Name: "runs", Value: 4000, Usage: "`NUMBER` of simulated run lengths of each"},
				&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "of the simulation"},
				&cli.StringFlag{Name: "plot", Usage: "draw expected samples against the fraction into `FILE` (.svg or .png)"},
				&cli.StringFlag{Name: "paths", Usage: "draw standings as they move into `FILE` (.svg or .png)"},
				jsonFlag,
			},
			Action: func(c *cli.Context) error {
				var fractions []float64
				for _, s := range strings.Split(c.String("fraction"), ",") {
					q, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
					if err != nil {
						return fmt.Errorf("--fraction %q is no number: want a list like 0.01,0.2,1 (%w)", s, errUsage)
					}
					fractions = append(fractions, q)
				}
				return app.EconOC(c.Context, c.String("file"), app.OCOptions{Alpha: c.Float64("alpha"), Fractions: fractions, Repeat: c.Int("runs"), Seed: c.Uint64("seed")},
					c.Bool("json"), c.String("plot"), c.String("paths"), os.Stdout, terminal())
			},
		}, {
			Name:  "params",
			Usage: "the inequalities by which honesty is the best strategy, as numbers",
			Description: "Money is in any one unit, time in any one. The contract refuses a sampling rate that breaks the first or the third by a tenth.\n\n" +
				"Examples:\n  posp econ params --rate 0.1092 --slash 10 --reward 1.2 --cost 1\n" +
				"  posp econ params --rate 0.01 --validators 3 --collusion 0.5 --slash 200 --stake 1000 --job-rate 2 --latency 600 --json",
			Flags: []cli.Flag{
				share("rate", "`P`, share of jobs that is sampled", 0.01),
				share("detection", "`D`, how often a sampled cheat is caught", 1),
				share("false-positive", "`F`, how often an honest sample is", 1e-9),
				share("collusion", "`R`, share of validators that collude", 0.1),
				&cli.IntFlag{Name: "validators", Value: 1, Usage: "`N`, of a sample"},
				share("reward", "`R`, for a job", 1.2),
				share("slash", "`S`, what a fault costs", 100),
				share("stake", "`K`, all that can be slashed", 1000),
				share("cost", "`C`, of a job done honestly", 1),
				share("saved", "`S`, share of the cost that cheating saves", 1),
				share("job-rate", "`LAMBDA`, jobs per unit of time", 1),
				share("latency", "`L`, time until a first verdict", 100),
				jsonFlag,
			},
			Action: func(c *cli.Context) error {
				return app.EconParams(app.Terms{Rate: c.Float64("rate"), Detection: c.Float64("detection"), FalsePositive: c.Float64("false-positive"),
					Collusion: c.Float64("collusion"), Validators: c.Int("validators"), Reward: c.Float64("reward"), Slash: c.Float64("slash"), Stake: c.Float64("stake"),
					Cost: c.Float64("cost"), Saved: c.Float64("saved"), JobRate: c.Float64("job-rate"), Latency: c.Float64("latency")}, c.Bool("json"), os.Stdout)
			},
		}},
	}
}
