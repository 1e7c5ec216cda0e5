package main

import (
	"fmt"
	"slices"

	"github.com/proof-of-sampling/posp/tools/bench/page"
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
	t := page.NewTable("figure", "unit", "median", "least to most", "runs", "goal", "of goal")
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
		t.Add(x.name, x.unit, number(median), number(v[0])+" to "+number(v[len(v)-1]), len(v), goal, ratio)
	}
	return t.String()
}

// number prints three significant digits, and whole numbers whole.
func number(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
