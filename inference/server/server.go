// Package server serves a model as a provider's inference server does: the OpenAI API with vLLM's extensions, so
// far as a recorder in front of it needs. It does not know what generates: an engine, or a cheat.
package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Options of a server. The zero value of each but Name and Config means its default.
type Options struct {
	Name        string        // the model's id in the API
	Config      model.Config  // vocabulary and context that requests are checked against
	Concurrency int           // requests that generate at once; default 4
	Queue       int           // requests that wait beyond that; more are refused with 429; default 64
	MaxBody     int64         // bytes of a request; default 1 MiB
	WriteLimit  time.Duration // how long a client may take to accept one piece of a stream; default 10 s
	Now         func() time.Time
	Random      io.Reader // ids, and seeds of requests without one; default crypto/rand
	Log         *zap.Logger
}

// server is the http.Handler.
type server struct {
	Options
	g       inference.Generator
	mux     *http.ServeMux
	admit   chan struct{} // a place in the house: generating or waiting
	running chan struct{} // a place to generate
}

// New returns a handler that serves g at /v1/models, /v1/completions, /v1/chat/completions and /health. A client
// that goes away ends its request.
func New(g inference.Generator, o Options) http.Handler {
	def := func(value *int, otherwise int) {
		if *value <= 0 {
			*value = otherwise
		}
	}
	def(&o.Concurrency, 4)
	def(&o.Queue, 64)
	if o.MaxBody <= 0 {
		o.MaxBody = 1 << 20
	}
	if o.WriteLimit <= 0 {
		o.WriteLimit = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	s := &server{Options: o, g: g, mux: http.NewServeMux(),
		admit: make(chan struct{}, o.Concurrency+o.Queue), running: make(chan struct{}, o.Concurrency)}
	s.mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	s.mux.HandleFunc("GET /v1/models", s.models)
	s.mux.HandleFunc("POST /v1/completions", func(w http.ResponseWriter, r *http.Request) { s.serve(completion, w, r) })
	s.mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) { s.serve(chat, w, r) })
	return s
}

// ServeHTTP answers a path or method that does not exist as the API answers every other error.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := s.mux.Handler(r); pattern == "" {
		refuse(w, &apiError{http.StatusNotFound, "not_found_error", fmt.Sprintf("there is no %s %s here", r.Method, r.URL.Path)})
		return
	}
	s.mux.ServeHTTP(w, r)
}

func (s *server) models(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"object": "list", "data": []any{map[string]any{
		"id": s.Name, "object": "model", "created": 0, "owned_by": "posp", "max_model_len": s.Config.ContextLength,
	}}})
}

// apiError is a refusal with its HTTP status and OpenAI error type.
type apiError struct {
	status  int
	kind    string
	message string
}

func (e *apiError) Error() string { return e.message }

// asAPIError says how err is told to a client. Only what the client did wrong is told in detail.
func asAPIError(err error) *apiError {
	var told *apiError
	var invalid *posp.ValidationError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &told):
		return told
	case errors.As(err, &invalid):
		return &apiError{http.StatusBadRequest, "invalid_request_error", invalid.Reason}
	case errors.As(err, &large):
		return &apiError{http.StatusRequestEntityTooLarge, "invalid_request_error", fmt.Sprintf("the body is larger than %d bytes", large.Limit)}
	}
	return &apiError{http.StatusInternalServerError, "server_error", "the server could not answer"}
}

// MarshalJSON is the error document.
func (e *apiError) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"error": map[string]any{"message": e.message, "type": e.kind, "param": nil, "code": e.status}})
}

func refuse(w http.ResponseWriter, e *apiError) {
	if e.status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	answer(w, e.status, e)
}

// answer writes v as JSON. A client that does not take it is no error of ours.
func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// serve handles one generating request from its body to its last byte.
func (s *server) serve(d dialect, w http.ResponseWriter, r *http.Request) {
	start := s.Now()
	j, err := s.read(d, w, r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	leave, err := s.enter(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	defer leave()
	id := make([]byte, 16)
	if _, err := io.ReadFull(s.Random, id); err != nil {
		s.fail(w, r, fmt.Errorf("draw an id: %w", err))
		return
	}
	a := &exchange{server: s, d: d, j: j, writer: writer{d: d, j: j}, id: hex.EncodeToString(id), created: start.Unix()}
	if j.stream {
		err = a.stream(r.Context(), w)
	} else {
		err = a.whole(r.Context(), w)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Debug("answered", zap.String("path", r.URL.Path), zap.Int("prompt_tokens", len(j.Prompt)),
		zap.Int("output_tokens", a.made), zap.Duration("took", s.Now().Sub(start)))
}

// fail tells the client, if it is still there, and the log, if it is our fault.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		s.Log.Debug("client went away", zap.String("path", r.URL.Path))
		return
	}
	e := asAPIError(err)
	if e.status >= 500 {
		s.Log.Error("request failed", zap.String("path", r.URL.Path), zap.Error(err))
	}
	refuse(w, e)
}

// read takes the body and understands it.
func (s *server) read(d dialect, w http.ResponseWriter, r *http.Request) (job, error) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.MaxBody))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return job{}, err
		}
		return job{}, posp.Invalidf("the body ends too early")
	}
	j, err := parse(d, text, s.Config, s.Random)
	if err != nil {
		return job{}, err
	}
	if j.model != "" && j.model != s.Name {
		return job{}, &apiError{http.StatusNotFound, "not_found_error", fmt.Sprintf("there is no model %.80q here, only %q", j.model, s.Name)}
	}
	return j, nil
}

// enter waits for a place to generate; leave frees it.
func (s *server) enter(ctx context.Context) (leave func(), err error) {
	select {
	case s.admit <- struct{}{}:
	default:
		return nil, &apiError{http.StatusTooManyRequests, "rate_limit_error", fmt.Sprintf("%d requests are already waiting; try again", s.Queue)}
	}
	select {
	case s.running <- struct{}{}:
		return func() { <-s.running; <-s.admit }, nil
	case <-ctx.Done():
		<-s.admit
		return nil, ctx.Err()
	}
}

// exchange is one request that is being answered.
type exchange struct {
	*server
	d       dialect
	j       job
	writer  writer
	id      string
	created int64
	made    int // output tokens so far
}

// envelope is a response without its content.
func (a *exchange) envelope(choices ...choice) response {
	r := response{ID: "cmpl-" + a.id, Object: "text_completion", Created: a.created, Model: a.Name, Choices: choices}
	switch {
	case a.d == chat && a.j.stream:
		r.ID, r.Object = "chatcmpl-"+a.id, "chat.completion.chunk"
	case a.d == chat:
		r.ID, r.Object = "chatcmpl-"+a.id, "chat.completion"
	}
	if r.Choices == nil {
		r.Choices = []choice{}
	}
	return r
}

func (a *exchange) usage() *usage {
	return &usage{PromptTokens: len(a.j.Prompt), CompletionTokens: a.made, TotalTokens: len(a.j.Prompt) + a.made}
}

// withPrompt adds the prompt's token ids to r, if they were asked for.
func (a *exchange) withPrompt(r response) response {
	if a.j.returnTokenIDs {
		r.Choices[0].PromptTokenIDs = a.j.Prompt
		if a.d == chat {
			r.PromptTokenIDs = a.j.Prompt
		}
	}
	return r
}

// choice renders tokens; with last everything that is left.
func (a *exchange) choice(tokens []inference.Token, last bool) choice {
	content, logprobs := a.writer.piece(tokens, last)
	c := choice{Logprobs: logprobs}
	switch {
	case a.d == completion:
		c.Text = &content
	case a.j.stream:
		c.Delta = &text{Content: &content}
	default:
		c.Message = &text{Role: "assistant", Content: &content}
	}
	if a.j.returnTokenIDs {
		for _, t := range tokens {
			c.TokenIDs = append(c.TokenIDs, t.ID)
		}
	}
	a.made += len(tokens)
	return c
}

// whole generates everything and answers with it.
func (a *exchange) whole(ctx context.Context, w http.ResponseWriter) error {
	tokens, finish, err := inference.Collect(ctx, a.g, a.j.Request)
	if err != nil {
		return err
	}
	c, reason := a.choice(tokens, true), finishReason(finish)
	c.FinishReason = &reason
	r := a.withPrompt(a.envelope(c))
	r.Usage = a.usage()
	answer(w, http.StatusOK, r)
	return nil
}

// stream sends one event for each token, then one with the finish reason, then usage if asked for, then [DONE].
// The status is sent with the first token, so that a request which cannot be served is still refused properly;
// what fails later is an event with the error.
func (a *exchange) stream(ctx context.Context, w http.ResponseWriter) error {
	e := &events{w: w, control: http.NewResponseController(w), limit: a.WriteLimit}
	defer e.end()
	first := true
	finish, err := a.g.Generate(ctx, a.j.Request, func(t inference.Token) error {
		if first && a.d == chat {
			empty := ""
			if err := e.send(a.withPrompt(a.envelope(choice{Delta: &text{Role: "assistant", Content: &empty}}))); err != nil {
				return err
			}
		}
		r := a.envelope(a.choice([]inference.Token{t}, false))
		if first && a.d == completion {
			r = a.withPrompt(r)
		}
		first = false
		return e.send(r)
	})
	switch {
	case e.err != nil: // of the client or its connection; nobody listens any more
		a.Log.Debug("stream ended early", zap.Error(e.err))
		return nil
	case err != nil && e.open && ctx.Err() == nil:
		a.Log.Error("stream broke", zap.Error(err))
		_ = e.send(asAPIError(err))
		return nil
	case err != nil:
		return err
	}
	c, reason := a.choice(nil, true), finishReason(finish)
	c.FinishReason = &reason
	if a.d == chat && *c.Delta.Content == "" {
		c.Delta.Content = nil
	}
	_ = e.send(a.envelope(c))
	if a.j.includeUsage {
		r := a.envelope()
		r.Usage = a.usage()
		_ = e.send(r)
	}
	_ = e.write([]byte("[DONE]")) // an error here stays in e.err and ends nothing that is not over
	return nil
}

// events is a stream of server-sent events to one client. After its first error it sends nothing more.
type events struct {
	w       http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	open    bool // the status was sent
	err     error
}

// send sends v as JSON.
func (e *events) send(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	return e.write(text)
}

func (e *events) write(data []byte) error {
	if e.err != nil {
		return e.err
	}
	if !e.open {
		e.open = true
		e.w.Header().Set("Content-Type", "text/event-stream")
		e.w.Header().Set("Cache-Control", "no-cache")
		e.w.WriteHeader(http.StatusOK)
	}
	// The deadline is the operating system's, so it is of the real clock.
	if err := e.control.SetWriteDeadline(time.Now().Add(e.limit)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		e.err = fmt.Errorf("set write deadline: %w", err)
		return e.err
	}
	_, err := fmt.Fprintf(e.w, "data: %s\n\n", data)
	if err == nil {
		err = e.control.Flush()
	}
	if err != nil {
		e.err = fmt.Errorf("send event: %w", err)
	}
	return e.err
}

// end lifts the deadline, which would otherwise hold for the connection's next request.
func (e *events) end() { _ = e.control.SetWriteDeadline(time.Time{}) }
