package audit

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/audit/bundle"
	"github.com/proof-of-sampling/posp/sampler"
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
	t.Run("committees", func(t *testing.T) {
		// So many batches and rows that drawing anew from the whole table for each
		// would take hours, and a committee of all of them.
		const n = 100_000
		v := &verifier{Bundle: &bundle.Bundle{Samples: make([]bundle.Sample, n)}, parameters: posp.Parameters{Committee: 3}}
		for i := range n {
			operator := posp.Address{byte(i >> 16), byte(i >> 8), byte(i)}
			v.rows = append(v.rows, posp.Member{Operator: operator, Weight: uint256.NewInt(uint64(i) + 1)})
			v.records = append(v.records, posp.BatchRecord{ID: posp.Hash{byte(i >> 16), byte(i >> 8), byte(i)}, Batch: posp.Batch{Provider: operator}})
			v.batchOf = append(v.batchOf, i)
			v.drawn = append(v.drawn, sampler.Assignment{})
			v.infos = append(v.infos, posp.ProviderInfo{})
			v.Samples[i].Members = make([]bundle.Sent, 3)
		}
		electorate, err := sampler.NewElectorate(v.rows)
		if err != nil {
			t.Fatal(err)
		}
		for i := range v.Samples {
			for k, row := range electorate.Committees(posp.Seed(v.domain, v.epoch, v.records[i].ID, posp.Hash{}), v.records[i].Provider).Append(nil, 0, 3) {
				v.Samples[i].Members[k].Operator = v.rows[row].Operator
			}
		}
		begun := time.Now()
		if o := v.committee(); o.is != OK || time.Since(begun) > time.Minute {
			t.Errorf("%s after %s: %s", o.is, time.Since(begun), o.found)
		}
		v.parameters.Committee = math.MaxUint32
		begun = time.Now()
		if o := v.committee(); o.is != Failed || time.Since(begun) > time.Minute {
			t.Errorf("a committee of everybody: %s after %s: %s", o.is, time.Since(begun), o.found)
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
