// Package merkle is the protocol's only Merkle tree: over a batch's receipts,
// an epoch's samples and the rows of an operator table. PROTOCOL.md section 2;
// its twin is contracts/src/libraries/MerkleLib.sol.
//
//	leaf = keccak(0x00 ‖ value)     node = keccak(0x01 ‖ left ‖ right)
//
// A tree of n values is padded on the right with zero leaves to 2^Depth(n). A
// proof is the siblings from the leaf up, and is of an index: bit i of the
// index, from the least, says on which side of level i the path stands.
//
// Every function takes the values under the leaves (receipt hashes), never the
// leaves, so that nobody can pass off an inner node as a value.
package merkle

import (
	"math/bits"
	"runtime"
	"sync"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Depth is ceil(log2(max(n, 1))): the length of every proof in a tree of n
// values.
func Depth(n uint64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(n - 1)
}

// Leaf is the leaf of a value.
func Leaf(value posp.Hash) posp.Hash { return newHasher().leaf(&value) }

// Root is the root over values; without values it is the zero leaf.
func Root(values []posp.Hash) posp.Hash { return New(values).Root() }

// Proof proves the value at index.
func Proof(values []posp.Hash, index uint64) ([]posp.Hash, error) { return New(values).Proof(index) }

// Verify checks that value stands at index of the tree of count values under
// root. What it refuses is a ValidationError.
func Verify(root, value posp.Hash, index, count uint64, proof []posp.Hash) error {
	if index >= count {
		return posp.Invalidf("merkle: index %d in a tree of %d", index, count)
	}
	if len(proof) != Depth(count) {
		return posp.Invalidf("merkle: proof of %d siblings in a tree of %d, want %d", len(proof), count, Depth(count))
	}
	h := newHasher()
	node := h.leaf(&value)
	for i := range proof {
		if index>>i&1 == 0 {
			node = h.node(&node, &proof[i])
		} else {
			node = h.node(&proof[i], &node)
		}
	}
	if node != root {
		return posp.Invalidf("merkle: value %s is not at index %d under root %s", value, index, root)
	}
	return nil
}

// Tree keeps all levels, for many proofs: 64 bytes for each value.
type Tree struct {
	levels [][]posp.Hash // leaves first; each without its padding
	zeros  []posp.Hash   // zeros[i] is the root of 2^i zero leaves: what pads level i
}

// New builds the tree over values, on all cores when there are many.
func New(values []posp.Hash) *Tree {
	depth := Depth(uint64(len(values)))
	t := &Tree{levels: make([][]posp.Hash, depth+1), zeros: make([]posp.Hash, depth+1)}

	t.levels[0] = make([]posp.Hash, len(values))
	split(len(values), func(h *hasher, from, to int) {
		for i := from; i < to; i++ {
			t.levels[0][i] = h.leaf(&values[i])
		}
	})
	h := newHasher()
	for d := range depth {
		t.zeros[d+1] = h.node(&t.zeros[d], &t.zeros[d])
		below := t.levels[d]
		level := make([]posp.Hash, (len(below)+1)/2)
		split(len(level), func(h *hasher, from, to int) {
			for i := from; i < to; i++ {
				right := &t.zeros[d]
				if 2*i+1 < len(below) {
					right = &below[2*i+1]
				}
				level[i] = h.node(&below[2*i], right)
			}
		})
		t.levels[d+1] = level
	}
	return t
}

// Root is the root; without values it is the zero leaf.
func (t *Tree) Root() posp.Hash {
	if top := t.levels[len(t.levels)-1]; len(top) == 1 {
		return top[0]
	}
	return posp.Hash{}
}

// Count is the number of values.
func (t *Tree) Count() uint64 { return uint64(len(t.levels[0])) }

// Proof proves the value at index; an index outside is a ValidationError.
func (t *Tree) Proof(index uint64) ([]posp.Hash, error) {
	if index >= t.Count() {
		return nil, posp.Invalidf("merkle: index %d in a tree of %d", index, t.Count())
	}
	proof := make([]posp.Hash, len(t.levels)-1)
	for d := range proof {
		proof[d] = t.zeros[d]
		if sibling := index>>d ^ 1; sibling < uint64(len(t.levels[d])) {
			proof[d] = t.levels[d][sibling]
		}
	}
	return proof, nil
}

// split runs work over [0, n) on all cores, or here when it is little.
func split(n int, work func(h *hasher, from, to int)) {
	const little = 1 << 11
	workers := min(runtime.GOMAXPROCS(0), n/little+1)
	if workers == 1 {
		work(newHasher(), 0, n)
		return
	}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { work(newHasher(), n*w/workers, n*(w+1)/workers) })
	}
	wg.Wait()
}

// hasher hashes leaves and nodes without allocating.
type hasher struct {
	state crypto.KeccakState
	in    [1 + 32 + 32]byte
	out   posp.Hash
}

func newHasher() *hasher { return &hasher{state: crypto.NewKeccakState()} }

func (h *hasher) leaf(value *posp.Hash) posp.Hash {
	h.in[0] = 0
	copy(h.in[1:], value[:])
	return h.sum(h.in[:33])
}

func (h *hasher) node(left, right *posp.Hash) posp.Hash {
	h.in[0] = 1
	copy(h.in[1:], left[:])
	copy(h.in[33:], right[:])
	return h.sum(h.in[:65])
}

func (h *hasher) sum(in []byte) posp.Hash {
	h.state.Reset()
	h.state.Write(in)
	h.state.Read(h.out[:])
	return h.out
}
