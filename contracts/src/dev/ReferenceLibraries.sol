// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Arch, Graph, GraphLib, Leaf, Op, Operand, Row, Tensor} from "../libraries/GraphLib.sol";
import {OpeningLib} from "../libraries/OpeningLib.sol";
import {ReferenceLib} from "../libraries/ReferenceLib.sol";
import {Cursor, TraceLib} from "../libraries/TraceLib.sol";
import {ModelSpec, OutputPart, Receipt, RequestPart} from "../libraries/Values.sol";

/// @title ReferenceLibraries
/// @notice The libraries of the reference program, callable: tests hold them against their twins in Go. It is
/// deployed nowhere.
contract ReferenceLibraries {
    function roundShift(int256 x, uint256 n) external pure returns (int256) {
        return ReferenceLib.rs(x, n);
    }

    function saturate(int256 x) external pure returns (int256) {
        return ReferenceLib.sat(x);
    }

    function divide(int256 a, int256 b) external pure returns (int256) {
        return ReferenceLib.div(a, b);
    }

    function exp(int256 y, int256 factor, uint256 bits) external pure returns (int256) {
        return ReferenceLib.exp(y, factor, bits);
    }

    function rsqrt(int256 v, uint256 n) external pure returns (int256 mantissa, int256 shift) {
        return ReferenceLib.rsqrt(v, n);
    }

    function norm(int256 x, int256 mantissa, int256 shift, int256 weight) external pure returns (int256) {
        return ReferenceLib.norm(x, mantissa, shift, weight);
    }

    function sincos(uint64 turns) external pure returns (int256 sin, int256 cos) {
        return ReferenceLib.sincos(turns);
    }

    function rotate(int256 y, int256 y1, int256 sin, int256 cos, bool second) external pure returns (int256) {
        return ReferenceLib.rotate(y, y1, sin, cos, second);
    }

    function silu(int256 g) external pure returns (int256) {
        return ReferenceLib.silu(g);
    }

    function act(int256 gate, int256 up) external pure returns (int256) {
        return ReferenceLib.act(gate, up);
    }

    function log2(int256 s) external pure returns (int256) {
        return ReferenceLib.log2(s);
    }

    function logprob(int256 logit, int256 largest_, int256 sum) external pure returns (int256) {
        return ReferenceLib.logprob(logit, largest_, sum);
    }

    function margin(int256 logit, int256 largest_) external pure returns (int256) {
        return ReferenceLib.margin(logit, largest_);
    }

    function embed(int256 q, uint256 exponent) external pure returns (int256) {
        return ReferenceLib.embed(q, exponent);
    }

    function attention(uint256 headDim) external pure returns (int256 factor, uint256 shift) {
        return ReferenceLib.attention(headDim);
    }

    function dot(bytes calldata a, bytes calldata b, uint256 width) external pure returns (int256) {
        return ReferenceLib.dot(_at(a), _at(b), a.length / 4, width);
    }

    function sumOf(bytes calldata a, uint256 width) external pure returns (int256) {
        return ReferenceLib.sumOf(_at(a), a.length / width, width);
    }

    function largest(bytes calldata a) external pure returns (int256) {
        return ReferenceLib.largest(_at(a), a.length / 4);
    }

    function modelRoot(Arch memory arch) external pure returns (bytes32 root, string memory version) {
        root = GraphLib.root(arch);
        version = string(GraphLib.version(GraphLib.PUBLIC, root));
    }

    function modelRow(Arch memory arch, Tensor t, uint256 layer, uint256 r) external pure returns (uint256) {
        return GraphLib.modelRow(arch, t, layer, r);
    }

    function tensorShape(Arch memory arch, Tensor t) external pure returns (uint256 rows, uint256 cols, uint256 width) {
        return GraphLib.tensorShape(arch, t);
    }

    function modelRows(Arch memory arch) external pure returns (uint256) {
        return GraphLib.modelRows(arch);
    }

    function count(Arch memory arch, uint256 n, uint256 m) external pure returns (uint256) {
        return GraphLib.count(GraphLib.graph(arch, n, m, true));
    }

    /// @return r The row at an index.
    /// @return back The index of that row.
    /// @return size Its elements.
    /// @return width Bytes of each.
    function locate(Arch memory arch, uint256 n, uint256 m, uint256 i)
        external
        pure
        returns (Row memory r, uint256 back, uint256 size, uint256 width)
    {
        Graph memory g = GraphLib.graph(arch, n, m, true);
        r = GraphLib.locate(g, i);
        (size, width) = GraphLib.shape(g, r);
        if (r.op != Op.Padding) back = GraphLib.index(g, r);
    }

    function leaf(Arch memory arch, uint256 n, uint256 m, bool greedy, uint256 i, uint256 e)
        external
        pure
        returns (Leaf memory)
    {
        Graph memory g = GraphLib.graph(arch, n, m, greedy);
        return GraphLib.leaf(g, GraphLib.locate(g, i), e);
    }

    function open(bytes calldata opening, bytes32 root, Operand memory o, uint256 rows)
        external
        pure
        returns (uint256 elements, uint256 exponent, uint256 length)
    {
        Cursor memory c = Cursor(_at(opening), 0, 0);
        TraceLib.open(c, root, o, rows);
        return (c.elements - _at(opening), c.exponent, c.at - _at(opening));
    }

    function rowRoot(bytes calldata elements, uint256 width) external pure returns (bytes32) {
        return TraceLib.rowRoot(_at(elements), elements.length, width);
    }

    function fold(bytes32[] calldata nodes) external pure returns (bytes32) {
        return TraceLib.fold(nodes);
    }

    function ends(bytes32[4] memory roots, uint256 rows, bytes32[] calldata siblings) external pure returns (bytes32) {
        return TraceLib.ends(roots, rows, siblings);
    }

    function checkOpening(
        ModelSpec calldata spec,
        bytes32 specId,
        Receipt calldata receipt,
        RequestPart calldata request,
        OutputPart calldata output
    ) external pure returns (uint8) {
        return OpeningLib.check(spec, specId, receipt, request, output);
    }

    function _at(bytes calldata b) private pure returns (uint256 at) {
        assembly ("memory-safe") {
            at := b.offset
        }
    }
}
