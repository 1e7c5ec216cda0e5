package openai

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

// The answers are written after the same sources as testdata's.
func TestGenerate(t *testing.T) {
	for name, c := range map[string]struct {
		make   func(*client) server
		answer string
	}{
		"vllm": {func(c *client) server { return vllm{c} }, `{"choices":[{"index":0,"text":"xy","token_ids":[7,2],"finish_reason":"stop","logprobs":{
			"tokens":["token_id:7","token_id:2"],"token_logprobs":[-1.5,-0.25],"text_offset":[0,1],
			"top_logprobs":[{"token_id:7":-1.5,"token_id:3":-0.5},{"token_id:2":-0.25,"token_id:9":-2}]}}]}`},
		"sglang": {func(c *client) server { return sglang{c} }, `{"text":"xy","output_ids":[7,2],"meta_info":{"finish_reason":{"type":"stop","matched":2},"prompt_tokens":1,
			"output_token_logprobs":[[-1.5,7,null],[-0.25,2,null]],"output_top_logprobs":[[[-0.5,3,null],[-1.5,7,null]],[[-0.25,2,null],[-2,9,null]]]}}`},
		"llama.cpp": {func(c *client) server { return &llamaCpp{client: c} }, `{"tokens":[7,2],"stop_type":"eos","completion_probabilities":[
			{"id":7,"logprob":-1.5,"top_logprobs":[{"id":3,"logprob":-0.5}]},{"id":2,"logprob":-0.25,"top_logprobs":[{"id":2,"logprob":-0.25}]}]}`},
	} {
		answer := c.answer
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
		defer web.Close()
		client, err := newClient(web.URL, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := &Scorer{server: c.make(client), about: Description{Class: name, Top: 4, Vocab: 10, Context: 8}}
		request := inference.Request{Prompt: []uint32{1}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 5}, Top: 1}
		tokens, finish, err := inference.Collect(t.Context(), s, request)
		if err != nil || finish != posp.FinishStop || len(tokens) != 2 || tokens[0].ID != 7 || tokens[0].LogProb != -1.5 || tokens[1].ID != 2 || tokens[1].LogProb != -0.25 ||
			len(tokens[0].Top) != 1 || tokens[0].Top[0] != (inference.Alternative{ID: 3, LogProb: -0.5}) || tokens[1].Top[0].ID != 2 {
			t.Errorf("%s wrote %+v, %d, %v", name, tokens, finish, err)
		}
		answer = `{"choices":[{"token_ids":[7],"finish_reason":"stop"}],"tokens":[7],"stop_type":"none","meta_info":{"finish_reason":{"type":"abort"}}}`
		if tokens, _, err := inference.Collect(t.Context(), s, request); err == nil {
			t.Errorf("%s: an answer without log-probabilities is taken: %+v", name, tokens)
		}
		for what, change := range map[string]func(*inference.Request){
			"seeded": func(r *inference.Request) {
				r.Sampling = posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1e6, TopPMicro: 1e6, MaxTokens: 5}
			},
			"too long": func(r *inference.Request) { r.Sampling.MaxTokens = 8 },
			"no token": func(r *inference.Request) { r.Prompt = []uint32{10} },
			"too many": func(r *inference.Request) { r.Top = 5 },
			"nothing":  func(r *inference.Request) { r.Prompt = nil },
		} {
			bad := request
			change(&bad)
			var never *posp.ValidationError
			if _, _, err := inference.Collect(t.Context(), s, bad); !errors.As(err, &never) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
}
