package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// maxHeader is the longest header the safetensors format allows, in bytes.
const maxHeader = 100_000_000

// errNoConfig says that a safetensors file does not bring its configuration.
var errNoConfig = errors.New("no model configuration under \"config\" in the metadata")

// readSafetensors describes a model in one safetensors file that has the configuration, as JSON, under "config" in
// its metadata.
func readSafetensors(r io.ReaderAt, size int64) (*File, error) {
	metadata, found, err := parseSafetensors(r, size)
	if err != nil {
		return nil, err
	}
	text, ok := metadata["config"]
	if !ok {
		return nil, errNoConfig
	}
	c, err := parseConfig([]byte(text))
	if err != nil {
		return nil, err
	}
	delete(metadata, "config")
	return newFile(c, metadata, found)
}

// entry is one tensor of a safetensors file, as the header describes it.
type entry struct {
	DType   Format  `json:"dtype"`
	Shape   []int64 `json:"shape"`
	Offsets []int64 `json:"data_offsets"` // [begin, end) in the data that follows the header

	name string
}

// elements is the number of elements of a tensor of that shape, or -1 if it is malformed or beyond limit.
func elements(shape []int64, limit int64) int64 {
	n := int64(1)
	for _, s := range shape {
		if s < 0 || (s > 0 && n > limit/s) {
			return -1
		}
		n *= s
	}
	return n
}

// parseSafetensors reads the header of a safetensors file and checks it against the format's rules: the header
// fits, no name stands twice, every tensor has exactly the bytes its shape needs, and the tensors cover the
// data without gap or overlap. What it returns can be read without further checks.
func parseSafetensors(r io.ReaderAt, size int64) (map[string]string, map[string]stored, error) {
	metadata, found, err := safetensorsHeader(r, size)
	if err != nil {
		return nil, nil, fmt.Errorf("parse safetensors: %w", err)
	}
	return metadata, found, nil
}

func safetensorsHeader(r io.ReaderAt, size int64) (map[string]string, map[string]stored, error) {
	if size < 8 {
		return nil, nil, fmt.Errorf("%d bytes are too few for a header length", size)
	}
	prefix := make([]byte, 8)
	if n, err := r.ReadAt(prefix, 0); n < len(prefix) {
		return nil, nil, fmt.Errorf("read header length: %w", err)
	}
	n := binary.LittleEndian.Uint64(prefix)
	if n > maxHeader || n > uint64(size-8) {
		return nil, nil, fmt.Errorf("header of %d bytes does not fit a file of %d", n, size)
	}
	header := make([]byte, n)
	if k, err := r.ReadAt(header, 8); k < len(header) {
		return nil, nil, fmt.Errorf("read header: %w", err)
	}
	data := 8 + int64(n) // where they begin
	size -= data

	var metadata map[string]string
	var entries []entry
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(header))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, errors.New("header is not a JSON object")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, nil, fmt.Errorf("read header: %w", err)
		}
		name, ok := t.(string)
		if !ok {
			return nil, nil, errors.New("header is not a JSON object")
		}
		if seen[name] {
			return nil, nil, fmt.Errorf("header names %q twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			if err := dec.Decode(&metadata); err != nil {
				return nil, nil, fmt.Errorf("read metadata: %w", err)
			}
			continue
		}
		e := entry{name: name}
		if err := dec.Decode(&e); err != nil {
			return nil, nil, fmt.Errorf("read description of tensor %q: %w", name, err)
		}
		entries = append(entries, e)
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, fmt.Errorf("read header: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, nil, errors.New("header goes on after its JSON object")
	}

	for _, e := range entries {
		element := int64(e.DType.Size())
		if element == 0 {
			return nil, nil, fmt.Errorf("tensor %q has dtype %q, want BF16, F16 or F32", e.name, e.DType)
		}
		if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[0] > e.Offsets[1] || e.Offsets[1] > size {
			return nil, nil, fmt.Errorf("tensor %q has data_offsets %v outside of %d bytes of data", e.name, e.Offsets, size)
		}
		count := elements(e.Shape, size)
		if count < 0 || count > size/element || count*element != e.Offsets[1]-e.Offsets[0] {
			return nil, nil, fmt.Errorf("tensor %q of shape %v and dtype %s does not take the %d bytes it is given", e.name, e.Shape, e.DType, e.Offsets[1]-e.Offsets[0])
		}
	}
	slices.SortFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Offsets[0], b.Offsets[0]), cmp.Compare(a.Offsets[1], b.Offsets[1]))
	})
	at := int64(0)
	found := map[string]stored{}
	for _, e := range entries {
		if e.Offsets[0] != at {
			return nil, nil, fmt.Errorf("tensor %q starts at %d, where %d was expected: data with a gap or an overlap", e.name, e.Offsets[0], at)
		}
		at = e.Offsets[1]
		found[e.name] = stored{from: r, offset: data + e.Offsets[0], shape: e.Shape, format: e.DType}
	}
	if at != size {
		return nil, nil, fmt.Errorf("%d bytes of data belong to no tensor", size-at)
	}
	return metadata, found, nil
}
