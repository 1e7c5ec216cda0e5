// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IStepVerifier, Program, Step} from "./interfaces/IStepVerifier.sol";
import {Form, Graph, GraphLib, Leaf, Row} from "./libraries/GraphLib.sol";
import {ReferenceLib} from "./libraries/ReferenceLib.sol";
import {StepLib} from "./libraries/StepLib.sol";
import {TraceLib} from "./libraries/TraceLib.sol";

/// @title PlainStepVerifier
/// @notice The step verifier of public specs: the contract computes the element.
contract PlainStepVerifier is IStepVerifier {
    /// @inheritdoc IStepVerifier
    function rows(Program calldata p) external pure returns (uint256) {
        return GraphLib.count(_graph(p));
    }

    /// @inheritdoc IStepVerifier
    function blocks(Program calldata p, uint256 row) external pure returns (uint256) {
        Graph memory g = _graph(p);
        Row memory r = GraphLib.locate(g, row);
        (uint256 size,) = GraphLib.shape(g, r.op, r.at);
        return TraceLib.blocks(size);
    }

    /// @inheritdoc IStepVerifier
    function shows(bytes32 blockHash, bytes calldata data) external pure returns (bool) {
        return TraceLib.blockHash(data) == blockHash;
    }

    /// @inheritdoc IStepVerifier
    /// @param proof The block's elements, then the openings of the operands (StepLib).
    function verify(Step calldata s, bytes calldata proof) external pure returns (bool) {
        Graph memory g = _graph(s.program);
        Row memory r = GraphLib.locate(g, s.row);
        (uint256 size, uint256 width) = GraphLib.shape(g, r.op, r.at);
        uint256 first = s.blockIndex * TraceLib.BLOCK;
        if (first >= size) return false; // no block of the row
        uint256 count = size - first < TraceLib.BLOCK ? size - first : TraceLib.BLOCK;
        uint256 length = count * width;
        require(proof.length >= length, StepLib.WrongLength(proof.length, length));
        bytes32 hash = TraceLib.blockHash(proof[:length]);
        require(hash == s.blockHash, TraceLib.NotUnderRoot(hash, s.blockHash));
        if (s.element >= count) return true; // beyond the row, where nothing can be wrong
        Leaf memory l = GraphLib.leaf(g, r, first + s.element);
        if (l.form == Form.Given) return true;
        uint256 at;
        assembly ("memory-safe") {
            at := proof.offset
        }
        int256 want = StepLib.value(g, s.traceRoot, l, at + length, at + proof.length);
        return want == ReferenceLib.element(at + s.element * width, width);
    }

    function _graph(Program calldata p) private pure returns (Graph memory) {
        return GraphLib.graph(p.arch, p.promptTokens, p.outputTokens, p.greedy);
    }
}
