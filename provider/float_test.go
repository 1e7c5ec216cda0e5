package provider

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
	inferenceserver "github.com/proof-of-sampling/posp/inference/server"
)

// In front of the project's own server and model, a receipt opens to what the
// model makes of it: the request part generates the output part again, and the
// evidence part is the server's log-probabilities.
func TestReceiptsOfARealServer(t *testing.T) {
	w, err := model.Small()
	if err != nil {
		t.Fatal(err)
	}
	engine := float.New(w, float.Options{})
	up := httptest.NewServer(inferenceserver.New(engine, inferenceserver.Options{Name: "small", Config: w.Config}))
	defer up.Close()
	r := newRig(t)
	p := r.provider(r.db, up.URL)
	p.cfg.Models = map[string]posp.ModelSpec{"small": {SamplingRule: posp.RuleGumbel, VocabSize: uint32(w.Config.VocabSize), EOS: model.EOS, ContextLimit: uint32(w.Config.ContextLength)}}
	srv := httptest.NewServer(p.Handler())
	defer srv.Close()
	r.url = srv.URL

	scorer := float.NewScorer(w)
	sequence := uint64(0)
	for _, path := range []string{"/v1/completions", "/v1/chat/completions"} {
		for _, stream := range []bool{false, true} {
			for _, params := range []string{
				`"temperature":0,"max_tokens":12`,
				`"temperature":0.8,"top_p":0.9,"seed":-7,"max_tokens":12`,
				`"temperature":1.5,"max_tokens":12`, // seed of the recorder
				`"seed":"` + strings.Repeat("c4", 32) + `"`,
			} {
				name := fmt.Sprint(path, " stream=", stream, " ", params)
				got := r.post(path, fmt.Sprintf(`{"model":"small","prompt":"func ","messages":[{"role":"user","content":"func "}],"stream":%v,%s}`, stream, params))
				if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
					t.Fatalf("%s: %v in %s", name, err, got.body)
				}
				e, err := p.ledger.entry(context.Background(), sequence)
				if err != nil {
					t.Fatal(err)
				}
				sequence++
				text := answerText(t, got, stream)
				// JSON has one U+FFFD for each byte that is of no character.
				if want := string([]rune(string(model.Decode(e.output.Tokens)))); text != want {
					t.Errorf("%s: the buyer read %q, the receipt says %q", name, text, want)
				}
				// The scorer's own numbers; it is the other path of two.
				again, err := scorer.Score(context.Background(), e.request.Tokens, e.request.Sampling, e.output.Tokens)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				for i := range again.LogProb {
					if d := again.LogProb[i] - e.evidence.Evidence.LogProb[i]; d > posp.Nat/1000 || d < -posp.Nat/1000 {
						t.Errorf("%s: position %d: %d recorded, %d scored", name, i, e.evidence.Evidence.LogProb[i], again.LogProb[i])
					}
					if again.Margin[i] > posp.Nat/1000 {
						t.Errorf("%s: position %d: the recorded sampling would not choose token %d (margin %d)", name, i, e.output.Tokens[i], again.Margin[i])
					}
				}
			}
		}
	}
}

// answerText is what a client of the API shows.
func answerText(t *testing.T, r reply, stream bool) string {
	t.Helper()
	var out strings.Builder
	add := func(document []byte) {
		var d struct {
			Choices []struct {
				Text           string
				Message, Delta struct{ Content string }
			}
		}
		if err := json.Unmarshal(document, &d); err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		for _, c := range d.Choices {
			out.WriteString(c.Text + c.Message.Content + c.Delta.Content)
		}
	}
	if !stream {
		add(r.body)
		return out.String()
	}
	lines := bufio.NewScanner(strings.NewReader(string(r.body)))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && data != "[DONE]" {
			add([]byte(data))
		}
	}
	return out.String()
}
