package chain

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// DemandStatus is how far a request that a receipt be verified is.
type DemandStatus uint8

// How far it is.
const (
	DemandNone DemandStatus = iota
	DemandAsked
	DemandAnswered
	DemandRefunded
)

func (s DemandStatus) String() string {
	if names := []string{"never asked", "asked", "answered", "refunded"}; int(s) < len(names) {
		return names[s]
	}
	return fmt.Sprintf("status %d", uint8(s))
}

// DemandState is what the contract holds of a request.
type DemandState struct {
	ID          posp.Hash    `json:"id"`
	Buyer       posp.Address `json:"buyer"`
	Epoch       uint64       `json:"epoch"` // that answers it
	Status      DemandStatus `json:"-"`
	Verdict     posp.Verdict `json:"-"` // once answered
	Class       posp.Class   `json:"-"`
	Leaf        uint64       `json:"leaf"`
	Fee         *big.Int     `json:"fee"` // wei
	BatchID     posp.Hash    `json:"batchId"`
	ReceiptHash posp.Hash    `json:"receiptHash"`
}

// Price is what a deployment asks for a verdict on demand.
type Price struct {
	Base     *big.Int `json:"base"`     // wei for a request
	PerToken uint64   `json:"perToken"` // wei for each prompt and output token
	PerEpoch uint32   `json:"perEpoch"` // requests that an epoch answers, at most
	Reach    uint32   `json:"reach"`    // epochs that a batch may be older than the epoch that answers
}

// errNoOnDemand says that a deployment verifies nothing on demand.
var errNoOnDemand = fmt.Errorf("the network file names no contracts.onDemand: receipts are not verified on demand there")

// Demands are the requests that an epoch answers, ascending by id. They are
// complete from Close(epoch) on; a settled Protocol waits until they are
// complete for good.
func (p *Protocol) Demands(ctx context.Context, epoch uint64) ([]posp.Demand, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return nil, nil
	}
	params, err := p.Parameters(ctx)
	if err != nil {
		return nil, err
	}
	s := params.Schedule
	head, _, err := p.settled(ctx)
	if p.depth > 0 && err == nil {
		head, err = p.reach(ctx, s.Close(epoch)-1)
	}
	if err != nil {
		return nil, err
	}
	from, to := s.Start(0), min(head, s.Close(epoch)-1)
	if epoch > 0 {
		from = s.Close(epoch - 1)
	}
	if from > to {
		return nil, nil
	}
	logs, err := p.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{p.at.OnDemand},
		Topics: [][]posp.Hash{{topic(onDemand.GetABI(), contracts.OnDemandRequestedEventName)}, nil, {epochTopic(epoch)}}}, from, to)
	if err != nil {
		return nil, fmt.Errorf("demands of epoch %d: %w", epoch, err)
	}
	var all []posp.Demand
	for i := range logs {
		e, err := onDemand.UnpackRequestedEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("demands of epoch %d: %w", epoch, err)
		}
		d, err := p.demand(ctx, posp.Demand{ID: e.RequestId, Epoch: epoch, ReceiptHash: e.ReceiptHash, Leaf: e.Leaf}, e.BatchId)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
	return all, nil
}

// Demand is a request by its id; ok once it is settled.
func (p *Protocol) Demand(ctx context.Context, id posp.Hash) (d posp.Demand, ok bool, err error) {
	s, ok, err := p.DemandState(ctx, id)
	if err != nil || !ok {
		return d, false, err
	}
	d, err = p.demand(ctx, posp.Demand{ID: id, Epoch: s.Epoch, ReceiptHash: s.ReceiptHash, Leaf: s.Leaf}, s.BatchID)
	return d, err == nil, err
}

// demand is one with its batch, and the key that signs that batch's receipts.
func (p *Protocol) demand(ctx context.Context, d posp.Demand, batchID posp.Hash) (_ posp.Demand, err error) {
	var ok bool
	d.Batch, ok, err = p.BatchByID(ctx, batchID)
	if err == nil && !ok {
		err = fmt.Errorf("batch %s is not there", batchID)
	}
	if err != nil {
		return d, fmt.Errorf("demand %s: %w", d.ID, err)
	}
	if d.ReceiptKey, err = p.KeyAt(ctx, d.Batch.Provider, Receipts, d.Batch.Epoch); err != nil {
		return d, fmt.Errorf("demand %s: %w", d.ID, err)
	}
	return d, nil
}

// DemandState is what the contract holds of a request; ok if there is one.
func (p *Protocol) DemandState(ctx context.Context, id posp.Hash) (s DemandState, ok bool, err error) {
	if p.at.OnDemand == (posp.Address{}) {
		return s, false, nil
	}
	data, err := onDemand.TryPackRequestOf(id)
	v, err := fact(ctx, p, p.at.OnDemand, "request", data, err, onDemand.UnpackRequestOf)
	if err != nil {
		return s, false, err
	}
	s = DemandState{ID: id, Buyer: v.Buyer, Epoch: v.Epoch, Status: DemandStatus(v.Status), Verdict: posp.Verdict(v.Verdict), Class: posp.Class(v.Class),
		Leaf: v.Leaf, Fee: v.Fee, BatchID: v.BatchId, ReceiptHash: v.ReceiptHash}
	return s, s.Status != DemandNone, nil
}

// Answer is what is known of a receipt that was asked about.
type Answer struct {
	ID          posp.Hash // of the last request; zero: nobody asked
	Status      DemandStatus
	Verdict     posp.Verdict
	Class       posp.Class
	Final       bool   // the certificate can not be contested any more
	Void        bool   // the epoch was never certified
	CertifiedAt uint64 // block; zero if it is not
}

// AnswerOf is what is known of a receipt on demand.
func (p *Protocol) AnswerOf(ctx context.Context, receiptHash posp.Hash) (Answer, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return Answer{}, errNoOnDemand
	}
	data, err := onDemand.TryPackAnswerOf(receiptHash)
	v, err := view(ctx, p, p.at.OnDemand, "answer", data, err, onDemand.UnpackAnswerOf)
	return Answer{ID: v.RequestId, Status: DemandStatus(v.Status), Verdict: posp.Verdict(v.Verdict), Class: posp.Class(v.Class), CertifiedAt: v.CertifiedAt,
		Final: finality(v.Finality) == finalityFinal, Void: finality(v.Finality) == finalityVoid}, err
}

// finality is IVerdictReader's.
type finality uint8

const (
	finalityFinal finality = 3
	finalityVoid  finality = 4
)

// Price reads what a verdict on demand costs.
func (p *Protocol) Price(ctx context.Context) (Price, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return Price{}, errNoOnDemand
	}
	data, err := onDemand.TryPackPrice()
	v, err := view(ctx, p, p.at.OnDemand, "price", data, err, onDemand.UnpackPrice)
	return Price(v), err
}

// Quote is what a request about a receipt costs, in wei.
func (p *Protocol) Quote(ctx context.Context, r posp.Receipt) (*big.Int, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return nil, errNoOnDemand
	}
	data, err := onDemand.TryPackQuote(receiptABI(r))
	return view(ctx, p, p.at.OnDemand, "quote", data, err, onDemand.UnpackQuote)
}

// DemandDeadline is the last block in which a request can be settled.
func (p *Protocol) DemandDeadline(ctx context.Context, id posp.Hash) (uint64, error) {
	data, err := onDemand.TryPackDeadlineOf(id)
	v, err := view(ctx, p, p.at.OnDemand, "deadline", data, err, onDemand.UnpackDeadlineOf)
	if err != nil {
		return 0, err
	}
	return v.Uint64(), nil
}

// Owed is what OnDemand owes an account, in wei.
func (p *Protocol) Owed(ctx context.Context, account posp.Address) (*big.Int, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return nil, errNoOnDemand
	}
	data, err := onDemand.TryPackBalanceOf(account)
	return view(ctx, p, p.at.OnDemand, "balance", data, err, onDemand.UnpackBalanceOf)
}

// RequestClaim asks that a receipt be verified. The sender is who bought it.
func (p *Protocol) RequestClaim(r posp.Receipt, batchID posp.Hash, proof []posp.Hash, secret posp.Hash, fee *big.Int) (Claim, error) {
	data, err := onDemand.TryPackRequest(receiptABI(r), batchID, bytes32s(proof), secret)
	c, err := p.demandClaim("request verification", data, err)
	c.Value = fee
	return c, err
}

// SettleClaim answers a request by its line in the certified result.
func (p *Protocol) SettleClaim(id posp.Hash, line posp.SampleResult, index uint64, proof []posp.Hash, receipt, provider posp.Hash, committee []posp.HeldEvidence) (Claim, error) {
	held := contracts.Held{Receipt: receipt, Provider: provider}
	for _, m := range committee {
		held.Committee = append(held.Committee, contracts.HeldEvidence{Operator: m.Operator, Commitment: m.Commitment, Evidence: m.Evidence})
	}
	data, err := onDemand.TryPackSettle(id, contracts.SampleResult{SampleId: line.SampleID, Verdict: uint8(line.Verdict), Class: uint8(line.Class), LogE: line.LogE, Evidence: line.Evidence},
		index, bytes32s(proof), held)
	return p.demandClaim("settle request", data, err)
}

// Settle makes a SettleClaim. That somebody else was faster is no error.
func (p *Protocol) Settle(ctx context.Context, c Claim) error {
	if err := p.Make(ctx, c); !refusedAs(err, "NotAsked") {
		return err
	}
	return nil
}

// UnansweredClaim gives the fee of a request that was not answered in time back.
func (p *Protocol) UnansweredClaim(id posp.Hash) (Claim, error) {
	data, err := onDemand.TryPackRefund(id)
	return p.demandClaim("refund request", data, err)
}

// WithdrawClaim pays an account what it is owed.
func (p *Protocol) WithdrawClaim(account posp.Address) (Claim, error) {
	data, err := onDemand.TryPackWithdraw(account)
	return p.demandClaim("withdraw", data, err)
}

func (p *Protocol) demandClaim(what string, data []byte, packed error) (Claim, error) {
	if p.at.OnDemand == (posp.Address{}) {
		return Claim{}, fmt.Errorf("%s: %w", what, errNoOnDemand)
	}
	if packed != nil {
		return Claim{}, fmt.Errorf("%s: %w", what, packed)
	}
	return Claim{To: p.at.OnDemand, What: what, Data: data}, nil
}
