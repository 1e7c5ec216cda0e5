package tlog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"sort"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/proof-of-sampling/posp"
)

// Reader reads a log, and believes what the policy lets it.
type Reader struct {
	policy Policy
	head   func(ctx context.Context) ([]byte, error)
	tiles  *torchwood.Client
	from   torchwood.TileReader
}

// NewReader reads the policy's log over HTTP.
func NewReader(p Policy) (*Reader, error) {
	h := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	from, err := torchwood.NewTileFetcher(p.url, torchwood.WithHTTPClient(h), torchwood.WithTileFetcherLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return newReader(p, from, func(ctx context.Context) ([]byte, error) { return get(ctx, h, p.url+"/checkpoint", maxHead) })
}

// NewDirReader reads the policy's log from its directory, open or not.
func NewDirReader(p Policy, dir string) (*Reader, error) {
	from, err := torchwood.NewTileFS(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return newReader(p, from, func(ctx context.Context) ([]byte, error) { return from.ReadEndpoint(ctx, "checkpoint") })
}

func newReader(p Policy, from torchwood.TileReader, head func(context.Context) ([]byte, error)) (*Reader, error) {
	tiles, err := torchwood.NewClient(from, torchwood.WithTimeout(time.Minute))
	if err != nil {
		return nil, fmt.Errorf("read log: %w", err)
	}
	return &Reader{policy: p, head: head, tiles: tiles, from: from}, nil
}

// Head is a log's signed head.
type Head struct {
	Origin string
	Tree   tlog.Tree
	Signed []byte // signed note
}

// maxHead bounds a head with its signatures.
const maxHead = 64 << 10

// Head is the newest one, if it satisfies the policy.
func (r *Reader) Head(ctx context.Context) (Head, error) {
	signed, err := r.head(ctx)
	if err != nil {
		return Head{}, fmt.Errorf("read the log's head: %w", err)
	}
	return r.policy.Open(signed)
}

// Open verifies a signed head.
func (p Policy) Open(signed []byte) (Head, error) {
	c, _, err := torchwood.VerifyCheckpoint(signed, p)
	if err != nil {
		return Head{}, posp.Invalidf("head of log %s: %v", p.Origin(), err)
	}
	return Head{Origin: c.Origin, Tree: c.Tree, Signed: signed}, nil
}

func get(ctx context.Context, h *http.Client, url string, limit int64) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}
	res, err := h.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: %s", req.URL, res.Status)
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("GET %s: more than %d bytes", req.URL, limit)
	}
	return b, err
}

// Extends says whether the tree of a head contains that of an earlier one: an
// error is a log that took back what it had said (a posp.ValidationError), or one
// that could not be read.
func (r *Reader) Extends(ctx context.Context, earlier, later Head) error {
	switch {
	case later.Tree.N < earlier.Tree.N:
		return posp.Invalidf("log %s had %d entries, and now has %d", r.policy.Origin(), earlier.Tree.N, later.Tree.N)
	case later.Tree.N == earlier.Tree.N && later.Tree.Hash != earlier.Tree.Hash:
		return posp.Invalidf("log %s signed two trees of %d entries", r.policy.Origin(), later.Tree.N)
	case later.Tree.N == earlier.Tree.N || earlier.Tree.N == 0:
		return nil
	}
	hashes := torchwood.TileHashReaderWithContext(ctx, later.Tree, r.from)
	proof, err := tlog.ProveTree(later.Tree.N, earlier.Tree.N, hashes)
	if err != nil {
		return fmt.Errorf("read the log's tiles: %w", err)
	}
	if err := tlog.CheckTree(proof, later.Tree.N, later.Tree.Hash, earlier.Tree.N, earlier.Tree.Hash); err != nil {
		return posp.Invalidf("log %s: its %d entries do not begin with the %d that it had signed", r.policy.Origin(), later.Tree.N, earlier.Tree.N)
	}
	return nil
}

// Logged is an entry with the proof that it stands in the log.
type Logged struct {
	posp.LogEntry
	Index int64            `json:"index"`
	Path  tlog.RecordProof `json:"-"`
	Proof []byte           `json:"proof"` // c2sp.org/tlog-proof: index, path and the signed head; see Policy.Verify
}

// Verify checks that an entry stands in the policy's log, by a c2sp.org/tlog-proof.
func (p Policy) Verify(e posp.LogEntry, proof []byte) error {
	if err := torchwood.VerifyProof(p, tlog.RecordHash(e.Encode()), proof); err != nil {
		return posp.Invalidf("log %s does not hold %q: %v", p.Origin(), e.Encode(), err)
	}
	return nil
}

// Beginning is where the epoch begins that ends, as far as was seen, with the
// first n entries: who reads on from there sees it whole.
func (r *Reader) Beginning(ctx context.Context, h Head, n int64) (int64, error) {
	if n == 0 {
		return 0, nil
	}
	var err error
	epoch := func(i int64) uint64 {
		b, _, readErr := r.tiles.Entry(ctx, h.Tree, i)
		e, parseErr := posp.LogEntry{}, error(nil)
		if readErr == nil {
			e, parseErr = posp.ParseLogEntry(b)
		}
		if err == nil {
			err = cmp.Or(readErr, parseErr)
		}
		return e.Epoch
	}
	last := epoch(n - 1)
	first := sort.Search(int(n-1), func(i int) bool { return err != nil || epoch(int64(i)) >= last })
	if err != nil {
		return 0, fmt.Errorf("read where an epoch of the log begins: %w", err)
	}
	return int64(first), nil
}

// Epoch is what a log says of an epoch, in its order: nothing if it does not
// (yet) know it. Every entry is proved.
func (r *Reader) Epoch(ctx context.Context, h Head, epoch uint64) (list []Logged, err error) {
	at := func(i int64) (Logged, error) {
		b, proof, err := r.tiles.Entry(ctx, h.Tree, i)
		if err != nil {
			return Logged{}, fmt.Errorf("read entry %d of the log: %w", i, err)
		}
		e, err := posp.ParseLogEntry(b)
		return Logged{e, i, proof, torchwood.FormatProof(i, proof, h.Signed)}, err
	}
	// Epochs ascend, as Entries checks.
	first := sort.Search(int(h.Tree.N), func(i int) bool {
		e, readErr := at(int64(i))
		err = errors.Join(err, readErr)
		return err != nil || e.Epoch >= epoch
	})
	for i := int64(first); err == nil && i < h.Tree.N; i++ {
		e, readErr := at(i)
		if err = readErr; err != nil || e.Epoch != epoch {
			break
		}
		list = append(list, e)
	}
	if err != nil {
		return nil, err
	}
	return list, nil
}

// Entries hands each entry from index start on to do, and checks what a log of
// this kind promises: entries parse and epochs ascend.
func (r *Reader) Entries(ctx context.Context, h Head, start int64, do func(i int64, e posp.LogEntry) error) error {
	var last uint64
	for i, b := range r.tiles.AllEntries(ctx, h.Tree, start) {
		e, err := posp.ParseLogEntry(b)
		if err != nil {
			return fmt.Errorf("entry %d of log %s: %w", i, r.policy.Origin(), err)
		}
		if e.Epoch < last {
			return posp.Invalidf("entry %d of log %s is of epoch %d, after one of epoch %d", i, r.policy.Origin(), e.Epoch, last)
		}
		last = e.Epoch
		if err := do(i, e); err != nil {
			return err
		}
	}
	if err := r.tiles.Err(); err != nil {
		return fmt.Errorf("read the log's entries: %w", err)
	}
	return nil
}
