package app

import (
	"context"
	"fmt"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// ledger is the chain as the aggregator and its keeper see it: the protocol's
// contracts, and the keys in EigenLayer's KeyRegistrar.
type ledger struct {
	*chain.Protocol
	site *Site
}

// PublicKey is an operator's BN254 key. A registered key never changes while
// its operator is slashable.
func (l ledger) PublicKey(ctx context.Context, operator posp.Address) (keys.PublicKey, error) {
	return l.site.Network.EigenLayer.Key(ctx, l.site.Client, nil, Verifiers.OperatorSet(l.site.Network), operator)
}

// SubmitCertificate sends a certificate to the AttestationRegistry.
func (l ledger) SubmitCertificate(ctx context.Context, c aggregator.Certificate) (posp.Hash, error) {
	out := contracts.Certificate{NonSigners: []contracts.NonSigner{}}
	x, y := c.Sigma.XY()
	out.Sigma = contracts.G1Point{X: x.ToBig(), Y: y.ToBig()}
	out.Apk = chain.G2ABI(c.APK)
	for _, n := range c.NonSigners {
		proof := make([][32]byte, len(n.Proof))
		for i, h := range n.Proof {
			proof[i] = h
		}
		out.NonSigners = append(out.NonSigners, contracts.NonSigner{Index: n.Index, WeightBefore: n.WeightBefore.ToBig(),
			Member: contracts.Member{Operator: n.Member.Operator, Weight: n.Member.Weight.ToBig(), KeyX: n.Member.KeyX.ToBig(), KeyY: n.Member.KeyY.ToBig()},
			Proof:  proof})
	}
	return l.Submit(ctx, c.Result, out)
}

// OpenFaults are the charges that wait for their window's end.
func (l ledger) OpenFaults(ctx context.Context) ([]aggregator.Charge, error) {
	return pickFaults(ctx, l, func(f chain.FaultEvent) (aggregator.Charge, bool, error) {
		s, err := l.Fault(ctx, f.ID)
		return aggregator.Charge{ID: f.ID, ExecutableAt: f.ExecutableAt}, s.Status == chain.FaultOpen, err
	})
}

// OpenPots are those of the providers' faults whose slashed stake is not in the
// pool.
func (l ledger) OpenPots(ctx context.Context) ([]aggregator.Pot, error) {
	set := Providers.OperatorSet(l.site.Network)
	return pickFaults(ctx, l, func(f chain.FaultEvent) (p aggregator.Pot, ok bool, err error) {
		if f.Kind.OfOperator() { // burnt, not refunded
			return p, false, nil
		}
		pot, err := l.Pot(ctx, f.ID)
		if err != nil || !pot.Opened || pot.Collected {
			return p, false, err
		}
		held, err := l.site.Network.EigenLayer.SlashReleasable(ctx, l.site.Client, nil, set, pot.SlashID)
		return aggregator.Pot{Fault: f.ID, CollectableAt: uint64(held) + 1}, true, err
	})
}

// pickFaults picks from all recorded charges.
func pickFaults[T any](ctx context.Context, l ledger, pick func(chain.FaultEvent) (T, bool, error)) (picked []T, err error) {
	all, err := l.Faults(ctx)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		v, ok, err := pick(f)
		if err != nil {
			return nil, fmt.Errorf("fault %s: %w", f.ID, err)
		}
		if ok {
			picked = append(picked, v)
		}
	}
	return picked, nil
}
