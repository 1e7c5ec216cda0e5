package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
)

var (
	verifyLine   = regexp.MustCompile(`verify, (\d+) of 50 did not sign: (\d+) to \d+ gas, median (\d+)`)
	submitLine   = regexp.MustCompile(`submit of an epoch without batches, (\d+) of 50 did not sign: (\d+) gas`)
	snapshotLine = regexp.MustCompile(`snapshot of 50 operators: (\d+) gas`)
)

// verifyGoals are the least that were seen in a trial, by the number who did not
// sign. Hashing to the curve takes more or fewer tries as the digest has it.
var verifyGoals = map[string]float64{"0": 170_000, "1": 182_000, "5": 232_000}

// measureGas reads what tests.TestCertificateGas logs: 50 operators deposited,
// keyed and joined in the real EigenLayer on the embedded chain.
func measureGas(ctx context.Context, f *figures) error {
	out, err := exec.CommandContext(ctx, "go", "test", "-count=1", "-v", "-run", "^TestCertificateGas$", "./tests").CombinedOutput()
	if err != nil {
		return fmt.Errorf("go test: %w\n%s", err, tail(out))
	}
	n := 0
	add := func(name string, goal float64, gas []byte) error {
		x, err := strconv.ParseFloat(string(gas), 64)
		if err != nil {
			return fmt.Errorf("read gas: %w", err)
		}
		n++
		f.add(name, "gas", goal, x)
		return nil
	}
	for _, m := range verifyLine.FindAllSubmatch(out, -1) {
		for i, of := range []string{"least", "median"} {
			if err := add(fmt.Sprintf("OperatorTable.verify, %s of 50 did not sign, %s of 8 digests", m[1], of), verifyGoals[string(m[1])], m[2+i]); err != nil {
				return err
			}
		}
	}
	for _, m := range submitLine.FindAllSubmatch(out, -1) {
		if err := add(fmt.Sprintf("AttestationRegistry.submit, no batches, %s of 50 did not sign", m[1]), 0, m[2]); err != nil {
			return err
		}
	}
	for _, m := range snapshotLine.FindAllSubmatch(out, -1) {
		if err := add("OperatorTable.snapshot of 50 operators", 0, m[1]); err != nil {
			return err
		}
	}
	if n != 10 {
		return fmt.Errorf("TestCertificateGas logged %d figures, want 10:\n%s", n, tail(out))
	}
	return nil
}
