package tests

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// disputedModel is a small random model in storage, with a policy that was
// calibrated for the reference program.
func disputedModel(t *testing.T) (app.Model, *reference.Model, *reference.Tree) {
	t.Helper()
	w, err := model.Random(model.Config{ModelType: model.Llama, HiddenSize: 264, Layers: 1, Heads: 2, KVHeads: 1, HeadWidth: 8, IntermediateSize: 16,
		VocabSize: 70, TieEmbeddings: true, ContextLength: 64, RMSNormEps: 1e-5, RopeTheta: 10000, EOS: 1}, 7)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := model.WriteSafetensors(&b, w, model.F32); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := reference.New(reference.FromWeights(w))
	if err != nil {
		t.Fatal(err)
	}
	roots := make([]posp.Hash, m.ModelRows())
	if err := m.RowRoots(t.Context(), 0, roots, nil); err != nil {
		t.Fatal(err)
	}
	tree := m.Tree(roots)
	const engine = "an engine"
	q := verdict.Question{Edges: []int32{1 << 20}, LogE: [][]int32{{-verdict.Nat / 2, 8 * verdict.Nat}}}
	policy := verdict.Policy{Model: q, Choice: q, LambdaPpm: 500_000, Cap: 20 * verdict.Nat, MinPositions: 2, PassAt: -verdict.Nat / 5, FailAt: 3 * verdict.Nat,
		WrongModel: 1 << 24, Calibration: verdict.Calibration{Pairs: []verdict.EnginePair{{Claimed: engine, Recomputed: verdict.ReferenceEngine}}}}
	if err := policy.Check(); err != nil {
		t.Fatal(err)
	}
	root := m.Arch.Root(tree.RowsRoot())
	return app.Model{Name: "small", Weights: path, Policy: policy, Spec: posp.ModelSpec{WeightsRoot: w.Root(), Precision: "f32", EngineClass: engine,
		SamplingRule: posp.RuleGumbel, VocabSize: 70, EOS: 1, ContextLimit: 64, ReferenceVersion: reference.Version + ":" + root.Hex()[2:], PolicyID: policy.ID()}}, m, tree
}

// answer is the greedy answer of the program itself.
func answer(t *testing.T, m *reference.Model, q posp.RequestPart) (output []uint32) {
	t.Helper()
	for i := range int(q.Sampling.MaxTokens) {
		trace, err := m.Trace(t.Context(), q.Tokens, q.Sampling, append(slices.Clone(output), 2))
		if err != nil {
			t.Fatal(err)
		}
		logits, err := trace.Row(t.Context(), trace.Graph.Index(reference.Row{Op: reference.Logits, At: i}))
		if err != nil {
			t.Fatal(err)
		}
		next := slices.Index(logits.Values, slices.Max(logits.Values))
		if next == 1 {
			t.Fatal("the answer ends: choose another prompt")
		}
		output = append(output, uint32(next))
	}
	return output
}

// liar is a run of which one row is another, committed to as it should be.
type liar struct {
	challenge.Plain
	row    uint64
	fake   reference.Elems
	levels [][]posp.Hash // of the tree over the rows
}

func lie(t *testing.T, run challenge.Plain, row uint64, change func(values []int64)) *liar {
	t.Helper()
	e, err := run.Trace.Row(t.Context(), row)
	if err != nil {
		t.Fatal(err)
	}
	l := &liar{Plain: run, row: row, fake: reference.Elems{Width: e.Width, Values: slices.Clone(e.Values)}}
	change(l.fake.Values)
	leaves := make([]posp.Hash, 1<<run.Trace.Depth())
	for i := range leaves {
		if leaves[i], err = run.Trace.Node(t.Context(), 0, uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
	leaves[row] = l.fake.Root()
	for l.levels = [][]posp.Hash{leaves}; len(leaves) > 1; l.levels = append(l.levels, leaves) {
		above := make([]posp.Hash, len(leaves)/2)
		for i := range above {
			above[i] = reference.Fold(leaves[2*i : 2*i+2])
		}
		leaves = above
	}
	return l
}

func (l *liar) Root() posp.Hash { return l.levels[len(l.levels)-1][0] }

func (l *liar) Below(g posp.Game, down int) ([]posp.Hash, error) {
	switch {
	case g.Blocks == 0:
		return l.levels[int(g.Level)-down][g.Row<<down:][:1<<down], nil
	case g.Row == l.row:
		return l.fake.Below(int(g.Level), uint64(g.Block), down)
	}
	return l.Plain.Below(g, down)
}

func (l *liar) Block(row uint64, block uint32) ([]byte, int, error) {
	if row == l.row {
		b, err := l.fake.Block(int(block))
		return b, l.fake.Width, err
	}
	return l.Plain.Block(row, block)
}

// ends are the siblings that a contest shows: Trace.Ends of a tree in memory.
func (l *liar) ends() (siblings []posp.Hash) {
	depth := len(l.levels) - 1
	for level := 1; level < depth; level++ {
		siblings = append(siblings, l.levels[level][1])
	}
	for level, i := 0, l.Trace.Graph.Rows()-2; level < depth; level, i = level+1, i>>1 {
		if i&1 == 1 {
			siblings = append(siblings, l.levels[level][i-1])
		}
	}
	return siblings
}

// only answers every assertion with the run of its sample.
type only map[posp.Hash]challenge.Run

func (o only) Run(_ context.Context, a posp.Assertion) (challenge.Run, error) {
	return o[a.SampleID], nil
}

// contesting contests one finding.
type contesting struct {
	*chain.Disputes
	finding challenge.Finding
	contest chain.DisputeContest
}

func (c contesting) Findings(context.Context) ([]challenge.Finding, error) {
	return []challenge.Finding{c.finding}, nil
}
func (c contesting) Contest(ctx context.Context, _ challenge.Finding) error {
	return c.Disputes.Contest(ctx, c.contest)
}

func (c contesting) Standings(context.Context) ([]challenge.Standing, error) { return nil, nil }
func (c contesting) Weigh(context.Context, posp.Hash) error {
	return errors.New("it weighs nothing")
}

// bookkeeper is an aggregator that has an epoch's lines and openings.
type bookkeeper struct {
	transport.Aggregator // of which nothing else is asked
	outcome              transport.Outcome
	samples              []posp.SampleResult
	reveals              []posp.Reveals
}

func (b bookkeeper) Outcome(context.Context, uint64) (transport.Outcome, bool, error) {
	return b.outcome, true, nil
}
func (b bookkeeper) SamplesPage(context.Context, uint64, []byte) ([]posp.SampleResult, []byte, bool, error) {
	return b.samples, nil, true, nil
}
func (b bookkeeper) RevealsPage(context.Context, uint64, []byte, *posp.ReadRequest) ([]posp.Reveals, []byte, bool, error) {
	return b.reveals, nil, true, nil
}

// A bought committee certifies FAIL against an honest provider, PASS that
// raises a standing as far against another, a standing that no line bears out
// against a third, and PASS for a cheat; and a cheat whose FAIL is right contests it by a lie. The honest win
// each, against whoever plays on the other side: the honest providers' charges
// fall, the cheat that passed is slashed, the other's charge stays.
func TestDisputes(t *testing.T) {
	w := newWorld(t, 3)
	providers := chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}
	m, program, weights := disputedModel(t)
	spec := m.Spec.ID()
	d := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	at := w.at
	disputes := func(s *chain.Sender) *chain.Disputes {
		x, err := chain.NewDisputes(chain.NewProtocol(w.c, at, s))
		w.must(err)
		return x
	}

	// What each served, and what was certified of it.
	type served struct {
		*chain.Sender
		opening   posp.Opening
		part      posp.EvidencePart
		run       challenge.Plain
		own       posp.Evidence // the program's
		batch     posp.Batch
		id        posp.Hash
		line      posp.SampleResult
		certified posp.Verdict
		standing  uint64 // certified; zero: nothing is charged
		second    bool   // of the batch of another
	}
	serve := func(label string, at byte, honest bool, certified posp.Verdict, logE int32, standing, epoch uint64) *served {
		s := &served{Sender: w.sender(label), certified: certified, standing: standing}
		w.must(w.join(s.Sender, providers, 1_000, nil))
		q := posp.RequestPart{Tokens: []uint32{5, 61, 7, uint32(at)}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}, Salt: posp.Hash{1, at}}
		o := posp.OutputPart{Tokens: answer(t, program, q), Finish: posp.FinishLength, Salt: posp.Hash{2, at}}
		trace, err := program.Trace(w.ctx, q.Tokens, q.Sampling, o.Tokens)
		w.must(err)
		s.run = challenge.Plain{Trace: trace, Weights: weights}
		s.own = posp.Evidence{Kind: posp.EvidenceFull, LogProb: trace.LogProb, Margin: trace.Margin}
		claim := slices.Clone(trace.LogProb)
		if !honest {
			for i := range claim {
				claim[i] -= 1 << 25
			}
		}
		s.part = posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: claim}, Salt: posp.Hash{3, at}}
		r := posp.Receipt{Provider: s.Address(), Epoch: epoch, SpecID: spec, RequestHash: q.Hash(), OutputHash: o.Hash(), EvidenceHash: s.part.Hash(),
			PromptTokens: uint32(len(q.Tokens)), OutputTokens: uint32(len(o.Tokens)), Time: 9}
		s.opening = posp.Opening{Receipt: posp.SignedReceipt{Receipt: r, Signature: make([]byte, 65)}, Request: q, Output: o}
		s.batch = posp.Batch{Provider: s.Address(), Epoch: epoch, Root: merkle.Root([]posp.Hash{r.Digest(d)}), LeafCount: 1}
		s.id = s.batch.ID(d)
		s.line = posp.SampleResult{SampleID: posp.SampleID(s.id, 0, 0), Verdict: certified, LogE: logE, Evidence: posp.Hash{7, at}}
		return s
	}
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 3
	framed := serve("framed", 2, true, posp.Fail, faultLine, 3*faultLine, epoch) // neither weighing nor the dispute frees it alone
	passed := serve("passed", 3, false, posp.Pass, -1, 0, epoch)
	caught := serve("caught", 4, false, posp.Fail, faultLine, faultLine, epoch)
	raised := serve("raised", 5, true, posp.Pass, faultLine, 3*faultLine, epoch) // by two lines: one dispute frees nobody
	slandered := serve("slandered", 6, true, posp.Pass, -1, 3*faultLine, epoch)
	twin := *raised
	twin.second, twin.standing = true, 0
	twin.opening.Leaf, twin.opening.Receipt.Receipt.Sequence = 1, 1
	receipts := []posp.Hash{raised.opening.Receipt.Receipt.Digest(d), twin.opening.Receipt.Receipt.Digest(d)}
	raised.batch.Root, raised.batch.LeafCount = merkle.Root(receipts), 2
	raised.id = raised.batch.ID(d)
	twin.id = raised.id
	for j, s := range []*served{raised, &twin} {
		s.opening.Proof, err = merkle.Proof(receipts, uint64(j))
		w.must(err)
		s.line.SampleID = posp.SampleID(s.id, uint64(j), uint64(j))
	}
	all := []*served{framed, passed, caught, raised, &twin, slandered}

	watcher, griefer, user := w.sender("watcher"), w.sender("griefer"), w.sender("user")

	w.until(w.schedule.Start(epoch))
	ms, _ := w.snapshot()
	for _, s := range all {
		if s.second {
			continue
		}
		w.provide(s.Sender, s.Sender.Address())
		w.send(s.Sender, w.sys.BatchRegistry, 0, batches.PackCommitBatch(s.Sender.Address(), epoch, 0, s.batch.Root, s.batch.LeafCount))
	}
	w.fixBeacon(epoch)
	slices.SortFunc(all, func(a, b *served) int { return a.id.Cmp(b.id) })
	res := posp.Result{Epoch: epoch, SampleCount: uint64(len(all))}
	var lines []posp.Hash
	for _, s := range all {
		lines = append(lines, s.line.LeafHash())
		if s.second {
			continue
		}
		n := uint32(s.batch.LeafCount)
		b := posp.BatchResult{BatchID: s.id, Provider: s.Address(), Samples: n}
		if s.certified == posp.Pass {
			b.Passed = n
		} else {
			b.Failed = n
		}
		if s.standing != 0 {
			res.Standings = append(res.Standings, posp.Standing{Subject: s.Address(), SpecID: spec, Value: s.standing})
			res.Faults = append(res.Faults, posp.Fault{Kind: posp.FaultStatistical, Subject: s.Address(), BatchID: s.id, Ref: spec})
		}
		res.Batches = append(res.Batches, b)
	}
	slices.SortFunc(res.Standings, func(a, b posp.Standing) int { return a.Subject.Cmp(b.Subject) })
	slices.SortFunc(res.Faults, func(a, b posp.Fault) int { return a.Subject.Cmp(b.Subject) })
	res.SampleRoot = merkle.Root(lines)
	res.TableRoot, err = sampler.TableRoot(ms)
	w.must(err)
	w.until(w.schedule.CommitDeadline(epoch) + 1)
	receipt := w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(res), w.certificate(ms, res.Digest(w.authority()))))
	until := receipt.BlockNumber.Uint64() + w.schedule.ContestBlocks - 1
	charge := func(kind posp.FaultKind, s *served, ref posp.Hash) posp.Hash {
		f := posp.Fault{Kind: kind, Subject: s.Address(), BatchID: s.id, Ref: ref}
		id := f.ID(epoch)
		if have := view(w, w.sys.FaultManager, faults.UnpackFaultIdOf, faults.PackFaultIdOf(epoch, toFault(f))); have != id {
			t.Fatalf("the contract names %+v %x, not %s", f, have, id)
		}
		return id
	}

	contestOf := func(s *served, recomputed posp.Evidence, ends []posp.Hash, root posp.Hash, becomes posp.Verdict) contesting {
		index := slices.Index(all, s)
		proof, err := merkle.Proof(lines, uint64(index))
		w.must(err)
		arch := program.Arch
		n := func(x int) *big.Int { return big.NewInt(int64(x)) }
		return contesting{finding: challenge.Finding{SampleID: s.line.SampleID, Certified: s.certified, Verdict: becomes, LogE: -1, TraceRoot: root, Until: until},
			contest: chain.DisputeContest{Epoch: epoch, Opening: s.opening, Evidence: s.part, Sample: s.line, SampleIndex: uint64(index), SampleProof: proof, Spec: m.Spec,
				Arch: contracts.Arch{Hidden: n(arch.Hidden), Layers: n(arch.Layers), Heads: n(arch.Heads), KvHeads: n(arch.KVHeads), HeadDim: n(arch.HeadDim), Ffn: n(arch.FFN),
					Vocab: n(arch.Vocab), Biased: arch.Biased, Normed: arch.Normed, Tied: arch.Tied, Eps: n(arch.Eps), RowsRoot: weights.RowsRoot()},
				Recomputed: recomputed, Ends: ends}}
	}
	// caught asserts evidence that is just what it claimed.
	forged := lie(t, caught.run, caught.run.Trace.Graph.Rows()-2, func(values []int64) {
		for i, x := range caught.part.Evidence.LogProb {
			values[i] = int64(x)
		}
	})
	falsely := contestOf(caught, posp.Evidence{Kind: posp.EvidenceFull, LogProb: caught.part.Evidence.LogProb, Margin: caught.own.Margin}, forged.ends(), forged.Root(), posp.Pass)

	before := func(s *chain.Sender) *big.Int {
		x, err := w.c.BalanceAt(w.ctx, s.Address(), nil)
		w.must(err)
		return x
	}
	was := map[common.Address]*big.Int{user.Address(): before(user), framed.Address(): before(framed.Sender), watcher.Address(): before(watcher), griefer.Address(): before(griefer), caught.Address(): before(caught.Sender)}

	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	l, err := app.Listen("127.0.0.1:0")
	w.must(err)
	book := bookkeeper{outcome: transport.Outcome{Result: res}}
	for _, s := range all {
		book.samples = append(book.samples, s.line)
		// Somebody's nonsense first, which is nobody's opening.
		nonsense := s.opening
		nonsense.Output.Tokens = []uint32{2}
		for _, item := range []posp.Reveal{{Opening: &nonsense, Provider: &posp.EvidencePart{}}, {Opening: &s.opening, Provider: &s.part}} {
			item.SampleID, item.Evidence = s.line.SampleID, posp.Evidence{}.Encode()
			book.reveals = append(book.reveals, posp.Reveals{Epoch: epoch, Signature: make([]byte, 65), Items: []posp.Reveal{item}})
		}
	}
	api := transport.NewServer(l, transport.ServerConfig{}, book, zap.NewNop())
	g.Go(func() error { return api.Run(ctx) })
	network := app.Network{ChainID: devchain.ChainID, RPC: w.node.HTTP(), Aggregator: "http://" + l.Addr().String(), Contracts: at, Models: []app.Model{m}}
	site, err := app.Open(w.ctx, network, "", zaptest.NewLogger(t, zaptest.Level(zap.InfoLevel)))
	w.must(err)
	defer site.Client.Close()
	play := func(name string, s *chain.Sender, runs challenge.Runs, c *contesting) {
		x := disputes(s)
		var cases challenge.Cases
		if c != nil {
			c.Disputes = x
			cases = *c
		}
		log := zaptest.NewLogger(t, zaptest.Level(zap.InfoLevel)).Named(name)
		g.Go(func() error { return challenge.NewAgent(s.Address(), x, runs, cases, nil, log).Run(ctx) })
	}
	// The honest: posp challenge run of the framed provider, of a watcher that contests all that is false, and of somebody who only
	// challenges.
	honestly := func(label string, contest string) {
		run, err := site.Challenger(app.ChallengerParts{Key: devchain.Account(label), Contest: contest})
		w.must(err)
		g.Go(func() error { return run(ctx) })
	}
	honestly("framed", app.ContestOwn)
	honestly("raised", app.ContestOwn)
	honestly("slandered", app.ContestOwn)
	honestly("watcher", app.ContestAll)
	honestly("user", app.ContestNone)
	// The others: caught lies for itself; the griefer challenges what is true.
	play("caught", caught.Sender, only{caught.line.SampleID: forged}, &falsely)
	play("griefer", griefer, only{
		framed.line.SampleID: lie(t, framed.run, framed.run.Trace.Graph.Rows()/2, func(v []int64) { v[0] ^= 1 }),
		passed.line.SampleID: lie(t, passed.run, passed.run.Trace.Graph.Rows()/3, func(v []int64) { v[len(v)-1] ^= 1 }),
		caught.line.SampleID: forged}, nil)
	reader := disputes(nil)
	over := func() (stood, fallen []posp.Assertion) {
		list, err := reader.Assertions(w.ctx)
		w.must(err)
		contested := map[posp.Hash]bool{}
		for _, a := range list {
			contested[a.SampleID] = true
			switch {
			case a.Games > 0 || a.Status == posp.AssertionPending:
				return nil, nil
			case a.Status == posp.AssertionStood:
				stood = append(stood, a)
			default:
				fallen = append(fallen, a)
			}
		}
		if len(contested) < 5 { // all but the slandered's
			return nil, nil
		}
		return stood, fallen
	}
	var stood, fallen []posp.Assertion
	for tries := 0; len(stood)+len(fallen) == 0; tries++ {
		if tries > 400 {
			t.Fatal("the disputes did not end")
		}
		time.Sleep(200 * time.Millisecond) // for whoever's turn it is
		w.must(w.node.Mine(w.ctx, 1))
		stood, fallen = over()
	}
	for range 6 { // winnings are withdrawn
		time.Sleep(300 * time.Millisecond)
		w.must(w.node.Mine(w.ctx, 1))
	}
	// What a user sees.
	var text bytes.Buffer
	w.must(app.ChallengeList(w.ctx, network, "", true, false, &text))
	for _, a := range slices.Concat(stood, fallen) {
		if !strings.Contains(text.String(), a.ID.Hex()) {
			t.Errorf("assertion %s is not in\n%s", a.ID, text.String())
		}
		var one bytes.Buffer
		w.must(app.ChallengeShow(w.ctx, network, "", a.ID.Hex(), true, "", false, &one))
		if want := map[posp.AssertionStatus]string{posp.AssertionStood: "the assertion is true", posp.AssertionFallen: "the assertion is false"}[a.Status]; !strings.Contains(one.String(), want) {
			t.Errorf("%q is not in\n%s", want, one.String())
		}
	}
	keyFile := filepath.Join(t.TempDir(), "key")
	w.must(os.WriteFile(keyFile, []byte(hex.EncodeToString(crypto.FromECDSA(devchain.Account("user")))), 0o600))
	err = app.ContestSample(w.ctx, app.ChallengerConfig{Network: network, Key: app.NewKey(keyFile, "", ""), Data: t.TempDir()}, framed.line.SampleID.Hex(), io.Discard)
	if err == nil || !strings.Contains(err.Error(), "cannot be contested") {
		t.Errorf("a contest after the window: %v", err)
	}
	stop()
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	by := func(list []posp.Assertion) (samples []posp.Hash) {
		for _, a := range list {
			samples = append(samples, a.SampleID)
		}
		return samples
	}
	if s := by(stood); !slices.Contains(s, framed.line.SampleID) || !slices.Contains(s, passed.line.SampleID) || !slices.Contains(s, raised.line.SampleID) ||
		slices.Contains(s, caught.line.SampleID) || slices.Contains(s, slandered.line.SampleID) {
		t.Errorf("stood: %+v", stood)
	}
	for _, s := range []*served{framed, raised, &twin} {
		if !slices.ContainsFunc(stood, func(a posp.Assertion) bool { return a.SampleID == s.line.SampleID && a.Asserter == s.Address() }) {
			t.Errorf("%s did not contest sample %s itself", s.Address(), s.line.SampleID)
		}
	}
	if s := by(fallen); !slices.Equal(s, []posp.Hash{caught.line.SampleID}) {
		t.Errorf("fallen: %+v", fallen)
	}
	status := func(id posp.Hash) chain.FaultStatus {
		s, err := reader.Fault(w.ctx, id)
		w.must(err)
		return s.Status
	}
	for name, s := range map[string]*served{"framed": framed, "raised": raised, "slandered": slandered} {
		if s := status(charge(posp.FaultStatistical, s, spec)); s != chain.FaultCleared {
			t.Errorf("the charge against %s is %s", name, s)
		}
	}
	if s := status(charge(posp.FaultStatistical, caught, spec)); s != chain.FaultOpen {
		t.Errorf("the caught cheat's charge is %s", s)
	}
	judged, err := m.Policy.Dispute(m.Spec.EngineClass, posp.Greedy, raised.part.Evidence, raised.own)
	w.must(err)
	taken, err := reader.Taken(w.ctx, epoch, []posp.Hash{raised.line.SampleID, twin.line.SampleID, framed.line.SampleID})
	w.must(err)
	if less := uint64(faultLine - judged.LogE); len(taken) != 1 || taken[raised.line.SampleID]+taken[twin.line.SampleID] != less {
		t.Errorf("disputes took %v off, want %d by the first of raised's", taken, less)
	}
	confirmed := charge(posp.FaultFailConfirmed, passed, passed.line.SampleID)
	if s := status(confirmed); s != chain.FaultOpen {
		t.Errorf("the cheat's charge is %s", s)
	}
	w.send(w.anybody, w.sys.FaultManager, 0, faults.PackExecute(confirmed))
	if shares, err := w.core.Shares(w.ctx, w.c, nil, passed.Address(), w.core.Strategy); err != nil || shares.Cmp(ethers(1_000)) >= 0 {
		t.Errorf("the cheat has %s, %v", shares, err)
	}

	// Money: the honest have what they had, less gas, and the losers' bonds; nothing stays.
	bond := big.NewInt(disputeBond)
	change := func(a common.Address) *big.Int {
		x, err := w.c.BalanceAt(w.ctx, a, nil)
		w.must(err)
		return new(big.Int).Sub(x, was[a])
	}
	gas := new(big.Int).Div(bond, big.NewInt(2)) // what all gas costs is less
	for name, a := range map[string]common.Address{"framed": framed.Address(), "watcher": watcher.Address(), "user": user.Address()} {
		if c := change(a); c.Cmp(new(big.Int).Neg(gas)) < 0 {
			t.Errorf("%s lost %s", name, c)
		}
	}
	if c := change(griefer.Address()); c.Cmp(new(big.Int).Neg(bond)) > 0 {
		t.Errorf("the griefer's loss is %s", c)
	}
	if c := change(caught.Address()); c.Cmp(new(big.Int).Neg(bond)) > 0 {
		t.Errorf("the liar's loss is %s", c)
	}
	if left, err := w.c.BalanceAt(w.ctx, w.sys.DisputeGame, nil); err != nil || left.Sign() != 0 {
		t.Errorf("%s wei stay in the contract, %v", left, err)
	}
}
