package adversary

import (
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// A provider sells full precision and runs the same weights rounded to four
// bits, for an eighth of the memory.
//
// Against a naive design, and against most buyers' eyes, it is the same model:
// the most likely token is nearly always the same. Here the log-probabilities
// are off by far more than two honest machines' rounding, at every position. It
// is charged after 2 samples of 48 tokens (median of 24 plays; the worst took 3).
func TestInt4(t *testing.T) {
	w := newWorld(t, 2)
	cheat := w.addCheat("int4", float.New(model.RoundInt4(w.main), float.Options{}))
	w.mustBeCharged(cheat, posp.FaultStatistical, posp.WrongPrecision, 3)
}
