package circuit

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/consensys/gnark-crypto/ecc"
	"github.com/consensys/gnark-crypto/ecc/bn254/fr"
	"github.com/consensys/gnark/frontend"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// refused holds that a claim is false for what it says, and not for a fault of the test.
func refused(t *testing.T, what string, c Claim, w Witness) {
	t.Helper()
	if err := check(c, w); !errors.Is(err, ErrFalse) {
		t.Errorf("%s (%s, form %d): %v", what, c.Step.Kind, c.Step.Form, err)
	}
}

// withOwn replaces the disputed row, with all its hashes in order.
func withOwn(t *testing.T, c Claim, w Witness, values []int64) (Claim, Witness) {
	t.Helper()
	r, err := NewRow(w.Own.packing, values, 0, w.Own.salt)
	if err != nil {
		t.Fatal(err)
	}
	w.Own = r
	c.Own, c.Masked = r.Show(c.Step.Own.First / r.packing.Block())
	return c, w
}

// change adds to element i of a row, which may lie in its padding.
func change(r *Row, i int, by int64) []int64 {
	values := slices.Clone(r.values)
	for len(values) <= i {
		values = append(values, 0)
	}
	values[i] += by
	return values
}

// other is the operation's first row in a shape, with its claim.
func first(t *testing.T, shape string, op reference.Op, e int) (Claim, Witness) {
	w := worlds[shape](t)
	return w.claim(t, w.rowsOfEachOp()[op][0], e)
}

// Wrong results under hashes that are all in order, of every form.
func TestWrongArithmetic(t *testing.T) {
	met := map[reference.Form]bool{}
	for _, shape := range []string{"qwen3", "small qwen2", "wide"} {
		w := worlds[shape](t)
		for op, rows := range w.rowsOfEachOp() {
			if op == reference.Prompt || op == reference.Output {
				continue
			}
			c, wit := w.claim(t, rows[0], 0)
			if met[c.Step.Form] {
				continue
			}
			met[c.Step.Form] = true
			if c.Step.PublicElement {
				one := number(1)
				c.Own.Add(&c.Own, &one)
				refused(t, "evidence one more", c, wit)
				continue
			}
			for _, by := range []int64{1, -1, 1 << 20} {
				wrong, wwit := withOwn(t, c, wit, change(wit.Own, 0, by))
				refused(t, "a wrong element", wrong, wwit)
			}
			// Another element of the row is wrong, and this one is right.
			if wrong, wwit := withOwn(t, c, wit, change(wit.Own, 1, 1)); check(wrong, wwit) != nil {
				t.Errorf("form %d: element 0 is right, whatever element 1 is", c.Step.Form)
			}
			// What was shown is not the block.
			lied := c
			one := number(1)
			lied.Masked[3].Add(&lied.Masked[3], &one)
			refused(t, "something else was shown", lied, wit)
		}
	}
	if forms := int(reference.FormMargin - reference.FormZero); len(met) != forms { // Zero: TestWrongPadding
		t.Errorf("%d forms were met, of %d", len(met), forms)
	}
}

func TestWrongPadding(t *testing.T) {
	c, w := first(t, "llama", reference.K, 63) // 12 elements: the rest is 0
	if err := check(c, w); err != nil {
		t.Fatal(err)
	}
	wrong, wwit := withOwn(t, c, w, change(w.Own, 63, 5))
	refused(t, "padding that is not 0", wrong, wwit)
}

// Another salt than the seed's, in the row itself and in an operand.
func TestWrongSalt(t *testing.T) {
	c, w := first(t, "qwen3", reference.KParts+1, 0) // K
	salts := map[string]fr.Element{"of another row": posp.RowSalt(w.Seed, c.Step.Own.Row+1), "of another seed": posp.RowSalt(number(7), c.Step.Own.Row), "none": {}}
	for name, salt := range salts {
		r, err := NewRow(w.Own.packing, w.Own.values, 0, &salt)
		if err != nil {
			t.Fatal(err)
		}
		wrong, wwit := c, w
		wwit.Own = r
		wrong.Own, wrong.Masked = r.Show(0)
		refused(t, "a salt "+name, wrong, wwit)
		wrong.Masked = Mask(*w.Own.salt, 0, w.Own.Block(0))
		refused(t, "a salt "+name+", shown under the right one", wrong, wwit)
	}
	operand, err := NewRow(w.Trace[0].packing, w.Trace[0].values, 0, w.Own.salt)
	if err != nil {
		t.Fatal(err)
	}
	wrong, wwit := c, w
	wwit.Trace[0], wrong.Roots[0] = operand, operand.Root()
	refused(t, "an operand under another row's salt", wrong, wwit)
	wrong, wwit = c, w
	wwit.Seed = number(7)
	refused(t, "another seed", wrong, wwit)
	wrong = c
	wrong.Seed = posp.SeedCommitment(number(7))
	refused(t, "another seed's commitment", wrong, w)
}

// A block under another block's number: equal blocks have unequal leaves.
func TestBlocksAreBoundToTheirPlace(t *testing.T) {
	salt := number(5)
	values := make([]int64, 256)
	r, err := NewRow(Int32, values, 0, &salt)
	if err != nil {
		t.Fatal(err)
	}
	if r.Node(0, 0) == r.Node(0, 1) {
		t.Error("equal blocks of a row look equal")
	}
	c, w := first(t, "wide", reference.KeyNorm, 64)
	lower := c
	lower.Step.Own.First, lower.Step.Trace[0].First, lower.Step.Model[0].First = 0, 0, 0
	refused(t, "the block of element 64 as that of element 0", lower, w)
}

// Another place than the proof is about.
func TestWrongIndex(t *testing.T) {
	c, w := first(t, "qwen3", reference.Gate, 5)
	for name, plant := range map[string]func(*Claim){
		"element":          func(c *Claim) { c.Step.Own.First++ },
		"row":              func(c *Claim) { c.Step.Own.Row++ },
		"operand's row":    func(c *Claim) { c.Step.Trace[0].Row++ },
		"row of the model": func(c *Claim) { c.Step.Model[0].Row++ },
		"form":             func(c *Claim) { c.Step.Form = reference.FormDot },
		"beyond the tree":  func(c *Claim) { c.Step.Model[0].First += 128 },
		"height":           func(c *Claim) { c.Step.Trace[0].Height++ },
		"model's height":   func(c *Claim) { c.Step.Above-- },
		"addend":           func(c *Claim) { c.Step.Addend = traceAddend },
	} {
		wrong := c
		plant(&wrong)
		refused(t, name, wrong, w)
	}
	heads := worlds["qwen3"](t)
	scores := heads.rowsOfEachOp()[reference.Score]
	c, w = heads.claim(t, scores[len(scores)-1], 1)
	for name, plant := range map[string]func(*Claim){
		"shift":           func(c *Claim) { c.Step.Shift++ },
		"window":          func(c *Claim) { c.Step.Trace[0].First += 32 },
		"span":            func(c *Claim) { c.Step.Span-- },
		"between windows": func(c *Claim) { c.Step.Trace[0].First++ },
	} {
		wrong := c
		plant(&wrong)
		refused(t, name, wrong, w)
	}
	// Bits that the trees are too low for: a place has one name.
	c, w = first(t, "wide", reference.GateParts, 5)
	for name, plant := range map[string]func(*Claim){
		"beyond the row of the model": func(c *Claim) { c.Step.Model[0].First += 128 << c.Step.Model[0].Height },
		"beyond the model":            func(c *Claim) { c.Step.Model[0].Row += 1 << c.Step.Above },
		"between slices":              func(c *Claim) { c.Step.Trace[0].First += 64 },
	} {
		wrong := c
		plant(&wrong)
		assigned, err := assign(c, w, Full) // what the honest proof hides
		if err != nil {
			t.Fatal(err)
		}
		in, err := wrong.Inputs(Full)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range in {
			assigned.Public[i] = x
		}
		full, err := frontend.NewWitness(assigned, ecc.BN254.ScalarField())
		if err != nil {
			t.Fatal(err)
		}
		if compiled[Part]().IsSolved(full) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	c, w = first(t, "wide", reference.MaxParts, 0)
	w.Trace[0].values = slices.Clone(w.Trace[0].values)
	wrong := c
	wrong.Step.Form = reference.FormSum
	refused(t, "a form of another circuit", wrong, w)
}

// Another model's weights: right in themselves, under another root.
func TestWrongWeights(t *testing.T) {
	for op, e := range map[reference.Op]int{reference.Gate: 5, reference.KeyNorm: 3, reference.Embedded: 9} {
		c, w := first(t, "qwen3", op, e)
		changed, err := NewRow(w.Model[0].packing, change(w.Model[0], e, 1), w.Model[0].exponent, nil)
		if err != nil {
			t.Fatal(err)
		}
		wrong := w
		wrong.Model[0] = changed
		refused(t, "a changed weight", c, wrong)

		row := c.Step.Model[0].Row
		if op == reference.Embedded {
			row += uint64(w.Token)
		}
		roots := slices.Clone(w.Tree.levels[0])
		roots[row] = changed.Root()
		wrong.Tree = NewTree(roots)
		refused(t, "a model with a changed weight", c, wrong)
		exponent, err := NewRow(w.Model[0].packing, w.Model[0].values, w.Model[0].exponent+1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if wrong.Model[0], wrong.Tree = exponent, w.Tree; w.Model[0].packing == Weights {
			refused(t, "another exponent", c, wrong)
		}
	}
}

// The hidden token: another token than the one in the row, and an embedding of another token.
func TestWrongToken(t *testing.T) {
	w := worlds["qwen3"](t)
	c, wit := first(t, "qwen3", reference.Embedded, 9)
	next := (wit.Token + 1) % 66
	row, err := modelRow(w.trace.model.Quantiser, uint64(1+next))
	if err != nil {
		t.Fatal(err)
	}
	wrong := wit
	wrong.Token, wrong.Model[0] = next, row
	refused(t, "the embedding of another token", c, wrong)
	tokens, err := NewRow(Int32, change(wit.Trace[0], 0, 1), 0, wit.Trace[0].salt)
	if err != nil {
		t.Fatal(err)
	}
	wrong.Trace[0] = tokens
	refused(t, "another prompt", c, wrong)

	c, wit = first(t, "wide", reference.LogProbs, 0)
	wit.Token = (wit.Token + 64) % 256
	refused(t, "another token's logit", c, wit)
	c, wit = first(t, "wide", reference.LogProbs, 0)
	c.Step.Factor = int64(wit.Token)
	refused(t, "a token beyond the vocabulary", c, wit)
}

// What no element is, but a leaf can hold.
func TestWrongPacking(t *testing.T) {
	cases := map[string]struct {
		op    reference.Op
		e     int
		plant func(b *Block)
	}{
		"beyond the last element of int32s": {reference.K, 0, func(b *Block) { b[10].SetUint64(1) }},
		"beside the last element of int32s": {reference.K, 63, func(b *Block) { b[9].Add(&b[9], big2(32)) }},
		"beside the last element of int64s": {reference.KParts, 31, func(b *Block) { b[10].Add(&b[10], big2(128)) }},
		"a lane of int64s too large":        {reference.KParts, 0, func(b *Block) { b[0].Add(&b[0], big2(192)) }},
		"a lane of int32s too large":        {reference.K, 0, func(b *Block) { b[0].Add(&b[0], big2(224)) }},
		"a carried element":                 {reference.K, 0, func(b *Block) { b[0].Add(&b[0], big2(32)) }},
	}
	for name, c := range cases {
		claim, w := first(t, "wide", c.op, c.e)
		block := w.Own.Block(0)
		c.plant(&block)
		claim.Own = block.Digest(w.Own.initial(0))
		claim.Masked = Mask(*w.Own.salt, 0, block)
		assigned, err := assign(claim, w, Full)
		if err != nil {
			t.Fatal(err)
		}
		for i := range block {
			assigned.Own[i] = block[i]
		}
		full, err := frontend.NewWitness(assigned, ecc.BN254.ScalarField())
		if err != nil {
			t.Fatal(err)
		}
		err = compiled[claim.Step.Kind]().IsSolved(full)
		// An element that the change does not touch is still right; only then may the proof go through.
		if name == "a carried element" {
			if err != nil {
				t.Errorf("%s: element 0 is as it was: %v", name, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func big2(n uint) *fr.Element {
	var x fr.Element
	return x.SetBigInt(new(big.Int).Lsh(big.NewInt(1), n))
}

// A model beyond the circuits' limits is said so, and never proved about.
func TestTooLarge(t *testing.T) {
	c, w := first(t, "wide", reference.Gate, 5)
	for name, plant := range map[string]func(*Claim){
		"row":   func(c *Claim) { c.Step.Own.Row = 1 << 40 },
		"model": func(c *Claim) { c.Step.Model[0].Row = 1 << 26 },
	} {
		wrong := c
		plant(&wrong)
		if err := check(wrong, w); err == nil || errors.Is(err, ErrFalse) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewRow(Weights, []int64{40000}, 0, nil); err == nil {
		t.Error("a weight that 16 bits do not hold was packed")
	}
}

func TestMask(t *testing.T) {
	_, w := first(t, "wide", reference.K, 0)
	b := w.Own.Block(0)
	masked := Mask(*w.Own.salt, 0, b)
	if Unmask(*w.Own.salt, 0, masked) != b {
		t.Error("unmasking does not undo masking")
	}
	for i := range b {
		if masked[i] == b[i] {
			t.Errorf("lane %d is in the clear", i)
		}
	}
	if Unmask(*w.Own.salt, 1, masked) == b {
		t.Error("two blocks have one key stream")
	}
}
