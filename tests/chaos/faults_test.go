//go:build linux && amd64

package chaos

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"time"
)

// fault is a way to disturb an epoch. plan draws from r what exactly is done, says
// so in a few words, and returns what is to be called at each moment; round is
// how often this fault was planned before. What it leaves broken at the end of the
// epoch is mended by world.mend.
type fault struct {
	kind string
	plan func(w *world, r *rand.Rand, round int) (what string, at func(moment))
}

// faults are all that the suite knows.
var faults = []fault{
	{killing, killAtWrites},
	{"RPC outage", rpcOutage},
	{"RPC slow", rpcSlow},
	{"RPC flaky", rpcFlaky},
	{"reorganisations", reorganise},
	{"full disk", fullDisk},
	{"clock skew of 30 s", skewed},
	{"partition", partition},
	{"third of the operators dead, quorum left", thirdDead},
	{"third of the operators dead, no quorum left", thirdMissing},
	{"operator frozen", frozen},
	{"signing services away", unsigned},
	{"everything flaky, and kills", storm},
}

// serverFaults are those of a deployment of two aggregators that share a server.
var serverFaults = []fault{
	{"store outage", storeOutage},
	{killing, killAtWrites},
	{"replica cut off from the store", storeAway},
	{"replica dead", replicaDead},
	{"replica frozen", replicaFrozen},
	{"partition", partition},
	{"reorganisations", reorganise},
	{"RPC flaky", rpcFlaky},
}

// mend undoes whatever a fault has left.
func (w *world) mend() {
	for _, p := range w.processes() {
		p.on(nil)
		p.signal(syscall.SIGCONT)
		p.up()
	}
	for _, l := range w.links() {
		l.set(nil)
	}
	for _, x := range w.wires {
		x.set(none)
	}
	w.account.Fail.Store(false)
	w.cosigner.Fail.Store(false)
}

func (w *world) links() []*link {
	all := append([]*link{w.openings}, w.intake...)
	for _, l := range w.rpc {
		all = append(all, l)
	}
	return all
}

// disk says whether a write is to a database or a file beside it.
func (w write) disk() bool { return strings.Contains(w.file, ".db") }

// some is one or all of a list, drawn.
func some[T any](r *rand.Rand, list []T) []T {
	if i := r.IntN(len(list) + 1); i < len(list) {
		return list[i : i+1]
	}
	return list
}

// during has a fault for some blocks, from a drawn moment on.
func (w *world) during(r *rand.Rand, least, most int, begin, end func()) (string, func(moment)) {
	when, blocks := moment(r.IntN(int(moments))), least+r.IntN(most-least+1)
	return fmt.Sprintf("for %d blocks from %s on", blocks, when), func(m moment) {
		if m == when {
			begin()
			w.mine(blocks)
			end()
		}
	}
}

// throughout has a fault from the epoch's beginning until some blocks after the
// first reveals: from there on the epoch must be certified.
func (w *world) throughout(begin, end func()) func(moment) {
	return func(m moment) {
		switch m {
		case serving:
			begin()
		case signing:
			w.mine(15)
			end()
		}
	}
}

func (w *world) rpcOf(list []*process) (links []*link, names string) {
	for _, p := range list {
		links = append(links, w.rpc[p.name])
		names += " " + p.name
	}
	return links, names
}

func setAll(links []*link, spoil func(*rand.Rand) damage) func() {
	return func() {
		for _, l := range links {
			l.set(spoil)
		}
	}
}

func rpcOutage(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	links, names := w.rpcOf(some(r, w.processes()))
	d := []damage{cut, hang, busy}[r.IntN(3)]
	what, at := w.during(r, 10, 30, setAll(links, all(d)), setAll(links, nil))
	return fmt.Sprintf("RPC of%s: %s, %s", names, damages[d], what), at
}

func rpcSlow(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	links, names := w.rpcOf(some(r, w.processes()))
	share := 0.1 + 0.3*r.Float64()
	return fmt.Sprintf("RPC of%s: %.0f %% of the answers 1 to 2 s late", names, 100*share), w.throughout(setAll(links, flaky(share, slow)), setAll(links, nil))
}

func rpcFlaky(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	links, names := w.rpcOf(w.processes())
	share := 0.05 + 0.2*r.Float64()
	return fmt.Sprintf("RPC of%s: %.0f %% cut, answers lost, 429", names, 100*share), w.throughout(setAll(links, flaky(share, cut, lost, busy)), setAll(links, nil))
}

func reorganise(w *world, r *rand.Rand, round int) (string, func(moment)) {
	first, keep := uint64(round)+w.seed, r.IntN(2) == 0
	depth := func(m moment) uint64 { return (first+uint64(m))%confirmations + 1 } // each at each moment, in so many rounds
	return fmt.Sprintf("reorganisations of %d, %d... blocks, one at each moment, transactions kept: %v", depth(0), depth(1), keep), func(m moment) {
		w.must(w.node.Reorg(w.ctx, depth(m), keep))
		w.reorgs[m] = append(w.reorgs[m], depth(m))
	}
}

// fullDisk answers ENOSPC to every write that would make a file longer or change it.
func fullDisk(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	list := some(r, w.processes())
	names := ""
	for _, p := range list {
		names += " " + p.name
	}
	set := func(decide func(write) answer) func() {
		return func() {
			for _, p := range list {
				p.on(decide)
			}
		}
	}
	what, at := w.during(r, 10, 25, set(func(x write) answer {
		if x.disk() && !x.durable() {
			return noSpace
		}
		return goOn
	}), set(nil))
	return fmt.Sprintf("disk full of%s, %s", names, what), at
}

func skewed(w *world, r *rand.Rand, round int) (string, func(moment)) {
	var said []string
	skews := map[*process]time.Duration{}
	for i, p := range w.processes() {
		skews[p] = 30 * time.Second
		if (i+round)%2 == 0 {
			skews[p] = -30 * time.Second
		}
		said = append(said, fmt.Sprintf("%s %v", p.name, skews[p]))
	}
	return "clocks off: " + strings.Join(said, ", "), func(m moment) {
		switch m {
		case serving:
			for p, s := range skews {
				p.restart(s)
			}
		case certified:
			for p := range skews {
				p.restart(0)
			}
		}
	}
}

func partition(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	links := some(r, w.intake)
	d := []damage{cut, hang, lost}[r.IntN(3)]
	what, at := w.during(r, 10, 30, setAll(links, all(d)), setAll(links, nil))
	return fmt.Sprintf("%d of %d operators cannot reach the aggregator (%s) %s", len(links), len(w.intake), damages[d], what), at
}

func thirdDead(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	when, p := moment(r.IntN(int(certified))), w.operators[2]
	return fmt.Sprintf("%s (33 %% of the stake) killed from %s on", p.name, when), func(m moment) {
		if m == when {
			p.kill()
		}
	}
}

func thirdMissing(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	when, p := moment(r.IntN(int(signing))), w.operators[0] // before it can have signed
	return fmt.Sprintf("%s (34 %% of the stake) killed from %s until %s", p.name, when, signing), func(m moment) {
		if m == when {
			p.kill()
		}
		if m == signing {
			w.mine(15)
			w.uncertified()
			p.up()
		}
	}
}

func frozen(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	p := w.processes()[r.IntN(len(w.processes()))]
	what, at := w.during(r, 10, 25, func() { p.signal(syscall.SIGSTOP) }, func() { p.signal(syscall.SIGCONT) })
	return fmt.Sprintf("%s stopped (SIGSTOP) %s", p.name, what), at
}

func unsigned(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	set := func(fail bool) func() {
		return func() {
			w.account.Fail.Store(fail)
			w.cosigner.Fail.Store(fail)
		}
	}
	what, at := w.during(r, 10, 30, set(true), set(false))
	return "Web3Signer and Cerberus of operator-3 out of order " + what, at
}

func storm(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	share := 0.05 + 0.1*r.Float64()
	links := w.links()
	kills := w.reapers(r, false, 0.05)
	unreliable := w.throughout(setAll(links, flaky(share, cut, lost, slow)), setAll(links, nil))
	return fmt.Sprintf("%.0f %% of all requests cut, lost or slow, and each process killed at its writes", 100*share), func(m moment) {
		kills(m)
		unreliable(m)
	}
}

func storeOutage(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	what, at := w.during(r, 5, 25, w.server.Kill, func() { w.must(w.server.Start()) })
	return "PostgreSQL killed (-9) " + what, at
}

// Longer than a lease: who cannot reach the store must lose its epochs, and find
// that out.
func storeAway(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	cutOff := some(r, w.wires)
	d := []damage{cut, hang}[r.IntN(2)]
	set := func(d damage) func() {
		return func() {
			for _, x := range cutOff {
				x.set(d)
			}
		}
	}
	what, at := w.during(r, 10, 60, set(d), set(none))
	return fmt.Sprintf("%d of %d replicas cannot reach PostgreSQL (%s) %s", len(cutOff), len(w.wires), damages[d], what), at
}

func replicaDead(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	when, p := moment(r.IntN(int(moments))), w.aggregators[r.IntN(len(w.aggregators))]
	return fmt.Sprintf("%s killed from %s on", p.name, when), func(m moment) {
		if m == when {
			p.kill()
		}
	}
}

// Likewise longer than a lease: it works on where it was when it wakes.
func replicaFrozen(w *world, r *rand.Rand, _ int) (string, func(moment)) {
	p := w.aggregators[r.IntN(len(w.aggregators))]
	what, at := w.during(r, 10, 60, func() { p.signal(syscall.SIGSTOP) }, func() { p.signal(syscall.SIGCONT) })
	return fmt.Sprintf("%s stopped (SIGSTOP) %s", p.name, what), at
}
