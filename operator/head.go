package operator

import (
	"context"
	"sync"
)

// head is the newest block, for many to wait on.
type head struct {
	mu      sync.Mutex
	block   uint64
	changed chan struct{} // closed when block grows
}

func newHead() *head { return &head{changed: make(chan struct{})} }

func (h *head) set(block uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if block > h.block {
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
