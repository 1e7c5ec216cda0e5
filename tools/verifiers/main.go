// Command verifiers derives the contracts that verify proofs of private steps from the circuits' source and the
// ceremony's powers, or checks that what is committed is what they give. It is deterministic.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/proof-of-sampling/posp/challenge/circuit"
)

func main() {
	app := &cli.App{
		Name:  "verifiers",
		Usage: "derive the Solidity verifiers of private steps from circuits and the Perpetual Powers of Tau",
		Description: `Write them after a circuit was changed, then run make contracts:

	go run ./tools/verifiers

Check that what is committed is what the source gives, byte for byte:

	go run ./tools/verifiers --check

The first run derives the Lagrange basis (about 40 CPU-seconds) and keeps it; each circuit takes about 5.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "dir", Usage: "where the contracts stand", Value: "contracts/src/private"},
			&cli.BoolFlag{Name: "check", Usage: "compare instead of writing"},
			&cli.StringFlag{Name: "cache", Usage: "where the Lagrange basis is kept; it is checked when it is read", Value: cacheDir()},
		},
		Action: run,
	}
	if err := app.Run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, "verifiers:", err)
		os.Exit(1)
	}
}

// cacheDir is empty, for none, where the system says no place.
func cacheDir() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "posp")
}

func run(c *cli.Context) error {
	var errs []error
	put := func(name string, contract []byte) error {
		file := filepath.Join(c.String("dir"), name)
		if !c.Bool("check") {
			return os.WriteFile(file, contract, 0o644)
		}
		committed, err := os.ReadFile(file)
		if err == nil && !bytes.Equal(committed, contract) {
			err = fmt.Errorf("%s is not what the circuits' source gives: run go run ./tools/verifiers and look at what changed", file)
		}
		return err
	}
	for k := range circuit.Kinds {
		start := time.Now()
		keys, err := circuit.Setup(k, circuit.Full, c.String("cache"))
		if err != nil {
			return err
		}
		var contract bytes.Buffer
		if err := keys.Contract(&contract); err != nil {
			return err
		}
		gates, domain := keys.Gates()
		fmt.Printf("%-8s %6d gates of %d, %s\n", k, gates, domain, time.Since(start).Round(100*time.Millisecond))
		errs = append(errs, put(k.String()+"Verifier.sol", contract.Bytes()))
	}
	var library bytes.Buffer
	if err := circuit.WriteLibrary(&library); err != nil {
		return err
	}
	return errors.Join(append(errs, put("Poseidon2Lib.sol", library.Bytes()))...)
}
