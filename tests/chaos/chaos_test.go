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
	"strings"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/internal/store/storetest"
)

var (
	seedFlag = flag.Uint64("seed", 1, "of what is drawn: faults, their moments and targets")
	timeFlag = flag.Duration("time", time.Minute, "for playing epochs; the one in work is finished")
	onlyFlag = flag.String("only", "", "play only faults whose kind contains this")
)

// again is the command that plays the same.
func (w *world) again() string {
	return fmt.Sprintf("go test ./tests/chaos -run '^TestChaos$' -v -seed %d -time %v -only '%s'", *seedFlag, *timeFlag, *onlyFlag)
}

// Epoch after epoch is disturbed, for as long as there is time; then everything
// that was seen is judged. Two deployments have the time: one whose aggregator has
// a file of its own, and, where PostgreSQL is installed, one with a server.
func TestChaos(t *testing.T) {
	if testing.Short() {
		t.Skip("minutes of processes: not with -short")
	}
	began := time.Now()
	var worlds []*world
	var violations []string
	play := func(t *testing.T, share float64, server *storetest.Server, faults []fault) {
		store := ""
		if server != nil {
			store = server.Database(t, "aggregator")
		}
		w := newWorld(t, *seedFlag, store)
		w.server = server
		w.play(faults, time.Duration(share*float64(*timeFlag)))
		found := judge(w.end())
		for _, v := range found {
			t.Error(v)
		}
		if t.Failed() {
			t.Logf("to play it again: %s", w.again())
		}
		worlds, violations = append(worlds, w), append(violations, found...)
	}
	t.Run("file", func(t *testing.T) { play(t, 0.75, nil, faults) })
	t.Run("server", func(t *testing.T) { play(t, 0.25, storetest.NewServer(t), serverFaults) })
	if *reportFlag != "" && len(worlds) > 0 {
		command := fmt.Sprintf("make chaos SEED=%d TIME=%v", *seedFlag, *timeFlag)
		if *onlyFlag != "" {
			command += fmt.Sprintf(" ONLY='%s'", *onlyFlag)
		}
		if err := os.WriteFile(*reportFlag, []byte(report(command, time.Since(began), worlds, violations)), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// play disturbs epochs until time is up: every fault once, in a drawn order, and
// again, as long as there is time. A run of half an hour and more has an epoch of kills after each
// other one, so that it comes to kill at each write.
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
	for {
		order := w.rnd.Perm(len(known))
		if limit > 20*time.Minute && kills >= 0 {
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
