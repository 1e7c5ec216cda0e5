package verdict

import (
	"runtime"
	"sync"
)

// What is judged ahead of the order is bounded by what it holds, since one
// sample may be as large as a model's context, and by its number.
const (
	aheadBytes   = 4 << 20
	aheadSamples = 256
)

// lookahead is a queue of samples that are being judged: started in order and
// taken in the same order, each once it is done. The zero value is empty.
type lookahead struct {
	queue []underway // oldest first
	bytes int
	turns chan struct{} // one for each processor
	work  sync.WaitGroup
}

type underway struct {
	sample *judged
	bytes  int
	done   chan struct{}
}

func (l *lookahead) any() bool  { return len(l.queue) > 0 }
func (l *lookahead) full() bool { return len(l.queue) >= aheadSamples || l.bytes >= aheadBytes }

// start has a sample judged, which holds that many bytes.
func (l *lookahead) start(s *judged, bytes int, judge func(*judged)) {
	if l.turns == nil {
		l.turns = make(chan struct{}, runtime.GOMAXPROCS(0))
	}
	u := underway{sample: s, bytes: bytes, done: make(chan struct{})}
	l.queue, l.bytes = append(l.queue, u), l.bytes+bytes
	l.work.Go(func() {
		l.turns <- struct{}{}
		defer func() { <-l.turns; close(u.done) }()
		judge(s)
	})
}

// next takes the oldest sample, and waits for it.
func (l *lookahead) next() *judged {
	u := l.queue[0]
	l.queue[0] = underway{} // what it held may be collected
	l.queue, l.bytes = l.queue[1:], l.bytes-u.bytes
	<-u.done
	return u.sample
}

// wait is for those that nobody took, after an error.
func (l *lookahead) wait() { l.work.Wait() }
