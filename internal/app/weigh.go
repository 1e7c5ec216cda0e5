package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// weighed is all lines of a charge's batch, in order of j, as they stand under
// a certified root.
type weighed struct {
	root  posp.Hash
	lines []chain.CertifiedLine
}

// Standings are of the statistical charges that are open: with ContestOwn of
// those against one's own account.
func (c *contests) Standings(ctx context.Context) (all []challenge.Standing, err error) {
	charges, err := c.disputes.Faults(ctx)
	if err != nil {
		return nil, err
	}
	head, err := c.disputes.Block(ctx)
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, f := range charges {
		if f.Kind != posp.FaultStatistical || c.which == ContestOwn && f.Subject != c.self {
			continue
		}
		c.mu.Lock()
		over := c.over[f.ID]
		c.mu.Unlock()
		if over {
			continue
		}
		state, err := c.disputes.Fault(ctx, f.ID)
		if err != nil {
			return nil, err
		}
		if state.Status != chain.FaultOpen {
			if head > f.ExecutableAt+settledCharge {
				c.mu.Lock()
				c.over[f.ID] = true
				delete(c.weighed, f.ID)
				c.mu.Unlock()
			}
			continue
		}
		s, ok, err := c.standing(ctx, f, state)
		if err != nil {
			errs = append(errs, fmt.Errorf("charge %s: %w", f.ID, err))
		} else if ok {
			all = append(all, s)
		}
	}
	return all, errors.Join(errs...)
}

// settledCharge is how many blocks after its window a charge that is not open
// is not looked at again.
const settledCharge = 64

// standing is what an open charge rests on; ok is false while nobody has its
// batch's lines.
func (c *contests) standing(ctx context.Context, f chain.FaultEvent, state chain.FaultState) (s challenge.Standing, ok bool, err error) {
	root, err := c.disputes.SampleRoot(ctx, f.Epoch)
	if err != nil {
		return s, false, err
	}
	c.mu.Lock()
	w := c.weighed[f.ID]
	c.mu.Unlock()
	if w.root != root {
		if w, ok, err = c.lines(ctx, f); err != nil || !ok {
			return s, false, err
		}
		c.mu.Lock()
		c.weighed[f.ID] = w
		c.mu.Unlock()
	}
	samples := make([]posp.Hash, len(w.lines))
	for j, l := range w.lines {
		samples[j] = l.SampleID
	}
	taken, err := c.disputes.Taken(ctx, f.Epoch, samples)
	if err != nil {
		return s, false, err
	}
	s = challenge.Standing{FaultID: f.ID, Excess: state.Excess, Until: state.ExecutableAt - 1}
	for _, l := range w.lines {
		s.Lines = append(s.Lines, challenge.Line{LogE: l.LogE, Taken: taken[l.SampleID]})
	}
	return s, true, nil
}

// lines finds the lines of a charge's batch among the epoch's.
func (c *contests) lines(ctx context.Context, f chain.FaultEvent) (w weighed, ok bool, err error) {
	lines, tree, ok, err := c.certified(ctx, f.Epoch)
	if err != nil || !ok {
		return w, false, err
	}
	batch, ok, err := c.disputes.BatchByID(ctx, f.BatchID)
	if err != nil || !ok {
		return w, false, err
	}
	beacon, ok, err := c.disputes.Beacon(ctx, f.Epoch)
	if err != nil || !ok {
		return w, false, err
	}
	_, found, _, err := c.disputes.BatchVerdict(ctx, f.BatchID)
	if err != nil {
		return w, false, err
	}
	draw, err := sampler.New(posp.Seed(c.site.Network.Domain(), f.Epoch, batch.ID, beacon), batch.LeafCount, sampler.Count(batch.LeafCount, batch.Rate))
	if err != nil {
		return w, false, err
	}
	place := map[posp.Hash]int{}
	for i, line := range lines {
		place[line.SampleID] = i
	}
	w.root = tree.Root()
	for j := range uint64(found.Samples) {
		leaf, at, err := locate(ctx, batch, draw, j, place)
		if err != nil {
			return w, false, err
		}
		proof, err := tree.Proof(uint64(at))
		if err != nil {
			return w, false, err
		}
		w.lines = append(w.lines, chain.CertifiedLine{SampleResult: lines[at], Leaf: leaf, Index: uint64(at), Proof: proof})
	}
	return w, true, nil
}

// locate is where the line of a batch's sample j stands, and the sample's
// leaf: the one that was drawn, or whatever else was certified for it.
func locate(ctx context.Context, batch posp.BatchRecord, draw *sampler.Draw, j uint64, place map[posp.Hash]int) (leaf uint64, at int, err error) {
	if j < draw.Count() {
		if leaf, err = draw.Leaf(j); err != nil {
			return 0, 0, err
		}
		if at, ok := place[posp.SampleID(batch.ID, j, leaf)]; ok {
			return leaf, at, nil
		}
	}
	for leaf := range batch.LeafCount {
		if at, ok := place[posp.SampleID(batch.ID, j, leaf)]; ok {
			return leaf, at, nil
		}
		if ctx.Err() != nil {
			return 0, 0, ctx.Err()
		}
	}
	return 0, 0, fmt.Errorf("the certified lines have none of sample %d of batch %s: the charge cannot be weighed", j, batch.ID)
}

// certified is an epoch's lines as an aggregator has them, and the tree over
// them, which is the certified one.
func (c *contests) certified(ctx context.Context, epoch uint64) (lines []posp.SampleResult, tree *merkle.Tree, ok bool, err error) {
	lines, ok, err = c.client.Samples(ctx, epoch)
	if err != nil || !ok {
		return nil, nil, false, err
	}
	values := make([]posp.Hash, len(lines))
	for i, s := range lines {
		values[i] = s.LeafHash()
	}
	root, err := c.disputes.SampleRoot(ctx, epoch)
	if err != nil {
		return nil, nil, false, err
	}
	if tree = merkle.New(values); tree.Root() != root {
		return nil, nil, false, posp.Invalidf("the aggregator's lines have root %s, certified is %s: ask another one (--aggregator)", tree.Root(), root)
	}
	return lines, tree, true, nil
}

// Weigh shows the contract the lines of a charge that was looked at.
func (c *contests) Weigh(ctx context.Context, faultID posp.Hash) error {
	c.mu.Lock()
	w, ok := c.weighed[faultID]
	c.mu.Unlock()
	if !ok {
		return fmt.Errorf("charge %s was not looked at", faultID)
	}
	return c.disputes.Weigh(ctx, faultID, w.lines)
}
