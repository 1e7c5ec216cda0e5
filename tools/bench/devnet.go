package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

var (
	readyLine = regexp.MustCompile(`(?m)^ *([0-9.]+)s  ready: 5 epochs`)
	endLine   = regexp.MustCompile(`(?m)^ *([0-9.]+)s  all \d+ checks hold`)
	gasLine   = regexp.MustCompile(`(\d+) gas for an epoch, (\d+) for a receipt`)
)

// measureDevnet runs `posp devnet`, built, as a newcomer does, and reads its
// clock from the lines that it prints.
func measureDevnet(ctx context.Context, f *figures) error {
	dir, err := os.MkdirTemp("", "posp-bench-")
	if err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, "posp")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", bin, "./cmd/posp").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w\n%s", err, out)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, bin, "devnet")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("posp devnet: %w\n%s%s", err, tail(stdout.Bytes()), tail(stderr.Bytes()))
	}
	ready, err := seconds(readyLine, stdout.Bytes())
	if err != nil {
		return err
	}
	end, err := seconds(endLine, stdout.Bytes())
	if err != nil {
		return err
	}
	f.add("`posp devnet` to ready", "s", 20, ready)
	f.add("five epochs, settled and replayed", "s", 240, end-ready)
	used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	f.add("processor time of all of it", "s", 0, used.Seconds())
	f.add("peak memory of the process", "MiB", 0, peak(cmd))
	if g := gasLine.FindSubmatch(stdout.Bytes()); g != nil {
		for i, what := range []string{"gas for an epoch of the play (batches, beacon, table, certificate)", "gas for a receipt of the play"} {
			n, err := strconv.ParseFloat(string(g[i+1]), 64)
			if err != nil {
				return fmt.Errorf("read gas: %w", err)
			}
			f.add(what, "gas", 0, n)
		}
	}
	return nil
}

func seconds(line *regexp.Regexp, out []byte) (float64, error) {
	m := line.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("posp devnet printed no line like %q:\n%s", line, tail(out))
	}
	return strconv.ParseFloat(string(m[1]), 64)
}

// peak is the most memory that an ended process held at once, in MiB.
func peak(cmd *exec.Cmd) float64 {
	return float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // Linux counts in KiB
}

// tail is the end of what a process printed.
func tail(b []byte) []byte { return b[max(0, len(b)-4096):] }
