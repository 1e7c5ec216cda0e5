package contracts_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/reference"
)

var (
	privateVerifier = contracts.NewPrivateStepVerifier()
	hiddenRows      = contracts.NewHiddenRows()
)

// verifiers in the order of circuit.Kind.
var verifiers = [circuit.Kinds]*bind.MetaData{
	&contracts.PartVerifierMetaData, &contracts.DotVerifierMetaData, &contracts.ProjectVerifierMetaData, &contracts.SumVerifierMetaData,
	&contracts.TotalVerifierMetaData, &contracts.LargestVerifierMetaData, &contracts.MapVerifierMetaData, &contracts.TokenVerifierMetaData,
}

// deployPrivate is an EVM with the eight verifiers and the contract that asks them.
func deployPrivate(t testing.TB) *machine {
	t.Helper()
	db, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatal(err)
	}
	chain := *params.MergedTestChainConfig
	chain.BogotaTime = nil
	m := &machine{meta: &contracts.PrivateStepVerifierMetaData, cfg: runtime.Config{ChainConfig: &chain, State: db, GasLimit: 1 << 30, Random: new(common.Hash), BlockNumber: big.NewInt(1_000)}}
	var args []byte
	for _, meta := range verifiers {
		_, at, _, err := runtime.Create(common.FromHex(meta.Bin), &m.cfg)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, common.LeftPadBytes(at[:], 32)...)
	}
	if _, m.at, _, err = runtime.Create(append(common.FromHex(m.meta.Bin), args...), &m.cfg); err != nil {
		t.Fatal(err)
	}
	return m
}

// lastMove is one proof of a deployed circuit, made by challenge/circuit's TestFullProofs on a random model.
type lastMove struct {
	Circuit             string
	Arch                reference.Arch
	RowsRoot, Trace     posp.Hash
	Prompt, Output      int
	Row                 uint64
	Block, Element      int
	Hash, Seed, Context posp.Hash
	Shown, Proof        hexutil.Bytes
}

func lastMoves(t testing.TB) (moves []lastMove) {
	t.Helper()
	b, err := os.ReadFile("../challenge/circuit/testdata/proofs.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &moves); err != nil {
		t.Fatal(err)
	}
	if len(moves) != len(verifiers) {
		t.Fatalf("%d proofs", len(moves))
	}
	return moves
}

func (m lastMove) program() contracts.Program {
	return contracts.Program{Arch: arch(m.Arch, m.RowsRoot), PromptTokens: big.NewInt(int64(m.Prompt)), OutputTokens: big.NewInt(int64(m.Output)), Greedy: true}
}

// head is point and value of lanes that were shown with a leaf: what a last move says of them.
func head(leaf posp.Hash, lanes []byte) []byte {
	var own fr.Element
	own.SetBytes(leaf[:])
	var masked circuit.Block
	for i := range masked {
		masked[i].SetBytes(lanes[32*i:][:32])
	}
	point, value := circuit.Shown(own, masked)
	return slices.Concat(point.Marshal(), value.Marshal())
}

func (m lastMove) input(t testing.TB) []byte {
	t.Helper()
	block, proof := m.Hash, m.Proof
	if len(m.Shown) > 0 { // else evidence, which is public
		proof, block = slices.Concat(m.Hash[:], m.Proof), crypto.Keccak256Hash(m.Hash[:], head(m.Hash, m.Shown))
	}
	in, err := privateVerifier.TryPackVerify(contracts.Step{Program: m.program(), TraceRoot: m.Trace, Seed: m.Seed, Context: m.Context, Row: new(big.Int).SetUint64(m.Row),
		BlockIndex: big.NewInt(int64(m.Block)), BlockHash: block, Element: big.NewInt(int64(m.Element))}, proof)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func arch(a reference.Arch, root posp.Hash) contracts.Arch {
	n := func(x int) *big.Int { return big.NewInt(int64(x)) }
	return contracts.Arch{Hidden: n(a.Hidden), Layers: n(a.Layers), Heads: n(a.Heads), KvHeads: n(a.KVHeads), HeadDim: n(a.HeadDim), Ffn: n(a.FFN),
		Vocab: n(a.Vocab), Biased: a.Biased, Normed: a.Normed, Tied: a.Tied, Eps: n(a.Eps), RowsRoot: root}
}

// accepts is whether the contract says yes; a revert is a no.
func (m *machine) accepts(t testing.TB, in []byte) bool {
	t.Helper()
	out, err := m.call(in)
	if err != nil {
		return false
	}
	yes, err := privateVerifier.UnpackVerify(out)
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

// gasOf is the gas of a call's execution.
func (m *machine) gasOf(t testing.TB, in []byte) uint64 {
	t.Helper()
	const given = 30_000_000
	cfg := m.cfg
	cfg.GasLimit = given
	_, left, err := runtime.Call(m.at, in, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	return given - left
}

// A transaction's own costs: 21000, calldata, and at least the floor of EIP-7623.
func transaction(in []byte, execution uint64) uint64 {
	zero := uint64(0)
	for _, b := range in {
		if b == 0 {
			zero++
		}
	}
	tokens := zero + 4*(uint64(len(in))-zero)
	return 21_000 + max(4*tokens+execution, 10*tokens)
}

// dearest is what a last move may cost in a trace of 2^9 rows; docs/privacy.md says what more rows cost.
const dearest = 360_000

// The proofs that Go made, the contract takes: it derives the same statement from the graph.
func TestPrivateStepsAreProved(t *testing.T) {
	m := deployPrivate(t)
	for _, move := range lastMoves(t) {
		in := move.input(t)
		if out, err := m.call(in); err != nil || !m.accepts(t, in) {
			t.Errorf("%s: %x, %v", move.Circuit, out, err)
			continue
		}
		gas := m.gasOf(t, in)
		total := transaction(in, gas)
		t.Logf("%-8s execution %d, as a transaction %d", move.Circuit, gas, total)
		attribute(t, "private-leaf", struct {
			Circuit                string
			Prompt, Output         int
			Arch                   reference.Arch
			Execution, Transaction uint64
		}{move.Circuit, move.Prompt, move.Output, move.Arch, gas, total})
		if total > dearest {
			t.Errorf("%s: a private leaf takes %d gas, at most %d", move.Circuit, total, dearest)
		}
	}
}

// Anything else that a proof could be shown for.
func TestPrivateStepsAreBound(t *testing.T) {
	m := deployPrivate(t)
	moves := lastMoves(t)
	for _, move := range moves {
		for name, plant := range map[string]func(*lastMove){
			"another game":    func(x *lastMove) { x.Context = posp.Tag("another game") },
			"another seed":    func(x *lastMove) { x.Seed[31] ^= 1 },
			"another model":   func(x *lastMove) { x.RowsRoot[31] ^= 1 },
			"another element": func(x *lastMove) { x.Element ^= 1 },
			"another row":     func(x *lastMove) { x.Row--; x.Element %= 32 }, // blocks of int64s are shorter
			"another length":  func(x *lastMove) { x.Prompt++ },
			"another trace":   func(x *lastMove) { x.Trace[31] ^= 1 },
			"another block":   func(x *lastMove) { x.Hash[31] ^= 1 },
			"something else was shown": func(x *lastMove) {
				if len(x.Shown) > 0 {
					x.Shown[40] ^= 1
				} else {
					x.Proof[3] ^= 1 // evidence is in the proof
				}
			},
			"shown and proved, but not the block": func(x *lastMove) {
				if len(x.Shown) > 0 {
					x.Shown[40] ^= 1
					copy(x.Proof, head(x.Hash, x.Shown))
				} else {
					x.Proof[4*x.Element+3] ^= 1
					x.Hash = crypto.Keccak256Hash([]byte{0}, x.Proof[:4*x.Output])
				}
			},
			"an operand of another row": func(x *lastMove) {
				if len(x.Shown) > 0 {
					x.Proof[64+5] ^= 1
				} else {
					x.Proof[4*x.Output+5] ^= 1
				}
			},
			"shorter": func(x *lastMove) { x.Proof = x.Proof[:len(x.Proof)-1] },
			"longer":  func(x *lastMove) { x.Proof = append(x.Proof, 0) },
		} {
			if name == "another model" && (move.Circuit == "Dot" || move.Circuit == "Total" || move.Circuit == "Largest" || move.Circuit == "Token") {
				continue // no weight is read there
			}
			if name == "another length" && move.Circuit != "Token" {
				continue // rows of the same index may mean the same
			}
			x := move
			x.Proof, x.Shown = slices.Clone(x.Proof), slices.Clone(x.Shown)
			plant(&x)
			if m.accepts(t, x.input(t)) {
				t.Errorf("%s: %s is accepted", move.Circuit, name)
			}
		}
	}
	// Every word before the proof itself counts: leaf, point and value or elements, roots, and siblings up to where rows meet.
	for _, move := range moves {
		for at := 0; at < len(move.Proof)-768; at += 32 {
			x := move
			x.Proof = slices.Clone(move.Proof)
			if x.Proof[at+31] ^= 1; m.accepts(t, x.input(t)) {
				t.Errorf("%s: accepted with another word at %d of %d", move.Circuit, at, len(x.Proof)-768)
			}
		}
	}
	// One circuit's proof for another's statement.
	for i := range moves {
		x := moves[i]
		other := moves[(i+1)%len(moves)]
		x.Proof = append(slices.Clone(x.Proof[:len(x.Proof)-768]), other.Proof[len(other.Proof)-768:]...)
		if m.accepts(t, x.input(t)) {
			t.Errorf("the proof of %s is accepted for %s", other.Circuit, x.Circuit)
		}
	}
}

// Points that are none burn what the verifier is given, and no more; and every bit of a proof counts.
func TestMalformedProofs(t *testing.T) {
	m := deployPrivate(t)
	move := lastMoves(t)[0]
	start := len(move.Proof) - 768
	worst := uint64(0)
	rapid.Check(t, func(r *rapid.T) {
		x := move
		x.Proof = slices.Clone(move.Proof)
		at := start + rapid.IntRange(0, 767).Draw(r, "at")
		switch rapid.IntRange(0, 2).Draw(r, "how") {
		case 0:
			x.Proof[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(r, "bit"))
		case 1: // a coordinate beyond the field
			word := (at - start) / 32 * 32
			copy(x.Proof[start+word:start+word+32], slices.Repeat([]byte{0xff}, 32))
		case 2: // a point that is not on the curve, or at infinity
			word := (at - start) / 32 * 32
			if n := copy(x.Proof[start+word:start+word+32], make([]byte, 32)); n != 32 {
				r.Fatal("short")
			}
		}
		in := x.input(t)
		if m.accepts(t, in) {
			r.Fatalf("byte %d: accepted", at-start)
		}
		const given = 30_000_000
		cfg := m.cfg
		cfg.GasLimit = given
		_, left, _ := runtime.Call(m.at, in, &cfg)
		worst = max(worst, given-left)
		if given-left > 600_000 {
			r.Fatalf("byte %d: %d gas", at-start, given-left)
		}
	})
	t.Logf("at most %d gas", worst)
}

// Who pays for the call cannot make a right proof fail: it succeeds, or the call reverts.
func TestLittleGasProvesNothing(t *testing.T) {
	m := deployPrivate(t)
	move := lastMoves(t)[0]
	in := move.input(t)
	for gas := uint64(50_000); gas < 700_000; gas += 10_000 {
		cfg := m.cfg
		cfg.GasLimit = gas
		out, _, err := runtime.Call(m.at, in, &cfg)
		if err != nil {
			continue
		}
		if yes, err := privateVerifier.UnpackVerify(out); err != nil || !yes {
			t.Fatalf("with %d gas a right proof is wrong (%v)", gas, err)
		}
	}
}

// Nodes within hidden rows, in Solidity as in Go.
func TestHiddenRows(t *testing.T) {
	m := deploy(t, &contracts.HiddenRowsMetaData)
	element := func(r *rapid.T, name string) (e fr.Element) {
		e.SetBytes(rapid.OneOf(rapid.SliceOfN(rapid.Byte(), 32, 32), rapid.Just(make([]byte, 32)), rapid.Just(fr.Modulus().Sub(fr.Modulus(), big.NewInt(1)).Bytes())).Draw(r, name))
		return e
	}
	rapid.Check(t, func(r *rapid.T) {
		k := rapid.IntRange(1, 4).Draw(r, "k")
		nodes := make([]fr.Element, 1<<k)
		var raw [][32]byte
		for i := range nodes {
			nodes[i] = element(r, fmt.Sprint("node ", i))
			raw = append(raw, nodes[i].Bytes())
		}
		index := rapid.IntRange(0, len(nodes)-1).Draw(r, "index")
		tree := circuit.NewTree(nodes)
		want := tree.Root()
		in, err := hiddenRows.TryPackFold(raw)
		if got := ask(r, m, hiddenRows.UnpackFold, in, err); got != want.Bytes() {
			r.Fatalf("folded to %x, Go %x", got, want.Bytes())
		}
		var siblings [][32]byte
		for level := range k {
			s := tree.Node(level, index>>level^1)
			siblings = append(siblings, s.Bytes())
		}
		in, err = hiddenRows.TryPackClimb(raw[index], big.NewInt(int64(index)), siblings)
		if got := ask(r, m, hiddenRows.UnpackClimb, in, err); got != want.Bytes() {
			r.Fatalf("climbed to %x, Go %x", got, want.Bytes())
		}
	})
	var beyond [32]byte
	fr.Modulus().FillBytes(beyond[:])
	for name, nodes := range map[string][][32]byte{"three": make([][32]byte, 3), "one": make([][32]byte, 1), "none": nil, "beyond the field": {beyond, {}}} {
		in, err := hiddenRows.TryPackFold(nodes)
		if _, err := try(t, m, hiddenRows.UnpackFold, in, err); err == nil {
			t.Errorf("%s: folded", name)
		}
	}
	in, err := hiddenRows.TryPackFold(make([][32]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("a round of 16 nodes folds for %d gas", m.gasOf(t, in))
}

// What the contract says of rows and blocks is what Go's trees have.
func TestPrivateShapes(t *testing.T) {
	m := deployPrivate(t)
	for _, move := range lastMoves(t) {
		g, err := reference.NewGraph(move.Arch, move.Prompt, move.Output, posp.Greedy)
		if err != nil {
			t.Fatal(err)
		}
		in, err := privateVerifier.TryPackRows(move.program())
		if got := ask(t, m, privateVerifier.UnpackRows, in, err); got.Uint64() != g.Rows() {
			t.Fatalf("%s: %s rows, Go %d", move.Circuit, got, g.Rows())
		}
		for row := uint64(0); row <= g.Rows(); row += 1 + g.Rows()/37 {
			want := uint64(0)
			if r := g.Locate(row); r.Op != reference.Padding {
				n, width := g.Shape(r)
				want = 1 << circuit.RowPacking(width).Height(n)
				if circuit.PublicRow(r.Op) {
					want = uint64((n + 63) / 64)
				}
			}
			in, err := privateVerifier.TryPackBlocks(move.program(), new(big.Int).SetUint64(row))
			got := ask(t, m, privateVerifier.UnpackBlocks, in, err)
			if hidden := want != 0 && !circuit.PublicRow(g.Locate(row).Op); got.Count.Uint64() != want || got.Hidden != hidden {
				t.Errorf("%s: row %d has %s blocks, hidden: %t; Go %d, %t", move.Circuit, row, got.Count, got.Hidden, want, hidden)
			}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		size := func(name string, bits int) int {
			return max(1, 1<<rapid.IntRange(0, bits).Draw(r, name)+rapid.IntRange(-1, 1).Draw(r, name+"'s end"))
		}
		a := reference.Arch{Hidden: size("hidden", 15), Layers: size("layers", 9), Heads: size("heads", 7), HeadDim: 2 * size("half a head", 6),
			FFN: size("ffn", 15), Vocab: size("vocab", 19), Eps: 11}
		a.Heads = min(a.Heads, 1<<16/a.HeadDim)
		a.KVHeads = a.Heads
		x := lastMove{Arch: a, Prompt: size("prompt", 13), Output: size("output", 13)}
		g, err := reference.NewGraph(a, x.Prompt, x.Output, posp.Greedy)
		if err != nil {
			r.Skip("no such program")
		}
		in, err := privateVerifier.TryPackRows(x.program())
		_, err = try(r, m, privateVerifier.UnpackRows, in, err)
		if want := circuit.Holds(g); (err == nil) != (want == nil) {
			r.Fatalf("%+v, %d, %d: Solidity %v, Go %v", a, x.Prompt, x.Output, err, want)
		}
	})
	// What the circuits do not hold is refused, before anybody is bound to prove it.
	move := lastMoves(t)[0]
	for name, plant := range map[string]func(*reference.Arch){
		"rows of weights": func(a *reference.Arch) { a.FFN = 1<<14 + 1 },
		"vocabulary":      func(a *reference.Arch) { a.Vocab = 1<<18 + 1 },
		"model":           func(a *reference.Arch) { a.Layers = 1 << 10; a.FFN = 1 << 13 },
	} {
		x := move
		plant(&x.Arch)
		in, err := privateVerifier.TryPackRows(x.program())
		if _, err := try(t, m, privateVerifier.UnpackRows, in, err); err == nil || err.Error() != "TooLarge" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// BenchmarkPrivateSteps is the gas of the last move, with the statement's derivation and the openings in a small trace: execution, and as a transaction of its own.
func BenchmarkPrivateSteps(b *testing.B) {
	m := deployPrivate(b)
	for _, move := range lastMoves(b) {
		b.Run(move.Circuit, func(b *testing.B) {
			in := move.input(b)
			for b.Loop() {
				if !m.accepts(b, in) {
					b.Fatal("refused")
				}
			}
			gas := m.gasOf(b, in)
			b.ReportMetric(float64(gas), "gas")
			b.ReportMetric(float64(transaction(in, gas)), "gas/tx")
			b.ReportMetric(float64(len(in)), "calldata-B")
		})
	}
}
