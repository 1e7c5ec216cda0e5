package provider

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
)

const nonceText = "0x1111111111111111111111111111111111111111111111111111111111111111"

func TestEveryKindOfAnswerHasItsReceipt(t *testing.T) {
	seedText := strings.Repeat("ab", 32)
	for _, path := range []string{"/v1/completions", "/v1/chat/completions"} {
		for _, stream := range []bool{false, true} {
			for name, c := range map[string]struct {
				params string
				want   posp.Sampling
				sent   map[string]string // of the server's request
			}{
				"greedy": {`"temperature":0,"max_tokens":3`, posp.Sampling{Rule: posp.Greedy, MaxTokens: 3},
					map[string]string{"temperature": "0", "max_tokens": "3", "seed": "<nil>"}},
				"integer seed": {`"temperature":0.7,"top_p":0.9,"seed":258,"max_tokens":9`,
					posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 700_000, TopPMicro: 900_000, Seed: posp.Hash{30: 1, 31: 2}, MaxTokens: 9},
					map[string]string{"temperature": "0.7", "top_p": "0.9", "seed": "258"}},
				"long seed": {`"temperature":0.1234567,"seed":"` + seedText + `","max_tokens":9`,
					posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 123_457, TopPMicro: 1_000_000, Seed: posp.Hash([]byte(strings.Repeat("\xab", 32))), MaxTokens: 9},
					map[string]string{"temperature": "0.123457", "top_p": "1", "seed": seedText}},
			} {
				t.Run(fmt.Sprint(path, stream, name), func(t *testing.T) {
					r := newRig(t)
					got := r.post(path, fmt.Sprintf(`{"model":"small","prompt":"x","messages":[],"stream":%v,%s}`, stream, c.params), NonceHeader, nonceText)
					nonce, _ := parseHash(nonceText)
					if err := got.posp.Check(domain, addressOf(key), nonce); err != nil {
						t.Fatalf("%v in %s", err, got.body)
					}
					in := got.header
					if stream {
						in = got.trailer
					}
					fromHeader, err := ParseReceiptHeader(in.Get(ReceiptHeader))
					if err != nil || cmp.Diff(fromHeader, *got.posp.Receipt) != "" {
						t.Errorf("header %q: %v", in.Get(ReceiptHeader), err)
					}
					wantRequest := posp.RequestPart{Tokens: []uint32{1, 5, 6, 7}, Sampling: c.want, Salt: got.posp.Request.Salt}
					wantOutput := posp.OutputPart{Tokens: []uint32{11, 12, 2}, Finish: posp.FinishStop, Salt: got.posp.Output.Salt}
					e, err := r.ledger.entry(t.Context(), 0)
					if err != nil {
						t.Fatal(err)
					}
					wantEvidence := posp.EvidencePart{Salt: e.evidence.Salt,
						Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-posp.Nat / 4, -3 * posp.Nat / 2, -posp.Nat / 1024}}}
					want := entry{
						receipt: posp.Receipt{Provider: address, SpecID: spec.ID(), RequestHash: wantRequest.Hash(), OutputHash: wantOutput.Hash(),
							EvidenceHash: wantEvidence.Hash(), PromptTokens: 4, OutputTokens: 3, ClientNonce: nonce, Time: uint64(start.Unix())},
						request: wantRequest, output: wantOutput, evidence: wantEvidence, signature: got.posp.Receipt.Signature,
					}
					if d := cmp.Diff(want, e, cmp.AllowUnexported(entry{})); d != "" {
						t.Error("ledger:", d)
					}
					if d := cmp.Diff(want.receipt, got.posp.Receipt.Receipt); d != "" {
						t.Error("receipt:", d)
					}
					if salts := (map[posp.Hash]bool{want.request.Salt: true, want.output.Salt: true, want.evidence.Salt: true, {}: true}); len(salts) != 4 {
						t.Error("salts are not fresh for each part")
					}
					for field, want := range c.sent {
						if got := fmt.Sprint(r.upstream.last()[field]); got != want {
							t.Errorf("server got %s %s, want %s", field, got, want)
						}
					}
				})
			}
		}
	}
}

func TestMissingSeedIsDrawnSentAndPromised(t *testing.T) {
	r := newRig(t)
	seeds := map[posp.Hash]bool{}
	for range 3 {
		got := r.post("/v1/completions", `{"model":"small","prompt":"x"}`)
		s := got.posp.Request.Sampling
		if s.Rule != posp.Seeded || s.TemperatureMicro != 1_000_000 || s.TopPMicro != 1_000_000 || s.MaxTokens != 16 {
			t.Fatalf("defaults: %+v", s)
		}
		var sent inference.Seed
		if err := json.Unmarshal([]byte(fmt.Sprint(r.upstream.last()["seed"])), &sent); err != nil || posp.Hash(sent) != s.Seed {
			t.Fatalf("server got seed %v, promised %s", r.upstream.last()["seed"], s.Seed)
		}
		seeds[s.Seed] = true
	}
	if len(seeds) != 3 {
		t.Fatal("seeds repeat")
	}
}

func TestNewerMaximumReplacesTheOlder(t *testing.T) {
	r := newRig(t)
	got := r.post("/v1/chat/completions", `{"model":"small","messages":[],"temperature":0,"max_tokens":3,"max_completion_tokens":9}`)
	if sent := r.upstream.last(); got.posp.Request.Sampling.MaxTokens != 9 || fmt.Sprint(sent["max_completion_tokens"]) != "9" || sent["max_tokens"] != nil {
		t.Errorf("promised %+v, sent %v", got.posp.Request.Sampling, sent)
	}
}

// A server's rounding can put a certain token's log-probability above 0, which
// no evidence can hold.
func TestCertainTokenHasLogProbabilityZero(t *testing.T) {
	r := newRig(t)
	r.upstream.edit = func(s string) string { return strings.ReplaceAll(s, "-0.25", "0.0000003") }
	r.buy()
	e, err := r.ledger.entry(t.Context(), 0)
	if err != nil || e.evidence.Evidence.LogProb[0] != 0 {
		t.Errorf("%v, %v", e.evidence, err)
	}
}

// What the buyer did not ask for is not in its answer; what it asked for is.
func TestAnswerIsTheServersPlusTheReceipt(t *testing.T) {
	for path, name := range map[string]string{"/v1/completions": "completion.json", "/v1/chat/completions": "chat.json"} {
		for _, asked := range []bool{false, true} {
			r := newRig(t)
			params := ""
			if asked {
				params = `,"return_token_ids":true,"logprobs":` + map[bool]string{true: "true", false: "2"}[strings.Contains(path, "chat")]
			}
			got := r.post(path, `{"model":"small","prompt":"x","temperature":0`+params+`}`)
			delete(got.fields, "posp")
			var want map[string]json.RawMessage
			if err := json.Unmarshal([]byte(fixture(t, name)), &want); err != nil {
				t.Fatal(err)
			}
			if !asked {
				stripOpenAI(want, Asked{})
				for _, extra := range []string{"token_ids", "logprob\":", "token_logprobs"} {
					if strings.Contains(string(want["choices"]), extra) || want["prompt_token_ids"] != nil {
						t.Errorf("%s is not stripped", extra)
					}
				}
			} else if l := r.upstream.last()["logprobs"]; name == "completion.json" && fmt.Sprint(l) != "2" {
				t.Errorf("the buyer's logprobs 2 became %v", l)
			}
			if d := cmp.Diff(decode(t, want), decode(t, got.fields)); d != "" {
				t.Error(path, asked, d)
			}
		}
	}
}

func decode(t *testing.T, v any) (out any) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStreamPassesThroughByteByByteWithOneEventMore(t *testing.T) {
	for path, name := range map[string]string{"/v1/completions": "completion.sse", "/v1/chat/completions": "chat.sse"} {
		for kind, edit := range map[string]func(string) string{
			"as recorded": func(s string) string { return s },
			"crlf":        func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
			"comments": func(s string) string {
				return ": ping\n\n" + strings.ReplaceAll(s, "data: {", ": x\nevent: e\ndata: {")
			},
			"long event": func(s string) string {
				return strings.Replace(s, `"model"`, `"pad":"`+strings.Repeat("y", 100_000)+`","model"`, 1)
			},
			"no done":       func(s string) string { return strings.TrimSuffix(s, "data: [DONE]\n\n") },
			"several lines": func(s string) string { return strings.ReplaceAll(s, `,"object"`, ",\ndata: \"object\"") },
		} {
			r := newRig(t)
			r.upstream.edit = edit
			got := r.post(path, `{"model":"small","prompt":"x","temperature":0,"stream":true}`)
			if err := got.posp.Check(domain, addressOf(key), nonceOf(got)); err != nil {
				t.Fatalf("%s: %v in %s", kind, err, got.body)
			}
			var before, ours, after string
			for line := range strings.SplitAfterSeq(string(got.body), "\n") {
				switch {
				case strings.HasPrefix(line, "data: ") && strings.Contains(line, `"posp":`):
					ours = line
				case ours == "":
					before += line
				default:
					after += line
				}
			}
			after = strings.TrimPrefix(after, "\n") // ends our event
			if before+after != edit(fixture(t, name)) {
				t.Errorf("%s: the stream was changed:\n%s%s", kind, before, after)
			}
			if want := strings.Contains(edit(fixture(t, name)), "[DONE]"); strings.HasPrefix(after, "data: [DONE]") != want {
				t.Errorf("%s: %q after the receipt", kind, after)
			}
			var event struct {
				ID      string
				Choices []any
			}
			if json.Unmarshal([]byte(strings.TrimPrefix(ours, "data: ")), &event) != nil || event.ID == "" || event.Choices == nil {
				t.Errorf("%s: the receipt's event %s is not a chunk without choices", kind, ours)
			}
		}
	}
}

// The server sends the second event only after the buyer has read the first.
func TestStreamIsNotDelayed(t *testing.T) {
	r := newRig(t)
	events := strings.SplitAfter(fixture(t, "completion.sse"), "\n\n")
	goOn := make(chan struct{})
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, e := range events {
			io.WriteString(w, e)
			w.(http.Flusher).Flush()
			select {
			case <-goOn:
			case <-r.Context().Done():
				return
			}
		}
	}))
	defer up.Close()
	srv := httptest.NewServer(r.provider(r.db, up.URL).Handler())
	defer srv.Close()
	// What is kept back until the next event never comes.
	client := http.Client{Timeout: 5 * time.Second}
	res, err := client.Post(srv.URL+"/v1/completions", "application/json", strings.NewReader(`{"model":"small","prompt":"x","temperature":0,"stream":true}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewReader(res.Body)
	for _, e := range events[:3] {
		if line, err := lines.ReadString('\n'); err != nil || !strings.HasPrefix(e, line) {
			t.Fatalf("read %q, %v; want of %q", line, err, e)
		}
		lines.ReadString('\n')
		goOn <- struct{}{}
	}
	close(goOn)
	rest, _ := io.ReadAll(lines)
	if !strings.Contains(string(rest), `"receipt":`) {
		t.Errorf("no receipt in %q", rest)
	}
}

// Whatever goes wrong on our side, the buyer has the answer, and is told.
func TestAnswerGoesOutWithoutReceipt(t *testing.T) {
	const model = `"model":"small"`
	edit := func(old, new string) func(*rig) {
		return func(r *rig) {
			r.upstream.edit = func(s string) string {
				if !strings.Contains(s, old) {
					r.t.Fatalf("the recorded answer has no %s", old)
				}
				return strings.Replace(s, old, new, 1)
			}
		}
	}
	for name, c := range map[string]struct {
		params string
		broken func(*rig)
		want   Reason
	}{
		"chain down":         {model, func(r *rig) { r.chain.before = func(string) error { return errors.New("connection refused") } }, ReasonChain},
		"disk full":          {model, func(r *rig) { r.db.Close() }, ReasonStore},
		"key store locked":   {model, func(r *rig) { r.signer.before = func() error { return errors.New("locked") } }, ReasonSigning},
		"other model":        {`"model":"large"`, nil, ReasonUnknownModel},
		"no model":           {`"n":1`, nil, ReasonUnknownModel},
		"penalty":            {model + `,"presence_penalty":0.1`, nil, ReasonUnsupported},
		"stop string":        {model + `,"stop":["x"]`, nil, ReasonUnsupported},
		"two answers":        {model + `,"n":2`, nil, ReasonUnsupported},
		"unknown extension":  {model + `,"logit_processor":"x"`, nil, ReasonUnsupported},
		"seed is text":       {model + `,"seed":"0x11","temperature":1`, nil, ReasonUnsupported},
		"chat's maximum":     {model + `,"max_completion_tokens":9`, nil, ReasonUnsupported},
		"hot":                {model + `,"temperature":11`, nil, ReasonUnsupported},
		"top_p 0":            {model + `,"temperature":1,"top_p":0`, nil, ReasonUnsupported},
		"top_p 2":            {model + `,"temperature":1,"top_p":2`, nil, ReasonUnsupported},
		"max_tokens 0":       {model + `,"max_tokens":0`, nil, ReasonUnsupported},
		"max_tokens text":    {model + `,"max_tokens":"9"`, nil, ReasonUnsupported},
		"no token ids":       {model, edit(`"token_ids":[11,12,2]`, `"token_ids":null`), ReasonUpstream},
		"no prompt ids":      {model, edit(`"prompt_token_ids":[1,5,6,7]`, `"x":1`), ReasonUpstream},
		"no logprob":         {model, edit(`-0.25`, `null`), ReasonUpstream},
		"too few logprobs":   {model, edit(`"token_logprobs":[-0.25,`, `"token_logprobs":[`), ReasonUpstream},
		"token unlike spec":  {model, edit(`[11,12,2]`, `[11,64,2]`), ReasonUpstream},
		"prompt unlike spec": {model, edit(`[1,5,6,7]`, `[1,5,6,64]`), ReasonUpstream},
		"stop without end":   {model, edit(`[11,12,2]`, `[11,12,3]`), ReasonUpstream},
		"length too early":   {model, edit(`"stop"`, `"length"`), ReasonUpstream},
		"other finish":       {model, edit(`"stop"`, `"content_filter"`), ReasonUpstream},
		"no finish":          {model, edit(`"stop"`, `null`), ReasonUnfinished},
		"more than asked":    {model + `,"max_tokens":2`, nil, ReasonUpstream},
		"bad token id":       {model, edit(`[11,12,2]`, `[11,-12,2]`), ReasonUpstream},
	} {
		t.Run(name, func(t *testing.T) {
			for _, stream := range []string{"", `,"stream":true`} {
				if stream != "" && (strings.Contains(fmt.Sprint(c.want), "upstream")) {
					continue // edits are of the whole answer; streams are below
				}
				r := newRig(t)
				if c.broken != nil {
					c.broken(r)
				}
				got := r.post("/v1/completions", `{"prompt":"x",`+c.params+stream+`}`)
				if got.status != 200 || !strings.Contains(string(got.body), "func") || !strings.Contains(string(got.body), " main") {
					t.Fatalf("the answer is lost: %d %s", got.status, got.body)
				}
				in := got.header
				if stream != "" {
					in = got.trailer
				}
				if got.posp.Error == nil || got.posp.Error.Code != c.want || in.Get(ErrorHeader) != string(c.want) {
					t.Errorf("posp %+v, header %q; want %s", got.posp.Error, in.Get(ErrorHeader), c.want)
				}
				if got.posp.Receipt != nil || in.Get(ReceiptHeader) != "" {
					t.Error("there is a receipt")
				}
				if s := r.Stats(); s.Unreceipt != 1 || s.Receipts != 0 {
					t.Errorf("counted %+v", s)
				}
				if strings.Contains(string(got.body), "connection refused") || strings.Contains(string(got.body), "locked") {
					t.Error("the buyer sees our inside")
				}
			}
		})
	}
}

func TestBrokenStreamHasNoReceipt(t *testing.T) {
	unfinished := map[string]bool{"cut in an event": true, "cut before done": true, "cut before finish": true, "empty": true, "line left open": true, "event left open": true}
	for name, edit := range map[string]func(string) string{
		"cut in an event":   func(s string) string { return s[:len(s)/2] },
		"cut before done":   func(s string) string { return s[:strings.LastIndex(s, `data: {`)] + "data: [DONE]\n\n" },
		"cut before finish": func(s string) string { return s[:strings.LastIndex(s, `data: {`)] },
		"not JSON":          func(s string) string { return strings.Replace(s, `{"id"`, `{id`, 1) },
		"two choices":       func(s string) string { return strings.Replace(s, `"index":0`, `"index":1`, 1) },
		"after the end":     func(s string) string { return strings.Replace(s, `"finish_reason":null`, `"finish_reason":"stop"`, 1) },
		"empty":             func(string) string { return "" },
		"line left open":    func(s string) string { return strings.TrimSuffix(s, "\n\ndata: [DONE]\n\n") },
		"event left open":   func(s string) string { return strings.TrimSuffix(s, "\ndata: [DONE]\n\n") },
	} {
		r := newRig(t)
		r.upstream.edit = edit
		got := r.post("/v1/completions", `{"model":"small","prompt":"x","temperature":0,"stream":true}`)
		if !strings.HasPrefix(string(got.body), edit(fixture(t, "completion.sse"))[:len(edit(fixture(t, "completion.sse")))/2]) {
			t.Errorf("%s: the stream was changed: %s", name, got.body)
		}
		if got.posp.Error == nil || got.trailer.Get(ErrorHeader) == "" || got.posp.Receipt != nil {
			t.Errorf("%s: %+v", name, got.posp)
		} else if (got.posp.Error.Code == ReasonUnfinished) != unfinished[name] {
			t.Errorf("%s: %+v", name, got.posp.Error)
		}
		var rows int
		if err := r.db.QueryRow("SELECT count(*) FROM receipts").Scan(&rows); err != nil || rows != 0 {
			t.Errorf("%s: %d rows, %v", name, rows, err)
		}
	}
}

// A server that dies in the middle of a stream must not look like one that
// finished.
func TestConnectionCutInStreamReachesTheBuyer(t *testing.T) {
	r := newRig(t)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, strings.SplitAfter(fixture(t, "completion.sse"), "\n\n")[0])
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}))
	defer up.Close()
	srv := httptest.NewServer(r.provider(r.db, up.URL).Handler())
	defer srv.Close()
	res, err := http.Post(srv.URL+"/v1/completions", "application/json", strings.NewReader(`{"model":"small","prompt":"x","temperature":0,"stream":true}`))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil || strings.Contains(string(body), `"receipt":`) {
		t.Errorf("the buyer read %q, %v", body, err)
	}
}

func TestRequestsAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		body, nonce string
		status      int
		want        Reason
	}{
		"no JSON":          {`{"model":`, "", 400, ReasonBadRequest},
		"a list":           {`[]`, "", 400, ReasonBadRequest},
		"null":             {`null`, "", 400, ReasonBadRequest},
		"short nonce":      {greedyCompletion, "0x11", 400, ReasonBadRequest},
		"nonce not hex":    {greedyCompletion, strings.Repeat("zz", 32), 400, ReasonBadRequest},
		"bad token ids":    {`{"return_token_ids":3}`, "", 400, ReasonBadRequest},
		"bad logprobs":     {`{"logprobs":"many"}`, "", 400, ReasonBadRequest},
		"too large":        {`{"prompt":"` + strings.Repeat("x", 9<<20) + `"}`, "", 413, ReasonTooLarge},
		"nothing at all":   {``, "", 400, ReasonBadRequest},
		"text after JSON":  {`{} {}`, "", 400, ReasonBadRequest},
		"unpaired brace":   {`}`, "", 400, ReasonBadRequest},
		"number for model": {`{"model":3`, "", 400, ReasonBadRequest},
	} {
		r := newRig(t)
		got := r.post("/v1/completions", c.body, NonceHeader, c.nonce)
		var p Problem
		json.Unmarshal(got.fields["error"], &p)
		if got.status != c.status || p.Code != c.want || p.Message == "" {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if r.upstream.last() != nil {
			t.Errorf("%s: the server was asked", name)
		}
		if r.Stats().Refused != 1 {
			t.Errorf("%s: not counted", name)
		}
	}
}

func TestOtherAnswersPassThrough(t *testing.T) {
	r := newRig(t)
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(ReceiptHeader, "forged")
		w.WriteHeader(http.StatusUnprocessableEntity)
		io.WriteString(w, `{"error":{"message":"context length exceeded"}}`)
	}))
	p := r.provider(r.db, up.URL)
	srv := httptest.NewServer(p.Handler())
	defer srv.Close()
	old := r.url
	r.url = srv.URL
	got := r.post("/v1/completions", greedyCompletion)
	if got.status != 422 || string(got.body) != `{"error":{"message":"context length exceeded"}}` || got.header.Get(ReceiptHeader) != "" {
		t.Errorf("%d %s %v", got.status, got.body, got.header)
	}
	up.Close()
	if got := r.post("/v1/completions", greedyCompletion); got.status != 502 || !strings.Contains(string(got.body), string(ReasonUpstreamUnreachable)) {
		t.Errorf("server gone: %d %s", got.status, got.body)
	}
	r.url = old
	res, err := http.Get(r.url + "/v1/models")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); res.StatusCode != 200 || !strings.Contains(string(b), `"small"`) || strings.Contains(string(b), "posp") {
		t.Errorf("models: %d %s", res.StatusCode, b)
	}
	if got := r.post("/v1/embeddings", `{}`); got.status != 404 || !strings.Contains(string(got.body), string(ReasonNotFound)) {
		t.Errorf("embeddings: %d %s", got.status, got.body)
	}
}

func TestAnswerTooLargeToRecordGoesOut(t *testing.T) {
	for _, stream := range []string{"", `,"stream":true`} {
		r := newRig(t)
		r.Provider.cfg.MaxAnswerBytes = 40_000
		r.upstream.edit = func(s string) string {
			return strings.Replace(s, `"model"`, `"pad":"`+strings.Repeat("y", 100_000)+`","model"`, 1)
		}
		got := r.post("/v1/completions", `{"model":"small","prompt":"x"`+stream+`}`)
		if got.status != 200 || strings.Count(string(got.body), "y") < 100_000 || got.posp.Receipt != nil || r.Stats().Unreceipt != 1 {
			t.Errorf("%d, %d bytes, %+v", got.status, len(got.body), got.posp)
		}
		if code := got.header.Get(ErrorHeader) + got.trailer.Get(ErrorHeader); code != string(ReasonTooLarge) {
			t.Errorf("code %q", code)
		}
	}
}

func TestNewRefusesBadConfiguration(t *testing.T) {
	r := newRig(t)
	good := r.Provider.cfg
	for want, spoil := range map[string]func(*Config){
		"upstream":         func(c *Config) { c.Upstream = &url.URL{Scheme: "ftp", Host: "x"} },
		"address":          func(c *Config) { c.Provider = posp.Address{} },
		"chain id":         func(c *Config) { c.Domain.ChainID = 0 },
		"BatchRegistry":    func(c *Config) { c.Domain.Registry = posp.Address{} },
		"no model":         func(c *Config) { c.Models = nil },
		"no grace":         func(c *Config) { c.Parameters.Schedule.GraceBlocks = 0 },
		"committee":        func(c *Config) { c.Parameters.Committee = 0 },
		"size limit":       func(c *Config) { c.MaxAnswerBytes = -1 },
		"time is negative": func(c *Config) { c.Poll = -1 },
		"operators' rate":  func(c *Config) { c.OperatorRate = -1 },
		"beacon delay":     func(c *Config) { c.Parameters.Schedule.BeaconDelay = 0 },
	} {
		bad := good
		spoil(&bad)
		if _, err := New(bad, r.chain, r.signer, r.db, nil, r.log); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	var nothing Config
	if err := nothing.Check(); err == nil || strings.Count(err.Error(), "\n") < 5 {
		t.Errorf("all problems at once: %v", err)
	}
}
