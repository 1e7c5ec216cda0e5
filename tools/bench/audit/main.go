// Command audit measures what an auditor waits for, and writes it down beside
// the goal:
//
//	CGO_ENABLED=0 go run ./tools/bench/audit                 # docs/bench/audit.md; a few minutes
//	CGO_ENABLED=0 go run ./tools/bench/audit -runs 1 -out /dev/null
//
// Run it in the module's root, without cgo as the product is built. One file, the
// bundle of an epoch with 10,000 samples, is verified by the library in this
// process, by `posp audit verify` and by the TypeScript of verifier/, in turn.
// What is timed must have made every check that can be made, and the three must
// say the same of each. A goal that is missed is printed as it is.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

// The epoch; goal is the wall time that the command may take for it.
const (
	providers, receipts = 10, 1000 // each receipt is drawn
	operators, tokens   = 10, 128
	goal                = 3 * time.Second
)

// peer is the command line of verifier/, after `npm run build`.
const peer = "verifier/dist/src/cli.js"

func main() {
	runs := flag.Int("runs", 3, "of each verifier")
	out := flag.String("out", "docs/bench/audit.md", "`FILE` to write")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := fmt.Errorf("takes no argument %q", flag.Arg(0))
	if flag.NArg() == 0 {
		err = run(ctx, *runs, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%s %s\n", time.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}

func run(ctx context.Context, runs int, out string) error {
	if runs < 1 {
		return errors.New("-runs is at least 1")
	}
	dir, err := os.MkdirTemp("", "posp-bench-audit-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	say("an epoch of %d samples", providers*receipts)
	e, err := makeEpoch(dir)
	if err != nil {
		return fmt.Errorf("make epoch: %w", err)
	}
	say("posp")
	posp := filepath.Join(dir, "posp")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", posp, "./cmd/posp")
	build.Env, build.Stderr = append(os.Environ(), "CGO_ENABLED=0"), os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build posp: %w", err)
	}

	list := []*verifier{
		{name: "`audit.Verify`, from the file's bytes, in process", verify: e.here},
		{name: "`posp audit verify FILE`, the process", verify: e.process(posp, "audit", "verify")},
	}
	node, missing := findPeer()
	if missing == "" {
		list = append(list, &verifier{name: "`posp-verify FILE` (TypeScript), the process", verify: e.process(node, peer)})
	} else {
		say("no peer: %s", missing)
	}
	load := page.Load()
	var first []audit.Step
	for i := range runs {
		for _, v := range list {
			t, checks, err := v.verify(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
			if first == nil {
				first = checks
			}
			if err := same(first, checks); err != nil {
				return fmt.Errorf("%s: %w", v.name, err)
			}
			say("%d of %d: %s: %.2f s, %.2f s of CPU", i+1, runs, v.name, t.wall.Seconds(), t.cpu.Seconds())
			v.wall, v.cpu = append(v.wall, t.wall.Seconds()), append(v.cpu, t.cpu.Seconds())
		}
	}
	text := e.report(list, missing, runs, len(first), load)
	fmt.Print(text)
	return os.WriteFile(out, []byte(text), 0o644)
}

// epoch is a certified epoch's bundle, in a file, and what to trust.
type epoch struct {
	raw   []byte
	file  string
	flags []string // that name what to trust
	trust audit.Trust
	large int // samples
}

func makeEpoch(dir string) (*epoch, error) {
	w, err := audittest.New(audittest.Options{Seed: 1, Providers: providers, Receipts: receipts, Operators: operators, Tokens: tokens, Honest: true})
	if err != nil {
		return nil, err
	}
	b, err := w.Bundle()
	if err != nil {
		return nil, err
	}
	if len(b.Samples) != providers*receipts || b.Log == nil {
		return nil, fmt.Errorf("the bundle has %d samples, and log proofs: %t", len(b.Samples), b.Log != nil)
	}
	var raw bytes.Buffer
	if err := b.Write(&raw); err != nil {
		return nil, err
	}
	file, policy := filepath.Join(dir, "epoch.bundle"), filepath.Join(dir, "log.policy")
	if err := errors.Join(os.WriteFile(file, raw.Bytes(), 0o644), os.WriteFile(policy, []byte(w.Trust.Log.String()), 0o644)); err != nil {
		return nil, err
	}
	return &epoch{raw.Bytes(), file, []string{"--trust-block", w.Trust.Block.Hex(), "--trust-network", w.Trust.Network.Hex(), "--trust-log", policy}, w.Trust, len(b.Samples)}, nil
}

// took is what one verification took.
type took struct{ wall, cpu time.Duration }

// verifier is one of those compared, and the seconds that its runs took.
type verifier struct {
	name      string
	verify    func(context.Context) (took, []audit.Step, error)
	wall, cpu []float64
}

func (e *epoch) here(context.Context) (took, []audit.Step, error) {
	begun, spent := time.Now(), page.Spent()
	r := audit.Verify(e.raw, e.trust)
	return took{time.Since(begun), page.Spent() - spent}, r.Checks, nil
}

// process is a verifier with a command line; both have the same flags and print
// the same JSON.
func (e *epoch) process(name string, args ...string) func(context.Context) (took, []audit.Step, error) {
	return func(ctx context.Context) (took, []audit.Step, error) {
		c := exec.CommandContext(ctx, name, slices.Concat(args, e.flags, []string{"--json", e.file})...)
		c.Stderr = os.Stderr
		begun := time.Now()
		out, err := c.Output()
		wall := time.Since(begun)
		if err != nil {
			return took{}, nil, err
		}
		var r struct{ Checks []audit.Step }
		if err := json.Unmarshal(out, &r); err != nil {
			return took{}, nil, fmt.Errorf("read report: %w", err)
		}
		return took{wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime()}, r.Checks, nil
	}
}

// same says whether all was checked, and whether two verifiers found the same.
// Two checks no file allows: docs/bundle.md.
func same(a, b []audit.Step) error {
	if len(a) != len(b) || len(b) == 0 {
		return fmt.Errorf("made %d checks of %d", len(b), len(a))
	}
	for i, s := range b {
		want := audit.OK
		if s.Name == audit.CheckCompleteness || s.Name == audit.CheckContest {
			want = audit.Unchecked
		}
		if s.Name != a[i].Name || s.Outcome != want {
			return fmt.Errorf("check %s: %s: %s", s.Name, s.Outcome, s.Found)
		}
	}
	return nil
}

// findPeer is where node is, or what is missing for the peer to run.
func findPeer() (node, missing string) {
	node, err := exec.LookPath("node")
	if err != nil {
		return "", "node is not installed"
	}
	if _, err := os.Stat(peer); err != nil {
		return "", "verifier/dist is not built (cd verifier && npm install && npm run build)"
	}
	return node, ""
}

// report is the page.
func (e *epoch) report(list []*verifier, missing string, runs, checks int, load string) string {
	t := page.NewTable("verifier", "wall s", "CPU s", "wall s of each run", "CPU, of `posp audit verify`")
	command := list[1]
	base := page.Median(slices.Clone(command.cpu))
	for _, v := range list {
		wall, cpu := page.Median(slices.Clone(v.wall)), page.Median(slices.Clone(v.cpu))
		t.Add(v.name, fmt.Sprintf("%.2f", wall), fmt.Sprintf("%.2f", cpu), fmt.Sprintf("%.2f", v.wall), fmt.Sprintf("%.2f", cpu/base))
	}
	var goals page.Goals
	wall := page.Median(slices.Clone(command.wall))
	goals.Add(wall < goal.Seconds(), "`posp audit verify` of an epoch with 10,000 samples, wall time on 2 cores", fmt.Sprintf("< %.0f s", goal.Seconds()), fmt.Sprintf("%.2f s", wall),
		fmt.Sprintf("%.2f s of CPU, under the load above: two free cores would take %.2f s or more", base, base/2))
	without := ""
	if missing != "" {
		without = fmt.Sprintf("\nWithout the peer, the TypeScript verifier: %s.\n", missing)
	}
	return fmt.Sprintf("# Audits: speed\n\nWritten by `make bench-audit`. Machine: %s. Load before (how many processes wanted a\nprocessor, over 1 and 5 minutes): %s. Figures are medians of %d runs, the verifiers in turn. Built without cgo, as the product is.\n\n%s\n"+
		"## One epoch\n\n%s samples of %d tokens, of %d providers and %d operators, with openings, evidence and log proofs: %.1f MB. Each verifier reads the\nsame file, trusts the same block, network and log policy, and makes %d checks: all are ok, but for completeness and contest, of which no file tells.\n\n%s%s",
		page.Machine(), load, runs, goals, page.Group(uint64(e.large)), tokens, providers, operators, float64(len(e.raw))/1e6, checks, t, without)
}
