// Package aggregator collects an epoch's evidence and signatures from the
// operators, and brings the certificate on chain. Nobody needs to trust it:
// operators authenticate what they send, derive the result themselves, and
// refuse to sign another; the contracts check the certificate. It can be slow
// or silent, and then another one can do the same.
//
//	intake.go       what is accepted, and why the rest is not
//	ledger.go       what was accepted, durable before the sender is told
//	facts.go        what the chain says about an epoch
//	shares.go       signatures, many at the price of one
//	tally.go        counting them by stake: pure
//	certificate.go  what the contracts take
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
	Beacon(ctx context.Context, epoch uint64) (beacon posp.Hash, ok bool, err error)
	Table(ctx context.Context, epoch uint64) (table posp.Table, ok bool, err error)
	Provider(ctx context.Context, provider posp.Address) (info posp.ProviderInfo, ok bool, err error)
	// StandingsBefore are all standings as certificates of earlier epochs left them.
	StandingsBefore(ctx context.Context, epoch uint64) ([]posp.Standing, error)

	// PublicKey is an operator's BN254 key as the KeyRegistrar holds it, which
	// asked for a proof of possession.
	PublicKey(ctx context.Context, operator posp.Address) (keys.PublicKey, error)
	// Certified is the transaction that certified an epoch, whoever sent it.
	Certified(ctx context.Context, epoch uint64) (transaction posp.Hash, ok bool, err error)
	// SubmitCertificate sends a certificate and returns when it is in a block.
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

	Now func() time.Time // by which requests to read expire; default time.Now
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

	// write is held while a message is checked against the ledger and written,
	// and while a phase ends: what is accepted was accepted in its phase.
	write sync.Mutex

	facts    facts
	keys     keyring
	verifier verifier
	quorumAt map[uint64]uint64 // by epoch, the block at which a quorum was first seen; used by Run only
}

// New makes an aggregator on a database opened with Migrations.
func New(cfg Config, chain Chain, db *sql.DB, log *zap.Logger) (*Aggregator, error) {
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("aggregator: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Aggregator{cfg: cfg, chain: chain, ledger: ledger{db}, log: log, wake: make(chan struct{}, 1),
		facts: facts{cfg: cfg, chain: chain}, keys: keyring{chain: chain}, quorumAt: map[uint64]uint64{}}, nil
}

// Run ends phases, derives results and submits certificates until ctx ends.
// All that it knows is in the ledger and on chain: it can be stopped anywhere.
func (a *Aggregator) Run(ctx context.Context) error {
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
	if s.phase == phaseOpen {
		if err := a.end(ctx, epoch, head, f, &s); err != nil || s.phase == phaseOpen {
			return err
		}
	}
	if s.phase == phaseFrozen {
		if err := a.end(ctx, epoch, head, f, &s); err != nil || s.phase == phaseFrozen {
			return err
		}
	}
	if s.phase == phaseFinal {
		settled, err := a.settledBefore(ctx, epoch, head)
		if err != nil || !settled {
			return err
		}
		if s.digest, err = a.derive(ctx, epoch, f); err != nil {
			return err
		}
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
// sent what is due, or the deadline has passed.
func (a *Aggregator) end(ctx context.Context, epoch, head uint64, f *epochFacts, s *state) error {
	a.write.Lock()
	defer a.write.Unlock()
	committed, err := a.ledger.senders(ctx, epoch, dutyCommitments)
	if err != nil {
		return err
	}
	schedule := a.cfg.Parameters.Schedule
	var next phase
	switch s.phase {
	case phaseOpen:
		next = phaseFrozen
		if head <= schedule.CommitDeadline(epoch) {
			for operator := range f.assigned {
				if !committed[operator] {
					return nil
				}
			}
		}
	case phaseFrozen:
		next = phaseFinal
		if head <= schedule.CommitDeadline(epoch) {
			return nil
		}
		if head <= schedule.RevealDeadline(epoch) {
			revealed, err := a.ledger.senders(ctx, epoch, dutyReveals)
			if err != nil {
				return err
			}
			for operator := range committed {
				if !revealed[operator] {
					return nil
				}
			}
		}
	}
	if err := a.ledger.advance(ctx, epoch, next); err != nil {
		return err
	}
	s.phase = next
	a.log.Info("phase ended", zap.Uint64("epoch", epoch), zap.String("now", string(next)), zap.Uint64("block", head), zap.Int("committed", len(committed)))
	return nil
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

// derive computes a final epoch's result.
func (a *Aggregator) derive(ctx context.Context, epoch uint64, f *epochFacts) (posp.Hash, error) {
	in := f.input(a.cfg)
	var err error
	if in.Standings, err = a.chain.StandingsBefore(ctx, epoch); err != nil {
		return posp.Hash{}, fmt.Errorf("read standings: %w", err)
	}
	if in.Commitments, err = messages[posp.Commitments](ctx, a.ledger, epoch, dutyCommitments); err != nil {
		return posp.Hash{}, err
	}
	if in.Reveals, err = messages[posp.Reveals](ctx, a.ledger, epoch, dutyReveals); err != nil {
		return posp.Hash{}, err
	}
	d, err := verdict.Derive(in)
	if err != nil {
		return posp.Hash{}, fmt.Errorf("derive result: %w", err)
	}
	digest := d.Result.Digest(a.cfg.Authority)
	if err := a.ledger.derived(ctx, digest, d.Result, d.Samples); err != nil {
		return posp.Hash{}, err
	}
	a.log.Info("result derived", zap.Uint64("epoch", epoch), zap.Stringer("digest", digest), zap.Uint64("samples", d.Result.SampleCount), zap.Int("faults", len(d.Result.Faults)))
	return digest, nil
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
	tx, err := a.chain.SubmitCertificate(ctx, c)
	if err != nil {
		// Somebody may have been faster, or our own may be there although its
		// answer is not: the next step sees it on chain.
		return fmt.Errorf("submit certificate: %w", err)
	}
	return a.settle(ctx, epoch, tx, state{phase: phaseDerived})
}

// certificate counts the accepted shares and, if they have a quorum, makes the
// certificate of them.
func (a *Aggregator) certificate(ctx context.Context, epoch uint64, f *epochFacts, digest posp.Hash) (Certificate, Tally, error) {
	list, err := messages[posp.CertificateShare](ctx, a.ledger, epoch, dutyShare)
	if err != nil {
		return Certificate{}, Tally{}, err
	}
	var shares []*share
	for _, m := range list {
		s, err := a.keys.share(ctx, f.table, m)
		if err != nil {
			return Certificate{}, Tally{}, fmt.Errorf("share of %s: %w", m.Operator, err)
		}
		if s.digest == digest {
			shares = append(shares, s)
		}
	}
	signed, valid := map[posp.Address]bool{}, shares[:0]
	if len(shares) > 0 {
		mark(digest, shares)
	}
	for _, s := range shares {
		if s.valid {
			signed[s.from], valid = true, append(valid, s)
		}
	}
	t, err := Count(f.table.Members, a.cfg.Parameters.QuorumPpm, signed)
	if err != nil || !t.Quorum {
		return Certificate{}, t, err
	}
	r, _, err := a.ledger.result(ctx, epoch)
	if err != nil {
		return Certificate{}, t, err
	}
	c, err := assemble(r, digest, f.table, t, valid)
	return c, t, err
}

// Outcome is what became of an epoch here.
type Outcome struct {
	Result      posp.Result
	Samples     []posp.SampleResult // by (batch, j)
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
	if o.Result, o.Samples, err = a.ledger.result(ctx, epoch); err != nil {
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
	frozen, err = messages[posp.Commitments](ctx, a.ledger, epoch, dutyCommitments)
	return frozen, err == nil, err
}

// Reveals is an epoch's set of reveals, ascending by operator; ok once it is
// final. The text of private specs' openings is in it for the epoch's operators,
// and for a provider that of its own; from all others, and where by is nil, it is
// withheld.
func (a *Aggregator) Reveals(ctx context.Context, epoch uint64, by *posp.ReadRequest) (final []posp.Reveals, ok bool, err error) {
	if by != nil {
		if err := by.Check(a.cfg.Authority, a.cfg.Now()); err != nil {
			return nil, false, err
		}
		if by.Epoch != epoch {
			return nil, false, posp.Invalidf("request to read epoch %d is signed for epoch %d", epoch, by.Epoch)
		}
	}
	s, err := a.ledger.state(ctx, epoch)
	if err != nil || s.phase != phaseFinal && s.phase != phaseDerived {
		return nil, false, err
	}
	if final, err = messages[posp.Reveals](ctx, a.ledger, epoch, dutyReveals); err != nil {
		return nil, false, err
	}
	if err := a.withhold(ctx, epoch, by, final); err != nil {
		return nil, false, err
	}
	return final, true, nil
}

// withhold takes out of reveals what is not for who asks.
func (a *Aggregator) withhold(ctx context.Context, epoch uint64, by *posp.ReadRequest, final []posp.Reveals) error {
	mine := map[posp.Address]bool{} // providers as which the reader reads
	if by != nil {
		f, ok, err := a.facts.of(ctx, epoch)
		if err != nil {
			return err
		}
		if ok && f.member[by.Reader] {
			return nil
		}
		if ok {
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
