package verdict

import (
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
)

// VerifyOpening checks that an opening, whoever carried it, is the provider's
// for that leaf: the receipt stands at the leaf of the batch, carries the
// batch's provider, the leaf's sequence and the batch's epoch or, where the
// provider missed batches, one before; it is signed by the receipt key of the
// batch's epoch, and the parts are those that it commits to. There is at most
// one such opening, but for its signature. What it refuses is a
// ValidationError.
//
// The receipt key must be an ECDSA key: an ERC-1271 approval lives on chain
// and cannot be checked purely.
func VerifyOpening(d posp.Domain, batch posp.Batch, leaf uint64, receiptKey posp.Address, o posp.Opening) error {
	if o.Leaf != leaf {
		return posp.Invalidf("opening is of leaf %d, want %d", o.Leaf, leaf)
	}
	if err := VerifyReceipt(d, batch, leaf, receiptKey, o.Receipt, o.Proof); err != nil {
		return err
	}
	return o.Matches()
}

// VerifyReceipt is VerifyOpening for a receipt alone, without what it commits to.
func VerifyReceipt(d posp.Domain, batch posp.Batch, leaf uint64, receiptKey posp.Address, r posp.SignedReceipt, proof []posp.Hash) error {
	switch {
	case r.Provider != batch.Provider || r.Epoch > batch.Epoch:
		return posp.Invalidf("opening's receipt is of provider %s in epoch %d, the batch of %s in %d", r.Provider, r.Epoch, batch.Provider, batch.Epoch)
	case r.Sequence-batch.FirstSequence != leaf || r.Sequence < batch.FirstSequence:
		return posp.Invalidf("opening's receipt has sequence %d at leaf %d of a batch that begins at %d", r.Sequence, leaf, batch.FirstSequence)
	}
	if err := merkle.Verify(batch.Root, r.Digest(d), leaf, batch.LeafCount, proof); err != nil {
		return err
	}
	signer, err := r.Signer(d)
	if err != nil {
		return err
	}
	if signer != receiptKey {
		return posp.Invalidf("receipt is signed by %s, not by the receipt key %s", signer, receiptKey)
	}
	return nil
}

// CheckOpening is what is wrong with an authentic opening (see VerifyOpening)
// by itself, before anything is recomputed: ClassNone when nothing is. The
// provider signed all of it, so this needs no evidence from anybody. A text that
// is withheld (Withheld is set and its tokens are nil) is taken to be in order,
// as long as the receipt says: only auditors judge by such openings.
func CheckOpening(spec posp.ModelSpec, o posp.Opening) posp.Class {
	prompt, output, limit := o.Request.Tokens, o.Output.Tokens, uint64(spec.ContextLimit)
	noPrompt, noOutput := o.Withheld && prompt == nil, o.Withheld && output == nil
	n, m := lengths(o)
	untraced := func(seed posp.Hash) bool { return spec.Private() != (seed != posp.Hash{}) }
	switch {
	case n != uint64(o.Receipt.PromptTokens) || m != uint64(o.Receipt.OutputTokens):
		return posp.WrongTokenCount
	case !noPrompt && !noOutput && o.Request.TraceSeed != o.Output.TraceSeed || !noPrompt && untraced(o.Request.TraceSeed) || !noOutput && untraced(o.Output.TraceSeed):
		return posp.Malformed
	case o.Receipt.SpecID != spec.ID() || n == 0 || n+m > limit || m > posp.MaxPositions:
		return posp.Malformed
	case o.Request.Sampling.Check() != nil || !spec.Samples(o.Request.Sampling.Rule) || !below(spec.VocabSize, prompt) || !below(spec.VocabSize, output):
		return posp.Malformed
	case m > uint64(o.Request.Sampling.MaxTokens):
		return posp.WrongTokenCount
	}
	last := int(m) - 1
	end := slices.Index(output, spec.EOS) // where EOS stands first
	if noOutput && o.Output.Finish == posp.FinishStop {
		end = last
	}
	switch o.Output.Finish {
	case posp.FinishStop: // at the first EOS, not before and not after
		if last < 0 || end != last {
			return posp.Truncated
		}
	case posp.FinishLength: // because there was no more room, not because it was cheaper
		full := m == uint64(o.Request.Sampling.MaxTokens) || n+m == limit
		if !full || end >= 0 && end != last {
			return posp.Truncated
		}
	default:
		return posp.Malformed
	}
	return posp.ClassNone
}

// lengths are an opening's tokens of prompt and output, by the receipt where a
// text is withheld.
func lengths(o posp.Opening) (prompt, output uint64) {
	prompt, output = uint64(len(o.Request.Tokens)), uint64(len(o.Output.Tokens))
	if o.Withheld && o.Request.Tokens == nil {
		prompt = uint64(o.Receipt.PromptTokens)
	}
	if o.Withheld && o.Output.Tokens == nil {
		output = uint64(o.Receipt.OutputTokens)
	}
	return prompt, output
}

func below(vocab uint32, tokens []uint32) bool {
	for _, t := range tokens {
		if t >= vocab {
			return false
		}
	}
	return true
}
