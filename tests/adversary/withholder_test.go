package adversary

import (
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/float"
	"github.com/proof-of-sampling/posp/inference/model"
)

// A provider cheats as it likes and, once it sees what is sampled, does not
// open it: "try again later".
//
// Against a design that judges what it has, an answer that cannot be looked at
// is never wrong. Here the committee says that it was not opened to them, the
// sample is UNAVAILABLE, and each one is a charge of its own.
func TestWithholder(t *testing.T) {
	w := newWorld(t, 4)
	small, err := model.Small()
	w.must(err)
	cheat := w.addCheat("withholder", float.New(small, float.Options{}))
	cheat.withholds = true
	w.mustBeCharged(cheat, posp.FaultWithholding, posp.Withheld, 1)
}
