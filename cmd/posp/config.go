package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/internal/app"
)

// A daemon's settings come from its flags, else from variables, else from a TOML
// file whose keys are the flags' names. A flag's text is the setting's manual.

var configFlag = &cli.StringFlag{Name: "config", EnvVars: []string{"POSP_CONFIG"}, Usage: "TOML `FILE` of settings, by the flags' names; flags and variables come before it. posp config print writes one"}

// roles are the daemons, by what --role calls them.
var roles = map[string]func() *cli.Command{"operator": operatorRunCommand, "aggregator": aggregatorCommand, "provider": providerRunCommand, "auditor": watchCommand}

// configured lets a daemon's command take the file.
func configured(c *cli.Command) *cli.Command {
	c.Flags = append(c.Flags, configFlag)
	c.Before = func(c *cli.Context) error {
		serves() // its log may end, as when journald starts anew; its duties do not
		_, err := settle(c)
		return err
	}
	return c
}

// setting is one of a command's, as it is in force.
type setting struct {
	name   string
	usage  string
	values []string // one, but for lists
	list   bool
	kind   string // string, bool or number
	source string // flag, variable NAME, file or default
	normal string // what the default is, where it is not a value
}

// settle reads the file and sets what neither flag nor variable says.
func settle(c *cli.Context) ([]setting, error) {
	file := map[string]any{}
	if path := c.String(configFlag.Name); path != "" {
		raw, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("settings: %w", err)
		}
		if err := toml.Unmarshal(raw, &file); err != nil {
			return nil, fmt.Errorf("settings %s: %w", path, err)
		}
	}
	var all []setting
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if name == configFlag.Name || name == cli.HelpFlag.Names()[0] {
			continue
		}
		d, ok := f.(cli.DocGenerationFlag)
		if !ok {
			return nil, fmt.Errorf("flag --%s has no text", name)
		}
		s := setting{name: name, usage: strings.ReplaceAll(d.GetUsage(), "`", ""), source: source(c, f, d)}
		if t := d.GetDefaultText(); t != "" && t != text(c, f) && t != fmt.Sprintf("%q", text(c, f)) {
			s.normal = ": " + t
		}
		in, has := file[name]
		delete(file, name)
		if has {
			values, err := texts(in)
			for _, v := range values {
				if err == nil && s.source == "default" {
					err = c.Set(name, v)
				}
			}
			if err != nil {
				return nil, fmt.Errorf("settings %s: %s: %w", c.String(configFlag.Name), name, err)
			}
			if s.source == "default" {
				s.source = "file"
			}
		}
		switch v := c.Value(name).(type) {
		case cli.StringSlice:
			s.values, s.list = v.Value(), true
		case string:
			s.values, s.kind = []string{v}, "string"
		case time.Duration:
			s.values, s.kind = []string{v.String()}, "string"
		default:
			s.values = []string{fmt.Sprint(v)}
		}
		all = append(all, s)
	}
	if unknown := slices.Sorted(maps.Keys(file)); len(unknown) > 0 {
		return nil, fmt.Errorf("settings %s: there is no setting %s: its flag does not exist, or takes no file", c.String(configFlag.Name), strings.Join(unknown, ", "))
	}
	return all, nil
}

// source says whether flag or variable says a setting.
func source(c *cli.Context, f cli.Flag, d cli.DocGenerationFlag) string {
	for _, name := range d.GetEnvVars() {
		v, ok := os.LookupEnv(name)
		if d, err := time.ParseDuration(v); err == nil && d == c.Value(f.Names()[0]) {
			v = d.String()
		}
		switch {
		case !ok || text(c, f) != v:
		case v == "": // says nothing
			return "default"
		default:
			return "variable " + name
		}
	}
	if c.IsSet(f.Names()[0]) {
		return "flag"
	}
	return "default"
}

// text is a flag's value as a variable would say it.
func text(c *cli.Context, f cli.Flag) string {
	name := f.Names()[0]
	if list := c.StringSlice(name); list != nil {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(c.Value(name))
}

// texts are the values of a setting in the file.
func texts(v any) ([]string, error) {
	switch x := v.(type) {
	case []any:
		var list []string
		for _, e := range x {
			one, err := texts(e)
			if _, nested := e.([]any); nested || err != nil {
				return nil, fmt.Errorf("a list holds strings and numbers")
			}
			list = append(list, one[0])
		}
		return list, nil
	case map[string]any:
		return nil, fmt.Errorf("it is a table: settings have no sections")
	case string, bool, int64, float64:
		return []string{fmt.Sprint(x)}, nil
	}
	return nil, fmt.Errorf("it is neither a string, a number, true, false nor a list")
}

// print writes settings as a file that says the same: defaults are comments.
func print(out io.Writer, role string, all []setting) {
	fmt.Fprintf(out, "# Settings of posp %s, as they are in force: flags, then variables, then the file, then defaults.\n", role)
	for _, s := range all {
		off := ""
		if s.source == "default" {
			off = "# "
		}
		var value string
		switch {
		case s.list:
			var quoted []string
			for _, v := range s.values {
				quoted = append(quoted, quote(v))
			}
			value = "[" + strings.Join(quoted, ", ") + "]"
		case s.kind == "string":
			value = quote(s.values[0])
		default:
			value = s.values[0]
		}
		if s.source == "default" {
			s.source += s.normal
		}
		fmt.Fprintf(out, "\n# %s\n%s%s = %s  # %s\n", s.usage, off, s.name, value, s.source)
	}
}

// quote is a TOML string.
func quote(v string) string {
	raw, err := toml.Marshal(map[string]string{"v": v})
	if err != nil {
		return `""` // cannot fail
	}
	return strings.TrimSpace(strings.TrimPrefix(string(raw), "v = "))
}

func configCommand() *cli.Command {
	sub := func(name, usage, description string, action func(c *cli.Context, role string) error) *cli.Command {
		return &cli.Command{
			// The flags are read below, with the daemon's; here they are for the help.
			Flags: []cli.Flag{&cli.StringFlag{Name: "role", Usage: "`ROLE` whose settings are meant: operator, aggregator, provider or auditor"}, configFlag},
			Name:  name, Usage: usage, ArgsUsage: "--role ROLE [the daemon's flags]", SkipFlagParsing: true, HideHelpCommand: true,
			Description: "Takes the flags, variables and --config FILE of the daemon that --role names: operator (posp operator run), aggregator, provider (posp provider run) or auditor (posp audit watch).\n\n" + description,
			Action: func(c *cli.Context) error {
				role, rest, err := roleOf(c.Args().Slice())
				if err != nil {
					return err
				}
				if role == "" {
					return cli.ShowSubcommandHelp(c)
				}
				daemon := roles[role]()
				daemon.Name, daemon.Description = role, "The settings are those of the daemon."
				if name == "print" {
					daemon.Before = nil // it settles what it prints
				}
				daemon.Action = noArgs(func(c *cli.Context) error { return action(c, role) }, "")
				daemon.OnUsageError = onUsageError
				return (&cli.App{Name: "posp config " + name + " --role", HideHelpCommand: true, OnUsageError: onUsageError, Commands: []*cli.Command{daemon},
					ExitErrHandler: func(*cli.Context, error) {}, Writer: c.App.Writer}).RunContext(c.Context, append([]string{"posp", role}, rest...))
			},
		}
	}
	return &cli.Command{
		Name:  "config",
		Usage: "show or check a daemon's settings",
		Subcommands: []*cli.Command{
			sub("print", "write the settings in force as a file for --config, each with where it comes from",
				"Examples:\n  posp config print --role operator > operator.toml\n  posp config print --role aggregator --config /etc/posp/aggregator.toml",
				func(c *cli.Context, role string) error {
					all, err := settle(c)
					if err != nil {
						return err
					}
					print(os.Stdout, role, all)
					return nil
				}),
			sub("check", "say everything that is wrong with the settings, without starting",
				"Looks at files, their permissions, addresses and URLs, and asks nobody: posp operator doctor asks chain, aggregator and engines.\n\n"+
					"Example:\n  posp config check --role operator --config /etc/posp/operator.toml",
				func(c *cli.Context, role string) error {
					var err error
					switch role {
					case "operator":
						cfg, bad := operatorConfig(c)
						if err = bad; err == nil {
							err = app.CheckOperator(cfg)
						}
					case "aggregator":
						err = app.CheckAggregator(aggregatorConfig(c))
					case "provider":
						cfg, bad := providerConfig(c)
						if err = bad; err == nil {
							err = app.CheckProvider(cfg)
						}
					case "auditor":
						err = app.CheckAuditor(watchConfig(c))
					}
					if err == nil {
						fmt.Fprintln(os.Stdout, "ok: nothing is wrong with the settings of "+role)
					}
					return err
				}),
		},
	}
}

// roleOf takes --role out of arguments; "" if help is asked for.
func roleOf(args []string) (role string, rest []string, err error) {
	for i := 0; i < len(args); i++ {
		switch v, is := strings.CutPrefix(args[i], "--role="); {
		case is:
			role = v
		case args[i] == "--role" && i+1 < len(args):
			i++
			role = args[i]
		default:
			rest = append(rest, args[i])
		}
	}
	if role == "" && (slices.Contains(rest, "--help") || slices.Contains(rest, "-h")) {
		return "", nil, nil
	}
	if roles[role] == nil {
		return "", nil, fmt.Errorf("--role %q is none of %s (%w)", role, strings.Join(slices.Sorted(maps.Keys(roles)), ", "), errUsage)
	}
	return role, rest, nil
}
