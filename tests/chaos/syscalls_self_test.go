//go:build linux && amd64

package chaos

import (
	"bytes"
	"os/exec"
	"path/filepath"
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
	if text, err := run(-time.Hour, always(goOn), "/bin/date", "+%s"); err != nil {
		t.Errorf("date: %v %s", err, text)
	} else if d, err := time.ParseDuration(strings.TrimSpace(text) + "s"); err != nil || time.Since(time.Unix(int64(d.Seconds()), 0)) < 59*time.Minute {
		t.Errorf("the clock that was to be an hour slow says %s", text)
	}
}
