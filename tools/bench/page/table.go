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

// Goal is what the project promises, and what was measured.
type Goal struct {
	Name, Want, Got string
	Met             bool
	Reason          string // why it is not met, where it is not
}

// Goals are those of a page.
type Goals []Goal

// Add adds a goal; the reason is why it is not met, where it is not.
func (g *Goals) Add(met bool, name, want, got, reason string) {
	if met {
		reason = ""
	}
	*g = append(*g, Goal{name, want, got, met, reason})
}

func (g Goals) String() string {
	t := NewTable("what", "goal", "measured", "", "reason")
	for _, x := range g {
		mark := "met"
		if !x.Met {
			mark = "**MISSED**"
		}
		t.Add(x.Name, x.Want, x.Got, mark, x.Reason)
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
