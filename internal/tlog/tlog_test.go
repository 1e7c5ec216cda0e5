package tlog

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"filippo.io/torchwood"
	"go.uber.org/zap"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/proof-of-sampling/posp"
)

// witness does what c2sp.org/tlog-witness asks of one, in memory.
type witness struct {
	t      *testing.T
	signer *torchwood.CosignatureSigner
	log    note.Verifier
	asleep atomic.Bool

	mu   sync.Mutex
	tree tlog.Tree
}

func newWitness(t *testing.T, name, logKey string) (w *witness, line string) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w = &witness{t: t}
	if w.signer, err = torchwood.NewCosignatureSigner("witness.example/"+name, key); err != nil {
		t.Fatal(err)
	}
	if w.log, err = note.NewVerifier(logKey); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(w)
	t.Cleanup(s.Close)
	return w, fmt.Sprintf("witness %s %s %s\n", name, w.signer.Verifier(), s.URL)
}

func (w *witness) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil || w.asleep.Load() {
		http.Error(rw, "asleep", http.StatusServiceUnavailable)
		return
	}
	head, signed, _ := bytes.Cut(body, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil {
		http.Error(rw, "old size", http.StatusBadRequest)
		return
	}
	var proof tlog.TreeProof
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(l)
		if err != nil {
			http.Error(rw, "proof", http.StatusBadRequest)
			return
		}
		proof = append(proof, h)
	}
	n, err := note.Open(signed, note.VerifierList(w.log))
	if err != nil {
		http.Error(rw, "signature", http.StatusForbidden)
		return
	}
	c, err := torchwood.ParseCheckpoint(n.Text)
	if err != nil {
		http.Error(rw, "checkpoint", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if old != w.tree.N {
		rw.Header().Set("Content-Type", "text/x.tlog.size")
		rw.WriteHeader(http.StatusConflict)
		fmt.Fprintf(rw, "%d\n", w.tree.N)
		return
	}
	if old > 0 && tlog.CheckTree(proof, c.N, c.Hash, old, w.tree.Hash) != nil {
		http.Error(rw, "inconsistent", http.StatusUnprocessableEntity)
		return
	}
	w.tree = c.Tree
	cosigned, err := note.Sign(&note.Note{Text: n.Text}, w.signer)
	if err != nil {
		w.t.Error(err)
	}
	rw.Write(cosigned[bytes.LastIndex(cosigned, []byte("\n\n"))+2:])
}

// world is a log with its witnesses, served.
type world struct {
	t         *testing.T
	dir, key  string
	policy    Policy
	witnesses []*witness
	served    atomic.Pointer[http.Handler]
}

func newWorld(t *testing.T, witnesses int, quorum string) *world {
	w := &world{t: t, dir: t.TempDir() + "/log"}
	var verifier string
	var err error
	if w.key, verifier, err = NewKey("log.example/test"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { (*w.served.Load()).ServeHTTP(rw, r) }))
	t.Cleanup(s.Close)
	text := fmt.Sprintf("log %s %s\n", verifier, s.URL)
	names := ""
	for i := range witnesses {
		one, line := newWitness(t, fmt.Sprintf("w%d", i), verifier)
		w.witnesses = append(w.witnesses, one)
		text, names = text+line, fmt.Sprintf("%s w%d", names, i)
	}
	if witnesses > 0 {
		text += "group all-of-them " + quorum + names + "\nquorum all-of-them\n"
	} else {
		text += "quorum none\n"
	}
	if w.policy, err = ParsePolicy(text); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) open(dir string) *Log {
	l, err := Open(w.t.Context(), Config{Dir: dir, Key: w.key, Policy: w.policy, Interval: 100 * time.Millisecond, Timeout: time.Second}, zap.NewNop())
	if err != nil {
		w.t.Fatal(err)
	}
	h := Handler(dir)
	w.served.Store(&h)
	return l
}

func (w *world) reader() *Reader {
	r, err := NewReader(w.policy)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// epoch is n entries of an epoch.
func epoch(e uint64, n int) (list []posp.LogEntry, encoded [][]byte) {
	for i := range n {
		list = append(list, posp.LogEntry{Kind: posp.LogCommitments, Epoch: e, Subject: posp.Address{byte(i), byte(i >> 8)}, Digest: posp.Hash{byte(e), byte(i)}})
		encoded = append(encoded, list[i].Encode())
	}
	return list, encoded
}

func (w *world) publish(l *Log, entries [][]byte) Head {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 20*time.Second)
	defer cancel()
	if err := l.Append(ctx, entries); err != nil {
		w.t.Fatal(err)
	}
	if err := l.Published(ctx); err != nil {
		w.t.Fatal(err)
	}
	h, err := w.reader().Head(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func TestWhatIsPublishedCanBeProvedAndIsOnlyAddedTo(t *testing.T) {
	w := newWorld(t, 3, "2")
	w.witnesses[2].asleep.Store(true)
	ctx := t.Context()
	l := w.open(w.dir)
	three, encoded := epoch(3, 600) // over two tiles
	w.publish(l, encoded)
	five, more := epoch(5, 10)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	first, err := w.reader().Head(ctx)
	if err != nil || first.Tree.N != 600 {
		t.Fatalf("%d entries, %v", first.Tree.N, err)
	}

	l = w.open(w.dir) // a restart
	defer l.Close()
	if _, err := Open(ctx, Config{Dir: w.dir, Key: w.key, Policy: w.policy}, zap.NewNop()); !errors.Is(err, ErrLocked) {
		t.Errorf("a second process: error %v", err)
	}
	second := w.publish(l, more)
	if n, err := l.Size(ctx); n != 610 || err != nil {
		t.Fatalf("size %d, %v", n, err)
	}
	if b, err := l.Entry(ctx, 601); err != nil || string(b) != string(more[1]) {
		t.Errorf("entry 601 is %q, %v", b, err)
	}
	if _, err := l.Entry(ctx, 610); err == nil {
		t.Error("an entry beyond the end")
	}
	r := w.reader()
	if err := r.Extends(ctx, first, second); err != nil {
		t.Error(err)
	}
	if err := r.Extends(ctx, second, first); !errors.As(err, new(*posp.ValidationError)) {
		t.Errorf("a log that shrank: %v", err)
	}
	for _, want := range []struct {
		epoch uint64
		list  []posp.LogEntry
		at    int64
	}{{2, nil, 0}, {3, three, 0}, {4, nil, 0}, {5, five, 600}, {6, nil, 0}} {
		got, err := r.Epoch(ctx, second, want.epoch)
		if err != nil || len(got) != len(want.list) {
			t.Fatalf("epoch %d: %d entries, want %d: %v", want.epoch, len(got), len(want.list), err)
		}
		for i, g := range got {
			if g.LogEntry != want.list[i] || g.Index != want.at+int64(i) {
				t.Fatalf("epoch %d, entry %d: %+v at %d", want.epoch, i, g.LogEntry, g.Index)
			}
			if err := w.policy.Verify(g.LogEntry, g.Proof); err != nil {
				t.Fatal(err)
			}
		}
	}
	dir, err := NewDirReader(w.policy, w.dir)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := dir.Head(ctx); err != nil || h.Tree != second.Tree {
		t.Errorf("the directory's head is %+v, %v", h.Tree, err)
	}
	served, err := r.Epoch(ctx, second, 5)
	if err != nil {
		t.Fatal(err)
	}
	if read, err := dir.Epoch(ctx, second, 5); err != nil || !reflect.DeepEqual(read, served) {
		t.Errorf("the directory has %d entries, %d are served: %v", len(read), len(served), err)
	}
	for n, want := range map[int64]int64{0: 0, 1: 0, 600: 0, 601: 600, 610: 600} {
		if got, err := r.Beginning(ctx, second, n); got != want || err != nil {
			t.Errorf("after %d entries read on from %d, want %d: %v", n, got, want, err)
		}
	}
	n := int64(598)
	if err := r.Entries(ctx, second, n, func(i int64, e posp.LogEntry) error {
		if want := append(slices.Clone(three), five...)[i]; e != want || i != n {
			t.Errorf("entry %d: %+v", i, e)
		}
		n++
		return nil
	}); err != nil || n != 610 {
		t.Errorf("read up to %d: %v", n, err)
	}
}

func TestProofsAndHeadsOfOthersAreRefused(t *testing.T) {
	w := newWorld(t, 1, "all")
	l := w.open(w.dir)
	defer l.Close()
	list, encoded := epoch(1, 5)
	h := w.publish(l, encoded)
	got, err := w.reader().Epoch(t.Context(), h, 1)
	if err != nil {
		t.Fatal(err)
	}
	good := string(got[2].Proof)
	if err := w.policy.Verify(list[2], []byte(good)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(good, "\n")
	for i, line := range lines {
		if line == "" || line == "log.example/test" && strings.Contains(lines[i-1], "=") {
			continue
		}
		changed := append([]string(nil), lines...)
		changed[i] = flip(line)
		if err := w.policy.Verify(list[2], []byte(strings.Join(changed, "\n"))); !errors.As(err, new(*posp.ValidationError)) {
			t.Errorf("line %d changed from %q to %q: error %v", i, line, changed[i], err)
		}
	}
	if w.policy.Verify(list[3], []byte(good)) == nil {
		t.Error("another entry by the same proof")
	}
	other := newWorld(t, 1, "all")
	if other.policy.Verify(list[2], []byte(good)) == nil {
		t.Error("by another log's policy")
	}
	unwitnessed := h.Signed[:bytes.LastIndex(h.Signed[:len(h.Signed)-1], []byte("\n"))+1]
	if _, err := w.policy.Open(unwitnessed); !errors.As(err, new(*posp.ValidationError)) {
		t.Errorf("a head without its witness: %v", err)
	}
}

// flip changes a character that means something.
func flip(line string) string {
	b := []byte(line)
	i := len(b) / 2
	if b[i] == 'A' || b[i] == '1' {
		b[i] = 'B'
	} else {
		b[i] = 'A'
	}
	return string(b)
}

func TestAForkIsSeen(t *testing.T) {
	w := newWorld(t, 0, "")
	l := w.open(w.dir)
	_, encoded := epoch(1, 5)
	before := w.publish(l, encoded)
	l.Close()
	fork := w.open(w.dir + "-fork")
	defer fork.Close()
	_, other := epoch(2, 9)
	after := w.publish(fork, other)
	if err := w.reader().Extends(t.Context(), before, after); !errors.As(err, new(*posp.ValidationError)) {
		t.Errorf("another history under the same key: %v", err)
	}
}

func TestAWitnessSignsNoForkAndItsAbsenceDelaysHeads(t *testing.T) {
	w := newWorld(t, 1, "all")
	l := w.open(w.dir)
	_, encoded := epoch(1, 5)
	w.publish(l, encoded)
	w.witnesses[0].asleep.Store(true)
	_, more := epoch(2, 5)
	if err := l.Append(t.Context(), more); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if err := l.Published(short); err == nil {
		t.Error("published without the witness")
	}
	if h, err := w.reader().Head(t.Context()); err != nil || h.Tree.N != 5 {
		t.Errorf("a head of %d entries, %v", h.Tree.N, err)
	}
	w.witnesses[0].asleep.Store(false)
	if h := w.publish(l, nil); h.Tree.N != 10 {
		t.Errorf("%d entries once the witness is back", h.Tree.N)
	}
	l.Close()

	if l, err := Open(t.Context(), Config{Dir: w.dir + "-fork", Key: w.key, Policy: w.policy}, zap.NewNop()); err == nil {
		l.Close()
		t.Error("the witness signed a second history, from its beginning")
	}
}

func TestHandlerServesWhatIsPublicOnly(t *testing.T) {
	w := newWorld(t, 0, "")
	l := w.open(w.dir)
	defer l.Close()
	_, encoded := epoch(1, 300)
	w.publish(l, encoded)
	for path, want := range map[string]int{
		"/checkpoint": 200, "/tile/0/000": 200, "/tile/entries/000": 200, "/tile/0/001.p/44": 200,
		"/.state/treeState": 404, "/tile/": 404, "/": 404, "/tile/0/../../.state/treeState": 404, "/../log.lock": 404, "/tile/9/999": 404,
	} {
		rw := httptest.NewRecorder()
		Handler(w.dir).ServeHTTP(rw, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}})
		if rw.Code != want {
			t.Errorf("%s: status %d, want %d", path, rw.Code, want)
		}
	}
}

func TestPolicyIsChecked(t *testing.T) {
	_, verifier, err := NewKey("log.example/test")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"":                                    "want a line",
		"quorum none\n":                       "want a line",
		"log " + verifier + "\nquorum none\n": "want a line",
		"log " + verifier + " ftp://x\nquorum none\n":                                      "not an http URL",
		"log " + verifier + " http://x\n":                                                  "no quorum",
		"log " + verifier + " http://x\nlog " + verifier + " http://x\nquorum none\n":      "two logs",
		"log " + strings.Replace(verifier, "log.", "leg.", 1) + " http://x\nquorum none\n": "verifier key",
		"log " + verifier + " http://x\nwitness a b c\nquorum a\n":                         "vkey",
		"log " + verifier + " http://x\nquorum a\n":                                        "not defined",
		"log " + verifier + " http://x\nnonsense\nquorum none\n":                           "unknown keyword",
	} {
		if _, err := ParsePolicy(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want one with %q", text, err, want)
		}
	}
	other, _, err := NewKey("log.example/other")
	if err != nil {
		t.Fatal(err)
	}
	p, err := ParsePolicy("log " + verifier + " http://x\nquorum none\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), Config{Dir: t.TempDir() + "/log", Key: other, Policy: p}, zap.NewNop()); err == nil {
		t.Error("a key that is not the policy's log's")
	}
	if _, _, err := NewKey("has space"); err == nil {
		t.Error("a name that cannot stand in a note")
	}
}
