package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// File is a model in storage: a safetensors file, several of them in a directory, or a GGUF file. It reads rows
// when asked for, so that a model larger than memory can be used one matrix at a time; the operating system
// caches what is read, as it would for a mapping, and a file that is cut short meanwhile is an error and not a
// signal.
//
// A File has everything its configuration needs and nothing else. Reads may run at once.
type File struct {
	Config   Config
	Metadata map[string]string // the file's own, without the configuration

	stored  map[string]stored // by Tensor.Name
	closers []io.Closer
}

// stored is where and how a tensor's data stand.
type stored struct {
	from        io.ReaderAt
	offset      int64
	shape       []int64 // outermost dimension first
	format      Format
	interleaved bool // rows stand at ggufRow of their index
}

// Open opens the model at path: a GGUF file, a safetensors file (with its configuration inside, or as config.json
// beside it), or a directory in Hugging Face's layout (config.json and model.safetensors, or the shards that
// model.safetensors.index.json lists).
func Open(path string) (*File, error) {
	var opened opener
	f, err := opened.open(path)
	if err != nil {
		opened.close()
		return nil, fmt.Errorf("open model %s: %w", path, err)
	}
	f.closers = opened.files
	return f, nil
}

// opener keeps the files that a model is made of.
type opener struct{ files []io.Closer }

func (o *opener) close() error {
	var errs []error
	for _, f := range o.files {
		errs = append(errs, f.Close())
	}
	return errors.Join(errs...)
}

func (o *opener) file(path string) (io.ReaderAt, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	o.files = append(o.files, f)
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fmt.Errorf("%s is no regular file", path)
	}
	return f, info.Size(), nil
}

func (o *opener) open(path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return o.directory(path)
	}
	r, size, err := o.file(path)
	if err != nil {
		return nil, err
	}
	f, err := read(r, size)
	if !errors.Is(err, errNoConfig) {
		return f, err
	}
	beside := filepath.Join(filepath.Dir(path), configFile)
	c, err := readConfig(beside)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%w, and there is no %s", errNoConfig, beside)
	}
	if err != nil {
		return nil, err
	}
	metadata, entries, err := parseSafetensors(r, size)
	if err != nil {
		return nil, err
	}
	return newFile(c, metadata, entries)
}

// Load reads a model from the bytes of a GGUF or safetensors file.
func Load(file []byte) (*Weights, error) {
	f, err := read(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, err
	}
	return f.Weights()
}

// read describes the one file that a model is in.
func read(r io.ReaderAt, size int64) (*File, error) {
	magic := make([]byte, len(ggufMagic))
	if n, _ := r.ReadAt(magic, 0); n == len(magic) && string(magic) == ggufMagic {
		return readGGUF(r, size)
	}
	return readSafetensors(r, size)
}

// newFile matches what a model of shape c needs with what was found, by Tensor.Name. Nothing is allocated for
// a tensor before this passed, so that memory is bounded by the size of the file, not by what it claims.
func newFile(c Config, metadata map[string]string, found map[string]stored) (*File, error) {
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("check model configuration: %w", err)
	}
	c = c.normal()
	if want := 2 + 9*c.Layers; len(found) < want {
		return nil, fmt.Errorf("match tensors: file has %d, a model of %d layers needs %d", len(found), c.Layers, want)
	}
	unknown := maps.Clone(found)
	for _, t := range tensors(c, nil) {
		s, ok := found[t.Name]
		if !ok {
			return nil, fmt.Errorf("match tensors: %q is missing", t.Name)
		}
		shape := []int64{int64(t.Rows), int64(t.Cols)}
		if t.Vector {
			shape = shape[1:]
		}
		if !slices.Equal(s.shape, shape) {
			return nil, fmt.Errorf("match tensors: %q has shape %v, the configuration needs %v", t.Name, s.shape, shape)
		}
		delete(unknown, t.Name)
	}
	if len(unknown) > 0 {
		return nil, fmt.Errorf("match tensors: unknown tensor %q: a %s model as posp computes it has none", slices.Sorted(maps.Keys(unknown))[0], c.ModelType)
	}
	return &File{Config: c, Metadata: metadata, stored: found}, nil
}

// Close closes the files. What was read stays valid.
func (f *File) Close() error { return (&opener{f.closers}).close() }

// Tensors lists the model's matrices as Weights.Tensors does, without their data.
func (f *File) Tensors() []Tensor { return tensors(f.Config, nil) }

// Format is the format that t, one of Tensors, is stored in.
func (f *File) Format(t Tensor) Format { return f.stored[t.Name].format }

// chunk is about how many bytes are read at once.
const chunk = 1 << 20

// ReadRows fills dst with the rows of t, one of Tensors, from the given one on; len(dst) is a multiple of t.Cols.
// Every weight must be finite.
func (f *File) ReadRows(t Tensor, row int, dst []float32) error {
	s, ok := f.stored[t.Name]
	if !ok || len(dst)%t.Cols != 0 || row < 0 || row+len(dst)/t.Cols > t.Rows {
		return fmt.Errorf("read tensor %q: %d elements from row %d are not rows of it", t.Name, len(dst), row)
	}
	bytesPerRow := t.Cols * s.format.Size()
	atOnce := max(1, chunk/bytesPerRow)
	if s.interleaved {
		atOnce = 1
	}
	buf := make([]byte, min(atOnce*t.Cols, len(dst))*s.format.Size())
	for len(dst) > 0 {
		n := min(atOnce, len(dst)/t.Cols)
		at := row
		if s.interleaved {
			at = ggufRow(row, f.Config.HeadDim())
		}
		b := buf[:n*bytesPerRow]
		if k, err := s.from.ReadAt(b, s.offset+int64(at)*int64(bytesPerRow)); k < len(b) {
			return fmt.Errorf("read tensor %q: row %d: %w", t.Name, row, err)
		}
		if err := s.format.widen(dst[:n*t.Cols], b); err != nil {
			return fmt.Errorf("read tensor %q: from row %d: %w", t.Name, row, err)
		}
		row, dst = row+n, dst[n*t.Cols:]
	}
	return nil
}

// Weights reads the whole model into memory.
func (f *File) Weights() (*Weights, error) {
	w, err := New(f.Config)
	if err != nil {
		return nil, err
	}
	w.Metadata = f.Metadata
	for _, t := range w.Tensors() {
		if err := f.ReadRows(t, 0, t.Data); err != nil {
			return nil, err
		}
	}
	return w, nil
}
