package sampler

import (
	"encoding/binary"
	"errors"
	"math"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func seedOf(i uint64) posp.Hash {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], i)
	return crypto.Keccak256Hash(b[:])
}

func draw(t interface{ Fatal(...any) }, seed posp.Hash, n, k uint64) *Draw {
	d, err := New(seed, n, k)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func invalid(t interface{ Fatalf(string, ...any) }, err error) {
	var v *posp.ValidationError
	if !errors.As(err, &v) {
		t.Fatalf("%v is not a ValidationError", err)
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		n         uint64
		rate, min uint32
		want      uint64
	}{
		{0, 10_000, 4, 0}, {1, 10_000, 0, 1}, {1, 0, 0, 0}, {1, 1, 0, 1}, {100, 10_000, 0, 1}, {101, 10_000, 0, 2}, {100, 10_000, 4, 4},
		{3, 10_000, 4, 3}, {1000, 1_000_000, 0, 1000}, {1000, 4_000_000_000, 0, 1000}, {math.MaxUint64, 1_000_000, 0, math.MaxUint64},
		{math.MaxUint64, math.MaxUint32, 0, math.MaxUint64}, {math.MaxUint64, 1, 0, 18_446_744_073_710}, {1_000_000_000, 1000, 0, 1_000_000},
	} {
		if got := Count(c.n, posp.Rate{RatePpm: c.rate, KMin: c.min}); got != c.want {
			t.Errorf("Count(%d, %d ppm, min %d) = %d, want %d", c.n, c.rate, c.min, got, c.want)
		}
	}
}

// wide is the permutation as PROTOCOL writes it, in big integers.
func wide(seed posp.Hash, n uint64, j uint64) uint64 {
	size := new(big.Int).Sub(new(big.Int).SetUint64(n), big.NewInt(1)).BitLen()
	size = max(2, size)
	if size%2 == 1 {
		size++
	}
	h := uint(size / 2)
	mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), h), big.NewInt(1))
	word := func(x *big.Int) []byte { return common.LeftPadBytes(x.Bytes(), 32) }
	x := new(big.Int).SetUint64(j)
	for {
		left, right := new(big.Int).Rsh(x, h), new(big.Int).And(x, mask)
		for r := range int64(6) {
			f := new(big.Int).SetBytes(crypto.Keccak256(seed[:], word(big.NewInt(r)), word(right)))
			left, right = right, new(big.Int).Xor(left, f.And(f, mask))
		}
		x = new(big.Int).Or(new(big.Int).Lsh(left, h), right)
		if x.Cmp(new(big.Int).SetUint64(n)) < 0 {
			return x.Uint64()
		}
	}
}

func TestLeafIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Uint64Range(1, 40), rapid.Uint64Range(1, math.MaxUint64),
			rapid.SampledFrom([]uint64{1 << 31, 1<<32 - 1, 1 << 32, 1<<32 + 1, 1 << 62, 1 << 63, math.MaxUint64})).Draw(t, "n")
		j := rapid.Uint64Range(0, n-1).Draw(t, "j")
		seed := seedOf(rapid.Uint64().Draw(t, "seed"))
		d := draw(t, seed, n, n)
		leaf, err := d.Leaf(j)
		if err != nil {
			t.Fatal(err)
		}
		if want := wide(seed, n, j); leaf != want {
			t.Fatalf("leaf %d, want %d", leaf, want)
		}
		if back, sampled := d.Position(leaf); !sampled || back != j {
			t.Fatalf("Position(%d) = %d, %v, want %d", leaf, back, sampled, j)
		}
	})
}

func TestDrawIsWithoutReplacementAndComplete(t *testing.T) {
	for n := uint64(1); n <= 300; n++ {
		d := draw(t, seedOf(n), n, n)
		seen := make([]bool, n)
		next := uint64(0)
		for j, leaf := range d.All() {
			if j != next || leaf >= n || seen[leaf] {
				t.Fatalf("n %d: sample %d is leaf %d, again or outside", n, j, leaf)
			}
			seen[leaf] = true
			next++
		}
		if next != n {
			t.Fatalf("n %d: %d samples", n, next)
		}
	}
}

func TestTheTableChangesNothing(t *testing.T) {
	for _, n := range []uint64{1, 2, 5, 16, 17, 1000, 70_000, 1 << 20} {
		plain, long := draw(t, seedOf(n), n, n), draw(t, seedOf(n), n, n)
		long.tabulate()
		if long.table[0] == nil || plain.table[0] != nil {
			t.Fatalf("n %d: tables %v", n, long.table[0] != nil)
		}
		for j := uint64(0); j < n; j += n/50 + 1 {
			a, _ := plain.Leaf(j)
			b, _ := long.Leaf(j)
			if back, _ := long.Position(a); a != b || back != j {
				t.Fatalf("n %d, sample %d: leaf %d, by the table %d", n, j, a, b)
			}
		}
	}
	wide := draw(t, seedOf(0), 1<<32+1, 1<<32)
	if wide.tabulate(); wide.table[0] != nil {
		t.Fatal("a table for halves of 17 bits")
	}
}

func TestPositionKnowsWhatIsSampled(t *testing.T) {
	for n := uint64(1); n <= 70; n++ {
		for _, k := range []uint64{0, 1, n / 2, n} {
			d := draw(t, seedOf(n), n, k)
			want := map[uint64]uint64{}
			for j, leaf := range d.All() {
				want[leaf] = j
			}
			for leaf := range n + 3 {
				j, sampled := d.Position(leaf)
				wantJ, wantSampled := want[leaf]
				if sampled != wantSampled || j != wantJ {
					t.Fatalf("n %d k %d: Position(%d) = %d, %v", n, k, leaf, j, sampled)
				}
			}
		}
	}
}

func TestDrawRefuses(t *testing.T) {
	_, err := New(posp.Hash{}, 3, 4)
	invalid(t, err)
	d := draw(t, posp.Hash{}, 10, 3)
	_, err = d.Leaf(3)
	invalid(t, err)
	empty := draw(t, posp.Hash{}, 0, 0)
	for range empty.All() {
		t.Fatal("a sample of an empty batch")
	}
	_, err = empty.Leaf(0)
	invalid(t, err)
}

func TestDrawIsUniform(t *testing.T) {
	const n, k, draws = 20, 5, 4000
	var hits [n]float64
	for i := range uint64(draws) {
		for _, leaf := range draw(t, seedOf(i), n, k).All() {
			hits[leaf]++
		}
	}
	for leaf, h := range hits {
		// A binomial share of k/n = 1/4: five standard deviations are 0.034.
		if math.Abs(h/draws-float64(k)/n) > 0.035 {
			t.Errorf("leaf %d is drawn in %.3f of the seeds, want 0.25", leaf, h/draws)
		}
	}
}

func members(weights ...uint64) []posp.Member {
	ms := make([]posp.Member, len(weights))
	for i, w := range weights {
		ms[i] = posp.Member{Operator: common.BigToAddress(big.NewInt(int64(i + 1))), Weight: uint256.NewInt(w),
			KeyX: uint256.NewInt(1), KeyY: uint256.NewInt(2)}
	}
	return ms
}

func TestIntervalsOfTheRunningSum(t *testing.T) {
	c, err := NewCommittees(posp.Hash{}, members(3, 0, 5, 2))
	if err != nil {
		t.Fatal(err)
	}
	for u, want := range []int{0, 0, 0, 2, 2, 2, 2, 2, 3, 3} {
		if got := c.at(uint256.NewInt(uint64(u))); got != want {
			t.Errorf("u = %d falls on row %d, want %d", u, got, want)
		}
	}
	c.taken = []int{0} // row 0 is out: its interval closes
	for u, want := range []int{2, 2, 2, 2, 2, 3, 3} {
		if got := c.at(uint256.NewInt(uint64(u))); got != want {
			t.Errorf("row 0 taken: u = %d falls on row %d, want %d", u, got, want)
		}
	}
}

// wideCommittee is the committee as PROTOCOL writes it, in big integers.
func wideCommittee(seed posp.Hash, j uint64, ms []posp.Member, out map[posp.Address]bool, m int) []int {
	var in, got []int
	for i := range ms {
		if !out[ms[i].Operator] && !ms[i].Weight.IsZero() {
			in = append(in, i)
		}
	}
	tag := crypto.Keccak256([]byte("posp.committee.v1"))
	for r := 0; r < m && len(in) > 0; r++ {
		total := new(big.Int)
		for _, i := range in {
			total.Add(total, ms[i].Weight.ToBig())
		}
		u := new(big.Int).SetBytes(crypto.Keccak256(tag, seed[:], common.BigToHash(new(big.Int).SetUint64(j)).Bytes(), common.BigToHash(big.NewInt(int64(r))).Bytes()))
		u.Mod(u, total)
		sum := new(big.Int)
		for at, i := range in {
			if sum.Add(sum, ms[i].Weight.ToBig()).Cmp(u) > 0 {
				got = append(got, i)
				in = append(in[:at:at], in[at+1:]...)
				break
			}
		}
	}
	return got
}

func TestCommitteeIsTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.OneOf(rapid.Uint64Range(0, 3), rapid.Uint64()), 0, 12).Draw(t, "weights")
		ms := members(weights...)
		if len(ms) > 0 && rapid.Bool().Draw(t, "whale") {
			ms[0].Weight = new(uint256.Int).Lsh(uint256.NewInt(1), 255) // sums near 2^256
		}
		var exclude []posp.Address
		out := map[posp.Address]bool{}
		for _, m := range ms {
			if rapid.IntRange(0, 4).Draw(t, "exclude") == 0 {
				exclude, out[m.Operator] = append(exclude, m.Operator), true
			}
		}
		j, size := rapid.Uint64().Draw(t, "j"), rapid.IntRange(0, 14).Draw(t, "m")
		seed := seedOf(rapid.Uint64().Draw(t, "seed"))
		got, err := Committee(seed, j, ms, exclude, size)
		if err != nil {
			t.Fatal(err)
		}
		want := wideCommittee(seed, j, ms, out, size)
		if len(got) != len(want) {
			t.Fatalf("committee %v, want %v", got, want)
		}
		seen := map[int]bool{}
		for i := range got {
			if got[i] != want[i] {
				t.Fatalf("committee %v, want %v", got, want)
			}
			if seen[got[i]] {
				t.Fatalf("row %d twice in %v", got[i], got)
			}
			seen[got[i]] = true
		}
	})
}

func TestFirstSeatIsByWeight(t *testing.T) {
	c, err := NewCommittees(seedOf(1), members(1, 2, 3, 4))
	if err != nil {
		t.Fatal(err)
	}
	const draws = 20_000
	var hits [4]float64
	var buf [1]int
	for j := range uint64(draws) {
		hits[c.Append(buf[:0], j, 1)[0]]++
	}
	for i, h := range hits {
		if want := float64(i+1) / 10; math.Abs(h/draws-want) > 0.018 { // five standard deviations
			t.Errorf("row %d has the first seat in %.3f, want %.1f", i, h/draws, want)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	big := members(1, 1)
	big[0].Weight = new(uint256.Int).SetAllOne()
	swapped := members(1, 1)
	swapped[0], swapped[1] = swapped[1], swapped[0]
	twice := members(1, 1)
	twice[1].Operator = twice[0].Operator
	weightless := members(1, 1)
	weightless[1].Weight = nil
	for name, ms := range map[string][]posp.Member{"overflow": big, "order": swapped, "twice": twice, "no weight": weightless} {
		t.Run(name, func(t *testing.T) {
			_, err := Committee(posp.Hash{}, 0, ms, nil, 1)
			invalid(t, err)
			_, err = TableRoot(ms)
			invalid(t, err)
		})
	}
	keyless := members(1)
	keyless[0].KeyY = nil
	_, err := TableRoot(keyless)
	invalid(t, err)
}

func TestTableTreeBindsRunningSums(t *testing.T) {
	ms := members(5, 7, 9)
	before, total, err := Sums(ms)
	if err != nil {
		t.Fatal(err)
	}
	if before[0].Uint64() != 0 || before[1].Uint64() != 5 || before[2].Uint64() != 12 || total.Uint64() != 21 {
		t.Fatalf("running sums %v, total %v", before, total)
	}
	root, err := TableRoot(ms)
	if err != nil {
		t.Fatal(err)
	}
	ms[0].Weight = uint256.NewInt(6)
	if other, _ := TableRoot(ms); other == root {
		t.Fatal("the root does not bind the weights")
	}
}

// BenchmarkMillionOfABillion draws 10^6 of 10^9 leaves with committees of 3
// out of 50, on two goroutines.
func BenchmarkMillionOfABillion(b *testing.B) {
	const n, k, workers = 1_000_000_000, 1_000_000, 2
	weights := make([]uint64, 50)
	for i := range weights {
		weights[i] = uint64(i+1) * 1e18 / 50
	}
	ms := members(weights...)
	b.ReportAllocs()
	for b.Loop() {
		var wg sync.WaitGroup
		for w := range uint64(workers) {
			wg.Go(func() {
				d, err := New(seedOf(1), n, k)
				if err != nil {
					b.Error(err)
					return
				}
				c, err := NewCommittees(seedOf(1), ms)
				if err != nil {
					b.Error(err)
					return
				}
				var buf [3]int
				for j, leaf := range d.Range(k*w/workers, k*(w+1)/workers) {
					if leaf >= n || len(c.Append(buf[:0], j, 3)) != 3 {
						b.Error("impossible draw")
						return
					}
				}
			})
		}
		wg.Wait()
	}
}
