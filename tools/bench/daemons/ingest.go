package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

// senders is how many operators send at once.
const senders = 8

// process is the aggregator's.
type process struct {
	client *transport.Client
	blocks io.WriteCloser
	events *json.Decoder
	cmd    *exec.Cmd
}

func start(ctx context.Context, s shape, dir, where string, env ...string) (*process, error) {
	file := filepath.Join(dir, "world.json")
	b, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, self, "-serve", file, "-store", where)}
	p.cmd.Stderr, p.cmd.Env = os.Stderr, append(os.Environ(), env...)
	if p.blocks, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.events = json.NewDecoder(bufio.NewReader(out))
	e, err := p.next()
	if err != nil {
		return nil, err
	}
	p.client, err = transport.NewClient(e.URL, transport.ClientConfig{Timeout: 10 * time.Minute})
	return p, err
}

func (p *process) next() (e event, err error) {
	if err = p.events.Decode(&e); err != nil {
		err = fmt.Errorf("aggregator's process: %w", err)
	}
	return e, err
}

func (p *process) to(block uint64) error {
	_, err := fmt.Fprintln(p.blocks, block)
	return err
}

// spent is the process's processor time so far, in steps of 10 ms.
func (p *process) spent() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ") // the name may hold anything
	f := strings.Fields(rest)
	var ticks int64
	for _, i := range []int{11, 12} { // utime and stime, proc(5)
		if i < len(f) {
			n, _ := strconv.ParseInt(f[i], 10, 64) // a number
			ticks += n
		}
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// end is what the process used.
func (p *process) end() (event, error) {
	if err := p.blocks.Close(); err != nil {
		return event{}, err
	}
	e, err := p.next()
	return e, errors.Join(err, p.cmd.Wait())
}

// each sends something of each operator, some at once, again if there was no
// room.
func each(ctx context.Context, n, at int, send func(ctx context.Context, operator int) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(at)
	for i := range n {
		g.Go(func() error {
			for {
				err := send(ctx, i)
				var refused *transport.Refused
				early := errors.As(err, &refused) && refused.Reason() == transport.ReasonEarly // its block is on the way
				// Who is not answered in time sends again, as operators do: on a
				// busy machine the draw of a million samples takes a while.
				slow := connect.CodeOf(err) == connect.CodeUnavailable || connect.CodeOf(err) == connect.CodeDeadlineExceeded
				if err == nil || !early && !slow && !errors.Is(err, transport.ErrExhausted) {
					return err
				}
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(20 * time.Millisecond):
				}
			}
		})
	}
	return g.Wait()
}

// measured is what one epoch took.
type measured struct {
	cpu       time.Duration // processor time of both processes meanwhile
	own       time.Duration // the aggregator's part of it
	revealed  time.Duration // from the first reveal sent to the last that was acknowledged
	derived   time.Duration // from there to a result
	certified time.Duration // from the first share sent to the certificate assembled
	total     time.Duration // from the last reveal to the certificate, less the shares' making
	finish    time.Duration // the aggregator's processor time for that
	bytes     int           // of evidence
	process   event
}

// epoch runs one through the API. Messages are made before they are timed,
// unless there are too many for memory.
func epoch(ctx context.Context, p *players, where string, carry, premade bool, at int, env ...string) (m measured, err error) {
	dir, err := os.MkdirTemp("", "posp-bench-")
	if err != nil {
		return m, err
	}
	defer os.RemoveAll(dir)
	if where == "" {
		where = filepath.Join(dir, "aggregator.db")
	}
	proc, err := start(ctx, p.shape, dir, where, env...)
	if err != nil {
		return m, err
	}
	defer proc.cmd.Process.Kill() // if it did not end well
	if err := proc.to(schedule.BeaconBlock(0)); err != nil {
		return m, err
	}
	if err := each(ctx, p.Operators, at, func(ctx context.Context, i int) error {
		c, err := p.commitments(i)
		if err != nil {
			return err
		}
		return proc.client.SubmitCommitments(ctx, c)
	}); err != nil {
		return m, err
	}
	if err := proc.to(schedule.CommitDeadline(0) + 1); err != nil {
		return m, err
	}
	made := make([]posp.Reveals, p.Operators)
	for i := range made {
		m.bytes += len(p.duties[i]) * (6 + 8*p.Tokens)
		if premade {
			if made[i], err = p.reveals(i, carry); err != nil {
				return m, err
			}
		}
	}
	begun, mine, theirs := time.Now(), page.Spent(), proc.spent()
	if err := each(ctx, p.Operators, at, func(ctx context.Context, i int) error {
		r := made[i]
		if !premade {
			if r, err = p.reveals(i, carry); err != nil {
				return err
			}
		}
		return proc.client.SubmitReveals(ctx, r)
	}); err != nil {
		return m, err
	}
	last := time.Now()
	m.revealed, m.own = last.Sub(begun), proc.spent()-theirs
	m.cpu = m.own + page.Spent() - mine
	made = nil
	digest, err := result(ctx, proc)
	if err != nil {
		return m, err
	}
	m.derived = time.Since(last)
	shares := make([]posp.CertificateShare, p.Operators)
	for i, k := range p.operators {
		sig := bls(address(k)).Sign(digest).Bytes()
		shares[i] = posp.CertificateShare{Operator: address(k), Digest: digest, Signature: sig[:]}
	}
	begun = time.Now()
	if err := each(ctx, p.Operators, 2*senders, func(ctx context.Context, i int) error {
		err := proc.client.SubmitShare(ctx, shares[i])
		var refused *transport.Refused
		if errors.As(err, &refused) && refused.Reason() == transport.ReasonLate {
			return nil // the quorum was there before
		}
		return err
	}); err != nil {
		return m, err
	}
	e, err := proc.next()
	if err != nil {
		return m, err
	}
	m.certified = e.Certificate.Sub(begun)
	m.total = m.derived + m.certified
	m.finish = proc.spent() - theirs - m.own
	m.process, err = proc.end()
	return m, err
}

// result waits for the epoch's digest. Asking costs what is being measured, so
// it asks by a share that is too early.
func result(ctx context.Context, proc *process) (posp.Hash, error) {
	for {
		err := proc.client.SubmitShare(ctx, posp.CertificateShare{Operator: address(firstOperator), Signature: make([]byte, 64)})
		var refused *transport.Refused
		switch {
		case errors.As(err, &refused) && refused.Reason() == transport.ReasonEarly:
		case errors.As(err, &refused):
			digest, ok, err := proc.client.Digest(ctx, 0)
			if err != nil || !ok {
				return digest, errors.Join(err, errors.New("there is no result"))
			}
			return digest, nil
		case !errors.Is(err, transport.ErrExhausted):
			return posp.Hash{}, err
		}
		select {
		case <-ctx.Done():
			return posp.Hash{}, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

var firstOperator = key("operator", 0)

// perSecond is a rate of reveals.
func (m measured) perSecond(reveals int) float64 { return float64(reveals) / m.revealed.Seconds() }

func (b *bench) ingest(ctx context.Context) error {
	s := shape{Operators: 200, Samples: 10_000, Prompt: 256, Tokens: 256}
	if b.quick {
		s.Samples = 2_000
	}
	p, err := play(s)
	if err != nil {
		return err
	}
	reveals := committee * s.Samples
	t := page.NewTable("what is sent", "store", "reveals/s", "MB/s of evidence", "CPU us per reveal: aggregator, sender", "two free cores would take", "result after", "certificate after", "CPU s of both", "peak MiB", "load before")
	type variant struct {
		name, store, where string
		carry              bool
	}
	variants := []variant{{"evidence, opening and provider's part, as operators do", "SQLite", "", true}, {"evidence alone", "SQLite", "", false}}
	if b.postgres != "" {
		variants = append(variants, variant{"evidence, opening and provider's part, as operators do", "PostgreSQL", b.postgres, true})
	}
	for i, v := range variants {
		var rate, own, sender, derived, certified, total, finish, memory []float64
		load := page.Load()
		n := b.runs
		if v.where != "" {
			n = 1 // the database is empty once
		}
		for range n {
			m, err := epoch(ctx, p, v.where, v.carry, true, senders)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "  %s: %.0f reveals/s, result after %v, certificate after %v more, %.0f MiB\n", v.store, m.perSecond(reveals), m.derived, m.certified, m.process.PeakMiB)
			rate = append(rate, m.perSecond(reveals))
			own, sender = append(own, 1e6*m.own.Seconds()/float64(reveals)), append(sender, 1e6*(m.cpu-m.own).Seconds()/float64(reveals))
			derived, certified, total = append(derived, m.derived.Seconds()), append(certified, m.certified.Seconds()), append(total, m.total.Seconds())
			finish, memory = append(finish, m.finish.Seconds()), append(memory, m.process.PeakMiB)
		}
		perReveal := float64(6 + 8*s.Tokens)
		t.Add(v.name, v.store, fmt.Sprintf("%.0f", page.Median(rate)), fmt.Sprintf("%.1f", page.Median(rate)*perReveal/1e6), fmt.Sprintf("%.0f, %.0f", page.Median(own), page.Median(sender)), fmt.Sprintf("%.0f", 2e6/(page.Median(own)+page.Median(sender))),
			fmt.Sprintf("%.2f s", page.Median(derived)), fmt.Sprintf("%.2f s", page.Median(certified)), fmt.Sprintf("%.2f", page.Median(finish)), fmt.Sprintf("%.0f", page.Median(memory)), load)
		if i == 1 {
			b.goals.Add(page.Median(rate) >= 5000, "ingest through the API into SQLite, 256 tokens, evidence alone", ">= 5,000 reveals/s", fmt.Sprintf("%.0f", page.Median(rate)),
				fmt.Sprintf("load %s on two cores; by processor time two free ones take %.0f", load, 2e6/(page.Median(own)+page.Median(sender))))
		}
		if i == 0 {
			b.goals.Add(page.Median(rate) >= 5000, "ingest through the API into SQLite, 256 tokens, as operators send", ">= 5,000 reveals/s", fmt.Sprintf("%.0f", page.Median(rate)),
				fmt.Sprintf("load %s on two cores; by processor time two free ones take %.0f", load, 2e6/(page.Median(own)+page.Median(sender))))
			b.goals.Add(page.Median(total) < 2, fmt.Sprintf("certificate of %d operators and %s samples, from the last reveal", s.Operators, page.Group(uint64(s.Samples))), "< 2 s",
				fmt.Sprintf("%.2f s", page.Median(total)), fmt.Sprintf("load %s on two cores; it is %.2f s of processor time", load, page.Median(finish)))
		}
	}
	b.print("\n## Ingest\n\n%s, three operators for each; %d senders at once; SQLite with synchronous=FULL: what was acknowledged is on disk. A message is all of an operator's reveals\n"+
		"(%d of them). \"Result after\" counts from the last acknowledgement: reading everything back, judging, and writing the results. \"Certificate after\" counts from\n"+
		"the first share sent: verification of shares, and the certificate checked as the contract will.\n\n%s", s, senders, reveals/s.Operators, t)
	return nil
}

// memoryLimit is what the aggregator's process is told. It is a wish, not a bound.
const memoryLimit = "GOMEMLIMIT=230MiB"

func (b *bench) epochMemory(ctx context.Context) error {
	s := shape{Operators: 200, Samples: b.memory, Prompt: 16, Tokens: 16}
	if b.quick {
		s.Samples = min(s.Samples, 50_000)
	}
	load := page.Load()
	p, err := play(s)
	if err != nil {
		return err
	}
	m, err := epoch(ctx, p, "", true, false, 2, memoryLimit)
	if err != nil {
		return err
	}
	reveals := committee * s.Samples
	got := fmt.Sprintf("%.0f MiB", m.process.PeakMiB)
	b.goals.Add(m.process.PeakMiB < 300*1e6/(1<<20), fmt.Sprintf("aggregator's memory, epoch of %s samples", page.Group(uint64(s.Samples))), "< 300 MB at 1,000,000", got, "see Memory below")
	b.print("\n## Memory\n\n%s, three operators for each, evidence with openings and provider's parts; two senders. The aggregator runs with\n`%s`, which makes Go collect garbage rather than grow. Load before: %s.\n\n", s, memoryLimit, load)
	t := page.NewTable("figure", "value")
	t.Add("peak resident memory of the aggregator's process", got)
	t.Add("reveals", page.Group(uint64(reveals)))
	t.Add("reveals/s, made while they are sent", fmt.Sprintf("%.0f", m.perSecond(reveals)))
	t.Add("result after", m.derived.Round(time.Second))
	t.Add("certificate after", m.certified.Round(10*time.Millisecond))
	t.Add("aggregator's CPU", fmt.Sprintf("%.0f s", m.process.CPU))
	b.print("%s", t)
	return nil
}
