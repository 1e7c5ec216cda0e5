package app

import (
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/server"
	"github.com/proof-of-sampling/posp/provider"
)

// A provider of the demo network finds its server without being told, and does
// not start before one that runs another model.
func TestConnectToOwnServer(t *testing.T) {
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	up := httptest.NewServer(server.New(float.New(w, float.Options{}), server.Options{Name: "small", Config: w.Config}))
	defer up.Close()
	m := Model{Name: "small", Spec: posp.ModelSpec{SamplingRule: posp.RuleGumbel, TokenizerHash: model.TokenizerHash(),
		VocabSize: uint32(w.Config.VocabSize), EOS: w.Config.EOS, ContextLimit: uint32(w.Config.ContextLength)}}
	upstream, dialect, err := connect(t.Context(), ProviderConfig{Upstream: up.URL}, m, zap.NewNop())
	if err != nil || dialect != provider.Dialect(provider.VLLM{}) || upstream.String() != up.URL {
		t.Errorf("%v, %v, %v", upstream, dialect, err)
	}
	other := m
	other.Name = "large"
	if _, _, err := connect(t.Context(), ProviderConfig{Upstream: up.URL}, other, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "large") {
		t.Errorf("another model: %v", err)
	}
	narrow := m
	narrow.Spec.VocabSize = 64
	if _, _, err := connect(t.Context(), ProviderConfig{Upstream: up.URL}, narrow, zap.NewNop()); err == nil || !strings.Contains(err.Error(), "the spec has 64") {
		t.Errorf("another vocabulary: %v", err)
	}
	if err := (ProviderConfig{UpstreamKind: "tgi"}).Check(); err == nil || !strings.Contains(err.Error(), `--upstream-kind "tgi"`) {
		t.Errorf("unknown kind: %v", err)
	}
}
