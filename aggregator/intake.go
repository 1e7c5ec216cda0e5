package aggregator

import (
	"context"

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
	if !f.member[operator] {
		return refuse(ReasonUnknownOperator, "operator %s is not in the table of epoch %d", operator, f.epoch)
	}
	signer, err := posp.RecoverSigner(digest, signature)
	if err != nil {
		return err
	}
	if signer != operator {
		return posp.Invalidf("message is signed by %s, not by operator %s", signer, operator)
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

// again says whether a message stands for the duty: done is true for the same
// one, and the error an equivocation for another.
func (a *Aggregator) again(ctx context.Context, epoch uint64, d duty, operator posp.Address, digest posp.Hash) (done bool, err error) {
	have, ok, err := a.ledger.accepted(ctx, epoch, d, operator)
	switch {
	case err != nil || !ok:
		return false, err
	case have != digest:
		a.log.Warn("operator equivocates", zap.Uint64("epoch", epoch), zap.String("duty", string(d)), zap.Stringer("operator", operator),
			zap.Stringer("first", have), zap.Stringer("second", digest))
		return false, refuse(ReasonEquivocation, "other %s of operator %s stand for epoch %d", d, operator, epoch)
	}
	return true, nil
}

func (a *Aggregator) accept(ctx context.Context, epoch uint64, d duty, operator posp.Address, digest posp.Hash, message any) error {
	if err := a.ledger.accept(ctx, epoch, d, operator, digest, message); err != nil {
		return err
	}
	a.log.Debug("message accepted", zap.Uint64("epoch", epoch), zap.String("duty", string(d)), zap.Stringer("operator", operator))
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
	digest := c.Digest(a.cfg.Authority)
	if err := f.authentic(c.Operator, digest, c.Signature); err != nil {
		return err
	}
	if len(c.Items) == 0 {
		return posp.Invalidf("there are no commitments")
	}
	for i, it := range c.Items {
		if i > 0 && c.Items[i-1].SampleID.Cmp(it.SampleID) >= 0 {
			return posp.Invalidf("commitment %d does not ascend by sample", i)
		}
		if s, known := f.samples[it.SampleID]; !known || !s.Has(c.Operator) {
			return posp.Invalidf("sample %s is not one that operator %s has to recompute", it.SampleID, c.Operator)
		}
	}

	a.write.Lock()
	defer a.write.Unlock()
	if done, err := a.again(ctx, c.Epoch, dutyCommitments, c.Operator, digest); err != nil || done {
		return err
	}
	s, err := a.ledger.state(ctx, c.Epoch)
	if err != nil {
		return err
	}
	if s.phase != phaseOpen || head > a.cfg.Parameters.Schedule.CommitDeadline(c.Epoch) {
		return refuse(ReasonLate, "the commitments of epoch %d are closed", c.Epoch)
	}
	return a.accept(ctx, c.Epoch, dutyCommitments, c.Operator, digest, c)
}

// SubmitReveals takes what opens all of an operator's commitments, from the
// block after the commit deadline until the set is final.
func (a *Aggregator) SubmitReveals(ctx context.Context, r posp.Reveals) error {
	f, head, err := a.ready(ctx, r.Epoch)
	if err != nil {
		return err
	}
	digest := r.Digest(a.cfg.Authority)
	if err := f.authentic(r.Operator, digest, r.Signature); err != nil {
		return err
	}
	if err := a.carried(f, r); err != nil { // outside of the lock: it hashes all that is carried
		return err
	}

	a.write.Lock()
	defer a.write.Unlock()
	if done, err := a.again(ctx, r.Epoch, dutyReveals, r.Operator, digest); err != nil || done {
		return err
	}
	s, err := a.ledger.state(ctx, r.Epoch)
	if err != nil {
		return err
	}
	schedule := a.cfg.Parameters.Schedule
	switch {
	case s.phase == phaseFinal || s.phase == phaseDerived || head > schedule.RevealDeadline(r.Epoch):
		return refuse(ReasonLate, "the reveals of epoch %d are closed", r.Epoch)
	case s.phase == phaseOpen || head <= schedule.CommitDeadline(r.Epoch):
		return refuse(ReasonEarly, "the commitments of epoch %d are still open", r.Epoch)
	}
	c, ok, err := message[posp.Commitments](ctx, a.ledger, r.Epoch, dutyCommitments, r.Operator)
	if err != nil {
		return err
	}
	if !ok {
		return refuse(ReasonNotCommitted, "operator %s committed to nothing in epoch %d", r.Operator, r.Epoch)
	}
	if len(r.Items) != len(c.Items) {
		return posp.Invalidf("%d reveals for %d commitments", len(r.Items), len(c.Items))
	}
	for i, it := range r.Items {
		if it.SampleID != c.Items[i].SampleID || posp.Commitment(r.Operator, it.SampleID, it.Evidence, it.Salt) != c.Items[i].Commitment {
			return posp.Invalidf("reveal %d does not open the commitment to sample %s", i, c.Items[i].SampleID)
		}
	}
	return a.accept(ctx, r.Epoch, dutyReveals, r.Operator, digest, r)
}

// carried checks the evidence of reveals, and what they carry for providers.
func (a *Aggregator) carried(f *epochFacts, r posp.Reveals) error {
	for i, it := range r.Items {
		e, err := posp.DecodeEvidence(it.Evidence)
		if err != nil {
			return err
		}
		if e.Kind == posp.EvidenceLogProbs {
			return posp.Invalidf("reveal %d: an operator's evidence is full or none", i)
		}
		s, known := f.samples[it.SampleID]
		if !known {
			return posp.Invalidf("reveal %d: there is no sample %s", i, it.SampleID)
		}
		if it.Opening != nil {
			if err := verdict.VerifyOpening(a.cfg.Domain, s.batch, s.Leaf, s.receiptKey, *it.Opening); err != nil {
				return posp.Invalidf("reveal %d: %v", i, err)
			}
		}
		if it.Provider != nil && (it.Opening == nil || it.Provider.Hash() != it.Opening.Receipt.EvidenceHash) {
			return posp.Invalidf("reveal %d: the provider's evidence does not match an opened receipt", i)
		}
	}
	return nil
}

// SubmitShare takes an operator's signature of the digest that was derived. The
// operator's BN254 key authenticates it.
func (a *Aggregator) SubmitShare(ctx context.Context, m posp.CertificateShare) error {
	f, _, err := a.ready(ctx, m.Epoch)
	if err != nil {
		return err
	}
	if !f.member[m.Operator] {
		return refuse(ReasonUnknownOperator, "operator %s is not in the table of epoch %d", m.Operator, m.Epoch)
	}
	s, err := a.ledger.state(ctx, m.Epoch)
	switch {
	case err != nil:
		return err
	case s.phase != phaseDerived:
		return refuse(ReasonEarly, "epoch %d has no result yet", m.Epoch)
	case s.digest != m.Digest:
		// Whatever it signs, it is nothing that can be counted here. Its
		// sender's evidence or ours is incomplete.
		return refuse(ReasonWrongDigest, "the result of epoch %d has digest %s here, not %s", m.Epoch, s.digest, m.Digest)
	}
	if done, err := a.again(ctx, m.Epoch, dutyShare, m.Operator, m.Digest); err != nil || done {
		return err
	}
	if s.transaction != (posp.Hash{}) {
		return refuse(ReasonLate, "epoch %d is certified", m.Epoch)
	}
	sig, err := a.keys.share(ctx, f.table, m)
	if err != nil {
		return err
	}
	if !a.verifier.verify(sig) {
		return posp.Invalidf("the signature is not operator %s's of %s", m.Operator, m.Digest)
	}

	a.write.Lock()
	defer a.write.Unlock()
	if done, err := a.again(ctx, m.Epoch, dutyShare, m.Operator, m.Digest); err != nil || done {
		return err
	}
	return a.accept(ctx, m.Epoch, dutyShare, m.Operator, m.Digest, m)
}
