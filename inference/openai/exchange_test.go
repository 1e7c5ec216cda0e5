package openai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

// exchange is one request to a server and its answer; testdata holds lists of them.
type exchange struct {
	Request  string          `json:"request"` // method and path
	Question json.RawMessage `json:"question,omitempty"`
	Status   int             `json:"status"`
	Answer   json.RawMessage `json:"answer"` // JSON; text as a string
}

func same(a, b json.RawMessage) bool {
	var x, y any
	return len(a) == 0 && len(b) == 0 || json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// replay is a server that answers as recorded, and fails the test for any other question.
func replay(t *testing.T, file string) string {
	t.Helper()
	return replayFile(t, filepath.Join("testdata", file))
}

func replayFile(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []exchange
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		for _, e := range all {
			if e.Request == r.Method+" "+r.URL.Path && same(e.Question, body) {
				var text string
				if json.Unmarshal(e.Answer, &text) != nil {
					text = string(e.Answer)
				}
				w.WriteHeader(e.Status)
				_, _ = io.WriteString(w, text)
				return
			}
		}
		t.Errorf("%s %s %s was not recorded", r.Method, r.URL.Path, body)
		w.WriteHeader(http.StatusTeapot)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// record is a proxy to address that writes what passes to a file at the end, if POSP_RECORD asks for it; otherwise address.
func record(t *testing.T, address, file string) string {
	t.Helper()
	if os.Getenv("POSP_RECORD") == "" {
		return address
	}
	var mu sync.Mutex
	var all []exchange
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		question, _ := io.ReadAll(r.Body)
		ask, err := http.NewRequestWithContext(r.Context(), r.Method, address+r.URL.Path, bytes.NewReader(question))
		if err != nil {
			t.Error(err)
			return
		}
		ask.Header = r.Header.Clone()
		ask.Header.Del("Accept-Encoding")
		response, err := http.DefaultClient.Do(ask)
		if err != nil {
			t.Error(err)
			return
		}
		defer response.Body.Close()
		answer, _ := io.ReadAll(response.Body)
		e := exchange{Request: r.Method + " " + r.URL.Path, Question: question, Status: response.StatusCode, Answer: answer}
		if !json.Valid(answer) {
			e.Answer, _ = json.Marshal(string(answer))
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, e)
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write(answer)
	}))
	t.Cleanup(func() {
		s.Close()
		var lines []string
		for _, e := range all {
			line, err := json.Marshal(e)
			if err != nil {
				t.Error(err)
			}
			lines = append(lines, string(line))
		}
		text := fmt.Sprintf("[\n%s\n]\n", strings.Join(lines, ",\n"))
		if err := os.WriteFile(filepath.Join("testdata", file), []byte(text), 0o644); err != nil {
			t.Error(err)
		}
	})
	return s.URL
}
