package chain

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"sync"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

var (
	disputeGame        = contracts.NewDisputeGame() // what the two games have in common goes by it
	privateDisputeGame = contracts.NewPrivateDisputeGame()
	signerFaults       = contracts.NewSignerFaults()
	verdictRule        = contracts.NewVerdictRule()
)

// settledDepth is how many blocks may be reorganised: events younger than that are read again.
const settledDepth = 64

// Disputes reads and writes the DisputeGame and the PrivateDisputeGame of a deployment, as one. What it knows of assertions it read from the chain, from the
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
	game    posp.Address        // the contract
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

// games are the contracts: that of private specs only where the deployment has it.
func (d *Disputes) games() []posp.Address {
	if d.at.PrivateDisputeGame == (posp.Address{}) {
		return []posp.Address{d.at.DisputeGame}
	}
	return []posp.Address{d.at.DisputeGame, d.at.PrivateDisputeGame}
}

// DisputeStakes is what contests under public specs take. Where there is a game for private ones, a deployment gives it the same.
func (d *Disputes) DisputeStakes(ctx context.Context) (posp.DisputeStakes, error) {
	return d.stakes(ctx, d.at.DisputeGame)
}

func (d *Disputes) stakes(ctx context.Context, game posp.Address) (posp.DisputeStakes, error) {
	data, err := disputeGame.TryPackStakes()
	s, err := view(ctx, d.Protocol, game, "stakes of disputes", data, err, disputeGame.UnpackStakes)
	if err != nil {
		return posp.DisputeStakes{}, err
	}
	return posp.DisputeStakes{Bond: uint256.MustFromBig(s.Bond), ChallengeBlocks: s.ChallengeBlocks, MoveBlocks: s.MoveBlocks}, nil
}

// Owed is what an account may withdraw, in wei.
func (d *Disputes) Owed(ctx context.Context, account posp.Address) (*uint256.Int, error) {
	sum := new(uint256.Int)
	for _, game := range d.games() {
		x, err := d.owed(ctx, game, account)
		if err != nil {
			return nil, err
		}
		sum.Add(sum, x)
	}
	return sum, nil
}

func (d *Disputes) owed(ctx context.Context, game, account posp.Address) (*uint256.Int, error) {
	data, err := disputeGame.TryPackBalanceOf(account)
	x, err := view(ctx, d.Protocol, game, "balance in disputes", data, err, disputeGame.UnpackBalanceOf)
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
			s, err := viewAt(ctx, d.Protocol, new(big.Int).SetUint64(head), x.game, "assertion", data, err, disputeGame.UnpackAssertion)
			if err != nil {
				return nil, err
			}
			x.Status, x.Games, x.ClosesAt = posp.AssertionStatus(s.Status), uint32(s.Games.Uint64()), uint64(s.ClosesAt) // games have 24 bits
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
	private := topic(privateDisputeGame.GetABI(), contracts.PrivateDisputeGamePrivatelyContestedEventName)
	logs, err := d.client.Logs(ctx, ethereum.FilterQuery{Addresses: d.games(),
		Topics: [][]posp.Hash{{topic(disputeGame.GetABI(), contracts.DisputeGameContestedEventName), private}}}, from, head)
	if err != nil {
		return fmt.Errorf("read assertions: %w", err)
	}
	for i := range logs {
		var x *dispute
		var err error
		if logs[i].Topics[0] == private {
			x, err = privatelyContested(&logs[i])
		} else {
			x, err = contested(&logs[i])
		}
		if err != nil {
			return fmt.Errorf("read assertions: %w", err)
		}
		if d.known[x.ID] == nil {
			d.order = append(d.order, x.ID)
		}
		d.known[x.ID] = x
	}
	d.next = head + 1
	return nil
}

// contested is an assertion under a public spec.
func contested(l *types.Log) (*dispute, error) {
	e, err := disputeGame.UnpackContestedEvent(l)
	if err != nil {
		return nil, err
	}
	x := asserted(l, e.Id, e.Assertion, e.Subject, e.Recomputed)
	x.Prompt, x.Output = tokens(e.Prompt), tokens(e.Output)
	return x, nil
}

// privatelyContested is one under a private spec.
func privatelyContested(l *types.Log) (*dispute, error) {
	e, err := privateDisputeGame.UnpackPrivatelyContestedEvent(l)
	if err != nil {
		return nil, err
	}
	x := asserted(l, e.Id, e.Assertion, e.Subject, e.Recomputed)
	p := e.Assertion.Program
	x.Hidden = &posp.HiddenText{Prompt: e.Prompt, Output: e.Output, Seed: e.Assertion.Seed, PromptTokens: uint32(p.PromptTokens.Uint64()), OutputTokens: uint32(p.OutputTokens.Uint64())}
	return x, nil
}

func asserted(l *types.Log, id posp.Hash, a contracts.Assertion, s contracts.Subject, program []byte) *dispute {
	return &dispute{game: l.Address, call: a, subject: s, program: program, block: l.BlockNumber, Assertion: posp.Assertion{ID: id, Asserter: a.Asserter,
		TraceRoot: a.TraceRoot, SampleID: s.SampleId, SpecID: s.SpecId, Provider: s.Provider, Epoch: s.Epoch, Rule: posp.SamplingRule(s.Rule),
		Certified: posp.Verdict(s.Certified), Verdict: posp.Verdict(s.Verdict)}}
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
	logs, err := d.client.Logs(ctx, ethereum.FilterQuery{Addresses: []posp.Address{x.game}, Topics: [][]posp.Hash{{challenged, revealed, shown}, {id}}}, x.block, head)
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
		s, err := viewAt(ctx, d.Protocol, new(big.Int).SetUint64(head), x.game, "game", data, err, disputeGame.UnpackGame)
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
	Epoch       uint64 // of the batch
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
	sampled := contracts.Sampled{
		J:            c.J,
		Epoch:        c.Epoch,
		Receipt:      receiptABI(r),
		ReceiptProof: bytes32s(o.Proof),
		Evidence:     contracts.EvidencePart{Evidence: c.Evidence.Evidence.Encode(), Salt: c.Evidence.Salt},
		Sample:       sampleABI(c.Sample),
		SampleIndex:  c.SampleIndex, SampleProof: bytes32s(c.SampleProof),
	}
	run := contracts.Run{Spec: specABI(c.Spec), Arch: c.Arch, Recomputed: c.Recomputed.Encode(), Ends: bytes32s(c.Ends)}
	if !c.Spec.Private() {
		data, err := disputeGame.TryPackContest(contracts.Contest{Sampled: sampled, Run: run,
			Request: contracts.RequestPart{Tokens: packTokens(o.Request.Tokens), Rule: uint8(q.Rule), TemperatureMicro: q.TemperatureMicro, TopPMicro: q.TopPMicro,
				Seed: q.Seed, MaxTokens: q.MaxTokens, Salt: o.Request.Salt},
			Output: contracts.OutputPart{Tokens: packTokens(o.Output.Tokens), Finish: uint8(o.Output.Finish), Salt: o.Output.Salt}})
		return d.bonded(ctx, d.at.DisputeGame, "contest", data, err)
	}
	if d.at.PrivateDisputeGame == (posp.Address{}) {
		return fmt.Errorf("contest: the network file names no contracts.privateDisputeGame: verdicts under private specs cannot be contested")
	}
	text, err := o.HiddenText()
	if err != nil {
		return fmt.Errorf("contest: %w", err)
	}
	data, err := privateDisputeGame.TryPackContest(contracts.PrivateContest{Sampled: sampled, Run: run,
		Request: contracts.HiddenRequest{Tokens: text.Prompt, SeedCommitment: text.Seed, Rule: uint8(q.Rule), TemperatureMicro: q.TemperatureMicro, TopPMicro: q.TopPMicro,
			Seed: q.Seed, MaxTokens: q.MaxTokens, Salt: o.Request.Salt},
		Output: contracts.HiddenOutput{Tokens: text.Output, Finish: uint8(o.Output.Finish), Salt: o.Output.Salt}})
	return d.bonded(ctx, d.at.PrivateDisputeGame, "contest", data, err)
}

// bonded sends a call with the bond.
func (d *Disputes) bonded(ctx context.Context, game posp.Address, what string, data []byte, packed error) error {
	if packed != nil {
		return fmt.Errorf("%s: %w", what, packed)
	}
	if d.sender == nil {
		return fmt.Errorf("%s: opened for reading only", what)
	}
	s, err := d.stakes(ctx, game)
	if err != nil {
		return err
	}
	if _, err := d.sender.Send(ctx, Call{To: &game, Data: data, Value: s.Bond.ToBig()}); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// move sends a call about an assertion, without money.
func (d *Disputes) move(ctx context.Context, id posp.Hash, what string, pack func(x *dispute) ([]byte, error)) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := pack(x)
	_, err = d.send(ctx, x.game, what, data, err)
	return err
}

// Challenge opens a game against an assertion, and pays the bond.
func (d *Disputes) Challenge(ctx context.Context, id posp.Hash) error {
	x, err := d.of(ctx, id)
	if err != nil {
		return err
	}
	data, err := disputeGame.TryPackChallenge(x.call)
	return d.bonded(ctx, x.game, "challenge", data, err)
}

// Reveal is the asserter's move: the nodes below the game's.
func (d *Disputes) Reveal(ctx context.Context, id posp.Hash, challenger posp.Address, nodes []posp.Hash) error {
	return d.move(ctx, id, "reveal nodes", func(*dispute) ([]byte, error) {
		return disputeGame.TryPackReveal(id, challenger, bytes32s(nodes))
	})
}

// Pick is the challenger's: the child that differs. With row, it stands where a tree has its leaves.
func (d *Disputes) Pick(ctx context.Context, id posp.Hash, index int, child posp.Hash, siblings []posp.Hash, row bool) error {
	return d.move(ctx, id, "pick node", func(x *dispute) ([]byte, error) {
		if row {
			return disputeGame.TryPackPickRow(x.call, big.NewInt(int64(index)), child, bytes32s(siblings))
		}
		return disputeGame.TryPackPick(id, big.NewInt(int64(index)), child, bytes32s(siblings))
	})
}

// Show is the asserter's: the block's elements, or what may be seen of them.
func (d *Disputes) Show(ctx context.Context, id posp.Hash, challenger posp.Address, block []byte) error {
	return d.move(ctx, id, "show block", func(*dispute) ([]byte, error) { return disputeGame.TryPackShow(id, challenger, block) })
}

// Name is the challenger's: the element that is wrong.
func (d *Disputes) Name(ctx context.Context, id posp.Hash, element uint8) error {
	return d.move(ctx, id, "name element", func(*dispute) ([]byte, error) { return disputeGame.TryPackName(id, element) })
}

// Prove is the asserter's last: the element is right.
func (d *Disputes) Prove(ctx context.Context, id posp.Hash, challenger posp.Address, proof []byte) error {
	return d.move(ctx, id, "prove element", func(x *dispute) ([]byte, error) { return disputeGame.TryPackProve(x.call, challenger, proof) })
}

// Settle ends a game whose turn is late, or that is moot.
func (d *Disputes) Settle(ctx context.Context, id posp.Hash, challenger posp.Address) error {
	return d.move(ctx, id, "settle game", func(x *dispute) ([]byte, error) { return disputeGame.TryPackSettle(x.call, challenger) })
}

// Conclude ends an assertion that nobody refuted.
func (d *Disputes) Conclude(ctx context.Context, id posp.Hash) error {
	return d.move(ctx, id, "conclude assertion", func(x *dispute) ([]byte, error) { return disputeGame.TryPackConclude(x.call, x.subject) })
}

// Excess is by how much the standing that a statistical charge rests on is over the line, in Q16 nats, and whether the
// charge is open.
func (d *Disputes) Excess(ctx context.Context, faultID posp.Hash) (excess uint64, open bool, err error) {
	s, err := d.Fault(ctx, faultID)
	return s.Excess, s.Status == FaultOpen, err
}

// Taken is what disputes took off standings for an epoch's samples, in Q16 nats; nothing for most.
func (d *Disputes) Taken(ctx context.Context, epoch uint64, samples []posp.Hash) (map[posp.Hash]uint64, error) {
	all, err := d.Assertions(ctx)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(a posp.Assertion) bool {
		return a.Status == posp.AssertionStood && slices.Contains(samples, a.SampleID)
	}) {
		return nil, nil
	}
	_, from, err := d.EpochStatus(ctx, epoch)
	if err != nil {
		return nil, err
	}
	head, err := d.Block(ctx)
	if err != nil {
		return nil, err
	}
	concluded, reduced := topic(disputeGame.GetABI(), contracts.DisputeGameConcludedEventName), topic(faultManager.GetABI(), contracts.FaultManagerFaultReducedEventName)
	logs, err := d.client.Logs(ctx, ethereum.FilterQuery{Addresses: append(d.games(), d.at.FaultManager), Topics: [][]posp.Hash{{concluded, reduced}}}, from, head)
	if err != nil {
		return nil, fmt.Errorf("read what disputes took off standings: %w", err)
	}
	taken := map[posp.Hash]uint64{}
	var id posp.Hash // concluded last: what follows is of it
	for i := range logs {
		if logs[i].Topics[0] == concluded {
			e, err := disputeGame.UnpackConcludedEvent(&logs[i])
			if err != nil {
				return nil, fmt.Errorf("read what disputes took off standings: %w", err)
			}
			id = e.Id
			continue
		}
		e, err := faultManager.UnpackFaultReducedEvent(&logs[i])
		if err != nil {
			return nil, fmt.Errorf("read what disputes took off standings: %w", err)
		}
		if !slices.Contains(samples, e.SampleId) {
			continue
		}
		x, err := d.of(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read what disputes took off standings: %w", err)
		}
		taken[e.SampleId] = uint64(int64(x.subject.CertifiedLogE) - int64(x.subject.LogE)) // above zero, or there is no event
	}
	return taken, nil
}

// CertifiedLine is a line of a certified result at its place: its leaf in the batch, its index and proof in the epoch's sample tree.
type CertifiedLine struct {
	posp.SampleResult
	Leaf, Index uint64
	Proof       []posp.Hash
}

// Weigh takes a statistical charge down to what all lines of its batch, in order of j, bear out.
func (d *Disputes) Weigh(ctx context.Context, faultID posp.Hash, lines []CertifiedLine) error {
	shown := make([]contracts.Line, len(lines))
	for i, l := range lines {
		shown[i] = contracts.Line{Sample: sampleABI(l.SampleResult), Leaf: l.Leaf, Index: l.Index, Proof: bytes32s(l.Proof)}
	}
	data, err := faultManager.TryPackWeigh(faultID, shown)
	_, err = d.send(ctx, d.at.FaultManager, "weigh charge", data, err)
	return err
}

func sampleABI(s posp.SampleResult) contracts.SampleResult {
	return contracts.SampleResult{SampleId: s.SampleID, Verdict: uint8(s.Verdict), Class: uint8(s.Class), LogE: s.LogE, Evidence: s.Evidence}
}

// Withdraw takes what the sender is owed.
func (d *Disputes) Withdraw(ctx context.Context) error {
	if d.sender == nil {
		return fmt.Errorf("withdraw from disputes: opened for reading only")
	}
	for _, game := range d.games() {
		owed, err := d.owed(ctx, game, d.sender.Address())
		if err != nil {
			return err
		}
		if owed.IsZero() {
			continue
		}
		data, err := disputeGame.TryPackWithdraw()
		if _, err := d.send(ctx, game, "withdraw from disputes", data, err); err != nil {
			return err
		}
	}
	return nil
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
