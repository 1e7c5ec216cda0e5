package contracts_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// What an integrator does: the package as npm packs it, installed in a project
// elsewhere, whose own tests run. Each example is such a project.
//
// It downloads Hardhat, viem and TypeScript and takes minutes, so it runs where
// POSP_NPM=1 says so (make test-package).
func TestPackageWorksForIntegrators(t *testing.T) {
	if os.Getenv("POSP_NPM") == "" {
		t.Skip("POSP_NPM is not set: the package's examples download their tools from npm (make test-package)")
	}
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skip("npm is not installed")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	forge := filepath.Join(here, "node_modules/@foundry-rs/forge-"+runtime.GOOS+"-"+runtime.GOARCH, "bin/forge")
	run := func(t *testing.T, dir string, name string, args ...string) string {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, name, args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "FOUNDRY_SOLC="+filepath.Join(here, "solc-wrapper"), "FOUNDRY_OFFLINE=true", "HARDHAT_DISABLE_TELEMETRY_PROMPT=true", "NO_COLOR=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	if out, err := exec.CommandContext(t.Context(), "npm", "view", "viem@2.57.20", "version").Output(); err != nil || strings.TrimSpace(string(out)) != "2.57.20" {
		t.Skipf("npm cannot reach its registry: %q, %v", out, err)
	}
	tarball := filepath.Join(t.TempDir(), "package.tgz")
	run(t, here, "node", "script/typed-abis.mjs") // as prepack, which npm may be configured not to run
	packed := strings.Fields(run(t, here, "npm", "pack", "--silent", "--pack-destination", filepath.Dir(tarball)))
	if err := os.Rename(filepath.Join(filepath.Dir(tarball), packed[len(packed)-1]), tarball); err != nil {
		t.Fatal(err)
	}
	for _, example := range []struct {
		name string
		test []string
		says string // that it ran, and what
	}{
		{"foundry", []string{forge, "test"}, "5 tests passed, 0 failed"},
		{"hardhat", []string{"npx", "--no-install", "hardhat", "test"}, "6 passing"},
		{"viem", []string{"npx", "--no-install", "tsc"}, ""},
	} {
		t.Run(example.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, tracked{os.DirFS(filepath.Join("examples", example.name))}); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(forge); example.name == "foundry" && err != nil {
				t.Skipf("forge is not installed: %v", err)
			}
			run(t, dir, "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", tarball)
			out := run(t, dir, example.test[0], example.test[1:]...)
			if !strings.Contains(out, example.says) {
				t.Errorf("want %q in what it says:\n%s", example.says, out)
			}
		})
	}
}

// tracked is an example without what its tools leave behind.
type tracked struct{ fs.FS }

func (f tracked) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(f.FS, name)
	var kept []fs.DirEntry
	for _, e := range all {
		switch e.Name() {
		case "node_modules", "out", "cache", "artifacts", "package-lock.json":
		default:
			kept = append(kept, e)
		}
	}
	return kept, err
}
