// Package gather serves many callers at the price of one: what a disk's sync
// or a pairing costs is nearly the same for one item as for a hundred.
package gather

import (
	"context"
	"errors"
)

// ErrFull says that as many wait as may: try again.
var ErrFull = errors.New("too many wait")

// Gate hands items to one function, in groups: while one group is in work the
// next gathers. Make it with New; it is safe for concurrent use.
type Gate[T any] struct {
	work    func(ctx context.Context, group []T)
	most    int
	turn    chan struct{}  // holds one: whose turn it is to work
	waiting chan *entry[T] // what the next group takes
}

type entry[T any] struct {
	ctx  context.Context
	item T
	done chan struct{}
}

// New makes a gate for groups of at most most items, before which at most
// waiting items wait. work is never called by two callers at once; its context
// has the values of one of them, and no deadline.
func New[T any](most, waiting int, work func(ctx context.Context, group []T)) *Gate[T] {
	return &Gate[T]{work: work, most: most, turn: make(chan struct{}, 1), waiting: make(chan *entry[T], waiting)}
}

// Do returns nil once work has returned from a group with the item. Otherwise
// it returns ErrFull, and the item was never taken; or ctx's error, and then
// work may have the item, now or later.
func (g *Gate[T]) Do(ctx context.Context, item T) error {
	e := &entry[T]{ctx, item, make(chan struct{})}
	select {
	case g.waiting <- e:
	default:
		// They may all have left, and nobody be there to see it.
		select {
		case g.turn <- struct{}{}:
			g.one(context.WithoutCancel(ctx))
			<-g.turn
		default:
		}
		select {
		case g.waiting <- e:
		default:
			return ErrFull
		}
	}
	for {
		select {
		case <-e.done:
			return nil
		case <-ctx.Done():
			select {
			case <-e.done: // both: what is known is told
				return nil
			default:
				return ctx.Err()
			}
		case g.turn <- struct{}{}:
			select {
			case <-e.done: // whoever worked before took this one along
			default:
				g.one(context.WithoutCancel(ctx)) // the others have deadlines of their own
			}
			<-g.turn
		}
	}
}

// one takes those that wait and does the work.
func (g *Gate[T]) one(ctx context.Context) {
	var group []*entry[T]
	var items []T
	for len(group) < g.most {
		select {
		case e := <-g.waiting:
			if e.ctx.Err() == nil { // else nobody waits for it any more
				group, items = append(group, e), append(items, e.item)
			}
			continue
		default:
		}
		break
	}
	if len(group) > 0 {
		g.work(ctx, items)
	}
	for _, e := range group {
		close(e.done)
	}
}
