package transport

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"connectrpc.com/connect"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/proto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/transport/pospv1"
)

// Client is an operator's connection to an aggregator. Refusals are *Refused;
// an answer that does not have the right form is a posp.ValidationError; all
// other errors may pass, ErrExhausted among them. What it sends is not
// compressed: log-probabilities hardly get smaller. It is safe for concurrent use.
type Client struct {
	service  pospv1.AggregatorServiceClient
	timeout  time.Duration
	maxBytes int
	reader   *Reader
}

// ClientConfig configures a Client. Zero means the default.
type ClientConfig struct {
	MaxMessageBytes int           // of all pages of an answer, decompressed; default 256 MiB
	Timeout         time.Duration // for one call; default 30 seconds
	Reader          *Reader       // nil: what private specs hide is not asked for
}

// Reader is who reads an aggregator, if it says so.
type Reader struct {
	Key       func(ctx context.Context, epoch uint64) (posp.Address, error) // that reads the epoch
	Authority posp.Authority
	Sign      func(ctx context.Context, key posp.Address, digest posp.Hash) ([]byte, error) // by ECDSA: 65 bytes
	Now       func() time.Time
}

// ask signs a request to read.
func (r *Reader) ask(ctx context.Context, epoch uint64) (*pospv1.Reader, error) {
	key, err := r.Key(ctx, epoch)
	if err != nil {
		return nil, err
	}
	q := posp.ReadRequest{Epoch: epoch, Reader: key, Expires: uint64(r.Now().Add(posp.ReadTime / 2).Unix())}
	signature, err := r.Sign(ctx, key, q.Digest(r.Authority))
	if err != nil {
		return nil, fmt.Errorf("sign request for reveals: %w", err)
	}
	return &pospv1.Reader{Address: q.Reader[:], Expires: q.Expires, Signature: signature}, nil
}

// NewClient talks to the aggregator at a URL such as http://127.0.0.1:9090.
// Nothing is sent yet.
func NewClient(rawURL string, cfg ClientConfig) (*Client, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("aggregator URL %q is not a URL such as http://127.0.0.1:9090", rawURL)
	}
	set(&cfg.MaxMessageBytes, 256<<20)
	set(&cfg.Timeout, 30*time.Second)
	return &Client{timeout: cfg.Timeout, maxBytes: cfg.MaxMessageBytes, reader: cfg.Reader, service: pospv1.NewAggregatorServiceClient(newHTTP(), u.String(),
		connect.WithReadMaxBytes(cfg.MaxMessageBytes))}, nil
}

// newHTTP follows no redirects: where a peer is, the chain or a flag says.
func newHTTP() *http.Client {
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: traced{&http.Transport{
			DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
			TLSHandshakeTimeout:    5 * time.Second,
			MaxIdleConnsPerHost:    4,
			IdleConnTimeout:        time.Minute,
			MaxResponseHeaderBytes: 64 << 10,
		}},
	}
}

// traced tells peers of which trace a request is (W3C trace context), if it is of any.
type traced struct{ http.RoundTripper }

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	if trace.SpanContextFromContext(r.Context()).IsValid() {
		r = r.Clone(r.Context()) // a RoundTripper does not change what it is given
		propagation.TraceContext{}.Inject(r.Context(), propagation.HeaderCarrier(r.Header))
	}
	return t.RoundTripper.RoundTrip(r)
}

// call makes one call within the timeout.
func call[Req, Res any](ctx context.Context, c *Client, what string, do func(context.Context, *Req) (Res, error), m *Req) (res Res, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if res, err = do(ctx, m); err != nil {
		return res, fmt.Errorf("%s: %w", what, fromConnect(err))
	}
	return res, nil
}

// SubmitCommitments sends an operator's commitments.
func (c *Client) SubmitCommitments(ctx context.Context, v posp.Commitments) error {
	_, err := call(ctx, c, "submit commitments", c.service.SubmitCommitments, &pospv1.SubmitCommitmentsRequest{Commitments: commitmentsToProto(v)})
	return err
}

// SubmitReveals sends an operator's reveals.
func (c *Client) SubmitReveals(ctx context.Context, v posp.Reveals) error {
	_, err := call(ctx, c, "submit reveals", c.service.SubmitReveals, &pospv1.SubmitRevealsRequest{Reveals: revealsToProto(v)})
	return err
}

// SubmitShare sends an operator's signature of a certificate digest.
func (c *Client) SubmitShare(ctx context.Context, v posp.CertificateShare) error {
	_, err := call(ctx, c, "submit share", c.service.SubmitShare, &pospv1.SubmitShareRequest{Share: shareToProto(v)})
	return err
}

// Commitments is an epoch's set of commitments; ok once it is frozen.
func (c *Client) Commitments(ctx context.Context, epoch uint64) (frozen []posp.Commitments, ok bool, err error) {
	var r reader
	m := &pospv1.GetCommitmentsRequest{Epoch: epoch}
	ok, err = pages(ctx, c, "get commitments", c.service.GetCommitments, m, &m.From, func(res *pospv1.GetCommitmentsResponse) (bool, error) {
		frozen = join(frozen, each(res.Commitments, r.commitments),
			func(c *posp.Commitments) (posp.Address, *[]posp.SampleCommitment) { return c.Operator, &c.Items })
		return res.Frozen, r.err
	})
	if err != nil || !ok {
		return nil, false, err
	}
	for _, v := range frozen {
		slices.SortFunc(v.Items, func(a, b posp.SampleCommitment) int { return a.SampleID.Cmp(b.SampleID) })
	}
	return frozen, true, nil
}

// join puts a page behind those before it: an operator's items may be on
// several. of is whose a message is, and its items.
func join[M, I any](all, page []M, of func(*M) (posp.Address, *[]I)) []M {
	for i := range page {
		who, items := of(&page[i])
		if last := len(all) - 1; last >= 0 {
			if before, to := of(&all[last]); before == who {
				*to = append(*to, *items...)
				continue
			}
		}
		all = append(all, page[i])
	}
	return all
}

// Reveals is an epoch's set of reveals; ok once it is final. Openings of private
// specs are withheld from whom they are not for.
func (c *Client) Reveals(ctx context.Context, epoch uint64) (final []posp.Reveals, ok bool, err error) {
	m := &pospv1.GetRevealsRequest{Epoch: epoch}
	if c.reader != nil {
		if m.Reader, err = c.reader.ask(ctx, epoch); err != nil {
			return nil, false, err
		}
	}
	var r reader
	ok, err = pages(ctx, c, "get reveals", c.service.GetReveals, m, &m.From, func(res *pospv1.GetRevealsResponse) (bool, error) {
		final = join(final, each(res.Reveals, r.reveals), func(v *posp.Reveals) (posp.Address, *[]posp.Reveal) { return v.Operator, &v.Items })
		return res.Final, r.err
	})
	if err != nil || !ok {
		return nil, false, err
	}
	for _, v := range final {
		slices.SortFunc(v.Items, func(a, b posp.Reveal) int { return a.SampleID.Cmp(b.SampleID) })
	}
	return final, true, nil
}

// Samples are an epoch's leaves under its result's sample root, by (batch, j);
// ok once there is a result.
func (c *Client) Samples(ctx context.Context, epoch uint64) (all []posp.SampleResult, ok bool, err error) {
	var r reader
	m := &pospv1.GetSamplesRequest{Epoch: epoch}
	ok, err = pages(ctx, c, "get samples", c.service.GetSamples, m, &m.From, func(res *pospv1.GetSamplesResponse) (bool, error) {
		all = append(all, each(res.Samples, r.sample)...)
		return res.Derived, r.err
	})
	if err != nil || !ok {
		return nil, false, err
	}
	return all, true, nil
}

// page is an answer with a next one.
type page interface {
	proto.Message
	GetNext() []byte
}

// pages asks for one page after another; take gets each, and says if there is
// anything yet. All of them together are bounded as one message is.
func pages[Req any, Res page](ctx context.Context, c *Client, what string, do func(context.Context, *Req) (Res, error), m *Req, from *[]byte, take func(Res) (bool, error)) (ok bool, err error) {
	for room := c.maxBytes; ; {
		res, err := call(ctx, c, what, do, m)
		if err != nil {
			return false, err
		}
		if room -= proto.Size(res); room < 0 {
			return false, posp.Invalidf("%s: the aggregator's answer is longer than %d bytes", what, c.maxBytes)
		}
		if ok, err = take(res); err != nil || !ok {
			return false, err
		}
		next := res.GetNext()
		if len(next) == 0 {
			return true, nil
		}
		if bytes.Compare(next, *from) <= 0 {
			return false, posp.Invalidf("%s: the aggregator's pages do not go on", what)
		}
		*from = next
	}
}

// Outcome is what the aggregator made of an epoch; ok once there is a result.
func (c *Client) Outcome(ctx context.Context, epoch uint64) (o Outcome, ok bool, err error) {
	res, err := call(ctx, c, "get result", c.service.GetResult, &pospv1.GetResultRequest{Epoch: epoch})
	if err != nil || res.Result == nil {
		return Outcome{}, false, err
	}
	var r reader
	o = r.outcome(res)
	return o, r.err == nil, r.err
}

// Equivocations are what operators signed twice for one duty of an epoch. The
// signatures are for the caller to verify.
func (c *Client) Equivocations(ctx context.Context, epoch uint64) (all []posp.Equivocation, err error) {
	var r reader
	m := &pospv1.GetEquivocationsRequest{Epoch: epoch}
	_, err = pages(ctx, c, "get equivocations", c.service.GetEquivocations, m, &m.From, func(res *pospv1.GetEquivocationsResponse) (bool, error) {
		all = append(all, each(res.Equivocations, r.equivocation)...)
		return true, r.err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// Digest is the certificate digest that the aggregator derived, with the
// result that it is of.
func (c *Client) Digest(ctx context.Context, epoch uint64) (digest posp.Hash, ok bool, err error) {
	o, ok, err := c.Outcome(ctx, epoch)
	return o.Digest, ok, err
}
