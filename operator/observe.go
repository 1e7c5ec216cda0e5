package operator

import (
	"context"

	"github.com/proof-of-sampling/posp"
)

// Stage is what is done for a sample, in this order.
type Stage string

// The stages. The last three are those of an epoch's messages.
const (
	StageDraw   Stage = "draw"
	StageOpen   Stage = "open"
	StageScore  Stage = "score"
	StageCommit Stage = "commit"
	StageReveal Stage = "reveal"
	StageSign   Stage = "sign"
)

// What came of a stage; for a message also the reason why it was refused.
const (
	OutcomeOK       = "ok"
	OutcomeUnopened = "unopened" // by its provider, which is what is committed to
	OutcomeUnscored = "unscored" // this operator cannot tell
	OutcomeLate     = "late"     // the time for it was over
	OutcomeEnded    = "ended"    // the operator was told to end
)

// Outcome is what came of a stage.
type Outcome struct {
	Result string
	Tokens int    // of StageScore: that were scored
	Left   uint64 // of a message: blocks until it would have been late
}

// Observer is told what an operator does, for metrics and traces. It decides
// nothing, must not wait, and is called from everywhere at once.
type Observer interface {
	// Begin says that a stage begins, for one sample or, of a message, for all that
	// are in it. What the stage asks of others it asks under the context that is
	// returned; end is called once.
	Begin(ctx context.Context, stage Stage, epoch uint64, samples []posp.Hash) (inStage context.Context, end func(Outcome))
	// Epoch says how attending to an epoch ended: "done", "left_out", "given_up",
	// "over", or "interrupted", after which it is tried again.
	Epoch(epoch uint64, outcome string)
}

// nobody is an Observer.
type nobody struct{}

func (nobody) Begin(ctx context.Context, _ Stage, _ uint64, _ []posp.Hash) (context.Context, func(Outcome)) {
	return ctx, func(Outcome) {}
}

func (nobody) Epoch(uint64, string) {}

func samplesOf(evidence []posp.Reveal) []posp.Hash {
	ids := make([]posp.Hash, len(evidence))
	for i, e := range evidence {
		ids[i] = e.SampleID
	}
	return ids
}
