package app

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

// planner is a lifecycle that has read the chain and is not connected to one.
func planner() *lifecycle {
	n := Network{ChainID: 1}
	n.Contracts.ServiceManager = posp.Address{1}
	n.EigenLayer.AllocationManager, n.EigenLayer.DelegationManager = posp.Address{2}, posp.Address{3}
	n.EigenLayer.KeyRegistrar, n.EigenLayer.StrategyManager, n.EigenLayer.Strategy = posp.Address{4}, posp.Address{5}, posp.Address{6}
	p := posp.Parameters{Schedule: posp.Schedule{EpochBlocks: 100, GraceBlocks: 10, BeaconDelay: 1, CommitBlocks: 20, RevealBlocks: 20, CertifyBlocks: 50}}
	return &lifecycle{OperatorWrite: OperatorWrite{Network: n, Side: Verifiers}, site: &Site{Network: n, Parameters: p}, operator: posp.Address{7}}
}

// member is an operator in good standing, with all it has allocated.
func member() *OperatorStatus {
	delay := uint32(0)
	key := keys.BLSFromSeed(nil).PublicKey()
	return &OperatorStatus{Operator: posp.Address{7}, Restaker: Restaker{Block: 1000, side: Verifiers, Registered: true, AllocationDelay: &delay, Delays: chain.Delays{Deallocation: 500},
		Shares: big.NewInt(100), Magnitude: 1e18, Pending: new(big.Int), MaxMagnitude: 1e18, Slashable: big.NewInt(100),
		Member: true, IsSlashable: true}, Counts: big.NewInt(100), Key: "00112233445566778899", TableKey: true, registeredKey: &key}
}

func methods(p plan) (list []string) {
	for _, s := range p.steps {
		list = append(list, s.tx.Method)
	}
	return list
}

// The way out, from each point of it: what is sent, and what is said of what
// can still be slashed.
func TestExitFromEveryState(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*OperatorStatus)
		sends  []string
		says   string
	}{
		"member":                    {func(*OperatorStatus) {}, []string{"deregisterFromOperatorSets", "modifyAllocations"}, "block 1501"},
		"member, nothing allocated": {func(v *OperatorStatus) { v.Magnitude = 0 }, []string{"deregisterFromOperatorSets"}, "block 1501"},
		"member, deallocating":      {func(v *OperatorStatus) { v.Pending, v.EffectBlock = big.NewInt(-1e18), 1200 }, []string{"deregisterFromOperatorSets"}, "block 1501"},
		"member, allocating":        {func(v *OperatorStatus) { v.Pending, v.EffectBlock = big.NewInt(1), 1200 }, []string{"deregisterFromOperatorSets"}, "pending until block 1200"},
		"left, allocated":           {func(v *OperatorStatus) { v.Member, v.SlashableUntil = false, 1400 }, []string{"modifyAllocations"}, "block 1400"},
		"left, deallocating": {func(v *OperatorStatus) {
			v.Member, v.SlashableUntil, v.Pending, v.EffectBlock = false, 1400, big.NewInt(-1e18), 1401
		}, nil, "block 1400"},
		"left long ago, still allocated": {func(v *OperatorStatus) { v.Member, v.IsSlashable = false, false }, []string{"modifyAllocations", "deregisterKey"}, ""},
		"left long ago":                  {func(v *OperatorStatus) { v.Member, v.IsSlashable, v.Magnitude = false, false, 0 }, []string{"deregisterKey"}, ""},
		"out":                            {func(v *OperatorStatus) { v.Member, v.IsSlashable, v.Magnitude, v.registeredKey = false, false, 0, nil }, nil, "the operator is out"},
	} {
		v := member()
		c.change(v)
		p := planner().planExit(v.Restaker, v.registeredKey != nil)
		if got := methods(p); !slices.Equal(got, c.sends) || !strings.Contains(strings.Join(p.after, "\n"), c.says) {
			t.Errorf("%s: sends %v, says %q; want %v, %q", name, got, p.after, c.sends, c.says)
		}
		for _, s := range p.steps {
			call, err := s.tx.Call()
			if err != nil {
				t.Fatal(err)
			}
			if s.tx.Method == "modifyAllocations" {
				checkAllocation(t, call.Data, 0)
			}
		}
	}
}

// checkAllocation decodes modifyAllocations.
func checkAllocation(t failer, data []byte, magnitude uint64) {
	t.Helper()
	values, err := chain.EigenABI.Methods["modifyAllocations"].Inputs.Unpack(data[4:])
	if err != nil {
		t.Fatal(err)
	}
	params := values[1].([]struct {
		OperatorSet struct {
			Avs common.Address `json:"avs"`
			Id  uint32         `json:"id"`
		} `json:"operatorSet"`
		Strategies    []common.Address `json:"strategies"`
		NewMagnitudes []uint64         `json:"newMagnitudes"`
	})
	if values[0] != (common.Address{7}) || len(params) != 1 || params[0].OperatorSet.Avs != (common.Address{1}) || params[0].OperatorSet.Id != Verifiers.set ||
		!slices.Equal(params[0].Strategies, []common.Address{{6}}) || !slices.Equal(params[0].NewMagnitudes, []uint64{magnitude}) {
		t.Fatalf("allocation %+v, want magnitude %d", values, magnitude)
	}
}

// failer is a test of any kind.
type failer interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

// Whatever share is asked for, from whatever there is: either the reason why
// not, or calldata with exactly that share of what slashes have left.
func TestAllocationIsWhatWasAskedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := member()
		v.MaxMagnitude = rapid.Uint64Range(1, 1e18).Draw(t, "max")
		v.Magnitude = rapid.Uint64Range(0, v.MaxMagnitude).Draw(t, "magnitude")
		v.Allocatable = rapid.Uint64Range(0, v.MaxMagnitude-v.Magnitude).Draw(t, "allocatable")
		v.Member = rapid.Bool().Draw(t, "member")
		v.IsSlashable = v.Member
		percent := rapid.Float64Range(0, 100).Draw(t, "percent")
		want := uint64(percent / 100 * float64(v.MaxMagnitude))
		p, err := planner().planAllocation(context.Background(), v.Restaker, AllocateOptions{Percent: percent}, "")
		switch {
		case want > v.Magnitude && want-v.Magnitude > v.Allocatable:
			if err == nil || !strings.Contains(err.Error(), "other sets hold the rest") {
				t.Fatalf("more than there is: %v", err)
			}
			return
		case err != nil:
			t.Fatal(err)
		}
		sent := methods(p)
		if at := slices.Index(sent, "modifyAllocations"); (at >= 0) != (want != v.Magnitude) {
			t.Fatalf("from %d to %d: %v", v.Magnitude, want, sent)
		} else if at >= 0 {
			call, err := p.steps[at].tx.Call()
			if err != nil {
				t.Fatal(err)
			}
			checkAllocation(t, call.Data, want)
		}
		if slices.Contains(sent, "registerForOperatorSets") != (!v.Member && want > 0) {
			t.Fatalf("member %v, %d: %v", v.Member, want, sent)
		}
	})
	for name, c := range map[string]struct {
		change func(*OperatorStatus)
		want   string
	}{
		"no operator":    {func(v *OperatorStatus) { v.Registered = false }, "no operator of EigenLayer yet"},
		"delay unset":    {func(v *OperatorStatus) { v.AllocationDelay = nil }, "not in force yet"},
		"change to come": {func(v *OperatorStatus) { v.Pending, v.EffectBlock = big.NewInt(1), 7 }, "pending until block 7"},
	} {
		v := member()
		c.change(v)
		if _, err := planner().planAllocation(context.Background(), v.Restaker, AllocateOptions{Percent: 50}, ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Who leaves is told of the daemon's last block, of open charges, and of what
// can be slashed.
func TestLeavingWarns(t *testing.T) {
	v := member()
	v.Charges = []chargeAgain{{ID: posp.Hash{9}, Kind: "operator-evidence", Epoch: 8, Status: "open", Deadline: 1077}, {ID: posp.Hash{8}, Status: "executed"}}
	p := planner().planExit(v.Restaker, v.registeredKey != nil)
	text := strings.Join(p.warnings, "\n")
	for _, want := range []string{"until block 1501", "run going until block 1201", "executed from block 1077 on"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, posp.Hash{8}.Hex()) {
		t.Error("a charge that is over is named")
	}
}

// A change of a hot key says from which epoch it counts and until when the old key
// is needed, and a change that is none is not sent.
func TestHotKeyChange(t *testing.T) {
	l := planner() // epochs of 100 blocks; one's certificate is due 201 after its start
	a, b, c := posp.Address{0xa}, posp.Address{0xb}, posp.Address{0xc}
	at := func(key posp.Address, coming ...HotKey) HotKeys {
		return HotKeys{Account: l.operator, Block: 450, Epoch: 4, Key: key, Coming: coming, Next: 5, Notice: 10}
	}
	for name, x := range map[string]struct {
		from    HotKeys
		purpose chain.Purpose
		sends   bool
		says    []string
	}{
		"another":               {at(a), Messages, true, []string{"stay " + a.Hex(), "--message-key twice", "until block 601", "from epoch 5 on (block 500)", "mined before block 490"}},
		"the same":              {at(c), Messages, false, []string{"nothing", "of epoch 4 and"}},
		"the one to come":       {at(a, HotKey{FromEpoch: 5, Key: c}), Messages, false, []string{"nothing", "of epoch 5 and"}},
		"back, in time":         {at(c, HotKey{FromEpoch: 5, Key: b}), Messages, true, []string{"takes the place of " + b.Hex(), "stay " + c.Hex()}},
		"in place of a third":   {at(a, HotKey{FromEpoch: 5, Key: b}), Receipts, true, []string{"takes the place of " + b.Hex(), "stay " + a.Hex(), "--receipt-key twice"}},
		"first of a provider's": {at(posp.Address{}), Receipts, true, []string{"in which this is mined (now 5)"}},
	} {
		p := l.planHotKey(x.from, x.purpose, c)
		text := strings.Join(append(p.warnings, p.after...), "\n")
		for _, s := range p.steps {
			text += "\n" + s.why
		}
		if (len(p.steps) == 1) != x.sends {
			t.Errorf("%s: sends %v", name, methods(p))
		}
		for _, want := range x.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", name, want, text)
			}
		}
	}
	s := l.site.Parameters.Schedule
	got := spans(s, a, []chain.KeyChange{{FromEpoch: 3, Key: b, Block: 210}, {FromEpoch: 3, Key: c, Block: 220}, {FromEpoch: 7, Key: a, Block: 600}})
	if want := []HotKey{{0, 0, a, 0}, {3, 300, c, 220}, {7, 700, a, 600}}; !slices.Equal(got, want) {
		t.Errorf("history %+v, want %+v", got, want)
	}
}

// Only a terminal can agree.
func TestConsent(t *testing.T) {
	null, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	var out bytes.Buffer
	l := &lifecycle{OperatorWrite: OperatorWrite{Way: Way{In: null, Out: &out}}}
	if err := l.consent(context.Background()); err == nil || errors.Is(err, ErrNoConsent) || !strings.Contains(err.Error(), "--yes") {
		t.Errorf("nobody to ask: %v", err)
	}
	l.Yes = true
	if err := l.consent(context.Background()); err != nil {
		t.Errorf("--yes: %v", err)
	}
}

func TestUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "amount"))
		d := rapid.IntRange(0, 24).Draw(t, "decimals")
		if n.Sign() == 0 {
			return
		}
		if back, err := parseUnits(units(n, d), d); err != nil || back.Cmp(n) != 0 {
			t.Fatalf("%s with %d decimals is shown as %s and read as %s, %v", n, d, units(n, d), back, err)
		}
	})
	for _, bad := range []string{"", "0", "-1", "1e3", "1.2.3", "1,5", "0x10", "+1", "1_000", "abc", "1.1234567890123456789"} {
		if n, err := parseUnits(bad, 18); err == nil {
			t.Errorf("%q is read as %s", bad, n)
		}
	}
}
