package aggregator

import (
	"errors"
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func tableOf(weights ...uint64) []posp.Member {
	list := make([]posp.Member, len(weights))
	for i, w := range weights {
		list[i] = posp.Member{Operator: posp.Address{byte(i + 1)}, Weight: uint256.NewInt(w), KeyX: uint256.NewInt(1), KeyY: uint256.NewInt(2)}
	}
	return list
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		name    string
		weights []uint64
		signed  []byte // first bytes of addresses
		ppm     uint32
		quorum  bool
	}{
		{"nobody", []uint64{1, 1, 1}, nil, 670_000, false},
		{"all", []uint64{1, 1, 1}, []byte{1, 2, 3}, 670_000, true},
		{"two of three are 66.7 %", []uint64{1, 1, 1}, []byte{1, 2}, 670_000, false},
		{"exactly the quorum", []uint64{67, 33}, []byte{1}, 670_000, true},
		{"one short of it", []uint64{66, 34}, []byte{1}, 670_000, false},
		{"by stake and not by heads", []uint64{1, 1, 1, 97}, []byte{1, 2, 3}, 670_000, false},
		{"strangers", []uint64{1, 1}, []byte{8, 9}, 670_000, false},
		{"empty table", nil, []byte{1}, 670_000, false},
		{"table without weight", []uint64{0, 0}, []byte{1, 2}, 670_000, false},
		{"quorum of nothing", []uint64{1, 1}, []byte{1, 2}, 0, false},
		{"all is needed", []uint64{1, 1000}, []byte{2}, 1_000_000, false},
	} {
		signed := map[posp.Address]bool{}
		for _, b := range c.signed {
			signed[posp.Address{b}] = true
		}
		got, err := Count(tableOf(c.weights...), c.ppm, signed)
		if err != nil || got.Quorum != c.quorum {
			t.Errorf("%s: quorum %v, want %v (%v)", c.name, got.Quorum, c.quorum, err)
		}
	}
	table := tableOf(1, 2)
	table[0], table[1] = table[1], table[0]
	var v *posp.ValidationError
	if _, err := Count(table, 670_000, nil); !errors.As(err, &v) {
		t.Errorf("a table out of order: %v", err)
	}
}

// Signers and non-signers part the table, their weights add up, more
// signatures never lose a quorum, and two quorums of more than half share a
// signer.
func TestCountProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Uint64Range(0, 1<<62), 1, 12).Draw(t, "weights")
		table := tableOf(weights...)
		pick := func(name string) map[posp.Address]bool {
			signed := map[posp.Address]bool{}
			for i, in := range rapid.SliceOfN(rapid.Bool(), len(table), len(table)).Draw(t, name) {
				if in {
					signed[table[i].Operator] = true
				}
			}
			return signed
		}
		ppm := rapid.Uint32Range(500_001, 1_000_000).Draw(t, "quorum")
		a, b := pick("signed"), pick("others")
		first, err := Count(table, ppm, a)
		if err != nil {
			t.Fatal(err)
		}
		rows := map[int]bool{}
		sum := new(big.Int)
		for _, i := range first.Signers {
			rows[i] = true
			sum.Add(sum, table[i].Weight.ToBig())
			if !a[table[i].Operator] {
				t.Fatalf("row %d did not sign", i)
			}
		}
		for _, i := range first.NonSigners {
			if rows[i] {
				t.Fatalf("row %d is counted twice", i)
			}
			rows[i] = true
		}
		if len(rows) != len(table) || sum.Cmp(first.Signed.ToBig()) != 0 {
			t.Fatalf("%d of %d rows, weight %v, want %v", len(rows), len(table), first.Signed, sum)
		}
		second, _ := Count(table, ppm, b)
		if first.Quorum && second.Quorum {
			shared := false
			for operator := range a {
				shared = shared || b[operator]
			}
			if !shared {
				t.Fatal("two quorums without a common signer")
			}
		}
		for operator := range b {
			a[operator] = true
		}
		if both, _ := Count(table, ppm, a); first.Quorum && !both.Quorum {
			t.Fatal("more signatures lost the quorum")
		}
	})
}
