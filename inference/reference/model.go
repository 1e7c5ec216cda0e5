package reference

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Source gives a model's weights by rows, as its files hold them. A few rows are all that is ever needed at once, so a
// model may be larger than memory. Implementations may be used by several goroutines.
type Source interface {
	// Config is the model's shape.
	Config() model.Config
	// Rows fills dst with whole rows of a tensor, from row on. The tensor is one that the model has, other than
	// Frequencies.
	Rows(dst []float32, t Tensor, layer, row int) error
}

// FromWeights is the source over weights in memory.
func FromWeights(w *model.Weights) Source {
	return newSource(w.Config, w.Tensors(), func(t model.Tensor, row int, dst []float32) error {
		copy(dst, t.Data[row*t.Cols:])
		return nil
	})
}

// FromFile is the source over a model in storage, which stays open as long as the source is used.
func FromFile(f *model.File) Source { return newSource(f.Config, f.Tensors(), f.ReadRows) }

// source finds the tensors of package model.
type source struct {
	config  model.Config
	tensors map[place]model.Tensor
	read    func(t model.Tensor, row int, dst []float32) error
}

type place struct {
	tensor Tensor
	layer  int
}

// newSource takes the tensors of a model in package model's order, which is that of Tensor.
func newSource(c model.Config, tensors []model.Tensor, read func(model.Tensor, int, []float32) error) *source {
	s := &source{config: c, tensors: map[place]model.Tensor{}, read: read}
	take := func(t Tensor, layer int) {
		absent := false
		switch t {
		case BQ, BK, BV:
			absent = !c.Biased()
		case QNormWeight, KNormWeight:
			absent = !c.NormedHeads()
		case Head:
			absent = c.TieEmbeddings
		}
		if !absent && len(tensors) > 0 {
			s.tensors[place{t, layer}], tensors = tensors[0], tensors[1:]
		}
	}
	take(Embedding, 0)
	for layer := range c.Layers {
		for t := AttentionNorm; t <= WDown; t++ {
			take(t, layer)
		}
	}
	take(FinalNorm, 0)
	take(Head, 0)
	return s
}

func (s *source) Config() model.Config { return s.config }

func (s *source) Rows(dst []float32, t Tensor, layer, row int) error {
	stored, ok := s.tensors[place{t, layer}]
	if !ok || row < 0 || row*stored.Cols+len(dst) > stored.Rows*stored.Cols {
		return fmt.Errorf("row %d of tensor %d, layer %d, does not exist", row, t, layer)
	}
	return s.read(stored, row, dst)
}

// Exponents of the rows that are not matrices, as their blocks name them.
const (
	vectorExponent    = 16
	frequencyExponent = 64
	maxExponent       = 30
)

// quantise writes the row's weights as integers of one scale, 2^-k, and returns k.
func quantise(dst []int16, row []float32) (k uint8, err error) {
	var largest float64
	for _, w := range row {
		largest = max(largest, math.Abs(float64(w)))
	}
	if !(largest < 32767.5) {
		return 0, fmt.Errorf("a weight of magnitude %g, %s takes less than 32767.5", largest, Version)
	}
	k = maxExponent
	for math.Floor(math.Ldexp(largest, int(k))+0.5) > 32767 {
		k--
	}
	scale := math.Ldexp(1, int(k))
	for i, w := range row {
		// Exact up to Floor: a product by a power of two, and a sum whose bits span less than 53.
		dst[i] = int16(math.Floor(float64(w)*scale + 0.5))
	}
	return k, nil
}

// fixed is a vector's weight in Q16.
func fixed(w float32) int32 {
	x := math.Floor(float64(w)*0x1p16 + 0.5)
	return int32(min(max(x, math.MinInt32), math.MaxInt32))
}

// Quantiser makes a model's rows from its source, one at a time.
type Quantiser struct {
	Arch
	source      Source
	frequencies []uint64
}

// NewQuantiser refuses a model that the program cannot run.
func NewQuantiser(s Source) (*Quantiser, error) {
	c := s.Config()
	a, err := NewArch(c)
	if err != nil {
		return nil, fmt.Errorf("check model for %s: %w", Version, err)
	}
	return &Quantiser{Arch: a, source: s, frequencies: RotaryFrequencies(c.RopeTheta, a.HeadDim)}, nil
}

// ModelRowData is one row of the model, as it is committed and opened.
type ModelRowData struct {
	Exponent uint8
	Width    int // bytes of an element
	Values   []int64
}

// rowReader reads rows of a model, some ahead.
type rowReader struct {
	*Quantiser
	ahead int // rows that are read at once, at most; 0 is 1

	at     place
	first  int       // of the rows in buffer
	buffer []float32 // of the place's tensor
	q      []int16
}

// floats is a row of weights, valid until the next call.
func (r *rowReader) floats(t Tensor, layer, row int) ([]float32, error) {
	rows, cols, _ := r.TensorShape(t)
	if in := (row - r.first) * cols; r.at != (place{t, layer}) || in < 0 || in >= len(r.buffer) {
		n := min(max(r.ahead, 1), rows-row)
		r.buffer = slices.Grow(r.buffer[:0], n*cols)[:n*cols]
		r.at, r.first = place{t, layer}, row
		if err := r.source.Rows(r.buffer, t, layer, row); err != nil {
			r.buffer = r.buffer[:0]
			return nil, fmt.Errorf("read weights: %w", err)
		}
	}
	return r.buffer[(row-r.first)*cols:][:cols], nil
}

func (r *rowReader) matrix(t Tensor, layer, row int) ([]int16, uint8, error) {
	weights, err := r.floats(t, layer, row)
	if err != nil {
		return nil, 0, err
	}
	r.q = slices.Grow(r.q[:0], len(weights))[:len(weights)]
	k, err := quantise(r.q, weights)
	if err != nil {
		return nil, 0, fmt.Errorf("quantise row %d of tensor %d, layer %d: %w", row, t, layer, err)
	}
	return r.q, k, nil
}

func (r *rowReader) vector(t Tensor, layer int) ([]int32, error) {
	weights, err := r.floats(t, layer, 0)
	if err != nil {
		return nil, err
	}
	v := make([]int32, len(weights))
	for i, w := range weights {
		v[i] = fixed(w)
	}
	return v, nil
}

// row reads any row.
func (r *rowReader) row(index uint64) (ModelRowData, error) {
	t, layer, i := r.TensorAt(index)
	_, cols, width := r.TensorShape(t)
	d := ModelRowData{Width: width, Values: make([]int64, cols)}
	switch width {
	case 8:
		d.Exponent = frequencyExponent
		for i, f := range r.frequencies {
			d.Values[i] = int64(f)
		}
	case 4:
		d.Exponent = vectorExponent
		v, err := r.vector(t, layer)
		if err != nil {
			return d, err
		}
		for i, x := range v {
			d.Values[i] = int64(x)
		}
	default:
		q, k, err := r.matrix(t, layer, i)
		if err != nil {
			return d, err
		}
		d.Exponent = k
		for i, x := range q {
			d.Values[i] = int64(x)
		}
	}
	return d, nil
}

// Row returns row index of the model.
func (q *Quantiser) Row(index uint64) (ModelRowData, error) {
	if index >= q.ModelRows() {
		return ModelRowData{}, posp.Invalidf("model row %d of %d", index, q.ModelRows())
	}
	return (&rowReader{Quantiser: q}).row(index)
}

// RowRoots writes the roots of the rows from first on to roots, on all processors. A root of the model is made by
// many calls, each of which can be kept: what was done is never lost. Progress, if any, is called with the number
// of rows done in this call, from several goroutines.
func (q *Quantiser) RowRoots(ctx context.Context, first uint64, roots []posp.Hash, progress func(done int)) error {
	if first+uint64(len(roots)) > q.ModelRows() {
		return posp.Invalidf("model rows %d to %d of %d", first, first+uint64(len(roots)), q.ModelRows())
	}
	const batch = 64
	var next, done atomic.Int64
	return parallel(runtime.GOMAXPROCS(0), func(int) error {
		r, h := &rowReader{Quantiser: q, ahead: batch}, newRowHasher()
		for {
			at := int(next.Add(batch)) - batch
			if at >= len(roots) {
				return nil
			}
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("compute model rows: %w", err)
			}
			n := min(batch, len(roots)-at)
			for i := range n {
				row, err := r.row(first + uint64(at+i))
				if err != nil {
					return err
				}
				h.add(&roots[at+i], row.block(), row.Values, row.Width)
			}
			h.flush()
			if progress != nil {
				progress(int(done.Add(int64(n))))
			}
		}
	})
}

// RowsRoot is the root over the roots of all rows.
func RowsRoot(roots []posp.Hash) posp.Hash { return newForest(0).extend(roots).finish().Root() }

// Root commits to the model: docs/reference-program.md, section 5.
func (q *Quantiser) Root(ctx context.Context, progress func(done int)) (posp.Hash, error) {
	roots := make([]posp.Hash, q.ModelRows())
	if err := q.RowRoots(ctx, 0, roots, progress); err != nil {
		return posp.Hash{}, err
	}
	return q.Arch.Root(RowsRoot(roots)), nil
}

// parallel runs f on n goroutines and returns the first error.
func parallel(n int, f func(worker int) error) error {
	var group sync.WaitGroup
	errs := make([]error, n)
	for i := range n - 1 {
		group.Go(func() { errs[i+1] = f(i + 1) })
	}
	errs[0] = f(0)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// matrix is the quantised rows of a tensor. Rows are padded with zeros to a multiple of 16 columns, and there are a
// multiple of 4 of them, as the kernel takes them.
type matrix struct {
	rows, cols, stride int
	q                  []int16
	exponent           []uint8 // of each row
}

func (m *matrix) row(r int) []int16 { return m.q[r*m.stride:][:m.cols] }

// Model is a model, quantised, in memory as far as it is to be. It is read only, and may be shared.
type Model struct {
	*Quantiser
	context   int     // positions, prompt and output together
	embedding *matrix // nil where it is read row by row
	layers    []*modelLayer
	norm      []int32
	head      *matrix // embedding if tied; what is nil here or in layers is read when a run comes to it

	kernel  kernel
	workers int // goroutines of a run; 0: one for each processor
}

type modelLayer struct {
	q, k, v, o, gate, up, down matrix
	norm, mlpNorm              []int32
	qBias, kBias, vBias        []int32 // nil unless biased
	qNorm, kNorm               []int32 // nil unless normed
}

// New reads and quantises a whole model.
func New(s Source) (*Model, error) { return Open(s, math.MaxInt64) }

// Open reads and quantises as much of a model as fits into that many bytes. A run reads the rest from the source, one layer
// at a time, whenever it comes to it, so that a model larger than memory works: with what it keeps, it takes another layer's
// memory, or the output matrix's.
func Open(s Source, memory int64) (*Model, error) {
	q, err := NewQuantiser(s)
	if err != nil {
		return nil, err
	}
	m := &Model{Quantiser: q, context: s.Config().ContextLength, kernel: best, layers: make([]*modelLayer, q.Layers)}
	fits := func(tensors ...Tensor) bool {
		size := int64(0)
		for _, t := range tensors {
			rows, cols, width := q.TensorShape(t)
			size += int64(rows) * int64(cols) * int64(width)
		}
		if size > memory {
			return false
		}
		memory -= size
		return true
	}
	if !q.Tied && fits(Head) {
		if m.head, err = q.readMatrix(Head, 0); err != nil {
			return nil, err
		}
	}
	if fits(Embedding) {
		if m.embedding, err = q.readMatrix(Embedding, 0); err != nil {
			return nil, err
		}
	}
	if q.Tied {
		m.head = m.embedding
	}
	for i := range m.layers {
		if !fits(layerTensors...) {
			break
		}
		if m.layers[i], err = q.readLayer(i); err != nil {
			return nil, err
		}
	}
	m.norm, err = (&rowReader{Quantiser: q}).vector(FinalNorm, 0)
	return m, err
}

// layer is a layer in memory, which stays there as long as the caller has it.
func (m *Model) layer(i int) (*modelLayer, error) {
	if m.layers[i] != nil {
		return m.layers[i], nil
	}
	return m.readLayer(i)
}

// output is the matrix that logits are made with, likewise.
func (m *Model) output() (*matrix, error) {
	switch {
	case m.head != nil:
		return m.head, nil
	case m.Tied:
		return m.readMatrix(Embedding, 0)
	}
	return m.readMatrix(Head, 0)
}

// embeddingRow is a token's, with its exponent; it is valid until the reader's next call.
func (m *Model) embeddingRow(r *rowReader, token int) ([]int16, uint8, error) {
	if m.embedding == nil {
		return r.matrix(Embedding, 0, token)
	}
	return m.embedding.row(token), m.embedding.exponent[token], nil
}

// layerTensors are what a layer may have.
var layerTensors = []Tensor{AttentionNorm, WQ, WK, WV, BQ, BK, BV, QNormWeight, KNormWeight, WO, MLPNorm, WGate, WUp, WDown}

func (q *Quantiser) readLayer(i int) (*modelLayer, error) {
	l, reader := new(modelLayer), &rowReader{Quantiser: q}
	matrices := map[Tensor]*matrix{WQ: &l.q, WK: &l.k, WV: &l.v, WO: &l.o, WGate: &l.gate, WUp: &l.up, WDown: &l.down}
	vectors := map[Tensor]*[]int32{AttentionNorm: &l.norm, MLPNorm: &l.mlpNorm, BQ: &l.qBias, BK: &l.kBias, BV: &l.vBias, QNormWeight: &l.qNorm, KNormWeight: &l.kNorm}
	for _, t := range layerTensors {
		if rows, _, _ := q.TensorShape(t); rows == 0 {
			continue
		}
		if into := vectors[t]; into != nil {
			v, err := reader.vector(t, i)
			if err != nil {
				return nil, err
			}
			*into = v
			continue
		}
		m, err := q.readMatrix(t, i)
		if err != nil {
			return nil, err
		}
		*matrices[t] = *m
	}
	return l, nil
}

func (q *Quantiser) readMatrix(t Tensor, layer int) (*matrix, error) {
	rows, cols, _ := q.TensorShape(t)
	m := &matrix{rows: rows, cols: cols, stride: up(cols, 16), exponent: make([]uint8, rows)}
	m.q = make([]int16, up(rows, 4)*m.stride)
	var next atomic.Int64
	return m, parallel(runtime.GOMAXPROCS(0), func(int) error {
		const batch = 64
		r := &rowReader{Quantiser: q, ahead: batch}
		for {
			from := int(next.Add(batch)) - batch
			if from >= rows {
				return nil
			}
			for i := from; i < min(from+batch, rows); i++ {
				row, k, err := r.matrix(t, layer, i)
				if err != nil {
					return err
				}
				copy(m.q[i*m.stride:], row)
				m.exponent[i] = k
			}
		}
	})
}

// encode writes integers of the given width in bytes, big-endian.
func encode(dst []byte, values []int64, width int) {
	for i, v := range values {
		switch width {
		case 2:
			binary.BigEndian.PutUint16(dst[2*i:], uint16(v))
		case 4:
			binary.BigEndian.PutUint32(dst[4*i:], uint32(v))
		default:
			binary.BigEndian.PutUint64(dst[8*i:], uint64(v))
		}
	}
}
