package aggregator

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/sampler"
	"github.com/proof-of-sampling/posp/verdict"
)

// What is derived chunk by chunk is what operators derive from the lists that
// they are given, whoever committed, revealed, and carried what.
func TestDerivesWhatOperatorsDerive(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b, ctx := newBench(t), context.Background()
		for i, k := range b.operators {
			if rapid.Bool().Draw(rt, "commits") || i == 0 {
				b.taken("commitments", b.a.SubmitCommitments(ctx, b.commitments(k, nil)))
			}
		}
		b.at(commitDeadline + 1)
		for i, k := range b.operators {
			if rapid.Bool().Draw(rt, "reveals") {
				err := b.a.SubmitReveals(ctx, b.reveals(k, func(r *posp.Reveals) {
					for j := range r.Items {
						if rapid.Bool().Draw(rt, "carries nothing") {
							r.Items[j].Opening, r.Items[j].Provider = nil, nil
						} else if rapid.Bool().Draw(rt, "carries no evidence") {
							r.Items[j].Provider = nil
						}
					}
				}))
				if err != nil && i == 0 {
					rt.Fatal(err)
				}
			}
		}
		b.at(revealDeadline + 1)
		b.at(revealDeadline + 2)
		o, ok, err := b.a.Outcome(ctx, 0)
		if err != nil || !ok {
			rt.Fatal(ok, err)
		}
		f, _, err := b.a.facts.of(ctx, 0)
		if err != nil {
			rt.Fatal(err)
		}
		in := f.input(b.a.cfg)
		if in.Commitments, ok, err = b.a.Commitments(ctx, 0); err != nil || !ok {
			rt.Fatal(ok, err)
		}
		if in.Reveals, ok, err = b.a.Reveals(ctx, 0, nil); err != nil || !ok {
			rt.Fatal(ok, err)
		}
		want, err := verdict.Derive(in)
		if err != nil {
			rt.Fatal(err)
		}
		_, lines, _, err := b.a.Lines(ctx, 0)
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want.Result, o.Result); diff != "" {
			rt.Fatal(diff)
		}
		if diff := cmp.Diff(want.Samples, lines); diff != "" || o.Digest != want.Result.Digest(b.a.cfg.Authority) {
			rt.Fatal(diff)
		}
	})
}

// The packed draw is the sampler's, for batches of any size.
func TestDrawIsTheSamplers(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		b := newBench(t)
		k := &epochFacts{beacon: posp.Hash{byte(rapid.IntRange(0, 255).Draw(rt, "beacon"))}, table: b.table, member: map[posp.Address]int{}, assigned: map[posp.Address]int{}}
		for i, m := range b.table.Members {
			k.member[m.Operator] = i
		}
		cfg := b.a.cfg
		cfg.Parameters.Committee = uint32(rapid.IntRange(1, 6).Draw(rt, "committee"))
		var want []sampler.Assignment
		for i, n := range rapid.SliceOfN(rapid.Uint64Range(0, 40), 1, 5).Draw(rt, "leaves") {
			batch := posp.BatchRecord{Batch: posp.Batch{Provider: posp.Address{byte(i)}, LeafCount: n}, Rate: posp.Rate{RatePpm: 500_000}}
			batch.ID = posp.Hash{byte(i)} // ascending
			k.batches, k.providers = append(k.batches, batch), append(k.providers, posp.ProviderInfo{})
			list, err := sampler.Assign(cfg.Domain, batch, k.beacon, b.table.Members, int(cfg.Parameters.Committee))
			if err != nil {
				rt.Fatal(err)
			}
			want = append(want, list...)
		}
		for i := range rapid.IntRange(0, 3).Draw(rt, "demands") {
			demand := posp.Demand{ID: posp.Hash{0xd0, byte(i)}, Leaf: uint64(3 * i), Batch: posp.BatchRecord{Batch: posp.Batch{Provider: b.table.Members[i].Operator, LeafCount: 9}}}
			k.demands = append(k.demands, demand)
			a, err := sampler.AssignDemand(cfg.Domain, demand, k.beacon, b.table.Members, int(cfg.Parameters.Committee))
			if err != nil {
				rt.Fatal(err)
			}
			want = append(want, a)
		}
		d, err := newDraw(cfg, k)
		if err != nil {
			rt.Fatal(err)
		}
		assigned := map[posp.Address]int{}
		for i, a := range want { // demands last
			ordinal, ok := d.find(a.SampleID)
			if !ok || ordinal != uint32(i) {
				rt.Fatalf("sample %d is %d, %v", i, ordinal, ok)
			}
			if s, j := d.at(ordinal); s.id != a.BatchID || j != a.J || s.leaves[j] != a.Leaf {
				rt.Fatalf("sample %d is not where it is", i)
			}
			for row, m := range b.table.Members {
				if d.has(ordinal, row) != a.Has(m.Operator) {
					rt.Fatalf("sample %d, row %d: committee differs", i, row)
				}
			}
			for _, o := range a.Committee {
				assigned[o]++
			}
		}
		if diff := cmp.Diff(assigned, k.assigned); diff != "" {
			rt.Fatal(diff)
		}
		if _, ok := d.find(posp.Hash{0xfe}); ok {
			rt.Fatal("found what is not there")
		}
	})
}
