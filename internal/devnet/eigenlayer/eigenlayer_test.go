package eigenlayer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/AllocationManager"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/KeyRegistrar"
	"github.com/Layr-Labs/eigenlayer-contracts/pkg/bindings/StrategyManager"
	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/proof-of-sampling/posp"
	"github.com/proof-of-sampling/posp/internal/chain"
	devchain "github.com/proof-of-sampling/posp/internal/devnet/chain"
	"github.com/proof-of-sampling/posp/internal/keys"
)

var ether = big.NewInt(params.Ether)

func tokens(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), ether) }

// world is a chain with EigenLayer and an AVS that is a plain account. An account has no code to be asked
// when operators join, so its registrar is a contract that allows everything.
type world struct {
	*testing.T
	ctx context.Context
	c   *chain.Client
	d   Deployment
	avs *chain.Sender
	am  chain.Contract // AllocationManager with EigenLayer's whole interface
	kr  chain.Contract
	set chain.OperatorSet
}

func newWorld(t *testing.T) *world {
	t.Helper()
	node, err := devchain.Start(devchain.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { node.Close() })
	return newWorldAt(t, node.HTTP())
}

func newWorldAt(t *testing.T, url string) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	c, err := chain.Dial(ctx, url, devchain.ChainID)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	w := &world{T: t, ctx: ctx, c: c}
	begin := time.Now()
	w.d, err = Deploy(ctx, c, w.sender("deployer"), Params{DeallocationDelay: 50, WithdrawalDelay: 10, SlashResolutionDelay: 3})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("EigenLayer %s deployed in %s for %d gas", Version, time.Since(begin).Round(time.Millisecond), w.d.GasUsed)
	w.am = contract(t, w.d.AllocationManager, AllocationManager.AllocationManagerMetaData.ABI)
	w.kr = contract(t, w.d.KeyRegistrar, KeyRegistrar.KeyRegistrarMetaData.ABI)
	w.avs = w.sender("avs")
	return w
}

func contract(t *testing.T, a common.Address, abiJSON string) chain.Contract {
	t.Helper()
	parsed, err := abi.JSON(strings.NewReader(abiJSON))
	if err != nil {
		t.Fatal(err)
	}
	return chain.Contract{Address: a, ABI: parsed}
}

// sender is the funded account of a label.
func (w *world) sender(label string) *chain.Sender {
	w.Helper()
	key := devchain.Account(label)
	w.must(devchain.Fund(w.ctx, w.c.Client, tokens(100), crypto.PubkeyToAddress(key.PublicKey)))
	return chain.NewSender(w.c, key, chain.NewErrors(chain.EigenABI))
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) mine(blocks uint64) error { return devchain.NewMiner(w.c.Client).Mine(w.ctx, blocks) }

func (w *world) do(s *chain.Sender, k chain.Contract, method string, args ...any) {
	w.Helper()
	_, err := s.Do(w.ctx, k, method, args...)
	w.must(err)
}

// permissive answers 1 to every call: RETURN(0, 32) of MSTORE(0, 1), and as an AVSRegistrar "supports" all.
var permissive = common.FromHex("600a600a5f39600a5ff3" + "60015f5260205ff30000")

// createSet makes the AVS with one redistributing set and BN254 keys.
func (w *world) createSet(recipient common.Address) {
	w.Helper()
	receipt, err := w.avs.Send(w.ctx, chain.Call{Data: permissive})
	w.must(err)
	avs := w.avs.Address()
	w.set = chain.OperatorSet{AVS: avs, ID: 7}
	w.do(w.avs, w.am, "updateAVSMetadataURI", avs, "https://example.org/avs.json")
	w.do(w.avs, w.am, "setAVSRegistrar", avs, receipt.ContractAddress)
	type createSetParams struct {
		OperatorSetId uint32
		Strategies    []common.Address
		Slasher       common.Address
	}
	// The overload of v1.13, which names the slasher.
	method := ""
	for name, m := range w.am.ABI.Methods {
		if m.RawName == "createRedistributingOperatorSets" && strings.Contains(m.Sig, "(uint32,address[],address)[]") {
			method = name
		}
	}
	w.do(w.avs, w.am, method, avs, []createSetParams{{w.set.ID, []common.Address{w.d.Strategy}, avs}}, []common.Address{recipient})
	w.do(w.avs, w.kr, "configureOperatorSet", w.set, uint8(2))
}

func (w *world) shares(operator common.Address) *big.Int {
	w.Helper()
	s, err := w.d.Shares(w.ctx, w.c, nil, operator, w.d.Strategy)
	w.must(err)
	return s
}

func (w *world) balance(of common.Address) *big.Int {
	w.Helper()
	out, err := w.c.Read(w.ctx, nil, chain.Contract{Address: w.d.Token, ABI: chain.EigenABI}, "balanceOf", of)
	w.must(err)
	return out[0].(*big.Int)
}

// anvil starts the anvil of the contracts' toolchain, or of PATH, on a free port.
func anvil(t *testing.T) (url string) {
	t.Helper()
	found, _ := filepath.Glob("../../../contracts/node_modules/@foundry-rs/anvil-*/bin/anvil")
	if path, err := exec.LookPath("anvil"); err == nil {
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skip("no anvil in contracts/node_modules (run make contracts-deps) or on PATH: the embedded chain is tested, anvil is not")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	cmd := exec.Command(found[0], "--silent", "--port", strconv.Itoa(port))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	url = fmt.Sprintf("http://127.0.0.1:%d", port)
	for range 200 {
		if c, err := chain.Dial(t.Context(), url, 0); err == nil {
			c.Close()
			return url
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("anvil does not answer")
	return ""
}

// The whole life of an operator on the real core, to the redistribution of what it lost.
func TestLifeOfAnOperator(t *testing.T) {
	t.Run("embedded", func(t *testing.T) { lifeOfAnOperator(t, newWorld(t)) })
	t.Run("anvil", func(t *testing.T) { lifeOfAnOperator(t, newWorldAt(t, anvil(t))) })
}

func lifeOfAnOperator(t *testing.T, w *world) {
	recipient := common.HexToAddress("0x00000000000000000000000000000000000beef1")
	w.createSet(recipient)
	op := w.sender("operator-0")
	key := keys.BLSFromSeed([]byte("operator-0"))

	w.must(w.d.Stake(w.ctx, op, tokens(100)))
	w.must(w.d.RegisterOperator(w.ctx, op, 0, "https://example.org/operator.json"))
	if ok, err := w.d.IsOperator(w.ctx, w.c, nil, op.Address()); err != nil || !ok {
		t.Fatalf("registered operator: %v, %v", ok, err)
	}
	w.must(w.mine(1))
	w.must(w.d.Allocate(w.ctx, op, w.set, w.d.Strategy, chain.Wad/2))
	if _, err := w.d.Key(w.ctx, w.c, nil, w.set, op.Address()); !isValidation(err) {
		t.Fatalf("the key of an operator that has none: %v", err)
	}
	w.must(w.d.RegisterKey(w.ctx, w.c, op, w.set, key))
	got, err := w.d.Key(w.ctx, w.c, nil, w.set, op.Address())
	if err != nil || got != key.PublicKey() {
		t.Fatalf("the registered key reads back as %v, %v", got, err)
	}
	w.must(w.d.Join(w.ctx, op, w.set.AVS, []uint32{w.set.ID}, nil))
	if members, err := w.d.Members(w.ctx, w.c, nil, w.set); err != nil || len(members) != 1 || members[0] != op.Address() {
		t.Fatalf("members %v, %v", members, err)
	}
	head, err := w.c.BlockNumber(w.ctx)
	w.must(err)
	stake, err := w.d.SlashableStake(w.ctx, w.c, nil, w.set, []common.Address{op.Address()}, w.d.Strategy, uint32(head)+20)
	if err != nil || stake[0].Cmp(tokens(50)) != 0 {
		t.Fatalf("slashable stake %v, %v; want 50 tokens", stake, err)
	}
	before := new(big.Int).SetUint64(head)

	// 40 % of the 50 % that is allocated is 20 of 100.
	w.slash(op.Address(), chain.Wad/10*4)
	if s := w.shares(op.Address()); s.Cmp(tokens(80)) != 0 {
		t.Fatalf("shares after the slash %s; want 80 tokens", s)
	}
	if s, err := w.d.Shares(w.ctx, w.c, before, op.Address(), w.d.Strategy); err != nil || s.Cmp(tokens(100)) != 0 {
		t.Fatalf("shares before the slash, read later: %v, %v; want 100 tokens", s, err)
	}

	slashes, err := w.d.PendingSlashes(w.ctx, w.c, nil, w.set)
	if err != nil || len(slashes) != 1 {
		t.Fatalf("pending slashes %v, %v; want one", slashes, err)
	}
	anybody := w.sender("anybody")
	err = w.d.Release(w.ctx, anybody, w.set, slashes[0])
	if r, ok := errors.AsType[*chain.RevertError](err); !ok || r.Name != "SlashResolutionDelayNotElapsed" {
		t.Fatalf("released at once: %v; want SlashResolutionDelayNotElapsed", err)
	}
	until, err := w.d.SlashReleasable(w.ctx, w.c, nil, w.set, slashes[0])
	w.must(err)
	head, err = w.c.BlockNumber(w.ctx)
	w.must(err)
	if uint64(until) < head || uint64(until) > head+3 {
		t.Fatalf("at block %d the slash is held until block %d; the delay is 3", head, until)
	}
	w.must(w.mine(uint64(until) - head + 1))
	w.must(w.d.Release(w.ctx, anybody, w.set, slashes[0]))
	if b := w.balance(recipient); b.Cmp(tokens(20)) != 0 {
		t.Fatalf("the recipient got %s; want 20 tokens", b)
	}

	// Leaving keeps it slashable for the deallocation delay, and not a block longer.
	w.must(w.d.Leave(w.ctx, op, w.set.AVS, []uint32{w.set.ID}))
	if ok, err := w.d.IsMember(w.ctx, w.c, nil, w.set, op.Address()); err != nil || ok {
		t.Fatalf("member after leaving: %v, %v", ok, err)
	}
	w.slash(op.Address(), chain.Wad)
	if s := w.shares(op.Address()); s.Cmp(tokens(50)) != 0 {
		t.Fatalf("shares after the second slash %s; want 50 tokens", s)
	}
	w.must(w.mine(51))
	if _, err := w.trySlash(op.Address(), chain.Wad); !strings.Contains(err.Error(), "OperatorNotSlashable") {
		t.Fatalf("slashed after the delay: %v", err)
	}
}

func isValidation(err error) bool {
	_, ok := errors.AsType[*posp.ValidationError](err)
	return ok
}

func (w *world) trySlash(operator common.Address, wad int64) (uint64, error) {
	type slashingParams struct {
		Operator      common.Address
		OperatorSetId uint32
		Strategies    []common.Address
		WadsToSlash   []*big.Int
		Description   string
	}
	r, err := w.avs.Do(w.ctx, w.am, "slashOperator", w.set.AVS, slashingParams{operator, w.set.ID, []common.Address{w.d.Strategy}, []*big.Int{big.NewInt(wad)}, "test"})
	if err != nil {
		return 0, err
	}
	return r.GasUsed, nil
}

func (w *world) slash(operator common.Address, wad int64) {
	w.Helper()
	gas, err := w.trySlash(operator, wad)
	w.must(err)
	w.Logf("slash: %d gas", gas)
}

// Each refusal names the contract's error, so that a restaker knows what is missing.
func TestRefusalsNameTheirError(t *testing.T) {
	w := newWorld(t)
	w.createSet(common.Address{9})
	op, other := w.sender("a"), w.sender("b")
	key := keys.BLSFromSeed([]byte("a"))
	w.must(w.d.Stake(w.ctx, op, tokens(1)))
	w.must(w.d.RegisterOperator(w.ctx, op, 0, ""))
	w.must(w.mine(1))
	w.must(w.d.RegisterKey(w.ctx, w.c, op, w.set, key))

	for want, err := range map[string]error{
		"ERC20InsufficientBalance":     w.d.Deposit(w.ctx, other, w.d.Strategy, w.d.Token, ether),
		"StrategyNotWhitelisted":       w.d.Deposit(w.ctx, op, common.Address{5}, w.d.Token, ether),
		"ActivelyDelegated":            w.d.RegisterOperator(w.ctx, op, 0, ""),
		"InsufficientMagnitude":        w.d.Allocate(w.ctx, op, w.set, w.d.Strategy, chain.Wad+1),
		"UninitializedAllocationDelay": w.d.Allocate(w.ctx, other, w.set, w.d.Strategy, chain.Wad),
		"KeyAlreadyRegistered":         w.d.RegisterKey(w.ctx, w.c, other, w.set, key),
		"OperatorSetNotConfigured":     w.d.RegisterKey(w.ctx, w.c, other, chain.OperatorSet{AVS: w.set.AVS, ID: 8}, key),
		"InvalidOperator":              w.d.Join(w.ctx, other, w.set.AVS, []uint32{w.set.ID}, nil),
		"InvalidOperatorSet":           w.d.Join(w.ctx, op, w.set.AVS, []uint32{9}, nil),
		"NotMemberOfSet":               w.d.Leave(w.ctx, op, w.set.AVS, []uint32{w.set.ID}),
	} {
		if r, ok := errors.AsType[*chain.RevertError](err); !ok || r.Name != want {
			t.Errorf("got %v; want %s", err, want)
		}
	}
}

// EigenLayer's contract accepts the proof of possession of every key we make: hash to curve and the order of
// the coordinates agree with it, not only with its SDK.
func TestManyKeysRegister(t *testing.T) {
	w := newWorld(t)
	w.createSet(common.Address{9})
	for i := range 8 {
		op := w.sender("many-" + string(rune('a'+i)))
		key := keys.BLSFromSeed([]byte{byte(i)})
		w.must(w.d.RegisterKey(w.ctx, w.c, op, w.set, key))
		if got, err := w.d.Key(w.ctx, w.c, nil, w.set, op.Address()); err != nil || got != key.PublicKey() {
			t.Fatalf("key %d reads back as %v, %v", i, got, err)
		}
		if err := key.PublicKey().Check(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDeploymentRoundTripsAsJSON(t *testing.T) {
	want := Deployment{EigenLayer: chain.EigenLayer{AllocationManager: common.Address{1}, KeyRegistrar: common.Address{2}}, Token: common.Address{3}, GasUsed: 4}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Deployment
	if err := json.Unmarshal(b, &got); err != nil || got != want {
		t.Fatalf("%s reads back as %+v, %v", b, got, err)
	}
}

// A slash on a chain younger than the withdrawal delay would revert with an arithmetic panic.
func TestTooYoungChainIsRefused(t *testing.T) {
	w := newWorld(t)
	young := Params{DeallocationDelay: 50, WithdrawalDelay: 1000, SlashResolutionDelay: 3}
	if _, err := Deploy(w.ctx, w.c, w.sender("second"), young); err == nil || !strings.Contains(err.Error(), "mine 9") {
		t.Fatalf("got %v", err)
	}
	if _, err := Deploy(w.ctx, w.c, w.sender("second"), Params{WithdrawalDelay: 1}); err == nil || !strings.Contains(err.Error(), "at least 1 block") {
		t.Fatalf("got %v", err)
	}
}

func TestOtherBytecodeIsRefused(t *testing.T) {
	if _, err := withSlashResolutionDelay("0x6161c4e0", 3); err == nil || !strings.Contains(err.Error(), "another version") {
		t.Fatalf("got %v", err)
	}
	if _, err := withSlashResolutionDelay(StrategyManager.StrategyManagerMetaData.Bin, 3); err != nil {
		t.Fatal(err)
	}
}
