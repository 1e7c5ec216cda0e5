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
	"github.com/proof-of-sampling/posp/internal/keys"
)

// RunProvider is `posp provider`. It registers on chain what buyers and
// operators need, if it is not registered yet, and then lives until ctx ends.
func RunProvider(ctx context.Context, c ProviderConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	key, err := c.Key.load()
	if err != nil {
		return err
	}
	receiptKey, err := c.ReceiptKey.load()
	if err != nil {
		return err
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
	me, signer := crypto.PubkeyToAddress(key.PublicKey), crypto.PubkeyToAddress(receiptKey.PublicKey)
	info, ok, err := s.Reader().Provider(ctx, me)
	switch {
	case err != nil:
		return err
	case ok && info.ReceiptKey != signer:
		return fmt.Errorf("provider %s is registered with receipt key %s; --receipt-key holds %s", me, info.ReceiptKey, signer)
	case !ok || info.URL != c.PublicURL:
		if err := s.Writer(key).RegisterProvider(ctx, signer, c.PublicURL); err != nil {
			return fmt.Errorf("%w: is %s a member of the PROVIDERS operator set?", err, me)
		}
	}
	upstream, dialect, err := connect(ctx, c, m, log)
	if err != nil {
		return err
	}
	t, err := s.Telemetry(ctx, c.Telemetry, "provider", me, new(providersSet))
	if err != nil {
		return err
	}
	defer t.Close()
	l, err := Listen(c.Listen)
	if err != nil {
		return err
	}
	run, err := s.Provider(ctx, ProviderParts{Key: key, ReceiptKey: receiptKey, Upstream: upstream, Dialect: dialect, Model: m, Data: c.Data, Listener: l, Telemetry: t})
	if err != nil {
		return errors.Join(err, l.Close())
	}
	log.Info("provider is up", zap.Stringer("provider", me), zap.Stringer("listen", l.Addr()), zap.String("model", m.Name))
	return run(ctx)
}

// RunOperator is `posp operator run`.
func RunOperator(ctx context.Context, c OperatorConfig, log *zap.Logger) error {
	if err := c.Check(); err != nil {
		return err
	}
	if c.Shadow {
		return runShadow(ctx, c, log)
	}
	account, err := c.Key.account(ctx)
	if err != nil {
		return err
	}
	cosigner, err := c.BLSKey.cosigner(ctx)
	if err != nil {
		return err
	}
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	scorers, err := s.engines(ctx, c.Engines, log)
	if err != nil {
		return err
	}
	registered, err := ledger{s.Reader(), s}.PublicKey(ctx, account.Address())
	if err != nil {
		return fmt.Errorf("%w: register operator %s first", err, account.Address())
	}
	if registered.G1 != cosigner.PublicKey().G1 {
		return fmt.Errorf("--bls-key is not the key that operator %s registered in the KeyRegistrar", account.Address())
	}
	t, err := s.Telemetry(ctx, c.Telemetry, "operator", account.Address(), new(verifiersSet))
	if err != nil {
		return err
	}
	defer t.Close()
	run, err := s.Operator(ctx, OperatorParts{Account: account, CoSigner: cosigner, Data: c.Data, Aggregator: c.Aggregator, Backends: scorers,
		Standby: c.Standby, Alone: c.NoOtherInstance, Telemetry: t})
	if ctx.Err() != nil {
		return nil // told to end while standing by
	}
	if err != nil {
		return err
	}
	log.Info("operator is up", zap.Stringer("operator", account.Address()), zap.Int("models", len(scorers)))
	return run(ctx)
}

// engines are the backends by spec that an operator runs with.
func (s *Site) engines(ctx context.Context, e Engines, log *zap.Logger) (map[posp.Hash][]backends.Backend, error) {
	w, err := s.window(ctx)
	if err != nil {
		return nil, err
	}
	return serving(e.capabilities(ctx, s.Network, w, log), log)
}

// runShadow is `posp operator run --shadow`.
func runShadow(ctx context.Context, c OperatorConfig, log *zap.Logger) error {
	s, err := c.open(ctx, log)
	if err != nil {
		return err
	}
	defer s.Client.Close()
	scorers, err := s.engines(ctx, c.Engines, log)
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

func (k Key) load() (*ecdsa.PrivateKey, error) { return keys.LoadECDSA(k.Path, k.Password) }
