// Command dispute measures what a dispute costs and what the reference program is worth, and writes it down beside the
// goals, with charts:
//
//	go run ./tools/bench/dispute           # docs/bench/dispute.md; about twenty minutes of two processors
//	go run ./tools/bench/dispute -quick    # fewer and smaller runs, in minutes
//	go run ./tools/bench/dispute -only gas # one section, printed only
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
	only := flag.String("only", "", "`NAME` of the one section to run: accuracy, gas, private or speed; no file written")
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
		err = run(ctx, *quick, *only, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is what the sections share.
type bench struct {
	quick  bool
	out    string // where charts go; empty: nowhere
	goals  page.Goals
	detail strings.Builder
}

func (b *bench) print(format string, args ...any) { fmt.Fprintf(&b.detail, format, args...) }

func run(ctx context.Context, quick bool, only, out string) error {
	b := &bench{quick: quick, out: out}
	if only != "" {
		b.out = ""
	}
	begin, load, found := time.Now(), page.Load(), false
	for _, s := range []struct {
		name    string
		measure func(context.Context) error
	}{{"accuracy", b.accuracy}, {"gas", b.gas}, {"private", b.private}, {"speed", b.speed}} {
		if only != "" && s.name != only {
			continue
		}
		found = true
		fmt.Fprintf(os.Stderr, "%s...\n", s.name)
		if err := s.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if !found {
		return fmt.Errorf("-only %q is no section: accuracy, gas, private or speed", only)
	}
	kind := ""
	if quick {
		kind = ", quick"
	}
	text := fmt.Sprintf("# What a dispute costs\n\nWritten by `make bench-dispute`%s, in %s. Machine: %s; load before: %s.\n"+
		"Times are medians of processor time unless they are called clock: the machine is shared.\n\n## Goals\n\n%s\n%s",
		kind, time.Since(begin).Round(time.Second), page.Machine(), load, b.goals, b.detail.String())
	fmt.Print(text)
	if only != "" {
		return nil
	}
	if err := os.WriteFile(filepath.Join(out, "dispute.md"), []byte(text), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
