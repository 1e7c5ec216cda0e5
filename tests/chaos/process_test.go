//go:build linux && amd64

package chaos

import (
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is a role: the built binary with its arguments, started again
// whenever it ends, as a service manager does, until it is told to stay down.
type process struct {
	name string
	bin  string
	args []string
	env  []string
	t    *testing.T

	mu      sync.Mutex
	decide  func(write) answer // what becomes of its writes; nil: all go on
	skew    time.Duration      // of its wall clock, from the next start on
	down    bool               // is to stay down
	frozen  bool               // by SIGSTOP
	cmd     *exec.Cmd          // nil while it is not there
	ended   chan struct{}      // of cmd
	starts  int
	rising  bool     // it has not said yet that it is up
	kills   int      // by decide or by kill
	exits   []string // what it said last, each time that it ended by itself
	log     bytes.Buffer
	line    bytes.Buffer // of this life, for what it said last
	stopped bool         // for good
	loop    sync.WaitGroup
}

// restartDelay is what a service manager waits.
const restartDelay = 200 * time.Millisecond

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line.Write(b)
	p.rising = p.rising && !bytes.Contains(p.line.Bytes(), []byte(" is up"))
	return p.log.Write(b)
}

// start has it run until stop.
func (p *process) start() {
	p.loop.Go(func() {
		for {
			p.mu.Lock()
			if p.stopped {
				p.mu.Unlock()
				return
			}
			if p.down {
				p.mu.Unlock()
				time.Sleep(20 * time.Millisecond)
				continue
			}
			cmd := exec.Command(p.bin, p.args...)
			cmd.Env, cmd.Stderr, cmd.Stdout = append([]string{"HOME=/nonexistent"}, p.env...), p, io.Discard
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL} // an interrupt of the test is the test's to pass on
			killed := false
			p.line.Reset()
			fmt.Fprintf(&p.log, "--- start %d\n", p.starts)
			skew := p.skew
			p.starts++
			p.rising = true
			p.mu.Unlock()
			err := tapped(cmd, skew, func(w write) answer {
				p.mu.Lock()
				decide := p.decide
				p.mu.Unlock()
				if decide == nil {
					return goOn
				}
				a := decide(w)
				if a == die {
					p.mu.Lock()
					killed = true
					p.kills++
					p.mu.Unlock()
				}
				return a
			})
			if err != nil {
				p.t.Errorf("%s: %v", p.name, err)
				return
			}
			ended := make(chan struct{})
			p.mu.Lock()
			p.cmd, p.ended = cmd, ended
			if p.stopped || p.down { // since it began to start, so nobody told it
				_ = cmd.Process.Kill()
			}
			p.mu.Unlock()
			err = cmd.Wait()
			p.mu.Lock()
			if !killed && !p.down && !p.stopped {
				p.exits = append(p.exits, fmt.Sprintf("%v: %s", err, strings.TrimSpace(p.line.String())))
			}
			p.cmd = nil
			p.mu.Unlock()
			close(ended)
			time.Sleep(restartDelay)
		}
	})
}

// stage is which life it is in, and whether it has yet to say that it is up.
func (p *process) stage() (life int, rising bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.starts, p.rising
}

// on has decide asked about its writes; nil lets all go on.
func (p *process) on(decide func(write) answer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.decide = decide
}

// works says whether it is there and not stopped.
func (p *process) works() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd != nil && !p.frozen
}

// dead says whether it is kept down.
func (p *process) dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.down
}

// signal sends a signal, if it is there.
func (p *process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frozen = s == syscall.SIGSTOP
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(s) // it may end just now
	}
}

// kill kills it, and keeps it down until up.
func (p *process) kill() {
	p.mu.Lock()
	p.down = true
	p.kills++
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Kill()
		<-ended
	}
}

// up lets it be started again.
func (p *process) up() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = false
}

// end ends it in order, and keeps it down until up; from then on its clock is off by
// skew.
func (p *process) end(skew time.Duration) {
	p.mu.Lock()
	p.skew, p.down = skew, true
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
	}
}

// restart ends it in order; it comes back by itself.
func (p *process) restart(skew time.Duration) {
	p.end(skew)
	p.up()
}

// stop ends it for good.
func (p *process) stop() {
	p.mu.Lock()
	p.stopped, p.decide = true, nil
	cmd, ended := p.cmd, p.ended
	p.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Signal(syscall.SIGCONT)
		_ = cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			p.t.Errorf("%s does not end when it is told to", p.name)
			_ = cmd.Process.Kill()
		}
	}
	p.loop.Wait()
}

// life is what became of it.
type life struct {
	name          string
	starts, kills int
	exits         []string
	log           string
}

func (p *process) life() life {
	p.mu.Lock()
	defer p.mu.Unlock()
	return life{p.name, p.starts, p.kills, append([]string(nil), p.exits...), p.log.String()}
}
