package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp"
)

// Openings asks providers for openings and evidence parts. It verifies nothing
// of an answer but its form. It is safe for concurrent use.
type Openings struct {
	http *http.Client
	cfg  OpeningsConfig
}

// OpeningsConfig configures Openings. Zero means the default.
type OpeningsConfig struct {
	MaxBytes int64         // of one answer; default 8 MiB
	Timeout  time.Duration // for one answer; default 10 seconds
}

// NewOpenings makes a client of any provider.
func NewOpenings(cfg OpeningsConfig) *Openings {
	set(&cfg.MaxBytes, 8<<20)
	set(&cfg.Timeout, 10*time.Second)
	return &Openings{http: newHTTP(), cfg: cfg}
}

// Opening asks for a leaf's request and output parts. An answer that is no
// opening is a posp.ValidationError; a provider that cannot be reached or
// refuses is any other error.
func (o *Openings) Opening(ctx context.Context, providerURL string, r posp.OpenRequest) (posp.Opening, error) {
	var v posp.Opening
	err := o.ask(ctx, providerURL, "/posp/v1/openings", r, &v)
	if err == nil && len(v.Proof) > maxProof {
		err = posp.Invalidf("opening's proof has %d siblings, at most %d", len(v.Proof), maxProof)
	}
	return v, err
}

// Evidence asks for a leaf's evidence part, which is due after the epoch's
// commit deadline. Errors are as Opening's.
func (o *Openings) Evidence(ctx context.Context, providerURL string, r posp.OpenRequest) (posp.EvidencePart, error) {
	var v posp.EvidencePart
	return v, o.ask(ctx, providerURL, "/posp/v1/evidence", r, &v)
}

func (o *Openings) ask(ctx context.Context, providerURL, path string, r posp.OpenRequest, answer any) error {
	u, err := url.Parse(providerURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return posp.Invalidf("the provider's registered URL %.200q is not an http or https URL", providerURL)
	}
	u.Path, u.RawQuery, u.Fragment = strings.TrimRight(u.Path, "/")+path, "", ""
	body, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("encode request for an opening: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, o.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := o.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask provider: %w", err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, o.cfg.MaxBytes+1))
	switch {
	case err != nil:
		return fmt.Errorf("ask provider: %w", err)
	case int64(len(raw)) > o.cfg.MaxBytes:
		return posp.Invalidf("the provider's answer has more than %d bytes", o.cfg.MaxBytes)
	case res.StatusCode != http.StatusOK:
		return fmt.Errorf("provider answers %s: %.300q", res.Status, raw)
	}
	if err := json.Unmarshal(raw, answer); err != nil {
		return posp.Invalidf("the provider's answer is not what was asked for: %v", err)
	}
	return nil
}
