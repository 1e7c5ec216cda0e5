package openai

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// llamaServer starts llama.cpp's server on a model, if there is one on this machine, and gives its address.
func llamaServer(t *testing.T, gguf string, args ...string) string {
	t.Helper()
	binary := os.Getenv("POSP_LLAMA_SERVER")
	if binary == "" {
		var err error
		if binary, err = exec.LookPath("llama-server"); err != nil {
			t.Skip("no llama-server: name one in POSP_LLAMA_SERVER or put it on PATH (tools/engines/llama-server.sh builds one)")
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	l.Close()
	var log bytes.Buffer
	cmd := exec.Command(binary, append([]string{"-m", filepath.Base(gguf), "--host", "127.0.0.1", "--port", port, "--alias", "posp-demo"}, args...)...)
	cmd.Dir = filepath.Dir(gguf) // so that its answers name no directory
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // already gone otherwise
		<-ended
		if t.Failed() {
			t.Logf("llama-server: %s", log.Bytes()[max(0, log.Len()-2000):])
		}
	})
	for range 300 {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("llama-server ended: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
		if r, err := http.Get("http://" + address + "/health"); err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
	}
	t.Fatal("llama-server does not become ready in 30 s")
	return ""
}

func writeGGUF(t *testing.T, w *model.Weights) string {
	t.Helper()
	var b bytes.Buffer
	if err := model.WriteGGUF(&b, w, model.GGUFOptions{}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func mainModel(t *testing.T) *model.Weights {
	t.Helper()
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func dial(t *testing.T, address string, o Options) *Scorer {
	t.Helper()
	s, err := Dial(t.Context(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// honest is a prompt and what the model makes of it.
type honest struct {
	prompt, output []uint32
	sampling       posp.Sampling
}

// write lets our engine write n outputs of that many tokens at temperature 1 and greedily, in turns.
func write(t *testing.T, w *model.Weights, n, tokens int) []honest {
	t.Helper()
	engine := float.New(w, float.Options{})
	rng := rand.New(rand.NewPCG(1, 2))
	prompts := []string{"func main() {\n\t", "// Read returns ", "package sort\n\nimport ", "type Server struct {\n"}
	var all []honest
	for i := range n {
		h := honest{prompt: model.EncodePrompt([]byte(prompts[i%len(prompts)]))}
		h.sampling = posp.Sampling{Rule: posp.Greedy, MaxTokens: uint32(tokens)}
		if i%2 == 1 {
			seed := posp.Hash{}
			for j := range seed {
				seed[j] = byte(rng.Uint32())
			}
			h.sampling = posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1e6, TopPMicro: 1e6, Seed: seed, MaxTokens: uint32(tokens)}
		}
		out, _, err := inference.Collect(context.Background(), engine, inference.Request{Prompt: h.prompt, Sampling: h.sampling})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range out {
			h.output = append(h.output, o.ID)
		}
		all = append(all, h)
	}
	return all
}

// recorded is what testdata/llamacpp.json holds: a likely token, the letter a, an unlikely one, one that ends within
// a character and its rest, and the end.
func recorded(t *testing.T) (*model.Weights, honest, Options) {
	h := honest{prompt: model.EncodePrompt([]byte("for ")), output: append(byte32("ia~"), 0xc3, 0xbc, model.EOS),
		sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 6}}
	return mainModel(t), h, Options{Top: 4}
}

func byte32(text string) []uint32 {
	var ids []uint32
	for _, b := range []byte(text) {
		ids = append(ids, uint32(b))
	}
	return ids
}

// agree compares evidence of one sample with our own scorer's: log-probabilities within limit nats, margins not above.
func agree(t *testing.T, s *Scorer, ours inference.Scorer, h honest, limit float64) {
	t.Helper()
	want, err := ours.Score(t.Context(), h.prompt, h.sampling, h.output)
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Score(t.Context(), h.prompt, h.sampling, h.output)
	if err != nil {
		t.Fatal(err)
	}
	if got.Kind != want.Kind || !got.Whole(len(h.output)) {
		t.Fatalf("evidence of kind %d with %d positions", got.Kind, len(got.LogProb))
	}
	for j := range want.LogProb {
		if off := math.Abs(float64(got.LogProb[j]-want.LogProb[j])) / posp.Nat; off > limit {
			t.Errorf("log-probability at %d (token %d) is %v off", j, h.output[j], off)
		}
		if want.Margin != nil && float64(got.Margin[j]-want.Margin[j])/posp.Nat > limit {
			t.Errorf("margin at %d is %d, ours %d", j, got.Margin[j], want.Margin[j])
		}
	}
}

// Rationale: with the same weights in f32, a real server and our scorer must come to the same evidence. A wrong
// position, a biased or renormalised probability, or a wrong token would be off by orders of magnitude more.
func TestLlamaServerAgreesWithOurScorer(t *testing.T) {
	w := mainModel(t)
	address := llamaServer(t, writeGGUF(t, w), "-t", "1", "-np", "2", "--cache-type-k", "f32", "--cache-type-v", "f32", "-fa", "off")
	ours := float.NewScorer(w)
	s := dial(t, address, Options{})
	d := s.Describe()
	if d.Vocab != w.Config.VocabSize || d.Context != w.Config.ContextLength || d.Top != 64 {
		t.Errorf("described as %+v", d)
	}
	samples := write(t, w, 4, 48)
	// Text that no model would write: every byte, so also tokens that end within a character.
	all := make([]uint32, 256)
	for i := range all {
		all[i] = uint32(i)
	}
	rand.New(rand.NewPCG(3, 4)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	samples = append(samples, honest{prompt: []uint32{model.BOS}, output: append(all[:100:100], model.EOS), sampling: samples[1].sampling},
		honest{prompt: []uint32{model.BOS}, output: model.EncodePrompt([]byte("über 世界 𝄞"))[1:], sampling: inference.Unseeded(samples[1].sampling)})
	for i, h := range samples {
		t.Run(fmt.Sprint(i), func(t *testing.T) { agree(t, s, ours, h, 1e-4) })
	}
	_, h, o := recorded(t)
	t.Run("recorded", func(t *testing.T) { agree(t, dial(t, record(t, address, "llamacpp.json"), o), ours, h, 1e-4) })
}

// Rationale: Ollama is what people try first; they must be told why it cannot, and what can.
func TestOllamaIsRefused(t *testing.T) {
	binary := os.Getenv("POSP_OLLAMA")
	if binary == "" {
		var err error
		if binary, err = exec.LookPath("ollama"); err != nil {
			t.Skip("no ollama: name one in POSP_OLLAMA or put it on PATH")
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(binary, "serve")
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "OLLAMA_HOST="+address, "HOME="+home, "OLLAMA_MODELS="+home)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // already gone otherwise
		_ = cmd.Wait()         // was killed
	})
	for range 100 {
		time.Sleep(100 * time.Millisecond)
		if r, err := http.Get("http://" + address); err == nil {
			r.Body.Close()
			_, err := Dial(t.Context(), record(t, "http://"+address, "ollama.json"), Options{})
			if !errors.Is(err, ErrCannotScore) || !strings.Contains(err.Error(), "llama-server") {
				t.Errorf("dialled: %v", err)
			}
			return
		}
	}
	t.Fatal("ollama does not answer in 10 s")
}

// Rationale: honest pairs are measured with a real engine as the provider; were its log-probabilities of another
// temperature, another sampler's or shifted by a position, calibration would call that noise.
func TestLlamaServerWrites(t *testing.T) {
	w := mainModel(t)
	s := dial(t, llamaServer(t, writeGGUF(t, w), "-t", "1", "-np", "1", "--cache-type-k", "f32", "--cache-type-v", "f32", "-fa", "off"), Options{})
	ours := float.NewScorer(w)
	for _, sampling := range []posp.Sampling{
		{Rule: posp.Greedy, MaxTokens: 64},
		{Rule: posp.Unseeded, TemperatureMicro: 1e6, TopPMicro: 1e6, MaxTokens: 64},
		{Rule: posp.Unseeded, TemperatureMicro: 1_500_000, TopPMicro: 900_000, MaxTokens: 200},
	} {
		prompt := model.EncodePrompt([]byte("func (s *Server) "))
		written, finish, err := inference.Collect(t.Context(), s, inference.Request{Prompt: prompt, Sampling: sampling, Top: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(written) != int(sampling.MaxTokens) && finish != posp.FinishStop {
			t.Fatalf("%d tokens, finish %d", len(written), finish)
		}
		var output []uint32
		for _, token := range written {
			output = append(output, token.ID)
		}
		e, err := ours.Score(t.Context(), prompt, sampling, output)
		if err != nil {
			t.Fatal(err)
		}
		for i, token := range written {
			if off := math.Abs(token.LogProb - float64(e.LogProb[i])/posp.Nat); off > 1e-4 {
				t.Errorf("%v: log-probability at %d is %v off", sampling.Rule, i, off)
			}
			if sampling.Rule == posp.Greedy && float64(e.Margin[i])/posp.Nat > 1e-4 {
				t.Errorf("greedy token %d has margin %d", i, e.Margin[i])
			}
			if sampling.TopPMicro < 1e6 && sampling.Rule == posp.Unseeded && e.Below[i] == posp.Unit {
				t.Errorf("token %d at %d is outside of the nucleus", token.ID, i)
			}
		}
	}
}
