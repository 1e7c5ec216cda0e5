package explorer

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
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
type hub struct {
	mu      sync.Mutex
	most    int
	readers map[*reader]bool
	last    change
	number  uint64
}

type reader struct {
	changes chan numbered
	lost    bool // under the hub's lock
}

type numbered struct {
	change
	number uint64
}

func newHub(most int) *hub { return &hub{most: most, readers: map[*reader]bool{}} }

// enter adds a reader; ok unless there are as many as may be.
func (h *hub) enter() (r *reader, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.readers) >= h.most {
		return nil, false
	}
	r = &reader{changes: make(chan numbered, 16)}
	h.readers[r] = true
	r.changes <- numbered{change{Block: h.last.Block, Time: h.last.Time, Topics: []string{}}, h.number}
	return r, true
}

func (h *hub) leave(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.readers, r)
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
	for r := range h.readers {
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
	me, ok := x.hub.enter()
	if !ok {
		x.refuse(w, http.StatusServiceUnavailable, "busy", "too many pages are open on this explorer: reload to see what is new, or try again later")
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
