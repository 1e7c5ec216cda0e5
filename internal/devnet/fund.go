package devnet

import (
	"context"
	"fmt"
	"io"
	"math/big"

	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/contracts"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
)

// What an account is given to try things on: ether for gas, and the token that is staked.
const (
	givenEther  = 10
	givenTokens = 1000
)

// Give gives an account of a running devnet ether and tokens. Both are worth nothing; on a chain whose faucet is not
// the devnet's it is refused.
func Give(ctx context.Context, n app.Network, rpc string, to posp.Address, out io.Writer) error {
	s, err := app.Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer s.Client.Close()
	faucet := devchain.Faucet()
	have, err := s.Client.BalanceAt(ctx, crypto.PubkeyToAddress(faucet.PublicKey), nil)
	if err != nil {
		return fmt.Errorf("read balance: %w", err)
	}
	ether := new(big.Int).Mul(big.NewInt(givenEther), big.NewInt(params.Ether))
	if have.Cmp(ether) <= 0 {
		return fmt.Errorf("chain %d has no faucet: it is none of posp devnet's", s.Client.ID())
	}
	if err := devchain.Fund(ctx, s.Client.Client, ether, to); err != nil {
		return err
	}
	token := contracts.NewDevToken()
	mint, err := token.TryPackMint(to, new(big.Int).Mul(big.NewInt(givenTokens), big.NewInt(params.Ether)))
	if err != nil {
		return fmt.Errorf("mint tokens: %w", err)
	}
	if _, err := chain.NewSender(s.Client, faucet, nil).Send(ctx, chain.Call{To: &n.EigenLayer.Token, Data: mint}); err != nil {
		return fmt.Errorf("mint tokens: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s has %d ether and %d tokens more\n", to, givenEther, givenTokens)
	return err
}
