package operator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/verdict"
)

// recompute opens and scores the samples, each as soon as it is there, until
// all are or the time to commit comes. A sample that its provider did not open
// in its time gets evidence "none"; one that this operator could not score is
// left out, since not being able to tell is evidence against nobody. The
// result ascends by sample.
func (o *Operator) recompute(ctx context.Context, epoch uint64, tasks []task, log *zap.Logger) ([]posp.Reveal, error) {
	s := o.cfg.Parameters.Schedule
	sendBy := s.CommitDeadline(epoch) - o.cfg.CommitMargin
	openBy := sendBy - o.cfg.CommitMargin
	scoring, cancel := o.head.before(ctx, sendBy)
	defer cancel()
	opening, cancel := o.head.before(ctx, openBy)
	defer cancel()

	var mu sync.Mutex
	var found []posp.Reveal
	err := o.perProvider(tasks, func(t task) error {
		opened, asked := o.open(opening, t, log)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if opened == nil && !asked {
			return nil // this operator came too late to ask
		}
		evidence := posp.Evidence{Kind: posp.EvidenceNone}
		if opened != nil {
			var err error
			if evidence, err = o.score(scoring, *opened); err != nil {
				log.Warn("sample not scored, and left out", zap.Stringer("sample", t.SampleID), zap.Error(err))
				return ctx.Err()
			}
		} else {
			log.Info("sample not opened by its provider", zap.Stringer("sample", t.SampleID), zap.Stringer("provider", t.provider.Provider))
		}
		r := posp.Reveal{SampleID: t.SampleID, Evidence: evidence.Encode(), Opening: opened}
		mu.Lock()
		defer mu.Unlock()
		if _, err := io.ReadFull(o.cfg.Random, r.Salt[:]); err != nil {
			return fmt.Errorf("make salt: %w", err)
		}
		found = append(found, r)
		return nil
	})
	slices.SortFunc(found, func(a, b posp.Reveal) int { return bytes.Compare(a.SampleID[:], b.SampleID[:]) })
	return found, err
}

// perProvider works on tasks, a few of each provider at once, so that one who
// keeps operators waiting delays nobody else's.
func (o *Operator) perProvider(tasks []task, work func(task) error) error {
	by := map[posp.Address][]task{}
	for _, t := range tasks {
		by[t.batch.Provider] = append(by[t.batch.Provider], t)
	}
	var all errgroup.Group
	for _, list := range by {
		all.Go(func() error {
			var g errgroup.Group
			g.SetLimit(o.cfg.Fetches)
			for _, t := range list {
				g.Go(func() error { return work(t) })
			}
			return g.Wait()
		})
	}
	return all.Wait()
}

// request is a signed request for a sample's leaf.
func (o *Operator) request(ctx context.Context, t task) (posp.OpenRequest, error) {
	r := posp.OpenRequest{BatchID: t.BatchID, Leaf: t.Leaf, Operator: o.cfg.Operator}
	sig, err := o.signer.Sign(ctx, r.Digest(o.cfg.Domain))
	r.Signature = sig
	return r, wrap("sign request for an opening", err)
}

// open asks for an opening until it gets one that is right or ctx ends. asked
// says whether the provider had at least one chance.
func (o *Operator) open(ctx context.Context, t task, log *zap.Logger) (opened *posp.Opening, asked bool) {
	for ctx.Err() == nil {
		r, err := o.request(ctx, t)
		if err == nil {
			var v posp.Opening
			if v, err = o.openings.Opening(ctx, t.provider.URL, r); err == nil {
				err = verdict.VerifyOpening(o.cfg.Domain, t.batch.Batch, t.Leaf, t.provider.ReceiptKey, v)
			}
			if err == nil {
				return &v, true
			}
			asked = asked || ctx.Err() == nil // an answer cut off by us says nothing of the provider
		}
		log.Debug("sample not opened, trying again", zap.Stringer("sample", t.SampleID), zap.Error(err))
		if o.pause(ctx) != nil {
			break
		}
	}
	return nil, asked
}

// score recomputes an opened sample. An error means that this operator cannot
// tell. Where the opening alone shows what is wrong there is nothing to
// recompute, and the evidence has no positions.
func (o *Operator) score(ctx context.Context, v posp.Opening) (posp.Evidence, error) {
	id := v.Receipt.SpecID
	spec := slices.IndexFunc(o.cfg.Specs, func(s verdict.Spec) bool { return s.Spec.ID() == id })
	scorer := o.cfg.Scorers[id]
	switch {
	case spec < 0:
		return posp.Evidence{}, fmt.Errorf("spec %s is not verified by this network", id)
	case verdict.CheckOpening(o.cfg.Specs[spec].Spec, v) != posp.ClassNone:
		return posp.Evidence{Kind: posp.EvidenceFull}, nil
	case scorer == nil:
		return posp.Evidence{}, fmt.Errorf("this operator does not run the model of spec %s", id)
	}
	select {
	case <-ctx.Done():
		return posp.Evidence{}, ctx.Err()
	case o.scoring <- struct{}{}:
		defer func() { <-o.scoring }()
	}
	e, err := scorer.Score(ctx, v.Request.Tokens, v.Request.Sampling, v.Output.Tokens)
	if err != nil {
		return posp.Evidence{}, wrap("score", err)
	}
	// What a scorer gives must survive the way to the others.
	if e, err = posp.DecodeEvidence(e.Encode()); err != nil || e.Kind != posp.EvidenceFull || len(e.LogProb) != len(v.Output.Tokens) {
		return posp.Evidence{}, fmt.Errorf("the scorer gave no evidence for %d positions (%v)", len(v.Output.Tokens), err)
	}
	return e, nil
}

// providersParts adds to the evidence the providers' own, for each sample that
// was opened, as far as they reveal it in the first half of the time to reveal.
func (o *Operator) providersParts(ctx context.Context, epoch uint64, tasks []task, evidence []posp.Reveal, log *zap.Logger) ([]posp.Reveal, error) {
	s := o.cfg.Parameters.Schedule
	asking, cancel := o.head.before(ctx, s.CommitDeadline(epoch)+1+s.RevealBlocks/2)
	defer cancel()
	items := slices.Clone(evidence)
	at := map[posp.Hash]*posp.Reveal{}
	for i := range items {
		if items[i].Opening != nil {
			at[items[i].SampleID] = &items[i]
		}
	}
	tasks = slices.DeleteFunc(slices.Clone(tasks), func(t task) bool { return at[t.SampleID] == nil })
	err := o.perProvider(tasks, func(t task) error {
		item := at[t.SampleID]
		for asking.Err() == nil {
			r, err := o.request(asking, t)
			if err == nil {
				var p posp.EvidencePart
				if p, err = o.openings.Evidence(asking, t.provider.URL, r); err == nil {
					if p.Hash() == item.Opening.Receipt.EvidenceHash {
						item.Provider = &p
						return nil
					}
					err = posp.Invalidf("it does not match the receipt's evidenceHash")
				}
			}
			log.Debug("provider's evidence not revealed, trying again", zap.Stringer("sample", t.SampleID), zap.Error(err))
			if o.pause(asking) != nil {
				break
			}
		}
		return ctx.Err()
	})
	return items, err
}
