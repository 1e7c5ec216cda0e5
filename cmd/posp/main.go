// Command posp is every role of Proof of Sampling in one binary: it parses
// flags and calls internal/app. See `posp --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args); err != nil {
		// One line for each problem: what is wrong, and what to do.
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintln(os.Stderr, "posp:", strings.TrimRight(line, "\n"))
		}
		if errors.Is(err, errUsage) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// errUsage marks errors of the command line itself.
var errUsage = errors.New("see --help")

func run(ctx context.Context, args []string) error {
	usage := func(_ *cli.Context, err error, _ bool) error { return fmt.Errorf("%w (%w)", err, errUsage) }
	app := &cli.App{
		Name:                   "posp",
		Usage:                  "Proof of Sampling: random re-computation makes honest inference the best strategy",
		UseShortOptionHandling: true,
		HideHelpCommand:        true,
		Suggest:                true,
		OnUsageError:           usage,
		ExitErrHandler:         func(*cli.Context, error) {}, // main prints it, once
		Commands: []*cli.Command{
			devnetCommand(), providerCommand(), operatorCommand(), aggregatorCommand(),
			queryCommand(), auditCommand(), vectorsCommand(),
		},
		Action: noCommand,
	}
	var set func(cmds []*cli.Command)
	set = func(cmds []*cli.Command) {
		for _, c := range cmds {
			c.OnUsageError = usage
			if len(c.Subcommands) > 0 {
				c.Action, c.HideHelpCommand = noCommand, true
			} else {
				c.Action = noArgs(c.Action, c.ArgsUsage)
			}
			set(c.Subcommands)
		}
	}
	set(app.Commands)
	return app.RunContext(ctx, args)
}

// noCommand is what to do where a command should stand: show which there are.
func noCommand(c *cli.Context) error {
	if c.Args().Present() {
		return fmt.Errorf("there is no command %q (%w)", c.Args().First(), errUsage)
	}
	return cli.ShowSubcommandHelp(c)
}

// noArgs refuses arguments that a command would ignore.
func noArgs(next cli.ActionFunc, usage string) cli.ActionFunc {
	return func(c *cli.Context) error {
		if usage == "" && c.Args().Present() {
			return fmt.Errorf("%s takes no argument %q (%w)", c.Command.FullName(), c.Args().First(), errUsage)
		}
		return next(c)
	}
}
