package app

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sys/unix"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
	"github.com/proof-of-sampling/posp/internal/store"
)

// Finding is one thing that a doctor looked at.
type Finding struct {
	Check  string `json:"check"`
	Result string `json:"result"` // ok, warn or fail
	Says   string `json:"says"`
	Do     string `json:"do,omitempty"`
}

// doctor looks at everything that a daemon needs, and goes on after what fails,
// so that it is all said at once.
//
//	doctor.go           what all need: disk, chain, contracts
//	operator_doctor.go  what an operator needs
//	provider_doctor.go  what a provider needs
type doctor struct {
	common   Common
	side     Side
	findings []Finding
	site     *Site        // nil: the chain does not answer
	account  posp.Address // whose daemon it is; zero: not known
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

// ErrUnwell says that a doctor found what keeps a daemon from working.
var ErrUnwell = errors.New("not everything is well")

// checkTime bounds each question to somebody else.
const checkTime = 15 * time.Second

// examine runs the checks, a line for each finding, and returns ErrUnwell if any failed.
func (d *doctor) examine(ctx context.Context, asJSON bool, out io.Writer, checks ...func(context.Context)) error {
	for _, look := range checks {
		func() {
			ctx, cancel := context.WithTimeout(ctx, checkTime)
			defer cancel()
			look(ctx)
		}()
	}
	if d.site != nil {
		d.site.Client.Close()
	}
	failed := 0
	for _, f := range d.findings {
		if f.Result == "fail" {
			failed++
		}
	}
	if asJSON {
		if err := writeJSON(out, d.findings); err != nil {
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

// key loads a key, and says where it is.
func (d *doctor) key(check, flag string, k Key, load func() error) {
	if k.Path == "" {
		d.fail(check, "posp operator keys create makes one", fmt.Errorf("%s is not given", flag))
		return
	}
	if err := load(); err != nil {
		do := "see docs/failures.md, Keys and databases"
		if errors.Is(err, keys.ErrNotPrivate) {
			do = "chmod 600"
		}
		d.fail(check, do, err)
		return
	}
	if keys.IsWeb3Signer(k.Path) || keys.IsCerberus(k.Path) {
		d.ok(check, "the signing service holds it")
		return
	}
	if desc, ok, err := keys.Describe(k.Path); err == nil && ok && desc.Format == keys.FormatHex {
		d.warn(check, "posp operator keys import encrypts it", "%s is not encrypted", k.Path)
		return
	}
	d.ok(check, "%s", k.Path)
}

// open opens the daemon's database. It is nil where there is none, or the daemon has
// it, or something is wrong with it, which is then said.
func (d *doctor) open(ctx context.Context, name string, migrations fs.FS) *sql.DB {
	const check = "database"
	path := filepath.Join(d.common.Data, name)
	if info, err := os.Stat(d.common.Data); err == nil && info.Mode().Perm()&0o077 != 0 {
		d.warn(check, "chmod 700 "+d.common.Data, "other users can reach %s, which holds prompts and salts", d.common.Data)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := writable(d.common.Data); err != nil {
			d.fail(check, "another --data, or its permissions", err)
			return nil
		}
		d.ok(check, "there is none yet; %s can be written", d.common.Data)
		return nil
	}
	db, err := store.Open(ctx, path, migrations)
	switch {
	case errors.Is(err, store.ErrLocked):
		d.ok(check, "%s is in use: the daemon runs", path)
		return nil
	case err != nil:
		d.fail(check, "see docs/failures.md, Keys and databases", err)
		return nil
	}
	return db
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
	dir := d.common.Data
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
	s, err := Open(ctx, d.common.Network, d.common.RPC, zap.NewNop())
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
	n := d.common.Network
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

// charges warns of what can be executed, and of gas money that is needed for need.
func (d *doctor) charges(v Restaker, need string) {
	for _, c := range v.Charges {
		if c.Status == chain.FaultOpen.String() {
			d.warn("charges", "contest it in time (posp challenge), or find out what was wrong", "charge %s for %s can be executed from block %d on", c.ID, c.Kind, c.Deadline)
		}
	}
	if v.Balance.Cmp(lowBalance) < 0 {
		d.warn("gas money", need, "%s ether", units(v.Balance, 18))
	} else {
		d.ok("gas money", "%s ether", units(v.Balance, 18))
	}
}

// hotKey looks whether the daemon could sign, now and later.
func (d *doctor) hotKey(ctx context.Context, check string, purpose chain.Purpose, have keys.Ring) {
	if d.site == nil || d.account == (posp.Address{}) || len(have) == 0 {
		return
	}
	flag, set := keyFlag(purpose), "posp operator keys set"
	if purpose == chain.Receipts {
		set = "posp provider rotate-key"
	}
	h, err := d.site.hotKeys(ctx, d.account, purpose)
	if err != nil {
		d.fail(check, "another node, or the right network file", err)
		return
	}
	if h.Key == (posp.Address{}) {
		d.fail(check, d.side.command+" register", fmt.Errorf("no key is set that signs %s", purpose))
		return
	}
	if _, ok := have[h.Key]; !ok {
		d.fail(check, flag+" with that key, or "+set+" with one that is here", fmt.Errorf("%s signs them in epoch %d, and no key here is it", h.whose(h.Key), h.Epoch))
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
