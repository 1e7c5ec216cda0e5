package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// maxSideAnswer bounds an answer to what the recorder asks beside a buyer's
// request: a vocabulary with its probabilities is the largest.
const maxSideAnswer = 64 << 20

// Server is an inference server as the recorder asks it for itself.
type Server struct {
	url    *url.URL
	client *http.Client
}

// NewServer is the server at a URL without /v1.
func NewServer(u *url.URL) Server {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = nil // the server is ours
	return Server{url: u, client: &http.Client{Transport: transport}}
}

// statusError is an answer that is not 200.
type statusError struct {
	path   string
	status int
	body   []byte
}

func (e *statusError) Error() string {
	return fmt.Sprintf("%s of the inference server: HTTP %d %.300s", e.path, e.status, bytes.TrimSpace(e.body))
}

// Get decodes what the server answers at a path.
func (s Server) Get(ctx context.Context, path string, out any) error {
	return s.do(ctx, http.MethodGet, path, nil, out)
}

// Post sends a value as JSON and decodes the answer.
func (s Server) Post(ctx context.Context, path string, in, out any) error {
	b, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode request to the inference server: %w", err)
	}
	return s.do(ctx, http.MethodPost, path, bytes.NewReader(b), out)
}

func (s Server) do(ctx context.Context, method, path string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.url.JoinPath(path).String(), body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	sendAgain(req)
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxSideAnswer+1))
	switch {
	case err != nil:
		return fmt.Errorf("read %s of the inference server: %w", path, err)
	case res.StatusCode != http.StatusOK:
		return &statusError{path, res.StatusCode, b}
	case len(b) > maxSideAnswer:
		return fmt.Errorf("%s of the inference server answers more than %d bytes", path, maxSideAnswer)
	}
	if err := json.Unmarshal(b, out); err != nil {
		return fmt.Errorf("%s of the inference server: %w", path, err)
	}
	return nil
}

// sendAgain lets the transport send a request again, of which body can be read
// again, when the server closed the connection before it answered: as some do
// with an idle one. What was not answered was not recorded.
func sendAgain(r *http.Request) { r.Header["X-Idempotency-Key"] = nil }
