package reference

import (
	"encoding/binary"
	"math/bits"
	"runtime"
	"slices"

	"github.com/cloudflare/circl/simd/keccakf1600"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// The hashes of sections 4 and 5. Rows are trees over blocks, the trace and the model are trees over rows; all are
// binary and padded with zero leaves to a power of two.

// blockLength is how many elements a block has.
const blockLength = 64

// What a block's bytes stand behind, and a node's.
const (
	prefixTrace = 0x00
	prefixNode  = 0x01
	prefixModel = 0x02 // and the exponent
)

// traceBlock is the prefix of a block of the trace.
var traceBlock = []byte{prefixTrace}

// block is the prefix of the row's blocks.
func (d ModelRowData) block() []byte { return []byte{prefixModel, d.Exponent} }

// blocks is how many blocks n elements make.
func blocks(n int) int { return (n + blockLength - 1) / blockLength }

// depth is ceil(log2(max(n, 1))): the height of a tree over n leaves.
func depth(n uint64) int {
	if n <= 1 {
		return 0
	}
	return bits.Len64(n - 1)
}

// zeros[i] is the root of a tree of 2^i zero leaves.
var zeros = func() (z [65]posp.Hash) {
	for i := range 64 {
		z[i+1] = node(z[i], z[i])
	}
	return z
}()

// node is the hash of an inner node.
func node(left, right posp.Hash) posp.Hash {
	return crypto.Keccak256Hash([]byte{prefixNode}, left[:], right[:])
}

// rate is how many bytes keccak256 takes in one permutation.
const rate = 136

// hasher is keccak256 of many messages at once: four side by side in AVX2 registers where the processor has them,
// which is twice as fast.
type hasher struct {
	queues [5]queue // by number of permutations, up to 4: 543 bytes
	state  keccakf1600.StateX4
	lanes  []uint64
}

// queue holds up to four padded messages of one length in permutations.
type queue struct {
	n     int
	bytes [4][]byte
	out   [4]*posp.Hash
}

func newHasher() *hasher {
	h := &hasher{}
	h.lanes = h.state.Initialize(false)
	for p := range h.queues {
		for i := range h.queues[p].bytes {
			h.queues[p].bytes[i] = make([]byte, p*rate)
		}
	}
	return h
}

// message returns room for a message of n bytes whose hash goes to out when the queue is full or flushed.
func (h *hasher) message(out *posp.Hash, n int) []byte {
	p := n/rate + 1
	q := &h.queues[p]
	if q.n == 4 {
		h.run(p)
	}
	b := q.bytes[q.n]
	q.out[q.n] = out
	q.n++
	clear(b[n:])
	b[n], b[len(b)-1] = 0x01, b[len(b)-1]|0x80
	if n == len(b)-1 {
		b[n] = 0x81
	}
	return b[:n]
}

// flush hashes what is in the queues.
func (h *hasher) flush() {
	for p := range h.queues {
		h.run(p)
	}
}

// run hashes the queue of messages of p permutations.
func (h *hasher) run(p int) {
	q := &h.queues[p]
	if q.n == 0 {
		return
	}
	a := h.lanes
	clear(a)
	for at := 0; at < p*rate; at += rate {
		for i := range q.n { // what is left of the four is hashed too, and dropped
			for lane := range rate / 8 {
				a[4*lane+i] ^= binary.LittleEndian.Uint64(q.bytes[i][at+8*lane:])
			}
		}
		h.state.Permute()
	}
	for i := range q.n {
		for lane := range 4 {
			binary.LittleEndian.PutUint64(q.out[i][8*lane:], a[4*lane+i])
		}
	}
	q.n = 0
}

// rowHasher makes the roots of many rows. A root is there after flush.
type rowHasher struct {
	hasher *hasher
	rows   []hashedRow
	leaves []posp.Hash // blocks of the rows; never grown while hashes are on their way into it
}

type hashedRow struct {
	root   *posp.Hash
	leaves []posp.Hash
}

func newRowHasher() *rowHasher {
	return &rowHasher{hasher: newHasher(), leaves: make([]posp.Hash, 0, 1<<10)}
}

// row announces a row of n blocks and returns the place of their hashes.
func (h *rowHasher) row(root *posp.Hash, n int) []posp.Hash {
	if len(h.leaves)+n > cap(h.leaves) {
		h.flush()
		h.leaves = slices.Grow(h.leaves, n)
	}
	from := len(h.leaves)
	h.leaves = h.leaves[:from+n]
	h.rows = append(h.rows, hashedRow{root, h.leaves[from:]})
	return h.leaves[from:]
}

// add32 hashes a row of the trace of 4-byte elements. values are not needed after it returned.
func (h *rowHasher) add32(root *posp.Hash, values []int32) {
	leaves := h.row(root, blocks(len(values)))
	for i := range leaves {
		block := values[i*blockLength : min((i+1)*blockLength, len(values))]
		b := h.hasher.message(&leaves[i], 1+4*len(block))
		b[0] = prefixTrace
		for j, v := range block {
			binary.BigEndian.PutUint32(b[1+4*j:], uint32(v))
		}
	}
}

// add64 hashes a row of the trace of 8-byte elements.
func (h *rowHasher) add64(root *posp.Hash, values []int64) {
	h.add(root, traceBlock, values, 8)
}

// add hashes a row of elements of any width behind any prefix.
func (h *rowHasher) add(root *posp.Hash, prefix []byte, values []int64, width int) {
	leaves := h.row(root, blocks(len(values)))
	for i := range leaves {
		block := values[i*blockLength : min((i+1)*blockLength, len(values))]
		b := h.hasher.message(&leaves[i], len(prefix)+width*len(block))
		encode(b[copy(b, prefix):], block, width)
	}
}

// flush writes the roots of all rows.
func (h *rowHasher) flush() {
	h.hasher.flush()
	for level := 0; ; level++ {
		more := false
		for i := range h.rows {
			r := &h.rows[i]
			if len(r.leaves) <= 1 {
				continue
			}
			r.leaves = h.hasher.fold(r.leaves, zeros[level])
			more = more || len(r.leaves) > 1
		}
		h.hasher.flush()
		if !more {
			break
		}
	}
	for _, r := range h.rows {
		*r.root = r.leaves[0]
	}
	h.rows, h.leaves = h.rows[:0], h.leaves[:0]
}

// fold replaces nodes by the level above, in place; pad stands beside a last one that is alone. The result is there
// after flush: a node is written only after both of its children were read.
func (h *hasher) fold(nodes []posp.Hash, pad posp.Hash) []posp.Hash {
	n := (len(nodes) + 1) / 2
	for i := range n {
		right := &pad
		if 2*i+1 < len(nodes) {
			right = &nodes[2*i+1]
		}
		b := h.message(&nodes[i], 1+32+32)
		b[0] = prefixNode
		copy(b[1:], nodes[2*i][:])
		copy(b[33:], right[:])
	}
	return nodes[:n]
}

// Forest is a tree over rows of which only the levels from some height up are kept.
type Forest struct {
	height  int           // of the lowest level that is kept
	count   uint64        // rows
	pending []posp.Hash   // roots of rows that do not fill a node of that height yet
	levels  [][]posp.Hash // from height up; without padding
}

// newForest returns a tree without rows. It must get more than 2^(height-1) of them, or just one at height 0.
func newForest(height int) *Forest { return &Forest{height: height, levels: make([][]posp.Hash, 1)} }

// extend appends the roots of rows.
func (f *Forest) extend(roots []posp.Hash) *Forest {
	f.count += uint64(len(roots))
	f.pending = append(f.pending, roots...)
	whole := len(f.pending) >> f.height << f.height
	f.levels[0] = append(f.levels[0], climb(f.pending[:whole], 0, f.height)...)
	f.pending = append(f.pending[:0], f.pending[whole:]...)
	return f
}

// finish completes the tree.
func (f *Forest) finish() *Forest {
	f.levels[0] = append(f.levels[0], climb(f.pending, 0, f.height)...)
	f.pending = nil
	for len(f.levels[len(f.levels)-1]) > 1 {
		below := f.levels[len(f.levels)-1]
		f.levels = append(f.levels, climb(slices.Clone(below), f.height+len(f.levels)-1, 1))
	}
	return f
}

// Root is the root of the tree.
func (f *Forest) Root() posp.Hash {
	top := f.levels[len(f.levels)-1]
	if len(top) == 0 {
		return posp.Hash{}
	}
	return top[0]
}

// node is a node that is kept, or padding. It is false for one below the kept levels that is not padding.
func (f *Forest) node(level int, index uint64) (posp.Hash, bool) {
	if first := index << level; first >= f.count {
		return zeros[level], true
	}
	if level < f.height {
		return posp.Hash{}, false
	}
	return f.levels[level-f.height][index], true
}

// climb folds nodes of one level up by some levels, in place, on all processors.
func climb(nodes []posp.Hash, level, up int) []posp.Hash {
	const little = 1 << 12
	workers := min(runtime.GOMAXPROCS(0), len(nodes)/little)
	if workers < 2 {
		h := newHasher()
		for i := range up {
			nodes = h.fold(nodes, zeros[level+i])
			h.flush()
		}
		return nodes
	}
	// Pieces begin where a node of the highest level does.
	piece := (len(nodes)/workers>>up + 1) << up
	folded := make([][]posp.Hash, (len(nodes)+piece-1)/piece)
	_ = parallel(len(folded), func(i int) error {
		h, part := newHasher(), nodes[i*piece:min((i+1)*piece, len(nodes))]
		for j := range up {
			part = h.fold(part, zeros[level+j])
			h.flush()
		}
		folded[i] = part
		return nil
	})
	out := nodes[:0]
	for _, part := range folded {
		out = append(out, part...)
	}
	return out
}
