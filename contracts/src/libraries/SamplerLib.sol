// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title SamplerLib
/// @notice Which leaves of a batch are sampled, and who recomputes them (PROTOCOL section 4). Its twin is package
/// sampler.
library SamplerLib {
    bytes32 internal constant COMMITTEE = keccak256("posp.committee.v1");

    /// @notice k: how many of n leaves are sampled.
    function count(uint64 n, uint32 ratePpm, uint32 kMin) internal pure returns (uint64) {
        uint256 k = (uint256(n) * ratePpm + 999_999) / 1_000_000;
        if (k < kMin) k = kMin;
        // forge-lint: disable-next-line(unsafe-typecast)
        return k < n ? uint64(k) : n; // below n, so it fits
    }

    /// @notice The j-th sampled leaf of n. Draws are without replacement: it is a permutation.
    function leafAt(bytes32 seed, uint64 n, uint64 j) internal pure returns (uint64) {
        uint256 h = halfBits(n);
        uint256 x = permute(seed, h, j);
        while (x >= n) x = permute(seed, h, x);
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(x); // below n
    }

    /// @notice The j whose draw a leaf is; it is sampled if j < k.
    function indexOf(bytes32 seed, uint64 n, uint64 leaf) internal pure returns (uint64) {
        uint256 h = halfBits(n);
        uint256 x = invert(seed, h, leaf);
        while (x >= n) x = invert(seed, h, x);
        // forge-lint: disable-next-line(unsafe-typecast)
        return uint64(x); // below n
    }

    /// @notice Half of the even number of bits, at least 2, that hold n - 1.
    function halfBits(uint64 n) internal pure returns (uint256) {
        return n < 2 ? 1 : (Math.log2(n - 1) + 2) / 2;
    }

    /// @notice A Feistel network over 2h bits: six rounds, in each of which the left half is xored with the hash of
    /// (seed, round, right), and they change places. Written out, because walks repeat it.
    function permute(bytes32 seed, uint256 h, uint256 x) internal pure returns (uint256 y) {
        assembly ("memory-safe") {
            // The words that are hashed reach into the free memory pointer's, which is set back.
            let pointer := mload(0x40)
            let mask := sub(shl(h, 1), 1)
            let left := shr(h, x)
            let right := and(x, mask)
            // Each round xors into the half that is left of the other then: in turns, instead of changing places.
            mstore(0x00, seed)
            mstore(0x20, 0)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 1)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 2)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 3)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 4)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 5)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x40, pointer)
            y := or(shl(h, left), right)
        }
    }

    /// @notice The inverse of permute.
    function invert(bytes32 seed, uint256 h, uint256 y) internal pure returns (uint256 x) {
        assembly ("memory-safe") {
            let pointer := mload(0x40)
            let mask := sub(shl(h, 1), 1)
            let left := shr(h, y)
            let right := and(y, mask)
            mstore(0x00, seed)
            mstore(0x20, 5)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 4)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 3)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 2)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 1)
            mstore(0x40, left)
            right := xor(right, and(keccak256(0x00, 0x60), mask))
            mstore(0x20, 0)
            mstore(0x40, right)
            left := xor(left, and(keccak256(0x00, 0x60), mask))
            mstore(0x40, pointer)
            x := or(shl(h, left), right)
        }
    }

    /// @notice The operators who recompute sample j: m draws by weight, each without those drawn before.
    /// @param operators Ascending by address.
    /// @param weights Of the operators. The array is used up.
    /// @param excluded Who must not be drawn: the provider and whom it declares.
    function committee(
        bytes32 seed,
        uint64 j,
        uint256 m,
        address[] memory operators,
        uint256[] memory weights,
        address[] memory excluded
    ) internal pure returns (address[] memory drawn) {
        uint256 total;
        uint256 eligible;
        for (uint256 i; i < operators.length; ++i) {
            for (uint256 e; e < excluded.length; ++e) {
                if (operators[i] == excluded[e]) weights[i] = 0;
            }
            total += weights[i];
            if (weights[i] != 0) ++eligible;
        }
        drawn = new address[](m < eligible ? m : eligible);
        for (uint256 r; r < drawn.length; ++r) {
            uint256 u = uint256(keccak256(abi.encode(COMMITTEE, seed, uint256(j), r))) % total;
            uint256 i;
            for (; u >= weights[i]; ++i) {
                u -= weights[i];
            }
            drawn[r] = operators[i];
            total -= weights[i];
            weights[i] = 0;
        }
    }
}
