package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// attribute is what a test said of itself by testing.T.Attr.
type attribute struct{ Test, Key, Value string }

// attributes runs tests of a package and returns what they report. A test that fails and reported nothing is an error; one that
// reported its figures, and found that they miss a goal, is not: the page says so. Environment is added to this process's.
func attributes(ctx context.Context, pkg, tests string, environment ...string) ([]attribute, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-json", "-run", tests, pkg)
	cmd.Env = append(os.Environ(), environment...)
	out, err := cmd.Output()
	var list []attribute
	var said strings.Builder
	silent := map[string]bool{} // tests that failed
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var event struct{ Action, Test, Key, Value, Output string }
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			continue
		}
		said.WriteString(event.Output)
		switch test, _, _ := strings.Cut(event.Test, "/"); event.Action {
		case "attr":
			list = append(list, attribute{test, event.Key, event.Value})
		case "fail":
			silent[test] = true
		}
	}
	for _, a := range list {
		delete(silent, a.Test)
	}
	if delete(silent, ""); err != nil && len(list) > 0 && len(silent) == 0 {
		fmt.Fprintf(os.Stderr, "  tests of %s fail, after they reported their figures:\n%s\n", pkg, tail(said.String()))
		return list, nil
	}
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			said.Write(failed.Stderr)
		}
		return nil, fmt.Errorf("go test %s: %w\n%s", pkg, err, tail(said.String()))
	}
	return list, nil
}

// tail is the end of what a process printed.
func tail(s string) string { return s[max(0, len(s)-4096):] }

// testBinary is a package's tests, built, to be run several times: in its directory, as go test does.
type testBinary struct{ path, dir string }

func buildTests(ctx context.Context, dir, into string) (testBinary, error) {
	b := testBinary{filepath.Join(into, filepath.Base(dir)+".test"), dir}
	if out, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", b.path, "./"+dir).CombinedOutput(); err != nil {
		return b, fmt.Errorf("build the tests of %s: %w\n%s", dir, err, tail(string(out)))
	}
	return b, nil
}

// benchmark runs one benchmark once in a process of its own: its metrics by their units, with the process's largest
// memory in "MiB".
func (b testBinary) benchmark(ctx context.Context, pattern string, environment ...string) (map[string]float64, error) {
	cmd := exec.CommandContext(ctx, b.path, "-test.run", "^$", "-test.bench", pattern, "-test.benchtime", "1x")
	cmd.Dir, cmd.Env = b.dir, append(os.Environ(), environment...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("benchmark %s: %w\n%s", pattern, err, tail(string(out)))
	}
	// Name, number of runs, and then values with their units: go.dev/design/14313-benchmark-format.
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		metrics := map[string]float64{}
		for i := 2; i+1 < len(fields); i += 2 {
			if metrics[fields[i+1]], err = strconv.ParseFloat(fields[i], 64); err != nil {
				return nil, fmt.Errorf("benchmark %s printed %q: %w", pattern, line, err)
			}
		}
		metrics["MiB"] = peak(cmd)
		return metrics, nil
	}
	return nil, fmt.Errorf("benchmark %s printed no result:\n%s", pattern, tail(string(out)))
}

// peak is the most memory that an ended process held at once, in MiB.
func peak(cmd *exec.Cmd) float64 {
	return float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024 // Linux counts in KiB
}

// itself runs this program again for one measurement, in a process of its own, and reads what it prints.
func itself(ctx context.Context, what string, result any, environment ...string) (memory float64, err error) {
	self, err := os.Executable()
	if err != nil {
		return 0, fmt.Errorf("find this program: %w", err)
	}
	cmd := exec.CommandContext(ctx, self, "-child", what)
	cmd.Env, cmd.Stderr = append(os.Environ(), environment...), os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("measure %s: %w", what, err)
	}
	if err := json.Unmarshal(out, result); err != nil {
		return 0, fmt.Errorf("measure %s: %w", what, err)
	}
	return peak(cmd), nil
}
