package explorer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/proof-of-sampling/posp/internal/transport"
)

// change is what a reader of events is told: how far the explorer has read, and
// what kinds of things are not as they were. Whoever looks at one of them asks
// for it again, so that a change says the same to everybody and is small.
type change struct {
	Block  uint64   `json:"block"`
	Time   uint64   `json:"time"`   // of the block, Unix seconds; 0: not known
	Topics []string `json:"topics"` // providers, batches, epochs, operators, faults, disputes, receipts, or all; none: a block
}

// hub hands changes to readers. One that does not keep up loses what it was not
// told, and is told that all has changed instead.
//
// There are seats for so many. When all are taken, whoever comes from an address
// that holds fewer of them takes the place of the oldest reader of the address
// that holds most: so no address can keep another out, and who was put out goes
// on by asking now and then (assets/explorer.js).
type hub struct {
	mu      sync.Mutex
	most    int
	readers []*reader // the oldest first
	last    change
	number  uint64
}

type reader struct {
	peer    netip.Prefix
	changes chan numbered
	out     chan struct{} // closed when another takes its place
	lost    bool          // under the hub's lock
}

type numbered struct {
	change
	number uint64
}

func newHub(most int) *hub { return &hub{most: most} }

// enter adds a reader; ok unless there are as many as may be.
func (h *hub) enter(peer netip.Prefix) (r *reader, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.readers) >= h.most && !h.yield(peer) {
		return nil, false
	}
	r = &reader{peer: peer, changes: make(chan numbered, 16), out: make(chan struct{})}
	h.readers = append(h.readers, r)
	r.changes <- numbered{change{Block: h.last.Block, Time: h.last.Time, Topics: []string{}}, h.number}
	return r, true
}

// yield puts out a reader for one more of a peer; ok unless that would have as
// many as any other then. The lock is held.
func (h *hub) yield(to netip.Prefix) (ok bool) {
	held := map[netip.Prefix]int{}
	for _, r := range h.readers {
		held[r.peer]++
	}
	var from *reader
	for _, r := range h.readers {
		if from == nil || held[r.peer] > held[from.peer] {
			from = r
		}
	}
	if from == nil || held[from.peer] <= held[to]+1 {
		return false
	}
	h.remove(from)
	close(from.out)
	return true
}

func (h *hub) remove(r *reader) {
	h.readers = slices.DeleteFunc(h.readers, func(o *reader) bool { return o == r })
}

func (h *hub) leave(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(r)
}

// publish never waits.
func (h *hub) publish(c change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c.Topics == nil {
		c.Topics = []string{}
	}
	h.last = c
	h.number++
	for _, r := range h.readers {
		out := numbered{c, h.number}
		if r.lost {
			out.Topics = []string{"all"}
		}
		select {
		case r.changes <- out:
			r.lost = false
		default:
			r.lost = true
		}
	}
}

// stream serves changes until the reader goes. A write that the reader does not
// take in time ends it.
func (x *Explorer) stream(w http.ResponseWriter, r *http.Request) {
	me, ok := x.hub.enter(transport.Network(x.peer(r)))
	if !ok {
		w.Header().Set("Retry-After", "30")
		x.refuse(w, http.StatusServiceUnavailable, "busy", "too many pages are open on this explorer: ask for /api/v1/overview now and then, and try again later")
		return
	}
	defer x.hub.leave(me)
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	write := func(format string, args ...any) error {
		if err := out.SetWriteDeadline(time.Now().Add(x.cfg.Heartbeat)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, format, args...); err != nil {
			return err
		}
		return out.Flush()
	}
	if write("retry: 2000\n\n") != nil {
		return
	}
	beat := time.NewTicker(x.cfg.Heartbeat)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-me.out:
			return
		case <-beat.C:
			err = write(": alive\n\n")
		case c := <-me.changes:
			var b []byte
			if b, err = json.Marshal(c.change); err == nil {
				err = write("id: %d\nevent: change\ndata: %s\n\n", c.number, b)
			}
		}
		if err != nil {
			return // the reader has gone: it will come again
		}
	}
}
