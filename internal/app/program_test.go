package app

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
)

// TestProgramOfAModelLargerThanMemory: it computes what one in memory computes,
// and holds a file only where it needs it.
func TestProgramOfAModelLargerThanMemory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.gguf")
	if err := ModelExport(ExportOptions{Weights: embedded + "small", Out: path}, &strings.Builder{}); err != nil {
		t.Fatal(err)
	}
	var roots [3]posp.Hash
	for i, memory := range []int64{1 << 40, 0, 300_000} {
		f, err := model.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		m, held, err := openProgram(f, memory)
		if err != nil || held != (i == 0) {
			t.Fatal(held, err)
		}
		if held { // nothing may need the file
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		} else {
			defer f.Close()
		}
		trace, err := m.Trace(t.Context(), []uint32{5, 6, 7}, posp.Sampling{Rule: posp.Greedy, MaxTokens: 4}, []uint32{8, 9, 10, 11})
		if err != nil {
			t.Fatal(err)
		}
		roots[i] = trace.Root()
	}
	if roots[1] != roots[0] || roots[2] != roots[0] {
		t.Errorf("traces differ: %s", roots)
	}
}

func TestTotalMemory(t *testing.T) {
	if x := totalMemory(strings.NewReader("MemTotal:       24684096 kB\nMemFree: 1 kB\n")); x != 24684096<<10 {
		t.Errorf("%d bytes", x)
	}
	if x := totalMemory(strings.NewReader("no such thing")); x < 1<<62 {
		t.Errorf("an unknown size bounds to %d bytes", x)
	}
	if x := weightsMemory(); x <= 0 {
		t.Errorf("%d bytes for weights", x)
	}
}
