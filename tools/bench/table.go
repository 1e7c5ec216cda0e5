package main

import (
	"fmt"
	"slices"
	"strings"
)

// figures are measured quantities, in the order in which they came first.
type figures struct{ list []*figure }

type figure struct {
	name, unit string
	goal       float64 // at most this; 0 for none
	values     []float64
}

// add adds one run's value.
func (f *figures) add(name, unit string, goal, value float64) {
	at := slices.IndexFunc(f.list, func(x *figure) bool { return x.name == name })
	if at < 0 {
		at = len(f.list)
		f.list = append(f.list, &figure{name: name, unit: unit, goal: goal})
	}
	f.list[at].values = append(f.list[at].values, value)
}

// table is the figures in Markdown.
func (f *figures) table() string {
	rows := [][]string{{"figure", "unit", "median", "least to most", "runs", "goal", "of goal"}}
	for _, x := range f.list {
		v := slices.Sorted(slices.Values(x.values))
		median := (v[(len(v)-1)/2] + v[len(v)/2]) / 2
		goal, ratio := "", ""
		if x.goal > 0 {
			goal, ratio = "< "+number(x.goal), fmt.Sprintf("%.2f", median/x.goal)
			if median > x.goal {
				ratio += " MISSED"
			}
		}
		rows = append(rows, []string{x.name, x.unit, number(median), number(v[0]) + " to " + number(v[len(v)-1]), fmt.Sprint(len(v)), goal, ratio})
	}
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, cell := range r {
			width[i] = max(width[i], len(cell))
		}
	}
	var b strings.Builder
	line := func(cells []string) {
		for i, cell := range cells {
			fmt.Fprintf(&b, "| %-*s ", width[i], cell)
		}
		b.WriteString("|\n")
	}
	line(rows[0])
	rule := make([]string, len(width))
	for i, w := range width {
		rule[i] = strings.Repeat("-", w)
	}
	line(rule)
	for _, r := range rows[1:] {
		line(r)
	}
	return b.String()
}

// number prints three significant digits, and whole numbers whole.
func number(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
