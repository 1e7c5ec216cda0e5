//go:build linux && amd64

package chaos

import (
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// wire is a connection to a PostgreSQL that the test can spoil: a Unix socket
// before the server's own.
type wire struct {
	url    string // of the database, through it
	target string // the server's socket

	mu     sync.Mutex
	mended *sync.Cond
	damage damage // none, cut, or hang: nothing passes, and nobody hears of it
	closed bool
	open   map[net.Conn]bool
}

const postgresSocket = ".s.PGSQL.5432"

// newWire is a way to the database of a URL, whose host is a directory.
func newWire(t *testing.T, database string) *wire {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	q, dir := u.Query(), t.TempDir()
	x := &wire{target: filepath.Join(q.Get("host"), postgresSocket), open: map[net.Conn]bool{}}
	x.mended = sync.NewCond(&x.mu)
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	x.url = u.String()
	l, err := net.Listen("unix", filepath.Join(dir, postgresSocket))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { x.carry(c) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		x.mu.Lock()
		x.closed = true
		x.mu.Unlock()
		x.set(cut)
		all.Wait()
	})
	return x
}

// set spoils it from now on; none mends it.
func (x *wire) set(d damage) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.damage = d; d == cut {
		for c := range x.open {
			c.Close()
		}
	}
	x.mended.Broadcast()
}

// passes waits while it hangs; it says whether anything still passes.
func (x *wire) passes() bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	for x.damage == hang && !x.closed {
		x.mended.Wait()
	}
	return x.damage == none
}

// carry is one connection.
func (x *wire) carry(c net.Conn) {
	defer c.Close()
	if !x.passes() {
		return
	}
	s, err := net.Dial("unix", x.target)
	if err != nil {
		return
	}
	defer s.Close()
	x.mu.Lock()
	x.open[c], x.open[s] = true, true
	x.mu.Unlock()
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{c, s}, {s, c}} {
		both.Go(func() {
			defer way[0].Close()
			defer way[1].Close()
			b := make([]byte, 32<<10)
			for {
				n, err := way[0].Read(b)
				if n > 0 {
					if !x.passes() {
						return // not even the rest, later: it was one stream
					}
					if _, e := way[1].Write(b[:n]); e != nil {
						return
					}
				}
				if err != nil {
					return
				}
			}
		})
	}
	both.Wait()
	x.mu.Lock()
	delete(x.open, c)
	delete(x.open, s)
	x.mu.Unlock()
}
