package app

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
	"os"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/watch"
	"github.com/proof-of-sampling/posp/provider"
)

// canaryTime bounds one request to a provider; maxCanaries the file of requests.
const (
	canaryTime  = 2 * time.Minute
	maxCanaries = 16 << 20
)

// canaryRequest is a request as a buyer would send it.
type canaryRequest struct {
	model string
	path  string // of the API
	body  []byte // JSON
}

// loadCanaries reads requests, a JSON object a line, as they are sent to
// /v1/completions or, with messages, /v1/chat/completions. Without a model they
// are for the given one.
func loadCanaries(path, model string) (list []canaryRequest, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--canary-prompts: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCanaries+1))
	if err != nil {
		return nil, fmt.Errorf("--canary-prompts: %w", err)
	}
	if len(text) > maxCanaries {
		return nil, fmt.Errorf("--canary-prompts %s has more than %d bytes", path, maxCanaries)
	}
	n := 0
	for line := range bytes.Lines(text) {
		if n++; len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		bad := func(format string, args ...any) error {
			return fmt.Errorf("--canary-prompts %s, line %d: %s", path, n, fmt.Sprintf(format, args...))
		}
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(line, &fields); err != nil || fields == nil {
			return nil, bad("it is no JSON object such as {\"prompt\": \"func main() {\", \"max_tokens\": 16}")
		}
		r := canaryRequest{model: model, path: "/v1/completions"}
		if raw, ok := fields["model"]; !ok {
			fields["model"], _ = json.Marshal(model) // a string
		} else if err := json.Unmarshal(raw, &r.model); err != nil {
			return nil, bad("model is not a string")
		}
		if _, chat := fields["messages"]; chat {
			r.path = "/v1/chat/completions"
		} else if _, ok := fields["prompt"]; !ok {
			return nil, bad("it has neither prompt nor messages")
		}
		if s, ok := fields["stream"]; ok && string(s) != "false" {
			return nil, bad("answers are not read as streams: leave stream out")
		}
		if r.body, err = json.Marshal(fields); err != nil {
			return nil, bad("%v", err)
		}
		list = append(list, r)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("--canary-prompts %s has no request", path)
	}
	return list, nil
}

// canarySender asks providers as a buyer would, at times that nobody can
// foresee.
type canarySender struct {
	*watcher
	asked  []canaryRequest
	random *rand.Rand // a stream of its own
	client *http.Client
	serves map[string][]string // models at a URL, once read
}

func newCanarySender(w *watcher, asked []canaryRequest, random *rand.Rand) *canarySender {
	return &canarySender{watcher: w, asked: asked, random: random, serves: map[string][]string{},
		client: &http.Client{Timeout: canaryTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Run sends until ctx ends. Each provider is asked in a Poisson process, which
// has no memory: together they are one, of which each request falls to any of them.
func (s *canarySender) Run(ctx context.Context) error {
	for {
		list, err := s.providers(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Warn("providers not read, trying again", zap.Error(err))
		}
		wait := time.Duration(s.random.ExpFloat64() * float64(s.Canaries) / float64(max(len(list), 1)))
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		if len(list) == 0 {
			continue
		}
		if err := s.send(ctx, list[s.random.IntN(len(list))]); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// providers are those that are registered and not jailed.
func (s *canarySender) providers(ctx context.Context) (list []posp.ProviderInfo, err error) {
	reader := s.site.Reader()
	block, err := reader.Block(ctx)
	if err != nil {
		return nil, err
	}
	members, err := s.Network.EigenLayer.Members(ctx, s.site.Client, nil, Providers.OperatorSet(s.Network))
	if err != nil {
		return nil, fmt.Errorf("read providers: %w", err)
	}
	for _, a := range members {
		info, ok, err := reader.Provider(ctx, a, s.site.Parameters.Schedule.EpochAt(block))
		if err != nil {
			return nil, err
		}
		jailed, err := reader.Jailed(ctx, a)
		if err != nil {
			return nil, err
		}
		if ok && !jailed && info.URL != "" {
			list = append(list, info)
		}
	}
	return list, nil
}

// send asks a provider once. What it does wrong is an alarm; the error is about
// the auditor's own database.
func (s *canarySender) send(ctx context.Context, to posp.ProviderInfo) error {
	alarm := func(code watch.Code, epoch uint64, err error, evidence string) {
		s.raise(ctx, watch.Alarm{Code: code, Epoch: epoch, Provider: to.Provider, Found: err.Error(), Evidence: evidence})
	}
	ask, ok := s.choose(ctx, to.URL)
	if !ok {
		s.log.Debug("no canary is of a model that the provider serves", zap.Stringer("provider", to.Provider))
		return nil
	}
	nonce := posp.Hash{}
	for i := range nonce {
		nonce[i] = byte(s.random.Uint32())
	}
	serving := func() (uint64, error) {
		block, err := s.site.Reader().Block(ctx)
		return s.site.Parameters.Schedule.EpochAt(block), err
	}
	before, err := serving()
	if err != nil {
		s.log.Warn("canary not sent", zap.Error(err))
		return nil
	}
	s.told.Canary("sent")
	answer, err := s.ask(ctx, to.URL, ask, nonce)
	if ctx.Err() != nil {
		return nil
	}
	if err != nil {
		alarm(watch.CanaryUnanswered, before, err, "")
		return nil
	}
	after, err := serving()
	if err != nil {
		after = before + 1
	}
	keep := func() string {
		return s.keep(fmt.Sprintf("answer-%s.json", nonce.Hex()), func(out io.Writer) error { _, err := out.Write(answer); return err })
	}
	receipt, err := s.check(ctx, to, answer, nonce, before, after)
	var unread *chainError
	if errors.As(err, &unread) {
		s.log.Warn("canary's receipt not checked", zap.Error(err), zap.String("evidence", keep()))
		return nil
	} else if err != nil {
		alarm(watch.CanaryReceipt, before, err, keep())
		return nil
	}
	s.told.Canary("answered")
	s.log.Debug("canary answered", zap.Stringer("provider", to.Provider), zap.Uint64("epoch", receipt.Epoch), zap.Uint64("sequence", receipt.Sequence))
	c := watch.Canary{Receipt: receipt.Receipt, Hash: receipt.Digest(s.Network.Domain()), Answer: answer}
	other, err := s.ledger.Keep(ctx, c)
	var invalid *posp.ValidationError
	switch {
	case errors.As(err, &invalid):
		alarm(watch.CanaryReceipt, before, err, keep())
	case err != nil:
		return err
	case other != nil:
		first := s.keep(fmt.Sprintf("answer-%s.json", other.Hash.Hex()), func(out io.Writer) error { _, err := out.Write(other.Answer); return err })
		alarm(watch.CanaryEquivocation, receipt.Epoch, fmt.Errorf("two receipts of sequence %d: this, and %s (posp claim equivocation)", receipt.Sequence, first), keep())
	}
	return nil
}

// choose is one of the requests for models that a provider says it serves.
func (s *canarySender) choose(ctx context.Context, base string) (canaryRequest, bool) {
	served, known := s.serves[base]
	if !known {
		var list struct {
			Data []struct {
				ID string `json:"id"`
			} `json:"data"`
		}
		if b, err := s.do(ctx, http.MethodGet, base, "/v1/models", nil, nil); err == nil && json.Unmarshal(b, &list) == nil && len(list.Data) > 0 {
			for _, m := range list.Data {
				served = append(served, m.ID)
			}
			s.serves[base] = served
		}
	}
	fit := s.asked
	if served != nil {
		fit = slices.DeleteFunc(slices.Clone(fit), func(r canaryRequest) bool { return !slices.Contains(served, r.model) })
	}
	if len(fit) == 0 {
		return canaryRequest{}, false
	}
	return fit[s.random.IntN(len(fit))], true
}

func (s *canarySender) ask(ctx context.Context, base string, r canaryRequest, nonce posp.Hash) ([]byte, error) {
	return s.do(ctx, http.MethodPost, base, r.path, r.body, http.Header{"Posp-Nonce": {nonce.Hex()}, "Content-Type": {"application/json"}})
}

func (s *canarySender) do(ctx context.Context, method, base, path string, body []byte, header http.Header) ([]byte, error) {
	u, err := url.Parse(strings.TrimSuffix(base, "/") + path)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return nil, fmt.Errorf("the provider's registered URL %.200q is not an http or https URL", base)
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	for k, v := range header {
		req.Header[k] = v
	}
	res, err := s.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("ask provider: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("ask provider: %w", err)
	case res.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask provider: %s: %.200q", res.Status, answer)
	case len(answer) > maxAnswer:
		return nil, fmt.Errorf("ask provider: its answer has more than %d bytes", maxAnswer)
	}
	return answer, nil
}

// chainError is a node that was not there when an answer had to be checked.
type chainError struct{ err error }

func (e *chainError) Error() string { return e.err.Error() }
func (e *chainError) Unwrap() error { return e.err }

// check says what is wrong with an answer's receipt: signature, nonce,
// contents, and an epoch that did not serve while the provider was asked.
func (s *canarySender) check(ctx context.Context, to posp.ProviderInfo, answer []byte, nonce posp.Hash, before, after uint64) (posp.SignedReceipt, error) {
	var parsed struct {
		Posp provider.Attachment `json:"posp"`
	}
	if err := json.Unmarshal(answer, &parsed); err != nil {
		return posp.SignedReceipt{}, fmt.Errorf("the answer has no field posp that could be read: %w", err)
	}
	a := parsed.Posp
	key := to.ReceiptKey
	if a.Receipt != nil {
		if a.Receipt.Provider != to.Provider {
			return posp.SignedReceipt{}, fmt.Errorf("the receipt is of provider %s", a.Receipt.Provider)
		}
		// A block more or less: the provider may see another head.
		if e := a.Receipt.Epoch; e+1 < before || e > after+1 {
			return posp.SignedReceipt{}, fmt.Errorf("the receipt is of epoch %d, epoch %d serves", e, after)
		}
		info, ok, err := s.site.Reader().Provider(ctx, to.Provider, a.Receipt.Epoch)
		if err != nil {
			return posp.SignedReceipt{}, &chainError{err}
		}
		if ok {
			key = info.ReceiptKey
		}
	}
	if err := a.Check(s.Network.Domain(), key, nonce); err != nil {
		return posp.SignedReceipt{}, err
	}
	return *a.Receipt, nil
}
