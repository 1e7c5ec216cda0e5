package operator_test

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/operator"
)

type served struct{ *aggregator.Aggregator }

func (s served) Outcome(ctx context.Context, epoch uint64) (transport.Outcome, bool, error) {
	o, ok, err := s.Aggregator.Outcome(ctx, epoch)
	return transport.Outcome(o), ok, err
}

// Two epochs with everybody honest, over the real API.
func TestEpochsOverTheWire(t *testing.T) { epochsOverTheWire(t, newWorld(t)) }

// The same under a private spec: operators say who they are, and so have the text. From others it is withheld.
func TestPrivateEpochsOverTheWire(t *testing.T) {
	w := newWorld(t)
	w.spec.Spec.ReferenceVersion = posp.HiddenReference + strings.Repeat("0", 64)
	url := epochsOverTheWire(t, w)
	texts := func(key *ecdsa.PrivateKey, epoch uint64) (of map[posp.Address][2]int) { // openings with and without text, by provider
		cfg := transport.ClientConfig{}
		if key != nil {
			cfg.Reader = w.reader(key)
		}
		c, err := transport.NewClient(url, cfg)
		if err != nil {
			t.Fatal(err)
		}
		final, ok, err := c.Reveals(context.Background(), epoch)
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		of = map[posp.Address][2]int{}
		for _, r := range final {
			for _, item := range r.Items {
				o := item.Opening
				if o == nil {
					continue // it is with another operator's, which came first
				}
				n := of[o.Receipt.Provider]
				if o.Withheld {
					n[1]++
					if o.Request.Tokens != nil || o.Output.Tokens != nil || o.Request.Salt != (posp.Hash{}) || o.Output.Salt != (posp.Hash{}) || o.Request.TraceSeed != (posp.Hash{}) || o.Output.TraceSeed != (posp.Hash{}) {
						t.Errorf("withheld, and there: %+v", o)
					}
					if o.Matches() == nil || item.Provider == nil || len(o.Receipt.Signature) == 0 {
						t.Error("without its text it matches, or lacks what is not withheld")
					}
				} else {
					n[0]++
					if err := o.Matches(); err != nil {
						t.Error(err)
					}
				}
				of[o.Receipt.Provider] = n
			}
		}
		return of
	}
	one, two := posp.Address{0xee, 1}, posp.Address{0xee, 2}
	stranger, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		key      *ecdsa.PrivateKey
		one, two bool // the texts of that provider are shown
	}{"anybody": {nil, false, false}, "a stranger": {stranger, false, false}, "an operator": {w.members[3].key, true, true},
		"provider 1's receipt key": {seeded("receipt", 1), true, false}, "provider 2's receipt key": {seeded("receipt", 2), false, true}} {
		got := texts(c.key, 0)
		for provider, shown := range map[posp.Address]bool{one: c.one, two: c.two} {
			n := got[provider]
			if shown && n[1] > 0 || !shown && n[0] > 0 || n[0]+n[1] == 0 {
				t.Errorf("%s has %d texts of provider %s, and %d are withheld", name, n[0], provider, n[1])
			}
		}
	}
	// A request that is over, holds too long, or is another's signature.
	forged := w.reader(w.members[0].key)
	forged.Sign = func(ctx context.Context, _ posp.Address, digest posp.Hash) ([]byte, error) {
		return w.members[1].Sign(ctx, w.members[1].address, digest)
	}
	c, err := transport.NewClient(url, transport.ClientConfig{Reader: forged})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Reveals(context.Background(), 0); err == nil || !strings.Contains(err.Error(), "signed by") {
		t.Errorf("in another's name: %v", err)
	}
	for _, off := range []time.Duration{-posp.ReadTime, posp.ReadTime} {
		late := w.reader(w.members[0].key)
		late.Now = func() time.Time { return time.Now().Add(off) }
		c, err := transport.NewClient(url, transport.ClientConfig{Reader: late})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Reveals(context.Background(), 0); err == nil || !strings.Contains(err.Error(), "clock") {
			t.Errorf("clock off by %v: %v", off, err)
		}
	}
}

func epochsOverTheWire(t *testing.T, w *world) (url string) {
	w.batch(0, 1, 4)
	w.batch(0, 2, 3)
	w.batch(1, 1, 2)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.run(transport.NewServer(l, transport.ServerConfig{}, served{a}, zap.NewNop()).Run)
	for _, m := range w.members {
		c, err := transport.NewClient("http://"+l.Addr().String(), transport.ClientConfig{Reader: w.reader(m.key)})
		if err != nil {
			t.Fatal(err)
		}
		w.run(w.operate(m, c, scorer{}, open(t, operator.Migrations)).Run)
	}
	for epoch, samples := range []uint32{7, 2} {
		e := uint64(epoch)
		w.chain.mine(schedule.BeaconBlock(e))
		w.eventually("frozen", w.frozen(a, e))
		w.chain.mine(schedule.CommitDeadline(e) + 1)
		w.eventually("certified", w.isCertified(e))
		c, _ := w.chain.certificate(e)
		var passed uint32
		for _, b := range c.Result.Batches {
			passed += b.Passed
		}
		if passed != samples || len(c.Result.Faults) != 0 {
			t.Fatalf("epoch %d: %d of %d samples passed, faults %v", e, passed, samples, c.Result.Faults)
		}
		// The aggregator says so once it has seen it, over the wire as well.
		client, _ := transport.NewClient("http://"+l.Addr().String(), transport.ClientConfig{})
		w.eventually("outcome", func() bool {
			o, ok, err := client.Outcome(context.Background(), e)
			return err == nil && ok && o.Digest == c.Digest && o.Transaction == txOf(e) && len(o.Signers) >= 4
		})
		if lines, ok, err := client.Samples(context.Background(), e); err != nil || !ok || uint32(len(lines)) != samples {
			t.Fatalf("%d of %d samples (%v, %v)", len(lines), samples, ok, err)
		}
	}
	return "http://" + l.Addr().String()
}

// tap is an aggregator whose calls can be watched, failed and falsified.
type tap struct {
	operator.Aggregator
	mu          sync.Mutex
	calls       int
	taken       int                              // commitments that were acknowledged
	crash       func(call int, after bool) error // fails the call; after: its effect is there
	commitments []posp.Commitments
	reveals     []posp.Reveals
	shares      []posp.CertificateShare
	frozen      func([]posp.Commitments) []posp.Commitments
	final       func([]posp.Reveals) []posp.Reveals
	hasty       bool // says that it has a result before it has
}

func (p *tap) Digest(ctx context.Context, epoch uint64) (posp.Hash, bool, error) {
	if p.hasty {
		return posp.Hash{}, true, nil
	}
	return p.Aggregator.Digest(ctx, epoch)
}

func (p *tap) call(do func() error) error {
	p.mu.Lock()
	p.calls++
	n, crash := p.calls, p.crash
	p.mu.Unlock()
	if crash != nil {
		if err := crash(n, false); err != nil {
			return err
		}
	}
	err := do()
	if crash != nil {
		if err := crash(n, true); err != nil {
			return err
		}
	}
	return err
}

func note[T any](p *tap, list *[]T, v T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*list = append(*list, v)
}

func (p *tap) SubmitCommitments(ctx context.Context, c posp.Commitments) error {
	note(p, &p.commitments, c)
	err := p.call(func() error { return p.Aggregator.SubmitCommitments(ctx, c) })
	if err == nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.taken++
	}
	return err
}

func (p *tap) SubmitReveals(ctx context.Context, r posp.Reveals) error {
	note(p, &p.reveals, r)
	return p.call(func() error { return p.Aggregator.SubmitReveals(ctx, r) })
}

func (p *tap) SubmitShare(ctx context.Context, s posp.CertificateShare) error {
	note(p, &p.shares, s)
	return p.call(func() error { return p.Aggregator.SubmitShare(ctx, s) })
}

func (p *tap) Commitments(ctx context.Context, epoch uint64) (list []posp.Commitments, ok bool, err error) {
	list, ok, err = p.Aggregator.Commitments(ctx, epoch)
	if ok && p.frozen != nil {
		list = p.frozen(list)
	}
	if ok && err == nil {
		err = p.call(func() error { return nil })
	}
	return list, ok, err
}

func (p *tap) Reveals(ctx context.Context, epoch uint64) (list []posp.Reveals, ok bool, err error) {
	list, ok, err = p.Aggregator.Reveals(ctx, epoch)
	if ok && p.final != nil {
		list = p.final(list)
	}
	if ok && err == nil {
		err = p.call(func() error { return nil })
	}
	return list, ok, err
}

func (p *tap) committed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken > 0
}

func (p *tap) sent() ([]posp.Commitments, []posp.Reveals, []posp.CertificateShare) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.commitments), slices.Clone(p.reveals), slices.Clone(p.shares)
}

// An operator that dies before or after any of its calls, and starts again,
// sends the same bytes again and is in the certificate.
func TestRestartSendsTheSame(t *testing.T) {
	for _, after := range []bool{false, true} {
		for point := 1; ; point++ {
			died := false
			t.Run(fmt.Sprintf("call %d, effect %v", point, after), func(t *testing.T) {
				w := newWorld(t)
				w.params.QuorumPpm = 1_000_000 // so that the one that died is waited for
				w.batch(0, 1, 5)
				a, _ := w.aggregate(open(t, aggregator.Migrations))
				for _, m := range w.members[1:] {
					w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
				}
				subject, db := w.members[0], open(t, operator.Migrations)
				p := &tap{Aggregator: direct{a}}
				dead := make(chan struct{})
				p.crash = func(call int, isAfter bool) error {
					if call != point || isAfter != after {
						return nil
					}
					close(dead)
					select {} // a dead process does nothing more
				}
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				go w.operate(subject, p, scorer{}, db).Run(ctx)
				over := make(chan struct{})
				go func() {
					defer close(over)
					until := func(holds func() bool) {
						for !holds() && t.Context().Err() == nil {
							time.Sleep(time.Millisecond)
						}
					}
					w.chain.mine(schedule.BeaconBlock(0))
					until(w.frozen(a, 0))
					w.chain.mine(schedule.CommitDeadline(0) + 1)
					until(w.isCertified(0))
				}()
				select {
				case <-dead:
					died = true
					cancel()
					p.mu.Lock()
					p.crash = nil
					p.mu.Unlock()
					w.run(w.operate(subject, p, scorer{}, db).Run)
				case <-over:
				}
				w.eventually("certified", w.isCertified(0))
				<-over
				commitments, reveals, shares := p.sent()
				if len(commitments) == 0 || len(reveals) == 0 || len(shares) == 0 {
					t.Fatalf("sent %d commitments, %d reveals, %d shares", len(commitments), len(reveals), len(shares))
				}
				for _, c := range commitments {
					if diff := cmp.Diff(commitments[0], c); diff != "" {
						t.Errorf("commitments differ: %s", diff)
					}
				}
				for _, r := range reveals {
					if diff := cmp.Diff(reveals[0], r); diff != "" {
						t.Errorf("reveals differ: %s", diff)
					}
				}
				for _, s := range shares {
					if diff := cmp.Diff(shares[0], s); diff != "" {
						t.Errorf("shares differ: %s", diff)
					}
				}
			})
			if !died || t.Failed() {
				if point < 5 {
					t.Fatalf("only %d points to die at", point-1)
				}
				break
			}
		}
	}
}

// play runs an epoch with one operator behind a tap.
func play(t *testing.T, w *world, p *tap, s scorerFunc) *aggregator.Aggregator {
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	p.Aggregator = direct{a}
	w.run(w.operate(w.members[0], p, s, open(t, operator.Migrations)).Run)
	for _, m := range w.members[1:] {
		w.run(w.operate(m, direct{a}, scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	return a
}

func honest(output []uint32) (posp.Evidence, error) { return truth(len(output)), nil }

// An operator signs the result of what it saw committed, and no other: shown a
// changed set later it does not help the aggregator's result to a quorum.
func TestSignsItsOwnDigestOnly(t *testing.T) {
	w, p := newWorld(t), &tap{}
	p.final = func(list []posp.Reveals) []posp.Reveals { return list[1:] } // shown to it without one
	a := play(t, w, p, honest)
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("certified by the others", w.isCertified(0))
	w.eventually("share", func() bool { _, _, s := p.sent(); return len(s) > 0 })
	c, _ := w.chain.certificate(0)
	_, _, shares := p.sent()
	for _, s := range shares {
		if s.Digest == c.Digest {
			t.Error("it signed a result that does not follow from what it was shown")
		}
	}
	if len(c.NonSigners) != 1 || c.NonSigners[0].Member.Operator != w.members[0].address {
		t.Errorf("non-signers %v", c.NonSigners)
	}
}

// An aggregator that dropped what it acknowledged gets no reveal and no share.
func TestDroppedCommitmentsAreNotCoSigned(t *testing.T) {
	w, p := newWorld(t), &tap{}
	p.frozen = func(list []posp.Commitments) []posp.Commitments {
		return slices.DeleteFunc(slices.Clone(list), func(c posp.Commitments) bool { return c.Operator == w.members[0].address })
	}
	a := play(t, w, p, honest)
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.RevealDeadline(0) + 1)
	w.eventually("derived without it", func() bool { _, ok, _ := a.Outcome(context.Background(), 0); return ok })
	w.chain.mine(schedule.CertifyDeadline(0))
	w.eventually("certified by the others", w.isCertified(0))
	commitments, reveals, shares := p.sent()
	if len(commitments) == 0 || len(reveals)+len(shares) != 0 {
		t.Errorf("%d commitments, %d reveals, %d shares; want some, 0, 0", len(commitments), len(reveals), len(shares))
	}
}

// evidenceOf is what an operator revealed.
func evidenceOf(t *testing.T, r posp.Reveals) (full, none int) {
	for _, it := range r.Items {
		e, err := posp.DecodeEvidence(it.Evidence)
		if err != nil {
			t.Fatal(err)
		}
		if e.Kind == posp.EvidenceNone {
			none++
		} else {
			full++
		}
	}
	return full, none
}

// A scorer that fails leaves the sample out; it never says "not opened".
func TestScorerFailureIsNoEvidence(t *testing.T) {
	for name, failure := range map[string]error{"passing": errors.New("out of memory"), "for good": posp.Invalidf("token out of range")} {
		t.Run(name, func(t *testing.T) {
			w, p := newWorld(t), &tap{}
			a := play(t, w, p, func(output []uint32) (posp.Evidence, error) {
				if output[3]%2 == 0 {
					return posp.Evidence{}, failure
				}
				return honest(output)
			})
			w.eventually("everybody asked", w.everybodyAsked)
			time.Sleep(300 * time.Millisecond)           // and got what it asked for: blocks do not come at once on a chain either
			w.chain.mine(schedule.CommitDeadline(0) - 1) // its margin: what is not there by now is left out
			w.eventually("committed", p.committed)
			w.chain.mine(schedule.CommitDeadline(0) + 1)
			w.eventually("frozen", w.frozen(a, 0))
			w.eventually("revealed", func() bool { _, r, _ := p.sent(); return len(r) > 0 })
			_, reveals, _ := p.sent()
			for _, it := range reveals[0].Items {
				if it.Opening.Output.Tokens[3]%2 == 0 {
					t.Errorf("sample %s has evidence although its scorer failed", it.SampleID)
				}
			}
			full, none := evidenceOf(t, reveals[0])
			if full == 0 || none != 0 {
				t.Errorf("%d full, %d none", full, none)
			}
		})
	}
}

// failingSigner signs nothing: its service is away.
type failingSigner struct{ asked atomic.Bool }

func (s *failingSigner) Sign(context.Context, posp.Address, posp.Hash) ([]byte, error) {
	s.asked.Store(true)
	return nil, errors.New("signing service: 503")
}

// Who could not sign a request while there was time to open has asked for nothing:
// it says nothing about providers, and co-signs with its other key.
func TestUnsignedRequestsBlameNobody(t *testing.T) {
	w, p := newWorld(t), &tap{}
	s := &failingSigner{}
	w.batch(0, 1, 6)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	p.Aggregator = direct{a}
	w.run(w.operateWith(w.members[0], p, s, scorer{}, open(t, operator.Migrations)).Run)
	others := make([]*tap, len(w.members)-1)
	for i, m := range w.members[1:] {
		others[i] = &tap{Aggregator: direct{a}}
		w.run(w.operate(m, others[i], scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("it tries to ask", s.asked.Load)
	w.eventually("the others committed", func() bool {
		return !slices.ContainsFunc(others, func(p *tap) bool { return !p.committed() })
	})
	w.chain.mine(schedule.CommitDeadline(0) - 2) // time to open is over
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("frozen", w.frozen(a, 0))
	w.eventually("certified", w.isCertified(0))
	w.eventually("share", func() bool { _, _, shares := p.sent(); return len(shares) > 0 })
	if commitments, reveals, _ := p.sent(); len(commitments)+len(reveals) != 0 {
		t.Errorf("%d commitments and %d reveals of samples that it never asked for", len(commitments), len(reveals))
	}
	if c, _ := w.chain.certificate(0); len(c.Result.Faults) != 0 {
		t.Errorf("faults %v", c.Result.Faults)
	}
}

// A withholder, and one who opens something else, are UNAVAILABLE; a receipt
// of whom the output alone shows what is wrong is not.
func TestNotOpened(t *testing.T) {
	for name, arrange := range map[string]func(*providers){
		"withheld":    func(p *providers) { p.fail = func(string, posp.OpenRequest) error { return errors.New("503") } },
		"other leaf":  func(p *providers) { p.bend = func(o *posp.Opening) { o.Leaf++ } },
		"other words": func(p *providers) { p.bend = func(o *posp.Opening) { o.Output.Tokens = []uint32{9, 0} } },
		"evidence withheld": func(p *providers) {
			p.fail = func(what string, _ posp.OpenRequest) error {
				if what == "evidence" {
					return errors.New("503")
				}
				return nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, p := newWorld(t), &tap{}
			arrange(w.providers)
			a := play(t, w, p, honest)
			w.eventually("everybody asked", w.everybodyAsked)
			if name != "evidence withheld" { // there the openings come, and everybody commits in its own time
				w.chain.mine(schedule.CommitDeadline(0) - 2) // time to open is over
			}
			w.eventually("frozen", w.frozen(a, 0))
			w.chain.mine(schedule.CommitDeadline(0) + 1)
			if name != "evidence withheld" {
				w.eventually("revealed", func() bool { _, r, _ := p.sent(); return len(r) > 0 })
			}
			w.chain.mine(schedule.RevealDeadline(0) - 1) // time to open the evidence too
			w.eventually("certified", w.isCertified(0))
			c, _ := w.chain.certificate(0)
			if b := c.Result.Batches[0]; b.Unavailable != 6 || len(c.Result.Faults) != 6 {
				t.Errorf("batch %+v, faults %v", b, c.Result.Faults)
			}
			_, reveals, _ := p.sent()
			full, none := evidenceOf(t, reveals[0])
			if withheldLater := name == "evidence withheld"; withheldLater != (full > 0) || withheldLater != (none == 0) {
				t.Errorf("%d full, %d none", full, none)
			}
		})
	}
}

// An operator that starts when the time to ask is over says nothing about
// providers, and still co-signs.
func TestLateStartBlamesNobody(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 6)
	w.params.QuorumPpm = 1_000_000
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	others := make([]*tap, len(w.members)-1)
	for i, m := range w.members[1:] {
		others[i] = &tap{Aggregator: direct{a}}
		w.run(w.operate(m, others[i], scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("the others committed", func() bool {
		return !slices.ContainsFunc(others, func(p *tap) bool { return !p.committed() })
	})
	w.chain.mine(schedule.CommitDeadline(0) - 1)
	w.providers.mu.Lock()
	w.providers.fail = func(string, posp.OpenRequest) error { return errors.New("503") }
	w.providers.mu.Unlock()
	p := &tap{Aggregator: direct{a}}
	w.run(w.operate(w.members[0], p, scorer{}, open(t, operator.Migrations)).Run)
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.chain.mine(schedule.RevealDeadline(0) - 1)
	w.eventually("certified", w.isCertified(0))
	commitments, reveals, shares := p.sent()
	if len(commitments)+len(reveals) != 0 || len(shares) == 0 {
		t.Errorf("%d commitments, %d reveals, %d shares", len(commitments), len(reveals), len(shares))
	}
}

// The first epoch has to be settled before the second is derived: its
// certificate moves the standings that the second begins with.
func TestEpochsAreDerivedInOrder(t *testing.T) {
	w := newWorld(t)
	w.batch(0, 1, 3)
	w.batch(1, 1, 3)
	w.chain.fail = func(call string) error {
		if call == "SubmitCertificate" {
			return errors.New("no gas")
		}
		return nil
	}
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	taps := make([]*tap, len(w.members))
	for i, m := range w.members {
		taps[i] = &tap{Aggregator: direct{a}, hasty: i == 0}
		w.run(w.operate(m, taps[i], scorer{}, open(t, operator.Migrations)).Run)
	}
	w.chain.mine(schedule.BeaconBlock(0))
	w.eventually("frozen", w.frozen(a, 0))
	w.chain.mine(schedule.CommitDeadline(0) + 1)
	w.eventually("shares", func() bool { o, _, _ := a.Outcome(context.Background(), 0); return o.Certified })
	w.chain.mine(schedule.BeaconBlock(1))
	w.eventually("frozen", w.frozen(a, 1))
	w.chain.mine(schedule.CommitDeadline(1) + 1)
	w.eventually("final", func() bool { _, ok, _ := a.Reveals(context.Background(), 1, nil); return ok })
	w.chain.mine(schedule.CertifyDeadline(0)) // its last block
	time.Sleep(50 * time.Millisecond)         // for what must not happen
	if _, ok, _ := a.Outcome(context.Background(), 1); ok {
		t.Fatal("epoch 1 is derived while epoch 0 can still be certified")
	}
	for _, p := range taps {
		_, _, shares := p.sent()
		for _, s := range shares {
			if s.Epoch == 1 {
				t.Fatal("epoch 1 is signed while epoch 0 can still be certified")
			}
		}
	}
	w.chain.mine(schedule.CertifyDeadline(0) + 1) // void
	w.eventually("derived", func() bool { _, ok, _ := a.Outcome(context.Background(), 1); return ok })
	w.chain.mu.Lock()
	w.chain.fail = nil
	w.chain.mu.Unlock()
	w.chain.mine(schedule.CertifyDeadline(0) + 2)
	w.eventually("certified", w.isCertified(1))
}

// Everything that the chain answers may fail for a while.
func TestChainFailuresPass(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	calls := map[string]int{}
	w.chain.fail = func(call string) error {
		mu.Lock()
		defer mu.Unlock()
		if calls[call]++; calls[call] <= 8 || calls[call]%3 == 0 {
			return errors.New("connection refused")
		}
		return nil
	}
	p := &tap{}
	a := play(t, w, p, honest)
	block := schedule.BeaconBlock(0)
	advance := func(to uint64, done func() bool) { // new blocks wake the aggregator, as real ones do
		w.eventually("advance", func() bool {
			if block < to {
				block++
			}
			w.chain.mine(block)
			return done()
		})
	}
	advance(schedule.CommitDeadline(0)-3, w.frozen(a, 0))
	block = schedule.CommitDeadline(0) + 1
	advance(block, w.isCertified(0))
	c, _ := w.chain.certificate(0)
	if c.Result.Batches[0].Passed != 6 {
		t.Errorf("batch %+v", c.Result.Batches[0])
	}
}

// Another operator's database is refused before anything is signed.
func TestForeignDatabase(t *testing.T) {
	w := newWorld(t)
	a, _ := w.aggregate(open(t, aggregator.Migrations))
	db := open(t, operator.Migrations)
	w.run(w.operate(w.members[0], direct{a}, scorer{}, db).Run)
	w.eventually("claimed", func() bool {
		var n int
		return db.QueryRow("SELECT count(*) FROM owner").Scan(&n) == nil && n == 1
	})
	if err := w.operate(w.members[1], direct{a}, scorer{}, db).Run(context.Background()); !errors.Is(err, operator.ErrForeignDatabase) {
		t.Fatalf("error %v", err)
	}
}
