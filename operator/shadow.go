package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/verdict"
)

// Agreement is what a shadow found in an epoch.
type Agreement struct {
	Epoch     uint64
	Derived   posp.Hash // digest of the result that follows from what was revealed
	Certified posp.Hash // digest of the certificate on chain; zero: there is none
	Samples   int       // that were recomputed
	Agree     int       // of those, with the verdict that was certified
	Differ    int       // of those, with another
	Skipped   int       // that could not be recomputed: not opened, another model, no time
	// Odds is the sum of what Samples would have added to this operator's standing, had it been one more member of
	// their committees: Q16 nats; above 0 it does not compute what the others do.
	Odds int64
}

// Result says whether the shadow would have signed what was certified.
func (a Agreement) Result() bool { return a.Certified != posp.Hash{} && a.Derived == a.Certified }

// Shadow is an operator that does everything but sign and submit. It holds no key, so that there is nothing it could
// sign with; so it cannot ask providers, who open to members of a committee alone, and recomputes what those have
// revealed: after the fact, and for the same result. With the address of a member of the epoch's table it recomputes that
// member's samples, otherwise all. Texts of private specs are withheld from it.
type Shadow struct {
	o      *Operator
	report func(Agreement)
}

// NewShadow makes one. cfg.Operator may be any address. report is told of each epoch; nil: nobody.
func NewShadow(cfg Config, chain Chain, aggregator Aggregator, clock Clock, log *zap.Logger, report func(Agreement)) (*Shadow, error) {
	cfg = cfg.withDefaults()
	if cfg.Operator == (posp.Address{}) {
		cfg.Operator = posp.Address{19: 1} // nobody's
	}
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("operator: %w", err)
	}
	o := &Operator{cfg: cfg, chain: chain, aggregator: aggregator, clock: clock, log: log, head: newHead(clock)}
	o.queue = o.newQueue()
	return &Shadow{report: report, o: o}, nil
}

// Backends is how the engines are that recompute for it.
func (s *Shadow) Backends() []backends.Status { return s.o.Backends() }

// Run follows every epoch until ctx ends.
func (s *Shadow) Run(ctx context.Context) error {
	o := s.o
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return o.queue.Run(ctx) })
	g.Go(func() error {
		for block := range o.chain.Blocks(ctx) {
			o.head.set(block)
		}
		return nil
	})
	g.Go(func() error {
		followed := map[uint64]bool{}
		for {
			block, changed := o.head.now()
			for epoch := range o.cfg.Parameters.Schedule.Active(block) {
				if !followed[epoch] {
					followed[epoch] = true
					g.Go(func() error { s.follow(ctx, epoch); return nil })
				}
			}
			for epoch := range followed {
				if block > o.cfg.Parameters.Schedule.CertifyDeadline(epoch) {
					delete(followed, epoch)
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

// follow compares an epoch, until it is compared or over.
func (s *Shadow) follow(ctx context.Context, epoch uint64) {
	o := s.o
	ctx, cancel := o.head.before(ctx, o.cfg.Parameters.Schedule.CertifyDeadline(epoch)+1)
	defer cancel()
	log := o.log.With(zap.Uint64("epoch", epoch))
	for {
		a, err := s.compare(ctx, epoch, log)
		switch {
		case errors.Is(err, errNoBatches):
			return
		case err == nil:
			log.Info("shadow compared", zap.Bool("result_agrees", a.Result()), zap.Int("samples", a.Samples), zap.Int("agree", a.Agree), zap.Int("differ", a.Differ),
				zap.Int("skipped", a.Skipped), zap.Float64("odds_nats", float64(a.Odds)/verdict.Nat), zap.Stringer("derived", a.Derived), zap.Stringer("certified", a.Certified))
			if s.report != nil {
				s.report(a)
			}
			return
		case ctx.Err() != nil:
			log.Info("shadow did not compare: the epoch is over", zap.Error(err))
			return
		}
		log.Warn("shadow interrupted, trying again", zap.Error(err))
		if o.pause(ctx) != nil {
			return
		}
	}
}

var errNoBatches = errors.New("the epoch has no batches")

// compare derives an epoch's result, recomputes its samples, and holds both against the certificate.
func (s *Shadow) compare(ctx context.Context, epoch uint64, log *zap.Logger) (a Agreement, err error) {
	o := s.o
	a.Epoch = epoch
	f, err := o.facts(ctx, epoch)
	if err != nil {
		return a, err
	}
	if len(f.batches) == 0 {
		return a, errNoBatches
	}
	frozen, err := await(ctx, o, func() ([]posp.Commitments, bool, error) { return o.aggregator.Commitments(ctx, epoch) })
	if err != nil {
		return a, wrap("get commitments", err)
	}
	final, err := await(ctx, o, func() ([]posp.Reveals, bool, error) { return o.aggregator.Reveals(ctx, epoch) })
	if err != nil {
		return a, wrap("get reveals", err)
	}
	in, d, err := o.derive(ctx, f, frozen, final)
	if err != nil {
		return a, err
	}
	a.Derived = d.Result.Digest(o.cfg.Authority)
	if err := s.recompute(ctx, in, d, f.member(o.cfg.Operator), &a, log); err != nil {
		return a, err
	}
	a.Certified, err = await(ctx, o, func() (posp.Hash, bool, error) {
		digest, _, ok, err := o.chain.CoSigned(ctx, epoch, o.cfg.Operator)
		return digest, ok, err
	})
	if err != nil {
		return a, wrap("wait for the certificate", err)
	}
	return a, nil
}

// recompute scores the samples and compares verdicts.
func (s *Shadow) recompute(ctx context.Context, in verdict.EpochInput, d *verdict.Derivation, seated bool, a *Agreement, log *zap.Logger) error {
	for i, sample := range d.Samples {
		assigned := d.Assignments[i]
		if seated && !assigned.Has(s.o.cfg.Operator) {
			continue
		}
		held, _, ok, err := verdict.HeldOf(in, sample.SampleID)
		if err != nil {
			return wrap("find sample", err)
		}
		if !ok || held.Opening == nil {
			a.Skipped++ // nobody holds it: there is nothing to recompute
			continue
		}
		at := slices.IndexFunc(s.o.cfg.Specs, func(spec verdict.Spec) bool { return spec.Spec.ID() == held.Opening.Receipt.SpecID })
		began := time.Now()
		mine, err := s.o.score(ctx, s.o.cfg.Parameters.Schedule.CertifyDeadline(a.Epoch)+1, *held.Opening)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			log.Info("sample not scored, and left out", zap.String("code", "SAMPLE-UNSCORED"), zap.Stringer("sample", sample.SampleID), zap.Error(err))
			a.Skipped++
			continue
		}
		spec := &s.o.cfg.Specs[at] // score refuses others
		whole := verdict.Sample{Spec: spec.Spec, Opening: held.Opening, Provider: held.Provider}
		alone := whole
		alone.Committee = []verdict.CommitteeEvidence{{Operator: s.o.cfg.Operator, Evidence: &mine}}
		found := verdict.Judge(&spec.Policy, alone)
		a.Samples++
		if agree := found.Verdict == sample.Verdict; agree {
			a.Agree++
		} else {
			a.Differ++
			log.Warn("shadow finds another verdict", zap.String("code", "SHADOW-DIFFERS"), zap.Stringer("sample", sample.SampleID), zap.Stringer("found", found.Verdict), zap.Stringer("found_class", found.Class),
				zap.Stringer("certified", sample.Verdict), zap.Stringer("certified_class", sample.Class))
		}
		for j, operator := range assigned.Committee {
			c := verdict.CommitteeEvidence{Operator: operator}
			if operator == s.o.cfg.Operator {
				continue // its place is taken below
			}
			if j < len(held.Committee) && held.Committee[j].Revealed {
				if e, err := posp.DecodeEvidence(held.Committee[j].Evidence); err == nil {
					c.Evidence = &e
				}
			}
			whole.Committee = append(whole.Committee, c)
		}
		whole.Committee = append(whole.Committee, alone.Committee...)
		if !slices.ContainsFunc(in.Demands, func(d posp.Demand) bool { return d.ID == assigned.BatchID }) { // those move no standing
			j := verdict.Judge(&spec.Policy, whole)
			a.Odds += int64(j.Operators[len(j.Operators)-1].LogE)
		}
		log.Debug("shadow recomputed", zap.Stringer("sample", sample.SampleID), zap.Duration("took", time.Since(began)))
	}
	return nil
}
