package contracts_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

var disputeGame = contracts.NewDisputeGame()

// arena is a DisputeGame with its step verifier, and nothing else: games are put into its storage where the last move is
// due.
type arena struct {
	*machine
	challenger common.Address
}

func newArena(t testing.TB) *arena {
	m := deploy(t, &contracts.PlainStepVerifierMetaData)
	verifier := m.at
	code := append(common.FromHex(contracts.DisputeGameMetaData.Bin), disputeGame.PackConstructor(contracts.System{}, verifier, common.Address{1},
		contracts.Stakes{Bond: big.NewInt(1), ChallengeBlocks: 10, MoveBlocks: 10})...)
	_, at, _, err := runtime.Create(code, &m.cfg)
	if err != nil {
		t.Fatal(err)
	}
	m.at, m.meta = at, &contracts.DisputeGameMetaData
	return &arena{m, common.HexToAddress("0xd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2")}
}

// slot is where a mapping has a key.
func slot(key [32]byte, mapping [32]byte) [32]byte {
	return crypto.Keccak256Hash(key[:], mapping[:])
}

// put makes a pending assertion with one game, of which the last move is due.
func (a *arena) put(id posp.Hash, challenger common.Address, g contracts.Game) {
	// AssertionState {status, level, stayed, games, closesAt} and Game {node; deadline, row, blockIndex, blocks, level, element, turn, hidden},
	// packed from the least significant byte up.
	var state, packed [32]byte
	const pending, prove = 1, 5
	state[31], state[28] = pending, 1
	binary.BigEndian.PutUint64(packed[24:], 1<<40)
	binary.BigEndian.PutUint64(packed[16:], g.Row)
	binary.BigEndian.PutUint32(packed[12:], g.BlockIndex)
	binary.BigEndian.PutUint32(packed[8:], 1<<20)
	packed[6], packed[5] = g.Element, prove
	if g.Hidden {
		packed[4] = 1
	}
	assertions, games := [32]byte{}, [32]byte{31: 1} // snapshots/storage
	a.cfg.State.SetState(a.at, slot(id, assertions), state)
	at := slot(common.BytesToHash(challenger[:]), slot(id, games))
	a.cfg.State.SetState(a.at, at, g.Node)
	next := common.BigToHash(new(big.Int).Add(new(big.Int).SetBytes(at[:]), big.NewInt(1)))
	a.cfg.State.SetState(a.at, next, packed)
	a.cfg.State.Finalise(a.cfg.ChainConfig.Rules(a.cfg.BlockNumber, true, 0))
}

// prove is what the last move of a game costs as a transaction: Prague's price of it, calldata and work, or the floor.
func (a *arena) prove(t fataler, s *step) uint64 {
	assertion := contracts.Assertion{Asserter: common.HexToAddress("0xd1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"), Subject: crypto.Keccak256Hash([]byte("subject")),
		TraceRoot: s.TraceRoot, Program: s.Program}
	in, err := disputeGame.TryPackIdOf(assertion)
	id := ask(t, a.machine, disputeGame.UnpackIdOf, in, err)

	a.put(id, a.challenger, contracts.Game{Node: s.BlockHash, Row: s.Row.Uint64(), BlockIndex: uint32(s.BlockIndex.Uint64()), Element: uint8(s.Element.Uint64())})
	input, err := disputeGame.TryPackProve(assertion, a.challenger, s.proof)
	if err != nil {
		t.Fatal(err)
	}
	out, left, err := runtime.Call(a.at, input, &a.cfg)
	if err != nil {
		t.Fatalf("%+v of %+v: %v %x", s.row, s.g.Arch, err, out)
	}
	var zero, rest uint64
	for _, b := range input {
		if b == 0 {
			zero++
		} else {
			rest++
		}
	}
	return 21_000 + max(4*zero+16*rest+a.cfg.GasLimit-left, 10*zero+40*rest)
}

// opNames are the rows of docs/reference-program.md.
var opNames = map[reference.Op]string{
	reference.Embedded: "Embed", reference.KeySumSq: "SumSq", reference.KeyRsqrt: "Rsqrt", reference.KeyNorm: "Norm", reference.KParts: "KParts",
	reference.K: "K", reference.KSumSq: "KSumSq", reference.KRsqrt: "KRsqrt", reference.KNorm: "KNorm", reference.KRope: "KRope",
	reference.VParts: "VParts", reference.V: "V", reference.Score: "Score", reference.MaxParts: "MaxParts", reference.Max: "Max", reference.Exps: "Exp",
	reference.SumParts: "SumParts", reference.Sum: "Sum", reference.MixParts: "MixParts", reference.Mix: "Mix", reference.OParts: "OParts", reference.Attended: "Attended",
	reference.Gate: "Gate", reference.Activated: "Act", reference.DownParts: "DownParts", reference.Out: "Out", reference.LogitParts: "LogitParts", reference.Logits: "Logits",
	reference.LogitMaxParts: "LogitMaxParts", reference.LogitMaxParts2: "LogitMaxParts2", reference.LogitExps: "LogitExp", reference.LogitSumParts: "LogitSumParts",
	reference.LogitSum: "LogitSum", reference.LogProbs: "LogProb", reference.Margins: "Margin",
}

// leafGoal is the most that a last move may cost.
const leafGoal = 250_000

// TestGasOfSteps prints what the last move costs as a transaction, at every operation: on the demo model, on models of 1B, 8B and
// 70B with 4,000 tokens, on a narrow model of 10^9 rows, whose projections are a slice each, on a wide one of as many, and, without
// the goal, on one of 405B at its longest: there a sum of 208 parts takes 2 kB, and an opening 60 nodes. Values and siblings have
// no zero byte, which is the dearest.
func TestGasOfSteps(t *testing.T) {
	a := newArena(t)
	w, err := model.Main()
	if err != nil {
		t.Fatal(err)
	}
	demo, err := reference.NewArch(w.Config)
	if err != nil {
		t.Fatal(err)
	}
	shapes := []struct {
		name string
		arch reference.Arch
		n, m int
	}{
		{"demo, 512 tokens", demo, 256, 256},
		{"1B, 4000 tokens", reference.Arch{Hidden: 2048, Layers: 16, Heads: 32, KVHeads: 8, HeadDim: 64, FFN: 8192, Vocab: 128256, Tied: true, Eps: 11}, 3000, 1000},
		{"8B, 4000 tokens", reference.Arch{Hidden: 4096, Layers: 32, Heads: 32, KVHeads: 8, HeadDim: 128, FFN: 14336, Vocab: 128256, Biased: true, Normed: true, Eps: 11}, 3000, 1000},
		{"70B, 4000 tokens", reference.Arch{Hidden: 8192, Layers: 80, Heads: 64, KVHeads: 8, HeadDim: 128, FFN: 28672, Vocab: 128256, Eps: 11}, 3000, 1000},
		{"narrow, 10^9 rows", reference.Arch{Hidden: 256, Layers: 600, Heads: 1, KVHeads: 1, HeadDim: 256, FFN: 256, Vocab: 1 << 20, Biased: true, Normed: true, Eps: 11}, 60_000, 5_000},
		{"wide, 10^9 rows", reference.Arch{Hidden: 4096, Layers: 170, Heads: 32, KVHeads: 8, HeadDim: 128, FFN: 14336, Vocab: 128256, Biased: true, Normed: true, Eps: 11}, 60_000, 5_000},
		{"405B, 65536 tokens", reference.Arch{Hidden: 16384, Layers: 126, Heads: 128, KVHeads: 8, HeadDim: 128, FFN: 53248, Vocab: 128256, Biased: true, Normed: true, Eps: 11}, 60_000, 5_000},
	}
	most := make([]uint64, len(shapes))
	lines := map[reference.Op]string{}
	var ops []reference.Op
	for k, shape := range shapes {
		g, err := reference.NewGraph(shape.arch, shape.n, shape.m, posp.Greedy)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d rows, %d levels; model %d rows, %d levels", shape.name, g.Rows(), depthOf(g.Rows()), g.ModelRows(), depthOf(g.ModelRows()))
		for op := range opNames {
			if !hasRows(g, op) {
				continue
			}
			r := reference.Row{Op: op, Layer: g.Layers / 2, At: g.Positions() - 2}
			switch {
			case op == reference.VParts || op == reference.V:
				r.At = 1
			case op >= reference.FinalSumSq:
				r.Layer, r.At = 0, g.Output-1
			case op == reference.Embedded:
				r.Layer = 0
			}
			if op >= reference.LogProbs {
				r.At = 0
			}
			n, _ := g.Shape(r)
			var cost uint64
			for range 3 {
				rng := rand.New(rand.NewPCG(uint64(op), uint64(k)))
				// A full slice, and values of four bytes that are none of them zero.
				e := n / 2
				for g.Leaf(r, e).Form == reference.FormZero {
					e--
				}
				s, err := makeStep(g, g.Index(r), e, rng, dear(rng, g.Vocab))
				if err != nil {
					t.Fatal(err)
				}
				cost = max(cost, a.prove(t, s))
			}
			if lines[op] == "" {
				ops = append(ops, op)
				lines[op] = fmt.Sprintf("%-16s", opNames[op])
				for range k {
					lines[op] += fmt.Sprintf(" %8s", "")
				}
			}
			lines[op] += fmt.Sprintf(" %8d", cost)
			most[k] = max(most[k], cost)
			attribute(t, "leaf", struct {
				Shape          string
				Arch           reference.Arch
				Prompt, Output int
				Operation      string
				Row, Gas       uint64
			}{shape.name, shape.arch, shape.n, shape.m, opNames[op], g.Index(r), cost})
		}
		for op := range lines { // operations that this shape has not
			if want := 16 + 9*(k+1); len(lines[op]) < want {
				lines[op] += fmt.Sprintf("%*s", want-len(lines[op]), "")
			}
		}
	}
	slices.Sort(ops)
	for _, op := range ops {
		t.Log(lines[op])
	}
	total := fmt.Sprintf("%-16s", "most")
	for _, x := range most {
		total += fmt.Sprintf(" %8d", x)
	}
	t.Log(total)
	for k, x := range most[:len(most)-1] {
		if x > leafGoal {
			t.Errorf("%s: a last move costs %d gas, more than %d", shapes[k].name, x, leafGoal)
		}
	}
}

// attribute reports a figure to who measures with this test: tools/bench/dispute.
func attribute(t testing.TB, key string, figure any) {
	b, err := json.Marshal(figure)
	if err != nil {
		t.Fatal(err)
	}
	t.Attr(key, string(b))
}

// dear draws values that a run may have, of bytes that are not zero where it may.
func dear(rng *rand.Rand, vocab int) func(leaf reference.Leaf, operand, k int) int64 {
	ordinary := domain(rng, vocab)
	return func(leaf reference.Leaf, operand, k int) int64 {
		o := leaf.Operands[operand]
		switch {
		case leaf.Form == reference.FormDot && !o.Model, leaf.Form == reference.FormScore, leaf.Form == reference.FormLargest,
			leaf.Form == reference.FormProject && !o.Model, leaf.Form == reference.FormSum && operand == 0:
			return int64(int32(rng.Uint32() | 0x01010101))
		}
		return ordinary(leaf, operand, k)
	}
}
