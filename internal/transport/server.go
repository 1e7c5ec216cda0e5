package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel/propagation"
	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"

	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

// ServerConfig configures a Server. Zero means the default
// where one is named.
type ServerConfig struct {
	MaxMessageBytes int           // of one request, decompressed; default 64 MiB
	MaxBytes        int           // of all requests in work, or one that is larger; more wait for their turn; default 32 MiB
	Pages           int           // answers being made at once, pages of a megabyte; more wait for their turn; default 4
	Concurrent      int           // requests in work at once; more are told to try again; default 64
	PeerConcurrent  int           // of one address (IPv6: of one /64); default 32
	PeerRate        float64       // requests a second of one address, over time; default 1000
	PeerBurst       int           // at once after a pause; default 2000
	Timeout         time.Duration // for one request, body and answer; default 30 seconds
	Grace           time.Duration // for requests in work when it ends; default 1 second
	Log             http.Handler  // of the transparency log, below /log; nil for none
}

func (c ServerConfig) withDefaults() ServerConfig {
	set(&c.MaxMessageBytes, 64<<20)
	set(&c.MaxBytes, 32<<20)
	set(&c.Pages, 4)
	set(&c.Concurrent, 64)
	set(&c.PeerConcurrent, 32)
	set(&c.PeerRate, 1000)
	set(&c.PeerBurst, 2000)
	set(&c.Timeout, 30*time.Second)
	set(&c.Grace, time.Second)
	return c
}

func set[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Server serves an aggregator on a listener.
type Server struct {
	cfg      ServerConfig
	log      *zap.Logger
	listener net.Listener
	http     *http.Server
}

// NewServer takes the listener over: Run closes it. Until then connections
// wait.
func NewServer(l net.Listener, cfg ServerConfig, a Aggregator, log *zap.Logger) *Server {
	cfg = cfg.withDefaults()
	s := &Server{cfg: cfg, log: log, listener: l}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	s.http = &http.Server{
		Handler:           s.handler(a),
		Protocols:         &protocols,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       cfg.Timeout,
		WriteTimeout:      cfg.Timeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          zap.NewStdLog(log.Named("http")),
	}
	return s
}

// Run serves until ctx ends, then gives requests in work the grace time.
func (s *Server) Run(ctx context.Context) error {
	ended := make(chan error, 1)
	go func() { ended <- s.http.Serve(s.listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve on %s: %w", s.listener.Addr(), err)
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Grace)
	defer cancel()
	if err := s.http.Shutdown(grace); err != nil {
		s.http.Close() // cuts off what would not end
	}
	<-ended
	return nil
}

func (s *Server) handler(a Aggregator) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(pospv1.NewAggregatorServiceHandler(api{a}, connect.WithReadMaxBytes(s.cfg.MaxMessageBytes), connect.WithCompressMinBytes(1<<10),
		connect.WithInterceptors(connect.UnaryInterceptorFunc(s.translate), turns(s.cfg.Pages))))
	if s.cfg.Log != nil {
		mux.Handle("GET /log/", http.StripPrefix("/log", s.cfg.Log))
	}
	seats := make(chan struct{}, s.cfg.Concurrent)
	bytes := semaphore.NewWeighted(int64(s.cfg.MaxBytes))
	peers := Peers{Concurrent: s.cfg.PeerConcurrent, Rate: s.cfg.PeerRate, Burst: s.cfg.PeerBurst}
	refusals := connect.NewErrorWriter()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse := func(why string) {
			if err := refusals.Write(w, r, connect.NewError(connect.CodeResourceExhausted, errors.New(why+": try again"))); err != nil {
				s.log.Debug("refusal not sent", zap.Error(err))
			}
		}
		leave, ok := peers.Enter(r.RemoteAddr)
		if !ok {
			refuse("too many requests from this address")
			return
		}
		defer leave()
		select {
		case seats <- struct{}{}:
			defer func() { <-seats }()
		default:
			refuse("too many requests at once")
			return
		}
		traced := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
		ctx, cancel := context.WithTimeout(traced, s.cfg.Timeout)
		defer cancel()
		need := s.weight(r)
		wait, enough := context.WithTimeout(ctx, s.cfg.Timeout/2) // the rest is for the answer
		err := bytes.Acquire(wait, need)
		if enough(); err != nil {
			refuse("too many bytes at once")
			return
		}
		defer bytes.Release(need)
		// Connect bounds messages; this bounds what it skips over in between.
		r.Body = http.MaxBytesReader(w, r.Body, int64(s.cfg.MaxMessageBytes)+1<<10)
		mux.ServeHTTP(w, r.WithContext(ctx))
	})
}

// weight is how many bytes a request may come to: what it says, or as many as a
// message may have if that is not said, or said of something compressed.
func (s *Server) weight(r *http.Request) int64 {
	n := r.ContentLength
	for _, h := range []string{"Content-Encoding", "Connect-Content-Encoding", "Grpc-Encoding"} {
		if e := r.Header.Get(h); e != "" && e != "identity" {
			n = -1
		}
	}
	if r.Method == http.MethodGet {
		return 0 // in the URL, which the header's limit bounds
	}
	if n < 0 {
		n = int64(s.cfg.MaxMessageBytes)
	}
	return min(n, int64(s.cfg.MaxBytes))
}

// translate turns the aggregator's errors into the wire's.
func (s *Server) translate(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, r connect.AnyRequest) (connect.AnyResponse, error) {
		res, err := next(ctx, r)
		if err == nil {
			return res, nil
		}
		wire, own := toConnect(err)
		if own {
			s.log.Error("request not served", zap.String("code", "INTAKE-FAILED"), zap.String("procedure", r.Spec().Procedure), zap.Error(err))
		} else {
			s.log.Debug("request refused", zap.String("procedure", r.Spec().Procedure), zap.Error(err))
		}
		return nil, wire
	}
}

// turns lets so many answers be made at once that are pages; more wait until
// their deadline. Who reads slowly holds no turn.
func turns(pages int) connect.UnaryInterceptorFunc {
	turn := semaphore.NewWeighted(int64(pages))
	return func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, r connect.AnyRequest) (connect.AnyResponse, error) {
			if r.Spec().IdempotencyLevel != connect.IdempotencyNoSideEffects {
				return next(ctx, r)
			}
			if err := turn.Acquire(ctx, 1); err != nil {
				return nil, err
			}
			defer turn.Release(1)
			return next(ctx, r)
		}
	}
}

// api is the service in the vocabulary's terms.
type api struct{ to Aggregator }

func (a api) SubmitCommitments(ctx context.Context, m *pospv1.SubmitCommitmentsRequest) (*pospv1.SubmitCommitmentsResponse, error) {
	var r reader
	c := r.commitments(m.Commitments)
	if r.err != nil {
		return nil, r.err
	}
	return &pospv1.SubmitCommitmentsResponse{}, a.to.SubmitCommitments(ctx, c)
}

func (a api) SubmitReveals(ctx context.Context, m *pospv1.SubmitRevealsRequest) (*pospv1.SubmitRevealsResponse, error) {
	var r reader
	v := r.reveals(m.Reveals)
	if r.err != nil {
		return nil, r.err
	}
	return &pospv1.SubmitRevealsResponse{}, a.to.SubmitReveals(ctx, v)
}

func (a api) SubmitShare(ctx context.Context, m *pospv1.SubmitShareRequest) (*pospv1.SubmitShareResponse, error) {
	var r reader
	s := r.share(m.Share)
	if r.err != nil {
		return nil, r.err
	}
	return &pospv1.SubmitShareResponse{}, a.to.SubmitShare(ctx, s)
}

func (a api) GetCommitments(ctx context.Context, m *pospv1.GetCommitmentsRequest) (*pospv1.GetCommitmentsResponse, error) {
	page, next, ok, err := a.to.CommitmentsPage(ctx, m.Epoch, m.From)
	if err != nil || !ok {
		return &pospv1.GetCommitmentsResponse{}, err
	}
	return &pospv1.GetCommitmentsResponse{Frozen: true, Commitments: each(page, commitmentsToProto), Next: next}, nil
}

func (a api) GetReveals(ctx context.Context, m *pospv1.GetRevealsRequest) (*pospv1.GetRevealsResponse, error) {
	var r reader
	by := r.read(m.Epoch, m.Reader)
	if r.err != nil {
		return nil, r.err
	}
	page, next, ok, err := a.to.RevealsPage(ctx, m.Epoch, m.From, by)
	if err != nil || !ok {
		return &pospv1.GetRevealsResponse{}, err
	}
	return &pospv1.GetRevealsResponse{Final: true, Reveals: each(page, revealsToProto), Next: next}, nil
}

func (a api) GetSamples(ctx context.Context, m *pospv1.GetSamplesRequest) (*pospv1.GetSamplesResponse, error) {
	page, next, ok, err := a.to.SamplesPage(ctx, m.Epoch, m.From)
	if err != nil || !ok {
		return &pospv1.GetSamplesResponse{}, err
	}
	return &pospv1.GetSamplesResponse{Derived: true, Samples: each(page, sampleToProto), Next: next}, nil
}

func (a api) GetResult(ctx context.Context, m *pospv1.GetResultRequest) (*pospv1.GetResultResponse, error) {
	o, ok, err := a.to.Outcome(ctx, m.Epoch)
	if err != nil || !ok {
		return &pospv1.GetResultResponse{}, err
	}
	return outcomeToProto(o), nil
}

func (a api) GetEquivocations(ctx context.Context, m *pospv1.GetEquivocationsRequest) (*pospv1.GetEquivocationsResponse, error) {
	page, next, err := a.to.EquivocationsPage(ctx, m.Epoch, m.From)
	if err != nil {
		return nil, err
	}
	return &pospv1.GetEquivocationsResponse{Equivocations: each(page, equivocationToProto), Next: next}, nil
}
