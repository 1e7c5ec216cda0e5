package main

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/proof-of-sampling/posp"
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

// blocksOf is the height of a row's tree over its blocks.
func blocksOf(g *reference.Graph, r reference.Row) int {
	n, _ := g.Shape(r)
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

// moves are the measured costs that games are computed from.
type moves struct {
	demo     reference.Arch
	reveal   line // by the number of nodes
	pick     line // by the number of siblings
	row      line // of pick row, likewise
	fixed    map[string]float64
	perToken [2]line // contests, by prompt tokens and by output tokens
	contest  float64 // of the shortest measured text
	shortest [2]int
}

// learn takes the costs of the plain games that were played.
func learn(demo reference.Arch, games []played, contests []contested) (*moves, error) {
	m := &moves{demo: demo, fixed: map[string]float64{}}
	var reveals, picks, rows [2][]float64
	put := func(into *[2][]float64, x, y float64) { into[0], into[1] = append(into[0], x), append(into[1], y) }
	for _, p := range games {
		g, err := reference.NewGraph(demo, p.Prompt, p.Output, posp.Seeded)
		if err != nil {
			return nil, err
		}
		outer := descent(height(g.Rows()))
		rounds := append(outer, descent(blocksOf(g, g.Locate(p.Row)))...)
		if len(p.Moves[reveal]) != len(rounds) || len(p.Moves[pick])+len(p.Moves[pickRow]) != len(rounds) {
			return nil, fmt.Errorf("a game about row %d had %d rounds, and the formula has %d", p.Row, len(p.Moves[reveal]), len(rounds))
		}
		other := 0
		for i, k := range rounds {
			put(&reveals, float64(uint64(1)<<k), float64(p.Moves[reveal][i]))
			if i == len(outer)-1 {
				put(&rows, float64(k), float64(p.Moves[pickRow][0]))
			} else {
				put(&picks, float64(k), float64(p.Moves[pick][other]))
				other++
			}
		}
		for _, kind := range []string{challenge, show, name, conclude, withdraw} {
			for _, x := range p.Moves[kind] {
				m.fixed[kind] = max(m.fixed[kind], float64(x))
			}
		}
	}
	m.reveal, m.pick = fit(reveals[0], reveals[1]), fit(picks[0], picks[1])
	m.row = line{fit(rows[0], rows[1]).at(rows[0][0]) - m.pick.b*rows[0][0], m.pick.b}
	if len(contests) > 0 {
		m.contests(contests)
	}
	return m, nil
}

// contested is what opening a dispute about that many tokens costs.
type contested struct {
	Prompt, Output int
	Gas            uint64
}

// contests learns what a token adds: the first of the list is the shortest, others differ from it in one length.
func (m *moves) contests(list []contested) {
	first := list[0]
	m.contest, m.shortest = float64(first.Gas), [2]int{first.Prompt, first.Output}
	for k := range m.perToken {
		var x, y []float64
		for _, c := range list {
			lengths, own := [2]int{c.Prompt, c.Output}, [2]int{first.Prompt, first.Output}
			if lengths[1-k] == own[1-k] {
				x, y = append(x, float64(lengths[k]-own[k])), append(y, float64(c.Gas))
			}
		}
		m.perToken[k] = fit(x, y)
	}
}

// computed is a whole dispute by formula: its dearest row.
type computed struct {
	rows                    uint64
	levels, inner           int
	moves                   int
	gas, contest, last, way float64
	operation               string
}

// game computes the dearest dispute about one shape, of whose operations the last moves were measured.
func (m *moves) game(leaves []plainLeaf) (worst computed, err error) {
	for _, l := range leaves {
		g, err := reference.NewGraph(l.Arch, l.Prompt, l.Output, posp.Greedy)
		if err != nil {
			return worst, err
		}
		c := computed{rows: g.Rows(), levels: height(g.Rows()), inner: blocksOf(g, g.Locate(l.Row)), operation: l.Operation, last: float64(l.Gas),
			contest: m.contest + m.perToken[0].b*float64(l.Prompt-m.shortest[0]) + m.perToken[1].b*float64(l.Output-m.shortest[1])}
		outer := descent(c.levels)
		for i, k := range append(outer, descent(c.inner)...) {
			by := m.pick
			if i == len(outer)-1 {
				by = m.row
			}
			c.way += m.reveal.at(math.Exp2(float64(k))) + by.at(float64(k))
			c.moves += 2
		}
		for _, kind := range []string{challenge, show, name} {
			c.way += m.fixed[kind]
		}
		c.gas = c.contest + c.way + c.last + m.fixed[conclude] + m.fixed[withdraw]
		c.moves += len([]string{contest, challenge, show, name, prove, conclude, withdraw})
		if c.gas > worst.gas {
			worst = c
		}
	}
	return worst, nil
}
