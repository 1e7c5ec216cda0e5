package merkle

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func values(n int) []posp.Hash {
	vs := make([]posp.Hash, n)
	for i := range vs {
		binary.BigEndian.PutUint64(vs[i][24:], uint64(i))
		vs[i][0] = 0xab
	}
	return vs
}

// naive is the definition: pad to a power of two, hash pairs.
func naive(vs []posp.Hash) posp.Hash {
	width := 1
	for width < len(vs) {
		width *= 2
	}
	level := make([]posp.Hash, width)
	for i, v := range vs {
		level[i] = crypto.Keccak256Hash([]byte{0}, v[:])
	}
	for len(level) > 1 {
		next := make([]posp.Hash, len(level)/2)
		for i := range next {
			next[i] = crypto.Keccak256Hash([]byte{1}, level[2*i][:], level[2*i+1][:])
		}
		level = next
	}
	return level[0]
}

func TestRootIsTheDefinition(t *testing.T) {
	for n := range 70 {
		if got, want := Root(values(n)), naive(values(n)); got != want {
			t.Fatalf("root of %d values: %s, want %s", n, got, want)
		}
	}
	for _, n := range []int{4095, 4096, 4097, 10_001} { // over the line to many cores
		if got, want := Root(values(n)), naive(values(n)); got != want {
			t.Fatalf("root of %d values: %s, want %s", n, got, want)
		}
	}
	if (Root(nil) != posp.Hash{}) {
		t.Fatal("the root of no values is not the zero leaf")
	}
}

func TestGrowingIsTheTree(t *testing.T) {
	var g Growing
	for n := range 300 {
		if got, want := g.Root(), Root(values(n)); got != want || g.Count() != uint64(n) {
			t.Fatalf("%d values: root %s of %d, want %s", n, got, g.Count(), want)
		}
		g.Add(values(n + 1)[n])
	}
}

func TestDepth(t *testing.T) {
	for n, want := range map[uint64]int{0: 0, 1: 0, 2: 1, 3: 2, 4: 2, 5: 3, 1 << 32: 32, 1<<32 + 1: 33, 1<<64 - 1: 64} {
		if got := Depth(n); got != want {
			t.Errorf("Depth(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestEveryProofVerifiesAtItsIndexOnly(t *testing.T) {
	for n := 1; n <= 33; n++ {
		vs, tree := values(n), New(values(n))
		for i := range n {
			proof, err := tree.Proof(uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			for at := range n {
				err := Verify(tree.Root(), vs[i], uint64(at), uint64(n), proof)
				if (err == nil) != (at == i) {
					t.Fatalf("n %d: proof of %d at %d: %v", n, i, at, err)
				}
			}
		}
	}
}

func invalid(t *rapid.T, err error) {
	var v *posp.ValidationError
	if !errors.As(err, &v) {
		t.Fatalf("%v is not a ValidationError", err)
	}
}

func TestVerifyRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "n")
		i := rapid.Uint64Range(0, uint64(n)-1).Draw(t, "i")
		vs := values(n)
		root := Root(vs)
		proof, err := Proof(vs, i)
		if err != nil {
			t.Fatal(err)
		}
		if err := Verify(root, vs[i], i, uint64(n), proof); err != nil {
			t.Fatal(err)
		}
		// Padding is no value, although its siblings are known.
		invalid(t, Verify(root, vs[i], uint64(n), uint64(n), proof))
		invalid(t, Verify(root, vs[i], i, uint64(n), append(proof[:len(proof):len(proof)], posp.Hash{})))
		wrong := vs[i]
		wrong[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		invalid(t, Verify(root, wrong, i, uint64(n), proof))
		// Nor does the proof of a tree prove anything about one of another depth.
		invalid(t, Verify(root, vs[i], i, uint64(2*n+2), proof))
		if len(proof) > 0 {
			if i < uint64(n+1)/2 && Depth(uint64(n+1)/2) < len(proof) {
				invalid(t, Verify(root, vs[i], i, uint64(n+1)/2, proof))
			}
			invalid(t, Verify(root, vs[i], i, uint64(n), proof[1:]))
			bad := append([]posp.Hash(nil), proof...)
			bad[rapid.IntRange(0, len(bad)-1).Draw(t, "sibling")][0] ^= 1
			invalid(t, Verify(root, vs[i], i, uint64(n), bad))
		}
		_, err = Proof(vs, uint64(n))
		invalid(t, err)
	})
	// An inner node offered as a value does not verify one level up.
	vs := values(4)
	leaves := [2]posp.Hash{Leaf(vs[0]), Leaf(vs[1])}
	inner := crypto.Keccak256Hash([]byte{1}, leaves[0][:], leaves[1][:])
	if Verify(Root(vs), inner, 0, 2, []posp.Hash{Leaf(vs[2])}) == nil {
		t.Fatal("an inner node passed as a value")
	}
}

func FuzzVerify(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint64(0), uint64(1))
	f.Fuzz(func(t *testing.T, b []byte, index, count uint64) {
		var proof []posp.Hash
		for ; len(b) >= 32; b = b[32:] {
			proof = append(proof, posp.Hash(b[:32]))
		}
		if Verify(posp.Hash{1}, posp.Hash{2}, index, count, proof) == nil {
			t.Fatal("a random proof verified")
		}
	})
}

func BenchmarkRootOfAMillion(b *testing.B) {
	vs := values(1_000_000)
	for b.Loop() {
		Root(vs)
	}
}
