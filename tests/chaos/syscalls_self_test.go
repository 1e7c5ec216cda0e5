//go:build linux && amd64

package chaos

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// The filter itself: each of its answers, on programs that everybody has.
func TestFilter(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	run := func(skew time.Duration, decide func(write) answer, args ...string) (string, error) {
		var b bytes.Buffer
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Stdout, cmd.Stderr = &b, &b
		if err := tapped(cmd, skew, decide); err != nil {
			t.Fatal(err)
		}
		err := cmd.Wait()
		return b.String(), err
	}
	var seen []write
	always := func(a answer) func(write) answer {
		return func(w write) answer {
			if w.file != "out" {
				return goOn
			}
			seen = append(seen, w)
			return a
		}
	}
	if text, err := run(0, always(goOn), "/bin/dd", "if=/dev/zero", "of="+out, "bs=512", "count=3", "conv=fsync"); err != nil || len(seen) < 4 {
		t.Errorf("%d writes, %v: %s", len(seen), err, text)
	}
	if w := seen[len(seen)-1]; !w.durable() {
		t.Errorf("the last call is %v", w)
	}
	if text, err := run(0, always(noSpace), "/bin/dd", "if=/dev/zero", "of="+out, "bs=512", "count=3"); err == nil || !strings.Contains(text, "No space left") {
		t.Errorf("on a full disk: %v, %s", err, text)
	}
	if _, err := run(0, always(die), "/bin/dd", "if=/dev/zero", "of="+out, "bs=512", "count=3"); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("killed: %v", err)
	}
	var all []write
	each := func(w write) answer { all = append(all, w); return goOn }
	dir := filepath.Dir(out)
	if text, err := run(0, each, "/bin/mv", out, filepath.Join(dir, "moved")); err != nil || !slices.Contains(all, write{file: "out", call: "rename"}) {
		t.Errorf("moved: %v, %v %s", all, err, text)
	}
	all = nil
	if text, err := run(0, each, "/bin/rm", filepath.Join(dir, "moved")); err != nil || !slices.Contains(all, write{file: "moved", call: "unlink"}) {
		t.Errorf("removed: %v, %v %s", all, err, text)
	}
	all = nil
	for range 2 {
		if text, err := run(0, each, "/usr/bin/touch", filepath.Join(dir, "new")); err != nil {
			t.Errorf("touched: %v %s", err, text)
		}
	}
	if !slices.Equal(all, []write{{file: "new", call: "create"}}) { // the second time it was there
		t.Errorf("created: %v", all)
	}
	if text, err := run(-time.Hour, always(goOn), "/bin/date", "+%s"); err != nil {
		t.Errorf("date: %v %s", err, text)
	} else if d, err := time.ParseDuration(strings.TrimSpace(text) + "s"); err != nil || time.Since(time.Unix(int64(d.Seconds()), 0)) < 59*time.Minute {
		t.Errorf("the clock that was to be an hour slow says %s", text)
	}
}

// What a write says is read off its bytes: a request by its method, a message to
// PostgreSQL, a part of SQLite's log.
func TestWhatIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"POST / HTTP/1.1\r\nHost: x\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_sendRawTransaction\",": "eth_sendRawTransaction",
		"POST /posp.v1.AggregatorService/SubmitReveals HTTP/1.1\r\n":                                             "SubmitReveals",
		"POST /api/v1/eth1/sign/0xabc HTTP/1.1\r\n":                                                              "sign",
		"HTTP/1.1 200 OK\r\n":                           "answer",
		"Q\x00\x00\x00\x0bcommit\x00":                   "commit",
		"Q\x00\x00\x00\x17begin isolation\x00":          "begin",
		"P\x00\x00\x00\x20stmt\x00select 1\x00\x00\x00": "statement",
		"\x00\x00\x12\x04\x00\x00\x00\x00\x00":          "other",
	} {
		if got := sent([]byte(text)); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	for _, w := range []write{{"socket", "write", "SubmitShare"}, {"socket", "write", "commit"}, {"socket", "write", "eth_sendRawTransaction"}} {
		if !w.tells() {
			t.Errorf("%v tells nothing", w)
		}
	}
	for _, w := range []write{{"socket", "write", "eth_call"}, {"a.db-wal", "pwrite64", "commit"}} {
		if w.tells() {
			t.Errorf("%v tells something", w)
		}
	}
	frame, commit := make([]byte, 24), make([]byte, 24)
	commit[7] = 12
	for _, c := range []struct {
		b      []byte
		length uint64
		want   string
	}{{frame, 24, "frame"}, {commit, 24, "commit"}, {make([]byte, 32), 32, "header"}, {make([]byte, 32), 4096, "page"}} {
		if got := logged(c.b, c.length); got != c.want {
			t.Errorf("a write of %d bytes to the log is %q, want %q", c.length, got, c.want)
		}
	}
}
