package audit

import (
	"math"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
)

// A file that invents its chain can claim any numbers. None of them makes a
// verifier work for ever or ask for memory that the file does not take.
func TestClaimsCostNothing(t *testing.T) {
	t.Run("samples", func(t *testing.T) {
		v := &verifier{Bundle: &bundle.Bundle{}}
		for _, leaves := range []uint64{1, math.MaxUint64} { // their sum is 0 in 64 bits
			v.records = append(v.records, posp.BatchRecord{Batch: posp.Batch{LeafCount: leaves}, Rate: posp.Rate{RatePpm: 1_000_000}})
		}
		if o := v.draw(); o.is != Failed || !strings.Contains(o.found, "more than") {
			t.Errorf("%s: %s", o.is, o.found)
		}
	})
	t.Run("nodes", func(t *testing.T) {
		key := crypto.Keccak256([]byte("key"))
		encode := func(path []byte, of any) hexutil.Bytes {
			b, err := rlp.EncodeToBytes([]any{path, of})
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		list := []hexutil.Bytes{encode(append([]byte{0x20}, key...), []byte("a value"))} // a leaf
		find := func() (string, error) {
			v, err := newNodes(list).find(crypto.Keccak256Hash(list[len(list)-1]), key)
			return string(v), err
		}
		if v, err := find(); v != "a value" || err != nil {
			t.Fatalf("the leaf alone: %q, %v", v, err)
		}
		for range 1000 { // extensions of no nibbles
			list = append(list, encode([]byte{0}, crypto.Keccak256(list[len(list)-1])))
		}
		if v, err := find(); err == nil {
			t.Errorf("through a thousand nodes: %q", v)
		}
	})
}
