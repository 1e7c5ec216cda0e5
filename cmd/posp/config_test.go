package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// daemon runs a role's command with another action.
func daemon(t *testing.T, role string, action func(c *cli.Context), args ...string) error {
	t.Helper()
	cmd := roles[role]()
	cmd.Name, cmd.Action = role, func(c *cli.Context) error { action(c); return nil }
	a := &cli.App{Name: "posp", Commands: []*cli.Command{cmd}, Writer: &bytes.Buffer{}, ErrWriter: &bytes.Buffer{}}
	return a.RunContext(t.Context(), append([]string{"posp", role}, args...))
}

// config is what a role is told, as its struct.
func config(c *cli.Context, role string) any {
	switch role {
	case "operator":
		cfg, err := operatorConfig(c)
		if err != nil {
			return err.Error()
		}
		return cfg
	case "aggregator":
		return aggregatorConfig(c)
	case "auditor":
		return watchConfig(c)
	}
	cfg, err := providerConfig(c)
	if err != nil {
		return err.Error()
	}
	return cfg
}

// other is a value that is not the default's.
func other(f cli.Flag) []string {
	name := "--" + f.Names()[0]
	switch f.(type) {
	case *cli.BoolFlag:
		return []string{name}
	case *cli.IntFlag, *cli.Int64Flag, *cli.Uint64Flag:
		return []string{name, "7"}
	case *cli.DurationFlag:
		return []string{name, "7m"}
	case *cli.Float64Flag:
		return []string{name, "0.25"}
	}
	switch f.Names()[0] {
	case "backend":
		return []string{name, "m=http://127.0.0.1:1"}
	case "backend-key-file":
		return []string{"--backend", "m=http://127.0.0.1:1", name, "m=file"}
	case "operator":
		return []string{name, "0x00000000000000000000000000000000000000aa"}
	}
	return []string{name, "other"}
}

// Each flag comes to the daemon's configuration: none is taken and dropped.
func TestFlagsReachTheConfiguration(t *testing.T) {
	for role := range roles {
		var plain any
		if err := daemon(t, role, func(c *cli.Context) { plain = config(c, role) }); err != nil {
			t.Fatal(err)
		}
		for _, f := range roles[role]().Flags {
			if f == cli.Flag(configFlag) {
				continue
			}
			var got any
			args := other(f)
			if err := daemon(t, role, func(c *cli.Context) { got = config(c, role) }, args...); err != nil {
				t.Fatalf("%s %v: %v", role, args, err)
			}
			if f.Names()[0] == "backend-key-file" { // it goes with another
				if !strings.Contains(fmt.Sprintf("%+v", got), "KeyFile:file") {
					t.Errorf("%s: --backend-key-file changes nothing", role)
				}
				continue
			}
			if reflect.DeepEqual(plain, got) {
				t.Errorf("%s: %v changes nothing", role, args)
			}
		}
	}
}

// Flags come before variables, and these before the file.
func TestWhereSettingsComeFrom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "posp.toml")
	text := "data = 'file'\nnetwork = 'file'\nkey = 'file'\nconfirmations = 9\nshadow = true\notlp-ratio = 0.5\nrpc = 'http://file'\nbackend = ['m=http://a', 'n=http://b']\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("POSP_DATA", "variable")
	t.Setenv("POSP_NETWORK", "variable")
	err := daemon(t, "operator", func(c *cli.Context) {
		cfg, err := operatorConfig(c)
		if err != nil {
			t.Fatal(err)
		}
		if cfg.Data != "flag" || c.String("network") != "variable" || cfg.Key.Path != "file" || cfg.RPC != "http://file" || !cfg.Shadow || cfg.Telemetry.Ratio != 0.5 ||
			cfg.Chain.Confirmations == nil || *cfg.Chain.Confirmations != 9 || len(cfg.Engines.Backends) != 2 || cfg.Log.Format != "console" {
			t.Errorf("in force: %+v", cfg)
		}
	}, "--config", file, "--data", "flag")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("POSP_RPC", "http://variable")
	err = daemon(t, "operator", func(c *cli.Context) {
		if rpc := c.String("rpc"); rpc != "http://variable" {
			t.Errorf("rpc is %s", rpc)
		}
	}, "--config", file)
	if err != nil {
		t.Fatal(err)
	}

	for _, bad := range []struct{ text, says string }{
		{"datum = 'x'", "datum"}, {"[data]\nx = 1", "table"}, {"data = ", "toml"}, {"confirmations = 'many'", "confirmations"}, {"config = 'x'", "config"}, {"backend = [['x']]", "backend"},
	} {
		if err := os.WriteFile(file, []byte(bad.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := daemon(t, "operator", func(*cli.Context) { t.Errorf("%q is taken", bad.text) }, "--config", file); err == nil || !strings.Contains(err.Error(), bad.says) {
			t.Errorf("%q: %v", bad.text, err)
		}
	}
	if err := daemon(t, "operator", func(*cli.Context) { t.Error("no file is taken") }, "--config", file+"x"); err == nil {
		t.Error("no file is no error")
	}
}

// What is printed says the same as a file, and where it came from.
func TestPrintedSettings(t *testing.T) {
	t.Setenv("POSP_KEY", "key with \"quotes\" and \\")
	printed := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		cmd := aggregatorCommand()
		cmd.Before, cmd.Action = nil, func(c *cli.Context) error {
			all, err := settle(c)
			if err == nil {
				print(&out, "aggregator", all)
			}
			return err
		}
		if err := (&cli.App{Name: "posp", Commands: []*cli.Command{cmd}}).Run(append([]string{"posp", "aggregator"}, args...)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first := printed("--rpc", "http://a", "--rpc", "http://b", "--confirmations", "3", "--verbose")
	for _, line := range []string{`rpc = 'http://a,http://b'  # flag`, `confirmations = 3  # flag`, `verbose = true  # flag`, `# listen = '127.0.0.1:9090'  # default`, `# max-fee = ''  # default: 300`, `# variable POSP_KEY`} {
		if !strings.Contains(first, line) {
			t.Errorf("there is no line %s in\n%s", line, first)
		}
	}
	t.Setenv("POSP_KEY", "")
	file := filepath.Join(t.TempDir(), "posp.toml")
	if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	values := func(text string) (list []string) {
		for line := range strings.Lines(text) {
			if strings.Contains(line, " = ") {
				value, _, _ := strings.Cut(strings.TrimSpace(line), "  # ")
				list = append(list, strings.TrimPrefix(value, "# "))
			}
		}
		return list
	}
	second := printed("--config", file)
	if a, b := values(first), values(second); !slices.Equal(a, b) {
		t.Errorf("as a file it says\n%v, not\n%v", b, a)
	}
	for _, line := range strings.Split(second, "\n") {
		name, _, _ := strings.Cut(line, " = ")
		if slices.Contains([]string{"rpc", "key", "confirmations", "verbose"}, name) != strings.HasSuffix(line, "# file") {
			t.Errorf("where it comes from: %s", line)
		}
	}
}

// A time is a string in the file, and comes from where it was said.
func TestTimesInSettings(t *testing.T) {
	t.Setenv("POSP_CANARY_EVERY", "10m")
	printed := func(args ...string) string {
		t.Helper()
		cmd, out := watchCommand(), bytes.Buffer{}
		cmd.Name, cmd.Before = "auditor", nil
		cmd.Action = func(c *cli.Context) error {
			all, err := settle(c)
			print(&out, "auditor", all)
			return err
		}
		if err := (&cli.App{Commands: []*cli.Command{cmd}}).RunContext(t.Context(), append([]string{"posp", "auditor"}, args...)); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	first := printed()
	if !strings.Contains(first, "\ncanary-every = '10m0s'  # variable POSP_CANARY_EVERY\n") {
		t.Errorf("printed is %s", first)
	}
	file := filepath.Join(t.TempDir(), "auditor.toml")
	if err := os.WriteFile(file, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	os.Unsetenv("POSP_CANARY_EVERY")
	if second := printed("--config", file); !strings.Contains(second, "\ncanary-every = '10m0s'  # file\n") {
		t.Errorf("read again it is %s", second)
	}
}
