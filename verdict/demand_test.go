package verdict

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/merkle"
	"github.com/proof-of-sampling/posp/sampler"
)

// demand has a buyer ask about a leaf of a batch.
func (w *world) demand(batch posp.BatchRecord, leaf uint64) posp.Demand {
	d := posp.Demand{Epoch: w.in.Epoch, Leaf: leaf, Batch: batch}
	for _, p := range w.in.Providers {
		if p.Provider == batch.Provider {
			d.ReceiptKey = p.ReceiptKey
		}
	}
	for _, a := range w.receipts {
		if a.opening.Receipt.Provider == batch.Provider && a.opening.Receipt.Epoch == batch.Epoch && a.opening.Leaf == leaf {
			d.ID = posp.DemandID(w.in.Domain.ChainID, posp.Address{0x0d}, w.in.Epoch, a.opening.Receipt.Digest(w.in.Domain))
			w.receipts[d.SampleID()] = a
			break
		}
	}
	w.in.Demands = append(w.in.Demands, d)
	return d
}

// earlier is provider, two epochs ago.
func (w *world) earlier(id uint64, n, tokens int, write func(r *rand.Rand, n int) (*posp.Evidence, truth)) posp.BatchRecord {
	w.in.Epoch -= 2
	b := w.provider(id, n, tokens, write)
	w.in.Epoch += 2
	w.in.Batches = w.in.Batches[:len(w.in.Batches)-1]
	w.in.Providers = w.in.Providers[:len(w.in.Providers)-1]
	return b
}

// An honest provider is never charged on demand, nor is an operator: whatever a
// committee says of what buyers chose, an epoch's batches, standings and faults
// are what they would be without it.
func TestDemandsChargeNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t, rapid.Uint64().Draw(t, "seed"), 5)
		b := w.provider(1, 6, 24, honestWriter)
		w.provider(2, 3, 24, honestWriter)
		w.in.Standings = []posp.Standing{{Subject: b.Provider, SpecID: w.spec.ID(), Value: rapid.Uint64Range(0, w.in.Parameters.FaultLine-1).Draw(t, "standing")}}
		asked := map[posp.Hash]bool{}
		for leaf := range uint64(6) {
			if rapid.Bool().Draw(t, "asked") {
				asked[w.demand(b, leaf).ID] = true
			}
		}
		ways := []behaviour{honestly, lazily, notOpened, func(*rand.Rand, *answer) *posp.Evidence { return nil }}
		w.recompute(func(_ int, batch posp.BatchRecord) behaviour {
			if asked[batch.ID] {
				return rapid.SampledFrom(ways).Draw(t, "on demand")
			}
			return honestly
		})
		with := w.derive()
		demands := w.in.Demands
		w.in.Demands = nil
		without := w.derive()
		if len(with.Result.Faults) != 0 {
			t.Fatalf("charged: %+v", with.Result.Faults)
		}
		if diff := cmp.Diff(without.Result.Batches, with.Result.Batches) + cmp.Diff(without.Result.Standings, with.Result.Standings) + cmp.Diff(without.Result.Faults, with.Result.Faults); diff != "" {
			t.Fatalf("what was asked changes what was drawn:\n%s", diff)
		}
		if diff := cmp.Diff(without.Samples, with.Samples[:len(without.Samples)]); diff != "" {
			t.Fatalf("lines of drawn samples differ:\n%s", diff)
		}
		slices.SortFunc(demands, func(a, b posp.Demand) int { return a.ID.Cmp(b.ID) })
		if len(with.Samples) != len(without.Samples)+len(demands) || with.Result.SampleCount != uint64(len(with.Samples)) {
			t.Fatalf("%d lines, of %d drawn and %d asked", len(with.Samples), len(without.Samples), len(demands))
		}
		var leaves []posp.Hash
		for i, s := range with.Samples {
			if i >= len(without.Samples) {
				if d := demands[i-len(without.Samples)]; s.SampleID != d.SampleID() || with.Assignments[i].BatchID != d.ID {
					t.Fatalf("line %d is of %s, want demand %s", i, s.SampleID, d.ID)
				}
			}
			leaves = append(leaves, s.LeafHash())
		}
		if with.Result.SampleRoot != merkle.Root(leaves) {
			t.Fatal("the sample root is not of the lines")
		}
	})
}

// The buyer of many honest answers asks about the one that looks worst.
func TestABuyersWorstChoiceMovesNothing(t *testing.T) {
	w := newWorld(t, 11, 5)
	b := w.provider(1, 400, 16, honestWriter)
	w.in.Standings = []posp.Standing{{Subject: b.Provider, SpecID: w.spec.ID(), Value: w.in.Parameters.FaultLine - 1}}
	w.recompute(allHonest)
	d := w.derive()
	worst := slices.MaxFunc(d.Samples, func(a, b posp.SampleResult) int { return int(a.LogE) - int(b.LogE) })
	i := slices.IndexFunc(d.Samples, func(s posp.SampleResult) bool { return s.SampleID == worst.SampleID })
	w.in.Commitments, w.in.Reveals = nil, nil
	demand := w.demand(b, d.Assignments[i].Leaf)
	w.recompute(func(_ int, batch posp.BatchRecord) behaviour {
		if batch.ID == demand.ID {
			return lazily // and the committee lies: FAIL
		}
		return honestly
	})
	d = w.derive()
	if line := d.Samples[len(d.Samples)-1]; line.Verdict != posp.Fail || line.LogE <= 0 {
		t.Fatalf("the line on demand is %+v, and should be a FAIL", line)
	}
	if len(d.Result.Faults) != 0 || d.Result.Batches[0].Failed != 0 {
		t.Fatalf("faults %+v, batches %+v", d.Result.Faults, d.Result.Batches)
	}
	for _, s := range d.Result.Standings {
		if s.Value >= w.in.Parameters.FaultLine {
			t.Fatalf("standing %+v is over the line", s)
		}
	}
}

// What was asked about an earlier epoch's answers is found: PASS of an honest
// one, FAIL of each cheat, UNAVAILABLE of what is not opened.
func TestDemandsAreJudged(t *testing.T) {
	w := newWorld(t, 12, 6)
	w.provider(1, 2, 40, honestWriter)
	want := map[posp.Hash]posp.Verdict{}
	honest := w.earlier(2, 3, 64, honestWriter)
	key := address(key(7, 2))
	ask := func(b posp.BatchRecord, leaf uint64, receiptKey posp.Address, verdict posp.Verdict) posp.Hash {
		d := w.demand(b, leaf)
		w.in.Demands[len(w.in.Demands)-1].ReceiptKey = receiptKey
		want[d.SampleID()] = verdict
		return d.ID
	}
	ask(honest, 0, key, posp.Pass)
	closed := ask(honest, 1, key, posp.Unavailable)
	ask(honest, 2, posp.Address{1}, posp.Unavailable) // another key signs: nobody has an authentic opening
	for i, c := range cheats {
		ask(w.earlier(uint64(10+i), 1, 64, c.make), 0, receiptKey(uint64(10+i)), posp.Fail)
	}
	w.recompute(func(_ int, batch posp.BatchRecord) behaviour {
		if batch.ID == closed {
			return notOpened
		}
		return honestly
	})
	d := w.derive()
	for i, s := range d.Samples[2:] {
		if s.Verdict != want[s.SampleID] {
			t.Errorf("line %d: %s %s, want %s", i, s.Verdict, s.Class, want[s.SampleID])
		}
		held, a, ok, err := HeldOf(w.in, s.SampleID)
		if err != nil || !ok || a.SampleID != s.SampleID {
			t.Fatalf("held of %s: %v %v", s.SampleID, ok, err)
		}
		if got := posp.EvidenceSetHash(held.Hashes(w.in.Domain, a.Committee)); got != s.Evidence {
			t.Errorf("line %d rests on %s, what is held hashes to %s", i, s.Evidence, got)
		}
	}
	if len(d.Samples) != 2+len(want) || len(d.Result.Faults) != 0 {
		t.Fatalf("%d lines, faults %+v", len(d.Samples), d.Result.Faults)
	}
}

func receiptKey(id uint64) posp.Address { return address(key(7, id)) }

// The committee of a demand is its own: not of the draw in the receipt's epoch,
// not another demand's, and never the provider.
func TestDemandsHaveTheirOwnCommittees(t *testing.T) {
	w := newWorld(t, 13, 40)
	b := w.provider(1, 60, 4, honestWriter)
	drawn := w.assignments(b)
	same := 0
	members := w.in.Table.Members
	for leaf := range uint64(60) {
		d := w.demand(b, leaf)
		a, err := sampler.AssignDemand(w.in.Domain, d, w.in.Beacon, members, 3)
		if err != nil || len(a.Committee) != 3 || a.SampleID != d.SampleID() || a.Leaf != leaf {
			t.Fatalf("%+v %v", a, err)
		}
		i := slices.IndexFunc(drawn, func(x sampler.Assignment) bool { return x.Leaf == leaf })
		if slices.Equal(drawn[i].Committee, a.Committee) {
			same++
		}
		d.Batch.Provider = a.Committee[0]
		if again, err := sampler.AssignDemand(w.in.Domain, d, w.in.Beacon, members, 3); err != nil || again.Has(a.Committee[0]) {
			t.Fatalf("a provider judges itself: %+v %v", again, err)
		}
		other, err := sampler.AssignDemand(w.in.Domain, d, posp.Hash{1}, members, 3)
		if err != nil || slices.Equal(other.Committee, a.Committee) {
			t.Fatalf("the beacon does not matter: %+v %v", other, err)
		}
	}
	if same > 2 {
		t.Errorf("%d of 60 committees are those of the draw", same)
	}
}

func TestDeriveRefusesDemands(t *testing.T) {
	w := newWorld(t, 14, 4)
	b := w.provider(1, 3, 4, honestWriter)
	w.demand(b, 1)
	for name, break_ := range map[string]func(d *posp.Demand){
		"of another epoch":    func(d *posp.Demand) { d.Epoch++ },
		"of a later batch":    func(d *posp.Demand) { d.Batch.Epoch++; d.Batch.ID = d.Batch.Batch.ID(w.in.Domain) },
		"beyond the batch":    func(d *posp.Demand) { d.Leaf = 3 },
		"with another's id":   func(d *posp.Demand) { d.Batch.ID[0]++ },
		"with another's root": func(d *posp.Demand) { d.Batch.Root[0]++ },
	} {
		in := w.in
		in.Demands = slices.Clone(w.in.Demands)
		break_(&in.Demands[0])
		if _, err := Derive(in); err == nil {
			t.Errorf("a demand %s is taken", name)
		}
	}
	w.in.Demands = append(w.in.Demands, w.in.Demands[0])
	if _, err := Derive(w.in); err == nil {
		t.Error("a demand is taken twice")
	}
}
