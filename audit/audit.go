// Package audit checks what others certified: draw, committee, opening,
// evidence, verdict, result and certificate, from a bundle (package bundle) that
// it fetches from a chain and from what operators revealed, and recomputes
// samples. It holds no keys and trusts neither the operators nor the
// aggregator, nor the node: what is said of the chain is proved from one block
// hash, which the report names.
//
// Reading order: verify.go (the list of checks), facts.go, samples.go, verdicts.go
// and certificate.go (the checks, by what they are about), proof.go (what is
// proved of a chain), fetch.go (where a bundle comes from), recompute.go (the
// model, run again).
package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/sampler"
)

// Holds says whether a sample is one of an epoch's.
func Holds(ctx context.Context, d posp.Domain, chain Chain, epoch uint64, sampleID posp.Hash) (bool, error) {
	value, ok, err := chain.Beacon(ctx, epoch)
	if err != nil || !ok {
		return false, err
	}
	batches, err := chain.Batches(ctx, epoch)
	if err != nil {
		return false, err
	}
	for _, b := range batches {
		_, _, found, err := find(d, b, value, sampleID)
		if err != nil || found {
			return found, err
		}
	}
	demands, err := chain.Demands(ctx, epoch)
	return slices.ContainsFunc(demands, func(d posp.Demand) bool { return d.SampleID() == sampleID }), err
}

// find looks for a sample among those drawn from a batch.
func find(d posp.Domain, b posp.BatchRecord, beacon, sampleID posp.Hash) (j, leaf uint64, found bool, err error) {
	draw, err := sampler.New(posp.Seed(d, b.Epoch, b.ID, beacon), b.LeafCount, sampler.Count(b.LeafCount, b.Rate))
	if err != nil {
		return 0, 0, false, err
	}
	for j, leaf := range draw.All() {
		if posp.SampleID(b.ID, j, leaf) == sampleID {
			return j, leaf, true, nil
		}
	}
	return 0, 0, false, nil
}

// differences names what differs between a derived and a certified result.
func differences(derived, certified posp.Result) (list []string) {
	differ := func(what string, a, b any, same bool) {
		if !same {
			list = append(list, fmt.Sprintf("%s: derived %v, certified %v", what, a, b))
		}
	}
	differ("epoch", derived.Epoch, certified.Epoch, derived.Epoch == certified.Epoch)
	differ("table root", derived.TableRoot, certified.TableRoot, derived.TableRoot == certified.TableRoot)
	differ("sample root", derived.SampleRoot, certified.SampleRoot, derived.SampleRoot == certified.SampleRoot)
	differ("sample count", derived.SampleCount, certified.SampleCount, derived.SampleCount == certified.SampleCount)
	list = append(list, lists("batch", derived.Batches, certified.Batches)...)
	list = append(list, lists("standing", derived.Standings, certified.Standings)...)
	list = append(list, lists("fault", derived.Faults, certified.Faults)...)
	return list
}

func lists[T comparable](what string, derived, certified []T) (list []string) {
	if len(derived) != len(certified) {
		return []string{fmt.Sprintf("%d times %s derived, %d certified", len(derived), what, len(certified))}
	}
	for i := range derived {
		if derived[i] != certified[i] {
			list = append(list, fmt.Sprintf("%s %d: derived %+v, certified %+v", what, i, derived[i], certified[i]))
		}
	}
	return list
}

// join shows the first few.
func join(list []string) string {
	const shown = 4
	if len(list) > shown {
		list = append(list[:shown:shown], fmt.Sprintf("and %d more", len(list)-shown))
	}
	return strings.Join(list, "; ")
}

// CertifiedIn is the number of the block that a file says it rests on, which is
// only where to look for a hash to trust; ok is false for no bundle.
func CertifiedIn(file []byte) (block uint64, ok bool) {
	b, err := bundle.Read(file)
	if err != nil {
		return 0, false
	}
	h, err := parseHeader(b.Chain.Block)
	return h.number, err == nil
}

// SamplesOf is where a provider's samples stand among an epoch's; ok is false if
// it has no batch.
func SamplesOf(b *bundle.Bundle, provider posp.Address) (first, count uint64, ok bool) {
	for _, x := range b.Batches {
		n := sampler.Count(uint64(x.LeafCount), posp.Rate{RatePpm: x.RatePpm, KMin: x.KMin})
		if x.Provider == provider {
			return first, n, true
		}
		first += n
	}
	return 0, 0, false
}

// PlaceOf is the batch of an epoch's sample, or of a demand's, and its number in
// it.
func PlaceOf(b *bundle.Bundle, index uint32) (batch bundle.Batch, j uint64) {
	first := uint64(0)
	for _, x := range b.Batches {
		n := sampler.Count(uint64(x.LeafCount), posp.Rate{RatePpm: x.RatePpm, KMin: x.KMin})
		if uint64(index) < first+n {
			return x, uint64(index) - first
		}
		first += n
	}
	if i := uint64(index) - first; i < uint64(len(b.Demands)) { // the demand's only one
		return b.Demands[i].Batch, 0
	}
	return bundle.Batch{}, 0
}
