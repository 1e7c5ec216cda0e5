package challenge

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

var (
	alice = posp.Address{0xa1} // honest, in all tests
	bob   = posp.Address{0xb0}
	carol = posp.Address{0xca}
)

const purse = 10_000 // what accounts begin with

// player is an account with a run of its own, honest or not.
type player struct {
	self     posp.Address
	run      Run
	findings []Finding
	honest   bool
	// bend makes other moves of those that Decide made; nil makes those.
	bend func(c *contract, v View, moves []Action) []Action
}

// play lets blocks pass until everything is over. Honest players' moves are never refused.
func play(t testing.TB, c *contract, players ...player) {
	t.Helper()
	for _, p := range players {
		if c.purse[p.self] == 0 {
			c.fund(p.self, purse)
		}
	}
	for quiet := 0; quiet < 3; {
		quiet++
		for _, p := range players {
			v := c.view(p.self, p.run, p.findings...)
			moves, err := Decide(v)
			if err != nil && p.honest { // who departs from the strategy gets where it knows nothing
				t.Fatalf("block %d: %v", c.block, err)
			}
			if p.bend != nil {
				moves = p.bend(c, v, moves)
			}
			for _, m := range moves {
				err := c.do(p.self, m)
				if err != nil && p.honest {
					t.Fatalf("block %d: %T of the honest was refused: %v", c.block, m, err)
				}
				if err == nil {
					quiet = 0
				}
				c.conserved(t)
			}
		}
		if !c.ended() {
			quiet = 0
		}
		if c.block++; c.block > 2000 {
			t.Fatal("it does not end")
		}
	}
	for _, p := range players {
		if p.honest && c.purse[p.self] < purse {
			t.Fatalf("the honest has %d of %d", c.purse[p.self], purse)
		}
	}
	if c.locked != 0 {
		t.Fatalf("%d stay in the contract", c.locked)
	}
}

// contested is the finding that makes a run's owner contest a FAIL.
func contested(r Run) Finding {
	return Finding{SampleID: posp.Tag("sample"), Certified: posp.Fail, Verdict: posp.Pass, LogE: -1, TraceRoot: r.Root(), Until: 50}
}

func (c *contract) only(t testing.TB) *asserted {
	t.Helper()
	if len(c.order) != 1 {
		t.Fatalf("%d assertions, want 1", len(c.order))
	}
	return c.assertions[c.order[0]]
}

func each(t *testing.T, test func(t *testing.T, p *program)) {
	for _, name := range []string{"parts", "plain", "vocab"} {
		t.Run(name, func(t *testing.T) { test(t, programs[name]()) })
	}
}

// liedAbout is the rows that lies are tried in: of each operation the first, a middle and the last; with
// POSP_DISPUTE_EVERY_ROW all.
func (p *program) liedAbout() (rows []uint64) {
	every := os.Getenv("POSP_DISPUTE_EVERY_ROW") != ""
	of := map[reference.Op][]uint64{}
	for row := range p.g.Rows() {
		op := p.g.Locate(row).Op
		if of[op] = append(of[op], row); every {
			rows = append(rows, row)
		}
	}
	if every {
		return rows
	}
	for _, of := range of {
		rows = append(rows, of[0], of[len(of)/2], of[len(of)-1])
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// An asserter that lies about one element, the first, a middle or the last of a row, and else plays as well as can be, is
// led to that element and loses.
func TestALiarIsLedToItsLie(t *testing.T) {
	covered := map[reference.Op]bool{}
	each(t, func(t *testing.T, p *program) {
		for _, row := range p.liedAbout() {
			at := p.g.Locate(row)
			if at.Op <= reference.Output { // which the receipt gives
				continue
			}
			if covered[at.Op] && p == programs["vocab"]() && os.Getenv("POSP_DISPUTE_EVERY_ROW") == "" { // its rows are long
				continue
			}
			n := len(p.rows[row].Values)
			covered[at.Op] = true
			for _, e := range slices.Compact([]int{0, n / 2, n - 1}) {
				liar := p.lie(row, e)
				c := newContract(p.g, p.root)
				play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: p.honest, honest: true})
				a := c.only(t)
				g := a.games[alice]
				if a.Status != posp.AssertionFallen || g.Row != row || int(g.Block) != e/64 || int(g.Element) != e%64 {
					t.Fatalf("lie at element %d of row %d (%+v): %s at element %d of block %d of row %d", e, row, at, a.Status, g.Element, g.Block, g.Row)
				}
				if c.purse[alice] != purse+c.bond || c.purse[bob] != purse-c.bond {
					t.Fatalf("alice has %d, bob %d", c.purse[alice], c.purse[bob])
				}
			}
		}
	})
	for op := reference.Embedded; op < reference.Padding; op++ {
		if !covered[op] {
			t.Errorf("no lie at operation %d", op)
		}
	}
}

// The same where everything after the lie follows from it, so that the evidence is another: once for each operation.
func TestAConsistentLiarLoses(t *testing.T) {
	moved := 0
	for _, name := range []string{"plain", "parts"} {
		p, done := programs[name](), map[reference.Op]bool{}
		for row := uint64(2); row < p.g.Rows(); row++ {
			op := p.g.Locate(row).Op
			if done[op] {
				continue
			}
			done[op] = true
			e := len(p.rows[row].Values) / 2
			liar, err := p.consistentLie(row, e)
			if err != nil {
				t.Fatal(err)
			}
			last := len(p.rows) - 2
			if !slices.Equal(liar.rows[last].Values, p.rows[last].Values) {
				moved++
			}
			c := newContract(p.g, p.root)
			play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: p.honest, honest: true})
			if a := c.only(t); a.Status != posp.AssertionFallen || a.games[alice].Row != row {
				t.Fatalf("%s, lie in row %d: %s in row %d", name, row, a.Status, a.games[alice].Row)
			}
		}
	}
	if moved < 10 {
		t.Errorf("only %d lies changed the evidence", moved)
	}
}

// What stands where the trees have nothing, or is no block of its row, loses too.
func TestAnAsserterThatHidesSomethingLoses(t *testing.T) {
	p := programs["parts"]()
	for name, liar := range p.badPadding(t) {
		c := newContract(p.g, p.root)
		play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: p.honest, honest: true})
		if a := c.only(t); a.Status != posp.AssertionFallen {
			t.Errorf("%s: %s", name, a.Status)
		}
	}
}

// A challenger with another trace loses its bond to an honest asserter, wherever it differs.
func TestALyingChallengerLoses(t *testing.T) {
	each(t, func(t *testing.T, p *program) {
		liars := map[string]*forged{}
		for _, row := range p.liedAbout() {
			liars[fmt.Sprintf("row %d", row)] = p.lie(row, len(p.rows[row].Values)/2)
		}
		if p == programs["parts"]() {
			for name, f := range p.badPadding(t) {
				liars[name] = f
			}
		}
		for name, liar := range liars {
			c := newContract(p.g, p.root)
			play(t, c, player{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}, honest: true}, player{self: bob, run: liar})
			if a := c.only(t); a.Status != posp.AssertionStood || len(a.games) != 1 {
				t.Fatalf("%s: %s after %d games", name, a.Status, len(a.games))
			}
			if c.purse[alice] != purse+c.bond {
				t.Fatalf("%s: alice has %d", name, c.purse[alice])
			}
		}
	})
}

// late makes the moves of its games only in the last block, or so many after it.
func late(by uint64) func(*contract, View, []Action) []Action {
	return func(c *contract, _ View, moves []Action) []Action {
		return slices.DeleteFunc(moves, func(m Action) bool { return m.By() != math.MaxUint64 && !isOpening(m) && c.block < m.By()+by })
	}
}

func isOpening(m Action) bool {
	switch m.(type) {
	case Contest, Challenge:
		return true
	}
	return false
}

// silent makes n moves of its games, and then none.
func silent(n int) func(*contract, View, []Action) []Action {
	return func(_ *contract, _ View, moves []Action) []Action {
		return slices.DeleteFunc(moves, func(m Action) bool {
			if isOpening(m) || m.By() == math.MaxUint64 {
				return false
			}
			n--
			return n < 0
		})
	}
}

// malformed spoils the moves of its games, and makes those.
func malformed(_ *contract, _ View, moves []Action) []Action {
	for i, m := range moves {
		switch m := m.(type) {
		case Reveal:
			m.Nodes = m.Nodes[:len(m.Nodes)-1]
			moves[i] = m
		case Pick:
			m.Child[0] ^= 1
			moves[i] = m
		case Show:
			m.Data = append(slices.Clone(m.Data), 1)
			moves[i] = m
		case Name:
			m.Element += 64
			moves[i] = m
		case Prove:
			proof, err := m.Proof()
			m.Proof = func() ([]byte, error) { return proof[:len(proof)/2], err }
			moves[i] = m
		}
	}
	return moves
}

// Whoever is late, falls silent at any move, or sends what is refused, loses to the honest; who moves in the last block
// is not late.
func TestSilenceLoses(t *testing.T) {
	p := programs["plain"]()
	row := p.g.Rows() / 2
	liar := p.lie(row, 0)
	bends := map[string]func(*contract, View, []Action) []Action{"in the last block": late(0), "a block late": late(1), "malformed": malformed}
	for n := range 12 {
		bends[fmt.Sprintf("silent after %d moves", n)] = silent(n)
	}
	for name, bend := range bends {
		for _, honest := range []bool{false, true} { // the other's trace
			var run Run = liar
			if honest {
				run = p.honest
			}
			// bob asserts
			if !honest {
				c := newContract(p.g, p.root)
				play(t, c, player{self: bob, run: run, findings: []Finding{contested(run)}, bend: bend}, player{self: alice, run: p.honest, honest: true})
				if a := c.only(t); a.Status != posp.AssertionFallen || c.purse[alice] != purse+c.bond {
					t.Errorf("asserter, %s: %s, alice has %d", name, a.Status, c.purse[alice])
				}
			}
			// bob challenges
			c := newContract(p.g, p.root)
			play(t, c, player{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}, honest: true}, player{self: bob, run: liar, bend: bend})
			if a := c.only(t); a.Status != posp.AssertionStood || c.purse[alice] != purse+c.bond {
				t.Errorf("challenger, %s: %s, alice has %d", name, a.Status, c.purse[alice])
			}
		}
	}
	// Moves in the last block are good: the honest can be as late.
	c := newContract(p.g, p.root)
	play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: p.honest, honest: true, bend: late(0)})
	if a := c.only(t); a.Status != posp.AssertionFallen {
		t.Errorf("honest moves in the last block: %s", a.Status)
	}
}

// Two honest challengers: the first has the asserter's bond, the other its own back. A challenger that plays to lose does
// not help the asserter.
func TestTwoChallengers(t *testing.T) {
	p := programs["plain"]()
	liar := p.lie(p.g.Rows()/3, 0)
	c := newContract(p.g, p.root)
	play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: p.honest, honest: true}, player{self: carol, run: p.honest, honest: true})
	a := c.only(t)
	if a.Status != posp.AssertionFallen || len(a.games) != 2 || c.purse[alice]+c.purse[carol] != 2*purse+c.bond || c.purse[bob] != purse-c.bond {
		t.Errorf("%s after %d games: alice %d, carol %d, bob %d", a.Status, len(a.games), c.purse[alice], c.purse[carol], c.purse[bob])
	}

	// carol is bob's friend: she challenges first and says nothing.
	c = newContract(p.g, p.root)
	play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: carol, run: p.honest, bend: silent(0)}, player{self: alice, run: p.honest, honest: true})
	if a := c.only(t); a.Status != posp.AssertionFallen || c.purse[alice] < purse {
		t.Errorf("a friend as challenger: %s, alice has %d", a.Status, c.purse[alice])
	}
}

// Whoever opens many games against an honest asserter pays for each.
func TestAGriefer(t *testing.T) {
	p := programs["plain"]()
	c := newContract(p.g, p.root)
	players := []player{{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}, honest: true}}
	for i := range byte(20) {
		players = append(players, player{self: posp.Address{0xbb, i}, run: p.lie(uint64(i)*7%p.g.Rows(), 0), bend: []func(*contract, View, []Action) []Action{nil, late(0), silent(int(i) / 3), malformed}[i%4]})
	}
	play(t, c, players...)
	if a := c.only(t); a.Status != posp.AssertionStood || len(a.games) != 20 || c.purse[alice] != purse+20*c.bond {
		t.Errorf("%s after %d games: alice has %d", a.Status, len(a.games), c.purse[alice])
	}

	// Many lies at once, each by an account of its own.
	c = newContract(p.g, p.root)
	players = []player{{self: alice, run: p.honest, honest: true}}
	for i := range byte(20) {
		liar := p.lie(2+uint64(i)*11%(p.g.Rows()-2), 0)
		players = append(players, player{self: posp.Address{0xbb, i}, run: liar, findings: []Finding{contested(liar)}})
	}
	play(t, c, players...)
	for _, id := range c.order {
		if a := c.assertions[id]; a.Status != posp.AssertionFallen {
			t.Errorf("assertion of %s: %s", a.Asserter, a.Status)
		}
	}
	if len(c.order) != 20 || c.purse[alice] < purse+c.bond {
		t.Errorf("%d assertions, alice has %d", len(c.order), c.purse[alice])
	}
}

// Bob asserts the truth and loses on purpose to his friend, so that nobody else contests. Alice contests in time.
func TestATruthThatIsThrownAway(t *testing.T) {
	p := programs["plain"]()
	c := newContract(p.g, p.root)
	f := contested(p.honest)
	friend := player{self: carol, run: p.lie(5, 0)}
	play(t, c, player{self: bob, run: p.honest, findings: []Finding{f}, bend: silent(0)}, friend, player{self: alice, run: p.honest, findings: []Finding{f}, honest: true})
	var stood []posp.Address
	for _, id := range c.order {
		if a := c.assertions[id]; a.Status == posp.AssertionStood {
			stood = append(stood, a.Asserter)
		}
	}
	if !slices.Equal(stood, []posp.Address{alice}) {
		t.Errorf("stood: %v", stood)
	}

	// Where it stands, it is enough.
	c = newContract(p.g, p.root)
	play(t, c, player{self: bob, run: p.honest, findings: []Finding{f}}, player{self: alice, run: p.honest, findings: []Finding{f}, honest: true})
	if a := c.only(t); a.Status != posp.AssertionStood || a.Asserter != bob {
		t.Errorf("%s of %s", a.Status, a.Asserter)
	}
}

// Against anybody who makes any moves at any time, of any trace, the honest wins.
func TestAnyAdversary(t *testing.T) {
	p := programs["plain"]()
	rapid.Check(t, func(r *rapid.T) {
		row := rapid.Uint64Range(2, p.g.Rows()-1).Draw(r, "row")
		liar := p.lie(row, rapid.IntRange(0, len(p.rows[row].Values)-1).Draw(r, "element"))
		bend := func(c *contract, v View, moves []Action) []Action {
			var out []Action
			for _, m := range moves {
				if isOpening(m) {
					out = append(out, m)
					continue
				}
				switch rapid.IntRange(0, 5).Draw(r, "what") {
				case 0: // nothing, now
				case 1:
					out = append(out, malformed(c, v, []Action{m})...)
				case 2:
					if pick, ok := m.(Pick); ok { // another child
						g := c.assertions[pick.ID].games[pick.Challenger]
						pick.Index = rapid.IntRange(0, len(g.Nodes)-1).Draw(r, "child")
						pick.Child, pick.Siblings = g.Nodes[pick.Index], reference.Path(g.Nodes, pick.Index)
						leaf := int(g.Level) == round(*g)
						pick.Row = leaf && (g.Blocks == 0 || uint64(g.Block)<<g.Level|uint64(pick.Index) >= uint64(g.Blocks))
						m = pick
					}
					out = append(out, m)
				case 3:
					if name, ok := m.(Name); ok {
						name.Element = rapid.Uint8Range(0, 63).Draw(r, "name")
						m = name
					}
					out = append(out, m)
				default:
					out = append(out, m, m)
				}
			}
			return out
		}
		c := newContract(p.g, p.root)
		play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}, bend: bend}, player{self: alice, run: p.honest, honest: true})
		if a := c.only(t); a.Status != posp.AssertionFallen || c.purse[alice] != purse+c.bond {
			r.Fatalf("asserter: %s, alice has %d", a.Status, c.purse[alice])
		}
		c = newContract(p.g, p.root)
		play(t, c, player{self: alice, run: p.honest, findings: []Finding{contested(p.honest)}, honest: true}, player{self: bob, run: liar, bend: bend})
		if a := c.only(t); a.Status != posp.AssertionStood || c.purse[alice] != purse+int64(len(a.games))*c.bond {
			r.Fatalf("challenger: %s, alice has %d", a.Status, c.purse[alice])
		}
	})
}

// Contests are made where the contract takes them, and nowhere else.
func TestContradicted(t *testing.T) {
	for _, x := range []struct {
		certified, own posp.Verdict
		logE           int32
		want           bool
	}{
		{posp.Fail, posp.Pass, -5, true}, {posp.Fail, posp.Inconclusive, 7, true}, {posp.Fail, posp.Inconclusive, 0, false}, {posp.Fail, posp.Fail, 9, false},
		{posp.Pass, posp.Fail, 9, true}, {posp.Pass, posp.Pass, -5, false}, {posp.Pass, posp.Inconclusive, 3, false},
		{posp.Inconclusive, posp.Fail, 9, false}, {posp.Unavailable, posp.Pass, -5, false}, {posp.Unsampled, posp.Fail, 9, false},
		{posp.Inconclusive, posp.Pass, -5, true}, {posp.Inconclusive, posp.Inconclusive, 3, true}, {posp.Inconclusive, posp.Inconclusive, 4, false}, {posp.Inconclusive, posp.Inconclusive, 0, false},
	} {
		f := Finding{Certified: x.certified, Verdict: x.own, LogE: x.logE, Until: 10}
		if x.certified == posp.Inconclusive { // worth 4, for which the provider is charged; without a charge nothing rests on it
			if f.CertifiedLogE = 4; f.Contradicted() {
				t.Errorf("certified %s, own %s of %d, nobody charged: contested", x.certified, x.own, x.logE)
			}
			f.Charged = true
		}
		if f.Contradicted() != x.want {
			t.Errorf("certified %s, own %s of %d: %v", x.certified, x.own, x.logE, !x.want)
		}
		for head, open := range map[uint64]bool{8: true, 9: true, 10: false, 11: false} {
			moves, err := Decide(View{Self: alice, Head: head, Findings: []Finding{f}})
			if err != nil || (len(moves) == 1) != (x.want && open) {
				t.Errorf("certified %s, own %s of %d, head %d: %v, %v", x.certified, x.own, x.logE, head, moves, err)
			}
		}
	}
}

// What raised a standing may be contested whatever it is called, a PASS too; once nobody is charged nothing rests on it.
func TestRaisedLines(t *testing.T) {
	for _, certified := range []posp.Verdict{posp.Pass, posp.Inconclusive, posp.Unavailable} {
		for _, x := range []struct {
			logE    int32 // certified
			own     posp.Verdict
			ownLogE int32
			want    bool
		}{
			{7, posp.Pass, -5, true}, {7, posp.Pass, 6, true}, {7, posp.Pass, 7, false}, {7, posp.Inconclusive, 6, true}, {7, posp.Inconclusive, 0, false},
			{0, posp.Pass, -5, false}, {-1, posp.Pass, -5, false}, {1, posp.Inconclusive, -1, true},
		} {
			f := Finding{Certified: certified, CertifiedLogE: x.logE, Charged: true, Verdict: x.own, LogE: x.ownLogE, Until: 10}
			if f.Contradicted() != x.want {
				t.Errorf("%s of %d certified, own %s of %d: contradicted %v", certified, x.logE, x.own, x.ownLogE, !x.want)
			}
			if f.Charged = false; f.Contradicted() {
				t.Errorf("%s of %d certified, own %s of %d: contested for nothing", certified, x.logE, x.own, x.ownLogE)
			}
		}
	}
}

// A charge is weighed where the contract takes it, and before it can be executed.
func TestWeigh(t *testing.T) {
	for name, x := range map[string]struct {
		excess uint64
		lines  []Line
		want   bool
	}{
		"no lines":                           {5, nil, true},
		"lines that add nothing":             {5, []Line{{LogE: -4}, {LogE: 0}}, true},
		"crossed and came back, by nothing":  {0, []Line{{LogE: -4}}, true},
		"crossed and came back":              {0, []Line{{LogE: 4}, {LogE: -4}}, false},
		"all that is there":                  {6, []Line{{LogE: 4}, {LogE: 2}}, false},
		"one more":                           {7, []Line{{LogE: 4}, {LogE: 2}}, true},
		"what falls does not count":          {6, []Line{{LogE: 4}, {LogE: -9}, {LogE: 2}}, false},
		"what was taken does not count":      {6, []Line{{LogE: 4, Taken: 1}, {LogE: 2}}, true},
		"more was taken than the line added": {2, []Line{{LogE: 4, Taken: 9}, {LogE: 2}}, false},
		"all was taken":                      {0, []Line{{LogE: 4, Taken: 9}, {LogE: 2, Taken: 2}}, true},
		"many":                               {1 << 32, []Line{{LogE: math.MaxInt32}, {LogE: math.MaxInt32}}, true},
	} {
		s := Standing{FaultID: posp.Hash{1}, Excess: x.excess, Lines: x.lines, Until: 40}
		moves, err := Decide(View{Self: alice, Head: 10, Owed: uint256.NewInt(1), Standings: []Standing{s}})
		want := []Action{Weigh{s.FaultID, 40}, Withdraw{uint256.NewInt(1)}}
		if !x.want {
			want = want[1:]
		}
		if err != nil || len(moves) != len(want) || moves[0].By() != want[0].By() || x.want && moves[0] != want[0] {
			t.Errorf("%s: %v, %v", name, moves, err)
		}
		if s.Excess = s.BorneOut(); s.Excess != 0 && s.Overstated() {
			t.Errorf("%s: weighed twice", name)
		}
	}
}

// broken is a run that cannot be asked.
type broken struct{ root posp.Hash }

var errDisk = errors.New("disk")

func (b broken) Root() posp.Hash                          { return b.root }
func (broken) Below(posp.Game, int) ([]posp.Hash, error)  { return nil, errDisk }
func (broken) Path(posp.Game, int) ([]posp.Hash, error)   { return nil, errDisk }
func (broken) Block(uint64, uint32) ([]byte, int, error)  { return nil, 0, errDisk }
func (broken) Differs(posp.Game) (uint8, error)           { return 0, errDisk }
func (broken) Prove(posp.Hash, posp.Game) ([]byte, error) { return nil, errDisk }

// A game that cannot be told about keeps no other from its moves, and is no reason to move. The most urgent comes first.
func TestWhatCannotBeTold(t *testing.T) {
	p := programs["plain"]()
	game := func(turn posp.Turn, deadline uint64) posp.Game {
		return posp.Game{Challenger: alice, Turn: turn, Deadline: deadline, Level: 3, Blocks: 8, Nodes: make([]posp.Hash, 8)}
	}
	pending := posp.Assertion{ID: posp.Tag("1"), Asserter: bob, TraceRoot: posp.Tag("lie"), Status: posp.AssertionPending, Games: 1, ClosesAt: 30}
	v := View{Self: alice, Head: 10, Owed: uint256.NewInt(5), Assertions: []Assertion{
		{Assertion: pending, Own: broken{posp.Tag("root")}, All: []posp.Game{game(posp.TurnPick, 12)}},
		{Assertion: pending, Own: nil, All: []posp.Game{game(posp.TurnName, 12)}},
		{Assertion: pending, Own: nil},
		{Assertion: pending, Own: p.honest},
		{Assertion: pending, Own: nil, All: []posp.Game{game(posp.TurnShow, 9)}},
		{Assertion: pending, Own: p.honest, All: []posp.Game{{Challenger: alice, Turn: posp.TurnName, Deadline: 12, Row: 5, Blocks: 1, Data: []byte{1}}}},
	}}
	moves, err := Decide(v)
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "without a run") {
		t.Errorf("errors: %v", err)
	}
	var got []string
	for _, m := range moves {
		got = append(got, fmt.Sprintf("%T", m))
	}
	if want := []string{"challenge.Name", "challenge.Challenge", "challenge.Settle", "challenge.Withdraw"}; !slices.Equal(got, want) {
		t.Errorf("moves %v, want %v", got, want)
	}
	// At the deadline itself it is too late for one, and too early for the other.
	v = View{Self: alice, Head: 12, Assertions: v.Assertions[4:]}
	v.Assertions[0].All[0].Deadline = 12
	if moves, err := Decide(v); len(moves) != 0 || err != nil {
		t.Errorf("at the deadline: %v, %v", moves, err)
	}
}

// An assertion that stands is concluded by its asserter at once, by others who find it true later, and by nobody who does not.
func TestConclude(t *testing.T) {
	p := programs["plain"]()
	for name, x := range map[string]struct {
		asserter posp.Address
		root     posp.Hash
		own      Run
		from     uint64 // head; 0: never
	}{
		"one's own":                    {alice, p.honest.Root(), nil, 30},
		"another's, true":              {bob, p.honest.Root(), p.honest, 35},
		"another's, false":             {bob, posp.Tag("lie"), p.honest, 0},
		"another's, without the model": {bob, p.honest.Root(), nil, 0},
	} {
		for head := uint64(28); head < 40; head++ {
			a := posp.Assertion{Asserter: x.asserter, TraceRoot: x.root, Status: posp.AssertionPending, ClosesAt: 30}
			moves, err := Decide(View{Self: alice, Head: head, Stakes: posp.DisputeStakes{MoveBlocks: 5}, Assertions: []Assertion{{Assertion: a, Own: x.own}}})
			concludes := slices.ContainsFunc(moves, func(m Action) bool { _, ok := m.(Conclude); return ok })
			if err != nil || concludes != (x.from != 0 && head >= x.from) {
				t.Errorf("%s, block %d: %v, %v", name, head, moves, err)
			}
			a.Games = 1
			if moves, _ := Decide(View{Self: alice, Head: head, Assertions: []Assertion{{Assertion: a, Own: x.own}}}); slices.ContainsFunc(moves, func(m Action) bool { _, ok := m.(Conclude); return ok }) {
				t.Errorf("%s, block %d: concluded with a game under way", name, head)
			}
		}
	}
}

// The proof of an honest run is what the contract takes, for every element of every row.
func TestEveryElementCanBeProved(t *testing.T) {
	p := programs["plain"]()
	c := newContract(p.g, p.root)
	for row := range p.g.Rows() {
		n := len(p.rows[row].Values)
		for e := 0; e < n; e += 1 + n/7 {
			block, _, err := p.honest.Block(row, uint32(e/64))
			if err != nil {
				t.Fatal(err)
			}
			at := posp.Game{Row: row, Block: uint32(e / 64), Element: uint8(e % 64), Node: blockHash(block)}
			proof, err := p.honest.Prove(posp.Hash{}, at)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.verify(p.honest.Root(), posp.Hash{}, at, proof); err != nil {
				t.Fatalf("element %d of row %d: %v", e, row, err)
			}
		}
	}
}
