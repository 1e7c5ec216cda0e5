// Package aggregator collects an epoch's evidence and signatures from the
// operators, and brings the certificate on chain. Nobody needs to trust it:
// operators authenticate what they send, derive the result themselves, and
// refuse to sign another; the contracts check the certificate. It can be slow
// or silent, and then another one can do the same.
//
//	intake.go       what is accepted, and why the rest is not
//	limits.go       how much of it, of whom
//	ledger.go       what was accepted, durable before the sender is told
//	items.go        in which form
//	lease.go        which of several replicas takes an epoch further
//	facts.go        what the chain says about an epoch; draw.go: its samples
//	derive.go       its result
//	shares.go       signatures, many at the price of one
//	tally.go        counting them by stake: pure
//	certificate.go  what the contracts take
//	archive.go      what is kept of a sample, for those who look at it
//	keeper.go       the transactions that anybody may send and somebody has to
package aggregator

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/verdict"
)

// Chain is what the aggregator needs of the chain. What is not there yet is
// ok == false; an error means that it could not be told.
type Chain interface {
	// Block is the newest block's number. It must fail rather than give an
	// old number: by it commitments are refused once evidence is public.
	Block(ctx context.Context) (uint64, error)
	// Blocks sends the newest block's number whenever it grows, until ctx ends.
	Blocks(ctx context.Context) <-chan uint64

	Batches(ctx context.Context, epoch uint64) ([]posp.BatchRecord, error) // complete from Close(epoch) on
	Demands(ctx context.Context, epoch uint64) ([]posp.Demand, error)      // that the epoch answers; likewise
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
	Provider(ctx context.Context, provider posp.Address, epoch uint64) (info posp.ProviderInfo, ok bool, err error) // with its key of the epoch
	// StandingsBefore are all standings as certificates of earlier epochs left them.
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)

	// PublicKey is an operator's BN254 key as the KeyRegistrar holds it, which
	// asked for a proof of possession.
	PublicKey(ctx context.Context, operator posp.Address) (keys.PublicKey, error)
	// Certified is the transaction that certified an epoch, whoever sent it, once
	// no reorganisation is expected to take it away.
	Certified(ctx context.Context, epoch uint64) (transaction posp.Hash, ok bool, err error)
	// SubmitCertificate sends a certificate and returns when it, or that of
	// somebody who was faster, is in a block. To submit it again costs nothing.
	SubmitCertificate(ctx context.Context, c Certificate) (transaction posp.Hash, err error)
}

// Config is what an aggregator is told.
type Config struct {
	Domain     posp.Domain
	Authority  posp.Authority
	Parameters posp.Parameters
	Specs      []verdict.Spec // that the network verifies

	// Patience is for how many blocks after a quorum the signatures of the
	// others are waited for: each that is missing costs gas. 0 means none.
	Patience uint64

	Limits Limits

	// Replica names this process among those that share a store. Empty: it is
	// alone, as it always is on SQLite.
	Replica string
	Lease   time.Duration // for which it takes an epoch; default 15 seconds

	Now func() time.Time // by which requests to read expire; default time.Now

	// Observe is told, for metrics, how long it took to make a message durable
	// ("store"), to "derive" a result, to "assemble" a certificate and to "submit"
	// it. It must not wait. Default: nobody.
	Observe func(work string, took time.Duration)
}

// Check joins everything that is wrong.
func (c Config) Check() error {
	var errs []error
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	bad(c.Domain.ChainID == 0 || c.Domain.ChainID != c.Authority.ChainID, "chain ids %d and %d are missing or differ", c.Domain.ChainID, c.Authority.ChainID)
	bad(c.Domain.Registry == posp.Address{}, "the BatchRegistry's address is missing")
	bad(c.Authority.Attestation == posp.Address{}, "the AttestationRegistry's address is missing")
	bad(c.Parameters.Committee == 0, "the committee size is 0")
	bad(c.Parameters.QuorumPpm <= 500_000 || c.Parameters.QuorumPpm > 1_000_000, "quorum %d ppm is not in (1/2, 1]", c.Parameters.QuorumPpm)
	return errors.Join(append(errs, c.Parameters.Schedule.Check())...)
}

// Aggregator is one. Make it with New; Run lets it work; its other methods are
// its API, safe for concurrent use and of any process that serves them.
type Aggregator struct {
	cfg    Config
	chain  Chain
	ledger ledger
	log    *zap.Logger
	wake   chan struct{} // something was accepted

	facts    facts
	keys     keyring
	verifier verifier
	pool     *pool
	quotas   quotas
	leases   leases
	quorumAt map[uint64]uint64 // by epoch, the block at which a quorum was first seen; used by Run only

	mu           sync.Mutex
	certificates map[uint64]counted // by epoch
}

// counted is a certificate and of how many shares it was made.
type counted struct {
	shares      int
	digest      posp.Hash
	certificate Certificate
	tally       Tally
}

// New makes an aggregator on a database opened with Migrations.
func New(cfg Config, chain Chain, db *sql.DB, log *zap.Logger) (*Aggregator, error) {
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("aggregator: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Observe == nil {
		cfg.Observe = func(string, time.Duration) {}
	}
	set(&cfg.Lease, 15*time.Second)
	cfg.Limits = cfg.Limits.withDefaults()
	return &Aggregator{cfg: cfg, chain: chain, ledger: newLedger(db), log: log, wake: make(chan struct{}, 1),
		facts: facts{cfg: cfg, chain: chain}, keys: keyring{chain: chain}, verifier: newVerifier(),
		pool: newPool(cfg.Limits), quotas: quotas{limits: cfg.Limits},
		quorumAt: map[uint64]uint64{}, certificates: map[uint64]counted{}}, nil
}

// Run ends phases, derives results and submits certificates until ctx ends.
// All that it knows is in the ledger and on chain: it can be stopped anywhere.
func (a *Aggregator) Run(ctx context.Context) error {
	if a.cfg.Replica != "" {
		defer func() { // so that the others need not wait for its leases to end
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
			defer cancel()
			if err := a.ledger.release(ctx, a.cfg.Replica); err != nil {
				a.log.Warn("leases not released", zap.Error(err))
			}
		}()
	}
	blocks := a.chain.Blocks(ctx)
	var head uint64
	for {
		select {
		case <-ctx.Done():
			return nil
		case n, ok := <-blocks:
			if !ok {
				<-ctx.Done() // Blocks ends with ctx only
				return nil
			}
			head = max(head, n)
		case <-a.wake:
		}
		for epoch := range a.cfg.Parameters.Schedule.Active(head) {
			if err := a.step(ctx, epoch, head); err != nil && ctx.Err() == nil {
				a.log.Warn("epoch does not advance, trying again", zap.Uint64("epoch", epoch), zap.Uint64("block", head), zap.Error(err))
			}
		}
	}
}

// step takes an epoch as far as it can go at a block. Each part is done once:
// what the ledger has is not done again.
func (a *Aggregator) step(ctx context.Context, epoch, head uint64) error {
	f, ok, err := a.facts.of(ctx, epoch)
	if err != nil || !ok || len(f.batches) == 0 { // without batches there is nothing to certify
		return err
	}
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.transaction != (posp.Hash{}) {
		return err
	}
	if tx, ok, err := a.chain.Certified(ctx, epoch); err != nil {
		return fmt.Errorf("read certificate: %w", err)
	} else if ok {
		return a.settle(ctx, epoch, tx, s)
	}
	return a.leased(ctx, epoch, func(ctx context.Context, token int64) error { return a.further(ctx, epoch, head, f, token) })
}

// further takes an epoch as far as it can go under its lease.
func (a *Aggregator) further(ctx context.Context, epoch, head uint64, f *epochFacts, token int64) error {
	s, err := a.ledger.state(ctx, epoch)
	for before := phase(""); err == nil && s.phase != before && (s.phase == phaseOpen || s.phase == phaseFrozen); {
		before = s.phase
		s.phase, err = a.end(ctx, epoch, head, f, token)
	}
	if err != nil || s.phase == phaseOpen || s.phase == phaseFrozen {
		return err
	}
	if s.phase == phaseFinal {
		settled, err := a.settledBefore(ctx, epoch, head)
		if err != nil || !settled {
			return err
		}
		began := time.Now()
		if s.digest, err = a.derive(ctx, epoch, f, token); err != nil {
			return err
		}
		a.cfg.Observe("derive", time.Since(began))
	}
	return a.certify(ctx, epoch, head, f, s.digest)
}

// settle notes a certificate that is on chain. An epoch that was certified
// before it was frozen here has no row, and needs none.
func (a *Aggregator) settle(ctx context.Context, epoch uint64, tx posp.Hash, s state) error {
	if s.phase == phaseOpen {
		return nil
	}
	if err := a.ledger.certified(ctx, epoch, tx); err != nil {
		return err
	}
	delete(a.quorumAt, epoch)
	a.log.Info("epoch certified", zap.Uint64("epoch", epoch), zap.Stringer("transaction", tx))
	return nil
}

// end ends the phase of commitments or of reveals if it is over: everybody has
// sent what is due, or the deadline has passed. It returns the phase that then
// is.
func (a *Aggregator) end(ctx context.Context, epoch, head uint64, f *epochFacts, token int64) (phase, error) {
	schedule := a.cfg.Parameters.Schedule
	var ended bool
	p, err := a.ledger.advance(ctx, epoch, token, func(p phase, committed, revealed map[posp.Address]bool) bool {
		ended = false
		switch p {
		case phaseOpen:
			if head <= schedule.CommitDeadline(epoch) {
				for operator := range f.assigned {
					if !committed[operator] {
						return false
					}
				}
			}
		case phaseFrozen:
			if head <= schedule.CommitDeadline(epoch) {
				return false
			}
			if head <= schedule.RevealDeadline(epoch) {
				for operator := range committed {
					if !revealed[operator] {
						return false
					}
				}
			}
		}
		ended = true
		return true
	})
	if err == nil && ended {
		a.log.Info("phase ended", zap.Uint64("epoch", epoch), zap.String("now", string(p)), zap.Uint64("block", head))
	}
	return p, err
}

// settledBefore says whether no earlier epoch's certificate can still come:
// standings carry over, so epochs are derived in order.
func (a *Aggregator) settledBefore(ctx context.Context, epoch, head uint64) (bool, error) {
	for e := range a.cfg.Parameters.Schedule.Active(head) {
		if e >= epoch {
			break
		}
		batches, err := a.facts.batches(ctx, e)
		if err != nil {
			return false, err
		}
		if len(batches) == 0 {
			continue
		}
		if _, ok, err := a.chain.Certified(ctx, e); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// certify submits the certificate once there is a quorum for the digest that
// was derived. No other digest is ever counted.
func (a *Aggregator) certify(ctx context.Context, epoch, head uint64, f *epochFacts, digest posp.Hash) error {
	c, t, err := a.certificate(ctx, epoch, f, digest)
	if err != nil || !t.Quorum {
		return err
	}
	if _, seen := a.quorumAt[epoch]; !seen {
		a.quorumAt[epoch] = head
		a.log.Info("quorum reached", zap.Uint64("epoch", epoch), zap.Stringer("signed", t.Signed), zap.Stringer("total", t.Total))
	}
	last := head+1 >= a.cfg.Parameters.Schedule.CertifyDeadline(epoch)
	if len(t.NonSigners) > 0 && !last && head < a.quorumAt[epoch]+a.cfg.Patience {
		return nil
	}
	began := time.Now()
	if _, err := a.chain.SubmitCertificate(ctx, c); err != nil {
		// Our own may be there although its answer is not: the next step sees
		// it on chain.
		return fmt.Errorf("submit certificate: %w", err)
	}
	a.cfg.Observe("submit", time.Since(began))
	tx, ok, err := a.chain.Certified(ctx, epoch)
	if err != nil || !ok { // in a block that can still be reorganised: a later step sees it, or submits again
		return wrap("read certificate", err)
	}
	return a.settle(ctx, epoch, tx, state{phase: phaseDerived})
}

// certificate counts the accepted shares and, if they have a quorum, makes the
// certificate of them.
func (a *Aggregator) certificate(ctx context.Context, epoch uint64, f *epochFacts, digest posp.Hash) (Certificate, Tally, error) {
	list, err := a.ledger.headers(ctx, epoch, dutyShare, stands)
	if err != nil {
		return Certificate{}, Tally{}, err
	}
	a.mu.Lock()
	known := a.certificates[epoch]
	a.mu.Unlock()
	if known.shares == len(list) && known.digest == digest && known.tally.Quorum { // accepted shares do not change
		return known.certificate, known.tally, nil
	}
	signed := map[posp.Address]bool{}
	for _, h := range list {
		signed[h.operator] = true
	}
	t, err := Count(f.table.Members, a.cfg.Parameters.QuorumPpm, signed)
	if err != nil || !t.Quorum {
		return Certificate{}, t, err
	}
	began := time.Now()
	var shares []*share
	for _, h := range list {
		s, err := a.keys.share(ctx, f, posp.CertificateShare{Operator: h.operator, Epoch: epoch, Digest: h.digest, Signature: h.signature})
		if err != nil {
			return Certificate{}, Tally{}, fmt.Errorf("share of %s: %w", h.operator, err)
		}
		shares = append(shares, s)
	}
	r, err := a.ledger.result(ctx, epoch)
	if err != nil {
		return Certificate{}, t, err
	}
	c, err := assemble(r, digest, f.table, t, shares)
	if err != nil {
		return Certificate{}, t, err
	}
	a.cfg.Observe("assemble", time.Since(began))
	a.mu.Lock()
	defer a.mu.Unlock()
	for e := range a.certificates {
		if e+keptEpochs < epoch {
			delete(a.certificates, e)
		}
	}
	a.certificates[epoch] = counted{len(list), digest, c, t}
	return c, t, nil
}

// Load is what an aggregator has in hand.
type Load struct {
	Verifying int // messages in verification
	Waiting   int // messages that wait for it
	Leases    int // epochs that this replica takes further
}

// Load is what the aggregator has in hand now.
func (a *Aggregator) Load() Load {
	working, present := len(a.pool.working), len(a.pool.present)
	return Load{Verifying: working, Waiting: max(0, present-working), Leases: a.leases.count()}
}

// Outcome is what became of an epoch here.
type Outcome struct {
	Result      posp.Result
	Digest      posp.Hash
	Certified   bool // a quorum signed; the fields below are set
	Signers     []posp.Address
	NonSigners  []posp.Address
	Sigma       [64]byte  // sum of the signatures: G1 (x, y)
	APK         [128]byte // sum of the signers' keys: G2 (x1, x0, y1, y0)
	Transaction posp.Hash // zero until a certificate is in a block
}

// Outcome is what was derived of an epoch; ok once its reveals are final and
// the epochs before it settled.
func (a *Aggregator) Outcome(ctx context.Context, epoch uint64) (o Outcome, ok bool, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase != phaseDerived {
		return Outcome{}, false, err
	}
	o = Outcome{Digest: s.digest, Transaction: s.transaction}
	if o.Result, err = a.ledger.result(ctx, epoch); err != nil {
		return Outcome{}, false, err
	}
	f, ok, err := a.facts.of(ctx, epoch)
	if err != nil || !ok {
		return Outcome{}, false, err
	}
	c, t, err := a.certificate(ctx, epoch, f, s.digest)
	if err != nil {
		return Outcome{}, false, err
	}
	if t.Quorum {
		o.Certified, o.Sigma, o.APK = true, c.Sigma.Bytes(), c.APK.Bytes()
		for _, i := range t.Signers {
			o.Signers = append(o.Signers, f.table.Members[i].Operator)
		}
		for _, i := range t.NonSigners {
			o.NonSigners = append(o.NonSigners, f.table.Members[i].Operator)
		}
	}
	return o, true, nil
}

// Commitments is an epoch's set of commitments, ascending by operator; ok once
// it is frozen.
func (a *Aggregator) Commitments(ctx context.Context, epoch uint64) (frozen []posp.Commitments, ok bool, err error) {
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase == phaseOpen {
		return nil, false, err
	}
	frozen, err = load(ctx, a.ledger, epoch, dutyCommitments, asCommitments)
	return frozen, err == nil, err
}

// load reads all messages of a duty, ascending by operator.
func load[T any](ctx context.Context, l ledger, epoch uint64, d duty, as func(uint64, header, []item) T) (all []T, err error) {
	list, err := l.headers(ctx, epoch, d, stands)
	if err != nil {
		return nil, err
	}
	for _, h := range list {
		items, err := l.items(ctx, epoch, d, h.operator, stands)
		if err != nil {
			return nil, err
		}
		all = append(all, as(epoch, h, items))
	}
	return all, nil
}

// Reveals is an epoch's set of reveals, ascending by operator; ok once it is
// final. The text of private specs' openings is in it for the epoch's operators,
// and for a provider that of its own; from all others, and where by is nil, it is
// withheld.
func (a *Aggregator) Reveals(ctx context.Context, epoch uint64, by *posp.ReadRequest) (final []posp.Reveals, ok bool, err error) {
	if ok, err = a.readable(ctx, epoch, by); err != nil || !ok {
		return nil, false, err
	}
	if final, err = load(ctx, a.ledger, epoch, dutyReveals, asReveals); err != nil {
		return nil, false, err
	}
	if err := a.withhold(ctx, epoch, by, final); err != nil {
		return nil, false, err
	}
	return final, true, nil
}

// readable says whether an epoch's reveals are final; an error if by may not ask.
func (a *Aggregator) readable(ctx context.Context, epoch uint64, by *posp.ReadRequest) (bool, error) {
	if by != nil {
		if err := by.Check(a.cfg.Authority, a.cfg.Now()); err != nil {
			return false, err
		}
		if by.Epoch != epoch {
			return false, posp.Invalidf("request to read epoch %d is signed for epoch %d", epoch, by.Epoch)
		}
	}
	s, err := a.ledger.state(ctx, epoch)
	return err == nil && (s.phase == phaseFinal || s.phase == phaseDerived), err
}

// withhold takes out of reveals what is not for who asks.
func (a *Aggregator) withhold(ctx context.Context, epoch uint64, by *posp.ReadRequest, final []posp.Reveals) error {
	mine := map[posp.Address]bool{} // providers as which the reader reads
	if by != nil {
		f, ok, err := a.facts.of(ctx, epoch)
		if err != nil {
			return err
		}
		if ok {
			if f.reads(by.Reader) {
				return nil
			}
			for _, p := range f.providers {
				mine[p.Provider] = by.Reader == p.Provider || by.Reader == p.ReceiptKey
			}
		}
	}
	for _, r := range final {
		for i := range r.Items {
			if o := r.Items[i].Opening; o != nil && a.private(o) && !mine[o.Receipt.Provider] {
				withheld := o.Withhold()
				r.Items[i].Opening = &withheld
			}
		}
	}
	return nil
}

// private says whether an opening is of a private spec, or of one that is not
// known here and has a private one's seed.
func (a *Aggregator) private(o *posp.Opening) bool {
	for _, s := range a.cfg.Specs {
		if s.Spec.Private() && s.Spec.ID() == o.Receipt.SpecID {
			return true
		}
	}
	return o.Request.TraceSeed != (posp.Hash{}) || o.Output.TraceSeed != (posp.Hash{})
}
