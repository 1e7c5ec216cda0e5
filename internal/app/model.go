package app

import (
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// ModelOptions say which weights, and where an interrupted computation over
// them is kept.
type ModelOptions struct {
	Weights string // GGUF or safetensors file, directory in Hugging Face's layout, embedded:main or embedded:small
	State   string // directory; "" is the user's cache
	Private bool   // also what private specs say of them
	JSON    bool
}

// Commitments are what specs say of weights.
type Commitments struct {
	WeightsRoot      posp.Hash `json:"weightsRoot"`
	ReferenceRoot    posp.Hash `json:"referenceRoot"`
	ReferenceVersion string    `json:"referenceVersion"`
	Rows             uint64    `json:"rows"` // of the model, as the reference program has it
	// PrivateVersion is the reference version of private specs; empty if it was not asked for.
	PrivateVersion string `json:"privateVersion,omitempty"`
}

func (c Commitments) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "weights root\t%s\n", c.WeightsRoot)
	fmt.Fprintf(t, "reference root\t%s\n", c.ReferenceRoot)
	fmt.Fprintf(t, "reference version\t%s\n", c.ReferenceVersion)
	if c.PrivateVersion != "" {
		fmt.Fprintf(t, "private reference version\t%s\n", c.PrivateVersion)
	}
	fmt.Fprintf(t, "rows\t%d\n", c.Rows)
}

// referenceVersion is how a spec names the reference program over a model.
func referenceVersion(root posp.Hash) string {
	return reference.Version + ":" + hex.EncodeToString(root[:])
}

// ModelRoot computes what specs say of weights.
func ModelRoot(ctx context.Context, o ModelOptions, out, progress io.Writer) error {
	f, err := openModel(o.Weights)
	if err != nil {
		return err
	}
	defer f.Close()
	c, err := commitments(ctx, f, o, progress)
	if err != nil {
		return err
	}
	return show(c, o.JSON, out)
}

// openModel opens weights without reading them.
func openModel(name string) (*model.File, error) {
	if name == "" {
		return nil, fmt.Errorf("name the weights: a GGUF or safetensors file, a directory in Hugging Face's layout, or %smain", embedded)
	}
	if inside, ok := strings.CutPrefix(name, embedded); ok {
		return model.OpenEmbedded(inside)
	}
	return model.Open(name)
}

// commitments makes both roots of weights in storage, each from hashes that
// are kept as they are made.
func commitments(ctx context.Context, f *model.File, o ModelOptions, progress io.Writer) (Commitments, error) {
	q, err := reference.NewQuantiser(reference.FromFile(f))
	if err != nil {
		return Commitments{}, err
	}
	dir, id, err := hashState(f, o)
	if err != nil {
		return Commitments{}, err
	}
	weights, err := keepHashes(ctx, dir, id, "weights root", f.RootValues(), f.RootRows, progress)
	if err != nil {
		return Commitments{}, err
	}
	rows, err := keepHashes(ctx, dir, id, "reference root", q.ModelRows(), q.RowRoots, progress)
	if err != nil {
		return Commitments{}, err
	}
	c := Commitments{WeightsRoot: merkle.Root(weights), ReferenceRoot: q.Arch.Root(reference.RowsRoot(rows)), Rows: q.ModelRows()}
	c.ReferenceVersion = referenceVersion(c.ReferenceRoot)
	if o.Private {
		roots, err := hiddenRows(ctx, f, q, o, progress)
		if err != nil {
			return Commitments{}, err
		}
		hidden, err := circuit.NewModel(q, roots)
		if err != nil {
			return Commitments{}, err
		}
		c.PrivateVersion = hiddenVersion(hidden.Root())
	}
	// Both are done: a crash in between leaves one, which the next run reads.
	for _, what := range []string{"weights root", "reference root"} {
		if path := hashFile(dir, id, what); path != "" {
			if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
				return c, fmt.Errorf("remove kept hashes: %w", err)
			}
		}
	}
	return c, nil
}

// hashState is where the hashes of a model are kept, and by what name: that of
// its configuration, its files, their sizes and their times of change. What is
// embedded is small, and not kept.
func hashState(f *model.File, o ModelOptions) (dir string, id posp.Hash, err error) {
	if strings.HasPrefix(o.Weights, embedded) {
		return "", id, nil
	}
	if dir = o.State; dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", id, nil // no home: nothing is kept
		}
		dir = filepath.Join(cache, "posp", "model")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		if o.State == "" {
			return "", id, nil
		}
		return "", id, fmt.Errorf("make --state: %w", err)
	}
	path, err := filepath.Abs(o.Weights)
	if err != nil {
		return "", id, fmt.Errorf("find model: %w", err)
	}
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return "", id, fmt.Errorf("find model: %w", err)
	} else if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return "", id, fmt.Errorf("find model: %w", err)
		}
		files = nil
		for _, e := range entries { // those that a model may be in
			if ext := filepath.Ext(e.Name()); ext == ".safetensors" || ext == ".json" {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
	}
	text, err := json.Marshal(f.Config)
	if err != nil {
		return "", id, err
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return "", id, fmt.Errorf("find model: %w", err)
		}
		text = fmt.Appendf(text, "\n%q %d %d", name, info.Size(), info.ModTime().UnixNano())
	}
	return dir, crypto.Keccak256Hash(text), nil
}

// hashFile is the file of one root's hashes.
func hashFile(dir string, id posp.Hash, what string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, hex.EncodeToString(id[:8])+"-"+strings.ReplaceAll(what, " ", "-"))
}

// pieceHashes is how many hashes are kept at once.
const pieceHashes = 4096

// keepHashes makes n hashes by pieces. With a directory, each piece goes to a
// file behind the model's name, with its own keccak after it; a run that was
// killed, even with a piece half written, continues after the last whole one.
func keepHashes(ctx context.Context, dir string, id posp.Hash, what string, n uint64,
	hash func(ctx context.Context, first uint64, hashes []posp.Hash, progress func(done int)) error, progress io.Writer) ([]posp.Hash, error) {
	all := make([]posp.Hash, n)
	var kept *os.File
	done := 0
	if path := hashFile(dir, id, what); path != "" {
		var err error
		if kept, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return nil, fmt.Errorf("open kept hashes: %w", err)
		}
		defer kept.Close()
		done = readHashes(kept, id, all)
	}
	b := bar{w: progress, what: what, total: len(all), from: done, begin: time.Now()}
	defer b.end()
	at := int64(32 * (1 + done + (done+pieceHashes-1)/pieceHashes)) // the name, hashes, and a check for each piece
	if kept != nil && done == 0 {
		if _, err := kept.WriteAt(id[:], 0); err != nil {
			return nil, fmt.Errorf("keep hashes: %w", err)
		}
	}
	for done < len(all) {
		piece := all[done:min(done+pieceHashes, len(all))]
		if err := hash(ctx, uint64(done), piece, func(n int) { b.tell(done + n) }); err != nil {
			if errors.Is(err, context.Canceled) {
				if kept == nil {
					return nil, fmt.Errorf("interrupted, and nothing is kept (--state names a directory): %w", err)
				}
				return nil, fmt.Errorf("interrupted: %d of %d rows of the %s are kept in %s, and the same command continues: %w", done, len(all), what, dir, err)
			}
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		if kept != nil {
			bytes := encodePiece(piece)
			if _, err := kept.WriteAt(bytes, at); err != nil {
				return nil, fmt.Errorf("keep hashes: %w", err)
			}
			at += int64(len(bytes))
		}
		done += len(piece)
	}
	return all, nil
}

// encodePiece is hashes and the keccak of them all.
func encodePiece(piece []posp.Hash) []byte {
	b := make([]byte, 0, 32*(len(piece)+1))
	for i := range piece {
		b = append(b, piece[i][:]...)
	}
	return append(b, crypto.Keccak256(b)...)
}

// readHashes reads the whole pieces of a model's hashes and says how many
// hashes there are. Another model's, and what is damaged, is none.
func readHashes(r io.ReaderAt, id posp.Hash, all []posp.Hash) (done int) {
	var name posp.Hash
	if n, _ := r.ReadAt(name[:], 0); n < len(name) || name != id {
		return 0
	}
	for at := int64(len(name)); done < len(all); {
		piece := all[done:min(done+pieceHashes, len(all))]
		b := make([]byte, 32*(len(piece)+1))
		if n, _ := r.ReadAt(b, at); n < len(b) {
			return done
		}
		end := len(b) - 32
		if crypto.Keccak256Hash(b[:end]) != posp.Hash(b[end:]) {
			return done
		}
		for i := range piece {
			piece[i] = posp.Hash(b[32*i:])
		}
		done, at = done+len(piece), at+int64(len(b))
	}
	return done
}

// bar shows how far a count is on a terminal.
type bar struct {
	w           io.Writer
	what        string
	total, from int
	begin       time.Time

	mu   sync.Mutex
	done int
	last time.Time
}

// tell may be called by several at once, out of order.
func (b *bar) tell(done int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.done = max(b.done, done); now.Sub(b.last) < 100*time.Millisecond {
		return
	}
	b.last = now
	const width = 30
	full := width * b.done / max(b.total, 1)
	left := ""
	if n := b.done - b.from; n > 0 {
		left = fmt.Sprintf(", about %s left", time.Duration(float64(now.Sub(b.begin))/float64(n)*float64(b.total-b.done)).Round(time.Second))
	}
	fmt.Fprintf(b.w, "\r\x1b[K%-15s [%s%s] %3d %%, %d of %d rows%s", b.what, strings.Repeat("#", full), strings.Repeat(".", width-full),
		100*b.done/max(b.total, 1), b.done, b.total, left)
}

func (b *bar) end() { fmt.Fprint(b.w, "\r\x1b[K") }

// Inspection is what a model's files say of it.
type Inspection struct {
	Config     model.Config      `json:"config"`
	Metadata   map[string]string `json:"metadata,omitempty"`
	Parameters int64             `json:"parameters"`
	Bytes      int64             `json:"bytes"`
	Tensors    []StoredTensor    `json:"tensors"`
	Reference  string            `json:"reference"` // why the reference program does not run it; "" if it does
	Rows       uint64            `json:"rows"`      // of the model, in the reference program
}

// StoredTensor is one tensor of a file.
type StoredTensor struct {
	Name   string       `json:"name"`
	Shape  []int        `json:"shape"`
	Format model.Format `json:"format"`
	Bytes  int64        `json:"bytes"`
}

// ModelInspect prints what a model's files say, without reading the weights.
func ModelInspect(o ModelOptions, out io.Writer) error {
	f, err := openModel(o.Weights)
	if err != nil {
		return err
	}
	defer f.Close()
	i := Inspection{Config: f.Config, Metadata: f.Metadata}
	for _, t := range f.Tensors() {
		s := StoredTensor{Name: t.Name, Shape: []int{t.Rows, t.Cols}, Format: f.Format(t)}
		if t.Vector {
			s.Shape = s.Shape[1:]
		}
		n := int64(t.Rows) * int64(t.Cols)
		s.Bytes = n * int64(s.Format.Size())
		i.Parameters, i.Bytes = i.Parameters+n, i.Bytes+s.Bytes
		i.Tensors = append(i.Tensors, s)
	}
	if a, err := reference.NewArch(f.Config); err != nil {
		i.Reference = err.Error()
	} else {
		i.Rows = a.ModelRows()
	}
	return show(i, o.JSON, out)
}

func (i Inspection) print(t *tabwriter.Writer) {
	c := i.Config
	fmt.Fprintf(t, "architecture\t%s\n", c.ModelType)
	fmt.Fprintf(t, "parameters\t%d\n", i.Parameters)
	fmt.Fprintf(t, "weights\t%s\n", size(i.Bytes))
	fmt.Fprintf(t, "layers\t%d\n", c.Layers)
	fmt.Fprintf(t, "hidden size\t%d\n", c.HiddenSize)
	fmt.Fprintf(t, "intermediate size\t%d\n", c.IntermediateSize)
	fmt.Fprintf(t, "heads\t%d of width %d, %d for keys and values\n", c.Heads, c.HeadDim(), c.KVHeads)
	output := "a matrix of its own"
	if c.TieEmbeddings {
		output = "the embedding"
	}
	fmt.Fprintf(t, "vocabulary\t%d, output by %s\n", c.VocabSize, output)
	fmt.Fprintf(t, "context\t%d\n", c.ContextLength)
	fmt.Fprintf(t, "rotary base, eps\t%g, %g\n", c.RopeTheta, c.RMSNormEps)
	if i.Reference == "" {
		fmt.Fprintf(t, "%s\tevery answer can be disputed; %d rows of the model\n", reference.Version, i.Rows)
	} else {
		fmt.Fprintf(t, "%s\tdoes not run it: %s\n", reference.Version, strings.ReplaceAll(i.Reference, "\n", "; "))
	}
	for _, key := range slices.Sorted(maps.Keys(i.Metadata)) {
		fmt.Fprintf(t, "%s\t%s\n", key, i.Metadata[key])
	}
	fmt.Fprintln(t, "\nTENSOR\tSHAPE\tFORMAT\tSIZE")
	for _, s := range i.Tensors {
		fmt.Fprintf(t, "%s\t%v\t%s\t%s\n", s.Name, s.Shape, s.Format, size(s.Bytes))
	}
}

// size is bytes as people say them.
func size(n int64) string {
	x, unit := float64(n), []string{"B", "kB", "MB", "GB", "TB"}
	for x >= 1000 && len(unit) > 1 {
		x, unit = x/1000, unit[1:]
	}
	return fmt.Sprintf("%.4g %s", math.Round(x*10)/10, unit[0])
}

// ModelVerification is weights against a spec.
type ModelVerification struct {
	Model string      `json:"model"`
	Facts []SpecMatch `json:"facts"`
}

// SpecMatch is one thing that a spec says.
type SpecMatch struct {
	What  string `json:"what"`
	Have  string `json:"have"`
	Spec  string `json:"spec"`
	Match bool   `json:"match"`
}

func (v ModelVerification) print(t *tabwriter.Writer) {
	for _, f := range v.Facts {
		if f.Match {
			fmt.Fprintf(t, "%s\tas the spec says\t%s\n", f.What, f.Have)
		} else {
			fmt.Fprintf(t, "%s\tDIFFERS\t%s, the spec says %s\n", f.What, f.Have, cmp.Or(f.Spec, "nothing"))
		}
	}
}

// ModelVerify compares weights with the spec of a network's model; with no
// name, of its only one. Weights that are not the spec's are an error.
func ModelVerify(ctx context.Context, n Network, name string, o ModelOptions, out, progress io.Writer) error {
	if name == "" && len(n.Models) == 1 {
		name = n.Models[0].Name
	}
	m, err := n.model(name)
	if err != nil {
		return err
	}
	if o.Weights == "" {
		o.Weights = m.Weights
	}
	f, err := openModel(o.Weights)
	if err != nil {
		return err
	}
	defer f.Close()
	o.Private = m.Spec.Private()
	c, err := commitments(ctx, f, o, progress)
	if err != nil {
		return err
	}
	version := c.ReferenceVersion
	if o.Private {
		version = c.PrivateVersion
	}
	v := ModelVerification{Model: m.Name}
	fact := func(what string, have, spec any) {
		a, b := fmt.Sprint(have), fmt.Sprint(spec)
		v.Facts = append(v.Facts, SpecMatch{what, a, b, a == b})
	}
	fact("weights root", c.WeightsRoot, m.Spec.WeightsRoot)
	fact("reference version", version, m.Spec.ReferenceVersion)
	fact("vocabulary", f.Config.VocabSize, m.Spec.VocabSize)
	fact("end of text", f.Config.EOS, m.Spec.EOS)
	fact("context", f.Config.ContextLength, m.Spec.ContextLimit)
	if err := show(v, o.JSON, out); err != nil {
		return err
	}
	var differ []string
	for _, f := range v.Facts {
		switch {
		case f.Match:
		case f.What == "reference version" && f.Spec == "":
			differ = append(differ, "the spec names no reference version, so its verdicts cannot be disputed")
		default:
			differ = append(differ, f.What+" differs")
		}
	}
	if len(differ) > 0 {
		return fmt.Errorf("%s is not what the spec of model %s says: %s", o.Weights, m.Name, strings.Join(differ, "; "))
	}
	return nil
}

// ExportOptions say what is written.
type ExportOptions struct {
	Weights string
	Out     string // .gguf or .safetensors
	Format  string // f32, f16, bf16; "" as the matrices are stored
	Name    string // that a server lists it under; GGUF only
}

// ModelExport writes weights as one GGUF or safetensors file, whole or not at
// all, and reads it back to say whether it is still the same model.
func ModelExport(o ExportOptions, out io.Writer) error {
	kind := strings.ToLower(filepath.Ext(o.Out))
	if kind != ".gguf" && kind != ".safetensors" {
		return fmt.Errorf("--out %q: want a name that ends in .gguf or .safetensors", o.Out)
	}
	if _, err := os.Lstat(o.Out); err == nil {
		return fmt.Errorf("--out %s exists: remove it or choose another name", o.Out)
	}
	f, err := openModel(o.Weights)
	if err != nil {
		return err
	}
	defer f.Close()
	format := model.Format(strings.ToUpper(o.Format))
	if format == "" {
		format = f.Format(f.Tensors()[0])
	}
	if format.Size() == 0 {
		return fmt.Errorf("--format %q: want f32, f16 or bf16", o.Format)
	}
	w, err := f.Weights()
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(o.Out), ".model-*")
	if err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	defer os.Remove(tmp.Name()) // gone already when the rename succeeded
	if kind == ".gguf" {
		err = model.WriteGGUF(tmp, w, model.GGUFOptions{Format: format, Name: o.Name})
	} else {
		err = model.WriteSafetensors(tmp, w, format)
	}
	if err = errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	rounded, err := rounded(w, tmp.Name())
	if err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if err := os.Rename(tmp.Name(), o.Out); err != nil {
		return fmt.Errorf("write model: %w", err)
	}
	if rounded > 0 {
		_, err = fmt.Fprintf(out, "%s: %d weights were rounded to %s: it is another model, with other roots\n", o.Out, rounded, format)
	} else {
		_, err = fmt.Fprintf(out, "%s: the same weights, in %s, with the same roots\n", o.Out, format)
	}
	return err
}

// rounded is how many weights of a file are not those in memory.
func rounded(w *model.Weights, path string) (n int, err error) {
	f, err := model.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for _, t := range w.Tensors() {
		row := make([]float32, t.Cols)
		for r := range t.Rows {
			if err := f.ReadRows(t, r, row); err != nil {
				return 0, err
			}
			for i, x := range t.Data[r*t.Cols:][:t.Cols] {
				if math.Float32bits(row[i]) != math.Float32bits(x) {
					n++
				}
			}
		}
	}
	return n, nil
}
