package openai

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// small bounds answers about the server itself.
	small = 1 << 20
	// perEntry bounds what a server writes about one token: id, log-probability, rank, its text and its bytes.
	perEntry = 512

	firstPause = 250 * time.Millisecond
	maxPause   = 10 * time.Second
)

// client sends JSON to one server. Every request may be sent again: none changes anything there.
type client struct {
	base    *url.URL
	key     string
	http    *http.Client
	timeout time.Duration
	retries int
	pause   func(context.Context, time.Duration) error // replaced by tests
}

func newClient(base string, o Options) (*client, error) {
	u, err := parseBase(base)
	if err != nil {
		return nil, err
	}
	key, err := readKey(o.KeyFile)
	if err != nil {
		return nil, err
	}
	c := &client{base: u, key: key, http: o.Client, timeout: o.Timeout, retries: o.Retries, pause: sleep}
	if c.http == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = 32
		c.http = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	if c.timeout <= 0 {
		c.timeout = 2 * time.Minute
	}
	if c.retries == 0 {
		c.retries = 3
	}
	return c, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// statusError is an answer that is none.
type statusError struct {
	code    int
	message string
	after   time.Duration // the server's Retry-After; 0 for none
}

func (e *statusError) Error() string {
	text := fmt.Sprintf("the server answers %d %s", e.code, http.StatusText(e.code))
	switch {
	case e.code == http.StatusUnauthorized || e.code == http.StatusForbidden:
		text += " (give the file with its API key)"
	case e.code >= 300 && e.code < 400:
		text += " (a redirect: give the address that it leads to)"
	}
	if e.message != "" {
		text += ": " + e.message
	}
	return text
}

// Busy says that the server refuses because of load, for now.
func (e *statusError) Busy() bool {
	return e.code == http.StatusTooManyRequests || e.code == http.StatusServiceUnavailable
}

// Refused says that the server understood the request and will not do it: another might.
func (e *statusError) Refused() bool {
	return e.code == http.StatusBadRequest || e.code == http.StatusRequestEntityTooLarge || e.code == http.StatusUnprocessableEntity
}

// Later says whether what ended with err may do better if it is tried again: the server was not
// reached, was busy or still loading, or broke off. Whoever understood a request and refused it will again.
func Later(err error) bool {
	var status *statusError
	if errors.As(err, &status) {
		switch status.code {
		case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	var network *url.Error
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF)
}

// get asks path for JSON. A server that does not know path gives a statusError.
func (c *client) get(ctx context.Context, path string, answer any) error {
	return c.do(ctx, http.MethodGet, path, nil, small, answer)
}

// post sends question to path and reads an answer of at most limit bytes.
func (c *client) post(ctx context.Context, path string, question any, limit int64, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return fmt.Errorf("encode request: %w", err)
	}
	return c.do(ctx, http.MethodPost, path, body, limit, answer)
}

func (c *client) do(ctx context.Context, method, path string, body []byte, limit int64, answer any) error {
	for tried := 0; ; tried++ {
		err := c.once(ctx, method, path, body, limit, answer)
		if err == nil || ctx.Err() != nil || tried >= c.retries || !Later(err) {
			return err
		}
		// Full jitter, so that callers which failed together do not come back together.
		longest := min(maxPause, firstPause<<min(tried, 10))
		wait := time.Duration(rand.Int64N(int64(longest)) + 1)
		var status *statusError
		if errors.As(err, &status) {
			wait = max(wait, min(status.after, maxPause))
		}
		if c.pause(ctx, wait) != nil {
			return err
		}
	}
}

func (c *client) once(ctx context.Context, method, path string, body []byte, limit int64, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, c.base.String()+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	response, err := c.http.Do(r)
	if err != nil {
		return fmt.Errorf("ask server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 4096)) // what came of it is better than nothing
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		return &statusError{response.StatusCode, refusal(text), time.Duration(max(0, min(seconds, 3600))) * time.Second}
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if err != nil {
		return fmt.Errorf("read answer: %w", &url.Error{Op: method, URL: path, Err: err})
	}
	if int64(len(text)) > limit {
		return fmt.Errorf("read answer: it is longer than the %d bytes that it can take", limit)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	return nil
}

// refusal is the message in an error document: {"error": {"message": ...}} (vLLM since 0.10, llama.cpp),
// {"message": ...} (older vLLM), {"error": "..."} (Ollama) or {"detail": ...} (FastAPI); else the beginning of the text.
func refusal(text []byte) string {
	var doc struct {
		Error   json.RawMessage
		Message string
		Detail  json.RawMessage
	}
	_ = json.Unmarshal(text, &doc) // what does not fit stays empty
	var inner struct{ Message string }
	var plain string
	message := doc.Message
	for _, raw := range []json.RawMessage{doc.Error, doc.Detail} {
		if json.Unmarshal(raw, &inner) == nil && inner.Message != "" {
			message = inner.Message
		} else if json.Unmarshal(raw, &plain) == nil && plain != "" {
			message = plain
		}
	}
	if message == "" {
		message = string(text)
	}
	message = strings.Join(strings.Fields(strings.ToValidUTF8(message, "?")), " ")
	return message[:min(len(message), 400)]
}

// missing says whether err means that a server has no such path, and so is another kind of server.
func missing(err error) bool {
	var status *statusError
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &status):
		return status.code == http.StatusNotFound || status.code == http.StatusMethodNotAllowed || status.code == http.StatusNotImplemented
	case errors.As(err, &syntax), errors.As(err, &kind):
		return true
	}
	return false
}

// models is the list at /v1/models, which all dialects have.
type models struct {
	Data []struct {
		ID          string `json:"id"`
		MaxModelLen int    `json:"max_model_len"` // vLLM, SGLang
		Root        string `json:"root"`
		Parent      string `json:"parent"` // vLLM: of an adapter, the model that it adapts
		Meta        struct {
			Vocab   int `json:"n_vocab"`
			Context int `json:"n_ctx"`
		} `json:"meta"` // llama.cpp
	} `json:"data"`
}

// pick asks which models are served and takes the one that is named, or the only one.
func (c *client) pick(ctx context.Context, name string) (id string, context int, vocab int, err error) {
	var m models
	if err := c.get(ctx, "/v1/models", &m); err != nil {
		return "", 0, 0, fmt.Errorf("list models: %w", err)
	}
	var names []string
	found := -1
	for i, d := range m.Data {
		names = append(names, d.ID)
		if d.ID == name || name == "" {
			if found >= 0 {
				return "", 0, 0, fmt.Errorf("the server has several models, name one of them: %s", strings.Join(names, ", "))
			}
			found = i
		}
	}
	if found < 0 {
		return "", 0, 0, fmt.Errorf("the server has no model %q but %s", name, strings.Join(names, ", "))
	}
	d := m.Data[found]
	return d.ID, d.MaxModelLen, d.Meta.Vocab, nil
}
