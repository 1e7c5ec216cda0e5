package operator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
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

	block, _ := o.head.now()
	inTime := block < openBy
	var coming atomic.Int64 // samples that are not opened yet
	coming.Store(int64(len(tasks)))
	watching, cancel := context.WithCancel(scoring)
	defer cancel()
	go o.foresee(watching, sendBy, &coming, log)

	var mu sync.Mutex
	var found []posp.Reveal
	leftOut := 0
	err := o.perProvider(tasks, func(t task, turn turns) error {
		opened, asked := o.observedOpen(opening, epoch, t, turn, inTime, log)
		coming.Add(-1)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if opened == nil && !inTime {
			return nil // who came too late to ask cannot say that it was not opened
		}
		if opened == nil && asked != nil { // nor can who could not sign a request
			log.Warn("no request for a sample could be signed: it is left out", zap.String("code", "SAMPLE-UNSCORED"), zap.Stringer("sample", t.SampleID), zap.Error(asked))
			mu.Lock()
			defer mu.Unlock()
			leftOut++
			return nil
		}
		evidence := posp.Evidence{Kind: posp.EvidenceNone}
		if opened != nil {
			var err error
			inStage, end := o.cfg.Observer.Begin(scoring, StageScore, epoch, []posp.Hash{t.SampleID})
			evidence, err = o.scoreOnce(inStage, epoch, t, sendBy, *opened, log)
			end(scored(ctx, *opened, err))
			if err != nil {
				log.Info("sample not scored, and left out", zap.String("code", "SAMPLE-UNSCORED"), zap.Stringer("sample", t.SampleID), zap.Error(err))
				mu.Lock()
				defer mu.Unlock()
				leftOut++
				return ctx.Err()
			}
		} else {
			log.Info("sample not opened by its provider", zap.Stringer("sample", t.SampleID), zap.Stringer("provider", t.provider.Provider))
		}
		r := posp.Reveal{SampleID: t.SampleID, Evidence: evidence.Encode(), Opening: opened}
		mu.Lock()
		defer mu.Unlock()
		if err := o.salt(&r.Salt); err != nil {
			return err
		}
		found = append(found, r)
		return nil
	})
	if leftOut > 0 && ctx.Err() == nil {
		log.Warn("samples are left out", zap.String("code", "SAMPLE-UNSCORED"), zap.Int("left_out", leftOut), zap.Int("of", len(tasks)))
	}
	slices.SortFunc(found, func(a, b posp.Reveal) int { return bytes.Compare(a.SampleID[:], b.SampleID[:]) })
	return found, err
}

// foresee says, once, that there is not the time for all of an epoch's samples,
// as soon as that can be told.
func (o *Operator) foresee(ctx context.Context, due uint64, coming *atomic.Int64, log *zap.Logger) {
	for {
		_, changed := o.head.now()
		if f, ok := o.queue.Forecast(due, int(coming.Load())); ok && f.Late > 0 {
			log.Warn("there is not the time for all samples: those that would be late make room for the others. More or faster backends would do them, or less stake, which draws fewer", zap.String("code", "SAMPLE-UNSCORED"),
				zap.Int("samples", f.Samples), zap.Int("late", f.Late), zap.Duration("left", f.Left.Round(time.Second)),
				zap.Float64("tokens_per_second", math.Round(f.Have)), zap.Float64("needed_tokens_per_second", math.Ceil(f.Need)))
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

func (o *Operator) salt(to *posp.Hash) error {
	o.random.Lock()
	defer o.random.Unlock()
	_, err := io.ReadFull(o.cfg.Random, to[:])
	return wrap("make salt", err)
}

// turns bounds the requests to one provider at once.
type turns chan struct{}

// perProvider works on all tasks at once. Those of one provider share turns,
// so that one who keeps operators waiting delays nobody else.
func (o *Operator) perProvider(tasks []task, work func(task, turns) error) error {
	by := map[posp.Address]turns{}
	var g errgroup.Group
	for _, t := range tasks {
		if by[t.batch.Provider] == nil {
			by[t.batch.Provider] = make(turns, o.cfg.Fetches)
		}
		turn := by[t.batch.Provider]
		g.Go(func() error { return work(t, turn) })
	}
	return g.Wait()
}

// errNotAsked says that there was not the time for a single request.
var errNotAsked = errors.New("the provider was not asked")

// ask sends signed requests for a sample's leaf, until answer is content or
// ctx ends. asked is nil if the provider had one in its hands, and else why not:
// what is not asked for is not withheld.
func (o *Operator) ask(ctx context.Context, t task, turn turns, log *zap.Logger, answer func(posp.OpenRequest) error) (ok bool, asked error) {
	asked = errNotAsked
	for {
		select {
		case <-ctx.Done():
			return false, asked
		case turn <- struct{}{}:
		}
		r := posp.OpenRequest{BatchID: t.BatchID, Leaf: t.Leaf, Operator: o.cfg.Operator}
		var err error
		if r.Signature, err = o.signer.Sign(ctx, t.key, r.Digest(o.cfg.Domain)); err == nil {
			asked, err = nil, answer(r)
		} else if asked != nil {
			asked = fmt.Errorf("sign request: %w", err)
		}
		<-turn
		if err == nil {
			return true, nil
		}
		log.Debug("not opened, trying again", zap.Stringer("sample", t.SampleID), zap.Error(err))
		if o.pause(ctx) != nil {
			return false, asked
		}
	}
}

// observedOpen is open, and says what came of it.
func (o *Operator) observedOpen(ctx context.Context, epoch uint64, t task, turn turns, inTime bool, log *zap.Logger) (opened *posp.Opening, asked error) {
	ctx, end := o.cfg.Observer.Begin(ctx, StageOpen, epoch, []posp.Hash{t.SampleID})
	opened, asked = o.open(ctx, t, turn, log)
	switch {
	case opened != nil:
		end(Outcome{Result: OutcomeOK})
	case asked != nil:
		end(Outcome{Result: OutcomeUnscored})
	case inTime:
		end(Outcome{Result: OutcomeUnopened})
	default:
		end(Outcome{Result: OutcomeLate})
	}
	return opened, asked
}

// scored is what came of scoring.
func scored(ctx context.Context, v posp.Opening, err error) Outcome {
	switch {
	case err == nil:
		return Outcome{Result: OutcomeOK, Tokens: len(v.Output.Tokens)}
	case ctx.Err() != nil:
		return Outcome{Result: OutcomeEnded}
	}
	return Outcome{Result: OutcomeUnscored}
}

// open is the sample's opening, verified; nil if there was none until ctx ended.
// asked is as ask says.
func (o *Operator) open(ctx context.Context, t task, turn turns, log *zap.Logger) (opened *posp.Opening, asked error) {
	var v posp.Opening
	ok, asked := o.ask(ctx, t, turn, log, func(r posp.OpenRequest) (err error) {
		if v, err = o.openings.Opening(ctx, t.provider.URL, r); err == nil {
			err = verdict.VerifyOpening(o.cfg.Domain, t.batch.Batch, t.Leaf, t.provider.ReceiptKey, v)
		}
		return err
	})
	if !ok {
		return nil, asked
	}
	return &v, nil
}

// scoreOnce is score, kept until the epoch's evidence is recorded: a restart does
// not recompute it.
func (o *Operator) scoreOnce(ctx context.Context, epoch uint64, t task, due uint64, v posp.Opening, log *zap.Logger) (posp.Evidence, error) {
	e, ok, err := o.guard.scored(ctx, epoch, t.SampleID)
	if err == nil && ok {
		return e, nil
	}
	if err != nil {
		log.Debug("kept score not read, computing it again", zap.Stringer("sample", t.SampleID), zap.Error(err))
	}
	if e, err = o.score(ctx, due, v); err != nil {
		return e, err
	}
	if err := o.guard.keepScore(ctx, epoch, t.SampleID, e); err != nil {
		log.Debug("score not kept", zap.Stringer("sample", t.SampleID), zap.Error(err))
	}
	return e, nil
}

// score recomputes an opened sample, which is of use until a block. An error means
// that this operator cannot tell. Where the opening alone shows what is wrong
// there is nothing to recompute, and the evidence has no positions.
func (o *Operator) score(ctx context.Context, due uint64, v posp.Opening) (posp.Evidence, error) {
	id := v.Receipt.SpecID
	spec := slices.IndexFunc(o.cfg.Specs, func(s verdict.Spec) bool { return s.Spec.ID() == id })
	switch {
	case spec < 0:
		return posp.Evidence{}, fmt.Errorf("spec %s is not verified by this network", id)
	case verdict.CheckOpening(o.cfg.Specs[spec].Spec, v) != posp.ClassNone:
		return posp.Evidence{Kind: posp.EvidenceFull}, nil
	case !o.queue.Serves(id):
		return posp.Evidence{}, fmt.Errorf("this operator does not run the model of spec %s", id)
	}
	e, err := o.queue.Score(ctx, backends.Job{Spec: id, Due: due, Prompt: v.Request.Tokens, Sampling: v.Request.Sampling, Output: v.Output.Tokens})
	return e, wrap("score", err)
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
	err := o.perProvider(tasks, func(t task, turn turns) error {
		item := at[t.SampleID]
		o.ask(asking, t, turn, log, func(r posp.OpenRequest) error {
			p, err := o.openings.Evidence(asking, t.provider.URL, r)
			if err != nil {
				return err
			}
			if p.Hash() != item.Opening.Receipt.EvidenceHash {
				return posp.Invalidf("evidence does not match the receipt's evidenceHash")
			}
			item.Provider = &p
			return nil
		})
		return ctx.Err()
	})
	return items, err
}
