// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {HIGH, ONES} from "./NumbersLib.sol";

/// @notice Finds bins: a tree over ascending edges with eight children at each node, in memory; 0 where there are no
/// edges. It is where the nodes of the root's level stand, one word each, behind a word that says where those of the
/// level below stand. Node k of the level that is l above the lowest one has of the edges, counted from 1, those at
/// j * 8^l for j from 8k+1 to 8k+8; where there are fewer, what no value reaches.
type Bins is uint256;

using BinsLib for Bins global;

/// @title BinsLib
/// @notice In which bin a number is, at about 100 gas for each power of eight of edges.
library BinsLib {
    /// @notice The bins between n edges, which lie in calldata, ascend, and are in (0, 2^31).
    function build(uint256 at, uint256 n) internal pure returns (Bins bins) {
        if (n == 0) return bins;
        assembly ("memory-safe") {
            let unreached := mul(0x7fffffff, ONES)
            bins := add(mload(0x40), 32)
            mstore(sub(bins, 32), 0)
            calldatacopy(bins, at, shl(2, n))
            mstore(add(bins, shl(2, n)), unreached)
            let free := add(bins, shl(5, add(shr(3, n), 1)))
            for {} gt(n, 8) {} {
                // Of each node its last edge, which stands in the word's last 4 bytes.
                n := shr(3, n)
                let level := add(free, 32)
                mstore(free, bins)
                for { let j := 0 } lt(j, n) { j := add(j, 1) } {
                    mstore(add(level, shl(2, j)), shl(224, mload(add(bins, shl(5, j)))))
                }
                mstore(add(level, shl(2, n)), unreached)
                bins := level
                free := add(level, shl(5, add(shr(3, n), 1)))
            }
            mstore(0x40, add(free, 32)) // the last word written may reach beyond its node
        }
    }

    /// @notice 32 times the number of edges at or below x, for x below 2^31 - 1.
    function find(Bins bins, uint256 x) internal pure returns (uint256 k) {
        assembly ("memory-safe") {
            x := or(mul(x, ONES), HIGH)
            for {} bins { bins := mload(sub(bins, 32)) } {
                // The top bits stay where an edge is not above x; the product's first number is their sum.
                k := add(shl(3, k), shr(219, mul(shr(31, and(sub(x, mload(add(bins, k))), HIGH)), ONES)))
            }
        }
    }
}
