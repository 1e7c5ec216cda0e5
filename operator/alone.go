package operator

import (
	"context"
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// ErrUnknownSignature says that there is a signature of this operator that its
// database does not know: the database is not the newest, or another instance
// signs with the same key. To go on could be to sign a second message for one
// duty, which is slashable.
var ErrUnknownSignature = errors.New("refuse to sign: there is a signature of this operator that its database does not know")

// lookBack is of how many epochs, before those that are in work, signatures are
// looked for at the start. Nothing can be signed for older ones.
const lookBack = 2

// alone looks for signatures of this operator, at the aggregator and on chain,
// that the guard does not hold. Only authentic ones count: an aggregator cannot
// keep an operator from starting by a lie. What cannot be asked is asked again,
// for as long as ctx lives: without aggregator and chain nothing is signed
// anyway.
func (o *Operator) alone(ctx context.Context, head uint64) error {
	first, last, any := uint64(0), uint64(0), false
	for e := range o.cfg.Parameters.Schedule.Active(head) {
		if !any {
			first, any = e, true
		}
		last = e
	}
	if !any {
		return nil
	}
	told := false
	for e := first - min(first, lookBack); e <= last; e++ {
		if floor, ok, err := o.guard.floor(ctx, o.guard.db); err != nil || ok && e <= floor {
			if err != nil {
				return err
			}
			continue // whoever signed there, this database will not
		}
		for {
			err := o.known(ctx, e)
			if err == nil {
				break
			}
			if errors.Is(err, ErrUnknownSignature) {
				return err
			}
			if !told {
				o.log.Warn("nothing is signed until it can be told whether another instance signs", zap.Uint64("epoch", e), zap.Error(err))
				told = true
			}
			if err := o.pause(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// clear waits until this operator may sign.
func (o *Operator) clear(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-o.cleared:
		return nil
	}
}

// startAfter leaves all epochs alone in which a message may have been signed by
// now: the user says that no other instance signs any more.
func (o *Operator) startAfter(ctx context.Context, head uint64) error {
	s := o.cfg.Parameters.Schedule
	now := s.EpochAt(head)
	if now == 0 {
		return nil // no epoch is closed: nothing was signed
	}
	if err := o.guard.raise(ctx, now-1); err != nil {
		return err
	}
	o.log.Warn("on the user's word that no other instance signs, the epochs in work are left out", zap.Uint64("first_epoch", now))
	return nil
}

// known compares an epoch's signatures with the guard.
func (o *Operator) known(ctx context.Context, epoch uint64) error {
	table, ok, err := o.chain.Table(ctx, epoch)
	if err != nil || !ok { // without a table there are no samples to send messages about
		return wrap("read operator table", err)
	}
	key := table.MessageKey(o.cfg.Operator)
	frozen, ok, err := o.aggregator.Commitments(ctx, epoch)
	if err != nil {
		return wrap("get commitments", err)
	}
	if ok {
		for _, c := range frozen {
			if c.Operator == o.cfg.Operator && c.Epoch == epoch {
				if err := o.knows(ctx, epoch, key, dutyCommitments, c.Digest(o.cfg.Authority), c.Signature); err != nil {
					return err
				}
			}
		}
	}
	final, ok, err := o.aggregator.Reveals(ctx, epoch)
	if errors.Is(err, keys.ErrNoSuchKey) { // that epoch's key has been exchanged and is gone: nothing can be revealed twice by who cannot sign it
		ok, err = false, nil
	}
	if err != nil {
		return wrap("get reveals", err)
	}
	if ok {
		for _, r := range final {
			if r.Operator == o.cfg.Operator && r.Epoch == epoch {
				if err := o.knows(ctx, epoch, key, dutyReveals, r.Digest(o.cfg.Authority), r.Signature); err != nil {
					return err
				}
			}
		}
	}
	digest, signed, ok, err := o.chain.CoSigned(ctx, epoch, o.cfg.Operator)
	if err != nil || !ok || !signed {
		return wrap("read certificate", err)
	}
	return o.held(ctx, epoch, dutyCertificate, digest)
}

// knows refuses an authentic message that the guard does not hold.
func (o *Operator) knows(ctx context.Context, epoch uint64, key posp.Address, d duty, digest posp.Hash, signature []byte) error {
	if signer, err := posp.RecoverSigner(digest, signature); err != nil || signer != key {
		return nil // not this operator's, whatever it says
	}
	return o.held(ctx, epoch, d, digest)
}

func (o *Operator) held(ctx context.Context, epoch uint64, d duty, digest posp.Hash) error {
	have, ok, err := o.guard.signed(ctx, epoch, d)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("%w: %s %s of epoch %d. Stop the other instance, if there is one, and import its record (posp operator guard import)", ErrUnknownSignature, d, digest, epoch)
	case have != digest:
		return fmt.Errorf("%w: %s of epoch %d is %s here and %s there. Two instances signed: stop one for good", ErrUnknownSignature, d, epoch, have, digest)
	}
	return nil
}
