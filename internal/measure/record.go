package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/gofrs/flock"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/verdict"
)

// File is a file of records to which measurements are appended. A line that a
// killed process left unfinished is cut off when it is opened.
type File struct {
	f      *os.File
	lock   *flock.Flock
	groups []verdict.Group // what it holds
}

// OpenFile opens the file, or makes it, for this process alone.
func OpenFile(path string) (*File, error) {
	lock := flock.New(path + ".lock")
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("open records: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("open records: another process is writing %s: wait for it, or name another file", path)
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		lock.Unlock()
		return nil, fmt.Errorf("open records: %w", err)
	}
	r := &File{f: f, lock: lock}
	if err := r.load(); err != nil {
		r.Close()
		return nil, fmt.Errorf("records %s: %w", path, err)
	}
	return r, nil
}

func (r *File) load() error {
	end, err := lastLine(r.f)
	if err != nil {
		return err
	}
	if err := r.f.Truncate(end); err != nil {
		return err
	}
	if _, err := r.f.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r.groups, err = verdict.ReadRecords(r.f) // which reads to the end, where records are appended
	return err
}

// lastLine is the offset behind the last line's end.
func lastLine(f *os.File) (int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	const step = 1 << 16
	for end > 0 {
		n := min(end, step)
		b := make([]byte, n)
		if _, err := f.ReadAt(b, end-n); err != nil {
			return 0, err
		}
		if at := bytes.LastIndexByte(b, '\n'); at >= 0 {
			return end - n + int64(at) + 1, nil
		}
		end -= n
	}
	return 0, nil
}

// Close gives the file free for others.
func (r *File) Close() error {
	err := errors.Join(r.f.Close(), r.lock.Unlock())
	os.Remove(r.lock.Path()) // only a courtesy
	return err
}

// Groups are all that the file holds.
func (r *File) Groups() []verdict.Group { return r.groups }

// Have is how many pairs of a group the file holds.
func (r *File) Have(name string, engines verdict.EnginePair) int {
	for _, g := range r.groups {
		if g.Name == name && g.Engines == engines {
			return len(g.Pairs)
		}
	}
	return 0
}

func (r *File) add(name string, engines verdict.EnginePair, p verdict.Pair) error {
	at := -1
	for i, g := range r.groups {
		if g.Name == name && g.Engines == engines {
			at = i
		}
	}
	if at < 0 {
		at = len(r.groups)
		r.groups = append(r.groups, verdict.Group{Name: name, Engines: engines})
	}
	r.groups[at].Pairs = append(r.groups[at].Pairs, p)
	return verdict.WriteRecords(r.f, verdict.Group{Name: name, Engines: engines, Pairs: []verdict.Pair{p}})
}

// Measure appends the outputs of a group to the file, in the order of their
// requests, but for those that it holds already: the first ones, since the same
// requests are asked for. It tells progress after each output.
func (r *File) Measure(ctx context.Context, name string, engines verdict.EnginePair, p Party, operator inference.Scorer, requests []inference.Request, progress func(outputs, positions int)) error {
	have := min(r.Have(name, engines), len(requests))
	positions := 0
	return Run(ctx, p, operator, requests[have:], func(i int, o Output) error {
		if len(o.Tokens) == 0 {
			return fmt.Errorf("record output: %w", posp.Invalidf("the answer to request %d has no tokens", have+i))
		}
		if err := r.add(name, engines, o.Pair); err != nil {
			return err
		}
		positions += len(o.Tokens)
		progress(have+i+1, positions)
		return nil
	})
}
