package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

func canaryFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prompts.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCanaryFilesThatAreWrongSayWhere(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "no request",
		"\n\n":                            "no request",
		"hello":                           "line 1: it is no JSON object",
		"{\"prompt\":\"a\"}\nnull":        "line 2: it is no JSON object",
		`{"max_tokens": 3}`:               "neither prompt nor messages",
		`{"prompt": "a", "stream": true}`: "stream",
		`{"prompt": "a", "model": 3}`:     "model is not a string",
	} {
		if _, err := loadCanaries(canaryFile(t, text), "m"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A provider is asked what it serves, on the right path and with the nonce; an
// answer without end, a refusal and a redirection are errors.
func TestCanariesAskAsABuyerDoes(t *testing.T) {
	list, err := loadCanaries(canaryFile(t, `{"prompt": "a"}`+"\n"+`{"model": "other", "messages": []}`+"\n"), "m")
	if err != nil || len(list) != 2 {
		t.Fatalf("%d requests, %v", len(list), err)
	}
	serves, answer := "m", func(w http.ResponseWriter, r *http.Request) {}
	var got []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/models" {
			fmt.Fprintf(w, `{"data": [{"id": %q}]}`, serves)
			return
		}
		var body struct{ Model string }
		json.NewDecoder(r.Body).Decode(&body)
		got = append(got, r.URL.Path+" "+body.Model+" "+r.Header.Get("Posp-Nonce"))
		answer(w, r)
	}))
	defer srv.Close()
	ctx, nonce := context.Background(), posp.Hash{5}
	ask := func() error {
		s := newCanarySender(&watcher{log: zap.NewNop()}, list, unpredictable())
		r, ok := s.choose(ctx, srv.URL)
		if !ok {
			return io.EOF
		}
		_, err := s.ask(ctx, srv.URL, r, nonce)
		return err
	}
	for range 8 {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	serves = "other"
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	for i, g := range got {
		if want := map[bool]string{true: "/v1/completions m ", false: "/v1/chat/completions other "}[i < 8] + nonce.Hex(); g != want {
			t.Errorf("request %d is %q, want %q", i, g, want)
		}
	}
	serves = "nothing of these"
	if err := ask(); err != io.EOF {
		t.Errorf("a provider of another model is asked: %v", err)
	}
	serves = "m"
	for name, bad := range map[string]func(http.ResponseWriter, *http.Request){
		"a refusal":          func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusTooManyRequests) },
		"a redirection":      func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"more than is taken": func(w http.ResponseWriter, _ *http.Request) { w.Write(make([]byte, maxAnswer+1)) },
	} {
		if answer = bad; ask() == nil {
			t.Errorf("%s is an answer", name)
		}
	}
	s := newCanarySender(&watcher{log: zap.NewNop()}, list, unpredictable())
	for _, base := range []string{"", "ftp://x", "http://user@x", "file:///etc/passwd"} {
		if _, err := s.ask(ctx, base, list[0], nonce); err == nil || !strings.Contains(err.Error(), "registered URL") {
			t.Errorf("URL %q: %v", base, err)
		}
	}
}
