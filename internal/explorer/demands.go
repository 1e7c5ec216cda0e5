package explorer

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// demand is a buyer's request that one receipt be verified: contracts/src/OnDemand.sol.
// It is a group of one sample in the epoch that answers it.
type demand struct {
	event
	number      int
	id          posp.Hash
	epoch       uint64 // that answers it
	receiptHash posp.Hash
	buyer       posp.Address
	contract    posp.Address // OnDemand: what is credited is withdrawn from it
	batchID     posp.Hash
	batch       *batch // nil: it lies before the floor
	leaf        uint64
	fee         *big.Int
	settled     *event // with a verdict; nil: not yet, or never
	verdict     posp.Verdict
	class       posp.Class
	refunded    *event
	credits     []credit
}

// credit is a part of a fee that an account got.
type credit struct {
	event
	account posp.Address
	amount  *big.Int
}

func (d *demand) sampleID() posp.Hash { return posp.SampleID(d.id, 0, d.leaf) }

func (x *index) requested(e *contracts.OnDemandRequested, at event) {
	d := &demand{event: at, number: len(x.demandOrder), id: e.RequestId, epoch: e.Epoch, receiptHash: e.ReceiptHash, buyer: e.Buyer, contract: e.Raw.Address,
		batchID: e.BatchId, batch: x.batches[e.BatchId], leaf: e.Leaf, fee: e.Fee}
	x.demands[d.id], x.demandOrder = d, append(x.demandOrder, d)
	x.lastAbout[d.receiptHash] = d
	in := x.epoch(d.epoch)
	place, _ := slices.BinarySearchFunc(in.demands, d.id, func(o *demand, id posp.Hash) int { return o.id.Cmp(id) })
	in.demands = slices.Insert(in.demands, place, d)
	if d.batch != nil {
		d.batch.demands = append(d.batch.demands, d)
	}
}

func (x *index) answered(e *contracts.OnDemandAnswered, at event) {
	if d := x.demands[e.RequestId]; d != nil {
		d.settled, d.verdict, d.class = &at, posp.Verdict(e.Verdict), posp.Class(e.Class)
	}
}

func (x *index) unanswered(e *contracts.OnDemandUnanswered, at event) {
	if d := x.demands[e.RequestId]; d != nil {
		d.refunded = &at
	}
}

func (x *index) credited(e *contracts.OnDemandCredited, at event) {
	if d := x.demands[e.RequestId]; d != nil {
		d.credits = append(d.credits, credit{at, e.Account, e.Amount})
	}
}

// deadline is the last block in which a demand can be settled.
func (x *Explorer) deadline(d *demand) uint64 {
	s := x.cfg.Parameters.Schedule
	return s.CertifyDeadline(d.epoch) + s.ContestBlocks
}

// state of a demand: requested until its epoch is certified, answered until
// somebody settles it; settled; refundable once it is too late or its epoch void;
// refunded.
func (x *Explorer) state(d *demand) string {
	e := x.index.epochs[d.epoch]
	switch {
	case d.settled != nil:
		return "settled"
	case d.refunded != nil:
		return "refunded"
	case x.head.Block > x.deadline(d), x.phase(d.epoch, e) == "void":
		return "refundable"
	case e.certificate != nil:
		return "answered"
	}
	return "requested"
}

// demandRow is a demand in a list.
type demandRow struct {
	ID          posp.Hash     `json:"id"`
	State       string        `json:"state"` // requested, answered, settled, refundable or refunded
	ReceiptHash posp.Hash     `json:"receiptHash"`
	Buyer       posp.Address  `json:"buyer"`
	Provider    *posp.Address `json:"provider"` // null: its batch lies before the epochs that are kept
	BatchID     posp.Hash     `json:"batchId"`
	Epoch       uint64        `json:"epoch"` // that answers it, which need not be the receipt's
	Fee         string        `json:"fee"`   // wei
	Requested   event         `json:"requested"`
	Deadline    uint64        `json:"deadline"` // the last block in which it can be settled
	Settled     *event        `json:"settled"`
	Refunded    *event        `json:"refunded"`
	Verdict     *string       `json:"verdict"` // as settled; null: not yet
	Class       *string       `json:"class"`
}

func (x *Explorer) demandRow(d *demand) demandRow {
	row := demandRow{ID: d.id, State: x.state(d), ReceiptHash: d.receiptHash, Buyer: d.buyer, BatchID: d.batchID, Epoch: d.epoch, Fee: d.fee.String(), Requested: d.event,
		Deadline: x.deadline(d), Settled: d.settled, Refunded: d.refunded}
	if d.batch != nil {
		row.Provider = &d.batch.Provider
	}
	if d.settled != nil {
		v, c := d.verdict.String(), d.class.String()
		row.Verdict, row.Class = &v, &c
	}
	return row
}

// demandRows are demands newest first, a page at most.
func (x *Explorer) demandRows(list []*demand) []demandRow {
	rows := []demandRow{}
	for _, d := range slices.SortedFunc(slices.Values(list), func(a, b *demand) int { return b.number - a.number }) {
		if rows = append(rows, x.demandRow(d)); len(rows) == maxPage {
			break
		}
	}
	return rows
}

// ofProvider are the demands about receipts of a provider, in the order in which
// they were made.
func (x *index) ofProvider(a posp.Address) (list []*demand) {
	for _, d := range x.demandOrder {
		if d.batch != nil && d.batch.Provider == a {
			list = append(list, d)
		}
	}
	return list
}

func (x *Explorer) demands(_ context.Context, r request) (any, error) {
	list := x.index.demandOrder
	if r.address != (posp.Address{}) {
		list = x.index.ofProvider(r.address)
	}
	return cut(list, r.window, x.demandRow), nil
}

type demandView struct {
	demandRow
	Leaf     uint64      `json:"leaf"`
	Timeline []step      `json:"timeline"`
	Credits  []creditRow `json:"credits"` // to whom the fee went
	SampleID posp.Hash   `json:"sampleId"`
	Sample   *sampleView `json:"sample"` // null: its committee is not drawn yet
}

type creditRow struct {
	Account   posp.Address `json:"account"`
	Role      string       `json:"role"`      // operator or buyer
	Amount    string       `json:"amount"`    // wei
	Withdrawn *event       `json:"withdrawn"` // the first withdrawal after it was credited; null: none yet
}

func (x *Explorer) demand(ctx context.Context, r request) (any, error) {
	d := x.index.demands[r.hash]
	if d == nil {
		return nil, missing("%s is no request on demand of epochs %d and later", r.hash, x.floor)
	}
	v := demandView{demandRow: x.demandRow(d), Leaf: d.leaf, SampleID: d.sampleID(), Credits: []creditRow{}}
	for _, c := range d.credits {
		row := creditRow{Account: c.account, Role: "operator", Amount: c.amount.String()}
		if c.account == d.buyer {
			row.Role = "buyer"
		}
		for _, w := range x.index.withdrawals[c.account] {
			if w.contract == d.contract && w.Block >= c.Block {
				row.Withdrawn = &w.event
				break
			}
		}
		v.Credits = append(v.Credits, row)
	}
	if at, ok := x.findSample(v.SampleID); ok {
		s, err := x.sampleView(ctx, at)
		if err != nil {
			return nil, err
		}
		v.Sample, v.Timeline = s, s.Timeline
		return v, nil
	}
	v.Timeline = x.timeline(d.epoch, nil, nil, d)
	return v, nil
}

// onDemand says of a receipt what came of its buyer's asking.
func (x *Explorer) onDemand(ctx context.Context, v *receiptView, d *demand) error {
	row := x.demandRow(d)
	v.State, v.Verdict, v.Demand = "on demand", posp.Unsampled.String(), &row
	if v.Batch == nil && d.batch != nil {
		in := x.batchRow(d.batch)
		v.Batch, v.Leaf = &in, &d.leaf
	}
	v.Says = "nobody drew it, and its buyer paid to have it verified: operators are at it, or this aggregator did not derive the epoch"
	if row.State == "refunded" || row.State == "refundable" {
		v.Says = "nobody drew it; its buyer paid to have it verified, got no answer in time, and has the fee back or can have it"
	}
	if v.Sample == nil {
		if at, ok := x.findSample(d.sampleID()); ok {
			var err error
			if v.Sample, err = x.sampleView(ctx, at); err != nil {
				return err
			}
		}
	}
	if s := v.Sample; s != nil && s.Verdict != nil {
		v.Verdict, v.Says = *s.Verdict, "its buyer paid to have it verified"
		if s.Reason != nil {
			v.Says = *s.Reason
		}
	}
	if row.Verdict != nil {
		v.Verdict = *row.Verdict // as the contract took it
	}
	return nil
}

// finality of an answer, which nobody can contest.
func (x *Explorer) finality(e *epoch) string {
	switch {
	case e.certificate == nil:
		return x.phase(e.number, e)
	case x.head.Block < e.certificate.Block+x.cfg.Parameters.Schedule.ContestBlocks:
		return "certified"
	}
	return "final"
}

// asked are the steps of a demand's timeline: from the request to where the fee went.
func (x *Explorer) asked(d *demand, certified *certificate) (request, settle step) {
	s := x.cfg.Parameters.Schedule
	request = step{Step: "request", From: min(s.Start(d.epoch), d.Block), To: s.Close(d.epoch) - 1, Done: true, At: &d.event, Says: fmt.Sprintf("its buyer asked, and paid; epoch %d answers, the first that closed after it", d.epoch)}
	settle = step{Step: "settle", From: s.CommitDeadline(d.epoch) + 1, To: x.deadline(d), Says: "the certified answer is shown to the contract, which pays who recomputed; else the buyer has its fee back"}
	if certified != nil {
		settle.From = certified.Block
	}
	switch {
	case d.settled != nil:
		settle.Done, settle.At, settle.Says = true, d.settled, "the fee went to who recomputed, and what they did not earn to the buyer"
	case d.refunded != nil:
		settle.Done, settle.At, settle.Says = true, d.refunded, "nobody answered in time: the buyer has its fee back"
	}
	return request, settle
}

// demanded is what a batch's or an epoch's timeline says of demands, nil where
// there are none.
func (x *Explorer) demanded(list []*demand) *step {
	if len(list) == 0 {
		return nil
	}
	s := step{Step: "on demand", From: list[0].Block, Done: true}
	states := map[string]int{}
	for _, d := range list {
		states[x.state(d)]++
		end := x.deadline(d)
		if e := cmp.Or(d.settled, d.refunded); e != nil {
			end = e.Block
		}
		s.From, s.To = min(s.From, d.Block), max(s.To, end)
		if s.At == nil || d.Block > s.At.Block {
			s.At = &d.event
		}
		s.Done = s.Done && (d.settled != nil || d.refunded != nil)
	}
	s.Says = fmt.Sprintf("%d asked: %d answers settled, %d fees given back, %d open", len(list), states["settled"], states["refunded"], len(list)-states["settled"]-states["refunded"])
	return &s
}
