package contracts_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp/internal/keys"
)

var update = flag.Bool("update", false, "write test/fixtures anew")

// Solidity can add and multiply in G1 by precompiles, but not in G2. Its tests
// give operators the keys 1, 2, 4, 8, 16, so that any of them together have a
// key of 1 to 31; here are its halves in G2.
func TestFixtureOfKeys(t *testing.T) {
	const path = "test/fixtures/g2.json"
	var points []hexutil.Bytes
	for k := byte(1); k < 32; k++ {
		key, err := keys.BLSFromBytes(append(make([]byte, 31), k))
		if err != nil {
			t.Fatal(err)
		}
		b := key.PublicKey().G2.Bytes()
		points = append(points, b[:])
	}
	want, err := json.MarshalIndent(map[string]any{"points": points}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	want = append(want, '\n')
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what go test ./contracts -update writes", path)
	}
}
