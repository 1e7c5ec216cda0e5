package merkle

import "github.com/proof-of-sampling/posp"

// Growing is a tree that values are added to one by one and that keeps none of
// them: for a root over more than fits into memory. The zero value is empty.
type Growing struct {
	hash  *hasher
	count uint64
	peaks []posp.Hash // of full subtrees, by the bits of count, the largest first
}

// Add adds the next value.
func (g *Growing) Add(value posp.Hash) {
	if g.hash == nil {
		g.hash = newHasher()
	}
	node := g.hash.leaf(&value)
	for full := g.count; full&1 == 1; full >>= 1 {
		last := len(g.peaks) - 1
		node = g.hash.node(&g.peaks[last], &node)
		g.peaks = g.peaks[:last]
	}
	g.peaks = append(g.peaks, node)
	g.count++
}

// Count is the number of values.
func (g *Growing) Count() uint64 { return g.count }

// Root is that of New over the same values.
func (g *Growing) Root() posp.Hash {
	if g.count == 0 {
		return posp.Hash{}
	}
	left := len(g.peaks) - 1 // the smallest is not on the left of anything yet
	var node, zero posp.Hash
	begun := false
	for d := range Depth(g.count) {
		if g.count>>d&1 == 1 {
			if begun {
				node = g.hash.node(&g.peaks[left], &node)
			} else {
				node, begun = g.hash.node(&g.peaks[left], &zero), true
			}
			left--
		} else if begun {
			node = g.hash.node(&node, &zero)
		}
		zero = g.hash.node(&zero, &zero)
	}
	if !begun { // a power of two
		return g.peaks[0]
	}
	return node
}
