package app

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/aggregator"
	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/telemetry"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/operator"
	"github.com/proof-of-sampling/posp/provider"
	"github.com/proof-of-sampling/posp/verdict"
)

// This file says what the roles tell in the terms of package telemetry. Spans
// hold ids and counts, never a text.

// provider takes what a provider does.
func (t *Telemetry) provider(stats func() provider.Stats) func(stage string, took time.Duration) {
	if t == nil {
		return nil
	}
	var mu sync.Mutex
	var before provider.Stats
	return t.own.Provider(func() telemetry.Provider {
		s := stats()
		mu.Lock()
		for range s.Committed - before.Committed {
			t.own.Duty(true)
		}
		for range s.Missed - before.Missed {
			t.own.Duty(false)
		}
		before = s
		mu.Unlock()
		return telemetry.Provider{Receipts: s.Receipts, Unreceipted: s.Unreceipt, Refused: s.Refused, Openings: s.Openings, Unopened: s.Unopened,
			Committed: s.Committed, Missed: s.Missed, ChainErrors: s.StepErrors}
	})
}

// traceOpenings makes spans of operators' requests for openings, in the trace
// that they come with: the sample's.
func (t *Telemetry) traceOpenings(h http.Handler) http.Handler {
	if t == nil || t.tracing == nil {
		return h
	}
	names := map[string]string{"/posp/v1/openings": "provider.open", "/posp/v1/evidence": "provider.evidence"}
	return telemetry.Receive(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, traced := names[r.URL.Path]
		if !traced {
			h.ServeHTTP(w, r)
			return
		}
		ctx, end := t.tracing.Start(r.Context(), name)
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(seen, r.WithContext(ctx))
		outcome := "ok"
		if seen.status != http.StatusOK {
			outcome = "refused"
		}
		end(outcome, attribute.Int("http.response.status_code", seen.status))
	}))
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// refusals are the reasons that an aggregator has.
var refusals = []string{transport.ReasonInvalid, transport.ReasonEarly, transport.ReasonLate, transport.ReasonUnknownOperator, transport.ReasonEquivocation,
	transport.ReasonNotCommitted, transport.ReasonWrongDigest, transport.ReasonExhausted}

// aggregator takes what an aggregator does.
func (t *Telemetry) aggregator(load func() aggregator.Load) *telemetry.Aggregator {
	if t == nil {
		return nil
	}
	return t.own.Aggregator(refusals, func() telemetry.Load { return telemetry.Load(load()) })
}

// observed watches what an aggregator serves.
func (t *Telemetry) observed(a transport.Aggregator, metrics *telemetry.Aggregator) transport.Aggregator {
	if t == nil {
		return a
	}
	return observed{a, metrics, t.tracing}
}

// observed is the aggregator's API with metrics and traces of its intake.
type observed struct {
	transport.Aggregator
	metrics *telemetry.Aggregator
	tracing *telemetry.Tracing
}

func (o observed) SubmitCommitments(ctx context.Context, c posp.Commitments) error {
	return o.take(ctx, "commit", c.Epoch, c.Operator, len(c.Items), func(ctx context.Context) error { return o.Aggregator.SubmitCommitments(ctx, c) })
}

func (o observed) SubmitReveals(ctx context.Context, r posp.Reveals) error {
	return o.take(ctx, "reveal", r.Epoch, r.Operator, len(r.Items), func(ctx context.Context) error { return o.Aggregator.SubmitReveals(ctx, r) })
}

func (o observed) SubmitShare(ctx context.Context, s posp.CertificateShare) error {
	return o.take(ctx, "sign", s.Epoch, s.Operator, 0, func(ctx context.Context) error { return o.Aggregator.SubmitShare(ctx, s) })
}

func (o observed) take(ctx context.Context, message string, epoch uint64, from posp.Address, items int, submit func(context.Context) error) error {
	began := time.Now()
	ctx, end := o.tracing.Start(ctx, "intake."+message, attribute.Int64("epoch", int64(epoch)), attribute.Stringer("operator", from), attribute.Int("samples", items))
	err := submit(ctx)
	outcome := outcomeOf(err)
	o.metrics.Message(message, outcome, time.Since(began))
	if outcome == "accepted" {
		outcome = "ok"
	}
	end(outcome)
	return err
}

// outcomeOf is what became of a message: accepted, the reason of a refusal, or
// failed, for what is not the sender's fault.
func outcomeOf(err error) string {
	var refusal interface{ Reason() string }
	var invalid *posp.ValidationError
	switch {
	case err == nil:
		return "accepted"
	case errors.As(err, &refusal):
		return refusal.Reason()
	case errors.As(err, &invalid):
		return transport.ReasonInvalid
	}
	return "failed"
}

// operator takes what an operator does.
func (t *Telemetry) operator() operator.Observer {
	if t == nil {
		return nil
	}
	return &operatorObserver{own: t.own, metrics: t.own.Operator(refusals), tracing: t.tracing}
}

type operatorObserver struct {
	own     *telemetry.Telemetry
	metrics *telemetry.Operator
	tracing *telemetry.Tracing
}

func (o *operatorObserver) Epoch(_ uint64, outcome string) { o.metrics.Epoch(outcome) }

// Begin implements operator.Observer. A stage of one sample is a span in the
// sample's trace; one of a message is a span in a trace of its own, to which
// those of its samples are linked.
func (o *operatorObserver) Begin(ctx context.Context, stage operator.Stage, epoch uint64, samples []posp.Hash) (context.Context, func(operator.Outcome)) {
	began, name, number := time.Now(), string(stage), attribute.Int64("epoch", int64(epoch))
	single := stage == operator.StageDraw || stage == operator.StageOpen || stage == operator.StageScore
	var ends []func(string, ...attribute.KeyValue)
	inStage := ctx
	if o.tracing != nil {
		if !single {
			staged, end := o.tracing.Start(ctx, name+".message", number, attribute.Int("samples", len(samples)))
			inStage, ends = staged, append(ends, end)
		}
		for _, id := range samples {
			staged, end := o.tracing.StartSample(inStage, name, id, number, attribute.Stringer("sample", id))
			if ends = append(ends, end); single {
				inStage = staged
			}
		}
	}
	switch stage {
	case operator.StageDraw:
		o.metrics.Drawn(len(samples))
	case operator.StageOpen, operator.StageScore:
		o.metrics.Active(name, 1)
	}
	return inStage, func(out operator.Outcome) {
		for _, end := range ends {
			end(out.Result, attribute.Int("tokens", out.Tokens))
		}
		o.end(stage, len(samples), out, time.Since(began))
	}
}

func (o *operatorObserver) end(stage operator.Stage, samples int, out operator.Outcome, took time.Duration) {
	ok := out.Result == operator.OutcomeOK
	switch stage {
	case operator.StageDraw:
		return
	case operator.StageOpen, operator.StageScore:
		o.metrics.Active(string(stage), -1)
		switch {
		case ok && stage == operator.StageOpen:
			o.metrics.Reached("opened", 1)
		case ok:
			o.metrics.Reached("scored", 1)
			o.metrics.Tokens(out.Tokens)
		case out.Result != operator.OutcomeEnded: // after that a restart goes on with it
			o.metrics.Missed(out.Result, 1)
			if out.Result != operator.OutcomeUnopened { // which is the provider's fault
				o.own.Duty(false)
			}
		}
	default:
		if out.Result == operator.OutcomeEnded {
			return
		}
		outcome := out.Result
		if ok {
			outcome = "taken"
		}
		o.metrics.Message(string(stage), outcome)
		if stage != operator.StageSign {
			for range min(samples, 1000) {
				o.own.Duty(ok)
			}
		}
		switch {
		case ok && stage == operator.StageCommit:
			o.metrics.Reached("committed", samples)
			o.metrics.Margin(out.Left)
		case ok && stage == operator.StageReveal:
			o.metrics.Reached("revealed", samples)
		case stage == operator.StageCommit:
			o.metrics.Missed("undelivered", samples)
		case stage == operator.StageSign:
			o.own.Duty(ok)
		}
	}
	o.metrics.Took(string(stage), took)
}

// backends shows the engines, which are a service together: up while each is well.
func (t *Telemetry) backends(status func() []backends.Status) {
	if t == nil {
		return
	}
	names := map[posp.Hash]string{}
	for _, m := range t.site.Network.Models {
		names[m.Spec.ID()] = m.Name
	}
	t.own.Backends(func() (list []telemetry.Backend) {
		for _, b := range status() {
			list = append(list, telemetry.Backend{Model: names[b.Spec], Name: b.Name, Well: b.Well, Active: b.InWork, Bound: b.Bound, Speed: b.Rate, Tokens: b.Tokens})
		}
		return list
	})
	t.own.Service(telemetry.Service{ID: "engines", Name: "engines", Description: "What recomputes samples", Look: func(context.Context) telemetry.Status {
		for _, b := range status() {
			if !b.Well {
				return telemetry.Down
			}
		}
		return telemetry.Up
	}})
}

// shadow takes what a shadow finds.
func (t *Telemetry) shadow() func(operator.Agreement) {
	if t == nil {
		return nil
	}
	take := t.own.Shadow()
	return func(a operator.Agreement) {
		take(a.Result(), a.Agree, a.Differ, a.Skipped, float64(a.Odds)/verdict.Nat)
	}
}

// auditor takes what an auditor does.
func (t *Telemetry) auditor(look func() telemetry.Watched) *telemetry.Auditor {
	if t == nil {
		return nil
	}
	var codes, verdicts []string
	for code := range watch.Codes() {
		codes = append(codes, string(code))
	}
	for _, v := range []posp.Verdict{posp.Pass, posp.Fail, posp.Inconclusive, posp.Unavailable} {
		verdicts = append(verdicts, v.String())
	}
	return t.own.Auditor(codes, audit.Checks(), []string{string(audit.OK), string(audit.Failed), string(audit.Unchecked)}, verdicts, look)
}
