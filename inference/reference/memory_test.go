package reference

import (
	"errors"
	"slices"
	"testing"
)

// TestModelLargerThanMemory: how much of a model is kept shows in nothing but time, and what is not kept is read again.
func TestModelLargerThanMemory(t *testing.T) {
	for name := range shapes {
		w := random(t, shape(name), 4)
		prompt, output := tokens(1, 20, w.Config.VocabSize), tokens(2, 4, w.Config.VocabSize)
		whole := traced(t, build(t, w), prompt, output)
		for _, memory := range []int64{0, 3 * int64(w.Config.HiddenSize*w.Config.VocabSize), 80_000} {
			source := &breakable{Source: FromWeights(w)}
			m, err := Open(source, memory)
			if err != nil {
				t.Fatal(err)
			}
			kept := int64(0)
			for _, l := range m.layers {
				if l != nil {
					kept += 2 * int64(len(l.q.q)+len(l.gate.q)+len(l.down.q)) // and more
				}
			}
			if m.embedding != nil {
				kept += 2 * int64(w.Config.HiddenSize*w.Config.VocabSize)
			}
			if kept > memory {
				t.Errorf("%s: %d bytes are kept, of %d that are allowed", name, kept, memory)
			}
			trace := traced(t, m, prompt, output)
			if trace.Root() != whole.Root() {
				t.Errorf("%s, %d bytes: another trace", name, memory)
			}
			e, err := m.Score(t.Context(), prompt, greedy, output)
			if err != nil || !slices.Equal(e.LogProb, whole.LogProb) {
				t.Errorf("%s, %d bytes: another score (%v)", name, memory, err)
			}
			// Rows of one section after another, forth and back: each needs other weights.
			g := whole.Graph
			for k := range uint64(40) {
				i := k * 7919 % g.Rows()
				got, err := trace.Row(t.Context(), i)
				if err != nil {
					t.Fatal(err)
				}
				if want, err := whole.Row(t.Context(), i); err != nil || !slices.Equal(got.Values, want.Values) {
					t.Fatalf("%s, %d bytes: row %d differs (%v)", name, memory, i, err)
				}
			}
			if memory == 0 {
				source.broken = true
				if _, err := m.Trace(t.Context(), prompt, greedy, output); !errors.Is(err, errBroken) {
					t.Errorf("%s: weights that cannot be read: %v", name, err)
				}
			}
		}
	}
}

var errBroken = errors.New("the disk is gone")

// breakable is a source that can break.
type breakable struct {
	Source
	broken bool
}

func (s *breakable) Rows(dst []float32, t Tensor, layer, row int) error {
	if s.broken {
		return errBroken
	}
	return s.Source.Rows(dst, t, layer, row)
}
