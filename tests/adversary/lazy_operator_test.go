package adversary

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/proof-of-sampling/posp"
)

// An operator does not run the model. It reveals numbers that look like
// log-probabilities, and is paid for the work.
//
// Against a naive design in which operators vote PASS or FAIL it always votes
// with the crowd, since most answers are honest. Here it must show its own
// numbers before it sees anybody's, and they are far from all others'.
type lazyScorer struct{ random *rand.Rand }

func (l lazyScorer) Score(_ context.Context, _ []uint32, _ posp.Sampling, output []uint32) (posp.Evidence, error) {
	e := posp.Evidence{Kind: posp.EvidenceFull}
	for range output {
		e.LogProb = append(e.LogProb, posp.ToFixed(-l.random.ExpFloat64()))
		e.Margin = append(e.Margin, 0)
	}
	return e, nil
}

func TestLazyOperator(t *testing.T) {
	const within = 6 // samples that fell to it
	w := newWorld(t, 5)
	lazy := w.operators[4]
	lazy.cheats, lazy.scorer = true, lazyScorer{w.random}
	assigned := 0
	for {
		e := w.play()
		assigned += int(e.duty(lazy).Assigned)
		charges := e.charges(lazy.address)
		if len(charges) == 1 && charges[0].Kind == posp.FaultOperatorEvidence {
			t.Logf("charged in epoch %d, after %d samples", e.in.Epoch, assigned)
			return
		}
		if assigned >= within {
			t.Fatalf("not charged within %d samples: it stands at %d of %d", assigned, standing(w.standings, lazy.address, posp.Hash{}), w.parameters.FaultLine)
		}
	}
}

// The other way to save the work is to say of every sample that the provider
// did not open it. Nobody can prove the contrary, so it is no fault; but
// unless half of the committee says so it is no duty done either, and what
// was not done is not paid. It costs the provider nothing.
func TestLazyOperatorSaysNothingWasOpened(t *testing.T) {
	w := newWorld(t, 6)
	lazy := w.operators[0]
	lazy.cheats = true
	lazy.commit = func(own posp.Commitments, _ []posp.Commitments) []posp.Commitments {
		for i := range own.Items {
			own.Items[i].Commitment = posp.Commitment(lazy.address, own.Items[i].SampleID, posp.Evidence{}.Encode(), posp.Hash{})
		}
		return []posp.Commitments{own}
	}
	lazy.reveal = func(own posp.Reveals, _ []posp.Reveals) []posp.Reveals {
		for i := range own.Items {
			own.Items[i] = posp.Reveal{SampleID: own.Items[i].SampleID, Evidence: posp.Evidence{}.Encode()}
		}
		return []posp.Reveals{own}
	}
	w.mustEarnNothing(lazy)
}
