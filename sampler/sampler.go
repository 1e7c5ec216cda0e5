// Package sampler says who is checked by whom: which leaves of a batch are
// sampled, and which operators recompute each. It is a pure function of the
// batch's seed and of the epoch's operator table, so that provider, operators,
// contract and auditor cannot disagree. PROTOCOL.md section 4; its twin is
// contracts/src/libraries/SamplerLib.sol, under tests/vectors/draw.json.
package sampler

import (
	"encoding/binary"
	"iter"
	"math/bits"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/proof-of-sampling/posp"
)

// Count is how many of a batch's n leaves are sampled:
// min(n, max(kMin, ceil(n * ratePpm / 1e6))).
func Count(n uint64, rate posp.Rate) uint64 {
	const million = 1_000_000
	// A rate above one samples everything, and at most a million keeps the
	// quotient below within 64 bits.
	hi, lo := bits.Mul64(n, uint64(min(rate.RatePpm, million)))
	k, rest := bits.Div64(hi, lo, million)
	if rest > 0 {
		k++
	}
	return min(n, max(k, uint64(rate.KMin)))
}

// Draw is the sample of one batch: k of its n leaves, without replacement. It
// is the first k values of a permutation of [0, n) keyed by the seed, so
// neither drawing nor membership needs memory that grows with n.
//
// A Draw reuses its hasher: one goroutine at a time.
type Draw struct {
	n, k uint64
	half uint   // bits in each half of the Feistel network
	mask uint64 // 2^half - 1
	hash hasher
	in   [3 * 32]byte // abi(seed, round, right half)

	table [rounds][]uint16 // round by right half, once a long Range has made it
}

// rounds of the Feistel network.
const rounds = 6

// New draws k (see Count) of n leaves. More than n is a ValidationError.
func New(seed posp.Hash, n, k uint64) (*Draw, error) {
	if k > n {
		return nil, posp.Invalidf("sampler: %d samples of %d leaves", k, n)
	}
	size := 2
	if n > 0 {
		size = max(size, bits.Len64(n-1))
	}
	half := uint(size+1) / 2
	d := &Draw{n: n, k: k, half: half, mask: 1<<half - 1, hash: newHasher()}
	copy(d.in[:32], seed[:])
	return d, nil
}

// Count is k, the number of sampled leaves.
func (d *Draw) Count() uint64 { return d.k }

// Leaf is the leaf of sample j; j >= k is a ValidationError.
func (d *Draw) Leaf(j uint64) (uint64, error) {
	if j >= d.k {
		return 0, posp.Invalidf("sampler: sample %d of %d", j, d.k)
	}
	return d.walk(j), nil
}

// Position says whether a leaf is sampled, and then as which j.
func (d *Draw) Position(leaf uint64) (j uint64, sampled bool) {
	if leaf >= d.n {
		return 0, false
	}
	x := d.invert(leaf)
	for x >= d.n {
		x = d.invert(x)
	}
	if x >= d.k {
		return 0, false
	}
	return x, true
}

// All yields every sample as (j, leaf), in order of j.
func (d *Draw) All() iter.Seq2[uint64, uint64] { return d.Range(0, d.k) }

// Range yields the samples with from <= j < to, as far as there are any.
func (d *Draw) Range(from, to uint64) iter.Seq2[uint64, uint64] {
	return func(yield func(j, leaf uint64) bool) {
		if to = min(to, d.k); from < to && to-from > d.mask {
			d.tabulate()
		}
		for j := from; j < to; j++ {
			if !yield(j, d.walk(j)) {
				return
			}
		}
	}
}

// walk follows the permutation of [0, 2^bits) until it is back in [0, n). It
// ends for x < n only: x itself lies on its cycle.
func (d *Draw) walk(x uint64) uint64 {
	for x = d.permute(x); x >= d.n; {
		x = d.permute(x)
	}
	return x
}

func (d *Draw) permute(x uint64) uint64 {
	left, right := x>>d.half, x&d.mask
	for r := range byte(rounds) {
		left, right = right, left^d.round(r, right)
	}
	return left<<d.half | right
}

func (d *Draw) invert(x uint64) uint64 {
	left, right := x>>d.half, x&d.mask
	for r := range byte(rounds) {
		left, right = right^d.round(rounds-1-r, left), left
	}
	return left<<d.half | right
}

// tabulate computes every round once, when there are so few that this needs
// at most 768 KiB: for n up to 2^32.
func (d *Draw) tabulate() {
	if d.half > 16 || d.table[0] != nil {
		return
	}
	var table [rounds][]uint16
	for r := range table {
		table[r] = make([]uint16, d.mask+1)
		for right := range table[r] {
			table[r][right] = uint16(d.round(byte(r), uint64(right)))
		}
	}
	d.table = table
}

// round is uint256(keccak(abi(seed, r, right))) & mask.
func (d *Draw) round(r byte, right uint64) uint64 {
	if table := d.table[r]; table != nil {
		return uint64(table[right])
	}
	d.in[63] = r
	binary.BigEndian.PutUint64(d.in[88:], right)
	return binary.BigEndian.Uint64(d.hash.sum(d.in[:])[24:]) & d.mask
}

// hasher is keccak256 without an allocation for each hash.
type hasher struct {
	state crypto.KeccakState
	out   *posp.Hash
}

func newHasher() hasher { return hasher{crypto.NewKeccakState(), new(posp.Hash)} }

// sum is valid until the next one.
func (h hasher) sum(in []byte) *posp.Hash {
	h.state.Reset()
	h.state.Write(in)
	h.state.Read(h.out[:])
	return h.out
}
