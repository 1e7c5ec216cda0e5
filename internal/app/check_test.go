package app

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Everything that is wrong is said at once, and nothing else.
func TestCheckOfSettings(t *testing.T) {
	dir := t.TempDir()
	open := filepath.Join(dir, "open.json")
	if err := os.WriteFile(open, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, unread := LoadNetwork(filepath.Join(dir, "none.json"))
	err = CheckAggregator(AggregatorConfig{Common: Common{Unread: unread, RPC: "here", Aggregator: "there", Data: open,
		Telemetry: TelemetryConfig{Listen: taken.Addr().String(), Pprof: "0.0.0.0:1", OTLP: "collector", Ratio: 2},
		Log:       LogConfig{Format: "xml", Level: "loud"}, Chain: ChainConfig{MaxFee: "much"}}, Key: NewKey(open, filepath.Join(dir, "pw"), ""), Listen: "127.0.0.1:99999"})
	if err == nil {
		t.Fatal("nothing is wrong")
	}
	for _, part := range []string{"network file", "--rpc \"here\"", "--aggregator \"there\"", "is no directory", "--telemetry " + taken.Addr().String(), "--pprof", "--otlp:", "--otlp-ratio 2",
		"--log-format", "--log-level", "--max-fee", "mode 0644", "--password-file", "--listen 127.0.0.1:99999"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("it does not say what is wrong with %s:\n%v", part, err)
		}
	}
	if strings.Contains(err.Error(), "chainId") {
		t.Errorf("of a network file that was not read it says more than that:\n%v", err)
	}
}
