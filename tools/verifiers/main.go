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
		file := filepath.Join(c.String("dir"), k.String()+"Verifier.sol")
		gates, domain := keys.Gates()
		fmt.Printf("%-8s %6d gates of %d, %s\n", k, gates, domain, time.Since(start).Round(100*time.Millisecond))
		if !c.Bool("check") {
			if err := os.WriteFile(file, contract.Bytes(), 0o644); err != nil {
				return err
			}
			continue
		}
		committed, err := os.ReadFile(file)
		if err != nil {
			errs = append(errs, err)
		} else if !bytes.Equal(committed, contract.Bytes()) {
			errs = append(errs, fmt.Errorf("%s is not what the circuit's source gives: run go run ./tools/verifiers and look at what changed", file))
		}
	}
	return errors.Join(errs...)
}
