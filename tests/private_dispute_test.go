package tests

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/internal/transport"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// withheld is a bookkeeper of private openings: it shows a provider its own.
type withheld struct {
	bookkeeper
	authority posp.Authority
}

func (b withheld) RevealsPage(_ context.Context, _ uint64, _ []byte, by *posp.ReadRequest) ([]posp.Reveals, []byte, bool, error) {
	if by != nil {
		if err := by.Check(b.authority, time.Now()); err != nil {
			return nil, nil, false, err
		}
	}
	var shown []posp.Reveals
	for _, r := range b.reveals {
		r.Items = slices.Clone(r.Items)
		for i := range r.Items {
			if o := *r.Items[i].Opening; by == nil || by.Reader != o.Receipt.Provider {
				o = o.Withhold()
				r.Items[i].Opening = &o
			}
		}
		shown = append(shown, r)
	}
	return shown, nil, true, nil
}

// falsified are the program's rows, but for some.
type falsified struct {
	circuit.Rows
	instead map[uint64]reference.Elems
}

func (f falsified) Row(ctx context.Context, i uint64) (reference.Elems, error) {
	if e, ok := f.instead[i]; ok {
		return e, nil
	}
	return f.Rows.Row(ctx, i)
}

// TestPrivateDisputes plays disputes over hidden rows to their end: an honest provider contests the FAIL of a bought committee; a lone buyer,
// who has nothing but the answer, overturns the PASS of a cheat; and another cheat's false assertion falls to whoever has the text. No token
// and no seed is ever in a transaction or an event.
//
// With POSP_PRIVATE_PROOFS the true assertions are challenged by lies too, so that their asserters make the last move: PLONK proofs of a minute or so.
func TestPrivateDisputes(t *testing.T) {
	proofs := os.Getenv("POSP_PRIVATE_PROOFS") != ""
	w := newWorld(t, 3)
	providers := chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}
	public, program, _ := disputedModel(t)
	m, err := app.PrivateModel(w.ctx, public)
	w.must(err)
	spec := m.Spec.ID()
	d := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	disputes := func(s *chain.Sender) *chain.Disputes {
		x, err := chain.NewDisputes(chain.NewProtocol(w.c, w.at, s))
		w.must(err)
		return x
	}
	type served struct {
		*chain.Sender
		opening   posp.Opening
		part      posp.EvidencePart
		trace     *reference.Trace
		batch     posp.Batch
		id        posp.Hash
		line      posp.SampleResult
		certified posp.Verdict
	}
	serve := func(label string, at byte, honest bool, certified posp.Verdict, epoch uint64) *served {
		s := &served{Sender: w.sender(label), certified: certified}
		w.must(w.join(s.Sender, providers, 1_000, nil))
		seed := posp.Hash{7, 31: at}
		q := posp.RequestPart{Tokens: []uint32{5, 61, 7, uint32(at)}, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 3}, Salt: posp.Hash{1, at}, TraceSeed: seed}
		o := posp.OutputPart{Tokens: answer(t, program, q), Finish: posp.FinishLength, Salt: posp.Hash{2, at}, TraceSeed: seed}
		var err error
		s.trace, err = program.Trace(w.ctx, q.Tokens, q.Sampling, o.Tokens)
		w.must(err)
		claim := slices.Clone(s.trace.LogProb)
		if !honest {
			for i := range claim {
				claim[i] -= 1 << 25
			}
		}
		s.part = posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: claim}, Salt: posp.Hash{3, at}}
		r := posp.Receipt{Provider: s.Address(), Epoch: epoch, SpecID: spec, RequestHash: q.Hash(), OutputHash: o.Hash(), EvidenceHash: s.part.Hash(),
			PromptTokens: uint32(len(q.Tokens)), OutputTokens: uint32(len(o.Tokens)), Time: 9}
		s.opening = posp.Opening{Receipt: posp.SignedReceipt{Receipt: r, Signature: make([]byte, 65)}, Request: q, Output: o}
		if class := verdict.CheckOpening(m.Spec, s.opening); class != posp.ClassNone {
			t.Fatalf("an opening that is %s", class)
		}
		s.batch = posp.Batch{Provider: s.Address(), Epoch: epoch, Root: merkle.Root([]posp.Hash{r.Digest(d)}), LeafCount: 1}
		s.id = s.batch.ID(d)
		s.line = posp.SampleResult{SampleID: posp.SampleID(s.id, 0, 0), Verdict: certified, Evidence: posp.Hash{7, at}}
		if certified == posp.Fail {
			s.line.LogE = faultLine // what it is charged for
		}
		return s
	}
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 3
	framed, passed, caught := serve("framed", 2, true, posp.Fail, epoch), serve("passed", 3, false, posp.Pass, epoch), serve("caught", 4, false, posp.Fail, epoch)
	all := []*served{framed, passed, caught}
	buyer, griefer := w.sender("buyer"), w.sender("griefer")
	w.sender("stranger")

	// The buyer keeps its answers; of the framed provider's it has none.
	answers := t.TempDir()
	keep := func(dir, name string, o posp.Opening) {
		b, err := json.Marshal(map[string]any{"choices": []int{}, "posp": map[string]any{"receipt": o.Receipt, "request": o.Request, "output": o.Output}})
		w.must(err)
		w.must(os.WriteFile(filepath.Join(dir, name+".json"), b, 0o600))
	}
	keep(answers, "passed", passed.opening)
	keep(answers, "caught", caught.opening)
	everything := t.TempDir()
	for i, s := range all {
		keep(everything, string(rune('a'+i)), s.opening)
	}

	w.until(w.schedule.Start(epoch))
	ms, _ := w.snapshot()
	for _, s := range all {
		w.provide(s.Sender, s.Sender.Address())
		w.send(s.Sender, w.sys.BatchRegistry, 0, batches.PackCommitBatch(s.Sender.Address(), epoch, 0, s.batch.Root, 1))
	}
	w.fixBeacon(epoch)
	slices.SortFunc(all, func(a, b *served) int { return a.id.Cmp(b.id) })
	res := posp.Result{Epoch: epoch, SampleCount: uint64(len(all))}
	var lines []posp.Hash
	for _, s := range all {
		b := posp.BatchResult{BatchID: s.id, Provider: s.Address(), Samples: 1}
		if s.certified == posp.Pass {
			b.Passed = 1
		} else {
			b.Failed = 1
			res.Standings = append(res.Standings, posp.Standing{Subject: s.Address(), SpecID: spec, Value: faultLine})
			res.Faults = append(res.Faults, posp.Fault{Kind: posp.FaultStatistical, Subject: s.Address(), BatchID: s.id, Ref: spec})
		}
		res.Batches = append(res.Batches, b)
		lines = append(lines, s.line.LeafHash())
	}
	slices.SortFunc(res.Standings, func(a, b posp.Standing) int { return a.Subject.Cmp(b.Subject) })
	slices.SortFunc(res.Faults, func(a, b posp.Fault) int { return a.Subject.Cmp(b.Subject) })
	res.SampleRoot = merkle.Root(lines)
	res.TableRoot, err = sampler.TableRoot(ms)
	w.must(err)
	w.until(w.schedule.CommitDeadline(epoch) + 1)
	receipt := w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(res), w.certificate(ms, res.Digest(w.authority()))))
	first := receipt.BlockNumber.Uint64()

	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	g, ctx := errgroup.WithContext(ctx)
	l, err := app.Listen("127.0.0.1:0")
	w.must(err)
	book := withheld{authority: w.authority()}
	book.outcome = transport.Outcome{Result: res}
	for _, s := range all {
		book.samples = append(book.samples, s.line)
		item := posp.Reveal{SampleID: s.line.SampleID, Evidence: posp.Evidence{}.Encode(), Opening: &s.opening, Provider: &s.part}
		book.reveals = append(book.reveals, posp.Reveals{Epoch: epoch, Signature: make([]byte, 65), Items: []posp.Reveal{item}})
	}
	api := transport.NewServer(l, transport.ServerConfig{}, book, zap.NewNop())
	g.Go(func() error { return api.Run(ctx) })
	network := app.Network{ChainID: devchain.ChainID, RPC: w.node.HTTP(), Aggregator: "http://" + l.Addr().String(), Contracts: w.at, Models: []app.Model{m}}
	core, logged := observer.New(zap.InfoLevel)
	log := zaptest.NewLogger(t, zaptest.Level(zap.InfoLevel), zaptest.WrapOptions(zap.WrapCore(func(c zapcore.Core) zapcore.Core { return zapcore.NewTee(c, core) })))
	site, err := app.Open(w.ctx, network, "", log)
	w.must(err)
	defer site.Client.Close()
	challenger := func(label, contest, openings string) {
		run, err := site.Challenger(app.ChallengerParts{Key: devchain.Account(label), Contest: contest, Openings: openings})
		w.must(err)
		g.Go(func() error { return run(ctx) })
	}

	// Who lies has the text too.
	runs, err := site.RunsOf(app.ChallengerParts{Key: devchain.Account("griefer"), Openings: everything})
	w.must(err)
	lie := func(s *served, instead map[uint64]reference.Elems, prove circuit.Proofs) challenge.Private {
		text, err := s.opening.HiddenText()
		w.must(err)
		run, err := runs.Run(w.ctx, posp.Assertion{SpecID: spec, Rule: posp.Greedy, Hidden: &text})
		w.must(err)
		own := run.(challenge.Private)
		own.Trace, err = own.Trace.Over(w.ctx, falsified{s.trace, instead})
		w.must(err)
		own.Proofs = prove
		return own
	}
	changed := func(s *served, row uint64, change func(values []int64)) reference.Elems {
		e, err := s.trace.Row(w.ctx, row)
		w.must(err)
		e.Values = slices.Clone(e.Values)
		change(e.Values)
		return e
	}
	nothing := func(circuit.Claim, circuit.Witness) ([]byte, []fr.Element, error) { return make([]byte, 768), nil, nil }
	// caught asserts the evidence that it claimed, and a number in a hidden row by which that could have come.
	graph := caught.trace.Graph
	gate, logProbs := graph.Index(reference.Row{Op: reference.Gate, At: 2}), graph.Rows()-2
	forged := lie(caught, map[uint64]reference.Elems{
		gate: changed(caught, gate, func(v []int64) { v[1] += 3 }),
		logProbs: changed(caught, logProbs, func(v []int64) {
			for i, x := range caught.part.Evidence.LogProb {
				v[i] = int64(x)
			}
		})}, nothing)
	index := slices.Index(all, caught)
	proof, err := merkle.Proof(lines, uint64(index))
	w.must(err)
	ends, err := forged.Trace.Ends()
	w.must(err)
	commitment := forged.Trace.Model().Commitment()
	arch, n := program.Arch, func(x int) *big.Int { return big.NewInt(int64(x)) }
	falsely := contesting{Disputes: disputes(caught.Sender),
		finding: challenge.Finding{SampleID: caught.line.SampleID, Certified: posp.Fail, Verdict: posp.Pass, LogE: -1, TraceRoot: forged.Root(), Until: first + w.schedule.ContestBlocks - 1},
		contest: chain.DisputeContest{Epoch: epoch, Opening: caught.opening, Evidence: caught.part, Sample: caught.line, SampleIndex: uint64(index), SampleProof: proof, Spec: m.Spec,
			Arch: contracts.Arch{Hidden: n(arch.Hidden), Layers: n(arch.Layers), Heads: n(arch.Heads), KvHeads: n(arch.KVHeads), HeadDim: n(arch.HeadDim), Ffn: n(arch.FFN),
				Vocab: n(arch.Vocab), Biased: arch.Biased, Normed: arch.Normed, Tied: arch.Tied, Eps: n(arch.Eps), RowsRoot: commitment.Bytes()},
			Recomputed: posp.Evidence{Kind: posp.EvidenceFull, LogProb: caught.part.Evidence.LogProb, Margin: caught.trace.Margin}, Ends: ends}}
	g.Go(func() error {
		return challenge.NewAgent(caught.Address(), falsely.Disputes, only{caught.line.SampleID: forged}, falsely, nil, log.Named("caught")).Run(ctx)
	})
	if proofs {
		x := disputes(griefer)
		row := func(s *served, row uint64) challenge.Run {
			return lie(s, map[uint64]reference.Elems{row: changed(s, row, func(v []int64) { v[0] ^= 1 })}, nothing)
		}
		g.Go(func() error {
			return challenge.NewAgent(griefer.Address(), x, only{framed.line.SampleID: row(framed, gate), passed.line.SampleID: row(passed, logProbs)}, nil, nil, log.Named("griefer")).Run(ctx)
		})
	}
	challenger("framed", app.ContestOwn, "")     // asks the aggregator
	challenger("buyer", app.ContestAll, answers) // has its answers
	challenger("stranger", app.ContestAll, "")   // has nothing

	reader := disputes(nil)
	busy := func() bool { // a proof is under way
		return logged.FilterMessage("proving a private step").Len() > logged.FilterMessage("private step proved").Len()
	}
	var list []posp.Assertion
	for tries, over := 0, false; !over; tries++ {
		if tries > 600 {
			t.Fatal("the disputes did not end")
		}
		time.Sleep(250 * time.Millisecond) // for whoever's turn it is
		for busy() {
			time.Sleep(100 * time.Millisecond)
			w.must(ctx.Err())
		}
		w.must(w.node.Mine(w.ctx, 1))
		list, err = reader.Assertions(w.ctx)
		w.must(err)
		over = len(list) == 3 && !slices.ContainsFunc(list, func(a posp.Assertion) bool { return a.Games > 0 || a.Status == posp.AssertionPending })
	}
	for range 6 { // winnings are withdrawn
		time.Sleep(300 * time.Millisecond)
		w.must(w.node.Mine(w.ctx, 1))
	}

	// Who has the text sees what is true.
	for _, a := range list {
		want, verb := posp.AssertionStood, "the assertion is true"
		if a.SampleID == caught.line.SampleID {
			want, verb = posp.AssertionFallen, "the assertion is false"
		}
		asserter := map[posp.Hash]common.Address{framed.line.SampleID: framed.Address(), passed.line.SampleID: buyer.Address(), caught.line.SampleID: caught.Address()}[a.SampleID]
		if a.Status != want || a.Asserter != asserter || a.Hidden == nil || a.Prompt != nil || a.Output != nil {
			t.Errorf("assertion %+v: want %s, by %s", a, want, asserter)
		}
		var one bytes.Buffer
		w.must(app.ChallengeShow(w.ctx, network, "", a.ID.Hex(), true, everything, false, &one))
		if !strings.Contains(one.String(), verb) || !strings.Contains(one.String(), "hidden") {
			t.Errorf("%q is not in\n%s", verb, one.String())
		}
		if err := app.ChallengeShow(w.ctx, network, "", a.ID.Hex(), true, "", false, io.Discard); err == nil || !strings.Contains(err.Error(), "--openings") {
			t.Errorf("checked without the text: %v", err)
		}
		games, err := reader.Games(w.ctx, a.ID)
		w.must(err)
		if challenged := len(games) > 0; challenged != (proofs || want == posp.AssertionFallen) {
			t.Errorf("%d games against the assertion of %s", len(games), a.Asserter)
		}
		for _, game := range games {
			if want == posp.AssertionFallen && (game.Row != gate || game.Element != 1 || game.Challenger != buyer.Address()) {
				t.Errorf("the lie was found at %+v", game)
			}
		}
	}
	keyFile := filepath.Join(t.TempDir(), "key")
	w.must(os.WriteFile(keyFile, []byte(hex.EncodeToString(crypto.FromECDSA(devchain.Account("stranger")))), 0o600))
	if err := app.ContestSample(w.ctx, app.ChallengerConfig{Network: network, Key: app.NewKey(keyFile, "", ""), Data: t.TempDir()}, framed.line.SampleID.Hex(), io.Discard); err == nil || !strings.Contains(err.Error(), "cannot be contested") {
		t.Errorf("a contest without the text: %v", err)
	}
	stop()
	if err := g.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	status := func(f posp.Fault) chain.FaultStatus {
		s, err := reader.Fault(w.ctx, f.ID(epoch))
		w.must(err)
		return s.Status
	}
	for _, c := range []struct {
		what string
		f    posp.Fault
		want chain.FaultStatus
	}{
		{"the honest provider's", posp.Fault{Kind: posp.FaultStatistical, Subject: framed.Address(), BatchID: framed.id, Ref: spec}, chain.FaultCleared},
		{"the caught cheat's", posp.Fault{Kind: posp.FaultStatistical, Subject: caught.Address(), BatchID: caught.id, Ref: spec}, chain.FaultOpen},
		{"the passed cheat's", posp.Fault{Kind: posp.FaultFailConfirmed, Subject: passed.Address(), BatchID: passed.id, Ref: passed.line.SampleID}, chain.FaultOpen},
	} {
		if s := status(c.f); s != c.want {
			t.Errorf("%s charge is %s, want %s", c.what, s, c.want)
		}
	}
	if left, err := w.c.BalanceAt(w.ctx, w.at.PrivateDisputeGame, nil); err != nil || left.Sign() != 0 {
		t.Errorf("%s wei stay in the contract, %v", left, err)
	}

	// What is hidden is nowhere on chain: not the text as bytes, as words of 4 or of 32, not the seeds.
	var secrets [][]byte
	for _, s := range all {
		secrets = append(secrets, s.opening.Request.TraceSeed[:])
		for _, tokens := range [][]uint32{s.opening.Request.Tokens, s.opening.Output.Tokens} {
			var packed, words []byte
			for _, id := range tokens {
				packed = binary.BigEndian.AppendUint32(packed, id)
				words = append(words, common.LeftPadBytes(binary.BigEndian.AppendUint32(nil, id), 32)...)
			}
			secrets = append(secrets, packed, words)
		}
	}
	last, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	seen := 0
	hidden := func(what string, data []byte) {
		seen += len(data)
		for _, s := range secrets {
			if bytes.Contains(data, s) {
				t.Errorf("%s shows what is hidden: %x", what, s)
			}
		}
	}
	for i := first; i <= last; i++ {
		block, err := w.c.BlockByNumber(w.ctx, new(big.Int).SetUint64(i))
		w.must(err)
		for _, tx := range block.Transactions() {
			hidden("a transaction", tx.Data())
			r, err := w.c.TransactionReceipt(w.ctx, tx.Hash())
			w.must(err)
			for _, l := range r.Logs {
				hidden("an event", l.Data)
			}
		}
	}
	if seen < 10_000 {
		t.Errorf("%d bytes were looked through", seen)
	}
	for _, line := range logged.All() {
		text := fmt.Sprint(line.Message, line.ContextMap())
		for _, s := range all {
			if strings.Contains(text, s.opening.Request.TraceSeed.Hex()[2:]) {
				t.Error("a seed is logged")
			}
		}
	}
}
