//go:build linux && amd64

// Package chaos runs the shipped binary, every role a process of its own, on a
// chain in this process, and does to them what happens to daemons: kill -9 at
// each of their writes, a full disk, a wrong clock, an RPC endpoint that is away,
// slow or on another branch, a network in parts, dead operators. Afterwards rules
// judge what was seen on the wire, on their disks and on chain.
//
//	chaos_test.go     the suite: plans epochs, plays them, judges
//	faults_test.go    what is done to an epoch
//	world_test.go     the deployment, and one epoch of it
//	process_test.go   a role, and its service manager
//	syscalls_test.go  the kernel asks the test before a process writes
//	link_test.go      connections that can be spoiled
//	collect_test.go   what is on disks and on chain in the end
//	history_test.go   what the rules judge
//	rules_test.go     the rules; planted_test.go breaks each
//
// `make chaos` plays for longer and writes docs/bench/chaos.md.
package chaos

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/internal/store/storetest"
)

var (
	seedFlag = flag.String("seed", "", "`NUMBERS`, separated by commas, of what is drawn: faults, their moments and targets; a deployment is made for each. Without: the number of the day")
	timeFlag = flag.Duration("time", 40*time.Second, "for playing epochs; the one in work is finished")
	onlyFlag = flag.String("only", "", "play only faults whose kind contains this")

	binaryFlag  = flag.String("binary", "", "`FILE` of the program; without, it is built")
	shareFlag   = flag.String("share", "", "`K/N`: of the writes of -covered kill at every N-th alone, beginning with the K-th, so that N runs at the same time share them")
	coveredFlag = flag.String("covered", "", "`FILE` of the writes that processes were killed at: read if it is there, and kept, so that runs add up")
)

// again is the command that plays the same.
func (w *world) again() string {
	return fmt.Sprintf("go test ./tests/chaos -run '^%s$' -v -seed %d -time %v -only '%s'", strings.ReplaceAll(w.Name(), "/", "$/^"), w.seed, *timeFlag, *onlyFlag)
}

// seeds are those of the flag.
func seeds() (all []uint64, err error) {
	if *seedFlag == "" {
		return []uint64{uint64(time.Now().Unix() / (24 * 60 * 60))}, nil
	}
	for s := range strings.SplitSeq(*seedFlag, ",") {
		n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("-seed %s: %w", *seedFlag, err)
		}
		all = append(all, n)
	}
	return all, nil
}

// Epoch after epoch is disturbed, for as long as there is time; then everything
// that was seen is judged. Two deployments of each seed have the time: one whose
// aggregator has a file of its own, and, where PostgreSQL is installed, one of two
// aggregators that share a server.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("minutes of processes: not with -short")
	}
	all, err := seeds()
	if err != nil {
		t.Fatal(err)
	}
	covered, err := readCoverage(*coveredFlag)
	if err != nil {
		t.Fatal(err)
	}
	if s := &covered.share; *shareFlag != "" {
		if n, err := fmt.Sscanf(*shareFlag, "%d/%d", &s.mine, &s.of); n != 2 || err != nil || s.mine < 1 || s.mine > s.of {
			t.Fatalf("-share %s is not K/N", *shareFlag)
		}
	}
	began := time.Now()
	var worlds []*world
	var violations []string
	play := func(t *testing.T, share float64, seed uint64, server *storetest.Server, faults []fault) {
		w := newWorld(t, seed, server, covered)
		limit := time.Duration(share * float64(*timeFlag) / float64(len(all)))
		if strings.Contains(killing, *onlyFlag) {
			births := limit / 20
			if *coveredFlag != "" {
				births = limit / 3 // it ends when it has come to each
			}
			w.firstStarts(births)
		}
		w.start()
		w.play(faults, limit)
		found := judge(w.end())
		for _, v := range found {
			t.Error(v)
		}
		if t.Failed() {
			t.Logf("to play it again: %s", w.again())
		}
		worlds, violations = append(worlds, w), append(violations, found...)
	}
	for _, seed := range all {
		t.Run(fmt.Sprintf("file/%d", seed), func(t *testing.T) { play(t, 0.6, seed, nil, faults) })
		t.Run(fmt.Sprintf("server/%d", seed), func(t *testing.T) { play(t, 0.4, seed, storetest.NewServer(t), serverFaults) })
	}
	if *reportFlag != "" && len(worlds) > 0 {
		if err := os.WriteFile(*reportFlag, []byte(report(time.Since(began), worlds, violations)), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// play disturbs epochs until time is up: every fault once, in a drawn order, and
// again, as long as there is time. If it is kept at which writes processes were
// killed, every other epoch is then one of kills, so that it comes to each write.
func (w *world) play(faults []fault, limit time.Duration) {
	var known []fault
	for _, f := range faults {
		if strings.Contains(f.kind, *onlyFlag) {
			known = append(known, f)
		}
	}
	if len(known) == 0 {
		w.Skipf("there is no fault of kind %q here", *onlyFlag)
	}
	kills := slices.IndexFunc(known, func(f fault) bool { return f.kind == killing })
	began, rounds := time.Now(), make([]int, len(known))
	for pass := 0; ; pass++ {
		order := w.rnd.Perm(len(known))
		if pass > 0 && *coveredFlag != "" && kills >= 0 && len(known) > 1 {
			for i := len(order); i > 0; i-- {
				order = slices.Insert(order, i, kills)
			}
		}
		for _, i := range order {
			r := rand.New(rand.NewPCG(w.seed, uint64(rounds[i])<<8|uint64(i)))
			what, at := known[i].plan(w, r, rounds[i])
			rounds[i]++
			b := time.Now()
			o := w.epoch(what, at)
			w.mend()
			w.played = append(w.played, played{known[i].kind, what, o})
			w.Logf("epoch %d, %s: certified %d blocks, %v after it was possible; %.1f s", o.epoch, what, int64(o.certified)-int64(o.possible), o.certifiedAfter.Round(10*time.Millisecond), time.Since(b).Seconds())
			if *coveredFlag != "" {
				w.must(w.covered.save(*coveredFlag))
			}
			if time.Since(began) > limit || w.Failed() {
				return
			}
		}
	}
}

// played is an epoch that was disturbed.
type played struct {
	kind, what string
	epochOutcome
}
