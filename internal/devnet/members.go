package devnet

import (
	"context"
	"crypto/ecdsa"
	"fmt"
	"math/big"
	"net"
	"slices"

	"github.com/ethereum/go-ethereum/crypto"
	"golang.org/x/sync/errgroup"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/app"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// member is a provider or an operator.
type member struct {
	label      string
	key        *ecdsa.PrivateKey
	address    posp.Address
	stake      *big.Int          // tokens deposited, all of which back its operator set
	before     *big.Int          // shares when the play began
	receiptKey *ecdsa.PrivateKey // of a provider
	messageKey *ecdsa.PrivateKey // of an operator: its account stays cold
	listener   net.Listener
	bls        *keys.BLS
	telemetry  *app.Telemetry
}

// cast is who takes part in a play, by label. What a label does is in
// startProvider and scorer.
type cast struct {
	providers []string
	operators []string
	stakes    []int64  // of the operators, in tokens
	others    []string // accounts without stake

	prompts []string // that the buyers take turns with
	tokens  int      // that they ask for
}

const providerStake = 100

func addressOf(label string) posp.Address {
	return crypto.PubkeyToAddress(devchain.Account(label).PublicKey)
}

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), big.NewInt(1e18)) }

// enlist stakes and registers everybody in EigenLayer and in our contracts,
// all at the same time.
func (w *world) enlist(ctx context.Context) error {
	for _, l := range w.cast.providers {
		lis, err := app.Listen("127.0.0.1:0")
		if err != nil {
			return err
		}
		w.providers = append(w.providers, &member{label: l, key: devchain.Account(l), address: addressOf(l), stake: ether(providerStake),
			receiptKey: devchain.Account(l + "/receipts"), listener: lis})
	}
	for i, l := range w.cast.operators {
		w.operators = append(w.operators, &member{label: l, key: devchain.Account(l), address: addressOf(l), stake: ether(w.cast.stakes[i]),
			messageKey: devchain.Account(l + "/messages"), bls: keys.BLSFromSeed([]byte("posp.devnet.bls:" + l))})
	}
	g, ctx := errgroup.WithContext(ctx)
	for _, m := range slices.Concat(w.providers, w.operators) {
		g.Go(func() error {
			if err := w.enlistOne(ctx, m); err != nil {
				return fmt.Errorf("register %s: %w", m.label, err)
			}
			return nil
		})
	}
	return g.Wait()
}

func (w *world) enlistOne(ctx context.Context, m *member) error {
	s := w.sender(m.label)
	side := app.Verifiers
	if m.bls == nil {
		side = app.Providers
	}
	set := side.OperatorSet(w.site.Network)
	if err := w.core.Stake(ctx, s, m.stake); err != nil {
		return err
	}
	if err := w.core.RegisterOperator(ctx, s, 0, ""); err != nil {
		return err
	}
	// The allocation delay of 0 holds from the next block on.
	if err := w.miner.Mine(ctx, 1); err != nil {
		return err
	}
	if err := w.core.Allocate(ctx, s, set, w.core.Strategy, chain.Wad); err != nil {
		return err
	}
	if m.bls != nil {
		if err := w.core.RegisterKey(ctx, w.client, s, set, m.bls); err != nil {
			return err
		}
	}
	if err := w.core.Join(ctx, s, set.AVS, []uint32{set.ID}, nil); err != nil {
		return err
	}
	p := chain.NewProtocol(w.client, w.site.Network.Contracts, s)
	var err error
	if m.bls != nil {
		err = p.SetKey(ctx, m.address, chain.Messages, crypto.PubkeyToAddress(m.messageKey.PublicKey))
	} else if err = p.SetKey(ctx, m.address, chain.Receipts, crypto.PubkeyToAddress(m.receiptKey.PublicKey)); err == nil {
		err = p.RegisterProvider(ctx, m.address, "http://"+m.listener.Addr().String())
	}
	if err != nil {
		return err
	}
	m.before, err = w.shares(ctx, m)
	return err
}

// shares is how much of the member's stake EigenLayer still counts.
func (w *world) shares(ctx context.Context, m *member) (*big.Int, error) {
	return w.core.Shares(ctx, w.client, nil, m.address, w.core.Strategy)
}
