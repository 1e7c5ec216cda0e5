package provider

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httputil"
	"strconv"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

const (
	// NonceHeader of a request holds the receipt's client nonce, 32 bytes in
	// hex (posp.BuyerNonce for those who may claim refunds); random if absent.
	NonceHeader = "Posp-Nonce"
	// ReceiptHeader of an answer, a trailer when it is streamed, holds the
	// posp.SignedReceipt as JSON in base64.
	ReceiptHeader = "Posp-Receipt"
	// ErrorHeader of an answer without a receipt holds the Reason; likewise.
	ErrorHeader = "Posp-Error"
)

type callKey struct{}

// serveCall forwards a completion and records its answer.
func (p *Provider) serveCall(w http.ResponseWriter, r *http.Request, chat bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, p.cfg.MaxRequestBytes))
	if err != nil {
		p.stats.refused.Add(1)
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			writeProblem(w, refuse(http.StatusRequestEntityTooLarge, ReasonTooLarge, "the request is larger than %d bytes", large.Limit))
		} else {
			writeProblem(w, refuse(http.StatusBadRequest, ReasonBadRequest, "the request could not be read"))
		}
		return
	}
	c, problem := readCall(body, chat, r.Header.Get(NonceHeader), p.cfg.Models, p.cfg.ChatMaxTokens, p.random)
	if problem != nil {
		p.stats.refused.Add(1)
		writeProblem(w, problem)
		return
	}
	if p.cfg.Drain && c.problem == nil {
		c.problem = refuse(0, ReasonDrained, "this provider is about to leave, and gives no more receipts")
	}
	if c.problem == nil {
		p.ask(r.Context(), c)
	}
	if c.problem == nil {
		if body, err = json.Marshal(c.Fields); err != nil { // cannot fail: they were just read
			writeProblem(w, fault(http.StatusInternalServerError, ReasonInternal, "the request could not be forwarded", err))
			return
		}
	}
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, c))
	r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	sendAgain(r)
	p.proxy.ServeHTTP(w, r)
}

// ask readies a call for the server.
func (p *Provider) ask(ctx context.Context, c *call) {
	began := time.Now()
	defer func() { p.cfg.Observe("ask", time.Since(began)) }()
	ctx, cancel := context.WithTimeout(ctx, p.cfg.RecordTimeout)
	defer cancel()
	t, err := p.cfg.Dialect.Ask(ctx, p.server, &c.Request)
	if err != nil {
		c.problem = refuse(0, ReasonUpstream, "%v", err)
		return
	}
	c.transcript = t
}

func (p *Provider) newProxy() *httputil.ReverseProxy {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // the server is ours
	transport.ResponseHeaderTimeout = p.cfg.UpstreamTimeout
	transport.MaxIdleConnsPerHost = 64
	_, closes := p.cfg.Dialect.(streamCloser)
	return &httputil.ReverseProxy{
		Transport: transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(p.cfg.Upstream)
			if c, ok := r.In.Context().Value(callKey{}).(*call); ok && c.Stream && closes {
				r.Out.Close = true
			}
			r.Out.Header.Del(NonceHeader)
			// What is compressed can neither be read nor be added to.
			r.Out.Header.Set("Accept-Encoding", "identity")
		},
		ModifyResponse: p.modifyResponse,
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			if r.Context().Err() != nil { // the buyer left
				return
			}
			p.log.Error("inference server unreachable", zap.String("code", "SERVICE-DOWN"), zap.Error(err))
			writeProblem(w, fault(http.StatusBadGateway, ReasonUpstreamUnreachable, "the inference server did not answer", err))
		},
		ErrorLog: zap.NewStdLog(p.log),
	}
}

// modifyResponse attaches the receipt to the answer of a call. Errors of the
// server, and what is no answer, pass through as they are.
func (p *Provider) modifyResponse(r *http.Response) error {
	r.Header.Del(ReceiptHeader)
	r.Header.Del(ErrorHeader)
	c, ok := r.Request.Context().Value(callKey{}).(*call)
	if !ok || r.StatusCode != http.StatusOK {
		return nil
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "text/event-stream" {
		p.attachToStream(r, c)
		return nil
	}
	return p.attach(r, c)
}

// attach attaches the receipt to a whole answer.
func (p *Provider) attach(r *http.Response, c *call) error {
	ctx := r.Request.Context()
	body, err := io.ReadAll(io.LimitReader(r.Body, p.cfg.MaxAnswerBytes+1))
	if err != nil {
		return err // the answer did not arrive; ErrorHandler says so
	}
	if int64(len(body)) > p.cfg.MaxAnswerBytes {
		p.record(ctx, c, refuse(0, ReasonTooLarge, "the answer is larger than %d bytes", p.cfg.MaxAnswerBytes))
		r.Header.Set(ErrorHeader, string(ReasonTooLarge))
		r.Body = struct {
			io.Reader
			io.Closer
		}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
		return nil
	}
	r.Body.Close()
	var fields map[string]json.RawMessage
	problem := c.problem
	if err := json.Unmarshal(body, &fields); err != nil || fields == nil {
		problem = refuse(0, ReasonUpstream, "the server's answer is not a JSON object")
	} else if problem == nil {
		if err := c.transcript.Read(body); err != nil {
			problem = refuse(0, ReasonUpstream, "%v", err)
		}
	}
	attachment := p.record(ctx, c, problem)
	setHeader(r.Header, attachment)
	if fields != nil {
		if c.transcript != nil { // then Ask added to the request
			c.transcript.Strip(fields)
		}
		if fields["posp"], err = json.Marshal(attachment); err != nil {
			return err
		}
		if body, err = json.Marshal(fields); err != nil {
			return err
		}
	}
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// setHeader says in a header or trailer what the attachment says.
func setHeader(h http.Header, a Attachment) {
	if a.Error != nil {
		h.Set(ErrorHeader, string(a.Error.Code))
		return
	}
	b, err := json.Marshal(a.Receipt)
	if err == nil { // cannot fail
		h.Set(ReceiptHeader, base64.StdEncoding.EncodeToString(b))
	}
}

// ParseReceiptHeader reads what ReceiptHeader holds.
func ParseReceiptHeader(text string) (posp.SignedReceipt, error) {
	var r posp.SignedReceipt
	b, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(b, &r)
	}
	if err != nil {
		return posp.SignedReceipt{}, posp.Invalidf("header %s: %v", ReceiptHeader, err)
	}
	return r, nil
}

// writeProblem answers {"error": {"code", "message"}}, which clients of the
// OpenAI API understand.
func writeProblem(w http.ResponseWriter, p *Problem) {
	writeJSON(w, p.status, map[string]*Problem{"error": p})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil { // cannot fail: all we write are plain values
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(status)
	w.Write(b)
}
