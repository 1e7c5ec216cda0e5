package tests

import (
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

var (
	disputeGame        = contracts.NewDisputeGame() // what the two games have in common goes by it
	privateDisputeGame = contracts.NewPrivateDisputeGame()
	signerFaults       = contracts.NewSignerFaults()
	verdictRule        = contracts.NewVerdictRule()
)

// disputed is a sample of the demo model whose verdict was bought, and the reference program's run on it.
type disputed struct {
	*world
	epoch     uint64
	provider  *chain.Sender
	spec      posp.ModelSpec
	game      common.Address
	graph     *reference.Graph
	run       challenge.Run
	opening   posp.Opening
	claim     posp.Evidence // the provider's
	contest   []byte        // the call
	subject   contracts.Subject
	assertion contracts.Assertion
	id        posp.Hash
	committee []posp.HeldEvidence
	receipt   posp.Hash
	result    posp.Result
	members   []posp.Member
}

func words(hashes []posp.Hash) [][32]byte {
	out := make([][32]byte, len(hashes))
	for i, h := range hashes {
		out[i] = h
	}
	return out
}

// newDisputed serves an honest answer of the demo model, of which a committee says FAIL.
func newDisputed(t *testing.T, prompt, output int) *disputed {
	t.Helper()
	return dispute(t, prompt, output, false)
}

// newPrivatelyDisputed is the same under a private spec.
func newPrivatelyDisputed(t *testing.T, prompt, output int) *disputed {
	t.Helper()
	return dispute(t, prompt, output, true)
}

func dispute(t *testing.T, prompt, output int, private bool) *disputed {
	t.Helper()
	w := newWorld(t, 5)
	d := &disputed{world: w, provider: w.sender("provider")}
	ctx := w.ctx
	w.must(w.join(d.provider, chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}, 1_000, nil))

	weights, err := model.Main()
	w.must(err)
	m, err := reference.New(reference.FromWeights(weights))
	w.must(err)
	roots := make([]posp.Hash, m.ModelRows())
	w.must(m.RowRoots(ctx, 0, roots, nil))
	tree := m.Tree(roots)
	root, rowsRoot, version := m.Arch.Root(tree.RowsRoot()), tree.RowsRoot(), reference.Version+":"
	var hidden *circuit.Model
	if private {
		w.must(circuit.RowRoots(ctx, m.Quantiser, 0, roots, nil))
		hidden, err = circuit.NewModel(m.Quantiser, roots)
		w.must(err)
		commitment := hidden.Commitment()
		root, rowsRoot, version = hidden.Root(), commitment.Bytes(), posp.HiddenReference
	}
	policy, err := app.DemoPolicy("posp-float/f32")
	w.must(err)
	// What is calibrated is not the matter here.
	policy.Calibration.Pairs = append(policy.Calibration.Pairs, verdict.EnginePair{Claimed: "posp-float/f32", Recomputed: verdict.ReferenceEngine})
	r := w.send(w.anybody, w.rule, 0, verdictRule.PackPublish(policy.Encode()))
	t.Logf("publish a policy of %d bytes, once: %d gas", len(policy.Encode()), r.GasUsed)
	demo, err := app.DemoModel()
	w.must(err)
	d.spec = demo.Spec
	d.spec.PolicyID, d.spec.ReferenceVersion = policy.ID(), version+root.Hex()[2:]

	// An answer that the model gives with seeded noise is as good as any: log-probabilities are judged.
	text, answer := make([]uint32, prompt), make([]uint32, output)
	for i := range text {
		text[i] = uint32(3 + 7*i%(m.Vocab-3))
	}
	for i := range answer {
		answer[i] = uint32(3 + 11*i%(m.Vocab-3))
	}
	for i := range answer {
		if answer[i] == d.spec.EOS {
			answer[i]++
		}
	}
	sampling := posp.Sampling{Rule: posp.Seeded, TemperatureMicro: 1_000_000, TopPMicro: 1_000_000, Seed: posp.Hash{5}, MaxTokens: uint32(output)}
	trace, err := m.Trace(ctx, text, sampling, answer)
	w.must(err)
	d.graph = trace.Graph
	request := posp.RequestPart{Tokens: text, Sampling: sampling, Salt: posp.Hash{1}}
	out := posp.OutputPart{Tokens: answer, Finish: posp.FinishLength, Salt: posp.Hash{2}}
	var ends []posp.Hash
	if private {
		request.TraceSeed, out.TraceSeed = posp.Hash{31: 7}, posp.Hash{31: 7}
		seed, err := posp.TraceSeed(request.TraceSeed)
		w.must(err)
		covered, err := circuit.NewTrace(ctx, trace.Graph, trace, hidden, seed)
		w.must(err)
		ends, err = covered.Ends()
		w.must(err)
		d.game, d.run = w.sys.PrivateDisputeGame, challenge.Private{Trace: covered, Proofs: circuit.NewProver(circuit.Full, cache(t)).Prove,
			Context: func(id posp.Hash, challenger posp.Address) posp.Hash {
				return posp.GameContext(devchain.ChainID, w.sys.PrivateDisputeGame, id, challenger)
			}}
	} else {
		ends, err = trace.Ends(ctx)
		w.must(err)
		d.game, d.run = w.sys.DisputeGame, challenge.Plain{Trace: trace, Weights: tree}
	}
	claim := posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: trace.LogProb}, Salt: posp.Hash{3}}
	d.claim = claim.Evidence
	own := posp.Evidence{Kind: posp.EvidenceFull, LogProb: trace.LogProb, Margin: trace.Margin}
	invented := posp.Evidence{Kind: posp.EvidenceFull, LogProb: make([]int32, output), Margin: make([]int32, output)}

	head, err := w.c.BlockNumber(ctx)
	w.must(err)
	d.epoch = w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(d.epoch))
	d.members, _ = w.snapshot()
	domain := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	var receipts []posp.Receipt
	var leaves []posp.Hash
	for i := range 64 {
		x := posp.Receipt{Provider: d.provider.Address(), Epoch: d.epoch, Sequence: uint64(i), SpecID: d.spec.ID(), RequestHash: request.Hash(), OutputHash: out.Hash(),
			EvidenceHash: claim.Hash(), PromptTokens: uint32(prompt), OutputTokens: uint32(output), ClientNonce: posp.Hash{9}, Time: 9}
		receipts, leaves = append(receipts, x), append(leaves, x.Digest(domain))
	}
	receiptTree := merkle.New(leaves)
	batch := posp.Batch{Provider: d.provider.Address(), Epoch: d.epoch, Root: receiptTree.Root(), LeafCount: uint64(len(leaves))}
	batchID := batch.ID(domain)
	w.provide(d.provider, d.provider.Address())
	w.send(d.provider, w.sys.BatchRegistry, 0, batches.PackCommitBatch(d.provider.Address(), d.epoch, 0, batch.Root, batch.LeafCount))
	beacon := w.fixBeacon(d.epoch)
	k := sampler.Count(batch.LeafCount, posp.Rate{RatePpm: 500_000, KMin: 2})
	draw, err := sampler.New(posp.Seed(domain, d.epoch, batchID, beacon), batch.LeafCount, k)
	w.must(err)
	for i := range 3 {
		d.committee = append(d.committee, posp.HeldEvidence{Operator: d.members[i].Operator, Commitment: posp.Hash{4}, Evidence: invented.Hash()})
	}
	var lines []posp.SampleResult
	var hashes []posp.Hash
	for j := range k {
		leaf, err := draw.Leaf(j)
		w.must(err)
		lines = append(lines, posp.SampleResult{SampleID: posp.SampleID(batchID, j, leaf), Verdict: posp.Fail, Class: posp.WrongModel, LogE: 1 << 20,
			Evidence: posp.EvidenceSetHash(leaves[leaf], claim.Evidence.Hash(), d.committee)})
		hashes = append(hashes, lines[j].LeafHash())
	}
	sampleTree := merkle.New(hashes)
	d.result = posp.Result{Epoch: d.epoch, SampleRoot: sampleTree.Root(), SampleCount: k,
		Batches:   []posp.BatchResult{{BatchID: batchID, Provider: d.provider.Address(), Samples: uint32(k), Failed: uint32(k)}},
		Standings: []posp.Standing{{Subject: d.provider.Address(), SpecID: d.spec.ID(), Value: faultLine}},
		Faults:    []posp.Fault{{Kind: posp.FaultStatistical, Subject: d.provider.Address(), BatchID: batchID, Ref: d.spec.ID()}}}
	d.result.TableRoot, err = sampler.TableRoot(d.members)
	w.must(err)
	w.until(w.schedule.CommitDeadline(d.epoch) + 1)
	w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(d.result), w.certificate(d.members, d.result.Digest(w.authority()))))

	const j = 1
	leaf, err := draw.Leaf(j)
	w.must(err)
	d.receipt = leaves[leaf]
	proof, err := receiptTree.Proof(leaf)
	w.must(err)
	sampleProof, err := sampleTree.Proof(j)
	w.must(err)
	line := contracts.SampleResult{SampleId: lines[j].SampleID, Verdict: uint8(lines[j].Verdict), Class: uint8(lines[j].Class), LogE: lines[j].LogE, Evidence: lines[j].Evidence}
	spec := contracts.ModelSpec{WeightsRoot: d.spec.WeightsRoot, Precision: d.spec.Precision, TokenizerHash: d.spec.TokenizerHash, ChatTemplateHash: d.spec.ChatTemplateHash,
		EngineClass: d.spec.EngineClass, SamplingRule: d.spec.SamplingRule, VocabSize: d.spec.VocabSize, Eos: d.spec.EOS, ContextLimit: d.spec.ContextLimit,
		ReferenceVersion: d.spec.ReferenceVersion, PolicyId: d.spec.PolicyID}
	n := func(x int) *big.Int { return big.NewInt(int64(x)) }
	a := m.Arch
	arch := contracts.Arch{Hidden: n(a.Hidden), Layers: n(a.Layers), Heads: n(a.Heads), KvHeads: n(a.KVHeads), HeadDim: n(a.HeadDim), Ffn: n(a.FFN),
		Vocab: n(a.Vocab), Biased: a.Biased, Normed: a.Normed, Tied: a.Tied, Eps: n(a.Eps), RowsRoot: rowsRoot}
	sampled := contracts.Sampled{J: j, Epoch: d.epoch, Receipt: toReceipt(receipts[leaf]), ReceiptProof: words(proof), Evidence: contracts.EvidencePart{Evidence: claim.Evidence.Encode(), Salt: claim.Salt},
		Sample: line, SampleIndex: j, SampleProof: words(sampleProof)}
	run := contracts.Run{Spec: spec, Arch: arch, Recomputed: own.Encode(), Ends: words(ends)}
	d.opening = posp.Opening{Request: request, Output: out}
	if private {
		text, err := d.opening.HiddenText()
		w.must(err)
		d.contest = privateDisputeGame.PackContest(contracts.PrivateContest{Sampled: sampled, Run: run,
			Request: contracts.HiddenRequest{Tokens: text.Prompt, SeedCommitment: text.Seed, Rule: uint8(sampling.Rule), TemperatureMicro: sampling.TemperatureMicro,
				TopPMicro: sampling.TopPMicro, Seed: sampling.Seed, MaxTokens: sampling.MaxTokens, Salt: request.Salt},
			Output: contracts.HiddenOutput{Tokens: text.Output, Finish: uint8(out.Finish), Salt: out.Salt}})
		return d
	}
	d.contest = disputeGame.PackContest(contracts.Contest{Sampled: sampled, Run: run,
		Request: contracts.RequestPart{Tokens: packed(text), Rule: uint8(sampling.Rule), TemperatureMicro: sampling.TemperatureMicro, TopPMicro: sampling.TopPMicro,
			Seed: sampling.Seed, MaxTokens: sampling.MaxTokens, Salt: request.Salt},
		Output: contracts.OutputPart{Tokens: packed(answer), Finish: uint8(out.Finish), Salt: out.Salt}})
	return d
}

// cache is where what proofs take is kept, as posp keeps it.
func cache(t *testing.T) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir = filepath.Join(dir, "posp", "plonk")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// gas adds up what each kind of transaction cost.
type gas struct {
	total uint64
	moves int
	kinds map[string][]uint64
}

func (g *gas) add(kind string, r *types.Receipt) {
	g.total, g.moves = g.total+r.GasUsed, g.moves+1
	g.kinds[kind] = append(g.kinds[kind], r.GasUsed)
}

// open contests the verdict.
func (d *disputed) open(by *chain.Sender, g *gas) {
	d.Helper()
	r := d.send(by, d.game, disputeBond, d.contest)
	g.add("contest", r)
	for _, l := range r.Logs {
		if e, err := disputeGame.UnpackContestedEvent(l); err == nil {
			d.id, d.assertion, d.subject = e.Id, e.Assertion, e.Subject
		}
		if e, err := privateDisputeGame.UnpackPrivatelyContestedEvent(l); err == nil {
			d.id, d.assertion, d.subject = e.Id, e.Assertion, e.Subject
		}
	}
	if d.assertion.TraceRoot != d.run.Root() {
		d.Fatalf("the contract's trace has root %x, ours %s", d.assertion.TraceRoot, d.run.Root())
	}
	// What a challenger reads of it: the text, or what hides it.
	disputes, err := chain.NewDisputes(chain.NewProtocol(d.c, d.at, nil))
	d.must(err)
	all, err := disputes.Assertions(d.ctx)
	d.must(err)
	if len(all) != 1 || all[0].ID != d.id || all[0].TraceRoot != d.run.Root() || all[0].Status != posp.AssertionPending {
		d.Fatalf("assertions: %+v", all)
	}
	if !d.spec.Private() {
		if a := all[0]; a.Hidden != nil || !slices.Equal(a.Prompt, d.opening.Request.Tokens) || !slices.Equal(a.Output, d.opening.Output.Tokens) {
			d.Errorf("the assertion has another text: %+v", a)
		}
		return
	}
	text, err := d.opening.HiddenText()
	d.must(err)
	if a := all[0]; a.Hidden == nil || *a.Hidden != text || a.Prompt != nil || a.Output != nil {
		d.Errorf("the assertion hides another text than %+v: %+v", text, a)
	}
}

// play plays a game down to element e of a row of the honest trace, and proves it.
func (d *disputed) play(challenger *chain.Sender, row uint64, e int, g *gas) {
	d.Helper()
	_, width := d.graph.Shape(d.graph.Locate(row))
	size := 64 // elements of a block
	if d.spec.Private() && !circuit.PublicRow(d.graph.Locate(row).Op) {
		size = circuit.RowPacking(width).Block()
	}
	block, element := uint32(e/size), uint8(e%size)
	g.add("challenge", d.send(challenger, d.game, disputeBond, disputeGame.PackChallenge(d.assertion)))
	var nodes []posp.Hash
	for {
		s := view(d.world, d.game, disputeGame.UnpackGame, disputeGame.PackGame(d.id, challenger.Address()))
		at := posp.Game{Challenger: challenger.Address(), Node: s.Node, Row: s.Row, Block: s.BlockIndex, Blocks: s.Blocks, Level: s.Level, Element: s.Element, Nodes: nodes}
		down := min(int(s.Level), reference.Round)
		switch posp.Turn(s.Turn) {
		case posp.TurnReveal:
			var err error
			nodes, err = d.run.Below(at, down)
			d.must(err)
			g.add("reveal", d.send(d.anybody, d.game, 0, disputeGame.PackReveal(d.id, challenger.Address(), words(nodes))))
		case posp.TurnPick:
			target, from := row>>(int(s.Level)-down), s.Row
			if s.Blocks != 0 {
				target, from = uint64(block)>>(int(s.Level)-down), uint64(s.BlockIndex)
			}
			index := target - from<<down
			siblings, err := d.run.Path(at, int(index))
			d.must(err)
			if int(s.Level) == down && s.Blocks == 0 {
				g.add("pick row", d.send(challenger, d.game, 0, disputeGame.PackPickRow(d.assertion, new(big.Int).SetUint64(index), nodes[index], words(siblings))))
			} else {
				g.add("pick", d.send(challenger, d.game, 0, disputeGame.PackPick(d.id, new(big.Int).SetUint64(index), nodes[index], words(siblings))))
			}
		case posp.TurnShow:
			data, _, err := d.run.Block(row, block)
			d.must(err)
			g.add("show", d.send(d.provider, d.game, 0, disputeGame.PackShow(d.id, challenger.Address(), data)))
		case posp.TurnName:
			g.add("name", d.send(challenger, d.game, 0, disputeGame.PackName(d.id, element)))
		case posp.TurnProve:
			proof, err := d.run.Prove(d.id, at)
			d.must(err)
			g.add("prove", d.send(d.anybody, d.game, 0, disputeGame.PackProve(d.assertion, challenger.Address(), proof)))
		default:
			return
		}
	}
}

// disputedRow is a row that a game is about: one whose last move is dear.
type disputedRow struct {
	name string
	at   reference.Row
}

// whole is a whole dispute: a contest, a game about each of the rows, and its end, by which the provider is cleared. It prints
// what each move costs, and fails if the dearest game costs more than a goal.
func (d *disputed) whole(t *testing.T, rows []disputedRow, goal uint64) {
	g := d.graph
	t.Logf("demo model, %d and %d tokens: a trace of %d rows", g.Prompt, g.Output, g.Rows())
	opening := &gas{kinds: map[string][]uint64{}}
	d.open(d.provider, opening)
	var worst uint64
	var report []func(end *gas)
	for i, r := range rows {
		n, _ := g.Shape(r.at)
		x := &gas{kinds: map[string][]uint64{}}
		d.play(d.sender(fmt.Sprint("challenger-", i)), g.Index(r.at), n-2, x)
		worst = max(worst, x.total)
		report = append(report, func(end *gas) { reportGame(t, d.spec.Private(), r.name, g, g.Index(r.at), n-2, opening, x, end) })
		t.Logf("a game about %s: %d moves, %d gas", r.name, x.moves, x.total)
		for _, kind := range []string{"challenge", "reveal", "pick", "pick row", "show", "name", "prove"} {
			t.Logf("  %-10s %d", kind, x.kinds[kind])
		}
	}
	state := view(d.world, d.game, disputeGame.UnpackAssertion, disputeGame.PackAssertion(d.id))
	d.until(uint64(state.ClosesAt))
	closing := &gas{kinds: map[string][]uint64{}}
	closing.add("conclude", d.send(d.anybody, d.game, 0, disputeGame.PackConclude(d.assertion, d.subject)))
	closing.add("withdraw", d.send(d.provider, d.game, 0, disputeGame.PackWithdraw()))
	for _, f := range report {
		f(closing)
	}
	sum := opening.total + worst + closing.total
	t.Logf("contest %d, conclude %d, withdraw %d; a whole game at most %d gas", opening.kinds["contest"], closing.kinds["conclude"], closing.kinds["withdraw"], sum)
	if sum > goal {
		t.Errorf("a whole game costs %d gas, more than %d", sum, goal)
	}
	if jailed := view(d.world, d.sys.FaultManager, faults.UnpackJailed, faults.PackJailed(d.provider.Address())); jailed {
		t.Error("the provider is not cleared")
	}
}

// slashSigners accuses the members who signed what was overturned, and executes the charge against the first.
func (d *disputed) slashSigners(t *testing.T) {
	// All signed: the table's rows are all signers.
	var rows []contracts.NonSigner
	for _, n := range d.certificate(d.members, posp.Hash{1}, 0, 1, 2).NonSigners {
		rows = append(rows, n)
	}
	held := make([]contracts.HeldEvidence, len(d.committee))
	for i, h := range d.committee {
		held[i] = contracts.HeldEvidence{Operator: h.Operator, Commitment: h.Commitment, Evidence: h.Evidence}
	}
	r := d.send(d.anybody, d.sys.SignerFaults, 0, signerFaults.PackAccuse(d.assertion, d.subject, contracts.Accusation{ReceiptHash: d.receipt,
		ProviderEvidence: d.claim.Hash(), Committee: held, Faults: toResult(d.result).Faults,
		Certificate: d.certificate(d.members, d.result.Digest(d.authority())), Signers: rows}))
	t.Logf("accuse three members who signed: %d gas", r.GasUsed)
	liar := common.Address(d.members[0].Operator)
	fault := view(d.world, d.sys.FaultManager, faults.UnpackFaultIdOf, faults.PackFaultIdOf(d.epoch, contracts.Fault{Kind: 5, Subject: liar, Ref: d.subject.SampleId}))
	record := view(d.world, d.sys.FaultManager, faults.UnpackFault, faults.PackFault(fault))
	d.until(record.ExecutableAt)
	before, err := d.core.Shares(d.ctx, d.c, nil, liar, d.core.Strategy)
	d.must(err)
	d.send(d.anybody, d.sys.FaultManager, 0, faults.PackExecute(fault))
	after, err := d.core.Shares(d.ctx, d.c, nil, liar, d.core.Strategy)
	d.must(err)
	if after.Cmp(before) >= 0 {
		t.Errorf("the liar has %s shares, and had %s", after, before)
	}
}

// The most that a contest, one game and its end may cost on the demo model.
const (
	publicGameGoal  = 1_200_000
	privateGameGoal = 1_500_000
)

// TestDisputeGas: an honest provider that a committee convicted contests, is challenged, proves the number that the
// challenger named, and is cleared; the members who signed are slashed.
func TestDisputeGas(t *testing.T) {
	d := newDisputed(t, 64, 32)
	d.whole(t, []disputedRow{{"DownParts", reference.Row{Op: reference.DownParts, Layer: d.graph.Layers / 2, At: d.graph.Positions() - 1}},
		{"Logits", reference.Row{Op: reference.Logits, At: d.graph.Output - 1}}}, publicGameGoal)
	d.slashSigners(t)
}

// TestPrivateDisputeGas: the same under a private spec, with the proofs that contracts take. Commitments and proofs take
// minutes of CPU, so it runs when it is asked for.
func TestPrivateDisputeGas(t *testing.T) {
	if os.Getenv("POSP_BENCH") == "" {
		t.Skip("proofs take minutes: set POSP_BENCH=1")
	}
	d := newPrivatelyDisputed(t, 64, 32)
	// The longest way down within a row, and the dearest proof but the evidence's.
	d.whole(t, []disputedRow{{"DownParts", reference.Row{Op: reference.DownParts, Layer: d.graph.Layers / 2, At: d.graph.Positions() - 1}},
		{"Out", reference.Row{Op: reference.Out, Layer: d.graph.Layers / 2, At: d.graph.Positions() - 1}}}, privateGameGoal)
	d.slashSigners(t)
}
