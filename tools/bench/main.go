// Command bench measures what this project promises about speed and size, and
// writes it down beside the goals:
//
//	go run ./tools/bench          # several runs of each, docs/bench/skeleton.md
//	go run ./tools/bench -quick   # one run of each, printed only
//
// Run it in the module's root. Every figure is the median of its runs; a goal that
// is missed is printed as it is.
//
//	table.go     figures, and how they are written
//	devnet.go    the built binary's devnet, by its own step lines
//	draw.go      sampling and committees, in processes of their own for their memory
//	pure.go      Merkle root, judging, and the float engine
//	gas.go       certificates on the real EigenLayer, by the test that measures them
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/proof-of-sampling/posp/tools/bench/page"
)

func main() {
	quick := flag.Bool("quick", false, "one run of each, and no file written")
	out := flag.String("out", "docs/bench/skeleton.md", "`FILE` to write")
	only := flag.String("only", "", "`NAME` of the one section to run: devnet, draw, root, verdict, float or gas; no file written")
	leaves := flag.Uint64("draw", 0, "only draw from that many leaves, as one of the runs does in a process of its own")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch {
	case flag.NArg() > 0:
		err = fmt.Errorf("takes no argument %q", flag.Arg(0))
	case *leaves > 0:
		err = drawOnce(*leaves)
	default:
		err = run(ctx, *quick, *only, *out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// section is a group of figures. It is run that many times.
type section struct {
	name, title string
	runs        int
	measure     func(ctx context.Context, f *figures) error
}

func run(ctx context.Context, quick bool, only, out string) error {
	sections := []section{
		{"draw", "Sampler", 5, measureDraw},
		{"root", "Batch", 5, measureRoot},
		{"verdict", "Verdict", 5, measureVerdict},
		{"float", "Float engine", 5, measureFloat},
		{"gas", "Certificate", 1, measureGas}, // by the gas schedule: another run says the same
		{"devnet", "Devnet", 3, measureDevnet},
	}
	var doc strings.Builder
	machine := "Machine: " + page.Machine() + ".\n"
	found := false
	for _, s := range sections {
		if only != "" && s.name != only {
			continue
		}
		found = true
		if quick {
			s.runs = 1
		}
		var f figures
		before := page.Load()
		for range s.runs {
			fmt.Fprintf(os.Stderr, "%s...\n", s.title)
			if err := s.measure(ctx, &f); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		table := fmt.Sprintf("\n## %s\n\nLoad before: %s.\n\n%s", s.title, before, f.table())
		fmt.Print(table)
		doc.WriteString(table)
	}
	if !found {
		return fmt.Errorf("-only %q is no section", only)
	}
	fmt.Printf("\n%s", machine)
	if quick || only != "" {
		return nil
	}
	text := "# Speed and size\n\n" +
		"Written by `make bench`. Each figure is the median of its runs; \"of goal\" is the figure divided by the goal, so up to\n" +
		"1.00 keeps it. Load is how many processes wanted a processor, over 1 and 5 minutes, just before: the machine is shared.\n\n" + machine + doc.String()
	if err := os.WriteFile(out, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write figures: %w", err)
	}
	return nil
}
