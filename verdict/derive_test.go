package verdict

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// world is an epoch with synthetic models, and real keys, receipts, trees,
// draws, commitments and reveals.
type world struct {
	t         failer
	r         *rand.Rand
	policy    *Policy
	spec      posp.ModelSpec
	operators []*ecdsa.PrivateKey // ascending by address
	in        EpochInput
	receipts  map[posp.Hash]*answer // by sample
	salt      uint64
	late      uint64 // by so many epochs receipts are committed
}

// answer is one receipt and what stands behind it.
type answer struct {
	opening  posp.Opening
	evidence posp.EvidencePart
	seen     truth
}

func key(xs ...uint64) *ecdsa.PrivateKey {
	h := hashOf(xs...)
	k, err := crypto.ToECDSA(h[:])
	if err != nil {
		panic(err)
	}
	return k
}

func address(k *ecdsa.PrivateKey) posp.Address { return crypto.PubkeyToAddress(k.PublicKey) }

func sign(k *ecdsa.PrivateKey, digest posp.Hash) []byte {
	sig, err := crypto.Sign(digest[:], k)
	if err != nil {
		panic(err)
	}
	return sig
}

// failer is a test or a property.
type failer interface{ Fatal(...any) }

func newWorld(t failer, seed uint64, operators int) *world {
	policy := calibrated(t)
	w := &world{t: t, r: rand.New(rand.NewPCG(seed, 1)), policy: policy, spec: testSpec(policy), receipts: map[posp.Hash]*answer{}}
	for i := range operators {
		w.operators = append(w.operators, key(seed, 1, uint64(i)))
	}
	slices.SortFunc(w.operators, func(a, b *ecdsa.PrivateKey) int { return address(a).Cmp(address(b)) })
	w.in = EpochInput{
		Domain:     posp.Domain{ChainID: 31337, Registry: posp.Address{1}},
		Authority:  posp.Authority{ChainID: 31337, Attestation: posp.Address{2}, AVS: posp.Address{3}},
		Epoch:      4,
		Beacon:     hashOf(seed, 2),
		Parameters: posp.Parameters{Committee: 3, FaultLine: Line(1e9)},
		Specs:      []Spec{{w.spec, *policy}},
	}
	for i, k := range w.operators {
		w.in.Table.Members = append(w.in.Table.Members, posp.Member{Operator: address(k), Weight: uint256.NewInt(uint64(i + 1)), KeyX: uint256.NewInt(1), KeyY: uint256.NewInt(2)})
	}
	root, err := sampler.TableRoot(w.in.Table.Members)
	if err != nil {
		t.Fatal(err)
	}
	w.in.Table.Root = root
	return w
}

func (w *world) fresh() posp.Hash { w.salt++; return hashOf(99, w.salt) }

// provider registers a provider whose answers come from write, and commits a
// batch of n of them, all sampled.
func (w *world) provider(id uint64, n, tokens int, write func(r *rand.Rand, n int) (*posp.Evidence, truth)) posp.BatchRecord {
	provider, receiptKey := posp.Address{0xee, byte(id)}, key(7, id)
	w.in.Providers = append(w.in.Providers, posp.ProviderInfo{Provider: provider, ReceiptKey: address(receiptKey)})
	answers := make([]*answer, n)
	values := make([]posp.Hash, n)
	for i := range answers {
		claim, seen := write(w.r, tokens)
		a := &answer{opening: *opening(w.spec, tokens), evidence: posp.EvidencePart{Evidence: *claim, Salt: w.fresh()}, seen: seen}
		a.opening.Leaf = uint64(i)
		a.opening.Request.Salt, a.opening.Output.Salt = w.fresh(), w.fresh()
		r := &a.opening.Receipt
		r.Provider, r.Epoch, r.Sequence, r.EvidenceHash = provider, w.in.Epoch-w.late, 1000+uint64(i), a.evidence.Hash()
		seal(&a.opening)
		values[i] = r.Digest(w.in.Domain)
		r.Signature = sign(receiptKey, values[i])
		answers[i] = a
	}
	tree := merkle.New(values)
	batch := posp.BatchRecord{Batch: posp.Batch{Provider: provider, Epoch: w.in.Epoch, FirstSequence: 1000, Root: tree.Root(), LeafCount: uint64(n)}, Rate: posp.Rate{RatePpm: 1_000_000}}
	batch.ID = batch.Batch.ID(w.in.Domain)
	w.in.Batches = append(w.in.Batches, batch)
	for _, a := range w.assignments(batch) {
		answers[a.Leaf].opening.Proof, _ = tree.Proof(a.Leaf)
		w.receipts[a.SampleID] = answers[a.Leaf]
	}
	return batch
}

func (w *world) assignments(batch posp.BatchRecord) []sampler.Assignment {
	list, err := sampler.Assign(w.in.Domain, batch, w.in.Beacon, w.in.Table.Members, int(w.in.Parameters.Committee))
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

// behaviour is what an operator reveals about an answer; nil commits nothing.
type behaviour func(r *rand.Rand, a *answer) *posp.Evidence

func honestly(r *rand.Rand, a *answer) *posp.Evidence { return a.seen.recompute(r, honestNoise) }
func lazily(r *rand.Rand, a *answer) *posp.Evidence   { return invented(r, len(a.opening.Output.Tokens)) }
func notOpened(*rand.Rand, *answer) *posp.Evidence    { return &posp.Evidence{Kind: posp.EvidenceNone} }

// recompute lets every operator commit and reveal; behave chooses how.
func (w *world) recompute(behave func(operator int, batch posp.BatchRecord) behaviour) {
	for i, k := range w.operators {
		commitments := posp.Commitments{Operator: address(k), Epoch: w.in.Epoch}
		reveals := posp.Reveals{Operator: address(k), Epoch: w.in.Epoch}
		send := func(batch posp.BatchRecord, a sampler.Assignment) {
			answer := w.receipts[a.SampleID]
			if !a.Has(address(k)) {
				return
			}
			evidence := behave(i, batch)(w.r, answer)
			if evidence == nil {
				return
			}
			salt := w.fresh()
			commitments.Items = append(commitments.Items, posp.SampleCommitment{SampleID: a.SampleID, Commitment: posp.Commitment(address(k), a.SampleID, evidence.Encode(), salt)})
			reveal := posp.Reveal{SampleID: a.SampleID, Evidence: evidence.Encode(), Salt: salt}
			if evidence.Kind == posp.EvidenceFull {
				reveal.Opening, reveal.Provider = &answer.opening, &answer.evidence
			}
			reveals.Items = append(reveals.Items, reveal)
		}
		for _, batch := range w.in.Batches {
			for _, a := range w.assignments(batch) {
				send(batch, a)
			}
		}
		for _, d := range w.in.Demands {
			a, err := sampler.AssignDemand(w.in.Domain, d, w.in.Beacon, w.in.Table.Members, int(w.in.Parameters.Committee))
			if err != nil {
				w.t.Fatal(err)
			}
			send(posp.BatchRecord{ID: d.ID, Batch: d.Batch.Batch}, a)
		}
		slices.SortFunc(commitments.Items, func(a, b posp.SampleCommitment) int { return a.SampleID.Cmp(b.SampleID) })
		slices.SortFunc(reveals.Items, func(a, b posp.Reveal) int { return a.SampleID.Cmp(b.SampleID) })
		commitments.Signature = sign(k, commitments.Digest(w.in.Authority))
		reveals.Signature = sign(k, reveals.Digest(w.in.Authority))
		w.in.Commitments = append(w.in.Commitments, commitments)
		w.in.Reveals = append(w.in.Reveals, reveals)
	}
}

func (w *world) derive() *Derivation {
	d, err := Derive(w.in)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func honestWriter(r *rand.Rand, n int) (*posp.Evidence, truth) {
	out := honestOutput(r, n)
	return out.claim(r, honestNoise), out
}

func allHonest(int, posp.BatchRecord) behaviour { return honestly }

func TestDeriveHonestEpoch(t *testing.T) {
	w := newWorld(t, 1, 5)
	a := w.provider(1, 20, 40, honestWriter)
	w.provider(2, 10, 40, honestWriter)
	w.in.Standings = []posp.Standing{{Subject: a.Provider, SpecID: w.spec.ID(), Value: 3 * Nat}, {Subject: posp.Address{9}, Value: 7}}
	w.recompute(allHonest)
	d := w.derive()

	if len(d.Result.Faults) != 0 || len(d.Samples) != 30 || d.Result.SampleCount != 30 || len(d.Assignments) != 30 {
		t.Fatalf("faults %v, %d samples", d.Result.Faults, len(d.Samples))
	}
	for i, s := range d.Samples {
		if s.Verdict != posp.Pass || s.LogE > 0 || s.SampleID != d.Assignments[i].SampleID {
			t.Fatalf("sample %d: %+v", i, s)
		}
	}
	leaves := []posp.Hash{}
	for _, s := range d.Samples {
		leaves = append(leaves, s.LeafHash())
	}
	if d.Result.SampleRoot != merkle.Root(leaves) || d.Result.TableRoot != w.in.Table.Root || d.Result.Epoch != 4 {
		t.Fatalf("result %+v", d.Result)
	}
	if len(d.Result.Batches) != 2 || d.Result.Batches[0].Passed+d.Result.Batches[1].Passed != 30 || d.Result.Batches[0].BatchID.Cmp(d.Result.Batches[1].BatchID) >= 0 {
		t.Fatalf("batches %+v", d.Result.Batches)
	}
	// Both providers and all five operators stand at 0; who had no sample is not mentioned.
	if len(d.Result.Standings) != 7 {
		t.Fatalf("standings %+v", d.Result.Standings)
	}
	for i, s := range d.Result.Standings {
		if s.Value != 0 || i > 0 && d.Result.Standings[i-1].Subject.Cmp(s.Subject) >= 0 {
			t.Fatalf("standing %+v", s)
		}
	}
	assigned := uint32(0)
	for _, duty := range d.Duties {
		if duty.Done != duty.Assigned {
			t.Errorf("duty %+v", duty)
		}
		assigned += duty.Assigned
	}
	if assigned != 90 {
		t.Errorf("%d duties of 30 samples with committees of 3", assigned)
	}
}

func TestDeriveCatchesEachCheat(t *testing.T) {
	w := newWorld(t, 2, 5)
	honest := w.provider(100, 12, 64, honestWriter)
	want := map[posp.Hash]posp.Class{}
	for i, c := range cheats {
		want[w.provider(uint64(i), 12, 64, c.make).ID] = c.class
	}
	withheld := w.provider(101, 4, 64, honestWriter)
	lazy := 4 // the heaviest, so that it sits in many committees
	w.recompute(func(operator int, batch posp.BatchRecord) behaviour {
		switch {
		case operator == lazy:
			return lazily
		case batch.ID == withheld.ID:
			return notOpened
		}
		return honestly
	})
	// The lazy operator invents evidence of what it was not shown, and so has nothing to carry.
	for i := range w.in.Reveals {
		for k := range w.in.Reveals[i].Items {
			if r := &w.in.Reveals[i].Items[k]; r.Opening != nil && r.Opening.Receipt.Provider == withheld.Provider {
				r.Opening, r.Provider = nil, nil
			}
		}
	}
	d := w.derive()

	statistical, operators, withholding := map[posp.Hash]int{}, map[posp.Address]int{}, 0
	for _, f := range d.Result.Faults {
		switch f.Kind {
		case posp.FaultStatistical:
			statistical[f.BatchID]++
			if f.Ref != w.spec.ID() {
				t.Errorf("statistical fault under spec %s", f.Ref)
			}
		case posp.FaultOperatorEvidence:
			operators[f.Subject]++
		case posp.FaultWithholding:
			withholding++
			if f.Subject != withheld.Provider {
				t.Errorf("withholding by %s", f.Subject)
			}
		}
	}
	if len(statistical) != len(want) || len(operators) != 1 || operators[address(w.operators[lazy])] != 1 || withholding != 4 {
		t.Fatalf("faults %+v", d.Result.Faults)
	}
	for i, a := range d.Assignments {
		s := d.Samples[i]
		switch class, cheat := want[a.BatchID]; {
		case cheat && (s.Verdict != posp.Fail || s.Class != class):
			t.Errorf("%v %v, want %v", s.Verdict, s.Class, class)
		case cheat && statistical[a.BatchID] != 1:
			t.Errorf("%d statistical faults of batch %s", statistical[a.BatchID], a.BatchID)
		case a.BatchID == honest.ID && s.Verdict != posp.Pass:
			t.Errorf("honest: %+v", s)
		case a.BatchID == withheld.ID && (s.Verdict != posp.Unavailable || s.Class != posp.Withheld):
			t.Errorf("withheld: %+v", s)
		}
	}
	for _, s := range d.Result.Standings {
		over := s.Value >= w.in.Parameters.FaultLine
		guilty := s.Subject == address(w.operators[lazy])
		for _, b := range w.in.Batches {
			if _, cheat := want[b.ID]; cheat && s.Subject == b.Provider {
				guilty = true
			}
		}
		if over != guilty {
			t.Errorf("standing %+v, guilty %v", s, guilty)
		}
	}
}

// A result has room for so many charges: who withholds more, or hides behind many who do, keeps nobody's batch from being certified.
func TestWithheldSamplesAreChargedUpToABound(t *testing.T) {
	for _, providers := range []int{1, 8, 9, 12} {
		w := newWorld(t, 3, 5)
		for i := range providers {
			w.provider(uint64(i), 11, 5, honestWriter)
		}
		w.recompute(func(int, posp.BatchRecord) behaviour { return notOpened })
		d := w.derive()
		first := map[posp.Hash]int{} // samples of each batch, in order
		charged := map[posp.Hash]bool{}
		for _, f := range d.Result.Faults {
			charged[f.Ref] = true
		}
		total := 0
		for i, a := range d.Assignments {
			if d.Samples[i].Verdict != posp.Unavailable {
				t.Fatalf("sample %+v", d.Samples[i])
			}
			want := first[a.BatchID] < MaxWithheldOfBatch && total < MaxWithheldOfEpoch
			if first[a.BatchID]++; want {
				total++
			}
			if charged[a.SampleID] != want {
				t.Errorf("%d providers: sample %d of batch %d is charged: %v, want %v", providers, a.J, len(first)-1, charged[a.SampleID], want)
			}
		}
		if want := min(8*providers, 64); total != want || len(d.Result.Faults) != want {
			t.Errorf("%d providers: %d charges, want %d", providers, len(d.Result.Faults), want)
		}
		for _, b := range d.Result.Batches {
			if b.Unavailable != 11 {
				t.Errorf("batch %+v", b)
			}
		}
	}
}

func TestDeriveDoesNotDependOnOrder(t *testing.T) {
	w := newWorld(t, 3, 5)
	w.provider(1, 6, 30, honestWriter)
	w.provider(2, 6, 30, cheats[0].make)
	w.recompute(func(operator int, _ posp.BatchRecord) behaviour {
		return []behaviour{honestly, honestly, honestly, lazily, func(*rand.Rand, *answer) *posp.Evidence { return nil }}[operator]
	})
	want := w.derive()
	if len(want.Result.Faults) == 0 {
		t.Fatal("nothing to compare")
	}
	rapid.Check(t, func(t *rapid.T) {
		in := w.in
		in.Batches = rapid.Permutation(in.Batches).Draw(t, "batches")
		in.Providers = rapid.Permutation(in.Providers).Draw(t, "providers")
		in.Commitments = rapid.Permutation(in.Commitments).Draw(t, "commitments")
		in.Reveals = rapid.Permutation(in.Reveals).Draw(t, "reveals")
		if rapid.Bool().Draw(t, "again") {
			in.Reveals = append(in.Reveals, in.Reveals...)
			in.Commitments = append(in.Commitments, in.Commitments[0])
		}
		got, err := Derive(in)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestDeriveIgnoresWhatIsNotAuthentic plants what a hostile operator or
// aggregator might send; none of it may change the result.
func TestDeriveIgnoresWhatIsNotAuthentic(t *testing.T) {
	w := newWorld(t, 4, 5)
	batch := w.provider(1, 6, 30, honestWriter)
	w.recompute(allHonest)
	want := w.derive()
	list := w.assignments(batch)
	id := list[0].SampleID
	real := w.receipts[id]
	outsider := key(1234)

	garbage := func(change func(o *posp.Opening)) posp.Reveals {
		o := real.opening
		o.Proof = slices.Clone(o.Proof)
		o.Output.Tokens = slices.Clone(o.Output.Tokens)
		change(&o)
		return posp.Reveals{Operator: address(outsider), Epoch: 4, Items: []posp.Reveal{{SampleID: id, Opening: &o, Provider: &posp.EvidencePart{}}}}
	}
	first := []posp.Reveals{
		garbage(func(o *posp.Opening) { o.Output.Tokens[0]++ }),
		garbage(func(o *posp.Opening) { o.Request.Salt[0]++ }),
		garbage(func(o *posp.Opening) { o.Receipt.OutputTokens++ }),
		garbage(func(o *posp.Opening) { o.Receipt.Signature = sign(outsider, o.Receipt.Digest(w.in.Domain)) }),
		garbage(func(o *posp.Opening) { o.Receipt.Signature = nil }),
		garbage(func(o *posp.Opening) { o.Leaf++ }),
		garbage(func(o *posp.Opening) { o.Proof = nil }),
		garbage(func(o *posp.Opening) { *o = w.receipts[list[1].SampleID].opening }),
		garbage(func(o *posp.Opening) { *o = posp.Opening{} }),
	}
	// Somebody else's words under an operator's name, and others for its commitments.
	member := list[0].Committee[0]
	forged := posp.Commitments{Operator: member, Epoch: 4, Items: []posp.SampleCommitment{{SampleID: id, Commitment: posp.Hash{1}}}}
	forged.Signature = sign(outsider, forged.Digest(w.in.Authority))
	early := posp.Commitments{Operator: member, Epoch: 3, Items: forged.Items}
	for _, k := range w.operators {
		if address(k) == member {
			early.Signature = sign(k, early.Digest(w.in.Authority)) // true, of another epoch
		}
	}
	lie := honestOutput(w.r, 30).recompute(w.r, 1)
	first = append(first, posp.Reveals{Operator: member, Epoch: 4, Items: []posp.Reveal{{SampleID: id, Evidence: lie.Encode()}}})
	w.in.Reveals = append(first, w.in.Reveals...)
	w.in.Commitments = append([]posp.Commitments{forged, early}, w.in.Commitments...)
	if diff := cmp.Diff(want, w.derive()); diff != "" {
		t.Fatal(diff)
	}
}

func TestTwoCommitmentsAreNone(t *testing.T) {
	w := newWorld(t, 5, 3)
	batch := w.provider(1, 1, 30, honestWriter)
	w.recompute(allHonest)
	id := w.assignments(batch)[0].SampleID
	second := posp.Commitments{Operator: address(w.operators[0]), Epoch: 4, Items: []posp.SampleCommitment{{SampleID: id, Commitment: posp.Hash{1}}}}
	second.Signature = sign(w.operators[0], second.Digest(w.in.Authority))
	for _, all := range [][]posp.Commitments{append([]posp.Commitments{second}, w.in.Commitments...), append(slices.Clone(w.in.Commitments), second)} {
		w.in.Commitments = all
		d := w.derive()
		if d.Samples[0].Verdict != posp.Pass { // two of three are left
			t.Fatalf("%+v", d.Samples[0])
		}
		for _, duty := range d.Duties {
			if want := uint32(1); duty.Operator == second.Operator && duty.Done != 0 || duty.Operator != second.Operator && duty.Done != want {
				t.Fatalf("duty %+v", duty)
			}
		}
	}
}

func TestDripCrossesAndCreditIsNotBanked(t *testing.T) {
	w := newWorld(t, 6, 3)
	i := 0
	batch := w.provider(1, 40, 64, func(r *rand.Rand, n int) (*posp.Evidence, truth) {
		if i++; i == 35 { // one forgery among forty honest answers
			return cheats[2].make(r, n)
		}
		return honestWriter(r, n)
	})
	w.recompute(allHonest)
	d := w.derive()
	if d.Result.Batches[0].Passed != 39 || d.Result.Batches[0].Failed != 1 {
		t.Fatalf("batch %+v", d.Result.Batches[0])
	}
	if len(d.Result.Faults) != 1 || d.Result.Faults[0].Kind != posp.FaultStatistical || d.Result.Faults[0].BatchID != batch.ID {
		t.Fatalf("faults %+v", d.Result.Faults)
	}
}

func TestAStandingOverTheLineIsNoNewFault(t *testing.T) {
	w := newWorld(t, 7, 3)
	batch := w.provider(1, 3, 64, cheats[0].make)
	w.in.Standings = []posp.Standing{{Subject: batch.Provider, SpecID: w.spec.ID(), Value: w.in.Parameters.FaultLine}}
	w.recompute(allHonest)
	if d := w.derive(); len(d.Result.Faults) != 0 {
		t.Fatalf("faults %+v", d.Result.Faults)
	}
}

func TestASubjectIsChargedOnceInAnEpoch(t *testing.T) {
	e := &epoch{standing: map[subject]uint64{}, touched: map[subject]bool{}, charged: map[subject]bool{}}
	e.in.Parameters.FaultLine = 10
	var crossed []bool
	for _, logE := range []int32{9, 1, -5, 5, -20, 30} {
		crossed = append(crossed, e.advance(subject{}, logE))
	}
	if !slices.Equal(crossed, []bool{false, true, false, false, false, false}) || e.standing[subject{}] != 30 {
		t.Fatalf("crossed %v, standing %d", crossed, e.standing[subject{}])
	}
}

func TestVerifyOpening(t *testing.T) {
	w := newWorld(t, 12, 3)
	receiptKey := key(7, 1)
	for name, change := range map[string]func(b *posp.Batch, o *posp.Opening){
		"":                        func(*posp.Batch, *posp.Opening) {},
		"of another provider":     func(b *posp.Batch, o *posp.Opening) { o.Receipt.Provider[0]++ },
		"of a later epoch":        func(b *posp.Batch, o *posp.Opening) { o.Receipt.Epoch++ },
		"of the last epoch":       func(b *posp.Batch, o *posp.Opening) { o.Receipt.Epoch = math.MaxUint64 },
		"sequence does not fit":   func(b *posp.Batch, o *posp.Opening) { o.Receipt.Sequence++ },
		"sequence wraps":          func(b *posp.Batch, o *posp.Opening) { b.FirstSequence, o.Receipt.Sequence = math.MaxUint64, 1 },
		"of another leaf":         func(b *posp.Batch, o *posp.Opening) { o.Leaf++ },
		"other request":           func(b *posp.Batch, o *posp.Opening) { o.Receipt.RequestHash[0]++ },
		"other output":            func(b *posp.Batch, o *posp.Opening) { o.Receipt.OutputHash[0]++ },
		"signed by somebody else": func(b *posp.Batch, o *posp.Opening) { receiptKey = key(8) },
	} {
		// The batch commits to the receipt as changed: only the check in question is left.
		receiptKey = key(7, 1)
		b := posp.Batch{Provider: posp.Address{5}, Epoch: 4, FirstSequence: 1000, LeafCount: 3}
		o := *opening(w.spec, 5)
		r := &o.Receipt
		r.Provider, r.Epoch, r.Sequence, o.Leaf = b.Provider, b.Epoch, 1002, 2
		change(&b, &o)
		values := []posp.Hash{{1}, {2}, r.Digest(w.in.Domain)}
		b.Root = merkle.Root(values)
		o.Proof, _ = merkle.Proof(values, 2)
		r.Signature = sign(receiptKey, values[2])
		err := VerifyOpening(w.in.Domain, b, 2, address(key(7, 1)), o)
		var invalid *posp.ValidationError
		if name == "" && err != nil || name != "" && !errors.As(err, &invalid) {
			t.Errorf("opening %s: error %v", name, err)
		}
	}
}

// A receipt of a batch that was missed stands in a later one, under its own
// epoch, and is judged there as any other.
func TestALateReceiptIsJudged(t *testing.T) {
	for _, late := range []uint64{0, 1, 4} {
		w := newWorld(t, 7, 3)
		w.late = late
		w.provider(1, 12, 64, honestWriter)
		w.recompute(allHonest)
		d := w.derive()
		if b := d.Result.Batches[0]; b.Passed < 11 || b.Unavailable != 0 || len(d.Result.Faults) != 0 {
			t.Errorf("an honest provider, %d epochs late: %+v, faults %v", late, b, d.Result.Faults)
		}
		w = newWorld(t, 7, 3)
		w.late = late
		w.provider(1, 12, 64, cheats[0].make)
		w.recompute(allHonest)
		if d := w.derive(); d.Result.Batches[0].Failed != 12 {
			t.Errorf("a cheat, %d epochs late: %+v", late, d.Result.Batches[0])
		}
	}
}

func TestUnknownSpecIsInconclusive(t *testing.T) {
	w := newWorld(t, 8, 3)
	w.provider(1, 3, 64, cheats[0].make)
	w.recompute(allHonest)
	w.in.Specs = nil
	d := w.derive()
	if d.Result.Batches[0].Inconclusive != 3 || len(d.Result.Faults) != 0 || len(d.Result.Standings) != 0 {
		t.Fatalf("%+v", d.Result)
	}
}

func TestDeriveRefusesOurOwnWrongInput(t *testing.T) {
	for name, change := range map[string]func(in *EpochInput){
		"batch of another epoch": func(in *EpochInput) { in.Epoch++ },
		"batch of another chain": func(in *EpochInput) { in.Domain.ChainID++ },
		"batch twice":            func(in *EpochInput) { in.Batches = append(in.Batches, in.Batches[0]) },
		"provider unknown":       func(in *EpochInput) { in.Providers = nil },
		"two receipt keys": func(in *EpochInput) {
			in.Providers = append(in.Providers, posp.ProviderInfo{Provider: in.Providers[0].Provider})
		},
		"table root":               func(in *EpochInput) { in.Table.Root = posp.Hash{} },
		"table order":              func(in *EpochInput) { slices.Reverse(in.Table.Members) },
		"member without a weight":  func(in *EpochInput) { in.Table.Members[0].Weight = nil },
		"policy is not the spec's": func(in *EpochInput) { in.Specs[0].Policy.Cap++ },
		"policy is broken":         func(in *EpochInput) { in.Specs[0].Policy.Cap = 0 },
		"standing twice":           func(in *EpochInput) { in.Standings = make([]posp.Standing, 2) },
		"too many samples": func(in *EpochInput) {
			in.Batches[0].LeafCount = 1 << 40
			in.Batches[0].ID = in.Batches[0].Batch.ID(in.Domain)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 9, 3)
			w.provider(1, 3, 10, honestWriter)
			w.recompute(allHonest)
			change(&w.in)
			_, err := Derive(w.in)
			var invalid *posp.ValidationError
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v", err)
			}
		})
	}
}

func TestEpochInputSurvivesJSON(t *testing.T) {
	w := newWorld(t, 10, 3)
	w.provider(1, 3, 20, cheats[2].make)
	w.recompute(allHonest)
	want := w.derive()
	b, err := json.Marshal(w.in)
	if err != nil {
		t.Fatal(err)
	}
	w.in = EpochInput{}
	if err := json.Unmarshal(b, &w.in); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.derive()); diff != "" {
		t.Fatal(diff)
	}
}

// FuzzDerive changes bytes of a whole epoch's JSON: whatever still parses must
// be refused or derived, without a panic, and twice alike.
func FuzzDerive(f *testing.F) {
	w := newWorld(f, 11, 3)
	w.provider(1, 2, 4, honestWriter)
	w.recompute(allHonest)
	seed, err := json.Marshal(struct {
		Batches     []posp.BatchRecord
		Commitments []posp.Commitments
		Reveals     []posp.Reveals
		Parameters  posp.Parameters
		Standings   []posp.Standing
	}{w.in.Batches, w.in.Commitments, w.in.Reveals, w.in.Parameters, []posp.Standing{{Value: 1}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"Reveals":[{"items":[{"opening":{},"provider":null}]},{"items":null}],"Commitments":[{}],"Batches":[{}]}`))
	f.Add(bytes.ReplaceAll(seed, []byte(`"leafCount":2`), []byte(`"leafCount":0`)))
	f.Fuzz(func(t *testing.T, b []byte) {
		in := w.in
		in.Batches = slices.Clone(in.Batches)
		changed := in
		if json.Unmarshal(b, &changed) != nil {
			return
		}
		// Ids must fit for anything to be derived.
		for i := range changed.Batches {
			changed.Batches[i].Epoch = in.Epoch
			changed.Batches[i].Provider = in.Providers[0].Provider
			changed.Batches[i].LeafCount %= 100
			changed.Batches[i].ID = changed.Batches[i].Batch.ID(in.Domain)
		}
		changed.Domain, changed.Epoch, changed.Table, changed.Providers, changed.Specs = in.Domain, in.Epoch, in.Table, in.Providers, in.Specs
		one, err := Derive(changed)
		if err != nil {
			return
		}
		two, err := Derive(changed)
		if err != nil || one.Result.Root() != two.Result.Root() {
			t.Fatal("two derivations differ")
		}
	})
}

// TestDeriveTakesAnything lets operators commit to and reveal arbitrary bytes,
// and a provider sign arbitrary evidence: the books must balance, and nobody
// who is not at fault by the rules is charged.
func TestDeriveTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, 4).Draw(t, "operators"))
		w.in.Parameters.Committee = rapid.Uint32Range(0, 5).Draw(t, "m")
		w.provider(1, rapid.IntRange(0, 4).Draw(t, "n"), 12, func(r *rand.Rand, n int) (*posp.Evidence, truth) {
			claim, seen := honestWriter(r, n)
			return rapid.SampledFrom([]*posp.Evidence{claim, {Kind: posp.EvidenceNone}, seen.claim(r, 1), honestOutput(r, 3).claim(r, 0), seen.recompute(r, 0)}).Draw(t, "claim"), seen
		})
		for _, k := range w.operators {
			c, v := posp.Commitments{Operator: address(k), Epoch: 4}, posp.Reveals{Operator: address(k), Epoch: 4}
			for _, id := range slices.SortedFunc(maps.Keys(w.receipts), posp.Hash.Cmp) {
				a := w.receipts[id]
				raw := rapid.OneOf(
					rapid.SampledFrom([][]byte{nil, honestly(w.r, a).Encode(), lazily(w.r, a).Encode(), notOpened(nil, nil).Encode(), honestOutput(w.r, 5).recompute(w.r, 0).Encode()}),
					rapid.SliceOfN(rapid.Byte(), 0, 40),
				).Draw(t, "evidence")
				salt := w.fresh()
				c.Items = append(c.Items, posp.SampleCommitment{SampleID: id, Commitment: posp.Commitment(c.Operator, id, raw, salt)})
				item := posp.Reveal{SampleID: id, Evidence: raw, Salt: salt}
				if rapid.Bool().Draw(t, "carries the opening") {
					item.Opening = &a.opening
				}
				if rapid.Bool().Draw(t, "carries the evidence part") {
					item.Provider = &a.evidence
				}
				v.Items = append(v.Items, item)
			}
			c.Signature = sign(k, c.Digest(w.in.Authority))
			w.in.Commitments, w.in.Reveals = append(w.in.Commitments, c), append(w.in.Reveals, v)
		}
		d, err := Derive(w.in)
		if err != nil {
			t.Fatal(err)
		}
		b := d.Result.Batches[0]
		if b.Passed+b.Failed+b.Inconclusive+b.Unavailable != b.Samples || int(b.Samples) != len(d.Samples) {
			t.Fatalf("batch %+v", b)
		}
		withheld := uint32(0)
		for i, f := range d.Result.Faults {
			if f.Kind == posp.FaultWithholding {
				withheld++
			}
			if i > 0 && d.Result.Faults[i-1] == f {
				t.Fatalf("fault %+v twice", f)
			}
		}
		if withheld != min(b.Unavailable, MaxWithheldOfBatch) {
			t.Fatalf("%d withholding faults of %d samples", withheld, b.Unavailable)
		}
		for _, duty := range d.Duties {
			if duty.Done > duty.Assigned || duty.Assigned > b.Samples {
				t.Fatalf("duty %+v", duty)
			}
		}
		for _, s := range d.Samples {
			if (s.Verdict == posp.Fail) != (s.LogE >= w.policy.FailAt) || (s.Verdict == posp.Pass) && s.LogE > w.policy.PassAt {
				t.Fatalf("sample %+v", s)
			}
		}
	})
}
