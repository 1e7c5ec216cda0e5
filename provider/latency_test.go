package provider

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp"
)

// Buyers of a stream see its first byte as soon as without a recorder, but for
// the recorder's own work: measured against the real server, request by
// request in turn, so that both meet the same machine.
func TestLiveFirstByte(t *testing.T) {
	const rounds = 200
	w := turned(t, nil)
	upstream := llamaServer(t, w)
	r := newRig(t)
	r.inFront(KindLlamaCpp, upstream, map[string]posp.ModelSpec{"small": demoSpec(w, posp.RuleUnseeded)})
	plain := httptest.NewServer(plainProxy(t, upstream)) // what any reverse proxy adds
	defer plain.Close()
	for path, fields := range map[string]string{
		completions: `"prompt":"func (b *Buffer) "`,
		chats:       `"messages":[{"role":"user","content":"Write returns the number of bytes."}]`,
	} {
		body := fmt.Sprintf(`{"model":"small",%s,"temperature":0,"max_tokens":8,"stream":true}`, fields)
		direct := fmt.Sprintf(`{"model":"small",%s,"temperature":0,"max_tokens":8,"stream":true,"logprobs":%s}`, fields, map[bool]string{true: "true", false: "1"}[path == chats])
		var times [3][]time.Duration
		for range rounds {
			for i, to := range []struct{ url, body string }{{upstream, direct}, {plain.URL, direct}, {r.url, body}} {
				times[i] = append(times[i], firstByte(t, to.url+path, to.body))
			}
		}
		var median [3]time.Duration
		for i := range times {
			slices.Sort(times[i])
			median[i] = times[i][rounds/2]
		}
		t.Logf("%s: first byte after %v directly, %v through a plain proxy, %v through the recorder (medians of %d)", path, median[0], median[1], median[2], rounds)
		// Two questions before the server can begin cost it two round trips;
		// anything that waits for the answer would cost all of its tokens.
		if limit := os.Getenv("POSP_FIRST_BYTE_LIMIT"); limit != "" {
			d, err := time.ParseDuration(limit)
			if err != nil {
				t.Fatal(err)
			}
			if added := median[2] - median[0]; added > d {
				t.Errorf("%s: %v added to the first byte", path, added)
			}
		}
	}
}

func firstByte(t *testing.T, url, body string) time.Duration {
	t.Helper()
	begin := time.Now()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Close = true // see streamCloser
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var b [1]byte
	if _, err := io.ReadFull(res.Body, b[:]); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v", res.Status, err)
	}
	took := time.Since(begin)
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Fatal(err)
	}
	return took
}
