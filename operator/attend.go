package operator

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// errAggregator says that the aggregator is wrong about this operator's own
// messages: nothing that it says about the epoch is signed.
var errAggregator = errors.New("the aggregator does not tell the truth about this operator's messages")

// attend takes part in one epoch. Each step may be the one after a restart:
// what was decided before is read back, and the same messages go out again.
func (o *Operator) attend(ctx context.Context, epoch uint64, log *zap.Logger) error {
	s := o.cfg.Parameters.Schedule
	f, err := o.facts(ctx, epoch)
	if err != nil || len(f.batches) == 0 { // without batches there is nothing to certify
		return err
	}
	if _, done, err := o.chain.Certified(ctx, epoch); err != nil || done {
		return wrap("read certificate", err)
	}
	if err := o.guard.mayWrite(ctx, o.guard.db, epoch); err != nil {
		return err
	}
	if !f.member(o.cfg.Operator) {
		log.Debug("not in the table of this epoch")
		return nil
	}

	// Commit: before this block nobody's numbers are public.
	evidence, err := o.evidence(ctx, f, log)
	if err != nil {
		return err
	}
	if err := o.clear(ctx); err != nil { // from here on there are signatures of duties
		return err
	}
	if err := o.commit(ctx, f, evidence, log); err != nil {
		return err
	}

	// What was committed to is fixed before anything is revealed.
	frozen, err := o.frozen(ctx, f, evidence)
	if err != nil {
		return err
	}
	if err := o.head.reach(ctx, s.CommitDeadline(epoch)+1); err != nil {
		return err
	}
	if err := o.reveal(ctx, f, evidence, log); err != nil {
		return err
	}

	// The result follows from what everybody revealed.
	final, err := await(ctx, o, func() ([]posp.Reveals, bool, error) { return o.aggregator.Reveals(ctx, epoch) })
	if err != nil {
		return wrap("get reveals", err)
	}
	_, derived, err := o.derive(ctx, f, frozen, final)
	if err != nil {
		return err
	}
	return o.cosign(ctx, epoch, derived.Result.Digest(o.cfg.Authority), evidence, log)
}

// epochFacts is what the chain says about an epoch once its beacon is fixed.
type epochFacts struct {
	epoch     uint64
	beacon    posp.Hash
	table     posp.Table
	batches   []posp.BatchRecord
	providers map[posp.Address]posp.ProviderInfo
	demands   []posp.Demand
	demanded  []posp.ProviderInfo // of the demands, in the same order
}

func (f *epochFacts) member(operator posp.Address) bool {
	return slices.ContainsFunc(f.table.Members, func(m posp.Member) bool { return m.Operator == operator })
}

// task is a sample that this operator has to recompute.
type task struct {
	sampler.Assignment
	batch    posp.BatchRecord
	provider posp.ProviderInfo
	key      posp.Address // this operator's, that signs messages of the epoch
}

// facts waits until an epoch's beacon is fixed, and reads the epoch. An epoch
// without batches has no beacon, and answers no demands.
func (o *Operator) facts(ctx context.Context, epoch uint64) (*epochFacts, error) {
	f := &epochFacts{epoch: epoch, providers: map[posp.Address]posp.ProviderInfo{}}
	var err error
	if f.batches, err = o.chain.Batches(ctx, epoch); err != nil || len(f.batches) == 0 {
		return f, wrap("read batches", err)
	}
	if f.beacon, err = await(ctx, o, func() (posp.Hash, bool, error) { return o.chain.Beacon(ctx, epoch) }); err != nil {
		return nil, wrap("read beacon", err)
	}
	if f.table, err = await(ctx, o, func() (posp.Table, bool, error) { return o.chain.Table(ctx, epoch) }); err != nil {
		return nil, wrap("read operator table", err)
	}
	for _, b := range f.batches {
		info, ok, err := o.chain.Provider(ctx, b.Provider, epoch)
		if err == nil && !ok {
			err = fmt.Errorf("%s has a batch and is not registered", b.Provider)
		}
		if err != nil {
			return nil, wrap("read provider", err)
		}
		f.providers[b.Provider] = info
	}
	if f.demands, err = o.chain.Demands(ctx, epoch); err != nil {
		return nil, wrap("read demands", err)
	}
	for _, d := range f.demands {
		info, _, err := o.chain.Provider(ctx, d.Batch.Provider, d.Batch.Epoch)
		if err != nil {
			return nil, wrap("read provider", err)
		}
		f.demanded = append(f.demanded, info)
	}
	return f, nil
}

// tasks are the samples in whose committee this operator sits.
func (o *Operator) tasks(f *epochFacts) ([]task, error) {
	var mine []task
	for _, b := range f.batches {
		list, err := sampler.Assign(o.cfg.Domain, b, f.beacon, f.table.Members, int(o.cfg.Parameters.Committee))
		if err != nil {
			return nil, wrap("draw samples", err)
		}
		for _, a := range list {
			if a.Has(o.cfg.Operator) {
				mine = append(mine, task{Assignment: a, batch: b, provider: f.providers[b.Provider], key: f.table.MessageKey(o.cfg.Operator)})
			}
		}
	}
	for i, d := range f.demands {
		a, err := sampler.AssignDemand(o.cfg.Domain, d, f.beacon, f.table.Members, int(o.cfg.Parameters.Committee))
		if err != nil {
			return nil, wrap("draw committee of demand", err)
		}
		if a.Has(o.cfg.Operator) {
			mine = append(mine, task{Assignment: a, batch: d.Batch, provider: f.demanded[i], key: f.table.MessageKey(o.cfg.Operator)})
		}
	}
	return mine, nil
}

// evidence is what this operator found, ascending by sample; from before a
// restart, or recomputed now and recorded together with the permission to
// sign it. It is empty if there was nothing to do or nothing could be told.
func (o *Operator) evidence(ctx context.Context, f *epochFacts, log *zap.Logger) ([]posp.Reveal, error) {
	found, ok, err := recorded[[]posp.Reveal](ctx, o.guard, f.epoch, kindEvidence)
	if err != nil || ok {
		return found, err
	}
	tasks, err := o.tasks(f)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		_, drawn := o.cfg.Observer.Begin(ctx, StageDraw, f.epoch, []posp.Hash{t.SampleID})
		drawn(Outcome{Result: OutcomeOK})
	}
	found, err = o.recompute(ctx, f.epoch, tasks, log)
	if err != nil {
		return nil, err
	}
	// A database that does not know all that was signed stays as it is, so that
	// the record can still be imported into it.
	if err := o.clear(ctx); err != nil {
		return nil, err
	}
	if len(found) == 0 {
		err = o.guard.keep(ctx, f.epoch, kindEvidence, found)
	} else {
		err = o.guard.allowWith(ctx, f.epoch, dutyCommitments, o.commitments(f.epoch, found).Digest(o.cfg.Authority), kindEvidence, found)
	}
	if err != nil {
		return nil, err
	}
	// A crash before this leaves scores of no use, which the next epoch's deletion takes along.
	return found, o.guard.forgetScores(ctx, f.epoch)
}

// commitments is the message, unsigned, that commits to evidence.
func (o *Operator) commitments(epoch uint64, evidence []posp.Reveal) posp.Commitments {
	return commitments(o.cfg.Operator, epoch, evidence)
}

func commitments(operator posp.Address, epoch uint64, evidence []posp.Reveal) posp.Commitments {
	c := posp.Commitments{Operator: operator, Epoch: epoch}
	for _, e := range evidence {
		c.Items = append(c.Items, posp.SampleCommitment{SampleID: e.SampleID, Commitment: posp.Commitment(operator, e.SampleID, e.Evidence, e.Salt)})
	}
	return c
}

// commit sends the commitments until the aggregator has them or it is late.
func (o *Operator) commit(ctx context.Context, f *epochFacts, evidence []posp.Reveal, log *zap.Logger) error {
	epoch := f.epoch
	if _, done, err := recorded[bool](ctx, o.guard, epoch, kindAcknowledged); err != nil || done || len(evidence) == 0 {
		return err
	}
	c := o.commitments(epoch, evidence)
	digest := c.Digest(o.cfg.Authority)
	err := o.guard.allow(ctx, epoch, dutyCommitments, digest)
	if err == nil {
		c.Signature, err = o.signer.Sign(ctx, f.table.MessageKey(o.cfg.Operator), digest)
	}
	if err != nil {
		return wrap("sign commitments", err)
	}
	m := message{"commitments", StageCommit, epoch, samplesOf(evidence), o.cfg.Parameters.Schedule.CommitDeadline(epoch) + 1}
	taken, err := o.deliver(ctx, m, log, func(ctx context.Context) error { return o.aggregator.SubmitCommitments(ctx, c) })
	if err != nil || !taken {
		return err
	}
	log.Info("committed", zap.Int("samples", len(c.Items)))
	return o.guard.keep(ctx, epoch, kindAcknowledged, true)
}

// message is one that is signed, of samples, and of use until a block is there.
type message struct {
	name    string
	stage   Stage
	epoch   uint64
	samples []posp.Hash
	until   uint64
}

// deliver sends a message until it is taken, refused for good, or a block is
// there after which it is of no use.
func (o *Operator) deliver(ctx context.Context, m message, log *zap.Logger, send func(ctx context.Context) error) (taken bool, err error) {
	outcome := Outcome{Result: OutcomeEnded}
	staged, end := o.cfg.Observer.Begin(ctx, m.stage, m.epoch, m.samples)
	defer func() { end(outcome) }()
	inTime, cancel := o.head.before(staged, m.until)
	defer cancel()
	for {
		err := send(inTime)
		if err == nil {
			block, _ := o.head.now()
			outcome = Outcome{Result: OutcomeOK, Left: m.until - min(block, m.until)}
			return true, nil
		}
		if reason, refused := refusal(err); refused && reason != "early" {
			outcome.Result = reason
			log.Warn("message refused", zap.String("code", "MESSAGE-REFUSED"), zap.String("message", m.name), zap.String("reason", reason), zap.Error(err))
			return false, nil
		}
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		log.Debug("message not delivered, trying again", zap.String("message", m.name), zap.Error(err))
		if o.pause(inTime) != nil {
			if ctx.Err() == nil {
				outcome.Result = OutcomeLate
				log.Warn("message not delivered in time", zap.String("code", "SAMPLE-LATE"), zap.String("message", m.name), zap.Error(err))
			}
			return false, ctx.Err()
		}
	}
}

// refusal says whether an aggregator's error is its answer, and which.
func refusal(err error) (reason string, refused bool) {
	var r interface{ Reason() string }
	if errors.As(err, &r) {
		return r.Reason(), true
	}
	var v *posp.ValidationError
	return "invalid", errors.As(err, &v)
}

// await asks until something is there. Errors are as good as "not there yet":
// only ctx ends it.
func await[T any](ctx context.Context, o *Operator, ask func() (T, bool, error)) (T, error) {
	for {
		v, ok, err := ask()
		if err == nil && ok {
			return v, nil
		}
		if err != nil {
			o.log.Debug("question not answered, trying again", zap.Error(err))
		}
		if err := o.pause(ctx); err != nil {
			return v, err
		}
	}
}

// frozen is the set of commitments as this operator first saw it, which is
// before it reveals anything itself. Nothing that is added, dropped or changed
// later counts: the result that it signs is derived from this set.
func (o *Operator) frozen(ctx context.Context, f *epochFacts, evidence []posp.Reveal) ([]posp.Commitments, error) {
	set, ok, err := recorded[[]posp.Commitments](ctx, o.guard, f.epoch, kindFrozen)
	if err != nil || ok {
		return set, err
	}
	set, err = await(ctx, o, func() ([]posp.Commitments, bool, error) { return o.aggregator.Commitments(ctx, f.epoch) })
	if err != nil {
		return nil, wrap("get commitments", err)
	}
	var mine posp.Hash
	seen := map[posp.Address]bool{}
	for _, c := range set {
		digest := c.Digest(o.cfg.Authority)
		signer, err := posp.RecoverSigner(digest, c.Signature)
		if err != nil || signer != f.table.MessageKey(c.Operator) || c.Epoch != f.epoch || seen[c.Operator] || !f.member(c.Operator) {
			return nil, posp.Invalidf("the frozen commitments of operator %s are not one authentic message of a member", c.Operator)
		}
		seen[c.Operator] = true
		if c.Operator == o.cfg.Operator {
			mine = digest
		}
	}
	_, acknowledged, err := recorded[bool](ctx, o.guard, f.epoch, kindAcknowledged)
	if err != nil {
		return nil, err
	}
	switch own := o.commitments(f.epoch, evidence).Digest(o.cfg.Authority); {
	case mine != posp.Hash{} && mine != own: // its signature was verified above
		return nil, fmt.Errorf("%w: commitments %s of epoch %d. Another instance signs: stop one for good", ErrUnknownSignature, mine, f.epoch)
	case acknowledged && mine != own:
		return nil, fmt.Errorf("%w: it took the commitments, and froze a set without them", errAggregator)
	case !acknowledged && mine == own: // its answer was lost on the way
		if err := o.guard.keep(ctx, f.epoch, kindAcknowledged, true); err != nil {
			return nil, err
		}
	}
	return set, o.guard.keep(ctx, f.epoch, kindFrozen, set)
}

// reveal opens the commitments, with what the providers revealed by then.
func (o *Operator) reveal(ctx context.Context, f *epochFacts, evidence []posp.Reveal, log *zap.Logger) error {
	if _, acknowledged, err := recorded[bool](ctx, o.guard, f.epoch, kindAcknowledged); err != nil || !acknowledged {
		return err // the aggregator would not know what these open
	}
	items, ok, err := recorded[[]posp.Reveal](ctx, o.guard, f.epoch, kindReveals)
	if err != nil {
		return err
	}
	r := posp.Reveals{Operator: o.cfg.Operator, Epoch: f.epoch, Items: items}
	if !ok {
		tasks, err := o.tasks(f)
		if err != nil {
			return err
		}
		if r.Items, err = o.providersParts(ctx, f.epoch, tasks, evidence, log); err != nil {
			return err
		}
		if err := o.guard.allowWith(ctx, f.epoch, dutyReveals, r.Digest(o.cfg.Authority), kindReveals, r.Items); err != nil {
			return wrap("sign reveals", err)
		}
	}
	digest := r.Digest(o.cfg.Authority)
	if err = o.guard.allow(ctx, f.epoch, dutyReveals, digest); err == nil {
		r.Signature, err = o.signer.Sign(ctx, f.table.MessageKey(o.cfg.Operator), digest)
	}
	if err != nil {
		return wrap("sign reveals", err)
	}
	m := message{"reveals", StageReveal, f.epoch, samplesOf(evidence), o.cfg.Parameters.Schedule.RevealDeadline(f.epoch) + 1}
	taken, err := o.deliver(ctx, m, log, func(ctx context.Context) error { return o.aggregator.SubmitReveals(ctx, r) })
	if taken {
		log.Info("revealed", zap.Int("samples", len(r.Items)))
	}
	return err
}

// derive computes the result, once no earlier epoch can be certified any more:
// standings carry over.
func (o *Operator) derive(ctx context.Context, f *epochFacts, frozen []posp.Commitments, final []posp.Reveals) (in verdict.EpochInput, d *verdict.Derivation, err error) {
	if _, err := await(ctx, o, func() (struct{}, bool, error) {
		settled, err := o.settledBefore(ctx, f.epoch)
		return struct{}{}, settled, err
	}); err != nil {
		return in, nil, wrap("wait for the epoch before", err)
	}
	in = verdict.EpochInput{Domain: o.cfg.Domain, Authority: o.cfg.Authority, Epoch: f.epoch, Beacon: f.beacon, Parameters: o.cfg.Parameters,
		Table: f.table, Batches: f.batches, Demands: f.demands, Specs: o.cfg.Specs, Commitments: frozen, Reveals: final}
	for _, p := range f.providers {
		in.Providers = append(in.Providers, p)
	}
	for _, r := range final {
		for _, item := range r.Items {
			if item.Opening != nil && item.Opening.Withheld {
				return in, nil, fmt.Errorf("derive result: the aggregator withholds the text of sample %s, which is of a private spec, from an operator of the epoch's table", item.SampleID)
			}
		}
	}
	if in.Standings, err = o.chain.StandingsBefore(ctx, f.epoch); err != nil {
		return in, nil, wrap("read standings", err)
	}
	d, err = verdict.Derive(in)
	return in, d, wrap("derive result", err)
}

// settledBefore says whether every earlier epoch is certified, void or empty.
func (o *Operator) settledBefore(ctx context.Context, epoch uint64) (bool, error) {
	block, _ := o.head.now()
	for e := range o.cfg.Parameters.Schedule.Active(block) {
		if e >= epoch {
			break
		}
		batches, err := o.chain.Batches(ctx, e)
		if err != nil {
			return false, err
		}
		if len(batches) == 0 {
			continue
		}
		if _, ok, err := o.chain.Certified(ctx, e); err != nil || !ok {
			return false, err
		}
	}
	return true, nil
}

// cosign signs the digest of the result that this operator derived, whatever
// the aggregator's is.
func (o *Operator) cosign(ctx context.Context, epoch uint64, digest posp.Hash, evidence []posp.Reveal, log *zap.Logger) error {
	theirs, err := await(ctx, o, func() (posp.Hash, bool, error) { return o.aggregator.Digest(ctx, epoch) })
	if err != nil {
		return wrap("get result", err)
	}
	if theirs != digest {
		log.Error("the aggregator derives another result, which is not signed", zap.String("code", "EPOCH-GIVEN-UP"), zap.Stringer("own", digest), zap.Stringer("aggregators", theirs))
	}
	if err := o.guard.allow(ctx, epoch, dutyCertificate, digest); err != nil {
		return wrap("sign certificate", err)
	}
	point, err := o.cosigner.Sign(ctx, digest)
	if err != nil {
		return wrap("sign certificate", err)
	}
	sig := point.Bytes()
	share := posp.CertificateShare{Operator: o.cfg.Operator, Epoch: epoch, Digest: digest, Signature: sig[:]}
	m := message{"certificate share", StageSign, epoch, samplesOf(evidence), o.cfg.Parameters.Schedule.CertifyDeadline(epoch) + 1}
	taken, err := o.deliver(ctx, m, log, func(ctx context.Context) error { return o.aggregator.SubmitShare(ctx, share) })
	if taken {
		log.Info("co-signed", zap.Stringer("digest", digest))
	}
	return err
}

func wrap(action string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", action, err)
}
