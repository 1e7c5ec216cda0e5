// Package operator verifies. For each epoch it derives which samples are its
// own, asks the providers to open them, recomputes, commits to what it found
// before anybody's numbers are public, reveals it, derives the epoch's result
// from what everybody revealed, and co-signs that result and no other.
//
//	operator.go   what it needs, and the watch over epochs
//	attend.go     one epoch from its beacon to the signature: read this
//	recompute.go  opening and scoring the samples
//	scores.go     what was recomputed and is not committed to yet
//	guard.go      what was signed, on disk before the signature exists
//	record.go     that record as a file, for another machine
//	alone.go      whether anything else signs with the same keys
//	shadow.go     an operator that signs nothing, and compares
//	head.go       waiting for blocks
//	observe.go    who is told of it, for metrics and traces
package operator

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/verdict"
)

// Chain is what an operator reads of the chain. What is not there yet is
// ok == false; an error means that it could not be told.
type Chain interface {
	// Blocks sends the newest block's number whenever it grows, until ctx ends.
	Blocks(ctx context.Context) <-chan uint64

	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error) // complete from Close(epoch) on
	Demands(ctx context.Context, epoch uint64) ([]posp.Demand, error)      // that the epoch answers; likewise
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
	Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error) // with its key of the epoch
	// StandingsBefore are all standings as certificates of earlier epochs left them.
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)
	// Certified is the transaction that certified an epoch.
	Certified(ctx context.Context, epoch uint64) (transaction posp.Hash, ok bool, err error)
	// CoSigned is the digest of an epoch's certificate, and whether the operator's signature is in it; ok if
	// there is one that can be read.
	CoSigned(ctx context.Context, epoch uint64, operator posp.Address) (digest posp.Hash, signed, ok bool, err error)
}

// Openings asks a provider, at its registered URL. Nothing of an answer is
// verified; any error is "not opened now".
type Openings interface {
	Opening(ctx context.Context, url string, r posp.OpenRequest) (posp.Opening, error)
	Evidence(ctx context.Context, url string, r posp.OpenRequest) (posp.EvidencePart, error)
}

// Aggregator takes an operator's messages and hands out everybody's. An error
// with a method Reason() string, or a posp.ValidationError, is a refusal; of
// those only reason "early" may change. Every other error may pass.
type Aggregator interface {
	SubmitCommitments(ctx context.Context, c posp.Commitments) error
	SubmitReveals(ctx context.Context, r posp.Reveals) error
	SubmitShare(ctx context.Context, s posp.CertificateShare) error
	// Commitments is the set of an epoch; ok once it is frozen.
	Commitments(ctx context.Context, epoch uint64) (frozen []posp.Commitments, ok bool, err error)
	// Reveals is the set of an epoch; ok once it is final.
	Reveals(ctx context.Context, epoch uint64) (final []posp.Reveals, ok bool, err error)
	// Digest is what the aggregator derived, to compare with.
	Digest(ctx context.Context, epoch uint64) (digest posp.Hash, ok bool, err error)
}

// Signer signs digests, for posp.RecoverSigner, with the key of that address: the
// operator's message key of the epoch that is signed for. An operator has more
// than one while it exchanges them. keys.ErrNoSuchKey: it has not that one.
type Signer interface {
	Sign(ctx context.Context, key posp.Address, digest posp.Hash) ([]byte, error)
}

// CoSigner signs certificate digests with the operator's BN254 key.
type CoSigner interface {
	Sign(ctx context.Context, digest [32]byte) (keys.G1, error)
}

// Clock paces what is tried again, and measures.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// SystemClock is the machine's clock.
type SystemClock struct{}

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// After is time.After.
func (SystemClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

// Config is what an operator is told. Zero means the default where one is named.
type Config struct {
	Operator   posp.Address // as registered
	Domain     posp.Domain
	Authority  posp.Authority
	Parameters posp.Parameters
	Specs      []verdict.Spec                   // that the network verifies
	Backends   map[posp.Hash][]backends.Backend // by spec id: what scores the models that this operator can recompute

	// CommitMargin is how many blocks before the commit deadline the
	// commitments are sent at the latest, and how many before that a
	// provider's time to open is over; default an eighth of the time to
	// commit, at least 1.
	CommitMargin uint64
	Retry        time.Duration // between tries of anything; default 500 ms
	Fetches      int           // openings asked of one provider at once; default 4
	Random       io.Reader     // for salts; default crypto/rand
	Observer     Observer      // default nobody

	// NoOtherInstance is the user's word that nothing else signs with this
	// operator's keys any more. Instead of being looked for, signatures that the
	// database does not know are avoided: epochs in work are left out.
	NoOtherInstance bool
}

// Check joins everything that is wrong.
func (c Config) Check() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Operator == posp.Address{}, "the operator's address is missing")
	bad(c.Domain.ChainID == 0 || c.Domain.ChainID != c.Authority.ChainID, "chain ids %d and %d are missing or differ", c.Domain.ChainID, c.Authority.ChainID)
	bad(c.Domain.Registry == posp.Address{}, "the BatchRegistry's address is missing")
	bad(c.Authority.Attestation == posp.Address{}, "the AttestationRegistry's address is missing")
	bad(c.Parameters.Committee == 0, "the committee size is 0")
	known := map[posp.Hash]bool{}
	for _, s := range c.Specs {
		known[s.Spec.ID()] = true
	}
	for id := range c.Backends {
		bad(!known[id], "there is a backend for spec %s, which is not verified here", id)
	}
	bad(c.Retry < 0 || c.Fetches < 0, "a time or number is negative")
	// Both margins must fit between the beacon and the commit deadline.
	bad(2*c.CommitMargin >= max(1, c.Parameters.Schedule.CommitBlocks), "two commit margins of %d blocks do not fit into the %d blocks to commit", c.CommitMargin, c.Parameters.Schedule.CommitBlocks)
	return errors.Join(append(errs, c.Parameters.Schedule.Check())...)
}

func (c Config) withDefaults() Config {
	if c.CommitMargin == 0 && c.Parameters.Schedule.CommitBlocks > 2 {
		c.CommitMargin = max(1, c.Parameters.Schedule.CommitBlocks/8)
	}
	if c.Retry == 0 {
		c.Retry = 500 * time.Millisecond
	}
	if c.Fetches == 0 {
		c.Fetches = 4
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Observer == nil {
		c.Observer = nobody{}
	}
	return c
}

// Operator is one. Make it with New and let it Run.
type Operator struct {
	cfg        Config
	chain      Chain
	openings   Openings
	aggregator Aggregator
	signer     Signer
	cosigner   CoSigner
	clock      Clock
	guard      guard
	log        *zap.Logger
	head       *head
	cleared    chan struct{} // closed once nothing else is known to sign with the same keys
	queue      *backends.Queue
	random     sync.Mutex // guards cfg.Random
}

// New makes an operator on a database opened with Migrations.
func New(cfg Config, chain Chain, openings Openings, aggregator Aggregator, signer Signer, cosigner CoSigner, db *sql.DB, clock Clock, log *zap.Logger) (*Operator, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("operator: %w", err)
	}
	o := &Operator{cfg: cfg, chain: chain, openings: openings, aggregator: aggregator, signer: signer, cosigner: cosigner, clock: clock,
		guard: guard{db: db, authority: cfg.Authority}, log: log, head: newHead(clock), cleared: make(chan struct{})}
	o.queue = o.newQueue()
	return o, nil
}

func (o *Operator) newQueue() *backends.Queue {
	return backends.New(backends.Config{Backends: o.cfg.Backends, Left: o.head.left, Clock: o.clock, Probe: o.cfg.Retry, Log: o.log})
}

// Backends is how the engines are that recompute for it.
func (o *Operator) Backends() []backends.Status { return o.queue.Status() }

// Run attends to every epoch, each in its time, until ctx ends. Epochs overlap;
// a restart goes on with those in work. A database is one operator's for ever;
// on that of another it returns ErrForeignDatabase, on one that does not know
// of all that the operator signed ErrUnknownSignature, on one that was handed
// over ErrHandedOver.
func (o *Operator) Run(ctx context.Context) error {
	if err := o.guard.claim(ctx, o.guard.db, o.cfg.Operator); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	if over, err := o.guard.handedOver(ctx, o.guard.db); err != nil || over {
		if err == nil {
			err = ErrHandedOver
		}
		return err
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return o.queue.Run(ctx) })
	g.Go(func() error {
		for block := range o.chain.Blocks(ctx) {
			o.head.set(block)
		}
		return nil
	})
	g.Go(func() error {
		if err := o.head.reach(ctx, 1); err != nil {
			return nil
		}
		head, _ := o.head.now()
		if o.cfg.NoOtherInstance {
			if err := o.startAfter(ctx, head); err != nil && ctx.Err() == nil {
				return err
			}
		}
		// What takes time meanwhile, fetching and scoring, need not wait for the
		// answer: signing does.
		g.Go(func() error {
			if err := o.alone(ctx, head); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				return err
			}
			close(o.cleared)
			return nil
		})
		attended := map[uint64]bool{}
		for {
			block, changed := o.head.now()
			for epoch := range o.cfg.Parameters.Schedule.Active(block) {
				if !attended[epoch] {
					attended[epoch] = true
					g.Go(func() error { return o.see(ctx, epoch) })
				}
			}
			for epoch := range attended {
				if block > o.cfg.Parameters.Schedule.CertifyDeadline(epoch) {
					delete(attended, epoch)
				}
			}
			select {
			case <-ctx.Done():
				return nil
			case <-changed:
			}
		}
	})
	return g.Wait()
}

// see attends to an epoch until it is done, refused or over. Attending starts
// from the beginning each time: what is recorded is not done again. Its error
// ends the operator: it must not sign any more.
func (o *Operator) see(ctx context.Context, epoch uint64) error {
	ctx, cancel := o.head.before(ctx, o.cfg.Parameters.Schedule.CertifyDeadline(epoch)+1)
	defer cancel()
	log := o.log.With(zap.Uint64("epoch", epoch))
	for {
		err := o.attend(ctx, epoch, log)
		switch {
		case err == nil:
			o.cfg.Observer.Epoch(epoch, "done")
			return nil
		case ctx.Err() != nil:
			o.cfg.Observer.Epoch(epoch, "over")
			return nil
		case errors.Is(err, ErrUnknownSignature) || errors.Is(err, ErrHandedOver):
			return fmt.Errorf("epoch %d: %w", epoch, err)
		case errors.Is(err, ErrBelowFloor):
			o.cfg.Observer.Epoch(epoch, "left_out")
			log.Warn("epoch left out", zap.String("code", "EPOCH-GIVEN-UP"), zap.Error(err))
			return nil
		case errors.Is(err, ErrSignedOther) || errors.Is(err, errAggregator):
			o.cfg.Observer.Epoch(epoch, "given_up")
			log.Error("epoch given up", zap.String("code", "EPOCH-GIVEN-UP"), zap.Error(err))
			return nil
		}
		o.cfg.Observer.Epoch(epoch, "interrupted")
		log.Warn("epoch interrupted, trying again", zap.Error(err))
		if o.pause(ctx) != nil {
			return nil
		}
	}
}

// pause waits before something is tried again.
func (o *Operator) pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-o.clock.After(o.cfg.Retry):
		return nil
	}
}
