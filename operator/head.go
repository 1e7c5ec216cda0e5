package operator

import (
	"context"
	"math"
	"sync"
	"time"
)

// head is the newest block, for many to wait on.
type head struct {
	clock   Clock
	mu      sync.Mutex
	block   uint64
	changed chan struct{} // closed when block grows

	at       time.Time // when the newest was seen
	seen     int       // how often it grew since the first
	perBlock float64   // seconds, on average
	off      float64   // mean distance of single ones from that
}

func newHead(clock Clock) *head { return &head{clock: clock, changed: make(chan struct{})} }

func (h *head) set(block uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if block > h.block {
		now := h.clock.Now()
		if h.block > 0 {
			took := now.Sub(h.at).Seconds() / float64(block-h.block)
			if h.seen++; h.seen == 1 {
				h.perBlock = took
			}
			h.off += (math.Abs(took-h.perBlock) - h.off) / 8
			h.perBlock += (took - h.perBlock) / 8
		}
		h.at = now
		h.block = block
		close(h.changed)
		h.changed = make(chan struct{})
	}
}

// now is the newest block, and what is closed when there is a newer one.
func (h *head) now() (block uint64, changed <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.block, h.changed
}

// paced is from how many blocks on their pace is known.
const paced = 5

// left estimates how long it is until a block: 0 if it is there, more than 0 if not. It cannot be told while too few
// blocks were seen, or where they come as on a development chain, at no pace.
func (h *head) left(block uint64) (d time.Duration, known bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if block <= h.block {
		return 0, true
	}
	if h.seen < paced || h.off > h.perBlock {
		return 0, false
	}
	next := h.perBlock - h.clock.Now().Sub(h.at).Seconds()
	d = time.Duration((max(next, 0) + h.perBlock*float64(block-h.block-1)) * float64(time.Second))
	return max(d, 1), true
}

// reach waits until a block is there.
func (h *head) reach(ctx context.Context, block uint64) error {
	for {
		now, changed := h.now()
		if now >= block {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// before is a context that ends when a block is there.
func (h *head) before(ctx context.Context, block uint64) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		if h.reach(ctx, block) == nil {
			cancel()
		}
	}()
	return ctx, cancel
}
