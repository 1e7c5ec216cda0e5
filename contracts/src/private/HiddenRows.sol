// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Poseidon2Lib} from "./Poseidon2Lib.sol";

/// @title HiddenRows
/// @notice The trees within rows that private specs hide: docs/privacy.md. A round's nodes are folded here, as
/// TraceLib folds those above the rows.
contract HiddenRows {
    /// @notice The node above 2^k nodes, which is k levels up.
    function fold(bytes32[] calldata nodes) external pure returns (bytes32) {
        return Poseidon2Lib.fold(nodes);
    }

    /// @notice The node that a node leads to.
    /// @param path Bit i: at level i the node is the right one.
    function climb(bytes32 node, uint256 path, bytes32[] calldata siblings) external pure returns (bytes32) {
        require(uint256(node) < Poseidon2Lib.R, Poseidon2Lib.NotInField(uint256(node)));
        for (uint256 i; i < siblings.length; ++i) {
            (uint256 left, uint256 right) = (uint256(node), uint256(siblings[i]));
            require(right < Poseidon2Lib.R, Poseidon2Lib.NotInField(right));
            if (path >> i & 1 == 1) (left, right) = (right, left);
            node = bytes32(Poseidon2Lib.compress(left, right));
        }
        return node;
    }
}
