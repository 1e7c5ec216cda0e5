package app

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"go.uber.org/zap"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
)

// What a hot key signs: messages of an operator, receipts of a provider.
const (
	Messages = chain.Messages
	Receipts = chain.Receipts
)

// HotKey is a key that signs from an epoch on, until another one does.
type HotKey struct {
	FromEpoch uint64       `json:"fromEpoch"`
	FromBlock uint64       `json:"fromBlock"` // in which that epoch starts
	Key       posp.Address `json:"key"`
	SetIn     uint64       `json:"setIn,omitempty"` // block; 0: not known, or never set
}

// HotKeys is whose signature counts for an account, as of a block.
type HotKeys struct {
	Account posp.Address `json:"account"`
	Purpose string       `json:"purpose"` // messages or receipts
	Block   uint64       `json:"block"`
	Epoch   uint64       `json:"epoch"`             // that serves at Block
	Key     posp.Address `json:"key"`               // of Epoch; zero: none
	Coming  []HotKey     `json:"coming"`            // of later epochs, ascending
	Next    uint64       `json:"nextEpoch"`         // from which on what is set in the next block counts
	Notice  uint64       `json:"notice"`            // blocks before an epoch's start from which on its key stays
	History []HotKey     `json:"history,omitempty"` // all that ever counted or will, ascending; only where it was asked for
}

// hotKeys reads whose signature counts now, and whose will.
func (s *Site) hotKeys(ctx context.Context, account posp.Address, purpose chain.Purpose) (h HotKeys, err error) {
	p, schedule := s.Reader(), s.Parameters.Schedule
	h = HotKeys{Account: account, Purpose: purpose.String(), Coming: []HotKey{}}
	if h.Block, err = p.Block(ctx); err != nil {
		return h, fmt.Errorf("read newest block: %w", err)
	}
	if h.Notice, err = p.KeyNotice(ctx); err != nil {
		return h, err
	}
	h.Epoch = schedule.EpochAt(h.Block)
	if h.Key, err = p.KeyAt(ctx, account, purpose, h.Epoch); err != nil {
		return h, err
	}
	h.Next = chain.KeyFrom(schedule, h.Block+1, h.Notice)
	last := h.Key
	for e := h.Epoch + 1; e <= h.Next; e++ { // nothing is set for later ones yet
		key, err := p.KeyAt(ctx, account, purpose, e)
		if err != nil {
			return h, err
		}
		if key != last {
			h.Coming = append(h.Coming, HotKey{FromEpoch: e, FromBlock: schedule.Start(e), Key: key})
			last = key
		}
	}
	if last == (posp.Address{}) { // a first receipt key replaces nothing
		h.Next = schedule.EpochAt(h.Block + 1)
	}
	return h, nil
}

// last is the key of the epochs of which none is decided yet.
func (h HotKeys) last() posp.Address {
	if n := len(h.Coming); n > 0 {
		return h.Coming[n-1].Key
	}
	return h.Key
}

// history reads what ever counted. What was set more than notice blocks before
// the first epoch counts from that one, so no older logs are needed than of those.
func (s *Site) history(ctx context.Context, h *HotKeys, purpose chain.Purpose) error {
	p, schedule := s.Reader(), s.Parameters.Schedule
	first, err := p.KeyAt(ctx, h.Account, purpose, 0)
	if err != nil {
		return err
	}
	changes, err := p.KeyHistory(ctx, h.Account, purpose, schedule.Genesis-min(schedule.Genesis, h.Notice))
	if err != nil {
		return err
	}
	h.History = spans(schedule, first, changes)
	return nil
}

// spans are the keys that counted or will, from that of epoch 0 and the changes, of
// which the later one counts where two are of one epoch.
func spans(s posp.Schedule, first posp.Address, changes []chain.KeyChange) (list []HotKey) {
	if first != (posp.Address{}) {
		list = append(list, HotKey{FromBlock: s.Start(0), Key: first})
	}
	for _, c := range changes {
		k := HotKey{FromEpoch: c.FromEpoch, FromBlock: s.Start(c.FromEpoch), Key: c.Key, SetIn: c.Block}
		if n := len(list); n > 0 && list[n-1].FromEpoch == c.FromEpoch {
			list[n-1] = k
		} else {
			list = append(list, k)
		}
	}
	return list
}

// keyFlag is what a daemon is given its keys with.
func keyFlag(purpose chain.Purpose) string {
	if purpose == chain.Receipts {
		return "--receipt-key"
	}
	return "--message-key"
}

// SetHotKey is `posp operator keys set` and `posp provider rotate-key`: from a
// coming epoch on another key signs an account's messages or receipts.
func SetHotKey(ctx context.Context, w OperatorWrite, purpose chain.Purpose, k Key) error {
	if k.Path == "" {
		return fmt.Errorf("%s is missing: which key shall sign?", keyFlag(purpose))
	}
	key, err := k.Address(ctx)
	if err != nil {
		return err
	}
	l, err := w.begin(ctx)
	if err != nil {
		return err
	}
	defer l.close()
	h, err := l.site.hotKeys(ctx, l.operator, purpose)
	if err != nil {
		return err
	}
	p := l.planHotKey(h, purpose, key)
	if err := l.carryOut(ctx, p); err != nil || len(p.steps) == 0 || l.DryRun || l.Calldata {
		return err
	}
	changes, err := l.site.Reader().KeyHistory(ctx, l.operator, purpose, h.Block)
	if err != nil {
		return err
	}
	for i := len(changes) - 1; i >= 0; i-- {
		if c := changes[i]; c.Key == key { // in which block it came, and so from which epoch on it counts, the chain decided
			fmt.Fprintf(l.Out, "%s signs %s of %s from epoch %d on, which starts at block %d\n", key, purpose, l.operator, c.FromEpoch, l.site.Parameters.Schedule.Start(c.FromEpoch))
			return nil
		}
	}
	return fmt.Errorf("the node does not show the change yet: look with %s", showing(purpose))
}

// showing is the command that shows keys.
func showing(purpose chain.Purpose) string {
	if purpose == chain.Receipts {
		return "posp provider status"
	}
	return "posp operator keys show"
}

// planHotKey adds the change of a key, if it is one.
func (l *lifecycle) planHotKey(h HotKeys, purpose chain.Purpose, key posp.Address) (p plan) {
	s, old := l.site.Parameters.Schedule, h.last()
	if old == key {
		from := h.Epoch
		if n := len(h.Coming); n > 0 {
			from = h.Coming[n-1].FromEpoch
		}
		p.then("nothing: %s signs %s of epoch %d and all later ones", key, purpose, from)
		return p
	}
	tx := chain.SettingKey(l.Network.Contracts.KeyRegistry, l.operator, purpose, key)
	if old == (posp.Address{}) {
		p.add(fmt.Sprintf("let %s sign %s, from the epoch on in which this is mined (now %d)", key, purpose, h.Next), tx)
		return p
	}
	start := s.Start(h.Next)
	if n := len(h.Coming); n > 0 && h.Coming[n-1].FromEpoch == h.Next {
		p.warn("this takes the place of %s, which was set to sign from epoch %d on and then never does", old, h.Next)
		if old = h.Key; n > 1 {
			old = h.Coming[n-2].Key
		}
	}
	if h.Next > 0 {
		p.warn("%s of epochs before %d stay %s's to sign: first give the running daemon both keys (%s twice; a key that is the account's is --key), and leave it the old one until block %d, when the last of these epochs is over",
			purpose, h.Next, old, keyFlag(purpose), s.CertifyDeadline(h.Next-1))
	}
	p.add(fmt.Sprintf("let %s sign %s from epoch %d on (block %d), if it is mined before block %d; else from a later one", key, purpose, h.Next, start, start-min(start, h.Notice)), tx)
	p.then("%s shows it", showing(purpose))
	return p
}

// PrintHotKeys is `posp operator keys show`.
func PrintHotKeys(ctx context.Context, n Network, rpc string, account posp.Address, purpose chain.Purpose, asJSON bool, out io.Writer) error {
	s, err := Open(ctx, n, rpc, zap.NewNop())
	if err != nil {
		return err
	}
	defer s.Client.Close()
	h, err := s.hotKeys(ctx, account, purpose)
	if err != nil {
		return err
	}
	if err := s.history(ctx, &h, purpose); err != nil {
		return err
	}
	return show(keyHistory{h}, asJSON, out)
}

// keyHistory are an account's keys as `posp operator keys show` shows them.
type keyHistory struct{ HotKeys }

func (h keyHistory) print(t *tabwriter.Writer) {
	field(t, "account", "%s", h.Account)
	field(t, "block", "%d", h.Block)
	h.HotKeys.print(t)
	h.printHistory(t)
}

// printHistory shows what counted and will, a line each.
func (h HotKeys) printHistory(t io.Writer) {
	fmt.Fprintf(t, "a change now\tcounts from epoch %d on\n\nFROM EPOCH\tBLOCK\tKEY\tSET IN BLOCK\n", h.Next)
	for _, k := range h.History {
		set := "-"
		if k.SetIn != 0 {
			set = fmt.Sprint(k.SetIn)
		}
		fmt.Fprintf(t, "%d\t%d\t%s\t%s\n", k.FromEpoch, k.FromBlock, h.whose(k.Key), set)
	}
}

// print shows whose signature counts, a line for now and one for each that comes.
func (h HotKeys) print(t io.Writer) {
	fmt.Fprintf(t, "%s\tsigned by %s in epoch %d\n", h.Purpose, h.whose(h.Key), h.Epoch)
	for _, k := range h.Coming {
		fmt.Fprintf(t, "\tby %s from epoch %d on (block %d, in %s)\n", h.whose(k.Key), k.FromEpoch, k.FromBlock, blocks(k.FromBlock-min(k.FromBlock, h.Block)))
	}
}

func (h HotKeys) whose(key posp.Address) string {
	switch key {
	case posp.Address{}:
		return "nobody"
	case h.Account:
		return key.Hex() + " (the account itself)"
	}
	return key.Hex()
}
