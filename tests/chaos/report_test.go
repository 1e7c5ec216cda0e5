//go:build linux && amd64

package chaos

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp/tools/bench/page"
)

var reportFlag = flag.String("report", "", "`FILE` to write the result to, in Markdown")

// report is what a run came to.
func report(command string, took time.Duration, worlds []*world, violations []string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Chaos\n")
	say("Written by `%s`, which took %v. Machine: %s, shared with others; load over 1 and 5 minutes at the end: %s.", command, took.Round(time.Second), page.Machine(), page.Load())
	say("The shipped binary, a process for each role: a provider, three operators with 34, 33 and 33 %% of the stake, the last with its keys at a Web3Signer and a Cerberus, an aggregator; `--confirmations %d`; a chain in the", confirmations)
	say("test's process. [How it is done](../adr/0022-chaos-by-the-kernel.md). Everybody is honest, so nobody may be charged.\n")

	say("## What was done to epochs\n")
	say("An epoch can be certified from the block at which evidence may be revealed, or at which the last obstacle was gone, if that was later. Blocks come when each process has")
	say("looked at the chain twice, so a block is some 0.2 to 0.5 s; the aggregator waits 2 of them for the third signature, and at most %d may pass.\n", bound)
	t := page.NewTable("fault", "store", "epochs", "certified", "blocks until the certificate: median", "worst", "seconds: median", "worst")
	for _, w := range worlds {
		store := "SQLite"
		if w.store != "" {
			store = "PostgreSQL"
		}
		of := map[string][]played{}
		for _, p := range w.played {
			of[p.kind] = append(of[p.kind], p)
		}
		for _, kind := range slices.Sorted(maps.Keys(of)) {
			var blocks, seconds []float64
			for _, p := range of[kind] {
				if p.certified != 0 {
					blocks = append(blocks, max(0, float64(p.certified)-float64(p.possible)))
					seconds = append(seconds, p.certifiedAfter.Seconds())
				}
			}
			if len(blocks) == 0 {
				t.Add(kind, store, len(of[kind]), 0, "", "", "", "")
				continue
			}
			t.Add(kind, store, len(of[kind]), len(blocks), fmt.Sprintf("%.0f", page.Median(blocks)), fmt.Sprintf("%.0f", slices.Max(blocks)),
				fmt.Sprintf("%.1f", page.Median(seconds)), fmt.Sprintf("%.1f", slices.Max(seconds)))
		}
	}
	say("%s", t)

	say("## Deaths\n")
	say("kill -9 just before a system call that writes; `-wal` is SQLite's log, where transactions are committed. A process also dies of other faults, and is started again.\n")
	t = page.NewTable("process", "store", "starts", "killed", "of these before a write, by what was written")
	requests := map[damage]int{}
	reorgs := 0
	for _, w := range worlds {
		store := "SQLite"
		if w.store != "" {
			store = "PostgreSQL"
		}
		for _, p := range w.processes() {
			var at []string
			for x, n := range w.deaths[p.name] {
				at = append(at, fmt.Sprintf("%s %s %d", x.file, x.call, n))
			}
			slices.Sort(at)
			l := p.life()
			t.Add(p.name, store, l.starts, l.kills, strings.Join(at, ", "))
		}
		for _, l := range w.links() {
			for d, n := range l.damages() {
				requests[d] += n
			}
		}
		reorgs += w.reorgs
	}
	say("%s", t)
	var spoiled []string
	for _, d := range slices.Sorted(maps.Keys(requests)) {
		spoiled = append(spoiled, fmt.Sprintf("%s %d", damages[d], requests[d]))
	}
	say("Requests spoiled: %s. Reorganisations: %d.\n", strings.Join(spoiled, ", "), reorgs)

	say("## Rules\n")
	say("Each is a function of what was seen, and finds each of the violations planted for it in `tests/chaos/planted_test.go`.\n")
	t = page.NewTable("rule", "judged", "violations")
	for _, r := range rules {
		n := 0
		for _, v := range violations {
			if strings.HasPrefix(v, r.name+": ") {
				n++
			}
		}
		judged := map[string]string{}
		var accepted, messages, receipts, intents, transactions, samples, members, epochs, lives int
		for _, w := range worlds {
			for _, m := range w.h.sent {
				messages++
				if m.accepted {
					accepted++
				}
			}
			receipts, intents, transactions = receipts+len(w.h.held), intents+len(w.h.intents), transactions+len(w.h.mined)
			for _, k := range w.h.verdicts {
				samples += k
			}
			members, epochs = members+len(w.h.stake), epochs+len(w.h.epochs)
			for _, l := range w.h.lives {
				lives += l.starts
			}
		}
		judged["no lost accepted evidence"] = fmt.Sprintf("%d acknowledgements, %d receipts of buyers", accepted, receipts)
		judged["no double signature"] = fmt.Sprintf("%d messages on the wire, the guards' records, the aggregators' archives", messages)
		judged["no double payment"] = fmt.Sprintf("%d calls of journals, %d transactions on chain, %d jobs settled, each tried twice", intents, transactions, receipts)
		judged["no wrong fault"] = fmt.Sprintf("%d samples, %d members", samples, members)
		judged["certified when possible"] = fmt.Sprintf("%d epochs", epochs)
		judged["no crash of its own"] = fmt.Sprintf("%d lives", lives)
		t.Add(r.name, judged[r.name], n)
	}
	say("%s", t)
	for _, v := range violations {
		say("- %s", v)
	}
	return b.String()
}
