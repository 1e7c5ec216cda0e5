package challenge

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/constraint"
	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// hidden is PrivateStepVerifier, over one program. A proof is a name for the witness that its maker would have proved: the circuit is
// solved for it, with the public inputs that the contract derives. What solves it, PLONK proves (challenge/circuit, contracts).
type hidden struct {
	*program
	model  *circuit.Model
	seed   fr.Element
	honest *circuit.Trace

	mu        sync.Mutex
	witnesses []circuit.Witness
	lanes     map[posp.Hash][]byte // of blocks that were shown, by what the game keeps of them
}

var systems = func() (s [circuit.Kinds]func() constraint.ConstraintSystem) {
	for k := range s {
		s[k] = sync.OnceValue(func() constraint.ConstraintSystem {
			ccs, err := circuit.Compile(circuit.Kind(k), circuit.Full)
			if err != nil {
				panic(err)
			}
			return ccs
		})
	}
	return s
}()

// hide is the contract of a private spec over a program.
func (p *program) hide(t testing.TB) *hidden {
	t.Helper()
	h := &hidden{program: p, lanes: map[posp.Hash][]byte{}}
	h.seed.SetBytes(crypto.Keccak256([]byte("trace seed")))
	roots := make([]posp.Hash, p.weights.ModelRows())
	err := circuit.RowRoots(context.Background(), p.weights, 0, roots, nil)
	if err == nil {
		h.model, err = circuit.NewModel(p.weights, roots)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// list is rows in memory.
type list []reference.Elems

func (l list) Row(_ context.Context, i uint64) (reference.Elems, error) { return l[i], nil }

// run is one over rows, the program's or not.
func (h *hidden) run(t testing.TB, rows []reference.Elems) Private {
	t.Helper()
	if h.honest == nil {
		var err error
		if h.honest, err = circuit.NewTrace(context.Background(), h.g, list(h.rows), h.model, h.seed); err != nil {
			t.Fatal(err)
		}
	}
	trace, err := h.honest.Over(context.Background(), list(rows))
	if err != nil {
		t.Fatal(err)
	}
	return Private{Trace: trace, Proofs: h.prove, Context: gameContext}
}

func gameContext(id posp.Hash, challenger posp.Address) posp.Hash {
	return crypto.Keccak256Hash(id[:], challenger[:])
}

func (h *hidden) prove(_ circuit.Claim, w circuit.Witness) ([]byte, []fr.Element, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.witnesses = append(h.witnesses, w)
	return binary.BigEndian.AppendUint32(nil, uint32(len(h.witnesses)-1)), nil, nil
}

func (h *hidden) deploy() *contract {
	root := h.model.Commitment()
	return deployed(h.g, root.Bytes(), h)
}

func (h *hidden) public(row uint64) bool { return circuit.PublicRow(h.g.Locate(row).Op) }

func (h *hidden) blocks(row uint64) int {
	at := h.g.Locate(row)
	n, width := h.g.Shape(at)
	if at.Op == reference.Padding {
		return 0
	}
	if h.public(row) {
		return (n + 63) / 64
	}
	return 1 << circuit.RowPacking(width).Height(n)
}

func (h *hidden) fold(g posp.Game, nodes []posp.Hash) (posp.Hash, error) {
	if g.Blocks == 0 || h.public(g.Row) {
		return reference.Fold(nodes), nil
	}
	leaves := make([]fr.Element, len(nodes))
	for i := range nodes {
		if err := leaves[i].SetBytesCanonical(nodes[i][:]); err != nil {
			return posp.Hash{}, err
		}
	}
	levels := posp.HiddenLevels(leaves)
	return levels[len(levels)-1][0].Bytes(), nil
}

func (h *hidden) climb(g posp.Game, child posp.Hash, index int, siblings []posp.Hash) (posp.Hash, error) {
	for i, s := range siblings {
		pair := []posp.Hash{child, s}
		if index>>i&1 == 1 {
			pair[0], pair[1] = s, child
		}
		var err error
		if child, err = h.fold(g, pair); err != nil {
			return posp.Hash{}, err
		}
	}
	return child, nil
}

const shownBytes = 352

func (h *hidden) shown(g posp.Game, data []byte) (posp.Hash, error) {
	if h.public(g.Row) {
		return plain{}.shown(g, data)
	}
	if len(data) != shownBytes {
		return posp.Hash{}, errors.New("WrongNode")
	}
	for i := 0; i < shownBytes; i += 32 {
		if err := new(fr.Element).SetBytesCanonical(data[i:][:32]); err != nil {
			return posp.Hash{}, errors.New("WrongNode")
		}
	}
	head := opening(g.Node, data)
	node := crypto.Keccak256Hash(head)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lanes[node] = bytes.Clone(data)
	return node, nil
}

// opening is what a last move says of the block that was shown: its leaf, and the point and value that its lanes come to.
func opening(leaf posp.Hash, lanes []byte) []byte {
	point := circuit.Context(crypto.Keccak256Hash(leaf[:], lanes))
	var value fr.Element
	for i := len(lanes) - 32; i >= 0; i -= 32 {
		lane := new(fr.Element).SetBytes(lanes[i:][:32])
		value.Mul(&value, &point).Add(&value, lane)
	}
	return slices.Concat(leaf[:], point.Marshal(), value.Marshal())
}

// levelsTo is how far up the siblings of a row go in a last move that has opened others: to where it meets one of them.
func levelsTo(depth int, opened []uint64, row uint64) int {
	for level := range depth {
		for _, o := range opened {
			if o>>(level+1) == row>>(level+1) {
				return level
			}
		}
	}
	return depth
}

// verify is PrivateStepVerifier.verify.
func (h *hidden) verify(traceRoot, id posp.Hash, at posp.Game, proof []byte) error {
	row := h.g.Locate(at.Row)
	n, width := h.g.Shape(row)
	claim := circuit.Claim{Context: circuit.Context(gameContext(id, at.Challenger)), Seed: posp.SeedCommitment(h.seed), Model: h.model.Commitment()}
	e := int(at.Block)*64 + int(at.Element)
	if h.public(at.Row) {
		count := min(64, n-int(at.Block)*64)
		if len(proof) < count*width || blockHash(proof[:count*width]) != at.Node {
			return errors.New("ProofRefused")
		}
		if int(at.Element) >= count {
			return nil
		}
		claim.Own.SetUint64(uint64(number(proof[int(at.Element)*width:][:width]) + 1<<31))
		proof = proof[count*width:]
	} else {
		size := circuit.RowPacking(width).Block()
		if int(at.Element) >= size {
			return nil
		}
		if e = int(at.Block)*size + int(at.Element); e < n && h.g.Leaf(row, e).Form == reference.FormGiven {
			return nil
		}
		if len(proof) < 96 || crypto.Keccak256Hash(proof[:96]) != at.Node {
			return errors.New("ProofRefused")
		}
		h.mu.Lock()
		lanes := h.lanes[at.Node]
		h.mu.Unlock()
		if err := claim.Own.SetBytesCanonical(proof[:32]); err != nil {
			return err
		}
		for i := range claim.Masked {
			claim.Masked[i].SetBytes(lanes[32*i:][:32])
		}
		proof = proof[96:]
	}
	var err error
	if claim.Step, err = circuit.NewStep(h.g, at.Row, e); err != nil {
		return err
	}
	var operands []reference.Operand
	if e < n {
		operands = h.g.Leaf(row, e).Operands
	}
	k := 0
	var opened []uint64
	nodes := map[[2]uint64]posp.Hash{{uint64(height(h.g.Rows())), 0}: traceRoot} // that are known, by level and index
	for _, o := range operands {
		if o.Model {
			continue
		}
		up := 0
		if !slices.Contains(opened, o.Row) {
			if up = levelsTo(height(h.g.Rows()), opened, o.Row); len(proof) < 32*(1+up) {
				return errors.New("ProofRefused")
			}
			var siblings []posp.Hash
			for s := range up {
				siblings = append(siblings, posp.Hash(proof[32*(1+s):][:32]))
				nodes[[2]uint64{uint64(s), o.Row>>s ^ 1}] = siblings[s]
			}
			if climb(posp.Hash(proof[:32]), int(o.Row), siblings) != nodes[[2]uint64{uint64(up), o.Row >> up}] {
				return errors.New("NotUnderRoot")
			}
			nodes[[2]uint64{0, o.Row}] = posp.Hash(proof[:32])
			proof = proof[32*(1+up):]
			opened = append(opened, o.Row)
		}
		root := nodes[[2]uint64{0, o.Row}]
		if err := claim.Roots[k].SetBytesCanonical(root[:]); err != nil {
			return err
		}
		k++
	}
	if len(proof) != 4 {
		return errors.New("ProofRefused")
	}
	h.mu.Lock()
	w := h.witnesses[binary.BigEndian.Uint32(proof)]
	h.mu.Unlock()
	return circuit.Check(systems[claim.Step.Kind](), circuit.Full, claim, w)
}

// liedAboutHidden is a row of each operation: solving a circuit takes long. With POSP_DISPUTE_EVERY_ROW those that lies about plain rows are tried in.
func (p *program) liedAboutHidden() (rows []uint64) {
	if os.Getenv("POSP_DISPUTE_EVERY_ROW") != "" {
		return p.liedAbout()
	}
	last := map[reference.Op]uint64{}
	for row := range p.g.Rows() {
		last[p.g.Locate(row).Op] = row
	}
	for _, row := range last {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	return rows
}

// An asserter that lies about one hidden element, of each operation, is led to it and loses: what it showed masked, its opponent read.
func TestALiarInHiddenRowsLoses(t *testing.T) {
	covered := map[reference.Op]bool{}
	for _, name := range []string{"parts", "plain"} {
		p := programs[name]()
		h := p.hide(t)
		honest := h.run(t, p.rows)
		for i, row := range p.liedAboutHidden() {
			at := p.g.Locate(row)
			if at.Op <= reference.Output || covered[at.Op] && os.Getenv("POSP_DISPUTE_EVERY_ROW") == "" {
				continue
			}
			covered[at.Op] = true
			n := len(p.rows[row].Values)
			e := []int{0, n / 2, n - 1}[i%3]
			liar := h.run(t, p.lie(row, e).rows)
			c := h.deploy()
			play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: honest, honest: true})
			a, block := c.only(t), 64
			if !h.public(row) {
				block = circuit.RowPacking(p.rows[row].Width).Block()
			}
			if g := a.games[alice]; a.Status != posp.AssertionFallen || g.Row != row || int(g.Block) != e/block || int(g.Element) != e%block {
				t.Fatalf("lie at element %d of row %d (%+v): %s at element %d of block %d of row %d", e, row, at, a.Status, g.Element, g.Block, g.Row)
			}
			if c.purse[alice] != purse+c.bond || c.purse[bob] != purse-c.bond {
				t.Fatalf("alice has %d, bob %d", c.purse[alice], c.purse[bob])
			}
		}
	}
	for op := reference.Embedded; op < reference.Padding; op++ {
		if !covered[op] && op != reference.LogitMaxParts2 && op != reference.LogitSumParts2 { // a vocabulary of 2^16
			t.Errorf("no lie at operation %d", op)
		}
	}
}

// An honest asserter proves whatever a challenger with another trace leads it to, and wins.
func TestALyingChallengerOfHiddenRowsLoses(t *testing.T) {
	p := programs["plain"]()
	h := p.hide(t)
	honest := h.run(t, p.rows)
	for i, row := range p.liedAboutHidden() {
		n := len(p.rows[row].Values)
		liar := h.run(t, p.lie(row, []int{n - 1, 0, n / 2}[i%3]).rows)
		c := h.deploy()
		play(t, c, player{self: alice, run: honest, findings: []Finding{contested(honest)}, honest: true}, player{self: bob, run: liar})
		if a := c.only(t); a.Status != posp.AssertionStood || len(a.games) != 1 || c.purse[alice] != purse+c.bond {
			t.Fatalf("row %d: %s after %d games, alice has %d", row, a.Status, len(a.games), c.purse[alice])
		}
	}
}

// A challenger that names an element that no block has, of int64s, of evidence, and of one that the receipt gives, loses.
func TestElementsThatAreNoneAreRight(t *testing.T) {
	p := programs["plain"]()
	h := p.hide(t)
	honest := h.run(t, p.rows)
	rows := map[int]uint64{} // the last of each width, and of evidence
	for row := range p.g.Rows() {
		switch {
		case h.public(row):
			rows[0] = row
		default:
			rows[p.rows[row].Width] = row
		}
	}
	rows[1] = 1 // the output's tokens
	for kind, row := range rows {
		for _, element := range []uint8{31, 32, 63} {
			liar := h.run(t, p.lie(row, 0).rows)
			c := h.deploy()
			play(t, c, player{self: alice, run: honest, findings: []Finding{contested(honest)}, honest: true},
				player{self: bob, run: liar, bend: func(_ *contract, _ View, moves []Action) []Action {
					for i, m := range moves {
						if m, ok := m.(Name); ok {
							m.Element = element
							moves[i] = m
						}
					}
					return moves
				}})
			a := c.only(t)
			if g := a.games[bob]; a.Status != posp.AssertionStood || g.Row != row || g.Element != element {
				t.Errorf("kind %d, element %d of row %d: %s, element %d of row %d was named", kind, element, row, a.Status, g.Element, g.Row)
			}
		}
	}
}

// bent is a run that departs from an honest one in one row: its leaf, and what it shows.
type bent struct {
	Private
	row  uint64
	leaf posp.Hash                                  // its root in the trace
	show func(block uint32) []byte                  // nil: as the other
	own  func(c *circuit.Claim, w *circuit.Witness) // what it would prove instead
}

func (b bent) node(level int, index uint64) posp.Hash {
	if b.row>>level != index {
		node, err := b.Trace.Node(level, index)
		if err != nil {
			panic(err)
		}
		return node
	}
	if level == 0 {
		return b.leaf
	}
	return reference.Fold([]posp.Hash{b.node(level-1, 2*index), b.node(level-1, 2*index+1)})
}

func (b bent) Root() posp.Hash { return b.node(b.Trace.Depth(), 0) }

func (b bent) Below(g posp.Game, down int) ([]posp.Hash, error) {
	if g.Blocks != 0 {
		return b.Private.Below(g, down)
	}
	nodes := make([]posp.Hash, 1<<down)
	for i := range nodes {
		nodes[i] = b.node(int(g.Level)-down, g.Row<<down|uint64(i))
	}
	return nodes, nil
}

func (b bent) Block(row uint64, block uint32) ([]byte, int, error) {
	if row == b.row && b.show != nil {
		return b.show(block), 32, nil
	}
	return b.Private.Block(row, block)
}

func (b bent) Prove(id posp.Hash, g posp.Game) ([]byte, error) {
	ctx := context.Background()
	c, w, err := b.Trace.Claim(ctx, g.Row, int(g.Block)*64+int(g.Element), circuit.Context(gameContext(id, g.Challenger)))
	if err != nil {
		return nil, err
	}
	b.own(&c, &w)
	shown, _, err := b.Block(g.Row, g.Block)
	if err != nil {
		return nil, err
	}
	out := opening(b.leaf, shown)
	at := b.Trace.Graph().Locate(g.Row)
	var opened []uint64
	for _, o := range b.Trace.Graph().Leaf(at, int(g.Element)).Operands {
		if o.Model || slices.Contains(opened, o.Row) {
			continue
		}
		root := b.node(0, o.Row)
		out = append(out, root[:]...)
		up := levelsTo(b.Trace.Depth(), opened, o.Row)
		opened = append(opened, o.Row)
		for level := range up {
			sibling := b.node(level, o.Row>>level^1)
			out = append(out, sibling[:]...)
		}
	}
	proof, _, err := b.Proofs(c, w)
	return append(out, proof...), err
}

// A row with another salt, and a block that was shown otherwise than it is, are wrong though every element of them is right (or looks so).
func TestHiddenRowsAreWhatTheyAreShown(t *testing.T) {
	p := programs["plain"]()
	h := p.hide(t)
	honest := h.run(t, p.rows)
	var row uint64 // of one block, which reads one row once
	for i := range p.g.Rows() {
		if at := p.g.Locate(i); at.Op == reference.Gate && len(p.rows[i].Values) <= 64 && len(p.g.Leaf(at, 0).Operands) == 2 {
			row = i
		}
	}
	if row == 0 {
		t.Fatal("no such row")
	}
	salt := posp.RowSalt(h.seed, row)
	other := posp.RowSalt(h.seed, row+1)
	salted, err := circuit.NewRow(circuit.Int32, p.rows[row].Values, 0, &other)
	if err != nil {
		t.Fatal(err)
	}
	lie := p.lie(row, 3).rows
	falsified, err := circuit.NewRow(circuit.Int32, lie[row].Values, 0, &salt)
	if err != nil {
		t.Fatal(err)
	}
	right, err := circuit.NewRow(circuit.Int32, p.rows[row].Values, 0, &salt)
	if err != nil {
		t.Fatal(err)
	}
	// Beyond its elements a lane has room: what stands there is of no element.
	junk := right.Block(0)
	var high fr.Element
	high.SetUint64(1)
	for range 230 {
		high.Double(&high)
	}
	junk[2].Add(&junk[2], &high)
	initial := salt
	junkLeaf := junk.Digest(initial)
	saltedRoot, falsifiedRoot := salted.Root(), falsified.Root()
	bytesOf := func(b circuit.Block) func(uint32) []byte { return func(uint32) []byte { return b.Bytes() } }
	_, masked := right.Show(0)
	_, falselyMasked := falsified.Show(0)
	noise := masked
	noise[5].SetUint64(12345)
	set := func(r *circuit.Row, leaf fr.Element, shown circuit.Block) func(*circuit.Claim, *circuit.Witness) {
		return func(c *circuit.Claim, w *circuit.Witness) { c.Own, c.Masked, w.Own = leaf, shown, r }
	}
	for name, liar := range map[string]bent{
		"a row with another row's salt":            {leaf: saltedRoot.Bytes(), show: bytesOf(masked), own: set(salted, saltedRoot, masked)},
		"a lie shown as the truth":                 {leaf: falsifiedRoot.Bytes(), show: bytesOf(masked), own: set(falsified, falsifiedRoot, masked)},
		"a lie shown as it is":                     {leaf: falsifiedRoot.Bytes(), show: bytesOf(falselyMasked), own: set(falsified, falsifiedRoot, falselyMasked)},
		"a lie, and noise":                         {leaf: falsifiedRoot.Bytes(), show: bytesOf(noise), own: set(falsified, falsifiedRoot, noise)},
		"what is beyond a lane's elements":         {leaf: junkLeaf.Bytes(), show: bytesOf(circuit.Mask(salt, 0, junk)), own: set(right, junkLeaf, circuit.Mask(salt, 0, junk))},
		"what is beyond a lane's elements, unseen": {leaf: junkLeaf.Bytes(), show: bytesOf(masked), own: set(right, junkLeaf, masked)},
		"no element of the field":                  {leaf: posp.Hash(slices.Repeat([]byte{0xff}, 32)), show: bytesOf(masked), own: set(right, right.Root(), masked)},
	} {
		liar.Private, liar.row = honest, row
		c := h.deploy()
		play(t, c, player{self: bob, run: liar, findings: []Finding{contested(liar)}}, player{self: alice, run: honest, honest: true})
		a := c.only(t)
		if g := a.games[alice]; a.Status != posp.AssertionFallen || g.Row != row {
			t.Errorf("%s: %s in row %d", name, a.Status, g.Row)
		}
		if name == "a lie shown as it is" && a.games[alice].Element != 3 {
			t.Errorf("%s: element %d was named", name, a.games[alice].Element)
		}
		if name == "what is beyond a lane's elements" && a.games[alice].Element/7 != 2 {
			t.Errorf("%s: element %d was named, which is not of the lane", name, a.games[alice].Element)
		}
	}
}

// A proof made for one game proves nothing in another.
func TestHiddenProofsAreOfOneGame(t *testing.T) {
	p := programs["plain"]()
	h := p.hide(t)
	honest := h.run(t, p.rows)
	row := p.g.Rows() / 2
	leaf, masked, err := func() (posp.Hash, []byte, error) {
		r, err := honest.Trace.Row(context.Background(), row)
		if err != nil {
			return posp.Hash{}, nil, err
		}
		leaf, masked := r.Show(0)
		return leaf.Bytes(), masked.Bytes(), nil
	}()
	if err != nil {
		t.Fatal(err)
	}
	at := posp.Game{Challenger: bob, Row: row, Node: leaf}
	if at.Node, err = h.shown(at, masked); err != nil {
		t.Fatal(err)
	}
	id := posp.Tag("assertion")
	proof, err := honest.Prove(id, at)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.verify(honest.Root(), id, at, proof); err != nil {
		t.Fatalf("in its own game: %v", err)
	}
	// The stand-in's witness carries no context, so the claim is compared.
	other := at
	other.Challenger = carol
	mine, _, err := honest.Trace.Claim(context.Background(), row, 0, circuit.Context(gameContext(id, bob)))
	if err != nil {
		t.Fatal(err)
	}
	theirs, _, err := honest.Trace.Claim(context.Background(), row, 0, circuit.Context(gameContext(id, carol)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mine.Inputs(circuit.Full)
	if err != nil {
		t.Fatal(err)
	}
	b, err := theirs.Inputs(circuit.Full)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(a, b) || !slices.Equal(a[1:], b[1:]) {
		t.Error("the public inputs of two games differ in more, or less, than the context")
	}
}

// Agents play over hidden rows, as over plain ones.
func TestAgentsPlayOverHiddenRows(t *testing.T) {
	p := programs["plain"]()
	h := p.hide(t)
	honest, liar := h.run(t, p.rows), h.run(t, p.lie(p.g.Rows()/2, 0).rows)
	for _, honestAsserts := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := &world{c: h.deploy(), t: t}
			asserts, challenges := side{self: bob, run: liar, findings: []Finding{contested(liar)}}, side{self: alice, run: honest, restarts: true}
			want := posp.AssertionFallen
			if honestAsserts {
				asserts, challenges = side{self: alice, run: honest, findings: []Finding{contested(honest)}, restarts: true}, side{self: bob, run: liar}
				want = posp.AssertionStood
			}
			watch(t, w, 60, asserts, challenges)
			if a := w.c.only(t); a.Status != want || len(a.games) != 1 || !w.c.ended() || w.c.purse[alice] != purse+w.c.bond {
				t.Errorf("honest asserter %v: %s after %d games, alice has %d", honestAsserts, a.Status, len(a.games), w.c.purse[alice])
			}
		})
	}
}

// slow makes proofs that take three blocks.
type slow struct{ Plain }

func (s slow) Prove(id posp.Hash, g posp.Game) ([]byte, error) {
	time.Sleep(36 * time.Second)
	return s.Plain.Prove(id, g)
}

// A proof that takes long keeps no other game from its moves.
func TestAProofUnderWayHoldsNothingUp(t *testing.T) {
	p := programs["plain"]()
	synctest.Test(t, func(t *testing.T) {
		w := &world{c: newContract(p.g, p.root), t: t}
		sides := []side{{self: alice, run: slow{p.honest}, findings: []Finding{contested(p.honest)}}}
		const games = 12
		for i := range byte(games) {
			sides = append(sides, side{self: posp.Address{0xbb, i}, run: p.lie(uint64(i)*9%p.g.Rows(), 0)})
		}
		watch(t, w, 60, sides...)
		if a := w.c.only(t); a.Status != posp.AssertionStood || len(a.games) != games || w.c.purse[alice] != purse+games*w.c.bond {
			t.Errorf("%s after %d games: alice has %d", a.Status, len(a.games), w.c.purse[alice])
		}
	})
}

// Everything that an honest run answers of a row fits together: nodes fold to what they were below of, paths climb, and what is shown of the
// same block differs nowhere. What is shown of one with another element differs there.
func TestHiddenDescent(t *testing.T) {
	p := programs["parts"]()
	h := p.hide(t)
	run := h.run(t, p.rows)
	rapid.Check(t, func(r *rapid.T) {
		row := rapid.Uint64Range(0, p.g.Rows()-1).Draw(r, "row")
		blocks := h.blocks(row)
		g := posp.Game{Row: row, Blocks: uint32(blocks), Level: uint8(height(uint64(blocks)))}
		var err error
		if g.Node, err = run.Trace.Node(0, row); err != nil {
			r.Fatal(err)
		}
		for g.Level > 0 {
			k := round(g)
			nodes, err := run.Below(g, k)
			if err != nil {
				r.Fatal(err)
			}
			if above, err := h.fold(g, nodes); err != nil || above != g.Node {
				r.Fatalf("row %d: %v", row, err)
			}
			i := rapid.IntRange(0, len(nodes)-1).Draw(r, "child")
			g.Nodes = nodes
			path, err := run.Path(g, i)
			if err != nil {
				r.Fatal(err)
			}
			if above, err := h.climb(g, nodes[i], i, path); err != nil || above != g.Node {
				r.Fatalf("row %d, child %d: %v", row, i, err)
			}
			g.Node, g.Block, g.Level, g.Nodes = nodes[i], g.Block<<k|uint32(i), g.Level-uint8(k), nil
		}
		if int(g.Block) >= blocks || h.public(row) {
			return
		}
		if g.Data, _, err = run.Block(row, g.Block); err != nil {
			r.Fatal(err)
		}
		if e, err := run.Differs(g); err != nil || e != 0 {
			r.Fatalf("the same block differs at %d: %v", e, err)
		}
		values := p.rows[row].Values
		size := circuit.RowPacking(p.rows[row].Width).Block()
		first := int(g.Block) * size
		if first >= len(values) {
			return
		}
		e := rapid.IntRange(first, min(first+size, len(values))-1).Draw(r, "element")
		changed := slices.Clone(values)
		changed[e] ^= 1 << rapid.IntRange(0, 8*p.rows[row].Width-2).Draw(r, "bit")
		salt := posp.RowSalt(h.seed, row)
		lie, err := circuit.NewRow(circuit.RowPacking(p.rows[row].Width), changed, 0, &salt)
		if err != nil {
			r.Fatal(err)
		}
		_, masked := lie.Show(int(g.Block))
		g.Data = masked.Bytes()
		if named, err := run.Differs(g); err != nil || int(named) != e-first {
			r.Fatalf("element %d of row %d was changed, %d is named (%v)", e-first, row, named, err)
		}
	})
}

// What cannot have been shown is no reason to panic.
func FuzzShownBlocks(f *testing.F) {
	p := programs["plain"]()
	h := p.hide(f)
	run := h.run(f, p.rows)
	row := p.g.Rows() / 2
	good, _, err := run.Block(row, 0)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, uint32(0))
	f.Add(good[:351], uint32(0))
	f.Add([]byte{}, uint32(1<<31))
	f.Add(slices.Repeat([]byte{0xff}, 352), uint32(0))
	f.Fuzz(func(t *testing.T, data []byte, block uint32) {
		g := posp.Game{Row: row, Block: block, Blocks: 1, Data: data}
		if e, err := run.Differs(g); err == nil && e >= 64 {
			t.Errorf("element %d", e)
		}
		g.Nodes = []posp.Hash{crypto.Keccak256Hash(data), crypto.Keccak256Hash(data, data)}
		if _, err := run.Path(g, 0); err == nil {
			for _, n := range g.Nodes {
				if new(fr.Element).SetBytesCanonical(n[:]) != nil {
					t.Error("a path through no element of the field")
				}
			}
		}
	})
}
