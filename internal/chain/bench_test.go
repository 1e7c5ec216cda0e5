package chain

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// BenchmarkSend is one transfer over HTTP, from the call to the receipt, on the embedded chain, which mines at once.
func BenchmarkSend(b *testing.B) {
	n, err := devchain.Start(devchain.Config{})
	if err != nil {
		b.Fatal(err)
	}
	defer n.Close()
	c, err := Dial(b.Context(), n.HTTP(), 0)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	key := devchain.Account("bench")
	if err := devchain.Fund(b.Context(), c.Client, big.NewInt(params.Ether), crypto.PubkeyToAddress(key.PublicKey)); err != nil {
		b.Fatal(err)
	}
	s := NewSender(c, key, nil)
	for b.Loop() {
		if _, err := s.Send(b.Context(), Call{To: &common.Address{9}, Value: common.Big1}); err != nil {
			b.Fatal(err)
		}
	}
}
