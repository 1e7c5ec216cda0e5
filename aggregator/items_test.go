package aggregator

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func TestItemsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "items")
		var items []item
		for i := range n {
			it := item{ordinal: uint32(n - i), sample: posp.Hash{byte(i)}, word: posp.Hash{1, byte(i)}}
			it.evidence = bytes.Repeat([]byte{byte(i)}, rapid.SampledFrom([]int{0, 1, 2000, 20_000, 200_000}).Draw(t, "evidence"))
			if rapid.Bool().Draw(t, "opening") {
				it.opening = &posp.Opening{Leaf: uint64(i), Proof: []posp.Hash{{2}}, Request: posp.RequestPart{Tokens: []uint32{1, 2}, TraceSeed: posp.Hash{3}}}
			}
			if rapid.Bool().Draw(t, "part") {
				it.part = &posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-1}}, Salt: posp.Hash{4}}
			}
			items = append(items, it)
		}
		chunks, err := encodeItems(items)
		if err != nil {
			t.Fatal(err)
		}
		var got []item
		for i, c := range chunks {
			more, err := decodeItems(c)
			if err != nil {
				t.Fatal(err)
			}
			if i < len(chunks)-1 && len(c) < chunkSize {
				t.Fatalf("chunk %d has %d bytes", i, len(c))
			}
			if len(more) > 1 && len(c) > chunkSize+210_000 {
				t.Fatalf("chunk %d has %d bytes of %d items", i, len(c), len(more))
			}
			got = append(got, more...)
		}
		if len(got) != n {
			t.Fatalf("%d of %d items", len(got), n)
		}
		for i := range got { // encodeItems has sorted them
			if want := items[i]; got[i].ordinal != uint32(i+1) || got[i].sample != want.sample || got[i].word != want.word || !bytes.Equal(got[i].evidence, want.evidence) {
				t.Fatalf("item %d differs", i)
			}
			// In JSON an empty list is one, and none is none.
			if diff := cmp.Diff(items[i].part, got[i].part); diff != "" || (items[i].opening == nil) != (got[i].opening == nil) {
				t.Fatalf("item %d: %s", i, diff)
			}
			if o := got[i].opening; o != nil && (o.Leaf != items[i].opening.Leaf || !cmp.Equal(o.Request, items[i].opening.Request) || !cmp.Equal(o.Proof, items[i].opening.Proof)) {
				t.Fatalf("opening %d differs: %s", i, cmp.Diff(items[i].opening, o))
			}
		}
	})
}

// What a disk gives back may be anything.
func FuzzItems(f *testing.F) {
	chunks, err := encodeItems([]item{{ordinal: 1, sample: posp.Hash{1}, word: posp.Hash{2}, evidence: []byte{3, 4}, opening: &posp.Opening{Leaf: 7},
		part: &posp.EvidencePart{Evidence: posp.Evidence{Kind: posp.EvidenceLogProbs, LogProb: []int32{-1}}}}, {ordinal: 2}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(chunks[0])
	f.Add(chunks[0][:40])
	f.Fuzz(func(t *testing.T, b []byte) {
		items, err := decodeItems(b)
		if err != nil {
			if !errors.Is(err, errDamaged) {
				t.Fatal(err)
			}
			return
		}
		for i := 1; i < len(items); i++ {
			if items[i-1].ordinal >= items[i].ordinal {
				return // not what was written: another order comes out
			}
		}
		again, err := encodeItems(items)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, c := range again {
			more, err := decodeItems(c)
			if err != nil {
				t.Fatal(err)
			}
			n += len(more)
		}
		if n != len(items) {
			t.Fatalf("%d items of %d", n, len(items))
		}
	})
}
