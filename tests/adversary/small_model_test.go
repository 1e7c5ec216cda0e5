package adversary

import (
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// A provider sells the promised model and runs a smaller one of the same
// family, which costs a fraction.
//
// Against a naive design it keeps the difference: the text reads well, token
// counts and signatures are right, and nobody else ever runs the model.
// Here the claimed log-probabilities are those of the wrong distribution. It
// is charged after one sample of 48 tokens (median of 24 plays; the worst took 2).
func TestSmallModel(t *testing.T) {
	w := newWorld(t, 1)
	small, err := model.Small()
	w.must(err)
	cheat := w.addCheat("small-model", float.New(small, float.Options{}))
	w.mustBeCharged(cheat, posp.FaultStatistical, posp.WrongModel, 2)
}
