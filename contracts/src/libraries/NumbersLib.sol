// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title NumbersLib
/// @notice Lists of numbers of 4 bytes as they lie in calldata, eight at once.
library NumbersLib {
    uint256 internal constant ONES = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 internal constant HIGH = 0x8000000080000000800000008000000080000000800000008000000080000000;

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
            let end := add(at, shl(2, n))
            for {} lt(at, end) { at := add(at, 32) } {
                let w := calldataload(at)
                // What is behind the last one is taken for zero, which lies within.
                if lt(sub(end, at), 32) { w := shr(shl(3, sub(32, sub(end, at))), w) }
                let sign := and(w, HIGH)
                let rest := xor(w, sign)
                bad := or(bad, xor(sign, and(add(rest, aboveHigh), HIGH)))
                bad := or(bad, xor(sign, and(add(rest, fromLow), HIGH)))
            }
            ok := iszero(bad)
        }
    }

    /// @notice Whether none of n numbers is zero.
    function nonzero(uint256 at, uint256 n) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            let all := HIGH
            let end := add(at, shl(2, n))
            for {} lt(at, end) { at := add(at, 32) } {
                let w := calldataload(at)
                if lt(sub(end, at), 32) { w := or(w, shr(shl(3, sub(end, at)), not(0))) }
                all := and(all, or(w, add(and(w, not(HIGH)), not(HIGH))))
            }
            ok := eq(all, HIGH)
        }
    }

    /// @notice Whether a_i + b_i <= most < 2^31 for n pairs of numbers that are at most 2^30.
    function sumsWithin(uint256 a, uint256 b, uint256 n, uint256 most) internal pure returns (bool ok) {
        assembly ("memory-safe") {
            let from := or(HIGH, mul(most, ONES))
            let all := HIGH
            let end := add(a, shl(2, n))
            for {} lt(a, end) {
                a := add(a, 32)
                b := add(b, 32)
            } {
                let behind := 0 // bits of a word that are behind the end
                if lt(sub(end, a), 32) { behind := shl(3, sub(32, sub(end, a))) }
                all := and(all, sub(from, add(shr(behind, calldataload(a)), shr(behind, calldataload(b)))))
            }
            ok := eq(all, HIGH)
        }
    }
}
