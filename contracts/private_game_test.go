package contracts_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
)

var privateGame = contracts.NewPrivateDisputeGame()

// deployPrivateGame is a PrivateDisputeGame with everything that its last move asks. Where it stands is always the same, so that a
// proof for one of its games can be kept.
func deployPrivateGame(t testing.TB) *arena {
	t.Helper()
	m := deployPrivate(t)
	create := func(meta *bind.MetaData, args []byte) common.Address {
		t.Helper()
		_, at, _, err := runtime.Create(append(common.FromHex(meta.Bin), args...), &m.cfg)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	verifier := m.at
	rows := create(&contracts.HiddenRowsMetaData, nil)
	m.at = create(&contracts.PrivateDisputeGameMetaData, privateGame.PackConstructor(contracts.System{}, verifier, common.Address{1},
		contracts.Stakes{Bond: big.NewInt(1), ChallengeBlocks: 10, MoveBlocks: 10}, rows))
	m.meta = &contracts.PrivateDisputeGameMetaData
	return &arena{m, common.HexToAddress("0xd2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2")}
}

// shown is what a last move says of a block that was shown: its leaf, and point and value of its lanes.
const shown = 96

// hiddenMove is a block that was shown in a game of deployPrivateGame, and the proof of one of its elements: the residual of one
// channel after attention, of a random model, which takes the trace, the model and the addend.
type hiddenMove struct {
	RowsRoot, Trace, Seed posp.Hash
	Row                   uint64
	Block                 uint32
	Element               uint8
	Leaf                  posp.Hash
	Shown, Proof          hexutil.Bytes
}

const hiddenMoveFile = "test/fixtures/private.json"

func (hiddenMove) config() model.Config {
	return model.Config{ModelType: model.Qwen2, HiddenSize: 12, Layers: 2, Heads: 2, KVHeads: 1, HeadWidth: 6, IntermediateSize: 20, VocabSize: 30,
		ContextLength: 64, RMSNormEps: 1e-5, RopeTheta: 10000}
}

func (m hiddenMove) assertion(t testing.TB) contracts.Assertion {
	a, err := reference.NewArch(m.config())
	if err != nil {
		t.Fatal(err)
	}
	return contracts.Assertion{Asserter: common.HexToAddress("0xd1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"), Subject: crypto.Keccak256Hash([]byte("subject")), TraceRoot: m.Trace, Seed: m.Seed,
		Program: contracts.Program{Arch: arch(a, m.RowsRoot), PromptTokens: big.NewInt(3), OutputTokens: big.NewInt(2), Greedy: true}}
}

// What Go opens for a last move is what the contract reads, at every operation of models with rows of one slice and of several: it answers
// no, for the proof behind it is none, where it would refuse what is not as long as the graph says or not under the root.
func TestOpeningsOfEveryOperation(t *testing.T) {
	ctx := context.Background()
	m := deployPrivate(t)
	wide := hiddenMove{}.config()
	wide.HiddenSize, wide.IntermediateSize, wide.VocabSize, wide.HeadWidth = 264, 300, 600, 132
	normed := hiddenMove{}.config()
	normed.ModelType, normed.HeadWidth = model.Qwen3, 8
	none := func(circuit.Claim, circuit.Witness) ([]byte, []fr.Element, error) { return make([]byte, 768), nil, nil }
	for name, config := range map[string]model.Config{"small": hiddenMove{}.config(), "wide": wide, "normed": normed} {
		trace, commitment := hiddenTrace(t, config)
		g := trace.Graph()
		rows := map[reference.Op]uint64{}
		for i := range g.Rows() {
			rows[g.Locate(i).Op] = i // the last
		}
		twice, shared := 0, 0
		for op, row := range rows {
			n, width := g.Shape(g.Locate(row))
			for _, e := range []int{0, n - 1} {
				x := lastMove{Arch: g.Arch, RowsRoot: commitment, Trace: trace.Root(), Prompt: g.Prompt, Output: g.Output, Row: row, Context: posp.Tag("a game")}
				seed := trace.SeedCommitment()
				x.Seed = seed.Bytes()
				if circuit.PublicRow(op) {
					x.Block, x.Element = e/64, e%64
					leaf, err := trace.Node(0, row)
					if err != nil {
						t.Fatal(err)
					}
					x.Hash = leaf
				} else {
					size := circuit.RowPacking(width).Block()
					x.Block, x.Element = e/size, e%size
					r, err := trace.Row(ctx, row)
					if err != nil {
						t.Fatal(err)
					}
					leaf, masked := r.Show(x.Block)
					x.Hash, x.Shown = leaf.Bytes(), masked.Bytes()
				}
				var err error
				if x.Proof, err = trace.Prove(ctx, none, row, x.Block, x.Element, x.Context); err != nil {
					t.Fatal(err)
				}
				if x.Proof == nil {
					continue // given by the receipt
				}
				var opened []uint64
				for _, o := range g.Leaf(g.Locate(row), e).Operands {
					if !o.Model && slices.Contains(opened, o.Row) {
						twice++
					} else if !o.Model {
						if circuit.Levels(trace.Depth(), opened, o.Row) < trace.Depth() {
							shared++
						}
						opened = append(opened, o.Row)
					}
				}
				in := x.input(t)
				if out, err := m.call(in); err != nil || m.accepts(t, in) {
					t.Errorf("%s, %v, element %d: %x, %v; want no", name, g.Locate(row), e, out, err)
				}
				for _, other := range [][]byte{append(slices.Clone(x.Proof), 0), x.Proof[:len(x.Proof)-1]} {
					y := x
					y.Proof = other
					if _, err := m.call(y.input(t)); err == nil {
						t.Errorf("%s, %v, element %d: a move of %d bytes, not %d, is read", name, g.Locate(row), e, len(other), len(x.Proof))
					}
				}
			}
		}
		if twice == 0 || shared == 0 {
			t.Errorf("%s: %d rows are read twice, %d meet one before them: the test tests less than it says", name, twice, shared)
		}
	}
}

func (a *arena) idOf(t testing.TB, x contracts.Assertion) posp.Hash {
	in, err := privateGame.TryPackIdOf(x)
	return ask(t, a.machine, privateGame.UnpackIdOf, in, err)
}

// hiddenTrace is that of a short text over hidden rows, of a random model, with the commitment to the model's rows.
func hiddenTrace(t *testing.T, config model.Config) (*circuit.Trace, posp.Hash) {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w, err := model.Random(config, 7)
	must(err)
	program, err := reference.New(reference.FromWeights(w))
	must(err)
	run, err := program.Trace(ctx, []uint32{5, 21, 7}, posp.Sampling{Rule: posp.Greedy, MaxTokens: 2}, []uint32{4, 9})
	must(err)
	roots := make([]posp.Hash, program.ModelRows())
	must(circuit.RowRoots(ctx, program.Quantiser, 0, roots, nil))
	hidden, err := circuit.NewModel(program.Quantiser, roots)
	must(err)
	var seed fr.Element
	seed.SetUint64(77)
	trace, err := circuit.NewTrace(ctx, run.Graph, run, hidden, seed)
	must(err)
	commitment := hidden.Commitment()
	return trace, commitment.Bytes()
}

// makeHiddenMove plays the move, with a proof that takes a minute of CPU.
func makeHiddenMove(t *testing.T, a *arena) (m hiddenMove) {
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	trace, rowsRoot := hiddenTrace(t, m.config())
	sc := trace.SeedCommitment()
	m.RowsRoot, m.Trace, m.Seed = rowsRoot, trace.Root(), sc.Bytes()
	m.Row, m.Element = trace.Graph().Index(reference.Row{Op: reference.Attended, Layer: 0, At: 2}), 5
	row, err := trace.Row(ctx, m.Row)
	must(err)
	leaf, masked := row.Show(int(m.Block))
	m.Leaf, m.Shown = leaf.Bytes(), masked.Bytes()
	cache, err := os.UserCacheDir()
	must(err)
	cache = filepath.Join(cache, "posp", "plonk")
	must(os.MkdirAll(cache, 0o700))
	id := a.idOf(t, m.assertion(t))
	proof, err := trace.Prove(ctx, circuit.NewProver(circuit.Full, cache).Prove, m.Row, int(m.Block), int(m.Element), posp.GameContext(a.cfg.ChainConfig.ChainID.Uint64(), a.at, id, a.challenger))
	must(err)
	m.Proof = slices.Concat(m.Leaf[:], proof)
	return m
}

// The last move of a game over hidden rows, with a real proof: it is of this game, this challenger, this seed and this block alone,
// and nobody makes it fail by what gas it gets. POSP_PROOFS=write makes the proof again.
func TestTheLastMoveOfAPrivateGame(t *testing.T) {
	a := deployPrivateGame(t)
	var m hiddenMove
	if os.Getenv("POSP_PROOFS") == "write" {
		m = makeHiddenMove(t, a)
		b, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(hiddenMoveFile, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(hiddenMoveFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	honest := m.assertion(t)
	game := contracts.Game{Node: crypto.Keccak256Hash(m.Leaf[:], head(m.Leaf, m.Shown)), Row: m.Row, BlockIndex: m.Block, Element: m.Element, Hidden: true}
	prove := func(x contracts.Assertion, challenger common.Address, g contracts.Game, proof []byte, gas uint64) error {
		t.Helper()
		a.put(a.idOf(t, x), challenger, g)
		in, err := privateGame.TryPackProve(x, challenger, proof)
		if err != nil {
			t.Fatal(err)
		}
		cfg := a.cfg
		cfg.GasLimit = gas
		_, err = (&machine{cfg, a.at, a.meta}).call(in)
		return err
	}
	const plenty = 10_000_000
	if err := prove(honest, a.challenger, game, m.Proof, plenty); err != nil {
		t.Fatalf("the honest move: %v", err)
	}
	for name, plant := range map[string]struct {
		why string
		do  func(x *contracts.Assertion, challenger *common.Address, g *contracts.Game, proof []byte)
	}{
		"another challenger's game": {"NotProved", func(_ *contracts.Assertion, c *common.Address, _ *contracts.Game, _ []byte) { c[0] ^= 1 }},
		"another asserter's":        {"NotProved", func(x *contracts.Assertion, _ *common.Address, _ *contracts.Game, _ []byte) { x.Asserter[0] ^= 1 }},
		"another seed":              {"NotProved", func(x *contracts.Assertion, _ *common.Address, _ *contracts.Game, _ []byte) { x.Seed[31] ^= 1 }},
		"another element":           {"NotProved", func(_ *contracts.Assertion, _ *common.Address, g *contracts.Game, _ []byte) { g.Element++ }},
		"another model": {"NotProved", func(x *contracts.Assertion, _ *common.Address, _ *contracts.Game, _ []byte) {
			x.Program.Arch.RowsRoot[31] ^= 1
		}},
		"another trace":            {"NotUnderRoot", func(x *contracts.Assertion, _ *common.Address, _ *contracts.Game, _ []byte) { x.TraceRoot[31] ^= 1 }},
		"something else was shown": {"ProofRefused", func(_ *contracts.Assertion, _ *common.Address, g *contracts.Game, _ []byte) { g.Node[31] ^= 1 }},
		"another block of the row, shown as this one": {"NotProved", func(_ *contracts.Assertion, _ *common.Address, g *contracts.Game, proof []byte) {
			proof[31] ^= 1
			g.Node = crypto.Keccak256Hash(proof[:shown])
		}},
		"another point": {"NotProved", func(_ *contracts.Assertion, _ *common.Address, g *contracts.Game, proof []byte) {
			proof[32+31] ^= 1
			g.Node = crypto.Keccak256Hash(proof[:shown])
		}},
		"another value": {"NotProved", func(_ *contracts.Assertion, _ *common.Address, g *contracts.Game, proof []byte) {
			proof[64+31] ^= 1
			g.Node = crypto.Keccak256Hash(proof[:shown])
		}},
		"a malformed point": {"NotProved", func(_ *contracts.Assertion, _ *common.Address, _ *contracts.Game, proof []byte) {
			proof[len(proof)-768+5] ^= 1
		}},
	} {
		x, c, g, proof := honest, a.challenger, game, slices.Clone(m.Proof)
		plant.do(&x, &c, &g, proof)
		if err := prove(x, c, g, proof, plenty); err == nil || err.Error() != plant.why && err.Error() != fmt.Sprintf("revert %x", crypto.Keccak256([]byte(plant.why + "()"))[:4]) {
			t.Errorf("%s: %v, want %s", name, err, plant.why)
		}
	}
	// Who sends the move cannot make it fail by giving little gas: it is made, or it is as if it had not been sent.
	made := 0
	for gas := uint64(60_000); gas < 700_000; gas += 20_000 {
		switch err := prove(honest, a.challenger, game, m.Proof, gas); {
		case err == nil:
			made++
		case err.Error() == "NotProved":
			t.Fatalf("with %d gas the right move is wrong", gas)
		}
	}
	if made == 0 {
		t.Error("it is never made")
	}
}
