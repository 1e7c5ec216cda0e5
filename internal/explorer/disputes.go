package explorer

import (
	"context"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// dispute is a contest of one certified verdict: an assertion, and the games of
// those who challenged it. contracts/src/Dispute.sol says what each move is.
type dispute struct {
	event
	number      int
	id          posp.Hash
	contract    posp.Address // the game's: bonds are withdrawn from it
	private     bool
	asserter    posp.Address
	subject     contracts.Subject
	graph       *reference.Graph // of the trace; nil: not one of the program that is known here
	traceRoot   posp.Hash
	charge      posp.Hash
	promptLen   uint64
	outputLen   uint64
	closesAt    uint64
	status      posp.AssertionStatus
	concludedAt *event
	games       []*game
	moves       []move
}

// game is one challenger's.
type game struct {
	challenger posp.Address
	turn       posp.Turn
	deadline   uint64 // the last block of the turn; 0: over
	result     result
	over       *event
	question   question
}

// result is what became of a game.
type result uint8

const (
	underWay result = iota
	held            // the assertion held: its asserter has the challenger's bond
	refuted         // the challenger was the first to win: it has both bonds
	moot            // the assertion fell in another game: the challenger has its own bond back
)

var resultNames = [...]string{"under way", "held", "refuted", "moot"}

func (r result) String() string { return resultNames[r] }

// question is what a game is about after a move: a node of the trace's tree or,
// once there is a row, of the tree over its blocks, or one element of a block.
type question struct {
	level   uint8  // above rows, or above blocks
	row     uint64 // the node's number at its level above the rows; the row itself once there are blocks
	blocks  uint32 // of the row; 0: above the rows
	block   uint32 // the node's number at its level above the blocks
	element *uint8
}

// rows are the first and the last row in question.
func (q question) rows() (first, last uint64) {
	if q.blocks > 0 {
		return q.row, q.row
	}
	return q.row << q.level, (q.row+1)<<q.level - 1
}

// move is one event of a dispute.
type move struct {
	event
	move       string
	challenger posp.Address // of which game; zero: of the assertion
	by         string       // asserter, challenger or contract
	says       string
	due        uint64   // the last block in which it could be made; 0: any
	deadline   uint64   // of the next one; 0: none
	question   question // after it
}

// withdrawal is money that an account took out of a contract: a game, or OnDemand.
type withdrawal struct {
	event
	contract posp.Address
	amount   *big.Int
}

func (x *index) contested(e *contracts.DisputeGameContested, at event) {
	x.assertion(e.Id, e.Assertion, e.Subject, e.ClosesAt, e.Raw, at, false)
}

func (x *index) privatelyContested(e *contracts.PrivateDisputeGamePrivatelyContested, at event) {
	x.assertion(e.Id, e.Assertion, e.Subject, e.ClosesAt, e.Raw, at, true)
}

func (x *index) assertion(id posp.Hash, a contracts.Assertion, s contracts.Subject, closesAt *big.Int, raw *types.Log, at event, private bool) {
	d := &dispute{event: at, number: len(x.disputeOrder), id: id, contract: raw.Address, private: private, asserter: a.Asserter, subject: s, graph: graphOf(a.Program, s.Rule),
		traceRoot: a.TraceRoot, charge: a.Charge, promptLen: a.Program.PromptTokens.Uint64(), outputLen: a.Program.OutputTokens.Uint64(), closesAt: closesAt.Uint64(), status: posp.AssertionPending}
	d.moves = append(d.moves, move{event: at, move: "contest", by: "asserter", deadline: d.closesAt, question: d.whole(),
		says: fmt.Sprintf("%s is to become %s, by the reference program's evidence", posp.Verdict(s.Certified), posp.Verdict(s.Verdict))})
	x.disputes[id], x.disputeOrder = d, append(x.disputeOrder, d)
	x.contests[s.SampleId] = append(x.contests[s.SampleId], d)
	if b := x.batches[s.BatchId]; b != nil {
		b.disputes = append(b.disputes, d)
	}
}

// graphOf is the program of a trace, nil where the chain's word makes none.
func graphOf(p contracts.Program, rule uint8) *reference.Graph {
	small := func(v *big.Int) int {
		if !v.IsInt64() {
			return -1 // which no shape has
		}
		return int(v.Int64())
	}
	a := p.Arch
	g, err := reference.NewGraph(reference.Arch{Hidden: small(a.Hidden), Layers: small(a.Layers), Heads: small(a.Heads), KVHeads: small(a.KvHeads), HeadDim: small(a.HeadDim), FFN: small(a.Ffn),
		Vocab: small(a.Vocab), Biased: a.Biased, Normed: a.Normed, Tied: a.Tied, Eps: small(a.Eps)}, small(p.PromptTokens), small(p.OutputTokens), posp.SamplingRule(rule))
	if err != nil {
		return nil
	}
	return g
}

// whole is the question whether the trace is right anywhere.
func (d *dispute) whole() question {
	if d.graph == nil {
		return question{}
	}
	q := question{}
	for d.graph.Rows() > 1<<q.level {
		q.level++
	}
	return q
}

// moved notes a move of a challenger's game, and whose turn it then is. In
// question is what was, unless the move says otherwise.
func (x *index) moved(id posp.Hash, challenger posp.Address, at event, what, by, says string, next posp.Turn, deadline *big.Int, about func(*question)) (g *game) {
	d := x.disputes[id]
	if d == nil {
		return nil
	}
	i := slices.IndexFunc(d.games, func(g *game) bool { return g.challenger == challenger })
	if i < 0 {
		i, d.games = len(d.games), append(d.games, &game{challenger: challenger, deadline: d.closesAt - 1})
	}
	g = d.games[i]
	m := move{event: at, move: what, challenger: challenger, by: by, says: says, due: g.deadline}
	if deadline != nil {
		m.deadline = deadline.Uint64()
	}
	if about != nil {
		about(&g.question)
	}
	m.question = g.question
	d.moves = append(d.moves, m)
	g.turn, g.deadline = next, m.deadline
	return g
}

func (x *index) challenged(e *contracts.DisputeGameChallenged, at event) {
	x.moved(e.Id, e.Challenger, at, "challenge", "challenger", "the trace is wrong somewhere", posp.TurnReveal, e.Deadline, func(q *question) { *q = question{level: e.Level} })
}

func (x *index) revealed(e *contracts.DisputeGameRevealed, at event) {
	x.moved(e.Id, e.Challenger, at, "reveal", "asserter", fmt.Sprintf("shows the %d nodes below", len(e.Nodes)), posp.TurnPick, e.Deadline, nil)
}

func (x *index) picked(e *contracts.DisputeGamePicked, at event) {
	next := posp.TurnReveal
	if e.Level == 0 {
		next = posp.TurnShow
	}
	x.moved(e.Id, e.Challenger, at, "pick", "challenger", "the first that differs from its own run", next, e.Deadline, func(q *question) {
		*q = question{level: e.Level, row: e.Row, blocks: e.Blocks, block: e.BlockIndex}
	})
}

func (x *index) shown(e *contracts.DisputeGameShown, at event) {
	x.moved(e.Id, e.Challenger, at, "show", "asserter", fmt.Sprintf("shows the block, %d bytes", len(e.Data)), posp.TurnName, e.Deadline, nil)
}

func (x *index) named(e *contracts.DisputeGameNamed, at event) {
	x.moved(e.Id, e.Challenger, at, "name", "challenger", fmt.Sprintf("element %d of the block is wrong", e.Element), posp.TurnProve, e.Deadline, func(q *question) { q.element = &e.Element })
}

// gameOver says why too: the event does not, but whose turn it was, and until
// when, does.
func (x *index) gameOver(e *contracts.DisputeGameGameOver, at event) {
	d := x.disputes[e.Id]
	if d == nil {
		return
	}
	before, became := posp.TurnNone, held
	var due uint64
	if i := slices.IndexFunc(d.games, func(g *game) bool { return g.challenger == e.Challenger }); i >= 0 {
		before, due = d.games[i].turn, d.games[i].deadline
	}
	late := at.Block > due
	what, by := "game over", "contract"
	var says string
	switch {
	case e.Refuted && d.status == posp.AssertionFallen && d.concludedAt.Tx != at.Tx:
		became, says = moot, "the assertion had fallen in another game: the challenger has its bond back"
	case e.Refuted && late:
		became, says = refuted, fmt.Sprintf("the asserter was silent past block %d: the challenger wins", due)
	case e.Refuted:
		became, says = refuted, "what was picked lies beyond the trace and is not zero: the challenger wins"
	case before == posp.TurnProve:
		what, by, says = "prove", "asserter", "proves the element: the challenger loses"
	case late:
		says = fmt.Sprintf("the challenger was silent past block %d, and loses", due)
	default:
		says = "what was picked lies beyond the trace and is zero, as it must be: the challenger loses"
	}
	if g := x.moved(e.Id, e.Challenger, at, what, by, says, posp.TurnOver, nil, nil); g != nil {
		g.result, g.over = became, &at
	}
}

func (x *index) concluded(e *contracts.DisputeGameConcluded, at event) {
	d := x.disputes[e.Id]
	if d == nil {
		return
	}
	d.status, d.concludedAt = posp.AssertionStatus(e.Status), &at
	says := fmt.Sprintf("it fell: the certified %s stays", posp.Verdict(d.subject.Certified))
	if d.status == posp.AssertionStood {
		says = fmt.Sprintf("it stood: %s takes the place of %s", posp.Verdict(d.subject.Verdict), posp.Verdict(d.subject.Certified))
	}
	d.moves = append(d.moves, move{event: at, move: "conclude", by: "contract", says: says, question: d.whole()})
}

func (x *index) withdrawn(e *contracts.DisputeGameWithdrawn, at event) {
	x.withdrawals[e.Account] = append(x.withdrawals[e.Account], withdrawal{at, e.Raw.Address, e.Amount})
}

// next is the block in which something happens by itself if nobody moves: a turn
// is late, or nobody can challenge any more; 0: nothing does.
func (d *dispute) next() (block uint64) {
	for _, g := range d.games {
		if g.turn != posp.TurnOver && (block == 0 || g.deadline < block) {
			block = g.deadline
		}
	}
	if block == 0 && d.status == posp.AssertionPending {
		block = d.closesAt
	}
	return block
}

// disputeRow is a dispute in a list.
type disputeRow struct {
	ID        posp.Hash    `json:"id"`
	Epoch     uint64       `json:"epoch"`
	SampleID  posp.Hash    `json:"sampleId"`
	Provider  posp.Address `json:"provider"`
	Asserter  posp.Address `json:"asserter"`
	Certified string       `json:"certified"` // the verdict that is contested
	Asserted  string       `json:"asserted"`  // what is to take its place
	Status    string       `json:"status"`    // pending, stood or fallen
	Private   bool         `json:"private"`
	Games     int          `json:"games"`
	Moves     int          `json:"moves"`
	Next      uint64       `json:"next"`     // block of the nearest deadline, or from which nobody can challenge; 0: it is over
	ClosesAt  uint64       `json:"closesAt"` // block from which it cannot be challenged any more
	At        event        `json:"at"`
}

func (x *Explorer) disputeRow(d *dispute) disputeRow {
	return disputeRow{ID: d.id, Epoch: d.subject.Epoch, SampleID: d.subject.SampleId, Provider: d.subject.Provider, Asserter: d.asserter,
		Certified: posp.Verdict(d.subject.Certified).String(), Asserted: posp.Verdict(d.subject.Verdict).String(), Status: d.status.String(), Private: d.private,
		Games: len(d.games), Moves: len(d.moves), Next: d.next(), ClosesAt: d.closesAt, At: d.event}
}

// disputeRows are disputes in the order in which they came to be, newest first.
func (x *Explorer) disputeRows(list []*dispute) []disputeRow {
	rows := []disputeRow{}
	for _, d := range slices.SortedFunc(slices.Values(list), func(a, b *dispute) int { return b.number - a.number }) {
		if rows = append(rows, x.disputeRow(d)); len(rows) == maxPage {
			break
		}
	}
	return rows
}

func (x *Explorer) disputes(_ context.Context, r request) (any, error) {
	return cut(x.index.disputeOrder, r.window, x.disputeRow), nil
}

type disputeView struct {
	disputeRow
	BatchID       posp.Hash  `json:"batchId"`
	Model         model      `json:"model"`
	TraceRoot     posp.Hash  `json:"traceRoot"`
	Rows          *uint64    `json:"rows"`   // of the trace; null: of a program that is not known here
	Charge        *posp.Hash `json:"charge"` // that it stays; null: it accuses
	CertifiedLogE float64    `json:"certifiedLogE"`
	AssertedLogE  float64    `json:"assertedLogE"`
	AssertedClass string     `json:"assertedClass"`
	PromptTokens  uint64     `json:"promptTokens"` // how many; the text is not shown
	OutputTokens  uint64     `json:"outputTokens"`
	Concluded     *event     `json:"concluded"`
	Effect        string     `json:"effect"` // what became of the verdict, or will
	GameList      []gameView `json:"gameList"`
	MoveList      []moveView `json:"moveList"`
	Bonds         []bondView `json:"bonds"`
	Charges       []faultRow `json:"charges"` // that rest on it, or that it may clear
}

type gameView struct {
	Challenger posp.Address  `json:"challenger"`
	Turn       string        `json:"turn"`
	Waits      string        `json:"waits"`    // for whom: asserter, challenger or nobody
	Deadline   uint64        `json:"deadline"` // the last block of the turn; 0: over
	Outcome    string        `json:"outcome"`  // under way, held, refuted or moot
	Question   *questionView `json:"question"` // that is in question; null: not known here
}

type moveView struct {
	At         event         `json:"at"`
	Move       string        `json:"move"`
	By         string        `json:"by"`         // asserter, challenger or contract
	Challenger *posp.Address `json:"challenger"` // of which game; null: of the assertion
	Sender     *posp.Address `json:"sender"`     // of the transaction; null: not read yet
	GasUsed    *uint64       `json:"gasUsed"`    // by the transaction; null: likewise
	Says       string        `json:"says"`
	Due        uint64        `json:"due"`      // the last block in which it could be made; 0: any
	Deadline   uint64        `json:"deadline"` // of the next move; 0: none
	Question   *questionView `json:"question"` // that is left after it; null: not known here
}

// questionView is what is in question: rows of the trace, then blocks of one
// row, then one element of a block.
type questionView struct {
	First   uint64     `json:"first"` // row
	Last    uint64     `json:"last"`
	FirstIs string     `json:"firstIs"` // what the row holds, in words
	LastIs  string     `json:"lastIs"`
	Blocks  *blockView `json:"blocks"` // null: not within a row yet
	Element *uint8     `json:"element"`
}

type blockView struct {
	First uint64 `json:"first"`
	Last  uint64 `json:"last"`
	Of    uint32 `json:"of"`
}

func (d *dispute) questionView(q question) *questionView {
	if d.graph == nil {
		return nil
	}
	v := &questionView{Element: q.element}
	v.First, v.Last = q.rows()
	if end := d.graph.Rows() - 1; v.First <= end { // else it is padding, all of it
		v.Last = min(v.Last, end)
	}
	v.FirstIs, v.LastIs = d.graph.Locate(v.First).String(), d.graph.Locate(v.Last).String()
	if q.blocks > 0 {
		b := blockView{First: uint64(q.block) << q.level, Last: (uint64(q.block)+1)<<q.level - 1, Of: q.blocks}
		b.Last = max(b.First, min(b.Last, uint64(q.blocks)-1))
		v.Blocks = &b
	}
	return v
}

// bondView is what one party put in, and what came back.
type bondView struct {
	Account   posp.Address `json:"account"`
	Role      string       `json:"role"`      // asserter or challenger
	State     string       `json:"state"`     // held, returned, won or lost
	Paid      *string      `json:"paid"`      // wei; null: not read yet
	Back      *string      `json:"back"`      // wei that it is owed or was paid; null: likewise
	Withdrawn *event       `json:"withdrawn"` // the first withdrawal after it was owed something; null: none yet
}

func (x *Explorer) bonds(d *dispute) []bondView {
	list := []bondView{}
	add := func(account posp.Address, role, state string, back int64, owed *event) {
		v := bondView{Account: account, Role: role, State: state}
		if c := x.constants; c != nil && c.disputes != nil {
			bond := c.disputes.Bond.ToBig()
			paid, got := bond.String(), new(big.Int).Mul(bond, big.NewInt(back)).String()
			v.Paid, v.Back = &paid, &got
		}
		if owed != nil {
			for _, w := range x.index.withdrawals[account] {
				if w.contract == d.contract && w.Block >= owed.Block {
					v.Withdrawn = &w.event
					break
				}
			}
		}
		list = append(list, v)
	}
	var lost int64 // by challengers, to the asserter
	var owed *event
	for _, g := range d.games {
		if g.result == held {
			lost++
			if owed == nil {
				owed = g.over
			}
		}
	}
	switch d.status {
	case posp.AssertionStood:
		state := "returned"
		if lost > 0 {
			state = "won"
		}
		add(d.asserter, "asserter", state, 1+lost, d.concludedAt)
	case posp.AssertionFallen:
		add(d.asserter, "asserter", "lost", lost, owed)
	default:
		add(d.asserter, "asserter", "held", lost, owed)
	}
	for _, g := range d.games {
		switch g.result {
		case held:
			add(g.challenger, "challenger", "lost", 0, nil)
		case refuted:
			add(g.challenger, "challenger", "won", 2, g.over)
		case moot:
			add(g.challenger, "challenger", "returned", 1, g.over)
		default:
			add(g.challenger, "challenger", "held", 0, nil)
		}
	}
	return list
}

// effect is what a dispute did to the verdict, or will do.
func (d *dispute) effect() string {
	accuses := posp.Verdict(d.subject.Verdict) == posp.Fail
	less := max(0, nats(d.subject.CertifiedLogE)-nats(d.subject.LogE))
	switch {
	case d.status == posp.AssertionFallen:
		return fmt.Sprintf("the certified %s stays, as if nobody had contested it", posp.Verdict(d.subject.Certified))
	case d.status == posp.AssertionStood && accuses:
		return fmt.Sprintf("the certified %s is overturned: the answer fails, and its provider is charged for it", posp.Verdict(d.subject.Certified))
	case d.status == posp.AssertionStood:
		return fmt.Sprintf("the certified %s is overturned: %.2f nats come off the standing that the provider's charge rests on", posp.Verdict(d.subject.Certified), less)
	case accuses:
		return fmt.Sprintf("if it stands, the certified %s is overturned and the provider is charged", posp.Verdict(d.subject.Certified))
	}
	return fmt.Sprintf("if it stands, the certified %s is overturned and %.2f nats come off the standing that the provider's charge rests on", posp.Verdict(d.subject.Certified), less)
}

// disputesOf are those that a charge follows from, or may fall by.
func (x *index) disputesOf(f *fault) (list []*dispute) {
	candidates := x.contests[f.Ref]
	if b := x.batches[f.BatchID]; b != nil && f.Kind == posp.FaultStatistical {
		candidates = b.disputes
	}
	for _, d := range candidates {
		if d.rests(f) {
			list = append(list, d)
		}
	}
	return list
}

// rests says whether a charge follows from a dispute, or falls by it.
func (d *dispute) rests(f *fault) bool {
	switch f.Kind {
	case posp.FaultFailConfirmed, posp.FaultSignedFalsehood:
		return f.Ref == posp.Hash(d.subject.SampleId) && d.status == posp.AssertionStood
	}
	return d.charge != (posp.Hash{}) && f.id == d.charge
}

func (x *Explorer) dispute(_ context.Context, r request) (any, error) {
	d := x.index.disputes[r.hash]
	if d == nil {
		return nil, missing("%s is no dispute of epochs %d and later", r.hash, x.floor)
	}
	s := d.subject
	v := disputeView{disputeRow: x.disputeRow(d), BatchID: s.BatchId, Model: x.model(s.SpecId), TraceRoot: d.traceRoot, CertifiedLogE: nats(s.CertifiedLogE),
		AssertedLogE: nats(s.LogE), AssertedClass: posp.Class(s.Class).String(), PromptTokens: d.promptLen, OutputTokens: d.outputLen, Concluded: d.concludedAt, Effect: d.effect(),
		GameList: []gameView{}, MoveList: []moveView{}, Bonds: x.bonds(d), Charges: []faultRow{}}
	if d.graph != nil {
		n := d.graph.Rows()
		v.Rows = &n
	}
	if d.charge != (posp.Hash{}) {
		v.Charge = &d.charge
	}
	for _, g := range d.games {
		w := gameView{Challenger: g.challenger, Turn: g.turn.String(), Waits: "asserter", Deadline: g.deadline, Outcome: g.result.String(), Question: d.questionView(g.question)}
		switch {
		case g.turn == posp.TurnOver:
			w.Waits = "nobody"
		case g.turn.Challenger():
			w.Waits = "challenger"
		}
		v.GameList = append(v.GameList, w)
	}
	for _, m := range d.moves {
		w := moveView{At: m.event, Move: m.move, By: m.by, Says: m.says, Due: m.due, Deadline: m.deadline, Question: d.questionView(m.question)}
		if m.challenger != (posp.Address{}) {
			w.Challenger = &m.challenger
		}
		if t := x.found.transactions[m.Tx]; t != nil {
			w.Sender, w.GasUsed = &t.Sender, &t.GasUsed
		}
		v.MoveList = append(v.MoveList, w)
	}
	for _, f := range x.index.faultOrder {
		if d.rests(f) {
			v.Charges = append(v.Charges, x.faultRow(f))
		}
	}
	return v, nil
}
