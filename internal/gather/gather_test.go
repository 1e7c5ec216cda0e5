package gather_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/internal/gather"
)

func TestEveryItemIsServedOnceInFewGroups(t *testing.T) {
	var mu sync.Mutex
	var busy atomic.Bool
	seen, groups := map[int]int{}, 0
	g := gather.New(16, 1000, func(_ context.Context, group []int) {
		if busy.Swap(true) {
			t.Error("two groups at once")
		}
		time.Sleep(time.Millisecond)
		mu.Lock()
		defer mu.Unlock()
		if groups++; len(group) > 16 {
			t.Errorf("a group of %d", len(group))
		}
		for _, i := range group {
			seen[i]++
		}
		busy.Store(false)
	})
	var wg sync.WaitGroup
	for i := range 500 {
		wg.Go(func() {
			if err := g.Do(t.Context(), i); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if seen[i] != 1 {
				t.Errorf("item %d was served %d times when it returned", i, seen[i])
			}
		})
	}
	wg.Wait()
	if groups > 250 {
		t.Errorf("%d groups for 500", groups)
	}
}

func TestWhoLeavesAndWhoFindsItFull(t *testing.T) {
	begun, release := make(chan struct{}, 1), make(chan struct{})
	var mu sync.Mutex
	var served []string
	g := gather.New(16, 2, func(_ context.Context, group []string) {
		begun <- struct{}{}
		<-release
		mu.Lock()
		defer mu.Unlock()
		served = append(served, group...)
	})
	ctx, leave := context.WithCancel(t.Context())
	led := make(chan error)
	go func() { led <- g.Do(ctx, "leader") }()
	<-begun
	for range 2 { // each leaves its item in the queue
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		if err := g.Do(short, "gone"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who left got %v", err)
		}
		cancel()
	}
	if err := g.Do(t.Context(), "third"); !errors.Is(err, gather.ErrFull) {
		t.Errorf("with two waiting: %v", err)
	}
	leave() // too late: its item is in work
	close(release)
	if err := <-led; err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("leader got %v", err)
	}
	if err := g.Do(t.Context(), "next"); err != nil {
		t.Errorf("when all have left: %v", err)
	}
	if len(served) != 2 || served[0] != "leader" || served[1] != "next" {
		t.Errorf("served %q", served)
	}
}
