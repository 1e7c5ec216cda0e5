// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Arch, Form, Graph, GraphLib, Leaf, Op, Operand, Row} from "./GraphLib.sol";
import {ReferenceLib} from "./ReferenceLib.sol";
import {Cursor, TraceLib} from "./TraceLib.sol";

/// @title StepLib
/// @notice The last move of a dispute: one element, computed from what it depends on. Its twins are Leaf.Step and
/// Graph.VerifyStep of inference/reference.
library StepLib {
    uint256 private constant MAX_EXPONENT = 30;

    /// @notice The proof is longer or shorter than the graph says.
    error WrongLength(uint256 end, uint256 expected);
    /// @notice No such token, or no such exponent.
    error OperandRefused(uint256 value);

    /// @notice What a row's element must be, by openings of its operands under a trace's root and the model's.
    /// @param openings One behind the other, in the order of the leaf's operands. An operand that is the one before
    /// it again (x, x of a sum of squares) is not repeated.
    function value(Graph memory g, bytes32 traceRoot, Leaf memory l, bytes calldata openings)
        internal
        pure
        returns (int256)
    {
        Cursor memory c;
        assembly ("memory-safe") {
            mstore(c, openings.offset)
        }
        uint256 end = c.at + openings.length;
        uint256[] memory elements = new uint256[](4);
        uint256 exponent; // of the model's row that is the second operand
        for (uint256 i; i < l.operands.length; ++i) {
            Operand memory o = l.operands[i];
            if (i == 1 && l.form == Form.Dot && _same(o, l.operands[0])) {
                elements[1] = elements[0];
                continue;
            }
            if (o.byToken) _byToken(g, o, elements[0]);
            _open(g, traceRoot, c, o);
            elements[i] = c.elements;
            if (i == 1) exponent = c.exponent;
        }
        require(c.at == end, WrongLength(c.at, end));
        return _compute(l, elements, exponent);
    }

    function _open(Graph memory g, bytes32 traceRoot, Cursor memory c, Operand memory o) private pure {
        if (o.model) TraceLib.open(c, g.arch.rowsRoot, o, GraphLib.modelRows(g.arch));
        else TraceLib.open(c, traceRoot, o, g.rows);
    }

    /// @dev The leaf's token says which row of the embedding, or which logit.
    function _byToken(Graph memory g, Operand memory o, uint256 at) private pure {
        unchecked {
            // forge-lint: disable-next-line(unsafe-typecast)
            uint256 token = uint256(ReferenceLib.element(at, 4)); // a negative one is too large
            require(token < g.arch.vocab, OperandRefused(token));
            if (o.model) o.row += token;
            else o.first += token;
        }
    }

    function _compute(Leaf memory l, uint256[] memory at, uint256 k) private pure returns (int256) {
        unchecked {
            Form form = l.form;
            if (form == Form.Zero) return 0;
            uint256 n = l.operands[0].length;
            uint256 width = l.operands[0].width;
            if (form == Form.Dot || form == Form.Score) {
                require(k <= MAX_EXPONENT, OperandRefused(k));
                int256 x = ReferenceLib.rs(ReferenceLib.dot(at[0], at[1], n, l.operands[1].width), l.shift);
                return form == Form.Dot ? ReferenceLib.sat64(x) : ReferenceLib.sat(x);
            }
            if (form == Form.Project || form == Form.ProjectSum) {
                require(k <= MAX_EXPONENT, OperandRefused(k));
                int256 x = form == Form.Project
                    ? ReferenceLib.dot(at[0], at[1], n, l.operands[1].width)
                    : ReferenceLib.sumOf(at[0], n, width);
                x = ReferenceLib.rs(x, k);
                if (l.operands.length == 3) x += ReferenceLib.element(at[2], 4);
                return ReferenceLib.sat(x);
            }
            if (form == Form.Sum) return ReferenceLib.sat64(ReferenceLib.sumOf(at[0], n, width));
            if (form == Form.Largest) return ReferenceLib.largest(at[0], n);
            if (form == Form.Rsqrt) {
                (int256 mantissa, int256 shift) = ReferenceLib.rsqrt(_squares(at[0], n, l.epsilon), l.n);
                return l.second ? shift : mantissa;
            }
            if (form == Form.Quotient) {
                int256 total = ReferenceLib.element(at[1], 8);
                require(total > 0 && total <= 1 << 38, ReferenceLib.OutOfDomain(total));
                return ReferenceLib.sat(ReferenceLib.div(ReferenceLib.sumOf(at[0], n, width), total));
            }
            return _map(l, at, k);
        }
    }

    /// @dev The leaves of up to four numbers.
    function _map(Leaf memory l, uint256[] memory at, uint256 k) private pure returns (int256) {
        Form form = l.form;
        int256 a = ReferenceLib.element(at[0], 4);
        if (form == Form.Embed) {
            require(k <= MAX_EXPONENT, OperandRefused(k));
            return ReferenceLib.embed(ReferenceLib.element(at[1], 2), k);
        }
        int256 b = ReferenceLib.element(at[1], 4);
        if (form == Form.Act) return ReferenceLib.act(a, b);
        unchecked {
            if (form == Form.Exp) return ReferenceLib.exp(b - a, l.factor, l.bits);
            if (form == Form.Rotate) return _rotate(l, a, b, at[2]);
            int256 c = ReferenceLib.element(at[2], 4);
            if (form == Form.Norm) return ReferenceLib.norm(a, b, ReferenceLib.element(at[1] + 4, 4), c);
            if (form == Form.LogProb) return ReferenceLib.logprob(b, c, ReferenceLib.element(at[3], 8));
            return ReferenceLib.margin(b, c);
        }
    }

    function _rotate(Leaf memory l, int256 a, int256 b, uint256 at) private pure returns (int256) {
        unchecked {
            // forge-lint: disable-start(unsafe-typecast)
            uint64 frequency = uint64(uint256(ReferenceLib.element(at, 8))); // 64 bits
            (int256 sin, int256 cos) = ReferenceLib.sincos(uint64(l.at) * frequency); // modulo whole turns
            // forge-lint: disable-end(unsafe-typecast)
            return ReferenceLib.rotate(a, b, sin, cos, l.second);
        }
    }

    /// @dev What rsqrt takes: the sum of sums of squares and epsilon, in [1, 2^63).
    function _squares(uint256 at, uint256 n, int256 epsilon) private pure returns (int256 sum) {
        unchecked {
            for (uint256 i; i < n; ++i) {
                int256 x = ReferenceLib.element(at + 8 * i, 8);
                require(x >= 0 && x <= 1 << 62, ReferenceLib.OutOfDomain(x));
                sum += x;
            }
            return ReferenceLib.clamp(sum + epsilon, 1, type(int64).max);
        }
    }

    function _same(Operand memory o, Operand memory p) private pure returns (bool) {
        return o.model == p.model && o.row == p.row && o.first == p.first;
    }
}
