package telemetry

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/zap"
)

// A sample has one trace, whose id is the first 16 bytes of its own: everybody
// who has to do with it (the operators of its committee, its provider) puts
// spans into the same trace, before and after a restart, without agreeing on
// anything. Messages are of many samples. Each has a span in a trace of its own,
// to which those of its samples are linked, and goes out with its context, so
// that the aggregator's intake hangs under it.

// Tracing makes spans. nil makes none.
type Tracing struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// CheckOTLP says whether traces can be sent to a URL.
func CheckOTLP(rawURL string) error { _, err := otlpURL(rawURL); return err }

func otlpURL(rawURL string) (string, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("%q is not a URL such as http://127.0.0.1:4318", rawURL)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/v1/traces" // where collectors listen
	}
	return u.String(), nil
}

// NewTracing sends spans to the collector at a URL, OTLP over HTTP. ratio is the
// share of traces that are kept, 0 to 1: decided by the trace's id, so all
// daemons of that ratio keep the same samples'. Nothing is sent yet, and no
// collector need be there: spans that cannot be sent are dropped, and said once.
func NewTracing(ctx context.Context, rawURL string, ratio float64, role, account string, log *zap.Logger) (*Tracing, error) {
	u, err := otlpURL(rawURL)
	if err != nil {
		return nil, err
	}
	to, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u), otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}))
	if err != nil {
		return nil, fmt.Errorf("send traces to %s: %w", u, err)
	}
	version, _ := Version()
	// Strangers choose the context of their requests: the ratio decides, and not
	// their wish to be traced.
	keep := sdktrace.TraceIDRatioBased(ratio)
	p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(&quiet{to: to, log: log}), sdktrace.WithIDGenerator(ids{}),
		sdktrace.WithSampler(sdktrace.ParentBased(keep, sdktrace.WithRemoteParentSampled(keep), sdktrace.WithRemoteParentNotSampled(keep))),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", AVS+"-"+role), attribute.String("service.version", version),
			attribute.String("service.instance.id", account))))
	return &Tracing{provider: p, tracer: p.Tracer("github.com/proof-of-sampling/posp")}, nil
}

// Run keeps what is sent flowing until ctx ends, and then sends the rest.
func (t *Tracing) Run(ctx context.Context) error {
	if t == nil {
		return nil
	}
	<-ctx.Done()
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	t.provider.Shutdown(end) // what is not sent by now is lost, and only that
	return nil
}

// Start begins a span in the trace of ctx, and says what ends it: outcome is
// "ok" or one word for why not.
func (t *Tracing) Start(ctx context.Context, name string, attrs ...attribute.KeyValue) (context.Context, func(outcome string, more ...attribute.KeyValue)) {
	return t.start(ctx, name, nil, attrs)
}

func (t *Tracing) start(ctx context.Context, name string, links []trace.Link, attrs []attribute.KeyValue) (context.Context, func(string, ...attribute.KeyValue)) {
	if t == nil {
		return ctx, func(string, ...attribute.KeyValue) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithAttributes(attrs...), trace.WithLinks(links...))
	return ctx, func(outcome string, more ...attribute.KeyValue) {
		span.SetAttributes(append(more, attribute.String("outcome", outcome))...)
		if outcome != "ok" {
			span.SetStatus(codes.Error, outcome)
		}
		span.End()
	}
}

// StartSample begins a span in a sample's trace.
func (t *Tracing) StartSample(ctx context.Context, name string, sample [32]byte, attrs ...attribute.KeyValue) (context.Context, func(outcome string, more ...attribute.KeyValue)) {
	if t == nil {
		return ctx, func(string, ...attribute.KeyValue) {}
	}
	var links []trace.Link
	if at := trace.SpanContextFromContext(ctx); at.IsValid() {
		if at.TraceID() == traceOf(sample) {
			return t.start(ctx, name, nil, attrs)
		}
		links = []trace.Link{{SpanContext: at}} // of the message that the sample goes with
	}
	return t.start(inTrace(ctx, traceOf(sample)), name, links, attrs)
}

// traceOf is the trace of a sample. An id of zeros, which no hash has, would be
// none at all.
func traceOf(sample [32]byte) trace.TraceID { return trace.TraceID(sample[:16]) }

type traceKey struct{}

// inTrace is ctx without a span, whose next span begins or goes on with a trace.
func inTrace(ctx context.Context, id trace.TraceID) context.Context {
	return context.WithValue(trace.ContextWithSpanContext(ctx, trace.SpanContext{}), traceKey{}, id)
}

// ids chooses random ids, but for the traces of samples.
type ids struct{}

func (g ids) NewIDs(ctx context.Context) (trace.TraceID, trace.SpanID) {
	id, ok := ctx.Value(traceKey{}).(trace.TraceID)
	if !ok {
		rand.Read(id[:]) // never fails
	}
	return id, g.NewSpanID(ctx, id)
}

func (ids) NewSpanID(context.Context, trace.TraceID) (id trace.SpanID) {
	rand.Read(id[:])
	return id
}

// Receive is a handler under the trace context that requests carry.
func Receive(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))))
	})
}

// quiet says once that nothing arrives, and once that it does again: the SDK
// would print each failure to a logger that is nobody's.
type quiet struct {
	to     sdktrace.SpanExporter
	log    *zap.Logger
	failed atomic.Bool
}

func (q *quiet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	err := q.to.ExportSpans(ctx, spans)
	if was := q.failed.Swap(err != nil); err != nil && !was {
		q.log.Warn("traces are not taken by the collector, and dropped", zap.Error(err))
	} else if err == nil && was {
		q.log.Info("the collector takes traces again")
	}
	return nil
}

func (q *quiet) Shutdown(ctx context.Context) error { return q.to.Shutdown(ctx) }
