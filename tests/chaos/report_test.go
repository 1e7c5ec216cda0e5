//go:build linux && amd64

package chaos

import (
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp/tools/bench/page"
)

var reportFlag = flag.String("report", "", "`FILE` to write the result to, in Markdown")

// command is what writes such a report.
func command() string {
	c := "make chaos"
	if *seedFlag != "" && *seedFlag != "1,2" {
		c += " SEED=" + *seedFlag
	}
	if *seedFlag != "1,2" || *timeFlag != 30*time.Minute {
		c += fmt.Sprintf(" TIME=%v", *timeFlag)
	}
	if *onlyFlag != "" {
		c += fmt.Sprintf(" ONLY='%s'", *onlyFlag)
	}
	if *coveredFlag != "" {
		c += " FROM=" + filepath.Base(*coveredFlag)
	}
	if c != "make chaos" {
		c += " REPORT=docs/bench/chaos.md"
	}
	return c
}

// stores are the two kinds of deployment.
var stores = []string{"SQLite", "PostgreSQL"}

func (w *world) kind() string {
	if w.server != nil {
		return stores[1]
	}
	return stores[0]
}

// report is what a run came to.
func report(took time.Duration, worlds []*world, violations []string) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Chaos\n")
	say("Written by `%s`, which took %v. Machine: %s, shared with others; load over 1 and 5 minutes at the end: %s.", command(), took.Round(time.Second), page.Machine(), page.Load())
	say("The shipped binary, a process for each role: a provider, three operators with 34, 33 and 33 %% of the stake, the last with its keys at a Web3Signer and a Cerberus, and an aggregator with a SQLite file or, in a deployment")
	say("of its own, two replicas of it that share a PostgreSQL; `--confirmations %d`; a chain in the test's process. [How it is done](../adr/0022-chaos-by-the-kernel.md). Everybody is honest, so nobody may be charged.\n", confirmations)

	say("## What was done to epochs\n")
	say("An epoch can be certified from the block at which evidence may be revealed, or at which the last obstacle was gone, if that was later. Blocks come when each process has")
	say("looked at the chain twice, so a block is some 0.2 to 0.5 s; the aggregator waits 2 of them for the third signature, and at most %d may pass, with replicas %d: one that died has its lease for 15 s.\n", bound, bound+leases)
	t := page.NewTable("fault", "store", "seeds", "epochs", "certified", "blocks until the certificate: median", "worst", "seconds: median", "worst")
	for _, store := range stores {
		of, seeds := map[string][]played{}, map[string]map[uint64]bool{}
		for _, w := range worlds {
			if w.kind() != store {
				continue
			}
			for _, p := range w.played {
				of[p.kind] = append(of[p.kind], p)
				if seeds[p.kind] == nil {
					seeds[p.kind] = map[uint64]bool{}
				}
				seeds[p.kind][w.seed] = true
			}
		}
		for _, kind := range slices.Sorted(maps.Keys(of)) {
			var blocks, seconds []float64
			for _, p := range of[kind] {
				if p.certified != 0 {
					blocks = append(blocks, max(0, float64(p.certified)-float64(p.possible)))
					seconds = append(seconds, p.certifiedAfter.Seconds())
				}
			}
			row := []any{kind, store, len(seeds[kind]), len(of[kind]), len(blocks), "", "", "", ""}
			if len(blocks) > 0 {
				copy(row[5:], []any{fmt.Sprintf("%.0f", page.Median(blocks)), fmt.Sprintf("%.0f", slices.Max(blocks)), fmt.Sprintf("%.1f", page.Median(seconds)), fmt.Sprintf("%.1f", slices.Max(seconds))})
			}
			t.Add(row...)
		}
	}
	say("%s", t)

	say("## Deaths\n")
	requests := map[damage]int{}
	reorgs := map[moment]map[uint64]int{}
	t = page.NewTable("process", "starts", "killed")
	lives := map[string][2]int{}
	for _, w := range worlds {
		for _, p := range w.processes() {
			l := p.life()
			n := lives[p.name]
			lives[p.name] = [2]int{n[0] + l.starts, n[1] + l.kills}
		}
		for _, l := range w.births {
			n := lives[l.name]
			lives[l.name] = [2]int{n[0] + l.starts, n[1] + l.kills}
		}
		for _, l := range w.links() {
			for d, n := range l.damages() {
				requests[d] += n
			}
		}
		for m, depths := range w.reorgs {
			if reorgs[m] == nil {
				reorgs[m] = map[uint64]int{}
			}
			for _, d := range depths {
				reorgs[m][d]++
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(lives)) {
		t.Add(name, lives[name][0], lives[name][1])
	}
	say("%s", t)
	var spoiled []string
	for _, d := range slices.Sorted(maps.Keys(requests)) {
		spoiled = append(spoiled, fmt.Sprintf("%s %d", damages[d], requests[d]))
	}
	say("Requests spoiled: %s.\n", strings.Join(spoiled, ", "))
	if *coveredFlag != "" {
		writes(say, worlds[0].covered)
	}

	say("## Reorganisations\n")
	say("How often, by the moment of the epoch and by how many blocks were replaced. With `--confirmations %d`, %d blocks are all that is not settled.\n", confirmations, confirmations)
	head := []string{"moment"}
	for d := uint64(1); d <= confirmations; d++ {
		head = append(head, fmt.Sprint(d))
	}
	t = page.NewTable(head...)
	for m := range moments {
		row := []any{m.String()}
		for d := uint64(1); d <= confirmations; d++ {
			row = append(row, reorgs[m][d])
		}
		t.Add(row...)
	}
	say("%s", t)

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
	say("Calls that two aggregators of one deployment paid for, each once, because anybody may make them: %d of %d.\n", shared(worlds), called(worlds))
	for _, v := range violations {
		say("- %s", v)
	}
	return b.String()
}

// writes says at which of their writes processes were killed.
func writes(say func(string, ...any), c *coverage) {
	say("## Writes\n")
	say("kill -9 just before a system call that changes a file or a directory, or that sends something which changes something at another's. A point is the n-th such call of its sort (system call, file, what is written) in a part of")
	say("the epoch, or while the process starts after it was killed: so it is found again in the next epoch. Which there are was seen in %d epochs of each deployment without a fault, and in the starts. A point that did not come", quietEpochs)
	say("in %d such parts without a death is gone: it was in one of those epochs, and is not in each. All runs with the same `FROM` add up, this one and those before it.\n", givenUp)
	t := page.NewTable("process", "points", "killed at", "gone", "left", "kills")
	for _, of := range []func(point) string{
		func(p point) string { return p.Process },
		func(point) string { return "all" },
	} {
		sums := c.by(of)
		for _, key := range slices.Sorted(maps.Keys(sums)) {
			s := sums[key]
			t.Add(key, s.points, s.hit, s.gone, s.points-s.hit-s.gone, s.kills)
		}
	}
	say("%s", t)
	t = page.NewTable("part", "points", "killed at", "gone", "left", "kills")
	sums := c.by(func(p point) string { return p.Part })
	var parts []string
	for m := range moments {
		parts = append(parts, m.String())
	}
	for _, key := range append(parts, firstStart, starting, ending) {
		s := sums[key]
		t.Add(key, s.points, s.hit, s.gone, s.points-s.hit-s.gone, s.kills)
	}
	say("%s", t)
	t = page.NewTable("what is written", "points", "killed at", "gone", "left", "kills")
	sums = c.by(func(p point) string { return strings.TrimSpace(p.File + " " + p.Call + " " + p.What) })
	for _, key := range slices.Sorted(maps.Keys(sums)) {
		s := sums[key]
		t.Add(key, s.points, s.hit, s.gone, s.points-s.hit-s.gone, s.kills)
	}
	say("%s", t)
}

// paid are the calls of the replicas of a deployment, by who paid for them. A call that
// may be made any number of times is left out.
func paid(w *world) map[string]map[string]bool {
	by := map[string]map[string]bool{}
	for _, t := range w.h.mined {
		if !t.repeats && strings.HasPrefix(t.from, "replica-") {
			if by[t.call] == nil {
				by[t.call] = map[string]bool{}
			}
			by[t.call][t.from] = true
		}
	}
	return by
}

func called(worlds []*world) (n int) {
	for _, w := range worlds {
		n += len(paid(w))
	}
	return n
}

func shared(worlds []*world) (n int) {
	for _, w := range worlds {
		for _, who := range paid(w) {
			if len(who) > 1 {
				n++
			}
		}
	}
	return n
}
