// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @dev In each number of a word, 1 and the top bit.
uint256 constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
uint256 constant HIGH = 0x8000000080000000800000008000000080000000800000008000000080000000;

/// @title NumbersLib
/// @notice Lists of numbers of 4 bytes as they lie in calldata, eight at once.
library NumbersLib {
    /// @notice Where bytes begin in calldata.
    function start(bytes calldata b) internal pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := b.offset
        }
    }

    /// @notice The number at a place, not negative.
    function unsigned(uint256 at) internal pure returns (uint256 x) {
        assembly ("memory-safe") {
            x := shr(224, calldataload(at))
        }
    }

    /// @notice The number at a place, in two's complement.
    function signed(uint256 at) internal pure returns (int256 x) {
        assembly ("memory-safe") {
            x := sar(224, calldataload(at))
        }
    }

    /// @notice Whether n numbers in two's complement lie within [-low, high]; high < 2^31 - low.
    function within(uint256 at, uint256 n, uint256 low, uint256 high) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            // Of a number without its sign bit: the top bit of the sum says if it is above high, and if it is at least 2^31 -
            // low. It lies within if it is negative and both, or not negative and neither.
            let aboveHigh := mul(sub(0x7fffffff, high), ONES)
            let fromLow := mul(low, ONES)
            let bad := 0
            let last := add(at, and(shl(2, n), not(31)))
            for {} lt(at, last) { at := add(at, 32) } {
                let w := calldataload(at)
                let rest := and(w, not(HIGH))
                bad := or(bad, or(xor(w, add(rest, aboveHigh)), xor(w, add(rest, fromLow))))
            }
            // What is behind the end is taken for zero, which lies within.
            let behind := sub(256, shl(5, and(n, 7)))
            let w := shr(behind, calldataload(at))
            let rest := and(w, not(HIGH))
            bad := or(bad, or(xor(w, add(rest, aboveHigh)), xor(w, add(rest, fromLow))))
            ok := iszero(and(bad, HIGH))
        }
    }

    /// @notice Whether none of n numbers is zero.
    function nonzero(uint256 at, uint256 n) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            let all := HIGH
            let last := add(at, and(shl(2, n), not(31)))
            for {} lt(at, last) { at := add(at, 32) } {
                let w := calldataload(at)
                all := and(all, or(w, add(and(w, not(HIGH)), not(HIGH))))
            }
            let w := or(calldataload(at), shr(shl(5, and(n, 7)), not(0)))
            all := and(all, or(w, add(and(w, not(HIGH)), not(HIGH))))
            ok := eq(all, HIGH)
        }
    }

    /// @notice Whether n numbers, at least one and all below 2^31, ascend.
    function ascend(uint256 at, uint256 n) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            // The top bit stays where a number is above the one before it.
            n := sub(n, 1)
            let all := HIGH
            let last := add(at, and(shl(2, n), not(31)))
            for {} lt(at, last) { at := add(at, 32) } {
                all := and(all, sub(sub(or(calldataload(add(at, 4)), HIGH), calldataload(at)), ONES))
            }
            let behind := sub(256, shl(5, and(n, 7)))
            let next := or(shr(behind, calldataload(add(at, 4))), HIGH)
            all := and(all, or(sub(sub(next, shr(behind, calldataload(at))), ONES), not(shr(behind, not(0)))))
            ok := eq(all, HIGH)
        }
    }

    /// @notice Whether a_i + b_i <= most < 2^31 for n pairs of numbers that are at most 2^30.
    function sumsWithin(uint256 a, uint256 b, uint256 n, uint256 most) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            let from := or(HIGH, mul(most, ONES))
            let all := HIGH
            let last := add(a, and(shl(2, n), not(31)))
            for {} lt(a, last) {
                a := add(a, 32)
                b := add(b, 32)
            } {
                all := and(all, sub(from, add(calldataload(a), calldataload(b))))
            }
            let behind := sub(256, shl(5, and(n, 7)))
            all := and(all, sub(from, add(shr(behind, calldataload(a)), shr(behind, calldataload(b)))))
            ok := eq(all, HIGH)
        }
    }
}
