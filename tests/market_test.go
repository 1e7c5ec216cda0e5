package tests

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/provider"
	"github.com/proof-of-sampling/posp/sampler"
)

var reader = contracts.NewVerdictReader()

// viewBudget is what a verdict may cost a contract that asks for one, in gas,
// at depth 20 and more. coldCall of it is EIP-2929's for a contract that was
// not called before in the transaction.
const (
	viewBudget = 60_000
	drawStep   = 700 // of the permutation, where one lands beyond the batch
	coldCall   = 2_600
)

// climb is the root of a tree that has a value at an index, and noise
// elsewhere, and the proof of that.
func climb(hash posp.Hash, index uint64, depth int, proof [][32]byte) (posp.Hash, [][32]byte) {
	for len(proof) < depth {
		d := len(proof)
		sibling := crypto.Keccak256Hash([]byte("sibling"), []byte{byte(d)})
		left, right := hash, sibling
		if index>>d&1 == 1 {
			left, right = sibling, hash
		}
		hash = crypto.Keccak256Hash([]byte{1}, left[:], right[:])
		proof = append(proof, sibling)
	}
	return hash, proof
}

// What it costs to ask for a verdict, on the contracts as they are deployed,
// with 20 siblings for the receipt and for its line. Of all such batches one of
// 2^19 + 1 receipts takes the most steps to find a leaf's draw: every second
// step lands beyond the batch. Those that are found at the first step must leave
// room for four more, which one receipt of 32 needs in such a batch.
func TestVerdictCostsLessThanItsBudget(t *testing.T) {
	w := newWorld(t, 4)
	server, other := w.sender("provider"), w.sender("other")
	for _, s := range []*chain.Sender{server, other} {
		w.must(w.join(s, chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}, 1_000, nil))
		w.provide(s, s.Address())
	}
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))
	ms, _ := w.snapshot()

	// 64 receipts that are known, and so many in all. Half of them will be drawn, and half of another's 2^20.
	const known, count, others, depth = 64, 1<<19 + 1, 1 << 20, 20
	d := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	receipts, hashes := make([]posp.Receipt, known), make([]posp.Hash, known)
	for i := range receipts {
		receipts[i] = posp.Receipt{Provider: server.Address(), Epoch: epoch, Sequence: uint64(i), SpecID: posp.Hash{0x5e}, OutputTokens: 9,
			RequestHash: crypto.Keccak256Hash([]byte("request")), OutputHash: crypto.Keccak256Hash([]byte("output")), EvidenceHash: crypto.Keccak256Hash([]byte("evidence")),
			ClientNonce: posp.BuyerNonce(common.Address{1}, secret(i)), Time: 9}
		hashes[i] = receipts[i].Digest(d)
	}
	tree := merkle.New(hashes)
	root, _ := climb(tree.Root(), 0, depth, make([][32]byte, 6))
	var id posp.Hash
	res := posp.Result{Epoch: epoch, Standings: []posp.Standing{{Subject: server.Address(), SpecID: posp.Hash{0x5e}, Value: 1}}}
	for i, s := range []*chain.Sender{other, server} {
		n := []uint64{others, count}[i]
		k := uint32((n + 1) / 2)
		w.send(s, w.sys.BatchRegistry, 0, batches.PackCommitBatch(s.Address(), epoch, 0, root, n))
		id = posp.Batch{Provider: s.Address(), Epoch: epoch, Root: root, LeafCount: n}.ID(d)
		res.Batches = append(res.Batches, posp.BatchResult{BatchID: id, Provider: s.Address(), Samples: k, Passed: k})
		res.SampleCount += uint64(k)
	}
	slices.SortFunc(res.Batches, func(a, b posp.BatchResult) int { return a.BatchID.Cmp(b.BatchID) })
	w.fixBeacon(epoch)

	// Of those that were drawn and those that were not one whose draw is found at the first step.
	var drawn, undrawn contracts.Shown
	var sample posp.SampleResult
	most, least := uint64(0), map[bool]uint64{true: math.MaxUint64, false: math.MaxUint64}
	for i := range uint64(known) {
		at := view(w, w.sys.BatchRegistry, batches.UnpackSampleOf, batches.PackSampleOf(id, i))
		steps := w.execution(w.sys.BatchRegistry, batches.PackSampleOf(id, i))
		if most = max(most, steps); steps >= least[at.Sampled] {
			continue
		}
		least[at.Sampled] = steps
		shown := contracts.Shown{Receipt: toReceipt(receipts[i]), Epoch: epoch}
		low, err := tree.Proof(i)
		w.must(err)
		for _, h := range low {
			shown.ReceiptProof = append(shown.ReceiptProof, h)
		}
		_, shown.ReceiptProof = climb(tree.Root(), 0, depth, shown.ReceiptProof)
		if at.Sampled {
			sample = posp.SampleResult{SampleID: at.SampleId, Verdict: posp.Pass, LogE: -7, Evidence: posp.Hash{1}}
			shown.Line = contracts.SampleResult{SampleId: at.SampleId, Verdict: uint8(posp.Pass), LogE: -7, Evidence: posp.Hash{1}}
			shown.LineIndex = at.J
			drawn = shown
		} else {
			undrawn = shown
		}
	}
	t.Logf("of %d receipts the draw of one is found for %d gas more than of another, at most", known, most-least[true])
	res.SampleRoot, drawn.LineProof = climb(merkle.Leaf(sample.LeafHash()), drawn.LineIndex, 20, nil)
	res.TableRoot, err = sampler.TableRoot(ms)
	w.must(err)
	w.until(w.schedule.CommitDeadline(epoch) + 1)
	w.send(w.anybody, w.sys.AttestationRegistry, 0, registry.PackSubmit(toResult(res), w.certificate(ms, res.Digest(w.authority()))))
	w.must(w.node.Mine(w.ctx, w.schedule.ContestBlocks))

	v := view(w, w.at.VerdictReader, reader.UnpackOfReceipt, reader.PackOfReceipt(drawn))
	if !v.Sampled || v.Verdict != uint8(posp.Pass) || v.Batch.Finality != 3 || v.Batch.Standing != 1 {
		t.Fatalf("the drawn receipt's verdict is %+v", v)
	}
	if v = view(w, w.at.VerdictReader, reader.UnpackOfReceipt, reader.PackOfReceipt(undrawn)); v.Sampled || v.Verdict != 0 || v.Batch.Passed != (count+1)/2 {
		t.Fatalf("the other receipt's verdict is %+v", v)
	}
	for _, q := range []struct {
		what string
		data []byte
	}{{"ofReceipt, sampled", reader.PackOfReceipt(drawn)}, {"ofReceipt, unsampled", reader.PackOfReceipt(undrawn)},
		{"ofReceiptNoOlderThan", reader.PackOfReceiptNoOlderThan(drawn, 1_000)}, {"ofBatch", reader.PackOfBatch(drawn.Receipt, epoch, drawn.ReceiptProof)}} {
		used := w.execution(w.at.VerdictReader, q.data) + coldCall
		t.Logf("%s at depth %d and %d: %d gas for a contract that asks first, %d bytes of calldata", q.what, depth, len(drawn.LineProof), used, len(q.data))
		if used+4*drawStep >= viewBudget {
			t.Errorf("%s costs %d gas", q.what, used)
		}
	}
}

// execution is the least gas with which a view answers, beyond what a
// transaction with that calldata costs before it executes anything.
func (w *world) execution(to common.Address, data []byte) uint64 {
	w.Helper()
	intrinsic := uint64(21_000)
	for _, b := range data {
		if b == 0 {
			intrinsic += 4
		} else {
			intrinsic += 16
		}
	}
	low, high := uint64(0), uint64(1_000_000)
	for high-low > 1 {
		mid := (low + high) / 2
		if _, err := w.c.CallContract(w.ctx, ethereum.CallMsg{To: &to, Data: data, Gas: intrinsic + mid}, nil); err != nil {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Buyers who hold receipts, and no proof but them, on the real EigenLayer:
// who signs two of a sequence or leaves one out is slashed, and they are
// compensated; who was late is not.
func TestReceiptsAreProof(t *testing.T) {
	w := newWorld(t, 4)
	providers := chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}
	d := posp.Domain{ChainID: devchain.ChainID, Registry: w.sys.BatchRegistry}
	buyer := w.sender("buyer")
	p := chain.NewProtocol(w.c, w.at, w.anybody) // whoever sends
	type party struct {
		*chain.Sender
		sign func(posp.Receipt) posp.SignedReceipt
	}
	join := func(label string) party {
		s, key := w.sender(label), devchain.Account(label+"-receipts")
		w.must(w.join(s, providers, 1_000, nil))
		w.provide(s, crypto.PubkeyToAddress(key.PublicKey))
		return party{s, func(r posp.Receipt) posp.SignedReceipt {
			digest := r.Digest(d)
			signature, err := crypto.Sign(digest[:], key)
			w.must(err)
			return posp.SignedReceipt{Receipt: r, Signature: signature}
		}}
	}
	equivocator, omitter, late := join("equivocator"), join("omitter"), join("late")
	receipt := func(s party, epoch, sequence uint64, answer byte) posp.Receipt {
		return posp.Receipt{Provider: s.Address(), Epoch: epoch, Sequence: sequence, SpecID: posp.Hash{0x5e}, OutputHash: posp.Hash{answer},
			ClientNonce: posp.BuyerNonce(buyer.Address(), secret(int(sequence))), Time: 9}
	}
	commit := func(s party, epoch, first uint64, receipts ...posp.Receipt) *merkle.Tree {
		hashes := make([]posp.Hash, len(receipts))
		for i, r := range receipts {
			hashes[i] = r.Digest(d)
		}
		tree := merkle.New(hashes)
		w.send(s.Sender, w.sys.BatchRegistry, 0, batches.PackCommitBatch(s.Address(), epoch, first, tree.Root(), tree.Count()))
		return tree
	}
	mustMake := func(c chain.Claim, err error) {
		w.Helper()
		w.must(err)
		w.must(p.Try(w.ctx, buyer.Address(), c))
		t.Logf("%s: %d gas", c.What, w.send(w.anybody, c.To, 0, c.Data).GasUsed)
	}
	refused := func(name string, c chain.Claim, err error) {
		w.Helper()
		w.must(err)
		if r, ok := errors.AsType[*chain.RevertError](p.Try(w.ctx, buyer.Address(), c)); !ok || r.Name != name {
			w.Errorf("want %s, got %v", name, p.Try(w.ctx, buyer.Address(), c))
		}
	}
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))

	// The omitter commits something else in the place of the second of three.
	var held []posp.Receipt
	for i := range uint64(3) {
		held = append(held, receipt(omitter, epoch, i, 1))
	}
	tree := commit(omitter, epoch, 0, held[0], receipt(omitter, epoch, 1, 2), held[2])
	place := func(sequence uint64) chain.Place {
		proof, err := tree.Proof(sequence)
		w.must(err)
		hash := held[sequence].Digest(d)
		if sequence == 1 {
			hash = receipt(omitter, epoch, 1, 2).Digest(d)
		}
		return chain.Place{Epoch: epoch, Leaf: merkle.Leaf(hash), Proof: proof}
	}
	claim, err := p.ReplacedClaim(omitter.sign(held[2]), place(2))
	refused("NotOmitted", claim, err)
	claim, err = p.ReplacedClaim(equivocator.sign(held[1]), place(1))
	refused("NotTheProviders", claim, err)
	mustMake(p.ReplacedClaim(omitter.sign(held[1]), place(1)))
	omission := posp.Fault{Kind: posp.FaultOmission, Subject: omitter.Address(), Ref: held[1].Digest(d)}.ID(epoch)

	// The equivocator never commits the answer that the buyer has.
	one, two := equivocator.sign(receipt(equivocator, epoch, 5, 1)), equivocator.sign(receipt(equivocator, epoch, 5, 2))
	claim, err = p.EquivocationClaim(one, one)
	refused("NoEquivocation", claim, err)
	mustMake(p.EquivocationClaim(one, two))
	equivocation, ok, err := p.Equivocation(w.ctx, equivocator.Address(), 5)
	if err != nil || !ok {
		t.Fatalf("charge of equivocation: %v, %v", ok, err)
	}
	w.must(p.ExecuteFault(w.ctx, equivocation)) // at once

	// The late one misses two batches, is charged, and answers by the third.
	slow := receipt(late, epoch, 0, 1)
	claim, err = p.UncoveredClaim(late.sign(slow))
	refused("TooEarly", claim, err)
	w.until(w.schedule.Close(epoch+1) - 1)
	refused("TooEarly", claim, nil)
	w.must(w.node.Mine(w.ctx, 1))
	mustMake(claim, nil)
	charge := posp.Fault{Kind: posp.FaultOmission, Subject: late.Address(), Ref: slow.Digest(d)}.ID(epoch)
	tardy := commit(late, epoch+2, 0, slow, receipt(late, epoch+2, 1, 1))
	proof, err := tardy.Proof(0)
	w.must(err)
	answer, err := p.OmissionAnswer(slow, epoch+2, proof)
	mustMake(answer, err)
	state, err := p.Fault(w.ctx, charge)
	if err != nil || state.Status != chain.FaultCleared {
		t.Errorf("the charge of who was late is %+v, %v", state, err)
	}

	w.until(w.schedule.Close(epoch+2) + w.schedule.ContestBlocks)
	w.must(p.ExecuteFault(w.ctx, omission))
	state, err = p.Fault(w.ctx, charge)
	if err != nil || state.Status != chain.FaultCleared {
		t.Errorf("the charge of who was late is %+v, %v", state, err)
	}
	lost := func(s party) *big.Int {
		x, err := w.core.Shares(w.ctx, w.c, nil, s.Address(), w.core.Strategy)
		w.must(err)
		return x.Sub(ethers(1_000), x)
	}
	// Of a half that is allocated: a half, a fiftieth, nothing.
	for _, c := range []struct {
		who  party
		want *big.Int
	}{{equivocator, ethers(250)}, {omitter, ethers(10)}, {late, new(big.Int)}} {
		if l := lost(c.who); l.Cmp(c.want) != 0 {
			t.Errorf("%s lost %s, want %s", c.who.Address(), l, c.want)
		}
	}

	// Compensation waits for EigenLayer, and is the buyer's, up to the cap.
	claim, err = p.CompensationClaim(omission, held[1], buyer.Address(), secret(1))
	refused("NotCollected", claim, err)
	w.must(w.node.Mine(w.ctx, 4))
	w.must(p.CollectPot(w.ctx, omission))
	w.must(p.CollectPot(w.ctx, equivocation))
	claim, err = p.CompensationClaim(omission, held[2], buyer.Address(), secret(2))
	refused("NotWronged", claim, err)
	balance := func() *big.Int {
		return view(w, w.core.Token, devToken.UnpackBalanceOf, devToken.PackBalanceOf(buyer.Address()))
	}
	before := balance()
	mustMake(p.CompensationClaim(omission, held[1], buyer.Address(), secret(1)))
	mustMake(p.CompensationClaim(equivocation, one.Receipt, buyer.Address(), secret(5)))
	mustMake(p.CompensationClaim(equivocation, two.Receipt, buyer.Address(), secret(5)))
	if got := new(big.Int).Sub(balance(), before); got.Int64() != 3*compensation {
		t.Errorf("the buyer got %s, want %d", got, 3*compensation)
	}
	claim, err = p.CompensationClaim(equivocation, two.Receipt, buyer.Address(), secret(5))
	refused("AlreadyClaimed", claim, err)
	if o := view(w, w.sys.RefundPool, refunds.UnpackOwed, refunds.PackOwed()); o.Sign() != 0 {
		t.Errorf("the pool owes %s", o)
	}
	if paid, err := p.Refunded(context.Background(), equivocation, 1); err != nil || !paid {
		t.Errorf("paid: %v, %v", paid, err)
	}
}

// A buyer with a shell: what posp claim says before it sends anything, what it
// sends, and what it says about money that EigenLayer holds.
func TestPospClaim(t *testing.T) {
	w := newWorld(t, 4)
	m, err := app.DemoModel()
	w.must(err)
	network := app.Network{ChainID: devchain.ChainID, RPC: w.node.HTTP(), Aggregator: "http://127.0.0.1:1", Contracts: w.at, Models: []app.Model{m}}
	d := network.Domain()
	dir := t.TempDir()
	file := func(name string, v any) string {
		path := filepath.Join(dir, name)
		data, ok := v.([]byte)
		if !ok {
			data, err = json.Marshal(v)
			w.must(err)
		}
		w.must(os.WriteFile(path, data, 0o600))
		return path
	}
	w.must(devchain.Fund(w.ctx, w.c.Client, ethers(1), crypto.PubkeyToAddress(devchain.Account("payer").PublicKey)))
	key := app.NewKey(file("payer.key", []byte(hex.EncodeToString(crypto.FromECDSA(devchain.Account("payer"))))), "", "")
	buyer := common.Address{0xb0, 0xb}

	// A provider whose batch has something else in the place of its second receipt, and says so when asked.
	cheat, signing := w.sender("cheat"), devchain.Account("cheat-receipts")
	w.must(w.join(cheat, chain.OperatorSet{AVS: w.sys.ServiceManager, ID: 0}, 1_000, nil))
	w.provide(cheat, crypto.PubkeyToAddress(signing.PublicKey))
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	epoch := w.schedule.EpochAt(head) + 1
	w.until(w.schedule.Start(epoch))
	receipt := func(sequence uint64, answer byte) posp.SignedReceipt {
		r := posp.Receipt{Provider: cheat.Address(), Epoch: epoch, Sequence: sequence, SpecID: posp.Hash{0x5e}, OutputHash: posp.Hash{answer},
			ClientNonce: posp.BuyerNonce(buyer, secret(int(sequence))), Time: 9}
		digest := r.Digest(d)
		signature, err := crypto.Sign(digest[:], signing)
		w.must(err)
		return posp.SignedReceipt{Receipt: r, Signature: signature}
	}
	hashes := []posp.Hash{receipt(0, 1).Digest(d), receipt(1, 2).Digest(d), receipt(2, 1).Digest(d)}
	tree := merkle.New(hashes)
	w.send(cheat, w.sys.BatchRegistry, 0, batches.PackCommitBatch(cheat.Address(), epoch, 0, tree.Root(), 3))
	id := posp.Batch{Provider: cheat.Address(), Epoch: epoch, Root: tree.Root(), LeafCount: 3}.ID(d)
	proof := func(leaf uint64) provider.Proof {
		siblings, err := tree.Proof(leaf)
		w.must(err)
		return provider.Proof{BatchID: id, ReceiptHash: hashes[leaf], Leaf: leaf, Proof: siblings}
	}
	lying := false // it shows the receipt's hash where something else stands
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		var e, s uint64
		if _, err := fmt.Sscanf(r.URL.Path, "/posp/v1/proof/%d/%d", &e, &s); err != nil || e != epoch || s > 2 {
			http.NotFound(rw, r)
			return
		}
		p := proof(s)
		if lying {
			p.ReceiptHash = receipt(s, 1).Digest(d)
		}
		_ = json.NewEncoder(rw).Encode(p)
	}))
	t.Cleanup(server.Close)
	w.send(cheat, w.sys.BatchRegistry, 0, batches.PackRegisterProvider(cheat.Address(), server.URL))

	type do = func(context.Context, app.ClaimOptions, io.Writer) error
	says := func(claim do, o app.ClaimOptions, want string) {
		w.Helper()
		var out bytes.Buffer
		o.Network = network
		if !o.DryRun {
			o.Key, o.Data = key, w.TempDir()
		}
		err := claim(w.ctx, o, &out)
		text := out.String()
		if err != nil {
			text += "error: " + err.Error()
		}
		if !strings.Contains(text, want) {
			w.Errorf("want %q in %q", want, text)
		}
		if o.DryRun { // for machines, the same
			out.Reset()
			o.JSON = true
			again := claim(w.ctx, o, &out)
			if (err == nil) != (again == nil) || (err == nil) != json.Valid(out.Bytes()) || err != nil && err.Error() != again.Error() {
				w.Errorf("as JSON %q, error %v; in words %q", out.String(), again, text)
			}
		}
	}
	answer := func(name string, r posp.SignedReceipt) string { // as a buyer has it: in the field posp of an answer
		return file(name, map[string]any{"id": "cmpl-1", "choices": []any{}, "posp": provider.Attachment{Receipt: &r}})
	}
	first, replaced, other := answer("first.json", receipt(0, 1)), answer("replaced.json", receipt(1, 1)), answer("other.json", receipt(0, 7))

	says(app.ClaimOmission, app.ClaimOptions{DryRun: true}, "--receipt is given 0 times, want 1")
	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{file("no.json", []byte(`{"choices":[]}`))}}, "holds no signed receipt")
	forged := receipt(1, 1)
	forged.OutputTokens = 7
	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{answer("forged.json", forged)}}, "it is no promise of the provider")
	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{first}}, "error: nothing was omitted: the receipt stands at leaf 0")
	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{answer("later.json", receipt(9, 1))}}, "no batch covers sequence 9")
	says(app.ClaimAnswer, app.ClaimOptions{DryRun: true, Receipts: []string{replaced}}, "the charge is true")
	lying = true
	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{replaced}}, "does not lead to the root")
	lying = false
	says(app.ClaimProof, app.ClaimOptions{Receipts: []string{first}}, hashes[0].Hex())

	says(app.ClaimOmission, app.ClaimOptions{DryRun: true, Receipts: []string{replaced}}, "dry run: charge omission would be accepted")
	omission := posp.Fault{Kind: posp.FaultOmission, Subject: cheat.Address(), Ref: receipt(1, 1).Digest(d)}.ID(epoch)
	p := chain.NewProtocol(w.c, w.at, w.anybody)
	if s, err := p.Fault(w.ctx, omission); err != nil || s.Status != chain.FaultNone {
		t.Errorf("a dry run charged: %+v, %v", s, err)
	}
	// With the proof in a file, nobody need be asked.
	says(app.ClaimOmission, app.ClaimOptions{Receipts: []string{replaced}, Proof: file("proof.json", proof(1))}, "charged: omission of "+cheat.Address().Hex()+", fault "+omission.Hex())
	says(app.ClaimOmission, app.ClaimOptions{Receipts: []string{replaced}}, "charged already")
	says(app.ClaimEquivocation, app.ClaimOptions{DryRun: true, Receipts: []string{first, replaced}}, "two sequences")
	says(app.ClaimEquivocation, app.ClaimOptions{DryRun: true, Receipts: []string{first, first}}, "the two receipts are one")
	says(app.ClaimEquivocation, app.ClaimOptions{Receipts: []string{first, other}}, "charged: equivocation of "+cheat.Address().Hex())
	says(app.ClaimEquivocation, app.ClaimOptions{Receipts: []string{first, other}}, "is charged already")

	refund := func(path string, sequence int, dry bool) app.ClaimOptions {
		return app.ClaimOptions{Receipts: []string{path}, Buyer: buyer.Hex(), Secret: secret(sequence).Hex(), DryRun: dry}
	}
	says(app.ClaimRefund, refund(replaced, 2, true), "nobody else can claim for it")
	says(app.ClaimRefund, refund(answer("third.json", receipt(2, 1)), 2, true), "no charge was made for which receipt 2")
	says(app.ClaimRefund, refund(replaced, 1, true), "open: it can be executed from block")
	equivocation, _, err := p.Equivocation(w.ctx, cheat.Address(), 0)
	w.must(err)
	w.must(p.ExecuteFault(w.ctx, equivocation))
	says(app.ClaimRefund, refund(first, 0, false), "EigenLayer holds the slashed stake yet")
	w.must(w.node.Mine(w.ctx, 4))
	says(app.ClaimRefund, refund(first, 0, true), "EigenLayer has released the slashed stake: it would be collected")
	asJSON := refund(first, 0, false)
	asJSON.JSON = true
	says(app.ClaimRefund, refund(first, 0, false), fmt.Sprintf("paid %d to %s", compensation, buyer))
	says(app.ClaimRefund, asJSON, `"state": "paid",
    "paid": null`)
	says(app.ClaimRefund, refund(first, 0, false), "paid before")
	if b := view(w, w.core.Token, devToken.UnpackBalanceOf, devToken.PackBalanceOf(buyer)); b.Int64() != compensation {
		t.Errorf("the buyer has %s", b)
	}
}
