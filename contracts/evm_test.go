package contracts_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/params"

	"github.com/proof-of-sampling/posp/contracts"
)

// machine is an EVM in this process with one contract on it.
type machine struct {
	cfg  runtime.Config
	at   common.Address
	meta *bind.MetaData
}

type fataler interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// deploy creates a contract from the bytecode that is committed.
func deploy(t testing.TB, meta *bind.MetaData, args ...byte) *machine {
	t.Helper()
	db, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatal(err)
	}
	chain := *params.MergedTestChainConfig
	chain.BogotaTime = nil // it reprices gas
	m := &machine{meta: meta, cfg: runtime.Config{ChainConfig: &chain, State: db, GasLimit: 1 << 30, Random: new(common.Hash), BlockNumber: big.NewInt(1_000)}}
	_, m.at, _, err = runtime.Create(append(common.FromHex(meta.Bin), args...), &m.cfg)
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	return m
}

var libraries = contracts.NewLibraries()

// call runs input and returns what it answers; a revert is an error with the
// contract's own name for it.
func (m *machine) call(input []byte) ([]byte, error) {
	out, _, err := runtime.Call(m.at, input, &m.cfg)
	if errors.Is(err, vm.ErrExecutionReverted) {
		if parsed, perr := m.meta.ParseABI(); perr == nil && len(out) >= 4 {
			if e, eerr := parsed.ErrorByID([4]byte(out[:4])); eerr == nil {
				return nil, revert(e.Name)
			}
		}
		return nil, fmt.Errorf("revert %x", out)
	}
	return out, err
}

type revert string

func (r revert) Error() string { return string(r) }

// ask packs, calls and unpacks; whatever goes wrong ends the test.
func ask[T any](t fataler, m *machine, unpack func([]byte) (T, error), input []byte, err error) T {
	t.Helper()
	v, err := try(t, m, unpack, input, err)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// try is ask, but hands a revert on.
func try[T any](t fataler, m *machine, unpack func([]byte) (T, error), input []byte, err error) (v T, _ error) {
	t.Helper()
	if err != nil {
		t.Fatalf("pack: %v", err)
	}
	out, err := m.call(input)
	if err != nil {
		return v, err
	}
	return unpack(out)
}
