// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title MerkleLib
/// @notice The protocol's one tree: leaf = keccak(0x00 ‖ value), node = keccak(0x01 ‖ left ‖ right), padded on the
/// right with zero leaves to a power of two. Its twin is internal/merkle.
library MerkleLib {
    /// @notice ceil(log2(max(count, 1))): how many siblings a proof has.
    function depth(uint256 count) internal pure returns (uint256 d) {
        while (count > (1 << d)) ++d;
    }

    /// @notice Whether the tree of `count` values under `root` has `value` at `index`.
    /// @param proof The siblings from the leaf up.
    function verify(bytes32 root_, bytes32 value, uint256 index, uint256 count, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        return verifyLeaf(root_, leaf(value), index, count, proof);
    }

    /// @notice Whether a leaf, whatever it is the hash of, stands at `index`.
    function verifyLeaf(bytes32 root_, bytes32 hash, uint256 index, uint256 count, bytes32[] calldata proof)
        internal
        pure
        returns (bool)
    {
        uint256 d = proof.length;
        // d is depth(count), without counting up to it.
        if (index >= count || d > 63 || count > 1 << d || (d != 0 && count <= 1 << (d - 1))) return false;
        assembly ("memory-safe") {
            // As in node: 0x01, left, right from 0x00 on; the free memory pointer is set back.
            let pointer := mload(0x40)
            mstore8(0x00, 0x01)
            let end := add(proof.offset, shl(5, d))
            for { let at := proof.offset } lt(at, end) { at := add(at, 0x20) } {
                let side := or(0x01, shl(5, and(index, 1))) // where hash goes: 0x01 left, 0x21 right
                mstore(side, hash)
                mstore(xor(side, 0x20), calldataload(at))
                hash := keccak256(0x00, 0x41)
                index := shr(1, index)
            }
            mstore(0x40, pointer)
        }
        return hash == root_;
    }

    /// @notice The root of a tree of values. It takes the array over.
    function root(bytes32[] memory values) internal pure returns (bytes32) {
        uint256 d = depth(values.length);
        uint256 width = values.length; // nodes at this height that are not padding
        if (width == 0) return bytes32(0);
        for (uint256 i; i < width; ++i) {
            values[i] = leaf(values[i]);
        }
        bytes32 padding; // a subtree of zero leaves of this height
        for (; d > 0; --d) {
            uint256 half = (width + 1) / 2;
            for (uint256 i; i < half; ++i) {
                bytes32 right = 2 * i + 1 < width ? values[2 * i + 1] : padding;
                values[i] = node(values[2 * i], right);
            }
            padding = node(padding, padding);
            width = half;
        }
        return values[0];
    }

    /// @return hash keccak(0x00 ‖ value)
    function leaf(bytes32 value) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            mstore8(0x00, 0x00)
            mstore(0x01, value)
            hash := keccak256(0x00, 0x21)
        }
    }

    /// @return hash keccak(0x01 ‖ left ‖ right)
    function node(bytes32 left, bytes32 right) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            // 65 bytes reach one byte into the free memory pointer's word, whose
            // highest byte is always zero: it is written and set back.
            let pointer := mload(0x40)
            mstore8(0x00, 0x01)
            mstore(0x01, left)
            mstore(0x21, right)
            hash := keccak256(0x00, 0x41)
            mstore(0x40, pointer)
        }
    }
}
