// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {NumbersLib} from "./NumbersLib.sol";

/// @notice Finds bins: a tree over n ascending edges with eight children at each node, in memory. It stands at a place
/// where first the number of levels stands, then for each level from the root where its nodes begin. A node is one
/// word of eight edges: node k of the level that is l above the lowest one has the edges j * 8^l, counted from 1, for j
/// from 8k+1 to 8k+8; where there are fewer edges, what no value reaches.
type Bins is uint256;

using BinsLib for Bins global;

/// @title BinsLib
/// @notice In which bin a number is, at about 70 gas for each power of eight of edges.
library BinsLib {
    /// @notice The bins of n edges, which lie in calldata, ascend, and are in (0, 2^31).
    function build(uint256 at, uint256 n) internal pure returns (Bins bins) {
        uint256 highest = NumbersLib.ONES * 0x7fffffff;
        assembly ("memory-safe") {
            bins := mload(0x40)
            let levels := iszero(iszero(n))
            for { let m := n } gt(m, 8) { m := shr(3, m) } { levels := add(levels, 1) }
            mstore(bins, levels)
            let level := add(bins, shl(5, levels)) // where it stands where the lowest one begins
            let nodes := add(level, 32)
            mstore(0x40, nodes)
            if levels {
                mstore(level, nodes)
                calldatacopy(nodes, at, shl(2, n))
                mstore(add(nodes, shl(2, n)), highest)
                let next := add(nodes, shl(5, add(shr(3, n), 1)))
                for { level := sub(level, 32) } gt(level, bins) { level := sub(level, 32) } {
                    // Of each node its last edge, which stands in the word's last 4 bytes.
                    n := shr(3, n)
                    mstore(level, next)
                    for { let j := 0 } lt(j, n) { j := add(j, 1) } {
                        mstore(add(next, shl(2, j)), shl(224, mload(add(nodes, shl(5, j)))))
                    }
                    mstore(add(next, shl(2, n)), highest)
                    nodes := next
                    next := add(nodes, shl(5, add(shr(3, n), 1)))
                }
                mstore(0x40, add(next, 32)) // the last word written may reach beyond its nodes
            }
        }
    }

    /// @notice The number of edges at or below x, for x below 2^31 - 1.
    function find(Bins bins, uint256 x) internal pure returns (uint256 k) {
        uint256 ones = NumbersLib.ONES;
        uint256 high = NumbersLib.HIGH;
        assembly ("memory-safe") {
            x := or(mul(x, ones), high)
            let level := bins
            for { let last := add(bins, shl(5, mload(bins))) } lt(level, last) {} {
                level := add(level, 32)
                // The top bits stay where x is not below the edge; the product's first number is their sum.
                let reached := and(sub(x, mload(add(mload(level), shl(5, k)))), high)
                k := add(shl(3, k), shr(224, mul(shr(31, reached), ones)))
            }
        }
    }
}
