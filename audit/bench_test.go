package audit_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/proof-of-sampling/posp/audit"
	"github.com/proof-of-sampling/posp/audit/audittest"
)

var large = flag.String("large", "", "file to keep the benchmark's bundle in, for posp audit verify")

// BenchmarkVerify verifies an epoch of 10,000 samples of 128 tokens, from the
// bytes of its file.
func BenchmarkVerify(b *testing.B) {
	w, x := world(b, audittest.Options{Seed: 1, Providers: 10, Receipts: 1000, Operators: 10, Tokens: 128, Honest: true})
	raw := file(b, x)
	if *large != "" {
		if err := os.WriteFile(*large, raw, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		begun := time.Now()
		if r := audit.Verify(raw, w.Trust); !r.Good || len(r.Unchecked()) != 2 {
			b.Fatalf("failed are %q, not checked %q", r.Failures(), r.Unchecked())
		}
		b.ReportMetric(time.Since(begun).Seconds(), "s/epoch")
	}
}
