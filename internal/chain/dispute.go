package chain

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

var (
	disputeGame  = contracts.NewDisputeGame()
	signerFaults = contracts.NewSignerFaults()
	verdictRule  = contracts.NewVerdictRule()
)

// settledDepth is how many blocks may be reorganised: events younger than that are read again.
const settledDepth = 64

// Disputes reads and writes the DisputeGame of a deployment. What it knows of assertions it read from the chain, from the
// deployment's first epoch on, and reads again after a restart. It is safe for concurrent use.
type Disputes struct {
	*Protocol

	mu    sync.Mutex
	known map[posp.Hash]*dispute
	order []posp.Hash
	next  uint64 // the block from which events are not read yet
}

// dispute is an assertion as its event has it, and how it stood last.
type dispute struct {
	posp.Assertion
	call    contracts.Assertion // as moves name it
	subject contracts.Subject
	program []byte // evidence that is asserted to be the program's
	block   uint64 // of the event
	over    bool   // nothing changes any more
}

// NewDisputes needs a deployment that has a DisputeGame.
func NewDisputes(p *Protocol) (*Disputes, error) {
	if p.at.DisputeGame == (posp.Address{}) {
		return nil, fmt.Errorf("the network file names no contracts.disputeGame: verdicts of this deployment cannot be contested")
	}
	return &Disputes{Protocol: p, known: map[posp.Hash]*dispute{}}, nil
}

// DisputeStakes is what contests take.
func (d *Disputes) DisputeStakes(ctx context.Context) (posp.DisputeStakes, error) {
	data, err := disputeGame.TryPackStakes()
	s, err := view(ctx, d.Protocol, d.at.DisputeGame, "stakes of disputes", data, err, disputeGame.UnpackStakes)
	if err != nil {
		return posp.DisputeStakes{}, err
	}
	return posp.DisputeStakes{Bond: uint256.MustFromBig(s.Bond), ChallengeBlocks: s.ChallengeBlocks, MoveBlocks: s.MoveBlocks}, nil
}

// Owed is what an account may withdraw, in wei.
func (d *Disputes) Owed(ctx context.Context, account posp.Address) (*uint256.Int, error) {
	data, err := disputeGame.TryPackBalanceOf(account)
	x, err := view(ctx, d.Protocol, d.at.DisputeGame, "balance in disputes", data, err, disputeGame.UnpackBalanceOf)
	if err != nil {
		return nil, err
	}
	return uint256.MustFromBig(x), nil
}

// SampleRoot is the root over an epoch's lines, as it is certified.
func (d *Disputes) SampleRoot(ctx context.Context, epoch uint64) (posp.Hash, error) {
	data, err := attestation.TryPackEpochStatus(epoch)
	v, err := view(ctx, d.Protocol, d.at.AttestationRegistry, "epoch status", data, err, attestation.UnpackEpochStatus)
	return v.Kept.SampleRoot, err
}

// PublishPolicy publishes a policy in its canonical encoding, unless somebody did.
func (d *Disputes) PublishPolicy(ctx context.Context, id posp.Hash, encoding []byte) error {
	data, err := verdictRule.TryPackPublished(id)
	published, err := view(ctx, d.Protocol, d.at.VerdictRule, "published policy", data, err, verdictRule.UnpackPublished)
	if err != nil || published {
		return err
	}
	data, err = verdictRule.TryPackPublish(encoding)
	_, err = d.send(ctx, d.at.VerdictRule, "publish policy", data, err)
	return err
}

// Assertions are all that were ever made, oldest first.
func (d *Disputes) Assertions(ctx context.Context) ([]posp.Assertion, error) {
	head, err := d.Block(ctx)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.read(ctx, head); err != nil {
		return nil, err
	}
	var all []posp.Assertion
	for _, id := range d.order {
		x := d.known[id]
		if !x.over {
			data, err := disputeGame.TryPackAssertion(id)
			s, err := viewAt(ctx, d.Protocol, new(big.Int).SetUint64(head), d.at.DisputeGame, "assertion", data, err, disputeGame.UnpackAssertion)
			if err != nil {
				return nil, err
			}
			x.Status, x.Games, x.ClosesAt = posp.AssertionStatus(s.Status), s.Games, s.ClosesAt
			// Only what is old enough stays as it is.
			x.over = x.Status > posp.AssertionPending && x.Games == 0 && head > x.ClosesAt+settledDepth
		}
		if x.Status != posp.AssertionNone { // or a reorganisation took it away
			all = append(all, x.Assertion)
		}
	}
	return all, nil
}

// read reads the assertions' events up to head.
func (d *Disputes) read(ctx context.Context, head uint64) error {
	params, err := d.Parameters(ctx)
	if err != nil {
		return err
	}
	from := max(d.next, params.Schedule.Genesis)
	if d.next > settledDepth {
		from = max(d.next-settledDepth, params.Schedule.Genesis)
	}
	logs, err := d.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{d.at.DisputeGame},
		Topics: [][]posp.Hash{{topic(disputeGame.GetABI(), contracts.DisputeGameContestedEventName)}}}, from, head)
	if err != nil {
		return fmt.Errorf("read assertions: %w", err)
	}
	for i := range logs {
		e, err := disputeGame.UnpackContestedEvent(&logs[i])
		if err != nil {
			return fmt.Errorf("read assertions: %w", err)
		}
		if d.known[e.Id] == nil {
			d.order = append(d.order, e.Id)
		}
		s := e.Subject
		d.known[e.Id] = &dispute{call: e.Assertion, subject: s, program: e.Recomputed, block: logs[i].BlockNumber, Assertion: posp.Assertion{ID: e.Id, Asserter: e.Asserter,
			TraceRoot: e.Assertion.TraceRoot, SampleID: s.SampleId, SpecID: s.SpecId, Provider: s.Provider, Epoch: s.Epoch, Rule: posp.SamplingRule(s.Rule),
			Certified: posp.Verdict(s.Certified), Verdict: posp.Verdict(s.Verdict), Prompt: tokens(e.Prompt), Output: tokens(e.Output)}}
	}
	d.next = head + 1
	return nil
}

// of is an assertion by its id.
func (d *Disputes) of(ctx context.Context, id posp.Hash) (*dispute, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if x := d.known[id]; x != nil {
		return x, nil
	}
	head, err := d.Block(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.read(ctx, head); err != nil {
		return nil, err
	}
	if x := d.known[id]; x != nil {
		return x, nil
	}
	return nil, fmt.Errorf("%s is no assertion of this deployment", id)
}

// Games are the games against an assertion, in the order in which they began, as of one block.
func (d *Disputes) Games(ctx context.Context, id posp.Hash) ([]posp.Game, error) {
	x, err := d.of(ctx, id)
	if err != nil {
		return nil, err
	}
	head, err := d.Block(ctx)
	if err != nil {
		return nil, err
	}
	abi := disputeGame.GetABI()
	challenged, revealed, shown := topic(abi, contracts.DisputeGameChallengedEventName), topic(abi, contracts.DisputeGameRevealedEventName), topic(abi, contracts.DisputeGameShownEventName)
	logs, err := d.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{d.at.DisputeGame}, Topics: [][]posp.Hash{{challenged, revealed, shown}, {id}}}, x.block, head)
	if err != nil {
		return nil, fmt.Errorf("read games of %s: %w", id, err)
	}
	var games []posp.Game
	game := func(challenger posp.Address) (*posp.Game, error) {
		for i := range games {
			if games[i].Challenger == challenger {
				return &games[i], nil
			}
		}
		return nil, fmt.Errorf("the node does not have the event with which the game of %s began", challenger)
	}
	for i := range logs {
		var err error
		switch logs[i].Topics[0] {
		case challenged:
			var e *contracts.DisputeGameChallenged
			if e, err = disputeGame.UnpackChallengedEvent(&logs[i]); err == nil {
				games = append(games, posp.Game{Challenger: e.Challenger}) // before all others of its game
			}
		case revealed:
			var e *contracts.DisputeGameRevealed
			var g *posp.Game
			if e, err = disputeGame.UnpackRevealedEvent(&logs[i]); err == nil {
				g, err = game(e.Challenger)
			}
			if err == nil {
				g.Nodes = nil
				for _, n := range e.Nodes {
					g.Nodes = append(g.Nodes, n)
				}
			}
		default:
			var e *contracts.DisputeGameShown
			var g *posp.Game
			if e, err = disputeGame.UnpackShownEvent(&logs[i]); err == nil {
				g, err = game(e.Challenger)
			}
			if err == nil {
				g.Data = e.Data
			}
		}
		if err != nil {
			return nil, fmt.Errorf("read games of %s: %w", id, err)
		}
	}
	for i := range games {
		g := &games[i]
		data, err := disputeGame.TryPackGame(id, g.Challenger)
		s, err := viewAt(ctx, d.Protocol, new(big.Int).SetUint64(head), d.at.DisputeGame, "game", data, err, disputeGame.UnpackGame)
		if err != nil {
			return nil, err
		}
		g.Turn, g.Deadline, g.Node, g.Row, g.Block, g.Blocks, g.Level, g.Element = posp.Turn(s.Turn), s.Deadline, s.Node, s.Row, s.BlockIndex, s.Blocks, s.Level, s.Element
		if g.Turn != posp.TurnPick { // of rounds before
			g.Nodes = nil
		}
	}
	return games, nil
}

// DisputeContest is everything that a contest takes.
type DisputeContest struct {
	J           uint64 // of the sample in its batch
	Opening     posp.Opening
	Evidence    posp.EvidencePart // the provider's
	Sample      posp.SampleResult // the line of the certified result, where it stands, and its proof
	SampleIndex uint64
	SampleProof []posp.Hash
	Spec        posp.ModelSpec
	Arch        contracts.Arch
	Recomputed  posp.Evidence // the reference program's
	Ends        []posp.Hash   // of its trace: siblings of the first two and the last two rows
}

// Contest asserts what the reference program's evidence is, and pays the bond.
func (d *Disputes) Contest(ctx context.Context, c DisputeContest) error {
	o := c.Opening
	r, q := o.Receipt.Receipt, o.Request.Sampling
	data, err := disputeGame.TryPackContest(contracts.Contest{
		J: c.J,
		Receipt: contracts.Receipt{Provider: r.Provider, Epoch: r.Epoch, Sequence: r.Sequence, SpecId: r.SpecID, RequestHash: r.RequestHash, OutputHash: r.OutputHash,
			EvidenceHash: r.EvidenceHash, PromptTokens: r.PromptTokens, OutputTokens: r.OutputTokens, ClientNonce: r.ClientNonce, Time: r.Time},
		ReceiptProof: bytes32s(o.Proof),
		Request: contracts.RequestPart{Tokens: packTokens(o.Request.Tokens), Rule: uint8(q.Rule), TemperatureMicro: q.TemperatureMicro, TopPMicro: q.TopPMicro,
			Seed: q.Seed, MaxTokens: q.MaxTokens, Salt: o.Request.Salt},
		Output:   contracts.OutputPart{Tokens: packTokens(o.Output.Tokens), Finish: uint8(o.Output.Finish), Salt: o.Output.Salt},
		Evidence: contracts.EvidencePart{Evidence: c.Evidence.Evidence.Encode(), Salt: c.Evidence.Salt},
		Sample: contracts.SampleResult{SampleId: c.Sample.SampleID, Verdict: uint8(c.Sample.Verdict), Class: uint8(c.Sample.Class), LogE: c.Sample.LogE,
			Evidence: c.Sample.Evidence},
		SampleIndex: c.SampleIndex, SampleProof: bytes32s(c.SampleProof),
		Spec: specABI(c.Spec),
		Arch: c.Arch, Recomputed: c.Recomputed.Encode(), Ends: bytes32s(c.Ends),
	})
	return d.bonded(ctx, "contest", data, err)
}

// bonded sends a call with the bond.
func (d *Disputes) bonded(ctx context.Context, what string, data []byte, packed error) error {
	if packed != nil {
		return fmt.Errorf("%s: %w", what, packed)
	}
	if d.sender == nil {
		return fmt.Errorf("%s: opened for reading only", what)
	}
	s, err := d.DisputeStakes(ctx)
	if err != nil {
		return err
	}
	if _, err := d.sender.Send(ctx, Call{To: &d.at.DisputeGame, Data: data, Value: s.Bond.ToBig()}); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// move sends a call without money.
func (d *Disputes) move(ctx context.Context, what string, data []byte, packed error) error {
	_, err := d.send(ctx, d.at.DisputeGame, what, data, packed)
	return err
}

// Challenge opens a game against an assertion, and pays the bond.
func (d *Disputes) Challenge(ctx context.Context, id posp.Hash) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackChallenge(x.call)
	return d.bonded(ctx, "challenge", data, err)
}

// Reveal is the asserter's move: the nodes below the game's.
func (d *Disputes) Reveal(ctx context.Context, id posp.Hash, challenger posp.Address, nodes []posp.Hash) error {
	data, err := disputeGame.TryPackReveal(id, challenger, bytes32s(nodes))
	return d.move(ctx, "reveal nodes", data, err)
}

// Pick is the challenger's: the child that differs. With row, it stands where a tree has its leaves.
func (d *Disputes) Pick(ctx context.Context, id posp.Hash, index int, child posp.Hash, siblings []posp.Hash, row bool) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackPick(id, big.NewInt(int64(index)), child, bytes32s(siblings))
	if row {
		data, err = disputeGame.TryPackPickRow(x.call, big.NewInt(int64(index)), child, bytes32s(siblings))
	}
	return d.move(ctx, "pick node", data, err)
}

// Show is the asserter's: the block's elements.
func (d *Disputes) Show(ctx context.Context, id posp.Hash, challenger posp.Address, block []byte) error {
	data, err := disputeGame.TryPackShow(id, challenger, block)
	return d.move(ctx, "show block", data, err)
}

// Name is the challenger's: the element that is wrong.
func (d *Disputes) Name(ctx context.Context, id posp.Hash, element uint8) error {
	data, err := disputeGame.TryPackName(id, element)
	return d.move(ctx, "name element", data, err)
}

// Prove is the asserter's last: the element is right.
func (d *Disputes) Prove(ctx context.Context, id posp.Hash, challenger posp.Address, proof []byte) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackProve(x.call, challenger, proof)
	return d.move(ctx, "prove element", data, err)
}

// Settle ends a game whose turn is late, or that is moot.
func (d *Disputes) Settle(ctx context.Context, id posp.Hash, challenger posp.Address) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackSettle(x.call, challenger)
	return d.move(ctx, "settle game", data, err)
}

// Conclude ends an assertion that nobody refuted.
func (d *Disputes) Conclude(ctx context.Context, id posp.Hash) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackConclude(x.call, x.subject)
	return d.move(ctx, "conclude assertion", data, err)
}

// Withdraw takes what the sender is owed.
func (d *Disputes) Withdraw(ctx context.Context) error {
	data, err := disputeGame.TryPackWithdraw()
	return d.move(ctx, "withdraw from disputes", data, err)
}

func bytes32s(hashes []posp.Hash) [][32]byte {
	out := make([][32]byte, len(hashes))
	for i, h := range hashes {
		out[i] = h
	}
	return out
}

func packTokens(ids []uint32) []byte {
	b := make([]byte, 0, 4*len(ids))
	for _, id := range ids {
		b = binary.BigEndian.AppendUint32(b, id)
	}
	return b
}

func tokens(b []byte) []uint32 {
	ids := make([]uint32, len(b)/4)
	for i := range ids {
		ids[i] = binary.BigEndian.Uint32(b[4*i:])
	}
	return ids
}
