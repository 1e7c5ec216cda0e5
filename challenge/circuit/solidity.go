package circuit

import (
	"bytes"
	"fmt"
	"io"
	"math/big"

	"github.com/consensys/gnark-crypto/ecc/bn254/fr/poseidon2"
)

// WriteLibrary writes Poseidon2Lib, the contract's twin of Compress: unrolled, because constants are cheapest in code.
func WriteLibrary(w io.Writer) error {
	p := poseidon2.NewParameters(2, 8, 56)
	var out bytes.Buffer
	line := func(format string, x ...any) { fmt.Fprintf(&out, format+"\n", x...) }
	key := func(round, i int) string { return fmt.Sprintf("0x%064x", p.RoundKeys[round][i].BigInt(new(big.Int))) }
	line(`// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Poseidon2Lib
/// @notice The nodes of rows that private specs hide: docs/privacy.md. Its twin is posp.Compress.
/// @dev Written by tools/verifiers. Sums of up to five field elements fit a word, so most are not reduced.
library Poseidon2Lib {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// @notice A node is no field element.
    error NotInField(uint256 node);
    /// @notice A round shows 2^k nodes, k from 1 up.
    error NodesRefused(uint256 length);

    /// @notice The node above 2^k nodes, which is k levels up.
    function fold(bytes32[] memory nodes) internal pure returns (bytes32) {
        unchecked {
            uint256 n = nodes.length;
            require(n > 1 && n & (n - 1) == 0, NodesRefused(n));
            for (uint256 i; i < n; ++i) {
                require(uint256(nodes[i]) < R, NotInField(uint256(nodes[i])));
            }
            for (; n > 1; n >>= 1) {
                for (uint256 i; i < n; i += 2) {
                    nodes[i >> 1] = bytes32(compress(uint256(nodes[i]), uint256(nodes[i + 1])));
                }
            }
            return nodes[0];
        }
    }

    /// @notice P(left, right)[1] + right. Both must be below R.
    function compress(uint256 left, uint256 right) internal pure returns (uint256 out) {
        assembly ("memory-safe") {
            // x^5 of a word
            function s(x) -> y {
                let q := mulmod(x, x, R)
                y := mulmod(mulmod(q, q, R), x, R)
            }
            let a := add(left, left)
            let b := add(right, right)
            a := add(a, right) // (2 1; 1 2)
            b := add(b, left)`)
	last := p.NbFullRounds + p.NbPartialRounds
	for round := range last {
		if round >= p.NbFullRounds/2 && round < p.NbFullRounds/2+p.NbPartialRounds {
			// (2 1; 1 3), of b below R
			if round == p.NbFullRounds/2 {
				line("            b := mod(b, R)")
			}
			line("            a := s(add(a, %s))", key(round, 0))
			line("            out := add(add(a, a), b)")
			line("            b := mod(add(add(a, b), add(b, b)), R)")
			line("            a := out")
			continue
		}
		line("            a := s(add(a, %s))", key(round, 0))
		line("            b := s(add(b, %s))", key(round, 1))
		line("            out := add(a, b)")
		line("            a := add(out, a)")
		line("            b := add(out, b)")
	}
	line(`            out := addmod(b, right, R)
        }
    }
}`)
	_, err := w.Write(out.Bytes())
	return err
}
