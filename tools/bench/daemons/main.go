// Command daemons measures what the aggregator takes and what it costs, and
// writes it down beside the goals:
//
//	CGO_ENABLED=0 go run ./tools/bench/daemons                 # docs/bench/daemons.md; ten to twenty minutes
//	CGO_ENABLED=0 go run ./tools/bench/daemons -quick          # smaller, printed only
//	CGO_ENABLED=0 go run ./tools/bench/daemons -only ingest    # one section, printed only
//
// Run it in the module's root, without cgo as the product is built. A goal that is
// missed is printed as it is. Sender and aggregator are two processes that share
// this machine.
//
//	world.go       an epoch: operators, receipts, what they find
//	serve.go       the aggregator: the real one, on a chain in memory
//	ingest.go      an epoch's evidence through its API, to a certificate
//	signatures.go  verification against eigensdk-go's bls_aggregation
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
	quick := flag.Bool("quick", false, "fewer and smaller runs, and no file written")
	out := flag.String("out", "docs/bench/daemons.md", "`FILE` to write")
	only := flag.String("only", "", "`NAME` of the one section to run: signatures, ingest or memory; no file written")
	runs := flag.Int("runs", 3, "of ingestion, and of signatures three times as many")
	memory := flag.Int("samples", 1_000_000, "of the epoch whose memory is measured")
	postgres := flag.String("postgres", "", "`URL` of an empty PostgreSQL database, to ingest into it too")
	serve := flag.String("serve", "", "be the aggregator of the world in this `FILE`")
	store := flag.String("store", "", "with -serve: its database")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("takes no argument %q", flag.Arg(0))
	case *serve != "":
		err = serveWorld(ctx, *serve, *store)
	default:
		err = run(ctx, *quick, *only, *out, *runs, *memory, *postgres)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is what the sections share.
type bench struct {
	quick    bool
	runs     int
	memory   int
	postgres string
	goals    page.Goals
	detail   strings.Builder
}

func (b *bench) print(format string, args ...any) { fmt.Fprintf(&b.detail, format, args...) }

func run(ctx context.Context, quick bool, only, out string, runs, memory int, postgres string) error {
	if quick {
		runs = 1
	}
	b := &bench{quick: quick, runs: runs, memory: memory, postgres: postgres}
	found := false
	for _, s := range []struct {
		name    string
		measure func(context.Context) error
	}{{"signatures", b.signatures}, {"ingest", b.ingest}, {"memory", b.epochMemory}} {
		if only != "" && s.name != only {
			continue
		}
		found = true
		fmt.Fprintf(os.Stderr, "%s %s...\n", time.Now().Format(time.TimeOnly), s.name)
		if err := s.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if !found {
		return fmt.Errorf("-only %q is no section", only)
	}
	text := fmt.Sprintf("# Daemons: speed and size\n\nWritten by `make bench-daemons`. Machine: %s, shared with others: load is how many processes wanted a processor,\n"+
		"over 1 and 5 minutes, just before. Figures are medians of their runs. Built without cgo, as the product is.\n\n%s\n%s", page.Machine(), b.goals, b.detail.String())
	fmt.Print(text)
	if quick || only != "" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(out, []byte(text), 0o644)
}
