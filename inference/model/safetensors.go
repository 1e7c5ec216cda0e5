package model

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// maxHeader is the longest header the safetensors format allows, in bytes.
const maxHeader = 100_000_000

// entry is one tensor of a safetensors file, as the header describes it.
type entry struct {
	DType   Format  `json:"dtype"`
	Shape   []int64 `json:"shape"`
	Offsets []int64 `json:"data_offsets"` // [begin, end) in the data that follows the header

	name string
}

// elements is the number of elements of e, or -1 if its shape is malformed or beyond limit.
func (e entry) elements(limit int64) int64 {
	n := int64(1)
	for _, s := range e.Shape {
		if s < 0 || (s > 0 && n > limit/s) {
			return -1
		}
		n *= s
	}
	return n
}

// parse reads the header of a safetensors file and checks it against the format's rules: the header fits,
// no name stands twice, every tensor has exactly the bytes its shape needs, and the tensors cover the
// data without gap or overlap. What it returns can be sliced without further checks.
func parse(file []byte) (metadata map[string]string, entries map[string]entry, data []byte, err error) {
	if len(file) < 8 {
		return nil, nil, nil, fmt.Errorf("%d bytes are too few for a header length", len(file))
	}
	n := binary.LittleEndian.Uint64(file)
	if n > maxHeader || n > uint64(len(file)-8) {
		return nil, nil, nil, fmt.Errorf("header of %d bytes does not fit a file of %d", n, len(file))
	}
	header, data := file[8:8+n], file[8+n:]

	entries = map[string]entry{}
	seen := map[string]bool{}
	dec := json.NewDecoder(bytes.NewReader(header))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, nil, nil, errors.New("header is not a JSON object")
	}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, nil, nil, fmt.Errorf("read header: %w", err)
		}
		name, ok := t.(string)
		if !ok {
			return nil, nil, nil, errors.New("header is not a JSON object")
		}
		if seen[name] {
			return nil, nil, nil, fmt.Errorf("header names %q twice", name)
		}
		seen[name] = true
		if name == "__metadata__" {
			if err := dec.Decode(&metadata); err != nil {
				return nil, nil, nil, fmt.Errorf("read metadata: %w", err)
			}
			continue
		}
		e := entry{name: name}
		if err := dec.Decode(&e); err != nil {
			return nil, nil, nil, fmt.Errorf("read description of tensor %q: %w", name, err)
		}
		entries[name] = e
	}
	if _, err := dec.Token(); err != nil {
		return nil, nil, nil, fmt.Errorf("read header: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, nil, nil, errors.New("header goes on after its JSON object")
	}

	size := int64(len(data))
	for _, e := range entries {
		element := e.DType.size()
		if element == 0 {
			return nil, nil, nil, fmt.Errorf("tensor %q has dtype %q, want BF16, F16 or F32", e.name, e.DType)
		}
		if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[0] > e.Offsets[1] || e.Offsets[1] > size {
			return nil, nil, nil, fmt.Errorf("tensor %q has data_offsets %v outside of %d bytes of data", e.name, e.Offsets, size)
		}
		count := e.elements(size)
		if count < 0 || count > size/int64(element) || count*int64(element) != e.Offsets[1]-e.Offsets[0] {
			return nil, nil, nil, fmt.Errorf("tensor %q of shape %v and dtype %s does not take the %d bytes it is given", e.name, e.Shape, e.DType, e.Offsets[1]-e.Offsets[0])
		}
	}
	inOrder := slices.SortedFunc(maps.Values(entries), func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.Offsets[0], b.Offsets[0]), cmp.Compare(a.Offsets[1], b.Offsets[1]))
	})
	at := int64(0)
	for _, e := range inOrder {
		if e.Offsets[0] != at {
			return nil, nil, nil, fmt.Errorf("tensor %q starts at %d, where %d was expected: data with a gap or an overlap", e.name, e.Offsets[0], at)
		}
		at = e.Offsets[1]
	}
	if at != size {
		return nil, nil, nil, fmt.Errorf("%d bytes of data belong to no tensor", size-at)
	}
	return metadata, entries, data, nil
}

// Load reads a model from the bytes of a safetensors file. Everything the configuration needs must be there,
// nothing else may be, and every weight must be finite.
func Load(file []byte) (*Weights, error) {
	metadata, entries, data, err := parse(file)
	if err != nil {
		return nil, fmt.Errorf("parse safetensors: %w", err)
	}
	text, ok := metadata["config"]
	if !ok {
		return nil, errors.New("parse safetensors: no model configuration under \"config\" in the metadata")
	}
	var c Config
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return nil, fmt.Errorf("parse model configuration: %w", err)
	}
	if err := c.Check(); err != nil {
		return nil, fmt.Errorf("check model configuration: %w", err)
	}
	// Before anything is allocated: what is wanted is exactly what is there, so that memory is bounded
	// by the size of the file and not by what its configuration claims.
	if want := 2 + 9*c.Layers; len(entries) < want {
		return nil, fmt.Errorf("match tensors: file has %d, a model of %d layers needs %d", len(entries), c.Layers, want)
	}
	wanted := tensors(c, nil)
	for _, t := range wanted {
		e, ok := entries[t.Name]
		if !ok {
			return nil, fmt.Errorf("match tensors: %q is missing", t.Name)
		}
		shape := []int64{int64(t.Rows), int64(t.Cols)}
		if t.Vector {
			shape = shape[1:]
		}
		if !slices.Equal(e.Shape, shape) {
			return nil, fmt.Errorf("match tensors: %q has shape %v, the configuration needs %v", t.Name, e.Shape, shape)
		}
	}
	if len(entries) != len(wanted) {
		for _, t := range wanted {
			delete(entries, t.Name)
		}
		return nil, fmt.Errorf("match tensors: unknown tensor %q", slices.Sorted(maps.Keys(entries))[0])
	}

	w, err := New(c)
	if err != nil {
		return nil, err
	}
	delete(metadata, "config")
	w.Metadata = metadata
	for _, t := range w.Tensors() {
		e := entries[t.Name]
		if err := e.DType.widen(t.Data, data[e.Offsets[0]:e.Offsets[1]]); err != nil {
			return nil, fmt.Errorf("read tensor %q: %w", t.Name, err)
		}
	}
	return w, nil
}
