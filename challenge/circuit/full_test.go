package circuit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/consensys/gnark/constraint"
	cs "github.com/consensys/gnark/constraint/bn254"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// proofs.json is one proof of each deployed circuit, made by TestFullProofs: the contracts' tests verify them.
const proofsFile = "testdata/proofs.json"

// proofFixture is one last move, as PrivateStepVerifier takes it.
type proofFixture struct {
	Circuit  string         `json:"circuit"`
	Gates    int            `json:"gates"`
	System   hexutil.Bytes  `json:"system"` // fingerprint of the constraint system
	Arch     reference.Arch `json:"arch"`
	RowsRoot posp.Hash      `json:"rowsRoot"`
	Prompt   int            `json:"prompt"`
	Output   int            `json:"output"`
	Trace    posp.Hash      `json:"trace"`
	Row      uint64         `json:"row"`
	Block    int            `json:"block"`
	Hash     posp.Hash      `json:"hash"`
	Element  int            `json:"element"`
	Seed     posp.Hash      `json:"seed"`
	Shown    hexutil.Bytes  `json:"shown"`
	Context  posp.Hash      `json:"context"`
	Proof    hexutil.Bytes  `json:"proof"`
}

// fixture describes the move; the proof is still missing.
func (w world) fixture(t testing.TB, k Kind, row uint64, e int) proofFixture {
	t.Helper()
	seed, commitment := w.trace.SeedCommitment(), w.trace.model.Commitment()
	f := proofFixture{Circuit: k.String(), Arch: w.graph.Arch, RowsRoot: commitment.Bytes(), Prompt: w.graph.Prompt, Output: w.graph.Output,
		Trace: w.trace.Root(), Row: row, Seed: seed.Bytes(), Context: posp.Tag("a game")}
	if op := w.graph.Locate(row).Op; PublicRow(op) {
		f.Block, f.Element = e/publicBlock, e%publicBlock
		leaf, err := w.trace.Node(0, row) // a single block
		if err != nil {
			t.Fatal(err)
		}
		f.Hash = leaf
		return f
	}
	r, err := w.trace.Row(context.Background(), row)
	if err != nil {
		t.Fatal(err)
	}
	f.Block, f.Element = e/r.packing.Block(), e%r.packing.Block()
	leaf, masked := r.Show(f.Block)
	f.Hash, f.Shown = leaf.Bytes(), masked.Bytes()
	return f
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
		return of("wide", reference.Activated, 233)
	default:
		return of("wide", reference.LogProbs, 3)
	}
}

// fingerprint of a constraint system: every gate and every constant.
func fingerprint(t testing.TB, ccs constraint.ConstraintSystem) []byte {
	t.Helper()
	h := sha256.New()
	system := ccs.(*cs.SparseR1CS)
	fmt.Fprintln(h, system.GetNbPublicVariables(), system.GetNbSecretVariables(), system.GetNbInternalVariables())
	for gates := system.GetSparseR1CIterator(); ; {
		g := gates.Next()
		if g == nil {
			return h.Sum(nil)
		}
		fmt.Fprintln(h, g.XA, g.XB, g.XC, g.Commitment)
		for _, c := range []uint32{g.QL, g.QR, g.QO, g.QM, g.QC} {
			h.Write(system.Coefficients[c].Marshal())
		}
	}
}

// The verifiers are those of the circuits: the proofs that the contracts' tests verify with the committed verifiers were made for these very
// constraint systems. tools/verifiers --check compares the contracts themselves.
func TestCircuitsAreTheDeployed(t *testing.T) {
	b, err := os.ReadFile(proofsFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []proofFixture
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) != int(Kinds) {
		t.Fatalf("%d proofs of %d circuits", len(all), Kinds)
	}
	for k, f := range all {
		if now := fingerprint(t, compiled[k]()); f.Circuit != Kind(k).String() || !bytes.Equal(now, f.System) {
			t.Errorf("%s was changed: run go run ./tools/verifiers, then POSP_PROOFS=write go test -run TestFullProofs, then make contracts", Kind(k))
		}
	}
}

// Small circuits make real proofs, and their verifier is rebuilt from source and powers, byte for byte.
func TestSmallCircuit(t *testing.T) {
	if testing.Short() {
		t.Skip("the Lagrange basis takes some seconds")
	}
	keys, err := Setup(Largest, Small, cacheDir())
	if err != nil {
		t.Fatal(err)
	}
	var contract bytes.Buffer
	if err := keys.Contract(&contract); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/SmallLargestVerifier.sol.txt"
	if os.Getenv("POSP_PROOFS") == "write" {
		if err := os.WriteFile(file, contract.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, contract.Bytes()) {
		t.Errorf("%s is not what the source gives", file)
	}

	c, w := first(t, "small qwen2", reference.MaxParts, 1)
	proof, err := keys.Prove(c, w)
	if err != nil {
		t.Fatal(err)
	}
	again, err := keys.Prove(c, w)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(proof, again) {
		t.Error("two proofs of one statement are equal: they are not blinded")
	}
	wrong, wwit := withOwn(t, c, w, change(w.Own, 1, 1))
	if _, err := keys.Prove(wrong, wwit); !errors.Is(err, ErrFalse) {
		t.Errorf("a false claim: %v", err)
	}
	c, w = first(t, "small qwen2", reference.K, 0)
	if _, err := keys.Prove(c, w); err == nil || errors.Is(err, ErrFalse) {
		t.Errorf("a step of another circuit: %v", err)
	}
}

// cacheDir is where the Lagrange basis is kept: it is checked when it is read.
func cacheDir() string {
	if dir := os.Getenv("POSP_CACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "posp")
}

func usage() (cpu time.Duration, rss int64) {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0, 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()), r.Maxrss >> 10
}

// cost of a proof.
type cost struct {
	gates, inputs int
	keys, proof   time.Duration // of all processors
	memory        int64         // MiB, the largest of the process
}

// prove makes the exemplary proof of a deployed circuit.
func prove(t testing.TB, k Kind) (proofFixture, cost) {
	t.Helper()
	w, row, e := exemplary(t, k)
	f := w.fixture(t, k, row, e)
	start, _ := usage()
	keys, err := Setup(k, Full, cacheDir())
	if err != nil {
		t.Fatal(err)
	}
	prover := NewProver(Full, "")
	prover.keys[k] = keys
	ready, _ := usage()
	if f.Proof, err = w.trace.Prove(context.Background(), prover.Prove, row, f.Block, f.Element, f.Context); err != nil {
		t.Fatalf("%s: %v", k, err)
	}
	done, memory := usage()
	f.Gates, _ = keys.Gates()
	f.System = fingerprint(t, keys.ccs)
	return f, cost{f.Gates, Full.layout(k).inputs(), ready - start, done - ready, memory}
}

// TestFullProofs makes the fixture again, which a change of a circuit asks for: POSP_PROOFS=write. It takes two CPU-minutes.
func TestFullProofs(t *testing.T) {
	if os.Getenv("POSP_PROOFS") != "write" {
		t.Skip("proofs of full size take two CPU-minutes: POSP_PROOFS=write makes the fixture again")
	}
	var all []proofFixture
	for k := range Kinds {
		f, c := prove(t, k)
		t.Logf("%-8s %+v", k, c)
		all = append(all, f)
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

// BenchmarkProof is what a private last move costs its maker: run it with -benchtime 1x. POSP_CACHE is where the Lagrange basis is kept.
func BenchmarkProof(b *testing.B) {
	for k := range Kinds {
		b.Run(k.String(), func(b *testing.B) {
			var c cost
			for b.Loop() {
				_, c = prove(b, k)
			}
			b.ReportMetric(float64(c.gates), "gates")
			b.ReportMetric(float64(c.inputs), "inputs")
			b.ReportMetric(c.keys.Seconds(), "CPU-s/keys")
			b.ReportMetric(c.proof.Seconds(), "CPU-s/proof")
			b.ReportMetric(float64(c.memory), "MiB")
		})
	}
}
