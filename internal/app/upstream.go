package app

import (
	"context"
	"fmt"
	"net/url"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/provider"
)

// connect makes sure that the inference server says what receipts need.
func connect(ctx context.Context, c ProviderConfig, m Model, log *zap.Logger) (*url.URL, provider.Dialect, error) {
	upstream, found, err := ask(ctx, c, m, log)
	if err != nil {
		return nil, nil, err
	}
	log.Info("inference server found", zap.String("kind", string(found.Kind)), zap.String("version", found.Version))
	return upstream, found.Dialect, nil
}

// ask asks the inference server what it is, as buyers will.
func ask(ctx context.Context, c ProviderConfig, m Model, log *zap.Logger) (*url.URL, provider.Found, error) {
	upstream, err := url.Parse(c.Upstream)
	if err != nil {
		return nil, provider.Found{}, fmt.Errorf("--upstream: %w", err)
	}
	e := provider.Expected{Kind: provider.Kind(c.UpstreamKind), Model: m.Name, Spec: m.Spec}
	if m.Spec.TokenizerHash == model.TokenizerHash() {
		e.Tokenizer = byteTokenizer{}
	}
	found, err := provider.Connect(ctx, provider.NewServer(upstream), e, log)
	if err != nil {
		return nil, found, fmt.Errorf("--upstream: %w", err)
	}
	return upstream, found, nil
}

// byteTokenizer is the tokenizer of the demo's models, as servers frame a
// prompt with it.
type byteTokenizer struct{}

func (byteTokenizer) Encode(text string) ([]uint32, error) {
	return model.EncodePrompt([]byte(text)), nil
}

func (byteTokenizer) Token(text string) (uint32, bool) {
	if len(text) != 1 {
		return 0, false
	}
	return uint32(text[0]), true
}
