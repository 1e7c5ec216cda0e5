package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/proof-of-sampling/posp"
)

// duties is a chain on which what is due can be done once.
type duties struct {
	mu      sync.Mutex
	head    uint64
	table   uint64 // block of the newest table; 0 for none
	beacons map[uint64]bool
	faults  map[posp.Hash]uint64 // open, by the block from which on
	pots    map[posp.Hash]uint64
	sent    []string
	fail    func(what string) error
}

func (d *duties) send(what string, do func() error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fail != nil {
		if err := d.fail(what); err != nil {
			return err
		}
	}
	if err := do(); err != nil {
		return err
	}
	d.sent = append(d.sent, fmt.Sprintf("%s@%d", what, d.head))
	return nil
}

func (d *duties) Blocks(context.Context) <-chan uint64 { return nil }

// Only odd epochs have batches.
func (d *duties) Batches(_ context.Context, epoch uint64) ([]posp.BatchRecord, error) {
	return make([]posp.BatchRecord, epoch%2), nil
}

func (d *duties) Beacon(_ context.Context, epoch uint64) (posp.Hash, bool, error) {
	return posp.Hash{}, d.beacons[epoch], nil
}

func (d *duties) TableAt(context.Context, uint64) (posp.Table, bool, error) {
	return posp.Table{Block: d.table}, d.table > 0, nil
}

func (d *duties) FixBeacon(_ context.Context, epoch uint64) error {
	return d.send("beacon", func() error {
		if d.beacons[epoch] {
			return errors.New("BeaconAlreadyFixed")
		}
		d.beacons[epoch] = true
		return nil
	})
}

func (d *duties) Snapshot(context.Context) error {
	return d.send("snapshot", func() error { d.table = d.head + 1; return nil })
}

func (d *duties) OpenFaults(context.Context) (list []Charge, err error) {
	for id, at := range d.faults {
		list = append(list, Charge{ID: id, ExecutableAt: at})
	}
	return list, nil
}

func settle(open map[posp.Hash]uint64, id posp.Hash, block uint64) error {
	if at, ok := open[id]; !ok || block < at {
		return errors.New("not open, or not yet")
	}
	delete(open, id)
	return nil
}

func (d *duties) ExecuteFault(_ context.Context, id posp.Hash) error {
	return d.send("fault", func() error { return settle(d.faults, id, d.head+1) })
}

func (d *duties) OpenPots(context.Context) (list []Pot, err error) {
	for id, at := range d.pots {
		list = append(list, Pot{id, at})
	}
	return list, nil
}

func (d *duties) CollectPot(_ context.Context, id posp.Hash) error {
	return d.send("pot", func() error { return settle(d.pots, id, d.head+1) })
}

func keep(t *testing.T, d *duties, from, to uint64) *Keeper {
	return keepAndSay(t, d, from, to, zap.NewNop())
}

func keepAndSay(t *testing.T, d *duties, from, to uint64, log *zap.Logger) *Keeper {
	t.Helper()
	s := posp.Schedule{Genesis: 1, EpochBlocks: 20, GraceBlocks: 2, BeaconDelay: 1, CommitBlocks: 8, RevealBlocks: 4, CertifyBlocks: 10}
	k, err := NewKeeper(s, d, log)
	if err != nil {
		t.Fatal(err)
	}
	for d.head = from; d.head <= to; d.head++ {
		if err := k.step(context.Background(), d.head); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// Everything is sent once, when it is due; epochs without batches get no
// beacon; each epoch closes with a fresh table.
func TestKeeperDoesWhatIsDueOnce(t *testing.T) {
	d := &duties{beacons: map[uint64]bool{}, faults: map[posp.Hash]uint64{{1}: 30, {2}: 30}, pots: map[posp.Hash]uint64{{1}: 20}}
	refused := 0
	d.fail = func(what string) error {
		if what == "pot" && d.head+1 < 20 || what == "fault" && d.head+1 < 30 {
			refused++
		}
		return nil
	}
	k := keep(t, d, 1, 62)
	// Epochs 0 and 1 close at blocks 23 and 43; beacon blocks are 24 and 44.
	want := []string{"snapshot@1", "snapshot@17", "pot@19", "fault@29", "fault@29", "snapshot@37", "beacon@44", "snapshot@57"}
	if !slices.Equal(d.sent, want) || refused != 0 {
		t.Errorf("sent %v, want %v; %d were tried before they were due", d.sent, want, refused)
	}
	work := k.Work()
	if !slices.Equal(work, []KeeperWork{{Duty: "table", Sent: 4}, {Duty: "beacon", Sent: 1}, {Duty: "execute", Sent: 2}, {Duty: "collect", Sent: 1}}) {
		t.Errorf("%+v", work)
	}
}

// What others need and is not done is counted, and said with its code; what EigenLayer has not released is not due.
func TestKeeperSaysWhatIsBehind(t *testing.T) {
	d := &duties{beacons: map[uint64]bool{}, faults: map[posp.Hash]uint64{{1}: 1}, pots: map[posp.Hash]uint64{{1}: 1000}}
	tries := uint64(0)
	d.fail = func(what string) error {
		if what == "fault" {
			tries++
			return errors.New("revert")
		}
		return nil
	}
	core, said := observer.New(zap.ErrorLevel)
	work := keepAndSay(t, d, 1, 100, zap.New(core)).Work()
	if w := work[2]; w != (KeeperWork{Duty: "execute", Due: 1, Failed: tries}) || work[3] != (KeeperWork{Duty: "collect"}) || work[0].Due != 0 {
		t.Errorf("%d tries, and %+v", tries, work)
	}
	if said.Len() == 0 || said.Len() >= int(tries) {
		t.Errorf("%d lines of %d tries: the first ones may be too early", said.Len(), tries)
	}
	for _, line := range said.All() {
		if f := line.ContextMap(); f["code"] != "KEEPER-BEHIND" || !strings.HasPrefix(fmt.Sprint(f["duty"]), "execute fault") {
			t.Errorf("%s %v", line.Message, f)
		}
	}
}

// What fails is tried again, ever more rarely, and keeps nothing else.
func TestKeeperTriesAgain(t *testing.T) {
	tries := map[string]int{}
	d := &duties{beacons: map[uint64]bool{}, faults: map[posp.Hash]uint64{{1}: 1}, pots: map[posp.Hash]uint64{}}
	d.fail = func(what string) error {
		if tries[what]++; what == "fault" && d.head < 200 || what == "beacon" && tries[what] < 3 {
			return errors.New("revert")
		}
		return nil
	}
	keep(t, d, 1, 300)
	if !d.beacons[1] || !d.beacons[3] {
		t.Errorf("beacons %v", d.beacons)
	}
	if len(d.faults) != 0 || tries["fault"] > 12 {
		t.Errorf("the fault was tried %d times, open: %v", tries["fault"], d.faults)
	}
}
