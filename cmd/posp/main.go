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

	"github.com/proof-of-sampling/posp/internal/app"
)

func main() {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ends = append(ends, syscall.SIGHUP) // the terminal is closed
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
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

// serves keeps a command up when nobody reads what it prints any more: by default a
// write to a pipe that is closed ends the process there and then.
func serves() { signal.Ignore(syscall.SIGPIPE) }

// errUsage marks errors of the command line itself.
var errUsage = errors.New("see --help")

func run(ctx context.Context, args []string) error {
	// go-ethereum, where it is imported, gives the library geth's look.
	cli.FlagStringer = describe
	cli.HelpFlag = &cli.BoolFlag{Name: "help", Aliases: []string{"h"}, Usage: "show help"}
	cli.VersionFlag = &cli.BoolFlag{Name: "version", Usage: "show the version, the revision it was built from, and Go's"}
	cli.VersionPrinter = func(c *cli.Context) { fmt.Fprintf(c.App.Writer, "%s %s\n", c.App.Name, c.App.Version) }
	posp := &cli.App{
		Name:                   "posp",
		Version:                app.Version(),
		Usage:                  "Proof of Sampling: random re-computation makes honest inference the best strategy",
		UseShortOptionHandling: true,
		HideHelpCommand:        true,
		Suggest:                true,
		OnUsageError:           onUsageError,
		ExitErrHandler:         func(*cli.Context, error) {}, // main prints it, once
		Commands: []*cli.Command{
			devnetCommand(), providerCommand(), operatorCommand(), aggregatorCommand(),
			configCommand(), queryCommand(), auditCommand(), logCommand(), challengeCommand(), claimCommand(), verifyCommand(), modelCommand(), calibrateCommand(), econCommand(), vectorsCommand(),
		},
		Action: noCommand,
	}
	var set func(cmds []*cli.Command)
	set = func(cmds []*cli.Command) {
		for _, c := range cmds {
			c.OnUsageError = onUsageError
			c.HideHelpCommand = len(c.Subcommands) > 0
			if c.Action == nil {
				c.Action = noCommand
			} else {
				c.Action = noArgs(c.Action, c.ArgsUsage)
			}
			set(c.Subcommands)
		}
	}
	set(posp.Commands)
	return posp.RunContext(ctx, args)
}

func onUsageError(_ *cli.Context, err error, _ bool) error {
	return fmt.Errorf("%w (%w)", err, errUsage)
}

// describe is a flag's line in the help: names, what value it takes, what it is
// for, and where else the value may come from.
func describe(f cli.Flag) string {
	d, ok := f.(cli.DocGenerationFlag)
	if !ok {
		return ""
	}
	var names []string
	for _, n := range f.Names() {
		dashes := "--"
		if len(n) == 1 {
			dashes = "-"
		}
		names = append(names, dashes+n)
	}
	left, usage := strings.Join(names, ", "), d.GetUsage()
	if d.TakesValue() {
		value := "VALUE"
		if quoted := strings.SplitN(usage, "`", 3); len(quoted) == 3 { // the usage names it so
			value, usage = quoted[1], strings.Join(quoted, "")
		}
		left += " " + value
		if text := d.GetDefaultText(); text != "" {
			usage += " (default: " + text + ")"
		}
	}
	for _, v := range d.GetEnvVars() {
		usage += " [$" + v + "]"
	}
	return left + "\t" + usage
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
