package model

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/proof-of-sampling/posp/internal/merkle"
)

// A root made from a file by pieces is that of the weights in memory, whatever file they stand in.
func TestRootByPieces(t *testing.T) {
	for _, kind := range []string{Llama, Qwen2, Qwen3} {
		c := tiny
		c.ModelType = kind
		w, err := Random(c, 8)
		if err != nil {
			t.Fatal(err)
		}
		var gguf, safetensors bytes.Buffer
		if err := errors.Join(WriteGGUF(&gguf, w, GGUFOptions{}), WriteSafetensors(&safetensors, w, F32)); err != nil {
			t.Fatal(err)
		}
		for name, b := range map[string][]byte{"model.gguf": gguf.Bytes(), "model.safetensors": safetensors.Bytes()} {
			f, err := Open(write(t, filepath.Join(t.TempDir(), name), b))
			if err != nil {
				t.Fatal(err)
			}
			values := make([]common.Hash, f.RootValues())
			var done atomic.Int64
			for at := 0; at < len(values); at += 71 {
				piece := values[at:min(at+71, len(values))]
				if err := f.RootRows(t.Context(), uint64(at), piece, func(n int) { done.Store(max(done.Load(), int64(n))) }); err != nil {
					t.Fatal(err)
				}
			}
			if merkle.Root(values) != w.Root() {
				t.Errorf("%s, %s: another root by pieces", kind, name)
			}
			if done.Load() == 0 {
				t.Errorf("%s, %s: no progress", kind, name)
			}
			if err := f.RootRows(t.Context(), uint64(len(values)), make([]common.Hash, 1), nil); err == nil {
				t.Error("a value beyond the last")
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if err := f.RootRows(ctx, 0, values, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled: %v", err)
			}
			if err := f.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

// What WriteSafetensors writes reads back: in F32 as it was, in a shorter format rounded as that rounds, and
// with its metadata.
func TestWriteSafetensors(t *testing.T) {
	w, err := Random(tiny, 3)
	if err != nil {
		t.Fatal(err)
	}
	w.Metadata = map[string]string{"origin": "a test"}
	for _, format := range []Format{F32, F16, BF16} {
		var b bytes.Buffer
		if err := WriteSafetensors(&b, w, format); err != nil {
			t.Fatal(err)
		}
		got, err := Load(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if (got.Root() == w.Root()) != (format == F32) {
			t.Errorf("%s: root %s, of the weights %s", format, got.Root(), w.Root())
		}
		if got.Metadata["origin"] != "a test" {
			t.Errorf("%s: metadata %v", format, got.Metadata)
		}
		for i, want := range w.Tensors() {
			for j, x := range got.Tensors()[i].Data {
				if d := x - want.Data[j]; d > 0.01 || d < -0.01 {
					t.Fatalf("%s: element %d of %s is %g, want about %g", format, j, want.Name, x, want.Data[j])
				}
			}
		}
	}
	if err := WriteSafetensors(&bytes.Buffer{}, w, "Q4_0"); err == nil {
		t.Error("a format that is none")
	}
	w.Norm[1] = 1e30
	w.Embedding[0] = 1e30
	if err := WriteSafetensors(&bytes.Buffer{}, w, F16); err == nil {
		t.Error("a weight that F16 cannot hold")
	}
}
