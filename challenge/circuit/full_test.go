package circuit

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp/inference/reference"
)

// proofs.json is one proof of each deployed circuit, made by TestFullProofs: the contracts' tests verify them.
const proofsFile = "testdata/proofs.json"

type proofFixture struct {
	Circuit string          `json:"circuit"`
	Gates   int             `json:"gates"`
	Inputs  []hexutil.Bytes `json:"inputs"`
	Proof   hexutil.Bytes   `json:"proof"`
}

// exemplary steps: the costliest form of each circuit.
func exemplary(t testing.TB, k Kind) (world, uint64, int) {
	t.Helper()
	of := func(shape string, op reference.Op, e int) (world, uint64, int) {
		w := worlds[shape](t)
		rows := w.rowsOfEachOp()[op]
		return w, rows[len(rows)-1], e
	}
	switch k {
	case Part:
		return of("wide", reference.GateParts, 401)
	case Dot:
		return of("qwen3", reference.Score, 2)
	case Project:
		return of("small qwen2", reference.Q, 77)
	case Sum:
		return of("wide", reference.Out, 500)
	case Total:
		return of("wide", reference.LogitSumParts, 0)
	case Largest:
		return of("wide", reference.LogitMaxParts, 1)
	case Map:
		return of("wide", reference.Activated, 333)
	default:
		return of("wide", reference.LogProbs, 3)
	}
}

func usage() (cpu time.Duration, rss int64) {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0, 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), r.Maxrss >> 10
}

// TestFullProofs makes a proof of each deployed circuit and prints what it takes; it needs about two CPU-minutes. POSP_PROOFS=print, or
// write to replace the fixture after a circuit was changed; POSP_CACHE is where the Lagrange basis is kept.
func TestFullProofs(t *testing.T) {
	mode := os.Getenv("POSP_PROOFS")
	if mode == "" {
		t.Skip("proofs of full size take two CPU-minutes: POSP_PROOFS=print")
	}
	var all []proofFixture
	fmt.Println("| circuit | gates | public inputs | keys, CPU-s | proof, CPU-s | largest memory of the process, MiB |\n|---|---|---|---|---|---|")
	for k := range Kinds {
		w, row, e := exemplary(t, k)
		c, wit := w.claim(t, row, e)
		if c.Step.Kind != k {
			t.Fatalf("%s: the example is a step of %s", k, c.Step.Kind)
		}
		before, _ := usage()
		keys, err := Setup(k, Full, os.Getenv("POSP_CACHE"))
		if err != nil {
			t.Fatal(err)
		}
		ready, _ := usage()
		proof, err := keys.Prove(c, wit)
		if err != nil {
			t.Fatalf("%s: %v", k, err)
		}
		done, rss := usage()
		in, err := c.Inputs(Full)
		if err != nil {
			t.Fatal(err)
		}
		gates, _ := keys.Gates()
		fmt.Printf("| %s | %d | %d | %.1f | %.1f | %d |\n", k, gates, len(in), (ready - before).Seconds(), (done - ready).Seconds(), rss)
		f := proofFixture{Circuit: k.String(), Gates: gates, Proof: proof}
		for _, x := range in {
			f.Inputs = append(f.Inputs, x.Marshal())
		}
		all = append(all, f)
	}
	if mode != "write" {
		return
	}
	b, err := json.MarshalIndent(all, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(proofsFile), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(proofsFile, append(b, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
}
