package aggregator

import (
	"context"
	"runtime"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/proof-of-sampling/posp"
)

// Limits bound what messages cost. Zero means the default.
type Limits struct {
	Verifying int // messages in verification at once; default: one for each processor
	Waiting   int // messages that wait for it; more are refused, to be sent again; default 256

	// Of one operator that has proved itself; more is refused, to be sent again.
	Concurrent int     // messages at once; default 4
	Rate       float64 // messages a second, over time; default 10
	Burst      int     // messages at once after a pause; default 50
	Bytes      float64 // of evidence a second, over time; default 16 MiB
	BytesBurst int     // at once after a pause; default 256 MiB
}

func (l Limits) withDefaults() Limits {
	set(&l.Verifying, runtime.GOMAXPROCS(0))
	set(&l.Waiting, 256)
	set(&l.Concurrent, 4)
	set(&l.Rate, 10)
	set(&l.Burst, 50)
	set(&l.Bytes, 16<<20)
	set(&l.BytesBurst, 256<<20)
	return l
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// pool bounds verification: so many at once, so many that wait.
type pool struct{ working, present chan struct{} }

func newPool(l Limits) *pool {
	return &pool{working: make(chan struct{}, l.Verifying), present: make(chan struct{}, l.Verifying+l.Waiting)}
}

// enter waits for a place; leave gives it back.
func (p *pool) enter(ctx context.Context) (leave func(), err error) {
	select {
	case p.present <- struct{}{}:
	default:
		return nil, refuse(ReasonExhausted, "too many messages wait to be verified: try again")
	}
	select {
	case p.working <- struct{}{}:
		return func() { <-p.working; <-p.present }, nil
	case <-ctx.Done():
		<-p.present
		return nil, ctx.Err()
	}
}

// quotas are what each operator may still send. Only who has proved to be an
// operator of a table has one: strangers use up nobody's.
type quotas struct {
	limits Limits
	mu     sync.Mutex
	of     map[posp.Address]*quota
}

type quota struct {
	seats    chan struct{}
	messages *rate.Limiter
	bytes    *rate.Limiter
}

// maxQuotas is when those that are not in use are forgotten: more than any
// table has rows.
const maxQuotas = 4096

// admit takes a message of so many bytes; done says that it was handled.
func (q *quotas) admit(operator posp.Address, bytes int) (done func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	own := q.of[operator]
	if own == nil {
		if q.of == nil {
			q.of = map[posp.Address]*quota{}
		}
		if len(q.of) >= maxQuotas {
			for a, o := range q.of {
				if len(o.seats) == 0 {
					delete(q.of, a)
				}
			}
		}
		own = &quota{seats: make(chan struct{}, q.limits.Concurrent), messages: rate.NewLimiter(rate.Limit(q.limits.Rate), q.limits.Burst),
			bytes: rate.NewLimiter(rate.Limit(q.limits.Bytes), q.limits.BytesBurst)}
		q.of[operator] = own
	}
	if len(own.seats) == cap(own.seats) || !own.messages.Allow() || !own.bytes.AllowN(time.Now(), min(bytes, q.limits.BytesBurst)) {
		return nil, refuse(ReasonExhausted, "operator %s sends more than it may: try again", operator)
	}
	own.seats <- struct{}{} // under the lock: there is one
	return func() { <-own.seats }, nil
}
