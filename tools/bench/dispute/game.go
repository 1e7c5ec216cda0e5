package main

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/challenge/circuit"
	"github.com/proof-of-sampling/posp/inference/reference"
)

// played is a whole dispute that a test played on the contracts, as it reports it: the gas of each transaction by its
// name, in order, with the game's place in the trace of the demo model.
type played struct {
	Private        bool
	Prompt, Output int
	Operation      string
	Row            uint64
	Element        int
	Moves          map[string][]uint64
}

// names of moves, in the order of a game.
const (
	contest   = "contest"
	challenge = "challenge"
	reveal    = "reveal"
	pick      = "pick"
	pickRow   = "pick row"
	show      = "show"
	name      = "name"
	prove     = "prove"
	conclude  = "conclude"
	withdraw  = "withdraw"
)

var moveNames = []string{contest, challenge, reveal, pick, pickRow, show, name, prove, conclude, withdraw}

// total is the gas and the number of transactions.
func (p played) total() (gas uint64, n int) {
	for _, list := range p.Moves {
		for _, x := range list {
			gas += x
		}
		n += len(list)
	}
	return gas, n
}

// height of a tree over n leaves.
func height(n uint64) int {
	if n < 2 {
		return 0
	}
	return bits.Len64(n - 1)
}

// descent is by how many levels each round goes down a tree.
func descent(levels int) (rounds []int) {
	for levels > 0 {
		rounds = append(rounds, min(levels, reference.Round))
		levels -= rounds[len(rounds)-1]
	}
	return rounds
}

// within is the height of a row's tree over its blocks.
func within(g *reference.Graph, r reference.Row, private bool) int {
	n, width := g.Shape(r)
	if private && !circuit.PublicRow(r.Op) {
		return circuit.RowPacking(width).Height(n)
	}
	return height(uint64(n+63) / 64)
}

// line is a + b*x through measured points.
type line struct{ a, b float64 }

// fit is the least squares line; one x alone is a constant.
func fit(x, y []float64) line {
	var mx, my, xx, xy float64
	for i := range x {
		mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(x))
	}
	for i := range x {
		xx, xy = xx+(x[i]-mx)*(x[i]-mx), xy+(x[i]-mx)*(y[i]-my)
	}
	if xx == 0 {
		return line{my, 0}
	}
	return line{my - xy/xx*mx, xy / xx}
}

func (l line) at(x float64) float64 { return l.a + l.b*x }

// way is what going down a tree costs.
type way struct {
	reveal line // by the number of nodes
	pick   line // by the number of siblings
}

// rates are the measured costs that games are computed from.
type rates struct {
	private  bool
	down     way // to a row
	row      line
	inside   way // within a row
	fixed    map[string]float64
	prove    float64 // the dearest last move that was played
	siblings int     // of rows in it, if the game was private
	contest  float64 // of the shortest measured text
	shortest [2]int
	perToken [2]float64 // of the prompt, of the output
}

// learn takes the costs of the games that were played, all plain or all private, and of contests.
func learn(demo reference.Arch, games []played, contests []contested) (*rates, error) {
	m := &rates{private: games[0].Private, fixed: map[string]float64{}}
	type points [2][]float64
	var reveals, picks [2]points // down to a row, within one
	var rows points
	put := func(into *points, x, y float64) { into[0], into[1] = append(into[0], x), append(into[1], y) }
	for _, p := range games {
		g, err := reference.NewGraph(demo, p.Prompt, p.Output, posp.Seeded)
		if err != nil {
			return nil, err
		}
		outer := descent(height(g.Rows()))
		rounds := slices.Concat(outer, descent(within(g, g.Locate(p.Row), p.Private)))
		if len(p.Moves[reveal]) != len(rounds) || len(p.Moves[pick])+len(p.Moves[pickRow]) != len(rounds) {
			return nil, fmt.Errorf("a game about row %d had %d rounds, and the formula has %d", p.Row, len(p.Moves[reveal]), len(rounds))
		}
		other := 0
		for i, k := range rounds {
			tree := 0
			if i >= len(outer) {
				tree = 1
			}
			put(&reveals[tree], math.Exp2(float64(k)), float64(p.Moves[reveal][i]))
			if i == len(outer)-1 {
				put(&rows, float64(k), float64(p.Moves[pickRow][0]))
			} else {
				put(&picks[tree], float64(k), float64(p.Moves[pick][other]))
				other++
			}
		}
		for _, kind := range []string{challenge, show, name, conclude, withdraw} {
			for _, x := range p.Moves[kind] {
				m.fixed[kind] = max(m.fixed[kind], float64(x))
			}
		}
		if cost := float64(p.Moves[prove][0]); cost > m.prove {
			m.prove, m.siblings = cost, siblings(g, p.Row, p.Element)
		}
		m.contest, m.shortest = float64(p.Moves[contest][0]), [2]int{p.Prompt, p.Output}
	}
	if m.private { // nodes of another kind within rows
		m.down = way{fit(reveals[0][0], reveals[0][1]), fit(picks[0][0], picks[0][1])}
		m.inside = way{fit(reveals[1][0], reveals[1][1]), fit(picks[1][0], picks[1][1])}
	} else {
		m.down = way{fit(slices.Concat(reveals[0][0], reveals[1][0]), slices.Concat(reveals[0][1], reveals[1][1])),
			fit(slices.Concat(picks[0][0], picks[1][0]), slices.Concat(picks[0][1], picks[1][1]))}
		m.inside = m.down
	}
	m.row = line{fit(rows[0], rows[1]).at(rows[0][0]) - m.down.pick.b*rows[0][0], m.down.pick.b}
	m.contests(contests)
	return m, nil
}

// contested is what opening a dispute about that many tokens costs.
type contested struct {
	Private        bool
	Prompt, Output int
	Gas            uint64
}

// contests learns what a token adds: the first of the list is the shortest, others differ from it in one length. Contests of
// private specs, where they were not measured by length, show no token, and judge the output's evidence as others do.
func (m *rates) contests(all []contested) {
	list := slices.DeleteFunc(slices.Clone(all), func(c contested) bool { return c.Private != m.private })
	if len(list) == 0 {
		if m.private {
			var plain rates
			plain.contests(all)
			m.perToken[1] = plain.perToken[1]
		}
		return
	}
	first := list[0]
	m.contest, m.shortest = float64(first.Gas), [2]int{first.Prompt, first.Output}
	for k := range m.perToken {
		var x, y []float64
		for _, c := range list {
			lengths := [2]int{c.Prompt, c.Output}
			if lengths[1-k] == m.shortest[1-k] {
				x, y = append(x, float64(lengths[k]-m.shortest[k])), append(y, float64(c.Gas))
			}
		}
		m.perToken[k] = fit(x, y).b
	}
}

// computed is a whole dispute by formula: its dearest row.
type computed struct {
	rows                    uint64
	levels, inner           int
	moves                   int
	gas, contest, way, last float64
	operation               string
	held                    bool // by the circuits of private last moves
}

// siblings of the rows that a private last move opens.
func siblings(g *reference.Graph, row uint64, element int) (n int) {
	var opened []uint64
	for _, o := range g.Leaf(g.Locate(row), element).Operands {
		if !o.Model && !slices.Contains(opened, o.Row) {
			n += circuit.Levels(height(g.Rows()), opened, o.Row)
			opened = append(opened, o.Row)
		}
	}
	return n
}

// game computes the dearest dispute about one shape, of whose operations the plain last moves were measured. A private one
// is the dearest that was played, with the siblings of two rows that meet nowhere below the root.
func (m *rates) game(leaves []plainLeaf) (worst computed, err error) {
	for _, l := range leaves {
		g, err := reference.NewGraph(l.Arch, l.Prompt, l.Output, posp.Greedy)
		if err != nil {
			return worst, err
		}
		c := computed{rows: g.Rows(), levels: height(g.Rows()), inner: within(g, g.Locate(l.Row), m.private), operation: l.Operation, last: float64(l.Gas),
			contest: m.contest + m.perToken[0]*float64(l.Prompt-m.shortest[0]) + m.perToken[1]*float64(l.Output-m.shortest[1]), held: circuit.Holds(g) == nil}
		if m.private {
			c.last = m.prove + levelGas*float64(2*c.levels-1-m.siblings)
		}
		outer := descent(c.levels)
		for i, k := range outer {
			by := m.down.pick
			if i == len(outer)-1 {
				by = m.row
			}
			c.way += m.down.reveal.at(math.Exp2(float64(k))) + by.at(float64(k))
		}
		inner := descent(c.inner)
		for _, k := range inner {
			c.way += m.inside.reveal.at(math.Exp2(float64(k))) + m.inside.pick.at(float64(k))
		}
		for _, kind := range []string{challenge, show, name} {
			c.way += m.fixed[kind]
		}
		c.gas = c.contest + c.way + c.last + m.fixed[conclude] + m.fixed[withdraw]
		c.moves = 2*len(outer) + 2*len(inner) + len([]string{contest, challenge, show, name, prove, conclude, withdraw})
		if c.gas > worst.gas {
			worst = c
		}
	}
	return worst, nil
}
