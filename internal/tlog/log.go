// Package tlog keeps and reads a transparency log: an append-only Merkle tree
// of entries whose signed head, once somebody has seen it, cannot be taken
// back. It follows C2SP's tlog-tiles, tlog-checkpoint, tlog-witness and
// tlog-proof (https://c2sp.org), so that any witness and any monitor can be
// used with it. Storage is Tessera's, proofs and policies are Torchwood's.
//
//	log.go     the log itself: one process appends, a directory is served
//	policy.go  who must have signed a head: one text for log and auditors
//	reader.go  what an auditor reads over HTTP, and verifies
package tlog

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"filippo.io/torchwood"
	"github.com/go-logr/zapr"
	"github.com/gofrs/flock"
	"github.com/transparency-dev/tessera"
	"github.com/transparency-dev/tessera/client"
	"github.com/transparency-dev/tessera/storage/posix"
	"go.uber.org/zap"
	"golang.org/x/mod/sumdb/note"
	"k8s.io/klog/v2"
)

// Config is what a log is told.
type Config struct {
	Dir      string        // of its files; made if it is not there
	Key      string        // signed-note key that signs its heads; see NewKey
	Policy   Policy        // whose witnesses are asked; they must be enough before a head is published
	Interval time.Duration // between heads; default one second
	Timeout  time.Duration // for all witnesses; default five seconds
}

// Log is a log that this process appends to. One process at a time has it.
type Log struct {
	dir      string
	lock     *flock.Flock
	appender *tessera.Appender
	reader   tessera.LogReader
	await    *tessera.PublicationAwaiter
	stop     func()
}

// ErrLocked says that another process appends to the log.
var ErrLocked = errors.New("another process has the log")

// libraryLog is where Tessera says what happens to it: it knows one logger for
// the process.
var libraryLog sync.Once

// Open opens a log, or begins it, for which its witnesses have to answer. Call
// Close.
func Open(ctx context.Context, cfg Config, log *zap.Logger) (*Log, error) {
	signer, err := note.NewSigner(strings.TrimSpace(cfg.Key))
	if err != nil {
		return nil, fmt.Errorf("read the log's key: %w", err)
	}
	if err := cfg.Policy.checkLog(signer); err != nil {
		return nil, err
	}
	witnesses, err := tessera.NewWitnessGroupFromPolicy([]byte(cfg.Policy.text))
	if err != nil {
		return nil, fmt.Errorf("read the log's witnesses: %w", err)
	}
	if cfg.Interval == 0 {
		cfg.Interval = time.Second
	}
	if err := os.MkdirAll(cfg.Dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the log's directory: %w", err)
	}
	lock := flock.New(cfg.Dir + ".lock")
	if ok, err := lock.TryLock(); err != nil || !ok {
		return nil, fmt.Errorf("open log %s: %w", cfg.Dir, errors.Join(ErrLocked, err))
	}
	libraryLog.Do(func() {
		klog.SetLogger(zapr.NewLogger(log.Named("tessera").WithOptions(zap.IncreaseLevel(zap.WarnLevel))))
	})
	driver, err := posix.New(ctx, posix.Config{Path: cfg.Dir, HTTPClient: &http.Client{Timeout: 30 * time.Second}})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open log %s: %w", cfg.Dir, err), lock.Unlock())
	}
	// The appender lives until it is told to end: what was accepted is to be
	// published first.
	inner, stop := context.WithCancel(context.WithoutCancel(ctx))
	appender, _, reader, err := tessera.NewAppender(inner, driver, tessera.NewAppendOptions().
		WithCheckpointSigner(signer).WithCheckpointInterval(cfg.Interval).WithBatching(tessera.DefaultBatchMaxSize, 50*time.Millisecond).
		WithWitnesses(witnesses, &tessera.WitnessOptions{Timeout: cfg.Timeout}))
	if err != nil {
		stop()
		return nil, errors.Join(fmt.Errorf("open log %s: %w", cfg.Dir, err), lock.Unlock())
	}
	return &Log{dir: cfg.Dir, lock: lock, appender: appender, reader: reader, stop: stop,
		await: tessera.NewPublicationAwaiter(inner, reader.ReadCheckpoint, cfg.Interval/2)}, nil
}

// Close ends the log's work. What was appended stays; what was not published
// yet is once the log is opened again.
func (l *Log) Close() error {
	l.stop()
	return l.lock.Unlock()
}

// Append adds entries in order, after all others. It returns once they are
// durable. A crash on the way, or an error, leaves a prefix of them in the log.
func (l *Log) Append(ctx context.Context, entries [][]byte) error {
	size, err := l.Size(ctx)
	if err != nil {
		return err
	}
	for len(entries) > 0 {
		some := entries[:min(len(entries), tessera.DefaultBatchMaxSize)]
		entries = entries[len(some):]
		futures := make([]tessera.IndexFuture, len(some))
		for i, e := range some {
			futures[i] = l.appender.Add(ctx, tessera.NewEntry(e))
		}
		for _, f := range futures {
			at, err := f()
			if err != nil {
				return fmt.Errorf("append to log: %w", err)
			}
			if at.Index != size {
				return fmt.Errorf("append to log: an entry came to stand at %d, not %d: something else writes into %s", at.Index, size, l.dir)
			}
			size++
		}
	}
	return nil
}

// Published waits until a signed head covers all that was appended, with the
// witnesses that the policy asks for.
func (l *Log) Published(ctx context.Context) error {
	size, err := l.Size(ctx)
	if err != nil || size == 0 {
		return err
	}
	_, _, err = l.await.Await(ctx, func() (tessera.Index, error) { return tessera.Index{Index: size - 1}, nil })
	if err != nil {
		return fmt.Errorf("wait for the log's head: %w", err)
	}
	return nil
}

// Size is how many entries the log has, published or not.
func (l *Log) Size(ctx context.Context) (uint64, error) {
	n, err := l.reader.IntegratedSize(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the log's size: %w", err)
	}
	return n, nil
}

// Entry is the i-th entry, published or not.
func (l *Log) Entry(ctx context.Context, i uint64) ([]byte, error) {
	size, err := l.Size(ctx)
	if err != nil {
		return nil, err
	}
	bundle, err := client.GetEntryBundle(ctx, l.reader.ReadEntryBundle, i/torchwood.TileWidth, size)
	if err != nil {
		return nil, fmt.Errorf("read entry %d of the log: %w", i, err)
	}
	n := i % torchwood.TileWidth
	if n >= uint64(len(bundle.Entries)) {
		return nil, fmt.Errorf("read entry %d of the log: it has %d", i, size)
	}
	return bundle.Entries[n], nil
}

// Handler serves a log's directory, whether it is open or not: what C2SP's
// tlog-tiles says, /checkpoint and /tile/, below the path that it is mounted at.
func Handler(dir string) http.Handler {
	serve := http.FileServerFS(os.DirFS(dir))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/")
		switch _, err := torchwood.ParseTilePath(path); {
		case path == "checkpoint":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("Cache-Control", "no-cache")
		case err == nil:
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		default: // the directory has more than what is public
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Access-Control-Allow-Origin", "*")
		serve.ServeHTTP(w, r)
	})
}

// NewKey makes a log's key: the secret, as its file holds it, and the verifier
// key, as policies name it. The name is the log's origin: a host and path that
// are the operator's own, without scheme, such as "posp.example/holesky".
func NewKey(name string) (secret, verifier string, err error) {
	secret, verifier, err = note.GenerateKey(rand.Reader, name)
	if err != nil {
		return "", "", fmt.Errorf("make the log's key: %w", err)
	}
	if _, err := note.NewSigner(secret); err != nil {
		return "", "", fmt.Errorf("log name %q: want a host and path without scheme, spaces and plus signs", name)
	}
	return secret, verifier, nil
}
