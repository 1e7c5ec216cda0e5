package circuit

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc"
	native "github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
	"github.com/consensys/gnark/constraint/solver"
	"github.com/consensys/gnark/frontend"
	"github.com/consensys/gnark/std/permutation/poseidon2"
)

// v is a wire.
type v = frontend.Variable

// gates builds a circuit. Every number in it is an integer far below the field's order; each method says the range that it ensures or needs, so that
// no equation can hold by wrapping around.
type gates struct {
	frontend.API
	plonk frontend.PlonkAPI
	pair  *poseidon2.Permutation
	wide  *native.Parameters
}

func newGates(api frontend.API) (*gates, error) {
	plonk, ok := api.Compiler().(frontend.PlonkAPI)
	if !ok {
		return nil, errors.New("steps are PLONK circuits: compile with gnark's scs builder")
	}
	if api.Compiler().Field().Cmp(ecc.BN254.ScalarField()) != 0 {
		return nil, errors.New("steps are circuits over BN254")
	}
	pair, err := poseidon2.NewPoseidon2FromParameters(api, 2, 8, 56)
	if err != nil {
		return nil, fmt.Errorf("poseidon2 of width 2: %w", err)
	}
	return &gates{API: api, plonk: plonk, pair: pair, wide: native.NewParameters(width, 8, rounds)}, nil
}

// compress is Compress.
func (g *gates) compress(left, right v) v { return g.pair.Compress(left, right) }

// digest is Block.digest.
func (g *gates) digest(initial v, block []v) v { return g.permute(initial, block)[1] }

// permute is the permutation of a block behind its initial value. gnark's permutation of this width spends a gate on each round constant; here they ride on the additions of the
// layer before, which is a sixteenth of a circuit.
func (g *gates) permute(initial v, block []v) []v {
	x := append([]v{initial}, block...)
	p := g.wide
	last := p.NbFullRounds + p.NbPartialRounds
	constant := func(round, i int) *big.Int {
		k := new(big.Int)
		if round < last && i < len(p.RoundKeys[round]) {
			p.RoundKeys[round][i].BigInt(k)
		}
		return k
	}
	sbox := func(i int) {
		square := g.Mul(x[i], x[i])
		x[i] = g.Mul(g.Mul(square, square), x[i])
	}
	// circ(2 M4, M4, M4), and the constants of the round that follows.
	external := func(next int) {
		var sum [4]v
		for c := 0; c < width; c += 4 {
			a, b := g.Add(x[c], x[c+1]), g.Add(x[c+2], x[c+3])
			t1, t3 := g.Add(g.Mul(x[c+1], 2), b), g.Add(g.Mul(x[c+3], 2), a)
			x[c+3] = g.Add(g.Mul(b, 4), t3)
			x[c+1] = g.Add(g.Mul(a, 4), t1)
			x[c] = g.Add(t3, x[c+1])
			x[c+2] = g.Add(t1, x[c+3])
			for i := range sum {
				if c == 0 {
					sum[i] = x[i]
				} else {
					sum[i] = g.Add(sum[i], x[c+i])
				}
			}
		}
		for i := range x {
			x[i] = g.Add(x[i], sum[i%4], constant(next, i))
		}
	}
	external(0)
	for round := range last {
		if round >= p.NbFullRounds/2 && round < p.NbFullRounds/2+p.NbPartialRounds {
			sbox(0)
			sum := x[0]
			for _, y := range x[1:] {
				sum = g.Add(sum, y)
			}
			for i := range x {
				x[i] = g.Add(g.Mul(x[i], p.DiagM1[i].BigInt(new(big.Int))), sum, constant(round+1, i))
			}
			continue
		}
		for i := range x {
			sbox(i)
		}
		external(round + 1)
	}
	return x
}

// hint runs f when a proof is made; its results are unconstrained.
func (g *gates) hint(f solver.Hint, n int, in ...v) []v {
	if n == 0 {
		return nil
	}
	out, err := g.Compiler().NewHint(f, n, in...)
	if err != nil {
		panic(err) // wrong use of the builder
	}
	return out
}

// Hints are found by their functions' names: a stored circuit does not survive their renaming.
func init() {
	solver.RegisterHint(splitHint, bitsHint, floorHint, indexHint, levelHint, clampHint, rootHint, normalHint, largestHint)
}

// splitHint: digits of base 4 of in[0], the lowest first.
func splitHint(_ *big.Int, in, out []*big.Int) error {
	for i := range out {
		out[i].Rsh(in[0], uint(2*i))
		out[i].And(out[i], big.NewInt(3))
	}
	return nil
}

// digit holds d in [0, 4): two gates.
func (g *gates) digit(d v) {
	u := g.plonk.EvaluatePlonkExpression(d, d, -3, 0, 1, 0) // d(d - 3), which is 0 or -2
	g.plonk.AddPlonkConstraint(u, u, u, 2, 0, 0, 1, 0)
}

// horner is the number of these digits, the lowest first; with a target it is held to be that, which saves a gate.
func (g *gates) horner(base int, digits []v, target v) v {
	acc := digits[len(digits)-1]
	for i := len(digits) - 2; i >= 0; i-- {
		if i == 0 && target != nil {
			g.plonk.AddPlonkConstraint(acc, digits[0], target, base, 1, -1, 0, 0)
			return target
		}
		acc = g.plonk.EvaluatePlonkExpression(acc, digits[i], base, 1, 0, 0)
	}
	if target != nil {
		g.AssertIsEqual(acc, target)
	}
	return acc
}

// unsigned holds x in [0, 2^n): 1.5 gates a bit.
func (g *gates) unsigned(x v, n int) {
	digits := g.hint(splitHint, (n+1)/2, x)
	for i, d := range digits {
		if n%2 == 1 && i == len(digits)-1 {
			g.AssertIsBoolean(d)
		} else {
			g.digit(d)
		}
	}
	g.horner(4, digits, x)
}

// signed holds x in [-2^(n-1), 2^(n-1)).
func (g *gates) signed(x v, n int) {
	g.unsigned(g.Add(x, new(big.Int).Lsh(big.NewInt(1), uint(n-1))), n)
}

// split cuts a lane into slots of n bits (even), the lowest first; a lane that they do not hold has no proof. All slots together stay
// below the field's order, so that there is one way to cut.
func (g *gates) split(lane v, n, slots int) []v {
	digits := g.hint(splitHint, slots*n/2, lane)
	out := make([]v, slots)
	for s := range out {
		mine := digits[s*n/2 : (s+1)*n/2]
		for _, d := range mine {
			g.digit(d)
		}
		out[s] = g.horner(4, mine, nil)
	}
	g.horner(1<<n, out, lane)
	return out
}

// fields cuts a public word into numbers of the given bits, the first lowest.
func (g *gates) fields(word v, sizes []int) []v {
	in := []v{word}
	for _, n := range sizes {
		in = append(in, n)
	}
	out := g.hint(bitsHint, len(sizes), in...)
	var sum v = 0
	at := uint(0)
	for i, n := range sizes {
		g.unsigned(out[i], n)
		sum = g.Add(sum, g.Mul(out[i], new(big.Int).Lsh(big.NewInt(1), at)))
		at += uint(n)
	}
	g.AssertIsEqual(sum, word)
	return out
}

// bitsHint: in[0] cut into len(out) numbers of in[1..] bits.
func bitsHint(_ *big.Int, in, out []*big.Int) error {
	rest := new(big.Int).Set(in[0])
	for i := range out {
		n := uint(in[i+1].Uint64())
		out[i].And(rest, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), n), big.NewInt(1)))
		rest.Rsh(rest, n)
	}
	return nil
}

// bits of x in [0, 2^n), the lowest first.
func (g *gates) bits(x v, n int) []v { return g.ToBinary(x, n) }

// thermometer is n flags, flag k being k < h, for h in [0, n].
func (g *gates) thermometer(h v, n int) []v {
	flags := g.hint(levelHint, n, h)
	var sum v = 0
	for k, f := range flags {
		g.AssertIsBoolean(f)
		if k > 0 {
			g.AssertIsEqual(g.Mul(f, flags[k-1]), f)
		}
		sum = g.Add(sum, f)
	}
	g.AssertIsEqual(sum, h)
	return flags
}

func levelHint(_ *big.Int, in, out []*big.Int) error {
	for k := range out {
		out[k].SetUint64(0)
		if in[0].Cmp(big.NewInt(int64(k))) > 0 {
			out[k].SetUint64(1)
		}
	}
	return nil
}

// oneHot is n flags of which flag x is set, for x in [0, n).
func (g *gates) oneHot(x v, n int) []v {
	flags := g.hint(indexHint, n, x)
	var sum, at v = 0, 0
	for k, f := range flags {
		g.AssertIsBoolean(f)
		sum, at = g.Add(sum, f), g.Add(at, g.Mul(f, k))
	}
	g.AssertIsEqual(sum, 1)
	g.AssertIsEqual(at, x)
	return flags
}

func indexHint(_ *big.Int, in, out []*big.Int) error {
	for k := range out {
		out[k].SetUint64(0)
		if in[0].Cmp(big.NewInt(int64(k))) == 0 {
			out[k].SetUint64(1)
		}
	}
	return nil
}

// pick is the sum of flags[i] * x[i].
func (g *gates) pick(flags, x []v) v {
	var sum v = 0
	for i := range x {
		sum = g.Add(sum, g.Mul(flags[i], x[i]))
	}
	return sum
}

// not is 1 - flag.
func (g *gates) not(flag v) v { return g.Sub(1, flag) }

// power is 2^n for n in [0, 2^k), of which n's bits are given.
func (g *gates) power(bits []v) v {
	var p v = 1
	for i, b := range bits {
		p = g.Mul(p, g.Add(g.Mul(b, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 1<<i), big.NewInt(1))), 1))
	}
	return p
}

// floor is x / d rounded down, for |x| < 2^n and d in [1, 2^m), n + m < 250. It ensures |quotient| < 2^n and remainder < d.
func (g *gates) floor(x, d v, n, m int) (quotient, remainder v) {
	out := g.hint(floorHint, 2, x, d)
	quotient, remainder = out[0], out[1]
	g.signed(quotient, n+1)
	g.unsigned(remainder, m)
	g.unsigned(g.Sub(d, remainder, 1), m)
	g.AssertIsEqual(g.Add(g.Mul(quotient, d), remainder), x)
	return quotient, remainder
}

// floorHint: quotient and remainder of in[0], a number around zero, by in[1].
func floorHint(field *big.Int, in, out []*big.Int) error {
	if in[1].Sign() == 0 {
		return errors.New("division by zero")
	}
	q, r := new(big.Int), new(big.Int)
	q.DivMod(around(field, in[0]), in[1], r) // Euclid's: r >= 0
	out[0].Mod(q, field)
	out[1].Set(r)
	return nil
}

// around reads a field element as a number around zero.
func around(field, x *big.Int) *big.Int {
	if half := new(big.Int).Rsh(field, 1); x.Cmp(half) > 0 {
		return new(big.Int).Sub(x, field)
	}
	return x
}

// shift is RoundShift(x, n), given power = 2^n with n at most m, for |x| < 2^k: floor((2x + 2^n) / 2^(n+1)), which is x for n = 0.
func (g *gates) shift(x, power v, k, m int) v {
	q, _ := g.floor(g.Add(g.Mul(x, 2), power), g.Mul(power, 2), max(k+1, m)+1, m+2)
	return q
}

// shiftBy is RoundShift(x, n) for a constant n > 0.
func (g *gates) shiftBy(x v, n, k int) v {
	out := g.hint(floorHint, 2, g.Add(x, new(big.Int).Lsh(big.NewInt(1), uint(n-1))), new(big.Int).Lsh(big.NewInt(1), uint(n)))
	g.signed(out[0], max(k-n, 0)+2)
	g.unsigned(out[1], n)
	g.AssertIsEqual(g.Add(g.Mul(out[0], new(big.Int).Lsh(big.NewInt(1), uint(n))), out[1]), g.Add(x, new(big.Int).Lsh(big.NewInt(1), uint(n-1))))
	return out[0]
}

// clamp is min(max(x, low), high), for |x|, |low| and |high| below 2^n.
func (g *gates) clamp(x v, low, high *big.Int, n int) v {
	flags := g.hint(clampHint, 2, x, low, high)
	under, over := flags[0], flags[1]
	g.AssertIsBoolean(under)
	g.AssertIsBoolean(over)
	within := g.Sub(1, under, over)
	g.AssertIsBoolean(within)
	// The distance to the side that is said, which must not be negative.
	g.unsigned(g.Add(g.Mul(under, g.Sub(low, x)), g.Mul(over, g.Sub(x, high)), g.Mul(within, g.Sub(x, low))), n+1)
	g.unsigned(g.Mul(within, g.Sub(high, x)), n+1)
	return g.Add(g.Mul(under, low), g.Mul(over, high), g.Mul(within, x))
}

func clampHint(field *big.Int, in, out []*big.Int) error {
	x, low, high := around(field, in[0]), around(field, in[1]), around(field, in[2])
	out[0].SetUint64(0)
	out[1].SetUint64(0)
	switch {
	case x.Cmp(low) < 0:
		out[0].SetUint64(1)
	case x.Cmp(high) > 0:
		out[1].SetUint64(1)
	}
	return nil
}

var (
	minInt32 = big.NewInt(-1 << 31)
	maxInt32 = big.NewInt(1<<31 - 1)
)

// saturate is Saturate of |x| < 2^n.
func (g *gates) saturate(x v, n int) v { return g.clamp(x, minInt32, maxInt32, n) }

// less is whether x < y, for both in [0, 2^n).
func (g *gates) less(x, y v, n int) v {
	// floor((x - y) / 2^n) is -1 or 0.
	out := g.hint(floorHint, 2, g.Sub(x, y), new(big.Int).Lsh(big.NewInt(1), uint(n)))
	flag := g.Neg(out[0])
	g.AssertIsBoolean(flag)
	g.unsigned(out[1], n)
	g.AssertIsEqual(g.Add(g.Mul(out[0], new(big.Int).Lsh(big.NewInt(1), uint(n))), out[1]), g.Sub(x, y))
	return flag
}

// window cuts size = 2^(number of false flags) elements at first out of x, a power of two of them, and puts zeros behind
// them. halve[k] says that the window is of at most 2^k; at[k] is bit k of first, which must be a multiple of the window's size.
func (g *gates) window(x, at, halve []v) []v {
	out := append([]v(nil), x...)
	for k, h := range halve {
		g.AssertIsEqual(g.Mul(at[k], h), at[k])
	}
	for half, k := len(x)/2, len(halve)-1; half >= 1; half, k = half/2, k-1 {
		upper := g.Mul(halve[k], at[k])
		keep := g.not(halve[k])
		for i := range half {
			out[i] = g.Add(out[i], g.Mul(upper, g.Sub(out[half+i], out[i])))
			out[half+i] = g.Mul(keep, out[half+i])
		}
	}
	return out
}
