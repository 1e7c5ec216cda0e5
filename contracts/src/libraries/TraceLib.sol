// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Operand} from "./GraphLib.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice Where in calldata the next opening begins, and what the last one opened.
struct Cursor {
    uint256 at;
    uint256 elements; // where the range's first element stands
    uint256 exponent; // of the model's row
}

/// @title TraceLib
/// @notice The hash trees of traces and models: docs/reference-program.md, sections 4 and 5. Blocks of 64 elements
/// make rows, rows make the trace or the model. Heights come from the graph, so no node passes for another. Its twins
/// are hash.go and opening.go of inference/reference.
/// @dev Positions are offsets in calldata. What lies beyond its end reads as zero.
library TraceLib {
    uint256 internal constant BLOCK = 64;
    /// @dev What stands before a block's elements: 0x00, or 0x02 and the exponent in the model.
    uint256 private constant MODEL = 0x02 << 248;

    /// @notice The elements do not stand there under the root.
    error NotUnderRoot(bytes32 hash, bytes32 root);
    /// @notice A round shows 2^k nodes, k from 1 up.
    error NodesRefused(uint256 length);

    /// @notice ceil(log2(max(n, 1))): the height of a tree over n leaves.
    function depth(uint256 n) internal pure returns (uint256) {
        unchecked {
            return n < 2 ? 0 : Math.log2(n - 1) + 1;
        }
    }

    /// @notice The blocks of n elements.
    function blocks(uint256 n) internal pure returns (uint256) {
        unchecked {
            return (n + BLOCK - 1) / BLOCK;
        }
    }

    /// @notice Checks a range of elements that stands at a cursor: [exponent, of the model's rows,] the elements of the
    /// smallest aligned subtree of blocks that holds the range, its siblings up to the row's root, and those of the row
    /// up to the root. The cursor goes behind it.
    /// @param rows Of the trace or the model.
    function open(Cursor memory c, bytes32 root, Operand memory o, uint256 rows) internal pure {
        unchecked {
            uint256 height = depth((o.first / BLOCK ^ ((o.first + o.length - 1) / BLOCK)) + 1);
            uint256 first = o.first / BLOCK >> height << height;
            bytes32 hash = _blocks(c, o, first * BLOCK, height);
            uint256 levels = depth(blocks(o.size)) - height;
            uint256 path = first >> height | o.row << levels;
            levels += depth(rows);
            hash = climb(hash, path, c.at, levels);
            require(hash == root, NotUnderRoot(hash, root));
            c.at += 32 * levels;
        }
    }

    /// @dev The subtree of blocks that begins with element `from`.
    function _blocks(Cursor memory c, Operand memory o, uint256 from, uint256 height)
        private
        pure
        returns (bytes32 hash)
    {
        unchecked {
            uint256 to = from + (BLOCK << height);
            uint256 length = ((to < o.size ? to : o.size) - from) * o.width;
            uint256 at = c.at;
            if (o.model) {
                uint256 k;
                assembly ("memory-safe") {
                    k := byte(0, calldataload(at))
                }
                c.exponent = k;
                ++at;
                hash = subtree(at, length, o.width, height, MODEL | k << 240, 2);
            } else {
                hash = subtree(at, length, o.width, height, 0, 1);
            }
            c.elements = at + (o.first - from) * o.width;
            c.at = at + length;
        }
    }

    /// @notice The root of a row of which every element stands at a position, `length` bytes in all.
    function rowRoot(uint256 at, uint256 length, uint256 width) internal pure returns (bytes32) {
        unchecked {
            return subtree(at, length, width, depth(blocks(length / width)), 0, 1);
        }
    }

    /// @notice The hash of a block of the trace.
    function blockHash(bytes calldata elements) internal pure returns (bytes32) {
        return keccak256(bytes.concat(hex"00", elements));
    }

    /// @notice The tree of a height over the blocks of elements at a position, padded with zero leaves.
    function subtree(uint256 at, uint256 length, uint256 width, uint256 height, uint256 prefix, uint256 prefixLength)
        internal
        pure
        returns (bytes32)
    {
        uint256 nodes;
        uint256 end;
        assembly ("memory-safe") {
            // The leaves first; beyond them room for a prefix and a block. All of it is free again afterwards.
            nodes := mload(0x40)
            end := add(nodes, shl(5, shl(height, 1)))
            let message := end
            let size := mul(64, width)
            for { let p := nodes } lt(p, end) { p := add(p, 32) } {
                switch length
                case 0 { mstore(p, 0) }
                default {
                    if lt(length, size) { size := length }
                    mstore(message, prefix)
                    calldatacopy(add(message, prefixLength), at, size)
                    mstore(p, keccak256(message, add(prefixLength, size)))
                    at := add(at, size)
                    length := sub(length, size)
                }
            }
        }
        return _fold(nodes, end);
    }

    /// @notice The node that a node leads to.
    /// @param path Bit i: at level i the node is the right one.
    /// @param at Where the siblings stand, from the node up.
    function climb(bytes32 hash, uint256 path, uint256 at, uint256 siblings) internal pure returns (bytes32) {
        assembly ("memory-safe") {
            let message := mload(0x40)
            mstore8(message, 1)
            let left := add(message, 1)
            let right := add(message, 33)
            path := shl(5, path)
            for { let end := add(at, shl(5, siblings)) } lt(at, end) { at := add(at, 32) } {
                let side := and(path, 32) // 32 where the node is the right one
                mstore(add(left, side), hash)
                mstore(sub(right, side), calldataload(at))
                hash := keccak256(message, 65)
                path := shr(1, path)
            }
        }
        return hash;
    }

    function climb(bytes32 hash, uint256 path, bytes32[] calldata siblings) internal pure returns (bytes32) {
        uint256 at;
        assembly ("memory-safe") {
            at := siblings.offset
        }
        return climb(hash, path, at, siblings.length);
    }

    /// @notice The node above 2^k nodes, which is k levels up.
    function fold(bytes32[] calldata nodes) internal pure returns (bytes32) {
        uint256 n = nodes.length;
        require(n > 1 && n & (n - 1) == 0, NodesRefused(n));
        uint256 start;
        assembly ("memory-safe") {
            start := mload(0x40)
            calldatacopy(start, nodes.offset, shl(5, n))
        }
        return _fold(start, start + 32 * n);
    }

    /// @notice The root of a trace by its first two and its last two rows.
    /// @param rows Of the trace: at least 4.
    /// @param siblings First those of the first two rows' node, up to the root; then what stands to the left of the
    /// last two rows' paths. What stands to their right is padding.
    function ends(bytes32[4] memory roots, uint256 rows, bytes32[] calldata siblings)
        internal
        pure
        returns (bytes32 root)
    {
        unchecked {
            uint256 d = depth(rows);
            uint256 next;
            root = _node(roots[0], roots[1]);
            for (; next + 1 < d; ++next) {
                root = _node(root, siblings[next]);
            }
            bytes32 padding;
            bytes32 left = roots[2];
            bytes32 right = roots[3];
            bool one; // left is the node of both
            uint256 i = rows - 2;
            for (uint256 level; level < d; ++level) {
                if (i & 1 == 1) {
                    left = _node(siblings[next++], left);
                    if (!one) right = _node(right, padding);
                } else {
                    left = _node(left, one ? padding : right);
                    one = true;
                }
                i >>= 1;
                padding = _node(padding, padding);
            }
            require(left == root && next == siblings.length, NotUnderRoot(left, root));
        }
    }

    /// @dev Folds the nodes that stand in free memory, a power of two of them, in place.
    function _fold(uint256 start, uint256 end) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let message := end
            mstore8(message, 1)
            for {} gt(end, add(start, 32)) {} {
                let to := start
                for { let p := start } lt(p, end) { p := add(p, 64) } {
                    mstore(add(message, 1), mload(p))
                    mstore(add(message, 33), mload(add(p, 32)))
                    mstore(to, keccak256(message, 65))
                    to := add(to, 32)
                }
                end := to
            }
            hash := mload(start)
        }
    }

    function _node(bytes32 left, bytes32 right) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let message := mload(0x40)
            mstore8(message, 1)
            mstore(add(message, 1), left)
            mstore(add(message, 33), right)
            hash := keccak256(message, 65)
        }
    }
}
