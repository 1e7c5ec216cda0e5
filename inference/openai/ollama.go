package openai

import (
	"context"
	"fmt"

	"github.com/proof-of-sampling/posp/inference"
)

// ollama is recognised in order to be refused. Ollama 0.17.4's /api/generate takes text; its "context" of token ids
// is turned into text and tokenised again, and not allowed with "raw"; and "logprobs" are of generated tokens
// only, which nothing can force (server/routes.go). So no claimed token's log-probability can be had.
type ollama struct{ *client }

func (o ollama) describe(ctx context.Context, _ Options) (d Description, found bool, err error) {
	var version struct{ Version string }
	if err := o.get(ctx, "/api/version", &version); err != nil {
		if missing(err) {
			return d, false, nil
		}
		return d, false, err
	}
	if version.Version == "" {
		return d, false, nil
	}
	return Description{Class: "ollama/" + version.Version}, true, nil
}

func (o ollama) known(_ context.Context, d Description, _, _ []uint32) ([]inference.Known, error) {
	return nil, fmt.Errorf("%w: Ollama reads text and no token ids, and tells nothing of tokens that it did not choose; "+
		"serve the same GGUF file with llama.cpp's llama-server", ErrCannotScore)
}
