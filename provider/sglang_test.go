package provider

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// sglangServer answers as testdata/sglang, and scores.
func sglangServer(t *testing.T, edit func(path, answer string) string) (url string, scored *atomic.Int32) {
	scored = new(atomic.Int32)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		json.NewDecoder(r.Body).Decode(&body)
		answer := ""
		switch r.URL.Path {
		case "/v1/completions", "/v1/chat/completions":
			chat, stream := strings.Contains(r.URL.Path, "chat"), body["stream"] == true
			if ids := "return_token_ids"; body["logprobs"] == nil || body[ids] == nil && body["return_output_ids_in_sglext"] == nil || chat && stream && body[ids] != nil {
				http.Error(w, "this is not asked as SGLang wants it", http.StatusBadRequest)
				return
			}
			if stream {
				w.Header().Set("Content-Type", "text/event-stream")
			}
			answer = fixtureOf(t, "sglang", chat, stream)
		case "/generate":
			scored.Add(1)
			if d := cmp.Diff([]any{1.0, 5.0, 6.0, 7.0, 11.0, 12.0, 2.0}, body["input_ids"]); d != "" || body["logprob_start_len"] != 3.0 {
				t.Errorf("asked to score %v: %s", body, d)
			}
			b, err := readFixture("sglang", "generate.json")
			if err != nil {
				t.Error(err)
			}
			answer = string(b)
		case "/get_model_info":
			answer = `{"model_path":"/models/small","is_generation":true}`
		case "/v1/models":
			answer = `{"object":"list","data":[{"id":"small","owned_by":"sglang"}]}`
		default:
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, edit(r.URL.Path, answer))
	}))
	t.Cleanup(srv.Close)
	return srv.URL, scored
}

func TestSGLang(t *testing.T) {
	same := func(_, answer string) string { return answer }
	for _, path := range []string{"/v1/completions", "/v1/chat/completions"} {
		for _, stream := range []bool{false, true} {
			t.Run(fmt.Sprint(path, stream), func(t *testing.T) {
				up, scored := sglangServer(t, same)
				r := newRig(t)
				p := r.inFront(KindSGLang, up, map[string]posp.ModelSpec{"small": unseeded(spec)})
				got := r.post(path, fmt.Sprintf(`{"model":"small","prompt":"x","messages":[],"temperature":0.5,"max_tokens":9,"stream":%v}`, stream))
				if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
					t.Fatalf("%v in %s", err, got.body)
				}
				if d := cmp.Diff([]uint32{1, 5, 6, 7}, got.posp.Request.Tokens) + cmp.Diff([]uint32{11, 12, 2}, got.posp.Output.Tokens); d != "" {
					t.Error(d)
				}
				if d := cmp.Diff([]int32{-posp.Nat / 4, -3 * posp.Nat / 2, -posp.Nat / 1024}, r.lastEvidence(p, 0)); d != "" {
					t.Error(d)
				}
				// Only a chat stream leaves out the end's log-probability.
				if want := stream && strings.Contains(path, "chat"); (scored.Load() > 0) != want {
					t.Errorf("scored %d times", scored.Load())
				}
				if !stream && (strings.Contains(string(got.body), "token_ids") || strings.Contains(string(got.body), "sglext")) {
					t.Errorf("what the buyer did not ask for is in %s", got.body)
				}
			})
		}
	}
}

func TestSGLangScoresAnotherText(t *testing.T) {
	for name, edit := range map[string]func(string) string{
		"other token": func(s string) string { return strings.Replace(s, "[-1.5,12,null]", "[-1.5,13,null]", 1) },
		"no number":   func(s string) string { return strings.Replace(s, "[-1.5,12,null]", "[null,12,null]", 1) },
		"too few":     func(s string) string { return strings.Replace(s, "[null,7,null],[-0.25,11,null],", "", 1) },
		"no list":     func(string) string { return "{}" },
	} {
		up, _ := sglangServer(t, func(path, answer string) string {
			if path == "/generate" {
				return edit(answer)
			}
			return answer
		})
		r := newRig(t)
		r.inFront(KindSGLang, up, map[string]posp.ModelSpec{"small": unseeded(spec)})
		got := r.post("/v1/chat/completions", `{"model":"small","messages":[],"temperature":0,"max_tokens":9,"stream":true}`)
		if got.posp.Error == nil || got.posp.Error.Code != ReasonUpstream {
			t.Errorf("%s: %+v", name, got.posp)
		}
	}
}

func unseeded(s posp.ModelSpec) posp.ModelSpec {
	s.SamplingRule = posp.RuleUnseeded
	return s
}

// An unmodified server draws by itself, by no seed of the buyer's: with that the
// buyer could make an honest provider's draws look unlikely.
func TestUnseededSpec(t *testing.T) {
	for params, want := range map[string]struct {
		sampling posp.Sampling
		seed     string
	}{
		`"temperature":0.7,"top_p":0.9,"seed":258`: {posp.Sampling{Rule: posp.Unseeded, TemperatureMicro: 700_000, TopPMicro: 900_000, MaxTokens: 9}, "<nil>"},
		`"temperature":0.7`:                        {posp.Sampling{Rule: posp.Unseeded, TemperatureMicro: 700_000, TopPMicro: 1_000_000, MaxTokens: 9}, "<nil>"},
		`"temperature":0,"seed":"mine"`:            {posp.Sampling{Rule: posp.Greedy, MaxTokens: 9}, "mine"},
	} {
		r := newRig(t)
		r.Provider.cfg.Models = map[string]posp.ModelSpec{"small": unseeded(spec)}
		got := r.post("/v1/completions", `{"model":"small","prompt":"x","max_tokens":9,`+params+`}`)
		if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
			t.Fatalf("%s: %v in %s", params, err, got.body)
		}
		if d := cmp.Diff(want.sampling, got.posp.Request.Sampling); d != "" {
			t.Error(params, d)
		}
		if seed := fmt.Sprint(r.upstream.last()["seed"]); seed != want.seed {
			t.Errorf("%s: the server got seed %s", params, seed)
		}
	}
}

func TestConnect(t *testing.T) {
	same := func(_, answer string) string { return answer }
	for name, c := range map[string]struct {
		kind Kind
		rule string
		edit func(path, answer string) string
		want string // in the error; empty if there is none
	}{
		"found out":   {"", posp.RuleUnseeded, same, ""},
		"forced":      {KindSGLang, posp.RuleUnseeded, same, ""},
		"other rule":  {"", posp.RuleGumbel, same, "its spec must say " + posp.RuleUnseeded},
		"other kind":  {KindVLLM, posp.RuleUnseeded, same, "vLLM 0.10.2"},
		"no kind":     {"tgi", posp.RuleUnseeded, same, "want one of"},
		"too old":     {"", posp.RuleUnseeded, func(_, s string) string { return strings.ReplaceAll(s, `"token_ids":[11,12,2]`, `"x":0`) }, "SGLANG_RETURN_ORIGINAL_LOGPROB"},
		"other model": {"", posp.RuleUnseeded, func(_, s string) string { return strings.ReplaceAll(s, "[1,5,6,7]", "[1,5,6,7777]") }, "the spec has 64"},
	} {
		t.Run(name, func(t *testing.T) {
			up, _ := sglangServer(t, c.edit)
			u, err := url.Parse(up)
			if err != nil {
				t.Fatal(err)
			}
			s := spec
			s.SamplingRule = c.rule
			found, err := Connect(t.Context(), NewServer(u), Expected{Kind: c.kind, Model: "small", Spec: s}, zap.NewNop())
			switch {
			case c.want == "" && (err != nil || found.Kind != KindSGLang || found.Dialect != Dialect(SGLang{})):
				t.Errorf("%+v, %v", found, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}
