package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/model"
	"github.com/proof-of-sampling/posp/inference/reference"
	"github.com/proof-of-sampling/posp/internal/chart"
	"github.com/proof-of-sampling/posp/tools/bench/page"
)

const (
	plainLeafGoal   = 250_000
	privateLeafGoal = 380_000
	plainGameGoal   = 1_200_000
	privateGameGoal = 1_500_000
)

// plainLeaf is the last move of a game about a row, as a transaction.
type plainLeaf struct {
	Shape          string
	Arch           reference.Arch
	Prompt, Output int
	Operation      string
	Row, Gas       uint64
}

type privateLeaf struct {
	Circuit                string
	Prompt, Output         int
	Arch                   reference.Arch
	Execution, Transaction uint64
}

// gas takes the costs of moves from the tests of the contracts, and of whole games from those on the real EigenLayer.
func (b *bench) gas(ctx context.Context, s *section) error {
	var leaves []plainLeaf
	var private []privateLeaf
	if err := report(ctx, "./contracts", "^(TestGasOfSteps|TestPrivateStepsAreProved)$", map[string]func([]byte) error{
		"leaf":         into(&leaves),
		"private-leaf": into(&private),
	}); err != nil {
		return err
	}
	var games []played
	var contests []contested
	tests := "^(TestDisputeGas|TestPrivateDisputeGas|TestContestGas)$"
	if b.quick { // without proofs
		tests = "^(TestDisputeGas|TestContestGas)$"
	}
	if err := report(ctx, "./tests", tests, map[string]func([]byte) error{
		"game":    into(&games),
		"contest": into(&contests),
	}, "POSP_BENCH=1"); err != nil {
		return err
	}
	s.plainLeaves(leaves)
	s.privateLeaves(private)
	return b.games(s, leaves, games, contests)
}

// into decodes one more element of a list.
func into[T any](list *[]T) func([]byte) error {
	return func(b []byte) error {
		var x T
		if err := json.Unmarshal(b, &x); err != nil {
			return err
		}
		*list = append(*list, x)
		return nil
	}
}

// report runs tests and hands what they report to takers by key.
func report(ctx context.Context, pkg, tests string, takers map[string]func([]byte) error, environment ...string) error {
	list, err := attributes(ctx, pkg, tests, environment...)
	if err != nil {
		return err
	}
	for _, a := range list {
		if take := takers[a.Key]; take != nil {
			if err := take([]byte(a.Value)); err != nil {
				return fmt.Errorf("%s reports %s: %w", a.Test, a.Key, err)
			}
		}
	}
	return nil
}

// largest is the shape beyond the goal: the largest that the program takes.
const largest = "405B, 65536 tokens"

// plainLeaves is the table of last moves: operations by shapes.
func (s *section) plainLeaves(leaves []plainLeaf) {
	var shapes, operations []string
	cost := map[[2]string]uint64{}
	most := map[string]plainLeaf{}
	for _, l := range leaves {
		if !slices.Contains(shapes, l.Shape) {
			shapes = append(shapes, l.Shape)
		}
		if !slices.Contains(operations, l.Operation) {
			operations = append(operations, l.Operation)
		}
		cost[[2]string{l.Shape, l.Operation}] = l.Gas
		if l.Gas > most[l.Shape].Gas {
			most[l.Shape] = l
		}
	}
	// In the order of the program: that of the rows of the shape that has most operations.
	place := map[string]uint64{}
	for _, l := range leaves {
		place[l.Operation] = max(place[l.Operation], l.Row)
	}
	slices.SortFunc(operations, func(a, b string) int { return cmp.Compare(place[a], place[b]) })
	t := page.NewTable(append([]string{"operation"}, shapes...)...)
	for _, op := range operations {
		cells := []any{op}
		for _, shape := range shapes {
			if x := cost[[2]string{shape, op}]; x > 0 {
				cells = append(cells, page.Group(x))
			} else {
				cells = append(cells, "")
			}
		}
		t.Add(cells...)
	}
	cells := []any{"**dearest**"}
	for _, shape := range shapes {
		m := most[shape]
		cells = append(cells, fmt.Sprintf("**%s** (%s)", page.Group(m.Gas), m.Operation))
		if shape != largest {
			s.Goals.Add(m.Gas <= plainLeafGoal, "a plain leaf, dearest operation, "+shape, "at most 250k gas", fmt.Sprintf("%s (%s)", page.Group(m.Gas), m.Operation), "")
		}
	}
	t.Add(cells...)
	s.print("## Last moves, plain\n\nGas of `DisputeGame.prove` as a transaction, on inputs without zero bytes, by operation (docs/reference-program.md, section 3; operations that share a leaf form and shapes are\n"+
		"named once) and by what is disputed. The last column is the largest that the program takes, for which there is no goal.\n\n%s\n", t)
}

// levelGas is what another level of a trace costs a private last move for each row that is opened: a sibling's calldata at
// the price of execution, and its hash.
const levelGas = 700.0

// privateLeaves is the table of private last moves.
func (s *section) privateLeaves(leaves []privateLeaf) {
	if len(leaves) == 0 {
		s.print("## Last moves, private\n\nNo test of this tree reports them.\n\n")
		return
	}
	t := page.NewTable("circuit", "execution", "transaction", "levels of the trace")
	var worst privateLeaf
	for _, l := range leaves {
		levels := "?"
		if g, err := reference.NewGraph(l.Arch, l.Prompt, l.Output, posp.Greedy); err == nil {
			levels = fmt.Sprint(height(g.Rows()))
		}
		t.Add(l.Circuit, page.Group(l.Execution), page.Group(l.Transaction), levels)
		if l.Transaction > worst.Transaction {
			worst = l
		}
	}
	s.Goals.Add(worst.Transaction <= privateLeafGoal, "a private leaf, dearest circuit, small trace", "at most 380k gas", fmt.Sprintf("%s (%s)", page.Group(worst.Transaction), worst.Circuit),
		"most is the pairing check and the calldata of 24 points and values")
	s.print("## Last moves, private\n\nGas of `PrivateStepVerifier.verify`, with a proof of the dearest form of each of the eight circuits: its execution, and as a transaction that is nothing else. Each level more of the trace\n"+
		"costs at most about %.0f gas for each row that is opened (one to two; LogProb four): rows that stand close share what is above where they meet.\n\n%s\n", levelGas, t)
}

// games are whole ones: played, and computed for larger traces.
func (b *bench) games(s *section, leaves []plainLeaf, games []played, contests []contested) error {
	var plain, private []played
	for _, p := range games {
		if p.Private {
			private = append(private, p)
		} else {
			plain = append(plain, p)
		}
	}
	s.print("## Whole games\n\nA contest of a bought FAIL, one game about it down to one number, and its end, played on the real EigenLayer with the demo model (`tests`): the gas of each transaction. Rounds go\n"+
		"down %d levels at a time, first to a row of the trace and then to a block of the row.\n\n", reference.Round)
	w, err := model.Main()
	if err != nil {
		return err
	}
	demo, err := reference.NewArch(w.Config)
	if err != nil {
		return err
	}
	for _, kind := range []struct {
		name, title string
		games       []played
		goal        uint64
	}{{"plain", "Plain", plain, plainGameGoal}, {"private", "Private", private, privateGameGoal}} {
		if len(kind.games) == 0 {
			s.print("### %s\n\nNot measured in this run: `make bench-dispute` plays whole private games, and QUICK=1 none, for their proofs take minutes.\n\n", kind.title)
			s.Goals.Add(false, "a whole "+kind.name+" game, demo model", "at most "+page.Group(kind.goal)+" gas", "not measured", "a quick run makes no proofs")
			continue
		}
		if err := b.playedGames(s, kind.name, kind.title, demo, kind.games, kind.goal); err != nil {
			return err
		}
	}
	var lines []chart.Line
	s.print("### Larger traces, by formula\n\nFrom what the rounds above cost. The last moves of plain games are those of the table above, and the game is the dearest about any operation; those of private games are the dearest that was\n" +
		"played, and open two rows that meet nowhere below the root. The clock runs if every move is made in the next block of 12 seconds; each may take as long as the deployment's `moveBlocks`. Moves are transactions: contest, challenge, a reveal\n" +
		"and a pick a round, show, name, prove, conclude, withdraw. The run is the processor time of a trace on this machine, from what a parameter and token of the 42M model takes; attention, which grows with the square of the text, adds to it where texts are long.\n\n")
	for _, kind := range []struct {
		name, title string
		games       []played
	}{{"plain", "Plain", plain}, {"private", "Private", private}} {
		if len(kind.games) == 0 {
			s.print("%s: not measured yet.\n\n", kind.title)
			continue
		}
		m, err := learn(demo, kind.games, contests)
		if err != nil {
			return err
		}
		l, err := b.computedGames(s, kind.title, m, leaves)
		if err != nil {
			return err
		}
		l.Name = kind.name
		lines = append(lines, l)
	}
	eight := reference.Arch{Hidden: 4096, Layers: 32, Heads: 32, KVHeads: 8, HeadDim: 128, FFN: 14336, Vocab: 128256, Eps: 11}
	g, err := reference.NewGraph(eight, 3000, 1000, posp.Greedy)
	if err != nil {
		return err
	}
	s.print("Llama 3's 8B with 3,000 and 1,000 tokens has a trace of %s rows, %d levels; 10^9 rows are as many as a model of 38B has with 65,000 tokens. The shapes called 8B, narrow, wide and 405B here have biases and norms of heads,\n"+
		"which no such model has all of, so that every operation is met. Of long texts, the contest is the most: it shows every token. A transaction of more than 128 KiB, about 30,000 tokens, is relayed by no public node.\n\n",
		page.Group(g.Rows()), height(g.Rows()))
	if b.out == "" || len(lines) == 0 {
		return nil
	}
	c, err := chart.Growth("A whole game by formula, but for its contest", "rows of the trace", "gas", lines)
	if err != nil {
		return err
	}
	s.print("![gas by rows](dispute-rows.svg)\n\n")
	return c.Save(filepath.Join(b.out, "dispute-rows.svg"))
}

// barParts are moves as a chart shows them.
var barParts = []struct {
	name  string
	moves []string
}{{contest, []string{contest}}, {challenge, []string{challenge}}, {reveal, []string{reveal}}, {pick, []string{pick, pickRow}}, {show, []string{show}}, {name, []string{name}},
	{prove, []string{prove}}, {"the end", []string{conclude, withdraw}}}

func (b *bench) playedGames(s *section, kind, title string, demo reference.Arch, games []played, goal uint64) error {
	var worst uint64
	head := []string{"move"}
	var bars []chart.Bar
	for _, p := range games {
		g, err := reference.NewGraph(demo, p.Prompt, p.Output, posp.Seeded)
		if err != nil {
			return err
		}
		head = append(head, fmt.Sprintf("%s, %d and %d tokens: %s rows, %d levels", p.Operation, p.Prompt, p.Output, page.Group(g.Rows()), height(g.Rows())))
	}
	t := page.NewTable(head...)
	for _, move := range moveNames {
		cells := []any{move}
		for _, p := range games {
			var list []string
			for _, x := range p.Moves[move] {
				list = append(list, page.Group(x))
			}
			cells = append(cells, strings.Join(list, " + "))
		}
		t.Add(cells...)
	}
	cells := []any{"**all**"}
	for _, p := range games {
		total, n := p.total()
		worst = max(worst, total)
		cells = append(cells, fmt.Sprintf("**%s** in %d transactions", page.Group(total), n))
		bar := chart.Bar{Name: p.Operation}
		for _, part := range barParts {
			sum := 0.0
			for _, move := range part.moves {
				for _, x := range p.Moves[move] {
					sum += float64(x)
				}
			}
			bar.Parts = append(bar.Parts, sum)
		}
		bars = append(bars, bar)
	}
	t.Add(cells...)
	s.Goals.Add(worst <= goal, "a whole "+kind+" game, demo model", "at most "+page.Group(goal)+" gas", page.Group(worst), "")
	s.print("### %s\n\n%s\n", title, t)
	if kind == "private" {
		dearest := slices.MaxFunc(games, func(a, b played) int { return cmp.Compare(a.Moves[prove][0], b.Moves[prove][0]) })
		last := dearest.Moves[prove][0]
		g, err := reference.NewGraph(demo, dearest.Prompt, dearest.Output, posp.Seeded)
		if err != nil {
			return err
		}
		levels, opened := height(g.Rows()), siblings(g, dearest.Row, dearest.Element)
		s.print("The last move about %s opens rows with %d siblings in all; two rows that meet nowhere below the trace's root would take %d, and about %s gas more.\n\n",
			dearest.Operation, opened, 2*levels-1, page.Group(uint64(levelGas*float64(2*levels-1-opened))))
		s.Goals.Add(last <= privateLeafGoal, "a private leaf, as the last move of those games", "at most "+page.Group(privateLeafGoal)+" gas", fmt.Sprintf("%s (%s)", page.Group(last), dearest.Operation),
			"the proof's verification and calldata are as in a small trace; the siblings of a higher one and the game's own work come on top")
	}
	if b.out == "" {
		return nil
	}
	var names []string
	for _, part := range barParts {
		names = append(names, part.name)
	}
	c, err := chart.Bars("A whole "+kind+" game on the demo model", "gas", names, bars)
	if err != nil {
		return err
	}
	file := "dispute-game-" + kind + ".svg"
	s.print("![%s](%s)\n\n", kind, file)
	return c.Save(filepath.Join(b.out, file))
}

// computedGames are those of shapes whose last moves were measured; the line is gas by rows, without the contest's tokens.
func (b *bench) computedGames(s *section, title string, m *rates, leaves []plainLeaf) (l chart.Line, err error) {
	t := page.NewTable("model and text", "parameters", "rows", "levels", "within the row", "moves", "gas", "of it the contest", "the way down", "the last move", "dearest operation", "clock", "run")
	var shapes []string
	for _, l := range leaves {
		if !slices.Contains(shapes, l.Shape) {
			shapes = append(shapes, l.Shape)
		}
	}
	for _, shape := range shapes {
		own := slices.DeleteFunc(slices.Clone(leaves), func(l plainLeaf) bool { return l.Shape != shape })
		c, err := m.game(own)
		if err != nil {
			return l, err
		}
		g := func(v float64) string { return page.Group(uint64(v)) }
		note := ""
		if m.private && !c.held {
			note = " (beyond the circuits)"
		}
		n := parameters(own[0].Arch)
		run := "not measured"
		if b.sections["speed"].PerParameter > 0 {
			run = hours(b.sections["speed"].PerParameter * n * float64(own[0].Prompt+own[0].Output))
		}
		t.Add(shape+note, short(n), page.Group(c.rows), c.levels, c.inner, c.moves, g(c.gas), g(c.contest), g(c.way), g(c.last), c.operation, fmt.Sprintf("%.0f min", float64(c.moves)/5), run)
		l.X, l.Y = append(l.X, float64(c.rows)), append(l.Y, c.gas-c.contest)
	}
	order := make([]int, len(l.X))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(l.X[i], l.X[j]) })
	sorted := chart.Line{}
	for _, i := range order {
		sorted.X, sorted.Y = append(sorted.X, l.X[i]), append(sorted.Y, l.Y[i])
	}
	s.print("%s. To reveal, %.0f + %.0f a node (2 to 32), within a row %.0f + %.0f; to pick, %.0f + %.0f a sibling, within a row %.0f + %.0f, %.0f + %.0f where it ends at a row; a contest %.0f with %d and %d tokens, and\n"+
		"%.0f for each token of the prompt and %.0f for each of the output more.\n\n%s\n",
		title, m.down.reveal.a, m.down.reveal.b, m.inside.reveal.a, m.inside.reveal.b, m.down.pick.a, m.down.pick.b, m.inside.pick.a, m.inside.pick.b, m.row.a, m.row.b,
		m.contest, m.shortest[0], m.shortest[1], m.perToken[0], m.perToken[1], t)
	return sorted, nil
}

// hours of processor time.
func hours(seconds float64) string {
	if seconds < 3600 {
		return fmt.Sprintf("%.1f CPU-min", seconds/60)
	}
	return fmt.Sprintf("%.1f CPU-h", seconds/3600)
}

// parameters of a shape.
func parameters(a reference.Arch) float64 {
	q, kv := a.Heads*a.HeadDim, a.KVHeads*a.HeadDim
	n := float64(a.Vocab*a.Hidden) + float64(a.Layers)*float64(a.Hidden*(2*q+2*kv)+3*a.Hidden*a.FFN)
	if !a.Tied {
		n += float64(a.Vocab * a.Hidden)
	}
	return n
}

// short is a number of parameters, as it is called.
func short(n float64) string {
	if n < 1e9 {
		return fmt.Sprintf("%.3gM", n/1e6)
	}
	return fmt.Sprintf("%.3gB", n/1e9)
}
