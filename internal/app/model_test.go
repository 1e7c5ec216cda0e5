package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

func rootsOf(t *testing.T, weights string) Commitments {
	t.Helper()
	var out bytes.Buffer
	if err := ModelRoot(t.Context(), ModelOptions{Weights: weights, State: t.TempDir(), JSON: true}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var c Commitments
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// The roots are the weights': whatever file they stand in, and as package
// model and the reference program have them.
func TestModelRootWhateverTheFile(t *testing.T) {
	dir := t.TempDir()
	c := model.Config{ModelType: model.Qwen3, HiddenSize: 64, Layers: 2, Heads: 4, KVHeads: 2, IntermediateSize: 96, VocabSize: 300,
		ContextLength: 64, RMSNormEps: 1e-6, RopeTheta: 10000, EOS: 1, HeadWidth: 16}
	random, err := model.Random(c, 5)
	if err != nil {
		t.Fatal(err)
	}
	main, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	// A random model comes into storage here, the demo's is there.
	source := filepath.Join(dir, "random.safetensors")
	f, err := os.Create(source)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(model.WriteSafetensors(f, random, model.F32), f.Close()); err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		source string
		w      *model.Weights
	}{{source, random}, {embedded + "main", main}} {
		want := rootsOf(t, m.source)
		if want.WeightsRoot != posp.Hash(m.w.Root()) {
			t.Errorf("%s: weights root %s, in memory %s", m.source, want.WeightsRoot, m.w.Root())
		}
		for _, name := range []string{"a.gguf", "a.safetensors"} {
			out := filepath.Join(t.TempDir(), name)
			var said bytes.Buffer
			if err := ModelExport(ExportOptions{Weights: m.source, Out: out}, &said); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(said.String(), "same weights") {
				t.Errorf("%s: export says %q", out, said.String())
			}
			if got := rootsOf(t, out); got != want {
				t.Errorf("%s as %s: %+v, want %+v", m.source, name, got, want)
			}
		}
	}
}

func TestModelExportSaysWhatIsLost(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.gguf")
	var said bytes.Buffer
	if err := ModelExport(ExportOptions{Weights: embedded + "small", Out: out, Format: "f16"}, &said); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "rounded to F16") || rootsOf(t, out) == rootsOf(t, embedded+"small") {
		t.Errorf("export says %q", said.String())
	}
	for what, o := range map[string]ExportOptions{
		"an existing file":   {Weights: embedded + "small", Out: out},
		"an unknown ending":  {Weights: embedded + "small", Out: filepath.Join(dir, "x.bin")},
		"an unknown format":  {Weights: embedded + "small", Out: filepath.Join(dir, "y.gguf"), Format: "q4_0"},
		"weights that exist": {Weights: filepath.Join(dir, "nothing"), Out: filepath.Join(dir, "y.gguf")},
		"an embedded model":  {Weights: embedded + "large", Out: filepath.Join(dir, "y.gguf")},
	} {
		if err := ModelExport(o, io.Discard); err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A run that was interrupted, or killed with a piece half written or spoilt,
// continues after the last whole piece, and another model's hashes are not
// taken.
func TestHashesAreKept(t *testing.T) {
	const n = 3*pieceHashes + 100
	dir, id := t.TempDir(), posp.Tag("model")
	want := make([]posp.Hash, n)
	for i := range want {
		want[i] = posp.Tag(string(rune(i)))
	}
	made := 0
	run := func(ctx context.Context, id posp.Hash, stopAt uint64, cancel func()) ([]posp.Hash, error) {
		made = 0
		return keepHashes(ctx, dir, id, "root", n, func(ctx context.Context, first uint64, hashes []posp.Hash, progress func(int)) error {
			if first >= stopAt {
				cancel()
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			made += copy(hashes, want[first:])
			progress(len(hashes))
			return nil
		}, io.Discard)
	}
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := run(ctx, id, 2*pieceHashes, cancel); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "continues") {
		t.Fatalf("interrupted: %v", err)
	}
	check := func(what string, id posp.Hash, most int) {
		t.Helper()
		got, err := run(t.Context(), id, n, func() {})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: other hashes", what)
		}
		if made != most {
			t.Errorf("%s: %d hashes were made, want %d", what, made, most)
		}
	}
	check("interrupted", id, n-2*pieceHashes)
	check("finished", id, 0)
	path := hashFile(dir, id, "root")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	damage(whole[:len(whole)-40])
	check("killed in the last piece", id, 100)
	spoilt := slices.Clone(whole)
	spoilt[32+33*32*100] ^= 1
	damage(spoilt)
	check("spoilt in the first piece", id, n)
	damage(whole[:20])
	check("killed in the name", id, n)
	// The same first bytes of the name, another model.
	other := id
	other[31] ^= 1
	check("another model's", other, n)
}

func TestModelVerify(t *testing.T) {
	m, err := DemoModel()
	if err != nil {
		t.Fatal(err)
	}
	m.Spec.ReferenceVersion = rootsOf(t, m.Weights).ReferenceVersion
	verify := func(m Model, weights string) error {
		return ModelVerify(t.Context(), Network{Models: []Model{m}}, "", ModelOptions{Weights: weights}, io.Discard, io.Discard)
	}
	if err := verify(m, ""); err != nil {
		t.Error(err)
	}
	if err := verify(m, embedded+"small"); err == nil || !strings.Contains(err.Error(), "weights root differs; reference version differs") {
		t.Errorf("another model: %v", err)
	}
	m.Spec.ReferenceVersion = ""
	if err := verify(m, ""); err == nil || !strings.Contains(err.Error(), "cannot be disputed") {
		t.Errorf("no reference version: %v", err)
	}
}

func TestModelInspect(t *testing.T) {
	var out bytes.Buffer
	if err := ModelInspect(ModelOptions{Weights: embedded + "small"}, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"llama", "102848", "model.layers.1.mlp.down_proj.weight", "[64 160]", "BF16", "1416 rows"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}
