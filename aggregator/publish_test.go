package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// memoryLog is a log in memory that fails after so many entries, as a crash does.
type memoryLog struct {
	entries [][]byte
	left    int // until it fails; < 0 for never
}

func (l *memoryLog) Size(context.Context) (uint64, error) { return uint64(len(l.entries)), nil }
func (l *memoryLog) Entry(_ context.Context, i uint64) ([]byte, error) {
	if i >= uint64(len(l.entries)) {
		return nil, errors.New("beyond the end")
	}
	return l.entries[i], nil
}
func (l *memoryLog) Append(_ context.Context, entries [][]byte) error {
	for _, e := range entries {
		if l.left == 0 {
			return errors.New("the machine is gone")
		}
		l.entries, l.left = append(l.entries, slices.Clone(e)), l.left-1
	}
	return nil
}

// text is what the log says, a line for each entry.
func (l *memoryLog) text(t *testing.T) (lines []string) {
	for _, b := range l.entries {
		e, err := posp.ParseLogEntry(b)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%s %d %s %s", e.Kind, e.Epoch, e.Subject, e.Digest))
	}
	return lines
}

// certifiedEpoch takes the bench's epoch to its certificate, and says what the
// log should have of it.
func certifiedEpoch(b *bench) (want []string) {
	ctx := context.Background()
	digest := b.toResult()
	o, _, err := b.a.Outcome(ctx, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	want = append(want, fmt.Sprintf("batch 0 %s %s", b.batch.Provider, b.batch.ID))
	for _, k := range b.operators {
		want = append(want, fmt.Sprintf("commitments 0 %s %s", addressOf(k), b.commitments(k, nil).Digest(b.a.cfg.Authority)))
	}
	for _, k := range b.operators {
		want = append(want, fmt.Sprintf("reveals 0 %s %s", addressOf(k), b.reveals(k, nil).Digest(b.a.cfg.Authority)))
	}
	for _, k := range b.operators {
		b.taken("share", b.a.SubmitShare(ctx, b.share(k, digest)))
	}
	contract := b.a.cfg.Authority.Attestation
	return append(want, fmt.Sprintf("samples 0 %s %s", contract, o.Result.SampleRoot), fmt.Sprintf("result 0 %s %s", contract, digest))
}

func TestPublishesAnEpochWhenItIsOver(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	log := &memoryLog{left: -1}
	p := NewPublisher(b.a, log, 3)
	want := certifiedEpoch(b)
	if over, err := p.publish(ctx, 0, certifyDeadline+3); over || err != nil || len(log.entries) != 0 {
		t.Fatalf("published before it was over: %v, %v, %v", over, err, log.text(t))
	}
	b.at(commitDeadline + 3) // certifies
	for range 2 {
		if over, err := p.publish(ctx, 0, commitDeadline+3); !over || err != nil {
			t.Fatalf("not published: %v", err)
		}
		if got := log.text(t); !slices.Equal(got, want) {
			t.Fatalf("log:\n%q\nwant\n%q", got, want)
		}
	}
	if over, err := p.publish(ctx, 1, certifyDeadline+20+4); !over || err != nil || len(log.entries) != len(want) {
		t.Errorf("an epoch of nothing: %v, %v", over, err)
	}
}

func TestPublishesWhatIsLeftAfterACrash(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	want := certifiedEpoch(b)
	b.at(commitDeadline + 3)
	for crash := range want {
		log := &memoryLog{left: crash}
		if over, err := NewPublisher(b.a, log, 0).publish(ctx, 0, certifyDeadline); over || err == nil {
			t.Fatalf("crash after %d entries: over %v, error %v", crash, over, err)
		}
		log.left = -1
		p := NewPublisher(b.a, log, 0)
		if crash > 0 {
			if epoch, ok, err := p.resume(ctx, certifyDeadline+1000); epoch != 0 || !ok || err != nil {
				t.Fatalf("resumes at epoch %d, %v, %v", epoch, ok, err)
			}
		}
		if over, err := p.publish(ctx, 0, certifyDeadline); !over || err != nil {
			t.Fatalf("crash after %d entries: %v", crash, err)
		}
		if got := log.text(t); !slices.Equal(got, want) {
			t.Fatalf("crash after %d entries: log\n%q\nwant\n%q", crash, got, want)
		}
	}
}

// A log is begun with the oldest epoch in work, once there is one.
func TestBeginsALogWithWhatIsInWork(t *testing.T) {
	b := newBench(t)
	p := NewPublisher(b.a, &memoryLog{left: -1}, 0)
	for head, want := range map[uint64]struct {
		epoch uint64
		ok    bool
	}{0: {0, false}, beaconBlock: {0, true}, benchSchedule.CertifyDeadline(3) + 1: {4, true}} {
		if epoch, ok, err := p.resume(t.Context(), head); epoch != want.epoch || ok != want.ok || err != nil {
			t.Errorf("at block %d: epoch %d, %v, %v; want %+v", head, epoch, ok, err, want)
		}
	}
}

// What nobody certified is published without waiting for ever.
func TestPublishesAVoidEpoch(t *testing.T) {
	b := newBench(t)
	ctx := context.Background()
	b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(b.operators[0], nil)))
	b.at(commitDeadline + 1)
	log := &memoryLog{left: -1}
	p := NewPublisher(b.a, log, 5)
	if over, err := p.publish(ctx, 0, certifyDeadline+5); over || err != nil {
		t.Fatalf("over %v, %v while a certificate may still come", over, err)
	}
	if over, err := p.publish(ctx, 0, certifyDeadline+6); !over || err != nil {
		t.Fatal(over, err)
	}
	if got := log.text(t); len(got) != 2 {
		t.Errorf("%q, want the batch and one operator's commitments", got)
	}
}
