package chaos

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// Runs add up: from what one has saved the next goes on, until each point was killed
// at or given up, and only then one is killed at again.
func TestCoverageAddsUp(t *testing.T) {
	file := filepath.Join(t.TempDir(), "covered")
	sort := point{Process: "provider", Part: "serving", File: "provider.db-wal", Call: "pwrite64", What: "commit"}
	open := func() *coverage {
		c, err := readCoverage(file)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := open()
	for n := range quietEpochs {
		if !c.watch("aggregator") {
			t.Fatalf("epoch %d is not watched", n)
		}
	}
	if c.learn(map[point]int{sort: 5}); c.watch("aggregator") || !c.watch("replica-1") {
		t.Error("each deployment is to be watched for a few epochs")
	}
	// Each run kills at the first that it wants, as they come; the third never comes.
	var at []int
	for run := range 4 + givenUp {
		if err := c.save(file); err != nil {
			t.Fatal(err)
		}
		again := open()
		if !reflect.DeepEqual(again.all, c.all) {
			t.Fatalf("run %d saved %v, read %v", run, c.all, again.all)
		}
		c = again
		if known, left := c.of("provider", "serving"); len(known) != 5 || left != max(1, 5-run) {
			t.Fatalf("before run %d %d points are known, and %d left", run, len(known), left)
		}
		if c.left("aggregator") || !c.left("provider") {
			t.Errorf("before run %d it is left: aggregator %v, provider %v", run, c.left("aggregator"), c.left("provider"))
		}
		killed := false
		for _, n := range []int{1, 2, 4, 5, 6} {
			p := sort
			if p.N = n; c.wants(p) {
				c.killed(p)
				at, killed = append(at, n), true
				break
			}
		}
		if !killed {
			c.missed("provider", "serving")
		}
	}
	if c.left("provider") {
		t.Error("the provider has something left")
	}
	c.learn(map[point]int{{Process: "operator-1", Part: firstStart}: 1})
	if c.left("operator-1") {
		t.Error("what is of the first start does not come again")
	}
	if _, left := c.of("provider", "serving"); !reflect.DeepEqual(at, []int{1, 2, 4, 5}) || left != 0 {
		t.Errorf("killed at %v, and %d are left", at, left)
	}
	if got := c.by(func(p point) string { return p.Process })["provider"]; got != (covered{points: 5, hit: 4, gone: 1, kills: 4}) {
		t.Errorf("summed up: %+v", got)
	}
	for _, other := range [][2]string{{"provider", "sealing"}, {"aggregator", "serving"}} {
		if known, left := c.of(other[0], other[1]); len(known)+left > 0 {
			t.Errorf("of %v it knows %v", other, known)
		}
	}
	if c.missed("provider", "serving"); c.all.points[point{Process: "provider", Part: "serving", File: sort.File, Call: sort.Call, What: sort.What, N: 1}] != (found{Kills: 1}) {
		t.Error("where it was killed is missed")
	}
	// So do two at the same time.
	if err := c.save(file); err != nil {
		t.Fatal(err)
	}
	one, other := open(), open()
	fifth := sort
	fifth.N = 5
	one.killed(fifth)
	other.killed(fifth)
	other.learn(map[point]int{sort: 6})
	for _, c := range []*coverage{one, other, one} {
		if err := c.save(file); err != nil {
			t.Fatal(err)
		}
	}
	if got := one.by(func(p point) string { return p.Process })["provider"]; got != (covered{points: 6, hit: 4, gone: 1, kills: 6}) {
		t.Errorf("of two runs: %+v", got)
	}
	// And share what is left: each is wanted by one of them, and missed by that one alone.
	one, other = open(), open()
	one.share, other.share = share{1, 2}, share{2, 2}
	for _, c := range []*coverage{one, other} {
		c.learn(map[point]int{{Process: "operator-2", Part: "serving"}: 3})
	}
	for n := range 3 {
		p := point{Process: "operator-2", Part: "serving", N: n + 1}
		if a, b := one.wants(p), other.wants(p); a != (n%2 == 0) || b != (n%2 == 1) {
			t.Errorf("point %d: %v and %v want it", n+1, a, b)
		}
	}
	for range givenUp {
		other.missed("operator-2", "serving")
	}
	if known, left := other.of("operator-2", "serving"); len(known) != 3 || left != 0 || other.left("operator-2") {
		t.Errorf("the second has %d left of %d", left, len(known))
	}
	other.share = share{}
	if _, left := other.of("operator-2", "serving"); left != 2 {
		t.Errorf("it missed what was not its own: %d left", left)
	}
	if err := os.WriteFile(file, []byte("{\"quiet_epochs\":{}}\nnonsense\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readCoverage(file); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a file that is none: %v", err)
	}
}
