package app

import (
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/crypto"
	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// RunProvider is `posp provider run`. It registers on chain what buyers and
// operators need, if it is not registered yet, and then lives until ctx ends.
func RunProvider(ctx context.Context, c ProviderConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	account, err := c.Key.account(ctx)
	if err != nil {
		return err
	}
	receipts, err := ring(ctx, c.ReceiptKeys...)
	if err != nil {
		return err
	}
	first, err := c.ReceiptKeys[0].Address(ctx)
	if err != nil {
		return err
	}
	me := c.Provider
	if me == (posp.Address{}) {
		me = account.Address()
	}
	m, err := c.Network.model(c.Model)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	member, err := s.Network.EigenLayer.IsMember(ctx, s.Client, nil, Providers.OperatorSet(s.Network), me)
	if err != nil {
		return err
	}
	if !member && !c.Drain {
		return fmt.Errorf("%s is no member of PROVIDERS: what it signs could not be committed, which is a fault for each receipt (posp provider register); to open what was committed before it left: --drain", me)
	}
	upstream, dialect, err := connect(ctx, c, m, log)
	if err != nil {
		return err
	}
	t, err := s.Telemetry(ctx, c.Telemetry, "provider", me, &Providers)
	if err != nil {
		return err
	}
	defer t.Close()
	l, err := Listen(c.Listen)
	if err != nil {
		return err
	}
	parts := ProviderParts{Account: account, Provider: me, Receipts: receipts, Upstream: upstream, Dialect: dialect, Model: m, Data: c.Data, Listener: l, Telemetry: t, Drain: c.Drain}
	if member {
		parts.Announce = &Announcement{ReceiptKey: first, URL: c.PublicURL}
	}
	run, err := s.Provider(ctx, parts)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	log.Info("provider is up", zap.Stringer("provider", me), zap.Stringer("listen", l.Addr()), zap.String("model", m.Name), zap.Bool("drain", c.Drain))
	return run(ctx)
}

// announce sets a provider's first receipt key and its URL, unless the chain has
// them, and makes sure that it holds the key that has to sign.
func (s *Site) announce(ctx context.Context, sender *chain.Sender, me posp.Address, a Announcement, have keys.Ring) error {
	sending := s.with(sender)
	head, err := sending.Block(ctx)
	if err != nil {
		return err
	}
	if _, ok, err := sending.Provider(ctx, me, s.Parameters.Schedule.EpochAt(head)); err != nil {
		return err
	} else if !ok {
		if err := sending.SetKey(ctx, me, chain.Receipts, a.ReceiptKey); err != nil {
			return fmt.Errorf("%w: has the account of --key ether, and may it act for %s?", err, me)
		}
	}
	url, err := sending.ProviderURL(ctx, me)
	if err != nil {
		return err
	}
	if url != a.URL {
		if err := sending.RegisterProvider(ctx, me, a.URL); err != nil {
			return fmt.Errorf("%w: has the account of --key ether, and may it act for %s?", err, me)
		}
	}
	return s.holdsKey(ctx, me, chain.Receipts, have, "--receipt-key")
}

// RunOperator is `posp operator run`.
func RunOperator(ctx context.Context, c OperatorConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	if c.Shadow {
		return runShadow(ctx, c, log)
	}
	signing := c.MessageKeys
	if c.Key.Path != "" {
		signing = append([]Key{c.Key}, signing...)
	}
	messages, err := ring(ctx, signing...)
	if err != nil {
		return err
	}
	me := c.Operator
	if me == (posp.Address{}) {
		if me, err = c.Key.Address(ctx); err != nil {
			return err
		}
	}
	cosigner, err := c.BLSKey.cosigner(ctx)
	if err != nil {
		return err
	}
	list, err := c.early(ctx, log)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	registered, err := ledger{s.Reader(), s}.PublicKey(ctx, me)
	if err != nil {
		return fmt.Errorf("%w: register operator %s first", err, me)
	}
	if registered.G1 != cosigner.PublicKey().G1 {
		return fmt.Errorf("--bls-key is not the key that operator %s registered in the KeyRegistrar", me)
	}
	t, err := s.Telemetry(ctx, c.Telemetry, "operator", me, &Verifiers)
	if err != nil {
		return err
	}
	defer t.Close()
	if err := s.holdsKey(ctx, me, chain.Messages, messages, "--message-key"); err != nil {
		return err
	}
	scorers, err := s.engines(ctx, c.Engines, list, log)
	if err != nil {
		return err
	}
	run, err := s.Operator(ctx, OperatorParts{Operator: me, Messages: messages, CoSigner: cosigner, Data: c.Data, Aggregator: c.Aggregator, Backends: scorers,
		Standby: c.Standby, Alone: c.NoOtherInstance, Telemetry: t})
	if ctx.Err() != nil {
		return nil // told to end while standing by
	}
	if err != nil {
		return err
	}
	log.Info("operator is up", zap.Stringer("operator", me), zap.Int("models", len(scorers)))
	return run(ctx)
}

// early is what the models are recomputed with, so far as it is known without
// the chain: what is wrong with it is said before that is asked. With CPUOnly,
// which measures against the pace of blocks, it is nil.
func (c OperatorConfig) early(ctx context.Context, log *zap.Logger) ([]capability, error) {
	if c.Engines.CPUOnly {
		return nil, nil
	}
	list := c.Engines.capabilities(ctx, c.Network, window{}, log)
	_, err := serving(list, zap.NewNop())
	return list, err
}

// engines are the backends by spec that an operator runs with, early among them.
func (s *Site) engines(ctx context.Context, e Engines, early []capability, log *zap.Logger) (map[posp.Hash][]backends.Backend, error) {
	if early == nil {
		w, err := s.window(ctx)
		if err != nil {
			return nil, err
		}
		early = e.capabilities(ctx, s.Network, w, log)
	}
	return serving(early, log)
}

// runShadow is `posp operator run --shadow`.
func runShadow(ctx context.Context, c OperatorConfig, log *zap.Logger) error {
	list, err := c.early(ctx, log)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	scorers, err := s.engines(ctx, c.Engines, list, log)
	if err != nil {
		return err
	}
	t, err := s.Telemetry(ctx, c.Telemetry, "operator", c.Operator, nil)
	if err != nil {
		return err
	}
	defer t.Close()
	run, err := s.Shadow(c.Operator, c.Aggregator, scorers, t)
	if err != nil {
		return err
	}
	log.Info("shadow is up: it signs nothing", zap.Int("models", len(scorers)))
	return run(ctx)
}

// RunAggregator is `posp aggregator`.
func RunAggregator(ctx context.Context, c AggregatorConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	key, err := c.Key.load()
	if err != nil {
		return err
	}
	logParts, err := loadLog(c.Network, c.LogKey, c.Data)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	t, err := s.Telemetry(ctx, c.Telemetry, "aggregator", crypto.PubkeyToAddress(key.PublicKey), nil)
	if err != nil {
		return err
	}
	defer t.Close()
	l, err := Listen(c.Listen)
	if err != nil {
		return err
	}
	parts := AggregatorParts{Key: key, Data: c.Data, Store: c.Store, Log: logParts, Listener: l, Telemetry: t}
	if parts.Proxies, err = c.proxies(); err != nil {
		return errors.Join(err, l.Close())
	}
	if c.Explorer != "" {
		if parts.Explorer, err = Listen(c.Explorer); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	run, err := s.Aggregator(ctx, parts)
	if err != nil {
		if parts.Explorer != nil {
			err = errors.Join(err, parts.Explorer.Close())
		}
		return errors.Join(err, l.Close())
	}
	log.Info("aggregator is up", zap.Stringer("listen", l.Addr()))
	if parts.Explorer != nil {
		log.Info("explorer is up", zap.String("url", "http://"+parts.Explorer.Addr().String()))
	}
	return run(ctx)
}

// open is Open for a daemon.
func (c Common) open(ctx context.Context, log *zap.Logger) (*Site, error) {
	s, err := Open(ctx, c.Network, c.RPC, log)
	if err != nil {
		return nil, err
	}
	s.Chain = c.Chain
	if n, blocks := s.settled(), s.Parameters.Schedule.CommitBlocks; n >= blocks {
		s.Client.Close()
		return nil, fmt.Errorf("--confirmations %d leaves no time: operators have %d blocks to recompute and commit", n, blocks)
	}
	log.Debug("chain", zap.Uint64("id", s.Client.ID()), zap.Int("endpoints", len(s.Client.Endpoints())), zap.Uint64("confirmations", s.settled()))
	return s, nil
}

// ring opens keys that sign in turn.
func ring(ctx context.Context, list ...Key) (keys.Ring, error) {
	var accounts []keys.Account
	for _, k := range list {
		a, err := k.account(ctx)
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, a)
	}
	return keys.NewRing(accounts...), nil
}

// holdsKey refuses to start without the key that has to sign now, and warns of
// one that will have to.
func (s *Site) holdsKey(ctx context.Context, account posp.Address, purpose chain.Purpose, have keys.Ring, flag string) error {
	p := s.Reader()
	notice, err := p.KeyNotice(ctx)
	if err != nil {
		return err
	}
	if n := s.settled(); n > notice {
		return fmt.Errorf("--confirmations %d is more than the %d blocks for which a key is known before it counts", n, notice)
	}
	head, err := p.Block(ctx)
	if err != nil {
		return err
	}
	now := s.Parameters.Schedule.EpochAt(head)
	if purpose == chain.Messages { // receipts are signed while their epoch serves
		for e := range s.Parameters.Schedule.Active(head) {
			key, err := p.KeyAt(ctx, account, purpose, e)
			if err != nil {
				return err
			}
			if _, ok := have[key]; !ok {
				s.Log.Warn("an epoch in work has to be signed by a key that is not here: nothing is sent about it", zap.Uint64("epoch", e), zap.Stringer("key", key))
			}
		}
	}
	for e := now; e <= now+2; e++ { // no later one is decided
		key, err := p.KeyAt(ctx, account, purpose, e)
		if err != nil {
			return err
		}
		if _, ok := have[key]; ok {
			continue
		}
		switch {
		case key == posp.Address{}:
			return fmt.Errorf("provider %s has no receipt key: posp provider rotate-key", account)
		case e == now:
			return fmt.Errorf("%s of %s are signed by %s in epoch %d, which %s does not hold", purpose, account, key, e, flag)
		}
		s.Log.Warn("from a coming epoch on another key has to sign, which is not here: give both", zap.Stringer("purpose", purpose), zap.Uint64("epoch", e), zap.Stringer("key", key))
		break
	}
	return nil
}

func (k Key) load() (*ecdsa.PrivateKey, error) { return keys.LoadECDSA(k.Path, k.Password) }
