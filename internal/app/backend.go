package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/openai"
)

// Backend is an operator's own inference server for one of the network's
// models, which scores in place of this program.
type Backend struct {
	Model   string // its name in the network file
	URL     string // of vLLM, SGLang or llama.cpp's server
	KeyFile string // with the server's API key; empty for none
}

// ParseBackends reads backends as NAME=URL, and their keys as NAME=FILE.
func ParseBackends(urls, keyFiles []string) ([]Backend, error) {
	var list []Backend
	for _, text := range urls {
		name, url, ok := strings.Cut(text, "=")
		if !ok || name == "" || url == "" {
			return nil, fmt.Errorf("--backend %q: want NAME=URL, with a name of the network's models", text)
		}
		if slices.ContainsFunc(list, func(b Backend) bool { return b.Model == name }) {
			return nil, fmt.Errorf("--backend: model %s is named twice", name)
		}
		list = append(list, Backend{Model: name, URL: url})
	}
	for _, text := range keyFiles {
		name, file, _ := strings.Cut(text, "=")
		at := slices.IndexFunc(list, func(b Backend) bool { return b.Model == name })
		if at < 0 || file == "" {
			return nil, fmt.Errorf("--backend-key-file %q: want NAME=FILE, with a name of --backend", text)
		}
		list[at].KeyFile = file
	}
	return list, nil
}

// scorersWith makes a scorer of each of the network's models: those with a
// backend on that, the others in this program.
func scorersWith(ctx context.Context, n Network, backends []Backend, log *zap.Logger) (map[posp.Hash]inference.Scorer, error) {
	own := n
	own.Models = slices.DeleteFunc(slices.Clone(n.Models), func(m Model) bool {
		return slices.ContainsFunc(backends, func(b Backend) bool { return b.Model == m.Name })
	})
	all, err := scorers(own)
	if err != nil {
		return nil, fmt.Errorf("%w (a server of your own can score it: --backend NAME=URL)", err)
	}
	for _, b := range backends {
		m, err := n.model(b.Model)
		if err != nil {
			return nil, err
		}
		s, err := openai.Dial(ctx, b.URL, openai.Options{Vocab: int(m.Spec.VocabSize), KeyFile: b.KeyFile})
		if err != nil {
			return nil, fmt.Errorf("backend of model %s: %w", m.Name, err)
		}
		d := s.Describe()
		if err := d.Check(m.Spec); err != nil {
			return nil, fmt.Errorf("backend of model %s at %s: %w", m.Name, b.URL, err)
		}
		log.Info("a backend scores", zap.String("model", m.Name), zap.String("engine", d.Class), zap.String("serves", d.Model),
			zap.Int("alternatives", d.Top), zap.String("spec_engine", m.Spec.EngineClass))
		all[m.Spec.ID()] = s
	}
	return all, nil
}
