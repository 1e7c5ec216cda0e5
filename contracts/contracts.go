// Package contracts holds the protocol's contracts for Go: their ABI, their
// creation bytecode and typed packing and unpacking of calls, events and
// errors, generated from the Solidity beside it by build.sh.
//
// Use TryPack* with values from outside: Pack* panics on what does not fit.
package contracts
