package explorer

import (
	"math/big"
	"slices"
	"testing"

	"github.com/holiman/uint256"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
)

// Games end in all the ways that Dispute.sol has, and each is told with its
// reason, and where the bonds went.
func TestHowGamesEnd(t *testing.T) {
	asserter, first, second := posp.Address{0xaa}, posp.Address{0xc1}, posp.Address{0xc2}
	id, pub, game := posp.Hash{0xe1}, publicGame.GetABI(), posp.Address{5}
	const closes, move = 40, 10
	in := func(w *world) *big.Int { return new(big.Int).SetUint64(w.block + move) }
	challenge := func(w *world, who posp.Address) { w.emit(game, pub, "Challenged", id, who, uint8(7), in(w)) }
	reveal := func(w *world, who posp.Address) { w.emit(game, pub, "Revealed", id, who, [][32]byte{{1}}, in(w)) }
	over := func(w *world, who posp.Address, refuted bool) { w.emit(game, pub, "GameOver", id, who, refuted) }
	// In one transaction, as the contract does it.
	falls := func(w *world, who posp.Address) {
		w.emit(game, pub, "Concluded", id, uint8(posp.AssertionFallen))
		over(w, who, true)
		w.logs[len(w.logs)-1].TxHash = w.logs[len(w.logs)-2].TxHash
	}
	stands := func(w *world) { w.on(closes).emit(game, pub, "Concluded", id, uint8(posp.AssertionStood)) }
	for _, c := range []struct {
		name   string
		play   func(*world)
		says   []string // of the ends of games, in order
		states []string // of bonds: the asserter's, the challengers'
		back   []int    // in bonds
	}{
		{"nobody challenges", stands, nil, []string{"returned"}, []int{1}},
		{"nothing was concluded yet", func(w *world) { challenge(w, first) }, nil, []string{"held", "held"}, []int{0, 0}},
		{"proved", func(w *world) {
			challenge(w, first)
			w.emit(game, pub, "Named", id, first, uint8(4), in(w))
			over(w, first, false)
			stands(w)
		}, []string{"proves the element: the challenger loses"}, []string{"won", "lost"}, []int{2, 0}},
		{"the asserter is silent", func(w *world) {
			challenge(w, first)
			w.on(w.block + move + 1)
			falls(w, first)
		}, []string{"the asserter was silent past block 12: the challenger wins"}, []string{"lost", "won"}, []int{0, 2}},
		{"the challenger is silent", func(w *world) {
			challenge(w, first)
			reveal(w, first)
			w.on(w.block + move + 1)
			over(w, first, false)
			stands(w)
		}, []string{"the challenger was silent past block 12, and loses"}, []string{"won", "lost"}, []int{2, 0}},
		{"padding that is zero", func(w *world) {
			challenge(w, first)
			reveal(w, first)
			over(w, first, false)
			stands(w)
		}, []string{"what was picked lies beyond the trace and is zero, as it must be: the challenger loses"}, []string{"won", "lost"}, []int{2, 0}},
		{"padding that is not", func(w *world) {
			challenge(w, first)
			reveal(w, first)
			falls(w, first)
		}, []string{"what was picked lies beyond the trace and is not zero: the challenger wins"}, []string{"lost", "won"}, []int{0, 2}},
		{"a second challenger when it has fallen", func(w *world) {
			challenge(w, first)
			challenge(w, second)
			reveal(w, first)
			falls(w, first)
			w.on(w.block + 1)
			over(w, second, true)
		}, []string{"what was picked lies beyond the trace and is not zero: the challenger wins", "the assertion had fallen in another game: the challenger has its bond back"},
			[]string{"lost", "won", "returned"}, []int{0, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{block: 1}
			a := contracts.Assertion{Asserter: asserter, Program: contracts.Program{Arch: shape, PromptTokens: big.NewInt(2), OutputTokens: big.NewInt(2)}}
			s := contracts.Subject{SampleId: posp.Hash{9}, Certified: uint8(posp.Pass), Verdict: uint8(posp.Fail)}
			w.emit(game, pub, "Contested", id, asserter, posp.Hash(s.SampleId), a, s, []byte{}, []byte{}, []byte{}, big.NewInt(closes))
			w.on(2)
			c.play(w)
			x := New(Config{Domain: domain, Parameters: params}, w, w, zap.NewNop())
			x.constants = &constants{disputes: &posp.DisputeStakes{Bond: uint256.NewInt(1)}}
			for i := range w.logs {
				if err := x.index.take(&w.logs[i]); err != nil {
					t.Fatal(err)
				}
			}
			d := x.index.disputes[id]
			var says []string
			for _, m := range d.moves {
				if m.move == "prove" || m.move == "game over" {
					says = append(says, m.says)
				}
			}
			if !slices.Equal(says, c.says) {
				t.Errorf("it is told as %q, want %q", says, c.says)
			}
			bonds := x.bonds(d)
			if len(bonds) != len(c.states) {
				t.Fatalf("%d bonds: %+v", len(bonds), bonds)
			}
			for i, b := range bonds {
				if b.State != c.states[i] || *b.Back != big.NewInt(int64(c.back[i])).String() || *b.Paid != "1" {
					t.Errorf("bond of %s: %s, %s back, want %s and %d", b.Account, b.State, *b.Back, c.states[i], c.back[i])
				}
			}
			// Money that comes back is no more than what was paid in, and all of it where nothing is open.
			paid, back, held := 0, 0, false
			for i, b := range bonds {
				paid, back, held = paid+1, back+c.back[i], held || b.State == "held"
			}
			if back > paid || !held && back != paid {
				t.Errorf("%d bonds were paid, %d come back", paid, back)
			}
		})
	}
}

// A trace of a shape that this program does not have is shown without rows, and
// nothing breaks.
func TestADisputeOfAnUnknownProgram(t *testing.T) {
	strange := shape
	strange.HeadDim = new(big.Int).Lsh(big.NewInt(1), 80)
	w := &world{block: 1}
	a := contracts.Assertion{Program: contracts.Program{Arch: strange, PromptTokens: big.NewInt(2), OutputTokens: big.NewInt(2)}}
	w.emit(posp.Address{5}, publicGame.GetABI(), "Contested", posp.Hash{1}, posp.Address{}, posp.Hash{}, a, contracts.Subject{}, []byte{}, []byte{}, []byte{}, big.NewInt(40))
	x := New(Config{Domain: domain, Parameters: params}, w, w, zap.NewNop())
	if err := x.index.take(&w.logs[0]); err != nil {
		t.Fatal(err)
	}
	v, err := x.dispute(t.Context(), request{hash: posp.Hash{1}})
	if err != nil {
		t.Fatal(err)
	}
	if d := v.(disputeView); d.Rows != nil || d.MoveList[0].Question != nil || d.MoveList[0].Says == "" {
		t.Errorf("rows %v, question %v", d.Rows, d.MoveList[0].Question)
	}
}
