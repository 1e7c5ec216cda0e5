package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A network file holds no secret: a daemon in a container, another user, reads what
// was written here. And only where there is none is one told how to come by one.
func TestNetworkFileIsForEverybody(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "network.json")
	if err := (Network{ChainID: 1}).Save(file); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o644 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if _, err := LoadNetwork(filepath.Join(dir, "none.json")); err == nil || !strings.Contains(err.Error(), "posp devnet --keep") {
		t.Errorf("where none is: %v", err)
	}
	if _, err := LoadNetwork(dir); err == nil || strings.Contains(err.Error(), "devnet") {
		t.Errorf("where it cannot be read: %v", err)
	}
}
