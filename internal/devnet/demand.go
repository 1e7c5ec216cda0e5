package devnet

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// demand is a request that an answer be verified, and what must come of it.
type demand struct {
	id   posp.Hash
	of   *member // who answered
	want posp.Verdict
}

// demand lets buyers pay to have an answer verified that was not drawn: one of
// the honest provider, one of the small model.
func (w *world) demand(ctx context.Context, epoch uint64) (list []demand, err error) {
	if err := w.mineTo(ctx, w.site.Parameters.Schedule.Start(epoch)); err != nil {
		return nil, err
	}
	for i, want := range []posp.Verdict{posp.Pass, posp.Fail} { // the first two providers of the market
		d, err := w.demandOf(ctx, i, epoch, want)
		if err != nil {
			return nil, fmt.Errorf("ask on demand about %s: %w", w.providers[i].label, err)
		}
		list = append(list, d)
	}
	w.steps.done("epoch %d: buyers ask on demand about answers that nobody drew, of %s and %s", epoch, list[0].of.label, list[1].of.label)
	return list, nil
}

func (w *world) demandOf(ctx context.Context, provider int, epoch uint64, want posp.Verdict) (d demand, err error) {
	d = demand{of: w.providers[provider], want: want}
	mine := slices.DeleteFunc(slices.Clone(w.jobs), func(j *job) bool { return j.provider != provider })
	// The longest answer tells most.
	slices.SortStableFunc(mine, func(a, b *job) int { return int(b.receipt.OutputTokens) - int(a.receipt.OutputTokens) })
	for _, j := range mine {
		r := j.receipt.Receipt
		p := w.site.Writer(devchain.Account(buyerOf(j.buyer)))
		batch, ok, err := p.BatchOf(ctx, r.Provider, r.Epoch)
		if err != nil || !ok {
			return d, fmt.Errorf("batch of epoch %d (%v): %w", r.Epoch, ok, err)
		}
		proof, err := fetchProof(ctx, "http://"+d.of.listener.Addr().String(), r)
		if err != nil {
			return d, err
		}
		siblings := make([]posp.Hash, len(proof))
		for i, h := range proof {
			siblings[i] = h
		}
		fee, err := p.Quote(ctx, r)
		if err != nil {
			return d, err
		}
		claim, err := p.RequestClaim(r, batch.ID, siblings, j.secret, fee)
		if err != nil {
			return d, err
		}
		err = p.Try(ctx, j.buyer, claim)
		if refused, ok := errors.AsType[*chain.RevertError](err); ok && refused.Name == "AlreadyDrawn" {
			continue
		}
		if err == nil {
			err = p.Make(ctx, claim)
		}
		d.id = posp.DemandID(w.site.Network.ChainID, w.site.Network.Contracts.OnDemand, epoch, r.Digest(w.site.Network.Domain()))
		return d, err
	}
	return d, errors.New("all of its answers were drawn: ask for more (--requests)")
}

func buyerOf(a posp.Address) string {
	return buyerLabel(slices.IndexFunc(buyerLabels(), func(label string) bool { return addressOf(label) == a }))
}

// answered waits until the aggregator has settled what was asked, and holds it
// against what must come of it: the verdict, and that operators are paid.
func (w *world) answered(ctx context.Context, list []demand) error {
	if len(list) == 0 {
		return nil
	}
	p := w.site.Writer(devchain.Account("deployer"))
	var said []string
	paid := new(big.Int)
	for _, d := range list {
		s, ok, err := p.DemandState(ctx, d.id)
		if err != nil || !ok {
			return fmt.Errorf("read request %s (%v): %w", d.id, ok, err)
		}
		var a chain.Answer
		if err := w.until(ctx, "what was asked on demand to be settled", w.site.Parameters.Schedule.CertifyDeadline(s.Epoch)+w.site.Parameters.Schedule.ContestBlocks, func() (bool, error) {
			a, err = p.AnswerOf(ctx, s.ReceiptHash)
			return a.Status == chain.DemandAnswered, err
		}); err != nil {
			return err
		}
		if a.Status != chain.DemandAnswered || a.Verdict != d.want {
			return fmt.Errorf("what was asked about %s is %s with %s, and should be %s", d.of.label, a.Status, a.Verdict, d.want)
		}
		said = append(said, fmt.Sprintf("%s of %s", a.Verdict, d.of.label))
	}
	for _, o := range w.operators {
		owed, err := p.Owed(ctx, o.address)
		if err != nil {
			return err
		}
		if owed.Sign() == 0 {
			continue
		}
		claim, err := p.WithdrawClaim(o.address)
		if err == nil {
			err = p.Make(ctx, claim)
		}
		if err != nil {
			return err
		}
		paid.Add(paid, owed)
	}
	if paid.Sign() == 0 {
		return errors.New("no operator was paid for what was asked on demand")
	}
	w.steps.done("on demand: %s; operators were paid %s ether", strings.Join(said, ", "), inEther(paid))
	return nil
}

func inEther(wei *big.Int) string {
	x, _ := new(big.Rat).SetFrac(wei, ether(1)).Float64()
	return fmt.Sprintf("%.4f", x)
}
