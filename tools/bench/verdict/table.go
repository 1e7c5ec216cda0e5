package main

import (
	"fmt"
	"math"
	"strings"
)

// table is one in Markdown.
type table struct{ rows [][]string }

func newTable(head ...string) *table { return &table{[][]string{head}} }

func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	t.rows = append(t.rows, row)
}

func (t *table) String() string {
	width := make([]int, len(t.rows[0]))
	for _, r := range t.rows {
		for i, cell := range r {
			width[i] = max(width[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, r := range t.rows {
		for i, cell := range r {
			fmt.Fprintf(&b, "| %s%s ", cell, strings.Repeat(" ", width[i]-len([]rune(cell))))
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range width {
				b.WriteString("| " + strings.Repeat("-", w) + " ")
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

// goal is what the project promises, and what was measured.
type goal struct {
	name, want, got string
	met             bool
	reason          string // where it is not met
}

type goals []goal

func (g *goals) add(met bool, name, want, got, reason string) {
	if met {
		reason = ""
	}
	*g = append(*g, goal{name, want, got, met, reason})
}

func (g goals) String() string {
	t := newTable("what", "goal", "measured", "", "reason")
	for _, x := range g {
		mark := "met"
		if !x.met {
			mark = "**MISSED**"
		}
		t.add(x.name, x.want, x.got, mark, x.reason)
	}
	return t.String()
}

// count shows an expected number of samples.
func count(x float64) string {
	switch {
	case math.IsInf(x, 1):
		return "never"
	case x >= 1e5:
		return fmt.Sprintf("%.1e", x)
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

func small(x float64) string { return fmt.Sprintf("%.1e", x) }
