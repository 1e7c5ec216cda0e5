package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/provider"
)

// RegisterProvider makes the account an operator of EigenLayer, sets its first
// receipt key, joins PROVIDERS and says where openings are served, as far as it
// has not and can.
func RegisterProvider(ctx context.Context, w OperatorWrite, o RegisterOptions) error {
	if o.PublicURL != "" {
		if err := checkURL("--public-url", o.PublicURL); err != nil {
			return err
		}
	}
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.ProviderStatus(ctx, l.operator, 0)
		if err != nil {
			return p, err
		}
		l.planRegistration(v.Restaker, o, &p)
		if err := l.planFirstKey(ctx, v, o.ReceiptKey, &p); err != nil {
			return p, err
		}
		joins := l.planJoin(v.Restaker, &p)
		switch {
		case o.PublicURL == "" && v.URL == "":
			return p, errors.New("--public-url is missing: where shall operators ask for openings?")
		case o.PublicURL == "" || o.PublicURL == v.URL:
		case v.Member || joins:
			p.add("say where openings are served", chain.RegisteringProvider(l.Network.Contracts.BatchRegistry, l.operator, o.PublicURL))
		default:
			p.then("posp provider register --public-url %s once more then, to say where openings are served: the BatchRegistry takes that of members alone", o.PublicURL)
		}
		if len(p.steps) == 0 && v.Member {
			p.then("nothing: %s is a member of PROVIDERS; posp provider run", l.operator)
		}
		return p, nil
	})
}

// planFirstKey adds setting the first receipt key; later ones are exchanged.
func (l *lifecycle) planFirstKey(ctx context.Context, v *ProviderStatus, k Key, p *plan) error {
	old := v.Receipts.last()
	if k.Path == "" {
		if old == (posp.Address{}) {
			return errors.New("--receipt-key is missing: the provider has none yet (posp operator keys create --type ecdsa makes one)")
		}
		return nil
	}
	key, err := k.Address(ctx)
	switch {
	case err != nil:
		return err
	case old == (posp.Address{}):
		p.add(fmt.Sprintf("let %s sign receipts, from the epoch on in which this is mined (now %d)", key, v.Receipts.Next),
			chain.SettingKey(l.Network.Contracts.KeyRegistry, l.operator, chain.Receipts, key))
	case old != key:
		p.warn("%s signs receipts, and not %s: posp provider rotate-key exchanges them", old, key)
	}
	return nil
}

// LeaveOptions are those of `posp provider deregister` and `exit`.
type LeaveOptions struct {
	Data  string // the daemon's directory
	Force bool   // also with receipts that are in no batch
}

// DeregisterProvider leaves PROVIDERS and nothing else.
func DeregisterProvider(ctx context.Context, w OperatorWrite, o LeaveOptions) error {
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.restaker(ctx, l.operator, l.Side)
		if err != nil || !v.Member {
			return p, err
		}
		if err := l.allCommitted(ctx, o, &p); err != nil {
			return p, err
		}
		l.planLeaving(v, &p)
		p.then("posp provider exit takes the stake back")
		return p, nil
	})
}

// ExitProvider takes the next step out: leave, take the stake back, wait.
func ExitProvider(ctx context.Context, w OperatorWrite, o LeaveOptions) error {
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.restaker(ctx, l.operator, l.Side)
		if err != nil {
			return p, err
		}
		var warned plan
		if v.Member {
			if err := l.allCommitted(ctx, o, &warned); err != nil {
				return p, err
			}
		}
		p = l.planExit(v, false)
		p.warnings = append(warned.warnings, p.warnings...)
		return p, nil
	})
}

// allCommitted refuses while a receipt is in no batch, or could come to be: who is
// no member commits nothing, and a receipt in no batch is a charge. It takes the
// daemon's lock, until the command ends, so that nothing is signed meanwhile.
func (l *lifecycle) allCommitted(ctx context.Context, o LeaveOptions, p *plan) error {
	if o.Force {
		p.warn("whether all receipts are in batches was not looked at: each that is not can be charged as omitted")
		return nil
	}
	path := filepath.Join(o.Data, "provider.db")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no provider's database in %s, which says whether all receipts are in batches: name it with --data, or --force", o.Data)
	}
	db, err := store.Open(ctx, path, provider.Migrations)
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("the provider still runs, and may sign receipts that could never be committed: posp provider run --drain until its batch is on chain, then stop it, and leave (%w)", err)
	}
	if err != nil {
		return err
	}
	l.closers = append(l.closers, db.Close)
	signed, epoch, err := provider.Signed(ctx, db)
	if err != nil {
		return err
	}
	committed, err := l.site.Reader().NextSequence(ctx, l.operator)
	if err != nil {
		return err
	}
	if signed <= committed {
		return nil
	}
	s := l.site.Parameters.Schedule
	return fmt.Errorf("%d receipts are in no batch yet, the newest of epoch %d: who is no member of PROVIDERS cannot commit them, and each is then a charge of omission. Let posp provider run --drain commit them, with the next batch, between blocks %d and %d, and leave then; or --force",
		signed-committed, epoch, s.Start(epoch+1), s.Close(epoch)-1)
}
