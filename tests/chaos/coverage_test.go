package chaos

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/gofrs/flock"
)

// A point is a write of a process, as it is found again in another epoch: the
// n-th of its sort within a part of the epoch, or of a start.
type point struct {
	Process string `json:"process"`
	Part    string `json:"part"` // a moment of the epoch, until the next; or one of the parts below
	File    string `json:"file"`
	Call    string `json:"call"`
	What    string `json:"what,omitempty"` // as in write
	N       int    `json:"n"`              // from 1
}

// Parts of a life that are not of an epoch.
const (
	firstStart = "first start" // on a disk with nothing on it, until it says that it is up
	starting   = "starting"    // after it was killed, likewise
	ending     = "ending"      // from when it is told to
)

// found is what is known of a point.
type found struct {
	Kills  int `json:"kills"`  // before it
	Missed int `json:"missed"` // parts without a kill in which it did not come
}

// givenUp is a point that did not come so often: it was in some epoch, and is not
// in each.
const givenUp = 3

// coverage is which writes there are, and at which of them a process was killed. It
// is kept in a file, so that runs add up: one after the other, or at the same time.
type coverage struct {
	share share
	mu    sync.Mutex
	all   record
	fresh record // of that, what is not in the file yet
}

// share is which points a run is to kill at, of those that come: every so many of
// each sort. So runs at the same time do not kill at the same ones.
type share struct{ mine, of int }

func (s share) has(p point) bool { return s.of < 2 || p.N%s.of == s.mine%s.of }

type record struct {
	points map[point]found
	quiet  map[string]int // by aggregator: epochs that were watched, without a fault, to know the points
}

func newRecord() record { return record{map[point]found{}, map[string]int{}} }

func (r record) add(p point, more found) {
	f := r.points[p]
	r.points[p] = found{f.Kills + more.Kills, f.Missed + more.Missed}
}

// line is one of the file.
type line struct {
	Quiet map[string]int `json:"quiet_epochs,omitempty"`
	*point
	*found
}

// readCoverage reads a file; it is empty if there is none.
func readCoverage(file string) (*coverage, error) {
	r, err := readRecord(file)
	return &coverage{all: r, fresh: newRecord()}, err
}

func readRecord(file string) (record, error) {
	r := newRecord()
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) || file == "" {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	lines := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; lines.Scan(); n++ {
		l := line{point: &point{}, found: &found{}}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return r, fmt.Errorf("%s, line %d: %w", file, n, err)
		}
		for who, n := range l.Quiet {
			r.quiet[who] += n
		}
		if l.N > 0 {
			r.add(*l.point, *l.found)
		}
	}
	return r, lines.Err()
}

// save adds what is new to the file, and takes over what others have added.
func (c *coverage) save(file string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	lock := flock.New(file + ".lock")
	if err := lock.Lock(); err != nil {
		return err
	}
	defer lock.Unlock()
	r, err := readRecord(file)
	if err != nil {
		return err
	}
	for p, f := range c.fresh.points {
		r.add(p, f)
	}
	for who, n := range c.fresh.quiet {
		r.quiet[who] += n
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	if err := e.Encode(line{Quiet: r.quiet}); err != nil {
		return err
	}
	for _, p := range r.sorted() {
		f := r.points[p]
		if err := e.Encode(line{point: &p, found: &f}); err != nil {
			return err
		}
	}
	next := filepath.Join(filepath.Dir(file), "."+filepath.Base(file))
	if err := os.WriteFile(next, b.Bytes(), 0o644); err != nil {
		return err
	}
	c.all, c.fresh = r, newRecord()
	return os.Rename(next, file)
}

// sorted are the points.
func (r record) sorted() []point {
	all := make([]point, 0, len(r.points))
	for p := range r.points {
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.Process, b.Process), cmp.Compare(a.Part, b.Part), cmp.Compare(a.File, b.File), cmp.Compare(a.Call, b.Call), cmp.Compare(a.What, b.What), cmp.Compare(a.N, b.N))
	})
	return all
}

// quietEpochs are watched before the first kill at a chosen write.
const quietEpochs = 3

// watch says whether the next epoch of a deployment is to be watched without a fault.
func (c *coverage) watch(aggregator string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all.quiet[aggregator] >= quietEpochs {
		return false
	}
	c.all.quiet[aggregator]++
	c.fresh.quiet[aggregator]++
	return true
}

// learn adds the points of a part that was not disturbed: of each sort (N is 0) how
// many there were.
func (c *coverage) learn(counts map[point]int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for p, n := range counts {
		for p.N = 1; p.N <= n; p.N++ {
			c.all.add(p, found{})
			c.fresh.add(p, found{})
		}
	}
}

// left says whether a point is one at which nobody was killed yet, and which is not
// given up.
func (f found) left() bool { return f.Kills == 0 && f.Missed < givenUp }

// wants says whether to kill at a point: it is known, left, and of the share.
func (c *coverage) wants(p point) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, known := c.all.points[p]
	return known && f.left() && c.share.has(p)
}

// of are the known points of a part, and how many of the share are left.
func (c *coverage) of(process, part string) (known []point, left int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.all.sorted() {
		if p.Process == process && p.Part == part {
			known = append(known, p)
			if c.all.points[p].left() && c.share.has(p) {
				left++
			}
		}
	}
	return known, left
}

// left says whether a process has points left that come while it serves: that are not
// of the first start.
func (c *coverage) left(process string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for p, f := range c.all.points {
		if p.Process == process && p.Part != firstStart && f.left() && c.share.has(p) {
			return true
		}
	}
	return false
}

// killed counts a kill before a point.
func (c *coverage) killed(p point) { c.count(p, found{Kills: 1}) }

// missed counts, for all points of a part that it wants, that they did not come.
func (c *coverage) missed(process, part string) {
	known, _ := c.of(process, part)
	for _, p := range known {
		if c.wants(p) {
			c.count(p, found{Missed: 1})
		}
	}
}

func (c *coverage) count(p point, more found) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all.add(p, more)
	c.fresh.add(p, more)
}

// covered is how far it came with some of the points.
type covered struct {
	points int // that are known
	hit    int // at which a process was killed
	gone   int // that were given up
	kills  int
}

// by sums up by a property of points; a point of which it is empty does not count.
func (c *coverage) by(of func(point) string) map[string]covered {
	c.mu.Lock()
	defer c.mu.Unlock()
	sums := map[string]covered{}
	for p, f := range c.all.points {
		key := of(p)
		if key == "" {
			continue
		}
		s := sums[key]
		s.points++
		s.kills += f.Kills
		switch {
		case f.Kills > 0:
			s.hit++
		case !f.left():
			s.gone++
		}
		sums[key] = s
	}
	return sums
}
