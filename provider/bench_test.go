package provider

import (
	"path/filepath"
	"testing"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/store"
)

// What a receipt adds to an answer of 256 tokens: two synced commits and a
// signature.
func BenchmarkReceipt(b *testing.B) {
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "provider.db"), Migrations)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	r := &rig{t: b, signer: &keySigner{}, chain: &chain{block: 100}}
	p := r.provider(db, "http://127.0.0.1:1")
	wide := spec
	wide.ContextLimit = 1024
	a := Answer{Prompt: make([]uint32, 256), Output: make([]uint32, 256), LogProbs: make([]float64, 256), Finish: posp.FinishLength}
	c := &call{Request: Request{Spec: wide, Sampling: posp.Sampling{Rule: posp.Greedy, MaxTokens: 256}}, transcript: &vllmTranscript{answer: a}}
	for b.Loop() {
		if got := p.record(b.Context(), c, nil); got.Receipt == nil {
			b.Fatal(got.Error)
		}
	}
}
