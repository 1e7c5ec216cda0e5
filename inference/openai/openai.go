// Package openai scores on the inference servers that people run: vLLM, SGLang and llama.cpp's server. It sends
// token ids and never text, so that nothing is tokenised twice, and turns what the server tells, the claimed
// token's log-probability and the most likely alternatives, into evidence (inference.TopRule).
//
// vLLM and SGLang tell log-probabilities of a prompt: one request with prompt and output scores a sample in one
// prefill. llama.cpp's server tells those of the token it generates only: one request carries all beginnings of the
// text as separate prompts, of which the server computes one new token each, and tokens that are not among
// the most likely take one more request for each different one. Ollama takes no token ids and cannot score.
//
// Batching is the server's: samples that are scored at once are requests at once, which these servers batch
// as they go.
package openai

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// The dialects of Options.Dialect.
const (
	VLLM     = "vllm"
	SGLang   = "sglang"
	LlamaCpp = "llama.cpp"
	Ollama   = "ollama"
)

// ErrCannotScore is what Dial's error wraps if the server is well but cannot give what evidence needs.
var ErrCannotScore = errors.New("this server cannot score")

// Options of Dial. The zero value of each field means its default.
type Options struct {
	Dialect string        // which server it is; default: found out
	Model   string        // its name in requests; default: the only one that is served
	Vocab   int           // tokens in the vocabulary; default: as the server says, if it does
	Top     int           // alternatives to ask for; default 64, or fewer if the server has a limit (vLLM: 20 unless started with --max-logprobs)
	KeyFile string        // file with the API key; default: none is sent
	Timeout time.Duration // of one request; default 2 minutes
	Retries int           // of a request that may succeed later; default 3, negative for none
	Client  *http.Client  // default: one that follows no redirects
}

// Description is what is known of a server.
type Description struct {
	Class   string // engine and version, as specs and policies name engine classes: "vllm/0.11.0", "llama.cpp/b7101-1a2b3c4"
	Model   string // as the server names it
	Top     int    // alternatives that it tells of each position
	Vocab   int    // 0 if the server does not say
	Context int    // tokens of prompt and output together that it can score; 0 if it does not say
}

// Check says why a server that is described so cannot score for spec. Labels prove nothing; that it runs the
// spec's weights is the operator's own care.
func (d Description) Check(spec posp.ModelSpec) error {
	var errs []error
	if d.Context > 0 && d.Context < int(spec.ContextLimit) {
		errs = append(errs, fmt.Errorf("the server can score %d tokens, the spec allows %d: start it with a longer context", d.Context, spec.ContextLimit))
	}
	if d.Vocab > 0 && d.Vocab < int(spec.VocabSize) {
		errs = append(errs, fmt.Errorf("the server's model has %d tokens, the spec's %d: it is another model", d.Vocab, spec.VocabSize))
	}
	return errors.Join(errs...)
}

// Scorer is an inference.Scorer and inference.Generator that asks a server. It may be used by several callers at once.
type Scorer struct {
	server server
	about  Description
}

// server is one dialect: what a kind of server makes of a question.
type server interface {
	// describe finds out what the server is. found is false if it is another kind of server.
	describe(ctx context.Context, o Options) (d Description, found bool, err error)
	// known asks what the server knows of each output position, top alternatives each. Neither prompt nor output
	// is empty.
	known(ctx context.Context, d Description, prompt, output []uint32) ([]inference.Known, error)
	// generate lets the server write, greedily or with its own randomness.
	generate(ctx context.Context, d Description, r inference.Request) (generation, error)
}

// Dial finds out which server is at base (such as "http://127.0.0.1:8000", with or without "/v1"), and tries it.
func Dial(ctx context.Context, base string, o Options) (*Scorer, error) {
	c, err := newClient(base, o)
	if err != nil {
		return nil, err
	}
	if o.Top <= 0 {
		o.Top = 64
	}
	all := []struct {
		name string
		server
	}{{LlamaCpp, &llamaCpp{client: c}}, {SGLang, sglang{c}}, {Ollama, ollama{c}}, {VLLM, vllm{c}}} // SGLang and others answer some of their followers' questions
	known := false
	for _, s := range all {
		if o.Dialect != "" && o.Dialect != s.name {
			continue
		}
		known = true
		d, found, err := s.describe(ctx, o)
		if err != nil {
			return nil, fmt.Errorf("dial %s: %w", c.base, err)
		}
		if !found {
			continue
		}
		if o.Vocab > 0 {
			d.Vocab = o.Vocab
		}
		if d.Vocab > 0 {
			d.Top = min(d.Top, d.Vocab)
		}
		if d, err = try(ctx, s.server, d); err != nil {
			return nil, fmt.Errorf("dial %s (%s): %w", c.base, d.Class, err)
		}
		return &Scorer{server: s.server, about: d}, nil
	}
	if !known {
		return nil, fmt.Errorf("dialect %q is none of %s, %s, %s, %s", o.Dialect, VLLM, SGLang, LlamaCpp, Ollama)
	}
	if o.Dialect != "" {
		return nil, fmt.Errorf("dial %s: there is no %s server", c.base, o.Dialect)
	}
	return nil, fmt.Errorf("dial %s: neither vLLM, SGLang, llama.cpp's server nor Ollama answers there", c.base)
}

// try asks of the smallest text, lowers d.Top to what the server allows, and sees that it answers.
func try(ctx context.Context, s server, d Description) (Description, error) {
	for {
		known, err := s.known(ctx, d, []uint32{0}, []uint32{0})
		var limit *topLimit
		switch {
		case errors.As(err, &limit) && limit.top > 0 && limit.top < d.Top:
			d.Top = limit.top
			continue
		case err != nil:
			return d, err
		case len(known) != 1 || len(known[0].Top) < d.Top:
			return d, fmt.Errorf("%w: it tells fewer than the %d alternatives that were asked for", ErrCannotScore, d.Top)
		}
		return d, nil
	}
}

// topLimit is a server's refusal of so many alternatives.
type topLimit struct {
	top int // that it allows
	error
}

// Describe is what was found at Dial.
func (s *Scorer) Describe() Description { return s.about }

// Score implements inference.Scorer. Its errors but posp.ValidationError are of the server or on the way to it.
func (s *Scorer) Score(ctx context.Context, prompt []uint32, sampling posp.Sampling, output []uint32) (posp.Evidence, error) {
	known, err := s.Known(ctx, prompt, output)
	if err != nil {
		return posp.Evidence{}, err
	}
	rule, err := inference.NewTopRule(sampling, s.about.Vocab)
	if err != nil {
		return posp.Evidence{}, err
	}
	evidence := rule.Evidence()
	for _, k := range known {
		if err := rule.Recompute(&evidence, k); err != nil {
			return posp.Evidence{}, fmt.Errorf("judge what %s tells: %w", s.about.Class, err)
		}
	}
	return evidence, nil
}

// Known is what the server tells of each position of output.
func (s *Scorer) Known(ctx context.Context, prompt, output []uint32) ([]inference.Known, error) {
	if err := inference.CheckTokens(prompt, output, s.vocab()); err != nil {
		return nil, err
	}
	if s.about.Context > 0 {
		if err := inference.CheckContext(len(prompt), len(output), s.about.Context); err != nil {
			return nil, err
		}
	}
	if len(output) == 0 {
		return nil, nil
	}
	known, err := s.server.known(ctx, s.about, prompt, output)
	if err != nil {
		return nil, fmt.Errorf("score on %s: %w", s.about.Class, err)
	}
	return known, nil
}

// vocab is above every token id that the server may know.
func (s *Scorer) vocab() int {
	if s.about.Vocab > 0 {
		return s.about.Vocab
	}
	return 1 << 31 // no server takes more
}

// readKey reads an API key from a file.
func readKey(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read API key: %w", err)
	}
	key := strings.TrimSpace(string(raw))
	if key == "" || strings.ContainsAny(key, "\r\n") || len(key) > 4096 {
		return "", fmt.Errorf("read API key: %s must hold the key in one line and nothing else", path)
	}
	return key, nil
}

// parseBase reads the address of a server.
func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, fmt.Errorf("server address %q is not a URL such as http://127.0.0.1:8000", base)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("server address %s must have no user, query or fragment (keys are given as files)", u.Redacted())
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/v1")
	return u, nil
}
