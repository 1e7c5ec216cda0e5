package backends

import (
	"cmp"
	"container/heap"
	"slices"
)

// rounding is what sums of estimates may be off by without a meaning.
const rounding = 1e-9

// load is a sample that is to be computed.
type load struct {
	tokens float64
	left   float64 // seconds until it is due
}

// fit chooses which samples to do, so that as many as can be are done in time: by Moore and Hodgson (Moore,
// Management Science 15(1), 1968). Samples are taken in the order in which they are due; whenever one would be late, the
// longest so far is given up. That is optimal for one machine; several backends are taken as one with the
// sum of their speeds, which is what they come to while samples are many, small and spread over them. Each sample
// counts the same, because a miss costs the same whatever its length.
//
// rate is in tokens per second, busy the tokens that are in work already. The result says of each load whether
// it is given up.
func fit(loads []load, busy, rate float64) (late []bool) {
	late = make([]bool, len(loads))
	order := make([]int, len(loads))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(loads[a].left, loads[b].left) })
	total := busy
	kept := &longest{loads: loads}
	for _, i := range order {
		heap.Push(kept, i)
		total += loads[i].tokens
		for kept.Len() > 0 && total > loads[i].left*rate*(1+rounding)+rounding {
			out := heap.Pop(kept).(int)
			total -= loads[out].tokens
			late[out] = true
		}
	}
	return late
}

// longest is a heap of loads, the longest first; of equal ones the last, so that those due first stay.
type longest struct {
	loads []load
	at    []int
}

func (h *longest) Len() int { return len(h.at) }
func (h *longest) Less(i, j int) bool {
	a, b := h.loads[h.at[i]], h.loads[h.at[j]]
	if a.tokens != b.tokens {
		return a.tokens > b.tokens
	}
	return h.at[i] > h.at[j]
}
func (h *longest) Swap(i, j int) { h.at[i], h.at[j] = h.at[j], h.at[i] }
func (h *longest) Push(x any)    { h.at = append(h.at, x.(int)) }
func (h *longest) Pop() any {
	x := h.at[len(h.at)-1]
	h.at = h.at[:len(h.at)-1]
	return x
}
