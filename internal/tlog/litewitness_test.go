package tlog

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite"
)

// TestARealWitnessCosigns has Torchwood's litewitness, as others run it, sign
// our heads. POSP_LITEWITNESS names its binary (go build
// filippo.io/torchwood/cmd/litewitness); its key is in an ssh-agent.
func TestARealWitnessCosigns(t *testing.T) {
	binary := os.Getenv("POSP_LITEWITNESS")
	if binary == "" {
		t.Skip("POSP_LITEWITNESS is not set: no real witness")
	}
	dir := t.TempDir()
	run := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "SSH_AUTH_SOCK="+filepath.Join(dir, "agent"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	start := func(name string, args ...string) {
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	}
	agent, key, db := filepath.Join(dir, "agent"), filepath.Join(dir, "key"), filepath.Join(dir, "witness.db")
	start("ssh-agent", "-D", "-a", agent)
	run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
	for range 50 {
		if _, err := os.Stat(agent); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	run("ssh-add", "-q", key)
	fingerprint := strings.Fields(run("ssh-keygen", "-l", "-f", key+".pub"))[1]
	public, err := base64.StdEncoding.DecodeString(strings.Fields(run("cat", key+".pub"))[1])
	if err != nil {
		t.Fatal(err)
	}
	const name = "witness.example/lite"
	vkey := cosignatureKey(name, public[len(public)-32:])

	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()

	w := newWorld(t, 0, "")
	// The witness knows the log: what witnessctl add-log writes.
	start(binary, "-db", db, "-key", fingerprint, "-listen", address, "-name", name, "-ssh-agent", agent)
	for range 100 {
		if res, err := http.Get("http://" + address + "/"); err == nil {
			res.Body.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	d, err := sql.Open("sqlite", db)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	empty := tlog.Hash{0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55}
	logKey := strings.Fields(w.policy.String())[1]
	for _, statement := range []string{
		fmt.Sprintf(`INSERT INTO log (origin, tree_size, tree_hash) VALUES ('%s', 0, '%s')`, w.policy.Origin(), empty),
		fmt.Sprintf(`INSERT INTO key (origin, key) VALUES ('%s', '%s')`, w.policy.Origin(), logKey),
	} {
		if _, err := d.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	if w.policy, err = ParsePolicy(strings.Replace(w.policy.String(), "quorum none", fmt.Sprintf("witness lite %s http://%s\nquorum lite", vkey, address), 1)); err != nil {
		t.Fatal(err)
	}
	log := w.open(w.dir)
	defer log.Close()
	list, encoded := epoch(1, 300)
	w.publish(log, encoded)
	_, more := epoch(2, 5)
	h := w.publish(log, more)
	if h.Tree.N != 305 || strings.Count(string(h.Signed), "\n— ") != 2 {
		t.Fatalf("head:\n%s", h.Signed)
	}
	got, err := w.reader().Epoch(t.Context(), h, 1)
	if err != nil || len(got) != 300 {
		t.Fatalf("%d entries, %v", len(got), err)
	}
	if err := w.policy.Verify(list[7], got[7].Proof); err != nil {
		t.Error(err)
	}
}

// cosignatureKey is a witness's verifier key, by c2sp.org/tlog-cosignature:
// algorithm 4, and the first four bytes of SHA-256(name || "\n" || 4 || key).
func cosignatureKey(name string, public []byte) string {
	key := append([]byte{4}, public...)
	sum := sha256.Sum256(append([]byte(name+"\n"), key...))
	return fmt.Sprintf("%s+%08x+%s", name, sum[:4], base64.StdEncoding.EncodeToString(key))
}
