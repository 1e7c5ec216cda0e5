package econ

import (
	"math"

	"github.com/proof-of-sampling/posp/verdict"
)

// RunLength is the expected number of samples until the standing w <- max(0, w
// + logE), from 0, reaches the line (Q16 nats, above 0), when logE is
// distributed as d; Infinity when it never does.
//
// The standing is a Markov chain on a grid, with the line's side absorbing
// (Brook and Evans 1972). Where all values lie on one coarse lattice the grid
// is that, and the result exact. Else a value between two grid points goes to both, in
// the proportion that keeps its mean, and the line lies in the middle of two
// grid points; the error falls with the square of the distance of grid points,
// which is about step (nats; 1/64 is plenty for what it is).
//
// The linear system is solved by eliminating states from the top down
// (Grassmann, Taksar, Heyman 1985), which adds, multiplies and divides positive
// numbers and never subtracts: so the result has its digits also where
// it is 10^30 and the system singular to double precision.
func RunLength(d Distribution, line uint64, step float64) float64 {
	if d.Max() <= 0 {
		return Infinity
	}
	c := newChain(d, line, step)
	return c.solve()
}

// chain is the standing on a grid: states 0..states-1, and the line.
type chain struct {
	states int
	down   int       // the most grid points that a sample takes off
	jump   []float64 // probability of moving by i - down grid points
}

// maxStates bounds the lattice on which a run length is computed exactly.
const maxStates = 2048

func newChain(d Distribution, line uint64, step float64) chain {
	lattice := int64(0)
	for _, v := range d.values {
		lattice = gcd(lattice, int64(v))
	}
	width, top := 0.0, 0.0 // of a grid point, and where the line is; Q16 nats
	if states := (line + uint64(lattice) - 1) / uint64(lattice); states <= maxStates {
		width, top = float64(lattice), float64(states)
	} else {
		points := math.Ceil(float64(line) / (step * verdict.Nat))
		width, top = float64(line)/(points-0.5), points
	}
	c := chain{states: int(top)}
	c.down = max(0, int(-math.Floor(float64(d.values[0])/width)))
	c.jump = make([]float64, c.down+c.states+2)
	for i, v := range d.values {
		at := math.Floor(float64(v) / width)
		high := float64(v)/width - at
		k := int(min(at, top)) + c.down // whatever jumps over all states reaches the line
		c.jump[k] += (1 - high) * d.share[i]
		c.jump[k+1] += high * d.share[i]
	}
	return c
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// solve is the expected number of steps from state 0 to the line.
func (c chain) solve() float64 {
	n := c.states
	// rows[i][j] is the probability of i -> j; column n is the line. Row i is 0
	// left of i - down.
	rows := make([][]float64, n)
	wait := make([]float64, n) // expected steps spent in i and in what was eliminated behind it
	for i := range rows {
		rows[i] = make([]float64, n+1)
		wait[i] = 1
		for k, p := range c.jump {
			to := min(max(i+k-c.down, 0), n)
			rows[i][to] += p
		}
	}
	for k := n - 1; k > 0; k-- {
		from := max(0, k-c.down)
		leave := rows[k][n]
		for j := from; j < k; j++ {
			leave += rows[k][j]
		}
		for i := range k {
			f := rows[i][k]
			if f == 0 {
				continue
			}
			f /= leave
			for j := from; j < k; j++ {
				rows[i][j] += f * rows[k][j]
			}
			rows[i][n] += f * rows[k][n]
			wait[i] += f * wait[k]
		}
	}
	if rows[0][n] == 0 {
		return Infinity
	}
	return wait[0] / rows[0][n]
}
