package aggregator

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// Every Submit method has the same shape. It returns nil once the message is
// on disk, now or from before; anything else changes nothing: a
// posp.ValidationError (it can never be right), a *Refusal (not from you, not
// now, or not again), or an error of our own. Who waits to be told may send
// again.

// authentic checks an ECDSA signature of a member of the epoch's table.
func (f *epochFacts) authentic(operator posp.Address, digest posp.Hash, signature []byte) error {
	if err := f.knows(operator); err != nil {
		return err
	}
	signer, err := posp.RecoverSigner(digest, signature)
	if err != nil {
		return err
	}
	if key := f.table.MessageKey(operator); signer != key {
		return posp.Invalidf("message is signed by %s, not by %s, the message key of operator %s in epoch %d", signer, key, operator, f.epoch)
	}
	return nil
}

func (f *epochFacts) knows(operator posp.Address) error {
	if _, ok := f.member[operator]; !ok {
		return refuse(ReasonUnknownOperator, "operator %s is not in the table of epoch %d", operator, f.epoch)
	}
	return nil
}

// ready is the facts of an epoch whose messages can be checked, and the block
// that is newest now.
func (a *Aggregator) ready(ctx context.Context, epoch uint64) (*epochFacts, uint64, error) {
	head, err := a.chain.Block(ctx)
	if err != nil {
		return nil, 0, wrap("read block", err)
	}
	s := a.cfg.Parameters.Schedule
	// An epoch that lies far ahead would overflow the schedule's blocks.
	if epoch > s.EpochAt(head) || head < s.BeaconBlock(epoch) {
		return nil, 0, refuse(ReasonEarly, "epoch %d is not drawn yet", epoch)
	}
	if head > s.CertifyDeadline(epoch) {
		return nil, 0, refuse(ReasonLate, "epoch %d is over", epoch)
	}
	f, ok, err := a.facts.of(ctx, epoch)
	if err == nil && !ok {
		err = refuse(ReasonEarly, "epoch %d is not drawn yet", epoch)
	}
	return f, head, err
}

// write puts a verified message on disk; what is carried with its items is
// noted once it is there.
func (a *Aggregator) write(ctx context.Context, f *epochFacts, m message, items []item, gate func(state) error) error {
	began := time.Now()
	wrote, err := a.ledger.accept(ctx, m, gate)
	if wrote {
		a.cfg.Observe("store", time.Since(began))
	}
	var r *Refusal
	if errors.As(err, &r) && r.reason == ReasonEquivocation {
		a.log.Warn("operator equivocates", zap.String("code", "EQUIVOCATION"), zap.Uint64("epoch", m.epoch), zap.String("duty", string(m.duty)), zap.Stringer("operator", m.operator), zap.Stringer("second", m.digest))
	}
	if err != nil || !wrote {
		return err
	}
	f.carried.note(len(f.draw.index), items)
	a.log.Debug("message accepted", zap.Uint64("epoch", m.epoch), zap.String("duty", string(m.duty)), zap.Stringer("operator", m.operator))
	select {
	case a.wake <- struct{}{}:
	default: // a wake-up is on its way already
	}
	return nil
}

// SubmitCommitments takes an operator's commitments, to samples that it has to
// recompute, until the set is frozen or the commit deadline has passed.
func (a *Aggregator) SubmitCommitments(ctx context.Context, c posp.Commitments) error {
	f, head, err := a.ready(ctx, c.Epoch)
	if err != nil {
		return err
	}
	gate := func(s state) error {
		if s.phase != phaseOpen || head > a.cfg.Parameters.Schedule.CommitDeadline(c.Epoch) {
			return refuse(ReasonLate, "the commitments of epoch %d are closed", c.Epoch)
		}
		return nil
	}
	m, items, err := a.verifyCommitments(ctx, f, c)
	if err != nil {
		return err
	}
	done, err := a.quotas.admit(c.Operator, size(m))
	if err != nil {
		return err
	}
	defer done()
	return a.write(ctx, f, m, items, gate)
}

func size(m message) (n int) {
	for _, c := range m.chunks {
		n += len(c)
	}
	return n
}

func (a *Aggregator) verifyCommitments(ctx context.Context, f *epochFacts, c posp.Commitments) (m message, items []item, err error) {
	leave, err := a.pool.enter(ctx)
	if err != nil {
		return m, nil, err
	}
	defer leave()
	digest := c.Digest(a.cfg.Authority)
	if err := f.authentic(c.Operator, digest, c.Signature); err != nil {
		return m, nil, err
	}
	if len(c.Items) == 0 {
		return m, nil, posp.Invalidf("there are no commitments")
	}
	row := f.member[c.Operator]
	items = make([]item, len(c.Items))
	for i, it := range c.Items {
		if i > 0 && c.Items[i-1].SampleID.Cmp(it.SampleID) >= 0 {
			return m, nil, posp.Invalidf("commitment %d does not ascend by sample", i)
		}
		ordinal, known := f.draw.find(it.SampleID)
		if !known || !f.draw.has(ordinal, row) {
			return m, nil, posp.Invalidf("sample %s is not one that operator %s has to recompute", it.SampleID, c.Operator)
		}
		items[i] = item{ordinal: ordinal, sample: it.SampleID, word: it.Commitment}
	}
	m = message{header: header{c.Operator, digest, c.Signature}, epoch: c.Epoch, duty: dutyCommitments}
	m.chunks, err = encodeItems(items)
	return m, items, err
}

// SubmitReveals takes what opens all of an operator's commitments, from the
// block after the commit deadline until the set is final.
func (a *Aggregator) SubmitReveals(ctx context.Context, r posp.Reveals) error {
	f, head, err := a.ready(ctx, r.Epoch)
	if err != nil {
		return err
	}
	schedule := a.cfg.Parameters.Schedule
	gate := func(s state) error {
		switch {
		case s.phase == phaseFinal || s.phase == phaseDerived || head > schedule.RevealDeadline(r.Epoch):
			return refuse(ReasonLate, "the reveals of epoch %d are closed", r.Epoch)
		case s.phase == phaseOpen || head <= schedule.CommitDeadline(r.Epoch):
			return refuse(ReasonEarly, "the commitments of epoch %d are still open", r.Epoch)
		}
		return nil
	}
	m, items, done, err := a.verifyReveals(ctx, f, r, gate)
	if err != nil || m.duty == "" {
		return err
	}
	defer done()
	return a.write(ctx, f, m, items, gate)
}

// verifyReveals verifies reveals. A message without a duty stands already.
func (a *Aggregator) verifyReveals(ctx context.Context, f *epochFacts, r posp.Reveals, gate func(state) error) (m message, items []item, done func(), err error) {
	leave, err := a.pool.enter(ctx)
	if err != nil {
		return m, nil, nil, err
	}
	defer leave()
	digest := r.Digest(a.cfg.Authority)
	if err := f.authentic(r.Operator, digest, r.Signature); err != nil {
		return m, nil, nil, err
	}
	have, ok, err := a.ledger.accepted(ctx, a.ledger.db, r.Epoch, dutyReveals, r.Operator)
	if err != nil || ok && have == digest {
		return m, nil, nil, err
	}
	bytes := 0
	for i := range r.Items {
		bytes += len(r.Items[i].Evidence) + 256
	}
	admitted, err := a.quotas.admit(r.Operator, bytes)
	if err != nil {
		return m, nil, nil, err
	}
	defer func() {
		if err != nil {
			admitted()
		}
	}()
	if items, err = a.evidence(f, r); err != nil {
		return m, nil, nil, err
	}
	if !ok { // what contradicts what stands is kept whatever it opens
		if err = a.opens(ctx, r, items, gate); err != nil {
			return m, nil, nil, err
		}
	}
	m = message{header: header{r.Operator, digest, r.Signature}, epoch: r.Epoch, duty: dutyReveals}
	m.chunks, err = encodeItems(items)
	return m, items, admitted, err
}

// evidence checks the form of reveals, and what they carry for providers: that
// is kept with the first who carries it, and not looked at again.
func (a *Aggregator) evidence(f *epochFacts, r posp.Reveals) ([]item, error) {
	items := make([]item, len(r.Items))
	for i, it := range r.Items {
		e, err := posp.DecodeEvidence(it.Evidence)
		if err != nil {
			return nil, err
		}
		if e.Kind == posp.EvidenceLogProbs {
			return nil, posp.Invalidf("reveal %d: an operator's evidence is full or none", i)
		}
		if i > 0 && r.Items[i-1].SampleID.Cmp(it.SampleID) >= 0 {
			return nil, posp.Invalidf("reveal %d does not ascend by sample", i)
		}
		ordinal, known := f.draw.find(it.SampleID)
		if !known {
			return nil, posp.Invalidf("reveal %d: there is no sample %s", i, it.SampleID)
		}
		items[i] = item{ordinal: ordinal, sample: it.SampleID, word: it.Salt, evidence: it.Evidence}
		if it.Provider != nil && it.Opening == nil {
			return nil, posp.Invalidf("reveal %d: the provider's evidence does not match an opened receipt", i)
		}
		opened, parted := f.carried.has(ordinal)
		if it.Opening == nil || opened && (parted || it.Provider == nil) {
			continue
		}
		s, j := f.draw.at(ordinal)
		if err := verdict.VerifyOpening(a.cfg.Domain, s.batch, s.leaves[j], s.receiptKey, *it.Opening); err != nil {
			return nil, posp.Invalidf("reveal %d: %v", i, err)
		}
		if it.Provider != nil && it.Provider.Hash() != it.Opening.Receipt.EvidenceHash {
			return nil, posp.Invalidf("reveal %d: the provider's evidence does not match an opened receipt", i)
		}
		if !opened {
			items[i].opening = it.Opening
		}
		if !parted {
			items[i].part = it.Provider
		}
	}
	return items, nil
}

// opens checks that reveals open what their sender committed to.
func (a *Aggregator) opens(ctx context.Context, r posp.Reveals, items []item, gate func(state) error) error {
	s, err := a.ledger.state(ctx, r.Epoch)
	if err != nil {
		return err
	}
	if err := gate(s); err != nil {
		return err
	}
	committed, err := a.ledger.items(ctx, r.Epoch, dutyCommitments, r.Operator, stands)
	if err != nil {
		return err
	}
	if len(committed) == 0 {
		return refuse(ReasonNotCommitted, "operator %s committed to nothing in epoch %d", r.Operator, r.Epoch)
	}
	if len(items) != len(committed) {
		return posp.Invalidf("%d reveals for %d commitments", len(items), len(committed))
	}
	slices.SortFunc(committed, bySample)
	for i, it := range items {
		if it.sample != committed[i].sample || posp.Commitment(r.Operator, it.sample, it.evidence, it.word) != committed[i].word {
			return posp.Invalidf("reveal %d does not open the commitment to sample %s", i, committed[i].sample)
		}
	}
	return nil
}

// SubmitShare takes an operator's signature of the digest that was derived. The
// operator's BN254 key authenticates it. A signature of another digest counts
// for nothing, and is kept: with one of this digest it is an equivocation.
func (a *Aggregator) SubmitShare(ctx context.Context, m posp.CertificateShare) error {
	f, _, err := a.ready(ctx, m.Epoch)
	if err != nil {
		return err
	}
	if err := f.knows(m.Operator); err != nil {
		return err
	}
	s, err := a.ledger.state(ctx, m.Epoch)
	if err != nil {
		return err
	}
	if s.phase != phaseDerived {
		return refuse(ReasonEarly, "epoch %d has no result yet", m.Epoch)
	}
	gate := func(s state) error {
		if s.transaction != (posp.Hash{}) {
			return refuse(ReasonLate, "epoch %d is certified", m.Epoch)
		}
		return nil
	}
	stands, ok, err := a.ledger.header(ctx, m.Epoch, dutyShare, m.Operator, stands)
	switch {
	case err != nil:
		return err
	case ok && stands.digest == m.Digest:
		return nil
	case s.digest == m.Digest:
		if err := gate(s); err != nil {
			return err
		}
	}
	sig, err := a.keys.share(ctx, f, m)
	if err != nil {
		return err
	}
	valid, err := a.verifier.verify(ctx, sig)
	if err != nil {
		return err
	}
	if !valid {
		return posp.Invalidf("the signature is not operator %s's of %s", m.Operator, m.Digest)
	}
	done, err := a.quotas.admit(m.Operator, len(m.Signature))
	if err != nil {
		return err
	}
	defer done()
	kept := message{header: header{m.Operator, m.Digest, m.Signature}, epoch: m.Epoch, duty: dutyShare}
	if m.Digest != s.digest {
		// What it signed for another epoch anybody can bring here.
		if elsewhere, err := a.ledger.isDigest(ctx, m.Digest); err != nil || elsewhere {
			return cmp.Or(err, refuse(ReasonWrongDigest, "digest %s is another epoch's", m.Digest))
		}
	}
	if m.Digest != s.digest && !ok {
		// Its sender's evidence or ours is incomplete.
		if err := a.ledger.contradict(ctx, kept); err != nil {
			return err
		}
		return refuse(ReasonWrongDigest, "the result of epoch %d has digest %s here, not %s", m.Epoch, s.digest, m.Digest)
	}
	return a.write(ctx, f, kept, nil, gate)
}
