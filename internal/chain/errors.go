package chain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
)

// RevertError is a contract's refusal.
type RevertError struct {
	Name string // the custom error's name, "Error" for a reason string, "Panic", or "" if unknown
	Args []any  // its decoded arguments
	Data []byte // the raw revert data
}

func (e *RevertError) Error() string {
	switch {
	case e.Name == "" && len(e.Data) == 0:
		return "execution reverted without a reason"
	case e.Name == "":
		return "execution reverted with an error that no known interface lists: " + hexutil.Encode(e.Data)
	}
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		args[i] = fmt.Sprintf("%v", a)
	}
	return fmt.Sprintf("execution reverted: %s(%s)", e.Name, strings.Join(args, ", "))
}

// Errors are the custom errors that contracts can revert with, by selector.
type Errors map[[4]byte]abi.Error

// NewErrors collects the errors of some interfaces.
func NewErrors(abis ...abi.ABI) Errors {
	all := Errors{}
	for _, a := range abis {
		for _, e := range a.Errors {
			all[[4]byte(e.ID[:4])] = e
		}
	}
	return all
}

// Decode turns an error of a call or an estimate into a *RevertError if it carries revert data or says that
// execution reverted, and returns any other error as it is.
func (e Errors) Decode(err error) error {
	de, ok := errors.AsType[rpc.DataError](err)
	if !ok {
		if err != nil && strings.Contains(err.Error(), "execution reverted") {
			return &RevertError{}
		}
		return err
	}
	text, ok := de.ErrorData().(string)
	if !ok {
		if strings.Contains(err.Error(), "execution reverted") {
			return &RevertError{}
		}
		return err
	}
	data, decodeErr := hexutil.Decode(text)
	if decodeErr != nil {
		return err
	}
	return e.revert(data)
}

func (e Errors) revert(data []byte) *RevertError {
	r := &RevertError{Data: common.CopyBytes(data)}
	if len(data) < 4 {
		return r
	}
	if custom, ok := e[[4]byte(data[:4])]; ok {
		if args, err := custom.Inputs.Unpack(data[4:]); err == nil {
			r.Name, r.Args = custom.Name, args
			return r
		}
	}
	// Error(string) and Panic(uint256), which Solidity itself raises.
	switch reason, err := abi.UnpackRevert(data); {
	case err != nil:
	case strings.HasPrefix(hexutil.Encode(data), "0x4e487b71"):
		r.Name, r.Args = "Panic", []any{reason}
	default:
		r.Name, r.Args = "Error", []any{reason}
	}
	return r
}
