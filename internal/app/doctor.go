package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sys/unix"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/inference/backends"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
	"github.com/proof-of-sampling/posp/operator"
)

// Finding is one thing that a doctor looked at.
type Finding struct {
	Check  string `json:"check"`
	Result string `json:"result"` // ok, warn or fail
	Says   string `json:"says"`
	Do     string `json:"do,omitempty"`
}

// doctor looks at everything that an operator needs, and goes on after what
// fails, so that it is all said at once.
type doctor struct {
	cfg      OperatorConfig
	findings []Finding
	site     *Site
	operator posp.Address   // zero: not known
	signers  []keys.Account // what the daemon would sign messages with
	cosigner keys.CoSigner
}

func (d *doctor) ok(check, format string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, Result: "ok", Says: fmt.Sprintf(format, args...)})
}

func (d *doctor) warn(check, do, format string, args ...any) {
	d.findings = append(d.findings, Finding{Check: check, Result: "warn", Says: fmt.Sprintf(format, args...), Do: do})
}

func (d *doctor) fail(check, do string, err error) {
	d.findings = append(d.findings, Finding{Check: check, Result: "fail", Says: err.Error(), Do: do})
}

// ErrUnwell says that a doctor found what keeps an operator from working.
var ErrUnwell = errors.New("not everything is well")

// OperatorDoctor is `posp operator doctor`: a line for each check, and
// ErrUnwell if any failed.
func OperatorDoctor(ctx context.Context, c OperatorConfig, asJSON bool, out io.Writer) error {
	d := &doctor{cfg: c}
	d.examine(ctx)
	failed := 0
	for _, f := range d.findings {
		if f.Result == "fail" {
			failed++
		}
	}
	if asJSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		if err := enc.Encode(d.findings); err != nil {
			return err
		}
	} else {
		for _, f := range d.findings {
			text := f.Says
			if f.Do != "" {
				text += ": " + f.Do
			}
			fmt.Fprintf(out, "%-4s  %-12s  %s\n", f.Result, f.Check, text)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%w: %d of %d checks failed", ErrUnwell, failed, len(d.findings))
	}
	return nil
}

// checkTime bounds each question to somebody else.
const checkTime = 15 * time.Second

func (d *doctor) examine(ctx context.Context) {
	for _, look := range []func(context.Context){d.keys, d.database, d.disk, d.chain, d.contracts, d.registration, d.messageKey, d.aggregator, d.backends} {
		func() {
			ctx, cancel := context.WithTimeout(ctx, checkTime)
			defer cancel()
			look(ctx)
		}()
	}
	if d.site != nil {
		d.site.Client.Close()
	}
}

func (d *doctor) keys(ctx context.Context) {
	type file struct {
		check, flag string
		key         Key
		load        func() error
	}
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
	d.operator = d.cfg.Operator
	var files []file
	if d.cfg.Key.Path != "" || len(d.cfg.MessageKeys) == 0 { // else the account is not here
		files = append(files, file{"account", "--key", d.cfg.Key, signer(d.cfg.Key, func(a posp.Address) {
			if d.operator == (posp.Address{}) {
				d.operator = a
			}
		})})
	} else if d.operator == (posp.Address{}) {
		d.fail("account", "--operator ADDRESS", errors.New("whose messages shall --message-key sign?"))
	}
	for _, k := range d.cfg.MessageKeys {
		files = append(files, file{"message key", "--message-key", k, signer(k, func(posp.Address) {})})
	}
	files = append(files, file{"bn254 key", "--bls-key", d.cfg.BLSKey, func() (err error) { d.cosigner, err = d.cfg.BLSKey.cosigner(ctx); return err }})
	for _, k := range files {
		if k.key.Path == "" {
			d.fail(k.check, "posp operator keys create makes one", fmt.Errorf("%s is not given", k.flag))
			continue
		}
		if err := k.load(); err != nil {
			do := "see docs/failures.md, Keys and databases"
			if errors.Is(err, keys.ErrNotPrivate) {
				do = "chmod 600"
			}
			d.fail(k.check, do, err)
			continue
		}
		if keys.IsWeb3Signer(k.key.Path) || keys.IsCerberus(k.key.Path) {
			d.ok(k.check, "the signing service holds it")
			continue
		}
		if desc, ok, err := keys.Describe(k.key.Path); err == nil && ok && desc.Format == keys.FormatHex {
			d.warn(k.check, "posp operator keys import encrypts it", "%s is not encrypted", k.key.Path)
			continue
		}
		d.ok(k.check, "%s", k.key.Path)
	}
}

func (d *doctor) database(ctx context.Context) {
	const check = "database"
	path := filepath.Join(d.cfg.Data, "operator.db")
	if info, err := os.Stat(d.cfg.Data); err == nil && info.Mode().Perm()&0o077 != 0 {
		d.warn(check, "chmod 700 "+d.cfg.Data, "other users can reach %s, which holds prompts and salts", d.cfg.Data)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := writable(d.cfg.Data); err != nil {
			d.fail(check, "another --data, or its permissions", err)
			return
		}
		d.ok(check, "there is none yet; %s can be written", d.cfg.Data)
		return
	}
	db, err := store.Open(ctx, path, operator.Migrations)
	switch {
	case errors.Is(err, store.ErrLocked):
		d.ok(check, "%s is in use: the daemon runs", path)
		return
	case err != nil:
		d.fail(check, "see docs/failures.md, Keys and databases", err)
		return
	}
	defer db.Close()
	v, err := operator.ExportRecord(ctx, db, false)
	switch {
	case err != nil:
		d.warn(check, "nothing to do if the daemon never ran", "%v", err)
	case v.HandedOver:
		d.fail(check, "run where it was imported, or hand it back (posp operator guard)", errors.New("it was handed over and signs nothing any more"))
	case d.operator != (posp.Address{}) && v.Operator != d.operator:
		d.fail(check, "its own --data for each operator", fmt.Errorf("it is of operator %s, and this is %s", v.Operator, d.operator))
	default:
		d.ok(check, "%s", path)
	}
}

// writable tries to make a file in a directory, or in what is there of its path.
func writable(dir string) error {
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return fmt.Errorf("%s is no directory", dir)
		}
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			return err
		}
		dir = filepath.Dir(dir)
	}
	f, err := os.CreateTemp(dir, ".posp-doctor-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Free space below which an operator is warned, and below which it fails. An
// epoch takes some megabytes; a full disk stops signing.
const (
	littleSpace = 2 << 30
	noSpace     = 100 << 20
)

func (d *doctor) disk(context.Context) {
	const check = "disk"
	dir := d.cfg.Data
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		d.warn(check, "look yourself", "cannot tell how much space there is: %v", err)
		return
	}
	free := st.Bavail * uint64(st.Bsize)
	text := fmt.Sprintf("%.1f GiB free", float64(free)/(1<<30))
	switch {
	case free < noSpace:
		d.fail(check, "make room: without space nothing can be recorded, and so nothing signed", errors.New(text))
	case free < littleSpace:
		d.warn(check, "make room", "%s", text)
	default:
		d.ok(check, "%s", text)
	}
}

// maxSkew is how far the clock may be off before requests that expire are
// refused; blocks, and not the clock, decide everything that is signed.
const maxSkew = 30 * time.Second

// staleHead is how old the newest block may be.
const staleHead = 2 * time.Minute

// developmentChain is the chain id of anvil, hardhat and posp devnet.
const developmentChain = 31337

func (d *doctor) chain(ctx context.Context) {
	s, err := Open(ctx, d.cfg.Network, d.cfg.RPC, zap.NewNop())
	if err != nil {
		d.fail("chain", "--rpc, or the network file", err)
		return
	}
	d.site = s
	d.ok("chain", "chain %d answers", s.Client.ID())
	head, err := s.Client.HeaderByNumber(ctx, nil)
	if err != nil {
		d.fail("head", "another node", fmt.Errorf("read newest block: %w", err))
		return
	}
	age := time.Since(time.Unix(int64(head.Time), 0))
	switch {
	case age < -maxSkew && s.Client.ID() == developmentChain:
		d.warn("clock", "nothing", "block %d is %s in the future, as on a development chain, which mines as it is told", head.Number, (-age).Round(time.Second))
	case age < -maxSkew:
		d.fail("clock", "set the clock by NTP", fmt.Errorf("the newest block is %s in the future: this machine's clock is behind", (-age).Round(time.Second)))
	case age > staleHead:
		d.warn("clock", "wait until the node is in step; otherwise set the clock by NTP", "the newest block, %d, is %s old: the node is behind, or the clock ahead", head.Number, age.Round(time.Second))
	default:
		d.ok("clock", "block %d is %s old", head.Number, age.Round(time.Second))
	}
}

func (d *doctor) contracts(ctx context.Context) {
	if d.site == nil {
		return
	}
	n := d.cfg.Network
	for _, c := range []struct {
		name string
		at   posp.Address
	}{
		{"serviceManager", n.Contracts.ServiceManager}, {"batchRegistry", n.Contracts.BatchRegistry}, {"operatorTable", n.Contracts.OperatorTable},
		{"attestationRegistry", n.Contracts.AttestationRegistry}, {"faultManager", n.Contracts.FaultManager}, {"keyRegistry", n.Contracts.KeyRegistry}, {"allocationManager", n.EigenLayer.AllocationManager},
		{"delegationManager", n.EigenLayer.DelegationManager}, {"keyRegistrar", n.EigenLayer.KeyRegistrar}, {"strategyManager", n.EigenLayer.StrategyManager},
		{"strategy", n.EigenLayer.Strategy},
	} {
		code, err := d.site.Client.CodeAt(ctx, c.at, nil)
		if err == nil && len(code) == 0 {
			err = fmt.Errorf("no contract %s at %s", c.name, c.at)
		}
		if err != nil {
			d.fail("contracts", "the right network file, or the right chain", err)
			return
		}
	}
	d.ok("contracts", "all have code")
}

// lowBalance is what a dozen lifecycle transactions cost at 20 gwei.
var lowBalance = big.NewInt(5e16)

func (d *doctor) registration(ctx context.Context) {
	const check = "registration"
	if d.site == nil || d.operator == (posp.Address{}) {
		return
	}
	v, err := d.site.OperatorStatus(ctx, d.operator, 2)
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
	for _, c := range v.Charges {
		if c.Status == chain.FaultOpen.String() {
			d.warn("charges", "contest it in time (posp challenge), or find out what computed wrongly", "charge %s for %s can be executed from block %d on", c.ID, c.Kind, c.Deadline)
		}
	}
	if v.Balance.Cmp(lowBalance) < 0 {
		d.warn("gas money", "the daemon needs none; register and exit do", "%s ether", units(v.Balance, 18))
	} else {
		d.ok("gas money", "%s ether", units(v.Balance, 18))
	}
}

// messageKey looks whether the daemon could sign its messages, now and later.
func (d *doctor) messageKey(ctx context.Context) {
	const check = "messages"
	if d.site == nil || d.operator == (posp.Address{}) || len(d.signers) == 0 {
		return
	}
	h, err := d.site.hotKeys(ctx, d.operator, chain.Messages)
	if err != nil {
		d.fail(check, "another node, or the right network file", err)
		return
	}
	have := keys.NewRing(d.signers...)
	if _, ok := have[h.Key]; !ok {
		d.fail(check, "--message-key with that key, or posp operator keys set with one that is here", fmt.Errorf("%s signs them in epoch %d, and no key here is it", h.whose(h.Key), h.Epoch))
		return
	}
	for _, k := range h.Coming {
		if _, ok := have[k.Key]; !ok {
			d.warn(check, "give the daemon that key too", "%s signs them from epoch %d on (block %d), and no key here is it", h.whose(k.Key), k.FromEpoch, k.FromBlock)
			return
		}
	}
	d.ok(check, "%s signs them", h.whose(h.Key))
}

func (d *doctor) aggregator(ctx context.Context) {
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

func (d *doctor) backends(ctx context.Context) {
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
