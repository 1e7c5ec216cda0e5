// Package float runs a Llama model in binary32, or rounding as accelerators do (Mode), in two separately written ways:
// Engine generates, with a key-value cache, as a provider's server does; Scorer recomputes a whole given text,
// as an operator does. They share the kernels' table and the meaning of a Mode and nothing else: layouts, loop
// structure, order of addition and precision of the softmax differ, so that their results differ by the noise that
// honest machines have, and no more.
package float

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference"
	"github.com/proof-of-sampling/posp/inference/model"
)

// Options of an Engine and of a Scorer.
type Options struct {
	// Mode must pass its Check; one from ParseMode has.
	Mode Mode
	// Workers is how many goroutines compute one prompt, or one call of Score; 0 means one for each processor. Decoding
	// takes one goroutine for each request, so that several requests use several processors.
	Workers int
	// ChunkRows is how many positions of a prompt the Engine takes through the model at once, at most: chunked prefill. 0
	// leaves it to the Engine, and 1 computes prompts as it decodes. Sums of rows that are computed three at a time
	// are added in another order than those of single rows, so that this changes the last bits. The Scorer's rows
	// do not depend on each other.
	ChunkRows int
}

// check panics unless a caller's program is right: modes that come from outside come through ParseMode.
func (o Options) check() {
	if err := o.Mode.Check(); err != nil {
		panic("float: " + err.Error())
	}
}

// Engine generates text with one model. It is an inference.Generator and may be used by several callers at
// once; each running request holds one Session.
type Engine struct {
	w        *model.Weights
	c        model.Config
	mode     Mode
	workers  int
	rows     int // positions that one pass takes at most
	k        kernels
	rotary   rotary
	sessions sync.Pool // of *Session, so that requests in a row reuse their buffers
}

// New returns an engine for w, which it reads from as long as it lives.
func New(w *model.Weights, o Options) *Engine {
	o.check()
	e := &Engine{w: w, c: w.Config, mode: o.Mode, workers: o.Workers, k: kernelsFor(w.Config)}
	if e.workers <= 0 {
		e.workers = runtime.GOMAXPROCS(0)
	}
	e.workers = min(e.workers, 1+e.c.ContextLength/chunkRows) // more would have nothing to do
	e.rows = e.workers * chunkRows
	if o.ChunkRows > 0 {
		e.rows = min(e.rows, o.ChunkRows)
	}
	e.rotary = newRotary(e.c.HeadDim(), e.c.ContextLength, e.c.RopeTheta)
	e.sessions.New = func() any { return newSession(e) }
	return e
}

// computable refuses models that neither of this package's ways computes.
func computable(c model.Config) error {
	if c.Plain() {
		return nil
	}
	return fmt.Errorf("run model: this engine computes plain llama models only, and this is a %s model with %d heads of %d in a width of %d",
		c.ModelType, c.Heads, c.HeadDim(), c.HiddenSize)
}

// kernelsFor returns the fastest kernels that take a model's widths.
func kernelsFor(c model.Config) kernels {
	if c.HiddenSize%8 != 0 || c.IntermediateSize%8 != 0 || c.HeadDim()%8 != 0 {
		return portable
	}
	return best
}

// Generate writes text after r.Prompt until the model ends it (posp.FinishStop; EOS is the last token) or
// r.Sampling.MaxTokens are reached (posp.FinishLength). Prompt and MaxTokens must fit the context.
func (e *Engine) Generate(ctx context.Context, r inference.Request, emit func(inference.Token) error) (posp.FinishReason, error) {
	if err := inference.CheckTokens(r.Prompt, nil, e.c.VocabSize); err != nil {
		return 0, err
	}
	rule, err := inference.NewRule(r.Sampling, e.c.VocabSize)
	if err != nil {
		return 0, err
	}
	if err := inference.CheckContext(len(r.Prompt), int(r.Sampling.MaxTokens), e.c.ContextLength); err != nil {
		return 0, err
	}
	s := e.Session()
	defer s.Release()
	logits, err := s.Extend(ctx, r.Prompt)
	if err != nil {
		return 0, err
	}
	for i := uint32(0); ; i++ {
		id := rule.Choose(logits, i)
		err := emit(inference.Token{ID: id, LogProb: inference.LogProb(logits, id), Top: inference.Best(logits, r.Top)})
		switch {
		case err != nil:
			return 0, err
		case id == e.c.EOS:
			return posp.FinishStop, nil
		case i+1 == r.Sampling.MaxTokens:
			return posp.FinishLength, nil
		}
		if logits, err = s.Extend(ctx, []uint32{id}); err != nil {
			return 0, err
		}
	}
}

// Session returns an empty key-value cache for one text. Release gives it back.
func (e *Engine) Session() *Session {
	s := e.sessions.Get().(*Session)
	s.length = 0
	clear(s.values) // sums run over whole groups of 8 positions, with weight 0 beyond the text's end
	return s
}

// Release lets another request use the session's memory; s and the logits it returned must not be used again.
func (s *Session) Release() { s.e.sessions.Put(s) }

// Extend appends tokens to the session's text and returns the logits [VocabSize] of what comes after the
// last one. They are valid until the next call. One token is a decoding step; many are computed together.
// After an error the session's text is what it was before.
func (s *Session) Extend(ctx context.Context, tokens []uint32) ([]float32, error) {
	if err := computable(s.e.c); err != nil {
		return nil, err
	}
	if err := inference.CheckTokens(tokens, nil, s.e.c.VocabSize); err != nil {
		return nil, err
	}
	if err := inference.CheckContext(s.length, len(tokens), s.e.c.ContextLength); err != nil {
		return nil, err
	}
	before := s.length
	for len(tokens) > 0 {
		if err := ctx.Err(); err != nil {
			s.length = before
			return nil, fmt.Errorf("run model: %w", err)
		}
		n := min(len(tokens), s.e.rows)
		s.forward(tokens[:n], n == len(tokens))
		tokens = tokens[n:]
	}
	return s.logits, nil
}
