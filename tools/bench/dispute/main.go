// Command dispute measures what a dispute costs and what the reference program is worth, and writes it down beside the
// goals, with charts:
//
//	go run ./tools/bench/dispute           # docs/bench/dispute.md; about twenty minutes of two processors
//	go run ./tools/bench/dispute -quick    # fewer and smaller runs, in minutes
//	go run ./tools/bench/dispute -only gas # one section anew, the others as they were measured last
//
// Run it in the module's root. A goal that is missed is printed as it is. Gas does not depend on the machine; it is what
// the tests of contracts and the tests on the real EigenLayer report as test attributes.
//
//	accuracy.go  log-probabilities against binary64
//	gas.go       last moves and whole games, as tests measured them
//	game.go      the course of a game, and games too large to be played here, by formula
//	private.go   proofs of private last moves
//	speed.go     scoring and tracing against the float engine's prefill
//	tests.go     go test, for figures
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/proof-of-sampling/posp/tools/bench/page"
)

func main() {
	quick := flag.Bool("quick", false, "fewer and smaller runs")
	out := flag.String("out", "docs/bench", "`DIR` for dispute.md and the charts")
	only := flag.String("only", "", "`NAME` of the one section to measure anew: accuracy, speed, private or gas; page to write what was measured")
	cache := flag.String("cache", ".bench/dispute", "`DIR` where measured sections are kept")
	child := flag.String("child", "", "what a process of its own measures")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("takes no argument %q", flag.Arg(0))
	case *child != "":
		err = runChild(ctx, *child)
	default:
		err = run(ctx, *quick, *only, *out, *cache)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// section is one that was measured, as it is kept.
type section struct {
	Took, Load   string
	Goals        page.Goals
	Text         string
	PerParameter float64 `json:",omitempty"` // processor seconds of a trace for each parameter and token
}

func (s *section) print(format string, args ...any) { s.Text += fmt.Sprintf(format, args...) }

// bench is what the sections share.
type bench struct {
	quick    bool
	out      string // for charts
	sections map[string]*section
}

func run(ctx context.Context, quick bool, only, out, cache string) error {
	for _, dir := range []string{out, cache} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	b := &bench{quick: quick, out: out, sections: map[string]*section{}}
	var text, from strings.Builder
	var goals page.Goals
	found := only == "" || only == "page"
	for _, s := range []struct {
		name    string
		measure func(context.Context, *section) error
	}{{"accuracy", b.accuracy}, {"speed", b.speed}, {"private", b.private}, {"gas", b.gas}} {
		file := filepath.Join(cache, s.name+".json")
		x := &section{Load: page.Load()}
		if only == "" || only == s.name {
			found = true
			fmt.Fprintf(os.Stderr, "%s...\n", s.name)
			begin := time.Now()
			if err := s.measure(ctx, x); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			x.Took = time.Since(begin).Round(time.Second).String()
			if quick {
				x.Took += ", quick"
			}
			kept, err := json.Marshal(x)
			if err == nil {
				err = os.WriteFile(file, kept, 0o644)
			}
			if err != nil {
				return fmt.Errorf("keep %s: %w", s.name, err)
			}
		} else if kept, err := os.ReadFile(file); errors.Is(err, os.ErrNotExist) {
			x.Took, x.Load = "not measured yet", ""
		} else if err != nil {
			return fmt.Errorf("read section: %w", err)
		} else if err := json.Unmarshal(kept, x); err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		b.sections[s.name] = x
		goals = append(goals, x.Goals...)
		text.WriteString(x.Text)
		fmt.Fprintf(&from, "| %s | %s | %s |\n", s.name, x.Took, x.Load)
	}
	if !found {
		return fmt.Errorf("-only %q is no section: accuracy, speed, private or gas", only)
	}
	all := fmt.Sprintf("# What a dispute costs\n\nWritten by `make bench-dispute`. Machine: %s. Times are medians of processor time unless they are called clock: the machine is shared.\n\n"+
		"| section | took | load before, 1 and 5 minutes |\n|---|---|---|\n%s\n## Goals\n\n%s\n%s", page.Machine(), &from, goals, &text)
	fmt.Print(all)
	if err := os.WriteFile(filepath.Join(out, "dispute.md"), []byte(strings.TrimRight(all, "\n")+"\n"), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
