package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/operator"
)

// operatorDoctor looks at what an operator needs.
type operatorDoctor struct {
	doctor
	cfg      OperatorConfig
	signers  []keys.Account // what the daemon would sign messages with
	cosigner keys.CoSigner
}

// OperatorDoctor is `posp operator doctor`: a line for each check, and
// ErrUnwell if any failed.
func OperatorDoctor(ctx context.Context, c OperatorConfig, asJSON bool, out io.Writer) error {
	d := &operatorDoctor{doctor: doctor{common: c.Common, side: Verifiers, account: c.Operator}, cfg: c}
	return d.examine(ctx, asJSON, out, d.keys, d.database, d.disk, d.chain, d.contracts, d.registration,
		func(ctx context.Context) { d.hotKey(ctx, "messages", chain.Messages, keys.NewRing(d.signers...)) }, d.aggregator, d.backends)
}

func (d *operatorDoctor) keys(ctx context.Context) {
	signer := func(k Key, is func(posp.Address)) func() error {
		return func() error {
			a, err := k.account(ctx)
			if err != nil {
				return err
			}
			d.signers = append(d.signers, a)
			is(a.Address())
			return nil
		}
	}
	if d.cfg.Key.Path != "" || len(d.cfg.MessageKeys) == 0 { // else the account is not here
		d.key("account", "--key", d.cfg.Key, signer(d.cfg.Key, func(a posp.Address) {
			if d.account == (posp.Address{}) {
				d.account = a
			}
		}))
	} else if d.account == (posp.Address{}) {
		d.fail("account", "--operator ADDRESS", errors.New("whose messages shall --message-key sign?"))
	}
	for _, k := range d.cfg.MessageKeys {
		d.key("message key", "--message-key", k, signer(k, func(posp.Address) {}))
	}
	d.key("bn254 key", "--bls-key", d.cfg.BLSKey, func() (err error) { d.cosigner, err = d.cfg.BLSKey.cosigner(ctx); return err })
}

func (d *operatorDoctor) database(ctx context.Context) {
	const check = "database"
	db := d.open(ctx, "operator.db", operator.Migrations)
	if db == nil {
		return
	}
	defer db.Close()
	v, err := operator.ExportRecord(ctx, db, false)
	switch {
	case err != nil:
		d.warn(check, "nothing to do if the daemon never ran", "%v", err)
	case v.HandedOver:
		d.fail(check, "run where it was imported, or hand it back (posp operator guard)", errors.New("it was handed over and signs nothing any more"))
	case d.account != (posp.Address{}) && v.Operator != d.account:
		d.fail(check, "its own --data for each operator", fmt.Errorf("it is of operator %s, and this is %s", v.Operator, d.account))
	default:
		d.ok(check, "%s", d.cfg.Data)
	}
}

func (d *operatorDoctor) registration(ctx context.Context) {
	const check = "registration"
	if d.site == nil || d.account == (posp.Address{}) {
		return
	}
	v, err := d.site.OperatorStatus(ctx, d.account, 2)
	if err != nil {
		d.fail(check, "a node that keeps logs, or the right network file", err)
		return
	}
	switch {
	case !v.Registered:
		d.fail(check, "posp operator register", fmt.Errorf("%s is no operator of EigenLayer", v.Operator))
	case v.registeredKey == nil:
		d.fail(check, "posp operator register", errors.New("no BN254 key is registered"))
	case d.cosigner != nil && v.registeredKey.G1 != d.cosigner.PublicKey().G1:
		d.fail(check, "the right --bls-key, or posp operator keys rotate", errors.New("--bls-key is not the key that is registered"))
	case !v.Member && v.Slashable.Sign() == 0:
		d.fail(check, "posp operator allocate", errors.New("not a member of VERIFIERS, and nothing is allocated to it"))
	case !v.Member:
		d.fail(check, "posp operator register", errors.New("not a member of VERIFIERS"))
	case v.Counts.Sign() == 0:
		d.fail(check, "posp operator allocate, or stake", errors.New("no stake counts: the operator will be in no table"))
	case v.Jailed:
		d.warn(check, "posp operator status lists the charge", "jailed: in no table until a charge is settled")
	case v.Table == nil:
		d.warn(check, "wait for the next table", "not in the newest operator table")
	default:
		d.ok(check, "%s of %s weight in the table", units(v.Table.Weight, int(v.token.Decimals)), units(v.Table.Total, int(v.token.Decimals)))
	}
	missed := 0
	for _, l := range v.Duties {
		if l.Status == "missed" {
			missed++
		}
	}
	if missed > 0 {
		d.warn("duties", "posp operator status lists them", "%d of the newest epochs were certified without this operator", missed)
	}
	d.charges(v.Restaker, "the daemon needs none; register and exit do")
}

func (d *operatorDoctor) aggregator(ctx context.Context) {
	const check = "aggregator"
	where := d.cfg.Aggregator
	if where == "" {
		where = d.cfg.Network.Aggregator
	}
	name := where
	if u, err := url.Parse(where); err == nil {
		name = u.Scheme + "://" + u.Host
	}
	if d.site == nil {
		return
	}
	client, err := d.site.AggregatorClient(where)
	if err == nil {
		_, _, err = client.Commitments(ctx, 0)
	}
	if err != nil {
		d.fail(check, "--aggregator, or ask who runs it", fmt.Errorf("%s does not answer: %w", name, err))
		return
	}
	d.ok(check, "%s answers", name)
}

func (d *operatorDoctor) backends(ctx context.Context) {
	w := window{}
	if d.site != nil {
		var err error
		if w, err = d.site.window(ctx); err != nil {
			d.warn("models", "another node", "the time to recompute is not known: %v", err)
		}
	} else if d.cfg.CPUOnly {
		return // how much time there is stands on the chain
	}
	list := d.cfg.capabilities(ctx, d.cfg.Network, w, zap.NewNop())
	working := 0
	for _, c := range list {
		check := "model " + c.model.Name
		if c.err == nil && c.lacks == nil && c.working() {
			working++
		}
		switch {
		case c.err != nil:
			d.fail(check, "see docs/operators.md, Backends", c.err)
		case c.lacks != nil:
			d.warn(check, "--backend "+c.model.Name+"=URL with a server that runs it; until then "+missCost, "%v", c.lacks)
		case !c.working():
			d.warn(check, "start them: until one answers its samples are missed, and "+missCost, "%s", c.says)
		case slices.ContainsFunc(c.backends, func(b backends.Backend) bool { return b.Scorer == nil }):
			d.warn(check, "start what is not reached", "%s", c.says)
		default:
			d.ok(check, "%s", c.says)
		}
	}
	if working == 0 {
		d.fail("models", "--backend NAME=URL with a server that runs one", errors.New("none of the network's models can be recomputed"))
	}
}
