package app

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/provider"
)

// problems collects everything that is wrong with a configuration, so that a
// user mends it in one go.
type problems struct{ errs []error }

func (p *problems) add(err error) {
	if err != nil {
		p.errs = append(p.errs, err)
	}
}

func (p *problems) when(bad bool, format string, args ...any) {
	if bad {
		p.errs = append(p.errs, fmt.Errorf(format, args...))
	}
}

func (p *problems) join() error { return errors.Join(p.errs...) }

// Key says where a secret key is; the key itself never stands in a flag.
type Key struct {
	Path     string        // hex file or keystore
	Password keys.Password // of a keystore
}

// NewKey names a key file, and the file or else the environment variable with
// its password.
func NewKey(path, passwordFile, passwordEnv string) Key {
	return Key{Path: path, Password: keys.Password{File: passwordFile, Env: passwordEnv}}
}

// Common is what every daemon is told.
type Common struct {
	Network    Network
	Unread     error  // why there is no Network, which Check then says
	RPC        string // overrides the network file's
	Aggregator string // overrides the network file's
	Data       string // directory of the role's database
	Chain      ChainConfig
	Telemetry  TelemetryConfig
	Log        LogConfig
}

func (c Common) check(p *problems) {
	if c.Unread != nil {
		p.add(c.Unread)
	} else {
		p.add(c.Network.Check())
	}
	c.Chain.check(p)
	c.Telemetry.check(p)
	c.Log.check(p)
	p.when(c.Data == "", "--data is missing: where shall the database be?")
}

// ProviderConfig configures `posp provider run`.
type ProviderConfig struct {
	Common
	Key      Key          // sends transactions: the EigenLayer operator account, or one that may commit for it
	Provider posp.Address // the EigenLayer operator; zero: the account of Key
	// ReceiptKeys sign receipts: the one that the KeyRegistry has and, while it is
	// exchanged, the one that it will have.
	ReceiptKeys []Key
	Upstream    string // the inference server, such as http://127.0.0.1:8000
	Model       string // name of the network's model that the server runs, and of it at the server
	Listen      string // host:port for buyers and operators
	PublicURL   string // how operators reach Listen from outside; registered on chain
	Drain       bool   // give no more receipts: commit and open what was signed

	// UpstreamKind is one of provider.Kinds; empty: the server is asked.
	UpstreamKind string
}

func (c ProviderConfig) Check() error {
	var p problems
	c.check(&p)
	p.when(c.Key.Path == "", "--key is missing")
	p.when(len(c.ReceiptKeys) == 0, "--receipt-key is missing")
	p.add(checkURL("--upstream", c.Upstream))
	p.when(c.UpstreamKind != "" && !slices.Contains(provider.Kinds, provider.Kind(c.UpstreamKind)),
		"--upstream-kind %q is none of %v", c.UpstreamKind, provider.Kinds)
	p.add(checkURL("--public-url", c.PublicURL))
	p.when(c.Listen == "", "--listen is missing")
	if c.Unread == nil {
		_, err := c.Network.model(c.Model)
		p.add(err)
	}
	return p.join()
}

// OperatorConfig configures `posp operator run`.
type OperatorConfig struct {
	Common
	// Key is the EigenLayer operator account. It signs messages where the
	// KeyRegistry has no message key; where it has one, Key may be empty.
	Key Key
	// MessageKeys sign messages: the one that the KeyRegistry has and, while it is
	// exchanged, the one that it will have.
	MessageKeys []Key
	BLSKey      Key // co-signs certificates; registered in the KeyRegistrar
	Engines

	Shadow          bool         // compare only: no key is needed, and nothing is signed
	Operator        posp.Address // zero: the account of Key; with Shadow whose samples to recompute, zero: all
	Standby         bool         // wait for the database while another process has it
	NoOtherInstance bool         // the user's word: start without knowing all that was signed
}

func (c OperatorConfig) Check() error {
	var p problems
	c.check(&p)
	p.when(c.Shadow && (c.Standby || c.NoOtherInstance), "--shadow signs nothing: --standby and --no-other-instance-signs are of no use with it")
	if !c.Shadow {
		p.when(c.Key.Path == "" && len(c.MessageKeys) == 0, "--message-key is missing, or --key, if the account itself signs messages")
		p.when(len(c.MessageKeys) > 0 && c.Key.Path == "" && c.Operator == posp.Address{}, "--operator is missing: whose messages shall --message-key sign?")
		p.when(c.BLSKey.Path == "", "--bls-key is missing")
	}
	c.Engines.checkFor(c.Network, c.Unread == nil, &p)
	return p.join()
}

// AggregatorConfig configures `posp aggregator run`.
type AggregatorConfig struct {
	Common
	Key    Key    // pays for transactions; needs no stake
	Listen string // host:port of the API

	// Store is the URL of a PostgreSQL that replicas share; empty for a SQLite
	// file in Data. It holds no password: that is in PGPASSFILE's file.
	Store string

	// LogKey is the file of the key that signs the transparency log's heads; empty
	// for no log. Of several replicas one keeps the log, in its Data.
	LogKey string

	// Explorer is the host:port of the page that shows the deployment; empty for
	// none. Everybody who reaches it may look.
	Explorer string

	// ExplorerProxies are the networks (CIDR) of reverse proxies before that page
	// whose X-Forwarded-For says who asks. None by default: the limits of one
	// address then count for everybody behind a proxy together.
	ExplorerProxies []string
}

// proxies are the networks of ExplorerProxies.
func (c AggregatorConfig) proxies() (list []netip.Prefix, err error) {
	for _, s := range c.ExplorerProxies {
		p, e := netip.ParsePrefix(s)
		if e != nil {
			err = errors.Join(err, fmt.Errorf("--explorer-trusted-proxy %q is not a network such as 127.0.0.1/32 or fd00::/8", s))
			continue
		}
		list = append(list, p.Masked())
	}
	return list, err
}

func (c AggregatorConfig) Check() error {
	var p problems
	c.check(&p)
	_, err := c.proxies()
	p.add(err)
	p.when(len(c.ExplorerProxies) > 0 && c.Explorer == "", "--explorer-trusted-proxy is for --explorer, which is missing")
	p.when(c.Key.Path == "", "--key is missing")
	p.when(c.Listen == "", "--listen is missing")
	if c.LogKey != "" {
		_, err := c.Network.logPolicy()
		p.add(err)
	}
	if c.Store != "" {
		u, err := url.Parse(c.Store)
		p.when(err != nil || !store.Shared(c.Store), "--store is not a URL such as postgres://posp@127.0.0.1:5432/posp")
		if err == nil {
			_, secret := u.User.Password()
			p.when(secret || u.Query().Has("password"), "--store holds a password, which others on this machine can read: put it into ~/.pgpass, or a file that PGPASSFILE names")
		}
	}
	return p.join()
}
