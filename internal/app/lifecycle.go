package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// Way is how a command that writes to the chain goes about it.
type Way struct {
	DryRun   bool // show, send nothing
	Calldata bool // print what a multisig has to send, as a batch file of Safe's transaction builder
	Yes      bool // do not ask
	// Operator acts on this operator, with the key of one that it made an admin
	// or appointee in EigenLayer's PermissionController; zero: the key's own account.
	Operator posp.Address
	In       *os.File  // where consent comes from
	Out      io.Writer // what is shown; with Calldata only the file
	Notes    io.Writer // what is shown beside it
}

// OperatorWrite is what every lifecycle command is told. Providers are operators
// of EigenLayer too.
type OperatorWrite struct {
	Network Network
	Side    Side
	RPC     string
	Key     Key    // may be empty where nothing is sent
	Data    string // directory where what is sent is noted until it is mined
	Way
}

// step is one transaction of a plan, and why.
type step struct {
	why string
	tx  chain.Transaction
	// self says that only the operator's own account may send it.
	self bool
}

// plan is what is left to do, from what the chain says: steps to be sent in
// order, what to know before one agrees, and what comes after.
type plan struct {
	warnings []string
	steps    []step
	after    []string
}

func (p *plan) add(why string, tx chain.Transaction) {
	p.steps = append(p.steps, step{why: why, tx: tx})
}

func (p *plan) warn(format string, args ...any) {
	p.warnings = append(p.warnings, fmt.Sprintf(format, args...))
}

func (p *plan) then(format string, args ...any) {
	p.after = append(p.after, fmt.Sprintf(format, args...))
}

// lifecycle is a lifecycle command under way.
type lifecycle struct {
	OperatorWrite
	site     *Site
	account  keys.Account  // nil: nothing can be sent
	sender   *chain.Sender // nil until something is sent
	operator posp.Address
	closers  []func() error
}

// begin loads the account, if one is named, and connects. What an earlier
// command sent before it was cut off is waited for, so that the chain says all
// that was done.
func (w OperatorWrite) begin(ctx context.Context) (_ *lifecycle, err error) {
	if w.DryRun && w.Calldata {
		return nil, errors.New("--dry-run and --calldata exclude each other: both send nothing, and print it differently")
	}
	l := &lifecycle{OperatorWrite: w, operator: w.Operator}
	switch {
	case w.Key.Path != "" && !w.Calldata && !w.DryRun:
		if l.account, err = w.Key.account(ctx); err != nil {
			return nil, err
		}
		if l.operator == (posp.Address{}) {
			l.operator = l.account.Address()
		}
	case l.operator == (posp.Address{}) && w.Key.Path != "":
		if l.operator, err = w.Key.Address(ctx); err != nil {
			return nil, err
		}
	case l.operator == (posp.Address{}):
		return nil, errors.New("whose? name --key or, to send nothing, --operator with --dry-run or --calldata")
	case !w.DryRun && !w.Calldata:
		return nil, errors.New("--key is missing: without one, --dry-run or --calldata")
	}
	defer func() {
		if err != nil {
			l.close()
		}
	}()
	if l.site, err = Open(ctx, w.Network, w.RPC, zap.NewNop()); err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() error { l.site.Client.Close(); return nil })
	if _, err := os.Stat(filepath.Join(w.Data, ofCommands+".db")); l.account == nil || errors.Is(err, fs.ErrNotExist) {
		return l, nil // nothing was sent before
	}
	return l, l.open(ctx)
}

// open makes the sender, unless there is one.
func (l *lifecycle) open(ctx context.Context) error {
	if l.sender != nil {
		return nil
	}
	sender, stop, err := l.site.commanding(ctx, l.account, l.Data)
	if err != nil {
		return err
	}
	l.sender, l.closers = sender, append(l.closers, stop)
	return nil
}

func (l *lifecycle) close() {
	for _, c := range slices.Backward(l.closers) {
		_ = c() // what was written is on disk
	}
}

// do makes a plan of the chain's state and carries it out.
func (w OperatorWrite) do(ctx context.Context, planOf func(*lifecycle) (plan, error)) error {
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	p, err := planOf(l)
	if err != nil {
		return err
	}
	return l.carryOut(ctx, p)
}

// set is the operator set of the command's side.
func (l *lifecycle) set() chain.OperatorSet { return l.Side.OperatorSet(l.Network) }

// carryOut shows or sends what is planned, as the Way says.
func (l *lifecycle) carryOut(ctx context.Context, p plan) error {
	notes := l.Out
	if l.Calldata {
		notes = l.Notes
	}
	for _, w := range p.warnings {
		fmt.Fprintf(notes, "note: %s\n", w)
	}
	for _, s := range p.steps {
		if s.self && l.account != nil && l.account.Address() != l.operator {
			return fmt.Errorf("%s: only %s itself may send this, and --key is of %s", s.why, l.operator, l.account.Address())
		}
	}
	switch {
	case len(p.steps) == 0:
		if l.Calldata {
			return errors.New("there is nothing to send now")
		}
		fmt.Fprintln(notes, "nothing to send now")
	case l.Calldata:
		if err := l.writeBatch(p.steps); err != nil {
			return err
		}
	case l.DryRun:
		for i, s := range p.steps {
			if err := l.show(ctx, i, s, len(p.steps)); err != nil {
				return err
			}
		}
		fmt.Fprintln(l.Out, "dry run: nothing was sent")
	default:
		if err := l.send(ctx, p.steps); err != nil {
			return err
		}
	}
	for _, a := range p.after {
		fmt.Fprintf(notes, "then: %s\n", a)
	}
	return nil
}

// RegisterOptions are those of `posp operator register` and `posp provider register`.
type RegisterOptions struct {
	MetadataURI     string
	AllocationDelay uint32 // blocks; for a new operator

	BLSKey Key // of a verifier

	ReceiptKey Key    // of a provider
	PublicURL  string // likewise: where it serves openings
}

// RegisterOperator makes the account an operator of EigenLayer, registers its
// BN254 key and joins VERIFIERS, as far as it has not and can. Each is left
// out when the chain says that it is done.
func RegisterOperator(ctx context.Context, w OperatorWrite, o RegisterOptions) error {
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.OperatorStatus(ctx, l.operator, 0)
		if err != nil {
			return p, err
		}
		if v.Member {
			p.then("nothing: %s is a member of VERIFIERS; posp operator run", l.operator)
			return p, nil
		}
		l.planRegistration(v.Restaker, o, &p)
		if v.registeredKey == nil {
			if err := l.planKey(ctx, &p, o.BLSKey); err != nil {
				return p, err
			}
		}
		l.planJoin(v.Restaker, &p)
		return p, nil
	})
}

// planRegistration adds becoming an operator of EigenLayer.
func (l *lifecycle) planRegistration(v Restaker, o RegisterOptions, p *plan) {
	if v.Registered {
		return
	}
	p.steps = append(p.steps, step{why: "become an operator of EigenLayer, to whom stake can be delegated", self: true,
		tx: l.Network.EigenLayer.Registering(o.AllocationDelay, o.MetadataURI)})
	if v.Delays.Configuration > 0 {
		p.warn("EigenLayer puts a first allocation delay into force after %s: stake can be allocated from then on", blocks(uint64(v.Delays.Configuration)))
	}
}

// planKey adds the registration of a BN254 key.
func (l *lifecycle) planKey(ctx context.Context, p *plan, k Key) error {
	if k.Path == "" {
		return errors.New("--bls-key is missing: the operator has no BN254 key registered")
	}
	cosigner, err := k.cosigner(ctx)
	if err != nil {
		return err
	}
	e, set := l.Network.EigenLayer, l.set()
	key := cosigner.PublicKey()
	used, err := e.IsKeyUsed(ctx, l.site.Client, nil, key)
	if err != nil {
		return err
	}
	if used {
		return errors.New("--bls-key is or was registered by some operator set: EigenLayer takes each BN254 key once; make another one with posp operator keys create")
	}
	digest, err := e.KeyRegistrationHash(ctx, l.site.Client, l.operator, set, key)
	if err != nil {
		return err
	}
	proof, err := cosigner.Sign(ctx, digest)
	if err != nil {
		return err
	}
	p.add("register the BN254 key that co-signs certificates, with its proof of possession", e.RegisteringKey(l.operator, set, key, proof))
	return nil
}

// planJoin adds joining the set, or says what is missing for it; joins says whether it is added.
func (l *lifecycle) planJoin(v Restaker, p *plan) (joins bool) {
	switch {
	case v.Member:
	case v.IsSlashable:
		p.then("wait until block %d, when the account may join again, and run %s register", v.SlashableUntil, l.Side.command)
	case v.Slashable.Sign() > 0:
		l.addJoin(p)
		return true
	case v.Pending != nil && v.Pending.Sign() > 0:
		p.then("wait until block %d, when the allocation is in force, and run %s register to join", v.EffectBlock, l.Side.command)
	default:
		p.then("%s allocate: %s takes only those with something to lose", l.Side.command, l.Side.name)
	}
	return false
}

// addJoin adds joining the set.
func (l *lifecycle) addJoin(p *plan) {
	why := "from now on batches of receipts can be committed"
	if l.Side == Verifiers {
		why = "from the next operator table on, samples fall to this operator"
	}
	p.add("join "+l.Side.name+": "+why, l.Network.EigenLayer.Joining(l.operator, l.set()))
	p.then("%s run", l.Side.command)
}

// AllocateOptions are those of `allocate` on both sides.
type AllocateOptions struct {
	Percent float64 // of the operator's stake; 0 takes it back
	Deposit string  // of the token, in whole ones: what the account itself shall have staked; empty: as it is
}

// AllocateStake deposits stake if asked, allocates it to the side's set, and
// joins the set if the allocation is in force at once.
func AllocateStake(ctx context.Context, w OperatorWrite, o AllocateOptions) error {
	if o.Percent < 0 || o.Percent > 100 {
		return fmt.Errorf("--percent %v is not in 0..100", o.Percent)
	}
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.restaker(ctx, l.operator, l.Side)
		if err != nil {
			return p, err
		}
		missing := "" // for joining, but for stake
		if l.Side == Verifiers {
			if keyed, err := l.Network.EigenLayer.HasKey(ctx, l.site.Client, nil, l.set(), l.operator); err != nil {
				return p, err
			} else if !keyed {
				missing = "the BN254 key is not registered"
			}
		}
		return l.planAllocation(ctx, v, o, missing)
	})
}

func (l *lifecycle) planAllocation(ctx context.Context, v Restaker, o AllocateOptions, missing string) (p plan, err error) {
	e := l.Network.EigenLayer
	// Magnitudes are of 10^18 once and for all; slashes lower what is left.
	magnitude := uint64(o.Percent / 100 * float64(v.MaxMagnitude))
	if o.Percent == 100 {
		magnitude = v.MaxMagnitude
	}
	switch {
	case !v.Registered:
		return p, fmt.Errorf("the account is no operator of EigenLayer yet: %s register", l.Side.command)
	case v.AllocationDelay == nil:
		return p, fmt.Errorf("the allocation delay is not in force yet: EigenLayer waits %s after %s register", blocks(uint64(v.Delays.Configuration)), l.Side.command)
	}
	shares, err := l.planDeposit(ctx, v, o.Deposit, &p)
	if err != nil {
		return p, err
	}
	if shares.Sign() == 0 {
		p.warn("nothing is delegated to the operator: it will weigh nothing until stakers delegate, or --deposit")
	}
	switch {
	case v.Pending != nil && v.Pending.Sign() != 0:
		if then := new(big.Int).Add(new(big.Int).SetUint64(v.Magnitude), v.Pending); then.Cmp(new(big.Int).SetUint64(magnitude)) != 0 {
			return p, fmt.Errorf("a change of the allocation is pending until block %d: EigenLayer allows one at a time", v.EffectBlock)
		}
		p.then("the allocation becomes %s in block %d already", percent(magnitude, v.MaxMagnitude), v.EffectBlock)
		return p, nil
	case magnitude == v.Magnitude:
		p.then("the allocation is %s already", percent(magnitude, v.MaxMagnitude))
	case magnitude > v.Magnitude && magnitude-v.Magnitude > v.Allocatable:
		return p, fmt.Errorf("--percent %v asks for %s more than the set has, and %s is free: other sets hold the rest", o.Percent,
			percent(magnitude-v.Magnitude, v.MaxMagnitude), percent(v.Allocatable, v.MaxMagnitude))
	default:
		why := fmt.Sprintf("let %s slash %s of the operator's stake", l.Side.name, percent(magnitude, v.MaxMagnitude))
		if magnitude < v.Magnitude {
			p.warn("what is taken back stays slashable for %s", blocks(uint64(v.Delays.Deallocation)))
		} else {
			p.warn("this stake can be slashed from block %d on; to take it back takes %s", v.Block+uint64(*v.AllocationDelay)+1, blocks(uint64(v.Delays.Deallocation)))
		}
		p.add(why, e.Allocating(l.operator, l.set(), e.Strategy, magnitude))
	}
	switch {
	case v.Member || magnitude == 0:
	case missing != "":
		p.then("%s register: %s", l.Side.command, missing)
	case *v.AllocationDelay > 0 && magnitude != v.Magnitude:
		p.then("wait %s until the allocation is in force, and run %s register to join", blocks(uint64(*v.AllocationDelay)), l.Side.command)
	case v.IsSlashable || shares.Sign() == 0:
		l.planJoin(v, &p)
	default:
		l.addJoin(&p)
	}
	return p, nil
}

// planDeposit adds depositing what the account's own stake lacks of the wanted one, so that a
// command that is run again deposits nothing again. shares is what is delegated then.
func (l *lifecycle) planDeposit(ctx context.Context, v Restaker, wanted string, p *plan) (shares *big.Int, err error) {
	if wanted == "" {
		return v.Shares, nil
	}
	e := l.Network.EigenLayer
	amount, err := parseUnits(wanted, int(v.token.Decimals))
	if err != nil {
		return nil, fmt.Errorf("--deposit: %w", err)
	}
	deposited, err := e.Deposited(ctx, l.site.Client, nil, l.operator, e.Strategy)
	if err != nil {
		return nil, err
	}
	lacks := new(big.Int).Sub(amount, deposited)
	if lacks.Sign() <= 0 {
		p.warn("the account has deposited %s already: no more is (posp takes nothing back: see EigenLayer's app or CLI)", v.stake(deposited))
		return v.Shares, nil
	}
	have, err := e.TokenBalance(ctx, l.site.Client, e.Token, l.operator)
	if err != nil {
		return nil, err
	}
	if have.Cmp(lacks) < 0 {
		return nil, fmt.Errorf("--deposit %s: the account has deposited %s, and has %s besides", wanted, v.stake(deposited), v.stake(have))
	}
	approved, err := e.Approved(ctx, l.site.Client, nil, e.Token, l.operator)
	if err != nil {
		return nil, err
	}
	if approved.Cmp(lacks) < 0 {
		p.steps = append(p.steps, step{why: "let EigenLayer take " + v.stake(lacks) + " of the account's", tx: e.Approving(e.Token, lacks), self: true})
	}
	p.steps = append(p.steps, step{why: "deposit " + v.stake(lacks), tx: e.Depositing(e.Strategy, e.Token, lacks), self: true})
	return new(big.Int).Add(v.Shares, lacks), nil
}

// DeregisterOperator leaves VERIFIERS and nothing else.
func DeregisterOperator(ctx context.Context, w OperatorWrite) error {
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.restaker(ctx, l.operator, l.Side)
		if err != nil || !v.Member {
			return p, err
		}
		l.planLeaving(v, &p)
		p.then("posp operator exit takes the stake back")
		return p, nil
	})
}

// planLeaving adds leaving the set, and says what that does not end.
func (l *lifecycle) planLeaving(v Restaker, p *plan) {
	l.warnOfLeaving(v, p)
	why := "no more samples fall to this operator from the next table on"
	if l.Side == Providers {
		why = "no more batches can be committed"
	}
	p.add("leave "+l.Side.name+": "+why, l.Network.EigenLayer.Leaving(l.operator, l.set()))
}

// warnOfLeaving says what leaving does not end.
func (l *lifecycle) warnOfLeaving(v Restaker, p *plan) {
	s := l.site.Parameters.Schedule
	p.warn("for what was signed so far %s can be slashed until block %d (%s)", v.stake(v.Slashable),
		v.Block+uint64(v.Delays.Deallocation)+1, blocks(uint64(v.Delays.Deallocation)))
	if v.Block >= s.Genesis {
		last := s.EpochAt(v.Block)
		if l.Side == Verifiers { // its table may be made already
			p.warn("keep posp operator run going until block %d: samples of epochs up to %d can fall to this operator, and what it does not do counts against it",
				s.CertifyDeadline(last), last)
		} else {
			p.warn("keep posp provider run --drain going until block %d: operators ask for openings of epochs up to %d, and what they are not given is withheld",
				s.CertifyDeadline(last), last)
		}
	}
	for _, c := range v.Charges {
		if c.Status == chain.FaultOpen.String() {
			p.warn("charge %s (%s, epoch %d) is open: it can be executed from block %d on, also after leaving", c.ID, c.Kind, c.Epoch, c.Deadline)
		}
	}
}

// ExitOperator takes the next step out: leave, take the stake back, wait, and
// give up the key. It is run again until nothing is left, and says each time
// what can still be slashed and until when.
func ExitOperator(ctx context.Context, w OperatorWrite) error {
	return w.do(ctx, func(l *lifecycle) (plan, error) {
		v, err := l.site.OperatorStatus(ctx, l.operator, 0)
		if err != nil {
			return plan{}, err
		}
		return l.planExit(v.Restaker, v.registeredKey != nil), nil
	})
}

// planExit adds the next steps out; keyed says that a BN254 key is to be given up.
func (l *lifecycle) planExit(v Restaker, keyed bool) (p plan) {
	e := l.Network.EigenLayer
	if v.Member {
		l.planLeaving(v, &p)
	}
	deallocating := v.Pending != nil && v.Pending.Sign() < 0
	switch {
	case v.Pending != nil && v.Pending.Sign() > 0:
		p.then("an allocation is pending until block %d: run %s exit after it, to take it back", v.EffectBlock, l.Side.command)
		return p
	case v.Magnitude > 0 && !deallocating:
		p.add("take the allocation of "+percent(v.Magnitude, v.MaxMagnitude)+" back", e.Allocating(l.operator, l.set(), e.Strategy, 0))
	}
	until, late := v.SlashableUntil, ""
	if v.Member {
		until, late = v.Block+uint64(v.Delays.Deallocation)+1, fmt.Sprintf(", or as much later as the leaving is mined (%s status says it then)", l.Side.command)
	}
	if v.Member || v.IsSlashable { // without either, no allocation can be slashed, whether it is back yet or not
		p.then("%s stays slashable until block %d (%s)%s; nothing can be done about it but to wait", v.stake(v.Slashable), until, blocks(until-min(until, v.Block)), late)
		if keyed {
			p.then("after that block: %s exit once more, to give up the BN254 key", l.Side.command)
		}
		return p
	}
	if keyed {
		p.add("give up the BN254 key, which can never be registered again", e.DeregisteringKey(l.operator, l.set()))
	}
	if len(p.steps) == 0 {
		p.then("nothing: the %s is out; its stake is free to be withdrawn, which takes %s (posp does not do that: see EigenLayer's app or CLI)", strings.TrimPrefix(l.Side.command, "posp "), blocks(uint64(v.Delays.Withdrawal)))
	}
	return p
}

// RotateKey exchanges the registered BN254 key for a new one, one step each
// time it is run. EigenLayer lets a key go only when the operator is not
// slashable, so a rotation costs the deallocation delay outside the set.
func RotateKey(ctx context.Context, w OperatorWrite, newKey Key) error {
	return w.do(ctx, func(l *lifecycle) (p plan, err error) {
		v, err := l.site.OperatorStatus(ctx, l.operator, 0)
		if err != nil {
			return p, err
		}
		cosigner, err := newKey.cosigner(ctx)
		if err != nil {
			return p, err
		}
		e, set := l.Network.EigenLayer, l.set()
		switch {
		case v.registeredKey != nil && v.registeredKey.G1 == cosigner.PublicKey().G1 && v.Member:
			p.then("nothing: that key is the registered one")
			return p, nil
		case v.Member:
			l.warnOfLeaving(v.Restaker, &p)
			p.warn("EigenLayer keeps a key while its operator is slashable: the operator is out of VERIFIERS for %s, and paid nothing", blocks(uint64(v.Delays.Deallocation)))
			p.add("leave VERIFIERS", e.Leaving(l.operator, set))
			p.then("after block %d: posp operator keys rotate once more", v.Block+uint64(v.Delays.Deallocation)+1)
			return p, nil
		case v.IsSlashable:
			p.then("after block %d: posp operator keys rotate once more", v.SlashableUntil)
			return p, nil
		}
		if v.registeredKey != nil && v.registeredKey.G1 != cosigner.PublicKey().G1 {
			p.add("give up the old BN254 key, for ever", e.DeregisteringKey(l.operator, set))
		}
		if v.registeredKey == nil || v.registeredKey.G1 != cosigner.PublicKey().G1 {
			if err := l.planKey(ctx, &p, newKey); err != nil {
				return p, err
			}
		}
		l.planJoin(v.Restaker, &p)
		return p, nil
	})
}
