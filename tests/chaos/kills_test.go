//go:build linux && amd64

package chaos

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

const killing = "kill -9 at writes"

// reaper kills a process at writes at which it was not killed yet: of its disk, those to its socket that tell
// something, and the first to its socket after one of its disk, which is when
// others may first hear of what is there. In each part of an epoch it kills once
// at most, and once more while the process then starts: so how many writes of a sort
// there were before is as in a part without kills.
type reaper struct {
	p       *process
	covered *coverage
	rnd     *rand.Rand
	quiet   bool    // it only watches
	first   bool    // what it kills in is the first start, on an empty disk
	spares  bool    // it does not kill where nothing is left: others have something left
	chance  float64 // with which it kills at any write; 0: at the first that coverage wants

	mu     sync.Mutex
	part   string
	life   int
	rising bool          // in that life, when it was last asked
	counts map[point]int // of this part, or of this start
	armed  bool          // to kill, in this part or this start
	target point         // at which, once coverage wants none of them any more
	again  bool          // the next start is one to kill in
	wrote  bool          // to disk since the last write to the socket
}

// counts says whether a process may be killed before this write.
func (r *reaper) relevant(x write) bool {
	switch {
	case x.disk() && !strings.HasSuffix(x.file, "-shm"): // an index of the log, which the next one makes anew
		r.wrote = true
	case x.tells():
		r.wrote = false
	case x.file == "socket" && r.wrote:
		r.wrote = false
	default:
		return false
	}
	return true
}

func (r *reaper) decide(x write) answer {
	life, rising := r.p.stage()
	r.mu.Lock()
	defer r.mu.Unlock()
	if life != r.life || rising != r.rising {
		r.turn(life, rising)
	}
	if !r.relevant(x) {
		return goOn
	}
	p := point{Process: r.p.name, Part: r.part, File: x.file, Call: x.call, What: x.what}
	if rising {
		p.Part = r.start()
	}
	r.counts[p]++
	p.N = r.counts[p]
	switch {
	case !r.armed:
		return goOn
	case r.chance > 0:
		r.armed = r.rnd.Float64() >= r.chance
	case r.target != point{}:
		r.armed = p != r.target
	default:
		r.armed = !r.covered.wants(p)
	}
	if r.armed {
		return goOn
	}
	r.covered.killed(p)
	r.again = !rising
	return die
}

// start is the part of a life that has yet to say that it is up.
func (r *reaper) start() string {
	if r.first && r.life == 1 {
		return firstStart
	}
	return starting
}

// turn is when a process starts, or has started.
func (r *reaper) turn(life int, rising bool) {
	if r.rising && life == r.life && !r.quiet { // it is up
		if r.armed {
			r.miss(r.start())
		}
		if !r.first || life == 1 {
			r.covered.learn(r.counts)
		}
	}
	r.life, r.rising, r.counts, r.armed = life, rising, map[point]int{}, false
	if rising && r.again {
		r.arm(r.start())
	}
	if rising {
		r.again = false
	}
}

// arm has it kill in a part.
func (r *reaper) arm(part string) {
	r.target = point{}
	if r.armed = r.chance > 0; r.armed {
		return
	}
	known, left := r.covered.of(r.p.name, part)
	if r.armed = left > 0 || len(known) > 0 && !r.spares; r.armed && left == 0 {
		r.target = known[r.rnd.IntN(len(known))]
	}
}

// miss is when nothing came that it was to kill at.
func (r *reaper) miss(part string) {
	if r.chance == 0 {
		r.covered.missed(r.p.name, part)
	}
	r.armed = false
}

// begin is when a part begins.
func (r *reaper) begin(part string) {
	life, rising := r.p.stage()
	r.mu.Lock()
	defer r.mu.Unlock()
	if life != r.life || rising != r.rising {
		r.turn(life, rising)
	}
	defer func() { r.part = part }()
	if r.rising {
		return // of the part that now begins, some will be over when it is up
	}
	if r.armed {
		r.miss(r.part)
	}
	if r.quiet && r.part != "" {
		r.covered.learn(r.counts)
	}
	r.counts = map[point]int{}
	if !r.quiet {
		r.arm(part)
	}
}

// ended is when the process has ended in order.
func (r *reaper) ended() {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.part != ending: // it had died, and did not come so far
	case r.armed:
		r.miss(r.part)
		fallthrough
	default:
		r.covered.learn(r.counts)
	}
	r.counts = map[point]int{}
}

// reapers are one for each process; at is to be called at each moment. In the end
// each process is told to end, and comes back.
func (w *world) reapers(r *rand.Rand, quiet bool, chance float64) (at func(moment)) {
	var all []*reaper
	left := slices.ContainsFunc(w.processes(), func(p *process) bool { return w.covered.left(p.name) })
	for _, p := range w.processes() {
		life, rising := p.stage()
		all = append(all, &reaper{p: p, covered: w.covered, rnd: rand.New(rand.NewPCG(r.Uint64(), 0)), quiet: quiet, spares: left, chance: chance, counts: map[point]int{}, life: life, rising: rising})
	}
	return func(m moment) {
		for _, k := range all {
			k.begin(m.String())
			if m == serving {
				k.p.on(k.decide)
			}
		}
		if m != certified {
			return
		}
		var each sync.WaitGroup
		for _, k := range all {
			each.Go(func() {
				if k.p.works() {
					k.begin(ending)
				}
				k.p.end(0)
				k.ended()
				k.p.up()
			})
		}
		each.Wait()
	}
}

// killAtWrites kills at the writes that the coverage has not yet, or, if none is kept,
// at any.
func killAtWrites(w *world, r *rand.Rand, round int) (string, func(moment)) {
	switch {
	case *coveredFlag == "":
		return "kill -9 of each process before writes drawn", w.reapers(r, false, 0.05)
	case w.covered.watch(w.aggregators[0].name):
		return "no fault: which writes there are", w.reapers(r, true, 0)
	}
	return fmt.Sprintf("kill -9 of each process before writes it was not killed at, round %d", round), w.reapers(r, false, 0)
}

// firstStarts starts each process on a disk, and a database, of nothing, again and
// again: it is killed at a write, and has to come up with what is there then. All
// is as if it had never been when it starts in earnest.
func (w *world) firstStarts(limit time.Duration) {
	w.Helper()
	end, r := time.Now().Add(limit), rand.New(rand.NewPCG(w.seed, 0xf1257))
	var each sync.WaitGroup
	var mu sync.Mutex
	for _, p := range w.processes() {
		own := rand.New(rand.NewPCG(r.Uint64(), 0))
		each.Go(func() {
			for round := 0; round == 0 || time.Now().Before(end); round++ {
				q := w.born(p, round)
				k := &reaper{p: q, covered: w.covered, rnd: own, counts: map[point]int{}, first: true, again: true}
				if *coveredFlag == "" {
					k.chance = 0.05
				} else if _, left := w.covered.of(p.name, firstStart); round > 0 && left == 0 {
					return
				}
				q.on(k.decide)
				q.start()
				for began := time.Now(); ; time.Sleep(20 * time.Millisecond) {
					if _, rising := q.stage(); !rising {
						break
					}
					if time.Since(began) > time.Minute {
						w.Errorf("%s does not start any more: %q\n%s", p.name, q.life().exits, q.life().log)
						break
					}
				}
				k.begin("") // it is up, even if it writes no more
				q.stop()
				mu.Lock()
				w.births = append(w.births, q.life())
				mu.Unlock()
				if err := os.RemoveAll(w.file(q.name + "-first")); err != nil {
					w.Error(err)
				}
			}
		})
	}
	each.Wait()
	w.h.lives = append(w.h.lives, w.births...)
}

// born is a process as p, with nothing on its disk.
func (w *world) born(p *process, round int) *process {
	args := slices.Clone(p.args)
	for i, a := range args {
		switch {
		case a == "--data":
			args[i+1] = w.file(p.name + "-first")
		case a == "--store":
			args[i+1] = w.server.Database(w.T, strings.ReplaceAll(fmt.Sprintf("%s_%d_%d", p.name, w.seed, round), "-", "_"))
		}
	}
	return &process{name: p.name, bin: p.bin, args: args, t: w.T}
}
