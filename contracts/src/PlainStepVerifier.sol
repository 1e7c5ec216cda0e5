// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Blocks, IStepVerifier, Program, Step} from "./interfaces/IStepVerifier.sol";
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
    function blocks(Program calldata p, uint256 row) external pure returns (Blocks memory) {
        Graph memory g = _graph(p);
        Row memory r = GraphLib.locate(g, row);
        (uint256 size,) = GraphLib.shape(g, r);
        return Blocks(TraceLib.blocks(size), false);
    }

    /// @inheritdoc IStepVerifier
    /// @param proof The block's elements, then the openings of the operands (StepLib).
    function verify(Step calldata s, bytes calldata proof) external pure returns (bool) {
        Graph memory g = _graph(s.program);
        Row memory r = GraphLib.locate(g, s.row);
        (uint256 size, uint256 width) = GraphLib.shape(g, r);
        uint256 first = s.blockIndex * TraceLib.BLOCK;
        if (first >= size) return false; // no block of the row
        size -= first;
        if (size > TraceLib.BLOCK) size = TraceLib.BLOCK;
        require(proof.length >= size * width, StepLib.WrongLength(proof.length, size * width));
        bytes32 hash = TraceLib.blockHash(proof[:size * width]);
        require(hash == s.blockHash, TraceLib.NotUnderRoot(hash, s.blockHash));
        if (s.element >= size) return true; // beyond the row, where nothing can be wrong
        Leaf memory l = GraphLib.leaf(g, r, first + s.element);
        if (l.form == Form.Given) return true;
        return StepLib.value(g, s.traceRoot, l, proof[size * width:])
            == ReferenceLib.element(_at(proof) + s.element * width, width);
    }

    function _at(bytes calldata b) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := b.offset
        }
    }

    function _graph(Program calldata p) private pure returns (Graph memory) {
        return GraphLib.graph(p.arch, p.promptTokens, p.outputTokens, p.greedy);
    }
}
