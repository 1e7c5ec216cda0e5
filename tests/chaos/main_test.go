//go:build linux && amd64

package chaos

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(launchVariable) != "" {
		fmt.Fprintln(os.Stderr, "chaos:", launched()) // it returns only when it cannot
		os.Exit(125)
	}
	code := m.Run()
	if binaryPath != "" {
		os.RemoveAll(filepath.Dir(binaryPath))
	}
	os.Exit(code)
}

// build builds the program as `make build` does.
func build() (string, error) {
	dir, err := os.MkdirTemp("", "posp-chaos-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "posp")
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", path, "github.com/proof-of-sampling/posp/cmd/posp")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return path, nil
}
