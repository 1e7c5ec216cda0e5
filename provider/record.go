package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
)

// Attachment is the `posp` field of an answer: the receipt and what opens its
// request and output parts, so that the buyer can check what was promised and
// open it to others; or why there is no receipt.
type Attachment struct {
	Receipt *posp.SignedReceipt `json:"receipt,omitempty"`
	Request *posp.RequestPart   `json:"request,omitempty"`
	Output  *posp.OutputPart    `json:"output,omitempty"`
	Error   *Problem            `json:"error,omitempty"`
}

// Check verifies that the attachment holds a receipt of that signer (the
// provider's receipt key) for the buyer's nonce, and that it opens.
func (a Attachment) Check(d posp.Domain, signer posp.Address, nonce posp.Hash) error {
	if a.Error != nil {
		return posp.Invalidf("the answer has no receipt: %s: %s", a.Error.Code, a.Error.Message)
	}
	if a.Receipt == nil || a.Request == nil || a.Output == nil {
		return posp.Invalidf("the answer has no receipt")
	}
	by, err := a.Receipt.Signer(d)
	switch {
	case err != nil:
		return err
	case by != signer:
		return posp.Invalidf("the receipt is signed by %s, not by %s", by, signer)
	case a.Receipt.ClientNonce != nonce:
		return posp.Invalidf("the receipt is for another nonce")
	}
	return posp.Opening{Receipt: *a.Receipt, Request: *a.Request, Output: *a.Output}.Matches()
}

// record makes the receipt of an answer that was taken down. The answer goes
// out whatever happens here: what goes wrong is in the attachment, and logged
// and counted.
//
// It does not end with the buyer's request: a receipt that was begun is
// finished, so that it is the same whether the buyer waits for it or not.
func (p *Provider) record(ctx context.Context, c *call, problem *Problem) Attachment {
	began := time.Now()
	defer func() { p.cfg.Observe("record", time.Since(began)) }()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), p.cfg.RecordTimeout)
	defer cancel()
	if problem == nil {
		problem = c.problem
	}
	var e *entry
	if problem == nil {
		a, err := c.transcript.Answer(ctx)
		switch {
		case err != nil:
			problem = refuse(0, ReasonUpstream, "%v", err)
		case a.Finish == 0:
			problem = refuse(0, ReasonUnfinished, "the answer ended before the server said that it did")
		default:
			e, problem = p.receipt(ctx, c, &a)
		}
	}
	if problem != nil {
		p.stats.unreceipt.Add(1)
		if problem.cause != nil {
			p.log.Error("answer without receipt", zap.String("code", "NO-RECEIPT"), zap.String("reason", string(problem.Code)), zap.Error(problem))
		} else {
			p.log.Info("answer without receipt", zap.String("code", "NO-RECEIPT"), zap.String("reason", string(problem.Code)), zap.Error(problem))
		}
		return Attachment{Error: problem}
	}
	p.stats.receipts.Add(1)
	p.log.Debug("receipt signed", zap.Uint64("sequence", e.receipt.Sequence), zap.Uint64("epoch", e.receipt.Epoch))
	signed := posp.SignedReceipt{Receipt: e.receipt, Signature: e.signature}
	return Attachment{Receipt: &signed, Request: &e.request, Output: &e.output}
}

func (p *Provider) receipt(ctx context.Context, c *call, a *Answer) (*entry, *Problem) {
	if err := checkAnswer(c, a); err != nil {
		return nil, refuse(0, ReasonUpstream, "%v", err)
	}
	e := &entry{
		request:  posp.RequestPart{Tokens: a.Prompt, Sampling: c.Sampling},
		output:   posp.OutputPart{Tokens: a.Output, Finish: a.Finish},
		evidence: posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: make([]int32, len(a.LogProbs))}},
	}
	for i, x := range a.LogProbs {
		e.evidence.Evidence.LogProb[i] = posp.ToFixed(x)
	}
	for _, salt := range []*posp.Hash{&e.request.Salt, &e.output.Salt, &e.evidence.Salt} {
		if _, err := io.ReadFull(p.random, salt[:]); err != nil {
			return nil, fault(0, ReasonInternal, "no randomness", err)
		}
	}
	if c.Spec.Private() {
		seed, err := drawTraceSeed(p.random)
		if err != nil {
			return nil, fault(0, ReasonInternal, "no randomness", err)
		}
		e.request.TraceSeed, e.output.TraceSeed = seed, seed
	}
	e.receipt = posp.Receipt{
		Provider: p.cfg.Provider, SpecID: c.Spec.ID(),
		RequestHash: e.request.Hash(), OutputHash: e.output.Hash(), EvidenceHash: e.evidence.Hash(),
		PromptTokens: uint32(len(a.Prompt)), OutputTokens: uint32(len(a.Output)),
		ClientNonce: c.nonce, Time: uint64(p.now().Unix()),
	}
	block, err := p.chain.Block(ctx)
	if err != nil {
		return nil, fault(0, ReasonChain, "the epoch could not be read from the chain", err)
	}
	epoch := p.cfg.Parameters.Schedule.EpochAt(block)
	if _, err := p.receiptKey(ctx, epoch); err != nil { // before anything is promised
		return nil, fault(0, ReasonSigning, "the receipt could not be signed", err)
	}
	if err := p.ledger.record(ctx, epoch, e); err != nil {
		return nil, fault(0, ReasonStore, "the receipt could not be stored", fmt.Errorf("record receipt: %w", err))
	}
	if err := p.sign(ctx, e); err != nil {
		return nil, fault(0, ReasonSigning, "the receipt could not be signed", fmt.Errorf("sign receipt %d: %w", e.receipt.Sequence, err))
	}
	return e, nil
}

// drawTraceSeed draws a seed of a trace's salts: uniform over the nonzero
// elements of the field.
func drawTraceSeed(random io.Reader) (seed posp.Hash, err error) {
	for {
		if _, err := io.ReadFull(random, seed[:]); err != nil {
			return posp.Hash{}, err
		}
		seed[0] &= 0x3f // 254 bits, as the field's order; most of them are below it
		if _, err := posp.TraceSeed(seed); err == nil {
			return seed, nil
		}
	}
}

// sign signs an entry that is in the ledger, unless it is signed already.
func (p *Provider) sign(ctx context.Context, e *entry) error {
	if e.signature != nil {
		return nil
	}
	key, err := p.receiptKey(ctx, e.receipt.Epoch)
	if err != nil {
		return err
	}
	signature, err := p.signer.Sign(ctx, key, e.receipt.Digest(p.cfg.Domain))
	if err != nil {
		return err
	}
	if err := p.ledger.setSignature(ctx, e.receipt.Sequence, signature); err != nil {
		return err
	}
	e.signature = signature
	return nil
}

// signatureIn is the signature of an entry as its opening carries it: by the
// receipt key of the epoch of the batch that it stands in. Of a late receipt
// that is another key than the buyer's copy is signed with, where the key has
// changed since, and the old one need not be there any more.
func (p *Provider) signatureIn(ctx context.Context, e *entry, epoch uint64) ([]byte, error) {
	if e.receipt.Epoch == epoch {
		err := p.sign(ctx, e) // a crash may have left it unsigned: see ledger
		return e.signature, err
	}
	key, err := p.receiptKey(ctx, epoch)
	if err != nil {
		return nil, err
	}
	return p.signer.Sign(ctx, key, e.receipt.Digest(p.cfg.Domain))
}

// checkAnswer refuses to promise what a verdict would hold against us: the
// server's account of the answer must agree with itself and with the spec.
func checkAnswer(c *call, a *Answer) error {
	n := len(a.Output)
	switch {
	case len(a.Prompt) == 0:
		return errors.New("the server did not say the prompt's token ids")
	case n == 0:
		return errors.New("the server did not say the answer's token ids")
	case len(a.LogProbs) != n:
		return fmt.Errorf("the server gave %d log-probabilities for %d tokens", len(a.LogProbs), n)
	case a.Finish == posp.FinishStop && a.Output[n-1] != c.Spec.EOS:
		return errors.New("the answer stopped without the model's end token")
	case a.Finish == posp.FinishLength && uint64(n) != uint64(c.Sampling.MaxTokens):
		return fmt.Errorf("the answer ended for its length after %d of %d tokens", n, c.Sampling.MaxTokens)
	case uint64(n) > uint64(c.Sampling.MaxTokens):
		return fmt.Errorf("the answer has %d tokens, more than the %d asked for", n, c.Sampling.MaxTokens)
	case uint64(len(a.Prompt)+n) > uint64(c.Spec.ContextLimit):
		return fmt.Errorf("prompt and answer have %d tokens, more than the spec's context of %d", len(a.Prompt)+n, c.Spec.ContextLimit)
	}
	for _, tokens := range [][]uint32{a.Prompt, a.Output} {
		for _, t := range tokens {
			if t >= c.Spec.VocabSize {
				return fmt.Errorf("the server named token %d; the spec has %d", t, c.Spec.VocabSize)
			}
		}
	}
	return nil
}
