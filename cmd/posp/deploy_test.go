package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// command returns the flags and variables of a command.
func command(t *testing.T, path ...string) (flags, variables []string) {
	t.Helper()
	cmds := []*cli.Command{operatorCommand(), aggregatorCommand(), providerCommand(), auditCommand()}
	var c *cli.Command
	for _, name := range path {
		i := slices.IndexFunc(cmds, func(c *cli.Command) bool { return c.Name == name })
		if i < 0 {
			t.Fatalf("there is no command %v", path)
		}
		c, cmds = cmds[i], cmds[i].Subcommands
	}
	for _, f := range c.Flags {
		for _, n := range f.Names() {
			flags = append(flags, "--"+n)
		}
		if d, ok := f.(cli.DocGenerationFlag); ok {
			variables = append(variables, d.GetEnvVars()...)
		}
	}
	return flags, append(variables, "POSP_PASSWORD")
}

// What is deployed is told what the command takes, and the command is there: a
// flag that was renamed must be renamed in deploy/ too.
func TestDeployedCommands(t *testing.T) {
	variable, flag := regexp.MustCompile(`\bPOSP_[A-Z_]+`), regexp.MustCompile(`(?:^|[\s"\[,])(--[a-z][a-z-]*)`)
	for file, path := range map[string][]string{
		"posp-operator.service":   {"operator", "run"},
		"posp-aggregator.service": {"aggregator"},
		"posp-provider.service":   {"provider", "run"},
		"provider.compose.yaml":   {"provider", "run"},
		"operator.compose.yaml":   {"operator", "run"},
		"aggregator.compose.yaml": {"aggregator"},
		"posp-auditor.service":    {"audit", "watch"},
		"auditor.compose.yaml":    {"audit", "watch"},
	} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "deploy", file))
		if err != nil {
			t.Fatal(err)
		}
		flags, variables := command(t, path...)
		called := false
		for line := range strings.Lines(string(raw)) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			for _, v := range variable.FindAllString(line, -1) {
				if !slices.Contains(variables, v) {
					t.Errorf("%s sets %s, which `posp %s` does not read", file, v, strings.Join(path, " "))
				}
			}
			words := strings.NewReplacer(",", " ", "[", " ", "]", " ").Replace(line)
			if !strings.HasPrefix(line, "ExecStart=") && !strings.Contains(line, "command:") {
				continue
			}
			called = called || strings.Contains(strings.Join(strings.Fields(words), " "), strings.Join(path, " "))
			for _, f := range flag.FindAllStringSubmatch(line, -1) {
				if !slices.Contains(flags, f[1]) {
					t.Errorf("%s gives %s, which `posp %s` does not take", file, f[1], strings.Join(path, " "))
				}
			}
		}
		if !called {
			t.Errorf("%s does not run `posp %s`", file, strings.Join(path, " "))
		}
	}
}

// systemd takes the units as they are, and finds them well locked up.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not on PATH (Debian: systemd)")
	}
	for _, name := range []string{"posp-operator.service", "posp-aggregator.service", "posp-provider.service", "posp-auditor.service"} {
		raw, err := os.ReadFile(filepath.Join("..", "..", "deploy", name))
		if err != nil {
			t.Fatal(err)
		}
		// The binary that the unit names is not installed here; another one is.
		unit := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(raw), "/usr/local/bin/posp", "/bin/true")), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(analyze, "verify", unit).CombinedOutput(); err != nil || strings.Contains(string(out), name) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		// 10 is exposed to everything, systemd's own bar is 2 for "OK".
		if out, err := exec.Command(analyze, "security", "--offline=yes", "--threshold=20", unit).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
