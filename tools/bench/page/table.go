// Package page is what pages of figures share: tables in Markdown, goals beside what was measured, and the machine.
package page

import (
	"fmt"
	"slices"
	"strings"
)

// Table is one in Markdown.
type Table struct{ rows [][]string }

// NewTable begins a table with its heads.
func NewTable(head ...string) *Table { return &Table{[][]string{head}} }

// Add adds a row.
func (t *Table) Add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = fmt.Sprint(c)
	}
	t.rows = append(t.rows, row)
}

func (t *Table) String() string {
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

type goal struct {
	name, want, got string
	met             bool
	reason          string
}

// Goals are what the project promises, each beside what was measured.
type Goals []goal

// Add adds a goal; the reason is why it is not met, where it is not.
func (g *Goals) Add(met bool, name, want, got, reason string) {
	if met {
		reason = ""
	}
	*g = append(*g, goal{name, want, got, met, reason})
}

func (g Goals) String() string {
	t := NewTable("what", "goal", "measured", "", "reason")
	for _, x := range g {
		mark := "met"
		if !x.met {
			mark = "**MISSED**"
		}
		t.Add(x.name, x.want, x.got, mark, x.reason)
	}
	return t.String()
}

// Median is the middle of values, which it sorts.
func Median(values []float64) float64 {
	slices.Sort(values)
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}

// Group writes an integer with commas between its thousands.
func Group(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
