package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/internal/srs"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

const (
	proofGoal  = 12  // CPU-seconds
	memoryGoal = 300 // MiB: that many MB are a little less
)

// private measures proofs of the deployed circuits, each in a process of its own.
func (b *bench) private(ctx context.Context, s *section) error {
	dir, err := os.MkdirTemp("", "posp-bench-")
	if err != nil {
		return fmt.Errorf("make directory: %w", err)
	}
	defer os.RemoveAll(dir)
	runs := 3
	if b.quick {
		runs = 1
	}
	var basis time.Duration
	basisMemory, err := itself(ctx, "basis", &basis, "POSP_CACHE="+dir)
	if err != nil {
		return err
	}
	tests, err := buildTests(ctx, "challenge/circuit", dir)
	if err != nil {
		return err
	}
	t := page.NewTable("circuit", "gates", "public inputs", "keys, CPU-s", "proof, CPU-s", "least to most", "memory, MiB")
	var slowest, largest float64
	for k := range circuit.Kinds {
		values := map[string][]float64{}
		for range runs {
			m, err := tests.benchmark(ctx, fmt.Sprintf("^BenchmarkProof$/^%s$", k), "POSP_CACHE="+dir)
			if err != nil {
				return err
			}
			for unit, x := range m {
				values[unit] = append(values[unit], x)
			}
		}
		median := map[string]float64{}
		for unit, list := range values {
			median[unit] = page.Median(list)
		}
		proofs := values["CPU-s/proof"]
		t.Add(k, page.Group(uint64(median["gates"])), median["inputs"], fmt.Sprintf("%.1f", median["CPU-s/keys"]), fmt.Sprintf("%.1f", median["CPU-s/proof"]),
			fmt.Sprintf("%.1f to %.1f", proofs[0], proofs[runs-1]), fmt.Sprintf("%.0f", median["MiB"]))
		slowest, largest = max(slowest, median["CPU-s/proof"]), max(largest, median["MiB"])
		fmt.Fprintf(os.Stderr, "  %s: %.1f CPU-s\n", k, median["CPU-s/proof"])
	}
	s.Goals.Add(slowest <= proofGoal, "proof of a private leaf, slowest circuit", fmt.Sprintf("at most %d CPU-s", proofGoal), fmt.Sprintf("%.1f CPU-s", slowest), "")
	s.Goals.Add(largest <= memoryGoal, "memory of a process that proves, largest", fmt.Sprintf("at most %d MB", memoryGoal), fmt.Sprintf("%.0f MB", largest*1.048576), "")
	s.print("## Proofs of private last moves\n\nPLONK over BN254 on the Perpetual Powers of Tau, each circuit of at most 2^16 gates, its dearest form, in a process of its own (%d runs). CPU-seconds are of all processors\n"+
		"together. Keys are derived once in a process; the Lagrange basis of the powers once on a machine: %.0f CPU-s and %.0f MiB. Memory is the process's largest, with a small model and its trace.\n"+
		"A slice has 256 elements, which are packed into lanes; a block is 64 int32, 32 int64 or 128 int16 elements.\n\n%s\n", runs, basis.Seconds(), basisMemory, t)
	return nil
}

// lagrange derives the Lagrange basis of the deployed circuits' domain and keeps it in POSP_CACHE: the processor time.
func lagrange() (time.Duration, error) {
	begin := page.Spent()
	_, err := srs.Load(srs.MaxDomain, os.Getenv("POSP_CACHE"))
	return page.Spent() - begin, err
}
