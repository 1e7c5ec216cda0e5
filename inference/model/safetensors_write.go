package model

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
)

// WriteSafetensors writes w as one safetensors file with its configuration inside, which Open and Load read, and
// which Hugging Face's tools read with the configuration as config.json beside it. Matrices are stored in format,
// "" being F32; norms and biases always in F32. From format F32 the Root is the same.
func WriteSafetensors(w io.Writer, m *Weights, format Format) error {
	format = cmp.Or(format, F32)
	if format.Size() == 0 {
		return fmt.Errorf("write safetensors: format %q is not F32, F16 or BF16", format)
	}
	metadata := map[string]string{"format": "pt"}
	maps.Copy(metadata, m.Metadata)
	metadata["config"] = string(m.Config.canonical())
	header := map[string]any{"__metadata__": metadata}
	at := int64(0)
	for _, t := range m.Tensors() {
		e := entry{DType: storedAs(t, format), Shape: []int64{int64(t.Rows), int64(t.Cols)}}
		if t.Vector {
			e.Shape = e.Shape[1:]
		}
		end := at + int64(len(t.Data)*e.DType.Size())
		e.Offsets, at = []int64{at, end}, end
		header[t.Name] = e
	}
	text, err := json.Marshal(header)
	if err != nil {
		return fmt.Errorf("write safetensors: %w", err)
	}
	for len(text)%8 != 0 { // the data are aligned
		text = append(text, ' ')
	}
	out := bufio.NewWriterSize(w, 1<<20)
	if _, err := out.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(len(text))), text...)); err != nil {
		return fmt.Errorf("write safetensors: %w", err)
	}
	var row []byte
	for _, t := range m.Tensors() {
		for r := range t.Rows {
			if row, err = storedAs(t, format).narrow(row[:0], t.Data[r*t.Cols:][:t.Cols]); err != nil {
				return fmt.Errorf("write safetensors: row %d of tensor %q: %w", r, t.Name, err)
			}
			if _, err := out.Write(row); err != nil {
				return fmt.Errorf("write safetensors: %w", err)
			}
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write safetensors: %w", err)
	}
	return nil
}
