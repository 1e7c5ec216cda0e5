package chain

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

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
	bench := newBench(b, n, c, b.TempDir(), 0)
	for name, journal := range map[string]Journal{"memory": nil, "sqlite": bench.journal()} {
		b.Run(name, func(b *testing.B) {
			s := OpenSender(c, bench.key, SenderConfig{Journal: journal})
			for b.Loop() {
				if _, err := s.Send(b.Context(), Call{To: &common.Address{9}, Value: common.Big1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
