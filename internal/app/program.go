package app

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime/debug"

	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// openProgram makes the reference program's model of weights in storage. One
// that fits into that many bytes is held in memory, where nothing that happens
// to the file reaches it. Of a larger one as much is held as fits; the rest is
// read from f when it is needed.
func openProgram(f *model.File, memory int64) (m *reference.Model, held bool, err error) {
	size := int64(0)
	for _, t := range f.Tensors() {
		size += int64(t.Rows) * int64(t.Cols)
	}
	const plain, quantised = 4, 2 // bytes of a weight
	if (plain+quantised)*size > memory {
		m, err = reference.Open(reference.FromFile(f), memory)
		return m, false, err
	}
	w, err := f.Weights()
	if err != nil {
		return nil, true, err
	}
	m, err = reference.New(reference.FromWeights(w))
	return m, true, err
}

// weightsMemory is how many bytes of weights a process holds at most: half of
// what the machine has, or of what GOMEMLIMIT says.
func weightsMemory() int64 {
	limit := debug.SetMemoryLimit(-1)
	if f, err := os.Open("/proc/meminfo"); err == nil {
		limit = min(limit, totalMemory(f))
		f.Close()
	}
	return limit / 2
}

// totalMemory reads what Linux says of the machine's memory; elsewhere it is
// not known, and not bounded.
func totalMemory(r io.Reader) int64 {
	var kib int64
	if _, err := fmt.Fscanf(r, "MemTotal: %d kB", &kib); err != nil {
		return math.MaxInt64
	}
	return kib << 10
}
