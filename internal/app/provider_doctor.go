package app

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/provider"
)

// providerDoctor looks at what a provider needs.
type providerDoctor struct {
	doctor
	cfg      ProviderConfig
	receipts []keys.Account // what the daemon would sign receipts with
}

// ProviderDoctor is `posp provider doctor`: a line for each check, and
// ErrUnwell if any failed.
func ProviderDoctor(ctx context.Context, c ProviderConfig, asJSON bool, out io.Writer) error {
	d := &providerDoctor{doctor: doctor{common: c.Common, side: Providers, account: c.Provider}, cfg: c}
	return d.examine(ctx, asJSON, out, d.keys, d.disk, d.chain, d.contracts, d.database, d.membership,
		func(ctx context.Context) { d.hotKey(ctx, "receipts", chain.Receipts, keys.NewRing(d.receipts...)) }, d.upstream, d.address)
}

func (d *providerDoctor) keys(ctx context.Context) {
	d.key("account", "--key", d.cfg.Key, func() error {
		a, err := d.cfg.Key.account(ctx)
		if err == nil && d.account == (posp.Address{}) {
			d.account = a.Address()
		}
		return err
	})
	for _, k := range d.cfg.ReceiptKeys {
		d.key("receipt key", "--receipt-key", k, func() error {
			a, err := k.account(ctx)
			if err == nil {
				d.receipts = append(d.receipts, a)
			}
			return err
		})
	}
	if len(d.cfg.ReceiptKeys) == 0 {
		d.fail("receipt key", "posp operator keys create --type ecdsa makes one", errors.New("--receipt-key is not given"))
	}
}

// database compares the receipts with the chain's.
func (d *providerDoctor) database(ctx context.Context) {
	const check = "database"
	db := d.open(ctx, "provider.db", provider.Migrations)
	if db == nil {
		return
	}
	defer db.Close()
	signed, epoch, err := provider.Signed(ctx, db)
	if err != nil {
		d.fail(check, "see docs/failures.md, Keys and databases", err)
		return
	}
	if d.site == nil || d.account == (posp.Address{}) {
		return
	}
	committed, err := d.site.Reader().NextSequence(ctx, d.account)
	switch {
	case err != nil:
		d.fail(check, "another node", err)
	case committed > signed:
		d.fail(check, "the right --data: with this one sequences would be used twice", fmt.Errorf("the chain has %d receipts in batches, and it %d", committed, signed))
	case committed < signed:
		d.warn(check, fmt.Sprintf("run the daemon before block %d", d.site.Parameters.Schedule.Close(epoch)), "%d receipts are in no batch yet, the newest of epoch %d", signed-committed, epoch)
	default:
		d.ok(check, "its %d receipts are in batches", signed)
	}
}

func (d *providerDoctor) membership(ctx context.Context) {
	const check = "registration"
	if d.site == nil || d.account == (posp.Address{}) {
		return
	}
	v, err := d.site.ProviderStatus(ctx, d.account, 0)
	if err != nil {
		d.fail(check, "a node that keeps logs, or the right network file", err)
		return
	}
	switch {
	case !v.Registered:
		d.fail(check, "posp provider register", fmt.Errorf("%s is no operator of EigenLayer", v.Provider))
	case !v.Member && v.Slashable.Sign() == 0:
		d.fail(check, "posp provider allocate", errors.New("not a member of PROVIDERS, and nothing is allocated to it"))
	case !v.Member:
		d.fail(check, "posp provider register", errors.New("not a member of PROVIDERS"))
	case v.Slashable.Sign() == 0:
		d.warn(check, "posp provider allocate, or stake", "nothing is at stake: markets may refuse such a provider")
	case v.Jailed:
		d.warn(check, "posp provider status lists the charge", "jailed: every receipt is sampled, and markets take no new jobs")
	default:
		d.ok(check, "member of PROVIDERS, %s can be slashed", v.stake(v.Slashable))
	}
	switch {
	case v.URL == "":
		d.fail("public url", "posp provider register, or start the daemon", errors.New("the chain does not say where openings are served"))
	case v.URL != d.cfg.PublicURL:
		d.warn("public url", "posp provider register, or start the daemon, which says so", "the chain says %s, --public-url says %s", v.URL, d.cfg.PublicURL)
	default:
		d.ok("public url", "the chain says %s", v.URL)
	}
	d.charges(v.Restaker, "each batch costs some 180,000 gas: send it ether")
}

// upstream asks the inference server what the daemon would.
func (d *providerDoctor) upstream(ctx context.Context) {
	const check = "server"
	if err := checkURL("--upstream", d.cfg.Upstream); err != nil {
		d.fail(check, "the inference server's address", err)
		return
	}
	m, err := d.common.Network.model(d.cfg.Model)
	if err != nil {
		d.fail(check, "--model", err)
		return
	}
	_, found, err := ask(ctx, d.cfg, m, zap.NewNop())
	if err != nil {
		d.fail(check, "see docs/providers.md", err)
		return
	}
	d.ok(check, "%s serves %s (spec %s, engine class %s), and says what receipts need", strings.TrimSpace(string(found.Kind)+" "+found.Version), m.Name, short(m.Spec.ID()), m.Spec.EngineClass)
}

// address looks whether the public URL leads to --listen. While no daemon
// listens, the doctor does for a moment, and asks itself by the public URL.
func (d *providerDoctor) address(ctx context.Context) {
	const check = "reachable"
	if err := checkURL("--public-url", d.cfg.PublicURL); err != nil {
		d.fail(check, "the URL by which operators reach --listen", err)
		return
	}
	word := rand.Text()
	path := "/posp/v1/doctor/" + word
	l, err := Listen(d.cfg.Listen)
	if err == nil {
		ctx, cancel := context.WithCancel(ctx)
		served := make(chan error, 1)
		go func() {
			served <- Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, `{"error":{"code":%q}}`, r.URL.Path) }))
		}()
		defer func() { cancel(); <-served }()
	}
	free := err == nil
	code, err := codeAt(ctx, strings.TrimSuffix(d.cfg.PublicURL, "/")+path)
	switch want := string(provider.ReasonNotFound); {
	case err != nil:
		d.fail(check, "DNS, firewall, the proxy before --listen", fmt.Errorf("%s: %w", d.cfg.PublicURL, err))
	case free && strings.HasSuffix(code, path):
		d.ok(check, "%s leads to %s (no daemon listens there now)", d.cfg.PublicURL, d.cfg.Listen)
	case !free && code == want:
		d.ok(check, "a provider answers at %s", d.cfg.PublicURL)
	case free && code == want:
		d.fail(check, "--listen, or the proxy before it", fmt.Errorf("a provider answers at %s, and not here: --listen %s is free", d.cfg.PublicURL, d.cfg.Listen))
	default:
		d.fail(check, "the proxy before --listen", fmt.Errorf("what answers at %s is no provider", d.cfg.PublicURL))
	}
}

// refusal is how a provider refuses.
type refusal struct {
	Error struct {
		Code string `json:"code"`
	} `json:"error"`
}

// codeAt is the code of the JSON that a URL answers with; empty if it has none.
func codeAt(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	c := http.Client{Timeout: 10 * time.Second}
	res, err := c.Do(req)
	if err != nil {
		return "", errors.Unwrap(err) // its text names the URL once more
	}
	defer res.Body.Close()
	var said refusal
	if json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&said) != nil {
		return "", nil // something else answers
	}
	return said.Error.Code, nil
}
