package beacon

import (
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
)

func encode(t interface{ Fatal(...any) }, h *types.Header) []byte {
	b, err := rlp.EncodeToBytes(h)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func header(number int64, random posp.Hash) *types.Header {
	fee, gas, root := big.NewInt(7), uint64(3), posp.Hash{9}
	return &types.Header{
		Number: big.NewInt(number), MixDigest: random, Difficulty: new(big.Int), Extra: []byte("extra"), Time: 1 << 31, GasLimit: 60e6,
		BaseFee: fee, WithdrawalsHash: &root, BlobGasUsed: &gas, ExcessBlobGas: &gas, ParentBeaconRoot: &root, RequestsHash: &root,
	}
}

func TestReadsWhatGoEthereumWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var random posp.Hash
		copy(random[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "random"))
		h := header(rapid.Int64Min(0).Draw(t, "number"), random)
		number, value, err := PrevRandao(encode(t, h), h.Hash())
		if err != nil || number != h.Number.Uint64() || value != random {
			t.Fatalf("got block %d, %s, %v", number, value, err)
		}
	})
}

// A later fork appends fields; the value is where it was.
func TestUnknownFieldsAtTheEnd(t *testing.T) {
	content, _, err := rlp.SplitList(encode(t, header(5, posp.Hash{1})))
	if err != nil {
		t.Fatal(err)
	}
	longer := append(append([]byte{}, content...), 0x83, 1, 2, 3)
	enc := append([]byte{0xf9, byte(len(longer) >> 8), byte(len(longer))}, longer...) // a list with two length bytes
	if number, value, err := PrevRandao(enc, crypto.Keccak256Hash(enc)); err != nil || number != 5 || value != (posp.Hash{1}) {
		t.Fatalf("got block %d, %s, %v", number, value, err)
	}
}

func TestBadHeadersAreThePeersFault(t *testing.T) {
	good := encode(t, header(5, posp.Hash{1}))
	work := header(5, posp.Hash{1})
	work.Difficulty = big.NewInt(1)
	for name, b := range map[string][]byte{
		"empty":            {},
		"not a list":       {0x80},
		"cut":              good[:100],
		"something behind": append(append([]byte{}, good...), 0),
		"empty list":       {0xc0},
		"before the merge": encode(t, work),
		"huge":             make([]byte, maxHeader+1),
	} {
		var v *posp.ValidationError
		if _, _, err := PrevRandao(b, crypto.Keccak256Hash(b)); !errors.As(err, &v) {
			t.Errorf("%s: got %v; want a ValidationError", name, err)
		}
	}
	var v *posp.ValidationError
	if _, _, err := PrevRandao(good, posp.Hash{}); !errors.As(err, &v) {
		t.Errorf("a header of another block: got %v", err)
	}
}

func FuzzPrevRandao(f *testing.F) {
	f.Add(encode(f, header(5, posp.Hash{1})))
	f.Add([]byte{0xc0})
	f.Fuzz(func(t *testing.T, b []byte) {
		number, value, err := PrevRandao(b, crypto.Keccak256Hash(b))
		if err != nil {
			return
		}
		// What go-ethereum reads as a header, it reads alike.
		var h types.Header
		if rlp.DecodeBytes(b, &h) == nil && (h.Number.Uint64() != number || h.MixDigest != value) {
			t.Fatalf("block %d, %s; go-ethereum reads block %d, %s", number, value, h.Number, h.MixDigest)
		}
	})
}
