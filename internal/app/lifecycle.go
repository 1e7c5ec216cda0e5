package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"

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

// OperatorWrite is what every lifecycle command is told.
type OperatorWrite struct {
	Network Network
	RPC     string
	Key     Key // may be empty where nothing is sent
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
	account  keys.Account // nil: nothing can be sent
	operator posp.Address
}

// begin loads the account, if one is named, and connects.
func (w OperatorWrite) begin(ctx context.Context) (*lifecycle, error) {
	if w.DryRun && w.Calldata {
		return nil, errors.New("--dry-run and --calldata exclude each other: both send nothing, and print it differently")
	}
	l := &lifecycle{OperatorWrite: w, operator: w.Operator}
	switch {
	case w.Key.Path != "" && !w.Calldata && !w.DryRun:
		var err error
		if l.account, err = w.Key.account(ctx); err != nil {
			return nil, err
		}
		if l.operator == (posp.Address{}) {
			l.operator = l.account.Address()
		}
	case l.operator == (posp.Address{}) && w.Key.Path != "":
		var err error
		if l.operator, err = w.Key.Address(ctx); err != nil {
			return nil, err
		}
	case l.operator == (posp.Address{}):
		return nil, errors.New("whose? name --key or, to send nothing, --operator with --dry-run or --calldata")
	case !w.DryRun && !w.Calldata:
		return nil, errors.New("--key is missing: without one, --dry-run or --calldata")
	}
	var err error
	l.site, err = Open(ctx, w.Network, w.RPC, zap.NewNop())
	return l, err
}

func (l *lifecycle) close() { l.site.Client.Close() }

// do makes a plan of the chain's state and carries it out.
func (l *lifecycle) do(ctx context.Context, planOf func(*OperatorStatus) (plan, error)) error {
	v, err := l.site.OperatorStatus(ctx, l.operator, 4)
	if err != nil {
		return err
	}
	p, err := planOf(v)
	if err != nil {
		return err
	}
	return l.carryOut(ctx, p)
}

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

// RegisterOptions are `posp operator register`'s own.
type RegisterOptions struct {
	BLSKey          Key
	MetadataURI     string
	AllocationDelay uint32 // blocks; for a new operator
}

// RegisterOperator makes the account an operator of EigenLayer, registers its
// BN254 key and joins VERIFIERS, as far as it has not and can. Each is left
// out when the chain says that it is done.
func RegisterOperator(ctx context.Context, w OperatorWrite, o RegisterOptions) error {
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	return l.do(ctx, func(v *OperatorStatus) (p plan, err error) {
		if v.Member {
			p.then("nothing: %s is a member of VERIFIERS; posp operator run", l.operator)
			return p, nil
		}
		if !v.Registered {
			p.steps = append(p.steps, step{why: "become an operator of EigenLayer, to whom stake can be delegated", self: true,
				tx: l.Network.EigenLayer.Registering(o.AllocationDelay, o.MetadataURI)})
			if v.Delays.Configuration > 0 {
				p.warn("EigenLayer puts a first allocation delay into force after %s: stake can be allocated from then on", blocks(uint64(v.Delays.Configuration)))
			}
		}
		if v.registeredKey == nil {
			if err := l.planKey(ctx, &p, o.BLSKey); err != nil {
				return p, err
			}
		}
		l.planJoin(v, &p)
		return p, nil
	})
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
	e, set := l.Network.EigenLayer, l.site.verifiers()
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

// planJoin adds joining VERIFIERS, or says what is missing for it.
func (l *lifecycle) planJoin(v *OperatorStatus, p *plan) {
	switch {
	case v.Member:
	case v.IsSlashable:
		p.then("wait until block %d, when the operator may join again, and run posp operator register", v.SlashableUntil)
	case v.Slashable.Sign() > 0:
		p.add("join VERIFIERS: from the next operator table on, samples fall to this operator", l.Network.EigenLayer.Joining(l.operator, l.site.verifiers()))
		p.then("posp operator run")
	case v.Pending != nil && v.Pending.Sign() > 0:
		p.then("wait until block %d, when the allocation is in force, and run posp operator register to join", v.EffectBlock)
	default:
		p.then("posp operator allocate: VERIFIERS takes only operators with something to lose")
	}
}

// AllocateOptions are `posp operator allocate`'s own.
type AllocateOptions struct {
	Percent float64 // of the operator's stake; 0 takes it back
	Deposit string  // of the token, in whole ones; empty: nothing
}

// AllocateStake deposits stake if asked, allocates it to VERIFIERS, and joins
// the set if the allocation is in force at once.
func AllocateStake(ctx context.Context, w OperatorWrite, o AllocateOptions) error {
	if o.Percent < 0 || o.Percent > 100 {
		return fmt.Errorf("--percent %v is not in 0..100", o.Percent)
	}
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	return l.do(ctx, func(v *OperatorStatus) (plan, error) { return l.planAllocation(ctx, v, o) })
}

func (l *lifecycle) planAllocation(ctx context.Context, v *OperatorStatus, o AllocateOptions) (p plan, err error) {
	e := l.Network.EigenLayer
	shares := v.Shares
	switch {
	case !v.Registered:
		return p, errors.New("the account is no operator of EigenLayer yet: posp operator register")
	case v.AllocationDelay == nil:
		return p, fmt.Errorf("the allocation delay is not in force yet: EigenLayer waits %s after posp operator register", blocks(uint64(v.Delays.Configuration)))
	case v.Pending != nil && v.Pending.Sign() != 0:
		return p, fmt.Errorf("a change of the allocation is pending until block %d: EigenLayer allows one at a time", v.EffectBlock)
	}
	if o.Deposit != "" {
		amount, err := parseUnits(o.Deposit, int(v.token.Decimals))
		if err != nil {
			return p, fmt.Errorf("--deposit: %w", err)
		}
		have, err := e.TokenBalance(ctx, l.site.Client, e.Token, l.operator)
		if err != nil {
			return p, err
		}
		if have.Cmp(amount) < 0 {
			return p, fmt.Errorf("--deposit %s: the account has %s", o.Deposit, v.stake(have))
		}
		p.steps = append(p.steps,
			step{why: "let EigenLayer take " + v.stake(amount) + " of the account's", tx: e.Approving(e.Token, amount), self: true},
			step{why: "deposit " + v.stake(amount), tx: e.Depositing(e.Strategy, e.Token, amount), self: true})
		shares = new(big.Int).Add(shares, amount)
	}
	if shares.Sign() == 0 {
		p.warn("nothing is delegated to the operator: it will weigh nothing until stakers delegate, or --deposit")
	}
	// Magnitudes are of 10^18 once and for all; slashes lower what is left.
	magnitude := uint64(o.Percent / 100 * float64(v.MaxMagnitude))
	if o.Percent == 100 {
		magnitude = v.MaxMagnitude
	}
	switch {
	case magnitude == v.Magnitude:
		p.then("the allocation is %s already", percent(magnitude, v.MaxMagnitude))
	case magnitude > v.Magnitude && magnitude-v.Magnitude > v.Allocatable:
		return p, fmt.Errorf("--percent %v asks for %s more than the set has, and %s is free: other sets hold the rest", o.Percent,
			percent(magnitude-v.Magnitude, v.MaxMagnitude), percent(v.Allocatable, v.MaxMagnitude))
	default:
		why := fmt.Sprintf("let VERIFIERS slash %s of the operator's stake", percent(magnitude, v.MaxMagnitude))
		if magnitude < v.Magnitude {
			p.warn("what is taken back stays slashable for %s", blocks(uint64(v.Delays.Deallocation)))
		} else {
			p.warn("this stake can be slashed from block %d on; to take it back takes %s", v.Block+uint64(*v.AllocationDelay)+1, blocks(uint64(v.Delays.Deallocation)))
		}
		p.add(why, e.Allocating(l.operator, l.site.verifiers(), e.Strategy, magnitude))
	}
	switch {
	case v.Member || magnitude == 0:
	case v.registeredKey == nil:
		p.then("posp operator register: the BN254 key is not registered")
	case *v.AllocationDelay > 0 && magnitude != v.Magnitude:
		p.then("wait %s until the allocation is in force, and run posp operator register to join", blocks(uint64(*v.AllocationDelay)))
	case v.IsSlashable || shares.Sign() == 0:
		l.planJoin(v, &p)
	default:
		p.add("join VERIFIERS: from the next operator table on, samples fall to this operator", e.Joining(l.operator, l.site.verifiers()))
		p.then("posp operator run")
	}
	return p, nil
}

// DeregisterOperator leaves VERIFIERS and nothing else.
func DeregisterOperator(ctx context.Context, w OperatorWrite) error {
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	return l.do(ctx, func(v *OperatorStatus) (p plan, err error) {
		if !v.Member {
			return p, nil
		}
		l.warnOfLeaving(v, &p)
		p.add("leave VERIFIERS", l.Network.EigenLayer.Leaving(l.operator, l.site.verifiers()))
		p.then("posp operator exit takes the stake back")
		return p, nil
	})
}

// warnOfLeaving says what leaving does not end.
func (l *lifecycle) warnOfLeaving(v *OperatorStatus, p *plan) {
	s := l.site.Parameters.Schedule
	p.warn("for what was signed so far %s can be slashed until block %d (%s)", v.stake(v.Slashable),
		v.Block+uint64(v.Delays.Deallocation)+1, blocks(uint64(v.Delays.Deallocation)))
	if v.Block >= s.Genesis {
		last := s.EpochAt(v.Block) // its table may be made already
		p.warn("keep posp operator run going until block %d: samples of epochs up to %d can fall to this operator, and what it does not do counts against it",
			s.CertifyDeadline(last), last)
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
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	return l.do(ctx, func(v *OperatorStatus) (plan, error) { return l.planExit(v), nil })
}

func (l *lifecycle) planExit(v *OperatorStatus) (p plan) {
	e, set := l.Network.EigenLayer, l.site.verifiers()
	if v.Member {
		l.warnOfLeaving(v, &p)
		p.add("leave VERIFIERS: no more samples fall to this operator from the next table on", e.Leaving(l.operator, set))
	}
	deallocating := v.Pending != nil && v.Pending.Sign() < 0
	switch {
	case v.Pending != nil && v.Pending.Sign() > 0:
		p.then("an allocation is pending until block %d: run posp operator exit after it, to take it back", v.EffectBlock)
		return p
	case v.Magnitude > 0 && !deallocating:
		p.add("take the allocation of "+percent(v.Magnitude, v.MaxMagnitude)+" back", e.Allocating(l.operator, set, e.Strategy, 0))
	}
	until := v.SlashableUntil
	if v.Member {
		until = v.Block + uint64(v.Delays.Deallocation) + 1
	}
	if v.Member || v.IsSlashable { // without either, no allocation can be slashed, whether it is back yet or not
		p.then("%s stays slashable until block %d (%s); nothing can be done about it but to wait", v.stake(v.Slashable), until, blocks(until-min(until, v.Block)))
		p.then("after block %d: posp operator exit once more, to give up the BN254 key", until)
		return p
	}
	if v.registeredKey != nil {
		p.add("give up the BN254 key, which can never be registered again", e.DeregisteringKey(l.operator, set))
	}
	if len(p.steps) == 0 {
		p.then("nothing: the operator is out; its stake is free to be withdrawn, which takes %s (posp does not do that: see EigenLayer's app or CLI)", blocks(uint64(v.Delays.Withdrawal)))
	}
	return p
}

// RotateKey exchanges the registered BN254 key for a new one, one step each
// time it is run. EigenLayer lets a key go only when the operator is not
// slashable, so a rotation costs the deallocation delay outside the set.
func RotateKey(ctx context.Context, w OperatorWrite, newKey Key) error {
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	return l.do(ctx, func(v *OperatorStatus) (p plan, err error) {
		cosigner, err := newKey.cosigner(ctx)
		if err != nil {
			return p, err
		}
		e, set := l.Network.EigenLayer, l.site.verifiers()
		switch {
		case v.registeredKey != nil && v.registeredKey.G1 == cosigner.PublicKey().G1 && v.Member:
			p.then("nothing: that key is the registered one")
			return p, nil
		case v.Member:
			l.warnOfLeaving(v, &p)
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
		l.planJoin(v, &p)
		return p, nil
	})
}
