package explorer

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/econ"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// Money and weights are decimal strings: they may be above what a reader's
// numbers can hold. Log e-values and standings are nats; hashes and addresses
// 0x-hex in lower case; blocks and epochs numbers. What is not known, or not
// there yet, is null.

// page is a part of a list, newest first.
type page[T any] struct {
	Items []T     `json:"items"`
	Total int     `json:"total"`
	Next  *string `json:"next"` // to be asked for as ?before=; null at the end
}

// window says which part of a list is asked for.
type window struct {
	before int // number of the item that the page comes before; -1: the newest
	limit  int
}

// cut makes a page of a list in the order in which it came to be.
func cut[E, T any](list []E, w window, view func(E) T) page[T] {
	end := len(list)
	if w.before >= 0 {
		end = min(end, w.before)
	}
	begin := max(0, end-w.limit)
	p := page[T]{Items: []T{}, Total: len(list)}
	for i := end - 1; i >= begin; i-- {
		p.Items = append(p.Items, view(list[i]))
	}
	if begin > 0 {
		next := fmt.Sprint(begin)
		p.Next = &next
	}
	return p
}

// counts are verdicts of samples.
type counts struct {
	Samples      uint64 `json:"samples"`
	Passed       uint64 `json:"passed"`
	Failed       uint64 `json:"failed"`
	Inconclusive uint64 `json:"inconclusive"`
	Unavailable  uint64 `json:"unavailable"`
}

func (c *counts) add(r *posp.BatchResult) {
	if r == nil {
		return
	}
	c.Samples += uint64(r.Samples)
	c.Passed += uint64(r.Passed)
	c.Failed += uint64(r.Failed)
	c.Inconclusive += uint64(r.Inconclusive)
	c.Unavailable += uint64(r.Unavailable)
}

// unlocked runs what takes time, the archive or the chain, without the lock that
// a view holds. The index may be another one after it.
func (x *Explorer) unlocked(f func() error) error {
	x.mu.RUnlock()
	defer x.mu.RLock()
	return f()
}

// errMoved says that the chain was reorganised while an answer was made.
var errMoved = missing("the chain was reorganised just now: ask again")

// model is a spec of the network; one that the network file does not have has no name.
type model struct {
	SpecID  posp.Hash `json:"specId"`
	Name    string    `json:"name"`
	Private bool      `json:"private"`
}

func (x *Explorer) model(spec posp.Hash) model {
	for _, m := range x.cfg.Models {
		if m.Spec.ID() == spec {
			return model{spec, m.Name, m.Spec.Private()}
		}
	}
	return model{SpecID: spec}
}

type overview struct {
	ChainID  uint64     `json:"chainId"`
	Clock    clock      `json:"clock"`
	Models   []model    `json:"models"`
	Totals   totals     `json:"totals"`
	Epochs   []epochRow `json:"epochs"` // newest first
	Faults   []faultRow `json:"faults"` // likewise, a few
	Bundles  bool       `json:"bundles"`
	FromHere uint64     `json:"firstEpoch"` // that is kept
	Token    *tokenView `json:"token"`      // null: not read yet
}

// tokenView is what is staked, as it calls itself.
type tokenView struct {
	Symbol   string `json:"symbol"`
	Decimals uint8  `json:"decimals"`
}

type clock struct {
	head
	Synced          bool    `json:"synced"` // all blocks were read
	Epoch           uint64  `json:"epoch"`  // that serves
	EpochEnds       uint64  `json:"epochEnds"`
	SecondsPerBlock float64 `json:"secondsPerBlock"` // between events that were read; 0: not known
}

type totals struct {
	Providers int    `json:"providers"`
	Operators int    `json:"operators"`
	Weight    string `json:"weight"`
	Batches   int    `json:"batches"`
	Receipts  uint64 `json:"receipts"`
	counts
	Faults   map[string]int `json:"faults"`   // by status
	Disputes map[string]int `json:"disputes"` // by status
	Demands  int            `json:"demands"`  // receipts verified on demand, or to be
	Jailed   int            `json:"jailed"`
	Slashed  string         `json:"slashed"` // base units of the staked token
	Refunded string         `json:"refunded"`
}

// epochRow is an epoch in a list.
type epochRow struct {
	Epoch    uint64 `json:"epoch"`
	Phase    string `json:"phase"` // of the schedule; or contestable, contested, final
	Start    uint64 `json:"start"` // block
	End      uint64 `json:"end"`
	Batches  int    `json:"batches"`
	Receipts uint64 `json:"receipts"`
	counts
	Faults      int     `json:"faults"`
	CertifiedAt *uint64 `json:"certifiedAt"`
}

// phase of an epoch: the schedule's, until it is certified; final when nobody
// can contest it any more and no contest is under way.
func (x *Explorer) phase(n uint64, e *epoch) string {
	s := x.cfg.Parameters.Schedule
	if e != nil && e.certificate != nil {
		switch {
		case x.head.Block < e.certificate.Block+s.ContestBlocks:
			return "contestable"
		case slices.ContainsFunc(e.batches, func(b *batch) bool { return b.contests > 0 }):
			return "contested"
		}
		return "final"
	}
	return string(s.Phase(n, x.head.Block))
}

func (x *Explorer) epochRow(n uint64) epochRow {
	e, s := x.index.epochs[n], x.cfg.Parameters.Schedule
	row := epochRow{Epoch: n, Phase: x.phase(n, e), Start: s.Start(n), End: s.Start(n+1) - 1}
	if e == nil {
		return row
	}
	row.Batches, row.Faults = len(e.batches), e.faults
	for _, b := range e.batches {
		row.Receipts += b.LeafCount
		row.add(b.judged)
	}
	if e.certificate != nil {
		row.CertifiedAt = &e.certificate.Block
	}
	return row
}

// epochNumbers are the epochs that are kept, ascending: all up to the one that
// serves.
func (x *Explorer) epochNumbers() (list []uint64) {
	s := x.cfg.Parameters.Schedule
	if x.head.Block < s.Genesis {
		return nil
	}
	for n := x.floor; n <= s.EpochAt(x.head.Block); n++ {
		list = append(list, n)
	}
	return list
}

func (x *Explorer) clock() clock {
	s := x.cfg.Parameters.Schedule
	c := clock{head: x.head, Synced: x.head.synced, Epoch: s.EpochAt(x.head.Block)}
	c.EpochEnds = s.Start(c.Epoch+1) - 1
	if n := len(x.logs); n > 0 && x.head.Time > 0 {
		first := x.logs[max(0, n-1000)]
		if first.BlockTimestamp > 0 && x.head.Block > first.BlockNumber && x.head.Time > first.BlockTimestamp {
			c.SecondsPerBlock = float64(x.head.Time-first.BlockTimestamp) / float64(x.head.Block-first.BlockNumber)
		}
	}
	return c
}

// jailed says whether a subject bears a charge that jails.
func (x *Explorer) jailed(a posp.Address) bool {
	return slices.ContainsFunc(x.index.faultOrder, func(f *fault) bool { return f.Subject == a && f.jails() })
}

// jails is FaultManager's rule: what anybody can charge the honest with does not
// jail at once, and what operators signed only when it is executed.
func (f *fault) jails() bool {
	switch f.Kind {
	case posp.FaultWithholding, posp.FaultOmission:
		return false
	case posp.FaultSignedFalsehood:
		return f.status == "executed"
	}
	return f.status != "cleared"
}

func (x *Explorer) overview(context.Context, request) (any, error) {
	v := overview{ChainID: x.cfg.Domain.ChainID, Clock: x.clock(), Models: []model{}, Epochs: []epochRow{}, Faults: []faultRow{}, Bundles: x.cfg.Bundle != nil, FromHere: x.floor}
	for _, m := range x.cfg.Models {
		v.Models = append(v.Models, x.model(m.Spec.ID()))
	}
	if c := x.constants; c != nil {
		v.Token = &tokenView{c.token.Symbol, c.token.Decimals}
	}
	t := totals{Providers: len(x.index.providers), Weight: "0", Batches: len(x.index.batchOrder), Receipts: x.index.receipts,
		Faults: map[string]int{"open": 0, "cleared": 0, "executed": 0}, Disputes: map[string]int{"pending": 0, "stood": 0, "fallen": 0}}
	if table := x.newestTable(); table != nil {
		t.Operators, t.Weight = len(table.Members), table.Total.Dec()
	}
	for _, b := range x.index.batchOrder {
		t.add(b.judged)
	}
	jailed, slashed, refunded := map[posp.Address]bool{}, new(big.Int), new(big.Int)
	for _, f := range x.index.faultOrder {
		t.Faults[f.status]++
		if f.jails() {
			jailed[f.Subject] = true
		}
		if f.slash != nil {
			slashed.Add(slashed, f.slash.shares)
		}
		if f.pot != nil {
			refunded.Add(refunded, f.pot.refunded)
		}
	}
	t.Jailed, t.Slashed, t.Refunded = len(jailed), slashed.String(), refunded.String()
	for _, d := range x.index.disputeOrder {
		t.Disputes[d.status.String()]++
	}
	t.Demands = len(x.index.demandOrder)
	v.Totals = t
	v.Epochs = cut(x.epochNumbers(), window{-1, 12}, x.epochRow).Items
	v.Faults = cut(x.index.faultOrder, window{-1, 5}, x.faultRow).Items
	return v, nil
}

// newestTable is the operator table that was computed last.
func (x *Explorer) newestTable() *posp.Table {
	if n := len(x.index.tables); n > 0 {
		return &x.index.tables[n-1].Table
	}
	var newest *posp.Table
	for _, t := range x.found.tables {
		if newest == nil || t.Block > newest.Block {
			newest = t
		}
	}
	return newest
}

// providerRow is a provider in a list.
type providerRow struct {
	Address   posp.Address  `json:"address"`
	URL       *string       `json:"url"` // as registered: anybody's words
	Jailed    bool          `json:"jailed"`
	Batches   int           `json:"batches"`
	Receipts  uint64        `json:"receipts"`
	LastEpoch *uint64       `json:"lastEpoch"` // in which it committed a batch
	Standings []standingRow `json:"standings"`
	counts
	Faults int `json:"faults"` // that were not cleared
}

// standingRow is a sequential test now, and how it came there.
type standingRow struct {
	Model model         `json:"model"` // the zero spec: an operator's
	Nats  float64       `json:"nats"`
	Line  float64       `json:"line"` // a standing at or over it is a fault
	Trend []standingDot `json:"trend"`
}

type standingDot struct {
	Epoch uint64  `json:"epoch"`
	Nats  float64 `json:"nats"`
}

func (x *Explorer) standingsOf(a posp.Address, most int) []standingRow {
	rows := []standingRow{}
	for _, s := range x.index.standings {
		if s.address != a {
			continue
		}
		row := standingRow{Model: x.model(s.spec), Nats: nats(s.now()), Line: nats(x.cfg.Parameters.FaultLine), Trend: []standingDot{}}
		for _, p := range s.points[max(0, len(s.points)-most):] {
			row.Trend = append(row.Trend, standingDot{p.epoch, nats(p.value)})
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b standingRow) int {
		return cmp.Or(cmp.Compare(a.Model.Name, b.Model.Name), a.Model.SpecID.Cmp(b.Model.SpecID))
	})
	return rows
}

func (x *Explorer) registration(p *provider) (url *string, key *posp.Address) {
	if info, ok := x.found.info[p.address]; ok {
		url, key = &info.URL, &info.ReceiptKey
	}
	if p.registered != nil {
		u := p.url // a later event may change it
		url = &u
	}
	return url, key
}

func (x *Explorer) providerRow(p *provider) providerRow {
	row := providerRow{Address: p.address, Jailed: x.jailed(p.address), Batches: len(p.batches), Standings: x.standingsOf(p.address, 50)}
	row.URL, _ = x.registration(p)
	for _, b := range p.batches {
		row.Receipts += b.LeafCount
		row.add(b.judged)
		row.LastEpoch = &b.Epoch
	}
	for _, f := range x.index.faultOrder {
		if f.Subject == p.address && f.status != "cleared" {
			row.Faults++
		}
	}
	return row
}

func (x *Explorer) providers(_ context.Context, r request) (any, error) {
	list := make([]*provider, 0, len(x.index.providers))
	for _, p := range x.index.providers {
		list = append(list, p)
	}
	// Descending, since pages begin at the end.
	slices.SortFunc(list, func(a, b *provider) int { return b.address.Cmp(a.address) })
	return cut(list, r.window, x.providerRow), nil
}

type providerView struct {
	providerRow
	ReceiptKey *posp.Address `json:"receiptKey"`
	History    []providerDot `json:"history"` // of verdicts, by epoch, ascending
	Recent     []batchRow    `json:"recentBatches"`
	Charges    []faultRow    `json:"charges"`
	Disputes   []disputeRow  `json:"disputes"`
	Demands    []demandRow   `json:"demands"` // about its receipts, newest first
	Rate       *posp.Rate    `json:"rate"`    // by which the last batch was sampled
	Registered *event        `json:"registered"`
}

type providerDot struct {
	Epoch    uint64 `json:"epoch"`
	Receipts uint64 `json:"receipts"`
	counts
}

func (x *Explorer) provider(_ context.Context, r request) (any, error) {
	p := x.index.providers[r.address]
	if p == nil {
		return nil, missing("no provider %s has committed a batch in epochs %d and later: the list of providers has all that did", r.address, x.floor)
	}
	v := providerView{providerRow: x.providerRow(p), History: []providerDot{}, Charges: []faultRow{}, Disputes: []disputeRow{}, Registered: p.registered}
	_, v.ReceiptKey = x.registration(p)
	v.Standings = x.standingsOf(p.address, 500)
	for _, b := range p.batches[max(0, len(p.batches)-500):] {
		d := providerDot{Epoch: b.Epoch, Receipts: b.LeafCount}
		d.add(b.judged)
		v.History, v.Rate = append(v.History, d), &b.Rate
	}
	v.Recent = cut(p.batches, window{-1, 20}, x.batchRow).Items
	v.Demands = cut(x.index.ofProvider(p.address), window{-1, 20}, x.demandRow).Items
	for _, f := range slices.Backward(x.index.faultOrder) {
		if f.Subject == p.address && len(v.Charges) < 50 {
			v.Charges = append(v.Charges, x.faultRow(f))
		}
	}
	for _, d := range slices.Backward(x.index.disputeOrder) {
		if d.subject.Provider == p.address && len(v.Disputes) < 50 {
			v.Disputes = append(v.Disputes, x.disputeRow(d))
		}
	}
	return v, nil
}

type operatorsView struct {
	Table     *tableView    `json:"table"` // null: none was computed yet
	Operators []operatorRow `json:"operators"`
	Epochs    int           `json:"epochs"` // certificates by which signing is counted
}

type tableView struct {
	Root    posp.Hash `json:"root"`
	Block   uint64    `json:"block"`
	Members int       `json:"members"`
	Total   string    `json:"total"`
}

type operatorRow struct {
	Address  posp.Address `json:"address"`
	Member   bool         `json:"member"` // of the newest table
	Weight   string       `json:"weight"`
	Share    float64      `json:"share"` // of the table's weight
	Jailed   bool         `json:"jailed"`
	Standing *standingRow `json:"standing"` // null: none was certified
	Signed   int          `json:"signed"`   // certificates
	Missed   int          `json:"missed"`
	Faults   int          `json:"faults"`  // that were not cleared
	Charges  []faultRow   `json:"charges"` // newest first, a few
}

func viewTable(t *posp.Table) *tableView {
	if t == nil {
		return nil
	}
	return &tableView{t.Root, t.Block, len(t.Members), t.Total.Dec()}
}

// operators are those of the newest table, and whoever was in an earlier one.
func (x *Explorer) operators(context.Context, request) (any, error) {
	t := x.newestTable()
	v := operatorsView{Table: viewTable(t), Operators: []operatorRow{}}
	rows := map[posp.Address]*operatorRow{}
	row := func(a posp.Address) *operatorRow {
		if rows[a] == nil {
			rows[a] = &operatorRow{Address: a, Weight: "0", Jailed: x.jailed(a), Charges: []faultRow{}}
			if s := x.standingsOf(a, 100); len(s) > 0 {
				rows[a].Standing = &s[0]
			}
		}
		return rows[a]
	}
	if t != nil {
		for _, m := range t.Members {
			r := row(m.Operator)
			r.Member, r.Weight, r.Share = true, m.Weight.Dec(), share(m.Weight.ToBig(), t.Total.ToBig())
		}
	}
	for n, s := range x.found.signed {
		table := x.tableOf(n)
		if s.unread || table == nil {
			continue
		}
		v.Epochs++
		for _, m := range table.Members {
			if slices.Contains(s.nonSigners, m.Operator) {
				row(m.Operator).Missed++
			} else {
				row(m.Operator).Signed++
			}
		}
	}
	for _, f := range slices.Backward(x.index.faultOrder) {
		if !f.Kind.OfOperator() {
			continue
		}
		r := row(f.Subject)
		if f.status != "cleared" {
			r.Faults++
		}
		if len(r.Charges) < 10 {
			r.Charges = append(r.Charges, x.faultRow(f))
		}
	}
	for _, r := range rows {
		v.Operators = append(v.Operators, *r)
	}
	slices.SortFunc(v.Operators, func(a, b operatorRow) int { return cmp.Or(cmp.Compare(b.Share, a.Share), a.Address.Cmp(b.Address)) })
	return v, nil
}

func (x *Explorer) epochs(_ context.Context, r request) (any, error) {
	numbers := x.epochNumbers()
	w := r.window
	if w.before >= 0 { // pages of epochs are by their numbers
		w.before = max(0, w.before-int(x.floor))
	}
	p := cut(numbers, w, x.epochRow)
	if p.Next != nil {
		next := fmt.Sprint(p.Items[len(p.Items)-1].Epoch)
		p.Next = &next
	}
	return p, nil
}

// step is a part of a timeline: what is to happen, up to which block, and what did.
type step struct {
	Step string `json:"step"`
	From uint64 `json:"from"` // block from which it can happen
	To   uint64 `json:"to"`   // the last block in which it can
	Done bool   `json:"done"`
	At   *event `json:"at"` // null: it did not happen yet, or is no event of the chain
	Says string `json:"says"`
}

type epochView struct {
	epochRow
	Timeline    []step           `json:"timeline"`
	Beacon      *beaconView      `json:"beacon"`
	Table       *tableView       `json:"table"`
	Certificate *certificateView `json:"certificate"`
	Progress    *Progress        `json:"progress"` // at this aggregator
	BatchList   []batchRow       `json:"batchList"`
	Charges     []faultRow       `json:"charges"`
	Disputes    []disputeRow     `json:"disputes"` // newest first
	Demands     []demandRow      `json:"demands"`  // that it answers, likewise
	Bundle      *string          `json:"bundle"`   // where its replay bundle is; null: not to be had
}

type beaconView struct {
	event
	Value posp.Hash `json:"value"`
	Of    uint64    `json:"of"` // block whose prevrandao it is
}

type certificateView struct {
	event
	Digest      posp.Hash      `json:"digest"`
	ResultRoot  posp.Hash      `json:"resultRoot"`
	SampleRoot  posp.Hash      `json:"sampleRoot"`
	TableRoot   posp.Hash      `json:"tableRoot"`
	SampleCount uint64         `json:"sampleCount"`
	Signed      string         `json:"signed"` // weight
	Total       string         `json:"total"`
	Share       float64        `json:"share"`
	NonSigners  []posp.Address `json:"nonSigners"` // null: not read (yet) from its transaction
	GasUsed     *uint64        `json:"gasUsed"`
	ContestEnds uint64         `json:"contestEnds"` // the last block in which it can be contested
}

func (x *Explorer) certificateView(e *epoch) *certificateView {
	c := e.certificate
	if c == nil {
		return nil
	}
	v := &certificateView{event: c.event, Digest: c.digest, ResultRoot: c.resultRoot, SampleRoot: c.sampleRoot, TableRoot: c.tableRoot, SampleCount: c.sampleCount,
		Signed: c.signed.String(), Total: c.total.String(), Share: share(c.signed, c.total), ContestEnds: c.Block + x.cfg.Parameters.Schedule.ContestBlocks - 1}
	if s := x.found.signed[e.number]; s != nil && !s.unread {
		v.NonSigners, v.GasUsed = append([]posp.Address{}, s.nonSigners...), &s.gas
	}
	return v
}

// timeline is an epoch's, of the schedule and of what happened, or, where it is
// asked for, one batch's or one demand's of it. The lock is held.
func (x *Explorer) timeline(n uint64, p *Progress, of *batch, asked *demand) []step {
	s, e, head := x.cfg.Parameters.Schedule, x.index.epochs[n], x.head.Block
	if e == nil {
		e = &epoch{number: n}
	}
	batches, says := e.batches, fmt.Sprintf("%d batches committed", len(e.batches))
	if of != nil {
		batches, says = []*batch{of}, fmt.Sprintf("%d receipts committed", of.LeafCount)
	}
	demands := e.demands
	if of != nil {
		demands = of.demands
	}
	var samples uint64
	contests := map[posp.AssertionStatus]int{}
	var contested *event // the first
	for _, b := range batches {
		samples += sampler.Count(b.LeafCount, b.Rate)
		for _, d := range b.disputes {
			if contests[d.status]++; contested == nil || d.Block < contested.Block {
				contested = &d.event
			}
		}
	}
	commit := step{Step: "commit", From: s.Start(n), To: s.Close(n) - 1, Done: head >= s.Close(n) || of != nil, Says: says}
	if len(batches) > 0 {
		last := slices.MaxFunc(batches, func(a, b *batch) int { return cmp.Compare(a.Block, b.Block) })
		commit.At = &last.event
	}
	beacon := step{Step: "beacon", From: s.BeaconBlock(n) + 1, To: s.CertifyDeadline(n), Done: e.beaconAt != nil, At: e.beaconAt, Says: "randomness that nobody knew when batches closed"}
	draw := step{Step: "draw", From: s.BeaconBlock(n) + 1, To: s.CommitDeadline(n), Done: e.beaconAt != nil, At: e.beaconAt, Says: fmt.Sprintf("%d samples, by the beacon alone", samples)}
	evidence := step{Step: "evidence", From: s.BeaconBlock(n) + 1, To: s.CommitDeadline(n), Done: head > s.CommitDeadline(n), Says: "operators recompute, and commit to what they found"}
	reveal := step{Step: "reveal", From: s.CommitDeadline(n) + 1, To: s.RevealDeadline(n), Done: head > s.RevealDeadline(n) || e.certificate != nil, Says: "the provider's evidence, then everybody's"}
	if p != nil {
		evidence.Done = evidence.Done || p.Phase != "open"
		evidence.Says = fmt.Sprintf("%d operators committed to what they found", len(p.Committed))
		reveal.Done = reveal.Done || p.Phase == "final" || p.Phase == "derived"
		reveal.Says = fmt.Sprintf("%d operators revealed", len(p.Revealed))
	}
	certificate := step{Step: "certificate", From: s.CommitDeadline(n) + 1, To: s.CertifyDeadline(n), Says: fmt.Sprintf("a quorum of %.0f %% of the stake must sign", float64(x.cfg.Parameters.QuorumPpm)/1e4)}
	contest := step{Step: "contest", From: s.CommitDeadline(n) + 1, To: s.CertifyDeadline(n) + s.ContestBlocks, Says: fmt.Sprintf("anybody may contest, for %d blocks from the certificate", s.ContestBlocks)}
	if c := e.certificate; c != nil {
		certificate.Done, certificate.At = true, &c.event
		certificate.Says = fmt.Sprintf("signed by %.1f %% of the stake", 100*share(c.signed, c.total))
		contest.From, contest.To = c.Block, c.Block+s.ContestBlocks-1
		contest.Done = head > contest.To && contests[posp.AssertionPending] == 0
	} else if head > s.CertifyDeadline(n) {
		certificate.Says = "none in time: the epoch is void, nobody is punished and nobody paid"
	}
	if contested != nil {
		contest.At = contested
		contest.Says = fmt.Sprintf("%d contested: %d pending, %d stood, %d fell", contests[posp.AssertionPending]+contests[posp.AssertionStood]+contests[posp.AssertionFallen],
			contests[posp.AssertionPending], contests[posp.AssertionStood], contests[posp.AssertionFallen])
	}
	if asked != nil {
		draw.Says = "its committee, by the beacon alone"
		request, settle := x.asked(asked, e.certificate)
		return []step{request, beacon, draw, evidence, reveal, certificate, settle}
	}
	steps := []step{commit, beacon, draw, evidence, reveal, certificate, contest}
	if s := x.demanded(demands); s != nil {
		steps = append(steps, *s)
	}
	return steps
}

// epochOf checks that an epoch is kept.
func (x *Explorer) epochOf(n uint64) error {
	now := x.cfg.Parameters.Schedule.EpochAt(x.head.Block)
	switch {
	case n > now:
		return missing("epoch %d is still to come: epoch %d serves now", n, now)
	case n < x.floor:
		return missing("epoch %d lies before epoch %d, from which on this explorer keeps events: posp query has it from the chain", n, x.floor)
	}
	return nil
}

func (x *Explorer) epochView(ctx context.Context, r request) (any, error) {
	var p Progress
	err := x.unlocked(func() (err error) {
		p, err = x.archive.Progress(ctx, r.number)
		return err
	})
	if err == nil {
		err = x.epochOf(r.number)
	}
	if err != nil {
		return nil, err
	}
	v := epochView{epochRow: x.epochRow(r.number), Timeline: x.timeline(r.number, &p, nil, nil), Progress: &p, BatchList: []batchRow{}, Charges: []faultRow{}, Disputes: []disputeRow{}, Demands: []demandRow{}, Table: viewTable(x.tableOf(r.number))}
	e := x.index.epochs[r.number]
	if e == nil {
		return v, nil
	}
	if e.beaconAt != nil {
		v.Beacon = &beaconView{*e.beaconAt, e.beacon, x.cfg.Parameters.Schedule.BeaconBlock(r.number)}
	}
	v.Certificate = x.certificateView(e)
	v.Bundle = x.bundleURL(e, p, fmt.Sprintf("epochs/%d", e.number))
	var contests []*dispute
	for _, b := range e.batches {
		contests = append(contests, b.disputes...)
	}
	v.Disputes, v.Demands = x.disputeRows(contests), x.demandRows(e.demands)
	for i, b := range e.batches {
		if i == maxPage {
			break
		}
		v.BatchList = append(v.BatchList, x.batchRow(b))
	}
	for _, f := range x.index.faultOrder {
		if f.epoch == r.number && len(v.Charges) < maxPage {
			v.Charges = append(v.Charges, x.faultRow(f))
		}
	}
	return v, nil
}

// batchRow is a batch in a list.
type batchRow struct {
	ID            posp.Hash    `json:"id"`
	Provider      posp.Address `json:"provider"`
	Epoch         uint64       `json:"epoch"`
	FirstSequence uint64       `json:"firstSequence"`
	Receipts      uint64       `json:"receipts"`
	Drawn         uint64       `json:"drawn"` // samples, drawn or to be
	counts
	Phase    string `json:"phase"`
	Contests uint32 `json:"contests"` // of its verdicts, under way
	Faulted  bool   `json:"faulted"`  // it bears a charge that was not cleared
}

func (x *Explorer) batchRow(b *batch) batchRow {
	row := batchRow{ID: b.ID, Provider: b.Provider, Epoch: b.Epoch, FirstSequence: b.FirstSequence, Receipts: b.LeafCount, Drawn: sampler.Count(b.LeafCount, b.Rate),
		Phase: x.phase(b.Epoch, x.index.epochs[b.Epoch]), Faulted: slices.ContainsFunc(b.faults, func(f *fault) bool { return f.status != "cleared" })}
	if row.add(b.judged); row.Phase == "contested" && b.contests == 0 {
		row.Phase = "final" // others of its epoch are contested
	}
	row.Contests = b.contests
	return row
}

type batchView struct {
	batchRow
	Root      posp.Hash       `json:"root"`
	Rate      posp.Rate       `json:"rate"`
	Committed event           `json:"committed"`
	Timeline  []step          `json:"timeline"`
	SampleSet page[sampleRow] `json:"sampleList"`
	Charges   []faultRow      `json:"charges"`
	Disputes  []disputeRow    `json:"disputes"` // newest first
	Demands   []demandRow     `json:"demands"`  // about its receipts, likewise
	Bundle    *string         `json:"bundle"`   // where its replay bundle is; null: not to be had
}

// sampleRow is a sample in a list.
type sampleRow struct {
	ID        posp.Hash      `json:"id"`
	J         uint64         `json:"j"`
	Leaf      uint64         `json:"leaf"`
	Sequence  uint64         `json:"sequence"`
	Committee []posp.Address `json:"committee"` // in the order drawn; none while the table is not known
	Verdict   *string        `json:"verdict"`   // null: not derived yet, or not by this aggregator
	Class     *string        `json:"class"`
	LogE      *float64       `json:"logE"`
	Overturn  *overturnView  `json:"overturn"` // null: what was certified stands
}

// overturnView is what a certified verdict became, and by what.
type overturnView struct {
	Verdict string     `json:"verdict"`
	Dispute *posp.Hash `json:"dispute"` // null: what was withheld was shown
	At      event      `json:"at"`
}

func (x *Explorer) overturnView(sample posp.Hash) *overturnView {
	o, ok := x.index.overturned[sample]
	if !ok {
		return nil
	}
	v := &overturnView{Verdict: o.to.String(), At: o.event}
	for _, d := range x.index.contests[sample] {
		if d.status == posp.AssertionStood {
			v.Dispute = &d.id
			break // the first that stood
		}
	}
	return v
}

func (x *Explorer) sampleRowOf(b *batch, a sampler.Assignment, line *posp.SampleResult) sampleRow {
	row := sampleRow{Overturn: x.overturnView(a.SampleID), ID: a.SampleID, J: a.J, Leaf: a.Leaf, Sequence: b.FirstSequence + a.Leaf, Committee: a.Committee}
	if line != nil {
		v, c, e := line.Verdict.String(), line.Class.String(), nats(line.LogE)
		row.Verdict, row.Class, row.LogE = &v, &c, &e
	}
	return row
}

// line is that of a sample, nil if there is none.
func (l *lines) line(ordinal uint64, id posp.Hash) *posp.SampleResult {
	if l == nil || ordinal >= uint64(len(l.list)) || l.list[ordinal].SampleID != id {
		return nil
	}
	return &l.list[ordinal]
}

func (x *Explorer) batch(ctx context.Context, r request) (any, error) {
	b := x.index.batches[r.hash]
	if b == nil {
		return nil, missing("%s is no batch of epochs %d and later", r.hash, x.floor)
	}
	n, e := b.Epoch, x.index.epochs[b.Epoch]
	var p Progress
	var l *lines
	if err := x.unlocked(func() (err error) {
		if p, err = x.archive.Progress(ctx, n); err == nil {
			l, err = x.linesOf(ctx, n)
		}
		return err
	}); err != nil {
		return nil, err
	}
	at := uint32(slices.Index(e.batches, b))
	if x.index.epochs[n] != e {
		return nil, errMoved
	}
	v := batchView{batchRow: x.batchRow(b), Root: b.Root, Rate: b.Rate, Committed: b.event, Timeline: x.timeline(n, &p, b, nil), Charges: []faultRow{}, Disputes: x.disputeRows(b.disputes), Demands: x.demandRows(b.demands), Bundle: x.bundleURL(e, p, "batches/"+b.ID.Hex())}
	v.SampleSet = page[sampleRow]{Items: []sampleRow{}}
	if e.beaconAt != nil {
		k := sampler.Count(b.LeafCount, b.Rate)
		v.SampleSet.Total = int(k)
		from := uint64(0)
		if r.window.before >= 0 { // samples are listed by j, ascending: before is the first of the page
			from = uint64(r.window.before)
		}
		list, err := x.assigned(n, at, from, min(k, from+uint64(r.window.limit)))
		if err != nil {
			return nil, err
		}
		var first uint64
		for _, o := range e.batches[:at] {
			first += sampler.Count(o.LeafCount, o.Rate)
		}
		for _, a := range list {
			v.SampleSet.Items = append(v.SampleSet.Items, x.sampleRowOf(b, a, l.line(first+a.J, a.SampleID)))
		}
		if end := from + uint64(len(list)); end < k {
			next := fmt.Sprint(end)
			v.SampleSet.Next = &next
		}
	}
	for _, f := range b.faults {
		v.Charges = append(v.Charges, x.faultRow(f))
	}
	return v, nil
}

// bundleURL is where a replay bundle of an epoch or of a part of it is, nil
// where there is none to be had: it is not certified, or not derived here.
func (x *Explorer) bundleURL(e *epoch, p Progress, part string) *string {
	if x.cfg.Bundle == nil || e.certificate == nil || p.Phase != "derived" {
		return nil
	}
	url := "/api/v1/" + part + "/bundle"
	return &url
}

type sampleView struct {
	sampleRow
	BatchID     posp.Hash      `json:"batchId"`
	Provider    posp.Address   `json:"provider"`
	Epoch       uint64         `json:"epoch"`
	Phase       string         `json:"phase"`
	Timeline    []step         `json:"timeline"`
	Reason      *string        `json:"reason"` // in a sentence, by the policy
	Receipt     *receiptFields `json:"receipt"`
	ReceiptHash *posp.Hash     `json:"receiptHash"`
	Proof       []posp.Hash    `json:"proof"`     // of the receipt in its batch; null: nobody opened it
	LineProof   []posp.Hash    `json:"lineProof"` // of the line in the epoch's sample tree; null: not derived, or too many lines
	LineIndex   *uint64        `json:"lineIndex"`
	Model       *model         `json:"model"`
	Policy      *policyView    `json:"policy"`
	Claimed     []float64      `json:"claimed"` // the provider's log-probabilities by position, nats; null: not revealed
	Members     []memberView   `json:"members"`
	Worst       []positionView `json:"worst"`
	Disputes    []disputeRow   `json:"disputes"`
	Demand      *demandRow     `json:"demand"` // by which a buyer asked for it; null: it was drawn
	Bundle      *string        `json:"bundle"` // where its replay bundle is; null: not to be had
}

type policyView struct {
	ID         posp.Hash `json:"id"`
	FailAt     float64   `json:"failAt"`
	PassAt     float64   `json:"passAt"`
	WrongModel float64   `json:"wrongModel"`
}

// receiptFields are what a receipt says, with its signature.
type receiptFields struct {
	posp.Receipt
	Signature hexutil.Bytes `json:"signature"`
}

type memberView struct {
	Operator   posp.Address `json:"operator"`
	Commitment *posp.Hash   `json:"commitment"` // null: none
	Evidence   string       `json:"evidence"`   // what it revealed, in words
	Done       bool         `json:"done"`       // it did its duty
	Decides    bool         `json:"decides"`    // it is the committee's median
	Compared   bool         `json:"compared"`
	LogE       float64      `json:"logE"`
	Distance   float64      `json:"distance"`
	Against    float64      `json:"against"` // nats, against the member
	LogProb    []float64    `json:"logProb"` // by position, nats; null: none revealed
}

type positionView struct {
	At         int     `json:"at"`
	Claimed    float64 `json:"claimed"`
	Recomputed float64 `json:"recomputed"`
	Against    float64 `json:"against"`
}

const maxPositions = 4096 // that an answer carries of a list of log-probabilities

func floats(q24 []int32) []float64 {
	list := make([]float64, 0, min(len(q24), maxPositions))
	for _, v := range q24[:min(len(q24), maxPositions)] {
		list = append(list, math.Round(float64(v)/posp.Nat*1e4)/1e4)
	}
	return list
}

func (x *Explorer) sample(ctx context.Context, r request) (any, error) {
	at, ok := x.findSample(r.hash)
	if !ok {
		return nil, missing("%s is no sample of the epochs that are kept and drawn: is it a batch, a receipt or a charge?", r.hash)
	}
	return x.sampleView(ctx, at)
}

// sampleView is a sample. The lock is held, and let go while the archive is asked.
func (x *Explorer) sampleView(ctx context.Context, at place) (*sampleView, error) {
	a, err := x.sampled(at)
	if err != nil {
		return nil, err
	}
	e, d := x.index.epochs[at.epoch], x.found.draws[at.epoch]
	if e == nil || d == nil {
		return nil, errMoved
	}
	b, asked := e.group(at.batch)
	if b == nil {
		return nil, errMoved
	}
	ordinal := d.first(at.batch) + uint64(at.j)
	var held Sample
	var isHeld bool
	var p Progress
	var l *lines
	if err := x.unlocked(func() (err error) {
		if held, isHeld, err = x.archive.Sample(ctx, at.epoch, uint32(ordinal), a.Committee); err != nil {
			return err
		}
		if p, err = x.archive.Progress(ctx, at.epoch); err == nil {
			l, err = x.linesOf(ctx, at.epoch)
		}
		return err
	}); err != nil {
		return nil, err
	}
	if x.index.epochs[at.epoch] != e {
		return nil, errMoved
	}
	line := l.line(ordinal, a.SampleID)
	v := &sampleView{sampleRow: x.sampleRowOf(b, a, line), BatchID: b.ID, Provider: b.Provider, Epoch: at.epoch, Phase: x.phase(at.epoch, e),
		Members: []memberView{}, Worst: []positionView{}}
	if v.Timeline = x.timeline(at.epoch, &p, b, asked); asked != nil {
		row := x.demandRow(asked)
		v.Demand, v.Phase = &row, x.finality(e)
	} else {
		v.Timeline = v.Timeline[:7] // what was asked about others of its batch is not its own
	}
	if line != nil {
		v.LineIndex = &ordinal
		if l.tree != nil {
			if v.LineProof, err = l.tree.Proof(ordinal); err != nil {
				return nil, err
			}
		}
	}
	v.Bundle = x.bundleURL(e, p, "samples/"+a.SampleID.Hex())
	v.Disputes = x.disputeRows(x.index.contests[a.SampleID])
	if !isHeld {
		return v, nil
	}
	why := held.Explanation
	v.Reason = &why.Reason
	if why.Policy != (posp.Hash{}) {
		v.Policy = &policyView{why.Policy, why.FailAt, why.PassAt, why.WrongModel}
	}
	if o := held.Opening; o != nil {
		hash, m := o.Receipt.Digest(x.cfg.Domain), x.model(o.Receipt.SpecID)
		v.Receipt, v.ReceiptHash, v.Proof, v.Model = &receiptFields{o.Receipt.Receipt, o.Receipt.Signature}, &hash, append([]posp.Hash{}, o.Proof...), &m
	}
	if held.Provider != nil {
		v.Claimed = floats(held.Provider.LogProb)
	}
	for i, m := range why.Members {
		w := memberView{Operator: m.Operator, Evidence: m.Evidence, Done: m.Done, Decides: m.Decides, Compared: m.Compared, LogE: m.LogE, Distance: m.Distance, Against: m.Against}
		if h := held.Committee[i]; h.Commitment != (posp.Hash{}) {
			w.Commitment = &h.Commitment
		}
		if h := held.Committee[i]; h.Revealed {
			if e, err := posp.DecodeEvidence(h.Evidence); err == nil && len(e.LogProb) > 0 {
				w.LogProb = floats(e.LogProb)
			}
		}
		v.Members = append(v.Members, w)
	}
	for _, w := range why.Worst {
		v.Worst = append(v.Worst, positionView{w.At, w.Claimed, w.Recomputed, w.Against})
	}
	return v, nil
}

// receiptView is what is known of a receipt.
type receiptView struct {
	Hash      posp.Hash      `json:"hash"`
	Receipt   *receiptFields `json:"receipt"`   // null: only its hash was given, and nobody opened it
	Signature string         `json:"signature"` // valid, wrong (by another key), none (not given) or unknown (the provider's key is not)
	Batch     *batchRow      `json:"batch"`     // null: its provider has none of that epoch
	Leaf      *uint64        `json:"leaf"`
	State     string         `json:"state"`    // not committed, omitted, not drawn, unsampled, sampled, on demand
	Verdict   string         `json:"verdict"`  // UNSAMPLED unless a sample was judged: what was not sampled has not passed
	Says      string         `json:"says"`     // in a sentence, with what to do
	Proof     *proofView     `json:"proof"`    // null: not held here
	ProofURL  *string        `json:"proofUrl"` // where the provider serves it: anybody's words
	Sample    *sampleView    `json:"sample"`
	Demand    *demandRow     `json:"demand"` // by which its buyer asked for a verdict; null: nobody did
}

// proofView is a Merkle proof of a receipt in its batch.
type proofView struct {
	Siblings []posp.Hash `json:"siblings"` // from the leaf up
	Verified bool        `json:"verified"` // against the root that is on chain
}

func (x *Explorer) receipt(ctx context.Context, r request) (any, error) {
	at, ok := x.found.receipts[r.hash]
	if d := x.index.lastAbout[r.hash]; !ok && d != nil {
		v := receiptView{Hash: r.hash, Signature: "none"}
		return &v, x.onDemand(ctx, &v, d)
	}
	if !ok {
		return nil, missing("no sampled receipt has the hash %s: if yours was not sampled only the whole receipt tells where it stands, so paste that", r.hash)
	}
	s, err := x.sampleView(ctx, at)
	if err != nil {
		return nil, err
	}
	if s.Receipt == nil || *s.ReceiptHash != r.hash {
		return nil, fmt.Errorf("sample %s is not of receipt %s any more", s.ID, r.hash)
	}
	return x.receiptOf(ctx, *s.Receipt, s)
}

// maxReceipt bounds what is pasted.
const maxReceipt = 64 << 10

// parseReceipt reads a receipt as a buyer has it: JSON, an answer in which it
// stands as posp.receipt, or a Posp-Receipt header's value.
func parseReceipt(body []byte) (f receiptFields, err error) {
	text := strings.TrimSpace(string(body))
	if text == "" {
		return f, posp.Invalidf("nothing was pasted: want a receipt as JSON, or the value of an answer's Posp-Receipt header")
	}
	if !strings.HasPrefix(text, "{") {
		name, value, isHeader := strings.Cut(text, ":")
		if isHeader && strings.EqualFold(strings.TrimSpace(name), "posp-receipt") {
			text = strings.TrimSpace(value)
		}
		b, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return f, posp.Invalidf("that is neither JSON nor a Posp-Receipt header's value (base64)")
		}
		text = string(b)
	}
	var in struct {
		Receipt json.RawMessage `json:"receipt"`
		Posp    struct {
			Receipt json.RawMessage `json:"receipt"`
		} `json:"posp"` // of a whole answer
	}
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return f, posp.Invalidf("the receipt is not JSON: %v", err)
	}
	for _, nested := range []json.RawMessage{in.Posp.Receipt, in.Receipt} {
		if len(nested) > 0 {
			text = string(nested)
		}
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		return f, posp.Invalidf("the receipt is not one: %v", err)
	}
	if f.Provider == (posp.Address{}) || f.RequestHash == (posp.Hash{}) {
		return f, posp.Invalidf("the receipt has no provider or no requestHash: paste all of it, with its signature")
	}
	return f, nil
}

func (x *Explorer) findReceipt(ctx context.Context, r request) (any, error) {
	f, err := parseReceipt(r.body)
	if err != nil {
		return nil, err
	}
	return x.receiptOf(ctx, f, nil)
}

// receiptOf says what became of a receipt; s is its sample, if that is known.
func (x *Explorer) receiptOf(ctx context.Context, f receiptFields, s *sampleView) (any, error) {
	r := posp.SignedReceipt{Receipt: f.Receipt, Signature: f.Signature}
	v := receiptView{Hash: r.Digest(x.cfg.Domain), Receipt: &f, Signature: "none", Verdict: posp.Unsampled.String(), Sample: s}
	p := x.index.providers[f.Provider]
	if len(f.Signature) > 0 {
		v.Signature = "unknown"
		if p != nil {
			if _, key := x.registration(p); key != nil {
				v.Signature = "wrong"
				if signer, err := r.Signer(x.cfg.Domain); err == nil && signer == *key {
					v.Signature = "valid"
				}
			}
		}
	}
	if err := x.epochOf(f.Epoch); err != nil {
		return nil, err
	}
	var b *batch
	if p != nil {
		if i := slices.IndexFunc(p.batches, func(b *batch) bool { return b.Epoch == f.Epoch }); i >= 0 {
			b = p.batches[i]
		}
	}
	schedule := x.cfg.Parameters.Schedule
	if b == nil {
		v.State, v.Says = "not committed", fmt.Sprintf("its provider may commit its batch of epoch %d up to block %d: look again then", f.Epoch, schedule.Close(f.Epoch)-1)
		if x.head.Block >= schedule.Close(f.Epoch) {
			v.State, v.Says = "omitted", "its epoch is closed and its provider committed no batch in it: with a valid signature that is an omission, for which the provider can be slashed; keep the receipt"
		}
		return v, nil
	}
	row := x.batchRow(b)
	v.Batch = &row
	if f.Sequence < b.FirstSequence || f.Sequence >= b.FirstSequence+b.LeafCount {
		v.State, v.Says = "omitted", fmt.Sprintf("the provider's batch of epoch %d holds sequences %d to %d, and not %d: with a valid signature that is an omission; keep the receipt", f.Epoch, b.FirstSequence, b.FirstSequence+b.LeafCount-1, f.Sequence)
		return v, nil
	}
	leaf := f.Sequence - b.FirstSequence
	v.Leaf = &leaf
	if p != nil {
		if url, _ := x.registration(p); url != nil {
			at := fmt.Sprintf("%s/posp/v1/proof/%d/%d", strings.TrimRight(*url, "/"), f.Epoch, f.Sequence)
			v.ProofURL = &at
		}
	}
	e := x.index.epochs[f.Epoch]
	d := x.found.draws[f.Epoch]
	if e.beaconAt == nil || d == nil {
		v.State, v.Says = "not drawn", fmt.Sprintf("its batch is committed; samples are drawn by the beacon of block %d", schedule.BeaconBlock(f.Epoch))
		return v, nil
	}
	sample, err := sampler.New(posp.Seed(x.cfg.Domain, f.Epoch, b.ID, e.beacon), b.LeafCount, sampler.Count(b.LeafCount, b.Rate))
	if err != nil {
		return nil, err
	}
	j, drawn := sample.Position(leaf)
	if d := x.index.lastAbout[v.Hash]; d != nil && (!drawn || x.phase(f.Epoch, e) == "void") {
		if err := x.onDemand(ctx, &v, d); err != nil {
			return nil, err
		}
		if s := v.Sample; s != nil && s.ReceiptHash != nil {
			v.Proof = x.proved(b, leaf, v.Hash, s.Proof)
		}
		return v, nil
	}
	if !drawn {
		v.State, v.Says = "unsampled", "its place was not drawn, so nobody checked it: it has not passed. Its provider shows where it stands"
		return v, nil
	}
	v.State = "sampled"
	if v.Sample == nil {
		if v.Sample, err = x.sampleView(ctx, place{f.Epoch, uint32(slices.Index(e.batches, b)), uint32(j)}); err != nil {
			return nil, err
		}
	}
	s = v.Sample
	switch {
	case s.ReceiptHash != nil && *s.ReceiptHash != v.Hash:
		v.State, v.Says = "omitted", "another receipt stands at its place in the batch: with a valid signature that is an omission, or an equivocation; keep both"
		v.Proof = x.proved(b, leaf, *s.ReceiptHash, s.Proof)
		return v, nil
	case s.Verdict == nil:
		v.Says = "its place was drawn; operators are at it, or this aggregator did not derive the epoch"
	default:
		v.Verdict, v.Says = *s.Verdict, "its place was drawn and judged"
		if s.Reason != nil {
			v.Says = *s.Reason
		}
	}
	if s.ReceiptHash != nil {
		v.Proof = x.proved(b, leaf, v.Hash, s.Proof)
	}
	return v, nil
}

func (x *Explorer) proved(b *batch, leaf uint64, hash posp.Hash, siblings []posp.Hash) *proofView {
	return &proofView{siblings, merkle.Verify(b.Root, hash, leaf, b.LeafCount, siblings) == nil}
}

// found is what a search came to: a view of the page and what it is about.
type found struct {
	Matches []match `json:"matches"`
}

type match struct {
	Kind string `json:"kind"` // epoch, provider, operator, batch, sample, receipt, dispute, demand or charge
	View string `json:"view"` // of the page, after #/
}

// search says what an epoch, an address or a hash is the name of.
func (x *Explorer) search(_ context.Context, r request) (any, error) {
	v := found{Matches: []match{}}
	add := func(ok bool, kind, view string) {
		if ok {
			v.Matches = append(v.Matches, match{kind, view})
		}
	}
	text := strings.ToLower(strings.TrimSpace(r.text))
	b, err := hexutil.Decode(text)
	switch {
	case err == nil && len(b) == len(posp.Address{}):
		a := posp.Address(b)
		add(x.index.providers[a] != nil, "provider", "provider/"+text)
		member := x.index.standings[subject{a, posp.Hash{}}] != nil
		if t := x.newestTable(); t != nil {
			member = member || slices.ContainsFunc(t.Members, func(m posp.Member) bool { return m.Operator == a })
		}
		add(member, "operator", "operators")
	case err == nil && len(b) == len(posp.Hash{}):
		id := posp.Hash(b)
		_, isSample := x.findSample(id)
		_, isReceipt := x.found.receipts[id]
		isReceipt = isReceipt || x.index.lastAbout[id] != nil
		add(x.index.batches[id] != nil, "batch", "batch/"+text)
		add(isSample, "sample", "sample/"+text)
		add(isReceipt, "receipt", "receipt/"+text)
		add(x.index.disputes[id] != nil, "dispute", "dispute/"+text)
		add(x.index.demands[id] != nil, "demand", "demand/"+text)
		add(x.index.faults[id] != nil, "charge", "faults")
	default:
		n, err := strconv.ParseUint(text, 10, 63)
		if err != nil {
			return nil, posp.Invalidf("%q is no epoch (a number), no address (0x and 40 hexadecimal digits) and no hash (0x and 64)", shorten(r.text))
		}
		add(x.epochOf(n) == nil, "epoch", "epoch/"+text)
	}
	return v, nil
}

// faultRow is a charge.
type faultRow struct {
	ID           posp.Hash    `json:"id"`
	Kind         string       `json:"kind"`
	Role         string       `json:"role"` // of the subject: provider or operator
	Subject      posp.Address `json:"subject"`
	Epoch        uint64       `json:"epoch"`
	BatchID      *posp.Hash   `json:"batchId"`
	SampleID     *posp.Hash   `json:"sampleId"`
	Model        *model       `json:"model"`
	Receipt      *posp.Hash   `json:"receipt"`  // that was left out
	Sequence     *uint64      `json:"sequence"` // of which two receipts were signed
	Reason       string       `json:"reason"`
	Status       string       `json:"status"` // open, cleared or executed
	Recorded     event        `json:"recorded"`
	ExecutableAt uint64       `json:"executableAt"`
	Holds        uint16       `json:"holds"`    // disputes that may still clear it
	Excess       *float64     `json:"excess"`   // nats that are left over the line, after disputes; null: the chain did not say
	Disputes     []posp.Hash  `json:"disputes"` // that it follows from, or that may clear it
	Slash        *slashView   `json:"slash"`
	Pot          *potView     `json:"pot"`
	History      []stageView  `json:"history"`
}

type slashView struct {
	event
	ID     string  `json:"id"`
	Share  float64 `json:"share"`  // of the subject's slashable stake
	Shares string  `json:"shares"` // base units
}

type potView struct {
	Shares    string  `json:"shares"`
	Collected *string `json:"collected"`
	Refunds   int     `json:"refunds"`
	Refunded  string  `json:"refunded"`
}

type stageView struct {
	event
	What   string  `json:"what"`
	Amount *string `json:"amount"` // base units of the staked token; null: it is not about money
}

// reason says what a kind of charge means.
func (x *Explorer) reason(f *fault) string {
	line := nats(x.cfg.Parameters.FaultLine)
	switch f.Kind {
	case posp.FaultStatistical:
		s := x.index.standings[subject{f.Subject, f.Ref}]
		v := 0.0
		if s != nil {
			for _, p := range s.points {
				if p.epoch == f.epoch {
					v = nats(p.value)
				}
			}
		}
		return fmt.Sprintf("its standing came to %.2f nats, over the line of %.2f: an honest provider crosses it once in %s samples at most", v, line, oneIn(line))
	case posp.FaultWithholding:
		return "it did not open a sample to the committee that was drawn for it"
	case posp.FaultOperatorEvidence:
		return fmt.Sprintf("its evidence is far from all others': its own standing crossed %.2f nats", line)
	case posp.FaultFailConfirmed:
		return "a dispute showed that its answer, which had been certified otherwise, fails"
	case posp.FaultSignedFalsehood:
		return "it signed a result that a dispute overturned, on evidence that it could check"
	case posp.FaultEquivocation:
		return "it signed two receipts of one sequence"
	case posp.FaultOmission:
		return "a receipt that it signed does not stand in its batches where its sequence says"
	}
	return "a kind of charge that this explorer does not know"
}

// oneIn shows 1/alpha of a line in nats, to two digits.
func oneIn(line float64) string {
	alpha := math.Exp(line)
	digits := int(math.Log10(alpha))
	unit := math.Pow10(max(0, digits-1))
	s := fmt.Sprintf("%.0f", math.Round(alpha/unit)*unit)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func (x *Explorer) faultRow(f *fault) faultRow {
	row := faultRow{ID: f.id, Kind: f.Kind.String(), Role: "provider", Subject: f.Subject, Epoch: f.epoch, Reason: x.reason(f), Status: f.status, Recorded: f.event,
		ExecutableAt: f.executableAt, Holds: f.holds, Disputes: []posp.Hash{}, History: []stageView{}}
	if f.Kind.OfOperator() {
		row.Role = "operator"
	}
	if f.BatchID != (posp.Hash{}) {
		row.BatchID = &f.BatchID
	}
	switch f.Kind {
	case posp.FaultStatistical:
		m := x.model(f.Ref)
		row.Model = &m
	case posp.FaultWithholding, posp.FaultFailConfirmed, posp.FaultSignedFalsehood:
		row.SampleID = &f.Ref
	case posp.FaultEquivocation:
		n := new(big.Int).SetBytes(f.Ref[:]).Uint64()
		row.Sequence = &n
	case posp.FaultOmission:
		row.Receipt = &f.Ref
	}
	if f.excess != nil {
		left := nats(*f.excess)
		row.Excess = &left
	}
	for _, d := range x.index.disputesOf(f) {
		row.Disputes = append(row.Disputes, d.id)
	}
	if s := f.slash; s != nil {
		row.Slash = &slashView{s.event, s.id.String(), share(s.wad, big.NewInt(chain.Wad)), s.shares.String()}
	}
	if p := f.pot; p != nil {
		row.Pot = &potView{Shares: p.shares.String(), Refunds: p.refunds, Refunded: p.refunded.String()}
		if p.collected != nil {
			s := p.collected.String()
			row.Pot.Collected = &s
		}
	}
	for _, h := range f.history {
		s := stageView{event: h.event, What: h.what}
		if h.amount != nil {
			n := h.amount.String()
			s.Amount = &n
		}
		row.History = append(row.History, s)
	}
	return row
}

func (x *Explorer) faults(_ context.Context, r request) (any, error) {
	return cut(x.index.faultOrder, r.window, x.faultRow), nil
}

type parametersView struct {
	ChainID   uint64              `json:"chainId"`
	Contracts chain.Addresses     `json:"contracts"`
	Models    []model             `json:"models"`
	Schedule  posp.Schedule       `json:"schedule"`
	Committee uint32              `json:"committee"`
	QuorumPpm uint32              `json:"quorumPpm"`
	Line      float64             `json:"faultLine"` // nats
	Alpha     float64             `json:"alpha"`     // exp(-line)
	Rates     chain.Rates         `json:"rates"`
	Penalties chain.Penalties     `json:"penalties"`
	Disputes  *posp.DisputeStakes `json:"disputes"`  // null: verdicts cannot be contested
	Economics *economicsView      `json:"economics"` // null: the network file does not say what the rate rests on
}

type economicsView struct {
	Terms        econ.Terms       `json:"terms"`
	Inequalities []inequalityView `json:"inequalities"`
	RateNeeded   *float64         `json:"rateNeeded"`  // from which cheating once does not pay; null: none
	StakeNeeded  *float64         `json:"stakeNeeded"` // from which cheating until caught does not; null: none
}

type inequalityView struct {
	Name       string   `json:"name"`
	More       *float64 `json:"more"` // null: beyond all bounds
	Less       *float64 `json:"less"`
	Holds      bool     `json:"holds"`
	WithMargin bool     `json:"withMargin"` // of a tenth, as the contract asks
}

func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}

func (x *Explorer) parameters(ctx context.Context, _ request) (any, error) {
	p := x.cfg.Parameters
	v := parametersView{ChainID: x.cfg.Domain.ChainID, Contracts: x.cfg.Contracts, Models: []model{}, Schedule: p.Schedule, Committee: p.Committee, QuorumPpm: p.QuorumPpm,
		Line: nats(p.FaultLine), Alpha: math.Exp(-nats(p.FaultLine))}
	for _, m := range x.cfg.Models {
		v.Models = append(v.Models, x.model(m.Spec.ID()))
	}
	var receipts, batches float64
	for _, b := range x.index.batchOrder {
		receipts, batches = receipts+float64(b.LeafCount), batches+1
	}
	var fixed constants
	if err := x.unlocked(func() (err error) {
		fixed, err = x.fixed(ctx)
		return err
	}); err != nil {
		return nil, err
	}
	v.Rates, v.Penalties, v.Disputes = fixed.rates, fixed.penalties, fixed.disputes
	if x.cfg.Economics == nil {
		return v, nil
	}
	t := *x.cfg.Economics
	t.Rate, t.Validators = float64(v.Rates.RatePpm)/1e6, int(p.Committee)
	if t.Stake == 0 && v.Penalties.StatisticalWad > 0 { // a fault costs this share of the stake
		t.Stake = t.Slash / (float64(v.Penalties.StatisticalWad) / chain.Wad)
	}
	if t.JobRate == 0 && t.Latency == 0 && batches > 0 { // jobs of a provider in an epoch, and epochs until the last certificate of one
		t.JobRate = receipts / batches
		t.Latency = float64(p.Schedule.CertifyDeadline(0)-p.Schedule.Start(0)) / float64(p.Schedule.EpochBlocks)
	}
	w := &economicsView{Terms: t, Inequalities: []inequalityView{}, StakeNeeded: finite(t.StakeNeeded())}
	if n := t.RateNeeded(); n <= 1 {
		w.RateNeeded = &n
	}
	for _, i := range t.Inequalities() {
		w.Inequalities = append(w.Inequalities, inequalityView{i.Name, finite(i.More), finite(i.Less), i.Holds(0), i.Holds(contractMargin)})
	}
	v.Economics = w
	return v, nil
}

// contractMargin is by how much EconomicsLib wants its inequalities kept.
const contractMargin = 0.1

// constants are what a deployment fixed.
type constants struct {
	rates     chain.Rates
	penalties chain.Penalties
	disputes  *posp.DisputeStakes
	token     chain.Token
}

// fixed reads what a deployment fixed, once.
func (x *Explorer) fixed(ctx context.Context) (c constants, err error) {
	x.mu.RLock()
	known := x.constants
	x.mu.RUnlock()
	if known != nil {
		return *known, nil
	}
	if c.rates, err = x.chain.Rates(ctx); err != nil {
		return c, err
	}
	if c.penalties, err = x.chain.Penalties(ctx); err != nil {
		return c, err
	}
	if c.token, err = x.chain.Token(ctx); err != nil {
		return c, err
	}
	stakes, ok, err := x.chain.DisputeStakes(ctx)
	if err != nil {
		return c, err
	}
	if ok {
		c.disputes = &stakes
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.constants = &c
	return c, nil
}
