package chain

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// Claim is a call that a buyer makes, or would make.
type Claim struct {
	To   posp.Address
	What string
	Data []byte

	Value *big.Int // wei that go with it; nil: none
}

// Place is what stands in a provider's batch where a receipt should.
type Place struct {
	Epoch uint64    // of the batch
	Leaf  posp.Hash // what stands there, hashed as a leaf
	Proof []posp.Hash
}

// Make sends a claim. What the contracts refuse comes back as a RevertError.
func (p *Protocol) Make(ctx context.Context, c Claim) error {
	if p.sender == nil {
		return fmt.Errorf("%s: opened for reading only", c.What)
	}
	_, err := p.sender.Send(ctx, Call{To: &c.To, Data: c.Data, Value: c.Value})
	return wrapIf(c.What, err)
}

// Try asks whether a claim would be accepted in the newest block, and sends nothing.
func (p *Protocol) Try(ctx context.Context, from posp.Address, c Claim) error {
	_, err := p.client.CallContract(ctx, ethereum.CallMsg{From: from, To: &c.To, Data: c.Data, Value: c.Value}, nil)
	return wrapIf(c.What, ProtocolErrors().Decode(err))
}

// EquivocationClaim charges a provider that signed two receipts of one sequence.
func (p *Protocol) EquivocationClaim(a, b posp.SignedReceipt) (Claim, error) {
	data, err := receiptFaults.TryPackChargeEquivocation(receiptABI(a.Receipt), a.Signature, receiptABI(b.Receipt), b.Signature)
	return p.receiptClaim("charge equivocation", data, err)
}

// ReplacedClaim charges a provider in whose batch something else stands at the
// receipt's sequence.
func (p *Protocol) ReplacedClaim(r posp.SignedReceipt, at Place) (Claim, error) {
	data, err := receiptFaults.TryPackChargeReplaced(receiptABI(r.Receipt), r.Signature, contracts.Place{Epoch: at.Epoch, Leaf: at.Leaf, Proof: bytes32s(at.Proof)})
	return p.receiptClaim("charge omission", data, err)
}

// UncoveredClaim charges a provider none of whose batches covers the receipt's
// sequence.
func (p *Protocol) UncoveredClaim(r posp.SignedReceipt) (Claim, error) {
	data, err := receiptFaults.TryPackChargeUncovered(receiptABI(r.Receipt), r.Signature)
	return p.receiptClaim("charge omission", data, err)
}

// OmissionAnswer clears a charge of omission: the receipt stands in the
// provider's batch of that epoch.
func (p *Protocol) OmissionAnswer(r posp.Receipt, epoch uint64, proof []posp.Hash) (Claim, error) {
	data, err := receiptFaults.TryPackAnswerOmission(receiptABI(r), epoch, bytes32s(proof))
	return p.receiptClaim("answer charge of omission", data, err)
}

func (p *Protocol) receiptClaim(what string, data []byte, packed error) (Claim, error) {
	if p.at.ReceiptFaults == (posp.Address{}) {
		return Claim{}, fmt.Errorf("%s: the network file names no contracts.receiptFaults", what)
	}
	if packed != nil {
		return Claim{}, fmt.Errorf("%s: %w", what, packed)
	}
	return Claim{To: p.at.ReceiptFaults, What: what, Data: data}, nil
}

// RefundClaim pays a buyer its receipt's share of a batch's pot.
func (p *Protocol) RefundClaim(faultID posp.Hash, r posp.Receipt, proof []posp.Hash, buyer posp.Address, secret posp.Hash) (Claim, error) {
	data, err := refundPool.TryPackClaim(faultID, receiptABI(r), bytes32s(proof), buyer, secret)
	if err != nil {
		return Claim{}, fmt.Errorf("claim refund: %w", err)
	}
	return Claim{To: p.at.RefundPool, What: "claim refund", Data: data}, nil
}

// CollectClaim brings what EigenLayer released for a fault into the pool.
func (p *Protocol) CollectClaim(faultID posp.Hash) (Claim, error) {
	data, err := refundPool.TryPackCollect(faultID)
	if err != nil {
		return Claim{}, fmt.Errorf("collect refund pot: %w", err)
	}
	return Claim{To: p.at.RefundPool, What: "collect refund pot", Data: data}, nil
}

// CompensationClaim pays the buyer of a receipt that was left out, or is one of two.
func (p *Protocol) CompensationClaim(faultID posp.Hash, r posp.Receipt, buyer posp.Address, secret posp.Hash) (Claim, error) {
	data, err := refundPool.TryPackCompensate(faultID, receiptABI(r), buyer, secret)
	if err != nil {
		return Claim{}, fmt.Errorf("claim compensation: %w", err)
	}
	return Claim{To: p.at.RefundPool, What: "claim compensation", Data: data}, nil
}

// Equivocation is the charge that a provider signed two receipts of a
// sequence; ok is false if nobody made it.
func (p *Protocol) Equivocation(ctx context.Context, provider posp.Address, sequence uint64) (faultID posp.Hash, ok bool, err error) {
	if p.at.ReceiptFaults == (posp.Address{}) {
		return posp.Hash{}, false, nil
	}
	data, err := receiptFaults.TryPackEquivocation(provider, sequence)
	id, err := view(ctx, p, p.at.ReceiptFaults, "equivocation", data, err, receiptFaults.UnpackEquivocation)
	return id, id != [32]byte{}, err
}

// Wronged are the receipts that a fault of receipts wronged; the second is zero of an omission.
func (p *Protocol) Wronged(ctx context.Context, faultID posp.Hash) (first, second posp.Hash, err error) {
	data, err := receiptFaults.TryPackWronged(faultID)
	v, err := view(ctx, p, p.at.ReceiptFaults, "wronged receipts", data, err, receiptFaults.UnpackWronged)
	return v.First, v.Second, err
}

// Refunded says whether a leaf's share of a pot was paid; of a fault of
// receipts, that of the first (0) or the second (1).
func (p *Protocol) Refunded(ctx context.Context, faultID posp.Hash, leaf uint64) (bool, error) {
	data, err := refundPool.TryPackClaimed(faultID, leaf)
	return view(ctx, p, p.at.RefundPool, "claimed refund", data, err, refundPool.UnpackClaimed)
}

func receiptABI(r posp.Receipt) contracts.Receipt {
	return contracts.Receipt{Provider: r.Provider, Epoch: r.Epoch, Sequence: r.Sequence, SpecId: r.SpecID, RequestHash: r.RequestHash,
		OutputHash: r.OutputHash, EvidenceHash: r.EvidenceHash, PromptTokens: r.PromptTokens, OutputTokens: r.OutputTokens,
		ClientNonce: r.ClientNonce, Time: r.Time}
}
