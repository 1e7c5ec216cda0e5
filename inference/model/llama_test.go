package model_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/inference/model"
)

// llamaServer serves the model file with llama.cpp's server, in binary32 throughout, and returns its address.
func llamaServer(t *testing.T, path string) string {
	t.Helper()
	program := os.Getenv("POSP_LLAMA_SERVER")
	if program == "" {
		program = "llama-server"
	}
	program, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("llama.cpp's server is not on PATH nor in POSP_LLAMA_SERVER: %v", err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_, port, _ := net.SplitHostPort(address)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "--model", path, "--host", "127.0.0.1", "--port", port, "--threads", "2", "--parallel", "1",
		"--ctx-size", "256", "--cache-type-k", "f32", "--cache-type-v", "f32", "--flash-attn", "off", "--no-warmup")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { defer close(ended); _ = cmd.Wait() }()
	t.Cleanup(func() { cancel(); <-ended })
	for range 300 {
		r, err := http.Get("http://" + address + "/health")
		if err == nil {
			_ = r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return "http://" + address
			}
		}
		select {
		case <-ended:
			t.Fatalf("the server does not load the file:\n%s", log.String())
		case <-time.After(100 * time.Millisecond):
		}
	}
	t.Fatal("the server is not ready after 30 s")
	return ""
}

func ask[T any](t *testing.T, url string, question any) (answer T) {
	t.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.Post(url, "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s: %v", url, r.Status, err)
	}
	return answer
}

// Rationale: only the program that the file is for can say whether it is right: names, layout, order of rows,
// hyperparameters, vocabulary and template. An error in any shows here as another token or log-probability.
func TestLlamaCppComputesWhatWeWrote(t *testing.T) {
	shape := func(kind string) model.Config {
		return model.Config{
			ModelType: kind, HiddenSize: 64, Layers: 2, Heads: 4, KVHeads: 2, IntermediateSize: 96, VocabSize: 600, ContextLength: 256,
			RMSNormEps: 1e-6, RopeTheta: 5e5, BOS: model.BOS, EOS: model.EOS,
		}
	}
	wide := shape(model.Qwen3)
	wide.HeadWidth, wide.TieEmbeddings = 32, true
	shipped, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	models := map[string]*model.Weights{"shipped": shipped}
	for name, c := range map[string]model.Config{"llama": shape(model.Llama), "qwen2": shape(model.Qwen2), "qwen3": shape(model.Qwen3), "qwen3 with wide heads": wide} {
		if models[name], err = model.Random(c, 5); err != nil {
			t.Fatal(err)
		}
	}
	for name, w := range models {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "model.gguf")
			out, err := os.Create(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := model.WriteGGUF(out, w, model.GGUFOptions{Name: name}); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			server := llamaServer(t, path)

			text := "func (b *Buffer) Write(p []byte) \u00fc\n\tx \x7f"
			prompt := model.EncodePrompt([]byte(text))
			tokens := ask[struct{ Tokens []uint32 }](t, server+"/tokenize", map[string]any{"content": text, "add_special": true}).Tokens
			if !slices.Equal(tokens, prompt) {
				t.Errorf("text becomes tokens %v, want %v", tokens, prompt)
			}
			chat := []string{"Sum adds numbers.\n", "two\n\nparts"}
			var messages []map[string]string
			var contents [][]byte
			for _, m := range chat {
				messages, contents = append(messages, map[string]string{"role": "user", "content": m}), append(contents, []byte(m))
			}
			applied := ask[struct{ Prompt string }](t, server+"/apply-template", map[string]any{"messages": messages}).Prompt
			if want := string(model.Decode(model.EncodeChat(contents))); strings.TrimPrefix(applied, "<s>") != want {
				t.Errorf("chat becomes %q, want %q", applied, want)
			}

			const length = 24
			answer := ask[struct {
				Tokens        []uint32
				Probabilities []struct {
					ID      uint32
					LogProb float64
				} `json:"completion_probabilities"`
			}](t, server+"/completion", map[string]any{
				"prompt": prompt, "n_predict": length, "temperature": 0, "n_probs": 1, "return_tokens": true, "ignore_eos": false,
			})
			logits := oracle(w, append(slices.Clone(prompt), answer.Tokens...))
			largest, compared := 0.0, 0
			for i, id := range answer.Tokens {
				row := logits[len(prompt)+i-1]
				best, sum := slices.Max(row), 0.0
				for _, x := range row {
					sum += math.Exp(x - best)
				}
				if row[id] < best-1e-4 {
					t.Errorf("token %d is %d, %g below the best", i, id, best-row[id])
				}
				// The server leaves out tokens that end within a character.
				if p := answer.Probabilities; compared < len(p) && p[compared].ID == id {
					largest = max(largest, math.Abs(row[id]-best-math.Log(sum)-p[compared].LogProb))
					compared++
				}
			}
			if largest > 5e-5 {
				t.Errorf("log-probabilities differ by %g", largest)
			}
			if compared < 10 || compared != len(answer.Probabilities) {
				t.Errorf("compared %d of %d log-probabilities, for %d tokens", compared, len(answer.Probabilities), len(answer.Tokens))
			}
			t.Logf("%d log-probabilities differ by %.1e at most", compared, largest)
			detokenised := ask[struct{ Content string }](t, server+"/detokenize", map[string]any{"tokens": answer.Tokens}).Content
			if back := ask[struct{ Tokens []uint32 }](t, server+"/tokenize", map[string]any{"content": detokenised}).Tokens; !slices.Equal(back, answer.Tokens) && !strings.Contains(detokenised, "\ufffd") {
				t.Errorf("tokens %v become %q, and that %v", answer.Tokens, detokenised, back)
			}
		})
	}
}

// oracle is the architecture as it stands in the papers, in binary64 and without a thought to speed.
func oracle(w *model.Weights, tokens []uint32) [][]float64 {
	c := w.Config
	d, hd := c.HiddenSize, c.HeadDim()
	apply := func(m, bias []float32, x []float64) []float64 {
		y := make([]float64, len(m)/len(x))
		for i := range y {
			if bias != nil {
				y[i] = float64(bias[i])
			}
			for j, v := range x {
				y[i] += float64(m[i*len(x)+j]) * v
			}
		}
		return y
	}
	norm := func(x []float64, weight []float32) []float64 {
		mean := 0.0
		for _, v := range x {
			mean += v * v / float64(len(x))
		}
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = v / math.Sqrt(mean+c.RMSNormEps) * float64(weight[i])
		}
		return y
	}
	heads := func(x []float64, weight []float32, at int) { // norms, if there are any, and rotation
		for first := 0; first < len(x); first += hd {
			x := x[first : first+hd]
			if weight != nil {
				copy(x, norm(x, weight))
			}
			for i := range hd / 2 {
				sin, cos := math.Sincos(float64(at) / math.Pow(c.RopeTheta, float64(2*i)/float64(hd)))
				x[i], x[i+hd/2] = x[i]*cos-x[i+hd/2]*sin, x[i+hd/2]*cos+x[i]*sin
			}
		}
	}
	keys, values := make([][][]float64, c.Layers), make([][][]float64, c.Layers)
	var logits [][]float64
	for at, token := range tokens {
		x := make([]float64, d)
		for i := range x {
			x[i] = float64(w.Embedding[int(token)*d+i])
		}
		for n, l := range w.Layers {
			h := norm(x, l.AttentionNorm)
			q, k := apply(l.Q, l.QBias, h), apply(l.K, l.KBias, h)
			heads(q, l.QNorm, at)
			heads(k, l.KNorm, at)
			keys[n], values[n] = append(keys[n], k), append(values[n], apply(l.V, l.VBias, h))
			attention := make([]float64, c.QSize())
			for head := range c.Heads {
				from := head * c.KVHeads / c.Heads * hd
				p, sum := make([]float64, at+1), 0.0
				for i := range p {
					for j := range hd {
						p[i] += q[head*hd+j] * keys[n][i][from+j] / math.Sqrt(float64(hd))
					}
					p[i] = math.Exp(p[i])
					sum += p[i]
				}
				for i := range p {
					for j := range hd {
						attention[head*hd+j] += p[i] / sum * values[n][i][from+j]
					}
				}
			}
			for i, v := range apply(l.O, nil, attention) {
				x[i] += v
			}
			h = norm(x, l.MLPNorm)
			gate, up := apply(l.Gate, nil, h), apply(l.Up, nil, h)
			for i, g := range gate {
				gate[i] = g / (1 + math.Exp(-g)) * up[i]
			}
			for i, v := range apply(l.Down, nil, gate) {
				x[i] += v
			}
		}
		logits = append(logits, apply(w.Head, nil, norm(x, w.Norm)))
	}
	return logits
}
