package model

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp/internal/merkle"
)

// Root commits to everything about w that decides what it computes: the root of the protocol's Merkle
// tree over
//
//	keccak(configuration as canonical JSON),
//	then for each tensor in the order of Tensors, for each of its rows,
//	keccak(the row's binary32 bit patterns, big-endian)
//
// so that one row of one matrix, which is what one output element depends on, can be opened alone. The
// configuration says which row stands at which index.
//
// How the weights were stored does not matter, only their values: a model saved as BF16 and widened to F32
// has the same root.
func (w *Weights) Root() common.Hash {
	values := []common.Hash{crypto.Keccak256Hash(w.Config.canonical())}
	var bits []byte
	for _, t := range w.Tensors() {
		for row := range slices.Chunk(t.Data, t.Cols) {
			bits = appendBits(bits[:0], row)
			values = append(values, crypto.Keccak256Hash(bits))
		}
	}
	return merkle.Root(values)
}

// appendBits appends the binary32 bit patterns of a row.
func appendBits(b []byte, row []float32) []byte {
	for _, x := range row {
		b = binary.BigEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

// RootValues is how many values the Root of the model's weights is over: the configuration and every row.
func (f *File) RootValues() uint64 {
	n := 1
	for _, t := range f.Tensors() {
		n += t.Rows
	}
	return uint64(n)
}

// RootRows writes the values that Root is over, from first on, to values, on all processors and without holding more
// of the model than a few rows. A root is made by many calls, each of which can be kept; merkle.Root over all values
// is Root. Progress, if any, is called with the number of values done in this call, from several goroutines.
func (f *File) RootRows(ctx context.Context, first uint64, values []common.Hash, progress func(done int)) error {
	if n := f.RootValues(); first > n || uint64(len(values)) > n-first {
		return fmt.Errorf("values %d to %d of a root over %d", first, first+uint64(len(values)), n)
	}
	const batch = 64
	var next, done atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		g.Go(func() error {
			var rows []float32
			var bits []byte
			for {
				at := int(next.Add(batch)) - batch
				if at >= len(values) {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return fmt.Errorf("hash weights: %w", err)
				}
				part := values[at:min(at+batch, len(values))]
				var err error
				if rows, bits, err = f.rootRows(int(first)+at, part, rows, bits); err != nil {
					return err
				}
				if progress != nil {
					progress(int(done.Add(int64(len(part)))))
				}
			}
		})
	}
	return g.Wait()
}

// rootRows writes the values from at on, with memory that it may use and grow.
func (f *File) rootRows(at int, values []common.Hash, rows []float32, bits []byte) ([]float32, []byte, error) {
	if at == 0 && len(values) > 0 {
		values[0] = crypto.Keccak256Hash(f.Config.canonical())
		values, at = values[1:], 1
	}
	at-- // now a row, counted over all tensors
	for _, t := range f.Tensors() {
		if len(values) == 0 {
			break
		}
		if at >= t.Rows {
			at -= t.Rows
			continue
		}
		n := min(t.Rows-at, len(values))
		rows = slices.Grow(rows[:0], n*t.Cols)[:n*t.Cols]
		if err := f.ReadRows(t, at, rows); err != nil {
			return rows, bits, err
		}
		for i := range n {
			bits = appendBits(bits[:0], rows[i*t.Cols:][:t.Cols])
			values[i] = crypto.Keccak256Hash(bits)
		}
		values, at = values[n:], 0
	}
	return rows, bits, nil
}
